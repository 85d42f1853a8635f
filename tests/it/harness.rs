//! Starts the real program on a scratch folder and database, and speaks to it as a client does.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::sqlite::SqliteConnection;
use serde_json::{Value, json};

use crate::people::{DemoAccount, demo_accounts};

/// Database that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite in the scratch folder.
    Sqlite,
    /// PostgreSQL: a database of its own on the throw-away server that `tests/run` starts.
    Postgres,
}

/// Both databases. Without the server of `tests/run` the tests fail: they never skip silently.
pub const BACKENDS: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Accounts that `serve --demo` prints.
const DEMO_ACCOUNTS: usize = 8;

fn log_folder() -> Option<PathBuf> {
    std::env::var_os("RIHLA_TEST_LOG_DIR").map(PathBuf::from)
}

fn append(path: &Path) -> std::fs::File {
    std::fs::File::options().create(true).append(true).open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Notes a secret that a test has seen: at the end `tests/run` looks for it in the log of every server.
pub fn note_secret(secret: &str) {
    if let Some(folder) = log_folder() {
        // In one write, so that tests that run at the same time do not mix their lines.
        append(&folder.join("secrets.txt")).write_all(format!("{secret}\n").as_bytes()).expect("the secret can be noted");
    }
}

fn postgres_url() -> String {
    std::env::var("RIHLA_TEST_POSTGRES_URL")
        .expect("RIHLA_TEST_POSTGRES_URL is not set; run the tests with tests/run, which starts a PostgreSQL server")
}

/// Carries statements out, all or none of them. Beside a running server they may meet it in a deadlock, which ends one of the two.
fn psql(url: &str, statement: &str) {
    let mut tries = 0;
    loop {
        let done = Command::new("psql").args([url, "-v", "ON_ERROR_STOP=1", "-qc", statement]).output().expect("psql can be started");
        let told = String::from_utf8_lossy(&done.stderr);
        tries += 1;
        if done.status.success() {
            return;
        }
        assert!(told.contains("deadlock detected") && tries < 10, "{statement}: {told}");
    }
}

/// A scratch folder with a database; removed when dropped.
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// Address of the database.
    pub url: String,
    backend: Backend,
    database: String,
}

impl Place {
    /// A new place.
    pub fn new(backend: Backend) -> Self {
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("rihla_it_{}_{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("scratch folder");
        let url = match backend {
            Backend::Sqlite => folder.join("rihla.sqlite").display().to_string(),
            Backend::Postgres => {
                let server = postgres_url();
                psql(&server, &format!("CREATE DATABASE {name}"));
                let (front, _) = server.rsplit_once('/').expect("the URL ends in a database");
                format!("{front}/{name}")
            }
        };
        Self { folder, url, backend, database: name }
    }

    /// The program with its place.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rihla"));
        command.args(arguments).args(["--database-url", &self.url]);
        if !arguments.contains(&"--data-dir") {
            command.args(["--data-dir", &self.folder.display().to_string()]);
        }
        command.env_remove("RIHLA_CONFIG").stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program can be started")
    }

    /// Runs a command that must succeed and returns what it printed.
    pub fn run_ok(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("UTF-8")
    }

    /// A file in the folder.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("file can be written");
        path.display().to_string()
    }

    /// Starts a server.
    pub fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_with_log(arguments, self.log())
    }

    /// Where servers write their logs: into the folder that `tests/run` looks through for secrets, else nowhere.
    fn log(&self) -> Stdio {
        let Some(folder) = log_folder() else { return Stdio::null() };
        let name = self.folder.file_name().expect("the scratch folder has a name");
        append(&folder.join(name).with_extension("log")).into()
    }

    /// Starts a server that writes its log there.
    pub fn serve_with_log(&self, arguments: &[&str], log: Stdio) -> Server {
        let mut all = vec!["serve", "--bind", "127.0.0.1:0"];
        all.extend(arguments);
        let mut command = self.command(&all);
        command.env("RIHLA_SHOW_STATEMENTS", "true");
        if log_folder().is_some() {
            command.env("RIHLA_LOG_LEVEL", "debug");
        }
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the server can be started");
        let mut output = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let address =
            line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_else(|| panic!("the server said {line:?}"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let server = Server { address: format!("http://{address}"), child, said: said.clone() };
        // Read to its end, so that the pipe never blocks the server.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        server.wait_until_ready();
        server
    }

    /// Number of changes in the log, whoever may know of them; every hash must agree.
    pub fn changes(&self) -> u64 {
        let told = self.run_ok(&["doctor", "--verify-chain"]);
        told.split(' ').next().and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{told}"))
    }

    /// Alters the database by hand: for what a test cannot wait for, such as the end of a link.
    pub fn alter(&self, statement: &str) {
        match self.backend {
            Backend::Postgres => psql(&self.url, statement),
            Backend::Sqlite => {
                let mut file = SqliteConnection::establish(&self.url).expect("the file can be opened");
                file.batch_execute(&format!("PRAGMA busy_timeout = 5000; {statement}")).expect(statement);
            }
        }
    }

    /// What a statement finds in the database, a text for each row.
    pub fn rows(&self, query: &str) -> Vec<String> {
        let mut command = Command::new(if self.backend == Backend::Postgres { "psql" } else { "sqlite3" });
        match self.backend {
            Backend::Postgres => command.args([self.url.as_str(), "-v", "ON_ERROR_STOP=1", "-Atqc", query]),
            Backend::Sqlite => command.args(["-cmd", ".timeout 10000", self.url.as_str(), query]),
        };
        let done = command.output().expect("the database's client");
        assert!(done.status.success(), "{query}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
    }

    /// The number that a statement finds.
    pub fn count(&self, query: &str) -> u64 {
        self.rows(query)[0].parse().expect("a number")
    }

    /// Checks the invariants: the hash chain verifies, and the index has caught up.
    pub fn assert_healthy(&self) {
        let report = self.run_ok(&["doctor"]);
        assert!(!report.contains("FAULT"), "{report}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.backend == Backend::Postgres && !std::thread::panicking() {
            psql(&postgres_url(), &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database));
        }
        if !std::thread::panicking() {
            // A folder that stays behind in the temporary folder harms nobody.
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }
}

/// A running server.
pub struct Server {
    /// Address, without a slash at the end.
    pub address: String,
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

/// An HTTP answer.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body; what is no text stands in `bytes`.
    pub body: String,
    /// Body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Value of a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What the body says: the text of its parts where it is a packed workbook.
    pub fn words(&self) -> String {
        let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(&self.bytes)) else { return self.body.clone() };
        let mut words = String::new();
        for number in 0..package.len() {
            words += &std::io::read_to_string(package.by_index(number).expect("a part")).unwrap_or_default();
        }
        words
    }

    /// Body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

fn agent() -> ureq::Agent {
    // A redirect is an answer like any other: it may set a cookie.
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.timeout_global(Some(Duration::from_secs(60))).build().into()
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = result.expect("the server answers");
    let headers =
        response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
    let status = response.status().as_u16();
    // Some answers are no text; what they say of themselves stands in the headers.
    let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("body");
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status, headers, body, bytes }
}

impl Server {
    fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if ureq::get(format!("{}/readyz", self.address)).call().is_ok_and(|r| r.status() == 200) {
                return;
            }
            assert!(Instant::now() < deadline, "the server is not ready after 60 s");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The accounts that `serve --demo` printed, one for each role.
    pub fn accounts(&self) -> Vec<DemoAccount> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let found = demo_accounts(&self.said.lock().unwrap_or_else(PoisonError::into_inner));
            if found.len() == DEMO_ACCOUNTS {
                return found;
            }
            assert!(Instant::now() < deadline, "the server printed {found:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// GET with headers.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent().get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call())
    }

    /// POST with headers.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = agent().post(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.send(body))
    }

    /// A GraphQL request, whatever the answer.
    pub fn graphql(&self, query: &str, variables: Value, language: &str) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers =
            [("content-type", "application/json"), ("accept", "application/graphql-response+json"), ("accept-language", language)];
        self.post("/graphql", &headers, body.as_bytes())
    }

    /// A GraphQL query that must be answered without errors; returns `data`.
    pub fn ask(&self, query: &str) -> Value {
        self.ask_with(query, Value::Null)
    }

    /// A GraphQL query with variables that must be answered without errors; returns `data`.
    pub fn ask_with(&self, query: &str, variables: Value) -> Value {
        let answer = self.graphql(query, variables, "en");
        let json = answer.json();
        assert!(answer.status == 200 && json.get("errors").is_none(), "{} {query}\n{}", answer.status, answer.body);
        json["data"].clone()
    }

    /// The message and code of the first error of a query that must fail.
    pub fn error_of(&self, query: &str, variables: Value) -> (String, String) {
        let json = self.graphql(query, variables, "en").json();
        let error = &json["errors"][0];
        let message = error["message"].as_str().unwrap_or_else(|| panic!("no error for {query}: {json}"));
        (message.to_owned(), error["extensions"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Kills the process at once, as a power switch would.
    pub fn kill(mut self) {
        self.child.kill().expect("kill");
        self.child.wait().expect("wait");
    }

    /// Asks the process to stop and checks that it does so in good order.
    pub fn stop(mut self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(done.success());
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("wait") {
                assert!(status.success(), "the server ended with {status}");
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not stop within 20 s of SIGTERM");
    }

    /// Waits until the index has seen every change.
    pub fn wait_for_index(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let ready = self.get("/readyz", &[]);
            if ready.status == 200 && ready.body.trim() == "ready" {
                return;
            }
            assert!(Instant::now() < deadline, "{}", ready.body);
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs a test on both databases, with the demo catalogue served.
pub fn with_demo(test: impl Fn(&Server, &Place)) {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let server = place.serve(&["--demo"]);
        test(&server, &place);
        server.stop();
        place.assert_healthy();
    }
}

/// Runs a test on the demo catalogue on SQLite only: for what lies above the database.
pub fn with_demo_on_sqlite(test: impl Fn(&Server)) {
    let place = Place::new(Backend::Sqlite);
    let server = place.serve(&["--demo"]);
    test(&server);
    server.stop();
    place.assert_healthy();
}

/// A dataset line of the record format; `change` makes of it what the test needs.
pub fn dataset(slug: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut record = json!({
        "type": "dataset",
        "slug": slug,
        "recordKind": "STATISTICAL_OPERATION",
        "status": "PUBLISHED",
        "visibility": "PUBLIC",
        "riskClass": "LOW",
        "certainty": "DOCUMENTED",
        "titles": { "en": { "text": format!("Title of {slug}"), "status": "OFFICIAL" } },
        "methodology": { "sourceType": "CENSUS" },
        "coverage": { "reportingAreas": ["MA"] },
    });
    change(&mut record);
    record.to_string()
}

/// An institution line of the record format.
pub fn institution(slug: &str) -> String {
    json!({
        "type": "institution",
        "slug": slug,
        "kind": "NSO",
        "names": { "en": { "text": format!("Name of {slug}"), "status": "OFFICIAL" } },
        "certainty": "DOCUMENTED",
    })
    .to_string()
}

/// Where the project's files are.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
