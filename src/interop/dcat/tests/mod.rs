//! Tests of DCAT, in and out.

mod beside;
pub mod demo;
pub mod generate;
mod reading;
mod roundtrip;
pub mod samples;
mod writing;
