//! What is the same for many objects is told once, with their names.

use std::collections::HashMap;

use super::{
    Style,
    names::{self, Name},
};
use crate::finding::Finding;

/// What is the same so often is told separately.
const FEW: usize = 3;

/// All items in their order, those that have one shape together with the first of them, unless everything is shown.
pub(super) fn alike<T>(
    all: impl IntoIterator<Item = T>,
    shape: impl Fn(&T) -> String,
    style: Style,
) -> Vec<Vec<T>> {
    let all: Vec<(String, T)> = all.into_iter().map(|item| (shape(&item), item)).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (shape, _) in &all {
        *counts.entry(shape.clone()).or_default() += 1;
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<T>> = Vec::new();
    for (shape, item) in all {
        let is_many = !style.verbose && counts.get(&shape).is_some_and(|count| *count > FEW);
        let place = if is_many { *places.entry(shape).or_insert(groups.len()) } else { groups.len() };
        match groups.get_mut(place) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

/// `text` without what names `object`: its key, and of the key of a route the prefix.
pub(super) fn shape(text: &str, object: &str) -> String {
    const NAME: &str = "\u{fdd1}";
    let key = object
        .split_once('/')
        .filter(|(class, _)| class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'6'));
    let key = key.map_or(object, |(_, key)| key);
    let prefix = key.rsplit_once("AS").map_or(key, |(prefix, _)| prefix.trim_end());
    let names = [object, key, prefix].into_iter().filter(|name| !name.is_empty());
    names.fold(text.to_owned(), |text, name| text.replace(name, NAME))
}

/// The shape of a finding: its rule, its words and what it points at, without its object.
pub(super) fn of_finding(finding: &Finding) -> String {
    let object = finding.object.as_deref().unwrap_or_default();
    let Finding { rule, severity, text, remedy, .. } = finding;
    let remedy = remedy.as_deref().unwrap_or_default();
    let marked = finding.place.as_ref().and_then(|place| place.source.text.get(place.span.clone()));
    let [text, remedy, marked] = [text, remedy, marked.unwrap_or_default()].map(|part| shape(part, object));
    format!("{rule} {severity} {text} {remedy} {marked}")
}

/// The object that a finding is about, or where it is.
pub(super) fn name(finding: &Finding) -> Name {
    let place = || finding.place.as_ref().map(|place| format!("{}:{}", place.source.name(), place.line()));
    Name::of_object(&finding.object.clone().or_else(place).unwrap_or_default())
}

/// `the same for 15 others: …`; nothing, if there are none.
pub(super) fn others(names: &[Name], style: Style) -> String {
    match names.len() {
        0 => String::new(),
        count => format!("  the same for {count} others: {}{}\n", style.hang(), names::listed(names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_many_is_said_once() {
        let finding = |object: &str| {
            let key = object.split_once('/').unwrap().1;
            Finding::error("x", format!("{key} is wrong")).about(object).fix(format!("mend `{object}`"))
        };
        let objects = ["mntner/A", "inet6num/2001:db8::/32", "route6/2001:db8::/32AS1", "role/B", "role/C"];
        let mut all: Vec<Finding> = objects.map(finding).to_vec();
        all.insert(1, Finding::error("x", "else"));
        let sizes = |verbose| {
            let style = Style { verbose, ..Style::default() };
            alike(&all, |finding| of_finding(finding), style).iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!((sizes(false), sizes(true)), (vec![5, 1], vec![1; 6]));
        let names: Vec<Name> = all[3..5].iter().map(name).collect();
        let expected = "  the same for 2 others: route6/2001:db8::/32AS1, role/B\n";
        assert_eq!(others(&names, Style::default()), expected);
        assert_eq!(others(&[], Style::default()), "");
        assert_eq!(
            shape("no ROA covers 2001:db8::/32", "2001:db8::/32 AS1"),
            shape("no ROA covers ::/0", "::/0 AS1")
        );
    }
}
