//! The text of a document: held, or in a file that is read piece by piece.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::syntax::Syntax;
use crate::domain::problem::Problem;

/// Bytes of a file that are read at once.
const PIECE: usize = 1 << 20;

/// A text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'t> {
    /// It is held.
    Held(&'t str),
    /// It lies in a file.
    Filed(Filed<'t>),
}

/// A file of so many bytes, and how many of them are read at once.
#[derive(Clone, Copy, Debug)]
pub struct Filed<'t> {
    file: &'t File,
    size: usize,
    piece: usize,
}

impl<'t> Text<'t> {
    /// The bytes from a place on, up to a number of them; fewer at the end.
    pub(super) fn bytes(&self, at: usize, most: usize) -> Result<Cow<'t, [u8]>, Problem> {
        match self {
            Self::Held(text) => {
                let bytes = text.as_bytes();
                Ok(Cow::Borrowed(bytes.get(at..at.saturating_add(most).min(bytes.len())).unwrap_or_default()))
            }
            Self::Filed(filed) => filed.bytes(at, most).map(Cow::Owned),
        }
    }
}

impl<'t> Filed<'t> {
    /// A file whose length is known now.
    ///
    /// # Errors
    /// The system does not tell its length.
    pub fn of(file: &'t File) -> Result<Self, Problem> {
        let size = file.metadata().map_err(unreadable)?.len();
        Ok(Self { file, size: usize::try_from(size).unwrap_or(usize::MAX), piece: PIECE })
    }

    /// The same, read in pieces of another length.
    #[cfg(test)]
    pub fn in_pieces(self, piece: usize) -> Self {
        Self { piece, ..self }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn pieces_at(&self, at: usize, count: usize) -> Result<Vec<u8>, Problem> {
        self.bytes(at, self.piece.saturating_mul(count))
    }

    fn bytes(&self, at: usize, most: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = vec![0; most.min(self.size.saturating_sub(at))];
        let mut file = self.file;
        file.seek(SeekFrom::Start(at as u64)).and_then(|_| file.read_exact(&mut bytes)).map_err(unreadable)?;
        Ok(bytes)
    }

    /// Hands over the pieces one by one.
    pub(super) fn each_piece(&self, look: &mut dyn FnMut(&[u8]) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut at = 0;
        while at < self.size {
            let piece = self.pieces_at(at, 1)?;
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

    /// Whether it is Turtle in UTF-8 throughout, without a mark before it and without a zero character: then it can be read piece by
    /// piece, as if it were held.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_plain_turtle(&self) -> Result<bool, Problem> {
        let head = self.head()?;
        let start = head.trim_start();
        let is_open = start.starts_with('<') && !start.contains('>');
        if start.is_empty() || head.starts_with('\u{FEFF}') || is_open || Syntax::of(start) != Syntax::Turtle {
            return Ok(false);
        }
        let (mut rest, mut is_text) = (Vec::new(), true);
        self.each_piece(&mut |piece| {
            is_text &= is_utf8(&mut rest, piece) && !piece.contains(&0);
            Ok(())
        })?;
        Ok(is_text && rest.is_empty())
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

fn unreadable(error: std::io::Error) -> Problem {
    Problem::new("file", error, "the file cannot be read to its end; see that it is there and stays as it is while it is read")
}

#[cfg(test)]
mod tests;
