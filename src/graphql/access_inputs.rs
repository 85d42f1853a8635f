//! What the mutations on access requests take and answer.

use juniper::{GraphQLInputObject, ID};

use crate::domain::access_request::command::SafeLine;
use crate::domain::ids::{HoldingId, Slug};
use crate::domain::vocabulary::{
    AgreementPurpose, Recommendation, RejectionReason, RequestOutcome, RequestRole, RequestedData, Safe, SafeVerdict,
};
use crate::domain::workdays::Day;
use crate::service::Error;
use crate::service::access_requests::drafting::{Frame, Wanted};

use super::access_answers::AccessAnswerInput;
use super::access_desk::AccessDesk;
use super::access_request::AccessRequest;
use super::intent::{slug, wrong};
use super::node::NodeId;
use super::payload::payload;
use super::scalars::Date;

/// A holding that is asked for.
#[derive(GraphQLInputObject)]
pub struct AccessWishInput {
    /// Opaque identifier of the holding.
    pub holding: ID,
    /// Aggregates or microdata.
    pub data: RequestedData,
}

impl AccessWishInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// It names no holding.
    pub fn read(&self) -> Result<Wanted, Error> {
        match NodeId::decode(&self.holding) {
            Some(NodeId::Holding(holding)) => Ok(Wanted { holding, data: self.data }),
            _ => Err(wrong("holding", &self.holding, "is no identifier of a holding; take it from `holdings { id }` of a dataset")),
        }
    }
}

/// Begins a request.
#[derive(GraphQLInputObject)]
pub struct AccessRequestCreateInput {
    /// Holdings that are asked for, of one or several institutions; more can be added.
    pub holdings: Vec<AccessWishInput>,
    /// Short name of the institution for which you ask; one in which you have a role. Agreements between institutions are found by it.
    pub on_behalf_of: Option<String>,
    /// Kind of purpose.
    pub purpose: Option<AgreementPurpose>,
}

/// Reads for whom and for which kind of purpose something is wanted.
///
/// # Errors
/// The short name is none.
pub fn frame(on_behalf_of: Option<&String>, purpose: Option<AgreementPurpose>) -> Result<Frame, Error> {
    let on_behalf_of: Option<Slug> = on_behalf_of.map(|text| slug("onBehalfOf", text)).transpose()?;
    Ok(Frame { on_behalf_of, purpose })
}

/// Names a request as it was last seen.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
}

/// Names one part of a request as it was last seen.
#[derive(GraphQLInputObject)]
pub struct AccessRequestPartInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
}

/// Names one part of a request, with a text that the other side reads.
#[derive(GraphQLInputObject)]
pub struct AccessRequestTextInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// The text.
    pub text: Option<String>,
}

/// Writes in a request that is being written, or was returned.
#[derive(GraphQLInputObject)]
pub struct AccessRequestUpdateInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Answers; those left out stay.
    pub answers: Vec<AccessAnswerInput>,
}

/// Says for whom and for which kind of purpose data are wanted.
#[derive(GraphQLInputObject)]
pub struct AccessRequestFrameInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Short name of the institution for which you ask.
    pub on_behalf_of: Option<String>,
    /// Kind of purpose.
    pub purpose: Option<AgreementPurpose>,
}

/// Asks for a further holding.
#[derive(GraphQLInputObject)]
pub struct AccessRequestHoldingAddInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// The holding.
    pub holding: AccessWishInput,
}

/// Submits a request.
#[derive(GraphQLInputObject)]
pub struct AccessRequestSubmitInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Hashes of standing terms that you accept (`Holding.standingTerms`).
    pub accepted_terms: Option<Vec<String>>,
}

/// Names a member.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMemberAddInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Name of the person.
    pub name: String,
    /// E-mail address of the person.
    pub email: String,
}

/// Takes a member out.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMemberRemoveInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the member.
    pub member: i32,
}

/// Returns a part for information.
#[derive(GraphQLInputObject)]
pub struct AccessRequestReturnInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// What is asked.
    pub text: String,
    /// Keys of the questions of the holder's form that it is about.
    pub questions: Option<Vec<String>>,
}

/// Invites a person.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInviteInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// E-mail address of a person who has an account.
    pub email: String,
    /// As what: DATA_PROTECTION, REVIEWER or DECIDER.
    pub role: RequestRole,
    /// What the person is asked.
    pub text: Option<String>,
}

/// Takes an invitation back.
#[derive(GraphQLInputObject)]
pub struct AccessRequestUninviteInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Number of the invitation.
    pub invitation: i32,
}

/// Declares a conflict of interest, or that there is none.
#[derive(GraphQLInputObject)]
pub struct AccessRequestInterestInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether there is one. Who has one no longer acts in this part.
    pub has_conflict: bool,
    /// Which; needed where there is one.
    pub text: Option<String>,
}

/// Comments or recommends.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRecommendInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Recommendation.
    pub recommendation: Recommendation,
    /// Comment.
    pub text: String,
}

/// One line of a decision.
#[derive(GraphQLInputObject)]
pub struct AccessDecisionLineInput {
    /// Which of the five safes.
    pub safe: Safe,
    /// Verdict.
    pub verdict: SafeVerdict,
    /// Why; may be left out where it was not assessed.
    pub reason: Option<String>,
    /// Condition to keep, with MET_WITH_CONDITION.
    pub condition: Option<String>,
}

/// Decides on a part. Where a committee decides, this is one vote.
#[derive(GraphQLInputObject)]
pub struct AccessRequestDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// What is decided.
    pub outcome: RequestOutcome,
    /// A line for each of the five safes.
    pub lines: Vec<AccessDecisionLineInput>,
    /// Reason code of a refusal.
    pub reason: Option<RejectionReason>,
    /// Text; needed for a refusal.
    pub text: Option<String>,
}

impl AccessRequestDecideInput {
    /// The lines as the domain takes them.
    pub fn lines(&self) -> Vec<SafeLine> {
        let line = |line: &AccessDecisionLineInput| SafeLine {
            safe: line.safe,
            verdict: line.verdict,
            reason: line.reason.clone().unwrap_or_default(),
            condition: line.condition.clone().filter(|text| !text.trim().is_empty()),
        };
        self.lines.iter().map(line).collect()
    }
}

/// Proposes the undertaking.
#[derive(GraphQLInputObject)]
pub struct AccessRequestProposeInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// The text that everyone accepts.
    pub text: String,
    /// First day; today where left out.
    pub from: Option<Date>,
    /// Last day.
    pub until: Date,
    /// Identifier of a registered agreement that it rests on.
    pub agreement: Option<ID>,
}

/// Accepts the undertaking.
#[derive(GraphQLInputObject)]
pub struct AccessRequestAcceptInput {
    /// The request.
    pub request: ID,
    /// Number of the part.
    pub part: i32,
    /// Hash of the text that you have read.
    pub text_hash: String,
}

/// Puts a part into force under an agreement between the institutions.
#[derive(GraphQLInputObject)]
pub struct AccessRequestActivateInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Identifier of the registered agreement.
    pub agreement: ID,
    /// Last day; that of the agreement where left out.
    pub until: Option<Date>,
}

/// Asks for a renewal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRenewInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Last day that is wanted.
    pub until: Date,
    /// Why.
    pub text: String,
}

/// Decides on a renewal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestRenewalDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether it is granted.
    pub is_granted: bool,
    /// Last day; the one asked for where left out.
    pub until: Option<Date>,
    /// Why; needed for a refusal.
    pub text: Option<String>,
}

/// Decides on an appeal.
#[derive(GraphQLInputObject)]
pub struct AccessRequestAppealDecideInput {
    /// The request.
    pub request: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Number of the part.
    pub part: i32,
    /// Whether the applicant is right.
    pub is_upheld: bool,
    /// Why.
    pub text: String,
}

/// Writes a message.
#[derive(GraphQLInputObject)]
pub struct AccessRequestMessageInput {
    /// The request.
    pub request: ID,
    /// Number of the part; the request as a whole where left out.
    pub part: Option<i32>,
    /// The text.
    pub text: String,
    /// Whether only the people of the holder read it.
    pub is_internal: Option<bool>,
}

/// A day.
///
/// # Errors
/// It is none.
pub fn day(field: &str, date: &Date) -> Result<Day, Error> {
    Day::parse(&date.0).map_err(|remedy| wrong(field, &date.0, &remedy))
}

/// Identifier of a holding.
///
/// # Errors
/// It names none.
pub fn holding_id(field: &str, id: &ID) -> Result<HoldingId, Error> {
    match NodeId::decode(id) {
        Some(NodeId::Holding(holding)) => Ok(holding),
        _ => Err(wrong(field, id, "is no identifier of a holding")),
    }
}

payload! {
    /// An access request after a mutation.
    AccessRequestPayload {
        /// The request as the viewer sees it now; null where nothing was done.
        request: AccessRequest,
    }
}

payload! {
    /// An access desk after a mutation.
    AccessDeskPayload {
        /// The desk; null where nothing was done.
        desk: AccessDesk,
    }
}
