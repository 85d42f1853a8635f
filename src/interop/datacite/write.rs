//! DataCite XML and JSON.

use serde_json::{Map, Value, json};

use super::NAMESPACE;
use super::resource::{Resource, Words, gather};
use crate::interop::exchange::Outgoing;
use crate::interop::xml_text::page::Page;

/// Writes a record as XML, valid against the schema of kernel 4.7.
pub fn write_xml(outgoing: &Outgoing) -> Vec<u8> {
    let resource = gather(outgoing);
    let mut page = Page::new();
    let schema = format!("{NAMESPACE} https://schema.datacite.org/meta/kernel-4/metadata.xsd");
    page.open(
        "resource",
        &[("xmlns", NAMESPACE), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xsi:schemaLocation", &schema)],
    );
    page.leaf("identifier", &[("identifierType", resource.identifier.1)], &resource.identifier.0);
    people(&mut page, &resource);
    list(&mut page, "titles", &resource.titles, |page, title| {
        page.leaf("title", &[("xml:lang", &title.language), ("titleType", title.kind)], &title.text);
    });
    page.leaf("publisher", &[("xml:lang", &resource.publisher.language)], &resource.publisher.text);
    page.leaf("publicationYear", &[], &resource.year);
    page.leaf("resourceType", &[("resourceTypeGeneral", "Dataset")], resource.kind);
    list(&mut page, "subjects", &resource.subjects, |page, subject| {
        page.leaf(
            "subject",
            &[("xml:lang", &subject.language), ("subjectScheme", subject.kind), ("valueURI", &subject.address)],
            &subject.text,
        );
    });
    facts(&mut page, &resource);
    page.bytes()
}

fn list<T>(page: &mut Page, name: &str, members: &[T], one: impl Fn(&mut Page, &T)) {
    if members.is_empty() {
        return;
    }
    page.open(name, &[]);
    members.iter().for_each(|member| one(page, member));
    page.close();
}

fn people(page: &mut Page, resource: &Resource) {
    list(page, "creators", &resource.creators, |page, creator| {
        page.open("creator", &[]);
        page.leaf("creatorName", &[("nameType", "Organizational"), ("xml:lang", &creator.language)], &creator.text);
        page.close();
    });
    list(page, "contributors", &resource.contributors, |page, contributor| {
        page.open("contributor", &[("contributorType", contributor.kind)]);
        page.leaf("contributorName", &[("nameType", "Organizational"), ("xml:lang", &contributor.language)], &contributor.text);
        page.close();
    });
}

fn facts(page: &mut Page, resource: &Resource) {
    list(page, "dates", &resource.dates, |page, (date, kind)| page.leaf("date", &[("dateType", kind)], date));
    if !resource.language.is_empty() {
        page.leaf("language", &[], &resource.language);
    }
    list(page, "alternateIdentifiers", &[&resource.page], |page, address| {
        page.leaf("alternateIdentifier", &[("alternateIdentifierType", "URL")], address);
    });
    list(page, "relatedIdentifiers", &resource.related, |page, related| {
        let attributes =
            [("relatedIdentifierType", "URL"), ("relationType", related.kind), ("relationTypeInformation", related.information)];
        page.leaf("relatedIdentifier", &attributes, &related.address);
    });
    list(page, "sizes", &resource.sizes, |page, size| page.leaf("size", &[], size));
    list(page, "formats", &resource.formats, |page, format| page.leaf("format", &[], format));
    list(page, "rightsList", &resource.rights, |page, rights| {
        page.leaf("rights", &[("xml:lang", &rights.language), ("rightsURI", &rights.address)], &rights.text);
    });
    list(page, "descriptions", &resource.descriptions, |page, description| {
        page.leaf("description", &[("xml:lang", &description.language), ("descriptionType", description.kind)], &description.text);
    });
    list(page, "geoLocations", &resource.places, |page, place| {
        page.open("geoLocation", &[]);
        page.leaf("geoLocationPlace", &[], place);
        page.close();
    });
}

/// Writes a record as DataCite JSON, in the form of the attributes of DataCite's REST API.
pub fn write_json(outgoing: &Outgoing) -> Vec<u8> {
    let resource = gather(outgoing);
    let mut bytes = json_of(&resource).to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

fn json_of(resource: &Resource) -> Value {
    let names = |list: &[Words], with_kind: bool| -> Value {
        let kind = |words: &Words| if with_kind { words.kind } else { "" };
        list.iter().map(|words| words_of("name", words, &[("nameType", "Organizational"), ("contributorType", kind(words))])).collect()
    };
    let mut publisher = Map::from_iter([("name".to_owned(), json!(resource.publisher.text))]);
    if !resource.publisher.language.is_empty() {
        publisher.insert("lang".to_owned(), json!(resource.publisher.language));
    }
    // There is no DOI: what the record is known by are other identifiers, each once.
    let mut identifiers = vec![(resource.identifier.0.as_str(), resource.identifier.1), (resource.page.as_str(), "URL")];
    identifiers.dedup();
    let identifiers: Value =
        identifiers.iter().map(|(text, kind)| json!({ "alternateIdentifier": text, "alternateIdentifierType": kind })).collect();
    let mut value = json!({
        "alternateIdentifiers": identifiers,
        "creators": names(&resource.creators, false),
        "titles": resource.titles.iter().map(|title| words_of("title", title, &[("titleType", title.kind)])).collect::<Value>(),
        "publisher": publisher,
        "publicationYear": resource.year.parse::<i32>().unwrap_or(0),
        "types": { "resourceTypeGeneral": "Dataset", "resourceType": resource.kind },
        "subjects": resource.subjects.iter().map(|s| words_of("subject", s, &[("subjectScheme", s.kind), ("valueUri", &s.address)])).collect::<Value>(),
        "contributors": names(&resource.contributors, true),
        "dates": resource.dates.iter().map(|(date, kind)| json!({ "date": date, "dateType": kind })).collect::<Value>(),
        "language": resource.language,
        "relatedIdentifiers": resource.related.iter().map(related).collect::<Value>(),
        "sizes": resource.sizes,
        "formats": resource.formats,
        "rightsList": resource.rights.iter().map(|rights| words_of("rights", rights, &[("rightsUri", &rights.address)])).collect::<Value>(),
        "descriptions": resource.descriptions.iter().map(|d| words_of("description", d, &[("descriptionType", d.kind)])).collect::<Value>(),
        "geoLocations": resource.places.iter().map(|place| json!({ "geoLocationPlace": place })).collect::<Value>(),
        "url": resource.page,
        "schemaVersion": NAMESPACE,
    });
    if let Some(object) = value.as_object_mut() {
        object.retain(|_, value| !value.as_str().is_some_and(str::is_empty) && !value.as_array().is_some_and(Vec::is_empty));
    }
    value
}

fn words_of(name: &str, words: &Words, more: &[(&str, &str)]) -> Value {
    let mut object = Map::from_iter([(name.to_owned(), json!(words.text))]);
    for (key, value) in [("lang", words.language.as_str())].iter().chain(more).filter(|(_, value)| !value.is_empty()) {
        object.insert((*key).to_owned(), json!(value));
    }
    Value::Object(object)
}

fn related(related: &super::resource::Related) -> Value {
    let mut value = json!({ "relatedIdentifier": related.address, "relatedIdentifierType": "URL", "relationType": related.kind });
    if !related.information.is_empty() {
        value["relationTypeInformation"] = json!(related.information);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::concept::Concepts;
    use crate::domain::dataset::Dataset;
    use crate::interop::exchange::Surroundings;

    #[test]
    fn xml_and_json_say_the_same() {
        let dataset: Dataset = serde_json::from_value(json!({
            "slug": "ma-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
            "certainty": "DOCUMENTED", "mainLanguage": "fr", "themes": ["MT-0103"], "producer": "hcp", "languages": ["fr"],
            "titles": { "ar": { "text": "بحث", "status": "TRANSLATION" }, "fr": { "text": "Enquête <A&B>", "status": "OFFICIAL" } },
            "methodology": { "sourceType": "CENSUS", "sampleSize": 9 },
            "coverage": { "reportingAreas": ["MA"], "period": { "start": "2018-08", "end": ".." } },
            "relations": [{ "type": "MIRROR_OF", "dataset": "other" }, { "type": "COMPONENT_OF", "dataset": "whole" }],
        }))
        .expect("a record");
        let concepts = Concepts::load(&[]).expect("lists");
        let around = Surroundings { base_url: "https://d.ma", institutions: &|_| None, concepts: &concepts };
        let outgoing =
            Outgoing { dataset: &dataset, issued_at: 1_600_000_000_000, modified_at: 1_700_000_000_000, version: 2, around: &around };
        let xml = String::from_utf8(write_xml(&outgoing)).expect("UTF-8");
        for part in [
            "<identifier identifierType=\"URL\">https://d.ma/dataset/ma-survey</identifier>",
            "<title xml:lang=\"fr\">Enquête &lt;A&amp;B&gt;</title>",
            "<title xml:lang=\"ar\" titleType=\"TranslatedTitle\">بحث</title>",
            "<publicationYear>2020</publicationYear>",
            "<date dateType=\"Coverage\">2018-08/</date>",
            "relationType=\"Other\" relationTypeInformation=\"MIRROR_OF\"",
            "relationType=\"IsPartOf\">https://d.ma/dataset/whole",
            "<geoLocationPlace>Maroc</geoLocationPlace>",
            "<creatorName nameType=\"Organizational\">hcp</creatorName>",
        ] {
            assert!(xml.contains(part), "{part} is not in\n{xml}");
        }
        let value: Value = serde_json::from_slice(&write_json(&outgoing)).expect("JSON");
        assert_eq!(value["titles"][0], json!({ "title": "Enquête <A&B>", "lang": "fr" }));
        assert_eq!(value["publicationYear"], json!(2020));
        // The number of the description is not that of the data.
        assert!(value.get("version").is_none() && !xml.contains("<version"), "{xml}");
        let page = json!([{ "alternateIdentifier": "https://d.ma/dataset/ma-survey", "alternateIdentifierType": "URL" }]);
        assert_eq!(value["alternateIdentifiers"], page);
        assert_eq!(value.get("rightsList"), None);
    }
}
