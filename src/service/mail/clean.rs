//! Text from outside, made fit for a line of a mail.

pub(super) use crate::domain::text::is_rtl;
use crate::domain::text::{END_ISOLATE, ISOLATE, is_steering, isolated, isolates_are_closed};

/// Invisible mark that makes a line of plain text run from right to left.
pub(super) const RIGHT_TO_LEFT: char = '\u{200F}';

/// Most characters of a title or a reason in a body.
pub(super) const LONG: usize = 300;
/// Most characters of a title in a subject, which holds a sentence beside it.
pub(super) const SHORT: usize = 100;
/// Most characters of a subject.
const LONGEST_SUBJECT: usize = 200;

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

/// Text from outside on one line, without control characters and steering characters, cut to `most` characters. Isolates that end stay, since
/// they touch nothing outside of them: notices have them around dates behind Arabic words.
pub(super) fn outside(text: &str, most: usize) -> String {
    closed(cut(one_line(&without_steering(text)), most))
}

/// A separator of lines becomes a blank, which keeps the words apart.
fn without_steering(text: &str) -> String {
    text.chars().filter(|c| !is_steering(*c) || is_separator(*c) || matches!(*c, ISOLATE | END_ISOLATE)).collect()
}

/// A line without its isolates where one of them does not end.
fn closed(line: String) -> String {
    if isolates_are_closed(&line) { line } else { line.chars().filter(|c| !is_steering(*c)).collect() }
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
        isolated(&text)
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
    // `=?` would begin an encoded word, which mail programs decode into what was never written here.
    closed(cut(one_line(&without_steering(text)).replace("=?", "= ?"), LONGEST_SUBJECT))
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
        assert_eq!(outside("بحث (\u{2068}2027-04/2027-05\u{2069})\u{202E}", LONG), "بحث (\u{2068}2027-04/2027-05\u{2069})");
        assert_eq!(outside("a\u{2068}b \u{2069}\u{2069}c", LONG), "ab c", "what does not end would go on behind the text");
        assert_eq!(outside(&"a".repeat(400), LONG).chars().count(), LONG);
        assert_eq!(link("https://a.ma/\r\nx y\u{202E}z"), "https://a.ma/xyz");
        assert_eq!(body("a\r\nb\rc\u{0}\td\n"), "a\nbc\td\n");
    }
}
