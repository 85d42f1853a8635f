//! Entitlements reach the holder's own system: by webhook, in order, also where it was down for a while; or read from a place on.

use serde_json::{Value, json};

use crate::access_granting::{Granting, day};
use crate::harness::{Answer, BACKENDS, Server, note_secret};
use crate::outgoing::{Manner, Person, Receiver, wait_until};
use crate::people::{Who, ask_as};

const REGISTER: &str = "mutation($url: String!) { webhookCreate(input: { url: $url }) { secret errors { code message } } }";
const NEAR: [&str; 6] = ["--set", "webhook_allow_private=true", "--set", "webhook_retry_ms=100", "--set", "webhook_timeout_ms=1000"];

fn register(server: &Server, owner: &Person, receiver: &Receiver) {
    let made = ask_as(server, &owner.session, REGISTER, json!({ "url": receiver.url() }));
    note_secret(made["webhookCreate"]["secret"].as_str().unwrap_or_else(|| panic!("{made}")));
}

/// What a receiver was told of entitlements: kind, state, and reason of the end.
fn told(receiver: &Receiver) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let taken = receiver.taken();
    let told = taken.iter().map(crate::outgoing::Arrival::json).filter(|json| json["data"]["entity"] == "ENTITLEMENT");
    told.map(|json| {
        let entitlement = &json["data"]["entitlement"];
        (text(&json["type"]), text(&entitlement["state"]), text(&entitlement["reason"]))
    })
    .collect()
}

fn read(server: &Server, token: &str, query: &str) -> Answer {
    server.get(&format!("/entitlements{query}"), &[("authorization", &format!("Bearer {token}"))])
}

#[test]
fn entitlements_reach_a_receiver_that_was_down_in_order() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &NEAR);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let admin = Person::join(place, server, "admin", "en", &["ADMIN"]);
        let other = Person::join(place, server, "other", "en", &["ACCESS_OFFICER@police"]);
        let editor = Person::join(place, server, "editor", "en", &["EDITOR@nso"]);
        let second_officer = Person::join(place, server, "second-officer", "en", &["ACCESS_OFFICER@nso"]);
        let down = Receiver::always(Manner::Refuse(503));
        let (of_other, of_editor) = (Receiver::new([]), Receiver::new([]));
        for (owner, receiver) in [(officer, &down), (&other, &of_other), (&editor, &of_editor)] {
            register(server, owner, receiver);
        }
        let request = granting.granted(&day(100));
        wait_until("a delivery was refused", 20, || down.connections() > 1);
        granting.step(officer, &request, "Suspend", "Text", json!({ "part": 1, "text": "An incident" }));
        granting.step(officer, &request, "Resume", "Part", json!({ "part": 1 }));
        granting.step(officer, &request, "Revoke", "Text", json!({ "part": 1, "text": "The data were passed on" }));
        down.behave(Manner::Take);
        wait_until("the receiver has everything", 30, || told(&down).len() == 4);
        let kinds = [("granted", "ACTIVE", ""), ("suspended", "SUSPENDED", ""), ("resumed", "ACTIVE", ""), ("ended", "ENDED", "REVOKED")];
        let wanted = kinds.map(|(kind, state, reason)| (format!("entitlement.{kind}"), state.to_owned(), reason.to_owned()));
        assert_eq!(told(&down), wanted);
        let seqs = down.seqs();
        assert!(seqs.is_sorted(), "{seqs:?}");
        // Each delivery has the state of its own change, and tells who it is; nothing else of the request.
        let first =
            down.taken().iter().map(crate::outgoing::Arrival::json).find(|json| json["type"] == "entitlement.granted").expect("granted");
        let entitlement = &first["data"]["entitlement"];
        assert_eq!(entitlement["until"], day(100).as_str());
        assert_eq!(
            (&entitlement["person"]["email"], &entitlement["person"]["function"]),
            (&json!("researcher@people.example"), &json!("Function of researcher"))
        );
        for arrival in down.taken() {
            assert!(!arrival.body.contains("To know") && !arrival.body.contains("An incident"), "{}", arrival.body);
        }
        assert_eq!((told(&of_other), told(&of_editor)), (Vec::new(), Vec::new()), "nobody else is told");

        // Who is no longer access officer, but still editor, is told no more.
        let second = granting.granted(&day(50));
        wait_until("the second is told of", 20, || told(&down).len() == 5);
        admin.change_role(server, "membershipRevoke", &officer.id(place), "ACCESS_OFFICER", "nso");
        granting.step(researcher, &second, "ConfirmDestruction", "Text", json!({ "part": 1, "text": "Overwritten" }));
        let before = down.connections();
        crate::outgoing::import(place, &[crate::harness::dataset("open-one", |_| {})]);
        wait_until("what everyone may know is still told", 20, || down.connections() > before);
        assert_eq!(told(&down).len(), 5, "{:?}", told(&down));
        // The holder's other officers learn that its system is cut off; with the role what was passed over comes, too.
        let cut_off = ("HOLDER_WEBHOOK_OFF".to_owned(), "Name of nso".to_owned());
        wait_until("the other officer is told", 20, || second_officer.notifications(server).contains(&cut_off));
        admin.change_role(server, "membershipGrant", &officer.id(place), "ACCESS_OFFICER", "nso");
        wait_until("nothing is lost", 20, || told(&down).iter().filter(|(kind, ..)| kind == "entitlement.ended").count() == 2);
        granting.close();
    }
}

#[test]
fn the_holders_program_reads_entitlements_from_a_place_on() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &NEAR);
        let Granting { server, place, officer, researcher, .. } = &granting;
        let (first, second) = (granting.granted(&day(100)), granting.granted(&day(200)));
        let token = granting.token(officer, &["ACCESS"]);
        let page = read(server, &token, "?limit=1");
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
        let page = page.json();
        assert_eq!((page["entitlements"].as_array().map(Vec::len), &page["hasMore"]), (Some(1), &json!(true)));
        assert_eq!((&page["entitlements"][0]["state"], &page["entitlements"][0]["until"]), (&json!("ACTIVE"), &json!(day(100))));
        let rest = read(server, &token, &format!("?since={}", page["last"])).json();
        assert_eq!((rest["entitlements"].as_array().map(Vec::len), &rest["hasMore"]), (Some(1), &json!(false)));
        assert_eq!(rest["entitlements"][0]["person"]["email"], "researcher@people.example");
        assert_eq!(rest["last"], rest["entitlements"][0]["seq"]);
        // What changes later comes again.
        granting.step(officer, &first, "Suspend", "Text", json!({ "part": 1, "text": "An incident" }));
        let news = read(server, &token, &format!("?since={}", rest["last"])).json();
        assert_eq!(news["entitlements"][0]["state"], "SUSPENDED");
        assert_ne!(first, second);

        let other = Person::join(place, server, "other", "en", &["ACCESS_OFFICER@police"]);
        let nothing = read(server, &granting.token(&other, &["ACCESS"]), "").json();
        assert_eq!(nothing, json!({ "entitlements": [], "last": 0, "hasMore": false }));
        let session = [("cookie", officer.session.cookie.as_str())];
        assert_eq!(server.get("/entitlements", &session).status, 200);
        let refused = [
            (server.get("/entitlements", &[]), 401, "SIGN_IN_REQUIRED"),
            (read(server, "rihla_wrong", ""), 401, "UNAUTHENTICATED"),
            (read(server, &granting.token(officer, &["READ"]), ""), 403, "SCOPE_REQUIRED"),
            (read(server, &granting.token(researcher, &["ACCESS"]), ""), 403, "ROLE_REQUIRED"),
            (read(server, &token, "?since=x"), 422, "INVALID"),
            (read(server, &token, "?limit=0"), 422, "INVALID"),
            (read(server, &token, "?limit=1001"), 422, "INVALID"),
        ];
        for (answer, status, code) in refused {
            assert_eq!((answer.status, answer.json()["errors"][0]["code"].as_str()), (status, Some(code)), "{}", answer.body);
        }
        assert_eq!(ask_as(server, Who::Visitor, "{ __typename }", Value::Null)["__typename"], "Query");
        // Who has no account any more has no entitlement, whatever the request says.
        place.run_ok(&["user", "disable", "researcher@people.example"]);
        let ended = read(server, &token, &format!("?since={}", news["last"])).json();
        let reasons: Vec<&Value> = ended["entitlements"].as_array().expect("entitlements").iter().map(|one| &one["reason"]).collect();
        assert_eq!(reasons, ["ACCOUNT_DISABLED"; 2]);
        granting.close();
    }
}

#[test]
fn a_request_that_cannot_be_read_keeps_nobody_from_being_disabled() {
    for backend in BACKENDS {
        let granting = Granting::open(backend, &NEAR);
        let Granting { server, place, officer, researcher, .. } = &granting;
        granting.granted(&day(100));
        let token = granting.token(officer, &["ACCESS"]);
        place.alter("UPDATE access_requests SET doc = '!' || doc");
        place.run_ok(&["user", "disable", "researcher@people.example"]);
        let viewer = ask_as(server, Who::Session(&researcher.session), "{ viewer { unreadCount } }", Value::Null);
        assert_eq!(viewer["viewer"], Value::Null, "the session has ended");
        let held = read(server, &token, "").json()["entitlements"][0].clone();
        assert_eq!((&held["state"], &held["reason"]), (&json!("ENDED"), &json!("ACCOUNT_DISABLED")), "{held}");
        place.alter("UPDATE access_requests SET doc = substr(doc, 2)");
        granting.close();
    }
}
