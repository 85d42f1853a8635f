//! Plain text: which characters the bytes are, which separator makes a table of it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_6, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

use super::persons::{Place, Scan};
use crate::domain::words::is_arabic;

/// Cells of one line that are looked at.
pub(super) const MAX_CELLS: usize = 1_024;
/// Characters of one cell that are looked at. A person's data are short.
pub(super) const MAX_CELL: usize = 400;

/// Unicode text by its mark, or UTF-8; none where it is neither.
pub(super) fn unicode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    }
    std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

/// The text of the bytes, and the encoding where it was guessed; none where they are no text.
///
/// Tried in this order: the mark at the beginning, UTF-8, UTF-16 without a mark, then one of the encodings in which people of
/// the region save from older programs (Windows-1256 and Windows-1252), as the detector guesses.
pub(super) fn decode(bytes: &[u8]) -> Option<(String, Option<&'static Encoding>)> {
    let (text, guessed) = match unicode(bytes) {
        Some(text) => (text, None),
        None if bytes.contains(&0) => (Cow::Owned(wide_without_mark(bytes)?), None),
        None => {
            let encoding = legacy_encoding(bytes);
            (encoding.decode_without_bom_handling_and_without_replacement(bytes)?, Some(encoding))
        }
    };
    let text = if text.contains('\0') { Cow::Owned(wide_without_mark(bytes)?) } else { text };
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')).count();
    (odd * 1_000 <= text.len()).then(|| (text.into_owned(), guessed))
}

fn legacy_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = of_arabic(detector.guess(Some(b"ma"), Utf8Detection::Deny), bytes);
    if [WINDOWS_1256, WINDOWS_1252].contains(&guess) || guess.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
        guess
    } else {
        WINDOWS_1252
    }
}

/// The encoding of a text that was guessed to be in ISO-8859-6: Windows-1256, which Excel writes where it speaks Arabic, unless that makes
/// of the text what nobody writes. The two share half of their letters, so that a few words look like either. A few Arabic words may be guessed
/// to be Latin, too, of letters with accents only; and a few French ones to be Arabic, of which no word is.
pub fn of_arabic(guessed: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    if guessed == WINDOWS_1256 {
        return if has_arabic_words(bytes) { guessed } else { WINDOWS_1252 };
    }
    if guessed != ISO_8859_6 {
        return if is_latin(guessed, bytes) && is_of_arabic_words(bytes) { WINDOWS_1256 } else { guessed };
    }
    let (text, _) = WINDOWS_1256.decode_without_bom_handling(bytes);
    let (mut letters, mut mixed, mut before) = (0usize, 0usize, ' ');
    for c in text.chars() {
        letters += usize::from(is_arabic(c));
        // Letters of ISO-8859-6 that are letters with accents there: they stand amid Arabic ones.
        let is_mixed = |one: char, other: char| is_arabic(one) && (other == '×' || ('À'..='ÿ').contains(&other));
        mixed += usize::from(is_mixed(before, c) || is_mixed(c, before));
        before = c;
    }
    if mixed * 20 > letters { guessed } else { WINDOWS_1256 }
}

/// Whether an encoding makes of the bytes no letters but Latin ones.
fn is_latin(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.chars().filter(|c| c.is_alphabetic()).all(|c| c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c))
}

/// Words that Windows-1256 makes of the bytes and that have Arabic letters: of each that has no others the number of letters, and the
/// letters of the rest. Small letters of French are the same there, and its capitals with accents, which become Arabic letters, stand amid others.
fn arabic_words(bytes: &[u8]) -> (Vec<usize>, usize) {
    let (text, _) = WINDOWS_1256.decode_without_bom_handling(bytes);
    let (mut whole, mut mixed) = (Vec::new(), 0);
    for word in text.split(|c: char| !c.is_alphabetic() && !is_arabic(c)) {
        match (word.chars().filter(|c| is_arabic(*c)).count(), word.chars().count()) {
            (0, _) => {}
            (arabic, all) if arabic == all => whole.push(arabic),
            (_, all) => mixed += all,
        }
    }
    (whole, mixed)
}

/// Whether some words are Arabic. A single letter, such as `À`, tells nothing.
fn has_arabic_words(bytes: &[u8]) -> bool {
    arabic_words(bytes).0.into_iter().any(|letters| letters > 1)
}

/// Whether all words with letters that are Arabic in Windows-1256 are whole words there.
fn is_of_arabic_words(bytes: &[u8]) -> bool {
    let (whole, mixed) = arabic_words(bytes);
    mixed == 0 && whole.iter().any(|letters| *letters > 1) && whole.iter().sum::<usize>() > 2
}

fn wide_without_mark(bytes: &[u8]) -> Option<String> {
    let encoding = if bytes[0] == 0 { UTF_16BE } else { UTF_16LE };
    if !looks_wide(bytes) {
        return None;
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    (!text.contains('\0')).then_some(text)
}

/// Text in two bytes a character: line ends, spaces and digits have a zero byte, always on the same side.
fn looks_wide(bytes: &[u8]) -> bool {
    let zeros = |side: usize| bytes.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    bytes.len().is_multiple_of(2) && even.max(odd) * 20 > bytes.len() / 2 && even.min(odd) * 100 < even.max(odd)
}

/// The separator of a table in plain text: the one that gives most lines the same number of cells, at least two.
pub(super) fn separator(text: &str) -> Option<char> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    let steady = |separator: char| {
        let counts: Vec<usize> = lines.iter().map(|line| split(line, separator).len()).collect();
        let usual = counts.iter().copied().filter(|count| *count > 1).max_by_key(|count| counts.iter().filter(|c| *c == count).count())?;
        let same = counts.iter().filter(|count| **count == usual).count();
        (same >= 2 && same * 10 >= lines.len() * 7).then_some((same, usual, separator))
    };
    // A comma also stands in sentences and in numbers, so it comes last where others do as well.
    ['\t', ';', '|', '^', '~', ',']
        .into_iter()
        .filter_map(steady)
        .max_by_key(|(same, usual, separator)| (*same, *separator != ',', *usual))
        .map(|(.., s)| s)
}

/// Hands the text to the scan: as one table where a separator is found, else line by line.
pub(super) fn read(text: &str, scan: &mut Scan) {
    let separator = separator(text);
    if separator.is_some() {
        scan.begin_table(Place::File);
    }
    for line in text.lines() {
        match separator {
            Some(separator) => scan.row(&split(line, separator)),
            None => scan.line(Place::File, line, &columns(line)),
        }
    }
    scan.end_table();
    if separator.is_none() {
        return;
    }
    // A table with other texts around it, or a text that looked like a table.
    for line in text.lines() {
        scan.line(Place::File, line, &[]);
    }
}

/// The cells of one line. Quotes hold a cell together; a line break within quotes ends the cell, which harms no count.
fn split(line: &str, separator: char) -> Vec<&str> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in line.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == separator && !quoted {
            cells.push(cell(&line[start..at]));
            start = at + c.len_utf8();
            if cells.len() == MAX_CELLS {
                return cells;
            }
        }
    }
    cells.push(cell(&line[start..]));
    cells
}

fn cell(text: &str) -> &str {
    let text = text.trim().trim_matches('"').trim();
    text.char_indices().nth(MAX_CELL).map_or(text, |(end, _)| &text[..end])
}

/// Columns set apart by tabs or by at least two spaces, as in printed tables.
pub(super) fn columns(line: &str) -> Vec<&str> {
    let mut cells: Vec<&str> = line.split('\t').flat_map(|part| part.split("  ")).map(cell).filter(|part| !part.is_empty()).collect();
    cells.truncate(MAX_CELLS);
    cells
}
