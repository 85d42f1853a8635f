//! The form that stands where a holder has written none.

use std::sync::LazyLock;

use super::Form;

/// Identifier of the default form.
pub const DEFAULT_FORM_ID: &str = "default";
/// Version of the default form; grows with every change of its text, see the test that pins it.
pub const DEFAULT_FORM_VERSION: i64 = 1;

static STANDARD: LazyLock<Form> = LazyLock::new(|| {
    // A test reads it, so that a fault shows before anything is shipped; an empty form would still let the catalogue run.
    serde_json::from_str(include_str!("../data/default_form.json")).unwrap_or_default()
});

/// The default form: everything that a holder usually needs to know, in three languages.
pub fn default_form() -> &'static Form {
    &STANDARD
}
