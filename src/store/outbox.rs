//! What follows the change log: places of followers, notices, mails, webhooks with their deliveries, saved searches, reminders.

use diesel::prelude::*;

use super::db::Conn;
use super::schema::{deliveries, followers, mails, notices, persons, webhook_pauses, webhooks};

mod pauses;
mod searches;

pub use pauses::*;
pub use searches::*;

/// A notice for a person.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices)]
pub struct NoticeRow {
    /// Identifier.
    pub id: String,
    /// For whom.
    pub person_id: String,
    /// The change that it tells of.
    pub seq: i64,
    /// Code of the kind.
    pub kind: String,
    /// Title of the record or institution.
    pub title: String,
    /// Reason given.
    pub reason: Option<String>,
    /// Address of the thing below the catalogue's own, or empty.
    pub path: String,
    /// Identifier of the thing.
    pub entity_id: String,
    /// When.
    pub created_at: i64,
    /// When it was read.
    pub read_at: Option<i64>,
    /// When it went into a mail, or was left out of mails by preference.
    pub mailed_at: Option<i64>,
    /// Who asks, as a function or institution.
    pub who: Option<String>,
    /// The day that matters, YYYY-MM-DD.
    pub until_on: Option<String>,
    /// What the day is, as a code.
    pub day_kind: Option<String>,
    /// Function of the person whom it is about, where that is neither who asks nor who reads it.
    pub whom: Option<String>,
    /// The title in the languages of the catalogue, as JSON.
    pub titles: Option<String>,
    /// What an institution committed itself to, where it tells of a commitment.
    pub promised: Option<String>,
    /// Name of the institution that asks, in the languages of the catalogue, as JSON.
    pub who_names: Option<String>,
}

/// A mail to send.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// Identifier.
    pub id: String,
    /// Address.
    pub recipient: String,
    /// Language.
    pub language: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Tries so far.
    pub attempts: i64,
    /// Last fault.
    pub error: Option<String>,
    /// Creation.
    pub created_at: i64,
    /// Next try.
    pub due_at: i64,
    /// When it left; for a mail that was given up, when that was.
    pub sent_at: Option<i64>,
    /// 1 for a link that lets someone in: it waits for no other mail, and keeps none waiting.
    pub is_urgent: i64,
    /// Identifier of the one thing that it tells of.
    pub entity_id: Option<String>,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks)]
pub struct WebhookRow {
    /// Identifier.
    pub id: String,
    /// Whose it is; it is told what that person may know.
    pub person_id: String,
    /// Address.
    pub url: String,
    /// Secret that signs deliveries.
    pub secret: String,
    /// 1 while it is served.
    pub is_active: i64,
    /// Last change delivered, or passed over.
    pub seq: i64,
    /// Failed tries of the change that is next.
    pub attempts: i64,
    /// Since when it fails.
    pub failing_since: Option<i64>,
    /// Next try.
    pub due_at: i64,
    /// Creation.
    pub created_at: i64,
    /// Last change by its owner.
    pub updated_at: i64,
}

/// One try of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = deliveries)]
pub struct DeliveryRow {
    /// Identifier.
    pub id: String,
    /// The webhook.
    pub webhook_id: String,
    /// The change delivered.
    pub seq: i64,
    /// Number of the try, from 1.
    pub attempt: i64,
    /// When.
    pub at: i64,
    /// HTTP status, where there was an answer.
    pub status: Option<i64>,
    /// Fault in words.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// How far a follower has come; none before its first step.
///
/// # Errors
/// The statement failed.
pub fn follower(conn: &mut Conn, name: &str) -> QueryResult<Option<i64>> {
    followers::table.filter(followers::name.eq(name)).select(followers::seq).first(conn).optional()
}

/// Notes how far a follower has come.
///
/// # Errors
/// A statement failed.
pub fn set_follower(conn: &mut Conn, name: &str, seq: i64) -> QueryResult<()> {
    let changed = diesel::update(followers::table.filter(followers::name.eq(name))).set(followers::seq.eq(seq)).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(followers::table).values((followers::name.eq(name), followers::seq.eq(seq))).execute(conn)?;
    }
    Ok(())
}

/// Inserts a notice.
///
/// # Errors
/// The statement failed.
pub fn insert_notice(conn: &mut Conn, row: &NoticeRow) -> QueryResult<()> {
    diesel::insert_into(notices::table).values(row).execute(conn).map(|_| ())
}

/// Notices of a person, newest first.
///
/// # Errors
/// The statement failed.
pub fn notices_of(conn: &mut Conn, person_id: &str, only_unread: bool, limit: i64) -> QueryResult<Vec<NoticeRow>> {
    let mut query = notices::table.filter(notices::person_id.eq(person_id)).into_boxed();
    if only_unread {
        query = query.filter(notices::read_at.is_null());
    }
    query.order((notices::created_at.desc(), notices::id.desc())).limit(limit).select(NoticeRow::as_select()).load(conn)
}

/// Takes out of the notices on a thing what people wrote, and who they were: its texts were erased.
///
/// # Errors
/// The statement failed.
pub fn erase_notices(conn: &mut Conn, entity_id: &str) -> QueryResult<usize> {
    let none: Option<String> = None;
    diesel::update(notices::table.filter(notices::entity_id.eq(entity_id)))
        .set((notices::reason.eq(none.clone()), notices::who.eq(none.clone()), notices::who_names.eq(none.clone()), notices::whom.eq(none)))
        .execute(conn)
}

/// Takes the mails on a thing that have not left out of the outbox: its texts were erased. That there were some stays known.
///
/// # Errors
/// The statement failed.
pub fn erase_mails(conn: &mut Conn, entity_id: &str, now: i64) -> QueryResult<usize> {
    let waiting = mails::table.filter(mails::sent_at.is_null()).filter(mails::entity_id.eq(entity_id));
    let error = Some("erased with what it told of, before it was sent");
    diesel::update(waiting)
        .set((mails::subject.eq(""), mails::body.eq(""), mails::error.eq(error), mails::sent_at.eq(Some(now))))
        .execute(conn)
}

/// Takes the summaries that tell of a thing among others, and have not left, out of the outbox: its texts were erased. What else they tell
/// of goes into a later summary.
///
/// # Errors
/// A statement failed.
pub fn erase_summaries(conn: &mut Conn, entity_id: &str, now: i64) -> QueryResult<usize> {
    let carried: Vec<(String, Option<String>, Option<i64>)> = notices::table
        .inner_join(persons::table.on(persons::id.eq(notices::person_id)))
        .filter(notices::entity_id.eq(entity_id))
        .filter(notices::mailed_at.is_not_null())
        .select((persons::id, persons::email, notices::mailed_at))
        .distinct()
        .load(conn)?;
    let mut erased = 0;
    for (person, email, mailed_at) in carried {
        let (Some(email), Some(mailed_at)) = (email, mailed_at) else { continue };
        // A summary and its notices carry the same time; it names no single thing.
        let summary = mails::table
            .filter(mails::sent_at.is_null())
            .filter(mails::entity_id.is_null())
            .filter(mails::recipient.eq(&email))
            .filter(mails::created_at.eq(mailed_at));
        let error = Some("erased with a part of what it told of, before it was sent");
        let gone = diesel::update(summary)
            .set((mails::subject.eq(""), mails::body.eq(""), mails::error.eq(error), mails::sent_at.eq(Some(now))))
            .execute(conn)?;
        if gone > 0 {
            let others = notices::table.filter(notices::person_id.eq(&person)).filter(notices::mailed_at.eq(mailed_at));
            diesel::update(others.filter(notices::entity_id.ne(entity_id))).set(notices::mailed_at.eq(None::<i64>)).execute(conn)?;
        }
        erased += gone;
    }
    Ok(erased)
}

/// Number of unread notices.
///
/// # Errors
/// The statement failed.
pub fn count_unread(conn: &mut Conn, person_id: &str) -> QueryResult<i64> {
    notices::table.filter(notices::person_id.eq(person_id)).filter(notices::read_at.is_null()).count().get_result(conn)
}

/// Marks notices as read: these, or all where none are named.
///
/// # Errors
/// The statement failed.
pub fn mark_read(conn: &mut Conn, person_id: &str, ids: &[String], now: i64) -> QueryResult<usize> {
    let own = notices::table.filter(notices::person_id.eq(person_id)).filter(notices::read_at.is_null());
    if ids.is_empty() {
        return diesel::update(own).set(notices::read_at.eq(now)).execute(conn);
    }
    diesel::update(own.filter(notices::id.eq_any(ids))).set(notices::read_at.eq(now)).execute(conn)
}

/// Persons for whom a mail is to be made of notices: at once, or, for a daily summary, where the last one left before an instant. Who waits for
/// a summary is left out here, so that it keeps nobody else waiting, however much there is to tell.
///
/// # Errors
/// The statement failed.
pub fn to_be_mailed(conn: &mut Conn, daily: &str, mailed_before: i64, limit: i64) -> QueryResult<Vec<String>> {
    notices::table
        .inner_join(persons::table.on(persons::id.eq(notices::person_id)))
        .filter(notices::mailed_at.is_null())
        .filter(persons::mail_preference.ne(daily).or(persons::mailed_at.le(mailed_before)))
        .select(notices::person_id)
        .distinct()
        .limit(limit)
        .load(conn)
}

/// Notices of a person that no mail has carried yet, oldest first.
///
/// # Errors
/// The statement failed.
pub fn unmailed(conn: &mut Conn, person_id: &str, limit: i64) -> QueryResult<Vec<NoticeRow>> {
    notices::table
        .filter(notices::person_id.eq(person_id))
        .filter(notices::mailed_at.is_null())
        .order((notices::created_at, notices::id))
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(conn)
}

/// Notes that notices went into a mail.
///
/// # Errors
/// The statement failed.
pub fn mark_mailed(conn: &mut Conn, ids: &[String], now: i64) -> QueryResult<usize> {
    diesel::update(notices::table.filter(notices::id.eq_any(ids))).set(notices::mailed_at.eq(now)).execute(conn)
}

/// Inserts a mail.
///
/// # Errors
/// The statement failed.
pub fn insert_mail(conn: &mut Conn, row: &MailRow) -> QueryResult<()> {
    diesel::insert_into(mails::table).values(row).execute(conn).map(|_| ())
}

/// Takes the address and the text out of mails to an address that were written at an instant; those not yet sent are never sent.
///
/// # Errors
/// The statement failed.
pub fn forget_mail(conn: &mut Conn, recipient: &str, created_at: i64) -> QueryResult<()> {
    let rows = mails::table.filter(mails::recipient.eq(recipient)).filter(mails::created_at.eq(created_at));
    diesel::delete(rows.filter(mails::sent_at.is_null())).execute(conn)?;
    let rows = mails::table.filter(mails::recipient.eq(recipient)).filter(mails::created_at.eq(created_at));
    diesel::update(rows).set((mails::recipient.eq(""), mails::subject.eq(""), mails::body.eq(""))).execute(conn).map(|_| ())
}

diesel::alias!(mails as before: Before);

/// Mails that are due and that nothing goes before, oldest first. Notices to one recipient leave in order: while one has not left, later ones
/// wait, also where the mail server has put it off, and are not among these, so that they take no place of another's. A link that lets someone
/// in waits only for what is under way.
///
/// # Errors
/// The statement failed.
pub fn due_mails(conn: &mut Conn, now: i64, limit: i64) -> QueryResult<Vec<MailRow>> {
    let earlier = || {
        before
            .filter(before.field(mails::recipient).eq(mails::recipient))
            .filter(before.field(mails::id).lt(mails::id))
            .filter(before.field(mails::sent_at).is_null())
    };
    let under_way = earlier().filter(before.field(mails::error).is_null());
    let put_off = earlier().filter(before.field(mails::is_urgent).eq(0)).filter(mails::is_urgent.eq(0));
    mails::table
        .filter(mails::sent_at.is_null())
        .filter(mails::due_at.le(now))
        .filter(diesel::dsl::not(diesel::dsl::exists(under_way)))
        .filter(diesel::dsl::not(diesel::dsl::exists(put_off)))
        .order((mails::due_at, mails::id))
        .limit(limit)
        .select(MailRow::as_select())
        .load(conn)
}

/// Takes a mail for one try until an instant; false where another node was faster, or an earlier one to the same recipient goes first.
///
/// # Errors
/// The statement failed.
pub fn lease_mail(conn: &mut Conn, row: &MailRow, until: i64) -> QueryResult<bool> {
    let earlier = mails::table
        .filter(mails::recipient.eq(&row.recipient))
        .filter(mails::id.lt(&row.id))
        .filter(mails::sent_at.is_null())
        .into_boxed();
    let earlier = match row.is_urgent {
        0 => earlier.filter(mails::error.is_null().or(mails::is_urgent.eq(0))),
        _ => earlier.filter(mails::error.is_null()),
    };
    let earlier: i64 = earlier.count().get_result(conn)?;
    if earlier > 0 {
        return Ok(false);
    }
    let same = mails::table.filter(mails::id.eq(&row.id)).filter(mails::due_at.eq(row.due_at)).filter(mails::sent_at.is_null());
    diesel::update(same).set((mails::due_at.eq(until), mails::attempts.eq(row.attempts + 1))).execute(conn).map(|count| count == 1)
}

/// Notes how a try went; a mail that left keeps no text, for it may carry a link that lets someone in.
///
/// # Errors
/// The statement failed.
pub fn settle_mail(conn: &mut Conn, id: &str, error: Option<&str>, due_at: i64, done_at: Option<i64>) -> QueryResult<()> {
    let row = mails::table.filter(mails::id.eq(id));
    match done_at {
        Some(at) => diesel::update(row).set((mails::error.eq(error), mails::sent_at.eq(Some(at)), mails::body.eq(""))).execute(conn)?,
        None => diesel::update(row).set((mails::error.eq(error), mails::due_at.eq(due_at))).execute(conn)?,
    };
    Ok(())
}

/// Inserts a webhook.
///
/// # Errors
/// The statement failed.
pub fn insert_webhook(conn: &mut Conn, row: &WebhookRow) -> QueryResult<()> {
    diesel::insert_into(webhooks::table).values(row).execute(conn).map(|_| ())
}

/// Webhooks of a person, oldest first.
///
/// # Errors
/// The statement failed.
pub fn webhooks_of(conn: &mut Conn, person_id: &str) -> QueryResult<Vec<WebhookRow>> {
    webhooks::table
        .filter(webhooks::person_id.eq(person_id))
        .order((webhooks::created_at, webhooks::id))
        .select(WebhookRow::as_select())
        .load(conn)
}

/// The webhook with this identifier.
///
/// # Errors
/// The statement failed.
pub fn webhook(conn: &mut Conn, id: &str) -> QueryResult<Option<WebhookRow>> {
    webhooks::table.filter(webhooks::id.eq(id)).select(WebhookRow::as_select()).first(conn).optional()
}

/// Active webhooks whose next try is due and that have changes before them.
///
/// # Errors
/// The statement failed.
pub fn due_webhooks(conn: &mut Conn, now: i64, last_seq: i64) -> QueryResult<Vec<WebhookRow>> {
    webhooks::table
        .filter(webhooks::is_active.eq(1))
        .filter(webhooks::due_at.le(now))
        .filter(webhooks::seq.lt(last_seq))
        .order((webhooks::due_at, webhooks::id))
        .select(WebhookRow::as_select())
        .load(conn)
}

/// Takes a webhook for one round until an instant; false where another node was faster.
///
/// # Errors
/// The statement failed.
pub fn lease_webhook(conn: &mut Conn, row: &WebhookRow, until: i64) -> QueryResult<bool> {
    let same = webhooks::table.filter(webhooks::id.eq(&row.id)).filter(webhooks::due_at.eq(row.due_at)).filter(webhooks::is_active.eq(1));
    diesel::update(same).set(webhooks::due_at.eq(until)).execute(conn).map(|count| count == 1)
}

/// Where a webhook stands after a try.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = webhooks)]
#[diesel(treat_none_as_null = true)]
pub struct WebhookProgress {
    /// 1 while it is served.
    pub is_active: i64,
    /// Last change delivered.
    pub seq: i64,
    /// Failed tries.
    pub attempts: i64,
    /// Since when it fails.
    pub failing_since: Option<i64>,
    /// Next try.
    pub due_at: i64,
}

/// Notes where a webhook stands, unless its owner has moved it meanwhile.
///
/// # Errors
/// The statement failed.
pub fn advance_webhook(conn: &mut Conn, id: &str, seq_before: i64, progress: &WebhookProgress) -> QueryResult<bool> {
    let same = webhooks::table.filter(webhooks::id.eq(id)).filter(webhooks::seq.eq(seq_before));
    diesel::update(same).set(progress).execute(conn).map(|count| count == 1)
}

/// Removes a webhook with the log of its deliveries.
///
/// # Errors
/// A statement failed.
pub fn remove_webhook(conn: &mut Conn, id: &str) -> QueryResult<()> {
    diesel::delete(deliveries::table.filter(deliveries::webhook_id.eq(id))).execute(conn)?;
    diesel::delete(webhook_pauses::table.filter(webhook_pauses::webhook_id.eq(id))).execute(conn)?;
    diesel::delete(webhooks::table.filter(webhooks::id.eq(id))).execute(conn).map(|_| ())
}

/// Notes a try of a delivery.
///
/// # Errors
/// The statement failed.
pub fn insert_delivery(conn: &mut Conn, row: &DeliveryRow) -> QueryResult<()> {
    diesel::insert_into(deliveries::table).values(row).execute(conn).map(|_| ())
}

/// Tries of a webhook's deliveries, newest first.
///
/// # Errors
/// The statement failed.
pub fn deliveries_of(conn: &mut Conn, webhook_id: &str, limit: i64) -> QueryResult<Vec<DeliveryRow>> {
    deliveries::table
        .filter(deliveries::webhook_id.eq(webhook_id))
        .order((deliveries::at.desc(), deliveries::id.desc()))
        .limit(limit)
        .select(DeliveryRow::as_select())
        .load(conn)
}
