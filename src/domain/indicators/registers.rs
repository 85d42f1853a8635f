//! What registers beside the records hold, as far as indicators and reports ask.

use std::sync::Arc;

use super::{Named, NamedKind, RegisterCount};
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{FactState, ReportRegister};

/// An entry of a register, as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Identifier, or path below the address of the catalogue where it begins with `/`.
    pub id: String,
    /// Which register.
    pub kind: ReportRegister,
    /// Where it stands.
    pub state: FactState,
    /// Whether it was validated; what was not stands in the annex of a report and counts in no indicator.
    pub is_validated: bool,
    /// Title or statement.
    pub title: MultilingualText,
    /// What people wrote beside.
    pub text: MultilingualText,
    /// Institution that answers for it.
    pub institution: Option<Slug>,
    /// Its other parts, each with its name in English, French and Arabic.
    pub parts: Vec<([&'static str; 3], MultilingualText)>,
    /// Letters of the actions that it belongs to.
    pub actions: Vec<String>,
    /// Codes of the places that it is about.
    pub areas: Vec<String>,
    /// Short names of the datasets that it is about.
    pub datasets: Vec<Slug>,
    /// Day of registration, counted from 1970-01-01.
    pub registered_on: i64,
    /// Day of the answer, in the same way.
    pub answered_on: Option<i64>,
    /// First day of what it tells of, in the same way.
    pub starts_on: Option<i64>,
    /// Last day, or day on which it is due.
    pub ends_on: Option<i64>,
    /// A number that it reports, such as people trained.
    pub reported: Option<u64>,
}

/// What the registers hold. Empty where none are kept: then nothing is registered, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterFacts {
    /// The entries, in the order of registration.
    pub entries: Vec<RegisterEntry>,
}

impl RegisterFacts {
    /// Entries of a register that were there on a day.
    pub fn of(&self, kind: ReportRegister, day: i64) -> impl Iterator<Item = &RegisterEntry> {
        self.entries.iter().filter(move |entry| entry.kind == kind && entry.registered_on <= day)
    }

    /// The same, where validated.
    pub fn validated(&self, kind: ReportRegister, day: i64) -> impl Iterator<Item = &RegisterEntry> {
        self.of(kind, day).filter(|entry| entry.is_validated)
    }
}

impl RegisterEntry {
    /// The state on a day: an answer that came later had not been given.
    pub fn state_on(&self, day: i64) -> FactState {
        if self.answered_on.is_some_and(|answered| answered > day) { FactState::Open } else { self.state }
    }

    /// The entry as evidence.
    pub fn named(&self) -> Named {
        Named { dataset: None, key: self.id.clone(), title: self.title.clone(), kind: NamedKind::Entry, version: None }
    }
}

/// Days of a month, on average.
const MONTH: f64 = 30.44;

/// What a count of entries comes to: the value, the numerator, the denominator and the entries that count.
pub(super) struct Counted {
    pub value: Option<f64>,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    pub not_documented: u64,
    pub evidence: Vec<Arc<Named>>,
}

pub(super) fn count(entries: &[&RegisterEntry], how: RegisterCount, regions: &[String], day: i64) -> Counted {
    let of = |list: Vec<&RegisterEntry>| list.into_iter().map(|entry| Arc::new(entry.named())).collect::<Vec<_>>();
    let all = entries.len() as u64;
    let chosen = |keep: &dyn Fn(&RegisterEntry) -> bool| entries.iter().copied().filter(|entry| keep(entry)).collect::<Vec<_>>();
    let number = |list: Vec<&RegisterEntry>| {
        let count = list.len() as u64;
        // Days and entries are few enough for this type.
        Counted { value: Some(count as f64), numerator: Some(count), denominator: Some(all), not_documented: 0, evidence: of(list) }
    };
    let median = |spans: Vec<(i64, &RegisterEntry)>| {
        let mut days: Vec<i64> = spans.iter().map(|(days, _)| *days).collect();
        days.sort_unstable();
        let middle = days.get(days.len() / 2).zip(days.get(days.len().saturating_sub(1) / 2));
        let value = middle.map(|(upper, lower)| ((upper + lower) as f64 / 2.0 / MONTH * 10.0).round() / 10.0);
        let count = spans.len() as u64;
        let evidence = of(spans.into_iter().map(|(_, entry)| entry).collect());
        Counted { value, numerator: Some(count), denominator: Some(all), not_documented: all - count, evidence }
    };
    match how {
        RegisterCount::All => Counted { denominator: None, ..number(chosen(&|_| true)) },
        RegisterCount::Answered => number(chosen(&|entry| entry.state_on(day) != FactState::Open)),
        RegisterCount::Settled => number(chosen(&|entry| entry.state_on(day) == FactState::Settled)),
        RegisterCount::MonthsToAnswer => {
            let answered = |entry: &&RegisterEntry| entry.answered_on.filter(|answered| *answered <= day);
            median(entries.iter().filter_map(|entry| Some((answered(entry)? - entry.registered_on, *entry))).collect())
        }
        RegisterCount::MonthsOfSpan => {
            median(entries.iter().filter_map(|entry| Some((entry.ends_on? - entry.starts_on?, *entry))).collect())
        }
        RegisterCount::Reported => {
            let reporting = chosen(&|entry| entry.reported.is_some());
            let sum = reporting.iter().filter_map(|entry| entry.reported).fold(0, u64::saturating_add);
            let value = (!reporting.is_empty()).then_some(sum as f64);
            let not_documented = all - reporting.len() as u64;
            Counted { value, numerator: value.map(|_| sum), denominator: None, not_documented, evidence: of(reporting) }
        }
        RegisterCount::Regions => {
            let named = regions.iter().filter(|region| entries.iter().any(|entry| entry.areas.contains(region))).count() as u64;
            let all = regions.len() as u64;
            let value = (all > 0).then(|| named as f64 / all as f64);
            let evidence = of(chosen(&|entry| entry.areas.iter().any(|area| regions.contains(area))));
            Counted { value, numerator: Some(named), denominator: Some(all), not_documented: 0, evidence }
        }
        RegisterCount::AgeInMonths => {
            let last =
                entries.iter().copied().filter_map(|entry| Some((entry.ends_on.or(entry.starts_on)?, entry))).max_by_key(|(day, _)| *day);
            let value = last.map(|(last, _)| ((day - last) as f64 / MONTH).round());
            let evidence = of(last.into_iter().map(|(_, entry)| entry).collect());
            Counted { value, numerator: None, denominator: None, not_documented: 0, evidence }
        }
    }
}
