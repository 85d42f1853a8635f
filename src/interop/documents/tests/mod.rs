//! Documents made here, in three languages: what may come in, what may not, and what must never bring the program down.

mod builders;
mod hostile;
mod keyed;
mod kinds;
mod persons;
mod random;

use super::{Document, inspect};

/// The remedy of every problem, on one line.
fn refused(name: &str, bytes: &[u8]) -> String {
    let problems = inspect(name, bytes).expect_err(name);
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

fn accepted(name: &str, bytes: &[u8]) -> Document {
    inspect(name, bytes).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}
