//! The part of Solr's query language that is answered: words, phrases, `field:value`, and what is not wanted.

/// A part of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Words that are wanted, or a phrase with its quotation marks.
    Words(String),
    /// Words that are not wanted.
    Not(String),
    /// A condition on a field.
    Field(Condition),
}

/// A condition on a field: one of the values is enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// Its values.
    pub values: Vec<Wanted>,
    /// Whether what meets it is not wanted.
    pub is_negated: bool,
}

/// A value of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The value; of a range with its brackets.
    pub text: String,
    /// Whether it stood in quotation marks, so that its words follow each other.
    pub is_phrase: bool,
}

const GROUPS: &str = "parentheses are answered within one field only, as in title:(census OR survey); put the conditions side by side";
/// Where OR is answered.
pub const ALTERNATIVES: &str =
    "OR is answered within one field, as in title:(census OR survey), and not between words or conditions; ask for one after the other";
const UNCLOSED: &str = "a quotation mark or a bracket is not closed; close it";
const WEIGHTS: &str = "`^` and `~` are not answered here; leave them out";

/// Reads a query. `*:*` sets no condition.
///
/// # Errors
/// What is not answered, and the remedy.
pub fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = keyword(rest, &["AND", "&&"]) {
            rest = after;
            continue;
        }
        if keyword(rest, &["OR", "||"]).is_some() {
            return Err(ALTERNATIVES.to_owned());
        }
        let (part, after) = part(rest)?;
        parts.extend(part);
        rest = after.trim_start();
    }
    Ok(parts)
}

/// What follows a keyword that stands for itself.
fn keyword<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let after = words.iter().find_map(|word| text.strip_prefix(word))?;
    (after.is_empty() || after.starts_with(char::is_whitespace)).then(|| after.trim_start())
}

/// The first part of a text; none where it sets no condition.
fn part(text: &str) -> Result<(Option<Part>, &str), String> {
    let (is_negated, text) = sign(text);
    if let Some((field, after)) = field(text) {
        let (values, after) = values(after)?;
        let condition = Condition { field: field.to_owned(), values, is_negated };
        let is_all = condition.field == "*" && condition.values.iter().all(|value| value.text == "*");
        return match (is_all, is_negated) {
            (true, false) => Ok((None, after)),
            (true, true) => Err("everything is excluded by -*:*; leave it out".to_owned()),
            (false, _) => Ok((Some(Part::Field(condition)), after)),
        };
    }
    let (words, after) = words(text)?;
    let words = words.filter(|words| words.as_str() != "*");
    Ok((words.map(|words| if is_negated { Part::Not(words) } else { Part::Words(words) }), after))
}

/// Whether a part is not wanted, and the part. A dash between blanks is one of prose.
fn sign(text: &str) -> (bool, &str) {
    if let Some(after) = keyword(text, &["NOT"]).filter(|after| !after.is_empty()) {
        return (true, after);
    }
    let is_sign = |after: &&str| after.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '+' | '!'));
    match text.strip_prefix(['-', '!']).filter(is_sign) {
        Some(after) => (true, after),
        None => (false, text.strip_prefix('+').filter(is_sign).unwrap_or(text)),
    }
}

/// The field before a colon and what stands behind it. An address, or prose with a colon, names none.
fn field(text: &str) -> Option<(&str, &str)> {
    let (field, after) = text.split_once(':')?;
    let is_name = field == "*" || (!field.is_empty() && field.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')));
    let is_value = after.starts_with(|c: char| !c.is_whitespace()) && !after.starts_with("//");
    // Identifiers and times of day have colons too.
    let is_prose = field.bytes().all(|b| b.is_ascii_digit()) || ["urn", "doi", "hdl", "ark", "oai", "http", "https"].contains(&field);
    (is_name && is_value && !is_prose).then_some((field, after))
}

/// The values at the beginning of a text, and what follows.
fn values(text: &str) -> Result<(Vec<Wanted>, &str), String> {
    let unclosed = || UNCLOSED.to_owned();
    let plain = |text: &str| Wanted { text: text.to_owned(), is_phrase: false };
    let (values, after) = match text.chars().next() {
        Some('"') => {
            let (inner, after) = text.get(1..).and_then(|rest| rest.split_once('"')).ok_or_else(unclosed)?;
            (vec![Wanted { text: inner.to_owned(), is_phrase: true }], after)
        }
        Some('(') => {
            let (inner, after) = text.get(1..).and_then(|rest| rest.split_once(')')).ok_or_else(unclosed)?;
            (inner.split(" OR ").map(alternative).collect::<Result<_, _>>()?, after)
        }
        Some('[' | '{') => {
            let end = text.find([']', '}']).ok_or_else(unclosed)?;
            let (range, after) = text.split_at(end + 1);
            (vec![plain(range)], after)
        }
        _ => {
            let (value, after) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            (vec![plain(value)], after)
        }
    };
    let is_weighted = after.starts_with(['^', '~']) || values.iter().any(|value| !value.is_phrase && has_weight(&value.text));
    if is_weighted { Err(WEIGHTS.to_owned()) } else { Ok((values, after)) }
}

/// One of the values in parentheses.
fn alternative(text: &str) -> Result<Wanted, String> {
    let text = text.trim();
    let is_phrase = text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    let text = text.trim_matches('"');
    let is_complex = text.starts_with(['-', '+', '!', '(']) || text.split_whitespace().any(|word| matches!(word, "AND" | "NOT" | "OR"));
    if text.is_empty() || (is_complex && !is_phrase) {
        return Err(GROUPS.to_owned());
    }
    Ok(Wanted { text: text.to_owned(), is_phrase })
}

/// The words at the beginning of a text, and what follows: a phrase, words in parentheses, or one word.
fn words(text: &str) -> Result<(Option<String>, &str), String> {
    if let Some(rest) = text.strip_prefix('"') {
        // A quotation mark alone is one of prose.
        let (inner, after) = rest.split_once('"').unwrap_or((rest, ""));
        return Ok((Some(format!("\"{inner}\"")).filter(|_| !inner.trim().is_empty()), after));
    }
    if let Some((inner, after)) = text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let parts = parse(inner)?;
        let words = parts.into_iter().map(|part| match part {
            Part::Words(words) => Ok(words),
            Part::Not(_) | Part::Field(_) => Err(GROUPS.to_owned()),
        });
        let words = words.collect::<Result<Vec<_>, _>>()?.join(" ");
        return Ok((Some(words).filter(|words| !words.is_empty()), after));
    }
    let (word, after) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if has_weight(word) {
        return Err(WEIGHTS.to_owned());
    }
    let word = word.trim_matches(['(', ')']);
    Ok((Some(word.to_owned()).filter(|word| !word.is_empty()), after))
}

/// Whether a word ends in a weight or in a measure of likeness, such as `census^2` or `census~1`.
fn has_weight(word: &str) -> bool {
    let start = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    start.len() > 1 && (start.ends_with('~') || (start.ends_with('^') && start.len() < word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        let one = |part: Part| match part {
            Part::Words(words) => words,
            Part::Not(words) => format!("not {words}"),
            Part::Field(condition) => {
                let values: Vec<String> = condition
                    .values
                    .iter()
                    .map(|value| if value.is_phrase { format!("'{}'", value.text) } else { value.text.clone() })
                    .collect();
                format!("{}{}={}", if condition.is_negated { "not " } else { "" }, condition.field, values.join("|"))
            }
        };
        Ok(parse(text)?.into_iter().map(one).collect())
    }

    #[test]
    fn words_conditions_and_what_is_not_wanted_are_told_apart() {
        let cases: [(&str, &[&str]); 14] = [
            ("*:*", &[]),
            ("*", &[]),
            ("census -morocco", &["census", "not morocco"]),
            ("census NOT title:survey", &["census", "not title=survey"]),
            ("title:census AND -organization:hcp", &["title=census", "not organization=hcp"]),
            ("+title:\"return migration\" !tags:x*", &["title='return migration'", "not tags=x*"]),
            ("title:(census OR \"two words\") name:a", &["title=census|'two words'", "name=a"]),
            ("metadata_modified:[2020-01-01T00:00:00Z TO *]", &["metadata_modified=[2020-01-01T00:00:00Z TO *]"]),
            ("(census survey) 2014", &["census survey", "2014"]),
            ("urn:uuid:0190 12:30", &["urn:uuid:0190", "12:30"]),
            ("doi:10.5072/x", &["doi:10.5072/x"]),
            ("\"two words\" -\"three words here\"", &["\"two words\"", "not \"three words here\""]),
            ("Enquête : résultats - 2014 (RGPH)", &["Enquête", ":", "résultats", "-", "2014", "RGPH"]),
            ("https://example.org/a well-known", &["https://example.org/a", "well-known"]),
        ];
        for (text, parts) in cases {
            assert_eq!(shown(text).expect(text), parts, "{text}");
        }
    }

    #[test]
    fn what_is_not_answered_is_said() {
        for (text, word) in [
            ("title:a OR name:b", "OR"),
            ("census OR -survey", "OR"),
            ("census OR survey", "OR"),
            ("-(census OR survey)", "OR"),
            ("(title:a name:b)", "parentheses"),
            ("title:(a AND b)", "parentheses"),
            ("title:(a", "closed"),
            ("title:\"a", "closed"),
            ("title:census^2", "`^`"),
            ("census~1", "`~`"),
            ("title:\"a b\"~2", "`~`"),
            ("-*:*", "everything"),
        ] {
            assert!(shown(text).is_err_and(|remedy| remedy.contains(word)), "{text}: {:?}", shown(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".*", query in "([-+!(\":*^~ ]|title|OR|NOT|a){0,20}") {
            let _ = (parse(&text), parse(&query));
        }
    }
}
