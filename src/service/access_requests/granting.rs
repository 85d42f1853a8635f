//! From approval to use: the undertaking, agreements between institutions that shorten the path, renewals.

use uuid::Uuid;

use crate::domain::access_request::command::Proposal;
use crate::domain::access_request::{Command, NO_AGREEMENT, Part, Request, allowed};
use crate::domain::agreement::Asked;
use crate::domain::ids::{DatasetId, HoldingId};
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{AgreementState, RequestCommand, RequestRole};
use crate::domain::workdays::Day;
use crate::store::{Conn, agreements as table};

use super::super::agreements::{self, AgreementRecord, Covering};
use super::super::drafts::Acting;
use super::super::{Catalogue, Error};
use super::filing::{institutions_of, text_hash};
use super::reading::Seen;
use super::{Target, desks, perform, unknown};

/// Agreements in force that cover a part: its holder, the institution that asks, the holding, the level and the purpose.
///
/// # Errors
/// A statement failed.
pub fn covering(conn: &mut Conn, request: &Request, part: &Part, today: Day) -> Result<Vec<Covering>, Error> {
    let frame = request.frame_of(part);
    let (Some(recipient), Some(purpose)) = (&frame.on_behalf_of, frame.purpose) else { return Ok(Vec::new()) };
    // Who has left the institution no longer asks in its name.
    if !institutions_of(conn, request.applicant)?.contains(&recipient.to_string()) {
        return Ok(Vec::new());
    }
    let asked = Asked {
        provider: &part.institution,
        recipient,
        holding: HoldingId(part.holding),
        dataset: DatasetId(part.dataset),
        data: part.data,
        purpose,
        on: today.0,
    };
    agreements::find_covering(conn, &asked)
}

/// Agreements that cover a part, as the actor sees them: for the access officers of the holder and for the applicant.
///
/// # Errors
/// The database is unavailable.
pub fn covering_for(catalogue: &Catalogue, actor: &Actor, seen: &Seen, part: &Part, now: i64) -> Result<Vec<agreements::Seen>, Error> {
    if !seen.is_applicant() && !seen.roles(part).contains(&RequestRole::AccessOfficer) {
        return Ok(Vec::new());
    }
    let found = catalogue.db.read(|conn| Ok(covering(conn, &seen.request, part, Day::of(now))))??;
    let known = found.iter().map(|covering| agreements::by_id(catalogue, actor, &covering.record.id.to_string()));
    Ok(known.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// What a person may do with a part now. An agreement that covers it is needed to put it into force under one, and to renew what rests on
/// one.
///
/// # Errors
/// The database is unavailable.
pub fn actions(catalogue: &Catalogue, seen: &Seen, part: &Part, now: i64) -> Result<Vec<RequestCommand>, Error> {
    let mut actions = allowed(&seen.request, &seen.by, Some(part), Day::of(now));
    if actions.contains(&RequestCommand::Activate) {
        let found = catalogue.db.read(|conn| Ok(covering(conn, &seen.request, part, Day::of(now))))??;
        actions.retain(|action| *action != RequestCommand::Activate || !found.is_empty());
    }
    if actions.contains(&RequestCommand::RequestRenewal) {
        let basis = catalogue.db.read(|conn| Ok(basis(conn, &seen.request, part, Day::of(now))))??;
        actions.retain(|action| *action != RequestCommand::RequestRenewal || basis.is_in_force);
    }
    Ok(actions)
}

/// What a holder proposes.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The text that everyone accepts.
    pub text: String,
    /// First day; today where left out.
    pub from: Option<Day>,
    /// Last day.
    pub until: Day,
    /// The registered agreement that it rests on.
    pub agreement: Option<Uuid>,
}

/// Proposes the undertaking.
///
/// # Errors
/// Not found, forbidden, or invalid.
pub fn propose(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, part: u32, offer: &Offer) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::ProposeAgreement, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let today = Day::of(acting.now);
        let agreement = offer.agreement.map(|id| named(conn, request, about, id, today)).transpose()?;
        let text = offer.text.trim().to_owned();
        let proposal = Proposal { agreement, text_hash: text_hash(&text), text, from: offer.from.unwrap_or(today), until: offer.until };
        Ok(Command::Propose { part, proposal })
    })
}

/// The agreement that is named, with its last day; it must cover what is asked for.
fn named(conn: &mut Conn, request: &Request, part: &Part, id: Uuid, today: Day) -> Result<(Uuid, Option<Day>), Error> {
    let found = covering(conn, request, part, today)?;
    let known = found.into_iter().find(|covering| covering.record.id == id);
    known.map(|covering| (id, covering.until.map(Day))).ok_or_else(|| {
        let remedy = "is no agreement in force that covers the institution that asks, this holding, its level and the purpose";
        Error::Invalid(vec![Problem::new("agreement", id, remedy)])
    })
}

/// Puts a part into force under an agreement between the institutions, which everyone concerned has accepted by signing it.
///
/// # Errors
/// Not found, forbidden, or no such agreement covers it.
pub fn activate(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    part: u32,
    agreement: Uuid,
    until: Option<Day>,
) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::Activate, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let today = Day::of(acting.now);
        let (agreement, ends) = named(conn, request, about, agreement, today)?;
        everyone_is_of_recipient(conn, request, about)?;
        let until = match (until, ends) {
            (Some(until), Some(ends)) if until > ends => {
                return Err(Error::Invalid(vec![Problem::new("until", until, format!("the agreement ends on {ends}"))]));
            }
            (Some(until), _) => until,
            (None, Some(ends)) => ends,
            (None, None) => {
                return Err(Error::Invalid(vec![Problem::new("until", "", "the agreement has no end; give the last day of use")]));
            }
        };
        Ok(Command::Activate { part, agreement, from: today, until })
    })
}

/// The signature of an institution binds its own people only: whoever else is to use the data accepts an undertaking in person.
fn everyone_is_of_recipient(conn: &mut Conn, request: &Request, part: &Part) -> Result<(), Error> {
    let Some(recipient) = request.frame_of(part).on_behalf_of.as_ref().map(ToString::to_string) else {
        let remedy = "the request is on behalf of no institution, so none has signed for it; propose an undertaking with `accessRequestAgreementPropose`";
        return Err(Error::Invalid(vec![Problem::new("agreement", "", remedy)]));
    };
    let members = request.members.iter().filter(|member| member.removed_at.is_none() && part.members.contains(&member.number));
    let mut outside = 0;
    for member in members {
        let is_of_it = match member.person {
            Some(person) => institutions_of(conn, person)?.contains(&recipient),
            None => false,
        };
        outside += usize::from(!is_of_it);
    }
    if outside == 0 {
        return Ok(());
    }
    let remedy = format!(
        "{outside} of those who are to use the data have no role in {recipient}, which signed; propose an undertaking under this agreement \
         with `accessRequestAgreementPropose`, which each of them accepts"
    );
    Err(Error::Invalid(vec![Problem::new("agreement", "", remedy)]))
}

/// Whether the agreement that a part rests on is in force, and until when; a part that rests on none has no such limit.
///
/// # Errors
/// A statement failed.
pub fn limit(conn: &mut Conn, part: &Part, today: Day) -> Result<(bool, Option<Day>), Error> {
    match part.undertaking.as_ref().and_then(|undertaking| undertaking.agreement) {
        None => Ok((true, None)),
        Some(id) => {
            let Some(row) = table::by_id(conn, &id.to_string())? else { return Ok((false, None)) };
            let agreement = AgreementRecord::of(&row)?.agreement;
            Ok((agreement.state_on(today.0) == AgreementState::InForce, agreement.until(today.0).map(Day)))
        }
    }
}

/// What a renewal of a part rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Whether it is in force.
    pub is_in_force: bool,
    /// Until when; none without a limit.
    pub ends: Option<Day>,
    /// The agreement, where it is another one than before.
    pub agreement: Option<Uuid>,
}

/// What a renewal of a part would rest on: the agreement that it rests on now, or another one in force that covers it and lasts longer.
///
/// # Errors
/// A statement failed.
pub fn basis(conn: &mut Conn, request: &Request, part: &Part, today: Day) -> Result<Basis, Error> {
    let (is_in_force, ends) = limit(conn, part, today)?;
    let own = Basis { is_in_force, ends, agreement: None };
    let present = part.undertaking.as_ref().and_then(|undertaking| undertaking.agreement);
    if present.is_none() || is_in_force && ends.is_none() {
        return Ok(own);
    }
    // The longest comes first.
    let other = covering(conn, request, part, today)?.into_iter().find(|covering| Some(covering.record.id) != present);
    let longer = |covering: &Covering| !is_in_force || covering.until.is_none_or(|until| ends.is_some_and(|ends| until > ends.0));
    Ok(other.filter(longer).map_or(own, |covering| Basis {
        is_in_force: true,
        ends: covering.until.map(Day),
        agreement: Some(covering.record.id),
    }))
}

/// Asks for a renewal.
///
/// # Errors
/// Not found, forbidden, or the agreement that it rests on has ended.
pub fn ask_renewal(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    part: u32,
    until: Day,
    text: &str,
) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::RequestRenewal, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let Basis { is_in_force: is_agreement_in_force, ends: agreement_ends, .. } = basis(conn, request, about, Day::of(acting.now))?;
        Ok(Command::AskRenewal { part, until, text: text.to_owned(), agreement_ends, is_agreement_in_force })
    })
}

/// Decides on a renewal.
///
/// # Errors
/// Not found, forbidden, invalid, or the agreement that it rests on has ended.
pub fn decide_renewal(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    target: Target<'_>,
    part: u32,
    (is_granted, until): (bool, Option<Day>),
    text: &str,
) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::DecideRenewal, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let Basis { is_in_force, ends: agreement_ends, agreement } = basis(conn, request, about, Day::of(acting.now))?;
        if is_granted && !is_in_force {
            return Err(Error::Invalid(vec![Problem::new("isGranted", is_granted, NO_AGREEMENT)]));
        }
        Ok(Command::DecideRenewal { part, is_granted, until, text: text.to_owned(), agreement_ends, agreement })
    })
}

/// Accepts the undertaking. Whoever became known only after submission is held against the holder's standing refusals here.
///
/// # Errors
/// Not found, forbidden, another text, or a standing rule of the holder that is for this person.
pub fn accept(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, part: u32, text_hash: &str) -> Result<Request, Error> {
    let person = super::person_of(acting.actor)?;
    perform(catalogue, acting, target, (RequestCommand::AcceptUndertaking, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let desk = desks::in_force(conn, about.institution.as_str(), &about.holding.to_string())?;
        let user = (person, institutions_of(conn, person)?);
        if person != request.applicant && desk.blocks(&user, Day::of(acting.now)) {
            let remedy = "a standing rule of the holder concerns you; write to its desk, which decides whether you take part";
            return Err(Error::Invalid(vec![Problem::new("part", part, remedy)]));
        }
        Ok(Command::Accept { part, text_hash: text_hash.to_owned() })
    })
}

/// Lets the use go on that was suspended, unless what it rests on is suspended or has ended.
///
/// # Errors
/// Not found, forbidden, or the agreement that it rests on is not in force.
pub fn resume(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, part: u32) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::Resume, Some(part)), |conn, request| {
        let about = request.part(part).ok_or_else(|| unknown(target.id))?;
        let (is_in_force, _) = limit(conn, about, Day::of(acting.now))?;
        if !is_in_force {
            let remedy = "the agreement that the use rests on is suspended or has ended; the use goes on once it is in force again";
            return Err(Error::Invalid(vec![Problem::new("part", part, remedy)]));
        }
        Ok(Command::Resume { part })
    })
}

/// Parts of a request whose agreement has ended, and those whose agreement is suspended.
///
/// # Errors
/// A statement failed.
pub fn lapsed(conn: &mut Conn, request: &Request, today: Day) -> Result<(Vec<u32>, Vec<u32>), Error> {
    let (mut ended, mut suspended) = (Vec::new(), Vec::new());
    for part in &request.parts {
        let Some(id) = part.undertaking.as_ref().and_then(|undertaking| undertaking.agreement) else { continue };
        match agreements::state_of(conn, &id.to_string(), today.0)? {
            Some(AgreementState::InForce) => {}
            Some(AgreementState::Suspended) => suspended.push(part.number),
            _ => ended.push(part.number),
        }
    }
    Ok((ended, suspended))
}
