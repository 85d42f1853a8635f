//! Marks of figures that differ: a note on figures is found by them, wherever in its list and in whatever words a record says them later.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::domain::dataset::{Discrepancy, PublishedValue};
use crate::domain::ids::hex;
use crate::domain::text::{MultilingualText, Wording};

/// Stands in a mark before what tells figures apart where no others of their record had their values.
const ALONE: char = '~';
/// The same where others had: then the words are needed to know them again.
const AMONG: char = ':';
/// Characters of a digest that tells figures apart.
const SHORT: usize = 16;

/// The mark of figures that stand among others of their record. It begins with the values, each with its cut-off date and its source: the order of
/// the values, the words of the subject, their languages and how far these were checked say nothing else. Behind them stand a mark of the whole and
/// one of each wording, by which the figures are known again where the record states the same values of something else too, now or later.
pub fn mark_of(figures: &Discrepancy, stated: &[Discrepancy]) -> String {
    let others: Vec<&Discrepancy> = stated.iter().filter(|other| *other != figures && has_values_of(other, figures)).collect();
    let of_others: Vec<String> = others.iter().flat_map(|other| wordings(other)).collect();
    let own = wordings(figures).into_iter().filter(|wording| !of_others.contains(wording)).map(|wording| digest(&wording));
    let sign = if others.is_empty() { ALONE } else { AMONG };
    let mut mark = mark_of_values(figures);
    for told in std::iter::once(mark_of_whole(figures)).chain(own) {
        mark.push(sign);
        mark.extend(told.chars().take(SHORT));
    }
    mark
}

/// How a note with a mark stands to figures of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is on these figures.
    OnThese,
    /// It is on figures with these values, and the record states them of several things: nobody can tell any more which it was.
    InQuestion,
    /// It is on others.
    OnOthers,
}

/// How near figures are to a mark: whether they are whole as they were, how many wordings of the subject and of the values they have in common
/// with it, and how few of their own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    is_whole: bool,
    of_subject: usize,
    of_values: usize,
    own: std::cmp::Reverse<usize>,
}

impl Nearness {
    /// Of figures to what stands in a mark behind the values.
    fn of(figures: &Discrepancy, told: &[&str]) -> Self {
        let is_told = |digest: &str| told.iter().any(|told| !told.is_empty() && digest.starts_with(told));
        let shared = |wordings: &[String]| wordings.iter().filter(|wording| is_told(&digest(wording))).count();
        let (subject, values) = (words_of(&figures.subject), words_of_values(figures));
        let (of_subject, of_values) = (shared(&subject), shared(&values));
        let own = std::cmp::Reverse(subject.len() + values.len() - of_subject - of_values);
        Self { is_whole: is_told(&mark_of_whole(figures)), of_subject, of_values, own }
    }

    /// Whether it tells that the mark is of these figures. What is told of values may be told of those of something else too, unless the mark has
    /// only what others had not.
    fn tells(self, was_alone: bool) -> bool {
        self.is_whole || self.of_subject > 0 || (!was_alone && self.of_values > 0)
    }
}

/// How a note with this mark stands to figures that a record states among others.
pub fn stands(mark: &str, figures: &Discrepancy, stated: &[Discrepancy]) -> Stands {
    // Notes of before were marked by all words and their order; what cannot be written had no such mark.
    if serde_json::to_string(&(&figures.subject, &figures.values)).is_ok_and(|words| digest(&words) == mark) {
        return Stands::OnThese;
    }
    let mut parts = mark.split([ALONE, AMONG]);
    if parts.next() != Some(mark_of_values(figures).as_str()) {
        return Stands::OnOthers;
    }
    let told: Vec<&str> = parts.collect();
    let (own, whole) = (Nearness::of(figures, &told), mark_of_whole(figures));
    let others = stated.iter().filter(|other| has_values_of(other, figures) && mark_of_whole(other) != whole);
    let nearest = others.map(|other| Nearness::of(other, &told)).max();
    let was_alone = !mark.contains(AMONG);
    let tells = |nearness: Nearness| nearness.tells(was_alone);
    match nearest {
        None if was_alone || tells(own) => Stands::OnThese,
        Some(other) if tells(own) && own > other => Stands::OnThese,
        Some(other) if tells(other) && other > own => Stands::OnOthers,
        Some(other) if was_alone || (tells(own) && own == other) => Stands::InQuestion,
        _ => Stands::OnOthers,
    }
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
    let mut all = words_of(&figures.subject);
    all.extend(words_of_values(figures));
    all
}

fn words_of_values(figures: &Discrepancy) -> Vec<String> {
    figures.values.iter().flat_map(|value| words_of(&value.context)).collect()
}

/// The wordings of a text with their languages, in an order of their own.
fn words_of(text: &MultilingualText) -> Vec<String> {
    let mut words: Vec<String> = text.iter().map(|(tag, wording)| format!("{} {}", tag.as_str(), wording.text)).collect();
    words.sort_unstable();
    words
}

/// All that the figures say, in whatever order: the words of the subject, and each value as often as it is stated, with what tells of it.
fn mark_of_whole(figures: &Discrepancy) -> String {
    let plain = |value: &PublishedValue| {
        (value.value.clone(), value.cut_off.map(|day| day.to_string()), value.source.clone(), words_of(&value.context))
    };
    let mut values: Vec<_> = figures.values.iter().map(plain).collect();
    values.sort_unstable();
    digest(&json!([words_of(&figures.subject), values]).to_string())
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

    fn on(mark: &str, stated: &[Discrepancy]) -> Vec<Stands> {
        stated.iter().map(|figures| stands(mark, figures, stated)).collect()
    }

    #[test]
    fn words_languages_and_order_leave_a_mark_as_it_is_and_values_make_another() {
        let (one, two) = (json!({ "value": "1", "cutOff": "2015-02" }), json!({ "value": "2", "source": "census" }));
        let first = figures(json!({ "fr": word("Total") }), json!([one, two]));
        let mark = mark_of(&first, std::slice::from_ref(&first));
        // A note from before was marked by all words, or by the values alone.
        let by_words = digest(&serde_json::to_string(&(&first.subject, &first.values)).expect("JSON"));
        assert_eq!(on(&by_words, std::slice::from_ref(&first)), [Stands::OnThese]);
        let checked = json!({ "fr": { "text": "Total", "status": "WORKING_TRANSLATION" }, "es": word("Total") });
        for same in [figures(checked, json!([two, one])), figures(json!({ "ar": word("المجموع") }), json!([one, two]))] {
            for mark in [&mark, &mark_of_values(&first)] {
                assert_eq!(on(mark, std::slice::from_ref(&same)), [Stands::OnThese], "{same:?}");
            }
        }
        for values in [json!([one]), json!([one, { "value": "2" }]), json!([one, two, { "value": "3" }])] {
            let other = figures(json!({ "fr": word("Total") }), values);
            assert_eq!(on(&mark, std::slice::from_ref(&other)), [Stands::OnOthers], "{other:?}");
        }
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
        assert_eq!(on(&mark, &later), [Stands::OnOthers, Stands::OnThese]);
        assert_eq!(on(&mark, std::slice::from_ref(&women)), [Stands::OnOthers], "those that it was on are stated no more");
        // The mark of before had one wording, whole.
        let before = format!("{}:{}", mark_of_values(&men), digest("fr Hommes"));
        assert_eq!(on(&before, &later), [Stands::OnOthers, Stands::OnThese]);
        assert!(!is_same(&men, &women) && is_same(&men, &later[1]));
    }

    #[test]
    fn a_note_stays_with_its_figures_when_the_same_values_of_something_else_come_after() {
        let values = |context: &str| json!([{ "value": "1", "context": { "fr": word(context) } }, { "value": "2" }]);
        let men = figures(json!({ "fr": word("Hommes") }), values("Tableau 1"));
        let mark = mark_of(&men, std::slice::from_ref(&men));
        let women = figures(json!({ "fr": word("Femmes") }), values("Tableau 1"));
        assert_eq!(on(&mark, &[men.clone(), women.clone()]), [Stands::OnThese, Stands::OnOthers]);
        assert_eq!(on(&mark, &[women.clone(), men.clone()]), [Stands::OnOthers, Stands::OnThese], "in whatever order");
        let of_another_table = figures(json!({ "fr": word("Hommes") }), values("Tableau 2"));
        assert_eq!(on(&mark, &[men.clone(), of_another_table]), [Stands::OnThese, Stands::OnOthers]);
        let stated_twice =
            figures(json!({ "fr": word("Hommes") }), json!([values("Tableau 1")[0], values("Tableau 1")[0], { "value": "2" }]));
        assert_eq!(on(&mark, &[stated_twice, men.clone()]), [Stands::OnOthers, Stands::OnThese]);
        // Where no words are left of those that it was written for, nobody can tell; nor of a mark of the values alone.
        let renamed = [figures(json!({ "fr": word("Ensemble") }), json!([{ "value": "1" }, { "value": "2" }])), women];
        assert_eq!(on(&mark, &renamed), [Stands::InQuestion; 2], "that of the same table is no more likely the one");
        assert_eq!(on(&mark_of_values(&men), &[men.clone(), renamed[1].clone()]), [Stands::InQuestion; 2]);
    }
}
