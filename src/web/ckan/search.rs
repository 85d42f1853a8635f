//! `package_search`: what the index answers, and what is looked up in the records that it finds.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::InstitutionId;
use crate::domain::policy::Actor;
use crate::domain::words::fold;
use crate::interop::ckan::{tag, tag_names};
use crate::service::catalogue::{day_of, now_ms};
use crate::service::finding::{DatasetFacet, Hit, Results, SortOrder, Window};
use crate::service::publishing::pages_after;
use crate::service::{Error, Record, datasets, institutions};
use crate::web::server::State;

use super::Refusal;
use super::counts::{Counts, FIELDS, ORGANIZATION};
use super::fields::Test;
use super::packages::{MOST, find, packages};
use super::parameters::Parameters;
use super::query::{Key, Order, Query, read};
use super::syntax::{Condition, Wanted};

/// Packages of a page where nothing is said.
const USUAL: usize = 10;
/// Values of a facet where nothing is said, and most of them.
const FACET_VALUES: usize = 50;
const MOST_FACET_VALUES: usize = 10_000;
/// Most records that are looked at for one search.
const MOST_TESTED: usize = 10_000;
/// Records read at a time.
const CHUNK: usize = 1_000;

/// What was found: identifiers in their order.
#[derive(Default)]
struct Found {
    ids: Vec<Uuid>,
    count: usize,
    counts: Counts,
}

/// What is wanted of it.
struct Asked {
    start: usize,
    rows: usize,
    /// Fields to count by.
    facets: Vec<String>,
    /// Values of a facet.
    facet_values: usize,
    /// Least number of packages of such a value.
    least: usize,
}

impl Asked {
    fn read(parameters: &Parameters) -> Result<Self, Refusal> {
        let number = |name, default| parameters.number(name, default).map_err(|remedy| Refusal::Wrong(name, remedy));
        let (rows, start) = (number("rows", USUAL)?.min(MOST), number("start", 0)?);
        let is_without = parameters.text("facet").is_some_and(|text| text.eq_ignore_ascii_case("false"));
        let facets = if is_without { Vec::new() } else { parameters.list("facet.field") };
        if let Some(other) = facets.iter().find(|field| !FIELDS.contains(&field.as_str())) {
            let remedy = format!("packages are not counted by `{other}` here; use {}", FIELDS.join(", "));
            return Err(Refusal::Wrong("facet.field", remedy));
        }
        // Answering whole packages to whoever asked for some of their fields would look as if they were all there are.
        if parameters.says("fl") {
            return Err(Refusal::Wrong(
                "fl",
                "packages are answered whole here; leave `fl` out, and take from each what you need".to_owned(),
            ));
        }
        // A value that no package has is not known here, so that none and one come to the same.
        let least = number("facet.mincount", 1)?;
        Ok(Self { start, rows, facets, facet_values: facet_values(parameters)?, least })
    }
}

/// package_search
pub fn search(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let asked = Asked::read(parameters)?;
    let mut conditions = parameters.list("fq_list");
    conditions.extend(parameters.text("fq"));
    let (q, sort) = (parameters.text("q"), parameters.text("sort"));
    let mut query = read(q.as_deref(), &conditions, sort.as_deref()).map_err(|(parameter, remedy)| Refusal::Wrong(parameter, remedy))?;
    look_up_owners(state, &mut query)?;
    let found = if query.is_empty { Found::default() } else { answer(state, &query, &asked)? };
    let (facets, search_facets) = found.counts.told(state, &asked.facets, (asked.least, asked.facet_values))?;
    Ok(json!({
        "count": found.count,
        "sort": told(&query),
        "results": packages(state, records(state, &found.ids)?)?,
        "facets": facets,
        "search_facets": search_facets,
    }))
}

/// Packages from a place on, the last changed first.
pub fn page(state: &State, start: usize, rows: usize) -> Result<Vec<Arc<Record>>, Error> {
    let results = results(state, None, &DatasetFilter::default(), None)?;
    records(state, &window(&results, start, rows, false))
}

/// The orders that were followed.
fn told(query: &Query) -> String {
    if query.orders.is_empty() {
        return if query.words.is_some() { "score desc" } else { "metadata_modified desc" }.to_owned();
    }
    query.orders.iter().map(|order| order.text()).collect::<Vec<_>>().join(", ")
}

/// How many values a facet is to have; below zero all of them.
fn facet_values(parameters: &Parameters) -> Result<usize, Refusal> {
    let Some(text) = parameters.text("facet.limit").filter(|text| !text.trim().is_empty()) else { return Ok(FACET_VALUES) };
    match text.trim().parse::<i64>() {
        Ok(limit) => Ok(usize::try_from(limit).unwrap_or(MOST_FACET_VALUES).min(MOST_FACET_VALUES)),
        Err(_) => Err(Refusal::Wrong("facet.limit", "Invalid integer; give a whole number, or -1 for all values".to_owned())),
    }
}

/// Organizations that were named by identifier; where none of them is known, nothing is found.
fn look_up_owners(state: &State, query: &mut Query) -> Result<(), Error> {
    if query.owners.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = query.owners.iter().filter_map(|id| Uuid::try_parse(id).ok()).map(InstitutionId).collect();
    let found = institutions::by_ids(&state.catalogue, &ids)?;
    query.is_empty |= found.is_empty();
    let slugs = found.into_values().map(|record| record.institution.slug.clone());
    if query.filter.institutions.is_empty() {
        query.filter.institutions = slugs.collect();
    } else {
        let values = slugs.map(|slug| Wanted { text: slug.to_string(), is_phrase: false }).collect();
        query.tests.push(Condition { field: "organization".to_owned(), values, is_negated: false });
    }
    Ok(())
}

fn results(state: &State, words: Option<&str>, filter: &DatasetFilter, order: Option<SortOrder>) -> Result<Results, Error> {
    datasets::find(&state.catalogue, &Actor::Visitor, words, filter, order, day_of(now_ms()))
}

/// A part of what the index found, in its order or turned round.
fn window(results: &Results, start: usize, rows: usize, is_reversed: bool) -> Vec<Uuid> {
    let total = usize::try_from(results.total()).unwrap_or(usize::MAX);
    if rows == 0 || start >= total {
        return Vec::new();
    }
    let window = Window { count: start.saturating_add(rows).min(total), from_end: is_reversed, ..Window::default() };
    let mut hits = results.page(&window).hits;
    if is_reversed {
        hits.reverse();
    }
    hits.into_iter().skip(start).take(rows).map(|hit| hit.id).collect()
}

/// All that the index found, in its order.
fn all(results: &Results) -> Vec<Hit> {
    let count = usize::try_from(results.total()).unwrap_or(usize::MAX);
    if count == 0 { Vec::new() } else { results.page(&Window { count, ..Window::default() }).hits }
}

/// The order of the index that a key stands for, and whether the index has the smallest first; none where it has no such order.
fn in_index(key: Key) -> Option<(Option<SortOrder>, bool)> {
    match key {
        Key::Score => Some((None, false)),
        Key::Modified => Some((Some(SortOrder::UpdatedAt), false)),
        Key::Created => Some((Some(SortOrder::Created), true)),
        Key::Title => Some((Some(SortOrder::Title), true)),
        Key::Name | Key::Id => None,
    }
}

/// Orders that decide anything: without words all fit alike, and behind a name nothing is left to decide.
fn deciding(query: &Query) -> Vec<Order> {
    let mut orders: Vec<Order> = query.orders.iter().copied().filter(|order| order.key != Key::Score || query.words.is_some()).collect();
    if let Some(last) = orders.iter().position(|order| matches!(order.key, Key::Name | Key::Id)) {
        orders.truncate(last + 1);
    }
    orders
}

fn answer(state: &State, query: &Query, asked: &Asked) -> Result<Found, Refusal> {
    let orders = deciding(query);
    let is_plain = query.tests.is_empty() && query.packages.is_empty() && query.excluded.is_empty();
    let alone = match orders.as_slice() {
        [] => Some((None, false)),
        [order] => in_index(order.key).map(|(index, is_rising)| (index, is_rising != order.is_rising)),
        _ => None,
    };
    let found = results(state, query.words.as_deref(), &query.filter, alone.and_then(|(order, _)| order))?;
    let mut counts = Counts::of(&asked.facets);
    if let Some((_, is_reversed)) = alone.filter(|_| is_plain && !counts.needs_records()) {
        let ids = window(&found, asked.start, asked.rows, is_reversed);
        count_organizations(&found, asked, &mut counts);
        return Ok(Found { ids, count: usize::try_from(found.total()).unwrap_or(usize::MAX), counts });
    }
    let mut ids: Vec<Uuid> = all(&found).into_iter().map(|hit| hit.id).collect();
    if is_plain && !counts.needs_records() {
        count_organizations(&found, asked, &mut counts);
    } else {
        sift(state, query, &mut counts, &mut ids)?;
    }
    arrange(state, query, &orders, &mut ids)?;
    let count = ids.len();
    Ok(Found { ids: ids.into_iter().skip(asked.start).take(asked.rows).collect(), count, counts })
}

fn count_organizations(found: &Results, asked: &Asked, counts: &mut Counts) {
    if counts.has(ORGANIZATION) {
        let (values, _) = found.facet(DatasetFacet::Institutions, asked.facet_values);
        counts.set(ORGANIZATION, values.into_iter().map(|value| (value.code, value.count)).collect());
    }
}

/// Leaves what meets the conditions that the index does not answer, and counts what is left.
fn sift(state: &State, query: &Query, counts: &mut Counts, ids: &mut Vec<Uuid>) -> Result<(), Refusal> {
    if !query.packages.is_empty() {
        let named = query.packages.iter().map(|name| find(state, name)).collect::<Result<Vec<_>, _>>()?;
        let named: HashSet<Uuid> = named.into_iter().flatten().map(|record| record.id.0).collect();
        ids.retain(|id| named.contains(id));
    }
    for words in &query.excluded {
        let without: HashSet<Uuid> = results(state, Some(words), &query.filter, None)?.ids().into_iter().collect();
        ids.retain(|id| !without.contains(id));
    }
    if ids.len() > MOST_TESTED {
        narrow(state, query, ids)?;
    }
    if query.tests.is_empty() && counts.is_empty() {
        return Ok(());
    }
    refuse_too_many(ids.len())?;
    let tests: Vec<Test<'_>> = query.tests.iter().map(Test::new).collect();
    let mut left = Vec::new();
    for part in ids.chunks(CHUNK) {
        for record in records(state, part)?.into_iter().filter(|record| tests.iter().all(|test| test.is_met_by(record))) {
            counts.add(&record);
            left.push(record.id.0);
        }
    }
    *ids = left;
    Ok(())
}

fn refuse_too_many(count: usize) -> Result<(), Refusal> {
    if count <= MOST_TESTED {
        return Ok(());
    }
    let remedy = format!("more than {MOST_TESTED} packages would have to be looked at; add words, or fq=organization:name");
    Err(Refusal::Wrong("q", remedy))
}

/// tag_list: the names of all tags in their order, or those that hold a word; whole tags with `all_fields`.
pub fn tags(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let ids: Vec<Uuid> = all(&results(state, None, &DatasetFilter::default(), None)?).into_iter().map(|hit| hit.id).collect();
    refuse_too_many(ids.len())?;
    let wanted = fold(&parameters.text("query").unwrap_or_default());
    let mut names = BTreeSet::new();
    for part in ids.chunks(CHUNK) {
        let found = records(state, part)?;
        names.extend(found.iter().flat_map(|record| tag_names(&record.dataset)).filter(|name| fold(name).contains(&wanted)));
    }
    if parameters.is_true("all_fields") {
        return Ok(names.iter().map(|name| tag(name)).collect());
    }
    Ok(json!(names))
}

/// package_autocomplete: packages whose name holds what was typed, and those that the words lead to.
pub fn autocomplete(state: &State, parameters: &Parameters) -> Result<Value, Refusal> {
    let limit = parameters.number("limit", USUAL).map_err(|remedy| Refusal::Wrong("limit", remedy))?.min(MOST);
    let typed = parameters.text("q").or_else(|| parameters.text("incomplete")).filter(|typed| !typed.trim().is_empty());
    let typed = typed.ok_or_else(|| Refusal::Wrong("q", "Missing value".to_owned()))?;
    let mut ids = named(state, &typed.trim().to_lowercase(), limit)?;
    let by_name: HashSet<Uuid> = ids.iter().copied().collect();
    let found = results(state, Some(&typed), &DatasetFilter::default(), None)?;
    ids.extend(window(&found, 0, limit, false).into_iter().filter(|id| !by_name.contains(id)));
    ids.truncate(limit);
    let told = |record: &Arc<Record>| {
        let name = record.dataset.slug.as_str();
        let title = record.dataset.titles.words(None, record.dataset.main_language()).unwrap_or(name);
        let (field, shown) = if by_name.contains(&record.id.0) { ("name", name) } else { ("title", title) };
        json!({ "name": name, "title": title, "match_field": field, "match_displayed": shown })
    };
    Ok(records(state, &ids)?.iter().map(told).collect())
}

/// Public records whose name holds a text, at most so many.
fn named(state: &State, part: &str, limit: usize) -> Result<Vec<Uuid>, Error> {
    let (mut ids, mut after) = (Vec::new(), 0);
    while ids.len() < limit {
        let heads = pages_after(&state.catalogue, after, MOST_TESTED)?;
        let Some(last) = heads.last() else { break };
        after = last.number;
        ids.extend(heads.into_iter().filter(|head| head.slug.contains(part)).filter_map(|head| Uuid::try_parse(&head.id).ok()));
    }
    ids.truncate(limit);
    Ok(ids)
}

/// Leaves the records in which the index finds what has to stand in a title, a description or a tag.
fn narrow(state: &State, query: &Query, ids: &mut Vec<Uuid>) -> Result<(), Error> {
    for test in query.tests.iter().filter(|test| !test.is_negated && ["title", "notes", "tags"].contains(&test.field.as_str())) {
        let [wanted] = test.values.as_slice() else { continue };
        if !wanted.text.contains('*') {
            let found: HashSet<Uuid> = results(state, Some(&wanted.text), &query.filter, None)?.ids().into_iter().collect();
            ids.retain(|id| found.contains(id));
        }
    }
    Ok(())
}

/// Puts what was found in order; what is alike in all of it stays as the index has it.
fn arrange(state: &State, query: &Query, orders: &[Order], ids: &mut [Uuid]) -> Result<(), Error> {
    let mut places: HashMap<Uuid, Vec<usize>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for order in orders {
        let ranked = match in_index(order.key) {
            Some((index, is_rising)) => (ranks(&all(&results(state, query.words.as_deref(), &query.filter, index)?)), is_rising),
            None => (named_ranks(state, order.key, ids)?, true),
        };
        let (ranks, is_rising) = ranked;
        let last = ranks.values().copied().max().unwrap_or_default();
        for (id, place) in &mut places {
            let rank = ranks.get(id).copied().unwrap_or(last);
            place.push(if is_rising == order.is_rising { rank } else { last - rank });
        }
    }
    ids.sort_by(|a, b| places.get(a).cmp(&places.get(b)));
    Ok(())
}

/// The places of hits in their order; hits that are alike share one.
fn ranks(hits: &[Hit]) -> HashMap<Uuid, usize> {
    let mut rank = 0;
    let mut found = HashMap::with_capacity(hits.len());
    let mut before: Option<&Hit> = None;
    for hit in hits {
        rank += usize::from(before.is_some_and(|before| before.position.key != hit.position.key));
        found.insert(hit.id, rank);
        before = Some(hit);
    }
    found
}

/// The places by name or identifier, from the smallest on.
fn named_ranks(state: &State, key: Key, ids: &[Uuid]) -> Result<HashMap<Uuid, usize>, Error> {
    let mut named: Vec<(String, Uuid)> = Vec::with_capacity(ids.len());
    if key == Key::Id {
        named.extend(ids.iter().map(|id| (id.to_string(), *id)));
    } else if ids.len() <= MOST_TESTED {
        for part in ids.chunks(CHUNK) {
            named.extend(records(state, part)?.into_iter().map(|record| (record.dataset.slug.to_string(), record.id.0)));
        }
    } else {
        let mut after = 0;
        loop {
            let heads = pages_after(&state.catalogue, after, MOST_TESTED)?;
            let Some(last) = heads.last() else { break };
            after = last.number;
            named.extend(heads.into_iter().filter_map(|head| Some((head.slug, Uuid::try_parse(&head.id).ok()?))));
        }
    }
    named.sort_unstable();
    Ok(named.into_iter().enumerate().map(|(rank, (_, id))| (id, rank)).collect())
}

/// Records in the order of their identifiers.
fn records(state: &State, ids: &[Uuid]) -> Result<Vec<Arc<Record>>, Error> {
    let mut found = state.catalogue.records(&Actor::Visitor, ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}
