//! CSV (RFC 4180) with a header line, parted by commas, semicolons or tabs.

use std::{ops::Range, sync::Arc};

use csv::{ReaderBuilder, StringRecord};

use super::sheet::{Cell, Row, Sheet};
use crate::finding::{Finding, Location, Source};

/// The table of the file, with a finding for each row that is none.
pub(super) fn read(source: &Arc<Source>) -> (Option<Sheet>, Vec<Finding>) {
    let text = &source.text;
    let delimiter = delimiter(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut sheet, mut findings) = (None::<Sheet>, Vec::new());
    let (mut record, mut begin) = (StringRecord::new(), 0);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let finding = Finding::error("rows", format!("this is no CSV: {error}"));
                findings.push(finding.fix("is it the right file?").at(Location::new(source, begin..begin)));
                return (None, findings);
            }
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let at = trimmed(text, begin..end);
        begin = end;
        let Scanned { fields, is_open } = scanned(text, at.clone(), delimiter);
        if is_open {
            let finding = Finding::error("rows", "`\"` begins a field that nothing ends");
            let last = fields.last().cloned().unwrap_or(at);
            findings.push(
                finding
                    .fix("write `\"` behind it, or `\"\"` for one in a text")
                    .at(Location::new(source, last)),
            );
            return (None, findings);
        }
        let Some(sheet) = &mut sheet else {
            match Sheet::with(source, record.iter().map(str::to_owned).collect()) {
                Ok(new) => sheet = Some(new),
                Err(finding) => return (None, vec![finding]),
            }
            continue;
        };
        match row(&record, &fields, &at, sheet).map(|row| sheet.add(row)) {
            Ok(Ok(())) => {}
            Ok(Err(finding)) => return (None, vec![finding]),
            Err(text) => {
                let finding = Finding::error("rows", text).at(Location::new(source, at));
                findings.push(finding.fix("put a text with a comma in it between `\"`; or fill the row"));
            }
        }
    }
    if sheet.is_none() {
        let finding = Finding::error("rows", format!("{} is empty", source.name()));
        findings.push(
            finding
                .fix("export it again: it has a line with the names of columns at least")
                .at(Location::new(source, 0..0)),
        );
    }
    (sheet, findings)
}

fn row(
    record: &StringRecord,
    fields: &[Range<usize>],
    at: &Range<usize>,
    sheet: &Sheet,
) -> Result<Row, String> {
    let (has, columns) = (record.len(), sheet.columns.len());
    let is_beyond = |(column, text): (usize, &str)| column >= columns && !text.trim().is_empty();
    if has < columns && has > 1 || record.iter().enumerate().any(is_beyond) {
        return Err(format!("this row has {has} fields, and there are {columns} columns"));
    }
    let cell = |(column, text): (usize, &str)| {
        Cell::of_text(column, text, fields.get(column).cloned().unwrap_or_else(|| at.clone()))
    };
    let cells: Vec<Cell> = record.iter().enumerate().filter_map(cell).collect();
    if has < columns && !cells.is_empty() {
        return Err(format!("this row has {has} fields, and there are {columns} columns"));
    }
    let nameless = cells
        .iter()
        .find(|cell| sheet.columns.get(cell.column).is_none_or(|column| column.name.trim().is_empty()));
    match nameless {
        Some(cell) => {
            Err(format!("column {} has no name, and this row has something there", cell.column + 1))
        }
        None => Ok(Row { at: at.clone(), cells }),
    }
}

/// What parts the fields: that of the three which the line with the names has first.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    header.bytes().find(|byte| [b',', b';', b'\t'].contains(byte)).unwrap_or(b',')
}

/// The bytes of a row without the line ends around it.
fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let row = text.get(at.clone()).unwrap_or_default();
    let start = at.start + row.len() - row.trim_start_matches(['\r', '\n']).len();
    let end = at.start + row.trim_end_matches(['\r', '\n']).len();
    start..end.max(start)
}

/// Where the fields of a row are.
struct Scanned {
    fields: Vec<Range<usize>>,
    /// Whether the last one begins with a quote that nothing ends.
    is_open: bool,
}

fn scanned(text: &str, at: Range<usize>, delimiter: u8) -> Scanned {
    let row = text.get(at.clone()).unwrap_or_default().bytes().enumerate();
    let (mut fields, mut begin, mut is_open, mut is_first) = (Vec::new(), at.start, false, true);
    for (offset, byte) in row {
        match byte {
            b'"' if is_first || is_open => is_open = !is_open,
            // `""` in a field: the first of them has closed it.
            b'"' if text.as_bytes().get(at.start + offset - 1) == Some(&b'"') => is_open = true,
            _ if byte == delimiter && !is_open => {
                fields.push(begin..at.start + offset);
                begin = at.start + offset + 1;
                is_first = true;
                continue;
            }
            _ => {}
        }
        is_first = false;
    }
    fields.push(begin..at.end);
    Scanned { fields, is_open }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of a table with the columns `a` and `b`: each field with its bytes.
    fn check(text: &str, expected: &[&str], told: &[&str]) {
        let source = Arc::new(Source::new("a.csv", text));
        let (sheet, findings) = read(&source);
        let shown =
            |cell: &Cell| format!("{}={} at `{}`", cell.column, cell.text(), &source.text[cell.at.clone()]);
        let rows = sheet.map_or_else(Vec::new, |sheet| sheet.rows);
        let rows: Vec<String> =
            rows.iter().map(|row| row.cells.iter().map(shown).collect::<Vec<_>>().join(", ")).collect();
        assert_eq!(rows, expected, "{text:?}");
        let findings: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.place.as_ref().unwrap().line(), finding.text))
            .collect();
        assert_eq!(findings, told, "{text:?}");
    }

    #[test]
    fn fields_know_where_they_stand() {
        check("a,b\n1,2\n", &["0=1 at `1`, 1=2 at `2`"], &[]);
        check("\u{feff}a;b\r\n\r\n1; 2,3 \r\n", &["0=1 at `1`, 1=2,3 at ` 2,3 `"], &[]);
        check("a\tb\n1\t2", &["0=1 at `1`, 1=2 at `2`"], &[]);
        check(
            "a,b\n\"x, \"\"y\"\"\nz\",\"2\"\n",
            &["0=x, \"y\" z at `\"x, \"\"y\"\"\nz\"`, 1=2 at `\"2\"`"],
            &[],
        );
        check("a,b\n,\n,2\n\"\",\n\"\"\"\",3\n", &["1=2 at `2`", "0=\" at `\"\"\"\"`, 1=3 at `3`"], &[]);
        check("a,b,\n1,2,\n1,2,,,\n", &["0=1 at `1`, 1=2 at `2`", "0=1 at `1`, 1=2 at `2`"], &[]);
    }

    #[test]
    fn what_is_no_row_is_told_and_the_next_one_read() {
        check(
            "a,b\n1\n1,2,3\n\n7,8\n",
            &["0=7 at `7`, 1=8 at `8`"],
            &[
                "2 this row has 1 fields, and there are 2 columns",
                "3 this row has 3 fields, and there are 2 columns",
            ],
        );
        check("a,b,\n1,2,3\n", &[], &["2 column 3 has no name, and this row has something there"]);
        check("a,b\n1,2\n3,\"4\n5,6\n", &[], &["3 `\"` begins a field that nothing ends"]);
        check("", &[], &["1 a.csv is empty"]);
        check("\n\n", &[], &["1 a.csv is empty"]);
    }
}
