//! What a format cannot carry of a record.

use std::sync::Arc;

use crate::domain::policy::Actor;
use crate::domain::vocabulary::ExportFormat;
pub use crate::interop::exchange::Loss;
use crate::interop::formats;
use crate::store::datasets;

use super::super::catalogue::read_id;
use super::super::{Catalogue, Error, Record};
use super::{Extent, extent, gather};

/// What a format cannot carry of a record that the actor was given, or carries poorer; none where the record is not shown whole, as
/// it is then written in no format.
///
/// # Errors
/// The database is unavailable.
pub fn of_record(
    catalogue: &Catalogue,
    actor: &Actor,
    base_url: &str,
    record: &Arc<Record>,
    format: ExportFormat,
) -> Result<Option<Vec<Loss>>, Error> {
    let batch = gather(catalogue, actor, vec![record.clone()])?;
    Ok(batch.write(catalogue, base_url, |outgoing, _| outgoing.first().map(|outgoing| formats::losses(outgoing, format))))
}

/// Records that are read at a time.
const PAGE: i64 = 100;

/// Calls with the short name and the losses of each record that the actor may read whole, in the order of creation.
///
/// # Errors
/// The database cannot be read, or what is called fails.
pub fn each(
    catalogue: &Catalogue,
    actor: &Actor,
    base_url: &str,
    format: ExportFormat,
    take: &mut dyn FnMut(&str, &[Loss]) -> std::io::Result<()>,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let rows = catalogue.db.read(|conn| datasets::after_number(conn, after, PAGE))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        let ids = rows.iter().map(|row| read_id(&row.id)).collect::<Result<Vec<_>, _>>()?;
        let mut found = catalogue.records(actor, &ids)?;
        let records = ids.iter().filter_map(|id| found.remove(id)).filter(|record| extent(record) == Extent::Whole).collect();
        let batch = gather(catalogue, actor, records)?;
        batch
            .write(catalogue, base_url, |outgoing, _| {
                outgoing.iter().try_for_each(|outgoing| take(outgoing.dataset.slug.as_str(), &formats::losses(outgoing, format)))
            })
            .map_err(|e| Error::Unavailable(format!("the report cannot be written: {e}")))?;
    }
}
