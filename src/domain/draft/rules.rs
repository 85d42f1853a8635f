//! The rules of a published record, each named where it is broken.

use std::collections::HashSet;

use super::super::concept::Concepts;
use super::super::problem::Problem;
use super::super::time::Period;
use super::super::vocabulary::{ConceptScheme, Visibility, Vocabulary};
use super::DatasetDraft;
use super::address::{check_identifier, check_url};
use super::holding::check_holding;

impl DatasetDraft {
    /// A title in the main language at least, and an identifier that can be read.
    pub(super) fn check_texts(&self, problems: &mut Vec<Problem>) {
        if self.titles.is_empty() {
            problems.push(Problem::new("titles", "", "the record has no title; give one in at least one language"));
        }
        if let Some(main) = &self.main_language
            && !self.titles.is_empty()
            && !self.titles.0.keys().any(|tag| tag.primary() == main.primary())
        {
            problems.push(Problem::new(
                "mainLanguage",
                main.as_str(),
                "there is no title in the main language; add it or name another main language",
            ));
        }
        if let Some(identifier) = &self.identifier {
            check_identifier(identifier, problems);
        }
    }

    /// Codes stand in their schemes, each once.
    pub(super) fn check_codes(&self, concepts: &Concepts, problems: &mut Vec<Problem>) {
        let coverage = &self.coverage;
        let lists: [(&str, ConceptScheme, &[String]); 8] = [
            ("themes", ConceptScheme::Themes, &self.themes),
            ("indicators", ConceptScheme::Indicators, &self.indicators),
            ("coverage.reportingAreas", ConceptScheme::Places, &coverage.reporting_areas),
            ("coverage.origins", ConceptScheme::Places, &coverage.origins),
            ("coverage.destinations", ConceptScheme::Places, &coverage.destinations),
            ("coverage.releasedDisaggregations", ConceptScheme::Disaggregations, &coverage.released_disaggregations),
            ("coverage.collectedDisaggregations", ConceptScheme::Disaggregations, &coverage.collected_disaggregations),
            ("coverage.populations", ConceptScheme::Populations, &coverage.populations),
        ];
        for (field, scheme, codes) in lists {
            for (index, code) in codes.iter().enumerate() {
                let field = format!("{field}[{index}]");
                if let Err(remedy) = concepts.require(scheme, code) {
                    problems.push(Problem::new(field, code, remedy));
                } else if codes[..index].contains(code) {
                    problems.push(Problem::new(field, code, "the code is listed twice; keep one"));
                }
            }
        }
    }

    /// No period ends before it starts.
    pub(super) fn check_periods(&self, problems: &mut Vec<Problem>) {
        let coverage = &self.coverage;
        for (field, period) in [("coverage.period", &coverage.period), ("coverage.collectionPeriod", &coverage.collection_period)] {
            if let Some(period) = period.as_ref().filter(|p| p.is_impossible()) {
                problems.push(impossible_period(field, period));
            }
        }
    }

    /// Names without which something says nothing.
    pub(super) fn check_names(&self, problems: &mut Vec<Problem>) {
        let mut add = |field: String, text: &str, remedy: &str| {
            if text.trim().is_empty() {
                problems.push(Problem::new(field, text, remedy));
            }
        };
        for (index, variable) in self.variables.iter().enumerate() {
            add(format!("variables[{index}].name"), &variable.name, "is empty; give the name that the variable has in the file");
            for (place, category) in variable.categories.iter().enumerate() {
                add(format!("variables[{index}].categories[{place}].code"), &category.code, "is empty; give the code, or leave it out");
            }
        }
        for (index, citation) in self.citations.iter().enumerate() {
            add(format!("citations[{index}].title"), &citation.title, "is empty; give the title of the source");
        }
    }

    /// Published figures that stand side by side: each with a value, and with a source that the record names.
    pub(super) fn check_figures(&self, problems: &mut Vec<Problem>) {
        let known: HashSet<&str> = self.citations.iter().filter_map(|citation| citation.source.as_deref()).collect();
        for (index, figures) in self.discrepancies.iter().enumerate() {
            if figures.values.is_empty() {
                let remedy = "there are no figures; give those that contradict each other, or leave it out";
                problems.push(Problem::new(format!("discrepancies[{index}].values"), "", remedy));
            }
            for (place, value) in figures.values.iter().enumerate() {
                let field = format!("discrepancies[{index}].values[{place}]");
                if value.value.trim().is_empty() {
                    problems.push(Problem::new(format!("{field}.value"), &value.value, "is empty; give the figure as it was published"));
                }
                // A copy whose citations are masked, or withheld, keeps the keys.
                if let Some(source) = value.source.as_ref().filter(|source| !known.is_empty() && !known.contains(source.as_str())) {
                    let remedy = "is the key of no citation of this record; add the citation, or correct the key";
                    problems.push(Problem::new(format!("{field}.source"), source, remedy));
                }
            }
        }
    }

    /// The day of the review is a day.
    pub(super) fn check_review_day(&self, problems: &mut Vec<Problem>) {
        if let Some(due) = self.review_due_on.filter(|due| due.day.is_none() || due.qualifier.is_some()) {
            problems.push(Problem::new("reviewDueOn", due, "is not a day; use YYYY-MM-DD"));
        }
    }

    /// A mask shows its field to some, and stands once.
    pub(super) fn check_masks(&self, problems: &mut Vec<Problem>) {
        for (index, mask) in self.masks.iter().enumerate() {
            if !matches!(mask.visible_to, Visibility::Members | Visibility::Coordinator) {
                let remedy = "a mask shows its field to MEMBERS or to COORDINATOR; remove the mask to show it to all";
                problems.push(Problem::new(format!("masks[{index}].visibleTo"), mask.visible_to.code(), remedy));
            }
            if self.masks[..index].iter().any(|other| other.field == mask.field) {
                problems.push(Problem::new(format!("masks[{index}].field"), mask.field.code(), "the field is masked twice; keep one mask"));
            }
        }
    }

    /// Numbers of the methodology that can be.
    pub(super) fn check_numbers(&self, problems: &mut Vec<Problem>) {
        let Some(methodology) = &self.methodology else {
            return;
        };
        if let Some(size) = methodology.sample_size.filter(|size| *size < 1) {
            problems.push(Problem::new("methodology.sampleSize", size, "a sample size is at least 1; leave it out where it is not known"));
        }
        for (index, definition) in methodology.definitions.iter().enumerate() {
            let field = format!("methodology.definitions[{index}]");
            if let (Some(low), Some(high)) = (definition.age_minimum, definition.age_maximum)
                && low > high
            {
                problems.push(Problem::new(format!("{field}.ageMinimum"), low, format!("is above the age maximum {high}; exchange them")));
            }
            if let Some(months) = definition.duration_threshold_months.filter(|m| !(0..=1200).contains(m)) {
                problems.push(Problem::new(format!("{field}.durationThresholdMonths"), months, "give months between 0 and 1200"));
            }
        }
    }

    /// Addresses lead somewhere; what is named is named once, and never the record itself.
    pub(super) fn check_links(&self, problems: &mut Vec<Problem>) {
        for (index, holding) in self.holdings.iter().enumerate() {
            let field = format!("holdings[{index}]");
            check_holding(&field, holding, problems);
            if self.holdings[..index].iter().any(|h| h.institution == holding.institution && h.role == holding.role) {
                problems.push(Problem::new(
                    field,
                    &holding.institution,
                    "the institution is listed twice in the same role; keep one holding",
                ));
            }
        }
        for (index, link) in self.links.iter().enumerate() {
            check_url(&format!("links[{index}].url"), &link.url, problems);
        }
        if let Some(from) = &self.copied_from {
            check_url("copiedFrom.address", &from.address, problems);
        }
        for (index, citation) in self.citations.iter().enumerate() {
            if let Some(url) = &citation.url {
                check_url(&format!("citations[{index}].url"), url, problems);
            }
        }
        for (index, link) in self.methodology.iter().flat_map(|methodology| &methodology.instruments).enumerate() {
            check_url(&format!("methodology.instruments[{index}].url"), &link.url, problems);
        }
        let (mut partners, mut relations) = (HashSet::new(), HashSet::new());
        for (index, partner) in self.partners.iter().enumerate() {
            if !partners.insert(partner) {
                problems.push(Problem::new(format!("partners[{index}]"), partner, "the institution is listed twice; keep one"));
            }
        }
        for (index, relation) in self.relations.iter().enumerate() {
            if !relations.insert((&relation.dataset, relation.relation_type.code())) {
                let field = format!("relations[{index}].dataset");
                problems.push(Problem::new(field, &relation.dataset, "the same relation is listed twice; keep one"));
            }
            if Some(&relation.dataset) == self.slug.as_ref() {
                problems.push(Problem::new(
                    format!("relations[{index}].dataset"),
                    &relation.dataset,
                    "a dataset cannot be related to itself; remove the relation",
                ));
            }
        }
    }
}

fn impossible_period(field: &str, period: &Period) -> Problem {
    Problem::new(field, period.edtf(), "the period ends before it starts; correct one of the two dates")
}
