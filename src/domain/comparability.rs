//! Whether figures of two records can be compared, by rules that are data: a list of differences with a verdict, never a number.
//!
//! Each record is taken as its reader sees it: what is hidden is told as hidden, and its value never enters the verdict. Definitions are
//! compared on their facets, never on their names. What two producers have agreed on stands beside what is computed, and before it.

mod areas;
mod facets;
mod mark;
mod pairing;
mod rules;
mod told;
mod values;

#[cfg(test)]
mod tests;

use super::concept::Concepts;
use super::dataset::Dataset;
use super::ids::Slug;
use super::text::{MultilingualText, spoken};
use super::time::PartialDate;
use super::vocabulary::{ComparabilityVerdict, ComparisonFacet, ConceptScheme, FacetDifference, StatisticalUnit, Vocabulary};

pub use facets::meet;
pub use mark::{mark, still_stands};
pub use rules::{Rule, all as rules, decides, origin as rules_origin};
pub use values::{Cell, cell};

/// What a finding says beyond its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Units in common.
    Units(Vec<StatisticalUnit>),
    /// Places of another division.
    Places(Vec<String>),
    /// When the series breaks.
    Dates(Vec<PartialDate>),
}

impl Detail {
    /// The detail in words.
    pub fn text(&self, language: &str, concepts: &Concepts) -> String {
        let separator = if spoken(language) == "ar" { "، " } else { ", " };
        let parts: Vec<String> = match self {
            Self::Units(units) => units.iter().map(|unit| unit.label(language).to_owned()).collect(),
            Self::Dates(dates) => dates.iter().map(ToString::to_string).collect(),
            Self::Places(codes) => codes.iter().map(|code| values::place_in_time(code, language, concepts)).collect(),
        };
        parts.join(separator)
    }
}

/// How two records stand to each other on one facet, by a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The facet.
    pub facet: ComparisonFacet,
    /// How the two stand to each other.
    pub difference: FacetDifference,
    /// What the rule says of it.
    pub verdict: ComparabilityVerdict,
    /// The rule.
    pub rule: &'static Rule,
    /// What there is to say beyond the rule.
    pub detail: Option<Detail>,
}

/// A definition of each record, compared with each other. The numbers are places in the lists of the records; none where a record gives no
/// definition, or the other none that stands for this one.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionPair {
    /// Of the one record.
    pub one: Option<usize>,
    /// Of the other.
    pub other: Option<usize>,
    /// What follows for figures on the two groups, from the definitions alone.
    pub verdict: ComparabilityVerdict,
    /// What was found, facet by facet.
    pub findings: Vec<Finding>,
}

/// What the producers of two records have agreed on. It is stored elsewhere; here it stands before what is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreedNote {
    /// The verdict that they agreed on.
    pub verdict: ComparabilityVerdict,
    /// What they say.
    pub text: MultilingualText,
    /// When.
    pub agreed_on: PartialDate,
    /// The institutions that agreed.
    pub by: Vec<Slug>,
    /// How the two stood to each other then, as anyone could see it; see [`mark()`]. None where that is not known.
    pub stood: Option<String>,
    /// Whether they stand otherwise now, so that the note is on what the records said before.
    pub is_outdated: bool,
}

/// Two records, compared.
#[derive(Clone, Debug, PartialEq)]
pub struct PairComparison {
    /// What the rules give.
    pub computed: ComparabilityVerdict,
    /// What was found, facet by facet: of the records, then of their definitions.
    pub findings: Vec<Finding>,
    /// The definitions that were compared with each other.
    pub definitions: Vec<DefinitionPair>,
    /// What the producers have agreed on.
    pub agreed: Option<AgreedNote>,
}

impl PairComparison {
    /// The verdict that stands: the agreed one, as long as it is on what the records say, else the computed one.
    pub fn verdict(&self) -> ComparabilityVerdict {
        self.agreed.as_ref().filter(|note| !note.is_outdated).map_or(self.computed, |note| note.verdict)
    }
}

/// Compares two records as their reader sees them.
pub fn compare(one: &Dataset, other: &Dataset, agreed: Option<AgreedNote>, concepts: &Concepts) -> PairComparison {
    let of_records = findings(facets::of_records(one, other, concepts));
    let definitions = pairing::pair(one, other);
    let mut all = of_records;
    for pair in &definitions {
        for finding in &pair.findings {
            if !all.contains(finding) {
                all.push(finding.clone());
            }
        }
    }
    all.sort_by_key(|finding| finding.facet);
    let unmatched = definitions.iter().any(|pair| pair.findings.is_empty());
    let computed =
        overall(&all).max_by_severity(if unmatched { ComparabilityVerdict::WithCaution } else { ComparabilityVerdict::Comparable });
    PairComparison { computed, findings: all, definitions, agreed }
}

/// The findings of the rules for how two stand to each other. What no rule speaks of is told as not documented, never as comparable.
fn findings(standings: Vec<facets::Standing>) -> Vec<Finding> {
    let finding = |(facet, difference, detail): facets::Standing| {
        let rule = rules::rule(facet, difference).or_else(|| rules::rule(facet, FacetDifference::Undocumented))?;
        Some(Finding { facet, difference, verdict: rule.verdict, rule, detail })
    };
    standings.into_iter().filter_map(finding).collect()
}

/// One verdict of many findings. What makes records not comparable wins. Then, where a facet that could do so is not documented or not shown,
/// nothing can be told. Any other difference, and any other facet that is not documented, calls for caution.
fn overall(findings: &[Finding]) -> ComparabilityVerdict {
    use ComparabilityVerdict::{Comparable, NotComparable, NotDocumented, WithCaution};
    let any = |wanted: ComparabilityVerdict| findings.iter().any(|finding| finding.verdict == wanted);
    let is_open = findings.is_empty() || findings.iter().any(|finding| finding.verdict == NotDocumented && rules::decides(finding.facet));
    if any(NotComparable) {
        NotComparable
    } else if is_open {
        NotDocumented
    } else if any(WithCaution) || any(NotDocumented) {
        WithCaution
    } else {
        Comparable
    }
}

impl ComparabilityVerdict {
    /// How much a verdict holds back, for choosing the more careful of two; it is shown to nobody.
    fn severity(self) -> u8 {
        match self {
            Self::Comparable => 0,
            Self::WithCaution => 1,
            Self::NotDocumented => 2,
            Self::NotComparable => 3,
        }
    }

    fn max_by_severity(self, other: Self) -> Self {
        if other.severity() > self.severity() { other } else { self }
    }
}

/// Label of a facet's concept where it is one of a scheme, else the code.
fn label(scheme: ConceptScheme, code: &str, language: &str, concepts: &Concepts) -> String {
    concepts.get(scheme, code).map_or_else(|| code.to_owned(), |concept| concept.label(Some(language)).to_owned())
}
