//! Variables of the environment: what a setting is called among them, and which of them only look like one.

use super::DOCS;

/// What a variable is called that a setting is read from.
pub(super) fn variable_of(setting: &str) -> String {
    format!("RIHLA_{}", setting.to_uppercase())
}

/// Variables that begin like those of settings and are none, nor those of tests, benchmarks and the build.
fn foreign(variables: &[String]) -> impl Iterator<Item = &String> {
    let of_others = ["RIHLA_TEST_", "RIHLA_BENCH_", "RIHLA_UPDATE_", "RIHLA_WITHOUT_"];
    variables.iter().filter(move |variable| {
        let is_ours = variable.starts_with("RIHLA_") && !of_others.iter().any(|front| variable.starts_with(front));
        is_ours && *variable != "RIHLA_CONFIG" && !DOCS.iter().any(|doc| variable_of(doc.name) == **variable)
    })
}

/// The setting that a variable is nearly the name of.
fn nearly(variable: &str) -> Option<String> {
    // Short names are near to too much.
    let is_long = variable.len() >= "RIHLA_".len() + 8;
    let mut names = DOCS.iter().map(|doc| variable_of(doc.name));
    names.find(|name| is_long && strsim::osa_distance(name, variable) <= 2)
}

/// Variables that are nearly the name of a setting.
pub(super) fn misspelt(variables: &[String]) -> Vec<String> {
    let told = |variable: &String| {
        let name = nearly(variable)?;
        Some(format!("`{variable}` is not a setting; `{name}` is: correct the name, or remove the variable"))
    };
    foreign(variables).filter_map(told).collect()
}

/// Variables that begin like those of settings and are none, one sentence each. They may belong to scripts around the program, so that they are no
/// reason not to start.
pub fn unknown_variables(variables: &[String]) -> Vec<String> {
    let unlike = foreign(variables).filter(|variable| nearly(variable).is_none());
    unlike
        .map(|variable| format!("`{variable}` is not a setting and does nothing; the settings are listed in docs/configuration.md"))
        .collect()
}
