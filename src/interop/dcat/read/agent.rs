//! Who made and who publishes it. Institutions are named; private persons never are.

use oxrdf::Term;

use super::record::Record;
use super::text::{official, undetermined};
use super::value_of;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::interop::rdf::names::{DC, DCAT, DCT, PROV, RDF, as_written};

/// What becomes of contacts.
pub const NO_CONTACT: &str = "a contact belongs to the desk of the institution; add it there if it is a function and a shared mailbox";
/// Classes of organisations.
const ORGANISATIONS: [&str; 13] = [
    "Organization",
    "FormalOrganization",
    "OrganizationalUnit",
    "OrganizationalCollaboration",
    "PublicOrganization",
    "GovernmentOrganization",
    "EducationalOrganization",
    "ResearchOrganization",
    "CollegeOrUniversity",
    "NGO",
    "Corporation",
    "LibrarySystem",
    "Project",
];
/// Most names of organisations that are kept for one record.
const MOST_NAMES: usize = 1000;
/// Classes of private persons.
const PERSONS: [&str; 4] = ["Person", "Individual", "http://schema.org/Person", "https://schema.org/Person"];

impl Record<'_> {
    /// Names of the institutions that made and publish it, and of those that publish it alone.
    pub fn producers(&mut self) -> (Vec<MultilingualText>, Vec<MultilingualText>) {
        let (mut producers, mut holders): (Vec<MultilingualText>, Vec<MultilingualText>) = Default::default();
        for (path, properties) in [
            ("dct:creator", [(DCT, "creator"), (DC, "creator")]),
            ("dct:publisher", [(DCT, "publisher"), (DC, "publisher")]),
            ("dct:rightsHolder", [(DCT, "rightsHolder"), (DCT, "rightsHolder")]),
        ] {
            for term in self.values(&properties) {
                let Some(name) = self.institution(path, term) else { continue };
                if path != "dct:creator" && !holders.contains(&name) {
                    holders.push(name.clone());
                }
                if !producers.contains(&name) {
                    producers.push(name);
                }
            }
        }
        for term in self.values(&[(PROV, "qualifiedAttribution")]) {
            self.attribution(term, &producers);
        }
        (producers, holders)
    }

    fn institution(&mut self, path: &str, term: &Term) -> Option<MultilingualText> {
        if self.is_person(term) {
            self.unfit.push(Problem::new(path, "", "is a person; the registry names institutions and their desks, never private persons"));
            return None;
        }
        let name = self.label_of(term, path);
        if self.is_organisation(term) && self.organisations.len() < MOST_NAMES {
            self.organisations.push(name.clone());
        }
        if name.is_empty() {
            let remedy = "is an institution that the document does not name; choose it from the registry's institutions";
            let shown = value_of(term).map(|value| as_written(&value).to_owned()).unwrap_or_default();
            self.unfit.push(Problem::new(path, shown, remedy));
            return None;
        }
        Some(name)
    }

    fn attribution(&mut self, term: &Term, producers: &[MultilingualText]) {
        let path = "prov:qualifiedAttribution";
        let Some(node) = self.enter(term, path) else { return };
        for agent in self.values_of(&node, &[(PROV, "agent")]) {
            if let Some(name) = self.institution(&format!("{path}/prov:agent"), agent)
                && !producers.contains(&name)
            {
                let remedy = "has a part in it that the registry does not distinguish; add the institution as a partner";
                self.unfit.push(Problem::new(path, name.words(None, None).unwrap_or_default(), remedy));
            }
        }
    }

    /// Whether a thing is a private person.
    pub fn is_person(&self, term: &Term) -> bool {
        self.is_of(term, &PERSONS)
    }

    /// Keeps the name of a thing that the document says to be an organisation, so that its lines may tell it.
    pub fn note_organisation(&mut self, term: &Term) {
        if let Some(node) = super::node_of(term).filter(|_| self.is_organisation(term)) {
            let name = self.peek_label(&node);
            self.organisations.extend(Some(official(undetermined(), name)).filter(|_| self.organisations.len() < MOST_NAMES));
        }
    }

    fn is_organisation(&self, term: &Term) -> bool {
        self.is_of(term, &ORGANISATIONS) && !self.is_person(term)
    }

    fn is_of(&self, term: &Term, classes: &[&str]) -> bool {
        let Some(node) = super::node_of(term) else { return false };
        let statements = self.graph.about(&node);
        statements.iter().filter(|s| s.predicate.strip_prefix(RDF) == Some("type")).any(|s| {
            let class = value_of(s.object).unwrap_or_default();
            classes.iter().any(|wanted| {
                class.ends_with(wanted) && class.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '#']))
            })
        })
    }

    /// Contacts belong to the desk of an institution.
    pub fn contacts(&mut self) {
        let path = "dcat:contactPoint";
        for term in self.values(&[(DCAT, "contactPoint"), ("http://www.w3.org/ns/adms#", "contactPoint")]) {
            // A contact is often a person, whatever its class says: neither name nor mailbox is told on.
            if let Some(node) = super::node_of(term) {
                self.pass_over(&node);
            }
            self.unfit.push(Problem::new(path, "", NO_CONTACT));
        }
    }
}
