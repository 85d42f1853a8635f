//! What a format cannot carry of a record: the record is written, read again by the reader of the format, and compared field by field.
//!
//! Of a field that does not come back, the record is written once more with another value there: a document that stays the same
//! does not tell of the field at all.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::ddi::residue;
use super::exchange::{Found, Loss, Outgoing, Reading, Surroundings};
use super::holder::NOT_YET_KNOWN;
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, HoldingRole, LossEffect, PublicationStatus, RecordKind, RequestChannel, RiskClass,
    SourceType, StatementBasis, Visibility, Vocabulary,
};

/// How a format is written and read, and what it keeps in terms of its own for registries.
pub struct Way<'a> {
    /// Writes a record, without the terms that only registries read; nothing where it cannot be written.
    pub write: &'a dyn Fn(&Outgoing<'_>) -> Option<Vec<u8>>,
    /// Reads what was written.
    pub read: &'a dyn Fn(&[u8]) -> Reading,
    /// Whether the format carries the whole record in terms that only registries read.
    pub has_extension: bool,
}

/// Fields whose parts are compared each by itself.
const DIVIDED: [&str; 2] = ["methodology", "coverage"];
/// The field whose members are compared part by part.
const HOLDINGS: &str = "holdings";
/// Codes for which readers may have a default of their own: that it comes back says nothing.
const ASSUMED: [&str; 8] =
    ["recordKind", "collectionStatus", "status", "visibility", "riskClass", "certainty", "holdings.institution", "holdings.role"];
/// Members of a list that are enough to see whether a document tells of the list.
const ENOUGH: usize = 3;

/// What a format cannot carry of a record, or carries poorer.
pub fn losses(outgoing: &Outgoing<'_>, way: &Way<'_>) -> Vec<Loss> {
    let ours = serde_json::to_value(outgoing.dataset).unwrap_or_default();
    let theirs = read_back(outgoing, way);
    let mut probe = Probe::new(outgoing, way, &ours);
    let mut losses = Vec::new();
    for Field { field, ours, theirs } in fields(&ours, &theirs) {
        let is_assumed = ASSUMED.contains(&field.as_str());
        let differences = residue::differences(theirs.as_deref(), &ours);
        let comes_back = differences.is_empty() && (!is_assumed || probe.is_told(&field));
        if comes_back {
            continue;
        }
        let only_status = !differences.is_empty() && differences.keys().all(|place| place.ends_with("/status"));
        let effect = match (only_status, way.has_extension) {
            (true, false) => LossEffect::WithoutStatus,
            (true, true) => LossEffect::StatusInExtension,
            (false, extension) => match (probe.is_told(&field), theirs.is_some(), extension) {
                (false, _, false) => LossEffect::NotCarried,
                (false, _, true) => LossEffect::ExtensionOnly,
                (true, false, false) => LossEffect::CarriedAsText,
                (true, true, false) => LossEffect::CarriedInPart,
                (true, _, true) => LossEffect::PartInExtension,
            },
        };
        losses.push(Loss { field, effect });
    }
    losses
}

/// A field of a record, and what came back there.
struct Field<'v> {
    field: String,
    ours: Cow<'v, Value>,
    theirs: Option<Cow<'v, Value>>,
}

/// Every field that the record says, with what came back there.
fn fields<'v>(ours: &'v Value, theirs: &'v Value) -> Vec<Field<'v>> {
    let whole = |field: String, ours: &'v Value, theirs: Option<&'v Value>| Field {
        field,
        ours: Cow::Borrowed(ours),
        theirs: theirs.map(Cow::Borrowed),
    };
    let mut found = Vec::new();
    for (key, ours) in ours.as_object().into_iter().flatten() {
        let theirs = theirs.get(key);
        if let (HOLDINGS, Some(own)) = (key.as_str(), ours.as_array().filter(|own| !own.is_empty())) {
            let back = theirs.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            found.extend(of_holdings(own, back));
            // Other holdings, or more said of them than there is. Where none comes back, each of their fields says so by itself.
            let known = paths(own);
            if !back.is_empty() && (own.len() != back.len() || paths(back).iter().any(|path| !known.contains(path))) {
                found.push(whole(key.clone(), ours, theirs));
            }
            continue;
        }
        match ours.as_object().filter(|_| DIVIDED.contains(&key.as_str())) {
            Some(parts) => {
                found.extend(parts.iter().map(|(part, ours)| whole(format!("{key}.{part}"), ours, theirs.and_then(|it| it.get(part)))))
            }
            None => found.push(whole(key.clone(), ours, theirs)),
        }
    }
    found.retain(|field| !field.ours.is_null());
    found
}

/// Paths of the fields that holdings say.
fn paths(holdings: &[Value]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for (key, value) in holdings.iter().filter_map(Value::as_object).flatten() {
        let inner = value.as_object().filter(|_| key == "accessTerms");
        let own = inner.map_or_else(|| vec![key.clone()], |terms| terms.keys().map(|term| format!("{key}.{term}")).collect());
        paths.extend(own);
    }
    let mut met = HashSet::new();
    paths.retain(|path| met.insert(path.clone()));
    paths
}

/// The fields of holdings, each with its values in all of them: whose they are, in which role, on which terms, with which files.
fn of_holdings(ours: &[Value], theirs: &[Value]) -> Vec<Field<'static>> {
    let values = |holdings: &[Value], path: &str| -> Vec<Value> {
        let at = format!("/{}", path.replace('.', "/"));
        (0..ours.len()).map(|index| holdings.get(index).and_then(|holding| holding.pointer(&at)).cloned().unwrap_or_default()).collect()
    };
    let field = |path: String| {
        let back = values(theirs, &path);
        let theirs = back.iter().any(|value| !value.is_null()).then(|| Cow::Owned(Value::Array(back)));
        Field { ours: Cow::Owned(Value::Array(values(ours, &path))), theirs, field: format!("{HOLDINGS}.{path}") }
    };
    paths(ours).into_iter().map(field).collect()
}

/// What the reader makes of the written record, in the record format. What it tells beside the draft counts as well: the address and
/// the identifier of the record, and the names of its producers.
fn read_back(outgoing: &Outgoing<'_>, way: &Way<'_>) -> Value {
    let found = (way.write)(outgoing).map(|bytes| (way.read)(&bytes)).and_then(|reading| reading.found.into_iter().next());
    let Some(Found { draft, origin, .. }) = found else { return Value::Null };
    let record = outgoing.dataset;
    let mut value = residue::value_of(&draft);
    let Some(members) = value.as_object_mut() else { return Value::Null };
    let mut put = |key: &str, said: bool, own: Value| {
        if said && !members.contains_key(key) {
            members.insert(key.to_owned(), own);
        }
    };
    // Others see the short name in an address only, and a registry that takes the record gives it one of its own.
    put("slug", way.has_extension && origin.address == Some(outgoing.page()), json!(record.slug));
    put("identifier", record.identifier.is_some() && origin.identifier == record.identifier, json!(record.identifier));
    let is_named =
        |slug: &Slug| {
            let names = (outgoing.around.institutions)(slug).map(|institution| &institution.names);
            origin.producers.iter().flat_map(|producer| producer.iter()).any(|(_, told)| {
                told.text == slug.as_str() || names.is_some_and(|names| names.iter().any(|(_, name)| name.text == told.text))
            })
        };
    put("producer", record.producer.as_ref().is_some_and(is_named), json!(record.producer));
    // Holders are matched with institutions by their names later.
    let holders = record.holdings.iter().map(|holding| holding.institution.as_str());
    let come_back = members.get_mut("holdings").and_then(Value::as_array_mut).into_iter().flatten();
    for (holding, own) in come_back.zip(holders) {
        if holding.get("institution").and_then(Value::as_str) == Some(NOT_YET_KNOWN)
            && let Some(members) = holding.as_object_mut()
        {
            members.insert("institution".to_owned(), json!(own));
        }
    }
    value
}

/// Finds out whether a document tells of a field.
struct Probe<'o, 'a, 'w> {
    outgoing: &'o Outgoing<'a>,
    way: &'w Way<'w>,
    /// The record, with the beginnings of its lists.
    short: Value,
    written: Option<Vec<u8>>,
    known: HashMap<String, bool>,
}

impl<'o, 'a, 'w> Probe<'o, 'a, 'w> {
    fn new(outgoing: &'o Outgoing<'a>, way: &'w Way<'w>, record: &Value) -> Self {
        let mut short = record.clone();
        shorten(&mut short);
        let mut probe = Self { outgoing, way, short, written: None, known: HashMap::new() };
        probe.written = probe.write(&probe.short);
        probe
    }

    fn write(&self, record: &Value) -> Option<Vec<u8>> {
        let mut dataset = <Dataset as serde::Deserialize>::deserialize(record).ok()?;
        dataset.hidden.clone_from(&self.outgoing.dataset.hidden);
        // What stands around the record outlives this copy of it, and is lent anew.
        let given = self.outgoing;
        let institutions = |slug: &Slug| (given.around.institutions)(slug);
        let (base_url, concepts) = (given.around.base_url, given.around.concepts);
        let around = Surroundings { base_url, institutions: &institutions, concepts };
        let (issued_at, modified_at, version) = (given.issued_at, given.modified_at, given.version);
        (self.way.write)(&Outgoing { dataset: &dataset, issued_at, modified_at, version, around: &around })
    }

    fn is_told(&mut self, field: &str) -> bool {
        if let Some(known) = self.known.get(field) {
            return *known;
        }
        let mut changed = self.short.clone();
        change_at(&mut changed, field);
        // A record that cannot be written without the field is taken to tell of it.
        let told = self.write(&changed).is_none_or(|bytes| Some(bytes) != self.written) || self.is_told_alone(field);
        self.known.insert(field.to_owned(), told);
        told
    }
}

impl Probe<'_, '_, '_> {
    /// Producer and holder are often one institution, and stand in for each other: whether the document tells of the one without the other.
    fn is_told_alone(&self, field: &str) -> bool {
        let other = match field {
            "producer" => "holdings",
            "holdings" | "holdings.institution" => "producer",
            _ => return false,
        };
        let without = |fields: &[&str]| {
            let mut record = self.short.clone();
            fields.iter().for_each(|field| change_at(&mut record, field));
            self.write(&record)
        };
        let alone = without(&[other]);
        alone.is_some() && alone != without(&[other, field])
    }
}

/// Gives the field of a path another value, or none: in each member of a list on the way.
fn change_at(value: &mut Value, path: &str) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|member| change_at(member, path)),
        Value::Object(members) => match path.split_once('.') {
            Some((outer, rest)) => members.get_mut(outer).into_iter().for_each(|inner| change_at(inner, rest)),
            None => change(members, path),
        },
        _ => {}
    }
}

/// Gives a field another value, or none.
fn change(members: &mut Map<String, Value>, field: &str) {
    let Some(value) = members.get_mut(field) else { return };
    let other = match field {
        "slug" => Some("another-record".to_owned()),
        "recordKind" => another::<RecordKind>(value),
        "collectionStatus" => another::<CollectionStatus>(value),
        "status" => another::<PublicationStatus>(value),
        "visibility" => another::<Visibility>(value),
        "riskClass" => another::<RiskClass>(value),
        "certainty" => another::<Certainty>(value),
        "sourceType" => another::<SourceType>(value),
        "institution" => Some("another-institution".to_owned()),
        "role" => another::<HoldingRole>(value),
        "aggregates" | "microdata" => another::<AccessLevel>(value),
        "aggregatesBasis" | "microdataBasis" => another::<StatementBasis>(value),
        "channel" => another::<RequestChannel>(value),
        "titles" => {
            *value = json!({});
            return;
        }
        _ => None,
    };
    match other {
        Some(other) => *value = Value::String(other),
        None => {
            members.shift_remove(field);
        }
    }
}

fn another<V: Vocabulary>(value: &Value) -> Option<String> {
    V::ALL.iter().map(|member| member.code()).find(|code| Some(*code) != value.as_str()).map(str::to_owned)
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(members) => {
            members.truncate(ENOUGH);
            members.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.values_mut().for_each(shorten),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::concept::Concepts;
    use crate::domain::vocabulary::ExportFormat;
    use crate::interop::dcat::tests::demo::{Demo, demo, with_outgoing};
    use crate::interop::dcat::tests::generate;
    use crate::interop::formats;

    const DERIVED: [ExportFormat; 7] = [
        ExportFormat::Dcat,
        ExportFormat::SchemaOrg,
        ExportFormat::DataJson,
        ExportFormat::DataCite,
        ExportFormat::DublinCore,
        ExportFormat::Ckan,
        ExportFormat::Spreadsheet,
    ];

    /// Every field of the record that reading the document does not give back is among the losses.
    fn none_is_silent(outgoing: &Outgoing<'_>) {
        let ours = serde_json::to_value(outgoing.dataset).expect("JSON");
        for format in DERIVED {
            let losses = formats::losses(outgoing, format);
            let found = formats::read_again(outgoing, format).found.into_iter().next().expect("a record");
            let theirs = residue::value_of(&found.draft);
            for (key, ours) in ours.as_object().expect("an object") {
                let parts: Vec<(String, &Value, Option<&Value>)> = match ours.as_object().filter(|_| DIVIDED.contains(&key.as_str())) {
                    Some(parts) => parts
                        .iter()
                        .map(|(part, ours)| (format!("{key}.{part}"), ours, theirs.get(key).and_then(|it| it.get(part))))
                        .collect(),
                    None => vec![(key.clone(), ours, theirs.get(key))],
                };
                for (field, ours, theirs) in parts {
                    if field == "holdings" && losses.iter().all(|loss| !loss.field.starts_with(HOLDINGS)) {
                        assert_eq!(
                            without_holders(ours),
                            without_holders(theirs.unwrap_or(&Value::Null)),
                            "{format:?} loses {field} silently"
                        );
                    }
                    let is_beside = matches!(field.as_str(), "slug" | "identifier" | "producer");
                    if theirs != Some(ours) && !is_beside && field != "holdings" {
                        assert!(losses.iter().any(|loss| loss.field == field), "{format:?} loses {field} silently: {ours} {theirs:?}");
                    }
                    if is_beside && !losses.iter().any(|loss| loss.field == field) {
                        let draft = &found.draft;
                        let said = format!("{:?} {:?} {:?} {:?}", found.origin, draft.slug, draft.identifier, draft.producer);
                        let names = outgoing.dataset.producer.as_ref().and_then(|slug| (outgoing.around.institutions)(slug));
                        let named = names.is_some_and(|it| it.names.iter().any(|(_, name)| said.contains(&format!("{:?}", name.text))));
                        assert!(ours.as_str().is_some_and(|text| said.contains(text)) || named, "{format:?} {field} {said}");
                    }
                }
            }
        }
    }

    /// Holders come back as names, which are matched with institutions later.
    fn without_holders(holdings: &Value) -> Value {
        let mut holdings = holdings.clone();
        holdings.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut).for_each(|holding| {
            holding.shift_remove("institution");
        });
        holdings
    }

    #[test]
    fn no_field_of_the_demonstration_catalogue_is_lost_silently() {
        let demo = demo();
        with_outgoing(&demo, "https://data.example.ma", |records, _| {
            records.iter().for_each(none_is_silent);
            let census = records.iter().find(|record| record.dataset.slug.as_str() == "ma-hcp-rgph-2014").expect("the census");
            let effect =
                |format, field: &str| formats::losses(census, format).into_iter().find(|loss| loss.field == field).map(|loss| loss.effect);
            // Of holdings it is said which of their fields: who holds the data is told in the open, what a basis is worth is not.
            let dcat = formats::losses(census, ExportFormat::Dcat);
            let terms: Vec<&str> = dcat.iter().filter_map(|loss| loss.field.strip_prefix("holdings.accessTerms.")).collect();
            assert!(terms.contains(&"aggregatesBasis") && terms.len() < 12, "{dcat:?}");
            for format in [ExportFormat::DataCite, ExportFormat::DublinCore] {
                assert!(matches!(effect(format, "slug"), Some(LossEffect::CarriedAsText | LossEffect::NotCarried)), "{format:?}");
            }
            for (format, field, wanted) in [
                (ExportFormat::Dcat, "riskClass", Some(LossEffect::ExtensionOnly)),
                (ExportFormat::Dcat, "slug", None),
                (ExportFormat::DataCite, "certainty", Some(LossEffect::NotCarried)),
                (ExportFormat::DataCite, "methodology.sourceType", Some(LossEffect::CarriedAsText)),
                (ExportFormat::DataCite, "producer", None),
                (ExportFormat::DataJson, "titles", Some(LossEffect::CarriedInPart)),
                (ExportFormat::DataJson, "slug", Some(LossEffect::CarriedAsText)),
                (ExportFormat::SchemaOrg, "slug", Some(LossEffect::CarriedAsText)),
                (ExportFormat::Ckan, "slug", None),
                (ExportFormat::Spreadsheet, "slug", None),
                (ExportFormat::SchemaOrg, "methodology.definitions", Some(LossEffect::NotCarried)),
                (ExportFormat::SchemaOrg, "identifier", None),
                (ExportFormat::DublinCore, "riskClass", Some(LossEffect::NotCarried)),
                // Of holdings that do not come back at all it is said field by field, too.
                (ExportFormat::DublinCore, "holdings", None),
                (ExportFormat::DublinCore, "holdings.accessTerms.aggregates", Some(LossEffect::NotCarried)),
                (ExportFormat::DublinCore, "coverage.reportingAreas", None),
            ] {
                assert_eq!(effect(format, field), wanted, "{format:?} {field}: {:?}", formats::losses(census, format));
            }
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 32, ..ProptestConfig::default() })]

        #[test]
        fn no_field_of_any_record_is_lost_silently(dataset in generate::dataset()) {
            let demo = Demo { concepts: Concepts::load(&[]).expect("lists"), institutions: Default::default(), datasets: vec![dataset] };
            with_outgoing(&demo, "https://data.example.ma", |records, _| records.iter().for_each(none_is_silent));
        }
    }
}
