//! How records are taken in, and what becomes of each.

use std::sync::Mutex;

use serde_json::{Map, Value};

use super::super::drafts::Acting;
use super::apart::Met;
use super::names::Institutions;
use super::origin::Unfit;
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ImportFormat, RecordFate};

/// How records are taken in.
pub struct Taking<'a> {
    /// The source, or the files of an institution.
    pub place: &'a str,
    /// The institution that gets the drafts.
    pub institution: &'a Slug,
    /// The run.
    pub run: &'a str,
    /// What marks records as seen: the run, or the one that it goes on with.
    pub sweep: &'a str,
    /// The format that was read.
    pub format: ImportFormat,
    /// Name of the file, or address of the source.
    pub name: &'a str,
    /// Who takes them in, and when.
    pub acting: Acting<'a>,
    /// What a draft gets where the record does not say it, in the record format.
    pub defaults: &'a Map<String, Value>,
    /// Whether complete records are published at once, as the owner of the source has said.
    pub publishes: bool,
    /// Whether a record that the institution has thrown away may be begun again: where a person gives a file, not at each harvest.
    pub begins_again: bool,
    /// Whether nothing is to be written in the end.
    pub is_dry: bool,
    /// Whether what did not fit is told with each record, beside being kept.
    pub tells_parts: bool,
    /// Institutions of the catalogue by name.
    pub institutions: &'a Institutions,
    /// What the run has met, so that two records of one identifier do not write over each other.
    pub met: &'a Mutex<Met>,
}

/// What became of a record.
#[derive(Clone, Debug)]
pub struct Taken {
    /// By what it is known in its place.
    pub key: String,
    /// What became of it.
    pub fate: RecordFate,
    /// Why it was not taken, or not whole.
    pub problems: Vec<Problem>,
    /// Number of parts that did not fit.
    pub unfit: u64,
    /// Those parts, where they are told at once and not only kept with the draft.
    pub parts: Vec<Unfit>,
    /// The record here.
    pub dataset: Option<DatasetId>,
    /// Whether it was published at once.
    pub is_published: bool,
}

impl Taken {
    /// Counts one more part that did not fit, once.
    pub(super) fn add(&mut self, part: Option<Problem>) {
        let Some(part) = part.as_ref().map(Unfit::from) else { return };
        if self.parts.last() != Some(&part) {
            self.unfit += 1;
            self.parts.push(part);
        }
    }

    /// The same with more parts that did not fit.
    pub(super) fn with(mut self, told: &[Problem]) -> Self {
        told.iter().for_each(|line| self.add(Some(line.clone())));
        self
    }
}
