//! One template for many objects of a class: what all have is its text, what differs its variables.

use std::collections::{BTreeMap, HashMap};

use super::super::text;
use crate::{
    net::{Asn, Block},
    rpsl::{Class, Object, is_generated},
};

/// The value of a variable.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Var {
    /// Each object has it once.
    One(String),
    /// Some have it several times, or not.
    Many(Vec<String>),
}

/// A template, and what it needs for each object; nothing for one that it cannot make.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The text of the template.
    pub text: String,
    /// The variables of each object, by their names.
    pub vars: Vec<Option<BTreeMap<String, Var>>>,
}

/// Attributes of one name that follow each other, with their values.
type Run = (String, Vec<String>);

/// The template for most of these objects of `class`.
pub(super) fn shape(class: Class, objects: &[&Object]) -> Shape {
    let runs: Vec<Option<Vec<Run>>> = objects.iter().map(|object| runs(object)).collect();
    let order =
        common_order(runs.iter().flatten().map(|runs| runs.iter().map(|(name, _)| name.as_str()).collect()));
    let fitting: Vec<Option<HashMap<String, Vec<String>>>> = runs
        .into_iter()
        .map(|runs| runs.filter(|runs| is_in_order(runs, &order)).map(|runs| runs.into_iter().collect()))
        .collect();
    let mut shape = Shape { text: String::new(), vars: Vec::new() };
    shape.vars = fitting.iter().map(|values| values.as_ref().map(|_| BTreeMap::new())).collect();
    for name in &order {
        let values: Vec<&[String]> = fitting
            .iter()
            .flatten()
            .map(|values| values.get(name).map_or(&[] as &[String], Vec::as_slice))
            .collect();
        line(&mut shape, class, name, &values);
    }
    shape
}

/// The template that makes one object and no other.
pub(super) fn literal(object: &Object) -> String {
    quoted(&text(object))
}

/// Adds what the template says of an attribute; each variable goes to its object.
fn line(shape: &mut Shape, class: Class, name: &str, values: &[&[String]]) {
    let say = |shape: &mut Shape, value: &str| {
        shape.text.push_str(&format!("{:<15} {value}\n", format!("{name}:")));
    };
    let known = match name {
        _ if name == class.text() => Some(if class == Class::Domain { "{{ zone }}" } else { "{{ prefix }}" }),
        "origin" if class.is_route() => Some("{{ origin }}"),
        "source" => Some("{{ source }}"),
        _ => None,
    };
    let first = values.first().copied().unwrap_or_default();
    match known {
        Some(known) => say(shape, known),
        None if values.iter().all(|each| *each == first) => {
            for value in first {
                say(shape, &quoted(value));
            }
        }
        None => {
            let variable = variable(class, name);
            let is_single = values.iter().all(|each| each.len() == 1);
            if is_single {
                say(shape, &format!("{{{{ {variable} }}}}"));
            } else {
                shape.text.push_str(&format!("{{% for line in {variable} %}}\n"));
                say(shape, "{{ line }}");
                shape.text.push_str("{% endfor %}\n");
            }
            for (vars, values) in shape.vars.iter_mut().flatten().zip(values) {
                let one = values.first().filter(|_| is_single);
                let var = one.map_or_else(|| Var::Many(values.to_vec()), |one| Var::One(one.clone()));
                vars.insert(variable.clone(), var);
            }
        }
    }
}

/// What a variable is called: as the attribute, with the kind of object where it is not the block.
fn variable(class: Class, name: &str) -> String {
    let name = name.replace('-', "_");
    match class {
        Class::Domain => format!("zone_{name}"),
        class if class.is_route() => format!("route_{name}"),
        _ => name,
    }
}

/// Text as a template says it, though it may look like a tag.
fn quoted(text: &str) -> String {
    match ["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)) {
        true => text.replace('{', "{{ '{' }}"),
        false => text.to_owned(),
    }
}

/// The attributes of an object by their names; `None` where a template would not give them back as they are: names that
/// come again further down, values on several lines, and a key that is spelled in its own way.
fn runs(object: &Object) -> Option<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    for attribute in object.attributes().filter(|each| !each.name.is_some_and(is_generated)) {
        let (name, value) = (attribute.label.trim().to_ascii_lowercase(), attribute.raw.trim().to_owned());
        if value.contains(['\n', '\r']) {
            return None;
        }
        match runs.iter().rposition(|(known, _)| *known == name) {
            Some(at) if at + 1 < runs.len() => return None,
            Some(at) => runs.get_mut(at)?.1.push(value),
            None => runs.push((name, vec![value])),
        }
    }
    let is_known = |name: &str, is_so: &dyn Fn(&str) -> bool| {
        runs.iter()
            .filter(|(each, _)| each == name)
            .all(|(_, values)| matches!(values.as_slice(), [one] if is_so(one)))
    };
    let (class, key) = (object.class(), object.key());
    let is_key = |value: &str| match class {
        Class::Domain => value.eq_ignore_ascii_case(key.text()),
        _ => Block::parse(value) == object.block(),
    };
    let is_plain = is_known(class.text(), &is_key)
        && is_known("source", &|value| value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        && (!class.is_route() || is_known("origin", &|value| value.parse::<Asn>().is_ok()));
    is_plain.then_some(runs)
}

/// The order of names that most of these sequences keep to, with the names of all of those that do.
fn common_order<'a>(sequences: impl Iterator<Item = Vec<&'a str>>) -> Vec<String> {
    let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for sequence in sequences {
        *counts.entry(sequence).or_default() += 1;
    }
    let mut ordered: Vec<(Vec<&str>, usize)> = counts.into_iter().collect();
    ordered.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut order: Vec<&str> = Vec::new();
    for (sequence, _) in ordered {
        if let Some(merged) = merged(&order, &sequence) {
            order = merged;
        }
    }
    order.into_iter().map(str::to_owned).collect()
}

/// `order` with the further names of `sequence`, each behind the one that it follows there; `None` if the two contradict
/// each other.
fn merged<'a>(order: &[&'a str], sequence: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut merged = order.to_vec();
    let mut next = 0;
    for name in sequence {
        match merged.iter().position(|known| known == name) {
            Some(at) if at < next => return None,
            Some(at) => next = at + 1,
            None => {
                merged.insert(next, name);
                next += 1;
            }
        }
    }
    Some(merged)
}

/// Whether the runs stand in this order.
fn is_in_order(runs: &[Run], order: &[String]) -> bool {
    let mut names = order.iter();
    runs.iter().all(|(name, _)| names.any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_a_variable_and_what_does_not_fit_has_none() {
        let texts = [
            "inet6num: 2001:db8:1::/48\nnetname: ONE\ndescr: a\ndescr: b\nmnt-by: A-MNT\nmnt-by: B-MNT\nsource: RIPE\n",
            "inet6num: 2001:db8:2::/48\nnetname: TWO\nremarks: {{ x }}\nmnt-by: A-MNT\nmnt-by: B-MNT\nsource: RIPE\n",
            "inet6num: 2001:db8:3::/48\nmnt-by: A-MNT\nmnt-by: B-MNT\nnetname: THREE\nsource: RIPE\n",
            "inet6num: 2001:db8:4::/48\nnetname: FOUR\ndescr: a\n  b\nmnt-by: A-MNT\nsource: RIPE\n",
            "inet6num: 2001:db8:5::/48\nnetname: FIVE\ndescr: a\nmnt-by: A-MNT\nmnt-by: B-MNT\nsource: RIPE\n",
        ];
        let objects: Vec<Object> = texts.iter().map(|text| Object::parse(*text).unwrap()).collect();
        let shape = shape(Class::Inet6num, &objects.iter().collect::<Vec<_>>());
        assert_eq!(
            shape.text,
            "inet6num:       {{ prefix }}\nnetname:        {{ netname }}\n\
             {% for line in remarks %}\nremarks:        {{ line }}\n{% endfor %}\n\
             {% for line in descr %}\ndescr:          {{ line }}\n{% endfor %}\n\
             mnt-by:         A-MNT\nmnt-by:         B-MNT\nsource:         {{ source }}\n"
        );
        let fits: Vec<bool> = shape.vars.iter().map(Option::is_some).collect();
        assert_eq!(fits, [true, true, false, false, true]);
        let vars = shape.vars[0].as_ref().unwrap();
        assert_eq!(vars["netname"], Var::One("ONE".into()));
        assert_eq!(vars["descr"], Var::Many(vec!["a".into(), "b".into()]));
        assert_eq!(shape.vars[1].as_ref().unwrap()["remarks"], Var::Many(vec!["{{ x }}".into()]));
    }
}
