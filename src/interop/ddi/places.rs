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
    let folded = words::fold_name(name);
    coarse().find(|place| place.labels.iter().any(|(_, label)| words::fold_name(&label.text) == folded)).map(|place| place.code.clone())
}

/// What a code and a name together say of a country.
#[derive(Debug, PartialEq, Eq)]
pub enum Nation {
    /// The country of this code.
    Known(String),
    /// The name is that of the country of this code; the code given is of another list, or of another country.
    ByName(String),
    /// Neither is known, or they do not go together and the name is not known: lists with two letters differ.
    Unknown,
}

/// The country that a document gives by a code and a name, either of which may be empty. Where they do not go together the name is
/// believed: codes of two letters are often of FIPS or DHS and not of ISO 3166.
pub fn nation(concepts: &Concepts, code: &str, name: &str) -> Nation {
    let (code, name) = (code.trim(), name.trim());
    let coded = by_code(concepts, code);
    let named = by_name(concepts, name).or_else(|| by_code(concepts, name));
    match (coded, named) {
        (Some(coded), Some(named)) if coded == named => Nation::Known(coded),
        (Some(_), Some(named)) => Nation::ByName(named),
        (None, Some(named)) => Nation::Known(named),
        // Codes of three letters are of one list.
        (Some(coded), None) if name.is_empty() || code.len() == 3 || is_part_of_label(concepts, &coded, name) => Nation::Known(coded),
        _ => Nation::Unknown,
    }
}

/// Whether all words of a name stand in one label of the place.
fn is_part_of_label(concepts: &Concepts, code: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let folded = words::fold(text);
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let own = words(name);
    let Some(place) = concepts.get(ConceptScheme::Places, code) else { return false };
    place.labels.iter().any(|(_, label)| {
        let label = words(&label.text);
        own.iter().all(|word| label.contains(word))
    })
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

    #[test]
    fn where_code_and_name_differ_the_name_is_believed() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let known = |code: &str| Nation::Known(code.to_owned());
        let by_name = |code: &str| Nation::ByName(code.to_owned());
        for (code, name, wanted) in [
            ("MA", "Maroc", known("MA")),
            ("MAR", "Royaume du Maroc", known("MA")),
            ("", "Maroc", known("MA")),
            ("MA", "", known("MA")),
            ("", "MA", known("MA")),
            // FIPS and DHS: NI is Nigeria or Niger there, Nicaragua in ISO 3166.
            ("NI", "Niger", by_name("NE")),
            ("MD", "Madagascar", by_name("MG")),
            ("AG", "Algérie", by_name("DZ")),
            ("SE", "Sénégal", by_name("SN")),
            ("TC", "Tchad", by_name("TD")),
            ("CG", "Congo, Rép. dém.", Nation::Unknown),
            ("ZZ", "Utopia", Nation::Unknown),
            ("MA", "Utopia", Nation::Unknown),
            ("VE", "Venezuela", known("VE")),
        ] {
            assert_eq!(nation(&concepts, code, name), wanted, "{code} {name}");
        }
    }
}
