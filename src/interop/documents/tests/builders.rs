//! Small documents of each kind.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(super) const DOCX_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

pub(super) fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).expect("member");
        writer.write_all(bytes).expect("member is written");
    }
    writer.finish().expect("archive").into_inner()
}

pub(super) fn types(main: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Override PartName=\"/word/document.xml\" ContentType=\"{main}\"/></Types>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn docx_paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", escaped(text))
}

/// A Word document of paragraphs and one table, with more members where wanted.
pub(super) fn docx_with(paragraphs: &[String], rows: &[Vec<String>], more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body: String = paragraphs.iter().map(|text| docx_paragraph(text)).collect();
    if !rows.is_empty() {
        let row = |cells: &Vec<String>| {
            let cells: String = cells.iter().map(|cell| format!("<w:tc>{}</w:tc>", docx_paragraph(cell))).collect();
            format!("<w:tr>{cells}</w:tr>")
        };
        body.push_str(&format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>()));
    }
    let document = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let types = types(DOCX_TYPE);
    let mut members: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())];
    members.extend(more);
    archive(&members)
}

pub(super) fn docx(paragraphs: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    docx_with(paragraphs, rows, &[])
}

/// An OpenDocument text of paragraphs and one table.
pub(super) fn odt(paragraphs: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let paragraph = |text: &String| format!("<text:p>{}</text:p>", escaped(text));
    let mut body: String = paragraphs.iter().map(paragraph).collect();
    let row = |cells: &Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("<table:table-cell>{}</table:table-cell>", paragraph(cell))).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    body.push_str(&format!("<table:table>{}</table:table>", rows.iter().map(row).collect::<String>()));
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"tb\"><office:body>{body}</office:body></office:document-content>"
    );
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

/// A workbook: one sheet a list of rows. Text of the form `1985-03-12` becomes a date, digits a number.
pub(super) fn xlsx(sheets: &[Vec<Vec<String>>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let dated = Format::new().set_num_format("dd/mm/yyyy");
    for rows in sheets {
        let sheet = book.add_worksheet();
        for (line, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (line, column) = (u32::try_from(line).expect("few rows"), u16::try_from(column).expect("few columns"));
                if let Ok(date) = ExcelDateTime::parse_from_str(cell)
                    && cell.len() == 10
                {
                    sheet.write_datetime_with_format(line, column, date, &dated).expect("date");
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(line, column, number).expect("number");
                } else {
                    sheet.write_string(line, column, cell).expect("text");
                }
            }
        }
    }
    book.save_to_buffer().expect("workbook")
}

/// A PDF out of objects; the first is the catalogue.
pub(super) fn pdf_of(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).bytes());
    out
}

pub(super) fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    out.extend(bytes);
    out.extend(b"\nendstream");
    out
}

/// A PDF of one page, each cell of a row drawn by itself. Letters are given as UTF-16, with a map to characters, so that Arabic
/// can be written; `catalogue` is added to the first object.
pub(super) fn pdf_with(rows: &[Vec<String>], catalogue: &str) -> Vec<u8> {
    let mut content = String::from("BT /F1 10 Tf ET\n");
    for (line, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let codes: String = cell.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            content.push_str(&format!(
                "BT /F1 10 Tf 1 0 0 1 {} {} Tm <{codes}> Tj ET\n",
                40 + column * 170,
                800_i64 - 12 * i64::try_from(line).expect("line")
            ));
        }
    }
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n\
               1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n2 beginbfrange\n<0000> <00FF> <0000>\n<0600> <06FF> <0600>\nendbfrange\n\
               endcmap CMapName currentdict /CMap defineresource pop end end";
    pdf_of(
        &[
            format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>").into_bytes(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
            stream("", content.as_bytes()),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R] >>".to_vec(),
            stream("", map.as_bytes()),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".to_vec(),
        ],
        "",
    )
}

pub(super) fn pdf(rows: &[Vec<String>]) -> Vec<u8> {
    pdf_with(rows, "")
}

/// A table in plain text.
pub(super) fn csv(rows: &[Vec<String>], separator: &str) -> Vec<u8> {
    rows.iter().map(|cells| cells.join(separator) + "\r\n").collect::<String>().into_bytes()
}

/// Rows out of texts parted by bars.
pub(super) fn rows(lines: &[&str]) -> Vec<Vec<String>> {
    lines.iter().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}
