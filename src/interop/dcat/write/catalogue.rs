//! A page of the catalogue.

use oxrdf::{NamedOrBlankNode, Triple};

use super::{agent, dataset, instant, node, say_text};
use crate::domain::ids::Slug;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::interop::dcat::authority::{AUTHORITY, language_uri};
use crate::interop::exchange::{Outgoing, Surroundings};
use crate::interop::rdf::names::{DCAT, DCT, FOAF, HYDRA, SKOS};
use crate::interop::rdf::{Builder, thing, typed, words};

/// A page of the catalogue: what is said of the whole, and the records of the page.
#[derive(Clone, Copy)]
pub struct CataloguePage<'p, 'a> {
    /// Name of the catalogue; at least one language.
    pub titles: &'p MultilingualText,
    /// What the catalogue is; at least one language.
    pub descriptions: &'p MultilingualText,
    /// The institution that runs the catalogue; the catalogue stands for it where nobody said which one it is.
    pub publisher: Option<&'p Slug>,
    /// Languages of the records' texts.
    pub languages: &'p [LanguageTag],
    /// Licence of the metadata, as a URI.
    pub licence: Option<&'p str>,
    /// Last change of any record, milliseconds from 1970-01-01 UTC.
    pub modified_at: i64,
    /// The records of the page.
    pub records: &'p [Outgoing<'a>],
    /// What stands around them.
    pub around: &'p Surroundings<'a>,
    /// Number of records of the whole catalogue.
    pub total: u64,
    /// Addresses of this page and of others. They are the same in every syntax, so that the syntaxes say the same.
    pub links: Links<'p>,
}

/// Addresses of pages, such as `https://data.example.ma/catalog?page=2`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// This page.
    pub this: &'a str,
    /// The first page.
    pub first: Option<&'a str>,
    /// The page before.
    pub previous: Option<&'a str>,
    /// The page after.
    pub next: Option<&'a str>,
    /// The last page.
    pub last: Option<&'a str>,
}

/// Statements of a page of the catalogue.
pub fn catalogue_triples(page: &CataloguePage<'_, '_>) -> Vec<Triple> {
    let mut builder = Builder::default();
    let base = page.around.base_url;
    let catalogue = node(&format!("{base}/catalog"));
    builder.is_a(&catalogue, DCAT, "Catalog");
    say_text(&mut builder, &catalogue, DCT, "title", page.titles);
    say_text(&mut builder, &catalogue, DCT, "description", page.descriptions);
    let publisher = match page.publisher {
        Some(slug) => agent::say(&mut builder, slug, page.around),
        None => agent::unnamed(&mut builder, &format!("{base}/#operator"), page.titles),
    };
    builder.say(&catalogue, DCT, "publisher", publisher);
    let home = node(&format!("{base}/"));
    builder.say(&catalogue, FOAF, "homepage", home.clone());
    builder.is_a(&home, FOAF, "Document");
    builder.say(&catalogue, DCT, "modified", typed(&instant(page.modified_at), "dateTime"));
    for language in page.languages.iter().filter_map(|tag| language_uri(tag, page.around.concepts)) {
        let language = node(&language);
        builder.say(&catalogue, DCT, "language", language.clone());
        builder.is_a(&language, DCT, "LinguisticSystem");
    }
    if let Some(licence) = page.licence.and_then(thing) {
        builder.say(&catalogue, DCT, "license", licence.clone());
        builder.is_a(&licence.into(), DCT, "LicenseDocument");
    }
    for (scheme, title) in [(format!("{AUTHORITY}data-theme"), "Data theme"), ("urn:x-rihla:concept:themes".to_owned(), "Migration themes")]
    {
        let scheme = node(&scheme);
        builder.say(&catalogue, DCAT, "themeTaxonomy", scheme.clone());
        builder.is_a(&scheme, SKOS, "ConceptScheme");
        builder.say(&scheme, DCT, "title", words(title, "en"));
    }
    paging(&mut builder, page);
    for record in page.records {
        let record = dataset::say(&mut builder, record);
        builder.say(&catalogue, DCAT, "dataset", record);
    }
    builder.finish()
}

fn paging(builder: &mut Builder, page: &CataloguePage<'_, '_>) {
    let links = &page.links;
    if links.next.is_none() && links.previous.is_none() {
        return;
    }
    let Some(this) = thing(links.this) else { return };
    let this: NamedOrBlankNode = this.into();
    builder.is_a(&this, HYDRA, "PagedCollection");
    builder.is_a(&this, HYDRA, "PartialCollectionView");
    builder.say(&this, HYDRA, "totalItems", typed(&page.total.to_string(), "integer"));
    for (name, address) in [("first", links.first), ("previous", links.previous), ("next", links.next), ("last", links.last)] {
        if let Some(address) = address.and_then(thing) {
            builder.say(&this, HYDRA, name, address);
        }
    }
    // Hydra's earlier names, which CKAN's harvester follows.
    for (name, address) in
        [("firstPage", links.first), ("previousPage", links.previous), ("nextPage", links.next), ("lastPage", links.last)]
    {
        if let Some(address) = address.and_then(thing) {
            builder.say(&this, HYDRA, name, address);
        }
    }
}
