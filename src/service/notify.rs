//! Who is told of a change: notices follow the change log by its sequence number, at least once and in order.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::policy::{self, Actor, Sight};
use crate::domain::text::{MultilingualText, is_foreign_control};
use crate::domain::vocabulary::{NoticeDay, NoticeKind, Role, Vocabulary};
use crate::domain::workdays::Day;
use crate::store::changes::{self, Change};
use crate::store::datasets::DatasetRow;
use crate::store::db::apart;
use crate::store::outbox::{self, NoticeRow};
use crate::store::{Conn, copies, datasets, persons};

use super::catalogue::is_own;
use super::drafts::Draft;
use super::{Catalogue, Error};

mod access;
mod audience;
mod holders;
mod naming;
mod read;
mod registers;
mod requests;

pub(in crate::service) use naming::in_each;
pub use read::{mark_read, of_person, title_in, unread, who_in};
pub use registers::note_outdated;
pub use requests::{answer_gone, day_passed};

/// Name of the follower.
const FOLLOWER: &str = "notices";
const PAGE: i64 = 200;
/// Languages in which notices are read.
const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];
/// Longest title of a notice, in characters.
const MAX_TITLE: usize = 300;

/// What is told, and to whom.
#[derive(Clone)]
struct Telling {
    kind: NoticeKind,
    people: Vec<String>,
    title: String,
    reason: Option<String>,
    path: String,
    entity_id: String,
    said: Said,
    /// The title in all its languages; each person reads it in their own where it is there.
    titles: MultilingualText,
}

/// What a notice says beside its title.
#[derive(Clone, Default)]
struct Said {
    who: Option<Who>,
    /// Name of the institution, where it comes from one, in each language.
    who_names: BTreeMap<String, String>,
    /// Function of the person whom it is about, where that is neither who asks nor who reads it.
    whom: Option<String>,
    day: Option<(NoticeDay, Day)>,
    /// What an institution committed itself to.
    promised: Option<String>,
}

/// From whom a notice comes.
#[derive(Clone)]
enum Who {
    /// A person, by function.
    Person(String),
    /// An institution, by slug; each reader is told its name in their own language.
    Institution(String),
}

/// Reads the next changes and writes the notices that follow from them. Returns how many changes there were.
///
/// # Errors
/// The database is unavailable; nothing is lost, the next call tries again.
pub fn follow(catalogue: &Catalogue, now: i64) -> Result<usize, Error> {
    let seen = catalogue.db.read(|conn| outbox::follower(conn, FOLLOWER))?;
    let last = catalogue.db.read(changes::last_seq)?;
    // A registry that existed before notices did begins with what happens from now on.
    let from = match seen {
        Some(seen) if seen >= last => return Ok(0),
        Some(seen) => seen,
        None => last_before_people(catalogue, last)?,
    };
    catalogue.db.write(|conn, _| {
        // Another node may have been here since.
        let from = outbox::follower(conn, FOLLOWER)?.unwrap_or(from);
        let page = changes::after(conn, from, PAGE)?;
        for change in &page {
            match apart(conn, |conn| tell_change(conn, &catalogue.concepts, change, now)) {
                // One change that cannot be told must not keep all that follow from being told.
                Err(error) if !error.may_pass() => {
                    tracing::error!(seq = change.seq, %error, "a change was passed over: nobody is told of it")
                }
                told => told?,
            }
        }
        let reached = page.last().map_or(from, |change| change.seq);
        outbox::set_follower(conn, FOLLOWER, reached)?;
        Ok(page.len())
    })
}

/// Nobody can have been waiting for a notice before the first person was there.
fn last_before_people(catalogue: &Catalogue, last: i64) -> Result<i64, Error> {
    let is_empty = catalogue.db.read(persons::all)?.is_empty();
    Ok(if is_empty { last } else { 0 })
}

fn tell_change(conn: &mut Conn, concepts: &Concepts, change: &Change, now: i64) -> Result<(), Error> {
    for telling in tellings(conn, concepts, change)? {
        let actor = change.actor.strip_prefix("person:").unwrap_or_default();
        tell(conn, (change.seq, actor), &telling, now)?;
    }
    Ok(())
}

/// Writes a notice for each person who is told, other than the one who did it.
fn tell(conn: &mut Conn, (seq, actor): (i64, &str), telling: &Telling, now: i64) -> Result<(), Error> {
    let mut people = telling.people.clone();
    people.sort_unstable();
    people.dedup();
    let names = names_of(conn, telling.said.who.as_ref())?;
    for person in people.iter().filter(|person| person.as_str() != actor) {
        // Whose account is gone meanwhile is told nothing.
        let Some(language) = persons::by_id(conn, person)?.map(|row| row.language) else { continue };
        let title = in_language(&telling.titles, &language).unwrap_or_else(|| telling.title.clone());
        let who = names.get(&language).cloned().map(Who::Person).or_else(|| telling.said.who.clone());
        let said = Said { who, who_names: names.clone(), ..telling.said.clone() };
        write_notice(conn, person, seq, &Telling { title, said, ..telling.clone() }, now)?;
    }
    Ok(())
}

/// Name of the institution from which a notice comes, in each language in which notices are read; none where it comes from a person.
fn names_of(conn: &mut Conn, who: Option<&Who>) -> Result<BTreeMap<String, String>, Error> {
    let Some(Who::Institution(slug)) = who else { return Ok(BTreeMap::new()) };
    let name = |language: &&str| Ok(((*language).to_owned(), super::people::institution_name(conn, slug, language)?));
    LANGUAGES.iter().map(name).collect()
}

/// A text in one language, where it is there in that language.
fn in_language(texts: &MultilingualText, language: &str) -> Option<String> {
    texts.iter().find(|(tag, _)| tag.primary() == language).map(|(_, wording)| wording.text.clone())
}

/// The title as the notice keeps it for readers in other languages: a text for each.
fn other_titles(titles: &MultilingualText) -> Result<Option<String>, Error> {
    let each = |tag: &str| in_language(titles, tag).map(|title| (tag.to_owned(), plain(&title).take(MAX_TITLE).collect::<String>()));
    kept(&LANGUAGES.into_iter().filter_map(each).collect())
}

/// Texts as a notice keeps them, one for each language.
fn kept(texts: &BTreeMap<String, String>) -> Result<Option<String>, Error> {
    Ok((!texts.is_empty()).then(|| serde_json::to_string(texts)).transpose()?)
}

fn write_notice(conn: &mut Conn, person: &str, seq: i64, telling: &Telling, now: i64) -> Result<(), Error> {
    let who = telling.said.who.as_ref().map(|who| match who {
        Who::Person(name) | Who::Institution(name) => plain(name).collect(),
    });
    let row = NoticeRow {
        id: Uuid::now_v7().to_string(),
        person_id: person.to_owned(),
        seq,
        kind: telling.kind.code().to_owned(),
        title: plain(&telling.title).take(MAX_TITLE).collect(),
        reason: telling.reason.as_deref().map(|reason| plain(reason).collect()),
        path: telling.path.clone(),
        entity_id: telling.entity_id.clone(),
        created_at: now,
        read_at: None,
        mailed_at: None,
        who,
        until_on: telling.said.day.map(|(_, day)| day.to_string()),
        day_kind: telling.said.day.map(|(kind, _)| kind.code().to_owned()),
        whom: telling.said.whom.as_deref().map(|whom| plain(whom).collect()),
        titles: other_titles(&telling.titles)?,
        promised: telling.said.promised.as_deref().map(|promised| plain(promised).collect()),
        who_names: kept(&telling.said.who_names)?,
    };
    Ok(outbox::insert_notice(conn, &row)?)
}

/// What was stored before texts were looked through may hold what the database does not take.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_foreign_control(*c))
}

/// A notice that does not follow from one change of the log, with a title that is alike in every language.
///
/// # Errors
/// The statement failed.
pub fn notice(conn: &mut Conn, person: &str, kind: NoticeKind, title: &str, path: &str, entity_id: &str, now: i64) -> Result<(), Error> {
    notice_until(conn, person, kind, (title, &MultilingualText::default()), (path, entity_id), None, now)
}

/// The same, with its title in several languages, and a day up to which something may be done.
///
/// # Errors
/// The statement failed.
pub fn notice_until(
    conn: &mut Conn,
    person: &str,
    kind: NoticeKind,
    (title, titles): (&str, &MultilingualText),
    (path, entity_id): (&str, &str),
    day: Option<(NoticeDay, Day)>,
    now: i64,
) -> Result<(), Error> {
    let telling = Telling {
        kind,
        people: Vec::new(),
        title: title.to_owned(),
        reason: None,
        path: path.to_owned(),
        entity_id: entity_id.to_owned(),
        said: Said { day, ..Said::default() },
        titles: titles.clone(),
    };
    write_notice(conn, person, 0, &telling, now)
}

/// Persons with one of the roles in an institution.
///
/// # Errors
/// The statement failed.
pub fn people_with(conn: &mut Conn, institution: &str, roles: &[Role]) -> Result<Vec<String>, Error> {
    let rows = persons::memberships_in(conn, institution)?;
    let mut people: Vec<String> =
        rows.into_iter().filter(|row| roles.iter().any(|role| role.code() == row.role)).map(|row| row.person_id).collect();
    // Who has two of the roles is one person.
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

fn tellings(conn: &mut Conn, concepts: &Concepts, change: &Change) -> Result<Vec<Telling>, Error> {
    let after: Value = change.after_doc.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let text = |key: &str| after.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    match (change.entity.as_str(), change.kind.as_str()) {
        ("DRAFT", kind) => of_draft(conn, change, kind, &after),
        ("DATASET", kind @ ("REVIEWED" | "REVIEW_WITHDRAWN" | "RETIRED" | "TRANSFERRED")) => of_dataset(conn, change, kind, &after),
        ("HOLDING", kind) => of_holding(conn, change, kind, &after),
        (super::access_requests::ENTITY, _) => access::tellings(conn, change, &after),
        (super::entitlements::ENTITY, "ENDED") => access::of_entitlement(conn, change, &after),
        (super::agreements::ENTITY, kind) => of_agreement(conn, change, kind, &after),
        (super::registers::ENTITY, _) => registers::tellings(conn, concepts, change, &after),
        (super::registers::comments::ENTITY, "CREATED") => registers::of_comment(conn, concepts, change),
        ("MEMBERSHIP", kind @ ("GRANTED" | "REVOKED")) => {
            let kind = if kind == "GRANTED" { NoticeKind::MembershipGranted } else { NoticeKind::MembershipRevoked };
            // The person reads it, in words.
            let (role, institution) = (text("role"), text("institution"));
            let mut titles = Vec::new();
            for language in LANGUAGES {
                let role = Role::parse(&role).map_or_else(|| role.clone(), |known| known.label(language).to_owned());
                titles.push(match institution.as_str() {
                    "" => role,
                    slug => format!("{role} – {}", super::people::institution_name(conn, slug, language)?),
                });
            }
            let titles = MultilingualText::official(LANGUAGES.into_iter().zip(titles.iter().map(String::as_str)));
            let title = titles.words(Some("en"), None).unwrap_or_default().to_owned();
            let (people, entity_id) = (vec![change.entity_id.clone()], change.entity_id.clone());
            Ok(vec![Telling { kind, people, title, reason: None, path: String::new(), entity_id, said: Said::default(), titles }])
        }
        _ => Ok(Vec::new()),
    }
}

fn of_draft(conn: &mut Conn, change: &Change, kind: &str, after: &Value) -> Result<Vec<Telling>, Error> {
    let (kind, roles): (NoticeKind, &[Role]) = match kind {
        "SUBMITTED" => (NoticeKind::DraftSubmitted, &[Role::Validator]),
        "RETURNED" => (NoticeKind::DraftReturned, &[Role::Editor]),
        "VALIDATED" => (NoticeKind::DraftValidated, &[Role::Editor, Role::Validator]),
        "PUBLISHED" => (NoticeKind::DatasetPublished, &[Role::Editor, Role::Validator]),
        _ => return Ok(Vec::new()),
    };
    let institution = after.get("institution").and_then(Value::as_str).unwrap_or_default();
    let dataset = after.get("dataset").and_then(Value::as_str).unwrap_or_default();
    let people = people_with(conn, institution, roles)?;
    let reason = after.get("reason").and_then(Value::as_str).map(str::to_owned);
    // Whoever is told has a role in the institution whose copy it is.
    let (title, titles, path) = title_of_draft(conn, dataset)?;
    let mut told = vec![Telling { kind, people, title, reason, path, entity_id: change.entity_id.clone(), said: Said::default(), titles }];
    if kind == NoticeKind::DatasetPublished {
        told.extend(holders::stated(conn, change, dataset, institution)?);
    }
    Ok(told)
}

fn of_dataset(conn: &mut Conn, change: &Change, kind: &str, after: &Value) -> Result<Vec<Telling>, Error> {
    let Some(row) = datasets::by_ids(conn, std::slice::from_ref(&change.entity_id))?.pop() else { return Ok(Vec::new()) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let mut institutions: Vec<String> = dataset.producer.iter().map(ToString::to_string).collect();
    let kind = match kind {
        "REVIEWED" => NoticeKind::DatasetReviewed,
        "REVIEW_WITHDRAWN" => NoticeKind::ReviewWithdrawn,
        "TRANSFERRED" => {
            institutions.extend(after.get("from").and_then(Value::as_str).map(str::to_owned));
            NoticeKind::DatasetTransferred
        }
        _ => {
            // Holders plan with the record too.
            institutions.extend(dataset.holdings.iter().map(|holding| holding.institution.to_string()));
            NoticeKind::DatasetRetired
        }
    };
    let mut people = Vec::new();
    for institution in &institutions {
        people.extend(people_with(conn, institution, &[Role::Editor, Role::Validator])?);
    }
    // A holder who may no longer see the record is not told what becomes of it.
    let (people, _) = who_sees(conn, people, &dataset)?;
    let (title, path) = title_of(&row, &dataset);
    Ok(vec![Telling {
        kind,
        people,
        title,
        reason: None,
        path,
        entity_id: change.entity_id.clone(),
        said: Said::default(),
        titles: dataset.titles.clone(),
    }])
}

fn of_holding(conn: &mut Conn, change: &Change, kind: &str, after: &Value) -> Result<Vec<Telling>, Error> {
    let text = |key: &str| after.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, institution) = match kind {
        "DECLARED" => (NoticeKind::HoldingDeclared, text("producer")),
        "UPDATED" => (NoticeKind::HoldingUpdated, text("producer")),
        "WITHDRAWN" => (NoticeKind::HoldingWithdrawn, text("producer")),
        "CONFIRMED" => (NoticeKind::HoldingConfirmed, text("institution")),
        "CONTESTED" => (NoticeKind::HoldingContested, text("institution")),
        _ => return Ok(Vec::new()),
    };
    let people = people_with(conn, &institution, &[Role::Editor, Role::Validator])?;
    let reason = after.get("reason").and_then(Value::as_str).map(str::to_owned);
    let Some(row) = datasets::by_ids(conn, &[text("dataset")])?.pop() else { return Ok(Vec::new()) };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let (seeing, others) = who_sees(conn, people, &dataset)?;
    let (title, path) = title_of(&row, &dataset);
    let entity_id = change.entity_id.clone();
    // The declaration is their own, so they are told; of the record, which they may no longer see, not even its title.
    let to_others = Telling {
        kind,
        people: others,
        title: String::new(),
        reason: reason.clone(),
        path: String::new(),
        entity_id: entity_id.clone(),
        said: Said::default(),
        titles: MultilingualText::default(),
    };
    Ok(vec![
        Telling { kind, people: seeing, title, reason, path, entity_id, said: Said::default(), titles: dataset.titles.clone() },
        to_others,
    ])
}

/// The people of the parties are told with the reason; the coordinator without, for it may be content.
fn of_agreement(conn: &mut Conn, change: &Change, kind: &str, after: &Value) -> Result<Vec<Telling>, Error> {
    let kind = match kind {
        "CREATED" | "UPDATED" | "WITHDRAWN" | "SUSPENDED" | "RESUMED" | "NOTICE_GIVEN" => NoticeKind::AgreementChanged,
        "PARTY_SIGNED" | "SIGNED" => NoticeKind::AgreementSigned,
        "TERMINATED" => NoticeKind::AgreementEnded,
        // The end by date is told where it is noticed.
        _ => return Ok(Vec::new()),
    };
    let Some(row) = crate::store::agreements::by_id(conn, &change.entity_id)? else { return Ok(Vec::new()) };
    let record = super::agreements::AgreementRecord::of(&row)?;
    let people = super::agreements::watch::people_of(conn, &record.agreement)?;
    let title = super::agreements::watch::title_of(&record.agreement);
    // The log keeps no reason: it is the agreement's own, unless another change has come meanwhile.
    let is_present = after.get("revision").and_then(Value::as_i64) == Some(row.revision);
    let reason = record.agreement.standing.reason.clone().filter(|_| is_present && change.kind != "UPDATED");
    let telling = |people: Vec<String>, reason: Option<String>| Telling {
        kind,
        people,
        title: title.clone(),
        reason,
        path: String::new(),
        entity_id: change.entity_id.clone(),
        said: Said::default(),
        titles: record.agreement.title.clone(),
    };
    let mut told = vec![telling(people.clone(), reason)];
    // Of what is a draft, and of corrections of a contact, the coordinator need not be told.
    if !record.is_draft() && change.kind != "UPDATED" {
        let others = people_with(conn, "", &[Role::Coordinator])?.into_iter().filter(|person| !people.contains(person));
        told.push(telling(others.collect(), None));
    }
    Ok(told)
}

/// Parts people into those who may see something of the record as it is now, and the others.
fn who_sees(conn: &mut Conn, people: Vec<String>, dataset: &Dataset) -> Result<(Vec<String>, Vec<String>), Error> {
    who_sees_of(conn, people, dataset, Least::Something)
}

/// How much of a record somebody has to see.
#[derive(Clone, Copy)]
enum Least {
    /// That it is there.
    Something,
    /// The record, not a stub of it.
    Record,
}

impl Least {
    fn is_met_by(self, sight: Sight) -> bool {
        match self {
            Self::Something => sight != Sight::Nothing,
            Self::Record => sight == Sight::Record,
        }
    }
}

fn who_sees_of(conn: &mut Conn, people: Vec<String>, dataset: &Dataset, least: Least) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut seeing, mut others) = (Vec::new(), Vec::new());
    for person in people {
        let actor = super::identity::as_reader(conn, &person)?;
        let sees = |actor: &Actor| {
            let audience = policy::audience_for(actor, dataset.producer.as_ref());
            least.is_met_by(policy::sight(audience, is_own(actor, dataset), dataset.status, dataset.visibility))
        };
        if actor.as_ref().is_some_and(sees) { seeing.push(person) } else { others.push(person) }
    }
    Ok((seeing, others))
}

/// Title and address of a record, as everyone knows them who sees anything of it.
fn title_of(row: &DatasetRow, dataset: &Dataset) -> (String, String) {
    let title = dataset.titles.words(None, dataset.main_language()).unwrap_or(&row.slug).to_owned();
    (title, format!("/dataset/{}", row.slug))
}

/// Title of a working copy, for its institution, also in all its languages; or of the record that it became, with its address.
fn title_of_draft(conn: &mut Conn, dataset_id: &str) -> Result<(String, MultilingualText, String), Error> {
    if let Some(copy) = copies::of_dataset(conn, dataset_id)? {
        let draft = Draft::of(copy)?;
        let titles: MultilingualText = draft.part("titles");
        let main = draft.doc.get("mainLanguage").and_then(Value::as_str);
        // Where there are no titles yet, the short name stands for them.
        let title = titles.words(None, main).map(str::to_owned).or(draft.row.slug).unwrap_or(draft.row.institution);
        return Ok((title, titles, String::new()));
    }
    let Some(row) = datasets::by_ids(conn, &[dataset_id.to_owned()])?.pop() else {
        return Ok((String::new(), MultilingualText::default(), String::new()));
    };
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    let (title, path) = title_of(&row, &dataset);
    Ok((title, dataset.titles, path))
}
