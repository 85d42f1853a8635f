//! What holds for a report in every format: nothing from outside gets through, nothing is lost, equal reports give equal bytes.

use std::io::Read;

use time::macros::datetime;

use super::*;

const HOSTILE: &str =
    "<script>alert('1')</script> \"&\" | `x` *y* _z_ [a](javascript:alert(2)) \u{202E}\u{0}\u{1B}# ]]> --> https://evil.example";

fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Span::text(text)])
}

fn picture() -> Figure {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='200' height='80' direction=\"rtl\">\
        <script>alert(1)</script><image xlink:href='file:///etc/hostname' width='10' height='10'/><rect width='200' height='80' fill='#eee'/>\
        <text x='190' y='40' font-size='12'>المنطقة (HCP 2014)<title>x</title></text></svg>";
    let data = Table {
        columns: vec![Column::text("State", 3), Column::number("Records", 1)],
        rows: vec![vec![vec![Span::text("NOT_DOCUMENTED")], vec![Span::text("28")]]],
        has_row_heads: true,
        ..Table::default()
    };
    Figure { caption: "Grid".to_owned(), alternative: format!("Four states {HOSTILE}"), svg: svg.to_owned(), data: Some(data) }
}

fn statement() -> HumanText {
    HumanText {
        what: "Challenge".to_owned(),
        who: vec![Span::text("Statistics office, "), Span::link("HCP", "https://example.org/institutions/hcp")],
        on: "2022-04-02".to_owned(),
        is_validated: false,
        language: Some("fr".to_owned()),
        blocks: vec![paragraph("Les définitions ont changé."), Block::List { is_ordered: false, items: vec![vec![Span::text("Un")]] }],
    }
}

fn table(rows: usize) -> Table {
    Table {
        caption: "Sources".to_owned(),
        columns: vec![Column::text("Title", 3), Column::text("Holder", 2), Column::number("Records", 1)],
        rows: (0..rows)
            .map(|row| {
                vec![
                    vec![Span::link(format!("Record {row}"), format!("https://example.org/d/{row}?a=1&b=2"))],
                    vec![Span::text("المندوبية السامية للتخطيط")],
                ]
            })
            .collect(),
        has_row_heads: true,
    }
}

fn report(language: &'static str, rows: usize) -> Report {
    let spans = vec![
        Span::text("العدد في 2022-05-17: "),
        Span::Strong("86,206".to_owned()),
        Span::Foreign { language: "fr".to_owned(), text: "Haut-Commissariat au Plan (2014)".to_owned() },
        Span::link("inside", "#gaps"),
        Span::link("nowhere", "javascript:alert(3)"),
        Span::text(HOSTILE),
    ];
    let gaps = Section {
        number: "2".to_owned(),
        anchor: "gaps".to_owned(),
        heading: "Gaps".to_owned(),
        blocks: vec![Block::Figure(picture()), Block::Human(statement())],
        sections: vec![],
    };
    let inventory = Section {
        number: "1".to_owned(),
        anchor: "inventory\" onclick=\"x".to_owned(),
        heading: format!("Inventory {HOSTILE}"),
        blocks: vec![
            Block::Paragraph(spans),
            Block::Note(vec![Span::text("Read with care.")]),
            Block::List { is_ordered: true, items: vec![vec![Span::text("One")]] },
        ],
        sections: vec![Section {
            blocks: vec![Block::Table(table(rows))],
            heading: "Sources".to_owned(),
            anchor: "sources".to_owned(),
            ..Section::default()
        }],
    };
    Report {
        language,
        title: format!("Objective 1 {HOSTILE}"),
        subtitle: "المغرب، 2022".to_owned(),
        cover: vec![("Cut-off".to_owned(), vec![Span::text("2022-05-17")])],
        preface: vec![],
        sections: vec![inventory, gaps],
        publisher: format!("Rihla {HOSTILE}"),
        identifier: "urn:rihla:report:1".to_owned(),
        made_at: datetime!(2022-05-18 09:30:00 UTC),
    }
}

fn empty() -> Report {
    Report {
        title: String::new(),
        subtitle: String::new(),
        cover: vec![],
        sections: vec![],
        publisher: String::new(),
        identifier: String::new(),
        ..report("en", 0)
    }
}

fn parts(docx: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(docx)).expect("a package");
    (0..package.len())
        .map(|place| {
            let mut part = package.by_index(place).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("bytes");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn part(docx: &[u8], name: &str) -> String {
    let found = parts(docx).into_iter().find(|(part, _)| part == name).expect("the part");
    String::from_utf8(found.1).expect("UTF-8")
}

#[test]
fn equal_reports_give_equal_bytes() {
    for language in ["ar", "fr", "en"] {
        let (one, two) = (report(language, 5), report(language, 5));
        assert_eq!(write_html(&one), write_html(&two));
        assert_eq!(write_markdown(&one), write_markdown(&two));
        let fonts = Fonts::carried();
        assert_eq!(write_docx(&one, fonts.as_ref()).expect("DOCX"), write_docx(&two, fonts.as_ref()).expect("DOCX"));
    }
}

#[test]
fn html_holds_nothing_that_runs_or_loads() {
    let page = write_html(&report("ar", 3));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">"));
    for found in ["<script", "href=\"javascript", "onclick=\"", "<image", "file:///", "\u{202E}", "\u{0}", "src=\"http", "<link"] {
        assert!(!page.contains(found), "{found}");
    }
    assert!(page.contains("&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt;"));
    assert!(page.contains("<a href=\"https://example.org/d/2?a=1&amp;b=2\"><bdi>Record 2</bdi></a>"));
    assert!(page.contains("<a href=\"#gaps\"><bdi>inside</bdi></a><bdi>nowhere</bdi>"));
}

#[test]
fn html_is_read_by_ear_in_its_order() {
    let page = write_html(&report("fr", 3));
    assert_eq!(page.matches("<h1>").count(), 1);
    let levels: Vec<u8> = page
        .match_indices("<h")
        .filter_map(|(at, _)| page.as_bytes().get(at + 2))
        .filter(|b| b.is_ascii_digit())
        .map(|b| b - b'0')
        .collect();
    assert_eq!(levels, [1, 2, 2, 3, 2]);
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    assert_eq!(page.matches("<th scope=\"col\"").count(), 5);
    assert_eq!(page.matches("<th scope=\"row\"").count(), 4);
    for mark in
        ["<main id=\"rihla-text\">", "class=\"skip\" href=\"#rihla-text\"", "<nav aria-labelledby=\"rihla-contents\">", "alt=\"Four states"]
    {
        assert!(page.contains(mark), "{mark}");
    }
    assert!(page.contains("Déclaration, non produite par le logiciel – non validée"));
    assert!(page.contains("<bdi lang=\"fr\" dir=\"ltr\">Haut-Commissariat au Plan (2014)</bdi>"));
}

#[test]
fn markdown_means_nothing_that_was_not_meant() {
    let text = write_markdown(&report("ar", 2));
    assert!(text.starts_with("---\ntitle: \"Objective 1 <script>"), "a value in quotation marks");
    assert!(text.contains("\\<script\\>alert('1')\\</script\\> \"\\&\" \\| \\`x\\` \\*y\\* \\_z\\_ \\[a\\](javascript:alert(2)) # \\]\\]\\> --\\> https\\://evil.example"));
    assert!(text.contains("[\u{2068}Record 1\u{2069}](<https://example.org/d/1?a=1&b=2>)"));
    assert!(text.contains("\u{2068}2022-05-17\u{2069}") && text.contains("\u{2068}nowhere\u{2069}"));
    assert!(text.contains("| Title | Holder | Records |\n| --- | --- | ---: |\n| [\u{2068}Record 0"));
    assert!(
        text.contains("> **تصريح لم يُنشئه البرنامج – غير مصادَق عليه** – ")
            && text.contains("\n> Les définitions ont changé.\n>\n> - Un\n>\n_نهاية التصريح_")
    );
    assert!(text.contains("<div lang=\"ar\" dir=\"rtl\">\n\n# ") && text.ends_with("</div>\n"));
}

#[test]
fn docx_is_a_package_of_well_formed_parts() {
    for language in ["ar", "en"] {
        let docx = write_docx(&report(language, 3), Fonts::carried().as_ref()).expect("DOCX");
        for (name, bytes) in parts(&docx) {
            if name.ends_with(".xml") || name.ends_with(".rels") {
                let text = String::from_utf8(bytes).expect("UTF-8");
                assert!(roxmltree::Document::parse(&text).is_ok(), "{name}");
                assert!(!text.contains("javascript:alert(3)"), "{name}");
            }
        }
        let links = part(&docx, "word/_rels/document.xml.rels");
        assert!(links.contains("Target=\"https://example.org/d/2?a=1&amp;b=2\" TargetMode=\"External\""));
        let text = part(&docx, "word/document.xml");
        assert_eq!(text.matches("<w:tblHeader/>").count(), 2, "the first row of each table is repeated");
        assert_eq!(text.contains("<w:bidiVisual/>"), language == "ar");
        assert_eq!(text.contains("<w:bidi w:val=\"1\"/>"), language == "ar");
        assert!(text.contains("<w:rtl/>"), "Arabic words are written from right to left in every report");
        assert!(text.contains("<w:pStyle w:val=\"Heading1\"/>") && text.contains("<w:pStyle w:val=\"Statement\"/>"));
        assert!(text.contains("<w:hyperlink w:anchor=\"section_3\""));
        assert!(part(&docx, "docProps/core.xml").contains(&format!("<dc:language>{language}</dc:language>")));
    }
}

#[test]
fn without_fonts_a_picture_is_told_in_words() {
    let docx = write_docx(&report("en", 0), None).expect("DOCX");
    let text = part(&docx, "word/document.xml");
    assert!(!text.contains("<w:drawing>") && text.contains("Description: Four states"));
}

#[test]
fn an_empty_report_is_a_report() {
    assert!(write_html(&empty()).ends_with("</html>\n"));
    assert!(write_markdown(&empty()).starts_with("---\ntitle: \"\"\n"));
    assert!(write_docx(&empty(), Fonts::carried().as_ref()).is_ok());
}

/// These need the fonts, which a build without npm does not have.
#[cfg(rihla_fonts)]
mod with_fonts {
    use lopdf::{Document, Object};

    use super::*;

    fn pdf(report: &Report) -> Vec<u8> {
        write_pdf(report, &Fonts::carried().expect("fonts")).expect("a PDF")
    }

    fn addresses(document: &Document) -> Vec<String> {
        let action = |object: &Object| {
            Some(
                String::from_utf8_lossy(object.as_dict().ok()?.get(b"A").ok()?.as_dict().ok()?.get(b"URI").ok()?.as_str().ok()?)
                    .into_owned(),
            )
        };
        document.objects.values().filter_map(action).collect()
    }

    #[test]
    fn pdf_is_tagged_and_says_what_it_is() {
        for language in ["ar", "fr", "en"] {
            let bytes = pdf(&report(language, 3));
            assert_eq!(bytes, pdf(&report(language, 3)), "equal reports give equal bytes");
            let document = Document::load_mem(&bytes).expect("a document");
            let catalog = document.catalog().expect("a catalog");
            assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).expect("a language"), language.as_bytes());
            for entry in [b"StructTreeRoot".as_slice(), b"Outlines", b"MarkInfo"] {
                assert!(catalog.has(entry), "{}", String::from_utf8_lossy(entry));
            }
            assert!(
                String::from_utf8_lossy(&bytes).contains("pdfuaid:part"),
                "the writer found nothing that keeps anybody from reading it"
            );
            let found = addresses(&document);
            assert!(found.iter().any(|address| address == "https://example.org/d/2?a=1&b=2"), "{found:?}");
            assert!(found.iter().all(|address| address.starts_with("https://example.org/")), "{found:?}");
        }
    }

    #[test]
    fn a_table_goes_on_over_pages() {
        let long = Document::load_mem(&pdf(&report("ar", 400))).expect("a document").get_pages().len();
        let short = Document::load_mem(&pdf(&report("ar", 3))).expect("a document").get_pages().len();
        assert!(long > short + 8, "{long} pages, {short} without the table");
    }

    #[test]
    fn a_row_may_be_higher_than_a_page() {
        let mut report = report("en", 0);
        let cell = vec![Span::Text("word ".repeat(4000))];
        report.sections[0].blocks = vec![Block::Table(Table {
            columns: vec![Column::text("A", 1), Column::text("B", 1)],
            rows: vec![vec![cell]],
            ..Table::default()
        })];
        let document = Document::load_mem(&pdf(&report)).expect("a document");
        assert!(document.get_pages().len() > 6);
    }

    #[test]
    fn letters_that_the_fonts_lack_do_not_keep_a_report_from_being_written() {
        let mut report = report("fr", 0);
        report.title = "ⵣ 漢字".to_owned();
        let bytes = pdf(&report);
        assert!(!String::from_utf8_lossy(&bytes).contains("pdfuaid:part"), "it does not claim what is not so");
        assert!(Document::load_mem(&bytes).is_ok());
    }

    #[test]
    fn a_picture_is_drawn_once_and_loads_nothing() {
        let docx = write_docx(&report("ar", 0), Fonts::carried().as_ref()).expect("DOCX");
        let pictures: Vec<_> = parts(&docx).into_iter().filter(|(name, _)| name.starts_with("word/media/")).collect();
        assert_eq!(pictures.len(), 1);
        assert!(pictures[0].1.starts_with(b"\x89PNG"));
        assert!(part(&docx, "word/document.xml").contains("descr=\"Four states &lt;script&gt;"));
    }

    #[test]
    fn what_is_no_picture_is_described() {
        let mut report = report("en", 0);
        report.sections[1].blocks =
            vec![Block::Figure(Figure { svg: "<svg".to_owned(), alternative: "Nothing to see".to_owned(), ..Figure::default() })];
        assert!(
            part(&write_docx(&report, Fonts::carried().as_ref()).expect("DOCX"), "word/document.xml")
                .contains("Description: Nothing to see")
        );
        assert!(pdf(&report).starts_with(b"%PDF-"));
    }

    fn is_turned(document: &Document, page: &lopdf::ObjectId) -> bool {
        let area = document.get_dictionary(*page).and_then(|page| page.get(b"MediaBox")).and_then(Object::as_array).expect("an area");
        let side = |place: usize| area.get(place).and_then(|side| side.as_float().ok()).expect("a side");
        side(2) > side(3)
    }

    #[test]
    fn what_is_wide_gets_a_page_that_lies_on_its_long_side() {
        let mut report = report("ar", 0);
        let wide = "<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='500'><rect width='1200' height='500'/></svg>";
        report.sections[1].blocks = vec![Block::Figure(Figure { svg: wide.to_owned(), ..picture() }), paragraph("After it.")];
        let document = Document::load_mem(&pdf(&report)).expect("a document");
        assert_eq!(document.get_pages().values().filter(|page| is_turned(&document, page)).count(), 1);
        let text = part(&write_docx(&report, Fonts::carried().as_ref()).expect("DOCX"), "word/document.xml");
        assert_eq!(text.matches("w:orient=\"landscape\"").count(), 1);
    }

    #[test]
    fn a_heading_turns_with_the_wide_table_below_it() {
        let headings_on_turned_pages = |blocks: Vec<Block>| {
            let mut report = report("fr", 0);
            report.sections[1].blocks = blocks;
            let document = Document::load_mem(&pdf(&report)).expect("a document");
            let target = |object: &Object| {
                let item = object.as_dict().ok().filter(|item| item.has(b"Title"))?;
                let place = item.get(b"Dest").or_else(|_| item.get(b"A")?.as_dict()?.get(b"D")).ok()?;
                let place = document.dereference(place).ok()?.1.as_array().ok()?;
                place.first()?.as_reference().ok()
            };
            let targets: Vec<_> = document.objects.values().filter_map(target).collect();
            assert!(targets.len() >= report.sections.len(), "{targets:?}");
            targets.iter().filter(|page| is_turned(&document, page)).count()
        };
        let table = || Block::Table(Table { columns: (0..9).map(|_| Column::text("A", 1)).collect(), ..Table::default() });
        // What stands between heading and table keeps the heading on an upright page.
        let below = headings_on_turned_pages(vec![paragraph("Between."), table()]);
        assert_eq!(headings_on_turned_pages(vec![table()]), below + 1);
    }

    #[test]
    fn an_empty_report_has_a_page() {
        assert_eq!(Document::load_mem(&pdf(&empty())).expect("a document").get_pages().len(), 1);
    }
}
