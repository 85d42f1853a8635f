//! Where people fall silent, or stop what has not begun: nothing is kept for ever, and nobody waits for what cannot come.

use serde_json::{Value, json};

use crate::access_granting::{Granting, day};
use crate::access_nodes::count;
use crate::access_requests::cast::{Cast, NSO, email, part};
use crate::harness::BACKENDS;
use crate::outgoing::{Person, wait_until};
use crate::people::{ask_as, codes, payload};

fn seen(granting: &Granting, who: &Person, request: &str) -> Value {
    let query = "query($id: ID!) { accessRequest(id: $id) { revision viewerActions events(first: 100) { nodes { kind } } \
                 parts { state ended awaiting dueOn isOverdue lapsesOn viewerActions undertaking { textHash awaited } } } }";
    ask_as(&granting.server, &who.session, query, json!({ "id": request }))["accessRequest"].clone()
}

fn kinds(seen: &Value) -> Vec<&str> {
    seen["events"]["nodes"].as_array().expect("events").iter().filter_map(|event| event["kind"].as_str()).collect()
}

#[test]
fn personal_data_go_though_the_holder_is_silent() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { place, researcher, .. } = &granting;
        let destroyed = granting.granted(&day(100));
        granting.step(researcher, &destroyed, "ConfirmDestruction", "Text", json!({ "part": 1, "text": "Overwritten" }));
        let unanswered = granting.begin();
        granting.submit(&unanswered);
        let clock = |days: i64| place.run_ok(&["clock", "--on", &day(days)]);
        let state = |request: &str| seen(&granting, researcher, request)["parts"][0].clone();
        clock(400);
        assert_eq!(state(&destroyed)["state"], "CLOSED", "nobody else has anything left to do");
        let announced = state(&unanswered);
        assert_eq!((&announced["state"], &announced["lapsesOn"]), (&json!("SUBMITTED"), &json!(day(430))), "{announced}");
        let told = |kind: &str| count(place, backend, &format!("SELECT count(DISTINCT person_id) FROM notices WHERE kind = '{kind}'"));
        wait_until("both sides are told before", 30, || told("ACCESS_LAPSES_SOON") == 2);
        clock(440);
        let lapsed = state(&unanswered);
        assert_eq!((&lapsed["state"], &lapsed["ended"]), (&json!("CLOSED"), &json!("UNANSWERED")), "{lapsed}");
        let events = seen(&granting, researcher, &unanswered);
        let kinds = kinds(&events);
        assert!(kinds.contains(&"LAPSE_ANNOUNCED") && kinds.ends_with(&["LAPSED"]), "{kinds:?}");
        wait_until("both sides are told of it", 30, || told("ACCESS_UNANSWERED") == 2);
        clock(1_400);
        assert_eq!(count(place, backend, "SELECT count(*) FROM access_contents WHERE erased_at IS NULL"), 0, "no text is kept");
        granting.close();
    }
}

#[test]
fn an_applicant_erases_their_own_once_the_data_are_destroyed() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { place, officer, researcher, .. } = &granting;
        let request = granting.granted(&day(100));
        granting.step(officer, &request, "Revoke", "Text", json!({ "part": 1, "text": "The project has ended" }));
        let can_erase = || seen(&granting, researcher, &request)["viewerActions"].as_array().expect("actions").contains(&json!("ERASE"));
        assert!(!can_erase());
        let erase = "mutation($input: AccessRequestInput!) { accessRequestErase(input: $input) { errors { code message } } }";
        let input = || json!({ "request": request, "expectedRevision": seen(&granting, researcher, &request)["revision"] });
        let early = payload(&ask_as(&granting.server, &researcher.session, erase, json!({ "input": input() })));
        assert_eq!(codes(&early), ["INVALID"], "{early}");
        granting.step(researcher, &request, "ConfirmDestruction", "Text", json!({ "part": 1, "text": "ZEBRA was overwritten" }));
        assert!(can_erase());
        let done = payload(&ask_as(&granting.server, &researcher.session, erase, json!({ "input": input() })));
        assert!(codes(&done).is_empty(), "{done}");
        assert_eq!(count(place, backend, "SELECT count(*) FROM access_contents WHERE doc LIKE '%ZEBRA%'"), 0);
        granting.step(officer, &request, "Close", "Text", json!({ "part": 1 }));
        assert_eq!(seen(&granting, officer, &request)["parts"][0]["state"], "CLOSED");
        granting.close();
    }
}

#[test]
fn a_holder_stops_what_has_not_begun() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &[]);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let request = granting.begin();
        granting.submit(&request);
        granting.step(officer, &request, "ConfirmComplete", "Part", json!({ "part": 1 }));
        let line = |safe: &&str| json!({ "safe": safe, "verdict": "MET", "reason": "Seen" });
        let lines: Vec<Value> = ["PROJECTS", "PEOPLE", "SETTINGS", "DATA", "OUTPUTS"].iter().map(line).collect();
        granting.step(officer, &request, "Decide", "Decide", json!({ "part": 1, "outcome": "APPROVED", "lines": lines }));
        // Neither a day that is past nor one in a far future is a first day.
        let propose = "mutation($input: AccessRequestProposeInput!) { accessRequestAgreementPropose(input: $input) { errors { code message path } } }";
        for from in ["2018-01-01", "9999-12-31"] {
            let revision = seen(&granting, officer, &request)["revision"].clone();
            let until = if from == "9999-12-31" { from.to_owned() } else { day(50) };
            let input = json!({ "request": request, "expectedRevision": revision, "part": 1, "text": "For the project.", "from": from, "until": until });
            let refused = payload(&ask_as(server, &officer.session, propose, json!({ "input": input })));
            assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["from"])), "{refused}");
        }
        let offer = json!({ "part": 1, "text": "For the project.", "from": day(30), "until": day(100) });
        granting.step(officer, &request, "AgreementPropose", "Propose", offer);
        let hash = seen(&granting, researcher, &request)["parts"][0]["undertaking"]["textHash"].clone();
        granting.step(researcher, &request, "UndertakingAccept", "Accept", json!({ "part": 1, "textHash": hash }));
        let waiting = seen(&granting, researcher, &request)["parts"][0].clone();
        assert_eq!((&waiting["state"], &waiting["undertaking"]["awaited"]), (&json!("AGREEMENT_PENDING"), &json!(0)));
        assert_eq!((&waiting["awaiting"], &waiting["dueOn"]), (&Value::Null, &Value::Null), "everyone has accepted: nobody is awaited");

        assert!(seen(&granting, officer, &request)["parts"][0]["viewerActions"].as_array().expect("actions").contains(&json!("REVOKE")));
        granting.step(officer, &request, "Revoke", "Text", json!({ "part": 1, "text": "The data were passed on elsewhere" }));
        place.run_ok(&["clock", "--on", &day(40)]);
        let stopped = seen(&granting, researcher, &request)["parts"][0].clone();
        assert_eq!((&stopped["state"], &stopped["awaiting"]), (&json!("REVOKED"), &json!("ACCESS_OFFICER")), "nothing is to be destroyed");
        assert!(stopped["viewerActions"].as_array().expect("actions").contains(&json!("APPEAL")));
        assert_eq!(count(place, backend, "SELECT count(*) FROM entitlements"), 0, "nothing came into force");
        granting.close();
    }
}

#[test]
fn officers_are_counted_where_no_decider_is_left() {
    for backend in BACKENDS {
        let cast = Cast::closed(backend);
        cast.desk("officer", NSO, json!({ "deciders": [email("decider"), email("chair")], "quorum": 2 }));
        let request = cast.submitted("researcher", &[NSO], json!({}));
        cast.step("officer", &request, "confirm-complete", json!({ "part": 1 }));
        let conflict =
            |who: &str| cast.step(who, &request, "declare-interest", json!({ "part": 1, "hasConflict": true, "text": "We work together" }));
        let votes = || {
            let votes = part(&cast.look("officer", &request.id), 1)["votes"].clone();
            (votes["open"].clone(), votes["needed"].clone(), votes["canDecide"].clone())
        };
        conflict("decider");
        conflict("chair");
        assert_eq!(votes(), (json!(3), json!(2), json!(true)), "three access officers decide by two");
        conflict("conflicted");
        conflict("both");
        assert_eq!(votes(), (json!(1), json!(2), json!(false)), "one cannot agree with another");
        let deadlocks = || count(&cast.place, backend, "SELECT count(*) FROM access_events WHERE kind = 'DEADLOCKED'");
        assert_eq!(deadlocks(), 2, "said when the committee could no longer agree, and when the officers could not");
        cast.close();
    }
}
