//! Records of the registry's own format that do not stand on a line each: one object over many lines, as the address of a record gives
//! it, or a list of objects.

use serde::de::IgnoredAny;

/// The records of a file that is one object or a list of them; none where it is made of lines.
pub fn records(bytes: &[u8]) -> Option<Vec<&str>> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    let is_list = text.starts_with('[');
    let first = text.lines().next().unwrap_or_default();
    let is_object = text.starts_with('{') && !is_json(first);
    if !((is_list || is_object) && is_json(text)) {
        return None;
    }
    let inside = if is_list { text.get(1..text.len() - 1)? } else { text };
    Some(members(inside))
}

/// The members of a list of JSON, as they stand there.
fn members(list: &str) -> Vec<&str> {
    let (mut depth, mut is_in_string, mut is_escaped) = (0usize, false, false);
    list.split(|c: char| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_in_string => is_escaped = true,
            '"' => is_in_string = !is_in_string,
            '{' | '[' if !is_in_string => depth += 1,
            '}' | ']' if !is_in_string => depth = depth.saturating_sub(1),
            ',' => return depth == 0 && !is_in_string,
            _ => {}
        }
        false
    })
    .map(str::trim)
    .filter(|member| !member.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_over_many_lines_and_a_list_are_records_and_lines_are_not() {
        assert_eq!(records(b"{\n \"a\": 1,\n \"b\": [2, 3]\n}\n"), Some(vec!["{\n \"a\": 1,\n \"b\": [2, 3]\n}"]));
        assert_eq!(records(b"{\"a\":1}\n{\"a\":2}\n"), None, "lines");
        assert_eq!(records(b"{\"a\":1}"), None, "one line");
        assert_eq!(records(b"{\n\"a\":1"), None, "broken");
        let list = "[{\"a\":\"x, \\\"]}\"},\n {\"b\":{\"c\":[1,2]}}, 3]";
        assert_eq!(records(list.as_bytes()), Some(vec!["{\"a\":\"x, \\\"]}\"}", "{\"b\":{\"c\":[1,2]}}", "3"]));
        assert_eq!(records(b"[]"), Some(Vec::new()));
    }
}
