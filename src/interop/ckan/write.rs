//! Records as packages, and institutions as organizations.
//!
//! Nothing is said of what a record hides: a stub is a package with its title and its organization.

use serde_json::{Value, json};

use crate::domain::dataset::Dataset;
use crate::domain::holding::{Distribution, Holding};
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::text::MultilingualText;
use crate::domain::time::Bound;
use crate::domain::vocabulary::{AccessLevel, ConceptScheme, Vocabulary};
use crate::interop::dcat::instant;
use crate::interop::exchange::Outgoing;
use crate::interop::holder::licence_of_all;

/// Longest name of a tag.
const LONGEST_TAG: usize = 100;

/// A record as a package.
pub fn package(outgoing: &Outgoing<'_>) -> Value {
    let (record, id) = (outgoing.dataset, id_of(outgoing.dataset.identifier.as_deref()));
    let resources = resources(outgoing, &id);
    let tags: Vec<Value> = tag_names(record).iter().map(|name| tag(name)).collect();
    let organization = responsible(record).and_then(|slug| (outgoing.around.institutions)(slug)).map(organization);
    let licence = licence_of_all(record);
    let holder = record.holdings.first().and_then(|holding| (outgoing.around.institutions)(&holding.institution));
    let desk = holder.and_then(|holder| holder.desk.as_ref());
    json!({
        "id": id,
        "name": record.slug,
        "title": one(record, &record.titles).unwrap_or_else(|| record.slug.to_string()),
        "title_translated": translated(&record.titles),
        "notes": one(record, &record.abstract_text).unwrap_or_default(),
        "notes_translated": translated(&record.abstract_text),
        "url": outgoing.page(),
        // What CKAN asks for is the version of the data, of which nothing is documented.
        "version": null,
        "type": "dataset",
        "state": "active",
        "private": false,
        "isopen": false,
        "author": organization.as_ref().map(|organization| organization["title"].clone()),
        "author_email": null,
        "maintainer": desk.and_then(|desk| one(record, &desk.function)),
        "maintainer_email": desk.and_then(|desk| desk.mailbox.clone()),
        "metadata_created": moment(outgoing.issued_at),
        "metadata_modified": moment(outgoing.modified_at),
        "license_id": licence_id(record),
        "license_title": licence.unwrap_or("License not specified"),
        "license_url": licence,
        "owner_org": organization.as_ref().map(|organization| organization["id"].clone()),
        "organization": organization,
        "groups": [],
        "num_resources": resources.len(),
        "resources": resources,
        "num_tags": tags.len(),
        "tags": tags,
        "extras": extras(outgoing),
        "relationships_as_subject": [],
        "relationships_as_object": [],
        "creator_user_id": null,
    })
}

/// An institution as an organization.
pub fn organization(institution: &Institution) -> Value {
    let title = institution.names.words(None, None).unwrap_or(institution.slug.as_str());
    json!({
        "id": id_of(institution.identifier.as_deref()),
        "name": institution.slug,
        "title": title,
        "display_name": title,
        "title_translated": translated(&institution.names),
        "description": institution.mandate.words(None, None).unwrap_or_default(),
        "type": "organization",
        "is_organization": true,
        "state": "active",
        "approval_status": "approved",
        "image_url": "",
        "image_display_url": "",
    })
}

/// The organization of a package: the producer, else the first holder.
fn responsible(record: &Dataset) -> Option<&Slug> {
    record.producer.as_ref().or_else(|| record.holdings.first().map(|holding| &holding.institution))
}

fn id_of(urn: Option<&str>) -> String {
    urn.map(|urn| urn.strip_prefix("urn:uuid:").unwrap_or(urn)).unwrap_or_default().to_owned()
}

/// CKAN gives instants in UTC without saying so.
fn moment(milliseconds: i64) -> String {
    instant(milliseconds).trim_end_matches('Z').to_owned()
}

fn one(record: &Dataset, text: &MultilingualText) -> Option<String> {
    text.words(None, record.main_language()).map(str::to_owned)
}

fn translated(text: &MultilingualText) -> Value {
    text.iter().map(|(tag, wording)| (tag.as_str().to_owned(), json!(wording.text))).collect::<serde_json::Map<_, _>>().into()
}

fn resources(outgoing: &Outgoing<'_>, package: &str) -> Vec<Value> {
    let record = outgoing.dataset;
    let own = |holding: &Holding| holding.access_terms.licence.clone();
    let files = record.holdings.iter().flat_map(|holding| holding.distributions.iter().map(move |file| (file, own(holding))));
    files.enumerate().map(|(position, (file, licence))| resource(outgoing, package, position, file, licence)).collect()
}

fn resource(outgoing: &Outgoing<'_>, package: &str, position: usize, file: &Distribution, licence: Option<String>) -> Value {
    let record = outgoing.dataset;
    json!({
        "id": format!("{package}-{}", position + 1),
        "package_id": package,
        "position": position,
        "name": one(record, &file.title).unwrap_or_else(|| file.url.clone()),
        "description": "",
        "url": file.url,
        "url_type": null,
        "format": file.format.clone().unwrap_or_default(),
        "mimetype": file.media_type,
        "size": file.byte_size,
        "hash": file.checksum.clone().unwrap_or_default(),
        "license": licence,
        "state": "active",
        "created": moment(outgoing.issued_at),
        "metadata_modified": moment(outgoing.modified_at),
    })
}

/// Formats of a record's files, as a package names them.
pub fn format_names(record: &Dataset) -> Vec<String> {
    let files = record.holdings.iter().flat_map(|holding| &holding.distributions);
    let mut names: Vec<String> = files.filter_map(|file| file.format.clone()).filter(|format| !format.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The licence of a record, as a package names it: that of all its files.
pub fn licence_id(record: &Dataset) -> &str {
    licence_of_all(record).unwrap_or("notspecified")
}

/// Keywords as tags: letters, digits, spaces, hyphens, underscores and dots only, as CKAN takes no others.
pub fn tag_names(record: &Dataset) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for keyword in record.keywords.iter().filter_map(|keyword| one(record, keyword)) {
        let clean: String = keyword.chars().map(|c| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { ' ' }).collect();
        let name: String = clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_TAG).collect();
        if name.chars().count() > 1 && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A tag by its name.
pub fn tag(name: &str) -> Value {
    json!({ "name": name, "display_name": name, "state": "active", "vocabulary_id": null })
}

/// What CKAN has no field for, under the names that its DCAT extension uses where it has some.
fn extras(outgoing: &Outgoing<'_>) -> Vec<Value> {
    let (record, concepts) = (outgoing.dataset, outgoing.around.concepts);
    let coverage = &record.coverage;
    let labels = |scheme, codes: &[String]| {
        let label = |code: &String| concepts.get(scheme, code).map_or_else(|| code.clone(), |concept| concept.label(Some("en")).to_owned());
        codes.iter().map(label).collect::<Vec<_>>().join(", ")
    };
    let bound = |bound: &Bound| bound.date().map(|date| date.to_string()).unwrap_or_default();
    let languages: Vec<_> = record.languages.iter().map(|tag| tag.as_str()).collect();
    let mut all = vec![
        ("uri", outgoing.page()),
        ("identifier", record.identifier.clone().unwrap_or_default()),
        ("copied_from", record.copied_from.as_ref().map(|from| from.address.clone()).unwrap_or_default()),
        ("record_kind", record.record_kind.code().to_owned()),
        ("language", languages.join(", ")),
        ("theme", labels(ConceptScheme::Themes, &record.themes)),
        ("spatial_text", labels(ConceptScheme::Places, &coverage.reporting_areas)),
        ("temporal_start", coverage.period.as_ref().map(|period| bound(&period.start)).unwrap_or_default()),
        ("temporal_end", coverage.period.as_ref().map(|period| bound(&period.end)).unwrap_or_default()),
        ("frequency", coverage.frequency.map(|frequency| frequency.code().to_owned()).unwrap_or_default()),
    ];
    // The terms of the first holder; CKAN knows one set of them.
    if let Some(holding) = record.holdings.first() {
        let level = |level: AccessLevel| if level == AccessLevel::Unknown { String::new() } else { level.code().to_owned() };
        all.push(("access_aggregates", level(holding.access_terms.aggregates)));
        all.push(("access_microdata", level(holding.access_terms.microdata)));
    }
    let said = all.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// Field of the record and the member of the package that carries it; nothing where none does.
pub const MAPPING: &[(&str, &str)] = &[
    ("slug", "name"),
    ("identifier", "id, extras/identifier"),
    ("recordKind", "extras/record_kind"),
    ("collectionStatus", ""),
    ("programme", ""),
    ("status", ""),
    ("visibility", ""),
    ("riskClass", ""),
    ("certainty", ""),
    ("certaintyNote", ""),
    ("mainLanguage", ""),
    ("titles", "title, title_translated"),
    ("abstract", "notes, notes_translated"),
    ("keywords", "tags (main language)"),
    ("languages", "extras/language"),
    ("themes", "extras/theme (English label)"),
    ("indicators", ""),
    ("classifications", ""),
    ("producer", "organization, author"),
    ("partners", ""),
    ("legalMandate", ""),
    ("holdings", "license_url (of all files), resources (license), maintainer, extras/access_aggregates, extras/access_microdata"),
    ("methodology", ""),
    ("coverage", "extras/spatial_text, extras/temporal_start, extras/temporal_end, extras/frequency"),
    ("variables", ""),
    ("relations", ""),
    ("discrepancies", ""),
    ("links", ""),
    ("citations", ""),
    ("reviewDueOn", ""),
    ("masks", ""),
];
