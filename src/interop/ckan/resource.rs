//! Files and services.

use serde_json::{Map, Value, json};

use super::package::Reader;
use super::values::listed;
use super::{people, terms};
use crate::domain::holding::{Distribution, Holding};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::HoldingRole;
use crate::interop::file_terms::{self, FileTerms};
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::json::{NO_FIELD, is_nothing, scalar};

/// Members of a file that serve the portal.
const OF_THE_PORTAL: &[&str] = &[
    "alt_url",
    "broken_link",
    "cache_last_updated",
    "cache_url",
    "created",
    "dataset_preview_enabled",
    "datastore_active",
    "fs_check_info",
    "hdx_rel_url",
    "id",
    "in_hapi",
    "in_quarantine",
    "last_modified",
    "metadata_modified",
    "mimetype_inner",
    "originalHash",
    "package_id",
    "pii",
    "pii_is_sensitive",
    "pii_predict_score",
    "pii_report_flag",
    "pii_report_id",
    "pii_timestamp",
    "position",
    "resource_group_id",
    "resource_type",
    "revision_id",
    "revision_timestamp",
    "sdc_report_flag",
    "sdc_report_id",
    "sdc_timestamp",
    "state",
    "tracking_summary",
    "upload",
    "url_type",
    "webstore_last_updated",
    "webstore_url",
];

/// Reads the files into the holding.
pub(super) fn read(reader: &mut Reader<'_>) {
    let resources = reader.list("resources", listed);
    let holding = reader.draft.holdings.pop();
    let mut terms = holding.map_or_else(unknown_terms, |holding| holding.access_terms);
    let (mut distributions, mut of_files) = (Vec::new(), Vec::new());
    for resource in resources {
        match resource {
            Value::Object(members) => {
                if let Some((file, own)) = file(reader, members) {
                    distributions.extend(file);
                    of_files.push(own);
                }
            }
            other => reader.note("resources", &other, "is not a described file; write an object with `url`"),
        }
    }
    for told in file_terms::settle("resources/license", &of_files, &mut terms) {
        reader.note(&told.field, &json!(told.value), &told.remedy);
    }
    if terms != unknown_terms() || !distributions.is_empty() {
        let holding = Holding { institution: not_yet_known(), role: HoldingRole::Disseminator, access_terms: terms, distributions };
        reader.draft.holdings.push(holding);
    }
}

/// A file, where it has an address, and what it says of its own terms; nothing of a file that the portal no longer has.
fn file(reader: &mut Reader<'_>, mut members: Map<String, Value>) -> Option<(Option<Distribution>, FileTerms)> {
    let mut take = |key: &str| members.shift_remove(key).unwrap_or_default();
    if take("state") == json!("deleted") {
        reader.note("resources", &take("name"), "is a file that the portal no longer has; it was left out");
        return None;
    }
    let (named, description) =
        ([take("name_translated"), take("title"), take("name")], [take("description_translated"), take("description")]);
    let (format, media, size) = (scalar(&take("format")), [take("mimetype"), take("media_type")], take("size"));
    let (hash, algorithm) = (scalar(&take("hash")), scalar(&take("hash_algorithm")));
    let (licence, rights) = ([take("license_url"), take("license")], take("rights"));
    let addresses = [take("download_url"), take("url"), take("access_url")];
    let title = title(reader, named, description);
    let mut own = terms::of_file(reader, &licence, &listed(rights));
    own.name = title.words(None, None).map(str::to_owned).or_else(|| addresses.iter().find_map(scalar)).unwrap_or_default();
    let (format, media_type) = formats(reader, format, media);
    let byte_size = bytes(reader, &size);
    let checksum = hash.map(|hash| checksum(&hash, algorithm.as_deref()));
    let file = Distribution { title, format, media_type, url: String::new(), byte_size, checksum };
    rest(reader, members);
    let mut given: Vec<&Value> = Vec::new();
    addresses.iter().filter(|value| !is_nothing(value)).for_each(|value| {
        if !given.contains(&value) {
            given.push(value);
        }
    });
    let mut given = given.into_iter();
    let (first, second) = (given.next(), given.next());
    given.for_each(|value| reader.note("resources/access_url", value, "is another address of the file; the first was taken"));
    let file = reader.unfolding.file("resources", [first, second], file);
    own.is_taken = file.is_some();
    Some((file, own))
}

/// The name of a file; its description, where it has none.
fn title(reader: &mut Reader<'_>, named: [Value; 3], description: [Value; 2]) -> MultilingualText {
    let mut title = MultilingualText::default();
    for value in named.iter().filter(|value| !is_nothing(value)) {
        let is_there = scalar(value).is_some_and(|text| title.iter().any(|(_, wording)| wording.text == text));
        if is_there {
            continue;
        }
        for (tag, wording) in reader.words("resources/name", value).0 {
            match title.0.get(&tag) {
                None => {
                    title.0.insert(tag, wording);
                }
                Some(there) if there.text == wording.text => {}
                Some(_) => reader.note("resources/name", value, "is a second name of the file; the first was taken"),
            }
        }
    }
    for value in description.iter().filter(|value| !is_nothing(value)) {
        if title.is_empty() {
            title = reader.words("resources/description", value);
        } else {
            reader.note_rest("resources/description", value, NO_FIELD);
        }
    }
    title
}

/// Format and media type; some give the one for the other.
fn formats(reader: &mut Reader<'_>, format: Option<String>, media: [Value; 2]) -> (Option<String>, Option<String>) {
    let mut media = media.iter().filter_map(scalar);
    let mut media_type = media.next();
    for other in media.filter(|other| media_type.as_ref() != Some(other)) {
        reader.note("resources/media_type", &json!(other), "is a second media type of the file; the first was taken");
    }
    match format {
        Some(format) if format.contains('/') && !format.contains("://") && media_type.is_none() => {
            media_type = Some(format);
            (None, media_type)
        }
        Some(format) if media_type.as_ref() == Some(&format) => (None, media_type),
        other => (other, media_type),
    }
}

fn bytes(reader: &mut Reader<'_>, size: &Value) -> Option<i64> {
    let text = scalar(size)?;
    let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
    if number.is_none() {
        reader.note("resources/size", size, "is not a number of bytes; give a whole number");
    }
    number
}

fn checksum(hash: &str, algorithm: Option<&str>) -> String {
    let name = algorithm.map(|text| text.rsplit("checksumAlgorithm_").next().unwrap_or(text).to_ascii_lowercase());
    match name.filter(|name| !name.contains('/') && !hash.contains(':')) {
        Some(name) => format!("{name}:{hash}"),
        None => hash.to_owned(),
    }
}

fn rest(reader: &mut Reader<'_>, members: Map<String, Value>) {
    for (key, value) in members.into_iter().filter(|(_, value)| !is_nothing(value)) {
        let path = format!("resources/{key}");
        if OF_THE_PORTAL.contains(&key.as_str()) || value == Value::Bool(false) {
            reader.keep(path);
        } else if key == "documentation" && !people::may_tell_of_a_person(&path, &value) {
            let mut links = std::mem::take(&mut reader.draft.links);
            reader.unfolding.links(&path, &value, &mut links);
            reader.draft.links = links;
        } else {
            reader.note_rest(&path, &value, NO_FIELD);
        }
    }
}
