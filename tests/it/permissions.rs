//! Who may do what, walked cell by cell through the front door. What is expected follows from the table of rules.

use rihla::domain::policy::{Action, RULES, State, documentation};
use rihla::domain::vocabulary::{Role, TokenScope, Vocabulary};
use serde_json::{Value, json};

use crate::actors::Caller;
use crate::harness::{BACKENDS, Backend, project};

mod deeds;
mod stage;

use deeds::{Deed, On, deeds, end_sessions};
use stage::{OTHER, OWN, Outcome, Person, Stage, Thing};

#[test]
fn the_documentation_of_the_rules_is_up_to_date() {
    let present = documentation();
    let path = project("docs/permissions.md");
    if std::env::var_os("RIHLA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &present).expect("page can be written");
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|page| page == present),
        "docs/permissions.md is not up to date; run the tests with RIHLA_UPDATE_SNAPSHOTS=1"
    );
}

/// What the table says of a person's wish, whatever they know of the thing.
fn judge(person: &Person, action: Action, state: State, institution: Option<&str>) -> Result<(), &'static str> {
    if person.grants.is_none() {
        return Err("SIGN_IN_REQUIRED");
    }
    let (mut has_role, mut is_in_state) = (false, false);
    for rule in RULES.iter().filter(|rule| rule.action == action) {
        if rule.roles.iter().any(|role| person.has(*role, institution)) {
            has_role = true;
            is_in_state |= rule.states.contains(&state);
        }
    }
    match (has_role, is_in_state) {
        (false, _) => Err("ROLE_REQUIRED"),
        (true, false) => Err("WRONG_STATE"),
        (true, true) => Ok(()),
    }
}

/// Declared holdings are known to the people of both institutions and to the coordinator.
fn knows_declarations(person: &Person) -> bool {
    let of_either = |(_, at): &(Role, Option<&str>)| *at == Some(OWN) || *at == Some(OTHER);
    person.has(Role::Coordinator, None) || person.grants.into_iter().flatten().any(of_either)
}

/// What must come of a deed: nobody is told that a thing exists which they may not know of.
fn expected(deed: &Deed, state: State, person: &Person) -> Result<(), &'static str> {
    let is_record = matches!(state, State::Published | State::Retired);
    let hidden = match deed.on {
        On::Nothing => false,
        // A working copy is gone once it is published.
        On::Draft => is_record || judge(person, Action::DraftRead, state, Some(OWN)).is_err(),
        // A record that was never published is nobody's to act on.
        On::Record => !is_record,
        // Of an agreement the coordinator knows an outline.
        On::Declaration | On::Agreement => !knows_declarations(person),
    };
    // Who is not known is told to sign in, whatever they name.
    if hidden && person.grants.is_none() && deed.action != Action::DraftRead {
        return Err("SIGN_IN_REQUIRED");
    }
    if hidden {
        return Err("NOT_FOUND");
    }
    let also = deed.also.map(|institution| judge(person, deed.action, state, Some(institution)));
    match (judge(person, deed.action, state, deed.institution), also) {
        (Err("ROLE_REQUIRED"), Some(other)) => other,
        (judged, _) => judged,
    }
}

fn make(stage: &Stage, deed: &Deed, state: State, caller: &Caller) -> Thing {
    match deed.on {
        On::Nothing => (deed.prepare)(stage, caller),
        On::Draft | On::Record => stage.draft(state),
        On::Declaration => stage.declaration(state),
        On::Agreement => stage.agreement(state),
    }
}

/// Whether a deed came out as expected; if not, what happened instead.
fn verdict(deed: &Deed, expected: Result<(), &'static str>, found: &Outcome) -> Result<(), String> {
    let expected = match (expected, deed.passes_with) {
        (Ok(()), Some(code)) => Err(code),
        (other, _) => other,
    };
    let found = found.as_ref().map(|_| ()).map_err(String::as_str);
    if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
}

fn log_length(looked: &Value) -> i64 {
    looked["auditLog"]["totalCount"].as_i64().expect("length of the log")
}

/// Tries a deed by everyone in one state. Refusals share a thing, for they leave it as it was; what is allowed gets a fresh one.
fn walk_state(stage: &Stage, deed: &Deed, state: State, stride: usize, cells: &mut usize, wrong: &mut Vec<String>) {
    let shared = if deed.on == On::Nothing { Thing::default() } else { make(stage, deed, state, &Caller::visitor()) };
    let mut known = None;
    for person in &stage.people {
        *cells += 1;
        let expected = expected(deed, state, person);
        let is_allowed = expected.is_ok() && deed.is_logged;
        if expected.is_err() && !cells.is_multiple_of(stride) {
            continue;
        }
        let is_shared = deed.on != On::Nothing && !is_allowed;
        let fresh;
        let thing = if is_shared {
            &shared
        } else {
            fresh = make(stage, deed, state, &person.caller);
            &fresh
        };
        let before = known.take().filter(|_| is_shared).unwrap_or_else(|| stage.look(thing));
        let found = (deed.perform)(stage, &person.caller, thing);
        let after = stage.look(thing);
        let cell = format!("{} by {} in {}", deed.name, person.name, state.code());
        if let Err(difference) = verdict(deed, expected, &found) {
            wrong.push(format!("{cell}: {difference}"));
        }
        if is_allowed && deed.passes_with.is_none() && log_length(&after) <= log_length(&before) {
            wrong.push(format!("{cell}: the log does not tell of it"));
        }
        if !is_allowed && after != before {
            wrong.push(format!("{cell}: it left a trace: {before} became {after}"));
        }
        known = is_shared.then_some(after);
    }
}

fn walk(backend: Backend, stride: usize) {
    let stage = Stage::open(backend);
    let (mut cells, mut wrong) = (0, Vec::new());
    for deed in &deeds() {
        for state in deed.on.states() {
            walk_state(&stage, deed, *state, stride, &mut cells, &mut wrong);
        }
    }
    for person in &stage.people {
        let expected = judge(person, Action::AccountManage, State::Any, None);
        let found = end_sessions(&stage, &person.caller).map(|_| ());
        if found.as_ref().map_err(String::as_str).copied() != expected {
            wrong.push(format!("sessionsEnd by {}: {found:?}", person.name));
        }
        let viewer = person.caller.data(&stage.server, "{ viewer { function } }", Value::Null);
        if !viewer["viewer"].is_null() {
            wrong.push(format!("the session of {} lives on", person.name));
        }
    }
    assert!(cells > 1_000, "the walk has only {cells} cells");
    assert!(wrong.is_empty(), "{} of {cells} cells on {backend:?}:\n{}", wrong.len(), wrong.join("\n"));
    stage.close();
}

#[test]
fn every_action_has_a_deed() {
    for action in Action::ALL {
        assert!(deeds().iter().any(|deed| deed.action == *action), "{action:?}");
    }
}

#[test]
fn every_cell_of_the_table_holds_on_sqlite() {
    walk(Backend::Sqlite, 1);
}

#[test]
fn the_allowed_cells_and_a_sample_of_the_refused_ones_hold_on_postgres() {
    walk(Backend::Postgres, 5);
}

/// Someone to whom the table gives the action, and a state in which it does.
fn rightful<'s>(stage: &'s Stage, deed: &Deed) -> (&'s Person, State) {
    let cells = stage.people.iter().flat_map(|person| deed.on.states().iter().map(move |state| (person, *state)));
    let mut allowed = cells.filter(|(person, state)| expected(deed, *state, person).is_ok());
    allowed.next().unwrap_or_else(|| panic!("nobody may {}", deed.name))
}

#[test]
fn a_token_does_only_what_it_was_made_for() {
    let stage = Stage::open(Backend::Sqlite);
    let all: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.code()).collect();
    let mut wrong = Vec::new();
    for deed in &deeds() {
        let (person, state) = rightful(&stage, deed);
        let rule = RULES.iter().find(|rule| rule.action == deed.action).expect("a rule");
        let others: Vec<&str> = all.iter().copied().filter(|code| rule.scope.is_none_or(|scope| scope.code() != *code)).collect();
        let code = match (rule.scope, deed.action) {
            (None, _) => "SESSION_REQUIRED",
            // Who may not read is told that there is nothing.
            (Some(_), Action::DraftRead) => "NOT_FOUND",
            (Some(_), _) => "SCOPE_REQUIRED",
        };
        let refused = person.caller.token(&stage.server, &others);
        let thing = make(&stage, deed, state, &person.caller);
        let before = stage.look(&thing);
        let found = (deed.perform)(&stage, &refused, &thing);
        if found.as_ref().err().map(String::as_str) != Some(code) {
            wrong.push(format!("{} with a token of {others:?}: expected {code}, found {found:?}", deed.name));
        }
        if stage.look(&thing) != before {
            wrong.push(format!("{} with a token of {others:?} left a trace", deed.name));
        }
        let Some(scope) = rule.scope else { continue };
        let fitting = person.caller.token(&stage.server, &[scope.code()]);
        if let Err(difference) = verdict(deed, Ok(()), &(deed.perform)(&stage, &fitting, &thing)) {
            wrong.push(format!("{} with a token of {scope:?} only: {difference}", deed.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    stage.close();
}

#[test]
fn who_wrote_or_submitted_a_risky_record_neither_validates_nor_publishes_it() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        let author = "jack-of-all-trades";
        for risk in ["NONE", "LOW", "MEDIUM", "HIGH", "VERY_HIGH"] {
            let is_risky = matches!(risk, "HIGH" | "VERY_HIGH");
            let expected = |action: Action| {
                let needed = RULES.iter().any(|rule| rule.action == action && rule.second_person);
                if is_risky && needed { Err("SECOND_PERSON_REQUIRED".to_owned()) } else { Ok(()) }
            };
            // Once as writer, once as the one who submits what another wrote.
            for (writer, submitter) in [(author, "editor"), ("editor", author)] {
                let mut thing = stage.begin(writer, risk);
                stage.step(submitter, "datasetSubmit", &mut thing);
                for (action, mutation, other) in
                    [(Action::Validate, "datasetValidate", "validator"), (Action::Publish, "datasetPublish", "validator")]
                {
                    let input = json!({ "draft": thing.draft, "expectedRevision": thing.draft_revision });
                    let before = stage.look(&thing);
                    let found = stage.perform(stage.person(author), mutation, input, "__typename").map(|_| ());
                    assert_eq!(found, expected(action), "{mutation} of {risk} by {author}, written by {writer} on {backend:?}");
                    if found.is_err() {
                        assert_eq!(stage.look(&thing), before);
                        stage.step(other, mutation, &mut thing);
                    } else if action == Action::Validate {
                        thing.draft_revision += 1;
                    }
                }
                let record = stage.look(&thing)["record"].clone();
                assert_eq!((&record["status"], &record["version"]), (&json!("PUBLISHED"), &json!(1)), "{record}");
            }
        }
        stage.close();
    }
}

#[test]
fn the_risk_that_counts_is_the_higher_of_draft_and_published_version() {
    let stage = Stage::open(Backend::Sqlite);
    let author = "jack-of-all-trades";
    let mut thing = stage.begin("editor", "HIGH");
    for (who, mutation) in [("editor", "datasetSubmit"), ("validator", "datasetValidate"), ("validator", "datasetPublish")] {
        stage.step(who, mutation, &mut thing);
    }
    // The class is lowered in the new draft: whoever does that must not wave it through alone.
    let input = json!({ "dataset": thing.dataset, "content": { "riskClass": "NONE" } });
    let made = stage.must(author, "datasetDraftCreate", input, "draft { id revision }");
    thing.draft = made["draft"]["id"].as_str().expect("identifier").to_owned();
    thing.draft_revision = made["draft"]["revision"].as_i64().expect("revision");
    stage.step(author, "datasetSubmit", &mut thing);
    let input = json!({ "draft": thing.draft, "expectedRevision": thing.draft_revision });
    let found = stage.perform(stage.person(author), "datasetValidate", input, "__typename");
    assert_eq!(found, Err("SECOND_PERSON_REQUIRED".to_owned()));
    stage.close();
}
