//! No log holds a password, a token, a link that lets someone in, or an address of a person, however much is logged.

use std::fs::File;
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, Server, dataset, institution, note_secret};
use crate::outgoing::{Manner, Person, Receiver, import, outbox_of, wait_for, wait_until};
use crate::people::{Who, accept_invitation, ask_as, follow_link, sign_in, submit};

const INVITE: &str = "mutation($input: InvitationSendInput!) { invitationSend(input: $input) { email errors { message } } }";
const REGISTER: &str = "mutation($url: String!) { webhookCreate(input: { url: $url }) { secret errors { message } } }";
const DRAFT: &str = "mutation { datasetDraftCreate(input: { institution: \"holder\" }) { draft { id } } }";
const SHARE: &str = "mutation($draft: ID!) { previewLinkCreate(input: { draft: $draft }) { url } }";
const TOKEN: &str = "mutation { apiTokenCreate(input: { name: \"short-lived\", scopes: [READ] }) { secret token { id } } }";
const REVOKE: &str = "mutation($id: ID!) { apiTokenRevoke(id: $id) { removed } }";

/// Secrets that a test has seen, each with what it is.
#[derive(Default)]
struct Seen(Vec<(&'static str, String)>);

impl Seen {
    fn note(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 8, "{what} `{secret}` is too short to be looked for");
        note_secret(secret);
        self.0.push((what, secret.to_owned()));
    }

    /// What of all this, and of what looks like a secret of the catalogue, is in a log.
    fn leaks(&self, log: &str) -> Vec<String> {
        let line_of = |text: &str| log.lines().find(|line| line.contains(text)).unwrap_or_default().to_owned();
        let mut found: Vec<String> =
            self.0.iter().filter(|(_, secret)| log.contains(secret)).map(|(what, secret)| format!("{what}: {}", line_of(secret))).collect();
        found.extend(["whsec_", "$argon2", "otpauth:"].iter().filter(|front| log.contains(**front)).map(|front| line_of(front)));
        let is_token = |rest: &str| rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count() >= 43;
        found.extend(log.split("rihla_").skip(1).filter(|rest| is_token(rest)).map(|rest| format!("a token: rihla_{}", &rest[..43])));
        found
    }
}

/// The last part of an address.
fn end(address: &str) -> &str {
    address.trim().rsplit('/').next().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// The mark of a form, and the cookie that goes with it.
fn form(server: &Server, path: &str) -> (String, String) {
    let page = server.get(path, &[]);
    let mark = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let cookie = page.header("set-cookie").split(';').next().unwrap_or_default();
    (mark.unwrap_or_else(|| panic!("no form: {}", page.body)).to_owned(), cookie.to_owned())
}

/// Everything that an account has to do with secrets.
fn live_with_an_account(server: &Server, place: &Place, seen: &mut Seen) {
    // The link of the console, used twice, and one that never was.
    let link = place.run_ok(&["user", "add", "second.person@people.example", "--function", "Second"]);
    seen.note("a sign-in link", end(&link));
    seen.note("an address", "second.person@people.example");
    let session = follow_link(server, &link);
    seen.note("a session", session.cookie.rsplit('=').next().unwrap_or_default());
    for secret in [end(&link), "a-sign-in-link-that-was-never-made"] {
        assert_eq!(server.get(&format!("/sign-in/{secret}"), &[]).status, 404);
    }
    seen.note("a wrong link", "a-sign-in-link-that-was-never-made");
    let begun = ask_as(server, &session, "mutation { authenticatorBegin { secret url } }", Value::Null);
    seen.note("the secret of an authenticator app", text(&begun["authenticatorBegin"]["secret"]));

    // Tokens: good, revoked, and invented.
    let made = ask_as(server, &session, TOKEN, Value::Null)["apiTokenCreate"].clone();
    let token = text(&made["secret"]);
    seen.note("a token", token);
    ask_as(server, Who::Token(token), "{ viewer { email } }", Value::Null);
    ask_as(server, &session, REVOKE, json!({ "id": made["token"]["id"] }));
    for bad in [token, "not-a-token-of-anybody", "rihla_0000000000000000000000000000000000000000000"] {
        assert_eq!(server.graphql_as(Who::Token(bad), "{ viewer { email } }", Value::Null).status, 401);
    }
    seen.note("a wrong token", "not-a-token-of-anybody");

    // An invitation, its password, and a password that was forgotten.
    let invited = "invited.person@people.example";
    seen.note("an address", invited);
    let letter = |front: &str| {
        let find = || outbox_of(place, invited).into_iter().find(|letter| letter.text.contains(front));
        wait_for("the mail", 10, find).path(front)
    };
    let invitation = letter("/invitation/");
    seen.note("an invitation", end(&invitation));
    let (password, other) = ("un mot de passe des plus longs", "another one that is as long");
    let session = accept_invitation(server, &invitation, password);
    seen.note("a session", session.cookie.rsplit('=').next().unwrap_or_default());
    assert_eq!(submit(server, "/password-reset", &[("email", invited)]).status, 200);
    let reset = letter("/password-reset/");
    seen.note("a way to a new password", end(&reset));
    assert_eq!(submit(server, &reset, &[("password", other), ("password_again", other)]).status, 200);
    let session = sign_in(server, invited, other);
    seen.note("a session", session.cookie.rsplit('=').next().unwrap_or_default());
    for word in [password, other] {
        seen.note("a password", word);
    }

    // A form with a password that is wrong, sent with its mark, and one whose mark is missing.
    let (mark, cookie) = form(server, "/sign-in");
    let body = format!("csrf={mark}&email=invited.person%40people.example&password=a-wrong-guess-of-it&code=123456");
    let content = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(server.post("/sign-in", &[content, ("cookie", cookie.as_str())], body.as_bytes()).status, 401);
    assert_eq!(server.post("/sign-in", &[content], body.as_bytes()).status, 400);
    seen.note("a wrong password", "a-wrong-guess-of-it");
    seen.note("the mark of a form", &mark);
    seen.note("the cookie of a form", cookie.rsplit('=').next().unwrap_or_default());
}

#[test]
fn the_log_of_a_busy_server_holds_no_secret() {
    for (backend, format) in BACKENDS.into_iter().zip(["log_format=text", "log_format=json"]) {
        let place = Place::new(backend);
        import(&place, &[institution("holder"), dataset("open-record", |_| {})]);
        let path = place.folder.join("server.log");
        let log = || Stdio::from(File::options().create(true).append(true).open(&path).expect("the log can be written"));
        let settings =
            ["--set", "log_level=debug", "--set", format, "--set", "webhook_allow_private=true", "--set", "webhook_retry_ms=100"];
        let server = place.serve_with_log(&settings, log());
        let mut seen = Seen::default();

        let owner = Person::join(&place, &server, "first.person", "fr", &["VALIDATOR@holder", "EDITOR@holder"]);
        for (what, secret) in [("an address", &owner.email), ("a token", &owner.token)] {
            seen.note(what, secret);
        }
        let invite = |server: &Server, email: &str| {
            let roles = json!([{ "role": "EDITOR", "institution": "holder" }]);
            let input = json!({ "email": email, "function": "Invited", "language": "fr", "roles": roles });
            ask_as(server, &owner.session, INVITE, json!({ "input": input }));
        };
        invite(&server, "invited.person@people.example");
        live_with_an_account(&server, &place, &mut seen);

        // A webhook whose address carries a word of its own, and that fails at first.
        let receiver = Receiver::new([Manner::Refuse(500), Manner::HangUp]);
        let made = owner.ask(&server, REGISTER, json!({ "url": format!("{}-of-the-receiver", receiver.url()) }));
        seen.note("the secret of a webhook", text(&made["webhookCreate"]["secret"]));
        seen.note("the word of a receiver", "word-of-the-receiver");
        import(&place, &[dataset("another-record", |_| {})]);
        wait_until("the delivery", 20, || receiver.seqs().len() == 1);

        // A preview of a draft, on its page and by GraphQL.
        let draft = owner.ask(&server, DRAFT, Value::Null)["datasetDraftCreate"]["draft"]["id"].clone();
        let shared = owner.ask(&server, SHARE, json!({ "draft": draft }));
        let preview = end(text(&shared["previewLinkCreate"]["url"]));
        seen.note("a preview", preview);
        assert_eq!(server.get(&format!("/preview/{preview}"), &[]).status, 200);
        server.ask_with("query($token: String!) { preview(token: $token) { id } }", json!({ "token": preview }));

        // What people look for is nobody's business either.
        for words in ["words-that-someone-looks-for", "a-page-that-someone-looks-for"] {
            seen.note("what someone looks for", words);
        }
        server.ask_with(
            "query($words: String!) { datasets(search: $words) { totalCount } }",
            json!({ "words": "words-that-someone-looks-for" }),
        );
        assert_eq!(server.get("/a-page-that-someone-looks-for?q=words-that-someone-looks-for", &[]).status, 404);
        server.stop();

        // A mail server that asks for a password, and is not there.
        let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let smtp = format!("smtp_url=smtp://mailer:word-of-the-mail-server@{closed}");
        let server = place.serve_with_log(&[&settings[..], &["--set", smtp.as_str()][..]].concat(), log());
        seen.note("the password of a mail server", "word-of-the-mail-server");
        seen.note("an address", "unreached.person@people.example");
        invite(&server, "unreached.person@people.example");
        let read = || std::fs::read_to_string(&path).expect("the log can be read");
        wait_until("the mail fails", 20, || read().contains("mail not handed over"));
        server.stop();

        let log = read();
        for piece in ["DEBUG", "answered", "mail handed over", "stopped"] {
            assert!(log.contains(piece), "`{piece}` is not in the log: {log}");
        }
        let leaks = seen.leaks(&log);
        assert!(seen.0.len() > 20 && leaks.is_empty(), "{}", leaks.join("\n"));
        place.assert_healthy();
    }
}

#[test]
fn a_secret_in_a_log_is_found() {
    let seen = Seen(vec![("a password", "correct horse".to_owned())]);
    let token = format!("rihla_{}", "x-Y_9".repeat(9));
    for planted in ["password=correct horse", "secret whsec_AAAA", "hash=$argon2id$v=19", "otpauth://totp/x", token.as_str()] {
        assert_eq!(seen.leaks(&format!("one line\nINFO {planted} more\nanother")).len(), 1, "{planted}");
    }
    assert!(seen.leaks("rihla_session rihla_form rihla=debug correct, horse").is_empty());
}
