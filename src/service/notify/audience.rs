//! Who is told what of an event in an access request, and what the day in it is: the day comes from the event, and only whoever is
//! awaited is asked for an answer.

use crate::domain::access_request::{Event, Invited, Part, Request, is_final};
use crate::domain::vocabulary::{EndReason, NoticeDay, NoticeKind, RequestOutcome, RequestRole, RequestState};
use crate::domain::workdays::Day;

/// The sides of a request.
pub struct Sides {
    /// The applicant and the members who are known.
    pub users: Vec<String>,
    /// The applicant alone.
    pub applicant: Vec<String>,
    /// Access officers of the holder.
    pub officers: Vec<String>,
    /// Deciders; the officers where nobody else was named.
    pub deciders: Vec<String>,
    /// Advisers and reviewers who have not spoken yet.
    pub advisers: Vec<String>,
    /// Everyone of the holder who has to do with it.
    pub holder: Vec<String>,
    /// The coordinators of the catalogue.
    pub coordinators: Vec<String>,
}

impl Sides {
    /// Those of a part, given the access officers of its holder and the coordinators.
    pub fn of(request: &Request, part: &Part, officers: &[String], coordinators: &[String]) -> Self {
        let users: Vec<String> = request.users_of(part).into_iter().map(|id| id.to_string()).collect();
        let is_conflicted = |id: &String| part.conflicted.iter().any(|person| person.to_string() == *id);
        let invited = |fits: &dyn Fn(&Invited) -> bool| {
            let acts = |known: &&Invited| known.removed_at.is_none() && !part.conflicted.contains(&known.person) && fits(known);
            let ids = part.invited.iter().filter(acts).map(|known| known.person.to_string());
            ids.filter(|id| !users.contains(id)).collect::<Vec<_>>()
        };
        // With the officers stand the deputies who were called in.
        let deputies = invited(&|known| known.role == RequestRole::AccessOfficer);
        let mut officers: Vec<String> = officers.iter().filter(|id| !users.contains(id) && !is_conflicted(id)).cloned().collect();
        officers.extend(deputies.into_iter().filter(|id| !officers.contains(id)).collect::<Vec<_>>());
        let named = invited(&|known| known.role == RequestRole::Decider);
        let advises = |known: &Invited| matches!(known.role, RequestRole::DataProtection | RequestRole::Reviewer);
        let advisers = invited(&|known| advises(known) && known.recommendation.is_none());
        let deciders = if named.is_empty() { officers.clone() } else { named };
        let holder = officers.iter().cloned().chain(invited(&|_| true)).collect();
        let (applicant, coordinators) = (vec![request.applicant.to_string()], coordinators.to_vec());
        Self { users, applicant, officers, deciders, advisers, holder, coordinators }
    }
}

/// From whom a notice comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Whoever did it.
    Actor,
    /// Whoever did it; the holder, where the applicant did and it is the holder's doing.
    HolderOrActor,
    /// The holder.
    Holder,
    /// The applicant.
    Applicant,
    /// Nobody in particular.
    Nobody,
}

/// What some people are told.
#[derive(Clone, Debug)]
pub struct Word {
    /// What happened.
    pub kind: NoticeKind,
    /// Who is told.
    pub people: Vec<String>,
    /// The day that matters to them.
    pub day: Option<(NoticeDay, Day)>,
    /// From whom it comes.
    pub from: From,
    /// Function of the person whom it is about.
    pub whom: Option<String>,
    /// Whether it is of the request as a whole: nobody is told it for each part.
    pub is_whole: bool,
    /// Whether who is told can open the request.
    pub has_path: bool,
}

impl Word {
    /// Tells some people what happened.
    pub fn to(kind: NoticeKind, people: &[String]) -> Self {
        Self { kind, people: people.to_vec(), day: None, from: From::Actor, whom: None, is_whole: false, has_path: true }
    }

    /// Who is told is awaited until a day.
    fn until(self, due: Option<Day>) -> Self {
        self.with_day(NoticeDay::Answer, due)
    }

    fn with_day(self, kind: NoticeDay, day: Option<Day>) -> Self {
        Self { day: day.map(|day| (kind, day)), ..self }
    }

    fn from(self, from: From) -> Self {
        Self { from, ..self }
    }

    fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// Names the person whom it is about.
    pub fn about(self, function: Option<String>) -> Self {
        Self { whom: function, ..self }
    }

    /// The request is not there for who is told.
    pub fn without_path(self) -> Self {
        Self { has_path: false, ..self }
    }
}

/// A part at the time of an event.
pub struct Scene<'a> {
    /// The request as the event left it.
    pub request: &'a Request,
    /// The part as the event left it.
    pub part: &'a Part,
    /// Who is on which side now.
    pub sides: Sides,
    /// The members whom one of the parts had before the event, where that was looked up.
    pub members_before: Vec<String>,
    /// Whether the clock acted.
    pub is_clock: bool,
    /// The person taken out, with their function, where no right of use ended with that; or who left an institution.
    pub member: Option<(String, Option<String>)>,
    /// When the agreement ends that the use rests on.
    pub agreement_ends: Option<Day>,
    /// Access officers of the institution from which the data have passed to another one.
    pub former_officers: Vec<String>,
}

impl Scene<'_> {
    /// Of the people on the asking side, the members.
    fn members(&self) -> Vec<String> {
        self.sides.users.iter().filter(|id| !self.sides.applicant.contains(id)).cloned().collect()
    }

    /// Function of the person who left.
    fn whom(&self) -> Option<String> {
        self.member.as_ref().and_then(|(_, function)| function.clone())
    }

    /// Until when the role is awaited after the event.
    fn due_of(&self, role: RequestRole) -> Option<Day> {
        self.part.clock.due.filter(|_| self.part.clock.awaiting == Some(role))
    }
}

/// Whether anybody may have to be told of it.
pub fn is_told(event: &Event) -> bool {
    // Every kind is named, so that none is added without a thought of whom it concerns.
    match event {
        Event::Created
        | Event::Framed { .. }
        | Event::PartAdded { .. }
        | Event::PartRemoved
        | Event::AnswersSaved
        | Event::FormRenewed { .. }
        | Event::MemberAdded { .. }
        | Event::InterestDeclared { has_conflict: false }
        | Event::Uninvited { .. }
        | Event::Voted { .. }
        | Event::RenewalVoted { .. }
        | Event::AppealVoted { .. }
        | Event::RuleApplied { .. }
        | Event::AnswersErased { .. }
        | Event::OwnErased => false,
        Event::MemberKnown { .. }
        | Event::MemberRemoved { .. }
        | Event::HolderLeft { .. }
        | Event::ApplicantLeft { .. }
        | Event::Submitted { .. }
        | Event::Returned { .. }
        | Event::Completed { .. }
        | Event::Invited { .. }
        | Event::InterestDeclared { has_conflict: true }
        | Event::Recommended { .. }
        | Event::Deadlocked
        | Event::Decided { .. }
        | Event::AgreementProposed { .. }
        | Event::Accepted { .. }
        | Event::Activated { .. }
        | Event::RenewalAsked { .. }
        | Event::RenewalDecided { .. }
        | Event::Suspended { .. }
        | Event::Resumed
        | Event::Revoked { .. }
        | Event::Ended { .. }
        | Event::DestructionDeclared { .. }
        | Event::Closed { .. }
        | Event::Appealed { .. }
        | Event::AppealDecided { .. }
        | Event::Withdrawn
        | Event::Messaged
        | Event::Noted
        | Event::Attached { .. }
        | Event::Reminded { .. }
        | Event::Escalated
        | Event::EndAnnounced { .. }
        | Event::LapseAnnounced { .. }
        | Event::Lapsed
        | Event::Transferred { .. }
        | Event::Erased => true,
    }
}

/// Whether what is told depends on where the part stood at the event. Where it does not, the present state is enough.
pub fn looks_back(event: &Event) -> bool {
    // Whether a document was attached to a draft or to what the holder has, only the past can tell.
    !matches!(event, Event::Messaged | Event::Noted | Event::Erased)
}

/// Whether what was before the event is looked at too.
pub fn compares(event: &Event) -> bool {
    matches!(event, Event::Submitted { .. })
}

/// Who is told what of an event on a day.
pub fn words(event: &Event, scene: &Scene<'_>, today: Day) -> Vec<Word> {
    match event {
        Event::Submitted { .. }
        | Event::MemberKnown { .. }
        | Event::MemberRemoved { .. }
        | Event::HolderLeft { .. }
        | Event::ApplicantLeft { .. }
        | Event::Messaged
        | Event::Noted
        | Event::Attached { .. }
        | Event::Withdrawn
        | Event::Transferred { .. }
        | Event::Erased => of_asking(event, scene),
        Event::Reminded { .. } | Event::Escalated | Event::EndAnnounced { .. } | Event::LapseAnnounced { .. } | Event::Lapsed => {
            of_clock(event, scene, today)
        }
        Event::Suspended { .. }
        | Event::Resumed
        | Event::Revoked { .. }
        | Event::Ended { .. }
        | Event::DestructionDeclared { .. }
        | Event::Closed { .. } => of_end(event, scene),
        _ => of_decision(event, scene),
    }
}

fn of_asking(event: &Event, scene: &Scene<'_>) -> Vec<Word> {
    use NoticeKind as N;
    let Sides { users, applicant, officers, holder, .. } = &scene.sides;
    let everyone = || [users.clone(), officers.clone()].concat();
    match event {
        Event::Submitted { due, .. } => {
            // Members are told once that they were named: when it is first submitted, or after the return in which they were added.
            let members: Vec<String> = scene.members().into_iter().filter(|id| !scene.members_before.contains(id)).collect();
            vec![Word::to(N::AccessSubmitted, officers).until(Some(*due)), Word::to(N::AccessMemberNamed, &members).whole()]
        }
        // Who is named for the data of others only, or for nobody's yet, is no business of this part.
        Event::MemberKnown { member, .. } | Event::MemberRemoved { member, .. } if !scene.part.members.contains(member) => Vec::new(),
        Event::MemberKnown { member, person } => {
            let person = [person.to_string()];
            let mut words = vec![Word::to(N::AccessMemberNamed, &person).from(From::Applicant).whole()];
            if scene.part.state == RequestState::AgreementPending && scene.part.members.contains(member) {
                words.push(Word::to(N::AccessUndertaking, &person).until(scene.part.clock.due).from(From::Holder));
            }
            words
        }
        Event::MemberRemoved { .. } => match &scene.member {
            Some((person, function)) => vec![
                Word::to(N::AccessMemberRemoved, std::slice::from_ref(person)).whole().without_path(),
                Word::to(N::AccessMemberLeft, &[applicant.clone(), officers.clone()].concat()).about(function.clone()).whole(),
            ],
            None => Vec::new(),
        },
        Event::HolderLeft { .. } => vec![Word::to(N::AccessHolderLeft, officers).about(scene.whom()).from(From::Nobody)],
        Event::ApplicantLeft { .. } if is_final(scene.part.state) => Vec::new(),
        Event::ApplicantLeft { .. } => vec![Word::to(N::AccessApplicantLeft, officers).about(scene.whom()).from(From::Nobody)],
        Event::Messaged => vec![Word::to(N::AccessMessage, &everyone()).whole()],
        Event::Noted => vec![Word::to(N::AccessNote, holder)],
        Event::Attached { .. } if scene.part.submitted_at.is_none() => Vec::new(),
        Event::Attached { is_internal: true, .. } => vec![Word::to(N::AccessDocument, holder).whole()],
        Event::Attached { .. } => vec![Word::to(N::AccessDocument, &everyone()).whole()],
        Event::Withdrawn => {
            let holder = if scene.part.submitted_at.is_some() { holder.clone() } else { Vec::new() };
            // Who withdraws knows it; what lay unchanged too long is withdrawn by the clock.
            let lapsed = if scene.is_clock { applicant.clone() } else { Vec::new() };
            vec![Word::to(N::AccessWithdrawn, &holder), Word::to(N::AccessLapsed, &lapsed)]
        }
        // Of a request that was never submitted, nobody but its applicant knows.
        Event::Transferred { .. } if scene.part.submitted_at.is_none() => {
            vec![Word::to(N::AccessTransferred, applicant).from(From::Nobody)]
        }
        Event::Transferred { .. } => vec![
            Word::to(N::AccessTransferred, &everyone()).from(From::Nobody),
            Word::to(N::AccessTransferred, &scene.former_officers).from(From::Nobody).without_path(),
        ],
        Event::Erased => vec![Word::to(N::AccessErased, applicant).whole()],
        _ => Vec::new(),
    }
}

fn of_decision(event: &Event, scene: &Scene<'_>) -> Vec<Word> {
    use NoticeKind as N;
    let Sides { users, applicant, officers, deciders, advisers, holder, .. } = &scene.sides;
    let but = |people: &[String], some: &[String]| people.iter().filter(|id| !some.contains(id)).cloned().collect::<Vec<_>>();
    match event {
        Event::Returned { .. } => vec![Word::to(N::AccessReturned, applicant)],
        Event::Completed { due } => {
            let asked = [deciders.clone(), advisers.clone()].concat();
            vec![Word::to(N::AccessCompleted, applicant), Word::to(N::AccessOpinionDue, &asked).until(Some(*due))]
        }
        // Deputies who are called in are told by the escalation itself.
        Event::Invited { role: RequestRole::AccessOfficer, .. } => Vec::new(),
        // Before the request is complete nobody can give an opinion, nor is asked for it by a day.
        Event::Invited { person, .. } => {
            let due = scene.due_of(RequestRole::Decider);
            vec![Word::to(N::AccessInvited, &[person.to_string()]).until(due).from(From::HolderOrActor)]
        }
        Event::Deadlocked => vec![Word::to(N::AccessNoQuorum, officers).until(scene.due_of(RequestRole::Decider)).from(From::Nobody)],
        Event::InterestDeclared { has_conflict: true } => vec![Word::to(N::AccessConflict, officers)],
        Event::Recommended { .. } => vec![Word::to(N::AccessRecommended, officers)],
        Event::Decided { outcome: RequestOutcome::Rejected, appeal_until, .. } => {
            let to = |people: &[String]| Word::to(N::AccessRejected, people).from(From::HolderOrActor);
            vec![to(applicant).with_day(NoticeDay::Appeal, *appeal_until), to(holder)]
        }
        Event::Decided { due, .. } => {
            let to = |people: &[String]| Word::to(N::AccessApproved, people).from(From::HolderOrActor);
            vec![to(&[applicant.clone(), but(holder, officers)].concat()), to(officers).until(*due)]
        }
        Event::AgreementProposed { due, .. } => vec![Word::to(N::AccessUndertaking, users).until(Some(*due)).from(From::HolderOrActor)],
        Event::Accepted { .. } => vec![Word::to(N::AccessAccepted, officers)],
        Event::Activated { until, .. } => {
            vec![Word::to(N::AccessActive, &[users.clone(), officers.clone()].concat()).with_day(NoticeDay::Use, Some(*until))]
        }
        Event::RenewalAsked { due, .. } => vec![Word::to(N::AccessRenewalAsked, deciders).until(Some(*due))],
        Event::RenewalDecided { .. } => of_renewal(scene),
        Event::Appealed { due } => {
            vec![Word::to(N::AccessAppealed, deciders).until(Some(*due)), Word::to(N::AccessAppealed, &but(officers, deciders))]
        }
        Event::AppealDecided { .. } => {
            // A revocation concerns everyone who uses the data; a refusal only who asked.
            let told = if scene.part.began_at.is_some() { scene.members() } else { Vec::new() };
            vec![
                Word::to(N::AccessAppealDecided, applicant).until(scene.due_of(RequestRole::Applicant)),
                Word::to(N::AccessAppealDecided, &[told, officers.clone()].concat()),
                Word::to(N::AccessOpinionDue, scene.due_of(RequestRole::Decider).map_or(&[], |_| deciders.as_slice()))
                    .until(scene.due_of(RequestRole::Decider)),
            ]
        }
        _ => Vec::new(),
    }
}

fn of_renewal(scene: &Scene<'_>) -> Vec<Word> {
    let others = [scene.members(), scene.sides.officers.clone()].concat();
    let to = |people: &[String]| Word::to(NoticeKind::AccessRenewalDecided, people);
    // Where the use had ended meanwhile and goes on no further, the destruction is awaited.
    match scene.part.ended {
        None => [&scene.sides.applicant, &others].map(|people| to(people).with_day(NoticeDay::Use, scene.part.until)).into(),
        Some(_) => vec![to(&scene.sides.applicant).until(scene.due_of(RequestRole::Applicant)), to(&others)],
    }
}

fn of_end(event: &Event, scene: &Scene<'_>) -> Vec<Word> {
    use NoticeKind as N;
    let Sides { users, applicant, officers, .. } = &scene.sides;
    let (of_applicant, of_officer) = (scene.due_of(RequestRole::Applicant), scene.due_of(RequestRole::AccessOfficer));
    match event {
        Event::Suspended { due } => {
            vec![Word::to(N::AccessSuspended, users), Word::to(N::AccessSuspended, officers).until(*due)]
        }
        Event::Resumed => vec![Word::to(N::AccessResumed, &[users.clone(), officers.clone()].concat())],
        Event::Revoked { .. } => vec![
            Word::to(N::AccessRevoked, applicant).until(of_applicant),
            Word::to(N::AccessRevoked, &scene.members()),
            Word::to(N::AccessRevoked, officers).until(of_officer),
        ],
        Event::Ended { .. } if scene.part.state == RequestState::RenewalRequested => {
            // Whatever becomes of the renewal, the data that were given until now are to be destroyed in time.
            vec![
                Word::to(N::AccessEndedRenewalPending, &[users.clone(), officers.clone()].concat()).from(From::Nobody),
                Word::to(N::AccessEnded, applicant).until(scene.part.destruction_due()),
            ]
        }
        // Nothing was given: nobody is asked to destroy it, and the officer closes the part.
        Event::Ended { .. } if scene.part.began_at.is_none() => {
            vec![Word::to(N::AccessEndedUnused, users), Word::to(N::AccessEndedUnused, officers).until(of_officer)]
        }
        Event::Ended { reason, .. } => {
            let others = [scene.members(), officers.clone()].concat();
            // Who declares the use ended declares the destruction with it.
            let asked = if *reason == EndReason::UseEnded { &[] } else { applicant.as_slice() };
            vec![Word::to(N::AccessEnded, asked).until(of_applicant), Word::to(N::AccessOver, &others)]
        }
        Event::DestructionDeclared { due } => vec![Word::to(N::AccessDestroyed, officers).until(*due)],
        // What nobody has closed for long is closed by the clock.
        Event::Closed { .. } if scene.is_clock => vec![Word::to(N::AccessClosed, &[users.clone(), officers.clone()].concat())],
        Event::Closed { .. } => vec![Word::to(N::AccessClosed, users)],
        _ => Vec::new(),
    }
}

/// What the clock has to say: to those who ask it comes from the holder, to the holder from the applicant.
fn of_clock(event: &Event, scene: &Scene<'_>, today: Day) -> Vec<Word> {
    use NoticeKind as N;
    let Sides { applicant, officers, coordinators, .. } = &scene.sides;
    match event {
        Event::Reminded { .. } => reminders(scene, today),
        Event::Escalated => {
            // Deputies act, and stand with the officers since they were called in; the applicant and the coordinator learn that there is
            // no answer.
            let to = |people: &[String], from| {
                Word::to(N::AccessEscalated, people).with_day(NoticeDay::Overdue, scene.part.clock.due).from(from)
            };
            vec![to(officers, From::Applicant), to(&[applicant.clone(), coordinators.clone()].concat(), From::Holder)]
        }
        Event::EndAnnounced { .. } => {
            // Beyond its agreement nothing can be renewed.
            let is_last = scene.agreement_ends.zip(scene.part.until).is_some_and(|(ends, until)| ends <= until);
            let kind = if is_last { N::AccessEndsWithAgreement } else { N::AccessEndsSoon };
            let to = |people: &[String], from| Word::to(kind, people).with_day(NoticeDay::Use, scene.part.until).from(from);
            vec![to(applicant, From::Holder), to(officers, From::Applicant)]
        }
        Event::LapseAnnounced { on } => of_lapse(scene, *on),
        Event::Lapsed => {
            let others = [scene.members(), scene.sides.holder.clone(), coordinators.clone()].concat();
            let to = |people: &[String]| Word::to(N::AccessUnanswered, people).from(From::Nobody);
            vec![to(applicant).until(scene.due_of(RequestRole::Applicant)), to(&others)]
        }
        _ => Vec::new(),
    }
}

/// Whoever is awaited is told until when an answer still comes in time, the others that there will soon be none.
fn of_lapse(scene: &Scene<'_>, on: Day) -> Vec<Word> {
    let Sides { users, applicant, officers, deciders, coordinators, .. } = &scene.sides;
    let awaited = match scene.part.clock.awaiting {
        Some(RequestRole::AccessOfficer) => officers.clone(),
        Some(RequestRole::Decider) => [deciders.clone(), officers.clone()].concat(),
        Some(_) if scene.part.state == RequestState::AgreementPending => users.clone(),
        _ => applicant.clone(),
    };
    let others: Vec<String> = [applicant, officers, coordinators].into_iter().flatten().cloned().collect();
    let others: Vec<String> = others.into_iter().filter(|id| !awaited.contains(id)).collect();
    let to = |people: &[String]| Word::to(NoticeKind::AccessLapsesSoon, people).from(From::Nobody);
    vec![to(&awaited).until(Some(on)), to(&others).with_day(NoticeDay::Overdue, scene.part.clock.due)]
}

fn reminders(scene: &Scene<'_>, today: Day) -> Vec<Word> {
    let Sides { applicant, officers, deciders, advisers, users, .. } = &scene.sides;
    let due = scene.part.clock.due;
    let meaning = if due.is_some_and(|due| due < today) { NoticeDay::Overdue } else { NoticeDay::Answer };
    let to = |kind: NoticeKind, people: &[String], from: From| Word::to(kind, people).with_day(meaning, due).from(from);
    match scene.part.clock.awaiting {
        Some(RequestRole::AccessOfficer) => vec![to(NoticeKind::AccessReminder, officers, From::Applicant)],
        Some(RequestRole::Decider) => {
            let asked = [deciders.clone(), advisers.clone()].concat();
            // While a renewal is open of what has ended, the destruction is asked for all the same.
            let by = scene.part.destruction_due();
            let meaning = if by.is_some_and(|by| by < today) { NoticeDay::Overdue } else { NoticeDay::Answer };
            let owing = if by.is_some() { applicant.as_slice() } else { &[] };
            let destruction = Word::to(NoticeKind::AccessReminder, owing).with_day(meaning, by).from(From::Holder);
            vec![to(NoticeKind::AccessReminder, &asked, From::Applicant), destruction]
        }
        // Of an undertaking, those are reminded who have not accepted it; for who has no account yet, whoever named them.
        Some(_) if scene.part.state == RequestState::AgreementPending => {
            let accepted = scene.part.undertaking.iter().flat_map(|undertaking| &undertaking.accepted);
            let done: Vec<String> = accepted.map(|one| one.person.to_string()).collect();
            let missing: Vec<String> = users.iter().filter(|person| !done.contains(person)).cloned().collect();
            let named = |number: &u32| scene.request.members.iter().find(|member| member.number == *number && member.removed_at.is_none());
            let is_unknown = scene.part.members.iter().filter_map(named).any(|member| member.person.is_none());
            let told = if is_unknown { applicant.as_slice() } else { &[] };
            vec![to(NoticeKind::AccessReminder, &missing, From::Holder), to(NoticeKind::AccessMemberAwaited, told, From::Nobody)]
        }
        Some(_) => vec![to(NoticeKind::AccessReminder, applicant, From::Holder)],
        None => Vec::new(),
    }
}
