//! `[[allocation]]` as it is written, before its blocks are understood.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use super::pattern::{Customer, stays_inside};
use crate::{
    config::{At, Entries, Entry, Keys, Kind, Read, Row, Table, Value, words},
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

const REVERSES: [(&str, Reverse); 3] =
    [("allocation", Reverse::Allocation), ("block", Reverse::Block), ("none", Reverse::None)];
const REVERSE_WORDS: [&str; 3] = words(&REVERSES);

impl Read for Reverse {
    const KIND: Kind = Kind::Words(&REVERSE_WORDS);

    fn read(value: Value) -> Option<Reverse> {
        value.word(&REVERSES)
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

/// The keys of `templates`: the classes of [`TEMPLATES`].
const TEMPLATE_KEYS: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        template("inet6num", "\"block\"", "the block (IPv6)"),
        template("inetnum", "\"block\"", "the block (IPv4)"),
        template("route6", "\"route\"", "its route (IPv6)"),
        template("route", "\"route\"", "its route (IPv4)"),
        template("domain", "\"zone\"", "the reverse zone"),
    ],
};

const fn template(class: &'static str, example: &'static str, says: &'static str) -> Row {
    Row::optional::<At<String>>(class, "none is made", says).such_as(example)
}

impl Read for TemplateNames {
    const KIND: Kind = Kind::Table(&TEMPLATE_KEYS);

    fn read(value: Value) -> Option<TemplateNames> {
        value.table(&TEMPLATE_KEYS, |table| {
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
    const KIND: Kind = Entries::<At<minijinja::Value>>::KIND;

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

/// The keys of a block.
const BLOCK: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        Row::optional::<At<u32>>("index", "`prefix`", "which part of the split it is, from 0").such_as("0"),
        Row::optional::<At<Prefix>>("prefix", "`index`", "its addresses").such_as("\"2001:db8::/48\""),
        Row::optional::<Vec<At<String>>>("at", "none", "the sites that announce it; `[\"*\"]` for all")
            .such_as("[\"ams\", \"lux\"]"),
        Row::optional::<Asn>("origin", "that of the allocation", "the AS that originates it")
            .such_as("\"AS64500\""),
        Row::optional::<TemplateNames>(
            "templates",
            "those of the allocation",
            "its own templates, and none of those of the allocation",
        ),
        Row::optional::<WrittenVars>("vars", "none", "its own variables, above those of the allocation"),
    ],
};

impl Read for WrittenBlock {
    const KIND: Kind = Kind::Table(&BLOCK);

    fn read(value: Value) -> Option<WrittenBlock> {
        value.table(&BLOCK, |table| WrittenBlock {
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

/// The keys of `[[allocation]]`.
const KEYS: Keys = Keys {
    title: "address space, and what each block of it gets",
    about: "A template also has the variables `prefix`, `length`, `network`, `block`, `index`, `origin`, `allocation`, `sites` (the\n\
            names of the sites that announce the block), `source` and `zone` from ripectl itself, `country` and `upstream`\n\
            where a block is announced at one site, and `geofeed` where there is one, unless `vars` say another\n\
            ([templates.md](templates.md)).",
    rows: &[
        Row::needed::<At<Prefix>>("prefix", "\"2001:db8::/44\"", "all of it"),
        Row::optional::<Asn>("origin", "each block says its own", "the AS that originates its blocks")
            .such_as("\"AS64500\""),
        Row::optional::<At<u8>>(
            "split",
            "blocks name prefixes",
            "the length of its blocks, so that an index names one",
        )
        .such_as("48"),
        Row::optional::<TemplateNames>(
            "templates",
            "nothing is made",
            "what is made: the template (a name in `templates/`) of each class",
        ),
        Row::optional::<At<Reverse>>(
            "reverse",
            "`\"allocation\"` with a template for it",
            "one reverse zone for all of it, or one for each block",
        ),
        Row::optional::<WrittenVars>("vars", "none", "variables for the templates")
            .such_as("{ nserver = [\"ns1.hobby.example\"] }"),
        Row::optional::<Entries<WrittenBlock>>(
            "blocks",
            "none",
            "the blocks, by name; often written as `[allocation.blocks]`",
        ),
        Row::optional::<At<RowsPath>>(
            "rows",
            "none",
            "blocks from a table below the folder of `ripectl.toml`, a row each ([lir.md](lir.md))",
        )
        .such_as("\"ipam/v6.csv\""),
        Row::optional::<At<Columns>>(
            "columns",
            "columns of these names",
            "which columns of `rows` say what; each other one is a variable of its name",
        ),
    ],
};

impl Read for Written {
    const KIND: Kind = Kind::Table(&KEYS);

    fn read(value: Value) -> Option<Written> {
        value.table(&KEYS, |table| {
            let prefix = table.need("prefix");
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
    const KIND: Kind = Kind::Text("a file that ends in `.csv` or `.json`");

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

/// The keys of `columns`.
const COLUMNS: Keys = Keys {
    title: "",
    about: "",
    rows: &[
        Row::optional::<At<Column>>("name", "`name`", "the name of the block").such_as("\"Description\""),
        Row::optional::<At<Two>>("prefix", "`prefix`", "its addresses; two columns are network and length")
            .such_as("[\"Subnet\", \"Mask\"]"),
        Row::optional::<At<Column>>(
            "at",
            "`at`, or no site",
            "the sites that announce it, parted by commas or blanks",
        )
        .such_as("\"Sites\""),
        Row::optional::<At<Column>>(
            "origin",
            "`origin`, or that of the allocation",
            "the AS that originates it, with or without `AS`",
        )
        .such_as("\"ASN\""),
        Row::optional::<At<Column>>("customer", "that of the file, or nobody", "whose it is")
            .such_as("\"Tenant\""),
    ],
};

impl Read for Columns {
    const KIND: Kind = Kind::Table(&COLUMNS);

    fn read(value: Value) -> Option<Columns> {
        value.table(&COLUMNS, |table| {
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

const NAME_OF_COLUMN: Kind = Kind::Text("the name of a column");

impl Read for Column {
    const KIND: Kind = NAME_OF_COLUMN;

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
    const KIND: Kind = Kind::OneOrMore(&NAME_OF_COLUMN);

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
