//! One page of a source after the other: what to ask next, and what the answer holds. Each protocol has its own way on.

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::concept::Concepts;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::ImportFormat;
use crate::interop::dcat::{self, Onward, Source};
use crate::interop::exchange::{Found, is_note};
use crate::interop::{feed, incoming, json};

use super::super::intake::{Came, Original, ReportLine};
use super::client::{Client, Content, FetchError, Fetched, Marks};
use super::copies::Copies;
use super::source::{HarvestSource, KnownPage};

/// Packages asked for at once.
const ROWS: u64 = 100;
/// Pages in a row without a record that the run has not met, after which the list is taken for endless.
const MOST_IDLE: u32 = 5;
/// Most pages of one run.
const MOST_PAGES: u64 = 1_000_000;
/// After how long another registry is read whole again, in milliseconds.
const WHOLE_EVERY_MS: i64 = 7 * 86_400_000;
/// Where the reading of a source goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "camelCase")]
pub enum Cursor {
    /// At the beginning.
    Start,
    /// At a page of an OAI-PMH provider.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The provider's token.
        token: String,
        /// The provider's time at the beginning.
        began: String,
        /// Whether only changes were asked for.
        is_partial: bool,
        /// Records before it, with those that are told to be deleted.
        #[serde(default)]
        given: u64,
        /// Records that the provider says the list has.
        #[serde(default)]
        size: Option<u64>,
        /// The metadata prefix that was asked for.
        #[serde(default)]
        prefix: String,
    },
    /// Behind the list of an OAI-PMH provider, at the records that an earlier run could not take.
    #[serde(rename_all = "camelCase")]
    Again {
        /// The provider's time at the beginning.
        began: String,
        /// The metadata prefix that was asked for.
        prefix: String,
        /// How many of them were asked for.
        asked: usize,
    },
    /// At a page of a CKAN portal.
    Packages {
        /// Packages before it.
        start: u64,
        /// Packages that the portal says it has.
        count: u64,
    },
    /// At a page of a catalogue.
    Page {
        /// Its address.
        url: String,
    },
    /// At a part of another registry's feed.
    #[serde(rename_all = "camelCase")]
    Feed {
        /// Place in its log after which the part begins.
        after: i64,
        /// Whether only changes were asked for.
        is_partial: bool,
        /// Mark of what was shared when the first part was given: what changes meanwhile is read as a whole the next time.
        #[serde(default)]
        sharing: Option<String>,
    },
}

/// What one page holds.
#[derive(Default)]
pub struct Page {
    /// Its records.
    pub came: Vec<Came>,
    /// What could not be read.
    pub lines: Vec<ReportLine>,
    /// Records that the lines tell of.
    pub failed: u64,
    /// What is no dataset, and is told.
    pub passed_over: u64,
    /// What another registry like this one tells.
    pub copies: Option<Copies>,
    /// Records that are there, though they could not be read.
    pub alive: Vec<String>,
    /// Where it goes on; none at the end.
    pub next: Option<Cursor>,
    /// The source says that nothing has changed since the last whole run.
    pub is_not_modified: bool,
    /// Whether only changes were asked for, so that what is not here need not be gone.
    pub is_partial: bool,
    /// Whether the source has given less than it has.
    pub is_incomplete: bool,
    /// Marks of the document.
    pub marks: Marks,
    /// What is to be known of a page of a catalogue.
    pub known: Option<KnownPage>,
    /// Whether the page is as it was: then its records are there, and are not read again.
    pub is_as_before: bool,
    /// From when on to ask the next time.
    pub from: Option<String>,
}

/// Reads one source page by page.
pub struct Pager<'a> {
    client: &'a Client,
    pub(super) source: &'a HarvestSource,
    pub(super) concepts: &'a Concepts,
    now: i64,
    pub(super) is_whole: bool,
    pub(super) met: HashSet<String>,
    records: HashSet<u64>,
    /// Packages of a portal that came, each once.
    packages: HashSet<String>,
    /// Where the reading of the packages began.
    began_at: Option<u64>,
    /// Things that the pages of a catalogue describe, and how many it says that it has.
    described: u64,
    total: Option<u64>,
    /// Whether pages were passed that say nothing of how many they describe.
    is_partly_counted: bool,
    idle: u32,
    pages: u64,
    sent: Cell<u64>,
}

impl<'a> Pager<'a> {
    /// A reader of the source. `is_whole`: everything is asked for, also what has not changed.
    pub fn new(client: &'a Client, source: &'a HarvestSource, concepts: &'a Concepts, now: i64, is_whole: bool) -> Self {
        Self {
            client,
            source,
            concepts,
            now,
            is_whole,
            met: HashSet::new(),
            packages: HashSet::new(),
            began_at: None,
            described: 0,
            total: None,
            is_partly_counted: false,
            records: HashSet::new(),
            idle: 0,
            pages: 0,
            sent: Cell::new(0),
        }
    }

    /// Reads the page at a place.
    ///
    /// # Errors
    /// The page could not be had.
    pub fn read(&mut self, cursor: &Cursor) -> Result<Page, FetchError> {
        self.pages += 1;
        if self.pages > MOST_PAGES {
            return Err(self.fault("", &format!("the source has more than {MOST_PAGES} pages; it is read no further")));
        }
        let page = match (self.source.kind(), cursor) {
            (ImportFormat::OaiPmh, cursor) => self.read_oai(cursor),
            (ImportFormat::Ckan, Cursor::Packages { start, count }) => self.read_ckan(*start, Some(*count)),
            (ImportFormat::Ckan, _) => self.read_ckan(0, None),
            (ImportFormat::Rihla, Cursor::Feed { after, is_partial, sharing }) => self.read_feed(*after, *is_partial, sharing.as_deref()),
            (ImportFormat::Rihla, _) => self.begin_feed(),
            (_, Cursor::Page { url }) => self.read_document(&url.clone(), false),
            _ => self.read_document(&self.source.row.url.clone(), true),
        }?;
        self.refuse_endless(&page)?;
        Ok(page)
    }

    /// Requests sent so far, also for pages that could not be had.
    pub fn sent(&self) -> u64 {
        self.sent.get()
    }

    pub(super) fn get(&self, url: &str, accept: &str, marks: &Marks) -> Result<Fetched, FetchError> {
        self.sent.set(self.sent.get() + 1);
        self.client.get(url, accept, marks)
    }

    /// A list that goes on and on without anything new has no end.
    fn refuse_endless(&mut self, page: &Page) -> Result<(), FetchError> {
        // A feed goes on from place to place in a log, and looks itself after not going back.
        let mut is_new = page.failed > 0 || page.passed_over > 0 || page.copies.is_some() || page.is_as_before;
        for came in &page.came {
            let (mut mark, origin) = (DefaultHasher::new(), &came.found.origin);
            (&origin.identifier, &origin.address, &origin.modified).hash(&mut mark);
            if origin.identifier.is_none() {
                came.original.as_ref().map(|original| original.hash()).hash(&mut mark);
                came.found.draft.titles.iter().for_each(|(_, wording)| wording.text.hash(&mut mark));
            }
            is_new |= self.records.insert(mark.finish());
        }
        self.idle = if is_new { 0 } else { self.idle + 1 };
        if page.next.is_some() && self.idle >= MOST_IDLE {
            let remedy =
                format!("the source has given {MOST_IDLE} pages without a new record, so that its list never ends; tell whoever runs it");
            return Err(self.fault("", &remedy));
        }
        Ok(())
    }

    pub(super) fn fault(&self, found: &str, remedy: &str) -> FetchError {
        FetchError { url: self.source.row.url.clone(), found: found.to_owned(), remedy: remedy.to_owned(), may_pass: false }
    }

    pub(super) fn original(&self, bytes: &[u8], media_type: &str) -> Result<Arc<Original>, FetchError> {
        Original::pack(bytes, media_type, self.now).map(Arc::new).map_err(|error| self.fault("", &error.to_string()))
    }

    /// A document, or a page of a catalogue that names the next one.
    fn read_document(&mut self, url: &str, is_first: bool) -> Result<Page, FetchError> {
        // Looked at here, so that what the page before it holds is taken.
        if !is_first && self.met.contains(url) {
            return Err(
                self.fault(url, "a page of the catalogue leads back to itself or to one before it; tell whoever runs the catalogue")
            );
        }
        let kind = self.source.kind();
        let progress = &self.source.progress;
        let known = progress.pages.iter().find(|page| page.url == url).filter(|_| !self.is_whole).cloned();
        let of_document = || if is_first && !self.is_whole { progress.marks.clone() } else { Marks::default() };
        let marks = known.as_ref().map_or_else(of_document, |known| known.marks.clone());
        let content = match self.get(url, accept(kind), &marks)? {
            // Whoever sent no mark has nothing that it could be the same as.
            Fetched::NotModified if marks == Marks::default() => {
                return Err(
                    self.fault("HTTP 304", "the server answers that nothing has changed though it was not asked; tell whoever runs it")
                );
            }
            Fetched::NotModified => {
                let Some(known) = known else { return Ok(Page { is_not_modified: true, marks, ..Page::default() }) };
                self.met.insert(url.to_owned());
                self.is_partly_counted = true;
                let next = known.next.clone().map(|url| Cursor::Page { url });
                return Ok(Page { next, known: Some(known), is_as_before: true, ..Page::default() });
            }
            Fetched::Content(content) => content,
        };
        refuse_web_page(&content)?;
        self.met.insert(url.to_owned());
        let original = self.original(&content.bytes, &content.media_type)?;
        let mut page = Page::default();
        let source = Source { address: Some(&content.url), language: self.source.doc.language.as_ref(), concepts: self.concepts };
        let mut take = |found: Found| page.came.push(Came { found, original: Some(original.clone()) });
        let (bytes, contradiction) = content.readable();
        let (problems, onward) = if kind == ImportFormat::Dcat {
            dcat::read_each(&bytes, &source, &mut take)
        } else {
            (incoming::read_each(kind, &bytes, &source, &mut take), Onward::default())
        };
        drop(bytes);
        let next = onward.next.clone().or_else(|| content.next.clone().filter(|_| kind == ImportFormat::Dcat));
        page.lines.extend(contradiction.map(|problem| ReportLine { record: String::new(), problem }));
        // What is no dataset is told, and nothing is missing.
        page.is_incomplete = problems.iter().any(|problem| !is_note(problem));
        page.lines.extend(problems.into_iter().map(|problem| ReportLine { record: String::new(), problem }));
        // A reading that goes on elsewhere does not know what came before.
        self.is_partly_counted |= !is_first && self.met.len() == 1;
        if let Some(problem) = self.less_than_said(&onward, next.is_none()) {
            page.is_incomplete = true;
            page.lines.push(ReportLine { record: String::new(), problem });
        }
        if page.came.is_empty() && is_first {
            let told: Vec<&str> = page.lines.iter().take(5).map(|line| line.problem.remedy.as_str()).collect();
            let unsaid = "the document holds no description of a dataset; check the kind of the source and its address";
            let remedy = if told.is_empty() { unsaid.to_owned() } else { told.join("; ") };
            return Err(FetchError { url: url.to_owned(), found: content.media_type, remedy, may_pass: false });
        }
        if next.is_none() && is_first {
            page.marks = content.marks;
        } else {
            // Of a catalogue of several pages none says anything of the others.
            let original = original.hash().to_owned();
            page.known = Some(KnownPage { url: url.to_owned(), marks: content.marks, next: next.clone(), original, records: 0 });
        }
        page.next = next.map(|url| Cursor::Page { url });
        Ok(page)
    }

    /// What is wrong where the pages of a catalogue are fewer than it says.
    fn less_than_said(&mut self, onward: &Onward, is_last: bool) -> Option<Problem> {
        self.described += onward.described;
        self.total = self.total.max(onward.total);
        let total = self.total.filter(|total| is_last && !self.is_partly_counted && *total > self.described)?;
        let remedy = format!(
            "the catalogue says that it has so many, described {} and names no further page; no record is taken for gone, tell whoever runs it",
            self.described
        );
        Some(Problem::new("hydra:totalItems", total, remedy))
    }

    /// The first part of another registry's feed: what has changed; everything, where institutions share otherwise than before, since that is
    /// told by no change of their records, and now and then in any case.
    fn begin_feed(&mut self) -> Result<Page, FetchError> {
        let progress = &self.source.progress;
        let is_due = progress.whole_at.is_none_or(|at| self.now - at > WHOLE_EVERY_MS);
        let from = progress.from.as_deref().filter(|_| !self.is_whole && !is_due).unwrap_or_default();
        // The place, and the mark of what was shared then.
        let (after, mark) = from.split_once(' ').unwrap_or((from, ""));
        let Ok(after) = after.parse() else { return self.read_feed(0, false, None) };
        let page = self.read_feed(after, true, None)?;
        let sharing = page.copies.as_ref().and_then(|copies| copies.registry.sharing.as_deref()).unwrap_or_default();
        if sharing == mark { Ok(page) } else { self.read_feed(0, false, None) }
    }

    /// A part of another registry's feed; a plain file of records of this format is read as drafts. `began_with`: the mark of the first part.
    fn read_feed(&mut self, after: i64, is_partial: bool, began_with: Option<&str>) -> Result<Page, FetchError> {
        if !is_registry(&self.source.row.url) {
            return self.read_document(&self.source.row.url.clone(), true);
        }
        let url = format!("{}/export.jsonl?after={after}", registry_base(&self.source.row.url));
        let Fetched::Content(content) = self.get(&url, accept(ImportFormat::Rihla), &Marks::default())? else {
            return Err(
                self.fault("HTTP 304", "the registry answers that nothing has changed though it was not asked; tell whoever runs it")
            );
        };
        refuse_web_page(&content)?;
        if !feed::is_feed(&content.bytes) {
            let remedy = "no registry like this one speaks here; give the address under which it is published";
            return Err(FetchError { url, found: content.media_type, remedy: remedy.to_owned(), may_pass: false });
        }
        let mut page = Page { is_partial, ..Page::default() };
        let mut copies = Copies::default();
        let mut end = None;
        for (number, line) in feed::read(&content.bytes) {
            match line {
                Ok(feed::Line::Registry(registry)) => {
                    if let Err(problem) = registry.check() {
                        return Err(FetchError { url, found: problem.value, remedy: problem.remedy, may_pass: false });
                    }
                    copies.registry = registry;
                }
                Ok(feed::Line::Institution(institution)) => copies.institutions.push(*institution),
                Ok(feed::Line::Dataset(draft)) => copies.records.push(*draft),
                Ok(feed::Line::Gone(identifier)) => copies.gone.push(identifier),
                Ok(feed::Line::End(last)) => end = Some(last),
                Err(problems) => {
                    page.failed += 1;
                    page.is_incomplete = true;
                    page.lines.extend(problems.into_iter().map(|problem| ReportLine { record: format!("line {number}"), problem }));
                }
            }
        }
        let sharing = began_with.or(copies.registry.sharing.as_deref()).unwrap_or_default().to_owned();
        match end {
            Some(end) if end.has_more && end.after <= after => {
                return Err(self.fault(&end.after.to_string(), "the registry leads back to where it was; tell whoever runs it"));
            }
            Some(end) if end.has_more => page.next = Some(Cursor::Feed { after: end.after, is_partial, sharing: Some(sharing) }),
            Some(end) => page.from = Some(format!("{} {sharing}", end.after)),
            // It broke off.
            None => {
                let remedy = "the answer ends before its end; it is asked again at the next harvest";
                return Err(FetchError { url, found: String::new(), remedy: remedy.to_owned(), may_pass: true });
            }
        }
        page.copies = Some(copies);
        Ok(page)
    }

    /// A page of a CKAN portal.
    fn read_ckan(&mut self, start: u64, said: Option<u64>) -> Result<Page, FetchError> {
        let base = self.source.row.url.trim_end_matches('/');
        let base = base.split_once("/api/").map_or(base, |(base, _)| base);
        let url = format!("{base}/api/3/action/package_search?start={start}&rows={ROWS}&sort=name%20asc");
        let Fetched::Content(content) = self.get(&url, "application/json", &Marks::default())? else {
            return Err(self.fault("HTTP 304", "the portal answers that nothing has changed though it was not asked; tell whoever runs it"));
        };
        refuse_web_page(&content)?;
        let not_ckan = |found: &str, remedy: &str| FetchError {
            url: url.clone(),
            found: found.to_owned(),
            remedy: remedy.to_owned(),
            may_pass: false,
        };
        let json::Document { value: answer, repeated, .. } =
            json::parse(&content.readable().0).map_err(|problem| not_ckan(&problem.value, &problem.remedy))?;
        if answer.get("success") != Some(&Value::Bool(true)) {
            let message = answer.pointer("/error/message").and_then(Value::as_str).unwrap_or("no `success`");
            return Err(not_ckan(message, "the portal does not answer as CKAN does; check the address"));
        }
        let count = answer.pointer("/result/count").and_then(Value::as_u64).unwrap_or(0);
        let empty = Vec::new();
        let results = answer.pointer("/result/results").and_then(Value::as_array).unwrap_or(&empty);
        let mut page = Page::default();
        for (number, package) in results.iter().enumerate() {
            let bytes = serde_json::to_vec(package).map_err(|e| not_ckan("", &e.to_string()))?;
            let original = self.original(&bytes, "application/json")?;
            let name = package.get("name").or_else(|| package.get("id")).and_then(Value::as_str).unwrap_or_default();
            let source = Source { address: Some(&url), language: self.source.doc.language.as_ref(), concepts: self.concepts };
            let before = page.came.len();
            let twice = repeated.within(&format!("result.results[{number}]"));
            let mut take = |mut found: Found| {
                found.unfit.extend(twice.told());
                page.came.push(Came { found, original: Some(original.clone()) });
            };
            let problems = incoming::read_each(ImportFormat::Ckan, &bytes, &source, &mut take);
            let is_lost = page.came.len() == before;
            // What is no dataset is told, and nothing of the list is missing.
            let is_passed_over = is_lost && !problems.is_empty() && problems.iter().all(is_note);
            page.passed_over += u64::from(is_passed_over);
            page.failed += u64::from(is_lost && !is_passed_over);
            page.is_incomplete |= is_lost && !is_passed_over;
            page.lines.extend(problems.into_iter().map(|problem| ReportLine { record: name.to_owned(), problem }));
        }
        let given = start + results.len() as u64;
        let expected = said.unwrap_or(count).max(count);
        let name = |package: &Value| Some(package.get("id").or_else(|| package.get("name"))?.as_str()?.to_owned());
        // A reading that goes on elsewhere does not know what came before.
        let is_from_start = *self.began_at.get_or_insert(start) == 0;
        self.packages.extend(results.iter().filter_map(name));
        let missing = expected.saturating_sub(self.packages.len() as u64);
        if results.is_empty() && given < expected {
            let remedy = format!(
                "the portal says that it has {expected} packages and gave {given}; no record is taken for gone, tell whoever runs it"
            );
            page.lines.push(ReportLine { record: String::new(), problem: Problem::new("count", expected, remedy) });
            page.is_incomplete = true;
        } else if given >= expected && is_from_start && missing > 0 {
            let remedy = format!(
                "the portal gave some packages more than once while its list was read, and so many of its {expected} not at all; no record is taken for gone, they are looked for at the next harvest"
            );
            page.lines.push(ReportLine { record: String::new(), problem: Problem::new("count", missing, remedy) });
            page.is_incomplete = true;
        } else if given < expected {
            page.next = Some(Cursor::Packages { start: given, count: expected });
        }
        Ok(page)
    }
}

/// Whether an address of the kind RIHLA is another registry's, whose records are copied; else it is a file of records, which become
/// drafts.
pub fn is_registry(url: &str) -> bool {
    let base = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    !base.ends_with(".jsonl") || base.ends_with("/export.jsonl")
}

/// Where a registry begins that a source of the kind RIHLA gives the address of, without a slash at the end.
pub fn registry_base(url: &str) -> &str {
    let base = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    base.strip_suffix("/export.jsonl").unwrap_or(base)
}

/// What to ask a server for.
fn accept(kind: ImportFormat) -> &'static str {
    match kind {
        ImportFormat::Dcat => "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, */*;q=0.1",
        ImportFormat::SchemaOrg => "application/ld+json, application/json;q=0.9, */*;q=0.1",
        ImportFormat::DataJson | ImportFormat::Nada | ImportFormat::Ckan => "application/json, */*;q=0.1",
        ImportFormat::Rihla => "application/x-ndjson, application/jsonl;q=0.9, */*;q=0.1",
        ImportFormat::Spreadsheet => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, text/csv;q=0.9, */*;q=0.1",
        ImportFormat::Ddi | ImportFormat::DataCite | ImportFormat::OaiPmh => "application/xml, text/xml;q=0.9, */*;q=0.1",
    }
}

/// A page for people in the place of data is a sign-in or an error more often than not.
pub(super) fn refuse_web_page(content: &Content) -> Result<(), FetchError> {
    let start: String = String::from_utf8_lossy(content.bytes.get(..200).unwrap_or(&content.bytes)).trim_start().to_ascii_lowercase();
    let is_page = start.starts_with("<!doctype html") || start.starts_with("<html");
    if !is_page {
        return Ok(());
    }
    let remedy = "a web page for people stands here, perhaps a sign-in or an error; give the address of the data";
    Err(FetchError { url: content.url.clone(), found: content.media_type.clone(), remedy: remedy.to_owned(), may_pass: false })
}

/// A value in a query.
pub(super) fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
