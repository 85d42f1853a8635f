//! Published statistics, calendars of working days, and what the doctor sees of requests.

use serde_json::{Value, json};

use crate::access_granting::{Granting, day};
use crate::access_nodes::{count, read};
use crate::harness::{BACKENDS, Backend};

const FIGURES: &str = "query($from: Date, $to: Date) { institution(slug: \"nso\") { accessStatistics(from: $from, to: $to) { from to medianDays \
    requests { value isSuppressed } decided { value } approved { value } refused { value } waiting { value isSuppressed } \
    refusalReasons { reason count { value isSuppressed } } } } }";

fn figures(granting: &Granting) -> Value {
    granting.server.ask_with(FIGURES, Value::Null)["institution"]["accessStatistics"].clone()
}

/// More parts like one that is there, as if many people had asked.
fn multiply(granting: &Granting, front: u32, count: u32, outcome: &str) {
    for number in front..front + count {
        granting.place.alter(&format!(
            "INSERT INTO access_parts SELECT request_id, {number}, institution, dataset_id, holding_id, state, data, awaiting, due_on, \
             is_waited_for, submitted_at, {outcome}, agreement_id, updated_at FROM access_parts WHERE number = 1"
        ));
    }
}

#[test]
fn small_figures_are_withheld_from_everyone() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let zero = figures(&granting);
        assert_eq!((&zero["requests"], &zero["medianDays"]), (&json!({ "value": 0, "isSuppressed": false }), &Value::Null));
        let request = granting.begin();
        assert_eq!(figures(&granting)["requests"]["value"], 0, "a draft is nobody's business");
        granting.submit(&request);
        let one = figures(&granting);
        assert_eq!((&one["requests"]["value"], &one["waiting"]), (&Value::Null, &json!({ "value": null, "isSuppressed": true })), "{one}");
        assert_eq!(one["decided"]["value"], 0);
        multiply(&granting, 2, 4, "NULL, NULL, NULL");
        multiply(&granting, 10, 6, "'APPROVED', NULL, submitted_at + 864000000");
        multiply(&granting, 20, 5, "'REJECTED', 'NO_LEGAL_BASIS', submitted_at + 1728000000");
        let all = figures(&granting);
        let values = ["requests", "decided", "approved", "refused", "waiting"].map(|name| all[name]["value"].clone());
        assert_eq!(values, [16, 11, 6, 5, 5].map(|value| json!(value)), "{all}");
        assert_eq!(all["medianDays"], 10.0);
        let reasons = all["refusalReasons"].as_array().expect("reasons");
        assert!(reasons.iter().any(|line| line["reason"] == "NO_LEGAL_BASIS" && line["count"]["value"] == 5), "{all}");
        multiply(&granting, 30, 1, "'REJECTED', 'OTHER', submitted_at + 1728000000");
        let hidden = figures(&granting);
        assert_eq!(hidden["refused"]["value"], 6);
        assert!(hidden["refusalReasons"].as_array().expect("reasons").iter().all(|line| line["count"]["isSuppressed"] == true), "{hidden}");

        let (from, to) = (all["from"].as_str().expect("day"), all["to"].as_str().expect("day"));
        assert!(from.ends_with("-01-01") && to.ends_with("-12-31") && day(0)[..4] == from[..4], "{from} {to}");
        let before = json!({ "from": "2001-01-01", "to": "2001-12-31" });
        let old = granting.server.ask_with(FIGURES, before)["institution"]["accessStatistics"]["requests"]["value"].clone();
        assert_eq!(old, 0);
        let (message, code) = granting.server.error_of(FIGURES, json!({ "from": from, "to": day(0) }));
        assert!(code == "BAD_INPUT" && message.contains("calendar year"), "{code}: {message}");
        granting.server.stop();
    }
}

#[test]
fn a_calendar_moves_the_clocks_of_open_requests() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let request = granting.begin();
        granting.submit(&request);
        granting.step(&granting.officer, &request, "ConfirmComplete", "Part", json!({ "part": 1 }));
        let place = &granting.place;
        let due = || count(place, backend, "SELECT MIN(clock_at) FROM access_requests");
        let before = due();
        let write = |text: &str| place.write("calendar.json", text);
        assert_eq!(place.run_ok(&["calendar", "show"]).trim(), "{}", "none is shipped");
        let file =
            write(r#"{"restDays": [5, 8], "holidays": {"2031-13-01": {"ar": "ا", "fr": "f", "en": "e"}, "2031-01-01": {"fr": "f"}}}"#);
        let refused = place.run(&["calendar", "set", &file]);
        let said = String::from_utf8(refused.stderr).expect("UTF-8");
        for piece in ["restDays[1]", "holidays.2031-13-01", "holidays.2031-01-01.ar", "holidays.2031-01-01.en"] {
            assert!(!refused.status.success() && said.contains(piece), "{piece}: {said}");
        }
        let names = |n: i64| format!(r#""{}": {{"ar": "يوم", "fr": "Jour", "en": "Day"}}"#, day(n));
        let holidays: Vec<String> = (0..60).map(names).collect();
        let file = write(&format!(r#"{{"restDays": [6, 7], "holidays": {{{}}}}}"#, holidays.join(", ")));
        assert!(!place.run(&["calendar", "set", "--country", "XX", &file]).status.success());
        let told = place.run_ok(&["calendar", "set", &file]);
        assert!(told.contains("60 holidays; 1 clocks"), "{told}");
        assert!(due() > before + 86_400_000, "who decides is reminded later, for there are fewer days to do it: {before} became {}", due());
        let shown: Value = serde_json::from_str(&place.run_ok(&["calendar", "show"])).expect("JSON");
        assert_eq!(shown["other"]["holidays"].as_object().map(serde_json::Map::len), Some(60));
        let file = write(r#"{"restDays": [5, 6]}"#);
        place.run_ok(&["calendar", "set", "--country", "MA", &file]);
        let own: Value = serde_json::from_str(&place.run_ok(&["calendar", "show", "--country", "MA"])).expect("JSON");
        assert_eq!(own["restDays"], json!([5, 6]));
        let earlier = "SELECT COALESCE(before_doc, 'none') FROM changes WHERE entity = 'CALENDAR' AND entity_id = 'MA'";
        assert_eq!(read(place, backend, earlier), ["none"], "the calendar of all others was none of its own");
        granting.close();
    }
}

#[test]
fn the_doctor_sees_what_was_altered() {
    for (statement, piece) in [
        // The database itself refuses to alter an event; whoever has the file can take that away.
        (
            "DROP TRIGGER access_events_no_update; UPDATE access_events SET at = at + 1 WHERE kind = 'SUBMITTED'",
            "row is not what its events make",
        ),
        (
            "DROP TRIGGER access_events_no_update; UPDATE access_events SET seq = seq + 100 WHERE kind = 'FRAMED'",
            "is not the one that change",
        ),
        ("UPDATE access_contents SET doc = '\"other\"' WHERE doc LIKE '%To know%'", "was altered"),
        ("UPDATE access_requests SET doc = '1'", "cannot be read"),
    ] {
        let granting = Granting::open(Backend::Sqlite, &[]);
        granting.submit(&granting.begin());
        let place = &granting.place;
        for command in [&["doctor"][..], &["doctor", "--verify-chain"][..]] {
            let whole = place.run_ok(command);
            assert!(whole.contains("1 access requests are what their"), "{whole}");
            assert!(command.len() > 1 || whole.contains("ok    default form: version 1, "), "{whole}");
        }
        granting.place.alter(statement);
        for command in [&["doctor"][..], &["doctor", "--verify-chain"][..]] {
            let found = place.run(command);
            let said = String::from_utf8(found.stdout).expect("UTF-8");
            assert!(!found.status.success() && said.contains("FAULT") && said.contains(piece), "{statement}: {said}");
        }
        granting.server.stop();
    }
}

#[test]
fn the_doctor_sees_what_was_altered_in_what_is_acted_on() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        granting.granted(&day(100));
        let place = &granting.place;
        for (altered, back, piece) in [
            ("UPDATE access_parts SET state = 'CLOSED'", "UPDATE access_parts SET state = 'ACTIVE'", "the rows of its parts"),
            ("UPDATE access_parts SET institution = 'police'", "UPDATE access_parts SET institution = 'nso'", "the rows of its parts"),
            ("UPDATE access_requests SET state = 'CLOSED'", "UPDATE access_requests SET state = 'ACTIVE'", "its row is not"),
            (
                "UPDATE access_people SET person_id = (SELECT id FROM persons WHERE email = 'officer@people.example')",
                "UPDATE access_people SET person_id = (SELECT id FROM persons WHERE email = 'researcher@people.example')",
                "the rows of its people",
            ),
            (
                "UPDATE entitlements SET ends_on = '2' || ends_on",
                "UPDATE entitlements SET ends_on = substr(ends_on, 2)",
                "is not what the change log has made it",
            ),
            ("DELETE FROM entitlements", "", "the change log tells of 1 entitlements, the table has 0"),
        ] {
            place.assert_healthy();
            place.alter(altered);
            let said = String::from_utf8(place.run(&["doctor"]).stdout).expect("UTF-8");
            assert!(said.contains("FAULT access requests") && said.contains(piece), "{altered}: {said}");
            if !back.is_empty() {
                place.alter(back);
            }
        }
        granting.server.stop();
    }
}
