//! The inventory, the table of sources, and the concepts that they use.

use super::parts::{Group, paragraph, plain, section};
use super::{MOST_ROWS, Material, words};
use crate::domain::comparability::{compare, still_stands};
use crate::domain::dataset::{Citation, Discrepancy, PublishedValue};
use crate::domain::holding::AccessTerms;
use crate::domain::ids::Slug;
use crate::domain::indicators::{RegisterEntry, Source};
use crate::domain::text::MultilingualText;
use crate::domain::time::{FAR_FUTURE, year_of};
use crate::domain::vocabulary::{
    AccessLevel, ConceptScheme, DefinitionCode, GeographicLevel, MaskableField, RelationType, ReportRegister, SourceType, Vocabulary,
};
use crate::interop::report::figures::{Stretch, timeline, years};
use crate::interop::report::{Block, Cell, Column, Figure, Section, Span, Table, colon};
use crate::service::registers::marks::{Stands, stands};

/// Sources on one picture.
const DRAWN: usize = 60;

/// Groups of topics: code and name, in the order of the list.
pub(super) fn theme_groups(material: &Material<'_>) -> Vec<(String, String)> {
    let themes = material.catalogue.concepts.scheme(ConceptScheme::Themes);
    let groups = themes.concepts.iter().filter(|concept| concept.broader.is_empty());
    groups.map(|concept| (concept.code.clone(), concept.label(Some(material.language())).to_owned())).collect()
}

/// Numbers of records by what they are.
pub(super) fn inventory(material: &Material<'_>) -> Section {
    let body = &material.body;
    if body.is_empty() {
        return section(material, "4", "inventory", words::INVENTORY, vec![material.empty()]);
    }
    let all: Vec<&Source> = body.iter().collect();
    let types = material.by::<SourceType>(body, |source| {
        (!source.dataset.hides(MaskableField::Methodology)).then_some(source.dataset.methodology.source_type)
    });
    let levels = material.by::<GeographicLevel>(body, |source| source.dataset.coverage.released_level);
    let blocks = vec![
        material.sentence(material.fill(words::INVENTORY_IS, &[("n", body.len().to_string())]), &all),
        material.groups(words::BY_TYPE, &types, true),
        material.groups(words::BY_GROUP, &by_group(material), false),
        material.groups(words::BY_LEVEL, &levels, false),
        material.groups(words::BY_YEAR, &by_year(material), false),
        material.groups(words::BY_OPENNESS, &by_access(material, |terms| terms.aggregates), false),
        material.groups(words::BY_MICRODATA, &by_access(material, |terms| terms.microdata), false),
        drawn_in_time(material),
    ];
    section(material, "4", "inventory", words::INVENTORY, blocks)
}

fn by_group<'s>(material: &'s Material<'_>) -> Vec<Group<'s>> {
    let themes = material.catalogue.concepts.scheme(ConceptScheme::Themes);
    let mut groups: Vec<Group<'s>> = theme_groups(material)
        .into_iter()
        .map(|(code, label)| {
            let has = |source: &&Source| source.dataset.themes.iter().any(|theme| themes.is_within(theme, &code));
            (label, material.body.iter().filter(has).collect::<Vec<_>>())
        })
        .collect();
    let silent = material.body.iter().filter(|source| source.dataset.themes.is_empty()).collect();
    groups.push((material.say(words::NOT_DOCUMENTED).to_owned(), silent));
    groups.retain(|(_, sources)| !sources.is_empty());
    groups
}

/// A record held on several terms stands in several groups.
fn by_access<'s>(material: &'s Material<'_>, of: fn(&AccessTerms) -> AccessLevel) -> Vec<Group<'s>> {
    let group = |level: &AccessLevel| {
        let has = |source: &&Source| source.dataset.holdings.iter().any(|holding| of(&holding.access_terms) == *level);
        (level.label(material.language()).to_owned(), material.body.iter().filter(has).collect::<Vec<_>>())
    };
    let mut groups: Vec<Group<'s>> = AccessLevel::ALL.iter().map(group).collect();
    let silent = material.body.iter().filter(|source| source.dataset.holdings.is_empty()).collect();
    groups.push((material.say(words::NO_HOLDING).to_owned(), silent));
    groups.retain(|(_, sources)| !sources.is_empty());
    groups
}

fn stretch(source: &Source) -> Stretch {
    let period = source.dataset.coverage.period.as_ref();
    let last = period.and_then(|period| period.last_day());
    Stretch {
        label: String::new(),
        from: period.and_then(|period| period.start.date()).map(|date| date.year),
        to: last.filter(|day| *day < FAR_FUTURE).and_then(year_of),
        goes_on: last == Some(FAR_FUTURE),
    }
}

fn by_year<'s>(material: &'s Material<'_>) -> Vec<Group<'s>> {
    let mut years: Vec<i32> = material.body.iter().filter_map(|source| stretch(source).to).collect();
    years.sort_unstable();
    years.dedup();
    let having = |keep: &dyn Fn(&Stretch) -> bool| material.body.iter().filter(|source| keep(&stretch(source))).collect::<Vec<_>>();
    let mut groups: Vec<Group<'s>> =
        years.into_iter().map(|year| (year.to_string(), having(&|stretch| stretch.to == Some(year)))).collect();
    groups.push((material.say(words::GOES_ON).to_owned(), having(&|stretch| stretch.goes_on)));
    groups.push((material.say(words::NOT_DOCUMENTED).to_owned(), having(&|stretch| stretch.to.is_none() && !stretch.goes_on)));
    groups.retain(|(_, sources)| !sources.is_empty());
    groups
}

fn drawn_in_time(material: &Material<'_>) -> Block {
    let language = material.language();
    let line = |source: &Source| Stretch {
        label: source
            .dataset
            .titles
            .words(Some(language), source.dataset.main_language())
            .unwrap_or(source.dataset.slug.as_str())
            .to_owned(),
        ..stretch(source)
    };
    let stretches: Vec<Stretch> = material.body.iter().take(DRAWN).map(line).collect();
    let last = year_of(material.question.until).unwrap_or(2000);
    let spoken: Vec<String> = stretches.iter().map(|line| format!("{}{}{}", line.label, colon(language), years(line))).collect();
    let rows =
        material.body.iter().zip(&stretches).map(|(source, stretch)| vec![vec![material.link(&source.dataset)], plain(years(stretch))]);
    Block::Figure(Figure {
        caption: format!("{}. {}", material.say(words::TIMELINE), material.say(words::TIMELINE_KEY)),
        alternative: spoken.join(material.separator()),
        svg: timeline(material.say(words::TIMELINE), &stretches, last, language),
        data: Some(Table {
            caption: material.say(words::TIMELINE).to_owned(),
            columns: vec![Column::text(material.say(words::TITLE_OF), 4), Column::text(material.say(words::DATE), 2)],
            rows: rows.collect(),
            has_row_heads: true,
        }),
    })
}

/// One row for each source.
pub(super) fn table(material: &Material<'_>) -> Section {
    if material.body.is_empty() {
        return section(material, "5", "sources", words::SOURCES, vec![material.empty()]);
    }
    let columns = [
        (words::TITLE_OF, 4),
        (words::HOLDER, 3),
        (words::POPULATION, 3),
        (words::DEFINITION, 3),
        (words::COVERAGE, 3),
        (words::FREQUENCY, 2),
        (words::BREAKDOWNS, 3),
        (words::ACCESS, 3),
        (words::STANDING, 3),
    ];
    let table = Table {
        caption: material.say(words::SOURCES).to_owned(),
        columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
        rows: material.body.iter().take(MOST_ROWS).map(|source| row(material, source)).collect(),
        has_row_heads: true,
    };
    let mut blocks = vec![Block::Table(table)];
    if material.body.len() > MOST_ROWS {
        let rest = (material.body.len() - MOST_ROWS).to_string();
        blocks.push(paragraph(material.fill(words::LIST_IS_CUT, &[("n", rest)])));
    }
    section(material, "5", "sources", words::SOURCES, blocks)
}

fn row(material: &Material<'_>, source: &Source) -> Vec<Cell> {
    let (dataset, language) = (&source.dataset, material.language());
    let coverage = &dataset.coverage;
    let silent = || material.say(words::NOT_DOCUMENTED).to_owned();
    let listed = |labels: Vec<String>| if labels.is_empty() { silent() } else { labels.join(material.separator()) };
    let concepts = |scheme, codes: &[String]| codes.iter().map(|code| material.concept(scheme, code)).collect::<Vec<_>>();
    let mut places = concepts(ConceptScheme::Places, &coverage.reporting_areas);
    places.push(coverage.period.as_ref().map_or_else(|| material.say(words::DATES_SILENT).to_owned(), |p| material.when(p.start, p.end)));
    let definitions = dataset.methodology.definitions.iter().map(|definition| definition.code.label(language).to_owned()).collect();
    let mut access: Vec<Span> = Vec::new();
    for holding in &dataset.holdings {
        let terms = &holding.access_terms;
        if !access.is_empty() {
            access.push(Span::text(material.separator()));
        }
        // Where several hold the data, it is told whose terms they are.
        if dataset.holdings.len() > 1 {
            access.extend([material.link_institution(holding.institution.as_str()), Span::text(": ")]);
        }
        access.push(Span::text(format!("{}{}{}", terms.aggregates.label(language), material.separator(), terms.microdata.label(language))));
    }
    if access.is_empty() {
        access = plain(silent());
    }
    let mut holders: Vec<Span> = Vec::new();
    for holding in &dataset.holdings {
        if !holders.is_empty() {
            holders.push(Span::text(material.separator()));
        }
        holders.push(material.link_institution(holding.institution.as_str()));
    }
    vec![
        vec![material.link(dataset)],
        holders,
        material.told(&dataset.methodology.universe),
        plain(listed(definitions)),
        plain(listed(places)),
        plain(coverage.frequency.map_or_else(silent, |frequency| frequency.label(language).to_owned())),
        plain(listed(concepts(ConceptScheme::Disaggregations, &coverage.released_disaggregations))),
        access,
        plain(material.standing(source)),
    ]
}

/// Definitions in use, breaks, and mirror statistics.
pub(super) fn concepts(material: &Material<'_>) -> Section {
    let body = &material.body;
    let mut whole = section(material, "6", "concepts", words::CONCEPTS, Vec::new());
    if body.is_empty() {
        whole.blocks.push(material.empty());
        return whole;
    }
    let mut groups: Vec<Group<'_>> = DefinitionCode::ALL
        .iter()
        .filter(|code| **code != DefinitionCode::NotDocumented)
        .map(|code| {
            let has = |source: &&Source| source.dataset.methodology.definitions.iter().any(|definition| definition.code == *code);
            (code.label(material.language()).to_owned(), body.iter().filter(has).collect::<Vec<_>>())
        })
        .collect();
    let is_silent =
        |source: &&Source| source.dataset.methodology.definitions.iter().all(|definition| definition.code == DefinitionCode::NotDocumented);
    groups.push((material.say(words::NOT_DOCUMENTED).to_owned(), body.iter().filter(is_silent).collect()));
    groups.retain(|(_, sources)| !sources.is_empty());
    let definitions = vec![material.groups(words::DEFINITIONS, &groups, false)];
    whole.sections.push(section(material, "6.1", "definitions", words::DEFINITIONS, definitions));
    let mut breaks = Vec::new();
    for source in body {
        for broken in &source.dataset.methodology.breaks {
            let mut item = vec![material.link(&source.dataset), Span::text(format!(" – {}", broken.date))];
            for text in [&broken.cause, &broken.effect] {
                item.extend(spaced(material, text));
            }
            breaks.push(item);
        }
    }
    let breaks =
        listed(breaks).unwrap_or_else(|| Block::Paragraph(material.silent(|source| !source.dataset.methodology.breaks.is_empty())));
    whole.sections.push(section(material, "6.2", "breaks", words::BREAKS, vec![breaks]));
    let types = [RelationType::MirrorOf];
    let mirrors = related(material, &types).unwrap_or_else(|| unrelated(material, &types));
    whole.sections.push(section(material, "6.3", "mirrors", words::MIRRORS, vec![mirrors]));
    whole.sections.push(section(material, "6.4", "agreed-comparability", words::AGREED_NOTES, agreed(material)));
    whole.sections.push(differing(material));
    whole
}

/// What producers agreed on pairs of records; below each what the rules give, which it stands before as long as the records are the same.
fn agreed(material: &Material<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let known = |slug: &Slug| {
        let all = material.body.iter().chain(&material.not_validated).chain(&material.wider);
        all.map(|source| &source.dataset).find(|dataset| dataset.slug == *slug)
    };
    for entry in material.facts.validated(ReportRegister::Comparison, material.question.until) {
        blocks.push(Block::Human(material.human(entry)));
        let [one, other] = entry.datasets.as_slice() else { continue };
        let Some((one, other)) = known(one).zip(known(other)) else { continue };
        let computed = compare(one, other, None, &material.catalogue.concepts);
        let verdict = computed.computed.label(material.language()).to_owned();
        let mut spans = plain(material.fill(words::COMPUTED, &[("verdict", verdict)]));
        if entry.figures.as_ref().is_some_and(|stood| !still_stands(stood, &computed, one, other)) {
            spans.push(Span::text(" "));
            spans.push(Span::Strong(material.say(words::OUTDATED).to_owned()));
        }
        for dataset in [one, other] {
            spans.extend([Span::text(" "), material.link(dataset)]);
        }
        blocks.push(Block::Paragraph(spans));
    }
    if blocks.is_empty() {
        blocks.push(paragraph(material.say(words::NOTHING_VALIDATED)));
    }
    blocks
}

/// Figures of one thing that do not agree, side by side, with what their producers say of it. None is called wrong.
fn differing(material: &Material<'_>) -> Section {
    let mut rows = Vec::new();
    let mut told = Vec::new();
    let mut explained = Vec::new();
    for source in &material.body {
        let stated = &source.dataset.discrepancies;
        let notes = |figures: &Discrepancy, wanted: Stands| {
            let stands_so = |entry: &RegisterEntry| entry.figures.as_ref().is_some_and(|mark| stands(mark, figures, stated) == wanted);
            let is_on = |entry: &RegisterEntry| stands_so(entry) && entry.datasets.contains(&source.dataset.slug);
            material.entries(&[ReportRegister::Discrepancy], true, is_on)
        };
        // The same notes are in question of all figures with their values: they stand here once.
        let asked = stated.iter().map(|figures| notes(figures, Stands::InQuestion)).find(|notes| !notes.is_empty());
        if let Some(asked) = asked {
            let told =
                vec![Span::Strong(material.say(words::NOTE_IN_QUESTION).to_owned()), Span::text(" "), material.link(&source.dataset)];
            explained.push(Block::Paragraph(told));
            explained.extend(asked);
        }
        for figures in stated {
            // A note belongs to these figures, and to none that came after them.
            explained.extend(notes(figures, Stands::OnThese));
            let what = || {
                let mut cell = vec![material.link(&source.dataset)];
                cell.extend(spaced(material, &figures.subject));
                cell
            };
            let cited = |key: &Option<String>| {
                let known = key.as_ref().and_then(|key| source.dataset.citations.iter().find(|cited| cited.source.as_ref() == Some(key)));
                let is_hidden = key.is_some() && source.dataset.hides(MaskableField::Citations);
                let silent = || plain(material.say(if is_hidden { words::WITHHELD } else { words::NOT_DOCUMENTED }));
                known.map_or_else(silent, cited_as)
            };
            let cut_off = |value: &PublishedValue| {
                plain(value.cut_off.map_or_else(|| material.say(words::NOT_DOCUMENTED).to_owned(), |day| day.to_string()))
            };
            let row = |value: &PublishedValue| {
                vec![what(), apart(&value.value), cut_off(value), material.told(&value.context), cited(&value.source)]
            };
            rows.extend(figures.values.iter().map(row));
            for (phrase, text) in [(words::EFFECT, &figures.effect), (words::EXPLANATION, &figures.explanation)] {
                if !text.is_empty() {
                    let mut item = what();
                    item.push(Span::text(format!(" – {}{}", material.say(phrase), colon(material.language()))));
                    item.extend(material.wording(text));
                    told.push(item);
                }
            }
        }
    }
    let mut blocks = vec![paragraph(material.say(words::DIFFERING_NOTE))];
    if rows.is_empty() {
        blocks.push(Block::Paragraph(material.silent(|source| !source.dataset.discrepancies.is_empty())));
    } else {
        let columns = [(words::WHAT, 5), (words::VALUE, 2), (words::CUT_OFF, 2), (words::CONTEXT, 4), (words::PUBLISHED_IN, 5)];
        blocks.push(Block::Table(Table {
            caption: material.say(words::DIFFERING).to_owned(),
            columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
            rows,
            has_row_heads: true,
        }));
    }
    if !told.is_empty() {
        blocks.push(Block::List { is_ordered: false, items: told });
    }
    blocks.extend(explained);
    section(material, "6.5", "differing-figures", words::DIFFERING, blocks)
}

/// A value as it was published, in whatever language that was.
fn apart(value: &str) -> Cell {
    vec![Span::Foreign { language: String::new(), text: value.to_owned() }]
}

/// A source as the record cites it. Its title is in the language of the source, which is not known.
fn cited_as(cited: &Citation) -> Cell {
    let (text, language) = (cited.title.clone(), String::new());
    match &cited.url {
        Some(url) => vec![Span::Link { text, url: url.clone(), language: Some(language) }],
        None => vec![Span::Foreign { language, text }],
    }
}

fn spaced(material: &Material<'_>, text: &MultilingualText) -> Cell {
    let mut spans = material.wording(text);
    if !spans.is_empty() {
        spans.insert(0, Span::text(" – "));
    }
    spans
}

fn listed(items: Vec<Cell>) -> Option<Block> {
    (!items.is_empty()).then_some(Block::List { is_ordered: false, items })
}

/// Relations of some types that records of the body declare, each once; none where there are none.
pub(super) fn related(material: &Material<'_>, types: &[RelationType]) -> Option<Block> {
    let mut items = Vec::new();
    let mut told: Vec<(RelationType, [&Slug; 2])> = Vec::new();
    for source in &material.body {
        for relation in source.dataset.relations.iter().filter(|relation| types.contains(&relation.relation_type)) {
            let mut pair = [&source.dataset.slug, &relation.dataset];
            // The other record may declare the same the other way round.
            pair.sort_unstable();
            let (kind, back) = (relation.relation_type, relation.relation_type.inverse());
            if told.iter().any(|(known, named)| (*known == kind || *known == back) && *named == pair) {
                continue;
            }
            told.push((kind, pair));
            let other = material.link_slug(&relation.dataset);
            let how = format!(" – {} – ", relation.relation_type.label(material.language()));
            let mut item = vec![material.link(&source.dataset), Span::text(how), other];
            item.extend(spaced(material, &relation.note));
            items.push(item);
        }
    }
    listed(items)
}

/// That no record of the body declares a relation of some types.
pub(super) fn unrelated(material: &Material<'_>, types: &[RelationType]) -> Block {
    Block::Paragraph(material.silent(|source| source.dataset.relations.iter().any(|relation| types.contains(&relation.relation_type))))
}
