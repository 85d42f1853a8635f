//! PDF: refused where it is protected or does something by itself; else its text, line by line.

mod page;

use flate2::read::ZlibDecoder;
use lopdf::{Document, LoadOptions, Object};
use std::io::Read;

use super::persons::Scan;
use super::{detect, refusal, unreadable};
use crate::domain::problem::Problem;

/// Pages of a document that are read; one with more is refused.
const MAX_PAGES: usize = 1_500;
/// Bytes that one stream may unpack to while the structure is read.
const MAX_STREAM: usize = 4 * 1024 * 1024;
/// Bytes that all compressed streams together may unpack to, pictures included.
const MAX_UNPACKED: u64 = 192 * 1024 * 1024;
/// Objects of a document, and levels of nesting below one.
const MAX_OBJECTS: usize = 400_000;
const MAX_DEPTH: usize = 64;

const ACTIVE: &str =
    "the PDF starts something by itself (JavaScript, a program, a form that sends itself); print it to PDF anew and attach that";
const DEEP: &str = "the PDF is nested deeper than can be looked through; print it to PDF anew and attach that";
const EMBEDDED: &str = "the PDF carries other files inside; attach each document by itself";
const ENCRYPTED: &str =
    "the PDF is protected (with a password, or against copying) and cannot be read; save it without protection and attach that";

/// Keys and names that are refused, and why. ISO 32000-1: 12.6.4 (actions), 7.11.4 (embedded files), 12.7.8 (XFA), 13 (media).
const NAMES: &[(&[u8], &str)] = &[
    (b"JavaScript", ACTIVE),
    (b"JS", ACTIVE),
    (b"Launch", ACTIVE),
    (b"SubmitForm", ACTIVE),
    (b"ImportData", ACTIVE),
    (b"GoToE", EMBEDDED),
    (b"EmbeddedFile", EMBEDDED),
    (b"EmbeddedFiles", EMBEDDED),
    (b"EF", EMBEDDED),
    (b"RichMedia", EMBEDDED),
    (b"XFA", ACTIVE),
];

/// Hands the text of all pages to the scan.
pub(super) fn read(bytes: &[u8], scan: &mut Scan) -> Result<(), Vec<Problem>> {
    let one = |problem| vec![problem];
    check_weight(bytes, MAX_UNPACKED).map_err(one)?;
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let document = match Document::load_mem_with_options(bytes, options) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => return Err(one(refusal(ENCRYPTED))),
        Err(_) if detect::contains(bytes, b"/Encrypt") => return Err(one(refusal(ENCRYPTED))),
        Err(_) => return Err(one(unreadable())),
    };
    if document.is_encrypted() || document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(one(refusal(ENCRYPTED)));
    }
    if document.objects.len() > MAX_OBJECTS {
        return Err(one(unreadable()));
    }
    let found = active_parts(&document, bytes);
    if !found.is_empty() {
        return Err(found.into_iter().map(refusal).collect());
    }
    page::read(&document, MAX_PAGES, scan).map_err(one)
}

/// What the document does by itself or carries inside, in its objects and in the bytes that no object reaches.
fn active_parts(document: &Document, bytes: &[u8]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for object in document.objects.values() {
        walk(object, MAX_DEPTH, &mut found);
    }
    walk(&Object::Dictionary(document.trailer.clone()), MAX_DEPTH, &mut found);
    for (name, why) in NAMES.iter().filter(|(name, _)| name.len() > 5) {
        if detect::contains(bytes, &[b"/", *name].concat()) {
            found.push(why);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn walk(object: &Object, depth: usize, found: &mut Vec<&'static str>) {
    let Some(below) = depth.checked_sub(1) else {
        found.push(DEEP);
        return;
    };
    let mut named = |name: &[u8]| found.extend(NAMES.iter().filter(|(own, _)| *own == name).map(|(_, why)| *why));
    let dictionary = match object {
        Object::Array(members) => {
            members.iter().for_each(|member| walk(member, below, found));
            return;
        }
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    for (key, value) in dictionary {
        // Names of fonts and pictures are the author's own; names of what an object is or does are the format's.
        let is_kind = matches!(key.as_slice(), b"S" | b"Type" | b"Subtype");
        if let (true, Object::Name(name)) = (is_kind, value) {
            named(name);
        }
        named(key);
    }
    dictionary.iter().for_each(|(_, value)| walk(value, below, found));
}

/// Unpacks every compressed stream into nothing, to know what reading would cost. A stream packed twice is counted twice, one
/// packed three times is refused: no program writes that.
fn check_weight(bytes: &[u8], most: u64) -> Result<(), Problem> {
    let heavy = || refusal("the PDF is far larger inside than a document is; print it to PDF anew and attach that");
    let mut left = most;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        at += found + 6;
        let rest = &bytes[at..];
        let start = rest.iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if start == 0 || !is_zlib(&rest[start..]) {
            continue;
        }
        let mut packed = ZlibDecoder::new(&rest[start..]);
        let mut head = [0; 2];
        if packed.read_exact(&mut head).is_err() {
            continue;
        }
        left = left.checked_sub(weight(packed.by_ref(), left)).ok_or_else(heavy)?;
        if is_zlib(&head) {
            let mut twice = ZlibDecoder::new(ZlibDecoder::new(&rest[start..]));
            let mut head = [0; 2];
            if twice.read_exact(&mut head).is_ok() {
                left = left.checked_sub(weight(twice, left)).ok_or_else(heavy)?;
                if is_zlib(&head) && cascades(bytes) {
                    return Err(heavy());
                }
            }
        }
        // What was just read need not be searched again.
        at += start + usize::try_from(packed.total_in()).unwrap_or(0);
    }
    Ok(())
}

/// Whether some stream names several compressions after one another.
fn cascades(bytes: &[u8]) -> bool {
    detect::contains(bytes, b"FlateDecode/FlateDecode") || detect::contains(bytes, b"FlateDecode /FlateDecode")
}

fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [0x78, second, ..] if (0x7800 + u32::from(*second)) % 31 == 0)
}

/// Bytes that come out, a little more than allowed at most. A damaged end does not make what came before it lighter.
fn weight(mut reader: impl Read, left: u64) -> u64 {
    let mut buffer = [0; 16 * 1024];
    let mut total = 0;
    while total <= left {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => total += count as u64,
        }
    }
    total
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::check_weight;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).expect("packed");
        packed.finish().expect("packed")
    }

    #[test]
    fn streams_are_weighed_before_they_are_read() {
        const MIB: u64 = 1024 * 1024;
        let zeros = packed(&vec![0; 2 * 1024 * 1024]);
        let stream = |bytes: &[u8]| [b"stream\r\n", bytes, b"\nendstream\n"].concat();
        let (once, twice) = (stream(&zeros), stream(&packed(&zeros)));
        assert!(check_weight(&once, 3 * MIB).is_ok() && check_weight(&once, MIB).is_err());
        assert!(check_weight(&twice, 3 * MIB).is_ok() && check_weight(&twice, MIB).is_err());
        assert!(check_weight(&[once.clone(), once.clone()].concat(), 3 * MIB).is_err());
        let damaged = [&once[..once.len() - 16], b"damaged"].concat();
        assert!(check_weight(&damaged, MIB).is_err());
    }
}
