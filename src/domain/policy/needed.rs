//! What role would have been needed, said to whoever lacks it.

use super::super::ids::Slug;
use super::super::vocabulary::{Role, Vocabulary};
use super::{Action, RULES, is_of_institution};

/// The roles any of which an action needs, in words, such as "EDITOR of the institution concerned". It is said of the action alone, whatever it was
/// done to, so that it tells of nothing whether it is there; an institution is named where the person has named it. None where being signed in is
/// role enough.
pub fn needed_roles(action: Action, institution: Option<&Slug>) -> Option<String> {
    let mut roles: Vec<Role> = Vec::new();
    for role in RULES.iter().filter(|rule| rule.action == action).flat_map(|rule| rule.roles) {
        if !roles.contains(role) && *role != Role::Member {
            roles.push(*role);
        }
    }
    let of = |is_wanted: fn(Role) -> bool| {
        let codes: Vec<&str> = roles.iter().filter(|role| is_wanted(**role)).map(|role| role.code()).collect();
        (!codes.is_empty()).then(|| codes.join(" or "))
    };
    let place = institution.map_or_else(|| "the institution concerned".to_owned(), |slug| format!("the institution `{slug}`"));
    let inside = of(is_of_institution).map(|codes| format!("{codes} of {place}"));
    let above = of(|role| !is_of_institution(role)).map(|codes| format!("{codes} of the catalogue"));
    let parts: Vec<String> = inside.into_iter().chain(above).collect();
    (!parts.is_empty()).then(|| parts.join(", or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_are_those_of_the_table_with_their_place() {
        let slug = Slug::parse("hcp").expect("slug");
        assert_eq!(needed_roles(Action::DraftCreate, Some(&slug)).as_deref(), Some("EDITOR of the institution `hcp`"));
        assert_eq!(needed_roles(Action::DraftUpdate, None).as_deref(), Some("EDITOR of the institution concerned"));
        let both = "EDITOR or VALIDATOR of the institution concerned, or COORDINATOR of the catalogue";
        assert_eq!(needed_roles(Action::SourceManage, None).as_deref(), Some(both));
        assert_eq!(needed_roles(Action::CatalogueMembers, None).as_deref(), Some("ADMIN of the catalogue"));
        assert_eq!(needed_roles(Action::AccessRequest, None), None);
    }
}
