//! However few statements are held, the same is read.

use std::path::Path;

use super::demo::{catalogue, demo, with_outgoing};
use super::samples;
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::interop::dcat::read::{read_parsed, read_within};
use crate::interop::dcat::{Links, Onward, Source};
use crate::interop::exchange::{Found, Origin};
use crate::interop::rdf::{Limits, Syntax, parse};

type Read = (Vec<(DatasetDraft, Origin, Vec<Problem>)>, Vec<Problem>, Onward);

fn read(bytes: &[u8], held: usize, concepts: &Concepts) -> Read {
    let mut records = Vec::new();
    let limits = Limits { held, ..Limits::default() };
    let source = Source { address: Some("https://portal.example/catalogue"), language: None, concepts };
    let (problems, onward) =
        read_within(&limits, bytes, &source, &mut |found: Found| records.push((found.draft, found.origin, found.unfit)));
    (records, problems, onward)
}

/// Reads a document with all of it held, and with little; tells how many records are in it.
fn same(bytes: &[u8], concepts: &Concepts, name: &str) -> usize {
    let usual = read(bytes, Limits::default().held, concepts);
    for held in [0, 10, 1_000] {
        let little = read(bytes, held, concepts);
        assert_eq!(little, usual, "{name}, {held} held");
    }
    usual.0.len()
}

/// The catalogue of the demonstration in a syntax, with a page that follows.
fn document(syntax: Syntax) -> Vec<u8> {
    let links =
        Links { this: "https://data.example.ma/catalog?page=1", next: Some("https://data.example.ma/catalog?page=2"), ..Links::default() };
    with_outgoing(&demo(), "https://data.example.ma", |records, around| catalogue(records, around, links, syntax))
}

#[test]
fn the_catalogue_of_the_demonstration_is_read_alike() {
    let demo = demo();
    for syntax in Syntax::ALL {
        assert_eq!(same(&document(syntax), &demo.concepts, "demonstration"), demo.datasets.len(), "{syntax:?}");
    }
}

/// Statements in disorder, each of them twice: what is said of a thing lies in many places.
#[test]
fn statements_in_disorder_are_read_alike() {
    let demo = demo();
    let parsed = parse(&document(Syntax::Turtle), None, &Limits::default()).expect("read");
    let all = parsed.graph.all();
    let mut lines: Vec<String> = Vec::new();
    for step in 0..2 * all.len() {
        // 7919 is prime, and no divisor of the number of statements.
        let (_, subject, predicate, object) = &all[(step * 7919) % all.len()];
        lines.push(format!("{subject} <{predicate}> {object} ."));
    }
    assert_eq!(same(lines.join("\n").as_bytes(), &demo.concepts, "disorder"), demo.datasets.len());
}

/// Files that were made to be hard to read, and, where they are there, files that nobody here wrote.
#[test]
fn files_of_anywhere_are_read_alike() {
    let concepts = Concepts::load(&[]).expect("shipped lists");
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let folders = ["dcat_turtle", "dcat_rdf", "dcat_jsonld"].map(|name| corpus.join(name));
    let mut files = 0;
    for folder in folders.into_iter().chain(samples::folder().map(|folder| folder.join("dcat"))) {
        for entry in std::fs::read_dir(&folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_file() {
                same(&std::fs::read(&path).expect("file"), &concepts, &path.display().to_string());
                files += 1;
            }
        }
    }
    assert!(files > 20, "only {files} files");
}

#[test]
fn records_of_a_file_that_fails_are_whole_or_not_there() {
    let concepts = Concepts::load(&[]).expect("shipped lists");
    let source = Source { address: None, language: None, concepts: &concepts };
    let bytes = document(Syntax::Turtle);
    let whole = read(&bytes, Limits::default().held, &concepts).0;
    let parsed = parse(&bytes, None, &Limits { held: 10, ..Limits::default() }).expect("read");
    parsed.graph.damage();
    let mut found = Vec::new();
    let (problems, _) = read_parsed(parsed, &source, &mut |one| found.push(one));
    assert_eq!(problems.last().map(|problem| problem.field.as_str()), Some("temporary file"), "{problems:?}");
    assert!(found.len() < whole.len());
    assert!(found.iter().all(|one| whole.iter().any(|(draft, ..)| *draft == one.draft)));
}
