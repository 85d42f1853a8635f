//! Renewals: who may still ask for one, until when, and what the deciders say.

use uuid::Uuid;

use crate::domain::workdays::Day;

use super::super::{By, Event, Moment, Part, Request};
use super::use_of_data::check_dates;
use super::{Decided, Refusal, invalid, of};

/// Why nothing is renewed under an agreement that has ended.
pub const NO_AGREEMENT: &str = "the agreement that the use rests on has ended, and no other one in force covers it; a new agreement is \
                                needed first, or a new request";

/// Whether a renewal may still be asked for. After the end that is so once, and as long as the destruction is not due: a renewal that is
/// asked for does not put it off.
pub fn may_ask(part: &Part, today: Day) -> Result<(), String> {
    if part.began_at.is_none() {
        return Err("the use never began, for not everyone accepted the undertaking; ask again".to_owned());
    }
    if part.ended.is_none() {
        return Ok(());
    }
    if !part.owes_destruction() {
        return Err("the data were declared destroyed; begin a new request".to_owned());
    }
    if part.is_renewal_refused {
        return Err("a renewal was refused after the end; declare the destruction, and begin a new request".to_owned());
    }
    match part.clock.due.filter(|due| *due < today) {
        Some(due) => Err(format!("the last day for the destruction, {due}, is past; declare it, and begin a new request")),
        None => Ok(()),
    }
}

/// A later end than now, within the agreement.
pub fn later_end(part: &Part, until: Day, agreement_ends: Option<Day>, moment: &Moment<'_>) -> Result<(), Refusal> {
    check_dates(moment.today(), until, moment)?;
    if part.until.filter(|_| part.ended.is_none()).is_some_and(|present| until <= present) {
        return Err(invalid("until", until, "is not later than the present end"));
    }
    if let Some(ends) = agreement_ends.filter(|ends| until > *ends) {
        return Err(invalid("until", until, format!("the agreement that the use rests on ends on {ends}")));
    }
    Ok(())
}

/// What a decider says of a renewal.
pub struct Renewal<'a> {
    /// Whether it is granted.
    pub is_granted: bool,
    /// Last day; the one asked for where left out.
    pub until: Option<Day>,
    /// Why.
    pub text: &'a str,
    /// When the agreement ends that it rests on.
    pub ends: Option<Day>,
    /// The agreement, where it is another one than before.
    pub agreement: Option<Uuid>,
}

/// Decides on a renewal, as many agreeing as on the request itself.
pub fn decide(request: &Request, part: &Part, by: &By, wanted: &Renewal<'_>, moment: &Moment<'_>) -> Decided {
    super::holder::has_declared(part, by)?;
    let until = wanted.is_granted.then(|| wanted.until.or(part.renewal_until)).flatten();
    if let Some(until) = until {
        later_end(part, until, wanted.ends, moment)?;
    }
    let told =
        |event| if wanted.is_granted { of(part, event).with_optional_text(wanted.text) } else { of(part, event).with_text(wanted.text) };
    let agreement = wanted.agreement.filter(|_| wanted.is_granted);
    if part.desk.quorum <= 1 {
        return Ok(vec![told(Event::RenewalDecided { is_granted: wanted.is_granted, until, agreement })?]);
    }
    let mut happenings = vec![told(Event::RenewalVoted { is_granted: wanted.is_granted, until })?];
    let later = super::after(request, by, &happenings, moment)?;
    let agreeing = super::agreeing(&later, part, wanted.is_granted)?;
    // Deciders who grant different times agree on the shortest.
    if let Some(agreeing) = agreeing {
        let until = agreeing.iter().filter_map(|ballot| ballot.until).min();
        happenings.push(told(Event::RenewalDecided { is_granted: wanted.is_granted, until, agreement })?);
    }
    Ok(happenings)
}
