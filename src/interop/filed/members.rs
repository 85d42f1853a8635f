//! Where the members of a list or an object of JSON stand.

use std::ops::Range;

use crate::domain::problem::Problem;

/// Looks for the members of a value that is known to be JSON; its bytes come piece by piece.
#[derive(Debug)]
pub(super) struct Members {
    at: usize,
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
    /// Where the member begins that is being looked at.
    begun: Option<usize>,
}

impl Members {
    /// Begins with a value that stands at a place.
    pub(super) fn from(at: usize) -> Self {
        Self { at, depth: 0, is_in_string: false, is_escaped: false, begun: None }
    }

    /// Looks at the next piece, and hands over where each member stands that ends in it.
    pub(super) fn look(&mut self, piece: &[u8], take: &mut dyn FnMut(Range<usize>) -> Result<(), Problem>) -> Result<(), Problem> {
        for byte in piece {
            let ended = self.step(*byte);
            self.at += 1;
            ended.map_or(Ok(()), &mut *take)?;
        }
        Ok(())
    }

    /// The member that ends before this byte.
    fn step(&mut self, byte: u8) -> Option<Range<usize>> {
        if self.is_in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_string = false,
                _ => {}
            }
            return None;
        }
        match byte {
            b',' if self.depth == 1 => return self.end(),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return if self.depth == 0 { self.end() } else { None };
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => return None,
            _ => {}
        }
        if self.depth == 1 {
            self.begun.get_or_insert(self.at);
        }
        match byte {
            b'"' => self.is_in_string = true,
            b'{' | b'[' => self.depth += 1,
            _ => {}
        }
        None
    }

    fn end(&mut self) -> Option<Range<usize>> {
        self.begun.take().map(|from| from..self.at)
    }
}
