//! An account of their own for people without an institution: off unless the operator allows it, the same answer for everyone.

use serde_json::Value;

use crate::harness::{BACKENDS, Backend, Place};
use crate::outgoing::{outbox_of, wait_for};
use crate::people::{PASSWORD, accept_invitation, ask_as, submit};

#[test]
fn a_person_without_an_institution_makes_an_account() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let server = place.serve(&["--set", "self_registration=true"]);
        assert!(server.get("/sign-in", &[]).body.contains("href=\"/register?lang=en\""));
        let fields = [("email", "newcomer@people.example"), ("function", "Researcher at a university")];
        let first = submit(&server, "/register", &fields);
        assert_eq!(first.status, 200, "{}", first.body);
        let letters = wait_for("the link", 20, || Some(outbox_of(&place, "newcomer@people.example")).filter(|letters| !letters.is_empty()));
        let session = accept_invitation(&server, &letters[0].path("/invitation/"), PASSWORD);
        let viewer = ask_as(&server, &session, "{ viewer { function roles { role } } }", Value::Null)["viewer"].clone();
        assert_eq!(viewer["function"], "Researcher at a university");
        assert_eq!(viewer["roles"].as_array().map(Vec::len), Some(0), "without any role");
        // Known now, and told the same; the same is written too, and the auditors read that somebody asked.
        let before = place.changes();
        let again = submit(&server, "/register", &fields);
        assert_eq!((again.status, shown(&again.body)), (200, shown(&first.body)));
        assert_eq!(place.changes(), before + 1, "a known address costs the same work as an unknown one");
        for wrong in [[("email", "no address"), ("function", "Researcher")], [("email", "a@people.example"), ("function", " ")]] {
            assert_eq!(submit(&server, "/register", &wrong).status, 422, "{wrong:?}");
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
        assert_eq!(outbox_of(&place, "newcomer@people.example").len(), 1, "nothing is sent to who has an account");
        let foreign =
            server.post("/register", &[("content-type", "application/x-www-form-urlencoded")], b"email=b%40people.example&function=x");
        assert_eq!(foreign.status, 403, "the form of another site");
        server.stop();
        place.assert_healthy();
    }
}

/// The text of a page, below its heading.
fn shown(page: &str) -> &str {
    page.split("<h1").nth(1).unwrap_or_default()
}

#[test]
fn nobody_registers_where_the_operator_has_not_said_so() {
    let place = Place::new(Backend::Sqlite);
    let server = place.serve(&[]);
    assert!(!server.get("/sign-in", &[]).body.contains("/register"));
    assert_eq!(server.get("/register", &[]).status, 404);
    let sent = server.post("/register", &[("content-type", "application/x-www-form-urlencoded")], b"email=b%40people.example&function=x");
    assert_eq!(sent.status, 404);
    server.stop();
}
