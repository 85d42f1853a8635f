//! Sentences of the files of a grid, in English, French and Arabic.

/// What stands between the members of a list.
pub fn between(language: &str) -> &'static str {
    match language {
        "fr" => "\u{a0}; ",
        "ar" => "؛ ",
        _ => "; ",
    }
}

/// What stands between a name and what it is.
pub fn colon(language: &str) -> &'static str {
    if language == "fr" { "\u{a0}: " } else { ": " }
}

/// One of three wordings.
pub fn say([en, fr, ar]: [&'static str; 3], language: &str) -> &'static str {
    match language {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

/// How the grid is to be read.
pub const NOTE: [&str; 3] = [
    "The grid counts records of this catalogue. Not documented says nothing on whether data exist; only a statement says that something is not collected.",
    "La grille compte des fiches de ce catalogue. « Non documenté » ne dit rien de l'existence de données ; seule une déclaration dit qu'une chose n'est pas collectée.",
    "يحصي الجدول سجلات هذا الفهرس. عبارة «غير موثق» لا تدل على وجود البيانات أو عدمه؛ ولا يقال عن شيء إنه لا تُجمع بياناته إلا بتصريح.",
];

/// Name of the sheet of cells.
pub const CELLS: [&str; 3] = ["Cells", "Cellules", "الخانات"];
/// Name of the sheet with the grid.
pub const GRID: [&str; 3] = ["Grid", "Grille", "الجدول"];
/// Head of the columns with numbers.
pub const NEWEST: [&str; 3] = ["Newest year", "Année la plus récente", "أحدث سنة"];
/// Head of the column with the state.
pub const STATE: [&str; 3] = ["State", "État", "الحالة"];
/// Head of the column with records that may be of the cell.
pub const MAY: [&str; 3] = ["May be of the cell", "Pourraient en relever", "قد تدخل في الخانة"];
/// Head of the column with planned collections.
pub const PLANNED: [&str; 3] = ["Planned", "Planifiées", "مبرمجة"];
/// Head of the column with requests that are open.
pub const REQUESTS: [&str; 3] = ["Open requests", "Demandes ouvertes", "طلبات مفتوحة"];
/// What the numbers are.
pub const RECORDS: [&str; 3] = ["records", "fiches", "عدد السجلات"];
/// The name of a total: each record is counted once.
pub const ALL: [&str; 3] = ["All", "Ensemble", "المجموع"];
/// Head of a column with codes.
pub const CODE: [&str; 3] = ["Code", "Code", "الرمز"];

/// Head of the column with those who state that something is not collected.
pub const STATED_BY: [&str; 3] = ["Stated as not collected by", "Déclaré non collecté par", "صرحت بعدم جمعه"];
/// Of a cell: records may be of it.
pub const MAY_BE: [&str; 3] = ["records may be of this cell", "des fiches pourraient en relever", "قد تدخل سجلات في هذه الخانة"];
/// Of a cell: what is documented of it is planned.
pub const PLANNED_ONLY: [&str; 3] = ["a collection is planned", "une collecte est planifiée", "عملية جمع مبرمجة"];
/// Of a cell: no record is of it.
pub const NOTHING_HERE: [&str; 3] = ["no record here", "aucune fiche ici", "لا سجل هنا"];
/// Of a cell: no record that the conditions let through is of it.
pub const NOTHING_MEETS: [&str; 3] =
    ["no record here meets the conditions", "aucune fiche ici ne remplit les conditions", "لا سجل هنا يستوفي الشروط"];
/// How totals are to be read.
pub const TOTALS: [&str; 3] = [
    "A total counts each record once, also one that is in several cells or in none of those shown, such as one on another place.",
    "Un total compte chaque fiche une fois, y compris celle qui relève de plusieurs cases ou d'aucune de celles qui sont montrées, par exemple sur un autre lieu.",
    "يحصي المجموع كل سجل مرة واحدة، بما في ذلك ما يدخل في عدة خانات أو ما لا يدخل في أي من الخانات المعروضة، كسجل عن مكان آخر.",
];

/// What stands against what.
pub fn title(rows: &str, columns: &str, language: &str) -> String {
    match language {
        "fr" => format!("Couverture : {rows} × {columns}"),
        "ar" => format!("التغطية: {rows} × {columns}"),
        _ => format!("Coverage: {rows} × {columns}"),
    }
}

/// What the records were asked beside rows and columns.
pub fn conditions(told: &str, language: &str) -> String {
    match language {
        "fr" => format!("Conditions\u{a0}: {told}"),
        "ar" => format!("الشروط: {told}"),
        _ => format!("Conditions: {told}"),
    }
}

/// From where the grid is, and of which state.
pub fn source(catalogue: &str, address: &str, seq: i64, language: &str) -> String {
    match language {
        "fr" => format!("{catalogue}, {address}, jusqu'à la modification n° {seq}"),
        "ar" => format!("{catalogue}، {address}، حتى التغيير رقم {seq}"),
        _ => format!("{catalogue}, {address}, up to change no. {seq}"),
    }
}
