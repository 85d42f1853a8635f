//! A dataset record as an editor gives it.

use juniper::{GraphQLInputObject, Nullable};
use serde_json::{Map, Value, json};

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{Certainty, CollectionStatus, MaskableField, RecordKind, RelationType, RiskClass, Visibility};
use crate::graphql::scalars::{LanguageTag, PartialDate};

use super::citation::{CitationInput, DiscrepancyInput, LinkInput};
use super::coverage::CoverageInput;
use super::holding::HoldingInput;
use super::methodology::MethodologyInput;
use super::part::{Part, input_object};
use super::text::LocalizedStringInput;
use super::variable::VariableInput;

input_object! {
    /// What an editor gives of a dataset record, finished or not. A field that is left out stays as it is, null or an
    /// empty list clears it, a value replaces the whole field. Identifier and status are not given: the registry mints
    /// the one, and the steps of publication change the other.
    pub struct DatasetDraftInput {
        /// Short name in addresses: 2 to 96 characters, `a` to `z`, digits and single hyphens, such as `ma-hcp-rgph-2014`.
        pub slug: Nullable<String>,
        /// What the record describes: an operation, an administrative source, a microdata product or a plan.
        pub record_kind: Nullable<RecordKind>,
        /// Whether the collection is planned, goes on, or is finished.
        pub collection_status: Nullable<CollectionStatus>,
        /// Programme or series, such as MED-HIMS (DDI serName), by language.
        pub programme: Nullable<Vec<LocalizedStringInput>>,
        /// Who may see the record once it is published; PUBLIC where cleared.
        pub visibility: Nullable<Visibility>,
        /// Risk to persons that lies behind the data described; NONE where no personal data lie behind.
        pub risk_class: Nullable<RiskClass>,
        /// How well the record is documented; UNVERIFIED where cleared.
        pub certainty: Nullable<Certainty>,
        /// Which parts are not confirmed, by language.
        pub certainty_note: Nullable<Vec<LocalizedStringInput>>,
        /// Main language of the record; there must be a title in it.
        pub main_language: Nullable<LanguageTag>,
        /// Titles, by language.
        pub titles: Nullable<Vec<LocalizedStringInput>>,
        /// What the dataset is, in a few sentences, by language.
        pub r#abstract: Nullable<Vec<LocalizedStringInput>>,
        /// Keywords: a list with one text for each keyword, each text a list by language.
        pub keywords: Nullable<Vec<Vec<LocalizedStringInput>>>,
        /// Languages of the data or publication.
        pub languages: Nullable<Vec<LanguageTag>>,
        /// Topics, codes of the scheme THEMES.
        pub themes: Nullable<Vec<String>>,
        /// GCM objectives and SDG indicators that the data feed, codes of the scheme INDICATORS.
        pub indicators: Nullable<Vec<String>>,
        /// Classifications used, with their version (ESMS 3.2): a list with one text for each classification, each text
        /// a list by language.
        pub classifications: Nullable<Vec<Vec<LocalizedStringInput>>>,
        /// Slug of the producer: the institution responsible.
        pub producer: Nullable<String>,
        /// Slugs of the institutions that took part.
        pub partners: Nullable<Vec<String>>,
        /// Legal basis of the collection (ESMS 6.1), by language.
        pub legal_mandate: Nullable<Vec<LocalizedStringInput>>,
        /// Who holds the data, each on its own terms.
        pub holdings: Nullable<Vec<HoldingInput>>,
        /// How the data came into being.
        pub methodology: Nullable<MethodologyInput>,
        /// What the data cover.
        pub coverage: Nullable<CoverageInput>,
        /// Variables with their codes; never data.
        pub variables: Nullable<Vec<VariableInput>>,
        /// Relations to other datasets; given by one side is enough.
        pub relations: Nullable<Vec<RelationInput>>,
        /// Published figures that do not agree, side by side, each with its source.
        pub discrepancies: Nullable<Vec<DiscrepancyInput>>,
        /// Pages about the dataset.
        pub links: Nullable<Vec<LinkInput>>,
        /// Sources that were read for the record.
        pub citations: Nullable<Vec<CitationInput>>,
        /// Day on which the record should be reviewed; a whole date, YYYY-MM-DD.
        pub review_due_on: Nullable<PartialDate>,
        /// Fields that the producer shows only to some; each field once.
        pub masks: Nullable<Vec<FieldMaskInput>>,
    }
}

impl DatasetDraftInput {
    /// The fields that were given, under their names in the record format; null for a field to clear.
    pub fn into_patch(self) -> Map<String, Value> {
        self.object("", &mut Vec::new())
    }

    /// Faults that would be lost or refused in the patch, such as a language given twice, each with the path of its
    /// field in the record, such as `methodology.definitions[0].text.fr`.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.object("", &mut problems);
        problems
    }
}

input_object! {
    /// A typed relation to another dataset, read from this dataset to the other. A finished record needs type and
    /// dataset.
    pub struct RelationInput {
        /// Type of the relation.
        pub r#type: Option<RelationType>,
        /// Slug of the other dataset; not the dataset itself.
        pub dataset: Option<String>,
        /// Remark, by language.
        pub note: Option<Vec<LocalizedStringInput>>,
    }
}

/// A field that is hidden from the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLInputObject)]
pub struct FieldMaskInput {
    /// The field.
    pub field: MaskableField,
    /// Who may see it: MEMBERS for everyone who is signed in, COORDINATOR for producer and coordinator only.
    pub visible_to: Visibility,
}

impl Part for FieldMaskInput {
    fn write(&self, _path: &str, _problems: &mut Vec<Problem>) -> Value {
        json!({"field": self.field, "visibleTo": self.visible_to})
    }
}
