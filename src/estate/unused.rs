//! What is written and has no effect: variables, templates, sites and upstreams that nothing uses.

use std::collections::BTreeSet;

use super::{Allocation, Estate, GEOFEED_VARIABLES, Reverse, template::Templates};
use crate::{
    config::did_you_mean,
    finding::{Finding, Location, Severity},
    rpsl::Class,
};

/// All of it. What may be there for a reason is a piece of information; what looks like a slip is a warning.
pub(super) fn unused(estate: &Estate, templates: &Templates) -> Vec<Finding> {
    let elsewhere: &[&str] = if estate.geofeed.is_some() { &GEOFEED_VARIABLES } else { &[] };
    let variables =
        estate.allocations.iter().flat_map(|allocation| variables(allocation, templates, elsewhere));
    let silent = estate.allocations.iter().filter_map(silent_templates);
    variables
        .chain(silent)
        .chain(files(estate, templates))
        .chain(sites(estate))
        .chain(upstreams(estate))
        .collect()
}

fn finding(severity: Severity, text: String, remedy: String, place: &Location) -> Finding {
    Finding::error("unused", text).weighing(severity).fix(remedy).at(place.clone())
}

/// Variables that none of the templates of their allocation names, and that are not used `elsewhere` either.
fn variables(allocation: &Allocation, templates: &Templates, elsewhere: &[&str]) -> Vec<Finding> {
    let names = || allocation.named_templates().map(|template| template.value.as_str());
    let Some(used) = names().map(|name| templates.variables(name)).collect::<Option<Vec<_>>>() else {
        return Vec::new(); // one is missing or broken: it cannot be told
    };
    let elsewhere = elsewhere.iter().copied().map(str::to_owned);
    let used: BTreeSet<String> = used.into_iter().flatten().chain(elsewhere).collect();
    let whole = (format!("allocation {}", allocation.prefix), &allocation.vars, &allocation.place);
    let blocks =
        allocation.blocks.iter().map(|block| (format!("block {}", block.name), &block.vars, &block.place));
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (owner, vars, place) in std::iter::once(whole).chain(blocks) {
        for name in vars.keys().filter(|name| !used.contains(*name)) {
            if told.insert(name) {
                let near = did_you_mean(name, used.iter().map(String::as_str));
                let text = format!("{owner}: no template of it names the variable `{name}`{near}");
                let remedy = format!("write `{{{{ {name} }}}}` in a template, or take it out of `vars`");
                found.push(finding(Severity::Warning, text, remedy, place));
            }
        }
    }
    found
}

/// A template that makes nothing where it is named.
fn silent_templates(allocation: &Allocation) -> Option<Finding> {
    let Allocation { prefix, blocks, templates, reverse, place, .. } = allocation;
    let zone = templates.get(&Class::Domain);
    if let Some(template) = zone.filter(|_| *reverse == Reverse::None) {
        let text =
            format!("allocation {prefix}: `reverse = \"none\"`, so the template for domain makes nothing");
        let remedy = "take one of the two out".to_owned();
        return Some(finding(Severity::Warning, text, remedy, &template.place));
    }
    let for_whole = zone.is_some() && *reverse == Reverse::Allocation;
    let needs_blocks = templates.len() > usize::from(for_whole);
    (blocks.is_empty() && needs_blocks).then(|| {
        let text = format!("allocation {prefix} has no blocks, so its templates make nothing for any");
        finding(Severity::Warning, text, "add `[allocation.blocks]`".to_owned(), place)
    })
}

/// Files of `templates/` that no allocation names.
fn files(estate: &Estate, templates: &Templates) -> Vec<Finding> {
    let named: BTreeSet<&str> = estate
        .allocations
        .iter()
        .flat_map(Allocation::named_templates)
        .map(|template| template.value.as_str())
        .collect();
    let unused = templates.names().filter(|name| !named.contains(name));
    let explain = |name: &str| {
        let text = format!("no allocation names the template `{name}`");
        let remedy =
            format!("add `… = \"{name}\"` to the `templates` of an allocation, or take the file away");
        Some(finding(Severity::Warning, text, remedy, &templates.place(name)?))
    };
    unused.filter_map(explain).collect()
}

/// Sites that announce nothing.
fn sites(estate: &Estate) -> impl Iterator<Item = Finding> {
    let announcing: BTreeSet<&String> = estate.announcements.iter().flat_map(|each| &each.sites).collect();
    let silent = estate.sites.iter().filter(move |site| !announcing.contains(&site.name));
    silent.map(|site| {
        let text = format!("site `{}` announces nothing", site.name);
        finding(Severity::Info, text, "name it in `at` of a block".to_owned(), &site.place)
    })
}

/// Upstreams of no site.
fn upstreams(estate: &Estate) -> impl Iterator<Item = Finding> {
    let named: BTreeSet<&String> = estate.sites.iter().filter_map(|site| site.upstream.as_ref()).collect();
    let idle = estate.upstreams.iter().filter(move |upstream| !named.contains(&upstream.name));
    idle.map(|upstream| {
        let text = format!("upstream `{}` carries no site", upstream.name);
        finding(Severity::Info, text, "name it as the `upstream` of a site".to_owned(), &upstream.place)
    })
}
