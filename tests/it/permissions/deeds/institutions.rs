//! Deeds of institutions and of the catalogue: members, roles, the log.

use rihla::domain::policy::Action;
use serde_json::{Value, json};

use super::super::stage::{OWN, Outcome, Stage, Thing, outcome};
use super::{Deed, free, own};
use crate::actors::Caller;

const OWN_ROLE: (&str, Option<&str>) = ("EDITOR", Some(OWN));
const CATALOGUE_ROLE: (&str, Option<&str>) = ("AUDITOR", None);

fn role(stage: &Stage, caller: &Caller, mutation: &str, (role, institution): (&str, Option<&str>)) -> Outcome {
    let mut input = json!({ "person": stage.novice, "role": role });
    if let Some(institution) = institution {
        input["institution"] = json!(institution);
    }
    stage.perform(caller, mutation, input, "member { id }")
}

/// The novice without the role.
fn without(stage: &Stage, wish: (&str, Option<&str>)) -> Thing {
    let done = role(stage, stage.person("admin"), "membershipRevoke", wish);
    assert!(done.as_ref().err().is_none_or(|code| code == "NOT_FOUND"), "{done:?}");
    Thing::default()
}

/// The novice with the role.
fn with(stage: &Stage, wish: (&str, Option<&str>)) -> Thing {
    role(stage, stage.person("admin"), "membershipGrant", wish).expect("the administrator gives a role");
    Thing::default()
}

fn invite(stage: &Stage, caller: &Caller, (role, institution): (&str, Option<&str>)) -> Outcome {
    let mut wish = json!({ "role": role });
    if let Some(institution) = institution {
        wish["institution"] = json!(institution);
    }
    let input = json!({ "email": "guest@people.example", "function": "Guest", "language": "en", "roles": [wish] });
    stage.perform(caller, "invitationSend", input, "email")
}

/// Deeds of institutions and of the catalogue.
pub fn of_institutions() -> Vec<Deed> {
    use Action as A;
    vec![
        own(A::DraftCreate, "datasetDraftCreate", |stage, caller, _| {
            stage.perform(caller, "datasetDraftCreate", json!({ "institution": OWN }), "draft { id }")
        }),
        own(A::InstitutionUpdate, "institutionUpdate", |stage, caller, thing| {
            let seen = stage.look(thing)["institution"]["revision"].clone();
            let input = json!({ "institution": OWN, "expectedRevision": seen, "content": { "acronym": format!("A{seen}") } });
            stage.perform(caller, "institutionUpdate", input, "institution { slug }")
        }),
        own(A::InstitutionMembers, "invitationSend", |stage, caller, _| invite(stage, caller, OWN_ROLE)),
        Deed {
            prepare: |stage, _| without(stage, OWN_ROLE),
            ..own(A::InstitutionMembers, "membershipGrant", |s, c, _| role(s, c, "membershipGrant", OWN_ROLE))
        },
        Deed {
            prepare: |stage, _| with(stage, OWN_ROLE),
            ..own(A::InstitutionMembers, "membershipRevoke", |s, c, _| role(s, c, "membershipRevoke", OWN_ROLE))
        },
        free(A::CatalogueMembers, "invitationSend", |stage, caller, _| invite(stage, caller, CATALOGUE_ROLE)),
        Deed {
            prepare: |stage, _| without(stage, CATALOGUE_ROLE),
            ..free(A::CatalogueMembers, "membershipGrant", |s, c, _| role(s, c, "membershipGrant", CATALOGUE_ROLE))
        },
        Deed {
            prepare: |stage, _| with(stage, CATALOGUE_ROLE),
            ..free(A::CatalogueMembers, "membershipRevoke", |s, c, _| role(s, c, "membershipRevoke", CATALOGUE_ROLE))
        },
        Deed {
            is_logged: false,
            ..free(A::AuditRead, "auditLog", |stage, caller, _| {
                outcome(&caller.ask(&stage.server, "{ auditLog(first: 1) { nodes { seq } } }", Value::Null), "auditLog")
            })
        },
    ]
}
