//! Syntaxes of RDF: Turtle, RDF/XML and JSON-LD, in and out, whatever they speak of.
//!
//! What comes in is taken as hostile: size, depth and number of statements are capped before a parser sees them, document
//! types and remote contexts are refused, and a reader that runs in circles runs out of its budget.

mod aside;
mod builder;
mod characters;
mod contexts;
mod depth;
mod gather;
mod graph;
mod guard;
mod here;
pub mod names;
mod parse;
mod pile;
mod syntax;
mod text;
mod turtle;

#[cfg(test)]
mod tests;

pub use builder::{Builder, plain, thing, typed, words};
pub use characters::{clean, declared_encoding, decode};
pub use graph::{Graph, Statement, Thing, node_of};
pub use guard::{check_json, check_json_depth};
pub use parse::{Limits, NOWHERE, Parsed, parse, parse_file};
pub use syntax::{Syntax, write};
pub use text::Filed;
