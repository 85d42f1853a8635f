//! The filter on datasets answered for all records of a segment at once, with bitmaps.
//!
//! Says the same as [`crate::domain::matching`], which answers for one record with reasons; a test compares the two.

use roaring::RoaringBitmap;

use crate::domain::concept::{Concept, Concepts, Scheme};
use crate::domain::filter::{DatasetFilter, FilterField};
use crate::domain::matching::{DESTINATION_BREAKDOWNS, ORIGIN_BREAKDOWNS, is_outside_validity};
use crate::domain::time::{Fit, PeriodWindow, fit_period};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, Vocabulary};

use super::columns::Columns;

/// Records that answer one condition.
pub struct FieldSets {
    /// The condition.
    pub field: FilterField,
    /// Records that meet it for certain.
    pub certain: RoaringBitmap,
    /// Records that may meet it; apart from `certain`.
    pub possible: RoaringBitmap,
    /// Records that fail it but are close, such as those of a former division.
    pub near: RoaringBitmap,
}

impl FieldSets {
    fn plain(field: FilterField, certain: RoaringBitmap) -> Self {
        Self { field, certain, possible: RoaringBitmap::new(), near: RoaringBitmap::new() }
    }

    /// Records that meet the condition for certain or possibly.
    pub fn either(&self) -> RoaringBitmap {
        &self.certain | &self.possible
    }
}

/// Answers each condition that the filter sets.
pub fn evaluate(filter: &DatasetFilter, columns: &Columns, concepts: &Concepts, today: i64) -> Vec<FieldSets> {
    let mut sets = plain_fields(filter, columns, concepts);
    let places = concepts.scheme(ConceptScheme::Places);
    if !filter.reporting_areas.is_empty() {
        sets.push(areas(filter, columns, concepts, places));
    }
    for (field, wanted, prefix, breakdowns) in [
        (FilterField::Origins, &filter.origins, "o", &ORIGIN_BREAKDOWNS[..]),
        (FilterField::Destinations, &filter.destinations, "d", &DESTINATION_BREAKDOWNS[..]),
    ] {
        if !wanted.is_empty() {
            sets.push(movement(field, wanted, prefix, breakdowns, !filter.exclude_subdivisions, columns, places));
        }
    }
    if let Some(window) = &filter.period {
        sets.push(period(window, columns));
    }
    if let Some((first, others)) = filter.released_disaggregations.split_first() {
        let mut certain = any_of(columns, "b", std::slice::from_ref(first));
        for code in others {
            certain &= any_of(columns, "b", std::slice::from_ref(code));
        }
        let possible = columns.tag("b:-").cloned().unwrap_or_default();
        sets.push(FieldSets { field: FilterField::ReleasedDisaggregations, certain, possible, near: RoaringBitmap::new() });
    }
    if let Some(since) = filter.updated_since {
        sets.push(FieldSets::plain(FilterField::UpdatedSince, where_doc(columns, |doc| columns.updated[doc] >= since)));
    }
    if let Some(stale) = filter.stale {
        sets.push(FieldSets::plain(FilterField::Stale, where_doc(columns, |doc| (i64::from(columns.due[doc]) < today) == stale)));
    }
    sets
}

fn where_doc(columns: &Columns, condition: impl Fn(usize) -> bool) -> RoaringBitmap {
    (0..columns.size).filter(|doc| condition(*doc as usize)).collect()
}

fn any_of<S: AsRef<str>>(columns: &Columns, prefix: &str, values: &[S]) -> RoaringBitmap {
    let mut docs = RoaringBitmap::new();
    for value in values {
        if let Some(tagged) = columns.tag(&format!("{prefix}:{}", value.as_ref())) {
            docs |= tagged;
        }
    }
    docs
}

fn codes<V: Vocabulary>(values: &[V]) -> Vec<&'static str> {
    values.iter().map(|value| value.code()).collect()
}

fn plain_fields(filter: &DatasetFilter, columns: &Columns, concepts: &Concepts) -> Vec<FieldSets> {
    let mut sets = Vec::new();
    if !filter.themes.is_empty() {
        let themes = concepts.scheme(ConceptScheme::Themes);
        let docs = filter.themes.iter().fold(RoaringBitmap::new(), |docs, wanted| docs | within(columns, "t", wanted, themes, true));
        sets.push(FieldSets::plain(FilterField::Themes, docs));
    }
    let slugs: Vec<&str> = filter.institutions.iter().map(|slug| slug.as_str()).collect();
    let indicators: Vec<&str> = filter.indicators.iter().map(String::as_str).collect();
    let lists: [(FilterField, &str, Vec<&str>); 11] = [
        (FilterField::Institutions, "i", slugs),
        (FilterField::Indicators, "n", indicators),
        (FilterField::RecordKinds, "k", codes(&filter.record_kinds)),
        (FilterField::SourceTypes, "s", codes(&filter.source_types)),
        (FilterField::Frequencies, "f", codes(&filter.frequencies)),
        (FilterField::AggregatesAccess, "ag", codes(&filter.aggregates_access)),
        (FilterField::MicrodataAccess, "mi", codes(&filter.microdata_access)),
        (FilterField::AccessBasis, "ab", codes(&filter.access_basis)),
        (FilterField::Certainty, "c", codes(&filter.certainty)),
        (FilterField::Statuses, "st", codes(&filter.statuses)),
        (FilterField::CollectionStatuses, "cs", codes(&filter.collection_statuses)),
    ];
    for (field, prefix, values) in lists {
        if !values.is_empty() {
            sets.push(FieldSets::plain(field, any_of(columns, prefix, &values)));
        }
    }
    sets
}

/// Records tagged with a code or, where wanted, with one that lies below it.
fn within(columns: &Columns, prefix: &str, wanted: &str, scheme: &Scheme, include_narrower: bool) -> RoaringBitmap {
    let mut docs = any_of(columns, prefix, &[wanted]);
    if include_narrower {
        for narrower in scheme.narrower(wanted) {
            if let Some(tagged) = columns.tag(&format!("{prefix}:{narrower}")) {
                docs |= tagged;
            }
        }
    }
    docs
}

fn areas(filter: &DatasetFilter, columns: &Columns, concepts: &Concepts, places: &Scheme) -> FieldSets {
    let mut certain = RoaringBitmap::new();
    let mut possible = columns.tag("a:-").cloned().unwrap_or_default();
    let mut near = RoaringBitmap::new();
    for wanted in &filter.reporting_areas {
        let here = within(columns, "a", wanted, places, !filter.exclude_subdivisions);
        let around: Vec<&str> = places.ancestors(wanted).collect();
        let around = any_of(columns, "a", &around);
        if let Some(place) = places.get(wanted) {
            by_level(place, around, columns, &mut certain, &mut possible);
        }
        possible |= groups_without_members(columns, "a", places);
        certain |= here;
        let former: Vec<&str> = concepts.predecessors_of_place(wanted).into_iter().map(|place| place.code.as_str()).collect();
        near |= any_of(columns, "a", &former);
    }
    possible -= &certain;
    near -= &certain;
    near -= &possible;
    FieldSets { field: FilterField::ReportingAreas, certain, possible, near }
}

/// Among records that contain the wanted area: those that release figures at its level or finer, and those that may.
fn by_level(wanted: &Concept, around: RoaringBitmap, columns: &Columns, certain: &mut RoaringBitmap, possible: &mut RoaringBitmap) {
    let Some(needed) = wanted.level else {
        *possible |= around;
        return;
    };
    *possible |= &around & any_of(columns, "l", &["-"]);
    let levels = |keep: &dyn Fn(GeographicLevel) -> bool| {
        let kept: Vec<&str> = GeographicLevel::ALL.iter().filter(|level| keep(**level)).map(|level| level.code()).collect();
        &around & any_of(columns, "l", &kept)
    };
    *certain |= levels(&|level| level > needed);
    *possible |= levels(&|level| level < needed) & any_of(columns, "lm", &["1"]);
    let equal = levels(&|level| level == needed);
    if wanted.valid_from.is_none() && wanted.valid_to.is_none() {
        *certain |= equal;
        return;
    }
    for doc in equal {
        let at = doc as usize;
        let other_division = is_outside_validity(wanted, documented(columns.start[at]), documented(columns.end[at]));
        if other_division {
            possible.insert(doc)
        } else {
            certain.insert(doc)
        };
    }
}

/// A day of a column; none where not documented.
fn documented(day: i32) -> Option<i64> {
    (day != i32::MIN).then_some(i64::from(day))
}

/// Records of groups of countries whose members are not recorded.
fn groups_without_members(columns: &Columns, prefix: &str, places: &Scheme) -> RoaringBitmap {
    let mut docs = RoaringBitmap::new();
    for (_, tagged) in columns.tags_of(prefix).filter(|(code, _)| places.is_group_without_members(code)) {
        docs |= tagged;
    }
    docs
}

fn movement(
    field: FilterField,
    wanted: &[String],
    prefix: &str,
    breakdowns: &[&str],
    include_narrower: bool,
    columns: &Columns,
    places: &Scheme,
) -> FieldSets {
    let mut certain = RoaringBitmap::new();
    let mut possible = any_of(columns, prefix, &["-"]);
    let by_country = any_of(columns, "b", breakdowns);
    for code in wanted {
        certain |= within(columns, prefix, code, places, include_narrower);
        let mut around: Vec<&str> = places.ancestors(code).collect();
        around.push("ANY");
        let around = any_of(columns, prefix, &around);
        let country_or_wider = places.get(code).and_then(|place| place.level).is_some_and(|level| level <= GeographicLevel::Country);
        if country_or_wider {
            certain |= &around & &by_country;
        }
        possible |= around;
        possible |= groups_without_members(columns, prefix, places);
    }
    possible -= &certain;
    FieldSets { field, certain, possible, near: RoaringBitmap::new() }
}

fn period(window: &PeriodWindow, columns: &Columns) -> FieldSets {
    let sets = columns.period(window, || {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for doc in 0..columns.size {
            match fit_period(documented(columns.start[doc as usize]), documented(columns.end[doc as usize]), window) {
                Fit::Certain => certain.push(doc),
                Fit::Possible => possible.push(doc),
                Fit::No => {}
            }
        }
        (sorted(certain), sorted(possible))
    });
    FieldSets { field: FilterField::Period, certain: sets.0.clone(), possible: sets.1.clone(), near: RoaringBitmap::new() }
}

/// A bitmap of documents that come in order.
pub fn sorted(docs: Vec<u32>) -> RoaringBitmap {
    // Documents that do not come in order make a slower way, never a wrong answer.
    RoaringBitmap::from_sorted_iter(docs.iter().copied()).unwrap_or_else(|_| docs.into_iter().collect())
}
