//! From records to `data.json`.

use serde_json::{Map, Value, json};

use crate::domain::dataset::Dataset;
use crate::domain::holding::Holding;
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, Frequency, RecordKind, Vocabulary};
use crate::interop::dcat::authority::{access_right_code, media_type_of};
use crate::interop::dcat::{instant, stand_in_description};
use crate::interop::exchange::Outgoing;
use crate::interop::holder::licence_of_all;

/// Writes records as a `data.json` of DCAT-US 1.1.
///
/// # Errors
/// The document cannot be written; texts and numbers always can.
pub fn write(records: &[Outgoing<'_>], base_url: &str) -> serde_json::Result<Vec<u8>> {
    let datasets: Vec<Value> = records.iter().map(dataset).collect();
    serde_json::to_vec_pretty(&json!({
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": format!("{base_url}/data.json"),
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": datasets,
    }))
}

/// The words of a text for a reader who takes one language: the record's main one.
fn one(record: &Dataset, text: &MultilingualText) -> Option<String> {
    text.words(None, record.main_language()).map(str::to_owned)
}

/// Address of the schema that the document conforms to.
const SCHEMA: &str = "https://project-open-data.cio.gov/v1.1/schema";

/// What stands before the records where they are written one by one; [`write_one`] and commas follow, then [`END`].
pub fn beginning(base_url: &str) -> String {
    let id = json!(format!("{base_url}/data.json"));
    format!(
        "{{\"@context\":\"{SCHEMA}/catalog.jsonld\",\"@id\":{id},\"@type\":\"dcat:Catalog\",\"conformsTo\":\"{SCHEMA}\",\
         \"describedBy\":\"{SCHEMA}/catalog.json\",\"dataset\":["
    )
}

/// What stands behind the records where they are written one by one.
pub const END: &str = "]}\n";

/// Writes one record as a member of the list.
///
/// # Errors
/// The record cannot be written; texts and numbers always can.
pub fn write_one(outgoing: &Outgoing<'_>) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&dataset(outgoing))
}

fn dataset(outgoing: &Outgoing<'_>) -> Value {
    let record = outgoing.dataset;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.is_null();
        if !is_empty {
            out.insert(key.to_owned(), value);
        }
    };
    put("@type", json!("dcat:Dataset"));
    put("identifier", json!(record.identifier.clone().unwrap_or_else(|| outgoing.page())));
    put("title", json!(one(record, &record.titles).unwrap_or_else(|| record.slug.to_string())));
    put("description", json!(description(record)));
    let keywords: Vec<_> = record.keywords.iter().flat_map(MultilingualText::iter).map(|(_, wording)| wording.text.clone()).collect();
    put("keyword", json!(keywords));
    put("modified", json!(instant(outgoing.modified_at)));
    put("publisher", publisher(outgoing));
    put("contactPoint", contact(outgoing));
    put("accessLevel", json!(access_level(record)));
    put("rights", json!(rights(outgoing)));
    put("license", json!(licence_of_all(record)));
    put("spatial", json!(places(outgoing)));
    put("temporal", json!(record.coverage.period.as_ref().and_then(temporal)));
    put("accrualPeriodicity", json!(record.coverage.frequency.and_then(periodicity)));
    let languages: Vec<_> = record.languages.iter().map(|tag| tag.as_str().to_owned()).collect();
    put("language", json!(languages));
    put("theme", json!(themes(outgoing)));
    put("landingPage", json!(outgoing.page()));
    put("references", json!(references(record)));
    put("distribution", json!(distributions(record)));
    Value::Object(out)
}

fn description(record: &Dataset) -> String {
    let stand_in = || stand_in_description(record).into_iter().next().map(|(_, text)| text).unwrap_or_default();
    one(record, &record.abstract_text).unwrap_or_else(stand_in)
}

fn responsible<'a>(outgoing: &Outgoing<'a>) -> Option<&'a crate::domain::ids::Slug> {
    let record = outgoing.dataset;
    record.producer.as_ref().or_else(|| record.holdings.first().map(|holding| &holding.institution))
}

fn publisher(outgoing: &Outgoing<'_>) -> Value {
    let slug = responsible(outgoing);
    let institution = slug.and_then(|slug| (outgoing.around.institutions)(slug));
    let name = institution.and_then(|institution| one(outgoing.dataset, &institution.names));
    let name = name.or_else(|| slug.map(ToString::to_string)).unwrap_or_else(|| outgoing.around.base_url.to_owned());
    json!({ "@type": "org:Organization", "name": name })
}

fn contact(outgoing: &Outgoing<'_>) -> Value {
    let institution = responsible(outgoing).and_then(|slug| (outgoing.around.institutions)(slug));
    let desk = institution.and_then(|institution| institution.desk.as_ref());
    let function = desk.and_then(|desk| one(outgoing.dataset, &desk.function));
    let name = function.or_else(|| institution.and_then(|institution| one(outgoing.dataset, &institution.names)));
    let name = name.or_else(|| responsible(outgoing).map(ToString::to_string)).unwrap_or_else(|| outgoing.around.base_url.to_owned());
    let mut contact = json!({ "@type": "vcard:Contact", "fn": name });
    if let (Some(mailbox), Some(members)) = (desk.and_then(|desk| desk.mailbox.as_deref()), contact.as_object_mut()) {
        members.insert("hasEmail".to_owned(), json!(format!("mailto:{mailbox}")));
    }
    contact
}

/// The levels of what a record is, figures or microdata, at each of its holders; none of holders who have nothing of it.
fn levels(record: &Dataset) -> Vec<(&Holding, AccessLevel)> {
    let of = |holding: &Holding| match record.record_kind {
        RecordKind::MicrodataProduct => holding.access_terms.microdata,
        _ => holding.access_terms.aggregates,
    };
    record.holdings.iter().map(|holding| (holding, of(holding))).filter(|(_, level)| *level != AccessLevel::NotApplicable).collect()
}

/// DCAT-US asks for a level. What nobody documented is not called public, and what one holder gives freely is not where another does not: a part
/// that can be had makes it restricted.
fn access_level(record: &Dataset) -> &'static str {
    let codes: Vec<_> = levels(record).into_iter().map(|(_, level)| access_right_code(level)).collect();
    if !codes.is_empty() && codes.iter().all(|code| *code == Some("PUBLIC")) {
        "public"
    } else if codes.iter().any(|code| matches!(code, Some("PUBLIC" | "RESTRICTED"))) {
        "restricted public"
    } else {
        "non-public"
    }
}

/// Most characters of `rights`.
const MOST_OF_RIGHTS: usize = 255;
/// What stands before the holders where they give access differently, in English, French and Arabic.
const DIFFERS: [(&str, &str); 3] =
    [("en", "Access differs by holder."), ("fr", "L'accès diffère selon le détenteur."), ("ar", "يختلف الوصول باختلاف الجهة الحائزة.")];

/// Why a dataset is not public, in at most 255 characters: at which holder what can be had, where they differ, and on which conditions.
fn rights(outgoing: &Outgoing<'_>) -> Option<String> {
    let record = outgoing.dataset;
    let levels = levels(record);
    let is_one =
        levels.windows(2).all(|pair| matches!(pair, [(_, one), (_, other)] if access_right_code(*one) == access_right_code(*other)));
    let conditions = |holding: &Holding| one(record, &holding.access_terms.conditions);
    let text = if is_one {
        let mut said = record.holdings.iter().map(|holding| (holding, conditions(holding)));
        let first = said.next().and_then(|(_, words)| words);
        let is_of_all = said.all(|(_, words)| words == first);
        let undocumented = levels.iter().all(|(_, level)| access_right_code(*level).is_none());
        if is_of_all {
            first.or_else(|| undocumented.then(|| "The access level is not documented; write to the institution.".to_owned()))?
        } else {
            let named =
                record.holdings.iter().filter_map(|holding| Some(format!("{}: {}", holder(outgoing, holding), conditions(holding)?)));
            named.collect::<Vec<_>>().join(" – ")
        }
    } else {
        let language = record.main_language().and_then(|tag| tag.split('-').next()).unwrap_or("en");
        let (language, lead) = DIFFERS.iter().find(|(tag, _)| *tag == language).copied().unwrap_or(DIFFERS[0]);
        let named: Vec<String> =
            levels.iter().map(|(holding, level)| format!("{}: {}", holder(outgoing, holding), level.label(language))).collect();
        let terms = levels.iter().filter_map(|(holding, _)| Some(format!("{}: {}", holder(outgoing, holding), conditions(holding)?)));
        std::iter::once(format!("{lead} {}", named.join("; "))).chain(terms).collect::<Vec<_>>().join(" – ")
    };
    let is_long = text.chars().count() > MOST_OF_RIGHTS;
    Some(if is_long { text.chars().take(MOST_OF_RIGHTS - 1).chain(['…']).collect() } else { text })
}

/// The name of whoever holds the data.
fn holder(outgoing: &Outgoing<'_>, holding: &Holding) -> String {
    let institution = (outgoing.around.institutions)(&holding.institution);
    institution.and_then(|institution| one(outgoing.dataset, &institution.names)).unwrap_or_else(|| holding.institution.to_string())
}

fn places(outgoing: &Outgoing<'_>) -> Option<String> {
    let concepts = outgoing.around.concepts;
    let name =
        |code: &String| concepts.get(ConceptScheme::Places, code).map_or_else(|| code.clone(), |place| place.label(Some("en")).to_owned());
    let names: Vec<_> = outgoing.dataset.coverage.reporting_areas.iter().map(name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// An interval needs both ends; one that is open or unknown is not made up.
fn temporal(period: &Period) -> Option<String> {
    let plain = |date: crate::domain::time::PartialDate| crate::domain::time::PartialDate { qualifier: None, ..date }.to_string();
    Some(format!("{}/{}", plain(period.start.date()?), plain(period.end.date()?)))
}

fn periodicity(frequency: Frequency) -> Option<&'static str> {
    Some(match frequency {
        Frequency::Continuous => "R/PT1S",
        Frequency::Daily => "R/P1D",
        Frequency::Weekly => "R/P1W",
        Frequency::Monthly => "R/P1M",
        Frequency::Quarterly => "R/P3M",
        Frequency::Semiannual => "R/P6M",
        Frequency::Annual => "R/P1Y",
        Frequency::Biennial => "R/P2Y",
        Frequency::Quinquennial => "R/P5Y",
        Frequency::Decennial => "R/P10Y",
        Frequency::Irregular => "irregular",
        Frequency::Once | Frequency::Unknown => return None,
    })
}

fn themes(outgoing: &Outgoing<'_>) -> Vec<String> {
    let label = |code: &String| outgoing.around.concepts.get(ConceptScheme::Themes, code).map(|theme| theme.label(Some("en")).to_owned());
    let mut themes: Vec<String> = outgoing.dataset.themes.iter().filter_map(label).collect();
    themes.sort();
    themes.dedup();
    themes
}

/// An address in the form that a URI has: letters beyond ASCII and blanks are escaped.
fn uri(text: &str) -> String {
    url::Url::parse(text).map_or_else(|_| text.to_owned(), String::from)
}

fn references(record: &Dataset) -> Vec<String> {
    // A copy says first where it is kept.
    let home = record.copied_from.iter().map(|from| &from.address);
    let links = home.chain(record.links.iter().chain(&record.methodology.instruments).map(|link| &link.url));
    let mut all: Vec<String> = Vec::new();
    for address in links.chain(record.citations.iter().filter_map(|citation| citation.url.as_ref())).map(|address| uri(address)) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

fn distributions(record: &Dataset) -> Vec<Value> {
    let files = record.holdings.iter().flat_map(|holding| &holding.distributions);
    let mut all = Vec::new();
    for file in files {
        let is_media_type = |text: &str| text.split_once('/').is_some_and(|(kind, rest)| simple(kind) && simple(rest));
        let media_type = file.media_type.clone().or_else(|| file.format.as_deref().and_then(media_type_of).map(str::to_owned));
        let media_type = media_type.filter(|text| is_media_type(text));
        // A downloadURL needs a media type; without one, the address is where the data can be reached.
        let address = if media_type.is_some() { "downloadURL" } else { "accessURL" };
        let mut out = Map::new();
        out.insert("@type".to_owned(), json!("dcat:Distribution"));
        out.insert(address.to_owned(), json!(uri(&file.url)));
        for (key, value) in [("title", one(record, &file.title)), ("format", file.format.clone()), ("mediaType", media_type)] {
            if let Some(value) = value {
                out.insert(key.to_owned(), json!(value));
            }
        }
        if !all.contains(&Value::Object(out.clone())) {
            all.push(Value::Object(out));
        }
    }
    all
}

fn simple(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+'))
}

/// Field of the record and the member of `data.json` that carries it; nothing where none does.
pub const MAPPING: &[(&str, &str)] = &[
    ("slug", "landingPage"),
    ("identifier", "identifier"),
    ("recordKind", ""),
    ("collectionStatus", ""),
    ("programme", ""),
    ("status", ""),
    ("visibility", ""),
    ("riskClass", ""),
    ("certainty", ""),
    ("certaintyNote", ""),
    ("mainLanguage", ""),
    ("titles", "title (main language)"),
    ("abstract", "description (main language)"),
    ("keywords", "keyword (languages mixed)"),
    ("languages", "language"),
    ("themes", "theme (English label)"),
    ("indicators", ""),
    ("classifications", ""),
    ("producer", "publisher"),
    ("partners", ""),
    ("legalMandate", ""),
    ("holdings", "accessLevel, rights, license (of all files), contactPoint, distribution"),
    ("methodology", "references (instruments)"),
    ("coverage", "spatial, temporal, accrualPeriodicity"),
    ("variables", ""),
    ("relations", ""),
    ("discrepancies", ""),
    ("links", "references"),
    ("citations", "references"),
    ("reviewDueOn", ""),
    ("masks", ""),
];
