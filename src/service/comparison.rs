//! Records side by side: what each tells on every facet, and whether figures of each pair can be compared.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::comparability::{compare as compare_two, still_stands};
use crate::domain::overlap::pair_key;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;

use super::{Catalogue, Error, Record};

pub use crate::domain::comparability::{
    AgreedNote, Cell, DefinitionPair, Finding, PairComparison, Rule, cell, decides, rules, rules_origin,
};

/// Fewest and most records of a comparison.
pub const HOW_MANY: std::ops::RangeInclusive<usize> = 2..=10;

/// A record as it is named in the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By its identifier.
    Id(Uuid),
    /// By its short name.
    Slug(String),
}

/// Notes that producers have agreed on, by pair in the order of [`pair_key`]. They are stored elsewhere.
pub type AgreedNotes = HashMap<(Uuid, Uuid), AgreedNote>;

/// Records, and each pair of them compared.
pub struct Comparison {
    /// The records, in the order of the question.
    pub records: Vec<Arc<Record>>,
    /// Every pair, by the places of the two.
    pub pairs: Vec<(usize, usize, PairComparison)>,
}

/// Finds the records that are named, as the actor sees them, in the order of the question. A record that is hidden is as absent as one that
/// never was.
///
/// # Errors
/// One of them is not there for the actor, is named twice, or they are too few or too many.
pub fn find(catalogue: &Catalogue, actor: &Actor, named: &[(Named, String)]) -> Result<Vec<Arc<Record>>, Error> {
    if !HOW_MANY.contains(&named.len()) {
        let remedy = format!("name {} to {} datasets", HOW_MANY.start(), HOW_MANY.end());
        return Err(Error::Invalid(vec![Problem::new("datasets", named.len(), remedy)]));
    }
    let ids: Vec<Uuid> = named.iter().filter_map(|(name, _)| if let Named::Id(id) = name { Some(*id) } else { None }).collect();
    let slugs: Vec<String> =
        named.iter().filter_map(|(name, _)| if let Named::Slug(slug) = name { Some(slug.clone()) } else { None }).collect();
    let by_id = catalogue.records(actor, &ids)?;
    let by_slug = catalogue.records_by_slug(actor, &slugs)?;
    let mut records: Vec<Arc<Record>> = Vec::with_capacity(named.len());
    for (name, shown) in named {
        let found = match name {
            Named::Id(id) => by_id.get(id),
            Named::Slug(slug) => by_slug.iter().find(|record| record.dataset.slug.as_str() == slug),
        };
        let record = found.ok_or_else(|| Error::NotFound(format!("dataset `{shown}`")))?;
        if records.iter().any(|known| known.id == record.id) {
            return Err(Error::Invalid(vec![Problem::new("datasets", shown, "is named twice; name each dataset once")]));
        }
        records.push(record.clone());
    }
    Ok(records)
}

/// Compares each pair of records, which are as their reader sees them. A note is on what anyone could see of the two when it was agreed.
///
/// # Errors
/// The database is unavailable.
pub fn compare(catalogue: &Catalogue, records: Vec<Arc<Record>>, agreed: &AgreedNotes) -> Result<Comparison, Error> {
    let mut pairs = Vec::with_capacity(records.len() * records.len() / 2);
    for (place, one) in records.iter().enumerate() {
        for (next, other) in records.iter().enumerate().skip(place + 1) {
            let note = agreed.get(&pair_key(one.id.0, other.id.0)).cloned();
            let note = note.map(|note| as_it_stands(catalogue, note, [one.id.0, other.id.0])).transpose()?;
            pairs.push((place, next, compare_two(&one.dataset, &other.dataset, note, &catalogue.concepts)));
        }
    }
    Ok(Comparison { records, pairs })
}

/// The note, with whether the records have come to stand otherwise since.
fn as_it_stands(catalogue: &Catalogue, note: AgreedNote, [one, other]: [Uuid; 2]) -> Result<AgreedNote, Error> {
    let Some(stood) = &note.stood else { return Ok(note) };
    let seen = catalogue.records(&Actor::Visitor, &[one, other])?;
    let both = seen.get(&one).zip(seen.get(&other));
    let is_outdated = both.is_some_and(|(one, other)| {
        let (one, other) = (&one.dataset, &other.dataset);
        !still_stands(stood, &compare_two(one, other, None, &catalogue.concepts), one, other)
    });
    Ok(AgreedNote { is_outdated, ..note })
}
