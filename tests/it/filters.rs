//! The index answers a filter as the domain does, for any record and any filter; and shows what a visitor may see, nothing more.

mod grid;
mod records;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rihla::domain::concept::Concepts;
use rihla::domain::dataset::Dataset;
use rihla::domain::filter::DatasetFilter;
use rihla::domain::matching::{Subject, findings};
use rihla::domain::policy::Audience;
use rihla::domain::time::Fit;
use rihla::domain::vocabulary::{AccessLevel, Certainty, StatementBasis, Vocabulary};
use rihla::search::facets::DatasetFacet;
use rihla::search::{SearchRequest, Window, search};
use serde_json::json;

use crate::harness::{BACKENDS, Backend, Place, dataset, institution};
use records::{TODAY, filter, indexed, read, record};

/// How a record answers a filter, by its words alone.
fn fit(dataset: &Dataset, filter: &DatasetFilter, concepts: &Concepts) -> Fit {
    let found = findings(Subject { dataset, updated_at: 0, today: TODAY }, filter, concepts);
    found.iter().map(|finding| finding.fit).min().unwrap_or(Fit::Certain)
}

#[test]
fn the_index_and_the_domain_give_the_same_answer() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let case = (proptest::collection::vec(record(), 60..120), proptest::collection::vec(filter(), 60));
    let round = std::cell::Cell::new(0);
    runner
        .run(&case, |(records, filters)| {
            round.set(round.get() + 1);
            let audience = Audience::ALL[round.get() % 3];
            let records = read(&records, &concepts, audience);
            let index = indexed(&records, &concepts, &place.folder.join(format!("index-{}", round.get())));
            let snapshot = index.snapshot();
            for filter in &filters {
                let request = SearchRequest { words: None, filter, order: None, today: TODAY };
                let results = search(snapshot.clone(), &request, &concepts).expect("search");
                let page = results.page(&Window { count: 1_000, ..Window::default() });
                let mut found: Vec<(u64, bool)> = page.hits.iter().map(|hit| (hit.id.as_u64_pair().1, hit.position.possible)).collect();
                found.sort_unstable();
                let expected: Vec<(u64, bool)> = records
                    .iter()
                    .enumerate()
                    .filter_map(|(number, dataset)| match fit(dataset, filter, &concepts) {
                        Fit::Certain => Some((number as u64, false)),
                        Fit::Possible if filter.include_possible => Some((number as u64, true)),
                        _ => None,
                    })
                    .collect();
                prop_assert_eq!(&found, &expected, "{:?}", filter);
                prop_assert_eq!(results.total(), expected.len() as u64);
                check_facet(&results, &records, filter, &concepts)?;
            }
            Ok(())
        })
        .expect("index and domain agree");
}

/// The facet of certainty ignores its own condition and counts only what a visitor may see.
fn check_facet(
    results: &rihla::search::Results,
    records: &[Dataset],
    filter: &DatasetFilter,
    concepts: &Concepts,
) -> Result<(), TestCaseError> {
    let others = DatasetFilter { certainty: Vec::new(), ..filter.clone() };
    for value in Certainty::ALL {
        let counted = results.facet(DatasetFacet::Certainty, 10).0.into_iter().find(|v| v.code == value.code()).map_or(0, |v| v.count);
        let expected = records
            .iter()
            .filter(|d| d.certainty == *value)
            .filter(|d| match fit(d, &others, concepts) {
                Fit::Certain => true,
                Fit::Possible => filter.include_possible,
                Fit::No => false,
            })
            .count();
        prop_assert_eq!(counted, expected as u64, "{:?} {:?}", value, filter);
    }
    check_access_facets(results, records, filter, concepts)
}

/// What a facet counts of a value is what choosing the value finds, also where several conditions on access are set.
fn check_access_facets(
    results: &rihla::search::Results,
    records: &[Dataset],
    filter: &DatasetFilter,
    concepts: &Concepts,
) -> Result<(), TestCaseError> {
    let microdata = results.facet_as_chosen(DatasetFacet::MicrodataAccess, 100, filter, concepts).0;
    let bases = results.facet_as_chosen(DatasetFacet::AccessBasis, 100, filter, concepts).0;
    let levels =
        AccessLevel::ALL.iter().map(|level| (&microdata, level.code(), DatasetFilter { microdata_access: vec![*level], ..filter.clone() }));
    let on_bases =
        StatementBasis::ALL.iter().map(|basis| (&bases, basis.code(), DatasetFilter { access_basis: vec![*basis], ..filter.clone() }));
    for (counts, code, chosen) in levels.chain(on_bases) {
        let counted = counts.iter().find(|value| value.code == code).map_or(0, |value| value.count);
        let expected = records.iter().filter(|dataset| match fit(dataset, &chosen, concepts) {
            Fit::Certain => true,
            Fit::Possible => filter.include_possible,
            Fit::No => false,
        });
        prop_assert_eq!(counted, expected.count() as u64, "{} {:?}", code, filter);
    }
    Ok(())
}

#[test]
fn near_misses_fail_one_condition_and_no_more() {
    let concepts = Concepts::load(&[]).expect("concepts");
    let place = Place::new(Backend::Sqlite);
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let round = std::cell::Cell::new(0);
    runner
        .run(&(proptest::collection::vec(record(), 80), proptest::collection::vec(filter(), 40)), |(records, filters)| {
            round.set(round.get() + 1);
            let records = read(&records, &concepts, Audience::Public);
            let index = indexed(&records, &concepts, &place.folder.join(format!("near-{}", round.get())));
            for filter in &filters {
                let request = SearchRequest { words: None, filter, order: None, today: TODAY };
                let results = search(index.snapshot(), &request, &concepts).expect("search");
                for id in results.near_misses(50) {
                    let dataset = &records[id.as_u64_pair().1 as usize];
                    let failed = findings(Subject { dataset, updated_at: 0, today: TODAY }, filter, &concepts);
                    let failed: Vec<_> = failed.iter().filter(|finding| finding.fit == Fit::No).collect();
                    let former =
                        failed.iter().filter(|f| matches!(f.reason, rihla::domain::matching::Reason::FormerDivision { .. })).count();
                    prop_assert!(failed.len() == 1 || (failed.len() == 2 && former == 1), "{:?}", failed);
                }
            }
            Ok(())
        })
        .expect("near misses are near");
}

#[test]
fn conditions_on_access_hold_for_one_holding() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let terms = |aggregates: [&str; 2], microdata: [&str; 2]| {
            json!({ "aggregates": aggregates[0], "aggregatesBasis": aggregates[1], "microdata": microdata[0],
                "microdataBasis": microdata[1], "channel": "UNKNOWN" })
        };
        let holding = |institution: &str, terms| json!({ "institution": institution, "role": "HOLDER", "accessTerms": terms });
        let lines = [
            dataset("two-holders", |record| {
                record["holdings"] = json!([
                    holding("holder", terms(["NOT_SHARED", "QUOTED"], ["NOT_SHARED", "QUOTED"])),
                    holding("other", terms(["PUF", "ASSUMED"], ["PUF", "ASSUMED"])),
                ]);
            }),
            dataset("one-level", |record| {
                record["holdings"] = json!([holding("holder", terms(["UNKNOWN", "ASSUMED"], ["PUF", "QUOTED"]))]);
            }),
        ];
        let file = place
            .write("lines.jsonl", [institution("holder"), institution("other")].into_iter().chain(lines).collect::<Vec<_>>().join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let asked = |filter: &str| {
            let query = format!(
                "{{ datasets(where: {filter}) {{ nodes {{ slug }} facets(of: [ACCESS_BASIS]) {{ values {{ code count }} }}
                    nearMisses {{ dataset {{ slug }} failed {{ reason }} }} }} }}"
            );
            server.ask(&query)["datasets"].clone()
        };
        let slugs = |answer: &serde_json::Value| -> Vec<String> {
            answer["nodes"].as_array().expect("nodes").iter().map(|node| node["slug"].as_str().expect("slug").to_owned()).collect()
        };
        let quoted = asked("{ microdataAccess: [OPEN, PUF], accessBasis: [QUOTED] }");
        assert_eq!(slugs(&quoted), ["one-level"], "{quoted}");
        let assumed = asked("{ microdataAccess: [OPEN, PUF], accessBasis: [ASSUMED] }");
        assert_eq!(slugs(&assumed), ["two-holders"], "{assumed}");
        for (code, count) in [("QUOTED", 1), ("ASSUMED", 1)] {
            let values = quoted["facets"][0]["values"].as_array().expect("values");
            assert!(values.iter().any(|value| value["code"] == code && value["count"] == count), "{values:?}");
        }
        let divided = asked("{ aggregatesAccess: [NOT_SHARED], microdataAccess: [PUF] }");
        assert!(slugs(&divided).is_empty(), "{divided}");
        assert!(divided["nearMisses"].to_string().contains("no one of them has both"), "{divided}");
        server.stop();
        place.assert_healthy();
    }
}
