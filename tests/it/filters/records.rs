//! Records and filters drawn at random, and an index of such records.

use proptest::prelude::*;
use rihla::domain::concept::Concepts;
use rihla::domain::dataset::{Dataset, FieldMask};
use rihla::domain::draft::DatasetDraft;
use rihla::domain::filter::DatasetFilter;
use rihla::domain::ids::Slug;
use rihla::domain::policy::{Audience, is_searchable};
use rihla::domain::time::{PartialDate, PeriodWindow};
use rihla::domain::view::view;
use rihla::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, Frequency, MaskableField, PeriodMatch, PublicationStatus, RecordKind, SourceType,
    StatementBasis, Visibility, Vocabulary,
};
use rihla::search::Index;
use rihla::search::analysis::Expressions;
use rihla::search::document::{Source, prepare};
use serde_json::json;

pub const THEMES: [&str; 5] = ["MT-0701", "MT-0702", "MT-0101", "MT-07", "MT-0204"];
pub const PLACES: [&str; 12] =
    ["MA", "MA-09", "MA-AGD", "MA-F-SOUSS-MASSA-DRAA", "ES", "EU", "TN", "WORLD", "M49-015", "MA-06", "ES-AL", "FR"];
pub const MOVES: [&str; 7] = ["ANY", "OECD", "MA", "ES", "EU", "WORLD", "TN"];
pub const BREAKDOWNS: [&str; 5] = ["sex", "age", "citizenship", "country_of_residence", "region"];
pub const LEVELS: [&str; 5] = ["COUNTRY", "REGION", "PROVINCE", "COUNTRY_GROUP", "LOCALITY"];
pub const INDICATORS: [&str; 3] = ["GCM-1", "GCM-5", "SDG-10.7.2"];
pub const TODAY: i64 = 20_000;

/// Some of these codes.
pub fn some_of(values: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(values.to_vec(), 0..=most).prop_map(|list| list.into_iter().map(str::to_owned).collect())
}

/// Any member of a closed list.
pub fn member<V: Vocabulary + std::fmt::Debug + Send + Sync>() -> impl Strategy<Value = V> {
    proptest::sample::select(V::ALL)
}

/// One member nine times in ten: most records must be visible, or the comparison would look at hardly any.
fn mostly<V: Vocabulary + std::fmt::Debug + Send + Sync>(usual: V) -> impl Strategy<Value = V> {
    prop_oneof![9 => Just(usual), 1 => member::<V>()]
}

fn bound() -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), Just(Some("..".to_owned())), (1998i32..2026).prop_map(|y| Some(y.to_string()))]
}

prop_compose! {
    pub fn record()(
        themes in some_of(&THEMES, 3), areas in prop_oneof![Just(vec!["MA".to_owned()]), some_of(&PLACES, 3)], origins in some_of(&MOVES, 2), destinations in some_of(&MOVES, 2),
        breakdowns in some_of(&BREAKDOWNS, 4), level in proptest::option::weighted(0.7, proptest::sample::select(&LEVELS[..])), minimum in any::<bool>(),
        start in bound(), end in bound(), kind in prop_oneof![3 => member::<RecordKind>(), 1 => Just(RecordKind::PlannedActivity)], source in member::<SourceType>(), frequency in proptest::option::of(member::<Frequency>()),
        certainty in member::<Certainty>(), status in mostly(PublicationStatus::Published), visibility in mostly(Visibility::Public),
        access in member::<AccessLevel>(), bases in proptest::array::uniform4(member::<StatementBasis>()), due in proptest::option::of(2015i32..2035),
        collected in some_of(&BREAKDOWNS, 3), collected_level in proptest::option::of(proptest::sample::select(&LEVELS[..])),
        other in proptest::option::of((member::<AccessLevel>(), member::<AccessLevel>())), microdata in member::<AccessLevel>(),
        progress in proptest::option::of(member::<CollectionStatus>()), indicators in some_of(&INDICATORS, 1),
    ) -> serde_json::Value {
        // An impossible period would be refused, and is not what is tested here.
        let (start, end) = match (&start, &end) {
            (Some(s), Some(e)) if s.as_str() != ".." && e.as_str() != ".." && s > e => (end, start),
            (Some(s), _) if s == ".." => (None, end),
            _ => (start, end),
        };
        json!({
            "recordKind": kind.code(), "status": status.code(), "visibility": visibility.code(), "riskClass": "NONE", "certainty": certainty.code(),
            "titles": { "en": { "text": "Survey", "status": "OFFICIAL" } }, "themes": themes, "producer": "hcp",
            "indicators": indicators, "collectionStatus": progress.map(|p| p.code()), "reviewDueOn": due.map(|y| format!("{y}-06-30")),
            "holdings": std::iter::once(("hcp", "PRODUCER", access, microdata))
                .chain(other.map(|(aggregates, microdata)| ("iom", "HOLDER", aggregates, microdata)))
                .zip(bases.chunks(2))
                .map(|((institution, role, aggregates, microdata), bases)| json!({ "institution": institution, "role": role, "accessTerms": {
                    "aggregates": aggregates.code(), "aggregatesBasis": bases[0].code(), "microdata": microdata.code(),
                    "microdataBasis": bases[1].code(), "channel": "UNKNOWN" } }))
                .collect::<Vec<_>>(),
            "methodology": { "sourceType": source.code() },
            "coverage": { "reportingAreas": areas, "origins": origins, "destinations": destinations, "releasedDisaggregations": breakdowns,
                "collectedDisaggregations": collected, "collectedLevel": collected_level,
                "releasedLevel": level, "releasedLevelIsMinimum": minimum, "frequency": frequency.map(|f| f.code()),
                "period": { "start": start, "end": end } },
        })
    }
}

prop_compose! {
    pub fn filter()(
        themes in some_of(&THEMES, 2), areas in some_of(&PLACES, 2), origins in some_of(&MOVES[1..], 1), destinations in some_of(&MOVES[1..], 1),
        breakdowns in some_of(&BREAKDOWNS, 2), from in proptest::option::of(1999i32..2026), span in proptest::option::of(0i32..15), within in any::<bool>(),
        kinds in proptest::sample::subsequence(RecordKind::ALL.to_vec(), 0..=2), frequencies in proptest::sample::subsequence(Frequency::ALL.to_vec(), 0..=3),
        access in proptest::sample::subsequence(AccessLevel::ALL.to_vec(), 0..=4), certainty in proptest::sample::subsequence(Certainty::ALL.to_vec(), 0..=2),
        exclude in any::<bool>(), stale in proptest::option::of(any::<bool>()), possible in any::<bool>(), institution in proptest::option::of(any::<bool>()),
        microdata in proptest::sample::subsequence(AccessLevel::ALL.to_vec(), 0..=5), basis in proptest::sample::subsequence(StatementBasis::ALL.to_vec(), 0..=1),
        keep in 0usize..512,
    ) -> DatasetFilter {
        let year = |year: i32| PartialDate { year, month: None, day: None, qualifier: None };
        // Most filters set few conditions, so that something is left to be found.
        let kept = |bit: usize| keep & (1 << bit) != 0;
        let list = |bit: usize, values: Vec<String>| if kept(bit) { values } else { Vec::new() };
        let to = from.and_then(|from| span.map(|span| year(from + span)));
        DatasetFilter {
            themes: list(0, themes), reporting_areas: list(1, areas), origins: list(2, origins), destinations: list(3, destinations),
            released_disaggregations: list(4, breakdowns),
            period: from.filter(|_| kept(5)).map(|from| PeriodWindow { from: Some(year(from)), to,
                matching: if within { PeriodMatch::Within } else { PeriodMatch::Overlaps } }),
            record_kinds: if kept(0) { Vec::new() } else { kinds }, frequencies: if kept(1) { Vec::new() } else { frequencies },
            aggregates_access: if kept(2) { Vec::new() } else { access }, certainty: if kept(3) { Vec::new() } else { certainty },
            microdata_access: if kept(6) { Vec::new() } else { microdata }, access_basis: if kept(7) || kept(8) { Vec::new() } else { basis },
            institutions: institution.filter(|_| kept(4)).map(|known| Slug::parse(if known { "hcp" } else { "iom" }).expect("slug")).into_iter().collect(),
            exclude_subdivisions: exclude, stale: stale.filter(|_| kept(5)), include_possible: possible, ..DatasetFilter::default()
        }
    }
}

/// The records as an audience may find them, some of them with a masked field.
pub fn read(records: &[serde_json::Value], concepts: &Concepts, audience: Audience) -> Vec<Dataset> {
    let read = |(number, value): (usize, &serde_json::Value)| {
        let mut value = value.clone();
        value["slug"] = json!(format!("record-{number:04}"));
        let draft: DatasetDraft = serde_json::from_value(value).expect("draft");
        let mut dataset = draft.validate(concepts).expect("valid record");
        if number % 4 == 0 {
            let field = MaskableField::ALL[number / 4 % MaskableField::ALL.len()];
            let visible_to = if number % 8 == 0 { Visibility::Members } else { Visibility::Coordinator };
            dataset.masks.push(FieldMask { field, visible_to });
        }
        dataset
    };
    let seen = |dataset: Dataset| {
        let may_find = is_searchable(audience, dataset.status, dataset.visibility);
        may_find.then(|| view(&dataset, audience, false)).flatten()
    };
    records.iter().enumerate().map(read).filter_map(seen).collect()
}

/// An index of these records.
pub fn indexed(records: &[Dataset], concepts: &Concepts, folder: &std::path::Path) -> Index {
    let index = Index::open(folder, 20 << 20).expect("index");
    // Two commits, so that more than one segment is searched.
    for (part, half) in records.chunks(records.len().div_ceil(2).max(1)).enumerate() {
        add(&index, half, part * records.len().div_ceil(2), concepts);
    }
    index
}

/// Indexes records in one commit, with numbers from this one on.
pub fn add(index: &Index, records: &[Dataset], from: usize, concepts: &Concepts) {
    let expressions = Expressions::new(&concepts.synonyms.groups);
    let prepared = records.iter().enumerate().map(|(at, dataset)| {
        let number = from + at;
        let id = uuid::Uuid::from_u64_pair(1, number as u64);
        prepare(&Source { id, number: number as i64 + 1, updated_at: number as i64, dataset, institutions: &[] }, concepts, &expressions)
    });
    index.apply(prepared, &[], from as i64 + 1).expect("indexed");
}
