//! A holding passes to the institution that took over its holder's portfolio. Requests, entitlements, its own form and its own desk go along.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::access_request::desk::Desk;
use crate::domain::access_request::{DeskTerms, Passage, pass_on};
use crate::domain::ids::Slug;
use crate::domain::workdays::Day;
use crate::store::changes::Ledger;
use crate::store::datasets::{self, HoldingRow};
use crate::store::entitlements::{self as table, DeskRow};
use crate::store::{Conn, requests};

use super::super::catalogue::read_id;
use super::super::drafts::Acting;
use super::super::{Error, forms};
use super::{calendars_for, desks, leaving, load, record};

/// The holdings of a dataset before it passes on, in their order.
///
/// # Errors
/// A statement failed.
pub fn holdings(conn: &mut Conn, dataset: &str) -> Result<Vec<HoldingRow>, Error> {
    Ok(datasets::holdings_of(conn, &[dataset.to_owned()])?)
}

/// Lets everything go along that hangs on the holdings of a dataset which have passed from one institution to another: their
/// identifiers follow from the holder, so that they are others now.
///
/// # Errors
/// A statement failed.
pub fn follow(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    (from, to): (&Slug, &Slug),
    before: &[HoldingRow],
) -> Result<(), Error> {
    let Some(dataset) = before.first().map(|row| row.dataset_id.clone()) else { return Ok(()) };
    let after: BTreeMap<i64, HoldingRow> = holdings(conn, &dataset)?.into_iter().map(|row| (row.position, row)).collect();
    for old in before {
        let Some(new) = after.get(&old.position).filter(|new| new.id != old.id && new.role == old.role) else { continue };
        forms::pass_on(conn, ledger, acting, (from, &old.id), (to, &new.id))?;
        pass_desk(conn, ledger, acting, (from, &old.id), (to, &new.id))?;
        let desk = desks::in_force(conn, to.as_str(), &new.id)?.terms;
        let absent = leaving::absent(conn, to, &desk)?;
        let passage = Passage { from: from.clone(), to: to.clone(), before: read_id(&old.id)?, after: read_id(&new.id)?, desk, absent };
        for id in requests::of_holding(conn, &old.id)? {
            pass_request(conn, ledger, acting, &id, &passage)?;
        }
    }
    Ok(())
}

fn pass_request(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, id: &str, passage: &Passage) -> Result<(), Error> {
    let mut request = load(conn, id)?;
    let happenings = pass_on(&request, passage, Day::of(acting.now));
    if happenings.is_empty() {
        return Ok(());
    }
    // Days are counted by the calendar of the new holder from now on.
    let mut later = request.clone();
    let moved = later.parts.iter_mut().filter(|part| part.holding == passage.before);
    moved.for_each(|part| part.institution = passage.to.clone());
    let calendars = calendars_for(conn, &later)?;
    record(conn, ledger, acting.actor, acting.now, &mut request, happenings, &calendars)
}

/// The desk of the holding itself goes along with its times and terms. Who acts, and what is decided without a person, is the new holder's
/// to say. A desk of the institution stays: it is for its other holdings.
fn pass_desk(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    (from, old): (&Slug, &str),
    (to, new): (&Slug, &str),
) -> Result<(), Error> {
    let Some(own) = table::desk(conn, from.as_str(), old)? else { return Ok(()) };
    if table::desk(conn, to.as_str(), new)?.is_some() {
        return Ok(());
    }
    let desk: Desk = serde_json::from_str(&own.doc)?;
    let own = DeskTerms::default();
    let (deciders, advisers, deputies, outsiders) = (own.deciders, own.advisers, own.deputies, own.outsiders);
    let nobody = DeskTerms { quorum: 1, deciders, advisers, deputies, outsiders, ..desk.terms };
    let desk = Desk { terms: nobody, rules: Vec::new(), ..desk };
    let row = DeskRow {
        id: Uuid::now_v7().to_string(),
        institution: to.to_string(),
        holding_id: new.to_owned(),
        revision: 1,
        doc: serde_json::to_string(&desk)?,
        updated_at: acting.now,
    };
    desks::write(conn, ledger, acting, None, &row)
}
