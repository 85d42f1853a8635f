//! Institutions and their desks.

use oxrdf::NamedOrBlankNode;

use super::{node, say_text};
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::text::MultilingualText;
use crate::interop::dcat::authority::publisher_type;
use crate::interop::exchange::Surroundings;
use crate::interop::rdf::names::{DCT, FOAF, SKOS, VCARD};
use crate::interop::rdf::{Builder, plain, thing, words};

/// List of types of publishers.
const PUBLISHER_TYPES: &str = "http://purl.org/adms/publishertype/1.0";

/// Says who an institution is; its address.
pub fn say(builder: &mut Builder, slug: &Slug, around: &Surroundings<'_>) -> NamedOrBlankNode {
    let agent = node(&format!("{}/institution/{slug}", around.base_url));
    builder.is_a(&agent, FOAF, "Agent");
    match (around.institutions)(slug) {
        Some(institution) => describe(builder, &agent, institution),
        None => builder.say(&agent, FOAF, "name", plain(slug.as_str())),
    }
    agent
}

/// Says that somebody runs the catalogue whom nobody named: they are called by the name of the catalogue.
pub fn unnamed(builder: &mut Builder, address: &str, names: &MultilingualText) -> NamedOrBlankNode {
    let agent = node(address);
    builder.is_a(&agent, FOAF, "Agent");
    say_text(builder, &agent, FOAF, "name", names);
    agent
}

fn describe(builder: &mut Builder, agent: &NamedOrBlankNode, institution: &Institution) {
    say_text(builder, agent, FOAF, "name", &institution.names);
    if let Some(website) = institution.website.as_deref().and_then(thing) {
        builder.say(agent, FOAF, "homepage", website.clone());
        builder.is_a(&website.into(), FOAF, "Document");
    }
    if let Some((code, label)) = publisher_type(institution) {
        let kind = node(&format!("http://purl.org/adms/publishertype/{code}"));
        builder.say(agent, DCT, "type", kind.clone());
        concept(builder, &kind, PUBLISHER_TYPES, "ADMS publisher types");
        builder.say(&kind, SKOS, "prefLabel", words(label, "en"));
    }
}

/// Says that a thing is a concept of a list.
pub fn concept(builder: &mut Builder, concept: &NamedOrBlankNode, scheme: &str, title: &str) {
    builder.is_a(concept, SKOS, "Concept");
    let scheme = node(scheme);
    builder.say(concept, SKOS, "inScheme", scheme.clone());
    builder.is_a(&scheme, SKOS, "ConceptScheme");
    builder.say(&scheme, DCT, "title", words(title, "en"));
}

/// Says to whom to write about a dataset; the contact.
pub fn contact(builder: &mut Builder, dataset: &str, slug: &Slug, around: &Surroundings<'_>) -> NamedOrBlankNode {
    let contact = node(&format!("{dataset}#contact-{slug}"));
    builder.is_a(&contact, VCARD, "Kind");
    let Some(institution) = (around.institutions)(slug) else {
        builder.say(&contact, VCARD, "fn", plain(slug.as_str()));
        return contact;
    };
    say_text(builder, &contact, VCARD, "organization-name", &institution.names);
    let desk = institution.desk.as_ref();
    let function = desk.map(|desk| &desk.function).filter(|function| !function.is_empty());
    say_text(builder, &contact, VCARD, "fn", function.unwrap_or(&institution.names));
    if let Some(mailbox) = desk.and_then(|desk| desk.mailbox.as_deref()).and_then(|mailbox| thing(&format!("mailto:{mailbox}"))) {
        builder.say(&contact, VCARD, "hasEmail", mailbox);
    }
    if let Some(website) = institution.website.as_deref().and_then(thing) {
        builder.say(&contact, VCARD, "hasURL", website);
    }
    contact
}
