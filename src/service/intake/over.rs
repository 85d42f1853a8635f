//! What a file says of a record that is here, laid over it: what it does not say stays, at every depth of objects; and what the reader of a
//! poorer format puts where nobody said anything takes the place of nothing.

use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::time::Period;
use crate::domain::vocabulary::{AccessLevel, Certainty, ImportFormat, RequestChannel, StatementBasis, TextStatus, Vocabulary};

use super::origin::Unfit;

/// The field whose members are brought together by their institution.
const HOLDINGS: &str = "holdings";
/// The terms of a holding.
const TERMS: &str = "accessTerms";
/// The periods of a record.
const PERIODS: [&str; 2] = ["coverage.period", "coverage.collectionPeriod"];
/// Levels of access, each with the field that says what the level rests on: the two are one statement.
const LEVELS: [(&str, &str); 2] = [("aggregates", "aggregatesBasis"), ("microdata", "microdataBasis")];

/// How a file is heard.
#[derive(Default)]
pub(super) struct Hearing {
    /// Whether the format leaves much of a record unsaid, and its reader has values of its own for that.
    is_poor: bool,
    /// Whether the type of source is the reader's guess.
    guesses_source: bool,
    /// Whether the reader could not tell who holds the data.
    guesses_holder: bool,
    /// What the record that is here becomes when it is written in the format and read again. Where a file says the same, it changes nothing:
    /// what the format cannot carry cannot be said by it.
    pub(super) echoes: Vec<Value>,
}

impl Hearing {
    /// How a file of a format is heard; `unfit` are the lines on it, which name what was guessed.
    pub(super) fn of(format: ImportFormat, unfit: &[Unfit]) -> Self {
        let is_told = |field: &str| unfit.iter().any(|line| line.field == field);
        Self {
            // A person fills the table, and the record format leaves nothing open.
            is_poor: !matches!(format, ImportFormat::Spreadsheet | ImportFormat::Rihla),
            guesses_source: is_told("methodology.sourceType"),
            guesses_holder: is_told("holdings.institution"),
            echoes: Vec::new(),
        }
    }

    /// Whether what the record becomes in the format is worth knowing.
    pub(super) fn wants_echoes(&self) -> bool {
        self.is_poor
    }

    /// What the file says, each field with what stands here beside it; and a line for each value that had to give way though the file does not
    /// speak of it, or that is a term of access.
    pub(super) fn lay(&self, said: &Map<String, Value>, ours: &Map<String, Value>) -> (Map<String, Value>, Vec<Problem>) {
        let mut over = Over { hearing: self, told: Vec::new() };
        let echoes: Vec<&Value> = self.echoes.iter().collect();
        let mut laid = Map::new();
        for (key, value) in said {
            if let Some(value) = over.member(key, value, ours, ours.get(key), &below(&echoes, key)) {
                laid.insert(key.clone(), value);
            }
        }
        (laid, over.told)
    }
}

struct Over<'h> {
    hearing: &'h Hearing,
    told: Vec<Problem>,
}

impl Over<'_> {
    /// What becomes of one member of an object; none where the file says nothing of its own there.
    fn member(&mut self, path: &str, said: &Value, siblings: &Map<String, Value>, own: Option<&Value>, echoes: &[&Value]) -> Option<Value> {
        if let Some(own) = own {
            return Some(self.value(path, said, own, echoes));
        }
        // The same words in another language, or in none, are no translation.
        let is_known = || {
            let text = wording(said).map(|(text, _)| text);
            text.is_some() && siblings.values().any(|other| wording(other).map(|(text, _)| text) == text)
        };
        let is_nothing_new = echoes.contains(&said) || (self.hearing.is_poor && is_known());
        (!is_nothing_new).then(|| said.clone())
    }

    fn value(&mut self, path: &str, said: &Value, own: &Value, echoes: &[&Value]) -> Value {
        if said == own || (!own.is_null() && echoes.contains(&said)) {
            return own.clone();
        }
        match (said, own) {
            (Value::Object(more), Value::Object(there)) => match (wording(said), wording(own)) {
                (Some((text, status)), Some((known, _))) => {
                    // A format without the status of wordings calls all of them official.
                    let is_kept = self.hearing.is_poor && text == known && status == TextStatus::Official.code();
                    if is_kept { own.clone() } else { said.clone() }
                }
                _ => self.object(path, more, there, echoes),
            },
            (Value::Array(more), Value::Array(there)) if path == HOLDINGS && self.hearing.is_poor => self.holdings(more, there, echoes),
            _ if self.is_stand_in(path, said) && !own.is_null() => own.clone(),
            _ => said.clone(),
        }
    }

    fn object(&mut self, path: &str, said: &Map<String, Value>, own: &Map<String, Value>, echoes: &[&Value]) -> Value {
        let mut whole = own.clone();
        for (key, value) in said {
            if let Some(value) = self.member(&format!("{path}.{key}"), value, own, own.get(key), &below(echoes, key)) {
                whole.insert(key.clone(), value);
            }
        }
        if PERIODS.contains(&path) && is_impossible(&whole) && !is_impossible(said) {
            // One end of the file and the other of the record make no period: what the file says is taken by itself.
            for (key, value) in own.iter().filter(|(key, value)| !value.is_null() && !said.contains_key(*key)) {
                let remedy = "fell away, since the period would end before it starts with what the file says: write the other end again";
                self.told.push(Problem::new(format!("{path}.{key}"), shown(value), remedy));
            }
            return Value::Object(said.clone());
        }
        Value::Object(whole)
    }

    /// Whether a value is what a reader puts where the format says nothing.
    fn is_stand_in(&self, path: &str, said: &Value) -> bool {
        let (Some(code), true) = (said.as_str(), self.hearing.is_poor) else { return false };
        match path {
            "certainty" => code == Certainty::Unverified.code(),
            "methodology.sourceType" => self.hearing.guesses_source,
            _ => false,
        }
    }

    /// Holdings, each laid over the one of the same institution. What another institution holds stays, for such a format may tell of one holder
    /// only.
    fn holdings(&mut self, said: &[Value], own: &[Value], echoes: &[&Value]) -> Value {
        let mut whole = own.to_vec();
        let mut free: Vec<usize> = (0..own.len()).collect();
        for (place, one) in said.iter().enumerate() {
            let echoes: Vec<&Value> = echoes.iter().filter_map(|echo| echo.get(place)).collect();
            let is_same = |at: &usize, key: &str| own.get(*at).and_then(|own| own.get(key)) == one.get(key);
            let found = free.iter().position(|at| is_same(at, "institution") && is_same(at, "role"));
            let found = found.or_else(|| free.iter().position(|at| is_same(at, "institution")));
            let found = found.or_else(|| (self.hearing.guesses_holder && own.len() == 1 && free.len() == 1).then_some(0));
            let Some(at) = found.map(|found| free.remove(found)) else {
                whole.push(one.clone());
                continue;
            };
            if let Some(there) = whole.get_mut(at) {
                *there = self.holding(one, there, &echoes);
            }
        }
        Value::Array(whole)
    }

    /// A holding: whose it is and in which role stays, of which such a format says no more than that somebody gives the data out.
    fn holding(&mut self, said: &Value, own: &Value, echoes: &[&Value]) -> Value {
        let (Some(said), Some(own)) = (said.as_object(), own.as_object()) else { return own.clone() };
        let mut whole = own.clone();
        for (key, value) in said {
            let echoes = below(echoes, key);
            let laid = match (key.as_str(), value.as_object(), own.get(key)) {
                ("institution", ..) => continue,
                ("role", _, Some(role)) => {
                    if role != value && !echoes.contains(&value) {
                        let remedy = format!("stays {} as the institution has it, for the format may not tell the role", shown(role));
                        self.told.push(Problem::new(format!("{HOLDINGS}.role"), shown(value), remedy));
                    }
                    continue;
                }
                (TERMS, Some(terms), Some(Value::Object(there))) => Some(self.terms(terms, there, &echoes)),
                (_, _, there) => self.member(&format!("{HOLDINGS}.{key}"), value, own, there, &echoes),
            };
            whole.extend(laid.map(|value| (key.clone(), value)));
        }
        Value::Object(whole)
    }

    /// Terms of access. A level is taken with what it rests on; what was there before is told.
    fn terms(&mut self, said: &Map<String, Value>, own: &Map<String, Value>, echoes: &[&Value]) -> Value {
        let mut whole = own.clone();
        for (key, value) in said.iter().filter(|(key, _)| LEVELS.iter().all(|(_, basis)| key != basis)) {
            let path = format!("{HOLDINGS}.{TERMS}.{key}");
            let is_silent = is_of_nothing(key, value) && own.get(key).is_some_and(|own| !own.is_null());
            let laid = if is_silent { None } else { self.member(&path, value, own, own.get(key), &below(echoes, key)) };
            let basis = LEVELS.iter().find(|(level, _)| key == level).map(|(_, basis)| *basis);
            let is_replaced = laid.as_ref().is_some_and(|laid| own.get(key) != Some(laid));
            if let Some(before) = own.get(key).filter(|before| is_replaced && !before.is_null() && !is_of_nothing(key, before)) {
                let remedy = format!("stood here until the file said otherwise ({}): confirm the terms of access", shown(value));
                self.told.push(Problem::new(&path, shown(before), remedy));
            }
            whole.extend(laid.map(|laid| (key.clone(), laid)));
            if let Some((basis, said)) = basis.and_then(|basis| Some((basis, said.get(basis)?)))
                && (is_replaced || (!is_silent && *said == StatementBasis::Quoted.code()))
            {
                whole.insert(basis.to_owned(), said.clone());
            }
        }
        Value::Object(whole)
    }
}

/// Whether a term of access is the one that says that nobody knows.
fn is_of_nothing(key: &str, value: &Value) -> bool {
    match key {
        "aggregates" | "microdata" => *value == AccessLevel::Unknown.code(),
        "channel" => *value == RequestChannel::Unknown.code(),
        _ => false,
    }
}

/// The same member of several values.
fn below<'v>(values: &[&'v Value], key: &str) -> Vec<&'v Value> {
    values.iter().filter_map(|value| value.get(key)).collect()
}

/// Words and status of a wording; none of what is none.
fn wording(value: &Value) -> Option<(&str, &str)> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    Some((members.get("text")?.as_str()?, members.get("status")?.as_str()?))
}

fn is_impossible(period: &Map<String, Value>) -> bool {
    serde_json::from_value::<Period>(Value::Object(period.clone())).is_ok_and(|period| period.is_impossible())
}

/// A value as a line shows it: of a text its words.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(texts) if texts.values().any(|text| wording(text).is_some()) => {
            texts.values().filter_map(wording).map(|(text, _)| text).collect::<Vec<_>>().join(" / ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    fn laid(format: ImportFormat, echoes: Vec<Value>, said: Value, ours: Value) -> (Value, Vec<(String, String)>) {
        let hearing = Hearing { echoes, ..Hearing::of(format, &[]) };
        let (laid, told) = hearing.lay(&map(said), &map(ours));
        (Value::Object(laid), told.into_iter().map(|line| (line.field, line.value)).collect())
    }

    fn words(text: &str, status: &str) -> Value {
        json!({ "text": text, "status": status })
    }

    #[test]
    fn what_a_table_does_not_say_stays_at_every_depth() {
        let ours = json!({
            "coverage": { "period": { "start": "2003", "end": "2004", "note": { "fr": words("En deux fois", "OFFICIAL") } },
                          "areaNote": { "en": words("Abroad", "OFFICIAL"), "fr": words("Hors", "OFFICIAL") }, "reportingAreas": ["MA"] },
            "methodology": { "sourceType": "CENSUS", "universe": { "en": words("All", "OFFICIAL") } },
        });
        let said = json!({
            "coverage": { "period": { "end": "2005" }, "areaNote": { "fr": words("À l'étranger", "OFFICIAL") } },
            "methodology": { "sourceType": "CENSUS", "universe": { "fr": words("Tous", "OFFICIAL") } },
        });
        let (whole, told) = laid(ImportFormat::Spreadsheet, Vec::new(), said, ours.clone());
        let mut wanted = ours;
        wanted["coverage"]["period"]["end"] = json!("2005");
        wanted["coverage"]["areaNote"]["fr"] = words("À l'étranger", "OFFICIAL");
        wanted["methodology"]["universe"]["fr"] = words("Tous", "OFFICIAL");
        assert_eq!((whole, told), (wanted, Vec::new()));
    }

    #[test]
    fn two_ends_that_make_no_period_are_not_put_together_and_what_falls_away_is_told() {
        let ours =
            json!({ "coverage": { "period": { "start": "2003", "end": "2004", "note": { "fr": words("Deux fois", "OFFICIAL") } } } });
        let (whole, told) = laid(ImportFormat::Spreadsheet, Vec::new(), json!({ "coverage": { "period": { "end": "1999" } } }), ours);
        assert_eq!(whole["coverage"]["period"], json!({ "end": "1999" }));
        let told: Vec<_> = told.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
        assert_eq!(told, [("coverage.period.start", "2003"), ("coverage.period.note", "Deux fois")]);
    }

    #[test]
    fn what_a_reader_puts_where_the_format_says_nothing_replaces_nothing() {
        let terms = |level: &str, basis: &str| json!({ "aggregates": level, "aggregatesBasis": basis, "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
        let mut own_terms = terms("OPEN", "QUOTED");
        own_terms["channel"] = json!("DESK");
        let ours = json!({
            "certainty": "DOCUMENTED",
            "titles": { "ar": words("بحث", "WORKING_TRANSLATION"), "fr": words("Enquête", "OFFICIAL") },
            "keywords": [{ "fr": words("retour", "OFFICIAL"), "ar": words("عودة", "TRANSLATION") }],
            "holdings": [{ "institution": "nso", "role": "PRODUCER", "accessTerms": own_terms },
                         { "institution": "observatory", "role": "HOLDER", "accessTerms": terms("UNKNOWN", "ASSUMED") }],
        });
        let said = json!({
            "certainty": "UNVERIFIED",
            "titles": { "ar": words("بحث", "OFFICIAL"), "fr": words("Enquête", "OFFICIAL"), "und": words("Enquête", "OFFICIAL") },
            "keywords": [{ "fr": words("retour", "OFFICIAL") }],
            "links": [{ "url": "https://data.example.ma/dataset/x" }],
            "holdings": [{ "institution": "nso", "role": "DISSEMINATOR", "accessTerms": terms("OPEN", "ASSUMED") }],
        });
        let echo = json!({ "keywords": said["keywords"], "links": said["links"], "holdings": [{ "role": "DISSEMINATOR" }] });
        let mut wanted = ours.clone();
        let (whole, told) = laid(ImportFormat::Ckan, vec![echo.clone()], said.clone(), ours.clone());
        assert_eq!((&whole, told), (&wanted, Vec::new()), "{whole}");

        // What the file does say is taken, a level with what it rests on, and the level before is told.
        let mut other = said;
        other["keywords"][0]["fr"] = words("départ", "OFFICIAL");
        other["titles"]["ar"] = words("مسح", "OFFICIAL");
        other["holdings"][0]["accessTerms"] = terms("LICENSED", "ASSUMED");
        let (whole, told) = laid(ImportFormat::Ckan, vec![echo], other.clone(), ours);
        wanted["keywords"] = other["keywords"].clone();
        wanted["titles"]["ar"] = words("مسح", "OFFICIAL");
        wanted["holdings"][0]["accessTerms"]["aggregates"] = json!("LICENSED");
        wanted["holdings"][0]["accessTerms"]["aggregatesBasis"] = json!("ASSUMED");
        assert_eq!(whole, wanted);
        assert_eq!(told, [("holdings.accessTerms.aggregates".to_owned(), "OPEN".to_owned())]);
    }
}
