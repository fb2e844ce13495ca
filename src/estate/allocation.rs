//! `[[allocation]]`: address space, the blocks that it is divided into, and what each block gets.

use std::collections::BTreeMap;

use super::table::{At, Entries, Entry, Read, Table, Value, did_you_mean};
use crate::{
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
    prefix: At<Prefix>,
    origin: Option<Asn>,
    split: Option<At<u8>>,
    is_split: bool,
    reverse: Option<At<Reverse>>,
    templates: BTreeMap<Class, At<String>>,
    vars: Vars,
    blocks: Vec<Entry<WrittenBlock>>,
}

/// A block as written.
struct WrittenBlock {
    index: Option<At<u32>>,
    prefix: Option<At<Prefix>>,
    is_placed: bool,
    at: Vec<At<String>>,
    origin: Option<Asn>,
    vars: Vars,
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
const RESERVED: [&str; 10] =
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
    let sites = root.names("sites");
    let written: Vec<Written> = root.get("allocation").unwrap_or_default();
    written.into_iter().map(|written| understand(written, &sites, root)).collect()
}

fn understand(written: Written, sites: &[String], root: &Table) -> Allocation {
    let split = split(&written, root);
    let mut blocks = Vec::new();
    for entry in &written.blocks {
        blocks.extend(block(entry, &written, split, sites, root));
    }
    overlaps(&blocks, split, root);
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

fn block(
    entry: &Entry<WrittenBlock>,
    allocation: &Written,
    split: Option<Split>,
    sites: &[String],
    root: &Table,
) -> Option<Block> {
    let Entry { name, place, value: written } = entry;
    let sites = announced_at(name, &written.at, sites, root);
    let origin = written.origin.or(allocation.origin);
    let routed = [Class::Route, Class::Route6].iter().any(|class| allocation.templates.contains_key(class));
    if origin.is_none() && (routed || !sites.is_empty()) {
        let finding = Finding::error("block", format!("block `{name}` has no origin"));
        root.report(finding.fix("add `origin = \"AS…\"` to it or to its allocation").at(place.clone()));
    }
    let prefix = addresses(entry, allocation, split, root)?;
    let index = split.and_then(|split| split.index(prefix));
    Some(Block {
        name: name.clone(),
        prefix,
        index,
        origin,
        sites,
        vars: written.vars.clone(),
        place: place.clone(),
    })
}

/// The prefix of a block, from its index or as written.
fn addresses(
    entry: &Entry<WrittenBlock>,
    allocation: &Written,
    split: Option<Split>,
    root: &Table,
) -> Option<Prefix> {
    let name = &entry.name;
    let refuse = |text: String, remedy: String, place: &Place| {
        root.report(Finding::error("block", text).fix(remedy).at(place.clone()));
        None
    };
    let whole = allocation.prefix.value;
    match (&entry.value.index, &entry.value.prefix) {
        (None, Some(prefix)) if whole.covers(prefix.value) => Some(prefix.value),
        (None, Some(prefix)) => refuse(
            format!("block `{name}`: {} is not inside {whole}", prefix.value),
            format!("move it to the [[allocation]] that holds it, or give a prefix of {whole}"),
            &prefix.place,
        ),
        (Some(index), None) => match split {
            Some(split) => split.child(index.value).or_else(|| {
                let (count, last) = (split.count(), split.count() - 1);
                let text =
                    format!("block `{name}`: {whole} has {count} parts, and none with index {}", index.value);
                refuse(text, format!("choose an index from 0 to {last}"), &index.place)
            }),
            None if allocation.is_split => None, // the split itself was refused
            None => refuse(
                format!("block `{name}` has an index, but {whole} is not split"),
                "add `split = 48`, say, to the allocation, or give the block a prefix".into(),
                &index.place,
            ),
        },
        (Some(_), Some(prefix)) => refuse(
            format!("block `{name}` has an index and a prefix"),
            "leave one of them out".into(),
            &prefix.place,
        ),
        (None, None) if entry.value.is_placed => None, // what is written was refused
        (None, None) => refuse(
            format!("block `{name}` has neither an index nor a prefix"),
            "add `index = 1`, say".into(),
            &entry.place,
        ),
    }
}

/// The sites that announce a block; `*` is all of them.
fn announced_at(block: &str, at: &[At<String>], sites: &[String], root: &Table) -> Vec<String> {
    let names = || sites.iter().map(String::as_str);
    let mut chosen: Vec<String> = Vec::new();
    for At { value: name, place } in at {
        let refuse = |text: String, remedy: String| {
            root.report(Finding::error("site", text).fix(remedy).at(place.clone()));
        };
        if name == "*" {
            chosen = sites.to_vec();
        } else if !names().any(|known| known == name) {
            let text = format!("block `{block}`: there is no site `{name}`{}", did_you_mean(name, names()));
            refuse(text, format!("add `{name} = {{ upstream = \"…\" }}` to [sites]"));
        } else if chosen.contains(name) {
            refuse(format!("block `{block}` names site `{name}` twice"), "leave it out here".into());
        } else {
            chosen.push(name.clone());
        }
    }
    chosen
}

/// Reports blocks that share addresses. Prefixes are nested or apart, so in the order of addresses, the less specific
/// first, a block overlaps the ones before it if and only if the widest of the current run covers it.
fn overlaps(blocks: &[Block], split: Option<Split>, root: &Table) {
    let mut ordered: Vec<&Block> = blocks.iter().collect();
    ordered.sort_by_key(|block| (block.prefix.block().first(), block.prefix.len(), block.place.span.start));
    let mut widest: Option<&Block> = None;
    for block in ordered {
        match widest.filter(|wide| wide.prefix.covers(block.prefix)) {
            Some(wide) => root.report(overlap(wide, block, free(blocks, split))),
            None => widest = Some(block),
        }
    }
}

fn overlap(one: &Block, other: &Block, free: Option<u32>) -> Finding {
    let (first, second) =
        if one.place.span.start < other.place.span.start { (one, other) } else { (other, one) };
    let names = format!("blocks `{}` ({}) and `{}`", first.name, first.place, second.name);
    let text = match (first.index, second.index) {
        (Some(index), Some(same)) if index == same => {
            format!("{names} both have index {index}, {}", one.prefix)
        }
        _ => format!("{names} overlap: {} and {}", first.prefix, second.prefix),
    };
    let remedy = free
        .map_or_else(|| "give one of them other addresses".into(), |index| format!("index {index} is free"));
    Finding::error("block", text).fix(remedy).at(second.place.clone())
}

/// The lowest index that no block uses any part of.
fn free(blocks: &[Block], split: Option<Split>) -> Option<u32> {
    let split = split?;
    let used = |child: Prefix| blocks.iter().any(|block| block.prefix.block().overlaps(child.block()));
    (0..split.count()).find(|index| split.child(*index).is_some_and(|child| !used(child)))
}
