//! Plans that not everyone sees: what they meet is told to their own institution, and to nobody else.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::policy::{Actor, Channel, Person};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{NoticeKind, PublicationStatus};
use crate::service::catalogue::{day_of, now_ms};
use crate::service::{Catalogue, Error, Record, overlaps};
use crate::store::{Conn, outbox};

use super::noted::{self, Last};
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
        let month = |month: &Option<PartialDate>| month.map(|month| month.to_string()).unwrap_or_default();
        self.met.iter().fold(self.producer.clone(), |mark, (id, from, to)| format!("{mark} {id}/{}/{}", month(from), month(to)))
    }

    fn read(mark: &str) -> Self {
        let mut words = mark.split(' ');
        let producer = words.next().unwrap_or_default().to_owned();
        let pair = |word: &str| {
            let mut parts = word.split('/');
            let id = parts.next().and_then(|id| Uuid::parse_str(id).ok())?;
            let mut month = || parts.next().and_then(|month| PartialDate::parse(month).ok());
            Some((id, month(), month()))
        };
        Self { producer, met: words.filter_map(pair).collect() }
    }

    fn has(&self, meeting: &Meeting) -> bool {
        self.met.iter().any(|(id, from, _)| *id == meeting.other.id.0 && *from == meeting.from)
    }

    /// Whether the institution of a plan knows all that it meets, and was told of nothing else.
    fn says_all(&self, plan: &Record, meetings: &[Meeting]) -> bool {
        let is_theirs = plan.dataset.producer.as_ref().is_some_and(|producer| producer.as_str() == self.producer);
        is_theirs && self.met.len() == meetings.len() && meetings.iter().all(|meeting| self.has(meeting))
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
    let mut found = Vec::new();
    for (id, mut pair) in overlaps::clashes_of(catalogue, &member, &asked, today)?.list {
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
    let (written, mut count) = (now.min(now_ms()), 0);
    for (id, plan) in &hidden {
        let meetings = met.remove(id).unwrap_or_default();
        let told = known.get(&Told::name(*id));
        if told.map_or(meetings.is_empty(), |told| told.says_all(plan, &meetings)) {
            continue;
        }
        let of_one = |conn: &mut Conn| tell_of_one(conn, plan, &meetings, &others, today, written);
        count += catalogue.db.write(|conn, _| of_one(conn))?;
    }
    Ok(count)
}

/// Published plans that not everyone sees, or of which not everyone sees what decides whether they meet another, whole.
fn not_open(catalogue: &Catalogue, today: i64) -> Result<HashMap<Uuid, Arc<Record>>, Error> {
    let ids = overlaps::possible_plans(catalogue, &Actor::Console, today)?.0;
    let open = catalogue.records(&Actor::Visitor, &ids)?;
    let closed: Vec<Uuid> = ids.into_iter().filter(|id| !open.get(id).is_some_and(|record| is_shown(record))).collect();
    let mut whole = catalogue.records(&Actor::Console, &closed)?;
    whole.retain(|_, record| record.dataset.status == PublicationStatus::Published && record.dataset.producer.is_some());
    Ok(whole)
}

/// Tells the institution of one plan what it was not told. Returns of how many.
fn tell_of_one(
    conn: &mut Conn,
    plan: &Record,
    meetings: &[Meeting],
    others: &HashMap<Uuid, Arc<Record>>,
    today: i64,
    written: i64,
) -> Result<usize, Error> {
    let name = Told::name(plan.id.0);
    let producer = plan.dataset.producer.as_ref().map(ToString::to_string).unwrap_or_default();
    let last = outbox::reminder(conn, &name)?.map(|(mark, _)| Told::read(&mark)).unwrap_or_default();
    // Another institution has the plan since, and was told nothing yet.
    let told = if last.producer == producer { last.clone() } else { Told::default() };
    let (mut now, mut count) = (Told { producer: producer.clone(), met: Vec::new() }, 0);
    for meeting in meetings {
        let pair = meeting.as_noted();
        // Of what everyone could see until now both were told.
        let was_open = matches!(noted::last(conn, &pair)?, Some(Last::Met(last)) if last.is_same(&pair));
        let is_known = was_open || told.has(meeting);
        if is_known || meeting.tell_first(conn, NoticeKind::PlansClash, written)? {
            now.met.push((meeting.other.id.0, meeting.from, meeting.to));
            count += usize::from(!is_known);
        }
    }
    for (other, from, to) in &told.met {
        let is_past = to.is_some_and(|month| month.last_day() < today);
        if is_past || meetings.iter().any(|meeting| meeting.other.id.0 == *other) {
            continue;
        }
        let shown = others.get(other).filter(|record| record.dataset.status == PublicationStatus::Retired || is_shown(record));
        // Of a plan that is not shown to its people any more an institution is not told whether it still meets its own.
        let Some(record) = shown else {
            now.met.push((*other, *from, *to));
            continue;
        };
        let theirs = record.dataset.producer.as_ref().map(ToString::to_string).unwrap_or_default();
        let (one, other) = (Arc::new(plan.clone()), record.clone());
        let apart = Meeting { one, other, producers: [producer.clone(), theirs], from: *from, to: *to };
        count += usize::from(apart.tell_first(conn, NoticeKind::PlansApart, written)?);
    }
    if now != last && !(now.met.is_empty() && last.met.is_empty()) {
        outbox::set_reminder(conn, &name, &now.mark(), written)?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_read_as_it_was_noted() {
        let month = |text: &str| PartialDate::parse(text).ok();
        let one = (Uuid::from_u128(1), month("2087-05"), month("2087-06"));
        for met in [Vec::new(), vec![one], vec![one, (Uuid::from_u128(2), None, None), (Uuid::from_u128(3), month("2090"), None)]] {
            let told = Told { producer: "nso".to_owned(), met };
            assert_eq!(Told::read(&told.mark()), told);
        }
        assert_eq!(Told::read(""), Told::default());
    }
}
