//! The first pass over a file: what each line is, and what is kept of it until everything has been read.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::draft::{parse_urn, validate_institution};
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::record::{Partly, RecordDraft, read_as_far_as_possible};

use super::super::institutions::mailbox_problem;
use super::Importer;
use super::names::institutions_of;

/// What the first pass keeps of a dataset line.
pub(super) struct Pending {
    /// Its number, from 1.
    pub line: usize,
    /// Short names of the institutions that it refers to, each after its field.
    pub institutions: Vec<(String, String)>,
    /// Short names of the datasets that it refers to, each after its field.
    pub relations: Vec<(String, String)>,
    /// The identifier that it gives.
    pub identifier: Option<Uuid>,
    /// What the line alone tells to be wrong; what it refers to is looked up all the same, so that everything is told at once.
    pub problems: Vec<Problem>,
}

/// An institution that the first pass read.
pub(super) struct Waiting {
    /// Number of its line, from 1.
    pub line: usize,
    /// The record.
    pub institution: Institution,
    /// What the line alone tells to be wrong.
    pub problems: Vec<Problem>,
}

/// What a file holds, by slug.
#[derive(Default)]
pub(super) struct Seen {
    /// The line of each sound record, by whether it is a dataset and by its short name.
    lines: HashMap<(bool, String), usize>,
    /// The line that uses each identifier.
    identifiers: HashMap<Uuid, usize>,
    /// The datasets that may be written.
    pub datasets: HashMap<String, Pending>,
}

impl Seen {
    /// Keeps where a slug and an identifier are used. A faulty line uses up neither: a corrected one may follow.
    fn note(&mut self, is_dataset: bool, slug: &str, identifier: Option<Uuid>, line: usize, problems: &[Problem]) {
        if problems.is_empty() {
            self.lines.insert((is_dataset, slug.to_owned()), line);
            self.identifiers.extend(identifier.map(|id| (id, line)));
        }
    }
}

impl Importer<'_> {
    /// Reads and checks every line; faulty lines are told here, once, and play no part afterwards.
    pub(super) fn first_pass(&mut self, number: usize, line: Result<&str, Problem>, waiting: &mut Vec<Waiting>) {
        self.report.lines += 1;
        let concepts = &self.catalogue.concepts;
        let Partly { draft, mut problems, taken_out } = match line {
            Ok(line) => read_as_far_as_possible(line),
            Err(problem) => return self.refuse(number, vec![problem]),
        };
        let (is_dataset, slug, identifier) = match &draft {
            Some(RecordDraft::Institution(institution)) => (false, Some(&institution.slug), institution.identifier.as_deref()),
            Some(RecordDraft::Dataset(dataset)) => (true, dataset.slug.as_ref(), dataset.identifier.as_deref()),
            None => return self.refuse(number, problems),
        };
        let (slug, identifier) = (slug.map(ToString::to_string), identifier.and_then(parse_urn));
        let (draft, slug) = match (draft, slug) {
            (Some(draft), Some(slug)) => (draft, slug),
            (Some(RecordDraft::Dataset(draft)), None) => {
                let faults = draft.further_problems(concepts, &problems, &taken_out);
                problems.extend(faults);
                return self.refuse(number, problems);
            }
            _ => return self.refuse(number, problems),
        };
        if let Some(first) = self.seen.lines.get(&(is_dataset, slug.clone())) {
            let remedy = format!("the slug is used on line {first} already; keep one of the two records");
            problems.push(Problem::new("slug", slug, remedy));
            return self.refuse(number, problems);
        }
        if let Some((id, first)) = identifier.and_then(|id| self.seen.identifiers.get(&id).map(|first| (id, first))) {
            let remedy = format!("the identifier is used on line {first} already; identifiers are never used again");
            problems.push(Problem::new("identifier", format!("urn:uuid:{id}"), remedy));
            return self.refuse(number, problems);
        }
        match draft {
            RecordDraft::Institution(institution) => {
                let faults = validate_institution(&institution, concepts).into_iter().chain(mailbox_problem(&institution));
                let faults: Vec<Problem> = faults.filter(|fault| !problems.iter().any(|told| told.field == fault.field)).collect();
                problems.extend(faults);
                self.seen.note(is_dataset, &slug, identifier, number, &problems);
                waiting.push(Waiting { line: number, institution: *institution, problems });
            }
            RecordDraft::Dataset(draft) => {
                let relations = draft
                    .relations
                    .iter()
                    .enumerate()
                    .map(|(index, relation)| (taken_out.place(&format!("relations[{index}].dataset")), relation.dataset.to_string()));
                let relations = relations.collect();
                let institutions = institutions_of(&draft).map(|(field, slug)| (taken_out.place(&field), slug)).collect();
                let faults = draft.further_problems(concepts, &problems, &taken_out);
                problems.extend(faults);
                self.seen.note(is_dataset, &slug, identifier, number, &problems);
                let earlier = self.seen.datasets.insert(slug, Pending { line: number, institutions, relations, identifier, problems });
                // Only a faulty line gives up its slug to a later one.
                if let Some(Pending { line, problems, .. }) = earlier {
                    self.refuse(line, problems);
                }
            }
        }
    }
}
