//! The registers as indicators and reports count them: as they stood at a moment, of a country.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::dataset::{Dataset, Discrepancy};
use crate::domain::ids::Slug;
use crate::domain::indicators::{RegisterEntry as Fact, RegisterFacts, Source};
use crate::domain::policy::Actor;
use crate::domain::register::{Cell, Commitment, Entry, Offer, Step};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{
    ConceptScheme, FactState, MaskableField, OfferState, RegisterCommand, RegisterKind, RegisterState, RegisterVisibility, ReportRegister,
    SourceType, Vocabulary,
};
use crate::domain::workdays::Day;
use crate::service::calendar::released_by;
use crate::service::catalogue::day_of;
use crate::service::past::Moment;
use crate::service::{Catalogue, Error, Record};

use super::marks::{Stands, stands};
use super::pairs::in_words;
use super::{EntryFilter, EntryRecord, has_its_records, keep_visible, list};

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

/// What the registers held of what anyone may read, in the order of registration. What was withdrawn since counts, without its words. In a look
/// back it is what they hold in the edition, with what was done with it by the day; which of it was there on the day its own dates tell.
///
/// # Errors
/// The database is unavailable.
pub fn read(catalogue: &Catalogue, wanted: Wanted<'_>) -> Result<RegisterFacts, Error> {
    let mut all = list(catalogue, &Actor::Console, &EntryFilter::default())?;
    // What a correction would change of who may read it counts once the correction is validated.
    let shown = |entry: &Entry| entry.standing().map_or(entry.visibility, |standing| standing.visibility);
    all.retain(|record| shown(&record.entry) == RegisterVisibility::Public);
    all.sort_by_key(|record| record.number);
    let ids: Vec<Uuid> = all.iter().flat_map(|record| record.named()).collect();
    let seen = catalogue.records(&Actor::Visitor, &ids)?;
    let then: Vec<Then> = all.iter().filter_map(|record| as_it_stood(record, wanted.moment, wanted.with_drafts, &seen)).collect();
    let countries = countries(catalogue, then.iter().map(|then| &then.record.entry))?;
    let mut entries = Vec::new();
    for then in &then {
        if wanted.country.is_none_or(|country| concerns(catalogue, &then.record, country, &countries)) {
            entries.extend(facts(catalogue, then));
        }
        entries.extend(between_countries(catalogue, then, wanted.country, &countries));
    }
    Ok(RegisterFacts { entries })
}

/// An entry as anyone could read it at an instant.
struct Then {
    record: EntryRecord,
    /// Up to when it counts what was done with it.
    at: i64,
    is_rewritten: bool,
    /// Whether it was withdrawn since: then its words are shown no more.
    is_withdrawn: bool,
}

/// An entry as it stood, with the records that anyone sees today: what had been validated in the edition, or, where drafts are wanted too, what
/// is a draft and was one then.
fn as_it_stood(record: &EntryRecord, moment: &Moment, with_drafts: bool, seen: &HashMap<Uuid, Arc<Record>>) -> Option<Then> {
    let is_shown = |entry: &Entry| entry.visibility == RegisterVisibility::Public && entry.state != RegisterState::Withdrawn;
    // The part of the log that anyone knows ends with its last change; drafts, which stand in no such part, with the edition.
    let (known, by, told) = (moment.known_at(), moment.last_instant(), moment.told_until);
    let stood = record.entry.known_of(known, by).filter(|stood| is_shown(&stood.entry) && !stood.entry.is_unsettled());
    // What is agreed or decided on records is told as it is in the edition, its reasons too.
    let at = if record.entry.is_of_records() { known } else { by };
    let is_draft = with_drafts && record.entry.state == RegisterState::Draft;
    let drafted = || is_draft.then(|| record.entry.as_of(told)).flatten().map(|stood| (stood, told.min(moment.end_of_day())));
    let (stood, at) = stood.map(|stood| (stood, at)).or_else(drafted)?;
    let mut then = EntryRecord { entry: stood.entry, ..record.clone() };
    // Who makes the report sees the drafts; the records that they name are those that anyone sees.
    keep_visible(&mut then, seen);
    let is_withdrawn = record.entry.state == RegisterState::Withdrawn;
    has_its_records(&then).then_some(Then { record: then, at, is_rewritten: stood.is_rewritten, is_withdrawn })
}

/// Whether a record, as the reader sees it, is of a census.
pub fn is_census(dataset: &Dataset) -> bool {
    dataset.methodology.source_type == SourceType::Census && !dataset.hides(MaskableField::Methodology)
}

/// The first release of each census that the calendar holds as done at a moment, with the last day of the collection.
///
/// # Errors
/// The database is unavailable.
pub fn table_releases(catalogue: &Catalogue, censuses: &[Source], moment: &Moment) -> Result<Vec<Fact>, Error> {
    let open = censuses.iter().filter(|source| !source.dataset.hides(MaskableField::Period));
    let ids: Vec<Uuid> = open.map(|source| source.id).collect();
    let mut done = released_by(catalogue, &ids, moment.known_at())?;
    let fact = |source: &Source| {
        let events = done.remove(&source.id)?;
        let days = events.iter().filter_map(|event| event.actual.and_then(|dates| dates.days())).map(|(first, _)| first);
        let released = days.filter(|day| *day <= moment.until).min()?;
        // A census is of the days on which it is collected.
        let coverage = &source.dataset.coverage;
        let mut periods = coverage.collection_period.iter().chain(&coverage.period);
        let collected = periods.find_map(|period| period.last_day());
        let collected = collected.filter(|day| *day <= released);
        Some(Fact {
            id: source.id.to_string(),
            kind: ReportRegister::TableRelease,
            state: FactState::Settled,
            is_validated: true,
            title: source.dataset.titles.clone(),
            text: MultilingualText::default(),
            institution: source.dataset.producer.clone(),
            parts: Vec::new(),
            actions: Vec::new(),
            areas: Vec::new(),
            datasets: vec![source.dataset.slug.clone()],
            registered_on: released,
            answered_on: None,
            starts_on: collected,
            ends_on: Some(released),
            reported: None,
            verdict: None,
            agreed_by: Vec::new(),
            said_on: None,
            on: None,
            until: None,
            stage: None,
            figures: None,
            on_records: MultilingualText::default(),
            is_rewritten: false,
            is_outdated: false,
            is_left_out: false,
        })
    };
    Ok(censuses.iter().filter_map(fact).collect())
}

/// A request of an institution of one country on a place of another, or to which an institution of another has committed itself.
fn between_countries(catalogue: &Catalogue, then: &Then, country: Option<&str>, countries: &HashMap<Slug, String>) -> Option<Fact> {
    let (entry, at) = (&then.record.entry, then.at);
    if entry.kind != RegisterKind::DataRequest {
        return None;
    }
    let own = entry.institution.as_ref().and_then(|slug| countries.get(slug))?;
    let places = catalogue.concepts.scheme(ConceptScheme::Places);
    let area = entry.cell.iter().find_map(|cell| cell.area.as_deref());
    let elsewhere = area.filter(|area| !places.is_within(area, own) && !places.is_within(own, area));
    let commitment = entry.commitment.as_ref().filter(|given| given.at <= at);
    let other = commitment.and_then(|given| countries.get(&given.institution)).filter(|other| *other != own);
    if elsewhere.is_none() && other.is_none() {
        return None;
    }
    let is_of = |country: &str| {
        own == country || other.is_some_and(|other| other == country) || elsewhere.is_some_and(|area| places.is_within(area, country))
    };
    // Its words are those of a person, and validated by nobody: the request is named by what it is on.
    let cell = Cell { area: Some(area.unwrap_or(own).to_owned()), ..entry.cell.clone().unwrap_or_default() };
    let named = |language: &str| cell.in_words(language, None, &catalogue.concepts);
    country.is_none_or(is_of).then(|| Fact {
        title: in_three(&named("en"), &named("fr"), &named("ar")),
        text: MultilingualText::default(),
        parts: Vec::new(),
        ..fact(then, ReportRegister::CrossCountryRequest)
    })
}

/// Countries of the institutions that entries speak for.
fn countries<'a>(catalogue: &Catalogue, entries: impl Iterator<Item = &'a Entry>) -> Result<HashMap<Slug, String>, Error> {
    let named = |entry: &Entry| {
        entry.institution.iter().chain(entry.commitment.iter().map(|given| &given.institution)).cloned().collect::<Vec<_>>()
    };
    let mut slugs: Vec<String> = entries.flat_map(named).map(|slug| slug.to_string()).collect();
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
        RegisterKind::Invitation => ReportRegister::Invitation,
        RegisterKind::Training => ReportRegister::Training,
        RegisterKind::MigrationProfile => ReportRegister::Profile,
        RegisterKind::FocalPoint => ReportRegister::FocalPoint,
        RegisterKind::Overlap => ReportRegister::Duplicate,
        RegisterKind::ComparabilityNote => ReportRegister::Comparison,
        // What an institution has committed itself to; what a person asks for is no step yet.
        RegisterKind::DataRequest if state == RegisterState::Committed => ReportRegister::NextStep,
        RegisterKind::DiscrepancyNote => ReportRegister::Discrepancy,
        RegisterKind::NotCollected => ReportRegister::NotCollected,
        RegisterKind::DataRequest => return None,
    })
}

/// Whether the offer was accepted by then.
fn is_accepted(accepted_at: Option<i64>, at: i64) -> bool {
    accepted_at.is_some_and(|accepted| accepted <= at)
}

/// Whether an entry tells of something that is there, and waits for no answer.
fn is_what_it_tells(kind: RegisterKind) -> bool {
    use RegisterKind as K;
    matches!(kind, K::Strategy | K::FocalPoint | K::Training | K::MigrationProfile | K::NotCollected)
}

fn state_of(entry: &Entry, at: i64) -> FactState {
    match entry.state {
        RegisterState::Closed | RegisterState::Fulfilled | RegisterState::Agreed | RegisterState::Confirmed | RegisterState::Rejected => {
            FactState::Settled
        }
        RegisterState::Committed => FactState::Answered,
        _ if entry.offers_of_others().any(|offer| is_accepted(offer.accepted_at, at)) || !entry.answer.is_empty() => FactState::Answered,
        RegisterState::Validated if is_what_it_tells(entry.kind) => FactState::Settled,
        _ => FactState::Open,
    }
}

/// Day of the first answer by then: an accepted offer of another institution, a commitment, a closing.
fn answered_on(entry: &Entry, at: i64) -> Option<i64> {
    let answers = [RegisterCommand::AcceptOffer, RegisterCommand::Commit, RegisterCommand::Fulfil, RegisterCommand::Close];
    let is_answer = |command: RegisterCommand| answers.contains(&command);
    let is_of_others = |step: &Step| {
        let is_accepting = step.command == Some(RegisterCommand::AcceptOffer);
        !is_accepting || entry.offers_of_others().any(|offer| offer.accepted_at == Some(step.at))
    };
    let answer = entry.steps.iter().find(|step| step.at <= at && step.command.is_some_and(is_answer) && is_of_others(step));
    answer.map(|step| day_of(step.at))
}

/// A part of an entry, with its name in English, French and Arabic.
type Part = ([&'static str; 3], MultilingualText);

/// The parts of an entry beside title and text, each with its name in English, French and Arabic.
fn parts(record: &EntryRecord, at: i64) -> Vec<Part> {
    let entry = &record.entry;
    let decision = (entry.kind == RegisterKind::Overlap).then(|| match entry.state {
        RegisterState::Confirmed => in_three("overlap confirmed", "recoupement confirmé", "تأكيد التداخل"),
        _ => in_three("overlap rejected", "recoupement écarté", "استبعاد التداخل"),
    });
    // Which figures a note explains.
    let figures = entry.figures.as_deref().and_then(|mark| {
        let found = entry.datasets.iter().filter_map(|id| record.records.get(id));
        let mut stated = found.map(|record| record.dataset.discrepancies.as_slice());
        let is_on = |figures: &&Discrepancy, all: &[Discrepancy]| stands(mark, figures, all) == Stands::OnThese;
        stated.find_map(|all| all.iter().find(|figures| is_on(figures, all))).map(|figures| figures.subject.clone())
    });
    let figures = figures.unwrap_or_default();
    let verdict = entry.verdict.map(|verdict| in_three(verdict.label("en"), verdict.label("fr"), verdict.label("ar")));
    let is_decided = |step: &&Step| step.at <= at && step.command.is_none_or(|command| command == RegisterCommand::Decide);
    let reason = entry.steps.iter().rev().find(is_decided).filter(|_| decision.is_some()).and_then(|step| step.note.as_deref());
    let level = entry.level.map(|level| in_three(level.label("en"), level.label("fr"), level.label("ar"))).unwrap_or_default();
    let people = entry.people.map(|people| in_three(&people.to_string(), &people.to_string(), &people.to_string())).unwrap_or_default();
    let address = entry.url.as_deref().map(MultilingualText::of_unknown_language).unwrap_or_default();
    let priority = entry.priority.map(|rank| in_three(rank.label("en"), rank.label("fr"), rank.label("ar"))).unwrap_or_default();
    let of_need = |text: Option<MultilingualText>| text.filter(|_| entry.kind == RegisterKind::CapacityNeed).unwrap_or_default();
    let nature = of_need(entry.capacity_kind.map(|kind| in_three(kind.label("en"), kind.label("fr"), kind.label("ar"))));
    let deadline = of_need(entry.until.map(|date| in_three(&date.to_string(), &date.to_string(), &date.to_string())));
    let closed = entry.last(RegisterCommand::Close).filter(|_| entry.state == RegisterState::Closed);
    let closed = closed.map(|step| Day::of(step.at).to_string()).map(|day| in_three(&day, &day, &day)).unwrap_or_default();
    let (decision, verdict, reason) = (decision.unwrap_or_default(), verdict.unwrap_or_default(), in_words(reason));
    let named = [
        (["Decision", "Décision", "القرار"], &decision),
        (["Reason", "Motif", "السبب"], &reason),
        (["Figures", "Chiffres", "الأرقام"], &figures),
        (["Verdict", "Conclusion", "الحكم"], &verdict),
        (["Occasion", "Occasion", "المناسبة"], &entry.occasion),
        (["Who is affected", "Personnes concernées", "المعنيون"], &entry.affected),
        (["Context", "Contexte", "السياق"], &entry.context),
        (["Result", "Résultat", "النتيجة"], &entry.result),
        (["Conditions to repeat it", "Conditions de reprise", "شروط التكرار"], &entry.conditions),
        (["Contact", "Contact", "جهة الاتصال"], &entry.contact),
        (["Level", "Niveau", "المستوى"], &level),
        (["Priority, as the institution sees it", "Priorité, selon l'institution", "الأولوية كما تراها المؤسسة"], &priority),
        (["Number of people", "Nombre de personnes", "عدد الأشخاص"], &people),
        (["Kind", "Nature", "النوع"], &nature),
        (["Deadline", "Échéance", "الأجل"], &deadline),
        (["Closed on", "Clos le", "أُغلق في"], &closed),
        (["Answer", "Réponse", "الجواب"], &entry.answer),
        (["Address", "Adresse", "العنوان"], &address),
    ];
    named.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.clone())).collect()
}

fn in_three(en: &str, fr: &str, ar: &str) -> MultilingualText {
    MultilingualText::official([("en", en), ("fr", fr), ("ar", ar)])
}

/// An entry, with the offers made to it, as it stood.
fn facts(catalogue: &Catalogue, then: &Then) -> Vec<Fact> {
    let (entry, at) = (&then.record.entry, then.at);
    let Some(kind) = register_of(entry.kind, entry.state) else { return Vec::new() };
    let mut fact = fact(then, kind);
    if !then.is_withdrawn {
        let more = match entry.kind {
            RegisterKind::GoodPractice => (["Also used in", "Aussi appliquée en", "مطبقة أيضا في"], places_of(catalogue, &entry.places)),
            RegisterKind::NotCollected => (["What", "Objet", "الموضوع"], cell_of(catalogue, entry)),
            _ => Default::default(),
        };
        fact.parts.extend(Some(more).filter(|(_, text)| !text.is_empty()));
    }
    // One that nobody has validated is a statement for the annex, named once.
    if entry.kind == RegisterKind::Invitation && fact.is_validated {
        return invitations(entry, &fact, at);
    }
    let offers = entry.offers_of_others().filter(|offer| offer.at <= at).map(|offer| offered(then, &fact, offer));
    let offers: Vec<Fact> = offers.collect();
    std::iter::once(fact).chain(offers).collect()
}

/// Places by name.
fn places_of(catalogue: &Catalogue, codes: &[String]) -> MultilingualText {
    let named = |language: &str| {
        let label = |code: &String| catalogue.concepts.get(ConceptScheme::Places, code).map(|place| place.label(Some(language)).to_owned());
        codes.iter().filter_map(label).collect::<Vec<_>>().join(if language == "ar" { "، " } else { ", " })
    };
    if codes.is_empty() { MultilingualText::default() } else { in_three(&named("en"), &named("fr"), &named("ar")) }
}

/// What a statement is about, by name.
fn cell_of(catalogue: &Catalogue, entry: &Entry) -> MultilingualText {
    let named = |language: &str| entry.cell.as_ref().map(|cell| cell.in_words(language, None, &catalogue.concepts)).unwrap_or_default();
    in_three(&named("en"), &named("fr"), &named("ar"))
}

/// An offer that answers a need. What an editor offered is a statement of the institution once its offer is accepted.
fn offered(then: &Then, need: &Fact, offer: &Offer) -> Fact {
    let is_accepted = is_accepted(offer.accepted_at, then.at);
    let state = if is_accepted { OfferState::Accepted } else { OfferState::Offered };
    let state = in_three(state.label("en"), state.label("fr"), state.label("ar"));
    Fact {
        kind: ReportRegister::Offer,
        state: if is_accepted { FactState::Settled } else { FactState::Open },
        is_validated: need.is_validated && (offer.is_validated || is_accepted),
        institution: Some(offer.institution.clone()),
        title: if then.is_withdrawn { need.title.clone() } else { in_words(Some(&offer.text)) },
        text: MultilingualText::default(),
        parts: vec![
            (["Need that it answers", "Besoin auquel elle répond", "الحاجة التي يستجيب لها"], need.title.clone()),
            (["Stage", "État", "الوضع"], state),
        ],
        registered_on: day_of(offer.at),
        on: None,
        answered_on: offer.accepted_at.filter(|accepted| *accepted <= then.at).map(day_of),
        ..need.clone()
    }
}

/// An invitation, once for each institution that is invited. Who has not said anything is not blamed for it: nothing is known of them.
fn invitations(entry: &Entry, fact: &Fact, at: i64) -> Vec<Fact> {
    let taking_part = entry.taking_part(at);
    let said = |slug: &Slug| {
        let own = |step: &&Step| step.institution.as_ref() == Some(slug) && step.command == Some(RegisterCommand::TakePart);
        entry.steps.iter().rev().filter(|step| step.at <= at).find(own).map(|step| day_of(step.at))
    };
    let of = |slug: &Slug| {
        let is_taking_part = taking_part.contains(slug);
        Fact {
            state: if is_taking_part { FactState::Settled } else { FactState::Open },
            institution: Some(slug.clone()),
            answered_on: is_taking_part.then(|| said(slug)).flatten(),
            ..fact.clone()
        }
    };
    entry.institutions.iter().map(of).collect()
}

fn fact(then: &Then, kind: ReportRegister) -> Fact {
    let (record, at) = (&then.record, then.at);
    let entry = &record.entry;
    let commitment = entry.commitment.as_ref().filter(|given| given.at <= at);
    let last = |wanted: &[Option<RegisterCommand>]| entry.steps.iter().rev().find(|step| wanted.contains(&step.command));
    let decided = (entry.kind == RegisterKind::Overlap).then(|| last(&[None, Some(RegisterCommand::Decide)])).flatten();
    let is_note = entry.is_of_records() && entry.kind != RegisterKind::Overlap;
    let agreed = is_note.then(|| last(&[None, Some(RegisterCommand::Agree), Some(RegisterCommand::Update)])).flatten();
    // Of a strategy that was closed the end is known, whatever was planned.
    let is_closed = entry.kind == RegisterKind::Strategy && entry.state == RegisterState::Closed;
    let closed = is_closed.then(|| last(&[Some(RegisterCommand::Close)])).flatten().map(|step| day_of(step.at) - 1);
    let ends_on = commitment.map(|given| given.until).or(entry.until).map(|date| date.last_day());
    let (title, text, parts) = words_of(then, commitment);
    Fact {
        id: record.id.to_string(),
        kind,
        state: state_of(entry, at),
        stage: Some(entry.state),
        is_validated: !entry.is_unsettled(),
        title,
        text,
        parts,
        institution: commitment
            .map(|given| given.institution.clone())
            .or_else(|| decided.and_then(|step| step.institution.clone()))
            .or_else(|| entry.institution.clone()),
        agreed_by: if is_note { entry.agreed_by.clone() } else { Vec::new() },
        actions: entry.actions.iter().map(|action| action.code().to_lowercase()).collect(),
        areas: entry.places.iter().chain(entry.cell.iter().filter_map(|cell| cell.area.as_ref())).cloned().collect(),
        datasets: entry.datasets.iter().filter_map(|id| record.records.get(id)).map(|found| found.dataset.slug.clone()).collect(),
        registered_on: day_of(record.created_at),
        said_on: decided.or(agreed).map(|step| day_of(step.at)),
        on: entry.on,
        until: commitment.map(|given| given.until).or(entry.until),
        answered_on: answered_on(entry, at),
        starts_on: entry.on.map(|date| date.first_day()),
        ends_on: closed.map_or(ends_on, |closed| Some(ends_on.map_or(closed, |end| end.min(closed)))),
        reported: entry.people.filter(|_| entry.kind == RegisterKind::Training).and_then(|people| u64::try_from(people).ok()),
        verdict: entry.verdict,
        figures: entry.figures.clone(),
        on_records: titles_of(record),
        is_rewritten: then.is_rewritten,
        is_outdated: false,
        is_left_out: false,
    }
}

/// The titles of the records that an entry is on, side by side, each in the language of the reader where there is one in it.
fn titles_of(record: &EntryRecord) -> MultilingualText {
    if !record.entry.is_of_records() {
        return MultilingualText::default();
    }
    let named = |language: &str| {
        let title = |found: &Arc<Record>| {
            let words = found.dataset.titles.words(Some(language), found.dataset.main_language());
            words.unwrap_or(found.dataset.slug.as_str()).to_owned()
        };
        record.entry.datasets.iter().filter_map(|id| record.records.get(id)).map(title).collect::<Vec<_>>().join(" – ")
    };
    in_three(&named("en"), &named("fr"), &named("ar"))
}

/// Title, text and other parts of what an entry said; of one that was withdrawn since, that it was.
fn words_of(then: &Then, commitment: Option<&Commitment>) -> (MultilingualText, MultilingualText, Vec<Part>) {
    let entry = &then.record.entry;
    if then.is_withdrawn {
        let title = in_three("Statement that was withdrawn since", "Déclaration retirée depuis", "بيان سُحب لاحقًا");
        return (title, MultilingualText::default(), Vec::new());
    }
    let has_own_title = commitment.is_some() || !entry.title.is_empty();
    let title = match commitment {
        // What will be done is what the institution said, not what it was asked.
        Some(given) => in_words(Some(&given.text)),
        None if entry.title.is_empty() => entry.text.clone(),
        None => entry.title.clone(),
    };
    let text = if has_own_title { entry.text.clone() } else { MultilingualText::default() };
    (title, text, parts(&then.record, then.at))
}
