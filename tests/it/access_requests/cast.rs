//! Two holders with open desks, the people on every side of a request, and the steps that they take with documented operations.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rihla::domain::workdays::Day;
use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server, dataset, institution, note_secret};
use crate::people::{Session, Who, ask_as, codes, follow_link, operation, payload};

/// The holder of the survey.
pub const NSO: &str = "nso";
/// The holder of the register.
pub const POLICE: &str = "police";
/// An institution that asks.
pub const COUNCIL: &str = "council";

/// Everyone, with the roles that they have in the catalogue.
const PEOPLE: [(&str, &[&str]); 17] = [
    ("researcher", &[]),
    ("colleague", &[]),
    ("stranger", &[]),
    ("planner", &["EDITOR@council", "ACCESS_OFFICER@council"]),
    ("officer", &["ACCESS_OFFICER@nso"]),
    ("conflicted", &["ACCESS_OFFICER@nso"]),
    ("other-officer", &["ACCESS_OFFICER@police"]),
    ("other-deputy", &["ACCESS_OFFICER@police"]),
    ("adviser", &[]),
    ("reviewer", &[]),
    ("decider", &[]),
    ("chair", &[]),
    ("third", &[]),
    ("coordinator", &["COORDINATOR"]),
    ("auditor", &["AUDITOR"]),
    ("admin", &["ADMIN"]),
    ("both", &["COORDINATOR", "ACCESS_OFFICER@nso"]),
];

/// The catalogue with its people.
pub struct Cast {
    /// Server.
    pub server: Server,
    /// Place.
    pub place: Place,
    /// Holdings by the institution that holds them.
    pub holdings: BTreeMap<String, String>,
    people: BTreeMap<String, Session>,
    used: RefCell<BTreeSet<String>>,
}

/// A holding that can be asked for here.
fn held(institution: &str, microdata: &str) -> Value {
    let terms = json!({ "aggregates": "AGGREGATES_ON_REQUEST", "aggregatesBasis": "QUOTED", "microdata": microdata, "microdataBasis": "QUOTED", "channel": "IN_SYSTEM" });
    json!({ "institution": institution, "role": "PRODUCER", "accessTerms": terms })
}

fn record(slug: &str, producer: &str) -> String {
    dataset(slug, |record| {
        record["producer"] = json!(producer);
        record["holdings"] = json!([held(producer, "LICENSED")]);
    })
}

/// Address of someone.
pub fn email(name: &str) -> String {
    format!("{name}@people.example")
}

/// A day so many days from now, as it is written.
pub fn day(days: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
    Day::of(i64::try_from(now).expect("milliseconds")).plus(days).to_string()
}

/// Answers to every question of the default form, for microdata.
pub fn answers() -> Value {
    let person = |name: &str| json!({ "name": name, "function": "Researcher", "email": "someone@university.example" });
    let text = |key: &str, text: &str| json!({ "question": key, "text": text });
    let yes = |key: &str, yes: bool| json!({ "question": key, "yes": yes });
    json!([
        { "question": "requester", "person": person("Name of the requester") },
        { "question": "requester-institution", "institutionName": "University of the North" },
        { "question": "requester-country", "code": "MA" },
        text("requester-proof", "Proof of the requester"),
        yes("has-supervisor", false),
        text("project-title", "Return and work"),
        text("project-summary", "What becomes of those who return."),
        text("research-question", "Do they find work?"),
        text("tables-insufficient", "Tables do not cross work and province."),
        text("dataset-edition", "2018-2019"),
        { "question": "variables", "codes": ["age", "province"] },
        { "question": "years", "period": { "start": "2018", "end": "2019" } },
        { "question": "lowest-geography", "code": "PROVINCE" },
        yes("linkage", false),
        text("method", "Logistic models"),
        text("outputs", "An article"),
        text("funding", "None"),
        yes("has-interests", false),
        { "question": "ethics", "code": "NOT_NEEDED" },
        text("ethics-reason", "No contact with persons"),
        { "question": "legal-basis", "legalBasis": { "kind": "LAW", "reference": "A law" } },
        yes("personal-data", false),
        yes("transfer-abroad", false),
        text("people-access", "The team"),
        { "question": "setting", "code": "SAFE_ROOM" },
        text("security", "Security of the servers"),
        { "question": "retention-until", "date": day(400) },
        { "question": "destruction-date", "date": day(500) },
        text("group-risks", "Small groups could be named."),
        text("risk-mitigation", "They are joined."),
        yes("publication", true),
        yes("output-control", true),
        { "question": "incident-contact", "person": person("Contact for incidents") },
    ])
}

/// A line for each of the five safes; a condition for some.
pub fn lines(conditions: &[(&str, &str)], verdict: &str) -> Value {
    let line = |safe: &&str| match conditions.iter().find(|(known, _)| known == safe) {
        Some((_, condition)) => {
            json!({ "safe": safe, "verdict": "MET_WITH_CONDITION", "reason": "Reason in private", "condition": condition })
        }
        None => json!({ "safe": safe, "verdict": verdict, "reason": format!("Reason for {safe}") }),
    };
    Value::Array(["PROJECTS", "PEOPLE", "SETTINGS", "DATA", "OUTPUTS"].iter().map(line).collect())
}

impl Cast {
    /// Opens the catalogue: a survey of the statistical office, a register of the police, nobody's desk open.
    pub fn closed(backend: Backend) -> Self {
        let place = Place::new(backend);
        let lines = [institution(NSO), institution(POLICE), institution(COUNCIL), record("survey", NSO), record("register", POLICE)];
        let file = place.write("lines.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        // A document of several commands at once, where the tests try what is refused.
        let server = place.serve(&["--set", "max_root_fields=100", "--set", "max_aliases=100"]);
        server.wait_for_index();
        let mut holdings = BTreeMap::new();
        for slug in ["survey", "register"] {
            let data = server.ask_with(&operation("access-request-holdings"), json!({ "slug": slug }));
            for holding in data["dataset"]["holdings"].as_array().expect("holdings") {
                assert_eq!(holding["acceptsRequests"], false, "{holding}");
                let (slug, id) = (&holding["institution"]["slug"], &holding["id"]);
                holdings.insert(slug.as_str().expect("slug").to_owned(), id.as_str().expect("id").to_owned());
            }
        }
        let mut cast = Self { server, place, holdings, people: BTreeMap::new(), used: RefCell::default() };
        for (name, roles) in PEOPLE {
            cast.enter(name, roles);
        }
        cast
    }

    /// The same with the desks of both open: at the office a decider and a chair decide, and somebody advises on data protection.
    pub fn open(backend: Backend) -> Self {
        let cast = Self::closed(backend);
        let named = json!({ "deciders": [email("decider"), email("chair")], "advisers": [email("adviser")] });
        cast.desk("officer", NSO, named);
        cast.desk("other-officer", POLICE, json!({}));
        cast
    }

    /// Lets someone in by a link.
    pub fn enter(&mut self, name: &str, roles: &[&str]) {
        let (email, function) = (email(name), format!("Function of {name}"));
        let mut arguments = vec!["user", "add", email.as_str(), "--function", function.as_str(), "--language", "en"];
        arguments.extend(roles.iter().flat_map(|role| ["--role", role]));
        let link = self.place.run_ok(&arguments);
        self.know(name, follow_link(&self.server, &link));
    }

    /// Someone who has signed in by themselves.
    pub fn know(&mut self, name: &str, session: Session) {
        self.people.insert(name.to_owned(), session);
    }

    /// Someone by name; anyone else is a visitor.
    pub fn who(&self, name: &str) -> Who<'_> {
        self.people.get(name).map_or(Who::Visitor, Who::Session)
    }

    /// A token of someone.
    pub fn token(&self, name: &str, scopes: &[&str]) -> String {
        let input = json!({ "name": "program", "scopes": scopes, "expiresInDays": 1 });
        let made = payload(&ask_as(&self.server, self.who(name), &operation("register-api-token"), json!({ "input": input })));
        let secret = made["secret"].as_str().unwrap_or_else(|| panic!("no token: {made}")).to_owned();
        note_secret(&secret);
        secret
    }

    /// Asks a documented operation.
    pub fn ask<'a>(&self, who: impl Into<Who<'a>>, name: &str, variables: Value) -> Value {
        self.used.borrow_mut().insert(name.to_owned());
        ask_as(&self.server, who, &operation(name), variables)
    }

    /// Documented operations that were asked.
    pub fn used(&self) -> BTreeSet<String> {
        self.used.borrow().clone()
    }

    /// Sets the desk of an institution: open, and what the test needs beside.
    pub fn desk(&self, officer: &str, institution: &str, more: Value) -> Value {
        let seen = self.ask(self.who(officer), "access-desk", json!({ "institution": institution }))["accessDesk"]["revision"].clone();
        let mut input = json!({ "institution": institution, "expectedRevision": seen, "isOpen": true, "outsiders": outsiders(&more) });
        merge(&mut input, &more);
        let set = payload(&self.ask(self.who(officer), "access-desk-set", json!({ "input": input })));
        assert!(codes(&set).is_empty(), "{set}");
        set["desk"].clone()
    }

    /// A request as somebody sees it now; null where there is none for them.
    pub fn look(&self, name: &str, id: &str) -> Value {
        self.ask(self.who(name), "access-request", json!({ "id": id }))["accessRequest"].clone()
    }

    /// Payload of a step with a request, at the revision that its applicant would see now unless another is given.
    pub fn try_step(&self, who: Who<'_>, request: &Request, step: &str, more: Value) -> Value {
        let mut input = json!({ "request": request.id });
        if !matches!(step, "accept" | "message") {
            input["expectedRevision"] = json!(request.revision.borrow().to_owned());
        }
        merge(&mut input, &more);
        payload(&self.ask(who, &format!("access-request-{step}"), json!({ "input": input })))
    }

    /// Takes a step with a request, which must succeed; its revision is noted.
    pub fn step(&self, name: &str, request: &Request, step: &str, more: Value) -> Value {
        let done = self.try_step(self.who(name), request, step, more.clone());
        assert!(codes(&done).is_empty(), "{step} by {name}: {done} for {more}");
        // Who declares a conflict no longer sees it.
        let revision = if done["request"].is_null() { self.revision(request) } else { done["request"]["revision"].clone() };
        *request.revision.borrow_mut() = revision.as_i64().expect("revision");
        done["request"].clone()
    }

    fn revision(&self, request: &Request) -> Value {
        let query = "query($id: ID!) { accessRequest(id: $id) { revision } }";
        ask_as(&self.server, self.who(&request.applicant), query, json!({ "id": request.id }))["accessRequest"]["revision"].clone()
    }

    /// Notes the revision as it is now.
    pub fn refresh(&self, request: &Request) {
        *request.revision.borrow_mut() = self.revision(request).as_i64().expect("revision");
    }

    /// A step that must be refused with this code, and leave nothing behind.
    pub fn refused(&self, name: &str, request: &Request, step: &str, more: Value, code: &str) -> String {
        let before = (self.revision(request), self.place.changes());
        let done = self.try_step(self.who(name), request, step, more);
        assert_eq!(codes(&done).first().copied(), Some(code), "{step} by {name}: {done}");
        assert_eq!((self.revision(request), self.place.changes()), before, "{step} by {name} left a trace");
        done["errors"].to_string()
    }

    /// Begins a request for microdata of holders.
    pub fn begin(&self, applicant: &str, holders: &[&str], more: Value) -> Request {
        let wish = |holder: &&str| json!({ "holding": self.holdings[*holder], "data": "MICRODATA" });
        let mut input = json!({ "holdings": holders.iter().map(wish).collect::<Vec<_>>() });
        merge(&mut input, &more);
        let made = payload(&self.ask(self.who(applicant), "access-request-create", json!({ "input": input })));
        assert!(codes(&made).is_empty(), "{made}");
        let id = made["request"]["id"].as_str().expect("id").to_owned();
        let revision = made["request"]["revision"].as_i64().expect("revision");
        Request { id, applicant: applicant.to_owned(), revision: RefCell::new(revision) }
    }

    /// A request with all answers, submitted.
    pub fn submitted(&self, applicant: &str, holders: &[&str], more: Value) -> Request {
        let request = self.begin(applicant, holders, more);
        self.step(applicant, &request, "answer", json!({ "answers": answers() }));
        self.step(applicant, &request, "submit", json!({}));
        request
    }

    /// A part decided in favour, its completeness confirmed before.
    pub fn approve(&self, officer: &str, decider: &str, request: &Request, part: u32) {
        self.step(officer, request, "confirm-complete", json!({ "part": part }));
        if decider != officer {
            self.step(decider, request, "declare-interest", json!({ "part": part, "hasConflict": false }));
        }
        self.step(decider, request, "decide", json!({ "part": part, "outcome": "APPROVED", "lines": lines(&[], "MET") }));
    }

    /// Lets due dates act as of a day.
    pub fn clock(&self, on: &str) {
        self.place.run_ok(&["clock", "--on", on]);
    }

    /// Lets people begin more requests than in a day.
    pub fn another_day(&self) {
        self.place.alter("DELETE FROM attempts WHERE name LIKE 'access-request:%'");
    }

    /// Stops the server and checks that log, requests and index are whole.
    pub fn close(self) {
        self.server.stop();
        self.place.assert_healthy();
    }
}

/// A request as it was last seen.
#[derive(Debug)]
pub struct Request {
    /// Identifier.
    pub id: String,
    /// Who asks.
    pub applicant: String,
    /// Revision.
    pub revision: RefCell<i64>,
}

/// Of those who are named on a desk the ones who have no role anywhere.
fn outsiders(desk: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for one in ["deciders", "advisers", "deputies"].iter().filter_map(|list| desk[*list].as_array()).flatten() {
        let has_role = PEOPLE.iter().any(|(name, roles)| *one == email(name).as_str() && !roles.is_empty());
        if !has_role && !found.contains(one) {
            found.push(one.clone());
        }
    }
    found
}

/// Adds members to an object.
fn merge(object: &mut Value, more: &Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        object[key.as_str()] = value.clone();
    }
}

/// The part of a request with this number.
pub fn part(request: &Value, number: u32) -> Value {
    let parts = request["parts"].as_array().unwrap_or_else(|| panic!("no parts: {request}"));
    parts.iter().find(|part| part["number"] == number).unwrap_or_else(|| panic!("no part {number}: {request}")).clone()
}

/// State of a part.
pub fn state(request: &Value, number: u32) -> String {
    part(request, number)["state"].as_str().expect("state").to_owned()
}
