//! What an access rests on stays what the holder has judged, and an access ends with it.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::outgoing::wait_until;

use super::agreed::{agreed, asked, leaves, step};
use super::cast::{COUNCIL, Cast, NSO, POLICE, answers, day, email, part, state};

fn active(cast: &Cast) -> u64 {
    cast.place.count("SELECT count(*) FROM entitlements WHERE state = 'ACTIVE'")
}

fn framed() -> Value {
    json!({ "onBehalfOf": COUNCIL, "purpose": "POLICY_PLANNING" })
}

#[test]
fn what_one_holder_has_judged_no_return_of_another_changes() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let agreement = agreed(&cast, &day(300));
        let returned_by_police = |frame: Value| {
            let request = cast.submitted("planner", &[NSO, POLICE], frame);
            cast.approve("officer", "decider", &request, 1);
            cast.step("other-officer", &request, "return", json!({ "part": 2, "text": "For whom?" }));
            request
        };
        let activate = json!({ "part": 1, "agreement": agreement["id"] });
        // What was in force for nobody in particular is not framed afterwards.
        let unframed = returned_by_police(json!({}));
        cast.step("planner", &unframed, "frame", framed());
        let seen = part(&cast.look("officer", &unframed.id), 1);
        assert_eq!((&seen["onBehalfOf"], &seen["purpose"], &seen["coveringAgreements"]), (&Value::Null, &Value::Null, &json!([])));
        cast.refused("officer", &unframed, "activate", activate.clone(), "INVALID");

        let request = returned_by_police(framed());
        cast.step("officer", &request, "activate", activate);
        cast.step("planner", &request, "frame", json!({ "onBehalfOf": null, "purpose": null }));
        let (mine, theirs) = (cast.look("planner", &request.id), cast.look("officer", &request.id));
        assert_eq!(mine["onBehalfOf"], Value::Null, "as the applicant has written it last");
        for seen in [&theirs, &part(&theirs, 1), &part(&mine, 1)] {
            assert_eq!((&seen["onBehalfOf"]["slug"], &seen["purpose"]), (&json!(COUNCIL), &json!("POLICY_PLANNING")), "{seen}");
        }
        assert_eq!(active(&cast), 1);
        leaves(&cast, "planner", ("EDITOR", COUNCIL));
        leaves(&cast, "planner", ("ACCESS_OFFICER", COUNCIL));
        assert_eq!(active(&cast), 0, "the use ends with the last role in the institution that signed");
        cast.close();
    }
}

#[test]
fn who_accepted_nothing_loses_the_use_with_the_institution() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        cast.enter("second-planner", &["EDITOR@council"]);
        let agreement = agreed(&cast, &day(300));
        let request = cast.begin("planner", &[NSO], framed());
        cast.step("planner", &request, "answer", json!({ "answers": answers() }));
        cast.step("planner", &request, "member-add", json!({ "name": "A Colleague", "email": email("second-planner") }));
        cast.step("planner", &request, "submit", json!({}));
        cast.approve("officer", "decider", &request, 1);
        cast.step("officer", &request, "propose", json!({ "part": 1, "text": "For the plan only.", "until": day(100) }));
        let hash = part(&cast.look("planner", &request.id), 1)["undertaking"]["textHash"].clone();
        cast.step("planner", &request, "accept", json!({ "part": 1, "textHash": hash }));
        cast.step("officer", &request, "activate", json!({ "part": 1, "agreement": agreement["id"] }));
        let undertaking = part(&cast.look("second-planner", &request.id), 1)["undertaking"].clone();
        assert_eq!((&undertaking["text"], &undertaking["textHash"]), (&Value::Null, &Value::Null), "nobody is asked for it any more");
        assert_eq!(active(&cast), 2);
        leaves(&cast, "second-planner", ("EDITOR", COUNCIL));
        assert_eq!(active(&cast), 1, "who accepted nothing used the data as one of its people");
        cast.close();
    }
}

#[test]
fn a_new_agreement_carries_a_renewal() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let first = agreed(&cast, &day(100));
        let request = asked(&cast);
        cast.step("officer", &request, "activate", json!({ "part": 1, "agreement": first["id"] }));
        step(&cast, "officer", "terminate", &first, json!({ "reason": "Another one is signed." }));
        wait_until("it ends with its agreement", 20, || state(&cast.look("planner", &request.id), 1) == "EXPIRED");
        cast.refresh(&request);
        let can_ask = || {
            let seen = part(&cast.look("planner", &request.id), 1);
            seen["viewerActions"].as_array().expect("actions").contains(&json!("REQUEST_RENEWAL"))
        };
        let wanted = json!({ "part": 1, "until": day(200), "text": "We need it still." });
        assert!(!can_ask(), "nothing is offered that is refused in any case");
        cast.refused("planner", &request, "renew", wanted.clone(), "INVALID");
        let second = agreed(&cast, &day(400));
        assert!(can_ask());
        let mut late = wanted.clone();
        late["until"] = json!(day(401));
        cast.refused("planner", &request, "renew", late, "INVALID");
        cast.step("planner", &request, "renew", wanted);
        let asked = part(&cast.look("planner", &request.id), 1);
        assert_eq!(asked["destructionDueOn"], day(30), "the destruction is due all the same");
        cast.step("decider", &request, "renewal-decide", json!({ "part": 1, "isGranted": true }));
        let seen = part(&cast.look("planner", &request.id), 1);
        assert_eq!((&seen["state"], &seen["undertaking"]["agreement"]), (&json!("ACTIVE"), &second["id"]), "{seen}");
        assert_eq!((&seen["until"], active(&cast)), (&json!(day(200)), 1));
        step(&cast, "officer", "terminate", &second, json!({ "reason": "It is no longer needed." }));
        wait_until("it ends with the second", 20, || state(&cast.look("planner", &request.id), 1) == "EXPIRED");
        cast.close();
    }
}
