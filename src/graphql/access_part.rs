//! One holder's part of an access request.

use std::sync::Arc;

use juniper::{FieldResult, ID};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::access_request::{Acceptance, Decision, Invited, Part, Tally};
use crate::domain::form::Question;
use crate::domain::ids::HoldingId;
use crate::domain::vocabulary::{
    AgreementPurpose, EndReason, Recommendation, RejectionReason, RequestCommand, RequestOutcome, RequestRole, RequestState, RequestedData,
    Safe, SafeVerdict, Vocabulary,
};
use crate::domain::workdays::Day;
use crate::service::access_requests::reading::{Seen, is_of_holder};
use crate::service::access_requests::{granting, handling};

use super::access_answer::AccessAnswer;
use super::access_form::AccessForm;
use super::access_use::{AccessAcceptance, AccessUndertaking, Entitlement};
use super::agreement::Agreement;
use super::context::Context;
use super::dataset::Dataset;
use super::error::from_service;
use super::institution::Institution;
use super::node::NodeId;
use super::prefetch;
use super::scalars::{Date, DateTime};
use super::text::Lang;

/// A part as the viewer sees it.
pub struct AccessRequestPart {
    seen: Arc<Seen>,
    part: Part,
    lang: Lang,
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn date(day: Day) -> Date {
    Date(day.to_string())
}

impl AccessRequestPart {
    /// A part of the request that is seen.
    pub fn of(seen: &Arc<Seen>, part: &Part, lang: &Lang) -> Self {
        Self { seen: seen.clone(), part: part.clone(), lang: lang.clone() }
    }

    /// Whether the viewer acts for the holder.
    fn is_inside(&self) -> bool {
        self.seen.roles(&self.part).iter().any(|role| is_of_holder(*role))
    }
}

/// Entitlements of a part, for those who read what is granted in it.
pub fn entitlements_of(seen: &Seen, part: &Part) -> Vec<Entitlement> {
    if !seen.reads_content_of(part) {
        return Vec::new();
    }
    let own = seen.entitlements.iter().filter(|row| row.part == i64::from(part.number));
    own.map(|row| {
        let person = Uuid::try_parse(&row.person_id).ok().and_then(|person| seen.function(person)).map(str::to_owned);
        Entitlement { row: row.clone(), person }
    })
    .collect()
}

/// What a request asks of one holder. The holder decides; nobody else can, and the catalogue never does.
#[juniper::graphql_object(context = Context)]
impl AccessRequestPart {
    /// Number within the request, from 1.
    fn number(&self) -> i32 {
        i32::try_from(self.part.number).unwrap_or(i32::MAX)
    }

    /// The institution that holds the data and decides on the part.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, self.part.institution.as_str(), &self.lang)
    }

    /// The dataset; null where the viewer may no longer see its record.
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
        prefetch::dataset_by_id(context, self.part.dataset, &self.lang)
    }

    /// Opaque identifier of the holding.
    fn holding(&self) -> ID {
        NodeId::Holding(HoldingId(self.part.holding)).encode()
    }

    /// Whether aggregates or microdata are asked for.
    fn data(&self) -> RequestedData {
        self.part.data
    }

    /// Where it stands.
    fn state(&self) -> RequestState {
        self.part.state
    }

    /// Since when the part is in its state.
    fn since(&self) -> DateTime {
        DateTime(self.part.since)
    }

    /// The form in the version that the answers belong to.
    fn form(&self) -> Option<AccessForm> {
        self.seen.forms.get(&self.part.number).map(|version| AccessForm::of(version.clone(), &self.lang))
    }

    /// Answers that the viewer may read, in the order of the form.
    fn answers(&self) -> Vec<AccessAnswer> {
        let visible = self.seen.answers_for(&self.part);
        let Some(version) = self.seen.forms.get(&self.part.number) else { return Vec::new() };
        let questions = version.form.questions.iter().enumerate();
        let answer = |(place, question): (usize, &Question)| {
            let value = visible.get(&question.key)?.clone();
            Some(AccessAnswer { form: version.form.clone(), place, value, lang: self.lang.clone() })
        };
        questions.filter_map(answer).collect()
    }

    /// When it was first submitted.
    fn submitted_at(&self) -> Option<DateTime> {
        self.part.submitted_at.map(DateTime)
    }

    /// Who is awaited.
    fn awaiting(&self) -> Option<RequestRole> {
        self.part.clock.awaiting
    }

    /// Last day on which the answer is in time, by the working days of the holder's country. Null while the clock stands still.
    fn due_on(&self) -> Option<Date> {
        self.part.clock.due.map(date)
    }

    /// Whether that day is past.
    fn is_overdue(&self, context: &Context) -> bool {
        self.part.clock.due.is_some_and(|due| due < Day::of(context.now()))
    }

    /// Since when there has been no answer from the holder, where its time is over.
    fn no_answer_since(&self, context: &Context) -> Option<DateTime> {
        let waits = matches!(self.part.clock.awaiting, Some(RequestRole::AccessOfficer | RequestRole::Decider));
        let is_over = self.part.clock.due.is_some_and(|due| due < Day::of(context.now()));
        (waits && is_over).then_some(DateTime(self.part.clock.awaiting_since.unwrap_or(self.part.since)))
    }

    /// The holder's decision.
    fn decision(&self) -> Option<AccessDecision> {
        let decision = self.part.decision.clone()?;
        let is_read = self.seen.reads_content_of(&self.part);
        Some(AccessDecision { texts: self.seen.reasons(&self.part).into_iter().cloned().collect(), decision, is_read })
    }

    /// Persons whom the holder has invited; for the people of the holder only.
    fn invited(&self) -> Vec<AccessInvitation> {
        if !self.is_inside() {
            return Vec::new();
        }
        self.part.invited.iter().map(|invited| AccessInvitation { seen: self.seen.clone(), invited: invited.clone() }).collect()
    }

    /// How far the deciders have come with the decision, the renewal or the appeal that is open; for the people of the holder only.
    fn votes(&self, context: &Context) -> FieldResult<Option<AccessVotes>> {
        if !self.is_inside() {
            return Ok(None);
        }
        let tally = handling::tally(&context.catalogue, &self.seen.request, &self.part).map_err(from_service)?;
        Ok(Some(AccessVotes(tally)))
    }

    /// The undertaking that waits for acceptance or was accepted; null for who sees states and dates only, or has nothing more to say on it.
    fn undertaking(&self) -> Option<AccessUndertaking> {
        let undertaking = self.part.undertaking.clone().filter(|_| self.seen.reads_content_of(&self.part))?;
        let text = self.seen.undertaking_text(&self.part).map(str::to_owned);
        let acceptance = |one: &Acceptance| AccessAcceptance {
            function: self.seen.function(one.person).map(str::to_owned),
            at: one.at,
            text_hash: one.text_hash.clone(),
        };
        let accepted = undertaking.accepted.iter().map(acceptance).collect();
        let awaited = self.seen.request.not_yet_accepted(&self.part);
        let by_viewer = undertaking.accepted.iter().any(|one| Some(one.person) == self.seen.by.person);
        Some(AccessUndertaking { text, text_hash: undertaking.text_hash, agreement: undertaking.agreement, accepted, awaited, by_viewer })
    }

    /// First day of the right of use.
    fn from(&self) -> Option<Date> {
        self.part.from.map(date)
    }

    /// Last day of the right of use.
    fn until(&self) -> Option<Date> {
        self.part.until.map(date)
    }

    /// Last day that a renewal was asked for.
    fn renewal_until(&self) -> Option<Date> {
        self.part.renewal_until.map(date)
    }

    /// The institution for which it was submitted. A return by another holder, and what is written after it, change nothing about this.
    fn on_behalf_of(&self, context: &Context) -> FieldResult<Option<Institution>> {
        let frame = self.seen.request.frame_of(&self.part);
        let slug = frame.on_behalf_of.filter(|_| self.seen.sees_content_of(&self.part));
        slug.map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Kind of purpose for which it was submitted, likewise.
    fn purpose(&self) -> Option<AgreementPurpose> {
        self.seen.request.frame_of(&self.part).purpose.filter(|_| self.seen.sees_content_of(&self.part))
    }

    /// Last day on which the applicant declares in time that the data are destroyed, also while a renewal is still open; null where nothing
    /// is to be destroyed.
    fn destruction_due_on(&self) -> Option<Date> {
        self.part.destruction_due().map(date)
    }

    /// The day after which it ends by itself, since nobody has answered for long; null until that was announced.
    fn lapses_on(&self) -> Option<Date> {
        self.part.clock.lapses_on.map(date)
    }

    /// Why it ended.
    fn ended(&self) -> Option<EndReason> {
        self.part.ended
    }

    /// When the applicant declared the data destroyed.
    fn destroyed_at(&self) -> Option<DateTime> {
        self.part.destroyed_at.map(DateTime)
    }

    /// Who may use the data, from when, until when. The holder gives them, outside the catalogue.
    fn entitlements(&self) -> Vec<Entitlement> {
        entitlements_of(&self.seen, &self.part)
    }

    /// Roles of the viewer in this part.
    fn viewer_roles(&self) -> Vec<RequestRole> {
        self.seen.roles(&self.part)
    }

    /// Agreements in force that cover what is asked for: between the holder and the institution that asks, on this holding, its level and
    /// the purpose. With one of them the way is shorter (`accessRequestActivate`). For the access officers of the holder and the applicant.
    fn covering_agreements(&self, context: &Context) -> FieldResult<Vec<Agreement>> {
        let found =
            granting::covering_for(&context.catalogue, &context.actor, &self.seen, &self.part, context.now()).map_err(from_service)?;
        Ok(found.into_iter().map(|seen| Agreement { seen, lang: self.lang.clone() }).collect())
    }

    /// What the viewer may do with this part now. ACTIVATE is there where an agreement in force covers it.
    fn viewer_actions(&self, context: &Context) -> FieldResult<Vec<RequestCommand>> {
        granting::actions(&context.catalogue, &self.seen, &self.part, context.now()).map_err(from_service)
    }
}

/// A decision.
pub struct AccessDecision {
    decision: Decision,
    texts: Vec<Value>,
    is_read: bool,
}

/// The decision of a holder, line by line of the five safes.
#[juniper::graphql_object(context = Context)]
impl AccessDecision {
    /// What was decided.
    fn outcome(&self) -> RequestOutcome {
        self.decision.outcome
    }

    /// Reason of a refusal, as counted in the statistics; null for who sees states and dates only.
    fn reason(&self) -> Option<RejectionReason> {
        self.decision.reason.filter(|_| self.is_read)
    }

    /// Reasons in words, one for each decider.
    fn texts(&self) -> Vec<String> {
        let texts = self.texts.iter().filter_map(|text| text.get("text").and_then(Value::as_str));
        texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// A line for each of the five safes, with reason and condition.
    fn lines(&self) -> Vec<AccessDecisionLine> {
        let lines = self.texts.iter().filter_map(|text| text.get("lines").and_then(Value::as_array)).flatten();
        lines.filter_map(AccessDecisionLine::read).collect()
    }

    /// The standing rule of the holder that decided instead of a person; null for who sees states and dates only.
    fn rule(&self) -> Option<&str> {
        self.decision.rule.as_deref().filter(|_| self.is_read)
    }

    /// When it was decided.
    fn decided_at(&self) -> DateTime {
        DateTime(self.decision.at)
    }

    /// Last day for an appeal; null where the holder provides for none.
    fn appeal_until(&self) -> Option<Date> {
        self.decision.appeal_until.map(date)
    }
}

/// A line of a decision.
pub struct AccessDecisionLine {
    safe: Safe,
    verdict: SafeVerdict,
    reason: String,
    condition: Option<String>,
}

impl AccessDecisionLine {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Self {
            safe: Safe::parse(text("safe")?)?,
            verdict: SafeVerdict::parse(text("verdict")?)?,
            reason: text("reason").unwrap_or_default().to_owned(),
            condition: text("condition").map(str::to_owned),
        })
    }
}

/// A line of a decision: one of the five safes.
#[juniper::graphql_object(context = Context)]
impl AccessDecisionLine {
    /// Which of the five safes, by which access to confidential data is judged as a whole (Desai, Ritchie and Welpton, 2016).
    fn safe(&self) -> Safe {
        self.safe
    }

    /// Whether the line is met.
    fn verdict(&self) -> SafeVerdict {
        self.verdict
    }

    /// Why the line was judged so.
    fn reason(&self) -> &str {
        &self.reason
    }

    /// Condition to keep.
    fn condition(&self) -> Option<&str> {
        self.condition.as_deref()
    }
}

/// An invitation.
pub struct AccessInvitation {
    seen: Arc<Seen>,
    invited: Invited,
}

/// A person whom the holder has asked to advise, to comment or to decide.
#[juniper::graphql_object(context = Context)]
impl AccessInvitation {
    /// Number within the part.
    fn number(&self) -> i32 {
        i32::try_from(self.invited.number).unwrap_or(i32::MAX)
    }

    /// Function of the person.
    fn function(&self) -> Option<&str> {
        self.seen.function(self.invited.person)
    }

    /// As what: DATA_PROTECTION, REVIEWER or DECIDER; ACCESS_OFFICER for a deputy who was called in because nobody had answered in time.
    fn role(&self) -> RequestRole {
        self.invited.role
    }

    /// Whether a conflict of interest was declared; null until the person has declared either.
    fn has_conflict(&self) -> Option<bool> {
        self.invited.has_conflict
    }

    /// What the person recommends.
    fn recommendation(&self) -> Option<Recommendation> {
        self.invited.recommendation
    }

    /// Whether the invitation was taken back.
    fn is_removed(&self) -> bool {
        self.invited.removed_at.is_some()
    }
}

/// Votes so far.
pub struct AccessVotes(Tally);

/// How far a committee has come.
#[juniper::graphql_object(context = Context)]
impl AccessVotes {
    /// Number of deciders who have voted.
    fn given(&self) -> i32 {
        count(self.0.in_favour + self.0.against)
    }

    /// Votes for an approval, for the renewal, or for the appeal.
    fn in_favour(&self) -> i32 {
        count(self.0.in_favour)
    }

    /// Votes against.
    fn against(&self) -> i32 {
        count(self.0.against)
    }

    /// Persons who can still vote: neither conflicted nor asking for the data themselves, nor deciders of what is appealed against, or of
    /// what an appeal has opened again. Those named to decide; where none of them can, the access officers. Null where any one of these
    /// decides.
    fn open(&self) -> Option<i32> {
        self.0.open.map(count)
    }

    /// Votes that must agree.
    fn needed(&self) -> i32 {
        count(self.0.needed)
    }

    /// Whether enough votes can still agree. Where they cannot, name a further decider with `accessRequestInvite`.
    fn can_decide(&self) -> bool {
        self.0.can_decide()
    }
}
