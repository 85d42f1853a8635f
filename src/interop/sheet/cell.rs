//! The text of a cell on its way out and in: several values in one cell, and texts that a program would take for a formula.

use crate::domain::words::latin_digits;

/// What stands between the values of a cell that takes several: semicolon, Arabic semicolon, line end.
pub const SEPARATORS: [char; 4] = [';', '؛', '\n', '\r'];

/// Beginnings that Excel, LibreOffice and others take for a formula, or that hide one.
const DANGEROUS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A text as it goes into a cell. What could be taken for a formula, and what has blanks at its ends, gets an apostrophe in front:
/// [`unguard`] takes it off again.
pub fn guard(text: &str) -> String {
    let begins_badly = text.starts_with(DANGEROUS) || text.starts_with('\'');
    if begins_badly || text.trim() != text { format!("'{text}") } else { text.to_owned() }
}

/// The text that a cell holds: without the apostrophe of [`guard`], else without blanks at its ends.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(DANGEROUS) || text.starts_with('\'') || text.trim() != text => text,
        _ => cell.trim(),
    }
}

/// Digits of the Arabic world as those of the program, and no-break spaces as spaces.
pub fn plain_digits(text: &str) -> String {
    let visible = text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}'));
    let spaced: String = visible.map(|c| if matches!(c, '\u{a0}' | '\u{202f}') { ' ' } else { c }).collect();
    latin_digits(spaced.trim())
}

/// Name of a column as spreadsheets show it: `A`, `Z`, `AA`.
pub fn letters(column: u32) -> String {
    let mut name = String::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = (left - 1) % 26;
        name.insert(0, char::from(b'A' + u8::try_from(letter).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded_and_every_text_comes_back() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'", "'a", " a", "a ", "''a ", "plain", "a=b", "l'enquête", "'=x"] {
            let cell = guard(text);
            assert_eq!(unguard(&cell), text, "{cell:?}");
            assert!(!cell.starts_with(DANGEROUS), "{cell:?}");
        }
        assert_eq!((unguard("  trailing "), unguard("'quoted'")), ("trailing", "'quoted'"));
    }

    #[test]
    fn columns_are_named_as_programs_name_them() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn digits_are_digits() {
        assert_eq!(plain_digits(" ٢٠١٨-۰۸\u{a0}"), "2018-08");
    }
}
