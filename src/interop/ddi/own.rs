//! Parts of this registry's own documents that say for people what the notes say for it. What they say beside the record that the notes
//! make was added or changed by another tool: it is told, so that no edit is lost without a line.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::access::CONTACT;
use super::studies::Study;
use super::write::levels_in_words;
use crate::domain::draft::DatasetDraft;
use crate::interop::xml_text::tracked::Tracked;
use crate::interop::xml_text::words;

const CHANGED: &str =
    "is not what the notes of the document say, so another tool has written it; it was not taken: write it into the record";
const ADDED: &str =
    "is one more than the notes of the document say, so another tool has written it; it was not taken: write it into the record";
const FILE: &str = "is no file that the notes of the document say, so another tool has written it; it was not taken: add it to a holding";

/// Tells what another tool has written into the parts.
pub(super) fn compare<'a, 'i>(tracked: &mut Tracked<'a, 'i>, study: &Study<'a, 'i>, record: &DatasetDraft) {
    names(tracked, study, record);
    terms(tracked, study, record);
    files(tracked, study, record);
    relations(tracked, study, record);
}

/// Words as they are read again: without the blanks of the layout and the characters that XML does not allow.
fn plain(text: &str) -> String {
    let allowed: String = text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)).collect();
    words::clean(&allowed, true).0
}

/// The words of an element and of those inside.
fn said(node: Node) -> String {
    let raw: String = node.descendants().filter(|inside| inside.is_text()).filter_map(|inside| inside.text()).collect();
    plain(&raw)
}

/// Institutions and desks: how they are called stands in no note, but how many there are. Their names are not told on, for they may be
/// those of persons.
fn names<'a, 'i>(tracked: &mut Tracked<'a, 'i>, study: &Study<'a, 'i>, record: &DatasetDraft) {
    let (producers, holders) = (usize::from(record.producer.is_some()), record.holdings.len());
    for (path, most, remedy) in [
        ("citation/rspStmt/AuthEnty", producers, ADDED),
        ("citation/rspStmt/othId", record.partners.len(), ADDED),
        ("citation/prodStmt/producer", producers, ADDED),
        ("citation/distStmt/distrbtr", holders.max(1), ADDED),
        ("dataAccs/setAvail/accsPlac", holders, ADDED),
        ("dataAccs/useStmt/contact", holders, CONTACT),
    ] {
        // Each has one name in a language.
        let mut met: HashMap<Option<String>, usize> = HashMap::new();
        for node in study.within(tracked, path) {
            let language = tracked.language(node).map(|tag| tag.as_str().to_owned());
            let count = met.entry(language).or_default();
            *count += 1;
            if *count > most {
                tracked.tell(node, "", remedy);
            }
            tracked.pass_over(node);
        }
    }
}

/// Conditions, levels and addresses of access.
fn terms<'a, 'i>(tracked: &mut Tracked<'a, 'i>, study: &Study<'a, 'i>, record: &DatasetDraft) {
    let (mut conditions, mut levels, mut addresses) = (HashSet::new(), HashSet::new(), HashSet::new());
    for terms in record.holdings.iter().map(|holding| &holding.access_terms) {
        for text in [&terms.conditions, &terms.fee, &terms.decided_by, &terms.disclosure_control] {
            conditions.extend(text.iter().map(|(_, wording)| plain(&wording.text)));
        }
        conditions.extend(terms.licence.as_deref().map(plain));
        levels.extend(["en", "fr", "ar"].map(|language| plain(&levels_in_words(terms, language))));
        addresses.extend(terms.channel_url.as_deref().map(plain));
    }
    for (path, known) in
        [("dataAccs/useStmt/restrctn", &conditions), ("dataAccs/useStmt/conditions", &conditions), ("dataAccs/setAvail/avlStatus", &levels)]
    {
        for node in study.within(tracked, path) {
            let words = said(node);
            if !words.is_empty() && !known.contains(&words) {
                tracked.tell(node, &words, CHANGED);
            }
            tracked.pass_over(node);
        }
    }
    for node in study.within(tracked, "dataAccs/setAvail/accsPlac") {
        let address = node.attribute("URI").map(plain).filter(|address| !address.is_empty());
        if let Some(address) = address.filter(|address| !addresses.contains(address)) {
            tracked.tell(node, &address, CHANGED);
        }
        tracked.pass_over(node);
    }
}

/// Files that can be reached. Those of the variables are read from the elements.
fn files<'a, 'i>(tracked: &mut Tracked<'a, 'i>, study: &Study<'a, 'i>, record: &DatasetDraft) {
    let mut known: HashMap<String, HashSet<String>> = HashMap::new();
    for file in record.holdings.iter().flat_map(|holding| &holding.distributions) {
        let words = known.entry(plain(&file.url)).or_default();
        words.extend(file.title.iter().map(|(_, wording)| plain(&wording.text)));
        words.extend(file.media_type.iter().chain(&file.format).map(|kind| plain(kind)));
    }
    for node in study.around(tracked, "fileDscr") {
        let Some(address) = tracked.attribute(node, "URI") else { continue };
        let Some(words) = known.get(&address) else {
            tracked.tell(node, &address, FILE);
            continue;
        };
        for part in [tracked.all(node, "fileTxt/fileName"), tracked.all(node, "fileTxt/fileType")].concat() {
            let said = said(part);
            if !said.is_empty() && !words.contains(&said) {
                tracked.tell(part, &said, CHANGED);
            }
            tracked.pass_over(part);
        }
    }
}

/// Relations to datasets of the catalogue; others stay unread, and are told so.
fn relations<'a, 'i>(tracked: &mut Tracked<'a, 'i>, study: &Study<'a, 'i>, record: &DatasetDraft) {
    let known: HashSet<&str> = record.relations.iter().map(|relation| relation.dataset.as_str()).collect();
    for node in study.within(tracked, "othrStdyMat/relStdy") {
        let links = tracked.all(node, "ExtLink");
        let address = links.iter().find_map(|link| link.attribute("URI"));
        let slug = address.and_then(|address| address.rsplit_once("/dataset/")).map(|(_, slug)| slug);
        if slug.is_some_and(|slug| known.contains(slug)) {
            tracked.pass_over(node);
        }
    }
}
