//! Pairs of records that may be of the same thing, and planned collections that meet in the same field at the same time.
//!
//! The catalogue points them out, each with its reasons; people decide what they are. The score tells how near the two are to each other;
//! it is of the pair, and says nothing of a record or an institution.

use std::collections::HashMap;

use uuid::Uuid;

use super::agreement::date_on;
use super::calendar::is_plan;
use super::comparability::meet;
use super::concept::{Concepts, Scheme};
use super::dataset::Dataset;
use super::ids::Slug;
use super::text::MultilingualText;
use super::time::{Bound, FAR_FUTURE, FAR_PAST, PartialDate, Period};
use super::vocabulary::{ComparisonFacet, ConceptScheme, Measure, MovementDirection, OverlapReason, OverlapState, RelationType};
use super::words;

/// Share of common words from which two titles are alike.
pub const ALIKE: f64 = 0.5;

/// What a person decided on a pair. It is stored elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// CONFIRMED or REJECTED.
    pub state: OverlapState,
    /// Why.
    pub note: MultilingualText,
    /// When.
    pub decided_on: PartialDate,
    /// The institutions in whose name it was decided.
    pub by: Vec<Slug>,
}

/// Decisions by pair, in the order of [`pair_key`].
pub type Decisions = HashMap<(Uuid, Uuid), Decision>;

/// The same key whichever of the two comes first.
pub fn pair_key(one: Uuid, other: Uuid) -> (Uuid, Uuid) {
    if one <= other { (one, other) } else { (other, one) }
}

/// How near two records are to each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Closeness {
    /// What speaks for it.
    pub reasons: Vec<OverlapReason>,
    /// What would decide and is not documented, or not shown to the reader.
    pub undocumented: Vec<ComparisonFacet>,
    /// Topics in common.
    pub themes: Vec<String>,
    /// How near the pair is, from 0 to 1.
    pub score: f64,
    /// Whether the two may be of the same thing.
    pub is_candidate: bool,
}

/// How near two records are to each other. `likeness` is the share of common words of their titles, from 0 to 1.
///
/// They may be of the same thing where they share a population or a topic, neither measure nor direction are documented as different, their
/// areas touch, and nothing documents that their periods do not meet; or where their titles are alike, and areas and periods allow it.
pub fn closeness(one: &Dataset, other: &Dataset, likeness: f64, concepts: &Concepts) -> Closeness {
    let mut found = Weighing { reasons: Vec::new(), undocumented: Vec::new(), score: 0.0 };
    let populations = concepts.scheme(ConceptScheme::Populations);
    let has_population = !shared(&one.coverage.populations, &other.coverage.populations, populations).is_empty();
    let themes = shared(&one.themes, &other.themes, concepts.scheme(ConceptScheme::Themes));
    found.add(has_population, OverlapReason::SamePopulation, 0.3);
    let share = themes.len() as f64 / one.themes.len().max(other.themes.len()).max(1) as f64;
    found.add(!themes.is_empty(), OverlapReason::SameTopic, 0.1 + 0.15 * share);
    let measure =
        found.facet(ComparisonFacet::Measure, same(&measures(one), &measures(other), |a, b| a == b), OverlapReason::SameMeasure, 0.1);
    let direction = found.facet(
        ComparisonFacet::Direction,
        same(&directions(one), &directions(other), same_direction),
        OverlapReason::SameDirection,
        0.1,
    );
    let area = area(one, other, concepts);
    found.facet(
        ComparisonFacet::ReportingArea,
        area.map(|area| area.is_some()),
        area.flatten().unwrap_or(OverlapReason::SameArea),
        match area {
            Some(Some(OverlapReason::SameArea)) => 0.2,
            _ => 0.1,
        },
    );
    let period = meet(one.coverage.period.as_ref(), other.coverage.period.as_ref());
    found.facet(ComparisonFacet::Period, period, OverlapReason::OverlappingPeriod, 0.2);
    let units = (&one.methodology.statistical_units, &other.methodology.statistical_units);
    found.add(units.0.iter().any(|unit| units.1.contains(unit)), OverlapReason::SameUnit, 0.05);
    let alike = likeness >= ALIKE;
    found.add(alike, OverlapReason::SimilarTitle, 0.2 * likeness);
    found.add(one.producer.is_some() && one.producer == other.producer, OverlapReason::SameProducer, 0.05);
    found.add(same_words(&one.programme, &other.programme), OverlapReason::SameProgramme, 0.05);
    let of_same = (has_population || !themes.is_empty()) && measure != Some(false) && direction != Some(false);
    let is_possible = area != Some(None) && period != Some(false);
    let score = (found.score / MOST * 100.0).round() / 100.0;
    Closeness { reasons: found.reasons, undocumented: found.undocumented, themes, score, is_candidate: is_possible && (of_same || alike) }
}

/// The sum of all weights.
const MOST: f64 = 1.5;

struct Weighing {
    reasons: Vec<OverlapReason>,
    undocumented: Vec<ComparisonFacet>,
    score: f64,
}

impl Weighing {
    fn add(&mut self, holds: bool, reason: OverlapReason, weight: f64) {
        if holds {
            self.reasons.push(reason);
            self.score += weight;
        }
    }

    /// Weighs what may be undocumented, and gives it back.
    fn facet(&mut self, facet: ComparisonFacet, holds: Option<bool>, reason: OverlapReason, weight: f64) -> Option<bool> {
        if holds.is_none() {
            self.undocumented.push(facet);
        }
        self.add(holds == Some(true), reason, weight);
        holds
    }
}

/// Codes that are of both lists, or lie in a code of the other.
fn shared(one: &[String], other: &[String], scheme: &Scheme) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (a, b) in [(one, other), (other, one)] {
        let within = a.iter().filter(|code| b.iter().any(|wider| scheme.is_within(code, wider)));
        found.extend(within.cloned());
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn measures(dataset: &Dataset) -> Vec<Measure> {
    dataset.methodology.definitions.iter().filter_map(|definition| definition.measure).collect()
}

fn directions(dataset: &Dataset) -> Vec<MovementDirection> {
    dataset.methodology.definitions.iter().filter_map(|definition| definition.direction).collect()
}

fn same_direction(a: &MovementDirection, b: &MovementDirection) -> bool {
    a == b || [a, b].iter().any(|direction| **direction == MovementDirection::Both)
}

/// Whether some value of one is that of the other; none where one of the two has none.
fn same<T>(one: &[T], other: &[T], is_same: impl Fn(&T, &T) -> bool) -> Option<bool> {
    (!one.is_empty() && !other.is_empty()).then(|| one.iter().any(|a| other.iter().any(|b| is_same(a, b))))
}

/// How the areas of two records touch: the closest way; within, none where they do not; none at all where it is not documented.
fn area(one: &Dataset, other: &Dataset, concepts: &Concepts) -> Option<Option<OverlapReason>> {
    let places = concepts.scheme(ConceptScheme::Places);
    let (here, there) = (&one.coverage.reporting_areas, &other.coverage.reporting_areas);
    if here.is_empty() || there.is_empty() {
        return None;
    }
    let any = |fits: &dyn Fn(&str, &str) -> bool| here.iter().any(|a| there.iter().any(|b| fits(a, b) || fits(b, a)));
    let follows = |a: &str, b: &str| places.get(a).is_some_and(|place| place.successors.iter().any(|heir| heir == b));
    if any(&|a, b| a == b) {
        Some(Some(OverlapReason::SameArea))
    } else if any(&|a, b| places.is_within(a, b)) {
        Some(Some(OverlapReason::AreaWithin))
    } else if any(&follows) {
        Some(Some(OverlapReason::SuccessorArea))
    } else if any(&|a, _| places.is_group_without_members(a)) {
        None
    } else {
        Some(None)
    }
}

fn same_words(one: &MultilingualText, other: &MultilingualText) -> bool {
    one.iter().any(|(_, a)| other.iter().any(|(_, b)| words::fold_name(&a.text) == words::fold_name(&b.text)))
}

/// Relations between two records as far as either of them shows them, read from the first to the second.
pub fn declared(one: &Dataset, other: &Dataset) -> Vec<RelationType> {
    let own = one.relations.iter().filter(|relation| relation.dataset == other.slug).map(|relation| relation.relation_type);
    let theirs = other.relations.iter().filter(|relation| relation.dataset == one.slug).map(|relation| relation.relation_type.inverse());
    let mut found: Vec<RelationType> = own.chain(theirs).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Relations that say of two records that they are of the same thing.
pub const OF_THE_SAME: [RelationType; 3] = [RelationType::Overlaps, RelationType::MirrorOf, RelationType::Complements];

/// Whether a record describes a collection that is planned, and whose documented months are not past.
pub fn is_planned(dataset: &Dataset, today: i64) -> bool {
    // What the data will be about may be long past.
    let is_dated = dataset.coverage.collection_period.is_some() || dataset.coverage.next_collection.is_some();
    is_plan(dataset) && (!is_dated || months(dataset).is_none_or(|months| months.last.0 >= today))
}

/// Two planned collections that meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Topics in common.
    pub themes: Vec<String>,
    /// Populations in common.
    pub populations: Vec<String>,
    /// First month of both; none where not documented, or both began before any date.
    pub from: Option<PartialDate>,
    /// Last month of both; none where not documented, or both go on.
    pub to: Option<PartialDate>,
    /// What would decide and is not documented to the month, or not shown to the reader.
    pub undocumented: Vec<ComparisonFacet>,
}

/// When a planned collection takes place.
struct Months {
    first: (i64, Option<PartialDate>),
    last: (i64, Option<PartialDate>),
    /// First and last day of the months in which it is documented that it takes place: from its first month to its last; where only one of the
    /// two is documented to the month, that month.
    sure: Option<(i64, i64)>,
}

/// Whether two planned collections are of the same field and area, and meet in some month. The months are those of the collection; where they
/// are not documented, those of the next planned collection, else those of the reference period, and then only possibly.
pub fn clash(one: &Dataset, other: &Dataset, concepts: &Concepts) -> Option<Clash> {
    let themes = shared(&one.themes, &other.themes, concepts.scheme(ConceptScheme::Themes));
    let populations = shared(&one.coverage.populations, &other.coverage.populations, concepts.scheme(ConceptScheme::Populations));
    if themes.is_empty() && populations.is_empty() {
        return None;
    }
    let mut undocumented = Vec::new();
    match area(one, other, concepts) {
        Some(None) => return None,
        None => undocumented.push(ComparisonFacet::ReportingArea),
        Some(Some(_)) => {}
    }
    let (mut from, mut to) = (None, None);
    match (months(one), months(other)) {
        (Some(a), Some(b)) => {
            let first = if a.first.0 >= b.first.0 { a.first } else { b.first };
            let last = if a.last.0 <= b.last.0 { a.last } else { b.last };
            if first.0 > last.0 {
                return None;
            }
            (from, to) = (first.1, last.1);
            let meeting =
                a.sure.zip(b.sure).map(|(one, other)| (one.0.max(other.0), one.1.min(other.1))).filter(|(first, last)| first <= last);
            match meeting {
                Some((first, last)) => {
                    (from, to) = (month_of(first).filter(|_| first > FAR_PAST), month_of(last).filter(|_| last < FAR_FUTURE))
                }
                None => undocumented.push(ComparisonFacet::Period),
            }
        }
        _ => undocumented.push(ComparisonFacet::Period),
    }
    Some(Clash { themes, populations, from, to, undocumented })
}

/// The month of a day, counted from 1970-01-01.
fn month_of(day: i64) -> Option<PartialDate> {
    date_on(day).map(|date| PartialDate { day: None, ..date })
}

/// Whether a clash may lie in a window of days; one whose months are not documented may.
pub fn is_in_window(clash: &Clash, first: i64, last: i64) -> bool {
    let from = clash.from.map_or(FAR_PAST, |date| date.first_day());
    let to = clash.to.map_or(FAR_FUTURE, |date| date.last_day());
    from <= last && to >= first
}

fn months(dataset: &Dataset) -> Option<Months> {
    let coverage = &dataset.coverage;
    let of_period = |period: &Period, is_of_collection: bool| {
        let whole = |date: PartialDate| PartialDate { day: None, ..date };
        let end = |bound: Bound, open: i64, day: fn(&PartialDate) -> i64| match bound {
            Bound::Date(date) => Some((day(&whole(date)), Some(whole(date)))),
            Bound::Open => Some((open, None)),
            Bound::Unknown => None,
        };
        let (first, last) = (end(period.start, FAR_PAST, PartialDate::first_day), end(period.end, FAR_FUTURE, PartialDate::last_day));
        let is_known = |bound: Bound| is_of_collection && bound.date().is_none_or(|date| date.month.is_some());
        let month =
            |end: Option<(i64, Option<PartialDate>)>| end.and_then(|(_, date)| date).map(|date| (date.first_day(), date.last_day()));
        let (begins, ends) = (first.filter(|_| is_known(period.start)), last.filter(|_| is_known(period.end)));
        let sure = match (begins, ends) {
            (Some(begins), Some(ends)) => Some((begins.0, ends.0)),
            (one, other) => month(one).or_else(|| month(other)),
        };
        (first.is_some() || last.is_some()).then(|| Months {
            first: first.unwrap_or((FAR_PAST, None)),
            last: last.unwrap_or((FAR_FUTURE, None)),
            sure,
        })
    };
    let planned =
        coverage.next_collection.map(|date| Period { start: Bound::Date(date), end: Bound::Date(date), note: MultilingualText::default() });
    let collected = coverage.collection_period.as_ref().and_then(|period| of_period(period, true));
    let next = planned.and_then(|period| of_period(&period, true));
    // A collection that is over is not the one that is planned.
    let is_over = |collected: &Months| next.as_ref().is_some_and(|next| next.first.0 > collected.last.0);
    collected
        .filter(|collected| !is_over(collected))
        .or(next)
        .or_else(|| coverage.period.as_ref().and_then(|period| of_period(period, false)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(slug: &str, change: impl FnOnce(&mut Value)) -> Dataset {
        let mut value = json!({
            "slug": slug, "recordKind": "PLANNED_ACTIVITY", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "NONE",
            "certainty": "DOCUMENTED", "titles": { "en": { "text": slug, "status": "OFFICIAL" } }, "themes": ["MT-0701"],
            "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED",
                "definitions": [{ "code": "RETURN_MIGRANT", "direction": "RETURN", "measure": "STOCK" }] },
            "coverage": { "reportingAreas": ["MA"], "period": { "start": "2026", "end": "2026" },
                "collectionPeriod": { "start": "2026-03-01", "end": "2026-03-10" } }
        });
        change(&mut value);
        serde_json::from_value(value).expect("a record")
    }

    fn near(change: impl FnOnce(&mut Value)) -> Closeness {
        let concepts = Concepts::load(&[]).expect("lists");
        let (one, other) = (record("one", |_| {}), record("other", change));
        let (there, back) = (closeness(&one, &other, 0.0, &concepts), closeness(&other, &one, 0.0, &concepts));
        assert_eq!(there, back, "it does not matter which record comes first");
        assert!((0.0..=1.0).contains(&there.score), "{there:?}");
        there
    }

    #[test]
    fn records_of_the_same_thing_are_pointed_out_with_their_reasons() {
        let same = near(|_| {});
        assert!(same.is_candidate && same.undocumented.is_empty(), "{same:?}");
        for reason in [OverlapReason::SameTopic, OverlapReason::SameMeasure, OverlapReason::SameArea, OverlapReason::OverlappingPeriod] {
            assert!(same.reasons.contains(&reason), "{reason:?}");
        }
        for (change, why) in [
            (&(|r: &mut Value| r["themes"] = json!(["MT-0203"])) as &dyn Fn(&mut Value), "another topic"),
            (&|r: &mut Value| r["coverage"]["reportingAreas"] = json!(["EG"]), "another country"),
            (&|r: &mut Value| r["coverage"]["period"] = json!({ "start": "2004", "end": "2005" }), "another time"),
            (&|r: &mut Value| r["methodology"]["definitions"][0]["measure"] = json!("FLOW"), "another measure"),
            (&|r: &mut Value| r["methodology"]["definitions"][0]["direction"] = json!("OUT"), "another direction"),
        ] {
            assert!(!near(change).is_candidate, "{why}");
        }
        let inside = near(|r| r["coverage"]["reportingAreas"] = json!(["MA-09"]));
        assert!(inside.is_candidate && inside.reasons.contains(&OverlapReason::AreaWithin) && inside.score < same.score);
        let unsaid = near(|r| (r["coverage"]["period"], r["methodology"]["definitions"]) = (Value::Null, json!([])));
        assert!(unsaid.is_candidate);
        assert_eq!(unsaid.undocumented, [ComparisonFacet::Measure, ComparisonFacet::Direction, ComparisonFacet::Period]);
    }

    #[test]
    fn what_is_over_is_planned_no_more() {
        let today = PartialDate::parse("2026-06-01").expect("a day").first_day();
        let is_plan = |change: &dyn Fn(&mut Value)| is_planned(&record("one", change), today);
        assert!(!is_plan(&|_| {}), "its months are past");
        assert!(is_plan(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-05", "end": "2026-07" })));
        assert!(is_plan(&|r| r["coverage"]["nextCollection"] = json!("2027")), "the next one counts");
        assert!(
            is_plan(&|r| (r["coverage"]["collectionPeriod"], r["coverage"]["period"]) = (Value::Null, Value::Null)),
            "nobody says when"
        );
        assert!(!is_plan(&|r| {
            r["collectionStatus"] = json!("COMPLETED");
            r["coverage"]["collectionPeriod"] = json!({ "start": "2027-05", "end": "2027-07" });
        }));
    }

    #[test]
    fn planned_collections_meet_by_the_month() {
        let concepts = Concepts::load(&[]).expect("lists");
        let met = |change: &dyn Fn(&mut Value)| clash(&record("one", |_| {}), &record("other", change), &concepts);
        let same_month = met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-03-20", "end": "2026-05" })).expect("a clash");
        assert_eq!((same_month.from, same_month.to), (PartialDate::parse("2026-03").ok(), PartialDate::parse("2026-03").ok()));
        assert!(same_month.undocumented.is_empty());
        assert_eq!(met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-04", "end": "2026-05" })), None);
        assert_eq!(met(&|r| r["themes"] = json!(["MT-0203"])), None);
        let open = met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-03" })).expect("a clash");
        assert_eq!(
            (open.from, open.to),
            (PartialDate::parse("2026-03").ok(), PartialDate::parse("2026-03").ok()),
            "its first month is known"
        );
        assert!(open.undocumented.is_empty());
        let before = met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-02" })).expect("perhaps");
        assert_eq!(before.undocumented, [ComparisonFacet::Period], "whether it still goes on in March nobody says");
        let goes_on = met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026-02", "end": ".." })).expect("a clash");
        assert!(goes_on.undocumented.is_empty());
        let by_year = met(&|r| r["coverage"]["collectionPeriod"] = json!({ "start": "2026", "end": "2026" })).expect("perhaps");
        assert_eq!(by_year.undocumented, [ComparisonFacet::Period]);
        let unsaid = met(&|r| (r["coverage"]["collectionPeriod"], r["coverage"]["period"]) = (Value::Null, Value::Null)).expect("perhaps");
        assert_eq!((unsaid.from, &unsaid.undocumented[..]), (None, &[ComparisonFacet::Period][..]));
    }
}
