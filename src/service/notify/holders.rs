//! Institutions of which somebody else publishes that they hold a dataset, and on which terms.

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
    let before = copies::version(conn, &row.id, row.version - 1)?;
    let before: Option<Dataset> = before.map(|version| serde_json::from_str(&version.doc)).transpose()?;
    let said_before = |holding: &Holding| before.iter().flat_map(|dataset| &dataset.holdings).any(|known| known == holding);
    let mut institutions: Vec<&str> =
        record.holdings.iter().filter(|holding| !said_before(holding)).map(|holding| holding.institution.as_str()).collect();
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
