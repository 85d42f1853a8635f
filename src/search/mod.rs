//! The embedded full-text index. It follows the change log, and is never the authority: what it finds is read
//! from the store, where visibility is applied again.

pub mod analysis;
pub mod columns;
pub mod cursor;
pub mod document;
pub mod engine;
pub mod facets;
pub mod filter;
pub mod highlight;
pub mod index;
pub mod order;
pub mod query;
pub mod suggest;

pub use engine::{Hit, Page, Results, SearchRequest, Window, search};
pub use index::{Index, IndexError, Snapshot};
