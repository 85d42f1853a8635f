//! Tests of the syntaxes by themselves.

use oxrdf::NamedOrBlankNode;

use super::names::{DCT, SCHEMA};
use super::*;

fn read(bytes: &[u8]) -> Result<Parsed, String> {
    parse(bytes, None, &Limits::default()).map_err(|problem| problem.to_string())
}

fn titles(parsed: &Parsed) -> Vec<String> {
    parsed.graph.with_property(DCT, "title").into_iter().map(|(_, object)| object.to_string()).collect()
}

#[test]
fn the_three_syntaxes_say_the_same_and_are_told_by_content() {
    let mut builder = Builder::default();
    let subject: NamedOrBlankNode = thing("https://example.org/a").expect("address").into();
    builder.say(&subject, DCT, "title", words("Enquête <&>\r\n\"x\" 'y'\\", "zgh-Tfng"));
    builder.say(&subject, DCT, "extent", typed("12", "integer"));
    let inner = builder.part();
    builder.say(&subject, DCT, "spatial", inner.clone());
    builder.say(&inner, DCT, "title", plain(" Rabat "));
    let triples = builder.finish();
    for syntax in Syntax::ALL {
        let bytes = write(&triples, syntax).expect("written");
        // What stands there as it is comes back as a line feed from parsers of XML.
        assert!(syntax != Syntax::RdfXml || (!bytes.contains(&b'\r') && bytes.windows(6).any(|part| part == b"&#13;\n")));
        let parsed = read(&bytes).expect("read");
        assert_eq!(parsed.syntax, syntax);
        assert_eq!(parsed.graph.all().len(), 4, "{syntax:?}");
        let found = titles(&parsed);
        assert!(found.contains(&"\" Rabat \"".to_owned()), "{syntax:?} {found:?}");
        assert!(found.contains(&r#""Enquête <&>\r\n\"x\" 'y'\\"@zgh-tfng"#.to_owned()), "{syntax:?} {found:?}");
    }
}

#[test]
fn turtle_that_begins_like_something_else_is_turtle() {
    for (text, syntax) in [
        ("<https://example.org/a> a <https://example.org/B> .", Syntax::Turtle),
        ("[] a <https://example.org/B> .", Syntax::Turtle),
        (" \n[ {\"@id\": \"https://example.org/a\"} ]", Syntax::JsonLd),
        ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", Syntax::RdfXml),
        ("<?xml version='1.0'?><a/>", Syntax::RdfXml),
        ("prefix dct: <http://purl.org/dc/terms/>", Syntax::Turtle),
    ] {
        assert_eq!(Syntax::of(text), syntax, "{text}");
    }
}

#[test]
fn a_text_beside_an_address_is_told_and_the_rest_is_read() {
    let xml = r#"<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">
  <rdf:Description rdf:about="https://example.org/a">
    <dct:title xml:lang="fr">Enquête</dct:title>
    <dct:license rdf:resource="https://example.org/l">Licence &amp; <![CDATA[conditions]]></dct:license>
    <dct:publisher rdf:resource="https://example.org/p">
    </dct:publisher>
  </rdf:Description>
</rdf:RDF>"#;
    let parsed = read(xml.as_bytes()).expect("read");
    assert_eq!((titles(&parsed), parsed.graph.all().len()), (vec![r#""Enquête"@fr"#.to_owned()], 3));
    let [told] = parsed.problems.as_slice() else { panic!("{:?}", parsed.problems) };
    assert_eq!((told.field.as_str(), told.value.as_str()), ("line 5", ""));
    assert!(told.remedy.contains("`dct:license`"), "{told:?}");
    // A catalogue that does it everywhere is told so in few lines.
    let many = xml.replace(
        "</dct:publisher>",
        &format!("x</dct:publisher>{}", "<dct:type rdf:resource=\"https://example.org/t\">T</dct:type>".repeat(200)),
    );
    let problems = read(many.as_bytes()).expect("read").problems;
    let counted = problems.last().map(|last| (last.field.as_str(), last.value.as_str()));
    assert_eq!((problems.len(), counted), (51, Some(("rdf:resource", "152"))));
}

#[test]
fn utf_8_that_declares_single_bytes_is_read_as_utf_8_and_told() {
    let xml = |encoding: &str, title: &str| {
        format!(
            "<?xml version='1.0' encoding='{encoding}'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
             xmlns:dct='http://purl.org/dc/terms/'><rdf:Description rdf:about='https://example.org/a'>\
             <dct:title xml:lang='fr'>{title}</dct:title></rdf:Description></rdf:RDF>"
        )
    };
    for (encoding, title) in [("ISO-8859-1", "Enquête"), ("windows-1256", "الهجرة")] {
        let parsed = read(xml(encoding, title).as_bytes()).expect("read");
        assert_eq!(titles(&parsed), [format!("\"{title}\"@fr")]);
        let told: Vec<_> = parsed.problems.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        assert_eq!(told, [("encoding", encoding)]);
    }
    let parsed = read(xml("ISO-8859-1", "Survey").as_bytes()).expect("read");
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
}

#[test]
fn encodings_are_read_as_declared_marked_or_guessed() {
    let turtle = "<https://example.org/a> <http://purl.org/dc/terms/title> \"Enquête générale\"@fr .";
    let wide: Vec<u8> = turtle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [&[0xFF, 0xFE][..], &wide].concat();
    let with_mark = [&[0xEF, 0xBB, 0xBF][..], turtle.as_bytes()].concat();
    for bytes in [wide, marked, with_mark] {
        let parsed = read(&bytes).expect("read");
        assert_eq!(titles(&parsed), [r#""Enquête générale"@fr"#]);
        assert!(parsed.problems.is_empty());
    }
    let latin: Vec<u8> = turtle.chars().map(|c| c as u8).collect();
    let parsed = read(&latin).expect("read");
    assert_eq!(titles(&parsed), [r#""Enquête générale"@fr"#]);
    assert_eq!(parsed.problems[0].field, "encoding");
    let xml = "<?xml version=\"1.0\" encoding='ISO-8859-1'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
               xmlns:d='http://purl.org/dc/terms/'><rdf:Description><d:title>Enquête</d:title></rdf:Description></rdf:RDF>";
    let latin: Vec<u8> = xml.chars().map(|c| c as u8).collect();
    let parsed = read(&latin).expect("read");
    assert_eq!((titles(&parsed), parsed.problems.len()), (vec!["\"Enquête\"".to_owned()], 0));
}

#[test]
fn hostile_documents_are_refused_with_the_reason() {
    let deep_json = format!("{}\"x\"{}", "{\"https://example.org/p\":[".repeat(5000), "]}".repeat(5000));
    let deep_xml = format!("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{}", "<rdf:Description>".repeat(100_000));
    let deep_turtle = format!("<https://example.org/a> <https://example.org/p> {}", "[ <https://example.org/p> ".repeat(100_000));
    let lists = format!("<https://example.org/a> <https://example.org/p> {}", "( ".repeat(100_000));
    let laughs = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><r>&b;</r>";
    for (document, reason) in [
        (deep_json.as_str(), "nested deeper than 64"),
        (&deep_xml, "nested deeper than 64"),
        (&deep_turtle, "nested deeper than 64"),
        (&lists, "nested deeper than 64"),
        (laughs, "document type"),
        (r#"{"@context":"https://example.org/context.jsonld","@id":"https://example.org/a"}"#, "nothing is fetched"),
        (r#"{"@context":[{"@import":"http://169.254.169.254/"}]}"#, "nothing is fetched"),
        (r#"{"@context":"https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"}"#, "DATA_JSON"),
        ("{\"a\":", "not JSON"),
        ("<?xml version='1.0'?><a><b></a>", "well-formed"),
        ("<!doctype html><html><body>login</body></html>", "document type"),
        ("a\0b", "zero character"),
        (" ", "empty"),
        ("Sehr geehrte Damen und Herren", "neither Turtle"),
    ] {
        let refusal = read(document.as_bytes()).map(|_| ()).expect_err(reason);
        assert!(refusal.contains(reason), "{refusal} for {}", document.chars().take(60).collect::<String>());
    }
    let few = Limits { bytes: 40, depth: 4, triples: 1, ..Limits::default() };
    assert!(parse(&[b' '; 41], None, &few).is_err_and(|p| p.field == "size"));
    let two = b"<a:a> <a:b> <a:c>, <a:d>, <a:e> .";
    assert!(parse(two, None, &few).is_err_and(|p| p.field == "statements"));
}

#[test]
fn one_wrong_statement_of_turtle_is_named_and_the_rest_is_read() {
    let parsed = read(b"@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p zzz .\ne:c e:p \"three\" .").expect("read");
    assert_eq!(parsed.graph.all().len(), 2);
    assert_eq!(parsed.problems[0].field.split(',').next(), Some("line 3"));
}

/// A value that is missing before the full stop takes nothing of the next statement with it, and places are told in the whole document.
#[test]
fn a_statement_that_ends_too_early_does_not_swallow_the_next() {
    let text = "@prefix e: <https://example.org/> .\n@base <https://base.example/> .\n<f2> e:title \"two\" ;\n  e:issued  .\n\
                <f3> e:title \"three\" ;\n  e:issued \"2019\" .\n<f4> e:issued . <f5> zzz \"six\" .\n<f6> e:title \"six\" .";
    let parsed = read(text.as_bytes()).expect("read");
    let titles: Vec<String> =
        parsed.graph.with_property("https://example.org/", "title").into_iter().map(|(subject, _)| subject.to_string()).collect();
    assert_eq!(titles, ["<https://base.example/f2>", "<https://base.example/f3>", "<https://base.example/f6>"]);
    assert_eq!(parsed.graph.with_property("https://example.org/", "issued").len(), 1);
    let places: Vec<&str> = parsed.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(places, ["line 4, column 13", "line 7, column 15", "line 7, column 22"]);
}

/// What is left out behind an error is told, where nothing says where the next statement begins.
#[test]
fn what_is_left_out_behind_an_error_is_told() {
    let text = "@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p zzz ;\n  e:q \"two\" .\ne:c e:p \"three\" .";
    let parsed = read(text.as_bytes()).expect("read");
    assert!(parsed.problems[0].remedy.ends_with("up to line 4"), "{:?}", parsed.problems);
    assert_eq!(parsed.graph.all().len(), 2);
    let unclosed = "@prefix e: <https://example.org/> .\ne:a e:p \"one\" .\ne:b e:p \"two .\ne:c e:p \"three\" .\ne:d e:p \"four\" .";
    let parsed = read(unclosed.as_bytes()).expect("read");
    assert!(parsed.problems.iter().any(|problem| problem.remedy.contains("what follows")), "{:?}", parsed.problems);
    let wrong = "e:a e:p . ".repeat(60);
    let parsed = read(format!("@prefix e: <https://example.org/> . e:a e:p \"one\" . {wrong} e:b e:p \"two\" .").as_bytes()).expect("read");
    assert_eq!(parsed.problems.len(), 51);
    assert!(parsed.problems[50].remedy.contains("was not read"), "{:?}", parsed.problems[50]);
}

#[test]
fn the_context_of_schema_org_is_known_and_others_are_not() {
    let parsed = read(br#"{"@context":"https://schema.org/","@type":"Dataset","name":"x"}"#).expect("read");
    assert_eq!(parsed.graph.with_property(SCHEMA, "name").len(), 1);
    assert_eq!(parsed.graph.of_class(SCHEMA, "Dataset").len(), 1);
}

#[test]
fn who_runs_in_circles_runs_out_of_budget() {
    let parsed = read(b"<a:a> <a:b> <a:a>, <a:c> .").expect("read");
    let subject: NamedOrBlankNode = thing("a:a").expect("address").into();
    let looked = (0..2_000_000).take_while(|_| !parsed.graph.about(&subject).is_empty()).count();
    assert!(looked < 400_000 && parsed.graph.is_exhausted(), "{looked}");
}

#[test]
fn what_nobody_sees_is_taken_out() {
    assert_eq!(clean("a\u{202E}b\0c\u{200B}"), ("abc".to_owned(), true));
    assert_eq!(clean("\u{200F}العربية\u{200E}"), ("\u{200F}العربية\u{200E}".to_owned(), false));
}
