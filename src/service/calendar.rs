//! The calendar: what records and agreements document, computed, and what institutions register, kept with every change of a date.
//!
//! The dates of records lie in the search index, so that a part of the calendar is found among all records without reading them; only
//! the entries of a page are.

mod address;
mod collections;
mod events;
pub mod feed;
mod known;
pub mod write;

pub use crate::interop::calendar::{MEDIA_TYPE, note};
pub use address::{LIMIT_OF_DATASETS, parameters, read};
pub use collections::{as_registered, plans_over, registered_by, with_collections_ahead};
pub use events::{of_record, of_records, released_by, releases};
use events::{read_event, read_events, with_postponements};
pub use known::{Known, known};

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::agreement::{Agreement, date_on};
use crate::domain::calendar::{self as model, Dates, Event, Postponement, Source, Window, is_overdue};
use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::policy::{Actor, Audience, audience};
use crate::domain::problem::Problem;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{
    AgreementState, CalendarBasis, CalendarKind, CalendarState, MaskableField, MeetingVisibility, PublicationStatus, Vocabulary,
};
use crate::search::Results;
use crate::search::calendar::Dated;
use crate::search::order::SortOrder;
use crate::store::calendar::{self as table, EventRow};

use super::agreements::{self, Seen, scope_of, touches};
use super::catalogue::read_id;
use super::grid::strangers;
use super::{Catalogue, Error, Record, datasets};

/// Most registered entries that are looked through for one question.
const MOST_REGISTERED: usize = 5_000;

/// Which entries are wanted. Conditions hold together; of the members of a list one is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Entries that touch this day or a later one.
    pub from: Option<PartialDate>,
    /// Entries that touch this day or an earlier one.
    pub to: Option<PartialDate>,
    /// Kinds; empty for all.
    pub kinds: Vec<CalendarKind>,
    /// Producers or holders of the dataset, parties of the agreement, who convenes the meeting; empty for all.
    pub institutions: Vec<Slug>,
    /// Datasets; none for all.
    pub datasets: Option<Vec<Uuid>>,
    /// Topics or groups of topics of the dataset; empty for all.
    pub themes: Vec<String>,
    /// Reporting areas of the dataset; empty for all.
    pub areas: Vec<String>,
    /// States today; empty for all.
    pub states: Vec<CalendarState>,
    /// Whether they are past their day and not told as done.
    pub is_overdue: Option<bool>,
}

impl Filter {
    fn wants(&self, kind: CalendarKind, state: CalendarState, is_overdue: bool) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.states.is_empty() || self.states.contains(&state))
            && self.is_overdue.is_none_or(|wanted| wanted == is_overdue)
    }

    /// Whether it asks for what only datasets have.
    fn is_of_datasets(&self) -> bool {
        !self.themes.is_empty() || !self.areas.is_empty()
    }
}

/// A registered entry.
#[derive(Clone, Debug)]
pub struct EventRecord {
    /// Identifier.
    pub id: Uuid,
    /// Place in the order of registration.
    pub number: i64,
    /// Grows with every write.
    pub revision: i64,
    /// Creation, milliseconds from 1970-01-01 UTC.
    pub created_at: i64,
    /// Last write.
    pub updated_at: i64,
    /// The entry.
    pub event: Event,
    /// Every change of its date, oldest first.
    pub postponements: Vec<Postponement>,
}

/// What an entry comes from.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A date of a record.
    Record(Arc<Record>, Source),
    /// The last day of an agreement.
    Agreement(Box<Seen>),
    /// What an institution registered, with its dataset.
    Registered(Arc<EventRecord>, Option<Arc<Record>>),
}

/// An entry of the calendar, as it stands today.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it comes from.
    pub subject: Subject,
    /// What it is.
    pub kind: CalendarKind,
    /// The dates that count, as documented.
    pub dates: Dates,
    /// How it stands.
    pub state: CalendarState,
    /// Whether its last day is past and nothing tells that it was done.
    pub is_overdue: bool,
}

impl Entry {
    /// A registered entry.
    pub fn registered(event: Arc<EventRecord>, record: Option<Arc<Record>>, today: i64) -> Self {
        let (kind, dates, state) = (event.event.kind, *event.event.dates(), event.event.state);
        let is_overdue = dates.days().is_some_and(|(_, last)| is_overdue(state, last, today));
        Self { subject: Subject::Registered(event, record), kind, dates, state, is_overdue }
    }

    fn of_agreement(seen: Seen, today: i64) -> Option<Self> {
        let (dates, state) = last_day(&seen.record.agreement, today).filter(|_| !seen.record.is_draft())?;
        Some(Self { subject: Subject::Agreement(Box::new(seen)), kind: CalendarKind::AgreementEnd, dates, state, is_overdue: false })
    }

    /// The dates of a record.
    fn of_record(record: &Arc<Record>, today: i64) -> Vec<Self> {
        let documented = model::of_dataset(&record.dataset).into_iter();
        documented
            .map(|found| Self {
                subject: Subject::Record(record.clone(), found.mark.source),
                kind: found.mark.source.kind(),
                dates: found.dates,
                state: found.mark.state(today),
                is_overdue: found.mark.is_overdue(today),
            })
            .collect()
    }

    /// A name that stays the same whatever becomes of its date.
    pub fn uid(&self) -> String {
        match &self.subject {
            Subject::Record(record, source) => {
                let holding = match source {
                    Source::EmbargoEnd(place) => record.holding_ids.get(usize::from(*place)).map(|id| id.0),
                    _ => None,
                };
                format!("{}-{}@rihla", source.name(), holding.unwrap_or(record.id.0))
            }
            Subject::Agreement(seen) => format!("agreement-{}@rihla", seen.record.id),
            Subject::Registered(event, _) => format!("entry-{}@rihla", event.id),
        }
    }

    /// Where it comes from.
    pub fn basis(&self) -> CalendarBasis {
        match self.subject {
            Subject::Record(..) => CalendarBasis::Record,
            Subject::Agreement(_) => CalendarBasis::Agreement,
            Subject::Registered(..) => CalendarBasis::Registered,
        }
    }

    /// Revision of what it comes from, and when that was last written, milliseconds from 1970-01-01 UTC.
    pub fn written(&self) -> (i64, i64) {
        match &self.subject {
            Subject::Record(record, _) => (record.revision, record.updated_at),
            Subject::Agreement(seen) => (seen.record.revision, seen.record.updated_at),
            Subject::Registered(event, _) => (event.revision, event.updated_at),
        }
    }

    /// The dataset that it is about.
    pub fn record(&self) -> Option<&Arc<Record>> {
        match &self.subject {
            Subject::Record(record, _) => Some(record),
            Subject::Agreement(_) => None,
            Subject::Registered(_, record) => record.as_ref(),
        }
    }

    /// What was registered, where it was.
    pub fn event(&self) -> Option<&Arc<EventRecord>> {
        match &self.subject {
            Subject::Registered(event, _) => Some(event),
            _ => None,
        }
    }

    /// The institution whose date it is: who registered it, the holder of the embargo, else the producer. None of an agreement.
    pub fn institution(&self) -> Option<&Slug> {
        match &self.subject {
            Subject::Record(record, Source::EmbargoEnd(place)) => {
                record.dataset.holdings.get(usize::from(*place)).map(|holding| &holding.institution)
            }
            Subject::Record(record, _) => record.dataset.producer.as_ref(),
            Subject::Agreement(_) => None,
            Subject::Registered(event, _) => Some(&event.event.institution),
        }
    }

    /// Title: its own, else that of the dataset or agreement.
    pub fn title(&self, language: Option<&str>) -> String {
        let of_record = |record: &Arc<Record>| {
            let dataset = &record.dataset;
            dataset.titles.words(language, dataset.main_language()).unwrap_or(dataset.slug.as_str()).to_owned()
        };
        match &self.subject {
            Subject::Record(record, _) => of_record(record),
            Subject::Agreement(seen) => seen.record.agreement.title.words(language, None).unwrap_or_default().to_owned(),
            Subject::Registered(event, record) => {
                let own = event.event.title.words(language, None).map(str::to_owned);
                own.or_else(|| record.as_ref().map(of_record)).unwrap_or_default()
            }
        }
    }
}

/// The last day of an agreement with how it stands; none where nothing ends.
fn last_day(agreement: &Agreement, today: i64) -> Option<(Dates, CalendarState)> {
    let state = match agreement.state_on(today) {
        AgreementState::Draft | AgreementState::Terminated => return None,
        AgreementState::Expired => CalendarState::Done,
        _ => CalendarState::Planned,
    };
    let (agreed, last) = (agreement.ends_on?, agreement.until(today)?);
    // Of tacit renewal the present span ends later than what was agreed first.
    let date = if agreed.last_day() == last { agreed } else { date_on(last)? };
    Some((date.into(), state))
}

/// What a line of the calendar is read from.
#[derive(Clone, Debug)]
enum Place {
    Record(Dated),
    Agreement(usize),
    Registered(usize),
}

/// An entry before it is read.
#[derive(Clone, Debug)]
struct Line {
    order: (i64, CalendarKind, u8, i64, u64),
    place: Place,
}

/// A part of the calendar, in the order of first days.
pub struct Found {
    lines: Vec<Line>,
    agreements: Vec<Seen>,
    rows: Vec<EventRow>,
    /// Whether everything registered was looked through.
    pub is_complete: bool,
    today: i64,
}

/// Finds the entries that the actor may know of.
///
/// # Errors
/// The question is wrong, with every problem; or index or database is unavailable.
pub fn find(catalogue: &Catalogue, actor: &Actor, filter: &Filter, today: i64) -> Result<Found, Error> {
    let named: Vec<String> = filter.institutions.iter().map(ToString::to_string).collect();
    let mut problems: Vec<Problem> = strangers(catalogue, "institutions", &named)?;
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && to.last_day() < from.first_day()
    {
        problems.push(Problem::new("to", to, "lies before `from`; exchange the two"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let asked = DatasetFilter {
        themes: filter.themes.clone(),
        institutions: filter.institutions.clone(),
        reporting_areas: filter.areas.clone(),
        statuses: vec![PublicationStatus::Published],
        ..DatasetFilter::default()
    };
    let results = datasets::find(catalogue, actor, None, &asked, Some(SortOrder::Created), today)?;
    let window = Window::new(filter.from, filter.to);
    let wanted: Option<HashSet<Uuid>> = filter.datasets.as_ref().map(|ids| ids.iter().copied().collect());
    let is_wanted = |id: &Uuid| wanted.as_ref().is_none_or(|wanted| wanted.contains(id));
    let mut dated = results.dates(window, |mark| filter.wants(mark.source.kind(), mark.state(today), mark.is_overdue(today)));
    let limit = i64::try_from(MOST_REGISTERED + 1).unwrap_or(i64::MAX);
    let mut rows = catalogue.db.read(|conn| table::between(conn, window.from, window.to, limit))?;
    let is_complete = rows.len() <= MOST_REGISTERED;
    collections::give_way(catalogue, &results, &mut dated)?;
    let mut lines: Vec<Line> = dated
        .into_iter()
        .filter(|dated| is_wanted(&dated.id))
        .map(|dated| Line {
            order: (dated.mark.first, dated.mark.source.kind(), 0, i64::from(dated.number), dated.mark.packed()),
            place: Place::Record(dated),
        })
        .collect();
    let agreements = ending(catalogue, actor, filter, window, today)?;
    lines.extend(agreements.iter().enumerate().filter_map(|(place, seen)| {
        let (first, _) = last_day(&seen.record.agreement, today)?.0.days()?;
        Some(Line { order: (first, CalendarKind::AgreementEnd, 1, seen.record.number, 0), place: Place::Agreement(place) })
    }));
    rows.truncate(MOST_REGISTERED);
    // Who convenes a meeting about a record of others is found by it too.
    let is_of_asked = |row: &EventRow| row.dataset_id.is_some() && filter.institutions.iter().any(|slug| slug.as_str() == row.institution);
    let of_others = if rows.iter().any(is_of_asked) {
        let asked = DatasetFilter { institutions: Vec::new(), ..asked };
        Some(datasets::find(catalogue, actor, None, &asked, Some(SortOrder::Created), today)?)
    } else {
        None
    };
    let rows = registered(actor, filter, rows, (&results, of_others.as_ref()), &is_wanted, today)?;
    lines.extend(rows.iter().enumerate().map(|(place, row)| Line {
        order: (row.first_day, CalendarKind::parse(&row.kind).unwrap_or(CalendarKind::Meeting), 2, row.number, 0),
        place: Place::Registered(place),
    }));
    // The dates of each segment come in order: a sort that keeps runs has little left to do.
    lines.sort_by_key(|line| line.order);
    Ok(Found { lines, agreements, rows, is_complete, today })
}

/// The agreements that end in the window. They have neither topics nor areas.
fn ending(catalogue: &Catalogue, actor: &Actor, filter: &Filter, window: Window, today: i64) -> Result<Vec<Seen>, Error> {
    let is_of_kind = filter.kinds.is_empty() || filter.kinds.contains(&CalendarKind::AgreementEnd);
    if filter.is_of_datasets() || !is_of_kind {
        return Ok(Vec::new());
    }
    let scopes = match &filter.datasets {
        Some(ids) => Some(catalogue.records(actor, ids)?.values().map(|record| scope_of(record, None)).collect::<Vec<_>>()),
        None => None,
    };
    let mut found = agreements::visible(catalogue, actor)?;
    found.retain(|seen| {
        let agreement = &seen.record.agreement;
        let parties = agreement.institutions();
        let ends = last_day(agreement, today).filter(|_| !seen.record.is_draft());
        ends.is_some_and(|(dates, state)| {
            dates.days().is_some_and(|(first, last)| window.touches(first, last)) && filter.wants(CalendarKind::AgreementEnd, state, false)
        }) && (filter.institutions.is_empty() || filter.institutions.iter().any(|slug| parties.contains(&slug)))
            && scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| touches(agreement, scope)))
    });
    Ok(found)
}

/// Of registered entries those that are wanted and that the actor may know of: about records that were found, or, where institutions are
/// asked for, registered by one of them about any record that would be found without.
fn registered(
    actor: &Actor,
    filter: &Filter,
    rows: Vec<EventRow>,
    (results, of_others): (&Results, Option<&Results>),
    is_wanted: &impl Fn(&Uuid) -> bool,
    today: i64,
) -> Result<Vec<EventRow>, Error> {
    let about = |row: &EventRow| row.dataset_id.as_deref().map(read_id).transpose();
    let ids = rows.iter().filter_map(|row| about(row).transpose()).collect::<Result<HashSet<Uuid>, _>>()?;
    let shown = results.with_dates_among(&ids);
    let shown_of_others = of_others.map(|results| results.with_dates_among(&ids)).unwrap_or_default();
    let mut found = Vec::new();
    for row in rows {
        let (Some(kind), Some(state)) = (CalendarKind::parse(&row.kind), CalendarState::parse(&row.state)) else { continue };
        let is_of_asked = filter.institutions.iter().any(|slug| slug.as_str() == row.institution);
        let is_known = match about(&row)? {
            Some(id) => (shown.contains(&id) || (is_of_asked && shown_of_others.contains(&id))) && is_wanted(&id),
            None => {
                let is_convened = filter.institutions.is_empty() || is_of_asked;
                filter.datasets.is_none() && !filter.is_of_datasets() && is_convened && may_see_meeting(actor, &read_event(&row)?)
            }
        };
        if is_known && filter.wants(kind, state, is_overdue(state, row.last_day, today)) {
            found.push(row);
        }
    }
    Ok(found)
}

/// Whether the actor may know of a meeting that is about no dataset.
fn may_see_meeting(actor: &Actor, event: &Event) -> bool {
    event.visibility == Some(MeetingVisibility::Public) || audience(actor) >= Audience::Members
}

impl Found {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Place of the first entry that begins on a day or later.
    pub fn place_of(&self, day: i64) -> usize {
        self.lines.partition_point(|line| line.order.0 < day)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The entries of a range with their places, in four statements at most. What was withdrawn since it was found is left out.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn page(&self, catalogue: &Catalogue, actor: &Actor, range: Range<usize>) -> Result<Vec<(usize, Entry)>, Error> {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
        let rows: Vec<&EventRow> =
            lines.iter().filter_map(|line| if let Place::Registered(at) = line.place { self.rows.get(at) } else { None }).collect();
        let events: HashMap<String, Arc<EventRecord>> = read_events(catalogue, &rows)?;
        let mut ids: Vec<Uuid> =
            lines.iter().filter_map(|line| if let Place::Record(dated) = &line.place { Some(dated.id) } else { None }).collect();
        ids.extend(events.values().filter_map(|event| event.event.dataset));
        ids.sort_unstable();
        ids.dedup();
        let records = catalogue.records(actor, &ids)?;
        let entry = |line: &Line| match &line.place {
            Place::Record(dated) => {
                let own = Entry::of_record(records.get(&dated.id)?, self.today);
                own.into_iter().find(|entry| matches!(&entry.subject, Subject::Record(_, source) if *source == dated.mark.source))
            }
            Place::Agreement(at) => Entry::of_agreement(self.agreements.get(*at)?.clone(), self.today),
            Place::Registered(at) => {
                let event = events.get(&self.rows.get(*at)?.id)?.clone();
                let record = event.event.dataset.map(|id| records.get(&id).cloned());
                // Its record, or when it was collected, was hidden meanwhile.
                let is_hidden =
                    |record: &Option<Arc<Record>>| record.as_ref().is_none_or(|found| found.dataset.hides(MaskableField::Period));
                if record.as_ref().is_some_and(is_hidden) { None } else { Some(Entry::registered(event, record.flatten(), self.today)) }
            }
        };
        Ok(range.zip(lines).filter_map(|(at, line)| Some((at, entry(line)?))).collect())
    }
}
