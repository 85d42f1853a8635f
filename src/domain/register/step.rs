//! Which command leads from which state to which, and who may give it. What is not listed is refused.

use crate::domain::policy::Action;
use crate::domain::vocabulary::{RegisterCommand, RegisterKind, RegisterState};

use super::Entry;

/// In whose name a command is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The institution of the entry; the coordinator where it speaks for the coordination.
    Own,
    /// The institution of the entry, or the one who wrote it down for it.
    OwnOrAuthor,
    /// The one who made it, or the coordinator.
    Author,
    /// Any signed-in person.
    Anyone,
    /// Any institution.
    Any,
    /// Any institution but that of the entry.
    Another,
    /// An institution that is invited and has not said yet that it takes part.
    Invited,
    /// An institution that takes part.
    TakingPart,
    /// The institution that has committed itself.
    Committed,
    /// A producer of a record that it is about.
    Producer,
    /// A producer of a record that it is about, or the coordinator.
    ProducerOrCoordinator,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// The command.
    pub command: RegisterCommand,
    /// States in which it can be given.
    pub from: &'static [RegisterState],
    /// State afterwards; none where it stays, or where it depends on what is said.
    pub to: Option<RegisterState>,
    /// The action of the rules that it stands for.
    pub action: Action,
    /// In whose name.
    pub who: Who,
}

const fn row(command: RegisterCommand, from: &'static [RegisterState], to: Option<RegisterState>, action: Action, who: Who) -> Move {
    Move { command, from, to, action, who }
}

/// The table of a kind.
pub fn moves(kind: RegisterKind) -> &'static [Move] {
    use Action as A;
    use RegisterCommand as C;
    use RegisterKind as K;
    use RegisterState as S;
    const WRITTEN: &[Move] = &[
        row(C::Update, &[S::Draft], Some(S::Draft), A::RegisterWrite, Who::OwnOrAuthor),
        row(C::Update, &[S::Validated], Some(S::Draft), A::RegisterWrite, Who::Own),
        row(C::Validate, &[S::Draft], Some(S::Validated), A::RegisterValidate, Who::Own),
        row(C::Close, &[S::Validated], Some(S::Closed), A::RegisterValidate, Who::Own),
        row(C::Reopen, &[S::Closed], Some(S::Validated), A::RegisterValidate, Who::Own),
        row(C::Withdraw, &[S::Draft], Some(S::Withdrawn), A::RegisterValidate, Who::OwnOrAuthor),
        row(C::Withdraw, &[S::Validated, S::Closed], Some(S::Withdrawn), A::RegisterValidate, Who::Own),
    ];
    const NEED: &[Move] = &[
        WRITTEN[0],
        WRITTEN[1],
        WRITTEN[2],
        WRITTEN[3],
        WRITTEN[4],
        WRITTEN[5],
        WRITTEN[6],
        row(C::Offer, &[S::Validated], None, A::RegisterWrite, Who::Another),
        row(C::AcceptOffer, &[S::Validated], None, A::RegisterValidate, Who::Own),
    ];
    const INVITATION: &[Move] = &[
        WRITTEN[0],
        WRITTEN[1],
        WRITTEN[2],
        WRITTEN[3],
        WRITTEN[4],
        WRITTEN[5],
        WRITTEN[6],
        row(C::TakePart, &[S::Validated], None, A::RegisterValidate, Who::Invited),
        row(C::StepBack, &[S::Validated, S::Closed], None, A::RegisterValidate, Who::TakingPart),
    ];
    const REQUEST: &[Move] = &[
        row(C::Support, &[S::Open, S::Declined, S::Committed], None, A::RegisterAsk, Who::Anyone),
        row(C::Commit, &[S::Open, S::Declined], Some(S::Committed), A::RegisterValidate, Who::Any),
        row(C::Decline, &[S::Open, S::Declined], Some(S::Declined), A::RegisterValidate, Who::Any),
        row(C::Release, &[S::Committed], Some(S::Open), A::RegisterValidate, Who::Committed),
        // Whoever has committed itself: what was promised may be done by another, to which the record has passed.
        row(C::Fulfil, &[S::Open, S::Declined, S::Committed], Some(S::Fulfilled), A::RegisterWrite, Who::ProducerOrCoordinator),
        // Where a commitment stands that nobody took back, it is committed to again.
        row(C::Reopen, &[S::Fulfilled], Some(S::Open), A::RegisterAsk, Who::Author),
        row(C::Withdraw, &[S::Open, S::Declined, S::Committed], Some(S::Withdrawn), A::RegisterAsk, Who::Author),
    ];
    const STATEMENT: &[Move] = &[row(C::Withdraw, &[S::Validated], Some(S::Withdrawn), A::RegisterValidate, Who::Own)];
    const OVERLAP: &[Move] = &[row(C::Decide, &[S::Confirmed, S::Rejected], None, A::RegisterWrite, Who::ProducerOrCoordinator)];
    const NOTE: &[Move] = &[
        row(C::Update, &[S::Proposed], Some(S::Proposed), A::RegisterWrite, Who::ProducerOrCoordinator),
        row(C::Update, &[S::Agreed], Some(S::Proposed), A::RegisterWrite, Who::Producer),
        row(C::Agree, &[S::Proposed], None, A::RegisterValidate, Who::Producer),
        row(C::Withdraw, &[S::Proposed], Some(S::Withdrawn), A::RegisterWrite, Who::ProducerOrCoordinator),
        row(C::Withdraw, &[S::Agreed], Some(S::Withdrawn), A::RegisterValidate, Who::Producer),
    ];
    const FOCAL: &[Move] = &[
        row(C::Update, &[S::Validated], Some(S::Validated), A::RegisterValidate, Who::Own),
        row(C::Confirm, &[S::Validated], None, A::RegisterWrite, Who::Own),
        row(C::Close, &[S::Validated], Some(S::Closed), A::RegisterValidate, Who::Own),
    ];
    match kind {
        K::Challenge | K::GoodPractice | K::Strategy | K::Training | K::MigrationProfile => WRITTEN,
        K::Invitation => INVITATION,
        K::CapacityNeed => NEED,
        K::DataRequest => REQUEST,
        K::NotCollected => STATEMENT,
        K::Overlap => OVERLAP,
        K::ComparabilityNote | K::DiscrepancyNote => NOTE,
        K::FocalPoint => FOCAL,
    }
}

/// The row of the table that holds for a command to an entry. While a correction or another wording waits, what is withdrawn is what
/// stands for all: then the row of that holds.
pub fn row_of(entry: &Entry, command: RegisterCommand) -> Option<&'static Move> {
    let stands = entry.stands_in().filter(|_| command == RegisterCommand::Withdraw);
    let state = stands.unwrap_or(entry.state);
    moves(entry.kind).iter().find(|row| row.command == command && row.from.contains(&state))
}
