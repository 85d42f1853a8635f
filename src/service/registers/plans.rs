//! Who is told that planned collections of two institutions meet in the same field, area and months, or meet no more.
//!
//! What a person writes is told at once, by [`telling`]. What came another way (an import, a harvest, copies of another registry, another node) is
//! told by [`follow`], which reads the change log. Both note what they have told, so that nobody is told twice.

mod noted;
mod own;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::filter::DatasetFilter;
use crate::domain::overlap::Clash;
use crate::domain::policy::Actor;
use crate::domain::text::{is_rtl, isolated};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{MaskableField, NoticeDay, NoticeKind, PublicationStatus, Role};
use crate::domain::workdays::Day;
use crate::interop::label::cut;
use crate::service::calendar::known;
use crate::service::catalogue::{day_of, now_ms, read_id};
use crate::service::overlaps::ClashingPair;
use crate::service::{Catalogue, Error, Record, notify, overlaps};
use crate::store::{Conn, changes, outbox};

use noted::{Last, Noted};

/// Longest title of a plan in a notice of two, in characters: the months behind them are to be read too.
const LONGEST_TITLE: usize = 130;
/// Name of the follower of the change log.
const FOLLOWER: &str = "plans";
/// Changes that are looked through at once.
const PAGE: i64 = 1_000;
/// What of a record decides whether it meets a plan.
const DECIDING: [MaskableField; 4] =
    [MaskableField::Themes, MaskableField::Populations, MaskableField::ReportingAreas, MaskableField::Period];

/// Tells editors and validators of both institutions that planned collections of theirs meet in the same field, area and months; each pair
/// once for each month in which it begins to meet. Only what anyone may see is compared, so that nobody learns of a plan that is not shown to
/// them; of a plan that not everyone sees its own institution is told, alone. Returns how many pairs were told of.
///
/// # Errors
/// Index or database are unavailable; what was told is told once.
pub fn tell_clashes(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let filter = DatasetFilter { statuses: vec![PublicationStatus::Published], ..DatasetFilter::default() };
    let found = overlaps::clashes(catalogue, &Actor::Visitor, &filter, None, day_of(now))?;
    Ok(tell(catalogue, found.list, now)? + own::tell(catalogue, now)?)
}

/// Carries out what may move a plan or pass it on, be it by its record or in the calendar, and tells both institutions of the plans that it meets
/// since, and of those that it met and meets no more. What is carried out stands, whether anybody can be told or not.
///
/// # Errors
/// Those of what is carried out.
pub fn telling<T>(catalogue: &Catalogue, plan: Option<Uuid>, now: i64, carry_out: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let Some(id) = plan else { return carry_out() };
    let met_now = || Ok::<_, Error>(met(catalogue, &[id], now)?.remove(&id).unwrap_or_default());
    let before = met_now();
    let done = carry_out()?;
    let told = before.and_then(|before| {
        let after = met_now()?;
        let still = |pair: &ClashingPair| after.pairs.iter().any(|known| known.other.id == pair.other.id);
        // Of a plan that is not shown to everyone any more nobody is told whether it still meets what it met.
        let apart: Vec<ClashingPair> = before.pairs.into_iter().filter(|pair| after.is_shown && !still(pair)).collect();
        Ok(tell_apart(catalogue, apart, now)? + tell(catalogue, after.pairs, now)? + own::tell(catalogue, now)?)
    });
    // What cannot be told now is told by who follows the log, or by the clock.
    if let Err(error) = told {
        tracing::warn!(%error, dataset = %id, "institutions were not told whether planned collections meet");
    }
    Ok(done)
}

/// Looks through the records that were written since the last time, as far as the index has come, and tells of the plans among them as [`telling`]
/// does. Records that neither are plans nor were told of as such cost no more than one look into the index. Returns how many changes there were.
///
/// # Errors
/// Index or database are unavailable; nothing is lost, the next call tries again.
pub fn follow(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let indexed = catalogue.index.snapshot().seq;
    let from = catalogue.db.read(|conn| outbox::follower(conn, FOLLOWER))?;
    let mut page = match from {
        Some(from) if from >= indexed => return Ok(0),
        Some(from) => catalogue.db.read(|conn| changes::touched_after(conn, from, PAGE))?,
        // What was there before the first time is told by the clock.
        None => Vec::new(),
    };
    page.retain(|(seq, _, _)| *seq <= indexed);
    let reached = page.last().map_or(indexed, |(seq, _, _)| *seq);
    // What is registered in the calendar is told at once in any case.
    let written = page.iter().filter(|(_, entity, _)| entity == "DATASET").map(|(_, _, id)| read_id(id));
    let written = written.collect::<Result<HashSet<Uuid>, Error>>()?;
    if !written.is_empty() {
        tell_of(catalogue, &written, now)?;
    }
    catalogue.db.write(|conn, _| {
        // Another node may have been here since.
        if outbox::follower(conn, FOLLOWER)? == from {
            outbox::set_follower(conn, FOLLOWER, reached)?;
        }
        Ok::<_, Error>(())
    })?;
    Ok(page.len())
}

/// Tells of the plans among some records what was not told of them.
fn tell_of(catalogue: &Catalogue, written: &HashSet<Uuid>, now: i64) -> Result<(), Error> {
    let noted = noted::of_plans(catalogue, written)?;
    let mut asked = catalogue.index.snapshot().with_plans_among(written);
    asked.extend(known(catalogue)?.all.intersection(written).copied());
    asked.extend(noted.iter().flat_map(|pair| pair.plans).filter(|id| written.contains(id)));
    if asked.is_empty() {
        return Ok(());
    }
    let asked: Vec<Uuid> = asked.into_iter().collect();
    let met = met(catalogue, &asked, now)?;
    let meets = |pair: &Noted, id: &Uuid| {
        let [one, other] = pair.plans;
        let partner = if *id == one { other } else { one };
        met.get(id).map(|met| (met.is_shown, met.pairs.iter().any(|known| known.other.id.0 == partner)))
    };
    // Both plans may have been written: of neither anything may be hidden, and neither still meets the other.
    let is_apart = |pair: &&Noted| {
        let told: Vec<(bool, bool)> = pair.plans.iter().filter_map(|id| meets(pair, id)).collect();
        pair.is_ahead(day_of(now)) && told.iter().all(|(is_shown, meets)| *is_shown && !meets)
    };
    let apart: Vec<&Noted> = noted.iter().filter(is_apart).collect();
    let ids: Vec<Uuid> = apart.iter().flat_map(|pair| pair.plans).collect();
    let records = catalogue.records(&Actor::Visitor, &ids)?;
    let apart = apart.into_iter().filter_map(|pair| Meeting::of_noted(pair, &records)).collect();
    note(catalogue, apart, NoticeKind::PlansApart, now)?;
    let mut pairs: Vec<ClashingPair> = met.into_values().flat_map(|met| met.pairs).collect();
    pairs.sort_by_key(|pair| (pair.one.as_ref().map(|one| one.number), pair.other.number));
    tell(catalogue, pairs, now)?;
    own::tell(catalogue, now)?;
    Ok(())
}

/// What a plan meets.
#[derive(Default)]
struct Met {
    pairs: Vec<ClashingPair>,
    /// Whether everyone sees all that decides on it.
    is_shown: bool,
}

fn is_shown(record: &Record) -> bool {
    !DECIDING.iter().any(|field| record.dataset.hides(*field))
}

/// Plans that each of some plans meets, as anyone may see them; one that was retired meets none, of one that is not shown to everyone nothing is
/// known.
fn met(catalogue: &Catalogue, ids: &[Uuid], now: i64) -> Result<HashMap<Uuid, Met>, Error> {
    let records = catalogue.records(&Actor::Visitor, ids)?;
    let is_retired = |record: &Record| record.dataset.status == PublicationStatus::Retired;
    let of_one = |id: &Uuid| {
        let shown = records.get(id).is_some_and(|record| is_retired(record) || is_shown(record));
        (*id, Met { pairs: Vec::new(), is_shown: shown })
    };
    let mut all: HashMap<Uuid, Met> = ids.iter().map(of_one).collect();
    let live = records.values().filter(|record| !is_retired(record));
    let asked: Vec<(Uuid, &Dataset)> = live.map(|record| (record.id.0, &record.dataset)).collect();
    for (id, mut pair) in overlaps::clashes_of(catalogue, &Actor::Visitor, &asked, day_of(now))?.list {
        pair.one = records.get(&id).cloned();
        all.entry(id).or_default().pairs.push(pair);
    }
    Ok(all)
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
    /// A pair that was told of, with the months that were told; none where not everyone sees both.
    fn of_noted(pair: &Noted, records: &HashMap<Uuid, Arc<Record>>) -> Option<Self> {
        let [one, other] = pair.plans.map(|id| records.get(&id).cloned());
        let (one, other) = one.zip(other)?;
        let is_open = |record: &Record| record.dataset.status == PublicationStatus::Retired || is_shown(record);
        let producers = [one.dataset.producer.clone()?, other.dataset.producer.clone()?].map(|slug| slug.to_string());
        let is_told = is_open(&one) && is_open(&other) && producers[0] != producers[1];
        is_told.then(|| Self { one, other, producers, from: pair.from, to: pair.to.flatten() })
    }

    /// The pair with what is told of it.
    fn as_noted(&self) -> Noted {
        let mut producers = self.producers.clone();
        producers.sort_unstable();
        Noted { plans: [self.one.id.0, self.other.id.0], from: self.from, to: Some(self.to), producers: Some(producers) }
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

    /// Tells the people of both institutions, each of the plan of the other. Returns whether there is anybody.
    fn tell(&self, conn: &mut Conn, kind: NoticeKind, now: i64) -> Result<bool, Error> {
        let mut is_told = false;
        for side in [self, &self.turned()] {
            // An institution that was told of it when its plan was not shown to everyone knows it.
            is_told |= kind == NoticeKind::PlansClash && own::was_told(conn, side)? || side.tell_first(conn, kind, now)?;
        }
        Ok(is_told)
    }

    /// The same, as the institution of the other sees it.
    fn turned(&self) -> Self {
        let [one, other] = self.producers.clone();
        Self { one: self.other.clone(), other: self.one.clone(), producers: [other, one], ..*self }
    }

    /// Tells the people of the institution of the first plan of the other. Returns whether there is anybody.
    fn tell_first(&self, conn: &mut Conn, kind: NoticeKind, now: i64) -> Result<bool, Error> {
        let (theirs, own) = (&self.other, &self.producers[0]);
        let words = |language: Option<&str>| self.words([&self.one, theirs], language);
        let (main, titles) = (words(None), notify::in_each(|_, language| words(Some(language))));
        let (path, id) = (format!("/dataset/{}", theirs.dataset.slug), theirs.id.to_string());
        // Until when the other plan can still be changed, as far as its producer has said so.
        let open = theirs.dataset.coverage.open_to_coordination_until.filter(|_| kind == NoticeKind::PlansClash);
        let open = open.map(|date| (NoticeDay::Coordination, Day(date.last_day())));
        let people = notify::people_with(conn, own, &[Role::Editor, Role::Validator])?;
        for person in &people {
            notify::notice_until(conn, person, kind, (&main, &titles), (&path, &id), open, now)?;
        }
        Ok(!people.is_empty())
    }
}

fn tell(catalogue: &Catalogue, found: Vec<ClashingPair>, now: i64) -> Result<usize, Error> {
    note(catalogue, announced(found, day_of(now)), NoticeKind::PlansClash, now)
}

/// Tells both institutions of the pairs that met, and meet no more since a date was changed.
fn tell_apart(catalogue: &Catalogue, apart: Vec<ClashingPair>, now: i64) -> Result<usize, Error> {
    note(catalogue, announced(apart, day_of(now)), NoticeKind::PlansApart, now)
}

/// Tells of each pair what was not told of it last. Returns of how many.
fn note(catalogue: &Catalogue, meetings: Vec<Meeting>, kind: NoticeKind, now: i64) -> Result<usize, Error> {
    if meetings.is_empty() {
        return Ok(0);
    }
    // Who looks ahead, at the console, has the notices written today all the same.
    let written = now.min(now_ms());
    catalogue.db.write(|conn, _| {
        let mut told = 0;
        for meeting in &meetings {
            let pair = meeting.as_noted();
            let last = noted::last(conn, &pair)?;
            if kind == NoticeKind::PlansApart {
                if last != Some(Last::Apart) {
                    noted::apart(conn, &pair, now)?;
                    told += 1;
                    meeting.tell(conn, kind, written)?;
                }
                continue;
            }
            let is_known = matches!(&last, Some(Last::Met(last)) if last.is_same(&pair));
            // Where nobody is there to be told, whoever comes later is.
            if is_known || meeting.tell(conn, kind, written)? {
                told += usize::from(!is_known);
                noted::meets(conn, &pair, last, now)?;
            }
        }
        Ok(told)
    })
}
