//! Sets of documents of one segment.
//!
//! One bit for each document: whatever a search needs of sets then takes some microseconds for 100,000 documents, however many of
//! them are in the set.

use std::ops::{BitAndAssign, BitOrAssign, SubAssign};

/// A set of documents. What lies beyond its last word is not in it, so that the default is the empty set of any segment.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
}

fn words_of(size: u32) -> usize {
    size.div_ceil(64) as usize
}

impl Bits {
    /// The empty set, with room for the documents of a segment.
    pub fn empty(size: u32) -> Self {
        Self { words: vec![0; words_of(size)] }
    }

    /// All documents of a segment.
    pub fn full(size: u32) -> Self {
        let mut words = vec![u64::MAX; words_of(size)];
        if let Some(last) = words.last_mut().filter(|_| !size.is_multiple_of(64)) {
            *last = (1 << (size % 64)) - 1;
        }
        Self { words }
    }

    /// The documents of a segment for which a condition holds.
    pub fn where_doc(size: u32, condition: impl Fn(usize) -> bool) -> Self {
        let mut docs = Self::empty(size);
        for (place, word) in docs.words.iter_mut().enumerate() {
            let first = place * 64;
            for at in first..(first + 64).min(size as usize) {
                *word |= u64::from(condition(at)) << (at - first);
            }
        }
        docs
    }

    /// Adds a document.
    pub fn insert(&mut self, doc: u32) {
        let place = (doc / 64) as usize;
        if place >= self.words.len() {
            self.words.resize(place + 1, 0);
        }
        self.words[place] |= 1 << (doc % 64);
    }

    /// Whether a document is in the set.
    pub fn contains(&self, doc: u32) -> bool {
        self.words.get((doc / 64) as usize).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    /// Number of documents.
    pub fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Number of documents that are in the other set too.
    pub fn len_with(&self, other: &Self) -> u64 {
        self.words.iter().zip(&other.words).map(|(word, other)| u64::from((word & other).count_ones())).sum()
    }

    /// The documents in their order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(place, word)| {
            let rest = std::iter::successors(Some(*word), |word| Some(word & word.wrapping_sub(1))).take_while(|word| *word != 0);
            rest.map(move |word| place as u32 * 64 + word.trailing_zeros())
        })
    }

    /// Visits the documents in their order; faster than to iterate.
    pub fn for_each(&self, mut visit: impl FnMut(u32)) {
        for (place, word) in self.words.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                visit(place as u32 * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }
}

impl BitAndAssign<&Self> for Bits {
    fn bitand_assign(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }
}

impl BitOrAssign<&Self> for Bits {
    fn bitor_assign(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }
}

impl SubAssign<&Self> for Bits {
    fn sub_assign(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }
}

/// Documents that share a tag: a list where few do, a bit for each document of the segment where many do.
#[derive(Debug)]
pub enum Tagged {
    /// Few, in their order.
    Few(Vec<u32>),
    /// Many.
    Many(Bits),
}

impl Tagged {
    /// Adds a document that comes after all others.
    pub fn push(&mut self, doc: u32, size: u32) {
        match self {
            Self::Many(docs) => docs.insert(doc),
            Self::Few(docs) if docs.len() >= (size / 32) as usize => {
                let mut many = Bits::empty(size);
                docs.iter().for_each(|doc| many.insert(*doc));
                many.insert(doc);
                *self = Self::Many(many);
            }
            Self::Few(docs) => docs.push(doc),
        }
    }

    /// Gives back the room that was taken for growing.
    pub fn close(&mut self) {
        if let Self::Few(docs) = self {
            docs.shrink_to_fit();
        }
    }

    /// Adds the documents to a set.
    pub fn add_to(&self, set: &mut Bits) {
        match self {
            Self::Few(docs) => docs.iter().for_each(|doc| set.insert(*doc)),
            Self::Many(docs) => *set |= docs,
        }
    }

    /// How many of the documents are in a set.
    pub fn len_within(&self, set: &Bits) -> u64 {
        match self {
            Self::Few(docs) => docs.iter().filter(|doc| set.contains(**doc)).count() as u64,
            Self::Many(docs) => docs.len_with(set),
        }
    }

    /// Visits the documents in their order.
    pub fn for_each(&self, mut visit: impl FnMut(u32)) {
        match self {
            Self::Few(docs) => docs.iter().for_each(|doc| visit(*doc)),
            Self::Many(docs) => docs.for_each(visit),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn bits(docs: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::default();
        docs.iter().for_each(|doc| bits.insert(*doc));
        bits
    }

    proptest! {
        #[test]
        fn bits_are_sets(a in proptest::collection::btree_set(0u32..500, 0..200), b in proptest::collection::btree_set(0u32..300, 0..200)) {
            for (a, b) in [(&a, &b), (&b, &a)] {
                let both = |change: fn(&mut Bits, &Bits)| {
                    let mut docs = bits(a);
                    change(&mut docs, &bits(b));
                    docs.iter().collect::<BTreeSet<u32>>()
                };
                prop_assert_eq!(both(|a, b| *a &= b), a & b);
                prop_assert_eq!(both(|a, b| *a |= b), a | b);
                prop_assert_eq!(both(|a, b| *a -= b), a - b);
                prop_assert_eq!(bits(a).len_with(&bits(b)), (a & b).len() as u64);
                prop_assert_eq!(bits(a).len(), a.len() as u64);
                prop_assert_eq!(bits(a).is_empty(), a.is_empty());
                prop_assert!((0..600).all(|doc| bits(a).contains(doc) == a.contains(&doc)));
                let mut visited = BTreeSet::new();
                bits(a).for_each(|doc| { visited.insert(doc); });
                prop_assert_eq!(&visited, a);
                prop_assert_eq!(Bits::where_doc(500, |doc| a.contains(&(doc as u32))).iter().collect::<BTreeSet<_>>(), a.clone());
            }
        }

        #[test]
        fn tagged_documents_are_sets(docs in proptest::collection::btree_set(0u32..400, 0..60), set in proptest::collection::btree_set(0u32..400, 0..200)) {
            let mut tagged = Tagged::Few(Vec::new());
            docs.iter().for_each(|doc| tagged.push(*doc, 400));
            tagged.close();
            prop_assert_eq!(matches!(tagged, Tagged::Many(_)), docs.len() > 12);
            prop_assert_eq!(tagged.len_within(&bits(&set)), (&docs & &set).len() as u64);
            let mut all = bits(&set);
            tagged.add_to(&mut all);
            prop_assert_eq!(all.iter().collect::<BTreeSet<_>>(), &docs | &set);
        }
    }

    #[test]
    fn all_documents_of_a_segment_end_with_its_last() {
        for size in [0, 1, 63, 64, 65, 1000] {
            assert!(Bits::full(size).iter().eq(0..size), "{size}");
        }
    }
}
