//! What people, and the clock, want done with an access request.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::{
    AgreementPurpose, EndReason, Recommendation, RejectionReason, RequestCommand, RequestOutcome, RequestRole, RequestedData, Safe,
    SafeVerdict,
};
use crate::domain::workdays::Day;

use super::desk::DeskTerms;

/// A holding that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The holder.
    pub institution: Slug,
    /// The dataset.
    pub dataset: Uuid,
    /// The holding.
    pub holding: Uuid,
    /// Aggregates or microdata.
    pub data: RequestedData,
    /// The form in force.
    pub form: String,
    /// Its version.
    pub form_version: i64,
}

/// What the service found out for the submission of one part: the forms were checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The part.
    pub part: u32,
    /// The holder's terms of handling now.
    pub desk: DeskTerms,
    /// Hash of the standing terms that the applicant accepts with the submission.
    pub accepted_terms: Option<String>,
    /// Months after the end for which the answer to each question is kept.
    pub keeps: BTreeMap<String, u32>,
    /// The standing rule that applies.
    pub rule: Option<AppliedRule>,
    /// A standing rule that refuses somebody who is named as a member: a note for the holder's people. It decides nothing.
    pub concern: Option<Value>,
    /// Persons named on the desk who are no longer there: they are passed over, and the officers are told.
    pub absent: Vec<Absent>,
}

/// A person named on a desk who has left the holder, or has no account any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Who.
    pub person: Uuid,
    /// Their function, for the officers.
    pub who: Value,
}

/// A standing rule that applies to a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedRule {
    /// Its name.
    pub name: String,
    /// Why it is there, as the holder has written it.
    pub text: Value,
    /// What it decides.
    pub outcome: RequestOutcome,
    /// Reason of a refusal.
    pub reason: Option<RejectionReason>,
    /// The standing terms, for an approval: text, hash and last day of use.
    pub terms: Option<(Value, String, Day)>,
}

/// One line of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeLine {
    /// Which of the five safes.
    pub safe: Safe,
    /// Verdict.
    pub verdict: SafeVerdict,
    /// Why.
    pub reason: String,
    /// Condition to keep.
    pub condition: Option<String>,
}

/// The text under which data are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The registered agreement that it rests on, with its last day.
    pub agreement: Option<(Uuid, Option<Day>)>,
    /// The text that everyone accepts.
    pub text: String,
    /// SHA-256 of the text.
    pub text_hash: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// A command. Texts are kept apart from what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Begins a request.
    Create,
    /// Says for whom and for which kind of purpose the data are wanted.
    Frame { on_behalf_of: Option<Slug>, purpose: Option<AgreementPurpose> },
    /// Asks for a further holding.
    AddPart(Wish),
    /// Takes a holding out.
    RemovePart(u32),
    /// Writes the answers.
    SaveAnswers(Value),
    /// Takes the present version of a form over.
    RenewForm { part: u32, form: String, form_version: i64 },
    /// Names a member. The value is name and address.
    AddMember { person: Option<Uuid>, who: Value },
    /// Takes a member out.
    RemoveMember { member: u32, reason: EndReason },
    /// Submits the parts that can be. The answers are those written before without what no question asks; none where nothing is left out.
    Submit(Vec<Filing>, Option<Value>),
    /// Withdraws a part, or all that can be.
    Withdraw(Option<u32>),
    /// Returns a part for information.
    Return { part: u32, text: String, questions: Vec<String> },
    /// Confirms that a part is complete.
    ConfirmComplete { part: u32 },
    /// Invites a person.
    Invite { part: u32, person: Uuid, role: RequestRole, text: String },
    /// Takes an invitation back.
    Uninvite { part: u32, invited: u32 },
    /// Declares a conflict of interest, or that there is none.
    DeclareInterest { part: u32, has_conflict: bool, text: String },
    /// Comments or recommends.
    Recommend { part: u32, recommendation: Recommendation, text: String },
    /// Votes, which decides where enough agree.
    Decide { part: u32, outcome: RequestOutcome, lines: Vec<SafeLine>, reason: Option<RejectionReason>, text: String },
    /// Proposes the undertaking.
    Propose { part: u32, proposal: Proposal },
    /// Accepts the undertaking with this hash.
    Accept { part: u32, text_hash: String },
    /// Puts it into force under an agreement between institutions that covers it.
    Activate { part: u32, agreement: Uuid, from: Day, until: Day },
    /// Asks for a renewal. The agreement that it rests on ends on the day given, if any.
    AskRenewal { part: u32, until: Day, text: String, agreement_ends: Option<Day>, is_agreement_in_force: bool },
    /// Decides on a renewal. The agreement is named where it is to rest on another one than before.
    DecideRenewal { part: u32, is_granted: bool, until: Option<Day>, text: String, agreement_ends: Option<Day>, agreement: Option<Uuid> },
    /// Suspends.
    Suspend { part: u32, text: String },
    /// Resumes.
    Resume { part: u32 },
    /// Revokes.
    Revoke { part: u32, text: String },
    /// Ends the use and declares the data destroyed.
    ConfirmDestruction { part: u32, text: String },
    /// Closes; where nothing was to be destroyed, says why.
    Close { part: u32, text: String },
    /// Appeals.
    Appeal { part: u32, text: String },
    /// Decides on an appeal.
    DecideAppeal { part: u32, is_upheld: bool, text: String },
    /// Writes to everyone concerned by a part, or by the request.
    Message { part: Option<u32>, text: String },
    /// Writes a note among the people of the holder.
    Note { part: u32, text: String },
    /// Attaches a document that was looked through.
    Attach { part: Option<u32>, file: Uuid, sha256: String, is_internal: bool, name: String },
    /// Erases texts and personal data.
    Erase,
    /// Lets due dates act. Names the parts whose agreement has ended, and those whose agreement is suspended.
    Tick { ended_agreements: Vec<u32>, suspended_agreements: Vec<u32> },
}

impl Command {
    /// The row of the table of rules that it falls under.
    pub fn code(&self) -> RequestCommand {
        match self {
            Self::Create | Self::Frame { .. } | Self::AddPart(_) | Self::RemovePart(_) | Self::SaveAnswers(_) | Self::RenewForm { .. } => {
                RequestCommand::Save
            }
            Self::AddMember { .. } => RequestCommand::AddMember,
            Self::RemoveMember { .. } => RequestCommand::RemoveMember,
            Self::Submit(..) => RequestCommand::Submit,
            Self::Withdraw(_) => RequestCommand::Withdraw,
            Self::Return { .. } => RequestCommand::Return,
            Self::ConfirmComplete { .. } => RequestCommand::ConfirmComplete,
            Self::Invite { .. } => RequestCommand::Invite,
            Self::Uninvite { .. } => RequestCommand::Uninvite,
            Self::DeclareInterest { .. } => RequestCommand::DeclareInterest,
            Self::Recommend { .. } => RequestCommand::Recommend,
            Self::Decide { .. } => RequestCommand::Decide,
            Self::Propose { .. } => RequestCommand::ProposeAgreement,
            Self::Accept { .. } => RequestCommand::AcceptUndertaking,
            Self::Activate { .. } => RequestCommand::Activate,
            Self::AskRenewal { .. } => RequestCommand::RequestRenewal,
            Self::DecideRenewal { .. } => RequestCommand::DecideRenewal,
            Self::Suspend { .. } => RequestCommand::Suspend,
            Self::Resume { .. } => RequestCommand::Resume,
            Self::Revoke { .. } => RequestCommand::Revoke,
            Self::ConfirmDestruction { .. } => RequestCommand::ConfirmDestruction,
            Self::Close { .. } => RequestCommand::Close,
            Self::Appeal { .. } => RequestCommand::Appeal,
            Self::DecideAppeal { .. } => RequestCommand::DecideAppeal,
            Self::Message { .. } => RequestCommand::Message,
            Self::Note { .. } => RequestCommand::Note,
            Self::Attach { .. } => RequestCommand::Attach,
            Self::Erase => RequestCommand::Erase,
            Self::Tick { .. } => RequestCommand::Tick,
        }
    }

    /// The part that it is about; none for the request as a whole.
    pub fn part(&self) -> Option<u32> {
        match self {
            Self::RemovePart(part)
            | Self::RenewForm { part, .. }
            | Self::Return { part, .. }
            | Self::ConfirmComplete { part }
            | Self::Invite { part, .. }
            | Self::Uninvite { part, .. }
            | Self::DeclareInterest { part, .. }
            | Self::Recommend { part, .. }
            | Self::Decide { part, .. }
            | Self::Propose { part, .. }
            | Self::Accept { part, .. }
            | Self::Activate { part, .. }
            | Self::AskRenewal { part, .. }
            | Self::DecideRenewal { part, .. }
            | Self::Suspend { part, .. }
            | Self::Resume { part }
            | Self::Revoke { part, .. }
            | Self::ConfirmDestruction { part, .. }
            | Self::Close { part, .. }
            | Self::Appeal { part, .. }
            | Self::DecideAppeal { part, .. }
            | Self::Note { part, .. } => Some(*part),
            Self::Withdraw(part) | Self::Message { part, .. } | Self::Attach { part, .. } => *part,
            Self::Create
            | Self::Frame { .. }
            | Self::AddPart(_)
            | Self::SaveAnswers(_)
            | Self::AddMember { .. }
            | Self::RemoveMember { .. }
            | Self::Submit(..)
            | Self::Erase
            | Self::Tick { .. } => None,
        }
    }
}
