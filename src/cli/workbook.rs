//! Workbooks from the console.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::service::workbook;

use super::{open, run};

/// Writes the empty workbook, or the records of an institution.
pub fn write(
    settings: &Settings,
    institution: Option<&str>,
    with_records: bool,
    language: &str,
    output: &Path,
) -> anyhow::Result<ExitCode> {
    run::start_log(&Settings { log_level: "warn".to_owned(), ..settings.clone() });
    let institution = institution.map(Slug::parse).transpose().map_err(|e| anyhow!("--institution: {e}"))?;
    let language = workbook::language(Some(language));
    let catalogue = open::beside(settings)?;
    let made = match institution {
        Some(slug) if with_records => workbook::of_institution(&catalogue, &Actor::Console, &slug, &settings.public_url(), language),
        other => workbook::template(&catalogue, language, other.as_ref()),
    };
    let bytes = made.map_err(|e| anyhow!("{e}"))?;
    std::fs::write(output, bytes).with_context(|| format!("{} cannot be written", output.display()))?;
    Ok(ExitCode::SUCCESS)
}
