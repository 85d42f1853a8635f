//! Who is named in a request, and who is asked about it, reads what concerns them: no part of others, nothing before they declare, nothing
//! once the matter is decided; and whether an address has an account is told to nobody.

use serde_json::{Value, json};

use crate::access_requests::cast::{Cast, NSO, POLICE, Request, answers, day, email, lines, part, state};
use crate::harness::BACKENDS;
use crate::outgoing::wait_until;
use crate::people::{ask_as, codes};

fn drafted(cast: &Cast, holders: &[&str]) -> Request {
    let request = cast.begin("researcher", holders, json!({}));
    cast.step("researcher", &request, "answer", json!({ "answers": answers() }));
    request
}

fn name(cast: &Cast, request: &Request, person: &str) {
    cast.step("researcher", request, "member-add", json!({ "name": format!("Name of {person}"), "email": email(person) }));
}

fn kinds(seen: &Value) -> Vec<String> {
    let events = seen["events"]["nodes"].as_array().expect("events");
    events.iter().map(|event| event["kind"].as_str().expect("kind").to_owned()).collect()
}

fn numbers(seen: &Value) -> Vec<i64> {
    seen["members"].as_array().expect("members").iter().map(|member| member["number"].as_i64().expect("a number")).collect()
}

#[test]
fn who_is_taken_out_of_a_draft_was_never_there_for_anybody_else() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = drafted(&cast, &[NSO]);
        name(&cast, &request, "colleague");
        name(&cast, &request, "stranger");
        cast.step("researcher", &request, "member-remove", json!({ "member": 2 }));
        cast.step("researcher", &request, "submit", json!({}));
        let seen = cast.look("officer", &request.id);
        assert_eq!(numbers(&seen), [1], "{seen}");
        assert!(!seen.to_string().contains("stranger") && !kinds(&seen).contains(&"MEMBER_REMOVED".to_owned()), "{seen}");
        // Of the name nothing is kept; that somebody was taken out the applicant knows.
        let own = cast.look("researcher", &request.id);
        assert_eq!(numbers(&own), [1, 2]);
        assert!(!own.to_string().contains("Name of stranger"), "{own}");
        assert_eq!(cast.place.count("SELECT count(*) FROM access_contents WHERE doc LIKE '%Name of stranger%'"), 0);
        assert_eq!(cast.place.count("SELECT count(*) FROM access_contents WHERE doc LIKE '%Name of colleague%'"), 1);
        cast.close();
    }
}

/// One holder returns its part, and a member is named with the answer.
fn named_for_the_first(cast: &Cast) -> Request {
    let request = drafted(cast, &[NSO, POLICE]);
    name(cast, &request, "stranger");
    cast.step("researcher", &request, "submit", json!({}));
    cast.step("officer", &request, "return", json!({ "part": 1, "text": "Who will use it?" }));
    name(cast, &request, "colleague");
    request
}

#[test]
fn a_member_has_a_part_where_they_are_named_and_in_no_other() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = named_for_the_first(&cast);
        // Not yet submitted: for nobody but the applicant.
        for holder in ["officer", "other-officer"] {
            assert_eq!(numbers(&cast.look(holder, &request.id)), [1], "{holder}");
        }
        assert_eq!(cast.look("colleague", &request.id), Value::Null);
        cast.step("researcher", &request, "submit", json!({}));
        assert_eq!(numbers(&cast.look("officer", &request.id)), [1, 2]);
        let other = cast.look("other-officer", &request.id);
        assert!(numbers(&other) == [1] && !other.to_string().contains("colleague"), "{other}");
        let events = kinds(&other).into_iter().filter(|kind| kind == "MEMBER_ADDED").count();
        assert_eq!(events, 1, "{other}");

        // What the police say is not for who is named for the survey only, nor do they write to them.
        cast.step("other-officer", &request, "confirm-complete", json!({ "part": 2 }));
        cast.step("other-officer", &request, "message", json!({ "part": 2, "text": "Words of the police" }));
        let refusal =
            json!({ "part": 2, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "OTHER", "text": "Refusal of the police" });
        cast.step("other-officer", &request, "decide", refusal);
        let seen = cast.look("colleague", &request.id);
        assert_eq!(seen["parts"].as_array().map(Vec::len), Some(1), "{seen}");
        assert!(!seen.to_string().contains("police"), "{seen}");
        let all = cast.look("stranger", &request.id);
        assert!(all.to_string().contains("Words of the police") && all.to_string().contains("Refusal of the police"), "{all}");
        cast.refused("colleague", &request, "message", json!({ "part": 2, "text": "Why?" }), "NOT_FOUND");
        cast.refused("colleague", &request, "message", json!({ "text": "To everyone" }), "INVALID");
        cast.step("colleague", &request, "message", json!({ "part": 1, "text": "To the office" }));
        cast.step("stranger", &request, "message", json!({ "text": "To everyone" }));
        let own = cast.ask(cast.who("colleague"), "access-request-list", json!({ "scope": "OWN" }))["accessRequests"].clone();
        assert_eq!((&own["totalCount"], &own["nodes"][0]["part"]), (&json!(1), &json!(1)), "{own}");
        // Who leaves is missed where they were named.
        cast.step("colleague", &request, "member-remove", json!({ "member": 2 }));
        let told = |name: &str| {
            let query = "{ viewer { notifications(first: 100) { nodes { kind } } } }";
            ask_as(&cast.server, cast.who(name), query, Value::Null).to_string().contains("ACCESS_MEMBER_LEFT")
        };
        wait_until("the office is told", 20, || told("officer"));
        assert!(!told("other-officer"));
        cast.close();
    }
}

#[test]
fn whether_an_address_has_an_account_is_not_told() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        let request = drafted(&cast, &[NSO]);
        let twice = |person: &str| {
            name(&cast, &request, person);
            let refused = cast.try_step(cast.who("researcher"), &request, "member-add", json!({ "name": "Again", "email": email(person) }));
            assert_eq!(codes(&refused), ["INVALID"], "{refused}");
            refused["errors"].to_string()
        };
        assert_eq!(twice("colleague"), twice("newcomer"));
        // That the account is made is the person's own business, while nobody else has the request before them.
        cast.enter("newcomer", &[]);
        let seen = cast.look("researcher", &request.id);
        assert!(!kinds(&seen).contains(&"MEMBER_KNOWN".to_owned()), "{seen}");
        cast.refresh(&request);
        name(&cast, &request, "latecomer");
        cast.step("researcher", &request, "submit", json!({}));
        cast.approve("officer", "decider", &request, 1);
        cast.step("officer", &request, "propose", json!({ "part": 1, "text": "I use the data for the project only.", "until": day(90) }));
        let undertaking = part(&cast.look("researcher", &request.id), 1)["undertaking"].clone();
        assert_eq!(undertaking["awaited"], 4, "with and without an account: {undertaking}");
        cast.close();
    }
}

/// What somebody reads of the request as a whole.
fn text(cast: &Cast, name: &str, request: &Request) -> String {
    cast.look(name, &request.id).to_string()
}

fn reads(cast: &Cast, name: &str, request: &Request, words: &[&str]) -> Vec<bool> {
    let seen = text(cast, name, request);
    words.iter().map(|word| seen.contains(word)).collect()
}

#[test]
fn who_is_asked_reads_between_the_declaration_and_the_decision() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = drafted(&cast, &[NSO]);
        name(&cast, &request, "colleague");
        cast.step("researcher", &request, "submit", json!({}));
        cast.step("officer", &request, "return", json!({ "part": 1, "text": "RETURN-TEXT" }));
        cast.step("researcher", &request, "submit", json!({}));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        cast.step("officer", &request, "message", json!({ "part": 1, "text": "NOTE-TEXT", "isInternal": true }));
        cast.step("researcher", &request, "message", json!({ "text": "MESSAGE-TEXT" }));
        let ask = json!({ "part": 1, "email": email("reviewer"), "role": "REVIEWER", "text": "ASKED-TEXT" });
        cast.step("officer", &request, "invite", ask);
        let words =
            ["RETURN-TEXT", "NOTE-TEXT", "MESSAGE-TEXT", "ASKED-TEXT", "Name of colleague", "Return and work", "Function of researcher"];
        // Who asks, for what and why: enough to say whether there is a conflict.
        assert_eq!(reads(&cast, "reviewer", &request, &words), [false, false, false, true, false, false, true]);
        assert_eq!(reads(&cast, "adviser", &request, &words), [false, false, false, false, false, false, true]);
        for name in ["reviewer", "adviser"] {
            let actions = part(&cast.look(name, &request.id), 1)["viewerActions"].clone();
            assert!(!actions.as_array().expect("actions").contains(&json!("NOTE")), "{actions}");
            cast.refused(name, &request, "message", json!({ "part": 1, "text": "A note", "isInternal": true }), "INVALID");
            cast.step(name, &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
        }
        assert_eq!(reads(&cast, "reviewer", &request, &words), [true, true, true, true, false, true, true], "no names of members");
        assert_eq!(reads(&cast, "adviser", &request, &words), [true, true, true, true, true, true, true]);
        cast.step("reviewer", &request, "message", json!({ "part": 1, "text": "A note", "isInternal": true }));

        cast.step("decider", &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
        let conditions = json!({ "part": 1, "outcome": "APPROVED_WITH_CONDITIONS", "lines": lines(&[("DATA", "CONDITION-TEXT")], "MET") });
        cast.step("decider", &request, "decide", conditions);
        cast.step("officer", &request, "propose", json!({ "part": 1, "text": "UNDERTAKING-TEXT", "until": day(90) }));
        let hash = part(&cast.look("researcher", &request.id), 1)["undertaking"]["textHash"].clone();
        for name in ["researcher", "colleague"] {
            cast.step(name, &request, "accept", json!({ "part": 1, "textHash": hash }));
        }
        cast.step("officer", &request, "message", json!({ "part": 1, "text": "LATE-NOTE", "isInternal": true }));
        cast.step("researcher", &request, "message", json!({ "part": 1, "text": "LATE-MESSAGE" }));
        let late = ["LATE-NOTE", "LATE-MESSAGE", "UNDERTAKING-TEXT", "CONDITION-TEXT", "RETURN-TEXT", "Name of colleague"];
        for name in ["reviewer", "adviser"] {
            let seen = part(&cast.look(name, &request.id), 1);
            assert_eq!(reads(&cast, name, &request, &late), [false; 6], "{name}");
            assert_eq!(
                (&seen["state"], &seen["entitlements"], &seen["undertaking"]),
                (&json!("ACTIVE"), &json!([]), &Value::Null),
                "{name}"
            );
            assert_eq!(seen["viewerActions"], json!([]), "{name}");
            cast.refused(name, &request, "message", json!({ "part": 1, "text": "A note", "isInternal": true }), "WRONG_STATE");
        }
        assert_eq!(reads(&cast, "officer", &request, &late), [true; 6]);
        cast.close();
    }
}

#[test]
fn each_acceptance_stands_with_its_text_and_day() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let request = drafted(&cast, &[NSO]);
        name(&cast, &request, "colleague");
        cast.step("researcher", &request, "submit", json!({}));
        cast.approve("officer", "decider", &request, 1);
        cast.step("officer", &request, "propose", json!({ "part": 1, "text": "I use the data for the project only.", "until": day(90) }));
        let hash = part(&cast.look("researcher", &request.id), 1)["undertaking"]["textHash"].clone();
        for name in ["colleague", "researcher"] {
            cast.step(name, &request, "accept", json!({ "part": 1, "textHash": hash }));
        }
        for name in ["officer", "researcher", "colleague"] {
            let all = part(&cast.look(name, &request.id), 1)["undertaking"]["acceptances"].clone();
            let functions: Vec<&Value> = all.as_array().expect("acceptances").iter().map(|one| &one["function"]).collect();
            assert_eq!(functions, ["Function of colleague", "Function of researcher"], "{name}");
            assert!(all[0]["textHash"] == hash && all[0]["acceptedAt"].as_str() <= all[1]["acceptedAt"].as_str(), "{all}");
        }
        assert_eq!(part(&cast.look("auditor", &request.id), 1)["undertaking"], Value::Null);
        cast.close();
    }
}

#[test]
fn the_coordinator_sees_states_and_dates_and_no_rule() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let words = json!([{ "language": "en", "text": "RULE-REASON" }]);
        let block = json!({ "name": "block-of-somebody", "reason": words, "effect": "REJECT", "rejection": "TABLES_SUFFICE", "persons": [email("researcher")], "until": day(10) });
        cast.desk("officer", NSO, json!({ "rules": [block] }));
        let request = cast.submitted("researcher", &[NSO], json!({}));
        assert_eq!(state(&cast.look("researcher", &request.id), 1), "REJECTED");
        for name in ["coordinator", "auditor"] {
            let seen = cast.look(name, &request.id);
            assert!(kinds(&seen).contains(&"RULE_APPLIED".to_owned()), "that a rule was applied: {seen}");
            let found = seen.to_string();
            assert!(!found.contains("block-of-somebody") && !found.contains("RULE-REASON") && !found.contains("TABLES_SUFFICE"), "{found}");
            let decision = &part(&seen, 1)["decision"];
            assert_eq!((&decision["outcome"], &decision["reason"], &decision["rule"]), (&json!("REJECTED"), &Value::Null, &Value::Null));
        }
        for name in ["researcher", "officer"] {
            let decision = part(&cast.look(name, &request.id), 1)["decision"].clone();
            assert_eq!((&decision["rule"], &decision["reason"]), (&json!("block-of-somebody"), &json!("TABLES_SUFFICE")), "{name}");
        }
        cast.close();
    }
}
