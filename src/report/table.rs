//! Tables of plain columns.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::{Style, paint::lines, wrap::width};
use crate::visible;

/// Between two words that are not to be parted.
pub(super) const GLUE: char = '\u{a0}';

/// The blanks beside a cell.
const PADDING: u16 = 2;

/// Rows under a header, parted by two blanks. What is too long goes on below in its column; where no column can be
/// narrower and a row still does not fit, each cell has a line of its own.
pub(super) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, style: Style) -> String {
    let visible = |row: Vec<String>| row.iter().map(|cell| visible::line(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(visible).collect();
    let least: Vec<usize> = (0..header.len()).map(|column| longest_word(header, &rows, column)).collect();
    let room = least.iter().sum::<usize>() + usize::from(PADDING) * least.len();
    match style.width {
        // The blank behind the last cell is not printed.
        Some(most) if room > most + 1 => listed(header, &rows, style),
        most => columns(header, rows, &least, most),
    }
}

fn columns(header: &[&str], rows: Vec<Vec<String>>, least: &[usize], most: Option<usize>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.to_vec());
    for row in rows {
        table.add_row(row);
    }
    if let Some(most) = most.and_then(|most| u16::try_from(most + 1).ok()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(most);
    }
    for (column, least) in table.column_iter_mut().zip(least) {
        let least = u16::try_from(*least).unwrap_or(u16::MAX).saturating_add(PADDING);
        column.set_padding((1, 1)).set_cell_alignment(CellAlignment::Left);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
    }
    format!("{}\n", table.trim_fmt()).replace(GLUE, " ")
}

/// The columns of the longest word of a column.
fn longest_word(header: &[&str], rows: &[Vec<String>], column: usize) -> usize {
    let cells = header.get(column).copied().into_iter();
    let cells = cells.chain(rows.iter().filter_map(|row| row.get(column)).map(String::as_str));
    cells.flat_map(|cell| cell.split(' ')).map(width).max().unwrap_or_default()
}

/// Each row as lines of a name and a value, parted by an empty line.
fn listed(header: &[&str], rows: &[Vec<String>], style: Style) -> String {
    let names = header.iter().map(|name| width(name)).max().unwrap_or_default();
    let line = |(name, cell): (&&str, &String)| format!(" {name:<names$}  {}{cell}", style.hang());
    let all: Vec<String> = rows.iter().map(|row| lines(header.iter().zip(row).map(line))).collect();
    all.join("\n").replace(GLUE, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(most: Option<usize>, expected: &str) {
        let rows = [["1", "2001:db8::/48", "a few words"], ["10", "2001:db8:1::/48", "and more of them"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let style = Style { width: most, ..Style::default() };
        let text = table(&["index", "prefix", "what it is"], rows, style);
        assert_eq!(super::super::paint::shown(&text, most), expected);
    }

    #[test]
    fn a_table_is_as_wide_as_what_it_is_shown_on() {
        let whole = " index  prefix           what it is\n 1      2001:db8::/48    a few words\n \
                     10     2001:db8:1::/48  and more of them\n";
        check(None, whole);
        check(Some(41), whole);
        check(
            Some(34),
            " index  prefix           what it\n                         is\n 1      2001:db8::/48    a few\n                         words\n \
             10     2001:db8:1::/48  and more\n                         of them\n",
        );
        check(
            Some(29),
            " index       1\n prefix      2001:db8::/48\n what it is  a few words\n\n \
             index       10\n prefix      2001:db8:1::/48\n what it is  and more of them\n",
        );
    }
}
