//! Discussions on datasets and entries, among signed-in persons. Who speaks is told by function and institution, never by name.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::policy::{self, Action, Actor, Audience, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::{check_characters, shows_something};
use crate::domain::vocabulary::{RefusalCode, Role};
use crate::service::drafts::Acting;
use crate::service::life::function_of;
use crate::service::{Catalogue, Error};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::registers::{self as table, CommentRow};
use crate::store::{Conn, institutions};

use super::write::load;

/// How the change log names comments.
pub const ENTITY: &str = "COMMENT";
/// Longest comment, in characters.
const MAX_BODY: usize = 5_000;
/// Most comments on one subject.
const MOST: i64 = 1_000;
/// Most comments of one person on one subject.
const MOST_OF_ONE: i64 = 200;
/// Most institutions that one comment speaks to.
const MOST_MENTIONS: usize = 20;

/// What is discussed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A dataset.
    Dataset(Uuid),
    /// An entry of the registers.
    Entry(Uuid),
}

impl Topic {
    fn kind(&self) -> &'static str {
        match self {
            Self::Dataset(_) => "DATASET",
            Self::Entry(_) => "ENTRY",
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Dataset(id) | Self::Entry(id) => id.to_string(),
        }
    }

    /// What a comment was written on.
    pub fn of(row: &CommentRow) -> Option<Self> {
        let id = Uuid::try_parse(&row.subject_id).ok()?;
        Some(if row.subject_kind == "DATASET" { Self::Dataset(id) } else { Self::Entry(id) })
    }

    /// Whether the actor may read what is discussed.
    fn require(&self, conn: &mut Conn, acting: Acting<'_>) -> Result<(), Error> {
        match self {
            Self::Dataset(id) => {
                let found = crate::service::catalogue::records_within(conn, acting.actor, &[*id])?;
                if found.contains_key(id) { Ok(()) } else { Err(Error::NotFound(format!("dataset `{id}`"))) }
            }
            Self::Entry(id) => load(conn, acting, &id.to_string()).map(|_| ()),
        }
    }
}

/// Whether the actor may read discussions at all.
pub fn may_read(actor: &Actor) -> bool {
    policy::audience(actor) >= Audience::Members
}

/// Comments on subjects of one kind that the actor may read, oldest first, in one statement; none for visitors. Each subject has a list,
/// perhaps an empty one.
///
/// # Errors
/// The database is unavailable.
pub fn on(catalogue: &Catalogue, actor: &Actor, topics: &[Topic]) -> Result<HashMap<Topic, Vec<CommentRow>>, Error> {
    let mut found: HashMap<Topic, Vec<CommentRow>> = topics.iter().map(|topic| (topic.clone(), Vec::new())).collect();
    let Some(first) = topics.first().filter(|_| may_read(actor)) else { return Ok(found) };
    let ids: Vec<String> = topics.iter().map(Topic::id).collect();
    let most = MOST.saturating_mul(i64::try_from(ids.len()).unwrap_or(i64::MAX));
    for row in catalogue.db.read(|conn| table::comments_on(conn, first.kind(), &ids, most))? {
        if let Some(list) = Topic::of(&row).and_then(|topic| found.get_mut(&topic)) {
            list.push(row);
        }
    }
    Ok(found)
}

/// The comment with this identifier, if the actor may read what it is on.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, actor: &Actor, id: &str) -> Result<Option<CommentRow>, Error> {
    if !may_read(actor) {
        return Ok(None);
    }
    let Some(row) = catalogue.db.read(|conn| table::comment(conn, id))? else { return Ok(None) };
    let is_there = match Topic::of(&row) {
        Some(Topic::Dataset(id)) => catalogue.records(actor, &[id])?.contains_key(&id),
        Some(Topic::Entry(id)) => super::by_id(catalogue, actor, &id.to_string())?.is_some(),
        None => false,
    };
    Ok(Some(row).filter(|_| is_there))
}

/// Writes a comment, in the name of an institution or for oneself. Institutions are spoken to by `@` and their short name.
///
/// # Errors
/// Forbidden, not found, or invalid.
pub fn add(catalogue: &Catalogue, acting: Acting<'_>, topic: &Topic, body: &str, institution: Option<&Slug>) -> Result<CommentRow, Error> {
    let action = Action::RegisterComment;
    check(acting.actor, action, &Subject::default()).map_err(|code| Error::Forbidden { code, action })?;
    if let Some(slug) = institution.filter(|slug| !acting.actor.institutions().contains(slug)) {
        let remedy = "is no institution in which you have a role; leave it out, or name one of yours";
        return Err(Error::Invalid(vec![Problem::new("institution", slug, remedy)]));
    }
    let body = body.trim();
    let fault = match check_characters(body) {
        Err(remedy) => Some(remedy),
        Ok(()) if !shows_something(body) => Some("is empty; write something".to_owned()),
        Ok(()) if body.chars().count() > MAX_BODY => {
            Some(format!("is longer than {MAX_BODY} characters; shorten it or link to a document"))
        }
        Ok(()) => None,
    };
    if let Some(remedy) = fault {
        return Err(Error::Invalid(vec![Problem::new("text", "", remedy)]));
    }
    catalogue.db.write(|conn, ledger| {
        topic.require(conn, acting)?;
        let (there, own) = table::count_comments(conn, (topic.kind(), &topic.id()), &acting.person_id())?;
        if there >= MOST || own >= MOST_OF_ONE {
            let remedy = format!("have been written here; at most {MOST}, and {MOST_OF_ONE} of one person, those taken back among them: begin an entry of the registers");
            return Err(Error::Invalid(vec![Problem::new("text", there, remedy)]));
        }
        let spoken_to = mentions(body);
        let known: Vec<String> = institutions::by_slugs(conn, &spoken_to)?.into_iter().map(|row| row.slug).collect();
        if let Some(slug) = spoken_to.iter().find(|slug| !known.contains(slug)) {
            let remedy = "is no institution of this catalogue; write its short name behind the @, or leave the @ out";
            return Err(Error::Invalid(vec![Problem::new("text", format!("@{slug}"), remedy)]));
        }
        let row = CommentRow {
            id: Uuid::now_v7().to_string(),
            number: ledger.next_seq(),
            subject_kind: topic.kind().to_owned(),
            subject_id: topic.id(),
            institution: institution.map(ToString::to_string),
            person_id: acting.person_id(),
            function: function_of(conn, &acting.person_id())?,
            body: body.to_owned(),
            mentions: known.join(" "),
            created_at: acting.now,
            withdrawn_at: None,
        };
        log(conn, ledger, acting, "CREATED", &row)?;
        table::insert_comment(conn, &row)?;
        Ok(row)
    })
}

/// Takes a comment back: its author may, and the coordinator. Its place stays, its words go.
///
/// # Errors
/// Forbidden, or not found.
pub fn withdraw(catalogue: &Catalogue, acting: Acting<'_>, id: &str) -> Result<CommentRow, Error> {
    let action = Action::RegisterComment;
    let forbidden = |code: RefusalCode| Error::Forbidden { code, action };
    check(acting.actor, action, &Subject::default()).map_err(forbidden)?;
    catalogue.db.write(|conn, ledger| {
        let absent = || Error::NotFound(format!("comment `{id}`"));
        let row = table::comment(conn, id)?.ok_or_else(absent)?;
        // One's own words can be taken back also where one no longer sees what they are on.
        if row.person_id != acting.person_id() {
            Topic::of(&row).ok_or_else(absent)?.require(conn, acting).map_err(|_| absent())?;
            if !acting.actor.has(Role::Coordinator, None) {
                return Err(forbidden(RefusalCode::RoleRequired));
            }
        }
        if row.withdrawn_at.is_some() {
            return Ok(row);
        }
        let row = CommentRow { body: String::new(), mentions: String::new(), withdrawn_at: Some(acting.now), ..row };
        log(conn, ledger, acting, "WITHDRAWN", &row)?;
        table::update_comment(conn, &row)?;
        Ok(row)
    })
}

fn log(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, kind: &str, row: &CommentRow) -> Result<(), Error> {
    let after = json!({ "subjectKind": row.subject_kind, "subject": row.subject_id }).to_string();
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: ENTITY,
        entity_id: &row.id,
        known_to: KnownTo::Auditors,
        before: None,
        after: Some(&after),
    };
    ledger.append(conn, &change)?;
    Ok(())
}

/// Short names behind an `@` that stands at the beginning of a word, in small letters however they are written.
fn mentions(body: &str) -> Vec<String> {
    let words = body.split(|c: char| c.is_whitespace() || "،,;:!?()[]«»\"".contains(c));
    let slug = |word: &str| {
        let name = word.strip_prefix('@')?.trim_end_matches(['.', '؟', '؛']);
        Slug::parse(&name.to_lowercase()).ok().map(|slug| slug.to_string())
    };
    let mut found: Vec<String> = words.filter_map(slug).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_MENTIONS);
    found
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn institutions_are_spoken_to_by_their_short_name() {
        assert_eq!(mentions("@hcp, what do you think? (@iom) and @hcp. x@hcp @ @@hcp @no such"), ["hcp", "iom", "no"]);
        assert_eq!(mentions("ما رأيكم، @hcp؟"), ["hcp"]);
        assert_eq!(mentions("@HCP, what do you think? @Mi-Ma and @hcp"), ["hcp", "mi-ma"], "capitals name the same");
    }
}
