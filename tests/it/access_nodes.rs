//! Two nodes on one database, killed at random while the due dates of access requests act: every reminder, mail and webhook leaves in
//! order, none is lost, and what comes twice is known by its identifier.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rihla::domain::workdays::Day;
use serde_json::{Value, json};

use crate::harness::{Backend, Place, Server, dataset, institution};
use crate::outgoing::{MailServer, Person, Receiver, import, wait_until};
use crate::people::{ask_as, codes, payload};

/// Requests whose clocks run.
const REQUESTS: usize = 6;

/// Numbers that are different at each run; the first is printed, so that a run can be looked into.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// One column of a query, a text each.
pub fn read(place: &Place, backend: Backend, query: &str) -> Vec<String> {
    let mut command = match backend {
        Backend::Postgres => Command::new("psql"),
        Backend::Sqlite => Command::new("sqlite3"),
    };
    match backend {
        Backend::Postgres => command.args([place.url.as_str(), "-v", "ON_ERROR_STOP=1", "-Atqc", query]),
        Backend::Sqlite => command.args(["-cmd", ".timeout 10000", place.url.as_str(), query]),
    };
    let done = command.output().expect("the database's client");
    assert!(done.status.success(), "{query}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// The number that a query gives.
pub fn count(place: &Place, backend: Backend, query: &str) -> usize {
    read(place, backend, query)[0].parse().expect("a number")
}

fn today() -> Day {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    Day::of(i64::try_from(now).expect("milliseconds"))
}

/// The nodes of a catalogue.
struct Nodes {
    place: Place,
    backend: Backend,
    settings: Vec<String>,
    running: Vec<Server>,
}

impl Nodes {
    /// Opens a catalogue with one holder on so many nodes, each with a data folder of its own.
    fn open(backend: Backend, count: usize, mails: &MailServer) -> Self {
        let place = Place::new(backend);
        let survey = dataset("survey", |record| {
            record["producer"] = json!("nso");
            let terms = json!({ "aggregates": "AGGREGATES_ON_REQUEST", "aggregatesBasis": "QUOTED", "microdata": "LICENSED",
                "microdataBasis": "QUOTED", "channel": "IN_SYSTEM" });
            record["holdings"] = json!([{ "institution": "nso", "role": "PRODUCER", "accessTerms": terms }]);
        });
        import(&place, &[institution("nso"), survey]);
        let settings = ["webhook_allow_private=true", "webhook_retry_ms=100", "webhook_timeout_ms=1000", mails.setting.as_str()];
        let settings = settings.iter().flat_map(|setting| ["--set".to_owned(), (*setting).to_owned()]).collect();
        let mut nodes = Self { place, backend, settings, running: Vec::new() };
        for number in 0..count {
            let node = nodes.start(number);
            nodes.running.push(node);
        }
        nodes.running[0].wait_for_index();
        nodes
    }

    fn start(&self, number: usize) -> Server {
        let mut arguments: Vec<&str> = self.settings.iter().map(String::as_str).collect();
        let own = self.place.folder.join(format!("node-{number}")).display().to_string();
        if number > 0 {
            std::fs::create_dir_all(&own).expect("a folder for the node");
            arguments.extend(["--data-dir", own.as_str()]);
        }
        self.place.serve(&arguments)
    }

    fn kill_and_start(&mut self, number: usize) {
        self.running.remove(number).kill();
        let node = self.start(number);
        self.running.insert(number, node);
    }

    fn clock(&self, on: Day) -> Child {
        let mut command = self.place.command(&["clock", "--on", &on.to_string()]);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the clock can be started")
    }

    /// A mutation that must be carried out; the revision that follows.
    fn done(&self, who: &Person, mutation: &str, kind: &str, input: Value, selection: &str) -> Value {
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} errors {{ code message path }} }} }}");
        let made = payload(&ask_as(&self.running[0], &who.session, &query, json!({ "input": input })));
        assert!(codes(&made).is_empty(), "{mutation}: {made}");
        made
    }

    /// The desk of the holder with the shortest times, and a form of one question.
    fn open_desk(&self, officer: &Person) {
        let label = json!([{ "language": "ar", "text": "السؤال" }, { "language": "fr", "text": "Question" }, { "language": "en", "text": "Question" }]);
        let question = json!({ "key": "project-title", "kind": "TEXT", "label": label, "isRequired": true, "keepMonths": 12,
            "isPersonal": false, "readers": ["APPLICANT", "ACCESS_OFFICER", "DECIDER"] });
        let form = json!({ "institution": "nso", "form": { "title": label, "retentionMonths": 24, "questions": [question] } });
        let saved = self.done(officer, "accessFormSave", "AccessFormSaveInput", form, "form { revision }");
        let publish = json!({ "institution": "nso", "expectedRevision": saved["form"]["revision"] });
        self.done(officer, "accessFormPublish", "AccessFormPublishInput", publish, "form { version }");
        let desk = json!({ "institution": "nso", "expectedRevision": 0, "isOpen": true, "completenessDays": 1, "decisionDays": 1,
            "acceptanceDays": 5, "reminderDays": 1, "escalationDays": 2, "renewalNoticeDays": 35, "destructionDays": 5 });
        self.done(officer, "accessDeskSet", "AccessDeskSetInput", desk, "desk { revision }");
    }

    /// Requests of which every other one is in force for forty days, the others wait for the holder.
    fn ask_for_data(&self, applicant: &Person, officer: &Person) {
        let holdings = ask_as(&self.running[0], &applicant.session, "{ dataset(slug: \"survey\") { holdings { id } } }", Value::Null);
        let holding = holdings["dataset"]["holdings"][0]["id"].clone();
        let request = "request { id revision parts { undertaking { textHash } } }";
        for number in 0..REQUESTS {
            let wish = json!({ "holdings": [{ "holding": holding, "data": "MICRODATA" }], "purpose": "RESEARCH" });
            let mut seen = self.done(applicant, "accessRequestCreate", "AccessRequestCreateInput", wish, request)["request"].clone();
            let mut step = |who: &Person, mutation: &str, kind: &str, more: Value| {
                let mut input = more;
                input["request"] = seen["id"].clone();
                if mutation != "accessRequestUndertakingAccept" {
                    input["expectedRevision"] = seen["revision"].clone();
                }
                seen = self.done(who, mutation, kind, input, request)["request"].clone();
                seen.clone()
            };
            let answers = json!({ "answers": [{ "question": "project-title", "text": format!("Project {number}") }] });
            step(applicant, "accessRequestUpdate", "AccessRequestUpdateInput", answers);
            step(applicant, "accessRequestSubmit", "AccessRequestSubmitInput", json!({}));
            if number % 2 == 0 {
                continue;
            }
            step(officer, "accessRequestConfirmComplete", "AccessRequestPartInput", json!({ "part": 1 }));
            let line = |safe: &&str| json!({ "safe": safe, "verdict": "MET", "reason": "It is" });
            let lines: Vec<Value> = ["PROJECTS", "PEOPLE", "SETTINGS", "DATA", "OUTPUTS"].iter().map(line).collect();
            step(officer, "accessRequestDecide", "AccessRequestDecideInput", json!({ "part": 1, "outcome": "APPROVED", "lines": lines }));
            let offer = json!({ "part": 1, "text": "I use the data for the project only.", "until": today().plus(40).to_string() });
            let proposed = step(officer, "accessRequestAgreementPropose", "AccessRequestProposeInput", offer);
            let hash = proposed["parts"][0]["undertaking"]["textHash"].clone();
            step(applicant, "accessRequestUndertakingAccept", "AccessRequestAcceptInput", json!({ "part": 1, "textHash": hash }));
        }
    }

    /// Registers a webhook; the place in the log from which on it is told.
    fn register(&self, owner: &Person, receiver: &Receiver) -> usize {
        let input = json!({ "url": receiver.url() });
        let made = self.done(owner, "webhookCreate", "WebhookCreateInput", input, "webhook { seq }");
        made["webhook"]["seq"].as_u64().and_then(|seq| usize::try_from(seq).ok()).expect("seq")
    }

    /// Two clocks act at once as of a day; one of them and one of the nodes may be killed in the middle, and what was cut off is done again.
    fn let_act(&mut self, on: Day, chance: &mut Chance) {
        let mut clocks = vec![self.clock(on), self.clock(on)];
        std::thread::sleep(Duration::from_millis(chance.below(500)));
        let is_cut = chance.below(2) == 0;
        if is_cut {
            clocks[0].kill().expect("kill");
        }
        if chance.below(2) == 0 {
            let number = usize::try_from(chance.below(self.running.len() as u64)).expect("a node");
            self.kill_and_start(number);
        }
        for (number, clock) in clocks.into_iter().enumerate() {
            let done = clock.wait_with_output().expect("wait");
            assert!(done.status.success() || is_cut && number == 0, "{}", String::from_utf8_lossy(&done.stderr));
        }
        self.place.run_ok(&["clock", "--on", &on.to_string()]);
    }

    /// Waits until everything has left. A mail that was under way at a kill is its node's for minutes, which are not waited for.
    fn drain(&self) {
        let unmailed = || count(&self.place, self.backend, "SELECT count(*) FROM notices WHERE mailed_at IS NULL");
        wait_until("every notice went into a mail", 60, || unmailed() == 0);
        let waiting = || count(&self.place, self.backend, "SELECT count(*) FROM mails WHERE sent_at IS NULL");
        let deadline = Instant::now() + Duration::from_secs(120);
        let (mut last, mut since) = (waiting(), Instant::now());
        while last > 0 {
            assert!(Instant::now() < deadline, "{last} mails do not leave");
            std::thread::sleep(Duration::from_millis(100));
            let now = waiting();
            if now != last {
                (last, since) = (now, Instant::now());
            } else if since.elapsed() > Duration::from_secs(3) {
                self.place.alter("UPDATE mails SET due_at = 0 WHERE sent_at IS NULL");
                since = Instant::now();
            }
        }
    }

    /// The clock has done nothing twice, and everything that it should.
    fn check_events(&self) {
        let events = read(
            &self.place,
            self.backend,
            "SELECT request_id || ' ' || number || ' ' || kind || ' ' || at FROM access_events ORDER BY request_id, number",
        );
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let (mut seen, mut last) = (BTreeSet::new(), (String::new(), 0));
        for event in &events {
            let words: Vec<&str> = event.split(' ').collect();
            let number: usize = words[1].parse().expect("a number");
            assert_eq!(number, if last.0 == words[0] { last.1 + 1 } else { 1 }, "a gap: {events:#?}");
            last = (words[0].to_owned(), number);
            if ["REMINDED", "ESCALATED", "ENDED", "END_ANNOUNCED"].contains(&words[2]) {
                *kinds.entry(words[2].to_owned()).or_default() += 1;
                assert!(seen.insert((words[0], words[2], words[3])), "twice at one instant: {event}");
            }
        }
        let in_force = REQUESTS / 2;
        // Of those in force nobody declared the data destroyed; of the others nobody answered.
        assert_eq!((kinds["ENDED"], kinds["ESCALATED"]), (in_force, REQUESTS), "{kinds:?}");
        // At 35, 30 and 7 days, as far as the days on which the clock looked tell them apart.
        assert!((in_force..=3 * in_force).contains(&kinds["END_ANNOUNCED"]) && kinds["REMINDED"] >= REQUESTS, "{kinds:?}");
    }

    /// Each event that somebody is told of has its notices, each once, and each notice its mail, which arrived in order.
    fn check_mails(&self, mails: &MailServer, people: &[&Person]) {
        let untold = "SELECT count(*) FROM access_events e WHERE kind IN ('REMINDED', 'ESCALATED', 'ENDED', 'END_ANNOUNCED') \
                      AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.seq = e.seq)";
        assert_eq!(count(&self.place, self.backend, untold), 0, "nobody was told of something");
        let twice = "SELECT count(*) FROM (SELECT person_id, seq, kind FROM notices GROUP BY person_id, seq, kind HAVING count(*) > 1) n";
        assert_eq!(count(&self.place, self.backend, twice), 0, "somebody was told twice");
        for person in people {
            let notices = format!("SELECT count(*) FROM notices n JOIN persons p ON p.id = n.person_id WHERE p.email = '{}'", person.email);
            let written =
                read(&self.place, self.backend, &format!("SELECT id FROM mails WHERE recipient = '{}' ORDER BY id", person.email));
            assert_eq!(written.len(), count(&self.place, self.backend, &notices), "a mail for each notice of {}", person.email);
            let letters = mails.taken_for(&person.email);
            let mut arrived: Vec<String> = Vec::new();
            let mut texts: BTreeMap<String, String> = BTreeMap::new();
            for letter in &letters {
                let id = letter.header("message-id").trim_start_matches('<').split('@').next().unwrap_or_default().to_owned();
                let text = texts.entry(id.clone()).or_insert_with(|| letter.text.clone());
                assert_eq!(*text, letter.text, "two letters share an identifier");
                if !arrived.contains(&id) {
                    arrived.push(id);
                }
            }
            assert_eq!(arrived, written, "mails to {} are lost or out of order", person.email);
        }
    }

    /// Everything that the owner may know of arrived, in order; what came twice has the same identifier.
    fn check_webhook(&self, receiver: &Receiver, since: usize, secret: &str) {
        let query = format!("SELECT seq FROM changes WHERE entity = 'ENTITLEMENT' AND seq > {since} ORDER BY seq");
        let wanted: Vec<i64> = read(&self.place, self.backend, &query).iter().map(|seq| seq.parse().expect("seq")).collect();
        assert_eq!(wanted.len(), REQUESTS, "granted and ended: {secret}");
        let told = || receiver.taken().into_iter().filter(|arrival| arrival.told().0.starts_with("entitlement.")).collect::<Vec<_>>();
        wait_until("every entitlement is delivered", 60, || told().last().map(crate::outgoing::Arrival::seq) == wanted.last().copied());
        let mut ids: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        for arrival in told() {
            ids.entry(arrival.seq()).or_default().insert(arrival.header("webhook-id").to_owned());
        }
        assert!(ids.values().all(|ids| ids.len() == 1), "a repetition has another identifier: {ids:?}");
        let mut seqs: Vec<i64> = told().iter().map(crate::outgoing::Arrival::seq).collect();
        assert!(seqs.is_sorted(), "out of order: {seqs:?}");
        seqs.dedup();
        assert_eq!(seqs, wanted);
    }
}

fn everything_leaves_once(backend: Backend, count: usize) {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos() as u64 | 1;
    println!("{backend:?}: chance begins with {seed}");
    let mut chance = Chance(seed);
    let mails = MailServer::new(|_, _, _| "250 taken");
    let mut nodes = Nodes::open(backend, count, &mails);
    let officer = Person::join(&nodes.place, &nodes.running[0], "officer", "en", &["ACCESS_OFFICER@nso"]);
    let deputy = Person::join(&nodes.place, &nodes.running[0], "deputy", "fr", &["ACCESS_OFFICER@nso"]);
    let applicant = Person::join(&nodes.place, &nodes.running[0], "applicant", "ar", &[]);
    let coordinator = Person::join(&nodes.place, &nodes.running[0], "coordinator", "en", &["COORDINATOR"]);
    nodes.open_desk(&officer);
    let receiver = Receiver::new([]);
    let since = nodes.register(&officer, &receiver);
    nodes.ask_for_data(&applicant, &officer);
    // Long enough for reminders, escalations, announcements, the end, and the destruction that is awaited after it.
    for round in 1..=16 {
        nodes.let_act(today().plus(round * 4), &mut chance);
    }
    nodes.drain();
    nodes.check_events();
    nodes.check_mails(&mails, &[&officer, &deputy, &applicant, &coordinator]);
    nodes.check_webhook(&receiver, since, &format!("chance began with {seed}"));
    let Nodes { place, running, .. } = nodes;
    running.into_iter().for_each(Server::stop);
    place.assert_healthy();
}

#[test]
fn two_nodes_lose_nothing_and_do_nothing_twice() {
    everything_leaves_once(Backend::Postgres, 2);
}

#[test]
fn a_node_that_is_killed_and_started_again_loses_nothing() {
    everything_leaves_once(Backend::Sqlite, 1);
}
