//! A dataset record that may be incomplete, and the rules that make it a [`Dataset`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::concept::Concepts;
use super::coverage::Coverage;
use super::dataset::{Citation, CopiedFrom, Dataset, Discrepancy, FieldMask, Relation, Variable};
use super::holding::Holding;
use super::ids::Slug;
use super::methodology::{Link, Methodology};
use super::problem::Problem;
use super::record::{TakenOut, too_long};
use super::text::{LanguageTag, MultilingualText};
use super::time::PartialDate;
use super::vocabulary::{Certainty, CollectionStatus, PublicationStatus, RecordKind, RiskClass, Visibility};

mod address;
mod holding;
mod institution;
mod rules;

pub use address::parse_urn;
pub use holding::holding_problems;
pub use institution::validate_institution;

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

    /// The record, where nothing is missing and no problem was found before.
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
            (Some(slug), Some(record_kind), Some(risk_class), Some(methodology)) if problems.is_empty() => {
                let dataset = Dataset {
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
                };
                // Only now it stands as it will be exported.
                too_long(&dataset).map_or(Ok(dataset), |problem| Err(vec![problem]))
            }
            _ => Err(problems),
        }
    }
}
