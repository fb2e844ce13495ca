//! `[[allocation]]` as it is written, before its blocks are understood.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    config::{At, Entries, Entry, Read, Value},
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
}

/// A block as written.
pub(super) struct WrittenBlock {
    pub(super) index: Option<At<u32>>,
    pub(super) prefix: Option<At<Prefix>>,
    pub(super) is_placed: bool,
    pub(super) at: Vec<At<String>>,
    pub(super) origin: Option<Asn>,
    pub(super) templates: Option<Names>,
    pub(super) vars: Given,
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
        })
    }
}

impl Read for Written {
    fn read(value: Value) -> Option<Written> {
        value.table(|table| {
            table.later("rows");
            let prefix = table.need("prefix", "\"2001:db8::/44\"");
            let (origin, split, reverse) = (table.get("origin"), table.get("split"), table.get("reverse"));
            let is_split = table.has("split");
            let templates = table.get("templates").map(|TemplateNames(names)| names).unwrap_or_default();
            let vars = table.get("vars").map(|WrittenVars(vars)| vars).unwrap_or_default();
            let blocks =
                table.get::<Entries<WrittenBlock>>("blocks").map_or_else(Vec::new, |entries| entries.0);
            Some(Written { prefix: prefix?, origin, split, is_split, reverse, templates, vars, blocks })
        })?
    }
}
