//! Terms of the DDI vocabularies by which documents name methods, those among them that the registry has no code for.
//!
//! They are known so that they are not taken for anything else, such as the name of a person.

/// English labels of ModeOfCollection, TimeMethod, SamplingProcedure, AnalysisUnit and TypeOfInstrument; their codes are made of the same words.
const LABELS: [&str; 96] = [
    "Interview",
    "Face-to-face interview",
    "Face-to-face interview: Computer-assisted (CAPI/CAMI)",
    "Face-to-face interview: Paper-and-pencil (PAPI)",
    "Telephone interview",
    "Telephone interview: Computer-assisted (CATI)",
    "E-mail interview",
    "Web-based interview",
    "Self-administered questionnaire",
    "Self-administered questionnaire: E-mail",
    "Self-administered questionnaire: Paper",
    "Self-administered questionnaire: SMS/MMS",
    "Self-administered questionnaire: Web-based (CAWI)",
    "Self-administered questionnaire: Computer-assisted (CASI)",
    "Focus group",
    "Face-to-face focus group",
    "Telephone focus group",
    "Online focus group",
    "Self-administered writings and/or diaries",
    "Self-administered writings and/or diaries: E-mail",
    "Self-administered writings and/or diaries: Paper",
    "Self-administered writings and/or diaries: Web-based",
    "Observation",
    "Field observation",
    "Field observation: Participant",
    "Participant field observation",
    "Non-participant field observation",
    "Laboratory observation",
    "Participant laboratory observation",
    "Non-participant laboratory observation",
    "Computer-based observation",
    "Experiment",
    "Laboratory experiment",
    "Field/Intervention experiment",
    "Web-based experiment",
    "Recording",
    "Content coding",
    "Transcription",
    "Automated data extraction",
    "Automated data extraction: Web scraping",
    "Compilation/Synthesis",
    "Summary",
    "Aggregation",
    "Simulation",
    "Measurements and tests",
    "Educational measurements and tests",
    "Physical measurements and tests",
    "Psychological measurements and tests",
    "Other",
    "Longitudinal",
    "Longitudinal: Cohort/Event-based",
    "Longitudinal: Trend/Repeated cross-section",
    "Longitudinal: Panel",
    "Longitudinal: Panel: Continuous",
    "Longitudinal: Panel: Interval",
    "Time series",
    "Time series: Continuous",
    "Time series: Discrete",
    "Cross-section",
    "Cross-section ad-hoc follow-up",
    "Total universe/Complete enumeration",
    "Probability",
    "Probability: Simple random",
    "Probability: Systematic random",
    "Probability: Stratified",
    "Probability: Stratified: Proportional",
    "Probability: Stratified: Disproportional",
    "Probability: Cluster",
    "Probability: Cluster: Simple random",
    "Probability: Cluster: Stratified random",
    "Probability: Multistage",
    "Non-probability",
    "Non-probability: Availability",
    "Non-probability: Purposive",
    "Non-probability: Quota",
    "Non-probability: Respondent-assisted",
    "Mixed probability and non-probability",
    "Individual",
    "Organization",
    "Family",
    "Family: Household family",
    "Household",
    "Housing unit",
    "Event/Process/Activity",
    "Geographic unit",
    "Time unit",
    "Text unit",
    "Group",
    "Object",
    "Media unit",
    "Questionnaire",
    "Structured questionnaire",
    "Semi-structured questionnaire",
    "Unstructured questionnaire",
    "Interview scheme and/or themes",
    "Data collection guidelines",
];
/// Codes whose words stand in another order than those of the label.
const CODES: [&str; 22] = [
    "Interview.FaceToFace",
    "Interview.FaceToFace.CAPIorCAMI",
    "Interview.FaceToFace.PAPI",
    "Interview.Telephone",
    "Interview.Telephone.CATI",
    "Interview.Email",
    "Interview.WebBased",
    "SelfAdministeredQuestionnaire.CAWI",
    "SelfAdministeredQuestionnaire.CASI",
    "SelfAdministeredWritingsAndDiaries",
    "FocusGroup.FaceToFace",
    "FocusGroup.Telephone",
    "FocusGroup.Online",
    "Observation.Field",
    "Observation.Laboratory",
    "Observation.ComputerBased",
    "MeasurementsAndTests.Educational",
    "MeasurementsAndTests.Physical",
    "MeasurementsAndTests.Psychological",
    "EventOrProcessOrActivity",
    "Questionnaire.Structured",
    "InterviewSchemeAndThemes",
];

/// Whether words are nothing but terms of the vocabularies: one, or several with commas or semicolons between them.
pub fn are_terms(words: &str) -> bool {
    is_term(words) || words.split([',', ';']).all(is_term)
}

fn is_term(words: &str) -> bool {
    let wanted = key(words);
    LABELS.iter().chain(&CODES).any(|term| key(term) == wanted)
}

fn key(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interop::ddi::codes::{MODES, SAMPLINGS, TIMES, UNITS};

    #[test]
    fn codes_labels_and_lists_of_them_are_terms_and_names_are_none() {
        for words in ["Telephone interview: Computer-assisted (CATI)", "Interview.Email", "cross-section", "Individual; Household"] {
            assert!(are_terms(words), "{words}");
        }
        for words in ["Anne Nom", "Telephone interview: Anne Nom", "Household, Anne Nom", "", ";"] {
            assert!(!are_terms(words), "{words}");
        }
        let mapped = MODES.iter().map(|line| (line.code, line.label)).chain(SAMPLINGS.iter().map(|line| (line.code, line.label)));
        let mapped = mapped.chain(UNITS.iter().map(|line| (line.code, line.label))).chain(TIMES.iter().map(|line| (line.code, line.label)));
        for (code, label) in mapped {
            assert!(are_terms(code) && are_terms(label), "{code} {label}");
        }
    }
}
