//! Holdings and their access terms as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, ID};

use crate::domain::holding::{AccessTerms as TermsModel, Distribution as DistributionModel, Holding as HoldingModel};
use crate::domain::ids::HoldingId;
use crate::domain::vocabulary::{AccessLevel, HoldingRole, RefusalCode, RequestChannel, StatementBasis};
use crate::service::Record;
use crate::service::access_requests::desks::refusals_among;

use super::access_desk::{AccessServiceTimes, AccessStandingTerms};
use super::access_form::AccessForm;
use super::context::Context;
use super::error::coded;
use super::institution::Institution;
use super::node::{NodeId, NodeValue};
use super::prefetch;
use super::scalars::{Date, LanguageTag, Uri};
use super::text::{Lang, words};

/// One institution's hold on a dataset.
#[derive(Clone)]
pub struct Holding {
    /// Identifier.
    pub id: HoldingId,
    /// Place in the record's list.
    place: usize,
    record: Arc<Record>,
    lang: Lang,
}

impl Holding {
    /// The holdings of a record.
    pub fn of(record: &Arc<Record>, lang: &Lang) -> Vec<Self> {
        record.holdings().enumerate().map(|(place, (id, _))| Self { id, place, record: record.clone(), lang: lang.clone() }).collect()
    }

    fn refusals(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        let desk = prefetch::desk(context, self.model().institution.as_str(), self.id)?;
        Ok(refusals_among(&context.actor, &self.record, self.id.0, desk.as_ref()))
    }

    fn model(&self) -> &HoldingModel {
        &self.record.dataset.holdings[self.place]
    }
}

/// One institution's hold on a dataset, on its own terms. Several institutions may hold the same dataset.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Holding {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Holding(self.id).encode()
    }

    /// The institution that holds the data: the one to write to.
    fn institution(&self, context: &Context) -> FieldResult<Institution> {
        let slug = self.model().institution.as_str();
        prefetch::institution(context, slug, &self.lang)?
            .ok_or_else(|| coded("INTERNAL", format!("the institution `{slug}` cannot be read")))
    }

    /// The part that the institution has.
    fn role(&self) -> HoldingRole {
        self.model().role
    }

    /// Terms on which the holder gives access. The catalogue states them; it never grants access.
    fn access_terms(&self) -> AccessTerms {
        AccessTerms { model: self.model().access_terms.clone(), lang: self.lang.clone() }
    }

    /// The form on which access is asked for: the holding's own, else the institution's, else that of the catalogue.
    fn access_form(&self, context: &Context) -> FieldResult<AccessForm> {
        let version = prefetch::form(context, self.model().institution.as_str(), self.id)?;
        Ok(AccessForm::of(version, &self.lang))
    }

    /// Whether requests for it are made in this catalogue: the holder has opened a desk, the terms name no other way, and the data are neither
    /// open to anyone nor shared with nobody. It is the holder's own statement; the holder decides on each request.
    fn accepts_requests(&self, context: &Context) -> FieldResult<bool> {
        Ok(!self.refusals(context)?.into_iter().any(RefusalCode::is_of_data))
    }

    /// How long the holder takes, as it says itself; null where it takes no requests here.
    fn service_times(&self, context: &Context) -> FieldResult<Option<AccessServiceTimes>> {
        let desk = prefetch::desk(context, self.model().institution.as_str(), self.id)?;
        Ok(desk.filter(|desk| desk.is_open).map(|desk| AccessServiceTimes(desk.terms)))
    }

    /// Standing terms of use that an applicant may accept when submitting; null where there are none.
    fn standing_terms(&self, context: &Context) -> FieldResult<Option<AccessStandingTerms>> {
        let desk = prefetch::desk(context, self.model().institution.as_str(), self.id)?.filter(|desk| desk.is_open);
        Ok(desk.and_then(|desk| desk.standing).map(|terms| AccessStandingTerms { terms, lang: self.lang.clone() }))
    }

    /// Whether the viewer may request access to it here.
    fn viewer_can_request_access(&self, context: &Context) -> FieldResult<bool> {
        Ok(self.refusals(context)?.is_empty())
    }

    /// Why the viewer cannot request access to it here.
    fn viewer_cannot_request_access_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        self.refusals(context)
    }

    /// Files and services.
    fn distributions(&self) -> Vec<Distribution> {
        self.model().distributions.iter().map(|model| Distribution { model: model.clone(), lang: self.lang.clone() }).collect()
    }
}

/// Terms of access.
#[derive(Clone)]
pub struct AccessTerms {
    model: TermsModel,
    lang: Lang,
}

/// Terms on which a holder gives access. UNKNOWN means that nobody has documented the level.
#[juniper::graphql_object(context = Context)]
impl AccessTerms {
    /// Level for aggregates, that is tables and reports.
    fn aggregates(&self) -> AccessLevel {
        self.model.aggregates
    }

    /// Whether the level for aggregates was seen in a source or is assumed.
    fn aggregates_basis(&self) -> StatementBasis {
        self.model.aggregates_basis
    }

    /// Level for microdata, that is records without names.
    fn microdata(&self) -> AccessLevel {
        self.model.microdata
    }

    /// Whether the level for microdata was seen in a source or is assumed.
    fn microdata_basis(&self) -> StatementBasis {
        self.model.microdata_basis
    }

    /// Licence.
    fn licence(&self) -> Option<Uri> {
        self.model.licence.clone().map(Uri)
    }

    /// Conditions in words.
    fn conditions(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.conditions, language, &self.lang, None)
    }

    /// Law or agreement on which sharing rests.
    fn legal_basis(&self) -> Option<&str> {
        self.model.legal_basis.as_deref()
    }

    /// Number of the data-protection decision, without its content.
    fn data_protection_reference(&self) -> Option<&str> {
        self.model.data_protection_reference.as_deref()
    }

    /// Who decides on a request: a function or a committee.
    fn decided_by(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.decided_by, language, &self.lang, None)
    }

    /// Where a request goes. UNKNOWN: no path is documented; write to the institution.
    fn channel(&self) -> RequestChannel {
        self.model.channel
    }

    /// Address of the data or of the request form, for the channel URL.
    fn channel_url(&self) -> Option<Uri> {
        self.model.channel_url.clone().map(Uri)
    }

    /// Fee in words.
    fn fee(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.fee, language, &self.lang, None)
    }

    /// First day on which access is possible.
    fn embargo_until(&self) -> Option<Date> {
        self.model.embargo_until.clone().map(Date)
    }

    /// Usual time to a decision, in days.
    fn expected_days(&self) -> Option<i32> {
        self.model.expected_days
    }

    /// Disclosure control applied to what is released.
    fn disclosure_control(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.disclosure_control, language, &self.lang, None)
    }

    /// QUOTED only where both levels were seen in a source; else ASSUMED, to be confirmed with the holder.
    fn basis(&self) -> StatementBasis {
        self.model.basis()
    }
}

/// A file or service.
#[derive(Clone)]
pub struct Distribution {
    model: DistributionModel,
    lang: Lang,
}

/// A file or service through which the data can be reached (dcat:Distribution).
#[juniper::graphql_object(context = Context)]
impl Distribution {
    /// Title.
    fn title(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.title, language, &self.lang, None)
    }

    /// Format, such as CSV.
    fn format(&self) -> Option<&str> {
        self.model.format.as_deref()
    }

    /// Media type, such as text/csv.
    fn media_type(&self) -> Option<&str> {
        self.model.media_type.as_deref()
    }

    /// Address.
    fn url(&self) -> Uri {
        Uri(self.model.url.clone())
    }

    /// Size in bytes, as text because it may exceed the range of Int.
    fn byte_size(&self) -> Option<String> {
        self.model.byte_size.map(|size| size.to_string())
    }

    /// Checksum, such as `sha256:…`.
    fn checksum(&self) -> Option<&str> {
        self.model.checksum.as_deref()
    }
}
