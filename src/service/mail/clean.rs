//! Text from outside, made fit for a line of a mail.

use crate::domain::text::is_steering;

/// Opens a stretch of text whose direction is found from its own first letter.
pub(super) const ISOLATE: char = '\u{2068}';
/// Closes it.
pub(super) const END_ISOLATE: char = '\u{2069}';
/// Invisible mark that makes a line of plain text run from right to left.
pub(super) const RIGHT_TO_LEFT: char = '\u{200F}';

/// Most characters of a title or a reason in a body.
pub(super) const LONG: usize = 300;
/// Most characters of a title in a subject, which holds a sentence beside it.
pub(super) const SHORT: usize = 100;
/// Most characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// Whether the character belongs to a script that runs from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
        || matches!(c, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// One line: control characters and line separators become blanks, runs of blanks become one.
fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control() || is_separator(c);
    let words: Vec<&str> = text.split(|c: char| c == ' ' || is_break(c)).filter(|word| !word.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

/// At most so many characters, with an ellipsis where something was cut off.
fn cut(text: String, most: usize) -> String {
    if text.chars().count() <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Text from outside on one line, without control characters and steering characters, cut to `most` characters.
pub(super) fn outside(text: &str, most: usize) -> String {
    // A separator of lines becomes a blank, which keeps the words apart.
    let plain: String = text.chars().filter(|c| !is_steering(*c) || is_separator(*c)).collect();
    cut(one_line(&plain), most)
}

/// [`outside`], and isolated where it holds letters or figures that would upset the direction of the line around it.
/// Never empty, so that no quotation marks stand around nothing.
pub(super) fn shown(text: &str, most: usize, line_is_rtl: bool) -> String {
    let text = outside(text, most);
    // Figures too: a date in the form 2026-01-31 would be shown from its end in an Arabic line.
    let upsets = |c: char| if line_is_rtl { c.is_alphanumeric() && !is_rtl(c) } else { is_rtl(c) };
    if text.is_empty() {
        "–".to_owned()
    } else if text.chars().any(upsets) {
        format!("{ISOLATE}{text}{END_ISOLATE}")
    } else {
        text
    }
}

/// An address of the web that can only be one line; it is never cut, since half a link leads nowhere.
pub(super) fn link(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !is_steering(*c)).collect()
}

/// The body of a mail: line feeds and tabs are the only control characters that stay.
pub(super) fn body(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

/// Makes a subject safe: one line without control characters, at most 200 characters.
pub fn subject(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !is_steering(*c) || is_separator(*c) || matches!(*c, ISOLATE | END_ISOLATE)).collect();
    // `=?` would begin an encoded word, which mail programs decode into what was never written here.
    let line = cut(one_line(&kept).replace("=?", "= ?"), LONGEST_SUBJECT);
    if isolates_are_closed(&line) { line } else { line.chars().filter(|c| !is_steering(*c)).collect() }
}

fn isolates_are_closed(text: &str) -> bool {
    let mut open = 0_i32;
    for c in text.chars() {
        match c {
            ISOLATE => open += 1,
            END_ISOLATE => open -= 1,
            _ => {}
        }
        if open < 0 {
            return false;
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_of_at_most_200_characters() {
        assert_eq!(subject("Hello\r\nBcc: x@y.z\u{0}\u{2028}end"), "Hello Bcc: x@y.z end");
        assert_eq!(subject("=?utf-8?q?=0D=0A?="), "= ?utf-8?q?=0D=0A?=");
        assert_eq!(subject(&"س".repeat(500)).chars().count(), 200);
        assert_eq!(subject("\u{2068}بيانات\u{2069} \u{202E}x"), "\u{2068}بيانات\u{2069} x");
        let cut_open = subject(&format!("{ISOLATE}{}{END_ISOLATE}", "a".repeat(300)));
        assert!(!cut_open.contains(ISOLATE) && cut_open.chars().count() <= 200);
    }

    #[test]
    fn only_text_of_the_other_direction_is_isolated() {
        assert_eq!(shown("Enquête", LONG, false), "Enquête");
        assert_eq!(shown("بيانات الهجرة", LONG, true), "بيانات الهجرة");
        assert_eq!(shown("بيانات الهجرة", LONG, false), "\u{2068}بيانات الهجرة\u{2069}");
        assert_eq!(shown("2026-01-31", LONG, true), "\u{2068}2026-01-31\u{2069}");
        assert_eq!(shown("2026-01-31", LONG, false), "2026-01-31");
        assert_eq!(shown("\u{202E}\n", LONG, true), "–");
    }

    #[test]
    fn outside_text_keeps_to_one_line_and_its_length() {
        assert_eq!(outside(" a\r\n\tb\u{2029}\u{2066}c ", LONG), "a b c");
        assert_eq!(outside(&"a".repeat(400), LONG).chars().count(), LONG);
        assert_eq!(link("https://a.ma/\r\nx y\u{202E}z"), "https://a.ma/xyz");
        assert_eq!(body("a\r\nb\rc\u{0}\td\n"), "a\nbc\td\n");
    }
}
