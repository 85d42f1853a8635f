//! From a need or a request to what answers it: offers, support, commitments, fulfilment.

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::register::{Commitment, Entry, Offer, Step};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{
    OfferState, PublicationStatus, RefusalCode, RegisterCommand, RegisterState, RegisterVisibility, Visibility, Vocabulary,
};
use crate::service::catalogue::records_within;
use crate::service::drafts::Acting;
use crate::service::life::reason;
use crate::service::{Catalogue, Error};
use crate::store::registers::{self as table, SupportRow};
use crate::store::{Conn, datasets};

use super::write::{Given, Loaded, OWN_OFFER, give, load, log, name_for, seen_after};
use super::{EntryRecord, may};

/// Most offers to one need.
const MOST_OFFERS: usize = 50;

/// Offers to meet a capacity need of another institution.
///
/// # Errors
/// Not found, forbidden, a need of the own institution, too many, or written by another since.
pub fn offer(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, text: &str) -> Result<EntryRecord, Error> {
    let text = reason("offer", text)?;
    give(catalogue, acting, RegisterCommand::Offer, given, |_, entry, name| {
        let institution = name.cloned().ok_or(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::RegisterWrite })?;
        if entry.offers.len() >= MOST_OFFERS {
            return Err(Error::Invalid(vec![Problem::new("offer", entry.offers.len(), "there are too many offers already; at most 50")]));
        }
        let subject = Subject { institution: Some(&institution), ..Subject::default() };
        let is_validated = check(acting.actor, Action::RegisterValidate, &subject).is_ok();
        // A second offer of an institution takes the place of the first, unless that was accepted.
        entry.offers.retain(|offer| offer.institution != institution || offer.state == OfferState::Accepted);
        entry.offers.push(Offer { institution, text, state: OfferState::Offered, is_validated, at: acting.now, accepted_at: None });
        Ok(())
    })
}

/// Accepts the offer of another institution.
///
/// # Errors
/// Not found, forbidden, no such offer, or written by another since.
pub fn accept_offer(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, of: &Slug) -> Result<EntryRecord, Error> {
    give(catalogue, acting, RegisterCommand::AcceptOffer, given, |_, entry, _| {
        if entry.institution.as_ref() == Some(of) {
            return Err(Error::Invalid(vec![Problem::new("offerOf", of, OWN_OFFER)]));
        }
        let open = entry.offers.iter_mut().find(|offer| offer.institution == *of && offer.state == OfferState::Offered);
        let remedy = "has made no offer that is still open; accept one of those that are listed";
        let offer = open.ok_or_else(|| Error::Invalid(vec![Problem::new("offerOf", of, remedy)]))?;
        (offer.state, offer.accepted_at) = (OfferState::Accepted, Some(acting.now));
        Ok(())
    })
}

/// Supports a request, in the name of an institution or of the person alone; each person once.
///
/// # Errors
/// Not found, forbidden, or in the wrong state.
pub fn support(catalogue: &Catalogue, acting: Acting<'_>, id: &str, institution: Option<&Slug>) -> Result<EntryRecord, Error> {
    catalogue.db.write(|conn, ledger| {
        let Loaded { row, record, .. } = load(conn, acting, id)?;
        // Who asked is counted already.
        if record.is_author(acting.actor) {
            return Ok(record);
        }
        let name = match institution {
            Some(_) => name_for(acting, &record, RegisterCommand::Support, institution)?,
            None if may(acting.actor, &record, RegisterCommand::Support).contains(&None) => None,
            None => name_for(acting, &record, RegisterCommand::Support, None)?,
        };
        let support = SupportRow {
            entry_id: row.id.clone(),
            person_id: acting.person_id(),
            institution: name.map(|slug| slug.to_string()),
            at: acting.now,
        };
        if table::support(conn, &support)? {
            log(conn, ledger, acting, RegisterCommand::Support.code(), (Some(&row), &row), &record.entry)?;
        }
        seen_after(conn, acting, &row)
    })
}

/// Commits an institution to a request: what it will do, and until when.
///
/// # Errors
/// Not found, forbidden, the day is past or not certain, or written by another since.
pub fn commit(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, text: &str, until: PartialDate) -> Result<EntryRecord, Error> {
    let text = reason("commitment", text)?;
    let today = crate::service::catalogue::day_of(acting.now);
    if until.qualifier.is_some() || until.last_day() < today {
        let remedy = "is past or not certain; give a day, month or year to come";
        return Err(Error::Invalid(vec![Problem::new("until", until, remedy)]));
    }
    give(catalogue, acting, RegisterCommand::Commit, given, |_, entry, name| {
        let institution = name.cloned().ok_or(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::RegisterValidate })?;
        entry.commitment = Some(Commitment { institution, text, until, at: acting.now });
        Ok(())
    })
}

/// Declines a request for an institution, with a reason.
///
/// # Errors
/// Not found, forbidden, no reason, or written by another since.
pub fn decline(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>) -> Result<EntryRecord, Error> {
    reason("note", given.note.unwrap_or_default())?;
    give(catalogue, acting, RegisterCommand::Decline, given, |_, entry, name| match name {
        Some(slug) => {
            let is_own = |step: &&Step| step.institution.as_ref() == Some(slug) && step.command == Some(RegisterCommand::Decline);
            // What was said before a commitment or a reopening was said of another state of things.
            let ends = |step: &&Step| step.command != Some(RegisterCommand::Release) && step.command != Some(RegisterCommand::Reopen);
            match entry.steps.iter().rev().take_while(ends).find(is_own) {
                Some(_) => Err(Error::Conflict(format!("`{slug}` has declined this request already"))),
                None => Ok(()),
            }
        }
        None => Err(Error::Forbidden { code: RefusalCode::RoleRequired, action: Action::RegisterValidate }),
    })
}

/// Takes off the record that was named. A commitment that was not taken back stands again; where the record is of another institution, which
/// did what was promised, nobody is held to it any more and the request is open.
pub(super) fn reopen(conn: &mut Conn, entry: &mut Entry) -> Result<(), Error> {
    let Some(given) = entry.commitment.clone() else {
        entry.fulfilled_by = None;
        return Ok(());
    };
    let ids: Vec<String> = entry.fulfilled_by.take().iter().map(ToString::to_string).collect();
    let record = datasets::by_ids(conn, &ids)?.pop().map(|row| serde_json::from_str::<Dataset>(&row.doc)).transpose()?;
    let is_theirs = |record: &Dataset| {
        let mut own = record.producer.iter().chain(record.holdings.iter().map(|holding| &holding.institution));
        own.any(|slug| *slug == given.institution)
    };
    let has_said_so = entry.last(RegisterCommand::Fulfil).is_some_and(|step| step.institution.as_ref() == Some(&given.institution));
    if has_said_so || record.is_none_or(|record| is_theirs(&record)) {
        entry.state = RegisterState::Committed;
    } else {
        entry.commitment = None;
    }
    Ok(())
}

/// Names the published record that fulfils a request: one of the institution's own, or, for the coordinator, any. What one institution has
/// committed itself to may be fulfilled by the producer of the record too, to which that may have passed meanwhile; the commitment stays told
/// as it was made.
///
/// # Errors
/// Not found, forbidden, not published, or written by another since.
pub fn fulfil(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>, dataset: Uuid) -> Result<EntryRecord, Error> {
    super::fulfilment::refuse_given_up(catalogue, acting.actor, dataset)?;
    give(catalogue, acting, RegisterCommand::Fulfil, given, |conn, entry, name| {
        let found = records_within(conn, acting.actor, &[dataset])?.remove(&dataset);
        // What anyone reads as fulfilled has a record that anyone reads.
        let is_open = |visibility: Visibility| match entry.visibility {
            RegisterVisibility::Public => visibility == Visibility::Public,
            RegisterVisibility::Members => matches!(visibility, Visibility::Public | Visibility::Members),
        };
        let Some(record) = found.filter(|found| found.dataset.status == PublicationStatus::Published && is_open(found.dataset.visibility))
        else {
            let remedy = "is no published record that those who asked may read; publish it first";
            return Err(Error::Invalid(vec![Problem::new("dataset", dataset, remedy)]));
        };
        if let Some(slug) = name.filter(|slug| record.dataset.producer.as_ref() != Some(slug)) {
            let is_promised_by_others = entry.commitment.as_ref().is_some_and(|given| given.institution != *slug);
            let holds = record.dataset.holdings.iter().any(|holding| holding.institution == *slug);
            if is_promised_by_others || !holds {
                let remedy = if is_promised_by_others {
                    "is a record of others, and another institution has committed itself to the request; the producer of the record, that institution or the coordinator says that it fulfils the request"
                } else {
                    "is a record of others; its producer or holder, or the coordinator, says that it fulfils the request"
                };
                return Err(Error::Invalid(vec![Problem::new("dataset", &record.dataset.slug, remedy)]));
            }
        }
        let meets = entry.cell.as_ref().is_none_or(|cell| cell.is_met_by(&record.dataset, &catalogue.concepts));
        if !meets {
            let remedy = "does not document the topic, the place with its level of figures, the years and the breakdowns that are asked for; name a record that does, or complete this one";
            return Err(Error::Invalid(vec![Problem::new("dataset", &record.dataset.slug, remedy)]));
        }
        entry.fulfilled_by = Some(dataset);
        Ok(())
    })
}
