//! Systems that records come from, as tests play them, and the people who take the records in.

pub mod fixtures;
pub mod house;

use serde_json::{Value, json};

use crate::harness::{Answer, Backend, Place, Server};
use crate::outgoing::{Person, wait_for};
use crate::people::{Who, act, ask_as, done, operation, payload};

use fixtures::{OFFICE_AR, OFFICE_FR};
use house::House;

/// What tests read of a run.
const RUN: &str = "{ id outcome format name institution isPartial endedAt fetched created changed unchanged waiting setAside gone failed \
                   published unfit problems(first: 100) { nodes { record path value remedy } totalCount } }";

/// A catalogue with two institutions, people of them, and a house where other systems live.
pub struct Desk {
    /// The server.
    pub server: Server,
    /// Its folder and database.
    pub place: Place,
    /// Where other systems live.
    pub house: House,
    /// Describes for the institution `nso`.
    pub editor: Person,
    /// Decides for the institution `nso`.
    pub validator: Person,
}

/// A line of the record format: an institution by its names.
pub fn named_institution(slug: &str, french: &str, arabic: &str) -> String {
    let wording = |text: &str| json!({ "text": text, "status": "OFFICIAL" });
    let names = json!({ "fr": wording(french), "ar": wording(arabic) });
    json!({ "type": "institution", "slug": slug, "kind": "NSO", "names": names, "certainty": "DOCUMENTED" }).to_string()
}

impl Desk {
    /// The catalogue, served; the house may be harvested.
    pub fn open(backend: Backend) -> Self {
        Self::open_with(backend, &[])
    }

    /// The same with more settings.
    pub fn open_with(backend: Backend, more: &[&str]) -> Self {
        let (place, house) = (Place::new(backend), House::new());
        let lines = [
            named_institution("nso", OFFICE_FR, OFFICE_AR),
            named_institution("observatory", "Observatoire des migrations", "مرصد الهجرة"),
        ];
        let file = place.write("institutions.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = serve(&place, &house, more);
        let editor = Person::join(&place, &server, "editor", "en", &["EDITOR@nso"]);
        let validator = Person::join(&place, &server, "validator", "en", &["VALIDATOR@nso", "EDITOR@nso"]);
        Self { server, place, house, editor, validator }
    }

    /// Ends the server as told, and starts it anew.
    pub fn restarted(self, end: impl FnOnce(Server)) -> Self {
        let Self { server, place, house, editor, validator } = self;
        end(server);
        Self { server: serve(&place, &house, &[]), place, house, editor, validator }
    }

    /// Stops the server and checks that log and index are whole.
    pub fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }

    /// Sends a file; `query` is the rest of the address, such as `name=x.xml&dryRun=true`.
    pub fn send(&self, token: &str, institution: &str, query: &str, bytes: &[u8]) -> Answer {
        send(&self.server, Some(token), institution, query, bytes)
    }

    /// The report on a file of the institution `nso`.
    pub fn take(&self, query: &str, bytes: impl AsRef<[u8]>) -> Value {
        let answer = self.send(&self.editor.token, "nso", query, bytes.as_ref());
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Working copies of the institution `nso`, in the order of their short names.
    pub fn drafts(&self) -> Vec<Value> {
        let query = "{ viewer { drafts(first: 100) { nodes { id slug status revision content origins { format name identifier address modified \
                     goneSince original unfit { path value remedy } } } } } }";
        let data = self.validator.ask(&self.server, query, Value::Null);
        let mut drafts: Vec<Value> = list(&data["viewer"]["drafts"]["nodes"]).clone();
        for draft in &mut drafts {
            draft["content"] = serde_json::from_str(draft["content"].as_str().expect("content")).expect("JSON");
        }
        drafts.sort_by_key(|draft| draft["slug"].to_string());
        drafts
    }

    /// The working copy whose title in a language is this.
    pub fn draft(&self, language: &str, title: &str) -> Value {
        let drafts = self.drafts();
        let found = drafts.iter().find(|draft| draft["content"]["titles"][language]["text"] == title);
        found.cloned().unwrap_or_else(|| panic!("no draft is called {title:?}: {drafts:#?}"))
    }

    /// Writes in a working copy as its editor.
    pub fn write(&self, draft: &Value, content: Value) -> Value {
        let input = json!({ "draft": draft["id"], "expectedRevision": draft["revision"], "content": content });
        done(&act(&self.server, &self.editor.session, "register-draft-update", input), "draft")
    }

    /// Declares a source of the institution `nso` that is harvested only when somebody asks; returns it.
    pub fn declare(&self, kind: &str, url: &str, more: Value) -> Value {
        let source = self.declaring(&self.validator, kind, url, more);
        done(&source, "source")
    }

    /// The payload of a declaration by somebody.
    pub fn declaring(&self, who: &Person, kind: &str, url: &str, more: Value) -> Value {
        let mut input = json!({ "institution": "nso", "name": format!("Source {url}"), "kind": kind, "url": url, "everyHours": 0 });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        act(&self.server, &who.session, "intake-source", input)
    }

    /// Has a source harvested, waits for the end, and returns the run.
    pub fn harvest(&self, source: &Value, how: Value) -> Value {
        let before = self.runs(source).len();
        self.ask_for_run(source, how);
        self.wait_for_run(source, before + 1)
    }

    /// Has a source harvested.
    pub fn ask_for_run(&self, source: &Value, how: Value) {
        let mut input = json!({ "source": source["id"] });
        for (key, value) in how.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        done(&act(&self.server, &self.validator.session, "intake-source-run", input), "source");
    }

    /// Waits until a source has so many runs, all of which have ended; returns the newest.
    pub fn wait_for_run(&self, source: &Value, count: usize) -> Value {
        wait_for("a run has ended", 60, || {
            let runs = self.runs(source);
            let is_over = runs.len() >= count && runs.iter().all(|run| !run["endedAt"].is_null());
            is_over.then(|| check(runs[0].clone()))
        })
    }

    /// Runs of a source, newest first.
    pub fn runs(&self, source: &Value) -> Vec<Value> {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on HarvestSource {{ runs(first: 50) {{ nodes {RUN} }} }} }} }}");
        let data = self.validator.ask(&self.server, &query, json!({ "id": source["id"] }));
        list(&data["node"]["runs"]["nodes"]).clone()
    }

    /// The source as it is now, with what it does not have any more.
    pub fn source(&self, source: &Value) -> Value {
        let query = "query($id: ID!) { node(id: $id) { ... on HarvestSource { id revision isActive publishesAtOnce url failedRuns nextRunAt \
                     goneRecords { identifier goneSince } } } }";
        self.validator.ask(&self.server, query, json!({ "id": source["id"] }))["node"].clone()
    }

    /// Identifiers of what a source does not have any more.
    pub fn gone(&self, source: &Value) -> Vec<String> {
        let gone = self.source(source)["goneRecords"].clone();
        list(&gone).iter().map(|origin| origin["identifier"].as_str().expect("identifier").to_owned()).collect()
    }

    /// Payload of a documented mutation of somebody of the institution.
    pub fn act(&self, who: &Person, name: &str, input: Value) -> Value {
        act(&self.server, &who.session, name, input)
    }

    /// Payload of a documented mutation that takes an identifier.
    pub fn remove<'a>(&self, who: impl Into<Who<'a>>, source: &Value) -> Value {
        payload(&ask_as(&self.server, who, &operation("intake-source-remove"), json!({ "id": source["id"] })))
    }

    /// A published record, as its producer sees it.
    pub fn record(&self, slug: &str) -> Value {
        let query = "query($slug: String!) { dataset(slug: $slug) { id slug status version revision titles { language text } riskClass \
                     workingCopy { id status revision content } } }";
        self.validator.ask(&self.server, query, json!({ "slug": slug }))["dataset"].clone()
    }
}

/// Sends a file to an institution; none asks as a visitor.
pub fn send(server: &Server, token: Option<&str>, institution: &str, query: &str, bytes: &[u8]) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<(&str, &str)> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    server.post(&format!("/institution/{institution}/records?{query}"), &headers, bytes)
}

/// Starts a server that may harvest the house, quickly.
pub fn serve(place: &Place, house: &House, more: &[&str]) -> Server {
    serve_in(place, house, &[], more)
}

/// The same with arguments before the settings.
pub fn serve_in(place: &Place, house: &House, before: &[&str], more: &[&str]) -> Server {
    let allowed = format!("harvest_allowed_hosts=127.0.0.1:{}", house.port);
    let mut arguments = before.to_vec();
    arguments.extend(["--set", allowed.as_str(), "--set", "harvest_interval_ms=100", "--set", "harvest_pause_ms=0"]);
    arguments.extend(["--set", "harvest_timeout_ms=5000", "--set", "harvest_max_bytes=4194304"]);
    arguments.extend(more.iter().flat_map(|setting| ["--set", *setting]));
    place.serve(&arguments)
}

/// A list.
pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// Numbers of a run or of a report: what came, and what became of it.
pub fn counts(run: &Value) -> Value {
    let counts = if run["counts"].is_object() { &run["counts"] } else { run };
    let names = ["fetched", "created", "changed", "unchanged", "waiting", "setAside", "gone", "failed", "published"];
    names
        .into_iter()
        .filter(|name| counts[*name] != 0)
        .map(|name| (name.to_owned(), counts[name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What the lines of a report say.
pub fn remedies(run: &Value) -> String {
    let lines = if run["problems"].is_array() { &run["problems"] } else { &run["problems"]["nodes"] };
    list(lines).iter().map(|line| format!("{line}\n")).collect()
}

/// Whatever a run is about: with a fault in its report it is no success, and what it fetched has met a fate each. Records of pages that are as they
/// were are unchanged and not fetched.
fn check(run: Value) -> Value {
    let count = |name: &str| run[name].as_i64().unwrap_or_else(|| panic!("no {name}: {run}"));
    if count("fetched") > 0 && run["isPartial"] == false {
        let met: i64 = ["created", "changed", "unchanged", "waiting", "setAside", "failed"].into_iter().map(count).sum();
        let written = met - count("unchanged");
        assert!(written <= count("fetched") && met + count("gone") >= count("fetched"), "{run}");
    }
    // Lines that only tell of what is no dataset, or comes in an older state than before, are no fault.
    let notes = ["holds datasets", "what was taken stays"];
    let is_note = |line: &Value| line["remedy"].as_str().is_some_and(|told| notes.iter().any(|note| told.contains(note)));
    let has_notes_only = list(&run["problems"]["nodes"]).iter().all(is_note);
    assert!(run["outcome"] != "SUCCEEDED" || has_notes_only, "a success with lines in its report: {run}");
    assert!(run["outcome"] == "SUCCEEDED" || run["problems"]["totalCount"] != 0, "no success, and nothing says why: {run}");
    run
}
