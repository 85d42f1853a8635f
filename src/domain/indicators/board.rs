//! Counting the indicators in one walk over the records.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::judge::{has_breakdown, on_effects, on_topics};
use super::registers::{by_verdict, count};
use super::{
    Around, CURRENT_YEARS, Indicator, IndicatorKind, IndicatorSet, Judged, Named, NamedKind, Outcome, Point, RegisterFacts, SECTIONS,
    Source, judge,
};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::grid::{Reading, Standing, figures, standing};
use crate::domain::methodology::CensusTopics;
use crate::domain::text::MultilingualText;
use crate::domain::time::year_of;
use crate::domain::vocabulary::{
    CellState, GeographicLevel, GridDimension, IndicatorSilence, IndicatorUnit, MaskableField, RecordKind, ReportRegister, SourceType,
    Vocabulary,
};

const YEAR_MS: i64 = 365 * 86_400_000;
const DAY_MS: i64 = 86_400_000;
/// Years by which records on effects are told.
const YEARS: i32 = 10;

/// The six topics of action (g), each with how a census documents it, the breakdowns that release it, and whether such a breakdown alone says that
/// it was asked: a region of origin may be that of birth.
type CensusQuestion = (&'static str, fn(&CensusTopics) -> Option<bool>, &'static [&'static str], bool);
const CENSUS: [CensusQuestion; 6] = [
    ("country_of_birth", |topics| topics.country_of_birth, &["country_of_birth"], true),
    ("parents_country_of_birth", |topics| topics.parents_country_of_birth, &["second_generation"], false),
    ("citizenship", |topics| topics.citizenship, &["citizenship"], true),
    ("residence_five_years_before", |topics| topics.residence_five_years_before, &["region_of_origin"], false),
    ("latest_arrival", |topics| topics.latest_arrival, &["arrival_year", "duration_of_stay"], true),
    ("reason", |topics| topics.reason, &["reason"], true),
];

#[derive(Default)]
struct Tally {
    yes: Vec<Arc<Named>>,
    no: u64,
    not_documented: u64,
    points: Vec<Point>,
}

impl Tally {
    fn add(&mut self, judged: Judged, named: &Arc<Named>) {
        match judged {
            Judged::Outside => {}
            Judged::Yes => self.yes.push(named.clone()),
            Judged::No => self.no += 1,
            Judged::NotDocumented => self.not_documented += 1,
        }
    }
}

/// What an institution did, by its records.
#[derive(Default)]
struct Part {
    has_validated: bool,
    has_looked_lately: bool,
}

/// The indicators while they are counted.
pub struct Board<'a> {
    set: &'a IndicatorSet,
    around: &'a Around,
    concepts: &'a Concepts,
    tallies: Vec<Tally>,
    parts: BTreeMap<String, Part>,
    records: u64,
}

fn listed(set: &IndicatorSet) -> impl Iterator<Item = &Indicator> {
    set.actions.iter().flat_map(|action| &action.indicators)
}

impl<'a> Board<'a> {
    /// An empty board.
    pub fn new(set: &'a IndicatorSet, around: &'a Around, concepts: &'a Concepts) -> Self {
        let tally = |indicator: &Indicator| {
            let codes: Vec<String> = match indicator.kind {
                IndicatorKind::CensusTopics => CENSUS.iter().map(|(code, ..)| (*code).to_owned()).collect(),
                IndicatorKind::ProfileChapters => SECTIONS.iter().map(|(code, _)| (*code).to_owned()).collect(),
                IndicatorKind::EffectsByRegion => around.regions.clone(),
                IndicatorKind::OnEffects => levels().chain(years(around.day)).collect(),
                _ => Vec::new(),
            };
            let is_of_census = indicator.kind == IndicatorKind::CensusTopics;
            let point = |code| Point { code, released: is_of_census.then_some(0), ..Point::default() };
            Tally { points: codes.into_iter().map(point).collect(), ..Tally::default() }
        };
        let tallies = listed(set).map(tally).collect();
        Self { set, around, concepts, tallies, parts: BTreeMap::new(), records: 0 }
    }

    /// Counts one record that is published. One that is not of those that the figures are made from is looked at only by the indicators on
    /// validation itself: of records that were all validated, all are.
    pub fn add(&mut self, source: &Source, is_counted: bool) {
        self.records += u64::from(is_counted);
        let named = Arc::new(Named::of(source));
        if let Some(producer) = &source.dataset.producer {
            let part = self.parts.entry(producer.to_string()).or_default();
            let end = self.around.day.saturating_add(1).saturating_mul(DAY_MS);
            // Who looks back from a later edition knows of validations and reviews after the day, which are none of the time before it.
            let is_lately = |at: i64| at >= end - YEAR_MS && at < end;
            part.has_validated |= source.validated_at.is_some_and(|at| at < end);
            part.has_looked_lately |= [source.validated_at, source.reviewed_at].into_iter().flatten().any(is_lately);
        }
        let (around, concepts) = (self.around, self.concepts);
        for (indicator, tally) in listed(self.set).zip(&mut self.tallies) {
            match indicator.kind {
                kind @ IndicatorKind::ValidatedByObservatories => tally.add(judge(kind, source, around, concepts), &named),
                _ if !is_counted => {}
                IndicatorKind::CensusTopics => census(&source.dataset, tally, &named),
                IndicatorKind::ProfileChapters => chapters(&source.dataset, tally, &named, around.day, concepts),
                IndicatorKind::EffectsByRegion => regions(&source.dataset, tally, &named, around.day, concepts),
                kind => {
                    let judged = judge(kind, source, around, concepts);
                    tally.add(judged, &named);
                    if (kind, judged) == (IndicatorKind::OnEffects, Judged::Yes) {
                        by_level_and_year(&source.dataset, tally, &named, around.day, concepts);
                    }
                }
            }
        }
    }

    /// Number of records counted.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What the indicators come to, in the order of their list.
    pub fn outcomes(self, facts: &RegisterFacts) -> Vec<Outcome> {
        let (around, parts) = (self.around, self.parts);
        let of_institutions = |chosen: &dyn Fn(&Part) -> bool| {
            let yes: Vec<Arc<Named>> = parts.iter().filter(|(_, part)| chosen(part)).map(|(slug, _)| institution(around, slug)).collect();
            let rest = parts.len() as u64 - yes.len() as u64;
            Tally { yes, not_documented: rest, ..Tally::default() }
        };
        listed(self.set)
            .zip(self.tallies)
            .map(|(indicator, tally)| match indicator.kind {
                IndicatorKind::InstitutionsTakingPart => outcome(indicator, of_institutions(&|part| part.has_validated)),
                IndicatorKind::InstitutionsReviewedLately => outcome(indicator, of_institutions(&|part| part.has_looked_lately)),
                IndicatorKind::Observatories => outcome(indicator, Tally { yes: around.observatories.clone(), ..Tally::default() }),
                IndicatorKind::JointAgreements => registered(indicator, around.joint.clone()),
                IndicatorKind::RequestDays => request_days(indicator, around.request_days),
                IndicatorKind::Register => of_register(indicator, facts, around),
                IndicatorKind::CensusTopics | IndicatorKind::ProfileChapters | IndicatorKind::EffectsByRegion => points(indicator, tally),
                _ => outcome(indicator, tally),
            })
            .collect()
    }
}

/// An institution as evidence.
pub(super) fn institution(around: &Around, slug: &str) -> Arc<Named> {
    let known = around.institutions.iter().find(|named| named.key == slug);
    known.cloned().unwrap_or_else(|| {
        let named =
            Named { dataset: None, key: slug.to_owned(), title: MultilingualText::default(), kind: NamedKind::Institution, version: None };
        Arc::new(named)
    })
}

/// A share or a number. What nobody documents makes no zero.
fn outcome(indicator: &Indicator, tally: Tally) -> Outcome {
    let yes = tally.yes.len() as u64;
    let all = yes + tally.no + tally.not_documented;
    let is_known = yes > 0 || (tally.no > 0 && (indicator.unit == IndicatorUnit::Share || tally.not_documented == 0));
    // Numbers of records are small for this type.
    let value = is_known.then(|| if indicator.unit == IndicatorUnit::Share { yes as f64 / all as f64 } else { yes as f64 });
    Outcome {
        code: indicator.code.clone(),
        value,
        silence: value.is_none().then_some(IndicatorSilence::NotDocumented),
        numerator: value.map(|_| yes),
        denominator: (indicator.denominator.is_some() && all > 0).then_some(all),
        not_documented: tally.not_documented,
        evidence: tally.yes,
        points: tally.points,
    }
}

fn points(indicator: &Indicator, tally: Tally) -> Outcome {
    let documented = tally.points.iter().filter(|point| point.documented > 0).count() as u64;
    // A source that has ended says nothing of whether the chapter has a current one.
    let is_said = |point: &&Point| point.documented > 0 || (point.not_so > 0 && indicator.kind != IndicatorKind::ProfileChapters);
    let silent = tally.points.iter().filter(|point| !is_said(point)).count() as u64;
    let all = tally.points.len() as u64;
    let value = (silent < all).then_some(documented as f64);
    let mut seen = HashSet::new();
    let all_named = tally.points.iter().flat_map(|point| &point.evidence);
    let evidence: Vec<Arc<Named>> = all_named.filter(|named| seen.insert(named.key.as_str())).cloned().collect();
    Outcome {
        code: indicator.code.clone(),
        value,
        silence: value.is_none().then_some(IndicatorSilence::NotDocumented),
        numerator: value.map(|_| documented),
        denominator: (all > 0).then_some(all),
        not_documented: silent,
        evidence,
        points: tally.points,
    }
}

fn registered(indicator: &Indicator, evidence: Vec<Arc<Named>>) -> Outcome {
    let number = evidence.len() as u64;
    let is_there = number > 0;
    Outcome {
        code: indicator.code.clone(),
        value: is_there.then_some(number as f64),
        silence: (!is_there).then_some(IndicatorSilence::NothingRegistered),
        numerator: is_there.then_some(number),
        evidence,
        ..Outcome::default()
    }
}

fn request_days(indicator: &Indicator, days: Option<f64>) -> Outcome {
    let silence = days.is_none().then_some(IndicatorSilence::Withheld);
    Outcome { code: indicator.code.clone(), value: days, silence, ..Outcome::default() }
}

fn of_register(indicator: &Indicator, facts: &RegisterFacts, around: &Around) -> Outcome {
    let entries: Vec<_> = indicator.register.iter().flat_map(|kind| facts.validated(*kind, around.day)).collect();
    if entries.is_empty() {
        return registered(indicator, Vec::new());
    }
    let counted = count(&entries, indicator.count, around);
    // Of a note that was changed since, the verdict of then is not known; one that is outdated decides nothing.
    let is_compared = indicator.register == Some(ReportRegister::Comparison);
    Outcome {
        code: indicator.code.clone(),
        silence: counted.value.is_none().then_some(IndicatorSilence::NotDocumented),
        value: counted.value,
        numerator: counted.numerator,
        denominator: counted.denominator,
        not_documented: counted.not_documented
            + if is_compared { entries.iter().filter(|entry| entry.is_rewritten || entry.is_outdated).count() as u64 } else { 0 },
        evidence: counted.evidence,
        points: if is_compared { by_verdict(&entries) } else { Vec::new() },
    }
}

impl Point {
    fn add(&mut self, judged: Judged, named: &Arc<Named>) {
        match judged {
            Judged::Outside => {}
            Judged::Yes => {
                self.documented += 1;
                self.evidence.push(named.clone());
            }
            Judged::No => self.not_so += 1,
            Judged::NotDocumented => self.not_documented += 1,
        }
    }
}

fn census(dataset: &Dataset, tally: &mut Tally, named: &Arc<Named>) {
    // A file of microdata is no census beside its own.
    let is_census = dataset.methodology.source_type == SourceType::Census && dataset.record_kind != RecordKind::MicrodataProduct;
    if !is_census || dataset.hides(MaskableField::Methodology) {
        return;
    }
    for ((_, asked, breakdowns, is_enough), point) in CENSUS.iter().zip(&mut tally.points) {
        let judged = match dataset.methodology.census_topics.as_ref().and_then(asked) {
            Some(true) => Judged::Yes,
            // What the producer says of the question comes before what follows from a breakdown.
            Some(false) => Judged::No,
            // Figures that are released by a topic were asked for.
            None if *is_enough && has_breakdown(dataset, breakdowns) => Judged::Yes,
            None => Judged::NotDocumented,
        };
        let is_broken_down = dataset.coverage.released_disaggregations.iter().any(|code| breakdowns.contains(&code.as_str()));
        let is_released = judged == Judged::Yes && is_broken_down;
        point.add(judged, named);
        if let Some(released) = point.released.as_mut().filter(|_| is_released) {
            *released += 1;
        }
        let state = match judged {
            Judged::Yes if is_released => CellState::Released,
            Judged::Yes => CellState::ExistsNotReleased,
            Judged::No => CellState::NotCollected,
            Judged::NotDocumented | Judged::Outside => CellState::NotDocumented,
        };
        point.by_record.push((named.clone(), state));
    }
}

fn chapters(dataset: &Dataset, tally: &mut Tally, named: &Arc<Named>, day: i64, concepts: &Concepts) {
    let end = dataset.coverage.period.as_ref().and_then(|period| period.last_day());
    for ((_, topics), point) in SECTIONS.iter().zip(&mut tally.points) {
        let judged = match (on_topics(dataset, topics, concepts), end) {
            (Judged::Yes, Some(end)) if end >= day - CURRENT_YEARS * 365 => Judged::Yes,
            (Judged::Yes, None) => Judged::NotDocumented,
            // One that has ended long ago is told as what it is; it says nothing of whether there is another.
            (Judged::Yes, Some(_)) => Judged::No,
            _ => Judged::Outside,
        };
        point.add(judged, named);
    }
}

/// Levels at which figures may be released, the widest first.
fn levels() -> impl Iterator<Item = String> {
    GeographicLevel::ALL.iter().map(|level| level.code().to_owned())
}

/// The last ten years up to that of a day.
fn years(day: i64) -> impl Iterator<Item = String> {
    let last = year_of(day).into_iter();
    last.flat_map(|year| year - (YEARS - 1)..=year).map(|year| year.to_string())
}

/// By the finest level of the figures that are released, and by the years that the reference period touches.
fn by_level_and_year(dataset: &Dataset, tally: &mut Tally, named: &Arc<Named>, day: i64, concepts: &Concepts) {
    let reading = Reading { concepts, includes_parts: true, today: day };
    for point in &mut tally.points {
        let judged = match (GeographicLevel::parse(&point.code), dataset.coverage.released_level) {
            (Some(level), Some(released)) if level == released => Judged::Yes,
            (Some(_), Some(_)) => Judged::Outside,
            (Some(_), None) => Judged::NotDocumented,
            (None, _) => match standing(dataset, GridDimension::Year, &point.code, &reading) {
                Standing::Released | Standing::Collected => Judged::Yes,
                Standing::Possible => Judged::NotDocumented,
                Standing::No => Judged::Outside,
            },
        };
        point.add(judged, named);
    }
}

fn regions(dataset: &Dataset, tally: &mut Tally, named: &Arc<Named>, day: i64, concepts: &Concepts) {
    if on_effects(dataset, concepts) != Judged::Yes {
        return;
    }
    let reading = Reading { concepts, includes_parts: true, today: day };
    for point in &mut tally.points {
        let of_region = standing(dataset, GridDimension::ReportingArea, &point.code, &reading);
        let judged = match of_region.min(figures(dataset)) {
            Standing::Released => Judged::Yes,
            Standing::Collected | Standing::Possible => Judged::NotDocumented,
            Standing::No => Judged::Outside,
        };
        point.add(judged, named);
    }
}
