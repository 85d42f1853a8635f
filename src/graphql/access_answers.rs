//! Answers to the questions of a form, as mutations take them.

use juniper::GraphQLInputObject;
use serde_json::{Map, Value, json};

use crate::domain::form::Answers;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::LegalBasisKind;
use crate::service::Error;

use super::scalars::Date;

/// A person in an answer.
#[derive(GraphQLInputObject)]
pub struct AccessPersonInput {
    /// Full name of the person.
    pub name: String,
    /// Function of the person in the institution.
    pub function: Option<String>,
    /// Institution that the person works for.
    pub institution: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

impl AccessPersonInput {
    fn value(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |key: &str, value: &Option<String>| {
            if let Some(text) = value {
                fields.insert(key.to_owned(), json!(text));
            }
        };
        put("name", &Some(self.name.clone()));
        put("function", &self.function);
        put("institution", &self.institution);
        put("email", &self.email);
        Value::Object(fields)
    }
}

/// A legal basis in an answer.
#[derive(GraphQLInputObject)]
pub struct AccessLegalBasisInput {
    /// Kind of basis, such as a law or an agreement.
    pub kind: LegalBasisKind,
    /// Reference, such as the number of a law.
    pub reference: Option<String>,
    /// What the basis is, where its kind is OTHER, and whatever should be known of it.
    pub note: Option<String>,
}

/// A period in an answer; one end may be left out.
#[derive(GraphQLInputObject)]
pub struct AccessPeriodInput {
    /// Start: YYYY, YYYY-MM or YYYY-MM-DD.
    pub start: Option<String>,
    /// End of the period, written likewise; left out where it is open.
    pub end: Option<String>,
}

/// An answer to one question. Give exactly one field beside the question, the one that fits its kind; none takes the answer out.
#[derive(GraphQLInputObject)]
pub struct AccessAnswerInput {
    /// Key of the question.
    pub question: String,
    /// For TEXT and LONG_TEXT.
    pub text: Option<String>,
    /// For CHOICE and COUNTRY: the code.
    pub code: Option<String>,
    /// For CHOICES and COUNTRIES: codes. For VARIABLES: names.
    pub codes: Option<Vec<String>>,
    /// For DATE.
    pub date: Option<Date>,
    /// For PERIOD.
    pub period: Option<AccessPeriodInput>,
    /// For NUMBER.
    pub number: Option<f64>,
    /// For YES_NO and AGREEMENT.
    pub yes: Option<bool>,
    /// For PERSON.
    pub person: Option<AccessPersonInput>,
    /// For PERSONS.
    pub persons: Option<Vec<AccessPersonInput>>,
    /// For INSTITUTION: short name of one of the registry.
    pub institution: Option<String>,
    /// For INSTITUTION: name of another one.
    pub institution_name: Option<String>,
    /// For LEGAL_BASIS.
    pub legal_basis: Option<AccessLegalBasisInput>,
}

impl AccessAnswerInput {
    fn value(&self) -> Result<Value, Problem> {
        let mut given = Vec::new();
        given.extend(self.text.as_ref().map(|text| json!(text)));
        given.extend(self.code.as_ref().map(|code| json!(code)));
        given.extend(self.codes.as_ref().map(|codes| json!(codes)));
        given.extend(self.date.as_ref().map(|date| json!(date.0)));
        given.extend(self.period.as_ref().map(period_value));
        given.extend(self.number.map(|number| json!(number)));
        given.extend(self.yes.map(|yes| json!(yes)));
        given.extend(self.person.as_ref().map(AccessPersonInput::value));
        given.extend(self.persons.as_ref().map(|persons| Value::Array(persons.iter().map(AccessPersonInput::value).collect())));
        given.extend(self.institution.as_ref().map(|slug| json!({ "slug": slug })));
        given.extend(self.institution_name.as_ref().map(|name| json!({ "name": name })));
        given.extend(self.legal_basis.as_ref().map(legal_value));
        match given.len() {
            0 => Ok(Value::Null),
            1 => Ok(given.remove(0)),
            _ => Err(Problem::new(
                format!("answers.{}", self.question),
                "",
                "give one field that fits the kind of the question, not several",
            )),
        }
    }
}

fn period_value(period: &AccessPeriodInput) -> Value {
    let mut fields = Map::new();
    for (key, value) in [("start", &period.start), ("end", &period.end)] {
        if let Some(text) = value {
            fields.insert(key.to_owned(), json!(text));
        }
    }
    Value::Object(fields)
}

fn legal_value(basis: &AccessLegalBasisInput) -> Value {
    let mut fields = Map::from_iter([("kind".to_owned(), json!(basis.kind))]);
    for (key, value) in [("reference", &basis.reference), ("note", &basis.note)] {
        if let Some(text) = value {
            fields.insert(key.to_owned(), json!(text));
        }
    }
    Value::Object(fields)
}

/// Reads answers.
///
/// # Errors
/// Every answer that has several fields, or that is given twice.
pub fn answers(given: &[AccessAnswerInput]) -> Result<Answers, Error> {
    let (mut answers, mut problems) = (Answers::new(), Vec::new());
    for input in given {
        match input.value() {
            Ok(value) if !answers.contains_key(&input.question) => {
                answers.insert(input.question.clone(), value);
            }
            Ok(_) => problems.push(Problem::new(format!("answers.{}", input.question), "", "is answered twice; answer it once")),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(answers) } else { Err(Error::Invalid(problems)) }
}
