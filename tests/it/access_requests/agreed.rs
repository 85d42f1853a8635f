//! An agreement between two institutions shortens the path, and the use ends with it.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::outgoing::wait_until;
use crate::people::{act, codes, done};

use super::cast::{COUNCIL, Cast, NSO, day, part, state};

fn words(text: &str) -> Value {
    json!([{ "language": "en", "text": text }])
}

/// A step with an agreement as it was last seen.
pub fn step(cast: &Cast, who: &str, step: &str, seen: &Value, more: Value) -> Value {
    let mut input = json!({ "agreement": seen["id"], "expectedRevision": seen["revision"] });
    for (key, value) in more.as_object().into_iter().flatten() {
        input[key.as_str()] = value.clone();
    }
    done(&act(&cast.server, cast.who(who), &format!("agreement-{step}"), input), "agreement")
}

/// An agreement in force by which the office gives microdata to the council until a day.
pub fn agreed(cast: &Cast, until: &str) -> Value {
    let content = json!({
        "title": words("Protocol on the survey"), "kind": "PROTOCOL", "covers": [{ "holdingsOf": NSO }], "requestedData": ["MICRODATA"],
        "parties": [{ "institution": NSO, "role": "PROVIDER" }, { "institution": COUNCIL, "role": "RECIPIENT" }],
        "purposes": ["POLICY_PLANNING"], "legalBasis": words("Law"), "dataProtection": { "reference": "D-12/2024" }, "startsOn": "2020-01-01", "endsOn": until, "visibility": "PARTIES",
    });
    let mut seen = done(&act(&cast.server, cast.who("officer"), "agreement-create", json!({ "content": content })), "agreement");
    for (who, institution) in [("officer", NSO), ("planner", COUNCIL)] {
        seen = step(cast, who, "sign", &seen, json!({ "institution": institution, "textHash": seen["textHash"] }));
    }
    assert_eq!(seen["state"], "IN_FORCE");
    seen
}

/// A request for the council, approved.
pub fn asked(cast: &Cast) -> super::cast::Request {
    let request = cast.submitted("planner", &[NSO], json!({ "onBehalfOf": COUNCIL, "purpose": "POLICY_PLANNING" }));
    cast.approve("officer", "decider", &request, 1);
    request
}

#[test]
fn what_rests_on_an_agreement_is_suspended_and_ends_with_it() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let agreement = agreed(&cast, &day(100));
        let request = asked(&cast);
        let activate = |more: Value| {
            let mut input = json!({ "part": 1, "agreement": agreement["id"] });
            if let Some(until) = more.get("until") {
                input["until"] = until.clone();
            }
            input
        };
        let covering = |name: &str| {
            let part = part(&cast.look(name, &request.id), 1);
            let has_action = part["viewerActions"].as_array().expect("actions").contains(&json!("ACTIVATE"));
            (part["coveringAgreements"].clone(), has_action)
        };
        let found = json!([{ "id": agreement["id"], "state": "IN_FORCE" }]);
        assert_eq!((covering("officer"), covering("planner")), ((found.clone(), true), (found, false)));
        assert_eq!(covering("decider").0, json!([]), "for the officers and the applicant");
        let late = cast.refused("officer", &request, "activate", activate(json!({ "until": day(101) })), "INVALID");
        assert!(late.contains("the agreement ends on"), "{late}");
        let active = cast.step("officer", &request, "activate", activate(json!({})));
        assert_eq!(state(&active, 1), "ACTIVE", "without an undertaking of each person");
        let seen = part(&cast.look("planner", &request.id), 1);
        assert_eq!(seen["undertaking"]["agreement"], agreement["id"]);
        assert_eq!((&seen["until"], seen["entitlements"].as_array().map(Vec::len)), (&json!(day(100)), Some(1)));

        let suspended = step(&cast, "planner", "suspend", &agreement, json!({ "reason": "It is looked into." }));
        let is = |wanted: &'static str| wait_until(wanted, 20, || state(&cast.look("planner", &request.id), 1) == wanted);
        is("SUSPENDED");
        let resumed = step(&cast, "planner", "resume", &suspended, json!({}));
        cast.refresh(&request);
        cast.step("officer", &request, "resume", json!({ "part": 1 }));
        step(&cast, "officer", "terminate", &resumed, json!({ "reason": "It is no longer needed." }));
        is("EXPIRED");
        let over = part(&cast.look("planner", &request.id), 1);
        assert_eq!((&over["ended"], &over["entitlements"][0]["state"]), (&json!("AGREEMENT_ENDED"), &json!("ENDED")));
        cast.refresh(&request);
        let renewal = json!({ "part": 1, "until": day(50), "text": "We need it still." });
        let refused = cast.refused("planner", &request, "renew", renewal, "INVALID");
        assert!(refused.contains("the agreement that the use rests on has ended"), "{refused}");
        cast.close();
    }
}

#[test]
fn no_renewal_outlasts_the_agreement() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let agreement = agreed(&cast, &day(100));
        // Only who has a role in an institution asks in its name.
        let wish = json!([{ "holding": cast.holdings[NSO], "data": "MICRODATA" }]);
        let input = json!({ "holdings": wish, "onBehalfOf": COUNCIL });
        let foreign = crate::people::payload(&cast.ask(cast.who("researcher"), "access-request-create", json!({ "input": input })));
        assert_eq!(codes(&foreign), ["INVALID"], "{foreign}");
        // Of another purpose the agreement says nothing.
        let other = cast.submitted("planner", &[NSO], json!({ "onBehalfOf": COUNCIL, "purpose": "RESEARCH" }));
        cast.approve("officer", "decider", &other, 1);
        let uncovered = part(&cast.look("officer", &other.id), 1);
        assert_eq!(uncovered["coveringAgreements"], json!([]));
        assert!(!uncovered["viewerActions"].as_array().expect("actions").contains(&json!("ACTIVATE")), "{uncovered}");
        cast.refused("officer", &other, "activate", json!({ "part": 1, "agreement": agreement["id"] }), "INVALID");

        let request = asked(&cast);
        let text = json!({ "part": 1, "text": "For the plan only.", "agreement": agreement["id"], "until": day(101) });
        cast.refused("officer", &request, "propose", text.clone(), "INVALID");
        let mut within = text;
        within["until"] = json!(day(100));
        cast.step("officer", &request, "propose", within);
        let hash = part(&cast.look("planner", &request.id), 1)["undertaking"]["textHash"].clone();
        assert_eq!(state(&cast.step("planner", &request, "accept", json!({ "part": 1, "textHash": hash })), 1), "ACTIVE");
        cast.clock(&day(101));
        cast.refresh(&request);
        assert_eq!(part(&cast.look("planner", &request.id), 1)["ended"], "END_DATE");
        let refused = cast.refused("planner", &request, "renew", json!({ "part": 1, "until": day(200), "text": "More time." }), "INVALID");
        assert!(refused.contains("the agreement that the use rests on"), "{refused}");
        cast.close();
    }
}

/// Under an agreement that is suspended or has ended nothing is used, by whatever way it might come into force.
#[test]
fn nothing_comes_into_force_beside_its_agreement() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let agreement = agreed(&cast, &day(300));
        let is = |request: &super::cast::Request, wanted: &'static str| {
            wait_until(wanted, 20, || state(&cast.look("planner", &request.id), 1) == wanted);
            cast.refresh(request);
        };
        // Suspended with its agreement, a use is not resumed before it.
        let request = asked(&cast);
        cast.step("officer", &request, "activate", json!({ "part": 1, "agreement": agreement["id"] }));
        let waiting = asked(&cast);
        cast.step(
            "officer",
            &waiting,
            "propose",
            json!({ "part": 1, "text": "For the plan.", "agreement": agreement["id"], "until": day(100) }),
        );
        let suspended = step(&cast, "planner", "suspend", &agreement, json!({ "reason": "It is looked into." }));
        is(&request, "SUSPENDED");
        let refused = cast.refused("officer", &request, "resume", json!({ "part": 1 }), "INVALID");
        assert!(refused.contains("is suspended or has ended"), "{refused}");
        // The last acceptance while the agreement is suspended puts nothing into force for longer than the acceptance.
        let hash = part(&cast.look("planner", &waiting.id), 1)["undertaking"]["textHash"].clone();
        assert_eq!(state(&cast.step("planner", &waiting, "accept", json!({ "part": 1, "textHash": hash })), 1), "SUSPENDED");
        let resumed = step(&cast, "planner", "resume", &suspended, json!({}));
        cast.step("officer", &request, "resume", json!({ "part": 1 }));
        // A revocation that is undone after the agreement has ended does not bring the use back.
        cast.step("officer", &request, "revoke", json!({ "part": 1, "text": "A condition was not kept." }));
        step(&cast, "officer", "terminate", &resumed, json!({ "reason": "It is no longer needed." }));
        is(&waiting, "EXPIRED");
        cast.step("planner", &request, "appeal", json!({ "part": 1, "text": "It was kept." }));
        cast.step("decider", &request, "appeal-decide", json!({ "part": 1, "isUpheld": true, "text": "It was kept." }));
        let over = part(&cast.look("planner", &request.id), 1);
        assert_eq!((&over["state"], &over["ended"]), (&json!("EXPIRED"), &json!("AGREEMENT_ENDED")), "{over}");
        cast.close();
    }
}

/// Takes a role of somebody in an institution back.
pub fn leaves(cast: &Cast, name: &str, (role, institution): (&str, &str)) {
    let id = cast.place.rows(&format!("SELECT id FROM persons WHERE email = '{}'", super::cast::email(name))).remove(0);
    let mutation = "mutation($i: MembershipInput!) { membershipRevoke(input: $i) { errors { code message } } }";
    let input = json!({ "person": id, "role": role, "institution": institution });
    let done = crate::people::ask_as(&cast.server, cast.who("admin"), mutation, json!({ "i": input }));
    assert_eq!(done["membershipRevoke"]["errors"], json!([]), "{done}");
}

/// The signature of an institution binds its own people: others accept in person, and who leaves it loses what rests on it.
#[test]
fn an_agreement_carries_the_people_of_the_institution_that_signed() {
    for backend in BACKENDS {
        let mut cast = Cast::open(backend);
        cast.enter("second-planner", &["EDITOR@council"]);
        let agreement = agreed(&cast, &day(300));
        let with = |name: &str| {
            let request = cast.begin("planner", &[NSO], json!({ "onBehalfOf": COUNCIL, "purpose": "POLICY_PLANNING" }));
            cast.step("planner", &request, "answer", json!({ "answers": super::cast::answers() }));
            cast.step("planner", &request, "member-add", json!({ "name": "A Colleague", "email": super::cast::email(name) }));
            cast.step("planner", &request, "submit", json!({}));
            cast.approve("officer", "decider", &request, 1);
            request
        };
        let activate = json!({ "part": 1, "agreement": agreement["id"] });
        let refused = cast.refused("officer", &with("stranger"), "activate", activate.clone(), "INVALID");
        assert!(refused.contains("`accessRequestAgreementPropose`"), "{refused}");
        let request = with("second-planner");
        cast.step("officer", &request, "activate", activate);
        let states = || {
            let seen = part(&cast.look("planner", &request.id), 1);
            let mut states: Vec<String> =
                seen["entitlements"].as_array().expect("list").iter().map(|one| format!("{} {}", one["state"], one["reason"])).collect();
            states.sort();
            states
        };
        assert_eq!(states(), ["\"ACTIVE\" null", "\"ACTIVE\" null"]);
        let drafted = cast.begin("planner", &[NSO], json!({ "onBehalfOf": COUNCIL, "purpose": "POLICY_PLANNING" }));
        cast.step("planner", &drafted, "answer", json!({ "answers": super::cast::answers() }));
        let token = cast.token("planner", &["ACCESS"]);
        leaves(&cast, "second-planner", ("EDITOR", COUNCIL));
        assert_eq!(states(), ["\"ACTIVE\" null", "\"ENDED\" \"MEMBERSHIP_ENDED\""], "who left has no right any more");
        // And nobody asks in the name of an institution that they have left.
        leaves(&cast, "planner", ("EDITOR", COUNCIL));
        assert_eq!(cast.place.count("SELECT count(*) FROM entitlements WHERE state = 'ACTIVE'"), 1, "one role is left");
        leaves(&cast, "planner", ("ACCESS_OFFICER", COUNCIL));
        let late = cast.try_step(crate::people::Who::Token(&token), &drafted, "submit", json!({}));
        assert!(late["errors"].to_string().contains("you have no role in this institution"), "{late}");
        assert_eq!(cast.place.count("SELECT count(*) FROM entitlements WHERE state = 'ACTIVE'"), 0);
        cast.close();
    }
}
