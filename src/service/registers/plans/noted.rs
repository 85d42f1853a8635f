//! What was told of two plans that meet, and which plans were told of.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::domain::register::pair_key;
use crate::domain::time::PartialDate;
use crate::service::{Catalogue, Error};
use crate::store::{Conn, outbox};

/// What is noted of a pair that met, and meets no more.
const APART: &str = "-";
/// What the names begin with under which it is kept which others a plan was told to meet.
const OF_PLAN: &str = "plan:";

/// Two plans that both institutions were told to meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    /// The plans.
    pub plans: [Uuid; 2],
    /// First month of both; none where both began before any date.
    pub from: Option<PartialDate>,
    /// Last month of both, none where both go on; not known of what was noted before it was kept.
    pub to: Option<Option<PartialDate>>,
    /// Their producers, in the order of their names; not known of what was noted before they were kept.
    pub producers: Option<[String; 2]>,
}

/// What was told of a pair last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// That the two meet.
    Met(Noted),
    /// That they meet no more.
    Apart,
}

impl Noted {
    fn name(&self) -> String {
        name_of(self.plans)
    }

    /// As it is kept: first and last month, and the producers.
    fn mark(&self) -> String {
        let months = self.to.map_or_else(|| month_text(self.from), |to| format!("{}/{}", month_text(self.from), month_text(to)));
        self.producers.iter().fold(months, |mark, [one, other]| format!("{mark} {one} {other}"))
    }

    fn read(plans: [Uuid; 2], mark: &str) -> Self {
        let mut words = mark.split(' ');
        let months = words.next().unwrap_or_default();
        let (from, to) = months.split_once('/').map_or((months, None), |(from, to)| (from, Some(to)));
        let producers = words.next().zip(words.next()).map(|(one, other)| [one.to_owned(), other.to_owned()]);
        Self { plans, from: read_month(from), to: to.map(read_month), producers }
    }

    /// Whether it is what was told: it begins in the same month, and is of the same institutions, as far as these were kept.
    pub fn is_same(&self, other: &Self) -> bool {
        let of_the_same = self.producers.as_ref().zip(other.producers.as_ref()).is_none_or(|(one, other)| one == other);
        self.from == other.from && of_the_same
    }

    /// Whether its months are not past on a day, as far as they are known: what is past meets no more, and nobody has moved it.
    pub fn is_ahead(&self, today: i64) -> bool {
        match self.to {
            Some(to) => to.is_none_or(|month| month.last_day() >= today),
            None => self.from.is_some_and(|month| month.last_day() >= today),
        }
    }
}

/// A month as it is kept; nothing where none is known.
pub(super) fn month_text(month: Option<PartialDate>) -> String {
    month.map_or_else(String::new, |month| month.to_string())
}

/// A month as it was kept.
pub(super) fn read_month(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).ok()
}

/// Name under which it is kept what was told of a pair.
fn name_of([one, other]: [Uuid; 2]) -> String {
    format!("clash:{}", pair_key(one, other))
}

/// Name under which it is kept which others a plan was told to meet.
fn name_of_plan(id: Uuid) -> String {
    format!("{OF_PLAN}{id}")
}

/// What was told of a pair last; none where nothing was.
///
/// # Errors
/// A statement failed.
pub(super) fn last(conn: &mut Conn, pair: &Noted) -> Result<Option<Last>, Error> {
    let last = outbox::reminder(conn, &pair.name())?;
    Ok(last.map(|(mark, _)| if mark == APART { Last::Apart } else { Last::Met(Noted::read(pair.plans, &mark)) }))
}

/// Notes that it was told that a pair meets no more.
///
/// # Errors
/// A statement failed.
pub(super) fn apart(conn: &mut Conn, pair: &Noted, now: i64) -> Result<(), Error> {
    Ok(outbox::set_reminder(conn, &pair.name(), APART, now)?)
}

/// Notes that it was told that a pair meets, beside both of its plans too.
///
/// # Errors
/// A statement failed.
pub(super) fn meets(conn: &mut Conn, pair: &Noted, last: Option<Last>, now: i64) -> Result<(), Error> {
    if last.is_some_and(|last| last == Last::Met(pair.clone())) {
        return Ok(());
    }
    outbox::set_reminder(conn, &pair.name(), &pair.mark(), now)?;
    let [one, other] = pair.plans;
    for (plan, partner) in [(one, other), (other, one)] {
        let (name, partner) = (name_of_plan(plan), partner.to_string());
        let known = outbox::reminder(conn, &name)?.map(|(known, _)| known).unwrap_or_default();
        if !known.split(' ').any(|id| id == partner) {
            outbox::set_reminder(conn, &name, format!("{known} {partner}").trim(), now)?;
        }
    }
    Ok(())
}

/// The pairs of which a plan is among some records, and of which it was told last that they meet; in two statements.
///
/// # Errors
/// The database is unavailable.
pub(super) fn of_plans(catalogue: &Catalogue, written: &HashSet<Uuid>) -> Result<Vec<Noted>, Error> {
    let told_under = |names: Vec<String>| catalogue.db.read(|conn| outbox::reminders(conn, &names));
    let mut pairs: Vec<[Uuid; 2]> = Vec::new();
    for (name, partners) in told_under(written.iter().map(|id| name_of_plan(*id)).collect())? {
        let plan = name.strip_prefix(OF_PLAN).and_then(|id| Uuid::parse_str(id).ok());
        for partner in partners.split(' ').filter_map(|id| Uuid::parse_str(id).ok()) {
            pairs.extend(plan.map(|plan| [plan.min(partner), plan.max(partner)]));
        }
    }
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    pairs.sort_unstable();
    pairs.dedup();
    let marks: HashMap<String, String> = told_under(pairs.iter().map(|pair| name_of(*pair)).collect())?.into_iter().collect();
    let told = pairs.into_iter().filter_map(|plans| Some((plans, marks.get(&name_of(plans))?)));
    Ok(told.filter(|(_, mark)| *mark != APART).map(|(plans, mark)| Noted::read(plans, mark)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_read_as_it_was_noted() {
        let plans = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let month = read_month;
        let producers = || Some(["nso".to_owned(), "police".to_owned()]);
        for (from, to) in [(month("2087-05"), month("2087-06")), (month("2087-05"), None), (None, None)] {
            let pair = Noted { plans, from, to: Some(to), producers: producers() };
            assert_eq!(Noted::read(plans, &pair.mark()), pair);
        }
        // Of what was noted before, only the first month is known.
        let before = Noted::read(plans, "2087-05");
        assert_eq!(before, Noted { plans, from: month("2087-05"), to: None, producers: None });
        let now = Noted { to: Some(month("2087-06")), producers: producers(), ..before.clone() };
        assert!(before.is_same(&now) && now.is_same(&before));
        let passed_on = Noted { producers: Some(["agency".to_owned(), "nso".to_owned()]), ..now.clone() };
        assert!(!passed_on.is_same(&now), "other institutions are to be told");
        let day = |text: &str| month(text).map(|date| date.first_day()).unwrap_or_default();
        assert_eq!([&before, &now].map(|pair| pair.is_ahead(day("2087-06-01"))), [false, true]);
        assert!(!now.is_ahead(day("2087-07-01")));
    }
}
