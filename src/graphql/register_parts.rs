//! Parts of an entry of the registers.

use juniper::FieldResult;

use crate::domain::register::{Cell, Commitment, Offer, Step};
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, OfferState, RegisterCommand, RegisterState, SourceType};
use crate::service::registers::comments;

use super::concept::Concept;
use super::context::Context;
use super::institution::Institution;
use super::prefetch;
use super::scalars::{DateTime, PartialDate};
use super::text::Lang;

/// What is asked for, or is not collected.
pub struct RegisterCell {
    pub(super) cell: Cell,
    pub(super) lang: Lang,
}

/// A cell of the coverage grid. What is null or empty is meant as a whole: every place, every year, every source.
#[juniper::graphql_object(context = Context)]
impl RegisterCell {
    /// Topic or group of topics.
    fn theme(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, ConceptScheme::Themes, self.cell.theme.as_deref()?, &self.lang)
    }

    /// Reporting area.
    fn area(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, ConceptScheme::Places, self.cell.area.as_deref()?, &self.lang)
    }

    /// First year.
    #[graphql(name = "fromYear")]
    fn first_year(&self) -> Option<i32> {
        self.cell.from_year
    }

    /// Last year.
    #[graphql(name = "toYear")]
    fn last_year(&self) -> Option<i32> {
        self.cell.to_year
    }

    /// Where people come from.
    fn origin(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, ConceptScheme::Places, self.cell.origin.as_deref()?, &self.lang)
    }

    /// Where people go.
    fn destination(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, ConceptScheme::Places, self.cell.destination.as_deref()?, &self.lang)
    }

    /// Breakdowns; all of them.
    fn breakdowns(&self, context: &Context) -> Vec<Concept> {
        let concepts = &context.catalogue.concepts;
        self.cell.breakdowns.iter().filter_map(|code| Concept::of(concepts, ConceptScheme::Disaggregations, code, &self.lang)).collect()
    }

    /// Institution whose data are meant.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.cell.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Type of source.
    fn source_type(&self) -> Option<SourceType> {
        self.cell.source_type
    }

    /// Level of access at which the figures are meant to be.
    fn aggregates_access(&self) -> Option<AccessLevel> {
        self.cell.aggregates_access
    }

    /// Level of access at which the microdata are meant to be.
    fn microdata_access(&self) -> Option<AccessLevel> {
        self.cell.microdata_access
    }

    /// Objective of the Global Compact or indicator of the SDG that the data are to feed.
    fn indicator(&self, context: &Context) -> Option<Concept> {
        Concept::of(&context.catalogue.concepts, ConceptScheme::Indicators, self.cell.indicator.as_deref()?, &self.lang)
    }
}

/// An offer.
pub struct CapacityOffer {
    pub(super) offer: Offer,
    pub(super) lang: Lang,
}

/// An offer to meet a capacity need.
#[juniper::graphql_object(context = Context)]
impl CapacityOffer {
    /// Who offers.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, self.offer.institution.as_str(), &self.lang)
    }

    /// What is offered.
    fn text(&self) -> &str {
        &self.offer.text
    }

    /// Whether it was accepted.
    fn state(&self) -> OfferState {
        self.offer.state
    }

    /// When it was made.
    fn at(&self) -> DateTime {
        DateTime(self.offer.at)
    }
}

/// A commitment.
pub struct RequestCommitment {
    pub(super) given: Commitment,
    pub(super) lang: Lang,
}

/// What an institution has committed itself to, in answer to a request.
#[juniper::graphql_object(context = Context)]
impl RequestCommitment {
    /// The institution.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, self.given.institution.as_str(), &self.lang)
    }

    /// What it will do.
    fn text(&self) -> &str {
        &self.given.text
    }

    /// Until when.
    fn until(&self) -> PartialDate {
        PartialDate(self.given.until)
    }

    /// When the commitment was given.
    fn at(&self) -> DateTime {
        DateTime(self.given.at)
    }
}

/// A step of the history.
pub struct RegisterStep {
    pub(super) step: Step,
    pub(super) lang: Lang,
}

/// Something that was done with an entry.
#[juniper::graphql_object(context = Context)]
impl RegisterStep {
    /// What was done; null where the entry was made.
    fn command(&self) -> Option<RegisterCommand> {
        self.step.command
    }

    /// State that it led to.
    fn state(&self) -> RegisterState {
        self.step.state
    }

    /// In whose name; null where that was the coordination, or a member on their own.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.step.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Function of the person, for signed-in persons; never a name.
    fn by(&self, context: &Context) -> Option<&str> {
        Some(self.step.function.as_str()).filter(|_| comments::may_read(&context.actor))
    }

    /// Reason, evidence or remark.
    fn note(&self) -> Option<&str> {
        self.step.note.as_deref()
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.step.at)
    }
}
