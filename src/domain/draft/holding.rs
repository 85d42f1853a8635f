//! The rules of a holding.

use super::super::holding::Holding;
use super::super::problem::Problem;
use super::super::time::PartialDate;
use super::super::vocabulary::RequestChannel;
use super::address::check_url;

/// Problems of a holding by itself.
pub fn holding_problems(holding: &Holding) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_holding("holding", holding, &mut problems);
    problems
}

/// Adds what is wrong with a holding that stands in a field.
pub(super) fn check_holding(field: &str, holding: &Holding, problems: &mut Vec<Problem>) {
    let terms = &holding.access_terms;
    if let Some(url) = &terms.channel_url {
        check_url(&format!("{field}.accessTerms.channelUrl"), url, problems);
    } else if terms.channel == RequestChannel::Url {
        problems.push(Problem::new(
            format!("{field}.accessTerms.channelUrl"),
            "",
            "the channel is URL but no address is given; add `channelUrl`",
        ));
    }
    if let Some(licence) = &terms.licence {
        check_url(&format!("{field}.accessTerms.licence"), licence, problems);
    }
    if let Some(days) = terms.expected_days.filter(|days| *days < 0) {
        problems.push(Problem::new(
            format!("{field}.accessTerms.expectedDays"),
            days,
            "days cannot be negative; leave it out where it is not known",
        ));
    }
    if let Some(date) = &terms.embargo_until
        && !PartialDate::parse(date).is_ok_and(|d| d.day.is_some() && d.qualifier.is_none())
    {
        problems.push(Problem::new(format!("{field}.accessTerms.embargoUntil"), date, "is not a day; use YYYY-MM-DD"));
    }
    for (index, distribution) in holding.distributions.iter().enumerate() {
        check_url(&format!("{field}.distributions[{index}].url"), &distribution.url, problems);
    }
}
