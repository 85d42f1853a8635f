//! What each reader may see, written down a second time from the documentation, and a catalogue to try it on: each field of
//! each record holds a word or code that stands nowhere else, so that whatever comes out tells where it came from.

use std::collections::{BTreeMap, HashMap};

use rihla::domain::concept::Concepts;
use rihla::domain::vocabulary::ConceptScheme;
use serde_json::{Value, json};

use crate::actors::Caller;
use crate::harness::{Place, Server, institution};

/// Number of records.
pub const RECORDS: usize = 40;

/// Countries, each of which stands in one field of one record.
const COUNTRIES: &str = "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN \
     CO CR CU CV CY CZ DE DJ DK DM DO EC EE ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM \
     JO JP KE KG KH KI KM KN KW KZ LA LB LC LK LR LS LT LU LV MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG";

/// Fields that a producer may mask.
const MASKS: [&str; 23] = [
    "ABSTRACT",
    "KEYWORDS",
    "PROGRAMME",
    "THEMES",
    "PARTNERS",
    "LEGAL_MANDATE",
    "COVERAGE_REPORTING_AREAS",
    "COVERAGE_ORIGINS",
    "COVERAGE_DESTINATIONS",
    "COVERAGE_PERIOD",
    "COVERAGE_LEVELS",
    "COVERAGE_DISAGGREGATIONS",
    "METHODOLOGY",
    "METHODOLOGY_SAMPLING",
    "METHODOLOGY_DEFINITIONS",
    "METHODOLOGY_INSTRUMENTS",
    "HOLDINGS_CONDITIONS",
    "HOLDINGS_DISTRIBUTIONS",
    "VARIABLES",
    "RELATIONS",
    "DISCREPANCIES",
    "LINKS",
    "CITATIONS",
];

/// A place in a record that holds a word of its own.
pub struct Part {
    /// Name in the test.
    pub name: &'static str,
    /// Masks that hide it.
    masks: &'static [&'static str],
    /// Whether the search finds it and shows the piece of text.
    pub is_searched: bool,
    /// Where it stands in the record format.
    path: &'static str,
    form: fn(&str) -> Value,
}

const fn part(name: &'static str, masks: &'static [&'static str], is_searched: bool, path: &'static str, form: fn(&str) -> Value) -> Part {
    Part { name, masks, is_searched, path, form }
}

/// A text in the record format.
pub fn text(words: &str) -> Value {
    json!({ "en": { "text": words, "status": "OFFICIAL" } })
}

fn texts(words: &str) -> Value {
    json!([text(words)])
}

fn pages(words: &str) -> Value {
    json!([{ "title": text(words), "url": format!("https://example.org/{words}") }])
}

/// Every such place but the short name and the title, which are never hidden alone.
pub const PARTS: &[Part] = &[
    part("abstract", &["ABSTRACT"], true, "/abstract", text),
    part("keyword", &["KEYWORDS"], true, "/keywords", texts),
    part("programme", &["PROGRAMME"], true, "/programme", text),
    part("mandate", &["LEGAL_MANDATE"], true, "/legalMandate", text),
    part("area", &["COVERAGE_REPORTING_AREAS"], true, "/coverage/areaNote", text),
    part("period", &["COVERAGE_PERIOD"], false, "/coverage/period/note", text),
    part("level", &["COVERAGE_LEVELS"], true, "/coverage/levelNote", text),
    part("universe", &["METHODOLOGY"], true, "/methodology/universe", text),
    part("limit", &["METHODOLOGY"], true, "/methodology/knownLimits", texts),
    part("sampling", &["METHODOLOGY", "METHODOLOGY_SAMPLING"], true, "/methodology/samplingText", text),
    part(
        "definition",
        &["METHODOLOGY", "METHODOLOGY_DEFINITIONS"],
        true,
        "/methodology/definitions",
        |words| json!([{ "code": "UN1998_LONG", "text": text(words) }]),
    ),
    part("instrument", &["METHODOLOGY", "METHODOLOGY_INSTRUMENTS"], false, "/methodology/instruments", pages),
    part("conditions", &["HOLDINGS_CONDITIONS"], true, "/holdings/0/accessTerms/conditions", text),
    part("distribution", &["HOLDINGS_DISTRIBUTIONS"], false, "/holdings/0/distributions", pages),
    part("variable", &["VARIABLES"], true, "/variables", |words| json!([{ "name": "v1", "label": text(words) }])),
    part("relation", &["RELATIONS"], false, "/relations/0/note", text),
    part(
        "discrepancy",
        &["DISCREPANCIES"],
        true,
        "/discrepancies",
        |words| json!([{ "subject": text(words), "values": [{ "value": "1" }, { "value": "2" }] }]),
    ),
    part("link", &["LINKS"], false, "/links", pages),
    part("citation", &["CITATIONS"], false, "/citations", |words| json!([{ "title": words }])),
    part("classification", &[], true, "/classifications", texts),
    part("doubt", &[], false, "/certaintyNote", text),
];

/// Deterministic numbers that look like chance (SplitMix64).
pub struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A word of 16 letters that no other is near to. It ends so that no stemming cuts it.
    fn word(&mut self) -> String {
        let mut word = String::new();
        for _ in 0..7 {
            word.push(self.pick(b"bdfgklmnprtvz") as char);
            word.push(self.pick(b"aeiou") as char);
        }
        word + "ox"
    }
}

/// A record of the catalogue, as the model knows it.
pub struct Fiche {
    /// Place in the order of creation.
    pub number: usize,
    /// Producer.
    pub owner: &'static str,
    /// An institution that holds it and took part; perhaps the producer.
    pub holder: &'static str,
    /// Visibility.
    pub visibility: &'static str,
    /// Publication status.
    pub status: &'static str,
    /// Words by part, with `slug` and `title`.
    pub words: BTreeMap<&'static str, String>,
    /// Masks with those who see through them.
    pub masks: BTreeMap<&'static str, &'static str>,
    /// Record to which it is related.
    pub relation: Option<usize>,
    /// Type of source.
    pub source_type: &'static str,
    /// Frequency.
    pub frequency: &'static str,
    /// Level released.
    pub level: &'static str,
    risk: &'static str,
}

impl Fiche {
    /// Short name.
    pub fn slug(&self) -> &str {
        &self.words["slug"]
    }

    /// Identifier, without the front of the URN.
    pub fn uuid(&self) -> String {
        format!("0193a2b4-0000-7000-8001-{:012}", self.number)
    }

    /// Place in the log of the change that brought it: the two institutions come first.
    pub fn seq(&self) -> usize {
        self.number + 3
    }
}

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Name in the test.
    pub name: &'static str,
    /// 0 sees what the public sees, 1 what members see, 2 what the coordinator sees.
    level: u8,
    /// Institution of which the reader has a role.
    institution: Option<&'static str>,
    roles: &'static [&'static str],
}

const fn reader(name: &'static str, level: u8, institution: Option<&'static str>, roles: &'static [&'static str]) -> Reader {
    Reader { name, level, institution, roles }
}

/// Anyone on the web.
pub const VISITOR: Reader = reader("visitor", 0, None, &[]);
/// Anyone who has signed in.
pub const MEMBER: Reader = reader("member", 1, None, &[]);
/// The coordinator.
pub const COORDINATOR: Reader = reader("coordinator", 2, None, &["COORDINATOR"]);

const READERS: [Reader; 7] = [
    VISITOR,
    MEMBER,
    reader("editor-alpha", 1, Some("alpha"), &["EDITOR@alpha"]),
    reader("editor-beta", 1, Some("beta"), &["EDITOR@beta"]),
    COORDINATOR,
    reader("auditor", 1, None, &["AUDITOR"]),
    reader("admin", 1, None, &["ADMIN"]),
];

impl Reader {
    /// The same as they search: producers find their own hidden records by their short names, not by words.
    pub fn in_general(&self) -> Self {
        Self { institution: None, ..*self }
    }

    /// Opens a session.
    pub fn enter(&self, server: &Server, place: &Place) -> Caller {
        if self.name == VISITOR.name { Caller::visitor() } else { Caller::signed_in(server, place, self.name, self.roles) }
    }
}

/// All readers with their sessions, and a token of an editor that was not made for reading.
pub fn readers(server: &Server, place: &Place) -> Vec<(Reader, Caller)> {
    let mut all: Vec<(Reader, Caller)> = READERS.iter().map(|reader| (*reader, reader.enter(server, place))).collect();
    let editor = all.iter().find(|(reader, _)| reader.name == "editor-alpha").expect("the editor");
    let token = editor.1.token(server, &["REGISTER", "DECIDE", "AUDIT", "SUBSCRIBE"]);
    all.push((reader("token-that-may-not-read", 0, None, &[]), token));
    all
}

/// How much of a record is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing.
    Nothing,
    /// A stub or tombstone.
    Stub,
    /// The record without its masked fields.
    Record,
}

fn level_of(visibility: &str) -> u8 {
    match visibility {
        "PUBLIC" | "STUB" => 0,
        "MEMBERS" => 1,
        _ => 2,
    }
}

/// The catalogue.
pub struct World {
    /// Its records.
    pub records: Vec<Fiche>,
    secrets: HashMap<String, (usize, &'static str)>,
    topics: Vec<String>,
    countries: Vec<&'static str>,
}

impl World {
    /// A catalogue by chance.
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut records: Vec<Fiche> = (0..RECORDS).map(|number| fiche(&mut random, number)).collect();
        for record in &mut records {
            let other = random.below(RECORDS);
            record.relation = (other != record.number && random.below(3) > 0).then_some(other);
            if record.relation.is_none() {
                record.words.remove("relation");
            }
        }
        let words = records.iter().flat_map(|record| record.words.iter().map(move |(part, word)| (word.clone(), (record.number, *part))));
        let secrets: HashMap<_, _> = words.collect();
        assert_eq!(secrets.len(), records.iter().map(|record| record.words.len()).sum::<usize>(), "a word came twice");
        let concepts = Concepts::load(&[]).expect("concepts");
        let topics = concepts.scheme(ConceptScheme::Themes).concepts.iter().filter(|concept| !concept.broader.is_empty());
        let topics: Vec<String> = topics.map(|concept| concept.code.clone()).collect();
        let countries: Vec<&str> = COUNTRIES.split_whitespace().collect();
        assert!(topics.len() >= RECORDS && countries.len() >= 3 * RECORDS, "every record needs codes of its own");
        Self { records, secrets, topics, countries }
    }

    /// Topic of a record.
    pub fn topic(&self, record: &Fiche) -> &str {
        &self.topics[record.number]
    }

    /// Reporting area, origin and destination of a record.
    pub fn places(&self, record: &Fiche) -> [&'static str; 3] {
        [0, 1, 2].map(|list| self.countries[list * RECORDS + record.number])
    }

    /// How much of a record a reader is shown.
    pub fn sight(&self, reader: &Reader, record: &Fiche) -> Sight {
        if reader.institution == Some(record.owner) {
            return Sight::Record;
        }
        if reader.level < level_of(record.visibility) {
            return Sight::Nothing;
        }
        match record.status {
            "PUBLISHED" if record.visibility == "STUB" && reader.level < 2 => Sight::Stub,
            "PUBLISHED" => Sight::Record,
            "RETIRED" => Sight::Stub,
            _ => Sight::Nothing,
        }
    }

    /// Whether a maskable field is shown to a reader.
    pub fn shows(&self, reader: &Reader, record: &Fiche, field: &str) -> bool {
        let is_own = reader.institution == Some(record.owner);
        let masked = record.masks.get(field).is_some_and(|visible_to| reader.level < level_of(visible_to));
        self.sight(reader, record) == Sight::Record && (is_own || !masked)
    }

    /// Whether a reader may see the word of a part.
    pub fn sees(&self, reader: &Reader, record: &Fiche, name: &str) -> bool {
        let sight = self.sight(reader, record);
        let Some(part) = PARTS.iter().find(|part| part.name == name) else { return sight != Sight::Nothing };
        // What is said of a hidden record is as hidden as the record.
        let target = record.relation.filter(|_| name == "relation").map(|number| &self.records[number]);
        let is_told = target.is_none_or(|target| self.sight(reader, target) != Sight::Nothing);
        sight == Sight::Record && is_told && part.masks.iter().all(|mask| self.shows(reader, record, mask))
    }

    /// Whether a record can be found by those who see as much as the reader does in general.
    pub fn finds(&self, reader: &Reader, record: &Fiche) -> bool {
        record.status == "PUBLISHED" && self.sight(&reader.in_general(), record) != Sight::Nothing
    }

    /// Records to which a record is related for a reader, in both directions. A record that hides its relations shows none, and
    /// is not shown as related by the other one either.
    pub fn related(&self, reader: &Reader, record: &Fiche) -> Vec<&str> {
        let to = record.relation.iter().map(|number| &self.records[*number]);
        let to = to.filter(|other| self.sight(reader, other) != Sight::Nothing);
        let from = self.records.iter().filter(|other| other.relation == Some(record.number) && self.shows(reader, other, "RELATIONS"));
        let both = to.chain(from).filter(|_| self.shows(reader, record, "RELATIONS"));
        let mut slugs: Vec<&str> = both.map(Fiche::slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs
    }

    /// Whether a record is in the export for the public: it is open, and whole enough to be imported elsewhere.
    pub fn exports(&self, record: &Fiche) -> bool {
        record.status == "PUBLISHED" && self.shows(&VISITOR, record, "METHODOLOGY")
    }

    /// Every word in a text that the reader may not see, with where it came from.
    pub fn leaks(&self, reader: &Reader, text: &str) -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter_map(|word| self.secrets.get(word));
        let told = words.filter(|(number, part)| !self.sees(reader, &self.records[*number], part));
        let name = |(number, part): &(usize, &str)| {
            let record = &self.records[*number];
            format!("{part} of {} ({} {}, {:?})", record.slug(), record.status, record.visibility, record.masks)
        };
        told.map(name).collect()
    }

    /// The catalogue in the record format: whole, or with no more than a reader may see.
    pub fn lines(&self, reader: Option<&Reader>) -> String {
        let mut lines: Vec<String> = ["alpha", "beta"]
            .iter()
            .zip(1..)
            .map(|(slug, number)| {
                let identifier = format!("\"identifier\":\"urn:uuid:0193a2b4-0000-7000-8002-{number:012}\",\"kind\"");
                institution(slug).replace("\"kind\"", &identifier)
            })
            .collect();
        let known = self.records.iter().filter(|record| reader.is_none_or(|reader| self.sight(reader, record) != Sight::Nothing));
        lines.extend(known.map(|record| self.line(record, reader).to_string()));
        lines.join("\n")
    }

    fn line(&self, record: &Fiche, reader: Option<&Reader>) -> Value {
        let is_open = |field: &str| reader.is_none_or(|reader| self.shows(reader, record, field));
        let is_stub = reader.is_some_and(|reader| self.sight(reader, record) == Sight::Stub);
        let (level, basis) = if is_stub { ("UNKNOWN", "ASSUMED") } else { ("OPEN", "QUOTED") };
        let terms =
            json!({ "aggregates": level, "aggregatesBasis": basis, "microdata": level, "microdataBasis": basis, "channel": "DESK" });
        let mut line = json!({
            "type": "dataset", "slug": record.slug(), "identifier": format!("urn:uuid:{}", record.uuid()),
            "recordKind": "STATISTICAL_OPERATION", "status": record.status, "visibility": record.visibility,
            "riskClass": if is_stub { "NONE" } else { record.risk }, "certainty": "DOCUMENTED",
            "titles": text(&format!("Survey {}", record.words["title"])), "producer": record.owner,
            "holdings": [{ "institution": record.owner, "role": "PRODUCER", "accessTerms": terms }],
            "methodology": { "sourceType": if is_open("METHODOLOGY") { record.source_type } else { "CENSUS" } }, "coverage": {},
        });
        if record.holder != record.owner {
            let second = json!({ "institution": record.holder, "role": "HOLDER", "accessTerms": terms });
            line["holdings"].as_array_mut().expect("holdings").push(second);
        }
        let [area, origin, destination] = self.places(record);
        let year = (1960 + record.number).to_string();
        let target = record.relation.map(|number| &self.records[number]);
        let target = target.filter(|other| reader.is_none_or(|reader| self.sight(reader, other) != Sight::Nothing));
        let mut put = |field: &str, path: &str, value: Value| {
            if is_open(field) {
                set(&mut line, path, value);
            }
        };
        put("THEMES", "/themes", json!([self.topic(record)]));
        put("PARTNERS", "/partners", json!([record.holder]));
        put("COVERAGE_REPORTING_AREAS", "/coverage/reportingAreas", json!([area]));
        put("COVERAGE_ORIGINS", "/coverage/origins", json!([origin]));
        put("COVERAGE_DESTINATIONS", "/coverage/destinations", json!([destination]));
        put("COVERAGE_PERIOD", "/coverage/period", json!({ "start": year, "end": year }));
        put("COVERAGE_PERIOD", "/coverage/frequency", json!(record.frequency));
        put("COVERAGE_LEVELS", "/coverage/releasedLevel", json!(record.level));
        put("COVERAGE_DISAGGREGATIONS", "/coverage/releasedDisaggregations", json!(["sex"]));
        if let Some(target) = target {
            put("RELATIONS", "/relations", json!([{ "type": "OVERLAPS", "dataset": target.slug() }]));
        }
        for part in PARTS {
            let word = record.words.get(part.name).filter(|_| reader.is_none_or(|reader| self.sees(reader, record, part.name)));
            if let Some(word) = word {
                set(&mut line, part.path, (part.form)(word));
            }
        }
        if !record.masks.is_empty() {
            let masks = record.masks.iter().map(|(field, visible_to)| json!({ "field": field, "visibleTo": visible_to }));
            line["masks"] = masks.collect();
        }
        line
    }
}

fn set(line: &mut Value, path: &str, value: Value) {
    let (parent, key) = path.rsplit_once('/').expect("a path");
    line.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"))[key] = value;
}

fn fiche(random: &mut Random, number: usize) -> Fiche {
    let mut words = BTreeMap::from([("slug", random.word()), ("title", random.word())]);
    for part in PARTS {
        if random.below(3) > 0 {
            words.insert(part.name, random.word());
        }
    }
    let masks = (0..random.below(7)).map(|_| (random.pick(&MASKS), random.pick(&["MEMBERS", "COORDINATOR"]))).collect();
    let mostly_published = ["PUBLISHED"; 7].into_iter().chain(["RETIRED", "DRAFT", "SUBMITTED", "VALIDATED"]);
    let statuses: Vec<&str> = mostly_published.collect();
    Fiche {
        number,
        owner: random.pick(&["alpha", "beta"]),
        holder: random.pick(&["alpha", "beta"]),
        visibility: random.pick(&["PUBLIC", "PUBLIC", "MEMBERS", "COORDINATOR", "STUB"]),
        status: random.pick(&statuses),
        words,
        masks,
        relation: None,
        source_type: random.pick(&["CENSUS", "LABOUR_FORCE_SURVEY", "BIG_DATA", "QUALITATIVE"]),
        frequency: random.pick(&["ANNUAL", "MONTHLY", "ONCE"]),
        level: random.pick(&["COUNTRY", "REGION"]),
        risk: random.pick(&["LOW", "HIGH"]),
    }
}
