//! The text of a document: held, or in a file that is read piece by piece.

use std::borrow::Cow;

use crate::domain::problem::Problem;
use crate::interop::filed::Filed;

pub(super) use crate::interop::filed::unreadable;

/// A text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text<'t> {
    /// It is held.
    Held(&'t str),
    /// It lies in a file.
    Filed(Filed<'t>),
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

    /// Line and column of a byte, for messages.
    pub(super) fn place(&self, at: usize) -> Result<String, Problem> {
        match self {
            Self::Held(text) => Ok(super::guard::place(text, at)),
            Self::Filed(filed) => filed.place(at),
        }
    }

    /// Hands over the pieces up to a place one by one.
    pub(super) fn each_piece(
        &self,
        within: std::ops::Range<usize>,
        look: &mut dyn FnMut(&[u8]) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        match self {
            Self::Held(text) => look(text.as_bytes().get(within).unwrap_or_default()),
            Self::Filed(filed) => filed.each_piece(within, look),
        }
    }
}

#[cfg(test)]
mod tests;
