//! Which field goes where, and what other readers do not see.

use serde_json::Value;

use crate::interop::exchange::{Loss, Outgoing};

/// Field of the record, the standard properties that carry it, and what readers other than a registry miss; nothing where
/// they miss nothing. Every field is carried by `rihla:record` as well.
pub const MAPPING: &[(&str, &str, &str)] = &[
    ("slug", "address of the dataset", ""),
    ("identifier", "dct:identifier", ""),
    ("recordKind", "", ONLY_HERE),
    ("collectionStatus", "", ONLY_HERE),
    ("programme", "", ONLY_HERE),
    ("status", "", ONLY_HERE),
    ("visibility", "", ONLY_HERE),
    ("riskClass", "", ONLY_HERE),
    ("certainty", "", ONLY_HERE),
    ("certaintyNote", "", ONLY_HERE),
    ("mainLanguage", "", ONLY_HERE),
    ("titles", "dct:title", STATUS),
    ("abstract", "dct:description", STATUS),
    ("keywords", "dcat:keyword", "which keywords translate each other"),
    ("languages", "dct:language", "scripts, regions and languages that the EU list does not have"),
    ("themes", "dcat:theme (the registry's and the EU's)", ""),
    ("indicators", "", ONLY_HERE),
    ("classifications", "", ONLY_HERE),
    ("producer", "dct:publisher, dct:creator", ""),
    ("partners", "dct:contributor", ""),
    ("legalMandate", "", ONLY_HERE),
    (
        "holdings",
        "dct:accessRights, dcat:contactPoint, dcat:distribution (dct:license, dct:rights)",
        "who holds it in which role, and the levels, basis, deciders, fees and delays of each holding",
    ),
    (
        "methodology",
        "dct:provenance (the type of source), foaf:page (instruments)",
        "everything but the type of source and the instruments",
    ),
    (
        "coverage",
        "dct:spatial, dct:temporal, dct:accrualPeriodicity",
        "origins, destinations, levels, breakdowns, populations, qualifiers of dates and the periods of collection",
    ),
    ("variables", "", ONLY_HERE),
    ("relations", "dct:relation", "the type of the relation and its note"),
    ("discrepancies", "", ONLY_HERE),
    ("links", "foaf:page", ""),
    ("citations", "dct:references", "citations without an address, and what each supports"),
    ("reviewDueOn", "", ONLY_HERE),
    ("masks", "", ONLY_HERE),
];

const ONLY_HERE: &str = "the whole field";
const STATUS: &str = "whether a wording is official or a translation";

/// Which fields of this record other readers of DCAT do not see, or see poorer. A registry that reads what a registry wrote
/// loses nothing.
pub fn losses(outgoing: &Outgoing<'_>) -> Vec<Loss> {
    let Ok(Value::Object(record)) = serde_json::to_value(outgoing.dataset) else { return Vec::new() };
    let is_said = |field: &str| record.get(field).is_some_and(|value| !matches!(value, Value::Null) && *value != serde_json::json!({}));
    let lost = MAPPING.iter().filter(|(field, _, missed)| !missed.is_empty() && is_said(field));
    lost.map(|(field, standard, _)| {
        let effect = if standard.is_empty() {
            "is carried in the registry's extension terms only: other readers of DCAT do not see it"
        } else {
            "is carried in part by standard properties and whole in the registry's extension terms: other readers of DCAT see the part"
        };
        Loss { field: (*field).to_owned(), effect }
    })
    .collect()
}
