//! One part of a record, such as one sheet of the template that comes alone, or a record in another format than before, which has other gaps: it
//! changes what it speaks of, and nothing else.

use crate::domain::merge::merge;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::RecordFate;
use crate::store::Conn;
use crate::store::changes::Ledger;

use super::super::Error;
use super::batch::{Batch, with_first_at, with_more};
use super::origin::Origin;
use super::ready::Ready;
use super::taking::Taken;

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
        let hearing = self.hearing(conn, one, &ours, &dataset_id)?;
        let (mut said, mut of_before) = (one.said.clone(), before.clone());
        said.shift_remove("slug");
        of_before.retain(|key, _| said.contains_key(key));
        // What the file gave before is compared with what stands here, part by part, and so is what it gives now: only where a person has changed
        // what it gave do the two contradict each other.
        let mut base = ours.clone();
        base.extend(hearing.lay(&of_before, &ours).0);
        let (laid, told) = hearing.lay(&said, &base);
        let mut theirs = base.clone();
        theirs.extend(laid);
        let merged = merge(&base, &theirs, &ours);
        let mut content = before.clone();
        content.extend(hearing.lay(&said, before).0);
        taken = self.write(conn, ledger, &dataset_id, merged, taken.with(&told))?;
        if matches!(taken.fate, RecordFate::Changed | RecordFate::Unchanged) {
            let mut row = self.new_origin(one, content, &dataset_id)?;
            row.doc = with_more(with_first_at(row.doc, origin.doc.first_at)?, &told)?;
            self.keep_origin(conn, row)?;
        }
        Ok(taken)
    }
}
