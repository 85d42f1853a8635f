//! The other objectives, the registers, the regions, and what comes next.

use uuid::Uuid;

use super::parts::{nobodys, paragraph, plain, section};
use super::{Material, words};
use crate::domain::calendar::{self, Dates, of_dataset};
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, figures, standing};
use crate::domain::indicators::{Begun, Source};
use crate::domain::vocabulary::{CalendarKind, ConceptScheme, GridDimension, ReportRegister};
use crate::domain::workdays::Day;
use crate::interop::report::{Block, Cell, Column, Section, Span, Table, colon};
use crate::service::Error;
use crate::service::calendar::registered_by;
use crate::service::indicators::regions as regions_of;

/// Days ahead for which reviews that fall due are listed.
const AHEAD: i64 = 366;

/// Indicators of the Sustainable Development Goals on migration, those that name migrants first.
const ON_MIGRATION: [&str; 11] = [
    "SDG-10.7.1",
    "SDG-10.7.2",
    "SDG-10.7.3",
    "SDG-10.7.4",
    "SDG-10.c.1",
    "SDG-17.3.2",
    "SDG-8.8.1",
    "SDG-8.8.2",
    "SDG-16.2.2",
    "SDG-16.9.1",
    "SDG-17.18.1",
];

/// Sources of each objective, and of the SDG indicators on migration.
pub(super) fn objectives(material: &Material<'_>) -> Section {
    let scheme = material.catalogue.concepts.scheme(ConceptScheme::Indicators);
    let marked = |code: &str| {
        let is = |source: &&Source| source.dataset.indicators.iter().any(|indicator| indicator == code);
        material.body.iter().filter(is).collect::<Vec<_>>()
    };
    let links = |code: &str, sources: &[&Source], is_of: &dyn Fn(&Source) -> bool| match sources {
        [] => material.silent(|source| is_of(source) && source.dataset.indicators.iter().any(|indicator| indicator == code)),
        sources => material.links(sources.iter().map(|source| material.link(&source.dataset)), sources.len()),
    };
    let objectives = scheme.concepts.iter().filter(|concept| concept.code.starts_with("GCM-") && concept.code != "GCM-1");
    let rows = objectives.map(|concept| {
        let sources = marked(&concept.code);
        let label = format!("{}. {}", concept.code.trim_start_matches("GCM-"), concept.label(Some(material.language())));
        vec![plain(label), plain(number(&sources)), links(&concept.code, &sources, &|_| true)]
    });
    let table = Table {
        caption: material.say(words::OBJECTIVES).to_owned(),
        columns: vec![
            Column::text(material.say(words::OBJECTIVE), 4),
            Column::number(material.say(words::NUMBER), 2),
            Column::text(material.say(words::WHICH), 7),
        ],
        rows: rows.collect(),
        has_row_heads: true,
    };
    let is_national = |source: &Source| {
        let producer = source.dataset.producer.as_ref().and_then(|slug| material.institution(slug.as_str()));
        producer.and_then(|institution| institution.country.as_deref()) == Some(material.question.country)
    };
    let migration = scheme.concepts.iter().filter(|concept| ON_MIGRATION.contains(&concept.code.as_str()));
    let rows = migration.map(|concept| {
        let sources = marked(&concept.code);
        let (own, others): (Vec<&Source>, Vec<&Source>) = sources.iter().copied().partition(|source| is_national(source));
        let label = format!("{} – {}", concept.code.trim_start_matches("SDG-"), concept.label(Some(material.language())));
        // Where one of the two is there, the other is told as what it is: none of that kind.
        let or_dash = |list: &[&Source], is_of: &dyn Fn(&Source) -> bool| {
            if list.is_empty() && !sources.is_empty() { plain("–") } else { links(&concept.code, list, is_of) }
        };
        vec![plain(label), or_dash(&own, &is_national), or_dash(&others, &|source| !is_national(source))]
    });
    let indicators = Table {
        caption: material.say(words::SDG).to_owned(),
        columns: vec![
            Column::text(material.say(words::INDICATOR), 4),
            Column::text(material.say(words::NATIONAL), 4),
            Column::text(material.say(words::OTHER_SOURCES), 4),
        ],
        rows: rows.collect(),
        has_row_heads: true,
    };
    let mut whole = section(material, "10", "objectives", words::OBJECTIVES, vec![Block::Table(table)]);
    whole.sections.push(section(material, "10.1", "sdg", words::SDG, vec![Block::Table(indicators)]));
    whole
}

/// A number of sources; none is no zero.
fn number(sources: &[&Source]) -> String {
    if sources.is_empty() { "–".to_owned() } else { sources.len().to_string() }
}

/// What was registered and validated of some kinds, or that nothing was.
pub(super) fn registered(material: &Material<'_>, number: &str, anchor: &str, heading: words::Phrase, kinds: &[ReportRegister]) -> Section {
    let mut blocks = material.entries(kinds, true, |_| true);
    if blocks.is_empty() {
        blocks.push(paragraph(material.say(words::NOTHING_VALIDATED)));
    }
    section(material, number, anchor, heading, blocks)
}

/// Challenges and good practices.
pub(super) fn practice(material: &Material<'_>) -> Section {
    registered(material, "11", "practice", words::PRACTICE, &[ReportRegister::Challenge, ReportRegister::GoodPractice])
}

/// Needs and offers.
pub(super) fn needs(material: &Material<'_>) -> Section {
    registered(material, "12", "needs", words::NEEDS, &[ReportRegister::Need, ReportRegister::Offer, ReportRegister::Training])
}

/// What is documented of each region.
pub(super) fn regions(material: &Material<'_>) -> Section {
    let mut whole = section(material, "13", "regions", words::REGIONS, Vec::new());
    if material.body.is_empty() {
        whole.blocks.push(material.empty());
        return whole;
    }
    let day = material.question.until;
    let reading = Reading { concepts: &material.catalogue.concepts, includes_parts: true, today: day };
    for (place, code) in (1..).zip(regions_of(material.catalogue, material.question.country, day)) {
        let of = |source: &Source| standing(&source.dataset, GridDimension::ReportingArea, &code, &reading).min(figures(&source.dataset));
        let having = |wanted: Standing| material.body.iter().filter(|source| of(source) == wanted).collect::<Vec<_>>();
        let (released, collected, possible) = (having(Standing::Released), having(Standing::Collected), having(Standing::Possible));
        let told = [(words::REGION_RELEASED, &released), (words::REGION_COLLECTED, &collected), (words::REGION_POSSIBLE, &possible)];
        let told = told.into_iter().filter(|(_, sources)| !sources.is_empty());
        let told: Vec<String> = told.map(|(phrase, sources)| material.fill(phrase, &[("n", sources.len().to_string())])).collect();
        let text = if told.is_empty() { material.nothing().to_owned() } else { told.join(" ") };
        let certain: Vec<&Source> = released.iter().chain(&collected).copied().collect();
        let mut blocks = vec![material.sentence(text, &certain)];
        if !certain.is_empty() {
            blocks.extend(material.records(words::WHICH, &certain));
        }
        whole.sections.push(Section {
            number: format!("13.{place}"),
            anchor: format!("region-{}", code.to_lowercase()),
            heading: material.concept(ConceptScheme::Places, &code),
            blocks,
            sections: Vec::new(),
        });
    }
    whole
}

/// What comes next: registered steps, planned collections and reviews that fall due, by date.
pub(super) fn steps(material: &Material<'_>) -> Result<Section, Error> {
    let day = material.question.until;
    let owner = |slug: Option<&crate::domain::ids::Slug>| -> Cell {
        slug.map_or_else(|| plain(material.say(words::NOT_DOCUMENTED)), |slug| vec![material.link_institution(slug.as_str())])
    };
    let mut rows: Vec<(i64, Vec<Cell>)> = Vec::new();
    let silent = || material.say(words::NOT_DOCUMENTED).to_owned();
    let headed = |phrase| format!("{}{}", material.say(phrase), colon(material.language()));
    for entry in material.facts.validated(ReportRegister::NextStep, day) {
        // As exact as it was said.
        let said = entry.until.filter(|date| Some(date.last_day()) == entry.ends_on).map(|date| date.to_string());
        let date = said.unwrap_or_else(|| entry.ends_on.map_or_else(silent, |day| Day(day).to_string()));
        let title = vec![material.named(&entry.named())];
        let by = if entry.institution.is_some() { owner(entry.institution.as_ref()) } else { plain(material.say(nobodys(entry))) };
        rows.push((entry.ends_on.unwrap_or(i64::MAX), vec![title, by, plain(date)]));
    }
    let all = || material.planned.iter().chain(&material.body);
    let plans: Vec<(Uuid, &Dataset)> = all().map(|source| (source.id, &source.dataset)).collect();
    // The calendar is that of the edition, as the records are: what was given up since is no next step of a look back.
    let registered = registered_by(material.catalogue, &plans, material.measured.now.moment.known_at())?;
    for source in all() {
        let what = || vec![Span::text(headed(words::COLLECTION)), material.link(&source.dataset)];
        let dates = match source.begun {
            Begun::No => collections(&source.dataset, registered.get(&source.id), day),
            _ => next_rounds(&source.dataset, registered.get(&source.id), day),
        };
        for dates in dates {
            let date = dates.map_or_else(silent, |dates| material.when(dates.start, dates.end));
            let first = dates.and_then(|dates| dates.days()).map_or(i64::MAX, |(first, _)| first);
            rows.push((first, vec![what(), owner(source.dataset.producer.as_ref()), plain(date)]));
        }
    }
    for source in &material.body {
        let due = source.dataset.review_due_on.filter(|due| (day..day + AHEAD).contains(&due.last_day()));
        if let Some(due) = due {
            let what = vec![Span::text(headed(words::REVIEW_DUE)), material.link(&source.dataset)];
            rows.push((due.last_day(), vec![what, owner(source.dataset.producer.as_ref()), plain(due.to_string())]));
        }
    }
    rows.sort_by_key(|(day, _)| *day);
    let blocks = if rows.is_empty() {
        vec![paragraph(material.say(words::NOTHING_VALIDATED))]
    } else {
        let columns = [(words::WHAT, 6), (words::OWNER, 4), (words::DATE, 2)];
        vec![Block::Table(Table {
            caption: material.say(words::STEPS).to_owned(),
            columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            has_row_heads: true,
        })]
    };
    Ok(section(material, "14", "next-steps", words::STEPS, blocks))
}

/// When a planned collection takes place, as the calendar has it: on each of the dates that were registered, else as the record documents it;
/// once without a date where nobody says when, and not at all where all that was registered was done or given up, or where its last day is past.
fn collections(dataset: &Dataset, registered: Option<&Vec<Dates>>, day: i64) -> Vec<Option<Dates>> {
    let is_ahead = |dates: &Dates| dates.days().is_none_or(|(_, last)| last >= day);
    if let Some(registered) = registered {
        return registered.iter().copied().filter(is_ahead).map(Some).collect();
    }
    let documented = of_dataset(dataset).into_iter().filter(|found| found.mark.source.kind() == CalendarKind::Collection);
    // The next one comes next, whatever was collected before.
    let next = documented.max_by_key(|found| found.mark.source == calendar::Source::NextCollection);
    let dates = next.map(|found| found.dates);
    if dates.as_ref().is_none_or(is_ahead) { vec![dates] } else { Vec::new() }
}

/// Further collections of a source that had begun, on a day or after: those that were registered, else the next one that it documents.
fn next_rounds(dataset: &Dataset, registered: Option<&Vec<Dates>>, day: i64) -> Vec<Option<Dates>> {
    let documented = || dataset.coverage.next_collection.map(Dates::from).into_iter().collect();
    let rounds = registered.cloned().unwrap_or_else(documented).into_iter();
    rounds.filter(|dates| dates.days().is_some_and(|(_, last)| last >= day)).map(Some).collect()
}
