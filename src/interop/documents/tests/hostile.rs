use super::builders::{DOCX_TYPE, archive, docx_with, pdf_of, pdf_with, rows, stream, types, xlsx};
use super::{accepted, refused};

#[test]
fn programs_pages_archives_and_pictures_are_refused_by_what_they_are() {
    for (bytes, what) in [
        (b"MZ\x90\0".as_slice(), "Windows program"),
        (b"\x7fELF\x02", "Linux program"),
        (b"#!/bin/sh\nrm", "script"),
        (b"<?php echo 1;", "script"),
        (b"<!DOCTYPE html><p>x", "web page"),
        (b"  \n<HTML><body>", "web page"),
        (b"text with <script>alert(1)</script>", "web page"),
        (b"<svg xmlns='x'/>", "SVG"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"{\\rtf1 x}", "RTF"),
        (b"%!PS-Adobe", "PostScript"),
        (b"\x89PNG\r\n", "picture"),
        (b"Rar!\x1a", "archive"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"SQLite format 3\0", "database"),
        (b"$FL2@(#) SPSS", "data file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "former version"),
        (b"a\0\x01\x02\x03\x04\x05", "none of the types"),
    ] {
        let told = refused("notes.txt", bytes);
        assert!(told.contains(what), "{what}: {told}");
    }
    let sealed: Vec<u8> =
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".iter().copied().chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(refused("a.docx", &sealed).contains("password"));
}

#[test]
fn packages_with_active_or_foreign_parts_are_refused() {
    let relation = |kind: &str, mode: &str| {
        format!(
            "<Relationships><Relationship Id=\"r\" Type=\"http://x/{kind}\" Target=\"http://example.org/x\" TargetMode=\"{mode}\"/></Relationships>"
        )
    };
    let (template, link) = (relation("attachedTemplate", "External"), relation("hyperlink", "External"));
    let rels = "word/_rels/document.xml.rels";
    let inner = archive(&[("a.txt", b"x")]);
    for (name, bytes, what) in [
        ("word/vbaProject.bin", b"x".as_slice(), "macros"),
        ("word/embeddings/sheet1.xlsx", b"x", "embedded"),
        ("word/media/image1.png", &inner, "embedded"),
        ("word/media/image2.emf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "embedded"),
        ("word/activeX/activeX1.xml", b"<a/>", "embedded"),
        (rels, template.as_bytes(), "fetches parts from elsewhere"),
        ("word/header1.xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><w:hdr>&b;</w:hdr>", "document type"),
        ("word/header1.xml", b"<w:hdr><w:p><w:instrText> DDEAUTO c:\\x</w:instrText></w:p></w:hdr>", "DDE"),
        ("word/header1.xml", b"<w:hdr><w:p></w:hdr>", "damaged"),
    ] {
        let told = refused("a.docx", &docx_with(&[], &[], &[(name, bytes)]));
        assert!(told.contains(what), "{name}: {told}");
    }
    accepted("a.docx", &docx_with(&["see the link".to_owned()], &[], &[(rels, link.as_bytes())]));
}

#[test]
fn other_packages_are_refused_with_the_way_out() {
    let of = |main: &str| archive(&[("[Content_Types].xml", types(main).as_bytes())]);
    let odf = |media_type: &str, more: &str| archive(&[("mimetype", media_type.as_bytes()), ("content.xml", b"<a/>"), (more, b"<a/>")]);
    for (bytes, what) in [
        (archive(&[("a.txt", b"x")]), "archive (ZIP)"),
        (of("application/vnd.ms-word.document.macroEnabled.main+xml"), "carries macros"),
        (of("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), "presentation"),
        (of("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), "template"),
        (odf("application/vnd.oasis.opendocument.spreadsheet", "x"), "another type"),
        (odf("application/vnd.oasis.opendocument.text", "Basic/Standard/Module1.xml"), "macros"),
        (
            archive(&[
                ("mimetype", b"application/vnd.oasis.opendocument.text"),
                ("content.xml", b"<a/>"),
                ("META-INF/manifest.xml", b"<m><encryption-data/></m>"),
            ]),
            "password",
        ),
        (
            archive(&[
                ("mimetype", b"application/vnd.oasis.opendocument.text"),
                ("content.xml", b"<o><draw:image xlink:href=\"http://example.org/a.png\"/></o>"),
            ]),
            "elsewhere",
        ),
    ] {
        let told = refused("a", &bytes);
        assert!(told.contains(what), "{what}: {told}");
    }
}

#[test]
fn bombs_and_absurd_claims_are_refused_quickly() {
    let zeros = vec![b' '; 30 * 1024 * 1024];
    let many: Vec<(String, Vec<u8>)> = (0..2_100).map(|index| (format!("word/{index}.xml"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let deep = "<w:p>".repeat(100_000);
    let content_types = types(DOCX_TYPE);
    let head = ("[Content_Types].xml", content_types.as_bytes());
    for (bytes, what) in [
        (archive(&[head, ("word/document.xml", &zeros)]), "far larger inside"),
        (archive(&many), "far larger inside"),
        (archive(&[head, ("word/document.xml", deep.as_bytes())]), "damaged"),
        (b"PK\x05\x06".to_vec(), "damaged"),
    ] {
        let told = refused("a.docx", &bytes);
        assert!(told.contains(what), "{what}: {told}");
    }
}

#[test]
fn a_list_of_strings_that_claims_to_be_endless_reserves_nothing() {
    let book = xlsx(&[rows(&["a|b", "c|d"])]);
    let mut archive_of = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("workbook");
    let mut members = Vec::new();
    for index in 0..archive_of.len() {
        let mut member = archive_of.by_index(index).expect("member");
        let name = member.name().expect("name").into_owned();
        let mut bytes = Vec::new();
        std::io::copy(&mut member, &mut bytes).expect("bytes");
        if name.ends_with("sharedStrings.xml") {
            bytes = String::from_utf8(bytes).expect("text").replace("uniqueCount=\"4\"", "uniqueCount=\"99999999999999\"").into_bytes();
        }
        members.push((name, bytes));
    }
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert!(refused("a.xlsx", &archive(&members)).contains("damaged"));
}

#[test]
fn pdfs_that_act_carry_or_hide_are_refused() {
    let text = rows(&["text"]);
    for (catalogue, what) in [
        ("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "by itself"),
        ("/OpenAction << /S /Launch /F (cmd.exe) >>", "by itself"),
        ("/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /EF << /F 4 0 R >> >>] >> >>", "other files inside"),
        ("/AcroForm << /XFA 4 0 R >>", "by itself"),
    ] {
        let told = refused("a.pdf", &pdf_with(&text, catalogue));
        assert!(told.contains(what), "{catalogue}: {told}");
    }
    let pages = [b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec()];
    let sealed = pdf_of(
        &pages,
        "/Encrypt << /Filter /Standard /V 1 /R 2 /O (12345678901234567890123456789012) /U (12345678901234567890123456789012) /P -4 >> /ID [(a) (b)]",
    );
    assert!(refused("a.pdf", &sealed).contains("protected"));
    assert!(refused("a.pdf", b"%PDF-1.7\nnothing").contains("damaged"));
    let nested =
        [b"%PDF-1.7\n1 0 obj\n".to_vec(), b"[".repeat(400_000), b"]".repeat(400_000), b"\nendobj\ntrailer<</Root 1 0 R>>".to_vec()]
            .concat();
    refused("a.pdf", &nested);
}

#[test]
fn text_in_a_drawing_that_a_page_calls_is_read() {
    let lines: String = (0..6).map(|i| format!("BT /F 10 Tf 1 0 0 1 40 {} Tm (cas 385-14C1000{i}) Tj ET\n", 700 - i * 20)).collect();
    let bytes = pdf_of(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>".to_vec(),
            stream("", b"/X Do"),
            stream("/Type /XObject /Subtype /Form /BBox [0 0 600 800]", lines.as_bytes()),
        ],
        "",
    );
    assert!(refused("a.pdf", &bytes).contains("UNHCR"));
}

/// Lines of five cases and more, which must be found wherever they lie.
fn cases() -> Vec<String> {
    (0..6).map(|number| format!("cas 385-14C1000{number}")).collect()
}

/// A package with one more member.
fn with_member(package: &[u8], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive_of = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("package");
    let mut members = vec![(name.to_owned(), bytes.to_vec())];
    for index in 0..archive_of.len() {
        let mut member = archive_of.by_index(index).expect("member");
        let mut bytes = Vec::new();
        std::io::copy(&mut member, &mut bytes).expect("bytes");
        members.push((member.name().expect("name").into_owned(), bytes));
    }
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    archive(&members)
}

#[test]
fn every_part_of_a_word_file_is_read_wherever_it_lies() {
    let paragraphs = |tag: &str| {
        cases().iter().map(|line| format!("<{tag}:p><{tag}:r><{tag}:t>{line}</{tag}:t></{tag}:r></{tag}:p>")).collect::<String>()
    };
    let (word, drawn) = (format!("<x>{}</x>", paragraphs("w")), format!("<x>{}</x>", paragraphs("a")));
    let bare: String = cases().iter().map(|line| format!("<v>{line}</v>")).collect();
    let bare = format!("<x>{bare}</x>");
    for (name, text) in [
        ("story/main.xml", &word),
        ("word/other.bin", &word),
        ("word/diagrams/data1.xml", &drawn),
        ("word/charts/chart1.xml", &bare),
        ("customXml/item1.xml", &bare),
    ] {
        let told = refused("a.docx", &docx_with(&["A protocol.".to_owned()], &[], &[(name, text.as_bytes())]));
        assert!(told.contains("UNHCR"), "{name}: {told}");
    }
    let told = refused("a.xlsx", &with_member(&xlsx(&[rows(&["a|b", "c|d"])]), "xl/comments1.xml", bare.as_bytes()));
    assert!(told.contains("UNHCR"), "{told}");
    let dde = b"<w:hdr><w:p><w:instrText> DDEAUTO c:\\x</w:instrText></w:p></w:hdr>";
    assert!(refused("a.docx", &docx_with(&[], &[], &[("word/header1.bin", dde)])).contains("DDE"));
}

#[test]
fn what_lies_behind_a_bound_is_refused_and_not_passed_over() {
    let told = refused("a.txt", "word\n".repeat(200_001).as_bytes());
    assert!(told.contains("more lines"), "{told}");
    accepted("a.txt", "word\n".repeat(200_000).as_bytes());
    // One long line is looked at to its end.
    let long = format!("{} {}\n", "word ".repeat(2_000), cases().join(" "));
    assert!(refused("a.txt", long.as_bytes()).contains("UNHCR"));
    let wide = |cells: usize| format!("{}\n", (0..cells).map(|cell| format!("c{cell}")).collect::<Vec<_>>().join(";")).repeat(3);
    accepted("a.csv", wide(512).as_bytes());
    assert!(refused("a.csv", wide(513).as_bytes()).contains("wider tables"));
    // A cell of a table in Word takes so many letters; the others are lines.
    let cell = format!(
        "<w:tc>{}</w:tc>",
        ["word ".repeat(90)].into_iter().chain(cases()).map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")).collect::<String>()
    );
    let table = format!("<w:hdr><w:tbl><w:tr>{cell}</w:tr></w:tbl></w:hdr>");
    assert!(refused("a.docx", &docx_with(&[], &[], &[("word/header1.xml", table.as_bytes())])).contains("UNHCR"));
}

#[test]
fn a_pdf_that_is_not_read_to_its_end_is_refused() {
    let page = |content: &[u8]| {
        pdf_of(
            &[
                b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
                b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_vec(),
                stream("", content),
            ],
            "",
        )
    };
    let show = "BT /F 10 Tf 1 0 0 1 40 700 Tm (A protocol.) Tj ET";
    accepted("a.pdf", &page(format!("{show}\n% a remark").as_bytes()));
    for broken in ["] ", ">> ", "BI /W 1 ID x ", "(open "] {
        let told = refused("a.pdf", &page(format!("{show} {broken}{show}").as_bytes()));
        assert!(told.contains("damaged"), "{broken}: {told}");
    }
    // Actions that follow one another deeper than is looked at.
    let chain = |levels: usize| format!("/OpenAction {}<< /S /URI >>{}", "<< /S /URI /Next ".repeat(levels), " >>".repeat(levels));
    accepted("a.pdf", &pdf_with(&rows(&["text"]), &chain(40)));
    let told = refused("a.pdf", &pdf_with(&rows(&["text"]), &chain(80)));
    assert!(told.contains("deeper") || told.contains("damaged"), "{told}");
    let many = format!("BT /F 10 Tf {} ET", "(a) Tj ".repeat(200_001));
    assert!(refused("a.pdf", &page(many.as_bytes())).contains("more pages or drawings"));
}
