//! JSON documents, by their outline: names of members, short texts, and the beginnings of lists.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Looked, refusal};
use crate::domain::problem::Problem;
use crate::domain::record::MAX_LINE;
use crate::domain::vocabulary::ImportFormat;
use crate::interop::json::is_lines;
use crate::interop::rdf::{check_json_depth, not_json};

/// Deepest nesting of a document.
const DEEPEST: usize = 64;
/// Levels of the outline.
const LEVELS: usize = 4;
/// Members of a list that are looked at.
const BEGINNING: usize = 3;
/// Members of an object that are looked at.
const MEMBERS: usize = 300;
/// Characters of a text that are kept.
const TEXT: usize = 200;

/// The outline of a value.
enum Outline {
    Text(String),
    Other,
    List(Vec<Outline>),
    Object(Vec<(String, Outline)>),
}

impl Outline {
    fn get(&self, key: &str) -> Option<&Outline> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }

    fn text(&self, key: &str) -> &str {
        match self.get(key) {
            Some(Self::Text(text)) => text,
            Some(Self::List(list)) => match list.first() {
                Some(Self::Text(text)) => text,
                _ => "",
            },
            _ => "",
        }
    }

    /// Whether a text below says this.
    fn mentions(&self, words: &str) -> bool {
        match self {
            Self::Text(text) => text.contains(words),
            Self::Other => false,
            Self::List(list) => list.iter().any(|value| value.mentions(words)),
            Self::Object(members) => members.iter().any(|(_, value)| value.mentions(words)),
        }
    }
}

struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Outline;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Outline, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Outline;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Outline, E> {
        Ok(Outline::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Outline, E> {
        Ok(Outline::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Outline, E> {
        Ok(Outline::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Outline, E> {
        Ok(Outline::Other)
    }

    fn visit_unit<E>(self) -> Result<Outline, E> {
        Ok(Outline::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Outline, E> {
        Ok(Outline::Text(text.chars().take(TEXT).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Outline, A::Error> {
        let mut beginning = Vec::new();
        if let Some(below) = self.0.checked_sub(1) {
            while beginning.len() < BEGINNING {
                match list.next_element_seed(Level(below))? {
                    Some(value) => beginning.push(value),
                    None => return Ok(Outline::List(beginning)),
                }
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Outline::List(beginning))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Outline, A::Error> {
        let mut kept = Vec::new();
        while let Some(key) = members.next_key::<String>()? {
            match self.0.checked_sub(1).filter(|_| kept.len() < MEMBERS) {
                Some(below) => {
                    let value = members.next_value_seed(Level(below))?;
                    kept.push((key, value));
                }
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Outline::Object(kept))
    }
}

/// The format of a JSON document, or of lines of JSON.
pub(super) fn format_of(text: Looked<'_>) -> Result<ImportFormat, Problem> {
    if let Some(outline) = first_of_lines(text)? {
        return match of_object(&outline, text) {
            Ok(format @ (ImportFormat::Rihla | ImportFormat::Ckan)) => Ok(format),
            _ => Err(refusal(
                "JSON Lines",
                "holds lines of JSON that are neither records of the registry nor packages of CKAN; give one document",
            )),
        };
    }
    let outline = match text {
        Looked::Held(text) => {
            check_json_depth(text, DEEPEST)?;
            outline_of(serde_json::Deserializer::from_str(text))?
        }
        Looked::Filed(filed) => {
            filed.check_json_depth(DEEPEST)?;
            outline_of(serde_json::Deserializer::from_reader(filed.reader(0)))?
        }
    };
    match &outline {
        Outline::List(beginning) => {
            let known = beginning.iter().filter(|value| value.is_object()).map(|value| of_object(value, text));
            let known: Vec<_> = known.collect();
            match known.iter().find_map(|known| known.as_ref().ok()) {
                None => Err(known.into_iter().find_map(Result::err).unwrap_or_else(|| unknown(&outline))),
                Some(format) => Ok(*format),
            }
        }
        other => of_object(other, text),
    }
}

fn outline_of<'de, R: serde_json::de::Read<'de>>(mut document: serde_json::Deserializer<R>) -> Result<Outline, Problem> {
    let outline = Level(LEVELS).deserialize(&mut document).map_err(not_json)?;
    document.end().map_err(not_json)?;
    Ok(outline)
}

/// The outline of the first line, where each line is an object by itself.
fn first_of_lines(text: Looked<'_>) -> Result<Option<Outline>, Problem> {
    let beginning = match text {
        Looked::Held(text) => Cow::Borrowed(text.as_bytes()),
        Looked::Filed(filed) => Cow::Owned(filed.bytes(0, 2 * MAX_LINE)?),
    };
    if !is_lines(&beginning) {
        return Ok(None);
    }
    let first = beginning.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    Ok(outline_of(serde_json::Deserializer::from_slice(first)).ok())
}

fn unknown(outline: &Outline) -> Problem {
    let names = match outline {
        Outline::Object(members) => members.iter().take(6).map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        Outline::List(list) if matches!(list.first(), Some(Outline::Text(_))) => "a list of texts".to_owned(),
        Outline::List(_) => "a list".to_owned(),
        _ => "a value".to_owned(),
    };
    refusal(&names, "is JSON of a kind that cannot be read; give DCAT, schema.org, data.json, CKAN, NADA or the registry's own lines")
}

fn of_object(outline: &Outline, text: Looked<'_>) -> Result<ImportFormat, Problem> {
    if matches!(outline.text("type"), "dataset" | "institution") && outline.has_any(&["slug", "titles", "names", "recordKind"]) {
        return Ok(ImportFormat::Rihla);
    }
    if outline.has_any(&["@context", "@graph", "@type", "@id"]) {
        return linked(outline, text);
    }
    if outline.has("study_desc")
        || ["dataset", "metadata"]
            .iter()
            .any(|key| outline.get(key).is_some_and(|inner| inner.has_any(&["study_desc", "metadata", "idno"])))
        || outline.get("result").is_some_and(|result| result.has("rows"))
        || (outline.has("idno") && outline.has_any(&["title", "nation"]))
    {
        return Ok(ImportFormat::Nada);
    }
    if outline.get("dataset").is_some_and(Outline::is_list) {
        return Ok(ImportFormat::DataJson);
    }
    if is_of_ckan(outline) {
        return Ok(ImportFormat::Ckan);
    }
    if outline.has("title") && outline.has_any(&["accessLevel", "bureauCode", "contactPoint", "landingPage"]) {
        return Ok(ImportFormat::DataJson);
    }
    Err(known_but_not_taken(outline).unwrap_or_else(|| unknown(outline)))
}

fn is_of_ckan(outline: &Outline) -> bool {
    let is_answer = outline.has("success") && outline.has_any(&["result", "error"]);
    let is_page = outline.has("count") && outline.get("results").is_some_and(Outline::is_list);
    let is_named = outline.has_any(&["name", "id"]);
    let is_package =
        is_named && outline.has_any(&["resources", "owner_org", "num_resources", "metadata_modified", "title_translated", "license_id"]);
    // Some lists of a portal say no more than what its packages are called.
    let is_short = ["id", "name", "title"].iter().all(|key| outline.has(key));
    is_answer || is_page || is_package || is_short || (is_named && outline.text("state") == "deleted")
}

/// JSON-LD: whose terms it uses.
fn linked(outline: &Outline, text: Looked<'_>) -> Result<ImportFormat, Problem> {
    const DCAT: &str = "w3.org/ns/dcat";
    let empty = Outline::Other;
    let context = outline.get("@context").unwrap_or(&empty);
    // DCAT-US 3 names classes without a context.
    let is_bare = !outline.has_any(&["@context", "@graph"]) && outline.has("title");
    let is_catalogue = outline.text("@type") == "Catalog" && outline.has_any(&["dataset", "catalog", "datasetSeries"]);
    if is_bare && (is_catalogue || outline.text("@type") == "Dataset") {
        return Ok(ImportFormat::DataJson);
    }
    // A context of somebody else's lies elsewhere, and says what the names mean: the reader of DCAT tells what to do.
    let of_data_json = ["project-open-data", "resources.data.gov", "dcat-us", "schema.org"];
    let is_elsewhere = matches!(context, Outline::Text(address) if address.starts_with("http"));
    let is_catalogue = outline.has("dataset") || ["Catalog", "Dataset"].iter().any(|class| outline.text("@type").ends_with(class));
    if is_elsewhere && is_catalogue && !of_data_json.iter().any(|words| context.mentions(words)) {
        return Ok(ImportFormat::Dcat);
    }
    // The context of data.json lies at its own address, which nobody fetches; a context that is written out makes it JSON-LD.
    if outline.get("dataset").is_some_and(Outline::is_list) && !context.is_object() && !context.mentions(DCAT) {
        let is_schema_org = context.mentions("schema.org") && !context.mentions("project-open-data");
        return Ok(if is_schema_org { ImportFormat::SchemaOrg } else { ImportFormat::DataJson });
    }
    let by_default = match context {
        Outline::Text(address) => address.contains("schema.org"),
        other => other.text("@vocab").contains("schema.org"),
    };
    if by_default {
        return Ok(ImportFormat::SchemaOrg);
    }
    let types = outline.get("@type").unwrap_or(&empty);
    if types.mentions("schema.org/") || types.mentions("schema:") {
        return Ok(ImportFormat::SchemaOrg);
    }
    if context.mentions(DCAT) || types.mentions(DCAT) || types.mentions("dcat:") || text.contains("http://www.w3.org/ns/dcat#")? {
        return Ok(ImportFormat::Dcat);
    }
    if context.mentions("schema.org") || text.contains("http://schema.org/")? || text.contains("https://schema.org/")? {
        return Ok(ImportFormat::SchemaOrg);
    }
    Err(refusal("JSON-LD", "speaks neither DCAT's terms nor those of schema.org; give one of the two"))
}

fn known_but_not_taken(outline: &Outline) -> Option<Problem> {
    let kind = outline.text("type");
    if kind == "Feature" || kind == "FeatureCollection" {
        return Some(if outline.mentions("ogcapi-records") || outline.has("linkTemplates") {
            refusal("OGC API Records", "is a record of OGC API Records; give the catalogue in DCAT")
        } else {
            refusal("GeoJSON", "holds shapes, no descriptions of datasets; give the catalogue in DCAT")
        });
    }
    let is_datacite = |value: &Outline| value.has("titles") && value.has_any(&["creators", "publicationYear", "types"]);
    let wrapped = outline.get("data").and_then(|data| data.get("attributes"));
    if is_datacite(outline) || wrapped.is_some_and(is_datacite) || outline.mentions("datacite.org/schema") {
        return Some(refusal("DataCite JSON", "is DataCite as JSON; give it as XML"));
    }
    let is_dataverse = outline.has_any(&["datasetVersion", "latestVersion"])
        || outline.get("data").is_some_and(|data| data.has_any(&["datasetVersion", "latestVersion"]));
    if is_dataverse {
        return Some(refusal("Dataverse JSON", "is Dataverse's own JSON; export the dataset as DDI or schema.org"));
    }
    outline.has_any(&["dataSets", "structure"]).then(|| refusal("SDMX JSON", "is a message of SDMX, which holds figures; give DCAT or DDI"))
}
