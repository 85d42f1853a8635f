//! How many records one topic, or one place, finds: what suggestions tell, asked at every letter that is typed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::concept::Concepts;
use crate::domain::filter::DatasetFilter;
use crate::domain::vocabulary::{ConceptScheme, PublicationStatus};

use super::filter::evaluate;
use super::index::{SegmentView, Snapshot};

/// Numbers of records of a segment by what they were asked for. They belong to one set of concepts.
#[derive(Default)]
pub struct Found(Mutex<HashMap<(ConceptScheme, Box<str>), u64>>);

impl Snapshot {
    /// Number of published records that a condition on one topic, or on one place as the reporting area, finds for certain. The first question for
    /// it goes through the records; the number is kept as long as they stay.
    pub fn found_by(&self, scheme: ConceptScheme, code: &str, concepts: &Concepts) -> u64 {
        self.segments.iter().map(|view| view.found_by(scheme, code, concepts)).sum()
    }
}

impl SegmentView {
    fn found_by(&self, scheme: ConceptScheme, code: &str, concepts: &Concepts) -> u64 {
        let key = (scheme, Box::from(code));
        if let Some(known) = self.found.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return *known;
        }
        let mut docs = self.public.clone();
        for set in evaluate(&chosen(scheme, code), &self.columns, concepts, 0) {
            docs &= &set.certain;
        }
        let count = docs.len();
        self.found.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, count);
        count
    }
}

/// The condition that a person makes who chooses the topic or place.
fn chosen(scheme: ConceptScheme, code: &str) -> DatasetFilter {
    let statuses = vec![PublicationStatus::Published];
    let codes = vec![code.to_owned()];
    match scheme {
        ConceptScheme::Themes => DatasetFilter { statuses, themes: codes, ..DatasetFilter::default() },
        _ => DatasetFilter { statuses, reporting_areas: codes, ..DatasetFilter::default() },
    }
}
