//! The page of the documentation that lists the settings.

use super::DOCS;
use super::variables::variable_of;

/// The page `docs/configuration.md`.
pub fn documentation() -> String {
    let mut page = String::from(
        "# Configuration\n\n<!-- Generated from src/config.rs; a test keeps it up to date. -->\n\n\
         A setting is taken from the first of: a flag (`--bind`, `--data-dir`, `--database-url`, or `--set name=value` for any), \
         the environment (`RIHLA_` and the name in capitals), the settings file (TOML, by `--config` or `RIHLA_CONFIG`), the default.\n\n\
         | setting | environment | kind | default | what it does |\n|---|---|---|---|---|\n",
    );
    for doc in DOCS {
        let default = if doc.default.is_empty() { "(empty)".to_owned() } else { format!("`{}`", doc.default) };
        page.push_str(&format!("| `{}` | `{}` | {} | {default} | {} |\n", doc.name, variable_of(doc.name), doc.kind, doc.doc.trim()));
    }
    page
}
