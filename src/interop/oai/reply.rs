//! Answers to harvesters.

use crate::domain::text::MultilingualText;
use crate::interop::dcat::{instant, write_dataset};
use crate::interop::ddi;
use crate::interop::exchange::Outgoing;
use crate::interop::rdf::Syntax;

use super::answer::Fault;
use super::dublin_core;
use super::request::{Prefix, Selection};

const NAMESPACE: &str = "http://www.openarchives.org/OAI/2.0/";

/// Who answers.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'a> {
    /// Address of the provider.
    pub address: &'a str,
    /// Name of the catalogue.
    pub name: &'a str,
    /// Address to write to.
    pub admin_email: &'a str,
    /// Prefix of identifiers, such as `oai:data.example.ma:`.
    pub identifiers: &'a str,
    /// Earliest datestamp, milliseconds from 1970-01-01 UTC.
    pub earliest: i64,
    /// When the answer is given, milliseconds from 1970-01-01 UTC.
    pub now: i64,
}

/// Header of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The record's UUID.
    pub id: uuid::Uuid,
    /// Last change, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Sets.
    pub sets: Vec<String>,
    /// Whether the record is gone.
    pub is_deleted: bool,
}

/// An answer that is being written.
pub struct Reply<'a> {
    provider: Provider<'a>,
    text: String,
    verb: Option<&'static str>,
}

impl<'a> Reply<'a> {
    /// Begins an answer to a request that could be read, with its arguments.
    pub fn new(provider: Provider<'a>, arguments: &[(String, String)]) -> Self {
        let one = |(name, value): &(String, String)| format!(" {name}=\"{}\"", escape(value));
        let attributes: String = arguments.iter().map(one).collect();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"{NAMESPACE}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:schemaLocation=\"{NAMESPACE} {NAMESPACE}OAI-PMH.xsd\">\n<responseDate>{}</responseDate>\n<request{attributes}>{}</request>\n",
            instant(provider.now),
            escape(provider.address),
        );
        Self { provider, text, verb: None }
    }

    /// The whole answer that is an error.
    pub fn error(provider: Provider<'a>, arguments: &[(String, String)], fault: &Fault) -> String {
        // Arguments that cannot be read are not repeated.
        let known: &[_] = if matches!(fault.code.as_str(), "badVerb" | "badArgument") { &[] } else { arguments };
        let mut reply = Self::new(provider, known);
        reply.text += &format!("<error code=\"{}\">{}</error>\n", escape(&fault.code), escape(&fault.message));
        reply.end()
    }

    fn open(&mut self, verb: &'static str) {
        self.text += &format!("<{verb}>\n");
        self.verb = Some(verb);
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.text += &format!("<{name}>{}</{name}>\n", escape(text));
    }

    /// The whole answer.
    pub fn end(mut self) -> String {
        if let Some(verb) = self.verb {
            self.text += &format!("</{verb}>\n");
        }
        self.text += "</OAI-PMH>\n";
        self.text
    }

    /// Answers Identify.
    pub fn identify(mut self) -> String {
        let provider = self.provider;
        self.open("Identify");
        for (name, text) in [
            ("repositoryName", provider.name),
            ("baseURL", provider.address),
            ("protocolVersion", "2.0"),
            ("adminEmail", provider.admin_email),
            ("earliestDatestamp", &instant(provider.earliest)),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ] {
            self.leaf(name, text);
        }
        self.end()
    }

    /// Answers ListMetadataFormats.
    pub fn formats(mut self) -> String {
        self.open("ListMetadataFormats");
        for prefix in Prefix::ALL {
            let (schema, namespace) = prefix.schema();
            self.text += "<metadataFormat>\n";
            self.leaf("metadataPrefix", prefix.name());
            self.leaf("schema", schema);
            self.leaf("metadataNamespace", namespace);
            self.text += "</metadataFormat>\n";
        }
        self.end()
    }

    /// Answers ListSets.
    pub fn sets(mut self, sets: &[(String, MultilingualText)]) -> String {
        self.open("ListSets");
        for (spec, names) in sets {
            self.text += "<set>\n";
            self.leaf("setSpec", spec);
            self.leaf("setName", names.words(Some("en"), None).unwrap_or(spec));
            self.text += "</set>\n";
        }
        self.end()
    }

    /// Answers ListIdentifiers.
    pub fn identifiers(mut self, headers: &[Header], asked: &Selection, next: Option<&Selection>) -> String {
        self.open("ListIdentifiers");
        for header in headers {
            self.header(header);
        }
        self.token(asked, next);
        self.end()
    }

    /// Begins the answer to ListRecords or GetRecord; records follow.
    pub fn begin_records(&mut self, is_list: bool) {
        self.open(if is_list { "ListRecords" } else { "GetRecord" });
    }

    /// One record; none of its content where it is gone.
    ///
    /// # Errors
    /// The record cannot be written; a record that passed validation always can.
    pub fn record(&mut self, header: &Header, outgoing: Option<&Outgoing<'_>>, prefix: Prefix) -> std::io::Result<()> {
        self.text += "<record>\n";
        self.header(header);
        if let Some(outgoing) = outgoing.filter(|_| !header.is_deleted) {
            let bytes = match prefix {
                Prefix::OaiDc => dublin_core::write(outgoing),
                Prefix::OaiDdi25 => ddi::write(outgoing, ddi::Version::V25),
                Prefix::Dcat => write_dataset(outgoing, Syntax::RdfXml)?,
            };
            let document = String::from_utf8(bytes).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))?;
            // The declaration stands once, at the top of the answer.
            let element = document.split_once("?>").filter(|_| document.starts_with("<?xml")).map_or(document.as_str(), |(_, rest)| rest);
            self.text += &format!("<metadata>\n{}\n</metadata>\n", element.trim());
        }
        self.text += "</record>\n";
        Ok(())
    }

    fn header(&mut self, header: &Header) {
        self.text += if header.is_deleted { "<header status=\"deleted\">\n" } else { "<header>\n" };
        self.leaf("identifier", &format!("{}{}", self.provider.identifiers, header.id));
        self.leaf("datestamp", &instant(header.at));
        for set in &header.sets {
            self.leaf("setSpec", set);
        }
        self.text += "</header>\n";
    }

    /// The token by which the list goes on; empty where a list that was given in parts ends.
    pub fn token(&mut self, asked: &Selection, next: Option<&Selection>) {
        if next.is_none() && asked.given == 0 {
            return;
        }
        let size = asked.total.map(|total| format!(" completeListSize=\"{total}\"")).unwrap_or_default();
        let token = next.map(Selection::token).unwrap_or_default();
        self.text += &format!("<resumptionToken{size} cursor=\"{}\">{token}</resumptionToken>\n", asked.given);
    }
}

/// Text as XML allows it.
fn escape(text: &str) -> String {
    let allowed = text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..));
    let mut escaped = String::with_capacity(text.len());
    for c in allowed {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
