//! Notices as their readers find them: in the language of the question.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::policy::Action;
use crate::service::accounts::person;
use crate::service::drafts::Acting;
use crate::service::{Catalogue, Error};
use crate::store::outbox::{self, NoticeRow};

/// Notices of a person, newest first.
///
/// # Errors
/// The database is unavailable.
pub fn of_person(catalogue: &Catalogue, id: Uuid, unread_only: bool) -> Result<Vec<NoticeRow>, Error> {
    Ok(catalogue.db.read(|conn| outbox::notices_of(conn, &id.to_string(), unread_only, 1_000))?)
}

/// Number of unread notices.
///
/// # Errors
/// The database is unavailable.
pub fn unread(catalogue: &Catalogue, id: Uuid) -> Result<i64, Error> {
    Ok(catalogue.db.read(|conn| outbox::count_unread(conn, &id.to_string()))?)
}

/// Marks notices of the person as read: these, or all where none are named. Returns how many there were.
///
/// # Errors
/// Forbidden.
pub fn mark_read(catalogue: &Catalogue, acting: Acting<'_>, ids: &[String]) -> Result<usize, Error> {
    let owner = person(&acting, Action::Subscribe)?.id.to_string();
    catalogue.db.write(|conn, _| Ok(outbox::mark_read(conn, &owner, ids, acting.now)?))
}

/// The title of a notice in the language of a question; as it was written where there is none.
pub fn title_in(row: &NoticeRow, language: &str) -> String {
    kept_in(row, row.titles.as_deref(), language).unwrap_or_else(|| row.title.clone())
}

/// From whom a notice comes, in the language of a question: an institution by its name, a person by function.
pub fn who_in(row: &NoticeRow, language: &str) -> Option<String> {
    kept_in(row, row.who_names.as_deref(), language).or_else(|| row.who.clone())
}

/// A text that a notice keeps in several languages.
fn kept_in(row: &NoticeRow, texts: Option<&str>, language: &str) -> Option<String> {
    let read = |doc: &str| serde_json::from_str::<BTreeMap<String, String>>(doc);
    // One damaged row takes no list with it.
    let told = |error: &serde_json::Error| tracing::error!(notice = %row.id, %error, "the texts of a notice cannot be read");
    let mut texts = texts.and_then(|doc| read(doc).inspect_err(told).ok())?;
    language.split(',').filter_map(|tag| tag.split('-').next()).find_map(|primary| texts.remove(primary))
}

#[cfg(test)]
mod tests {
    use super::super::other_titles;
    use super::*;
    use crate::domain::text::MultilingualText;
    use crate::domain::vocabulary::{NoticeKind, Vocabulary};

    #[test]
    fn the_title_is_in_the_language_of_the_question() {
        let titles = |doc: serde_json::Value| serde_json::from_value::<MultilingualText>(doc).expect("titles");
        let given = titles(serde_json::json!({
            "fr": { "text": "Enquête", "status": "OFFICIAL" }, "ar": { "text": "بحث", "status": "TRANSLATION" },
        }));
        let row = NoticeRow {
            id: String::new(),
            person_id: String::new(),
            seq: 1,
            kind: NoticeKind::AccessMessage.code().to_owned(),
            title: "Enquête".to_owned(),
            reason: None,
            path: String::new(),
            entity_id: String::new(),
            created_at: 0,
            read_at: None,
            mailed_at: None,
            who: None,
            until_on: None,
            day_kind: None,
            whom: None,
            titles: other_titles(&given).expect("JSON"),
            promised: None,
            who_names: None,
        };
        assert_eq!(["ar", "fr", "en"].map(|language| title_in(&row, language)), ["بحث", "Enquête", "Enquête"]);
        assert_eq!(title_in(&NoticeRow { titles: None, ..row }, "ar"), "Enquête");
    }
}
