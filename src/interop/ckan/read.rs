//! From an answer, a file or a dump to packages.

use serde_json::{Map, Value};

use super::package;
use crate::domain::problem::Problem;
use crate::interop::dcat::Source;
use crate::interop::dcat::authority::Tables;
use crate::interop::exchange::Reading;
use crate::interop::json::{lines, parse, parse_line, scalar, visible};

/// Reads a package, a list of them, an answer of the action API that holds some, or a dump with a package on each line.
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    read_search(bytes, source).0
}

/// Reads one page of a search: the records, how many records the portal says there are, and how many results the page holds, those
/// among them of which no record could be made.
pub fn read_search(bytes: &[u8], source: &Source<'_>) -> (Reading, Option<u64>, usize) {
    let tables = Tables::new(source.concepts);
    if let Some((text, problems)) = lines(bytes) {
        let mut reading = Reading { found: Vec::new(), problems };
        let said = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        for (index, line) in said {
            let place = format!("line {}", index + 1);
            match parse_line(line) {
                Ok(value) => one(&place, &value, source, &tables, &mut reading),
                Err(problem) => reading.problems.push(Problem { field: place, ..problem }),
            }
        }
        let results = reading.found.len() + reading.problems.len();
        return (reading, None, results);
    }
    let (document, problems) = match parse(bytes) {
        Ok(read) => read,
        Err(problem) => return (Reading::refused(problem), None, 0),
    };
    let mut reading = Reading { found: Vec::new(), problems };
    let answer = match answered(&document) {
        Ok(answer) => answer,
        Err(problem) => {
            reading.problems.push(problem);
            return (reading, None, 0);
        }
    };
    let count = answer.get("count").and_then(Value::as_u64);
    let listed = answer.get("results").and_then(Value::as_array).or_else(|| answer.as_array());
    let Some(listed) = listed else {
        one("", answer, source, &tables, &mut reading);
        return (reading, count, 1);
    };
    if !listed.is_empty() && listed.iter().all(Value::is_string) {
        let remedy = "the document lists only the names of packages; ask for package_search or package_show, which describe them";
        reading.problems.push(Problem::new("result", listed.len(), remedy));
        return (reading, count, listed.len());
    }
    for (number, value) in listed.iter().enumerate() {
        one(&format!("result[{number}]"), value, source, &tables, &mut reading);
    }
    if listed.is_empty() && count.is_none() {
        reading.problems.push(Problem::new("result", "", "the list of packages is empty; nothing was read"));
    }
    (reading, count, listed.len())
}

/// What an answer of the action API holds, or the document itself where it is none.
fn answered(document: &Value) -> Result<&Value, Problem> {
    let Some(members) = document.as_object() else { return Ok(document) };
    match members.get("success") {
        Some(Value::Bool(true)) => Ok(members.get("result").unwrap_or(&Value::Null)),
        Some(_) => {
            let fault = members.get("error").and_then(|fault| fault.get("message").and_then(scalar).or_else(|| Some(fault.to_string())));
            let remedy = "the portal answers that it could not do what was asked, for this reason; ask it again, or ask otherwise";
            Err(Problem::new("error", fault.unwrap_or_default(), remedy))
        }
        None => Ok(document),
    }
}

/// Whether a package says of itself that it is something else than a dataset, so that nothing is missing where it is not taken.
pub fn is_no_dataset(package: &Value) -> bool {
    let package = package.get("package").filter(|inner| inner.is_object()).unwrap_or(package);
    let kind = package.get("type").and_then(scalar).unwrap_or_default();
    matches!(kind.as_str(), "harvest" | "showcase" | "application" | "dataset_series" | "organization" | "group")
}

fn one(place: &str, value: &Value, source: &Source<'_>, tables: &Tables<'_>, reading: &mut Reading) {
    // Some harvesters wrap the package once more.
    let value = value.get("package").filter(|inner| inner.is_object()).unwrap_or(value);
    let (value, told) = visible(value);
    let value = &*value;
    match value.as_object().map(|members| (members, fault(members))) {
        Some((members, None)) => {
            let mut found = package::read(members, source, tables);
            found.unfit.extend(told);
            reading.found.push(found);
        }
        Some((members, Some(remedy))) => {
            let name = members.get("name").or_else(|| members.get("id")).and_then(scalar).unwrap_or_default();
            reading.problems.push(Problem::new(place, name, remedy));
        }
        None => reading.problems.push(Problem::new(place, value, "is not a package; write an object with `name` and `title`")),
    }
}

/// Why an object is no description of a dataset.
fn fault(members: &Map<String, Value>) -> Option<&'static str> {
    let text = |key: &str| members.get(key).and_then(scalar).unwrap_or_default();
    if members.get("is_organization").is_some() || matches!(text("type").as_str(), "organization" | "group") {
        return Some("is an organization or a group, not a package; read packages, which name their organization");
    }
    match text("type").as_str() {
        "harvest" | "showcase" | "application" => return Some("is a page of the portal, not a dataset; leave it out"),
        "dataset_series" => return Some("is a series, not a dataset: the registry holds datasets, which have packages of their own"),
        _ => {}
    }
    let has = |keys: &[&str]| keys.iter().any(|key| members.contains_key(*key));
    // What only an organization has, in dumps that do not say that it is one.
    let of_a_package =
        ["resources", "num_resources", "owner_org", "organization", "notes", "notes_translated", "license_id", "tags", "author"];
    let of_an_organization =
        ["image_display_url", "package_count", "approval_status", "users", "shortform", "department_number", "umd_number"];
    if has(&of_an_organization) && !has(&of_a_package) {
        return Some("looks like an organization or a group, not a package; read packages, which name their organization");
    }
    let says = |keys: &[&str]| keys.iter().any(|key| members.get(*key).is_some_and(|value| !value.is_null()));
    let is_named = says(&["name", "id"]);
    let is_described = says(&["title", "title_translated", "notes", "resources", "owner_org", "organization"]);
    let is_gone = text("state") == "deleted";
    (!(is_named && (is_described || is_gone))).then_some("is no package of CKAN: it has no name, or neither title nor resources")
}
