//! An `[[allocation]]` with a row for each block.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::PathBuf,
};

use super::{
    super::layout::slug,
    Bundle,
    shape::{Var, literal, shape},
};
use crate::{
    config::{bare, toml_string},
    net::{Prefix, Split},
    rpsl::{Class, Key, Name},
};

/// An allocation, and the templates of its blocks.
#[derive(Clone, Debug)]
pub struct Folded {
    /// All of it.
    pub parent: Prefix,
    /// What stands in `ripectl.toml`.
    pub config: String,
    /// The files of its templates.
    pub templates: BTreeMap<PathBuf, String>,
    /// The objects that they make.
    pub made: BTreeSet<Key>,
    /// How many blocks it has.
    pub rows: usize,
}

/// A block as it is written.
#[derive(Clone, Debug, Default)]
struct Row {
    templates: BTreeMap<Class, String>,
    vars: BTreeMap<String, Var>,
    origin: Option<String>,
}

/// The allocation for these blocks below `parent`.
pub(super) fn table(parent: Prefix, bundles: &[Bundle], taken: &BTreeSet<PathBuf>) -> Folded {
    let stem = free(&slug(&parent.to_string()).replace('.', "-"), taken);
    let names = names(bundles);
    let (mut rows, mut templates) = (vec![Row::default(); bundles.len()], BTreeMap::new());
    let classes: BTreeSet<Class> = bundles.iter().flat_map(|bundle| bundle.objects.keys().copied()).collect();
    for class in classes {
        let (at, objects): (Vec<usize>, Vec<_>) = bundles
            .iter()
            .enumerate()
            .filter_map(|(at, bundle)| Some((at, *bundle.objects.get(&class)?)))
            .unzip();
        let usual = format!("{stem}{}", ending(class));
        let shape = shape(class, &objects);
        if shape.vars.iter().any(Option::is_some) {
            templates.insert(file(&usual), shape.text);
        }
        for ((at, object), vars) in at.into_iter().zip(objects).zip(shape.vars) {
            let (Some(row), Some(name)) = (rows.get_mut(at), names.get(at)) else { continue };
            let template = if let Some(vars) = vars {
                row.vars.extend(vars);
                usual.clone()
            } else {
                let own = format!("{stem}-{}{}", slug(name).replace('.', "-"), ending(class));
                templates.insert(file(&own), literal(object));
                own
            };
            row.templates.insert(class, template);
            row.origin = object.value(Name::Origin).filter(|_| class.is_route()).or(row.origin.take());
        }
    }
    let made = bundles.iter().flat_map(|bundle| bundle.objects.values().map(|object| object.key())).collect();
    let config = config(parent, bundles, &names, rows);
    Folded { parent, config, templates, made, rows: bundles.len() }
}

/// The beginning of names of which none is taken.
fn free(stem: &str, taken: &BTreeSet<PathBuf>) -> String {
    let begins = |stem: &str| {
        let stem = format!("templates/{stem}").to_lowercase();
        taken.iter().any(|path| path.to_string_lossy().to_lowercase().starts_with(&stem))
    };
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    let mut stems = std::iter::once(stem.to_owned()).chain(numbered);
    stems.find(|stem| !begins(stem)).unwrap_or_default()
}

fn file(template: &str) -> PathBuf {
    PathBuf::from(format!("templates/{template}.rpsl"))
}

fn ending(class: Class) -> &'static str {
    match class {
        Class::Domain => "-zone",
        class if class.is_route() => "-route",
        _ => "",
    }
}

/// What the blocks are called: by their netnames if no two have the same, else by their addresses.
fn names(bundles: &[Bundle]) -> Vec<String> {
    let netname = |bundle: &Bundle| bundle.objects.values().find_map(|object| object.value(Name::Netname));
    let slugs: Vec<Option<String>> = bundles
        .iter()
        .map(|bundle| netname(bundle).map(|name| slug(&name)).filter(|name| !name.is_empty()))
        .collect();
    let unique: BTreeSet<&String> = slugs.iter().flatten().collect();
    if unique.len() == bundles.len() {
        return slugs.into_iter().flatten().collect();
    }
    bundles.iter().map(|bundle| slug(&bundle.prefix.to_string())).collect()
}

/// The text of the allocation, with what most blocks have said once.
fn config(parent: Prefix, bundles: &[Bundle], names: &[String], rows: Vec<Row>) -> String {
    let templates = most(rows.iter().map(|row| row.templates.clone())).unwrap_or_default();
    let origin = most(rows.iter().filter_map(|row| row.origin.clone()));
    let length = most(bundles.iter().map(|bundle| bundle.prefix.len()));
    let split = length.and_then(|length| Split::new(parent, length).ok().map(|split| (length, split)));
    let vars = usual(&rows);
    let mut text = format!("\n[[allocation]]\nprefix = {}\n", toml_string(&parent.to_string()));
    let mut say = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{key} = {value}"); // a String takes all text
        }
    };
    say("origin", origin.as_deref().map(toml_string));
    say("split", split.map(|(length, _)| length.to_string()));
    let has_zones = rows.iter().any(|row| row.templates.contains_key(&Class::Domain));
    say("reverse", has_zones.then(|| toml_string("block")));
    say("templates", Some(named(&templates)));
    say("vars", (!vars.is_empty()).then(|| inline(&vars)));
    text.push_str("\n[allocation.blocks]\n");
    for ((bundle, name), row) in bundles.iter().zip(names).zip(rows) {
        let index = split.and_then(|(_, split)| split.index(bundle.prefix));
        let mut parts = vec![match index {
            Some(index) => format!("index = {index}"),
            None => format!("prefix = {}", toml_string(&bundle.prefix.to_string())),
        }];
        parts.extend(
            row.origin
                .filter(|own| Some(own) != origin.as_ref())
                .map(|own| format!("origin = {}", toml_string(&own))),
        );
        if row.templates != templates {
            parts.push(format!("templates = {}", named(&row.templates)));
        }
        let own: BTreeMap<String, Var> =
            row.vars.into_iter().filter(|(name, value)| vars.get(name) != Some(value)).collect();
        if !own.is_empty() {
            parts.push(format!("vars = {}", inline(&own)));
        }
        let _ = writeln!(text, "{} = {{ {} }}", bare(name), parts.join(", "));
    }
    text
}

/// The values that more than half of the blocks have which have the variable.
fn usual(rows: &[Row]) -> BTreeMap<String, Var> {
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.vars.keys()).collect();
    let usual = |name: &String| {
        let values: Vec<&Var> = rows.iter().filter_map(|row| row.vars.get(name)).collect();
        let value = most(values.iter().copied())?;
        let count = values.iter().filter(|each| **each == value).count();
        (count * 2 > values.len() && count > 1).then(|| (name.clone(), value.clone()))
    };
    names.into_iter().filter_map(usual).collect()
}

/// What is there most often.
fn most<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for each in all {
        *counts.entry(each).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(each, _)| each)
}

fn named(templates: &BTreeMap<Class, String>) -> String {
    let each = templates.iter().map(|(class, name)| format!("{class} = {}", toml_string(name)));
    let each: Vec<String> = each.collect();
    if each.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", each.join(", ")) }
}

fn inline(vars: &BTreeMap<String, Var>) -> String {
    let value = |var: &Var| match var {
        Var::One(text) => toml_string(text),
        Var::Many(texts) => {
            format!("[{}]", texts.iter().map(|text| toml_string(text)).collect::<Vec<_>>().join(", "))
        }
    };
    let each: Vec<String> =
        vars.iter().map(|(name, var)| format!("{} = {}", bare(name), value(var))).collect();
    format!("{{ {} }}", each.join(", "))
}
