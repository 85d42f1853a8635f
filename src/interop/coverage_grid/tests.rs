//! Files of a grid by themselves.

use super::*;

fn table(language: &'static str) -> Table {
    let heading = |code: &str, label: &str| Heading { code: code.to_owned(), label: label.to_owned() };
    let cell = |released, exists_not_released| {
        let tally = Tally { released, exists_not_released, ..Tally::default() };
        Cell { tally, state: tally.state(), newest_year: (released > 0).then_some(2019), stated_by: Vec::new(), requests: 0 }
    };
    Table {
        language,
        row_dimension: GridDimension::Theme,
        column_dimension: GridDimension::ReportingArea,
        rows: vec![
            heading("A", "=HYPERLINK(\"x\") & <b>"),
            heading("B", "الهجرة العائدة وإعادة الإدماج في الجهات الاثنتي عشرة بالمملكة كلها"),
        ],
        columns: vec![heading("MA-09", "Souss-Massa"), heading("MA-06", "Casablanca-Settat et ses environs")],
        cells: vec![vec![cell(3, 1), cell(0, 2)], vec![cell(0, 0), cell(1, 0)]],
        row_totals: vec![cell(3, 3), cell(1, 0)],
        column_totals: vec![cell(3, 1), cell(1, 2)],
        total: cell(4, 3),
        conditions: Vec::new(),
        catalogue: "Rihla".to_owned(),
        address: "https://data.example.org".to_owned(),
        seq: 7,
    }
}

#[test]
fn the_picture_is_well_formed_read_aloud_and_mirrored() {
    for language in ["en", "fr", "ar"] {
        let svg = write_svg(&table(language));
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
        let root = document.root_element();
        assert_eq!((root.attribute("role"), root.attribute("lang")), (Some("group"), Some(language)));
        let first = |name: &str| root.children().find(|node| node.has_tag_name(name) || node.tag_name().name() == name);
        let spoken = first("desc").and_then(|node| node.text()).expect("a description");
        assert!(spoken.contains("2") && spoken.contains(words::say(words::NOTE, language)), "{spoken}");
        let titles = document.descendants().filter(|node| node.tag_name().name() == "title").count();
        assert_eq!(titles, 1 + 2 + 2 + 4, "the picture, each row, column and cell");
        // The first column stands where reading begins.
        let left = |label: &str| {
            let group = document.descendants().find(|node| {
                node.tag_name().name() == "g" && node.descendants().any(|inside| inside.text().is_some_and(|text| text.contains(label)))
            });
            let rect = group.and_then(|group| group.children().find(|node| node.tag_name().name() == "rect")).expect("a cell");
            rect.attribute("x").and_then(|x| x.parse::<i32>().ok()).expect("a place")
        };
        assert_eq!(left("Souss-Massa") < left("Casablanca"), language != "ar", "{language}");
    }
}

#[test]
fn every_file_says_what_was_asked() {
    let mut asked = table("fr");
    for language in ["en", "fr", "ar"] {
        let plain = write_svg(&table(language));
        assert!(!plain.contains(words::conditions("", language).trim_end()), "nothing was asked: {plain}");
        assert!(plain.contains(words::say(words::NOTHING_HERE, language)));
        (asked.language, asked.conditions) = (language, vec!["A <b>".to_owned(), "B".to_owned()]);
        let told = words::conditions(&asked.conditions(), language);
        let svg = write_svg(&asked);
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
        let said = |name: &str| {
            document.descendants().any(|node| node.tag_name().name() == name && node.text().is_some_and(|text| text.contains(&told)))
        };
        assert!(said("desc") && said("text") && svg.contains(words::say(words::NOTHING_MEETS, language)), "{svg}");
        let csv = String::from_utf8(write_csv(&asked)).expect("UTF-8");
        let (head, lines) = csv.split_once("\r\n").expect("a head");
        assert!(head.ends_with(",conditions"), "{head}");
        assert!(lines.lines().all(|line| line.contains(&asked.conditions())), "{csv}");
        let bytes = std::io::Cursor::new(write_xlsx(&asked).expect("xlsx"));
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(bytes).expect("a workbook");
        let (_, sheet) = calamine::Reader::worksheets(&mut book).remove(0);
        assert!(sheet.rows().flatten().any(|cell| cell.to_string() == told), "{sheet:?}");
    }
}

#[test]
fn no_cell_is_a_formula_and_what_is_not_documented_is_no_zero() {
    let csv = String::from_utf8(write_csv(&table("fr"))).expect("UTF-8");
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\") & <b>\""), "{csv}");
    assert!(
        csv.contains("NOT_DOCUMENTED,Non documenté ici,0,0,0,0,0,,0,,\r\n")
            && csv.ends_with(",Ensemble,RELEASED,Des chiffres sont diffusés,4,3,0,0,0,2019,0,,\r\n"),
        "{csv}"
    );
    let may = Cell {
        tally: Tally { not_documented: 50, ..Tally::default() },
        state: CellState::NotDocumented,
        newest_year: None,
        stated_by: Vec::new(),
        requests: 0,
    };
    assert_eq!(figure(&Cell { tally: Tally::default(), ..may.clone() }), "–");
    assert_eq!(figure(&Cell { tally: Tally { planned: 1, ..Tally::default() }, ..may.clone() }), "+", "a plan is no record of nothing");
    assert_eq!(figure(&may), "?", "records that may be of the cell are not hidden behind a dash");
    let stated = Cell { state: CellState::NotCollected, ..may };
    assert_eq!(figure(&stated), "× ?", "what somebody has stated, and what others may have");
    assert_eq!(figure(&Cell { tally: Tally::default(), ..stated }), "×");
    let mut told = table("fr");
    let who = Heading { code: "police".to_owned(), label: "Direction de la police".to_owned() };
    told.cells[1][0] = Cell { state: CellState::NotCollected, stated_by: vec![who.clone(), who], ..told.cells[1][0].clone() };
    let csv = String::from_utf8(write_csv(&told)).expect("UTF-8");
    assert!(csv.contains("NOT_COLLECTED,") && csv.contains(",0,0,2,0,0,,0,police police,\r\n"), "{csv}");
    assert!(write_svg(&told).contains("Déclaré non collecté par\u{a0}: Direction de la police)"), "whose word it is");
    let book = write_xlsx(&table("ar")).expect("xlsx");
    assert_eq!(book, write_xlsx(&table("ar")).expect("xlsx"), "the same grid gives the same bytes");
}
