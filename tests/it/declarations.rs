//! Declared holdings: whose they are, what their withdrawal takes along, and who is told which title.

use serde_json::{Value, json};

use crate::drafting::{begin, content, copy, holding, publish};
use crate::harness::{BACKENDS, Backend, Server, institution};
use crate::outgoing::{Person, wait_for, wait_until};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done};

/// A catalogue with a producer and a holder, and their people.
struct Stage {
    registry: Registry,
    own: Session,
    holder: Person,
}

impl Stage {
    fn open(backend: Backend) -> Self {
        let registry = Registry::open(backend, &[institution("nso"), institution("observatory")]);
        let own = registry.invite("nso", "Statistician", &["EDITOR", "VALIDATOR"]);
        let holder = Person::join(&registry.place, &registry.server, "holder", "en", &["EDITOR@observatory"]);
        Self { registry, own, holder }
    }

    fn server(&self) -> &Server {
        &self.registry.server
    }

    fn publish(&self, slug: &str, change: impl FnOnce(&mut Value)) -> Value {
        let draft = begin(self.server(), &self.own, "nso", &content("nso", slug, change));
        publish(self.server(), &self.own, &self.own, &draft)
    }

    fn declare(&self, slug: &str) -> Value {
        let input = json!({ "dataset": slug, "institution": "observatory", "holding": holding("observatory", "HOLDER", "SECURE") });
        done(&act(self.server(), &self.holder.session, "register-holding-declare", input), "declaration")
    }

    fn decide(&self, operation: &str, claim: &Value, reason: Option<&str>) -> Value {
        let mut input = json!({ "declaration": claim["id"], "expectedRevision": claim["revision"] });
        if let Some(reason) = reason {
            input["reason"] = json!(reason);
        }
        done(&act(self.server(), &self.own, operation, input), "declaration")
    }

    fn withdraw(&self, claim: &Value) -> Value {
        let input = json!({ "declaration": claim["id"], "expectedRevision": claim["revision"] });
        done(&act(self.server(), &self.holder.session, "register-holding-withdraw", input), "declaration")
    }

    /// Version, holders and validation of a record, as anyone sees them.
    fn public(&self, slug: &str) -> Value {
        let query =
            "query($slug: String!) { dataset(slug: $slug) { version holdings { institution { slug } } producerValidation { version } } }";
        ask_as(self.server(), Who::Visitor, query, json!({ "slug": slug }))["dataset"].clone()
    }

    /// Title of the newest notice of a kind for the holder, once there are so many.
    fn told(&self, kind: &str, count: usize) -> String {
        let of_kind = || self.holder.notifications(self.server()).into_iter().filter(|(known, _)| known == kind).collect::<Vec<_>>();
        wait_for(kind, 15, || Some(of_kind()).filter(|found| found.len() == count))[0].1.clone()
    }
}

#[test]
fn a_withdrawal_takes_out_only_what_a_confirmation_put_in() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        let both = json!([holding("nso", "PRODUCER", "UNKNOWN"), holding("observatory", "HOLDER", "UNKNOWN")]);
        stage.publish("written", |c| c["holdings"] = both);
        let before = stage.public("written");
        assert_eq!(
            (&before["holdings"][1]["institution"]["slug"], &before["producerValidation"]["version"]),
            (&json!("observatory"), &json!(1))
        );
        let contested = stage.decide("register-holding-contest", &stage.declare("written"), Some("It is in the record already."));
        assert_eq!(stage.withdraw(&contested)["state"], "WITHDRAWN");
        assert_eq!(stage.public("written"), before, "the producer's own statement stays, and so does its validation");
        // Confirmed, changed, and withdrawn before the producer decided on the change: what was confirmed goes.
        stage.publish("confirmed", |_| {});
        let confirmed = stage.decide("register-holding-confirm", &stage.declare("confirmed"), None);
        assert_eq!(stage.public("confirmed")["holdings"].as_array().map(Vec::len), Some(2));
        let terms = holding("observatory", "HOLDER", "NOT_SHARED");
        let input = json!({ "declaration": confirmed["id"], "expectedRevision": confirmed["revision"], "holding": terms });
        let changed = done(&act(stage.server(), &stage.holder.session, "register-holding-update", input), "declaration");
        assert_eq!(stage.withdraw(&changed)["state"], "WITHDRAWN");
        assert_eq!(stage.public("confirmed")["holdings"], json!([{ "institution": { "slug": "nso" } }]));
        stage.registry.close();
    }
}

#[test]
fn a_confirmed_declaration_that_the_producer_leaves_out_is_contested_and_its_holder_told() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        stage.publish("survey", |_| {});
        stage.decide("register-holding-confirm", &stage.declare("survey"), None);
        let without = json!({ "holdings": [holding("nso", "PRODUCER", "UNKNOWN")] });
        let input = json!({ "dataset": "survey", "content": without, "changeNote": "Seule la source" });
        let draft = done(&act(stage.server(), &stage.own, "register-working-copy", input), "draft");
        publish(stage.server(), &stage.own, &stage.own, &crate::drafting::Seen::of(&draft));
        assert_eq!(stage.told("HOLDING_CONTESTED", 1), "Titre de survey");
        let query = "{ viewer { holdingDeclarations { nodes { state reason } } } }";
        let claims = stage.holder.ask(stage.server(), query, Value::Null)["viewer"]["holdingDeclarations"]["nodes"].clone();
        assert_eq!(claims, json!([{ "state": "CONTESTED", "reason": "Version 3: Seule la source" }]));
        // The log says what was and what is.
        let auditor = Person::join(&stage.registry.place, stage.server(), "auditor", "en", &["AUDITOR"]);
        let log = "{ auditLog(where: { entities: [\"HOLDING\"] }, first: 1) { nodes { kind changes { path before after } } } }";
        let entry = auditor.ask(stage.server(), log, Value::Null)["auditLog"]["nodes"][0].clone();
        let changes = entry["changes"].as_array().expect("changes");
        assert!(changes.contains(&json!({ "path": "state", "before": "CONFIRMED", "after": "CONTESTED" })), "{entry}");
        stage.registry.close();
    }
}

#[test]
fn a_holder_is_told_no_title_of_what_it_may_not_see() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        stage.publish("survey", |_| {});
        let claim = stage.declare("survey");
        // A working copy is the producer's alone.
        let titles = json!([{ "language": "fr", "text": "Titre secret" }]);
        let draft = copy(stage.server(), &stage.own, "survey", &json!({ "titles": titles, "visibility": "COORDINATOR" }));
        let contested = stage.decide("register-holding-contest", &claim, Some("Non."));
        assert_eq!(stage.told("HOLDING_CONTESTED", 1), "Titre de survey");
        publish(stage.server(), &stage.own, &stage.own, &draft);
        stage.decide("register-holding-confirm", &contested, None);
        assert_eq!(stage.told("HOLDING_CONFIRMED", 1), "");
        let retire = "query { dataset(slug: \"survey\") { id revision } }";
        let record = ask_as(stage.server(), &stage.own, retire, Value::Null)["dataset"].clone();
        let input = json!({ "dataset": record["id"], "expectedRevision": record["revision"], "reason": "Closed." });
        done(&act(stage.server(), &stage.own, "register-retire", input), "dataset");
        // What is told later is told after it, so that the silence can be waited for.
        let admin = Person::join(&stage.registry.place, stage.server(), "admin", "en", &["ADMIN"]);
        admin.change_role(stage.server(), "membershipGrant", &stage.holder.id(&stage.registry.place), "ACCESS_OFFICER", "observatory");
        wait_until("the later notice", 15, || {
            stage.holder.notifications(stage.server()).iter().any(|(kind, _)| kind == "MEMBERSHIP_GRANTED")
        });
        let told = format!("{:?}", stage.holder.notifications(stage.server()));
        assert!(!told.contains("DATASET_RETIRED") && !told.contains("secret"), "{told}");
        stage.registry.close();
    }
}

#[test]
fn a_conflict_names_the_fields_and_a_tombstone_its_reason() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        stage.publish("survey", |_| {});
        let draft = copy(stage.server(), &stage.own, "survey", &json!({ "themes": ["MT-0702"] }));
        publish(stage.server(), &stage.own, &stage.own, &draft);
        let late = json!({ "dataset": "survey", "expectedRevision": 1, "reason": "Replaced." });
        let refused = act(stage.server(), &stage.own, "register-retire", late);
        assert_eq!((codes(&refused), &refused["errors"][0]["conflict"]["fields"]), (vec!["CONFLICT"], &json!(["themes"])), "{refused}");
        let update = "mutation($r: Int!, $a: String) { institutionUpdate(input: { institution: \"nso\", expectedRevision: $r, content: { acronym: $a } }) \
                      { errors { conflict { fields } } } }";
        let set = |acronym: &str| {
            ask_as(stage.server(), &stage.own, update, json!({ "r": 1, "a": acronym }))["institutionUpdate"]["errors"].clone()
        };
        assert_eq!(set("NSO"), json!([]));
        assert_eq!(set("N.S.O."), json!([{ "conflict": { "fields": ["acronym"] } }]));
        let input = json!({ "dataset": "survey", "expectedRevision": 2, "reason": "Replaced by another." });
        done(&act(stage.server(), &stage.own, "register-retire", input), "dataset");
        let query = "{ dataset(slug: \"survey\") { status versions { nodes { number changeNote } } diff(from: 1) { path } } }";
        let answer = stage.server().graphql_as(Who::Visitor, query, Value::Null).json();
        let versions = json!({ "nodes": [{ "number": 3, "changeNote": "Replaced by another." }] });
        assert_eq!(answer["data"]["dataset"], json!({ "status": "RETIRED", "versions": versions, "diff": null }), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
        stage.registry.close();
    }
}

#[test]
fn who_is_given_or_loses_a_role_is_answered_with_those_that_are_left() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        let admin = Person::join(&stage.registry.place, stage.server(), "admin", "en", &["ADMIN"]);
        let id = stage.holder.id(&stage.registry.place);
        for (mutation, left) in [
            ("membershipGrant", json!([{ "role": "EDITOR" }, { "role": "VALIDATOR" }])),
            ("membershipRevoke", json!([{ "role": "EDITOR" }])),
        ] {
            let query = format!(
                "mutation($input: MembershipInput!) {{ done: {mutation}(input: $input) {{ member {{ roles {{ role }} }} errors {{ code }} }} }}"
            );
            let input = json!({ "person": id, "role": "VALIDATOR", "institution": "observatory" });
            let done = ask_as(stage.server(), &admin.session, &query, json!({ "input": input }))["done"].clone();
            assert_eq!(done, json!({ "member": { "roles": left }, "errors": [] }), "{mutation}");
        }
        stage.registry.close();
    }
}

#[test]
fn mailboxes_of_desks_and_remarks_of_reviews_are_checked() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        let update = "mutation($m: String) { institutionUpdate(input: { institution: \"nso\", expectedRevision: 1, content: { desk: { \
                      function: [{ language: \"en\", text: \"Desk\" }], mailbox: $m } } }) { errors { code path } } }";
        let set =
            |mailbox: &str| ask_as(stage.server(), &stage.own, update, json!({ "m": mailbox }))["institutionUpdate"]["errors"].clone();
        for wrong in ["a@b.cc\r\nBcc: x@y.zz", "a@b.cc, d@e.ff", "Desk <a@b.cc>", "nobody"] {
            assert_eq!(set(wrong), json!([{ "code": "INVALID", "path": ["desk", "mailbox"] }]), "{wrong:?}");
        }
        assert_eq!(set("desk@nso.example"), json!([]));
        let desk = json!({ "function": { "en": { "text": "Desk", "status": "OFFICIAL" } }, "mailbox": "a@b.cc, d@e.ff" });
        let line = institution("other").replace("\"kind\"", &format!("\"desk\":{desk},\"kind\""));
        let file = stage.registry.place.write("desk.jsonl", line);
        let done = stage.registry.place.run(&["import", &file]);
        assert!(String::from_utf8_lossy(&done.stdout).contains("1 refused"), "{done:?}");
        stage.publish("survey", |_| {});
        let coordinator = stage.registry.add("Coordination", "COORDINATOR");
        let input = json!({ "dataset": "survey", "version": 1, "note": "x".repeat(2_001), "withdraw": false });
        assert_eq!(codes(&act(stage.server(), &coordinator, "register-review", input)), ["INVALID"]);
        stage.registry.close();
    }
}

/// A producer states what another institution holds: that one is told, whenever what is stated of it is new.
#[test]
fn who_is_named_as_holder_is_told_what_is_stated_of_them() {
    for backend in BACKENDS {
        let stage = Stage::open(backend);
        let named = |access: &str| json!([holding("nso", "PRODUCER", "UNKNOWN"), holding("observatory", "HOLDER", access)]);
        stage.publish("survey", |doc| doc["holdings"] = named("SECURE"));
        assert_eq!(stage.told("HOLDING_STATED", 1), "Titre de survey");
        // What is published again without a word on their holding is not told again; other terms are.
        for (change, count) in
            [(json!({ "abstract": [{ "language": "fr", "text": "Autre résumé." }] }), 1), (json!({ "holdings": named("OPEN") }), 2)]
        {
            let draft = copy(stage.server(), &stage.own, "survey", &change);
            publish(stage.server(), &stage.own, &stage.own, &draft);
            assert_eq!(stage.told("HOLDING_STATED", count), "Titre de survey");
        }
        // What is told comes in the order of the log: had the second version been told, there were three.
        let query = "{ viewer { notifications(first: 50) { nodes { kind from } } } }";
        let seen = ask_as(stage.server(), &stage.holder.session, query, Value::Null)["viewer"]["notifications"]["nodes"].clone();
        let stated: Vec<&Value> = seen.as_array().expect("notices").iter().filter(|notice| notice["kind"] == "HOLDING_STATED").collect();
        assert_eq!((stated.len(), &stated[0]["from"]), (2, &json!("Name of nso")), "{seen}");
        stage.registry.close();
    }
}
