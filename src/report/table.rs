//! Tables of plain columns.

use comfy_table::{CellAlignment, Table, presets};

use crate::visible;

/// Rows under a header, parted by two blanks.
pub(super) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).force_no_tty().set_header(header.to_vec());
    for row in rows {
        table.add_row(row.iter().map(|cell| visible::line(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((1, 1)).set_cell_alignment(CellAlignment::Left);
    }
    format!("{}\n", table.trim_fmt())
}
