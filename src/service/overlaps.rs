//! Pairs of records that may be of the same thing, and planned collections that clash, as far as the actor may know of both records.
//!
//! The index names the records near to each other, so that the work is bounded however large the catalogue is; what the bounds cut off is told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::calendar::{Source, Window as Days, as_plan};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::filter::DatasetFilter;
use crate::domain::matching::fit_area;
use crate::domain::overlap::{
    Clash, Closeness, Decision, Decisions, OF_THE_SAME, clash, closeness, declared, is_in_window, is_planned, pair_key,
};
use crate::domain::policy::{Actor, audience, is_searchable};
use crate::domain::time::{FAR_FUTURE, Fit, PeriodWindow};
use crate::domain::titles::TitleWords;
use crate::domain::vocabulary::{CollectionStatus, OverlapState, PublicationStatus, RecordKind, RelationType};
use crate::search::Window;
use crate::search::alike::Shared;
use crate::search::order::SortOrder;
use crate::store::{changes, datasets as store};

use super::calendar::{as_registered, with_collections_ahead};
use super::catalogue::read_id;
use super::duplicates::with_words;
use super::{Catalogue, Error, Record, datasets};

/// Records near to one record that are looked at, where one record is asked about.
pub const MOST_NEAR: usize = 200;
/// Records that answer the question and whose neighbours are looked for, where the catalogue is asked about.
pub const MOST_ASKED: usize = 200;
/// Records near to each of them that are looked at.
pub const MOST_NEAR_EACH: usize = 40;
/// Records read for one question.
const MOST_READ: usize = 1_500;
/// Planned collections that are compared with each other.
pub const MOST_PLANNED: usize = 300;
/// Most records of the reader's own institutions that are looked at although not everyone sees them.
const MOST_HIDDEN: i64 = 2_000;
/// Changes that the index has not seen yet and that are looked through for plans.
const MOST_UNSEEN: i64 = 1_000;
/// Records with words of the title, in each of its languages.
const WITH_WORDS: usize = 20;
/// The same, where the catalogue is asked about.
const WITH_WORDS_EACH: usize = 5;

/// Two records that may be of the same thing.
#[derive(Clone)]
pub struct Pair {
    /// The one.
    pub one: Arc<Record>,
    /// The other.
    pub other: Arc<Record>,
    /// How near they are, and why.
    pub closeness: Closeness,
    /// Relations that one of them gives, read from the one to the other.
    pub relations: Vec<RelationType>,
    /// What was decided.
    pub decision: Option<Decision>,
}

impl Pair {
    /// Where the pair stands: what a person decided, else what a record names, else what was computed.
    pub fn state(&self) -> OverlapState {
        match &self.decision {
            Some(decision) => decision.state,
            None if self.relations.is_empty() => OverlapState::Candidate,
            None => OverlapState::Declared,
        }
    }
}

/// What was found, the nearest pairs first, and whether a bound cut something off.
pub struct Found<T> {
    /// The pairs.
    pub list: Vec<T>,
    /// Whether there may be more.
    pub is_truncated: bool,
}

/// Words of titles, made ready once for each record.
#[derive(Default)]
struct Titles(HashMap<Uuid, Arc<TitleWords>>);

impl Titles {
    fn of(&mut self, record: &Record) -> Arc<TitleWords> {
        self.0.entry(record.id.0).or_insert_with(|| Arc::new(TitleWords::of(&record.dataset.titles))).clone()
    }
}

/// A pair, where the two may be of the same thing, a record says so, or a person has decided on it.
fn pair(catalogue: &Catalogue, one: &Arc<Record>, other: &Arc<Record>, titles: &mut Titles, decisions: &Decisions) -> Option<Pair> {
    if one.id == other.id || !is_shown(one) || !is_shown(other) {
        return None;
    }
    let likeness = titles.of(one).likeness(&titles.of(other));
    let closeness = closeness(&one.dataset, &other.dataset, likeness, &catalogue.concepts);
    let relations = declared(&one.dataset, &other.dataset);
    let decision = decisions.get(&pair_key(one.id.0, other.id.0)).cloned();
    let is_wanted = closeness.is_candidate || decision.is_some() || relations.iter().any(|relation| OF_THE_SAME.contains(relation));
    is_wanted.then(|| Pair { one: one.clone(), other: other.clone(), closeness, relations, decision })
}

fn is_shown(record: &Record) -> bool {
    record.dataset.status == PublicationStatus::Published
}

/// What persons confirmed and what records say before what was computed, and what was rejected last; each the nearest first.
fn nearest_first(pairs: &mut [Pair]) {
    let rank = |pair: &Pair| match pair.state() {
        OverlapState::Confirmed => 0,
        OverlapState::Declared => 1,
        OverlapState::Candidate => 2,
        OverlapState::Rejected => 3,
    };
    let slugs = |pair: &Pair| (pair.one.dataset.slug.to_string(), pair.other.dataset.slug.to_string());
    pairs.sort_by(|a, b| {
        let by_score = b.closeness.score.total_cmp(&a.closeness.score);
        rank(a).cmp(&rank(b)).then(by_score).then_with(|| slugs(a).cmp(&slugs(b)))
    });
}

fn near(catalogue: &Catalogue, actor: &Actor, dataset: &Dataset, most: usize) -> (Vec<Uuid>, bool) {
    let coverage = &dataset.coverage;
    let shared = Shared { themes: &dataset.themes, populations: &coverage.populations, areas: &coverage.reporting_areas };
    catalogue.snapshot(actor).alike(&shared, &catalogue.concepts, most)
}

/// Pairs of one record with others.
///
/// # Errors
/// Index or database are unavailable.
pub fn of_record(
    catalogue: &Catalogue,
    actor: &Actor,
    record: &Arc<Record>,
    decisions: &Decisions,
    today: i64,
) -> Result<Found<Pair>, Error> {
    if !is_shown(record) {
        return Ok(Found { list: Vec::new(), is_truncated: false });
    }
    let (mut ids, is_truncated) = near(catalogue, actor, &record.dataset, MOST_NEAR);
    ids.extend(with_words(catalogue, actor, &record.dataset.titles, WITH_WORDS, today)?);
    let decided = decisions.keys().filter(|(a, b)| *a == record.id.0 || *b == record.id.0);
    ids.extend(decided.map(|(a, b)| if *a == record.id.0 { *b } else { *a }));
    ids.sort_unstable();
    ids.dedup();
    let others = with_related(catalogue, actor, std::slice::from_ref(record), &ids)?;
    let mut titles = Titles::default();
    let mut list: Vec<Pair> = others.values().filter_map(|other| pair(catalogue, record, other, &mut titles, decisions)).collect();
    nearest_first(&mut list);
    Ok(Found { list, is_truncated })
}

/// These records, and those that some records relate to or that relate to them.
fn with_related(catalogue: &Catalogue, actor: &Actor, records: &[Arc<Record>], ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Record>>, Error> {
    let mut found = catalogue.records(actor, ids)?;
    let relations = datasets::relations(catalogue, records)?;
    let mut slugs: Vec<String> = relations.into_values().flatten().map(|relation| relation.slug).collect();
    // No record has this short name: the store is asked in any case, so that the work tells nothing of hidden relations.
    slugs.push(String::new());
    slugs.sort_unstable();
    slugs.dedup();
    found.extend(catalogue.records_by_slug(actor, &slugs)?.into_iter().map(|record| (record.id.0, record)));
    Ok(found)
}

/// What pairs are asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Conditions that one record of each pair answers.
    pub filter: DatasetFilter,
    /// Whether one of the two is planned, or none is.
    pub is_planned: Option<bool>,
    /// Whether the two have different producers, or the same.
    pub is_between_institutions: Option<bool>,
    /// Where the pairs stand; any where there are none.
    pub states: Vec<OverlapState>,
}

/// Pairs of which one record answers the question.
///
/// # Errors
/// The question is wrong, with every problem; index or database are unavailable.
pub fn all(catalogue: &Catalogue, actor: &Actor, question: &Question, decisions: &Decisions, today: i64) -> Result<Found<Pair>, Error> {
    let (mut asked, mut is_truncated) = found(catalogue, actor, &question.filter, MOST_ASKED, today)?;
    if question.is_planned == Some(true) {
        // The plan of a pair may be either of the two: plans that answer come first, so that no bound cuts them off.
        let (mut plans, has_more) = planned(catalogue, actor, &question.filter, MOST_ASKED, today)?;
        asked.retain(|id| !plans.contains(id));
        plans.append(&mut asked);
        is_truncated |= has_more || plans.len() > MOST_ASKED;
        plans.truncate(MOST_ASKED);
        asked = plans;
    }
    let asked: Vec<Arc<Record>> = in_order(catalogue.records(actor, &asked)?);
    let mut wanted: Vec<(usize, Vec<Uuid>)> = Vec::with_capacity(asked.len());
    let mut ids: HashSet<Uuid> = asked.iter().map(|record| record.id.0).collect();
    for (place, record) in asked.iter().enumerate() {
        let (mut near, has_more) = near(catalogue, actor, &record.dataset, MOST_NEAR_EACH);
        // A plan, or another one, may bear the same title and document nothing else.
        near.extend(with_words(catalogue, actor, &record.dataset.titles, WITH_WORDS_EACH, today)?);
        near.sort_unstable();
        near.dedup();
        let room = near.iter().filter(|id| !ids.contains(*id)).count() + ids.len() <= MOST_READ;
        is_truncated |= has_more || !room;
        if room {
            ids.extend(&near);
            wanted.push((place, near));
        }
    }
    // People decided on them, however far apart they are.
    let is_asked = |id: &Uuid| asked.iter().any(|record| record.id.0 == *id);
    ids.extend(decisions.keys().filter(|(a, b)| is_asked(a) || is_asked(b)).flat_map(|(a, b)| [*a, *b]));
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let records = with_related(catalogue, actor, &asked, &ids)?;
    let by_slug: HashMap<&str, Uuid> = records.values().map(|record| (record.dataset.slug.as_str(), record.id.0)).collect();
    let (mut list, mut seen, mut titles) = (Vec::new(), HashSet::new(), Titles::default());
    let named = |record: &Arc<Record>| {
        let own = record.dataset.relations.iter().filter_map(|relation| by_slug.get(relation.dataset.as_str()).copied());
        let theirs =
            records.values().filter(|other| other.dataset.relations.iter().any(|relation| relation.dataset == record.dataset.slug));
        own.chain(theirs.map(|other| other.id.0)).collect::<Vec<Uuid>>()
    };
    let decided: Vec<(usize, Vec<Uuid>)> = asked
        .iter()
        .enumerate()
        .map(|(place, record)| {
            let pairs = decisions.keys().filter(|(a, b)| *a == record.id.0 || *b == record.id.0);
            (place, named(record).into_iter().chain(pairs.map(|(a, b)| if *a == record.id.0 { *b } else { *a })).collect())
        })
        .collect();
    for (place, near) in wanted.into_iter().chain(decided) {
        let one = &asked[place];
        for other in near.iter().filter_map(|id| records.get(id)) {
            if seen.insert(pair_key(one.id.0, other.id.0)) {
                list.extend(pair(catalogue, one, other, &mut titles, decisions));
            }
        }
    }
    // Two records that only seem alike are of the places that are asked for where both are: a record of the world is near to many.
    let is_there = |record: &Record| {
        let areas = &question.filter.reporting_areas;
        let fits = |area: &String| {
            fit_area(area, &record.dataset.coverage, !question.filter.exclude_subdivisions, &catalogue.concepts).0 != Fit::No
        };
        areas.is_empty() || areas.iter().any(fits)
    };
    list.retain(|pair: &Pair| {
        if pair.state() == OverlapState::Candidate && !(is_there(&pair.one) && is_there(&pair.other)) {
            return false;
        }
        let has_planned = is_planned(&pair.one.dataset, today) || is_planned(&pair.other.dataset, today);
        let producers = pair.one.dataset.producer.as_ref().zip(pair.other.dataset.producer.as_ref());
        question.is_planned.is_none_or(|wanted| wanted == has_planned)
            && question.is_between_institutions.is_none_or(|wanted| producers.is_some_and(|(one, other)| (one != other) == wanted))
            && (question.states.is_empty() || question.states.contains(&pair.state()))
    });
    nearest_first(&mut list);
    Ok(Found { list, is_truncated })
}

fn in_order(records: HashMap<Uuid, Arc<Record>>) -> Vec<Arc<Record>> {
    let mut records: Vec<Arc<Record>> = records.into_values().collect();
    records.sort_by_key(|record| record.number);
    records
}

/// Records that answer a filter, first made first, at most so many, and whether there are more.
fn found(catalogue: &Catalogue, actor: &Actor, filter: &DatasetFilter, most: usize, today: i64) -> Result<(Vec<Uuid>, bool), Error> {
    let results = datasets::find(catalogue, actor, None, filter, Some(SortOrder::Created), today)?;
    let page = results.page(&Window { count: most, ..Window::default() });
    Ok((page.hits.into_iter().map(|hit| hit.id).collect(), page.has_next))
}

/// Records that answer a filter and have a collection that is planned: by the state of the collection, by the kind of record, by a next
/// collection that they document, or by one that was registered.
fn planned(catalogue: &Catalogue, actor: &Actor, filter: &DatasetFilter, most: usize, today: i64) -> Result<(Vec<Uuid>, bool), Error> {
    let by_state = DatasetFilter { collection_statuses: vec![CollectionStatus::Planned], ..filter.clone() };
    let by_kind = DatasetFilter { record_kinds: vec![RecordKind::PlannedActivity], ..filter.clone() };
    let (mut ids, more_by_state) = found(catalogue, actor, &by_state, most, today)?;
    let (others, more_by_kind) = found(catalogue, actor, &by_kind, most, today)?;
    ids.extend(others);
    let results = datasets::find(catalogue, actor, None, filter, Some(SortOrder::Created), today)?;
    let ahead = Days { from: today, to: FAR_FUTURE };
    let mut next = results.dates(ahead, |mark| mark.source == Source::NextCollection);
    next.sort_unstable_by_key(|dated| dated.number);
    let more_next = next.len() > most;
    ids.extend(next.into_iter().take(most).map(|dated| dated.id));
    let registered = results.with_dates_among(&with_collections_ahead(catalogue, today)?);
    let more_registered = registered.len() > most;
    ids.extend(registered.into_iter().take(most));
    ids.sort_unstable();
    ids.dedup();
    Ok((ids, more_by_state || more_by_kind || more_next || more_registered))
}

/// Records that were written since the index was, and whether there may be more: of two plans that are published one right after the other the
/// second meets the first.
fn written_since(catalogue: &Catalogue, actor: &Actor) -> Result<(Vec<Uuid>, bool), Error> {
    let seq = catalogue.snapshot(actor).seq;
    let unseen = catalogue.db.read(|conn| changes::touched_after(conn, seq, MOST_UNSEEN))?;
    let written = unseen.iter().filter(|(_, entity, _)| entity == "DATASET");
    let ids = written.map(|(_, _, id)| read_id(id)).collect::<Result<Vec<Uuid>, Error>>()?;
    // Another node may have written them: what is in memory here may be older.
    catalogue.forget(&ids, false);
    Ok((ids, unseen.len() >= MOST_UNSEEN as usize))
}

/// A record with its collections that are planned.
struct Plan {
    record: Arc<Record>,
    /// The record read as that of each of them.
    readings: Vec<Dataset>,
}

/// A record read as that of each of its planned collections, by the dates that were registered, else by those that it documents.
fn readings(dataset: &Dataset, registered: Option<Vec<Dataset>>, today: i64) -> Vec<Dataset> {
    let mut readings = registered.unwrap_or_else(|| as_plan(dataset).into_iter().collect());
    readings.retain(|reading| is_planned(reading, today));
    readings
}

/// Of these records those with planned collections that are not past, by the dates that stand.
fn plans(catalogue: &Catalogue, records: Vec<Arc<Record>>, today: i64) -> Result<Vec<Plan>, Error> {
    let asked: Vec<(Uuid, &Dataset)> = records.iter().map(|record| (record.id.0, &record.dataset)).collect();
    let mut registered = as_registered(catalogue, &asked)?;
    let plan = |record: Arc<Record>| {
        let readings = readings(&record.dataset, registered.remove(&record.id.0), today);
        Plan { record, readings }
    };
    Ok(records.into_iter().map(plan).filter(|plan| !plan.readings.is_empty()).collect())
}

/// Where two plans meet first in a window, of all the dates that each of them has.
fn meet(one: &[Dataset], other: &[Dataset], window: Option<&PeriodWindow>, concepts: &Concepts) -> Option<Clash> {
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    let met = pairs.filter_map(|(one, other)| clash(one, other, concepts));
    let met = met.filter(|met| window.is_none_or(|window| is_in_window(met, window.first_day(), window.last_day())));
    met.min_by_key(|met| (!met.undocumented.is_empty(), met.from.map_or(i64::MAX, |date| date.first_day())))
}

/// Two planned collections that meet in a month.
#[derive(Clone)]
pub struct ClashingPair {
    /// The one; none for a working copy.
    pub one: Option<Arc<Record>>,
    /// The other.
    pub other: Arc<Record>,
    /// How they meet.
    pub clash: Clash,
}

/// Pairs of planned collections of the same field and area that meet in some month of the window; the filter is answered by one of the two at
/// least. Earliest first; those whose months are not documented last.
///
/// # Errors
/// The question is wrong, with every problem; index or database are unavailable.
pub fn clashes(
    catalogue: &Catalogue,
    actor: &Actor,
    filter: &DatasetFilter,
    window: Option<&PeriodWindow>,
    today: i64,
) -> Result<Found<ClashingPair>, Error> {
    let (asked, more_asked) = planned(catalogue, actor, filter, MOST_PLANNED, today)?;
    let everything = DatasetFilter { statuses: filter.statuses.clone(), ..DatasetFilter::default() };
    let (all, more) = planned(catalogue, actor, &everything, MOST_PLANNED, today)?;
    let asked: HashSet<Uuid> = asked.into_iter().collect();
    let mut ids: Vec<Uuid> = all.into_iter().chain(asked.iter().copied()).collect();
    // The index has of an institution's own records those that everyone like the reader sees.
    let own: Vec<String> = actor.institutions().into_iter().map(ToString::to_string).collect();
    if !own.is_empty() {
        let hidden = catalogue.db.read(|conn| store::not_public_of(conn, &own, MOST_HIDDEN))?;
        ids.extend(hidden.iter().map(|id| read_id(id)).collect::<Result<Vec<Uuid>, Error>>()?);
    }
    ids.sort_unstable();
    ids.dedup();
    let plans = plans(catalogue, in_order(catalogue.records(actor, &ids)?), today)?;
    let mut list = Vec::new();
    for (place, one) in plans.iter().enumerate() {
        let is_asked = |plan: &Plan| asked.contains(&plan.record.id.0);
        for other in plans.iter().skip(place + 1).filter(|other| is_asked(one) || is_asked(other)) {
            let met = meet(&one.readings, &other.readings, window, &catalogue.concepts);
            list.extend(met.map(|clash| ClashingPair { one: Some(one.record.clone()), other: other.record.clone(), clash }));
        }
    }
    earliest_first(&mut list);
    Ok(Found { list, is_truncated: more || more_asked })
}

/// Planned collections that a working copy would clash with. `own` is the record that the copy is, or will be, a version of.
///
/// # Errors
/// Index or database are unavailable.
pub fn clashes_of_draft(
    catalogue: &Catalogue,
    actor: &Actor,
    draft: &Dataset,
    own: Uuid,
    today: i64,
) -> Result<Found<ClashingPair>, Error> {
    let found = clashes_of(catalogue, actor, &[(own, draft)], today)?;
    let mut list: Vec<ClashingPair> = found.list.into_iter().map(|(_, pair)| pair).collect();
    earliest_first(&mut list);
    Ok(Found { list, is_truncated: found.is_truncated })
}

/// Published records that may have a planned collection, as far as an actor finds them, what is not in the index yet among them; and whether there
/// may be more.
///
/// # Errors
/// Index or database are unavailable.
pub fn possible_plans(catalogue: &Catalogue, actor: &Actor, today: i64) -> Result<(Vec<Uuid>, bool), Error> {
    let filter = DatasetFilter { statuses: vec![PublicationStatus::Published], ..DatasetFilter::default() };
    let (mut ids, is_truncated) = planned(catalogue, actor, &filter, MOST_PLANNED, today)?;
    let (written, has_more) = written_since(catalogue, actor)?;
    ids.extend(written);
    ids.sort_unstable();
    ids.dedup();
    Ok((ids, is_truncated || has_more))
}

/// Planned collections that each of some records, as they are given here, clashes with, by the identifier of the record. The plans of the catalogue
/// are looked up once for all of them.
///
/// # Errors
/// Index or database are unavailable.
pub fn clashes_of(
    catalogue: &Catalogue,
    actor: &Actor,
    asked: &[(Uuid, &Dataset)],
    today: i64,
) -> Result<Found<(Uuid, ClashingPair)>, Error> {
    let mut registered = as_registered(catalogue, asked)?;
    let of_one = |(id, dataset): &(Uuid, &Dataset)| (*id, readings(dataset, registered.remove(id), today));
    let own: Vec<(Uuid, Vec<Dataset>)> = asked.iter().map(of_one).filter(|(_, readings)| !readings.is_empty()).collect();
    if own.is_empty() {
        return Ok(Found { list: Vec::new(), is_truncated: false });
    }
    let (ids, is_truncated) = possible_plans(catalogue, actor, today)?;
    let mut others = in_order(catalogue.records(actor, &ids)?);
    // What is not in the index yet, or no more as it is there, is looked at as it stands.
    others.retain(|other| is_searchable(audience(actor), other.dataset.status, other.dataset.visibility));
    let mut list = Vec::new();
    for other in plans(catalogue, others, today)? {
        for (id, readings) in own.iter().filter(|(id, _)| *id != other.record.id.0) {
            let met = meet(readings, &other.readings, None, &catalogue.concepts);
            list.extend(met.map(|clash| (*id, ClashingPair { one: None, other: other.record.clone(), clash })));
        }
    }
    Ok(Found { list, is_truncated })
}

fn earliest_first(list: &mut [ClashingPair]) {
    list.sort_by_key(|pair| {
        let first = pair.clash.from.map_or(i64::MAX, |date| date.first_day());
        (first, pair.one.as_ref().map(|record| record.number), pair.other.number)
    });
}
