//! What is hidden leaves no trace. A plain model says what each reader may see; every way of reading is held against it.

mod later;
mod model;
mod published;
mod sweep;
mod traces;
mod twin;

use crate::harness::Backend;

use sweep::Sweep;

// The seeds were chosen so that every mask, visibility and status occurs where it can be told.

#[test]
fn records_show_each_reader_what_the_model_allows() {
    for (backend, seed) in [(Backend::Sqlite, 162), (Backend::Postgres, 85)] {
        let mut sweep = Sweep::open(backend, seed);
        sweep.records();
        sweep.nodes();
        sweep.numbers();
        sweep.export();
        sweep.close();
    }
}

#[test]
fn searches_find_for_each_reader_what_the_model_allows() {
    let mut sweep = Sweep::open(Backend::Sqlite, 707);
    sweep.words();
    sweep.suggestions();
    sweep.facets();
    sweep.close();
}

#[test]
fn programs_are_given_what_the_model_allows() {
    for (backend, seed) in [(Backend::Sqlite, 162), (Backend::Postgres, 85)] {
        let mut sweep = Sweep::open(backend, seed);
        sweep.lists();
        sweep.forms();
        sweep.close();
    }
}
