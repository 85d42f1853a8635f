//! The fonts with which pictures and PDF are written: one for Latin and one for Arabic script, each upright and bold.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, Source};

/// A font: the bytes of a TrueType or OpenType file.
pub type FontBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A font within its file.
#[derive(Clone)]
pub struct Face {
    /// The file.
    pub bytes: FontBytes,
    /// Place of the font within the file, 0 where the file holds one font only.
    pub index: u32,
}

/// What a report is written with.
#[derive(Clone)]
pub struct Fonts {
    /// Latin letters, digits and signs.
    pub latin: Face,
    /// The same in bold.
    pub latin_bold: Face,
    /// Arabic letters.
    pub arabic: Face,
    /// The same in bold.
    pub arabic_bold: Face,
}

impl Face {
    /// The first font of a file.
    pub fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self { bytes: Arc::new(bytes), index: 0 }
    }
}

impl Fonts {
    /// The fonts that the binary carries along; none where it was built without npm.
    pub fn carried() -> Option<Self> {
        carried()
    }

    /// The fonts as pictures look for them.
    pub(super) fn database(&self) -> Database {
        let mut database = Database::new();
        for face in [&self.latin, &self.latin_bold, &self.arabic, &self.arabic_bold] {
            database.load_font_source(Source::Binary(face.bytes.clone()));
        }
        let family = database.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone()).unwrap_or_default();
        database.set_sans_serif_family(family.clone());
        database.set_serif_family(family);
        database
    }
}

#[cfg(rihla_fonts)]
fn carried() -> Option<Fonts> {
    macro_rules! font {
        ($name:literal) => {
            Face::new(include_bytes!(concat!(env!("OUT_DIR"), "/fonts/", $name)).as_slice())
        };
    }
    Some(Fonts {
        latin: font!("latin.ttf"),
        latin_bold: font!("latin-bold.ttf"),
        arabic: font!("arabic.ttf"),
        arabic_bold: font!("arabic-bold.ttf"),
    })
}

#[cfg(not(rihla_fonts))]
fn carried() -> Option<Fonts> {
    None
}
