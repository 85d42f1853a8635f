//! Agreements between institutions on the exchange of data: what they cover, in which direction, until when.
//!
//! Pure: days are counted from 1970-01-01, and today is an argument. Who may do what is decided in [`super::policy`];
//! [`step`] holds which command leads from which state to which.

mod problems;
pub mod step;
#[cfg(test)]
mod tests;
mod when;

pub use problems::MAX_COVERED;
pub use step::{STEPS, Step, decide, documentation};
pub use when::{Deadline, WARNING_DAYS, date_on, warnings_due};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::ids::{DatasetId, HoldingId, Slug, hex};
use super::text::MultilingualText;
use super::time::PartialDate;
use super::vocabulary::{
    AgreementGap, AgreementKind, AgreementPurpose, AgreementRenewal, AgreementState, AgreementVisibility, Frequency, PartyRole,
    RequestedData,
};

/// An agreement as the register keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Agreement {
    /// Title.
    pub title: MultilingualText,
    /// Kind.
    pub kind: AgreementKind,
    /// Parties, in the order of the agreement.
    pub parties: Vec<Party>,
    /// The data that it covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Covered>,
    /// Whether it is on aggregates, microdata or both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requested_data: Vec<RequestedData>,
    /// For what the data may be used, by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<AgreementPurpose>,
    /// The purpose in words.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub purpose: MultilingualText,
    /// Law on which it rests.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub legal_basis: MultilingualText,
    /// Statistical confidentiality: data flow from administration to statistics only, and never come back to decide on a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_way: bool,
    /// Authorisation or declaration at the data-protection authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_protection: Option<DataProtection>,
    /// How the data are delivered, outside the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<PartialDate>,
    /// Last day; none where it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<PartialDate>,
    /// What happens on the last day.
    #[serde(default)]
    pub renewal: Renewal,
    /// The wording that is signed, above all of an undertaking.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub text: MultilingualText,
    /// Functions to turn to, one or more for each party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Where the document is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// Who may read it.
    pub visibility: AgreementVisibility,
    /// Where it stands, as recorded.
    #[serde(default)]
    pub standing: Standing,
}

/// Fields that may still be changed when the agreement is signed: they are notes of the register, not terms.
pub const ANNOTATIONS: [&str; 3] = ["contacts", "document", "visibility"];

/// A party: an institution of the catalogue, or a function of an institution that is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Party {
    /// An institution of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Slug>,
    /// Somebody else, by function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonParty>,
    /// What it is in the agreement.
    pub role: PartyRole,
}

/// A person who is a party: by function and institution, never by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PersonParty {
    /// Function, such as "Head of the migration research unit".
    pub function: String,
    /// Name of the institution.
    pub institution: String,
}

/// Data that an agreement covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Covered {
    /// One institution's holding of one dataset.
    Holding(#[serde(with = "uuid_text")] Uuid),
    /// Every holding of a dataset by a party that provides.
    Dataset(#[serde(with = "uuid_text")] Uuid),
    /// Everything that an institution holds.
    HoldingsOf(Slug),
}

/// Reference at the data-protection authority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DataProtection {
    /// Number of the decision or declaration, without its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The authority.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub authority: MultilingualText,
    /// Why none is needed, where that is so.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub note: MultilingualText,
}

/// How data are delivered. The catalogue never passes data on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delivery {
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Format, such as CSV.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Way, such as "secure exchange server of the office".
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub channel: MultilingualText,
}

/// A contact: a function and a shared mailbox, never a private person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Contact {
    /// The party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<Slug>,
    /// Function.
    pub function: MultilingualText,
    /// Mailbox of the function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
}

/// Where the document is; the catalogue keeps no file of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Document {
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Who keeps it.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub held_by: MultilingualText,
}

/// What happens on the last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Renewal {
    /// Whether it ends or goes on.
    pub kind: AgreementRenewal,
    /// For tacit renewal: for how many months each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_months: Option<i32>,
    /// For tacit renewal: how many months before the end notice must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_months: Option<i32>,
}

impl Default for Renewal {
    fn default() -> Self {
        Self { kind: AgreementRenewal::None, period_months: None, notice_months: None }
    }
}

/// Where an agreement stands, as the last command left it; what the dates make of it tells [`Agreement::state_on`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Standing {
    /// DRAFT, SIGNED, SUSPENDED or TERMINATED.
    pub state: AgreementState,
    /// Why it was suspended or terminated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When notice was given that it is not renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_on: Option<PartialDate>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { state: AgreementState::Draft, reason: None, notice_on: None }
    }
}

/// What somebody needs an agreement for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The institution that holds the data.
    pub provider: &'a Slug,
    /// The institution that asks.
    pub recipient: &'a Slug,
    /// The holding.
    pub holding: HoldingId,
    /// The dataset of the holding.
    pub dataset: DatasetId,
    /// What is asked of it.
    pub data: RequestedData,
    /// For what.
    pub purpose: AgreementPurpose,
    /// On which day, counted from 1970-01-01.
    pub on: i64,
}

/// Whether an agreement covers what is asked for.
///
/// # Errors
/// Everything that keeps it from doing so.
pub fn covers(agreement: &Agreement, asked: &Asked<'_>) -> Result<(), Vec<AgreementGap>> {
    let mut gaps = Vec::new();
    if agreement.state_on(asked.on) != AgreementState::InForce {
        gaps.push(AgreementGap::NotInForce);
    }
    gaps.extend(agreement.gaps_of_direction(asked));
    if !agreement.covers.iter().any(|covered| covered.includes(asked)) {
        gaps.push(AgreementGap::DataNotCovered);
    }
    if !agreement.requested_data.contains(&asked.data) {
        gaps.push(AgreementGap::LevelNotCovered);
    }
    if !agreement.purposes.contains(&asked.purpose) {
        gaps.push(AgreementGap::PurposeNotCovered);
    }
    if gaps.is_empty() { Ok(()) } else { Err(gaps) }
}

impl Covered {
    fn includes(&self, asked: &Asked<'_>) -> bool {
        match self {
            Self::Holding(id) => *id == asked.holding.0,
            Self::Dataset(id) => *id == asked.dataset.0,
            Self::HoldingsOf(slug) => slug == asked.provider,
        }
    }
}

impl Agreement {
    /// Role of an institution; none where it is no party.
    pub fn role_of(&self, institution: &Slug) -> Option<PartyRole> {
        self.parties.iter().find(|party| party.institution.as_ref() == Some(institution)).map(|party| party.role)
    }

    /// Institutions that sign and may change it: every party that is no witness.
    pub fn signatories(&self) -> Vec<&Slug> {
        self.parties.iter().filter(|party| party.role != PartyRole::Witness).filter_map(|party| party.institution.as_ref()).collect()
    }

    /// Institutions whose people read it whole: signatories and witnesses.
    pub fn institutions(&self) -> Vec<&Slug> {
        self.parties.iter().filter_map(|party| party.institution.as_ref()).collect()
    }

    fn gaps_of_direction(&self, asked: &Asked<'_>) -> Vec<AgreementGap> {
        let (from, to) = (self.role_of(asked.provider), self.role_of(asked.recipient));
        let provides = |role| matches!(role, Some(PartyRole::Provider | PartyRole::Both));
        let receives = |role| matches!(role, Some(PartyRole::Recipient | PartyRole::Both));
        let is_backwards = receives(from) && provides(to) && !(provides(from) && receives(to));
        let mut gaps = Vec::new();
        if self.one_way && (is_backwards || asked.purpose.concerns_persons()) {
            gaps.push(AgreementGap::AgainstOneWay);
        }
        if !provides(from) {
            gaps.push(AgreementGap::ProviderNotParty);
        }
        if !receives(to) || asked.provider == asked.recipient {
            gaps.push(AgreementGap::RecipientNotParty);
        }
        gaps
    }

    /// SHA-256 of everything that the parties sign: all but state, contacts, visibility and the place of the document.
    /// Whoever signs or accepts gives it back, so that nobody signs what somebody has changed meanwhile.
    ///
    /// # Errors
    /// The agreement cannot be written as JSON.
    pub fn text_hash(&self) -> Result<String, serde_json::Error> {
        let mut terms = serde_json::to_value(self)?;
        if let Some(object) = terms.as_object_mut() {
            object.retain(|key, _| key != "standing" && !ANNOTATIONS.contains(&key.as_str()));
        }
        // Independent of the order in which fields are written.
        terms.sort_all_objects();
        Ok(hex(&Sha256::digest(terms.to_string().as_bytes())))
    }
}

/// Identifiers as text.
mod uuid_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
        let text = String::deserialize(deserializer)?;
        Uuid::try_parse(&text).map_err(|_| D::Error::custom("is not an identifier of a record; use the one that the catalogue gave"))
    }
}
