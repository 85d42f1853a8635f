//! The encoding that a server declares for a document: it comes before any guess, and behind the document's own byte order mark.
//!
//! For XML it wins over the declaration (RFC 7303). Servers are often wrong, though: what is UTF-8 and says nothing else is read as UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::rdf::declared_encoding;
use crate::domain::problem::Problem;

/// The bytes as the readers of formats understand them: in another encoding than they can know of, as UTF-8 with a mark before it. Where the
/// server and the document contradict each other, that is told.
pub fn settle<'b>(bytes: &'b [u8], charset: Option<&str>) -> (Cow<'b, [u8]>, Option<Problem>) {
    let as_it_is = Cow::Borrowed(bytes);
    // A workbook is no text, whatever the server says.
    let Some(label) = charset.filter(|_| !bytes.starts_with(b"PK")) else { return (as_it_is, None) };
    let told = |remedy: String| Some(Problem::new("encoding", label, remedy));
    let Some(said) = Encoding::for_label(label.as_bytes()) else {
        let remedy = "is declared by the server and is no encoding that is known; the document was read by what it says itself: tell whoever runs the server";
        return (as_it_is, told(remedy.to_owned()));
    };
    if let Some((mark, _)) = Encoding::for_bom(bytes) {
        let is_same = mark == said || (is_wide(mark) && is_wide(said));
        let line = if is_same { None } else { told(contradicted(mark, "its byte order mark is")) };
        return (as_it_is, line);
    }
    let declared = declared_encoding(bytes).and_then(|label| Encoding::for_label(label.as_bytes()));
    // UTF-16 without a mark is known by its zeros.
    if is_wide(said) || bytes.iter().take(4).any(|byte| *byte == 0) || bytes.is_ascii() || declared == Some(said) {
        return (as_it_is, None);
    }
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let own = declared.filter(|declared| !is_wide(declared));
    // Two encodings of single bytes contradict each other, and the bytes are in neither.
    let is_of_bytes = |own: &'static Encoding| own.is_single_byte() && said.is_single_byte();
    if is_utf8 && said != UTF_8 && own.is_none_or(|own| own == UTF_8 || is_of_bytes(own)) {
        return (as_it_is, told(contradicted(UTF_8, "its bytes are")));
    }
    match (said.decode_without_bom_handling_and_without_replacement(bytes), own) {
        (Some(_), None) if said == UTF_8 => (as_it_is, None),
        (Some(text), own) => {
            let remedy = |own: &'static Encoding| {
                format!(
                    "is declared by the server, while the document says {}; it was read as the server says: check accents, and tell whoever runs the server",
                    own.name()
                )
            };
            (Cow::Owned(format!("\u{feff}{text}").into_bytes()), own.and_then(|own| told(remedy(own))))
        }
        // Whoever reads it guesses, and tells that.
        (None, None) if said == UTF_8 => (as_it_is, None),
        (None, _) => {
            let remedy = "is declared by the server, and the bytes are not text in it; the document was read by what it says itself: tell whoever runs the server";
            (as_it_is, told(remedy.to_owned()))
        }
    }
}

fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn contradicted(own: &'static Encoding, how: &str) -> String {
    format!("is declared by the server for a document of which {how} {0}; it was read as {0}: tell whoever runs the server", own.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], charset: &str) -> (String, bool) {
        let (bytes, line) = settle(bytes, Some(charset));
        let (text, guessed) = crate::interop::rdf::decode(&bytes).expect("text");
        assert!(guessed.is_empty(), "{charset}: {guessed:?}");
        (text.into_owned(), line.is_some())
    }

    #[test]
    fn what_the_server_declares_comes_before_a_guess_and_behind_what_the_bytes_are() {
        let xml =
            |encoding: &str, words: &[u8]| [format!("<?xml version='1.0' encoding='{encoding}'?><a>").as_bytes(), words, b"</a>"].concat();
        let arabic = encoding_rs::WINDOWS_1256.encode("هجرة").0.into_owned();
        let cases: [(&str, Vec<u8>, &str, &str, bool); 7] = [
            ("no declaration", [b"<a>".as_slice(), &arabic, b"</a>"].concat(), "windows-1256", "هجرة", false),
            ("not Latin 1", b"\"c\xa4ur \xbd\"".to_vec(), "iso-8859-15", "c€ur œ", false),
            ("the server wins", xml("iso-8859-1", &arabic), "windows-1256", "هجرة", true),
            ("UTF-8 that says so", xml("UTF-8", "Enquête".as_bytes()), "iso-8859-1", "Enquête", true),
            ("UTF-8 that says nothing", "\"Enquête\"".as_bytes().to_vec(), "iso-8859-1", "Enquête", true),
            ("the mark wins", "\u{feff}<a>هجرة</a>".as_bytes().to_vec(), "windows-1256", "هجرة", true),
            ("the server has UTF-8 and the bytes are", xml("iso-8859-1", "Enquête".as_bytes()), "utf-8", "Enquête", true),
        ];
        for (case, bytes, charset, wanted, is_told) in cases {
            let (text, told) = read(&bytes, charset);
            assert!(text.contains(wanted) && told == is_told, "{case}: {text} {told}");
        }
        let both = xml("iso-8859-1", "هجرة".as_bytes());
        let (bytes, line) = settle(&both, Some("windows-1256"));
        assert!(line.is_some() && crate::interop::rdf::decode(&bytes).expect("text").0.contains("هجرة"), "the bytes are in neither");
        let (bytes, line) = settle(b"\xe9", Some("klingon"));
        assert!(bytes.as_ref() == b"\xe9" && line.is_some());
        assert_eq!(settle(b"\xe9", None).1, None);
    }
}
