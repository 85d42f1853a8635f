//! What registers beside the records hold, as far as indicators and reports ask.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::board::institution;
use super::{Around, Named, NamedKind, Point, RegisterCount};
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{ComparabilityVerdict, FactState, RegisterState, ReportRegister, Vocabulary};

/// An entry of a register, as anyone may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Identifier, or path below the address of the catalogue where it begins with `/`.
    pub id: String,
    /// Which register.
    pub kind: ReportRegister,
    /// Where it stands.
    pub state: FactState,
    /// The stage of its register, where it is an entry of one.
    pub stage: Option<RegisterState>,
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
    /// Verdict of an agreed note on two sources.
    pub verdict: Option<ComparabilityVerdict>,
    /// Institutions that agreed with a note.
    pub agreed_by: Vec<Slug>,
    /// Day on which it was decided or agreed, in the same way; none where it is a statement, of the day of its registration.
    pub said_on: Option<i64>,
    /// The day that it is of, as far as that is known: of a statement the day on which it was made.
    pub on: Option<PartialDate>,
    /// The last day of what it tells of, or the day by which it is due, as far as that is known.
    pub until: Option<PartialDate>,
    /// Mark of the figures that it explains.
    pub figures: Option<String>,
    /// Titles of the records that it is on, side by side, where it says nothing without them.
    pub on_records: MultilingualText,
    /// Whether it was changed since: then its words, dates and verdict are later ones.
    pub is_rewritten: bool,
    /// Of a note on two records, whether these say otherwise than when it was agreed: then it decides nothing.
    pub is_outdated: bool,
    /// Whether it says nothing without records of which one does not enter, since that was not validated.
    pub is_left_out: bool,
}

/// What the registers hold. Empty where none are kept: then nothing is registered, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterFacts {
    /// The entries, in the order of registration.
    pub entries: Vec<RegisterEntry>,
}

impl RegisterFacts {
    /// Entries of a register that were there on a day, by the day that they are of where that was before their registration: the statements
    /// of a workshop are of that workshop, whenever they were written down. A training was given from its own day on, and not from that of its
    /// registration.
    pub fn of(&self, kind: ReportRegister, day: i64) -> impl Iterator<Item = &RegisterEntry> {
        let is_given = kind == ReportRegister::Training;
        let since = move |entry: &RegisterEntry| entry.starts_on.filter(|_| is_given).unwrap_or_else(|| entry.said_since());
        self.entries.iter().filter(move |entry| entry.kind == kind && since(entry) <= day)
    }

    /// The same, where validated.
    pub fn validated(&self, kind: ReportRegister, day: i64) -> impl Iterator<Item = &RegisterEntry> {
        self.of(kind, day).filter(|entry| entry.is_validated && !entry.is_left_out)
    }

    /// Leaves out what is agreed or decided on records that do not enter.
    pub fn leave_out(&mut self, unvalidated: &BTreeSet<Slug>) {
        use ReportRegister as R;
        let is_of_records = |entry: &RegisterEntry| matches!(entry.kind, R::Comparison | R::Discrepancy | R::Duplicate);
        for entry in self.entries.iter_mut().filter(|entry| is_of_records(entry)) {
            entry.is_left_out = entry.datasets.iter().any(|slug| unvalidated.contains(slug));
        }
    }
}

impl RegisterEntry {
    /// The day from which it was said: its own where that was before its registration.
    pub fn said_since(&self) -> i64 {
        self.starts_on.map_or(self.registered_on, |own| own.min(self.registered_on))
    }

    /// The state on a day: an answer that came later had not been given.
    pub fn state_on(&self, day: i64) -> FactState {
        if self.answered_on.is_some_and(|answered| answered > day) { FactState::Open } else { self.state }
    }

    /// Whether it is in force on a day: begun or without a documented beginning, and not over.
    pub fn is_in_force(&self, day: i64) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|last| last >= day)
    }

    /// The entry as evidence; of a release of a census, the record of the census.
    pub fn named(&self) -> Named {
        let key = self.id.clone();
        // What people agreed on, or decided, on records is named by them: its words stand where it is shown as theirs.
        let is_on_records = !self.agreed_by.is_empty() || self.kind == ReportRegister::Duplicate;
        let title = if is_on_records && !self.on_records.is_empty() { self.on_records.clone() } else { self.title.clone() };
        match (self.kind, self.datasets.first()) {
            (ReportRegister::TableRelease, Some(slug)) => {
                Named { dataset: Uuid::parse_str(&self.id).ok(), key: slug.to_string(), title, kind: NamedKind::Dataset, version: None }
            }
            _ => Named { dataset: None, key, title, kind: NamedKind::Entry, version: None },
        }
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

/// Entries by the verdict that they give, in the order of the list of verdicts.
pub(super) fn by_verdict(entries: &[&RegisterEntry]) -> Vec<Point> {
    let point = |verdict: &ComparabilityVerdict| {
        let is_of = |entry: &&&RegisterEntry| !entry.is_rewritten && !entry.is_outdated && entry.verdict == Some(*verdict);
        let with: Vec<_> = entries.iter().filter(is_of).map(|entry| Arc::new(entry.named())).collect();
        Point { code: verdict.code().to_owned(), documented: with.len() as u64, evidence: with, ..Point::default() }
    };
    // A note always comes to a verdict.
    ComparabilityVerdict::ALL.iter().filter(|verdict| **verdict != ComparabilityVerdict::NotDocumented).map(point).collect()
}

/// Whether what an entry tells of had begun by a day; of what is not dated that is not documented.
fn has_begun(entry: &RegisterEntry, day: i64) -> bool {
    entry.starts_on.or(entry.ends_on).is_some_and(|first| first <= day)
}

/// Whether what an entry tells of was still to come on a day; of what is not dated that is not documented.
fn is_to_come(entry: &RegisterEntry, day: i64) -> bool {
    entry.starts_on.or(entry.ends_on).is_some_and(|first| first > day)
}

pub(super) fn count(entries: &[&RegisterEntry], how: RegisterCount, around: &Around) -> Counted {
    let (regions, day) = (&around.regions, around.day);
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
        RegisterCount::InForce => Counted {
            not_documented: entries.iter().filter(|entry| entry.is_rewritten).count() as u64,
            ..number(chosen(&|entry| !entry.is_rewritten && entry.is_in_force(day)))
        },
        RegisterCount::All => Counted { denominator: None, ..number(chosen(&|_| true)) },
        RegisterCount::Answered => number(chosen(&|entry| entry.state_on(day) != FactState::Open)),
        RegisterCount::Settled => number(chosen(&|entry| entry.state_on(day) == FactState::Settled)),
        RegisterCount::MonthsToAnswer => {
            let answered = |entry: &&RegisterEntry| entry.answered_on.filter(|answered| *answered <= day);
            median(entries.iter().filter_map(|entry| Some((answered(entry)? - entry.said_since(), *entry))).collect())
        }
        RegisterCount::MonthsOfSpan => {
            median(entries.iter().filter_map(|entry| Some((entry.ends_on? - entry.starts_on?, *entry))).collect())
        }
        RegisterCount::Institutions => {
            // Whom an invitation named that was changed since is not known.
            let entries: Vec<&RegisterEntry> = entries.iter().copied().filter(|entry| !entry.is_rewritten).collect();
            let of = |is_settled: bool| {
                let entries = entries.iter().filter(|entry| !is_settled || entry.state_on(day) == FactState::Settled);
                entries.filter_map(|entry| entry.institution.as_ref()).collect::<BTreeSet<_>>()
            };
            let (settled, named) = (of(true), of(false));
            let count = settled.len() as u64;
            let evidence = settled.into_iter().map(|slug| institution(around, slug.as_str())).collect();
            let denominator = named.len() as u64;
            // Of who has not said anything nothing is known.
            let not_documented = denominator - count;
            let value = (denominator > 0).then_some(count as f64);
            let numbers = value.map(|_| (count, denominator));
            Counted { value, numerator: numbers.map(|n| n.0), denominator: numbers.map(|n| n.1), not_documented, evidence }
        }
        RegisterCount::Reported => {
            let reporting = chosen(&|entry| entry.reported.is_some() && !entry.is_rewritten && has_begun(entry, day));
            let sum = reporting.iter().filter_map(|entry| entry.reported).fold(0, u64::saturating_add);
            let value = (!reporting.is_empty()).then_some(sum as f64);
            // Those to come are none of this day; of those without a day nobody knows.
            let to_come = entries.iter().filter(|entry| !entry.is_rewritten && is_to_come(entry, day)).count() as u64;
            let not_documented = all - reporting.len() as u64 - to_come;
            Counted { value, numerator: value.map(|_| sum), denominator: None, not_documented, evidence: of(reporting) }
        }
        RegisterCount::Regions => {
            let naming = chosen(&|entry| entry.areas.iter().any(|area| regions.contains(area)));
            let named = regions.iter().filter(|region| naming.iter().any(|entry| entry.areas.contains(region))).count() as u64;
            // What names no region says nothing of the regions, so that none of them is known to have nothing.
            let not_documented = all - naming.len() as u64;
            let value = (named > 0).then(|| named as f64 / regions.len() as f64);
            let numbers = value.map(|_| (named, regions.len() as u64));
            let evidence = of(naming);
            Counted { value, numerator: numbers.map(|n| n.0), denominator: numbers.map(|n| n.1), not_documented, evidence }
        }
        RegisterCount::AgeInMonths => {
            let dated = |entry: &&RegisterEntry| !entry.is_rewritten && has_begun(entry, day);
            let dated = entries.iter().copied().filter(dated);
            let last = dated.filter_map(|entry| Some((entry.ends_on.or(entry.starts_on)?, entry))).max_by_key(|(day, _)| *day);
            let value = last.map(|(last, _)| ((day - last) as f64 / MONTH).round());
            let evidence = of(last.into_iter().map(|(_, entry)| entry).collect());
            let not_documented = entries.iter().filter(|entry| entry.is_rewritten).count() as u64;
            Counted { value, numerator: None, denominator: None, not_documented, evidence }
        }
    }
}
