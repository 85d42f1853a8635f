//! Marks of figures that differ: a note on figures is found by them, wherever in its list and in whatever words a record says them later.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::dataset::{Discrepancy, PublishedValue};
use crate::domain::ids::hex;
use crate::domain::text::Wording;

/// The mark of figures that stand among others of their record. It is made of the values, each with its cut-off date and its source: the order
/// of the values, the words of the subject, their languages and how far these were checked say nothing else. Only where a record states the
/// same values twice do words tell the two apart.
pub fn mark_of(figures: &Discrepancy, stated: &[Discrepancy]) -> String {
    let mark = mark_of_values(figures);
    let twins: Vec<String> = stated.iter().filter(|other| *other != figures && has_values_of(other, figures)).flat_map(wordings).collect();
    if twins.is_empty() {
        return mark;
    }
    let own = wordings(figures).into_iter().find(|wording| !twins.contains(wording));
    own.map_or_else(|| mark.clone(), |wording| with_wording(&mark, &wording))
}

/// All marks by which a note on these figures may be known: those of [`mark_of`], and the one that was made of all words and their order before.
pub fn marks_of(figures: &Discrepancy, stated: &[Discrepancy]) -> Vec<String> {
    let mark = mark_of_values(figures);
    let mut marks = vec![mark_of(figures, stated)];
    marks.extend(wordings(figures).iter().map(|wording| with_wording(&mark, wording)));
    // What cannot be written had no such mark.
    marks.extend(serde_json::to_string(&(&figures.subject, &figures.values)).ok().map(|words| digest(&words)));
    marks
}

/// Whether two records state the same figures: the same values, of something that both name alike in one language at least.
pub(super) fn is_same(one: &Discrepancy, other: &Discrepancy) -> bool {
    let is_shared = |(tag, wording): (&_, &Wording)| other.subject.0.get(tag).is_some_and(|known| known.text == wording.text);
    has_values_of(one, other) && one.subject.iter().any(is_shared)
}

fn has_values_of(one: &Discrepancy, other: &Discrepancy) -> bool {
    values(one) == values(other)
}

/// The values in an order of their own.
fn values(figures: &Discrepancy) -> Vec<[Option<String>; 3]> {
    let plain = |value: &PublishedValue| [Some(value.value.clone()), value.cut_off.map(|day| day.to_string()), value.source.clone()];
    let mut all: Vec<[Option<String>; 3]> = figures.values.iter().map(plain).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn mark_of_values(figures: &Discrepancy) -> String {
    digest(&json!(values(figures)).to_string())
}

/// What the figures are called, and what tells of their values, in each language.
fn wordings(figures: &Discrepancy) -> Vec<String> {
    let texts = std::iter::once(&figures.subject).chain(figures.values.iter().map(|value| &value.context));
    texts.flat_map(|text| text.iter().map(|(tag, wording)| format!("{} {}", tag.as_str(), wording.text))).collect()
}

fn with_wording(mark: &str, wording: &str) -> String {
    format!("{mark}:{}", digest(wording))
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn figures(subject: Value, values: Value) -> Discrepancy {
        serde_json::from_value(json!({ "subject": subject, "values": values })).expect("figures")
    }

    fn word(text: &str) -> Value {
        json!({ "text": text, "status": "OFFICIAL" })
    }

    #[test]
    fn words_languages_and_order_leave_a_mark_as_it_is_and_values_make_another() {
        let (one, two) = (json!({ "value": "1", "cutOff": "2015-02" }), json!({ "value": "2", "source": "census" }));
        let first = figures(json!({ "fr": word("Total") }), json!([one, two]));
        let mark = mark_of(&first, std::slice::from_ref(&first));
        let checked = json!({ "fr": { "text": "Total", "status": "WORKING_TRANSLATION" }, "es": word("Total") });
        for same in [figures(checked, json!([two, one])), figures(json!({ "ar": word("المجموع") }), json!([one, two]))] {
            assert!(marks_of(&same, std::slice::from_ref(&same)).contains(&mark), "{same:?}");
        }
        for values in [json!([one]), json!([one, { "value": "2" }]), json!([one, two, { "value": "3" }])] {
            let other = figures(json!({ "fr": word("Total") }), values);
            assert!(!marks_of(&other, std::slice::from_ref(&other)).contains(&mark), "{other:?}");
        }
        // A note from before was marked by all words.
        let before = digest(&serde_json::to_string(&(&first.subject, &first.values)).expect("JSON"));
        assert!(marks_of(&first, std::slice::from_ref(&first)).contains(&before));
    }

    #[test]
    fn the_same_values_of_two_things_stay_apart() {
        let values = json!([{ "value": "1" }, { "value": "2" }]);
        let men = figures(json!({ "fr": word("Hommes") }), values.clone());
        let women = figures(json!({ "fr": word("Femmes") }), values.clone());
        let stated = [men.clone(), women.clone()];
        let mark = mark_of(&men, &stated);
        assert_ne!(mark, mark_of(&women, &stated));
        let later = [women.clone(), figures(json!({ "ar": word("رجال"), "fr": word("Hommes") }), values)];
        assert!(marks_of(&later[1], &later).contains(&mark) && !marks_of(&later[0], &later).contains(&mark));
        assert!(!is_same(&men, &women) && is_same(&men, &later[1]));
    }
}
