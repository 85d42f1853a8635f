//! The registers as indicators and reports count them: as they stood at a moment, of a country.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::indicators::{RegisterEntry as Fact, RegisterFacts};
use crate::domain::policy::Actor;
use crate::domain::register::Entry;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{
    ConceptScheme, FactState, RegisterCommand, RegisterKind, RegisterState, RegisterVisibility, ReportRegister, Vocabulary,
};
use crate::service::catalogue::day_of;
use crate::service::past::Moment;
use crate::service::{Catalogue, Error};

use super::pairs::in_words;
use super::{EntryFilter, EntryRecord, keep_visible, list};

/// Which entries are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The moment at which they are looked at.
    pub moment: &'a Moment,
    /// Code of the country that they are of; of all where none is named.
    pub country: Option<&'a str>,
    /// Whether entries that are to be public and that nobody has validated are wanted too. They are marked as such, and count in no indicator.
    pub with_drafts: bool,
}

/// What the registers hold of what anyone may read, in the order of registration. What was withdrawn since is not shown.
///
/// # Errors
/// The database is unavailable.
pub fn read(catalogue: &Catalogue, wanted: Wanted<'_>) -> Result<RegisterFacts, Error> {
    let public = list(catalogue, &Actor::Visitor, &EntryFilter::default())?;
    let drafts = if wanted.with_drafts {
        let filter = EntryFilter { states: vec![RegisterState::Draft], ..EntryFilter::default() };
        let drafts = list(catalogue, &Actor::Console, &filter)?;
        let to_be_public = drafts.iter().filter(|record| record.entry.visibility == RegisterVisibility::Public);
        // Who makes the report sees the drafts; the records that they name are those that anyone sees.
        to_be_public.map(|record| as_anyone_sees(catalogue, record)).collect::<Result<Vec<_>, _>>()?
    } else {
        Vec::new()
    };
    let mut records: Vec<_> = public.into_iter().chain(drafts).collect();
    records.sort_by_key(|record| record.number);
    let at = wanted.moment.last_instant();
    let countries = countries(catalogue, &records)?;
    let of_country = |record: &&Arc<EntryRecord>| wanted.country.is_none_or(|country| concerns(catalogue, record, country, &countries));
    Ok(RegisterFacts { entries: records.iter().filter(of_country).flat_map(|record| facts(record, at)).collect() })
}

/// The entry with the records that anyone sees, and no others.
fn as_anyone_sees(catalogue: &Catalogue, record: &EntryRecord) -> Result<Arc<EntryRecord>, Error> {
    let mut record = record.clone();
    let ids: Vec<Uuid> = record.named().collect();
    let records = catalogue.records(&Actor::Visitor, &ids)?;
    keep_visible(&mut record, &records);
    Ok(Arc::new(record))
}

/// Countries of the institutions that entries speak for.
fn countries(catalogue: &Catalogue, records: &[Arc<EntryRecord>]) -> Result<HashMap<Slug, String>, Error> {
    let named = |entry: &Entry| {
        entry.institution.iter().chain(entry.commitment.iter().map(|given| &given.institution)).cloned().collect::<Vec<_>>()
    };
    let mut slugs: Vec<String> = records.iter().flat_map(|record| named(&record.entry)).map(|slug| slug.to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let found = catalogue.institutions_by_slug(&slugs)?;
    Ok(found.into_values().filter_map(|record| Some((record.institution.slug.clone(), record.institution.country.clone()?))).collect())
}

/// Whether an entry is of a country: by the places that it names, else by its institution or its records; what names none of these is of all.
fn concerns(catalogue: &Catalogue, record: &EntryRecord, country: &str, countries: &HashMap<Slug, String>) -> bool {
    let entry = &record.entry;
    let places = catalogue.concepts.scheme(ConceptScheme::Places);
    let areas: Vec<&String> = entry.places.iter().chain(entry.cell.iter().filter_map(|cell| cell.area.as_ref())).collect();
    // The places of a good practice are those that have used it too.
    if !areas.is_empty() && entry.kind != RegisterKind::GoodPractice {
        return areas.iter().any(|area| places.is_within(area, country) || places.is_within(country, area));
    }
    if let Some(own) = entry.institution.as_ref().and_then(|slug| countries.get(slug)) {
        return own == country;
    }
    let mut reported = record.records.values().flat_map(|found| &found.dataset.coverage.reporting_areas).peekable();
    reported.peek().is_none() || reported.any(|area| places.is_within(area, country))
}

/// Which register of the report an entry belongs to.
fn register_of(kind: RegisterKind, state: RegisterState) -> Option<ReportRegister> {
    Some(match kind {
        RegisterKind::Challenge => ReportRegister::Challenge,
        RegisterKind::GoodPractice => ReportRegister::GoodPractice,
        RegisterKind::CapacityNeed => ReportRegister::Need,
        RegisterKind::Strategy => ReportRegister::Strategy,
        RegisterKind::FocalPoint => ReportRegister::FocalPoint,
        RegisterKind::Overlap => ReportRegister::Duplicate,
        RegisterKind::ComparabilityNote => ReportRegister::Comparison,
        // What is fulfilled or declined is no step that is to come.
        RegisterKind::DataRequest if matches!(state, RegisterState::Open | RegisterState::Committed) => ReportRegister::NextStep,
        RegisterKind::DataRequest | RegisterKind::NotCollected | RegisterKind::DiscrepancyNote => return None,
    })
}

/// Whether the offer was accepted by then.
fn is_accepted(accepted_at: Option<i64>, at: i64) -> bool {
    accepted_at.is_some_and(|accepted| accepted <= at)
}

fn state_of(entry: &Entry, state: RegisterState, at: i64) -> FactState {
    match state {
        RegisterState::Closed | RegisterState::Fulfilled | RegisterState::Agreed | RegisterState::Confirmed | RegisterState::Rejected => {
            FactState::Settled
        }
        RegisterState::Committed => FactState::Answered,
        _ if entry.offers.iter().any(|offer| is_accepted(offer.accepted_at, at)) || !entry.answer.is_empty() => FactState::Answered,
        RegisterState::Validated if matches!(entry.kind, RegisterKind::Strategy | RegisterKind::FocalPoint) => FactState::Settled,
        _ => FactState::Open,
    }
}

/// Day of the first answer by then: an accepted offer, a commitment, a closing.
fn answered_on(entry: &Entry, at: i64) -> Option<i64> {
    let answers = [RegisterCommand::AcceptOffer, RegisterCommand::Commit, RegisterCommand::Fulfil, RegisterCommand::Close];
    let is_answer = |command: RegisterCommand| answers.contains(&command);
    let answer = entry.steps.iter().find(|step| step.at <= at && step.command.is_some_and(is_answer));
    answer.map(|step| day_of(step.at))
}

/// The parts of an entry beside title and text, each with its name in English, French and Arabic.
fn parts(entry: &Entry) -> Vec<([&'static str; 3], MultilingualText)> {
    let named = [
        (["Occasion", "Occasion", "المناسبة"], &entry.occasion),
        (["Who is affected", "Personnes concernées", "المعنيون"], &entry.affected),
        (["Context", "Contexte", "السياق"], &entry.context),
        (["Result", "Résultat", "النتيجة"], &entry.result),
        (["Conditions to repeat it", "Conditions de reprise", "شروط التكرار"], &entry.conditions),
        (["Answer", "Réponse", "الجواب"], &entry.answer),
    ];
    named.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.clone())).collect()
}

fn facts(record: &EntryRecord, at: i64) -> Vec<Fact> {
    let entry = &record.entry;
    let Some(state) = entry.state_at(at) else { return Vec::new() };
    let Some(kind) = register_of(entry.kind, state) else { return Vec::new() };
    let commitment = entry.commitment.as_ref().filter(|given| given.at <= at);
    let has_own_title = commitment.is_some() || !entry.title.is_empty();
    let fact = Fact {
        id: record.id.to_string(),
        kind,
        state: state_of(entry, state, at),
        // The words are those of today: where they were changed since and wait again, nobody has validated them.
        is_validated: !entry.is_unsettled() && !matches!(state, RegisterState::Draft | RegisterState::Proposed),
        title: match commitment {
            // What will be done is what the institution said, not what it was asked.
            Some(given) => in_words(Some(&given.text)),
            None if entry.title.is_empty() => entry.text.clone(),
            None => entry.title.clone(),
        },
        text: if has_own_title { entry.text.clone() } else { MultilingualText::default() },
        parts: parts(entry),
        institution: commitment.map(|given| given.institution.clone()).or_else(|| entry.institution.clone()),
        actions: entry.actions.iter().map(|action| action.code().to_lowercase()).collect(),
        areas: entry.places.iter().chain(entry.cell.iter().filter_map(|cell| cell.area.as_ref())).cloned().collect(),
        datasets: entry.datasets.iter().filter_map(|id| record.records.get(id)).map(|found| found.dataset.slug.clone()).collect(),
        registered_on: day_of(record.created_at),
        answered_on: answered_on(entry, at),
        starts_on: entry.on.map(|date| date.first_day()),
        ends_on: commitment.map(|given| given.until).or(entry.until).map(|date| date.last_day()),
        reported: None,
    };
    let offers = entry.offers.iter().filter(|offer| offer.at <= at).map(|offer| Fact {
        kind: ReportRegister::Offer,
        state: if is_accepted(offer.accepted_at, at) { FactState::Settled } else { FactState::Open },
        institution: Some(offer.institution.clone()),
        title: in_words(Some(&offer.text)),
        text: MultilingualText::default(),
        parts: Vec::new(),
        registered_on: day_of(offer.at),
        answered_on: offer.accepted_at.filter(|accepted| *accepted <= at).map(day_of),
        ..fact.clone()
    });
    let offers: Vec<Fact> = offers.collect();
    std::iter::once(fact).chain(offers).collect()
}
