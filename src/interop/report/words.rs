//! The few words that the writers add of their own, in English, French and Arabic.

/// One of three wordings.
pub fn say([en, fr, ar]: [&'static str; 3], language: &str) -> &'static str {
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// Heading of the table of contents.
pub const CONTENTS: [&str; 3] = ["Contents", "Table des matières", "المحتويات"];
/// Link for who reads by keyboard or by ear.
pub const SKIP: [&str; 3] = ["Skip to the text", "Aller au texte", "الانتقال إلى النص"];
/// What a table is called before its number.
pub const TABLE: [&str; 3] = ["Table", "Tableau", "الجدول"];
/// What a picture is called before its number.
pub const FIGURE: [&str; 3] = ["Figure", "Figure", "الشكل"];
/// Caption of the table behind a picture.
pub const DATA: [&str; 3] = ["Data of the figure", "Données de la figure", "بيانات الشكل"];
/// What stands before the description of a picture where the picture itself is not shown.
pub const DESCRIPTION: [&str; 3] = ["Description", "Description", "الوصف"];
/// Mark of text that people wrote.
pub const HUMAN: [&str; 3] =
    ["Statement, not made by the software", "Déclaration, non produite par le logiciel", "تصريح لم يُنشئه البرنامج"];
/// Mark of text that people wrote and nobody validated.
pub const UNVALIDATED: [&str; 3] = ["not validated", "non validée", "غير مصادَق عليه"];
/// What stands before who said it.
pub const BY: [&str; 3] = ["By", "Par", "صادر عن"];
/// What stands before when it was said.
pub const ON: [&str; 3] = ["Date", "Date", "التاريخ"];
/// Mark of the end of such a text, where no frame is seen.
pub const END: [&str; 3] = ["End of the statement", "Fin de la déclaration", "نهاية التصريح"];
/// What stands before a remark.
pub const NOTE: [&str; 3] = ["Note", "Remarque", "ملاحظة"];
/// What stands before the mark of the edition.
pub const EDITION: [&str; 3] = ["Edition", "Édition", "النسخة"];
/// What stands before the number of a page.
pub const PAGE: [&str; 3] = ["Page", "Page", "الصفحة"];

/// What stands between a label and what it labels.
pub fn colon(language: &str) -> &'static str {
    // The blank before the colon is one at which no line breaks.
    if language == "fr" { "\u{A0}: " } else { ": " }
}

/// The name of a table or picture: what it is, its number and its caption.
pub fn numbered(what: [&'static str; 3], number: usize, caption: &str, language: &str) -> String {
    let name = format!("{} {number}", say(what, language));
    if caption.trim().is_empty() { name } else { format!("{name}{}{caption}", colon(language)) }
}
