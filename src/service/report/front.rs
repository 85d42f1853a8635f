//! Cover, method, and who keeps the sources.

use std::collections::BTreeSet;

use super::parts::{paragraph, plain, section};
use super::{Material, words};
use crate::domain::institution::Institution;
use crate::domain::vocabulary::{ConceptScheme, InstitutionKind, RecordScope, ReportRegister, Vocabulary};
use crate::domain::workdays::{DAY_MS, Day};
use crate::interop::report::{Block, Column, Section, Span, Table};

fn named(material: &Material<'_>) -> BTreeSet<String> {
    let datasets = material.body.iter().map(|source| &source.dataset);
    let slugs = datasets.flat_map(|dataset| dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution)));
    slugs.map(ToString::to_string).collect()
}

/// What the cover states.
pub(super) fn cover(material: &Material<'_>) -> Vec<(String, Vec<Span>)> {
    let question = material.question;
    let is_draft = question.scope == RecordScope::Published;
    let status = material.say(match is_draft {
        true if material.body.is_empty() && material.planned.is_empty() => words::STATUS_EMPTY,
        true => words::STATUS_DRAFT,
        false => words::STATUS_VALIDATED,
    });
    let edition = material.measured.now.moment.place.as_ref().map_or_else(
        || material.say(words::NO_EDITION).to_owned(),
        |place| {
            let (seq, day) = (place.seq.to_string(), Day::of(place.at).to_string());
            let name = material.maker.name.to_owned();
            material.fill(words::EDITION_IS, &[("name", name), ("seq", seq), ("day", day), ("hash", place.hash.clone())])
        },
    );
    let line = |phrase: words::Phrase, text: String| (material.say(phrase).to_owned(), plain(text));
    let mut lines = vec![
        line(words::COUNTRY, material.concept(ConceptScheme::Places, question.country)),
        line(words::CUT_OFF, Day(question.until).to_string()),
        (material.say(words::STATUS).to_owned(), vec![Span::Strong(status.to_owned())]),
        line(words::EDITION, edition),
    ];
    if let Some(previous) = question.previous {
        lines.push(line(words::PREVIOUS, Day(previous).to_string()));
    }
    let number = named(material).len().to_string();
    lines.push((material.say(words::INSTITUTIONS_NAMED).to_owned(), vec![Span::link(number, "#institutions")]));
    lines
}

/// What stands below it.
pub(super) fn preface(material: &Material<'_>) -> Vec<Block> {
    vec![Block::Note(plain(material.say(words::PREFACE)))]
}

/// How the report was made.
pub(super) fn method(material: &Material<'_>) -> Section {
    let now = &material.measured.now;
    let moment = &now.moment;
    let to = |text: String, anchor: &str| Block::Paragraph(vec![Span::link(text, anchor)]);
    let mut blocks = Vec::new();
    match (&moment.place, moment.begins_at) {
        (Some(place), _) => {
            let values = [("day", material.day(moment.until)), ("seq", place.seq.to_string())];
            blocks.push(to(material.fill(words::METHOD_DAY, &values), "#annex-list"));
            if moment.until > super::super::catalogue::day_of(material.maker.now) {
                blocks.push(Block::Note(plain(material.say(words::DAY_TO_COME))));
            }
            if moment.is_look_back {
                blocks.push(Block::Note(plain(material.say(words::LOOK_BACK))));
            }
        }
        (None, begins_at) => {
            let begins = begins_at.map_or_else(|| "–".to_owned(), |at| material.day(at.div_euclid(DAY_MS)));
            blocks.push(Block::Note(plain(material.fill(words::BEFORE_LOG, &[("begins", begins)]))));
        }
    }
    let scope = match material.question.scope {
        RecordScope::Validated => words::SCOPE_VALIDATED,
        RecordScope::Published => words::SCOPE_PUBLISHED,
    };
    // Of a day before the log nothing is known, so that nothing is counted.
    if moment.place.is_some() {
        blocks.extend(counted(material));
    }
    blocks.push(to(material.say(scope).to_owned(), "#annex-not-validated"));
    blocks.push(paragraph(material.say(words::LIMITS)));
    let mut whole = section(material, "2", "method", words::METHOD, blocks);
    let mut answered = material.entries(&[ReportRegister::Invitation], true, |_| true);
    if answered.is_empty() {
        answered.push(paragraph(material.say(words::NOTHING_VALIDATED)));
    }
    whole.sections.push(section(material, "2.1", "consulted", words::CONSULTED, answered));
    whole
}

/// How many records there are, and how many of them count.
fn counted(material: &Material<'_>) -> Vec<Block> {
    let now = &material.measured.now;
    let to = |text: String, anchor: &str| Block::Paragraph(vec![Span::link(text, anchor)]);
    let mut blocks = Vec::new();
    let counted = [("published", now.published.to_string()), ("validated", now.validated.to_string())];
    blocks.push(to(material.fill(words::PUBLISHED_VALIDATED, &counted), "#annex-list"));
    if now.left_out.retired_since > 0 {
        let number = now.left_out.retired_since.to_string();
        blocks.push(to(material.fill(words::RETIRED_SINCE, &[("n", number)]), "#annex-left-out"));
    }
    blocks.push(to(material.fill(words::COUNTRY_RULE, &[("wider", now.left_out.wider.to_string())]), "#annex-left-out"));
    let silent: Vec<_> = material.body.iter().filter(|source| source.begun == crate::domain::indicators::Begun::NotDocumented).collect();
    blocks.push(material.sentence(material.fill(words::BEGINNING, &[("n", silent.len().to_string())]), &silent));
    blocks
}

/// Kinds of institutions that coordinate others.
const COORDINATING: [InstitutionKind; 2] = [InstitutionKind::InterministerialBody, InstitutionKind::Observatory];

/// Institutions that the records name, with their mandates, and those that coordinate others.
pub(super) fn institutions(material: &Material<'_>) -> Section {
    let all = named(material);
    let mut whole = section(material, "3", "institutions", words::INSTITUTIONS, described(material, &all, words::INSTITUTIONS));
    if all.is_empty() {
        whole.blocks = vec![material.empty()];
    }
    let country = Some(material.question.country);
    let coordinates = |institution: &&Institution| {
        COORDINATING.contains(&institution.kind) && (institution.country.as_deref() == country || all.contains(institution.slug.as_str()))
    };
    let bodies = material.institutions.iter().filter(coordinates).map(|institution| institution.slug.to_string()).collect();
    let blocks = described(material, &bodies, words::COORDINATION);
    whole.sections.push(section(material, "3.1", "coordination-bodies", words::COORDINATION, blocks));
    whole
}

/// A table of institutions with kind, legal basis and mandate; or that none is documented.
pub(super) fn described(material: &Material<'_>, slugs: &BTreeSet<String>, caption: words::Phrase) -> Vec<Block> {
    if slugs.is_empty() {
        return vec![paragraph(material.none())];
    }
    let row = |slug: &String| {
        let institution = material.institution(slug);
        let kind = institution.map_or("", |institution| institution.kind.label(material.language()));
        let told = |text: Option<&crate::domain::text::MultilingualText>| {
            text.map_or_else(|| plain(material.say(words::NOT_DOCUMENTED)), |text| material.told(text))
        };
        vec![
            vec![material.link_institution(slug)],
            plain(kind),
            told(institution.map(|institution| &institution.legal_basis)),
            told(institution.map(|institution| &institution.mandate)),
        ]
    };
    let columns = [(words::INSTITUTION, 3), (words::KIND, 2), (words::LEGAL_BASIS, 3), (words::MANDATE, 4)];
    vec![Block::Table(Table {
        caption: material.say(caption).to_owned(),
        columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
        has_row_heads: true,
        rows: slugs.iter().map(row).collect(),
    })]
}
