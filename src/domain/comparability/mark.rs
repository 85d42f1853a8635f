//! How two records stood to each other when something was agreed on them, so that it is noticed when they come to stand otherwise.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::dataset::Dataset;
use crate::domain::ids::hex;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::Vocabulary;
use crate::domain::words;

use super::PairComparison;

/// Stands before the digest of what the records say.
const SAYING: &str = " SAYING=";

/// How the two stand to each other, in codes: facet by facet, what the rules give, and a digest of what each says of itself. Period and breaks
/// enter with their difference only: a series that goes on is still the series that the note is on.
pub fn mark(pair: &PairComparison, one: &Dataset, other: &Dataset) -> String {
    let mut sayings = [one, other].map(|dataset| said(dataset).to_string());
    // The same whichever is named first.
    sayings.sort_unstable();
    let digest = hex(&Sha256::digest(sayings.join("\n")));
    format!("{}{SAYING}{}", differences(pair), &digest[..32])
}

/// Whether a mark that was kept is still that of the two. One that was kept before digests were is compared without.
pub fn still_stands(kept: &str, pair: &PairComparison, one: &Dataset, other: &Dataset) -> bool {
    if kept.contains(SAYING) { kept == mark(pair, one, other) } else { kept == differences(pair) }
}

fn differences(pair: &PairComparison) -> String {
    let code = |finding: &super::Finding| format!("{}={}", finding.facet.code(), finding.difference.code());
    let mut facets: Vec<String> = pair.findings.iter().map(code).collect();
    facets.sort_unstable();
    facets.push(pair.computed.code().to_owned());
    facets.join(" ")
}

/// What a record says of what it counts, where, and how it was chosen; words in its main language only, so that a translation alters nothing.
fn said(dataset: &Dataset) -> Value {
    let words = |text: &MultilingualText| text.words(dataset.main_language(), None).map(words::fold);
    let (coverage, methodology) = (&dataset.coverage, &dataset.methodology);
    let definitions = methodology.definitions.iter().map(|definition| {
        let mut excluded: Vec<&str> = definition.excluded_groups.iter().map(|group| group.code()).collect();
        excluded.sort_unstable();
        json!([
            definition.code,
            definition.basis,
            definition.direction,
            definition.measure,
            definition.duration_threshold_months,
            definition.duration_basis,
            definition.reference_point,
            definition.age_minimum,
            definition.age_maximum,
            excluded,
        ])
    });
    json!([
        sorted(methodology.statistical_units.iter().map(|unit| unit.code())),
        sorted(coverage.populations.iter().map(String::as_str)),
        words(&methodology.universe),
        sorted(coverage.reporting_areas.iter().map(String::as_str)),
        sorted(methodology.sampling_designs.iter().map(|design| design.code())),
        words(&methodology.sampling_frame),
        definitions.collect::<Vec<_>>(),
    ])
}

/// The order of a list says nothing.
fn sorted<'v>(codes: impl Iterator<Item = &'v str>) -> Vec<&'v str> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes
}
