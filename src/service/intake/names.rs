//! Names of other systems in this one: which institution is meant, and which short name a record may get.

use std::collections::{BTreeSet, HashMap};

use unicode_normalization::UnicodeNormalization;

use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::TextStatus;
use crate::domain::words::fold;
use crate::store::institutions;

use super::super::{Catalogue, Error};

/// Institutions of the catalogue read at a time.
const PAGE: i64 = 500;
/// Languages that most who read short names know.
const COMMON: [&str; 2] = ["en", "fr"];
/// Longest short name that is proposed, in characters.
const LONGEST: usize = 60;

/// Institutions by every name that they have.
#[derive(Default)]
pub struct Institutions {
    by_name: HashMap<String, Vec<Slug>>,
    /// The country of each; none of an international body.
    countries: HashMap<Slug, Option<String>>,
}

impl Institutions {
    /// Reads the institutions of the catalogue.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn load(catalogue: &Catalogue) -> Result<Self, Error> {
        let mut known = Self::default();
        let mut after = 0;
        loop {
            let rows = catalogue.db.read(|conn| institutions::after_number(conn, after, PAGE))?;
            let Some(last) = rows.last() else { return Ok(known) };
            after = last.number;
            for row in &rows {
                let institution: Institution = serde_json::from_str(&row.doc)?;
                known.add(&institution);
            }
        }
    }

    fn add(&mut self, institution: &Institution) {
        self.countries.insert(institution.slug.clone(), institution.country.clone());
        let names = institution.names.iter().map(|(_, wording)| wording.text.as_str());
        let all = names.chain(institution.acronym.as_deref()).chain([institution.slug.as_str()]);
        let mut folded: Vec<String> = all.map(fold).filter(|name| !name.is_empty()).collect();
        folded.sort_unstable();
        folded.dedup();
        for name in folded {
            self.by_name.entry(name).or_default().push(institution.slug.clone());
        }
    }

    /// Whether the catalogue has an institution of this short name.
    pub fn has(&self, slug: &Slug) -> bool {
        self.countries.contains_key(slug)
    }

    /// The country of an institution.
    pub fn country(&self, slug: &Slug) -> Option<&str> {
        self.countries.get(slug)?.as_deref()
    }

    /// The institutions that one of these names may mean, in any country.
    pub fn named<'s>(&'s self, names: &MultilingualText) -> impl Iterator<Item = &'s Slug> {
        names.iter().filter_map(|(_, wording)| self.by_name.get(&fold(&wording.text))).flatten()
    }

    /// The institution with one of these names, of one of these countries or of none. Offices of several countries have the same name, be they
    /// registered here or not; a name that two of them share means neither.
    pub fn find(&self, names: &MultilingualText, countries: &BTreeSet<String>) -> Option<&Slug> {
        let is_of = |slug: &&Slug| self.country(slug).is_none_or(|country| countries.contains(country));
        let mut found: Vec<&Slug> = self.named(names).filter(is_of).collect();
        found.sort_unstable();
        found.dedup();
        if let [one] = found.as_slice() { Some(one) } else { None }
    }
}

/// A short name for a record: the institution's, and the first words of a title in Latin letters: that of the main language, else one that is
/// official, else one in French or English, else any. None where there is no such title.
pub fn propose_slug(institution: &Slug, titles: &MultilingualText, main: Option<&str>) -> Option<String> {
    let main = main.map(|tag| tag.split('-').next().unwrap_or(tag));
    let mut titles: Vec<_> = titles.iter().collect();
    titles.sort_by_key(|(tag, wording)| {
        (main != Some(tag.primary()), wording.status != TextStatus::Official, !COMMON.contains(&tag.primary()))
    });
    titles.into_iter().find_map(|(_, wording)| {
        let mut words = latin_words(&wording.text).peekable();
        words.peek()?;
        let mut slug = institution.to_string();
        for word in words {
            if slug.len() + 1 + word.len() > LONGEST {
                break;
            }
            slug.push('-');
            slug.push_str(&word);
        }
        (slug.len() > institution.as_str().len() + 3).then_some(slug)
    })
}

/// The words of a text in small Latin letters without marks; nothing where it is mostly in other letters.
fn latin_words(text: &str) -> impl Iterator<Item = String> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let latin = plain.chars().filter(char::is_ascii_alphabetic).count();
    let words = if latin * 2 > letters { plain } else { String::new() };
    let split = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned);
    split.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::LanguageTag;
    use crate::interop::dcat::official;

    fn text(language: &str, words: &str) -> MultilingualText {
        official(LanguageTag::parse(language).expect("a tag"), words.to_owned())
    }

    #[test]
    fn a_name_is_that_of_an_office_of_the_country_that_the_record_is_of() {
        let mut known = Institutions::default();
        let name = "Institut national de la statistique";
        for (slug, country, names) in [("ins-tn", "\"TN\"", name), ("ins-ne", "\"NE\"", name), ("iom", "null", "IOM")] {
            let doc = format!(
                r#"{{ "slug": "{slug}", "kind": "NSO", "country": {country}, "names": {{ "fr": {{ "text": "{names}", "status": "OFFICIAL" }} }}, "certainty": "DOCUMENTED" }}"#
            );
            known.add(&serde_json::from_str(&doc).expect("an institution"));
        }
        let find = |names: &str, countries: &[&str]| {
            let countries = countries.iter().map(|country| (*country).to_owned()).collect();
            known.find(&text("fr", names), &countries).map(Slug::as_str)
        };
        assert_eq!((find(name, &["TN"]), find(name, &["NE"])), (Some("ins-tn"), Some("ins-ne")));
        assert_eq!((find(name, &["ML"]), find(name, &[]), find(name, &["NE", "TN"])), (None, None, None));
        assert_eq!((find("IOM", &["ML"]), find("iom", &[])), (Some("iom"), Some("iom")), "an international body is of every country");
        assert_eq!(known.named(&text("fr", name)).count(), 2);
    }

    #[test]
    fn short_names_come_from_latin_titles_only() {
        let hcp = Slug::parse("hcp").expect("a slug");
        let slug = propose_slug(&hcp, &text("fr", "Enquête nationale sur la migration, 2018–2019"), None);
        assert_eq!(slug.as_deref(), Some("hcp-enquete-nationale-sur-la-migration-2018-2019"));
        assert_eq!(propose_slug(&hcp, &text("ar", "البحث الوطني حول الهجرة 2018"), None), None);
        let long = propose_slug(&hcp, &text("en", &"migration ".repeat(30)), None).expect("a slug");
        assert!(Slug::parse(&long).is_ok() && long.len() <= LONGEST, "{long}");
    }

    #[test]
    fn short_names_are_of_the_main_language_where_it_has_latin_letters() {
        let hcp = Slug::parse("hcp").expect("a slug");
        let mut titles = text("de", "Befragung der Rückkehrer");
        titles.0.extend(text("fr", "Enquête sur les retours").0);
        titles.0.extend(text("ar", "بحث حول العودة").0);
        let slug = |titles: &MultilingualText, main| propose_slug(&hcp, titles, main).expect("a short name");
        assert_eq!(slug(&titles, Some("fr")), "hcp-enquete-sur-les-retours");
        assert_eq!(slug(&titles, Some("de-AT")), "hcp-befragung-der-ruckkehrer");
        assert_eq!(slug(&titles, Some("ar")), "hcp-enquete-sur-les-retours");
        let french = LanguageTag::parse("fr").expect("a tag");
        titles.0.get_mut(&french).expect("a title").status = TextStatus::WorkingTranslation;
        assert_eq!(slug(&titles, None), "hcp-befragung-der-ruckkehrer", "an official one comes first");
    }
}
