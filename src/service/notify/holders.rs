//! Institutions of which somebody else publishes that they hold a dataset, and on which terms.

use serde_json::Value;

use crate::domain::dataset::Dataset;
use crate::domain::holding::Holding;
use crate::domain::vocabulary::{NoticeKind, Role};
use crate::service::Error;
use crate::store::changes::Change;
use crate::store::{Conn, copies, datasets};

use super::{Said, Telling, Who, people_with, title_of, who_sees};

/// Tells the people of each institution of which a new version states something else than the version before, as far as they see the record.
pub(super) fn stated(conn: &mut Conn, change: &Change, dataset: &str, publisher: &str) -> Result<Vec<Telling>, Error> {
    let Some(row) = datasets::by_ids(conn, &[dataset.to_owned()])?.pop() else { return Ok(Vec::new()) };
    let record: Dataset = serde_json::from_str(&row.doc)?;
    // The version that this change made: a later one is told by its own.
    let after: Value = change.after_doc.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let number = after.get("version").and_then(Value::as_i64).unwrap_or(row.version);
    let mut version = |number: i64| -> Result<Option<Dataset>, Error> {
        let found = copies::version(conn, &row.id, number)?;
        Ok(found.map(|version| serde_json::from_str(&version.doc)).transpose()?)
    };
    let (before, stated) = (version(number - 1)?, version(number)?);
    let said_before = |holding: &Holding| before.iter().flat_map(|dataset| &dataset.holdings).any(|known| known == holding);
    let holdings = stated.iter().flat_map(|dataset| &dataset.holdings);
    let mut institutions: Vec<&str> =
        holdings.filter(|holding| !said_before(holding)).map(|holding| holding.institution.as_str()).collect();
    institutions.retain(|slug| *slug != publisher);
    institutions.sort_unstable();
    institutions.dedup();
    let (title, path) = title_of(&row, &record);
    let mut told = Vec::new();
    for institution in institutions {
        let people = people_with(conn, institution, &[Role::Editor, Role::Validator, Role::AccessOfficer])?;
        let (people, _) = who_sees(conn, people, &record)?;
        told.push(Telling {
            kind: NoticeKind::HoldingStated,
            people,
            title: title.clone(),
            reason: None,
            path: path.clone(),
            entity_id: change.entity_id.clone(),
            said: Said { who: Some(Who::Institution(publisher.to_owned())), ..Said::default() },
            titles: record.titles.clone(),
        });
    }
    Ok(told)
}
