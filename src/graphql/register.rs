//! The registers as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, ID};

use crate::domain::register::Entry;
use crate::domain::vocabulary::{
    CapacityKind, ChallengeKind, ComparabilityVerdict, ConceptScheme, NeedLevel, NeedPriority, ObjectiveAction, RegisterCommand,
    RegisterKind, RegisterState, RegisterVisibility,
};
use crate::service::registers::comments::{self, Topic};
use crate::service::registers::{self, EntryRecord};

use super::comment::CommentConnection;
use super::concept::Concept;
use super::connection::{PageArgs, connection};
use super::context::Context;
use super::dataset::Dataset;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::register_parts::{CapacityOffer, RegisterCell, RegisterStep, RequestCommitment};
use super::scalars::{DateTime, LanguageTag, PartialDate};
use super::text::{Lang, LocalizedString, all, words};

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

/// An entry of the registers: a challenge, a good practice, a capacity need, a strategy, an invitation, a training that was given, a
/// migration profile, a request for what is not documented, a statement that something is not collected, a decision on an overlap, an agreed
/// note, a focal point. It speaks in somebody's name, on a day. Fields
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

    /// The day that it is of; of a strategy the day on which it takes effect, of a training its first day, of a profile the day on which it
    /// was published.
    fn on(&self) -> Option<PartialDate> {
        self.model().on.map(PartialDate)
    }

    /// Until when: deadline of a need, day wished for in a request, last day of a strategy or training, day by which those invited are asked
    /// to answer.
    fn until(&self) -> Option<PartialDate> {
        self.model().until.map(PartialDate)
    }

    /// Address on the web where the document can be read.
    fn url(&self) -> Option<&str> {
        self.model().url.as_deref()
    }

    /// Datasets that it is about, as far as the viewer may see them.
    fn datasets(&self) -> Vec<Dataset> {
        self.model().datasets.iter().filter_map(|id| self.dataset_of(*id)).collect()
    }

    /// Institutions that it is about or is addressed to; of an invitation those that are invited, of a training those that took part.
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

    /// Function to turn to about a good practice; never a person.
    fn contact(&self, language: Option<LanguageTag>) -> Option<String> {
        self.text_of(&self.model().contact, language)
    }

    /// What a capacity need is of.
    fn capacity_kind(&self) -> Option<CapacityKind> {
        self.model().capacity_kind
    }

    /// Level of the skill or means that is needed.
    fn level(&self) -> Option<NeedLevel> {
        self.model().level
    }

    /// Priority of a need, as the institution sees it.
    fn priority(&self) -> Option<NeedPriority> {
        self.model().priority
    }

    /// Invited institutions that have said that they take part. Of the others nothing is known: they may not have answered yet.
    fn taking_part(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let read = |slug: &crate::domain::ids::Slug| prefetch::institution(context, slug.as_str(), &self.lang).transpose();
        self.model().taking_part(i64::MAX).iter().filter_map(read).collect()
    }

    /// Number of people whom a need concerns, or who took part in a training; null where it is not known.
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
        let agreed = self.model().agreed_by.iter().filter(|_| self.model().kind != RegisterKind::Invitation);
        agreed.filter_map(read).collect()
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

    /// Whether nobody has answered yet: a need without an accepted offer, a request without commitment, a challenge without answer, an
    /// invitation in which nobody takes part.
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
