//! Tests of DCAT, in and out.

mod demo;
pub mod generate;
mod reading;
mod roundtrip;
mod samples;
mod writing;
