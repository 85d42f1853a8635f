//! Terms of access, holders and files.

use roxmltree::Node;

use super::read::Book;
use crate::domain::holding::{AccessTerms, Distribution, Holding};
use crate::domain::ids::is_web_address;
use crate::domain::vocabulary::{HoldingRole, RequestChannel};
use crate::interop::holder::{not_yet_known, unknown_terms};

/// What becomes of contacts.
pub(super) const CONTACT: &str = "names a contact, which may be a person, and is not taken over; give the desk of the institution instead";

/// Reads who gives access, on which terms, and which files there are.
pub(super) fn read(book: &mut Book) {
    contacts(book, "citation/distStmt/contact");
    if book.is_own {
        // The notes hold the terms; what the elements say beside is compared with the record when it is whole.
        return;
    }
    contacts(book, "dataAccs/useStmt/contact");
    let mut terms = unknown_terms();
    conditions(book, &mut terms);
    places(book, &mut terms);
    let distributions = files(book);
    // Whoever gives the data out holds them, on whatever terms.
    let says_something = terms != unknown_terms() || !distributions.is_empty() || !book.origin.holders.is_empty();
    if says_something {
        let institution = not_yet_known();
        book.draft.holdings.push(Holding { institution, role: HoldingRole::Disseminator, access_terms: terms, distributions });
    }
}

/// A full address on the web, as the registry takes it.
pub(crate) fn is_address(text: &str) -> bool {
    is_web_address(text.trim())
}

/// The address that an element gives, where it is one on the web; any other leads nowhere, and is told.
pub(super) fn web_address<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> Option<String> {
    let given = book.tracked.attribute(node, "URI")?;
    if is_address(&given) {
        return Some(given);
    }
    let remedy = "is not an address on the web, so it was not taken; give a full one that starts with https://";
    book.tracked.tell(node, &given, remedy);
    None
}

fn conditions(book: &mut Book, terms: &mut AccessTerms) {
    let parts = ["restrctn", "conditions", "specPerm", "confDec", "citReq", "deposReq", "disclaimer"];
    for part in parts {
        for node in book.study(&format!("dataAccs/useStmt/{part}")) {
            if !is_asked_for(book, node) {
                continue;
            }
            book.tracked.add(&mut terms.conditions, node, false);
        }
    }
    for path in ["dataAccs/setAvail/avlStatus", "dataAccs/setAvail/notes", "dataAccs/notes"] {
        for node in book.study(path).into_iter().filter(|node| node.attribute("type") != Some(super::OWN)) {
            for known in ["type", "subject", "level"] {
                book.tracked.attribute(node, known);
            }
            book.tracked.add(&mut terms.conditions, node, false);
        }
    }
    for node in book.study("dataAccs/license") {
        let address = web_address(book, node);
        book.tracked.add(&mut terms.conditions, node, false);
        match (&terms.licence, address) {
            (None, Some(address)) => terms.licence = Some(address),
            (Some(known), Some(address)) if *known != address => {
                book.tracked.tell(node, &address, "is a second licence; a holding has one: the first was taken");
            }
            _ => {}
        }
    }
    if terms.licence.is_none() {
        terms.licence = terms.conditions.iter().find_map(|(_, wording)| licence_in(&wording.text));
    }
}

/// Whether a permission or a declaration is asked for. One that is not is no condition: its words are told.
fn is_asked_for<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> bool {
    if !node.descendants().any(|inside| inside.is_text() && inside.text().is_some_and(|text| !text.trim().is_empty())) {
        // Without words the attribute is all that it says, and is told.
        return true;
    }
    if book.tracked.attribute(node, "required").is_none_or(|answer| !answer.eq_ignore_ascii_case("no")) {
        return true;
    }
    let words = book.tracked.text(node);
    book.tracked.tell(
        node,
        &words,
        "is not required, as the attribute `required` says, so it is no condition; say in the conditions what holds",
    );
    false
}

/// The address of a Creative Commons licence that the words quote.
fn licence_in(words: &str) -> Option<String> {
    let at = ["https://creativecommons.org/", "http://creativecommons.org/"].iter().find_map(|start| words.find(start))?;
    let rest = words.get(at..)?;
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | ',')).unwrap_or(rest.len());
    rest.get(..end).map(|found| found.trim_end_matches('.').to_owned()).filter(|found| is_address(found))
}

fn places(book: &mut Book, terms: &mut AccessTerms) {
    for node in book.study("dataAccs/setAvail/accsPlac") {
        match (&terms.channel_url, web_address(book, node)) {
            (None, Some(address)) => {
                terms.channel = RequestChannel::Url;
                terms.channel_url = Some(address);
            }
            (Some(known), Some(address)) if *known != address => {
                book.tracked.tell(node, &address, "is a second address of access; the first was taken");
            }
            _ => {}
        }
        let place = book.tracked.line(node);
        if !place.is_empty() {
            book.tracked.tell(
                node,
                &place,
                "is where the data are had; choose the institution that holds them, or say it in the conditions",
            );
        }
    }
}

/// Contacts may be persons: that there is one is told, who it is stays in the original.
fn contacts(book: &mut Book, path: &str) {
    for node in book.study(path) {
        let says = node.descendants().any(|inside| inside.is_text() && inside.text().is_some_and(|text| !text.trim().is_empty()));
        if says || node.attributes().any(|attribute| !attribute.value().trim().is_empty()) {
            book.tracked.tell(node, "", CONTACT);
        }
        book.tracked.pass_over(node);
    }
}

fn files(book: &mut Book) -> Vec<Distribution> {
    let mut found = Vec::new();
    for node in book.at("fileDscr") {
        let Some(url) = web_address(book, node) else { continue };
        let names = book.tracked.all(node, "fileTxt/fileName");
        let title = book.tracked.names(&names);
        let kinds = book.tracked.all(node, "fileTxt/fileType");
        let format = kinds.first().map(|kind| book.tracked.line(*kind)).filter(|kind| !kind.is_empty());
        let is_media = |kind: &String| kind.contains('/') && !kind.contains(' ');
        let media_type = format.clone().filter(is_media);
        let format = format.filter(|kind| !is_media(kind));
        found.push(Distribution { title, format, media_type, url, byte_size: None, checksum: None });
    }
    found
}
