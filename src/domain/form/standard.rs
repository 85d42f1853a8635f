//! The form that stands where a holder has written none.

use std::sync::{Arc, LazyLock};

use super::Form;

/// Identifier of the default form.
pub const DEFAULT_FORM_ID: &str = "default";
/// Every text that the default form has had, by its version, the one in force last. Requests keep the version that they answer: a text
/// neither changes nor goes, see the test that pins them; a changed one is a further file and a further line.
const TEXTS: &[(i64, &str)] = &[(1, include_str!("../data/default_form.json"))];
/// Version of the default form that is in force.
pub const DEFAULT_FORM_VERSION: i64 = TEXTS[TEXTS.len() - 1].0;

static KEPT: LazyLock<Result<Versions, String>> = LazyLock::new(|| read(TEXTS));

/// Forms with their versions.
type Versions = Vec<(i64, Arc<Form>)>;

fn read(texts: &[(i64, &str)]) -> Result<Versions, String> {
    let one = |(version, text): &(i64, &str)| match serde_json::from_str(text) {
        Ok(form) => Ok((*version, Arc::new(form))),
        Err(error) => Err(format!("version {version} of the default form cannot be read: {error}")),
    };
    texts.iter().map(one).collect()
}

/// A version of the default form, which stays readable for the requests that answer it; none where there was no such version.
///
/// # Errors
/// What is wrong with the file, for whoever built the program.
pub fn default_form_version(version: i64) -> Result<Option<&'static Arc<Form>>, String> {
    let kept = KEPT.as_ref().map_err(Clone::clone)?;
    Ok(of(kept, version))
}

fn of(kept: &[(i64, Arc<Form>)], version: i64) -> Option<&Arc<Form>> {
    kept.iter().find(|(known, _)| *known == version).map(|(_, form)| form)
}

/// The default form in force: everything that a holder usually needs to know, in three languages. The program does not start
/// without it.
///
/// # Errors
/// What is wrong with the file, for whoever built the program.
pub fn default_form() -> Result<&'static Arc<Form>, String> {
    default_form_version(DEFAULT_FORM_VERSION)?.ok_or_else(|| format!("the default form has no version {DEFAULT_FORM_VERSION}"))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{TEXTS, default_form_version, of, read};

    /// SHA-256 of what each version says. A line is added, never changed.
    const PINNED: &[(i64, &str)] = &[(1, "99362694a70babe97fe7a7375d1fa774e2d3b70825b9aca959abdabdc002c933")];

    #[test]
    fn every_text_that_the_form_has_had_is_kept_as_it_was() {
        let digest = |(version, _): &(i64, &str)| {
            let form = default_form_version(*version).expect("readable").expect("kept");
            crate::domain::ids::hex(&Sha256::digest(serde_json::to_string(&**form).expect("JSON")))
        };
        let found: Vec<(i64, String)> = TEXTS.iter().map(|text| (text.0, digest(text))).collect();
        let pinned: Vec<(i64, String)> = PINNED.iter().map(|(version, hash)| (*version, (*hash).to_owned())).collect();
        assert_eq!(found, pinned, "answers are kept with the version of the form: a changed text needs a further version");
    }

    #[test]
    fn an_older_version_stays_beside_the_one_in_force() {
        let later = TEXTS[0].1.replacen("project-title", "title-of-the-project", 1);
        let kept = read(&[TEXTS[0], (2, later.as_str())]).expect("readable");
        let asks = |version: i64, key: &str| of(&kept, version).is_some_and(|form| form.question(key).is_some());
        assert!(asks(1, "project-title") && !asks(2, "project-title") && asks(2, "title-of-the-project") && of(&kept, 3).is_none());
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let fault = read(&[TEXTS[0], (2, "{")]).expect_err("no form");
        assert!(fault.contains("version 2 of the default form"), "{fault}");
    }
}
