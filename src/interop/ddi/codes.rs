//! Codes of the DDI vocabularies and what they mean in the registry.
//!
//! Only what means the same is mapped. A code that is broader or narrower than every member of the registry's list stays in words.

use roxmltree::Node;

use crate::domain::vocabulary::{CollectionMode, Frequency, SamplingDesign, StatisticalUnit, Vocabulary};
use crate::domain::words as domain_words;
use crate::interop::xml_text::tracked::Tracked;

/// A published vocabulary: its name and its URN.
pub(super) struct Published {
    /// Name as catalogues write it.
    pub name: &'static str,
    /// URN with version.
    pub urn: &'static str,
}

/// DDI Mode of Collection.
pub(super) const MODE: Published = Published { name: "DDI Mode Of Collection", urn: "urn:ddi:int.ddi.cv:ModeOfCollection:4.0" };
/// DDI Sampling Procedure.
pub(super) const SAMPLING: Published = Published { name: "DDI Sampling Procedure", urn: "urn:ddi:int.ddi.cv:SamplingProcedure:1.1" };
/// DDI Analysis Unit.
pub(super) const UNIT: Published = Published { name: "DDI Analysis Unit", urn: "urn:ddi:int.ddi.cv:AnalysisUnit:2.1" };
/// DDI Time Method.
pub(super) const TIME: Published = Published { name: "DDI Time Method", urn: "urn:ddi:int.ddi.cv:TimeMethod:1.2" };

/// One line of a mapping: code, English label, member, and whether the member is written with this code.
pub(super) struct Line<V: 'static> {
    /// Code in the published vocabulary.
    pub code: &'static str,
    /// English label there.
    pub label: &'static str,
    /// Member of the registry's list.
    pub member: V,
    /// How far it goes.
    pub way: Way,
}

/// Which way a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The two mean the same.
    Both,
    /// The published code is narrower: it is read, not written.
    In,
    /// The published code is broader: it is written, not read.
    Out,
}

const fn line<V>(code: &'static str, label: &'static str, member: V, way: Way) -> Line<V> {
    Line { code, label, member, way }
}

/// Modes of collection.
pub(super) const MODES: &[Line<CollectionMode>] = &[
    line("Interview.FaceToFace", "Face-to-face interview", CollectionMode::FaceToFace, Way::Both),
    line("Interview.FaceToFace.PAPI", "Face-to-face interview: Paper-and-pencil (PAPI)", CollectionMode::FaceToFace, Way::In),
    line("Interview.FaceToFace.CAPIorCAMI", "Face-to-face interview: Computer-assisted (CAPI/CAMI)", CollectionMode::Capi, Way::Both),
    line("Interview.Telephone.CATI", "Telephone interview: Computer-assisted (CATI)", CollectionMode::Cati, Way::Both),
    line("SelfAdministeredQuestionnaire.CAWI", "Self-administered questionnaire: Web-based (CAWI)", CollectionMode::Cawi, Way::Both),
    line("SelfAdministeredQuestionnaire.Paper", "Self-administered questionnaire: Paper", CollectionMode::SelfCompleted, Way::Both),
    line("Observation", "Observation", CollectionMode::Observation, Way::Both),
    line("Observation.Field", "Field observation", CollectionMode::Observation, Way::In),
    line("AutomatedDataExtraction", "Automated data extraction", CollectionMode::DigitalTrace, Way::Out),
    line("CompilationSynthesis", "Compilation/Synthesis", CollectionMode::CompilationOfSources, Way::Both),
    line("Simulation", "Simulation", CollectionMode::ModelledEstimate, Way::Out),
    line("MeasurementsAndTests.Physical", "Physical measurements and tests", CollectionMode::Biomarkers, Way::Out),
];

/// Sampling designs.
pub(super) const SAMPLINGS: &[Line<SamplingDesign>] = &[
    line("TotalUniverseCompleteEnumeration", "Total universe/Complete enumeration", SamplingDesign::Complete, Way::Both),
    line("Probability.Multistage", "Probability: Multistage", SamplingDesign::StratifiedMultistage, Way::Out),
    line("Probability.Cluster", "Probability: Cluster", SamplingDesign::AreaProbability, Way::Out),
    line("Nonprobability.Quota", "Non-probability: Quota", SamplingDesign::Quota, Way::Both),
    line("Nonprobability.Purposive", "Non-probability: Purposive", SamplingDesign::Purposive, Way::Both),
    line("Nonprobability.Availability", "Non-probability: Availability", SamplingDesign::Convenience, Way::Both),
    line("Nonprobability.RespondentAssisted", "Non-probability: Respondent-assisted", SamplingDesign::Rds, Way::Out),
    line("Nonprobability.RespondentAssisted", "Non-probability: Respondent-assisted", SamplingDesign::Snowball, Way::Out),
];

/// Units of analysis.
pub(super) const UNITS: &[Line<StatisticalUnit>] = &[
    line("Individual", "Individual", StatisticalUnit::Person, Way::Both),
    line("Household", "Household", StatisticalUnit::Household, Way::Both),
    line("EventOrProcessOrActivity", "Event/Process/Activity", StatisticalUnit::Event, Way::Both),
    line("GeographicUnit", "Geographic unit", StatisticalUnit::Locality, Way::Out),
];

/// Time methods that tell a sampling design.
pub(super) const TIMES: &[Line<SamplingDesign>] = &[
    line("Longitudinal.Panel", "Longitudinal: Panel", SamplingDesign::Panel, Way::Both),
    line("Longitudinal.Panel.Continuous", "Longitudinal: Panel: Continuous", SamplingDesign::Panel, Way::In),
    line("Longitudinal.Panel.Interval", "Longitudinal: Panel: Interval", SamplingDesign::Panel, Way::In),
];

/// The line with which a member is written.
pub(super) fn written<V: Copy + PartialEq>(lines: &'static [Line<V>], member: V) -> Option<&'static Line<V>> {
    lines.iter().find(|line| line.member == member && line.way != Way::In)
}

/// The member that a code, a label or one of the parts of a list of labels means.
fn meant<V: Copy + PartialEq>(lines: &'static [Line<V>], words: &str) -> Option<V> {
    let wanted = key(words);
    let same = |line: &&Line<V>| line.way != Way::Out && (key(line.code) == wanted || key(line.label) == wanted);
    lines.iter().find(same).map(|line| line.member)
}

/// How editors of metadata and surveys write modes: codes that stand in brackets behind the words, abbreviations, and words.
pub(super) const SPOKEN_MODES: &[(&str, CollectionMode)] = &[
    ("[f2f]", CollectionMode::FaceToFace),
    ("[capi]", CollectionMode::Capi),
    ("[cati]", CollectionMode::Cati),
    ("[cawi]", CollectionMode::Cawi),
    ("[int]", CollectionMode::Cawi),
    ("[mail]", CollectionMode::SelfCompleted),
    ("F2F", CollectionMode::FaceToFace),
    ("PAPI", CollectionMode::FaceToFace),
    ("CAPI", CollectionMode::Capi),
    ("CATI", CollectionMode::Cati),
    ("CAWI", CollectionMode::Cawi),
    ("face-to-face", CollectionMode::FaceToFace),
    ("face à face", CollectionMode::FaceToFace),
    ("computer assisted personal interview", CollectionMode::Capi),
    ("computer assisted telephone interview", CollectionMode::Cati),
    ("computer assisted web interview", CollectionMode::Cawi),
    ("mail questionnaire", CollectionMode::SelfCompleted),
];
/// Why words that name a mode are told.
pub(crate) const MORE_THAN_MODES: &str =
    "says more than the mode of collection, which was taken; put the rest into `methodology.samplingText` or a known limit";
/// Words around the name of a mode that say nothing beside it, folded.
const AROUND_MODES: &[&str] = &[
    "and",
    "au",
    "avec",
    "by",
    "collecte",
    "data",
    "de",
    "des",
    "direct",
    "directe",
    "donnees",
    "en",
    "entretien",
    "entretiens",
    "enquete",
    "et",
    "in",
    "interview",
    "interviewing",
    "interviews",
    "la",
    "le",
    "method",
    "methode",
    "mode",
    "of",
    "ou",
    "or",
    "par",
    "personal",
    "survey",
    "the",
    "via",
    "with",
];

/// Modes of collection that words name, and whether they say more than that.
pub(crate) fn modes_said(words: &str) -> (Vec<CollectionMode>, bool) {
    let by_label = listed(MODES, words);
    if !by_label.is_empty() {
        let parts = || words.split([',', ';']).filter(|part| !part.trim().is_empty());
        let says_more = meant(MODES, words).is_none() && parts().any(|part| meant(MODES, part).is_none());
        return (by_label, says_more);
    }
    let mut found: Vec<CollectionMode> = Vec::new();
    let mut rest = format!(" {} ", domain_words::fold(words).split_whitespace().collect::<Vec<_>>().join(" "));
    for (name, mode) in SPOKEN_MODES {
        let name = domain_words::fold(name);
        if let Some(left) = without(&rest, &name) {
            // A code in brackets stands behind words that say the same.
            rest = if name.starts_with('[') {
                left.split_once('\u{0}').map_or_else(String::new, |(_, behind)| behind.to_owned())
            } else {
                left
            };
            if !found.contains(mode) {
                found.push(*mode);
            }
        }
    }
    let words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let says_more = words.into_iter().any(|word| !AROUND_MODES.contains(&word));
    (found, says_more)
}

/// How time methods are written that are panels and nothing else, in English, French and Arabic, folded as [`key`] does.
const SPOKEN_PANELS: &[&str] = &[
    "panel",
    "panel survey",
    "panel study",
    "panel data",
    "longitudinal panel",
    "enquête par panel",
    "enquête panel",
    "données de panel",
    "longitudinale : panel",
    "longitudinal : panel",
    "بيانات البانل",
    "بيانات بانل",
    "مسح بانل",
];
/// Why words that name a time method are told.
pub(crate) const MORE_THAN_PANEL: &str = "says more than that it is a panel, which was taken; put the rest into `methodology.samplingText`";
/// Why a time method is told that is none of the registry's designs.
pub(crate) const NO_PANEL: &str =
    "is a time method for which the registry has no code, as it has for a panel; put it into `methodology.samplingText`";

/// Sampling designs that words on the time method name, and whether they say more than that.
pub(crate) fn times_said(words: &str) -> (Vec<SamplingDesign>, bool) {
    let is_spoken = |part: &str| SPOKEN_PANELS.iter().any(|known| key(&domain_words::fold(known)) == key(&domain_words::fold(part)));
    let design = |part: &str| meant(TIMES, part).or_else(|| is_spoken(part).then_some(SamplingDesign::Panel));
    if let Some(design) = design(words) {
        return (vec![design], false);
    }
    let parts: Vec<&str> = words.split([',', ';', '،', '؛', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let found: Vec<SamplingDesign> = parts.iter().filter_map(|part| design(part)).take(1).collect();
    (found, parts.iter().any(|part| design(part).is_none()))
}

/// Words without every place of a name that stands by itself, of which a mark is left; none where it does not stand there.
fn without(words: &str, name: &str) -> Option<String> {
    let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric()) || name.starts_with('[');
    let mut left = String::new();
    let mut from = 0;
    for (at, found) in words.match_indices(name) {
        let (before, behind) = (words.get(from..at)?, words.get(at + found.len()..)?);
        if is_apart(before.chars().next_back()) && is_apart(behind.chars().next()) {
            left.push_str(before);
            left.push('\u{0}');
            from = at + found.len();
        }
    }
    left.push_str(words.get(from..)?);
    (from > 0).then_some(left)
}

/// Sampling designs that words name.
pub(crate) fn samplings_in(words: &str) -> Vec<SamplingDesign> {
    listed(SAMPLINGS, words)
}

/// Units that words name.
pub(crate) fn units_in(words: &str) -> Vec<StatisticalUnit> {
    listed(UNITS, words)
}

fn listed<V: Copy + PartialEq>(lines: &'static [Line<V>], words: &str) -> Vec<V> {
    meant(lines, words).map_or_else(|| words.split([',', ';']).filter_map(|part| meant(lines, part)).collect(), |member| vec![member])
}

fn key(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Members that an element names by the registry's own concepts.
pub(super) fn own<'a, 'i, V: Vocabulary>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>) -> Vec<V> {
    let uri = format!("urn:x-rihla:def:{}", V::NAME);
    let concepts = tracked.all(node, "concept");
    let mut found = Vec::new();
    for concept in concepts {
        if concept.attribute("vocabURI") == Some(uri.as_str())
            && let Some(member) = V::parse(concept.text().unwrap_or("").trim())
        {
            tracked.pass_over(concept);
            found.push(member);
        }
    }
    found
}

/// Codes of the members that a published term may mean, where it covers more than any one of them.
fn broader<V: Vocabulary>(lines: &'static [Line<V>], words: &str) -> Vec<&'static str> {
    let wanted = key(words);
    let same = |line: &&Line<V>| line.way == Way::Out && (key(line.code) == wanted || key(line.label) == wanted);
    lines.iter().filter(same).map(|line| line.member.code()).collect()
}

/// Members that an element names by a published concept, or by its words. Of a concept that covers more than one of them it is told which it may be.
pub(super) fn published<'a, 'i, V: Vocabulary>(tracked: &mut Tracked<'a, 'i>, node: Node<'a, 'i>, lines: &'static [Line<V>]) -> Vec<V> {
    let mut found = Vec::new();
    for concept in tracked.all(node, "concept") {
        let words = concept.text().unwrap_or("").trim();
        if let Some(member) = meant(lines, words) {
            tracked.pass_over(concept);
            found.push(member);
            continue;
        }
        let possible = broader(lines, words);
        if !possible.is_empty() {
            let remedy = format!(
                "covers more than any code of the registry, and was not taken; choose {} where that is meant",
                possible.join(" or ")
            );
            tracked.tell(concept, words, remedy);
            tracked.pass_over(concept);
        }
    }
    if found.is_empty() {
        let words: String = node.children().filter_map(|child| child.is_text().then(|| child.text()).flatten()).collect();
        found = listed(lines, &words);
    }
    found
}

/// How often, in a word.
pub(crate) fn frequency(words: &str) -> Option<Frequency> {
    let wanted = key(words);
    let same = |member: &Frequency| key(member.code()) == wanted || member.labels().iter().any(|label| key(label) == wanted);
    Frequency::ALL.iter().copied().find(same).or(match wanted.as_str() {
        "yearly" | "annually" | "everyyear" | "annuel" => Some(Frequency::Annual),
        "everytenyears" | "decennally" => Some(Frequency::Decennial),
        "halfyearly" | "biannual" | "twiceayear" => Some(Frequency::Semiannual),
        "onetime" | "oneoff" | "onetimeonly" => Some(Frequency::Once),
        "everymonth" => Some(Frequency::Monthly),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_labels_mean_the_same_and_broader_ones_nothing() {
        assert_eq!(meant(MODES, "Interview.FaceToFace.CAPIorCAMI"), Some(CollectionMode::Capi));
        assert_eq!(meant(MODES, "face to face interview"), Some(CollectionMode::FaceToFace));
        assert_eq!(meant(MODES, "Telephone interview"), None);
        assert_eq!(meant(SAMPLINGS, "Probability: Multistage"), None);
        assert_eq!(meant(UNITS, "individual"), Some(StatisticalUnit::Person));
        assert_eq!(written(SAMPLINGS, SamplingDesign::Snowball).map(|l| l.code), Some("Nonprobability.RespondentAssisted"));
        assert_eq!(frequency("Yearly"), Some(Frequency::Annual));
        assert_eq!(frequency("Décennale"), Some(Frequency::Decennial));
        assert_eq!(frequency("sometimes"), None);
    }

    #[test]
    fn only_panels_are_designs_among_time_methods() {
        use SamplingDesign::Panel;
        for (words, designs, says_more) in [
            ("Longitudinal: Panel", vec![Panel], false),
            ("Longitudinal.Panel.Interval", vec![Panel], false),
            ("Panel", vec![Panel], false),
            ("Enquête par panel", vec![Panel], false),
            ("Longitudinale : Panel", vec![Panel], false),
            ("بيانات البانل", vec![Panel], false),
            ("Panel; Cross-section", vec![Panel], true),
            ("Longitudinal", vec![], true),
            ("Longitudinal: Trend/Repeated cross-section", vec![], true),
            ("Trend/Repeated cross-section", vec![], true),
            ("Longitudinal: Cohort/Event-based", vec![], true),
            ("Cross-section", vec![], true),
            ("Transversale", vec![], true),
            ("مقطعي", vec![], true),
            ("", vec![], false),
        ] {
            assert_eq!(times_said(words), (designs, says_more), "{words}");
        }
    }

    #[test]
    fn modes_are_known_by_the_names_that_editors_and_surveys_give_them() {
        use CollectionMode::{Capi, Cati, Cawi, FaceToFace, SelfCompleted};
        for (words, modes, says_more) in [
            ("Face-to-face [f2f]", vec![FaceToFace], false),
            ("Computer Assisted Personal Interview [capi]", vec![Capi], false),
            ("Computer Assisted Telephone Interview [cati]", vec![Cati], false),
            ("Internet [int]", vec![Cawi], false),
            ("Mail Questionnaire [mail]", vec![SelfCompleted], false),
            ("CAPI", vec![Capi], false),
            ("Entretien CAPI", vec![Capi], false),
            ("Entretien en face à face", vec![FaceToFace], false),
            ("CAPI et CATI", vec![Capi, Cati], false),
            ("Face-to-face [f2f] in the north, CATI elsewhere", vec![FaceToFace, Cati], true),
            ("CAPI, hors provinces du Sud", vec![Capi], true),
            ("Face-to-face interview, by pigeon", vec![FaceToFace], true),
            ("Face-to-face interview", vec![FaceToFace], false),
            ("Telephone interview [tel]", vec![], true),
            ("Capital", vec![], true),
            ("Other [oth]", vec![], true),
            ("", vec![], false),
        ] {
            assert_eq!(modes_said(words), (modes, says_more), "{words}");
        }
    }
}
