//! Accounts that a test makes at the console, signs in with, and finds the mails of.

use std::io::Write;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{BACKENDS, Backend, Place, Server};

use super::browser::{Browser, Page};

/// Password of every account that a test makes.
pub const PHRASE: &str = "une longue phrase locale";

/// Name of the cookie of a session, over plain HTTP.
pub const SESSION: &str = "rihla_session";

/// Runs a test on the demo catalogue with settings such as `session_hours=1`.
pub fn on(backend: Backend, settings: &[&str], test: impl Fn(&Server, &Place)) {
    let place = Place::new(backend);
    let mut arguments = vec!["--demo"];
    for setting in settings {
        arguments.extend(["--set", *setting]);
    }
    let server = place.serve(&arguments);
    test(&server, &place);
    server.stop();
    place.assert_healthy();
}

/// Runs a test on both databases.
pub fn on_both(settings: &[&str], test: impl Fn(&Server, &Place)) {
    for backend in BACKENDS {
        on(backend, settings, &test);
    }
}

/// Makes an account with the password [`PHRASE`] and roles such as `EDITOR@hcp`.
pub fn make(place: &Place, email: &str, roles: &[&str]) {
    let mut arguments = vec!["user", "add", email, "--function", "Officer of the tests", "--language", "en"];
    for role in roles {
        arguments.extend(["--role", *role]);
    }
    place.run_ok(&arguments);
    let done = tell(place, &["user", "password", email], PHRASE);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Runs a command that reads a line from standard input.
pub fn tell(place: &Place, arguments: &[&str], line: &str) -> Output {
    let mut command = place.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let line = format!("{line}\n");
    // The program may refuse its arguments before it reads.
    drop(child.stdin.take().expect("standard input").write_all(line.as_bytes()));
    child.wait_with_output().expect("the program ends")
}

/// Fills in the form for signing in and sends it.
pub fn sign_in(browser: &mut Browser, email: &str, password: &str, code: &str) -> Page {
    let form = browser.open("/sign-in").form("/sign-in");
    browser.submit(&form.fill("email", email).fill("password", password).fill("code", code))
}

/// A browser in which an account that a test made is signed in.
pub fn signed_in(server: &Server, email: &str) -> Browser {
    enter(Browser::at(server), email)
}

/// Signs an account that a test made in.
pub fn enter(mut browser: Browser, email: &str) -> Browser {
    let done = sign_in(&mut browser, email, PHRASE, "");
    assert_eq!((done.status, browser.who().as_deref()), (303, Some(email)), "{}", done.words());
    browser
}

/// Mails to an address, oldest first.
pub fn mails(place: &Place, to: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(place.folder.join("outbox")) else { return Vec::new() };
    let mut paths: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|p| p.extension().is_some_and(|e| e == "eml")).collect();
    paths.sort();
    let texts = paths.iter().map(|path| std::fs::read_to_string(path).expect("a mail"));
    texts.filter(|text| text.lines().any(|line| line == format!("To: {to}"))).collect()
}

/// The path of the newest link of a kind that was mailed to an address, such as `/password-reset/`, once there are `count`.
pub fn mailed_link(place: &Place, to: &str, kind: &str, count: usize) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let found: Vec<String> = mails(place, to).into_iter().filter(|text| text.contains(kind)).collect();
        if found.len() >= count {
            let (_, rest) = found[count - 1].split_once(kind).expect("the link");
            return format!("{kind}{}", rest.split_whitespace().next().unwrap_or_default());
        }
        assert!(Instant::now() < deadline, "no mail number {count} to {to} with {kind} came within 20 s");
        std::thread::sleep(Duration::from_millis(50));
    }
}
