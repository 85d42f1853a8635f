//! From what a provider says of somebody to roles here, by the grants in the settings.

use super::claims::{Claims, texts};
use super::settings::{Grant, ProviderSettings};
use crate::domain::policy::is_of_institution;
use crate::domain::vocabulary::Vocabulary;

/// A role that a provider gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedRole {
    /// Code of the role, such as `EDITOR`.
    pub role: String,
    /// Slug of the institution that it is for; none for the roles of the whole catalogue.
    pub institution: Option<String>,
}

/// The roles that these claims give, each once, in the order of the grants.
///
/// A role of an institution is given only where the institution is known: the grant names it, or the claim about the institution has a
/// value that the settings know. Where that claim is a list, the role is given for each institution that is known.
pub fn granted_roles(claims: &Claims, settings: &ProviderSettings) -> Vec<GrantedRole> {
    let mut roles: Vec<GrantedRole> = Vec::new();
    for grant in &settings.grants {
        if !texts(claims, &grant.claim).contains(&grant.value.as_str()) {
            continue;
        }
        for role in roles_of(grant, claims, settings) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
    }
    roles
}

fn roles_of(grant: &Grant, claims: &Claims, settings: &ProviderSettings) -> Vec<GrantedRole> {
    let role = |institution: Option<&String>| GrantedRole { role: grant.role.code().to_owned(), institution: institution.cloned() };
    if !is_of_institution(grant.role) {
        return vec![role(None)];
    }
    if grant.institution.is_some() {
        return vec![role(grant.institution.as_ref())];
    }
    let claimed = settings.institution_claim.as_deref().map_or_else(Vec::new, |claim| texts(claims, claim));
    claimed.into_iter().filter_map(|value| settings.institutions.get(value)).map(|slug| role(Some(slug))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::provider;
    use super::*;

    const GRANTS: &str = r#"
        institution_claim = "org.unit"
        [provider.institutions]
        a = "ma-hcp"
        b = "tn-ins"
        [[provider.grant]]
        claim = "realm_access.roles"
        value = "institution_editor"
        role = "EDITOR"
        [[provider.grant]]
        claim = "realm_access.roles"
        value = "chief"
        role = "VALIDATOR"
        institution = "dz-ons"
        [[provider.grant]]
        claim = "group"
        value = "audit"
        role = "AUDITOR"
        [[provider.grant]]
        claim = "realm_access.roles"
        value = "audit"
        role = "AUDITOR"
    "#;

    fn roles(claims: Value) -> Vec<(String, Option<String>)> {
        let claims = claims.as_object().cloned().expect("an object");
        granted_roles(&claims, &provider(GRANTS)).into_iter().map(|granted| (granted.role, granted.institution)).collect()
    }

    fn role(code: &str, institution: Option<&str>) -> (String, Option<String>) {
        (code.to_owned(), institution.map(str::to_owned))
    }

    #[test]
    fn a_list_at_a_path_gives_a_role_of_the_claimed_institution() {
        let claims = json!({ "realm_access": { "roles": ["other", "institution_editor"] }, "org": { "unit": "a" } });
        assert_eq!(roles(claims), [role("EDITOR", Some("ma-hcp"))]);
    }

    #[test]
    fn several_institutions_give_the_role_for_each_that_is_known() {
        let claims = json!({ "realm_access": { "roles": "institution_editor" }, "org": { "unit": ["b", "z", "a", "b"] } });
        assert_eq!(roles(claims), [role("EDITOR", Some("tn-ins")), role("EDITOR", Some("ma-hcp"))]);
    }

    #[test]
    fn without_a_known_institution_no_role_of_one_is_given() {
        for institution in [json!({}), json!({ "unit": "z" }), json!({ "unit": "ma-hcp" }), json!({ "unit": 1 }), json!("a"), Value::Null] {
            let claims = json!({ "realm_access": { "roles": ["institution_editor"] }, "org": institution });
            assert!(roles(claims.clone()).is_empty(), "{claims}");
        }
    }

    #[test]
    fn a_grant_may_name_the_institution() {
        let claims = json!({ "realm_access": { "roles": ["chief"] }, "org": { "unit": "a" } });
        assert_eq!(roles(claims), [role("VALIDATOR", Some("dz-ons"))]);
    }

    #[test]
    fn roles_of_the_catalogue_need_no_institution_and_come_once() {
        let claims = json!({ "group": "audit", "realm_access": { "roles": ["audit"] }, "org": { "unit": "a" } });
        assert_eq!(roles(claims), [role("AUDITOR", None)]);
    }

    #[test]
    fn only_the_exact_value_counts() {
        for value in
            [json!("institution_editor2"), json!("INSTITUTION_EDITOR"), json!("audit institution_editor"), json!({ "chief": true })]
        {
            let claims = json!({ "realm_access": { "roles": value }, "org": { "unit": "a" } });
            assert!(roles(claims.clone()).is_empty(), "{claims}");
        }
    }
}
