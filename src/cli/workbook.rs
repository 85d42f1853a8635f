//! Workbooks from the console.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::ids::Slug;
use crate::domain::policy::Actor;
use crate::interop::sheet::DATASET;
use crate::service::workbook::{self, Form};

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
    let make = |form: &Form| {
        let made = match &institution {
            Some(slug) if with_records => {
                workbook::of_institution(&catalogue, &Actor::Console, slug, &settings.public_url(), language, form)
            }
            other => workbook::template(&catalogue, language, other.as_ref(), form),
        };
        made.map_err(|e| anyhow!("{e}"))
    };
    let write = |path: &Path, bytes: Vec<u8>| std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()));
    match output.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => write(output, make(&Form::Workbook)?)?,
        // As plain text each sheet is a file of its own, the datasets under the name that was given.
        Some("csv") => {
            for sheet in Form::sheets() {
                let path = match sheet {
                    DATASET => output.to_path_buf(),
                    list => output.with_file_name(format!("{}-{list}.csv", output.file_stem().unwrap_or_default().to_string_lossy())),
                };
                write(&path, make(&Form::Csv(sheet.to_owned()))?)?;
            }
        }
        _ => return Err(anyhow!("--output: {} ends neither in .xlsx nor in .csv; name the file so", output.display())),
    }
    Ok(ExitCode::SUCCESS)
}
