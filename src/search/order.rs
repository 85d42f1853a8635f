//! Orders of a result, and the place of a document in them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::columns::Columns;

/// Order without words, kept as a permutation of each segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortOrder {
    /// Last written first.
    UpdatedAt,
    /// By main title, A to Z after folding.
    Title,
    /// Latest beginning of the reference period first; not documented last.
    PeriodStart,
    /// Latest end of the reference period first; ongoing before all, not documented last.
    PeriodEnd,
    /// First created first: an order that no change of a record moves.
    Created,
}

/// A key that compares across segments; smaller comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SortKey {
    /// A number; greater comes first.
    Falling(i64),
    /// A text; smaller comes first.
    Text(String),
    /// A relevance score; greater comes first.
    Score(f32),
}

impl SortKey {
    /// Compares two keys of the same order.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Falling(a), Self::Falling(b)) => b.cmp(a),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Score(a), Self::Score(b)) => b.total_cmp(a),
            // Cursors are checked against the order before they come here.
            _ => Ordering::Equal,
        }
    }
}

/// Key of a document in an order.
pub fn key(columns: &Columns, doc: u32, order: SortOrder) -> SortKey {
    let at = doc as usize;
    match order {
        SortOrder::UpdatedAt => SortKey::Falling(columns.updated[at]),
        SortOrder::Title => SortKey::Text(columns.title_key(doc).to_owned()),
        SortOrder::PeriodStart => SortKey::Falling(i64::from(columns.start[at])),
        SortOrder::PeriodEnd => SortKey::Falling(i64::from(columns.end[at])),
        SortOrder::Created => SortKey::Falling(-i64::from(columns.number[at])),
    }
}
