//! From blocks as written to blocks with addresses: inside their allocation, apart, and at sites that exist.

use std::{
    cell::{Cell, LazyCell},
    collections::HashSet,
};

use super::{
    pattern::Customer,
    site::Site,
    written::{Given, Names, Written, WrittenBlock},
};
use crate::{
    config::{At, Entry, Table, did_you_mean},
    finding::{Finding, Location},
    net::{Asn, Prefix, Split},
    rpsl::Class,
};

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
    /// The templates that are rendered for it instead of those of the allocation, if it has its own.
    pub templates: Option<Names>,
    /// Variables for its templates, beside and above those of the allocation.
    pub vars: Given,
    /// What its row says beside that, for its templates, if it is a row of a table: above the variables of the allocation.
    pub row: Option<Given>,
    /// Whose it is, if it is a customer's.
    pub customer: Option<Customer>,
    /// Where its name is written.
    pub place: Location,
}

impl Block {
    /// The only site that announces it.
    pub fn only_site<'a>(&self, sites: &'a [Site]) -> Option<&'a Site> {
        match self.sites.as_slice() {
            [name] => sites.iter().find(|site| site.name == *name),
            _ => None,
        }
    }
}

/// The blocks of an allocation, with a finding for each that cannot be one.
pub(super) fn understand(
    written: &Written,
    split: Option<Split>,
    sites: &Sites,
    customer: Option<&Customer>,
    root: &Table,
) -> Vec<Block> {
    let blocks = written.blocks.iter().filter_map(|entry| block(entry, written, split, sites, root));
    let blocks: Vec<Block> =
        blocks.map(|block| Block { customer: customer.cloned().or(block.customer), ..block }).collect();
    overlaps(&blocks, split, root);
    blocks
}

/// How many announcements there are, blocks times sites, at most: a thousand sites that announce five hundred blocks.
const MOST: usize = 500_000;

/// The sites of the estate.
pub(super) struct Sites<'a> {
    all: &'a [String],
    known: HashSet<&'a str>,
    /// How many announcements there may still be.
    left: Cell<Option<usize>>,
}

impl<'a> Sites<'a> {
    /// The sites with these names.
    pub fn of(names: &'a [String]) -> Sites<'a> {
        Sites { all: names, known: names.iter().map(String::as_str).collect(), left: Cell::new(Some(MOST)) }
    }

    /// Takes `count` announcements at `place` from what is left; that there are too many is said once.
    fn hold(&self, count: usize, place: &Location, root: &Table) -> bool {
        let Some(left) = self.left.get() else { return false };
        self.left.set(left.checked_sub(count));
        if self.left.get().is_none() {
            let text = format!("more than {MOST} announcements: blocks times the sites that announce them");
            root.report(Finding::error("site", text).fix("divide the estate").at(place.clone()));
        }
        self.left.get().is_some()
    }
}

fn block(
    entry: &Entry<WrittenBlock>,
    allocation: &Written,
    split: Option<Split>,
    sites: &Sites,
    root: &Table,
) -> Option<Block> {
    let Entry { name, place, value: written } = entry;
    let sites = announced_at(name, &written.at, sites, root);
    let origin = written.origin.or(allocation.origin);
    let templates = written.templates.as_ref().unwrap_or(&allocation.templates);
    let routed = [Class::Route, Class::Route6].iter().any(|class| templates.contains_key(class));
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
        templates: written.templates.clone(),
        vars: written.vars.clone(),
        row: written.row.clone(),
        customer: written.customer.clone(),
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
    let refuse = |text: String, remedy: String, place: &Location| {
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
fn announced_at(block: &str, at: &[At<String>], sites: &Sites, root: &Table) -> Vec<String> {
    let names = || sites.all.iter().map(String::as_str);
    let (mut chosen, mut seen): (Vec<String>, HashSet<&str>) = (Vec::new(), HashSet::new());
    for At { value: name, place } in at {
        let refuse = |text: String, remedy: String| {
            root.report(Finding::error("site", text).fix(remedy).at(place.clone()));
        };
        if name == "*" {
            if !sites.hold(sites.all.len(), place, root) {
                return Vec::new();
            }
            chosen = sites.all.to_vec();
            seen.clone_from(&sites.known);
        } else if !sites.known.contains(name.as_str()) {
            let text = format!("block `{block}`: there is no site `{name}`{}", did_you_mean(name, names()));
            refuse(text, format!("add `{name} = {{ upstream = \"…\" }}` to [sites]"));
        } else if !seen.insert(name) {
            refuse(format!("block `{block}` names site `{name}` twice"), "leave it out here".into());
        } else if sites.hold(1, place, root) {
            chosen.push(name.clone());
        }
    }
    chosen
}

/// Reports blocks that share addresses. Prefixes are nested or apart, so in the order of addresses, the less
/// specific first, a block overlaps the ones before it if and only if the widest of the current run covers
/// it.
fn overlaps(blocks: &[Block], split: Option<Split>, root: &Table) {
    let mut ordered: Vec<(usize, &Block)> = blocks.iter().enumerate().collect();
    ordered.sort_by_key(|(at, block)| (block.prefix.block().first(), block.prefix.len(), *at));
    let free = LazyCell::new(|| free(&ordered, split));
    let mut widest: Option<(usize, &Block)> = None;
    for block in &ordered {
        match widest.filter(|(_, wide)| wide.prefix.covers(block.1.prefix)) {
            Some(wide) if wide.0 < block.0 => root.report(overlap(wide.1, block.1, *free)),
            Some(wide) => root.report(overlap(block.1, wide.1, *free)),
            None => widest = Some(*block),
        }
    }
}

/// That `second`, which stands behind `first`, shares addresses with it.
fn overlap(first: &Block, second: &Block, free: Option<u32>) -> Finding {
    let names = format!("blocks `{}` ({}) and `{}`", first.name, first.place, second.name);
    let text = match (first.index, second.index) {
        (Some(index), Some(same)) if index == same => {
            format!("{names} both have index {index}, {}", first.prefix)
        }
        _ => format!("{names} overlap: {} and {}", first.prefix, second.prefix),
    };
    let both = format!(
        "to announce both, move `{}` into a second [[allocation]] over the same space",
        if first.prefix.covers(second.prefix) { &first.name } else { &second.name }
    );
    let remedy = match free {
        Some(index) if first.prefix == second.prefix => format!("index {index} is free"),
        None if first.prefix == second.prefix => {
            "give one of them other addresses, or take it out".to_owned()
        }
        Some(index) => format!("{both}; index {index} is free"),
        None => both,
    };
    Finding::error("block", text).fix(remedy).at(second.place.clone())
}

/// The lowest index that no block uses any part of, of `ordered` by address.
fn free(ordered: &[(usize, &Block)], split: Option<Split>) -> Option<u32> {
    let split = split?;
    let mut index = 0;
    for (_, block) in ordered {
        let child = split.child(index)?.block();
        let used = block.prefix.block();
        if used.first() > child.last() {
            break;
        }
        // The child in which the block ends is used too.
        let size = child.last() - child.first() + 1;
        let ends = used.last().checked_sub(split.parent().block().first());
        let behind = ends.map_or(Ok(0), |end| u32::try_from(end / size + 1));
        index = index.max(behind.ok()?);
    }
    split.child(index).map(|_| index)
}
