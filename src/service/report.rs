//! The report on Objective 1: what the catalogue knows of a country up to a day, as a document of which every sentence leads to its records.
//!
//! Figures and tables are made from records that their producers validated. What is published and not validated stands in an annex of its
//! own, unless a draft is asked for, which says that it is one.

mod actions;
mod annexes;
pub mod files;
mod front;
mod gaps;
pub mod kept;
mod outlook;
mod parts;
mod privacy;
mod sources;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::agreement::Agreement;
use crate::domain::indicators::{Begun, RegisterFacts, Source};
use crate::domain::institution::Institution;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{ConceptScheme, RecordScope};
use crate::domain::workdays::Day;
use crate::interop::report::{Report, Section};

use super::indicators::{self, Asked, Measured};
use super::past::{self, Edition, Entering, Moment};
use super::registers::cells::Marks;
use super::registers::facts;
use super::{Catalogue, Error, Record};

use words::{fill, say};

/// Most rows of a list of records.
const MOST_ROWS: usize = 2_000;

/// What a report is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportQuestion<'a> {
    /// Code of the country.
    pub country: &'a str,
    /// Cut-off date, counted from 1970-01-01.
    pub until: i64,
    /// Day of the previous review, in the same way.
    pub previous: Option<i64>,
    /// Whose knowledge.
    pub edition: Edition,
    /// Which records enter the body.
    pub scope: RecordScope,
    /// `ar`, `fr` or `en`.
    pub language: &'static str,
}

/// Reads the language of a report.
///
/// # Errors
/// Reports are not written in it.
pub fn read_language(field: &str, tag: &str) -> Result<&'static str, Error> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let wrong = || Error::Invalid(vec![Problem::new(field, tag, "is no language of a report; use en, fr or ar")]);
    ["en", "fr", "ar"].into_iter().find(|known| *known == primary).ok_or_else(wrong)
}

/// Who makes a report, and when.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// Name of the catalogue.
    pub name: &'a str,
    /// Address under which it is published, without a slash at the end.
    pub base_url: &'a str,
    /// The instant, milliseconds from 1970-01-01 UTC.
    pub now: i64,
}

/// Everything that a report is made from.
struct Material<'a> {
    catalogue: &'a Catalogue,
    maker: Maker<'a>,
    question: &'a ReportQuestion<'a>,
    measured: Measured,
    /// Records that enter the body.
    body: Vec<Source>,
    /// Records whose version in force nobody validated.
    not_validated: Vec<Source>,
    /// Planned collections.
    planned: Vec<Source>,
    /// Records left out since they name a wider place only.
    wider: Vec<Source>,
    /// Records that stood then and were retired since, with title and producer.
    retired: Vec<Source>,
    /// Records that the others name and that are none of them, as anyone sees them, by short name.
    others: BTreeMap<String, Arc<Record>>,
    institutions: Vec<Institution>,
    agreements: Vec<(Uuid, Agreement)>,
    /// Records of the previous review that would have entered the body: short name and version.
    previous: Option<BTreeMap<String, i64>>,
    facts: RegisterFacts,
    /// The registers as they stood at the previous review; empty where none is named.
    facts_before: RegisterFacts,
    /// Statements and requests that anyone may read and that were there on the day.
    marks: Marks,
}

impl Material<'_> {
    fn language(&self) -> &'static str {
        self.question.language
    }

    fn say(&self, phrase: words::Phrase) -> &'static str {
        say(phrase, self.language())
    }

    fn fill(&self, phrase: words::Phrase, values: &[(&str, String)]) -> String {
        fill(phrase, self.language(), values)
    }

    fn institution(&self, slug: &str) -> Option<&Institution> {
        self.institutions.iter().find(|institution| institution.slug.as_str() == slug)
    }

    fn concept(&self, scheme: ConceptScheme, code: &str) -> String {
        self.catalogue.concepts.get(scheme, code).map_or(code, |concept| concept.label(Some(self.language()))).to_owned()
    }
}

/// Makes the report, and says from which moment; with what nobody validated of the registers in its annex, or without.
///
/// # Errors
/// The country or the days are wrong; the database is unavailable.
pub fn objective_1(
    catalogue: &Catalogue,
    question: &ReportQuestion<'_>,
    with_drafts: bool,
    maker: Maker<'_>,
) -> Result<(Report, Moment), Error> {
    let today = super::catalogue::day_of(maker.now);
    let asked = Asked {
        objective: 1,
        country: Some(question.country.to_owned()),
        until: question.until,
        previous: question.previous,
        scope: question.scope,
    };
    let absent = || Error::NotFound("the list of indicators of objective 1".to_owned());
    let measured = indicators::measure(catalogue, &asked, question.edition, today)?.ok_or_else(absent)?;
    let is_of_body =
        |source: &Source| source.begun != Begun::No && (question.scope == RecordScope::Published || source.validated_at.is_some());
    let (mut body, mut not_validated, mut planned) = (Vec::new(), Vec::new(), Vec::new());
    let (mut wider, mut retired) = (Vec::new(), Vec::new());
    past::each(catalogue, &measured.now.moment, &measured.now.ties, Some(question.country), &mut |source, entering| {
        match entering {
            Entering::Counted => {}
            Entering::Wider => {
                wider.push(source);
                return Ok(());
            }
            Entering::RetiredSince => {
                retired.push(source);
                return Ok(());
            }
        }
        if source.begun == Begun::No && (question.scope == RecordScope::Published || source.validated_at.is_some()) {
            planned.push(source.clone());
        }
        if source.validated_at.is_none() {
            not_validated.push(source.clone());
        }
        if is_of_body(&source) {
            body.push(source);
        }
        Ok(())
    })?;
    let previous = match &measured.before {
        None => None,
        Some(before) => {
            let mut known = BTreeMap::new();
            past::each(catalogue, &before.moment, &before.ties, Some(question.country), &mut |source, entering| {
                if entering == Entering::Counted && is_of_body(&source) {
                    known.insert(source.dataset.slug.to_string(), source.version);
                }
                Ok(())
            })?;
            Some(known)
        }
    };
    let moment = measured.now.moment.clone();
    let marks = Marks::at(catalogue, &moment)?;
    let mut facts = facts::read(catalogue, facts::Wanted { moment: &moment, country: Some(question.country), with_drafts })?;
    let mut facts_before = match &measured.before {
        Some(before) => {
            facts::read(catalogue, facts::Wanted { moment: &before.moment, country: Some(question.country), with_drafts: false })?
        }
        None => RegisterFacts::default(),
    };
    if question.scope == RecordScope::Validated {
        facts.leave_out(&measured.now.unvalidated);
        measured.before.iter().for_each(|before| facts_before.leave_out(&before.unvalidated));
    }
    let institutions = past::institutions(catalogue, &moment)?;
    let agreements = indicators::public_agreements(catalogue, &moment)?;
    let others = others(catalogue, &[&body, &not_validated, &planned, &wider], &facts)?;
    let material = Material {
        catalogue,
        maker,
        question,
        measured,
        body,
        not_validated,
        planned,
        wider,
        retired,
        others,
        institutions,
        agreements,
        previous,
        facts,
        facts_before,
        marks,
    };
    Ok((assemble(&material, today)?, moment))
}

/// The records that these and the entries of the registers name and that are none of these, as anyone sees them.
fn others(catalogue: &Catalogue, lists: &[&Vec<Source>], facts: &RegisterFacts) -> Result<BTreeMap<String, Arc<Record>>, Error> {
    let sources = || lists.iter().flat_map(|list| list.iter());
    let related = sources().flat_map(|source| &source.dataset.relations).map(|relation| &relation.dataset);
    let mut slugs: Vec<String> = related.chain(facts.entries.iter().flat_map(|entry| &entry.datasets)).map(ToString::to_string).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let known: std::collections::HashSet<&str> = sources().map(|source| source.dataset.slug.as_str()).collect();
    slugs.retain(|slug| !known.contains(slug.as_str()));
    let found = catalogue.records_by_slug(&Actor::Visitor, &slugs)?;
    Ok(found.into_iter().map(|record| (record.dataset.slug.to_string(), record)).collect())
}

fn assemble(material: &Material<'_>, today: i64) -> Result<Report, Error> {
    let sections: Vec<Section> = vec![
        front::method(material),
        front::institutions(material),
        sources::inventory(material),
        sources::table(material),
        sources::concepts(material),
        gaps::gaps(material),
        privacy::privacy(material, today)?,
        actions::actions(material),
        outlook::objectives(material),
        outlook::practice(material),
        outlook::needs(material),
        outlook::regions(material),
        outlook::steps(material)?,
        annexes::list(material),
        annexes::agreements(material),
        annexes::methods(material),
        annexes::changes(material),
        annexes::not_validated(material),
        annexes::left_out(material),
    ];
    let day = Day(material.question.until).to_string();
    let country = material.concept(ConceptScheme::Places, material.question.country);
    let seq = material.measured.now.moment.place.as_ref().map_or(0, |place| place.seq);
    Ok(Report {
        language: material.language(),
        title: material.say(words::TITLE).to_owned(),
        subtitle: material.fill(words::SUBTITLE, &[("country", country), ("day", day.clone())]),
        cover: front::cover(material),
        preface: front::preface(material),
        sections,
        publisher: material.maker.name.to_owned(),
        // A name, and no address: whoever runs the catalogue decides whether a copy of the report is kept there.
        identifier: format!("objective-1/{}/{day}/{seq} ({})", material.question.country, without_scheme(material.maker.base_url)),
        made_at: OffsetDateTime::from_unix_timestamp(material.maker.now.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH),
    })
}

fn without_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}
