//! What a format would lose of each record, as a table for a spreadsheet.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{ExportFormat, Vocabulary};
use crate::service::publishing::losses;

use super::open;

/// Writes record, field and what becomes of it, a line each, separated by tabs.
pub fn losses(settings: &Settings, output: Option<&Path>, public: bool, format: &str) -> anyhow::Result<ExitCode> {
    let format = ExportFormat::parse(&format.to_uppercase())
        .ok_or_else(|| anyhow!("`{format}` is not a format; use one of {}", ExportFormat::codes()))?;
    let catalogue = open::beside(settings)?;
    let actor = if public { Actor::Visitor } else { Actor::Console };
    let mut writer: Box<dyn Write> = match output {
        Some(path) => Box::new(std::fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?),
        None => Box::new(std::io::stdout().lock()),
    };
    let mut writer = std::io::BufWriter::new(&mut writer);
    writeln!(writer, "record\tfield\teffect")?;
    let mut records = 0;
    losses::each(&catalogue, &actor, &settings.public_url(), format, &mut |slug, found| {
        records += 1;
        found.iter().try_for_each(|loss| writeln!(writer, "{slug}\t{}\t{}", loss.field, loss.effect.label("en")))
    })?;
    writer.flush()?;
    eprintln!("{}: {records} records looked through", format.label("en"));
    Ok(ExitCode::SUCCESS)
}
