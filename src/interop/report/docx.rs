//! A report as DOCX: a package of XML parts (ECMA-376), written part by part.

mod body;
mod parts;

use std::io::{Cursor, Seek, Write};

use time::UtcOffset;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::fonts::Fonts;
use super::model::Report;

/// Writes the package. Without fonts, pictures are left out and their descriptions and data stay.
///
/// # Errors
/// When the package cannot be put together, which its size alone can cause.
pub fn write(report: &Report, fonts: Option<&Fonts>) -> std::io::Result<Vec<u8>> {
    let body = body::write(report, fonts);
    let mut package = Package { zip: ZipWriter::new(Cursor::new(Vec::new())), options: options(report) };
    package.part("[Content_Types].xml", parts::CONTENT_TYPES.as_bytes())?;
    package.part("_rels/.rels", parts::PACKAGE_LINKS.as_bytes())?;
    package.part("docProps/core.xml", parts::core(report).as_bytes())?;
    package.part("docProps/app.xml", parts::APP.as_bytes())?;
    package.part("word/document.xml", body.document.as_bytes())?;
    package.part("word/styles.xml", parts::styles(report).as_bytes())?;
    package.part("word/settings.xml", parts::settings(report).as_bytes())?;
    package.part("word/numbering.xml", parts::numbering(body.ordered_lists, report.is_rtl()).as_bytes())?;
    package.part("word/footer1.xml", parts::footer(report).as_bytes())?;
    package.part("word/_rels/document.xml.rels", parts::links(&body.links, body.pictures.len()).as_bytes())?;
    for (number, picture) in body.pictures.iter().enumerate() {
        package.part(&format!("word/media/image{}.png", number + 1), picture)?;
    }
    Ok(package.zip.finish().map_err(std::io::Error::other)?.into_inner())
}

struct Package<W: Write + Seek> {
    zip: ZipWriter<W>,
    options: SimpleFileOptions,
}

impl<W: Write + Seek> Package<W> {
    fn part(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.zip.start_file(name, self.options).map_err(std::io::Error::other)?;
        self.zip.write_all(bytes)
    }
}

/// The parts bear the time of the report and no other, so that equal reports give equal bytes.
fn options(report: &Report) -> SimpleFileOptions {
    let made = report.made_at.to_offset(UtcOffset::UTC);
    let year = u16::try_from(made.year()).unwrap_or(0);
    // Packages know the years 1980 to 2107 only.
    let time =
        DateTime::from_date_and_time(year, made.month().into(), made.day(), made.hour(), made.minute(), made.second()).unwrap_or_default();
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(time).unix_permissions(0o644)
}
