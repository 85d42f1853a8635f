//! The rules of an institution.

use std::collections::HashSet;

use super::super::concept::Concepts;
use super::super::institution::Institution;
use super::super::problem::Problem;
use super::super::record::institution_too_long;
use super::super::vocabulary::ConceptScheme;
use super::address::{check_identifier, check_url};

/// Checks an institution against the rules and the concept schemes; every problem is named.
pub fn validate_institution(institution: &Institution, concepts: &Concepts) -> Vec<Problem> {
    let mut problems = Vec::new();
    if institution.names.is_empty() {
        problems.push(Problem::new("names", "", "the institution has no name; give one in at least one language"));
    }
    if let Some(country) = &institution.country
        && let Err(remedy) = concepts.require(ConceptScheme::Places, country)
    {
        problems.push(Problem::new("country", country, remedy));
    }
    if let Some(identifier) = &institution.identifier {
        check_identifier(identifier, &mut problems);
    }
    if let Some(website) = &institution.website {
        check_url("website", website, &mut problems);
    }
    for (index, citation) in institution.citations.iter().enumerate() {
        if let Some(url) = &citation.url {
            check_url(&format!("citations[{index}].url"), url, &mut problems);
        }
    }
    for (index, former) in institution.former_names.iter().enumerate() {
        if let (Some(from), Some(to)) = (former.from, former.to)
            && from.first_day() > to.last_day()
        {
            problems.push(Problem::new(
                format!("formerNames[{index}]"),
                format!("{from}/{to}"),
                "the name ends before it starts; correct one of the two dates",
            ));
        }
    }
    if institution.parent.as_ref() == Some(&institution.slug) {
        problems.push(Problem::new("parent", &institution.slug, "an institution cannot be its own parent; remove the parent"));
    }
    for (field, slugs) in [("predecessors", &institution.predecessors), ("successors", &institution.successors)] {
        let mut known = HashSet::new();
        for (index, slug) in slugs.iter().enumerate() {
            let field = format!("{field}[{index}]");
            if *slug == institution.slug {
                problems.push(Problem::new(field, slug, "an institution cannot come before or after itself; remove it"));
            } else if !known.insert(slug) {
                problems.push(Problem::new(field, slug, "the institution is listed twice; keep one"));
            }
        }
    }
    for (index, citation) in institution.citations.iter().enumerate() {
        if citation.title.trim().is_empty() {
            let remedy = "is empty; give the title of the source";
            problems.push(Problem::new(format!("citations[{index}].title"), &citation.title, remedy));
        }
    }
    problems.extend(institution_too_long(institution));
    problems
}
