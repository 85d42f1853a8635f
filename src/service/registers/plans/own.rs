//! Plans that not everyone sees: what they meet is told to their own institution, and to nobody else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::policy::{Actor, Channel, Person};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{NoticeKind, PublicationStatus};
use crate::service::catalogue::{day_of, now_ms};
use crate::service::{Catalogue, Error, Record, overlaps};
use crate::store::{Conn, outbox};

use super::noted::{self, Last, month_text, read_month};
use super::{Meeting, announced, is_shown};

/// What a hidden plan was told to meet, as it is kept beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    /// Who was told: the producer of the plan.
    producer: String,
    /// The plans that it was told to meet, with the first and last month of both.
    met: Vec<(Uuid, Option<PartialDate>, Option<PartialDate>)>,
}

impl Told {
    fn name(plan: Uuid) -> String {
        format!("own-plan:{plan}")
    }

    fn mark(&self) -> String {
        self.met.iter().fold(self.producer.clone(), |mark, (id, from, to)| format!("{mark} {id}/{}/{}", month_text(*from), month_text(*to)))
    }

    fn read(mark: &str) -> Self {
        let (producer, pairs) = mark.split_once(' ').unwrap_or((mark, ""));
        let pair = |word: &str| {
            let (id, months) = word.split_once('/')?;
            let (from, to) = months.split_once('/')?;
            Some((Uuid::parse_str(id).ok()?, read_month(from), read_month(to)))
        };
        Self { producer: producer.to_owned(), met: pairs.split(' ').filter_map(pair).collect() }
    }

    fn has(&self, meeting: &Meeting) -> bool {
        self.met.iter().any(|(id, from, _)| *id == meeting.other.id.0 && *from == meeting.from)
    }

    /// Whether an institution knows all that its plan meets, and was told of nothing else.
    fn says_all(&self, producer: &Slug, meetings: &[Meeting]) -> bool {
        self.producer == producer.as_str() && self.met.len() == meetings.len() && meetings.iter().all(|meeting| self.has(meeting))
    }
}

/// Whether the institution of the first of two plans was told that they meet when the plan was not shown to everyone.
///
/// # Errors
/// The statement failed.
pub(super) fn was_told(conn: &mut Conn, meeting: &Meeting) -> Result<bool, Error> {
    let told = outbox::reminder(conn, &Told::name(meeting.one.id.0))?.map(|(mark, _)| Told::read(&mark));
    Ok(told.is_some_and(|told| told.producer == meeting.producers[0] && told.has(meeting)))
}

/// Tells editors and validators of each plan that not everyone sees of the plans of others that it meets, and of those that they were told of and it
/// meets no more. The others are looked at as any member of the registry sees them; their institutions learn nothing. Returns how many were told of.
///
/// # Errors
/// Index or database are unavailable; what was told is told once.
pub(super) fn tell(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let today = day_of(now);
    let hidden = not_open(catalogue, today)?;
    if hidden.is_empty() {
        return Ok(0);
    }
    let member = Actor::Person(Arc::new(Person { id: Uuid::nil(), grants: Vec::new(), channel: Channel::Session }));
    let asked: Vec<(Uuid, &Dataset)> = hidden.iter().map(|(id, record)| (*id, &record.dataset)).collect();
    let (mut found, mut still) = (Vec::new(), HashSet::new());
    for (id, mut pair) in overlaps::clashes_of(catalogue, &member, &asked, today)?.list {
        still.insert((id, pair.other.id.0));
        pair.one = hidden.get(&id).cloned();
        found.push(pair);
    }
    let mut met: HashMap<Uuid, Vec<Meeting>> = HashMap::new();
    for meeting in announced(found, today) {
        met.entry(meeting.one.id.0).or_default().push(meeting);
    }
    let names: Vec<String> = hidden.keys().map(|id| Told::name(*id)).collect();
    let known = catalogue.db.read(|conn| outbox::reminders(conn, &names))?;
    let known: HashMap<String, Told> = known.into_iter().map(|(name, mark)| (name, Told::read(&mark))).collect();
    let others: Vec<Uuid> = known.values().flat_map(|told| &told.met).map(|(id, _, _)| *id).collect();
    let others = catalogue.records(&member, &others)?;
    // Who looks ahead, at the console, has the notices written today all the same.
    let around = Around { still, others, today, written: now.min(now_ms()) };
    let mut count = 0;
    for (id, plan) in &hidden {
        let Some(producer) = plan.dataset.producer.as_ref() else { continue };
        // What meets nothing stands in no list.
        let meetings = met.remove(id).unwrap_or_default();
        let told = known.get(&Told::name(*id));
        if told.map_or(meetings.is_empty(), |told| told.says_all(producer, &meetings)) {
            continue;
        }
        count += catalogue.db.write(|conn, _| around.tell_of(conn, plan, producer, &meetings))?;
    }
    Ok(count)
}

/// Published plans that not everyone sees, or of which not everyone sees what decides whether they meet another, whole.
fn not_open(catalogue: &Catalogue, today: i64) -> Result<HashMap<Uuid, Arc<Record>>, Error> {
    let (ids, _) = overlaps::possible_plans(catalogue, &Actor::Console, today)?;
    let open = catalogue.records(&Actor::Visitor, &ids)?;
    let closed: Vec<Uuid> = ids.into_iter().filter(|id| !open.get(id).is_some_and(|record| is_shown(record))).collect();
    let mut whole = catalogue.records(&Actor::Console, &closed)?;
    whole.retain(|_, record| record.dataset.status == PublicationStatus::Published);
    Ok(whole)
}

/// What is known of all plans when one of them is told of.
struct Around {
    /// Pairs of a hidden plan and another that meet, or may meet.
    still: HashSet<(Uuid, Uuid)>,
    /// The plans that were told of, as any member sees them.
    others: HashMap<Uuid, Arc<Record>>,
    /// Days from 1970-01-01.
    today: i64,
    /// When notices are written, milliseconds from 1970-01-01 UTC.
    written: i64,
}

impl Around {
    /// Tells the institution of one plan what it was not told. Returns of how many.
    fn tell_of(&self, conn: &mut Conn, plan: &Arc<Record>, producer: &Slug, meetings: &[Meeting]) -> Result<usize, Error> {
        let name = Told::name(plan.id.0);
        let last = outbox::reminder(conn, &name)?.map(|(mark, _)| Told::read(&mark));
        // Another institution may have the plan since, and was told nothing yet.
        let told = last.clone().filter(|told| told.producer == producer.as_str());
        let mut now = Told { producer: producer.to_string(), met: Vec::new() };
        let mut count = self.tell_met(conn, meetings, told.as_ref(), &mut now)?;
        for pair in told.into_iter().flat_map(|told| told.met) {
            if meetings.iter().all(|meeting| meeting.other.id.0 != pair.0) {
                count += self.tell_apart(conn, plan, pair, &mut now)?;
            }
        }
        let says_anything = !now.met.is_empty() || last.is_some();
        if says_anything && last.as_ref() != Some(&now) {
            outbox::set_reminder(conn, &name, &now.mark(), self.written)?;
        }
        Ok(count)
    }

    /// Tells of the plans that it meets, and notes them.
    fn tell_met(&self, conn: &mut Conn, meetings: &[Meeting], told: Option<&Told>, now: &mut Told) -> Result<usize, Error> {
        let mut count = 0;
        for meeting in meetings {
            let pair = meeting.as_noted();
            // Of what everyone could see until now both were told.
            let was_open = matches!(noted::last(conn, &pair)?, Some(Last::Met(last)) if last.is_same(&pair));
            let is_known = was_open || told.is_some_and(|told| told.has(meeting));
            if is_known || meeting.tell_first(conn, NoticeKind::PlansClash, self.written)? {
                now.met.push((meeting.other.id.0, meeting.from, meeting.to));
                count += usize::from(!is_known);
            }
        }
        Ok(count)
    }

    /// Tells that a plan meets another no more, of which it was told; or keeps the note, where that is not known.
    fn tell_apart(
        &self,
        conn: &mut Conn,
        plan: &Arc<Record>,
        (other, from, to): (Uuid, Option<PartialDate>, Option<PartialDate>),
        now: &mut Told,
    ) -> Result<usize, Error> {
        // What is past meets no more, and nobody has moved it.
        if to.is_some_and(|month| month.last_day() < self.today) {
            return Ok(0);
        }
        let may_meet = self.still.contains(&(plan.id.0, other));
        let is_readable = |record: &&Arc<Record>| record.dataset.status == PublicationStatus::Retired || is_shown(record);
        // Of a plan that is not shown to its people any more an institution is not told whether it still meets its own.
        let shown = self.others.get(&other).filter(|record| !may_meet && is_readable(record));
        let producers = plan.dataset.producer.as_ref().zip(shown.and_then(|record| record.dataset.producer.as_ref()));
        let Some((record, (own, theirs))) = shown.zip(producers) else {
            now.met.push((other, from, to));
            return Ok(0);
        };
        let producers = [own, theirs].map(ToString::to_string);
        let apart = Meeting { one: plan.clone(), other: record.clone(), producers, from, to };
        Ok(usize::from(apart.tell_first(conn, NoticeKind::PlansApart, self.written)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_read_as_it_was_noted() {
        let one = (Uuid::from_u128(1), read_month("2087-05"), read_month("2087-06"));
        for met in [Vec::new(), vec![one], vec![one, (Uuid::from_u128(2), None, None), (Uuid::from_u128(3), read_month("2090"), None)]] {
            let told = Told { producer: "nso".to_owned(), met };
            assert_eq!(Told::read(&told.mark()), told);
        }
        assert_eq!(Told::read(""), Told::default());
    }
}
