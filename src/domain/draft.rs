//! A dataset record that may be incomplete, and the rules that make it a [`Dataset`].

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::concept::Concepts;
use super::coverage::Coverage;
use super::dataset::{Citation, CopiedFrom, Dataset, Discrepancy, FieldMask, Relation, Variable};
use super::holding::Holding;
use super::ids::{Slug, is_web_address};
use super::institution::Institution;
use super::methodology::{Link, Methodology};
use super::problem::Problem;
use super::record::TakenOut;
use super::text::{LanguageTag, MultilingualText};
use super::time::{PartialDate, Period};
use super::vocabulary::{
    Certainty, CollectionStatus, ConceptScheme, PublicationStatus, RecordKind, RequestChannel, RiskClass, Visibility, Vocabulary,
};

/// A record as an institution or a file gives it. [`DatasetDraft::validate`] names every fault at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct DatasetDraft {
    /// Short name in addresses.
    pub slug: Option<Slug>,
    /// Persistent identifier, `urn:uuid:…`; minted when absent.
    pub identifier: Option<String>,
    /// What the record describes.
    pub record_kind: Option<RecordKind>,
    /// Whether the collection is planned, goes on, or is finished.
    pub collection_status: Option<CollectionStatus>,
    /// Programme or series, such as MED-HIMS (DDI serName).
    pub programme: MultilingualText,
    /// Where the record stands.
    pub status: Option<PublicationStatus>,
    /// Who may see the record.
    pub visibility: Option<Visibility>,
    /// Risk to persons that lies behind the data described.
    pub risk_class: Option<RiskClass>,
    /// How well the record is documented.
    pub certainty: Option<Certainty>,
    /// Which parts are not confirmed.
    pub certainty_note: MultilingualText,
    /// Main language of the record.
    pub main_language: Option<LanguageTag>,
    /// Titles.
    pub titles: MultilingualText,
    /// What the dataset is, in a few sentences.
    #[serde(rename = "abstract")]
    pub abstract_text: MultilingualText,
    /// Keywords.
    pub keywords: Vec<MultilingualText>,
    /// Languages of the data or publication.
    pub languages: Vec<LanguageTag>,
    /// Topics, codes of the scheme THEMES.
    pub themes: Vec<String>,
    /// GCM objectives and SDG indicators fed, codes of the scheme INDICATORS.
    pub indicators: Vec<String>,
    /// Classifications used, with their version (ESMS 3.2).
    pub classifications: Vec<MultilingualText>,
    /// Producer: the institution responsible.
    pub producer: Option<Slug>,
    /// Institutions that took part.
    pub partners: Vec<Slug>,
    /// Legal basis of the collection (ESMS 6.1).
    pub legal_mandate: MultilingualText,
    /// Who holds the data, on which terms.
    pub holdings: Vec<Holding>,
    /// How the data came into being.
    pub methodology: Option<Methodology>,
    /// What the data cover.
    pub coverage: Coverage,
    /// Variables and their codes; never data.
    pub variables: Vec<Variable>,
    /// Relations to other datasets.
    pub relations: Vec<Relation>,
    /// Published figures that contradict each other, side by side.
    pub discrepancies: Vec<Discrepancy>,
    /// Pages about the dataset.
    pub links: Vec<Link>,
    /// Sources of the record.
    pub citations: Vec<Citation>,
    /// Day on which the record should be reviewed.
    pub review_due_on: Option<PartialDate>,
    /// Fields that the producer shows only to some.
    pub masks: Vec<FieldMask>,
    /// The registry that keeps the record, where this is a copy of it.
    pub copied_from: Option<CopiedFrom>,
}

impl DatasetDraft {
    /// The draft in the record format: what it does not say is left out.
    ///
    /// # Errors
    /// A part cannot be written as JSON.
    pub fn to_doc(&self) -> serde_json::Result<Map<String, Value>> {
        let Value::Object(mut doc) = serde_json::to_value(self)? else { return Ok(Map::new()) };
        doc.retain(|_, value| match value {
            Value::Null => false,
            Value::Array(list) => !list.is_empty(),
            Value::Object(map) => !map.is_empty(),
            _ => true,
        });
        Ok(doc)
    }

    /// Checks the draft against the rules of a published record and the concept schemes.
    ///
    /// # Errors
    /// Every problem found, each with field, value and remedy.
    pub fn validate(self, concepts: &Concepts) -> Result<Dataset, Vec<Problem>> {
        let mut problems = Vec::new();
        self.check_texts(&mut problems);
        self.check_codes(concepts, &mut problems);
        self.check_periods(&mut problems);
        self.check_numbers(&mut problems);
        self.check_review_day(&mut problems);
        self.check_links(&mut problems);
        self.check_names(&mut problems);
        self.check_figures(&mut problems);
        self.check_masks(&mut problems);
        self.complete(problems)
    }

    /// What of the rest is wrong in a record of which some parts could not be read; what follows from these parts is not told again.
    pub fn further_problems(self, concepts: &Concepts, told: &[Problem], taken_out: &TakenOut) -> Vec<Problem> {
        let is_at = |field: &str, place: &str| {
            let rest = field.strip_prefix(place);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let is_told = |field: &str| told.iter().any(|known| is_at(field, &known.field) || is_at(&known.field, field));
        let follows = |problem: &Problem| match problem.field.as_str() {
            "mainLanguage" => told.iter().any(|known| is_at(&known.field, "titles")),
            field if field.starts_with("discrepancies") => told.iter().any(|known| is_at(&known.field, "citations")),
            _ => false,
        };
        let found = self.validate(concepts).err().unwrap_or_default();
        let found = found.into_iter().map(|problem| Problem { field: taken_out.place(&problem.field), ..problem });
        found.filter(|problem| !is_told(&problem.field) && !follows(problem)).collect()
    }

    fn complete(self, mut problems: Vec<Problem>) -> Result<Dataset, Vec<Problem>> {
        let status = self.status.unwrap_or(PublicationStatus::Draft);
        let visibility = self.visibility.unwrap_or(Visibility::Public);
        let certainty = self.certainty.unwrap_or(Certainty::Unverified);
        let mut missing = |field: &str, remedy: &str| problems.push(Problem::new(field, "", remedy));
        if self.slug.is_none() {
            missing("slug", "the slug is missing; give a short name such as `ma-hcp-rgph-2014`");
        }
        if self.record_kind.is_none() {
            missing(
                "recordKind",
                "the kind of record is missing; say whether it is an operation, an administrative source, a microdata product or a plan",
            );
        }
        if self.risk_class.is_none() {
            missing("riskClass", "the risk class is missing; use NONE where no personal data lie behind");
        }
        if self.methodology.is_none() {
            missing("methodology", "the methodology is missing; at least `sourceType` is needed");
        }
        match (self.slug, self.record_kind, self.risk_class, self.methodology) {
            (Some(slug), Some(record_kind), Some(risk_class), Some(methodology)) if problems.is_empty() => Ok(Dataset {
                slug,
                record_kind,
                risk_class,
                methodology,
                status,
                visibility,
                certainty,
                identifier: self.identifier,
                collection_status: self.collection_status,
                programme: self.programme,
                certainty_note: self.certainty_note,
                main_language: self.main_language,
                titles: self.titles,
                abstract_text: self.abstract_text,
                keywords: self.keywords,
                languages: self.languages,
                themes: self.themes,
                indicators: self.indicators,
                classifications: self.classifications,
                producer: self.producer,
                partners: self.partners,
                legal_mandate: self.legal_mandate,
                holdings: self.holdings,
                coverage: self.coverage,
                variables: self.variables,
                relations: self.relations,
                discrepancies: self.discrepancies,
                links: self.links,
                citations: self.citations,
                review_due_on: self.review_due_on,
                masks: self.masks,
                copied_from: self.copied_from,
                hidden: Vec::new(),
            }),
            _ => Err(problems),
        }
    }

    fn check_texts(&self, problems: &mut Vec<Problem>) {
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

    fn check_codes(&self, concepts: &Concepts, problems: &mut Vec<Problem>) {
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

    fn check_periods(&self, problems: &mut Vec<Problem>) {
        let coverage = &self.coverage;
        for (field, period) in [("coverage.period", &coverage.period), ("coverage.collectionPeriod", &coverage.collection_period)] {
            if let Some(period) = period.as_ref().filter(|p| p.is_impossible()) {
                problems.push(impossible_period(field, period));
            }
        }
    }

    /// Names without which something says nothing.
    fn check_names(&self, problems: &mut Vec<Problem>) {
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
    fn check_figures(&self, problems: &mut Vec<Problem>) {
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

    fn check_review_day(&self, problems: &mut Vec<Problem>) {
        if let Some(due) = self.review_due_on.filter(|due| due.day.is_none() || due.qualifier.is_some()) {
            problems.push(Problem::new("reviewDueOn", due, "is not a day; use YYYY-MM-DD"));
        }
    }

    fn check_masks(&self, problems: &mut Vec<Problem>) {
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

    fn check_numbers(&self, problems: &mut Vec<Problem>) {
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

    fn check_links(&self, problems: &mut Vec<Problem>) {
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

/// Problems of a holding by itself.
pub fn holding_problems(holding: &Holding) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_holding("holding", holding, &mut problems);
    problems
}

fn check_holding(field: &str, holding: &Holding, problems: &mut Vec<Problem>) {
    let terms = &holding.access_terms;
    if let Some(url) = &terms.channel_url {
        check_url(&format!("{field}.accessTerms.channelUrl"), url, problems);
    } else if terms.channel == RequestChannel::Url {
        problems.push(Problem::new(
            format!("{field}.accessTerms.channelUrl"),
            "",
            "the channel is URL but no address is given; add `channelUrl`",
        ));
    }
    if let Some(licence) = &terms.licence {
        check_url(&format!("{field}.accessTerms.licence"), licence, problems);
    }
    if let Some(days) = terms.expected_days.filter(|days| *days < 0) {
        problems.push(Problem::new(
            format!("{field}.accessTerms.expectedDays"),
            days,
            "days cannot be negative; leave it out where it is not known",
        ));
    }
    if let Some(date) = &terms.embargo_until
        && !PartialDate::parse(date).is_ok_and(|d| d.day.is_some() && d.qualifier.is_none())
    {
        problems.push(Problem::new(format!("{field}.accessTerms.embargoUntil"), date, "is not a day; use YYYY-MM-DD"));
    }
    for (index, distribution) in holding.distributions.iter().enumerate() {
        check_url(&format!("{field}.distributions[{index}].url"), &distribution.url, problems);
    }
}

fn check_url(field: &str, text: &str, problems: &mut Vec<Problem>) {
    if !is_web_address(text) {
        problems.push(Problem::new(
            field,
            text,
            "is not a web address; give a full address that starts with https:// or http://, without a password",
        ));
    }
}

fn check_identifier(identifier: &str, problems: &mut Vec<Problem>) {
    if parse_urn(identifier).is_none() {
        problems.push(Problem::new("identifier", identifier, "is not of the form urn:uuid:…; leave it out to have one minted"));
    }
}

/// Reads the UUID of a `urn:uuid:…` identifier.
pub fn parse_urn(identifier: &str) -> Option<Uuid> {
    identifier.strip_prefix("urn:uuid:").and_then(|text| Uuid::try_parse(text).ok())
}

fn impossible_period(field: &str, period: &Period) -> Problem {
    Problem::new(field, period.edtf(), "the period ends before it starts; correct one of the two dates")
}

/// Checks an institution against the rules and the concept schemes; every problem is named.
pub fn validate_institution(institution: &Institution, concepts: &Concepts) -> Vec<Problem> {
    let mut problems = Vec::new();
    if institution.names.is_empty() {
        problems.push(Problem::new("names", "", "the institution has no name; give one in at least one language"));
    }
    if let Some(country) = &institution.country
        && let Err(remedy) = concepts.require(ConceptScheme::Places, country)
    {
        problems.push(Problem::new("country", country, remedy));
    }
    if let Some(identifier) = &institution.identifier {
        check_identifier(identifier, &mut problems);
    }
    if let Some(website) = &institution.website {
        check_url("website", website, &mut problems);
    }
    for (index, citation) in institution.citations.iter().enumerate() {
        if let Some(url) = &citation.url {
            check_url(&format!("citations[{index}].url"), url, &mut problems);
        }
    }
    for (index, former) in institution.former_names.iter().enumerate() {
        if let (Some(from), Some(to)) = (former.from, former.to)
            && from.first_day() > to.last_day()
        {
            problems.push(Problem::new(
                format!("formerNames[{index}]"),
                format!("{from}/{to}"),
                "the name ends before it starts; correct one of the two dates",
            ));
        }
    }
    if institution.parent.as_ref() == Some(&institution.slug) {
        problems.push(Problem::new("parent", &institution.slug, "an institution cannot be its own parent; remove the parent"));
    }
    for (field, slugs) in [("predecessors", &institution.predecessors), ("successors", &institution.successors)] {
        let mut known = HashSet::new();
        for (index, slug) in slugs.iter().enumerate() {
            let field = format!("{field}[{index}]");
            if *slug == institution.slug {
                problems.push(Problem::new(field, slug, "an institution cannot come before or after itself; remove it"));
            } else if !known.insert(slug) {
                problems.push(Problem::new(field, slug, "the institution is listed twice; keep one"));
            }
        }
    }
    for (index, citation) in institution.citations.iter().enumerate() {
        if citation.title.trim().is_empty() {
            let remedy = "is empty; give the title of the source";
            problems.push(Problem::new(format!("citations[{index}].title"), &citation.title, remedy));
        }
    }
    problems
}
