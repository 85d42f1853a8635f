//! The registers through the front door: written down, validated, asked for, committed, fulfilled, agreed; each in somebody's name.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, dataset, institution};
use crate::outgoing::wait_until;
use crate::people::{Registry, Session, Who, act, ask_as, ask_in, codes, done};

/// A catalogue with two producers, a partner and the coordinator.
pub struct Cast {
    pub registry: Registry,
    pub editor: Session,
    pub validator: Session,
    pub other: Session,
    pub partner: Session,
    pub coordinator: Session,
    pub member: Session,
}

pub fn text(words: &str) -> Value {
    json!([{ "language": "fr", "text": words }])
}

impl Cast {
    pub fn open(backend: Backend) -> Self {
        let registry = Registry::open(backend, &[institution("nso"), institution("police"), institution("agency"), institution("region")]);
        let record = |slug: &str, producer: &str, change: &dyn Fn(&mut Value)| {
            dataset(slug, |doc| {
                doc["producer"] = json!(producer);
                doc["holdings"] = json!([]);
                change(doc);
            })
        };
        let figures =
            json!([{ "subject": { "fr": { "text": "Total", "status": "OFFICIAL" } }, "values": [{ "value": "1" }, { "value": "2" }] }]);
        let lines = [
            record("census", "nso", &|doc| doc["discrepancies"] = figures.clone()),
            record("permits", "police", &|_| ()),
            record("hidden", "police", &|doc| doc["visibility"] = json!("COORDINATOR")),
        ];
        let file = registry.place.write("records.jsonl", lines.join("\n"));
        registry.place.run_ok(&["import", &file]);
        registry.server.wait_for_index();
        let editor = registry.invite("nso", "Statistician", &["EDITOR"]);
        let validator = registry.invite("nso", "Director", &["VALIDATOR"]);
        let other = registry.invite("police", "Validator of the police", &["VALIDATOR"]);
        let partner = registry.invite("agency", "Programme officer", &["EDITOR", "VALIDATOR"]);
        let coordinator = registry.add("Coordinator", "COORDINATOR");
        let member = registry.invite("region", "Planner", &["ACCESS_OFFICER"]);
        Self { registry, editor, validator, other, partner, coordinator, member }
    }

    pub fn act(&self, who: &Session, name: &str, input: Value) -> Value {
        act(&self.registry.server, who, name, input)
    }

    /// The entry that came of a mutation which was carried out.
    pub fn made(&self, who: &Session, name: &str, input: Value) -> Value {
        done(&self.act(who, name, input), "entry")
    }

    /// The entry after a command.
    pub fn step(&self, who: &Session, name: &str, entry: &Value, more: Value) -> Value {
        self.made(who, name, joined(entry, more))
    }

    /// Codes of the errors of a command that is refused.
    pub fn refused(&self, who: &Session, name: &str, entry: &Value, more: Value) -> Vec<String> {
        let payload = self.act(who, name, joined(entry, more));
        assert!(payload["entry"].is_null(), "{payload}");
        codes(&payload).into_iter().map(str::to_owned).collect()
    }

    fn seen<'a>(&'a self, who: impl Into<Who<'a>>, entry: &Value) -> Value {
        let query =
            "query($id: ID!) { registerEntry(id: $id) { state datasets { slug } mailbox history { note by } } node(id: $id) { id } }";
        ask_as(&self.registry.server, who, query, json!({ "id": entry["id"] }))
    }

    pub fn listed<'a>(&'a self, who: impl Into<Who<'a>>, filter: &str) -> u64 {
        let query = format!("{{ registerEntries(where: {filter}) {{ totalCount }} }}");
        ask_as(&self.registry.server, who, &query, Value::Null)["registerEntries"]["totalCount"].as_u64().expect("a count")
    }

    pub fn notices(&self, who: &Session) -> Vec<String> {
        let data = ask_as(&self.registry.server, who, "{ viewer { notifications(first: 50) { nodes { kind } } } }", Value::Null);
        let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
        nodes.iter().filter_map(|node| node["kind"].as_str()).map(str::to_owned).collect()
    }

    /// The last notice of a kind that somebody was given.
    pub fn told(&self, who: &Session, kind: &str) -> Value {
        let query = "{ viewer { notifications(first: 50) { nodes { kind text title reason from until untilKind url } } } }";
        let data = ask_as(&self.registry.server, who, query, Value::Null);
        let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
        nodes.into_iter().find(|node| node["kind"] == kind).unwrap_or_else(|| panic!("no notice of {kind}"))
    }

    pub fn wait_for_notice(&self, who: &Session, kind: &str) {
        wait_until(kind, 20, || self.notices(who).iter().any(|known| known == kind));
    }
}

pub fn joined(entry: &Value, more: Value) -> Value {
    let mut input = json!({ "entry": entry["id"], "expectedRevision": entry["revision"] });
    for (key, value) in more.as_object().expect("an object") {
        input[key] = value.clone();
    }
    input
}

fn challenge(institution: &str) -> Value {
    json!({
        "kind": "CHALLENGE", "institution": institution, "datasets": ["census"],
        "content": { "title": text("Accès"), "text": text("Les microdonnées manquent."), "challengeKind": "ACCESS", "actions": ["H"], "themes": ["MT-0701"] },
    })
}

#[test]
fn what_is_said_at_a_workshop_waits_for_the_institution_that_said_it() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        // The coordinator writes down what the statistical office said; nobody else can, and nobody else sees it yet.
        assert_eq!(codes(&cast.act(&cast.partner, "registers-create", challenge("nso"))), ["ROLE_REQUIRED"]);
        assert_eq!(codes(&cast.act(&cast.member, "registers-create", challenge("nso"))), ["ROLE_REQUIRED"]);
        let entry = cast.made(&cast.coordinator, "registers-create", challenge("nso"));
        assert_eq!((&entry["state"], &entry["datasets"]), (&json!("DRAFT"), &json!([{ "slug": "census" }])));
        for who in [Who::Visitor, (&cast.member).into(), (&cast.partner).into(), (&cast.other).into()] {
            assert_eq!(cast.seen(who, &entry), json!({ "registerEntry": null, "node": null }), "{who:?}");
            assert_eq!(cast.listed(who, "{ kinds: [CHALLENGE] }"), 0);
        }
        cast.wait_for_notice(&cast.validator, "REGISTER_TO_VALIDATE");
        // The coordinator does not validate in another's name; the editor does not either.
        for who in [&cast.coordinator, &cast.editor] {
            assert_eq!(cast.refused(who, "registers-validate", &entry, json!({})), ["ROLE_REQUIRED"]);
        }
        assert_eq!(cast.refused(&cast.partner, "registers-validate", &entry, json!({})), ["NOT_FOUND"]);
        let valid = cast.step(&cast.validator, "registers-validate", &entry, json!({}));
        assert_eq!(valid["state"], "VALIDATED");
        let seen = cast.seen(Who::Visitor, &entry);
        assert_eq!(seen["registerEntry"]["state"], "VALIDATED");
        assert!(seen["registerEntry"]["history"][0]["by"].is_null(), "visitors are not told functions: {seen}");
        assert_eq!(cast.seen(&cast.member, &entry)["registerEntry"]["history"][1]["by"], "Director");
        // What is changed waits again; a stale write is refused.
        let stale = cast.act(&cast.editor, "registers-update", joined(&entry, json!({ "content": { "text": text("x") } })));
        assert_eq!(codes(&stale), ["CONFLICT"]);
        let changed = cast.step(
            &cast.editor,
            "registers-update",
            &valid,
            json!({ "content": { "text": text("Autre texte."), "answer": text("Réponse.") } }),
        );
        assert_eq!(
            (&changed["state"], cast.listed(Who::Visitor, "{ kinds: [CHALLENGE] }")),
            (&json!("DRAFT"), 1),
            "what was validated stands"
        );
        let valid = cast.step(&cast.validator, "registers-validate", &changed, json!({}));
        assert_eq!(cast.refused(&cast.validator, "registers-close", &valid, json!({})), ["INVALID"], "what became of it is said");
        let closed = cast.step(&cast.validator, "registers-close", &valid, json!({ "note": "Convention signée" }));
        assert_eq!((&closed["state"], &closed["history"][4]["note"]), (&json!("CLOSED"), &json!("Convention signée")));
        let open = cast.step(&cast.validator, "registers-reopen", &closed, json!({ "note": "Convention expirée" }));
        let gone = cast.step(&cast.validator, "registers-withdraw", &open, json!({ "note": "Double" }));
        assert_eq!((&gone["state"], &gone["viewerActions"]), (&json!("WITHDRAWN"), &json!([])));
        assert_eq!(cast.seen(Who::Visitor, &entry)["registerEntry"], Value::Null);
        cast.registry.close();
    }
}

#[test]
fn pairs_are_decided_and_notes_agreed_by_their_producers() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let pair = json!({ "dataset": "census", "other": "permits", "note": "Champs différents" });
        assert_eq!(codes(&cast.act(&cast.partner, "overlap-confirm", pair.clone())), ["ROLE_REQUIRED"], "a third party decides nothing");
        let decided = cast.made(&cast.editor, "overlap-confirm", pair.clone());
        assert_eq!(decided["state"], "CONFIRMED");
        cast.wait_for_notice(&cast.other, "OVERLAP_DECIDED");
        let turned = cast.made(&cast.other, "overlap-reject", json!({ "dataset": "permits", "other": "census" }));
        assert_eq!((&turned["id"], &turned["state"]), (&decided["id"], &json!("REJECTED")), "one for each pair");
        assert_eq!(turned["history"].as_array().map(Vec::len), Some(2), "the first decision is remembered");
        let pairs = "{ overlaps(where: { states: [REJECTED] }) { nodes { state decidedBy { slug } one { slug } other { slug } } } }";
        let shown = cast.registry.server.ask(pairs)["overlaps"]["nodes"].clone();
        assert_eq!((&shown[0]["state"], &shown[0]["decidedBy"]), (&json!("REJECTED"), &json!([{ "slug": "police" }])), "{shown}");
        let hidden = json!({ "dataset": "census", "other": "hidden" });
        assert_eq!(codes(&cast.act(&cast.editor, "overlap-confirm", hidden.clone())), ["NOT_FOUND"]);
        let between = cast.made(&cast.coordinator, "overlap-confirm", hidden);
        // Who sees a stub of a record is told that it is not known by the name that they typed.
        let stub = dataset("stub", |doc| {
            (doc["producer"], doc["holdings"], doc["visibility"]) = (json!("police"), json!([]), json!("STUB"));
        });
        cast.registry.place.run_ok(&["import", &cast.registry.place.write("stub.jsonl", stub)]);
        let judged = || cast.act(&cast.editor, "overlap-confirm", json!({ "dataset": "census", "other": "stub" }));
        wait_until("the stub", 20, || cast.registry.server.ask("{ dataset(slug: \"stub\") { slug } }")["dataset"].is_object());
        let refused = judged();
        let message = refused["errors"][0]["message"].as_str().expect("a message");
        assert!(codes(&refused) == ["NOT_FOUND"] && message.contains("dataset `stub`"), "{refused}");
        for who in [Who::Visitor, (&cast.editor).into(), (&cast.member).into()] {
            assert_eq!(cast.seen(who, &between), json!({ "registerEntry": null, "node": null }), "{who:?}");
            assert_eq!(cast.listed(who, "{ kinds: [OVERLAP] }"), 1);
        }

        let note = json!({ "dataset": "census", "other": "permits", "verdict": "WITH_CAUTION", "text": text("Le permis n'est pas la résidence.") });
        assert_eq!(codes(&cast.act(&cast.partner, "comparability-note-propose", note.clone())), ["ROLE_REQUIRED"]);
        let proposed = cast.made(&cast.editor, "comparability-note-propose", note.clone());
        assert_eq!((&proposed["state"], &proposed["agreedBy"]), (&json!("PROPOSED"), &json!([])), "an editor agrees with nothing yet");
        assert_eq!(codes(&cast.act(&cast.other, "comparability-note-propose", note)), ["CONFLICT"], "one for each pair");
        assert_eq!(cast.seen(Who::Visitor, &proposed)["registerEntry"], Value::Null, "not before both agree");
        cast.wait_for_notice(&cast.other, "NOTE_PROPOSED");
        assert_eq!(cast.refused(&cast.editor, "registers-agree", &proposed, json!({})), ["ROLE_REQUIRED"]);
        let half = cast.step(&cast.other, "registers-agree", &proposed, json!({}));
        assert_eq!((&half["state"], &half["agreedBy"]), (&json!("PROPOSED"), &json!([{ "slug": "police" }])));
        assert_eq!(cast.seen(Who::Visitor, &proposed)["registerEntry"], Value::Null, "one of two is not both");
        cast.wait_for_notice(&cast.validator, "NOTE_CONSENTED");
        assert_eq!(cast.refused(&cast.other, "registers-agree", &half, json!({})), ["CONFLICT"], "who has agreed has nothing to add");
        let agreed = cast.step(&cast.validator, "registers-agree", &half, json!({}));
        assert_eq!((&agreed["state"], &agreed["agreedBy"]), (&json!("AGREED"), &json!([{ "slug": "police" }, { "slug": "nso" }])));
        assert_eq!(cast.seen(Who::Visitor, &proposed)["registerEntry"]["state"], "AGREED");
        // What both agreed on stands above what is computed, and what is computed stays to be seen.
        let compared = "{ compare(datasets: [\"census\", \"permits\"]) { pairs { verdict computedVerdict agreedNote { isOutdated institutions { slug } } } } }";
        let pair = cast.registry.server.ask(compared)["compare"]["pairs"][0].clone();
        assert_eq!((&pair["verdict"], &pair["computedVerdict"]), (&json!("WITH_CAUTION"), &json!("NOT_DOCUMENTED")), "{pair}");
        assert_eq!(pair["agreedNote"], json!({ "isOutdated": false, "institutions": [{ "slug": "police" }, { "slug": "nso" }] }));
        // Where a record comes to say something else, what was agreed on before stays to be seen, and no longer stands above.
        let later = dataset("permits", |doc| {
            doc["producer"] = json!("police");
            doc["holdings"] = json!([]);
            doc["coverage"]["reportingAreas"] = json!(["TN"]);
        });
        let file = cast.registry.place.write("later.jsonl", later);
        cast.registry.place.run_ok(&["import", &file]);
        cast.registry.server.wait_for_index();
        let compared =
            "{ compare(datasets: [\"census\", \"permits\"]) { pairs { verdict computedVerdict agreedNote { verdict isOutdated } } } }";
        let pair = cast.registry.server.ask(compared)["compare"]["pairs"][0].clone();
        assert_eq!(
            (&pair["agreedNote"], &pair["verdict"]),
            (&json!({ "verdict": "WITH_CAUTION", "isOutdated": true }), &pair["computedVerdict"])
        );
        // Both producers are told, once.
        let told = || {
            [&cast.other, &cast.editor, &cast.member].map(|who| cast.notices(who).iter().filter(|kind| *kind == "NOTE_OUTDATED").count())
        };
        assert_eq!(told(), [0, 0, 0]);
        for _ in 0..2 {
            cast.registry.place.run_ok(&["remind"]);
            assert_eq!(told(), [1, 1, 0]);
        }
        // Nothing is made a proposal again by changing nothing, nor by who is no producer.
        assert_eq!(cast.refused(&cast.editor, "registers-update", &agreed, json!({ "content": {} })), ["INVALID"]);
        let other = json!({ "content": { "text": text("Du coordinateur.") } });
        assert_eq!(cast.refused(&cast.coordinator, "registers-update", &agreed, other), ["ROLE_REQUIRED"]);
        let changed = cast.step(&cast.editor, "registers-update", &agreed, json!({ "content": { "text": text("Autre texte.") } }));
        assert_eq!((&changed["state"], &changed["agreedBy"]), (&json!("PROPOSED"), &json!([])), "nobody has agreed with the new text");

        let wrong = json!({ "dataset": "census", "discrepancy": 3, "text": text("x") });
        assert_eq!(codes(&cast.act(&cast.editor, "discrepancy-note-propose", wrong)), ["INVALID"]);
        let explained = cast.made(
            &cast.editor,
            "discrepancy-note-propose",
            json!({ "dataset": "census", "discrepancy": 0, "text": text("Deux populations.") }),
        );
        assert_eq!(explained["state"], "PROPOSED", "an editor agrees with nothing");
        let explained = cast.step(&cast.validator, "registers-agree", &explained, json!({}));
        assert_eq!(explained["state"], "AGREED", "there is one producer");
        cast.registry.close();
    }
}

#[test]
fn an_invitation_is_answered_by_each_institution_for_itself_and_silence_says_nothing() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content = json!({ "title": text("Groupe de travail"), "text": text("Sur les retours."), "institutions": ["police", "agency"], "until": "2001", "url": "https://nso.example/group" });
        let nobody =
            json!({ "kind": "INVITATION", "institution": "nso", "content": { "title": text("x"), "text": text("x"), "institutions": [] } });
        assert_eq!(codes(&cast.act(&cast.editor, "registers-create", nobody)), ["INVALID"]);
        let mut wrong = content.clone();
        wrong["url"] = json!("javascript:alert(1)");
        let wrong = json!({ "kind": "INVITATION", "institution": "nso", "content": wrong });
        assert_eq!(codes(&cast.act(&cast.editor, "registers-create", wrong)), ["INVALID"]);
        let drafted =
            cast.made(&cast.editor, "registers-create", json!({ "kind": "INVITATION", "institution": "nso", "content": content }));
        // Those named in a draft neither see it nor are told.
        assert_eq!(cast.refused(&cast.other, "invitation-take-part", &drafted, json!({})), ["NOT_FOUND"]);
        let asked = cast.step(&cast.validator, "registers-validate", &drafted, json!({}));
        for guest in [&cast.other, &cast.partner] {
            cast.wait_for_notice(guest, "INVITED");
        }
        assert!(!cast.notices(&cast.member).iter().any(|kind| kind == "INVITED"), "who is not invited is told nothing");
        assert_eq!(cast.listed(Who::Visitor, "{ kinds: [INVITATION], isUnanswered: true, isOverdue: true }"), 1);
        // Who is not invited does not take part; nor does who invites, nor the coordinator for anybody.
        for who in [&cast.member, &cast.validator, &cast.coordinator] {
            assert_eq!(cast.refused(who, "invitation-take-part", &asked, json!({})), ["ROLE_REQUIRED"]);
        }
        assert_eq!(asked["takingPart"], Value::Null, "other operations do not ask");
        let joined = cast.step(&cast.other, "invitation-take-part", &asked, json!({}));
        assert_eq!((&joined["takingPart"], &joined["state"]), (&json!([{ "slug": "police" }]), &json!("VALIDATED")));
        assert_eq!(cast.refused(&cast.other, "invitation-take-part", &joined, json!({})), ["ROLE_REQUIRED"], "once is enough");
        cast.wait_for_notice(&cast.editor, "PARTICIPATION_CHANGED");
        assert_eq!(cast.refused(&cast.partner, "invitation-step-back", &joined, json!({ "note": "x" })), ["ROLE_REQUIRED"]);
        assert_eq!(cast.refused(&cast.other, "invitation-step-back", &joined, json!({})), ["INVALID"], "why is said");
        // One more is invited: the text waits again, who takes part stays so, and only the others are told.
        let more = json!({ "content": { "institutions": ["police", "agency", "region"] } });
        let changed = cast.step(&cast.editor, "registers-update", &joined, more);
        assert_eq!(changed["state"], "DRAFT");
        let again = cast.step(&cast.validator, "registers-validate", &changed, json!({}));
        let told = |who: &Session| cast.notices(who).iter().filter(|kind| *kind == "INVITED").count();
        wait_until("the second notice", 20, || told(&cast.partner) == 2);
        assert_eq!(told(&cast.other), 1, "who takes part is not invited again");
        let query = "query($id: ID!) { registerEntry(id: $id) { takingPart { slug } institutions { slug } url isUnanswered } }";
        let seen = ask_as(&cast.registry.server, Who::Visitor, query, json!({ "id": again["id"] }))["registerEntry"].clone();
        assert_eq!(seen["takingPart"], json!([{ "slug": "police" }]), "{seen}");
        assert_eq!((&seen["url"], &seen["isUnanswered"]), (&json!("https://nso.example/group"), &json!(false)));
        // Who was taken off the list and is invited again has to say so again.
        let only = |guests: &[&str], entry: &Value| {
            let content = json!({ "content": { "institutions": guests } });
            let changed = cast.step(&cast.editor, "registers-update", entry, content);
            cast.step(&cast.validator, "registers-validate", &changed, json!({}))
        };
        let without = only(&["agency"], &again);
        let asked_again = only(&["police", "agency"], &without);
        let taking_part = ask_as(&cast.registry.server, Who::Visitor, query, json!({ "id": asked_again["id"] }));
        assert_eq!(taking_part["registerEntry"]["takingPart"], json!([]));
        let again = cast.step(&cast.other, "invitation-take-part", &asked_again, json!({}));
        let left = cast.step(&cast.other, "invitation-step-back", &again, json!({ "note": "Faute de temps" }));
        assert_eq!((&left["takingPart"], left["history"].as_array().map(Vec::len)), (&json!([]), Some(11)));
        let closed = cast.step(&cast.validator, "registers-close", &left, json!({ "note": "Groupe constitué" }));
        assert_eq!(cast.refused(&cast.partner, "invitation-take-part", &closed, json!({})), ["WRONG_STATE"]);
        cast.registry.close();
    }
}

#[test]
fn needs_find_offers_and_functions_are_confirmed_every_year() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let need = json!({ "kind": "CAPACITY_NEED", "institution": "nso", "content": { "title": text("Formation"), "text": text("Échantillonnage."), "capacityKind": "SKILLS", "people": 12, "until": "2001", "actions": ["C"] } });
        let drafted = cast.made(&cast.editor, "registers-create", need);
        let need = cast.step(&cast.validator, "registers-validate", &drafted, json!({}));
        assert_eq!(cast.listed(Who::Visitor, "{ kinds: [CAPACITY_NEED], isUnanswered: true, isOverdue: true, actions: [C] }"), 1);
        let offered = cast.step(&cast.partner, "capacity-offer-make", &need, json!({ "offer": "Deux semaines" }));
        assert_eq!(cast.refused(&cast.partner, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" })), ["ROLE_REQUIRED"]);
        assert_eq!(cast.refused(&cast.validator, "capacity-offer-accept", &offered, json!({ "offerOf": "region" })), ["INVALID"]);
        cast.wait_for_notice(&cast.editor, "OFFER_MADE");
        let offered = cast.step(&cast.other, "capacity-offer-make", &offered, json!({ "offer": "Une journée" }));
        let met = cast.step(&cast.validator, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" }));
        assert_eq!(
            met["offers"],
            json!([
                { "institution": { "slug": "agency" }, "text": "Deux semaines", "state": "ACCEPTED" },
                { "institution": { "slug": "police" }, "text": "Une journée", "state": "OFFERED" },
            ])
        );
        cast.wait_for_notice(&cast.partner, "OFFER_ACCEPTED");
        assert!(
            !cast.notices(&cast.other).iter().any(|kind| kind == "OFFER_ACCEPTED"),
            "whose offer was not accepted is not told that it was"
        );
        assert_eq!(cast.listed(Who::Visitor, "{ kinds: [CAPACITY_NEED], isUnanswered: true }"), 0);

        let title = json!([{ "language": "ar", "text": "رئيسة المصلحة" }, { "language": "fr", "text": "Cheffe du service" }]);
        let point =
            json!({ "kind": "FOCAL_POINT", "institution": "nso", "content": { "title": title, "mailbox": "migration@nso.example" } });
        let named = json!({ "kind": "FOCAL_POINT", "institution": "nso", "content": { "title": text("qui@nso.example"), "mailbox": "not an address" } });
        let payload = cast.act(&cast.validator, "focal-point-create", named);
        assert_eq!(codes(&payload), ["INVALID", "INVALID"], "{payload}");
        let point = cast.made(&cast.validator, "focal-point-create", point);
        assert_eq!(cast.seen(Who::Visitor, &point)["registerEntry"]["mailbox"], Value::Null);
        assert_eq!(cast.seen(&cast.member, &point)["registerEntry"]["mailbox"], "migration@nso.example");
        assert_eq!(cast.listed(Who::Visitor, "{ isUnconfirmed: true }"), 0);
        // A year passes.
        let doc = cast.registry.place.rows("SELECT doc FROM register_entries WHERE kind = 'FOCAL_POINT'").remove(0);
        let mut doc: Value = serde_json::from_str(&doc).expect("JSON");
        doc["steps"][0]["at"] = json!(1_600_000_000_000_i64);
        let old = doc.to_string().replace('\'', "''");
        cast.registry.place.alter(&format!("UPDATE register_entries SET doc = '{old}' WHERE kind = 'FOCAL_POINT'"));
        assert_eq!(cast.listed(Who::Visitor, "{ isUnconfirmed: true }"), 1);
        for _ in 0..2 {
            cast.registry.place.run_ok(&["remind"]);
        }
        assert_eq!(cast.notices(&cast.editor).iter().filter(|kind| *kind == "FOCAL_POINT_UNCONFIRMED").count(), 1, "told once");
        for (language, title) in [("ar", "رئيسة المصلحة"), ("fr", "Cheffe du service")] {
            let query = "{ viewer { notifications(first: 50) { nodes { kind title } } } }";
            let told = ask_in(&cast.registry.server, language, &cast.editor, query, Value::Null);
            let nodes = told["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
            assert!(nodes.contains(&json!({ "kind": "FOCAL_POINT_UNCONFIRMED", "title": title })), "{language}: {nodes:?}");
        }
        cast.step(&cast.editor, "focal-point-confirm", &point, json!({}));
        assert_eq!(cast.listed(Who::Visitor, "{ isUnconfirmed: true }"), 0);
        cast.registry.close();
    }
}

#[test]
fn people_talk_by_function_among_themselves() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let server = &cast.registry.server;
        let thread = |who: Who<'_>, slug: &str| {
            let query = format!(
                "{{ dataset(slug: \"{slug}\") {{ comments {{ totalCount nodes {{ id by text institution {{ slug }} mentions {{ slug }} withdrawnAt }} }} }} }}"
            );
            ask_as(server, who, &query, Value::Null)["dataset"]["comments"].clone()
        };
        let asked = json!({ "subject": "census", "text": "@nso, quelle base de sondage ?", "institution": "agency" });
        assert_eq!(codes(&act(server, Who::Visitor, "comment-add", asked.clone())), ["SIGN_IN_REQUIRED"]);
        assert_eq!(
            codes(&cast.act(&cast.member, "comment-add", asked.clone())),
            ["INVALID"],
            "nobody speaks for an institution that is not theirs"
        );
        let comment = done(&cast.act(&cast.partner, "comment-add", asked), "comment");
        assert_eq!((&comment["by"], &comment["mentions"]), (&json!("Programme officer"), &json!([{ "slug": "nso" }])));
        cast.wait_for_notice(&cast.editor, "MENTIONED");
        for wrong in ["", "@nobody ?", &"x".repeat(5_001), "a\u{202E}b"] {
            assert_eq!(
                codes(&cast.act(&cast.partner, "comment-add", json!({ "subject": "census", "text": wrong }))),
                ["INVALID"],
                "{wrong}"
            );
        }
        assert_eq!(codes(&cast.act(&cast.partner, "comment-add", json!({ "subject": "hidden", "text": "x" }))), ["NOT_FOUND"]);
        assert_eq!(thread(Who::Visitor, "census"), json!({ "totalCount": 0, "nodes": [] }), "visitors read no discussion");
        assert_eq!(thread((&cast.member).into(), "census")["totalCount"], 1);
        assert_eq!(codes(&cast.act(&cast.member, "comment-withdraw", json!({ "comment": comment["id"] }))), ["ROLE_REQUIRED"]);
        done(&cast.act(&cast.partner, "comment-withdraw", json!({ "comment": comment["id"] })), "comment");
        let left = thread((&cast.member).into(), "census");
        assert!(left["nodes"][0]["text"].is_null() && !left["nodes"][0]["withdrawnAt"].is_null(), "{left}");
        assert_eq!(cast.registry.place.count("SELECT COUNT(*) FROM comments WHERE body <> ''"), 0, "the words are gone");
        cast.registry.close();
    }
}

#[test]
fn what_does_not_belong_in_an_entry_is_named() {
    let cast = Cast::open(Backend::Sqlite);
    let input = |change: &dyn Fn(&mut Value)| {
        let mut input = challenge("nso");
        change(&mut input);
        input
    };
    let dated = |on: &str, until: &str| {
        let content = json!({ "title": text("Stratégie"), "text": text("x"), "on": on, "until": until });
        json!({ "kind": "STRATEGY", "institution": "nso", "content": content })
    };
    let wrong: [(&str, Value); 8] = [
        ("Hijri", dated("1440", "2050")),
        ("Hijri", dated("2019", "1450-03-05")),
        ("capacityKind", input(&|input| input["content"]["capacityKind"] = json!("SKILLS"))),
        ("text", input(&|input| input["content"]["text"] = Value::Null)),
        ("themes", input(&|input| input["content"]["themes"] = json!(["MT-9999"]))),
        ("datasets", input(&|input| input["datasets"] = json!(["census", "nothing"]))),
        ("institutions", input(&|input| input["content"]["institutions"] = json!(["nobody"]))),
        ("kind", input(&|input| input["kind"] = json!("OVERLAP"))),
    ];
    for (field, input) in wrong {
        let payload = cast.act(&cast.editor, "registers-create", input);
        let codes = codes(&payload);
        assert!(!codes.is_empty() && codes.iter().all(|code| ["INVALID", "NOT_FOUND"].contains(code)), "{field}: {payload}");
        assert!(payload["entry"].is_null() && payload["errors"].to_string().contains(field), "{field}: {payload}");
    }
    assert_eq!(cast.registry.place.count("SELECT COUNT(*) FROM register_entries"), 0);
    cast.registry.close();
}
