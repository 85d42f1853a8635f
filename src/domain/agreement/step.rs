//! Which command leads from which state to which. Who may give it stands in the rules of [`crate::domain::policy`].

use crate::domain::policy::{Action, RULES};
use crate::domain::vocabulary::{AgreementCommand, AgreementState, RefusalCode, Role, Vocabulary};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The command.
    pub command: AgreementCommand,
    /// The action of the rules that it stands for.
    pub action: Action,
    /// States in which it can be given.
    pub from: &'static [AgreementState],
    /// State that is recorded afterwards; none where the state stays. A signature counts when it is the last.
    pub to: Option<AgreementState>,
}

/// The table of commands. What is not listed is refused.
pub const STEPS: &[Step] = {
    use AgreementCommand as C;
    use AgreementState as S;
    &[
        Step { command: C::Update, action: Action::AgreementUpdate, from: &[S::Draft], to: None },
        Step { command: C::Annotate, action: Action::AgreementUpdate, from: &[S::Signed, S::InForce, S::Suspended], to: None },
        Step { command: C::Sign, action: Action::AgreementSign, from: &[S::Draft], to: Some(S::Signed) },
        Step { command: C::Suspend, action: Action::AgreementSuspend, from: &[S::Signed, S::InForce], to: Some(S::Suspended) },
        Step { command: C::Resume, action: Action::AgreementResume, from: &[S::Suspended], to: Some(S::Signed) },
        Step {
            command: C::Terminate,
            action: Action::AgreementTerminate,
            from: &[S::Draft, S::Signed, S::InForce, S::Suspended],
            to: Some(S::Terminated),
        },
        Step { command: C::GiveNotice, action: Action::AgreementTerminate, from: &[S::Signed, S::InForce, S::Suspended], to: None },
    ]
};

/// What a command makes of an agreement in a state: the state that is recorded afterwards, none where it stays.
///
/// # Errors
/// The command is not possible in the state.
pub fn decide(state: AgreementState, command: AgreementCommand) -> Result<Option<AgreementState>, RefusalCode> {
    let step = STEPS.iter().find(|step| step.command == command && step.from.contains(&state));
    step.map(|step| step.to).ok_or(RefusalCode::WrongState)
}

/// The action of the rules that a command stands for.
pub fn action_of(command: AgreementCommand) -> Action {
    STEPS.iter().find(|step| step.command == command).map_or(Action::AgreementUpdate, |step| step.action)
}

/// The table of `docs/agreements.md`.
pub fn documentation() -> String {
    let mut table = String::from("| command | action | in state | by, in a party | recorded afterwards |\n|---|---|---|---|---|\n");
    for step in STEPS {
        let states: Vec<&str> = step.from.iter().map(|state| state.code()).collect();
        let roles = RULES.iter().filter(|rule| rule.action == step.action).flat_map(|rule| rule.roles);
        let roles: Vec<&str> = roles.copied().map(Role::code).collect();
        let to = match (step.command, step.to) {
            (AgreementCommand::Sign, Some(to)) => format!("{} with the last signature", to.code()),
            (_, Some(to)) => to.code().to_owned(),
            (_, None) => "the same".to_owned(),
        };
        table.push_str(&format!(
            "| {} ({}) | {} | {} | {} | {to} |\n",
            step.command.code(),
            step.command.labels()[0],
            step.action.code(),
            states.join(", "),
            roles.join(", ")
        ));
    }
    table
}
