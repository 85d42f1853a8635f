//! The filter on datasets answered for all records of a segment at once, with sets.
//!
//! Says the same as [`crate::domain::matching`], which answers for one record with reasons; a test compares the two.

use crate::domain::concept::{Concept, Concepts, Scheme};
use crate::domain::filter::{DatasetFilter, FilterField};
use crate::domain::holding::AccessStatement;
use crate::domain::matching::{DESTINATION_BREAKDOWNS, ORIGIN_BREAKDOWNS, fit_validity};
use crate::domain::time::{Fit, PeriodWindow, fit_period};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, Vocabulary};

use super::bits::{Bits, Tagged};
use super::columns::{Columns, Kind};

/// Records that answer one condition.
pub struct FieldSets {
    /// The condition.
    pub field: FilterField,
    /// Records that meet it for certain.
    pub certain: Bits,
    /// Records that may meet it; apart from `certain`.
    pub possible: Bits,
    /// Records that fail it but are close, such as those of a former division.
    pub near: Bits,
}

impl FieldSets {
    fn plain(field: FilterField, certain: Bits) -> Self {
        Self { field, certain, possible: Bits::default(), near: Bits::default() }
    }

    /// Records that meet the condition for certain or possibly.
    pub fn either(&self) -> Bits {
        let mut docs = self.certain.clone();
        docs |= &self.possible;
        docs
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
            sets.push(movement(field, wanted, prefix, ("b", breakdowns), !filter.exclude_subdivisions, columns, places));
        }
    }
    if let Some(window) = &filter.period {
        sets.push(period(window, columns));
    }
    if let Some((first, others)) = filter.released_disaggregations.split_first() {
        let mut certain = any_of(columns, "b", std::slice::from_ref(first));
        for code in others {
            certain &= &any_of(columns, "b", std::slice::from_ref(code));
        }
        let possible = any_of(columns, "b", &["-"]);
        sets.push(FieldSets { field: FilterField::ReleasedDisaggregations, certain, possible, near: Bits::default() });
    }
    if let Some(since) = filter.updated_since {
        sets.push(FieldSets::plain(FilterField::UpdatedSince, Bits::where_doc(columns.size, |doc| columns.updated[doc] >= since)));
    }
    if let Some(stale) = filter.stale {
        sets.push(FieldSets::plain(
            FilterField::Stale,
            Bits::where_doc(columns.size, |doc| (i64::from(columns.due[doc]) < today) == stale),
        ));
    }
    sets
}

pub(super) fn any_of<S: AsRef<str>>(columns: &Columns, prefix: &str, values: &[S]) -> Bits {
    let mut docs = Bits::empty(columns.size);
    add_any_of(&mut docs, columns.kind(prefix), values.iter().map(AsRef::as_ref));
    docs
}

fn add_any_of<'v>(docs: &mut Bits, kind: Option<&Kind>, values: impl Iterator<Item = &'v str>) {
    let Some(kind) = kind else { return };
    values.filter_map(|value| kind.get(value)).for_each(|tagged: &Tagged| tagged.add_to(docs));
}

fn codes<V: Vocabulary>(values: &[V]) -> Vec<&'static str> {
    values.iter().map(|value| value.code()).collect()
}

fn plain_fields(filter: &DatasetFilter, columns: &Columns, concepts: &Concepts) -> Vec<FieldSets> {
    let mut sets = Vec::new();
    if !filter.themes.is_empty() {
        let themes = concepts.scheme(ConceptScheme::Themes);
        let mut docs = Bits::empty(columns.size);
        filter.themes.iter().for_each(|wanted| add_within(&mut docs, columns, "t", wanted, themes, true));
        sets.push(FieldSets::plain(FilterField::Themes, docs));
    }
    let slugs: Vec<&str> = filter.institutions.iter().map(|slug| slug.as_str()).collect();
    let indicators: Vec<&str> = filter.indicators.iter().map(String::as_str).collect();
    let lists: [(FilterField, &str, Vec<&str>); 8] = [
        (FilterField::Institutions, "i", slugs),
        (FilterField::Indicators, "n", indicators),
        (FilterField::RecordKinds, "k", codes(&filter.record_kinds)),
        (FilterField::SourceTypes, "s", codes(&filter.source_types)),
        (FilterField::Frequencies, "f", codes(&filter.frequencies)),
        (FilterField::Certainty, "c", codes(&filter.certainty)),
        (FilterField::Statuses, "st", codes(&filter.statuses)),
        (FilterField::CollectionStatuses, "cs", codes(&filter.collection_statuses)),
    ];
    for (field, prefix, values) in lists {
        if !values.is_empty() {
            sets.push(FieldSets::plain(field, any_of(columns, prefix, &values)));
        }
    }
    sets.extend(access(filter, columns));
    sets
}

/// The conditions on access, as [`crate::domain::filter::AccessConditions::met`] says for one record.
fn access(filter: &DatasetFilter, columns: &Columns) -> Vec<FieldSets> {
    let access = filter.access();
    let fields: Vec<FilterField> = access.fields().collect();
    if fields.is_empty() {
        return Vec::new();
    }
    let known: Vec<(AccessStatement, &Tagged)> =
        columns.kind("as").into_iter().flatten().filter_map(|(code, docs)| Some((AccessStatement::parse(code)?, docs))).collect();
    let with = |meets: &dyn Fn(AccessStatement) -> bool| {
        let mut docs = Bits::empty(columns.size);
        known.iter().filter(|(statement, _)| meets(*statement)).for_each(|(_, tagged)| tagged.add_to(&mut docs));
        docs
    };
    let (levels, aggregates) = (with(&|s| access.has_levels(s)), with(&|s| access.has_aggregates(s)));
    let set = |field: FilterField| match field {
        FilterField::AggregatesAccess => aggregates.clone(),
        FilterField::MicrodataAccess => {
            let mut docs = with(&|s| access.has_microdata(s));
            if fields.contains(&FilterField::AggregatesAccess) {
                docs -= &aggregates;
                docs |= &levels;
            }
            docs
        }
        _ => {
            let mut docs = with(&|s| access.has_basis(s));
            docs -= &levels;
            docs |= &with(&|s| access.has_levels(s) && access.has_basis(s));
            docs
        }
    };
    fields.iter().map(|field| FieldSets::plain(*field, set(*field))).collect()
}

/// Adds the records tagged with a code or, where wanted, with one that lies below it.
pub(super) fn add_within(docs: &mut Bits, columns: &Columns, prefix: &str, wanted: &str, scheme: &Scheme, include_narrower: bool) {
    let narrower = include_narrower.then(|| scheme.narrower(wanted)).into_iter().flatten();
    add_any_of(docs, columns.kind(prefix), std::iter::once(wanted).chain(narrower));
}

/// Records by whether they cover one of the areas, at the levels at which figures are released.
pub(super) fn areas(filter: &DatasetFilter, columns: &Columns, concepts: &Concepts, places: &Scheme) -> FieldSets {
    let mut certain = Bits::empty(columns.size);
    let mut possible = any_of(columns, "a", &["-"]);
    let mut near = Bits::empty(columns.size);
    add_groups_without_members(&mut possible, columns, "a", places);
    for wanted in &filter.reporting_areas {
        if let Some(place) = places.get(wanted) {
            let mut around = Bits::empty(columns.size);
            add_any_of(&mut around, columns.kind("a"), places.ancestors(wanted));
            by_level(place, around, ("l", Some("lm")), columns, &mut certain, &mut possible);
        }
        add_within(&mut certain, columns, "a", wanted, places, !filter.exclude_subdivisions);
        let former = concepts.predecessors_of_place(wanted).into_iter().map(|place| place.code.as_str());
        add_any_of(&mut near, columns.kind("a"), former);
    }
    possible -= &certain;
    near -= &certain;
    near -= &possible;
    FieldSets { field: FilterField::ReportingAreas, certain, possible, near }
}

/// Records that cover an area at the levels at which they collect.
pub(super) fn collected_in(wanted: &str, columns: &Columns, places: &Scheme) -> Bits {
    let mut certain = Bits::empty(columns.size);
    if let Some(place) = places.get(wanted) {
        let mut around = Bits::empty(columns.size);
        add_any_of(&mut around, columns.kind("a"), places.ancestors(wanted));
        by_level(place, around, ("cl", None), columns, &mut certain, &mut Bits::default());
    }
    certain
}

/// Among records that contain the wanted area: those that have figures at its level or finer, and those that may. `tags`: those of the
/// level, and of whether it is a minimum.
fn by_level(
    wanted: &Concept,
    around: Bits,
    (level_tag, minimum_tag): (&str, Option<&str>),
    columns: &Columns,
    certain: &mut Bits,
    possible: &mut Bits,
) {
    let Some(needed) = wanted.level else {
        *possible |= &around;
        return;
    };
    let with = |mut docs: Bits| {
        docs &= &around;
        docs
    };
    let levels = |keep: &dyn Fn(GeographicLevel) -> bool| {
        let kept: Vec<&str> = GeographicLevel::ALL.iter().filter(|level| keep(**level)).map(|level| level.code()).collect();
        with(any_of(columns, level_tag, &kept))
    };
    *possible |= &with(any_of(columns, level_tag, &["-"]));
    *certain |= &levels(&|level| level > needed);
    let mut at_least_wider = levels(&|level| level < needed);
    if let Some(minimum_tag) = minimum_tag {
        at_least_wider &= &any_of(columns, minimum_tag, &["1"]);
        *possible |= &at_least_wider;
    }
    let equal = levels(&|level| level == needed);
    if wanted.valid_from.is_none() && wanted.valid_to.is_none() {
        *certain |= &equal;
        return;
    }
    equal.for_each(|doc| {
        let at = doc as usize;
        let fit = fit_validity(wanted, documented(columns.start[at]), documented(columns.end[at]));
        if fit == Fit::Certain { certain.insert(doc) } else { possible.insert(doc) }
    });
}

/// A day of a column; none where not documented.
fn documented(day: i32) -> Option<i64> {
    (day != i32::MIN).then_some(i64::from(day))
}

/// Adds the records of groups of countries whose members are not recorded.
fn add_groups_without_members(docs: &mut Bits, columns: &Columns, prefix: &str, places: &Scheme) {
    add_any_of(docs, columns.kind(prefix), places.groups_without_members());
}

/// Records by whether they are of a movement from or to one of the places; `breakdowns`: the kind of tag, and those that tell the country.
pub(super) fn movement(
    field: FilterField,
    wanted: &[String],
    prefix: &str,
    breakdowns: (&str, &[&str]),
    include_narrower: bool,
    columns: &Columns,
    places: &Scheme,
) -> FieldSets {
    let mut certain = Bits::empty(columns.size);
    let mut possible = any_of(columns, prefix, &["-"]);
    add_groups_without_members(&mut possible, columns, prefix, places);
    let by_country = any_of(columns, breakdowns.0, breakdowns.1);
    for code in wanted {
        add_within(&mut certain, columns, prefix, code, places, include_narrower);
        let mut around = any_of(columns, prefix, &["ANY"]);
        add_any_of(&mut around, columns.kind(prefix), places.ancestors(code));
        possible |= &around;
        let country_or_wider = places.get(code).and_then(|place| place.level).is_some_and(|level| level <= GeographicLevel::Country);
        if country_or_wider {
            around &= &by_country;
            certain |= &around;
        }
    }
    possible -= &certain;
    FieldSets { field, certain, possible, near: Bits::default() }
}

/// Records by whether their reference period is of a window.
pub(super) fn period(window: &PeriodWindow, columns: &Columns) -> FieldSets {
    let sets = columns.period(window, || {
        let (mut certain, mut possible) = (Bits::empty(columns.size), Bits::empty(columns.size));
        for doc in 0..columns.size {
            match fit_period(documented(columns.start[doc as usize]), documented(columns.end[doc as usize]), window) {
                Fit::Certain => certain.insert(doc),
                Fit::Possible => possible.insert(doc),
                Fit::No => {}
            }
        }
        (certain, possible)
    });
    FieldSets { field: FilterField::Period, certain: sets.0.clone(), possible: sets.1.clone(), near: Bits::default() }
}
