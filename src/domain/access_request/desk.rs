//! How a holder handles requests for a holding: service times, deciders, standing terms and standing rules.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{RejectionReason, RequestedData, vocabulary};
use crate::domain::workdays::Day;

vocabulary! {
    /// What a standing rule does with a request that meets its conditions.
    RuleEffect "rule-effect" {
        Approve = "APPROVE" ["Approve", "Approuver", "الموافقة"],
        Reject = "REJECT" ["Refuse", "Refuser", "الرفض"],
    }
}

/// The terms of handling as a request keeps them from its submission on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DeskTerms {
    /// Working days for the check of completeness.
    pub completeness_days: u32,
    /// Working days for the decision, once the request is complete.
    pub decision_days: u32,
    /// Working days for everyone to accept the undertaking.
    pub acceptance_days: u32,
    /// Calendar days in which a decision may be appealed; 0 where there is no appeal.
    pub appeal_days: u32,
    /// Calendar days before the end at which a renewal is offered.
    pub renewal_notice_days: u32,
    /// Calendar days after the end in which the destruction of the data is to be declared.
    pub destruction_days: u32,
    /// Working days between reminders to whoever is awaited.
    pub reminder_days: u32,
    /// Working days past the due day after which the deputies are told.
    pub escalation_days: u32,
    /// Votes that must agree for a decision.
    pub quorum: u32,
    /// Persons who decide; where there are none, any access officer does.
    pub deciders: Vec<Uuid>,
    /// Persons who advise on data protection in every request.
    pub advisers: Vec<Uuid>,
    /// Persons who are told when nobody has answered in time.
    pub deputies: Vec<Uuid>,
    /// Months after the end of a request at which its personal data are erased; taken from the form at submission.
    pub retention_months: u32,
}

impl Default for DeskTerms {
    fn default() -> Self {
        Self {
            completeness_days: 5,
            decision_days: 30,
            acceptance_days: 20,
            appeal_days: 30,
            renewal_notice_days: 60,
            destruction_days: 30,
            reminder_days: 5,
            escalation_days: 5,
            quorum: 1,
            deciders: Vec::new(),
            advisers: Vec::new(),
            deputies: Vec::new(),
            retention_months: 24,
        }
    }
}

/// Standing terms of use that an applicant may accept when submitting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct StandingTerms {
    /// The text.
    pub text: MultilingualText,
    /// Months for which use is granted under a standing rule.
    pub months: u32,
}

/// A rule that decides without a person, set by the holder and shown wherever it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct StandingRule {
    /// Short name, shown with the decision.
    pub name: String,
    /// Why the holder has set it.
    pub reason: MultilingualText,
    /// What it does.
    pub effect: RuleEffect,
    /// What was asked for; both where left out.
    #[serde(default)]
    pub data: Option<RequestedData>,
    /// Only where the applicant accepted the standing terms at submission.
    #[serde(default)]
    pub needs_signed_terms: bool,
    /// Only for these persons: the block list. Applicants and members count.
    #[serde(default)]
    pub persons: Vec<Uuid>,
    /// Only for people of these institutions.
    #[serde(default)]
    pub institutions: Vec<String>,
    /// Reason code of a refusal.
    #[serde(default)]
    pub rejection: Option<RejectionReason>,
    /// Last day on which it applies.
    #[serde(default)]
    pub until: Option<Day>,
}

/// The access desk of a holder, for one holding or for all that have none of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct Desk {
    /// Whether requests can be made in the catalogue.
    pub is_open: bool,
    /// Terms of handling.
    pub terms: DeskTerms,
    /// Standing terms of use.
    pub standing: Option<StandingTerms>,
    /// Standing rules, in the order in which they are tried.
    pub rules: Vec<StandingRule>,
}

/// What a standing rule looks at.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Aggregates or microdata.
    pub data: RequestedData,
    /// Applicant and members.
    pub persons: &'a [Uuid],
    /// Institutions in which the applicant has a role.
    pub institutions: &'a [String],
    /// Whether the standing terms were accepted.
    pub has_signed_terms: bool,
    /// The day.
    pub today: Day,
}

impl StandingRule {
    /// Whether the rule applies.
    pub fn applies(&self, asked: &Asked<'_>) -> bool {
        let is_for = |named: bool, met: bool| !named || met;
        self.until.is_none_or(|until| asked.today <= until)
            && self.data.is_none_or(|data| data == asked.data)
            && is_for(self.needs_signed_terms, asked.has_signed_terms)
            && is_for(!self.persons.is_empty(), self.persons.iter().any(|person| asked.persons.contains(person)))
            && is_for(!self.institutions.is_empty(), self.institutions.iter().any(|slug| asked.institutions.contains(slug)))
    }
}

impl Desk {
    /// The first rule that applies. Refusals go before approvals, so that a block list cannot be passed by.
    pub fn rule_for(&self, asked: &Asked<'_>) -> Option<&StandingRule> {
        let first = |effect: RuleEffect| self.rules.iter().find(|rule| rule.effect == effect && rule.applies(asked));
        first(RuleEffect::Reject).or_else(|| first(RuleEffect::Approve))
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut bounded = |field: &str, value: u32, low: u32, high: u32| {
            if !(low..=high).contains(&value) {
                problems.push(Problem::new(field, value, format!("give a number from {low} to {high}")));
            }
        };
        let terms = &self.terms;
        bounded("completenessDays", terms.completeness_days, 1, 250);
        bounded("decisionDays", terms.decision_days, 1, 500);
        bounded("acceptanceDays", terms.acceptance_days, 1, 250);
        bounded("appealDays", terms.appeal_days, 0, 365);
        bounded("renewalNoticeDays", terms.renewal_notice_days, 1, 365);
        bounded("destructionDays", terms.destruction_days, 1, 365);
        bounded("reminderDays", terms.reminder_days, 1, 60);
        bounded("escalationDays", terms.escalation_days, 1, 60);
        let deciders = u32::try_from(terms.deciders.len()).unwrap_or(u32::MAX);
        bounded("quorum", terms.quorum, 1, deciders.max(1));
        for (place, rule) in self.rules.iter().enumerate() {
            rule_problems(&format!("rules[{place}]"), rule, self.standing.is_some(), &mut problems);
        }
        if let Some(standing) = &self.standing {
            if standing.text.is_empty() {
                problems.push(Problem::new("standingTerms", "", "give the text that applicants accept"));
            }
            if !(1..=120).contains(&standing.months) {
                problems.push(Problem::new("standingMonths", standing.months, "give a number of months from 1 to 120"));
            }
        }
        problems
    }
}

fn rule_problems(field: &str, rule: &StandingRule, has_terms: bool, problems: &mut Vec<Problem>) {
    let mut wrong = |part: &str, remedy: &str| problems.push(Problem::new(format!("{field}.{part}"), "", remedy));
    if rule.name.trim().is_empty() || rule.name.chars().count() > 120 {
        wrong("name", "give a name of at most 120 characters; it is shown with the decision");
    }
    if rule.reason.is_empty() {
        wrong("reason", "say why the rule is there; it is shown with the decision");
    }
    match rule.effect {
        RuleEffect::Reject => {
            if rule.rejection.is_none() {
                wrong("rejection", "give the reason code that the refusal is counted under");
            }
            if !rule.persons.is_empty() && rule.until.is_none() {
                wrong("until", "give the last day of a block; nobody is blocked for ever");
            }
        }
        RuleEffect::Approve => {
            if !has_terms {
                wrong("effect", "give standing terms first; what is approved without a person is used under them");
            }
            if rule.rejection.is_some() {
                wrong("rejection", "leave the reason of a refusal out of a rule that approves");
            }
        }
    }
}
