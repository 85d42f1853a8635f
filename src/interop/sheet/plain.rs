//! Tables as plain text: one CSV for each sheet, recognised by its first row.

use std::io;

use super::grid::Grid;

/// One sheet as CSV in UTF-8 with a byte order mark, by which Excel knows the encoding. The first row holds the machine's names.
///
/// # Errors
/// None that is known; the writer may give one.
pub fn write(grid: &Grid) -> io::Result<Vec<u8>> {
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        writer.write_record(grid.slots.iter().map(super::heading::Slot::key))?;
        for row in &grid.rows {
            writer.write_record(row)?;
        }
        writer.flush()?;
    }
    Ok(bytes)
}
