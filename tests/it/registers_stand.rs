//! What stands in the registers stands until who may end it does: a correction, another wording or an offer to oneself ends nothing.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::people::{Session, Who, ask_as, codes};
use crate::registers::{Cast, joined, text};

/// An entry as somebody reads it.
fn read<'a>(cast: &Cast, who: impl Into<Who<'a>>, entry: &Value) -> Value {
    let query = "query($id: ID!) { registerEntry(id: $id) { id revision state text(language: \"fr\") verdict agreedBy { slug } takingPart { slug } isUnanswered viewerActions } }";
    ask_as(&cast.registry.server, who, query, json!({ "id": entry["id"] }))["registerEntry"].clone()
}

fn may(cast: &Cast, who: &Session, entry: &Value, action: &str) -> bool {
    read(cast, who, entry)["viewerActions"].as_array().expect("actions").contains(&json!(action))
}

#[test]
fn a_validated_statement_is_withdrawn_by_a_validator_also_while_it_is_corrected() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content = json!({ "title": text("Accès"), "text": text("Les microdonnées manquent."), "challengeKind": "ACCESS" });
        let challenge = json!({ "kind": "CHALLENGE", "institution": "nso", "content": content });
        let reason = json!({ "note": "Double" });
        for author in [&cast.editor, &cast.coordinator] {
            let drafted = cast.made(author, "registers-create", challenge.clone());
            assert!(may(&cast, author, &drafted, "WITHDRAW"), "nothing has stood yet");
            let valid = cast.step(&cast.validator, "registers-validate", &drafted, json!({}));
            let change = json!({ "content": { "text": text("Autre texte.") } });
            let corrected = cast.step(&cast.editor, "registers-update", &valid, change);
            for who in [&cast.editor, &cast.coordinator] {
                assert!(!may(&cast, who, &corrected, "WITHDRAW"));
                assert_eq!(cast.refused(who, "registers-withdraw", &corrected, reason.clone()), ["ROLE_REQUIRED"]);
            }
            let stands = read(&cast, Who::Visitor, &valid);
            assert_eq!((&stands["state"], &stands["text"]), (&json!("VALIDATED"), &json!("Les microdonnées manquent.")));
            let gone = cast.step(&cast.validator, "registers-withdraw", &corrected, reason.clone());
            assert_eq!((&gone["state"], read(&cast, Who::Visitor, &valid)), (&json!("WITHDRAWN"), Value::Null));
        }
        let drafted = cast.made(&cast.editor, "registers-create", challenge);
        let gone = cast.step(&cast.editor, "registers-withdraw", &drafted, reason);
        assert_eq!(gone["state"], "WITHDRAWN", "what was never validated its author takes back alone");
        cast.registry.close();
    }
}

#[test]
fn who_takes_part_does_so_until_a_correction_of_the_invitation_is_validated() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content = json!({ "title": text("Groupe de travail"), "text": text("Sur les retours."), "institutions": ["police", "agency"] });
        let drafted =
            cast.made(&cast.editor, "registers-create", json!({ "kind": "INVITATION", "institution": "nso", "content": content }));
        let asked = cast.step(&cast.validator, "registers-validate", &drafted, json!({}));
        let accepted = cast.step(&cast.other, "invitation-take-part", &asked, json!({}));
        let change = json!({ "content": { "institutions": ["agency"] } });
        let corrected = cast.step(&cast.editor, "registers-update", &accepted, change);
        assert_eq!(read(&cast, Who::Visitor, &asked)["takingPart"], json!([{ "slug": "police" }]), "nobody has validated it");
        cast.step(&cast.validator, "registers-validate", &corrected, json!({}));
        assert_eq!(read(&cast, Who::Visitor, &asked)["takingPart"], json!([]));
        cast.registry.close();
    }
}

/// What the producers of the two records have agreed on, as somebody is told it in a comparison.
fn agreed<'a>(cast: &Cast, who: impl Into<Who<'a>>) -> Value {
    let query = "{ compare(datasets: [\"census\", \"permits\"]) { pairs { agreedNote { verdict text institutions { slug } } } } }";
    ask_as(&cast.registry.server, who, query, Value::Null)["compare"]["pairs"][0]["agreedNote"].clone()
}

/// The verdicts of agreed notes in an edition: with caution, and comparable.
fn verdicts(cast: &Cast, edition: &str) -> [u64; 2] {
    let query =
        "query($edition: String) { objectiveIndicators(edition: $edition) { actions { indicators { code points { code documented } } } } }";
    let found = cast.registry.server.ask_with(query, json!({ "edition": edition }))["objectiveIndicators"]["actions"].clone();
    let all = found.as_array().expect("actions").iter().flat_map(|action| action["indicators"].as_array().expect("indicators").clone());
    let points = all.into_iter().find(|indicator| indicator["code"] == "1b3").expect("1b3")["points"].clone();
    ["WITH_CAUTION", "COMPARABLE"].map(|code| {
        let point = points.as_array().expect("points").iter().find(|point| point["code"] == code);
        point.and_then(|point| point["documented"].as_u64()).unwrap_or_default()
    })
}

#[test]
fn an_agreed_note_stands_until_all_have_agreed_to_another_wording_or_a_validator_ends_it() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let words = "Le permis n'est pas la résidence.";
        let note = json!({ "dataset": "census", "other": "permits", "verdict": "WITH_CAUTION", "text": text(words) });
        let proposed = cast.made(&cast.validator, "comparability-note-propose", note);
        let first = cast.step(&cast.other, "registers-agree", &proposed, json!({}));
        let stands = agreed(&cast, Who::Visitor);
        let both = json!([{ "slug": "nso" }, { "slug": "police" }]);
        assert_eq!(stands, json!({ "verdict": "WITH_CAUTION", "text": words, "institutions": both }));
        let seq =
            cast.registry.server.ask("{ objectiveIndicators { standing { seq } } }")["objectiveIndicators"]["standing"]["seq"].clone();
        let edition = format!("change:{seq}");

        let change = json!({ "content": { "verdict": "COMPARABLE", "text": text("Comparables depuis 2020.") } });
        let changed = cast.step(&cast.editor, "registers-update", &first, change.clone());
        assert_eq!((&changed["state"], &changed["agreedBy"]), (&json!("PROPOSED"), &json!([])));
        for who in [Who::Visitor, (&cast.member).into(), (&cast.editor).into(), (&cast.other).into(), (&cast.coordinator).into()] {
            assert_eq!(agreed(&cast, who), stands, "{who:?}");
        }
        let seen = read(&cast, Who::Visitor, &first);
        assert_eq!((&seen["state"], &seen["text"], &seen["agreedBy"]), (&json!("AGREED"), &json!(words), &both), "{seen}");
        assert_eq!(seen["revision"], first["revision"], "nothing tells others of the proposal");
        assert_eq!(read(&cast, &cast.other, &first)["state"], "PROPOSED", "the producers read what is proposed");
        let counts = |state: &str| cast.listed(Who::Visitor, &format!("{{ kinds: [COMPARABILITY_NOTE], states: [{state}] }}"));
        assert_eq!((counts("AGREED"), counts("PROPOSED")), (1, 0));
        assert_eq!((verdicts(&cast, &edition), verdicts(&cast, "latest")), ([1, 0], [1, 0]));
        for who in [&cast.editor, &cast.coordinator] {
            assert_eq!(cast.refused(who, "registers-withdraw", &changed, json!({ "note": "x" })), ["ROLE_REQUIRED"]);
        }

        let half = cast.step(&cast.other, "registers-agree", &changed, json!({}));
        assert_eq!((&half["state"], agreed(&cast, Who::Visitor)), (&json!("PROPOSED"), stands.clone()), "one of two is not both");
        let second = cast.step(&cast.validator, "registers-agree", &half, json!({}));
        assert_eq!((&second["state"], &agreed(&cast, Who::Visitor)["verdict"]), (&json!("AGREED"), &json!("COMPARABLE")));
        assert_eq!((verdicts(&cast, &edition), verdicts(&cast, "latest")), ([1, 0], [0, 1]), "what was agreed then, and now");

        // A validator of a producer ends it, whatever is proposed meanwhile.
        let change = json!({ "content": { "text": text("Encore un autre texte.") } });
        let changed = cast.step(&cast.editor, "registers-update", &second, change);
        let gone = cast.step(&cast.other, "registers-withdraw", &changed, json!({ "note": "Sources trop différentes" }));
        assert_eq!((&gone["state"], agreed(&cast, Who::Visitor)), (&json!("WITHDRAWN"), Value::Null));
        assert_eq!(verdicts(&cast, "latest"), [0, 0]);
        // What nobody has agreed on yet is taken back as before.
        let again = json!({ "dataset": "census", "other": "permits", "verdict": "WITH_CAUTION", "text": text("Avec prudence.") });
        let again = cast.made(&cast.editor, "comparability-note-propose", again);
        assert_eq!(cast.step(&cast.coordinator, "registers-withdraw", &again, json!({ "note": "Trop tôt" }))["state"], "WITHDRAWN");
        cast.registry.close();
    }
}

#[test]
fn an_agreed_explanation_of_figures_stands_while_another_is_proposed() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let note = |dataset: &str, place: i32, words: &str| json!({ "dataset": dataset, "discrepancy": place, "text": text(words) });
        for (dataset, place, words) in [("census", 3, "which has 1"), ("census", -1, "from 0 to 0"), ("permits", 0, "states no figures")] {
            let who = if dataset == "census" { &cast.validator } else { &cast.other };
            let refused = cast.act(who, "discrepancy-note-propose", note(dataset, place, "x"));
            assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["discrepancy"])), "{refused}");
            assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.contains(words)), "{refused}");
        }
        let first = cast.made(&cast.validator, "discrepancy-note-propose", note("census", 0, "Deux populations."));
        assert_eq!(first["state"], "AGREED", "there is one producer");
        let shown = || {
            let query = "{ dataset(slug: \"census\") { discrepancies { note { state text } } } }";
            cast.registry.server.ask(query)["dataset"]["discrepancies"][0]["note"].clone()
        };
        let stands = json!({ "state": "AGREED", "text": "Deux populations." });
        assert_eq!(shown(), stands);
        let changed = cast.step(&cast.editor, "registers-update", &first, json!({ "content": { "text": text("Deux dates.") } }));
        assert_eq!((&changed["state"], shown()), (&json!("PROPOSED"), stands));
        assert_eq!(cast.refused(&cast.coordinator, "registers-withdraw", &changed, json!({ "note": "x" })), ["ROLE_REQUIRED"]);
        cast.step(&cast.validator, "registers-agree", &changed, json!({}));
        assert_eq!(shown(), json!({ "state": "AGREED", "text": "Deux dates." }));
        cast.registry.close();
    }
}

#[test]
fn an_institution_does_not_answer_its_own_need() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let content = json!({ "title": text("Formation"), "text": text("Échantillonnage."), "capacityKind": "SKILLS", "actions": ["C"] });
        let drafted =
            cast.made(&cast.editor, "registers-create", json!({ "kind": "CAPACITY_NEED", "institution": "nso", "content": content }));
        let need = cast.step(&cast.validator, "registers-validate", &drafted, json!({}));
        assert!(!may(&cast, &cast.editor, &need, "OFFER") && may(&cast, &cast.partner, &need, "OFFER"));
        for more in [json!({ "offer": "Nous-mêmes" }), json!({ "offer": "Nous-mêmes", "institution": "nso" })] {
            let refused = cast.act(&cast.validator, "capacity-offer-make", joined(&need, more));
            assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["institution"])), "{refused}");
            assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.contains("nso")), "{refused}");
        }
        let of_nobody = cast.refused(&cast.member, "capacity-offer-make", &need, json!({ "offer": "x" }));
        assert_eq!(of_nobody, ["ROLE_REQUIRED"], "who could offer nothing is told nothing else");

        // One that was made to oneself before, and accepted, is no answer.
        let doc = cast.registry.place.rows("SELECT doc FROM register_entries WHERE kind = 'CAPACITY_NEED'").remove(0);
        let mut doc: Value = serde_json::from_str(&doc).expect("JSON");
        let at = doc["steps"][1]["at"].clone();
        doc["offers"] = json!([
            { "institution": "nso", "text": "Nous-mêmes", "state": "ACCEPTED", "isValidated": true, "at": at, "acceptedAt": at },
            { "institution": "nso", "text": "Encore nous", "state": "OFFERED", "isValidated": true, "at": at },
        ]);
        let step = json!({ "command": "ACCEPT_OFFER", "state": "VALIDATED", "institution": "nso", "function": "Director", "at": at });
        doc["steps"].as_array_mut().expect("steps").push(step);
        let old = doc.to_string().replace('\'', "''");
        cast.registry.place.alter(&format!("UPDATE register_entries SET doc = '{old}' WHERE kind = 'CAPACITY_NEED'"));
        assert_eq!(read(&cast, Who::Visitor, &need)["isUnanswered"], true);
        assert_eq!(cast.listed(Who::Visitor, "{ kinds: [CAPACITY_NEED], isUnanswered: true }"), 1);
        let refused = cast.act(&cast.validator, "capacity-offer-accept", joined(&need, json!({ "offerOf": "nso" })));
        assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["offerOf"])), "{refused}");
        let answered = || {
            let query = "{ objectiveIndicators { actions { indicators { code numerator denominator } } } }";
            let found = cast.registry.server.ask(query)["objectiveIndicators"]["actions"].clone();
            let mut all = found.as_array().expect("actions").iter().flat_map(|action| action["indicators"].as_array().expect("indicators"));
            let one = all.find(|indicator| indicator["code"] == "1c2").expect("1c2");
            (one["numerator"].clone(), one["denominator"].clone())
        };
        assert_eq!(answered(), (json!(0), json!(1)));
        let offered = cast.step(&cast.partner, "capacity-offer-make", &need, json!({ "offer": "Deux semaines" }));
        cast.step(&cast.validator, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" }));
        assert_eq!((answered(), read(&cast, Who::Visitor, &need)["isUnanswered"].clone()), ((json!(1), json!(1)), json!(false)));
        cast.registry.close();
    }
}
