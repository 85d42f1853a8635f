//! Mails: their languages, how they leave the house, whom they are spared, and reminders that do not come every day.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution, note_secret};
use crate::outgoing::{Letter, MailServer, Person, Step, import, outbox, outbox_of, wait_for, wait_until};
use crate::people::{ask_as, submit};

const INVITE: &str = "mutation($input: InvitationSendInput!) { invitationSend(input: $input) { email errors { code message } } }";
const PREFER: &str = "mutation($input: PreferencesUpdateInput!) { preferencesUpdate(input: $input) { viewer { language mailPreference } errors { code path } } }";

/// Failed mails are tried again at once.
const SOON: [&str; 2] = ["--set", "webhook_retry_ms=100"];

/// An institution with a name in each language, and a desk.
fn holder() -> String {
    let mut record: Value = serde_json::from_str(&institution("holder")).expect("JSON");
    for (language, name) in [("ar", "المرصد"), ("fr", "L'observatoire"), ("en", "The observatory")] {
        record["names"][language] = json!({ "text": name, "status": "OFFICIAL" });
    }
    record["desk"] = json!({ "function": { "en": { "text": "Desk", "status": "OFFICIAL" } }, "mailbox": "desk@holder.example" });
    record.to_string()
}

fn open(backend: Backend, settings: &[&str]) -> (Place, Server) {
    let place = Place::new(backend);
    import(&place, &[holder()]);
    let server = place.serve(settings);
    (place, server)
}

fn invite(server: &Server, sender: &Person, name: &str, language: &str) -> String {
    let email = format!("{name}@invited.example");
    let roles = json!([{ "role": "EDITOR", "institution": "holder" }]);
    let input = json!({ "email": email, "function": "Statistics officer", "language": language, "roles": roles });
    let data = ask_as(server, &sender.session, INVITE, json!({ "input": input }));
    assert_eq!(data["invitationSend"], json!({ "email": email, "errors": [] }));
    note_secret(&email);
    email
}

#[test]
fn invitations_and_resets_are_written_in_the_language_of_who_gets_them() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &[]);
        let sender = Person::join(&place, &server, "sender", "ar", &["VALIDATOR@holder"]);
        let expected = [
            ("ar", "دعوة إلى المشاركة في الفهرس – Rihla", "المؤسسة: المرصد", "يصف مجموعات بيانات المؤسسة"),
            ("fr", "Invitation – Rihla", "Institution : L'observatoire", "Décrit les jeux de données de l'institution"),
            ("en", "Invitation – Rihla", "Institution: The observatory", "Describes the institution's datasets"),
        ];
        for (language, subject, name, role) in expected {
            let email = invite(&server, &sender, &format!("in-{language}"), language);
            let letters = wait_for("the invitation", 10, || Some(outbox_of(&place, &email)).filter(|letters| !letters.is_empty()));
            let letter = &letters[0];
            assert_eq!((letter.header("content-language"), letter.subject().as_str()), (language, subject));
            assert!(letter.text.contains(name) && letter.text.contains(role), "{letter:?}");
            assert_eq!((letter.header("from"), letter.header("auto-submitted")), ("Rihla <rihla@localhost>", "auto-generated"));
            let link = letter.path("/invitation/");
            note_secret(link.trim_start_matches("/invitation/"));
            assert_eq!(server.get(&link, &[]).status, 200, "the link of the mail opens the invitation");
        }
        for email in [sender.email.as_str(), "nobody@people.example"] {
            assert_eq!(submit(&server, "/password-reset", &[("email", email)]).status, 200, "the answer is the same for everyone");
        }
        let is_reset = |letter: &Letter| letter.text.contains("/password-reset/");
        let reset = wait_for("the way to a new password", 10, || outbox_of(&place, &sender.email).into_iter().find(is_reset));
        assert_eq!((reset.header("content-language"), reset.subject().as_str()), ("ar", "كلمة مرور جديدة – Rihla"));
        note_secret(reset.path("/password-reset/").trim_start_matches("/password-reset/"));
        assert!(outbox_of(&place, "nobody@people.example").is_empty());
        // One each: three invitations, the way to a password, and the word on the role.
        assert_eq!(outbox(&place).len(), 5);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_mail_server_may_say_later_or_never() {
    for backend in BACKENDS {
        let mails = MailServer::new(|step, recipient, before| match (step, recipient.split('@').next().unwrap_or_default()) {
            (Step::Recipient, "unknown") => "550 5.1.1 nobody has this address",
            (Step::Recipient, "busy") if before < 2 => "451 4.3.0 come back later",
            (Step::Letter, "full") if before < 1 => "451 4.3.1 no room for the letter",
            _ => "250 ok",
        });
        let (place, server) = open(backend, &[&SOON[..], &["--set", mails.setting.as_str()][..]].concat());
        let sender = Person::join(&place, &server, "sender", "en", &["VALIDATOR@holder"]);
        let unknown = invite(&server, &sender, "unknown", "en");
        let (plain, busy, full) =
            (invite(&server, &sender, "plain", "ar"), invite(&server, &sender, "busy", "fr"), invite(&server, &sender, "full", "en"));
        for email in [&plain, &busy, &full] {
            wait_until("the letter is taken", 20, || !mails.taken_for(email).is_empty());
        }
        // What is taken is sent once, and what is refused for good is not tried again.
        std::thread::sleep(std::time::Duration::from_secs(2));
        assert_eq!([&plain, &busy, &full, &unknown].map(|email| mails.taken_for(email).len()), [1, 1, 1, 0]);
        assert_eq!([&plain, &busy, &full, &unknown].map(|email| mails.named(email)), [1, 3, 2, 1]);
        assert!(outbox(&place).is_empty(), "nothing goes into the folder where there is a mail server");

        // A letter that comes twice is known by its identifier.
        let ids: Vec<String> =
            mails.posted().iter().filter(|p| p.recipient == full).map(|p| p.letter.header("message-id").to_owned()).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].ends_with("@localhost>"), "{ids:?}");
        let letter = &mails.taken_for(&plain)[0];
        assert_eq!((letter.header("content-language"), letter.subject().as_str()), ("ar", "دعوة إلى المشاركة في الفهرس – Rihla"));
        assert!(letter.text.contains("المؤسسة: المرصد") && letter.text.starts_with("تحية طيبة وبعد،\n"), "{letter:?}");
        let letter = &mails.taken_for(&busy)[0];
        assert!(letter.text.contains("à participer") && letter.header("content-type") == "text/plain; charset=utf-8", "{letter:?}");
        assert_eq!(server.get(&letter.path("/invitation/"), &[]).status, 200);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_mail_server_that_does_not_answer_holds_up_neither_notices_nor_the_stop() {
    // Connections are made, and nobody ever says anything.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let setting = format!("smtp_url=smtp://{}", silent.local_addr().expect("address"));
    let (place, server) = open(Backend::Sqlite, &[&SOON[..], &["--set", setting.as_str()][..]].concat());
    let sender = Person::join(&place, &server, "sender", "en", &["VALIDATOR@holder", "ADMIN"]);
    let invited = ["one", "two", "three", "four"].map(|name| invite(&server, &sender, name, "en"));
    let reader = Person::join(&place, &server, "reader", "en", &[]);
    sender.change_role(&server, "membershipGrant", &reader.id(&place), "EDITOR", "holder");
    wait_until("the notice is there", 5, || reader.notifications(&server).len() == 1);
    // Waits for one mail, not for all: within the time that every stop has.
    server.stop();
    let mails = MailServer::new(|_, _, _| "250 ok");
    let server = place.serve(&[&SOON[..], &["--set", mails.setting.as_str()][..]].concat());
    for email in &invited {
        wait_until("the letter is taken in the end", 20, || mails.taken_for(email).len() == 1);
    }
    server.stop();
    place.assert_healthy();
}

#[test]
fn a_mail_that_is_put_off_is_not_overtaken() {
    for backend in BACKENDS {
        let mails = MailServer::new(|step, recipient, before| match (step, recipient.split('@').next().unwrap_or_default()) {
            (Step::Recipient, "slow") if before < 2 => "451 4.3.0 come back later",
            _ => "250 ok",
        });
        let (place, server) = open(backend, &["--set", "webhook_retry_ms=400", "--set", mails.setting.as_str()]);
        let admin = Person::join(&place, &server, "admin", "en", &["ADMIN"]);
        let slow = Person::join(&place, &server, "slow", "en", &[]);
        for role in ["EDITOR", "VALIDATOR", "ACCESS_OFFICER"] {
            admin.change_role(&server, "membershipGrant", &slow.id(&place), role, "holder");
        }
        wait_until("all three", 30, || mails.taken_for(&slow.email).len() == 3);
        let labels = ["Describes", "Validates", "Handles"];
        let taken = mails.taken_for(&slow.email);
        for (letter, label) in taken.iter().zip(labels) {
            assert!(letter.text.contains(label), "{label}: {taken:?}");
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn who_waits_for_a_daily_summary_keeps_nobody_waiting() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &[]);
        let admin = Person::join(&place, &server, "admin", "en", &["ADMIN"]);
        let [once, daily] = ["once", "daily"].map(|name| Person::join(&place, &server, name, "en", &[]));
        let of_daily = format!("(SELECT id FROM persons WHERE email = '{}')", daily.email);
        place.alter(&format!("UPDATE persons SET mail_preference = 'DAILY', mailed_at = 4000000000000 WHERE id = {of_daily}"));
        place.alter(&format!(
            "INSERT INTO notices (id, person_id, seq, kind, title, path, entity_id, created_at) WITH RECURSIVE s(x) AS \
             (SELECT 1 UNION ALL SELECT x + 1 FROM s WHERE x < 5001) \
             SELECT 'n' || x, {of_daily}, 0, 'DATASET_PUBLISHED', 'A title', '', 'none', 1 FROM s"
        ));
        admin.change_role(&server, "membershipGrant", &once.id(&place), "EDITOR", "holder");
        wait_until("the mail of somebody else", 20, || outbox_of(&place, &once.email).len() == 1);
        assert!(outbox_of(&place, &daily.email).is_empty());
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn mails_come_when_and_in_which_language_the_person_wants() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &[]);
        let admin = Person::join(&place, &server, "admin", "en", &["ADMIN"]);
        let [once, daily, off] = ["once", "daily", "off"].map(|name| Person::join(&place, &server, name, "en", &[]));
        let prefer = |person: &Person, input: Value| person.ask(&server, PREFER, json!({ "input": input }))["preferencesUpdate"].clone();
        let set = prefer(&once, json!({ "language": "ar", "mailPreference": "AT_ONCE" }));
        assert_eq!(set["viewer"], json!({ "language": "ar", "mailPreference": "AT_ONCE" }));
        assert_eq!(prefer(&daily, json!({ "mailPreference": "DAILY" }))["viewer"], json!({ "language": "en", "mailPreference": "DAILY" }));
        assert_eq!(prefer(&off, json!({ "mailPreference": "OFF" }))["errors"], json!([]));
        let refused = prefer(&off, json!({ "language": "es" }));
        assert_eq!(refused, json!({ "viewer": null, "errors": [{ "code": "INVALID", "path": ["language"] }] }));

        let grant = |role: &str| {
            for person in [&once, &daily, &off] {
                admin.change_role(&server, "membershipGrant", &person.id(&place), role, "holder");
            }
        };
        let count = |person: &Person| outbox_of(&place, &person.email).len();
        grant("EDITOR");
        wait_until("the first mails", 10, || (count(&once), count(&daily)) == (1, 1));
        grant("VALIDATOR");
        grant("ACCESS_OFFICER");
        wait_until("two more for who wants them at once", 10, || count(&once) == 3);
        wait_until("all three notices", 10, || [&once, &daily, &off].iter().all(|person| person.notifications(&server).len() == 3));
        assert_eq!((count(&daily), count(&off)), (1, 0), "one summary a day, and none");
        // A day later.
        place.alter(&format!("UPDATE persons SET mailed_at = mailed_at - 86400000 WHERE email = '{}'", daily.email));
        wait_until("the summary of the day", 10, || count(&daily) == 2);

        let summaries = outbox_of(&place, &daily.email);
        assert!(summaries.iter().all(|letter| letter.subject() == "Daily summary – Rihla" && letter.header("content-language") == "en"));
        assert_eq!(summaries.iter().map(|letter| letter.text.matches("\n- ").count()).collect::<Vec<_>>(), [1, 2], "{summaries:?}");
        for letter in outbox_of(&place, &once.email) {
            assert!(letter.header("content-language") == "ar" && letter.subject().starts_with("أُسند إليكم دور في الفهرس: "), "{letter:?}");
            // The role and the institution in the reader's words, not codes.
            assert!(letter.text.contains("المرصد") && !letter.text.contains("EDITOR") && !letter.text.contains("holder"), "{letter:?}");
        }
        assert_eq!((count(&once), count(&off)), (3, 0));
        server.stop();
        place.assert_healthy();
    }
}

/// A record of the holder that is to be reviewed by a day.
fn due(slug: &str, day: &str) -> String {
    dataset(slug, |r| {
        r["producer"] = json!("holder");
        r["reviewDueOn"] = json!(day);
        r["mainLanguage"] = json!("ar");
        r["titles"]["ar"] = json!({ "text": format!("عنوان {slug}"), "status": "OFFICIAL" });
    })
}

#[test]
fn desks_are_reminded_of_what_is_past_its_review_date_but_not_every_day() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &[]);
        let [editor, validator, officer] = ["EDITOR", "VALIDATOR", "ACCESS_OFFICER"]
            .map(|role| Person::join(&place, &server, &role.to_lowercase().replace('_', "-"), "ar", &[&format!("{role}@holder")]));
        import(&place, &[due("survey", "2990-01-01"), due("register", "2990-01-12"), dataset("undated", |_| {})]);
        let remind = |day: &str, stale: usize, mails: usize| {
            server.wait_for_index();
            let said = place.run_ok(&["remind", "--on", day]);
            assert_eq!(said.trim(), format!("{stale} records past their review date, {mails} mails written"), "on {day}");
        };
        remind("2990-01-01", 0, 0);
        remind("2990-01-02", 1, 1);
        for (day, mails) in [("2990-01-02", 0), ("2990-01-03", 0), ("2990-01-08", 0), ("2990-01-09", 1), ("2990-01-10", 0)] {
            remind(day, 1, mails);
        }
        // Another record that becomes stale within the week waits for the mail of the next one.
        for (day, mails) in [("2990-01-13", 0), ("2990-01-15", 0), ("2990-01-16", 1), ("2990-01-17", 0)] {
            remind(day, 2, mails);
        }
        // A date that was moved and has come again is told again, with the week's mail.
        import(&place, &[due("survey", "2990-01-18")]);
        remind("2990-01-18", 1, 0);
        remind("2990-01-19", 2, 0);
        // Where nothing is past its date there is no mail, and the next record that is does not wait.
        import(&place, &[due("survey", "2990-02-01"), due("register", "2990-03-01")]);
        for (day, stale, mails) in [("2990-01-25", 0, 0), ("2990-02-01", 0, 0), ("2990-02-02", 1, 1), ("2990-02-03", 1, 0)] {
            remind(day, stale, mails);
        }

        let letters =
            wait_for("all mails to the desk", 10, || Some(outbox_of(&place, "desk@holder.example")).filter(|letters| letters.len() >= 4));
        let one = |slug: &str| format!("حل موعد مراجعة سجل: عنوان {slug}");
        let digest = "فوات موعد المراجعة – Rihla".to_owned();
        let subjects: Vec<String> = letters.iter().map(Letter::subject).collect();
        assert_eq!(subjects, [one("survey"), digest.clone(), digest, one("survey")]);
        let names = |letter: &Letter| ["/dataset/survey\n", "/dataset/register\n"].map(|path| letter.text.contains(path));
        assert_eq!(letters.iter().map(names).collect::<Vec<_>>(), [[true, false], [true, false], [true, true], [true, false]]);
        assert!(letters[0].text.contains("2990-01-01") && letters[3].text.contains("2990-02-01"), "{letters:?}");
        assert!(letters.iter().all(|letter| letter.header("content-language") == "ar"), "the language of the records");

        let told = |person: &Person| person.notifications(&server).into_iter().filter(|(kind, _)| kind == "REVIEW_DUE").count();
        assert_eq!([&editor, &validator, &officer].map(told), [4, 4, 0], "each time a date has come, and never in the digest");
        let is_notice = |letter: &Letter| letter.subject().starts_with("حل موعد مراجعة سجل: ");
        wait_until("the editor's mails", 10, || outbox_of(&place, &editor.email).into_iter().filter(is_notice).count() == 4);
        let wrong = place.run(&["remind", "--on", "tomorrow"]);
        assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("is not a day; use YYYY-MM-DD"));
        server.stop();
        place.assert_healthy();
    }
}
