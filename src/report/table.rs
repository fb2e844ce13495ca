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

/// The same without the first of the `needless` columns, and no more of them than it takes to have each row on one line. A
/// line below says which.
pub(super) fn fitting(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
    needless: &[&str],
    style: Style,
) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().collect();
    let natural: Vec<usize> = (0..header.len()).map(|column| longest_cell(header, &rows, column)).collect();
    let room = |gone: &[&str]| {
        let kept = header.iter().zip(&natural).filter(|(name, _)| !gone.contains(name));
        kept.map(|(_, width)| width + usize::from(PADDING)).sum::<usize>()
    };
    let fits = |gone: &[&str]| style.width.is_none_or(|most| room(gone) <= most + 1);
    let enough = (0..=needless.len()).find(|count| needless.get(..*count).is_some_and(&fits));
    let gone = needless.get(..enough.unwrap_or(needless.len())).unwrap_or_default();
    let kept = |row: Vec<String>| {
        let cells = header.iter().zip(row).filter(|(name, _)| !gone.contains(name));
        cells.map(|(_, cell)| cell).collect()
    };
    let names: Vec<&str> = header.iter().copied().filter(|name| !gone.contains(name)).collect();
    let text = table(&names, rows.into_iter().map(kept), style);
    match header.iter().filter(|name| gone.contains(name)).copied().collect::<Vec<_>>().as_slice() {
        [] => text,
        gone => format!("{text}no room for: {}\n", gone.join(", ")),
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
    cells(header, rows, column).flat_map(|cell| cell.split(' ')).map(width).max().unwrap_or_default()
}

/// The columns of the longest cell of a column.
fn longest_cell(header: &[&str], rows: &[Vec<String>], column: usize) -> usize {
    cells(header, rows, column).map(|cell| width(&visible::line(cell))).max().unwrap_or_default()
}

fn cells<'a>(header: &[&'a str], rows: &'a [Vec<String>], column: usize) -> impl Iterator<Item = &'a str> {
    let cells = header.get(column).copied().into_iter();
    cells.chain(rows.iter().filter_map(move |row| row.get(column)).map(String::as_str))
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
    fn what_is_needed_least_gives_way_first() {
        let check = |most: Option<usize>, expected: &str| {
            let rows = [["2001:db8::/48", "AS1", "x"], ["2001:db8:1::/48", "AS64500", "a few words"]];
            let rows = rows.map(|row| row.map(str::to_owned).to_vec());
            let style = Style { width: most, ..Style::default() };
            let text = fitting(&["prefix", "origin", "at"], rows, &["at", "origin"], style);
            assert_eq!(super::super::paint::shown(&text, most), expected);
        };
        let whole = " prefix           origin   at\n 2001:db8::/48    AS1      x\n 2001:db8:1::/48  AS64500  a few words\n";
        let some =
            " prefix           origin\n 2001:db8::/48    AS1\n 2001:db8:1::/48  AS64500\nno room for: at\n";
        let few = " prefix\n 2001:db8::/48\n 2001:db8:1::/48\nno room for: origin, at\n";
        check(None, whole);
        check(Some(38), whole);
        check(Some(37), some);
        check(Some(25), some);
        check(Some(24), few);
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
