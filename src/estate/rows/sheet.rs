//! A table as it was read, whatever the form of its file: columns, and rows of fields that hold something.

use std::{collections::HashMap, ops::Range, sync::Arc};

use crate::finding::{Finding, Location, Source};

/// How many columns a table has at most.
pub(super) const MOST_COLUMNS: usize = 500;
/// How many rows.
pub(super) const MOST_ROWS: usize = 100_000;
/// How many fields with something in them.
const MOST_CELLS: usize = 2_000_000;

/// What a file holds.
pub(super) struct Sheet {
    /// The file.
    pub source: Arc<Source>,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// Its rows, but for those without anything in them.
    pub rows: Vec<Row>,
    /// How many fields they have.
    cells: usize,
}

/// A column.
pub(super) struct Column {
    /// Its name, as it is written.
    pub name: String,
    /// Its name in templates.
    pub variable: String,
}

/// A row.
pub(super) struct Row {
    /// The bytes of it.
    pub at: Range<usize>,
    /// Its fields that are not empty.
    pub cells: Vec<Cell>,
}

/// A field.
pub(super) struct Cell {
    /// The number of its column.
    pub column: usize,
    /// What it holds: a text on one line, a number, a truth value, or a list of these.
    pub value: minijinja::Value,
    /// The bytes of it.
    pub at: Range<usize>,
}

impl Sheet {
    /// A table with these columns and no rows yet; or what is wrong with the columns.
    pub fn with(source: &Arc<Source>, names: Vec<String>) -> Result<Sheet, Finding> {
        let columns: Vec<Column> =
            names.into_iter().map(|name| Column { variable: variable(&name), name }).collect();
        let sheet = Sheet { source: Arc::clone(source), columns, rows: Vec::new(), cells: 0 };
        let refuse =
            |text: String, remedy: &str| Err(Finding::error("rows", text).fix(remedy).at(sheet.heading()));
        if sheet.columns.len() > MOST_COLUMNS {
            return refuse(format!("more than {MOST_COLUMNS} columns"), "is it the right file?");
        }
        let mut seen: HashMap<&str, &str> = HashMap::new();
        let named = sheet.columns.iter().filter(|column| !column.variable.is_empty());
        let mut twice = named.map(|column| (column, seen.insert(&column.variable, &column.name)));
        let twice = twice.find_map(|(column, other)| Some((column, other?.to_owned())));
        match twice {
            Some((Column { name, variable }, other)) => refuse(
                format!("the columns `{other}` and `{name}` would both be `{variable}`"),
                "rename one of them, or leave it out of the export",
            ),
            None => Ok(sheet),
        }
    }

    /// Adds a row, unless nothing is in it; or says that there are too many.
    pub fn add(&mut self, row: Row) -> Result<(), Finding> {
        self.cells += row.cells.len();
        let most = match () {
            () if self.rows.len() >= MOST_ROWS => format!("{MOST_ROWS} rows"),
            () if self.cells > MOST_CELLS => format!("{MOST_CELLS} fields"),
            () if row.cells.is_empty() => return Ok(()),
            () => {
                self.rows.push(row);
                return Ok(());
            }
        };
        let finding = Finding::error("rows", format!("more than {most}"));
        Err(finding.fix("divide the file, and the allocation").at(Location::new(&self.source, row.at)))
    }

    /// The line that names the columns.
    pub fn heading(&self) -> Location {
        let end = self.source.text.find(['\n', '\r']).unwrap_or(self.source.text.len());
        Location::new(&self.source, 0..end)
    }

    /// The column of this name, or else of this name in templates.
    pub fn column(&self, name: &str) -> Option<usize> {
        let wanted = variable(name);
        let exact = self.columns.iter().position(|column| column.name == name);
        let alike = || self.columns.iter().position(|column| column.variable == wanted);
        exact.or_else(alike).filter(|_| !wanted.is_empty())
    }
}

impl Cell {
    /// A field with this text, on one line; `None` if it is empty.
    pub fn of_text(column: usize, text: &str, at: Range<usize>) -> Option<Cell> {
        let text = folded(text);
        (!text.is_empty()).then(|| Cell { column, value: text.into(), at })
    }

    /// What it holds, as text.
    pub fn text(&self) -> String {
        self.value.to_string()
    }

    /// What it lists, or itself.
    pub fn texts(&self) -> Vec<String> {
        match self.value.kind() {
            minijinja::value::ValueKind::Seq => {
                let items = self.value.try_iter().into_iter().flatten();
                items.map(|item| item.to_string()).collect()
            }
            _ => vec![self.text()],
        }
    }
}

/// The text with one blank for each stretch of white space, line ends too: as the registry has it, and one line of a
/// template whatever somebody wrote into the IPAM.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a column in templates: small letters, digits, and `_` for all else.
fn variable(name: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let parts: Vec<String> =
        name.split(|c| !is_part(c)).filter(|part| !part.is_empty()).map(str::to_ascii_lowercase).collect();
    let name = parts.join("_");
    match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_variable() {
        let check = |name: &str, expected: &str| assert_eq!(variable(name), expected, "{name}");
        check("country", "country");
        check("Tenant Group", "tenant_group");
        check("Prefix (Flat)", "prefix_flat");
        check("tenant.name", "tenant_name");
        check("cf_netname", "cf_netname");
        check("2nd contact", "_2nd_contact");
        check(" – ", "");
    }

    #[test]
    fn two_columns_of_one_name_are_none() {
        let source = Arc::new(Source::new("a.csv", "Tenant,tenant\n"));
        let check = |names: &[&str], expected: &str| {
            let names = names.iter().map(ToString::to_string).collect();
            let told = Sheet::with(&source, names).map_or_else(|finding| finding.text, |_| String::new());
            assert_eq!(told, expected);
        };
        check(&["Tenant", "tenant"], "the columns `Tenant` and `tenant` would both be `tenant`");
        check(&["a", "", "", "b"], "");
    }
}
