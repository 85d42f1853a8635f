//! The schema in the schema definition language, as it is printed and kept in `graphql/schema.graphql`.

use std::fmt::Write;

/// What linters of schemas are told. The Relay rules hold but for one half of a rule: lists that wrap something else than edges are
/// meant, beginning with `nodes`, which Relay's own plural fields ask for, and short lists that have no pages, such as `themes`.
const HEADER: &str = "\
# Short lists without pages, such as `themes`, and the plural identifying field `nodes` are meant to be lists: the other halves of the rule hold.
# eslint @graphql-eslint/relay-edge-types: [\"error\", { \"withEdgeSuffix\": true, \"shouldImplementNode\": true, \"listTypeCanWrapOnlyEdgeType\": false }]
";

/// The schema of the service, each description as a block of its own lines.
pub fn sdl() -> String {
    let mut text = HEADER.to_owned();
    for line in super::schema(true).as_sdl().lines() {
        match inline_description(line) {
            Some((indent, description, rest)) => {
                let description = description.replace("\"\"\"", "\\\"\"\"");
                // A quotation mark at the end would be taken for the end of the block.
                let end = if description.ends_with('"') || description.ends_with('\\') { "\n" } else { "" };
                let _ = writeln!(text, "{indent}\"\"\"{description}{end}\"\"\"");
                if !rest.is_empty() {
                    let _ = writeln!(text, "{indent}{rest}");
                }
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

/// Indent, text and what follows of a line that begins with a description in one pair of quotation marks.
fn inline_description(line: &str) -> Option<(&str, String, &str)> {
    let inner = line.trim_start();
    let indent = &line[..line.len() - inner.len()];
    if !inner.starts_with('"') || inner.starts_with("\"\"") {
        return None;
    }
    // A string of the language is one of JSON.
    let mut strings = serde_json::Deserializer::from_str(inner).into_iter::<String>();
    let description = strings.next()?.ok()?;
    let rest = inner[strings.byte_offset()..].trim_start();
    (!description.is_empty() && !description.contains(['\n', '\r'])).then_some((indent, description, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_the_schema() {
        let read = |text: &str| graphql_parser::parse_schema::<String>(text).expect("a schema").to_string();
        assert_eq!(read(&sdl()), read(&super::super::schema(true).as_sdl()));
    }

    #[test]
    fn descriptions_in_one_line_are_found_and_nothing_else() {
        let expected = Some(("  ", "A \"b\" c".to_owned(), "FIELD"));
        assert_eq!(inline_description("  \"A \\\"b\\\" c\" FIELD"), expected);
        for line in ["  \"\"\"Block\"\"\" FIELD", "  field: Int", "  \"\"", "  Words of a \"block\""] {
            assert_eq!(inline_description(line), None, "{line}");
        }
    }
}
