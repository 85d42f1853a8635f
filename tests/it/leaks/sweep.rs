//! Every way of reading, asked as every reader; what comes out is held against the model.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::actors::{Caller, node_id};
use crate::harness::{Backend, Place, Server};

use super::model::{Fiche, PARTS, Reader, Sight, VISITOR, World, readers};

/// Everything that can be asked of a record.
const EVERYTHING: &str = "query($slug: String!) { dataset(slug: $slug) {
  id slug url title titles { text } abstract abstracts { text } keywords { text } programme themes { code } indicators { code }
  partners { slug } legalMandate producer { slug } classifications { text } certaintyNote riskClass reviewDueOn collectionStatus
  holdings { id institution { slug } role accessTerms { aggregates microdata conditions legalBasis decidedBy fee disclosureControl }
    distributions { title url } }
  methodology { sourceType sampling samplingFrame universe knownLimits { text } definitions { code text } instruments { title url } }
  coverage { reportingAreas { code } areaNote origins { code } destinations { code } period { note edtf } releasedLevel levelNote
    releasedDisaggregations { code } frequency }
  variables(first: 5) { totalCount nodes { id name label } } relations { type note dataset { slug title abstract } }
  discrepancies { subject values { value } } links { title url } citations { title } maskedFields { path reason }
  versions(first: 5) { totalCount nodes { number changeNote } } workingCopy { id } holdingDeclarations { id } status
} }";

/// A server with the catalogue of the model and all its readers.
pub struct Sweep {
    /// The model.
    pub world: World,
    /// The server.
    pub server: Server,
    /// Its place.
    pub place: Place,
    /// Readers with their sessions.
    pub readers: Vec<(Reader, Caller)>,
    /// Holdings of each record, by number, as its producer knows them.
    holdings: Vec<Vec<String>>,
    wrong: Vec<String>,
}

fn list<'v>(value: &'v Value, path: &str, key: &str) -> Vec<&'v str> {
    let items = value.pointer(path).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.pointer(key).and_then(Value::as_str)).collect()
}

impl Sweep {
    /// Imports the catalogue and lets everyone in.
    pub fn open(backend: Backend, seed: u64) -> Self {
        let (world, place) = (World::new(seed), Place::new(backend));
        let file = place.write("world.jsonl", world.lines(None));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let readers = readers(&server, &place);
        server.wait_for_index();
        let owner_of = |record: &Fiche| {
            let name = format!("editor-{}", record.owner);
            &readers.iter().find(|(reader, _)| reader.name == name).expect("an editor").1
        };
        let of = |record: &Fiche| -> Vec<String> {
            let data = owner_of(record).data(&server, EVERYTHING, json!({ "slug": record.slug() }));
            list(&data, "/dataset/holdings", "/id").into_iter().map(str::to_owned).collect()
        };
        let holdings = world.records.iter().map(of).collect();
        Self { world, server, place, readers, holdings, wrong: Vec::new() }
    }

    /// Stops the server and tells all that was wrong.
    pub fn close(self) {
        let shown = self.wrong.iter().take(40).map(String::as_str).collect::<Vec<_>>().join("\n");
        assert!(self.wrong.is_empty(), "{} answers are not those of the model:\n{shown}", self.wrong.len());
        self.server.stop();
        self.place.assert_healthy();
    }

    pub(super) fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    pub(super) fn check_text(&mut self, reader: &Reader, place: &str, text: &str) {
        let leaks = self.world.leaks(reader, text);
        self.wrong.extend(leaks.into_iter().map(|leak| format!("{place} tells {}: {leak}", reader.name)));
    }

    /// Asks everything of every record by its short name.
    pub fn records(&mut self) {
        for (reader, caller) in self.readers.clone() {
            for number in 0..self.world.records.len() {
                let slug = self.world.records[number].slug().to_owned();
                let data = caller.data(&self.server, EVERYTHING, json!({ "slug": slug }));
                self.check_text(&reader, &format!("dataset({slug})"), &data.to_string());
                self.check_record(&reader, number, &data["dataset"]);
            }
        }
    }

    fn check_record(&mut self, reader: &Reader, number: usize, found: &Value) {
        let (world, mut wrong) = (&self.world, Vec::new());
        let record = &world.records[number];
        let sight = world.sight(reader, record);
        if sight == Sight::Nothing || found.is_null() {
            if found.is_null() != (sight == Sight::Nothing) {
                wrong.push(format!("{}: {sight:?} expected, {found}", record.slug()));
            }
        } else {
            let text = found.to_string();
            let missing = record.words.iter().filter(|(part, word)| world.sees(reader, record, part) && !text.contains(word.as_str()));
            wrong.extend(missing.map(|(part, _)| format!("{}: {part} is not shown", record.slug())));
            let [area, origin, destination] = world.places(record);
            let codes = [
                ("THEMES", "/themes", "/code", world.topic(record)),
                ("PARTNERS", "/partners", "/slug", record.holder),
                ("COVERAGE_REPORTING_AREAS", "/coverage/reportingAreas", "/code", area),
                ("COVERAGE_ORIGINS", "/coverage/origins", "/code", origin),
                ("COVERAGE_DESTINATIONS", "/coverage/destinations", "/code", destination),
                ("COVERAGE_DISAGGREGATIONS", "/coverage/releasedDisaggregations", "/code", "sex"),
            ];
            for (field, path, key, code) in codes {
                let expected = if world.shows(reader, record, field) { vec![code] } else { Vec::new() };
                if list(found, path, key) != expected {
                    wrong.push(format!("{} {path}: {expected:?} expected, {}", record.slug(), found.pointer(path).unwrap_or(&Value::Null)));
                }
            }
            let values = [
                ("METHODOLOGY", "/methodology/sourceType", record.source_type.to_owned()),
                ("COVERAGE_PERIOD", "/coverage/frequency", record.frequency.to_owned()),
                ("COVERAGE_PERIOD", "/coverage/period/edtf", format!("{0}/{0}", 1960 + number)),
                ("COVERAGE_LEVELS", "/coverage/releasedLevel", record.level.to_owned()),
            ];
            for (field, path, value) in values {
                let expected = world.shows(reader, record, field).then_some(value);
                if found.pointer(path).and_then(Value::as_str) != expected.as_deref() {
                    wrong.push(format!("{} {path}: {expected:?} expected, {:?}", record.slug(), found.pointer(path)));
                }
            }
            let mut related = list(found, "/relations", "/dataset/slug");
            related.sort_unstable();
            if related != world.related(reader, record) {
                wrong.push(format!("{} relations: {:?} expected, {related:?}", record.slug(), world.related(reader, record)));
            }
            if found["riskClass"].is_null() != (sight == Sight::Stub) {
                wrong.push(format!("{} riskClass: {}", record.slug(), found["riskClass"]));
            }
            // Of a tombstone the last version is shown, for its note says why the record was retired.
            let versions = i32::from(sight == Sight::Record || record.status == "RETIRED");
            if found["versions"]["totalCount"] != versions {
                wrong.push(format!("{} versions: {}", record.slug(), found["versions"]));
            }
        }
        self.wrong.extend(wrong.into_iter().map(|fault| format!("{}: {fault}", reader.name)));
    }

    /// Looks for each word, and for each word with a letter wrong.
    pub fn words(&mut self) {
        const BATCH: usize = 8;
        let variables: Vec<String> = (0..BATCH).map(|at| format!("$w{at}: String!, $t{at}: String!")).collect();
        let fields = (0..BATCH).map(|at| {
            format!(
                "w{at}: datasets(search: $w{at}, first: 3, where: {{ includePossible: true }}) {{
                   totalCount isRelaxed nodes {{ slug title abstract }} edges {{ score highlights {{ field text }} }} }}
                 t{at}: datasets(search: $t{at}, first: 3) {{ totalCount nodes {{ slug }} }}"
            )
        });
        let query = format!("query({}) {{ {} }}", variables.join(", "), fields.collect::<Vec<_>>().join(" "));
        let words: Vec<(usize, &'static str, String)> = self
            .world
            .records
            .iter()
            .flat_map(|record| record.words.iter().map(move |(part, word)| (record.number, *part, word.clone())))
            .collect();
        for (reader, caller) in self.readers.clone() {
            // Some readers search the same index; a sample of their words is enough.
            let stride = if ["visitor", "member", "coordinator"].contains(&reader.name) { 1 } else { 4 };
            for batch in words.chunks(BATCH).step_by(stride) {
                let mut given = json!({});
                for at in 0..BATCH {
                    // The last batch is filled up with its own last word.
                    let word = &batch[at.min(batch.len() - 1)].2;
                    given[format!("w{at}")] = json!(word);
                    given[format!("t{at}")] = json!(format!("{}q{}", &word[..4], &word[5..]));
                }
                let data = caller.data(&self.server, &query, given);
                self.check_text(&reader, "a search", &data.to_string());
                for (at, (number, part, word)) in batch.iter().enumerate() {
                    self.check_found(&reader, *number, part, word, &data[format!("w{at}")], &data[format!("t{at}")]);
                }
            }
        }
    }

    fn check_found(&mut self, reader: &Reader, number: usize, name: &str, word: &str, found: &Value, corrected: &Value) {
        let record = &self.world.records[number];
        // The other words stand in the title and the short name.
        let is_searched = PARTS.iter().find(|part| part.name == name).is_none_or(|part| part.is_searched);
        let is_found = is_searched && self.world.finds(reader, record) && self.world.sees(&reader.in_general(), record, name);
        let is_shown = found["edges"][0]["highlights"].to_string().contains(word);
        let wrong = found["totalCount"] != i32::from(is_found)
            || corrected["totalCount"] != i32::from(is_found)
            || is_shown != is_found
            || found["isRelaxed"] != false;
        let cell = format!("{}: {name} of {} found: {is_found} expected: {found} {corrected}", reader.name, record.slug());
        self.check(!wrong, || cell);
    }

    /// Types the beginning of each title.
    pub fn suggestions(&mut self) {
        for (reader, caller) in self.readers.clone() {
            for number in 0..self.world.records.len() {
                let record = &self.world.records[number];
                let expected = if self.world.finds(&reader, record) { vec![record.slug()] } else { Vec::new() };
                let prefix = &record.words["title"][..9];
                let data = caller.data(
                    &self.server,
                    "query($p: String!) { suggest(prefix: $p, first: 50) { kind text value } }",
                    json!({ "p": prefix }),
                );
                let cell = format!("{}: suggestions for {prefix}: {expected:?} expected, {data}", reader.name);
                let holds = list(&data, "/suggest", "/value") == expected;
                self.check(holds, || cell);
                self.check_text(&reader, "a suggestion", &data.to_string());
            }
        }
    }

    /// Counts by every facet, and asks for each topic and place with what nearly answers.
    pub fn facets(&mut self) {
        let names: Vec<&str> = FACETS.iter().map(|(name, _)| *name).collect();
        let query =
            format!("{{ datasets(first: 1) {{ facets(of: [{}], limit: 500) {{ field values {{ code count }} }} }} }}", names.join(", "));
        let near = "query($where: DatasetFilter) { datasets(where: $where, first: 50) {
          totalCount edges { match matchNotes { filter reason } node { slug } } nearMisses(first: 20) { dataset { slug title } failed { filter reason } } } }";
        for (reader, caller) in self.readers.clone() {
            let data = caller.data(&self.server, &query, Value::Null);
            for facet in data["datasets"]["facets"].as_array().expect("facets") {
                let count = FACETS.iter().find(|(name, _)| facet["field"] == *name).expect("a facet that was asked for").1;
                let mut expected: BTreeMap<String, u64> = BTreeMap::new();
                let general = reader.in_general();
                for record in self.world.records.iter().filter(|record| self.world.finds(&reader, record)) {
                    for code in count(&self.world, &general, record) {
                        *expected.entry(code).or_default() += 1;
                    }
                }
                let values = facet["values"].as_array().expect("values").iter();
                let found: BTreeMap<String, u64> = values
                    .map(|value| (value["code"].as_str().expect("code").to_owned(), value["count"].as_u64().expect("count")))
                    .collect();
                let cell = format!("{}: facet {}: {expected:?} expected, {found:?}", reader.name, facet["field"]);
                self.check(found == expected, || cell);
            }
            for number in (0..self.world.records.len()).step_by(3) {
                let record = &self.world.records[number];
                let [area, origin, destination] = self.world.places(record);
                let filters = [
                    json!({ "themes": [self.world.topic(record)], "sourceTypes": [record.source_type] }),
                    json!({ "origins": [origin], "includePossible": true }),
                    json!({ "destinations": [destination], "institutions": [record.owner] }),
                    json!({ "reportingAreas": [area] }),
                ];
                for filter in filters {
                    let data = caller.data(&self.server, near, json!({ "where": filter }));
                    self.check_text(&reader, "a filter", &data.to_string());
                }
            }
        }
    }

    /// Asks for the numbers of the catalogue and for its change feed.
    pub fn numbers(&mut self) {
        let query = "{ catalogue { datasetCount lastChangeSeq } alpha: institution(slug: \"alpha\") { datasetCount }
          datasets(first: 100) { totalCount nodes { slug title abstract } }
          changes(since: 0) { totalCount nodes { seq kind entity dataset { slug title abstract keywords { text } } } } }";
        for (reader, caller) in self.readers.clone() {
            let data = caller.data(&self.server, query, Value::Null);
            self.check_text(&reader, "the numbers", &data.to_string());
            let (world, general) = (&self.world, reader.in_general());
            let findable: Vec<&Fiche> = world.records.iter().filter(|record| world.finds(&reader, record)).collect();
            let of_alpha = findable.iter().filter(|record| record.owner == "alpha" || record.holder == "alpha").count();
            let known: Vec<usize> =
                world.records.iter().filter(|record| world.sight(&general, record) != Sight::Nothing).map(Fiche::seq).collect();
            let expected = json!([findable.len(), known.last().copied().unwrap_or(2), of_alpha, findable.len(), known.len() + 2]);
            let found = json!([
                data["catalogue"]["datasetCount"],
                data["catalogue"]["lastChangeSeq"],
                data["alpha"]["datasetCount"],
                data["datasets"]["totalCount"],
                data["changes"]["totalCount"],
            ]);
            self.check(found == expected, || format!("{}: numbers: {expected} expected, {found}", reader.name));
        }
    }

    /// Asks for everything by its opaque identifier, as one who knows them all.
    pub fn nodes(&mut self) {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Dataset { slug title abstract }
          ... on Variable { label } ... on Change { kind dataset { slug title abstract } } ... on DatasetVersion { number changeNote }
          ... on Holding { accessTerms { conditions } distributions { title } } } }";
        for (reader, caller) in self.readers.clone() {
            for number in 0..self.world.records.len() {
                let (world, record) = (&self.world, &self.world.records[number]);
                let (sight, uuid) = (world.sight(&reader, record), record.uuid());
                let in_general = world.sight(&reader.in_general(), record);
                let shows_reason = sight == Sight::Stub && record.status == "RETIRED";
                let mut ids = vec![
                    (node_id(&format!("dataset:{uuid}")), sight != Sight::Nothing),
                    (node_id(&format!("version:{uuid}/1")), sight == Sight::Record || shows_reason),
                    (
                        node_id(&format!("variable:{uuid}/0")),
                        record.words.contains_key("variable") && world.sees(&reader, record, "variable"),
                    ),
                    (node_id(&format!("change:{}", record.seq())), in_general != Sight::Nothing),
                ];
                ids.extend(self.holdings[number].iter().map(|id| (id.clone(), sight != Sight::Nothing)));
                let (asked, expected): (Vec<String>, Vec<bool>) = ids.into_iter().unzip();
                let data = caller.data(&self.server, query, json!({ "ids": asked }));
                let found: Vec<bool> = data["nodes"].as_array().expect("nodes").iter().map(|node| !node.is_null()).collect();
                let cell = format!("{}: nodes of {}: {expected:?} expected, {data}", reader.name, record.slug());
                self.check(found == expected, || cell);
                self.check_text(&reader, "a node", &data.to_string());
            }
        }
    }

    /// Reads the public export.
    pub fn export(&mut self) {
        let export = self.place.run_ok(&["export", "--public"]);
        self.check_text(&VISITOR, "the export", &export);
        let world = &self.world;
        let is_in = |record: &Fiche, part: &str| {
            let target = record.relation.filter(|_| part == "relation").map(|number| &world.records[number]);
            world.exports(record) && world.sees(&VISITOR, record, part) && target.is_none_or(|target| world.exports(target))
        };
        let mut wrong = Vec::new();
        for record in &world.records {
            for (part, word) in &record.words {
                let is_told = export.contains(word.as_str());
                if is_told != is_in(record, part) {
                    wrong.push(format!("the export: {part} of {} is told: {is_told}", record.slug()));
                }
            }
        }
        self.wrong.extend(wrong);
    }
}

type Count = fn(&World, &Reader, &Fiche) -> Vec<String>;

fn one_of(world: &World, reader: &Reader, record: &Fiche, field: &str, code: &str, otherwise: &str) -> Vec<String> {
    vec![if world.shows(reader, record, field) { code } else { otherwise }.to_owned()]
}

fn terms(world: &World, reader: &Reader, record: &Fiche) -> Vec<String> {
    vec![if world.sight(reader, record) == Sight::Record { "OPEN" } else { "UNKNOWN" }.to_owned()]
}

/// Facets with the values by which the model counts a record.
const FACETS: [(&str, Count); 12] = [
    ("THEMES", |w, r, f| one_of(w, r, f, "THEMES", w.topic(f), "-")),
    ("REPORTING_AREAS", |w, r, f| one_of(w, r, f, "COVERAGE_REPORTING_AREAS", w.places(f)[0], "-")),
    ("ORIGINS", |w, r, f| one_of(w, r, f, "COVERAGE_ORIGINS", w.places(f)[1], "-")),
    ("DESTINATIONS", |w, r, f| one_of(w, r, f, "COVERAGE_DESTINATIONS", w.places(f)[2], "-")),
    ("RELEASED_DISAGGREGATIONS", |w, r, f| one_of(w, r, f, "COVERAGE_DISAGGREGATIONS", "sex", "-")),
    ("RELEASED_LEVELS", |w, r, f| one_of(w, r, f, "COVERAGE_LEVELS", f.level, "-")),
    ("FREQUENCIES", |w, r, f| one_of(w, r, f, "COVERAGE_PERIOD", f.frequency, "UNKNOWN")),
    ("SOURCE_TYPES", |w, r, f| if w.shows(r, f, "METHODOLOGY") { vec![f.source_type.to_owned()] } else { Vec::new() }),
    ("INSTITUTIONS", |_, _, f| {
        let mut both = vec![f.owner.to_owned(), f.holder.to_owned()];
        both.dedup();
        both
    }),
    ("AGGREGATES_ACCESS", terms),
    ("MICRODATA_ACCESS", terms),
    ("RECORD_KINDS", |_, _, _| vec!["STATISTICAL_OPERATION".to_owned()]),
];
