//! Cells of the coverage grid and what people say of them: asked for, committed, fulfilled, or stated as not collected.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, dataset};
use crate::people::{Session, Who, act, ask_as, codes};
use crate::registers::{Cast, text};

#[test]
fn from_a_cell_of_the_grid_to_the_record_that_fills_it() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let cell = |who: &Session| {
            let query = "{ coverageGrid(rows: { dimension: THEME, codes: [\"MT-0801\"] }, columns: { dimension: REPORTING_AREA, codes: [\"MA-09\"] }) \
                         { cells { state statements { text } openActions { state supporters } } csv } }";
            ask_as(&cast.registry.server, who, query, Value::Null)["coverageGrid"].clone()
        };
        let asked = json!({ "kind": "DATA_REQUEST", "content": { "text": text("Pour le plan régional."), "cell": { "theme": "MT-0801", "area": "MA-09" } } });
        assert_eq!(codes(&act(&cast.registry.server, Who::Visitor, "data-request-create", asked.clone())), ["SIGN_IN_REQUIRED"]);
        let request = cast.made(&cast.member, "data-request-create", asked);
        assert_eq!((&request["state"], &request["supporters"]), (&json!("OPEN"), &json!(1)));
        cast.wait_for_notice(&cast.coordinator, "REQUEST_MADE");
        let supported = cast.made(&cast.partner, "data-request-support", json!({ "entry": request["id"], "institution": "agency" }));
        assert_eq!((&supported["supporters"], &supported["supportingInstitutions"]), (&json!(2), &json!([{ "slug": "agency" }])));
        let again = cast.made(&cast.partner, "data-request-support", json!({ "entry": request["id"] }));
        assert_eq!(again["supporters"], 2, "everyone once");
        let own = cast.made(&cast.member, "data-request-support", json!({ "entry": request["id"] }));
        assert_eq!(own["supporters"], 2, "who asked is counted already");
        assert_eq!(cell(&cast.member)["cells"][0]["openActions"], json!([{ "state": "OPEN", "supporters": 2 }]));

        // An institution declines with a reason, another commits itself; the first day that is past is refused.
        assert_eq!(cast.refused(&cast.other, "data-request-decline", &request, json!({})), ["INVALID"]);
        let declined = cast.step(&cast.other, "data-request-decline", &request, json!({ "note": "Hors de notre champ" }));
        assert_eq!((&declined["state"], &declined["history"][1]["institution"]), (&json!("DECLINED"), &json!({ "slug": "police" })));
        let commitment = |until: &str| json!({ "commitment": "Module dans l'enquête", "until": until });
        assert_eq!(cast.refused(&cast.editor, "data-request-commit", &declined, commitment("2090")), ["ROLE_REQUIRED"]);
        assert_eq!(cast.refused(&cast.validator, "data-request-commit", &declined, commitment("2001")), ["INVALID"]);
        let committed = cast.step(&cast.validator, "data-request-commit", &declined, commitment("2090"));
        assert_eq!(
            (&committed["state"], &committed["commitment"]),
            (&json!("COMMITTED"), &json!({ "institution": { "slug": "nso" }, "text": "Module dans l'enquête", "until": "2090" }))
        );
        for who in [&cast.member, &cast.partner] {
            cast.wait_for_notice(who, "REQUEST_COMMITTED");
        }
        assert_eq!(cast.refused(&cast.other, "data-request-release", &committed, json!({ "note": "x" })), ["ROLE_REQUIRED"]);
        let released = cast.step(&cast.validator, "data-request-release", &committed, json!({ "note": "Budget refusé" }));
        assert_eq!((&released["state"], &released["commitment"]), (&json!("OPEN"), &Value::Null));
        // Who declined before may say so again of what is open anew, and then not twice.
        let refusal = json!({ "note": "Toujours hors de notre champ" });
        let declined = cast.step(&cast.other, "data-request-decline", &released, refusal.clone());
        assert_eq!(cast.refused(&cast.other, "data-request-decline", &declined, refusal), ["CONFLICT"]);
        let committed = cast.step(&cast.validator, "data-request-commit", &declined, commitment("2091-06"));

        let module = |slug: &str, producer: &str| {
            dataset(slug, |doc| {
                doc["producer"] = json!(producer);
                doc["holdings"] = json!([]);
                doc["themes"] = json!(["MT-0801"]);
                doc["coverage"] = json!({ "reportingAreas": ["MA"] });
            })
        };
        let file = cast.registry.place.write("module.jsonl", [module("module", "nso"), module("module-of-police", "police")].join("\n"));
        cast.registry.place.run_ok(&["import", &file]);

        // Only a record of one's own fulfils, none that those who asked may not see, and none of another topic.
        assert_eq!(cast.refused(&cast.editor, "data-request-fulfil", &committed, json!({ "dataset": "permits" })), ["INVALID"]);
        assert_eq!(cast.refused(&cast.coordinator, "data-request-fulfil", &committed, json!({ "dataset": "hidden" })), ["INVALID"]);
        assert_eq!(cast.refused(&cast.editor, "data-request-fulfil", &committed, json!({ "dataset": "hidden" })), ["NOT_FOUND"]);
        assert_eq!(cast.refused(&cast.editor, "data-request-fulfil", &committed, json!({ "dataset": "census" })), ["INVALID"]);
        assert_eq!(cast.refused(&cast.other, "data-request-fulfil", &committed, json!({ "dataset": "permits" })), ["INVALID"]);
        assert_eq!(cast.refused(&cast.other, "data-request-fulfil", &committed, json!({ "dataset": "module" })), ["INVALID"]);
        let fulfilled = cast.step(&cast.editor, "data-request-fulfil", &committed, json!({ "dataset": "module" }));
        assert_eq!((&fulfilled["state"], &fulfilled["fulfilledBy"]), (&json!("FULFILLED"), &json!({ "slug": "module" })));
        for who in [&cast.member, &cast.partner] {
            cast.wait_for_notice(who, "REQUEST_FULFILLED");
        }
        assert_eq!(cell(&cast.member)["cells"][0]["openActions"], json!([]));
        let of_record = ask_as(
            &cast.registry.server,
            Who::Visitor,
            "{ dataset(slug: \"module\") { registerEntries { nodes { kind } } } }",
            Value::Null,
        );
        assert_eq!(of_record["dataset"]["registerEntries"]["nodes"], json!([{ "kind": "DATA_REQUEST" }]));

        // Where the record is hidden later, the request stands for others as it did before: that something answers it would tell of the record.
        let import = |visibility: &str| {
            let line = cast.registry.place.run_ok(&["export"]);
            let line = line.lines().find(|line| line.contains("\"slug\":\"module\"")).expect("the record").to_owned();
            let from = if visibility == "PUBLIC" { "COORDINATOR" } else { "PUBLIC" };
            let file = cast
                .registry
                .place
                .write("module.jsonl", line.replace(&format!("\"visibility\":\"{from}\""), &format!("\"visibility\":\"{visibility}\"")));
            cast.registry.place.run_ok(&["import", &file]);
            cast.registry.server.wait_for_index();
        };
        import("COORDINATOR");
        let query = "query($id: ID!) { registerEntry(id: $id) { state revision fulfilledBy { slug } history { command } } }";
        let seen = |who: Who<'_>| ask_as(&cast.registry.server, who, query, json!({ "id": request["id"] }))["registerEntry"].clone();
        for who in [Who::Visitor, (&cast.member).into(), (&cast.other).into()] {
            let shown = seen(who);
            assert_eq!(
                (&shown["state"], &shown["fulfilledBy"], &shown["revision"]),
                (&json!("COMMITTED"), &Value::Null, &committed["revision"]),
                "{shown}"
            );
            assert!(!shown.to_string().contains("FULFIL"), "{shown}");
        }
        assert_eq!(seen((&cast.editor).into())["state"], "FULFILLED", "its own people see it");
        for (state, count) in [("COMMITTED", 1), ("FULFILLED", 0)] {
            assert_eq!(cast.listed(Who::Visitor, &format!("{{ kinds: [DATA_REQUEST], states: [{state}] }}")), count, "{state}");
        }
        assert_eq!(cell(&cast.member)["cells"][0]["openActions"], json!([{ "state": "COMMITTED", "supporters": 2 }]));
        import("PUBLIC");
        assert_eq!(seen(Who::Visitor)["state"], "FULFILLED");

        // Who asked says that it does not answer what was asked for, and why; others do not.
        assert_eq!(cast.refused(&cast.partner, "registers-reopen", &fulfilled, json!({ "note": "x" })), ["ROLE_REQUIRED"]);
        assert_eq!(cast.refused(&cast.member, "registers-reopen", &fulfilled, json!({})), ["INVALID"]);
        let reason = "Sans ventilation par province";
        let again = cast.step(&cast.member, "registers-reopen", &fulfilled, json!({ "note": reason }));
        assert_eq!((&again["state"], &again["fulfilledBy"]), (&json!("COMMITTED"), &Value::Null));
        assert_eq!(again["commitment"], committed["commitment"], "it was not taken back");
        assert_eq!(cell(&cast.member)["cells"][0]["openActions"], json!([{ "state": "COMMITTED", "supporters": 2 }]));
        // Who fulfilled it, who committed itself and who supports it are told, in true words and with the reason.
        for who in [&cast.editor, &cast.validator, &cast.partner] {
            cast.wait_for_notice(who, "REQUEST_REOPENED");
            let told = cast.told(who, "REQUEST_REOPENED");
            assert_eq!((&told["reason"], &told["from"]), (&json!(reason), &Value::Null), "{told}");
            assert!(!cast.notices(who).iter().any(|kind| kind == "REGISTER_CHANGED"), "nothing was withdrawn");
        }
        assert!(!cast.notices(&cast.member).iter().any(|kind| kind == "REQUEST_REOPENED"), "who did it knows it");
        // A record of another institution is what was promised, done by others: who had committed itself is held to nothing.
        let other = cast.step(&cast.coordinator, "data-request-fulfil", &again, json!({ "dataset": "module-of-police" }));
        cast.wait_for_notice(&cast.validator, "REQUEST_FULFILLED");
        let open = cast.step(&cast.member, "registers-reopen", &other, json!({ "note": "Trop ancien" }));
        assert_eq!((&open["state"], &open["fulfilledBy"], &open["commitment"]), (&json!("OPEN"), &Value::Null, &Value::Null));
        cast.wait_for_notice(&cast.coordinator, "REQUEST_REOPENED");
        cast.registry.close();
    }
}

/// What fulfils a request is hidden later: who does not see it goes on with the request, and neither learns of it nor undoes it.
#[test]
fn who_does_not_see_what_answers_a_request_neither_learns_of_it_nor_undoes_it() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let module = |slug: &str, producer: &str, visibility: &str| {
            dataset(slug, |doc| {
                (doc["producer"], doc["holdings"], doc["visibility"]) = (json!(producer), json!([]), json!(visibility));
                (doc["themes"], doc["coverage"]) = (json!(["MT-0801"]), json!({ "reportingAreas": ["MA"] }));
            })
        };
        let import = |line: String| {
            cast.registry.place.run_ok(&["import", &cast.registry.place.write("module.jsonl", line)]);
            cast.registry.server.wait_for_index();
        };
        import(format!("{}\n{}", module("module", "nso", "PUBLIC"), module("module-of-police", "police", "PUBLIC")));
        let content =
            json!({ "text": text("Pour le plan régional."), "visibility": "PUBLIC", "cell": { "theme": "MT-0801", "area": "MA" } });
        let request = cast.made(&cast.member, "data-request-create", json!({ "kind": "DATA_REQUEST", "content": content }));
        let commitment = json!({ "commitment": "Une fiche", "until": "2090" });
        let committed = cast.step(&cast.other, "data-request-commit", &request, commitment.clone());
        cast.step(&cast.coordinator, "data-request-fulfil", &committed, json!({ "dataset": "module" }));
        import(module("module", "nso", "COORDINATOR"));
        let query = "query($id: ID!) { registerEntry(id: $id) { state revision fulfilledBy { slug } history { command } } }";
        let seen = |who: Who<'_>| {
            let entry = ask_as(&cast.registry.server, who, query, json!({ "id": request["id"] }))["registerEntry"].clone();
            let steps: Vec<String> = entry["history"].as_array().expect("steps").iter().map(|step| step["command"].to_string()).collect();
            (entry["state"].clone(), entry["fulfilledBy"]["slug"].clone(), entry["revision"].clone(), steps.join(" "))
        };
        let said = |state: &str, by: Option<&str>, revision: u64, steps: &str| (json!(state), json!(by), json!(revision), steps.to_owned());
        let released = cast.step(&cast.other, "data-request-release", &committed, json!({ "note": "Budget refusé" }));
        assert_eq!((&released["state"], &released["revision"]), (&json!("OPEN"), &json!(3)));
        for who in [Who::Visitor, (&cast.member).into(), (&cast.other).into()] {
            assert_eq!(seen(who), said("OPEN", None, 3, "null \"COMMIT\" \"RELEASE\""), "{backend:?} {who:?}");
        }
        let whole = "null \"COMMIT\" \"FULFIL\" \"RELEASE\"";
        assert_eq!(seen((&cast.editor).into()), said("FULFILLED", Some("module"), 4, whole), "its own people see it");
        import(module("module", "nso", "PUBLIC"));
        assert_eq!(seen(Who::Visitor), said("FULFILLED", Some("module"), 4, whole));
        // Another record that they see takes its place, and says nothing of the former one.
        import(module("module", "nso", "COORDINATOR"));
        let again = cast.step(&cast.other, "data-request-commit", &released, commitment);
        let fulfilled = cast.step(&cast.other, "data-request-fulfil", &again, json!({ "dataset": "module-of-police" }));
        assert_eq!((&fulfilled["state"], &fulfilled["fulfilledBy"]), (&json!("FULFILLED"), &json!({ "slug": "module-of-police" })));
        let steps = "null \"COMMIT\" \"RELEASE\" \"COMMIT\" \"FULFIL\"";
        for who in [Who::Visitor, (&cast.editor).into()] {
            assert_eq!(seen(who), said("FULFILLED", Some("module-of-police"), 5, steps), "{backend:?} {who:?}: each step is a revision");
        }
        cast.registry.place.assert_healthy();
        cast.registry.close();
    }
}

#[test]
fn only_a_statement_makes_a_cell_say_not_collected() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let state = |theme: &str, area: &str, filter: &str| {
            let query = format!(
                "{{ coverageGrid(rows: {{ dimension: THEME, codes: [\"{theme}\"] }}, columns: {{ dimension: REPORTING_AREA, codes: [\"{area}\"] }}{filter}) \
                 {{ cells {{ state stateLabel statements {{ institution {{ slug }} }} }} stated: cells(states: [NOT_COLLECTED]) {{ state }} csv svg }} }}"
            );
            cast.registry.server.ask(&query)["coverageGrid"].clone()
        };
        assert_eq!(state("MT-0801", "MA-09", "")["cells"][0]["state"], "NOT_DOCUMENTED");
        let said = json!({ "kind": "NOT_COLLECTED", "institution": "nso", "content": { "text": text("Nous ne le collectons pas."), "cell": { "theme": "MT-0801", "area": "MA" } } });
        assert_eq!(codes(&cast.act(&cast.editor, "statement-not-collected", said.clone())), ["ROLE_REQUIRED"], "an institution signs it");
        assert_eq!(codes(&cast.act(&cast.coordinator, "statement-not-collected", said.clone())), ["ROLE_REQUIRED"], "and nobody for it");
        let statement = cast.made(&cast.validator, "statement-not-collected", said);
        let grid = state("MT-0801", "MA-09", "");
        assert_eq!(
            grid["cells"][0],
            json!({ "state": "NOT_COLLECTED", "stateLabel": "Stated as not collected", "statements": [{ "institution": { "slug": "nso" } }] })
        );
        assert_eq!(grid["stated"], json!([{ "state": "NOT_COLLECTED" }]));
        assert!(grid["csv"].as_str().is_some_and(|csv| csv.contains("NOT_COLLECTED")), "{grid}");
        assert_eq!(state("MT-0801", "TN", "")["cells"][0]["state"], "NOT_DOCUMENTED", "another country");
        assert_eq!(state("MT-0801", "MA-09", ", where: { sourceTypes: [CENSUS] }")["cells"][0]["state"], "NOT_DOCUMENTED");
        cast.step(&cast.validator, "registers-withdraw", &statement, json!({ "note": "Collecté depuis" }));
        assert_eq!(state("MT-0801", "MA-09", "")["cells"][0]["state"], "NOT_DOCUMENTED");
        cast.registry.close();
    }
}

/// Whatever the grid has rows and columns of can be asked for; the request stands in the cells that it names and in no others.
#[test]
fn every_cell_of_the_grid_can_be_asked_for() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let actions = |dimension: &str, code: &str| {
            let query = format!(
                "{{ coverageGrid(rows: {{ dimension: {dimension}, codes: [\"{code}\"] }}, columns: {{ dimension: REPORTING_AREA, codes: [\"MA-09\"] }}) \
                 {{ cells {{ openActions {{ id }} }} }} }}"
            );
            cast.registry.server.ask(&query)["coverageGrid"]["cells"][0]["openActions"].clone()
        };
        for (dimension, code, other, field) in [
            ("THEME", "MT-0701", "MT-0102", "theme"),
            ("ORIGIN", "SN", "FR", "origin"),
            ("DESTINATION", "ES", "SN", "destination"),
            ("YEAR", "2019", "2020", ""),
            ("DISAGGREGATION", "sex", "age", "breakdowns"),
            ("INSTITUTION", "police", "nso", "institution"),
            ("SOURCE_TYPE", "CENSUS", "MODELLED", "sourceType"),
            ("AGGREGATES_ACCESS", "OPEN", "REGISTERED", "aggregatesAccess"),
            ("MICRODATA_ACCESS", "OPEN", "REGISTERED", "microdataAccess"),
            ("GCM_OBJECTIVE", "GCM-21", "GCM-20", "indicator"),
            ("SDG_INDICATOR", "SDG-10.7.2", "SDG-10.7.1", "indicator"),
        ] {
            let mut cell = json!({ "area": "MA-09" });
            match field {
                "" => (cell["fromYear"], cell["toYear"]) = (json!(2019), json!(2019)),
                "breakdowns" => cell[field] = json!([code]),
                field => cell[field] = json!(code),
            }
            let input = json!({ "kind": "DATA_REQUEST", "content": { "text": text("Pour le plan régional."), "visibility": "PUBLIC", "cell": cell } });
            let request = cast.made(&cast.member, "data-request-create", input);
            assert_eq!(actions(dimension, code), json!([{ "id": request["id"] }]), "{dimension} {code}");
            assert_eq!(actions(dimension, other), json!([]), "{dimension} {other}");
            cast.step(&cast.member, "registers-withdraw", &request, json!({ "note": "Essai" }));
        }
        // Whose data are asked for is asked.
        let cell = json!({ "area": "MA", "institution": "police", "microdataAccess": "OPEN" });
        let input = json!({ "kind": "DATA_REQUEST", "content": { "text": text("Microdonnées ouvertes"), "cell": cell } });
        let request = cast.made(&cast.member, "data-request-create", input);
        let query = "query($id: ID!) { registerEntry(id: $id) { institutions { slug } cell { institution { slug } microdataAccess sourceType indicator { code } } } }";
        let seen = ask_as(&cast.registry.server, &cast.other, query, json!({ "id": request["id"] }));
        assert_eq!(
            seen["registerEntry"],
            json!({ "institutions": [{ "slug": "police" }], "cell": { "institution": { "slug": "police" }, "microdataAccess": "OPEN", "sourceType": null, "indicator": null } })
        );
        // A record of another institution is not what was asked for.
        assert_eq!(cast.refused(&cast.coordinator, "data-request-fulfil", &request, json!({ "dataset": "census" })), ["INVALID"]);
        for (cell, field) in [
            (json!({ "indicator": "SDG-0.0.0" }), json!(["cell", "indicator"])),
            (json!({ "institution": "nobody" }), json!(["institutions"])),
            (json!({ "institution": "No Name" }), json!(["cell", "institution"])),
        ] {
            let input = json!({ "kind": "DATA_REQUEST", "content": { "text": text("x"), "cell": cell } });
            let answer = cast.act(&cast.member, "data-request-create", input);
            assert_eq!((codes(&answer), &answer["errors"][0]["path"]), (vec!["INVALID"], &field));
        }
        // What is not collected has no access, and is of whoever states it.
        let cell = json!({ "theme": "MT-0801", "institution": "nso", "aggregatesAccess": "OPEN" });
        let said = json!({ "kind": "NOT_COLLECTED", "institution": "nso", "content": { "text": text("x"), "cell": cell } });
        assert_eq!(codes(&cast.act(&cast.validator, "statement-not-collected", said)), ["INVALID", "INVALID"]);
        // Of one type of source only the cells of this type are not collected.
        let cell = json!({ "theme": "MT-0801", "area": "MA-09", "sourceType": "CENSUS" });
        let said =
            json!({ "kind": "NOT_COLLECTED", "institution": "nso", "content": { "text": text("Pas par recensement."), "cell": cell } });
        cast.made(&cast.validator, "statement-not-collected", said);
        let state = |filter: &str| {
            let query = format!(
                "{{ coverageGrid(rows: {{ dimension: THEME, codes: [\"MT-0801\"] }}, columns: {{ dimension: REPORTING_AREA, codes: [\"MA-09\"] }}{filter}) {{ cells {{ state }} }} }}"
            );
            cast.registry.server.ask(&query)["coverageGrid"]["cells"][0]["state"].clone()
        };
        assert_eq!(state(", where: { sourceTypes: [CENSUS] }"), "NOT_COLLECTED");
        for wider in ["", ", where: { sourceTypes: [MODELLED] }", ", where: { sourceTypes: [CENSUS, MODELLED] }"] {
            assert_eq!(state(wider), "NOT_DOCUMENTED", "{wider}");
        }
        cast.registry.close();
    }
}
