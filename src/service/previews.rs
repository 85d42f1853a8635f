//! Private preview links of working copies: they show a draft to whoever has the link, until they end or are revoked.

use uuid::Uuid;

use crate::domain::policy::Action;
use crate::domain::problem::Problem;
use crate::store::copies;
pub use crate::store::copies::PreviewRow;

use super::drafts::{Acting, Draft, Loaded, check_draft, load, log_draft};
use super::secrets::{hash, new_secret};
use super::{Catalogue, Error};

/// Longest life of a link, in days.
pub const MAX_DAYS: i64 = 90;

/// Makes a link; returns it with its secret, which is never shown again.
///
/// # Errors
/// Not found, forbidden, or a life that is too long.
pub fn create(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    draft: &str,
    days: i64,
    without_names: bool,
) -> Result<(PreviewRow, String), Error> {
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Error::Invalid(vec![Problem::new("expiresInDays", days, format!("a preview link lasts 1 to {MAX_DAYS} days"))]));
    }
    let secret = new_secret()?;
    let row = catalogue.db.write(|conn, ledger| {
        let Loaded { draft, .. } = load(conn, acting, Action::PreviewShare, draft, None)?;
        let row = PreviewRow {
            id: Uuid::now_v7().to_string(),
            hash: hash(&secret),
            copy_id: draft.row.id.clone(),
            without_names: i64::from(without_names),
            created_by: acting.person_id(),
            created_at: acting.now,
            expires_at: acting.now + days * 86_400_000,
            revoked_at: None,
        };
        log_draft(
            conn,
            ledger,
            acting,
            "PREVIEW_SHARED",
            Some(&draft.row),
            Some(&draft.row),
            serde_json::json!({ "link": row.id, "days": days }),
        )?;
        copies::insert_preview(conn, &row)?;
        Ok::<_, Error>(row)
    })?;
    Ok((row, secret))
}

/// Revokes a link.
///
/// # Errors
/// Not found, or forbidden.
pub fn revoke(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<Draft, Error> {
    let absent = || Error::NotFound(format!("preview link `{id}`"));
    catalogue.db.write(|conn, ledger| {
        let link = copies::preview_by_id(conn, id)?.ok_or_else(absent)?;
        let Loaded { draft, .. } = load(conn, acting, Action::PreviewShare, &link.copy_id, None).map_err(|error| match error {
            Error::NotFound(_) => absent(),
            error => error,
        })?;
        if !copies::revoke_preview(conn, id, acting.now)? {
            return Err(absent());
        }
        log_draft(conn, ledger, acting, "PREVIEW_REVOKED", Some(&draft.row), Some(&draft.row), serde_json::json!({ "link": id }))?;
        Ok(draft)
    })
}

/// Links of a draft that the actor may share, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn of_draft(catalogue: &Catalogue, draft: &Draft) -> Result<Vec<PreviewRow>, Error> {
    Ok(catalogue.db.read(|conn| copies::previews_of(conn, &draft.row.id))?)
}

/// What a link shows; none for a link that has ended, was revoked, or never was.
///
/// # Errors
/// The database is unavailable.
pub fn open(catalogue: &Catalogue, secret: &str, now: i64) -> Result<Option<(PreviewRow, Draft)>, Error> {
    let found = catalogue.db.read(|conn| {
        let Some(link) = copies::preview(conn, &hash(secret), now)? else { return Ok(None) };
        Ok(copies::by_id(conn, &link.copy_id)?.map(|row| (link, row)))
    })?;
    let Some((link, row)) = found else { return Ok(None) };
    let draft = Draft::of(row)?;
    // A link is as good as the right of who made it: it ends with their account or their role.
    let maker = super::alerts::owner_of(catalogue, &link.created_by)?;
    let may_share = maker.is_some_and(|(actor, _)| check_draft(Acting { actor: &actor, now }, Action::PreviewShare, &draft, None).is_ok());
    Ok(may_share.then_some((link, draft)))
}
