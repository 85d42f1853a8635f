//! The words of a search by runs, without those with which a person only asks: "which microdata can I download without asking" is about microdata.

use crate::domain::words::{fold, without_article, without_particles};

use super::analysis::{query_forms, split};

/// Words of a search that follow each other.
pub struct Run<'t> {
    /// Whether they stand between quotation marks.
    pub is_quoted: bool,
    /// The words as they were typed.
    pub words: Vec<&'t str>,
}

/// Folded words with which a person asks, and that say nothing of a source. In texts they may mean something, so that they are left out of searches only.
/// No noun or participle stands here that is a subject too: an asylum seeker is a "demandeur", and an application a "demande" or "طلب".
const ASKING: &[&str] = &[
    "ask",
    "asks",
    "asked",
    "asking",
    "download",
    "downloads",
    "downloaded",
    "downloading",
    "downloadable",
    "show",
    "shows",
    "showing",
    "give",
    "gives",
    "tell",
    "tells",
    "say",
    "says",
    "want",
    "wants",
    "obtain",
    "exist",
    "exists",
    "hold",
    "holds",
    "owns",
    "publish",
    "publishes",
    "collects",
    "produces",
    "live",
    "lives",
    "figures",
    "institution",
    "institutions",
    "could",
    "should",
    "would",
    "please",
    "demander",
    "demandez",
    "demandons",
    "poser",
    "pose",
    "posee",
    "poses",
    "posees",
    "posent",
    "telecharger",
    "telechargez",
    "telechargeable",
    "telechargeables",
    "montrer",
    "montre",
    "montrez",
    "montrent",
    "donner",
    "donne",
    "donnez",
    "donnent",
    "obtenir",
    "puis",
    "peux",
    "peut",
    "peuvent",
    "pouvons",
    "pourrais",
    "veux",
    "voudrais",
    "voulons",
    "souhaite",
    "cherche",
    "cherchons",
    "trouve",
    "trouvent",
    "existe",
    "existent",
    "detient",
    "detiennent",
    "detenir",
    "possede",
    "possedent",
    "dispose",
    "disposent",
    "publie",
    "publient",
    "publier",
    "collectent",
    "produisent",
    "vivent",
    "chiffres",
    "savoir",
    "اريد",
    "نريد",
    "اود",
    "ارغب",
    "تحميل",
    "تحميلها",
    "تنزيل",
    "تنزيلها",
    "اطلب",
    "نطلب",
    "اسال",
    "سالت",
    "اعطني",
    "اعطوني",
    "اعطنا",
    "ارني",
    "اعرض",
    "اظهر",
    "يمكن",
    "يمكنني",
    "يمكننا",
    "استطيع",
    "ابحث",
    "نبحث",
    "توجد",
    "يوجد",
    "لديه",
    "لديها",
    "يملك",
    "تملك",
    "يحوز",
    "تحوز",
    "ينشر",
    "تنشر",
    "يجمع",
    "ينتج",
    "تنتج",
    "اجد",
    "اي",
    "ارقام",
    "موسسه",
    "موسسات",
];

/// Folded words for what is not done. In front of a word of asking they belong to it: "sans demander".
const WITHOUT: &[&str] = &["sans", "without", "دون", "بدون"];

/// Folded nouns that are words of asking only behind one of these: "sans demande", "دون طلب".
const REQUEST: &[&str] = &["demande", "request", "طلب"];

/// The words of a search: between quotation marks all of them, elsewhere those that say something of a source. Where a person has typed words of asking
/// only, these are what is looked for.
pub fn runs(text: &str) -> Vec<Run<'_>> {
    let words_of = |part| split(part).into_iter().map(|word| word.text).collect();
    let all: Vec<Run<'_>> =
        text.split('"').enumerate().map(|(number, part)| Run { is_quoted: number % 2 == 1, words: words_of(part) }).collect();
    let kept: Vec<Run<'_>> = all
        .iter()
        .map(|run| Run { is_quoted: run.is_quoted, words: if run.is_quoted { run.words.clone() } else { said(&run.words) } })
        .collect();
    let has_meaning = kept.iter().flat_map(|run| &run.words).any(|word| !query_forms(word).is_empty());
    if has_meaning { kept } else { all }
}

/// The words without those of asking.
fn said<'t>(words: &[&'t str]) -> Vec<&'t str> {
    // What carries no meaning may stand between "sans" and "demander", and is a part of names: Côte d'Ivoire.
    let meant: Vec<(usize, String)> = words.iter().map(|word| fold(word)).enumerate().filter(|(_, word)| !is_passed_over(word)).collect();
    let is_asking = |word: &str| is_in(ASKING, word);
    let is_request = |word: &str| is_asking(word) || is_in(REQUEST, word);
    let is_left_out = |at: usize| {
        let word = &meant[at].1;
        let is_behind = at.checked_sub(1).is_some_and(|before| is_in(WITHOUT, &meant[before].1));
        let is_before = || meant.get(at + 1).is_some_and(|(_, next)| is_request(next));
        is_asking(word) || is_behind && is_request(word) || is_in(WITHOUT, word) && is_before()
    };
    let left_out: Vec<usize> = (0..meant.len()).filter(|at| is_left_out(*at)).map(|at| meant[at].0).collect();
    words.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(|(_, word)| *word).collect()
}

/// Whether a folded word carries no meaning.
fn is_passed_over(folded: &str) -> bool {
    query_forms(folded).is_empty() && !is_in(WITHOUT, folded)
}

/// Whether a list has a folded word, as it is or without the Arabic article and what is written together with it.
fn is_in(list: &[&str], folded: &str) -> bool {
    let has = |word: &str| list.contains(&word);
    has(folded) || without_article(folded).is_some_and(has) || without_particles(folded).into_iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(text: &str) -> Vec<&str> {
        runs(text).into_iter().flat_map(|run| run.words).filter(|word| !query_forms(word).is_empty()).collect()
    }

    #[test]
    fn words_of_asking_are_left_out_and_subjects_are_not() {
        for (text, said) in [
            ("Quelles microdonnées puis-je télécharger sans demander ?", vec!["microdonnées"]),
            ("Which microdata can I download without asking?", vec!["microdata"]),
            ("sans demande, microdonnées", vec!["microdonnées"]),
            ("أريد تحميل البيانات الجزئية دون طلب", vec!["البيانات", "الجزئية"]),
            ("Qui détient les données de l'asile ?", vec!["données", "asile"]),
            ("which institution publishes asylum figures", vec!["asylum"]),
            ("أي مؤسسة تنشر أرقام اللجوء", vec!["اللجوء"]),
            ("demandeurs d'asile", vec!["demandeurs", "asile"]),
            ("demande d'asile", vec!["demande", "asile"]),
            ("طلب اللجوء", vec!["طلب", "اللجوء"]),
            ("migrants sans papiers", vec!["migrants", "sans", "papiers"]),
            // Nothing else is looked for.
            ("télécharger", vec!["télécharger"]),
            ("\"download\" show", vec!["download"]),
        ] {
            assert_eq!(said_of(text), said, "{text}");
        }
    }
}
