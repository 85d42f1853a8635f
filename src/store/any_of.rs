//! `column IN (…)` whose prepared statement is kept.
//!
//! Diesel prepares a statement with a list anew each time, since its text changes with the number of values; for a short read that
//! is a part of the work. Here the list is filled up to a power of two, so that few texts serve all lists.

use std::borrow::Cow;

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, Text};

/// Whether a column of text is one of some values.
pub struct AnyOf<'v, C> {
    column: C,
    values: Cow<'v, [String]>,
}

/// Whether a column of text is one of these values.
pub fn any_of<'v, C: Expression<SqlType = Text>>(column: C, values: impl Into<Cow<'v, [String]>>) -> AnyOf<'v, C> {
    AnyOf { column, values: values.into() }
}

/// Most values of a list in one statement: SQLite takes 32,766 of all kinds, PostgreSQL 65,535.
const MOST_VALUES: usize = 16_384;

/// Asks with a list of any length, in as many statements as it needs.
///
/// # Errors
/// A statement failed.
pub fn in_parts<T>(values: &[String], mut ask: impl FnMut(&[String]) -> QueryResult<Vec<T>>) -> QueryResult<Vec<T>> {
    let mut found = Vec::new();
    for part in values.chunks(MOST_VALUES) {
        found.extend(ask(part)?);
    }
    Ok(found)
}

impl<C> Expression for AnyOf<'_, C> {
    type SqlType = Bool;
}

impl<C: AppearsOnTable<T>, T> AppearsOnTable<T> for AnyOf<'_, C> {}

impl<C> ValidGrouping<()> for AnyOf<'_, C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for AnyOf<'_, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, DB> QueryFragment<DB> for AnyOf<'_, C>
where
    DB: Backend + HasSqlType<Text>,
    C: QueryFragment<DB>,
    str: ToSql<Text, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        // Nothing is asked for with a text that no identifier and no slug is.
        let last = self.values.last().map_or("", String::as_str);
        for place in 0..self.values.len().next_power_of_two() {
            if place > 0 {
                out.push_sql(", ");
            }
            match self.values.get(place) {
                Some(value) => out.push_bind_param::<Text, String>(value)?,
                None => out.push_bind_param::<Text, str>(last)?,
            }
        }
        out.push_sql(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_asked_for_in_parts_and_whole() {
        let values: Vec<String> = (0..40_000).map(|number| number.to_string()).collect();
        let mut lengths = Vec::new();
        let found = in_parts(&values, |part| {
            lengths.push(part.len());
            Ok(part.to_vec())
        });
        assert_eq!((found, lengths), (Ok(values), vec![16_384, 16_384, 7_232]));
    }
}
