//! Published statistics on access requests as the contract shows them.

use crate::domain::access_request::statistics::Figures;
use crate::domain::vocabulary::RejectionReason;
use crate::service::access_requests::statistics::Period;

use super::context::Context;
use super::scalars::Date;

/// Figures on one holder.
pub struct AccessStatistics {
    /// The figures.
    pub figures: Figures,
    /// First and last day.
    pub period: Period,
}

/// How many requests for access a holder got in a calendar year, and what became of them. Figures from 1 to 4 are withheld, and so is
/// every figure from which one of them could be computed. The figures are each holder's own and are no ranking: holders differ in
/// what is asked of them.
#[juniper::graphql_object(context = Context)]
impl AccessStatistics {
    /// First day of the year in which the requests were first submitted.
    fn from(&self) -> Date {
        Date(self.period.0.to_string())
    }

    /// Last day of that year.
    fn to(&self) -> Date {
        Date(self.period.1.to_string())
    }

    /// Submitted requests; one for each holding asked for.
    fn requests(&self) -> AccessFigure {
        AccessFigure(self.figures.requests)
    }

    /// Decided until now, whenever that was.
    fn decided(&self) -> AccessFigure {
        AccessFigure(self.figures.decided)
    }

    /// Approved, with or without conditions.
    fn approved(&self) -> AccessFigure {
        AccessFigure(self.figures.approved)
    }

    /// Refused.
    fn refused(&self) -> AccessFigure {
        AccessFigure(self.figures.refused)
    }

    /// Neither decided nor withdrawn now.
    fn waiting(&self) -> AccessFigure {
        AccessFigure(self.figures.waiting)
    }

    /// Median number of calendar days from the first submission to the decision in force; days on which the applicant was asked for
    /// information count. Null where fewer than five were decided.
    fn median_days(&self) -> Option<f64> {
        self.figures.median_days
    }

    /// Refusals by reason; every reason has a line.
    fn refusal_reasons(&self) -> Vec<AccessRefusalFigure> {
        self.figures.reasons.iter().map(|(reason, count)| AccessRefusalFigure { reason: *reason, count: *count }).collect()
    }
}

/// A figure.
pub struct AccessFigure(Option<u64>);

/// A figure that may be withheld.
#[juniper::graphql_object(context = Context)]
impl AccessFigure {
    /// The figure; null where it is withheld.
    fn value(&self) -> Option<i32> {
        self.0.map(|value| i32::try_from(value).unwrap_or(i32::MAX))
    }

    /// Whether it is withheld: it is from 1 to 4, or such a figure could be computed from it.
    fn is_suppressed(&self) -> bool {
        self.0.is_none()
    }
}

/// Refusals for one reason.
pub struct AccessRefusalFigure {
    reason: RejectionReason,
    count: Option<u64>,
}

/// How often requests were refused for one reason.
#[juniper::graphql_object(context = Context)]
impl AccessRefusalFigure {
    /// The reason.
    fn reason(&self) -> RejectionReason {
        self.reason
    }

    /// How often.
    fn count(&self) -> AccessFigure {
        AccessFigure(self.count)
    }
}
