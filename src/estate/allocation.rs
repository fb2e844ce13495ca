//! `[[allocation]]`: address space, the blocks that it is divided into, and what each block gets.

use std::collections::BTreeMap;

use super::blocks::{self, Sites};
use crate::{
    config::{At, Entries, Entry, Read, Table, Value},
    finding::{Finding, Place},
    net::{Asn, Family, Prefix, Split},
    rpsl::Class,
};

/// Variables of templates.
pub type Vars = BTreeMap<String, minijinja::Value>;

/// Address space that we hold.
#[derive(Clone, Debug)]
pub struct Allocation {
    /// All of it.
    pub prefix: Prefix,
    /// How it is divided, if in equal parts.
    pub split: Option<Split>,
    /// The origin of its blocks, unless they say another.
    pub origin: Option<Asn>,
    /// What reverse zones there are.
    pub reverse: Reverse,
    /// The template of each class that is rendered, by its name, ordered as the classes are.
    pub templates: BTreeMap<Class, At<String>>,
    /// Variables for the templates.
    pub vars: Vars,
    /// Its blocks, in the order of the file.
    pub blocks: Vec<Block>,
    /// Where its prefix is written.
    pub place: Place,
}

/// A part of an allocation that is used.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub prefix: Prefix,
    /// Which child of the split it is, if it is one.
    pub index: Option<u32>,
    /// The AS that originates it; `None` only if it is neither announced nor has a route object.
    pub origin: Option<Asn>,
    /// The names of the sites that announce it.
    pub sites: Vec<String>,
    /// Variables for its templates, beside and above those of the allocation.
    pub vars: Vars,
    /// Where its name is written.
    pub place: Place,
}

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
    pub(super) templates: BTreeMap<Class, At<String>>,
    pub(super) vars: Vars,
    pub(super) blocks: Vec<Entry<WrittenBlock>>,
}

/// A block as written.
pub(super) struct WrittenBlock {
    pub(super) index: Option<At<u32>>,
    pub(super) prefix: Option<At<Prefix>>,
    pub(super) is_placed: bool,
    pub(super) at: Vec<At<String>>,
    pub(super) origin: Option<Asn>,
    pub(super) vars: Vars,
}

impl Read for Reverse {
    fn read(value: Value) -> Option<Reverse> {
        value.word(&[("allocation", Reverse::Allocation), ("block", Reverse::Block), ("none", Reverse::None)])
    }
}

/// The classes that templates may be for, and their family.
const TEMPLATES: [(&str, Class, Option<Family>); 5] = [
    ("inet6num", Class::Inet6num, Some(Family::V6)),
    ("inetnum", Class::Inetnum, Some(Family::V4)),
    ("route6", Class::Route6, Some(Family::V6)),
    ("route", Class::Route, Some(Family::V4)),
    ("domain", Class::Domain, None),
];

struct TemplateNames(BTreeMap<Class, At<String>>);

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

struct WrittenVars(Vars);

impl Read for WrittenVars {
    fn read(value: Value) -> Option<WrittenVars> {
        let entries = Entries::<minijinja::Value>::read(value)?.0;
        for entry in entries.iter().filter(|entry| RESERVED.contains(&entry.name.as_str())) {
            value.refuse_with::<()>(
                format!("`{}` has its value from ripectl", entry.name),
                "give the variable another name, here and in the templates",
            );
        }
        Some(WrittenVars(entries.into_iter().map(|entry| (entry.name, entry.value)).collect()))
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

/// All `[[allocation]]` of the file.
pub(super) fn read(root: &mut Table) -> Vec<Allocation> {
    let names = root.names("sites");
    let sites = Sites::of(&names);
    let written: Vec<Written> = root.get("allocation").unwrap_or_default();
    written.into_iter().map(|written| understand(written, &sites, root)).collect()
}

fn understand(written: Written, sites: &Sites, root: &Table) -> Allocation {
    let split = split(&written, root);
    let blocks = blocks::understand(&written, split, sites, root);
    families(&written, root);
    let reverse = reverse(&written, root);
    let Written { prefix: At { value: prefix, place }, origin, templates, vars, .. } = written;
    Allocation { prefix, split, origin, reverse, templates, vars, blocks, place }
}

fn split(written: &Written, root: &Table) -> Option<Split> {
    let At { value, place } = written.split.as_ref()?;
    let report = |error: crate::net::SplitError| {
        root.report(Finding::error("block", error.to_string()).at(place.clone()));
    };
    Split::new(written.prefix.value, *value).map_err(report).ok()
}

fn reverse(written: &Written, root: &Table) -> Reverse {
    let has_template = written.templates.contains_key(&Class::Domain);
    let Some(At { value, place }) = &written.reverse else {
        return if has_template { Reverse::Allocation } else { Reverse::None };
    };
    if *value != Reverse::None && !has_template {
        let finding =
            Finding::error("template", "`reverse` asks for reverse zones, but no template makes them");
        let remedy = "add `domain = \"zone\"` to `templates`, or write `reverse = \"none\"`";
        root.report(finding.fix(remedy).at(place.clone()));
    }
    *value
}

/// Reports templates for the other address family.
fn families(written: &Written, root: &Table) {
    let prefix = written.prefix.value;
    for (key, class, family) in TEMPLATES {
        let wrong = family.is_some_and(|family| family != prefix.family());
        if let Some(at) = written.templates.get(&class).filter(|_| wrong) {
            let other = match class {
                Class::Inet6num => "inetnum",
                Class::Inetnum => "inet6num",
                Class::Route6 => "route",
                _ => "route6",
            };
            let finding = Finding::error("template", format!("{prefix} cannot have {key} objects"));
            root.report(finding.fix(format!("write `{other}` instead of `{key}`")).at(at.place.clone()));
        }
    }
}
