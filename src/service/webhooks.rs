//! Webhooks: changes delivered to other systems, signed, in order for each subscriber, at least once.

use std::time::Instant;

use serde_json::json;
use uuid::Uuid;

use crate::domain::policy::{Action, Actor, audience};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::NoticeKind;
use crate::store::changes::{self, Change};
use crate::store::outbox::{self, DeliveryRow, WebhookProgress, WebhookRow};

use super::drafts::Acting;
use super::outbound::{Method, Outbound, check_url};
use super::people::log_person;
use super::{Catalogue, Error, accounts, alerts, notify, webhook_signature};

/// Most webhooks of one person.
const MAX_WEBHOOKS: usize = 20;
/// Deliveries made to one subscriber before others get their turn.
const ROUND: i64 = 20;
/// Longest pause between two tries, milliseconds: 12 hours.
const MAX_PAUSE_MS: i64 = 12 * 3_600_000;
/// After this long without one success the webhook is switched off and its owner told, milliseconds: 5 days.
const GIVE_UP_MS: i64 = 5 * 86_400_000;
/// For how long a round has a webhook to itself, milliseconds.
const LEASE_MS: i64 = 10 * 60_000;

/// How deliveries are made.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The client.
    pub outbound: &'a Outbound,
    /// First pause after a failure, milliseconds; doubled with each further one.
    pub pause_ms: i64,
    /// Address of the catalogue, without a slash at the end.
    pub base_url: &'a str,
}

/// Registers a webhook; returns it with the secret that signs deliveries, which is never shown again.
///
/// # Errors
/// Forbidden, or an address that is not taken.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, url: &str, allow_private: bool) -> Result<(WebhookRow, String), Error> {
    let owner = accounts::person(&acting, Action::WebhookManage)?.id.to_string();
    let url = check_url(url, allow_private).map_err(|remedy| Error::Invalid(vec![Problem::new("url", url, remedy)]))?;
    let secret = webhook_signature::new_secret().map_err(|e| Error::Internal(anyhow::anyhow!("no randomness: {e}")))?;
    let row = catalogue.db.write(|conn, ledger| {
        if outbox::webhooks_of(conn, &owner)?.len() >= MAX_WEBHOOKS {
            return Err(Error::Conflict(format!("{MAX_WEBHOOKS} webhooks are registered; remove one that is no longer used")));
        }
        let row = WebhookRow {
            id: Uuid::now_v7().to_string(),
            person_id: owner.clone(),
            url: url.to_string(),
            secret: secret.clone(),
            is_active: 1,
            // What is delivered begins with the registration itself.
            seq: ledger.next_seq() - 1,
            attempts: 0,
            failing_since: None,
            due_at: acting.now,
            created_at: acting.now,
            updated_at: acting.now,
        };
        log_person(conn, ledger, acting, "CREATED", "WEBHOOK", &row.id, &json!({ "person": owner, "host": url.host_str() }))?;
        outbox::insert_webhook(conn, &row)?;
        Ok(row)
    })?;
    Ok((row, secret))
}

fn own(conn: &mut crate::store::Conn, owner: &str, id: &str) -> Result<WebhookRow, Error> {
    let found = outbox::webhook(conn, id)?.filter(|row| row.person_id == owner);
    found.ok_or_else(|| Error::NotFound(format!("webhook `{id}`")))
}

/// Removes a webhook with the log of its deliveries.
///
/// # Errors
/// Forbidden, or not found.
pub fn remove(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<(), Error> {
    let owner = accounts::person(&acting, Action::WebhookManage)?.id.to_string();
    catalogue.db.write(|conn, ledger| {
        own(conn, &owner, id)?;
        outbox::remove_webhook(conn, id)?;
        log_person(conn, ledger, acting, "REMOVED", "WEBHOOK", id, &json!({ "person": owner }))
    })
}

/// Delivers again what came after a place in the log, and switches the webhook on.
///
/// # Errors
/// Forbidden, or not found.
pub fn replay(catalogue: &Catalogue, acting: Acting<'_>, id: &str, since: i64) -> Result<WebhookRow, Error> {
    let owner = accounts::person(&acting, Action::WebhookManage)?.id.to_string();
    catalogue.db.write(|conn, ledger| {
        let mut row = own(conn, &owner, id)?;
        let before = row.seq;
        let seq = since.clamp(0, ledger.next_seq() - 1);
        let progress = WebhookProgress { is_active: 1, seq, attempts: 0, failing_since: None, due_at: acting.now };
        outbox::advance_webhook(conn, id, before, &progress)?;
        log_person(conn, ledger, acting, "REPLAYED", "WEBHOOK", id, &json!({ "person": owner, "since": seq }))?;
        (row.is_active, row.seq, row.attempts, row.failing_since, row.due_at) = (1, seq, 0, None, acting.now);
        Ok(row)
    })
}

/// Webhooks of a person.
///
/// # Errors
/// The database is unavailable.
pub fn of_person(catalogue: &Catalogue, id: Uuid) -> Result<Vec<WebhookRow>, Error> {
    Ok(catalogue.db.read(|conn| outbox::webhooks_of(conn, &id.to_string()))?)
}

/// The last tries of a webhook's deliveries, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn deliveries(catalogue: &Catalogue, id: &str, limit: usize) -> Result<Vec<DeliveryRow>, Error> {
    Ok(catalogue.db.read(|conn| outbox::deliveries_of(conn, id, limit as i64))?)
}

/// Webhooks that have something to deliver now and that this node takes on.
///
/// # Errors
/// The database is unavailable.
pub fn take_due(catalogue: &Catalogue, now: i64) -> Result<Vec<WebhookRow>, Error> {
    let reached = catalogue.pulse.last();
    let due = catalogue.db.read(|conn| outbox::due_webhooks(conn, now, reached))?;
    let mut taken = Vec::new();
    for row in due {
        let is_ours = catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::lease_webhook(conn, &row, now + LEASE_MS)?))?;
        if is_ours {
            taken.push(row);
        }
    }
    Ok(taken)
}

/// Delivers to one subscriber what its owner may know of, in order, until it fails or nothing is left.
///
/// # Errors
/// The database is unavailable; the lease runs out and the delivery is made again.
pub fn deliver(catalogue: &Catalogue, row: &WebhookRow, how: Delivery<'_>, now: i64) -> Result<usize, Error> {
    let reached = catalogue.pulse.last();
    let owner = alerts::owner_of(catalogue, &row.person_id)?;
    let Some((owner, _)) = owner.filter(|(owner, _)| accounts::person(&Acting { actor: owner, now }, Action::WebhookManage).is_ok()) else {
        // Who lost the account or the role that the webhook needs is told nothing more.
        let off = WebhookProgress { is_active: 0, seq: row.seq, attempts: 0, failing_since: None, due_at: now };
        catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::advance_webhook(conn, &row.id, row.seq, &off)?))?;
        return Ok(0);
    };
    let page = catalogue.db.read(|conn| changes::known_after(conn, audience(&owner), row.seq, ROUND))?;
    let page: Vec<Change> = page.into_iter().filter(|change| change.seq <= reached).collect();
    let (mut state, mut delivered) = (row.clone(), 0);
    for change in &page {
        let before = state.seq;
        let outcome = attempt(catalogue, &owner, &state, change, how, now)?;
        let is_success = outcome.error.is_none();
        settle(&mut state, change.seq, is_success, how, now);
        record(catalogue, &outcome, before, &state, now)?;
        if !is_success {
            return Ok(delivered);
        }
        delivered += 1;
    }
    // What the owner may not know of is passed over.
    let before = state.seq;
    state.seq = if page.len() < ROUND as usize { reached.max(before) } else { before };
    state.due_at = now;
    let progress = progress(&state);
    catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::advance_webhook(conn, &state.id, before, &progress)?))?;
    Ok(delivered)
}

fn progress(row: &WebhookRow) -> WebhookProgress {
    let WebhookRow { is_active, seq, attempts, failing_since, due_at, .. } = row;
    WebhookProgress { is_active: *is_active, seq: *seq, attempts: *attempts, failing_since: *failing_since, due_at: *due_at }
}

/// Where a webhook stands after a try.
fn settle(row: &mut WebhookRow, seq: i64, is_success: bool, how: Delivery<'_>, now: i64) {
    if is_success {
        (row.seq, row.attempts, row.failing_since, row.due_at) = (seq, 0, None, now + LEASE_MS);
        return;
    }
    let since = *row.failing_since.get_or_insert(now);
    row.attempts += 1;
    row.due_at = now + pause(row.attempts, how.pause_ms);
    if now - since > GIVE_UP_MS {
        row.is_active = 0;
    }
}

/// Pause before the next try after so many failures.
fn pause(attempts: i64, first_ms: i64) -> i64 {
    let doubled = u32::try_from(attempts - 1).ok().and_then(|n| 1_i64.checked_shl(n.min(40))).unwrap_or(i64::MAX);
    first_ms.saturating_mul(doubled).min(MAX_PAUSE_MS)
}

fn record(catalogue: &Catalogue, outcome: &DeliveryRow, before: i64, state: &WebhookRow, now: i64) -> Result<(), Error> {
    catalogue.db.write(|conn, _| {
        outbox::insert_delivery(conn, outcome)?;
        outbox::advance_webhook(conn, &state.id, before, &progress(state))?;
        if state.is_active == 0 {
            let host = url::Url::parse(&state.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            notify::notice(conn, &state.person_id, NoticeKind::WebhookDisabled, &host, "", &state.id, now)?;
        }
        Ok(())
    })
}

/// What is sent: what happened, and where to read it; never the record itself, so that what is read is what may be read then.
fn payload(catalogue: &Catalogue, owner: &Actor, change: &Change, base_url: &str) -> Result<String, Error> {
    let mut data =
        json!({ "seq": change.seq, "kind": change.kind, "entity": change.entity, "identifier": format!("urn:uuid:{}", change.entity_id) });
    if change.entity == "DATASET" {
        let id = super::catalogue::read_id(&change.entity_id)?;
        if let Some(record) = catalogue.records(owner, &[id])?.remove(&id) {
            data["slug"] = json!(record.dataset.slug);
            data["url"] = json!(format!("{base_url}/dataset/{}", record.dataset.slug));
        }
    }
    let kind = format!("{}.{}", change.entity.to_lowercase(), change.kind.to_lowercase());
    Ok(json!({ "type": kind, "timestamp": change.at, "data": data }).to_string())
}

fn attempt(
    catalogue: &Catalogue,
    owner: &Actor,
    row: &WebhookRow,
    change: &Change,
    how: Delivery<'_>,
    now: i64,
) -> Result<DeliveryRow, Error> {
    let body = payload(catalogue, owner, change, how.base_url)?;
    // The same change has the same id at every try, so that a receiver knows a repetition.
    let id = format!("{}-{}", row.id, change.seq);
    let seconds = now / 1000;
    let signature = webhook_signature::sign(&row.secret, &id, seconds, body.as_bytes())
        .map_err(|e| Error::Internal(anyhow::anyhow!("webhook secret: {e}")))?;
    let headers = [
        ("content-type".to_owned(), "application/json".to_owned()),
        ("user-agent".to_owned(), "Rihla-Webhooks/1".to_owned()),
        ("webhook-id".to_owned(), id),
        ("webhook-timestamp".to_owned(), seconds.to_string()),
        ("webhook-signature".to_owned(), signature),
    ];
    let started = Instant::now();
    let reply = how.outbound.send(Method::POST, &row.url, &headers, body.as_bytes());
    let (status, error) = match reply {
        Ok(reply) if (200..300).contains(&reply.status) => (Some(i64::from(reply.status)), None),
        Ok(reply) => (Some(i64::from(reply.status)), Some(format!("the receiver answered {}", reply.status))),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(DeliveryRow {
        id: Uuid::now_v7().to_string(),
        webhook_id: row.id.clone(),
        seq: change.seq,
        attempt: row.attempts + 1,
        at: now,
        status,
        error,
        duration_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_twelve_hours() {
        assert_eq!([1, 2, 3, 4].map(|attempts| pause(attempts, 5_000)), [5_000, 10_000, 20_000, 40_000]);
        assert_eq!(pause(14, 5_000), 40_960_000);
        for attempts in [15, 60, 10_000] {
            assert_eq!(pause(attempts, 5_000), MAX_PAUSE_MS);
        }
    }
}
