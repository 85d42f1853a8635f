//! Finding agreements: by party, data, state and words; and those that cover what somebody asks for.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::agreement::{Agreement, Asked, Covered, covers};
use crate::domain::ids::{HoldingId, Slug};
use crate::domain::policy::Actor;
use crate::domain::text::MultilingualText;
use crate::domain::time::{FAR_FUTURE, FAR_PAST};
use crate::domain::vocabulary::{AgreementKind, AgreementOrder, AgreementPurpose, AgreementState, RequestedData, Vocabulary};
use crate::domain::words::fold;
use crate::search::analysis::folded_words;
use crate::store::Conn;
use crate::store::agreements as table;

use super::{AgreementRecord, Seen, visible};
use crate::service::{Catalogue, Error, Record};

/// Data that agreements may be on.
#[derive(Clone, Debug, Default)]
pub struct DataScope {
    /// The dataset.
    pub dataset: Uuid,
    /// Its holdings, or the one that is meant, each with its institution.
    pub holdings: Vec<(HoldingId, Slug)>,
}

/// The data of a record: all of its holdings, or one.
pub fn scope_of(record: &Record, only: Option<HoldingId>) -> DataScope {
    let held = record.holding_ids.iter().copied().zip(record.dataset.holdings.iter().map(|holding| holding.institution.clone()));
    DataScope { dataset: record.id.0, holdings: held.filter(|(id, _)| only.is_none_or(|only| only == *id)).collect() }
}

/// Whether an agreement is on any of the data.
pub fn touches(agreement: &Agreement, data: &DataScope) -> bool {
    agreement.covers.iter().any(|covered| match covered {
        Covered::Dataset(id) => *id == data.dataset,
        Covered::Holding(id) => data.holdings.iter().any(|(held, _)| held.0 == *id),
        Covered::HoldingsOf(slug) => data.holdings.iter().any(|(_, institution)| institution == slug),
    })
}

/// Which agreements are wanted; all conditions hold together, and only what the actor sees of an agreement is looked at.
#[derive(Clone, Debug, Default)]
pub struct AgreementFilter {
    /// Institutions that are all parties.
    pub parties: Vec<String>,
    /// On any of these data.
    pub data: Option<DataScope>,
    /// Kinds; empty for all.
    pub kinds: Vec<AgreementKind>,
    /// States on the day; empty for all.
    pub states: Vec<AgreementState>,
    /// Whose present span ends on this day or before.
    pub ends_by: Option<i64>,
    /// On any of these levels of detail; empty for all.
    pub requested_data: Vec<RequestedData>,
    /// For any of these purposes; empty for all.
    pub purposes: Vec<AgreementPurpose>,
    /// Words that must stand in title, purpose, legal basis or text.
    pub words: Option<String>,
}

impl AgreementFilter {
    fn lets_through(&self, agreement: &Agreement, words: &[String], today: i64) -> bool {
        let is_party = |slug: &String| agreement.institutions().iter().any(|party| party.as_str() == slug);
        fn any<T: PartialEq>(wanted: &[T], found: &[T]) -> bool {
            wanted.is_empty() || wanted.iter().any(|one| found.contains(one))
        }
        self.parties.iter().all(is_party)
            && self.data.as_ref().is_none_or(|data| touches(agreement, data))
            && any(&self.kinds, &[agreement.kind])
            && any(&self.states, &[agreement.state_on(today)])
            && self.ends_by.is_none_or(|day| agreement.until(today).is_some_and(|last| last <= day))
            && any(&self.requested_data, &agreement.requested_data)
            && any(&self.purposes, &agreement.purposes)
            && (words.is_empty() || contains(agreement, words))
    }
}

fn contains(agreement: &Agreement, words: &[String]) -> bool {
    let texts: [&MultilingualText; 4] = [&agreement.title, &agreement.purpose, &agreement.legal_basis, &agreement.text];
    let all: Vec<String> = texts.iter().flat_map(|text| text.iter()).map(|(_, wording)| fold(&wording.text)).collect();
    words.iter().all(|word| all.iter().any(|text| text.contains(word.as_str())))
}

/// Agreements that the actor may know of and that answer a filter. They are few; pages are cut from the whole list.
///
/// # Errors
/// The database is unavailable.
pub fn list(catalogue: &Catalogue, actor: &Actor, filter: &AgreementFilter, order: AgreementOrder, today: i64) -> Result<Vec<Seen>, Error> {
    Ok(sift(visible(catalogue, actor)?, filter, order, today))
}

/// Of agreements that were read, those that answer a filter, in an order.
pub fn sift(all: Vec<Seen>, filter: &AgreementFilter, order: AgreementOrder, today: i64) -> Vec<Seen> {
    let words = filter.words.as_deref().map(folded_words).unwrap_or_default();
    let mut found: Vec<Seen> = all.into_iter().filter(|seen| filter.lets_through(&seen.record.agreement, &words, today)).collect();
    let number = |seen: &Seen| seen.record.number;
    let start = |seen: &Seen| seen.record.agreement.starts_on.map_or(FAR_PAST, |date| date.first_day());
    let end = |seen: &Seen| seen.record.agreement.until(today).unwrap_or(FAR_FUTURE);
    match order {
        AgreementOrder::EndsFirst => found.sort_by_key(|seen| (end(seen), number(seen))),
        AgreementOrder::StartsLast => found.sort_by_key(|seen| (Reverse(start(seen)), number(seen))),
        AgreementOrder::Registered => found.sort_by_key(number),
        AgreementOrder::Updated => found.sort_by_key(|seen| (Reverse(seen.record.updated_at), number(seen))),
    }
    found
}

/// An agreement on which access can rest.
#[derive(Clone, Debug)]
pub struct Covering {
    /// The agreement with its identifier and hash.
    pub record: Arc<AgreementRecord>,
    /// Last day of the present span; none where the end is open.
    pub until: Option<i64>,
}

/// Agreements in force that cover what is asked for, the longest first. Whoever asks sees none of their content by this.
///
/// # Errors
/// The database is unavailable.
pub fn find_covering(conn: &mut Conn, asked: &Asked<'_>) -> Result<Vec<Covering>, Error> {
    let signed = AgreementState::Signed.code();
    let rows = table::between(conn, signed, asked.provider.as_str(), asked.recipient.as_str())?;
    let mut found = Vec::new();
    for row in rows {
        let record = AgreementRecord::of(&row)?;
        if covers(&record.agreement, asked).is_ok() {
            let until = record.agreement.until(asked.on);
            found.push(Covering { record: Arc::new(record), until });
        }
    }
    found.sort_by_key(|covering| Reverse(covering.until.unwrap_or(FAR_FUTURE)));
    Ok(found)
}
