//! What comes in, whatever its format: each record is handed over as a draft.

use std::fs::File;

use super::dcat::Source;
use super::exchange::Found;
use super::filed::Filed;
use super::{ckan, data_json, datacite, dcat, ddi, detect, nada, oai, schema_org, sheet, whole};
use crate::domain::methodology::Link;
use crate::domain::problem::Problem;
use crate::domain::record::{MAX_LINE, RecordDraft, read_line};
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::ImportFormat;

/// Reads every record of a document and hands it over; what is wrong with the document as a whole is returned.
pub fn read_each(format: ImportFormat, bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let reading = match format {
        ImportFormat::Dcat => {
            if is_envelope(bytes) {
                return read_envelope(bytes, source, take);
            }
            return with_next(dcat::read_each(bytes, source, take));
        }
        ImportFormat::OaiPmh => return read_answer(bytes, source, take),
        ImportFormat::Rihla => return read_lines(bytes, take),
        ImportFormat::Ddi => ddi::read(bytes, source.concepts),
        ImportFormat::Nada => nada::read(bytes, source.concepts),
        ImportFormat::DataJson => return data_json::read_each(bytes, source, take),
        ImportFormat::SchemaOrg => schema_org::read(bytes, source),
        ImportFormat::DataCite => datacite::read(bytes, source.concepts),
        ImportFormat::Ckan => return with_count(ckan::read_each(bytes, source, take)),
        ImportFormat::Spreadsheet => sheet::read(bytes, source),
    };
    reading.found.into_iter().for_each(take);
    reading.problems
}

/// A file that is read piece by piece, in a format of which that is known.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'f> {
    filed: Filed<'f>,
    /// Its format.
    pub format: ImportFormat,
}

/// A file that can be read piece by piece: DCAT in each of its syntaxes, CKAN and data.json, as large catalogues are. Others are to be read whole,
/// and so are those whose format is another one than was told.
///
/// # Errors
/// The file cannot be read.
pub fn in_pieces(file: &File, told: Option<ImportFormat>) -> Result<Option<Pieces<'_>>, Problem> {
    let filed = Filed::of(file)?;
    if told.is_some_and(|told| !matches!(told, ImportFormat::Dcat | ImportFormat::Ckan | ImportFormat::DataJson)) || !filed.is_plain()? {
        return Ok(None);
    }
    let found = detect::format_of_file(filed).ok().filter(|found| told.is_none_or(|told| told == *found));
    let is_read_so = match found {
        Some(ImportFormat::Dcat) => !is_envelope(filed.head()?.as_bytes()),
        Some(ImportFormat::Ckan | ImportFormat::DataJson) => true,
        _ => false,
    };
    Ok(found.filter(|_| is_read_so).map(|format| Pieces { filed, format }))
}

/// Reads every record of a catalogue in a file and hands it over, as [`read_each`] does; a small part of it is held at any time.
pub fn read_file(pieces: Pieces<'_>, source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    match pieces.format {
        ImportFormat::Ckan => with_count(ckan::read_file(pieces.filed, source, take)),
        ImportFormat::DataJson => data_json::read_file(pieces.filed, source, take),
        _ => with_next(dcat::read_file(pieces.filed, source, take)),
    }
}

/// What is wrong with a catalogue; that it goes on elsewhere, or has more than it gives, is told too.
fn with_next((mut problems, onward): (Vec<Problem>, dcat::Onward)) -> Vec<Problem> {
    if onward.next.is_none()
        && let Some(total) = onward.total.filter(|total| *total > onward.described)
    {
        let remedy =
            format!("the catalogue says that it has so many, and {} are described here: give its other pages too", onward.described);
        problems.push(Problem::new("hydra:totalItems", total, remedy));
    }
    if let Some(next) = onward.next {
        let remedy =
            "the catalogue goes on at this address; give the next page too, or declare the catalogue as a source, which is read to its end";
        problems.push(Problem::new("hydra:next", next, remedy));
    }
    problems
}

/// Whether it is an answer of CSW, in which RDF stands.
fn is_envelope(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..2_000).unwrap_or(bytes));
    ["GetRecordsResponse", "GetRecordByIdResponse"].iter().any(|root| start.contains(root))
}

/// Reads the RDF documents in an answer of CSW.
fn read_envelope(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let mut inside = Vec::new();
    let read = oai::enclosed(bytes, "RDF", &mut |document| inside.extend(dcat::read_each(document.as_bytes(), source, take).0));
    match read {
        Ok((mut problems, count)) => {
            if count == 0 {
                problems.push(Problem::new("", "", "the answer holds no record in RDF; ask the catalogue for DCAT"));
            }
            problems.extend(inside);
            problems
        }
        Err(problem) => vec![problem],
    }
}

/// What is wrong with a document of CKAN; that it is one page of a search is told too.
fn with_count(around: ckan::Around) -> Vec<Problem> {
    let ckan::Around { mut problems, count, results } = around;
    if let Some(count) = count.filter(|count| *count > results as u64) {
        let remedy = "the search found more than this page holds; give the other pages too, or declare the portal as a source, which is read to its end";
        problems.push(Problem::new("count", format!("{results} of {count}"), remedy));
    }
    problems
}

/// Reads the records of one answer of an OAI-PMH provider.
fn read_answer(bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let answer = match oai::parse(bytes) {
        Ok(answer) => answer,
        Err(problem) => return vec![problem],
    };
    let mut problems = answer.problems;
    for fault in answer.faults {
        problems.push(Problem::new("error", &fault.code, format!("the provider answers with an error: {}", fault.message)));
    }
    let in_file = answer.records.len() as u64;
    if answer.resumption_token.is_some() || answer.complete_list_size.is_some_and(|size| size > in_file) {
        let said = answer.complete_list_size.map_or_else(String::new, |size| format!("{in_file} of {size}"));
        problems.push(Problem::new(
            "resumptionToken",
            said,
            "the answer is one part of a longer list; give the other parts too, or declare the provider as a source, which is read to its end",
        ));
    }
    if answer.records.iter().any(|record| !record.is_deleted && record.kind.is_none()) && answer.is_of_headers {
        problems.push(Problem::new("ListIdentifiers", "", "the answer gives headers without metadata; ask for ListRecords"));
    }
    if answer.records.is_empty() && problems.is_empty() {
        problems.push(Problem::new("", "", "the answer holds no record; give one to ListRecords or GetRecord"));
    }
    for record in answer.records {
        match read_oai_record(&record, source) {
            Ok(found) => found.into_iter().for_each(&mut *take),
            Err(more) => problems.extend(more),
        }
    }
    problems
}

/// Reads one record of an OAI-PMH provider by what its metadata are. It is known by the identifier that the provider gives it.
///
/// # Errors
/// Why no draft can be made of it; nothing more where the answer has told already that there are no metadata.
pub fn read_oai_record(record: &oai::Record, source: &Source<'_>) -> Result<Vec<Found>, Vec<Problem>> {
    let at = |problem: Problem| Problem { field: format!("{}: {}", record.identifier, problem.field), ..problem };
    if record.is_deleted {
        return Ok(vec![Found { origin: record.origin(), ..Found::default() }]);
    }
    let (Some(metadata), Some((name, space))) = (&record.metadata, &record.kind) else {
        return Err(Vec::new());
    };
    let bytes = metadata.as_bytes();
    let reading = match name.as_str() {
        "RDF" => dcat::read(bytes, source),
        "dc" => oai::dublin_core::read(bytes, source.concepts),
        "resource" if space.contains("datacite") => datacite::read(bytes, source.concepts),
        // The envelope of the format `oai_datacite`.
        "oai_datacite" => datacite::read(bytes, source.concepts),
        name if name.eq_ignore_ascii_case("codeBook") => ddi::read(bytes, source.concepts),
        other => {
            let remedy = "these metadata are not read; ask the provider for oai_ddi25, oai_datacite, dcat or oai_dc";
            return Err(vec![at(Problem::new("metadata", other, remedy))]);
        }
    };
    if reading.found.is_empty() {
        return Err(reading.problems.into_iter().map(at).collect());
    }
    let mut found = reading.found;
    for (index, one) in found.iter_mut().enumerate() {
        let suffix = if index == 0 { String::new() } else { format!("#{}", index + 1) };
        let own = one.origin.identifier.replace(format!("{}{suffix}", record.identifier));
        if let Some(own) = own.filter(|own| *own != record.identifier) {
            keep_identifier(one, own);
        }
        oai::date_by_header(one, &record.datestamp);
        one.unfit.extend(reading.problems.iter().cloned());
    }
    Ok(found)
}

/// Keeps the identifier that a record has of its own, where it is known by that of its provider: a DOI and an address as a link, another one
/// in a line.
fn keep_identifier(found: &mut Found, own: String) {
    let is_kept = found.draft.identifier.as_ref() == Some(&own) || found.draft.slug.as_ref().is_some_and(|slug| slug.as_str() == own);
    if is_kept || found.origin.address.as_ref() == Some(&own) {
        return;
    }
    let Some(url) = address_of(&own) else {
        let remedy = "is the identifier of the record itself; it is known here by the one that its provider gives it";
        found.unfit.push(Problem::new("identifier", own, remedy));
        return;
    };
    if !found.draft.links.iter().any(|link| link.url == url) && found.origin.address.as_ref() != Some(&url) {
        found.draft.links.push(Link { title: MultilingualText::default(), url: url.clone() });
    }
    found.origin.address.get_or_insert(url);
}

/// The address that an identifier leads to: of a DOI, or of an address itself.
pub fn address_of(identifier: &str) -> Option<String> {
    doi_address(identifier).or_else(|| Some(identifier.to_owned()).filter(|own| dcat::is_web_address(own)))
}

/// The address of a DOI, as the registration agencies ask for it.
fn doi_address(identifier: &str) -> Option<String> {
    let name = ["doi:", "DOI:", "info:doi/"].iter().find_map(|start| identifier.strip_prefix(start)).unwrap_or(identifier).trim();
    let is_doi = name.starts_with("10.") && name.contains('/') && !name.contains(char::is_whitespace);
    is_doi.then(|| format!("https://doi.org/{name}")).filter(|address| dcat::is_web_address(address))
}

/// Reads lines of the registry's own format as drafts.
fn read_lines(bytes: &[u8], take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let mut problems = Vec::new();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(records) = whole::records(bytes) {
        for (index, record) in records.into_iter().enumerate() {
            read_record(&format!("record {}", index + 1), record, take, &mut problems);
        }
        return problems;
    }
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let place = format!("line {}", index + 1);
        if line.len() > MAX_LINE {
            problems.push(longer_than_a_line(&place, line.len()));
            continue;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            problems.push(Problem::new(&place, "", "the line is not UTF-8; save the file as UTF-8"));
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        read_record(&place, text.trim(), take, &mut problems);
    }
    problems
}

/// A line, or a record of a list, that is longer than any record may be.
fn longer_than_a_line(place: &str, size: usize) -> Problem {
    let remedy = format!("is longer than {MAX_LINE} bytes; shorten its texts or its list of variables, or divide it into several records");
    Problem::new(place, format!("{size} bytes"), remedy)
}

/// Reads one record of the registry's own format as a draft.
fn read_record(place: &str, text: &str, take: &mut dyn FnMut(Found), problems: &mut Vec<Problem>) {
    let at = |problem: Problem| Problem { field: format!("{place}: {}", problem.field), ..problem };
    if text.len() > MAX_LINE {
        problems.push(longer_than_a_line(place, text.len()));
        return;
    }
    match read_line(text) {
        Ok(RecordDraft::Dataset(draft)) => {
            let mut found = Found { draft: *draft, ..Found::default() };
            let identifier = found.draft.identifier.clone();
            found.origin.identifier = identifier.or_else(|| found.draft.slug.as_ref().map(ToString::to_string));
            take(found);
        }
        Ok(RecordDraft::Institution(institution)) => {
            let remedy =
                "institutions do not come in as drafts; whoever runs the catalogue takes them in by `rihla import` without --institution";
            problems.push(at(Problem::new("type", institution.slug, remedy)));
        }
        Err(more) => problems.extend(more.into_iter().map(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::concept::Concepts;
    use crate::domain::vocabulary::AccessLevel;
    use crate::interop::detect::format_of;

    /// What is read of a document whose format is told from its content.
    fn taken(text: &str) -> (Vec<Found>, Vec<Problem>) {
        let concepts = Concepts::load(&[]).expect("lists");
        let format = format_of("file", None, text.as_bytes()).unwrap_or_else(|problem| panic!("{problem}: {text}"));
        let mut found = Vec::new();
        let source = Source { address: None, language: None, concepts: &concepts };
        let problems = read_each(format, text.as_bytes(), &source, &mut |one| found.push(one));
        (found, problems)
    }

    fn titles(found: &[Found]) -> Vec<&str> {
        found.iter().filter_map(|one| one.draft.titles.words(None, None)).collect()
    }

    const OAI: &str = "http://www.openarchives.org/OAI/2.0/";

    fn resource(inside: &str) -> String {
        format!(
            "<resource xmlns='http://datacite.org/schema/kernel-4'><identifier identifierType='DOI'>10.5/x</identifier>\
             <creators><creator><creatorName>Famille, Prénom</creatorName></creator></creators><titles><title>Retours</title></titles>\
             <publisher>Centre de données</publisher><publicationYear>2020</publicationYear>{inside}</resource>"
        )
    }

    #[test]
    fn a_record_of_a_provider_is_taken_alone_and_in_its_envelope() {
        let envelope = format!(
            "<oai_datacite xmlns='http://schema.datacite.org/oai/oai-1.1/'><schemaVersion>4</schemaVersion><payload>{}</payload></oai_datacite>",
            resource("")
        );
        let record = |metadata: &str, space: &str| {
            format!(
                "<record{space}><header><identifier>oai:x:1</identifier><datestamp>2020-01-01</datestamp></header><metadata>{metadata}</metadata></record>"
            )
        };
        let answer = |inside: &str| {
            format!("<OAI-PMH xmlns='{OAI}'><responseDate>2020-01-01</responseDate><ListRecords>{inside}</ListRecords></OAI-PMH>")
        };
        for text in [record(&envelope, &format!(" xmlns='{OAI}'")), answer(&record(&envelope, "")), answer(&record(&resource(""), ""))] {
            let (found, problems) = taken(&text);
            assert_eq!((titles(&found), problems), (vec!["Retours"], Vec::new()), "{text}");
            let holders: Vec<_> = found[0].origin.holders.iter().filter_map(|name| name.words(None, None)).collect();
            assert_eq!(holders, ["Centre de données"]);
        }
    }

    #[test]
    fn a_page_of_many_says_that_it_is_not_all() {
        let record = "<record><header><identifier>oai:x:1</identifier><datestamp>2020-01-01</datestamp></header><metadata>\
            <oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>T</dc:title></oai_dc:dc></metadata></record>";
        for (text, said) in [
            (format!("<OAI-PMH xmlns='{OAI}'><ListRecords>{record}<resumptionToken completeListSize='1900'>t</resumptionToken></ListRecords></OAI-PMH>"), "1 of 1900"),
            (r#"{"success":true,"result":{"count":250,"results":[{"id":"a","name":"a","title":"A","resources":[]}]}}"#.to_owned(), "1 of 250"),
            ("@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> . \
              <https://x.ma/d> a dcat:Dataset ; dct:title \"T\"@fr . <https://x.ma/c?p=1> hydra:next <https://x.ma/c?p=2> .".to_owned(), "https://x.ma/c?p=2"),
            ("@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> . \
              <https://x.ma/d> a dcat:Dataset ; dct:title \"T\"@fr . <https://x.ma/c> hydra:totalItems 250 .".to_owned(), "250"),
        ] {
            let (found, problems) = taken(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(problems.iter().any(|problem| problem.value == said), "{problems:?}");
        }
        let headers = format!(
            "<OAI-PMH xmlns='{OAI}'><ListIdentifiers><header><identifier>oai:x:1</identifier><datestamp>2020-01-01</datestamp></header></ListIdentifiers></OAI-PMH>"
        );
        let (found, problems) = taken(&headers);
        assert!(found.is_empty() && problems.iter().any(|problem| problem.remedy.contains("ListRecords")), "{problems:?}");
    }

    #[test]
    fn catalogues_in_catalogues_and_in_answers_of_csw_are_read() {
        let nested = r#"{"@type":"Catalog","title":"C","conformsTo":{"title":"DCAT-US 3.0"},"dataset":[{"title":"A"}],
            "catalog":[{"title":"D","dataset":[{"title":"B"}],"catalog":[{"dataset":[{"title":"C"}]}]}],"datasetSeries":[{"title":"S","seriesMember":[{"title":"E"}]}]}"#;
        let (found, problems) = taken(nested);
        let mut names = titles(&found);
        names.sort_unstable();
        assert_eq!((names, problems), (vec!["A", "B", "C", "E"], Vec::new()));
        let (found, _) = taken(r#"{"@type":"Dataset","@id":"https://x.gov/1","title":"Alone","description":"D","identifier":"1"}"#);
        assert_eq!(titles(&found), ["Alone"]);
        let rdf = |title: &str| {
            format!(
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dct='http://purl.org/dc/terms/' xmlns:dcat='http://www.w3.org/ns/dcat#'>\
                 <dcat:Dataset rdf:about='https://x.ma/{title}'><dct:title xml:lang='fr'>{title}</dct:title></dcat:Dataset></rdf:RDF>"
            )
        };
        let answer = format!(
            "<csw:GetRecordsResponse xmlns:csw='http://www.opengis.net/cat/csw/2.0.2'><csw:SearchResults>{}{}</csw:SearchResults></csw:GetRecordsResponse>",
            rdf("Un"),
            rdf("Deux")
        );
        let (found, problems) = taken(&answer);
        assert_eq!((titles(&found), problems), (vec!["Un", "Deux"], Vec::new()));
        let part = answer.replace("<csw:SearchResults>", "<csw:SearchResults numberOfRecordsMatched='900' nextRecord='3'>");
        let (found, problems) = taken(&part);
        assert_eq!((found.len(), problems.len(), problems[0].value.as_str()), (2, 1, "3 of 900"), "{problems:?}");
        let (_, problems) = taken(&answer.replace("<csw:SearchResults>", "<csw:SearchResults nextRecord='0'>"));
        assert!(problems.is_empty(), "the search has ended: {problems:?}");
        // RDF in RDF is part of the outer document, and not read twice.
        let inner = format!("<dct:source rdf:parseType='Literal'>{}</dct:source></dcat:Dataset>", rdf("Trois"));
        let (found, _) = taken(&answer.replacen("</dcat:Dataset>", &inner, 1));
        assert_eq!(titles(&found), ["Un", "Deux"]);
        // An object stands for a list of one; a catalogue without a list is not taken for a dataset.
        let (found, _) = taken(r#"{"@type":"Catalog","title":"C","dataset":{"title":"A","identifier":"1"}}"#);
        assert_eq!(titles(&found), ["A"]);
        let bare = br#"{"@type":"Catalog","title":"C","description":"D"}"#;
        let concepts = Concepts::load(&[]).expect("lists");
        let source = Source { address: None, language: None, concepts: &concepts };
        let mut found = Vec::new();
        let problems = read_each(ImportFormat::DataJson, bare, &source, &mut |one| found.push(one));
        assert!(found.is_empty() && problems.len() == 1, "{problems:?}");
    }

    #[test]
    fn what_is_no_dataset_and_what_names_only_a_place_in_its_document_is_not_taken_for_one() {
        let organization =
            r#"{"umd_number":"458","shortform":{"fr":"X"},"title":"X Limited","name":"x","id":"9c","title_translated":{"fr":"X"}}"#;
        let (found, problems) = taken(&format!("{organization}\n{organization}\n"));
        assert!(found.is_empty() && problems.len() == 2, "{problems:?}");
        let (found, _) = taken(r##"{"@context":"https://schema.org/","@type":"Dataset","@id":"#dataset","name":"Un"}"##);
        assert_eq!((found[0].origin.identifier.as_deref(), titles(&found)), (None, vec!["Un"]));
        let remote = r#"{"@context":"https://semiceu.github.io/DCAT-AP/releases/3.0.0/context/dcat-ap.jsonld","@type":"Catalog","dataset":[{"title":{"fr":"Un"}}]}"#;
        let (found, problems) = taken(remote);
        assert!(found.is_empty() && problems.iter().any(|problem| problem.field == "@context"), "{problems:?}");
    }

    #[test]
    fn an_answer_of_nada_tells_what_stands_beside_the_metadata() {
        let study = r#"{"status":"success","dataset":{"id":"4021","type":"survey","idno":"NER_2012","data_access_type":"licensed","authoring_entity":"INS",
            "metadata":{"study_desc":{"title_statement":{"idno":"NER_2012","title":"Recensement"},"study_info":{"nation":[{"name":"Niger","abbreviation":"NI"}]}}}}}"#;
        let (found, problems) = taken(study);
        assert_eq!((titles(&found), problems), (vec!["Recensement"], Vec::new()));
        assert_eq!(found[0].draft.holdings[0].access_terms.microdata, AccessLevel::Licensed);
        assert_eq!(found[0].draft.coverage.reporting_areas, ["NE"], "the name, not the code of another list");
        assert!(found[0].unfit.iter().any(|problem| problem.value == "NI"), "{:?}", found[0].unfit);
        let rows = r#"{"result":{"rows":[{"type":"survey","idno":"A","title":"Un","nation":"Morocco","authoring_entity":"HCP","form_model":"licensed"},
            {"type":"document","idno":"B","title":"Rapport"}]}}"#;
        let (found, problems) = taken(rows);
        assert_eq!((titles(&found), problems.len()), (vec!["Un"], 1));
        assert_eq!(found[0].draft.holdings[0].access_terms.microdata, AccessLevel::Licensed);
        assert_eq!(found[0].origin.producers[0].words(None, None), Some("HCP"));
    }

    #[test]
    fn second_titles_access_statements_and_other_calendars_are_told() {
        let (found, _) = taken(&resource("<rightsList><rights rightsURI='info:eu-repo/semantics/restrictedAccess'/></rightsList>"));
        assert!(found[0].unfit.iter().any(|problem| problem.value.ends_with("restrictedAccess")), "{:?}", found[0].unfit);
        for open in ["info:eu-repo/semantics/openAccess", "http://purl.org/coar/access_right/c_abf2"] {
            let (found, _) = taken(&resource(&format!("<rightsList><rights rightsURI='{open}'/></rightsList>")));
            let terms = &found[0].draft.holdings[0].access_terms;
            assert_eq!((terms.aggregates, &terms.licence), (AccessLevel::Open, &None), "{open}");
        }
        let person = resource("").replace(
            "<creators>",
            "<creators><creator><creatorName nameType='Personal'>Nom, Anonyme</creatorName><givenName>Anonyme</givenName><affiliation>Institut</affiliation></creator>",
        );
        let (found, _) = taken(&person);
        assert!(!format!("{found:?}").contains("Anonyme"), "{found:?}");
        assert!(found[0].origin.producers.iter().any(|name| name.words(None, None) == Some("Institut")));
        let book = "<codeBook xmlns='ddi:codebook:2_5'><stdyDscr><citation><titlStmt><titl xml:lang='fr'>Un</titl><titl xml:lang='fr'>Deux</titl>\
            <parTitl>Three</parTitl></titlStmt></citation><stdyInfo><sumDscr><timePrd date='1435-01-01' calendar='hijri'/><timePrd>1850 - 1975</timePrd></sumDscr></stdyInfo></stdyDscr></codeBook>";
        let (found, _) = taken(book);
        let told: Vec<&str> = found[0].unfit.iter().map(|problem| problem.value.as_str()).collect();
        assert!(told.contains(&"Deux") && told.contains(&"1435-01-01"), "{told:?}");
        let period = found[0].draft.coverage.period.as_ref().expect("a period");
        assert_eq!((period.edtf().as_str(), period.note.words(None, None)), ("1850/1975", Some("1435-01-01 (hijri)")));
        assert!(found[0].draft.titles.iter().any(|(_, wording)| wording.text == "Three"));
    }

    #[test]
    fn a_record_of_a_provider_keeps_its_own_identifier_and_date() {
        let answer = |metadata: &str| {
            format!(
                "<OAI-PMH xmlns='{OAI}'><GetRecord><record><header><identifier>oai:x:1</identifier><datestamp>2020-01-01T10:00:00Z</datestamp></header>\
                 <metadata>{metadata}</metadata></record></GetRecord></OAI-PMH>"
            )
        };
        let study = |id: &str, dated: &str| {
            format!(
                "<codeBook xmlns='ddi:codebook:2_5'><stdyDscr><citation><titlStmt><titl>T</titl>{id}</titlStmt>{dated}</citation></stdyDscr></codeBook>"
            )
        };
        let dated = "<verStmt><version date='2018-05-04'/></verStmt>";
        for (metadata, link, told) in [
            (study("<IDNo>S-1</IDNo>", dated), None, vec![("identifier", "S-1"), ("modified", "2018-05-04")]),
            (study("<IDNo>oai:x:1</IDNo>", "<verStmt><version date='2020-01-01'/></verStmt>"), None, Vec::new()),
            (study("<IDNo agency='DOI'>doi:10.5/x</IDNo>", ""), Some("https://doi.org/10.5/x"), Vec::new()),
            (resource(""), Some("https://doi.org/10.5/x"), vec![("resource/publicationYear", "2020")]),
        ] {
            let (found, problems) = taken(&answer(&metadata));
            assert!(problems.is_empty(), "{problems:?}");
            let one = &found[0];
            assert_eq!((one.origin.identifier.as_deref(), one.origin.modified.as_deref()), (Some("oai:x:1"), Some("2020-01-01T10:00:00Z")));
            assert_eq!(one.draft.links.first().map(|link| link.url.as_str()), link, "{metadata}");
            assert_eq!(one.origin.address.as_deref(), link);
            let lines: Vec<_> = one.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
            assert_eq!(lines, told, "{metadata}");
        }
    }
}
