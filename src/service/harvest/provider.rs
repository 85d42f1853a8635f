//! The list of an OAI-PMH provider: who it is, page after page, whether it gave as much as it said, and the records that an earlier run could
//! not take.

use super::super::intake::{Came, ReportLine};
use super::client::{Content, FetchError, Fetched, Marks};
use super::pages::{Cursor, Page, Pager, encode, refuse_web_page};
use crate::domain::problem::Problem;
use crate::interop::dcat::Source;
use crate::interop::exchange::Found;
use crate::interop::{incoming, oai};

/// Records asked for singly, for one page.
const AT_ONCE: usize = 20;
/// Metadata prefixes that are read, the richest first.
const PREFIXES: [&str; 12] = [
    "oai_ddi25",
    "oai_ddi",
    "ddi25",
    "ddi",
    "oai_ddi26",
    "dcat",
    "oai_dcat",
    "dcat_ap",
    "oai_datacite",
    "datacite",
    "oai_datacite4",
    "oai_dc",
];

/// The first question of a list.
struct Beginning {
    url: String,
    /// The same, with the day alone: some providers promise times to the second and refuse them.
    by_day: Option<String>,
    prefix: String,
}

/// What is known of a list before one of its pages.
#[derive(Default)]
struct Place {
    began: Option<String>,
    token: Option<String>,
    given: u64,
    size: Option<u64>,
    prefix: String,
}

impl Pager<'_> {
    /// A page of an OAI-PMH provider; at the beginning it is asked who it is.
    pub(super) fn read_oai(&mut self, cursor: &Cursor) -> Result<Page, FetchError> {
        let base = self.source.row.url.split(['?', '#']).next().unwrap_or_default().to_owned();
        let mut page = Page::default();
        let (url, by_day, place) = match cursor {
            Cursor::Again { began, prefix, asked } => return self.read_again(&base, began, prefix, *asked),
            Cursor::Token { token, began, is_partial, given, size, prefix } => {
                page.is_partial = *is_partial;
                self.met.insert(token.clone());
                let (token, began, prefix) = (Some(token.clone()), Some(began.clone()), prefix.clone());
                let url = format!("{base}?verb=ListRecords&resumptionToken={}", encode(token.as_deref().unwrap_or_default()));
                (url, None, Place { began, token, given: *given, size: *size, prefix })
            }
            _ => {
                let Beginning { url, by_day, prefix } = self.begin_oai(&base, &mut page)?;
                (url, by_day, Place { prefix, ..Place::default() })
            }
        };
        let (mut answer, mut content) = self.ask_oai(&url)?;
        if let Some(by_day) = by_day.filter(|_| answer.faults.iter().any(|fault| fault.code == "badArgument")) {
            (answer, content) = self.ask_oai(&by_day)?;
        }
        page.lines.extend(content.readable().1.map(|problem| ReportLine { record: String::new(), problem }));
        refuse_faults(&answer, &url, place.token.is_some())?;
        let began = place.began.unwrap_or_else(|| answer.response_date.clone());
        page.is_incomplete = !answer.problems.is_empty();
        page.failed += answer.problems.len() as u64;
        page.lines.extend(answer.problems.iter().cloned().map(|problem| ReportLine { record: String::new(), problem }));
        for record in &answer.records {
            self.take_oai(record, &mut page)?;
        }
        let given = place.given + answer.records.len() as u64 + answer.problems.len() as u64;
        let size = answer.complete_list_size.or(place.size);
        match answer.resumption_token {
            Some(token) if !self.met.insert(token.clone()) => {
                let mut error = self.fault(
                    &token,
                    "the provider gives a token that it has given before, so that its list never ends; tell whoever runs it",
                );
                error.url = url;
                return Err(error);
            }
            Some(token) => {
                let (is_partial, prefix) = (page.is_partial, place.prefix);
                page.next = Some(Cursor::Token { token, began, is_partial, given, size, prefix });
            }
            None => {
                page.tell_missing(given, size);
                self.end_list(began, place.prefix, &mut page);
            }
        }
        Ok(page)
    }

    /// Reads one record into a page.
    fn take_oai(&mut self, record: &oai::Record, page: &mut Page) -> Result<(), FetchError> {
        if self.source.progress.again.contains(&record.identifier) {
            self.met.insert(asked_again(&record.identifier));
        }
        let source = Source { address: None, language: self.source.doc.language.as_ref(), concepts: self.concepts };
        let original = match &record.metadata {
            Some(metadata) => Some(self.original(metadata.as_bytes(), "application/xml")?),
            None => None,
        };
        match incoming::read_oai_record(record, &source) {
            Ok(found) => page.came.extend(found.into_iter().map(|found| Came { found, original: original.clone() })),
            Err(problems) => {
                page.failed += u64::from(!problems.is_empty());
                page.alive.push(record.identifier.clone());
                page.lines.extend(problems.into_iter().map(|problem| ReportLine { record: record.identifier.clone(), problem }));
            }
        }
        Ok(())
    }

    /// The list is at its end. Of a list of changes the records that an earlier run could not take are asked for again, each by itself.
    fn end_list(&self, began: String, prefix: String, page: &mut Page) {
        if page.is_partial && !prefix.is_empty() && !self.source.progress.again.is_empty() {
            page.next = Some(Cursor::Again { began, prefix, asked: 0 });
        } else {
            page.from = Some(began).filter(|began| !began.is_empty());
        }
    }

    /// Some of the records that an earlier run could not take.
    fn read_again(&mut self, base: &str, began: &str, prefix: &str, asked: usize) -> Result<Page, FetchError> {
        let mut page = Page { is_partial: true, ..Page::default() };
        let source = self.source;
        let all = &source.progress.again;
        for identifier in all.iter().skip(asked).take(AT_ONCE) {
            // The list of changes has given it.
            if self.met.contains(&asked_again(identifier)) {
                continue;
            }
            let url = format!("{base}?verb=GetRecord&metadataPrefix={}&identifier={}", encode(prefix), encode(identifier));
            let (answer, _) = self.ask_oai(&url)?;
            for record in answer.records.iter().filter(|record| record.identifier == *identifier) {
                self.take_oai(record, &mut page)?;
            }
            let is_gone = answer.faults.iter().any(|fault| fault.code == "idDoesNotExist");
            if is_gone {
                let gone = oai::Record { identifier: identifier.clone(), is_deleted: true, ..oai::Record::default() };
                page.came.push(Came { found: Found { origin: gone.origin(), ..Found::default() }, original: None });
            } else if !answer.records.iter().any(|record| record.identifier == *identifier) {
                let said = answer.faults.first().map(|fault| format!("{} {}", fault.code, fault.message)).unwrap_or_default();
                let remedy = "the provider does not give this record, which could not be taken before; it is asked for again";
                page.failed += 1;
                page.alive.push(identifier.clone());
                page.lines.push(ReportLine { record: identifier.clone(), problem: Problem::new("GetRecord", said.trim(), remedy) });
            }
        }
        let next = asked + AT_ONCE;
        if next < all.len() {
            page.next = Some(Cursor::Again { began: began.to_owned(), prefix: prefix.to_owned(), asked: next });
        } else {
            page.from = Some(began.to_owned()).filter(|began| !began.is_empty());
        }
        Ok(page)
    }

    /// Asks a provider who it is and which formats it has, and makes the first question of the list.
    fn begin_oai(&self, base: &str, page: &mut Page) -> Result<Beginning, FetchError> {
        let (about, _) = self.ask_oai(&format!("{base}?verb=Identify"))?;
        let prefix = match &self.source.doc.prefix {
            Some(prefix) => prefix.clone(),
            None => {
                let (formats, _) = self.ask_oai(&format!("{base}?verb=ListMetadataFormats"))?;
                let best = PREFIXES.iter().find(|prefix| formats.formats.iter().any(|own| own.eq_ignore_ascii_case(prefix)));
                // Every provider has Dublin Core.
                best.map_or_else(|| "oai_dc".to_owned(), |prefix| (*prefix).to_owned())
            }
        };
        let identity = about.identity.unwrap_or_default();
        let set = self.source.doc.set.as_ref().map(|set| format!("&set={}", encode(set))).unwrap_or_default();
        let asked = |from: Option<&str>| {
            let from = from.map(|from| format!("&from={}", encode(from))).unwrap_or_default();
            format!("{base}?verb=ListRecords&metadataPrefix={}{from}{set}", encode(&prefix))
        };
        // Only of a provider that tells for ever what is gone is it enough to ask for changes.
        let from = self.source.progress.from.as_ref().filter(|_| !self.is_whole && identity.deleted == oai::DeletedRecords::Persistent);
        let day = from.map(|from| from.get(..10).unwrap_or(from));
        page.is_partial = from.is_some();
        let (url, by_day) = match (from, day) {
            (Some(from), Some(day)) if identity.to_the_second && day != from => (asked(Some(from)), Some(asked(Some(day)))),
            (_, day) => (asked(day), None),
        };
        Ok(Beginning { url, by_day, prefix })
    }

    fn ask_oai(&self, url: &str) -> Result<(oai::Answer, Content), FetchError> {
        let Fetched::Content(content) = self.get(url, "text/xml, application/xml;q=0.9", &Marks::default())? else {
            return Err(
                self.fault("HTTP 304", "the provider answers that nothing has changed though it was not asked; tell whoever runs it")
            );
        };
        refuse_web_page(&content)?;
        match oai::parse(&content.readable().0) {
            Ok(answer) => Ok((answer, content)),
            Err(problem) => Err(FetchError { url: url.to_owned(), found: problem.value, remedy: problem.remedy, may_pass: true }),
        }
    }
}

impl Page {
    /// Tells that a list is at its end before it has given what its provider says it has: then no record is taken for gone. That size may be an
    /// estimate; more than it says is no fault.
    fn tell_missing(&mut self, given: u64, size: Option<u64>) {
        if let Some(size) = size.filter(|size| given < *size) {
            let remedy = format!(
                "the provider says that the list has {size} records and gave {given}; no record is taken for gone, tell whoever runs it"
            );
            self.lines.push(ReportLine { record: String::new(), problem: Problem::new("completeListSize", size, remedy) });
            self.is_incomplete = true;
        }
    }
}

/// What marks a record as met that is to be asked for again.
fn asked_again(identifier: &str) -> String {
    format!("again {identifier}")
}

/// Refuses an answer with an error of the protocol; that nothing is new is none.
fn refuse_faults(answer: &oai::Answer, url: &str, has_token: bool) -> Result<(), FetchError> {
    let Some(fault) = answer.faults.iter().find(|fault| fault.code != "noRecordsMatch") else { return Ok(()) };
    let remedy = match fault.code.as_str() {
        "badResumptionToken" if has_token => "the provider does not know its own token any more; the next harvest begins anew".to_owned(),
        _ => format!("the provider answers with an error: {}", fault.message),
    };
    Err(FetchError { url: url.to_owned(), found: fault.code.clone(), remedy, may_pass: false })
}
