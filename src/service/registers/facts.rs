//! The registers as indicators and reports count them.

use crate::domain::indicators::{RegisterEntry as Fact, RegisterFacts};
use crate::domain::policy::Actor;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{
    FactState, OfferState, RegisterCommand, RegisterKind, RegisterState, RegisterVisibility, ReportRegister, Vocabulary,
};
use crate::service::catalogue::day_of;
use crate::service::{Catalogue, Error};

use super::{EntryFilter, EntryRecord, list};

/// What the registers hold, in the order of registration: what anyone may read; and, where `with_drafts`, what is to be public and nobody
/// has validated yet, which is marked as such and counts in no indicator.
///
/// # Errors
/// The database is unavailable.
pub fn read(catalogue: &Catalogue, with_drafts: bool) -> Result<RegisterFacts, Error> {
    let public = list(catalogue, &Actor::Visitor, &EntryFilter::default())?;
    let drafts = if with_drafts {
        let filter = EntryFilter { states: vec![RegisterState::Draft], ..EntryFilter::default() };
        // The datasets of a draft are those that anyone sees; the drafts themselves are seen by who makes the report.
        list(catalogue, &Actor::Console, &filter)?
            .into_iter()
            .filter(|record| record.entry.visibility == RegisterVisibility::Public)
            .collect()
    } else {
        Vec::new()
    };
    let mut records: Vec<_> = public.into_iter().chain(drafts).collect();
    records.sort_by_key(|record| record.number);
    Ok(RegisterFacts { entries: records.iter().flat_map(|record| facts(record)).collect() })
}

/// Which register of the report an entry belongs to.
fn register_of(kind: RegisterKind) -> Option<ReportRegister> {
    Some(match kind {
        RegisterKind::Challenge => ReportRegister::Challenge,
        RegisterKind::GoodPractice => ReportRegister::GoodPractice,
        RegisterKind::CapacityNeed => ReportRegister::Need,
        RegisterKind::Strategy => ReportRegister::Strategy,
        RegisterKind::FocalPoint => ReportRegister::FocalPoint,
        RegisterKind::Overlap => ReportRegister::Duplicate,
        RegisterKind::ComparabilityNote => ReportRegister::Comparison,
        RegisterKind::DataRequest => ReportRegister::NextStep,
        RegisterKind::NotCollected | RegisterKind::DiscrepancyNote => return None,
    })
}

fn state_of(record: &EntryRecord) -> FactState {
    let entry = &record.entry;
    match entry.state {
        RegisterState::Closed | RegisterState::Fulfilled | RegisterState::Agreed | RegisterState::Confirmed | RegisterState::Rejected => {
            FactState::Settled
        }
        RegisterState::Committed => FactState::Answered,
        _ if entry.offers.iter().any(|offer| offer.state == OfferState::Accepted) || !entry.answer.is_empty() => FactState::Answered,
        RegisterState::Validated if matches!(entry.kind, RegisterKind::Strategy | RegisterKind::FocalPoint) => FactState::Settled,
        _ => FactState::Open,
    }
}

/// Day of the first answer: an accepted offer, a commitment, a closing.
fn answered_on(record: &EntryRecord) -> Option<i64> {
    let answers = [RegisterCommand::AcceptOffer, RegisterCommand::Commit, RegisterCommand::Fulfil, RegisterCommand::Close];
    let answer = record.entry.steps.iter().find(|step| step.command.is_some_and(|command| answers.contains(&command)));
    answer.filter(|_| state_of(record) != FactState::Open).map(|step| day_of(step.at))
}

fn facts(record: &EntryRecord) -> Vec<Fact> {
    let entry = &record.entry;
    let Some(kind) = register_of(entry.kind) else { return Vec::new() };
    let commitment = entry.commitment.as_ref();
    let cell = entry.cell.as_ref();
    let fact = Fact {
        id: record.id.to_string(),
        kind,
        state: state_of(record),
        is_validated: !entry.is_unsettled(),
        title: if entry.title.is_empty() { entry.text.clone() } else { entry.title.clone() },
        text: if entry.title.is_empty() { MultilingualText::default() } else { entry.text.clone() },
        institution: commitment.map(|given| given.institution.clone()).or_else(|| entry.institution.clone()),
        author: entry.steps.first().map(|step| step.function.clone()),
        action: entry.actions.first().map(|action| action.code().to_lowercase()),
        area: entry.places.first().cloned().or_else(|| cell.and_then(|cell| cell.area.clone())),
        datasets: entry.datasets.iter().filter_map(|id| record.records.get(id)).map(|found| found.dataset.slug.clone()).collect(),
        registered_on: day_of(record.created_at),
        answered_on: answered_on(record),
        starts_on: entry.on.map(|date| date.first_day()),
        ends_on: commitment.map(|given| given.until).or(entry.until).map(|date| date.last_day()),
        reported: None,
    };
    let offers = entry.offers.iter().map(|offer| Fact {
        kind: ReportRegister::Offer,
        state: if offer.state == OfferState::Accepted { FactState::Settled } else { FactState::Open },
        institution: Some(offer.institution.clone()),
        registered_on: day_of(offer.at),
        ..fact.clone()
    });
    let offers: Vec<Fact> = offers.collect();
    std::iter::once(fact).chain(offers).collect()
}
