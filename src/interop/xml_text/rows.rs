//! Tables of the documentation, for the tests that hold them against the code.

use serde_json::Value;

/// Rows of the tables of a page whose first heading is this one, cell by cell, without backticks.
pub(crate) fn rows(page: &'static str, heading: &str) -> Vec<Vec<&'static str>> {
    let cells =
        |line: &'static str| -> Vec<&'static str> { line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect() };
    let mut inside = false;
    let mut found = Vec::new();
    for line in page.lines() {
        match line.starts_with('|') {
            false => inside = false,
            true if cells(line)[0] == heading => inside = true,
            true if inside && !line.starts_with("|--") => found.push(cells(line)),
            true => {}
        }
    }
    assert!(found.len() > 5, "the page has no table under `{heading}`");
    found
}

/// Elements in each other along a path such as `a/b[@c]/d[@e=f]`, with words in the last one.
pub(crate) fn nested(path: &str, words: &str) -> String {
    let mut text = words.to_owned();
    for step in path.rsplit('/') {
        let (name, attribute) = step.split_once("[@").map_or((step, None), |(name, rest)| (name, Some(rest.trim_end_matches(']'))));
        let attribute = attribute.map(|attribute| match attribute.split_once('=') {
            Some((key, value)) => format!(" {key}='{value}'"),
            None => format!(" {attribute}='https://example.org/x'"),
        });
        text = format!("<{name}{}>{text}</{name}>", attribute.unwrap_or_default());
    }
    text
}

/// Whether a record has something at a field such as `coverage.period`.
pub(crate) fn has(record: &Value, field: &str) -> bool {
    record.pointer(&format!("/{}", field.replace('.', "/"))).is_some()
}
