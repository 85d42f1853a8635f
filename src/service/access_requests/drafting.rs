//! Writing a request: begun, for which holdings, with which answers, naming whom.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use uuid::Uuid;

use crate::domain::access_request::command::Wish;
use crate::domain::access_request::{Command, Event, MAX_PARTS, Moment, Request, decide};
use crate::domain::form::{Answers, Completeness};
use crate::domain::ids::{HoldingId, Slug};
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::one_line;
use crate::domain::vocabulary::{AgreementPurpose, EndReason, RequestCommand, RequestedData};
use crate::domain::workdays::Day;
use crate::store::{Conn, persons, requests};

use super::super::drafts::Acting;
use super::super::people::clean_email;
use super::super::{Catalogue, Error, Record, datasets, forms};
use super::{Target, by_of, calendars_for, desks, perform, perform_and, person_of, record, refused};

/// Most requests that a person begins in a day.
pub const MAX_A_DAY: usize = 10;

/// A holding that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The holding.
    pub holding: HoldingId,
    /// Aggregates or microdata.
    pub data: RequestedData,
}

/// For whom and for which kind of purpose.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The institution for which the applicant asks; one of their own.
    pub on_behalf_of: Option<Slug>,
    /// Kind of purpose.
    pub purpose: Option<AgreementPurpose>,
}

/// Begins a request. It is the applicant's alone until it is submitted.
///
/// # Errors
/// Forbidden, not found, invalid, or too many in a day.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, wanted: &[Wanted], frame: &Frame) -> Result<Request, Error> {
    check(acting.actor, Action::AccessRequest, &Subject::default())
        .map_err(|code| Error::Forbidden { code, action: Action::AccessRequest })?;
    let person = person_of(acting.actor)?;
    if wanted.len() > MAX_PARTS {
        let remedy = format!("a request asks for at most {MAX_PARTS} holdings; begin another one for the others");
        return Err(Error::Invalid(vec![Problem::new("holdings", wanted.len(), remedy)]));
    }
    let wishes = wishes(catalogue, acting, wanted)?;
    check_frame(acting, frame.on_behalf_of.as_ref())?;
    catalogue.db.write(|conn, ledger| {
        throttle(conn, person, acting.now)?;
        let mut request = Request { id: Uuid::now_v7(), applicant: person, ..Request::default() };
        let by = by_of(acting.actor);
        let framed = Command::Frame { on_behalf_of: frame.on_behalf_of.clone(), purpose: frame.purpose };
        let mut commands = vec![Command::Create, framed];
        for wish in wishes {
            commands.push(Command::AddPart(in_force(conn, wish)?));
        }
        for command in commands {
            let calendars = calendars_for(conn, &request)?;
            let moment = Moment { now: acting.now, calendars: &calendars };
            let happenings = decide(&request, &by, &command, &moment).map_err(|refusal| refused(refusal, &request.id.to_string()))?;
            record(conn, ledger, acting.actor, acting.now, &mut request, happenings, &calendars)?;
        }
        Ok(request)
    })
}

fn throttle(conn: &mut Conn, person: Uuid, now: i64) -> Result<(), Error> {
    let name = format!("access-request:{person}");
    let before = persons::attempts_since(conn, &name, now - 86_400_000)?;
    if before.len() >= MAX_A_DAY {
        let remedy = format!("at most {MAX_A_DAY} requests are begun in a day, and {} were; complete one of them, or wait", before.len());
        return Err(Error::Invalid(vec![Problem::new("holdings", "", remedy)]));
    }
    Ok(persons::insert_attempt(conn, &Uuid::now_v7().to_string(), &name, now)?)
}

/// Nobody asks in the name of an institution that is not theirs.
///
/// # Errors
/// The person has no role in it.
pub fn check_frame(acting: Acting<'_>, on_behalf_of: Option<&Slug>) -> Result<(), Error> {
    match on_behalf_of {
        Some(slug) if !acting.actor.institutions().contains(&slug) => {
            let remedy = "you have no role in this institution; ask for yourself, or let it invite you first";
            Err(Error::Invalid(vec![Problem::new("onBehalfOf", slug, remedy)]))
        }
        _ => Ok(()),
    }
}

/// Looks up holdings that the applicant may see and that can be asked for here, all at once.
fn wishes(catalogue: &Catalogue, acting: Acting<'_>, wanted: &[Wanted]) -> Result<Vec<Wish>, Error> {
    let ids: Vec<HoldingId> = wanted.iter().map(|wanted| wanted.holding).collect();
    let records = datasets::by_holdings(catalogue, acting.actor, &ids)?;
    let held = records.values().flat_map(|record| record.holdings()).filter(|(id, _)| ids.contains(id));
    let mut slugs: Vec<String> = held.map(|(_, holding)| holding.institution.to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let desks = desks::of_institutions(catalogue, &slugs)?;
    wanted.iter().map(|wanted| wish(acting, *wanted, records.get(&wanted.holding).map(|record| &**record), &desks)).collect()
}

fn wish(acting: Acting<'_>, wanted: Wanted, record: Option<&Record>, desks: &HashMap<String, desks::Desks>) -> Result<Wish, Error> {
    let absent = || Error::NotFound(format!("holding `{}`", wanted.holding));
    let record = record.ok_or_else(absent)?;
    let reasons = desks::refusals(acting.actor, record, wanted.holding.0, desks);
    if let Some(reason) = reasons.first() {
        return Err(Error::Forbidden { code: *reason, action: Action::AccessRequest });
    }
    desks::can_ask(record, wanted.holding.0, wanted.data)
        .map_err(|remedy| Error::Invalid(vec![Problem::new("data", crate::domain::vocabulary::Vocabulary::code(wanted.data), remedy)]))?;
    let (_, holding) = record.holdings().find(|(id, _)| *id == wanted.holding).ok_or_else(absent)?;
    Ok(Wish {
        institution: holding.institution.clone(),
        dataset: record.id.0,
        holding: wanted.holding.0,
        data: wanted.data,
        form: String::new(),
        form_version: 0,
    })
}

/// The wish with the form that is in force now.
fn in_force(conn: &mut Conn, wish: Wish) -> Result<Wish, Error> {
    let form = forms::in_force(conn, &wish.institution, HoldingId(wish.holding))?;
    Ok(Wish { form: form.id, form_version: form.version, ..wish })
}

/// Asks for a further holding.
///
/// # Errors
/// As [`create`].
pub fn add_part(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, wanted: Wanted) -> Result<Request, Error> {
    person_of(acting.actor)?;
    let wish = wishes(catalogue, acting, &[wanted])?.pop().ok_or_else(|| Error::NotFound(format!("holding `{}`", wanted.holding)))?;
    perform(catalogue, acting, target, (RequestCommand::Save, None), |conn, _| Ok(Command::AddPart(in_force(conn, wish)?)))
}

/// Takes a holding out.
///
/// # Errors
/// Not found, forbidden, or submitted already.
pub fn remove_part(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, part: u32) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::Save, Some(part)), |_, _| Ok(Command::RemovePart(part)))
}

/// Says for whom and for which kind of purpose the data are wanted.
///
/// # Errors
/// Not found, forbidden, or not an institution of the applicant.
pub fn frame(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, frame: &Frame) -> Result<Request, Error> {
    check_frame(acting, frame.on_behalf_of.as_ref())?;
    perform(catalogue, acting, target, (RequestCommand::Save, None), |_, _| {
        Ok(Command::Frame { on_behalf_of: frame.on_behalf_of.clone(), purpose: frame.purpose })
    })
}

/// Writes answers: those given take the place of earlier ones, null takes one out. They may be incomplete, but not of the wrong kind.
///
/// # Errors
/// Not found, forbidden, invalid (every problem named), or written by another since.
pub fn save(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, given: &Answers) -> Result<Request, Error> {
    perform(catalogue, acting, target, (RequestCommand::Save, None), |conn, request| {
        let mut answers = present_answers(conn, request)?;
        for (key, value) in given {
            if value.is_null() {
                answers.remove(key);
            } else {
                answers.insert(key.clone(), value.clone());
            }
        }
        let problems = problems(catalogue, conn, request, &answers, Completeness::Partial, acting.now)?;
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        Ok(Command::SaveAnswers(serde_json::to_value(&answers)?))
    })
}

/// The answers as last written.
///
/// # Errors
/// A statement failed.
pub fn present_answers(conn: &mut Conn, request: &Request) -> Result<Answers, Error> {
    answers_of(conn, request.answers.as_deref())
}

/// The answers kept under a hash.
///
/// # Errors
/// A statement failed.
pub fn answers_of(conn: &mut Conn, hash: Option<&str>) -> Result<Answers, Error> {
    let index = index_of(conn, hash)?;
    let hashes: Vec<String> = index.values().cloned().collect();
    let rows = requests::contents(conn, &hashes)?;
    let mut answers = Answers::new();
    for (key, hash) in index {
        if let Some(row) = rows.iter().find(|row| row.hash == hash) {
            answers.insert(key, serde_json::from_str(&row.doc)?);
        }
    }
    Ok(answers)
}

/// Under which hash each answer is kept.
///
/// # Errors
/// A statement failed.
pub fn index_of(conn: &mut Conn, hash: Option<&str>) -> Result<BTreeMap<String, String>, Error> {
    let Some(hash) = hash else { return Ok(BTreeMap::new()) };
    let row = requests::content_kept_or_not(conn, hash)?
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("the answers kept under {hash} are missing")))?;
    if row.erased_at.is_some() {
        return Ok(BTreeMap::new());
    }
    Ok(serde_json::from_str(&row.doc)?)
}

/// The indexes kept under these hashes, in no order; those that were erased are left out.
fn indexes_of(conn: &mut Conn, hashes: &[String]) -> Result<Vec<BTreeMap<String, String>>, Error> {
    requests::contents(conn, hashes)?.iter().map(|row| Ok(serde_json::from_str(&row.doc)?)).collect()
}

/// Erases what a draft said before it was written anew: the catalogue keeps what was submitted, and the last draft.
///
/// # Errors
/// A statement failed.
pub fn forget_draft(conn: &mut Conn, request: &Request, present: &BTreeMap<String, String>, now: i64) -> Result<(), Error> {
    let submitted: Vec<String> = request.parts.iter().filter_map(|part| part.answers.clone()).collect();
    let Some(draft) = request.answers.clone().filter(|hash| !submitted.contains(hash)) else { return Ok(()) };
    let before = index_of(conn, Some(&draft))?;
    let kept: Vec<BTreeMap<String, String>> = if submitted.is_empty() { Vec::new() } else { indexes_of(conn, &submitted)? };
    let is_kept = |hash: &String| kept.iter().chain([present]).any(|index| index.values().any(|known| known == hash));
    let mut gone: Vec<String> = before.into_values().filter(|hash| !is_kept(hash)).collect();
    gone.push(draft);
    Ok(requests::erase_contents(conn, &gone, now)?)
}

/// Erases every wording of answers that was ever kept for the questions.
///
/// # Errors
/// A statement failed.
pub fn erase_answers(conn: &mut Conn, request: &Request, keys: &[String], now: i64) -> Result<(), Error> {
    let events = super::events(conn, &request.id.to_string())?;
    let saved = events.into_iter().filter(|recorded| recorded.event == crate::domain::access_request::Event::AnswersSaved);
    let saved: Vec<String> = saved.filter_map(|recorded| recorded.content).collect();
    let mut hashes = Vec::new();
    for index in indexes_of(conn, &saved)? {
        hashes.extend(index.into_iter().filter(|(key, _)| keys.contains(key)).map(|(_, hash)| hash));
    }
    hashes.sort_unstable();
    hashes.dedup();
    Ok(requests::erase_contents(conn, &hashes, now)?)
}

/// Answers with what the request itself says of a part.
pub fn with_data(answers: &Answers, data: RequestedData) -> Answers {
    let mut all = answers.clone();
    all.insert(crate::domain::form::REQUESTED_DATA.to_owned(), json!(data));
    all
}

/// What is wrong with the answers, by the forms of all parts. A question that two forms ask is answered, and complained of, once.
///
/// # Errors
/// A statement failed.
pub fn problems(
    catalogue: &Catalogue,
    conn: &mut Conn,
    request: &Request,
    answers: &Answers,
    completeness: Completeness,
    now: i64,
) -> Result<Vec<Problem>, Error> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for part in &request.parts {
        let version = forms::by_version(conn, &part.form, part.form_version)?;
        known.extend(version.form.questions.iter().map(|question| question.key.clone()));
        // What another holder has before it stays answered, and is not asked again.
        if !is_open(part) {
            continue;
        }
        let own: Answers =
            answers.iter().filter(|(key, _)| version.form.question(key).is_some()).map(|(k, v)| (k.clone(), v.clone())).collect();
        let found = version.form.check(&with_data(&own, part.data), completeness, Day::of(now).0, &catalogue.concepts);
        for problem in found {
            let problem = Problem { field: place_of(&version.form, &problem.field), ..problem };
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    // An answer that was given before its holding was taken out, or its question, asks nobody for anything: it is left out at submission.
    let before = index_of(conn, request.answers.as_deref())?;
    let is_foreign = |key: &&String| !request.parts.is_empty() && !known.contains(*key) && !before.contains_key(*key);
    for key in answers.keys().filter(is_foreign) {
        problems.push(Problem::new(place_of_key(key, ""), "", "no form of the holders asked has such a question; leave it out"));
    }
    Ok(problems)
}

/// Where a fault of an answer is: a key that has a dot is one step of the path.
fn place_of(form: &crate::domain::form::Form, field: &str) -> String {
    let is_of = |key: &&str| field.strip_prefix(*key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let key = form.questions.iter().map(|question| question.key.as_str()).filter(is_of).max_by_key(|key| key.len());
    key.map_or_else(|| format!("answers.{field}"), |key| place_of_key(key, &field[key.len()..]))
}

fn place_of_key(key: &str, rest: &str) -> String {
    if key.contains('.') { format!("answers[{key}]{rest}") } else { format!("answers.{key}{rest}") }
}

/// Whether a part can still be written.
pub fn is_open(part: &crate::domain::access_request::Part) -> bool {
    use crate::domain::vocabulary::RequestState;
    matches!(part.state, RequestState::Draft | RequestState::Returned)
}

/// Names a member by name and e-mail address. Whether the address has an account is not told.
///
/// # Errors
/// Not found, forbidden, or invalid.
pub fn add_member(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, name: &str, email: &str) -> Result<Request, Error> {
    let email = clean_email(email)?;
    let name = one_line(name, 200).map_err(|remedy| Error::Invalid(vec![Problem::new("name", "", remedy)]))?;
    person_of(acting.actor)?;
    perform(catalogue, acting, target, (RequestCommand::AddMember, None), |conn, request| {
        if requests::awaited_in(conn, target.id)?.iter().any(|(_, known)| *known == email) {
            // In the same words, with the same value, as of somebody who has an account: the answer tells nobody who has one.
            return Err(Error::Invalid(vec![Problem::new("email", "", "this person is named already")]));
        }
        let known = persons::by_email(conn, &email)?.filter(|row| row.disabled_at.is_none());
        let person = known.map(|row| super::super::catalogue::read_id(&row.id)).transpose()?;
        if person.is_none() {
            let number = request.members.iter().map(|member| member.number).max().unwrap_or(0) + 1;
            requests::await_member(conn, target.id, number.into(), &email)?;
        }
        Ok(Command::AddMember { person, who: json!({ "name": name, "email": email }) })
    })
}

/// Takes a member out, or leaves.
///
/// # Errors
/// Not found or forbidden.
pub fn remove_member(catalogue: &Catalogue, acting: Acting<'_>, target: Target<'_>, member: u32) -> Result<Request, Error> {
    let command = |conn: &mut Conn, _: &Request| {
        // Who is taken out before making an account is not invited any more, and the address is kept no longer.
        for (_, email) in requests::awaited_in(conn, target.id)?.iter().filter(|(number, _)| *number == i64::from(member)) {
            super::handling::forget_invited(conn, target.id, member.into(), email)?;
        }
        requests::stop_awaiting(conn, target.id, member.into())?;
        Ok(Command::RemoveMember { member, reason: EndReason::MembershipEnded })
    };
    perform_and(catalogue, acting, target, (RequestCommand::RemoveMember, None), command, |conn, ledger, request| {
        // Whom no holder ever had before it, nobody needs to know of.
        if request.parts.iter().any(|part| part.members.contains(&member)) {
            return Ok(());
        }
        ledger.erases();
        let is_naming = |event: &Event| matches!(event, Event::MemberAdded { member: named, .. } if *named == member);
        let named = super::events(conn, target.id)?.into_iter().filter(|recorded| is_naming(&recorded.event));
        let hashes: Vec<String> = named.filter_map(|recorded| recorded.content).collect();
        Ok(requests::erase_contents(conn, &hashes, acting.now)?)
    })
}
