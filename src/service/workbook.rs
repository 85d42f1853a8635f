//! Workbooks: the empty one that is filled offline, and the records of an institution in the same layout.

use std::sync::Arc;

use crate::domain::ids::Slug;
use crate::domain::policy::{Action, Actor, Subject, check};
use crate::domain::text::spoken;
use crate::interop::sheet;
use crate::store::datasets as table;

use super::publishing::{gather, gather_shown};
use super::{Catalogue, Error, Record};

/// The language of a workbook: the first of the wanted ones in which it speaks, English where it speaks none.
pub fn language(wanted: Option<&str>) -> &'static str {
    spoken(wanted.unwrap_or_default())
}

/// What a workbook is written as.
#[derive(Clone, Debug)]
pub enum Form {
    /// All sheets in one file.
    Workbook,
    /// One sheet as plain text: the list that it holds, such as `holdings`, or `dataset` for the datasets.
    Csv(String),
}

impl Form {
    /// The names of the sheets, that of the datasets first.
    pub fn sheets() -> impl Iterator<Item = &'static str> {
        sheet::SHEETS.iter().map(|one| if one.list.is_empty() { sheet::DATASET } else { one.list })
    }
}

fn of_writer(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound(error.to_string()),
        _ => Error::Internal(error.into()),
    }
}

/// The empty workbook, made for an institution where one is given.
///
/// # Errors
/// There is no such institution or sheet, or the database is unavailable.
pub fn template(catalogue: &Catalogue, language: &str, institution: Option<&Slug>, form: &Form) -> Result<Vec<u8>, Error> {
    if let Form::Csv(list) = form {
        return sheet::write_csv(&[], list, language, &catalogue.concepts).map_err(of_writer);
    }
    let found = match institution {
        None => None,
        Some(slug) => {
            let mut known = catalogue.institutions_by_slug(&[slug.to_string()])?;
            Some(known.remove(slug.as_str()).ok_or_else(|| Error::NotFound(format!("institution `{slug}`")))?)
        }
    };
    let made = sheet::template(language, &catalogue.concepts, found.as_deref().map(|record| &record.institution));
    made.map_err(|error| Error::Internal(error.into()))
}

/// The records of an institution as a workbook: all of them, whole, for those who describe them; for others what they may see.
///
/// # Errors
/// There is no such institution or sheet, or the database is unavailable.
pub fn of_institution(
    catalogue: &Catalogue,
    actor: &Actor,
    institution: &Slug,
    base_url: &str,
    language: &str,
    form: &Form,
) -> Result<Vec<u8>, Error> {
    let known = catalogue.institutions_by_slug(&[institution.to_string()])?;
    let found = known.get(institution.as_str()).ok_or_else(|| Error::NotFound(format!("institution `{institution}`")))?;
    let id = found.id.0.to_string();
    let ids = catalogue.db.read(|conn| table::ids_of_institution(conn, &id, institution.as_str()))?;
    let ids = ids.iter().map(|id| super::catalogue::read_id(id)).collect::<Result<Vec<_>, _>>()?;
    let seen = catalogue.records(actor, &ids)?;
    let own = |record: &Arc<Record>| record.dataset.producer.as_ref() == Some(institution);
    let mut records: Vec<Arc<Record>> = seen.into_values().filter(own).collect();
    records.sort_by_key(|record| record.number);
    let subject = Subject { institution: Some(institution), ..Subject::default() };
    let is_theirs = check(actor, Action::DraftCreate, &subject).is_ok();
    let batch = if is_theirs { gather_shown(catalogue, actor, records)? } else { gather(catalogue, actor, records)? };
    let made = batch.write(catalogue, base_url, |outgoing, _| match form {
        Form::Workbook => sheet::write(outgoing, language, &catalogue.concepts),
        Form::Csv(list) => sheet::write_csv(outgoing, list, language, &catalogue.concepts),
    });
    made.map_err(of_writer)
}
