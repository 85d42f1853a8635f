//! The form that stands where a holder has written none.

use std::sync::LazyLock;

use super::Form;

/// Identifier of the default form.
pub const DEFAULT_FORM_ID: &str = "default";
/// Version of the default form; grows with every change of its text, see the test that pins it.
pub const DEFAULT_FORM_VERSION: i64 = 1;

static STANDARD: LazyLock<Result<Form, String>> = LazyLock::new(|| {
    let text = include_str!("../data/default_form.json");
    serde_json::from_str(text).map_err(|error| format!("the default form (default_form.json) cannot be read: {error}"))
});
static NONE: LazyLock<Form> = LazyLock::new(Form::default);

/// Whether the default form can be read; the program does not start without it.
///
/// # Errors
/// What is wrong with the file, for whoever built the program.
pub fn check_default_form() -> Result<(), String> {
    STANDARD.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The default form: everything that a holder usually needs to know, in three languages. Without questions only where
/// [`check_default_form`] fails.
pub fn default_form() -> &'static Form {
    STANDARD.as_ref().unwrap_or(&NONE)
}
