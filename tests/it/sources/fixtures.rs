//! Records as other systems give them, small and made up, and the protocols in which they do.

use serde_json::{Value, json};

use super::house::{Asked, Reply};

/// The office that produces, in French.
pub const OFFICE_FR: &str = "Office national de statistique";
/// The office that produces, in Arabic.
pub const OFFICE_AR: &str = "المكتب الوطني للإحصاء";
/// Title of the DDI record in French.
pub const SURVEY_FR: &str = "Enquête sur la migration de retour";
/// Title of the DDI record in Arabic.
pub const SURVEY_AR: &str = "بحث حول هجرة العودة";
/// Time at which the provider answers.
pub const NOW: &str = "2026-03-01T10:00:00Z";

/// A DDI Codebook document, with an abstract and whatever else stands in the study.
pub fn ddi(abstract_text: &str, more: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><codeBook xmlns='ddi:codebook:2_5' version='2.5' xml:lang='fr'><stdyDscr><citation><titlStmt>\
         <titl>{SURVEY_FR}</titl><parTitl xml:lang='ar'>{SURVEY_AR}</parTitl><IDNo>ONS-EMR-2019</IDNo></titlStmt>\
         <rspStmt><AuthEnty>{OFFICE_FR}</AuthEnty></rspStmt><verStmt><version date='2021-05-04'>1</version></verStmt></citation>\
         <stdyInfo><abstract>{abstract_text}</abstract><sumDscr><timePrd event='start' date='2018'/><timePrd event='end' date='2019'/>\
         <nation abbr='MA'>Maroc</nation><dataKind>Enquête par sondage</dataKind></sumDscr></stdyInfo>\
         <dataAccs><useStmt><restrctn>Sur demande écrite.</restrctn></useStmt></dataAccs>{more}</stdyDscr></codeBook>"
    )
}

/// A page of a DCAT catalogue in Turtle; each dataset has a number and a title in French, some more than that.
pub fn turtle(base: &str, datasets: &[(u32, &str, &str)], next: Option<&str>) -> String {
    let mut text = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n\
         @prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        .to_owned();
    for (number, title, more) in datasets {
        text.push_str(&format!(
            "<{base}/set/{number}> a dcat:Dataset ; dct:identifier \"set-{number}\" ; dct:title \"{title}\"@fr {more} .\n"
        ));
    }
    if let Some(next) = next {
        text.push_str(&format!("<{base}/catalog> a hydra:PagedCollection ; hydra:next <{next}> .\n"));
    }
    text
}

/// What makes a DCAT dataset say more: a title in Arabic, its producer, a period and a place.
pub fn dcat_details() -> String {
    format!(
        "; dct:title \"{SURVEY_AR}\"@ar ; dct:publisher [ a foaf:Organization ; foaf:name \"{OFFICE_AR}\"@ar ] ; \
         dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"2014\"^^xsd:gYear ; dcat:endDate \"2015\"^^xsd:gYear ] ; \
         dct:spatial <http://publications.europa.eu/resource/authority/country/MAR> ; dct:issued \"2016\" "
    )
}

/// A package of a CKAN portal.
pub fn package(name: &str, title: &str) -> Value {
    json!({
        "id": format!("id-{name}"), "name": name, "title": title, "title_translated": { "fr": title, "ar": SURVEY_AR }, "notes": "Les chiffres.",
        "language": ["fr"], "state": "active", "type": "dataset", "private": false, "metadata_modified": "2025-01-01T00:00:00",
        "organization": { "name": "ons", "title": OFFICE_FR }, "tags": [{ "name": "migration" }],
        "extras": [{ "key": "temporal_start", "value": "2018" }, { "key": "temporal_end", "value": "2019" }, { "key": "colour", "value": "blue" }],
        "resources": [{ "url": format!("https://portal.example/{name}.csv"), "name": "Tableaux", "format": "CSV" }],
    })
}

/// What a CKAN portal answers that has these packages and gives some at a time.
pub fn ckan(packages: &[Value], at_once: usize, asked: &Asked) -> Reply {
    if asked.path() != "/api/3/action/package_search" {
        return Reply::status(404);
    }
    let start: usize = asked.parameter("start").and_then(|start| start.parse().ok()).expect("a start");
    let results: Vec<&Value> = packages.iter().skip(start).take(at_once).collect();
    let answer = json!({ "help": "", "success": true, "result": { "count": packages.len(), "results": results } });
    Reply::of("application/json", answer.to_string())
}

/// A record of an OAI-PMH provider.
#[derive(Clone, Debug)]
pub struct Item {
    /// Number within the identifier.
    pub number: u32,
    /// Title; none of a record that was deleted.
    pub title: Option<String>,
    /// Last change.
    pub stamp: String,
}

impl Item {
    /// A record with a title.
    pub fn new(number: u32, title: &str, stamp: &str) -> Self {
        Self { number, title: Some(title.to_owned()), stamp: stamp.to_owned() }
    }

    /// A record that was deleted.
    pub fn deleted(number: u32, stamp: &str) -> Self {
        Self { number, title: None, stamp: stamp.to_owned() }
    }

    /// Its identifier.
    pub fn identifier(&self) -> String {
        format!("oai:archive.example:{}", self.number)
    }

    fn to_xml(&self) -> String {
        let status = if self.title.is_some() { "" } else { " status='deleted'" };
        let head = format!("<header{status}><identifier>{}</identifier><datestamp>{}</datestamp></header>", self.identifier(), self.stamp);
        let body = self.title.as_ref().map_or_else(String::new, |title| {
            format!(
                "<metadata><oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
                 <dc:title xml:lang='fr'>{title}</dc:title><dc:language>fr</dc:language><dc:date>2020</dc:date><dc:creator>{OFFICE_FR}</dc:creator>\
                 </oai_dc:dc></metadata>"
            )
        });
        format!("<record>{head}{body}</record>")
    }
}

/// A document of an OAI-PMH provider.
pub fn oai_document(inside: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><responseDate>{NOW}</responseDate>\
         <request>http://archive.example/oai</request>{inside}</OAI-PMH>"
    )
}

/// A page of a provider's list.
pub fn oai_page(items: &[Item], token: &str) -> String {
    let records: String = items.iter().map(Item::to_xml).collect();
    oai_document(&format!("<ListRecords>{records}{token}</ListRecords>"))
}

/// An answer of an OAI-PMH provider.
pub fn oai_answer(inside: &str) -> Reply {
    Reply::of("text/xml; charset=utf-8", oai_document(inside))
}

/// A provider's answer to Identify and ListMetadataFormats; none to any other question.
pub fn oai_identity(asked: &Asked, deleted: &str) -> Option<Reply> {
    match asked.parameter("verb").as_deref() {
        Some("Identify") => Some(oai_answer(&format!(
            "<Identify><repositoryName>Archive</repositoryName><baseURL>http://archive.example/oai</baseURL><protocolVersion>2.0</protocolVersion>\
             <adminEmail>desk@archive.example</adminEmail><earliestDatestamp>2020-01-01T00:00:00Z</earliestDatestamp>\
             <deletedRecord>{deleted}</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
        ))),
        Some("ListMetadataFormats") => Some(oai_answer(
            "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>\
             <metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></ListMetadataFormats>",
        )),
        _ => None,
    }
}

/// What a provider answers that has these records, remembers for ever which were deleted, and gives some at a time.
pub fn oai(items: &[Item], at_once: usize, asked: &Asked) -> Reply {
    if let Some(reply) = oai_identity(asked, "persistent") {
        return reply;
    }
    let token = asked.parameter("resumptionToken");
    let (from, start) = match &token {
        Some(token) => {
            let (from, start) = token.split_once('!').expect("one of our tokens");
            (from.to_owned(), start.parse().expect("a number"))
        }
        None => (asked.parameter("from").unwrap_or_default(), 0),
    };
    let wanted: Vec<&Item> = items.iter().filter(|item| item.stamp.as_str() >= from.as_str()).collect();
    let some: Vec<Item> = wanted.iter().skip(start).take(at_once).map(|item| (*item).clone()).collect();
    if some.is_empty() {
        return oai_answer("<error code='noRecordsMatch'>Nothing</error>");
    }
    let next = start + at_once;
    let token = match (next < wanted.len(), token) {
        (true, _) => format!("<resumptionToken completeListSize='{}'>{from}!{next}</resumptionToken>", wanted.len()),
        (false, Some(_)) => "<resumptionToken/>".to_owned(),
        (false, None) => String::new(),
    };
    Reply::of("text/xml; charset=utf-8", oai_page(&some, &token))
}
