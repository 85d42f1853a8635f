//! What a draft still lacks before it can be submitted, what is wrong in it, and what would make it better.
//!
//! Mandatory is what every editor can answer: the desk knows it, or its list has a code for what nobody knows.
//! All that the field may legitimately not know is recommended only, so that nobody invents an answer.

mod faults;
mod guidance;
mod places;
mod rules;

use serde_json::Value;

use self::faults::faults;
pub use self::guidance::{Guidance, Trilingual, guidance};
use self::places::{at, code, elements, instances, is_stated, lacks};
use self::rules::{FACETS, NEEDED, PARTS, PERIOD, RECOMMENDED, SERIES, by_source};
use super::concept::Concepts;
use super::problem::Problem;
use super::text::LanguageTag;
use super::vocabulary::{SourceType, Vocabulary, vocabulary};

vocabulary! {
    /// How strongly a field is asked for.
    Obligation "obligation" {
        Mandatory = "MANDATORY" ["Needed before the record can be submitted", "Nécessaire pour soumettre la fiche", "ضروري لتقديم السجل"],
        Recommended = "RECOMMENDED" ["Recommended; may stay not documented", "Recommandé ; peut rester non documenté", "مستحسن، ويمكن أن يبقى غير موثق"],
    }
}

/// A field that is not filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Dotted path as in the record format, such as `holdings[0].accessTerms.microdata`.
    pub field: String,
    /// How strongly it is asked for.
    pub obligation: Obligation,
}

/// Where a draft stands on its way to submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Parts that are needed and absent, in the order of the form.
    pub missing: Vec<Requirement>,
    /// What is wrong in what is given; a part that is simply absent is not among them.
    pub faults: Vec<Problem>,
    /// Parts that would help and are absent.
    pub recommended: Vec<Requirement>,
}

impl Readiness {
    /// Whether the draft can be submitted.
    pub fn is_ready(&self) -> bool {
        self.missing.is_empty() && self.faults.is_empty()
    }
}

/// What the draft, an object in the record format, still lacks, and what is wrong in what it says.
pub fn readiness(draft: &Value, concepts: &Concepts) -> Readiness {
    let missing = missing(draft);
    let requirement = |obligation: Obligation| move |field: String| Requirement { field, obligation };
    Readiness {
        faults: faults(draft, &missing, concepts),
        missing: missing.into_iter().map(requirement(Obligation::Mandatory)).collect(),
        recommended: recommended(draft).into_iter().map(requirement(Obligation::Recommended)).collect(),
    }
}

fn missing(draft: &Value) -> Vec<String> {
    let mut fields: Vec<String> = NEEDED.iter().filter(|field| lacks(draft, field)).map(|field| (*field).to_owned()).collect();
    let start = format!("{PERIOD}.start");
    if has_period(draft) && !is_stated(draft, &start) {
        fields.push(start);
    }
    for (list, parts) in PARTS {
        for element in elements(draft, list) {
            fields.extend(parts.iter().map(|(part, _)| format!("{element}.{part}")).filter(|field| lacks(draft, field)));
        }
    }
    for holding in elements(draft, "holdings") {
        let address = format!("{holding}.accessTerms.channelUrl");
        if code(draft, &format!("{holding}.accessTerms.channel")) == "URL" && lacks(draft, &address) {
            fields.push(address);
        }
    }
    fields.extend(unfinished_wordings(draft));
    fields
}

/// Wordings that name a language, but lack the words or where these come from.
fn unfinished_wordings(draft: &Value) -> Vec<String> {
    let mut fields = Vec::new();
    for place in self::guidance::multilingual_fields().flat_map(|field| instances(draft, field)) {
        let wordings = at(draft, &place).and_then(Value::as_object).into_iter().flatten();
        for (language, _) in wordings.filter(|(language, wording)| wording.is_object() && LanguageTag::parse(language).is_ok()) {
            let parts = ["text", "status"].map(|part| format!("{place}.{language}.{part}"));
            fields.extend(parts.into_iter().filter(|field| lacks(draft, field)));
        }
    }
    fields
}

fn recommended(draft: &Value) -> Vec<String> {
    let mut fields: Vec<String> = RECOMMENDED.iter().map(|field| (*field).to_owned()).collect();
    fields.extend(by_source(SourceType::parse(code(draft, "methodology.sourceType"))).iter().map(|field| (*field).to_owned()));
    if code(draft, "collectionStatus") != "COMPLETED" && code(draft, "coverage.frequency") != "ONCE" {
        fields.extend(SERIES.iter().map(|field| (*field).to_owned()));
    }
    for holding in elements(draft, "holdings") {
        let mut terms = vec!["conditions", "decidedBy", "disclosureControl"];
        terms.extend((code(draft, &format!("{holding}.accessTerms.aggregates")) == "OPEN").then_some("licence"));
        terms.extend((code(draft, "riskClass") != "NONE").then_some("dataProtectionReference"));
        fields.extend(terms.into_iter().map(|term| format!("{holding}.accessTerms.{term}")));
    }
    for definition in elements(draft, "methodology.definitions") {
        if !["NOT_DOCUMENTED", "NOT_APPLICABLE"].contains(&code(draft, &format!("{definition}.code"))) {
            fields.extend(FACETS.iter().map(|facet| format!("{definition}.{facet}")));
        }
    }
    fields.retain(|field| lacks(draft, field));
    let end = format!("{PERIOD}.end");
    if has_period(draft) && !is_stated(draft, &end) {
        fields.push(end);
    }
    fields.extend(other_titles(draft));
    fields
}

/// The working languages in which a title is still to be given; without any title, the title itself is missing.
fn other_titles(draft: &Value) -> Vec<String> {
    let Some(titles) = at(draft, "titles").and_then(Value::as_object).filter(|titles| !titles.is_empty()) else {
        return Vec::new();
    };
    let has = |language: &str| titles.keys().any(|tag| tag.split('-').next() == Some(language));
    ["ar", "en", "fr"].into_iter().filter(|language| !has(language)).map(|language| format!("titles.{language}")).collect()
}

fn has_period(draft: &Value) -> bool {
    at(draft, PERIOD).and_then(Value::as_object).is_some_and(|period| !period.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::places::{plain, put};
    use super::*;

    const CATALOGUE: &str = include_str!("../service/demo/catalogue.jsonl");

    fn concepts() -> Concepts {
        Concepts::load(&[]).expect("shipped lists")
    }

    fn names(requirements: &[Requirement]) -> Vec<&str> {
        requirements.iter().map(|requirement| requirement.field.as_str()).collect()
    }

    fn faulty(faults: &[Problem]) -> Vec<&str> {
        faults.iter().map(|fault| fault.field.as_str()).collect()
    }

    /// The datasets of the demo, completed with what none of them has: a review date, and unknown starts stated as such.
    fn records() -> Vec<Value> {
        let lines = CATALOGUE.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let mut records: Vec<Value> = lines.filter(|record| record["type"] == "dataset").collect();
        for record in &mut records {
            record["reviewDueOn"] = json!("2030-01-31");
            if record["coverage"]["period"]["start"].is_null() {
                record["coverage"]["period"]["start"] = Value::Null;
            }
        }
        records
    }

    fn record(slug: &str) -> Value {
        records().into_iter().find(|record| record["slug"] == slug).expect("a record of the demo")
    }

    #[test]
    fn an_empty_draft_lists_all_that_is_needed_and_no_fault() {
        let readiness = readiness(&json!({}), &concepts());
        assert_eq!(names(&readiness.missing), NEEDED);
        assert!(readiness.faults.is_empty(), "{:?}", readiness.faults);
        assert!(!readiness.is_ready());
        assert!(readiness.missing.iter().all(|requirement| requirement.obligation == Obligation::Mandatory));
        assert!(readiness.recommended.iter().all(|requirement| requirement.obligation == Obligation::Recommended));
    }

    #[test]
    fn full_records_are_ready() {
        let concepts = concepts();
        for record in records() {
            let readiness = readiness(&record, &concepts);
            assert!(readiness.is_ready(), "{}: {:?} {:?}", record["slug"], readiness.missing, readiness.faults);
        }
    }

    #[test]
    fn a_half_filled_holding_names_exactly_its_missing_parts() {
        let mut draft = record("ma-hcp-enmi-2018-2019");
        let terms = json!({ "aggregates": "OPEN", "microdata": null, "channel": "URL" });
        draft["holdings"] = json!([{ "institution": "hcp", "role": " ", "accessTerms": terms }, { "institution": "hcp" }]);
        let readiness = readiness(&draft, &concepts());
        let of_first = ["role", "accessTerms.aggregatesBasis", "accessTerms.microdata", "accessTerms.microdataBasis"];
        let mut wanted: Vec<String> = of_first.iter().map(|part| format!("holdings[0].{part}")).collect();
        let of_second = ["role", "accessTerms.aggregates", "accessTerms.aggregatesBasis", "accessTerms.microdata"];
        wanted.extend(of_second.iter().map(|part| format!("holdings[1].{part}")));
        wanted.extend(["holdings[1].accessTerms.microdataBasis", "holdings[1].accessTerms.channel"].map(str::to_owned));
        wanted.push("holdings[0].accessTerms.channelUrl".to_owned());
        assert_eq!(names(&readiness.missing), wanted);
        assert!(readiness.faults.is_empty(), "{:?}", readiness.faults);
    }

    #[test]
    fn what_is_wrong_is_told_beside_what_is_absent_and_each_once() {
        let mut draft = record("ma-hcp-enmi-2018-2019");
        draft["slug"] = json!("Bad Slug");
        draft["recordKind"] = Value::Null;
        draft["titles"] = json!({ "fr": { "text": "" } });
        draft["themes"] = json!(["MT-0701", 5, "NOPE"]);
        draft["colour"] = json!("red");
        draft["reviewDueOn"] = json!("2030");
        let terms =
            json!({ "aggregates": "NOPE", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "licence": "by", "channel": "DESK" });
        draft["holdings"] = json!([{ "institution": "hcp", "role": "NOPE", "accessTerms": terms }]);
        let readiness = readiness(&draft, &concepts());
        let missing = ["recordKind", "holdings[0].accessTerms.microdataBasis", "titles.fr.text", "titles.fr.status"];
        assert_eq!(names(&readiness.missing), missing);
        let mut faults = faulty(&readiness.faults);
        faults.sort_unstable();
        let terms = "holdings[0].accessTerms";
        let (level, licence) = (format!("{terms}.aggregates"), format!("{terms}.licence"));
        assert_eq!(
            faults,
            ["colour", level.as_str(), licence.as_str(), "holdings[0].role", "reviewDueOn", "slug", "themes[1]", "themes[2]"]
        );
    }

    #[test]
    fn an_unknown_start_has_to_be_stated() {
        let mut draft = record("ma-hcp-enmi-2018-2019");
        for (period, missing) in [
            (json!(null), vec!["coverage.period"]),
            (json!({ "end": ".." }), vec!["coverage.period.start"]),
            (json!({ "start": "", "end": ".." }), vec!["coverage.period.start"]),
            (json!({ "start": null, "end": ".." }), vec![]),
            (json!({ "start": ".." }), vec![]),
        ] {
            draft["coverage"]["period"] = period.clone();
            let readiness = readiness(&draft, &concepts());
            assert_eq!((names(&readiness.missing), readiness.faults), (missing, vec![]), "{period}");
        }
    }

    #[test]
    fn years_of_the_hijri_calendar_are_no_years_of_a_plan() {
        let mut draft = record("ma-hcp-enmi-2018-2019");
        let faults = |draft: &Value| {
            let found = readiness(draft, &concepts()).faults;
            assert!(found.iter().all(|fault| fault.remedy.contains("Hijri") && fault.remedy.contains("هجرية")), "{found:?}");
            found.into_iter().map(|fault| fault.field.replace("coverage.", "")).collect::<Vec<_>>()
        };
        let ends = ["collectionPeriod.start", "collectionPeriod.end"];
        draft["coverage"]["collectionPeriod"] = json!({ "start": "1448-09", "end": "1448-10" });
        assert_eq!(faults(&draft), ends);
        draft["coverage"]["nextCollection"] = json!("1449");
        draft["coverage"]["openToCoordinationUntil"] = json!("1448-01");
        draft["recordKind"] = json!("PLANNED_ACTIVITY");
        assert_eq!(faults(&draft), [ends[0], ends[1], "nextCollection", "openToCoordinationUntil"]);
        // Old censuses are on old years, and were collected in them.
        let mut old = record("ma-hcp-enmi-2018-2019");
        old["coverage"]["period"] = json!({ "start": "1448", "end": "1897" });
        old["coverage"]["collectionPeriod"] = json!({ "start": "1897-01", "end": "1897-02" });
        assert_eq!(faults(&old), [""; 0]);
    }

    #[test]
    fn every_path_that_is_named_has_guidance() {
        let mut draft = json!({ "titles": { "fr": {} }, "keywords": [{ "ar": {} }], "riskClass": "HIGH",
            "coverage": { "period": { "end": ".." } }, "methodology": {} });
        for (list, _) in PARTS {
            put(&mut draft, list, json!([{}]));
        }
        draft["holdings"] = json!([{}, { "accessTerms": { "aggregates": "OPEN", "channel": "URL" }, "distributions": [{}] }]);
        draft["variables"] = json!([{ "categories": [{}] }]);
        draft["discrepancies"] = json!([{}, { "values": [{}] }]);
        let mut named: Vec<String> = NEEDED.iter().map(|field| (*field).to_owned()).collect();
        for source in ["CENSUS", "LABOUR_FORCE_SURVEY"] {
            draft["methodology"]["sourceType"] = json!(source);
            let readiness = readiness(&draft, &concepts());
            named.extend(readiness.missing.into_iter().chain(readiness.recommended).map(|requirement| requirement.field));
        }
        for (list, parts) in PARTS {
            for (part, _) in *parts {
                let field = format!("{list}.{part}");
                assert!(named.iter().any(|named| plain(named) == field), "{field}");
            }
        }
        for field in named {
            let help = guidance(&field).unwrap_or_else(|| panic!("{field} has no guidance"));
            assert!(["en", "fr", "ar"].iter().all(|language| !help.text.text(language).is_empty()), "{field}");
        }
    }

    #[test]
    fn foreign_shapes_are_faults_and_no_panic() {
        let concepts = concepts();
        for draft in [
            json!(null),
            json!([]),
            json!("x"),
            json!({ "holdings": {} }),
            json!({ "holdings": [1, null, []] }),
            json!({ "coverage": [], "titles": "x", "methodology": 7 }),
            json!({ "a.b": 1, "c/d~e": 2, "x[0]": 3, "titles": { "a.b": {}, "french": {} } }),
        ] {
            assert!(!readiness(&draft, &concepts).is_ready(), "{draft}");
        }
    }
}
