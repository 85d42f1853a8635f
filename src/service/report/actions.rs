//! Objective 1, action by action: indicators, what changed since the review before, and what people write on it.

use super::parts::{paragraph, plain, section};
use super::{Material, words};
use crate::domain::indicators::{Indicator, IndicatorKind, Named, Outcome, Point};
use crate::domain::vocabulary::{IndicatorUnit, ReportRegister, Vocabulary};
use crate::interop::report::{Block, Column, Section, Span, Table};
use crate::service::indicators::{movement, point_label};

/// The value of an indicator as it is written, or why there is none.
fn value(material: &Material<'_>, indicator: &Indicator, outcome: &Outcome) -> String {
    let language = material.language();
    let Some(value) = outcome.value else {
        return outcome.silence.map_or("", |silence| silence.label(language)).to_owned();
    };
    let of = outcome.numerator.zip(outcome.denominator).map(|(numerator, denominator)| format!("{numerator}/{denominator}"));
    match (indicator.unit, of) {
        (IndicatorUnit::Share, of) => {
            let percent = (value * 100.0).round();
            let sign = if language == "fr" { "\u{a0}%" } else { "%" };
            of.map_or_else(|| format!("{percent}{sign}"), |of| format!("{percent}{sign} ({of})"))
        }
        (IndicatorUnit::Days | IndicatorUnit::Months, _) => format!("{value} ({})", indicator.unit.label(language)),
        (_, Some(of)) => of,
        (_, None) => value.to_string(),
    }
}

/// All actions.
pub(super) fn actions(material: &Material<'_>) -> Section {
    let mut whole = section(material, "9", "objective-1", words::ACTIONS, Vec::new());
    let measured = &material.measured;
    let mut outcomes = measured.now.outcomes.iter();
    let mut before = measured.before.iter().flat_map(|before| &before.outcomes);
    for action in &measured.set.actions {
        let found: Vec<(&Indicator, Option<&Outcome>, Option<&Outcome>)> =
            action.indicators.iter().map(|indicator| (indicator, outcomes.next(), before.next())).collect();
        let mut blocks = vec![Block::Table(table(material, &found))];
        for (indicator, now, before) in &found {
            let Some(now) = now else { continue };
            blocks.extend(points(material, indicator, now));
            blocks.extend(by_record(material, indicator, now));
            blocks.extend(before.iter().flat_map(|before| changes(material, indicator, now, before)));
        }
        use ReportRegister as R;
        let kinds = [R::Strategy, R::Challenge, R::GoodPractice, R::Need, R::Training, R::Profile];
        blocks.extend(material.entries(&kinds, true, |entry| entry.actions.contains(&action.letter)));
        whole.sections.push(Section {
            number: format!("9{}", action.letter),
            anchor: format!("action-{}", action.letter),
            heading: format!("({}) {}", words::letter(&action.letter, material.language()), action.label.say(material.language())),
            blocks,
            sections: Vec::new(),
        });
    }
    whole
}

fn table(material: &Material<'_>, found: &[(&Indicator, Option<&Outcome>, Option<&Outcome>)]) -> Table {
    let has_before = material.measured.before.is_some();
    let mut columns = vec![Column::text(material.say(words::INDICATOR), 4), Column::text(material.say(words::VALUE), 3)];
    if has_before {
        columns.push(Column::text(material.say(words::BEFORE), 3));
    }
    columns.extend([Column::number(material.say(words::UNDOCUMENTED), 3), Column::text(material.say(words::EVIDENCE), 5)]);
    let rows = found.iter().filter_map(|(indicator, now, before)| {
        let now = (*now)?;
        let label = format!("{} – {}", indicator.code, indicator.label.say(material.language()));
        let mut row = vec![vec![Span::link(label, format!("#method-{}", indicator.code))], plain(value(material, indicator, now))];
        if has_before {
            row.push(plain(before.map(|before| value(material, indicator, before)).unwrap_or_default()));
        }
        row.push(plain(now.not_documented.to_string()));
        row.push(material.links(now.evidence.iter().map(|named| material.named(named)), now.evidence.len()));
        Some(row)
    });
    Table { caption: material.say(words::INDICATOR).to_owned(), columns, rows: rows.collect(), has_row_heads: true }
}

fn points(material: &Material<'_>, indicator: &Indicator, now: &Outcome) -> Option<Block> {
    // Where no record is on the subject, a list of levels and years would say so once more at each.
    let is_silent = indicator.kind == IndicatorKind::OnEffects && now.evidence.is_empty();
    if now.points.is_empty() || is_silent {
        return None;
    }
    let is_registered = indicator.kind == IndicatorKind::Register;
    let silent = if is_registered { "0" } else { material.nothing() };
    let is_released_asked = now.points.iter().any(|point| point.released.is_some());
    let documented = |point: &Point| {
        let so = (point.documented > 0).then(|| point.documented.to_string());
        // What is documented not to be so is no silence.
        let phrase = if indicator.kind == IndicatorKind::ProfileChapters { words::NOT_CURRENT } else { words::NOT_ASKED };
        let not_so = (point.not_so > 0).then(|| material.fill(phrase, &[("n", point.not_so.to_string())]));
        let told: Vec<String> = so.into_iter().chain(not_so).collect();
        if told.is_empty() { silent.to_owned() } else { told.join(material.separator()) }
    };
    let row = |point: &Point| {
        let mut row = vec![
            plain(point_label(material.catalogue, &material.measured.set, &point.code, material.language())),
            plain(documented(point)),
        ];
        if is_released_asked {
            row.push(plain(point.released.filter(|_| point.documented > 0).map(|released| released.to_string()).unwrap_or_default()));
        }
        row.push(material.links(point.evidence.iter().map(|named| material.named(named)), point.evidence.len()));
        row
    };
    let label = indicator.label.say(material.language()).to_owned();
    let mut columns = vec![Column::text(material.say(words::WHAT), 4), Column::text(material.say(words::DOCUMENTED_BY), 3)];
    if is_released_asked {
        columns.push(Column::number(material.say(words::OF_THESE_RELEASED), 2));
    }
    columns.push(Column::text(material.say(words::EVIDENCE), 6));
    Some(Block::Table(Table {
        caption: material.fill(words::POINTS, &[("label", label)]),
        columns,
        rows: now.points.iter().map(row).collect(),
        has_row_heads: true,
    }))
}

/// Each census by itself: what its record says of each topic.
fn by_record(material: &Material<'_>, indicator: &Indicator, now: &Outcome) -> Option<Block> {
    let language = material.language();
    let censuses = now.points.first().map(|point| point.by_record.as_slice()).filter(|censuses| !censuses.is_empty())?;
    let label = |point: &Point| point_label(material.catalogue, &material.measured.set, &point.code, language);
    let columns = now.points.iter().map(|point| Column::text(label(point), 3));
    let row = |place: usize, named: &Named| {
        let states = now.points.iter().filter_map(|point| point.by_record.get(place));
        let head = material.links(std::iter::once(material.named(named)), 1);
        std::iter::once(head).chain(states.map(|(_, state)| plain(state.label(language)))).collect()
    };
    Some(Block::Table(Table {
        caption: material.fill(words::BY_CENSUS, &[("label", indicator.label.say(language).to_owned())]),
        columns: std::iter::once(Column::text(material.say(words::CENSUS), 4)).chain(columns).collect(),
        rows: censuses.iter().enumerate().map(|(place, (named, _))| row(place, named)).collect(),
        has_row_heads: true,
    }))
}

fn changes(material: &Material<'_>, indicator: &Indicator, now: &Outcome, before: &Outcome) -> Vec<Block> {
    let moved = movement(now, before);
    let label = indicator.label.say(material.language());
    let told = [(words::ENTERED, &moved.entered), (words::LEFT, &moved.left)].into_iter().filter(|(_, list)| !list.is_empty());
    told.map(|(phrase, list)| {
        let mut spans = vec![Span::text(material.fill(phrase, &[("label", label.to_owned())])), Span::text(" ")];
        spans.extend(material.links(list.iter().map(|named| material.named(named)), list.len()));
        Block::Paragraph(spans)
    })
    .collect()
}

/// How each indicator is computed.
pub(super) fn methods(material: &Material<'_>) -> Vec<Section> {
    let language = material.language();
    let of = |indicator: &Indicator| {
        let mut blocks = vec![paragraph(indicator.method.say(language))];
        let unit = format!("{}{}{}", indicator.unit.label(language), material.separator(), indicator.basis.label(language));
        let mut told = format!("{unit}{}{}", material.separator(), indicator.numerator.say(language));
        if let Some(denominator) = &indicator.denominator {
            told.push_str(&format!(" / {}", denominator.say(language)));
        }
        blocks.push(paragraph(told));
        Section {
            number: indicator.code.clone(),
            anchor: format!("method-{}", indicator.code),
            heading: indicator.label.say(language).to_owned(),
            blocks,
            sections: Vec::new(),
        }
    };
    material.measured.set.actions.iter().flat_map(|action| &action.indicators).map(of).collect()
}
