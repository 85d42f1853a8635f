//! Tables as plain text: one CSV for each sheet, recognised by its first row.

use super::cell::guard_within;
use super::grid::Grid;

/// Lines of a table as CSV, in UTF-8 with a byte order mark, by which Excel knows the encoding.
pub struct Lines(String);

impl Lines {
    /// None yet.
    pub fn begin() -> Self {
        Self("\u{feff}".to_owned())
    }

    /// Adds a line of cells that are guarded against being taken for a formula.
    pub fn add<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        for (number, cell) in cells.into_iter().enumerate() {
            if number > 0 {
                self.0.push(',');
            }
            self.cell(&guard_within(cell.as_ref()));
        }
        self.0.push_str("\r\n");
    }

    /// A cell. One in which any program could see a separator, or a formula, stands in quotation marks.
    fn cell(&mut self, cell: &str) {
        let is_plain = |c: char| !matches!(c, ',' | ';' | '\t' | '|' | '"' | '\r' | '\n' | '=');
        if cell.chars().all(is_plain) {
            self.0.push_str(cell);
            return;
        }
        self.0.push('"');
        self.0.push_str(&cell.replace('"', "\"\""));
        self.0.push('"');
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// One sheet. The first row holds the machine's names.
pub fn write(grid: &Grid) -> Vec<u8> {
    let mut lines = Lines::begin();
    lines.add(grid.slots.iter().map(super::heading::Slot::key));
    for row in &grid.rows {
        lines.add(row);
    }
    lines.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_any_program_could_divide_stands_in_quotation_marks() {
        let mut lines = Lines::begin();
        lines.add(["a;=cmd|'/C calc'!A0;b", "plain words", "", "12-3", "say \"x\"", "a\tb"]);
        lines.add(["x", "y", "", "", "", ""]);
        let text = String::from_utf8(lines.finish()).expect("UTF-8");
        assert_eq!(text, "\u{feff}\"a;'=cmd|'/C calc'!A0;b\",plain words,,12-3,\"say \"\"x\"\"\",\"a\tb\"\r\nx,y,,,,\r\n");
        // A program that divides at semicolons finds no formula either, whatever it makes of the quotation marks.
        let cells = text.split([';', '\n', '\t']).map(|cell| cell.trim_start_matches(['"', ' ']));
        assert!(!cells.clone().any(|cell| cell.starts_with(['=', '+', '-', '@'])), "{text}");
    }
}
