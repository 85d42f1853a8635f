//! The table state × role → commands. `docs/access-requests.md` shows it, and the diagram of states, as generated from here.

use crate::domain::vocabulary::{RequestCommand, RequestRole, RequestState, TokenScope, Vocabulary};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RequestRule {
    /// What is done.
    pub command: RequestCommand,
    /// In which states of the part; for commands on the whole request, of any of its parts.
    pub states: &'static [RequestState],
    /// By whom; any one of them.
    pub roles: &'static [RequestRole],
    /// What an API token must have been made for.
    pub scope: TokenScope,
}

const fn rule(command: RequestCommand, states: &'static [RequestState], roles: &'static [RequestRole]) -> RequestRule {
    RequestRule { command, states, roles, scope: TokenScope::Access }
}

/// What binds an institution or a person needs a token that was made for decisions.
const fn binding(rule: RequestRule) -> RequestRule {
    RequestRule { scope: TokenScope::Decide, ..rule }
}

/// States in which those who advise and review have something to say, and read what it takes to say it.
pub const OPINIONS_WANTED: &[RequestState] = &[
    RequestState::Submitted,
    RequestState::Returned,
    RequestState::Complete,
    RequestState::InReview,
    RequestState::Appealed,
    RequestState::RenewalRequested,
];

/// The table. What is not listed is refused.
pub const RULES: &[RequestRule] = {
    use RequestCommand as C;
    use RequestRole as R;
    use RequestState as S;
    // The holder has something to decide.
    const IN_HAND: &[S] = &[S::Submitted, S::Complete, S::InReview, S::Appealed, S::RenewalRequested];
    const AFTER_SUBMISSION: &[S] = &[
        S::Submitted,
        S::Returned,
        S::Complete,
        S::InReview,
        S::Approved,
        S::ApprovedWithConditions,
        S::Rejected,
        S::AgreementPending,
        S::Active,
        S::RenewalRequested,
        S::Suspended,
        S::Expired,
        S::Revoked,
        S::Appealed,
    ];
    &[
        rule(C::Save, &[S::Draft, S::Returned], &[R::Applicant]),
        rule(C::AddMember, &[S::Draft, S::Returned], &[R::Applicant]),
        rule(C::RemoveMember, &[S::Draft], &[R::Applicant]),
        rule(C::RemoveMember, AFTER_SUBMISSION, &[R::Applicant, R::Member]),
        rule(C::Submit, &[S::Draft, S::Returned], &[R::Applicant]),
        rule(C::Withdraw, &[S::Draft], &[R::Applicant]),
        rule(
            C::Withdraw,
            &[
                S::Submitted,
                S::Returned,
                S::Complete,
                S::InReview,
                S::Approved,
                S::ApprovedWithConditions,
                S::AgreementPending,
                S::Appealed,
            ],
            &[R::Applicant],
        ),
        rule(C::Return, &[S::Submitted, S::Complete, S::InReview], &[R::AccessOfficer]),
        rule(C::ConfirmComplete, &[S::Submitted], &[R::AccessOfficer]),
        rule(C::Invite, IN_HAND, &[R::AccessOfficer]),
        rule(C::Uninvite, AFTER_SUBMISSION, &[R::AccessOfficer]),
        rule(C::DeclareInterest, IN_HAND, &[R::AccessOfficer, R::DataProtection, R::Reviewer, R::Decider]),
        rule(C::Recommend, &[S::Complete, S::InReview, S::Appealed, S::RenewalRequested], &[R::DataProtection, R::Reviewer]),
        binding(rule(C::Decide, &[S::Complete, S::InReview], &[R::Decider])),
        binding(rule(C::ProposeAgreement, &[S::Approved, S::ApprovedWithConditions, S::AgreementPending], &[R::AccessOfficer])),
        binding(rule(C::AcceptUndertaking, &[S::AgreementPending], &[R::Applicant, R::Member])),
        binding(rule(C::Activate, &[S::Approved, S::ApprovedWithConditions, S::AgreementPending], &[R::AccessOfficer])),
        rule(C::RequestRenewal, &[S::Active, S::Expired], &[R::Applicant]),
        binding(rule(C::DecideRenewal, &[S::RenewalRequested], &[R::Decider])),
        binding(rule(C::Suspend, &[S::Active, S::RenewalRequested], &[R::AccessOfficer])),
        binding(rule(C::Resume, &[S::Suspended], &[R::AccessOfficer])),
        // Also what is approved and not yet in force: a holder that learns something new is not bound to let it begin.
        binding(rule(
            C::Revoke,
            &[S::Approved, S::ApprovedWithConditions, S::AgreementPending, S::Active, S::RenewalRequested, S::Suspended],
            &[R::AccessOfficer],
        )),
        binding(rule(C::ConfirmDestruction, &[S::Active, S::RenewalRequested, S::Suspended, S::Expired, S::Revoked], &[R::Applicant])),
        binding(rule(C::Close, &[S::Expired, S::Revoked], &[R::AccessOfficer])),
        rule(C::Appeal, &[S::Rejected, S::Revoked], &[R::Applicant]),
        binding(rule(C::DecideAppeal, &[S::Appealed], &[R::Decider])),
        rule(C::Message, AFTER_SUBMISSION, &[R::Applicant, R::Member, R::AccessOfficer]),
        rule(C::Note, AFTER_SUBMISSION, &[R::AccessOfficer, R::Decider]),
        rule(C::Note, OPINIONS_WANTED, &[R::DataProtection, R::Reviewer]),
        rule(C::Attach, &[S::Draft], &[R::Applicant]),
        rule(C::Attach, AFTER_SUBMISSION, &[R::Applicant, R::AccessOfficer]),
        rule(C::Erase, &[S::Rejected, S::Closed, S::Withdrawn], &[R::Applicant, R::Clock]),
        // Once the data are declared destroyed; the holder need not have closed it.
        rule(C::Erase, &[S::Expired, S::Revoked], &[R::Applicant]),
        rule(C::Tick, RequestState::ALL, &[R::Clock]),
    ]
};

/// The rows that let one of the roles give the command in the state.
pub fn matching(command: RequestCommand, state: RequestState, roles: &[RequestRole]) -> impl Iterator<Item = &'static RequestRule> {
    let fits = move |rule: &&RequestRule| {
        rule.command == command && rule.states.contains(&state) && rule.roles.iter().any(|role| roles.contains(role))
    };
    RULES.iter().filter(fits)
}

/// Whether a role has the command in any state.
pub fn is_known_to(command: RequestCommand, roles: &[RequestRole]) -> bool {
    RULES.iter().any(|rule| rule.command == command && rule.roles.iter().any(|role| roles.contains(role)))
}

/// From which state to which a command, or the clock, leads; the diagram of the documentation, and what the property test holds to.
pub const STEPS: &[(RequestState, RequestCommand, &[RequestState])] = {
    use RequestCommand as C;
    use RequestState as S;
    const DECIDED: &[S] = &[S::Approved, S::ApprovedWithConditions, S::Rejected];
    // A standing rule of the holder may decide at once, and put what was approved before the applicant and the members.
    const FILED: &[S] = &[S::Submitted, S::Rejected, S::AgreementPending, S::Active];
    &[
        (S::Draft, C::Submit, FILED),
        (S::Draft, C::Withdraw, &[S::Withdrawn]),
        (S::Draft, C::Tick, &[S::Withdrawn]),
        (S::Returned, C::Submit, FILED),
        (S::Returned, C::Withdraw, &[S::Withdrawn]),
        (S::Returned, C::Tick, &[S::Withdrawn]),
        (S::Submitted, C::Return, &[S::Returned]),
        (S::Submitted, C::ConfirmComplete, &[S::Complete, S::InReview]),
        (S::Submitted, C::Withdraw, &[S::Withdrawn]),
        // What nobody answers for long ends by itself.
        (S::Submitted, C::Tick, &[S::Closed]),
        (S::Complete, C::Return, &[S::Returned]),
        (S::Complete, C::Invite, &[S::InReview]),
        (S::Complete, C::Decide, DECIDED),
        (S::Complete, C::Withdraw, &[S::Withdrawn]),
        (S::Complete, C::Tick, &[S::Closed]),
        (S::InReview, C::Return, &[S::Returned]),
        (S::InReview, C::Decide, DECIDED),
        (S::InReview, C::Withdraw, &[S::Withdrawn]),
        (S::InReview, C::Tick, &[S::Closed]),
        (S::Approved, C::ProposeAgreement, &[S::AgreementPending]),
        (S::Approved, C::Activate, &[S::Active]),
        (S::Approved, C::Revoke, &[S::Revoked]),
        (S::Approved, C::Withdraw, &[S::Withdrawn]),
        (S::Approved, C::Tick, &[S::Closed]),
        (S::ApprovedWithConditions, C::ProposeAgreement, &[S::AgreementPending]),
        (S::ApprovedWithConditions, C::Activate, &[S::Active]),
        (S::ApprovedWithConditions, C::Revoke, &[S::Revoked]),
        (S::ApprovedWithConditions, C::Withdraw, &[S::Withdrawn]),
        (S::ApprovedWithConditions, C::Tick, &[S::Closed]),
        (S::AgreementPending, C::AcceptUndertaking, &[S::Active]),
        // A member who had not accepted has left: nobody else is awaited.
        (S::AgreementPending, C::RemoveMember, &[S::Active]),
        (S::AgreementPending, C::Activate, &[S::Active]),
        (S::AgreementPending, C::Revoke, &[S::Revoked]),
        (S::AgreementPending, C::Withdraw, &[S::Withdrawn]),
        // A use whose first day was still to come begins on it; what is not accepted for long ends.
        (S::AgreementPending, C::Tick, &[S::Expired, S::Active, S::Suspended, S::Closed]),
        (S::Active, C::RequestRenewal, &[S::RenewalRequested]),
        (S::Active, C::Suspend, &[S::Suspended]),
        (S::Active, C::Revoke, &[S::Revoked]),
        (S::Active, C::ConfirmDestruction, &[S::Expired]),
        // An agreement between institutions that is suspended suspends what rests on it.
        (S::Active, C::Tick, &[S::Expired, S::Suspended]),
        (S::RenewalRequested, C::DecideRenewal, &[S::Active, S::Expired]),
        (S::RenewalRequested, C::Suspend, &[S::Suspended]),
        (S::RenewalRequested, C::Revoke, &[S::Revoked]),
        (S::RenewalRequested, C::ConfirmDestruction, &[S::Expired]),
        (S::RenewalRequested, C::Tick, &[S::Expired, S::Suspended, S::Active]),
        (S::Suspended, C::Resume, &[S::Active]),
        (S::Suspended, C::Revoke, &[S::Revoked]),
        (S::Suspended, C::ConfirmDestruction, &[S::Expired]),
        (S::Suspended, C::Tick, &[S::Expired]),
        (S::Expired, C::RequestRenewal, &[S::RenewalRequested]),
        (S::Expired, C::Close, &[S::Closed]),
        // Long after the destruction was declared, or was due, a part that nobody closes is closed by the clock.
        (S::Expired, C::Tick, &[S::Closed]),
        (S::Revoked, C::Close, &[S::Closed]),
        (S::Revoked, C::Tick, &[S::Closed]),
        (S::Revoked, C::Appeal, &[S::Appealed]),
        (S::Rejected, C::Appeal, &[S::Appealed]),
        (
            S::Appealed,
            C::DecideAppeal,
            &[S::InReview, S::Approved, S::ApprovedWithConditions, S::Active, S::Rejected, S::Revoked, S::Expired],
        ),
        (S::Appealed, C::Tick, &[S::Rejected, S::Revoked]),
        (S::Appealed, C::Withdraw, &[S::Rejected, S::Revoked]),
    ]
};

/// The generated part of `docs/access-requests.md`.
pub fn documentation() -> String {
    let mut page = String::from("```mermaid\nstateDiagram-v2\n    [*] --> DRAFT\n");
    for (from, command, to) in STEPS {
        for to in *to {
            page.push_str(&format!("    {} --> {}: {}\n", from.code(), to.code(), command.code()));
        }
    }
    for state in RequestState::ALL.iter().filter(|state| super::is_final(**state)) {
        page.push_str(&format!("    {} --> [*]\n", state.code()));
    }
    page.push_str("```\n\n| command | states | roles | scope of a token |\n|---|---|---|---|\n");
    for rule in RULES {
        let states: Vec<&str> = rule.states.iter().map(|state| state.code()).collect();
        let states = if rule.states.len() == RequestState::ALL.len() { "all".to_owned() } else { states.join(", ") };
        let roles: Vec<&str> = rule.roles.iter().map(|role| role.code()).collect();
        let (command, label, scope) = (rule.command.code(), rule.command.labels()[0], rule.scope.code());
        page.push_str(&format!("| {command} ({label}) | {states} | {} | {scope} |\n", roles.join(", ")));
    }
    page
}
