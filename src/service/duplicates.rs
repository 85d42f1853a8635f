//! Records that a draft may describe a second time. They are pointed out at registration, never merged.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::domain::filter::DatasetFilter;
use crate::domain::overlap::ALIKE;
use crate::domain::policy::Actor;
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::titles::TitleWords;
use crate::domain::vocabulary::vocabulary;
use crate::search::Window;
use crate::store::{copies, datasets as table, institutions};

use super::drafts::Draft;
use super::{Catalogue, Error, Record, datasets};

vocabulary! {
    /// Why a record may describe the same thing as a draft.
    DuplicateReason "duplicate-reason" {
        SimilarTitle = "SIMILAR_TITLE" ["The titles are alike", "Les titres se ressemblent", "العنوانان متشابهان"],
        SameProducerAndPeriod = "SAME_PRODUCER_AND_PERIOD" ["The same producer, and periods that overlap", "Le même producteur et des périodes qui se chevauchent", "المنتج نفسه وفترتان متداخلتان"],
        SameAddress = "SAME_ADDRESS" ["The same address on the web", "La même adresse sur le web", "العنوان نفسه على الشبكة"],
    }
}

/// A record that may describe the same thing.
#[derive(Clone)]
pub struct Likeness {
    /// The record.
    pub record: Arc<Record>,
    /// Why.
    pub reasons: Vec<DuplicateReason>,
}

/// Records looked at.
const CANDIDATES: usize = 60;
/// Working copies of the institution looked at, the last written first.
const MOST_DRAFTS: i64 = 1_000;

/// Records that the actor may see and that may describe the same thing as the draft, the likeliest first.
///
/// # Errors
/// Database or index are unavailable.
pub fn of_draft(catalogue: &Catalogue, actor: &Actor, draft: &Draft, today: i64) -> Result<Vec<Likeness>, Error> {
    let titles: MultilingualText = draft.part("titles");
    let period: Option<Period> = draft.doc.pointer("/coverage/period").and_then(|value| serde_json::from_value(value.clone()).ok());
    let themes: Vec<String> = draft.part("themes");
    let addresses = addresses(&draft.doc);
    let candidates = candidates(catalogue, actor, draft, &titles, &addresses, today)?;
    let mut found: Vec<(f64, Likeness)> = Vec::new();
    for record in candidates {
        if record.id.to_string() == draft.row.dataset_id {
            continue;
        }
        let likeness = title_likeness(&titles, &record.dataset.titles);
        let mut reasons = Vec::new();
        let same_producer = record.dataset.producer.as_ref().is_some_and(|producer| producer.as_str() == draft.row.institution);
        // Titles in different languages have few words in common; a shared topic stands in for them.
        let unlike_languages =
            !titles.iter().any(|(tag, _)| record.dataset.titles.iter().any(|(other, _)| other.primary() == tag.primary()));
        let same_topic = record.dataset.themes.iter().any(|theme| themes.contains(theme));
        let alike = likeness >= ALIKE / 2.0 || (unlike_languages && same_topic);
        if same_producer && overlap(period.as_ref(), record.dataset.coverage.period.as_ref()) && alike {
            reasons.push(DuplicateReason::SameProducerAndPeriod);
        }
        if likeness >= ALIKE {
            reasons.push(DuplicateReason::SimilarTitle);
        }
        let doc = serde_json::to_value(&record.dataset)?;
        if !addresses.is_disjoint(&self::addresses(&doc)) {
            reasons.push(DuplicateReason::SameAddress);
        }
        if !reasons.is_empty() {
            found.push((reasons.len() as f64 + likeness, Likeness { record, reasons }));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.record.number.cmp(&b.1.record.number)));
    found.truncate(10);
    Ok(found.into_iter().map(|(_, likeness)| likeness).collect())
}

/// Other working copies of the institution with titles like those of the draft, or that name one of its addresses, the likeliest first: in a
/// new catalogue everything is a draft, and a portal declared twice gives everything twice.
///
/// # Errors
/// The database is unavailable.
pub fn among_drafts(catalogue: &Catalogue, draft: &Draft) -> Result<Vec<Draft>, Error> {
    let rows = catalogue.db.read(|conn| copies::latest_of_institution(conn, &draft.row.institution, MOST_DRAFTS))?;
    let titles: MultilingualText = draft.part("titles");
    let addresses = addresses(&draft.doc);
    let mut found: Vec<(f64, Draft)> = Vec::new();
    for row in rows.into_iter().filter(|row| row.dataset_id != draft.row.dataset_id) {
        let other = Draft::of(row)?;
        let likeness = title_likeness(&titles, &other.part("titles"));
        let shares_address = !addresses.is_disjoint(&self::addresses(&other.doc));
        if likeness >= ALIKE || shares_address {
            found.push((likeness + f64::from(u8::from(shares_address)), other));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.row.id.cmp(&b.1.row.id)));
    found.truncate(10);
    Ok(found.into_iter().map(|(_, draft)| draft).collect())
}

/// Records of the same producer, records with words of the titles, and records that name one of the addresses.
fn candidates(
    catalogue: &Catalogue,
    actor: &Actor,
    draft: &Draft,
    titles: &MultilingualText,
    addresses: &HashSet<String>,
    today: i64,
) -> Result<Vec<Arc<Record>>, Error> {
    let mut ids = catalogue.db.read(|conn| {
        let mut ids = table::ids_with_text(conn, &addresses.iter().cloned().collect::<Vec<_>>(), 20)?;
        if let Some(row) = institutions::by_slugs(conn, std::slice::from_ref(&draft.row.institution))?.pop() {
            ids.extend(table::ids_of_institution(conn, &row.id, &row.slug)?.into_iter().rev().take(500));
        }
        Ok(ids)
    })?;
    ids.extend(with_words(catalogue, actor, titles, CANDIDATES / 3, today)?.iter().map(ToString::to_string));
    ids.sort_unstable();
    ids.dedup();
    let mut ids = ids.iter().map(|id| super::catalogue::read_id(id)).collect::<Result<Vec<_>, _>>()?;
    // Always asks the store, so that the work does not tell whether a hidden record names an address.
    ids.push(uuid::Uuid::nil());
    Ok(catalogue.records(actor, &ids)?.into_values().collect())
}

/// Web addresses in a record that point to its source: links, citations, instruments, distributions. They are compared
/// without what does not change where they lead: scheme, letter case of the host, usual port, fragment, slash at the end.
fn addresses(doc: &Value) -> HashSet<String> {
    let mut found = HashSet::new();
    for list in ["/links", "/citations", "/methodology/instruments"] {
        let items = doc.pointer(list).and_then(Value::as_array).into_iter().flatten();
        found.extend(items.filter_map(|item| item.get("url").and_then(Value::as_str)).map(plain_address));
    }
    for holding in doc.get("holdings").and_then(Value::as_array).into_iter().flatten() {
        let files = holding.get("distributions").and_then(Value::as_array).into_iter().flatten();
        found.extend(files.filter_map(|file| file.get("url").and_then(Value::as_str)).map(plain_address));
    }
    // The home page of an institution says nothing about a dataset.
    found.retain(|address| address.contains('/'));
    found
}

fn plain_address(address: &str) -> String {
    let Ok(url) = Url::parse(address.trim()) else { return String::new() };
    // A number of a port is there only where it is not the usual one.
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{port}{}{query}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'))
}

fn title_likeness(one: &MultilingualText, other: &MultilingualText) -> f64 {
    TitleWords::of(one).likeness(&TitleWords::of(other))
}

/// Records with words of the titles, in each of their languages and translated into those that they lack, at most so many each.
pub(super) fn with_words(
    catalogue: &Catalogue,
    actor: &Actor,
    titles: &MultilingualText,
    each: usize,
    today: i64,
) -> Result<Vec<uuid::Uuid>, Error> {
    let filter = DatasetFilter { include_possible: true, ..DatasetFilter::default() };
    let mut ids = Vec::new();
    let own = titles.iter().map(|(_, wording)| wording.text.clone());
    for text in own.chain(TitleWords::of(titles).translated()) {
        let words: String = text.chars().take(200).collect();
        let results = datasets::find(catalogue, actor, Some(&words), &filter, None, today)?;
        let page = results.page(&Window { count: each, ..Window::default() });
        ids.extend(page.hits.iter().map(|hit| hit.id));
    }
    Ok(ids)
}

fn overlap(one: Option<&Period>, other: Option<&Period>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    let far = |day: Option<i64>, otherwise| day.unwrap_or(otherwise);
    let starts = far(one.first_day(), i64::MIN).max(far(other.first_day(), i64::MIN));
    let ends = far(one.last_day(), i64::MAX).min(far(other.last_day(), i64::MAX));
    starts <= ends
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_are_compared_by_where_they_lead() {
        let of = |url: &str| addresses(&json!({ "citations": [{ "url": url }] }));
        for same in ["http://WWW.hcp.ma/rgph/", "https://www.hcp.ma:443/rgph#top", "https://www.hcp.ma/rgph"] {
            assert_eq!(of(same), HashSet::from(["www.hcp.ma/rgph".to_owned()]), "{same}");
        }
        for other in ["https://www.hcp.ma/RGPH", "https://www.hcp.ma:8443/rgph", "https://www.hcp.ma/rgph?lang=ar"] {
            assert!(of(other).is_disjoint(&of("https://www.hcp.ma/rgph")), "{other}");
        }
        assert!(of("https://www.hcp.ma/").is_empty() && of("nonsense").is_empty());
    }
}
