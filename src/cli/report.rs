//! What a format would lose of each record, as a table for a spreadsheet.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow};

use crate::config::Settings;
use crate::domain::policy::Actor;
use crate::domain::vocabulary::{ExportFormat, Vocabulary};
use crate::service::publishing::losses;

use super::output::tell;
use super::{open, output};

/// Writes record, field and what becomes of it, a line each, separated by tabs.
pub fn losses(settings: &Settings, file: Option<&Path>, public: bool, format: &str) -> anyhow::Result<ExitCode> {
    let format = ExportFormat::parse(&format.to_uppercase())
        .ok_or_else(|| anyhow!("`{format}` is not a format; use one of {}", ExportFormat::codes()))?;
    let catalogue = open::beside(settings)?;
    let actor = if public { Actor::Visitor } else { Actor::Console };
    let fill = |writer: &mut dyn Write| -> anyhow::Result<usize> {
        writeln!(writer, "record\tfield\teffect")?;
        let mut records = 0;
        losses::each(&catalogue, &actor, &settings.public_url(), format, &mut |slug, found| {
            records += 1;
            found.iter().try_for_each(|loss| writeln!(writer, "{slug}\t{}\t{}", loss.field, loss.effect.label("en")))
        })?;
        writer.flush()?;
        Ok(records)
    };
    let looked_through = match file {
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
            Some(fill(&mut std::io::BufWriter::new(file))?)
        }
        None => output::standard(fill)?,
    };
    if let Some(records) = looked_through {
        tell!("{}: {records} records looked through", format.label("en"));
    }
    Ok(ExitCode::SUCCESS)
}
