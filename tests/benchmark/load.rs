//! Load over HTTP with kept connections, and what it costs the server's process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Connections of the load.
const CONNECTIONS: usize = 16;

/// One request, ready to be sent.
pub struct Question {
    bytes: Vec<u8>,
}

impl Question {
    /// A GraphQL query.
    pub fn post(query: &str, variables: Value) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let head = format!("POST /graphql HTTP/1.1\r\nHost: b\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        Self { bytes: [head.into_bytes(), body.into_bytes()].concat() }
    }

    /// A GraphQL query of somebody, by token.
    pub fn post_as(token: &str, query: &str, variables: Value) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Self { bytes: [head.into_bytes(), body.into_bytes()].concat() }
    }

    /// A plain GET.
    pub fn get(path: &str) -> Self {
        Self { bytes: format!("GET {path} HTTP/1.1\r\nHost: b\r\n\r\n").into_bytes() }
    }
}

/// What a load showed.
pub struct Figure {
    /// CPU of the server's process for one request, milliseconds.
    pub cpu_ms: f64,
    /// Requests each second.
    pub per_second: f64,
    /// Half of the answers came within this time.
    pub p50_ms: f64,
    /// 99 of 100 answers came within this time.
    pub p99_ms: f64,
    /// Answers with errors.
    pub errors: u64,
}

/// A connection that is kept.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Opens one.
    pub fn open(address: &str) -> Self {
        let socket = TcpStream::connect(address).expect("connect");
        socket.set_nodelay(true).expect("no delay");
        Self(BufReader::new(socket))
    }

    /// Sends a request and reads the answer; whether it is free of errors.
    pub fn ask(&mut self, question: &Question, body: &mut Vec<u8>) -> bool {
        self.0.get_mut().write_all(&question.bytes).expect("write");
        let (mut length, mut line, mut good) = (0, String::new(), false);
        loop {
            line.clear();
            self.0.read_line(&mut line).expect("read");
            if line.starts_with("HTTP/1.1") {
                good = line.contains(" 200 ");
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("length");
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        self.0.read_exact(body).expect("read");
        good && !body.starts_with(b"{\"errors\"")
    }
}

/// Asks once.
pub fn ask_once(address: &str, question: &Question) {
    assert!(Connection::open(address).ask(question, &mut Vec::new()), "the first question has an error");
}

/// Asks the questions in turn from all connections for some seconds.
pub fn run(address: &str, server: u32, questions: &[Question], seconds: u64) -> Figure {
    let (stop, next, errors) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    // Warm: each question once.
    let (mut warm, mut body) = (Connection::open(address), Vec::new());
    for question in questions.iter().take(200) {
        warm.ask(question, &mut body);
    }
    let (started, before) = (Instant::now(), cpu_seconds(server));
    let mut times: Vec<f64> = std::thread::scope(|scope| {
        let worker = || {
            let (mut connection, mut body, mut times) = (Connection::open(address), Vec::new(), Vec::new());
            while !stop.load(Ordering::Relaxed) {
                let at = next.fetch_add(1, Ordering::Relaxed) as usize % questions.len();
                let asked = Instant::now();
                if !connection.ask(&questions[at], &mut body) {
                    errors.fetch_add(1, Ordering::Relaxed);
                }
                times.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
            times
        };
        let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(worker)).collect();
        std::thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        workers.into_iter().flat_map(|worker| worker.join().expect("worker")).collect()
    });
    let (wall, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds(server) - before);
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Figure {
        cpu_ms: cpu * 1000.0 / times.len() as f64,
        per_second: times.len() as f64 / wall,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        errors: errors.load(Ordering::Relaxed),
    }
}

/// Fields 14 to 17 of /proc/PID/stat: user, system, and those of ended children, in ticks of 1/100 s.
fn stat(process: &str, fields: std::ops::Range<usize>) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("/proc/PID/stat");
    let after_name = text.rsplit_once(')').expect("a name").1;
    let ticks: u64 =
        after_name.split_whitespace().skip(fields.start).take(fields.len()).map(|field| field.parse::<u64>().expect("ticks")).sum();
    ticks as f64 / 100.0
}

/// CPU seconds of a process.
pub fn cpu_seconds(process: u32) -> f64 {
    stat(&process.to_string(), 11..13)
}

/// CPU seconds of the children that ended.
pub fn children_cpu() -> f64 {
    stat("self", 13..15)
}

/// Memory of a process that no file stands behind, in MiB.
pub fn anonymous_mib(process: u32) -> f64 {
    mib_of(&process.to_string(), "RssAnon:").expect("RssAnon")
}

/// Watches the memory of a process that no file stands behind: nothing tells of its peak afterwards.
pub struct Memory {
    stop: Arc<AtomicBool>,
    watcher: std::thread::JoinHandle<f64>,
}

impl Memory {
    /// Begins to look at a process, a hundred times a second.
    pub fn of(process: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let is_over = stop.clone();
        let watcher = std::thread::spawn(move || {
            let mut peak = 0.0_f64;
            while !is_over.load(Ordering::Relaxed) {
                peak = peak.max(mib_of(&process.to_string(), "RssAnon:").unwrap_or(0.0));
                std::thread::sleep(Duration::from_millis(10));
            }
            peak
        });
        Self { stop, watcher }
    }

    /// The most memory that was seen, in MiB.
    pub fn peak_mib(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.watcher.join().expect("the watcher")
    }
}

/// The most memory that this process had so far, in MiB; files that it mapped are counted.
pub fn peak_mib() -> f64 {
    mib_of("self", "VmHWM:").expect("VmHWM")
}

/// A size in /proc/PID/status, in MiB; none where the process has ended.
fn mib_of(process: &str, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

/// A server that says hello, started as a process of its own.
pub struct Hello(pub Child, pub String);

impl Drop for Hello {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the ceiling.
pub fn spawn_hello() -> Hello {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("address").to_string();
    let program = std::env::current_exe().expect("this program");
    let child = Command::new(program).args(["--hello", &free]).stdout(Stdio::null()).spawn().expect("hello");
    while TcpStream::connect(&free).is_err() {
        super::pause();
    }
    Hello(child, free)
}

/// The ceiling itself: actix with nothing behind it.
pub fn hello(address: &str) {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let answer = || async { HttpResponse::Ok().content_type("application/json").body("{\"data\":{\"__typename\":\"Query\"}}") };
    let serve = async { HttpServer::new(move || App::new().route("/", web::get().to(answer))).workers(2).bind(address)?.run().await };
    actix_web::rt::System::new().block_on(serve).expect("hello serves");
}
