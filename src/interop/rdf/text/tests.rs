//! A file that is read piece by piece says the same as one that is held.

use std::io::Write;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::interop::rdf::aside::tests::plain;
use crate::interop::rdf::depth::Depth;
use crate::interop::rdf::guard::skip_to;
use crate::interop::rdf::{Limits, Parsed, parse, parse_file};

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("file");
    file.write_all(bytes).expect("written");
    file
}

type Said = Result<(Vec<String>, Vec<Problem>), Problem>;

fn said(parsed: Result<Parsed, Problem>) -> Said {
    parsed.map(|parsed| (plain(&parsed.graph), parsed.problems))
}

/// Reads Turtle held, and in pieces of several lengths; tells whether it could be read in pieces.
fn same(bytes: &[u8], name: &str) -> bool {
    let file = file(bytes);
    let filed = Filed::of(&file).expect("a length");
    if !filed.is_plain_turtle().expect("read") {
        return false;
    }
    let limits = Limits::default();
    let held = said(parse(bytes, None, &limits));
    for piece in [3, 64, 1 << 20] {
        assert_eq!(said(parse_file(filed.in_pieces(piece), None, &limits)), held, "{name} in pieces of {piece}");
    }
    true
}

#[test]
fn documents_in_pieces_say_the_same_and_have_the_same_faults() {
    let wrong = "e:a e:p . ".repeat(60);
    for text in [
        "@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p zzz .\ne:c e:p \"three\" .",
        "@prefix e: <https://example.org/> .\n@base <https://base.example/> .\n<f2> e:title \"zwölf\" ;\n  e:issued  .\n\
         <f3> e:title \"three\" ;\n  e:issued \"2019\" .\n<f4> e:issued . <f5> zzz \"six\" .\n<f6> e:title \"six\" .",
        "@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p zzz ;\n  e:q \"two\" .\ne:c e:p \"three\" .",
        "@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p \"two .\ne:c e:p \"three\" .\ne:d e:p \"four\" .",
        "@prefix e: <https://example.org/> .\ne:a e:p \"\"\"long\n # text . \"\"\" , 1.5 , [ e:q ( 1 2 ) ] .\r\n\r\n# the end",
        &format!("@prefix e: <https://example.org/> . e:a e:p \"one\" . {wrong} e:b e:p \"two\" ."),
        "@prefix e: <https://example.org/> .\ne:a e:p e:b",
        "Sehr geehrte Damen und Herren",
    ] {
        assert!(same(text.as_bytes(), text), "{text}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/dcat_turtle");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        // Most of them are no text any more.
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("file")).replace('\0', " ");
        files += usize::from(same(text.as_bytes(), &path.display().to_string()));
    }
    assert!(files > 10, "only {files} files");
}

#[test]
fn what_is_not_plain_turtle_is_told() {
    let is_plain = |bytes: &[u8]| Filed::of(&file(bytes)).expect("a length").in_pieces(5).is_plain_turtle().expect("read");
    assert!(is_plain("<https://example.org/é> a <https://example.org/日本語> .".as_bytes()));
    for bytes in [
        &b""[..],
        b" \n ",
        b"\xef\xbb\xbf<a:a> a <a:b> .",
        b"<a:a> a <a:b> . # caf\xe9",
        b"<a:a> a <a:b> . # caf\xc3",
        b"<a:a> a <a:b> . \0",
        b"<?xml version='1.0'?><a/>",
        b"{\"@id\": \"a:a\"}",
        b"<never ends",
    ] {
        assert!(!is_plain(bytes), "{bytes:?}");
    }
}

#[test]
fn a_deep_document_is_refused_in_pieces_too() {
    let file = file("<a:a> <a:p> [ <a:p> ".repeat(100).as_bytes());
    let filed = Filed::of(&file).expect("a length").in_pieces(7);
    let refusal = parse_file(filed, None, &Limits::default()).map(|_| ()).expect_err("too deep");
    assert_eq!((refusal.field.as_str(), refusal.value.as_str()), ("depth", "65"));
    let few = Limits { bytes: 40, ..Limits::default() };
    assert!(parse_file(filed, None, &few).is_err_and(|problem| problem.field == "size"));
}

#[test]
fn a_file_that_becomes_shorter_is_told() {
    let file = file(&b"<a:a> <a:p> <a:o> .\n".repeat(100));
    let filed = Filed::of(&file).expect("a length").in_pieces(64);
    file.set_len(500).expect("cut");
    assert!(parse_file(filed, None, &Limits::default()).is_err_and(|problem| problem.field == "file"));
}

/// How deep a text goes, looked at whole.
fn deepest(bytes: &[u8]) -> usize {
    let (mut at, mut depth, mut deepest) = (0usize, 0usize, 0usize);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => at = skip_to(bytes, at, b"\n"),
            b'<' => at = skip_to(bytes, at, b">"),
            quote @ (b'"' | b'\'') => {
                let triple = [*quote; 3];
                let long = bytes.get(at - 1..at + 2) == Some(&triple[..]);
                at = if long { skip_to(bytes, at + 2, &triple) } else { skip_to(bytes, at, &triple[..1]) };
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

proptest! {
    #[test]
    fn any_text_in_pieces_says_the_same(text in "[\\[\\]<>\"'@:a-cé.;,()^_\\\\ \n-]{0,120}") {
        same(text.as_bytes(), &text);
        let text = format!("@prefix a: <https://example.org/> .\na:a a:b a:c .\na:b a:c {text} .\na:c a:a \"the end\" .");
        prop_assert!(same(text.as_bytes(), &text));
    }

    #[test]
    fn depth_is_the_same_in_pieces(text in "[\\[\\]()<>#\"'\\\\a\n]{0,60}", piece in 1..9usize) {
        let depth = deepest(text.as_bytes());
        let look = |most: usize| {
            let mut counted = Depth::new(most);
            text.as_bytes().chunks(piece).try_for_each(|piece| counted.look(piece))
        };
        prop_assert!(look(depth).is_ok());
        prop_assert!(depth == 0 || look(depth - 1).is_err());
    }
}
