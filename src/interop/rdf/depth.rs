//! How deep the brackets of a Turtle document go, looked at piece by piece.

use crate::domain::problem::Problem;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Names, brackets, stops.
    Outside,
    /// Behind so many quotes with which a text may begin.
    Quotes(u8, usize),
    /// Inside of something that ends with so many of a byte, of which some have come.
    Until { end: u8, many: usize, met: usize },
    /// Behind a backslash inside of it.
    Escaped { end: u8, many: usize },
}

/// Counts brackets outside of texts, addresses and comments.
#[derive(Debug)]
pub(super) struct Depth {
    state: State,
    depth: usize,
    deepest: usize,
}

impl Depth {
    /// Begins at the start of a document that may be so deep.
    pub(super) fn new(deepest: usize) -> Self {
        Self { state: State::Outside, depth: 0, deepest }
    }

    /// Looks at the next piece.
    ///
    /// # Errors
    /// It goes deeper.
    pub(super) fn look(&mut self, piece: &[u8]) -> Result<(), Problem> {
        for byte in piece {
            self.state = self.after(*byte);
            if self.depth > self.deepest {
                let remedy = format!("the document is nested deeper than {} brackets; give the things names", self.deepest);
                return Err(Problem::new("depth", self.depth, remedy));
            }
        }
        Ok(())
    }

    fn after(&mut self, byte: u8) -> State {
        match self.state {
            State::Outside => self.outside(byte),
            State::Quotes(quote, 2) if byte == quote => State::Until { end: quote, many: 3, met: 0 },
            State::Quotes(_, 2) => self.outside(byte),
            State::Quotes(quote, _) if byte == quote => State::Quotes(quote, 2),
            State::Quotes(quote, _) => inside(byte, quote, 1, 0),
            State::Until { end, many, met } => inside(byte, end, many, met),
            State::Escaped { end, many } => State::Until { end, many, met: 0 },
        }
    }

    fn outside(&mut self, byte: u8) -> State {
        match byte {
            b'[' | b'(' => self.depth += 1,
            b']' | b')' => self.depth = self.depth.saturating_sub(1),
            b'#' => return State::Until { end: b'\n', many: 1, met: 0 },
            b'<' => return State::Until { end: b'>', many: 1, met: 0 },
            b'"' | b'\'' => return State::Quotes(byte, 1),
            _ => {}
        }
        State::Outside
    }
}

fn inside(byte: u8, end: u8, many: usize, met: usize) -> State {
    match byte {
        b'\\' => State::Escaped { end, many },
        _ if byte == end && met + 1 == many => State::Outside,
        _ if byte == end => State::Until { end, many, met: met + 1 },
        _ => State::Until { end, many, met: 0 },
    }
}
