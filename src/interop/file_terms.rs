//! What files say of their own licence and conditions. A holding has one licence and one set of conditions for all of its files: what one file
//! says is taken only where every file says it, and named with the file otherwise.

use serde_json::{Map, Value};

use super::dcat::{is_web_address, join};
use super::json::{Unfolding, address, each, is_nothing, scalar};
use crate::domain::holding::AccessTerms;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;

/// What one file says.
#[derive(Debug, Default)]
pub struct FileTerms {
    /// Its title, else its address.
    pub name: String,
    /// Whether the file itself was taken.
    pub is_taken: bool,
    /// Addresses of its licences.
    pub licences: Vec<String>,
    /// Its conditions in words, each with the place where they stood.
    pub words: Vec<(&'static str, MultilingualText)>,
}

impl FileTerms {
    /// Notes the address of a licence, once.
    pub fn add_licence(&mut self, address: String) {
        if !self.licences.contains(&address) {
            self.licences.push(address);
        }
    }

    /// The words that stood in a place, one behind the other.
    fn words_at(&self, path: &str) -> MultilingualText {
        let mut all = MultilingualText::default();
        for (_, text) in self.words.iter().filter(|(there, _)| *there == path) {
            // One file says no more than a field holds.
            drop(join(&mut all, text.clone()));
        }
        all
    }
}

/// Place of the licence of a file of `data.json` or schema.org.
pub const LICENCE: &str = "distribution/license";

/// What a file of `data.json` or schema.org says of its own terms; `names` are the members by which it is named, the best first.
pub fn of_members(unfolding: &mut Unfolding<'_>, members: &Map<String, Value>, names: &[&str]) -> FileTerms {
    let name = names.iter().filter_map(|key| members.get(*key)).find_map(named_by).unwrap_or_default();
    let mut own = FileTerms { name, ..FileTerms::default() };
    for value in members.get("license").map(each).unwrap_or_default().iter().filter(|value| !is_nothing(value)) {
        match address(value).filter(|address| is_web_address(address)) {
            Some(address) => own.add_licence(address),
            None => own.words.push((LICENCE, unfolding.text(LICENCE, value))),
        }
    }
    own
}

/// The first words of a name or address.
fn named_by(value: &Value) -> Option<String> {
    each(value).iter().find_map(|one| one.get("@value").and_then(scalar).or_else(|| address(one)))
}

/// Takes what all files say into the terms of their holding; what only some of them say is given back, to be named. `path` is the place of
/// licences.
pub fn settle(path: &str, files: &[FileTerms], terms: &mut AccessTerms) -> Vec<Problem> {
    let mut told = licences(path, files, terms);
    let mut places: Vec<&'static str> = Vec::new();
    for (place, _) in files.iter().flat_map(|file| &file.words) {
        if !places.contains(place) {
            places.push(place);
        }
    }
    for place in places {
        told.extend(conditions(place, files, &mut terms.conditions));
    }
    told
}

fn licences(path: &str, files: &[FileTerms], terms: &mut AccessTerms) -> Vec<Problem> {
    let mut taken = files.iter().filter(|file| file.is_taken);
    if let (None, Some(first)) = (&terms.licence, taken.next())
        && taken.all(|file| file.licences == first.licences)
    {
        terms.licence = first.licences.first().cloned();
    }
    let mut others: Vec<(&String, Vec<&FileTerms>)> = Vec::new();
    for file in files {
        for licence in file.licences.iter().filter(|licence| Some(*licence) != terms.licence.as_ref()) {
            match others.iter_mut().find(|(known, _)| *known == licence) {
                Some((_, files)) => files.push(file),
                None => others.push((licence, vec![file])),
            }
        }
    }
    let of = |files: &[&FileTerms]| match terms.licence {
        Some(_) => format!(
            "is the licence of {}, and another than that of the holding, which has one for all its files: ask the holder, or split the holding",
            named(files)
        ),
        None => format!(
            "is the licence of {} and not of every file, while a holding has one for all of them: ask the holder, or split the holding",
            named(files)
        ),
    };
    others.into_iter().map(|(licence, files)| Problem::new(path, licence, of(&files))).collect()
}

fn conditions(path: &str, files: &[FileTerms], conditions: &mut MultilingualText) -> Vec<Problem> {
    let said: Vec<(&FileTerms, MultilingualText)> = files.iter().map(|file| (file, file.words_at(path))).collect();
    let mut taken = said.iter().filter(|(file, _)| file.is_taken).map(|(_, text)| text);
    if let Some(first) = taken.next()
        && taken.all(|text| text == first)
        && !says(conditions, first)
    {
        let left = join(conditions, first.clone());
        let remedy = "does not fit behind the other texts of the field; shorten them";
        return left.into_iter().map(|text| Problem::new(path, text, remedy)).collect();
    }
    let mut others: Vec<(MultilingualText, Vec<&FileTerms>)> = Vec::new();
    for (file, text) in said {
        if says(conditions, &text) {
            continue;
        }
        match others.iter_mut().find(|(known, _)| *known == text) {
            Some((_, files)) => files.push(file),
            None => others.push((text, vec![file])),
        }
    }
    let mut told = Vec::new();
    for (text, files) in others {
        let remedy = format!(
            "are the conditions of {} and not of every file; a holding has one text for all of them: write there which file they are of, or split the holding",
            named(&files)
        );
        told.extend(text.iter().map(|(tag, wording)| Problem::new(format!("{path}@{}", tag.as_str()), &wording.text, &remedy)));
    }
    told
}

/// Whether conditions hold every wording of a text already, by itself or among others.
fn says(conditions: &MultilingualText, text: &MultilingualText) -> bool {
    text.iter().all(|(tag, wording)| {
        conditions.0.get(tag).is_some_and(|there| format!("; {}; ", there.text).contains(&format!("; {}; ", wording.text)))
    })
}

/// Files in one line, by the first of them.
fn named(files: &[&FileTerms]) -> String {
    let Some(first) = files.first() else { return String::new() };
    let name = if first.name.is_empty() { "a file without a name".to_owned() } else { format!("`{}`", first.name) };
    let name = if first.is_taken { name } else { format!("{name}, which was left out,") };
    match files.len() - 1 {
        0 => name,
        1 => format!("{name} and another file"),
        more => format!("{name} and {more} other files"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::dcat::{official, undetermined};
    use crate::interop::holder::unknown_terms;

    fn file(name: &str, is_taken: bool, licence: Option<&str>, words: Option<&str>) -> FileTerms {
        FileTerms {
            name: name.to_owned(),
            is_taken,
            licences: licence.map(str::to_owned).into_iter().collect(),
            words: words.map(|words| ("rights", official(undetermined(), words.to_owned()))).into_iter().collect(),
        }
    }

    fn settled(files: &[FileTerms], licence: Option<&str>) -> (Option<String>, Option<String>, Vec<(String, String)>) {
        let mut terms = unknown_terms();
        terms.licence = licence.map(str::to_owned);
        let told = settle("license", files, &mut terms);
        let conditions = terms.conditions.words(None, None).map(str::to_owned);
        (terms.licence, conditions, told.into_iter().map(|line| (line.value, line.remedy)).collect())
    }

    #[test]
    fn what_every_file_says_is_taken() {
        let both = [file("a", true, Some("https://l"), Some("Cite")), file("b", true, Some("https://l"), Some("Cite"))];
        assert_eq!(settled(&both, None), (Some("https://l".to_owned()), Some("Cite".to_owned()), Vec::new()));
        // A file that was left out has no say.
        let beside = [file("a", true, Some("https://l"), None), file("b", false, None, None)];
        assert_eq!(settled(&beside, None).0.as_deref(), Some("https://l"));
    }

    #[test]
    fn what_one_file_says_is_named_with_the_file() {
        for (files, licence) in [
            (vec![file("micro.sav", true, None, Some("Reserved")), file("tab.csv", true, Some("https://l"), None)], None),
            (vec![file("ftp", false, Some("https://l"), Some("Reserved")), file("b", true, None, None)], None),
            (vec![file("a", true, Some("https://l"), Some("Reserved")), file("b", true, None, None)], Some("https://own")),
        ] {
            let (taken, conditions, told) = settled(&files, licence);
            assert_eq!((taken.as_deref(), conditions), (licence, None), "{told:?}");
            assert_eq!(told.len(), 2, "{told:?}");
            let names = files.iter().filter(|file| !file.licences.is_empty()).map(|file| format!("`{}`", file.name));
            names.for_each(|name| assert!(told[0].0 == "https://l" && told[0].1.contains(&name), "{told:?}"));
            assert_eq!(told[1].0, "Reserved");
        }
    }
}
