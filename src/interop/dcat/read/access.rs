//! Terms of access and the files: the holding of whoever disseminates the data.

use oxrdf::{NamedOrBlankNode, Term};

use super::super::authority::access_level;
use super::record::Record;
use super::{value_of, web_address};
use crate::domain::holding::{AccessTerms, Distribution, Holding};
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, HoldingRole, StatementBasis, Vocabulary};
use crate::interop::file_terms::{self, FileTerms};
use crate::interop::holder::{not_yet_known, unknown_terms};
use crate::interop::rdf::names::{DCAT, DCT, SPDX, as_written};

/// Licence that stands where none is documented; DCAT-AP readers want one for each file.
pub const NO_LICENCE: &str = "urn:x-rihla:licence:not-documented";

/// Why a licence is not taken that has neither an address nor words.
const NO_ADDRESS_OF_A_LICENCE: &str = "is not the address of a licence; give one that starts with https://";
/// Why rights are not taken.
const NO_WORDS: &str = "is a statement of rights without words; write the conditions in words";

impl Record<'_> {
    /// The holding, where the record says anything of files or terms.
    pub fn holdings(&mut self) -> Vec<Holding> {
        let mut terms = unknown_terms();
        let mut says_terms = self.access_rights(&mut terms);
        says_terms |= self.licences(&mut terms);
        let rights = self.values(&[(DCT, "rights")]);
        says_terms |= self.conditions("dct:rights", rights, &mut terms.conditions);
        let (mut distributions, mut of_files) = (Vec::new(), Vec::new());
        for term in self.values(&[(DCAT, "distribution")]) {
            match self.enter(term, "dcat:distribution") {
                Some(node) => {
                    let (file, own) = self.distribution(&node);
                    distributions.extend(file);
                    of_files.push(own);
                }
                None => self.no_code("dcat:distribution", term, "is not a described file; describe it as a dcat:Distribution"),
            }
        }
        self.unfit.extend(file_terms::settle("dcat:distribution/dct:license", &of_files, &mut terms));
        if !says_terms && distributions.is_empty() && terms == unknown_terms() {
            return Vec::new();
        }
        vec![Holding { institution: not_yet_known(), role: HoldingRole::Disseminator, access_terms: terms, distributions }]
    }

    fn access_rights(&mut self, terms: &mut AccessTerms) -> bool {
        let path = "dct:accessRights";
        let mut said = false;
        for term in self.values(&[(DCT, "accessRights")]) {
            let label = self.label_of(term, path);
            let by_words = || label.iter().find_map(|(_, wording)| access_level(&wording.text));
            let level = value_of(term).and_then(|value| access_level(&value)).or_else(by_words);
            match level {
                Some(level) if terms.aggregates == AccessLevel::Unknown => {
                    terms.aggregates = level;
                    terms.aggregates_basis = StatementBasis::Assumed;
                    let shown = value_of(term).map(|value| as_written(&value).to_owned()).unwrap_or_default();
                    let remedy = format!(
                        "says less than the registry's levels; {} was assumed for aggregates: confirm it with the holder",
                        level.code()
                    );
                    self.unfit.push(Problem::new(path, shown, remedy));
                }
                Some(_) => self.no_code(path, term, "is a second access right; the first was taken"),
                None if label.is_empty() => self.no_code(path, term, "is not an access right of the EU list; state the level of access"),
                None => self.add(path, &mut terms.conditions, label),
            }
            said = true;
        }
        said
    }

    /// The licence of the dataset, where it has an address; else its words among the conditions.
    fn licences(&mut self, terms: &mut AccessTerms) -> bool {
        let path = "dct:license";
        let mut said = false;
        for term in self.values(&[(DCT, "license")]) {
            let label = self.label_of(term, path);
            if value_of(term).as_deref() == Some(NO_LICENCE) {
                continue;
            }
            said = true;
            match web_address(term) {
                Some(address) if terms.licence.is_none() => terms.licence = Some(address),
                Some(address) if terms.licence.as_ref() == Some(&address) => {}
                Some(address) => {
                    let remedy = "is another licence than the first of the dataset; a holding has one: split the holding, or choose one";
                    self.unfit.push(Problem::new(path, address, remedy));
                }
                None if label.is_empty() => self.no_code(path, term, NO_ADDRESS_OF_A_LICENCE),
                None => self.add(path, &mut terms.conditions, label),
            }
        }
        said
    }

    fn conditions(&mut self, path: &str, rights: Vec<&Term>, conditions: &mut MultilingualText) -> bool {
        let said = !rights.is_empty();
        for term in rights {
            let label = self.label_of(term, path);
            if label.is_empty() {
                self.no_code(path, term, NO_WORDS);
            }
            self.add(path, conditions, label);
        }
        said
    }

    /// A file, where it has an address, and what it says of its own terms.
    fn distribution(&mut self, node: &NamedOrBlankNode) -> (Option<Distribution>, FileTerms) {
        let mut own = self.terms_of_file(node);
        let address = self
            .graph
            .about(node)
            .iter()
            .filter(|s| s.predicate.starts_with(DCAT) && s.predicate.ends_with("URL"))
            .find_map(|s| value_of(s.object));
        let file = self.described_file(node);
        let title = self.peek_label(node);
        own.is_taken = file.is_some();
        own.name = match file.as_ref().and_then(|file| file.title.words(None, None)) {
            Some(title) => title.to_owned(),
            None if title.is_empty() => address.map(|address| as_written(&address).to_owned()).unwrap_or_default(),
            None => title,
        };
        (file, own)
    }

    fn terms_of_file(&mut self, node: &NamedOrBlankNode) -> FileTerms {
        let mut own = FileTerms::default();
        let path = "dcat:distribution/dct:license";
        for term in self.values_of(node, &[(DCT, "license")]) {
            let label = self.label_of(term, path);
            match web_address(term) {
                _ if value_of(term).as_deref() == Some(NO_LICENCE) => {}
                Some(address) => own.add_licence(address),
                None if label.is_empty() => self.no_code(path, term, NO_ADDRESS_OF_A_LICENCE),
                None => own.words.push((path, label)),
            }
        }
        let path = "dcat:distribution/dct:rights";
        for term in self.values_of(node, &[(DCT, "rights")]) {
            let label = self.label_of(term, path);
            if label.is_empty() {
                self.no_code(path, term, NO_WORDS);
            } else {
                own.words.push((path, label));
            }
        }
        own
    }

    fn described_file(&mut self, node: &NamedOrBlankNode) -> Option<Distribution> {
        let path = "dcat:distribution";
        let title = self.text_of(node, "dcat:distribution/dct:title", &[(DCT, "title")]);
        let mut format = self.short(node, (DCT, "format"));
        let media_type = self.short(node, (DCAT, "mediaType"));
        if format.as_ref().is_some_and(|format| format.contains('/')) && media_type.is_none() {
            // A media type was given as the format.
            let media_type = format.take();
            return self.file(
                node,
                Distribution { title, format: None, media_type, url: String::new(), byte_size: None, checksum: None },
                path,
            );
        }
        self.file(node, Distribution { title, format, media_type, url: String::new(), byte_size: None, checksum: None }, path)
    }

    /// Address, size and checksum of a file.
    fn file(&mut self, node: &NamedOrBlankNode, mut file: Distribution, path: &str) -> Option<Distribution> {
        for text in self.values_of(node, &[(DCAT, "byteSize")]).into_iter().filter_map(value_of) {
            match whole_number(&text) {
                Some(size) if file.byte_size.is_none() => file.byte_size = Some(size),
                _ => {
                    self.unfit.push(Problem::new("dcat:distribution/dcat:byteSize", text, "is not a number of bytes; give a whole number"))
                }
            }
        }
        file.checksum = self.checksum(node);
        let addresses = self.values_of(node, &[(DCAT, "downloadURL"), (DCAT, "accessURL")]);
        for term in addresses {
            match (web_address(term), value_of(term)) {
                (Some(address), _) if file.url.is_empty() => file.url = address,
                (Some(address), _) if file.url == address => {}
                (Some(address), _) => self.unfit.push(Problem::new(path, address, "is a second address of the file; the first was taken")),
                (None, Some(value)) => {
                    let remedy = "is not an address on the web; give a full one that starts with https://";
                    self.unfit.push(Problem::new(path, as_written(&value), remedy));
                }
                (None, None) => {}
            }
        }
        if file.url.is_empty() {
            let own = match node {
                NamedOrBlankNode::NamedNode(named) => as_written(named.as_str()),
                NamedOrBlankNode::BlankNode(_) => "",
            };
            let name = file.title.words(None, None).unwrap_or(own);
            let remedy = if self.graph.about(node).is_empty() {
                "is a file that the document does not describe; describe it as a dcat:Distribution with its address"
            } else {
                "has no address, so it cannot be reached; add its address"
            };
            self.unfit.push(Problem::new(path, name, remedy));
            return None;
        }
        Some(file)
    }

    fn checksum(&mut self, node: &NamedOrBlankNode) -> Option<String> {
        let path = "dcat:distribution/spdx:checksum";
        let given = self.values_of(node, &[(SPDX, "checksum")]).into_iter().next()?;
        let inner = self.enter(given, path)?;
        let value = self.values_of(&inner, &[(SPDX, "checksumValue")]).into_iter().find_map(value_of)?;
        let algorithm = self.values_of(&inner, &[(SPDX, "algorithm")]).into_iter().find_map(value_of).unwrap_or_default();
        let name = algorithm.rsplit("checksumAlgorithm_").next().unwrap_or_default().to_ascii_lowercase();
        Some(if name.is_empty() || name.contains('/') { value } else { format!("{name}:{value}") })
    }

    /// A format or media type by the end of its address or by its words.
    fn short(&mut self, node: &NamedOrBlankNode, property: (&'static str, &'static str)) -> Option<String> {
        let path = format!("dcat:distribution/{}", crate::interop::rdf::names::shorten(&format!("{}{}", property.0, property.1)));
        let mut found = None;
        for term in self.values_of(node, &[property]) {
            let value = match term {
                Term::Literal(_) => value_of(term),
                Term::NamedNode(named) => known_ending(named.as_str()),
                Term::BlankNode(_) => None,
            };
            let value = value.map(|value| known_ending(&value).unwrap_or(value));
            let value = value.or_else(|| self.label_of(term, &path).words(None, None).map(str::to_owned));
            match value {
                Some(value) if found.is_none() => found = Some(value),
                Some(value) if found.as_ref() == Some(&value) => {}
                Some(value) => self.unfit.push(Problem::new(&path, value, "is a second value; the first was taken")),
                None => {
                    // The words may hide behind the label's own address.
                    let inner = self.enter(term, &path).and_then(|inner| {
                        self.values_of(&inner, &[(crate::interop::rdf::names::RDFS, "label")]).into_iter().find_map(value_of)
                    });
                    found = found.or_else(|| inner.and_then(|value| known_ending(&value)));
                    if found.is_none() {
                        self.no_code(&path, term, "is not a format that is known; write it in words, such as CSV");
                    }
                }
            }
        }
        found
    }
}

fn known_ending(iri: &str) -> Option<String> {
    ["/authority/file-type/", "/assignments/media-types/", "/media-types/"]
        .iter()
        .find_map(|list| iri.split_once(list))
        .map(|(_, code)| code.to_owned())
        .filter(|code| !code.is_empty())
}

fn whole_number(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return (number >= 0).then_some(number);
    }
    let number: f64 = text.parse().ok()?;
    // Every whole number below 2^53 is exact.
    (number >= 0.0 && number.fract() == 0.0 && number < 9e15).then_some(number as i64)
}
