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
    /// Of the deciders, advisers and deputies, by e-mail address, those who have no role in the institution and are to act all the same. Whoever
    /// else has none is refused here, and is passed over once they have left.
    pub outsiders: Option<Vec<String>>,
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
        let mut found = Problems { people: &people, list: Vec::new() };
        let usual = DeskTerms::default();
        let terms = DeskTerms {
            completeness_days: found.whole("completenessDays", self.completeness_days, usual.completeness_days),
            decision_days: found.whole("decisionDays", self.decision_days, usual.decision_days),
            acceptance_days: found.whole("acceptanceDays", self.acceptance_days, usual.acceptance_days),
            appeal_days: found.whole("appealDays", self.appeal_days, usual.appeal_days),
            renewal_notice_days: found.whole("renewalNoticeDays", self.renewal_notice_days, usual.renewal_notice_days),
            destruction_days: found.whole("destructionDays", self.destruction_days, usual.destruction_days),
            reminder_days: found.whole("reminderDays", self.reminder_days, usual.reminder_days),
            escalation_days: found.whole("escalationDays", self.escalation_days, usual.escalation_days),
            quorum: found.whole("quorum", self.quorum, usual.quorum),
            deciders: found.persons("deciders", self.deciders.as_deref())?,
            advisers: found.persons("advisers", self.advisers.as_deref())?,
            deputies: found.persons("deputies", self.deputies.as_deref())?,
            outsiders: found.persons("outsiders", self.outsiders.as_deref())?,
            retention_months: usual.retention_months,
        };
        let months = found.whole("standingMonths", self.standing_months, 12);
        let standing = self.standing_terms.map(|given| StandingTerms { text: texts(given, "standingTerms", &mut found.list), months });
        let mut rules = Vec::new();
        if let Some(count) = self.rules.as_ref().map(Vec::len).filter(|count| *count > MAX_RULES) {
            return Err(Error::Invalid(vec![Problem::new("rules", count, format!("give at most {MAX_RULES}"))]));
        }
        for (place, rule) in self.rules.into_iter().flatten().enumerate() {
            rules.push(rule.read(place, &mut found)?);
        }
        let desk = Desk { is_open: self.is_open, terms, standing, rules };
        // What is wrong with single values hides nothing of what is wrong with the whole.
        let known: Vec<String> = found.list.iter().map(|problem| problem.field.clone()).collect();
        let is_new = |problem: &Problem| !known.iter().any(|field| problem.field.starts_with(field.as_str()));
        found.list.extend(desk.problems().into_iter().filter(is_new));
        if found.list.is_empty() { Ok(desk) } else { Err(Error::Invalid(found.list)) }
    }
}

/// What is wrong, and how persons are found.
struct Problems<'a, P> {
    people: &'a P,
    list: Vec<Problem>,
}

impl<P: Fn(&str, &[String]) -> Result<Vec<Uuid>, Error>> Problems<'_, P> {
    fn whole(&mut self, field: &str, given: Option<i32>, usual: u32) -> u32 {
        let Some(number) = given else { return usual };
        u32::try_from(number).unwrap_or_else(|_| {
            self.list.push(Problem::new(field, number, "give a number that is not negative"));
            usual
        })
    }

    /// Persons by their addresses; those who are not known are noted.
    fn persons(&mut self, field: &str, given: Option<&[String]>) -> Result<Vec<Uuid>, Error> {
        match (self.people)(field, given.unwrap_or_default()) {
            Err(Error::Invalid(problems)) => {
                self.list.extend(problems);
                Ok(Vec::new())
            }
            found => found,
        }
    }
}

impl AccessRuleInput {
    fn read<P: Fn(&str, &[String]) -> Result<Vec<Uuid>, Error>>(
        self,
        place: usize,
        found: &mut Problems<'_, P>,
    ) -> Result<StandingRule, Error> {
        let field = |name: &str| format!("rules[{place}].{name}");
        let until = match self.until.as_ref().map(|date| day(&field("until"), date)).transpose() {
            Err(Error::Invalid(problems)) => {
                found.list.extend(problems);
                None
            }
            read => read?,
        };
        Ok(StandingRule {
            name: self.name.trim().to_owned(),
            reason: texts(self.reason, &field("reason"), &mut found.list),
            effect: self.effect,
            data: self.data,
            levels: self.levels.clone().unwrap_or_default(),
            needs_signed_terms: self.needs_signed_terms.unwrap_or(false),
            persons: found.persons(&field("persons"), self.persons.as_deref())?,
            institutions: self.institutions.clone().unwrap_or_default(),
            rejection: self.rejection,
            until,
        })
    }
}
