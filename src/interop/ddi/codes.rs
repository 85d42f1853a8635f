//! Codes of the DDI vocabularies and what they mean in the registry.
//!
//! Only what means the same is mapped. A code that is broader or narrower than every member of the registry's list stays in words.

use roxmltree::Node;

use crate::domain::vocabulary::{CollectionMode, Frequency, SamplingDesign, StatisticalUnit, Vocabulary};
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

/// Modes of collection that words name.
pub(crate) fn modes_in(words: &str) -> Vec<CollectionMode> {
    listed(MODES, words)
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

/// Members that an element names by a published concept, or by its words.
pub(super) fn published<'a, 'i, V: Copy + PartialEq>(
    tracked: &mut Tracked<'a, 'i>,
    node: Node<'a, 'i>,
    lines: &'static [Line<V>],
) -> Vec<V> {
    let mut found = Vec::new();
    for concept in tracked.all(node, "concept") {
        if let Some(member) = meant(lines, concept.text().unwrap_or("")) {
            tracked.pass_over(concept);
            found.push(member);
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
}
