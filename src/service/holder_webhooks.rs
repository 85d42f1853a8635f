//! Webhooks as the way by which a holder's own system hears of entitlements: they lose nothing while their owner is no access officer,
//! and the other officers are told when none is left.

use std::collections::BTreeSet;

use crate::domain::vocabulary::{NoticeKind, Role, Vocabulary};
use crate::store::Conn;
use crate::store::outbox::{self, WebhookProgress};
use crate::store::persons::{self, MembershipRow};

use super::{Error, notify, people};

/// Institutions whose access officer a person is by some memberships.
fn held(memberships: &[MembershipRow]) -> BTreeSet<String> {
    memberships.iter().filter(|row| row.role == Role::AccessOfficer.code()).map(|row| row.institution.clone()).collect()
}

/// Follows a change of a person's roles: what a webhook passes over from now on is remembered, and what it has passed over is delivered
/// once the role is back.
///
/// # Errors
/// A statement failed.
pub fn follow_roles(conn: &mut Conn, person_id: &str, before: &[MembershipRow], now: i64) -> Result<(), Error> {
    let (before, after) = (held(before), held(&persons::memberships_of(conn, person_id)?));
    for institution in before.difference(&after) {
        outbox::pause(conn, person_id, institution)?;
        if outbox::webhooks_of(conn, person_id)?.iter().any(|row| row.is_active == 1) {
            tell_if_none_left(conn, institution, person_id, now)?;
        }
    }
    for institution in after.difference(&before) {
        resume(conn, person_id, institution, now)?;
    }
    Ok(())
}

/// Puts the webhooks of a person back to the first entitlement of an institution that they passed over. What came after it is delivered
/// again, with the same identifiers.
fn resume(conn: &mut Conn, person_id: &str, institution: &str, now: i64) -> Result<(), Error> {
    for (id, reached) in outbox::take_pauses(conn, person_id, institution)? {
        let Some(row) = outbox::webhook(conn, &id)? else { continue };
        let Some(missed) = outbox::first_entitlement_after(conn, institution, reached)?.filter(|missed| *missed <= row.seq) else {
            continue;
        };
        let progress =
            WebhookProgress { is_active: row.is_active, seq: missed - 1, attempts: 0, failing_since: None, due_at: row.due_at.min(now) };
        outbox::advance_webhook(conn, &id, row.seq, &progress)?;
    }
    Ok(())
}

/// A webhook of a person is served no more: where it was the last one of a holder, the holder's other access officers are told.
///
/// # Errors
/// A statement failed.
pub fn went_off(conn: &mut Conn, person_id: &str, now: i64) -> Result<(), Error> {
    for institution in held(&persons::memberships_of(conn, person_id)?) {
        tell_if_none_left(conn, &institution, person_id, now)?;
    }
    Ok(())
}

fn tell_if_none_left(conn: &mut Conn, institution: &str, but: &str, now: i64) -> Result<(), Error> {
    if outbox::served_of(conn, institution, Role::AccessOfficer.code())? > 0 {
        return Ok(());
    }
    let officers: BTreeSet<String> = notify::people_with(conn, institution, &[Role::AccessOfficer])?.into_iter().collect();
    for officer in officers.iter().filter(|officer| officer.as_str() != but) {
        let language = persons::by_id(conn, officer)?.map_or_else(|| "en".to_owned(), |row| row.language);
        let name = people::institution_name(conn, institution, &language)?;
        notify::notice(conn, officer, NoticeKind::HolderWebhookOff, &name, "", institution, now)?;
    }
    Ok(())
}
