//! The registers as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::dataset::Discrepancy;
use crate::domain::ids::DatasetId;
use crate::domain::overlap::Decisions;
use crate::domain::register::Entry;
use crate::domain::vocabulary::{
    CapacityKind, ChallengeKind, ComparabilityVerdict, ConceptScheme, NeedPriority, ObjectiveAction, RegisterCommand, RegisterKind,
    RegisterState, RegisterVisibility,
};
use crate::service::registers::comments::{self, Topic};
use crate::service::registers::{self, EntryFilter, EntryRecord, pairs, watch};
use crate::service::{Error, Record, grid};

use super::comment::CommentConnection;
use super::concept::Concept;
use super::connection::{PageArgs, connection};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, from_service};
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::register_parts::{CapacityOffer, RegisterCell, RegisterStep, RequestCommitment};
use super::scalars::{DateTime, LanguageTag, PartialDate};
use super::text::{Lang, LocalizedString, all, words};

/// Longest search, in characters.
const MAX_SEARCH: usize = 500;

/// An entry of the registers.
#[derive(Clone)]
pub struct RegisterEntry {
    /// As the viewer sees it.
    pub record: Arc<EntryRecord>,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(
    RegisterEntryConnection,
    RegisterEntryEdge,
    RegisterEntry,
    "Entries of the registers that the viewer may read, newest first, page by page.",
    "An entry with its place in the list."
);

/// Conditions on entries of the registers. Conditions are joined by "and"; the members of a list by "or".
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct RegisterFilter {
    /// Kinds.
    pub kinds: Option<Vec<RegisterKind>>,
    /// States.
    pub states: Option<Vec<RegisterState>>,
    /// In whose name they speak, whom they are about, who offers or has committed itself; short names.
    pub institutions: Option<Vec<String>>,
    /// About these datasets, by identifier or short name.
    pub datasets: Option<Vec<ID>>,
    /// Of these topics, or topics of these groups; codes.
    pub themes: Option<Vec<String>>,
    /// Of these places, or places inside them; codes.
    pub places: Option<Vec<String>>,
    /// Of these actions of Objective 1 of the Global Compact.
    pub actions: Option<Vec<ObjectiveAction>>,
    /// Whether nobody has answered yet: needs without an accepted offer, requests without commitment, challenges without answer.
    pub is_unanswered: Option<bool>,
    /// Whether a day that was named has passed while it is still open.
    pub is_overdue: Option<bool>,
    /// Focal points that have not been confirmed within the last twelve months; with false, those that have.
    pub is_unconfirmed: Option<bool>,
}

/// The registers, as far as the viewer may read them.
///
/// # Errors
/// An argument is wrong, or the database is unavailable.
pub fn list(context: &Context, search: Option<String>, given: RegisterFilter, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    if let Some(length) = search.as_ref().map(|search| search.chars().count()).filter(|length| *length > MAX_SEARCH) {
        return Err(bad_input(format!("`search` has {length} characters; ask with at most {MAX_SEARCH}")));
    }
    let concepts = &context.catalogue.concepts;
    for (name, scheme, codes) in [("themes", ConceptScheme::Themes, &given.themes), ("places", ConceptScheme::Places, &given.places)] {
        for code in codes.iter().flatten() {
            concepts.require(scheme, code).map_err(|remedy| bad_input(format!("{name}: `{code}`: {remedy}")))?;
        }
    }
    let slugs = given.institutions.clone().unwrap_or_default();
    let strangers = grid::strangers(&context.catalogue, "where.institutions", &slugs).map_err(from_service)?;
    if !strangers.is_empty() {
        return Err(from_service(Error::Invalid(strangers)));
    }
    // An empty list sets no condition.
    let named = given.datasets.as_ref().filter(|ids| !ids.is_empty()).map(|ids| dataset_ids(context, ids)).transpose()?;
    // What the viewer may not see looks absent: nothing is found.
    if named.as_ref().is_some_and(Vec::is_empty) {
        return RegisterEntryConnection::cut(Vec::new(), args);
    }
    let filter = EntryFilter {
        kinds: given.kinds.unwrap_or_default(),
        states: given.states.unwrap_or_default(),
        institutions: given.institutions.unwrap_or_default(),
        datasets: named.unwrap_or_default(),
        themes: given.themes.unwrap_or_default(),
        places: given.places.unwrap_or_default(),
        actions: given.actions.unwrap_or_default(),
        words: search,
        is_unanswered: given.is_unanswered,
        unconfirmed: given.is_unconfirmed.map(|wanted| (wanted, context.now() - watch::CONFIRM_AFTER_MS)),
        overdue: given.is_overdue.map(|wanted| (wanted, context.today())),
    };
    let found = registers::list(&context.catalogue, &context.actor, &filter).map_err(from_service)?;
    page(context, found, &context.language, args)
}

/// Decisions on pairs of records that the viewer may know of, read once for a question.
///
/// # Errors
/// The database is unavailable.
pub fn decisions(context: &Context) -> FieldResult<Arc<Decisions>> {
    if let Some(known) = context.loaded().decisions.clone() {
        return Ok(known);
    }
    let read = Arc::new(pairs::decisions(&context.catalogue, &context.actor).map_err(from_service)?);
    context.loaded().decisions = Some(read.clone());
    Ok(read)
}

/// The explanation of figures that differ; all are read once for a question.
///
/// # Errors
/// The database is unavailable.
pub fn explanation(context: &Context, record: &Record, figures: &Discrepancy, lang: &Lang) -> FieldResult<Option<RegisterEntry>> {
    let known = context.loaded().explanations.clone();
    let all = match known {
        Some(known) => known,
        None => {
            let read = Arc::new(pairs::explanations(&context.catalogue, &context.actor).map_err(from_service)?);
            context.loaded().explanations = Some(read.clone());
            read
        }
    };
    let mark = pairs::mark_of(figures).map_err(from_service)?;
    Ok(all.get(&(record.id.0, mark)).map(|record| RegisterEntry { record: record.clone(), lang: lang.clone() }))
}

/// Entries about a dataset.
///
/// # Errors
/// The database is unavailable.
pub fn of_dataset(context: &Context, record: &Record, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let known = context.loaded().entries_of.get(&record.id.0).cloned();
    let found = match known {
        Some(known) => known,
        None => {
            load(context, &[record.id.0])?;
            context.loaded().entries_of.get(&record.id.0).cloned().unwrap_or_default()
        }
    };
    page(context, found, lang, args)
}

/// Reads the entries about records into the request's memory, in a fixed number of statements.
///
/// # Errors
/// The database is unavailable.
pub fn load(context: &Context, ids: &[uuid::Uuid]) -> FieldResult<()> {
    let found = registers::of_records(&context.catalogue, &context.actor, ids).map_err(from_service)?;
    context.loaded().entries_of.extend(found);
    Ok(())
}

/// Entries in the name of an institution or about it; all are read once for a question.
///
/// # Errors
/// The database is unavailable.
pub fn of_institution(context: &Context, slug: &str, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let known = context.loaded().entries.clone();
    let all = match known {
        Some(known) => known,
        None => {
            let read = registers::list(&context.catalogue, &context.actor, &EntryFilter::default()).map_err(from_service)?;
            let read = Arc::new(read);
            context.loaded().entries = Some(read.clone());
            read
        }
    };
    let found = all.iter().filter(|record| registers::is_of_institution(record, slug)).cloned().collect();
    page(context, found, lang, args)
}

/// Cuts a page, and notes which institutions its entries name, so that they are read at once.
fn page(context: &Context, found: Vec<Arc<EntryRecord>>, lang: &Lang, args: &PageArgs) -> FieldResult<RegisterEntryConnection> {
    let cut = RegisterEntryConnection::cut(RegisterEntry::all(found, lang), args)?;
    for entry in cut.edges.iter().map(|edge| edge.node.model()) {
        let named = entry.institution.iter().chain(&entry.institutions).chain(&entry.agreed_by);
        let named = named.chain(entry.offers.iter().map(|offer| &offer.institution));
        let named = named.chain(entry.commitment.iter().map(|given| &given.institution));
        let named = named.chain(entry.steps.iter().filter_map(|step| step.institution.as_ref()));
        prefetch::expect(context, named.map(ToString::to_string), []);
    }
    Ok(cut)
}

/// Identifiers of datasets by identifier or short name; those that the viewer may not see are left out.
fn dataset_ids(context: &Context, given: &[ID]) -> FieldResult<Vec<uuid::Uuid>> {
    let (mut ids, mut slugs) = (Vec::new(), Vec::new());
    for id in given {
        match NodeId::decode(id) {
            Some(NodeId::Dataset(DatasetId(id))) => ids.push(id),
            _ => slugs.push(id.to_string()),
        }
    }
    let known = context.catalogue.records(&context.actor, &ids).map_err(from_service)?;
    let named = context.catalogue.records_by_slug(&context.actor, &slugs).map_err(from_service)?;
    Ok(known.into_keys().chain(named.into_iter().map(|record| record.id.0)).collect())
}

impl RegisterEntry {
    /// Entries in the language of an answer.
    pub fn all(records: Vec<Arc<EntryRecord>>, lang: &Lang) -> Vec<Self> {
        records.into_iter().map(|record| Self { record, lang: lang.clone() }).collect()
    }

    fn model(&self) -> &Entry {
        &self.record.entry
    }

    fn text_of(&self, text: &crate::domain::text::MultilingualText, language: Option<LanguageTag>) -> Option<String> {
        words(text, language, &self.lang, None)
    }

    fn concepts(&self, context: &Context, scheme: ConceptScheme, codes: &[String]) -> Vec<Concept> {
        codes.iter().filter_map(|code| Concept::of(&context.catalogue.concepts, scheme, code, &self.lang)).collect()
    }

    fn dataset_of(&self, id: uuid::Uuid) -> Option<Dataset> {
        self.record.records.get(&id).map(|record| Dataset { record: record.clone(), lang: self.lang.clone() })
    }
}

/// An entry of the registers: a challenge, a good practice, a capacity need, a strategy, a request for what is not documented, a statement
/// that something is not collected, a decision on an overlap, an agreed note, a focal point. It speaks in somebody's name, on a day. Fields
/// that its kind does not have are null or empty.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl RegisterEntry {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Own(OwnKind::RegisterEntry, self.record.id).encode()
    }

    /// What it is.
    fn kind(&self) -> RegisterKind {
        self.model().kind
    }

    /// Where it stands.
    fn state(&self) -> RegisterState {
        self.model().state
    }

    /// The state in the reader's language.
    fn state_label(&self) -> &'static str {
        use crate::domain::vocabulary::Vocabulary;
        self.model().state.label(self.lang.as_deref().unwrap_or("en"))
    }

    /// Who may read it once it is validated.
    fn visibility(&self) -> RegisterVisibility {
        self.model().visibility
    }

    /// In whose name it speaks; null where it speaks for the coordination, or is a member's own request.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model().institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Title in the wanted language, else the first that there is; of a focal point its function.
    fn title(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().title, language)
    }

    /// All titles with the status of their wording.
    fn titles(&self) -> Vec<LocalizedString> {
        all(&self.model().title)
    }

    /// The statement itself; of a good practice what was done, of a request why the data are needed.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().text, language)
    }

    /// All wordings of the text with their status.
    fn texts(&self) -> Vec<LocalizedString> {
        all(&self.model().text)
    }

    /// Where and when it came up, such as a workshop.
    fn occasion(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().occasion, language)
    }

    /// The day that it is of; of a strategy the day on which it takes effect.
    fn on(&self) -> Option<PartialDate> {
        self.model().on.map(PartialDate)
    }

    /// Until when: deadline of a need, day wished for in a request, last day of a strategy.
    fn until(&self) -> Option<PartialDate> {
        self.model().until.map(PartialDate)
    }

    /// Datasets that it is about, as far as the viewer may see them.
    fn datasets(&self) -> Vec<Dataset> {
        self.model().datasets.iter().filter_map(|id| self.dataset_of(*id)).collect()
    }

    /// Institutions that it is about or is addressed to.
    fn institutions(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let read = |slug: &crate::domain::ids::Slug| prefetch::institution(context, slug.as_str(), &self.lang).transpose();
        self.model().institutions.iter().filter_map(read).collect()
    }

    /// Topics.
    fn themes(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Themes, &self.model().themes)
    }

    /// Places; of a good practice the countries that have used it too.
    fn places(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Places, &self.model().places)
    }

    /// Objectives of the Global Compact and indicators of the SDG.
    fn indicators(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Indicators, &self.model().indicators)
    }

    /// Actions of Objective 1 of the Global Compact.
    fn actions(&self) -> &[ObjectiveAction] {
        &self.model().actions
    }

    /// What is asked for, or is not collected.
    fn cell(&self) -> Option<RegisterCell> {
        self.model().cell.clone().map(|cell| RegisterCell { cell, lang: self.lang.clone() })
    }

    /// Kind of a challenge.
    fn challenge_kind(&self) -> Option<ChallengeKind> {
        self.model().challenge_kind
    }

    /// Who is affected by a challenge.
    fn affected(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().affected, language)
    }

    /// Answer to a challenge.
    fn answer(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().answer, language)
    }

    /// Context of a good practice.
    fn context(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().context, language)
    }

    /// Result of a good practice with its evidence.
    fn result(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().result, language)
    }

    /// Conditions under which a good practice can be repeated.
    fn conditions(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().conditions, language)
    }

    /// What a capacity need is of.
    fn capacity_kind(&self) -> Option<CapacityKind> {
        self.model().capacity_kind
    }

    /// Priority of a need, as the institution sees it.
    fn priority(&self) -> Option<NeedPriority> {
        self.model().priority
    }

    /// Number of people whom a need concerns; null where it is not known.
    fn people(&self) -> Option<i32> {
        self.model().people
    }

    /// Offers to meet a need, in the order in which they were made.
    fn offers(&self) -> Vec<CapacityOffer> {
        self.model().offers.iter().map(|offer| CapacityOffer { offer: offer.clone(), lang: self.lang.clone() }).collect()
    }

    /// What an institution has committed itself to.
    fn commitment(&self) -> Option<RequestCommitment> {
        self.model().commitment.clone().map(|given| RequestCommitment { given, lang: self.lang.clone() })
    }

    /// The record that fulfils a request; null where there is none, or where the viewer may not see it.
    fn fulfilled_by(&self) -> Option<Dataset> {
        self.model().fulfilled_by.and_then(|id| self.dataset_of(id))
    }

    /// Number of people who support a request, with those who asked.
    fn supporters(&self) -> Option<i32> {
        (self.model().kind == RegisterKind::DataRequest).then(|| i32::try_from(self.record.supports.len() + 1).unwrap_or(i32::MAX))
    }

    /// Institutions that support a request.
    fn supporting_institutions(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let mut slugs: Vec<&String> = self.record.supports.iter().filter_map(|row| row.institution.as_ref()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs.into_iter().filter_map(|slug| prefetch::institution(context, slug, &self.lang).transpose()).collect()
    }

    /// Verdict of an agreed or proposed note on comparability.
    fn verdict(&self) -> Option<ComparabilityVerdict> {
        self.model().verdict
    }

    /// Place of the figures in the record's list of discrepancies, counted from 0.
    fn discrepancy(&self) -> Option<i32> {
        self.model().discrepancy
    }

    /// Producers that agree with the present text.
    fn agreed_by(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let read = |slug: &crate::domain::ids::Slug| prefetch::institution(context, slug.as_str(), &self.lang).transpose();
        self.model().agreed_by.iter().filter_map(read).collect()
    }

    /// Mailbox of the function, for signed-in persons; never of a person.
    fn mailbox(&self, context: &Context) -> Option<&str> {
        self.model().mailbox.as_deref().filter(|_| comments::may_read(&context.actor))
    }

    /// Function that stands in for a focal point.
    fn deputy(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().deputy, language)
    }

    /// Mailbox of the function that stands in, for signed-in persons.
    fn deputy_mailbox(&self, context: &Context) -> Option<&str> {
        self.model().deputy_mailbox.as_deref().filter(|_| comments::may_read(&context.actor))
    }

    /// Of a focal point: when its institution last confirmed it.
    fn confirmed_at(&self) -> Option<DateTime> {
        (self.model().kind == RegisterKind::FocalPoint).then(|| self.model().confirmed_at()).flatten().map(DateTime)
    }

    /// Whether nobody has answered yet: a need without an accepted offer, a request without commitment, a challenge without answer.
    fn is_unanswered(&self) -> bool {
        registers::is_unanswered(self.model())
    }

    /// Whether a day that was named has passed while it is still open.
    fn is_overdue(&self, context: &Context) -> bool {
        registers::is_overdue(self.model(), context.today())
    }

    /// What was done with it, oldest first.
    fn history(&self) -> Vec<RegisterStep> {
        self.model().steps.iter().map(|step| RegisterStep { step: step.clone(), lang: self.lang.clone() }).collect()
    }

    /// The discussion, oldest first, for signed-in persons; empty for visitors.
    fn comments(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<CommentConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        super::comment::on(context, &Topic::Entry(self.record.id), &self.lang, &args)
    }

    /// Grows with every write; give it back as `expectedRevision`.
    fn revision(&self) -> i32 {
        i32::try_from(self.record.revision).unwrap_or(i32::MAX)
    }

    /// When it was registered.
    fn registered_at(&self) -> DateTime {
        DateTime(self.record.created_at)
    }

    /// When it was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.record.updated_at)
    }

    /// What the viewer may do with it now.
    fn viewer_actions(&self, context: &Context) -> Vec<RegisterCommand> {
        registers::commands(&context.actor, &self.record)
    }
}
