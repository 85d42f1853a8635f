//! Webhooks: changes delivered to other systems, signed, in order for each subscriber, at least once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use crate::domain::policy::{Action, Actor, audience};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::NoticeKind;
use crate::store::changes::{self, Change};
use crate::store::outbox::{self, DeliveryRow, WebhookProgress, WebhookRow};

use super::catalogue::now_ms;
use super::drafts::Acting;
use super::outbound::{Method, Outbound, check_url};
use super::people::log_person;
use super::{Catalogue, Error, accounts, alerts, entitlements, holder_webhooks, notify, webhook_signature};

/// Most webhooks of one person.
const MAX_WEBHOOKS: usize = 20;
/// Changes read at once for one subscriber.
const PAGE: i64 = 20;
/// How long one subscriber is served before others get their turn.
const TURN: Duration = Duration::from_secs(5);
/// Longest pause between two tries, milliseconds: 12 hours.
const MAX_PAUSE_MS: i64 = 12 * 3_600_000;
/// After this long without one success the webhook is switched off and its owner told, milliseconds: 5 days.
const GIVE_UP_MS: i64 = 5 * 86_400_000;

/// How deliveries are made.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The client.
    pub outbound: &'a Outbound,
    /// First pause after a failure, milliseconds; doubled with each further one.
    pub pause_ms: i64,
    /// For how long a delivery has a webhook to itself, milliseconds: longer than it can take.
    pub lease_ms: i64,
    /// Address of the catalogue, without a slash at the end.
    pub base_url: &'a str,
    /// Whether the server is stopping: what is under way is finished, nothing more is begun.
    pub stop: &'a AtomicBool,
}

/// Registers a webhook; returns it with the secret that signs deliveries, which is never shown again.
///
/// # Errors
/// Forbidden, or an address that is not taken.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, url: &str, allow_private: bool) -> Result<(WebhookRow, String), Error> {
    let owner = accounts::person(&acting, Action::WebhookManage)?.id.to_string();
    let wrong = |remedy: String| Error::Invalid(vec![Problem::new("url", url, remedy)]);
    let checked = check_url(url, allow_private).map_err(wrong)?;
    if let Some(host) = checked.host_str().filter(|host| is_inside(host) && !allow_private) {
        return Err(wrong(format!("`{host}` is a name of the inner network; give an address that the internet can reach")));
    }
    let secret = webhook_signature::new_secret().map_err(|e| Error::Internal(anyhow::anyhow!("no randomness: {e}")))?;
    let row = catalogue.db.write(|conn, ledger| {
        if outbox::webhooks_of(conn, &owner)?.len() >= MAX_WEBHOOKS {
            return Err(Error::Conflict(format!("{MAX_WEBHOOKS} webhooks are registered; remove one that is no longer used")));
        }
        let row = WebhookRow {
            id: Uuid::now_v7().to_string(),
            person_id: owner.clone(),
            url: checked.to_string(),
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
        log_person(conn, ledger, acting, "CREATED", "WEBHOOK", &row.id, &json!({ "person": owner, "host": checked.host_str() }))?;
        outbox::insert_webhook(conn, &row)?;
        Ok(row)
    })?;
    Ok((row, secret))
}

/// Whether a name can only lead to the own network, such as that of a cloud's metadata service. Where other names lead is looked
/// at with each delivery.
fn is_inside(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    !name.contains(['.', ':']) || [".internal", ".local", ".home.arpa"].iter().any(|end| name.ends_with(end))
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
        let row = own(conn, &owner, id)?;
        outbox::remove_webhook(conn, id)?;
        if row.is_active == 1 {
            holder_webhooks::went_off(conn, &owner, acting.now)?;
        }
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

/// Webhooks that have something to deliver now and that this node takes on, as many as it has room for.
///
/// # Errors
/// The database is unavailable.
pub fn take_due(catalogue: &Catalogue, now: i64, lease_ms: i64, room: usize) -> Result<Vec<WebhookRow>, Error> {
    if room == 0 {
        return Ok(Vec::new());
    }
    let reached = catalogue.pulse.last();
    let due = catalogue.db.read(|conn| outbox::due_webhooks(conn, now, reached))?;
    let mut taken = Vec::new();
    for row in due.into_iter().take(room) {
        let is_ours = catalogue.db.write::<_, Error>(|conn, _| Ok(outbox::lease_webhook(conn, &row, now + lease_ms)?))?;
        if is_ours {
            taken.push(row);
        }
    }
    Ok(taken)
}

/// Delivers to one subscriber what its owner may know of, in order, until it fails, its turn is over, or nothing is left.
///
/// # Errors
/// The database is unavailable; the lease runs out and the delivery is made again.
pub fn deliver(catalogue: &Catalogue, row: &WebhookRow, how: Delivery<'_>) -> Result<usize, Error> {
    let (mut state, mut delivered, started) = (row.clone(), 0, Instant::now());
    loop {
        let reached = catalogue.pulse.last();
        let owner = alerts::owner_of(catalogue, &row.person_id)?.map(|(owner, _)| owner);
        let may = |owner: &Actor| accounts::person(&Acting { actor: owner, now: now_ms() }, Action::WebhookManage).is_ok();
        let Some(owner) = owner.filter(may) else {
            // Who lost the account or the role that the webhook needs is told nothing more; who else works for the holder is.
            (state.is_active, state.attempts, state.failing_since, state.due_at) = (0, 0, None, now_ms());
            catalogue.db.write::<_, Error>(|conn, _| {
                outbox::advance_webhook(conn, &state.id, state.seq, &progress(&state))?;
                holder_webhooks::went_off(conn, &state.person_id, state.due_at)
            })?;
            return Ok(delivered);
        };
        // Who is no longer access officer is told no more of entitlements.
        let held = entitlements::held_by(&owner);
        let page = catalogue.db.read(|conn| changes::known_to_holders_after(conn, audience(&owner), &held, state.seq, PAGE))?;
        let is_last = page.len() < PAGE as usize || page.iter().any(|change| change.seq > reached);
        for change in page.iter().filter(|change| change.seq <= reached) {
            if how.stop.load(Ordering::SeqCst) || started.elapsed() > TURN {
                state.due_at = now_ms();
                advance(catalogue, state.seq, &state)?;
                return Ok(delivered);
            }
            let before = state.seq;
            let outcome = attempt(catalogue, &owner, &state, change, how)?;
            let is_success = outcome.error.is_none();
            settle(&mut state, change.seq, is_success, how, now_ms());
            let is_ours = record(catalogue, &outcome, before, &state)?;
            if !is_success || !is_ours {
                return Ok(delivered);
            }
            delivered += 1;
        }
        if is_last {
            // What the owner may not know of is passed over.
            let before = state.seq;
            (state.seq, state.due_at) = (reached.max(before), now_ms());
            advance(catalogue, before, &state)?;
            return Ok(delivered);
        }
    }
}

/// Notes where a webhook stands; false where its owner has moved or removed it meanwhile.
fn advance(catalogue: &Catalogue, before: i64, state: &WebhookRow) -> Result<bool, Error> {
    catalogue.db.write(|conn, _| Ok(outbox::advance_webhook(conn, &state.id, before, &progress(state))?))
}

fn progress(row: &WebhookRow) -> WebhookProgress {
    let WebhookRow { is_active, seq, attempts, failing_since, due_at, .. } = row;
    WebhookProgress { is_active: *is_active, seq: *seq, attempts: *attempts, failing_since: *failing_since, due_at: *due_at }
}

/// Where a webhook stands after a try.
fn settle(row: &mut WebhookRow, seq: i64, is_success: bool, how: Delivery<'_>, now: i64) {
    if is_success {
        (row.seq, row.attempts, row.failing_since, row.due_at) = (seq, 0, None, now + how.lease_ms);
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

/// Writes a try into the log of deliveries; false where the owner has moved or removed the webhook meanwhile.
fn record(catalogue: &Catalogue, outcome: &DeliveryRow, before: i64, state: &WebhookRow) -> Result<bool, Error> {
    catalogue.db.write(|conn, _| {
        if outbox::webhook(conn, &state.id)?.is_none() {
            return Ok(false);
        }
        outbox::insert_delivery(conn, outcome)?;
        let is_ours = outbox::advance_webhook(conn, &state.id, before, &progress(state))?;
        if is_ours && state.is_active == 0 {
            let host = url::Url::parse(&state.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            notify::notice(conn, &state.person_id, NoticeKind::WebhookDisabled, &host, "", &state.id, outcome.at)?;
            holder_webhooks::went_off(conn, &state.person_id, outcome.at)?;
        }
        Ok(is_ours)
    })
}

/// What is sent: what happened, and where to read it; never the record itself, so that what is read is what may be read then. An
/// entitlement is sent whole, as of the change: the holder's own system acts on it, in the order of the changes.
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
    if change.entity == entitlements::ENTITY {
        data["entitlement"] = entitlements::of_change(catalogue, change)?;
    }
    let kind = format!("{}.{}", change.entity.to_lowercase(), change.kind.to_lowercase());
    Ok(json!({ "type": kind, "timestamp": change.at, "data": data }).to_string())
}

fn attempt(catalogue: &Catalogue, owner: &Actor, row: &WebhookRow, change: &Change, how: Delivery<'_>) -> Result<DeliveryRow, Error> {
    let now = now_ms();
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

    #[test]
    fn names_of_the_inner_network_are_known() {
        for inside in ["metadata", "metadata.google.internal", "METADATA.google.internal.", "instance-data.ec2.internal", "printer.local"] {
            assert!(is_inside(inside), "{inside}");
        }
        for outside in ["example.org", "hooks.internal.example.org", "local.example", "8.8.8.8", "[2606:4700:4700::1111]"] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}
