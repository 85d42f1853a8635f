//! What is asked for, one holding a part, as queues see it.

use diesel::prelude::*;

use super::super::db::Conn;
use super::super::schema::access_parts;

/// One holding asked for, as queues see it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_parts)]
pub struct PartRow {
    /// The request.
    pub request_id: String,
    /// Number within it.
    pub number: i64,
    /// The holder.
    pub institution: String,
    /// The dataset.
    pub dataset_id: String,
    /// The holding.
    pub holding_id: String,
    /// State.
    pub state: String,
    /// Aggregates or microdata.
    pub data: String,
    /// Role that is awaited.
    pub awaiting: Option<String>,
    /// Last day for an answer in time, YYYY-MM-DD.
    pub due_on: Option<String>,
    /// 1 where the holder is awaited.
    pub is_waited_for: i64,
    /// First submission, milliseconds from 1970-01-01 UTC.
    pub submitted_at: Option<i64>,
    /// Decision.
    pub outcome: Option<String>,
    /// Reason of a refusal.
    pub reason: Option<String>,
    /// When it was decided, milliseconds from 1970-01-01 UTC.
    pub decided_at: Option<i64>,
    /// The registered agreement that it rests on.
    pub agreement_id: Option<String>,
    /// Last event of the request, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
}

/// Puts the rows of the parts in the place of those that were there.
///
/// # Errors
/// A statement failed.
pub fn put_parts(conn: &mut Conn, request_id: &str, rows: &[PartRow]) -> QueryResult<()> {
    diesel::delete(access_parts::table.filter(access_parts::request_id.eq(request_id))).execute(conn)?;
    for row in rows {
        diesel::insert_into(access_parts::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The rows of the parts of a request, in their order.
///
/// # Errors
/// The statement failed.
pub fn parts_of(conn: &mut Conn, request_id: &str) -> QueryResult<Vec<PartRow>> {
    access_parts::table.filter(access_parts::request_id.eq(request_id)).order(access_parts::number).select(PartRow::as_select()).load(conn)
}

/// Requests of which a part asks for a holding.
///
/// # Errors
/// The statement failed.
pub fn of_holding(conn: &mut Conn, holding_id: &str) -> QueryResult<Vec<String>> {
    let rows = access_parts::table.filter(access_parts::holding_id.eq(holding_id));
    rows.order(access_parts::request_id).select(access_parts::request_id).distinct().load(conn)
}

/// Parts that rest on an agreement.
///
/// # Errors
/// The statement failed.
pub fn resting_on(conn: &mut Conn, agreement_id: &str) -> QueryResult<Vec<PartRow>> {
    access_parts::table.filter(access_parts::agreement_id.eq(agreement_id)).select(PartRow::as_select()).load(conn)
}
