//! What each person reads of a request: the applicant their own side and the decisions, the holder's people what they need,
//! the coordinator states and dates. Who reads content of others is noted.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::domain::access_request::rules::OPINIONS_WANTED;
use crate::domain::access_request::{By, Event, Frame, Part, Recorded, Request, is_kept};
use crate::domain::form::Answers;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::RequestRole;
use crate::store::Conn;
use crate::store::entitlements::{self, EntitlementRow, FileHead};
use crate::store::persons::{self, PersonRow};
use crate::store::requests::{self, ReadRow};

use super::super::catalogue::read_id;
use super::super::forms::{self, FormVersion};
use super::super::{Catalogue, Error};
use super::{by_of, drafting, knows, may_read, recorded};

/// For how long a further look at the same request is not noted again, in milliseconds.
const SAME_LOOK_MS: i64 = 3_600_000;

/// A request as one person sees it.
#[derive(Default)]
pub struct Seen {
    /// The request.
    pub request: Request,
    /// Who looks.
    pub by: By,
    /// Everything that happened, oldest first; what the person may read of it tells [`Seen::may_read`].
    pub events: Vec<Recorded>,
    /// Answers as last written, for the applicant.
    pub answers: Answers,
    /// Answers of each part as submitted.
    pub submitted: HashMap<u32, Answers>,
    /// Form of each part.
    pub forms: HashMap<u32, FormVersion>,
    /// Documents.
    pub files: Vec<FileHead>,
    /// Entitlements.
    pub entitlements: Vec<EntitlementRow>,
    contents: HashMap<String, Value>,
    people: Arc<HashMap<Uuid, PersonRow>>,
    now: i64,
}

/// The request as the actor sees it; none where there is none for them.
///
/// # Errors
/// The database is unavailable.
pub fn open(catalogue: &Catalogue, actor: &Actor, id: &str, now: i64) -> Result<Option<Seen>, Error> {
    Ok(open_all(catalogue, actor, &[id.to_owned()], now)?.pop())
}

/// Requests as the actor sees them, in no order, in a fixed number of statements; those that are not there for them are left out.
///
/// # Errors
/// The database is unavailable.
pub fn open_all(catalogue: &Catalogue, actor: &Actor, ids: &[String], now: i64) -> Result<Vec<Seen>, Error> {
    let by = by_of(actor);
    if ids.is_empty() || !may_read(actor) {
        return Ok(Vec::new());
    }
    // What is not there and what the person may not know of take the same one statement.
    let rows = catalogue.db.read(|conn| requests::by_ids(conn, ids))?;
    let mut known = rows.iter().map(super::read).collect::<Result<Vec<_>, _>>()?;
    known.retain(|request| knows(request, &by));
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let seen = catalogue.db.read(|conn| Ok(read_all(conn, &by, &known, now)))??;
    note_looks(catalogue, &by, &seen, now)?;
    Ok(seen)
}

/// Whether the person may know that there is such a request.
///
/// # Errors
/// The database is unavailable.
pub fn is_known(catalogue: &Catalogue, actor: &Actor, id: &str) -> Result<bool, Error> {
    let row = catalogue.db.read(|conn| requests::by_id(conn, id))?;
    Ok(match row {
        Some(row) => knows(&super::read(&row)?, &by_of(actor)),
        None => false,
    })
}

fn read_all(conn: &mut Conn, by: &By, known: &[Request], now: i64) -> Result<Vec<Seen>, Error> {
    let ids: Vec<String> = known.iter().map(|request| request.id.to_string()).collect();
    // All texts at once; the answers are among them.
    let mut contents: HashMap<String, HashMap<String, Value>> = HashMap::new();
    for row in requests::contents_of_all(conn, &ids)? {
        contents.entry(row.request_id).or_default().insert(row.hash, serde_json::from_str(&row.doc)?);
    }
    let mut events: HashMap<String, Vec<Recorded>> = HashMap::new();
    for row in requests::events_of_all(conn, &ids)? {
        events.entry(row.request_id.clone()).or_default().push(recorded(&row)?);
    }
    let parts = || known.iter().flat_map(|request| &request.parts);
    let forms = forms::by_versions(conn, &parts().map(|part| (part.form.clone(), part.form_version)).collect())?;
    let mut people: Vec<String> = events.values().flatten().filter_map(|event| event.actor).map(|id| id.to_string()).collect();
    people.extend(known.iter().flat_map(Request::users).flatten().map(|id| id.to_string()));
    people.extend(parts().flat_map(|part| &part.invited).map(|invited| invited.person.to_string()));
    people.sort_unstable();
    people.dedup();
    let rows = persons::by_ids(conn, &people)?;
    let people = rows.into_iter().map(|row| Ok((read_id(&row.id)?, row))).collect::<Result<HashMap<Uuid, PersonRow>, Error>>()?;
    let people = Arc::new(people);
    let (files, entitlements) = (entitlements::files_of_all(conn, &ids)?, entitlements::of_requests(conn, &ids)?);
    let seen = |(request, id): (&Request, &String)| {
        let contents = contents.remove(id).unwrap_or_default();
        let part = |part: &Part| (part.number, answers_among(&contents, part.answers.as_deref()));
        let form = |part: &Part| Some((part.number, forms.get(&(part.form.clone(), part.form_version))?.clone()));
        Seen {
            answers: answers_among(&contents, request.answers.as_deref()),
            submitted: request.parts.iter().map(part).collect(),
            forms: request.parts.iter().filter_map(form).collect(),
            events: events.remove(id).unwrap_or_default(),
            files: files.iter().filter(|file| file.request_id == *id).cloned().collect(),
            entitlements: entitlements.iter().filter(|row| row.request_id == *id).cloned().collect(),
            people: people.clone(),
            by: by.clone(),
            request: request.clone(),
            contents,
            now,
        }
    };
    Ok(known.iter().zip(&ids).map(seen).collect())
}

/// The answers kept under a hash, found among the texts of the request; those that were erased are left out.
fn answers_among(contents: &HashMap<String, Value>, hash: Option<&str>) -> Answers {
    let index = hash.and_then(|hash| contents.get(hash)).and_then(Value::as_object);
    let value = |hash: &Value| hash.as_str().and_then(|hash| contents.get(hash)).cloned();
    index.into_iter().flatten().filter_map(|(key, hash)| Some((key.clone(), value(hash)?))).collect()
}

/// Notes that someone of a holder has read the content, under each part for whose holder they act.
fn note_looks(catalogue: &Catalogue, by: &By, seen: &[Seen], now: i64) -> Result<(), Error> {
    let Some(person) = by.person else { return Ok(()) };
    let acts = |seen: &Seen, part: &Part| seen.roles(part).into_iter().any(is_of_holder);
    let parts = |seen: &Seen| {
        let own = seen.request.parts.iter().filter(|part| acts(seen, part));
        own.map(|part| (seen.request.id.to_string(), Some(part.number))).collect::<Vec<_>>()
    };
    let looks: Vec<Look> = seen.iter().flat_map(parts).collect();
    note(catalogue, person, "CONTENT", &looks, now)
}

/// A request that was read, and the part under which it was.
pub type Look = (String, Option<u32>);

/// Notes what a person has read, unless they did so a short while ago.
///
/// # Errors
/// The database is unavailable.
pub fn note(catalogue: &Catalogue, person: Uuid, what: &str, looks: &[Look], now: i64) -> Result<(), Error> {
    if looks.is_empty() {
        return Ok(());
    }
    let reader = person.to_string();
    let ids: Vec<String> = looks.iter().map(|(request, _)| request.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let known = catalogue.db.read(|conn| requests::reads_since(conn, &ids, &reader, what, now - SAME_LOOK_MS))?;
    let is_new = |(request, part): &&Look| !known.contains(&(request.clone(), part.map(i64::from)));
    let new: Vec<&Look> = looks.iter().filter(is_new).collect();
    if new.is_empty() {
        return Ok(());
    }
    catalogue.db.write(|conn, _| {
        let function = persons::by_id(conn, &reader)?.map(|row| row.function).unwrap_or_default();
        for (request, part) in new {
            let row = ReadRow {
                id: Uuid::now_v7().to_string(),
                request_id: request.clone(),
                part: part.map(i64::from),
                person_id: reader.clone(),
                function: function.clone(),
                what: what.to_owned(),
                at: now,
            };
            requests::insert_read(conn, &row)?;
        }
        Ok(())
    })
}

/// Number of looks at a request, for those who may know who has read it; none for others.
///
/// # Errors
/// The database is unavailable.
pub fn count_readers(catalogue: &Catalogue, seen: &Seen) -> Result<usize, Error> {
    if !seen.is_applicant() && !seen.by.is_auditor {
        return Ok(0);
    }
    let count = catalogue.db.read(|conn| requests::count_reads(conn, &seen.request.id.to_string()))?;
    usize::try_from(count).map_err(|e| Error::Internal(e.into()))
}

/// Who of the holders has read a request, latest first, from a place on.
///
/// # Errors
/// The database is unavailable.
pub fn readers(catalogue: &Catalogue, request: Uuid, skip: usize, limit: usize) -> Result<Vec<ReadRow>, Error> {
    let place = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(catalogue.db.read(|conn| requests::reads_of(conn, &request.to_string(), place(skip), place(limit)))?)
}

/// Whether the role acts for the holder.
pub fn is_of_holder(role: RequestRole) -> bool {
    matches!(role, RequestRole::AccessOfficer | RequestRole::DataProtection | RequestRole::Reviewer | RequestRole::Decider)
}

impl Seen {
    /// Of a request no more than one of its documents, to tell whether the person may read it.
    pub fn with_file(request: Request, by: By, file: FileHead) -> Self {
        Self { request, by, files: vec![file], ..Self::default() }
    }

    /// Roles in a part.
    pub fn roles(&self, part: &Part) -> Vec<RequestRole> {
        self.by.roles(&self.request, Some(part))
    }

    /// Whether the person is the applicant.
    pub fn is_applicant(&self) -> bool {
        self.by.person == Some(self.request.applicant)
    }

    /// Whether the person sees more than states and dates of some part.
    pub fn sees_content(&self) -> bool {
        self.is_applicant() || self.request.parts.iter().any(|part| self.sees_content_of(part))
    }

    /// Whether the person sees more than states and dates of this part: who asks, for what. Who is coordinator beside has no more of the
    /// parts of others.
    pub fn sees_content_of(&self, part: &Part) -> bool {
        self.is_applicant() || self.roles(part).iter().any(|role| *role == RequestRole::Member || is_of_holder(*role))
    }

    /// Whether the person reads what is said, decided and granted in this part: those who ask, and of the holder's people those who read
    /// answers now.
    pub fn reads_content_of(&self, part: &Part) -> bool {
        let reads = |role: &RequestRole| *role == RequestRole::Member || self.reads_answers(part, *role);
        self.is_applicant() || self.roles(part).iter().any(reads)
    }

    /// Whether the person sees more than states and dates of what an event is about.
    fn sees_content_around(&self, recorded: &Recorded) -> bool {
        match recorded.part {
            Some(number) => self.request.part(number).map_or_else(|| self.is_applicant(), |part| self.sees_content_of(part)),
            None => self.sees_content(),
        }
    }

    /// Function of who did it; none for who sees states and dates only.
    pub fn actor_of(&self, recorded: &Recorded) -> Option<&str> {
        recorded.actor.filter(|_| self.sees_content_around(recorded)).and_then(|actor| self.function(actor))
    }

    /// For whom and for what data are asked, as far as it concerns the person: what the applicant has written last for those who ask, what
    /// was submitted to them for the people of a holder.
    pub fn frame(&self) -> Frame {
        let is_user = self.by.person.is_some_and(|person| self.request.is_user(person));
        let own = self.request.parts.iter().find(|part| self.sees_content_of(part)).filter(|_| !is_user);
        match own {
            Some(part) => self.request.frame_of(part),
            None if is_user => Frame { on_behalf_of: self.request.on_behalf_of.clone(), purpose: self.request.purpose },
            None => Frame::default(),
        }
    }

    /// Parts that the person may know of. Who acts for one holder does not see what another is asked.
    pub fn parts(&self) -> Vec<&Part> {
        let is_submitted_or_own = |part: &&Part| part.submitted_at.is_some() || self.is_applicant();
        self.request.parts.iter().filter(|part| self.by.may_know(&self.request, Some(part))).filter(is_submitted_or_own).collect()
    }

    /// The answers of a part that the person may read, with the form that they answer.
    pub fn answers_for(&self, part: &Part) -> Answers {
        let Some(version) = self.forms.get(&part.number) else { return Answers::new() };
        if self.is_applicant() {
            let answers =
                if part.submitted_at.is_none() || drafting::is_open(part) { Some(&self.answers) } else { self.submitted.get(&part.number) };
            let own = answers.map(|answers| drafting::with_data(answers, part.data)).unwrap_or_default();
            return version.form.visible(&own, RequestRole::Applicant);
        }
        let Some(answers) = self.submitted.get(&part.number) else { return Answers::new() };
        let answers = drafting::with_data(answers, part.data);
        let mut visible = Answers::new();
        for role in self.roles(part).into_iter().filter(|role| self.reads_answers(part, *role)) {
            visible.extend(version.form.visible(&answers, role));
        }
        // What the question has announced for this holder holds for it, whatever other holders do.
        visible.retain(|key, _| is_kept(part, key, self.now));
        visible
    }

    /// Whether a role of the holder reads answers now: who was invited once there is no conflict of interest, reviewers and advisers while
    /// there is something to decide.
    fn reads_answers(&self, part: &Part, role: RequestRole) -> bool {
        let is_in_hand = OPINIONS_WANTED.contains(&part.state);
        let has_declared = !self.by.person.is_some_and(|person| part.owes_declaration(person));
        match role {
            RequestRole::AccessOfficer => true,
            RequestRole::Decider => has_declared,
            RequestRole::DataProtection | RequestRole::Reviewer => has_declared && is_in_hand,
            _ => false,
        }
    }

    /// Whether the person reads what is said in the part that an event is about; what is their own, or asked of them, at any time.
    pub fn reads_part_of(&self, recorded: &Recorded) -> bool {
        let is_asked = matches!(recorded.event, Event::Invited { person, .. } if self.by.person == Some(person));
        if is_asked || self.by.person.is_some() && recorded.actor == self.by.person {
            return self.sees_content_around(recorded);
        }
        match recorded.part {
            Some(number) => self.request.part(number).map_or_else(|| self.is_applicant(), |part| self.reads_content_of(part)),
            None => self.is_applicant() || self.request.parts.iter().any(|part| self.reads_content_of(part)),
        }
    }

    /// Whether the person may know that somebody was named as a member: the applicant, and in the parts for which they are named.
    pub fn knows_member(&self, number: u32) -> bool {
        let is_named = |part: &Part| part.members.contains(&number) && self.sees_content_of(part);
        self.is_applicant() || self.request.parts.iter().any(is_named)
    }

    /// Whether the person may know of an event that is about a member.
    fn knows_member_event(&self, event: &Event) -> bool {
        match event {
            // Before anybody else is asked, it would only tell that an address has an account.
            Event::MemberKnown { member, .. } if !self.request.parts.iter().any(|part| part.members.contains(member)) => false,
            Event::MemberAdded { member, .. } | Event::MemberKnown { member, .. } | Event::MemberRemoved { member, .. } => {
                self.knows_member(*member)
            }
            _ => true,
        }
    }

    /// Whether the person may know of an event.
    pub fn may_know(&self, recorded: &Recorded) -> bool {
        if !self.knows_member_event(&recorded.event) {
            return false;
        }
        match recorded.part.map(|number| self.request.part(number)) {
            // A holding that was taken out again concerns the applicant only.
            Some(None) => self.is_applicant(),
            Some(Some(part)) => self.may_know_as(&recorded.event, &self.roles(part)),
            None => {
                let mut roles: Vec<RequestRole> = self.parts().iter().flat_map(|part| self.roles(part)).collect();
                if self.is_applicant() {
                    roles.push(RequestRole::Applicant);
                }
                self.may_know_as(&recorded.event, &roles)
            }
        }
    }

    fn may_know_as(&self, event: &Event, roles: &[RequestRole]) -> bool {
        let is_holder = roles.iter().any(|role| is_of_holder(*role));
        let is_user = roles.iter().any(|role| matches!(role, RequestRole::Applicant | RequestRole::Member));
        match event {
            Event::Invited { .. } | Event::Uninvited { .. } | Event::InterestDeclared { .. } | Event::Recommended { .. } | Event::Noted => {
                is_holder
            }
            Event::Voted { .. } | Event::RenewalVoted { .. } | Event::AppealVoted { .. } | Event::Deadlocked => is_holder,
            Event::HolderLeft { .. } => is_holder,
            Event::ApplicantLeft { .. } => is_holder || roles.contains(&RequestRole::Applicant),
            Event::Attached { is_internal: true, .. } => is_holder,
            Event::Created
            | Event::Framed { .. }
            | Event::PartAdded { .. }
            | Event::PartRemoved
            | Event::AnswersSaved
            | Event::FormRenewed { .. } => self.is_applicant(),
            Event::MemberAdded { .. }
            | Event::MemberKnown { .. }
            | Event::MemberRemoved { .. }
            | Event::Messaged
            | Event::Attached { .. } => is_holder || is_user,
            _ => is_holder || is_user || roles.iter().any(|role| matches!(role, RequestRole::Coordinator | RequestRole::Auditor)),
        }
    }

    /// The text that belongs to an event, if the person may read it and it was not erased.
    pub fn content(&self, recorded: &Recorded) -> Option<&Value> {
        if !self.may_know(recorded) || !self.reads_part_of(recorded) {
            return None;
        }
        // The names and addresses of members are for those who handle the request.
        if matches!(recorded.event, Event::MemberAdded { member, .. } if !self.reads_name_of(member)) {
            return None;
        }
        recorded.content.as_ref().and_then(|hash| self.contents.get(hash))
    }

    fn reads_name_of(&self, member: u32) -> bool {
        let handles = |role: &RequestRole| matches!(role, RequestRole::AccessOfficer | RequestRole::DataProtection | RequestRole::Decider);
        let reads = |part: &Part| self.roles(part).iter().any(|role| handles(role) && self.reads_answers(part, *role));
        self.is_applicant() || self.request.parts.iter().any(|part| part.members.contains(&member) && reads(part))
    }

    /// The texts of the votes that made a part's decision: who asked reads why.
    pub fn reasons(&self, part: &Part) -> Vec<&Value> {
        let Some(decision) = &part.decision else { return Vec::new() };
        if !self.reads_content_of(part) {
            return Vec::new();
        }
        let is_vote = |recorded: &&Recorded| {
            let by = recorded.actor.is_some_and(|actor| decision.by.contains(&actor));
            recorded.part == Some(part.number) && by && recorded.at <= decision.at && matches!(recorded.event, Event::Voted { .. })
        };
        let is_rule = |recorded: &&Recorded| {
            recorded.part == Some(part.number) && decision.rule.is_some() && matches!(recorded.event, Event::RuleApplied { .. })
        };
        let mut latest: HashMap<Option<Uuid>, &Recorded> = HashMap::new();
        for recorded in self.events.iter().filter(|recorded| is_vote(recorded) || is_rule(recorded)) {
            latest.insert(recorded.actor, recorded);
        }
        let mut found: Vec<&Recorded> = latest.into_values().collect();
        found.sort_by_key(|recorded| recorded.number);
        found.into_iter().filter_map(|recorded| recorded.content.as_ref().and_then(|hash| self.contents.get(hash))).collect()
    }

    /// The text of the undertaking that was last proposed for a part, for those whom it concerns.
    pub fn undertaking_text(&self, part: &Part) -> Option<&str> {
        part.undertaking.as_ref()?.text_hash.as_ref()?;
        let is_proposal =
            |recorded: &&Recorded| recorded.part == Some(part.number) && matches!(recorded.event, Event::AgreementProposed { .. });
        let recorded = self.events.iter().rev().find(is_proposal)?;
        self.content(recorded)?.get("text").and_then(Value::as_str)
    }

    /// Function of a person, for those who may know who it is: people of one side know those of the other by function only.
    pub fn function(&self, person: Uuid) -> Option<&str> {
        self.sees_content().then(|| self.people.get(&person)).flatten().map(|row| row.function.as_str())
    }

    /// Documents that the person may read.
    pub fn readable_files(&self) -> Vec<&FileHead> {
        self.files.iter().filter(|file| self.may_read_file(file)).collect()
    }

    /// Whether the person may read a document.
    pub fn may_read_file(&self, file: &FileHead) -> bool {
        if !self.sees_content() {
            return false;
        }
        let part = file.part.map(|number| u32::try_from(number).ok().and_then(|number| self.request.part(number)));
        let roles = match part {
            Some(Some(part)) => self.roles(part),
            // What was attached for a holding that was taken out again is nobody's but the applicant's.
            Some(None) => return self.is_applicant(),
            None => self.parts().iter().flat_map(|part| self.roles(part)).collect(),
        };
        let reads = |role: &RequestRole| match part.flatten() {
            Some(part) => self.reads_answers(part, *role),
            None => self.parts().iter().any(|part| self.roles(part).contains(role) && self.reads_answers(part, *role)),
        };
        let is_holder = roles.iter().any(reads);
        is_holder || file.is_internal == 0 && (self.is_applicant() || roles.contains(&RequestRole::Applicant))
    }
}
