//! Records near to one record, by the index alone: those that share topics or populations with it and whose areas touch its areas.

use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::vocabulary::ConceptScheme;

use super::bits::Bits;
use super::columns::Columns;
use super::engine::Results;
use super::filter::any_of;
use super::index::Snapshot;

/// What records are to share.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'a> {
    /// Topics.
    pub themes: &'a [String],
    /// Populations.
    pub populations: &'a [String],
    /// Areas; where there are none, any.
    pub areas: &'a [String],
}

/// A record with what decides its place: topics and populations in common, the latest day that it tells of, its number.
type Near = (std::cmp::Reverse<u8>, std::cmp::Reverse<i32>, u32, Uuid);

impl Snapshot {
    /// The records with most topics and populations in common, at most so many, and whether there are more.
    pub fn alike(&self, shared: &Shared<'_>, concepts: &Concepts, most: usize) -> (Vec<Uuid>, bool) {
        let places = touching(shared.areas, concepts);
        let mut found: Vec<Near> = Vec::new();
        for view in &self.segments {
            let columns = &view.columns;
            let mut there = if shared.areas.is_empty() { Bits::full(columns.size) } else { any_of(columns, "a", &places) };
            there &= &view.public;
            let mut common = vec![0_u8; columns.size as usize];
            for (prefix, scheme, codes) in
                [("t", ConceptScheme::Themes, shared.themes), ("p", ConceptScheme::Populations, shared.populations)]
            {
                let scheme = concepts.scheme(scheme);
                for code in codes {
                    let wider_and_narrower = std::iter::once(code.as_str()).chain(scheme.ancestors(code)).chain(scheme.narrower(code));
                    let mut docs = any_of(columns, prefix, &wider_and_narrower.collect::<Vec<_>>());
                    docs &= &there;
                    docs.for_each(|doc| common[doc as usize] = common[doc as usize].saturating_add(1));
                }
            }
            for (doc, count) in (0..columns.size).zip(common).filter(|(_, count)| *count > 0) {
                let (end, number) = (columns.end[doc as usize], columns.number[doc as usize]);
                found.push((std::cmp::Reverse(count), std::cmp::Reverse(end), number, columns.id(doc)));
            }
        }
        found.sort_unstable();
        let has_more = found.len() > most;
        found.truncate(most);
        (found.into_iter().map(|(.., id)| id).collect(), has_more)
    }
}

/// Places that touch one of the areas: itself, what is around it and inside it, what came before and after it, groups whose members are not
/// recorded; and `-` for records that do not say.
fn touching<'a>(areas: &'a [String], concepts: &'a Concepts) -> Vec<&'a str> {
    let places = concepts.scheme(ConceptScheme::Places);
    let mut found: Vec<&str> = vec!["-"];
    found.extend(places.groups_without_members());
    for area in areas {
        found.push(area);
        found.extend(places.ancestors(area).chain(places.narrower(area)));
        found.extend(concepts.predecessors_of_place(area).into_iter().map(|place| place.code.as_str()));
        found.extend(places.get(area).into_iter().flat_map(|place| &place.successors).map(String::as_str));
    }
    // Of a group whose members are not recorded, any place may be one.
    if areas.iter().any(|area| places.is_group_without_members(area)) {
        found.extend(places.concepts.iter().map(|place| place.code.as_str()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Results {
    /// The part of the result that has a tag of a kind, whatever its value.
    #[must_use]
    pub fn with_any(mut self, prefix: &str) -> Self {
        for (segment, view) in self.segments.iter_mut().zip(&self.snapshot.segments) {
            let docs = tagged(&view.columns, prefix);
            segment.certain &= &docs;
            segment.matched &= &docs;
        }
        self.question ^= super::engine::short_mark(prefix);
        self
    }

    /// The sum of the numbers that the tags of a kind carry, over all records found.
    pub fn sum_of(&self, prefix: &str) -> u64 {
        let segments = self.segments.iter().zip(&self.snapshot.segments);
        let in_segment = segments.flat_map(|(segment, view)| {
            let kind = view.columns.kind(prefix).into_iter().flatten();
            kind.map(|(code, docs)| code.parse::<u64>().unwrap_or(0) * docs.len_within(&segment.matched))
        });
        in_segment.sum()
    }
}

fn tagged(columns: &Columns, prefix: &str) -> Bits {
    let mut docs = Bits::empty(columns.size);
    columns.kind(prefix).into_iter().flatten().for_each(|(_, tagged)| tagged.add_to(&mut docs));
    docs
}
