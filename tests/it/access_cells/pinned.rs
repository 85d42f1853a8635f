//! Cells that were agreed on, whatever becomes of the table.

use rihla::domain::access_request::rules::matching;
use rihla::domain::vocabulary::{RequestCommand as C, RequestRole as R, RequestState as S, Vocabulary};

/// What must stay so whatever becomes of the table, written by hand and not taken from it: who may, and in which states. Nobody else may,
/// in no other state.
const PINNED: &[(C, &[R], &[S])] = &[
    (C::Save, &[R::Applicant], &[S::Draft, S::Returned]),
    (C::Submit, &[R::Applicant], &[S::Draft, S::Returned]),
    (
        C::Withdraw,
        &[R::Applicant],
        &[
            S::Draft,
            S::Submitted,
            S::Returned,
            S::Complete,
            S::InReview,
            S::Approved,
            S::ApprovedWithConditions,
            S::AgreementPending,
            S::Appealed,
        ],
    ),
    (C::Return, &[R::AccessOfficer], &[S::Submitted, S::Complete, S::InReview]),
    (C::ConfirmComplete, &[R::AccessOfficer], &[S::Submitted]),
    (C::Decide, &[R::Decider], &[S::Complete, S::InReview]),
    (C::ProposeAgreement, &[R::AccessOfficer], &[S::Approved, S::ApprovedWithConditions, S::AgreementPending]),
    (C::AcceptUndertaking, &[R::Applicant, R::Member], &[S::AgreementPending]),
    (C::Activate, &[R::AccessOfficer], &[S::Approved, S::ApprovedWithConditions, S::AgreementPending]),
    (C::RequestRenewal, &[R::Applicant], &[S::Active, S::Expired]),
    (C::DecideRenewal, &[R::Decider], &[S::RenewalRequested]),
    (C::Suspend, &[R::AccessOfficer], &[S::Active, S::RenewalRequested]),
    (C::Resume, &[R::AccessOfficer], &[S::Suspended]),
    (
        C::Revoke,
        &[R::AccessOfficer],
        &[S::Approved, S::ApprovedWithConditions, S::AgreementPending, S::Active, S::RenewalRequested, S::Suspended],
    ),
    (C::Close, &[R::AccessOfficer], &[S::Expired, S::Revoked]),
    (C::Appeal, &[R::Applicant], &[S::Rejected, S::Revoked]),
    (C::DecideAppeal, &[R::Decider], &[S::Appealed]),
    (C::Erase, &[R::Applicant, R::Clock], &[S::Rejected, S::Closed, S::Withdrawn]),
    (C::Erase, &[R::Applicant], &[S::Expired, S::Revoked]),
    (C::Tick, &[R::Clock], S::ALL),
    (C::Attach, &[R::Applicant], &[S::Draft]),
    (
        C::Attach,
        &[R::Applicant, R::AccessOfficer],
        &[
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
        ],
    ),
];

#[test]
fn the_table_says_what_was_agreed_on_whoever_reads_it() {
    let mut wrong = Vec::new();
    for command in C::ALL {
        let pinned: Vec<_> = PINNED.iter().filter(|(known, ..)| known == command).collect();
        for (state, role) in S::ALL.iter().flat_map(|state| R::ALL.iter().map(move |role| (*state, *role))) {
            let is_allowed = matching(*command, state, &[role]).next().is_some();
            // Who keeps the register or reads the log, and the clock, do nothing else whatever.
            let is_outside = matches!(role, R::Coordinator | R::Auditor) || role == R::Clock && pinned.is_empty();
            let is_wanted = pinned.iter().any(|(_, roles, states)| roles.contains(&role) && states.contains(&state));
            if (!pinned.is_empty() && is_allowed != is_wanted) || (is_outside && is_allowed) {
                wrong.push(format!("{} by {} in {}: {is_allowed}", command.code(), role.code(), state.code()));
            }
        }
        if matches!(command, C::Note | C::Message) {
            let notes = matching(*command, S::InReview, &[R::Applicant, R::Member]).next().is_some();
            assert_eq!(notes, *command == C::Message, "who asks writes messages, and no internal notes");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
