//! What changed between two versions of a record.

use serde_json::Value;

use crate::domain::dataset::Dataset;
use crate::domain::diff::{FieldChange, diff};
use crate::domain::policy::{Actor, audience_for};
use crate::domain::view::{keep_what_is_said, shown_json, view};
use crate::store::copies;

use super::catalogue::is_own;
use super::datasets::may_know_version;
use super::drafts::{Acting, of_dataset};
use super::{Catalogue, Error, Record};

/// Changes from one version to another, field by field, as the actor may see them. Version 0 stands for the working copy.
///
/// # Errors
/// A version is not there for the actor.
pub fn compare(catalogue: &Catalogue, acting: Acting<'_>, record: &Record, from: i64, to: i64) -> Result<Vec<FieldChange>, Error> {
    let before = content(catalogue, acting, record, from)?;
    let after = content(catalogue, acting, record, to)?;
    Ok(diff(&before, &after))
}

/// Changes from the published version, as the actor may see it, to a working copy that the actor was shown.
///
/// # Errors
/// The database is unavailable.
pub fn compare_draft(catalogue: &Catalogue, acting: Acting<'_>, record: &Record, draft: &Value) -> Result<Vec<FieldChange>, Error> {
    let before = match content(catalogue, acting, record, record.version) {
        // Of a stub no version is shown: then all of the draft is new to its reader.
        Err(Error::NotFound(_)) => Value::Object(serde_json::Map::new()),
        before => before?,
    };
    Ok(diff(&before, draft))
}

fn content(catalogue: &Catalogue, acting: Acting<'_>, record: &Record, number: i64) -> Result<Value, Error> {
    let absent = || Error::NotFound(format!("version {number} of `{}`", record.dataset.slug));
    if number == 0 {
        let draft = of_dataset(catalogue, acting, record.id)?.ok_or_else(absent)?;
        return Ok(draft.doc);
    }
    let row = catalogue.db.read(|conn| copies::version(conn, &record.id.to_string(), number))?.ok_or_else(absent)?;
    if !may_know_version(acting.actor, record, row.version, row.is_public) {
        return Err(absent());
    }
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let seen = masked(catalogue, acting.actor, record, dataset)?.ok_or_else(absent)?;
    let mut value = shown_json(&seen)?;
    // What the giving registry shares no more leaves the copy with its next version, and stood in the former ones.
    if record.dataset.copied_from.is_some() && *acting.actor != Actor::Console {
        keep_what_is_said(&mut value, &shown_json(&record.dataset)?);
    }
    if let Value::Object(object) = &mut value {
        for fixed in ["identifier", "status"] {
            object.shift_remove(fixed);
        }
    }
    Ok(value)
}

/// An old version as the actor may see it today: what is masked now is masked in old versions too.
fn masked(catalogue: &Catalogue, actor: &Actor, record: &Record, mut dataset: Dataset) -> Result<Option<Dataset>, Error> {
    if *actor == Actor::Console || is_own(actor, &record.dataset) {
        return Ok(Some(dataset));
    }
    let present = catalogue.db.read(|conn| crate::store::datasets::by_ids(conn, &[record.id.to_string()]))?.pop();
    if let Some(row) = present {
        let now: Dataset = serde_json::from_str(&row.doc)?;
        for mask in now.masks {
            if !dataset.masks.iter().any(|known| known.field == mask.field && known.visible_to >= mask.visible_to) {
                dataset.masks.push(mask);
            }
        }
    }
    // The status is that of the version: of one that was a tombstone no more is shown than was then.
    let mut seen = view(&dataset, audience_for(actor, record.dataset.producer.as_ref()), false);
    if let Some(seen) = &mut seen {
        // The name of a record that the actor may not read would tell that it exists.
        let slugs: Vec<String> = seen.relations.iter().map(|relation| relation.dataset.to_string()).collect();
        let known = catalogue.records_by_slug(actor, &slugs)?;
        seen.relations.retain(|relation| known.iter().any(|other| other.dataset.slug == relation.dataset));
    }
    Ok(seen)
}
