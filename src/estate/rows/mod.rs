//! `rows`: blocks of an allocation from a table that an IPAM exports, a row each.
//!
//! Nothing is taken for something else: a row that is no block is told with its file, line and column, and so is every
//! other one, before the run stops. Nothing that a field holds is more than one line of text.

mod csv;
mod json;
mod sheet;

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    fmt::Display,
    str::FromStr,
    sync::Arc,
};

use self::sheet::{Cell, Row, Sheet};
use super::{
    pattern::Customer,
    read::Files,
    written::{Column, Given, RESERVED, Rows, Written, WrittenBlock},
};
use crate::{
    config::{At, Entry, Table},
    disk::RPSL_LIMIT,
    finding::{Finding, Location},
    net::{Asn, Prefix},
};

/// Adds the blocks of the rows to those that are written; `customer` is whose file this is.
pub(super) fn add(written: &mut Written, files: &Files, customer: Option<&Customer>, root: &Table) {
    let Some(rows) = written.rows.take() else { return };
    let path = &rows.path;
    let source = match files.named(&path.value, RPSL_LIMIT) {
        Ok(source) => source,
        Err(finding) => return root.report(finding.at(path.place.clone())),
    };
    let read = if path.value.extension() == Some(OsStr::new("json")) { json::read } else { csv::read };
    let (sheet, findings) = read(&source);
    for finding in findings {
        root.report(finding);
    }
    let Some(sheet) = sheet else { return };
    if let (Some(column), Some(customer)) = (&rows.columns.customer, customer) {
        let text = format!("all that stands here is {customer}'s, whatever a column says");
        root.report(Finding::error("rows", text).fix("take it out").at(column.place.clone()));
    }
    let Some(columns) = Columns::of(&rows, &sheet, root) else { return };
    let mut names: HashMap<String, Location> = HashMap::new();
    names.extend(written.blocks.iter().map(|entry| (entry.name.clone(), entry.place.clone())));
    for row in &sheet.rows {
        let read = Reading { sheet: &sheet, row, root };
        let Some(entry) = read.block(&columns) else { continue };
        if let Some(first) = names.get(&entry.name) {
            let text = format!("block `{}` is named so already, at {first}", entry.name);
            let finding = Finding::error("rows", text).fix("give one of the two another name");
            root.report(finding.at(entry.place.clone().through(columns.name.said())));
            continue;
        }
        names.insert(entry.name.clone(), entry.place.clone());
        written.blocks.push(entry);
    }
}

/// A column, by its number and its name in the file.
struct Found(usize, String);

impl Found {
    fn said(&self) -> String {
        format!("column {}", self.1)
    }
}

/// The columns that say what a block is.
struct Columns {
    name: Found,
    prefix: Vec<Found>,
    at: Option<Found>,
    origin: Option<Found>,
    customer: Option<Found>,
    /// Of each column its name in templates, if it is another one.
    variables: Vec<Option<String>>,
}

impl Columns {
    fn of(rows: &Rows, sheet: &Sheet, root: &Table) -> Option<Columns> {
        let written = &rows.columns;
        let find = |name: &str, key: &str, from: &Location| {
            let at = sheet.column(name);
            if at.is_none() {
                root.report(missing(sheet, name, key, from));
            }
            Some(Found(at?, sheet.columns.get(at?)?.name.clone()))
        };
        let place = &rows.path.place;
        let needed = |column: &Option<At<Column>>, key: &'static str| match column {
            Some(At { value: Column(names), place }) => {
                names.iter().map(|name| find(name, key, place)).collect()
            }
            None => vec![find(key, key, place)],
        };
        let optional = |column: &Option<At<Column>>, key: &'static str| match column {
            None if sheet.column(key).is_none() => None,
            _ => Some(needed(column, key)),
        };
        let (name, prefix) = (needed(&written.name, "name"), needed(&written.prefix, "prefix"));
        let (at, origin) = (optional(&written.at, "at"), optional(&written.origin, "origin"));
        let customer = written.customer.is_some().then(|| needed(&written.customer, "customer"));
        let first = |found: Vec<Option<Found>>| found.into_iter().next().flatten();
        let mut columns = Columns {
            name: first(name)?,
            prefix: prefix.into_iter().collect::<Option<Vec<Found>>>()?,
            at: at.and_then(first),
            origin: origin.and_then(first),
            customer: customer.and_then(first),
            variables: Vec::new(),
        };
        columns.variables = columns.others(sheet);
        Some(columns)
    }

    /// The names of the columns that are none of these. Those to which ripectl gives a value are no variables.
    fn others(&self, sheet: &Sheet) -> Vec<Option<String>> {
        let one = [Some(&self.name), self.at.as_ref(), self.origin.as_ref(), self.customer.as_ref()];
        let used: Vec<usize> = one.into_iter().flatten().chain(&self.prefix).map(|found| found.0).collect();
        let is_free = |name: &str| !name.is_empty() && !RESERVED.contains(&name);
        let variable = |(at, column): (usize, &sheet::Column)| {
            (!used.contains(&at) && is_free(&column.variable)).then(|| column.variable.clone())
        };
        sheet.columns.iter().enumerate().map(variable).collect()
    }
}

fn missing(sheet: &Sheet, name: &str, key: &str, from: &Location) -> Finding {
    const SHOWN: usize = 12;
    let names = || sheet.columns.iter().map(|column| column.name.as_str()).filter(|name| !name.is_empty());
    let near = crate::config::did_you_mean(name, names());
    let mut shown: Vec<String> = names().take(SHOWN).map(|name| format!("`{name}`")).collect();
    if names().count() > SHOWN {
        shown.push("…".to_owned());
    }
    let remedy = format!(
        "name it at {}:{} in `columns = {{ {key} = \"…\" }}`; there are {}",
        from.source.name(),
        from.line(),
        shown.join(", ")
    );
    Finding::error("rows", format!("there is no column `{name}`{near}")).fix(remedy).at(sheet.heading())
}

/// A row that is being read.
struct Reading<'a> {
    sheet: &'a Sheet,
    row: &'a Row,
    root: &'a Table<'a>,
}

impl Reading<'_> {
    /// The block that the row is.
    fn block(&self, columns: &Columns) -> Option<Entry<WrittenBlock>> {
        let name = self.needed(&columns.name);
        let prefix = self.prefix(&columns.prefix);
        let origin = match columns.origin.as_ref().and_then(|column| Some((column, self.cell(column)?))) {
            Some((column, cell)) => Some(self.parsed::<Asn>(&with_as(&cell.text()), column, cell)?),
            None => None,
        };
        let at = columns.at.as_ref().map_or_else(Vec::new, |column| self.sites(column));
        let customer = columns.customer.as_ref().and_then(|column| self.cell(column));
        let cell = self.cell(&columns.name)?;
        Some(Entry {
            name: name?,
            place: Location::new(&self.sheet.source, cell.at.clone()),
            value: WrittenBlock {
                index: None,
                prefix: Some(prefix?),
                is_placed: true,
                at,
                origin: origin.map(|origin| origin.value),
                templates: None,
                vars: Given::default(),
                row: Some(self.variables(columns)),
                customer: customer.map(|cell| cell.text().into()),
            },
        })
    }

    fn cell(&self, column: &Found) -> Option<&Cell> {
        self.row.cells.iter().find(|cell| cell.column == column.0)
    }

    /// The text of a field that must not be empty.
    fn needed(&self, column: &Found) -> Option<String> {
        let text = self.cell(column).map(Cell::text);
        if text.is_none() {
            let place = Location::new(&self.sheet.source, self.row.at.clone()).through(column.said());
            let finding = Finding::error("rows", "this row says nothing here");
            self.root.report(finding.fix("fill the field, or take the row out").at(place));
        }
        text
    }

    fn prefix(&self, columns: &[Found]) -> Option<At<Prefix>> {
        let parts: Vec<Option<String>> = columns.iter().map(|column| self.needed(column)).collect();
        let text = parts.into_iter().collect::<Option<Vec<String>>>()?.join("/");
        let first = columns.first()?;
        self.parsed(&text, first, self.cell(first)?)
    }

    fn parsed<T: FromStr<Err: Display>>(&self, text: &str, column: &Found, cell: &Cell) -> Option<At<T>> {
        let place = self.place(column, cell);
        match text.parse() {
            Ok(value) => Some(At { value, place }),
            Err(error) => {
                self.root.report(Finding::error("rows", error.to_string()).at(place));
                None
            }
        }
    }

    fn place(&self, column: &Found, cell: &Cell) -> Location {
        Location::new(&self.sheet.source, cell.at.clone()).through(column.said())
    }

    /// The names of sites, parted by commas, semicolons or blanks.
    fn sites(&self, column: &Found) -> Vec<At<String>> {
        let Some(cell) = self.cell(column) else { return Vec::new() };
        let place = self.place(column, cell);
        let names = cell.texts();
        let names = names.iter().flat_map(|text| text.split([',', ';', ' '])).filter(|name| !name.is_empty());
        names.map(|name| At { value: name.to_owned(), place: place.clone() }).collect()
    }

    fn variables(&self, columns: &Columns) -> Given {
        let named = self.row.cells.iter().filter_map(|cell| {
            let name = columns.variables.get(cell.column)?.as_ref()?;
            let place = Location::new(&self.sheet.source, cell.at.clone());
            Some((name.clone(), At { value: cell.value.clone(), place }))
        });
        Arc::new(named.collect::<BTreeMap<_, _>>())
    }
}

/// `AS64500` for `64500`, as an IPAM keeps it.
fn with_as(text: &str) -> String {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { format!("AS{text}") } else { text.to_owned() }
}
