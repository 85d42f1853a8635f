//! What happened to an access request. Events carry codes, numbers and dates; texts are kept apart under their hash.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::{
    AgreementPurpose, EndReason, Recommendation, RejectionReason, RequestOutcome, RequestRole, RequestedData, Safe, SafeVerdict,
};
use crate::domain::workdays::Day;

use super::desk::DeskTerms;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Event {
    /// It was begun.
    Created,
    /// For whom and for which kind of purpose the data are wanted.
    Framed { on_behalf_of: Option<Slug>, purpose: Option<AgreementPurpose> },
    /// A holding was added.
    PartAdded { institution: Slug, dataset: Uuid, holding: Uuid, data: RequestedData, form: String, form_version: i64 },
    /// A holding was taken out before submission.
    PartRemoved,
    /// Answers were written. Content: the answers.
    AnswersSaved,
    /// The form of a part was brought up to its present version before submission.
    FormRenewed { form: String, form_version: i64 },
    /// A member was named. Content: name and address.
    MemberAdded { member: u32, person: Option<Uuid> },
    /// A named member has signed in.
    MemberKnown { member: u32, person: Uuid },
    /// A member was taken out.
    MemberRemoved { member: u32, reason: EndReason },
    /// A part was submitted.
    Submitted { desk: DeskTerms, due: Day, accepted_terms: Option<String>, keeps: BTreeMap<String, u32> },
    /// It was returned for information. Content: what is asked.
    Returned { questions: Vec<String>, days_left: u32 },
    /// It is complete.
    Completed { due: Day },
    /// A person was invited. Content: what the person is asked.
    Invited { invited: u32, person: Uuid, role: RequestRole },
    /// An invitation was taken back.
    Uninvited { invited: u32 },
    /// A person whom the holder had named or invited has left it, or has no account any more. Content: their function.
    HolderLeft { person: Uuid },
    /// The applicant has left the institution in whose name the data were asked for.
    ApplicantLeft { institution: Slug },
    /// A person declared a conflict of interest, or that there is none. Content: the explanation.
    InterestDeclared { has_conflict: bool },
    /// An invited person commented or recommended. Content: the comment.
    Recommended { recommendation: Recommendation },
    /// A decider voted. Content: the reasons and conditions, line by line.
    Voted { outcome: RequestOutcome, lines: Vec<(Safe, SafeVerdict)>, reason: Option<RejectionReason> },
    /// A decider voted on a renewal. Content: why.
    RenewalVoted { is_granted: bool, until: Option<Day> },
    /// A decider voted on an appeal. Content: why.
    AppealVoted { is_upheld: bool },
    /// The persons named to decide can no longer reach enough votes that agree: the holder has to name another.
    Deadlocked,
    /// A standing rule of the holder was applied.
    RuleApplied { rule: String },
    /// The holder's decision.
    Decided {
        outcome: RequestOutcome,
        reason: Option<RejectionReason>,
        by: Vec<Uuid>,
        rule: Option<String>,
        appeal_until: Option<Day>,
        #[serde(default)]
        due: Option<Day>,
    },
    /// An undertaking was proposed. Content: its text.
    AgreementProposed { agreement: Option<Uuid>, text_hash: String, from: Day, until: Day, due: Day },
    /// A person accepted it.
    Accepted { person: Uuid, text_hash: String },
    /// The right of use began. Under an agreement between institutions it may begin before everyone has accepted the text that was
    /// proposed before; nobody is asked for that any more.
    Activated {
        agreement: Option<Uuid>,
        from: Day,
        until: Day,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        drops_text: bool,
    },
    /// A renewal was asked for. Content: why.
    RenewalAsked { until: Day, due: Day },
    /// A renewal was granted or refused. Content: why. Where it rests on another agreement than before, that is named.
    RenewalDecided {
        is_granted: bool,
        until: Option<Day>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreement: Option<Uuid>,
    },
    /// Suspended. Content: why.
    Suspended {
        #[serde(default)]
        due: Option<Day>,
    },
    /// Resumed.
    Resumed,
    /// Revoked. Content: why.
    Revoked { due: Day, appeal_until: Option<Day> },
    /// The data passed to the institution that took over the portfolio of the holder, which decides from now on, by its own people.
    Transferred { from: Slug, institution: Slug, holding: Uuid, desk: DeskTerms },
    /// The right of use ended.
    Ended { reason: EndReason, due: Day },
    /// The applicant declared the data destroyed. Content: how.
    DestructionDeclared {
        #[serde(default)]
        due: Option<Day>,
    },
    /// Closed.
    Closed { is_destroyed: bool },
    /// Appealed. Content: why.
    Appealed { due: Day },
    /// An appeal was decided. Content: why. Those whose refusal it has undone decide on the part no more.
    AppealDecided {
        is_upheld: bool,
        due: Option<Day>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        overruled: Vec<Uuid>,
    },
    /// Withdrawn by the applicant.
    Withdrawn,
    /// A message to everyone concerned. Content: the text.
    Messaged,
    /// A note among the people of the holder. Content: the text.
    Noted,
    /// A document was attached. Content: its name.
    Attached { file: Uuid, sha256: String, is_internal: bool },
    /// Whoever is awaited was reminded.
    Reminded { count: u32 },
    /// The deputies were told that nobody has answered.
    Escalated,
    /// The applicant was told that the right of use ends soon, and that a renewal can be asked for.
    EndAnnounced { days: u16 },
    /// It was told that it ends by itself after a day, since nobody answers.
    LapseAnnounced { on: Day },
    /// It ended by itself, or the renewal or the appeal did: no answer had come for long.
    Lapsed,
    /// Answers were erased, as long after the end as their questions say.
    AnswersErased { keys: Vec<String> },
    /// The applicant had the texts and documents erased that are their own; what the holder has written is kept as long as its form says.
    OwnErased,
    /// All texts and personal data were erased.
    Erased,
}

impl Event {
    /// The kind as the log names it; the same word stands in the stored document, which a test compares.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Framed { .. } => "FRAMED",
            Self::PartAdded { .. } => "PART_ADDED",
            Self::PartRemoved => "PART_REMOVED",
            Self::AnswersSaved => "ANSWERS_SAVED",
            Self::FormRenewed { .. } => "FORM_RENEWED",
            Self::MemberAdded { .. } => "MEMBER_ADDED",
            Self::MemberKnown { .. } => "MEMBER_KNOWN",
            Self::MemberRemoved { .. } => "MEMBER_REMOVED",
            Self::Submitted { .. } => "SUBMITTED",
            Self::Returned { .. } => "RETURNED",
            Self::Completed { .. } => "COMPLETED",
            Self::Invited { .. } => "INVITED",
            Self::Uninvited { .. } => "UNINVITED",
            Self::HolderLeft { .. } => "HOLDER_LEFT",
            Self::ApplicantLeft { .. } => "APPLICANT_LEFT",
            Self::InterestDeclared { .. } => "INTEREST_DECLARED",
            Self::Recommended { .. } => "RECOMMENDED",
            Self::Voted { .. } => "VOTED",
            Self::RenewalVoted { .. } => "RENEWAL_VOTED",
            Self::AppealVoted { .. } => "APPEAL_VOTED",
            Self::Deadlocked => "DEADLOCKED",
            Self::RuleApplied { .. } => "RULE_APPLIED",
            Self::Decided { .. } => "DECIDED",
            Self::AgreementProposed { .. } => "AGREEMENT_PROPOSED",
            Self::Accepted { .. } => "ACCEPTED",
            Self::Activated { .. } => "ACTIVATED",
            Self::RenewalAsked { .. } => "RENEWAL_ASKED",
            Self::RenewalDecided { .. } => "RENEWAL_DECIDED",
            Self::Suspended { .. } => "SUSPENDED",
            Self::Resumed => "RESUMED",
            Self::Revoked { .. } => "REVOKED",
            Self::Transferred { .. } => "TRANSFERRED",
            Self::Ended { .. } => "ENDED",
            Self::DestructionDeclared { .. } => "DESTRUCTION_DECLARED",
            Self::Closed { .. } => "CLOSED",
            Self::Appealed { .. } => "APPEALED",
            Self::AppealDecided { .. } => "APPEAL_DECIDED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Messaged => "MESSAGED",
            Self::Noted => "NOTED",
            Self::Attached { .. } => "ATTACHED",
            Self::Reminded { .. } => "REMINDED",
            Self::Escalated => "ESCALATED",
            Self::EndAnnounced { .. } => "END_ANNOUNCED",
            Self::LapseAnnounced { .. } => "LAPSE_ANNOUNCED",
            Self::Lapsed => "LAPSED",
            Self::AnswersErased { .. } => "ANSWERS_ERASED",
            Self::OwnErased => "OWN_ERASED",
            Self::Erased => "ERASED",
        }
    }
}

/// An event that follows from a command, before it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// The part that it concerns; none for the request as a whole.
    pub part: Option<u32>,
    /// What happened.
    pub event: Event,
    /// Texts and personal data that belong to it.
    pub content: Option<Value>,
    /// It follows from a standing arrangement of the holder, not from whoever gave the command: no person is named as having done it.
    pub is_standing: bool,
}

impl Happening {
    /// An event of a part, or of the request as a whole.
    pub fn new(part: Option<u32>, event: Event) -> Self {
        Self { part, event, content: None, is_standing: false }
    }

    /// With texts or personal data.
    pub fn with(self, content: Value) -> Self {
        Self { content: Some(content), ..self }
    }

    /// As it follows from a standing arrangement of the holder.
    pub fn standing(self) -> Self {
        Self { is_standing: true, ..self }
    }
}

/// An event as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Place in the request's sequence, from 1.
    pub number: i64,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Who; none for the clock and the console.
    pub actor: Option<Uuid>,
    /// The part that it concerns.
    pub part: Option<u32>,
    /// What happened.
    pub event: Event,
    /// Hash of its content.
    pub content: Option<String>,
}
