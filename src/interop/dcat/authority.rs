//! The authority tables of the EU and the registry's lists, both ways.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::domain::concept::Concepts;
use crate::domain::holding::Holding;
use crate::domain::institution::Institution;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, Frequency, InstitutionKind, RecordKind};
use crate::domain::words::fold;

/// Where the tables of the EU Publications Office lie.
pub const AUTHORITY: &str = "http://publications.europa.eu/resource/authority/";
/// Where they were before, as older catalogues write it.
const FORMER_AUTHORITY: &str = "http://publications.europa.eu/mdr/authority/";

/// Frequency and code of the EU table.
pub const FREQUENCIES: &[(Frequency, &str)] = &[
    (Frequency::Continuous, "CONT"),
    (Frequency::Daily, "DAILY"),
    (Frequency::Weekly, "WEEKLY"),
    (Frequency::Monthly, "MONTHLY"),
    (Frequency::Quarterly, "QUARTERLY"),
    (Frequency::Semiannual, "ANNUAL_2"),
    (Frequency::Annual, "ANNUAL"),
    (Frequency::Biennial, "BIENNIAL"),
    (Frequency::Quinquennial, "QUINQUENNIAL"),
    (Frequency::Decennial, "DECENNIAL"),
    (Frequency::Irregular, "IRREG"),
    (Frequency::Once, "NEVER"),
    (Frequency::Unknown, "UNKNOWN"),
];

/// Code of the EU table of a frequency.
pub fn frequency_code(frequency: Frequency) -> &'static str {
    FREQUENCIES.iter().find(|(ours, _)| *ours == frequency).map_or("UNKNOWN", |(_, code)| code)
}

/// A frequency by its code in the EU table, in the Dublin Core or SDMX lists, as an ISO 8601 interval, or in words.
pub fn frequency(value: &str) -> Option<Frequency> {
    if let Some(interval) = value.strip_prefix("R/P").or_else(|| value.strip_prefix('P')) {
        return interval_frequency(interval);
    }
    let code = value.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(value);
    if let Some((ours, _)) = FREQUENCIES.iter().find(|(_, theirs)| *theirs == code) {
        return Some(*ours);
    }
    let code = code.to_ascii_lowercase();
    Some(match code.as_str() {
        "continuous" | "update_cont" | "continual" => Frequency::Continuous,
        "daily" | "freq-d" => Frequency::Daily,
        "weekly" | "freq-w" => Frequency::Weekly,
        "monthly" | "freq-m" => Frequency::Monthly,
        "quarterly" | "freq-q" => Frequency::Quarterly,
        "semiannual" | "biannually" | "freq-s" | "freq-h" => Frequency::Semiannual,
        "annual" | "annually" | "yearly" | "freq-a" => Frequency::Annual,
        "biennial" => Frequency::Biennial,
        "quinquennial" => Frequency::Quinquennial,
        "decennial" => Frequency::Decennial,
        "irregular" | "irreg" => Frequency::Irregular,
        "never" | "notplanned" | "once" => Frequency::Once,
        "unknown" => Frequency::Unknown,
        _ => return None,
    })
}

fn interval_frequency(interval: &str) -> Option<Frequency> {
    Some(match interval {
        "T1S" => Frequency::Continuous,
        "1D" => Frequency::Daily,
        "1W" | "7D" => Frequency::Weekly,
        "1M" => Frequency::Monthly,
        "3M" => Frequency::Quarterly,
        "6M" => Frequency::Semiannual,
        "1Y" | "12M" => Frequency::Annual,
        "2Y" => Frequency::Biennial,
        "5Y" => Frequency::Quinquennial,
        "10Y" => Frequency::Decennial,
        _ => return None,
    })
}

/// Code of the EU table of access rights, of a level.
pub fn access_right_code(level: AccessLevel) -> Option<&'static str> {
    Some(match level {
        AccessLevel::Open | AccessLevel::PublishedReports | AccessLevel::Puf => "PUBLIC",
        AccessLevel::Registered | AccessLevel::Licensed | AccessLevel::AggregatesOnRequest | AccessLevel::Secure => "RESTRICTED",
        AccessLevel::PressFigures | AccessLevel::Interagency | AccessLevel::NotShared => "NON_PUBLIC",
        AccessLevel::NotApplicable | AccessLevel::Unknown => return None,
    })
}

/// The level that an access right of the EU table suggests. The table says less than the levels do: what is read from it
/// is an assumption to be confirmed with the holder.
pub fn access_level(value: &str) -> Option<AccessLevel> {
    let code = value.trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or(value);
    Some(match code.to_ascii_uppercase().replace([' ', '-'], "_").as_str() {
        "PUBLIC" | "OPENACCESS" | "NOLIMITATIONS" => AccessLevel::Open,
        "RESTRICTED" | "RESTRICTED_PUBLIC" | "SENSITIVE" => AccessLevel::Licensed,
        "NON_PUBLIC" | "CONFIDENTIAL" => AccessLevel::NotShared,
        _ => return None,
    })
}

/// The access right of a record: of what it is (figures or microdata), at the holder who opens it widest.
pub fn access_right(kind: RecordKind, holdings: &[Holding]) -> Option<&'static str> {
    let codes: Vec<_> = holdings
        .iter()
        .filter_map(|holding| {
            let terms = &holding.access_terms;
            let stated = if kind == RecordKind::MicrodataProduct { terms.microdata } else { terms.aggregates };
            access_right_code(stated)
        })
        .collect();
    ["PUBLIC", "RESTRICTED", "NON_PUBLIC"].into_iter().find(|code| codes.contains(code))
}

/// Places, languages and themes by their addresses and names, looked up for every record of a document.
pub struct Tables<'a> {
    concepts: &'a Concepts,
    /// Topics of the Migration Data Portal, by which few documents name a theme.
    topics: OnceCell<HashMap<String, Option<String>>>,
}

impl<'a> Tables<'a> {
    /// The tables of the lists.
    pub fn new(concepts: &'a Concepts) -> Self {
        Self { concepts, topics: OnceCell::new() }
    }

    fn topic(&self, value: &str) -> Option<&'a str> {
        let topics = self.topics.get_or_init(|| {
            let mut topics: HashMap<String, Option<String>> = HashMap::new();
            for concept in &self.concepts.scheme(ConceptScheme::Themes).concepts {
                let topic = concept.mappings.as_ref().and_then(|mappings| mappings.migration_data_portal.as_deref());
                if let Some(topic) = topic {
                    let entry = topics.entry(fold(topic)).or_insert_with(|| Some(concept.code.clone()));
                    // A topic of two themes says neither.
                    *entry = entry.take().filter(|other| *other == concept.code);
                }
            }
            topics
        });
        let code = topics.get(&fold(value))?.as_ref()?;
        self.concepts.get(ConceptScheme::Themes, code).map(|concept| concept.code.as_str())
    }

    /// The code of a place, by its URI, its code in ISO 3166, or its name where only one place bears it.
    pub fn place(&self, value: &str) -> Option<&'a str> {
        let by_code = |code: &str| self.concepts.get(ConceptScheme::Places, code).map(|concept| concept.code.as_str());
        if let Some(code) = value.strip_prefix("urn:x-rihla:concept:places:") {
            return by_code(code);
        }
        if value.contains("://") {
            let listed = |rest: &str| self.concepts.scheme(ConceptScheme::Places).at_uri(&format!("{AUTHORITY}{rest}"));
            let rest = [AUTHORITY, FORMER_AUTHORITY].iter().find_map(|start| value.strip_prefix(start));
            return rest.and_then(listed).map(|place| place.code.as_str());
        }
        if value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase()) {
            return by_code(value);
        }
        let places = self.concepts.scheme(ConceptScheme::Places);
        let is_alpha3 = value.len() == 3 && value.bytes().all(|b| b.is_ascii_uppercase());
        let by_alpha3 = || places.at_uri(&format!("{AUTHORITY}country/{value}"));
        places.named(value).or_else(|| is_alpha3.then(by_alpha3).flatten()).map(|place| place.code.as_str())
    }

    /// The place that a code and a name beside it mean together, and whether the name is told with it: the narrower of the two, where one lies in
    /// the other; else that of the code, and the name is of another or unknown place. `has_name`: whether there is a name, known or not.
    pub fn one_place(&self, by_code: Option<String>, by_name: Option<String>, has_name: bool) -> (Option<String>, bool) {
        let places = self.concepts.scheme(ConceptScheme::Places);
        match (by_code, by_name) {
            (Some(code), Some(name)) if places.is_within(&name, &code) => (Some(name), true),
            (Some(code), Some(name)) => {
                let is_around = places.is_within(&code, &name);
                (Some(code), is_around)
            }
            (Some(code), None) => (Some(code), !has_name),
            (None, name) => {
                let is_told = name.is_some() || !has_name;
                (name, is_told)
            }
        }
    }

    /// The concept schemes.
    pub fn concepts(&self) -> &'a Concepts {
        self.concepts
    }

    /// The code of a theme of the registry, by its URI, or by its label or the topic of the Migration Data Portal that the list
    /// of themes names for it.
    pub fn theme(&self, value: &str) -> Option<&'a str> {
        if let Some(code) = value.strip_prefix("urn:x-rihla:concept:themes:") {
            return self.concepts.get(ConceptScheme::Themes, code).map(|concept| concept.code.as_str());
        }
        if value.contains("://") {
            return None;
        }
        let named = self.concepts.scheme(ConceptScheme::Themes).named(value).map(|theme| theme.code.as_str());
        named.or_else(|| self.topic(value.trim()))
    }

    /// A language by its URI in the EU table, as far as the registry's list has it, the Library of Congress or lexvo, or by its code.
    pub fn language(&self, value: &str) -> Option<LanguageTag> {
        let code = value.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(value).trim();
        if value.contains("://") && code.len() > 3 {
            return None;
        }
        let tag = LanguageTag::parse(&code.replace('_', "-")).ok()?;
        // Any three letters make a tag; an address of the table is one only where something stands there.
        let is_of_the_table = [AUTHORITY, FORMER_AUTHORITY].iter().any(|start| value.starts_with(start));
        (!is_of_the_table || self.concepts.get(ConceptScheme::Languages, tag.primary()).is_some()).then_some(tag)
    }
}

/// URI of a language in the EU table, where it is there.
pub fn language_uri(tag: &LanguageTag, concepts: &Concepts) -> Option<String> {
    concepts.get(ConceptScheme::Languages, tag.primary()).and_then(|concept| concept.uri.clone())
}

/// Formats as people write them, with the code of the EU table of file types and the media type of IANA.
const FORMATS: &[(&str, &str, &str)] = &[
    ("csv", "CSV", "text/csv"),
    ("tsv", "TSV", "text/tab-separated-values"),
    ("txt", "TXT", "text/plain"),
    ("html", "HTML", "text/html"),
    ("pdf", "PDF", "application/pdf"),
    ("xls", "XLS", "application/vnd.ms-excel"),
    ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ods", "ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    ("doc", "DOC", "application/msword"),
    ("docx", "DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("json", "JSON", "application/json"),
    ("geojson", "GEOJSON", "application/geo+json"),
    ("jsonld", "JSON_LD", "application/ld+json"),
    ("xml", "XML", "application/xml"),
    ("zip", "ZIP", "application/zip"),
    ("rdf", "RDF_XML", "application/rdf+xml"),
    ("ttl", "RDF_TURTLE", "text/turtle"),
    ("shp", "SHP", ""),
    ("kml", "KML", "application/vnd.google-earth.kml+xml"),
    ("sdmx", "SDMX", ""),
    ("api", "REST", ""),
];

/// Code of the EU table of file types, of a format in words.
pub fn file_type_code(format: &str) -> Option<&'static str> {
    let bare: String = format.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    FORMATS.iter().find(|(name, code, _)| *name == bare || code.eq_ignore_ascii_case(format)).map(|(_, code, _)| *code)
}

/// Code of the EU table of file types, of a media type.
pub fn file_type_of_media(media_type: &str) -> Option<&'static str> {
    FORMATS.iter().find(|(_, _, media)| !media.is_empty() && *media == media_type).map(|(_, code, _)| *code)
}

/// Media type of a format in words.
pub fn media_type_of(format: &str) -> Option<&'static str> {
    let code = file_type_code(format)?;
    FORMATS.iter().find(|(_, theirs, media)| *theirs == code && !media.is_empty()).map(|(_, _, media)| *media)
}

/// Type of a publisher in the ADMS list, of a kind of institution: its code and its name.
pub fn publisher_type(institution: &Institution) -> Option<(&'static str, &'static str)> {
    Some(match institution.kind {
        InstitutionKind::Nso
        | InstitutionKind::Ministry
        | InstitutionKind::SecurityAgency
        | InstitutionKind::PublicAgency
        | InstitutionKind::Observatory
        | InstitutionKind::CentralBankOrFx
        | InstitutionKind::SocialSecurity
        | InstitutionKind::Justice
        | InstitutionKind::InterministerialBody
        | InstitutionKind::Nhri
        | InstitutionKind::Dpa => ("NationalAuthority", "National authority"),
        InstitutionKind::RegionalCouncil => ("RegionalAuthority", "Regional authority"),
        InstitutionKind::UnAgency | InstitutionKind::Ifi | InstitutionKind::RegionalStatOffice | InstitutionKind::IntergovOrg => {
            ("SupraNationalAuthority", "Supra-national authority")
        }
        InstitutionKind::EuAgency => ("SupraNationalAuthority", "Supra-national authority"),
        InstitutionKind::NgoResearch => ("NonGovernmentalOrganisation", "Non-Governmental Organisation"),
        InstitutionKind::Research => ("Academia-ScientificOrganisation", "Academia/Scientific organisation"),
        InstitutionKind::Private => ("Company", "Company"),
    })
}

/// Theme of the EU table and its name, of a theme of the registry, by its group.
pub fn data_theme(theme: &str) -> (&'static str, &'static str) {
    match theme.get(..5) {
        Some("MT-02") => ("ECON", "Economy and finance"),
        Some("MT-06" | "MT-05") => ("JUST", "Justice, legal system and public safety"),
        Some("MT-09") => ("GOVE", "Government and public sector"),
        _ => ("SOCI", "Population and society"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::holding::AccessTerms;
    use crate::domain::vocabulary::{HoldingRole, Vocabulary};
    use crate::interop::holder::{not_yet_known, unknown_terms};

    fn concepts() -> Concepts {
        Concepts::load(&[]).expect("shipped lists")
    }

    #[test]
    fn frequencies_go_both_ways_and_other_lists_are_understood() {
        for frequency_here in Frequency::ALL {
            let uri = format!("{AUTHORITY}frequency/{}", frequency_code(*frequency_here));
            assert_eq!(frequency(&uri), Some(*frequency_here), "{uri}");
        }
        for (value, wanted) in [
            ("http://purl.org/cld/freq/continuous", Some(Frequency::Continuous)),
            ("http://purl.org/linked-data/sdmx/2009/code#freq-W", Some(Frequency::Weekly)),
            ("daily", Some(Frequency::Daily)),
            ("R/P1Y", Some(Frequency::Annual)),
            ("http://purl.org/cld/freq/ThisTermDoesNotExist", None),
        ] {
            assert_eq!(frequency(value), wanted, "{value}");
        }
    }

    #[test]
    fn places_and_languages_are_found_by_address_code_and_name() {
        let concepts = concepts();
        let tables = Tables::new(&concepts);
        for (value, wanted) in [
            ("http://publications.europa.eu/resource/authority/country/MAR", Some("MA")),
            ("http://publications.europa.eu/mdr/authority/country/MAR", Some("MA")),
            ("urn:x-rihla:concept:places:MA-09", Some("MA-09")),
            ("Maroc", Some("MA")),
            ("MA", Some("MA")),
            ("MAR", Some("MA")),
            ("ZZZ", None),
            ("http://sws.geonames.org/6695072/", None),
            ("6.57,46.39", None),
            ("Atlantis", None),
        ] {
            assert_eq!(tables.place(value), wanted, "{value}");
        }
        for (value, wanted) in [
            ("http://publications.europa.eu/resource/authority/language/FRA", Some("fr")),
            ("http://publications.europa.eu/mdr/authority/language/FRA", Some("fr")),
            ("http://publications.europa.eu/resource/authority/language/FRE", Some("fr")),
            ("http://publications.europa.eu/resource/authority/language/ZGH", Some("zgh")),
            ("http://publications.europa.eu/resource/authority/language/XXX", None),
            ("http://id.loc.gov/vocabulary/iso639-1/en", Some("en")),
            ("ca", Some("ca")),
            ("en-US", Some("en-US")),
            ("http://example.org/languages/french", None),
            ("français", None),
        ] {
            assert_eq!(tables.language(value).as_ref().map(LanguageTag::as_str), wanted, "{value}");
        }
    }

    #[test]
    fn every_level_has_its_access_right_or_none() {
        for level in AccessLevel::ALL {
            if let Some(code) = access_right_code(*level) {
                assert!(access_level(&format!("{AUTHORITY}access-right/{code}")).is_some(), "{level:?}");
            }
        }
        assert_eq!(access_level("restricted public"), Some(AccessLevel::Licensed));
        assert_eq!(access_level("http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/x"), None);
    }

    #[test]
    fn the_access_right_is_of_what_the_record_is_and_nothing_else_stands_in() {
        let holding = |aggregates, microdata| Holding {
            institution: not_yet_known(),
            role: HoldingRole::Holder,
            access_terms: AccessTerms { aggregates, microdata, ..unknown_terms() },
            distributions: Vec::new(),
        };
        let unknown = [holding(AccessLevel::Unknown, AccessLevel::Puf)];
        assert_eq!(access_right(RecordKind::StatisticalOperation, &unknown), None);
        assert_eq!(access_right(RecordKind::MicrodataProduct, &unknown), Some("PUBLIC"));
        let two = [holding(AccessLevel::NotShared, AccessLevel::Unknown), holding(AccessLevel::Licensed, AccessLevel::Puf)];
        assert_eq!(access_right(RecordKind::StatisticalOperation, &two), Some("RESTRICTED"));
    }

    #[test]
    fn formats_have_codes_and_media_types() {
        assert_eq!(file_type_code("GeoJSON"), Some("GEOJSON"));
        assert_eq!(file_type_code("SPSS"), None);
        assert_eq!(media_type_of("XLSX"), Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
        assert_eq!(file_type_of_media("text/csv"), Some("CSV"));
    }
}
