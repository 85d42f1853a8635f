//! Countries and places as DDI documents name them.

use crate::domain::concept::{Concept, Concepts};
use crate::domain::vocabulary::{ConceptScheme, GeographicLevel};
use crate::domain::words;

/// The code of a country by its ISO 3166 code of two or three letters.
pub fn by_code(concepts: &Concepts, code: &str) -> Option<String> {
    let code = code.trim().to_ascii_uppercase();
    if code == "WLD" {
        return Some("WORLD".to_owned());
    }
    let places = concepts.scheme(ConceptScheme::Places);
    if let Some(place) = places.get(&code).filter(|place| is_country(place)) {
        return Some(place.code.clone());
    }
    let alpha3 = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let ends = |place: &&Concept| place.uri.as_deref().and_then(|uri| uri.rsplit('/').next()) == Some(code.as_str());
    places.concepts.iter().filter(|_| alpha3).find(ends).map(|place| place.code.clone())
}

/// The code of a country, a group of countries or the world by its name in any language of the list.
pub fn by_name(concepts: &Concepts, name: &str) -> Option<String> {
    let name = name.trim();
    let places = &concepts.scheme(ConceptScheme::Places).concepts;
    let coarse = || places.iter().filter(|place| is_country(place));
    let exact = coarse().find(|place| place.labels.iter().any(|(_, label)| label.text == name));
    if let Some(place) = exact {
        return Some(place.code.clone());
    }
    if name.is_empty() || name.chars().count() > 80 {
        return None;
    }
    let folded = words::fold(name);
    coarse().find(|place| place.labels.iter().any(|(_, label)| words::fold(&label.text) == folded)).map(|place| place.code.clone())
}

fn is_country(place: &Concept) -> bool {
    matches!(place.level, Some(GeographicLevel::Country | GeographicLevel::CountryGroup | GeographicLevel::World))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_known_by_code_and_by_name() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        for (code, wanted) in [("MA", Some("MA")), ("mar", Some("MA")), ("WLD", Some("WORLD")), ("XX", None), ("MA-09", None)] {
            assert_eq!(by_code(&concepts, code).as_deref(), wanted, "{code}");
        }
        for (name, wanted) in
            [("Maroc", Some("MA")), ("morocco", Some("MA")), ("المغرب", Some("MA")), ("World", Some("WORLD")), ("Utopia", None)]
        {
            assert_eq!(by_name(&concepts, name).as_deref(), wanted, "{name}");
        }
    }
}
