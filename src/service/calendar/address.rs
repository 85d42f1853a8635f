//! The calendar's filter as the parameters of an address, and back.

use std::collections::HashMap;

use url::form_urlencoded;
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::Vocabulary;
use crate::service::{Catalogue, Error};

use super::Filter;

/// Most datasets that a filter names.
pub const LIMIT_OF_DATASETS: usize = 100;

/// Languages of the file.
const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];
/// Parameters of an address of the calendar.
const PARAMETERS: [&str; 10] = ["from", "to", "kinds", "institutions", "datasets", "themes", "areas", "states", "isOverdue", "language"];

/// The parameters that stand for a filter, in a fixed order; each list with commas.
pub fn parameters(filter: &Filter, language: Option<&str>) -> String {
    fn codes<V: Vocabulary>(values: &[V]) -> Vec<String> {
        values.iter().map(|value| value.code().to_owned()).collect()
    }
    let date = |date: Option<PartialDate>| date.map(|date| vec![date.to_string()]).unwrap_or_default();
    let pairs: [(&str, Vec<String>); 10] = [
        ("from", date(filter.from)),
        ("to", date(filter.to)),
        ("kinds", codes(&filter.kinds)),
        ("institutions", filter.institutions.iter().map(ToString::to_string).collect()),
        ("datasets", filter.datasets.iter().flatten().map(Uuid::to_string).collect()),
        ("themes", filter.themes.clone()),
        ("areas", filter.areas.clone()),
        ("states", codes(&filter.states)),
        ("isOverdue", filter.is_overdue.map(|wanted| vec![wanted.to_string()]).unwrap_or_default()),
        ("language", language.map(|language| vec![language.to_owned()]).unwrap_or_default()),
    ];
    let mut text = form_urlencoded::Serializer::new(String::new());
    // Of no dataset is not of any.
    let is_said = |name: &str, values: &[String]| !values.is_empty() || (name == "datasets" && filter.datasets.is_some());
    for (name, values) in pairs.into_iter().filter(|(name, values)| is_said(name, values)) {
        text.append_pair(name, &values.join(","));
    }
    text.finish()
}

/// Reads the parameters of an address. A dataset that the actor may not see is one that has no entries.
///
/// # Errors
/// Every parameter that is wrong, with its remedy; or the database is unavailable.
pub fn read(catalogue: &Catalogue, actor: &Actor, query: &HashMap<String, String>) -> Result<Filter, Error> {
    let mut problems = Vec::new();
    let mut unknown: Vec<&String> = query.keys().filter(|name| !PARAMETERS.contains(&name.as_str())).collect();
    unknown.sort_unstable();
    for name in unknown {
        problems.push(Problem::new(name, "", format!("is no part of this address; use {}", PARAMETERS.join(", "))));
    }
    let mut filter = Filter {
        from: date(query, "from", &mut problems),
        to: date(query, "to", &mut problems),
        kinds: members(query, "kinds", &mut problems),
        states: members(query, "states", &mut problems),
        themes: list(query, "themes"),
        areas: list(query, "areas"),
        ..Filter::default()
    };
    for slug in list(query, "institutions") {
        match Slug::parse(&slug) {
            Ok(slug) => filter.institutions.push(slug),
            Err(remedy) => problems.push(Problem::new("institutions", slug, remedy)),
        }
    }
    match query.get("isOverdue").map(String::as_str) {
        None => {}
        Some("true") => filter.is_overdue = Some(true),
        Some("false") => filter.is_overdue = Some(false),
        Some(other) => problems.push(Problem::new("isOverdue", other, "is neither true nor false")),
    }
    if let Some(language) = query.get("language").filter(|language| !LANGUAGES.contains(&language.as_str())) {
        problems.push(Problem::new("language", language, format!("is none of {}", LANGUAGES.join(", "))));
    }
    let named = list(query, "datasets");
    if named.len() > LIMIT_OF_DATASETS {
        problems.push(Problem::new("datasets", named.len(), format!("are too many; name at most {LIMIT_OF_DATASETS}")));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if query.contains_key("datasets") {
        let (ids, slugs): (Vec<String>, Vec<String>) = named.into_iter().partition(|name| Uuid::try_parse(name).is_ok());
        let mut datasets: Vec<Uuid> = ids.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect();
        datasets.extend(catalogue.records_by_slug(actor, &slugs)?.iter().map(|record| record.id.0));
        filter.datasets = Some(datasets);
    }
    Ok(filter)
}

fn list(query: &HashMap<String, String>, name: &str) -> Vec<String> {
    let codes = query.get(name).map(String::as_str).unwrap_or_default().split(',');
    codes.map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

fn members<V: Vocabulary>(query: &HashMap<String, String>, name: &str, problems: &mut Vec<Problem>) -> Vec<V> {
    let mut found = Vec::new();
    for code in list(query, name) {
        match V::parse(&code) {
            Some(member) => found.push(member),
            None => problems.push(Problem::new(name, code, format!("is none of {}", V::codes()))),
        }
    }
    found
}

fn date(query: &HashMap<String, String>, name: &str, problems: &mut Vec<Problem>) -> Option<PartialDate> {
    let text = query.get(name)?;
    PartialDate::parse(text).map_err(|remedy| problems.push(Problem::new(name, text, remedy))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::{CalendarKind, CalendarState};

    #[test]
    fn an_address_has_only_what_is_asked_for_in_a_fixed_order() {
        assert_eq!(parameters(&Filter::default(), None), "");
        let filter = Filter {
            from: PartialDate::parse("2026").ok(),
            kinds: vec![CalendarKind::Collection, CalendarKind::Release],
            areas: vec!["M49-015".to_owned()],
            states: vec![CalendarState::Planned],
            is_overdue: Some(false),
            ..Filter::default()
        };
        let text = parameters(&filter, Some("ar"));
        assert_eq!(text, "from=2026&kinds=COLLECTION%2CRELEASE&areas=M49-015&states=PLANNED&isOverdue=false&language=ar");
        assert_eq!(parameters(&Filter { datasets: Some(Vec::new()), ..Filter::default() }, None), "datasets=", "of none, not of all");
        let names: Vec<String> = form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        assert!(names.iter().all(|name| PARAMETERS.contains(&name.as_str())), "{names:?}");
    }
}
