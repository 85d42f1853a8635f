//! The same catalogue twice: once whole, once with no more in it than a reader may see. The reader must not be able to tell
//! which of the two they ask: not by what is found, not by counts or scores, and not by the work that an answer takes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::actors::{Caller, statements};
use crate::harness::{Backend, Place, Server};

use super::model::{MEMBER, Reader, Sight, VISITOR, World};

const SEED: u64 = 987;

struct Stand {
    server: Server,
    place: Place,
    caller: Caller,
}

impl Stand {
    fn open(lines: &str, reader: &Reader) -> Self {
        let place = Place::new(Backend::Sqlite);
        let file = place.write("world.jsonl", lines);
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let caller = reader.enter(&server, &place);
        server.wait_for_index();
        Self { server, place, caller }
    }

    /// Asks twice, for the second answer comes from memory.
    fn ask(&self, query: &str, variables: &Value) -> Value {
        self.caller.ask(&self.server, query, variables.clone());
        let answer = self.caller.ask(&self.server, query, variables.clone());
        assert!(answer.get("errors").is_none(), "{query} {variables}\n{answer}");
        answer
    }

    fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }
}

const SEARCH: &str = "query($s: String!) { datasets(search: $s, first: 100, where: { includePossible: true }) {
  totalCount isRelaxed edges { score match node { slug title } highlights { field text ranges { start length } } }
  facets(of: [THEMES, ORIGINS, SOURCE_TYPES, FREQUENCIES, INSTITUTIONS]) { valueCount values { code label count } } } }";

const FILTER: &str = "query($where: DatasetFilter) { datasets(first: 100, where: $where, orderBy: TITLE) {
  totalCount edges { match matchNotes { filter reason } node { slug title maskedFields { path reason } } }
  nearMisses(first: 20) { dataset { slug } failed { filter reason } }
  facets(of: [THEMES, ORIGINS, DESTINATIONS, REPORTING_AREAS, SOURCE_TYPES, RELEASED_LEVELS, AGGREGATES_ACCESS]) { values { code count } } } }";

const SUGGEST: &str = "query($p: String!) { suggest(prefix: $p, first: 50) { kind text value datasetCount } }";

const NUMBERS: &str = "{ catalogue { datasetCount institutionCount } institutions { nodes { slug datasetCount } }
  changes(since: 0) { totalCount nodes { kind entity nodeId dataset { slug } } } }";

const RELATIONS: &str = "query($slug: String!) { dataset(slug: $slug) { slug relations { type isInverse note dataset { slug title } } } }";

/// Questions of every kind, with words and codes of visible and of hidden records.
fn questions(world: &World) -> Vec<(&'static str, Value)> {
    let mut asked = vec![(NUMBERS, json!({}))];
    let words = world.records.iter().flat_map(|record| record.words.values());
    for word in words.step_by(5) {
        asked.push((SEARCH, json!({ "s": word })));
        asked.push((SEARCH, json!({ "s": format!("{}q{}", &word[..5], &word[6..]) })));
    }
    for words in ["survey", "name of alpha", "census", "survey census beta", "\"population census\""] {
        asked.push((SEARCH, json!({ "s": words })));
    }
    for record in &world.records {
        let [area, origin, destination] = world.places(record);
        let year = (1960 + record.number).to_string();
        let filters = [
            json!({ "origins": [origin] }),
            json!({ "themes": [world.topic(record)] }),
            json!({ "reportingAreas": [area], "institutions": [record.owner] }),
            json!({ "sourceTypes": [record.source_type], "themes": [world.topic(record)] }),
            json!({ "period": { "from": year, "to": year }, "includePossible": true }),
            json!({ "institutions": [record.owner], "destinations": [destination], "includePossible": true }),
        ];
        asked.push((FILTER, json!({ "where": filters[record.number % filters.len()] })));
        asked.push((SUGGEST, json!({ "p": &record.words["title"][..3] })));
    }
    asked
}

fn compare(reader: Reader, questions: &[(&str, Value)], world: &World, alike: impl Fn(&Value, &Value) -> bool) {
    let (whole, part) = (Stand::open(&world.lines(None), &reader), Stand::open(&world.lines(Some(&reader)), &reader));
    let mut wrong = Vec::new();
    for (query, variables) in questions {
        let (one, other) = (whole.ask(query, variables), part.ask(query, variables));
        if !alike(&one, &other) {
            wrong.push(format!("{variables}\n  with what is hidden: {one}\n  without:             {other}"));
        }
    }
    let shown = wrong.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} answers tell the {} what is hidden:\n{shown}", wrong.len(), questions.len(), reader.name);
    whole.close();
    part.close();
}

/// Word for word, and statement for statement.
fn in_all(one: &Value, other: &Value) -> bool {
    one["data"] == other["data"] && statements(one) == statements(other)
}

#[test]
fn a_visitor_cannot_tell_whether_anything_is_hidden() {
    let world = World::new(SEED);
    compare(VISITOR, &questions(&world), &world, in_all);
}

#[test]
fn a_member_cannot_tell_whether_anything_is_hidden() {
    let world = World::new(SEED);
    compare(MEMBER, &questions(&world), &world, in_all);
}

fn relations(world: &World) -> Vec<(&'static str, Value)> {
    world.records.iter().map(|record| (RELATIONS, json!({ "slug": record.slug() }))).collect()
}

#[test]
fn relations_do_not_tell_what_is_hidden() {
    let world = World::new(SEED);
    for reader in [VISITOR, MEMBER] {
        compare(reader, &relations(&world), &world, |one, other| one["data"] == other["data"]);
    }
}

#[test]
fn a_relation_to_a_hidden_record_takes_no_more_work_than_none() {
    let world = World::new(SEED);
    for reader in [VISITOR, MEMBER] {
        compare(reader, &relations(&world), &world, |one, other| statements(one) == statements(other));
    }
}

const GRID: &str = "query($r: GridAxis!, $c: GridAxis!, $where: DatasetFilter) { coverageGrid(rows: $r, columns: $c, where: $where) {
  rows { code } columns { code } total { released existsNotReleased notDocumented newestYear }
  cells { row { code } column { code } state released existsNotReleased notDocumented newestYear }
  seen: cells(states: [RELEASED, EXISTS_NOT_RELEASED]) { datasets(first: 10) { totalCount nodes { slug } } } } }";

const PROFILE: &str = "query($area: String!) { regionProfile(area: $area) { total { released existsNotReleased notDocumented newestYear }
  cells(by: { dimension: THEME_GROUP }) { column { code } state released existsNotReleased notDocumented }
  institutions(first: 50) { nodes { slug } } } }";

const PAIRS: &str = "{ overlaps(first: 100) { totalCount isTruncated nodes { one { slug } other { slug } state score isPossible notDocumented reasons { code } relations } }
  clashes { totalCount nodes { one { slug } other { slug } from to } }
  calendar(first: 100) { totalCount isComplete nodes { kind dates { edtf } dataset { slug } institution { slug } } }
  discrepancies(first: 50) { totalCount nodes { dataset { slug } subject values { value } } }
  registerEntries { totalCount } }";

const OF_RECORD: &str = "query($slug: String!) { dataset(slug: $slug) { overlaps(first: 50) { totalCount nodes { one { slug } other { slug } score reasons { code } } } } }";

const COMPARE: &str = "query($datasets: [ID!]!) { compare(datasets: $datasets) { facets { facet cells { value isDocumented isHidden } }
  pairs { verdict findings { facet difference verdict detail } } } }";

const INDICATORS: &str = "query($country: String) { objectiveIndicators(country: $country, records: PUBLISHED) { standing { published validated counted }
  actions { indicators { code value silence numerator denominator notDocumented points { code documented notDocumented } evidence(first: 50) { nodes { key } } } } } }";

/// What producers coordinate by, over all that the reader may see.
fn coordination(world: &World, reader: &Reader) -> Vec<(&'static str, Value)> {
    let mut asked = vec![(PAIRS, json!({})), (INDICATORS, json!({ "country": "MA" })), (INDICATORS, json!({}))];
    let mut codes = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    for record in &world.records {
        let [area, origin, _] = world.places(record);
        for (list, code) in codes.iter_mut().zip([world.topic(record), area, origin, record.source_type]) {
            list.insert(code.to_owned());
        }
        asked.push((OF_RECORD, json!({ "slug": record.slug() })));
    }
    let [topics, areas, origins, types] = codes;
    let years: Vec<String> = (1958..1964).map(|year| year.to_string()).collect();
    let axes = [
        (json!({ "dimension": "THEME", "codes": topics }), json!({ "dimension": "REPORTING_AREA", "codes": areas })),
        (json!({ "dimension": "SOURCE_TYPE", "codes": types }), json!({ "dimension": "YEAR", "codes": years })),
        (json!({ "dimension": "ORIGIN", "codes": origins }), json!({ "dimension": "DISAGGREGATION" })),
        // Which rows and columns there are must tell nothing either.
        (json!({ "dimension": "INSTITUTION" }), json!({ "dimension": "AGGREGATES_ACCESS" })),
    ];
    for (rows, columns) in axes {
        for filter in [json!({}), json!({ "includePossible": true })] {
            asked.push((GRID, json!({ "r": rows, "c": columns, "where": filter })));
        }
    }
    asked.extend(areas.iter().map(|area| (PROFILE, json!({ "area": area }))));
    let visible: Vec<&str> =
        world.records.iter().filter(|record| world.sight(reader, record) == Sight::Record).map(|record| record.slug()).collect();
    asked.extend(visible.windows(2).step_by(3).map(|pair| (COMPARE, json!({ "datasets": pair }))));
    asked
}

#[test]
fn what_producers_coordinate_by_does_not_tell_what_is_hidden() {
    let world = World::new(SEED);
    for reader in [VISITOR, MEMBER] {
        compare(reader, &coordination(&world, &reader), &world, in_all);
    }
}
