//! Places, periods, population, units.

use roxmltree::Node;

use super::places::Nation;
use super::read::Book;
use super::{codes, dates, places};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, Vocabulary};

const PLACES_URI: &str = "urn:x-rihla:concept:places";

/// Reads the summary of what the study covers.
pub(super) fn read(book: &mut Book) {
    let reference = book.study("stdyInfo/sumDscr/timePrd");
    book.draft.coverage.period = dates::period(&mut book.tracked, &reference);
    let collection = book.study("stdyInfo/sumDscr/collDate");
    book.draft.coverage.collection_period = dates::period(&mut book.tracked, &collection);
    for node in book.study("stdyInfo/sumDscr/nation") {
        nation(book, node);
    }
    for node in book.study("stdyInfo/sumDscr/geogCover") {
        if !own_place(book, node) {
            let mut note = std::mem::take(&mut book.draft.coverage.area_note);
            book.tracked.add(&mut note, node, true);
            book.draft.coverage.area_note = note;
        }
    }
    levels(book);
    frequency(book);
}

fn add_area(book: &mut Book, code: String) {
    if !book.draft.coverage.reporting_areas.contains(&code) {
        book.draft.coverage.reporting_areas.push(code);
    }
}

fn nation<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) {
    let abbreviation = book.tracked.attribute(node, "abbr").unwrap_or_default();
    let name = book.tracked.line(node);
    if abbreviation.is_empty() && name.is_empty() {
        return;
    }
    match places::nation(book.concepts, &abbreviation, &name) {
        Nation::Known(code) => add_area(book, code),
        Nation::ByName(code) => {
            let remedy = format!("is not the code of {name} in ISO 3166; the name was believed: check the reporting area");
            book.tracked.tell(node, &abbreviation, remedy);
            add_area(book, code);
        }
        Nation::Unknown => {
            let mut note = std::mem::take(&mut book.draft.coverage.area_note);
            // The code beside a name that is not known is told with it.
            let (found, shown) = match (name.is_empty(), abbreviation.is_empty()) {
                (true, _) => (abbreviation.clone(), abbreviation),
                (false, true) => (name.clone(), name),
                (false, false) => (name.clone(), format!("{name} (@abbr={abbreviation})")),
            };
            book.tracked.add_said(&mut note, node, found, true);
            book.draft.coverage.area_note = note;
            book.tracked.tell(
                node,
                &shown,
                "is not a country of the list PLACES; it stands in `coverage.areaNote`: choose the reporting area",
            );
        }
    }
}

/// A place that this registry wrote with its code.
fn own_place<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> bool {
    let concepts = book.tracked.all(node, "concept");
    let Some(concept) = concepts.into_iter().find(|concept| concept.attribute("vocabURI") == Some(PLACES_URI)) else { return false };
    let code = concept.text().unwrap_or("").trim().to_owned();
    if book.concepts.get(ConceptScheme::Places, &code).is_none() {
        return false;
    }
    book.tracked.pass_over(node);
    add_area(book, code);
    true
}

fn levels(book: &mut Book) {
    for node in book.study("stdyInfo/sumDscr/geogUnit") {
        match codes::own::<GeographicLevel>(&mut book.tracked, node).first() {
            Some(level) => {
                book.tracked.pass_over(node);
                book.draft.coverage.released_level = Some(*level);
            }
            None => {
                let mut note = std::mem::take(&mut book.draft.coverage.level_note);
                book.tracked.add(&mut note, node, true);
                book.draft.coverage.level_note = note;
            }
        }
    }
}

fn frequency(book: &mut Book) {
    for node in book.study("method/dataColl/frequenc") {
        let stated = book.tracked.attribute(node, "freq");
        let words = book.tracked.line(node);
        let value = stated.clone().unwrap_or_else(|| words.clone());
        if value.is_empty() {
            continue;
        }
        let (by_code, by_words) = (stated.as_deref().and_then(codes::frequency), codes::frequency(&words));
        let Some(frequency) = by_code.or(by_words) else {
            let said = if words.contains(&value) { words } else { format!("{value}; {words}") };
            book.tracked.tell(node, said.trim_end_matches("; "), "is no frequency of the registry; choose `coverage.frequency`");
            continue;
        };
        match book.draft.coverage.frequency {
            None => book.draft.coverage.frequency = Some(frequency),
            Some(known) if known == frequency => {}
            Some(_) => book.tracked.tell(node, &value, "is a second frequency; the registry holds one: the first was taken"),
        }
        let beside = if by_code.is_some() { (by_words != by_code).then_some(words) } else { stated };
        if let Some(beside) = beside.filter(|beside| !beside.is_empty()) {
            let remedy = format!(
                "says something else or more than the frequency {}, which was taken; put it into the note of the period",
                frequency.code()
            );
            book.tracked.tell(node, &beside, remedy);
        }
    }
}

/// The universe: who is in it; a part that is left out is told apart.
pub(super) fn universe(book: &mut Book) -> MultilingualText {
    let mut inside = Vec::new();
    for node in book.study("stdyInfo/sumDscr/universe") {
        if book.tracked.attribute(node, "clusion").as_deref() == Some("E") {
            let words = book.tracked.text(node);
            book.tracked.tell(
                node,
                &words,
                "is left out of the universe; add it to the definition as an excluded group, or to the universe in words",
            );
        } else {
            inside.push(node);
        }
    }
    book.tracked.wordings(&inside, false)
}
