//! Forms of access requests as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, ID};

use crate::domain::form::{Condition, Form, FormOption, Limits, Question, Test};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{FormState, QuestionKind, RequestRole};
use crate::service::forms::{self, FormVersion, Target};

use super::context::Context;
use super::error::from_service;
use super::institution::Institution;
use super::node::NodeId;
use super::prefetch;
use super::scalars::{DateTime, LanguageTag};
use super::text::{Lang, LocalizedString, all, words};

/// A form.
#[derive(Clone)]
pub struct AccessForm {
    version: FormVersion,
    lang: Lang,
}

impl AccessForm {
    /// A form in the language of an answer.
    pub fn of(version: FormVersion, lang: &Lang) -> Self {
        Self { version, lang: lang.clone() }
    }

    /// The form in force of the holding with this opaque identifier; none where the viewer may not see the holding.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn of_holding(context: &Context, id: &ID) -> FieldResult<Option<Self>> {
        let Some(NodeId::Holding(holding)) = NodeId::decode(id) else { return Ok(None) };
        let found = forms::of_holding(&context.catalogue, &context.actor, holding).map_err(from_service)?;
        Ok(found.map(|version| Self::of(version, &context.language)))
    }

    /// The draft of a form; none where there is none for the viewer.
    ///
    /// # Errors
    /// A fault of the server.
    pub fn draft(context: &Context, target: &Target) -> FieldResult<Option<Self>> {
        let found = forms::draft(&context.catalogue, &context.actor, target).map_err(from_service)?;
        Ok(found.map(|version| Self::of(version, &context.language)))
    }

    fn form(&self) -> &Arc<Form> {
        &self.version.form
    }
}

/// The form of an access request: what a holder asks, who reads each answer and for how long. A published version never changes.
#[juniper::graphql_object(context = Context)]
impl AccessForm {
    /// Number of the version; 0 for a draft. A request keeps the version that it answers.
    fn version(&self) -> i32 {
        i32::try_from(self.version.version).unwrap_or(i32::MAX)
    }

    /// Whether it is the form of the catalogue, which stands where a holder has published none.
    fn is_default(&self) -> bool {
        self.version.is_default()
    }

    /// Whether it can still change.
    fn state(&self) -> FormState {
        self.version.state
    }

    /// Grows with every write of a draft; give it back as `expectedRevision`.
    fn revision(&self) -> i32 {
        i32::try_from(self.version.revision).unwrap_or(i32::MAX)
    }

    /// The institution that asks; null for the form of the catalogue.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        match &self.version.institution {
            Some(slug) => prefetch::institution(context, slug.as_str(), &self.lang),
            None => Ok(None),
        }
    }

    /// The one holding that it is for; null where it stands for all holdings of the institution that have none of their own.
    fn holding(&self) -> Option<ID> {
        self.version.holding_id.map(|id| NodeId::Holding(id).encode())
    }

    /// When it was published; null for a draft and for the form of the catalogue.
    fn published_at(&self) -> Option<DateTime> {
        self.version.published_at.map(DateTime)
    }

    /// Title of the form, as applicants read it.
    fn title(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.form().title, language, &self.lang, None)
    }

    /// The title in all its languages.
    fn titles(&self) -> Vec<LocalizedString> {
        all(&self.form().title)
    }

    /// What applicants should know before they begin.
    fn intro(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.form().intro, language, &self.lang, None)
    }

    /// The introduction in all its languages.
    fn intros(&self) -> Vec<LocalizedString> {
        all(&self.form().intro)
    }

    /// How long a request is kept after it has ended, in months; no answer is kept longer.
    fn retention_months(&self) -> i32 {
        i32::try_from(self.form().retention_months).unwrap_or(i32::MAX)
    }

    /// The questions in their order.
    fn questions(&self) -> Vec<FormQuestion> {
        let count = self.form().questions.len();
        (0..count).map(|place| FormQuestion { form: self.form().clone(), place, lang: self.lang.clone() }).collect()
    }

    /// What keeps a draft from being published; empty for a published form. Rules that compare it with other forms speak when it is
    /// published.
    fn problems(&self) -> Vec<FormProblem> {
        if self.version.state == FormState::Published { Vec::new() } else { self.form().problems().into_iter().map(FormProblem).collect() }
    }
}

/// Something that keeps a draft from being published.
pub struct FormProblem(Problem);

/// Something that keeps the draft of a form from being published.
#[juniper::graphql_object(context = Context)]
impl FormProblem {
    /// Where in the form, such as `questions[2].label.ar`.
    fn field(&self) -> &str {
        &self.0.field
    }

    /// What is wrong and how to put it right.
    fn message(&self) -> String {
        self.0.to_string()
    }
}

/// A question of a form.
pub struct FormQuestion {
    form: Arc<Form>,
    place: usize,
    lang: Lang,
}

impl FormQuestion {
    /// The question at a place of a form.
    pub fn of(form: &Arc<Form>, place: usize, lang: &Lang) -> Self {
        Self { form: form.clone(), place, lang: lang.clone() }
    }

    fn question(&self) -> &Question {
        &self.form.questions[self.place]
    }
}

/// A question of an access form.
#[juniper::graphql_object(context = Context)]
impl FormQuestion {
    /// Stable key. The same key in two forms means the same question, which is answered once.
    fn key(&self) -> &str {
        &self.question().key
    }

    /// What kind of answer is asked for.
    fn kind(&self) -> QuestionKind {
        self.question().kind
    }

    /// The question; for an agreement, the statement.
    fn label(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.question().label, language, &self.lang, None)
    }

    /// The question in all its languages.
    fn labels(&self) -> Vec<LocalizedString> {
        all(&self.question().label)
    }

    /// What to think of when answering.
    fn help(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.question().help, language, &self.lang, None)
    }

    /// The help in all its languages.
    fn helps(&self) -> Vec<LocalizedString> {
        all(&self.question().help)
    }

    /// An example of an answer.
    fn example(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.question().example, language, &self.lang, None)
    }

    /// The example in all its languages.
    fn examples(&self) -> Vec<LocalizedString> {
        all(&self.question().example)
    }

    /// Whether it must be answered where it is asked.
    fn is_required(&self) -> bool {
        self.question().is_required
    }

    /// It is asked only if this holds; null where it is always asked.
    fn condition(&self) -> Option<FormCondition> {
        self.question().condition.clone().map(FormCondition)
    }

    /// Options of a choice.
    fn options(&self) -> Vec<FormOptionView> {
        self.question().options.iter().map(|model| FormOptionView { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Limits of the answer; null where only the usual ones of the kind hold.
    fn limits(&self) -> Option<FormLimits> {
        Some(&self.question().limits).filter(|limits| !limits.is_none()).cloned().map(FormLimits)
    }

    /// Who reads the answer.
    fn readers(&self) -> &[RequestRole] {
        &self.question().readers
    }

    /// How long the answer is kept after the request has ended, in months.
    fn keep_months(&self) -> i32 {
        i32::try_from(self.question().keep_months).unwrap_or(i32::MAX)
    }

    /// Whether the answer is personal data.
    fn is_personal(&self) -> bool {
        self.question().is_personal
    }
}

/// When a question is asked.
pub struct FormCondition(Condition);

/// When a question is asked: if an earlier question was asked and answered so. Exactly one of `equals`, `isYes` and `includes` is given.
#[juniper::graphql_object(context = Context)]
impl FormCondition {
    /// Key of the earlier question. `requested-data` is not asked: the request itself says whether it is for AGGREGATES or MICRODATA.
    fn question(&self) -> &str {
        &self.0.question
    }

    /// The one code chosen is this.
    fn equals(&self) -> Option<&str> {
        if let Test::Equals(code) = &self.0.test { Some(code) } else { None }
    }

    /// True for yes, or agreed to; false for no.
    fn is_yes(&self) -> Option<bool> {
        if let Test::IsYes(wanted) = &self.0.test { Some(*wanted) } else { None }
    }

    /// Among the codes chosen is this.
    fn includes(&self) -> Option<&str> {
        if let Test::Includes(code) = &self.0.test { Some(code) } else { None }
    }
}

/// An option.
pub struct FormOptionView {
    model: FormOption,
    lang: Lang,
}

/// An option of a choice.
#[juniper::graphql_object(name = "FormOption", context = Context)]
impl FormOptionView {
    /// Stable code; it is what is answered.
    fn code(&self) -> &str {
        &self.model.code
    }

    /// What the option means, as applicants read it.
    fn label(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model.label, language, &self.lang, None)
    }

    /// The label in all its languages.
    fn labels(&self) -> Vec<LocalizedString> {
        all(&self.model.label)
    }
}

/// Limits of an answer.
pub struct FormLimits(Limits);

/// Limits of an answer.
#[juniper::graphql_object(context = Context)]
impl FormLimits {
    /// Most characters of a text.
    fn max_chars(&self) -> Option<i32> {
        self.0.max_chars.map(|most| i32::try_from(most).unwrap_or(i32::MAX))
    }

    /// Most members of a list.
    fn max_items(&self) -> Option<i32> {
        self.0.max_items.map(|most| i32::try_from(most).unwrap_or(i32::MAX))
    }

    /// Least number that is taken as an answer.
    fn min(&self) -> Option<f64> {
        self.0.min
    }

    /// Greatest number that is taken as an answer.
    fn max(&self) -> Option<f64> {
        self.0.max
    }

    /// First day, `YYYY-MM-DD`, or `TODAY` for the day on which the request is submitted.
    fn from(&self) -> Option<&str> {
        self.0.from.as_deref()
    }

    /// Last day, likewise.
    fn until(&self) -> Option<&str> {
        self.0.until.as_deref()
    }
}
