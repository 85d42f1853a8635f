//! Warned 90, 30 and 7 days before the end, told when it has come, renewed tacitly.

use serde_json::{Value, json};

use crate::harness::BACKENDS;
use crate::outgoing::{outbox_of, wait_for, wait_until};
use crate::people::{Session, ask_as, codes, done};

use super::{Cast, look, text};

/// Kinds and titles of the notices on ends that somebody got, oldest first.
fn told(cast: &Cast, who: &Session) -> Vec<String> {
    let query = "{ viewer { notifications(first: 100) { nodes { kind title } } } }";
    let data = ask_as(&cast.registry.server, who, query, Value::Null);
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone();
    let line = |node: &Value| format!("{} {}", node["kind"].as_str().unwrap_or_default(), node["title"].as_str().unwrap_or_default());
    let mut lines: Vec<String> = nodes.iter().map(line).filter(|line| line.contains("AGREEMENT_END")).collect();
    lines.reverse();
    lines
}

/// What `rihla remind` says of agreements on a day; empty where there was nothing to tell.
fn remind(cast: &Cast, day: &str) -> String {
    let said = cast.registry.place.run_ok(&["remind", "--on", day]);
    said.lines().find(|line| line.contains("agreements")).unwrap_or_default().to_owned()
}

#[test]
fn the_end_is_warned_of_three_times_and_told_once() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let contact = json!([{ "institution": "police", "function": text("Bureau"), "mailbox": "accords@police.example" }]);
        cast.signed(|content| content["contacts"] = contact);
        // What had ended before it was signed here is history, what is a draft is not watched.
        cast.signed(|content| content["endsOn"] = json!("2021-12-31"));
        cast.registered(|content| content["endsOn"] = json!("2090-12-31"));
        let warned = "1 agreements warned of, 0 ended, 2 mails written";
        let ended = "0 agreements warned of, 1 ended, 2 mails written";
        for (day, said) in [
            ("2090-10-01", ""),
            ("2090-10-02", warned),
            ("2090-10-03", ""),
            ("2090-11-30", ""),
            ("2090-12-01", warned),
            ("2090-12-01", ""),
            // Nobody looked on the 24th.
            ("2090-12-26", warned),
            ("2090-12-31", ""),
            ("2091-01-02", ended),
            ("2091-01-03", ""),
        ] {
            assert_eq!(remind(&cast, day), said, "{backend:?} {day}");
        }
        let title = "Protocole sur les titres de séjour – 2090-12-31";
        let soon = format!("AGREEMENT_ENDS_SOON {title}");
        let expected = [soon.clone(), soon.clone(), soon, format!("AGREEMENT_ENDED {title}")];
        for who in [&cast.editor, &cast.police, &cast.office, &cast.coordinator] {
            assert_eq!(told(&cast, who), expected);
        }
        assert!(told(&cast, &cast.third).is_empty() && told(&cast, &cast.auditor).is_empty());
        for mailbox in ["accords@police.example", "desk@office.example"] {
            let letters = wait_for("the mails", 20, || Some(outbox_of(&cast.registry.place, mailbox)).filter(|letters| letters.len() == 4));
            assert!(letters.iter().all(|letter| letter.text.contains("Dernier jour : 2090-12-31")), "{letters:?}");
            assert!(letters[3].subject().starts_with("Un accord a pris fin : "), "{}", letters[3].subject());
        }
        assert!(outbox_of(&cast.registry.place, "desk@police.example").is_empty(), "contacts go before the desk");
        let log = ask_as(
            &cast.registry.server,
            &cast.auditor,
            "{ auditLog(where: { entities: [\"AGREEMENT\"], kinds: [\"EXPIRED\"] }) { nodes { actor } } }",
            Value::Null,
        );
        assert_eq!(log["auditLog"]["nodes"], json!([{ "actor": "clock" }]));
        cast.registry.close();
    }
}

#[test]
fn an_outage_over_all_warnings_leads_to_the_nearest_one() {
    let cast = Cast::open(crate::harness::Backend::Sqlite);
    cast.signed(|_| {});
    assert!(remind(&cast, "2090-12-28").starts_with("1 agreements warned of"));
    assert_eq!(remind(&cast, "2090-12-29"), "");
    assert_eq!(told(&cast, &cast.police).len(), 1);
    cast.registry.close();
}

#[test]
fn tacit_renewal_is_warned_of_before_the_last_day_for_notice() {
    let cast = Cast::open(crate::harness::Backend::Sqlite);
    let seen = cast.signed(|content| {
        content["endsOn"] = json!("2021-12-31");
        content["renewal"] = json!({ "kind": "TACIT", "periodMonths": 12, "noticeMonths": 3 });
    });
    assert_eq!((&seen["state"], &seen["viewerActions"][3]), (&json!("IN_FORCE"), &json!("GIVE_NOTICE")), "renewed since 2021");
    let notice = seen["noticeBefore"].as_str().expect("a last day for notice").to_owned();
    assert!(notice.ends_with("-09-30") && seen["until"].as_str().is_some_and(|until| until.ends_with("-12-31")), "{seen}");
    let year: i32 = notice[..4].parse().expect("year");
    let coming = year + 1;
    assert!(remind(&cast, &format!("{coming}-07-02")).starts_with("1 agreements warned of"), "90 days before notice");
    let warning = format!("AGREEMENT_ENDS_SOON Protocole sur les titres de séjour – {coming}-09-30");
    assert!(told(&cast, &cast.office).contains(&warning));
    assert_eq!(remind(&cast, &format!("{}-01-02", coming + 1)), "", "renewed, not ended");
    let given = done(&cast.step(&cast.office, "terminate", &seen, json!({ "reason": "Une convention suit.", "atEnd": true })), "agreement");
    assert_eq!((&given["state"], &given["noticeBefore"]), (&json!("IN_FORCE"), &Value::Null));
    let again = cast.step(&cast.office, "terminate", &given, json!({ "reason": "Encore.", "atEnd": true }));
    assert_eq!(codes(&again), ["INVALID"]);
    let until = look(&cast, &cast.police, &given);
    assert_eq!(until["stateReason"], "Une convention suit.");
    let after = format!("{}-01-01", given["until"].as_str().expect("an end")[..4].parse::<i32>().expect("year") + 1);
    assert!(remind(&cast, &after).contains("1 ended"), "{after}");
    cast.registry.close();
}

#[test]
fn the_other_party_is_told_of_what_one_does() {
    let cast = Cast::open(crate::harness::Backend::Sqlite);
    let seen = cast.signed(|content| content["visibility"] = json!("PARTIES"));
    done(&cast.step(&cast.police, "suspend", &seen, json!({ "reason": "Un incident." })), "agreement");
    let query = "{ viewer { notifications(first: 100) { nodes { kind reason } } } }";
    let of = |who: &Session| ask_as(&cast.registry.server, who, query, Value::Null)["viewer"]["notifications"]["nodes"].clone();
    let is_told = |who: &Session, notice: Value| of(who).as_array().is_some_and(|nodes| nodes.contains(&notice));
    wait_until("the office is told", 10, || is_told(&cast.office, json!({ "kind": "AGREEMENT_CHANGED", "reason": "Un incident." })));
    assert!(is_told(&cast.office, json!({ "kind": "AGREEMENT_SIGNED", "reason": null })));
    // The coordinator learns that it stands still, not why.
    wait_until("the coordinator is told", 10, || is_told(&cast.coordinator, json!({ "kind": "AGREEMENT_CHANGED", "reason": null })));
    assert!(!of(&cast.coordinator).to_string().contains("incident"));
    assert!(!of(&cast.third).to_string().contains("AGREEMENT"));
    cast.registry.close();
}

#[test]
fn an_agreement_that_cannot_be_read_keeps_no_other_from_being_warned_of() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        cast.signed(|_| {});
        cast.signed(|content| content["title"] = text("Autre protocole"));
        let place = &cast.registry.place;
        let first = "(SELECT MIN(number) FROM agreements)";
        place.alter(&format!("UPDATE agreements SET doc = '!' || doc WHERE number = {first}"));
        assert_eq!(remind(&cast, "2090-12-28"), "1 agreements warned of, 0 ended, 2 mails written", "{backend:?}");
        place.alter(&format!("UPDATE agreements SET doc = substr(doc, 2) WHERE number = {first}"));
        assert_eq!(remind(&cast, "2090-12-28"), "1 agreements warned of, 0 ended, 2 mails written", "it is made up for");
        cast.registry.close();
    }
}
