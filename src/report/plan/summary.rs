//! A plan of many steps by whose they are and what they do, instead of step by step.

use std::collections::{BTreeMap, HashMap};

use super::shown::source;
use crate::{
    finding::counted,
    plan::{Action, Change, Line, Plan, Step, Verdict, lines},
    report::{
        Style,
        names::{self, Name},
        paint::{Paint, add},
        table::table,
    },
    target::Record,
    visible,
};

/// What is counted of a customer: how often each is done to objects of each class.
type Counts = BTreeMap<(usize, String), usize>;

/// All of it: by class and kind, by customer, and by what is changed.
pub(super) fn text(plan: &Plan, style: Style) -> String {
    if plan.steps.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", classes(&plan.steps, style));
    if plan.steps.iter().any(|step| step.customer.is_some()) {
        add(
            &mut text,
            format!("\n{}\n{}", style.paint(Paint::Strong, "By customer"), customers(&plan.steps, style)),
        );
    }
    add(
        &mut text,
        format!("\n{}\n{}", style.paint(Paint::Strong, "What is done"), kinds(&plan.steps, style)),
    );
    add(&mut text, outlook(plan, style));
    text
}

const ACTIONS: [Action; 3] = [Action::Create, Action::Modify, Action::Delete];

fn rank(action: Action) -> usize {
    ACTIONS.iter().position(|other| *other == action).unwrap_or_default()
}

fn sign(action: Action, style: Style) -> String {
    match action {
        Action::Create => style.paint(Paint::Good, "+"),
        Action::Modify => style.paint(Paint::Careful, "~"),
        Action::Delete => style.paint(Paint::Bad, "-"),
    }
}

/// How many objects of each class are made, changed and deleted.
fn classes(steps: &[Step], style: Style) -> String {
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for step in steps {
        let of_class = counts.entry(step.change.id().kind().to_owned()).or_default();
        if let Some(count) = of_class.get_mut(rank(step.change.action())) {
            *count += 1;
        }
    }
    let row = |(class, counts): (String, [usize; 3])| {
        let shown = counts.iter().map(|count| if *count == 0 { "·".to_owned() } else { thousands(*count) });
        std::iter::once(class).chain(shown).collect()
    };
    table(&["class", "create", "change", "delete"], counts.into_iter().map(row), style)
}

/// The customers, those for whom the same is done together.
fn customers(steps: &[Step], style: Style) -> String {
    let mut counts: BTreeMap<Option<&str>, Counts> = BTreeMap::new();
    for step in steps {
        let of_customer = counts.entry(step.customer.as_deref()).or_default();
        *of_customer.entry((rank(step.change.action()), step.change.id().kind().to_owned())).or_default() +=
            1;
    }
    let mut alike: Vec<(Counts, Vec<Option<&str>>)> = Vec::new();
    let mut places: HashMap<Counts, usize> = HashMap::new();
    for (customer, counts) in counts {
        let place = *places.entry(counts.clone()).or_insert(alike.len());
        match alike.get_mut(place) {
            Some((_, customers)) => customers.push(customer),
            None => alike.push((counts, vec![customer])),
        }
    }
    let mut text = String::new();
    for (counts, customers) in alike {
        let parts: Vec<String> =
            counts.iter().map(|((rank, class), count)| part(*rank, class, *count, style)).collect();
        let each = if customers.len() > 1 { " each" } else { "" };
        let names = customers.iter().map(|name| visible::line(name.unwrap_or("no customer's")).into_owned());
        let who = few(names.collect(), "customer", style);
        add(&mut text, format!("  {}{who}: {}{each}\n", style.hang(), parts.join(" · ")));
    }
    text
}

fn part(rank: usize, class: &str, count: usize, style: Style) -> String {
    let action = ACTIONS.get(rank).copied().unwrap_or(Action::Modify);
    format!("{} {} {class}", sign(action, style), thousands(count))
}

/// The names; of many the first and how many there are, unless everything is shown.
fn few(names: Vec<String>, noun: &str, style: Style) -> String {
    const SHOWN: usize = 3;
    if style.verbose || names.len() <= SHOWN + 1 {
        return names.join(", ");
    }
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    format!("{} ({shown}, …)", counted(names.len(), noun))
}

/// Steps that do the same, wherever they stand in the order.
fn kinds(steps: &[Step], style: Style) -> String {
    let exact = grouped(steps.iter(), |step| (title(step), changed(&step.change)));
    // What is done to one object alone may be done to others with other values.
    let (alone, many): (Vec<_>, Vec<_>) = exact.into_iter().partition(|group| group.len() == 1);
    let alone = grouped(alone.into_iter().flatten(), |step| (title(step), labels(&step.change)));
    let mut all: Vec<Vec<&Step>> = many.into_iter().chain(alone).collect();
    all.sort_by_key(|group| {
        group.first().map(|step| (rank(step.change.action()), std::cmp::Reverse(group.len())))
    });
    all.iter().map(|group| kind(group, style)).collect()
}

/// The steps with the same key together, in the order of the first of each.
fn grouped<'a, K: Eq + std::hash::Hash>(
    steps: impl Iterator<Item = &'a Step>,
    key: impl Fn(&Step) -> K,
) -> Vec<Vec<&'a Step>> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Step>> = Vec::new();
    for step in steps {
        let place = *places.entry(key(step)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(step),
            None => groups.push(vec![step]),
        }
    }
    groups
}

/// What is done, to what, and why or by which template.
fn title(step: &Step) -> (usize, String, String) {
    let source =
        if step.change.action() == Action::Modify { String::new() } else { source(step).unwrap_or_default() };
    (rank(step.change.action()), step.change.id().kind().to_owned(), source)
}

/// The lines that a modification changes: with `+` or `-`.
fn changed(change: &Change<Record>) -> Vec<(char, String, String)> {
    let Change::Modify { before, after } = change else { return Vec::new() };
    let line = |line: Line| match line {
        Line::Kept(..) => None,
        Line::Removed(name, value) => Some(('-', name, value)),
        Line::Added(name, value) => Some(('+', name, value)),
    };
    lines(before, after).into_iter().filter_map(line).collect()
}

/// The same without the values.
fn labels(change: &Change<Record>) -> Vec<(char, String)> {
    changed(change).into_iter().map(|(sign, name, _)| (sign, name)).collect()
}

fn kind(group: &[&Step], style: Style) -> String {
    const LONGEST: usize = 100;
    let Some(first) = group.first() else { return String::new() };
    let names: Vec<Name> = group.iter().map(|step| Name::of_id(&step.change.id())).collect();
    let listed = names::listed(&names);
    let which = match () {
        () if style.verbose || listed.len() <= LONGEST => listed,
        () => few(group.iter().map(|step| step.change.id().key_text()).collect(), "object", style),
    };
    let (_, class, source) = title(first);
    let source = if source.is_empty() { source } else { format!("  {}", style.paint(Paint::Faint, &source)) };
    let mut text = format!(
        "{} {}{} × {class}{source}\n    {which}\n",
        sign(first.change.action(), style),
        style.hang(),
        thousands(group.len())
    );
    let lines = changed(&first.change);
    let is_same = group.iter().all(|step| changed(&step.change) == lines);
    for (sign, name, value) in lines {
        let paint = if sign == '+' { Paint::Good } else { Paint::Bad };
        let value = if is_same { value } else { "(another in each)".to_owned() };
        let label = format!("{name}:");
        add(
            &mut text,
            format!("    {} {label:<15} {}{value}\n", style.paint(paint, &sign.to_string()), style.hang()),
        );
    }
    text
}

/// What the registry will not simply say yes to.
fn outlook(plan: &Plan, style: Style) -> String {
    let count = |verdict| plan.steps.iter().filter(|step| step.verdict() == verdict && !step.waits()).count();
    let line = |count: usize, paint, sign: &str, words: &str| match count {
        0 => String::new(),
        count => format!(
            "{} {words}: `ripectl plan` shows them\n",
            style.paint(paint, &format!("{sign} {}", counted(count, "step")))
        ),
    };
    let waiting = line(plan.waiting().count(), Paint::Careful, "…", "waiting for others");
    let refused = line(count(Verdict::Refused), Paint::Bad, "✗", "would be refused");
    let open = line(count(Verdict::Undecided), Paint::Careful, "?", "may be refused");
    let all = format!("{refused}{waiting}{open}");
    if all.is_empty() { all } else { format!("\n{all}") }
}

/// `1,204`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rpsl::Object, target::TargetId};

    fn object(key: usize, lines: &str) -> Object {
        Object::parse(format!("inet6num: 2001:db8:{key:x}::/48\n{lines}source: RIPE\n")).unwrap()
    }

    fn step(change: Change, customer: Option<&str>) -> Step {
        Step { customer: customer.map(Into::into), ..Step::new(TargetId::new("ripe"), change.to_records()) }
    }

    fn shown(steps: Vec<Step>) -> String {
        let text = text(&Plan { steps, ..Plan::default() }, Style::default());
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn many_steps_are_told_by_what_they_do() {
        let change = |key: usize, old: &str, new: &str| Change::Modify {
            before: object(key, old),
            after: object(key, new),
        };
        let mut steps: Vec<Step> = (0..1204)
            .map(|key| step(change(2 * key, "", "country: NL\n"), Some(&format!("c{key:04}"))))
            .collect();
        steps.insert(7, step(Change::Delete(object(4095, "")), Some("c0003")));
        for key in [3, 5] {
            let (old, new) = (format!("netname: A{key}\n"), format!("netname: B{key}\n"));
            steps.insert(key, step(change(key, &old, &new), None));
        }
        let text = shown(steps);
        let expected = "
 class     create  change  delete
 inet6num  ·       1,206   1

By customer
  no customer's: ~ 2 inet6num
  1203 customers (c0000, c0001, c0002, …): ~ 1 inet6num each
  c0003: ~ 1 inet6num · - 1 inet6num

What is done
~ 1,204 × inet6num
    1204 objects (2001:db8::/48, 2001:db8:2::/48, 2001:db8:4::/48, …)
    + country:        NL
~ 2 × inet6num
    2001:db8:3::/48, 2001:db8:5::/48
    - netname:        (another in each)
    + netname:        (another in each)
- 1 × inet6num  no longer declared
    2001:db8:fff::/48

? 1207 steps may be refused: `ripectl plan` shows them";
        assert_eq!(text, expected);
    }

    #[test]
    fn numbers_are_in_groups_of_three() {
        for (number, expected) in [(0, "0"), (999, "999"), (1204, "1,204"), (1_000_000, "1,000,000")] {
            assert_eq!(thousands(number), expected);
        }
    }
}
