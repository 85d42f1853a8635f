//! A catalogue with one person of each kind, and things in every state to do something to.

use std::cell::Cell;

use rihla::domain::policy::State;
use rihla::domain::vocabulary::{Role, Vocabulary};
use serde_json::{Value, json};

use crate::actors::{Caller, node_id};
use crate::harness::{Backend, Place, Server, institution};

/// Producer of every record.
pub const OWN: &str = "alpha";
/// Another institution, which holds records of the first.
pub const OTHER: &str = "beta";
/// The institution that takes over the producer's portfolio.
pub const HEIR: &str = "heir";

/// Roles, each with its institution.
pub type Grants = &'static [(Role, Option<&'static str>)];

const PEOPLE: [(&str, Option<Grants>); 12] = [
    ("visitor", None),
    ("member", Some(&[])),
    ("editor", Some(&[(Role::Editor, Some(OWN))])),
    ("validator", Some(&[(Role::Validator, Some(OWN))])),
    ("access-officer", Some(&[(Role::AccessOfficer, Some(OWN))])),
    ("other-editor", Some(&[(Role::Editor, Some(OTHER))])),
    ("other-validator", Some(&[(Role::Validator, Some(OTHER))])),
    ("other-access-officer", Some(&[(Role::AccessOfficer, Some(OTHER))])),
    ("coordinator", Some(&[(Role::Coordinator, None)])),
    ("auditor", Some(&[(Role::Auditor, None)])),
    ("admin", Some(&[(Role::Admin, None)])),
    ("jack-of-all-trades", Some(&[(Role::Editor, Some(OWN)), (Role::Validator, Some(OWN)), (Role::Coordinator, None)])),
];

/// What a mutation gave: its payload, or the code of the error that stands in its place.
pub type Outcome = Result<Value, String>;

/// Reads the outcome of one field of an answer.
pub fn outcome(answer: &Value, field: &str) -> Outcome {
    let payload = &answer["data"][field];
    let (whole, own) = (answer["errors"].get(0), payload["errors"].get(0));
    let code = whole.map(|error| &error["extensions"]["code"]).or(own.map(|error| &error["code"]));
    code.map_or_else(|| Ok(payload.clone()), |code| Err(code.as_str().unwrap_or("an error without a code").to_owned()))
}

/// Someone who asks.
pub struct Person {
    /// Name in the test.
    pub name: &'static str,
    /// Session; none for the visitor.
    pub caller: Caller,
    /// Roles; none for the visitor.
    pub grants: Option<Grants>,
}

impl Person {
    /// Whether the person has a role; one of an institution counts for that institution, or for any where none is meant.
    pub fn has(&self, role: Role, institution: Option<&str>) -> bool {
        let Some(grants) = self.grants else { return role == Role::Visitor };
        match role {
            Role::Visitor | Role::Member => true,
            Role::Editor | Role::Validator | Role::AccessOfficer => {
                grants.iter().any(|(own, at)| *own == role && (institution.is_none() || *at == institution))
            }
            Role::Coordinator | Role::Auditor | Role::Admin => grants.iter().any(|(own, _)| *own == role),
        }
    }
}

/// What something is done to: opaque identifiers, and the revisions that an editor has seen.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    /// Working copy.
    pub draft: String,
    /// Revision of the working copy.
    pub draft_revision: i64,
    /// Record that the working copy is, or will be, a version of.
    pub dataset: String,
    /// Revision of the record.
    pub revision: i64,
    /// Version of the record.
    pub version: i64,
    /// Private preview link of the working copy.
    pub link: String,
    /// Declared holding.
    pub declaration: String,
    /// Revision of the declared holding.
    pub declaration_revision: i64,
    /// Agreement.
    pub agreement: String,
    /// Revision of the agreement.
    pub agreement_revision: i64,
    /// Hash of its text.
    pub agreement_hash: String,
    /// Something of the person's own: a saved search, a webhook, a token.
    pub own: String,
}

/// The catalogue with its people.
pub struct Stage {
    /// Server.
    pub server: Server,
    /// Place.
    pub place: Place,
    /// One person of each kind.
    pub people: Vec<Person>,
    /// Identifier of a person to whom roles are given.
    pub novice: String,
    /// Reads everything that the tests look at, the log as its auditor.
    watcher: Caller,
    records: Cell<u32>,
}

const LOOK: &str = "query($draft: ID!, $dataset: ID!, $declaration: ID!, $agreement: ID!, $own: String!) {
  auditLog(first: 1) { totalCount }
  datasetDraft(id: $draft) { revision status }
  record: node(id: $dataset) { ... on Dataset { revision version status coordinatorReview { at } } }
  declaration: node(id: $declaration) { ... on HoldingDeclaration { revision state } }
  agreement(id: $agreement) { revision state signatures { by } contacts { function } stateReason }
  institution(slug: $own) { revision }
}";

fn text(words: &str) -> Value {
    json!([{ "language": "en", "text": words }])
}

/// Terms of a holding.
pub fn terms() -> Value {
    json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "SECURE", "microdataBasis": "QUOTED", "channel": "DESK" })
}

/// An agreement by which the first institution provides data to another, with the dates given.
pub fn agreement_content(recipient: &str, dates: &Value) -> Value {
    let mut content = json!({
        "title": text("Protocol"), "kind": "PROTOCOL", "covers": [{ "holdingsOf": OWN }], "requestedData": ["AGGREGATES"],
        "parties": [{ "institution": OWN, "role": "PROVIDER" }, { "institution": recipient, "role": "RECIPIENT" }],
        "purposes": ["POLICY_PLANNING"], "legalBasis": text("Law"), "startsOn": "2020-01-01", "visibility": "PARTIES",
    });
    for (key, value) in dates.as_object().into_iter().flatten() {
        content[key.as_str()] = value.clone();
    }
    content
}

fn word(payload: &Value, path: &str) -> String {
    payload.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path} in {payload}")).to_owned()
}

fn number(payload: &Value, path: &str) -> i64 {
    payload.pointer(path).and_then(Value::as_i64).unwrap_or_else(|| panic!("no {path} in {payload}"))
}

impl Stage {
    /// Opens a catalogue of three institutions without records.
    pub fn open(backend: Backend) -> Self {
        let place = Place::new(backend);
        let heir = institution(HEIR).replace("\"kind\"", &format!("\"predecessors\":[\"{OWN}\"],\"kind\""));
        let file = place.write("institutions.jsonl", [institution(OWN), institution(OTHER), heir].join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&["--set", "webhook_allow_private=true"]);
        let enter = |name: &'static str, grants: Option<Grants>| {
            let role = |(role, at): &(Role, Option<&str>)| at.map_or_else(|| role.code().to_owned(), |at| format!("{}@{at}", role.code()));
            let roles: Vec<String> = grants.into_iter().flatten().map(role).collect();
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            let caller = if grants.is_some() { Caller::signed_in(&server, &place, name, &roles) } else { Caller::visitor() };
            Person { name, caller, grants }
        };
        let people: Vec<Person> = PEOPLE.into_iter().map(|(name, grants)| enter(name, grants)).collect();
        let watcher = Caller::signed_in(&server, &place, "watcher", &["AUDITOR", "EDITOR@alpha", "EDITOR@beta"]);
        let watcher = watcher.token(&server, &["READ", "AUDIT"]);
        Caller::signed_in(&server, &place, "novice", &["ACCESS_OFFICER@alpha"]);
        let mut stage = Self { server, place, people, novice: String::new(), watcher, records: Cell::new(0) };
        let question = "{ institution(slug: \"alpha\") { members { id function } } }";
        let data = stage.person("admin").data(&stage.server, question, Value::Null);
        let members = data["institution"]["members"].as_array().expect("members");
        let novice = members.iter().find(|member| member["function"] == "Function of novice").expect("the novice");
        stage.novice = word(novice, "/id");
        stage
    }

    /// Stops the server and checks that the log is sound.
    pub fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }

    /// Someone by name.
    pub fn person(&self, name: &str) -> &Caller {
        &self.people.iter().find(|person| person.name == name).unwrap_or_else(|| panic!("nobody is called {name}")).caller
    }

    /// Carries out a mutation that takes one input object.
    pub fn perform(&self, caller: &Caller, mutation: &str, input: Value, selection: &str) -> Outcome {
        let mut kind = mutation.to_owned();
        kind[..1].make_ascii_uppercase();
        // Four mutations share an input.
        let kind = match mutation {
            "datasetDraftDiscard" | "datasetSubmit" | "datasetValidate" | "datasetPublish" => "Draft",
            "holdingWithdraw" | "holdingConfirm" => "HoldingDeclaration",
            "membershipGrant" | "membershipRevoke" => "Membership",
            _ => kind.as_str(),
        };
        let query = format!("mutation($i: {kind}Input!) {{ it: {mutation}(input: $i) {{ {selection} errors {{ code message path }} }} }}");
        outcome(&caller.ask(&self.server, &query, json!({ "i": input })), "it")
    }

    /// The same, where it must succeed.
    pub fn must(&self, who: &str, mutation: &str, input: Value, selection: &str) -> Value {
        let done = self.perform(self.person(who), mutation, input.clone(), selection);
        done.unwrap_or_else(|code| panic!("{mutation} by {who}: {code} for {input}"))
    }

    /// Length of the log, and where a thing stands.
    pub fn look(&self, thing: &Thing) -> Value {
        let named = json!({ "draft": thing.draft, "dataset": thing.dataset, "declaration": thing.declaration, "agreement": thing.agreement, "own": OWN });
        self.watcher.data(&self.server, LOOK, named)
    }

    /// Everything that a record of this risk class needs.
    pub fn content(&self, risk: &str) -> Value {
        let number = self.records.get() + 1;
        self.records.set(number);
        json!({
            "slug": format!("record-{number}"), "recordKind": "STATISTICAL_OPERATION", "titles": text(&format!("Record {number}")),
            "mainLanguage": "en", "abstract": text("What it is"), "themes": ["MT-0101"], "riskClass": risk, "visibility": "PUBLIC",
            "holdings": [{ "institution": OWN, "role": "PRODUCER", "accessTerms": terms() }],
            "methodology": { "sourceType": "CENSUS" }, "reviewDueOn": "2035-01-01",
            "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018", "end": "2019" }, "frequency": "ANNUAL" },
        })
    }

    /// A number that was not given before.
    pub fn next_number(&self) -> u32 {
        self.records.set(self.records.get() + 1);
        self.records.get()
    }

    /// A working copy of a new record, written by someone.
    pub fn begin(&self, who: &str, risk: &str) -> Thing {
        let input = json!({ "institution": OWN, "content": self.content(risk) });
        let made = self.must(who, "datasetDraftCreate", input, "draft { id revision identifier }");
        let uuid = word(&made, "/draft/identifier").replace("urn:uuid:", "");
        Thing {
            draft: word(&made, "/draft/id"),
            draft_revision: number(&made, "/draft/revision"),
            dataset: node_id(&format!("dataset:{uuid}")),
            revision: 1,
            version: 1,
            ..Thing::default()
        }
    }

    /// Takes a working copy one step on.
    pub fn step(&self, who: &str, mutation: &str, thing: &mut Thing) {
        let input = json!({ "draft": thing.draft, "expectedRevision": thing.draft_revision });
        let selection = if mutation == "datasetPublish" { "it: dataset { revision version }" } else { "it: draft { revision }" };
        let done = self.must(who, mutation, input, selection);
        if mutation == "datasetPublish" {
            (thing.revision, thing.version) = (number(&done, "/it/revision"), number(&done, "/it/version"));
        } else {
            thing.draft_revision = number(&done, "/it/revision");
        }
    }

    /// A working copy, or the record that became of it, in a state.
    pub fn draft(&self, state: State) -> Thing {
        let mut thing = self.begin("editor", "LOW");
        let link = json!({ "draft": thing.draft, "expiresInDays": 3, "withoutNames": false });
        thing.link = word(&self.must("editor", "previewLinkCreate", link, "link { id }"), "/link/id");
        let steps = [("editor", "datasetSubmit"), ("validator", "datasetValidate"), ("validator", "datasetPublish")];
        let taken = match state {
            State::Draft => 0,
            State::Submitted => 1,
            State::Validated => 2,
            _ => 3,
        };
        for (who, mutation) in &steps[..taken] {
            self.step(who, mutation, &mut thing);
        }
        if state == State::Retired {
            let input = json!({ "dataset": thing.dataset, "expectedRevision": thing.revision, "reason": "It has ended." });
            let done = self.must("validator", "datasetRetire", input, "dataset { revision version }");
            (thing.revision, thing.version) = (number(&done, "/dataset/revision"), number(&done, "/dataset/version"));
        }
        thing
    }

    /// An agreement between the two institutions, which only they may read, in a state.
    pub fn agreement(&self, state: State) -> Thing {
        let dates = match state {
            State::Signed => json!({ "startsOn": "2090-01-01" }),
            State::Expired => json!({ "endsOn": "2020-12-31" }),
            _ => Value::Null,
        };
        const SELECTION: &str = "agreement { id revision textHash state }";
        let mut made = self.must("editor", "agreementCreate", json!({ "content": agreement_content(OTHER, &dates) }), SELECTION);
        let step = |who: &str, mutation: &str, made: &Value, more: Value| {
            let mut input = json!({ "agreement": word(made, "/agreement/id"), "expectedRevision": number(made, "/agreement/revision") });
            for (key, value) in more.as_object().into_iter().flatten() {
                input[key.as_str()] = value.clone();
            }
            self.must(who, mutation, input, SELECTION)
        };
        if state != State::Draft {
            for (who, institution) in [("validator", OWN), ("other-access-officer", OTHER)] {
                let signed = json!({ "institution": institution, "textHash": word(&made, "/agreement/textHash") });
                made = step(who, "agreementSign", &made, signed);
            }
        }
        let reason = json!({ "reason": "There is one." });
        match state {
            State::Suspended => made = step("other-validator", "agreementSuspend", &made, reason),
            State::Terminated => made = step("access-officer", "agreementTerminate", &made, reason),
            _ => {}
        }
        assert_eq!(word(&made, "/agreement/state"), state.code());
        Thing {
            agreement: word(&made, "/agreement/id"),
            agreement_revision: number(&made, "/agreement/revision"),
            agreement_hash: word(&made, "/agreement/textHash"),
            ..Thing::default()
        }
    }

    /// A holding that the other institution declared on a published record, in a state.
    pub fn declaration(&self, state: State) -> Thing {
        let mut thing = self.draft(State::Published);
        let input = json!({ "dataset": thing.dataset, "institution": OTHER, "holding": { "role": "HOLDER", "accessTerms": terms() } });
        let made = self.must("other-editor", "holdingDeclare", input, "declaration { id revision }");
        thing.declaration = word(&made, "/declaration/id");
        thing.declaration_revision = number(&made, "/declaration/revision");
        let mut input = json!({ "declaration": thing.declaration, "expectedRevision": thing.declaration_revision });
        let (who, mutation) = match state {
            State::Confirmed => ("validator", "holdingConfirm"),
            State::Contested => ("validator", "holdingContest"),
            State::Withdrawn => ("other-editor", "holdingWithdraw"),
            _ => return thing,
        };
        if state == State::Contested {
            input["reason"] = json!("It is not there.");
        }
        thing.declaration_revision = number(&self.must(who, mutation, input, "declaration { revision }"), "/declaration/revision");
        thing
    }
}
