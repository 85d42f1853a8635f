//! What comes in, whatever its format: each record is handed over as a draft.

use super::dcat::Source;
use super::exchange::Found;
use super::{ckan, data_json, datacite, dcat, ddi, nada, oai, schema_org, sheet};
use crate::domain::problem::Problem;
use crate::domain::record::{RecordDraft, read_line};
use crate::domain::vocabulary::ImportFormat;

/// Longest line of the registry's own format, in bytes.
const LONGEST_LINE: usize = 4 << 20;

/// Reads every record of a document and hands it over; what is wrong with the document as a whole is returned.
pub fn read_each(format: ImportFormat, bytes: &[u8], source: &Source<'_>, take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let reading = match format {
        ImportFormat::Dcat => return dcat::read_each(bytes, source, take).0,
        ImportFormat::OaiPmh => return read_answer(bytes, source, take),
        ImportFormat::Rihla => return read_lines(bytes, take),
        ImportFormat::Ddi => ddi::read(bytes, source.concepts),
        ImportFormat::Nada => nada::read(bytes, source.concepts),
        ImportFormat::DataJson => data_json::read(bytes, source),
        ImportFormat::SchemaOrg => schema_org::read(bytes, source),
        ImportFormat::DataCite => datacite::read(bytes, source.concepts),
        ImportFormat::Ckan => ckan::read(bytes, source),
        ImportFormat::Spreadsheet => sheet::read(bytes, source),
    };
    reading.found.into_iter().for_each(take);
    reading.problems
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
        one.origin.address = one.origin.address.take().or(own.filter(|own| dcat::is_web_address(own)));
        one.origin.modified = Some(record.datestamp.clone()).filter(|stamp| !stamp.is_empty()).or(one.origin.modified.take());
        one.unfit.extend(reading.problems.iter().cloned());
    }
    Ok(found)
}

/// Reads lines of the registry's own format as drafts.
fn read_lines(bytes: &[u8], take: &mut dyn FnMut(Found)) -> Vec<Problem> {
    let mut problems = Vec::new();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let place = format!("line {}", index + 1);
        let at = |problem: Problem| Problem { field: format!("{place}: {}", problem.field), ..problem };
        if line.len() > LONGEST_LINE {
            problems.push(Problem::new(&place, line.len(), "the line is longer than 4 MiB; shorten its texts"));
            continue;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            problems.push(Problem::new(&place, "", "the line is not UTF-8; save the file as UTF-8"));
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        match read_line(text.trim()) {
            Ok(RecordDraft::Dataset(draft)) => {
                let mut found = Found { draft: *draft, ..Found::default() };
                let identifier = found.draft.identifier.clone();
                found.origin.identifier = identifier.or_else(|| found.draft.slug.as_ref().map(ToString::to_string));
                take(found);
            }
            Ok(RecordDraft::Institution(institution)) => {
                let remedy = "institutions do not come in as drafts; whoever runs the catalogue takes them in by `rihla import` without --institution";
                problems.push(at(Problem::new("type", institution.slug, remedy)));
            }
            Err(more) => problems.extend(more.into_iter().map(at)),
        }
    }
    problems
}
