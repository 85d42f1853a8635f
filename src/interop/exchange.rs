//! What readers and writers of other people's formats have in common: what was found, where it came from, what does not fit.

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::domain::ids::Slug;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::LossEffect;

/// What a reader made of a file or of one answer of a portal.
#[derive(Debug, Default)]
pub struct Reading {
    /// The records, in the order of the file.
    pub found: Vec<Found>,
    /// What is wrong with the file as a whole, or with a place in it that no record could be made of.
    pub problems: Vec<Problem>,
}

impl Reading {
    /// Nothing could be read, for one reason.
    pub fn refused(problem: Problem) -> Self {
        Self { found: Vec::new(), problems: vec![problem] }
    }
}

/// Of what a catalogue in DCAT holds beside datasets.
pub const NOT_HELD: &str = "the registry holds datasets; this stays in the original that is kept";
/// Of more of that than is told one by one.
pub const MORE_NOT_HELD: &str = "so many further ones are no datasets either; they stay in the original that is kept";
/// Of what a portal has beside datasets.
pub const A_GROUP: &str = "is an organization or a group, not a package; read packages, which name their organization";
/// Of pages that a portal keeps among its packages.
pub const A_PAGE: &str = "is a page of the portal, not a dataset; leave it out";
/// Of a series among packages.
pub const A_SERIES: &str = "is a series, not a dataset: the registry holds datasets, which have packages of their own";

/// Of a record that another registry gives though a third one keeps it.
pub const COPY_OF_A_COPY: &str =
    "keeps the record, and copies are not copied on; follow that registry as a source of its own to have the record here";
/// Of a record that another registry gives, whose identifier is here as a copy of a third one's.
pub const COPIED_ALREADY: &str = "is the registry from which a record of this identifier is copied here, and that copy stands; ask the two registries which of them keeps it";
/// Of a record that a provider gives with an older datestamp than before; its value is both of them.
pub const AN_OLDER_ONE: &str = "the record was taken with the second datestamp before and comes with the first one now, which is older: what was taken stays; if the source means what it gives now, have it give the record a new datestamp";

/// Whether a line only tells of what is left out as it should be, such as something that is no dataset: that it is not taken leaves nothing
/// missing.
pub fn is_note(line: &Problem) -> bool {
    [NOT_HELD, MORE_NOT_HELD, A_GROUP, A_PAGE, A_SERIES, COPY_OF_A_COPY, COPIED_ALREADY, AN_OLDER_ONE].contains(&line.remedy.as_str())
}

/// One record of another system, as a draft of a dataset.
#[derive(Debug, Default)]
pub struct Found {
    /// What the record says, in the registry's terms. Its producer is empty unless the record is the registry's own: names are
    /// matched with institutions by whoever knows the catalogue.
    pub draft: DatasetDraft,
    /// Where it came from.
    pub origin: Origin,
    /// What the record says and the draft cannot carry, or carries otherwise: each with the place in the record, the value and what
    /// became of it. Nothing is dropped without a line here.
    pub unfit: Vec<Problem>,
    /// Institutions that a person has named by their short name, each with the place where it stands: whoever knows the catalogue looks
    /// whether there is such an institution.
    pub named: Vec<(Slug, String)>,
    /// Where the record gives its identifier, where a person has written it: a cell.
    pub identifier_at: Option<String>,
}

/// Where a record came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Identifier in the other system: a DOI, a URI, a study number.
    pub identifier: Option<String>,
    /// Page of the record in the other system.
    pub address: Option<String>,
    /// Names of the institution that produced or publishes it, as the record gives them, the most responsible first.
    pub producers: Vec<MultilingualText>,
    /// Of those, the ones that give the data out, as the record says; none where it does not say.
    pub holders: Vec<MultilingualText>,
    /// Names that the record itself says to be those of organisations, whatever part they have in it: by a class, a kind of name, or a place
    /// where only organisations stand.
    pub organisations: Vec<MultilingualText>,
    /// When it was last changed there, as the record says.
    pub modified: Option<String>,
    /// The other system says that the record is gone.
    pub is_deleted: bool,
    /// It is one part of a record, such as one sheet of the template: what it does not say stays as it is.
    pub is_part: bool,
}

/// A record on its way out, with what a format needs beside it. The dataset is what the reader may see: masked fields are gone.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    /// The record.
    pub dataset: &'a Dataset,
    /// First publication, milliseconds from 1970-01-01 UTC.
    pub issued_at: i64,
    /// Last change of the published record, milliseconds from 1970-01-01 UTC.
    pub modified_at: i64,
    /// Number of the published version, from 1.
    pub version: i64,
    /// What stands around it.
    pub around: &'a Surroundings<'a>,
}

/// The catalogue around the records that go out.
pub struct Surroundings<'a> {
    /// Address of this catalogue without a slash at the end, such as `https://data.example.ma`.
    pub base_url: &'a str,
    /// Institutions by slug, as far as the records name them and the reader may see them.
    pub institutions: &'a dyn Fn(&Slug) -> Option<&'a Institution>,
    /// The concept schemes.
    pub concepts: &'a Concepts,
}

impl Outgoing<'_> {
    /// Address of the record's page here.
    pub fn page(&self) -> String {
        format!("{}/dataset/{}", self.around.base_url, self.dataset.slug)
    }
}

/// A field that a format cannot carry, or carries poorer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Path of the field in the registry's own terms, such as `methodology.definitions`.
    pub field: String,
    /// What becomes of it.
    pub effect: LossEffect,
}
