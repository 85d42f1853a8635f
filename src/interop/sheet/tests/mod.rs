//! Tests of the workbook, out and in.

mod layout;
mod reading;
mod roundtrip;

use crate::domain::concept::Concepts;
use crate::interop::dcat::Source;
use crate::interop::exchange::Reading;
use crate::interop::sheet::read;

fn concepts() -> Concepts {
    Concepts::load(&[]).expect("shipped lists")
}

fn reading(bytes: &[u8], concepts: &Concepts) -> Reading {
    read(bytes, &Source { address: None, language: None, concepts })
}
