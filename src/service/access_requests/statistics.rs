//! What anyone may know of a holder's work on requests, by calendar year, with a minimum count. Holders are not ranked.

use std::collections::HashMap;

use crate::domain::access_request::statistics::{Counts, Figures, median};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RejectionReason, RequestOutcome, RequestState, Vocabulary};
use crate::domain::workdays::{DAY_MS, Day};
use crate::store::access_queue::{self, CountedRow};

use super::super::{Catalogue, Error};

/// First and last day of the period on which figures are published.
pub type Period = (Day, Day);

/// The period that is meant: one calendar year, the present one where left out. Periods that overlap would let small numbers be
/// computed from the difference of two.
///
/// # Errors
/// The days are not those of one calendar year.
pub fn period(from: Option<&str>, to: Option<&str>, today: Day) -> Result<Period, Error> {
    let year_of = |text: &str| text.get(..4).map(str::to_owned);
    let wanted = match (from, to) {
        (None, None) => year_of(&today.to_string()),
        (Some(from), Some(to)) => year_of(from).filter(|year| from == format!("{year}-01-01") && to == format!("{year}-12-31")),
        _ => None,
    };
    let days = wanted.and_then(|year| Some((Day::parse(&format!("{year}-01-01")).ok()?, Day::parse(&format!("{year}-12-31")).ok()?)));
    days.ok_or_else(|| {
        let given = format!("{} to {}", from.unwrap_or("-"), to.unwrap_or("-"));
        let remedy = "statistics are published by calendar year, so that small numbers cannot be computed from periods that overlap; \
                      give 1 January and 31 December of one year, or neither for the present year";
        Error::Invalid(vec![Problem::new("from", given, remedy)])
    })
}

/// Figures on the requests first submitted to institutions in a period, by institution, in one statement.
///
/// # Errors
/// The database is unavailable.
pub fn of_institutions(catalogue: &Catalogue, institutions: &[String], (from, to): Period) -> Result<HashMap<String, Figures>, Error> {
    let (start, end) = (from.0.saturating_mul(DAY_MS), to.end());
    let rows = catalogue.db.read(|conn| access_queue::of_holders(conn, institutions, start, end))?;
    let of = |slug: &String| (slug.clone(), count(rows.iter().filter(|row| row.institution == *slug)).published());
    Ok(institutions.iter().map(of).collect())
}

/// Median of the days from submission to decision, over those institutions and periods whose figures are published: what is withheld does
/// not enter it, so that nothing can be computed from it.
///
/// # Errors
/// The database is unavailable.
pub fn median_days(catalogue: &Catalogue, institutions: &[String], periods: &[Period]) -> Result<Option<f64>, Error> {
    let mut days = Vec::new();
    for (from, to) in periods {
        let (start, end) = (from.0.saturating_mul(DAY_MS), to.end());
        let rows = catalogue.db.read(|conn| access_queue::of_holders(conn, institutions, start, end))?;
        let mut held: HashMap<&str, Vec<&CountedRow>> = HashMap::new();
        for row in &rows {
            held.entry(row.institution.as_str()).or_default().push(row);
        }
        let counts = held.into_values().map(count);
        days.extend(counts.filter(|counts| counts.published().median_days.is_some()).flat_map(|counts| counts.days));
    }
    Ok(median(&days))
}

fn count<'r>(rows: impl IntoIterator<Item = &'r CountedRow>) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        match row.outcome.as_deref().map(RequestOutcome::parse) {
            Some(Some(RequestOutcome::Rejected)) => {
                let reason = row.reason.as_deref().and_then(RejectionReason::parse).unwrap_or(RejectionReason::Other);
                counts.refused.push((reason, 1));
            }
            Some(_) => counts.approved += 1,
            None if RequestState::parse(&row.state) == Some(RequestState::Withdrawn) => counts.withdrawn += 1,
            None => counts.waiting += 1,
        }
        if let (Some(submitted), Some(decided), Some(_)) = (row.submitted_at, row.decided_at, &row.outcome) {
            counts.days.push(Day::of(decided).0 - Day::of(submitted).0);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_calendar_years_are_told_of() {
        let today = Day::parse("2026-11-28").expect("day");
        let days = |from, to| period(from, to, today).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(days(None, None).expect("period"), "2026-01-01 2026-12-31");
        assert_eq!(days(Some("2024-01-01"), Some("2024-12-31")).expect("period"), "2024-01-01 2024-12-31");
        for (from, to) in [("2024-01-01", "2025-12-31"), ("2024-01-02", "2024-12-31"), ("2024-01-01", "2024-06-30"), ("éé", "x")] {
            assert!(days(Some(from), Some(to)).is_err(), "{from} {to}");
        }
        assert!(days(Some("2024-01-01"), None).is_err());
    }
}
