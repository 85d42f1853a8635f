//! RDF/XML: what is wrong with its depth or its texts is found before a parser sees it.

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use oxrdf::Triple;
use oxrdfxml::{RdfXmlParseError, RdfXmlParser};

use super::gather::Gathering;
use super::guard::{Beside, Place, check_xml};
use super::parse::{Limits, NOWHERE, too_many, wrong_address};
use super::text::{Text, unreadable};
use crate::domain::problem::Problem;
use crate::interop::filed::Onward;

/// Reads a document.
pub(super) fn read(text: Text<'_>, address: Option<&str>, limits: &Limits, problems: &mut Vec<Problem>) -> Result<Gathering, Problem> {
    let start = body(text)?;
    let placed = |at| text.place(at);
    let beside = match text {
        Text::Held(held) => check_xml(held.as_bytes().get(start..).unwrap_or_default(), start, limits.depth, &placed)?,
        Text::Filed(filed) => check_xml(filed.reader(start), start, limits.depth, &placed)?,
    };
    tell_beside(text, &beside, problems)?;
    let parser = RdfXmlParser::new().lenient().with_base_iri(address.unwrap_or(NOWHERE)).map_err(wrong_address)?;
    let mut triples = Gathering::new(limits.held);
    match text {
        Text::Held(held) => {
            let body = without(held, start, &beside);
            gather(parser.for_slice(body.as_ref()).map(|result| result.map_err(not_rdf_xml)), limits, &mut triples)?;
        }
        Text::Filed(filed) => {
            let body = Without { file: filed.reader(start), at: start, left_out: &beside };
            let read = parser.for_reader(body).map(|result| {
                result.map_err(|error| match error {
                    RdfXmlParseError::Io(error) => unreadable(error),
                    RdfXmlParseError::Syntax(error) => not_rdf_xml(error),
                })
            });
            gather(read, limits, &mut triples)?;
        }
    }
    Ok(triples)
}

/// Where the document begins behind its declaration: that named the encoding of the bytes, and the characters are decoded by now.
fn body(text: Text<'_>) -> Result<usize, Problem> {
    let head: Cow<'_, str> = match text {
        Text::Held(text) => text.into(),
        Text::Filed(filed) => filed.head()?.into(),
    };
    let start = head.trim_start();
    let rest = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(start, |(_, rest)| rest);
    Ok(head.len() - rest.len())
}

fn gather(read: impl Iterator<Item = Result<Triple, Problem>>, limits: &Limits, triples: &mut Gathering) -> Result<(), Problem> {
    for result in read {
        triples.add(result?)?;
        if triples.len() > limits.triples {
            return Err(too_many(limits));
        }
    }
    Ok(())
}

fn not_rdf_xml(error: impl std::fmt::Display) -> Problem {
    Problem::new("", error, "the document is not RDF/XML; correct it, or export Turtle")
}

/// Texts beside an address that are told one by one; the others are counted.
const TOLD_BESIDE: usize = 50;

/// Tells where texts stand beside an address: a text itself may be the name of a person.
fn tell_beside(text: Text<'_>, beside: &[Beside], problems: &mut Vec<Problem>) -> Result<(), Problem> {
    let (mut place, mut from) = (Place::default(), 0);
    for found in beside.iter().take(TOLD_BESIDE) {
        text.each_piece(from..found.at.start, &mut |piece| {
            place.look(piece);
            Ok(())
        })?;
        from = found.at.start;
        let remedy = format!(
            "`{}` names an address by rdf:resource and holds a text too, which RDF/XML does not allow: the address was taken and the text was not; give the text in an element of its own",
            found.name
        );
        problems.push(Problem::new(format!("line {}", place.line()), "", remedy));
    }
    if let Some(more) = beside.len().checked_sub(TOLD_BESIDE).filter(|more| *more > 0) {
        let remedy =
            "so many further elements name an address by rdf:resource and hold a text too; the addresses were taken and the texts were not";
        problems.push(Problem::new("rdf:resource", more, remedy));
    }
    Ok(())
}

/// A document from a place on, without the texts that stand beside an address.
fn without<'a>(text: &'a str, start: usize, beside: &[Beside]) -> Cow<'a, str> {
    if beside.is_empty() {
        return Cow::Borrowed(&text[start..]);
    }
    let mut kept = String::with_capacity(text.len());
    let mut from = start;
    for text_beside in beside {
        kept.push_str(&text[from..text_beside.at.start]);
        from = text_beside.at.end;
    }
    kept.push_str(&text[from..]);
    Cow::Owned(kept)
}

/// The same of a file.
struct Without<'a> {
    file: std::io::BufReader<Onward<'a>>,
    at: usize,
    left_out: &'a [Beside],
}

impl Read for Without<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while let Some(Range { start, end }) = self.left_out.first().map(|text| text.at.clone()).filter(|text| text.start <= self.at) {
            let skipped = std::io::copy(&mut (&mut self.file).take((end - start) as u64), &mut std::io::sink())?;
            self.at += usize::try_from(skipped).unwrap_or_default();
            self.left_out = self.left_out.get(1..).unwrap_or_default();
        }
        let room = self.left_out.first().map_or(buffer.len(), |text| buffer.len().min(text.at.start - self.at));
        let length = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
        self.at += length;
        Ok(length)
    }
}
