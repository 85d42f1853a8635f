//! XML from elsewhere: bytes in any encoding become a tree, without document types, entities of their own making or endless depth.

mod bytes;
pub mod language;
mod markup;
pub mod page;
#[cfg(test)]
pub(crate) mod rows;
pub mod tracked;
pub mod words;

use roxmltree::{Document, ParsingOptions};

use crate::domain::problem::Problem;

/// Largest file that is read at once.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Deepest nesting of elements.
pub const MAX_DEPTH: usize = 256;
/// Most nodes of one tree: elements, texts and comments.
const MAX_NODES: u32 = 8_000_000;

/// A text that is fit to be parsed, and what was mended on the way.
#[derive(Debug)]
pub struct Prepared {
    /// The text.
    pub text: String,
    /// What was mended, each with the remedy for next time.
    pub mended: Vec<Problem>,
}

/// Decodes bytes and takes out what no reader should meet.
///
/// # Errors
/// The one reason why the file is refused: size, encoding, document type, entity, depth.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, Problem> {
    if bytes.len() > MAX_BYTES {
        let found = format!("{} bytes", bytes.len());
        return Err(Problem::new("", found, format!("the file is larger than {MAX_BYTES} bytes; cut it into several files")));
    }
    let mut mended = Vec::new();
    let text = bytes::decode(bytes, &mut mended)?;
    let text = markup::harmless(text, &mut mended)?;
    Ok(Prepared { text, mended })
}

/// Parses a prepared text.
///
/// # Errors
/// The place and the kind of the fault.
pub fn parse(text: &str) -> Result<Document<'_>, Problem> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|fault| {
        let place = fault.pos();
        let remedy = format!("is not well-formed XML: {fault}; mend the file at line {}, column {}", place.row, place.col);
        Problem::new("", text.lines().next().unwrap_or(""), remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        prepare(bytes).and_then(|prepared| parse(&prepared.text).map(|_| ())).expect_err("refused").remedy
    }

    #[test]
    fn bytes_that_are_not_what_they_claim_are_read_as_windows_writes_them() {
        use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
        for (encoding, words) in [(WINDOWS_1252, "Événement à l'été"), (WINDOWS_1256, "الهجرة")] {
            let prepared = prepare(&encoding.encode(&format!("<a>{words}</a>")).0).expect("text");
            assert!(prepared.text.contains(words), "{}", prepared.text);
            assert!(prepared.mended.iter().any(|line| line.remedy.contains(&encoding.name().to_lowercase())), "{:?}", prepared.mended);
        }
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let xml = |encoding: &str| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<a>Enquête</a>");
        let utf16 = |mark: bool| {
            let mut bytes: Vec<u8> = if mark { vec![0xFF, 0xFE] } else { Vec::new() };
            bytes.extend(xml("UTF-16").encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(xml("UTF-8").into_bytes());
        let latin: Vec<u8> = xml("ISO-8859-1").chars().map(|c| c as u8).collect();
        for (name, bytes) in
            [("utf-8", xml("utf-8").into_bytes()), ("mark", marked), ("latin", latin), ("16", utf16(true)), ("16-", utf16(false))]
        {
            let prepared = prepare(&bytes).expect(name);
            assert!(prepared.mended.is_empty(), "{name}: {:?}", prepared.mended);
            let tree = parse(&prepared.text).expect(name);
            assert_eq!(tree.root_element().text(), Some("Enquête"), "{name}");
        }
    }

    #[test]
    fn utf_8_that_declares_single_bytes_is_read_as_utf_8_and_told() {
        for (encoding, words) in [("ISO-8859-1", "Enquête"), ("windows-1256", "الهجرة")] {
            let xml = format!("<?xml version='1.0' encoding='{encoding}'?><a>{words}</a>");
            let prepared = prepare(xml.as_bytes()).expect("read");
            assert!(prepared.text.contains(words), "{}", prepared.text);
            let told: Vec<_> = prepared.mended.iter().map(|line| (line.value.as_str(), line.remedy.contains("UTF-8"))).collect();
            assert_eq!(told, [(encoding, true)]);
            let (own, _, _) = encoding_rs::Encoding::for_label(encoding.as_bytes()).expect("known").encode(&xml);
            let prepared = prepare(&own).expect("read");
            assert!(prepared.text.contains(words) && prepared.mended.is_empty(), "{prepared:?}");
        }
        let plain = prepare(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>survey</a>").expect("read");
        assert!(plain.mended.is_empty(), "{:?}", plain.mended);
    }

    #[test]
    fn bytes_that_are_not_what_they_say_are_read_and_told() {
        let bytes = b"<?xml version='1.0' encoding='UTF-8'?><a>Enqu\xEAte</a>";
        let prepared = prepare(bytes).expect("read");
        assert!(prepared.text.contains("Enquête"), "{}", prepared.text);
        assert!(prepared.mended[0].remedy.contains("UTF-8"), "{}", prepared.mended[0]);
        assert!(refused(b"\x00\x00\xFE\xFF\x00\x00\x00<").contains("UTF-32"));
        assert!(refused(b"<?xml version='1.0' encoding='x-klingon'?><a/>").contains("x-klingon"));
    }

    #[test]
    fn bombs_and_foreign_entities_are_refused_before_they_are_parsed() {
        let laughs = br#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>"#;
        assert!(refused(laughs).contains("document type"));
        let file = br#"<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><c>&x;</c>"#;
        assert!(refused(file).contains("document type"));
        assert!(refused(b"<a>&secret;</a>").contains("&secret;"));
        assert!(refused("<a>".repeat(200_000).as_bytes()).contains("256"));
        assert!(refused(b"").contains("empty"));
        assert!(refused(b"{\"a\":1}").contains("XML"));
        assert!(refused(b"<a><b></a>").contains("line 1"));
    }

    #[test]
    fn a_document_type_that_declares_nothing_is_passed_over_and_html_entities_are_known() {
        let old = b"<?xml version='1.0'?>\n<!DOCTYPE codeBook SYSTEM 'Version1-2-2.dtd'>\n<a x='&eacute;'>Enqu&ecirc;te&nbsp;&lt;b&gt;<![CDATA[&eacute; <!DOCTYPE x [ ]]></a>";
        let prepared = prepare(old).expect("read");
        let tree = parse(&prepared.text).expect("tree");
        assert_eq!(tree.root_element().text(), Some("Enquête\u{a0}<b>&eacute; <!DOCTYPE x [ "));
        assert_eq!(tree.root_element().attribute("x"), Some("é"));
    }

    #[test]
    fn control_characters_are_taken_out_and_told() {
        let prepared = prepare(b"<a>x\x00y\x0bz</a>").expect("read");
        assert_eq!(prepared.text, "<a>xyz</a>");
        assert!(prepared.mended[0].remedy.contains("U+0000"), "{}", prepared.mended[0]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "[<>&;!\\[\\]a-c/'\"=\\-? ]{0,60}") {
            let _ = prepare(&bytes).and_then(|prepared| parse(&prepared.text).map(|_| ()));
            let _ = prepare(text.as_bytes()).and_then(|prepared| parse(&prepared.text).map(|_| ()));
        }
    }
}
