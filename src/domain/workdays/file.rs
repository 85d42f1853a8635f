//! A calendar as an operator writes it: `{"restDays": [6, 7], "holidays": {"2026-01-01": {"ar": …, "fr": …, "en": …}}}`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::vocabulary::TextStatus;

use super::{Calendar, Day};

/// Languages in which every holiday has a name.
const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];
/// Most holidays of a calendar: of some decades.
const MAX_HOLIDAYS: usize = 2_000;

/// Reads a calendar.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(text: &str) -> Result<Calendar, Vec<Problem>> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| vec![Problem::new("", "", format!("the calendar is not JSON: {error}"))])?;
    let Value::Object(object) = value else {
        return Err(vec![Problem::new("", "", "write an object with `restDays` and `holidays`")]);
    };
    let mut problems = Vec::new();
    for name in object.keys().filter(|name| !matches!(name.as_str(), "restDays" | "holidays")) {
        problems.push(Problem::new(name, "", "is not known; a calendar has `restDays` and `holidays`"));
    }
    let rest_days = rest_days(object.get("restDays"), &mut problems);
    let holidays = holidays(object.get("holidays"), &mut problems);
    if problems.is_empty() { Ok(Calendar { rest_days, holidays }) } else { Err(problems) }
}

fn rest_days(value: Option<&Value>, problems: &mut Vec<Problem>) -> Vec<u8> {
    let remedy = "list the rest days of the week as numbers, 1 for Monday to 7 for Sunday, such as [6, 7]; [] where there are none";
    let Some(Value::Array(list)) = value else {
        problems.push(Problem::new("restDays", "", remedy));
        return Vec::new();
    };
    let mut days: Vec<u8> = Vec::new();
    for (place, value) in list.iter().enumerate() {
        match value.as_u64().and_then(|number| u8::try_from(number).ok()).filter(|number| (1..=7).contains(number)) {
            Some(day) if !days.contains(&day) => days.push(day),
            Some(day) => problems.push(Problem::new(format!("restDays[{place}]"), day, "is there twice; name each day once")),
            None => problems.push(Problem::new(format!("restDays[{place}]"), value, remedy)),
        }
    }
    if days.len() == 7 {
        problems.push(Problem::new("restDays", "", "no day of the week is left to work on; leave at least one out"));
    }
    days.sort_unstable();
    days
}

fn holidays(value: Option<&Value>, problems: &mut Vec<Problem>) -> BTreeMap<Day, MultilingualText> {
    let object = match value {
        None => return BTreeMap::new(),
        Some(Value::Object(object)) => object,
        Some(_) => {
            problems.push(Problem::new("holidays", "", "write an object: the day as YYYY-MM-DD, and its names in ar, fr and en"));
            return BTreeMap::new();
        }
    };
    if object.len() > MAX_HOLIDAYS {
        problems.push(Problem::new("holidays", object.len(), format!("has more than {MAX_HOLIDAYS} days; leave past years out")));
    }
    let mut holidays = BTreeMap::new();
    for (day, names) in object {
        let field = format!("holidays.{day}");
        let names = match names {
            Value::Object(names) => read_names(&field, names, problems),
            _ => {
                problems.push(Problem::new(&field, "", "write the names of the day as an object with ar, fr and en"));
                MultilingualText::default()
            }
        };
        match Day::parse(day) {
            Ok(day) => {
                holidays.insert(day, names);
            }
            Err(remedy) => problems.push(Problem::new(field, "", remedy)),
        }
    }
    holidays
}

/// The names of a day: the words alone, or, as `rihla calendar show` prints them, with the status of the wording.
fn read_names(field: &str, names: &Map<String, Value>, problems: &mut Vec<Problem>) -> MultilingualText {
    let mut text = BTreeMap::new();
    for language in LANGUAGES.iter().filter(|language| !names.contains_key(**language)) {
        problems.push(Problem::new(format!("{field}.{language}"), "", "is missing; everyone reads the name in their language"));
    }
    for (language, value) in names {
        let place = format!("{field}.{language}");
        let wording = match value {
            Value::String(words) if !words.trim().is_empty() => {
                Some(Wording { text: words.trim().to_owned(), status: TextStatus::Editorial })
            }
            Value::Object(_) => serde_json::from_value(value.clone()).ok(),
            _ => None,
        };
        match (LanguageTag::parse(language), wording) {
            (Ok(tag), Some(wording)) => {
                text.insert(tag, wording);
            }
            (Err(remedy), _) => problems.push(Problem::new(place, language, remedy)),
            (Ok(_), None) => problems.push(Problem::new(place, "", "give the name of the day as a text")),
        }
    }
    MultilingualText(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_read_and_read_again_as_it_is_shown() {
        let text = r#"{"restDays": [7, 6], "holidays": {"2031-01-01": {"ar": "يوم تجريبي", "fr": "Jour d'essai", "en": "Test day"}}}"#;
        let calendar = read(text).expect("a calendar");
        assert_eq!(calendar.rest_days, [6, 7]);
        assert!(!calendar.is_worked(Day::parse("2031-01-01").expect("day")));
        assert_eq!(read(&serde_json::to_string(&calendar).expect("JSON")), Ok(calendar));
        assert!(read(r#"{"restDays": []}"#).expect("no rest").holidays.is_empty());
    }

    #[test]
    fn every_problem_is_named() {
        let text = r#"{"restDays": [0, 5, 5, "x"], "weekend": 1,
            "holidays": {"2031-02-30": {"ar": "ا", "fr": "f", "en": "e"}, "2031-01-01": {"ar": "", "fr": "f"}, "2031-01-02": "x"}}"#;
        let problems = read(text).expect_err("problems");
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        for field in [
            "weekend",
            "restDays[0]",
            "restDays[2]",
            "restDays[3]",
            "holidays.2031-02-30",
            "holidays.2031-01-01.en",
            "holidays.2031-01-01.ar",
            "holidays.2031-01-02",
        ] {
            assert!(fields.contains(&field), "{field} is not in {fields:?}");
        }
        assert_eq!(fields.len(), 8, "{fields:?}");
        for text in ["", "[]", "{}", r#"{"restDays": [1,2,3,4,5,6,7]}"#] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
