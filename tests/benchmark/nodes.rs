//! Two nodes on one PostgreSQL: how soon a record that is published through one can be found through the other, and whether reads scale.

use std::time::{Duration, Instant};

use rihla::domain::ids::Slug;
use rihla::domain::vocabulary::Role;
use rihla::store::StoreError;
use serde_json::{Value, json};

use super::load::{Connection, Figure, Question, run};
use super::{Options, Server, access, generate, report, rihla, scratch, serve, timed};

/// Records that are published, one after the other.
const WRITES: usize = 100;
/// Longest time that is waited for one record to be found.
const PATIENCE: Duration = Duration::from_secs(20);

/// Measures with a catalogue of the first size.
pub fn measure(options: &Options) -> Vec<Value> {
    assert!(options.postgres.is_some(), "two nodes share a PostgreSQL database; give an empty one: --postgres URL");
    let size = if options.is_sized { options.sizes.first().copied().unwrap_or(10_000) } else { 10_000 };
    let (one, other) = (scratch("node-one"), scratch("node-two"));
    let file = one.join("records.jsonl");
    generate::write(&file, size);
    timed(rihla(options, &one, &["import", &file.display().to_string()]));
    let holder = Slug::parse("holder-000").expect("a short name");
    let tokens = access::database(options, &one).write(|conn, _| {
        let editor = access::person(conn, "editor", Some((Role::Editor, Some(&holder))));
        let validator = access::person(conn, "validator", Some((Role::Validator, Some(&holder))));
        Ok::<_, StoreError>((access::token(conn, &editor, "READ REGISTER"), access::token(conn, &validator, "READ DECIDE")))
    });
    let (editor, validator) = tokens.expect("people");
    let ((first, _), (second, _)) = (serve(options, &one), serve(options, &other));
    let mut rows = Vec::new();
    let mut row =
        |name: &str, figure: String, target: &str, details: String| rows.push(report(options, size, name, &figure, target, &details));

    let mut writer = Writer { connection: Connection::open(&first.1), editor, validator };
    let mut waits: Vec<f64> = (0..WRITES)
        .map(|number| {
            let word = format!("zanzibarium{number:05}");
            writer.publish(number, &word);
            found_after(&second.1, &word)
        })
        .collect();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share).round() as usize];
    let details = format!("p50 {:.0} ms, longest {:.0} ms, of {WRITES} records published one by one", at(0.5), at(1.0));
    row("published on one node, found on the other", format!("p99 {:.0} ms", at(0.99)), "1,000 ms", details);

    let list = "{ datasets(first: 20, orderBy: UPDATED_AT) { totalCount nodes { id slug title updatedAt } } }";
    let load = |server: &Server| run(&server.1, server.0.id(), &[Question::post(list, Value::Null)], options.seconds);
    let alone = load(&first);
    let together: Vec<Figure> = std::thread::scope(|scope| {
        let loads = [&first, &second].map(|server| scope.spawn(move || load(server)));
        loads.into_iter().map(|load| load.join().expect("a load")).collect()
    });
    assert_eq!(alone.errors + together.iter().map(|figure| figure.errors).sum::<u64>(), 0, "answers had errors");
    let both: f64 = together.iter().map(|figure| figure.per_second).sum();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let each = together.iter().map(|figure| figure.cpu_ms).fold(0.0, f64::max);
    let details = format!(
        "{both:.0}/s after {:.0}/s; {:.3} ms CPU a request alone, {each:.3} with both; {cores} cores for both nodes, database and load",
        alone.per_second, alone.cpu_ms
    );
    row("list of 20 from two nodes", format!("{:.2} x one node", both / alone.per_second), "1.8 x where cores allow", details);
    for folder in [one, other] {
        drop(std::fs::remove_dir_all(folder));
    }
    rows
}

/// Publishes records through one node.
struct Writer {
    connection: Connection,
    editor: String,
    validator: String,
}

impl Writer {
    fn publish(&mut self, number: usize, word: &str) {
        let content = json!({
            "slug": format!("bench-node-{number:05}"), "recordKind": "STATISTICAL_OPERATION", "riskClass": "LOW", "visibility": "PUBLIC",
            "mainLanguage": "fr", "titles": [{ "language": "fr", "text": format!("Enquête {word}") }],
            "abstract": [{ "language": "fr", "text": "Une opération." }], "themes": ["MT-0701"],
            "holdings": [{ "institution": "holder-000", "role": "PRODUCER", "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED",
                "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "DESK" } }],
            "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" },
            "coverage": { "reportingAreas": ["MA-09"], "period": { "start": "2024", "end": "2025" }, "frequency": "ONCE" },
            "reviewDueOn": "2090-06-30",
        });
        let (editor, validator) = (self.editor.clone(), self.validator.clone());
        let create = "mutation($input: DatasetDraftCreateInput!) { done: datasetDraftCreate(input: $input) { thing: draft { id revision } errors { message } } }";
        let mut draft = self.step(&editor, create, json!({ "institution": "holder-000", "content": content }));
        for (name, who) in [("datasetSubmit", &editor), ("datasetValidate", &validator), ("datasetPublish", &validator)] {
            let thing = if name == "datasetPublish" { "thing: dataset { id revision }" } else { "thing: draft { id revision }" };
            let step = format!("mutation($input: DraftInput!) {{ done: {name}(input: $input) {{ {thing} errors {{ message }} }} }}");
            draft = self.step(who, &step, json!({ "draft": draft["id"], "expectedRevision": draft["revision"] }));
        }
    }

    fn step(&mut self, who: &str, mutation: &str, input: Value) -> Value {
        let mut body = Vec::new();
        self.connection.ask(&Question::post_as(who, mutation, json!({ "input": input })), &mut body);
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        let thing = answer["data"]["done"]["thing"].clone();
        assert!(!thing.is_null(), "{answer}");
        thing
    }
}

/// Milliseconds until a search for the word finds its record.
fn found_after(address: &str, word: &str) -> f64 {
    let query = format!("{{ datasets(search: \"{word}\") {{ totalCount nodes {{ title }} }} }}");
    let (question, started) = (Question::post(&query, Value::Null), Instant::now());
    let (mut connection, mut body) = (Connection::open(address), Vec::new());
    loop {
        assert!(connection.ask(&question, &mut body), "the search has an error");
        // Typing errors are forgiven: only the word itself counts.
        if String::from_utf8_lossy(&body).contains(&format!("Enquête {word}")) {
            return started.elapsed().as_secs_f64() * 1000.0;
        }
        assert!(started.elapsed() < PATIENCE, "`{word}` was not found within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
