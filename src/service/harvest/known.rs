//! Pages of a catalogue that are as they were: their records are there, and are not read again.

use crate::store::sources;

use super::super::Error;
use super::client::Marks;
use super::run::Harvest;
use super::source::KnownPage;

impl Harvest<'_> {
    /// Notes a page that was taken, with the number of records that came on it; of one that is as it was, marks its records as seen.
    ///
    /// A record that stands on two pages, or was set aside, is not known by its page alone. Then the page is read the next time whatever its
    /// server says, and where it was not read now, nothing is taken for gone.
    pub(super) fn note_page(&mut self, mut known: KnownPage, came: Option<u64>) -> Result<(), Error> {
        let (place, sweep) = (self.source.place(), self.sweep.as_str());
        let there = match came {
            Some(_) => self.catalogue.db.read(|conn| sources::count_from(conn, &place, &known.original))?,
            None => self.catalogue.db.write(|conn, _| Ok::<_, Error>(sources::mark_seen_from(conn, &place, &known.original, sweep)?))?,
        };
        let there = u64::try_from(there).map_err(|error| Error::Internal(error.into()))?;
        if came.is_none() {
            self.run.doc.counts.unchanged += there;
        }
        if there != came.unwrap_or(known.records) {
            known.marks = Marks::default();
            self.is_incomplete |= came.is_none();
        }
        known.records = there;
        self.pages.iter_mut().for_each(|pages| pages.push(known.clone()));
        Ok(())
    }
}
