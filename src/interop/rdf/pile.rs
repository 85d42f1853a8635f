//! A list that grows while what is in it is lent out.

use std::cell::{Cell, OnceCell};

/// Places on the first shelf; each further shelf has twice as many as the one before.
const FIRST: usize = 64;
/// Shelves; together they have room for more than any document says.
const SHELVES: usize = 28;

/// A list to which is added without a claim of its own: what lies in it never moves.
#[derive(Debug)]
pub(super) struct Pile<T> {
    shelves: Vec<OnceCell<Box<[OnceCell<T>]>>>,
    len: Cell<usize>,
}

impl<T> Default for Pile<T> {
    fn default() -> Self {
        Self { shelves: (0..SHELVES).map(|_| OnceCell::new()).collect(), len: Cell::new(0) }
    }
}

impl<T> Pile<T> {
    /// Adds something; tells its place. None where all shelves are full.
    pub(super) fn add(&self, value: T) -> Option<usize> {
        let place = self.len.get();
        let (shelf, at) = split(place);
        let slots = self.shelves.get(shelf)?.get_or_init(|| (0..FIRST << shelf).map(|_| OnceCell::new()).collect());
        slots.get(at)?.set(value).ok()?;
        self.len.set(place + 1);
        Some(place)
    }

    /// What lies at a place.
    pub(super) fn get(&self, place: usize) -> Option<&T> {
        let (shelf, at) = split(place);
        self.shelves.get(shelf)?.get()?.get(at)?.get()
    }
}

/// Shelf of a place, and where on it.
fn split(place: usize) -> (usize, usize) {
    let shelf = (place / FIRST + 1).ilog2() as usize;
    (shelf, place - FIRST * ((1 << shelf) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_found_at_its_place() {
        let pile = Pile::default();
        let first = pile.add(0).and_then(|place| pile.get(place)).expect("added");
        for number in 1..1_000 {
            assert_eq!(pile.add(number), Some(number));
        }
        assert_eq!(*first, 0);
        assert!((0..1_000).all(|place| pile.get(place) == Some(&place)));
        assert_eq!(pile.get(1_000), None);
    }
}
