//! Names that stand twice in an object of JSON: the last of the values is taken, and the others are told.

use crate::domain::problem::Problem;
use crate::domain::record::repeated_names;

/// What is said of such a name.
pub const TWICE: &str =
    "stands twice in its object; the last of the values was taken, the others stay in the original that is kept: keep one of them";
/// Most names of one document that are told.
const MOST_REPEATED: usize = 1_000;

/// Places of such names in a document, or in a part of one.
#[derive(Clone, Debug, Default)]
pub struct Repeated(Vec<String>);

impl Repeated {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        Self(repeated_names(text))
    }

    /// Adds a name, by the pointer of JSON that leads to it.
    pub fn push(&mut self, pointer: &str) {
        if self.0.len() < MOST_REPEATED {
            self.0.push(place_of(pointer));
        }
    }

    /// Adds those of the part that a pointer leads to.
    pub fn add(&mut self, pointer: &str, part: Self) {
        let (left, around) = (MOST_REPEATED.saturating_sub(self.0.len()), place_of(pointer));
        let joint = |place: &str| if around.is_empty() || place.starts_with('[') { "" } else { "." };
        self.0.extend(part.0.into_iter().take(left).map(|place| format!("{around}{}{place}", joint(&place))));
    }

    /// Those of the part at a place, as they stand in it.
    pub fn within(&self, place: &str) -> Self {
        let below = self.0.iter().filter_map(|found| below(found, place));
        Self(below.map(str::to_owned).collect())
    }

    /// Those that stand in none of the parts.
    pub fn beside(&self, places: &[String]) -> Self {
        let is_beside = |found: &&String| places.iter().all(|place| below(found, place).is_none());
        Self(self.0.iter().filter(is_beside).cloned().collect())
    }

    /// A line for each.
    pub fn told(&self) -> impl Iterator<Item = Problem> {
        self.0.iter().map(|place| Problem::new(place, "", TWICE))
    }
}

/// A pointer of JSON as places are written: `/result/results/0` is `result.results[0]`.
pub fn place_of(pointer: &str) -> String {
    let mut place = String::new();
    for step in pointer.split('/').skip(1) {
        let is_number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        match (is_number, place.is_empty()) {
            (true, _) => place.push_str(&format!("[{step}]")),
            (false, true) => place.push_str(step),
            (false, false) => place.push_str(&format!(".{step}")),
        }
    }
    place
}

/// A place within the part at another one.
fn below<'f>(found: &'f str, place: &str) -> Option<&'f str> {
    if place.is_empty() {
        return Some(found);
    }
    let rest = found.strip_prefix(place)?;
    rest.strip_prefix('.').or_else(|| Some(rest).filter(|rest| rest.starts_with('[')))
}
