//! Pieces of which every part of a codebook is made.

use crate::domain::concept::Concept;
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::vocabulary::{TextStatus, Vocabulary};
use crate::interop::ddi::Version;
use crate::interop::ddi::codes::{Line, Published};
use crate::interop::exchange::Outgoing;
use crate::interop::xml_text::page::{Attribute, Page};

/// A codebook that is being written.
pub(super) struct Sheet<'o> {
    /// The XML.
    pub page: Page,
    /// The record.
    pub outgoing: Outgoing<'o>,
    /// The version.
    pub version: Version,
}

impl<'o> Sheet<'o> {
    /// The language of a record that declares none: that of its first title.
    pub fn first_language(&self) -> &'o str {
        self.outgoing.dataset.titles.iter().next().map_or("und", |(tag, _)| tag.as_str())
    }

    /// The language of labels that the registry adds: the main one where it has labels, else English.
    pub fn label_language(&self) -> &'static str {
        match self.outgoing.dataset.main_language.as_ref().map(LanguageTag::primary) {
            Some("fr") => "fr",
            Some("ar") => "ar",
            _ => "en",
        }
    }

    /// An institution, as far as the reader may see it.
    pub fn institution(&self, slug: &Slug) -> Option<&'o Institution> {
        (self.outgoing.around.institutions)(slug)
    }

    /// One element for each language of a text.
    pub fn texts(&mut self, name: &str, text: &MultilingualText, attributes: &[Attribute]) {
        for (tag, wording) in text.iter() {
            let mut all = vec![("xml:lang", tag.as_str())];
            all.extend_from_slice(attributes);
            if self.version == Version::V26 && is_translation(wording.status) {
                all.push(("isTranslated", "true"));
            }
            self.page.leaf(name, &all, &wording.text);
        }
    }

    /// The names of an institution, one element for each language; its short name where it is not to be seen.
    pub fn names(&mut self, name: &str, slug: &Slug, attributes: &[Attribute]) {
        match self.institution(slug) {
            Some(institution) => {
                let mut all: Vec<Attribute> = attributes.to_vec();
                all.push(("abbr", institution.acronym.as_deref().unwrap_or("")));
                for (tag, wording) in institution.names.iter() {
                    let mut own = vec![("xml:lang", tag.as_str())];
                    own.extend_from_slice(&all);
                    self.page.leaf(name, &own, &wording.text);
                }
            }
            None => {
                let language = self.first_language();
                let mut own = vec![("xml:lang", language)];
                own.extend_from_slice(attributes);
                self.page.leaf(name, &own, slug.as_str());
            }
        }
    }

    /// A member of a closed list: its label, the published concept where there is one, and the registry's own.
    pub fn member<V: Vocabulary>(&mut self, name: &str, member: V, published: Option<(&Published, &Line<V>)>) {
        let language = self.label_language();
        self.page.mixed(name, &[("xml:lang", language)], member.label(language), |page| {
            if let Some((vocabulary, line)) = published {
                page.leaf("concept", &[("vocab", vocabulary.name), ("vocabURI", vocabulary.urn)], line.code);
            }
            let uri = format!("urn:x-rihla:def:{}", V::NAME);
            page.leaf("concept", &[("vocab", V::NAME), ("vocabURI", &uri)], member.code());
        });
    }

    /// A concept of a scheme, in each language of its label.
    pub fn topic(&mut self, name: &str, scheme: &str, concept: &Concept) {
        let uri = format!("urn:x-rihla:concept:{}:{}", scheme.to_lowercase(), concept.code);
        for (tag, wording) in concept.labels.iter() {
            self.page.leaf(name, &[("xml:lang", tag.as_str()), ("vocab", scheme), ("vocabURI", &uri)], &wording.text);
        }
    }
}

fn is_translation(status: TextStatus) -> bool {
    matches!(status, TextStatus::Translation | TextStatus::WorkingTranslation | TextStatus::Machine)
}
