//! Words as they stand between tags: blanks of the layout go, paragraphs stay.

use crate::domain::text::{MAX_TEXT, is_hidden, shows_something, without_hidden};

/// Elements inside a text that are read by themselves.
pub(super) fn is_apart(name: &str) -> bool {
    matches!(name, "concept" | "txt" | "citation" | "table")
}

/// The attribute that says where an element leads.
pub(super) fn target_of(name: &str) -> &'static str {
    if name == "ExtLink" { "URI" } else { "href" }
}

/// Elements that begin and end a line.
pub(super) fn breaks_lines(name: &str) -> bool {
    let lines = ["p", "br", "div", "li", "itm", "head", "tr", "ul", "ol", "list", "h1", "h2", "h3", "h4"];
    lines.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The words without the blanks of the layout and without characters that nobody sees, and what was mended.
pub fn clean(raw: &str, one_line: bool) -> (String, Vec<String>) {
    let mut faults = Vec::new();
    let seen: String = match raw.chars().find(|c| is_hidden(*c)) {
        None => raw.to_owned(),
        Some(first) => {
            faults.push(format!("holds invisible characters such as U+{:04X}, which were taken out; check the text", first as u32));
            without_hidden(raw)
        }
    };
    let text = if one_line { seen.split_whitespace().collect::<Vec<_>>().join(" ") } else { paragraphs(&seen) };
    if !shows_something(&text) {
        return (String::new(), faults);
    }
    if text.chars().count() > MAX_TEXT {
        faults.push(format!("is longer than {MAX_TEXT} characters and was cut; the whole text is in the original"));
        return (shortened(text), faults);
    }
    (text, faults)
}

/// The first characters that a text of the registry may have.
pub(super) fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => text.get(..end).unwrap_or("").trim_end().to_owned(),
        None => text,
    }
}

fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.trim().lines() {
        let words = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        out.push_str(&words);
    }
    out
}
