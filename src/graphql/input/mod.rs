//! What an editor gives of a record, finished or not, and how it becomes the JSON of the record format.
//!
//! A field of [`DatasetDraftInput`] and [`InstitutionInput`] that is left out stays as it is in the record; null
//! clears it; a value replaces the whole field. Inside a value everything may be left out, so that an editor can stop
//! halfway: what a record needs before it is published is checked later. What says nothing (null, an empty list, an
//! empty object, a blank string) is never written into a record.

mod agreement;
mod citation;
mod coverage;
mod dataset;
mod holding;
mod institution;
mod methodology;
mod part;
mod register;
#[cfg(test)]
mod tests;
mod text;
mod variable;

pub use agreement::{
    AgreementContactInput, AgreementCoveredInput, AgreementDataProtectionInput, AgreementDeliveryInput, AgreementDocumentInput,
    AgreementInput, AgreementPartyInput, AgreementRenewalInput, PersonPartyInput,
};
pub use citation::{CitationInput, DiscrepancyInput, LinkInput, PublishedValueInput};
pub use coverage::{CoverageInput, PeriodInput};
pub use dataset::{DatasetDraftInput, FieldMaskInput, RelationInput};
pub use holding::{AccessTermsInput, DistributionInput, HoldingInput};
pub use institution::{DeskInput, FormerNameInput, InstitutionInput, SharingInput};
pub use methodology::{CensusTopicsInput, DefinitionInput, MethodologyInput, QualityStatementInput, SeriesBreakInput};
pub use register::{RegisterCellInput, RegisterContentInput};
pub use text::{LocalizedStringInput, text_value};
pub use variable::{CategoryInput, VariableInput};
