//! Answers in words, in a reader's language.

use serde_json::Value;

use super::Question;
use crate::domain::concept::Concepts;
use crate::domain::text::spoken;
use crate::domain::vocabulary::{ConceptScheme, LegalBasisKind, QuestionKind, Vocabulary};

/// An answer in words: codes by their labels, countries by their names, a legal basis and a period as people write them.
pub fn in_words(question: &Question, value: &Value, language: &str, concepts: &Concepts) -> String {
    match value {
        Value::Array(items) => {
            let separator = if is(language, "ar") { "؛ " } else { "; " };
            items.iter().map(|item| in_words(question, item, language, concepts)).collect::<Vec<_>>().join(separator)
        }
        Value::Bool(yes) => yes_no(*yes, language).to_owned(),
        Value::String(text) => coded(question, text, language, concepts).unwrap_or_else(|| text.clone()),
        Value::Object(_) => composed(question, value, language),
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
    }
}

fn is(language: &str, primary: &str) -> bool {
    spoken(language) == primary
}

/// What a code means.
fn coded(question: &Question, code: &str, language: &str, concepts: &Concepts) -> Option<String> {
    let option = || question.options.iter().find(|option| option.code == code);
    match question.kind {
        QuestionKind::Country | QuestionKind::Countries => {
            concepts.get(ConceptScheme::Places, code)?.labels.words(Some(language), Some("en")).map(str::to_owned)
        }
        _ => option()?.label.words(Some(language), None).map(str::to_owned),
    }
}

fn composed(question: &Question, value: &Value, language: &str) -> String {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    match question.kind {
        QuestionKind::Period => period(text("start"), text("end"), language),
        QuestionKind::LegalBasis => {
            let kind = text("kind").map(|code| LegalBasisKind::parse(code).map_or(code, |kind| kind.label(language)));
            [kind, text("reference"), text("note")].into_iter().flatten().collect::<Vec<_>>().join(" – ")
        }
        // Persons by name first, institutions by their name.
        _ => {
            let separator = if is(language, "ar") { "، " } else { ", " };
            let known = ["name", "slug", "function", "institution", "email"];
            known.into_iter().filter_map(text).collect::<Vec<_>>().join(separator)
        }
    }
}

fn period(start: Option<&str>, end: Option<&str>, language: &str) -> String {
    let [since, until] = match spoken(language) {
        "ar" => ["ابتداء من", "إلى غاية"],
        "fr" => ["depuis", "jusqu'à"],
        _ => ["from", "until"],
    };
    match (start, end) {
        (Some(start), Some(end)) if start == end => start.to_owned(),
        (Some(start), Some(end)) => format!("{start} – {end}"),
        (Some(start), None) => format!("{since} {start}"),
        (None, Some(end)) => format!("{until} {end}"),
        (None, None) => String::new(),
    }
}

fn yes_no(yes: bool, language: &str) -> &'static str {
    match (spoken(language), yes) {
        ("ar", true) => "نعم",
        ("ar", false) => "لا",
        ("fr", true) => "oui",
        ("fr", false) => "non",
        (_, true) => "yes",
        (_, false) => "no",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::form::default_form;

    /// An answer to a question of the default form.
    fn said(key: &str, value: &Value, language: &str) -> String {
        let question = default_form().expect("form").question(key).expect("question");
        in_words(question, value, language, &Concepts::load(&[]).expect("concepts"))
    }

    #[test]
    fn codes_are_said_in_the_readers_language() {
        let basis = json!({ "kind": "LAW", "reference": "2-09-165" });
        assert_eq!(said("requester-country", &json!("MA"), "en"), "Morocco");
        assert_eq!(said("requester-country", &json!("MA"), "fr"), "Maroc");
        assert_eq!(said("requester-country", &json!("MA"), "ar"), "المغرب");
        assert_eq!(said("legal-basis", &basis, "fr"), "Une loi ou un décret confie la mission – 2-09-165");
        assert_eq!(said("legal-basis", &basis, "ar"), "قانون أو مرسوم يسند المهمة – 2-09-165");
        assert_eq!(said("years", &json!({ "start": "2018", "end": "2019" }), "ar"), "2018 – 2019");
        assert_eq!(said("years", &json!({ "end": "2019" }), "fr"), "jusqu'à 2019");
        assert_eq!(said("linkage", &json!(true), "ar"), "نعم");
        let person = json!({ "email": "a@b.example", "function": "Researcher", "name": "A. B." });
        assert_eq!(said("requester", &person, "en"), "A. B., Researcher, a@b.example", "the name comes first");
        let choice = said("setting", &json!("SAFE_ROOM"), "fr");
        assert!(choice != "SAFE_ROOM" && !choice.is_empty(), "{choice}");
    }

    #[test]
    fn what_is_no_code_is_said_as_it_was_written() {
        assert_eq!(said("project-title", &json!("Return and work"), "ar"), "Return and work");
        assert_eq!(said("variables", &json!(["age", "province"]), "ar"), "age؛ province");
        assert_eq!(said("requester-institution", &json!({ "name": "University" }), "en"), "University");
        assert_eq!(said("requester-country", &json!("XX-none"), "en"), "XX-none");
    }
}
