//! Harvest: the records of other systems are read again and again, and become drafts of the institution that declared the source.

mod after;
pub mod client;
mod copies;
mod known;
mod pages;
mod provider;
mod run;
mod schedule;
mod source;

pub use client::{Client, ClientOptions, FetchError, check_address};
pub use pages::Cursor;
pub use run::{Asked, harvest};
pub use schedule::Harvester;
pub use source::{
    HarvestSource, Progress, Removed, Setting, SourceDoc, ask, change, declare, gone, list, may_manage, may_manage_all, of_actor, remove,
    runs,
};
