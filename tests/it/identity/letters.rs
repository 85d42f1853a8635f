//! Links that work once, and the mails that carry them: new passwords, invitations, signing in without a password.

use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server};

use super::accounts::{PHRASE, SESSION, enter, mailed_link, mails, make, on, on_both, sign_in, signed_in};
use super::browser::{Browser, Page};
use super::tokens::{App, turn_on};

const HOME: &str = "http://catalogue.test";
const PUBLISHED: &str = "base_url=http://catalogue.test";
const NEW: &str = "une phrase toute nouvelle";

fn ask_for_reset(server: &Server, email: &str) -> Page {
    let mut browser = Browser::named(HOME, server);
    let form = browser.open("/password-reset").form("/password-reset").fill("email", email);
    browser.submit(&form)
}

/// Fills in the form behind a link that sets a password.
fn choose(browser: &mut Browser, path: &str, password: &str, again: &str) -> Page {
    let form = browser.open(path).form(path).fill("password", password).fill("password_again", again);
    browser.submit(&form)
}

/// What is not taken as a password for somebody@office.test, with words of the answer.
const WEAK: [(&str, &str); 6] = [
    ("short", "at least 12 characters"),
    ("password1234!", "easily guessed"),
    ("aaaaaaaaaaaaaaaa", "easily guessed"),
    ("somebody@office.test", "must differ from the e-mail address"),
    ("SOMEBODY@office.test", "must differ from the e-mail address"),
    ("Migration2026!", "easily guessed"),
];

fn weak_passwords_are_refused(browser: &mut Browser, path: &str) {
    let long = "é ".repeat(200);
    for (password, told) in WEAK.into_iter().chain([(long.as_str(), "is too long")]) {
        let page = choose(browser, path, password, password);
        assert!(page.status == 422 && page.words().contains(told), "{password}: {} {}", page.status, page.words());
        let form = page.form(path);
        assert_eq!((form.field("password"), form.field("password_again")), ("", ""), "what was typed is not shown again");
    }
    let page = choose(browser, path, NEW, PHRASE);
    assert!(page.status == 422 && page.words().contains("differ"), "{} {}", page.status, page.words());
}

#[test]
fn a_forgotten_password_is_replaced_by_a_link_that_works_once() {
    on_both(&[PUBLISHED], |server, place| {
        make(place, "somebody@office.test", &[]);
        make(place, "shut@office.test", &[]);
        place.run_ok(&["user", "disable", "shut@office.test"]);
        let asked = ["nobody@office.test", "shut@office.test", "no address", "somebody@office.test"];
        let answers = asked.map(|email| ask_for_reset(server, email));
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (200, &answers[0].body), "the same whether the address is known");
        }
        // The mail to the address that was asked for last is there, so those before would be.
        let path = mailed_link(place, "somebody@office.test", "/password-reset/", 1);
        assert!(mails(place, "nobody@office.test").is_empty());
        assert!(!mails(place, "shut@office.test").iter().any(|text| text.contains("/password-reset/")));

        let mut elsewhere = enter(Browser::named(HOME, server), "somebody@office.test");
        let mut browser = Browser::named(HOME, server);
        let mut kept = browser.clone();
        for _ in 0..3 {
            assert_eq!(browser.open(&path).status, 200, "looking uses nothing up");
        }
        let form = kept.open(&path).form(&path).fill("password", "la phrase d'un autre").fill("password_again", "la phrase d'un autre");
        weak_passwords_are_refused(&mut browser, &path);
        assert_eq!(elsewhere.who().as_deref(), Some("somebody@office.test"), "refused, and nothing has changed");

        let done = choose(&mut browser, &path, NEW, NEW);
        assert!(done.status == 200 && done.words().contains("The password has been changed"), "{} {}", done.status, done.words());
        assert_eq!((browser.cookie(SESSION), elsewhere.who()), (None, None), "every session ends, and none begins");
        assert_eq!((browser.open(&path).status, kept.submit(&form).status), (404, 404), "used up");
        let mut attempt = |password: &str| sign_in(&mut browser, "somebody@office.test", password, "").status;
        assert_eq!((attempt(PHRASE), attempt("la phrase d'un autre"), attempt(NEW)), (401, 401, 303));
    });
}

#[test]
fn links_to_a_new_password_end_with_a_newer_one_and_after_an_hour() {
    on_both(&[PUBLISHED], |server, place| {
        make(place, "somebody@office.test", &[]);
        make(place, "last@office.test", &[]);
        let status = |path: &str| Browser::named(HOME, server).open(path).status;
        ask_for_reset(server, "somebody@office.test");
        let first = mailed_link(place, "somebody@office.test", "/password-reset/", 1);
        ask_for_reset(server, "Somebody@Office.test");
        let second = mailed_link(place, "somebody@office.test", "/password-reset/", 2);
        assert_eq!((status(&first), status(&second)), (404, 200));
        place.alter("UPDATE links SET expires_at = expires_at - 59 * 60000");
        assert_eq!(status(&second), 200);
        place.alter("UPDATE links SET expires_at = expires_at - 61000");
        assert_eq!(status(&second), 404);
        // Three mails in five minutes; the page does not tell.
        let third = ask_for_reset(server, "somebody@office.test");
        let fourth = ask_for_reset(server, "somebody@office.test");
        assert_eq!((fourth.status, fourth.body), (third.status, third.body));
        ask_for_reset(server, "last@office.test");
        mailed_link(place, "last@office.test", "/password-reset/", 1);
        let sent = mails(place, "somebody@office.test").iter().filter(|text| text.contains("/password-reset/")).count();
        assert_eq!(sent, 3);
    });
}

#[test]
fn links_in_mails_lead_to_the_published_address_whatever_the_request_says() {
    on(Backend::Sqlite, &[PUBLISHED], |server, place| {
        make(place, "somebody@office.test", &[]);
        let mut browser = Browser::named(HOME, server);
        let form = browser.open("/password-reset").form("/password-reset").fill("email", "somebody@office.test");
        let headers =
            [("origin", HOME), ("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
        assert_eq!(browser.submit_with(&form, &headers).status, 200);
        mailed_link(place, "somebody@office.test", "http://catalogue.test/password-reset/", 1);
        for text in mails(place, "somebody@office.test") {
            assert!(!text.contains("evil"), "{text}");
        }
    });
}

fn invite(browser: &mut Browser, email: &str, function: &str, roles: Value) -> Value {
    let send = "mutation($email: String!, $function: String!, $roles: [RoleInput!]!) {
        invitationSend(input: { email: $email, function: $function, language: \"en\", roles: $roles }) { email errors { code message } }
    }";
    let data = browser.ask(send, json!({ "email": email, "function": function, "roles": roles }));
    data["invitationSend"].clone()
}

fn codes(payload: &Value) -> Vec<&str> {
    payload["errors"].as_array().expect("errors").iter().map(|error| error["code"].as_str().expect("a code")).collect()
}

fn role(role: &str) -> Value {
    json!([{ "role": role, "institution": "hcp" }])
}

#[test]
fn an_invitation_opens_an_account_once() {
    on_both(&[PUBLISHED], |server, place| {
        make(place, "admin@office.test", &["ADMIN"]);
        let mut admin = enter(Browser::named(HOME, server), "admin@office.test");
        let sent = invite(&mut admin, "Somebody@Office.test", "Statistics officer", role("EDITOR"));
        assert!(codes(&sent).is_empty() && !sent.to_string().contains("/invitation/"), "the link goes by mail only: {sent}");
        let path = mailed_link(place, "somebody@office.test", "/invitation/", 1);
        let mut browser = Browser::named(HOME, server);
        for _ in 0..3 {
            let page = browser.open(&path);
            assert!(page.status == 200 && page.words().contains("High Commission for Planning"), "{} {}", page.status, page.words());
        }
        weak_passwords_are_refused(&mut browser, &path);
        let mut second = Browser::named(HOME, server);
        let form = second.open(&path).form(&path).fill("password", PHRASE).fill("password_again", PHRASE);

        let done = choose(&mut browser, &path, NEW, NEW);
        assert_eq!((done.status, done.header("location")), (303, "/account"), "{}", done.words());
        assert_eq!((browser.who().as_deref(), browser.roles()), (Some("somebody@office.test"), vec!["EDITOR@hcp".to_owned()]));
        assert_eq!((second.submit(&form).status, second.open(&path).status, second.who()), (404, 404, None), "used up");
        let attempt = |password: &str| sign_in(&mut Browser::named(HOME, server), "somebody@office.test", password, "").status;
        assert_eq!((attempt(PHRASE), attempt(NEW)), (401, 303));

        // The console prints the link; after fourteen days it has ended.
        let printed =
            place.run_ok(&["institution", "invite", "hcp", "late@office.test", "--function", "x", "--role", "EDITOR", "--set", PUBLISHED]);
        let late = printed.trim().strip_prefix(HOME).expect("the published address").to_owned();
        assert_eq!(browser.open(&late).status, 200);
        place.alter("UPDATE links SET expires_at = expires_at - 14 * 86400000");
        assert_eq!(browser.open(&late).status, 404);
    });
}

#[test]
fn only_those_invite_who_manage_and_only_for_what_they_manage() {
    on(Backend::Sqlite, &[], |server, place| {
        for (email, roles) in
            [("editor@office.test", "EDITOR@hcp"), ("validator@office.test", "VALIDATOR@hcp"), ("admin@office.test", "ADMIN")]
        {
            make(place, email, &[roles]);
        }
        let mut editor = signed_in(server, "editor@office.test");
        let mut validator = signed_in(server, "validator@office.test");
        let elsewhere = json!([{ "role": "EDITOR", "institution": "onm-ma" }]);
        let whole_catalogue = json!([{ "role": "ADMIN" }]);
        let refused = [
            invite(&mut Browser::at(server), "x@office.test", "x", role("EDITOR")),
            invite(&mut editor, "x@office.test", "x", role("EDITOR")),
            invite(&mut validator, "x@office.test", "x", elsewhere),
            invite(&mut validator, "x@office.test", "x", whole_catalogue.clone()),
            invite(&mut validator, "x@office.test", "x", json!([])),
        ];
        let found: Vec<_> = refused.iter().map(codes).collect();
        assert_eq!(found, [["SIGN_IN_REQUIRED"], ["ROLE_REQUIRED"], ["ROLE_REQUIRED"], ["ROLE_REQUIRED"], ["INVALID"]]);
        assert!(codes(&invite(&mut validator, "own@office.test", "x", role("EDITOR"))).is_empty());
        assert!(codes(&invite(&mut signed_in(server, "admin@office.test"), "admin2@office.test", "x", whole_catalogue)).is_empty());
        mailed_link(place, "own@office.test", "/invitation/", 1);
        mailed_link(place, "admin2@office.test", "/invitation/", 1);
        assert!(mails(place, "x@office.test").is_empty(), "refused, and nothing was sent");
    });
}

#[test]
fn an_invitation_does_not_lead_past_an_authenticator_app() {
    on_both(&[], |server, place| {
        make(place, "admin@office.test", &["ADMIN"]);
        make(place, "somebody@office.test", &["EDITOR@hcp"]);
        let mut before = signed_in(server, "somebody@office.test");
        let app: App = turn_on(&mut before);
        invite(&mut signed_in(server, "admin@office.test"), "somebody@office.test", "x", role("VALIDATOR"));
        let path = mailed_link(place, "somebody@office.test", "/invitation/", 1);
        let mut browser = Browser::at(server);
        let done = choose(&mut browser, &path, NEW, NEW);
        assert_eq!((done.status, done.header("location"), done.set_cookie(SESSION)), (303, "/sign-in", ""), "{}", done.words());
        assert_eq!((browser.who(), before.who()), (None, None));
        assert_eq!(sign_in(&mut browser, "somebody@office.test", NEW, "").status, 401);
        assert_eq!(sign_in(&mut browser, "somebody@office.test", NEW, &app.code(1)).status, 303);
        assert_eq!(browser.roles(), ["EDITOR@hcp", "VALIDATOR@hcp"]);
    });
}

#[test]
fn a_sign_in_link_is_used_up_by_its_button_and_not_by_looking() {
    on_both(&[PUBLISHED], |server, place| {
        let add = |email: &str| {
            let printed = place.run_ok(&["user", "add", email, "--function", "Officer", "--set", PUBLISHED]);
            printed.trim().strip_prefix(HOME).expect("the published address").to_owned()
        };
        let path = add("somebody@office.test");
        let mut browser = Browser::named(HOME, server);
        for _ in 0..3 {
            let page = browser.open(&path);
            assert_eq!((page.status, page.header("cache-control"), page.header("referrer-policy")), (200, "no-store", "same-origin"));
            assert_eq!(browser.who(), None);
        }
        let form = browser.open(&path).form(&path);
        let mut stranger = Browser::named(HOME, server);
        assert_eq!(stranger.submit(&form).status, 403, "the form was another browser's");
        assert_eq!(browser.submit_with(&form, &[("origin", "https://evil.example")]).status, 403);
        let other_form = stranger.open(&path).form(&path);
        assert_eq!((browser.submit(&form).status, browser.who().as_deref()), (303, Some("somebody@office.test")));
        assert_eq!((stranger.submit(&other_form).status, stranger.who(), stranger.open(&path).status), (404, None, 404));

        let late = add("late@office.test");
        assert_eq!(stranger.open(&late).status, 200);
        place.alter("UPDATE links SET expires_at = expires_at - 3600001");
        assert_eq!(stranger.open(&late).status, 404);
        let shut = add("shut@office.test");
        place.run_ok(&["user", "disable", "shut@office.test"]);
        let mut browser = Browser::named(HOME, server);
        let page = browser.open(&shut);
        if page.status == 200 {
            browser.submit(&page.form(&shut));
        }
        assert_eq!(browser.who(), None, "a link to an account that is shut lets nobody in");
    });
}

fn heads_are_clean(place: &Place) {
    let folder = place.folder.join("outbox");
    for entry in std::fs::read_dir(folder).expect("the outbox") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a mail");
        let (head, _) = text.split_once("\r\n\r\n").expect("a head and a body");
        let names: Vec<String> = head.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name.to_lowercase()).collect();
        assert_eq!(names.iter().filter(|name| *name == "to").count(), 1, "{text}");
        assert!(!names.iter().any(|name| name == "bcc" || name == "cc") && !text.contains("evil"), "{text}");
    }
}

#[test]
fn nobody_writes_into_the_head_of_a_mail() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "admin@office.test", &["ADMIN"]);
        make(place, "somebody@office.test", &[]);
        let mut admin = signed_in(server, "admin@office.test");
        for email in [
            "x@office.test\r\nBcc: evil@evil.example",
            "x@office.test\nSubject: evil",
            "x@office.test\rBcc: evil@evil.example",
            "\"a\r\nBcc: evil\"@office.test",
            "x@office.test, evil@evil.example",
            "x@office.test> RCPT TO:<evil@evil.example",
            "evil <x@office.test>",
            "x@office.test\u{2028}Bcc: evil@evil.example",
        ] {
            let sent = invite(&mut admin, email, "x", role("EDITOR"));
            assert_eq!((codes(&sent), &sent["email"]), (vec!["INVALID"], &Value::Null), "{email:?}");
            let mut browser = Browser::at(server);
            let form = browser.open("/password-reset").form("/password-reset");
            assert_eq!(browser.submit(&form.fill("email", &email.replace("x@", "somebody@"))).status, 200);
        }
        let mut browser = Browser::at(server);
        let form = browser.open("/password-reset").form("/password-reset");
        assert_eq!(browser.submit(&form.fill("email", "somebody@office.test\0evil")).status, 200);
        // A function is one line, and said, only said, in the mail and on the page.
        let sent = invite(&mut admin, "fine@office.test", "Officer\r\nBcc: evil@evil.example\r\n\r\nSigned, evil", role("EDITOR"));
        assert_eq!(codes(&sent), ["INVALID"], "{sent}");
        let sent = invite(&mut admin, "fine@office.test", "Officer Bcc: evil@evil.example =?utf-8?q?=0D=0A?=", role("EDITOR"));
        assert!(codes(&sent).is_empty(), "{sent}");
        mailed_link(place, "fine@office.test", "/invitation/", 1);
        let resets = mails(place, "somebody@office.test").iter().filter(|text| text.contains("/password-reset/")).count();
        assert_eq!(resets, 0, "none of these is the known address");
        heads_are_clean(place);
    });
}
