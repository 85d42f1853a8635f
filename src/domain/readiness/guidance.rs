//! What to write into each field of a record, said in three languages to a person who has half an hour.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::places::plain;
use crate::domain::text::{LanguageTag, spoken};

/// A text in the three working languages of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trilingual {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
    /// Arabic.
    pub ar: String,
}

impl Trilingual {
    /// The text in the wanted language; English where the language is not one of the three.
    pub fn text(&self, language: &str) -> &str {
        match spoken(language) {
            "fr" => &self.fr,
            "ar" => &self.ar,
            _ => &self.en,
        }
    }
}

/// Help for one field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Guidance {
    /// Name of the field in a form.
    pub label: Trilingual,
    /// What to write, and what to do when it is not known.
    pub text: Trilingual,
    /// A real value, from the demo catalogue.
    #[serde(default)]
    pub example: Option<String>,
    /// Where the field comes from: DDI element, DCAT property, ESMS code.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the field is a text by language, each wording with its status.
    #[serde(default)]
    pub is_multilingual: bool,
}

/// Entry for the status that stands beside each wording, whatever the field.
const STATUS_OF_WORDING: &str = "*.status";

// A list that cannot be read would be empty; the tests read it.
static FIELDS: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/guidance.json")).unwrap_or_default());

/// Help for a field, named by its dotted path; indexes are passed over. Wordings have the help of their text.
pub fn guidance(field: &str) -> Option<&'static Guidance> {
    let plain = plain(field);
    FIELDS.get(&plain).or_else(|| of_wording(&plain))
}

/// The fields that are texts by language.
pub(super) fn multilingual_fields() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(|(_, guidance)| guidance.is_multilingual).map(|(field, _)| field.as_str())
}

/// `titles.fr` and `titles.fr.text` have the help of `titles`; `titles.fr.status` that of all statuses.
fn of_wording(field: &str) -> Option<&'static Guidance> {
    let (rest, last) = field.rsplit_once('.')?;
    let (text, language) = if ["text", "status"].contains(&last) { rest.rsplit_once('.')? } else { (rest, last) };
    LanguageTag::parse(language).ok()?;
    let of_text = FIELDS.get(text).filter(|guidance| guidance.is_multilingual)?;
    if last == "status" { FIELDS.get(STATUS_OF_WORDING) } else { Some(of_text) }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;
    use crate::domain::concept::Concepts;
    use crate::domain::draft::DatasetDraft;
    use crate::domain::words::is_arabic;

    const CATALOGUE: &str = include_str!("../../service/demo/catalogue.jsonl");

    /// A record with every field of the format; TEXT stands for a text by language.
    const EVERY_FIELD: &str = r#"{
        "slug": "every-field", "identifier": "urn:uuid:00000000-0000-4000-8000-000000000000", "recordKind": "STATISTICAL_OPERATION",
        "collectionStatus": "ONGOING", "programme": "TEXT", "status": "DRAFT", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "certaintyNote": "TEXT", "mainLanguage": "en", "titles": "TEXT", "abstract": "TEXT",
        "keywords": ["TEXT"], "languages": ["en"], "themes": ["MT-0701"], "indicators": ["GCM-1"], "classifications": ["TEXT"],
        "producer": "one", "partners": ["two"], "legalMandate": "TEXT",
        "holdings": [{ "institution": "one", "role": "PRODUCER",
            "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED",
                "licence": "https://example.org/", "conditions": "TEXT", "legalBasis": "l", "dataProtectionReference": "d",
                "decidedBy": "TEXT", "channel": "URL", "channelUrl": "https://example.org/", "fee": "TEXT", "expectedDays": 30,
                "embargoUntil": "2030-01-01", "disclosureControl": "TEXT" },
            "distributions": [{ "title": "TEXT", "format": "CSV", "mediaType": "text/csv", "url": "https://example.org/", "byteSize": 1,
                "checksum": "c" }] }],
        "methodology": { "sourceType": "CENSUS", "collectionModes": ["CAPI"], "samplingDesigns": ["COMPLETE"], "samplingText": "TEXT",
            "sampleSize": 1, "sampleUnit": "u", "samplingFrame": "TEXT", "weights": "TEXT", "response": "TEXT", "universe": "TEXT",
            "statisticalUnits": ["PERSON"], "statisticalUnitText": "TEXT",
            "definitions": [{ "code": "FOREIGN_BORN", "text": "TEXT", "basis": "COUNTRY_OF_BIRTH", "direction": "IN", "measure": "STOCK",
                "durationThresholdMonths": 12, "durationBasis": "ACTUAL", "referencePoint": "DATE", "ageMinimum": 15, "ageMaximum": 60,
                "excludedGroups": ["NOMADS"] }],
            "breaks": [{ "date": "2018", "cause": "TEXT", "effect": "TEXT" }],
            "quality": [{ "dimension": "ACCURACY", "text": "TEXT", "author": "a", "date": "2018" }], "knownLimits": ["TEXT"],
            "instruments": [{ "title": "TEXT", "url": "https://example.org/" }],
            "censusTopics": { "countryOfBirth": true, "parentsCountryOfBirth": false, "citizenship": true,
                "residenceFiveYearsBefore": true, "latestArrival": true, "reason": true, "note": "TEXT" } },
        "coverage": { "reportingAreas": ["MA"], "areaNote": "TEXT", "origins": ["MA"], "destinations": ["ANY"],
            "period": { "start": "2018", "end": "..", "note": "TEXT" }, "collectionPeriod": { "start": "2018", "end": "..", "note": "TEXT" },
            "nextCollection": "2030", "openToCoordinationUntil": "2029", "releasedLevel": "COUNTRY", "releasedLevelIsMinimum": true, "collectedLevel": "REGION",
            "levelNote": "TEXT", "releasedDisaggregations": ["sex"], "collectedDisaggregations": ["age"], "populations": [],
            "frequency": "ANNUAL" },
        "variables": [{ "file": "f", "name": "n", "label": "TEXT", "categories": [{ "code": "1", "label": "TEXT" }] }],
        "relations": [{ "type": "OVERLAPS", "dataset": "another", "note": "TEXT" }],
        "discrepancies": [{ "subject": "TEXT", "values": [{ "value": "1", "context": "TEXT", "cutOff": "2015-02", "source": "S1" }], "effect": "TEXT",
            "explanation": "TEXT" }],
        "links": [{ "title": "TEXT", "url": "https://example.org/" }],
        "citations": [{ "source": "S1", "title": "t", "url": "https://example.org/", "supports": "s" }],
        "reviewDueOn": "2030-01-01", "masks": [{ "field": "ABSTRACT", "visibleTo": "MEMBERS" }]
    }"#;

    fn every_field() -> Value {
        let text = r#"{"en":{"text":"t","status":"EDITORIAL"}}"#;
        serde_json::from_str(&EVERY_FIELD.replace("\"TEXT\"", text)).expect("JSON")
    }

    /// The fields of a record, each with the values that stand there; of texts by language, the words.
    fn fields(value: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(parts) => {
                for (key, part) in parts {
                    let field = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    let values = found.entry(field.clone()).or_default();
                    if guidance(&field).is_some_and(|guidance| guidance.is_multilingual) {
                        let texts = part.as_array().map_or_else(|| vec![part], |list| list.iter().collect());
                        let words = texts.into_iter().filter_map(Value::as_object).flatten().filter_map(|(_, w)| w["text"].as_str());
                        values.extend(words.map(str::to_owned));
                    } else {
                        fields(part, &field, found);
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|element| fields(element, path, found)),
            Value::String(text) => found.entry(path.to_owned()).or_default().extend([text.clone()]),
            other => found.entry(path.to_owned()).or_default().extend([other.to_string()]),
        }
    }

    #[test]
    fn every_field_of_the_format_has_its_guidance_and_no_other() {
        let draft: DatasetDraft = serde_json::from_value(every_field()).expect("a record with every field");
        draft.validate(&Concepts::load(&[]).expect("shipped lists")).expect("a sound record");
        let mut known = BTreeMap::new();
        fields(&every_field(), "", &mut known);
        let guided: Vec<&String> = FIELDS.keys().filter(|field| *field != STATUS_OF_WORDING).collect();
        assert_eq!(known.keys().collect::<Vec<_>>(), guided);
    }

    #[test]
    fn guidance_is_complete_in_three_languages_and_short() {
        for (field, guidance) in FIELDS.iter() {
            for language in ["en", "fr", "ar"] {
                for (text, most) in [(&guidance.label, 50), (&guidance.text, 420)] {
                    let text = text.text(language);
                    assert!(!text.trim().is_empty() && text.chars().count() <= most, "{field} {language}: {text}");
                    assert_eq!(text.chars().any(is_arabic), language == "ar", "{field} {language}: {text}");
                }
                assert!(guidance.text.text(language).ends_with('.'), "{field} {language}");
            }
        }
    }

    #[test]
    fn examples_are_real() {
        let mut known = BTreeMap::new();
        for line in CATALOGUE.lines() {
            let record: Value = serde_json::from_str(line).expect("JSON");
            if record["type"] == "dataset" {
                fields(&record, "", &mut known);
            }
        }
        known.remove("type");
        for (field, values) in &known {
            let guidance = guidance(field).unwrap_or_else(|| panic!("{field} has no guidance"));
            let example = guidance.example.as_ref();
            assert!(example.is_none_or(|example| values.contains(example)), "{field}: {example:?} is not in the catalogue");
        }
        for (field, guidance) in FIELDS.iter() {
            assert!(guidance.example.is_none() || known.contains_key(field), "{field} has an example and no real value");
        }
    }

    #[test]
    fn wordings_and_indexes_lead_to_the_field() {
        let label = |field: &str| guidance(field).map(|guidance| guidance.label.en.as_str());
        for path in ["titles", "titles.fr", "titles.fr-MA.text"] {
            assert_eq!(label(path), Some("Title"), "{path}");
        }
        assert_eq!(label("holdings[2].accessTerms.fee.ar.text"), Some("Fee"));
        assert_eq!(label("methodology.knownLimits[0].ar.status"), Some("Origin of the wording"));
        for path in ["", "colour", "holdings.foo", "holdings[0].foo.text", "titles.french.text"] {
            assert_eq!(label(path), None, "{path}");
        }
    }
}
