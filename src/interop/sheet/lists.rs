//! The lists behind the drop-downs: what a cell shows for a code, and which code a cell means.

use std::collections::HashMap;

use crate::domain::concept::Concepts;
use crate::domain::vocabulary::{ConceptScheme, Vocabulary};
use crate::domain::words::fold;

/// A member of a closed list: its code, and its labels in English, French and Arabic.
pub type Member = (&'static str, [&'static str; 3]);

/// Where the members of a list come from.
#[derive(Clone, Copy)]
pub enum List {
    /// A closed list of the code.
    Closed(&'static str, fn() -> Vec<Member>),
    /// A concept scheme, which the operator may replace.
    Scheme(ConceptScheme),
}

/// The members of a vocabulary.
pub fn members<T: Vocabulary>() -> Vec<Member> {
    T::ALL.iter().map(|member| (member.code(), member.labels())).collect()
}

/// Yes and no.
pub fn yes_or_no() -> Vec<Member> {
    vec![("true", ["yes", "oui", "نعم"]), ("false", ["no", "non", "لا"])]
}

impl List {
    /// Name of the list, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed(name, _) => name,
            Self::Scheme(scheme) => scheme.code(),
        }
    }
}

/// One list, ready to be asked in both directions.
pub struct Index {
    /// Codes with their labels in English, French and Arabic, in the order of the list.
    pub members: Vec<(String, [String; 3])>,
    exact: HashMap<String, usize>,
    // Folded.
    codes: HashMap<String, usize>,
    // None where a label belongs to several members.
    labels: HashMap<String, Option<usize>>,
}

/// Why a cell means no code.
pub enum Unknown {
    /// No member has this code or label.
    Nothing,
    /// Several members have this label.
    Several,
}

impl Index {
    fn new(members: Vec<(String, [String; 3])>) -> Self {
        let (mut exact, mut codes, mut labels) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (number, (code, names)) in members.iter().enumerate() {
            exact.entry(code.clone()).or_insert(number);
            codes.entry(folded(code)).or_insert(number);
            let mut own: Vec<String> = names.iter().map(|name| folded(name)).collect();
            own.sort();
            own.dedup();
            for name in own {
                labels.entry(name).and_modify(|there| *there = None).or_insert(Some(number));
            }
        }
        Self { members, exact, codes, labels }
    }

    /// The code that a cell means: a code, a label in any language, or both as `label (code)`.
    ///
    /// # Errors
    /// No member, or several.
    pub fn code(&self, text: &str) -> Result<&str, Unknown> {
        let code_at = |number: usize| self.members.get(number).map(|(code, _)| code.as_str()).ok_or(Unknown::Nothing);
        if let Some(number) = self.exact.get(text) {
            return code_at(*number);
        }
        let key = folded(text);
        if let Some(number) = self.codes.get(&key) {
            return code_at(*number);
        }
        match self.labels.get(&key) {
            Some(Some(number)) => return code_at(*number),
            Some(None) => return Err(Unknown::Several),
            None => {}
        }
        let in_brackets = key.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).map(|(_, code)| code.trim());
        in_brackets.and_then(|code| self.codes.get(code)).map_or(Err(Unknown::Nothing), |number| code_at(*number))
    }

    /// What a cell shows for a code: the label where it is read as this code again, with the code behind it where not.
    pub fn shown(&self, code: &str, language: &str) -> String {
        let Some((_, labels)) = self.exact.get(code).and_then(|number| self.members.get(*number)) else { return code.to_owned() };
        let label = label(labels, language);
        let both = format!("{label} ({code})");
        let is_read_as = |text: &str| !text.contains(super::cell::SEPARATORS) && self.code(text).is_ok_and(|read| read == code);
        [label.to_owned(), both].into_iter().find(|text| is_read_as(text)).unwrap_or_else(|| code.to_owned())
    }
}

fn label<'a>(labels: &'a [String; 3], language: &str) -> &'a str {
    let [en, fr, ar] = labels;
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// Words made comparable: case, accents, Arabic variants, and blanks.
pub fn folded(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All lists that were asked for.
pub struct Lists<'a> {
    concepts: &'a Concepts,
    known: HashMap<&'static str, Index>,
}

impl<'a> Lists<'a> {
    /// No list yet.
    pub fn new(concepts: &'a Concepts) -> Self {
        Self { concepts, known: HashMap::new() }
    }

    /// One list.
    pub fn get(&mut self, list: List) -> &Index {
        let concepts = self.concepts;
        self.known.entry(list.name()).or_insert_with(|| {
            Index::new(match list {
                List::Closed(_, members) => {
                    members().into_iter().map(|(code, labels)| (code.to_owned(), labels.map(str::to_owned))).collect()
                }
                List::Scheme(scheme) => concepts
                    .scheme(scheme)
                    .concepts
                    .iter()
                    .map(|concept| (concept.code.clone(), ["en", "fr", "ar"].map(|tag| concept.label(Some(tag)).to_owned())))
                    .collect(),
            })
        })
    }
}
