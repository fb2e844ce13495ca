//! What is the same for many objects is told once, with their names.

use std::collections::HashMap;

use super::{
    Style,
    names::{self, Name},
};
use crate::{finding::Finding, rpsl::Key};

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

/// `text` without the names of what it is about; one that holds another comes before it.
pub(super) fn shape(text: &str, names: &[&str]) -> String {
    const NAME: &str = "\u{fdd1}";
    let names = names.iter().filter(|name| !name.is_empty());
    names.fold(text.to_owned(), |text, name| text.replace(name, NAME))
}

/// The shape of a finding: its rule, its words and what it points at, without its object.
pub(super) fn of_finding(finding: &Finding) -> String {
    let object = finding.object.as_deref().unwrap_or_default();
    let key = names::key(object);
    let prefix = key.as_ref().and_then(Key::route).map_or("", |(prefix, _)| prefix);
    let names = [object, key.as_ref().map_or("", Key::text), prefix];
    let Finding { rule, severity, text, remedy, .. } = finding;
    let remedy = remedy.as_deref().unwrap_or_default();
    let marked = finding.place.as_ref().and_then(|place| place.source.text.get(place.span.clone()));
    let [text, remedy, marked] = [text, remedy, marked.unwrap_or_default()].map(|part| shape(part, &names));
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
    }

    /// `E` of `EAST-MNT` is none, nor is `B` of `BASIS`.
    #[test]
    fn only_routes_have_a_prefix() {
        let shape = |object: &str, text: &str| of_finding(&Finding::error("x", text).about(object));
        let check = |object: &str, text: &str, expected: &str| {
            assert_eq!(shape(object, text), format!("x error {expected}  "), "{object}");
        };
        check("mntner/EAST-MNT", "EAST-MNT: Error of E", "\u{fdd1}: Error of E");
        check("as-set/AS1:AS-BASIS", "AS1:AS-B is not AS1:AS-BASIS", "AS1:AS-B is not \u{fdd1}");
        check("route6/2001:db8::/32AS1", "no ROA covers 2001:db8::/32", "no ROA covers \u{fdd1}");
        check("block EAST", "E", "E");
        check("route/192.0.2.0/24as1", "192.0.2.0/24, 192.0.2.0/24as1", "\u{fdd1}, \u{fdd1}");
    }
}
