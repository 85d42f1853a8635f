//! A dataset: a statistical operation, an administrative source, a microdata product or a planned collection.

use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::holding::Holding;
use super::ids::Slug;
use super::methodology::{Link, Methodology};
use super::text::{LanguageTag, MultilingualText};
use super::time::PartialDate;
use super::vocabulary::{
    Certainty, CollectionStatus, MaskableField, PublicationStatus, RecordKind, RefusalCode, RelationType, RiskClass, Visibility,
};

/// A dataset record that passed validation; see [`super::draft::DatasetDraft`] for one that may be incomplete.
/// Where each metadata attribute of the field went is listed in `docs/attributes.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dataset {
    /// Short name in addresses.
    pub slug: Slug,
    /// Persistent identifier, `urn:uuid:…`; minted when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// What the record describes.
    pub record_kind: RecordKind,
    /// Whether the collection is planned, goes on, or is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_status: Option<CollectionStatus>,
    /// Programme or series, such as MED-HIMS (DDI serName).
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub programme: MultilingualText,
    /// Where the record stands.
    pub status: PublicationStatus,
    /// Who may see the record.
    pub visibility: Visibility,
    /// Risk to persons that lies behind the data described.
    pub risk_class: RiskClass,
    /// How well the record is documented.
    pub certainty: Certainty,
    /// Which parts are not confirmed.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub certainty_note: MultilingualText,
    /// Main language of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_language: Option<LanguageTag>,
    /// Titles.
    pub titles: MultilingualText,
    /// What the dataset is, in a few sentences.
    #[serde(rename = "abstract")]
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub abstract_text: MultilingualText,
    /// Keywords.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<MultilingualText>,
    /// Languages of the data or publication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LanguageTag>,
    /// Topics, codes of the scheme THEMES.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// GCM objectives and SDG indicators fed, codes of the scheme INDICATORS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// Classifications used, with their version (ESMS 3.2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<MultilingualText>,
    /// Producer: the institution responsible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<Slug>,
    /// Institutions that took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Slug>,
    /// Legal basis of the collection (ESMS 6.1).
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub legal_mandate: MultilingualText,
    /// Who holds the data, on which terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holdings: Vec<Holding>,
    /// How the data came into being.
    pub methodology: Methodology,
    /// What the data cover.
    pub coverage: Coverage,
    /// Variables and their codes; never data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
    /// Relations to other datasets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Published figures that contradict each other, side by side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discrepancies: Vec<Discrepancy>,
    /// Pages about the dataset.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
    /// Day on which the record should be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_due_on: Option<PartialDate>,
    /// Fields that the producer shows only to some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masks: Vec<FieldMask>,
    /// The registry that keeps the record, where this is a copy of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_from: Option<CopiedFrom>,
    /// Fields that were taken out of this copy for its reader, with the reason; never stored.
    #[serde(skip)]
    pub hidden: Vec<(MaskableField, RefusalCode)>,
}

/// The registry that keeps a record of which this is a copy. The copy is changed there, and not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CopiedFrom {
    /// Name of the registry.
    pub registry: String,
    /// Page of the record there.
    pub address: String,
}

/// A field that is shown only to members, or only to producer and coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FieldMask {
    /// The field.
    pub field: MaskableField,
    /// Who may see it: MEMBERS or COORDINATOR.
    pub visible_to: Visibility,
}

impl Dataset {
    /// Whether a field was taken out of this copy. What is hidden is not the same as what is not documented.
    pub fn hides(&self, field: MaskableField) -> bool {
        self.hidden.iter().any(|(hidden, _)| *hidden == field)
    }

    /// Main language as text, for the fallback of texts.
    pub fn main_language(&self) -> Option<&str> {
        self.main_language.as_ref().map(LanguageTag::as_str)
    }

    /// Whether the record is past its review date on this day (days from 1970-01-01).
    pub fn is_stale(&self, today: i64) -> bool {
        self.review_due_on.is_some_and(|due| due.last_day() < today)
    }
}

/// Where a statement was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Citation {
    /// Key of the source in the list of sources, such as `S03`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Title of the source.
    pub title: String,
    /// Address; http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the source supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supports: Option<String>,
}

/// A typed link to another dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Relation {
    /// Type, read from this dataset to the other.
    #[serde(rename = "type")]
    pub relation_type: RelationType,
    /// The other dataset.
    pub dataset: Slug,
    /// Remark.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub note: MultilingualText,
}

/// Published values of one thing that do not agree. None is called wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Discrepancy {
    /// What the values are of.
    pub subject: MultilingualText,
    /// The values, each with its source.
    pub values: Vec<PublishedValue>,
    /// What follows from the difference.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub effect: MultilingualText,
    /// Explanation, where one is known.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub explanation: MultilingualText,
}

/// One published value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PublishedValue {
    /// The value as published.
    pub value: String,
    /// Table, date or scope.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub context: MultilingualText,
    /// Cut-off date: the day up to which the source had counted, as far as that is documented. Never the day of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<PartialDate>,
    /// Key of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A variable of a data file (DDI var): its name, label and codes, never values of persons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Variable {
    /// Data file that holds the variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Name in the file.
    pub name: String,
    /// Label.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub label: MultilingualText,
    /// Codes and their labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
}

/// One code of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Category {
    /// The code.
    pub code: String,
    /// Its label.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub label: MultilingualText,
}
