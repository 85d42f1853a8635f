//! What is true without a computer: the words and rules of migration statistics and of a registry.
//!
//! Nothing here reads a file, a database or the network; nothing here imports another room.

pub mod access_request;
pub mod agreement;
pub mod calendar;
pub mod comparability;
pub mod concept;
pub mod coverage;
pub mod dataset;
pub mod diff;
pub mod draft;
pub mod filter;
pub mod form;
pub mod grid;
pub mod holding;
pub mod ids;
pub mod indicators;
pub mod institution;
pub mod lineage;
pub mod matching;
pub mod merge;
pub mod methodology;
pub mod overlap;
pub mod place_names;
pub mod policy;
pub mod problem;
pub mod readiness;
pub mod record;
pub mod register;
pub mod text;
pub mod time;
pub mod titles;
pub mod view;
pub mod vocabulary;
pub mod words;
pub mod workdays;
