//! Statements on their way into the file.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufWriter, Write};

use oxrdf::vocab::rdf;

use super::bytes::{Block, Names, Whom};
use super::{Aside, Entry, fault};
use crate::domain::problem::Problem;
use crate::interop::rdf::gather::Batch;

/// Most bytes that are laid aside of one document: short names may stand for long addresses.
const MOST_BYTES: u64 = 4 << 30;

/// A file that statements are laid into, some at a time.
#[derive(Debug)]
pub(in crate::interop::rdf) struct Laying {
    file: BufWriter<File>,
    size: u64,
    entries: Vec<Entry>,
    names: Names,
    keys: RandomState,
}

impl Laying {
    /// Makes the file; it has no name, so that it is gone when nobody reads it any more.
    ///
    /// # Errors
    /// No file can be made.
    pub(in crate::interop::rdf) fn begin() -> Result<Self, Problem> {
        let file = BufWriter::with_capacity(1 << 18, tempfile::tempfile().map_err(fault)?);
        Ok(Self { file, size: 0, entries: Vec::new(), names: Names::default(), keys: RandomState::new() })
    }

    /// Lays the statements of a batch aside, of which the first has a number in the document.
    ///
    /// # Errors
    /// The file cannot take them.
    pub(in crate::interop::rdf) fn lay(&mut self, batch: &Batch, first: usize) -> Result<(), Problem> {
        let mut block = Block::default();
        for (subject, numbers) in batch.by_subject() {
            let whom = Whom::of(subject);
            block.begin(whom);
            for number in numbers {
                let Some((predicate, object)) = batch.statement(number as usize) else { continue };
                block.say(first + number as usize, predicate, object, predicate == rdf::TYPE.as_str(), &mut self.names);
            }
            let bytes = block.finish().filter(|bytes| self.size + (bytes.len() as u64) < MOST_BYTES).ok_or_else(too_much)?;
            self.file.write_all(bytes).map_err(fault)?;
            self.entries.push(Entry { hash: self.keys.hash_one(whom), at: self.size });
            self.size += bytes.len() as u64;
        }
        Ok(())
    }

    /// Ends the writing; `count` statements were made, and about `room` of them may be held at once.
    ///
    /// # Errors
    /// The file cannot take the last of them.
    pub(in crate::interop::rdf) fn finish(self, room: usize) -> Result<Aside, Problem> {
        let Self { file, size, mut entries, names, keys } = self;
        let file = file.into_inner().map_err(|error| fault(error.into_error()))?;
        entries.sort_unstable_by_key(|entry| (entry.hash, entry.at));
        entries.shrink_to_fit();
        Ok(Aside::new(file, size, entries, names, keys, room))
    }
}

fn too_much() -> Problem {
    Problem::new("size", "", "the addresses and texts of the document unfold to more than 4 GiB; split it into pages")
}
