//! Files and services of the holdings.

use oxrdf::NamedOrBlankNode;

use super::agent::concept;
use super::{node, say_text};
use crate::domain::dataset::Dataset;
use crate::domain::holding::{AccessTerms, Distribution};
use crate::interop::dcat::authority::{AUTHORITY, file_type_code, file_type_of_media, media_type_of};
use crate::interop::dcat::read::NO_LICENCE;
use crate::interop::rdf::names::{DCAT, DCT, RDFS, SKOS, SPDX};
use crate::interop::rdf::{Builder, thing, typed, words};

/// Says which files a dataset has, on whose terms.
pub fn say(builder: &mut Builder, dataset: &NamedOrBlankNode, record: &Dataset, page: &str) {
    for (holding, held) in record.holdings.iter().enumerate() {
        for (number, file) in held.distributions.iter().enumerate() {
            let Some(address) = thing(&file.url) else { continue };
            let subject = node(&format!("{page}#distribution-{}-{}", holding + 1, number + 1));
            builder.say(dataset, DCAT, "distribution", subject.clone());
            builder.is_a(&subject, DCAT, "Distribution");
            builder.say(&subject, DCAT, "accessURL", address);
            say_text(builder, &subject, DCT, "title", &file.title);
            describe(builder, &subject, file);
            terms(builder, &subject, &held.access_terms);
        }
    }
}

fn describe(builder: &mut Builder, subject: &NamedOrBlankNode, file: &Distribution) {
    let format = file.format.as_deref().and_then(file_type_code).or_else(|| file.media_type.as_deref().and_then(file_type_of_media));
    if let Some(code) = format {
        let format = node(&format!("{AUTHORITY}file-type/{code}"));
        builder.say(subject, DCT, "format", format.clone());
        builder.is_a(&format, DCT, "MediaTypeOrExtent");
    }
    let media_type = file.media_type.as_deref().or_else(|| file.format.as_deref().and_then(media_type_of));
    let is_media_type = |text: &&str| text.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    let address = media_type.filter(is_media_type).map(|text| format!("http://www.iana.org/assignments/media-types/{text}"));
    if let Some(media_type) = address.as_deref().and_then(thing) {
        builder.say(subject, DCAT, "mediaType", media_type.clone());
        builder.is_a(&media_type.into(), DCT, "MediaType");
    }
    if let Some(size) = file.byte_size.filter(|size| *size >= 0) {
        builder.say(subject, DCAT, "byteSize", typed(&size.to_string(), "nonNegativeInteger"));
    }
    checksum(builder, subject, file.checksum.as_deref().unwrap_or_default());
}

/// A checksum such as `sha256:…`, where it is one.
fn checksum(builder: &mut Builder, subject: &NamedOrBlankNode, text: &str) {
    let Some((algorithm, value)) = text.split_once(':') else { return };
    let is_hexadecimal = !value.is_empty() && value.len() % 2 == 0 && value.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hexadecimal || !matches!(algorithm, "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512") {
        return;
    }
    let sum = builder.part();
    builder.say(subject, SPDX, "checksum", sum.clone());
    builder.is_a(&sum, SPDX, "Checksum");
    // SPDX writes http; the shapes of DCAT-AP ask for https.
    let algorithm = node(&format!("https://spdx.org/rdf/terms#checksumAlgorithm_{algorithm}"));
    builder.say(&sum, SPDX, "algorithm", algorithm.clone());
    builder.is_a(&algorithm, SPDX, "ChecksumAlgorithm");
    builder.say(&sum, SPDX, "checksumValue", typed(value, "hexBinary"));
}

fn terms(builder: &mut Builder, subject: &NamedOrBlankNode, terms: &AccessTerms) {
    let licence = terms.licence.as_deref().and_then(thing);
    let is_known = licence.is_some();
    let licence = licence.map_or_else(|| node(NO_LICENCE), NamedOrBlankNode::from);
    builder.say(subject, DCT, "license", licence.clone());
    builder.is_a(&licence, DCT, "LicenseDocument");
    if !is_known {
        builder.say(&licence, DCT, "title", words("Licence not documented", "en"));
        builder.say(&licence, DCT, "title", words("Licence non documentée", "fr"));
        let unknown = node("http://purl.org/adms/licencetype/UnknownIPR");
        builder.say(&licence, DCT, "type", unknown.clone());
        concept(builder, &unknown, "http://purl.org/adms/licencetype/1.0", "ADMS licence types");
        builder.say(&unknown, SKOS, "prefLabel", words("Unknown IPR", "en"));
    }
    if !terms.conditions.is_empty() {
        let statement = builder.part();
        builder.say(subject, DCT, "rights", statement.clone());
        builder.is_a(&statement, DCT, "RightsStatement");
        say_text(builder, &statement, RDFS, "label", &terms.conditions);
    }
}
