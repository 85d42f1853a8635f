//! Figures on access requests that anyone may see, and which of them are withheld so that nothing below the minimum can be computed.
//!
//! The figures make a tree: requests = decided + waiting + withdrawn; decided = approved + refused; refused = the sum of its reasons.
//! Of each step either all figures are published or none, save that decided and waiting may each stand without the sum.

use crate::domain::vocabulary::{RejectionReason, Vocabulary};

/// Figures from 1 up to, not including, this one are withheld.
pub const MINIMUM: u64 = 5;

/// What happened to the parts of requests that were submitted to a holder in one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Approved, with or without conditions.
    pub approved: u64,
    /// Refused, by reason.
    pub refused: Vec<(RejectionReason, u64)>,
    /// Not yet decided.
    pub waiting: u64,
    /// Withdrawn before a decision.
    pub withdrawn: u64,
    /// Calendar days from the first submission to the decision, of each decided one.
    pub days: Vec<i64>,
}

/// What is published. None is withheld.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// All requests.
    pub requests: Option<u64>,
    /// Decided.
    pub decided: Option<u64>,
    /// Approved.
    pub approved: Option<u64>,
    /// Refused.
    pub refused: Option<u64>,
    /// Not yet decided.
    pub waiting: Option<u64>,
    /// Refused, by reason; each reason has its line, whether it was ever given or not.
    pub reasons: Vec<(RejectionReason, Option<u64>)>,
    /// Median of the days to a decision; none also where nothing was decided.
    pub median_days: Option<f64>,
}

/// Whether a figure may be shown by itself.
fn is_safe(figure: u64) -> bool {
    figure == 0 || figure >= MINIMUM
}

impl Counts {
    fn refused_for(&self, reason: RejectionReason) -> u64 {
        self.refused.iter().filter(|(known, _)| *known == reason).map(|(_, count)| count).sum()
    }

    /// The figures as they may be published.
    pub fn published(&self) -> Figures {
        let by_reason: Vec<(RejectionReason, u64)> =
            RejectionReason::ALL.iter().map(|reason| (*reason, self.refused_for(*reason))).collect();
        let refused: u64 = by_reason.iter().map(|(_, count)| count).sum();
        let decided = self.approved + refused;
        let requests = decided + self.waiting + self.withdrawn;
        // The sum would give away the one figure that is missing from it, also the withdrawn, which are not shown.
        let with_sum = [decided, self.waiting, self.withdrawn].into_iter().all(is_safe);
        let with_outcomes = [decided, self.approved, refused].into_iter().all(is_safe);
        let with_reasons = with_outcomes && by_reason.iter().all(|(_, count)| is_safe(*count));
        Figures {
            requests: with_sum.then_some(requests),
            decided: is_safe(decided).then_some(decided),
            approved: with_outcomes.then_some(self.approved),
            refused: with_outcomes.then_some(refused),
            waiting: is_safe(self.waiting).then_some(self.waiting),
            reasons: by_reason.into_iter().map(|(reason, count)| (reason, with_reasons.then_some(count))).collect(),
            median_days: (decided >= MINIMUM).then(|| median(&self.days)).flatten(),
        }
    }
}

/// The middle one of some numbers of days; none of none.
pub fn median(days: &[i64]) -> Option<f64> {
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    // Days between two instants of this era are small numbers.
    let half = |days: i64| f64::from(i32::try_from(days).unwrap_or(i32::MAX)) / 2.0;
    Some(half(lower) + half(upper))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use proptest::prelude::*;

    use super::*;

    /// Two reasons stand for all: the others are zero.
    type State = [u64; 5];

    fn counts([approved, first, second, waiting, withdrawn]: State) -> Counts {
        let refused = vec![(RejectionReason::NoLegalBasis, first), (RejectionReason::Other, second)];
        Counts { approved, refused, waiting, withdrawn, days: Vec::new() }
    }

    /// Every figure that somebody might want to know, shown or not.
    fn figures([approved, first, second, waiting, withdrawn]: State) -> [u64; 9] {
        let refused = first + second;
        let decided = approved + refused;
        [approved, first, second, refused, decided, waiting, withdrawn, waiting + withdrawn, decided + waiting + withdrawn]
    }

    /// Who knows how figures are withheld looks for every state that would be published in the same way. No figure from 1 to 4 may
    /// be the same in all of them.
    #[test]
    fn nothing_below_the_minimum_can_be_computed() {
        // All states of up to 20 requests are looked through, and those of up to 14 are to be hidden among them.
        let mut states: Vec<State> = vec![[0; 5]];
        for place in 0..5 {
            let more = |state: State| {
                let room = 20 - state.iter().sum::<u64>();
                (0..=room).map(move |figure| std::array::from_fn(|at| if at == place { figure } else { state[at] }))
            };
            states = states.into_iter().flat_map(more).collect();
        }
        let mut seen: HashMap<String, [BTreeSet<u64>; 9]> = HashMap::new();
        for state in &states {
            let known = seen.entry(format!("{:?}", counts(*state).published())).or_default();
            for (figure, possible) in figures(*state).into_iter().zip(known) {
                possible.insert(figure);
            }
        }
        for state in states.iter().filter(|state| state.iter().sum::<u64>() <= 14) {
            let published = counts(*state).published();
            let possible = &seen[&format!("{published:?}")];
            for (place, figure) in figures(*state).into_iter().enumerate() {
                assert!(is_safe(figure) || possible[place].len() > 1, "{state:?}: figure {place} is {figure}, by {published:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_published_is_true_and_never_small(state in proptest::array::uniform5(0_u64..40)) {
            let published = counts(state).published();
            let [approved, _, _, refused, decided, waiting, _, _, requests] = figures(state);
            let all = [
                (published.approved, approved), (published.refused, refused), (published.decided, decided),
                (published.waiting, waiting), (published.requests, requests),
            ];
            for (shown, real) in all {
                prop_assert!(shown.is_none_or(|shown| shown == real && is_safe(shown)));
            }
            prop_assert!(published.reasons.iter().all(|(_, shown)| shown.is_none_or(is_safe)));
            // Where all parts of a sum but one are shown, the sum is not.
            if let (Some(requests), Some(decided), Some(waiting)) = (published.requests, published.decided, published.waiting) {
                prop_assert!(is_safe(requests - decided - waiting));
            }
        }
    }

    #[test]
    fn figures_without_small_ones_are_all_shown() {
        let published = Counts { days: vec![9, 3, 40, 5, 6, 7, 8, 10, 11, 12, 13], ..counts([6, 5, 0, 7, 0]) }.published();
        assert_eq!((published.requests, published.decided, published.waiting), (Some(18), Some(11), Some(7)));
        assert_eq!((published.approved, published.refused, published.median_days), (Some(6), Some(5), Some(9.0)));
        assert_eq!(published.reasons.iter().filter(|(_, count)| *count == Some(5)).count(), 1);
        assert_eq!(median(&[4, 1, 3, 2]), Some(2.5));
        let empty = Counts::default().published();
        assert_eq!((empty.requests, empty.median_days), (Some(0), None));
    }
}
