//! The registers: challenges, good practices, capacity needs, requests for what is not documented, statements that something is not
//! collected, decisions on overlaps, agreed notes, focal points. Each entry speaks in the name of somebody, on a day.

mod cell;
mod problems;
mod step;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ids::Slug;
use super::text::MultilingualText;
use super::time::PartialDate;
use super::vocabulary::{
    CapacityKind, ChallengeKind, ComparabilityVerdict, NeedLevel, NeedPriority, ObjectiveAction, OfferState, RegisterCommand, RegisterKind,
    RegisterState, RegisterVisibility,
};
use super::workdays::Day;

pub use cell::{Bound, Cell};
pub use problems::{Fields, MAX_LINKS, field_problems, fields};
pub use step::{Move, Who, moves, row_of};

/// Most earlier wordings that an entry keeps.
const MOST_EARLIER: usize = 50;

/// An entry of the registers. Which fields it may have depends on its kind; see [`fields`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Entry {
    /// What it is.
    pub kind: RegisterKind,
    /// Where it stands.
    pub state: RegisterState,
    /// Who may read it once it is validated.
    pub visibility: RegisterVisibility,
    /// In whose name it speaks; none where it speaks for the coordination of the catalogue, or is a member's own request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Slug>,
    /// Title; of a focal point its function.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub title: MultilingualText,
    /// The statement itself; of a good practice what was done.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub text: MultilingualText,
    /// Where and when it came up, such as a workshop.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub occasion: MultilingualText,
    /// The day that it is of; of a strategy the day on which it takes effect, of a training its first day, of a profile the day on which
    /// it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<PartialDate>,
    /// Until when: the deadline of a need, the day wished for in a request, the last day of a strategy or training, the day by which
    /// those invited are asked to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
    /// Address on the web where the document can be read: of a strategy, a profile, a practice, an invitation, a training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Datasets that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<Uuid>,
    /// Institutions that it is about; of an invitation those that are invited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<Slug>,
    /// Topics, codes of the scheme THEMES.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// Places, codes of the scheme PLACES; of a good practice where else it was used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Objectives and indicators, codes of the scheme INDICATORS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// Actions of Objective 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ObjectiveAction>,
    /// What is asked for, or stated as not collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<Cell>,
    /// Kind of a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge_kind: Option<ChallengeKind>,
    /// Who is affected by a challenge, in words.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub affected: MultilingualText,
    /// Answer to a challenge.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub answer: MultilingualText,
    /// Context of a good practice.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub context: MultilingualText,
    /// Result of a good practice, with its evidence.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub result: MultilingualText,
    /// Conditions under which a good practice can be repeated.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub conditions: MultilingualText,
    /// Function to turn to about a good practice; never a person.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub contact: MultilingualText,
    /// What a capacity need is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_kind: Option<CapacityKind>,
    /// Level of the skill or means that is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<NeedLevel>,
    /// Priority of a need, as the institution sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<NeedPriority>,
    /// Number of people whom a need concerns, or who took part in a training; never who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<i32>,
    /// Offers to meet a need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// What an institution has committed itself to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Commitment>,
    /// The record that fulfils a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fulfilled_by: Option<Uuid>,
    /// Verdict of an agreed note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<ComparabilityVerdict>,
    /// Place of the discrepancy in its record's list, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discrepancy: Option<i32>,
    /// Mark of what a note is on: of figures their values, of two records how they stood to each other when it was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<String>,
    /// Mailbox of a function; never a private address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// Function that stands in.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub deputy: MultilingualText,
    /// Mailbox of the function that stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_mailbox: Option<String>,
    /// Producers that agree with the present text of a note; of an invitation, institutions that take part, as long as they stay invited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed_by: Vec<Slug>,
    /// What was done, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What it said before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
}

/// Commands of others than the institution whose entry it is: they are given to what stands, also while it is corrected.
pub const OF_OTHERS: [RegisterCommand; 3] = [RegisterCommand::Offer, RegisterCommand::TakePart, RegisterCommand::StepBack];

/// What an entry said until it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Earlier {
    /// When it was changed, milliseconds from 1970-01-01 UTC.
    pub until: i64,
    /// The entry as it was, without what was done with it.
    pub entry: Box<Entry>,
}

/// An entry as it stood at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// The entry, with what had been done with it by then.
    pub entry: Entry,
    /// Whether its words are later ones, since those of then are not kept.
    pub is_rewritten: bool,
}

/// An offer to meet a capacity need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Offer {
    /// Who offers.
    pub institution: Slug,
    /// What is offered.
    pub text: String,
    /// Whether it was accepted.
    pub state: OfferState,
    /// Whether a validator of the institution made it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_validated: bool,
    /// When it was made, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// When it was accepted, in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<i64>,
}

/// What an institution commits itself to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Commitment {
    /// The institution.
    pub institution: Slug,
    /// What it will do.
    pub text: String,
    /// Until when.
    pub until: PartialDate,
    /// When it was given, milliseconds from 1970-01-01 UTC.
    pub at: i64,
}

/// Something that was done with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Step {
    /// What; none where the entry was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<RegisterCommand>,
    /// State that it led to.
    pub state: RegisterState,
    /// In whose name; none where that was the coordination, or a member on their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Slug>,
    /// Function of the person, never a name.
    pub function: String,
    /// Reason, evidence or remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: i64,
}

impl Entry {
    /// An entry of which nothing is said yet.
    pub fn blank(kind: RegisterKind, state: RegisterState, institution: Option<Slug>) -> Self {
        Self {
            kind,
            state,
            visibility: RegisterVisibility::Public,
            institution,
            title: MultilingualText::default(),
            text: MultilingualText::default(),
            occasion: MultilingualText::default(),
            on: None,
            until: None,
            url: None,
            datasets: Vec::new(),
            institutions: Vec::new(),
            themes: Vec::new(),
            places: Vec::new(),
            indicators: Vec::new(),
            actions: Vec::new(),
            cell: None,
            challenge_kind: None,
            affected: MultilingualText::default(),
            answer: MultilingualText::default(),
            context: MultilingualText::default(),
            result: MultilingualText::default(),
            conditions: MultilingualText::default(),
            contact: MultilingualText::default(),
            capacity_kind: None,
            level: None,
            priority: None,
            people: None,
            offers: Vec::new(),
            commitment: None,
            fulfilled_by: None,
            verdict: None,
            discrepancy: None,
            figures: None,
            mailbox: None,
            deputy: MultilingualText::default(),
            deputy_mailbox: None,
            agreed_by: Vec::new(),
            steps: Vec::new(),
            earlier: Vec::new(),
        }
    }

    /// Whether it is about the records that it names and nothing else: without them it says nothing.
    pub fn is_of_records(&self) -> bool {
        matches!(self.kind, RegisterKind::Overlap | RegisterKind::ComparabilityNote | RegisterKind::DiscrepancyNote)
    }

    /// Whether its text still waits for somebody's validation or consent.
    pub fn is_unsettled(&self) -> bool {
        waits(self.state)
    }

    /// Where it stood at an instant (milliseconds from 1970-01-01 UTC); none where it was not there yet.
    pub fn state_at(&self, at: i64) -> Option<RegisterState> {
        self.steps.iter().rev().find(|step| step.at <= at).map(|step| step.state)
    }

    /// Keeps what the entry said until it was changed. Past [`MOST_EARLIER`] the oldest is forgotten.
    pub fn keep_earlier(&mut self, before: &Self, until: i64) {
        let entry = Self { steps: Vec::new(), earlier: Vec::new(), ..before.clone() };
        self.earlier.push(Earlier { until, entry: Box::new(entry) });
        let too_many = self.earlier.len().saturating_sub(MOST_EARLIER);
        self.earlier.drain(..too_many);
    }

    /// The entry as anyone who may read it read it at an instant (milliseconds from 1970-01-01 UTC); none where it was not there yet. While
    /// a correction waits for its validation, or another wording of a note for the consent of all, what was validated or agreed last stands.
    pub fn as_of(&self, at: i64) -> Option<Stood> {
        let state = self.state_at(at)?;
        let standing = self.earlier.iter().rev().find(|earlier| earlier.until <= at && !earlier.entry.is_unsettled());
        let (kept, state) = match standing.filter(|_| waits(state)) {
            Some(earlier) => (Some(earlier), earlier.entry.state),
            None => (self.earlier.iter().find(|earlier| earlier.until > at), state),
        };
        let words_until = kept.map_or(i64::MAX, |earlier| earlier.until);
        let read_until = words_until.min(at.saturating_add(1));
        let mut entry = kept.map_or_else(|| self.clone(), |earlier| (*earlier.entry).clone());
        entry.state = state;
        entry.earlier = Vec::new();
        // While it is corrected others go on with what stands: what they did belongs to it.
        let is_corrected = self.is_unsettled() && !waits(state);
        let is_of_others = |step: &Step| is_corrected && step.at <= at && step.command.is_some_and(|command| OF_OTHERS.contains(&command));
        entry.steps = self.steps.iter().filter(|step| step.at < read_until || is_of_others(step)).cloned().collect();
        if is_corrected {
            entry.offers = self.offers.iter().filter(|offer| offer.at <= at).cloned().collect();
            if self.kind == RegisterKind::Invitation {
                entry.agreed_by.clone_from(&self.agreed_by);
            }
        }
        let is_update = |step: &Step| step.command == Some(RegisterCommand::Update);
        let is_rewritten = self.steps.iter().any(|step| is_update(step) && step.at > at && step.at < words_until);
        Some(Stood { entry, is_rewritten })
    }

    /// The entry as it is known at an instant, of an instant before: a look back. What it says is what is known, and so is whether it is validated;
    /// what was done with it (answered, committed to, closed) counts up to the instant before. None where it is not known yet; nor, of what is
    /// agreed or decided on records, where that was not done by then and nobody dates it earlier. Where the two instants are one it is how it
    /// stood.
    pub fn known_of(&self, known: i64, by: i64) -> Option<Stood> {
        let mut stood = self.as_of(known)?;
        let entry = &mut stood.entry;
        if by >= known || entry.is_unsettled() || entry.state == RegisterState::Withdrawn {
            return Some(stood);
        }
        if entry.is_of_records() {
            let is_reached = self.steps.iter().any(|step| step.at <= by && !waits(step.state));
            let is_dated = entry.on.is_some_and(|on| on.first_day() <= Day::of(by).0);
            return (is_reached || is_dated).then_some(stood);
        }
        // What was written down or validated later stands as it did before anything was done with it.
        let at_first = if entry.kind == RegisterKind::DataRequest { RegisterState::Open } else { RegisterState::Validated };
        entry.state = self.state_at(by).filter(|state| !waits(*state)).unwrap_or(at_first);
        Some(stood)
    }

    /// What stands for all others while a correction waits for its validation, or another wording of a note for the consent of all.
    pub fn standing(&self) -> Option<Self> {
        self.stands_in()?;
        self.as_of(i64::MAX).map(|stood| stood.entry)
    }

    /// The state of what stands meanwhile; none where nothing waits, or nothing has stood before.
    pub fn stands_in(&self) -> Option<RegisterState> {
        let last = self.earlier.iter().rev().find(|earlier| !earlier.entry.is_unsettled());
        last.filter(|_| self.is_unsettled()).map(|earlier| earlier.entry.state)
    }

    /// Offers that can answer a need: what an institution offers to itself answers none.
    pub fn offers_of_others(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| self.institution.as_ref() != Some(&offer.institution))
    }

    /// Invited institutions that had said by an instant (milliseconds from 1970-01-01 UTC) that they take part, and had not taken it back,
    /// in the order in which they said so.
    pub fn taking_part(&self, at: i64) -> Vec<Slug> {
        let mut slugs: Vec<Slug> = Vec::new();
        for step in self.steps.iter().filter(|step| step.at <= at) {
            let Some(slug) = step.institution.as_ref().filter(|slug| self.institutions.contains(slug)) else { continue };
            match step.command {
                Some(RegisterCommand::TakePart) if !slugs.contains(slug) => slugs.push(slug.clone()),
                Some(RegisterCommand::StepBack) => slugs.retain(|own| own != slug),
                _ => {}
            }
        }
        // Who was taken off the list and is invited again has to say so again.
        if self.steps.last().is_none_or(|last| last.at <= at) {
            slugs.retain(|slug| self.agreed_by.contains(slug));
        }
        slugs
    }

    /// When a step with this command was last taken.
    pub fn last(&self, command: RegisterCommand) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.command == Some(command))
    }

    /// When a focal point was last confirmed, milliseconds from 1970-01-01 UTC: its last confirmation, else its registration.
    pub fn confirmed_at(&self) -> Option<i64> {
        self.last(RegisterCommand::Confirm).or_else(|| self.steps.first()).map(|step| step.at)
    }
}

/// Whether a state is one of waiting for somebody's validation or consent.
fn waits(state: RegisterState) -> bool {
    matches!(state, RegisterState::Draft | RegisterState::Proposed)
}

/// Key of a pair of records, the same from both sides.
pub fn pair_key(one: Uuid, other: Uuid) -> String {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    format!("{first}|{second}")
}
