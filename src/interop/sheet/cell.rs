//! The text of a cell on its way out and in: several values in one cell, and texts that a program would take for a formula.

use crate::domain::words::latin_digits;

/// What stands between the values of a cell that takes several: semicolon, Arabic semicolon, line end.
pub const SEPARATORS: [char; 4] = [';', '؛', '\n', '\r'];

/// Beginnings that Excel, LibreOffice and others take for a formula, or that hide one.
const DANGEROUS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Characters by which a program may end a cell of plain text, whatever separates the cells: one that speaks French or Arabic splits at
/// semicolons, and then takes a quotation mark that does not stand first for a letter.
const BREAKS: [char; 4] = [';', '\t', '\n', '\r'];

/// A text as it goes into a cell. What could be taken for a formula, and what has blanks at its ends, gets an apostrophe in front:
/// [`unguard`] takes it off again.
pub fn guard(text: &str) -> String {
    let begins_badly = text.starts_with(DANGEROUS) || text.starts_with('\'');
    if begins_badly || text.trim() != text { format!("'{text}") } else { text.to_owned() }
}

/// A text as it goes into a cell that takes several: one in which something stands that separates them gets an apostrophe in front, so that it stays one.
pub fn guard_undivided(text: &str) -> String {
    if text.contains(SEPARATORS) { format!("'{text}") } else { guard(text) }
}

/// The text of a cell of [`guard_undivided`] that stays one; none of any other.
pub fn undivided(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'').filter(|text| text.contains(SEPARATORS))
}

/// The text that a cell holds: without the apostrophe of [`guard`], else without blanks at its ends.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(DANGEROUS) || text.starts_with('\'') || text.trim() != text => text,
        _ => cell.trim(),
    }
}

/// A guarded text as it goes into a table of plain text. What could become a cell of its own and be taken for a formula gets an apostrophe in
/// front: [`unguard_within`] takes it off again.
pub fn guard_within(cell: &str) -> String {
    let guard = |(at, part): (usize, &str)| if at > 0 && is_formula(part) { format!("'{part}") } else { part.to_owned() };
    cell.split_inclusive(BREAKS).enumerate().map(guard).collect()
}

/// The cell of a table of plain text: without the apostrophes of [`guard_within`].
pub fn unguard_within(cell: &str) -> String {
    cell.split_inclusive(BREAKS).enumerate().map(|(at, part)| if at > 0 { unguard_part(part) } else { part }).collect()
}

fn unguard_part(part: &str) -> &str {
    part.strip_prefix('\'').filter(|_| is_formula(part)).unwrap_or(part)
}

/// Whether a part of a text could be taken for a formula, perhaps behind what a program takes off.
fn is_formula(part: &str) -> bool {
    part.trim_start_matches(['\'', '"', ' ', '\u{a0}']).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
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
    fn formulas_behind_a_separator_are_guarded_and_every_text_comes_back() {
        for text in [
            "a;=cmd|'/C calc'!A0;b",
            "a;'=x",
            "a; \"=x",
            "a\t=x",
            "a\n- b\r\n-c",
            ";;=x",
            ";\t=x;'\t'=",
            "'=x;''+y",
            "=;=",
            "a;b",
            "l'enquête; 'b'",
            "",
        ] {
            let cell = guard_within(&guard(text));
            assert_eq!(unguard(&unguard_within(&cell)), text, "{cell:?}");
            let pieces = cell.split(BREAKS).map(|piece| piece.trim_start_matches(['"', ' ']));
            assert!(!pieces.clone().any(|piece| piece.starts_with(['=', '+', '-', '@'])), "{cell:?}");
        }
        assert_eq!(guard_within("a;b - c; l'été"), "a;b - c; l'été");
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
