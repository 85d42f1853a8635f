//! Who may see and do what. Every decision is taken here and nowhere else.
//!
//! [`RULES`] is the table state × role → actions; `docs/permissions.md` is generated from it.
//! What may be read is decided by [`audience`] and [`sight`].

mod action;
mod documentation;
mod needed;

use std::sync::Arc;

use uuid::Uuid;

use super::ids::Slug;
use super::vocabulary::{AgreementVisibility, PublicationStatus, RefusalCode, RiskClass, Role, TokenScope, Visibility, Vocabulary};

pub use action::{Action, State};
pub use documentation::documentation;
pub use needed::needed_roles;

/// A role with the institution that it belongs to; none for roles of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The institution.
    pub institution: Option<Slug>,
}

/// How a person or program made itself known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A session of the web, after signing in.
    Session,
    /// A personal API token, with what it was made for.
    Token(Vec<TokenScope>),
    /// An access token of an identity provider.
    Bearer,
}

/// A person or program that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: Uuid,
    /// Roles.
    pub grants: Vec<Grant>,
    /// How it made itself known.
    pub channel: Channel,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Anyone on the web.
    #[default]
    Visitor,
    /// A signed-in person, or a program.
    Person(Arc<Person>),
    /// A person at the console of the machine, through the command line.
    Console,
    /// The clock of the catalogue, which acts on due dates; it may nothing beside.
    Clock,
}

impl Actor {
    /// The person, where one is known.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Visitor | Self::Console | Self::Clock => None,
        }
    }

    /// Whether the actor has the role; roles of institutions only count for the institution given.
    pub fn has(&self, role: Role, institution: Option<&Slug>) -> bool {
        match (self, role) {
            (Self::Console, _) | (_, Role::Visitor) => true,
            (Self::Visitor | Self::Clock, _) => false,
            (Self::Person(_), Role::Member) => true,
            (Self::Person(person), _) => person.grants.iter().any(|grant| {
                grant.role == role && (!is_of_institution(role) || institution.is_some() && grant.institution.as_ref() == institution)
            }),
        }
    }

    /// Institutions in which the actor has any role.
    pub fn institutions(&self) -> Vec<&Slug> {
        let mut slugs: Vec<&Slug> = self.person().into_iter().flat_map(|p| &p.grants).filter_map(|g| g.institution.as_ref()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        slugs
    }

    /// How the change log names the actor: an identifier, never a name.
    pub fn log_name(&self) -> String {
        match self {
            Self::Visitor => "visitor".to_owned(),
            Self::Console => "console".to_owned(),
            Self::Clock => "clock".to_owned(),
            Self::Person(person) => format!("person:{}", person.id),
        }
    }
}

/// Whether a role belongs to an institution.
pub fn is_of_institution(role: Role) -> bool {
    matches!(role, Role::Editor | Role::Validator | Role::AccessOfficer)
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What is done.
    pub action: Action,
    /// In which states.
    pub states: &'static [State],
    /// By whom; any one of them.
    pub roles: &'static [Role],
    /// What an API token must have been made for; none where only a session will do.
    pub scope: Option<TokenScope>,
    /// Whether records of risk class HIGH and above need a person who did not write or submit the text.
    pub second_person: bool,
}

const fn rule(action: Action, states: &'static [State], roles: &'static [Role], scope: Option<TokenScope>) -> Rule {
    Rule { action, states, roles, scope, second_person: false }
}

const fn by_second_person(rule: Rule) -> Rule {
    Rule { second_person: true, ..rule }
}

/// The table state × role → actions. What is not listed is refused.
pub const RULES: &[Rule] = {
    use Action as A;
    use Role as R;
    use State as S;
    const REGISTER: Option<TokenScope> = Some(TokenScope::Register);
    const DECIDE: Option<TokenScope> = Some(TokenScope::Decide);
    const ACCESS: Option<TokenScope> = Some(TokenScope::Access);
    &[
        rule(A::DraftCreate, &[S::Any, S::Published], &[R::Editor], REGISTER),
        rule(A::DraftRead, &[S::Draft, S::Submitted], &[R::Editor, R::Validator, R::AccessOfficer], Some(TokenScope::Read)),
        rule(A::DraftRead, &[S::Validated], &[R::Editor, R::Validator, R::AccessOfficer, R::Coordinator], Some(TokenScope::Read)),
        rule(A::DraftUpdate, &[S::Draft], &[R::Editor], REGISTER),
        rule(A::DraftDiscard, &[S::Draft], &[R::Editor], REGISTER),
        rule(A::Submit, &[S::Draft], &[R::Editor], REGISTER),
        rule(A::Return, &[S::Submitted, S::Validated], &[R::Validator], DECIDE),
        by_second_person(rule(A::Validate, &[S::Submitted], &[R::Validator], DECIDE)),
        by_second_person(rule(A::Publish, &[S::Validated], &[R::Validator], DECIDE)),
        rule(A::Retire, &[S::Published], &[R::Validator], DECIDE),
        rule(A::Transfer, &[S::Published], &[R::Validator], DECIDE),
        rule(A::Review, &[S::Published], &[R::Coordinator], DECIDE),
        rule(A::HoldingDeclare, &[S::Published], &[R::Editor], REGISTER),
        rule(A::HoldingUpdate, &[S::Declared, S::Confirmed, S::Contested], &[R::Editor], REGISTER),
        rule(A::HoldingWithdraw, &[S::Declared, S::Confirmed, S::Contested], &[R::Editor], REGISTER),
        rule(A::HoldingDecide, &[S::Declared, S::Contested], &[R::Validator], DECIDE),
        rule(A::AgreementCreate, &[S::Any], &[R::Editor, R::Validator, R::AccessOfficer], ACCESS),
        rule(A::AgreementUpdate, &[S::Draft, S::Signed, S::InForce, S::Suspended], &[R::Editor, R::Validator, R::AccessOfficer], ACCESS),
        rule(A::AgreementSign, &[S::Draft], &[R::Validator, R::AccessOfficer], ACCESS),
        rule(A::AgreementSuspend, &[S::Signed, S::InForce], &[R::Validator, R::AccessOfficer], ACCESS),
        rule(A::AgreementResume, &[S::Suspended], &[R::Validator, R::AccessOfficer], ACCESS),
        rule(A::AgreementTerminate, &[S::Draft, S::Signed, S::InForce, S::Suspended], &[R::Validator, R::AccessOfficer], ACCESS),
        rule(A::CalendarManage, &[S::Any], &[R::Editor, R::Validator], REGISTER),
        rule(A::MeetingManage, &[S::Any], &[R::Editor, R::Validator, R::Coordinator], REGISTER),
        rule(A::SourceManage, &[S::Any], &[R::Editor, R::Validator, R::Coordinator], REGISTER),
        rule(A::InstitutionUpdate, &[S::Any], &[R::Editor, R::Validator], REGISTER),
        rule(A::InstitutionMembers, &[S::Any], &[R::Validator, R::Admin], None),
        rule(A::CatalogueMembers, &[S::Any], &[R::Admin], None),
        rule(A::PreviewShare, &[S::Draft, S::Submitted, S::Validated], &[R::Editor, R::Validator], REGISTER),
        rule(A::AccessRequest, &[S::Any], &[R::Member], Some(TokenScope::Access)),
        rule(A::AccessDeskManage, &[S::Any], &[R::AccessOfficer], Some(TokenScope::Access)),
        rule(A::AuditRead, &[S::Any], &[R::Auditor, R::Coordinator], Some(TokenScope::Audit)),
        rule(A::Subscribe, &[S::Any], &[R::Member], Some(TokenScope::Subscribe)),
        rule(
            A::WebhookManage,
            &[S::Any],
            &[R::Editor, R::Validator, R::AccessOfficer, R::Coordinator, R::Auditor, R::Admin],
            Some(TokenScope::Subscribe),
        ),
        rule(A::AccessFormManage, &[S::Any], &[R::AccessOfficer], Some(TokenScope::Access)),
        rule(A::RegisterWrite, &[S::Any], &[R::Editor, R::Validator, R::Coordinator], REGISTER),
        rule(A::RegisterValidate, &[S::Any], &[R::Validator], DECIDE),
        rule(A::RegisterCoordinate, &[S::Any], &[R::Coordinator], DECIDE),
        rule(A::RegisterAsk, &[S::Any], &[R::Member], REGISTER),
        rule(A::RegisterComment, &[S::Any], &[R::Member], REGISTER),
        rule(A::ReportGenerate, &[S::Any], &[R::Coordinator, R::Admin], DECIDE),
        rule(A::AccountManage, &[S::Any], &[R::Member], None),
    ]
};

/// What an action is done to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The state; none where the action concerns no record.
    pub state: Option<State>,
    /// The institution whose roles count.
    pub institution: Option<&'a Slug>,
    /// Risk class of the record.
    pub risk: Option<RiskClass>,
    /// Persons who wrote or submitted the text.
    pub authors: &'a [Uuid],
}

/// Decides whether the actor may do it.
///
/// # Errors
/// The reason of the refusal; who has not signed in is told no more than that.
pub fn check(actor: &Actor, action: Action, subject: &Subject<'_>) -> Result<(), RefusalCode> {
    let person = match actor {
        Actor::Console => return Ok(()),
        Actor::Visitor | Actor::Clock => return Err(RefusalCode::SignInRequired),
        Actor::Person(person) => person,
    };
    let state = subject.state.unwrap_or(State::Any);
    let rules = || RULES.iter().filter(|rule| rule.action == action);
    // Roles of any institution do where the action is about none.
    let has = |role: Role| match subject.institution {
        None if is_of_institution(role) => person.grants.iter().any(|grant| grant.role == role),
        institution => actor.has(role, institution),
    };
    let with_role: Vec<&Rule> = rules().filter(|rule| rule.roles.iter().any(|role| has(*role))).collect();
    if with_role.is_empty() {
        return Err(RefusalCode::RoleRequired);
    }
    let Some(rule) = with_role.iter().find(|rule| rule.states.contains(&state)) else {
        return Err(if rules().any(|rule| rule.states.contains(&state)) && action == Action::DraftRead {
            RefusalCode::RoleRequired
        } else {
            RefusalCode::WrongState
        });
    };
    match (&person.channel, rule.scope) {
        (Channel::Token(_) | Channel::Bearer, None) => return Err(RefusalCode::SessionRequired),
        (Channel::Token(scopes), Some(scope)) if !scopes.contains(&scope) => return Err(RefusalCode::ScopeRequired),
        _ => {}
    }
    let risky = subject.risk.is_some_and(|risk| risk >= RiskClass::High);
    if rule.second_person && risky && subject.authors.contains(&person.id) {
        return Err(RefusalCode::SecondPersonRequired);
    }
    Ok(())
}

/// Who reads, as far as records are concerned: each sees what the one before sees, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Anyone.
    Public,
    /// Signed-in persons.
    Members,
    /// The coordinator, and the producer of the record.
    Coordination,
}

impl Audience {
    /// From the narrowest sight to the widest.
    pub const ALL: [Self; 3] = [Self::Public, Self::Members, Self::Coordination];

    /// The audience that a visibility asks for; a stub is seen by anyone, as a stub.
    pub fn needed(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public | Visibility::Stub => Self::Public,
            Visibility::Members => Self::Members,
            Visibility::Coordinator => Self::Coordination,
        }
    }
}

fn may_read_with_token(actor: &Actor) -> bool {
    // A token that was not made for reading reads what a visitor reads.
    actor.person().is_none_or(|person| match &person.channel {
        Channel::Token(scopes) => scopes.contains(&TokenScope::Read),
        Channel::Session | Channel::Bearer => true,
    })
}

/// The audience of an actor for records in general, as searched.
pub fn audience(actor: &Actor) -> Audience {
    match actor {
        Actor::Console => Audience::Coordination,
        Actor::Person(_) if !may_read_with_token(actor) => Audience::Public,
        Actor::Person(_) if actor.has(Role::Coordinator, None) => Audience::Coordination,
        Actor::Person(_) => Audience::Members,
        Actor::Visitor | Actor::Clock => Audience::Public,
    }
}

/// The audience of an actor for one record: its producer's people see all of it.
pub fn audience_for(actor: &Actor, producer: Option<&Slug>) -> Audience {
    let own = actor.institutions().iter().any(|slug| Some(*slug) == producer);
    if own && may_read_with_token(actor) { Audience::Coordination } else { audience(actor) }
}

/// Which records an actor may read at all, by what a row says of them: a first sieve for the store. What comes through it is
/// judged by [`sight`] all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    /// Status and visibility of records that the actor may see something of, whoever produces them.
    pub open: Vec<(PublicationStatus, Visibility)>,
    /// Institutions whose records the actor may see in every state.
    pub producers: Vec<Slug>,
}

/// What the actor may read; none where that is everything.
pub fn readable(actor: &Actor) -> Option<Readable> {
    if *actor == Actor::Console {
        return None;
    }
    let audience = audience(actor);
    let pairs = PublicationStatus::ALL.iter().flat_map(|status| Visibility::ALL.iter().map(move |visibility| (*status, *visibility)));
    let open = pairs.filter(|(status, visibility)| sight(audience, false, *status, *visibility) != Sight::Nothing).collect();
    let own = |slug: &&Slug| audience_for(actor, Some(slug)) == Audience::Coordination;
    let producers = actor.institutions().into_iter().filter(own).cloned().collect();
    Some(Readable { open, producers })
}

/// Whether the actor may read what is kept for them: notices, saved searches, webhooks.
///
/// # Errors
/// Nobody has signed in, or the token was made neither for reading nor for being told.
pub fn check_own(actor: &Actor) -> Result<(), RefusalCode> {
    match actor.person().map(|person| &person.channel) {
        None if *actor == Actor::Visitor => Err(RefusalCode::SignInRequired),
        Some(Channel::Token(scopes)) if !scopes.contains(&TokenScope::Subscribe) && !scopes.contains(&TokenScope::Read) => {
            Err(RefusalCode::ScopeRequired)
        }
        _ => Ok(()),
    }
}

/// Whether the actor may read what only readers do: drafts, addresses, the list of tokens.
///
/// # Errors
/// The token was not made for reading.
pub fn check_reading(actor: &Actor) -> Result<(), RefusalCode> {
    if may_read_with_token(actor) { Ok(()) } else { Err(RefusalCode::ScopeRequired) }
}

/// How much of a record is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing; the record looks absent.
    Nothing,
    /// Identity, title, producer and holders with their desks.
    Stub(RefusalCode),
    /// The record, but for its masked fields.
    Record,
}

/// How much of a record an audience is shown.
pub fn sight(audience: Audience, is_own: bool, status: PublicationStatus, visibility: Visibility) -> Sight {
    if audience < Audience::needed(visibility) {
        return Sight::Nothing;
    }
    match status {
        PublicationStatus::Published if visibility == Visibility::Stub && audience < Audience::Coordination => {
            Sight::Stub(RefusalCode::StubRecord)
        }
        PublicationStatus::Published => Sight::Record,
        PublicationStatus::Retired if is_own => Sight::Record,
        PublicationStatus::Retired => Sight::Stub(RefusalCode::RetiredRecord),
        // Records that came in unpublished are their producer's alone.
        PublicationStatus::Draft | PublicationStatus::Submitted | PublicationStatus::Validated if is_own => Sight::Record,
        PublicationStatus::Draft | PublicationStatus::Submitted | PublicationStatus::Validated => Sight::Nothing,
    }
}

/// Whether anyone on the web may find the record in a search.
pub fn is_searchable(audience: Audience, status: PublicationStatus, visibility: Visibility) -> bool {
    status == PublicationStatus::Published && sight(audience, false, status, visibility) != Sight::Nothing
}

/// How much of an agreement is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementSight {
    /// Nothing; the agreement looks absent.
    Nothing,
    /// Title, kind, parties, dates and state: what the coordinator needs to keep the register and to warn.
    Outline,
    /// Everything.
    Whole,
}

/// How much of an agreement the actor is shown. The people of the parties see all of it in every state.
pub fn agreement_sight(actor: &Actor, parties: &[&Slug], is_draft: bool, visibility: AgreementVisibility) -> AgreementSight {
    let is_party = may_read_with_token(actor) && actor.institutions().iter().any(|slug| parties.contains(slug));
    if is_party || *actor == Actor::Console {
        return AgreementSight::Whole;
    }
    agreement_sight_of(audience(actor), is_draft, visibility)
}

/// How much of an agreement an audience is shown that is no party of it.
pub fn agreement_sight_of(audience: Audience, is_draft: bool, visibility: AgreementVisibility) -> AgreementSight {
    let is_open = !is_draft
        && match visibility {
            AgreementVisibility::Public => true,
            AgreementVisibility::Members => audience >= Audience::Members,
            AgreementVisibility::Parties => false,
        };
    match (is_open, audience) {
        (true, _) => AgreementSight::Whole,
        (false, Audience::Coordination) => AgreementSight::Outline,
        (false, _) => AgreementSight::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(role: Role, institution: Option<&str>) -> Actor {
        let institution = institution.map(|slug| Slug::parse(slug).expect("slug"));
        Actor::Person(Arc::new(Person { id: Uuid::from_u128(1), grants: vec![Grant { role, institution }], channel: Channel::Session }))
    }

    #[test]
    fn visitors_see_only_what_is_public_and_published_or_its_tombstone() {
        for status in PublicationStatus::ALL {
            for visibility in Visibility::ALL {
                let seen = sight(Audience::Public, false, *status, *visibility);
                let open = matches!(visibility, Visibility::Public | Visibility::Stub);
                let known = open && matches!(status, PublicationStatus::Published | PublicationStatus::Retired);
                assert_eq!(seen != Sight::Nothing, known, "{status:?} {visibility:?}");
                assert_eq!(seen == Sight::Record, *status == PublicationStatus::Published && *visibility == Visibility::Public);
            }
        }
    }

    #[test]
    fn the_sieve_of_the_store_lets_through_what_is_seen_and_no_more() {
        let (own, other) = (Slug::parse("own").expect("slug"), Slug::parse("other").expect("slug"));
        assert_eq!(readable(&Actor::Console), None);
        for actor in [Actor::Visitor, person(Role::Editor, Some("own")), person(Role::Coordinator, None)] {
            let sieve = readable(&actor).expect("not everything");
            for producer in [&own, &other] {
                let is_own = sieve.producers.contains(producer);
                assert_eq!(is_own, actor.institutions().contains(&producer));
                for status in PublicationStatus::ALL {
                    for visibility in Visibility::ALL {
                        let seen = sight(audience_for(&actor, Some(producer)), is_own, *status, *visibility) != Sight::Nothing;
                        assert_eq!(is_own || sieve.open.contains(&(*status, *visibility)), seen, "{actor:?} {status:?} {visibility:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_role_counts_only_for_its_institution() {
        let (own, other) = (Slug::parse("own").expect("slug"), Slug::parse("other").expect("slug"));
        let editor = person(Role::Editor, Some("own"));
        let on = |institution| Subject { institution: Some(institution), state: Some(State::Draft), ..Subject::default() };
        assert_eq!(check(&editor, Action::DraftUpdate, &on(&own)), Ok(()));
        assert_eq!(check(&editor, Action::DraftUpdate, &on(&other)), Err(RefusalCode::RoleRequired));
        assert_eq!(check(&Actor::Visitor, Action::DraftUpdate, &on(&own)), Err(RefusalCode::SignInRequired));
    }

    #[test]
    fn high_risk_needs_a_second_person() {
        let own = Slug::parse("own").expect("slug");
        let validator = person(Role::Validator, Some("own"));
        let subject = |risk, authors| Subject { institution: Some(&own), state: Some(State::Validated), risk: Some(risk), authors };
        let author = [Uuid::from_u128(1)];
        assert_eq!(check(&validator, Action::Publish, &subject(RiskClass::High, &author)), Err(RefusalCode::SecondPersonRequired));
        assert_eq!(check(&validator, Action::Publish, &subject(RiskClass::Medium, &author)), Ok(()));
        assert_eq!(check(&validator, Action::Publish, &subject(RiskClass::VeryHigh, &[Uuid::from_u128(2)])), Ok(()));
    }

    #[test]
    fn every_action_has_a_rule_and_nobody_acts_unknown() {
        for action in Action::ALL {
            assert!(RULES.iter().any(|rule| rule.action == *action), "{action:?}");
            assert!(RULES.iter().all(|rule| !rule.roles.contains(&Role::Visitor)));
        }
    }
}
