//! Access desks as the contract shows them, and what applicants may know of them.

use juniper::{FieldResult, ID};

use crate::domain::access_request::desk::{RuleEffect, StandingRule};
use crate::domain::ids::HoldingId;
use crate::domain::vocabulary::{AccessLevel, RejectionReason, RequestedData};
use crate::service::access_requests::desks::Known;
use crate::service::access_requests::filing::{text_hash, text_of};

use super::context::Context;
use super::institution::Institution;
use super::node::NodeId;
use super::prefetch;
use super::scalars::{Date, LanguageTag};
use super::text::{Lang, LocalizedString, all, words};

/// A desk.
pub struct AccessDesk {
    /// The desk with its revision.
    pub known: Known,
    /// Language of the answer.
    pub lang: Lang,
}

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// How a holder handles requests for its data: by its access officers, for them.
#[juniper::graphql_object(context = Context)]
impl AccessDesk {
    /// Revision; 0 where nothing was set.
    fn revision(&self) -> i32 {
        i32::try_from(self.known.revision).unwrap_or(i32::MAX)
    }

    /// The institution whose desk it is.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, self.known.institution.as_str(), &self.lang)
    }

    /// The one holding that it is for; null for all that have no desk of their own.
    fn holding(&self) -> Option<ID> {
        self.known.holding.map(|id| NodeId::Holding(HoldingId(id)).encode())
    }

    /// Whether requests can be made in the catalogue.
    fn is_open(&self) -> bool {
        self.known.desk.is_open
    }

    /// How long the holder takes for each step, as it says itself.
    fn service_times(&self) -> AccessServiceTimes {
        AccessServiceTimes(self.known.desk.terms.clone())
    }

    /// Number of persons named to decide; 0 where any access officer does.
    fn deciders(&self) -> i32 {
        i32::try_from(self.known.desk.terms.deciders.len()).unwrap_or(i32::MAX)
    }

    /// Number of persons named to advise on data protection in every request.
    fn advisers(&self) -> i32 {
        i32::try_from(self.known.desk.terms.advisers.len()).unwrap_or(i32::MAX)
    }

    /// Number of persons named to be told when nobody has answered in time.
    fn deputies(&self) -> i32 {
        i32::try_from(self.known.desk.terms.deputies.len()).unwrap_or(i32::MAX)
    }

    /// Number of those named who have no role in the institution and act all the same.
    fn outsiders(&self) -> i32 {
        i32::try_from(self.known.desk.terms.outsiders.len()).unwrap_or(i32::MAX)
    }

    /// Votes that must agree.
    fn quorum(&self) -> i32 {
        number(self.known.desk.terms.quorum)
    }

    /// Standing terms of use.
    fn standing_terms(&self) -> Option<AccessStandingTerms> {
        self.known.desk.standing.clone().map(|terms| AccessStandingTerms { terms, lang: self.lang.clone() })
    }

    /// Rules by which requests are decided at submission without a person; each application is shown as such.
    fn rules(&self) -> Vec<AccessRule> {
        self.known.desk.rules.iter().map(|rule| AccessRule { rule: rule.clone(), lang: self.lang.clone() }).collect()
    }
}

/// Service times of a holder.
pub struct AccessServiceTimes(pub crate::domain::access_request::DeskTerms);

/// How long a holder takes, as it says itself.
#[juniper::graphql_object(context = Context)]
impl AccessServiceTimes {
    /// Working days for the check of completeness.
    fn completeness_days(&self) -> i32 {
        number(self.0.completeness_days)
    }

    /// Working days for the decision, once a request is complete.
    fn decision_days(&self) -> i32 {
        number(self.0.decision_days)
    }

    /// Working days for everyone to accept the undertaking.
    fn acceptance_days(&self) -> i32 {
        number(self.0.acceptance_days)
    }

    /// Days in which a decision may be appealed; 0 where there is no appeal.
    fn appeal_days(&self) -> i32 {
        number(self.0.appeal_days)
    }

    /// Days before the end at which a renewal is offered.
    fn renewal_notice_days(&self) -> i32 {
        number(self.0.renewal_notice_days)
    }

    /// Days after the end in which the destruction of the data is to be declared.
    fn destruction_days(&self) -> i32 {
        number(self.0.destruction_days)
    }
}

/// Standing terms of use.
pub struct AccessStandingTerms {
    /// The terms.
    pub terms: crate::domain::access_request::desk::StandingTerms,
    /// Language of the answer.
    pub lang: Lang,
}

/// Terms of use that an applicant may accept when submitting; a standing rule of the holder may then approve at once.
#[juniper::graphql_object(context = Context)]
impl AccessStandingTerms {
    /// What the applicant accepts, in the language of the answer. The hash covers all languages: read `texts` before you accept.
    fn text(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.terms.text, language, &self.lang, None)
    }

    /// The text in all its languages.
    fn texts(&self) -> Vec<LocalizedString> {
        all(&self.terms.text)
    }

    /// Hash by which they are accepted (`acceptedTerms`); it covers all languages.
    fn hash(&self) -> String {
        text_hash(&text_of(&self.terms.text))
    }

    /// Months of use.
    fn months(&self) -> i32 {
        number(self.terms.months)
    }
}

/// A standing rule.
pub struct AccessRule {
    rule: StandingRule,
    lang: Lang,
}

/// A standing rule of a holder, tried at submission. Each application of it is visible as such.
#[juniper::graphql_object(context = Context)]
impl AccessRule {
    /// Short name of the rule, shown with each decision that it has made.
    fn name(&self) -> &str {
        &self.rule.name
    }

    /// Why it is there.
    fn reason(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.rule.reason, language, &self.lang, None)
    }

    /// What it does.
    fn effect(&self) -> RuleEffect {
        self.rule.effect
    }

    /// What was asked for; both where null.
    fn data(&self) -> Option<RequestedData> {
        self.rule.data
    }

    /// Levels that the holding's own terms must give to what is asked for; empty for any.
    fn levels(&self) -> &[AccessLevel] {
        &self.rule.levels
    }

    /// Whether the standing terms must have been accepted.
    fn needs_signed_terms(&self) -> bool {
        self.rule.needs_signed_terms
    }

    /// Number of persons that it is for; 0 for anyone.
    fn persons(&self) -> i32 {
        i32::try_from(self.rule.persons.len()).unwrap_or(i32::MAX)
    }

    /// Short names of the institutions whose people it is for; empty for anyone.
    fn institutions(&self) -> &[String] {
        &self.rule.institutions
    }

    /// Reason code of a refusal.
    fn rejection(&self) -> Option<RejectionReason> {
        self.rule.rejection
    }

    /// Last day on which it applies.
    fn until(&self) -> Option<Date> {
        self.rule.until.map(|day| Date(day.to_string()))
    }
}
