//! The report on the demo catalogue, and what two editions differ by.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use super::*;
use crate::domain::vocabulary::IndicatorSilence;
use crate::interop::report::{Block, Span, Table};
use crate::search::{Index, IndexError};
use crate::service::import::{ImportOptions, import_text};
use crate::service::past::Place;
use crate::store::past::last_known;
use crate::store::{Db, db::DbOptions};

const BASE: &str = "https://example.org";
const DAY_MS: i64 = 86_400_000;

fn catalogue(name: &str, now: i64) -> Catalogue {
    let folder = std::env::temp_dir().join(format!("rihla_report_{name}_{}", std::process::id()));
    std::fs::create_dir_all(folder.join("index")).expect("a folder");
    let url = folder.join("report.sqlite").display().to_string();
    let second = Duration::from_secs(30);
    let db = Db::open(&DbOptions { url, connections: 2, connect_timeout: second, statement_timeout: second }).expect("a database");
    db.migrate(None).expect("tables");
    let index = Index::open(&folder.join("index"), 20 << 20).expect("an index");
    let concepts = crate::domain::concept::Concepts::load(&[]).expect("lists");
    let catalogue = Catalogue::new(db, index, concepts, 100, Box::new(|_| Err(IndexError("not here".to_owned()))));
    crate::service::demo::load(&catalogue, now).expect("demo");
    catalogue
}

fn day(text: &str) -> i64 {
    Day::parse(text).expect("a day").0
}

fn question(until: &str, edition: Edition, scope: RecordScope, language: &'static str) -> ReportQuestion<'static> {
    ReportQuestion { country: "MA", until: day(until), previous: None, edition, scope, language }
}

fn made(catalogue: &Catalogue, question: &ReportQuestion<'_>, now: i64) -> Report {
    let maker = Maker { name: "Test", base_url: BASE, now };
    objective_1(catalogue, question, false, maker).expect("a report").0
}

fn sections(list: &[Section]) -> Vec<&Section> {
    list.iter().flat_map(|section| std::iter::once(section).chain(sections(&section.sections))).collect()
}

fn of_table<'t>(table: &'t Table, spans: &mut Vec<&'t Span>) {
    spans.extend(table.rows.iter().flatten().flatten());
}

fn spans(report: &Report) -> Vec<&Span> {
    let mut found: Vec<&Span> = report.cover.iter().flat_map(|(_, spans)| spans).collect();
    for block in sections(&report.sections).into_iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Paragraph(list) | Block::Note(list) => found.extend(list),
            Block::List { items, .. } => found.extend(items.iter().flatten()),
            Block::Table(table) => of_table(table, &mut found),
            Block::Figure(figure) => figure.data.iter().for_each(|table| of_table(table, &mut found)),
            Block::Human(_) => {}
        }
    }
    found
}

fn datasets(report: &Report) -> BTreeSet<String> {
    let links = spans(report).into_iter().filter_map(|span| match span {
        Span::Link { url, .. } => url.strip_prefix(&format!("{BASE}/dataset/")).map(str::to_owned),
        _ => None,
    });
    links.collect()
}

fn section_at<'r>(report: &'r Report, anchor: &str) -> &'r Section {
    sections(&report.sections).into_iter().find(|section| section.anchor == anchor).unwrap_or_else(|| panic!("no {anchor}"))
}

#[test]
fn the_report_is_whole_in_three_languages() {
    let now = day("2026-11-29") * DAY_MS;
    let catalogue = catalogue("whole", now);
    for language in ["en", "fr", "ar"] {
        let report = made(&catalogue, &question("2022-05-17", Edition::Latest, RecordScope::Published, language), now);
        let all = sections(&report.sections);
        let anchors: HashSet<&str> = all.iter().map(|section| section.anchor.as_str()).collect();
        assert_eq!(anchors.len(), all.len(), "an anchor is used twice");
        let numbers: Vec<&str> = report.sections.iter().map(|section| section.number.as_str()).collect();
        assert_eq!(numbers, ["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "A", "B", "C", "D", "E", "F"]);
        for span in spans(&report) {
            match span {
                Span::Link { url, text, .. } => {
                    // Beside its own records and sections it leads to the sources that records cite.
                    let is_cited = || crate::service::demo::DEMO.contains(&format!("\"url\":\"{url}\""));
                    let leads =
                        url.strip_prefix('#').map_or_else(|| url.starts_with(BASE) || is_cited(), |anchor| anchors.contains(anchor));
                    assert!(leads && !text.is_empty(), "{span:?}");
                }
                Span::Text(text) | Span::Strong(text) => assert!(!text.contains(['{', '}']), "{text}"),
                Span::Foreign { .. } => {}
            }
        }
        for section in &all {
            assert!(!section.blocks.is_empty() || !section.sections.is_empty(), "{} is empty", section.anchor);
        }
        let named = datasets(&report);
        assert!(named.contains("ma-hcp-enmi-2018-2019"), "{named:?}");
        // What had not begun by then is no source of the report, whatever else names it.
        let sources = Report { sections: vec![section_at(&report, "sources").clone()], ..report.clone() };
        assert!(!datasets(&sources).contains("ma-hcp-rgph-2024") && datasets(&sources).contains("ma-hcp-rgph-2014"), "{sources:?}");
        // The census's two totals of foreign residents, side by side, each with where it was published.
        let figures = format!("{:?}", section_at(&report, "differing-figures").blocks);
        for value in ["86 206", "84 001", "17 916", "23 096", "https://maghress.com/fr/aujourdhui/117322"] {
            assert!(figures.contains(value), "{value} is not in {figures}");
        }
        for grid in ["gaps-regions", "gaps-breakdowns", "gaps-regions-breakdowns"] {
            let records = Report { sections: vec![section_at(&report, grid).clone()], ..report.clone() };
            assert!(datasets(&records).contains("ma-hcp-enmi-2018-2019"), "the records behind the rows of {grid}");
        }
        assert_eq!(sections(&section_at(&report, "regions").sections).len(), 12);
        // What the software says of its method is said in the language of the report, and begins with its own words.
        let methods = format!("{:?}", section_at(&report, "annex-methods").blocks);
        let said = ["Objective 1 of", "Objectif 1 du", "الهدف 1 من"].map(|words| methods.contains(words));
        assert_eq!(said, ["en", "fr", "ar"].map(|known| known == language), "{methods}");
        if language == "fr" {
            let steps = format!("{:?}", section_at(&report, "next-steps").blocks);
            assert!(!steps.contains("planifiée: "), "a blank before the colon: {steps}");
        }
        let letter = if language == "ar" { "(هـ) " } else { "(e) " };
        assert!(section_at(&report, "action-e").heading.starts_with(letter), "{}", section_at(&report, "action-e").heading);
    }
}

#[test]
fn a_record_is_called_by_its_main_language_where_it_has_no_title_in_that_of_the_report() {
    let now = day("2026-11-29") * DAY_MS;
    let catalogue = catalogue("main_language", now);
    let line = crate::service::demo::DEMO.lines().find(|line| line.contains("\"slug\":\"ma-hcp-enmi-2018-2019\"")).expect("a line");
    let mut record: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let fields = record.as_object_mut().expect("a record");
    for field in ["identifier", "relations"] {
        fields.shift_remove(field);
    }
    let title = |text: &str| serde_json::json!({ "text": text, "status": "OFFICIAL" });
    fields.insert("slug".to_owned(), "ma-two-titles".into());
    fields.insert("mainLanguage".to_owned(), "en".into());
    fields.insert("titles".to_owned(), serde_json::json!({ "ar": title("بحث حول العودة"), "en": title("Survey on returns") }));
    let options = ImportOptions { dry_run: false, actor: "test", now };
    let imported = import_text(&catalogue, "titles", &format!("{record}\n"), options).expect("import");
    assert_eq!((imported.problems.len(), imported.created), (0, 1), "{:?}", imported.problems);
    for (language, wanted) in [("fr", "Survey on returns"), ("en", "Survey on returns"), ("ar", "بحث حول العودة")] {
        let report = made(&catalogue, &question("2026-11-29", Edition::Latest, RecordScope::Published, language), now);
        let named = spans(&report).into_iter().filter_map(|span| match span {
            Span::Link { url, text, .. } if url.ends_with("/dataset/ma-two-titles") => Some(text.as_str()),
            _ => None,
        });
        let named: Vec<&str> = named.collect();
        assert!(!named.is_empty() && named.iter().all(|text| *text == wanted), "{language}: {named:?}");
    }
}

#[test]
fn what_nobody_validated_stands_in_its_annex_alone() {
    let now = day("2026-11-29") * DAY_MS;
    let catalogue = catalogue("strict", now);
    let report = made(&catalogue, &question("2026-11-29", Edition::OfTheDay, RecordScope::Validated, "en"), now);
    let named = datasets(&report);
    assert!(!named.is_empty());
    let without_annex =
        Report { sections: report.sections.iter().filter(|s| !s.anchor.starts_with("annex-not-validated")).cloned().collect(), ..report };
    // Records on wider places are listed as left out, and say nothing elsewhere.
    let left_out = datasets(&Report { sections: vec![section_at(&without_annex, "annex-left-out").clone()], ..without_annex.clone() });
    assert!(left_out.contains("iom-missing-migrants") && !left_out.contains("ma-hcp-rgph-2014"), "{left_out:?}");
    let body = Report {
        sections: without_annex.sections.iter().filter(|s| s.anchor != "annex-left-out").cloned().collect(),
        ..without_annex.clone()
    };
    assert_eq!(datasets(&body), BTreeSet::new(), "nothing of the demo is validated by its producer");
    // What the catalogue holds is never told as absent from it: where nothing is validated, the others are counted.
    let objectives = format!("{:?}", section_at(&body, "objectives").blocks);
    assert!(
        objectives.contains("Records published and not validated: ") && objectives.contains("Records on wider places: "),
        "{objectives}"
    );
    assert!(objectives.contains("None in the validated records.") && objectives.contains("#annex-not-validated"), "{objectives}");
}

#[test]
fn of_a_day_before_the_log_nothing_is_known_and_that_is_said() {
    let now = day("2026-11-29") * DAY_MS;
    let catalogue = catalogue("before", now);
    let report = made(&catalogue, &question("2022-05-17", Edition::OfTheDay, RecordScope::Published, "en"), now);
    assert_eq!(datasets(&report), BTreeSet::new());
    assert!(spans(&report).iter().any(|span| matches!(span, Span::Text(text) if text.contains("begins on 2026-11-29"))));
    let asked = Asked { objective: 1, country: None, until: day("2022-05-17"), previous: None, scope: RecordScope::Published };
    let measured = indicators::measure(&catalogue, &asked, Edition::OfTheDay, day("2026-11-29"));
    let measured = measured.expect("measured").expect("objective 1");
    assert!(measured.now.outcomes.iter().all(|outcome| outcome.silence == Some(IndicatorSilence::BeforeLog)));
}

/// Two editions of the same day differ by the records that changed between them, and by nothing else.
#[test]
fn two_editions_differ_by_what_changed_between_them() {
    let now = day("2026-11-20") * DAY_MS;
    let catalogue = catalogue("editions", now);
    let place = |catalogue: &Catalogue| -> Place { catalogue.db.read(|conn| last_known(conn, None, None)).expect("log").expect("a place") };
    let before = place(&catalogue);
    let line = |slug: &str| crate::service::demo::DEMO.lines().find(|line| line.contains(&format!("\"slug\":\"{slug}\""))).expect("a line");
    let changed = line("ma-hcp-enmi-2018-2019").replace("\"certainty\":\"DOCUMENTED\"", "\"certainty\":\"PARTLY_DOCUMENTED\"");
    let retired = line("ma-hcp-rgph-2014").replace("\"status\":\"PUBLISHED\"", "\"status\":\"RETIRED\"");
    let mut added: serde_json::Value = serde_json::from_str(line("ma-hcp-enmi-2018-2019")).expect("JSON");
    let fields = added.as_object_mut().expect("a record");
    fields.insert("slug".to_owned(), "ma-added-since".into());
    for field in ["identifier", "relations"] {
        fields.shift_remove(field);
    }
    let options = ImportOptions { dry_run: false, actor: "test", now: now + DAY_MS };
    let report = import_text(&catalogue, "changes", &format!("{changed}\n{retired}\n{added}\n"), options).expect("import");
    assert_eq!((report.problems.len(), report.created, report.updated), (0, 1, 2), "{:?}", report.problems);
    let later = now + 2 * DAY_MS;
    let of = |edition| made(&catalogue, &question("2026-11-20", edition, RecordScope::Published, "en"), later);
    let (then, today) = (of(Edition::OfTheDay), of(Edition::Latest));
    assert_eq!(then, of(Edition::Change(before.seq)), "the day and the place in the log are the same edition");
    // No section of either names a record that the same section of the other does not, but for the one that was added.
    let alone = |section: &Section| Section { sections: Vec::new(), ..section.clone() };
    let anchors = |report: &Report| sections(&report.sections).into_iter().map(|section| section.anchor.clone()).collect::<Vec<_>>();
    assert_eq!(anchors(&then), anchors(&today));
    let mut with_added = 0;
    for anchor in anchors(&then) {
        let named = |report: &Report| datasets(&Report { sections: vec![alone(section_at(report, &anchor))], ..report.clone() });
        let (mut were, mut are) = (named(&then), named(&today));
        with_added += usize::from(are.remove("ma-added-since"));
        // What was retired since stood then, and is told so.
        assert_eq!(were.remove("ma-hcp-rgph-2014"), anchor == "annex-left-out", "{anchor}");
        assert_eq!(were, are, "{anchor}");
    }
    assert!(with_added > 10, "the added record is in {with_added} sections");
    let rows = |report: &Report, anchor: &str| -> Vec<String> {
        let tables = section_at(report, anchor).blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table.rows.iter().map(|row| format!("{row:?}"))),
            _ => None,
        });
        tables.flatten().collect()
    };
    let (were, are) = (rows(&then, "annex-list"), rows(&today, "annex-list"));
    let gone: Vec<&String> = were.iter().filter(|row| !are.contains(row)).collect();
    let come: Vec<&String> = are.iter().filter(|row| !were.contains(row)).collect();
    assert!(
        gone.iter()
            .chain(&come)
            .all(|row| row.contains("ma-hcp-enmi-2018-2019") || row.contains("ma-added-since") || row.contains("ma-hcp-rgph-2014\"")),
        "{gone:?} {come:?}"
    );
    // Of what was retired since only title and producer are shown: it is counted among what was published, and enters no other figure.
    assert_eq!((gone.len(), come.len()), (1, 2));
    let method = |report: &Report| format!("{:?}", section_at(report, "method").blocks);
    assert!(method(&then).contains("that were retired since is 1:") && !method(&today).contains("retired since"), "{}", method(&then));
    assert!(were.iter().chain(&are).all(|row| !row.contains("ma-hcp-rgph-2014\"")));
}
