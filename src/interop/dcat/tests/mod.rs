//! Tests of DCAT, in and out.

mod beside;
mod bounded;
pub mod demo;
pub mod generate;
mod reading;
mod roundtrip;
pub mod samples;
mod writing;
