//! What the mutations on access requests take and answer.

use juniper::{GraphQLInputObject, ID};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::access_request::command::SafeLine;
use crate::domain::access_request::desk::{Desk, DeskTerms, RuleEffect, StandingRule, StandingTerms};
use crate::domain::form::Answers;
use crate::domain::ids::{HoldingId, Slug};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{
    AgreementPurpose, LegalBasisKind, Recommendation, RejectionReason, RequestOutcome, RequestRole, RequestedData, Safe, SafeVerdict,
};
use crate::domain::workdays::Day;
use crate::service::Error;
use crate::service::access_requests::drafting::{Frame, Wanted};

use super::access_desk::AccessDesk;
use super::access_request::AccessRequest;
use super::actions_access::texts;
use super::input::LocalizedStringInput;
use super::intent::{slug, wrong};
use super::node::NodeId;
use super::payload::payload;
use super::scalars::Date;

/// A holding that is asked for.
#[derive(GraphQLInputObject)]
pub struct AccessWishInput {
    /// Opaque identifier of the holding.
    pub holding: ID,
    /// Aggregates or microdata.
    pub data: RequestedData,
}

impl AccessWishInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// It names no holding.
    pub fn read(&self) -> Result<Wanted, Error> {
        match NodeId::decode(&self.holding) {
            Some(NodeId::Holding(holding)) => Ok(Wanted { holding, data: self.data }),
            _ => Err(wrong("holding", &self.holding, "is no identifier of a holding; take it from `holdings { id }` of a dataset")),
        }
    }
}

/// Begins a request.
#[derive(GraphQLInputObject)]
pub struct AccessRequestCreateInput {
    /// Holdings that are asked for, of one or several institutions; more can be added.
    pub holdings: Vec<AccessWishInput>,
    /// Short name of the institution for which you ask; one in which you have a role. Agreements between institutions are found by it.
    pub on_behalf_of: Option<String>,
    /// Kind of purpose.
    pub purpose: Option<AgreementPurpose>,
}

/// Reads for whom and for which kind of purpose something is wanted.
///
/// # Errors
/// The short name is none.
pub fn frame(on_behalf_of: Option<&String>, purpose: Option<AgreementPurpose>) -> Result<Frame, Error> {
    let on_behalf_of: Option<Slug> = on_behalf_of.map(|text| slug("onBehalfOf", text)).transpose()?;
    Ok(Frame { on_behalf_of, purpose })
}

/// A person in an answer.
#[derive(GraphQLInputObject)]
pub struct AccessPersonInput {
    /// Name.
    pub name: String,
    /// Function.
    pub function: Option<String>,
    /// Institution.
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
    /// Kind.
    pub kind: LegalBasisKind,
    /// Reference, such as the number of a law.
    pub reference: Option<String>,
    /// Note.
    pub note: Option<String>,
}

/// A period in an answer; one end may be left out.
#[derive(GraphQLInputObject)]
pub struct AccessPeriodInput {
    /// Start: YYYY, YYYY-MM or YYYY-MM-DD.
    pub start: Option<String>,
    /// End.
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

/// Names a request as it was last seen.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
}

/// Names one part of a request as it was last seen.
#[derive(GraphQLInputObject)]
pub struct AccessRequestPartInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
}

/// Names one part of a request, with a text that the other side reads.
#[derive(GraphQLInputObject)]
pub struct AccessRequestTextInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// The text.
    pub text: Option<String>,
}

/// Writes in a request that is being written, or was returned.
#[derive(GraphQLInputObject)]
pub struct AccessRequestUpdateInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Answers; those left out stay.
    pub answers: Vec<AccessAnswerInput>,
}

/// Says for whom and for which kind of purpose data are wanted.
#[derive(GraphQLInputObject)]
pub struct AccessRequestFrameInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Short name of the institution for which you ask.
    pub on_behalf_of: Option<String>,
    /// Kind of purpose.
    pub purpose: Option<AgreementPurpose>,
}

/// Asks for a further holding.
#[derive(GraphQLInputObject)]
pub struct AccessRequestHoldingAddInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// The holding.
    pub holding: AccessWishInput,
}

/// Submits a request.
#[derive(GraphQLInputObject)]
pub struct AccessRequestSubmitInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Hashes of standing terms that you accept (`Holding.standingTerms`).
    pub accepted_terms: Option<Vec<String>>,
}

/// Names a member.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMemberAddInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Name of the person.
    pub name: String,
    /// E-mail address of the person.
    pub email: String,
}

/// Takes a member out.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMemberRemoveInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the member.
    pub member: i32,
}

/// Returns a part for information.
#[derive(GraphQLInputObject)]
pub struct AccessRequestReturnInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// What is asked.
    pub text: String,
    /// Keys of the questions that it is about.
    pub questions: Option<Vec<String>>,
}

/// Invites a person.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInviteInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// E-mail address of a person who has an account.
    pub email: String,
    /// As what: DATA_PROTECTION, REVIEWER or DECIDER.
    pub role: RequestRole,
    /// What the person is asked.
    pub text: Option<String>,
}

/// Takes an invitation back.
#[derive(GraphQLInputObject)]
pub struct AccessRequestUninviteInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Number of the invitation.
    pub invitation: i32,
}

/// Declares a conflict of interest, or that there is none.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInterestInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether there is one. Who has one no longer acts in this part.
    pub has_conflict: bool,
    /// Which; needed where there is one.
    pub text: Option<String>,
}

/// Comments or recommends.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRecommendInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Recommendation.
    pub recommendation: Recommendation,
    /// Comment.
    pub text: String,
}

/// One line of a decision.
#[derive(GraphQLInputObject)]
pub struct AccessDecisionLineInput {
    /// Which of the five safes.
    pub safe: Safe,
    /// Verdict.
    pub verdict: SafeVerdict,
    /// Why; may be left out where it was not assessed.
    pub reason: Option<String>,
    /// Condition to keep, with MET_WITH_CONDITION.
    pub condition: Option<String>,
}

/// Decides on a part. Where a committee decides, this is one vote.
#[derive(GraphQLInputObject)]
pub struct AccessRequestDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// What is decided.
    pub outcome: RequestOutcome,
    /// A line for each of the five safes.
    pub lines: Vec<AccessDecisionLineInput>,
    /// Reason code of a refusal.
    pub reason: Option<RejectionReason>,
    /// Text; needed for a refusal.
    pub text: Option<String>,
}

impl AccessRequestDecideInput {
    /// The lines as the domain takes them.
    pub fn lines(&self) -> Vec<SafeLine> {
        let line = |line: &AccessDecisionLineInput| SafeLine {
            safe: line.safe,
            verdict: line.verdict,
            reason: line.reason.clone().unwrap_or_default(),
            condition: line.condition.clone().filter(|text| !text.trim().is_empty()),
        };
        self.lines.iter().map(line).collect()
    }
}

/// Proposes the undertaking.
#[derive(GraphQLInputObject)]
pub struct AccessRequestProposeInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// The text that everyone accepts.
    pub text: String,
    /// First day; today where left out.
    pub from: Option<Date>,
    /// Last day.
    pub until: Date,
    /// Identifier of a registered agreement that it rests on.
    pub agreement: Option<ID>,
}

/// Accepts the undertaking.
#[derive(GraphQLInputObject)]
pub struct AccessRequestAcceptInput {
    /// The request.
    pub request: ID,
    /// Number of the part.
    pub part: i32,
    /// Hash of the text that you have read.
    pub text_hash: String,
}

/// Puts a part into force under an agreement between the institutions.
#[derive(GraphQLInputObject)]
pub struct AccessRequestActivateInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Identifier of the registered agreement.
    pub agreement: ID,
    /// Last day; that of the agreement where left out.
    pub until: Option<Date>,
}

/// Asks for a renewal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRenewInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Last day that is wanted.
    pub until: Date,
    /// Why.
    pub text: String,
}

/// Decides on a renewal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRenewalDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether it is granted.
    pub is_granted: bool,
    /// Last day; the one asked for where left out.
    pub until: Option<Date>,
    /// Why; needed for a refusal.
    pub text: Option<String>,
}

/// Decides on an appeal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestAppealDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether the applicant is right.
    pub is_upheld: bool,
    /// Why.
    pub text: String,
}

/// Writes a message.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMessageInput {
    /// The request.
    pub request: ID,
    /// Number of the part; the request as a whole where left out.
    pub part: Option<i32>,
    /// The text.
    pub text: String,
    /// Whether only the people of the holder read it.
    pub is_internal: Option<bool>,
}

/// A standing rule.
#[derive(GraphQLInputObject)]
pub struct AccessRuleInput {
    /// Short name, shown with the decision.
    pub name: String,
    /// Why it is there.
    pub reason: Vec<LocalizedStringInput>,
    /// What it does.
    pub effect: RuleEffect,
    /// What was asked for; both where left out.
    pub data: Option<RequestedData>,
    /// Only where the applicant accepted the standing terms when submitting.
    pub needs_signed_terms: Option<bool>,
    /// Only for these persons, by e-mail address: a block list. It needs a last day.
    pub persons: Option<Vec<String>>,
    /// Only for people of these institutions.
    pub institutions: Option<Vec<String>>,
    /// Reason code of a refusal.
    pub rejection: Option<RejectionReason>,
    /// Last day on which it applies.
    pub until: Option<Date>,
}

/// Sets how an institution handles requests for one holding, or for all that have no desk of their own.
#[derive(GraphQLInputObject)]
pub struct AccessDeskSetInput {
    /// Short name of the institution.
    pub institution: String,
    /// The holding; all of the institution where left out.
    pub holding: Option<ID>,
    /// Revision that you have seen; 0 where nothing was set.
    pub expected_revision: i32,
    /// Whether requests can be made here.
    pub is_open: bool,
    /// Working days for the check of completeness; 5 where left out.
    pub completeness_days: Option<i32>,
    /// Working days for the decision; 30 where left out.
    pub decision_days: Option<i32>,
    /// Working days for everyone to accept the undertaking; 20 where left out.
    pub acceptance_days: Option<i32>,
    /// Days in which a decision may be appealed; 30 where left out, 0 for no appeal.
    pub appeal_days: Option<i32>,
    /// Days before the end at which a renewal is offered; 60 where left out.
    pub renewal_notice_days: Option<i32>,
    /// Days after the end in which the destruction of the data is to be declared; 30 where left out.
    pub destruction_days: Option<i32>,
    /// Working days between reminders; 5 where left out.
    pub reminder_days: Option<i32>,
    /// Working days past the due day after which the deputies are told; 5 where left out.
    pub escalation_days: Option<i32>,
    /// Votes that must agree; 1 where left out.
    pub quorum: Option<i32>,
    /// E-mail addresses of those who decide; any access officer where left out.
    pub deciders: Option<Vec<String>>,
    /// E-mail addresses of those who advise on data protection in every request.
    pub advisers: Option<Vec<String>>,
    /// E-mail addresses of those who are told when nobody has answered in time.
    pub deputies: Option<Vec<String>>,
    /// Standing terms of use that applicants may accept when submitting.
    pub standing_terms: Option<Vec<LocalizedStringInput>>,
    /// Months of use under the standing terms.
    pub standing_months: Option<i32>,
    /// Standing rules, tried at submission; refusals go before approvals.
    pub rules: Option<Vec<AccessRuleInput>>,
}

impl AccessDeskSetInput {
    /// The desk as the domain takes it. Persons are looked up by the caller.
    ///
    /// # Errors
    /// A number is negative, or a day is none.
    pub fn read(self, people: impl Fn(&str, &[String]) -> Result<Vec<Uuid>, Error>) -> Result<Desk, Error> {
        let mut problems = Vec::new();
        let usual = DeskTerms::default();
        let list = |given: &Option<Vec<String>>| given.clone().unwrap_or_default();
        let terms = DeskTerms {
            completeness_days: whole("completenessDays", self.completeness_days, usual.completeness_days)?,
            decision_days: whole("decisionDays", self.decision_days, usual.decision_days)?,
            acceptance_days: whole("acceptanceDays", self.acceptance_days, usual.acceptance_days)?,
            appeal_days: whole("appealDays", self.appeal_days, usual.appeal_days)?,
            renewal_notice_days: whole("renewalNoticeDays", self.renewal_notice_days, usual.renewal_notice_days)?,
            destruction_days: whole("destructionDays", self.destruction_days, usual.destruction_days)?,
            reminder_days: whole("reminderDays", self.reminder_days, usual.reminder_days)?,
            escalation_days: whole("escalationDays", self.escalation_days, usual.escalation_days)?,
            quorum: whole("quorum", self.quorum, usual.quorum)?,
            deciders: people("deciders", &list(&self.deciders))?,
            advisers: people("advisers", &list(&self.advisers))?,
            deputies: people("deputies", &list(&self.deputies))?,
            retention_months: usual.retention_months,
        };
        let months = whole("standingMonths", self.standing_months, 12)?;
        let standing = self.standing_terms.map(|given| StandingTerms { text: texts(given, "standingTerms", &mut problems), months });
        let mut rules = Vec::new();
        for (place, rule) in self.rules.into_iter().flatten().enumerate() {
            rules.push(rule.read(place, &people, &mut problems)?);
        }
        if problems.is_empty() { Ok(Desk { is_open: self.is_open, terms, standing, rules }) } else { Err(Error::Invalid(problems)) }
    }
}

fn whole(field: &str, given: Option<i32>, usual: u32) -> Result<u32, Error> {
    given.map_or(Ok(usual), |number| {
        u32::try_from(number).map_err(|_| wrong(field, &number.to_string(), "give a number that is not negative"))
    })
}

/// A day.
///
/// # Errors
/// It is none.
pub fn day(field: &str, date: &Date) -> Result<Day, Error> {
    Day::parse(&date.0).map_err(|remedy| wrong(field, &date.0, &remedy))
}

impl AccessRuleInput {
    fn read(
        self,
        place: usize,
        people: &impl Fn(&str, &[String]) -> Result<Vec<Uuid>, Error>,
        problems: &mut Vec<Problem>,
    ) -> Result<StandingRule, Error> {
        let field = |name: &str| format!("rules[{place}].{name}");
        Ok(StandingRule {
            name: self.name.trim().to_owned(),
            reason: texts(self.reason, &field("reason"), problems),
            effect: self.effect,
            data: self.data,
            needs_signed_terms: self.needs_signed_terms.unwrap_or(false),
            persons: people(&field("persons"), self.persons.as_deref().unwrap_or_default())?,
            institutions: self.institutions.clone().unwrap_or_default(),
            rejection: self.rejection,
            until: self.until.as_ref().map(|date| day(&field("until"), date)).transpose()?,
        })
    }
}

/// Identifier of a holding.
///
/// # Errors
/// It names none.
pub fn holding_id(field: &str, id: &ID) -> Result<HoldingId, Error> {
    match NodeId::decode(id) {
        Some(NodeId::Holding(holding)) => Ok(holding),
        _ => Err(wrong(field, id, "is no identifier of a holding")),
    }
}

payload! {
    /// An access request after a mutation.
    AccessRequestPayload {
        /// The request as the viewer sees it now; null where nothing was done.
        request: AccessRequest,
    }
}

payload! {
    /// An access desk after a mutation.
    AccessDeskPayload {
        /// The desk; null where nothing was done.
        desk: AccessDesk,
    }
}
