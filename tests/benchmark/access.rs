//! Access requests in the size that REMS publishes for its performance tests: 72,000 events in 3,000 applications, 100 handlers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rihla::domain::access_request::command::{Filing, Proposal, SafeLine, Wish};
use rihla::domain::access_request::{By, Calendars, Command as Deed, DeskTerms, Moment, Request, decide, fold};
use rihla::domain::form::{DEFAULT_FORM_ID, DEFAULT_FORM_VERSION, default_form};
use rihla::domain::ids::Slug;
use rihla::domain::policy::{Actor, Channel, Grant, Person};
use rihla::domain::vocabulary::{
    AgreementPurpose, Recommendation, RejectionReason, RequestOutcome, RequestRole, RequestedData, Role, Safe, SafeVerdict, Vocabulary,
};
use rihla::domain::workdays::{DAY_MS, Day};
use rihla::service::access_requests::{events, read, record};
use rihla::service::catalogue::now_ms;
use rihla::service::secrets;
use rihla::store::db::DbOptions;
use rihla::store::persons::{MembershipRow, PersonRow, TokenRow};
use rihla::store::{Conn, Db, access_queue, datasets, persons, requests};
use serde_json::{Value, json};
use uuid::Uuid;

use super::generate::{self, Dice};
use super::load::{self, Question, run};
use super::{Options, cpu_ms, own_cpu, report, rihla, scratch, serve, spread, timed};

const REQUESTS: usize = 3_000;
const EVENTS: usize = 24;
const HANDLERS: usize = 100;
const APPLICANTS: usize = 300;
/// Institutions that are asked, each with as many handlers.
const HOLDERS: usize = 20;
/// Requests written in one transaction.
const BATCH: usize = 50;
/// Instants of a request lie so far apart.
const STEP_MS: i64 = 3 * 3_600_000;

/// Who acts in the requests.
struct Cast {
    applicants: Vec<Actor>,
    /// Handlers by institution.
    handlers: Vec<(Slug, Vec<Actor>)>,
    /// Dataset and holding, by institution.
    holdings: Vec<Vec<(Uuid, Uuid)>>,
}

/// The database of a scratch folder, or the one that the options name.
pub fn database(options: &Options, folder: &Path) -> Db {
    let url = options.postgres.clone().unwrap_or_else(|| folder.join("rihla.sqlite").display().to_string());
    let (connect_timeout, statement_timeout) = (Duration::from_secs(5), Duration::from_secs(60));
    Db::open(&DbOptions { url, connections: 2, connect_timeout, statement_timeout }).expect("the database can be opened")
}

fn id_of(actor: &Actor) -> Uuid {
    actor.person().expect("a person").id
}

fn by(actor: &Actor) -> By {
    rihla::service::access_requests::by_of(actor)
}

/// Adds a person, with a role where one is given.
pub fn person(conn: &mut Conn, name: &str, role: Option<(Role, Option<&Slug>)>) -> Actor {
    let id = Uuid::now_v7();
    let row = PersonRow {
        id: id.to_string(),
        email: Some(format!("{name}@people.example")),
        function: format!("Function of {name}"),
        language: "en".to_owned(),
        mail_preference: "OFF".to_owned(),
        password_hash: None,
        totp_secret: None,
        totp_step: 0,
        is_program: 0,
        is_demo: 0,
        disabled_at: None,
        mailed_at: 0,
        created_at: 0,
        updated_at: 0,
    };
    persons::insert(conn, &row).expect("a person");
    let mut grants = Vec::new();
    if let Some((role, institution)) = role {
        let row = MembershipRow {
            person_id: id.to_string(),
            institution: institution.map(ToString::to_string).unwrap_or_default(),
            role: role.code().to_owned(),
            source: "LOCAL".to_owned(),
            granted_at: 0,
        };
        persons::grant(conn, &row).expect("a role");
        grants.push(Grant { role, institution: institution.cloned() });
    }
    Actor::Person(Arc::new(Person { id, grants, channel: Channel::Session }))
}

/// A token of a person, with its scopes between blanks.
pub fn token(conn: &mut Conn, actor: &Actor, scopes: &str) -> String {
    let secret = format!("rihla_{}", secrets::new_secret().expect("random bytes"));
    let row = TokenRow {
        id: Uuid::now_v7().to_string(),
        person_id: id_of(actor).to_string(),
        name: "bench".to_owned(),
        hash: secrets::hash(&secret),
        scopes: scopes.to_owned(),
        created_at: now_ms(),
        expires_at: now_ms() + DAY_MS,
        used_at: None,
        revoked_at: None,
    };
    persons::insert_token(conn, &row).expect("a token");
    secret
}

impl Cast {
    fn enter(conn: &mut Conn) -> Self {
        let holders: Vec<Slug> = (0..HOLDERS).map(|n| Slug::parse(&format!("holder-{n:03}")).expect("slug")).collect();
        let mut holdings = vec![Vec::new(); HOLDERS];
        let rows = datasets::after_number(conn, 0, 1_000).expect("datasets");
        for row in rows {
            let doc: Value = serde_json::from_str(&row.doc).expect("a record");
            let held = datasets::holdings_of(conn, std::slice::from_ref(&row.id)).expect("holdings");
            let slug = doc["holdings"][0]["institution"].as_str().unwrap_or_default();
            let place = holders.iter().position(|holder| holder.as_str() == slug);
            if let (Some(place), Some(held)) = (place, held.first()) {
                let id = |text: &str| Uuid::try_parse(text).expect("an identifier");
                holdings[place].push((id(&row.id), id(&held.id)));
            }
        }
        let handler =
            |conn: &mut Conn, slug: &Slug, n: usize| person(conn, &format!("handler-{slug}-{n}"), Some((Role::AccessOfficer, Some(slug))));
        let handlers =
            holders.iter().map(|slug| (slug.clone(), (0..HANDLERS / HOLDERS).map(|n| handler(conn, slug, n)).collect())).collect();
        let applicants = (0..APPLICANTS).map(|n| person(conn, &format!("applicant-{n}"), None)).collect();
        Self { applicants, handlers, holdings }
    }

    /// Two different holders with a holding each.
    fn asked(&self, dice: &mut Dice) -> Vec<(usize, Wish)> {
        let able: Vec<usize> = (0..HOLDERS).filter(|place| !self.holdings[*place].is_empty()).collect();
        let first = dice.below(able.len());
        let second = (first + 1 + dice.below(able.len() - 1)) % able.len();
        let mut wish = |place: usize| {
            let (dataset, holding) = self.holdings[place][dice.below(self.holdings[place].len())];
            let institution = self.handlers[place].0.clone();
            let (form, form_version) = (DEFAULT_FORM_ID.to_owned(), DEFAULT_FORM_VERSION);
            (place, Wish { institution, dataset, holding, data: RequestedData::Microdata, form, form_version })
        };
        vec![wish(able[first]), wish(able[second])]
    }
}

/// Everyone's answers: a text for each question of the form of the catalogue.
fn answers(number: usize) -> Value {
    let text = "What becomes of those who return, by province, and whether they find work. ".repeat(3);
    let answer = |question: &rihla::domain::form::Question| (question.key.clone(), json!(format!("{number} {text}")));
    Value::Object(default_form().expect("the default form").questions.iter().map(answer).collect())
}

/// A request that is being written.
struct Author<'a> {
    conn: &'a mut Conn,
    ledger: &'a mut rihla::store::changes::Ledger,
    request: Request,
    now: i64,
}

impl Author<'_> {
    fn give(&mut self, actor: &Actor, deed: &Deed) {
        let calendars = Calendars::default();
        self.now += STEP_MS;
        let moment = Moment { now: self.now, calendars: &calendars };
        let happenings = decide(&self.request, &by(actor), deed, &moment).unwrap_or_else(|refusal| panic!("{deed:?}: {refusal:?}"));
        record(self.conn, self.ledger, actor, self.now, &mut self.request, happenings, &calendars).expect("recorded");
    }

    fn is_full(&self) -> bool {
        self.request.revision >= EVENTS as i64
    }

    /// The part of the first holder goes as far as the stage says.
    fn handle(&mut self, stage: usize, applicant: &Actor, member: &Actor, handlers: &[Actor], reviewer: &Actor) {
        let (officer, decider) = (&handlers[0], &handlers[1]);
        let text = || "A text of some length, as people write it to each other in such a matter.".to_owned();
        if stage == 1 {
            self.give(officer, &Deed::Return { part: 1, text: text(), questions: vec!["project-title".to_owned()] });
        }
        if stage < 2 {
            return;
        }
        self.give(officer, &Deed::ConfirmComplete { part: 1 });
        self.give(officer, &Deed::Invite { part: 1, person: id_of(reviewer), role: RequestRole::Reviewer, text: text() });
        self.give(reviewer, &Deed::DeclareInterest { part: 1, has_conflict: false, text: String::new() });
        self.give(reviewer, &Deed::Recommend { part: 1, recommendation: Recommendation::Favour, text: text() });
        self.give(decider, &Deed::DeclareInterest { part: 1, has_conflict: false, text: String::new() });
        if stage < 4 {
            return;
        }
        let outcome = if stage == 4 { RequestOutcome::Rejected } else { RequestOutcome::Approved };
        let line = |safe: &Safe| SafeLine { safe: *safe, verdict: SafeVerdict::Met, reason: text(), condition: None };
        let reason = (stage == 4).then_some(RejectionReason::DisclosureRisk);
        self.give(decider, &Deed::Decide { part: 1, outcome, lines: Safe::ALL.iter().map(line).collect(), reason, text: text() });
        if stage < 6 {
            return;
        }
        let (from, text_hash) = (Day::of(self.now), "hash".to_owned());
        let proposal = Proposal { agreement: None, text: text(), text_hash: text_hash.clone(), from, until: from.plus(400) };
        self.give(officer, &Deed::Propose { part: 1, proposal });
        for user in [applicant, member] {
            self.give(user, &Deed::Accept { part: 1, text_hash: text_hash.clone() });
        }
    }
}

fn write_request(author: &mut Author<'_>, cast: &Cast, number: usize, dice: &mut Dice) {
    let applicant = &cast.applicants[number % APPLICANTS];
    let member = &cast.applicants[(number + 1) % APPLICANTS];
    let asked = cast.asked(dice);
    author.give(applicant, &Deed::Create);
    author.give(applicant, &Deed::Frame { on_behalf_of: None, purpose: Some(AgreementPurpose::Research) });
    for (_, wish) in &asked {
        author.give(applicant, &Deed::AddPart(wish.clone()));
    }
    author.give(applicant, &Deed::SaveAnswers(answers(number)));
    let who = json!({ "name": "Name of the member", "email": "member@people.example" });
    author.give(applicant, &Deed::AddMember { person: Some(id_of(member)), who });
    let filing = |(part, (place, _)): (u32, &(usize, Wish))| {
        let desk = DeskTerms { deciders: vec![id_of(&cast.handlers[*place].1[1])], ..DeskTerms::default() };
        let keeps = default_form()
            .expect("the default form")
            .questions
            .iter()
            .map(|question| (question.key.clone(), question.keep_months))
            .collect();
        Filing { part, desk, accepted_terms: None, keeps, rule: None, concern: None, absent: Vec::new() }
    };
    author.give(applicant, &Deed::Submit((1..).zip(&asked).map(filing).collect(), None));
    let handlers = &cast.handlers[asked[0].0].1;
    author.handle(dice.below(8), applicant, member, handlers, &cast.applicants[(number + 7) % APPLICANTS]);
    let mut turn = 0;
    while !author.is_full() {
        let who = if turn % 2 == 0 { applicant } else { &handlers[0] };
        author.give(who, &Deed::Message { part: Some(1), text: format!("Message {turn}: {}", generate::word(number + turn)) });
        turn += 1;
    }
}

fn fill(db: &Db, cast: &Cast) -> usize {
    let (mut dice, mut written) = (Dice::new(21), 0);
    let begin = now_ms() - 200 * DAY_MS;
    for first in (0..REQUESTS).step_by(BATCH) {
        let done = db.write::<_, rihla::service::Error>(|conn, ledger| {
            let mut count = 0;
            for number in first..(first + BATCH).min(REQUESTS) {
                let now = begin + (number as i64) * 90 * 60_000;
                let request = Request { id: Uuid::now_v7(), ..Request::default() };
                let mut author = Author { conn: &mut *conn, ledger: &mut *ledger, request, now };
                write_request(&mut author, cast, number, &mut dice);
                count += author.request.revision;
            }
            Ok(count)
        });
        written += usize::try_from(done.unwrap_or_else(|error| panic!("{error}"))).expect("a number");
    }
    written
}

/// Every request made anew of its events, in a process of its own: `--access-fold URL`.
pub fn fold_all(url: &str) {
    let (connect_timeout, statement_timeout) = (Duration::from_secs(5), Duration::from_secs(60));
    let db = Db::open(&DbOptions { url: url.to_owned(), connections: 1, connect_timeout, statement_timeout }).expect("the database");
    let (started, before) = (Instant::now(), own_cpu());
    let ids = db.read(requests::ids).expect("requests");
    let mut count = 0;
    for id in &ids {
        let (row, recorded) = db.read(|conn| Ok((requests::by_id(conn, id)?, events(conn, id)))).expect("a request");
        let (row, recorded) = (row.expect("a row"), recorded.unwrap_or_else(|error| panic!("{error}")));
        let request = fold(Uuid::try_parse(id).expect("an identifier"), &recorded);
        assert!(request.as_ref() == Ok(&read(&row).unwrap_or_else(|error| panic!("{error}"))), "{id}: its row is not what its events make");
        count += recorded.len();
    }
    let (wall, cpu) = (started.elapsed().as_secs_f64(), own_cpu() - before);
    let peak = load::peak_mib();
    println!("{}", json!({ "requests": ids.len(), "events": count, "seconds": wall, "cpu": cpu, "peakMib": peak }));
}

const LINES: &str =
    "totalCount nodes { request part state awaiting dueOn isOverdue since submittedAt institution { slug name } dataset { slug title } }";
const ONE: &str = "query($id: ID!) { accessRequest(id: $id) { id revision state applicant onBehalfOf { slug } purpose viewerActions \
    members { number name email } readers { nodes { function at } } documents { id name } events(first: 100) { nodes { number kind part at by text rule } } \
    parts { number state since data submittedAt awaiting dueOn from until viewerRoles viewerActions institution { slug name } dataset { slug title } \
    answers { question { key label } text } decision { outcome reason texts lines { safe verdict reason condition } } \
    invited { number function role recommendation } votes { given needed } undertaking { text textHash acceptedBy awaited } \
    entitlements { id person state from until } } } }";

/// The figures.
pub fn measure(options: &Options) -> Vec<Value> {
    let folder = scratch("access");
    let file = folder.join("records.jsonl");
    generate::write(&file, 1_000);
    timed(rihla(options, &folder, &["import", &file.display().to_string()]));
    let db = database(options, &folder);
    let started = Instant::now();
    let (cast, officer, coordinator) = db
        .write::<_, rihla::service::Error>(|conn, _| {
            let cast = Cast::enter(conn);
            let coordinator = person(conn, "coordinator", Some((Role::Coordinator, None)));
            let tokens = (token(conn, &cast.handlers[1].1[0], "READ ACCESS"), token(conn, &coordinator, "READ ACCESS"));
            Ok((cast, tokens.0, tokens.1))
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let before = own_cpu();
    let written = fill(&db, &cast);
    let mut rows = Vec::new();
    let mut row =
        |name: &str, figure: String, target: &str, details: String| rows.push(report(options, REQUESTS, name, &figure, target, &details));
    let wall = started.elapsed().as_secs_f64();
    let details = format!("{written} events, {:.1} s of CPU, a transaction for {BATCH} requests", own_cpu() - before);
    row("events decided, recorded and chained", format!("{:.0} events/s", written as f64 / wall), "-", details);
    measure_load(options, &folder, &db, &cast, (&officer, &coordinator), &mut row);
    let url = options.postgres.clone().unwrap_or_else(|| folder.join("rihla.sqlite").display().to_string());
    let program = std::env::current_exe().expect("this program");
    let done = Command::new(program).args(["--access-fold", &url]).stderr(Stdio::inherit()).output().expect("the fold");
    let told: Value = serde_json::from_slice(&done.stdout).expect("figures of the fold");
    let number = |key: &str| told[key].as_f64().expect("a number");
    let details = format!("{} events read and folded, peak {:.0} MiB, {:.2} s of CPU", told["events"], number("peakMib"), number("cpu"));
    row("all rows made anew of their events", format!("{:.2} s", number("seconds")), "5 s in 2 GB (REMS)", details);
    let later = Day::of(now_ms()).plus(60).to_string();
    let (wall, cpu) = timed(rihla(options, &folder, &["clock", "--on", &later]));
    let acted = db.read(requests::ids).map(|ids| ids.len()).expect("requests");
    let details = format!("{cpu:.1} s of CPU, sixty days after a stop, all {acted} requests looked at");
    row("the clock's round over all", format!("{wall:.1} s"), "-", details);
    drop(std::fs::remove_dir_all(&folder));
    rows
}

fn measure_load(
    options: &Options,
    folder: &Path,
    db: &Db,
    cast: &Cast,
    (officer, coordinator): (&str, &str),
    row: &mut dyn FnMut(&str, String, &str, String),
) {
    let (server, _) = serve(options, folder);
    let hello = load::spawn_hello();
    let ceiling = run(&hello.1, hello.0.id(), &[Question::get("/")], options.seconds);
    row("ceiling: actix \"hello\"", cpu_ms(&ceiling), "-", spread(&ceiling));
    drop(hello);
    let institution = cast.handlers[1].0.to_string();
    let filter = access_queue::QueueFilter { institution: Some(institution), ..access_queue::QueueFilter::of(access_queue::Whose::All) };
    let parts = db.read(|conn| access_queue::page(conn, &filter, access_queue::QueueOrder::Due, 0, 100)).expect("a queue");
    let node = |id: &str| {
        rihla::graphql::node::NodeId::Own(rihla::graphql::node::OwnKind::AccessRequest, Uuid::try_parse(id).expect("id")).encode()
    };
    let queue = format!("query($after: String) {{ accessRequests(scope: HOLDER, first: 20, after: $after, orderBy: DUE) {{ {LINES} }} }}");
    let waiting = format!("{{ accessRequests(scope: HOLDER, first: 20, where: {{ waitsForHolder: true }}, orderBy: DUE) {{ {LINES} }} }}");
    let all = format!("{{ accessRequests(scope: EVERYTHING, first: 20, orderBy: UPDATED) {{ {LINES} }} }}");
    let pages = parts.iter().map(|part| Question::post_as(officer, ONE, json!({ "id": node(&part.request_id).to_string() }))).collect();
    let figures: [(&str, Vec<Question>); 4] = [
        ("an officer's queue, 20 lines by due day", vec![Question::post_as(officer, &queue, Value::Null)]),
        ("the same, only what waits for the holder", vec![Question::post_as(officer, &waiting, Value::Null)]),
        ("the coordinator's list, 20 lines", vec![Question::post_as(coordinator, &all, Value::Null)]),
        ("one request's page with everything", pages),
    ];
    for (name, questions) in figures {
        let figure = run(&server.1, server.0.id(), &questions, options.seconds);
        assert_eq!(figure.errors, 0, "{name}: {} answers had errors", figure.errors);
        let details = format!("{} = {:.1} x hello", spread(&figure), figure.cpu_ms / ceiling.cpu_ms);
        row(name, cpu_ms(&figure), "-", details);
    }
    let memory = format!("{:.0} MiB", load::anonymous_mib(server.0.id()));
    row("memory after load", memory, "200 MiB at 100k", "anonymous memory, mapped files not counted".to_owned());
}
