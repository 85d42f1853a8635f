//! A file that is read piece by piece, so that a small part of it is held at any time.

mod members;
mod outline;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::rdf::{JsonDepth, Place, declares_another, not_json};
use super::repeated::Repeated;
use crate::domain::problem::Problem;
use members::Members;

pub use outline::Outline;

/// Bytes of a file that are read at once.
const PIECE: usize = 1 << 20;
/// Bytes of a list or an object of JSON that are read together; a longer one is read member by member.
const LONG: usize = 1 << 20;
/// Bytes at the beginning of a member of an object in which its name stands.
const NAME: usize = 1 << 12;

/// A file of so many bytes, and how many of them are read at once.
#[derive(Clone, Copy, Debug)]
pub struct Filed<'f> {
    file: &'f File,
    size: usize,
    piece: usize,
    long: usize,
}

/// A member of an object of JSON: its name, and where its value stands.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where its value stands.
    pub value: Range<usize>,
    /// The byte that the value begins with.
    pub first: u8,
}

impl<'f> Filed<'f> {
    /// A file whose length is known now.
    ///
    /// # Errors
    /// The system does not tell its length.
    pub fn of(file: &'f File) -> Result<Self, Problem> {
        let size = file.metadata().map_err(unreadable)?.len();
        Ok(Self { file, size: usize::try_from(size).unwrap_or(usize::MAX), piece: PIECE, long: LONG })
    }

    /// The same, read in pieces of another length.
    #[cfg(test)]
    pub fn in_pieces(self, piece: usize) -> Self {
        Self { piece, long: piece, ..self }
    }

    /// Its length in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// So many pieces from a place on; fewer at the end.
    pub fn pieces_at(&self, at: usize, count: usize) -> Result<Vec<u8>, Problem> {
        self.bytes(at, self.piece.saturating_mul(count))
    }

    /// The bytes from a place on, up to a number of them; fewer at the end.
    pub fn bytes(&self, at: usize, most: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = vec![0; most.min(self.size.saturating_sub(at))];
        let mut file = self.file;
        file.seek(SeekFrom::Start(at as u64)).and_then(|_| file.read_exact(&mut bytes)).map_err(unreadable)?;
        Ok(bytes)
    }

    /// The file from a place on, for readers that take one.
    pub fn reader(&self, from: usize) -> BufReader<Onward<'f>> {
        BufReader::with_capacity(self.piece, Onward { file: self.file, at: from as u64, left: self.size.saturating_sub(from) })
    }

    /// Hands over the pieces of a stretch one by one.
    pub fn each_piece(&self, within: Range<usize>, look: &mut dyn FnMut(&[u8]) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut at = within.start;
        while at < within.end {
            let piece = self.bytes(at, self.piece.min(within.end - at))?;
            look(&piece)?;
            at += piece.len();
        }
        Ok(())
    }

    /// The first bytes, as far as they are text.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn head(&self) -> Result<String, Problem> {
        let bytes = self.bytes(0, 1 << 16)?;
        let end = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        Ok(String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned())
    }

    /// Whether it is UTF-8 throughout, without a mark before it, without a zero character and without the declaration of another encoding:
    /// then it can be read piece by piece, as if it were held.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_plain(&self) -> Result<bool, Problem> {
        let head = self.head()?;
        let start = head.trim_start();
        let is_open = start.starts_with('<') && !start.contains('>');
        if start.is_empty() || head.starts_with('\u{FEFF}') || is_open || declares_another(head.as_bytes()) {
            return Ok(false);
        }
        let (mut rest, mut is_text) = (Vec::new(), true);
        self.each_piece(0..self.size, &mut |piece| {
            is_text &= is_utf8(&mut rest, piece) && !piece.contains(&0);
            Ok(())
        })?;
        Ok(is_text && rest.is_empty())
    }

    /// Line and column of a byte, for messages.
    pub fn place(&self, at: usize) -> Result<String, Problem> {
        let mut place = Place::default();
        self.each_piece(0..at.min(self.size), &mut |piece| {
            place.look(piece);
            Ok(())
        })?;
        Ok(place.to_string())
    }

    /// Sees that the whole is JSON and not nested too deep; nothing of it is held.
    ///
    /// # Errors
    /// It is not.
    pub fn check_json(&self, deepest: usize) -> Result<(), Problem> {
        self.check_json_depth(deepest)?;
        let mut document = serde_json::Deserializer::from_reader(self.reader(0));
        serde::Deserialize::deserialize(&mut document).and_then(|IgnoredAny| document.end()).map_err(not_json)
    }

    /// Sees that JSON is not nested too deep.
    ///
    /// # Errors
    /// It is.
    pub fn check_json_depth(&self, deepest: usize) -> Result<(), Problem> {
        let mut depth = JsonDepth::new(deepest);
        self.each_piece(0..self.size, &mut |piece| depth.look(piece))
    }

    /// Where the value of JSON stands that the document is.
    pub fn root(&self) -> Result<Range<usize>, Problem> {
        let head = self.head()?;
        Ok(head.len() - head.trim_start().len()..self.size)
    }

    /// Whether a list or an object is read member by member.
    pub fn is_long(&self, value: &Range<usize>) -> bool {
        value.len() > self.long
    }

    /// A stretch as text.
    ///
    /// # Errors
    /// The file is not as it was.
    pub fn text(&self, within: Range<usize>) -> Result<String, Problem> {
        String::from_utf8(self.bytes(within.start, within.len())?).map_err(|error| unreadable(std::io::Error::other(error)))
    }

    /// A stretch as a value of JSON, and the names that stand twice in it.
    ///
    /// # Errors
    /// The file is not as it was.
    pub fn value(&self, within: Range<usize>) -> Result<(Value, Repeated), Problem> {
        let text = self.text(within)?;
        Ok((serde_json::from_str(&text).map_err(not_json)?, Repeated::of(&text)))
    }

    /// Hands over where each member stands of the list or object of JSON in a stretch; of an object, with its name.
    pub fn each_member(&self, within: Range<usize>, take: &mut dyn FnMut(Range<usize>) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut members = Members::from(within.start);
        self.each_piece(within, &mut |piece| members.look(piece, take))
    }

    /// The members of the object of JSON in a stretch; none where one has a longer name than any record knows.
    pub fn members(&self, within: Range<usize>) -> Result<Option<Vec<Member>>, Problem> {
        let (mut members, mut is_known) = (Vec::new(), true);
        self.each_member(within, &mut |place| {
            match self.member(place)? {
                Some(member) => members.push(member),
                None => is_known = false,
            }
            Ok(())
        })?;
        Ok(is_known.then_some(members))
    }

    fn member(&self, place: Range<usize>) -> Result<Option<Member>, Problem> {
        let start = self.bytes(place.start, NAME.min(place.len()))?;
        let mut names = serde_json::Deserializer::from_slice(&start).into_iter::<String>();
        let Some(Ok(name)) = names.next() else { return Ok(None) };
        let mut at = names.byte_offset();
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || *byte == b':';
        at += start.get(at..).unwrap_or_default().iter().take_while(|byte| is_between(byte)).count();
        let Some(first) = start.get(at).copied() else { return Ok(None) };
        Ok(Some(Member { name, value: place.start + at..place.end, first }))
    }
}

/// A file from a place on. The place is its own: others may read the file meanwhile.
#[derive(Debug)]
pub struct Onward<'f> {
    file: &'f File,
    at: u64,
    left: usize,
}

impl Read for Onward<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let room = self.left.min(buffer.len());
        let Some(buffer) = buffer.get_mut(..room).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let mut file = self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let length = file.read(buffer)?;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.at += length as u64;
        self.left -= length;
        Ok(length)
    }
}

/// Whether a piece goes on as UTF-8; `rest` are the bytes of a character that it has cut.
fn is_utf8(rest: &mut Vec<u8>, piece: &[u8]) -> bool {
    rest.extend_from_slice(piece);
    let end = match std::str::from_utf8(rest) {
        Ok(text) => text.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return false,
    };
    rest.drain(..end);
    true
}

/// A file of no name that holds these bytes.
#[cfg(test)]
pub fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("file");
    std::io::Write::write_all(&mut file, bytes).expect("written");
    file
}

/// What is said where a file fails.
pub fn unreadable(error: std::io::Error) -> Problem {
    Problem::new("file", error, "the file cannot be read to its end; see that it is there and stays as it is while it is read")
}
