//! The fonts with which reports are written: those that the binary carries along, else those of the machine.

use resvg::usvg::fontdb::{Database, Family, Query, Weight};

use crate::interop::report::{Face, Fonts};

/// Families with Latin letters and digits, the best first.
const LATIN: [&str; 5] = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Helvetica"];
/// Families with Arabic letters, the best first: those whose letters are found again by who searches the PDF.
const ARABIC: [&str; 6] = ["Amiri", "Scheherazade New", "DejaVu Sans", "Noto Naskh Arabic", "Noto Sans Arabic", "Arial"];

/// Looks for the fonts.
///
/// # Errors
/// A sentence that names what is missing and the remedy.
pub fn find() -> Result<Fonts, String> {
    Fonts::carried().map_or_else(of_machine, Ok)
}

/// Looks through the folders of fonts of the machine.
fn of_machine() -> Result<Fonts, String> {
    let mut database = Database::new();
    database.load_system_fonts();
    let face = |families: &[&str], weight: Weight, script: &str| {
        found(&database, families, weight).ok_or_else(|| {
            format!(
                "no font with {script} letters was found on this machine, and the program was built without its own; \
                 install one of these fonts: {}, build the program where npm is found, or take another format of the report",
                families.join(", ")
            )
        })
    };
    Ok(Fonts {
        latin: face(&LATIN, Weight::NORMAL, "Latin")?,
        latin_bold: face(&LATIN, Weight::BOLD, "Latin")?,
        arabic: face(&ARABIC, Weight::NORMAL, "Arabic")?,
        arabic_bold: face(&ARABIC, Weight::BOLD, "Arabic")?,
    })
}

/// The nearest font of the first family that is there.
fn found(database: &Database, families: &[&str], weight: Weight) -> Option<Face> {
    let families: Vec<Family> = families.iter().map(|name| Family::Name(name)).collect();
    let id = database.query(&Query { families: &families, weight, ..Query::default() })?;
    database.with_face_data(id, |bytes, index| Face { index, ..Face::new(bytes.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::{Database, LATIN, Weight, find, found};

    #[test]
    fn a_machine_without_fonts_has_none() {
        assert!(found(&Database::new(), &LATIN, Weight::NORMAL).is_none());
    }

    #[test]
    fn fonts_are_found_or_the_remedy_is_named() {
        match find() {
            Ok(fonts) => assert!(!fonts.latin.bytes.as_ref().as_ref().is_empty()),
            Err(message) => assert!(message.contains("install one of these fonts"), "{message}"),
        }
    }
}
