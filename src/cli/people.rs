//! Commands on accounts: what the operator does at the console.

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::Subcommand;

use crate::config::Settings;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{Role, Vocabulary};
use crate::service::catalogue::now_ms;
use crate::service::drafts::Acting;
use crate::service::links::{self, LinkKind, NewLink};
use crate::service::people::{self, Invitation, RoleWish, Voice};
use crate::service::sign_in::judge_password;
use crate::service::{Catalogue, Error, accounts};

use super::open;
use super::output::{say, tell};

/// Life of a sign-in link made at the console, milliseconds: one hour.
const LINK_MS: i64 = 3_600_000;

#[derive(Subcommand)]
pub enum UserCommand {
    /// Add an account and print a link that signs in once.
    Add {
        /// E-mail address.
        email: String,
        /// Function, such as "Statistics officer, HCP"; never a private name.
        #[arg(long)]
        function: String,
        /// Language of mails: ar, fr or en.
        #[arg(long, default_value = "fr")]
        language: String,
        /// Role, such as ADMIN or EDITOR@ma-hcp; may be repeated.
        #[arg(long = "role", value_name = "ROLE[@INSTITUTION]")]
        roles: Vec<String>,
    },
    /// Set the password of an account, read from standard input.
    Password {
        /// E-mail address.
        email: String,
        /// Forget the authenticator app too, for a person who has lost it.
        #[arg(long)]
        forget_app: bool,
    },
    /// Shut an account; its sessions and tokens end.
    Disable {
        /// E-mail address, or the identifier that `list` shows.
        email: String,
        /// Let it in again.
        #[arg(long)]
        undo: bool,
    },
    /// List accounts with their roles.
    List,
}

#[derive(Subcommand)]
pub enum InstitutionCommand {
    /// Invite a person to an institution: sends a mail and prints the link.
    Invite {
        /// Short name of the institution.
        institution: String,
        /// E-mail address.
        email: String,
        /// Function, such as "Statistics officer, HCP"; never a private name.
        #[arg(long)]
        function: String,
        /// Language of the mail: ar, fr or en.
        #[arg(long, default_value = "fr")]
        language: String,
        /// Role in the institution: EDITOR, VALIDATOR or ACCESS_OFFICER; may be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
}

fn role(text: &str) -> anyhow::Result<RoleWish> {
    let (name, institution) = text.split_once('@').map_or((text, None), |(name, institution)| (name, Some(institution)));
    let role = Role::parse(&name.to_uppercase()).ok_or_else(|| anyhow!("`{name}` is not a role; use one of {}", Role::codes()))?;
    let institution = institution.map(Slug::parse).transpose().map_err(|e| anyhow!(e))?;
    Ok(RoleWish { role, institution })
}

fn language(text: &str) -> anyhow::Result<String> {
    if ["ar", "fr", "en"].contains(&text) {
        Ok(text.to_owned())
    } else {
        Err(anyhow!("`{text}` is not a language of mails; use ar, fr or en"))
    }
}

pub fn user(settings: &Settings, command: UserCommand) -> anyhow::Result<ExitCode> {
    let catalogue = open::beside(settings)?;
    let now = now_ms();
    match command {
        UserCommand::Add { email, function, language: tag, roles } => {
            let wishes = roles.iter().map(|text| role(text)).collect::<anyhow::Result<Vec<_>>>()?;
            let person = people::add(&catalogue, now, &email, &function, &language(&tag)?, &wishes)?;
            say!("{}", sign_in_link(&catalogue, settings, &person.id, now)?);
            tell!("added; the link above signs in once, within an hour; set a password with `rihla user password {email}`");
        }
        UserCommand::Password { email, forget_app } => set_password(&catalogue, settings, &email, forget_app, now)?,
        UserCommand::Disable { email, undo } => {
            people::set_disabled(&catalogue, &email, !undo, now)?;
            tell!("{email}: {}", if undo { "let in again" } else { "disabled; sessions and tokens have ended" });
        }
        UserCommand::List => {
            for member in people::everyone(&catalogue)? {
                let person = &member.person;
                let roles: Vec<String> = member
                    .roles
                    .iter()
                    .map(|row| if row.institution.is_empty() { row.role.clone() } else { format!("{}@{}", row.role, row.institution) })
                    .collect();
                let state = if person.disabled_at.is_some() { "disabled" } else { "active" };
                let email = person.email.as_deref().unwrap_or("-");
                say!("{}\t{email}\t{}\t{state}\t{}", person.id, person.function, roles.join(" "));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn sign_in_link(catalogue: &Catalogue, settings: &Settings, person: &str, now: i64) -> Result<String, Error> {
    let secret = catalogue.db.write::<_, Error>(|conn, _| {
        links::make(conn, &NewLink { kind: LinkKind::SignIn, person_id: Some(person), doc: &(), now, life_ms: LINK_MS })
    })?;
    Ok(format!("{}/sign-in/{secret}", settings.public_url()))
}

fn set_password(catalogue: &Catalogue, settings: &Settings, email: &str, forget_app: bool, now: i64) -> anyhow::Result<()> {
    let clean = people::clean_email(email)?;
    let member = people::everyone(catalogue)?.into_iter().find(|member| member.person.email.as_deref() == Some(&clean));
    let person = member.ok_or_else(|| anyhow!("there is no account for `{email}`; add it with `rihla user add`"))?.person;
    tell!("new password for {clean}, one line on standard input:");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    judge_password(password, &clean)
        .map_err(|weak| anyhow!("the password is not taken ({weak:?}); use at least 12 characters that nobody guesses"))?;
    let base_url = settings.public_url();
    people::set_password(catalogue, Voice { name: &settings.name, base_url: &base_url }, &person.id, password, "", now)?;
    if forget_app {
        accounts::forget_app(catalogue, &person.id, now)?;
    }
    tell!("set; sessions of this account have ended");
    Ok(())
}

pub fn institution(settings: &Settings, command: InstitutionCommand) -> anyhow::Result<ExitCode> {
    let catalogue = open::beside(settings)?;
    let InstitutionCommand::Invite { institution, email, function, language: tag, roles } = command;
    let slug = Slug::parse(&institution).map_err(|e| anyhow!(e))?;
    let roles = roles
        .iter()
        .map(|text| role(text).map(|wish| RoleWish { institution: Some(slug.clone()), ..wish }))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let base_url = settings.public_url();
    let voice = Voice { name: &settings.name, base_url: &base_url };
    let invitation = Invitation { email, function, language: language(&tag)?, roles };
    let link = people::invite(&catalogue, Acting { actor: &Actor::Console, now: now_ms() }, voice, invitation)?;
    say!("{link}");
    tell!("invited; the running server sends the mail, the link above is the same");
    Ok(ExitCode::SUCCESS)
}
