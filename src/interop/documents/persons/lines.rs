//! Running text: lines that each speak of another person.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::headings::{Trait, heading};
use super::values::{self, Form, value};
use super::{Finding, MIN_ROWS, Place};

/// Personal mailboxes from which a text is a list of persons. A protocol names its team.
const MAX_MAILBOXES: usize = 20;
/// Characters that are looked at together, and lines; a document with more is refused.
const MAX_LINE: usize = 4_000;
const MAX_LINES: usize = 200_000;
/// Different values that are told apart.
const MAX_DISTINCT: usize = 5_000;

/// What lines are counted for.
struct Sign {
    what: &'static str,
    /// Different values from which it is told.
    least: usize,
}

const SIGNS: [Sign; 8] = [
    Sign { what: "UNHCR case numbers", least: MIN_ROWS },
    Sign { what: "numbers of bank accounts", least: MIN_ROWS },
    Sign { what: "identity numbers with a right check digit", least: MIN_ROWS },
    Sign { what: "numbers of identity documents, each named as such", least: MIN_ROWS },
    Sign { what: "dates of birth, each named as such", least: MIN_ROWS },
    Sign { what: "mailboxes at providers for private persons", least: MIN_ROWS },
    Sign { what: "personal mailboxes", least: MAX_MAILBOXES + 1 },
    Sign { what: "lines with a person's name beside a date of birth, a telephone or a number", least: MIN_ROWS },
];

const UNHCR: usize = 0;
const IBAN: usize = 1;
const CHECKED: usize = 2;
const NUMBERED: usize = 3;
const BORN: usize = 4;
const PRIVATE: usize = 5;
const OWN: usize = 6;
const RECORD: usize = 7;

/// Words after which a date is one of birth, in lower case.
const BIRTH: &[&str] = &[
    "né le",
    "née le",
    "né(e) le",
    "nés le",
    "born on",
    "born ",
    "date of birth",
    "dob",
    "date de naissance",
    "ddn",
    "d.o.b",
    "تاريخ الميلاد",
    "تاريخ الازدياد",
    "تاريخ الولادة",
    "المزداد",
    "المزدادة",
    "مزداد",
    "مزدادة",
    "ولد في",
    "ولدت في",
    "من مواليد",
];

/// Counts of what lines show.
#[derive(Default)]
pub(super) struct Lines {
    seen: [HashSet<u64>; SIGNS.len()],
    first: [Option<Place>; SIGNS.len()],
    lines: usize,
}

impl Lines {
    /// Takes the next line; a long one piece by piece.
    pub(super) fn line(&mut self, place: Place, line: &str) {
        let mut rest = line.trim();
        while let Some((end, _)) = rest.char_indices().nth(MAX_LINE) {
            // Where a word ends, if it is not all one word.
            let end = rest[..end].rfind(char::is_whitespace).filter(|space| *space > 0).unwrap_or(end);
            self.piece(place, &rest[..end]);
            rest = rest[end..].trim_start();
        }
        self.piece(place, rest);
    }

    /// Whether there were more lines than are looked at.
    pub(super) fn is_cut(&self) -> bool {
        self.lines > MAX_LINES
    }

    fn piece(&mut self, place: Place, line: &str) {
        if line.is_empty() {
            return;
        }
        self.lines += 1;
        if self.is_cut() {
            return;
        }
        let words: Vec<&str> = line.split([' ', '\t', ',', ';', '|', '\u{a0}']).map(trimmed).filter(|word| !word.is_empty()).collect();
        let mut marks = Marks::default();
        for (at, word) in words.iter().enumerate() {
            self.word(place, &words, at, word, &mut marks);
        }
        let lower = line.to_lowercase();
        if marks.dates > 0 && BIRTH.iter().any(|born| lower.contains(born)) {
            self.mark(BORN, place, line);
        }
        let is_short = line.chars().count() <= 200;
        let contact = marks.mailbox || values::is_organisation(line);
        if is_short && (marks.early || marks.number || (marks.phone && !contact)) && starts_with_name(&words) {
            self.mark(RECORD, place, line);
        }
    }

    fn word(&mut self, place: Place, words: &[&str], at: usize, word: &str, marks: &mut Marks) {
        if word.contains('@') && values::is_email(word) {
            marks.mailbox = true;
            let forms = value(word).forms;
            if forms.has(Form::PrivateEmail) {
                self.mark(PRIVATE, place, word);
            } else if forms.has(Form::OwnEmail) {
                self.mark(OWN, place, word);
            }
            return;
        }
        if !word.chars().any(char::is_numeric) || word.len() > 80 {
            return;
        }
        let forms = value(word).forms;
        for (sign, form) in [(UNHCR, Form::Unhcr), (IBAN, Form::Iban), (CHECKED, Form::Checked)] {
            if forms.has(form) {
                self.mark(sign, place, word);
            }
        }
        // A number that is written in groups: look at it together with what follows.
        let group: Vec<&str> = words[at..].iter().take(8).copied().take_while(|word| word.len() <= 4).collect();
        if group.len() > 1 && values::is_iban(&group.concat().to_uppercase()) {
            self.mark(IBAN, place, &group.concat());
        }
        if (forms.has(Form::Identity) || forms.has(Form::LongCode)) && is_named_number(words, at) {
            marks.number = true;
            self.mark(NUMBERED, place, word);
        }
        // Written in groups: `+212 5 37 …`, `12 mars 1985`.
        let is_digits = |word: &str| word.chars().all(char::is_numeric);
        let is_short = word.len() <= 5 && is_digits(word.trim_start_matches('+'));
        let grouped = is_short && words.get(at + 1).is_some_and(|next| is_digits(next));
        marks.phone |= forms.has(Form::Phone) || (grouped && value(&words[at..words.len().min(at + 6)].join(" ")).forms.has(Form::Phone));
        let spoken = word.len() <= 4 && is_digits(word) && at + 2 < words.len();
        let day = values::date(word).or_else(|| if spoken { values::date(&words[at..at + 3].join(" ")) } else { None });
        marks.dates += usize::from(day.is_some());
        marks.early |= day.is_some_and(|year| year <= 2010);
    }

    fn mark(&mut self, sign: usize, place: Place, value: &str) {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        if self.seen[sign].len() < MAX_DISTINCT {
            self.seen[sign].insert(hasher.finish());
        }
        self.first[sign].get_or_insert(place);
    }

    /// What was found.
    pub(super) fn finish(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, sign) in SIGNS.iter().enumerate() {
            if let Some(place) = self.first[index].filter(|_| self.seen[index].len() >= sign.least) {
                findings.push(Finding { place, seen: format!("{} different {} (first seen here)", self.seen[index].len(), sign.what) });
            }
        }
        findings
    }
}

/// What one line shows.
#[derive(Default)]
struct Marks {
    mailbox: bool,
    phone: bool,
    number: bool,
    early: bool,
    dates: usize,
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '+'))
}

/// Whether one of the four words before a number names an identity document or a case.
fn is_named_number(words: &[&str], at: usize) -> bool {
    let plain = words[..at].iter().rev().take(4).take_while(|word| !word.bytes().any(|byte| byte.is_ascii_digit())).count();
    let before = &words[at - plain..at];
    (0..before.len()).any(|start| {
        let found = heading(&before[start..].join(" ")).map(|found| found.means);
        matches!(found, Some(Trait::Identity | Trait::Case))
    })
}

/// Whether a line begins with two to four words as names have them, after a number of the list.
fn starts_with_name(words: &[&str]) -> bool {
    let words: Vec<&str> = words.iter().copied().skip_while(|word| word.chars().all(|c| c.is_numeric() || c == '.' || c == ')')).collect();
    let named =
        words.iter().take_while(|word| word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'') && heading(word).is_none()).count();
    (2..=named.min(4)).any(|count| values::is_full_name(&words[..count]))
}
