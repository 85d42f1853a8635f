//! Webhooks: every change at least once, in order, signed; to those who may know of it, and to no address inside.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant, SystemTime};

use rihla::service::webhook_signature::verify;
use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution, note_secret};
use crate::outgoing::{Arrival, Manner, Person, Receiver, import, outbox_of, wait_for, wait_until};
use crate::people::{Who, ask_as};

const REGISTER: &str = "mutation($url: String!) { webhookCreate(input: { url: $url }) { secret webhook { id url isActive seq } errors { code message path } } }";
const LOG: &str =
    "{ viewer { webhooks { id url isActive seq failingSince nextTryAt deliveries(first: 100) { seq attempt status error durationMs } } } }";
const REPLAY: &str = "mutation($webhook: ID!, $since: Int!) { webhookReplay(input: { webhook: $webhook, since: $since }) { webhook { seq isActive } errors { code } } }";
const REMOVE: &str = "mutation($id: ID!) { webhookRemove(id: $id) { removed errors { code } } }";

/// Settings with which a receiver on this machine is reached, and soon given up and tried again.
const NEAR: [&str; 6] = ["--set", "webhook_allow_private=true", "--set", "webhook_retry_ms=100", "--set", "webhook_timeout_ms=1000"];

/// A webhook of a test.
struct Hook {
    id: String,
    secret: String,
    /// Place in the log when it was registered.
    seq: i64,
}

fn open(backend: Backend, settings: &[&str]) -> (Place, Server) {
    let place = Place::new(backend);
    import(&place, &[institution("holder"), institution("other")]);
    let server = place.serve(settings);
    (place, server)
}

fn register(server: &Server, owner: &Person, url: &str) -> Hook {
    let data = owner.ask(server, REGISTER, json!({ "url": url }));
    let made = &data["webhookCreate"];
    assert!(made["errors"] == json!([]) && made["webhook"]["isActive"] == true, "{url}: {made}");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let hook = Hook { id: text(&made["webhook"]["id"]), secret: text(&made["secret"]), seq: made["webhook"]["seq"].as_i64().expect("seq") };
    note_secret(&hook.secret);
    hook
}

/// What the owner sees of a webhook.
fn seen(server: &Server, owner: &Person, hook: &Hook) -> Value {
    let webhooks = owner.ask(server, LOG, Value::Null)["viewer"]["webhooks"].clone();
    let found = webhooks.as_array().expect("list").iter().find(|webhook| webhook["id"] == hook.id.as_str());
    found.unwrap_or_else(|| panic!("{} is not in {webhooks}", hook.id)).clone()
}

/// Places of the changes that a person may know of after a place.
fn known(server: &Server, person: &Person, mut since: i64) -> Vec<i64> {
    let mut seqs = Vec::new();
    loop {
        let data =
            person.ask(server, "query($since: Int!) { changes(since: $since, first: 100) { nodes { seq } } }", json!({ "since": since }));
        let page: Vec<i64> = data["changes"]["nodes"].as_array().expect("list").iter().filter_map(|node| node["seq"].as_i64()).collect();
        let Some(last) = page.last() else { return seqs };
        since = *last;
        seqs.extend(page);
    }
}

fn datasets(front: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| dataset(&format!("{front}-{n:03}"), |_| {})).collect()
}

fn is_genuine(secret: &str, arrival: &Arrival, body: &[u8]) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    let sent = arrival.header("webhook-timestamp").parse().expect("seconds");
    verify(secret, arrival.header("webhook-id"), sent, body, arrival.header("webhook-signature"), now, 60)
}

/// Checks what holds for every delivery: the signature, one identifier for each change, and the order.
fn check(hook: &Hook, arrivals: &[Arrival]) {
    let mut ids: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for arrival in arrivals {
        assert!(is_genuine(&hook.secret, arrival, arrival.body.as_bytes()), "{arrival:?}");
        assert_eq!(arrival.header("content-type"), "application/json");
        ids.entry(arrival.seq()).or_default().insert(arrival.header("webhook-id").to_owned());
    }
    assert!(ids.values().all(|ids| ids.len() == 1), "a repetition has another identifier: {ids:?}");
    let different: BTreeSet<&String> = ids.values().flatten().collect();
    assert_eq!(different.len(), ids.len(), "two changes share an identifier: {ids:?}");
    let seqs: Vec<i64> = arrivals.iter().map(Arrival::seq).collect();
    assert!(seqs.is_sorted(), "out of order: {seqs:?}");
}

#[test]
fn what_fails_is_delivered_again_in_order_and_signed() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &NEAR);
        let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
        let receiver = Receiver::new([Manner::Refuse(500), Manner::Wait(Duration::from_secs(3)), Manner::HangUp, Manner::Refuse(301)]);
        let hook = register(&server, &owner, &receiver.url());
        import(&place, &datasets("first", 25));
        wait_until("all 25 changes are taken", 30, || receiver.seqs().len() >= 25);
        let wanted = known(&server, &owner, hook.seq);
        assert_eq!((wanted.len(), receiver.seqs()), (25, wanted.clone()), "each change once, for none was repeated after it was taken");
        let arrivals = receiver.arrivals();
        check(&hook, &arrivals);
        // The one that hung up read nothing.
        assert_eq!(arrivals.iter().filter(|arrival| arrival.seq() == wanted[0]).count(), 4);

        let first = &arrivals[0];
        let (kind, slug) = first.told();
        assert_eq!((kind.as_str(), slug.as_str()), ("dataset.created", "first-000"));
        assert!(!first.body.contains("Title of"), "what happened and where to read it, never the record: {}", first.body);
        assert!(!is_genuine(&hook.secret, first, first.body.replace("first-000", "first-001").as_bytes()));
        assert!(!is_genuine(&rihla::service::webhook_signature::new_secret().expect("random bytes"), first, first.body.as_bytes()));

        let last = *wanted.last().expect("changes");
        let shown = wait_for("the log has the last try", 10, || Some(seen(&server, &owner, &hook)).filter(|hook| hook["seq"] == last));
        assert!(shown["isActive"] == true && shown["failingSince"].is_null() && shown["nextTryAt"].is_null(), "{shown}");
        let log = shown["deliveries"].as_array().expect("log");
        assert_eq!(log[0]["seq"], last, "newest first");
        let tries: Vec<&Value> = log.iter().rev().filter(|delivery| delivery["seq"] == wanted[0]).collect();
        let told = [
            (json!(500), "answered 500"),
            (Value::Null, "no complete answer in the time allowed"),
            (Value::Null, "cannot be reached"),
            (json!(301), "answered 301"),
            (json!(200), ""),
        ];
        assert_eq!(tries.len(), told.len(), "{tries:?}");
        for (number, (delivery, (status, error))) in tries.iter().zip(told).enumerate() {
            assert_eq!((&delivery["attempt"], &delivery["status"]), (&json!(number + 1), &status), "{delivery}");
            let words = delivery["error"].as_str().unwrap_or_default();
            assert!(words.contains(error) && words.is_empty() == error.is_empty(), "{delivery}");
        }
        assert!(tries[1]["durationMs"].as_i64().is_some_and(|time| (900..2_900).contains(&time)), "{}", tries[1]);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_replay_delivers_again_from_a_place() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &NEAR);
        let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
        let stranger = Person::join(&place, &server, "stranger", "en", &["VALIDATOR@holder"]);
        let receiver = Receiver::new([]);
        let hook = register(&server, &owner, &receiver.url());
        import(&place, &datasets("first", 6));
        wait_until("all 6 changes are taken", 20, || receiver.seqs().len() == 6);
        let seqs = receiver.seqs();
        wait_until("the last is noted", 10, || seen(&server, &owner, &hook)["seq"] == seqs[5]);

        let refused = stranger.ask(&server, REPLAY, json!({ "webhook": hook.id, "since": 0 }));
        assert_eq!(refused["webhookReplay"], json!({ "webhook": null, "errors": [{ "code": "NOT_FOUND" }] }));
        let replayed = owner.ask(&server, REPLAY, json!({ "webhook": hook.id, "since": seqs[2] }));
        assert_eq!(replayed["webhookReplay"], json!({ "webhook": { "seq": seqs[2], "isActive": true }, "errors": [] }));
        wait_until("3 changes are taken again", 20, || receiver.seqs().len() == 9);
        let taken = receiver.taken();
        assert_eq!(receiver.seqs()[6..], seqs[3..]);
        for (again, before) in taken[6..].iter().zip(&taken[3..6]) {
            assert_eq!((again.header("webhook-id"), &again.body), (before.header("webhook-id"), &before.body));
        }

        let refused = stranger.ask(&server, REMOVE, json!({ "id": hook.id }));
        assert_eq!(refused["webhookRemove"]["errors"], json!([{ "code": "NOT_FOUND" }]));
        assert_eq!(owner.ask(&server, REMOVE, json!({ "id": hook.id }))["webhookRemove"]["removed"], hook.id.as_str());
        let other = Receiver::new([]);
        register(&server, &owner, &other.url());
        import(&place, &datasets("second", 1));
        wait_until("the other webhook has the new change", 20, || other.seqs().len() == 1);
        assert_eq!(receiver.arrivals().len(), 9, "the webhook was removed");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_receiver_that_is_down_holds_up_no_other_and_no_stop() {
    let place = Place::new(Backend::Sqlite);
    import(&place, &[institution("holder")]);
    let settings = ["--set", "webhook_allow_private=true", "--set", "webhook_retry_ms=100", "--set", "webhook_timeout_ms=9000"];
    let server = place.serve(&settings);
    let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
    // The first never answers, the second takes a second for each; both come before the third.
    let (silent, slow, quick) = (
        Receiver::always(Manner::Wait(Duration::from_secs(60))),
        Receiver::always(Manner::Wait(Duration::from_secs(1))),
        Receiver::new([]),
    );
    for receiver in [&silent, &slow, &quick] {
        register(&server, &owner, &receiver.url());
    }
    let mut sent = 0;
    for count in [5, 5, 30] {
        import(&place, &datasets(&format!("after-{sent}"), count));
        sent += count;
        wait_until("the quick receiver has its changes, whatever the others do", 5, || quick.seqs().len() == sent);
    }
    assert!(quick.seqs().is_sorted() && silent.connections() > 0);
    wait_until("the slow receiver is served too", 10, || slow.arrivals().len() >= 2);
    let asked = Instant::now();
    server.stop();
    assert!(asked.elapsed() < Duration::from_secs(12), "the deliveries under way are waited for, no others: {:?}", asked.elapsed());
    assert!(slow.arrivals().len() < sent, "there was more to deliver");
    place.assert_healthy();
}

#[test]
fn a_kill_loses_nothing() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &NEAR);
        let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
        let receiver = Receiver::always(Manner::Wait(Duration::from_secs(60)));
        let hook = register(&server, &owner, &receiver.url());
        import(&place, &datasets("before", 3));
        // In the middle of a delivery.
        wait_until("the first delivery is under way", 20, || receiver.connections() > 0);
        server.kill();
        import(&place, &datasets("meanwhile", 60));
        receiver.behave(Manner::Take);
        let server = place.serve(&NEAR);
        // In the middle of many that succeed, too.
        wait_until("deliveries go on after a kill", 30, || receiver.seqs().len() > 10);
        server.kill();
        let server = place.serve(&NEAR);
        let wanted = known(&server, &owner, hook.seq);
        assert_eq!(wanted.len(), 63);
        wait_until("everything is taken", 30, || receiver.seqs().last() == wanted.last());
        // At least once: the one under way at the kill may come twice.
        check(&hook, &receiver.arrivals());
        let mut seqs = receiver.seqs();
        assert!(seqs.len() <= wanted.len() + 1, "{seqs:?}");
        seqs.dedup();
        assert_eq!(seqs, wanted);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn only_what_the_owner_may_know_of_is_delivered() {
    let shown = |visibility: &'static str| move |r: &mut Value| r["visibility"] = json!(visibility);
    for backend in BACKENDS {
        let (place, server) = open(backend, &NEAR);
        let join = |name: &str, role: &str| Person::join(&place, &server, name, "en", &[role]);
        let (owner, leaver, coordinator, admin) =
            (join("owner", "EDITOR@holder"), join("leaver", "EDITOR@other"), join("coordinator", "COORDINATOR"), join("admin", "ADMIN"));
        let member = Person::join(&place, &server, "member", "en", &[]);
        for (who, code) in [(Who::Visitor, "SIGN_IN_REQUIRED"), (Who::Token(&member.token), "ROLE_REQUIRED")] {
            let refused = ask_as(&server, who, REGISTER, json!({ "url": "https://example.org/hook" }));
            assert!(refused["webhookCreate"]["errors"][0]["code"] == code && refused["webhookCreate"]["webhook"].is_null(), "{refused}");
        }
        let (of_owner, of_leaver, of_coordinator) = (Receiver::new([]), Receiver::new([]), Receiver::new([]));
        register(&server, &owner, &of_owner.url());
        let left = register(&server, &leaver, &of_leaver.url());
        register(&server, &coordinator, &of_coordinator.url());
        let told = |receiver: &Receiver| receiver.taken().iter().map(Arrival::told).collect::<Vec<_>>();
        let events =
            |list: &[(&str, &str)]| list.iter().map(|(kind, slug)| (format!("dataset.{kind}"), (*slug).to_owned())).collect::<Vec<_>>();

        // A draft of the owner's own institution is told to nobody, and neither is a record that came in unpublished.
        let draft = "mutation { datasetDraftCreate(input: { institution: \"holder\", content: { slug: \"a-draft\" } }) { draft { id } } }";
        assert!(owner.ask(&server, draft, Value::Null)["datasetDraftCreate"]["draft"]["id"].is_string());
        let unpublished = dataset("unpublished", |r| {
            r["status"] = json!("DRAFT");
            r["producer"] = json!("holder");
        });
        import(
            &place,
            &[
                unpublished,
                dataset("for-members", shown("MEMBERS")),
                dataset("for-coordinator", shown("COORDINATOR")),
                dataset("for-all", |_| {}),
            ],
        );
        wait_until("the coordinator is told of all three", 20, || of_coordinator.seqs().len() == 3);
        wait_until("the members are told of two", 20, || of_owner.seqs().len() == 2 && of_leaver.seqs().len() == 2);
        assert_eq!(told(&of_coordinator), events(&[("created", "for-members"), ("created", "for-coordinator"), ("created", "for-all")]));
        assert_eq!(told(&of_owner), events(&[("created", "for-members"), ("created", "for-all")]));
        assert_eq!(told(&of_leaver), told(&of_owner));

        // Who loses the role is told nothing more; who may no longer see a record is told that, and not its name.
        admin.change_role(&server, "membershipRevoke", &leaver.id(&place), "EDITOR", "other");
        import(&place, &[dataset("for-members", shown("COORDINATOR")), dataset("later", shown("MEMBERS"))]);
        wait_until("the owner is told of the withdrawal and of the later record", 20, || of_owner.seqs().len() == 4);
        assert_eq!(told(&of_owner)[2..], events(&[("withdrawn", ""), ("created", "later")]));
        assert!(of_owner.taken()[2].json()["data"].get("url").is_none());
        wait_until("the webhook of who left is off", 20, || seen(&server, &leaver, &left)["isActive"] == false);
        assert_eq!(of_leaver.arrivals().len(), 2);

        // With the role again, a replay brings what was missed.
        admin.change_role(&server, "membershipGrant", &leaver.id(&place), "EDITOR", "other");
        let since = seen(&server, &leaver, &left)["seq"].clone();
        leaver.ask(&server, REPLAY, json!({ "webhook": left.id, "since": since }));
        wait_until("what was missed comes", 20, || of_leaver.seqs().len() == 4);
        assert_eq!(told(&of_leaver)[2..], told(&of_owner)[2..]);

        // An account that is shut is told nothing either.
        place.run_ok(&["user", "disable", &coordinator.email]);
        import(&place, &[dataset("after-all", |_| {})]);
        wait_until("the others are told", 20, || of_owner.seqs().len() == 5 && of_leaver.seqs().len() == 5);
        assert!(!told(&of_coordinator).iter().any(|(_, slug)| slug == "after-all"));
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn addresses_inside_and_odd_ones_are_refused_at_registration() {
    let (place, server) = open(Backend::Sqlite, &[]);
    let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
    let port = server.address.rsplit(':').next().expect("port");
    let own = [format!("http://127.0.0.1:{port}/graphql"), format!("http://localhost:{port}/"), format!("http://[::1]:{port}/")];
    let not_public = "http://169.254.169.254/ http://localhost/ http://LOCALHOST./ http://a.localhost/ http://[::1]/ http://[::ffff:10.0.0.1]/ \
        http://2130706433/ http://0x7f.1/ http://017700000001/ http://127.1/ http://10.0.0.1 http://192.168.1.1:8080/x http://172.16.0.1/ \
        http://100.64.0.1/ http://0.0.0.0/ http://[fd00::1]/ http://[fe80::1]/ http://[64:ff9b::7f00:1]/ http://１２７.０.０.１/";
    let inner =
        "http://metadata.google.internal/ http://metadata/computeMetadata/v1/ http://instance-data.ec2.internal/ http://printer.local/";
    let credentials = "http://user:word@example.org/ https://user@example.org/hook";
    let schemes = "ftp://example.org/ file:///etc/passwd gopher://example.org/ javascript:alert(1)";
    let unreadable = "nonsense //example.org/hook http:// http://[::1";
    let table = [
        (not_public, "is not a public address"),
        (inner, "is a name of the inner network"),
        (credentials, "contains a user name or a password"),
        (schemes, "begins with neither https:// nor http://"),
        (unreadable, "the URL cannot be read"),
    ];
    let listed = table.iter().flat_map(|(urls, words)| urls.split_whitespace().map(move |url| (url, *words)));
    for (url, words) in listed.chain(own.iter().map(|url| (url.as_str(), "is not a public address"))) {
        let data = owner.ask(&server, REGISTER, json!({ "url": url }));
        let made = &data["webhookCreate"];
        assert!(made["webhook"].is_null() && made["secret"].is_null(), "{url} was taken: {made}");
        let error = &made["errors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!("INVALID"), &json!(["url"])), "{url}: {made}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{url}: {error}");
    }
    assert_eq!(owner.ask(&server, LOG, Value::Null)["viewer"]["webhooks"], json!([]));
    // What is public is taken, without the part that is not sent.
    let data = owner.ask(&server, REGISTER, json!({ "url": "https://hooks.example.org/rihla?key=1#part" }));
    assert_eq!(data["webhookCreate"]["webhook"]["url"], "https://hooks.example.org/rihla?key=1");
    server.stop();
    place.assert_healthy();
}

/// Names other than `localhost` that lead to this machine, or to another inside, without a name server.
fn inner_names() -> Vec<String> {
    use std::net::{IpAddr, ToSocketAddrs};
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let lines = hosts.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut names: Vec<String> = lines.flat_map(|line| line.split_whitespace().skip(1)).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    let is_inside = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback(),
    };
    let leads_inside =
        |name: &String| (name.as_str(), 80).to_socket_addrs().is_ok_and(|mut found| found.any(|address| is_inside(address.ip())));
    names.retain(|name| !name.starts_with("localhost") && leads_inside(name));
    names.truncate(5);
    names
}

#[test]
fn no_redirect_is_followed_and_no_name_leads_inside() {
    let (place, server) = open(Backend::Sqlite, &NEAR);
    let owner = Person::join(&place, &server, "owner", "en", &["EDITOR@holder"]);
    let inside = Receiver::new([]);
    let redirecting = Receiver::always(Manner::Redirect(inside.url()));
    let redirected = register(&server, &owner, &redirecting.url());
    import(&place, &datasets("first", 1));
    wait_until("the redirect was tried twice", 20, || redirecting.connections() >= 2);
    assert_eq!(inside.connections(), 0, "a redirect is not followed, even where private addresses are allowed");
    let shown = wait_for("the tries are in the log", 10, || {
        Some(seen(&server, &owner, &redirected)).filter(|hook| hook["deliveries"].as_array().is_some_and(|log| !log.is_empty()))
    });
    for delivery in shown["deliveries"].as_array().expect("log") {
        assert_eq!((&delivery["status"], &delivery["error"]), (&json!(302), &json!("the receiver answered 302")), "{delivery}");
    }
    assert!(shown["failingSince"].is_string() && shown["nextTryAt"].is_string(), "{shown}");

    // Registered while they were allowed, and no longer: what counts is where an address leads when it is called.
    let names = inner_names();
    if names.is_empty() {
        eprintln!("no name in /etc/hosts leads inside; how names are looked up is tested in src/service/outbound only");
    }
    let mut urls = vec![inside.url(), format!("http://localhost:{}/", inside.port)];
    urls.extend(names.iter().map(|name| format!("http://{name}:{}/", inside.port)));
    let hooks: Vec<Hook> = urls.iter().map(|url| register(&server, &owner, url)).collect();
    server.stop();
    let server = place.serve(&["--set", "webhook_retry_ms=100", "--set", "webhook_timeout_ms=1000"]);
    import(&place, &datasets("second", 1));
    for (hook, url) in hooks.iter().zip(&urls) {
        let shown = wait_for("a try that was refused", 20, || {
            Some(seen(&server, &owner, hook)).filter(|hook| hook["deliveries"].as_array().is_some_and(|log| log.len() >= 2))
        });
        let delivery = &shown["deliveries"][0];
        assert!(delivery["status"].is_null(), "{url}: {delivery}");
        assert!(delivery["error"].as_str().is_some_and(|error| error.contains("is not a public address")), "{url}: {delivery}");
    }
    assert_eq!(inside.connections(), 0, "nothing inside was reached");
    server.stop();
    place.assert_healthy();
}

#[test]
fn after_five_days_of_failures_it_is_switched_off_and_its_owner_told() {
    for backend in BACKENDS {
        let (place, server) = open(backend, &NEAR);
        let owner = Person::join(&place, &server, "owner", "fr", &["EDITOR@holder"]);
        let receiver = Receiver::always(Manner::Refuse(503));
        let hook = register(&server, &owner, &receiver.url());
        import(&place, &datasets("first", 2));
        wait_until("it fails", 20, || seen(&server, &owner, &hook)["failingSince"].is_string());
        wait_until("it is switched off at the next failure", 20, || {
            // A try under way may write back what it read before.
            place.alter("UPDATE webhooks SET failing_since = 1 WHERE failing_since IS NOT NULL");
            seen(&server, &owner, &hook)["isActive"] == false
        });
        let told = ("WEBHOOK_DISABLED".to_owned(), "127.0.0.1".to_owned());
        assert!(owner.notifications(&server).contains(&told), "{:?}", owner.notifications(&server));
        let letters = wait_for("the mail", 10, || Some(outbox_of(&place, &owner.email)).filter(|letters| letters.len() == 2));
        assert!(letters[1].header("content-language") == "fr" && letters[1].subject().ends_with(": 127.0.0.1"), "{:?}", letters[1]);
        let tries = receiver.connections();
        import(&place, &datasets("second", 1));
        receiver.behave(Manner::Take);
        let since = seen(&server, &owner, &hook)["seq"].clone();
        std::thread::sleep(Duration::from_secs(1));
        assert_eq!(receiver.connections(), tries, "nothing is delivered while it is off");
        owner.ask(&server, REPLAY, json!({ "webhook": hook.id, "since": since }));
        wait_until("a replay switches it on, and nothing is missing", 20, || receiver.seqs() == known(&server, &owner, hook.seq));
        server.stop();
        place.assert_healthy();
    }
}
