//! Synthetic records: words by Zipf's law, codes of the real schemes. The same seed gives the same records.

use std::io::{BufWriter, Write};
use std::path::Path;

use rihla::domain::concept::Concepts;
use rihla::domain::vocabulary::{AccessLevel, Certainty, ConceptScheme, Frequency, RecordKind, SourceType, Vocabulary};
use serde_json::{Value, json};

use super::load::Question;

/// Institutions of a catalogue.
pub const INSTITUTIONS: usize = 300;
const WORDS: usize = 20_000;

/// A generator of numbers that is the same on every machine (xorshift*).
pub struct Dice(u64);

impl Dice {
    /// Starts with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }

    /// A number below the limit by Zipf's law: small ones are frequent.
    pub fn zipf(&mut self, limit: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((limit as f64).powf(share) - 1.0) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// The word with this rank.
pub fn word(rank: usize) -> String {
    let syllables = ["ba", "ri", "to", "ma", "le", "su", "no", "ka", "di", "pe", "lu", "fa", "go", "mi", "ze", "ro"];
    let (mut text, mut rest) = (String::new(), rank + 17);
    while rest > 0 {
        text.push_str(syllables[rest % 16]);
        rest /= 16;
    }
    text
}

fn words(dice: &mut Dice, count: usize) -> String {
    (0..count).map(|_| word(dice.zipf(WORDS))).collect::<Vec<_>>().join(" ")
}

/// What records are made of.
pub struct Codes {
    themes: Vec<String>,
    countries: Vec<String>,
    breakdowns: Vec<String>,
}

impl Codes {
    /// Reads the shipped schemes.
    pub fn load() -> Self {
        let concepts = Concepts::load(&[]).expect("concepts");
        let codes = |scheme, keep: &dyn Fn(&str) -> bool| -> Vec<String> {
            concepts.scheme(scheme).concepts.iter().map(|c| c.code.clone()).filter(|code| keep(code)).collect()
        };
        Self {
            themes: codes(ConceptScheme::Themes, &|code| code.len() > 5),
            countries: codes(ConceptScheme::Places, &|code| code.len() == 2 && code != "EU"),
            breakdowns: codes(ConceptScheme::Disaggregations, &|_| true),
        }
    }

    /// One record.
    pub fn record(&self, number: usize, dice: &mut Dice) -> Value {
        let start = 1990 + dice.below(34);
        let moroccan = dice.below(3) == 0;
        let area = if moroccan { "MA".to_owned() } else { dice.of(&self.countries).clone() };
        let level = ["COUNTRY", "REGION", "PROVINCE"][dice.below(3)];
        let end = if dice.below(4) == 0 { "..".to_owned() } else { (start + dice.below(5)).to_string() };
        let mut some = |list: &[String], most: usize| {
            let mut chosen: Vec<String> = (0..=dice.below(most)).map(|_| list[dice.zipf(list.len())].clone()).collect();
            chosen.sort();
            chosen.dedup();
            chosen
        };
        let (themes, breakdowns) = (some(&self.themes, 3), some(&self.breakdowns, 6));
        let holder = format!("holder-{:03}", dice.zipf(INSTITUTIONS));
        json!({
            "type": "dataset", "slug": format!("synthetic-{number:07}"), "recordKind": dice.of(RecordKind::ALL).code(), "status": "PUBLISHED",
            "visibility": "PUBLIC", "riskClass": "LOW", "certainty": dice.of(Certainty::ALL).code(), "mainLanguage": "en",
            "titles": { "en": { "text": words(dice, 7), "status": "OFFICIAL" }, "fr": { "text": words(dice, 7), "status": "TRANSLATION" } },
            "abstract": { "en": { "text": words(dice, 40), "status": "EDITORIAL" } },
            "themes": themes, "producer": holder,
            "holdings": [{ "institution": holder, "role": "PRODUCER", "accessTerms": { "aggregates": dice.of(AccessLevel::ALL).code(), "aggregatesBasis": "QUOTED",
                "microdata": dice.of(AccessLevel::ALL).code(), "microdataBasis": "ASSUMED", "channel": "UNKNOWN" } }],
            "methodology": { "sourceType": dice.of(SourceType::ALL).code(), "universe": { "en": { "text": words(dice, 8), "status": "EDITORIAL" } } },
            "coverage": { "reportingAreas": [area], "origins": ["ANY"], "destinations": [dice.of(&self.countries)], "period": { "start": start.to_string(), "end": end },
                "releasedLevel": level, "releasedDisaggregations": breakdowns, "frequency": dice.of(Frequency::ALL).code() },
        })
    }
}

/// One institution.
pub fn institution(number: usize) -> Value {
    json!({ "type": "institution", "slug": format!("holder-{number:03}"), "kind": "NSO", "country": "MA", "certainty": "DOCUMENTED",
        "names": { "en": { "text": format!("Institution {}", word(number * 7)), "status": "OFFICIAL" } } })
}

/// Writes a catalogue.
pub fn write(path: &Path, size: usize) {
    let mut file = BufWriter::new(std::fs::File::create(path).expect("file"));
    for number in 0..INSTITUTIONS {
        writeln!(file, "{}", institution(number)).expect("write");
    }
    let (codes, mut dice) = (Codes::load(), Dice::new(7));
    for number in 0..size {
        writeln!(file, "{}", codes.record(number, &mut dice)).expect("write");
    }
    file.flush().expect("write");
}

/// A word as people search for it: neither the most frequent nor a rare one.
pub fn search_word(dice: &mut Dice) -> String {
    word(10 + dice.zipf(1_000))
}

/// The operations of the targets: name, target, questions.
pub fn questions(size: usize) -> Vec<(&'static str, &'static str, Vec<Question>)> {
    let mut dice = Dice::new(99);
    let many = |make: &mut dyn FnMut() -> Question| (0..500).map(|_| make()).collect::<Vec<_>>();
    let codes = Codes::load();
    let list = "query($o: DatasetOrder) { datasets(first: 20, orderBy: $o) { totalCount nodes { id slug title updatedAt } } }";
    let one = "query($s: String!) { dataset(slug: $s) { title themes { label } producer { name } holdings { role institution { name } accessTerms { aggregates microdata } } } }";
    let search = "query($w: String) { datasets(search: $w, first: 20) { totalCount nodes { slug title } facets(of: [THEMES, SOURCE_TYPES, MICRODATA_ACCESS]) { values { code count } } } }";
    let plain = "query($w: String) { datasets(search: $w, first: 20) { totalCount nodes { slug title } } }";
    let filter = "query($t: [String!], $a: [String!], $p: PeriodFilter) { datasets(where: { themes: $t, reportingAreas: $a, period: $p }, first: 20) { totalCount nodes { slug title } } }";
    let grid = "query($p: PeriodFilter) { coverageGrid(rows: { dimension: THEME_GROUP }, columns: { dimension: REPORTING_AREA, within: \"MA\" }, \
                where: { period: $p }) { cells { state released existsNotReleased notDocumented } } }";
    let evidence = "query($p: PeriodFilter) { coverageGrid(rows: { dimension: THEME_GROUP }, columns: { dimension: REPORTING_AREA, within: \"MA\" }, \
                    where: { period: $p }) { rowTotals { newestYear datasets(first: 5) { nodes { slug } } } } }";
    let overlaps =
        "query($s: String!) { dataset(slug: $s) { overlaps(first: 20) { totalCount nodes { other { slug } score reasons { code } } } } }";
    let calendar = "{ calendar(where: { from: \"2024-06\", to: \"2024-06\" }, first: 20) { totalCount nodes { kind dates { edtf } dataset { slug } } } }";
    let compare = "query($d: [ID!]!) { compare(datasets: $d) { pairs { verdict findings { facet difference verdict } } } }";
    let indicators = "{ objectiveIndicators(country: \"MA\", records: PUBLISHED, edition: \"latest\") { actions { indicators { code value silence notDocumented } } } }";
    vec![
        ("{ __typename }", "2 x hello", vec![Question::post("{ __typename }", Value::Null)]),
        (
            "one dataset with holdings and themes",
            "0.10 ms",
            // More than the memory of records holds, so that most are read from the database.
            (0..20_000).map(|_| Question::post(one, json!({ "s": format!("synthetic-{:07}", dice.below(size)) }))).collect(),
        ),
        (
            "the same, 200 well-known records",
            "0.05 ms (stretch)",
            (0..200.min(size)).map(|n| Question::post(one, json!({ "s": format!("synthetic-{n:07}") }))).collect(),
        ),
        (
            "list of 20 with total",
            "0.25 ms",
            vec![Question::post(list, json!({ "o": "UPDATED_AT" })), Question::post(list, json!({ "o": "TITLE" }))],
        ),
        (
            "search, 20 hits",
            "-",
            many(&mut || Question::post(plain, json!({ "w": search_word(&mut Dice::new(dice.below(1 << 30) as u64)) }))),
        ),
        (
            "search, 3 facets, 20 hits",
            "0.4 / 1.2 ms (10k/100k)",
            many(&mut || Question::post(search, json!({ "w": search_word(&mut Dice::new(dice.below(1 << 30) as u64 + 1)) }))),
        ),
        (
            "theme x area x period",
            "0.4 ms",
            many(&mut || {
                let theme = codes.themes[dice.zipf(codes.themes.len())].clone();
                let area = ["MA-09", "MA", "MA-AGD", "TN"][dice.below(4)];
                let year = 1995 + dice.below(25);
                Question::post(
                    filter,
                    json!({ "t": [theme], "a": [area], "p": { "from": year.to_string(), "to": (year + 4).to_string() } }),
                )
            }),
        ),
        (
            "coverage grid, 9 x 12, any years",
            "0.5 ms",
            many(&mut || {
                let year = 1995 + dice.below(25);
                let window = json!({ "from": year.to_string(), "to": (year + dice.below(10)).to_string() });
                Question::post(grid, json!({ "p": window }))
            }),
        ),
        (
            "the same grid with the records of its cells",
            "-",
            many(&mut || {
                let year = 1995 + dice.below(25);
                Question::post(evidence, json!({ "p": { "from": year.to_string(), "to": (year + 4).to_string() } }))
            }),
        ),
        (
            "overlaps of one record",
            "-",
            many(&mut || Question::post(overlaps, json!({ "s": format!("synthetic-{:07}", dice.below(size)) }))),
        ),
        ("calendar of a month, 20 entries", "-", vec![Question::post(calendar, Value::Null)]),
        (
            "two records compared",
            "-",
            many(&mut || {
                // Two records, never one twice.
                let one = dice.below(size);
                let other = (one + 1 + dice.below(size.saturating_sub(1))) % size;
                let pair = [one, other].map(|number| format!("synthetic-{number:07}"));
                Question::post(compare, json!({ "d": pair }))
            }),
        ),
        ("indicators of Objective 1, asked again", "-", vec![Question::post(indicators, Value::Null)]),
        (
            "suggest",
            "0.2 ms, p99 20 ms",
            many(&mut || {
                let prefix: String = word(dice.zipf(2_000)).chars().take(2 + dice.below(4)).collect();
                Question::post("query($p: String!) { suggest(prefix: $p) { text value } }", json!({ "p": prefix }))
            }),
        ),
    ]
}
