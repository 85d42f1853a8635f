//! How a holder handles requests for a holding: service times, deciders, standing terms and standing rules.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, RejectionReason, RequestedData, vocabulary};
use crate::domain::workdays::Day;

/// Most deciders, advisers or deputies of a desk: with its standing invitations a request still has room for others.
pub const MAX_NAMED: usize = 20;
/// Most standing rules of a desk.
pub const MAX_RULES: usize = 50;
/// Most persons, or institutions, of one standing rule.
pub const MAX_PERSONS: usize = 200;

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
    /// Of all these, those who have no role in the institution and act all the same, as the holder has said.
    pub outsiders: Vec<Uuid>,
    /// Months after the end of a request at which its personal data are erased; taken from the form at submission.
    pub retention_months: u32,
}

impl DeskTerms {
    /// Everyone who is named on it, with the list in which they are, and their place in it.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, usize, Uuid)> + '_ {
        let lists = [("deciders", &self.deciders), ("advisers", &self.advisers), ("deputies", &self.deputies)];
        lists.into_iter().flat_map(|(list, persons)| persons.iter().enumerate().map(move |(place, person)| (list, place, *person)))
    }

    /// Takes persons off every list.
    pub fn without(&mut self, gone: &[Uuid]) {
        for list in [&mut self.deciders, &mut self.advisers, &mut self.deputies] {
            list.retain(|person| !gone.contains(person));
        }
    }
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
            outsiders: Vec::new(),
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
    /// Only where the holding's own terms give one of these levels to what is asked for, such as REGISTERED.
    #[serde(default)]
    pub levels: Vec<AccessLevel>,
    /// Only where the applicant accepted the standing terms at submission.
    #[serde(default)]
    pub needs_signed_terms: bool,
    /// Only for these persons. For a refusal this is a block list: the applicant is refused, a member is brought to the officers' notice.
    /// For an approval everyone who is to use the data must be among them.
    #[serde(default)]
    pub persons: Vec<Uuid>,
    /// Only for people of these institutions; read as `persons` is.
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
    /// The level that the holding's terms give to it; none where the holding is not known.
    pub level: Option<AccessLevel>,
    /// The applicant first, then the members who are known, each with the institutions in which they have a role.
    pub users: &'a [(Uuid, Vec<String>)],
    /// Whether a member is named who is not known yet.
    pub has_unknown: bool,
    /// Whether the standing terms were accepted.
    pub has_signed_terms: bool,
    /// The day.
    pub today: Day,
}

/// What the standing rules of a desk say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling<'a> {
    /// A rule decides.
    Decides(&'a StandingRule),
    /// A rule that refuses is for a person who is named beside the applicant. It decides nothing, and tells the applicant nothing about
    /// somebody else; the officers are told.
    Concerns(&'a StandingRule),
    /// Persons decide.
    Silent,
}

impl StandingRule {
    /// Whether the rule is in force for what was asked for, whoever asks.
    fn is_met(&self, asked: &Asked<'_>) -> bool {
        self.until.is_none_or(|until| asked.today <= until)
            && self.data.is_none_or(|data| data == asked.data)
            && (self.levels.is_empty() || asked.level.is_some_and(|level| self.levels.contains(&level)))
            && (!self.needs_signed_terms || asked.has_signed_terms)
    }

    /// Whether the rule is for this person.
    pub fn is_for(&self, (person, institutions): &(Uuid, Vec<String>)) -> bool {
        (self.persons.is_empty() || self.persons.contains(person))
            && (self.institutions.is_empty() || self.institutions.iter().any(|slug| institutions.contains(slug)))
    }

    /// Whether the rule names persons or institutions.
    fn is_personal(&self) -> bool {
        !self.persons.is_empty() || !self.institutions.is_empty()
    }

    fn ruling<'a>(&'a self, asked: &Asked<'_>) -> Ruling<'a> {
        let Some((applicant, members)) = asked.users.split_first() else { return Ruling::Silent };
        if !self.is_met(asked) {
            return Ruling::Silent;
        }
        match self.effect {
            RuleEffect::Reject if self.is_for(applicant) => Ruling::Decides(self),
            RuleEffect::Reject if self.is_personal() && members.iter().any(|member| self.is_for(member)) => Ruling::Concerns(self),
            RuleEffect::Approve if asked.users.iter().all(|user| self.is_for(user)) && !(self.is_personal() && asked.has_unknown) => {
                Ruling::Decides(self)
            }
            _ => Ruling::Silent,
        }
    }
}

impl Desk {
    /// What the rules say: the first that applies. Refusals go before approvals, so that a block list cannot be passed by.
    pub fn ruling(&self, asked: &Asked<'_>) -> Ruling<'_> {
        let of = |effect: RuleEffect| self.rules.iter().filter(move |rule| rule.effect == effect).map(|rule| rule.ruling(asked));
        let first = |wanted: fn(&Ruling<'_>) -> bool, effect| of(effect).find(wanted);
        let decides = |ruling: &Ruling<'_>| matches!(ruling, Ruling::Decides(_));
        let speaks = |ruling: &Ruling<'_>| *ruling != Ruling::Silent;
        first(decides, RuleEffect::Reject)
            .or_else(|| first(speaks, RuleEffect::Reject))
            .or_else(|| first(decides, RuleEffect::Approve))
            .unwrap_or(Ruling::Silent)
    }

    /// Whether a rule that refuses is for this person, so that nobody but the holder's people can let them in.
    pub fn blocks(&self, user: &(Uuid, Vec<String>), today: Day) -> bool {
        let is_block = |rule: &&StandingRule| rule.effect == RuleEffect::Reject && rule.is_personal();
        self.rules.iter().filter(is_block).any(|rule| rule.until.is_none_or(|until| today <= until) && rule.is_for(user))
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
        self.too_many(&mut problems);
        for (place, rule) in self.rules.iter().enumerate().take(MAX_RULES) {
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

impl Desk {
    fn too_many(&self, problems: &mut Vec<Problem>) {
        let mut bounded = |field: &str, count: usize, most: usize| {
            if count > most {
                problems.push(Problem::new(field, count, format!("give at most {most}")));
            }
        };
        let terms = &self.terms;
        for (field, persons) in [("deciders", &terms.deciders), ("advisers", &terms.advisers), ("deputies", &terms.deputies)] {
            bounded(field, persons.len(), MAX_NAMED);
        }
        bounded("rules", self.rules.len(), MAX_RULES);
        for (place, rule) in self.rules.iter().enumerate().take(MAX_RULES) {
            bounded(&format!("rules[{place}].persons"), rule.persons.len(), MAX_PERSONS);
            bounded(&format!("rules[{place}].institutions"), rule.institutions.len(), MAX_PERSONS);
        }
    }
}

fn rule_problems(field: &str, rule: &StandingRule, has_terms: bool, problems: &mut Vec<Problem>) {
    let mut wrong = |part: &str, remedy: &str| problems.push(Problem::new(format!("{field}.{part}"), "", remedy));
    let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if rule.name.is_empty() || rule.name.len() > 40 || !rule.name.chars().all(is_key) {
        let remedy = "give a short key of small letters, digits and hyphens, such as `signed-terms`, without the name of a person: it is shown \
                      with the decision and stays in the log";
        wrong("name", remedy);
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
            if !rule.needs_signed_terms && rule.levels.is_empty() && rule.data.is_none() && !rule.is_personal() {
                wrong(
                    "effect",
                    "approves whatever anyone asks; give a condition: signed terms, what was asked for, levels, persons or institutions",
                );
            }
            if rule.rejection.is_some() {
                wrong("rejection", "leave the reason of a refusal out of a rule that approves");
            }
        }
    }
}
