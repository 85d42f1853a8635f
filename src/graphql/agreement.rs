//! Agreements as the contract shows them.

use std::collections::HashMap;
use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::agreement::{self as model, Asked, Covered, Deadline, date_on};
use crate::domain::ids::{DatasetId, HoldingId, Slug};
use crate::domain::vocabulary::{
    AgreementCommand, AgreementGap, AgreementKind, AgreementOrder, AgreementPurpose, AgreementRenewal, AgreementState, AgreementVisibility,
    Frequency, PartyRole, RequestedData,
};
use crate::service::agreements::{self, AgreementFilter as Filter, DataScope, Seen, scope_of};
use crate::service::rows::SignatureRow;
use crate::service::{Error, Record, datasets};

use super::connection::{PageArgs, connection};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, from_service};
use super::holding::Holding;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::{Date, DateTime, LanguageTag, PartialDate, Uri};
use super::text::{Lang, LocalizedString, all, words};

/// Longest search, in characters.
const MAX_SEARCH: usize = 500;

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

/// Conditions on agreements. Conditions are joined by "and"; the members of a list by "or", except parties. Only what the
/// viewer sees of an agreement is looked at.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct AgreementFilter {
    /// Institutions that are parties, all of them, by slug.
    pub parties: Option<Vec<String>>,
    /// On a dataset or any of its holdings, by identifier or short name.
    pub dataset: Option<ID>,
    /// On a holding, by identifier.
    pub holding: Option<ID>,
    /// Kinds.
    pub kinds: Option<Vec<AgreementKind>>,
    /// States today.
    pub states: Option<Vec<AgreementState>>,
    /// Those whose last day lies before this day, YYYY-MM-DD; of tacit renewal the last day of the present span counts.
    pub ends_before: Option<Date>,
    /// On aggregates, on microdata.
    pub requested_data: Option<Vec<RequestedData>>,
    /// For these purposes.
    pub purposes: Option<Vec<AgreementPurpose>>,
}

/// Every agreement that the viewer may know of, read once for a question.
fn visible(context: &Context) -> FieldResult<Arc<Vec<Seen>>> {
    if let Some(known) = context.loaded().agreements.clone() {
        return Ok(known);
    }
    let all = Arc::new(agreements::visible(&context.catalogue, &context.actor).map_err(from_service)?);
    context.loaded().agreements = Some(all.clone());
    Ok(all)
}

/// Cuts a page, and reads at once the institutions and datasets that its agreements name.
fn page(context: &Context, found: Vec<Seen>, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let cut = AgreementConnection::cut(found.into_iter().map(|seen| Agreement { seen, lang: lang.clone() }).collect(), args)?;
    for agreement in cut.edges.iter().map(|edge| edge.node.model()) {
        let (ids, holdings) = named_in(&agreement.covers);
        let all = agreement.covers.iter().filter_map(|covered| if let Covered::HoldingsOf(slug) = covered { Some(slug) } else { None });
        let slugs = agreement.institutions().into_iter().chain(all).map(ToString::to_string);
        prefetch::expect(context, slugs, ids);
        context.loaded().expected_holdings.extend(holdings);
    }
    Ok(cut)
}

/// Datasets and holdings that an agreement names.
fn named_in(covers: &[Covered]) -> (Vec<uuid::Uuid>, Vec<HoldingId>) {
    let datasets = covers.iter().filter_map(|covered| if let Covered::Dataset(id) = covered { Some(*id) } else { None });
    let holdings = covers.iter().filter_map(|covered| if let Covered::Holding(id) = covered { Some(HoldingId(*id)) } else { None });
    (datasets.collect(), holdings.collect())
}

/// Agreements on the data of a record.
pub fn of_dataset(context: &Context, record: &Arc<Record>, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let filter = Filter { data: Some(scope_of(record, None)), ..Filter::default() };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, AgreementOrder::EndsFirst, context.today()), lang, args)
}

/// Agreements of a party.
pub fn of_institution(context: &Context, slug: &Slug, lang: &Lang, args: &PageArgs) -> FieldResult<AgreementConnection> {
    let filter = Filter { parties: vec![slug.to_string()], ..Filter::default() };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, AgreementOrder::EndsFirst, context.today()), lang, args)
}

/// The register.
pub fn list(
    context: &Context,
    search: Option<String>,
    given: AgreementFilter,
    order: AgreementOrder,
    args: &PageArgs,
) -> FieldResult<AgreementConnection> {
    if let Some(length) = search.as_ref().map(|search| search.chars().count()).filter(|length| *length > MAX_SEARCH) {
        return Err(bad_input(format!("`search` has {length} characters; ask with at most {MAX_SEARCH}")));
    }
    let data = match (&given.dataset, &given.holding) {
        (None, None) => None,
        // What the viewer may not see looks absent: nothing is found.
        (dataset, holding) => match scope(context, dataset.as_ref(), holding.as_ref())? {
            Some(data) => Some(data),
            None => return page(context, Vec::new(), &context.language, args),
        },
    };
    let day = given.ends_before.as_ref().map(|date| read_day("endsBefore", date)).transpose()?;
    let filter = Filter {
        parties: given.parties.unwrap_or_default(),
        data,
        kinds: given.kinds.unwrap_or_default(),
        states: given.states.unwrap_or_default(),
        ends_by: day.map(|day| day - 1),
        requested_data: given.requested_data.unwrap_or_default(),
        purposes: given.purposes.unwrap_or_default(),
        words: search,
    };
    let all = visible(context)?.as_ref().clone();
    page(context, agreements::sift(all, &filter, order, context.today()), &context.language, args)
}

fn read_day(field: &str, date: &Date) -> FieldResult<i64> {
    let day = crate::domain::time::PartialDate::parse(&date.0).ok().filter(|date| date.day.is_some() && date.qualifier.is_none());
    day.map(|day| day.first_day()).ok_or_else(|| {
        let shown: String = date.0.chars().take(40).collect();
        bad_input(format!("{field}: `{shown}` is not a day; use YYYY-MM-DD"))
    })
}

/// A dataset by identifier or short name, a holding by identifier; none where the viewer may not see it.
fn scope(context: &Context, dataset: Option<&ID>, holding: Option<&ID>) -> FieldResult<Option<DataScope>> {
    if let Some(id) = holding {
        let Some(NodeId::Holding(id)) = NodeId::decode(id) else { return Ok(None) };
        let record = datasets::by_holdings(&context.catalogue, &context.actor, &[id]).map_err(from_service)?.remove(&id);
        let is_asked = |record: &Arc<Record>| dataset.is_none_or(|given| names(given, record));
        return Ok(record.filter(is_asked).map(|record| scope_of(&record, Some(id))));
    }
    let Some(id) = dataset else { return Ok(None) };
    let record = match NodeId::decode(id) {
        Some(NodeId::Dataset(id)) => context.catalogue.records(&context.actor, &[id.0]).map_err(from_service)?.remove(&id.0),
        _ => datasets::by_slug(&context.catalogue, &context.actor, id).map_err(from_service)?,
    };
    Ok(record.map(|record| scope_of(&record, None)))
}

fn names(given: &ID, record: &Arc<Record>) -> bool {
    NodeId::decode(given) == Some(NodeId::Dataset(record.id)) || **given == *record.dataset.slug.as_str()
}

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

    /// Last day that counts today: of tacit renewal that of the present span; null where the end is open.
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

/// A party.
#[derive(Clone)]
pub struct AgreementParty {
    model: model::Party,
    lang: Lang,
}

/// A party of an agreement: an institution of the catalogue, or a person by function.
#[juniper::graphql_object(context = Context)]
impl AgreementParty {
    /// The institution, where it is one of the catalogue.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Function of a person who is a party; never a name.
    fn person_function(&self) -> Option<&str> {
        self.model.person.as_ref().map(|person| person.function.as_str())
    }

    /// Name of that person's institution.
    fn person_institution(&self) -> Option<&str> {
        self.model.person.as_ref().map(|person| person.institution.as_str())
    }

    /// What the party is in the agreement.
    fn role(&self) -> PartyRole {
        self.model.role
    }
}

/// Data that an agreement covers.
#[derive(Clone)]
pub struct AgreementCovered {
    dataset: Option<Dataset>,
    holding: Option<Holding>,
    holdings_of: Option<Slug>,
    lang: Lang,
}

impl AgreementCovered {
    /// Data as the viewer may see them; what is hidden is left out, as if it did not exist.
    fn of(context: &Context, covers: &[Covered], lang: &Lang) -> FieldResult<Vec<Self>> {
        let (datasets, holdings) = named_in(covers);
        let expected: Vec<uuid::Uuid> = std::mem::take(&mut context.loaded().expected_records).into_iter().collect();
        prefetch::records(context, [expected, datasets.clone()].concat())?;
        let records: HashMap<uuid::Uuid, Arc<Record>> = {
            let loaded = context.loaded();
            datasets.iter().filter_map(|id| Some((*id, loaded.records.get(id)?.clone()))).collect()
        };
        let held = prefetch::held(context, &holdings)?;
        let blank = || Self { dataset: None, holding: None, holdings_of: None, lang: lang.clone() };
        let shown = |record: &Arc<Record>| Dataset { record: record.clone(), lang: lang.clone() };
        let one = |covered: &Covered| match covered {
            Covered::Dataset(id) => records.get(id).map(|record| Self { dataset: Some(shown(record)), ..blank() }),
            Covered::Holding(id) => held.get(&HoldingId(*id)).map(|record| {
                let holding = Holding::of(record, lang).into_iter().find(|holding| holding.id.0 == *id);
                Self { dataset: Some(shown(record)), holding, ..blank() }
            }),
            Covered::HoldingsOf(slug) => Some(Self { holdings_of: Some(slug.clone()), ..blank() }),
        };
        Ok(covers.iter().filter_map(one).collect())
    }
}

/// Data that an agreement covers: one holding, a dataset wherever a party holds it, or all that an institution holds.
#[juniper::graphql_object(context = Context)]
impl AgreementCovered {
    /// The dataset, where one is named.
    fn dataset(&self) -> Option<&Dataset> {
        self.dataset.as_ref()
    }

    /// The holding, where only one is meant.
    fn holding(&self) -> Option<&Holding> {
        self.holding.as_ref()
    }

    /// The institution all of whose holdings are covered.
    fn holdings_of(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.holdings_of.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }
}

/// A signature.
#[derive(Clone)]
pub struct AgreementSignature {
    row: SignatureRow,
    lang: Lang,
}

/// A signature of an agreement for a party.
#[juniper::graphql_object(context = Context)]
impl AgreementSignature {
    /// The party.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, &self.row.institution, &self.lang)
    }

    /// Function that signed; never a private name.
    fn by(&self) -> &str {
        &self.row.function
    }

    /// When.
    fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// Hash of what was signed.
    fn text_hash(&self) -> &str {
        &self.row.text_hash
    }
}

/// A contact.
#[derive(Clone)]
pub struct AgreementContact {
    model: model::Contact,
    lang: Lang,
}

/// A contact for an agreement: a function, never a private person.
#[juniper::graphql_object(context = Context)]
impl AgreementContact {
    /// The party.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Function.
    fn function(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.function, language, &self.lang, None)
    }

    /// Mailbox of the function.
    fn mailbox(&self) -> Option<&str> {
        self.model.mailbox.as_deref()
    }
}
