//! Every cell of state × role × command, tried through the front door. What is expected follows from the table of rules.

mod pinned;
mod walk;

use rihla::domain::access_request::rules::{RULES, is_known_to, matching};
use rihla::domain::vocabulary::{RequestCommand as C, RequestRole as R, RequestState as S};

use crate::harness::Backend;
use walk::walk;

/// Documented operations of the commands.
pub const OPERATIONS: [&str; 26] = [
    "answer",
    "member-add",
    "member-remove",
    "submit",
    "withdraw",
    "return",
    "confirm-complete",
    "invite",
    "uninvite",
    "declare-interest",
    "recommend",
    "decide",
    "propose",
    "accept",
    "activate",
    "renew",
    "renewal-decide",
    "suspend",
    "resume",
    "revoke",
    "confirm-destruction",
    "close",
    "appeal",
    "appeal-decide",
    "message",
    "erase",
];

/// A command with its operation, its mutation and the type of its input.
const DEEDS: [(C, &str, &str, &str); 27] = [
    (C::Save, "answer", "Update", "Update"),
    (C::AddMember, "member-add", "MemberAdd", "MemberAdd"),
    (C::RemoveMember, "member-remove", "MemberRemove", "MemberRemove"),
    (C::Submit, "submit", "Submit", "Submit"),
    (C::Withdraw, "withdraw", "Withdraw", "Withdraw"),
    (C::Return, "return", "Return", "Return"),
    (C::ConfirmComplete, "confirm-complete", "ConfirmComplete", "Part"),
    (C::Invite, "invite", "Invite", "Invite"),
    (C::Uninvite, "uninvite", "Uninvite", "Uninvite"),
    (C::DeclareInterest, "declare-interest", "DeclareInterest", "Interest"),
    (C::Recommend, "recommend", "Recommend", "Recommend"),
    (C::Decide, "decide", "Decide", "Decide"),
    (C::ProposeAgreement, "propose", "AgreementPropose", "Propose"),
    (C::AcceptUndertaking, "accept", "UndertakingAccept", "Accept"),
    (C::Activate, "activate", "Activate", "Activate"),
    (C::RequestRenewal, "renew", "Renew", "Renew"),
    (C::DecideRenewal, "renewal-decide", "RenewalDecide", "RenewalDecide"),
    (C::Suspend, "suspend", "Suspend", "Text"),
    (C::Resume, "resume", "Resume", "Part"),
    (C::Revoke, "revoke", "Revoke", "Text"),
    (C::ConfirmDestruction, "confirm-destruction", "ConfirmDestruction", "Text"),
    (C::Close, "close", "Close", "Text"),
    (C::Appeal, "appeal", "Appeal", "Text"),
    (C::DecideAppeal, "appeal-decide", "AppealDecide", "AppealDecide"),
    (C::Message, "message", "Message", "Message"),
    (C::Note, "message", "Message", "Message"),
    (C::Erase, "erase", "Erase", ""),
];

/// Who tries, and what they are in the request; whether already before it is submitted.
const PEOPLE: [(&str, &[R]); 13] = [
    ("researcher", &[R::Applicant]),
    ("colleague", &[R::Member]),
    ("officer", &[R::AccessOfficer]),
    ("other-officer", &[]),
    ("adviser", &[R::DataProtection]),
    ("reviewer", &[R::Reviewer]),
    ("decider", &[R::Decider]),
    ("conflicted", &[]),
    ("coordinator", &[R::Coordinator]),
    ("auditor", &[R::Auditor]),
    ("admin", &[]),
    ("stranger", &[]),
    ("visitor", &[]),
];

/// The undertaking of every request.
const TEXT: &str = "I use the data for the project only.";

/// What somebody is in a state. Once somebody is invited a complete request is in review: in one that is complete nobody is invited, and
/// any access officer decides.
fn roles_in(state: S, name: &str, roles: &'static [R]) -> &'static [R] {
    match (state, name) {
        (S::Complete, "officer") => &[R::AccessOfficer, R::Decider],
        (S::Complete, "adviser" | "reviewer" | "decider") => &[],
        _ => roles,
    }
}

/// What the table says.
fn expected(command: C, state: S, name: &str, roles: &[R]) -> Result<(), &'static str> {
    // A draft is its applicant's alone.
    let roles: &[R] = if state == S::Draft && !roles.contains(&R::Applicant) { &[] } else { roles };
    if name == "visitor" {
        return Err("SIGN_IN_REQUIRED");
    }
    if roles.is_empty() {
        return Err("NOT_FOUND");
    }
    match (matching(command, state, roles).next(), is_known_to(command, roles)) {
        // The table allows it; there is no agreement here that it could rest on.
        (Some(_), _) if command == C::Activate => Err("INVALID"),
        // Nobody is invited there.
        (Some(_), _) if (command, state) == (C::Uninvite, S::Complete) => Err("NOT_FOUND"),
        (Some(_), _) => Ok(()),
        (None, true) => Err("WRONG_STATE"),
        (None, false) => Err("ROLE_REQUIRED"),
    }
}

/// Whether the request is not the same afterwards, so that the next command needs another one.
fn consumes(command: C) -> bool {
    !matches!(command, C::Save | C::DeclareInterest | C::Recommend | C::Message | C::Note)
}

#[test]
fn every_command_of_the_table_is_tried() {
    // A document is sent by itself, see `Walk::attach`.
    for rule in RULES.iter().filter(|rule| !matches!(rule.command, C::Tick | C::Attach)) {
        assert!(DEEDS.iter().any(|(command, ..)| *command == rule.command), "{:?}", rule.command);
        let people: Vec<R> = PEOPLE.iter().flat_map(|(_, roles)| roles.iter().copied()).collect();
        assert!(rule.roles.iter().all(|role| *role == R::Clock || people.contains(role)), "{:?}", rule.command);
    }
    for (_, operation, ..) in DEEDS {
        assert!(OPERATIONS.contains(&operation), "{operation}");
    }
}

#[test]
fn every_cell_of_state_role_and_command_holds_on_sqlite() {
    walk(Backend::Sqlite, 1);
}

#[test]
fn a_sample_of_the_cells_holds_on_postgres() {
    walk(Backend::Postgres, 7);
}
