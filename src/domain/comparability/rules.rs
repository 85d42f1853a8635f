//! The rules of comparability: data, each with its statement and its source.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::readiness::Trilingual;
use crate::domain::vocabulary::{ComparabilityVerdict, ComparisonFacet, FacetDifference};

/// One rule: the verdict that a difference on a facet gives.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// The facets that it looks at; none for a rule on any facet that has none of its own.
    pub facets: Vec<ComparisonFacet>,
    /// How the records stand to each other.
    pub difference: FacetDifference,
    /// What it says of them.
    pub verdict: ComparabilityVerdict,
    /// The rule in words.
    pub statement: Trilingual,
    /// Where the rule comes from.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    version: String,
    source: String,
    rules: Vec<Rule>,
}

// A list that cannot be read would be empty; the tests read it.
static RULES: LazyLock<RuleFile> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/comparability-rules.json")).unwrap_or_default());

/// Every rule, in the order of the list.
pub fn all() -> &'static [Rule] {
    &RULES.rules
}

/// Version of the list, and where it comes from.
pub fn origin() -> (&'static str, &'static str) {
    (&RULES.version, &RULES.source)
}

/// The rule for a difference on a facet: that of the facet, else that of any facet.
pub fn rule(facet: ComparisonFacet, difference: FacetDifference) -> Option<&'static Rule> {
    let fits = |rule: &&Rule| rule.difference == difference;
    let own = all().iter().filter(fits).find(|rule| rule.facets.contains(&facet));
    own.or_else(|| all().iter().filter(fits).find(|rule| rule.facets.is_empty()))
}

/// Whether some difference on the facet makes records not comparable. What is not documented of such a facet leaves open whether they are.
pub fn decides(facet: ComparisonFacet) -> bool {
    all().iter().any(|rule| rule.verdict == ComparabilityVerdict::NotComparable && rule.facets.contains(&facet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sound() {
        assert!(all().len() > 20 && !origin().0.is_empty() && !origin().1.is_empty());
        for rule in all() {
            assert!(!rule.source.is_empty(), "{}", rule.code);
            assert!(
                [&rule.statement.en, &rule.statement.fr, &rule.statement.ar].iter().all(|text| text.chars().count() > 20),
                "{}",
                rule.code
            );
            let same_code = all().iter().filter(|other| other.code == rule.code).count();
            assert_eq!(same_code, 1, "{}", rule.code);
            for facet in &rule.facets {
                assert_eq!(self::rule(*facet, rule.difference), Some(rule), "{} is never reached", rule.code);
            }
        }
    }

    /// The seven rules of the field study; the seventh, that the result is a list of differences and no number, is the shape of the answer.
    #[test]
    fn the_rules_of_the_field_are_all_there() {
        use ComparabilityVerdict as V;
        use ComparisonFacet as F;
        use FacetDifference as D;
        for (facet, difference, verdict) in [
            (F::Unit, D::Different, V::NotComparable),
            (F::Basis, D::Different, V::NotComparable),
            (F::DurationThreshold, D::Different, V::WithCaution),
            (F::ReportingArea, D::OtherDivision, V::WithCaution),
            (F::ReportingArea, D::NoCommonArea, V::NotComparable),
            (F::ReportingArea, D::OtherAreas, V::Comparable),
            (F::Period, D::Apart, V::WithCaution),
            (F::Selection, D::NotByChance, V::WithCaution),
            (F::Measure, D::Undocumented, V::NotDocumented),
        ] {
            assert_eq!(rule(facet, difference).map(|rule| rule.verdict), Some(verdict), "{facet:?} {difference:?}");
        }
        for facet in [F::Unit, F::Basis, F::Direction, F::Measure, F::Population] {
            assert!(decides(facet), "{facet:?}");
        }
        assert!(!decides(F::AgeLimits) && !decides(F::Period));
    }
}
