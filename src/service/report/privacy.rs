//! Classes of risk, agreements and access decisions, in figures.

use super::parts::{paragraph, plain, section};
use super::{Material, front, words};
use crate::domain::access_request::statistics::Figures;
use crate::domain::indicators::Source;
use crate::domain::institution::Institution;
use crate::domain::time::year_of;
use crate::domain::vocabulary::{AgreementState, InstitutionKind, MaskableField, RefusalCode, RiskClass};
use crate::domain::workdays::Day;
use crate::interop::report::{Block, Column, Section, Span, Table};
use crate::service::Error;
use crate::service::access_requests::statistics;

/// Privacy and protection.
pub(super) fn privacy(material: &Material<'_>, today: i64) -> Result<Section, Error> {
    let day = material.question.until;
    let risks = material.by::<RiskClass>(&material.body, |source| {
        let is_stub = source.dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer);
        (!is_stub).then_some(source.dataset.risk_class)
    });
    let mut blocks = match risks.is_empty() {
        true => vec![material.empty()],
        false => vec![material.groups(words::BY_RISK, &risks, false)],
    };
    let in_force: Vec<_> = material.agreements.iter().filter(|(_, agreement)| agreement.state_on(day) == AgreementState::InForce).collect();
    let one_way = in_force.iter().filter(|(_, agreement)| agreement.one_way).count();
    // Of a day before the log nothing is known, of agreements no more than of records.
    if material.measured.now.moment.place.is_some() {
        let told = material.fill(words::AGREEMENTS_ARE, &[("n", in_force.len().to_string()), ("one_way", one_way.to_string())]);
        blocks.push(Block::Paragraph(vec![Span::link(told, "#annex-agreements")]));
    }
    let last = year_of(day).unwrap_or(2000);
    // A year is told of once it is over, or while it is the present one.
    let year = if day >= today || Day(day.saturating_add(1)).to_string().ends_with("-01-01") { last } else { last - 1 };
    blocks.extend(decisions(material, year, today)?);
    let mut whole = section(material, "8", "privacy", words::PRIVACY, blocks);
    whole.sections.push(legal_frame(material));
    Ok(whole)
}

/// Who watches over personal data, and on which legal basis sources are accessible, as far as it is documented.
fn legal_frame(material: &Material<'_>) -> Section {
    let is_authority = |institution: &&Institution| {
        institution.kind == InstitutionKind::Dpa && institution.country.as_deref() == Some(material.question.country)
    };
    let authorities = material.institutions.iter().filter(is_authority).map(|institution| institution.slug.to_string()).collect();
    let mut blocks = front::described(material, &authorities, words::AUTHORITIES);
    let mut rows = Vec::new();
    let (documented, silent): (Vec<&Source>, Vec<&Source>) = material.body.iter().partition(|source| has_legal_basis(source));
    // What is hidden is not the same as what is not documented.
    let is_hidden =
        |source: &&Source| [MaskableField::LegalMandate, MaskableField::HoldingConditions].iter().any(|f| source.dataset.hides(*f));
    let silent: Vec<&Source> = silent.into_iter().filter(|source| !is_hidden(source)).collect();
    for source in &documented {
        if !source.dataset.legal_mandate.is_empty() {
            let who = source.dataset.producer.iter().map(|slug| material.link_institution(slug.as_str())).collect();
            rows.push(vec![vec![material.link(&source.dataset)], who, material.wording(&source.dataset.legal_mandate)]);
        }
        for holding in &source.dataset.holdings {
            let Some(basis) = &holding.access_terms.legal_basis else { continue };
            // Its language is not known.
            let basis = Span::Foreign { language: String::new(), text: basis.clone() };
            rows.push(vec![
                vec![material.link(&source.dataset)],
                vec![material.link_institution(holding.institution.as_str())],
                vec![basis],
            ]);
        }
    }
    if !material.body.is_empty() {
        let values = [("n", documented.len().to_string()), ("silent", silent.len().to_string())];
        blocks.push(material.sentence(material.fill(words::LEGAL_BASIS_IS, &values), &silent));
    }
    if !rows.is_empty() {
        let columns = [(words::TITLE_OF, 5), (words::HOLDER, 3), (words::LEGAL_BASIS, 5)];
        blocks.push(Block::Table(Table {
            caption: material.say(words::LEGAL_BASES).to_owned(),
            columns: columns.into_iter().map(|(phrase, width)| Column::text(material.say(phrase), width)).collect(),
            rows,
            has_row_heads: true,
        }));
    }
    section(material, "8.1", "legal-frame", words::LEGAL_FRAME, blocks)
}

fn has_legal_basis(source: &Source) -> bool {
    !source.dataset.legal_mandate.is_empty() || source.dataset.holdings.iter().any(|holding| holding.access_terms.legal_basis.is_some())
}

fn decisions(material: &Material<'_>, year: i32, today: i64) -> Result<Vec<Block>, Error> {
    let period = statistics::period(Some(&format!("{year}-01-01")), Some(&format!("{year}-12-31")), Day(today))?;
    let of_country = material.institutions.iter().filter(|institution| institution.country.as_deref() == Some(material.question.country));
    let holders: Vec<String> = of_country.map(|institution| institution.slug.to_string()).collect();
    let figures = statistics::of_institutions(material.catalogue, &holders, period)?;
    let tells = |figures: &Figures| figures.requests != Some(0);
    let withheld = || material.say(words::WITHHELD).to_owned();
    let number = |figure: Option<u64>| plain(figure.map_or_else(withheld, |figure| figure.to_string()));
    let row = |slug: &String| {
        let figures = figures.get(slug).filter(|figures| tells(figures))?;
        let days = plain(figures.median_days.map_or_else(withheld, |days| days.to_string()));
        let counts = [figures.requests, figures.decided, figures.approved, figures.refused].map(number);
        let mut row = vec![vec![material.link_institution(slug)]];
        row.extend(counts);
        row.push(days);
        Some(row)
    };
    let rows: Vec<_> = holders.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Ok(vec![paragraph(material.say(words::NO_DECISIONS))]);
    }
    let mut columns = vec![Column::text(material.say(words::HOLDER), 4)];
    let heads = [words::REQUESTS, words::DECIDED, words::APPROVED, words::REFUSED, words::MEDIAN];
    columns.extend(heads.into_iter().map(|phrase| Column::number(material.say(phrase), 2)));
    let caption = material.fill(words::DECISIONS, &[("year", year.to_string())]);
    Ok(vec![Block::Table(Table { caption, columns, rows, has_row_heads: true }), Block::Note(plain(material.say(words::DECISIONS_NOTE)))])
}
