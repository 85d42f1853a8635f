//! The questions people ask, each as a documented operation with its expected answer.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Server, project, with_demo};

/// Names of the documented operations that are wanted.
pub fn operations(is_wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let entries = std::fs::read_dir(project("graphql/operations")).expect("operations");
    let names = entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().replace(".graphql", ""));
    names.filter(|name| is_wanted(name)).collect()
}

/// Whether a documented operation is a step of registration: these are taken, each of them, in `registration.rs`.
pub fn is_step(name: &str) -> bool {
    name.starts_with("register-")
}

/// Whether a documented operation belongs to requests for access: what needs an account or an identifier is tried in the tests of
/// requests and their forms.
pub fn is_of_access(name: &str) -> bool {
    name.starts_with("access-") && name != "access-form-questions"
}

/// Whether a documented operation is on agreements: these are taken, each of them, in `agreements.rs`.
pub fn is_on_agreements(name: &str) -> bool {
    name.starts_with("agreement-")
}

/// Whether a documented operation takes records of other systems in: these are taken, each of them, in `intake_rights.rs`.
pub fn is_of_intake(name: &str) -> bool {
    name.starts_with("intake-")
}

/// Whether a documented operation writes in the registers or keeps a report: these are taken in `registers.rs` and `kept_reports.rs`.
pub fn is_in_registers(name: &str) -> bool {
    let text = std::fs::read_to_string(project(&format!("graphql/operations/{name}.graphql"))).unwrap_or_default();
    let prefixes = [
        "registers-",
        "capacity-",
        "data-request-",
        "statement-",
        "focal-point-",
        "overlap-",
        "comparability-",
        "discrepancy-",
        "comment-",
        "report-",
        "invitation-",
    ];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) && text.contains("\nmutation ")
}

/// Whether a documented operation writes in the calendar: these are taken, each of them, in `calendar.rs`.
pub fn is_in_calendar(name: &str) -> bool {
    name.starts_with("calendar-entry-")
}

/// Values at a JSON pointer; `*` stands for every element of an array.
fn values<'a>(json: &'a Value, pointer: &str) -> Vec<&'a Value> {
    let mut found = vec![json];
    for step in pointer.split('/').skip(1) {
        found = found
            .into_iter()
            .flat_map(|value| match (step, value) {
                ("*", Value::Array(list)) => list.iter().collect::<Vec<_>>(),
                (step, Value::Array(list)) => step.parse::<usize>().ok().and_then(|at| list.get(at)).into_iter().collect(),
                (step, value) => value.get(step).into_iter().collect(),
            })
            .collect();
    }
    found
}

fn check(answer: &Value, check: &Value) -> Result<(), String> {
    let pointer = check["pointer"].as_str().expect("a check has a pointer");
    let found = values(answer, pointer);
    let good = if let Some(wanted) = check.get("equals") {
        found.len() == 1 && found[0] == wanted
    } else if let Some(wanted) = check.get("contains") {
        found.contains(&wanted)
    } else if let Some(unwanted) = check.get("excludes") {
        !found.contains(&unwanted)
    } else if let Some(least) = check.get("atLeast") {
        found.len() == 1 && found[0].as_f64() >= least.as_f64()
    } else {
        panic!("a check says equals, contains, excludes or atLeast: {check}")
    };
    let shown: Vec<_> = found.iter().take(20).collect();
    if good { Ok(()) } else { Err(format!("{check}: found {shown:?}")) }
}

fn run(server: &Server, case: &Value) -> Vec<String> {
    let name = case["operation"].as_str().expect("operation");
    let text = std::fs::read_to_string(project(&format!("graphql/operations/{name}.graphql"))).expect("operation file");
    let answer = server.graphql(&text, case["variables"].clone(), case["language"].as_str().unwrap_or("en")).json();
    if answer.get("errors").is_some() {
        return vec![format!("{name}: {}", answer["errors"])];
    }
    let checks = case["checks"].as_array().expect("checks");
    assert!(!checks.is_empty(), "{name} has no check");
    checks.iter().filter_map(|one| check(&answer, one).err()).map(|fault| format!("{name}: {fault}")).collect()
}

#[test]
fn every_documented_question_has_its_expected_answer() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("questions.json")).expect("questions.json");
    let asked: Vec<&str> = cases.iter().filter_map(|case| case["operation"].as_str()).collect();
    let is_taken_elsewhere = |name: &str| {
        is_step(name) || is_of_access(name) || is_on_agreements(name) || is_of_intake(name) || is_in_calendar(name) || is_in_registers(name)
    };
    for name in operations(|name| !is_taken_elsewhere(name)) {
        assert!(asked.contains(&name.as_str()), "the operation {name} has no expected answer in questions.json");
    }
    with_demo(|server, _| {
        let faults: Vec<String> = cases.iter().flat_map(|case| run(server, case)).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

#[test]
fn the_returnee_question_in_words_finds_the_survey_among_the_first_ten() {
    with_demo(|server, _| {
        for words in [
            "return migrants Morocco",
            "migrants de retour Maroc",
            "المهاجرون العائدون",
            "المهاجرين العائدين إلى المغرب",
            "returnees Souss-Massa",
            "enquete migration retour",
        ] {
            let data = server
                .ask_with("query($w: String) { datasets(search: $w, first: 10) { nodes { slug } } }", serde_json::json!({ "w": words }));
            let found = values(&data, "/datasets/nodes/*/slug");
            assert!(found.iter().any(|slug| *slug == "ma-hcp-enmi-2018-2019"), "{words}: {found:?}");
        }
    });
}

#[test]
fn within_leaves_out_what_overlaps_only_in_part() {
    with_demo(|server, _| {
        let count = |matching: &str| {
            let query = format!(
                "{{ datasets(where: {{ themes: [\"MT-0701\"], reportingAreas: [\"MA-09\"], releasedDisaggregations: [\"sex\"], \
                 period: {{ from: \"2019\", match: {matching} }} }}) {{ nodes {{ slug }} }} }}"
            );
            values(&server.ask(&query), "/datasets/nodes/*/slug").len()
        };
        assert_eq!((count("OVERLAPS"), count("WITHIN")), (1, 0));
    });
}

#[test]
fn reasons_come_in_the_readers_language() {
    with_demo(|server, _| {
        let query = "query($l: LanguageTag) { datasets(language: $l, where: { themes: [\"MT-0701\"], reportingAreas: [\"MA-09\"], period: { from: \"2019\" }, \
                     releasedDisaggregations: [\"sex\"] }) { nearMisses { dataset { slug } failed { filter reason } } } }";
        for (language, piece) in [("en", "former region"), ("fr", "ancienne région"), ("ar", "الجهة السابقة")] {
            let data = server.ask_with(query, serde_json::json!({ "l": language }));
            let first = &data["datasets"]["nearMisses"][0];
            assert_eq!(first["dataset"]["slug"], "ma-hcp-returnees-2003-2004");
            let reasons: Vec<_> = values(first, "/failed/*/reason").into_iter().filter_map(Value::as_str).collect();
            assert!(reasons.iter().any(|reason| reason.contains(piece)), "{language}: {reasons:?}");
            assert!(reasons.iter().any(|reason| reason.contains("2004") && reason.contains("2019")), "{language}: {reasons:?}");
            let all = values(&data, "/datasets/nearMisses/*/failed/*/reason");
            let of_2006: Vec<_> = all.iter().filter_map(|reason| reason.as_str()?.strip_prefix("2006")).collect();
            assert!(!of_2006.is_empty() && of_2006.iter().all(|rest| !rest.contains("2006")), "a year is told once: {all:?}");
        }
    });
}
