//! What is wrong with an input, said so that a person can mend it.

use std::fmt;

/// One fault: where it is, what stands there, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field, such as `coverage.period.start`; empty for the record as a whole.
    pub field: String,
    /// The value found, shortened to 100 characters; empty where there is none.
    pub value: String,
    /// What is wrong and how to mend it, in one sentence.
    pub remedy: String,
}

impl Problem {
    /// A problem of one field.
    pub fn new(field: impl Into<String>, value: impl fmt::Display, remedy: impl Into<String>) -> Self {
        Self { field: field.into(), value: shorten(&value.to_string()), remedy: remedy.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = if self.field.is_empty() { "record" } else { &self.field };
        if self.value.is_empty() {
            write!(f, "{field}: {}", self.remedy)
        } else {
            write!(f, "{field}: value `{}`: {}", self.value, self.remedy)
        }
    }
}

fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(100).collect();
    if shown.len() < text.len() && text.chars().count() > 100 {
        shown.push('…');
    }
    shown
}
