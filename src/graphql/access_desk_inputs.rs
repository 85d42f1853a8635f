//! How a holder sets its access desk.

use juniper::{GraphQLInputObject, ID};
use uuid::Uuid;

use crate::domain::access_request::desk::{Desk, DeskTerms, MAX_RULES, RuleEffect, StandingRule, StandingTerms};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{AccessLevel, RejectionReason, RequestedData};
use crate::service::Error;

use super::access_inputs::day;
use super::actions_access::texts;
use super::input::LocalizedStringInput;
use super::intent::wrong;
use super::scalars::Date;

/// A standing rule.
#[derive(GraphQLInputObject)]
pub struct AccessRuleInput {
    /// Short key such as `signed-terms`, shown with the decision and kept in the log; never the name of a person.
    pub name: String,
    /// Why it is there.
    pub reason: Vec<LocalizedStringInput>,
    /// What it does.
    pub effect: RuleEffect,
    /// What was asked for; both where left out.
    pub data: Option<RequestedData>,
    /// Only where the holding's own terms give one of these levels to what is asked for, such as REGISTERED.
    pub levels: Option<Vec<AccessLevel>>,
    /// Only where the applicant accepted the standing terms when submitting.
    pub needs_signed_terms: Option<bool>,
    /// Only for these persons, by e-mail address. With REJECT a block list, which needs a last day: an applicant is refused, a member is
    /// brought to the officers' notice. With APPROVE everyone who is to use the data must be among them.
    pub persons: Option<Vec<String>>,
    /// Only for people of these institutions; read as `persons` is.
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
        if let Some(count) = self.rules.as_ref().map(Vec::len).filter(|count| *count > MAX_RULES) {
            return Err(wrong("rules", &count.to_string(), &format!("give at most {MAX_RULES}")));
        }
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
            levels: self.levels.clone().unwrap_or_default(),
            needs_signed_terms: self.needs_signed_terms.unwrap_or(false),
            persons: people(&field("persons"), self.persons.as_deref().unwrap_or_default())?,
            institutions: self.institutions.clone().unwrap_or_default(),
            rejection: self.rejection,
            until: self.until.as_ref().map(|date| day(&field("until"), date)).transpose()?,
        })
    }
}
