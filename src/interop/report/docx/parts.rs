//! The parts of the package around the text: properties, styles, lists, foot of the page, links.

use std::fmt::Write;

use super::super::model::Report;
use super::super::stamp;
use super::super::text::escape;
use super::super::words::{self, colon, say};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Names of the vocabularies that the parts use.
pub const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Number of the first list with numbers; the list with points is number 1.
pub const FIRST_ORDERED: usize = 2;

pub const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
    <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
    <Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
    <Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>\
    <Override PartName=\"/word/numbering.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml\"/>\
    <Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>\
    <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
    <Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/></Types>";

pub const PACKAGE_LINKS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
    <Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>";

pub const APP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Rihla</Application></Properties>";

/// The properties of the document.
pub fn core(report: &Report) -> String {
    let time = stamp(report.made_at);
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title><dc:subject>{}</dc:subject><dc:creator>{}</dc:creator><dc:identifier>{}</dc:identifier><dc:language>{}</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:modified></cp:coreProperties>",
        escape(&report.title),
        escape(&report.subtitle),
        escape(&report.publisher),
        escape(&report.identifier),
        report.language,
    )
}

/// The languages by which words are checked: that of Latin script and that of Arabic script.
pub fn languages(report: &Report) -> String {
    let latin = if report.language == "fr" { "fr-FR" } else { "en-GB" };
    format!("w:val=\"{latin}\" w:eastAsia=\"{latin}\" w:bidi=\"ar-MA\"")
}

pub fn settings(report: &Report) -> String {
    format!(
        "{HEAD}<w:settings {NAMES}><w:zoom w:percent=\"100\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat><w:themeFontLang {}/></w:settings>",
        languages(report)
    )
}

/// A style of paragraphs: its code, its name, what it does to the paragraph and to the letters.
struct Style(&'static str, &'static str, &'static str, &'static str);

const STYLES: [Style; 13] = [
    Style("Title", "Title", "<w:spacing w:before=\"2400\" w:after=\"240\"/>", "<w:b/><w:bCs/><w:sz w:val=\"48\"/><w:szCs w:val=\"52\"/>"),
    Style("Subtitle", "Subtitle", "<w:spacing w:after=\"480\"/>", "<w:color w:val=\"404040\"/><w:sz w:val=\"28\"/><w:szCs w:val=\"32\"/>"),
    Style(
        "Heading1",
        "heading 1",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"480\" w:after=\"120\"/><w:outlineLvl w:val=\"0\"/>",
        "<w:b/><w:bCs/><w:color w:val=\"0B3D66\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"36\"/>",
    ),
    Style(
        "Heading2",
        "heading 2",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"320\" w:after=\"100\"/><w:outlineLvl w:val=\"1\"/>",
        "<w:b/><w:bCs/><w:color w:val=\"0B3D66\"/><w:sz w:val=\"27\"/><w:szCs w:val=\"30\"/>",
    ),
    Style(
        "Heading3",
        "heading 3",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"2\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"24\"/><w:szCs w:val=\"27\"/>",
    ),
    Style(
        "Heading4",
        "heading 4",
        "<w:keepNext/><w:keepLines/><w:spacing w:before=\"200\" w:after=\"60\"/><w:outlineLvl w:val=\"3\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"22\"/><w:szCs w:val=\"25\"/>",
    ),
    Style(
        "TOCHeading",
        "TOC Heading",
        "<w:keepNext/><w:pageBreakBefore/><w:spacing w:after=\"120\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"32\"/><w:szCs w:val=\"36\"/>",
    ),
    Style("TOC1", "toc 1", "<w:spacing w:after=\"60\"/>", ""),
    Style("TOC2", "toc 2", "<w:spacing w:after=\"40\"/><w:ind w:left=\"360\"/>", ""),
    Style(
        "Caption",
        "caption",
        "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/>",
        "<w:b/><w:bCs/><w:sz w:val=\"19\"/><w:szCs w:val=\"22\"/>",
    ),
    Style(
        "CellText",
        "Cell text",
        "<w:spacing w:before=\"20\" w:after=\"20\" w:line=\"240\" w:lineRule=\"auto\"/>",
        "<w:sz w:val=\"17\"/><w:szCs w:val=\"20\"/>",
    ),
    Style(
        "Note",
        "Note",
        "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"4\" w:color=\"8A8A8A\"/><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"4\" w:color=\"8A8A8A\"/></w:pBdr>",
        "<w:color w:val=\"333333\"/>",
    ),
    Style(
        "Statement",
        "Statement",
        "<w:pBdr><w:top w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"7A4A00\"/><w:left w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"7A4A00\"/><w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"7A4A00\"/><w:right w:val=\"single\" w:sz=\"8\" w:space=\"4\" w:color=\"7A4A00\"/></w:pBdr><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"FFF8EC\"/>",
        "",
    ),
];

/// The styles of paragraphs, links and tables.
pub fn styles(report: &Report) -> String {
    let mut out = format!(
        "{HEAD}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"Arial\" w:cs=\"Arial\"/>\
         <w:sz w:val=\"21\"/><w:szCs w:val=\"24\"/><w:lang {}/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>{}</w:style>\
         <w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/></w:style>\
         <w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"0B5394\"/><w:u w:val=\"single\"/></w:rPr></w:style>\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>\
         <w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"80\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"ReportTable\"><w:name w:val=\"Report table\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>",
        languages(report),
        if report.is_rtl() { "<w:pPr><w:bidi/></w:pPr>" } else { "" }
    );
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        // Writing into a string does not fail.
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"8A8A8A\"/>");
    }
    out.push_str("</w:tblBorders></w:tblPr></w:style>");
    for Style(code, name, paragraph, letters) in &STYLES {
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{code}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/>\
             <w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
        );
    }
    out.push_str("</w:styles>");
    out
}

/// The lists: one with points, and as many with numbers as the report has, each beginning at one.
pub fn numbering(ordered: usize, is_rtl: bool) -> String {
    let mut out = format!("{HEAD}<w:numbering {NAMES}>");
    let side = if is_rtl { "right" } else { "left" };
    for (kind, format, text) in [(0, "bullet", "•"), (1, "decimal", "%1.")] {
        let _ = write!(
            out,
            "<w:abstractNum w:abstractNumId=\"{kind}\"><w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"{side}\"/><w:pPr><w:ind w:left=\"540\" w:hanging=\"360\"/></w:pPr></w:lvl></w:abstractNum>"
        );
    }
    out.push_str("<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    for number in 0..ordered {
        let _ = write!(
            out,
            "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>",
            number + FIRST_ORDERED
        );
    }
    out.push_str("</w:numbering>");
    out
}

/// The foot of every page: the edition and the number of the page.
pub fn footer(report: &Report) -> String {
    let run = if report.is_rtl() { "<w:rPr><w:rtl/></w:rPr>" } else { "" };
    let bidi = if report.is_rtl() { "<w:bidi/>" } else { "" };
    let field = |code: &str| format!("<w:fldSimple w:instr=\" {code} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    let colon = colon(report.language);
    format!(
        "{HEAD}<w:ftr {NAMES}><w:p><w:pPr>{bidi}<w:spacing w:before=\"0\" w:after=\"0\"/></w:pPr>\
         <w:r>{run}<w:t xml:space=\"preserve\">{}{colon}</w:t></w:r><w:r><w:t>{}</w:t></w:r></w:p>\
         <w:p><w:pPr>{bidi}<w:jc w:val=\"center\"/></w:pPr><w:r>{run}<w:t xml:space=\"preserve\">{} </w:t></w:r>{}<w:r>{run}<w:t xml:space=\"preserve\"> / </w:t></w:r>{}</w:p></w:ftr>",
        say(words::EDITION, report.language),
        escape(&report.identifier),
        say(words::PAGE, report.language),
        field("PAGE"),
        field("NUMPAGES"),
    )
}

/// Where the document's links and pictures are.
pub fn links(addresses: &[String], pictures: usize) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for kind in ["styles", "settings", "numbering"] {
        let _ = write!(out, "<Relationship Id=\"{kind}\" Type=\"{RELATIONS}/{kind}\" Target=\"{kind}.xml\"/>");
    }
    let _ = write!(out, "<Relationship Id=\"footer1\" Type=\"{RELATIONS}/footer\" Target=\"footer1.xml\"/>");
    for (number, address) in addresses.iter().enumerate() {
        let _ = write!(
            out,
            "<Relationship Id=\"link{number}\" Type=\"{RELATIONS}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            escape(address)
        );
    }
    for number in 1..=pictures {
        let _ = write!(out, "<Relationship Id=\"image{number}\" Type=\"{RELATIONS}/image\" Target=\"media/image{number}.png\"/>");
    }
    out.push_str("</Relationships>");
    out
}
