//! The shortest way to a granted request: one holder, one question, one person who asks.

use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server, dataset, institution, note_secret};
use crate::outgoing::{Person, import};
use crate::people::{Who, ask_as, codes, payload};

/// A catalogue in which one holder takes requests.
pub struct Granting {
    /// The server.
    pub server: Server,
    /// Its place.
    pub place: Place,
    /// Access officer of the holder, and editor too.
    pub officer: Person,
    /// Who asks.
    pub researcher: Person,
    /// The holding that is asked for.
    pub holding: String,
}

fn words(text: &str) -> Value {
    json!([{ "language": "ar", "text": text }, { "language": "fr", "text": text }, { "language": "en", "text": text }])
}

fn survey() -> String {
    let terms = json!({
        "aggregates": "AGGREGATES_ON_REQUEST", "aggregatesBasis": "QUOTED", "microdata": "LICENSED", "microdataBasis": "QUOTED",
        "channel": "IN_SYSTEM",
    });
    dataset("survey", |record| {
        record["producer"] = json!("nso");
        record["holdings"] = json!([{ "institution": "nso", "role": "PRODUCER", "accessTerms": terms }]);
    })
}

/// A day so many days from now.
pub fn day(days: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
    rihla::domain::workdays::Day::of(i64::try_from(now).expect("milliseconds")).plus(days).to_string()
}

impl Granting {
    /// Opens the catalogue and the holder's desk.
    pub fn open(backend: Backend, settings: &[&str]) -> Self {
        let place = Place::new(backend);
        import(&place, &[institution("nso"), institution("police"), survey()]);
        let server = place.serve(settings);
        server.wait_for_index();
        let officer = Person::join(&place, &server, "officer", "en", &["ACCESS_OFFICER@nso", "EDITOR@nso"]);
        let researcher = Person::join(&place, &server, "researcher", "en", &[]);
        let found = server.ask("{ dataset(slug: \"survey\") { holdings { id } } }");
        let holding = found["dataset"]["holdings"][0]["id"].as_str().expect("id").to_owned();
        let granting = Self { server, place, officer, researcher, holding };
        granting.open_desk();
        granting
    }

    fn open_desk(&self) {
        let readers = ["APPLICANT", "ACCESS_OFFICER", "DATA_PROTECTION", "REVIEWER", "DECIDER"];
        let question = json!({
            "key": "nso.why", "kind": "TEXT", "label": words("Why"), "isRequired": true, "keepMonths": 12, "isPersonal": false, "readers": readers,
        });
        let form = json!({ "title": words("Request"), "retentionMonths": 24, "questions": [question] });
        let save = "mutation($input: AccessFormSaveInput!) { accessFormSave(input: $input) { form { revision } errors { code message } } }";
        let saved = self.act(&self.officer, save, json!({ "institution": "nso", "form": form }));
        let publish = "mutation($input: AccessFormPublishInput!) { accessFormPublish(input: $input) { errors { code message } } }";
        self.act(&self.officer, publish, json!({ "institution": "nso", "expectedRevision": saved["form"]["revision"] }));
        let set = "mutation($input: AccessDeskSetInput!) { accessDeskSet(input: $input) { errors { code message } } }";
        self.act(&self.officer, set, json!({ "institution": "nso", "expectedRevision": 0, "isOpen": true }));
    }

    /// A mutation with an input that must be carried out, in somebody's session.
    fn act(&self, who: &Person, query: &str, input: Value) -> Value {
        let done = payload(&ask_as(&self.server, &who.session, query, json!({ "input": input })));
        assert!(codes(&done).is_empty(), "{query}: {done}");
        done
    }

    /// A step with a request, `Submit` for `accessRequestSubmit`, at its present revision; the part is the only one.
    pub fn step(&self, who: &Person, request: &str, step: &str, kind: &str, more: Value) -> Value {
        let seen = self.look(&self.researcher, request);
        let mut input = json!({ "request": request });
        if step != "UndertakingAccept" {
            input["expectedRevision"] = seen["revision"].clone();
        }
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        let query = format!(
            "mutation($input: AccessRequest{kind}Input!) {{ accessRequest{step}(input: $input) {{ request {{ id state }} errors {{ code message path }} }} }}"
        );
        self.act(who, &query, input)["request"].clone()
    }

    /// The request as somebody sees it.
    pub fn look(&self, who: &Person, request: &str) -> Value {
        let query = "query($id: ID!) { accessRequest(id: $id) { id revision state documents { id name isInternal } readers { nodes { function what } } \
                     events(first: 100) { nodes { kind } } parts { number state undertaking { textHash } } } }";
        ask_as(&self.server, &who.session, query, json!({ "id": request }))["accessRequest"].clone()
    }

    /// A request that is begun.
    pub fn begin(&self) -> String {
        let query =
            "mutation($input: AccessRequestCreateInput!) { accessRequestCreate(input: $input) { request { id } errors { code message } } }";
        let input = json!({ "holdings": [{ "holding": self.holding, "data": "MICRODATA" }], "purpose": "RESEARCH" });
        self.act(&self.researcher, query, input)["request"]["id"].as_str().expect("id").to_owned()
    }

    /// Answers and submits.
    pub fn submit(&self, request: &str) {
        let answers = json!({ "answers": [{ "question": "nso.why", "text": "To know" }] });
        self.step(&self.researcher, request, "Update", "Update", answers);
        self.step(&self.researcher, request, "Submit", "Submit", json!({}));
    }

    /// A request in force until a day.
    pub fn granted(&self, until: &str) -> String {
        let request = self.begin();
        self.submit(&request);
        self.step(&self.officer, &request, "ConfirmComplete", "Part", json!({ "part": 1 }));
        let line = |safe: &&str| json!({ "safe": safe, "verdict": "MET", "reason": "Seen" });
        let lines: Vec<Value> = ["PROJECTS", "PEOPLE", "SETTINGS", "DATA", "OUTPUTS"].iter().map(line).collect();
        self.step(&self.officer, &request, "Decide", "Decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines }));
        let offer = json!({ "part": 1, "text": "Used for the project only.", "until": until });
        self.step(&self.officer, &request, "AgreementPropose", "Propose", offer);
        let hash = self.look(&self.researcher, &request)["parts"][0]["undertaking"]["textHash"].clone();
        self.step(&self.researcher, &request, "UndertakingAccept", "Accept", json!({ "part": 1, "textHash": hash }));
        assert_eq!(self.look(&self.officer, &request)["parts"][0]["state"], "ACTIVE");
        request
    }

    /// A token of somebody.
    pub fn token(&self, who: &Person, scopes: &[&str]) -> String {
        let query = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { secret errors { code message } } }";
        let made = self.act(who, query, json!({ "name": "program", "scopes": scopes, "expiresInDays": 1 }));
        let secret = made["secret"].as_str().expect("secret").to_owned();
        note_secret(&secret);
        secret
    }

    /// Stops the server; everything must be whole.
    pub fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }
}

/// The header that makes somebody known.
pub fn credential(who: Who<'_>) -> Option<(&'static str, String)> {
    match who {
        Who::Visitor => None,
        Who::Session(session) => Some(("cookie", session.cookie.clone())),
        Who::Token(token) => Some(("authorization", format!("Bearer {token}"))),
    }
}
