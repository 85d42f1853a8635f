//! What the tests share: one holder with its people, an applicant with a member, and a request that goes through its stages.

use super::super::command::{AppliedRule, Filing, Proposal, SafeLine, Wish};
use super::super::*;
use crate::domain::vocabulary::{RefusalCode, Safe, SafeVerdict, Vocabulary};
use crate::domain::workdays::DAY_MS;
use serde_json::json;

pub const APPLICANT: u128 = 1;
pub const MEMBER: u128 = 2;
pub const OFFICER: u128 = 3;
pub const DEPUTY: u128 = 4;
pub const DECIDER: u128 = 5;
pub const OTHER_DECIDER: u128 = 6;
pub const REVIEWER: u128 = 7;
pub const STRANGER: u128 = 8;
pub const COORDINATOR: u128 = 9;
pub const AUDITOR: u128 = 10;
/// Access officer of the second holder.
pub const NEIGHBOUR: u128 = 11;
/// 2026-11-27, a Friday.
pub const START: i64 = 20_784 * DAY_MS + 9 * 3_600_000;

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("slug")
}

/// A person with what the catalogue knows of them.
pub fn by(number: u128) -> By {
    let officer_of = match number {
        OFFICER | DEPUTY => vec![slug("nso")],
        NEIGHBOUR => vec![slug("police")],
        _ => Vec::new(),
    };
    By { person: Some(id(number)), officer_of, is_coordinator: number == COORDINATOR, is_auditor: number == AUDITOR, is_clock: false }
}

/// A request with its events.
#[derive(Clone)]
pub struct Story {
    pub request: Request,
    pub events: Vec<Recorded>,
    pub now: i64,
    pub calendars: Calendars,
}

impl Story {
    pub fn new() -> Self {
        Self { request: Request { id: id(1_000), ..Request::default() }, events: Vec::new(), now: START, calendars: Calendars::default() }
    }

    pub fn today(&self) -> Day {
        Day::of(self.now)
    }

    /// Lets days pass.
    pub fn pass(&mut self, days: i64) {
        self.now += days * DAY_MS;
    }

    /// Gives a command and records what follows from it.
    pub fn give(&mut self, by: &By, command: &Command) -> Result<Vec<Event>, Refusal> {
        let happenings = decide(&self.request, by, command, &Moment { now: self.now, calendars: &self.calendars })?;
        let events = happenings.iter().map(|happening| happening.event.clone()).collect();
        for happening in happenings {
            let content = happening.content.as_ref().map(|content| format!("hash of {content}"));
            let recorded = Recorded {
                number: self.request.revision + 1,
                at: self.now,
                actor: by.person,
                part: happening.part,
                event: happening.event,
                content,
            };
            apply(&mut self.request, &recorded).expect("an event that was decided can be read");
            self.events.push(recorded);
        }
        Ok(events)
    }

    /// What must be carried out.
    pub fn done(&mut self, person: u128, command: Command) -> Vec<Event> {
        self.give(&by(person), &command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"))
    }

    /// What must be refused, and leave no trace.
    pub fn refused(&mut self, person: u128, command: Command) -> Refusal {
        let before = self.request.clone();
        let refusal = self.give(&by(person), &command).expect_err("refused");
        assert_eq!(self.request, before);
        refusal
    }

    /// Must be refused with a problem that names the field.
    pub fn invalid(&mut self, person: u128, command: Command, field: &str) {
        let shown = format!("{command:?}");
        match self.refused(person, command) {
            Refusal::Invalid(problems) => {
                assert!(problems.iter().any(|problem| problem.field.contains(field)), "{shown}: {problems:?}");
                assert!(problems.iter().all(|problem| !problem.remedy.is_empty()));
            }
            other => panic!("{shown}: {other:?}"),
        }
    }

    pub fn forbidden(&mut self, person: u128, command: Command, code: RefusalCode) {
        assert_eq!(self.refused(person, command), Refusal::Forbidden(code));
    }

    pub fn tick(&mut self) -> Vec<Event> {
        self.tick_with(&[], &[])
    }

    pub fn tick_with(&mut self, ended: &[u32], suspended: &[u32]) -> Vec<Event> {
        let command = Command::Tick { ended_agreements: ended.to_vec(), suspended_agreements: suspended.to_vec() };
        self.give(&By::clock(), &command).expect("the clock is never refused")
    }

    pub fn clock_at(&self) -> Option<i64> {
        self.request.clock_at(&self.calendars)
    }

    pub fn part(&self) -> &Part {
        self.request.part(1).expect("part 1")
    }

    pub fn state(&self) -> RequestState {
        self.part().state
    }

    /// Lets the clock act at each instant that it asks for, until the day. Returns all that happened.
    pub fn run_until(&mut self, day: Day) -> Vec<(Day, Event)> {
        let mut all = Vec::new();
        while let Some(at) = self.clock_at().filter(|at| *at <= day.end()) {
            self.now = self.now.max(at);
            let events = self.tick();
            assert!(!events.is_empty(), "the clock was woken for nothing at {}: {:?}", self.today(), self.part());
            assert!(all.len() < 200, "the clock does not come to rest: {all:?}");
            all.extend(events.into_iter().map(|event| (Day::of(self.now), event)));
        }
        self.now = self.now.max(day.end());
        all
    }
}

pub fn wish(number: u128, institution: &str) -> Wish {
    Wish {
        institution: slug(institution),
        dataset: id(100 + number),
        holding: id(200 + number),
        data: RequestedData::Microdata,
        form: "form".to_owned(),
        form_version: 1,
    }
}

pub fn filing(part: u32, desk: DeskTerms) -> Filing {
    let keeps = [("title".to_owned(), 12), ("phone".to_owned(), 0)].into_iter().collect();
    Filing { part, desk, accepted_terms: None, keeps, rule: None, concern: None, absent: Vec::new() }
}

pub fn rule(outcome: RequestOutcome, until: Day) -> AppliedRule {
    let is_refusal = outcome == RequestOutcome::Rejected;
    AppliedRule {
        name: "rule".to_owned(),
        text: json!({ "text": "why" }),
        outcome,
        reason: is_refusal.then_some(RejectionReason::Other),
        terms: (!is_refusal).then(|| (json!({ "text": "terms" }), "terms".to_owned(), until)),
    }
}

/// Five lines that are met; one with a condition where wanted.
pub fn lines(with_condition: bool) -> Vec<SafeLine> {
    let line = |safe: &Safe| SafeLine { safe: *safe, verdict: SafeVerdict::Met, reason: "it is".to_owned(), condition: None };
    let mut all: Vec<SafeLine> = Safe::ALL.iter().map(line).collect();
    if with_condition {
        (all[2].verdict, all[2].condition) = (SafeVerdict::MetWithCondition, Some("in the safe room".to_owned()));
    }
    all
}

pub fn vote(outcome: RequestOutcome) -> Command {
    let is_refusal = outcome == RequestOutcome::Rejected;
    Command::Decide {
        part: 1,
        outcome,
        lines: lines(outcome == RequestOutcome::ApprovedWithConditions),
        reason: is_refusal.then_some(RejectionReason::DisclosureRisk),
        text: "because".to_owned(),
    }
}

pub fn invitation(person: u128, role: RequestRole) -> Command {
    Command::Invite { part: 1, person: id(person), role, text: String::new() }
}

pub fn no_conflict() -> Command {
    Command::DeclareInterest { part: 1, has_conflict: false, text: String::new() }
}

pub fn proposal(from: Day, until: Day) -> Command {
    let proposal = Proposal { agreement: None, text: "undertaking".to_owned(), text_hash: "hash".to_owned(), from, until };
    Command::Propose { part: 1, proposal }
}

pub fn accept() -> Command {
    Command::Accept { part: 1, text_hash: "hash".to_owned() }
}

pub fn text() -> String {
    "a text".to_owned()
}

/// A draft of one part with answers.
pub fn drafted() -> Story {
    let mut story = Story::new();
    for command in [
        Command::Create,
        Command::Frame { on_behalf_of: None, purpose: Some(AgreementPurpose::Research) },
        Command::AddPart(wish(1, "nso")),
        Command::SaveAnswers(json!({ "title": "a" })),
    ] {
        story.done(APPLICANT, command);
    }
    story
}

pub fn submitted(desk: DeskTerms) -> Story {
    let mut story = drafted();
    story.done(APPLICANT, Command::Submit(vec![filing(1, desk)], None));
    story
}

pub fn complete(desk: DeskTerms) -> Story {
    let mut story = submitted(desk);
    story.done(OFFICER, Command::ConfirmComplete { part: 1 });
    story
}

/// Approved by the officer, with an undertaking of a year proposed.
pub fn proposed() -> Story {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Approved));
    let today = story.today();
    story.done(OFFICER, proposal(today, today.plus(365)));
    story
}

pub fn active() -> Story {
    let mut story = proposed();
    story.done(APPLICANT, accept());
    assert_eq!(story.state(), RequestState::Active);
    story
}

pub fn rejected() -> Story {
    let mut story = complete(DeskTerms::default());
    story.done(OFFICER, vote(RequestOutcome::Rejected));
    story
}
