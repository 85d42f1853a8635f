//! Institutions as the contract shows them.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, ID};

use crate::domain::ids::Slug;
use crate::domain::institution::{Desk as DeskModel, FormerName as FormerModel, Institution as Model, Sharing as SharingModel};
use crate::domain::policy::{Action, Subject, check};
use crate::domain::vocabulary::{Certainty, ConceptScheme, InstitutionKind, MaskableField};
use crate::domain::workdays::Day;
use crate::service::access_requests::statistics;
use crate::service::{InstitutionRecord, institutions};

use super::access_statistics::AccessStatistics;
use super::agreement::{self, AgreementConnection};
use super::citation::Citation;
use super::concept::Concept;
use super::connection::{PageArgs, connection, read_text_cursor, text_cursor};
use super::context::Context;
use super::error::from_service;
use super::filter::InstitutionFilter;
use super::node::{NodeId, NodeValue};
use super::prefetch;
use super::register::RegisterEntryConnection;
use super::register_lists;
use super::scalars::{Date, DateTime, LanguageTag, PartialDate, Uri};
use super::text::{Lang, LocalizedString, all, words};
use super::viewer::InstitutionMember;

/// An institution.
#[derive(Clone)]
pub struct Institution {
    /// The record.
    pub record: Arc<InstitutionRecord>,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(
    InstitutionConnection,
    InstitutionEdge,
    Institution,
    "A list of institutions, page by page.",
    "An institution with its place in a list."
);

impl Institution {
    fn model(&self) -> &Model {
        &self.record.institution
    }

    fn others(&self, context: &Context, slugs: &[Slug]) -> FieldResult<Vec<Self>> {
        let found = slugs.iter().map(|slug| prefetch::institution(context, slug.as_str(), &self.lang));
        Ok(found.collect::<FieldResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// Institutions by short name, A to Z, with what is asked of them loaded ahead.
///
/// # Errors
/// A cursor is not one of this list, or the database is unavailable.
pub fn list(
    executor: &Executor<'_, '_, Context, DefaultScalarValue>,
    search: Option<String>,
    filter: InstitutionFilter,
    args: &PageArgs,
) -> FieldResult<InstitutionConnection> {
    let context = executor.context();
    let filter = institutions::InstitutionFilter {
        search,
        kinds: filter.kinds.unwrap_or_default(),
        countries: filter.countries.unwrap_or_default(),
    };
    let (page, has_next, has_previous) = institution_page(context, &filter, args)?;
    let records: Vec<Arc<InstitutionRecord>> = page.institutions.into_iter().map(Arc::new).collect();
    prefetch::institutions(context, &executor.look_ahead(), &["edges.node", "nodes"], &records)?;
    let edges = records
        .into_iter()
        .map(|record| InstitutionEdge {
            cursor: text_cursor(record.institution.slug.as_str()),
            node: Institution { record, lang: context.language.clone() },
        })
        .collect();
    Ok(InstitutionConnection::page(edges, has_next, has_previous, usize::try_from(page.total).unwrap_or(0)))
}

/// Cuts a page of institutions; read backwards, the whole list up to the cursor is read, for institutions are few.
fn institution_page(
    context: &Context,
    filter: &institutions::InstitutionFilter,
    args: &PageArgs,
) -> FieldResult<(institutions::InstitutionPage, bool, bool)> {
    let after = args.after.as_deref().map(read_text_cursor).transpose()?.unwrap_or_default();
    let before = args.before.as_deref().map(read_text_cursor).transpose()?;
    let whole = args.from_end || before.is_some();
    let limit = if whole { 10_000 } else { args.count as i64 + 1 };
    let mut page = institutions::list(&context.catalogue, filter, &after, limit).map_err(from_service)?;
    let found = &mut page.institutions;
    let mut has_next = false;
    if let Some(before) = &before {
        let length = found.len();
        found.retain(|record| record.institution.slug.as_str() < before.as_str());
        has_next = found.len() < length;
    }
    let mut has_previous = !after.is_empty();
    if found.len() > args.count {
        if args.from_end {
            has_previous = true;
            found.drain(..found.len() - args.count);
        } else {
            has_next = true;
            found.truncate(args.count);
        }
    }
    Ok((page, has_next, has_previous))
}

/// An institution that produces, holds or publishes migration data, with the names that it has had.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Institution {
    /// Opaque identifier; it survives renaming.
    fn id(&self) -> ID {
        NodeId::Institution(self.record.id).encode()
    }

    /// Short name in addresses.
    fn slug(&self) -> &str {
        self.model().slug.as_str()
    }

    /// Persistent identifier.
    fn identifier(&self) -> Uri {
        Uri(self.record.id.urn())
    }

    /// Kind of institution.
    fn kind(&self) -> InstitutionKind {
        self.model().kind
    }

    /// Name in the wanted language, else the first that is documented.
    fn name(&self, language: Option<LanguageTag>) -> String {
        words(&self.model().names, language, &self.lang, None).unwrap_or_else(|| self.model().slug.to_string())
    }

    /// All names with the status of their wording.
    fn names(&self) -> Vec<LocalizedString> {
        all(&self.model().names)
    }

    /// Acronym.
    fn acronym(&self) -> Option<&str> {
        self.model().acronym.as_deref()
    }

    /// Names that it had before, with dates where documented.
    fn former_names(&self) -> Vec<FormerName> {
        self.model().former_names.iter().map(|model| FormerName { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Country; null for international bodies.
    fn country(&self, context: &Context) -> Option<Concept> {
        self.model().country.as_deref().and_then(|code| Concept::of(&context.catalogue.concepts, ConceptScheme::Places, code, &self.lang))
    }

    /// The institution that it belongs to.
    fn parent(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model().parent.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Institutions whose portfolio it took over, whichever of the two records says so.
    fn predecessors(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        self.others(context, &context.catalogue.lineage().map_err(from_service)?.predecessors(self.model()))
    }

    /// Institutions that took over its portfolio, whichever of the two records says so.
    fn successors(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        self.others(context, &context.catalogue.lineage().map_err(from_service)?.successors(self.model()))
    }

    /// What the institution is for.
    fn mandate(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().mandate, language, &self.lang, None)
    }

    /// Law or decree that created it.
    fn legal_basis(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().legal_basis, language, &self.lang, None)
    }

    /// Website.
    fn website(&self) -> Option<Uri> {
        self.model().website.clone().map(Uri)
    }

    /// How well the address of the website is documented.
    fn website_certainty(&self) -> Option<Certainty> {
        self.model().website_certainty
    }

    /// What it is said to hold, in words.
    fn holds(&self) -> &[String] {
        &self.model().holds
    }

    /// Desk to write to: a function and a shared mailbox; null where none is documented.
    fn desk(&self) -> Option<Desk> {
        self.model().desk.clone().map(|model| Desk { model, lang: self.lang.clone() })
    }

    /// What other registries may copy of its records; null for everything public.
    fn sharing(&self) -> Option<Sharing> {
        self.model().sharing.clone().map(Sharing)
    }

    /// Number of datasets that it produces or holds and that the viewer may find.
    fn dataset_count(&self, context: &Context) -> i32 {
        i32::try_from(context.catalogue.snapshot(&context.actor).count("i", self.model().slug.as_str())).unwrap_or(i32::MAX)
    }

    /// Persons with a role here, for those who manage the roles; empty for anyone else.
    fn members(&self, context: &Context) -> FieldResult<Vec<InstitutionMember>> {
        InstitutionMember::of(context, &self.model().slug, &self.lang)
    }

    /// Figures on the requests for access that it got in one calendar year: give its first and last day, or neither for the present year.
    fn access_statistics(&self, context: &Context, from: Option<Date>, to: Option<Date>) -> FieldResult<AccessStatistics> {
        let day = |date: &Option<Date>| date.as_ref().map(|date| date.0.clone());
        let period = statistics::period(day(&from).as_deref(), day(&to).as_deref(), Day::of(context.now())).map_err(from_service)?;
        let figures = prefetch::figures(context, self.model().slug.as_str(), period)?;
        Ok(AccessStatistics { figures, period })
    }

    /// Entries of the registers in the name of the institution or about it, that the viewer may read.
    fn register_entries(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<RegisterEntryConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        register_lists::of_institution(context, self.model().slug.as_str(), &self.lang, &args)
    }

    /// Agreements to which it is a party and that the viewer may know of.
    fn agreements(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AgreementConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        agreement::of_institution(context, &self.model().slug, &self.lang, &args)
    }

    /// Grows with every write; needed to edit without overwriting another's change.
    fn revision(&self) -> i32 {
        i32::try_from(self.record.revision).unwrap_or(i32::MAX)
    }

    /// Whether the viewer may change this description.
    fn viewer_can_update(&self, context: &Context) -> bool {
        let subject = Subject { institution: Some(&self.model().slug), ..Subject::default() };
        check(&context.actor, Action::InstitutionUpdate, &subject).is_ok()
    }

    /// How well the record is documented.
    fn certainty(&self) -> Certainty {
        self.model().certainty
    }

    /// Which parts are not confirmed.
    fn certainty_note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().certainty_note, language, &self.lang, None)
    }

    /// Sources of the record.
    fn citations(&self) -> Vec<Citation> {
        self.model().citations.iter().cloned().map(Citation).collect()
    }

    /// When the record was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.record.updated_at)
    }
}

/// A former name.
#[derive(Clone)]
pub struct FormerName {
    model: FormerModel,
    lang: Lang,
}

/// A name that an institution had before.
#[juniper::graphql_object(context = Context)]
impl FormerName {
    /// The name.
    fn name(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.name, language, &self.lang, None)
    }

    /// Since when, where documented.
    fn from(&self) -> Option<PartialDate> {
        self.model.from.map(PartialDate)
    }

    /// Until when, where documented.
    fn to(&self) -> Option<PartialDate> {
        self.model.to.map(PartialDate)
    }
}

/// What may be copied.
#[derive(Clone)]
pub struct Sharing(SharingModel);

/// What other registries may copy of an institution's records.
#[juniper::graphql_object(context = Context)]
impl Sharing {
    /// Whether no record of the institution is copied.
    fn shares_nothing(&self) -> bool {
        self.0.shares_nothing
    }

    /// Fields that are left out of copies; of METHODOLOGY the type of source stays, which every record has.
    fn withheld(&self) -> &[MaskableField] {
        &self.0.withheld
    }
}

/// A desk.
#[derive(Clone)]
pub struct Desk {
    model: DeskModel,
    lang: Lang,
}

/// A desk of an institution: a function, never a private person.
#[juniper::graphql_object(context = Context)]
impl Desk {
    /// Function, such as "Statistics officer".
    fn function(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.function, language, &self.lang, None)
    }

    /// Mailbox of the function.
    fn mailbox(&self) -> Option<&str> {
        self.model.mailbox.as_deref()
    }
}
