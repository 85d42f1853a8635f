//! Names of files: made safe to show, to save and to put into a header.

use unicode_normalization::UnicodeNormalization;

use crate::domain::problem::Problem;
use crate::domain::vocabulary::{DocumentKind, Vocabulary};

/// The longest name that is kept, with its ending.
const MAX_CHARS: usize = 120;

/// Endings that say something other than the allowed kinds. Any other ending is taken as a part of the name (`protocol.v2`).
const OTHER_ENDINGS: &[&str] = &[
    // Programs and scripts, as Windows, macOS, Linux, Android and statistics programs run them.
    "exe dll com scr msi bat cmd ps1 vbs vbe js jse mjs wsf hta jar apk app sh bash py pyc pl rb php lnk reg do sps r rmd ipynb",
    // Pages and pictures.
    "html htm xhtml mht mhtml svg xml xsl png jpg jpeg gif tif tiff bmp webp heic",
    // Office files with macros, of former versions, or of other programs.
    "doc docm dot dotx dotm xls xlsm xlsb xlt xltx xltm xlam ppt pptx pptm ods odp ott ots fodt rtf pages numbers msg eml",
    // Archives and data.
    "zip rar 7z gz tgz bz2 xz tar iso cab sav dta sas7bdat mdb accdb sqlite db json parquet dbf shp geojson kml gpkg vcf",
];

/// What looks like a name in another system but is a device in Windows.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The ending of a name, in lower case; empty where there is none.
pub(super) fn ending(name: &str) -> String {
    let visible: String = name.chars().filter(|c| !is_steering(*c)).collect();
    match visible.trim_end_matches(['.', ' ']).rsplit_once('.') {
        Some((_, ending)) if ending.len() <= 8 => ending.trim().to_lowercase(),
        _ => String::new(),
    }
}

/// The name as it is kept. A problem where the name's ending claims another type than the content has.
pub(super) fn clean(name: &str, kind: DocumentKind) -> Result<String, Problem> {
    let ending = ending(name);
    let allowed = kind.extensions().contains(&ending.as_str());
    let known = OTHER_ENDINGS.iter().any(|group| group.split(' ').any(|other| other == ending))
        || DocumentKind::ALL.iter().any(|k| k.extensions().contains(&ending.as_str()));
    if known && !allowed {
        let remedy = format!(
            "the name says “.{ending}” but the content is {} ({}); name the file after what it is, or attach the right file",
            kind.label("en"),
            kind.media_type()
        );
        return Err(Problem::new("name", format!(".{ending}"), remedy));
    }
    let base = tidy(name);
    let stem = if allowed { base.rsplit_once('.').map_or(base.as_str(), |(stem, _)| stem) } else { base.as_str() };
    let ending = if allowed { ending.as_str() } else { kind.extensions()[0] };
    let mut stem: String = stem.chars().take(MAX_CHARS - ending.len() - 1).collect();
    stem = stem.trim_matches([' ', '.']).to_owned();
    if stem.is_empty() || DEVICES.contains(&stem.to_lowercase().as_str()) {
        stem = format!("document{}{stem}", if stem.is_empty() { "" } else { "-" });
    }
    Ok(format!("{stem}.{ending}"))
}

/// The last part of a path, in composed characters, on one line.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.nfc().filter(|c| !is_steering(*c)).map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | ';' | '`' => '-',
        c => c,
    });
    let mut base = String::new();
    for word in kept.collect::<String>().split_whitespace() {
        if !base.is_empty() {
            base.push(' ');
        }
        base.push_str(word);
    }
    base
}

/// Characters that are not seen but change how a name is read: controls, direction of writing, tags, invisible joiners.
/// The joiners U+200C and U+200D stay: Persian and Urdu names need them.
fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe_and_keep_their_ending() {
        for (given, kept) in [
            ("C:\\Users\\x\\Protocole d’étude.PDF", "Protocole d’étude.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("بروتوكول البحث.pdf", "بروتوكول البحث.pdf"),
            ("protocol.v2", "protocol.v2.pdf"),
            ("e\u{301}tude\r\nX: y.pdf", "étudeX- y.pdf"),
            ("a\u{202e}fdp.pdf", "afdp.pdf"),
            ("   ", "document.pdf"),
            (".pdf", "document.pdf"),
            ("con.pdf", "document-con.pdf"),
        ] {
            assert_eq!(clean(given, DocumentKind::Pdf), Ok(kept.to_owned()), "{given:?}");
        }
        let long = clean(&format!("{}.pdf", "ن".repeat(500)), DocumentKind::Pdf).expect("a long name is cut");
        assert_eq!((long.chars().count(), long.ends_with(".pdf")), (120, true));
    }

    #[test]
    fn an_ending_of_another_type_is_told() {
        for name in ["notes.exe", "notes.docx", "notes.html", "notes.pdf\u{200b}.js"] {
            let problem = clean(name, DocumentKind::Pdf).expect_err(name);
            assert!(problem.remedy.contains("PDF"), "{problem}");
        }
    }
}
