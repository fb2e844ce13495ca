//! `[[allocation]]`: address space, the blocks that it is divided into, and what each block gets.

use super::{
    blocks::{self, Block, Sites},
    pattern::Customer,
    read::Files,
    rows,
    written::{Given, Names, Reverse, TEMPLATES, Written},
};
use crate::{
    config::{At, Table},
    finding::{Finding, Location},
    net::{Asn, Prefix, Split},
    rpsl::Class,
};

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
    pub templates: Names,
    /// Variables for the templates.
    pub vars: Given,
    /// Whose it is, if it stands in the file of a customer.
    pub customer: Option<Customer>,
    /// Its blocks, in the order of the file.
    pub blocks: Vec<Block>,
    /// Where its prefix is written.
    pub place: Location,
}

impl Allocation {
    /// The templates that are rendered for a block, or for all of it.
    pub fn templates_for<'a>(&'a self, block: Option<&'a Block>) -> &'a Names {
        block.and_then(|block| block.templates.as_ref()).unwrap_or(&self.templates)
    }

    /// The variables that are written for a block, or for all of it: the block's, those of its row, and its own, each below the
    /// former.
    pub fn given(&self, block: Option<&Block>) -> Vec<Given> {
        let block = block.into_iter().flat_map(|block| std::iter::once(&block.vars).chain(&block.row));
        block.chain([&self.vars]).cloned().collect()
    }

    /// The names of all templates that stand in it.
    pub fn named_templates(&self) -> impl Iterator<Item = &At<String>> {
        let own = self.blocks.iter().filter_map(|block| block.templates.as_ref());
        std::iter::once(&self.templates).chain(own).flat_map(Names::values)
    }
}

/// All `[[allocation]]` of the file, which is that of `customer`, or `ripectl.toml`.
pub(super) fn read(
    root: &mut Table,
    sites: &Sites,
    files: &Files,
    customer: Option<&Customer>,
) -> Vec<Allocation> {
    let mut written: Vec<Written> = root.get("allocation").unwrap_or_default();
    for written in &mut written {
        rows::add(written, files, customer, root);
    }
    written.into_iter().map(|written| understand(written, sites, customer.cloned(), root)).collect()
}

fn understand(written: Written, sites: &Sites, customer: Option<Customer>, root: &Table) -> Allocation {
    let split = split(&written, root);
    let blocks = blocks::understand(&written, split, sites, customer.as_ref(), root);
    families(&written, root);
    let reverse = reverse(&written, root);
    let Written { prefix: At { value: prefix, place }, origin, templates, vars, .. } = written;
    Allocation { prefix, split, origin, reverse, templates, vars, customer, blocks, place }
}

fn split(written: &Written, root: &Table) -> Option<Split> {
    let At { value, place } = written.split.as_ref()?;
    let report = |error: crate::net::SplitError| {
        root.report(Finding::error("block", error.to_string()).at(place.clone()));
    };
    Split::new(written.prefix.value, *value).map_err(report).ok()
}

fn reverse(written: &Written, root: &Table) -> Reverse {
    let own = written.blocks.iter().filter_map(|block| block.value.templates.as_ref());
    let has_template =
        std::iter::once(&written.templates).chain(own).any(|names| names.contains_key(&Class::Domain));
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
    let own = written.blocks.iter().filter_map(|block| block.value.templates.as_ref());
    let all: Vec<&Names> = std::iter::once(&written.templates).chain(own).collect();
    for (key, class, family) in TEMPLATES {
        let wrong = family.is_some_and(|family| family != prefix.family());
        for at in all.iter().filter_map(|names| names.get(&class)).filter(|_| wrong) {
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
