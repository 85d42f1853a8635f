//! Titles, identifiers, names, subjects, abstract.

use roxmltree::Node;

use super::OWN;
use super::read::Book;
use crate::domain::ids::Slug;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::vocabulary::{ConceptScheme, TextStatus, Vocabulary};
use crate::interop::agents::{Spelling, spelling};

/// Reads what identifies the study and what it is about.
pub(super) fn read(book: &mut Book) {
    titles(book);
    identifiers(book);
    let series = book.study("citation/serStmt/serName");
    book.draft.programme = book.tracked.wordings(&series, true);
    let mandate = book.study("studyAuthorization/authorizationStatement");
    book.draft.legal_mandate = book.tracked.wordings(&mandate, false);
    let abstracts = book.study("stdyInfo/abstract");
    book.draft.abstract_text = book.tracked.wordings(&abstracts, false);
    subjects(book);
    languages(book);
    if book.is_own {
        passed_over(book);
    } else {
        producers(book);
        addresses(book);
        document(book);
    }
}

fn titles(book: &mut Book) {
    for node in book.study("citation/titlStmt/titl") {
        for (tag, wording) in book.tracked.wordings(&[node], true).0 {
            add_title(book, node, tag, wording);
        }
    }
    for node in book.study("citation/titlStmt/parTitl") {
        let title = book.tracked.wordings(&[node], true);
        for (tag, mut wording) in title.0 {
            // A parallel title is the title in another language.
            wording.status = TextStatus::Translation;
            add_title(book, node, tag, wording);
        }
    }
    let first = book.study("citation/titlStmt/titl").first().copied();
    let declared = book.tracked.language(book.tracked.root());
    let of_title = first.and_then(|node| book.tracked.language(node));
    let stated = |tag: &LanguageTag| tag.as_str() != "und";
    let has_title = |tag: &LanguageTag| book.draft.titles.0.keys().any(|known| known.primary() == tag.primary());
    book.draft.main_language = declared.filter(stated).filter(has_title).or(of_title.filter(stated).filter(has_title));
}

/// Adds a title in a language that has none yet; another one in the same language is told.
fn add_title<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>, tag: LanguageTag, wording: Wording) {
    match book.draft.titles.0.get(&tag) {
        None => {
            book.draft.titles.0.insert(tag, wording);
        }
        Some(known) if known.text == wording.text => {}
        Some(_) => {
            let remedy = format!(
                "is a second title in the language `{}`; the first was taken: say its language, or put it into the abstract",
                tag.as_str()
            );
            book.tracked.tell(node, &wording.text, remedy);
        }
    }
}

fn identifiers(book: &mut Book) {
    let mut given: Vec<(Node, String, String)> = Vec::new();
    for node in book.study("citation/titlStmt/IDNo") {
        let agency = node.attribute("agency").unwrap_or("").trim().to_lowercase();
        let text = node.text().unwrap_or("").trim().to_owned();
        if text.is_empty() {
            continue;
        }
        if agency == OWN || (agency == "urn" && text.starts_with("urn:uuid:") && book.draft.slug.is_some()) {
            book.tracked.pass_over(node);
            match Slug::parse(&text) {
                Ok(slug) if agency == OWN => book.draft.slug = Some(slug),
                _ => book.draft.identifier = Some(text),
            }
            continue;
        }
        given.push((node, agency, text));
    }
    let is_doi = |agency: &str, text: &str| {
        agency.contains("doi") || agency.contains("datacite") || text.starts_with("10.") || text.starts_with("doi:")
    };
    let best = given.iter().find(|(_, agency, text)| is_doi(agency, text)).or_else(|| given.first());
    if let Some((_, _, best)) = best.cloned() {
        // The same identifier may stand once for each language.
        for (node, ..) in given.iter().filter(|(.., text)| *text == best) {
            book.tracked.pass_over(*node);
        }
        book.origin.identifier = Some(best);
    } else if let Some(slug) = book.draft.slug.as_ref() {
        book.origin.identifier = book.draft.identifier.clone().or_else(|| Some(slug.to_string()));
    }
}

fn producers(book: &mut Book) {
    for path in ["citation/rspStmt/AuthEnty", "citation/prodStmt/producer", "citation/distStmt/distrbtr"] {
        let nodes = book.study(path);
        let names = book.tracked.grouped(&nodes, true);
        if path.ends_with("distrbtr") {
            book.origin.holders.extend(names.iter().cloned());
        }
        add_names(book, names);
        for node in nodes {
            let mut affiliation = MultilingualText::default();
            if let (Some(name), Some(tag)) = (book.tracked.attribute(node, "affiliation"), book.tracked.language(node)) {
                affiliation.0.insert(tag, Wording { text: name, status: TextStatus::Official });
                book.origin.organisations.push(affiliation.clone());
                add_names(book, vec![affiliation]);
            }
            about_a_name(book, node);
        }
    }
}

/// The short name, the part and the address of whoever is named have no field. The short name of a person is not told on.
fn about_a_name<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) {
    let name = book.tracked.line(node);
    for (attribute, remedy) in [
        ("abbr", "is the short name of whoever is named there; it belongs to the institution of the catalogue"),
        ("role", "is the part of whoever is named there, which the registry does not distinguish"),
        ("URI", "is the address of whoever is named there; it belongs to the institution of the catalogue"),
    ] {
        let Some(value) = book.tracked.attribute(node, attribute) else { continue };
        let is_shown = attribute == "role" || spelling(&name) == Spelling::OfNoPerson;
        let shown = if is_shown { format!("@{attribute}={value}") } else { format!("@{attribute}") };
        book.tracked.tell(node, &shown, remedy);
    }
}

fn add_names(book: &mut Book, names: Vec<MultilingualText>) {
    for name in names {
        let known = |other: &MultilingualText| name.iter().all(|(_, wording)| other.iter().any(|(_, there)| there.text == wording.text));
        if !book.origin.producers.iter().any(known) {
            book.origin.producers.push(name);
        }
    }
}

/// The page of the study and its last change. Where copies of the data lie otherwise has no field, and is told.
fn addresses(book: &mut Book) {
    for node in book.study("citation/holdings") {
        let Some(address) = super::access::web_address(book, node) else { continue };
        match &book.origin.address {
            None => book.origin.address = Some(address),
            Some(known) if *known == address => {}
            Some(_) => book.tracked.tell(node, &address, "is a second address of the record; the first was taken"),
        }
    }
    // The description of the document is told as a whole.
    for node in book.at("docDscr/citation/holdings") {
        let address = book.tracked.attribute(node, "URI").filter(|uri| super::access::is_address(uri));
        book.origin.address = book.origin.address.take().or(address);
    }
    for node in book.study("citation/verStmt/version") {
        book.tracked.attribute(node, "type");
        let Some(stated) = book.tracked.attribute(node, "date") else { continue };
        match super::dates::read_date(&stated) {
            Some(date) => book.origin.modified = Some(date.to_string()).max(book.origin.modified.take()),
            None => book.tracked.tell(node, &stated, "is not a date; the day of the last change stays unknown"),
        }
    }
}

/// The description of the document is about the file, not about the data.
fn document(book: &mut Book) {
    let parts = book.at("docDscr");
    if let Some(first) = parts.first() {
        book.tracked.tell(*first, "", "describes the document and not the data; it is kept in the original only");
    }
    for part in parts {
        book.tracked.pass_over(part);
    }
}

fn subjects(book: &mut Book) {
    for node in book.study("stdyInfo/subject/topcClas") {
        if !own_concept(book, node) {
            keyword(book, node);
        }
    }
    for node in book.study("stdyInfo/subject/keyword") {
        keyword(book, node);
    }
}

fn keyword<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) {
    let word = book.tracked.wordings(&[node], true);
    if !word.is_empty() && !book.draft.keywords.contains(&word) {
        book.draft.keywords.push(word);
    }
}

/// A topic that this registry wrote, as the code of its scheme.
fn own_concept<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> bool {
    let uri = node.attribute("vocabURI").unwrap_or("");
    for scheme in [ConceptScheme::Themes, ConceptScheme::Indicators] {
        let prefix = format!("urn:x-rihla:concept:{}:", scheme.code().to_lowercase());
        let Some(code) = uri.strip_prefix(&prefix).filter(|code| book.concepts.get(scheme, code).is_some()) else { continue };
        let list = if scheme == ConceptScheme::Themes { &mut book.draft.themes } else { &mut book.draft.indicators };
        if !list.iter().any(|known| known == code) {
            list.push(code.to_owned());
        }
        book.tracked.pass_over(node);
        return true;
    }
    false
}

/// Languages of the data, which version 2.6 tells.
fn languages(book: &mut Book) {
    for node in book.study("citation/prodStmt/language") {
        let words = book.tracked.line(node);
        let code = book.tracked.attribute(node, "languageCode").unwrap_or(words);
        book.tracked.attribute(node, "typeOfLanguageCode");
        let named = book.tracked.named_language(node, &code);
        book.draft.languages.extend(named.filter(|tag| !book.draft.languages.contains(tag)));
    }
}

/// Elements of this registry's own documents that say for people what notes say for it. No others are: another tool has added them.
fn passed_over(book: &mut Book) {
    let mut said: Vec<_> = book.at("docDscr");
    for part in ["rspStmt/AuthEnty", "rspStmt/othId", "distStmt/distrbtr", "distStmt/distDate", "verStmt/version"] {
        said.extend(book.study(&format!("citation/{part}")));
    }
    for part in ["prodDate", "producer", "software"] {
        said.extend(book.study(&format!("citation/prodStmt/{part}")));
    }
    let page = book.draft.slug.as_ref().map(|slug| format!("/dataset/{slug}")).unwrap_or_default();
    let leads_here = |node: &Node| {
        node.attribute("URI").is_some_and(|uri| uri.ends_with(&page)) && node.text().is_none_or(|text| text.trim().is_empty())
    };
    said.extend(book.study("citation/holdings").into_iter().filter(leads_here));
    for node in said {
        book.tracked.pass_over(node);
    }
}
