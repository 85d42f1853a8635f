//! The walk through all cells, with the requests that it makes on its way.

use std::cell::Cell;
use std::collections::VecDeque;

use rihla::domain::vocabulary::{RequestCommand as C, RequestState as S, Vocabulary};
use rihla::service::access_requests::filing::text_hash;
use serde_json::{Map, Value, json};

use super::{DEEDS, PEOPLE, TEXT, consumes, expected, roles_in};
use crate::access_documents::{address, code, send};
use crate::access_requests::cast::{Cast, NSO, Request, answers, day, email, lines};
use crate::harness::Backend;
use crate::people::{ask_as, codes};

/// The stage with requests in the making.
struct Walk {
    cast: Cast,
    named: Cell<u32>,
    built: u32,
    expired: VecDeque<Request>,
    wrong: Vec<String>,
    cells: usize,
}

impl Walk {
    fn more(&self, command: C) -> Value {
        let text = "A text.";
        match command {
            C::Save => json!({ "answers": [{ "question": "project-title", "text": "Another title" }] }),
            C::AddMember => {
                self.named.set(self.named.get() + 1);
                json!({ "name": "Somebody", "email": email(&format!("somebody-{}", self.named.get())) })
            }
            C::RemoveMember => json!({ "member": 1 }),
            C::Submit | C::Erase => json!({}),
            C::Return | C::Suspend | C::Revoke | C::ConfirmDestruction | C::Close | C::Appeal | C::Message => {
                json!({ "part": 1, "text": text })
            }
            C::Note => json!({ "part": 1, "text": text, "isInternal": true }),
            C::Invite => json!({ "part": 1, "email": email("third"), "role": "REVIEWER" }),
            // Two deciders and the adviser come with the desk.
            C::Uninvite => json!({ "part": 1, "invitation": 4 }),
            C::DeclareInterest => json!({ "part": 1, "hasConflict": false }),
            C::Recommend => json!({ "part": 1, "recommendation": "COMMENT_ONLY", "text": text }),
            C::Decide => json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") }),
            C::ProposeAgreement => json!({ "part": 1, "text": TEXT, "until": day(900) }),
            C::AcceptUndertaking => json!({ "part": 1, "textHash": text_hash(TEXT) }),
            // An agreement that there is not.
            C::Activate => json!({ "part": 1, "agreement": "YWdyZWVtZW50OjAwMDAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA" }),
            C::RequestRenewal => json!({ "part": 1, "until": day(1_500), "text": text }),
            C::DecideRenewal => json!({ "part": 1, "isGranted": true }),
            C::DecideAppeal => json!({ "part": 1, "isUpheld": true, "text": text }),
            _ => json!({ "part": 1 }),
        }
    }

    fn step(&self, name: &str, request: &Request, command: C) {
        let (_, operation, ..) = DEEDS.iter().find(|(known, ..)| *known == command).expect("a deed");
        self.cast.step(name, request, operation, self.more(command));
    }

    /// A new request with a member, in a state.
    fn build(&mut self, state: S) -> Request {
        if state == S::Expired {
            if self.expired.is_empty() {
                self.fill_expired();
            }
            return self.expired.pop_front().expect("an expired request");
        }
        self.built += 1;
        if self.built.is_multiple_of(8) {
            self.cast.another_day();
        }
        let request = self.cast.begin("researcher", &[NSO], json!({}));
        self.cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
        self.cast.step("researcher", &request, "member-add", json!({ "name": "A Colleague", "email": email("colleague") }));
        if state != S::Draft {
            self.submit(&request);
            self.lead(&request, state, &day(900));
        }
        request
    }

    fn submit(&self, request: &Request) {
        self.step("researcher", request, C::Submit);
        self.cast.step("conflicted", request, "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "My sister asks." }));
        self.cast.step("officer", request, "invite", json!({ "part": 1, "email": email("reviewer"), "role": "REVIEWER" }));
        for name in ["adviser", "reviewer", "decider", "chair"] {
            self.step(name, request, C::DeclareInterest);
        }
    }

    /// Leads a submitted request into a state.
    fn lead(&self, request: &Request, state: S, until: &str) {
        let to = |state: S| self.lead(request, state, until);
        match state {
            S::Returned => self.step("officer", request, C::Return),
            S::Withdrawn => self.step("researcher", request, C::Withdraw),
            S::Complete => {
                for invitation in 1..=4 {
                    self.cast.step("officer", request, "uninvite", json!({ "part": 1, "invitation": invitation }));
                }
                self.step("officer", request, C::ConfirmComplete);
            }
            S::InReview => self.step("officer", request, C::ConfirmComplete),
            S::Approved | S::ApprovedWithConditions | S::Rejected => {
                to(S::InReview);
                let mut decision = match state {
                    S::Approved => json!({ "outcome": "APPROVED", "lines": lines(&[], "MET") }),
                    S::Rejected => json!({ "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "No." }),
                    _ => json!({ "outcome": "APPROVED_WITH_CONDITIONS", "lines": lines(&[("DATA", "Only some")], "MET") }),
                };
                decision["part"] = json!(1);
                self.cast.step("chair", request, "decide", decision);
            }
            S::AgreementPending => {
                to(S::Approved);
                self.cast.step("officer", request, "propose", json!({ "part": 1, "text": TEXT, "until": until }));
            }
            S::Active => {
                to(S::AgreementPending);
                self.step("researcher", request, C::AcceptUndertaking);
                self.step("colleague", request, C::AcceptUndertaking);
            }
            S::RenewalRequested => {
                to(S::Active);
                self.step("researcher", request, C::RequestRenewal);
            }
            S::Suspended | S::Revoked => {
                to(S::Active);
                self.step("officer", request, if state == S::Suspended { C::Suspend } else { C::Revoke });
            }
            S::Closed => {
                to(S::Revoked);
                // While it can be appealed, a holder closes only what the applicant has ended too.
                self.step("researcher", request, C::ConfirmDestruction);
                self.step("officer", request, C::Close);
            }
            S::Appealed => {
                to(S::Rejected);
                self.step("researcher", request, C::Appeal);
            }
            _ => {}
        }
    }

    /// Requests whose end date has passed, as many as the table has commands for: the clock acts on all of them at once.
    fn fill_expired(&mut self) {
        for _ in 0..7 {
            let request = self.build(S::Submitted);
            self.lead(&request, S::Active, &day(30));
            self.expired.push_back(request);
        }
        self.cast.clock(&day(31));
        self.expired.iter().for_each(|request| self.cast.refresh(request));
    }

    /// Where the request stands, and the length of the log.
    fn look(&self, request: &Request) -> Value {
        let query = "query($id: ID!) { accessRequest(id: $id) { revision state parts { state } } }";
        let seen = ask_as(&self.cast.server, self.cast.who("researcher"), query, json!({ "id": request.id }));
        let log = ask_as(&self.cast.server, self.cast.who("auditor"), "{ auditLog(first: 1) { totalCount } }", Value::Null);
        json!({ "request": seen["accessRequest"], "log": log["auditLog"]["totalCount"] })
    }

    /// Tries everything that somebody may not do, in one document; nothing may be left of it.
    fn refuse(&mut self, request: &Request, state: S, name: &str, refused: &[(usize, &'static str)]) {
        if refused.is_empty() {
            return;
        }
        let (mut declared, mut fields, mut variables) = (Vec::new(), Vec::new(), Map::new());
        for (place, _) in refused {
            let (command, _, mutation, kind) = DEEDS[*place];
            let mut input = json!({ "request": request.id });
            for (key, value) in self.more(command).as_object().into_iter().flatten() {
                input[key.as_str()] = value.clone();
            }
            if !matches!(command, C::AcceptUndertaking | C::Message | C::Note) {
                input["expectedRevision"] = json!(*request.revision.borrow());
            }
            declared.push(format!("$i{place}: AccessRequest{kind}Input!"));
            fields.push(format!("m{place}: accessRequest{mutation}(input: $i{place}) {{ errors {{ code }} }}"));
            variables.insert(format!("i{place}"), input);
        }
        let before = self.look(request);
        let document = format!("mutation({}) {{ {} }}", declared.join(", "), fields.join(" "));
        let data = ask_as(&self.cast.server, self.cast.who(name), &document, Value::Object(variables));
        for (place, code) in refused {
            let found = &data[format!("m{place}").as_str()];
            if codes(found).first() != Some(code) {
                self.wrong.push(format!("{} by {name} in {}: expected {code}, found {found}", DEEDS[*place].0.code(), state.code()));
            }
        }
        let after = self.look(request);
        if after != before {
            self.wrong.push(format!("what {name} was refused in {} left a trace: {before} became {after}", state.code()));
        }
    }

    /// Does what somebody may do.
    fn allow(&mut self, request: &Request, state: S, name: &str, place: usize) {
        let (command, operation, ..) = DEEDS[place];
        // Before the data are destroyed nothing is closed that can be appealed, and nothing is erased.
        if matches!((command, state), (C::Close, S::Revoked) | (C::Erase, S::Revoked | S::Expired)) {
            self.step("researcher", request, C::ConfirmDestruction);
        }
        let before = self.look(request);
        let done = self.cast.try_step(self.cast.who(name), request, operation, self.more(command));
        let after = self.look(request);
        let cell = format!("{} by {name} in {}", command.code(), state.code());
        if !codes(&done).is_empty() {
            self.wrong.push(format!("{cell}: {done}"));
        } else if after["request"]["revision"].as_i64() <= before["request"]["revision"].as_i64()
            || after["log"].as_i64() <= before["log"].as_i64()
        {
            self.wrong.push(format!("{cell}: nothing tells of it: {before} became {after}"));
        }
        if let Some(revision) = after["request"]["revision"].as_i64() {
            *request.revision.borrow_mut() = revision;
        }
    }

    /// Attaches a document as each of them, which is no mutation.
    fn attach(&mut self, request: &Request, state: S, stride: usize) {
        for (name, roles) in PEOPLE {
            self.cells += 1;
            if !self.cells.is_multiple_of(stride) {
                continue;
            }
            let before = self.look(request);
            let answer =
                send(&self.cast.server, self.cast.who(name), &address(&request.id, "name=opinion.txt&part=1"), &[], b"An opinion.");
            let after = self.look(request);
            let found = if answer.status == 201 { Ok(()) } else { Err(code(&answer)) };
            let wanted = expected(C::Attach, state, name, roles_in(state, name, roles));
            if found != wanted.map_err(str::to_owned) || found.is_ok() == (after == before) {
                self.wrong
                    .push(format!("ATTACH by {name} in {}: expected {wanted:?}, found {found:?}; {before} became {after}", state.code()));
            }
            if let Some(revision) = after["request"]["revision"].as_i64() {
                *request.revision.borrow_mut() = revision;
            }
        }
    }

    fn walk_state(&mut self, state: S, stride: usize) {
        let mut request = self.build(state);
        let seen = self.look(&request);
        assert_eq!(seen["request"]["parts"][0]["state"], state.code(), "{seen}");
        self.attach(&request, state, stride);
        let mut allowed = Vec::new();
        for (name, roles) in PEOPLE {
            let roles = roles_in(state, name, roles);
            let mut refused = Vec::new();
            for (place, (command, ..)) in DEEDS.iter().enumerate() {
                self.cells += 1;
                let is_wanted = self.cells.is_multiple_of(stride);
                match expected(*command, state, name, roles) {
                    Err(code) if is_wanted => refused.push((place, code)),
                    Ok(()) if is_wanted => allowed.push((name, place)),
                    _ => {}
                }
            }
            self.refuse(&request, state, name, &refused);
        }
        allowed.sort_by_key(|(_, place)| consumes(DEEDS[*place].0));
        let mut is_spent = false;
        for (name, place) in allowed {
            if is_spent {
                request = self.build(state);
            }
            self.allow(&request, state, name, place);
            is_spent = consumes(DEEDS[place].0);
        }
    }
}

/// Tries every so many cells of each state; with a stride of 1 all of them.
pub fn walk(backend: Backend, stride: usize) {
    let mut walk = Walk { cast: Cast::open(backend), named: Cell::new(0), built: 0, expired: VecDeque::new(), wrong: Vec::new(), cells: 0 };
    // First what the clock must have ended, while there is nothing else that it could act on.
    walk.walk_state(S::Expired, stride);
    for state in S::ALL.iter().filter(|state| **state != S::Expired) {
        walk.walk_state(*state, stride);
    }
    let Walk { cast, wrong, cells, .. } = walk;
    assert_eq!(cells, S::ALL.len() * PEOPLE.len() * (DEEDS.len() + 1));
    assert!(wrong.is_empty(), "{} of {cells} cells on {backend:?}:\n{}", wrong.len(), wrong.join("\n"));
    cast.close();
}
