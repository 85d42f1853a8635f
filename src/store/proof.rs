//! Whether versions and records are what the change log says: the log keeps the hash of each content and of each note.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::domain::ids::hex;
use crate::domain::vocabulary::{PublicationStatus, Visibility, Vocabulary};

use super::changes::{self, Change, KnownTo};
use super::datasets::VersionRow;
use super::db::Conn;
use super::schema::{datasets, institutions, versions};

const PAGE: i64 = 500;

/// Compares every version, column by column, with the log, what is shown with its last version, and what stands beside a record with the record. Returns
/// the first fault in words.
///
/// # Errors
/// A statement failed.
pub fn verify(conn: &mut Conn) -> QueryResult<Option<String>> {
    if let Some(fault) = altered_version(conn)? {
        return Ok(Some(fault));
    }
    if let Some(fault) = altered_record(conn)? {
        return Ok(Some(fault));
    }
    super::derived::verify(conn)
}

fn altered_version(conn: &mut Conn) -> QueryResult<Option<String>> {
    let (mut last, mut logged) = (0, 0);
    loop {
        let page = changes::after(conn, last, PAGE)?;
        let Some(end) = page.last().map(|change| change.seq) else { break };
        last = end;
        // Others note hashes too, of what they keep in tables of their own.
        let records = page.iter().filter(|change| matches!(change.entity.as_str(), "DATASET" | "INSTITUTION"));
        let expected: Vec<(&Change, Said)> = records.filter_map(|change| Some((change, Said::by(change)?))).collect();
        let seqs: Vec<i64> = expected.iter().map(|(change, _)| change.seq).collect();
        let rows: Vec<VersionRow> = versions::table.filter(versions::seq.eq_any(seqs)).select(VersionRow::as_select()).load(conn)?;
        let found: HashMap<i64, VersionRow> = rows.into_iter().map(|row| (row.seq, row)).collect();
        logged += expected.len() as i64;
        for (change, said) in expected {
            let Some(row) = found.get(&change.seq) else {
                return Ok(Some(format!("the version that change {} wrote is missing", change.seq)));
            };
            if let Some(what) = said.differs_from(row, change) {
                return Ok(Some(format!(
                    "the version that change {} wrote does not agree with the log in its {what}: it was altered",
                    change.seq
                )));
            }
        }
    }
    // Of versions that a running server wrote meanwhile the walk has not seen the change.
    let kept: i64 = versions::table.filter(versions::seq.le(last)).count().get_result(conn)?;
    if kept != logged {
        return Ok(Some(format!("there are {kept} versions, and the log tells of {logged}")));
    }
    // The end of the log is asked after the last version: what is written between the two has its change.
    let newest: Option<i64> = versions::table.select(diesel::dsl::max(versions::seq)).first(conn)?;
    let end = changes::last_seq(conn)?;
    Ok(newest.filter(|seq| *seq > end).map(|seq| format!("there is a version of change {seq}, and the log ends at {end}")))
}

/// What a change of the log says of the version that it wrote.
struct Said {
    /// Hash of the content.
    sha256: String,
    /// Number of the version: records get a version with every revision.
    revision: Option<i64>,
    /// Who may know of the version; changes of earlier programs do not say it.
    known_to: Option<i64>,
    /// Hash of the note; changes of earlier programs do not say it.
    note_sha256: Option<String>,
}

impl Said {
    /// None where the change wrote no version.
    fn by(change: &Change) -> Option<Self> {
        let after: Value = serde_json::from_str(change.after_doc.as_deref()?).ok()?;
        let text = |name: &str| after.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| after.get(name).and_then(Value::as_i64);
        Some(Self { sha256: text("sha256")?, revision: number("revision"), known_to: number("knownTo"), note_sha256: text("noteSha256") })
    }

    /// The first thing in which a version is not what the change says, in words.
    fn differs_from(&self, row: &VersionRow, change: &Change) -> Option<&'static str> {
        let hash = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        let is_same = [
            ("content", hash(&row.doc) == self.sha256),
            ("record", row.entity_id == change.entity_id),
            ("number", self.revision.is_none_or(|revision| revision == row.version)),
            ("time", row.at == change.at),
            ("note", self.note_sha256.as_ref().is_none_or(|said| hash(&row.note) == *said)),
            ("readers", self.has_readers(row, change)),
        ];
        is_same.into_iter().find(|(_, is_same)| !is_same).map(|(what, _)| what)
    }

    /// Whether as many may know of a version as the change says. Where it does not say it itself, the row of the log tells it of what was made or
    /// went on; of what was withdrawn or retired, of which more may know of the change than of the version, it follows from the content, but
    /// that the first release hid all of these from everyone.
    fn has_readers(&self, row: &VersionRow, change: &Change) -> bool {
        match (self.known_to, change.kind.as_str()) {
            (Some(said), _) => row.is_public == said,
            (None, "CREATED" | "UPDATED") => row.is_public == change.is_public,
            (None, _) => row.is_public == KnownTo::Auditors.number() || readers(&row.doc) == Some(row.is_public),
        }
    }
}

/// Who may know of a dataset with this content.
fn readers(doc: &str) -> Option<i64> {
    let doc: Value = serde_json::from_str(doc).ok()?;
    let code = |name: &str| doc.get(name).and_then(Value::as_str);
    let (status, visibility) = (PublicationStatus::parse(code("status")?)?, Visibility::parse(code("visibility")?)?);
    Some(KnownTo::of_record(status, visibility).number())
}

fn altered_record(conn: &mut Conn) -> QueryResult<Option<String>> {
    let last = versions::entity_id.eq(datasets::id).and(versions::version.eq(datasets::version));
    let differs = versions::doc.nullable().is_null().or(versions::doc.nullable().ne(datasets::doc.nullable()));
    let dataset: Option<String> =
        datasets::table.left_join(versions::table.on(last)).filter(differs).select(datasets::slug).first(conn).optional()?;
    if let Some(slug) = dataset {
        return Ok(Some(format!("dataset `{slug}` is not its last version: it was altered")));
    }
    let last = versions::entity_id.eq(institutions::id).and(versions::version.eq(institutions::revision));
    let differs = versions::doc.nullable().is_null().or(versions::doc.nullable().ne(institutions::doc.nullable()));
    let institution: Option<String> =
        institutions::table.left_join(versions::table.on(last)).filter(differs).select(institutions::slug).first(conn).optional()?;
    Ok(institution.map(|slug| format!("institution `{slug}` is not its last version: it was altered")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC: &str = r#"{"status":"PUBLISHED","visibility":"MEMBERS"}"#;

    fn version(is_public: i64) -> VersionRow {
        VersionRow { entity_id: "one".to_owned(), version: 2, seq: 7, at: 70, is_public, note: "Why.".to_owned(), doc: DOC.to_owned() }
    }

    /// What is found in a version where this change wrote it; what an earlier program wrote tells neither the note nor the readers.
    fn found(row: &VersionRow, kind: &str, known_to: i64, is_earlier: bool) -> Option<&'static str> {
        let hash = |text: &str| hex(&Sha256::digest(text.as_bytes()));
        let mut after = serde_json::json!({ "slug": "one", "revision": 2, "sha256": hash(DOC) });
        if !is_earlier {
            after["knownTo"] = Value::from(2);
            after["noteSha256"] = Value::from(hash("Why."));
        }
        let change = Change {
            seq: 7,
            at: 70,
            actor: "console".to_owned(),
            kind: kind.to_owned(),
            entity: "DATASET".to_owned(),
            entity_id: "one".to_owned(),
            is_public: known_to,
            before_doc: None,
            after_doc: Some(after.to_string()),
            hash: String::new(),
        };
        Said::by(&change).expect("it wrote a version").differs_from(row, &change)
    }

    #[test]
    fn readers_are_those_that_the_change_tells() {
        assert_eq!(found(&version(2), "WITHDRAWN", 1, false), None);
        assert_eq!(found(&version(0), "WITHDRAWN", 1, false), Some("readers"));
        assert_eq!(found(&VersionRow { note: "Because.".to_owned(), ..version(2) }, "UPDATED", 2, false), Some("note"));
    }

    #[test]
    fn of_what_an_earlier_program_wrote_readers_follow_from_the_row_of_the_log_or_the_content() {
        assert_eq!(found(&version(2), "UPDATED", 2, true), None);
        assert_eq!(found(&version(1), "UPDATED", 2, true), Some("readers"));
        // The first release knew of everyone and of nobody only.
        assert_eq!(found(&version(0), "CREATED", 0, true), None);
        for (is_public, fault) in [(2, None), (0, None), (1, Some("readers")), (3, Some("readers"))] {
            assert_eq!(found(&version(is_public), "WITHDRAWN", 1, true), fault, "{is_public}");
        }
    }
}
