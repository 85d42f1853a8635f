//! Mailboxes and numbers to call in what comes in: they are a person's more often than not, and are not repeated.

use std::borrow::Cow;

use crate::domain::words::{fold, latin_digits};

/// What stands for a mailbox.
pub(super) const MAILBOX: &str = "(mailbox)";
/// What stands for a telephone.
pub(super) const TELEPHONE: &str = "(telephone)";
/// Parts of places of telephones.
pub(super) const CALLED: [&str; 6] = ["tel", "phone", "fax", "mobile", "gsm", "هاتف"];
/// Digits that a number to call has, from and to.
pub(super) const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What is told of by what a record is known, which may be a mailbox or a telephone.
pub(super) fn shown_key(key: &str) -> String {
    without_calls(key)
}

/// A text with something in the place of mailboxes and numbers to call.
pub(super) fn without_calls(text: &str) -> String {
    without_telephones(&without_mailboxes(text))
}

/// A text with something in the place of its mailboxes.
pub(super) fn without_mailboxes(text: &str) -> Cow<'_, str> {
    if !has_mailbox(text) {
        return Cow::Borrowed(text);
    }
    let masked = text.split_inclusive(char::is_whitespace).map(|word| {
        let space = &word[word.trim_end().len()..];
        if has_mailbox(word) { format!("{MAILBOX}{space}") } else { word.to_owned() }
    });
    Cow::Owned(masked.collect())
}

/// A text with something in the place of the numbers to call in it: written in the international way, with the zero of a country in ten digits, or
/// behind a word that says so.
fn without_telephones(text: &str) -> String {
    let plain = latin_digits(text);
    let mut masked = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (head, tail) = rest.split_at(start);
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '\u{a0}');
        let end = tail.find(|c: char| !is_of_number(c)).unwrap_or(tail.len());
        let (run, behind) = tail.split_at(end);
        let number = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        masked.push_str(head);
        let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '=' | '_' | '#' | '.' | '-'));
        let is_alone = is_apart(head.chars().next_back()) && !behind.starts_with(|c: char| c.is_alphanumeric() || c == '/');
        let is_called = is_alone && is_to_be_called(head, number);
        masked.push_str(if is_called { TELEPHONE } else { number });
        masked.push_str(&run[number.len()..]);
        rest = behind;
    }
    masked.push_str(rest);
    if masked == plain { text.to_owned() } else { masked }
}

/// Whether a number is one to call, as it is written or as the words before it say.
fn is_to_be_called(before: &str, number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let last = before.split_whitespace().next_back().map(fold).unwrap_or_default();
    let word = last.trim_matches(|c: char| !c.is_alphabetic());
    let is_said = CALLED.iter().any(|called| word == *called || (called.len() > 3 && word.ends_with(called))) || word.starts_with("telep");
    let is_of_country = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00") && !number.starts_with("0.");
    let is_of_world = digits.len() > 8 && (number.starts_with('+') || (digits.starts_with("00") && digits.len() > 10));
    DIGITS.contains(&digits.len()) && (is_said || is_of_country || is_of_world)
}

/// Whether a mailbox stands in a text.
pub(super) fn has_mailbox(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
        let host: String = text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        before && host.trim_end_matches('.').split('.').filter(|label| !label.is_empty()).count() >= 2
    })
}
