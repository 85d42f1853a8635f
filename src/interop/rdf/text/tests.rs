//! A file that is read piece by piece says the same as one that is held.

use std::path::Path;

use oxrdf::graph::CanonicalizationAlgorithm;
use oxrdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use proptest::prelude::*;

use crate::domain::problem::Problem;
use crate::interop::filed::{Filed, file_of as file};
use crate::interop::rdf::aside::tests::plain;
use crate::interop::rdf::depth::Depth;
use crate::interop::rdf::guard::skip_to;
use crate::interop::rdf::{Limits, Parsed, Syntax, parse, parse_file};

type Said = Result<(Vec<String>, Vec<Problem>), Problem>;

fn said(parsed: Result<Parsed, Problem>) -> Said {
    parsed.map(|parsed| (plain(&parsed.graph), parsed.problems))
}

/// What a document says, whatever the order and whatever things without an address are called.
fn meant(parsed: Result<Parsed, Problem>) -> Result<(Vec<String>, Vec<Problem>), String> {
    let parsed = parsed.map_err(|problem| problem.field)?;
    let triple = |(_, subject, predicate, object): (usize, NamedOrBlankNode, String, Term)| {
        Triple::new(subject, NamedNode::new_unchecked(predicate), object)
    };
    let mut graph: oxrdf::Graph = parsed.graph.all().into_iter().map(triple).collect();
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    let mut statements: Vec<String> = graph.iter().map(|triple| triple.to_string()).collect();
    statements.sort_unstable();
    Ok((statements, parsed.problems))
}

/// Reads a document held, and in pieces of several lengths; tells whether it could be read in pieces.
fn same(bytes: &[u8], name: &str) -> bool {
    let file = file(bytes);
    let filed = Filed::of(&file).expect("a length");
    if !filed.is_plain().expect("read") {
        return false;
    }
    let limits = Limits::default();
    let is_json = Syntax::of(std::str::from_utf8(bytes).expect("text")) == Syntax::JsonLd;
    for piece in [3, 64, 1 << 20] {
        let (in_pieces, held) = (parse_file(filed.in_pieces(piece), None, &limits), parse(bytes, None, &limits));
        if is_json {
            assert_eq!(meant(in_pieces), meant(held), "{name} in pieces of {piece}");
        } else {
            assert_eq!(said(in_pieces), said(held), "{name} in pieces of {piece}");
        }
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
    for folder in ["dcat_turtle", "dcat_rdf", "dcat_jsonld", "schema_org"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(folder);
        let mut files = 0;
        for entry in std::fs::read_dir(path).expect("folder") {
            let path = entry.expect("entry").path();
            // Most of them are no text any more.
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("file")).replace('\0', " ");
            files += usize::from(same(text.as_bytes(), &path.display().to_string()));
        }
        assert!(files > 10, "only {files} files of {folder}");
    }
}

#[test]
fn rdf_xml_in_pieces_has_its_texts_beside_addresses_told() {
    let root = "<?xml version='1.0' encoding='UTF-8'?>\n<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='https://example.org/'>\n";
    let beside = "<e:p rdf:resource='https://example.org/o'>né &amp; <![CDATA[<là>]]></e:p>\n";
    for inside in [
        format!("<e:C rdf:about='https://example.org/a'>{beside}<e:q xml:lang='fr'>é&#233;</e:q>{beside}<e:r><e:D/></e:r></e:C>"),
        format!("<e:C>{}</e:C>", beside.repeat(60)),
        "<e:C rdf:about='https://example.org/a'><e:p>é</e:q></e:C>".to_owned(),
        "<e:C><e:p>".repeat(80),
        "<e:C rdf:about='a'><e:p rdf:resource='b'>  </e:p></e:C><!-- é -->".to_owned(),
        "<e:C".to_owned(),
    ] {
        let text = format!("{root}{inside}</rdf:RDF>");
        assert!(same(text.as_bytes(), &text), "{text}");
    }
    let hidden = format!("{}<!DOCTYPE rdf:RDF [<!ENTITY a 'b'>]>{}", &root[..39], &root[39..]);
    assert!(same(hidden.as_bytes(), "document type"));
}

#[test]
fn json_ld_in_pieces_keeps_contexts_names_and_lists() {
    let node =
        |n: usize| format!("{{\"@id\":\"https://example.org/{n}\",\"t\":[\"un \\\" ] é\",\"deux\"],\"to\":{{\"@id\":\"_:b{}\"}}}}", n % 3);
    let nodes = |count: usize| (0..count).map(node).collect::<Vec<_>>().join(" ,\n ");
    let context = r#"{"@vocab":"https://example.org/v#","id":"@id","type":"@type","order":{"@id":"https://example.org/order","@container":"@list"},
        "raw":{"@id":"https://example.org/raw","@type":"@json"},"t":{"@language":"fr"},"Scoped":{"@id":"https://example.org/S","@context":{"t":"https://example.org/scoped"}}}"#;
    for text in [
        format!("{{\"@context\":{context},\"@graph\":[{}]}}", nodes(40)),
        format!("{{\"@graph\":[{}],\"@context\":{context}}}", nodes(40)),
        format!("{{\"@context\":{context},\"@id\":\"https://example.org/g\",\"p\":[1,2.50,true,null],\"@graph\":[{}]}}", nodes(9)),
        format!(
            "{{\"@context\":{context},\"id\":\"https://example.org/c\",\"type\":[\"Catalog\"],\"dataset\":[{}],\"record\":[{}]}}",
            nodes(20),
            nodes(4)
        ),
        // The thing itself has no name, and all is said of the same one.
        format!(
            "{{\"@context\":{context},\"type\":\"Scoped\",\"t\":\"name\",\"dataset\":[{}],\"publisher\":{{\"t\":\"x\"}},\"part\":[{}]}}",
            nodes(20),
            nodes(20)
        ),
        format!("{{\"@context\":{context},\"order\":[{}],\"raw\":[{}]}}", nodes(7), nodes(7)),
        format!("[{},{{\"@context\":{context},\"t\":\"x\"}}]", nodes(30)),
        format!("{{\"@context\":[{context},{{\"t\":\"https://example.org/other\"}}],\"@included\":[{}]}}", nodes(7)),
        format!("{{\"@context\":{context},\"part\":[{}],\"part\":[{}]}}", nodes(7), nodes(3)),
        format!("{{\"@context\":\"https://schema.org/\",\"@graph\":[{}]}}", nodes(7)),
        format!("{{\"@context\":\"https://elsewhere.example/\",\"@graph\":[{}]}}", nodes(7)),
        format!("{{\"@context\":{context},\"@graph\":[{},]}}", nodes(7)),
        format!("{{\"@context\":{context},\"@graph\":[{}]", nodes(7)),
    ] {
        assert!(same(text.as_bytes(), &text), "{text}");
    }
}

#[test]
fn what_is_not_plain_is_told() {
    let is_plain = |bytes: &[u8]| Filed::of(&file(bytes)).expect("a length").in_pieces(5).is_plain().expect("read");
    assert!(is_plain("<https://example.org/é> a <https://example.org/日本語> .".as_bytes()));
    assert!(is_plain("<?xml version='1.0' encoding='utf-8'?><a>é</a>".as_bytes()));
    for bytes in [
        &b""[..],
        b" \n ",
        b"\xef\xbb\xbf<a:a> a <a:b> .",
        b"<a:a> a <a:b> . # caf\xe9",
        b"<a:a> a <a:b> . # caf\xc3",
        b"<a:a> a <a:b> . \0",
        b"<never ends",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xa9</a>",
        b"<?xml version='1.0' encoding='windows-1256'?><a/>",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
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
