//! Areas: those that the list of places knows, and in words those that it does not.

use super::record::Record;
use super::value_of;
use crate::domain::coverage::Coverage;
use crate::domain::problem::Problem;
use crate::interop::rdf::names::DCT;

impl Record<'_> {
    /// The area that the data are of.
    pub fn places(&mut self, coverage: &mut Coverage) {
        let path = "dct:spatial";
        for term in self.values(&[(DCT, "spatial")]) {
            let by_address = value_of(term).and_then(|value| self.tables.place(&value));
            let label = self.label_of(term, path);
            let code = by_address.or_else(|| label.iter().find_map(|(_, wording)| self.tables.place(&wording.text)));
            if let Some(code) = code {
                if !coverage.reporting_areas.iter().any(|area| area == code) {
                    coverage.reporting_areas.push(code.to_owned());
                }
            } else if label.is_empty() {
                let remedy = "is an area without a name that the list of places knows; choose the place, or describe the area in words";
                let shown = self.shown(term);
                self.unfit.push(Problem::new(path, shown, remedy));
            } else {
                let words = label.words(None, None).unwrap_or_default().to_owned();
                self.unfit.push(Problem::new(
                    path,
                    words,
                    "is not a name in the list of places; it was kept as a note on the area: choose the place",
                ));
                self.add(path, &mut coverage.area_note, label);
            }
        }
    }
}
