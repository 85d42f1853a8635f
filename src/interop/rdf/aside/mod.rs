//! Statements of a large document, laid aside in a temporary file: held is only where those on each thing lie.

mod bytes;
mod write;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Seek, SeekFrom};

use oxrdf::{NamedOrBlankNode, Term};

use super::graph::{Statement, Thing};
use super::pile::Pile;
use crate::domain::problem::Problem;
use bytes::{Bytes, Name, Names, Whom, spell};

pub(super) use write::Laying;

/// Bytes that are read at once: what is said of a thing lies beside what is said of its parts.
const WINDOW: usize = 16 << 10;

/// Where a block lies. The key of the hash is another one for each document.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    at: u64,
}

/// Statements in a file.
#[derive(Debug)]
pub(super) struct Aside {
    file: File,
    size: u64,
    /// By hash, then by place: blocks on one thing stand together, in the order of the document.
    entries: Vec<Entry>,
    names: Names,
    keys: RandomState,
    window: RefCell<Window>,
    /// What was read of things, and where of each.
    read: Pile<Vec<Said>>,
    places: RefCell<HashMap<NamedOrBlankNode, usize>>,
    /// How many statements were read since all was put away, and how many may be held.
    held: Cell<usize>,
    room: usize,
    fault: OnceCell<Problem>,
}

/// A stretch of the file.
#[derive(Debug, Default)]
struct Window {
    at: u64,
    bytes: Vec<u8>,
}

/// A statement that was read.
#[derive(Debug)]
struct Said {
    number: usize,
    predicate: Predicate,
    object: Term,
}

#[derive(Debug)]
enum Predicate {
    Listed(usize),
    Spelt(Box<str>),
}

impl Aside {
    fn new(file: File, size: u64, entries: Vec<Entry>, names: Names, keys: RandomState, room: usize) -> Self {
        Self {
            file,
            size,
            entries,
            names,
            keys,
            window: RefCell::default(),
            read: Pile::default(),
            places: RefCell::default(),
            held: Cell::new(0),
            room,
            fault: OnceCell::new(),
        }
    }

    /// Why the file could not be read.
    pub(super) fn fault(&self) -> Option<&Problem> {
        self.fault.get()
    }

    /// Lets go of what was read, once it is more than may be held.
    pub(super) fn put_away(&mut self) {
        if self.held.get() > self.room {
            self.read = Pile::default();
            self.places = RefCell::default();
            self.held.set(0);
        }
    }

    /// What is said of a thing, in the order of the document.
    pub(super) fn about(&self, subject: &NamedOrBlankNode) -> Vec<Statement<'_>> {
        let known = self.places.borrow().get(subject).copied();
        let place = known.or_else(|| self.fetch(subject));
        let said = place.and_then(|place| self.read.get(place)).map_or(&[][..], Vec::as_slice);
        said.iter().filter_map(|said| self.statement(said)).collect()
    }

    fn statement<'a>(&'a self, said: &'a Said) -> Option<Statement<'a>> {
        let predicate = match &said.predicate {
            Predicate::Listed(number) => self.names.get(*number)?,
            Predicate::Spelt(name) => name,
        };
        Some(Statement { number: said.number, predicate, object: &said.object })
    }

    /// Reads what is said of a thing; tells where it is held. None where nothing is said.
    fn fetch(&self, subject: &NamedOrBlankNode) -> Option<usize> {
        let whom = Whom::of(subject);
        let mut said = Vec::new();
        let blocks = self.entries(whom);
        for entry in blocks {
            if self.head(entry.at, |other| Some(other == whom))? {
                self.block(entry.at, usize::MAX, |bytes| bytes.whom().and_then(|_| self.gather(bytes, &mut said)))?;
            }
        }
        if said.is_empty() {
            return None;
        }
        if blocks.len() > 1 {
            // What is said twice was counted once in each block.
            let mut met = HashSet::with_capacity(said.len());
            let is_new: Vec<bool> =
                said.iter().map(|said| self.statement(said).is_some_and(|told| met.insert((told.predicate, told.object)))).collect();
            let mut is_new = is_new.into_iter();
            said.retain(|_| is_new.next().unwrap_or_default());
        }
        self.held.set(self.held.get() + said.len());
        let place = self.read.add(said)?;
        self.places.borrow_mut().insert(subject.clone(), place);
        Some(place)
    }

    fn gather(&self, bytes: &mut Bytes<'_>, said: &mut Vec<Said>) -> Option<()> {
        while !bytes.is_end() {
            let told = bytes.told()?;
            let predicate = match told.predicate {
                Name::Listed(number) => Predicate::Listed(number),
                name @ Name::Spelt(_) => Predicate::Spelt(spell(name, &self.names)?.into()),
            };
            said.push(Said { number: told.number, predicate, object: told.value.term(&self.names)? });
        }
        Some(())
    }

    /// Hands over every statement with a property, and with a value where one is given: its number, thing and value. They come in
    /// the order of the file, which is not that of the document.
    pub(super) fn each_with(&self, predicate: &str, only: Option<&str>, take: &mut dyn FnMut(usize, &NamedOrBlankNode, &Term)) {
        let Some(predicate) = self.names.wanted(predicate) else { return };
        let only = match only.map(|name| self.names.wanted(name)) {
            Some(None) => return,
            Some(wanted) => wanted,
            None => None,
        };
        let mut at = 0u64;
        while at < self.size {
            let mut found = Vec::new();
            let read = self.block(at, usize::MAX, |bytes| {
                let length = bytes.len();
                let whom = bytes.whom()?;
                while !bytes.is_end() {
                    let told = bytes.told()?;
                    if told.predicate.is(predicate) && only.is_none_or(|wanted| told.value.is(wanted)) {
                        found.push((told.number, told.value.term(&self.names)?));
                    }
                }
                let subject = if found.is_empty() { None } else { Some(whom.node()?) };
                Some((subject, length))
            });
            let Some((subject, length)) = read else { return };
            if let Some(subject) = subject {
                found.iter().for_each(|(number, object)| take(*number, &subject, object));
            }
            at += length as u64 + 4;
        }
    }

    /// A thing of which something is said.
    pub(super) fn thing(&self, subject: &NamedOrBlankNode) -> Option<Thing> {
        let whom = Whom::of(subject);
        let found = self.entries(whom).iter().find(|entry| self.head(entry.at, |other| Some(other == whom)) == Some(true));
        found.map(|entry| Thing(entry.at))
    }

    /// The name of a thing.
    pub(super) fn subject(&self, thing: Thing) -> Option<NamedOrBlankNode> {
        self.head(thing.0, |whom| whom.node())
    }

    /// Blocks that may be on a thing: things with the same hash are told apart by their names.
    fn entries(&self, whom: Whom<'_>) -> &[Entry] {
        let hash = self.keys.hash_one(whom);
        let start = self.entries.partition_point(|entry| entry.hash < hash);
        let rest = self.entries.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|entry| entry.hash == hash)).unwrap_or_default()
    }

    /// Reads on what a block is; much may be said there.
    fn head<T>(&self, at: u64, read: impl Fn(Whom<'_>) -> Option<T>) -> Option<T> {
        let near = self.block(at, WINDOW, |bytes| Some(bytes.whom().and_then(&read)))?;
        near.or_else(|| self.block(at, usize::MAX, |bytes| bytes.whom().and_then(&read)))
    }

    /// Reads a block up to a length. None, and a fault that is kept, where that is not possible.
    fn block<T>(&self, at: u64, most: usize, read: impl FnOnce(&mut Bytes<'_>) -> Option<T>) -> Option<T> {
        if self.fault.get().is_some() {
            return None;
        }
        let mut window = self.window.borrow_mut();
        let result = self.fill(&mut window, at, most).map(|range| window.bytes.get(range).and_then(|block| read(&mut Bytes::of(block))));
        match result {
            Ok(Some(value)) => Some(value),
            Ok(None) => self.keep(fault("it is not as it was written")),
            Err(error) => self.keep(fault(error)),
        }
    }

    fn keep<T>(&self, problem: Problem) -> Option<T> {
        self.fault.get_or_init(|| problem);
        None
    }

    /// Sees to it that a block is in the window, up to a length; tells where.
    fn fill(&self, window: &mut Window, at: u64, most: usize) -> std::io::Result<std::ops::Range<usize>> {
        let head = self.reach(window, at, 4)?;
        let mut length = [0; 4];
        length.copy_from_slice(window.bytes.get(head..head + 4).unwrap_or(&[0; 4]));
        let length = most.min(u32::from_le_bytes(length) as usize);
        let start = self.reach(window, at, length + 4)? + 4;
        Ok(start..start + length)
    }

    /// Sees to it that so many bytes from a place on are in the window; tells where they begin.
    fn reach(&self, window: &mut Window, at: u64, length: usize) -> std::io::Result<usize> {
        let before = at.checked_sub(window.at).and_then(|before| usize::try_from(before).ok());
        if let Some(before) = before.filter(|before| before.saturating_add(length) <= window.bytes.len()) {
            return Ok(before);
        }
        let left = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        if left < length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        // A long block does not keep its room for ever.
        if window.bytes.capacity() > 4 * WINDOW {
            *window = Window::default();
        }
        window.bytes.resize(length.max(WINDOW).min(left), 0);
        window.at = at;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at))?;
        let read = file.read_exact(&mut window.bytes);
        if read.is_err() {
            *window = Window::default();
        }
        read.map(|()| 0)
    }
}

/// What is said where the file fails.
fn fault(error: impl std::fmt::Display) -> Problem {
    let folder = std::env::temp_dir();
    let remedy = format!(
        "statements of a large document are laid aside in {}, and that failed; make room there, name another folder in TMPDIR, or split the document into pages",
        folder.display()
    );
    Problem::new("temporary file", error, remedy)
}

#[cfg(test)]
impl Aside {
    /// Hands over the thing of each block.
    pub(super) fn each_subject(&self, take: &mut dyn FnMut(NamedOrBlankNode)) {
        self.entries.iter().filter_map(|entry| self.subject(Thing(entry.at))).for_each(take);
    }

    /// Takes the second half of the file away.
    pub(super) fn damage(&self) {
        self.file.set_len(self.size / 2).expect("cut");
        *self.window.borrow_mut() = Window::default();
    }
}

#[cfg(test)]
pub(super) mod tests;
