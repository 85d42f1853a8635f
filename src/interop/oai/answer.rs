//! One answer of a provider, whatever the verb.

use roxmltree::{Document, Node};

use crate::domain::problem::Problem;
use crate::interop::exchange::{Found, Origin};
use crate::interop::xml_text::{self, words};

/// What a provider answered. Parts that the verb does not bring are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// When the provider answered, as it says.
    pub response_date: String,
    /// Errors that the provider tells. `noRecordsMatch` is one of them, and means that there is nothing new.
    pub faults: Vec<Fault>,
    /// Answer to Identify.
    pub identity: Option<Identity>,
    /// Answer to ListSets.
    pub sets: Vec<Set>,
    /// Prefixes, in the answer to ListMetadataFormats.
    pub formats: Vec<String>,
    /// Answer to ListRecords, GetRecord and, without metadata, to ListIdentifiers.
    pub records: Vec<Record>,
    /// Whether it is an answer to ListIdentifiers: headers without metadata.
    pub is_of_headers: bool,
    /// Token for the next page; none on the last one.
    pub resumption_token: Option<String>,
    /// Number of records of the whole list, where the provider tells it.
    pub complete_list_size: Option<u64>,
    /// What is wrong with the answer.
    pub problems: Vec<Problem>,
}

/// An error of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Code of the protocol, such as `badResumptionToken`.
    pub code: String,
    /// What the provider says about it.
    pub message: String,
}

/// Who the provider is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name of the repository.
    pub name: String,
    /// Address of the provider, as it says.
    pub base_url: String,
    /// Version of the protocol; 2.0 is what is read here.
    pub version: String,
    /// Earliest change.
    pub earliest: String,
    /// Whether deletions are told.
    pub deleted: DeletedRecords,
    /// Whether times are told to the second, else to the day.
    pub to_the_second: bool,
}

/// Whether a provider tells which records are gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeletedRecords {
    /// It tells nothing.
    #[default]
    No,
    /// It tells for a while.
    Transient,
    /// It tells for ever.
    Persistent,
}

/// A set of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Short name for requests.
    pub spec: String,
    /// Name for people.
    pub name: String,
}

/// One record, with or without its metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Identifier in the provider.
    pub identifier: String,
    /// Last change, as the provider says.
    pub datestamp: String,
    /// Sets that it is in.
    pub sets: Vec<String>,
    /// The provider says that the record is gone.
    pub is_deleted: bool,
    /// The metadata as a document of its own.
    pub metadata: Option<String>,
    /// Local name and namespace of the metadata's first element.
    pub kind: Option<(String, String)>,
}

impl Record {
    /// Where a record came from that has no metadata.
    pub fn origin(&self) -> Origin {
        Origin {
            identifier: Some(self.identifier.clone()),
            modified: Some(self.datestamp.clone()).filter(|stamp| !stamp.is_empty()),
            is_deleted: self.is_deleted,
            ..Origin::default()
        }
    }
}

/// Dates a record by the header that its provider gives it; another day that the record itself names as that of its last change is told.
pub fn date_by_header(found: &mut Found, datestamp: &str) {
    if datestamp.is_empty() {
        return;
    }
    let day = |stamp: &str| stamp.get(..10).unwrap_or(stamp).to_owned();
    if let Some(own) = found.origin.modified.replace(datestamp.to_owned()).filter(|own| !day(datestamp).starts_with(&day(own))) {
        let remedy = "is when the record itself was changed last, as it says; the day that its provider gives stands here";
        found.unfit.push(Problem::new("modified", own, remedy));
    }
}

/// Reads an answer.
///
/// # Errors
/// The one reason why the bytes are not an answer.
pub fn parse(bytes: &[u8]) -> Result<Answer, Problem> {
    let prepared = xml_text::prepare(bytes)?;
    let document = xml_text::parse(&prepared.text)?;
    let root = document.root_element().tag_name().name();
    if root == "record" {
        // One record of an answer, kept by itself.
        let mut answer = Answer { problems: prepared.mended, ..Answer::default() };
        records(document.root(), "record", &mut answer);
        return Ok(answer);
    }
    if root != "OAI-PMH" {
        return Err(Problem::new("", root, "the answer is not one of OAI-PMH; check the address of the source"));
    }
    let mut answer = read_tree(&document);
    answer.problems.splice(0..0, prepared.mended);
    Ok(answer)
}

/// Reads an answer that is parsed already.
pub fn read_tree(document: &Document) -> Answer {
    let root = document.root_element();
    let mut answer = Answer { response_date: text_of(root, "responseDate"), ..Answer::default() };
    for part in root.children().filter(Node::is_element) {
        match part.tag_name().name() {
            "error" => answer.faults.push(Fault { code: part.attribute("code").unwrap_or("").to_owned(), message: text(part) }),
            "Identify" => answer.identity = Some(identity(part)),
            "ListSets" => {
                answer.sets = named(part, "set").map(|set| Set { spec: text_of(set, "setSpec"), name: text_of(set, "setName") }).collect()
            }
            "ListMetadataFormats" => {
                answer.formats = named(part, "metadataFormat").map(|format| text_of(format, "metadataPrefix")).collect()
            }
            "ListRecords" | "GetRecord" => records(part, "record", &mut answer),
            "ListIdentifiers" => {
                answer.is_of_headers = true;
                records(part, "header", &mut answer);
            }
            _ => {}
        }
        token(part, &mut answer);
    }
    answer
}

fn named<'a, 'i: 'a>(parent: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    parent.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn text(node: Node) -> String {
    let raw: String = node.descendants().filter(Node::is_text).filter_map(|inside| inside.text()).collect();
    words::clean(&raw, true).0
}

fn text_of(parent: Node, name: &'static str) -> String {
    named(parent, name).next().map(text).unwrap_or_default()
}

fn identity(part: Node) -> Identity {
    Identity {
        name: text_of(part, "repositoryName"),
        base_url: text_of(part, "baseURL"),
        version: text_of(part, "protocolVersion"),
        earliest: text_of(part, "earliestDatestamp"),
        deleted: match text_of(part, "deletedRecord").as_str() {
            "persistent" => DeletedRecords::Persistent,
            "transient" => DeletedRecords::Transient,
            _ => DeletedRecords::No,
        },
        to_the_second: text_of(part, "granularity").contains("hh"),
    }
}

fn token(part: Node, answer: &mut Answer) {
    let Some(token) = named(part, "resumptionToken").next() else { return };
    // An empty token ends the list.
    answer.resumption_token = Some(text(token)).filter(|token| !token.is_empty());
    answer.complete_list_size = token.attribute("completeListSize").and_then(|size| size.trim().parse().ok());
}

fn records(part: Node, name: &'static str, answer: &mut Answer) {
    for (index, node) in named(part, name).enumerate() {
        let header = if name == "header" { Some(node) } else { named(node, "header").next() };
        let Some(header) = header else {
            answer.problems.push(Problem::new(
                format!("record[{}]", index + 1),
                "",
                "the record has no header, so nothing says which one it is; tell the provider",
            ));
            continue;
        };
        let metadata = named(node, "metadata").next().and_then(|metadata| metadata.first_element_child());
        let record = Record {
            identifier: text_of(header, "identifier"),
            datestamp: text_of(header, "datestamp"),
            sets: named(header, "setSpec").map(text).collect(),
            is_deleted: header.attribute("status") == Some("deleted"),
            metadata: metadata.map(alone),
            kind: metadata.map(|node| (node.tag_name().name().to_owned(), node.tag_name().namespace().unwrap_or("").to_owned())),
        };
        if !record.is_deleted && record.metadata.is_none() && name == "record" {
            let remedy = "the record has no metadata and is not told to be deleted; tell the provider";
            answer.problems.push(Problem::new(format!("record[{}]", index + 1), &record.identifier, remedy));
        }
        answer.records.push(record);
    }
}

/// Most bytes that the documents of an envelope have together, with the namespaces that are declared further out.
const LARGEST_CONTENT: usize = 512 << 20;

/// Hands over the documents of a kind that stand in an envelope, each as a document of its own: RDF in an answer of CSW. Returns what is
/// wrong with the envelope, and the number of documents.
///
/// # Errors
/// The one reason why the bytes are not an envelope.
pub fn enclosed(bytes: &[u8], name: &str, take: &mut dyn FnMut(&str)) -> Result<(Vec<Problem>, usize), Problem> {
    let prepared = xml_text::prepare(bytes)?;
    let document = xml_text::parse(&prepared.text)?;
    let mut problems = prepared.mended;
    let (mut count, mut size) = (0, 0);
    let mut next = document.root_element().first_child();
    while let Some(node) = next {
        let is_wanted = node.is_element() && node.tag_name().name() == name;
        if node.is_element() && node.tag_name().name() == "SearchResults" {
            problems.extend(rest_of_search(node));
        }
        if is_wanted {
            let text = alone(node);
            size += text.len();
            if size > LARGEST_CONTENT {
                let remedy = "the documents in the answer are too large together; ask for fewer at a time";
                problems.push(Problem::new("SearchResults", format!("document {}", count + 1), remedy));
                break;
            }
            count += 1;
            take(&text);
        }
        // What stands in a document is part of it.
        let below = if is_wanted { None } else { node.first_child() };
        next = below.or_else(|| node.ancestors().take_while(|up| !up.is_root()).find_map(|up| up.next_sibling()));
    }
    Ok((problems, count))
}

/// Whether a search of CSW found more than the answer holds.
fn rest_of_search(results: Node) -> Option<Problem> {
    let number = |name: &str| results.attribute(name).and_then(|number| number.trim().parse::<u64>().ok());
    let next = number("nextRecord").filter(|next| *next > 0)?;
    let said = number("numberOfRecordsMatched").map_or_else(|| next.to_string(), |all| format!("{next} of {all}"));
    Some(Problem::new("nextRecord", said, "the search goes on at this record; ask for the records from there on, and give that answer too"))
}

/// An element as a document of its own: namespaces declared further out are declared on it.
fn alone(node: Node) -> String {
    let whole = node.document().input_text().get(node.range()).unwrap_or("");
    let name_end = whole.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(whole.len());
    let (name, rest) = whole.split_at(name_end);
    let tag = start_tag(rest);
    let mut text = String::with_capacity(whole.len() + 200);
    text.push_str(name);
    for space in node.namespaces().filter(|space| space.name() != Some("xml")) {
        let attribute = space.name().map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
        if !declares(tag, &attribute) {
            text.push_str(&format!(" {attribute}=\"{}\"", quick_xml::escape::escape(space.uri())));
        }
    }
    text.push_str(rest);
    text
}

/// The start tag to its end: a quoted value may hold `>`.
fn start_tag(text: &str) -> &str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return text.get(..at).unwrap_or(text),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

fn declares(tag: &str, attribute: &str) -> bool {
    tag.split_whitespace().any(|word| word.strip_prefix(attribute).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(inside: &str) -> Answer {
        let text = format!(
            "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>\
            <responseDate>2026-01-01T00:00:00Z</responseDate>{inside}</OAI-PMH>"
        );
        parse(text.as_bytes()).expect("an answer")
    }

    #[test]
    fn pages_deletions_and_tokens_are_read() {
        let found = answer(
            "<ListRecords><record><header status='deleted'><identifier>a:1</identifier><datestamp>2025-01-01</datestamp></header></record>\
            <record><header><identifier>a:2</identifier><datestamp>2025-01-02</datestamp><setSpec>x</setSpec></header><metadata>\
            <codeBook x='>' xmlns='ddi:codebook:2_5' xsi:schemaLocation='a b'><stdyDscr/></codeBook></metadata></record><record/>\
            <record><header><identifier>a:4</identifier></header></record>\
            <resumptionToken completeListSize='9'> next </resumptionToken></ListRecords>",
        );
        assert_eq!(found.records.len(), 3);
        assert!(found.records[0].is_deleted && found.records[0].origin().is_deleted);
        assert_eq!(found.records[1].kind, Some(("codeBook".into(), "ddi:codebook:2_5".into())));
        let metadata = found.records[1].metadata.as_deref().expect("metadata");
        assert!(roxmltree::Document::parse(metadata).is_ok(), "{metadata}");
        assert_eq!((found.resumption_token.as_deref(), found.complete_list_size), (Some("next"), Some(9)));
        assert_eq!(found.problems.len(), 2, "{:?}", found.problems);
        assert_eq!(answer("<ListRecords><resumptionToken/></ListRecords>").resumption_token, None);
    }

    #[test]
    fn errors_identity_and_sets_are_read() {
        let fault = answer("<error code='badResumptionToken'>too old</error>");
        assert_eq!(fault.faults, [Fault { code: "badResumptionToken".into(), message: "too old".into() }]);
        let identity = answer(
            "<Identify><repositoryName>R</repositoryName><deletedRecord>persistent</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>",
        );
        let identity = identity.identity.expect("identity");
        assert!(identity.to_the_second && identity.deleted == DeletedRecords::Persistent && identity.name == "R");
        let sets = answer("<ListSets><set><setSpec>a</setSpec><setName>A</setName></set></ListSets>");
        assert_eq!(sets.sets, [Set { spec: "a".into(), name: "A".into() }]);
    }

    #[test]
    fn another_document_is_no_answer() {
        assert!(parse(b"<html/>").expect_err("no answer").remedy.contains("OAI-PMH"));
    }
}
