//! Deeds on agreements.

use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{HEIR, OWN, agreement_content};
use super::{Deed, On, agreed, deed, on_agreement, own};

/// Deeds on agreements between the two institutions.
pub fn of_agreements() -> Vec<Deed> {
    use Action as A;
    vec![
        own(A::AgreementCreate, "agreementCreate", |stage, caller, _| {
            let content = agreement_content(HEIR, &Value::Null);
            stage.perform(caller, "agreementCreate", json!({ "content": content }), "agreement { id }")
        }),
        agreed(A::AgreementUpdate, "agreementUpdate", |s, c, t| {
            let contacts = json!([{ "institution": OWN, "function": [{ "language": "en", "text": "Desk" }] }]);
            on_agreement(s, c, "agreementUpdate", t, &json!({ "content": { "contacts": contacts } }))
        }),
        deed(A::AgreementSign, "agreementSign", On::Agreement, Some(OWN), |s, c, t| {
            on_agreement(s, c, "agreementSign", t, &json!({ "institution": OWN, "textHash": t.agreement_hash }))
        }),
        agreed(A::AgreementSuspend, "agreementSuspend", |s, c, t| {
            on_agreement(s, c, "agreementSuspend", t, &json!({ "reason": "It is looked into." }))
        }),
        agreed(A::AgreementResume, "agreementResume", |s, c, t| on_agreement(s, c, "agreementResume", t, &Value::Null)),
        agreed(A::AgreementTerminate, "agreementTerminate", |s, c, t| {
            on_agreement(s, c, "agreementTerminate", t, &json!({ "reason": "It is no longer needed." }))
        }),
    ]
}
