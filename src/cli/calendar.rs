//! Commands on calendars of working days.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::Subcommand;

use crate::config::Settings;
use crate::domain::vocabulary::ConceptScheme;
use crate::domain::workdays::{Calendar, file};
use crate::service::Catalogue;
use crate::service::access_requests::calendars;
use crate::service::catalogue::now_ms;

use super::open;
use super::output::{say, tell};

#[derive(Subcommand)]
pub enum CalendarCommand {
    /// Set the calendar of a country; the clocks of open access requests follow at once.
    Set {
        /// Country, as institutions have it, such as MA; without it, the calendar of all countries that have none of their own.
        #[arg(long)]
        country: Option<String>,
        /// JSON: `{"restDays": [6, 7], "holidays": {"2026-01-01": {"ar": "…", "fr": "…", "en": "…"}}}`.
        file: PathBuf,
    },
    /// Print all calendars by country.
    Show {
        /// Only the calendar of this country, as `set` reads it.
        #[arg(long)]
        country: Option<String>,
    },
}

pub fn calendar(settings: &Settings, command: CalendarCommand) -> anyhow::Result<ExitCode> {
    let catalogue = open::beside(settings)?;
    match command {
        CalendarCommand::Set { country, file: path } => {
            let country = country.map_or(Ok(String::new()), |country| known(&catalogue, &country))?;
            let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let calendar = match file::read(&text) {
                Ok(calendar) => calendar,
                Err(problems) => {
                    for problem in problems {
                        tell!("{}: {problem}", path.display());
                    }
                    return Ok(ExitCode::FAILURE);
                }
            };
            let clocks = calendars::set(&catalogue, &country, &calendar, now_ms())?;
            let whose = if country.is_empty() { "all other countries" } else { &country };
            say!("calendar of {whose} set: {} holidays; {clocks} clocks of access requests moved", calendar.holidays.len());
        }
        CalendarCommand::Show { country: Some(country) } => {
            let own = calendars::all(&catalogue)?.into_iter().find(|(code, _)| *code == country);
            let (_, calendar) = own.ok_or_else(|| anyhow!("`{country}` has no calendar of its own; the one for all others holds"))?;
            say!("{}", serde_json::to_string_pretty(&calendar)?);
        }
        CalendarCommand::Show { country: None } => {
            let named = |(code, calendar)| (if String::is_empty(&code) { "other".to_owned() } else { code }, calendar);
            let shown: BTreeMap<String, Calendar> = calendars::all(&catalogue)?.into_iter().map(named).collect();
            if shown.is_empty() {
                tell!("no calendar is set: Saturday and Sunday are rest days, and there are no public holidays");
            }
            say!("{}", serde_json::to_string_pretty(&shown)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The country as institutions have it.
fn known(catalogue: &Catalogue, code: &str) -> anyhow::Result<String> {
    let is_country = code.len() == 2 && catalogue.concepts.get(ConceptScheme::Places, code).is_some();
    is_country.then(|| code.to_owned()).ok_or_else(|| {
        anyhow!("`{code}` is no country of the list of places; use its two letters, such as MA, or leave `--country` out for all others")
    })
}
