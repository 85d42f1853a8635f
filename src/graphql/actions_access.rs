//! What the mutations on access forms take and answer.

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::form::{Condition, Form, FormOption, Limits, Question, Test};
use crate::domain::problem::Problem;
use crate::domain::text::{MAX_TEXT, MultilingualText, Wording, check_characters};
use crate::domain::vocabulary::{QuestionKind, RequestRole, TextStatus};
use crate::service::Error;
use crate::service::forms::{FormVersion, Target};

use super::access_form::AccessForm;
use super::context::Context;
use super::input::LocalizedStringInput;
use super::intent::{shown, signed_in, slug, wrong};
use super::node::NodeId;
use super::payload::payload;

/// When a question is asked. Give exactly one of `equals`, `isYes` and `includes`.
#[derive(GraphQLInputObject)]
pub struct FormConditionInput {
    /// Key of an earlier question, or `requested-data`, which the request itself answers: AGGREGATES or MICRODATA.
    pub question: String,
    /// For a choice of one and for a country: the code that must be chosen.
    pub equals: Option<String>,
    /// For yes or no: true if the answer must be yes, false if it must be no.
    pub is_yes: Option<bool>,
    /// For several choices, for countries, and for `requested-data`: a code that must be among those chosen.
    pub includes: Option<String>,
}

/// An option of a choice.
#[derive(GraphQLInputObject)]
pub struct FormOptionInput {
    /// Stable code of letters A-Z, digits, `_` and `-`, such as `PUBLIC_BODY`.
    pub code: String,
    /// Label, in Arabic, French and English before the form is published.
    pub label: Vec<LocalizedStringInput>,
}

/// Limits of an answer. Each fits some kinds of questions only.
#[derive(GraphQLInputObject)]
pub struct FormLimitsInput {
    /// Most characters, for texts; 300 for TEXT and 5,000 for LONG_TEXT where left out.
    pub max_chars: Option<i32>,
    /// Most members, for lists; 50, or 1,000 for VARIABLES, where left out.
    pub max_items: Option<i32>,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// First day, for DATE and PERIOD: `YYYY-MM-DD`, or `TODAY` for the day on which the request is submitted.
    pub from: Option<String>,
    /// Last day, likewise.
    pub until: Option<String>,
}

/// A question of an access form.
#[derive(GraphQLInputObject)]
pub struct FormQuestionInput {
    /// Stable key. Keys of the default form mean what they mean there; a key of your own begins with the short name of your
    /// institution and a dot, such as `ma-hcp.project-lab`.
    pub key: String,
    /// What kind of answer is asked for.
    pub kind: QuestionKind,
    /// The question; for AGREEMENT, the statement. In Arabic, French and English before the form is published.
    pub label: Vec<LocalizedStringInput>,
    /// What to think of when answering.
    pub help: Option<Vec<LocalizedStringInput>>,
    /// An example of an answer.
    pub example: Option<Vec<LocalizedStringInput>>,
    /// Whether it must be answered where it is asked.
    pub is_required: bool,
    /// It is asked only if this holds.
    pub condition: Option<FormConditionInput>,
    /// Options, for CHOICE and CHOICES.
    pub options: Option<Vec<FormOptionInput>>,
    /// Limits of the answer.
    pub limits: Option<FormLimitsInput>,
    /// Who reads the answer: APPLICANT and ACCESS_OFFICER always, and any of DATA_PROTECTION, REVIEWER, DECIDER.
    pub readers: Vec<RequestRole>,
    /// How long the answer is kept after the request has ended, in months.
    pub keep_months: i32,
    /// Whether the answer is personal data; always true where it names a person.
    pub is_personal: bool,
}

/// An access form.
#[derive(GraphQLInputObject)]
pub struct AccessFormInput {
    /// Title.
    pub title: Vec<LocalizedStringInput>,
    /// What applicants should know before they begin.
    pub intro: Option<Vec<LocalizedStringInput>>,
    /// The questions in their order, at most 200.
    pub questions: Vec<FormQuestionInput>,
    /// How long a request is kept after it has ended, in months; no answer is kept longer.
    pub retention_months: i32,
}

/// Writes the draft of an access form. Name either the institution or one of its holdings.
#[derive(GraphQLInputObject)]
pub struct AccessFormSaveInput {
    /// Short name of the institution: the form is for all its holdings that have none of their own.
    pub institution: Option<String>,
    /// Opaque identifier of a holding: the form is for this one.
    pub holding: Option<ID>,
    /// Revision of the draft that you have seen; leave it out where there is no draft yet.
    pub expected_revision: Option<i32>,
    /// The whole form; it replaces the draft. It may be incomplete.
    pub form: AccessFormInput,
}

/// Publishes the draft of an access form as its next version. Name either the institution or one of its holdings.
#[derive(GraphQLInputObject)]
pub struct AccessFormPublishInput {
    /// Short name of the institution.
    pub institution: Option<String>,
    /// Opaque identifier of a holding.
    pub holding: Option<ID>,
    /// Revision of the draft that you have seen.
    pub expected_revision: i32,
}

payload! {
    /// What became of an access form.
    AccessFormPayload {
        /// The draft, or the version that was published.
        form: AccessForm,
    }
}

/// What a form is for.
///
/// # Errors
/// Nobody has signed in, or not exactly one thing is named.
pub fn form_target(context: &Context, institution: Option<&String>, holding: Option<&ID>) -> Result<Target, Error> {
    signed_in(context)?;
    match (institution, holding) {
        (Some(institution), None) => Ok(Target::Institution(slug("institution", institution)?)),
        (None, Some(holding)) => match NodeId::decode(holding) {
            Some(NodeId::Holding(id)) => Ok(Target::Holding(id)),
            _ => Err(Error::NotFound(format!("holding `{}`", shown(holding)))),
        },
        _ => Err(wrong("institution", "", "name either an institution or one of its holdings")),
    }
}

/// What became of a form.
///
/// # Errors
/// A fault of the server.
pub fn form_payload(context: &Context, done: Result<FormVersion, Error>) -> FieldResult<AccessFormPayload> {
    match done {
        Ok(version) => Ok(AccessFormPayload { form: Some(AccessForm::of(version, &context.language)), ..AccessFormPayload::default() }),
        Err(error) => AccessFormPayload::refused(error),
    }
}

impl AccessFormInput {
    /// The form that is meant.
    ///
    /// # Errors
    /// Every value that cannot be kept even in a draft.
    pub fn read(self) -> Result<Form, Error> {
        let mut problems = Vec::new();
        let form = Form {
            title: texts(self.title, "form.title", &mut problems),
            intro: texts(self.intro.unwrap_or_default(), "form.intro", &mut problems),
            retention_months: count(self.retention_months, "form.retentionMonths", &mut problems),
            questions: self
                .questions
                .into_iter()
                .enumerate()
                .map(|(place, question)| question.read(&format!("form.questions[{place}]"), &mut problems))
                .collect(),
        };
        if problems.is_empty() { Ok(form) } else { Err(Error::Invalid(problems)) }
    }
}

impl FormQuestionInput {
    fn read(self, path: &str, problems: &mut Vec<Problem>) -> Question {
        let at = |field: &str| format!("{path}.{field}");
        let options = self.options.unwrap_or_default().into_iter().enumerate();
        Question {
            label: texts(self.label, &at("label"), problems),
            help: texts(self.help.unwrap_or_default(), &at("help"), problems),
            example: texts(self.example.unwrap_or_default(), &at("example"), problems),
            condition: self.condition.and_then(|condition| condition.read(&at("condition"), problems)),
            options: options
                .map(|(place, option)| FormOption {
                    label: texts(option.label, &at(&format!("options[{place}].label")), problems),
                    code: short(option.code, &at(&format!("options[{place}].code")), problems),
                })
                .collect(),
            limits: self.limits.map(|limits| limits.read(&at("limits"), problems)).unwrap_or_default(),
            key: short(self.key, &at("key"), problems),
            kind: self.kind,
            is_required: self.is_required,
            readers: self.readers,
            keep_months: count(self.keep_months, &at("keepMonths"), problems),
            is_personal: self.is_personal,
        }
    }
}

impl FormConditionInput {
    fn read(self, path: &str, problems: &mut Vec<Problem>) -> Option<Condition> {
        let test = match (self.equals, self.is_yes, self.includes) {
            (Some(code), None, None) => Test::Equals(short(code, &format!("{path}.equals"), problems)),
            (None, Some(wanted), None) => Test::IsYes(wanted),
            (None, None, Some(code)) => Test::Includes(short(code, &format!("{path}.includes"), problems)),
            _ => {
                problems.push(Problem::new(path, "", "give exactly one of equals, isYes and includes"));
                return None;
            }
        };
        Some(Condition { question: short(self.question, &format!("{path}.question"), problems), test })
    }
}

impl FormLimitsInput {
    fn read(self, path: &str, problems: &mut Vec<Problem>) -> Limits {
        let mut whole = |value: Option<i32>, field: &str| value.map(|value| count(value, &format!("{path}.{field}"), problems));
        let (max_chars, max_items) = (whole(self.max_chars, "maxChars"), whole(self.max_items, "maxItems"));
        Limits { max_chars, max_items, min: self.min, max: self.max, from: self.from, until: self.until }
    }
}

/// A number that cannot be negative.
fn count(value: i32, path: &str, problems: &mut Vec<Problem>) -> u32 {
    u32::try_from(value).unwrap_or_else(|_| {
        problems.push(Problem::new(path, value, "the number cannot be negative"));
        0
    })
}

/// A key or code, which is never long.
fn short(text: String, path: &str, problems: &mut Vec<Problem>) -> String {
    if text.chars().count() > 200 {
        problems.push(Problem::new(path, &text, "at most 200 characters are taken"));
    }
    text
}

/// A text in several languages; what is wrong with it goes to the problems.
pub fn texts(given: Vec<LocalizedStringInput>, path: &str, problems: &mut Vec<Problem>) -> MultilingualText {
    let mut text = MultilingualText::default();
    for wording in given {
        let LocalizedStringInput { language, text: words, status } = wording;
        let path = format!("{path}.{}", language.0.as_str());
        if words.trim().is_empty() {
            problems.push(Problem::new(path, "", "the text is empty; leave the language out instead"));
            continue;
        }
        if words.chars().count() > MAX_TEXT {
            problems.push(Problem::new(path, &words, format!("the text is longer than {MAX_TEXT} characters; shorten it")));
            continue;
        }
        if let Err(remedy) = check_characters(&words) {
            problems.push(Problem::new(path, "", remedy));
            continue;
        }
        let known = Wording { text: words, status: status.unwrap_or(TextStatus::Official) };
        if text.0.insert(language.0, known).is_some() {
            problems.push(Problem::new(path, "", "the language is given twice; keep one wording in each language"));
        }
    }
    text
}
