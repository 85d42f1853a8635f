//! The same catalogue twice: once whole, once with no more in it than a reader may see. The reader must not be able to tell
//! which of the two they ask: not by what is found, not by counts or scores, and not by the work that an answer takes.

use serde_json::{Value, json};

use crate::actors::{Caller, statements};
use crate::harness::{Backend, Place, Server};

use super::model::{MEMBER, Reader, VISITOR, World};

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
