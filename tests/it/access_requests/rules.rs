//! What a holder settles beforehand: standing terms, a block list, a committee.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::people::{codes, payload};

use super::cast::{Cast, NSO, answers, day, email, lines, part, state};

fn words(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

fn rule_of(seen: &Value) -> (Value, Value) {
    let events = seen["events"]["nodes"].as_array().expect("events");
    let applied = events.iter().find(|event| event["kind"] == "RULE_APPLIED").unwrap_or(&Value::Null);
    (applied["rule"].clone(), applied["text"].clone())
}

#[test]
fn who_accepts_the_standing_terms_is_approved_at_once() {
    for backend in BACKENDS {
        let cast = Cast::closed(backend);
        let rule = json!({ "name": "registered-users", "reason": words("The file is meant for registered users."), "effect": "APPROVE", "data": "MICRODATA", "needsSignedTerms": true });
        let input = json!({ "institution": NSO, "expectedRevision": 0, "isOpen": true, "rules": [rule] });
        let without = payload(&cast.ask(cast.who("officer"), "access-desk-set", json!({ "input": input })));
        assert_eq!(codes(&without), ["INVALID"], "what is approved without a person is used under terms: {without}");
        let terms =
            json!({ "standingTerms": words("I do not try to recognise anyone."), "standingMonths": 12, "rules": [rule], "appealDays": 0 });
        let hash = cast.desk("officer", NSO, terms)["standingTerms"]["hash"].clone();
        let shown = cast.ask(cast.who("researcher"), "access-request-holdings", json!({ "slug": "survey" }));
        assert_eq!(shown["dataset"]["holdings"][0]["standingTerms"]["hash"], hash);

        let unsigned = cast.submitted("researcher", &[NSO], json!({}));
        assert_eq!(state(&cast.look("researcher", &unsigned.id), 1), "SUBMITTED", "without the terms people decide");

        let alone = cast.begin("researcher", &[NSO], json!({}));
        cast.step("researcher", &alone, "answer", json!({ "answers": answers() }));
        let filed = cast.step("researcher", &alone, "submit", json!({ "acceptedTerms": [hash] }));
        assert_eq!(state(&filed, 1), "ACTIVE");
        let seen = cast.look("researcher", &alone.id);
        assert_eq!(rule_of(&seen), (json!("registered-users"), json!("The file is meant for registered users.")));
        let one = part(&seen, 1);
        assert_eq!((&one["decision"]["rule"], &one["until"]), (&json!("registered-users"), &json!(day(12 * 31))));
        assert_eq!(one["entitlements"].as_array().map(Vec::len), Some(1), "{one}");

        // Each member accepts in person.
        let together = cast.begin("researcher", &[NSO], json!({}));
        cast.step("researcher", &together, "answer", json!({ "answers": answers() }));
        cast.step("researcher", &together, "member-add", json!({ "name": "A Colleague", "email": email("colleague") }));
        let filed = cast.step("researcher", &together, "submit", json!({ "acceptedTerms": [hash] }));
        assert_eq!(state(&filed, 1), "AGREEMENT_PENDING");
        let accepted = cast.step("colleague", &together, "accept", json!({ "part": 1, "textHash": hash }));
        assert_eq!(state(&accepted, 1), "ACTIVE");
        cast.close();
    }
}

#[test]
fn who_is_blocked_is_refused_until_the_block_ends() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let block = |until: Value| json!([{ "name": "breach-of-terms", "reason": words("Data were passed on."), "effect": "REJECT", "persons": [email("stranger")], "rejection": "SAFEGUARDS_INSUFFICIENT", "until": until }]);
        let for_ever = json!({ "institution": NSO, "expectedRevision": 1, "isOpen": true, "rules": block(Value::Null) });
        let refused = payload(&cast.ask(cast.who("officer"), "access-desk-set", json!({ "input": for_ever })));
        assert!(codes(&refused) == ["INVALID"] && refused.to_string().contains("nobody is blocked for ever"), "{refused}");
        cast.desk("officer", NSO, json!({ "rules": block(json!(day(10))) }));
        let blocked = cast.submitted("stranger", &[NSO], json!({}));
        let seen = cast.look("stranger", &blocked.id);
        assert_eq!(rule_of(&seen), (json!("breach-of-terms"), json!("Data were passed on.")));
        let one = part(&seen, 1);
        assert_eq!((&one["state"], &one["decision"]["reason"]), (&json!("REJECTED"), &json!("SAFEGUARDS_INSUFFICIENT")));
        assert_eq!(one["decision"]["appealUntil"], day(30), "a rule is no last word");
        // In the company of others the holder's people are told, and the applicant learns nothing of somebody else.
        let hidden_behind = cast.begin("researcher", &[NSO], json!({}));
        cast.step("researcher", &hidden_behind, "answer", json!({ "answers": answers() }));
        cast.step("researcher", &hidden_behind, "member-add", json!({ "name": "A Friend", "email": email("stranger") }));
        assert_eq!(state(&cast.step("researcher", &hidden_behind, "submit", json!({})), 1), "SUBMITTED");
        let noted = |who: &str| {
            let seen = cast.look(who, &hidden_behind.id);
            let events = seen["events"].as_array().expect("events").clone();
            events.into_iter().find(|event| event["kind"] == "NOTED").map(|event| (event["text"].clone(), event["by"].clone()))
        };
        assert_eq!(noted("officer"), Some((json!("breach-of-terms: Data were passed on."), Value::Null)), "a rule is no person");
        assert!(noted("researcher").is_none() && !cast.look("researcher", &hidden_behind.id).to_string().contains("breach"));
        let others = cast.submitted("researcher", &[NSO], json!({}));
        assert_eq!(state(&cast.look("researcher", &others.id), 1), "SUBMITTED");
        cast.desk("officer", NSO, json!({ "rules": block(json!(day(-1))) }));
        let later = cast.submitted("stranger", &[NSO], json!({}));
        assert_eq!(state(&cast.look("stranger", &later.id), 1), "SUBMITTED", "the block has ended");
        // How many are blocked is known within the holder, who they are is in nobody's answer.
        let desk = cast.ask(cast.who("officer"), "access-desk", json!({ "institution": NSO }))["accessDesk"].clone();
        assert_eq!(desk["rules"][0]["persons"], 1);
        assert_eq!(cast.ask(cast.who("other-officer"), "access-desk", json!({ "institution": NSO })), json!({ "accessDesk": null }));
        cast.close();
    }
}

#[test]
fn a_committee_decides_by_two_of_three() {
    for backend in BACKENDS {
        let cast = Cast::closed(backend);
        let three = [email("decider"), email("chair"), email("third")];
        let beyond = json!({ "institution": NSO, "expectedRevision": 0, "isOpen": true, "deciders": three, "quorum": 4 });
        assert_eq!(codes(&payload(&cast.ask(cast.who("officer"), "access-desk-set", json!({ "input": beyond })))), ["INVALID"]);
        cast.desk("officer", NSO, json!({ "deciders": three, "quorum": 2 }));
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        cast.refused(
            "officer",
            &request,
            "decide",
            json!({ "part": 1, "outcome": "APPROVED", "lines": lines(&[], "MET") }),
            "ROLE_REQUIRED",
        );
        let vote = |who: &str, is_for: bool| {
            cast.step(who, &request, "declare-interest", json!({ "part": 1, "hasConflict": false }));
            let against = json!({ "part": 1, "outcome": "REJECTED", "lines": lines(&[], "NOT_MET"), "reason": "DISCLOSURE_RISK", "text": "Too small." });
            let favour =
                json!({ "part": 1, "outcome": "APPROVED_WITH_CONDITIONS", "lines": lines(&[("DATA", "Without the commune")], "MET") });
            state(&cast.step(who, &request, "decide", if is_for { favour } else { against }), 1)
        };
        assert_eq!((vote("decider", true), vote("chair", false)), ("IN_REVIEW".to_owned(), "IN_REVIEW".to_owned()));
        assert_eq!(
            part(&cast.look("officer", &request.id), 1)["votes"],
            json!({ "given": 2, "inFavour": 1, "against": 1, "open": 1, "needed": 2, "canDecide": true })
        );
        assert_eq!(vote("third", true), "APPROVED_WITH_CONDITIONS");
        let decision = part(&cast.look("researcher", &request.id), 1)["decision"].clone();
        assert_eq!(decision["lines"].as_array().map(Vec::len), Some(10), "the lines of the two who agree: {decision}");
        assert!(!decision.to_string().contains("Too small."), "{decision}");
        cast.close();
    }
}
