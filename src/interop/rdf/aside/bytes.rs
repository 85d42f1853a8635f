//! How statements are written into the file: a block for each thing, with what one stretch of the document says of it.
//!
//! A block is its length (four bytes), the thing, and its statements: number (the first whole, each further one by its distance to the
//! one before), property, value. Numbers take a byte for seven bits; texts stand behind their length.

use indexmap::IndexSet;
use oxrdf::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term};

/// Most names that are written as numbers.
const MOST_NAMES: usize = 4096;
/// Longest name that is written as a number, in bytes.
const LONGEST_NAME: usize = 256;

const NAMED: u8 = 0;
const BLANK: u8 = 1;
const PLAIN: u8 = 2;
const SPOKEN: u8 = 3;
const TYPED: u8 = 4;
const LISTED: u8 = 5;

/// Names that come again and again: properties, classes, types. Each is written once, and then as its number.
#[derive(Debug, Default)]
pub(super) struct Names {
    listed: IndexSet<Box<str>>,
    /// Whether some were not listed.
    is_partial: bool,
}

impl Names {
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        self.listed.get_index(number).map(Box::as_ref)
    }

    /// A name to be looked for; none where it was never written.
    pub(super) fn wanted<'w>(&self, name: &'w str) -> Option<Wanted<'w>> {
        let number = self.listed.get_index_of(name);
        (number.is_some() || self.is_partial).then_some(Wanted { number, name })
    }

    fn number(&mut self, name: &str) -> Option<usize> {
        let found = self.listed.get_index_of(name);
        if found.is_none() && self.listed.len() < MOST_NAMES && name.len() <= LONGEST_NAME {
            return Some(self.listed.insert_full(name.into()).0);
        }
        self.is_partial |= found.is_none();
        found
    }
}

/// A name that is looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    number: Option<usize>,
    name: &'w str,
}

/// A name as it is written.
#[derive(Clone, Copy)]
pub(super) enum Name<'b> {
    Listed(usize),
    Spelt(&'b [u8]),
}

impl Name<'_> {
    pub(super) fn is(self, wanted: Wanted<'_>) -> bool {
        match self {
            Self::Listed(number) => wanted.number == Some(number),
            Self::Spelt(name) => name == wanted.name.as_bytes(),
        }
    }
}

/// A value as it is written.
#[derive(Clone, Copy)]
pub(super) enum Value<'b> {
    Named(Name<'b>),
    Blank(&'b [u8]),
    Plain(&'b [u8]),
    Spoken(&'b [u8], &'b [u8]),
    Typed(&'b [u8], Name<'b>),
}

impl Value<'_> {
    pub(super) fn is(self, wanted: Wanted<'_>) -> bool {
        matches!(self, Self::Named(name) if name.is(wanted))
    }

    pub(super) fn term(self, names: &Names) -> Option<Term> {
        Some(match self {
            Self::Named(name) => NamedNode::new_unchecked(spell(name, names)?).into(),
            Self::Blank(name) => BlankNode::new_unchecked(text(name)?).into(),
            Self::Plain(words) => Literal::new_simple_literal(text(words)?).into(),
            Self::Spoken(words, language) => Literal::new_language_tagged_literal_unchecked(text(words)?, text(language)?).into(),
            Self::Typed(words, kind) => Literal::new_typed_literal(text(words)?, NamedNode::new_unchecked(spell(kind, names)?)).into(),
        })
    }
}

/// A statement as it is written.
pub(super) struct Told<'b> {
    pub(super) number: usize,
    pub(super) predicate: Name<'b>,
    pub(super) value: Value<'b>,
}

/// A thing as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Whom<'b> {
    is_named: bool,
    name: &'b [u8],
}

impl<'b> Whom<'b> {
    pub(super) fn of(subject: &'b NamedOrBlankNode) -> Self {
        match subject {
            NamedOrBlankNode::NamedNode(node) => Self { is_named: true, name: node.as_str().as_bytes() },
            NamedOrBlankNode::BlankNode(node) => Self { is_named: false, name: node.as_str().as_bytes() },
        }
    }

    pub(super) fn node(self) -> Option<NamedOrBlankNode> {
        let name = text(self.name)?;
        Some(if self.is_named { NamedNode::new_unchecked(name).into() } else { BlankNode::new_unchecked(name).into() })
    }
}

/// A block being written.
#[derive(Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    last: usize,
}

impl Block {
    /// Begins anew with another thing.
    pub(super) fn begin(&mut self, whom: Whom<'_>) {
        self.bytes.clear();
        self.last = 0;
        self.bytes.extend([0; 4]);
        self.bytes.push(if whom.is_named { NAMED } else { BLANK });
        self.text(whom.name);
    }

    /// Adds a statement; their numbers rise.
    pub(super) fn say(&mut self, number: usize, predicate: &str, object: &Term, is_class: bool, names: &mut Names) {
        self.number(number - self.last);
        self.last = number;
        self.name(predicate, names);
        match object {
            Term::NamedNode(node) => match is_class.then(|| names.number(node.as_str())).flatten() {
                Some(listed) => {
                    self.bytes.push(LISTED);
                    self.number(listed);
                }
                None => self.tagged(NAMED, node.as_str()),
            },
            Term::BlankNode(node) => self.tagged(BLANK, node.as_str()),
            Term::Literal(literal) => self.literal(literal, names),
        }
    }

    fn literal(&mut self, literal: &Literal, names: &mut Names) {
        if let Some(language) = literal.language() {
            self.tagged(SPOKEN, literal.value());
            self.text(language.as_bytes());
        } else if literal.datatype() == oxrdf::vocab::xsd::STRING {
            self.tagged(PLAIN, literal.value());
        } else {
            self.tagged(TYPED, literal.value());
            self.name(literal.datatype().as_str(), names);
        }
    }

    /// The block, with its length before it; none where it is too long to be written.
    pub(super) fn finish(&mut self) -> Option<&[u8]> {
        let length = u32::try_from(self.bytes.len().checked_sub(4)?).ok()?;
        self.bytes.get_mut(..4)?.copy_from_slice(&length.to_le_bytes());
        Some(&self.bytes)
    }

    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push((number & 0x7f) as u8);
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len());
        self.bytes.extend_from_slice(text);
    }

    fn tagged(&mut self, tag: u8, text: &str) {
        self.bytes.push(tag);
        self.text(text.as_bytes());
    }

    /// A number above 0, or 0 and the name itself.
    fn name(&mut self, name: &str, names: &mut Names) {
        if let Some(listed) = names.number(name) {
            self.number(listed + 1);
        } else {
            self.number(0);
            self.text(name.as_bytes());
        }
    }
}

/// A block being read. Where it is not as it was written, there is nothing to read.
pub(super) struct Bytes<'b> {
    rest: &'b [u8],
    last: usize,
}

impl<'b> Bytes<'b> {
    pub(super) fn of(block: &'b [u8]) -> Self {
        Self { rest: block, last: 0 }
    }

    /// Bytes that are still to be read.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn is_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The thing, with which a block begins.
    pub(super) fn whom(&mut self) -> Option<Whom<'b>> {
        let is_named = self.byte()? == NAMED;
        Some(Whom { is_named, name: self.text()? })
    }

    /// The next statement.
    pub(super) fn told(&mut self) -> Option<Told<'b>> {
        let number = self.last.checked_add(self.number()?)?;
        self.last = number;
        let predicate = self.name()?;
        let value = match self.byte()? {
            NAMED => Value::Named(Name::Spelt(self.text()?)),
            LISTED => Value::Named(Name::Listed(self.number()?)),
            BLANK => Value::Blank(self.text()?),
            PLAIN => Value::Plain(self.text()?),
            SPOKEN => Value::Spoken(self.text()?, self.text()?),
            TYPED => Value::Typed(self.text()?, self.name()?),
            _ => return None,
        };
        Some(Told { number, predicate, value })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'b [u8]> {
        let length = self.number()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }

    fn name(&mut self) -> Option<Name<'b>> {
        match self.number()? {
            0 => Some(Name::Spelt(self.text()?)),
            listed => Some(Name::Listed(listed - 1)),
        }
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// A name in letters.
pub(super) fn spell<'a>(name: Name<'a>, names: &'a Names) -> Option<&'a str> {
    match name {
        Name::Listed(number) => names.get(number),
        Name::Spelt(name) => text(name),
    }
}
