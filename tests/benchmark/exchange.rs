//! Exchange: files and harvests come in as drafts, the catalogue goes out. Records each second, and the most memory of the process that no file stands behind.

mod ceiling;
mod outside;
mod provider;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use super::load::{self, Connection, Memory, Question};
use super::{Options, generate, report, rihla, scratch, serve, timed};
use outside::{FORMS, Outside};

/// Records of each part where none are asked for.
const DDI: usize = 10_000;
const DCAT: usize = 100_000;
const OAI: usize = 220_000;
const EXPORT: usize = 100_000;
/// Records of a page of a catalogue in files.
const PAGE: usize = 100;
/// Who takes everything in.
const HOLDER: &str = "holder-000";

/// A program that was watched until its end.
struct Watched {
    wall: f64,
    cpu: f64,
    peak_mib: f64,
    told: String,
}

/// Seconds of a writer alone, for so many records.
type Ceiling = fn(&Outside, usize) -> f64;

/// Runs a command to its end.
fn watched(mut command: Command, folder: &Path) -> Watched {
    let (out, err) = (folder.join("out"), folder.join("err"));
    command.stdout(File::create(&out).expect("a file")).stderr(File::create(&err).expect("a file")).stdin(Stdio::null());
    let (started, before) = (Instant::now(), load::children_cpu());
    let mut child = command.spawn().expect("the program can be started");
    let memory = Memory::of(child.id());
    let status = child.wait().expect("the program can be waited for");
    let peak_mib = memory.peak_mib();
    let (wall, cpu) = (started.elapsed().as_secs_f64(), load::children_cpu() - before);
    let told = std::fs::read_to_string(&out).expect("what was told");
    if !status.success() {
        let errors = std::fs::read_to_string(&err).expect("what went wrong");
        panic!("{command:?}:\n{}\n{told}", errors.lines().take(20).collect::<Vec<_>>().join("\n"));
    }
    Watched { wall, cpu, peak_mib, told }
}

impl Watched {
    fn rate(&self, records: usize) -> String {
        rate(records, self.wall)
    }

    fn details(&self) -> String {
        format!("{:.1} s, {:.1} s of CPU, peak {:.0} MiB", self.wall, self.cpu, self.peak_mib)
    }

    /// All numbers in front of some words, added up.
    fn number_before(&self, words: &str) -> usize {
        let before = |line: &str| line.split(words).next().and_then(|start| start.split_whitespace().last()?.parse::<usize>().ok());
        self.told.lines().filter(|line| line.contains(words)).filter_map(before).sum()
    }
}

fn rate(records: usize, wall: f64) -> String {
    format!("{:.0} records/s", records as f64 / wall)
}

/// Where a figure is put: name, figure, target, details.
type Row<'a> = &'a mut dyn FnMut(&str, String, &str, String);

/// The figures.
pub fn measure(options: &Options) -> Vec<Value> {
    let size = |usual: usize| if options.is_sized { options.sizes.iter().copied().max().unwrap_or(usual) } else { usual };
    let mut rows = Vec::new();
    let mut part = |size: usize, measure: &dyn Fn(Row<'_>)| {
        measure(&mut |name, figure, target, details| rows.push(report(options, size, name, &figure, target, &details)));
    };
    part(size(DDI), &|row| import_ddi(options, size(DDI), row));
    part(size(DCAT), &|row| import_dcat(options, size(DCAT), row));
    part(size(OAI), &|row| harvest(options, size(OAI), row));
    part(size(EXPORT), &|row| export(options, size(EXPORT), row));
    rows
}

/// A catalogue with its institutions and nothing else.
fn begin(options: &Options, name: &str) -> PathBuf {
    let folder = scratch(name);
    let file = folder.join("institutions.jsonl");
    let lines: String = (0..generate::INSTITUTIONS).map(|number| format!("{}\n", generate::institution(number))).collect();
    std::fs::write(&file, lines).expect("institutions");
    timed(rihla(options, &folder, &["import", &file.display().to_string()]));
    folder
}

/// Takes files in, and sees that each record became a draft.
fn take_in(options: &Options, folder: &Path, format: &str, files: &Path, size: usize) -> Watched {
    let arguments = ["import", "--institution", HOLDER, "--format", format, &files.display().to_string()];
    let done = watched(rihla(options, folder, &arguments), folder);
    assert_eq!(done.number_before(" begun as drafts"), size, "{}", done.told.lines().last().unwrap_or_default());
    done
}

fn import_ddi(options: &Options, size: usize, row: Row<'_>) {
    let folder = begin(options, "ddi");
    let files = folder.join("files");
    Outside::default().write_ddi(&files, size);
    let (parsed, bytes) = ceiling::parse_all(&files, ceiling::xml);
    let done = take_in(options, &folder, "DDI", &files, size);
    row("import of DDI, a file a record", done.rate(size), "-", done.details());
    row("ceiling: read and parsed by roxmltree", rate(size, parsed), "-", format!("{} bytes a file", bytes / size as u64));
    ceiling_rows(options, &folder, size, (1, 1), row);
    finish(&folder);
}

fn import_dcat(options: &Options, size: usize, row: Row<'_>) {
    let folder = begin(options, "dcat");
    let pages = folder.join("files");
    let outside = Outside::default();
    outside.write_dcat(&pages, size, PAGE);
    let (parsed, bytes) = ceiling::parse_all(&pages, ceiling::turtle);
    let done = take_in(options, &folder, "DCAT", &pages, size);
    row(&format!("import of DCAT, pages of {PAGE} records (Turtle)"), done.rate(size), "-", done.details());
    row("ceiling: read and parsed by oxttl", rate(size, parsed), "-", format!("{} bytes a record", bytes / size as u64));
    ceiling_rows(options, &folder, size, (PAGE, 1), row);
    finish(&folder);
    // Memory shows whether it grows with the file.
    for (form, part) in FORMS.iter().flat_map(|form| [size / 4, size].map(|part| (form, part))) {
        let folder = begin(options, "one-file");
        let file = folder.join("file");
        outside.write_all(&file, part, form);
        let size = std::fs::metadata(&file).expect("a file").len() >> 20;
        let done = take_in(options, &folder, form.format, &file, part);
        let details = format!("{}, {size} MiB of file", done.details());
        row(&format!("import of one file of {part} records ({})", form.name), done.rate(part), "-", details);
        finish(&folder);
    }
}

/// The bytes that a catalogue has written, written again by hand in as many transactions.
fn ceiling_rows(options: &Options, folder: &Path, size: usize, (batch, transactions): (usize, usize), row: Row<'_>) {
    if options.postgres.is_some() {
        return;
    }
    let bytes = std::fs::metadata(folder.join("rihla.sqlite")).expect("the database").len() as usize / size;
    let wall = ceiling::write_rows(&folder.join("ceiling.sqlite"), size, bytes, batch, transactions);
    let details = format!("{bytes} bytes in 4 rows a record, {transactions} synced transactions for {batch} records");
    row("ceiling: as many bytes into SQLite by hand", rate(size, wall), "-", details);
}

fn harvest(options: &Options, size: usize, row: Row<'_>) {
    let folder = begin(options, "oai");
    let provider = provider::start(size);
    let address = provider.address.clone();
    let command = |arguments: &[&str]| {
        let mut command = rihla(options, &folder, arguments);
        command.env("RIHLA_HARVEST_ALLOWED_HOSTS", &address).env("RIHLA_HARVEST_PAUSE_MS", "0");
        command
    };
    let url = format!("http://{address}/oai");
    let declared = ["source", "add", "--institution", HOLDER, "--kind", "OAI_PMH", "--url", &url, "--metadata-prefix", "oai_dc"];
    watched(command(&declared), &folder);
    let read = provider::read_all(&address);
    let done = watched(command(&["harvest"]), &folder);
    assert_eq!(done.number_before(" new"), size, "{}", done.told);
    row(&format!("harvest by OAI-PMH, pages of {}", provider::PAGE), done.rate(size), "minutes at 220,000", done.details());
    let details = format!("{} bytes a record, in the process of the provider", read.bytes / size);
    row("ceiling: the same pages fetched and parsed by roxmltree", rate(size, read.seconds), "-", details);
    ceiling_rows(options, &folder, size, (provider::PAGE, 2), row);
    let again = watched(command(&["harvest", "--whole"]), &folder);
    assert_eq!(again.number_before(" unchanged"), size, "{}", again.told);
    row("harvested again, nothing has changed", again.rate(size), "-", again.details());
    finish(&folder);
}

fn export(options: &Options, size: usize, row: Row<'_>) {
    let folder = scratch("export");
    let (records, output) = (folder.join("records.jsonl"), folder.join("export.jsonl"));
    generate::write(&records, size);
    timed(rihla(options, &folder, &["import", &records.display().to_string()]));
    let done = watched(rihla(options, &folder, &["export", "--output", &output.display().to_string()]), &folder);
    row("export, JSON Lines", done.rate(size), "-", done.details());
    if options.postgres.is_none() {
        let wall = ceiling::copy_rows(&folder.join("rihla.sqlite"), &folder.join("copy"));
        row("ceiling: the same rows from SQLite to a file", rate(size, wall), "-", String::new());
    }
    let (server, _) = serve(options, &folder);
    let writers: [(&str, &str, Ceiling); 3] = [
        ("/catalog.ttl, all pages", "/catalog.ttl", Outside::time_turtle),
        ("/oai, oai_dc, the whole list", "/oai?verb=ListRecords&metadataPrefix=oai_dc", Outside::time_dublin_core),
        ("/oai, oai_ddi25, the whole list", "/oai?verb=ListRecords&metadataPrefix=oai_ddi25", Outside::time_ddi),
    ];
    for (name, first, ceiling) in writers {
        let before = load::cpu_seconds(server.0.id());
        let memory = Memory::of(server.0.id());
        let (pages, bytes, wall) = follow(&server.1, first);
        let cpu = load::cpu_seconds(server.0.id()) - before;
        let peak = memory.peak_mib();
        let details =
            format!("{wall:.1} s, {cpu:.1} s of CPU, {pages} pages, {} bytes a record, peak of the server {peak:.0} MiB", bytes / size);
        row(name, rate(size, wall), "-", details);
        let sample = size.min(2_000);
        row("ceiling: written alone, without store or network", rate(sample, ceiling(&Outside::default(), sample)), "-", String::new());
    }
    drop(server);
    finish(&folder);
}

/// Asks for a list and follows it to its end: pages, bytes, seconds.
fn follow(address: &str, first: &str) -> (usize, usize, f64) {
    let started = Instant::now();
    let (mut connection, mut body) = (Connection::open(address), Vec::new());
    let (mut path, mut pages, mut bytes) = (first.to_owned(), 0, 0);
    loop {
        assert!(connection.ask(&Question::get(&path), &mut body), "{path} is refused");
        pages += 1;
        bytes += body.len();
        let text = std::str::from_utf8(&body).expect("text");
        let next = if first.starts_with("/oai") {
            let token = text.rsplit_once("<resumptionToken").and_then(|(_, rest)| rest.split_once('>')?.1.split('<').next());
            token.filter(|token| !token.is_empty()).map(|token| format!("/oai?verb=ListRecords&resumptionToken={token}"))
        } else {
            let after = text.split_once("hydra:next <").and_then(|(_, rest)| rest.split_once("after=")?.1.split('>').next());
            after.map(|after| format!("/catalog.ttl?after={after}"))
        };
        match next {
            Some(next) => path = next,
            None => return (pages, bytes, started.elapsed().as_secs_f64()),
        }
    }
}

/// A folder that stays behind in the temporary folder harms nobody.
fn finish(folder: &Path) {
    drop(std::fs::remove_dir_all(folder));
}
