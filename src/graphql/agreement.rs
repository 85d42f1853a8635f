//! Agreements as the contract shows them.

use juniper::{FieldResult, ID};

use crate::domain::agreement::{self as model, Asked, Deadline, date_on};
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::vocabulary::{
    AgreementCommand, AgreementGap, AgreementKind, AgreementPurpose, AgreementRenewal, AgreementState, AgreementVisibility, Frequency,
    RequestedData,
};
use crate::service::Error;
use crate::service::agreements::{self, Seen};

use super::connection::connection;
use super::context::Context;
use super::error::{bad_input, from_service};
use super::node::{NodeId, NodeValue, OwnKind};
use super::scalars::{Date, DateTime, LanguageTag, PartialDate, Uri};
use super::text::{Lang, LocalizedString, all, words};

mod covered;
mod lists;
mod parties;

pub use covered::AgreementCovered;
pub use lists::{AgreementFilter, list, of_dataset, of_institution};
use lists::{read_day, scope};
pub use parties::{AgreementContact, AgreementParty, AgreementSignature};

/// An agreement.
#[derive(Clone)]
pub struct Agreement {
    /// As the viewer sees it.
    pub seen: Seen,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(
    AgreementConnection,
    AgreementEdge,
    Agreement,
    "Agreements that the viewer may know of, page by page.",
    "An agreement with its place in the list."
);

impl Agreement {
    fn model(&self) -> &model::Agreement {
        &self.seen.record.agreement
    }

    /// What an outline does not show.
    fn whole<T>(&self, value: T) -> Option<T> {
        (!self.seen.is_outline).then_some(value)
    }

    fn day(day: Option<i64>) -> Option<Date> {
        day.and_then(date_on).map(|date| Date(date.to_string()))
    }
}

/// An agreement on the exchange of data: an undertaking, a protocol, a law. The people of its parties see all of it; others what
/// its visibility allows; the coordinator at least title, kind, parties, dates and state. The catalogue keeps no document and
/// passes no data on.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Agreement {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Own(OwnKind::Agreement, self.seen.record.id).encode()
    }

    /// Title in the wanted language, else the first that there is.
    fn title(&self, language: Option<LanguageTag>) -> String {
        words(&self.model().title, language, &self.lang, None).unwrap_or_default()
    }

    /// All titles with the status of their wording.
    fn titles(&self) -> Vec<LocalizedString> {
        all(&self.model().title)
    }

    /// Kind.
    fn kind(&self) -> AgreementKind {
        self.model().kind
    }

    /// State today; in force and expired follow from the dates.
    fn state(&self, context: &Context) -> AgreementState {
        self.model().state_on(context.today())
    }

    /// Why it was suspended or terminated, or notice was given.
    fn state_reason(&self) -> Option<&str> {
        self.model().standing.reason.as_deref()
    }

    /// Whether the viewer sees title, kind, parties, dates and state only; everything else is then null or empty.
    fn is_outline(&self) -> bool {
        self.seen.is_outline
    }

    /// Parties, in the order of the agreement.
    fn parties(&self) -> Vec<AgreementParty> {
        self.model().parties.iter().map(|party| AgreementParty { model: party.clone(), lang: self.lang.clone() }).collect()
    }

    /// The data that it covers, as far as the viewer may see them.
    fn covers(&self, context: &Context) -> FieldResult<Vec<AgreementCovered>> {
        AgreementCovered::of(context, &self.model().covers, &self.lang)
    }

    /// Whether it is on aggregates, microdata or both.
    fn requested_data(&self) -> &[RequestedData] {
        &self.model().requested_data
    }

    /// For what the data may be used.
    fn purposes(&self) -> &[AgreementPurpose] {
        &self.model().purposes
    }

    /// The purpose in words.
    fn purpose(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().purpose, language, &self.lang, None)
    }

    /// Law on which it rests.
    fn legal_basis(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().legal_basis, language, &self.lang, None)
    }

    /// Statistical confidentiality: data flow from administration to statistics only, never back to decide on a person.
    fn one_way(&self) -> Option<bool> {
        self.whole(self.model().one_way)
    }

    /// Number of the decision or declaration at the data-protection authority.
    fn data_protection_reference(&self) -> Option<&str> {
        self.model().data_protection.as_ref().and_then(|found| found.reference.as_deref())
    }

    /// The data-protection authority.
    fn data_protection_authority(&self, language: Option<LanguageTag>) -> Option<String> {
        self.model().data_protection.as_ref().and_then(|found| words(&found.authority, language, &self.lang, None))
    }

    /// Why no reference at the data-protection authority is needed, where that is so.
    fn data_protection_note(&self, language: Option<LanguageTag>) -> Option<String> {
        self.model().data_protection.as_ref().and_then(|found| words(&found.note, language, &self.lang, None))
    }

    /// How often data are delivered.
    fn delivery_frequency(&self) -> Option<Frequency> {
        self.model().delivery.as_ref().and_then(|delivery| delivery.frequency)
    }

    /// Format in which data are delivered.
    fn delivery_format(&self) -> Option<&str> {
        self.model().delivery.as_ref().and_then(|delivery| delivery.format.as_deref())
    }

    /// Way on which data are delivered, outside the catalogue.
    fn delivery_channel(&self, language: Option<LanguageTag>) -> Option<String> {
        self.model().delivery.as_ref().and_then(|delivery| words(&delivery.channel, language, &self.lang, None))
    }

    /// First day, as it was agreed.
    fn starts_on(&self) -> Option<PartialDate> {
        self.model().starts_on.map(PartialDate)
    }

    /// Last day, as it was agreed; of tacit renewal that of the first span; null where the end is open.
    fn ends_on(&self) -> Option<PartialDate> {
        self.model().ends_on.map(PartialDate)
    }

    /// Last day that counts today: of tacit renewal that of the first span against whose renewal notice can still be given, or was given in time; null
    /// where the end is open.
    fn until(&self, context: &Context) -> Option<Date> {
        Self::day(self.model().until(context.today()))
    }

    /// What happens on the last day.
    fn renewal(&self) -> AgreementRenewal {
        self.model().renewal.kind
    }

    /// For how many months it is renewed tacitly each time.
    fn renewal_period_months(&self) -> Option<i32> {
        self.model().renewal.period_months
    }

    /// How many months before the end notice against tacit renewal must be given.
    fn renewal_notice_months(&self) -> Option<i32> {
        self.model().renewal.notice_months
    }

    /// Next last day on which notice against tacit renewal can be given; null where nothing is renewed by itself.
    fn notice_before(&self, context: &Context) -> Option<Date> {
        match self.model().deadline(context.today()) {
            Some(Deadline::Notice(day)) => Self::day(Some(day)),
            Some(Deadline::Ends(_)) | None => None,
        }
    }

    /// When notice against tacit renewal was given.
    fn notice_given_on(&self) -> Option<PartialDate> {
        self.model().standing.notice_on.map(PartialDate)
    }

    /// The wording that is signed, above all of an undertaking.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().text, language, &self.lang, None)
    }

    /// SHA-256 of everything that the parties sign; give it back to sign what you have read.
    fn text_hash(&self) -> FieldResult<Option<String>> {
        self.whole(()).map(|()| self.model().text_hash().map_err(|error| from_service(Error::from(error)))).transpose()
    }

    /// Signatures of the present text.
    fn signatures(&self) -> Vec<AgreementSignature> {
        self.seen.record.signatures.iter().map(|row| AgreementSignature { row: row.clone(), lang: self.lang.clone() }).collect()
    }

    /// When the last party signed.
    fn signed_at(&self) -> Option<DateTime> {
        self.seen.record.signed_at.map(DateTime)
    }

    /// Functions to turn to.
    fn contacts(&self) -> Vec<AgreementContact> {
        self.model().contacts.iter().map(|contact| AgreementContact { model: contact.clone(), lang: self.lang.clone() }).collect()
    }

    /// Address of the document.
    fn document_url(&self) -> Option<Uri> {
        self.model().document.as_ref().and_then(|document| document.url.clone()).map(Uri)
    }

    /// Who keeps the document.
    fn document_held_by(&self, language: Option<LanguageTag>) -> Option<String> {
        self.model().document.as_ref().and_then(|document| words(&document.held_by, language, &self.lang, None))
    }

    /// Who may read it once it is signed.
    fn visibility(&self) -> AgreementVisibility {
        self.model().visibility
    }

    /// Grows with every write; give it back as `expectedRevision`.
    fn revision(&self) -> i32 {
        i32::try_from(self.seen.record.revision).unwrap_or(i32::MAX)
    }

    /// When it was registered.
    fn registered_at(&self) -> DateTime {
        DateTime(self.seen.record.created_at)
    }

    /// When it was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.seen.record.updated_at)
    }

    /// What the viewer may do with it now.
    fn viewer_actions(&self, context: &Context) -> Vec<AgreementCommand> {
        agreements::commands(&context.actor, &self.seen, context.today())
    }

    /// What keeps the agreement from covering a use of a holding by an institution; empty where it does cover it; null where the
    /// viewer sees an outline only or may not see the holding. The provider is the institution of the holding; the day is today
    /// where left out.
    fn gaps_for(
        &self,
        context: &Context,
        holding: ID,
        recipient: String,
        data: RequestedData,
        purpose: AgreementPurpose,
        on: Option<Date>,
    ) -> FieldResult<Option<Vec<AgreementGap>>> {
        let on = on.as_ref().map(|date| read_day("on", date)).transpose()?.unwrap_or_else(|| context.today());
        let recipient = Slug::parse(&recipient).map_err(bad_input)?;
        let Some(found) = scope(context, None, Some(&holding))?.filter(|_| !self.seen.is_outline) else { return Ok(None) };
        let Some((id, provider)) = found.holdings.first() else { return Ok(None) };
        let dataset = DatasetId(found.dataset);
        let asked = Asked { provider, recipient: &recipient, holding: *id, dataset, data, purpose, on };
        Ok(Some(model::covers(self.model(), &asked).err().unwrap_or_default()))
    }
}
