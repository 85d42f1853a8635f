//! Whether answers are what the form asks for.

use serde_json::{Map, Value};

use crate::domain::concept::Concepts;
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::text::{MAX_TEXT, check_characters};
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel, LegalBasisKind, QuestionKind, RequestedData, Vocabulary};

use super::wellformed::partial;
use super::{Answers, Form, Question, REQUESTED_DATA, is_blank};

/// Whether a request is still being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Required answers may still be missing.
    Partial,
    /// It is to be submitted.
    Full,
}

/// Most members of an answer of the kinds that are short by nature.
const MAX_PART: usize = 300;

impl Form {
    /// Everything that is wrong with answers: each problem's field is the key of the question. Answers to questions that are not asked
    /// are looked at too, but never required. The day counts from 1970-01-01.
    pub fn check(&self, answers: &Answers, completeness: Completeness, today: i64, concepts: &Concepts) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, value) in answers {
            let mut found = Finding { field: key.clone(), problems: &mut problems };
            match self.question(key) {
                Some(_) if is_blank(value) => {}
                Some(question) => found.answer(question, value, today, concepts),
                None if key == REQUESTED_DATA => found.requested(value),
                None => found.wrong("", value, "the form has no such question; leave the answer out"),
            }
        }
        if completeness == Completeness::Full {
            self.check_required(answers, &mut problems);
        }
        problems
    }

    fn check_required(&self, answers: &Answers, problems: &mut Vec<Problem>) {
        for question in self.asked_questions(answers).into_iter().filter(|question| question.is_required) {
            let answer = answers.get(&question.key);
            if question.kind == QuestionKind::Agreement {
                if answer.is_none_or(|value| is_blank(value) || *value == Value::Bool(false)) {
                    problems.push(Problem::new(&question.key, "", "agree to the statement, or withdraw the request"));
                }
            } else if answer.is_none_or(is_blank) {
                problems.push(Problem::new(&question.key, "", "the question has no answer; answer it before submitting"));
            }
        }
    }
}

/// Notes what is wrong with one answer.
struct Finding<'a> {
    field: String,
    problems: &'a mut Vec<Problem>,
}

impl Finding<'_> {
    fn wrong(&mut self, part: &str, value: &Value, remedy: impl Into<String>) {
        let field = if part.is_empty() { self.field.clone() } else { format!("{}.{part}", self.field) };
        let shown = value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
        self.problems.push(Problem::new(field, shown, remedy));
    }

    fn answer(&mut self, question: &Question, value: &Value, today: i64, concepts: &Concepts) {
        use QuestionKind as K;
        match question.kind {
            K::Text | K::LongText => self.text("", value, question.max_chars(), question.kind == K::LongText),
            K::Choice => self.option(question, "", value),
            K::Choices => self.list(question, value, |finding, part, member| finding.option(question, part, member)),
            K::Date => self.date(question, value, today),
            K::Period => self.period(question, value, today),
            K::Number => self.number(question, value),
            K::Person => self.person("", value),
            K::Persons => self.list(question, value, Self::person),
            K::Country => self.country("", value, concepts),
            K::Countries => self.list(question, value, |finding, part, member| finding.country(part, member, concepts)),
            K::Institution => self.institution(value),
            K::YesNo | K::Agreement if !value.is_boolean() => self.wrong("", value, "answer true or false"),
            K::YesNo | K::Agreement => {}
            K::LegalBasis => self.legal_basis(value),
            K::Variables => self.list(question, value, |finding, part, member| finding.text(part, member, MAX_PART, false)),
        }
    }

    fn requested(&mut self, value: &Value) {
        let is_code = |value: &Value| value.as_str().and_then(RequestedData::parse).is_some();
        let is_good = match value {
            Value::Array(list) => !list.is_empty() && list.iter().all(is_code),
            one => is_code(one),
        };
        if !is_good {
            self.wrong("", value, format!("use one of {}, or a list of them", RequestedData::codes()));
        }
    }

    fn text(&mut self, part: &str, value: &Value, most: usize, has_lines: bool) {
        let Some(text) = value.as_str() else { return self.wrong(part, value, "answer with text") };
        let count = text.chars().count();
        if count > most.min(MAX_TEXT) {
            self.wrong(part, value, format!("the text has {count} characters; at most {most} are taken"));
        }
        let is_foreign = |c: char| c.is_control() && !(has_lines && matches!(c, '\n' | '\r' | '\t'));
        if text.contains(is_foreign) {
            self.wrong(part, value, "the text has control characters or line breaks; take them out");
        } else if let Err(remedy) = check_characters(text) {
            self.wrong(part, value, remedy);
        }
    }

    fn list(&mut self, question: &Question, value: &Value, mut each: impl FnMut(&mut Self, &str, &Value)) {
        let Some(list) = value.as_array() else { return self.wrong("", value, "answer with a list") };
        if list.len() > question.max_items() {
            return self.wrong("", &Value::from(list.len()), format!("at most {} are taken", question.max_items()));
        }
        let field = self.field.clone();
        let mut seen = std::collections::HashSet::new();
        for (place, member) in list.iter().enumerate() {
            self.field = format!("{field}[{place}]");
            if is_blank(member) {
                self.wrong("", member, "an empty member; take it out");
                continue;
            }
            if !seen.insert(member.to_string()) {
                self.wrong("", member, "it stands twice; name it once");
            }
            each(self, "", member);
        }
        self.field = field;
    }

    fn option(&mut self, question: &Question, part: &str, value: &Value) {
        if !question.options.iter().any(|option| value.as_str() == Some(option.code.as_str())) {
            let codes: Vec<&str> = question.options.iter().map(|option| option.code.as_str()).collect();
            self.wrong(part, value, format!("choose among {}", codes.join(", ")));
        }
    }

    fn country(&mut self, part: &str, value: &Value, concepts: &Concepts) {
        let place = value.as_str().and_then(|code| concepts.get(ConceptScheme::Places, code));
        if place.is_none_or(|place| place.level != Some(GeographicLevel::Country)) {
            self.wrong(part, value, "use the code of a country in the scheme PLACES, such as MA");
        }
    }

    fn date(&mut self, question: &Question, value: &Value, today: i64) {
        match value.as_str().and_then(day) {
            Some(given) => self.within("", value, question, (given, given), today),
            None => self.wrong("", value, "use a day, YYYY-MM-DD, such as 2027-06-30"),
        }
    }

    /// Whether the days from the first to the last may all lie outside the limits.
    fn within(&mut self, part: &str, value: &Value, question: &Question, (first, last): (i64, i64), today: i64) {
        let limit = |text: &str| if text == "TODAY" { Some(today) } else { day(text) };
        if let Some(from) = question.limits.from.as_deref().filter(|from| limit(from).is_some_and(|day| last < day)) {
            self.wrong(part, value, format!("it is before {}; give a later date", from.to_lowercase()));
        }
        if let Some(until) = question.limits.until.as_deref().filter(|until| limit(until).is_some_and(|day| first > day)) {
            self.wrong(part, value, format!("it is after {}; give an earlier date", until.to_lowercase()));
        }
    }

    fn period(&mut self, question: &Question, value: &Value, today: i64) {
        let Some(fields) = self.object(value, &["start", "end"]) else { return };
        let mut ends = Vec::new();
        for name in ["start", "end"] {
            match fields.get(name).filter(|value| !is_blank(value)) {
                None => ends.push(None),
                Some(given) => match given.as_str().ok_or_else(|| "use YYYY, YYYY-MM or YYYY-MM-DD".to_owned()).and_then(partial) {
                    Ok(date) => {
                        self.within(name, given, question, (date.first_day(), date.last_day()), today);
                        ends.push(Some(date));
                    }
                    Err(remedy) => self.wrong(name, given, remedy),
                },
            }
        }
        if let [Some(start), Some(end)] = ends[..]
            && start.first_day() > end.last_day()
        {
            self.wrong("", value, "the period ends before it begins");
        }
    }

    fn number(&mut self, question: &Question, value: &Value) {
        let Some(number) = value.as_f64().filter(|number| number.is_finite()) else {
            return self.wrong("", value, "answer with a number");
        };
        if let Some(least) = question.limits.min.filter(|least| number < *least) {
            self.wrong("", value, format!("at least {least}"));
        }
        if let Some(most) = question.limits.max.filter(|most| number > *most) {
            self.wrong("", value, format!("at most {most}"));
        }
    }

    /// The fields of an answer that is an object; others than these are named.
    fn object<'v>(&mut self, value: &'v Value, known: &[&str]) -> Option<&'v Map<String, Value>> {
        let Some(fields) = value.as_object() else {
            self.wrong("", value, format!("answer with an object of {}", known.join(", ")));
            return None;
        };
        for (name, given) in fields.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let part: String = name.chars().take(40).collect();
            self.wrong(&part, given, format!("there is no such part; use {}", known.join(", ")));
        }
        Some(fields)
    }

    /// A part of an object that is a short text; whether it was given.
    fn part(&mut self, fields: &Map<String, Value>, name: &str, most: usize) -> bool {
        let Some(value) = fields.get(name).filter(|value| !is_blank(value)) else { return false };
        self.text(name, value, most, most > MAX_PART);
        true
    }

    fn person(&mut self, _: &str, value: &Value) {
        let Some(fields) = self.object(value, &["name", "function", "institution", "email"]) else { return };
        if !self.part(fields, "name", MAX_PART) {
            self.wrong("name", &Value::Null, "give the person's name");
        }
        self.part(fields, "function", MAX_PART);
        self.part(fields, "institution", MAX_PART);
        if self.part(fields, "email", MAX_PART)
            && let Some(email) = fields["email"].as_str().filter(|email| !is_email(email))
        {
            self.wrong("email", &Value::from(email), "this is no e-mail address; use a form such as name@institution.example");
        }
    }

    fn institution(&mut self, value: &Value) {
        let Some(fields) = self.object(value, &["slug", "name"]) else { return };
        let has_name = self.part(fields, "name", MAX_PART);
        match fields.get("slug").filter(|slug| !is_blank(slug)) {
            Some(slug) => {
                if let Err(remedy) = slug.as_str().map_or_else(|| Err("use the short name of an institution".to_owned()), Slug::parse) {
                    self.wrong("slug", slug, remedy);
                }
            }
            None if !has_name => self.wrong("name", &Value::Null, "give the short name of an institution of the catalogue, or a name"),
            None => {}
        }
    }

    fn legal_basis(&mut self, value: &Value) {
        let Some(fields) = self.object(value, &["kind", "reference", "note"]) else { return };
        let has_reference = self.part(fields, "reference", MAX_PART);
        let has_note = self.part(fields, "note", 2_000);
        let given = fields.get("kind").cloned().unwrap_or_default();
        match given.as_str().and_then(LegalBasisKind::parse) {
            None => self.wrong("kind", &given, format!("use one of {}", LegalBasisKind::codes())),
            Some(LegalBasisKind::Other) if !has_note => self.wrong("note", &Value::Null, "say in the note what the basis is"),
            Some(_) if !has_reference && !has_note => {
                self.wrong("reference", &Value::Null, "give the number, article or date of the basis, or a note");
            }
            Some(_) => {}
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let is_clean = !text.contains(char::is_whitespace) && !host.contains('@');
    is_clean && !local.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
}

/// A whole day, counted from 1970-01-01.
pub(super) fn day(text: &str) -> Option<i64> {
    let date = PartialDate::parse(text).ok().filter(|date| date.day.is_some() && date.qualifier.is_none())?;
    Some(date.first_day())
}
