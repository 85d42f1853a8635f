//! What the machine and the libraries below could do at best.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

/// Reads and parses every file of a folder; seconds and bytes.
pub fn parse_all(folder: &Path, parse: fn(&str)) -> (f64, u64) {
    let (started, mut bytes) = (Instant::now(), 0);
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("text");
        bytes += text.len() as u64;
        parse(&text);
    }
    (started.elapsed().as_secs_f64(), bytes)
}

/// Parses XML.
pub fn xml(text: &str) {
    std::hint::black_box(roxmltree::Document::parse(text).expect("XML"));
}

/// Parses Turtle.
pub fn turtle(text: &str) {
    for triple in oxttl::TurtleParser::new().for_slice(text) {
        std::hint::black_box(triple.expect("Turtle"));
    }
}

fn open(path: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&path.display().to_string()).expect("SQLite");
    // As the catalogue sets them, so that both are as durable.
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON").expect("settings");
    conn
}

/// Writes so many bytes for each record, in four rows; `transactions` of them for a batch of records. Seconds.
pub fn write_rows(path: &Path, records: usize, bytes: usize, batch: usize, transactions: usize) -> f64 {
    let mut conn = open(path);
    conn.batch_execute("CREATE TABLE rows (key TEXT PRIMARY KEY, content BLOB NOT NULL)").expect("a table");
    conn.batch_execute("CREATE TABLE runs (number INTEGER PRIMARY KEY)").expect("a table");
    let content = vec![b'x'; bytes / 4];
    let started = Instant::now();
    for first in (0..records).step_by(batch) {
        for _ in 1..transactions {
            conn.batch_execute("INSERT INTO runs DEFAULT VALUES").expect("a run");
        }
        conn.batch_execute("BEGIN IMMEDIATE").expect("a transaction");
        for row in first * 4..(first + batch).min(records) * 4 {
            let insert = diesel::sql_query("INSERT INTO rows VALUES (?, ?)");
            insert.bind::<Text, _>(format!("key-{row}")).bind::<Binary, _>(&content).execute(&mut conn).expect("a row");
        }
        conn.batch_execute("COMMIT").expect("a commit");
    }
    started.elapsed().as_secs_f64()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    doc: String,
}

/// Writes the records of a catalogue into a file as they are. Seconds.
pub fn copy_rows(database: &Path, output: &Path) -> f64 {
    let started = Instant::now();
    let mut conn = open(database);
    let mut file = BufWriter::new(std::fs::File::create(output).expect("a file"));
    let mut after = 0;
    loop {
        let query = diesel::sql_query("SELECT number, doc FROM datasets WHERE number > ? ORDER BY number LIMIT 500");
        let rows: Vec<Row> = query.bind::<BigInt, _>(after).load(&mut conn).expect("records");
        let Some(last) = rows.last() else { break };
        after = last.number;
        rows.iter().for_each(|row| writeln!(file, "{}", row.doc).expect("a line"));
    }
    file.flush().expect("written");
    started.elapsed().as_secs_f64()
}
