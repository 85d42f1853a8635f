//! XML of packages: no document types, no deep nesting, no parts from elsewhere.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{DocumentKind, parts, text};

/// Nesting of elements. Word writes some forty levels for tables in tables.
const MAX_DEPTH: usize = 512;

/// XML that cannot be read.
pub(super) struct Broken;

/// The text of a member: UTF-8, or UTF-16 by its mark.
pub(super) fn text_of(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, Broken> {
    text::unicode(bytes).ok_or(Broken)
}

/// The value of an attribute by its local name, with character references resolved.
pub(super) fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
    Some(quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), |value| value.into_owned()))
}

/// The declared type of the main part, from `[Content_Types].xml`; empty where none is an Office document.
pub(super) fn main_content_type(bytes: &[u8]) -> Option<String> {
    let text = text_of(bytes).ok()?;
    let mut reader = Reader::from_str(&text);
    let mut main = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element) => {
                let declared = attribute(&element, "ContentType").unwrap_or_default();
                if declared.contains("macroEnabled") || declared.contains("vbaProject") {
                    return Some("macroEnabled".to_owned());
                }
                if main.is_empty() && declared.contains(".main") {
                    main = declared;
                }
            }
            Event::Eof => return Some(main),
            _ => {}
        }
    }
}

/// Reads a member to its end and names what may not be in it.
pub(super) fn check(bytes: &[u8], kind: DocumentKind, name: &str) -> Result<Vec<&'static str>, Broken> {
    let text = text_of(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut found = Vec::new();
    let mut depth = 0usize;
    let is_relations = name.to_lowercase().ends_with(".rels");
    loop {
        let event = reader.read_event().map_err(|_| Broken)?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                depth += usize::from(matches!(event, Event::Start(_)));
                if depth > MAX_DEPTH || claims_too_many(element, bytes.len()) {
                    return Err(Broken);
                }
                if is_relations {
                    found.extend(relation_fault(element));
                } else if kind == DocumentKind::Odt {
                    found.extend(odf_fault(element));
                }
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => found.push(parts::DOCTYPE),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A list of strings that says it has more members than it has bytes: readers reserve memory by it.
fn claims_too_many(element: &BytesStart, size: usize) -> bool {
    element.local_name().into_inner() == "sst"
        && ["uniqueCount", "count"]
            .iter()
            .filter_map(|name| attribute(element, name))
            .any(|count| count.trim().parse::<usize>().is_ok_and(|count| name_bound(count, size)))
}

fn name_bound(count: usize, size: usize) -> bool {
    // `count` is the number of uses, which may be larger than the list; only absurd claims are refused.
    count > size.saturating_mul(8).saturating_add(1_000)
}

/// ECMA-376 part 2: a relation may point outside of the package. Links to click are harmless; all else is fetched when opened.
fn relation_fault(element: &BytesStart) -> Option<&'static str> {
    let kind = attribute(element, "Type").unwrap_or_default();
    if kind.ends_with("/aFChunk") || kind.ends_with("/oleObject") || kind.ends_with("/package") {
        return Some(parts::EMBEDDED);
    }
    let external = attribute(element, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
    (external && !kind.ends_with("/hyperlink")).then_some(parts::LINKED)
}

/// OpenDocument 1.3: scripts, and frames filled from elsewhere.
fn odf_fault(element: &BytesStart) -> Option<&'static str> {
    let local = element.local_name().into_inner().to_owned();
    if local == "script" || local == "event-listener" {
        return Some(parts::MACROS);
    }
    let fetching =
        ["image", "object", "object-ole", "section-source", "floating-frame", "plugin", "applet", "fill-image", "dde-connection-decl"];
    if !fetching.contains(&local.as_str()) {
        return None;
    }
    let target = attribute(element, "href").unwrap_or_default().to_lowercase();
    let outside = target.contains("://") || target.starts_with("file:") || target.starts_with("//") || target.starts_with("../");
    (outside || local == "applet" || local == "dde-connection-decl").then_some(parts::LINKED)
}
