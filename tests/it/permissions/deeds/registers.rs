//! Deeds in the calendar, in the registers, and reports.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{OWN, Outcome, Stage};
use super::{Deed, free, own};
use crate::actors::Caller;

/// Deeds in the calendar. Postponing, completing and cancelling an entry stand under the same actions; they are tried in the tests of the
/// calendar.
pub fn of_calendar() -> Vec<Deed> {
    use Action as A;
    vec![
        // Who may register a date of the institution is told that there is no such dataset, and nobody else is.
        Deed {
            is_logged: false,
            passes_with: Some("NOT_FOUND"),
            ..own(A::CalendarManage, "calendarEntryCreate", |stage, caller, _| {
                let absent = URL_SAFE_NO_PAD.encode("dataset:00000000-0000-0000-0000-000000000000");
                let input = json!({ "kind": "RELEASE", "institution": OWN, "dataset": absent, "planned": { "start": "2030-05" } });
                stage.perform(caller, "calendarEntryCreate", input, "calendarEntry { uid }")
            })
        },
        own(A::MeetingManage, "calendarEntryCreate", |stage, caller, _| {
            let title = json!([{ "language": "en", "text": "Workshop" }]);
            let input = json!({ "kind": "MEETING", "institution": OWN, "title": title, "planned": { "start": "2030-05" } });
            stage.perform(caller, "calendarEntryCreate", input, "calendarEntry { uid }")
        }),
    ]
}

/// Deeds in the registers, and reports. What is done with an entry follows from a table of its own, tried in the tests of the registers.
pub fn of_registers() -> Vec<Deed> {
    use Action as A;
    fn entry(stage: &Stage, caller: &Caller, kind: &str, institution: Value, content: Value) -> Outcome {
        let input = json!({ "kind": kind, "institution": institution, "content": content });
        stage.perform(caller, "registerEntryCreate", input, "entry { id }")
    }
    fn words() -> Value {
        json!([{ "language": "fr", "text": "Texte" }])
    }
    vec![
        own(A::RegisterWrite, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "CHALLENGE", json!(OWN), json!({ "title": words(), "text": words() }))
        }),
        own(A::RegisterValidate, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "NOT_COLLECTED", json!(OWN), json!({ "text": words(), "cell": { "theme": "MT-0701" } }))
        }),
        free(A::RegisterCoordinate, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "GOOD_PRACTICE", Value::Null, json!({ "title": words(), "text": words() }))
        }),
        free(A::RegisterAsk, "registerEntryCreate", |stage, caller, _| {
            entry(stage, caller, "DATA_REQUEST", Value::Null, json!({ "text": words(), "cell": { "theme": "MT-0701" } }))
        }),
        // Who may take part is told that there is no such thing, and nobody else is.
        Deed {
            is_logged: false,
            passes_with: Some("NOT_FOUND"),
            ..free(A::RegisterComment, "commentAdd", |stage, caller, _| {
                let absent = URL_SAFE_NO_PAD.encode("register-entry:00000000-0000-0000-0000-000000000000");
                stage.perform(caller, "commentAdd", json!({ "subject": absent, "text": "x" }), "comment { id }")
            })
        },
        // No format is named, so that no report is made.
        Deed {
            is_logged: false,
            passes_with: Some("INVALID"),
            ..free(A::ReportGenerate, "reportGenerate", |stage, caller, _| {
                let input = json!({ "kind": "OBJECTIVE_1", "country": "MA", "until": "2026-01-01", "language": "fr", "formats": [] });
                stage.perform(caller, "reportGenerate", input, "report { id }")
            })
        },
    ]
}
