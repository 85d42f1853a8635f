//! Which field goes where, and what other readers do not see.

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
