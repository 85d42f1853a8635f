//! Random persons command random things at random instants; what the table says holds all the same.

use super::super::command::{AppliedRule, Filing};
use super::super::*;
use super::story::*;
use crate::domain::vocabulary::{RequestCommand, RequestEventKind, Vocabulary};
use crate::domain::workdays::DAY_MS;
use proptest::prelude::*;
use serde_json::json;

/// One step: who, what, how, and how much later.
type Step = (u8, u8, u8, u16);

fn people() -> Vec<By> {
    let persons = [APPLICANT, OFFICER, DECIDER, MEMBER, DEPUTY, OTHER_DECIDER, REVIEWER, NEIGHBOUR, COORDINATOR, AUDITOR, STRANGER].map(by);
    persons.into_iter().chain([By::clock(), By::default()]).collect()
}

fn desk(how: u8) -> DeskTerms {
    let deciders = if how & 1 == 0 { Vec::new() } else { vec![id(DECIDER), id(OTHER_DECIDER)] };
    DeskTerms {
        quorum: if how & 3 == 3 { 2 } else { 1 },
        deciders,
        advisers: if how & 4 == 0 { Vec::new() } else { vec![id(REVIEWER)] },
        appeal_days: u32::from(how & 8) * 4,
        reminder_days: 1 + u32::from(how >> 5),
        ..DeskTerms::default()
    }
}

fn filings(request: &Request, how: u8, today: Day) -> Vec<Filing> {
    let rule = |outcome| -> Option<AppliedRule> { Some(super::story::rule(outcome, today.plus(i64::from(how)))) };
    let rule = match how % 11 {
        9 => rule(RequestOutcome::Approved),
        10 => rule(RequestOutcome::Rejected),
        _ => None,
    };
    let accepted_terms = (how & 16 == 0).then(|| "terms".to_owned());
    let file = |part: &Part| Filing { rule: rule.clone(), accepted_terms: accepted_terms.clone(), ..filing(part.number, desk(how)) };
    request.parts.iter().map(file).collect()
}

/// For nobody, or for one of three institutions, with a purpose or without.
fn frame(how: u8) -> Command {
    let on_behalf_of = ["council", "firm", "nso"].get(usize::from(how / 6 % 4)).map(|institution| slug(institution));
    let purpose = AgreementPurpose::ALL.get(usize::from(how / 24) % (AgreementPurpose::ALL.len() + 1)).copied();
    Command::Frame { on_behalf_of, purpose }
}

/// A command of this kind that has a chance to be carried out, or not.
fn command(story: &Story, code: RequestCommand, number: u32, how: u8) -> Command {
    use RequestCommand as C;
    let (part, text, today) = (number, text(), story.today());
    let some_person = || people()[usize::from(how) % 11].person.unwrap_or_default();
    // Mostly soon, so that last days pass while somebody is still awaited.
    let later = today.plus(if how.is_multiple_of(4) { i64::from(how) * 3 - 60 } else { i64::from(how % 32) });
    match code {
        C::Save => match how % 6 {
            0 => Command::AddPart(wish(u128::from(how % 3), if how.is_multiple_of(2) { "nso" } else { "police" })),
            1 => Command::RemovePart(part),
            2 => Command::RenewForm { part, form: "form".to_owned(), form_version: i64::from(how) },
            3 => frame(how),
            _ => Command::SaveAnswers(json!({ "title": how })),
        },
        C::AddMember => Command::AddMember { person: (!how.is_multiple_of(8)).then(some_person), who: json!({}) },
        C::RemoveMember => Command::RemoveMember { member: u32::from(how % 4), reason: EndReason::MembershipEnded },
        C::Submit => Command::Submit(filings(&story.request, how, today), None),
        C::Withdraw => Command::Withdraw(how.is_multiple_of(2).then_some(part)),
        C::Return => Command::Return { part, text, questions: Vec::new() },
        C::ConfirmComplete => Command::ConfirmComplete { part },
        C::Invite => {
            let role =
                [RequestRole::Decider, RequestRole::Reviewer, RequestRole::DataProtection, RequestRole::Member][usize::from(how % 4)];
            Command::Invite { part, person: some_person(), role, text }
        }
        C::Uninvite => Command::Uninvite { part, invited: u32::from(how % 5) },
        C::DeclareInterest => Command::DeclareInterest { part, has_conflict: how.is_multiple_of(5), text },
        C::Recommend => {
            Command::Recommend { part, recommendation: Recommendation::ALL[usize::from(how) % Recommendation::ALL.len()], text }
        }
        C::Decide => match vote(RequestOutcome::ALL[usize::from(how) % RequestOutcome::ALL.len()]) {
            Command::Decide { outcome, lines, reason, text, .. } => Command::Decide { part, outcome, lines, reason, text },
            other => other,
        },
        C::ProposeAgreement => match proposal(today, later) {
            Command::Propose { proposal, .. } => Command::Propose { part, proposal },
            other => other,
        },
        C::AcceptUndertaking => {
            let known = story.request.part(part).and_then(|part| part.undertaking.as_ref()).and_then(|known| known.text_hash.clone());
            Command::Accept { part, text_hash: known.filter(|_| !how.is_multiple_of(8)).unwrap_or_default() }
        }
        C::Activate => Command::Activate { part, agreement: id(how.into()), from: today, until: later },
        C::RequestRenewal => Command::AskRenewal {
            part,
            until: later.plus(i64::from(how % 64)),
            text,
            agreement_ends: None,
            is_agreement_in_force: !how.is_multiple_of(8),
        },
        C::DecideRenewal => {
            let until = how.is_multiple_of(4).then_some(later.plus(300));
            Command::DecideRenewal { part, is_granted: how.is_multiple_of(2), until, text, agreement_ends: None, agreement: None }
        }
        C::Suspend => Command::Suspend { part, text },
        C::Resume => Command::Resume { part },
        C::Revoke => Command::Revoke { part, text },
        C::ConfirmDestruction => Command::ConfirmDestruction { part, text },
        C::Close => Command::Close { part, text },
        C::Appeal => Command::Appeal { part, text },
        C::DecideAppeal => Command::DecideAppeal { part, is_upheld: how.is_multiple_of(2), text },
        C::Message => Command::Message { part: how.is_multiple_of(2).then_some(part), text },
        C::Note => Command::Note { part, text },
        C::Attach => {
            let part = how.is_multiple_of(2).then_some(part);
            Command::Attach { part, file: id(how.into()), sha256: String::new(), is_internal: how.is_multiple_of(3), name: text }
        }
        C::Erase => Command::Erase,
        C::Tick => Command::Tick {
            ended_agreements: if how.is_multiple_of(7) { vec![part] } else { Vec::new() },
            suspended_agreements: if how % 7 == 1 { vec![part] } else { Vec::new() },
        },
    }
}

/// Who commands what: anyone anything, or, so that sequences get far, somebody something that the table allows now.
fn choose(story: &Story, (who, what, how, _): Step) -> (By, Command) {
    let people = people();
    let number = 1 + u32::from(how % 3);
    if who % 4 == 0 {
        let by = people[usize::from(who / 4) % people.len()].clone();
        let code = RequestCommand::ALL[usize::from(what) % RequestCommand::ALL.len()];
        return (by.clone(), command(story, code, number, how));
    }
    // What only talks leads nowhere, and what ends everything seldom comes first.
    let leads = |code: &RequestCommand| match code {
        RequestCommand::Message | RequestCommand::Note | RequestCommand::Attach => false,
        RequestCommand::Withdraw | RequestCommand::Erase | RequestCommand::Return => how % 8 == 0,
        _ => true,
    };
    let mut all = Vec::new();
    for by in &people {
        let on_whole = allowed(&story.request, by, None, story.today()).into_iter().filter(leads).map(|code| (code, 0));
        let on_parts = story.request.parts.iter().flat_map(|part| {
            let of_part = allowed(&story.request, by, Some(part), story.today()).into_iter();
            of_part.filter(leads).map(|code| (code, part.number))
        });
        all.extend(on_whole.chain(on_parts).map(|(code, number)| (by.clone(), code, number)));
    }
    if all.is_empty() {
        return (By::clock(), command(story, RequestCommand::Tick, number, how));
    }
    let (by, code, chosen) = all[(usize::from(what) * 257 + usize::from(who)) % all.len()].clone();
    let number = if chosen == 0 { number } else { chosen };
    (by, command(story, code, number, how))
}

/// What holds before and after each command that was carried out.
fn check_step(before: &Story, after: &Story, by: &By, command: &Command) -> Result<(), TestCaseError> {
    let code = command.code();
    let about = |part: &&Part| command.part().is_none_or(|number| number == part.number);
    // Recomputed from the table alone.
    let lets = |part: &Part| {
        let roles = by.roles(&before.request, Some(part));
        rules::RULES
            .iter()
            .any(|rule| rule.command == code && rule.states.contains(&part.state) && rule.roles.iter().any(|role| roles.contains(role)))
    };
    let is_own_draft = before.request.parts.is_empty() && by.person == Some(before.request.applicant);
    let is_creation = matches!(command, Command::Create);
    prop_assert!(
        is_creation || by.is_clock || is_own_draft || before.request.parts.iter().filter(about).any(lets),
        "{by:?} {command:?}: no rule"
    );
    for part in &after.request.parts {
        let Some(old) = before.request.part(part.number).map(|part| part.state) else { continue };
        if old == part.state {
            continue;
        }
        // An invitation that comes with the submission, and what a standing rule does, are steps of the submission.
        let is_step = rules::STEPS.iter().any(|(from, by, to)| (*from, *by) == (old, code) && to.contains(&part.state));
        prop_assert!(is_step, "{old:?} --{code:?}--> {:?} is not in the table", part.state);
        let begins = is_in_force(part.state) && part.ended.is_none() && !is_in_force(old);
        prop_assert!(!begins || part.until.is_some_and(|until| until >= after.today()), "in force after its end: {part:?}");
        prop_assert!(!begins || part.began_at.is_some());
    }
    Ok(())
}

/// What holds at any time.
fn check_state(story: &Story) -> Result<(), TestCaseError> {
    let request = &story.request;
    prop_assert!(story.events.iter().zip(1..).all(|(recorded, number)| recorded.number == number), "numbers have a gap");
    prop_assert_eq!(request.revision, story.events.len() as i64);
    let folded = fold(request.id, &story.events);
    prop_assert_eq!(folded.as_ref(), Ok(request), "events make another request");
    check_ground(story)?;
    let doc = serde_json::to_string(request).expect("a row");
    prop_assert_eq!(&serde_json::from_str::<Request>(&doc).expect("a row"), request, "the row loses something");
    for recorded in &story.events {
        let doc = serde_json::to_string(&recorded.event).expect("an event");
        prop_assert_eq!(&serde_json::from_str::<Event>(&doc).expect("an event"), &recorded.event);
        let value: serde_json::Value = serde_json::from_str(&doc).expect("an event");
        prop_assert_eq!(value["kind"].as_str(), Some(recorded.event.kind()), "the log and the table name it otherwise");
        prop_assert!(RequestEventKind::parse(recorded.event.kind()).is_some(), "the contract has no name for {}", recorded.event.kind());
    }
    for by in people() {
        for part in &request.parts {
            prop_assert!(part.state != RequestState::Active || part.ended.is_none(), "in force though it ended: {part:?}");
            let roles = by.roles(request, Some(part));
            let asks = roles.iter().any(|role| matches!(role, RequestRole::Applicant | RequestRole::Member));
            prop_assert!(!asks || roles.len() == 1, "both sides: {roles:?}");
            let is_user = by.person.is_some_and(|person| request.is_user(person));
            prop_assert!(!is_user || part.votes.iter().all(|vote| Some(vote.person) != by.person), "who asks has a vote");
            prop_assert!(part.submitted_at.is_some() || asks || !roles.iter().any(|role| role_of_holder(*role)), "a draft is seen");
        }
    }
    Ok(())
}

/// What an access rests on, as the events alone tell it: for whom and for what the part was submitted, and who has accepted in person.
#[derive(Default)]
struct Ground {
    frame: Option<Frame>,
    accepted: Vec<Uuid>,
    has_begun: bool,
}

fn ground(story: &Story, part: u32) -> Ground {
    let (mut present, mut ground) = (Frame::default(), Ground::default());
    for recorded in &story.events {
        match &recorded.event {
            Event::Framed { on_behalf_of, purpose } => present = Frame { on_behalf_of: on_behalf_of.clone(), purpose: *purpose },
            _ if recorded.part != Some(part) => {}
            Event::Submitted { .. } => ground.frame = Some(present.clone()),
            Event::AgreementProposed { .. } => ground.accepted.clear(),
            Event::AppealDecided { is_upheld: true, .. } if !ground.has_begun => ground.accepted.clear(),
            Event::Accepted { person, .. } => ground.accepted.push(*person),
            Event::Activated { .. } => ground.has_begun = true,
            _ => {}
        }
    }
    ground
}

/// No access outlives what it rests on: it hangs on the institution in whose name it was submitted for everyone who has accepted nothing,
/// and whatever is written later changes nothing about that.
fn check_ground(story: &Story) -> Result<(), TestCaseError> {
    for part in story.request.parts.iter().filter(|part| part.submitted_at.is_some()) {
        let Ground { frame, accepted, .. } = ground(story, part.number);
        prop_assert_eq!(Some(story.request.frame_of(part)), frame.clone(), "judged as something else than was submitted");
        let Some(undertaking) = part.undertaking.as_ref().filter(|_| is_in_force(part.state)) else { continue };
        let everyone = story.request.users_of(part).iter().all(|user| accepted.contains(user));
        prop_assert!(undertaking.text_hash.is_none() || everyone, "in force under a text that not everyone has accepted: {part:?}");
        prop_assert!(undertaking.agreement.is_some() || everyone, "in force under nothing: {part:?}");
        for user in story.request.users_of(part).into_iter().filter(|_| undertaking.agreement.is_some()) {
            let is_bound = accepted.contains(&user) && user != story.request.applicant;
            let wanted = frame.clone().and_then(|frame| frame.on_behalf_of).filter(|_| !is_bound);
            prop_assert_eq!(story.request.carrier_of(part, user), wanted);
        }
    }
    Ok(())
}

fn role_of_holder(role: RequestRole) -> bool {
    matches!(role, RequestRole::AccessOfficer | RequestRole::DataProtection | RequestRole::Reviewer | RequestRole::Decider)
}

/// After the clock has acted nothing is due, and a second look does nothing.
fn check_tick(story: &mut Story) -> Result<(), TestCaseError> {
    let before = story.events.len();
    story.tick();
    let said = &story.events[before..];
    for part in &story.request.parts {
        let of_part = |event: &&Recorded| event.part == Some(part.number);
        let count = |kind: &str| said.iter().filter(of_part).filter(|recorded| recorded.event.kind() == kind).count();
        prop_assert!(count("REMINDED") <= 1 && count("ESCALATED") <= 1 && count("END_ANNOUNCED") <= 1 && count("ENDED") <= 1, "{said:?}");
        let is_past = part.until.is_some_and(|until| until < story.today());
        prop_assert!(!(is_in_force(part.state) && part.ended.is_none() && is_past), "in force after its end: {part:?}");
    }
    prop_assert!(story.clock_at().is_none_or(|at| at > story.now), "{:?} is still due at {}", story.clock_at(), story.now);
    let after = story.events.len();
    prop_assert!(story.tick().is_empty(), "a second look did {:?}", &story.events[after..]);
    Ok(())
}

/// Follows the clock alone to its end; each instant that it asks for brings something, and it comes to rest.
fn check_lonely_clock(story: &mut Story) -> Result<(), TestCaseError> {
    let mut rounds = 0;
    while let Some(at) = story.clock_at() {
        story.now = story.now.max(at);
        let before = story.request.clone();
        let events = story.tick();
        prop_assert!(!events.is_empty(), "woken for nothing: {before:?}");
        for (old, part) in before.parts.iter().zip(&story.request.parts) {
            let is_same_wait = (old.state, old.since) == (part.state, part.since);
            prop_assert!(!is_same_wait || part.clock.reminders <= 12 && part.clock.reminders <= old.clock.reminders + 1);
            let is_second = old.clock.escalated_at.is_some() && part.clock.escalated_at != old.clock.escalated_at;
            prop_assert!(!(is_same_wait && is_second), "told twice that nobody answers");
            let is_twice = old.clock.reminded_on == Some(story.today()) && part.clock.reminders > old.clock.reminders;
            prop_assert!(!is_twice, "reminded twice on a day");
        }
        rounds += 1;
        prop_assert!(rounds < 150, "the clock does not come to rest");
    }
    Ok(())
}

fn begun() -> Story {
    let mut story = Story::new();
    story.done(APPLICANT, Command::Create);
    story
}

/// Nobody answers a renewal that was asked for in time, until long after the end of the use: the destruction, which was due before, is asked
/// for anew, and not at once.
#[test]
fn a_clock_that_ends_a_renewal_late_leaves_nothing_due() {
    let mut story = drafted();
    story.calendars.officers = [(slug("nso"), vec![id(OFFICER), id(DEPUTY)])].into();
    for step in [(27, 90, 119, 0), (61, 86, 1, 0), (46, 124, 41, 0), (11, 68, 25, 28408)] {
        let (by, command) = choose(&story, step);
        let _ = story.give(&by, &command);
    }
    let mut states = Vec::new();
    for _ in 0..14 {
        story.now += 31 * DAY_MS;
        check_tick(&mut story).expect("nothing is left due");
        states.push(story.request.parts[0].state);
    }
    states.dedup();
    use crate::domain::vocabulary::RequestState as S;
    assert_eq!(states, [S::RenewalRequested, S::Expired, S::Closed]);
    check_lonely_clock(&mut story).expect("and it comes to rest");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_breaks_what_the_table_says(
        is_prepared in any::<bool>(),
        steps in prop::collection::vec(any::<Step>(), 1..90),
        stand_still in 0_i64..900,
    ) {
        let mut story = if is_prepared { drafted() } else { begun() };
        story.calendars.officers = [(slug("nso"), vec![id(OFFICER), id(DEPUTY)]), (slug("police"), vec![id(NEIGHBOUR)])].into();
        let mut carried_out = 0;
        for step in steps {
            let (by, command) = choose(&story, step);
            let before = story.clone();
            if story.give(&by, &command).is_ok() {
                carried_out += 1;
                check_step(&before, &story, &by, &command)?;
                check_state(&story)?;
            } else {
                prop_assert_eq!(&story.request, &before.request, "a refusal left a trace");
            }
            // Mostly hours, now and then weeks.
            story.now += if step.3 % 4 == 0 { i64::from(step.3) / 1_000 * DAY_MS } else { i64::from(step.3) * 1_000 };
            if step.2 % 5 == 0 {
                let before = story.clone();
                check_tick(&mut story)?;
                check_step(&before, &story, &By::clock(), &Command::Tick { ended_agreements: Vec::new(), suspended_agreements: Vec::new() })?;
                check_state(&story)?;
            }
        }
        prop_assert!(carried_out > 0 || story.request.revision > 0);
        // Nobody looked for months.
        story.pass(stand_still);
        check_tick(&mut story)?;
        check_state(&story)?;
        check_lonely_clock(&mut story)?;
        check_state(&story)?;
    }
}

#[test]
fn the_random_walk_gets_everywhere() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..600 {
        if seen.len() == RequestState::ALL.len() {
            break;
        }
        let steps = prop::collection::vec(any::<Step>(), 90).new_tree(&mut runner).expect("steps").current();
        let mut story = drafted();
        for step in steps {
            let (by, command) = choose(&story, step);
            if story.give(&by, &command).is_ok() {
                seen.extend(story.request.parts.iter().map(|part| part.state.code()));
            }
            story.now += i64::from(step.3) * 1_000;
        }
    }
    let missed: Vec<&str> = RequestState::ALL.iter().map(|state| state.code()).filter(|code| !seen.contains(code)).collect();
    assert!(missed.is_empty(), "never reached: {missed:?}");
}
