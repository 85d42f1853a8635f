//! What tests of what leaves the house share: people who act, receivers of webhooks, mail servers, and readers of mails.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::{Place, Server, note_secret};
use crate::people::{Session, Who, ask_as, follow_link};

/// Waits until something is there.
pub fn wait_for<T>(what: &str, seconds: u64, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// Waits until a condition holds.
pub fn wait_until(what: &str, seconds: u64, mut holds: impl FnMut() -> bool) {
    wait_for(what, seconds, || holds().then_some(()));
}

/// Imports lines of the record format, all of which must be taken.
pub fn import(place: &Place, lines: &[String]) {
    let file = place.write("lines.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
}

/// A person whom the operator added, with a session, and a token that may be used for everything.
pub struct Person {
    /// E-mail address.
    pub email: String,
    /// The browser's session.
    pub session: Session,
    /// An API token.
    pub token: String,
}

impl Person {
    /// Adds a person with these roles, as `rihla user add` takes them, and the language of their mails.
    pub fn join(place: &Place, server: &Server, name: &str, language: &str, roles: &[&str]) -> Self {
        let email = format!("{name}@people.example");
        let function = format!("Function of {name}");
        let mut arguments = vec!["user", "add", email.as_str(), "--function", function.as_str(), "--language", language];
        for role in roles {
            arguments.extend(["--role", *role]);
        }
        let link = place.run_ok(&arguments);
        let session = follow_link(server, &link);
        let create =
            "mutation { apiTokenCreate(input: { name: \"test\", scopes: [READ, REGISTER, DECIDE, AUDIT, SUBSCRIBE] }) { secret } }";
        let data = ask_as(server, &session, create, Value::Null);
        let token = data["apiTokenCreate"]["secret"].as_str().unwrap_or_else(|| panic!("no token: {data}")).to_owned();
        let (_, cookie) = session.cookie.split_once('=').expect("a cookie has a name");
        for secret in [token.as_str(), cookie, email.as_str(), link.trim().rsplit('/').next().unwrap_or_default()] {
            note_secret(secret);
        }
        Self { email, session, token }
    }

    /// What the person is answered by token, without errors: `data`.
    pub fn ask(&self, server: &Server, query: &str, variables: Value) -> Value {
        ask_as(server, Who::Token(&self.token), query, variables)
    }

    /// The person's identifier, as `rihla user list` prints it.
    pub fn id(&self, place: &Place) -> String {
        let list = place.run_ok(&["user", "list"]);
        let line = list.lines().find(|line| line.contains(&self.email)).unwrap_or_else(|| panic!("{} is not in {list}", self.email));
        line.split('\t').next().unwrap_or_default().to_owned()
    }

    /// Gives (`membershipGrant`) or takes (`membershipRevoke`) a role of another person, in this person's session.
    pub fn change_role(&self, server: &Server, mutation: &str, person: &str, role: &str, institution: &str) {
        let query = format!("mutation($input: MembershipInput!) {{ {mutation}(input: $input) {{ errors {{ code message }} }} }}");
        let input = json!({ "input": { "person": person, "role": role, "institution": institution } });
        let data = ask_as(server, &self.session, &query, input);
        assert_eq!(data[mutation]["errors"], json!([]), "{data}");
    }

    /// Unread notifications: kind and title, newest first.
    pub fn notifications(&self, server: &Server) -> Vec<(String, String)> {
        let data = self.ask(server, "{ viewer { notifications(unreadOnly: true, first: 100) { nodes { kind title } } } }", Value::Null);
        let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("list").clone();
        let text = |node: &Value, field: &str| node[field].as_str().expect("text").to_owned();
        nodes.iter().map(|node| (text(node, "kind"), text(node, "title"))).collect()
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves each connection in a thread of its own; returns the port.
fn listen(serve: impl Fn(TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("address").port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            // The other side may have gone; what it then does is what is tested.
            std::thread::spawn(move || drop(serve(stream)));
        }
    });
    port
}

/// What a receiver does with a delivery.
#[derive(Clone, Debug, Default)]
pub enum Manner {
    /// Answers with 200.
    #[default]
    Take,
    /// Answers with this status.
    Refuse(u16),
    /// Answers with 200, after this time.
    Wait(Duration),
    /// Closes the connection without having read anything.
    HangUp,
    /// Answers with 302 and names this address.
    Redirect(String),
}

/// A delivery that arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as it came.
    pub body: String,
    /// Whether it was answered with 200 at once.
    pub is_taken: bool,
}

impl Arrival {
    /// Value of a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    /// Place of the change in the log.
    pub fn seq(&self) -> i64 {
        self.json()["data"]["seq"].as_i64().unwrap_or_else(|| panic!("no seq: {}", self.body))
    }

    /// What happened, and to which record.
    pub fn told(&self) -> (String, String) {
        let json = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&json["type"]), text(&json["data"]["slug"]))
    }
}

#[derive(Default)]
struct Desk {
    plan: VecDeque<Manner>,
    otherwise: Manner,
    arrivals: Vec<Arrival>,
    connections: usize,
}

/// An address that takes webhook deliveries.
pub struct Receiver {
    /// Port on 127.0.0.1.
    pub port: u16,
    desk: Arc<Mutex<Desk>>,
}

impl Receiver {
    /// A receiver that does what is planned, a delivery each, and then takes everything.
    pub fn new(plan: impl IntoIterator<Item = Manner>) -> Self {
        let desk = Arc::new(Mutex::new(Desk { plan: plan.into_iter().collect(), ..Desk::default() }));
        let shared = desk.clone();
        let port = listen(move |stream| receive(stream, &shared));
        Self { port, desk }
    }

    /// A receiver that does the same with every delivery, until told otherwise.
    pub fn always(manner: Manner) -> Self {
        let receiver = Self::new([]);
        receiver.behave(manner);
        receiver
    }

    /// What it does from now on.
    pub fn behave(&self, manner: Manner) {
        lock(&self.desk).otherwise = manner;
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=word", self.port)
    }

    /// What arrived, in order.
    pub fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.desk).arrivals.clone()
    }

    /// What was answered with 200 at once, in order.
    pub fn taken(&self) -> Vec<Arrival> {
        self.arrivals().into_iter().filter(|arrival| arrival.is_taken).collect()
    }

    /// Places in the log of what was taken, in order.
    pub fn seqs(&self) -> Vec<i64> {
        self.taken().iter().map(Arrival::seq).collect()
    }

    /// Connections that were made, read or not.
    pub fn connections(&self) -> usize {
        lock(&self.desk).connections
    }
}

fn receive(mut stream: TcpStream, desk: &Mutex<Desk>) -> std::io::Result<()> {
    let manner = {
        let mut desk = lock(desk);
        desk.connections += 1;
        let planned = desk.plan.pop_front();
        planned.unwrap_or_else(|| desk.otherwise.clone())
    };
    if matches!(manner, Manner::HangUp) {
        return Ok(());
    }
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut headers, mut line) = (Vec::new(), String::new());
    reader.read_line(&mut line)?;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    // A server that was killed may have sent a part of a delivery: that is none.
    let announced = headers.iter().find(|(name, _)| name == "content-length");
    let Some(length) = announced.and_then(|(_, value)| value.parse().ok()) else { return Ok(()) };
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8(body).expect("deliveries are UTF-8");
    lock(desk).arrivals.push(Arrival { headers, body, is_taken: matches!(manner, Manner::Take) });
    let (status, more) = match manner {
        Manner::Take | Manner::HangUp => (200, String::new()),
        Manner::Refuse(status) => (status, String::new()),
        Manner::Wait(time) => {
            std::thread::sleep(time);
            (200, String::new())
        }
        Manner::Redirect(to) => (302, format!("location: {to}\r\n")),
    };
    write!(stream, "HTTP/1.1 {status} Status\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n")
}

/// A letter that a mail server was given.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Address in the envelope.
    pub recipient: String,
    /// The letter.
    pub letter: Letter,
    /// Whether the server took it.
    pub is_taken: bool,
}

/// Where the talk with a mail server stands when it judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The recipient was named.
    Recipient,
    /// The letter was given.
    Letter,
}

#[derive(Default)]
struct Post {
    posted: Vec<Posted>,
    judged: Vec<(Step, String)>,
}

/// A mail server that speaks as much SMTP as is needed. It offers nothing but plain seven bits.
pub struct MailServer {
    /// Setting `smtp_url`.
    pub setting: String,
    post: Arc<Mutex<Post>>,
}

impl MailServer {
    /// A server that answers as the judge says, by step, recipient, and how often it was asked that already.
    pub fn new(judge: impl Fn(Step, &str, usize) -> &'static str + Send + Sync + 'static) -> Self {
        let post = Arc::new(Mutex::new(Post::default()));
        let shared = post.clone();
        let port = listen(move |stream| converse(stream, &shared, &judge));
        Self { setting: format!("smtp_url=smtp://127.0.0.1:{port}"), post }
    }

    /// Letters that were given to it, in order, taken or not.
    pub fn posted(&self) -> Vec<Posted> {
        lock(&self.post).posted.clone()
    }

    /// Letters that it took for this address.
    pub fn taken_for(&self, recipient: &str) -> Vec<Letter> {
        self.posted().into_iter().filter(|posted| posted.is_taken && posted.recipient == recipient).map(|posted| posted.letter).collect()
    }

    /// How often a recipient was named.
    pub fn named(&self, recipient: &str) -> usize {
        lock(&self.post).judged.iter().filter(|(step, to)| *step == Step::Recipient && to == recipient).count()
    }
}

fn converse(stream: TcpStream, post: &Mutex<Post>, judge: &dyn Fn(Step, &str, usize) -> &'static str) -> std::io::Result<()> {
    let verdict = |step: Step, recipient: &str| {
        let mut post = lock(post);
        let before = post.judged.iter().filter(|(known, to)| *known == step && to == recipient).count();
        post.judged.push((step, recipient.to_owned()));
        judge(step, recipient, before)
    };
    let mut say = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut recipient) = (String::new(), String::new());
    write!(say, "220 sink.example\r\n")?;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                verdict(Step::Recipient, &recipient)
            }
            "DATA" => {
                write!(say, "354 go on\r\n")?;
                let letter = Letter::read(&undotted(&mut reader)?);
                let answer = verdict(Step::Letter, &recipient);
                lock(post).posted.push(Posted { recipient: recipient.clone(), letter, is_taken: answer.starts_with('2') });
                answer
            }
            "QUIT" => "221 bye",
            _ => "250 sink.example",
        };
        write!(say, "{answer}\r\n")?;
    }
}

/// The lines up to the one with a single dot.
fn undotted(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line == ".\r\n" {
            return Ok(text);
        }
        assert!(line.is_ascii() && line.len() <= 1_000, "a line that not every mail server carries: {line:?}");
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Letter {
    headers: Vec<(String, String)>,
    /// The text, with line feeds.
    pub text: String,
}

impl Letter {
    /// Reads a mail.
    pub fn read(mail: &str) -> Self {
        let (head, body) = mail.split_once("\r\n\r\n").unwrap_or_else(|| panic!("head and body: {mail}"));
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let fields = unfolded.split("\r\n").map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no header: {line}")));
        let headers: Vec<(String, String)> = fields.map(|(name, value)| (name.to_lowercase(), decode_words(value))).collect();
        let mut letter = Self { headers, text: String::new() };
        let bytes = match letter.header("content-transfer-encoding") {
            "base64" => STANDARD.decode(body.replace("\r\n", "")).expect("base64"),
            "quoted-printable" => quoted_printable(body),
            "7bit" | "8bit" => body.as_bytes().to_vec(),
            other => panic!("an encoding of its own: {other}"),
        };
        letter.text = String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n");
        letter
    }

    /// A header, decoded; empty where it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The subject without the marks that keep texts of another direction apart.
    pub fn subject(&self) -> String {
        self.header("subject").replace(['\u{2068}', '\u{2069}'], "")
    }

    /// Path of the first address in the text that leads there.
    pub fn path(&self, front: &str) -> String {
        let rest = self.text.split_once(front).map(|(_, rest)| rest).unwrap_or_else(|| panic!("no {front} in {}", self.text));
        format!("{front}{}", rest.split_whitespace().next().unwrap_or_default())
    }
}

/// Mails in the folder that takes them where there is no mail server, oldest first.
pub fn outbox(place: &Place) -> Vec<Letter> {
    let Ok(entries) = std::fs::read_dir(place.folder.join("outbox")) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().map(|path| Letter::read(&std::fs::read_to_string(path).expect("a mail is readable as it is"))).collect()
}

/// Mails in that folder for one address, oldest first.
pub fn outbox_of(place: &Place, to: &str) -> Vec<Letter> {
    outbox(place).into_iter().filter(|letter| letter.header("to") == to).collect()
}

/// Decodes the encoded words of a header (RFC 2047): blanks between two of them are dropped.
fn decode_words(text: &str) -> String {
    let (mut decoded, mut was_encoded) = (String::new(), false);
    for (number, word) in text.split(' ').enumerate() {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        if number > 0 && !(was_encoded && inner.is_some()) {
            decoded.push(' ');
        }
        match inner {
            // Each word stands for whole characters, or some mail programs show signs of replacement.
            Some(inner) => decoded.push_str(&String::from_utf8(STANDARD.decode(inner).expect("base64")).expect("whole characters")),
            None => decoded.push_str(word),
        }
        was_encoded = inner.is_some();
    }
    decoded
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("two hexadecimal digits"));
        bytes.extend(rest.as_bytes());
    }
    bytes
}
