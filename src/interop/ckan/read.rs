//! From an answer, a file or a dump to packages.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};

use super::package;
use crate::domain::problem::Problem;
use crate::domain::record::MAX_LINE;
use crate::interop::dcat::Source;
use crate::interop::dcat::authority::Tables;
use crate::interop::exchange::{A_GROUP, A_PAGE, A_SERIES, Found, Reading};
use crate::interop::filed::{Filed, Outline, unreadable};
use crate::interop::json::{DEEPEST, Document, is_lines, lines, parse, parse_line, scalar, visible};
use crate::interop::repeated::{Repeated, place_of};

/// What is said around the packages of a document.
#[derive(Debug, Default)]
pub struct Around {
    /// What is wrong with the document, and why no record could be made of some packages.
    pub problems: Vec<Problem>,
    /// How many packages the portal says there are.
    pub count: Option<u64>,
    /// How many results the document holds, those among them of which no record could be made.
    pub results: usize,
}

/// Reads a package, a list of them, an answer of the action API that holds some, or a dump with a package on each line.
pub fn read(bytes: &[u8], source: &Source<'_>) -> Reading {
    let mut found = Vec::new();
    let problems = read_each(bytes, source, &mut |one| found.push(one)).problems;
    Reading { found, problems }
}

/// Hands over the records of a document one by one.
pub fn read_each(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Around {
    let mut packages = Packages::new(source, take);
    if let Some((text, problems)) = lines(bytes) {
        packages.around.problems = problems;
        text.lines().enumerate().for_each(|(index, line)| packages.line(index, line));
        return packages.around;
    }
    match parse(bytes) {
        Ok(Document { value, problems, repeated }) => {
            packages.around.problems = problems;
            packages.document(&Outline::held(value, repeated))
        }
        Err(problem) => Err(problem),
    }
    .unwrap_or_else(|problem| packages.around.problems.push(problem));
    packages.around
}

/// The same of a file that [`Filed::is_plain`], of which one package is held at any time.
pub fn read_file(filed: Filed<'_>, source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Around {
    let mut packages = Packages::new(source, take);
    packages.file(filed).unwrap_or_else(|problem| packages.around.problems.push(problem));
    packages.around
}

/// Packages that are read one by one.
struct Packages<'a> {
    source: &'a Source<'a>,
    tables: Tables<'a>,
    take: &'a mut dyn FnMut(Found),
    around: Around,
}

impl<'a> Packages<'a> {
    fn new(source: &'a Source<'a>, take: &'a mut dyn FnMut(Found)) -> Self {
        Self { source, tables: Tables::new(source.concepts), take, around: Around::default() }
    }

    fn file(&mut self, filed: Filed<'_>) -> Result<(), Problem> {
        if !is_lines(&filed.bytes(0, 2 * MAX_LINE)?) {
            filed.check_json(DEEPEST)?;
            return self.document(&Outline::of(filed, &["", "result", "results"])?);
        }
        let mut reader = filed.reader(0);
        for index in 0.. {
            let mut line = Vec::new();
            let length = (&mut reader).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line).map_err(unreadable)?;
            if length == 0 {
                break;
            }
            if length > MAX_LINE {
                reader.skip_until(b'\n').map_err(unreadable)?;
                let remedy = format!("is longer than {MAX_LINE} bytes, as no package is; see whether its line ends are as they were");
                self.around.results += 1;
                self.around.problems.push(Problem::new(format!("line {}", index + 1), "", remedy));
                continue;
            }
            self.line(index, &String::from_utf8_lossy(&line));
        }
        Ok(())
    }

    fn line(&mut self, index: usize, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let place = format!("line {}", index + 1);
        match parse_line(line) {
            Ok(value) => self.one(&place, &value, &Repeated::of(line)),
            Err(problem) => {
                self.around.results += 1;
                self.around.problems.push(Problem { field: place, ..problem });
            }
        }
    }

    fn document(&mut self, document: &Outline<'_>) -> Result<(), Problem> {
        let pointer = answered(&document.value)?;
        let answer = document.value.pointer(pointer).unwrap_or(&Value::Null);
        self.around.count = answer.get("count").and_then(Value::as_u64);
        let list = if answer.get("results").is_some_and(Value::is_array) { format!("{pointer}/results") } else { pointer.to_owned() };
        let (before, mut names) = (self.around.problems.len(), 0);
        let is_list = document.each(&list, &mut |number, value, repeated| {
            names += usize::from(value.is_string());
            self.one(&format!("result[{number}]"), value, &repeated);
        })?;
        if !is_list {
            self.one("", answer, &document.repeated.within(&place_of(&list)));
        } else if self.around.results == 0 && self.around.count.is_none() {
            self.around.problems.push(Problem::new("result", "", "the list of packages is empty; nothing was read"));
        } else if names > 0 && names == self.around.results {
            let remedy = "the document lists only the names of packages; ask for package_search or package_show, which describe them";
            self.around.problems.truncate(before);
            self.around.problems.push(Problem::new("result", names, remedy));
        }
        self.around.problems.extend(document.repeated.beside(&[place_of(&list)]).told());
        Ok(())
    }

    fn one(&mut self, place: &str, value: &Value, repeated: &Repeated) {
        self.around.results += 1;
        // Some harvesters wrap the package once more.
        let value = value.get("package").filter(|inner| inner.is_object()).unwrap_or(value);
        let (value, told) = visible(value);
        let value = &*value;
        match value.as_object().map(|members| (members, fault(members))) {
            Some((members, None)) => {
                let mut found = package::read(members, self.source, &self.tables);
                found.unfit.extend(told.into_iter().chain(repeated.told()));
                (self.take)(found);
            }
            Some((members, Some(remedy))) => {
                let name = members.get("name").or_else(|| members.get("id")).and_then(scalar).unwrap_or_default();
                self.around.problems.push(Problem::new(place, name, remedy));
            }
            None => self.around.problems.push(Problem::new(place, value, "is not a package; write an object with `name` and `title`")),
        }
    }
}

/// Where the answer of the action API stands in a document, or the document itself where it is none.
fn answered(document: &Value) -> Result<&'static str, Problem> {
    match document.as_object().and_then(|members| Some((members, members.get("success")?))) {
        None => Ok(""),
        Some((_, Value::Bool(true))) => Ok("/result"),
        Some((members, _)) => {
            let fault = members.get("error").and_then(|fault| fault.get("message").and_then(scalar).or_else(|| Some(fault.to_string())));
            let remedy = "the portal answers that it could not do what was asked, for this reason; ask it again, or ask otherwise";
            Err(Problem::new("error", fault.unwrap_or_default(), remedy))
        }
    }
}

/// Why an object is no description of a dataset.
fn fault(members: &Map<String, Value>) -> Option<&'static str> {
    let text = |key: &str| members.get(key).and_then(scalar).unwrap_or_default();
    if members.get("is_organization").is_some() || matches!(text("type").as_str(), "organization" | "group") {
        return Some(A_GROUP);
    }
    match text("type").as_str() {
        "harvest" | "showcase" | "application" => return Some(A_PAGE),
        "dataset_series" => return Some(A_SERIES),
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
