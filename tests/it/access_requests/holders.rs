//! One request, two holders: what one of them does, asks and keeps is no business of the other's.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend};
use crate::people::{act, codes, done};

use super::cast::{Cast, NSO, POLICE, answers, day, email, lines, part, state};

fn words(text: &str) -> Value {
    json!([{ "language": "ar", "text": text }, { "language": "fr", "text": text }, { "language": "en", "text": text }])
}

/// A form with one question of the institution's own.
fn own_form(cast: &Cast, officer: &str, institution: &str) {
    let question = json!({
        "key": format!("{institution}.why"), "kind": "LONG_TEXT", "label": words("Why?"), "help": words("What for"), "isRequired": true,
        "readers": ["APPLICANT", "ACCESS_OFFICER", "DECIDER", "REVIEWER"], "keepMonths": 6, "isPersonal": false,
    });
    let form = json!({ "title": words("Request"), "retentionMonths": 12, "questions": [question] });
    let saved =
        done(&act(&cast.server, cast.who(officer), "access-form-save", json!({ "institution": institution, "form": form })), "form");
    let publish = json!({ "institution": institution, "expectedRevision": saved["revision"] });
    done(&act(&cast.server, cast.who(officer), "access-form-publish", publish), "form");
}

fn why(institution: &str, text: &str) -> Value {
    json!({ "question": format!("{institution}.why"), "text": text })
}

fn keys(seen: &Value, number: u32) -> Vec<String> {
    let answers = part(seen, number)["answers"].as_array().expect("answers").clone();
    answers.iter().map(|answer| answer["question"]["key"].as_str().expect("key").to_owned()).collect()
}

#[test]
fn what_one_holder_returns_is_answered_without_the_other() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        own_form(&cast, "officer", NSO);
        own_form(&cast, "other-officer", POLICE);
        let request = cast.begin("researcher", &[NSO, POLICE], json!({}));
        cast.step("researcher", &request, "answer", json!({ "answers": [why(NSO, "For the survey"), why(POLICE, "For the register")] }));
        cast.step("researcher", &request, "submit", json!({}));
        // What is asked is named by questions of the form: the log keeps the keys for ever, and no free text.
        let free = json!({ "part": 1, "text": "Please say more.", "questions": ["nso.why", "A person has an illness"] });
        let refused = cast.refused("officer", &request, "return", free, "INVALID");
        assert!(refused.contains("write what you ask into `text`"), "{refused}");
        let foreign = json!({ "part": 1, "text": "Please say more.", "questions": ["police.why"] });
        cast.refused("officer", &request, "return", foreign, "INVALID");
        cast.step("officer", &request, "return", json!({ "part": 1, "text": "Please say more.", "questions": ["nso.why"] }));
        let seen = cast.look("researcher", &request.id);
        let returned = seen["events"].as_array().expect("events").iter().find(|event| event["kind"] == "RETURNED").cloned();
        assert_eq!(returned.expect("told")["questions"], json!(["nso.why"]));
        cast.step("researcher", &request, "answer", json!({ "answers": [why(NSO, "For the survey of 2018")] }));
        let unknown = json!({ "answers": [why("nowhere", "Nobody asks")] });
        cast.refused("researcher", &request, "answer", unknown, "INVALID");
        cast.step("researcher", &request, "submit", json!({}));
        let seen = cast.look("researcher", &request.id);
        assert_eq!((state(&seen, 1), state(&seen, 2)), ("SUBMITTED".to_owned(), "SUBMITTED".to_owned()));
        assert_eq!((keys(&seen, 1), keys(&seen, 2)), (vec!["nso.why".to_owned()], vec!["police.why".to_owned()]));
        cast.close();
    }
}

#[test]
fn answers_of_a_holding_that_is_taken_out_are_left_out() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        own_form(&cast, "officer", NSO);
        own_form(&cast, "other-officer", POLICE);
        let request = cast.begin("researcher", &[NSO, POLICE], json!({}));
        cast.step(
            "researcher",
            &request,
            "answer",
            json!({ "answers": [why(NSO, "For the survey"), why(POLICE, "Nobody is asked this")] }),
        );
        cast.step("researcher", &request, "holding-remove", json!({ "part": 2 }));
        cast.step("researcher", &request, "submit", json!({}));
        let export =
            cast.ask(cast.who("researcher"), "access-request-export", json!({ "id": request.id }))["accessRequestExport"].to_string();
        assert!(export.contains("For the survey") && !export.contains("Nobody is asked this"), "{export}");
        cast.close();
    }
}

#[test]
fn a_holder_writes_about_its_own_part() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.submitted("researcher", &[NSO, POLICE], json!({}));
        let refused = cast.refused("officer", &request, "message", json!({ "text": "Between us" }), "INVALID");
        assert!(refused.contains("name the part"), "{refused}");
        cast.step("officer", &request, "message", json!({ "part": 1, "text": "For the applicant" }));
        cast.step("researcher", &request, "message", json!({ "text": "For both" }));
        let reads = |who: &str, text: &str| cast.look(who, &request.id).to_string().contains(text);
        assert!(reads("researcher", "For the applicant") && !reads("other-officer", "For the applicant"));
        assert!(reads("officer", "For both") && reads("other-officer", "For both"));
        cast.close();
    }
}

#[test]
fn each_holder_reads_answers_for_its_own_time() {
    let cast = Cast::open(Backend::Sqlite);
    own_form(&cast, "officer", NSO);
    let request = cast.begin("researcher", &[NSO, POLICE], json!({}));
    let mut all = answers().as_array().expect("answers").clone();
    all.push(why(NSO, "For the survey"));
    cast.step("researcher", &request, "answer", json!({ "answers": all }));
    cast.step("researcher", &request, "submit", json!({}));
    cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
    cast.step("decider", &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
    let refusal = json!({ "part": 1, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "No." });
    cast.step("decider", &request, "decide", refusal);
    assert!(cast.look("officer", &request.id).to_string().contains("For the survey"));
    // The other holder has not even decided; the first has had its six months.
    cast.clock(&day(6 * 31 + 40));
    let kept = cast.place.count("SELECT count(*) FROM access_contents WHERE doc LIKE '%For the survey%'");
    assert_eq!(kept, 0, "what nobody needs any more is gone");
    assert!(!cast.look("other-officer", &request.id)["parts"][0]["answers"].as_array().expect("answers").is_empty());
    cast.close();
}

#[test]
fn who_is_invited_reads_after_the_declaration_and_while_there_is_something_to_decide() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "invite", json!({ "part": 1, "email": email("reviewer"), "role": "REVIEWER" }));
        let reads = |who: &str| !part(&cast.look(who, &request.id), 1)["answers"].as_array().expect("answers").is_empty();
        for who in ["reviewer", "adviser", "decider"] {
            assert!(!reads(who), "{who} reads answers before saying whether there is a conflict");
            cast.step(who, &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
            assert!(reads(who), "{who}");
        }
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        cast.step("decider", &request, "decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") }));
        assert!(!reads("reviewer") && !reads("adviser") && reads("decider") && reads("officer"), "the review is over");
        cast.step("officer", &request, "uninvite", json!({ "part": 1, "invitation": 4 }));
        assert_eq!(cast.look("reviewer", &request.id), Value::Null);
        cast.close();
    }
}

#[test]
fn an_applicant_erases_what_is_their_own() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "message", json!({ "part": 1, "text": "A note of ours", "isInternal": true }));
        cast.step("researcher", &request, "message", json!({ "part": 1, "text": "A word of mine" }));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        cast.step("decider", &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
        let refusal =
            json!({ "part": 1, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "Our reasons." });
        cast.step("decider", &request, "decide", refusal);
        cast.step("researcher", &request, "erase", json!({}));
        let kept = |text: &str| cast.place.count(&format!("SELECT count(*) FROM access_contents WHERE doc LIKE '%{text}%'")) > 0;
        assert!(!kept("A word of mine") && !kept("Return and work"), "the applicant's own is gone");
        assert!(kept("A note of ours") && kept("Our reasons."), "the holder's record of its decision stays for its time");
        let seen = cast.look("officer", &request.id).to_string();
        assert!(seen.contains("A note of ours") && !seen.contains("A word of mine"), "{seen}");
        let late = cast.try_step(cast.who("officer"), &request, "message", json!({ "part": 1, "text": "Later", "isInternal": true }));
        assert!(!codes(&late).is_empty(), "nothing is added to it: {late}");
        cast.clock(&day(61 * 31));
        assert!(!kept("A note of ours") && !kept("Our reasons."), "and goes when the form says so");
        cast.close();
    }
}

#[test]
fn a_draft_that_nobody_takes_up_again_is_erased() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = cast.begin("researcher", &[NSO], json!({}));
        cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
        cast.step("researcher", &request, "member-add", json!({ "name": "A Colleague", "email": email("colleague") }));
        assert_eq!(cast.look("colleague", &request.id), Value::Null, "a draft is its applicant's alone");
        cast.clock(&day(181));
        assert_eq!(state(&cast.look("researcher", &request.id), 1), "WITHDRAWN");
        cast.clock(&day(181 + 33));
        let kept = cast.place.count("SELECT count(*) FROM access_contents WHERE doc <> ''");
        assert_eq!(kept, 0, "no holder ever had it");
        cast.close();
    }
}
