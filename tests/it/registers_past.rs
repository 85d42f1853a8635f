//! What the registers said stays said: corrections wait while the validated words stand, and no later step changes an earlier edition.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, dataset};
use crate::outgoing::wait_until;
use crate::people::{Session, Who, act, ask_as, codes, done};
use crate::registers::{Cast, text};

const NEED: &str = "Formation à l'échantillonnage";
const CORRECTED: &str = "Formation corrigée";

impl Cast {
    /// Title and state of an entry, as somebody reads it.
    fn read<'a>(&'a self, who: impl Into<Who<'a>>, entry: &Value) -> (Value, Value) {
        let query = "query($id: ID!) { registerEntry(id: $id) { state title(language: \"fr\") } }";
        let found = ask_as(&self.registry.server, who, query, json!({ "id": entry["id"] }))["registerEntry"].clone();
        (found["state"].clone(), found["title"].clone())
    }

    /// The place in the log up to which anyone knows it.
    fn seq(&self) -> i64 {
        self.registry.server.ask("{ objectiveIndicators { standing { seq } } }")["objectiveIndicators"]["standing"]["seq"]
            .as_i64()
            .expect("a place")
    }

    /// Capacity needs that are registered, in an edition.
    fn needs(&self, edition: &str) -> Value {
        let query = "query($edition: String) { objectiveIndicators(edition: $edition) { actions { indicators { code value } } } }";
        let found = self.registry.server.ask_with(query, json!({ "edition": edition }))["objectiveIndicators"]["actions"].clone();
        let mut all = found.as_array().expect("actions").iter().flat_map(|action| action["indicators"].as_array().expect("indicators"));
        all.find(|indicator| indicator["code"] == "1c1").expect("1c1")["value"].clone()
    }

    /// The report of an edition: its body, and its annex of what nobody validated.
    fn report(&self, edition: &str) -> (String, String) {
        let report = crate::workshop::report(&self.registry, "fr", edition, &[]);
        let (body, annex) = report.split_once("<a id=\"annex-not-validated\"></a>").expect("the annex");
        (body.to_owned(), annex.to_owned())
    }

    fn need(&self, title: &str) -> Value {
        let content = json!({ "title": text(title), "text": text("Pour l'enquête."), "on": "2022-03", "until": "2090-01", "capacityKind": "SKILLS", "actions": ["C"] });
        let made =
            self.made(&self.other, "registers-create", json!({ "kind": "CAPACITY_NEED", "institution": "police", "content": content }));
        self.step(&self.other, "registers-validate", &made, json!({}))
    }
}

#[test]
fn what_was_validated_stands_while_it_is_corrected_and_the_past_stays_what_it_was() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let need = cast.need(NEED);
        let seq = cast.seq();
        let edition = format!("change:{seq}");
        assert_eq!(cast.needs(&edition), 1.0);
        let corrected = cast.step(&cast.other, "registers-update", &need, json!({ "content": { "title": text(CORRECTED) } }));
        assert_eq!(corrected["state"], "DRAFT");
        let stands = (json!("VALIDATED"), json!(NEED));
        for who in [Who::Visitor, (&cast.member).into(), (&cast.partner).into()] {
            assert_eq!(cast.read(who, &need), stands, "{who:?} reads what was validated");
        }
        assert_eq!(cast.read(&cast.other, &need), (json!("DRAFT"), json!(CORRECTED)));
        assert_eq!(cast.listed(Who::Visitor, "{ kinds: [CAPACITY_NEED], states: [VALIDATED] }"), 1);
        assert_eq!(
            cast.listed(Who::Visitor, "{ kinds: [CAPACITY_NEED], states: [DRAFT] }"),
            0,
            "that it is corrected is nobody's business"
        );
        assert_eq!(cast.seq(), seq, "and in no log that anyone reads");
        // Neither a revision nor a refusal tells that it is corrected: others go on with what stands.
        let query = "query($id: ID!) { registerEntry(id: $id) { revision updatedAt viewerActions offers { institution { slug } } } }";
        let shown = |who: Who<'_>| ask_as(&cast.registry.server, who, query, json!({ "id": need["id"] }))["registerEntry"].clone();
        let seen = shown((&cast.partner).into());
        assert_eq!((&seen["revision"], &seen["viewerActions"]), (&need["revision"], &json!(["OFFER"])), "{seen}");
        assert_eq!(shown(Who::Visitor)["updatedAt"], seen["updatedAt"]);
        assert_eq!(cast.refused(&cast.member, "registers-update", &need, json!({ "content": { "title": text("x") } })), ["ROLE_REQUIRED"]);
        let stale =
            act(&cast.registry.server, &cast.partner, "capacity-offer-make", crate::registers::joined(&corrected, json!({ "offer": "x" })));
        assert_eq!((codes(&stale), &stale["errors"][0]["conflict"]["fields"]), (vec!["CONFLICT"], &json!([])), "{stale}");
        let offered = cast.step(&cast.partner, "capacity-offer-make", &need, json!({ "offer": "Deux semaines" }));
        assert_eq!((&offered["state"], &offered["title"]), (&json!("VALIDATED"), &json!(NEED)), "who offers is shown what stands");
        assert_eq!(shown(Who::Visitor)["offers"], json!([{ "institution": { "slug": "agency" } }]));
        let corrected = ask_as(
            &cast.registry.server,
            &cast.other,
            "query($id: ID!) { registerEntry(id: $id) { id revision state offers { state } } }",
            json!({ "id": need["id"] }),
        )["registerEntry"]
            .clone();
        assert_eq!((&corrected["state"], &corrected["offers"]), (&json!("DRAFT"), &json!([{ "state": "OFFERED" }])));
        // Who is spoken to about it is told, by what stands; the institution that corrects it speaks of the same.
        let comment = json!({ "subject": need["id"], "text": "@agency, pouvez-vous aider ?", "institution": "police" });
        done(&cast.act(&cast.other, "comment-add", comment), "comment");
        cast.wait_for_notice(&cast.partner, "MENTIONED");
        let told = notices(&cast, &cast.partner);
        let mention = told.iter().find(|notice| notice["kind"] == "MENTIONED").expect("the notice");
        assert_eq!(mention["title"], NEED, "{mention}");
        // Nor is it taken out of what is counted by a correction of who may read it.
        let closed = cast.step(&cast.other, "registers-update", &corrected, json!({ "content": { "visibility": "MEMBERS" } }));
        assert_eq!(cast.read(Who::Visitor, &need), stands);
        for edition in [edition.as_str(), "latest"] {
            assert_eq!(cast.needs(edition), 1.0, "{edition}");
        }
        let corrected = cast.step(&cast.other, "registers-update", &closed, json!({ "content": { "visibility": "PUBLIC" } }));
        let valid = cast.step(&cast.other, "registers-validate", &corrected, json!({}));
        assert_eq!(cast.read(Who::Visitor, &need), (json!("VALIDATED"), json!(CORRECTED)));
        assert!(cast.seq() > seq);
        let (then, now) = (cast.report(&edition).0, cast.report("latest").0);
        assert!(then.contains(NEED) && !then.contains(CORRECTED), "the words of then");
        assert!(now.contains(CORRECTED) && !now.contains(NEED), "the words of now");
        assert!(now.contains("2022-03") && now.contains("2090-01"), "dated as it was said, with its deadline: {now}");
        cast.step(&cast.other, "registers-withdraw", &valid, json!({ "note": "Double" }));
        assert_eq!(cast.read(Who::Visitor, &need), (Value::Null, Value::Null));
        assert_eq!((cast.needs(&edition), cast.needs("latest")), (json!(1.0), Value::Null), "it had been said");
        let then = cast.report(&edition).0;
        assert!(then.contains("Déclaration retirée depuis") && !then.contains(NEED), "that it was said stays, its words do not");
        cast.registry.close();
    }
}

#[test]
fn what_an_editor_offers_is_a_statement_of_the_institution_once_it_is_accepted() {
    let backend = BACKENDS[0];
    let cast = Cast::open(backend);
    let need = cast.need(NEED);
    let offered = cast.step(&cast.editor, "capacity-offer-make", &need, json!({ "offer": "Offre d'une rédactrice" }));
    let (body, annex) = cast.report("latest");
    assert!(!body.contains("Offre d'une rédactrice") && annex.contains("Offre d'une rédactrice"), "nobody of the office validated it");
    let accepted = cast.step(&cast.other, "capacity-offer-accept", &offered, json!({ "offerOf": "nso" }));
    let (body, annex) = cast.report("latest");
    assert!(body.contains("Offre d'une rédactrice") && !annex.contains("Offre d'une rédactrice"));
    assert!(body.contains("Besoin auquel elle répond"), "which need it answers: {body}");
    cast.step(&cast.partner, "capacity-offer-make", &accepted, json!({ "offer": "Offre d'une direction" }));
    assert!(cast.report("latest").0.contains("Offre d'une direction"), "a validator made it");
    cast.registry.close();
}

#[test]
fn figures_of_several_producers_are_explained_by_all_of_them() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let figures = json!([{ "subject": { "fr": { "text": "Total", "status": "OFFICIAL" } },
            "values": [{ "value": "1", "cutOff": "2015-02" }, { "value": "2" }] }]);
        let record = |slug: &str, producer: &str, figures: &Value| {
            dataset(slug, |doc| {
                (doc["producer"], doc["holdings"], doc["discrepancies"]) = (json!(producer), json!([]), figures.clone());
            })
        };
        let lines = [record("ours", "nso", &figures), record("theirs", "police", &figures)];
        let file = cast.registry.place.write("mirrors.jsonl", lines.join("\n"));
        cast.registry.place.run_ok(&["import", &file]);
        cast.registry.server.wait_for_index();
        let note = |dataset: &str| json!({ "dataset": dataset, "discrepancy": 0, "text": text("Dates d'arrêté différentes.") });
        let proposed = cast.made(&cast.validator, "discrepancy-note-propose", note("ours"));
        assert_eq!((&proposed["state"], &proposed["agreedBy"]), (&json!("PROPOSED"), &json!([{ "slug": "nso" }])), "the other has a say");
        assert_eq!(codes(&cast.act(&cast.other, "discrepancy-note-propose", note("theirs"))), ["CONFLICT"], "one note on the same figures");
        let shown = |slug: &str| {
            let query =
                "query($s: String!) { dataset(slug: $s) { discrepancies { values { value cutOff } note { state agreedBy { slug } } } } }";
            cast.registry.server.ask_with(query, json!({ "s": slug }))["dataset"]["discrepancies"][0].clone()
        };
        assert_eq!(shown("ours")["note"], Value::Null, "not before all agree");
        let agreed = cast.step(&cast.other, "registers-agree", &proposed, json!({}));
        assert_eq!(agreed["state"], "AGREED");
        for slug in ["ours", "theirs"] {
            let found = shown(slug);
            assert_eq!(found["values"], json!([{ "value": "1", "cutOff": "2015-02" }, { "value": "2", "cutOff": null }]));
            assert_eq!(found["note"], json!({ "state": "AGREED", "agreedBy": [{ "slug": "nso" }, { "slug": "police" }] }), "{slug}");
        }
        // The note is on the figures, in whatever words, languages and order they are said; other figures have none.
        let (mut again, mut other) = (figures.clone(), figures.clone());
        again[0]["subject"] =
            json!({ "fr": { "text": "Total", "status": "WORKING_TRANSLATION" }, "es": { "text": "Total", "status": "OFFICIAL" } });
        again[0]["values"].as_array_mut().expect("values").reverse();
        other[0]["values"][0]["value"] = json!("3");
        let file = cast.registry.place.write("again.jsonl", [record("ours", "nso", &again), record("theirs", "police", &other)].join("\n"));
        cast.registry.place.run_ok(&["import", &file]);
        wait_until("the new version", 20, || shown("ours")["values"][0]["value"] == "2");
        assert_eq!(shown("ours")["note"]["state"], "AGREED");
        wait_until("the other values", 20, || shown("theirs")["values"][0]["value"] == "3");
        assert_eq!(shown("theirs")["note"], Value::Null);
        assert_eq!(codes(&cast.act(&cast.validator, "discrepancy-note-propose", note("ours"))), ["CONFLICT"], "the figures are the same");
        // Of figures that stand in one record only, whoever proposes names the others that they come from.
        let named = json!({ "dataset": "census", "discrepancy": 0, "others": ["permits"], "text": text("Champs différents.") });
        let proposed = cast.made(&cast.validator, "discrepancy-note-propose", named);
        assert_eq!(proposed["state"], "PROPOSED");
        assert_eq!(cast.step(&cast.other, "registers-agree", &proposed, json!({}))["state"], "AGREED");
        cast.registry.close();
    }
}

/// A note that was agreed on figures stays with them, whatever else comes to have the same values; where nobody can tell, that is said.
#[test]
fn a_note_stays_with_the_figures_that_it_was_agreed_for() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let of = |subject: &str| json!({ "subject": { "fr": { "text": subject, "status": "OFFICIAL" } }, "values": [{ "value": "1" }, { "value": "2" }] });
        let publish = |figures: Value| {
            let record = dataset("census", |doc| {
                (doc["producer"], doc["holdings"], doc["discrepancies"]) = (json!("nso"), json!([]), figures.clone());
            });
            let file = cast.registry.place.write("census.jsonl", record);
            cast.registry.place.run_ok(&["import", &file]);
            cast.registry.server.wait_for_index();
        };
        let shown = || {
            let query = "{ dataset(slug: \"census\") { discrepancies { subject note { state } isNoteInQuestion } } }";
            let found = cast.registry.server.ask(query)["dataset"]["discrepancies"].as_array().expect("figures").clone();
            let line = |one: &Value| format!("{} {} {}", one["subject"], one["note"]["state"], one["isNoteInQuestion"]).replace('"', "");
            found.iter().map(line).collect::<Vec<_>>()
        };
        let note = |place: u64| json!({ "dataset": "census", "discrepancy": place, "text": text("Champs différents.") });
        let agreed = cast.made(&cast.validator, "discrepancy-note-propose", note(0));
        assert_eq!(agreed["state"], "AGREED");
        assert_eq!(shown(), ["Total AGREED false"]);
        publish(json!([of("Femmes"), of("Total")]));
        assert_eq!(shown(), ["Femmes null false", "Total AGREED false"]);
        assert_eq!(codes(&cast.act(&cast.validator, "discrepancy-note-propose", note(1))), ["CONFLICT"]);
        let reminded = || {
            cast.registry.place.run_ok(&["remind"]);
            cast.notices(&cast.validator).iter().filter(|kind| *kind == "NOTE_OUTDATED").count()
        };
        assert_eq!(reminded(), 0, "it is on the same figures");
        // What it was on has another name now, and so has the other: nobody can tell.
        publish(json!([of("Filles"), of("Ensemble")]));
        assert_eq!(shown(), ["Filles null true", "Ensemble null true"]);
        assert_eq!([reminded(), reminded()], [1, 1], "told once");
        let report = crate::workshop::report(&cast.registry, "en", "latest", &["--records", "published"]);
        assert_eq!(report.matches("which of them this note was agreed for has to be asked again").count(), 1, "{report}");
        assert_eq!(cast.made(&cast.validator, "discrepancy-note-propose", note(1))["state"], "AGREED");
        assert_eq!(shown(), ["Filles null true", "Ensemble AGREED false"]);
        cast.registry.close();
    }
}

#[test]
fn a_request_for_a_region_is_not_answered_by_a_figure_of_the_country() {
    let backend = BACKENDS[0];
    let cast = Cast::open(backend);
    let record = |slug: &str, level: Value, breakdowns: Value| {
        dataset(slug, |doc| {
            (doc["producer"], doc["holdings"], doc["themes"]) = (json!("nso"), json!([]), json!(["MT-0701"]));
            doc["coverage"] = json!({ "reportingAreas": ["MA"], "releasedLevel": level, "releasedDisaggregations": breakdowns });
        })
    };
    let lines = [
        record("national", json!("COUNTRY"), json!(["sex"])),
        record("by-age", json!("REGION"), json!(["age"])),
        record("regional", json!("REGION"), json!(["sex", "age"])),
    ];
    let file = cast.registry.place.write("answers.jsonl", lines.join("\n"));
    cast.registry.place.run_ok(&["import", &file]);
    let asked = json!({ "kind": "DATA_REQUEST", "content": { "text": text("Pour le plan régional."), "cell": { "theme": "MT-0701", "area": "MA-09", "breakdowns": ["sex"] } } });
    let request = cast.made(&cast.member, "data-request-create", asked);
    for (slug, why) in [("national", "by country only"), ("by-age", "not by sex")] {
        assert_eq!(cast.refused(&cast.editor, "data-request-fulfil", &request, json!({ "dataset": slug })), ["INVALID"], "{why}");
    }
    let fulfilled = cast.step(&cast.editor, "data-request-fulfil", &request, json!({ "dataset": "regional" }));
    assert_eq!(fulfilled["state"], "FULFILLED");
    cast.wait_for_notice(&cast.member, "REQUEST_FULFILLED");
    let told = notices(&cast, &cast.member);
    let told = told.iter().find(|notice| notice["kind"] == "REQUEST_FULFILLED").expect("the notice");
    assert!(told["url"].as_str().is_some_and(|url| url.ends_with("/dataset/regional")), "{told}");
    assert!(
        told["title"].as_str().is_some_and(|title| title.contains("Pour le plan régional.") && title.contains("Title of regional")),
        "{told}"
    );
    cast.registry.close();
}

fn notices(cast: &Cast, who: &Session) -> Vec<Value> {
    let query = "{ viewer { notifications(first: 50) { nodes { kind title url reason from } } } }";
    let found = ask_as(&cast.registry.server, who, query, Value::Null)["viewer"]["notifications"]["nodes"].clone();
    found.as_array().expect("notices").clone()
}

#[test]
fn each_step_is_told_with_its_own_reason_however_soon_the_next_one_comes() {
    let backend = BACKENDS[0];
    let cast = Cast::open(backend);
    let asked =
        json!({ "kind": "DATA_REQUEST", "content": { "text": text("Pour le plan."), "cell": { "theme": "MT-0801", "area": "MA-09" } } });
    let request = cast.made(&cast.member, "data-request-create", asked);
    let declined = cast.step(&cast.other, "data-request-decline", &request, json!({ "note": "Hors de notre champ" }));
    cast.step(&cast.validator, "data-request-commit", &declined, json!({ "commitment": "Module", "until": "2090" }));
    cast.wait_for_notice(&cast.member, "REQUEST_COMMITTED");
    let told = notices(&cast, &cast.member);
    let declined = told.iter().find(|notice| notice["kind"] == "REQUEST_DECLINED").expect("the notice");
    assert_eq!((&declined["reason"], &declined["from"]), (&json!("Hors de notre champ"), &json!("Name of police")), "{declined}");
    cast.made(&cast.editor, "overlap-confirm", json!({ "dataset": "census", "other": "permits", "note": "Même champ" }));
    cast.wait_for_notice(&cast.other, "OVERLAP_DECIDED");
    let told = notices(&cast, &cast.other);
    let decided = told.iter().find(|notice| notice["kind"] == "OVERLAP_DECIDED").expect("the notice");
    assert_eq!(decided["title"], "Title of census – Title of permits", "{decided}");
    cast.registry.close();
}

#[test]
fn an_institution_speaks_of_itself_in_its_own_row_of_the_grid() {
    let backend = BACKENDS[0];
    let cast = Cast::open(backend);
    let said = json!({ "kind": "NOT_COLLECTED", "institution": "police", "content": { "text": text("Nous ne le collectons pas."), "cell": { "theme": "MT-0503" } } });
    cast.made(&cast.other, "statement-not-collected", said);
    let query = "{ coverageGrid(rows: { dimension: THEME, codes: [\"MT-0503\"] }, columns: { dimension: INSTITUTION, codes: [\"police\", \"nso\"] }) \
                 { cells { state notCollected } csv } }";
    let grid = cast.registry.server.ask(query)["coverageGrid"].clone();
    assert_eq!(grid["cells"], json!([{ "state": "NOT_COLLECTED", "notCollected": 1 }, { "state": "NOT_DOCUMENTED", "notCollected": 0 }]));
    assert!(grid["csv"].as_str().is_some_and(|csv| csv.contains(",notCollected,")), "{grid}");
    cast.registry.close();
}

/// What was registered since of what had begun before is known in a look back, and is nothing new since then.
#[test]
fn a_look_back_knows_what_was_registered_since_of_what_had_begun() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let written = |kind: &str, content: Value| {
            let made = cast.made(&cast.other, "registers-create", json!({ "kind": kind, "institution": "police", "content": content }));
            cast.step(&cast.other, "registers-validate", &made, json!({}))
        };
        let strategy = json!({ "title": text("Stratégie"), "text": text("Texte."), "on": "2019-01-01", "until": "2090", "actions": ["A"] });
        let strategy = written("STRATEGY", strategy);
        let training = json!({ "title": text("Formation"), "on": "2021-03-05", "until": "2021-03-07", "people": 9, "actions": ["C"] });
        written("TRAINING", training);
        written("TRAINING", json!({ "title": text("Plus tard"), "on": "2023", "people": 5, "actions": ["C"] }));
        written("TRAINING", json!({ "title": text("Encore à venir"), "on": "2090", "people": 5, "actions": ["C"] }));
        let (body, _) = cast.report("latest");
        assert!(body.contains("de 2021-03-05 à 2021-03-07") && !body.contains("Encore à venir"), "of their own days: {body}");
        written("MIGRATION_PROFILE", json!({ "title": text("Profil"), "on": "2017-12", "actions": ["J"] }));
        // A need of a workshop of then, which is answered today; and one that nobody dates.
        let need = cast.need(NEED);
        let offered = cast.step(&cast.partner, "capacity-offer-make", &need, json!({ "offer": "Deux semaines" }));
        cast.step(&cast.other, "capacity-offer-accept", &offered, json!({ "offerOf": "agency" }));
        written("CAPACITY_NEED", json!({ "title": text("Sans date"), "text": text("x"), "capacityKind": "SKILLS", "actions": ["C"] }));
        let note = json!({ "dataset": "census", "other": "permits", "verdict": "WITH_CAUTION", "text": text("Avec prudence.") });
        let note = cast.made(&cast.validator, "comparability-note-propose", note);
        cast.step(&cast.other, "registers-agree", &note, json!({}));

        let query = "query($at: Date, $previous: Date) { objectiveIndicators(at: $at, previousAt: $previous, edition: \"latest\") \
                     { actions { indicators { code value silence numerator entered(first: 50) { totalCount } } } } }";
        let measured = |at: Option<&str>, previous: Option<&str>| {
            let found = cast.registry.server.ask_with(query, json!({ "at": at, "previous": previous }))["objectiveIndicators"].clone();
            let actions = found["actions"].as_array().expect("actions").clone();
            actions.iter().flat_map(|action| action["indicators"].as_array().expect("indicators").clone()).collect::<Vec<Value>>()
        };
        let of = |all: &[Value], code: &str| all.iter().find(|one| one["code"] == code).expect("the indicator").clone();
        let then = measured(Some("2022-05-17"), None);
        for (code, value) in [("1a1", json!(1.0)), ("1c5", json!(9.0)), ("1j2", json!(53.0)), ("1c1", json!(1.0)), ("1c2", json!(0.0))] {
            assert_eq!(of(&then, code)["value"], value, "{code}: {}", of(&then, code));
        }
        let compared = of(&then, "1b3");
        assert_eq!(
            (&compared["value"], &compared["silence"]),
            (&Value::Null, &json!("NOTHING_REGISTERED")),
            "nobody had agreed: {compared}"
        );
        let now = measured(None, Some("2022-05-17"));
        for (code, entered) in [("1a1", 0), ("1c5", 1), ("1j2", 0), ("1c1", 1), ("1b3", 1)] {
            assert_eq!(of(&now, code)["entered"]["totalCount"], entered, "{code}: {}", of(&now, code));
        }
        // What was closed since was in force.
        cast.step(&cast.other, "registers-close", &strategy, json!({ "note": "Remplacée" }));
        assert_eq!(of(&measured(Some("2022-05-17"), None), "1a1")["numerator"], 1);
        assert_eq!(of(&measured(None, None), "1a1")["numerator"], 0);
        assert_eq!(of(&measured(Some("2018-12-31"), None), "1a1")["silence"], "NOTHING_REGISTERED", "nor had it begun before");
        cast.registry.close();
    }
}
