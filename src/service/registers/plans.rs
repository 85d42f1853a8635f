//! Who is told that planned collections of two institutions meet in the same field, area and months, or meet no more.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::overlap::Clash;
use crate::domain::policy::Actor;
use crate::domain::register::pair_key;
use crate::domain::text::{is_rtl, isolated};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{MaskableField, NoticeDay, NoticeKind, PublicationStatus, Role};
use crate::domain::workdays::Day;
use crate::interop::label::cut;
use crate::service::catalogue::{day_of, now_ms};
use crate::service::overlaps::ClashingPair;
use crate::service::{Catalogue, Error, Record, notify, overlaps};
use crate::store::{Conn, outbox};

/// Longest title of a plan in a notice of two, in characters: the months behind them are to be read too.
const LONGEST_TITLE: usize = 130;
/// What is noted of a pair that met, and meets no more.
const APART: &str = "-";
/// What of a record decides whether it meets a plan.
const DECIDING: [MaskableField; 4] =
    [MaskableField::Themes, MaskableField::Populations, MaskableField::ReportingAreas, MaskableField::Period];

/// Tells editors and validators of both institutions that planned collections of theirs meet in the same field, area and months; each pair
/// once for each month in which it begins to meet. Only what anyone may see is compared, so that nobody learns of a plan that is not shown to
/// them. Returns how many pairs were told of.
///
/// # Errors
/// Index or database are unavailable; what was told is told once.
pub fn tell_clashes(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let filter = DatasetFilter { statuses: vec![PublicationStatus::Published], ..DatasetFilter::default() };
    let found = overlaps::clashes(catalogue, &Actor::Visitor, &filter, None, day_of(now))?;
    tell(catalogue, found.list, now)
}

/// Carries out what may move a plan, be it by its record or in the calendar, and tells both institutions of the plans that it meets since, and of
/// those that it met and meets no more. What is carried out stands, whether anybody can be told or not.
///
/// # Errors
/// Those of what is carried out.
pub fn telling<T>(catalogue: &Catalogue, plan: Option<Uuid>, now: i64, carry_out: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let Some(id) = plan else { return carry_out() };
    let before = met(catalogue, id, now);
    let done = carry_out()?;
    let told = before.and_then(|before| {
        let after = met(catalogue, id, now)?;
        let still = |pair: &ClashingPair| after.pairs.iter().any(|known| known.other.id == pair.other.id);
        // Of a plan that is not shown to everyone any more nobody is told whether it still meets what it met.
        let apart: Vec<ClashingPair> = before.pairs.into_iter().filter(|pair| after.is_shown && !still(pair)).collect();
        Ok(tell_apart(catalogue, apart, now)? + tell(catalogue, after.pairs, now)?)
    });
    // What meets and cannot be told now is told by the clock.
    if let Err(error) = told {
        tracing::warn!(%error, dataset = %id, "institutions were not told whether planned collections meet");
    }
    Ok(done)
}

/// What a plan meets.
#[derive(Default)]
struct Met {
    pairs: Vec<ClashingPair>,
    /// Whether everyone sees all that decides on it.
    is_shown: bool,
}

/// Plans that a plan meets, as anyone may see them; one that was retired meets none.
fn met(catalogue: &Catalogue, id: Uuid, now: i64) -> Result<Met, Error> {
    let Some(own) = catalogue.records(&Actor::Visitor, &[id])?.remove(&id) else { return Ok(Met::default()) };
    if own.dataset.status == PublicationStatus::Retired {
        return Ok(Met { pairs: Vec::new(), is_shown: true });
    }
    let is_shown = !DECIDING.iter().any(|field| own.dataset.hides(*field));
    let mut found = overlaps::clashes_of_draft(catalogue, &Actor::Visitor, &own.dataset, id, day_of(now))?.list;
    for pair in &mut found {
        pair.one = Some(own.clone());
    }
    Ok(Met { pairs: found, is_shown })
}

/// A meeting of two plans that both institutions are told of.
struct Meeting {
    one: Arc<Record>,
    other: Arc<Record>,
    /// Producers of the one and of the other.
    producers: [String; 2],
    from: Option<PartialDate>,
    to: Option<PartialDate>,
}

/// Of clashing pairs those that concern two institutions and are certain. A meeting that only may be, or is over, is shown to who asks and
/// announced to nobody.
fn announced(found: Vec<ClashingPair>, today: i64) -> Vec<Meeting> {
    let is_certain = |clash: &Clash| clash.undocumented.is_empty() && clash.to.is_none_or(|month| month.last_day() >= today);
    let of_two = found.into_iter().filter(|pair| is_certain(&pair.clash)).filter_map(|pair| {
        let one = pair.one?;
        let producers = [one.dataset.producer.clone()?, pair.other.dataset.producer.clone()?].map(|slug| slug.to_string());
        let meeting = Meeting { one, other: pair.other, producers, from: pair.clash.from, to: pair.clash.to };
        // What one institution plans twice it knows itself.
        (meeting.producers[0] != meeting.producers[1]).then_some(meeting)
    });
    of_two.collect()
}

impl Meeting {
    /// Name under which it is noted what was told of the pair.
    fn name(&self) -> String {
        format!("clash:{}", pair_key(self.one.id.0, self.other.id.0))
    }

    /// The two plans and their months, in a language as far as the records have it, else in their own.
    fn words(&self, plans: [&Record; 2], language: Option<&str>) -> String {
        let titles = plans.map(|record| {
            let title = record.dataset.titles.words(language, record.dataset.main_language());
            cut(title.unwrap_or(record.dataset.slug.as_str()), LONGEST_TITLE, false)
        });
        let (titles, months) = (titles.join(" – "), self.months());
        match months.as_str() {
            "" => titles,
            // Behind Arabic words months would be shown from their end.
            months if titles.chars().any(is_rtl) => format!("{titles} ({})", isolated(months)),
            months => format!("{titles} ({months})"),
        }
    }

    /// The months in which the two meet, written alike in every language.
    fn months(&self) -> String {
        let end = |month: Option<PartialDate>| month.map_or_else(|| "..".to_owned(), |month| month.to_string());
        match (self.from, self.to) {
            (None, None) => String::new(),
            (Some(from), Some(to)) if from == to => from.to_string(),
            (from, to) => format!("{}/{}", end(from), end(to)),
        }
    }

    /// Tells the people of both institutions, each of the plan of the other.
    fn tell(&self, conn: &mut Conn, kind: NoticeKind, now: i64) -> Result<(), Error> {
        for (own, theirs, slug) in [(&self.one, &self.other, &self.producers[0]), (&self.other, &self.one, &self.producers[1])] {
            let words = |language: Option<&str>| self.words([own, theirs], language);
            let (main, titles) = (words(None), notify::in_each(|_, language| words(Some(language))));
            let (path, id) = (format!("/dataset/{}", theirs.dataset.slug), theirs.id.to_string());
            // Until when the other plan can still be changed, as far as its producer has said so.
            let open = theirs.dataset.coverage.open_to_coordination_until.filter(|_| kind == NoticeKind::PlansClash);
            let open = open.map(|date| (NoticeDay::Coordination, Day(date.last_day())));
            for person in notify::people_with(conn, slug, &[Role::Editor, Role::Validator])? {
                notify::notice_until(conn, &person, kind, (&main, &titles), (&path, &id), open, now)?;
            }
        }
        Ok(())
    }
}

fn tell(catalogue: &Catalogue, found: Vec<ClashingPair>, now: i64) -> Result<usize, Error> {
    let since = |meeting: &Meeting| meeting.from.map(|month| month.to_string()).unwrap_or_default();
    note(catalogue, announced(found, day_of(now)), (NoticeKind::PlansClash, &since), now)
}

/// Tells both institutions of the pairs that met, and meet no more since a date was changed.
fn tell_apart(catalogue: &Catalogue, apart: Vec<ClashingPair>, now: i64) -> Result<usize, Error> {
    note(catalogue, announced(apart, day_of(now)), (NoticeKind::PlansApart, &|_| APART.to_owned()), now)
}

/// Tells of each pair what was not told of it last. Returns of how many.
fn note(
    catalogue: &Catalogue,
    meetings: Vec<Meeting>,
    (kind, mark): (NoticeKind, &dyn Fn(&Meeting) -> String),
    now: i64,
) -> Result<usize, Error> {
    if meetings.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for meeting in &meetings {
            let (name, mark) = (meeting.name(), mark(meeting));
            if outbox::reminder(conn, &name)?.is_some_and(|(told_of, _)| told_of == mark) {
                continue;
            }
            outbox::set_reminder(conn, &name, &mark, now)?;
            told += 1;
            meeting.tell(conn, kind, written)?;
        }
        Ok(told)
    })
}
