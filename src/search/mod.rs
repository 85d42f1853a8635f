//! The embedded full-text index. It follows the change log, and is never the authority: what it finds is read
//! from the store, where visibility is applied again.

pub mod alike;
pub mod analysis;
pub mod asking;
pub mod bits;
pub mod calendar;
pub mod columns;
pub mod counters;
pub mod cursor;
pub mod document;
pub mod engine;
pub mod facets;
pub mod filter;
pub mod found;
pub mod grid;
pub mod highlight;
pub mod index;
pub mod naming;
pub mod order;
pub mod page;
pub mod parts;
pub mod phrase;
pub mod query;
pub mod score;
pub mod suggest;

pub use engine::{Results, SearchRequest, search};
pub use index::{Index, IndexError, Snapshot};
pub use page::{Hit, Page, Window};
