//! Which definition of one record is compared with which of the other.
//!
//! A record may count several groups. Each definition is compared with the one that differs least from it, one to one: first fewest
//! differences that make figures not comparable, then least undocumented, then fewest other differences. So a record compared with itself
//! has each definition beside itself. What is left over has no counterpart.

use crate::domain::dataset::Dataset;
use crate::domain::vocabulary::ComparabilityVerdict;

use super::facets::{mirror, of_definitions};
use super::told::{Defined, MOST_DEFINITIONS, definitions};
use super::{DefinitionPair, Finding, findings, overall};

/// Pairs the definitions of two records; those without a counterpart come last, with no finding.
pub(super) fn pair(one: &Dataset, other: &Dataset) -> Vec<DefinitionPair> {
    let (here, there) = (definitions(one), definitions(other));
    let mirror = mirror(one, other);
    let mut possible: Vec<Possible> = Vec::with_capacity(here.len() * there.len());
    for (place, a) in here.iter().enumerate() {
        for (opposite, b) in there.iter().enumerate() {
            let found = findings(of_definitions(a, b, mirror.clone()));
            possible.push(Possible { cost: cost(&found), key: key(a, b), one: place, other: opposite, found });
        }
    }
    possible.sort_by(|a, b| (a.cost, &a.key, a.one, a.other).cmp(&(b.cost, &b.key, b.one, b.other)));
    let (mut used_here, mut used_there) = (vec![false; here.len()], vec![false; there.len()]);
    let mut pairs = Vec::new();
    let place_of = |list: &[Defined<'_>], place: usize| list.get(place).and_then(|defined| defined.definition).map(|_| place);
    for Possible { one, other, found, .. } in possible {
        if used_here[one] || used_there[other] {
            continue;
        }
        (used_here[one], used_there[other]) = (true, true);
        pairs.push(DefinitionPair { one: place_of(&here, one), other: place_of(&there, other), verdict: overall(&found), findings: found });
    }
    pairs.sort_by_key(|pair| (pair.one, pair.other));
    let alone = |one, other| DefinitionPair { one, other, verdict: ComparabilityVerdict::NotDocumented, findings: Vec::new() };
    let free = |used: Vec<bool>| used.into_iter().enumerate().filter(|(_, used)| !used).map(|(place, _)| place).collect::<Vec<_>>();
    pairs.extend(free(used_here).into_iter().map(|place| alone(Some(place), None)));
    pairs.extend(free(used_there).into_iter().map(|place| alone(None, Some(place))));
    let beyond = |dataset: &Dataset| MOST_DEFINITIONS..dataset.methodology.definitions.len();
    pairs.extend(beyond(one).map(|place| alone(Some(place), None)));
    pairs.extend(beyond(other).map(|place| alone(None, Some(place))));
    pairs
}

struct Possible {
    cost: (usize, usize, usize),
    key: (String, String),
    one: usize,
    other: usize,
    found: Vec<Finding>,
}

fn cost(findings: &[Finding]) -> (usize, usize, usize) {
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    (count(ComparabilityVerdict::NotComparable), count(ComparabilityVerdict::NotDocumented), count(ComparabilityVerdict::WithCaution))
}

/// The same whichever of the two comes first, so that equal costs are settled alike from both sides.
fn key(a: &Defined<'_>, b: &Defined<'_>) -> (String, String) {
    let text = |defined: &Defined<'_>| defined.definition.map_or_else(String::new, |definition| format!("{definition:?}"));
    let (a, b) = (text(a), text(b));
    if a <= b { (a, b) } else { (b, a) }
}
