//! Relationships with other packages of the portal. Which record of the registry the other package is, the document does not tell: its page
//! is kept as a link where the portal is known, and what leads where and how is told.

use serde_json::{Value, json};

use super::package::Reader;
use super::values::listed;
use crate::domain::methodology::Link;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{RelationType, Vocabulary};
use crate::interop::json::{is_nothing, scalar};

/// CKAN's types of relationship, each read from the first package and from the second, and what the registry calls the first.
const TYPES: [(&str, &str, Option<RelationType>); 4] = [
    ("depends_on", "dependency_of", Some(RelationType::UsesInput)),
    ("derives_from", "has_derivation", Some(RelationType::DerivedFrom)),
    ("child_of", "parent_of", Some(RelationType::ComponentOf)),
    ("links_to", "linked_from", None),
];

/// Reads the relationships in which the package is the first or the second.
pub(super) fn read(reader: &mut Reader<'_>, portal: Option<&str>) {
    for (key, other, is_first) in [("relationships_as_subject", "object", true), ("relationships_as_object", "subject", false)] {
        for (index, relationship) in reader.list(key, listed).into_iter().enumerate() {
            one(reader, &format!("{key}[{index}]"), &relationship, other, is_first, portal);
        }
    }
}

fn one(reader: &mut Reader<'_>, path: &str, relationship: &Value, other: &str, is_first: bool, portal: Option<&str>) {
    let package = named(relationship, other);
    if is_nothing(relationship) {
        return;
    }
    let given = relationship.get("type").and_then(scalar).unwrap_or_default();
    let kind = if is_first { given.clone() } else { turned(&given).map_or_else(|| given.clone(), str::to_owned) };
    let Some(package) = package else {
        reader.note(
            path,
            relationship,
            "is a relationship of which the other package is not named; relate the two records where both are here",
        );
        return;
    };
    let page = portal.filter(|_| is_name(&package)).map(|portal| format!("{portal}/dataset/{package}"));
    let kept = if page.is_some() { "the page of the other package was kept as a link" } else { "it was not kept" };
    if let Some(url) = page.filter(|url| !reader.draft.links.iter().any(|link| link.url == *url)) {
        reader.draft.links.push(Link { title: MultilingualText::default(), url });
    }
    let relation = relation(&kind).map_or_else(|| "the type that fits".to_owned(), |relation| relation.code().to_owned());
    let remedy = format!(
        "is how this package is related to another of the portal, and which record of the registry that is, the document does not tell: \
         {kept}; where it is in this catalogue, relate the two records (`relations`, {relation})"
    );
    let comment = relationship.get("comment").and_then(scalar).map(|comment| format!(" ({comment})")).unwrap_or_default();
    reader.note(path, &json!(format!("{kind} {package}{comment}").trim()), &remedy);
}

/// The other package of a relationship: its name, else its identifier, wherever the version of CKAN writes it.
fn named(relationship: &Value, side: &str) -> Option<String> {
    let by_id = format!("{side}_package_id");
    let inner = relationship.get("__extras");
    let places = [relationship.get(side), relationship.get(&by_id), inner.and_then(|inner| inner.get(&by_id))];
    places.into_iter().flatten().chain(relationship.is_string().then_some(relationship)).find_map(scalar)
}

fn is_name(package: &str) -> bool {
    package.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A type read from the other package.
fn turned(kind: &str) -> Option<&'static str> {
    TYPES.iter().find_map(|(first, second, _)| match kind {
        kind if kind == *first => Some(*second),
        kind if kind == *second => Some(*first),
        _ => None,
    })
}

/// What the registry calls a type.
fn relation(kind: &str) -> Option<RelationType> {
    TYPES.iter().find_map(|(first, second, relation)| match kind {
        kind if kind == *first => *relation,
        kind if kind == *second => relation.map(RelationType::inverse),
        _ => None,
    })
}
