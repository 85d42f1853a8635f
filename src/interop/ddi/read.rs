//! A codebook becomes a draft.

use roxmltree::{Document, Node};

use super::restore::restore;
use super::studies::{Study, studies, tell};
use super::{OWN, access, citation, codes, coverage, method, own, residue, variables};
use crate::domain::concept::Concepts;
use crate::domain::draft::DatasetDraft;
use crate::domain::problem::Problem;
use crate::domain::text::LanguageTag;
use crate::domain::vocabulary::Certainty;
use crate::interop::exchange::{Found, Origin, Reading};
use crate::interop::oai;
use crate::interop::xml_text::tracked::{MOST_OF_A_KIND, Tracked};
use crate::interop::xml_text::{language, parse, prepare};

/// Reads a file with one codebook, or an answer of an OAI-PMH provider with many.
pub fn read(bytes: &[u8], concepts: &Concepts) -> Reading {
    read_where(bytes, concepts, &|study: &Study| study.has_notes())
}

/// Reads a document of this registry that has no notes yet.
pub(super) fn read_without_notes(bytes: &[u8], concepts: &Concepts) -> Reading {
    read_where(bytes, concepts, &|_| true)
}

/// Whether the notes of a study say what its elements leave out.
type Complete<'f> = &'f dyn Fn(&Study) -> bool;

fn read_where(bytes: &[u8], concepts: &Concepts, is_complete: Complete) -> Reading {
    let prepared = match prepare(bytes) {
        Ok(prepared) => prepared,
        Err(problem) => return Reading::refused(problem),
    };
    let mut reading = match parse(&prepared.text) {
        Ok(document) if document.root_element().tag_name().name() == "OAI-PMH" => read_answer(&document, concepts),
        Ok(document) => read_document(&document, concepts, is_complete),
        Err(problem) => Reading::refused(problem),
    };
    reading.problems.splice(0..0, prepared.mended);
    reading
}

fn read_document(document: &Document, concepts: &Concepts, is_complete: Complete) -> Reading {
    let root = document.root_element();
    let mut reading = Reading::default();
    let books: Vec<_> = root.descendants().filter(|node| node.tag_name().name().eq_ignore_ascii_case("codeBook")).collect();
    for book in &books {
        read_book(*book, concepts, is_complete, &mut reading);
    }
    if books.is_empty() {
        let remedy = "the file holds no element `codeBook`, so it is not DDI Codebook; give a file of DDI Codebook 1.2.2 to 2.6";
        reading.problems.push(Problem::new("", root.tag_name().name(), remedy));
    }
    reading
}

fn read_answer(document: &Document, concepts: &Concepts) -> Reading {
    let answer = oai::read_tree(document);
    let mut reading = Reading { found: Vec::new(), problems: answer.problems };
    for fault in answer.faults {
        let remedy = format!("the provider answers with an error: {}", fault.message);
        reading.problems.push(Problem::new("error", fault.code, remedy));
    }
    for record in answer.records {
        if record.is_deleted {
            reading.found.push(Found { origin: record.origin(), ..Found::default() });
            continue;
        }
        // That a record has none is among the problems of the answer.
        let (Some(metadata), Some((kind, _))) = (&record.metadata, &record.kind) else { continue };
        if !kind.eq_ignore_ascii_case("codeBook") {
            let remedy = format!("the record `{}` is not in DDI Codebook; ask the provider for another metadata prefix", record.identifier);
            reading.problems.push(Problem::new("metadata", kind, remedy));
            continue;
        }
        let inner = read(metadata.as_bytes(), concepts);
        let told = |problem: Problem| Problem { field: format!("{}: {}", record.identifier, problem.field), ..problem };
        reading.problems.extend(inner.problems.into_iter().map(told));
        for mut found in inner.found {
            if found.origin.identifier.as_ref() != Some(&record.identifier) {
                let remedy = "is the identifier that the provider gives the record; it is known here by its own";
                found.unfit.push(Problem::new("header/identifier", &record.identifier, remedy));
            }
            oai::date_by_header(&mut found, &record.datestamp);
            reading.found.push(found);
        }
    }
    if reading.found.is_empty() && reading.problems.is_empty() {
        reading.problems.push(Problem::new("", "", "the answer holds no record; give one to ListRecords or GetRecord"));
    }
    reading
}

/// What is known of a book while it is read.
pub(super) struct Book<'a, 'i, 'c> {
    /// The tree.
    pub tracked: Tracked<'a, 'i>,
    /// The study that is read.
    pub study: Study<'a, 'i>,
    /// The concept schemes.
    pub concepts: &'c Concepts,
    /// The draft.
    pub draft: DatasetDraft,
    /// Where it came from.
    pub origin: Origin,
    /// The book was written by a registry like this one.
    pub is_own: bool,
    /// What was assumed, by the field of the draft.
    pub assumed: Vec<Problem>,
}

impl<'a, 'i> Book<'a, 'i, '_> {
    /// All elements at a path below the study description.
    pub fn study(&self, path: &str) -> Vec<Node<'a, 'i>> {
        self.study.within(&self.tracked, path)
    }

    /// All elements at a path below the book.
    pub fn at(&self, path: &str) -> Vec<Node<'a, 'i>> {
        let mut found = self.every(path);
        found.truncate(MOST_OF_A_KIND);
        found
    }

    /// Like [`Self::at`], however many there are.
    pub fn every(&self, path: &str) -> Vec<Node<'a, 'i>> {
        self.study.around(&self.tracked, path)
    }
}

fn read_book(root: Node, concepts: &Concepts, is_complete: Complete, reading: &mut Reading) {
    let (studies, left) = studies(root);
    let (is_alone, first) = (studies.len() == 1, reading.found.len());
    for study in studies {
        let scope = (!is_alone).then(|| study.share(root));
        reading.found.push(read_study(root, study, scope, concepts, is_complete));
    }
    tell(root, reading.found.get_mut(first..).unwrap_or_default());
    if left > 0 {
        let remedy = "the document describes more studies than are read of one document; give each of them in a file of its own";
        reading.problems.push(Problem::new("codeBook/stdyDscr", format!("{left} more"), remedy));
    }
}

fn read_study<'a, 'i>(
    root: Node<'a, 'i>,
    study: Study<'a, 'i>,
    scope: Option<Vec<Node<'a, 'i>>>,
    concepts: &Concepts,
    is_complete: Complete,
) -> Found {
    let (declared, is_complete) = (declared(root, &study), is_complete(&study));
    let mut book = Book {
        tracked: Tracked::new(root, declared).within(scope),
        study,
        concepts,
        draft: DatasetDraft { certainty: Some(Certainty::Unverified), ..DatasetDraft::default() },
        origin: Origin::default(),
        is_own: false,
        assumed: Vec::new(),
    };
    let names_itself = book.study("citation/titlStmt/IDNo").iter().any(|node| node.attribute("agency") == Some(OWN));
    book.is_own = is_complete && (names_itself || book.study.has_notes());
    citation::read(&mut book);
    coverage::read(&mut book);
    method::read(&mut book);
    access::read(&mut book);
    variables::read(&mut book);
    let notes = residue::notes(&mut book);
    let Book { mut tracked, study, draft, origin, assumed, is_own, .. } = book;
    let mut faults = Vec::new();
    let (draft, left_out) = restore(draft, &notes, &mut faults);
    if is_own && !notes.is_empty() {
        own::compare(&mut tracked, &study, &draft);
    }
    let mut unfit = tracked.leftovers(&remedy);
    unfit.extend(faults);
    unfit.extend(assumed.into_iter().filter(|line| !is_own || is_still_assumed(line, &left_out)));
    Found { draft, origin, unfit, ..Found::default() }
}

/// Whether an assumption of a registry's own document stands: its writer tells the type of source, and in a note what the quality is of.
fn is_still_assumed(line: &Problem, left_out: &[String]) -> bool {
    let is_quality = || line.field.starts_with("methodology.quality") && left_out.iter().any(|subject| subject == "methodology.quality");
    line.field == "methodology.sourceType" || is_quality()
}

/// The language that the book as a whole declares, in one of three places.
fn declared(root: Node, study: &Study) -> Option<LanguageTag> {
    let stated = |node: Node| node.attributes().find(|a| matches!(a.name(), "lang" | "xml-lang")).and_then(|a| language::read(a.value()));
    root.ancestors().filter(Node::is_element).find_map(stated).or_else(|| study.first().and_then(stated))
}

/// What describes something else than the study: a publication, a material, a source.
const OF_ANOTHER: [&str; 7] = ["relPubl", "relMat", "relStdy", "othRefs", "otherMat", "sourceCitation", "fileCitation"];

/// Why some elements have no place.
fn remedy(node: Node) -> Option<&'static str> {
    let is_of_another = node.ancestors().skip(1).any(|above| OF_ANOTHER.contains(&above.tag_name().name()));
    Some(match node.tag_name().name() {
        "IDNo" if is_of_another => {
            "is the identifier of the publication, material or source described there, not of the record; name it in the title of a link"
        }
        _ if is_of_another => {
            "is said of the publication, material or source described there, which the registry keeps as a link alone, where it has an address"
        }
        "sumStat" | "catStat" => "figures of the data are not kept by a catalogue of metadata; they are in the original only",
        "sampleSize" | "sampleSizeFormula" => {
            "the planned size is not the achieved one; write the achieved size to `methodology.sampleSize`"
        }
        "collMode" => "no code of the registry means the same; choose from `methodology.collectionModes`",
        "timeMeth" => codes::NO_PANEL,
        "dataKind" => {
            "is no type of source of the registry, or says more or something else than the one that was taken: check \
             `methodology.sourceType`, and write the rest into the abstract"
        }
        "relStdy" => "the related study is named in words; relate the two records where it is in this catalogue",
        "IDNo" => "is a further identifier of the record; it is kept in the original only",
        "distDate" | "depDate" | "prodDate" => {
            "dates of deposit and publication have no field in the registry; they are kept in the original only"
        }
        "fundAg" | "grantNo" | "depositr" | "othId" | "dataCollector" => {
            "an institution that took part is named in words; add it to `partners` where it is in this catalogue"
        }
        _ => return None,
    })
}
