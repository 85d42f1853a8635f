//! What registries like this one tell each other: records in the registry's own format, a line each, in the order of their last public
//! changes; what is gone; and where to go on.

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::record::{MAX_LINE, RecordDraft, RecordLine, read_line};
use crate::domain::text::check_characters;

use super::dcat::is_web_address;

/// Longest name of a registry, in characters.
const LONGEST_NAME: usize = 200;
/// Longest mark of what is shared, in bytes.
const LONGEST_MARK: usize = 200;

/// The first line: which registry speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registry {
    /// Name of the registry.
    pub name: String,
    /// Address under which it is published, without a slash at the end.
    pub url: String,
    /// A mark of what its institutions share; another one means that records have come or gone without having changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<String>,
}

impl Registry {
    /// Whether name and address can be shown to people.
    ///
    /// # Errors
    /// The one thing that is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        if !is_web_address(&self.url) || self.url.ends_with('/') {
            let remedy = "the registry does not say under which web address it is published; tell whoever runs it";
            return Err(Problem::new("registry.url", &self.url, remedy));
        }
        if self.sharing.as_deref().is_some_and(|mark| mark.len() > LONGEST_MARK || !mark.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(Problem::new("registry.sharing", "", "the registry's mark of what is shared is none; tell whoever runs it"));
        }
        let is_named = !self.name.trim().is_empty() && self.name.chars().count() <= LONGEST_NAME;
        match check_characters(&self.name) {
            Ok(()) if is_named => Ok(()),
            _ => Err(Problem::new("registry.name", &self.name, "the registry has no name that can be shown; tell whoever runs it")),
        }
    }
}

/// The last line: where to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// Place in the registry's log up to which this part tells; the next one is asked for after it.
    pub after: i64,
    /// Whether more follows at once.
    pub has_more: bool,
}

/// One line of a feed.
#[derive(Clone, Debug)]
pub enum Line {
    /// Which registry speaks.
    Registry(Registry),
    /// An institution that a record after it names.
    Institution(Box<Institution>),
    /// A record.
    Dataset(Box<DatasetDraft>),
    /// A record that is no longer public there, or no longer shared: its identifier.
    Gone(String),
    /// Where to go on.
    End(End),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Own {
    Registry(Registry),
    Gone { identifier: String },
    End(End),
}

/// Whether a document is a feed: whether its first line says which registry speaks.
pub fn is_feed(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    first.len() < 10_000 && matches!(serde_json::from_slice(first), Ok(Own::Registry(_)))
}

/// Reads a feed line by line; what is wrong with a line, with its number from 1.
pub fn read(bytes: &[u8]) -> Vec<(usize, Result<Line, Vec<Problem>>)> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().map(|(index, line)| (index + 1, line.trim_ascii()));
    lines.filter(|(_, line)| !line.is_empty()).map(|(number, line)| (number, read_one(line))).collect()
}

fn read_one(line: &[u8]) -> Result<Line, Vec<Problem>> {
    let wrong = |remedy: &str| vec![Problem::new("", "", remedy)];
    if line.len() > MAX_LINE {
        return Err(vec![Problem::new(
            "",
            format!("{} bytes", line.len()),
            format!("the line is longer than {MAX_LINE} bytes; no record is"),
        )]);
    }
    let text = std::str::from_utf8(line).map_err(|_| wrong("the line is not UTF-8; tell whoever runs the registry"))?;
    match serde_json::from_str::<Own>(text) {
        Ok(Own::Registry(registry)) => return Ok(Line::Registry(registry)),
        Ok(Own::Gone { identifier }) => return Ok(Line::Gone(identifier)),
        Ok(Own::End(end)) => return Ok(Line::End(end)),
        Err(_) => {}
    }
    Ok(match read_line(text)? {
        RecordDraft::Institution(institution) => Line::Institution(institution),
        RecordDraft::Dataset(draft) => Line::Dataset(draft),
    })
}

/// Writes a feed.
pub struct Writer<W>(W);

impl<W: Write> Writer<W> {
    /// Begins a feed.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn begin(output: W, registry: Registry) -> std::io::Result<Self> {
        let mut writer = Self(output);
        writer.line(&Own::Registry(registry))?;
        Ok(writer)
    }

    fn line(&mut self, value: &impl Serialize) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.0, value)?;
        self.0.write_all(b"\n")
    }

    /// Writes an institution.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn institution(&mut self, institution: &Institution) -> std::io::Result<()> {
        self.line(&RecordLine::Institution(institution))
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn dataset(&mut self, dataset: &Dataset) -> std::io::Result<()> {
        self.line(&RecordLine::Dataset(dataset))
    }

    /// Tells that a record is gone.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn gone(&mut self, identifier: String) -> std::io::Result<()> {
        self.line(&Own::Gone { identifier })
    }

    /// What was written until now.
    pub fn written(&self) -> &W {
        &self.0
    }

    /// Ends the feed.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(mut self, end: End) -> std::io::Result<W> {
        self.line(&Own::End(end))?;
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let registry = Registry { name: "Rihla".into(), url: "https://data.example.ma".into(), sharing: None };
        let mut writer = Writer::begin(Vec::new(), registry.clone()).expect("memory");
        writer.gone("urn:uuid:01890000-0000-7000-8000-000000000001".into()).expect("memory");
        let bytes = writer.end(End { after: 7, has_more: true }).expect("memory");
        assert!(is_feed(&bytes));
        let lines: Vec<Line> = read(&bytes).into_iter().map(|(_, line)| line.expect("a line")).collect();
        assert!(matches!(&lines[0], Line::Registry(read) if *read == registry));
        assert!(matches!(&lines[1], Line::Gone(id) if id.ends_with("0001")));
        assert!(matches!(&lines[2], Line::End(End { after: 7, has_more: true })));
    }

    #[test]
    fn a_registry_that_cannot_be_shown_is_named() {
        let registry = |name: &str, url: &str| Registry { name: name.into(), url: url.into(), sharing: None };
        assert!(registry("Rihla", "https://data.example.ma").check().is_ok());
        for (name, url) in [
            ("Rihla", "javascript:alert(1)//"),
            ("Rihla", "https://data.example.ma/"),
            ("", "https://a.ma"),
            ("a\u{202e}b", "https://a.ma"),
        ] {
            assert!(registry(name, url).check().is_err(), "{name} {url}");
        }
    }

    #[test]
    fn other_lines_are_no_feed_and_wrong_ones_are_named() {
        assert!(!is_feed(b"{\"type\":\"dataset\"}\n"));
        let read = read(b"{\"type\":\"registry\",\"name\":\"R\",\"url\":\"u\"}\n\n{\"type\":\"dataset\",\"colour\":1}\n\xff\n");
        assert_eq!(read.iter().map(|(number, line)| (*number, line.is_ok())).collect::<Vec<_>>(), [(1, true), (3, false), (4, false)]);
    }
}
