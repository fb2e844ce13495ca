//! `[[allocation]]` as it is written, before its blocks are understood.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use super::pattern::{Customer, stays_inside};
use crate::{
    config::{At, Entries, Entry, Read, Table, Value},
    finding::Finding,
    net::{Asn, Family, Prefix},
    rpsl::Class,
};

/// Variables of templates.
pub type Vars = BTreeMap<String, minijinja::Value>;

/// Variables as they are written, each with its place.
pub type Given = Arc<BTreeMap<String, At<minijinja::Value>>>;

/// What reverse zones an allocation has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reverse {
    /// One for all of it.
    Allocation,
    /// One for each block.
    Block,
    /// None that we make.
    None,
}

/// An `[[allocation]]` as written, before its blocks are understood.
pub(super) struct Written {
    pub(super) prefix: At<Prefix>,
    pub(super) origin: Option<Asn>,
    pub(super) split: Option<At<u8>>,
    pub(super) is_split: bool,
    pub(super) reverse: Option<At<Reverse>>,
    pub(super) templates: Names,
    pub(super) vars: Given,
    pub(super) blocks: Vec<Entry<WrittenBlock>>,
    pub(super) rows: Option<Rows>,
}

/// A table whose rows are blocks.
pub(super) struct Rows {
    pub(super) path: At<PathBuf>,
    pub(super) columns: Columns,
}

/// Which columns of a table say what; one that is not named has the name of its key.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) name: Option<At<Column>>,
    pub(super) prefix: Option<At<Column>>,
    pub(super) at: Option<At<Column>>,
    pub(super) origin: Option<At<Column>>,
    pub(super) customer: Option<At<Column>>,
}

/// The names of a column: one, or for a prefix two, of its network and its length.
pub(super) struct Column(pub(super) Vec<String>);

/// A block as written.
pub(super) struct WrittenBlock {
    pub(super) index: Option<At<u32>>,
    pub(super) prefix: Option<At<Prefix>>,
    pub(super) is_placed: bool,
    pub(super) at: Vec<At<String>>,
    pub(super) origin: Option<Asn>,
    pub(super) templates: Option<Names>,
    pub(super) vars: Given,
    pub(super) row: Option<Given>,
    pub(super) customer: Option<Customer>,
}

/// The names of templates, by the class that each makes.
pub type Names = BTreeMap<Class, At<String>>;

impl Read for Reverse {
    fn read(value: Value) -> Option<Reverse> {
        value.word(&[("allocation", Reverse::Allocation), ("block", Reverse::Block), ("none", Reverse::None)])
    }
}

/// The classes that templates may be for, and their family.
pub(super) const TEMPLATES: [(&str, Class, Option<Family>); 5] = [
    ("inet6num", Class::Inet6num, Some(Family::V6)),
    ("inetnum", Class::Inetnum, Some(Family::V4)),
    ("route6", Class::Route6, Some(Family::V6)),
    ("route", Class::Route, Some(Family::V4)),
    ("domain", Class::Domain, None),
];

struct TemplateNames(Names);

impl Read for TemplateNames {
    fn read(value: Value) -> Option<TemplateNames> {
        value.table(|table| {
            let named = TEMPLATES.iter().filter_map(|(key, class, _)| Some((*class, table.get(key)?)));
            TemplateNames(named.collect())
        })
    }
}

/// Names that ripectl gives a value itself: a variable may not take one.
pub(super) const RESERVED: [&str; 10] =
    ["prefix", "length", "network", "block", "index", "origin", "allocation", "sites", "source", "zone"];

struct WrittenVars(Given);

impl Read for WrittenVars {
    fn read(value: Value) -> Option<WrittenVars> {
        let entries = Entries::<At<minijinja::Value>>::read(value)?.0;
        for entry in entries.iter().filter(|entry| RESERVED.contains(&entry.name.as_str())) {
            value.refuse_with::<()>(
                format!("`{}` has its value from ripectl", entry.name),
                "give the variable another name, here and in the templates",
            );
        }
        Some(WrittenVars(Arc::new(entries.into_iter().map(|entry| (entry.name, entry.value)).collect())))
    }
}

impl Read for WrittenBlock {
    fn read(value: Value) -> Option<WrittenBlock> {
        value.table(|table| WrittenBlock {
            index: table.get("index"),
            prefix: table.get("prefix"),
            is_placed: table.has("index") || table.has("prefix"),
            at: table.get("at").unwrap_or_default(),
            origin: table.get("origin"),
            templates: table.get("templates").map(|TemplateNames(names)| names),
            vars: table.get("vars").map(|WrittenVars(vars)| vars).unwrap_or_default(),
            row: None,
            customer: None,
        })
    }
}

impl Read for Written {
    fn read(value: Value) -> Option<Written> {
        value.table(|table| {
            let prefix = table.need("prefix", "\"2001:db8::/44\"");
            let (origin, split, reverse) = (table.get("origin"), table.get("split"), table.get("reverse"));
            let is_split = table.has("split");
            let templates = table.get("templates").map(|TemplateNames(names)| names).unwrap_or_default();
            let vars = table.get("vars").map(|WrittenVars(vars)| vars).unwrap_or_default();
            let blocks =
                table.get::<Entries<WrittenBlock>>("blocks").map_or_else(Vec::new, |entries| entries.0);
            let rows = rows(table);
            Some(Written { prefix: prefix?, origin, split, is_split, reverse, templates, vars, blocks, rows })
        })?
    }
}

/// `rows`, with `columns` that say how it is read.
fn rows(table: &mut Table) -> Option<Rows> {
    let path = table.get::<At<RowsPath>>("rows");
    let columns: Option<At<Columns>> = table.get("columns");
    if let Some(At { place, .. }) = columns.as_ref().filter(|_| !table.has("rows")) {
        let finding = Finding::error("config-value", "`columns` are those of `rows`, and there are none");
        let remedy = "add `rows = \"ipam/v6.csv\"`, say, or take `columns` out";
        table.report(finding.fix(remedy).at(place.clone()));
    }
    let At { value: RowsPath(value), place } = path?;
    Some(Rows { path: At { value, place }, columns: columns.map_or_else(Columns::default, |at| at.value) })
}

struct RowsPath(PathBuf);

impl Read for RowsPath {
    fn read(value: Value) -> Option<RowsPath> {
        let path = PathBuf::from(value.text()?);
        let is_known = path.extension().is_some_and(|end| end == "csv" || end == "json");
        match (stays_inside(&path), is_known) {
            (false, _) => value.refuse_with(
                "leads out of the estate, and a repository may read nothing there",
                "put the export below the folder of ripectl.toml, and name it from there",
            ),
            (true, false) => value.refuse_with(
                "neither CSV nor JSON, by its name",
                "export it as one of them, with a name that ends in `.csv` or `.json`",
            ),
            (true, true) => Some(RowsPath(path)),
        }
    }
}

impl Read for Columns {
    fn read(value: Value) -> Option<Columns> {
        value.table(|table| {
            let two = table.get::<At<Two>>("prefix");
            Columns {
                name: table.get("name"),
                prefix: two.map(|At { value: Two(column), place }| At { value: column, place }),
                at: table.get("at"),
                origin: table.get("origin"),
                customer: table.get("customer"),
            }
        })
    }
}

impl Read for Column {
    fn read(value: Value) -> Option<Column> {
        match value.text()? {
            "" => value
                .refuse_with("must name a column", "write its name, as the first line of the file has it"),
            name => Some(Column(vec![name.to_owned()])),
        }
    }
}

/// One name, or two.
struct Two(Column);

impl Read for Two {
    fn read(value: Value) -> Option<Two> {
        let names = value.texts()?;
        match names.as_slice() {
            [one] | [one, _] if one.is_empty() => value.refuse("must name a column"),
            [_] | [_, _] => Some(Two(Column(names))),
            _ => value.refuse_with(
                "is one column, or that of the network and that of the length",
                "write `prefix = \"Prefix\"` or `prefix = [\"Subnet\", \"Mask\"]`",
            ),
        }
    }
}
