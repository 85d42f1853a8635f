//! Files as people make them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Note, Url, Workbook};

use super::{concepts, reading};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::*;
use crate::interop::exchange::Reading;
use crate::interop::holder::not_yet_known;

fn words<'t>(text: &'t MultilingualText, language: &str) -> &'t str {
    text.words(Some(language), None).unwrap_or_default()
}

fn places(reading: &Reading) -> Vec<String> {
    reading.found.iter().flat_map(|found| &found.unfit).map(|problem| problem.field.clone()).collect()
}

#[test]
fn a_table_by_its_headings_in_french_is_read_with_labels_of_any_language() {
    let table = "Nom court dans l'adresse *;Titre — français *;Titre — arabe;Type de fiche;Type de source;Thèmes;Taille\r\n\
        ma-test-2018;Enquête  ;مسح;Operation ou produit  statistique;إحصاء السكان;MT-0101, mt-0103;x\r\n\r\n;;;;;;\r\nPas un nom;Autre;;inconnu;CENSUS;;\r\n";
    let concepts = concepts();
    let reading = reading(table.as_bytes(), &concepts);
    assert_eq!(reading.found.len(), 2, "{:?}", reading.problems);
    let draft = &reading.found[0].draft;
    assert_eq!((words(&draft.titles, "fr"), words(&draft.titles, "ar")), ("Enquête", "مسح"));
    assert_eq!(draft.methodology.as_ref().map(|method| method.source_type), Some(SourceType::Census));
    assert_eq!(draft.themes, ["MT-0101", "MT-0103"]);
    let faults = places(&reading);
    assert!(faults.contains(&"Datasets!A5 (Nom court dans l'adresse)".to_owned()), "{faults:?}");
    assert!(faults.contains(&"Datasets!D5 (Type de fiche)".to_owned()), "{faults:?}");
    assert_eq!(reading.found[1].draft.slug, None);
    assert_eq!(reading.problems.iter().map(|p| (p.field.as_str(), p.value.as_str())).collect::<Vec<_>>(), [("Datasets!G1", "Taille")]);
}

#[test]
fn a_year_or_a_month_is_no_day() {
    let table = "slug;titles.fr;methodology.sourceType;reviewDueOn\nma-a;A;CENSUS;2027\nma-b;B;CENSUS;2027-06\nma-c;C;CENSUS;01/06/2027\nma-d;D;CENSUS;2027-06-01\n";
    let reading = reading(table.as_bytes(), &concepts());
    let taken: Vec<_> = reading.found.iter().map(|found| found.draft.review_due_on.map(|date| date.to_string())).collect();
    assert_eq!(taken, [None, None, Some("2027-06-01".to_owned()), Some("2027-06-01".to_owned())]);
    for found in &reading.found[..2] {
        assert!(found.unfit.iter().any(|line| line.field.contains("D") && line.remedy.contains("a day is needed")), "{:?}", found.unfit);
    }
    assert!(reading.found[3].unfit.is_empty(), "{:?}", reading.found[3].unfit);
}

#[test]
fn a_workbook_with_dates_numbers_formulas_and_merged_cells_is_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Mes données").expect("name");
    let keys = [
        "methodology.sampleSize",
        "slug",
        "titles.fr",
        "methodology.sourceType",
        "coverage.period.start",
        "coverage.period.end",
        "coverage.nextCollection",
    ];
    for (column, key) in (0u16..).zip(keys) {
        sheet.write(0, column, key).expect("written");
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(3, 0, 2018.0).expect("written");
    sheet.write_formula(3, 1, Formula::new("=\"ma-\"&\"x\"").set_result("ma-x")).expect("written");
    sheet.write(3, 2, "Un").expect("written").write(3, 3, "CENSUS").expect("written");
    sheet.write_with_format(3, 4, ExcelDateTime::from_ymd(2018, 8, 14).expect("day"), &day).expect("written");
    sheet.write(3, 5, "31/12/٢٠١٩").expect("written").write(3, 6, 2026).expect("written");
    sheet.write(4, 1, "ma-y").expect("written").write(4, 2, "Deux").expect("written").write(4, 0, -5).expect("written");
    sheet.set_row_hidden(4).expect("hidden");
    let sheet = book.add_worksheet().set_name("Définitions").expect("name");
    for (column, key) in (0u16..).zip(["dataset", "methodology.definitions.code", "methodology.definitions.text.fr"]) {
        sheet.write(0, column, key).expect("written");
    }
    sheet.merge_range(1, 0, 2, 0, "ma-x", &Format::new()).expect("merged");
    sheet.write(1, 1, "FOREIGN_BORN").expect("written").write(2, 1, "Nothing").expect("written").write(3, 2, "perdu").expect("written");
    let concepts = concepts();
    let reading = reading(&book.save_to_buffer().expect("bytes"), &concepts);
    assert_eq!(reading.found.len(), 2, "{:?}", reading.problems);
    let draft = &reading.found[0].draft;
    let method = draft.methodology.as_ref().expect("a methodology");
    assert_eq!(
        (draft.slug.as_ref().map(|slug| slug.as_str()), method.sample_size, method.definitions.len()),
        (Some("ma-x"), Some(2018), 1)
    );
    assert_eq!(draft.coverage.period.as_ref().map(|period| period.edtf()).as_deref(), Some("2018-08-14/2019-12-31"));
    assert_eq!(draft.coverage.next_collection.map(|date| date.to_string()).as_deref(), Some("2026"));
    let faults = places(&reading);
    for fault in ["Définitions!B3 (methodology.definitions.code)", "Définitions!A3", "Mes données!A5 (methodology.sampleSize)"] {
        assert!(faults.contains(&fault.to_owned()), "{fault} in {faults:?}");
    }
    assert_eq!(reading.problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["Définitions!A4"]);
}

/// A spreadsheet keeps 2018.10 as 2018.1.
#[test]
fn a_number_with_a_fraction_is_no_month_and_words_are() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Datasets").expect("name");
    let keys = ["slug", "titles.fr", "methodology.sourceType", "coverage.period.start", "coverage.period.end", "coverage.nextCollection"];
    for (column, key) in (0u16..).zip(keys) {
        sheet.write(0, column, key).expect("written");
    }
    for (row, slug) in (1u32..).zip(["ma-x", "ma-y"]) {
        sheet.write(row, 0, slug).expect("written").write(row, 1, "Un").expect("written").write(row, 2, "CENSUS").expect("written");
    }
    sheet.write(1, 3, 2018).expect("written").write(1, 4, "2018.10").expect("written").write(1, 5, 2018.1).expect("written");
    sheet.write(2, 3, 2018.5).expect("written").write(2, 4, 2019).expect("written");
    let reading = reading(&book.save_to_buffer().expect("bytes"), &concepts());
    let periods: Vec<_> = reading.found.iter().filter_map(|found| found.draft.coverage.period.as_ref()).map(|known| known.edtf()).collect();
    assert_eq!(periods, ["2018/2018-10", "/2019"]);
    assert_eq!(reading.found[0].draft.coverage.next_collection, None);
    for (found, place, value) in
        [(0, "Datasets!F2 (coverage.nextCollection)", "2018.1"), (1, "Datasets!D3 (coverage.period.start)", "2018.5")]
    {
        let told = &reading.found[found].unfit;
        assert!(told.iter().any(|line| line.field == place && line.value == value && line.remedy.contains("2018-10")), "{told:?}");
    }
}

#[test]
fn a_sheet_is_the_one_whose_needed_columns_are_there_and_else_the_one_that_its_name_says() {
    let concepts = concepts();
    for table in ["dataset,holdings.institution,holdings.role\nma-x,hcp,HOLDER\n", "dataset,holdings.institution\nma-x,hcp\n"] {
        let alone = reading(table.as_bytes(), &concepts);
        let held: Vec<&str> = alone.found[0].draft.holdings.iter().map(|holding| holding.institution.as_str()).collect();
        assert_eq!((held, alone.problems), (vec!["hcp"], Vec::new()), "{table}");
    }
    for (name, counts) in [("x-keywords.csv", (1, 0)), ("Mots-clés.csv", (1, 0)), ("x/التصنيفات.csv", (0, 1)), ("x.csv", (1, 0))]
    {
        let file = (name.to_owned(), "dataset,keywords.fr,classifications.fr\nma-x,un,deux\n".as_bytes().to_vec());
        let named = reading(&crate::interop::sheet::pack(&[file]).expect("a package"), &concepts);
        let draft = &named.found[0].draft;
        assert_eq!((draft.keywords.len(), draft.classifications.len()), counts, "{name}");
    }
}

#[test]
fn what_cells_show_and_what_stands_beside_them_is_taken_or_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Datasets").expect("name");
    let keys =
        ["slug", "titles.fr", "methodology.sourceType", "abstract.fr", "methodology.sampleSize", "coverage.areaNote.fr", "programme.fr"];
    for (column, key) in (0u16..).zip(keys) {
        sheet.write(0, column, key).expect("written");
    }
    let shown = |code: &str| Format::new().set_num_format(code);
    sheet.write(1, 0, "ma-x").expect("written").write(1, 2, "CENSUS").expect("written");
    sheet.write_url(1, 1, Url::new("https://hcp.ma/enquete").set_text("Enquête")).expect("written");
    sheet.write_with_format(1, 3, 0.5, &shown("0%")).expect("written");
    sheet.write_with_format(1, 4, 1200, &shown("0\" ménages\"")).expect("written");
    sheet.write_with_format(1, 5, 1, &shown("00")).expect("written");
    sheet.write_with_format(1, 6, 1234, &shown("00\\-00")).expect("written");
    sheet.insert_note(1, 2, &Note::new("Sans les ménages collectifs").set_author("Anne Nom")).expect("a note");
    sheet.insert_note(8, 0, &Note::new("Perdu")).expect("a note");
    sheet.insert_note(0, 3, &Note::new("En milliers")).expect("a note");
    let sheet = book.add_worksheet().set_name("Links").expect("name");
    sheet.write(0, 0, "dataset").expect("written").write(0, 1, "links.url").expect("written").write(1, 0, "ma-x").expect("written");
    sheet.write_url(1, 1, Url::new("https://hcp.ma/page").set_text("La page")).expect("written");
    sheet.write(2, 0, "ma-x").expect("written").write_url(2, 1, Url::new("https://hcp.ma/autre")).expect("written");
    let formula = |formula: &str| Formula::new(formula).set_result("Une page");
    sheet.write(3, 0, "ma-x").expect("written");
    sheet.write_formula(3, 1, formula("=HYPERLINK(\"https://hcp.ma/tierce\",\"Une page\")")).expect("written");
    let concepts = concepts();
    let reading = reading(&book.save_to_buffer().expect("bytes"), &concepts);
    assert_eq!(reading.found.len(), 1, "{:?}", reading.problems);
    let found = &reading.found[0];
    let draft = &found.draft;
    let method = draft.methodology.as_ref().expect("a methodology");
    let taken =
        (words(&draft.abstract_text, "fr"), words(&draft.coverage.area_note, "fr"), words(&draft.programme, "fr"), method.sample_size);
    assert_eq!(taken, ("50%", "01", "1234", Some(1200)));
    let links: Vec<&str> = draft.links.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(links, ["https://hcp.ma/page", "https://hcp.ma/autre", "https://hcp.ma/tierce"]);
    for (field, value) in [
        ("Datasets!B2 (titles.fr)", "https://hcp.ma/enquete"),
        ("Datasets!C2 (methodology.sourceType)", "Sans les ménages collectifs"),
        ("Datasets!E2 (methodology.sampleSize)", "1200 ménages"),
        ("Datasets!G2 (programme.fr)", "1234"),
        ("Links!B2 (links.url)", "La page"),
    ] {
        assert!(found.unfit.iter().any(|line| line.field == field && line.value == value), "{field} {value} in {:?}", found.unfit);
    }
    assert!(!found.unfit.iter().any(|line| line.value.contains("Anne") || line.field.starts_with("Links!B3")), "{:?}", found.unfit);
    assert_eq!(reading.problems.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), ["Datasets!A9", "Datasets!D1"]);
    // The template's own notes are no news.
    let template = crate::interop::sheet::template("fr", &concepts, None).expect("a template");
    let template = super::reading(&template, &concepts);
    assert!(!template.problems.iter().any(|line| line.remedy.contains("note")), "{:?}", template.problems);
}

#[test]
fn a_holding_says_no_more_than_its_row() {
    let table = "dataset,holdings.institution,holdings.role,holdings.accessTerms.licence\nma-x,Haut-Commissariat au Plan,,www.hcp.ma\n";
    let concepts = concepts();
    let reading = reading(table.as_bytes(), &concepts);
    let holding = &reading.found[0].draft.holdings[0];
    assert_eq!((&holding.institution, holding.role), (&not_yet_known(), HoldingRole::Holder));
    assert_eq!((holding.access_terms.microdata, &holding.access_terms.licence), (AccessLevel::Unknown, &None));
    assert_eq!(places(&reading), ["Holdings!B2 (holdings.institution)", "Holdings!D2 (holdings.accessTerms.licence)", "Holdings!A2"]);
    assert!(
        reading.problems.is_empty() && reading.found[0].origin.is_part,
        "the other sheets may be there already: {:?}",
        reading.problems
    );
}

/// A methodology that cannot be taken is told by the cells that say it, not by the first cell of the row.
#[test]
fn what_is_left_out_of_a_methodology_is_told_by_its_cell() {
    let table = "slug,titles.fr,titles.ar,recordKind,methodology.universe.fr,methodology.sampleSize\nma-x,Un,,,Les ménages,1200\n";
    let concepts = concepts();
    let faults = places(&reading(table.as_bytes(), &concepts));
    for fault in ["Datasets!E2 (methodology.universe.fr)", "Datasets!F2 (methodology.sampleSize)"] {
        assert!(faults.contains(&fault.to_owned()), "{fault} in {faults:?}");
    }
    assert!(!faults.iter().any(|fault| fault.starts_with("Datasets!A2")), "{faults:?}");
}

#[test]
fn texts_in_other_encodings_and_languages_are_read() {
    let table = "slug\ttitles.pt\ttitles.fr\ttitles.fr.status\r\nma-x\tInquérito\tEnquête\tTraduction\r\n";
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(table.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let concepts = concepts();
    for bytes in [table.as_bytes().to_vec(), wide, encoding_rs::WINDOWS_1252.encode(table).0.into_owned()] {
        let reading = reading(&bytes, &concepts);
        let titles = &reading.found[0].draft.titles;
        assert_eq!((words(titles, "pt"), words(titles, "fr")), ("Inquérito", "Enquête"));
        let french = titles.iter().find(|(tag, _)| tag.as_str() == "fr").map(|(_, wording)| wording.status);
        assert_eq!(french, Some(TextStatus::Translation));
        let is_guess = std::str::from_utf8(&bytes).is_err() && !bytes.starts_with(&[0xFF, 0xFE]);
        let told = reading.problems.iter().any(|problem| problem.field == "encoding" && problem.remedy.contains("save it as UTF-8"));
        assert_eq!(told, is_guess, "a guess is told: {:?}", reading.problems);
    }
}

/// What Excel writes where it speaks Arabic, however little of it there is.
#[test]
fn arabic_in_the_encoding_of_windows_is_read_and_told() {
    let concepts = concepts();
    for title in ["عنوان", "هجرة", "الهجرة", "مسح", "مسح الهجرة والأسر المعيشية", "تعداد السكان 2014"]
    {
        let table = format!("slug;titles.ar\r\nma-x;{title}\r\n");
        let (bytes, _, has_more) = encoding_rs::WINDOWS_1256.encode(&table);
        assert!(!has_more, "{title}");
        let reading = reading(&bytes, &concepts);
        assert_eq!(words(&reading.found[0].draft.titles, "ar"), title);
        assert_eq!(reading.problems.iter().map(|problem| problem.value.as_str()).collect::<Vec<_>>(), ["windows-1256"]);
    }
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    let concepts = concepts();
    for bytes in [&b"PK\x03\x04 damaged"[..], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0\x01\x02\x03", b"a;b\n1;2\n", b""] {
        let reading = reading(bytes, &concepts);
        assert!(reading.found.is_empty() && !reading.problems.is_empty(), "{bytes:?}");
    }
}

/// A workbook of one sheet, as another program writes it.
fn workbook_of(rows: &str) -> Vec<u8> {
    use std::io::Write;
    let mut package = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    for (name, text) in [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
                 <Override PartName='/xl/workbook.xml' ContentType='{types}.sheet.main+xml'/><Override PartName='/xl/worksheets/sheet1.xml' ContentType='{types}.worksheet+xml'/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns='{relations}'><Relationship Id='rId1' Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns='{relations}'><Relationship Id='rId1' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{main}' xmlns:r='{office}'><sheets><sheet name='Datasets' sheetId='1' r:id='rId1'/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns='{main}'><sheetData>{rows}</sheetData></worksheet>")),
    ] {
        package.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        package.write_all(text.as_bytes()).expect("written");
    }
    package.finish().expect("a package").into_inner()
}

#[test]
fn a_formula_of_which_no_value_is_stored_is_told_with_its_cell() {
    let text = |cell: &str, words: &str| format!("<c r='{cell}' t='inlineStr'><is><t>{words}</t></is></c>");
    let heads: String =
        [("A1", "slug"), ("B1", "titles.fr"), ("C1", "titles.en"), ("D1", "methodology.sampleSize"), ("E1", "methodology.sourceType")]
            .map(|(cell, words)| text(cell, words))
            .concat();
    let book = workbook_of(&format!(
        "<row r='1'>{heads}</row><row r='2'>{}<c r='B2'><f>A3&amp;\" titre\"</f></c><c r='C2' t='str'><f>\"x\"</f><v>Stored</v></c>\
         <c r='D2'><f>10*5</f></c>{}</row><row r='3'>{}{}<c r='C3' t='str'><f>\"\"</f><v></v></c></row>",
        text("A2", "ma-x"),
        text("E2", "CENSUS"),
        text("A3", "ma-y"),
        text("B3", "Enquête"),
    ));
    let reading = reading(&book, &concepts());
    assert_eq!(reading.found.len(), 2, "{:?}", reading.problems);
    let told: Vec<_> = reading.found[0].unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
    assert_eq!(told, [("Datasets!B2 (titles.fr)", "=A3&\" titre\""), ("Datasets!D2 (methodology.sampleSize)", "=10*5")]);
    assert!(reading.found[0].unfit[0].remedy.contains("holds no value"));
    assert_eq!(words(&reading.found[0].draft.titles, "en"), "Stored");
    assert!(reading.found[1].unfit.is_empty(), "an empty text is a value: {:?}", reading.found[1].unfit);
}

#[test]
fn keywords_between_semicolons_are_several_and_institutions_are_named_in_letters_of_either_case() {
    let set = [
        ("x.csv".to_owned(), b"slug;titles.fr;methodology.sourceType;partners;producer\nma-x;Titre;CENSUS;\"HCP; DGSN\";HCP\n".to_vec()),
        ("x-holdings.csv".to_owned(), "dataset;holdings.institution;holdings.role;holdings.accessTerms.aggregates\nma-x;Hcp;HOLDER;OPEN\nma-x;Un nom;HOLDER;OPEN\n".as_bytes().to_vec()),
        (
            "x-keywords.csv".to_owned(),
            "dataset;keywords.fr;keywords.en;keywords.fr.status\nma-x;\"séjour; titre؛ étrangers\";\"stay;permit;foreigners\";WORKING_TRANSLATION\n\
             ma-x;\"a; b\";c;\nma-x;\"'un; seul\";;\nma-x;fin;;\n"
                .as_bytes()
                .to_vec(),
        ),
    ];
    let together = reading(&crate::interop::sheet::pack(&set).expect("a package"), &concepts());
    assert_eq!(together.problems, Vec::new());
    let found = &together.found[0];
    let said = |text: &MultilingualText| {
        let words: Vec<String> = text.iter().map(|(tag, wording)| format!("{}:{}", tag.as_str(), wording.text)).collect();
        words.join(" ")
    };
    let keywords: Vec<String> = found.draft.keywords.iter().map(said).collect();
    assert_eq!(
        keywords,
        ["en:stay fr:séjour", "en:permit fr:titre", "en:foreigners fr:étrangers", "fr:a", "fr:b", "en:c", "fr:un; seul", "fr:fin"]
            .map(str::to_owned)
    );
    let statuses: Vec<_> = found.draft.keywords[1].iter().map(|(_, wording)| wording.status).collect();
    assert_eq!(statuses, [TextStatus::Official, TextStatus::WorkingTranslation]);
    let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
    assert!(told.contains(&("x-keywords.csv!A3", "ma-x; a; b; c")), "{told:?}");
    assert_eq!(found.draft.partners.iter().map(|slug| slug.as_str()).collect::<Vec<_>>(), ["hcp", "dgsn"]);
    let holders: Vec<_> = found.draft.holdings.iter().map(|holding| holding.institution.as_str()).collect();
    assert_eq!(holders.first(), Some(&"hcp"));
    let named: Vec<_> = found.named.iter().map(|(slug, place)| (slug.as_str(), place.as_str())).collect();
    assert!(named.contains(&("hcp", "x.csv!E2 (producer)")), "{named:?}");
    assert!(found.unfit.iter().any(|line| line.value == "Un nom"), "{:?}", found.unfit);
}

#[test]
fn the_sheets_of_one_set_are_read_together_and_one_alone_is_a_part() {
    let set = [
        ("x.csv".to_owned(), b"slug;titles.fr;methodology.sourceType;partners;producer\nma-x;Titre;CENSUS;\"hcp;nowhere\";iom\n".to_vec()),
        ("x-keywords.csv".to_owned(), b"dataset;keywords.fr\nma-x;migration\nma-z;perdu\n".to_vec()),
        ("x-methodology.definitions.csv".to_owned(), b"dataset;methodology.definitions.code\nma-x;FOREIGN_BORN\n".to_vec()),
    ];
    let together = reading(&crate::interop::sheet::pack(&set).expect("a package"), &concepts());
    let found = &together.found[0];
    assert_eq!((together.found.len(), found.origin.is_part, found.draft.keywords.len()), (1, false, 1), "{:?}", together.problems);
    assert_eq!(found.draft.methodology.as_ref().map(|method| method.definitions.len()), Some(1));
    let told: Vec<_> = together.problems.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
    assert_eq!(told, [("x-keywords.csv!A3", "ma-z")]);
    let named: Vec<_> = found.named.iter().map(|(slug, place)| (slug.as_str(), place.as_str())).collect();
    for wanted in [("hcp", "x.csv!D2 (partners)"), ("nowhere", "x.csv!D2 (partners)"), ("iom", "x.csv!E2 (producer)")] {
        assert!(named.contains(&wanted), "{named:?}");
    }
    for (_, alone) in &set {
        let reading = reading(alone, &concepts());
        assert!(reading.found.iter().all(|found| found.origin.is_part), "{:?}", reading.found);
    }
    let other = crate::interop::sheet::pack(&[set[0].clone(), ("letter.txt".to_owned(), b"x".to_vec())]).expect("a package");
    assert!(reading(&other, &concepts()).problems.iter().any(|line| line.value == "letter.txt"));
}
