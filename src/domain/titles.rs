//! Titles made comparable, within a language and across languages.
//!
//! Two titles of one language are compared by their words, without the endings and articles that number, gender and place in the sentence give
//! them. Of titles of two languages the words are first replaced by the groups of words that translate each other (`data/title-words.json`);
//! numbers, acronyms and names stand for themselves.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::text::MultilingualText;
use super::words::{fold, is_arabic, stem_arabic};

/// Languages of the groups.
const LANGUAGES: [&str; 3] = ["en", "fr", "ar"];
/// Words too frequent to tell anything, folded.
const EMPTY: [&str; 32] = [
    "the", "and", "for", "from", "with", "their", "its", "who", "all", "des", "les", "une", "aux", "sur", "dans", "pour", "par", "avec",
    "leur", "leurs", "حول", "من", "في", "الي", "علي", "عن", "مع", "بين", "هذا", "هذه", "لسنه", "سنه",
];

/// Words that translate each other, by language.
#[derive(Deserialize)]
struct Group {
    en: Vec<String>,
    fr: Vec<String>,
    ar: Vec<String>,
}

impl Group {
    fn of(&self, language: &str) -> &[String] {
        match language {
            "fr" => &self.fr,
            "ar" => &self.ar,
            _ => &self.en,
        }
    }
}

#[derive(Deserialize)]
struct File {
    groups: Vec<Group>,
}

struct Lexicon {
    groups: Vec<Group>,
    /// Groups of each root.
    by_root: HashMap<String, Vec<usize>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: File = serde_json::from_str(include_str!("data/title-words.json")).unwrap_or(File { groups: Vec::new() });
    let mut by_root: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, group) in file.groups.iter().enumerate() {
        for word in LANGUAGES.iter().flat_map(|language| group.of(language)) {
            let places = by_root.entry(root(&fold(word))).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Lexicon { groups: file.groups, by_root }
});

/// What remains of a folded word without endings of number and gender.
fn root(folded: &str) -> String {
    if folded.chars().any(is_arabic) {
        return stem_arabic(folded).to_owned();
    }
    let mut word = folded;
    for ending in ["s", "x", "e"] {
        if let Some(rest) = word.strip_suffix(ending).filter(|rest| rest.chars().count() >= 4) {
            word = rest;
        }
    }
    // Feminines double their last letter: annuelle, tunisienne.
    let is_doubled = word.chars().count() > 4 && (word.ends_with("nn") || word.ends_with("ll"));
    if is_doubled { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// A word of a title as titles of other languages have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// A group of words that translate each other; several where the word is in several.
    Groups(Vec<usize>),
    /// A number.
    Number(String),
    /// Any other word.
    Word(String),
}

impl Mark {
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Groups(one), Self::Groups(other)) => one.iter().any(|place| other.contains(place)),
            _ => self == other,
        }
    }
}

/// The words of a title in each of its languages, made ready for comparison.
#[derive(Clone, Debug, Default)]
pub struct TitleWords(Vec<OfLanguage>);

#[derive(Clone, Debug)]
struct OfLanguage {
    language: String,
    words: BTreeSet<String>,
    marks: BTreeSet<Mark>,
}

/// Words of a text, folded; those of one or two letters say little and are left out.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|c: char| !c.is_alphanumeric() && !is_arabic_mark(c)).map(fold);
    all.filter(|word| word.chars().count() > 2 && !EMPTY.contains(&word.as_str())).collect()
}

/// Vowel signs and tatweel stand inside of words.
fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{064b}'..='\u{0655}' | '\u{0670}' | '\u{0640}')
}

fn marks(text: &str) -> BTreeSet<Mark> {
    let mark = |word: String| {
        if word.chars().all(|c| c.is_ascii_digit()) {
            return Mark::Number(word);
        }
        match LEXICON.by_root.get(&root(&word)) {
            Some(places) => Mark::Groups(places.clone()),
            None => Mark::Word(word),
        }
    };
    words(text).into_iter().map(mark).collect()
}

impl TitleWords {
    /// The words of titles.
    pub fn of(titles: &MultilingualText) -> Self {
        let of = |(tag, wording): (&super::text::LanguageTag, &super::text::Wording)| OfLanguage {
            language: tag.primary().to_owned(),
            words: words(&wording.text).iter().map(|word| root(word)).collect(),
            marks: marks(&wording.text),
        };
        Self(titles.iter().map(of).collect())
    }

    /// Share of common words of the two titles that are most alike, from 0 to 1, within a language and across languages: a further title
    /// makes no two records less alike.
    pub fn likeness(&self, other: &Self) -> f64 {
        let share = |common: usize, all: usize| if all == 0 { 0.0 } else { common as f64 / all as f64 };
        let in_words =
            |one: &OfLanguage, two: &OfLanguage| share(one.words.intersection(&two.words).count(), one.words.union(&two.words).count());
        let met =
            |one: &OfLanguage, two: &OfLanguage| one.marks.iter().filter(|mark| two.marks.iter().any(|other| mark.meets(other))).count();
        let in_marks = |one: &OfLanguage, two: &OfLanguage| {
            let common = met(one, two).min(met(two, one));
            // One word alone is no title.
            if common < 2 { 0.0 } else { share(common, one.marks.len() + two.marks.len() - common) }
        };
        // A title without a language may be in any.
        let is_same =
            |one: &OfLanguage, two: &OfLanguage| one.language == two.language || [&one.language, &two.language].iter().any(|l| *l == "und");
        let alike = |one: &OfLanguage, two: &OfLanguage| {
            if is_same(one, two) { in_words(one, two) } else { in_words(one, two).max(in_marks(one, two)) }
        };
        self.0.iter().flat_map(|one| other.0.iter().map(move |two| alike(one, two))).fold(0.0, f64::max)
    }

    /// The words of the first title in the languages in which there is none: what a search finds titles of these languages by.
    pub fn translated(&self) -> Vec<String> {
        let Some(first) = self.0.first() else { return Vec::new() };
        let missing = LANGUAGES.iter().filter(|language| self.0.iter().all(|own| own.language != **language));
        let word = |mark: &Mark, language: &str| match mark {
            Mark::Groups(places) => places.first().and_then(|place| LEXICON.groups.get(*place)?.of(language).first().cloned()),
            Mark::Number(number) => Some(number.clone()),
            Mark::Word(_) => None,
        };
        let of = |language: &&str| first.marks.iter().filter_map(|mark| word(mark, language)).collect::<Vec<_>>().join(" ");
        missing.map(of).filter(|text| !text.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(list: &[(&str, &str)]) -> TitleWords {
        let text: serde_json::Map<String, serde_json::Value> =
            list.iter().map(|(tag, text)| ((*tag).to_owned(), serde_json::json!({ "text": text, "status": "OFFICIAL" }))).collect();
        TitleWords::of(&serde_json::from_value(text.into()).expect("titles"))
    }

    #[test]
    fn the_words_are_read() {
        assert!(LEXICON.groups.len() > 90 && LEXICON.by_root.len() > 250, "{}", LEXICON.by_root.len());
    }

    #[test]
    fn articles_endings_and_vowel_signs_make_no_other_title() {
        for (one, other) in [
            (("ar", "سجل سندات إقامة الأجانب"), ("ar", "سجل سندات الإقامة للأجانب")),
            (("ar", "سجل سندات إقامة الأجانب"), ("ar", "سِجِلّ سندات إقامة الأجانب")),
            (("fr", "Registre des titres de séjour des étrangers"), ("fr", "Registres de titre de séjour d'étranger")),
            (("en", "Survey of return migrants"), ("en", "Surveys of the return migrant")),
        ] {
            assert!(titles(&[one]).likeness(&titles(&[other])) > 0.99, "{one:?} {other:?}");
        }
        // A further title takes nothing away.
        let (french, arabic) = (("fr", "Registre des titres de séjour des étrangers"), ("ar", "سجل سندات إقامة الأجانب"));
        let alone = titles(&[french]).likeness(&titles(&[arabic]));
        let both = titles(&[french]).likeness(&titles(&[arabic, ("fr", "Étrangers résidents : fichier de la police")]));
        assert!(alone > 0.4 && both >= alone, "{alone} {both}");
    }

    /// Titles of the same source in two languages are alike, those of others are not.
    #[test]
    fn titles_are_compared_across_languages() {
        let census = [
            ("fr", "Recensement général de la population et de l'habitat 2014"),
            ("en", "General census of population and housing 2014"),
            ("ar", "الإحصاء العام للسكان والسكنى 2014"),
        ];
        let survey = [
            ("fr", "Enquête nationale sur la migration internationale"),
            ("en", "National survey on international migration"),
            ("ar", "المسح الوطني للهجرة الدولية"),
        ];
        for one in census {
            for other in census {
                let likeness = titles(&[one]).likeness(&titles(&[other]));
                assert!(likeness >= 0.7, "{likeness} {one:?} {other:?}");
            }
            for other in survey {
                let likeness = titles(&[one]).likeness(&titles(&[other]));
                assert!(likeness < 0.3, "{likeness} {one:?} {other:?}");
            }
        }
        for one in survey {
            for other in survey {
                assert!(titles(&[one]).likeness(&titles(&[other])) >= 0.7, "{one:?} {other:?}");
            }
        }
        // Another year is another census, but not by much: the periods decide.
        let later = titles(&[("ar", "الإحصاء العام للسكان والسكنى 2024")]);
        assert!(titles(&census[..1]).likeness(&later) < titles(&census[..1]).likeness(&titles(&census[2..])));
        assert!(titles(&[("en", "Migration")]).likeness(&titles(&[("fr", "Migration")])) >= 1.0, "the same word");
        assert_eq!(titles(&[("en", "Return")]).likeness(&titles(&[("fr", "Retour")])), 0.0, "one word alone");
    }

    #[test]
    fn titles_are_looked_for_in_the_languages_that_they_lack() {
        let words = titles(&[("ar", "المسح الوطني للهجرة الدولية 2018")]).translated();
        let [english, french] = words.as_slice() else { panic!("{words:?}") };
        for word in ["survey", "national", "migration", "international", "2018"] {
            assert!(english.contains(word), "{word}: {english}");
        }
        for word in ["enquête", "national", "migration", "2018"] {
            assert!(french.contains(word), "{word}: {french}");
        }
    }

    proptest::proptest! {
        #[test]
        fn likeness_is_the_same_from_both_sides_and_a_share(one in "[a-z]{3}[a-zéء-ي0-9 ]{0,40}", other in "[a-z]{3}[a-zéء-ي0-9 ]{0,40}") {
            for tags in [["fr", "fr"], ["fr", "ar"], ["en", "fr"]] {
                let (a, b) = (titles(&[(tags[0], &one)]), titles(&[(tags[1], &other)]));
                let (ab, ba) = (a.likeness(&b), b.likeness(&a));
                proptest::prop_assert!((0.0..=1.0).contains(&ab) && (ab - ba).abs() < 1e-9, "{ab} {ba}");
            }
        }
    }
}
