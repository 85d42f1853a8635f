//! The calendar as the contract shows it.

use std::sync::Arc;

use juniper::{DefaultScalarValue, Executor, FieldResult, GraphQLInputObject, ID};
use uuid::Uuid;

use crate::domain::calendar::{Dates, Postponement};
use crate::domain::ids::Slug;
use crate::domain::time::Bound;
use crate::domain::vocabulary::{CalendarBasis, CalendarKind, CalendarState, DatePrecision, MeetingVisibility, Vocabulary};
use crate::service::Record;
use crate::service::calendar::{self, Entry, EventRecord, Filter, LIMIT_OF_DATASETS, Subject, note};
use crate::service::workbook::language as language_of;

use super::agreement::Agreement;
use super::connection::{PageArgs, PageInfo, Paging, place_cursor};
use super::context::Context;
use super::dataset::Dataset;
use super::error::{bad_input, from_service};
use super::institution::Institution;
use super::node::{NodeId, OwnKind};
use super::prefetch;
use super::scalars::{DateTime, LanguageTag, PartialDate, Uri};
use super::text::{Lang, answer_language, words};

/// Conditions on entries of the calendar. They are joined by "and"; the members of a list by "or".
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct CalendarFilter {
    /// Entries that touch this day or a later one; a month or year stands for its first day.
    pub from: Option<PartialDate>,
    /// Entries that touch this day or an earlier one; a month or year stands for its last day.
    pub to: Option<PartialDate>,
    /// Kinds.
    pub kinds: Option<Vec<CalendarKind>>,
    /// Producers or holders of the dataset, parties of the agreement, who convenes the meeting; by short name.
    pub institutions: Option<Vec<String>>,
    /// Datasets, by identifier or short name, at most 100.
    pub datasets: Option<Vec<ID>>,
    /// Topics or groups of topics of the dataset, by code. Agreements and meetings have none.
    pub themes: Option<Vec<String>>,
    /// Places that the dataset covers for certain, codes of PLACES. Agreements and meetings have none.
    pub reporting_areas: Option<Vec<String>>,
    /// States today.
    pub states: Option<Vec<CalendarState>>,
    /// Whether they are past their last day and were not told as done.
    pub is_overdue: Option<bool>,
}

impl CalendarFilter {
    fn read(self, context: &Context) -> FieldResult<Filter> {
        let mut institutions = Vec::new();
        for slug in self.institutions.unwrap_or_default() {
            institutions.push(Slug::parse(&slug).map_err(|remedy| bad_input(format!("where.institutions: {remedy}")))?);
        }
        let datasets = self.datasets.map(|ids| named(context, &ids)).transpose()?;
        Ok(Filter {
            from: self.from.map(|date| date.0),
            to: self.to.map(|date| date.0),
            kinds: self.kinds.unwrap_or_default(),
            institutions,
            datasets,
            themes: self.themes.unwrap_or_default(),
            areas: self.reporting_areas.unwrap_or_default(),
            states: self.states.unwrap_or_default(),
            is_overdue: self.is_overdue,
        })
    }
}

/// Datasets by identifier or short name; those that the viewer may not see are left out, and have no entries.
fn named(context: &Context, ids: &[ID]) -> FieldResult<Vec<Uuid>> {
    if ids.len() > LIMIT_OF_DATASETS {
        return Err(bad_input(format!("`where.datasets` names {} datasets; name at most {LIMIT_OF_DATASETS}", ids.len())));
    }
    let (mut found, mut slugs) = (Vec::new(), Vec::new());
    for id in ids {
        match NodeId::decode(id) {
            Some(NodeId::Dataset(id)) => found.push(id.0),
            _ => slugs.push(id.to_string()),
        }
    }
    found.extend(context.catalogue.records_by_slug(&context.actor, &slugs).map_err(from_service)?.iter().map(|record| record.id.0));
    Ok(found)
}

/// Dates as they are documented.
#[derive(Clone, Copy)]
pub struct CalendarDates(pub Dates);

/// Dates as they are documented: to the year, the month or the day. A month is the whole month; no day is made up.
#[juniper::graphql_object(context = Context)]
impl CalendarDates {
    /// Beginning; null where it is not documented, or there is none.
    fn start(&self) -> Option<PartialDate> {
        self.0.start.date().map(PartialDate)
    }

    /// End; null where it is not documented, or there is none. The same as the beginning for one day, month or year.
    fn end(&self) -> Option<PartialDate> {
        self.0.end.date().map(PartialDate)
    }

    /// Whether it goes on without an end, which is something else than an end that is not documented.
    fn goes_on(&self) -> bool {
        self.0.end == Bound::Open
    }

    /// How exactly the less exact of the dates is documented.
    fn precision(&self) -> Option<DatePrecision> {
        self.0.precision()
    }

    /// Whether a date is uncertain or approximate.
    fn is_approximate(&self) -> bool {
        self.0.is_approximate()
    }

    /// In the Extended Date/Time Format: `2018-08`, `2018-08/2019-01`, `2005/..`.
    fn edtf(&self) -> String {
        self.0.edtf()
    }
}

/// A page of the calendar.
pub struct CalendarPage {
    nodes: Vec<CalendarEntry>,
    page_info: PageInfo,
    total: i32,
    is_complete: bool,
    feed_url: String,
}

fn feed_url(context: &Context, filter: &Filter, lang: &Lang) -> String {
    let parameters = calendar::parameters(filter, lang.as_deref().map(|language| language_of(Some(language))));
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{}/calendar.ics{mark}{parameters}", context.base_url)
}

impl CalendarPage {
    /// The part of the calendar that is asked for.
    ///
    /// # Errors
    /// The question is wrong; index or database is unavailable.
    pub fn find(executor: &Executor<'_, '_, Context>, filter: CalendarFilter, args: &PageArgs, lang: &Lang) -> FieldResult<Self> {
        let context = executor.context();
        let filter = filter.read(context)?;
        let found = calendar::find(&context.catalogue, &context.actor, &filter, context.today()).map_err(from_service)?;
        let range = args.range(found.len())?;
        let entries = found.page(&context.catalogue, &context.actor, range.clone()).map_err(from_service)?;
        let mut records: Vec<Arc<Record>> = entries.iter().filter_map(|(_, entry)| entry.record().cloned()).collect();
        records.sort_by_key(|record| record.id);
        records.dedup_by_key(|record| record.id);
        prefetch::datasets(context, &prefetch::Wanted::below(&executor.look_ahead(), &["nodes.dataset"]), &records)?;
        let page_info = PageInfo { has_next_page: range.end < found.len(), has_previous_page: range.start > 0, ..PageInfo::default() };
        Ok(Self::page(context, entries, (page_info, found.len(), found.is_complete), feed_url(context, &filter, lang), lang))
    }

    /// The calendar of one dataset.
    ///
    /// # Errors
    /// A cursor is not one of this list; the database is unavailable.
    pub fn of_dataset(context: &Context, record: &Arc<Record>, args: &PageArgs, lang: &Lang) -> FieldResult<Self> {
        let events = prefetch::events_of(context, record)?;
        let all = calendar::of_record(record, &events, context.today());
        let (total, range) = (all.len(), args.range(all.len())?);
        let page_info = PageInfo { has_next_page: range.end < total, has_previous_page: range.start > 0, ..PageInfo::default() };
        let entries = all.into_iter().enumerate().skip(range.start).take(range.len()).collect();
        let filter = Filter { datasets: Some(vec![record.id.0]), ..Filter::default() };
        Ok(Self::page(context, entries, (page_info, total, true), feed_url(context, &filter, lang), lang))
    }

    fn page(
        context: &Context,
        entries: Vec<(usize, Entry)>,
        (page_info, total, is_complete): (PageInfo, usize, bool),
        feed_url: String,
        lang: &Lang,
    ) -> Self {
        let named = entries.iter().filter_map(|(_, entry)| entry.institution()).map(ToString::to_string);
        let moved = entries.iter().filter_map(|(_, entry)| entry.event()).flat_map(|event| &event.postponements);
        prefetch::expect(context, named.chain(moved.map(|moved| moved.institution.to_string())), []);
        let page_info = PageInfo {
            start_cursor: entries.first().map(|(place, _)| place_cursor(*place)),
            end_cursor: entries.last().map(|(place, _)| place_cursor(*place)),
            ..page_info
        };
        let nodes = entries.into_iter().map(|(_, entry)| CalendarEntry { entry, lang: lang.clone() }).collect();
        Self { nodes, page_info, total: i32::try_from(total).unwrap_or(i32::MAX), is_complete, feed_url }
    }
}

/// A page of the calendar, by first day. It ranks nobody.
#[juniper::graphql_object(context = Context)]
impl CalendarPage {
    /// The entries of the page.
    fn nodes(&self) -> &[CalendarEntry] {
        &self.nodes
    }

    /// Where the page stands in the calendar.
    fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Number of entries that were found.
    fn total_count(&self) -> i32 {
        self.total
    }

    /// Whether all entries were looked through. False where more than 5,000 were registered in the window; the dates of records and
    /// agreements are always complete. Ask for a shorter time.
    fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Address of the same entries as iCalendar, to subscribe to: those that anyone may see, at most 2,000.
    fn feed_url(&self) -> Uri {
        Uri(self.feed_url.clone())
    }
}

/// An entry of the calendar.
#[derive(Clone)]
pub struct CalendarEntry {
    /// As it stands today.
    pub entry: Entry,
    /// Language of the answer.
    pub lang: Lang,
}

impl CalendarEntry {
    fn event(&self) -> Option<&EventRecord> {
        self.entry.event().map(Arc::as_ref)
    }

    fn language(&self) -> &'static str {
        language_of(self.lang.as_deref())
    }
}

/// An entry of the calendar: a date that a record or an agreement documents, or that an institution registered.
#[juniper::graphql_object(context = Context)]
impl CalendarEntry {
    /// A name that stays the same whatever becomes of the date; the same as in the iCalendar file.
    fn uid(&self) -> String {
        self.entry.uid()
    }

    /// What it is.
    fn kind(&self) -> CalendarKind {
        self.entry.kind
    }

    /// What it is, in the reader's language.
    fn kind_label(&self) -> &'static str {
        self.entry.kind.label(self.language())
    }

    /// Where it comes from.
    fn basis(&self) -> CalendarBasis {
        self.entry.basis()
    }

    /// Title in the wanted language: its own, else that of the dataset or agreement.
    fn title(&self, language: Option<LanguageTag>) -> String {
        self.entry.title(language.as_ref().map(|tag| tag.0.as_str()).or(self.lang.as_deref()))
    }

    /// The dates that count: when it was done, else when it is planned.
    fn dates(&self) -> CalendarDates {
        CalendarDates(self.entry.dates)
    }

    /// Beginning of the dates that count; null where it is not documented, or there is none.
    fn start(&self) -> Option<PartialDate> {
        self.entry.dates.start.date().map(PartialDate)
    }

    /// End of the dates that count; null where it is not documented, or there is none.
    fn end(&self) -> Option<PartialDate> {
        self.entry.dates.end.date().map(PartialDate)
    }

    /// How exactly the dates that count are documented.
    fn precision(&self) -> Option<DatePrecision> {
        self.entry.dates.precision()
    }

    /// How exactly the dates are documented, in a sentence in the reader's language; null where they are known to the day.
    fn date_note(&self) -> Option<String> {
        Some(note(&self.entry.dates, self.language())).filter(|note| !note.is_empty())
    }

    /// How it stands today, by what was told and by what the dates make of it.
    fn state(&self) -> CalendarState {
        self.entry.state
    }

    /// How it stands, in the reader's language.
    fn state_label(&self) -> &'static str {
        self.entry.state.label(self.language())
    }

    /// Why it was given up.
    fn state_reason(&self, language: Option<LanguageTag>) -> Option<String> {
        self.event().and_then(|event| words(&event.event.reason, language, &self.lang, None))
    }

    /// Whether its last day is past and it was not told as done. That may be so because nobody has told it yet.
    fn is_overdue(&self) -> bool {
        self.entry.is_overdue
    }

    /// When it is planned, or was planned last; null where a record documents only when it took place.
    fn planned(&self) -> Option<CalendarDates> {
        let is_past = self.entry.kind == CalendarKind::Collection && self.entry.state != CalendarState::Planned;
        match (&self.entry.subject, self.event()) {
            (_, Some(event)) => Some(CalendarDates(event.event.planned)),
            (Subject::Record(..), None) if is_past => None,
            _ => Some(CalendarDates(self.entry.dates)),
        }
    }

    /// When it took place; null where that is not documented.
    fn actual(&self) -> Option<CalendarDates> {
        let is_past = self.entry.kind == CalendarKind::Collection && self.entry.state != CalendarState::Planned;
        match (&self.entry.subject, self.event()) {
            (_, Some(event)) => event.event.actual.map(CalendarDates),
            (Subject::Record(..), None) if is_past => Some(CalendarDates(self.entry.dates)),
            _ => None,
        }
    }

    /// Every change of the date, oldest first. None is ever taken away.
    fn postponements(&self) -> Vec<CalendarPostponement> {
        let postponements = self.event().into_iter().flat_map(|event| event.postponements.iter().cloned());
        postponements.map(|model| CalendarPostponement { model, lang: self.lang.clone() }).collect()
    }

    /// The dataset that it is about.
    fn dataset(&self) -> Option<Dataset> {
        self.entry.record().map(|record| Dataset { record: record.clone(), lang: self.lang.clone() })
    }

    /// The agreement that ends.
    fn agreement(&self) -> Option<Agreement> {
        match &self.entry.subject {
            Subject::Agreement(seen) => Some(Agreement { seen: (**seen).clone(), lang: self.lang.clone() }),
            _ => None,
        }
    }

    /// The institution whose date it is: who registered it, the holder of the embargo, else the producer. An agreement names its parties.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        match self.entry.institution() {
            Some(slug) => prefetch::institution(context, slug.as_str(), &self.lang),
            None => Ok(None),
        }
    }

    /// Identifier for the mutations of the calendar; null for what was not registered in it.
    fn entry(&self) -> Option<ID> {
        self.event().map(|event| NodeId::Own(OwnKind::CalendarEntry, event.id).encode())
    }

    /// Revision for the mutations of the calendar; null for what was not registered in it.
    fn revision(&self) -> Option<i32> {
        self.event().map(|event| i32::try_from(event.revision).unwrap_or(i32::MAX))
    }

    /// Who sees a meeting that is about no dataset; null for anything else.
    fn visibility(&self) -> Option<MeetingVisibility> {
        self.event().and_then(|event| event.event.visibility)
    }

    /// When what it comes from was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.entry.written().1)
    }
}

/// A change of a date.
#[derive(Clone)]
pub struct CalendarPostponement {
    model: Postponement,
    lang: Lang,
}

/// A change of the date of an entry, with its reason.
#[juniper::graphql_object(context = Context)]
impl CalendarPostponement {
    /// When it was planned before.
    fn from(&self) -> CalendarDates {
        CalendarDates(self.model.from)
    }

    /// When it is planned since.
    fn to(&self) -> CalendarDates {
        CalendarDates(self.model.to)
    }

    /// Why.
    fn reason(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.reason, language, &self.lang, None)
    }

    /// Institution in whose name it was told.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, self.model.institution.as_str(), &self.lang)
    }

    /// Function of the person who told it.
    fn by(&self) -> &str {
        &self.model.function
    }

    /// When it was told.
    fn at(&self) -> DateTime {
        DateTime(self.model.at)
    }
}

/// The calendar for a question of the root.
///
/// # Errors
/// The question is wrong; index or database is unavailable.
pub fn list(
    executor: &Executor<'_, '_, Context, DefaultScalarValue>,
    filter: Option<CalendarFilter>,
    (first, after, last, before): Paging,
    language: Option<LanguageTag>,
) -> FieldResult<CalendarPage> {
    let lang = answer_language(language, executor.context());
    let args = PageArgs::check(first, after, last, before, 20)?;
    CalendarPage::find(executor, filter.unwrap_or_default(), &args, &lang)
}
