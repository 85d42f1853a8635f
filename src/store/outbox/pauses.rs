//! Webhooks whose owner was no access officer for a while: up to where they had come, and whether a holder has any left.

use diesel::prelude::*;

use super::super::changes::KnownTo;
use super::super::db::Conn;
use super::super::schema::{changes, entitlements, memberships, persons, webhook_pauses, webhooks};

/// Notes up to where the webhooks of a person had come when the person lost a role in an institution; what was noted before stays.
///
/// # Errors
/// A statement failed.
pub fn pause(conn: &mut Conn, person_id: &str, institution: &str) -> QueryResult<()> {
    let known = webhook_pauses::table.filter(webhook_pauses::institution.eq(institution)).select(webhook_pauses::webhook_id);
    let known: Vec<String> = known.load(conn)?;
    let own = webhooks::table.filter(webhooks::person_id.eq(person_id)).select((webhooks::id, webhooks::seq));
    for (id, seq) in own.load::<(String, i64)>(conn)?.into_iter().filter(|(id, _)| !known.contains(id)) {
        let values = (webhook_pauses::webhook_id.eq(id), webhook_pauses::institution.eq(institution), webhook_pauses::seq.eq(seq));
        diesel::insert_into(webhook_pauses::table).values(values).execute(conn)?;
    }
    Ok(())
}

/// Ends the pauses of a person's webhooks for an institution: each webhook with the place up to which it had come.
///
/// # Errors
/// A statement failed.
pub fn take_pauses(conn: &mut Conn, person_id: &str, institution: &str) -> QueryResult<Vec<(String, i64)>> {
    let own = webhooks::table.filter(webhooks::person_id.eq(person_id)).select(webhooks::id);
    let own: Vec<String> = own.load(conn)?;
    let paused =
        || webhook_pauses::table.filter(webhook_pauses::institution.eq(institution)).filter(webhook_pauses::webhook_id.eq_any(&own));
    let marks = paused().select((webhook_pauses::webhook_id, webhook_pauses::seq)).load(conn)?;
    diesel::delete(paused()).execute(conn)?;
    Ok(marks)
}

/// The first change of an entitlement of an institution after a place in the log.
///
/// # Errors
/// The statement failed.
pub fn first_entitlement_after(conn: &mut Conn, institution: &str, seq: i64) -> QueryResult<Option<i64>> {
    let held = entitlements::table.filter(entitlements::institution.eq(institution)).select(entitlements::id);
    changes::table
        .filter(changes::seq.gt(seq))
        .filter(changes::is_public.eq(KnownTo::Holder.number()))
        .filter(changes::entity_id.eq_any(held))
        .select(diesel::dsl::min(changes::seq))
        .first(conn)
}

/// Number of webhooks that are served for an institution: those of persons with a role there and an open account.
///
/// # Errors
/// The statement failed.
pub fn served_of(conn: &mut Conn, institution: &str, role: &str) -> QueryResult<i64> {
    let holders = memberships::table.filter(memberships::institution.eq(institution)).filter(memberships::role.eq(role));
    webhooks::table
        .inner_join(persons::table.on(persons::id.eq(webhooks::person_id)))
        .filter(webhooks::is_active.eq(1))
        .filter(persons::disabled_at.is_null())
        .filter(webhooks::person_id.eq_any(holders.select(memberships::person_id)))
        .count()
        .get_result(conn)
}
