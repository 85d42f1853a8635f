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
mod json_ld;
pub mod names;
mod parse;
mod pile;
mod rdf_xml;
mod syntax;
mod text;
mod turtle;

#[cfg(test)]
mod tests;

pub use builder::{Builder, plain, thing, typed, words};
pub use characters::{DECLARED_WRONGLY, clean, declared_encoding, declares_another, decode, in_spite_of};
pub use graph::{Graph, Statement, Thing, node_of};
pub use guard::{JsonDepth, Place, check_json, check_json_depth, not_json};
pub use parse::{Limits, NOWHERE, Parsed, parse, parse_file};
pub use syntax::{Syntax, write};
