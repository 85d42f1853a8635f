//! The annexes: all records, agreements, methods, changes, and what was not validated.

use std::collections::BTreeMap;

use super::parts::{paragraph, plain, section};
use super::{Material, words};
use crate::domain::indicators::{RegisterEntry, RegisterFacts, Source};
use crate::domain::vocabulary::{ReportRegister, Vocabulary};
use crate::interop::report::{Block, Cell, Column, Section, Span, Table};

/// All records of the body.
pub(super) fn list(material: &Material<'_>) -> Section {
    let all: Vec<&Source> = material.body.iter().collect();
    let blocks = if all.is_empty() { vec![material.empty()] } else { material.records(words::ANNEX_LIST, &all) };
    section(material, "A", "annex-list", words::ANNEX_LIST, blocks)
}

/// Public agreements: title, parties, state and end, without their content.
pub(super) fn agreements(material: &Material<'_>) -> Section {
    let (day, language) = (material.question.until, material.language());
    let row = |agreement: &crate::domain::agreement::Agreement| -> Vec<Cell> {
        let mut parties: Vec<Span> = Vec::new();
        for slug in agreement.institutions() {
            if !parties.is_empty() {
                parties.push(Span::text(material.separator()));
            }
            parties.push(material.link_institution(slug.as_str()));
        }
        let end = agreement.ends_on.map_or_else(|| material.say(words::NOT_DOCUMENTED).to_owned(), |date| date.to_string());
        vec![
            material.wording(&agreement.title),
            plain(agreement.kind.label(language)),
            parties,
            plain(agreement.state_on(day).label(language)),
            plain(end),
        ]
    };
    let columns = [(words::TITLE_OF, 5), (words::KIND, 2), (words::PARTIES, 4), (words::STATE, 2), (words::ENDS, 2)];
    let table = Table {
        caption: material.say(words::ANNEX_AGREEMENTS).to_owned(),
        columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
        rows: material.agreements.iter().map(|(_, agreement)| row(agreement)).collect(),
        has_row_heads: true,
    };
    let blocks = if table.rows.is_empty() { vec![paragraph(material.say(words::NOTHING))] } else { vec![Block::Table(table)] };
    section(material, "B", "annex-agreements", words::ANNEX_AGREEMENTS, blocks)
}

/// How the indicators are computed.
pub(super) fn methods(material: &Material<'_>) -> Section {
    let block = paragraph(material.measured.set.source.say(material.language()));
    let mut whole = section(material, "C", "annex-methods", words::ANNEX_METHODS, vec![block]);
    whole.sections = super::actions::methods(material);
    whole
}

/// Records that entered, left or have a new version since the previous review, and entries of the registers that did or stand elsewhere.
pub(super) fn changes(material: &Material<'_>) -> Section {
    let blocks = match &material.previous {
        None => vec![paragraph(material.say(words::NO_PREVIOUS))],
        Some(previous) => changed(material, previous),
    };
    section(material, "D", "annex-changes", words::ANNEX_CHANGES, blocks)
}

fn changed(material: &Material<'_>, previous: &BTreeMap<String, i64>) -> Vec<Block> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for source in &material.body {
        let phrase = match previous.get(source.dataset.slug.as_str()) {
            None => words::CAME,
            Some(version) if *version != source.version => words::REVISED,
            Some(_) => continue,
        };
        rows.push(vec![vec![material.link(&source.dataset)], plain(material.say(phrase)), plain(source.version.to_string())]);
    }
    let is_there = |slug: &&String| material.body.iter().any(|source| source.dataset.slug.as_str() == slug.as_str());
    for (slug, version) in previous.iter().filter(|(slug, _)| !is_there(slug)) {
        let link = Span::link(slug, format!("{}/dataset/{slug}", material.maker.base_url));
        rows.push(vec![vec![link], plain(material.say(words::WENT)), plain(version.to_string())]);
    }
    rows.extend(moved(material));
    if rows.is_empty() {
        return vec![paragraph(material.say(words::NO_CHANGE))];
    }
    vec![Block::Table(Table {
        caption: material.say(words::ANNEX_CHANGES).to_owned(),
        columns: vec![
            Column::text(material.say(words::TITLE_OF), 6),
            Column::text(material.say(words::CHANGE), 2),
            Column::number(material.say(words::VERSION), 2),
        ],
        rows,
        has_row_heads: true,
    })]
}

/// Longest title of an entry that is shown in the list of changes, in characters.
const LONGEST_TITLE: usize = 160;

/// Entries of the registers that entered, left or stand elsewhere since the previous review. They are named by what they are, by whom and by
/// their title; their other words stand in their chapters.
fn moved(material: &Material<'_>) -> Vec<Vec<Cell>> {
    let previous = material.question.previous.unwrap_or(i64::MIN);
    let of = |facts: &RegisterFacts, day: i64| -> Vec<RegisterEntry> {
        ReportRegister::ALL.iter().flat_map(|kind| facts.validated(*kind, day)).cloned().collect()
    };
    let (are, were) = (of(&material.facts, material.question.until), of(&material.facts_before, previous));
    let same = |entry: &RegisterEntry, list: &[RegisterEntry]| {
        let is_it = |other: &&RegisterEntry| (other.kind, &other.id, &other.institution) == (entry.kind, &entry.id, &entry.institution);
        list.iter().find(is_it).map(|other| (other.state, other.stage))
    };
    let row = |entry: &RegisterEntry, phrase: words::Phrase| {
        let mut what = plain(entry.kind.label(material.language()));
        for institution in entry.institution.iter().chain(&entry.agreed_by) {
            what.extend([Span::text(material.separator()), material.link_institution(institution.as_str())]);
        }
        let title = material.wording(&entry.title);
        if !title.is_empty() && entry.title.iter().all(|(_, wording)| wording.text.chars().count() <= LONGEST_TITLE) {
            what.push(Span::text(material.separator()));
            what.extend(title);
        }
        for slug in &entry.datasets {
            what.extend([Span::text(material.separator()), material.link_slug(slug)]);
        }
        vec![what, plain(material.say(phrase)), plain("–")]
    };
    let mut rows = Vec::new();
    for entry in &are {
        match same(entry, &were) {
            None => rows.push(row(entry, words::CAME)),
            Some(stood) if stood != (entry.state, entry.stage) => rows.push(row(entry, words::MOVED)),
            Some(_) => {}
        }
    }
    rows.extend(were.iter().filter(|entry| same(entry, &are).is_none()).map(|entry| row(entry, words::WENT)));
    rows
}

/// Records that are left out of the report, by why.
pub(super) fn left_out(material: &Material<'_>) -> Section {
    let mut blocks = Vec::new();
    if !material.wider.is_empty() {
        blocks.extend(material.records(words::LEFT_WIDER, &material.wider.iter().collect::<Vec<_>>()));
    }
    if !material.retired.is_empty() {
        let row = |source: &Source| -> Vec<Cell> {
            let producer = source.dataset.producer.iter().map(|slug| material.link_institution(slug.as_str())).collect();
            vec![vec![material.link(&source.dataset)], producer]
        };
        blocks.push(Block::Table(Table {
            caption: material.say(words::LEFT_RETIRED).to_owned(),
            columns: vec![Column::text(material.say(words::TITLE_OF), 5), Column::text(material.say(words::INSTITUTION), 3)],
            rows: material.retired.iter().map(row).collect(),
            has_row_heads: true,
        }));
    }
    if blocks.is_empty() {
        blocks.push(paragraph("–"));
    }
    section(material, "F", "annex-left-out", words::ANNEX_LEFT_OUT, blocks)
}

/// What is published and was not validated: records, and entries of registers.
pub(super) fn not_validated(material: &Material<'_>) -> Section {
    let all: Vec<&Source> = material.not_validated.iter().collect();
    let mut blocks = if all.is_empty() { Vec::new() } else { material.records(words::ANNEX_NOT_VALIDATED, &all) };
    if material.facts.entries.iter().any(|entry| entry.is_left_out) {
        blocks.push(paragraph(material.say(words::ON_NOT_VALIDATED)));
    }
    blocks.extend(material.entries(ReportRegister::ALL, false, |_| true));
    if blocks.is_empty() {
        blocks.push(paragraph(material.say(words::NOTHING)));
    }
    section(material, "E", "annex-not-validated", words::ANNEX_NOT_VALIDATED, blocks)
}
