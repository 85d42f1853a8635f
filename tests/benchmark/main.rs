//! The benchmark: see `tests/bench`.

mod access;
mod exchange;
mod generate;
mod load;
mod million;
mod nodes;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use load::{Connection, Figure, Question, cpu_seconds, run};
use rihla::domain::ids::Slug;
use rihla::domain::vocabulary::Role;
use rihla::store::StoreError;
use serde_json::{Value, json};

/// What was asked for on the command line.
struct Options {
    sizes: Vec<usize>,
    seconds: u64,
    json: bool,
    million: bool,
    access: bool,
    exchange: bool,
    nodes: bool,
    /// Whether sizes were given, rather than left as usual.
    is_sized: bool,
    postgres: Option<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if arguments.first().is_some_and(|a| a == "--hello") {
        return load::hello(&arguments[1]);
    }
    if arguments.first().is_some_and(|a| a == "--access-fold") {
        return access::fold_all(&arguments[1]);
    }
    let options = options(&arguments);
    let mut rows: Vec<Value> = Vec::new();
    if options.access {
        rows.extend(access::measure(&options));
    } else if options.exchange {
        rows.extend(exchange::measure(&options));
    } else if options.nodes {
        rows.extend(nodes::measure(&options));
    } else {
        options.sizes.iter().for_each(|size| rows.extend(one_size(*size, &options)));
    }
    if options.million {
        rows.extend(million::measure(1_000_000, &scratch("million")));
    }
    if options.json {
        println!("{}", Value::Array(rows));
    }
}

fn options(arguments: &[String]) -> Options {
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let sizes = value("--sizes").unwrap_or_else(|| "1000,10000,100000".to_owned());
    Options {
        sizes: sizes.split(',').map(|size| size.trim().parse().expect("--sizes takes whole numbers divided by commas")).collect(),
        seconds: value("--seconds").map_or(3, |seconds| seconds.parse().expect("--seconds takes a whole number")),
        json: arguments.iter().any(|a| a == "--json"),
        million: arguments.iter().any(|a| a == "--million"),
        access: arguments.iter().any(|a| a == "--access"),
        exchange: arguments.iter().any(|a| a == "--exchange"),
        nodes: arguments.iter().any(|a| a == "--nodes"),
        is_sized: arguments.iter().any(|a| a == "--sizes"),
        postgres: value("--postgres"),
    }
}

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("rihla-bench-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("scratch folder");
    folder
}

/// Prints one figure, and keeps it for `--json`.
fn report(options: &Options, size: usize, name: &str, figure: &str, target: &str, details: &str) -> Value {
    if !options.json {
        println!("{size:>9}  {name:<44} {figure:>18}   target {target:<22} {details}");
    }
    json!({ "records": size, "name": name, "figure": figure, "target": target, "details": details })
}

struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn binary() -> PathBuf {
    std::env::var_os("RIHLA_BENCH_BINARY").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_rihla")), PathBuf::from)
}

fn rihla(options: &Options, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).args(["--data-dir", &folder.display().to_string()]);
    if let Some(url) = &options.postgres {
        command.args(["--database-url", url]);
    }
    command
}

/// Runs a command to its end; returns wall and CPU seconds.
fn timed(mut command: Command) -> (f64, f64) {
    let (started, before) = (Instant::now(), load::children_cpu());
    let done = command.stdout(Stdio::null()).output().expect("the program can be started");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    (started.elapsed().as_secs_f64(), load::children_cpu() - before)
}

fn serve(options: &Options, folder: &Path) -> (Server, f64) {
    let started = Instant::now();
    let limits = ["serve", "--bind", "127.0.0.1:0", "--set", "log_level=error", "--set", "max_cost=1000000"];
    let mut child = rihla(options, folder, &limits).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("server");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("standard output")).read_line(&mut line).expect("a line");
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("address").to_owned();
    let question = Question::post("{ datasets(first: 1) { totalCount } }", Value::Null);
    load::ask_once(&address, &question);
    (Server(child, address), started.elapsed().as_secs_f64())
}

fn one_size(size: usize, options: &Options) -> Vec<Value> {
    let folder = scratch(&size.to_string());
    let file = folder.join("records.jsonl");
    generate::write(&file, size);
    let mut rows = Vec::new();
    let mut row =
        |name: &str, figure: String, target: &str, details: String| rows.push(report(options, size, name, &figure, target, &details));
    let (wall, cpu) = timed(rihla(options, &folder, &["import", &file.display().to_string()]));
    row("import, validated and durable", format!("{:.0} records/s", size as f64 / wall), "5,000 records/s", format!("{cpu:.1} s of CPU"));
    let (_, cpu) = timed(rihla(options, &folder, &["reindex"]));
    let bytes: u64 = folder_bytes(&index_folder(&folder));
    let details = format!("{} bytes a record on disk (target 1,200), database reads included", bytes / size as u64);
    row("index build", format!("{:.0} records/CPU s", size as f64 / cpu), "8,000 records/CPU s", details);
    let (first, _) = serve(options, &folder);
    drop(first);
    let (server, cold) = serve(options, &folder);
    row("cold start to the first answer", format!("{cold:.3} s"), "0.3 s", String::new());
    let hello = load::spawn_hello();
    let ceiling = run(&hello.1, hello.0.id(), &[Question::get("/")], options.seconds);
    row("ceiling: actix \"hello\"", cpu_ms(&ceiling), "-", spread(&ceiling));
    drop(hello);
    for (name, target, questions) in generate::questions(size) {
        let figure = run(&server.1, server.0.id(), &questions, options.seconds);
        assert_eq!(figure.errors, 0, "{name}: {} answers had errors", figure.errors);
        let details = format!("{} = {:.1} x hello", spread(&figure), figure.cpu_ms / ceiling.cpu_ms);
        row(name, cpu_ms(&figure), target, details);
    }
    for (name, figure, target, details) in beyond(options, &folder, &server, size) {
        row(name, figure, target, details);
    }
    let output = folder.join("report.html");
    let asked = ["report", "objective-1", "--country", "MA", "--until", "2026-01-01", "--edition", "latest", "--records", "published"];
    let (wall, cpu) =
        timed(rihla(options, &folder, &[&asked[..], &["--format", "html", "--output", &output.display().to_string()]].concat()));
    let bytes = std::fs::metadata(&output).map_or(0, |data| data.len());
    row("report on Objective 1, HTML", format!("{wall:.1} s"), "-", format!("{cpu:.1} s of CPU, {} KiB", bytes / 1024));
    row(
        "memory after load",
        format!("{:.0} MiB", load::anonymous_mib(server.0.id())),
        "200 MiB at 100k",
        "anonymous memory, mapped files not counted".to_owned(),
    );
    drop(server);
    // A folder that stays behind in the temporary folder harms nobody.
    drop(std::fs::remove_dir_all(&folder));
    rows
}

/// A name, a figure, its target, and what stands beside it.
type Line = (&'static str, String, &'static str, String);

/// The last page beside the first, a signed-in reader beside a visitor, and durable writes.
fn beyond(options: &Options, folder: &Path, server: &Server, size: usize) -> Vec<Line> {
    let page = "query($after: String) { datasets(first: 20, after: $after, orderBy: UPDATED_AT) { nodes { slug title } } }";
    let load = |questions: &[Question]| {
        let figure = run(&server.1, server.0.id(), questions, options.seconds);
        assert_eq!(figure.errors, 0, "{} answers had errors", figure.errors);
        figure
    };
    let first = load(&[Question::post(page, Value::Null)]);
    let last = load(&[Question::post(page, json!({ "after": deep_cursor(&server.1, size) }))]);
    let deep = format!("{:.2} x page 1", last.cpu_ms / first.cpu_ms);
    let mut lines =
        vec![("page that begins 20 before the end", deep, "1.5 x page 1", format!("{} after {}", cpu_ms(&last), cpu_ms(&first)))];
    let holder = Slug::parse("holder-000").expect("a short name");
    let (member, editor) = access::database(options, folder)
        .write(|conn, _| {
            let member = access::person(conn, "member", None);
            let editor = access::person(conn, "editor", Some((Role::Editor, Some(&holder))));
            Ok::<_, StoreError>((access::token(conn, &member, "READ"), access::token(conn, &editor, "READ REGISTER")))
        })
        .expect("people");
    let list = "{ datasets(first: 20, orderBy: UPDATED_AT) { totalCount nodes { id slug title updatedAt } } }";
    let visitor = load(&[Question::post(list, Value::Null)]);
    let signed_in = load(&[Question::post_as(&member, list, Value::Null)]);
    let ratio = format!("{:.2} x anonymous", signed_in.cpu_ms / visitor.cpu_ms);
    lines.push(("the same list, signed in", ratio, "1.15 x anonymous", format!("{}, {}", cpu_ms(&signed_in), spread(&signed_in))));
    let create = "mutation($input: DatasetDraftCreateInput!) { datasetDraftCreate(input: $input) { draft { id } errors { code } } }";
    let input = json!({ "input": { "institution": "holder-000", "content": { "titles": [{ "language": "fr", "text": "Enquête sur les migrants de retour" }] } } });
    let written = load(&[Question::post_as(&editor, create, input)]);
    lines.push((
        "register a dataset, durable",
        format!("{:.0} requests/s", written.per_second),
        "1,500 requests/s",
        format!("{}, {}", cpu_ms(&written), spread(&written)),
    ));
    lines
}

/// A place 20 records before the end of the list, found page by page.
fn deep_cursor(address: &str, size: usize) -> Value {
    let walk =
        "query($after: String) { datasets(first: 100, after: $after, orderBy: UPDATED_AT) { edges { cursor } pageInfo { hasNextPage } } }";
    let (mut connection, mut body, mut after, mut seen) = (Connection::open(address), Vec::new(), Value::Null, 0);
    loop {
        assert!(connection.ask(&Question::post(walk, json!({ "after": after })), &mut body), "a page has errors");
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        let edges = answer.pointer("/data/datasets/edges").and_then(Value::as_array).expect("edges");
        let place = size.saturating_sub(20 + seen);
        if place < edges.len() || answer.pointer("/data/datasets/pageInfo/hasNextPage") != Some(&Value::Bool(true)) {
            return edges.get(place.saturating_sub(1)).or_else(|| edges.first()).map_or(Value::Null, |edge| edge["cursor"].clone());
        }
        seen += edges.len();
        after = edges.last().map_or(Value::Null, |edge| edge["cursor"].clone());
    }
}

fn cpu_ms(figure: &Figure) -> String {
    format!("{:.3} ms CPU", figure.cpu_ms)
}

fn spread(figure: &Figure) -> String {
    format!("{:.0}/s, p50 {:.2} ms, p99 {:.2} ms", figure.per_second, figure.p50_ms, figure.p99_ms)
}

/// The index of what anyone may find; its name ends with the number of its format.
fn index_folder(folder: &Path) -> PathBuf {
    let mut names = std::fs::read_dir(folder).expect("data folder").map(|entry| entry.expect("entry").path());
    let is_index = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().strip_prefix("index-v").is_some_and(|number| number.parse::<u32>().is_ok()))
    };
    names.find(is_index).expect("an index")
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("index folder");
    entries.map(|entry| entry.expect("entry").metadata().map_or(0, |data| data.len())).sum()
}

/// Seconds of CPU that this process used so far.
pub fn own_cpu() -> f64 {
    cpu_seconds(std::process::id())
}

/// Waits for a short while.
pub fn pause() {
    std::thread::sleep(Duration::from_millis(200));
}
