//! What a request or a statement is about, in words: as a notice names it.

use crate::domain::concept::Concepts;
use crate::domain::vocabulary::{ConceptScheme, Vocabulary};

use super::Cell;

/// How the parts of a cell are said in one language.
struct Phrases {
    since: &'static str,
    until: &'static str,
    by: &'static str,
    origin: &'static str,
    destination: &'static str,
    aggregates: &'static str,
    microdata: &'static str,
    comma: &'static str,
}

const ENGLISH: Phrases = Phrases {
    since: "from {}",
    until: "until {}",
    by: "by: {}",
    origin: "origin: {}",
    destination: "destination: {}",
    aggregates: "aggregates: {}",
    microdata: "microdata: {}",
    comma: ", ",
};

const FRENCH: Phrases = Phrases {
    since: "à partir de {}",
    until: "jusqu'en {}",
    by: "par : {}",
    origin: "origine : {}",
    destination: "destination : {}",
    aggregates: "agrégats : {}",
    microdata: "microdonnées : {}",
    comma: ", ",
};

const ARABIC: Phrases = Phrases {
    since: "ابتداء من {}",
    until: "إلى غاية {}",
    by: "حسب: {}",
    origin: "المنشأ: {}",
    destination: "المقصد: {}",
    aggregates: "البيانات المجمعة: {}",
    microdata: "البيانات الدقيقة: {}",
    comma: "، ",
};

impl Cell {
    /// The cell in words of one language, each part with its label in the grid: topic, place, years, breakdowns, and what else is named.
    /// `institution` is the name of the institution whose data are meant.
    pub fn in_words(&self, language: &str, institution: Option<&str>, concepts: &Concepts) -> String {
        let phrases = match language {
            "fr" => &FRENCH,
            "ar" => &ARABIC,
            _ => &ENGLISH,
        };
        let label = |scheme: ConceptScheme, code: &str| {
            concepts.get(scheme, code).map_or_else(|| code.to_owned(), |concept| concept.label(Some(language)).to_owned())
        };
        let place = |code: &Option<String>| code.as_deref().map(|code| label(ConceptScheme::Places, code));
        let say = |phrase: &str, value: String| phrase.replace("{}", &value);
        let breakdowns: Vec<String> = self.breakdowns.iter().map(|code| label(ConceptScheme::Disaggregations, code)).collect();
        let years = match (self.from_year, self.to_year) {
            (Some(from), Some(to)) if from == to => Some(from.to_string()),
            (Some(from), Some(to)) => Some(format!("{from}–{to}")),
            (Some(from), None) => Some(say(phrases.since, from.to_string())),
            (None, Some(to)) => Some(say(phrases.until, to.to_string())),
            (None, None) => None,
        };
        let parts = [
            self.theme.as_deref().map(|code| label(ConceptScheme::Themes, code)),
            place(&self.area),
            place(&self.origin).map(|name| say(phrases.origin, name)),
            place(&self.destination).map(|name| say(phrases.destination, name)),
            years,
            (!breakdowns.is_empty()).then(|| say(phrases.by, breakdowns.join(phrases.comma))),
            self.institution.as_ref().map(|slug| institution.unwrap_or(slug.as_str()).to_owned()),
            self.source_type.map(|kind| kind.label(language).to_owned()),
            self.aggregates_access.map(|level| say(phrases.aggregates, level.label(language).to_owned())),
            self.microdata_access.map(|level| say(phrases.microdata, level.label(language).to_owned())),
            // Its code is how people know it.
            self.indicator.as_deref().map(|code| format!("{} ({code})", label(ConceptScheme::Indicators, code))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" – ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Slug;
    use crate::domain::vocabulary::{AccessLevel, GridDimension, SourceType};

    #[test]
    fn every_part_of_a_cell_is_said_in_three_languages() {
        let concepts = Concepts::load(&[]).expect("lists");
        let whole = Cell {
            theme: Some("MT-0801".to_owned()),
            area: Some("MA-09".to_owned()),
            from_year: Some(2019),
            to_year: Some(2024),
            origin: Some("SN".to_owned()),
            destination: Some("FR".to_owned()),
            breakdowns: vec!["sex".to_owned(), "age".to_owned()],
            institution: Slug::parse("office").ok(),
            source_type: Some(SourceType::Census),
            aggregates_access: Some(AccessLevel::Open),
            microdata_access: Some(AccessLevel::Puf),
            indicator: Some("GCM-16".to_owned()),
        };
        let said = ["en", "fr", "ar"].map(|language| whole.in_words(language, Some("Office"), &concepts));
        for parts in &said {
            assert_eq!(parts.split(" – ").count(), GridDimension::ALL.len() - 2, "groups lie in topics, one objective is named: {parts}");
            assert!(
                parts.contains("2019–2024") && parts.contains("Office") && parts.contains("(GCM-16)") && !parts.contains('{'),
                "{parts}"
            );
        }
        assert!(said[0].starts_with("Integration and social cohesion – ") && said[0].contains("by: Sex, "), "{}", said[0]);
        assert!(said[1].starts_with("Intégration et cohésion sociale – ") && said[1].contains("par : Sexe, "), "{}", said[1]);
        assert!(said[2].starts_with("الإدماج والتماسك الاجتماعي – ") && said[2].contains("حسب: الجنس، "), "{}", said[2]);
        let since = Cell { from_year: Some(2020), ..Cell::default() };
        assert_eq!(["en", "fr", "ar"].map(|l| since.in_words(l, None, &concepts)), ["from 2020", "à partir de 2020", "ابتداء من 2020"]);
    }
}
