//! For whom and for which kind of purpose data are asked. What was submitted to a holder stays as it was submitted, like answers and
//! members: another holder's return opens the request again, but nothing that somebody else has judged.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::AgreementPurpose;

use super::{Part, Request};

/// For whom and for which kind of purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The institution for which the applicant asks.
    pub on_behalf_of: Option<Slug>,
    /// Kind of purpose, by which agreements between institutions are found.
    pub purpose: Option<AgreementPurpose>,
}

impl Request {
    /// For whom and for what, as the applicant has written it last.
    fn present_frame(&self) -> Frame {
        Frame { on_behalf_of: self.on_behalf_of.clone(), purpose: self.purpose }
    }

    /// For whom and for what a part was submitted; of one that never was, what the applicant has written last.
    pub fn frame_of(&self, part: &Part) -> Frame {
        part.frame.clone().unwrap_or_else(|| self.present_frame())
    }

    /// The institution whose signature carries a person's use of a part; none where it rests on no agreement, or where the person has
    /// accepted the undertaking for themselves. The applicant asks in the institution's name, and depends on it all the same.
    pub fn carrier_of(&self, part: &Part, person: Uuid) -> Option<Slug> {
        let undertaking = part.undertaking.as_ref().filter(|undertaking| undertaking.agreement.is_some())?;
        let has_accepted = undertaking.accepted.iter().any(|acceptance| acceptance.person == person);
        self.frame_of(part).on_behalf_of.filter(|_| person == self.applicant || !has_accepted)
    }

    /// Takes down what the applicant says now. Parts that were submitted keep what they were submitted with until they are again.
    pub(super) fn reframe(&mut self, frame: Frame) {
        let before = self.present_frame();
        for part in self.parts.iter_mut().filter(|part| part.submitted_at.is_some()) {
            part.frame.get_or_insert_with(|| before.clone());
        }
        (self.on_behalf_of, self.purpose) = (frame.on_behalf_of, frame.purpose);
    }
}
