//! Submitting: the forms are checked whole, each holder's terms are taken down, and standing rules are tried.

use serde_json::json;
use uuid::Uuid;

use crate::domain::access_request::command::{AppliedRule, Filing};
use crate::domain::access_request::desk::{Asked, Desk, RuleEffect, Ruling, StandingRule};
use crate::domain::access_request::{Command, DeskTerms, Part, Request};
use crate::domain::dataset::Dataset;
use crate::domain::form::{Answers, Completeness};
use crate::domain::ids::hex;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{AccessLevel, RefusalCode, RejectionReason, RequestCommand, RequestOutcome, RequestedData, Vocabulary};
use crate::domain::workdays::Day;
use crate::store::{Conn, datasets, persons};
use sha2::{Digest, Sha256};

use super::super::catalogue::records_within;
use super::super::drafts::Acting;
use super::super::people::Voice;
use super::super::{Catalogue, Error, forms};
use super::drafting::{check_frame, is_open, present_answers, problems, with_data};
use super::{Target, desks, leaving, perform, perform_and};

/// Days of a month of standing terms.
const MONTH_DAYS: i64 = 31;

/// SHA-256 of a text that people accept.
pub fn text_hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Submits the parts that are being written. The standing terms that the applicant accepts are named by their hashes.
///
/// # Errors
/// Not found, forbidden, invalid (every problem named), or written by another since.
pub fn submit(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    voice: Voice<'_>,
    target: Target<'_>,
    accepted: &[String],
) -> Result<Request, Error> {
    let command = |conn: &mut Conn, request: &Request| {
        // The role in whose name it was begun may have ended since.
        check_frame(acting, request.on_behalf_of.as_ref())?;
        let answers = present_answers(conn, request)?;
        let mut found = problems(catalogue, conn, request, &answers, Completeness::Full, acting.now)?;
        found.extend(outdated_forms(conn, request)?);
        found.extend(still_open(conn, acting, request)?);
        if !found.is_empty() {
            return Err(Error::Invalid(found));
        }
        let mut filings = Vec::new();
        for part in request.parts.iter().filter(|part| is_open(part)) {
            filings.push(filing(conn, request, part, accepted, acting.now)?);
        }
        let kept = asked_answers(conn, request, &answers)?;
        let pruned = (kept != answers).then(|| serde_json::to_value(&kept)).transpose()?;
        Ok(Command::Submit(filings, pruned))
    };
    perform_and(catalogue, acting, target, (RequestCommand::Submit, None), command, |conn, ledger, request| {
        super::handling::invite_members(conn, ledger, acting, voice, request)
    })
}

/// The answers without those that no question of any holder asks, as where a condition was answered otherwise later: nobody would read
/// them.
fn asked_answers(conn: &mut Conn, request: &Request, answers: &Answers) -> Result<Answers, Error> {
    let mut kept = Answers::new();
    for part in &request.parts {
        let form = forms::by_version(conn, &part.form, part.form_version)?.form;
        let asked = form.asked_answers(&with_data(answers, part.data));
        kept.extend(asked.into_iter().filter(|(key, _)| answers.contains_key(key)));
    }
    Ok(kept)
}

/// A holder may have published another form since the request was begun. What is submitted answers the form in force.
fn outdated_forms(conn: &mut Conn, request: &Request) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    for part in request.parts.iter().filter(|part| is_open(part) && part.submitted_at.is_none()) {
        let present = forms::in_force(conn, &part.institution, crate::domain::ids::HoldingId(part.holding))?;
        if (present.id.as_str(), present.version) != (part.form.as_str(), part.form_version) {
            let remedy = "the holder has published another version of its form; take it over with `accessRequestFormRenew`, then submit";
            problems.push(Problem::new(format!("parts[{}].form", part.number), part.form_version, remedy));
        }
    }
    Ok(problems)
}

/// A desk may have been closed, or a record retired, since the request was begun.
fn still_open(conn: &mut Conn, acting: Acting<'_>, request: &Request) -> Result<Vec<Problem>, Error> {
    let parts: Vec<&Part> = request.parts.iter().filter(|part| is_open(part) && part.submitted_at.is_none()).collect();
    let ids: Vec<Uuid> = parts.iter().map(|part| part.dataset).collect();
    let slugs: Vec<String> = parts.iter().map(|part| part.institution.to_string()).collect();
    let (records, desks) = (records_within(conn, acting.actor, &ids)?, desks::within(conn, &slugs)?);
    let mut problems = Vec::new();
    for part in parts {
        let reasons = match records.get(&part.dataset) {
            Some(record) => desks::refusals(acting.actor, record, part.holding, &desks),
            None => vec![RefusalCode::OutsideCatalogue],
        };
        if let Some(reason) = reasons.first() {
            problems.push(Problem::new(format!("parts[{}]", part.number), "", format!("{}; take it out", reason.labels()[0])));
        }
    }
    Ok(problems)
}

/// Takes the present version of the holder's form over.
///
/// # Errors
/// Not found or forbidden.
pub fn renew_form(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, number: u32) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::Save, Some(number)), |conn, request| {
        let part = request.part(number).ok_or_else(|| super::unknown(target.id))?;
        let form = forms::in_force(conn, &part.institution, crate::domain::ids::HoldingId(part.holding))?;
        Ok(Command::RenewForm { part: number, form: form.id, form_version: form.version })
    })
}

fn filing(conn: &mut Conn, request: &Request, part: &Part, accepted: &[String], now: i64) -> Result<Filing, Error> {
    let desk = desks::in_force(conn, part.institution.as_str(), &part.holding.to_string())?;
    let terms = desk.standing.as_ref().map(|standing| (standing, text_of(&standing.text)));
    let hash = terms.as_ref().map(|(_, text)| text_hash(text));
    let accepted_terms = hash.clone().filter(|hash| accepted.contains(hash));
    let users = users_of(conn, request)?;
    let asked = Asked {
        data: part.data,
        level: level_of(conn, part)?,
        users: &users,
        has_unknown: request.users().any(|person| person.is_none()),
        has_signed_terms: accepted_terms.is_some(),
        today: Day::of(now),
    };
    let (rule, concern) = match desk.ruling(&asked) {
        Ruling::Decides(rule) => (Some(applied(&desk, rule, now)), None),
        Ruling::Concerns(rule) => (None, Some(json!({ "text": format!("{}: {}", rule.name, text_of(&rule.reason)) }))),
        Ruling::Silent => (None, None),
    };
    let form = forms::by_version(conn, &part.form, part.form_version)?.form;
    let keeps = form.questions.iter().map(|question| (question.key.clone(), question.keep_months.min(form.retention_months))).collect();
    let terms = DeskTerms { retention_months: form.retention_months, ..desk.terms };
    let absent = leaving::absent(conn, &part.institution, &terms)?;
    Ok(Filing { part: part.number, desk: terms, accepted_terms, keeps, rule, concern, absent })
}

/// The applicant first, then the members who are known, each with the institutions in which they have a role.
fn users_of(conn: &mut Conn, request: &Request) -> Result<Vec<(Uuid, Vec<String>)>, Error> {
    request.users().flatten().map(|person| Ok((person, institutions_of(conn, person)?))).collect()
}

/// The level that the holding's own terms give to what is asked for.
fn level_of(conn: &mut Conn, part: &Part) -> Result<Option<AccessLevel>, Error> {
    let Some(row) = datasets::by_ids(conn, &[part.dataset.to_string()])?.pop() else { return Ok(None) };
    let holdings = datasets::holdings_of(conn, std::slice::from_ref(&row.id))?;
    let Some(held) = holdings.iter().find(|held| held.id == part.holding.to_string()) else { return Ok(None) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let place = usize::try_from(held.position).map_err(|e| Error::Internal(e.into()))?;
    Ok(dataset.holdings.get(place).map(|holding| match part.data {
        RequestedData::Aggregates => holding.access_terms.aggregates,
        RequestedData::Microdata => holding.access_terms.microdata,
    }))
}

/// Institutions in which a person has a role.
///
/// # Errors
/// A statement failed.
pub fn institutions_of(conn: &mut Conn, person: Uuid) -> Result<Vec<String>, Error> {
    let rows = persons::memberships_of(conn, &person.to_string())?;
    Ok(rows.into_iter().map(|row| row.institution).filter(|slug| !slug.is_empty()).collect())
}

/// All languages of a text, one after the other, as one text that is accepted.
pub fn text_of(text: &crate::domain::text::MultilingualText) -> String {
    let parts: Vec<&str> = text.iter().map(|(_, wording)| wording.text.as_str()).collect();
    parts.join("\n\n")
}

fn applied(desk: &Desk, rule: &StandingRule, now: i64) -> AppliedRule {
    let is_approval = rule.effect == RuleEffect::Approve;
    let terms = desk.standing.as_ref().filter(|_| is_approval).map(|standing| {
        let text = text_of(&standing.text);
        let hash = text_hash(&text);
        (json!({ "text": text }), hash, Day::of(now).plus(i64::from(standing.months) * MONTH_DAYS))
    });
    AppliedRule {
        name: rule.name.clone(),
        text: json!({ "text": text_of(&rule.reason) }),
        outcome: if is_approval { RequestOutcome::Approved } else { RequestOutcome::Rejected },
        reason: (!is_approval).then_some(rule.rejection.unwrap_or(RejectionReason::Other)),
        terms,
    }
}
