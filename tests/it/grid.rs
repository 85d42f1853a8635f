//! The coverage grid through the front door: what is counted can be seen, nothing undocumented is called absent, files say the same.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, Server, dataset, with_demo, with_demo_on_sqlite};

const REGIONS: &str = "columns: { dimension: REPORTING_AREA, within: \"MA\" }";
/// Of whole countries more records release figures, and of more of them that was only assumed.
const COUNTRIES: &str = "columns: { dimension: REPORTING_AREA, codes: [\"MA\", \"TN\", \"EG\"] }";

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn refused(server: &Server, query: &str) -> String {
    let answer = server.graphql(query, Value::Null, "en");
    assert!(answer.json()["errors"].is_array(), "{}", answer.body);
    answer.body
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn the_cell_of_the_founding_question_leads_to_its_record() {
    with_demo(|server, _| {
        let data = server.ask(&format!(
            "{{ coverageGrid(rows: {{ dimension: THEME, within: \"MT-07\" }}, {REGIONS}, where: {{ period: {{ from: \"2019\" }}, releasedDisaggregations: [\"sex\"] }}) \
             {{ rows {{ code label }} columns {{ code concept {{ code }} }} cell(row: \"MT-0701\", column: \"MA-09\") \
             {{ state stateLabel released newestYear datasets(state: RELEASED) {{ totalCount nodes {{ slug }} }} }} none: cell(row: \"MT-0701\", column: \"ES\") {{ state }} }} }}"
        ));
        let grid = &data["coverageGrid"];
        assert_eq!(grid["columns"].as_array().map(Vec::len), Some(12), "the regions in force, not those of before 2015");
        let cell = &grid["cell"];
        assert_eq!((&cell["state"], &cell["released"], &cell["newestYear"]), (&json!("RELEASED"), &json!(1), &json!(2019)));
        assert_eq!(cell["datasets"], json!({ "totalCount": 1, "nodes": [{ "slug": "ma-hcp-enmi-2018-2019" }] }));
        assert_eq!(grid["none"], Value::Null);
    });
}

/// Every cell of two grids of the demo is counted once more by the search, which is a way of its own.
#[test]
fn what_is_counted_can_be_seen() {
    with_demo_on_sqlite(|server| {
        for columns in [REGIONS, COUNTRIES] {
            cells_agree_with_the_search(server, columns);
        }
    });
}

fn cells_agree_with_the_search(server: &Server, columns: &str) {
    let data = server.ask(&format!(
            "{{ coverageGrid(rows: {{ dimension: THEME_GROUP }}, {columns}) {{ cells(states: [RELEASED, EXISTS_NOT_RELEASED]) {{ row {{ code }} column {{ code }} \
             released existsNotReleased notDocumented planned datasets(first: 1) {{ totalCount }} \
             released_: datasets(state: RELEASED, first: 40) {{ nodes {{ slug }} }} }} total {{ released existsNotReleased notDocumented planned }} }} }}"
        ));
    let grid = &data["coverageGrid"];
    let total = &grid["total"];
    let sum: u64 = ["released", "existsNotReleased", "notDocumented", "planned"].iter().map(|state| number(&total[*state])).sum();
    assert_eq!(sum, 58, "each record is counted once: {total}");
    assert!(!list(&grid["cells"]).is_empty());
    for cell in list(&grid["cells"]) {
        let sum: u64 = ["released", "existsNotReleased", "notDocumented", "planned"].iter().map(|state| number(&cell[*state])).sum();
        assert_eq!(number(&cell["datasets"]["totalCount"]), sum, "{cell}");
        let (theme, area) = (cell["row"]["code"].as_str().expect("theme"), cell["column"]["code"].as_str().expect("area"));
        // Of the same cell by the search alone: certain ones are those that are there, of whatever release.
        let found = server.ask(&format!(
                "{{ datasets(where: {{ themes: [\"{theme}\"], reportingAreas: [\"{area}\"] }}, first: 100) {{ nodes {{ slug collectionStatus \
                 coverage {{ releasedLevel releasedDisaggregations {{ code }} }} holdings {{ accessTerms {{ aggregates aggregatesBasis }} }} }} }} }}"
            ));
        let is_released = |node: &Value| {
            // What was only assumed is not known.
            let level = |holding: &Value| {
                let terms = &holding["accessTerms"];
                if terms["aggregatesBasis"] == "QUOTED" {
                    terms["aggregates"].as_str().expect("a level").to_owned()
                } else {
                    "UNKNOWN".to_owned()
                }
            };
            let levels: Vec<String> = list(&node["holdings"]).iter().map(level).collect();
            let said = !node["coverage"]["releasedLevel"].is_null() || !list(&node["coverage"]["releasedDisaggregations"]).is_empty();
            let open = ["OPEN", "PUBLISHED_REPORTS", "PRESS_FIGURES", "PUF", "REGISTERED"];
            levels.iter().any(|level| open.contains(&level.as_str())) || (levels.iter().any(|level| level == "UNKNOWN") && said)
        };
        let mut expected: Vec<&str> = list(&found["datasets"]["nodes"])
            .iter()
            .filter(|node| node["collectionStatus"] != "PLANNED" && is_released(node))
            .filter_map(|node| node["slug"].as_str())
            .collect();
        let mut shown: Vec<&str> = list(&cell["released_"]["nodes"]).iter().filter_map(|node| node["slug"].as_str()).collect();
        expected.sort_unstable();
        shown.sort_unstable();
        assert_eq!((shown.len() as u64, &shown), (number(&cell["released"]), &expected), "{theme} × {area}");
    }
}

#[test]
fn what_is_not_documented_is_not_called_absent() {
    with_demo_on_sqlite(|server| {
        for (language, word) in [("en", "Not documented here"), ("fr", "Non documenté ici"), ("ar", "غير موثق هنا")] {
            let data = server.ask(&format!(
                "{{ coverageGrid(rows: {{ dimension: DISAGGREGATION, codes: [\"disability\"] }}, {REGIONS}, language: \"{language}\") \
                 {{ note cells {{ state stateLabel released newestYear datasets(state: RELEASED) {{ totalCount }} }} svg csv }} }}"
            ));
            let grid = &data["coverageGrid"];
            for cell in list(&grid["cells"]) {
                assert_eq!((&cell["state"], &cell["stateLabel"]), (&json!("NOT_DOCUMENTED"), &json!(word)), "{cell}");
                assert_eq!((&cell["released"], &cell["datasets"]["totalCount"]), (&json!(0), &json!(0)));
            }
            for text in [&grid["note"], &grid["svg"], &grid["csv"]] {
                let text = text.as_str().expect("text").to_lowercase();
                for absence in ["no data", "missing", "aucune donnée", "lacune", "لا توجد بيانات"] {
                    assert!(!text.contains(absence), "{absence}: {text}");
                }
            }
        }
    });
}

#[test]
fn a_region_has_a_page_to_begin_with() {
    with_demo(|server, _| {
        let query = "{ regionProfile(area: \"MA-09\") { value { code label } total { released notDocumented } \
             cells(by: { dimension: THEME_GROUP }) { column { code } state released } inside { row { code } state } \
             formerDivisions { code } formerDatasets { nodes { slug } } institutions(first: 100) { nodes { slug } totalCount } } }";
        let profile = &server.ask(query)["regionProfile"];
        assert_eq!(profile["value"], json!({ "code": "MA-09", "label": "Souss-Massa" }));
        assert_eq!(profile["formerDivisions"], json!([{ "code": "MA-F-SOUSS-MASSA-DRAA" }]));
        assert!(list(&profile["formerDatasets"]["nodes"]).contains(&json!({ "slug": "ma-hcp-returnees-2003-2004" })), "{profile}");
        assert_eq!(list(&profile["cells"]).len(), 9, "every group of topics, also those of which nothing is documented");
        assert!(list(&profile["inside"]).iter().any(|cell| cell["row"]["code"] == "MA-CHT"), "its provinces and prefectures");
        let institutions: Vec<&str> = list(&profile["institutions"]["nodes"]).iter().filter_map(|one| one["slug"].as_str()).collect();
        assert!(institutions.contains(&"hcp") && institutions.is_sorted(), "A to Z: {institutions:?}");
        assert_eq!(profile["institutions"]["totalCount"], json!(institutions.len()));
        let refused = refused(server, "{ regionProfile(area: \"Utopia\") { total { released } } }");
        assert!(refused.contains("Utopia") && refused.contains("PLACES"), "{refused}");
    });
}

#[test]
fn wrong_questions_are_refused_with_their_remedy() {
    with_demo_on_sqlite(|server| {
        for (axes, words) in [
            ("rows: { dimension: THEME, level: REGION }, columns: { dimension: YEAR }", "rows.level"),
            ("rows: { dimension: YEAR, fromYear: 2020, toYear: 2010 }, columns: { dimension: YEAR }", "exchange"),
            ("rows: { dimension: YEAR, codes: [\"19\"] }, columns: { dimension: YEAR }", "four digits"),
            ("rows: { dimension: YEAR, fromYear: 1000, toYear: 2000 }, columns: { dimension: YEAR }", "more than 250 values"),
            ("rows: { dimension: REPORTING_AREA, within: \"XX\" }, columns: { dimension: YEAR }", "rows.within"),
            ("rows: { dimension: GCM_OBJECTIVE, codes: [\"SDG-10.7.1\"] }, columns: { dimension: YEAR }", "begin with GCM-"),
            ("rows: { dimension: THEME_GROUP, codes: [\"MT-0701\"] }, columns: { dimension: YEAR }", "is a topic"),
            ("rows: { dimension: YEAR, fromYear: 2147483647 }, columns: { dimension: YEAR }", "four digits"),
            ("rows: { dimension: YEAR, codes: [\"2019\"], toYear: 2020 }, columns: { dimension: YEAR }", "beside `codes`"),
            ("rows: { dimension: INSTITUTION, codes: [\"hpc\"] }, columns: { dimension: YEAR }", "no institution of the catalogue"),
            ("rows: { dimension: YEAR }, columns: { dimension: YEAR }, where: { institutions: [\"hpc\"] }", "where.institutions"),
            ("rows: { dimension: YEAR }, columns: { dimension: YEAR }, breakdowns: [\"hair\"]", "DISAGGREGATIONS"),
            ("rows: { dimension: INSTITUTION, codes: [\"<script>\"] }, columns: { dimension: YEAR }", "short name"),
        ] {
            let refused = refused(server, &format!("{{ coverageGrid({axes}) {{ total {{ released }} }} }}"));
            assert!(refused.contains(words), "{words}: {refused}");
        }
        let much = "{ coverageGrid(rows: { dimension: THEME }, columns: { dimension: YEAR }) { cells { datasets(first: 1) { nodes { slug } } } } }";
        assert!(refused(server, much).contains("at most 100"));
    });
}

#[test]
fn files_say_the_same_in_three_languages() {
    with_demo(|server, _| {
        for (language, label) in [("en", "Souss-Massa"), ("fr", "Souss-Massa"), ("ar", "سوس")] {
            let path = |form: &str| format!("/grid.{form}?rows=THEME_GROUP&columns=REPORTING_AREA&columnsWithin=MA&language={language}");
            let svg = server.get(&path("svg"), &[]);
            assert_eq!((svg.status, svg.header("content-type")), (200, "image/svg+xml; charset=utf-8"));
            assert!(svg.body.contains("role=\"img\"") && svg.body.contains(label) && svg.body.contains("<desc"), "{}", svg.body);
            assert_eq!(svg.body.contains("direction=\"rtl\""), language == "ar");
            let csv = server.get(&path("csv"), &[]);
            assert_eq!(csv.body.lines().count(), 1 + (9 + 1) * (12 + 1), "the head, the cells and the totals: {}", csv.body);
            // The same as the contract says, cell by cell.
            let data = server.ask(&format!("{{ coverageGrid(rows: {{ dimension: THEME_GROUP }}, {REGIONS}) {{ cells {{ row {{ code }} column {{ code }} state released }} }} }}"));
            for cell in list(&data["coverageGrid"]["cells"]) {
                let text = |value: &Value| value.as_str().expect("text").to_owned();
                let (row, column, state) = (text(&cell["row"]["code"]), text(&cell["column"]["code"]), text(&cell["state"]));
                let line = csv.body.lines().find(|line| line.starts_with(&format!("{row},")) && line.contains(&format!(",{column},")));
                assert!(
                    line.is_some_and(|line| line.contains(&format!(",{state},")) && line.contains(&format!(",{},", cell["released"]))),
                    "{cell}: {line:?}"
                );
            }
            assert_eq!(server.get(&path("xlsx"), &[]).status, 200);
        }
        // A file says under which conditions it was asked, and nothing where there were none.
        for (language, told) in [
            ("en", "Conditions: Producer or holder: High Commission for Planning; Breakdown: Age; Reference period: 2015 to 2020-03"),
            (
                "ar",
                "الشروط: المنتج أو الحائز: المندوبية السامية للتخطيط؛ التفصيل: السن؛ الفترة المرجعية: من \u{2068}2015\u{2069} إلى \u{2068}2020-03\u{2069}",
            ),
        ] {
            let axes = format!("rows=THEME&columns=REPORTING_AREA&columnsWithin=MA&rowsCodes=MT-0701&language={language}");
            let asked = format!("{axes}&breakdowns=age&institutions=hcp&from=2015&to=2020-03");
            let svg = server.get(&format!("/grid.svg?{asked}"), &[]).body;
            let spoken = svg.split("<desc").nth(1).and_then(|rest| rest.split("</desc>").next()).expect("a description");
            assert!(spoken.contains(told) && svg.matches(&told[..told.find(':').expect("a colon")]).count() > 1, "{svg}");
            let csv = server.get(&format!("/grid.csv?{asked}"), &[]).body;
            assert!(csv.lines().skip(1).all(|line| line.contains(told.split_once(": ").expect("a colon").1)), "{csv}");
            let plain = server.get(&format!("/grid.svg?{axes}"), &[]).body;
            assert!(!plain.contains("Conditions: ") && !plain.contains("الشروط: "), "{plain}");
        }
        let wrong = server.get("/grid.csv?rows=THEME&columns=REGION&colour=red", &[]);
        assert_eq!(wrong.status, 400);
        assert!(wrong.body.contains("colour") && wrong.body.contains("REPORTING_AREA"), "{}", wrong.body);
    });
}

/// A record of members is counted for members, and changes nothing for visitors.
#[test]
fn each_reader_has_the_grid_of_what_they_may_find() {
    use crate::drafting::holding;
    use crate::harness::{BACKENDS, Place};
    use crate::outgoing::Person;

    for backend in BACKENDS {
        let place = Place::new(backend);
        let record = |slug: &str, visibility: &str| {
            json!({ "type": "dataset", "slug": slug, "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": visibility, "riskClass": "NONE",
                "certainty": "DOCUMENTED", "titles": { "en": { "text": slug, "status": "OFFICIAL" } }, "themes": ["MT-0701"], "producer": "nso",
                "holdings": [holding("nso", "PRODUCER", "OPEN")], "methodology": { "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED" },
                "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018", "end": "2019" } } })
            .to_string()
        };
        let lines = [
            crate::sources::named_institution("nso", "Office", "مكتب"),
            record("open-survey", "PUBLIC"),
            record("members-survey", "MEMBERS"),
            record("coordinators-survey", "COORDINATOR"),
        ];
        let file = place.write("records.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let member = Person::join(&place, &server, "member", "en", &["EDITOR@nso"]);
        let coordinator = Person::join(&place, &server, "coordinator", "en", &["COORDINATOR"]);
        let query = "{ coverageGrid(rows: { dimension: THEME, codes: [\"MT-0701\"] }, columns: { dimension: REPORTING_AREA, codes: [\"MA\"] }) \
                     { total { released notDocumented } cells { released notDocumented datasets { nodes { slug } } } } }";
        let slugs = |data: &Value| {
            let mut slugs: Vec<String> = list(&data["coverageGrid"]["cells"][0]["datasets"]["nodes"])
                .iter()
                .filter_map(|node| node["slug"].as_str().map(str::to_owned))
                .collect();
            slugs.sort();
            slugs
        };
        let visitor = server.ask(query);
        assert_eq!(slugs(&visitor), ["open-survey"]);
        assert_eq!(visitor["coverageGrid"]["total"], json!({ "released": 1, "notDocumented": 0 }));
        assert_eq!(slugs(&member.ask(&server, query, Value::Null)), ["members-survey", "open-survey"]);
        assert_eq!(slugs(&coordinator.ask(&server, query, Value::Null)), ["coordinators-survey", "members-survey", "open-survey"]);
        let path = "/grid.csv?rows=THEME&rowsCodes=MT-0701&columns=REPORTING_AREA&columnsCodes=MA";
        let released = |headers: &[(&str, &str)]| {
            let body = server.get(path, headers).body;
            body.lines().find(|line| line.starts_with("MT-0701,")).and_then(|line| line.split(',').nth(6)).map(str::to_owned)
        };
        let bearer = format!("Bearer {}", member.token);
        assert_eq!((released(&[]), released(&[("authorization", &bearer)])), (Some("1".to_owned()), Some("2".to_owned())));
        server.stop();
    }
}

/// What is planned for places among which the one of the cell may be is named as possible, as what is collected is.
#[test]
fn a_plan_that_only_may_be_of_a_cell_is_a_possible_match() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let plan = |slug: &str, areas: Value, level: Value| {
            dataset(slug, |record| {
                record["recordKind"] = json!("PLANNED_ACTIVITY");
                record["themes"] = json!(["MT-0101"]);
                record["coverage"] = json!({ "reportingAreas": areas });
                if !level.is_null() {
                    record["coverage"]["releasedLevel"] = level;
                }
            })
        };
        let lines = [plan("of-the-country", json!(["TN"]), Value::Null), plan("of-the-world", json!(["WORLD"]), Value::Null)];
        place.run_ok(&["import", &place.write("plans.jsonl", lines.join("\n"))]);
        let server = place.serve(&[]);
        server.wait_for_index();
        let planned = "datasets(state: PLANNED, first: 5) { edges { match node { slug } } }";
        let query = format!(
            "{{ coverageGrid(rows: {{ dimension: REPORTING_AREA, codes: [\"TN\"] }}, columns: {{ dimension: THEME_GROUP, codes: [\"MT-01\"] }}) \
             {{ cells {{ {planned} }} rowTotals {{ {planned} }} }} \
             asked: coverageGrid(rows: {{ dimension: THEME_GROUP, codes: [\"MT-01\"] }}, columns: {{ dimension: SOURCE_TYPE, codes: [\"CENSUS\"] }}, \
             where: {{ reportingAreas: [\"TN\"], includePossible: true }}) {{ cells {{ {planned} }} }} }}"
        );
        let data = server.ask(&query);
        let expected = json!([{ "match": "CERTAIN", "node": { "slug": "of-the-country" } }, { "match": "POSSIBLE", "node": { "slug": "of-the-world" } }]);
        for found in [&data["coverageGrid"]["cells"][0], &data["coverageGrid"]["rowTotals"][0], &data["asked"]["cells"][0]] {
            assert_eq!(found["datasets"]["edges"], expected, "{backend:?}: {data}");
        }
        server.stop();
    }
}
