//! Concept schemes: lists that are data, not code — themes, places, breakdowns, indicators, languages.
//!
//! The lists ship with the program and can be replaced by the operator, one file a scheme. A code is never
//! reused: a concept that ended keeps its code, its dates and its successors.

mod sought;

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::place_names::PlaceNames;
use super::text::MultilingualText;
use super::time::PartialDate;
use super::vocabulary::{ConceptScheme, GeographicLevel, Vocabulary};
use super::words;
pub use sought::Sought;

/// One concept of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Concept {
    /// Scheme; set when the file is read.
    #[serde(skip, default = "no_scheme")]
    pub scheme: ConceptScheme,
    /// Stable code.
    pub code: String,
    /// For places: the geographic level.
    #[serde(default)]
    pub level: Option<GeographicLevel>,
    /// Codes of the broader concepts.
    #[serde(default)]
    pub broader: Vec<String>,
    /// Labels.
    pub labels: MultilingualText,
    /// What the concept covers.
    #[serde(default)]
    pub scope_note: MultilingualText,
    /// URI in a published authority list, where there is one.
    #[serde(default)]
    pub uri: Option<String>,
    /// First date of validity.
    #[serde(default)]
    pub valid_from: Option<PartialDate>,
    /// Last date of validity.
    #[serde(default)]
    pub valid_to: Option<PartialDate>,
    /// Codes of the concepts that took its place, whole or in part.
    #[serde(default)]
    pub successors: Vec<String>,
    /// Remark.
    #[serde(default)]
    pub note: MultilingualText,
    /// For themes: GCM objectives and SDG indicators they feed.
    #[serde(default)]
    pub mappings: Option<Mappings>,
}

fn no_scheme() -> ConceptScheme {
    ConceptScheme::Themes
}

/// Links from a theme to other frames.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Mappings {
    /// GCM objectives, codes of INDICATORS.
    pub gcm: Vec<String>,
    /// SDG targets.
    pub sdg_targets: Vec<String>,
    /// SDG indicators, codes of INDICATORS.
    pub sdg_indicators: Vec<String>,
    /// Topic of the Migration Data Portal.
    pub migration_data_portal: Option<String>,
}

impl Concept {
    /// Label in the wanted language, else English, else the first there is.
    pub fn label(&self, language: Option<&str>) -> &str {
        self.labels.words(language, Some("en")).unwrap_or(&self.code)
    }

    /// URI of the concept: that of the authority list, else the registry's URN.
    pub fn uri(&self) -> String {
        self.uri.clone().unwrap_or_else(|| format!("urn:x-rihla:concept:{}:{}", self.scheme.code().to_lowercase(), self.code))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemeFile {
    scheme: ConceptScheme,
    version: String,
    source: String,
    concepts: Vec<Concept>,
}

/// A scheme: its concepts in order, with look-ups.
#[derive(Debug)]
pub struct Scheme {
    /// Version of the list.
    pub version: String,
    /// Where the list comes from.
    pub source: String,
    /// The concepts in their order.
    pub concepts: Vec<Concept>,
    by_code: HashMap<String, usize>,
    ancestors: Vec<Vec<usize>>,
    narrower: Vec<Vec<usize>>,
    groups_without_members: Vec<usize>,
    /// Folded labels; made when first asked for, and then good for every document that is read.
    by_name: OnceLock<HashMap<String, Option<usize>>>,
    by_uri: OnceLock<HashMap<String, usize>>,
}

impl Scheme {
    fn read(json: &str) -> Result<(ConceptScheme, Self), String> {
        let file: SchemeFile = serde_json::from_str(json).map_err(|e| format!("is not a concept scheme: {e}"))?;
        let mut concepts = file.concepts;
        let mut by_code = HashMap::with_capacity(concepts.len());
        for (index, concept) in concepts.iter_mut().enumerate() {
            concept.scheme = file.scheme;
            if by_code.insert(concept.code.clone(), index).is_some() {
                return Err(format!("lists the code `{}` twice; keep one", concept.code));
            }
        }
        let ancestors = all_ancestors(&concepts, &by_code)?;
        let mut narrower = vec![Vec::new(); concepts.len()];
        for (index, broader) in ancestors.iter().enumerate() {
            broader.iter().for_each(|above| narrower[*above].push(index));
        }
        let is_group = |index: &usize| concepts[*index].level == Some(GeographicLevel::CountryGroup) && narrower[*index].is_empty();
        let groups_without_members = (0..concepts.len()).filter(is_group).collect();
        let scheme = Self {
            version: file.version,
            source: file.source,
            concepts,
            by_code,
            ancestors,
            narrower,
            groups_without_members,
            by_name: OnceLock::new(),
            by_uri: OnceLock::new(),
        };
        Ok((file.scheme, scheme))
    }

    /// The concept with this code.
    pub fn get(&self, code: &str) -> Option<&Concept> {
        self.by_code.get(code).map(|index| &self.concepts[*index])
    }

    /// The concept that bears a name in any language, whatever its case and accents; none where two bear it.
    pub fn named(&self, name: &str) -> Option<&Concept> {
        let names = self.by_name.get_or_init(|| {
            let mut names = HashMap::new();
            for (index, concept) in self.concepts.iter().enumerate() {
                for (_, label) in concept.labels.iter() {
                    let entry = names.entry(words::fold_name(&label.text)).or_insert(Some(index));
                    *entry = entry.filter(|other| *other == index);
                }
            }
            names
        });
        names.get(&words::fold_name(name)).copied().flatten().map(|index| &self.concepts[index])
    }

    /// The concept with this URI in a published authority list.
    pub fn at_uri(&self, uri: &str) -> Option<&Concept> {
        let uris = self.by_uri.get_or_init(|| {
            let listed = self.concepts.iter().enumerate();
            listed.filter_map(|(index, concept)| Some((concept.uri.clone()?, index))).collect()
        });
        uris.get(uri).map(|index| &self.concepts[*index])
    }

    /// Codes of all broader concepts, nearest first; empty for an unknown code.
    pub fn ancestors<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let indexes: &[usize] = self.by_code.get(code).map_or(&[], |index| &self.ancestors[*index]);
        indexes.iter().map(|index| self.concepts[*index].code.as_str())
    }

    /// The country of a place: itself, or the one around it.
    pub fn country_of<'a>(&'a self, code: &'a str) -> Option<&'a str> {
        let is_country = |code: &str| self.get(code).is_some_and(|place| place.level == Some(GeographicLevel::Country));
        if is_country(code) { Some(code) } else { self.ancestors(code).find(|above| is_country(above)) }
    }

    /// Codes of all concepts below this one, at any depth.
    pub fn narrower<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let indexes: &[usize] = self.by_code.get(code).map_or(&[], |index| &self.narrower[*index]);
        indexes.iter().map(|index| self.concepts[*index].code.as_str())
    }

    /// Whether a place is a group of countries whose members are not recorded: it may contain any country.
    pub fn is_group_without_members(&self, code: &str) -> bool {
        let group = self.get(code).is_some_and(|concept| concept.level == Some(GeographicLevel::CountryGroup));
        group && self.narrower(code).next().is_none()
    }

    /// Codes of the groups of countries whose members are not recorded.
    pub fn groups_without_members(&self) -> impl Iterator<Item = &str> {
        self.groups_without_members.iter().map(|index| self.concepts[*index].code.as_str())
    }

    /// Whether the first code is the second or lies below it.
    pub fn is_within(&self, code: &str, container: &str) -> bool {
        code == container || self.ancestors(code).any(|ancestor| ancestor == container)
    }
}

fn all_ancestors(concepts: &[Concept], by_code: &HashMap<String, usize>) -> Result<Vec<Vec<usize>>, String> {
    let mut parents = Vec::with_capacity(concepts.len());
    for concept in concepts {
        for code in concept.broader.iter().chain(&concept.successors) {
            if !by_code.contains_key(code) {
                return Err(format!("concept `{}` refers to `{code}`, which is not in the list; add it", concept.code));
            }
        }
        parents.push(concept.broader.iter().filter_map(|code| by_code.get(code).copied()).collect::<Vec<_>>());
    }
    (0..concepts.len())
        .map(|start| {
            let (mut found, mut seen, mut level) = (Vec::new(), HashSet::new(), parents[start].clone());
            while !level.is_empty() {
                let mut next = Vec::new();
                for index in level {
                    if index == start {
                        return Err(format!("concept `{}` is broader than itself; break the cycle", concepts[start].code));
                    }
                    if seen.insert(index) {
                        found.push(index);
                        next.extend(&parents[index]);
                    }
                }
                level = next;
            }
            Ok(found)
        })
        .collect()
}

/// Groups of expressions that mean the same in the field, whatever the language.
#[derive(Debug, Deserialize)]
pub struct Synonyms {
    /// Where the list comes from.
    pub source: String,
    /// Groups of expressions.
    pub groups: Vec<Vec<String>>,
    #[serde(skip)]
    by_words: OnceLock<Vec<Vec<Vec<String>>>>,
}

impl Synonyms {
    /// The groups with each expression by its words, as they are first divided: a search asks for them again and again.
    pub fn by_words(&self, words_of: impl Fn(&str) -> Vec<String>) -> &[Vec<Vec<String>>] {
        self.by_words.get_or_init(|| self.groups.iter().map(|group| group.iter().map(|text| words_of(text)).collect()).collect())
    }
}

/// All concept schemes and the synonyms.
#[derive(Debug)]
pub struct Concepts {
    schemes: HashMap<ConceptScheme, Scheme>,
    /// Synonyms.
    pub synonyms: Synonyms,
    words: OnceLock<Vec<Box<str>>>,
    place_names: OnceLock<PlaceNames>,
}

/// Whether the code of a place is that of a region of the world (UN M49).
pub fn is_region(code: &str) -> bool {
    code.starts_with("M49-")
}

const SHIPPED: [&str; 6] = [
    include_str!("data/themes.json"),
    include_str!("data/places.json"),
    include_str!("data/languages.json"),
    include_str!("data/disaggregations.json"),
    include_str!("data/indicators.json"),
    include_str!("data/populations.json"),
];

impl Concepts {
    /// The lists that ship with the program, each replaced by the operator's list where one is given.
    ///
    /// # Errors
    /// Which list is wrong, and why.
    pub fn load(replacements: &[(String, String)]) -> Result<Self, String> {
        let mut schemes = HashMap::new();
        for json in SHIPPED {
            let (scheme, list) = Scheme::read(json)?;
            schemes.insert(scheme, list);
        }
        let mut synonyms = include_str!("data/synonyms.json");
        for (name, json) in replacements {
            if name == "synonyms.json" {
                synonyms = json;
                continue;
            }
            let (scheme, list) = Scheme::read(json).map_err(|e| format!("{name} {e}"))?;
            schemes.insert(scheme, list);
        }
        let synonyms = serde_json::from_str(synonyms).map_err(|e| format!("synonyms.json is not a list of synonyms: {e}"))?;
        Ok(Self { schemes, synonyms, words: OnceLock::new(), place_names: OnceLock::new() })
    }

    /// The words of all labels and synonyms, folded, in the order of the alphabet: those that people search for most.
    pub fn words(&self) -> &[Box<str>] {
        self.words.get_or_init(|| {
            let labels = self.schemes.values().flat_map(|scheme| &scheme.concepts).flat_map(|concept| concept.labels.iter());
            let texts = labels.map(|(_, label)| label.text.as_str()).chain(self.synonyms.groups.iter().flatten().map(String::as_str));
            let folded = texts.flat_map(|text| {
                let words = words::fold(text);
                let words: Vec<Box<str>> = words.split(|c: char| !c.is_alphanumeric()).map(Box::from).collect();
                words
            });
            let mut words: Vec<Box<str>> = folded.filter(|word| word.chars().count() > 2).collect();
            words.sort_unstable();
            words.dedup();
            words
        })
    }

    /// The names of places by which people search.
    pub fn place_names(&self) -> &PlaceNames {
        self.place_names.get_or_init(|| PlaceNames::of(self))
    }

    /// One scheme.
    pub fn scheme(&self, scheme: ConceptScheme) -> &Scheme {
        &self.schemes[&scheme]
    }

    /// One concept.
    pub fn get(&self, scheme: ConceptScheme, code: &str) -> Option<&Concept> {
        self.scheme(scheme).get(code)
    }

    /// The concept with this code, or a sentence that names the remedy.
    ///
    /// # Errors
    /// The code is not in the scheme.
    pub fn require(&self, scheme: ConceptScheme, code: &str) -> Result<&Concept, String> {
        self.get(scheme, code).ok_or_else(|| {
            let (kind, list) = (scheme.code(), self.scheme(scheme));
            let is_meant = |concept: &&Concept| concept.code.eq_ignore_ascii_case(code);
            match list.concepts.iter().find(is_meant).or_else(|| list.named(code)) {
                Some(meant) => format!("is not a code of {kind}; write it as `{}`", meant.code),
                None => format!("is not a code of {kind}; the codes are listed by `concepts(scheme: {kind})`"),
            }
        })
    }

    /// Concepts with these words in a label, in any language, or in their code; all of them without words.
    pub fn find(&self, scheme: ConceptScheme, search: Option<&str>, parent: Option<&str>) -> Vec<&Concept> {
        let list = self.scheme(scheme);
        let is_below = |concept: &&Concept| parent.is_none_or(|parent| concept.broader.iter().any(|b| b == parent));
        let Some(text) = search.filter(|text| !text.trim().is_empty()) else {
            return list.concepts.iter().filter(is_below).collect();
        };
        let matching =
            |sought: &Sought| -> Vec<&Concept> { list.concepts.iter().filter(is_below).filter(|concept| sought.finds(concept)).collect() };
        let sought = Sought::new(text);
        let found = matching(&sought);
        if !found.is_empty() {
            return found;
        }
        // Nothing begins like that; what is behind an Arabic "in", "for" or "and" may.
        sought.other_readings().iter().map(matching).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The places whose territory was passed on, at least in part, to this place.
    pub fn predecessors_of_place(&self, code: &str) -> Vec<&Concept> {
        let places = self.scheme(ConceptScheme::Places);
        places.concepts.iter().filter(|place| place.successors.iter().any(|s| s == code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_lists_are_sound_and_known_faults_are_corrected() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let places = concepts.scheme(ConceptScheme::Places);
        for (place, region) in [("MA-CHT", "MA-09"), ("MA-NOU", "MA-06"), ("MA-AGD", "MA-09")] {
            assert!(places.is_within(place, region), "{place} in {region}");
            assert!(places.is_within(place, "MA") && places.is_within(place, "WORLD"));
        }
        assert!(places.is_within("ES", "EU") && !places.is_within("MA", "EU"));
        let former = places.get("MA-F-SOUSS-MASSA-DRAA").expect("former region");
        assert!(former.successors.iter().any(|s| s == "MA-09") && former.valid_to.is_some());
        for scheme in [ConceptScheme::Themes, ConceptScheme::Disaggregations, ConceptScheme::Indicators] {
            for concept in &concepts.scheme(scheme).concepts {
                for language in ["en", "fr", "ar"] {
                    let has = concept.labels.0.keys().any(|tag| tag.as_str() == language);
                    assert!(has, "{} has no {language} label", concept.code);
                }
            }
        }
    }

    #[test]
    fn concepts_are_found_by_name_and_by_uri() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let places = concepts.scheme(ConceptScheme::Places);
        for name in ["Maroc", " MOROCCO ", "المغرب"] {
            assert_eq!(places.named(name).map(|place| place.code.as_str()), Some("MA"), "{name}");
        }
        assert_eq!(places.named("Côte d’Ivoire").map(|place| place.code.as_str()), Some("CI"), "whichever apostrophe");
        // A region and the prefecture in it.
        let shared = places.concepts.iter().find(|place| {
            let name = |other: &Concept| other.labels.words(Some("en"), None) == place.labels.words(Some("en"), None);
            places.concepts.iter().filter(|other| name(other)).count() > 1
        });
        assert!(shared.is_none_or(|place| places.named(place.label(Some("en"))).is_none()));
        assert!(places.named("Utopia").is_none());
        let uri = places.get("MA").and_then(|place| place.uri.clone()).expect("a URI");
        assert_eq!(places.at_uri(&uri).map(|place| place.code.as_str()), Some("MA"));
        assert!(concepts.scheme(ConceptScheme::Languages).at_uri(&uri).is_none());
    }

    #[test]
    fn whoever_writes_a_name_for_a_code_is_told_the_code() {
        let concepts = Concepts::load(&[]).expect("shipped lists");
        let remedy = |scheme, code| concepts.require(scheme, code).map(|_| ()).expect_err("no code");
        assert!(remedy(ConceptScheme::Disaggregations, "SEX").ends_with("write it as `sex`"));
        assert!(remedy(ConceptScheme::Places, "المغرب").ends_with("write it as `MA`"));
        assert!(remedy(ConceptScheme::Places, "Utopia").ends_with("`concepts(scheme: PLACES)`"));
        assert!(concepts.require(ConceptScheme::Places, "MA").is_ok());
    }

    #[test]
    fn a_wrong_list_is_refused_with_its_reason() {
        let label = r#""labels":{"en":{"text":"x","status":"OFFICIAL"}}"#;
        for (concepts, reason) in [
            (format!(r#"{{"code":"A","broader":["B"],{label}}}"#), "not in the list"),
            (format!(r#"{{"code":"A","broader":["B"],{label}}},{{"code":"B","broader":["A"],{label}}}"#), "cycle"),
            (format!(r#"{{"code":"A",{label}}},{{"code":"A",{label}}}"#), "twice"),
        ] {
            let json = format!(r#"{{"scheme":"THEMES","version":"1","source":"s","concepts":[{concepts}]}}"#);
            let error = Concepts::load(&[("themes.json".into(), json)]).expect_err(reason);
            assert!(error.contains(reason), "{error}");
        }
    }
}
