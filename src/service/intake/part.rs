//! One part of a record, such as one sheet of the template that comes alone: it changes what it speaks of, and nothing else.

use serde_json::{Map, Value};

use crate::domain::merge::merge;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::RecordFate;
use crate::store::Conn;
use crate::store::changes::Ledger;

use super::super::Error;
use super::batch::{Batch, Taken, beside, with_first_at};
use super::origin::Origin;
use super::ready::Ready;

/// Why no record can be made of a part.
pub(super) fn nothing_known(one: &Ready) -> Problem {
    let remedy =
        "the institution has no record of this short name, and what stands here has no title; give the sheet of datasets along with it";
    Problem::new("slug", &one.key, remedy)
}

impl Batch<'_> {
    /// A part of a record that this place gave before. What it does not say is neither the file's nor taken away.
    pub(super) fn take_part(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        one: &Ready,
        origin: Origin,
        mut taken: Taken,
    ) -> Result<Taken, Error> {
        let dataset_id = origin.row.dataset_id.clone();
        if self.is_retired(&dataset_id) || self.is_with_another(&dataset_id) {
            return self.set_aside(conn, origin.row, taken);
        }
        let Some(ours) = self.present(&dataset_id)? else {
            if one.titles.is_empty() {
                taken.problems.push(nothing_known(one));
                return Ok(taken);
            }
            return self.take_again(conn, ledger, one, origin, taken);
        };
        let before = &origin.doc.content;
        let said = one.said.iter().filter(|(key, _)| *key != "slug");
        // What the file has not given before is compared with what stands here, so that it is written.
        let base: Map<String, Value> = one
            .said
            .keys()
            .filter_map(|key| Some((key.clone(), before.get(key).or_else(|| ours.get(key))?.clone())))
            .chain(before.iter().filter(|(key, _)| !one.said.contains_key(*key)).map(|(key, value)| (key.clone(), value.clone())))
            .collect();
        let over = |under: &Map<String, Value>| -> Map<String, Value> {
            let mut whole = under.clone();
            whole.extend(said.clone().map(|(key, value)| (key.clone(), beside(value, under.get(key)))));
            whole
        };
        let merged = merge(&base, &over(&base), &ours);
        let content = over(before);
        taken = self.write(conn, ledger, &dataset_id, merged, taken)?;
        if matches!(taken.fate, RecordFate::Changed | RecordFate::Unchanged) {
            let mut row = self.new_origin(one, content, &dataset_id)?;
            row.doc = with_first_at(row.doc, origin.doc.first_at)?;
            self.keep_origin(conn, row)?;
        }
        Ok(taken)
    }
}
