//! From the day that was planned to the day that came, release by release. It is told of a dataset, and of nothing and nobody else.

use super::Dates;

/// A release that was told as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// When it was first planned.
    pub first_planned: Dates,
    /// When it was planned last.
    pub last_planned: Dates,
    /// When it was released.
    pub actual: Dates,
}

/// Days from one date to another; none where one of them is not known to the day.
pub fn days_between(planned: &Dates, actual: &Dates) -> Option<i64> {
    Some(actual.exact_day()? - planned.exact_day()?)
}

/// The value in the middle; of an even number, the mean of the two in the middle. None of nothing.
pub fn median(mut days: Vec<i64>) -> Option<f64> {
    days.sort_unstable();
    let middle = days.len() / 2;
    let upper = *days.get(middle)? as f64;
    if days.len() % 2 == 1 { Some(upper) } else { Some((*days.get(middle - 1)? as f64 + upper) / 2.0) }
}
