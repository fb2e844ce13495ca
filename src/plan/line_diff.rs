//! Which lines of a record a modification changes.

use std::collections::HashMap;

use crate::target::{Pairs, Record};

/// A line of a modification: name and value, on one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Line {
    /// It stays.
    Kept(String, String),
    /// It goes.
    Removed(String, String),
    /// It comes.
    Added(String, String),
}

/// The lines of `before` and `after`: the fewest removals and additions, without what the registry writes itself.
/// Of many thousand lines that are often repeated, not always the fewest.
pub fn lines(before: &Record, after: &Record) -> Vec<Line> {
    let (old, new): (Pairs, Pairs) = (before.lines(), after.lines());
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    // Behind the last line that they have in common stands what is left of both.
    for (kept_old, kept_new) in common(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        lines.extend(old.get(i..kept_old).into_iter().flatten().cloned().map(removed));
        lines.extend(new.get(j..kept_new).into_iter().flatten().cloned().map(added));
        lines.extend(old.get(kept_old).cloned().map(kept));
        (i, j) = (kept_old + 1, kept_new + 1);
    }
    lines
}

type Pair = (String, String);

fn kept((name, value): Pair) -> Line {
    Line::Kept(name, value)
}

fn removed((name, value): Pair) -> Line {
    Line::Removed(name, value)
}

fn added((name, value): Pair) -> Line {
    Line::Added(name, value)
}

/// How many pairs of equal lines are looked at, at most.
const PAIRS: usize = 1 << 20;

/// The positions of a longest common subsequence (Hunt and Szymanski, CACM 20/5, 1977): the time grows with the number
/// of pairs of equal lines, which for lines that differ is that of the lines. If lines repeat so often that there are
/// too many pairs, the first of a kind is paired with the first, the second with the second, and so on.
fn common(old: &[Pair], new: &[Pair]) -> Vec<(usize, usize)> {
    let mut places: HashMap<&Pair, Vec<usize>> = HashMap::new();
    for (j, line) in new.iter().enumerate() {
        places.entry(line).or_default().push(j);
    }
    let count = old.iter().map(|line| places.get(line).map_or(0, Vec::len)).fold(0, usize::saturating_add);
    let mut met: HashMap<&Pair, usize> = HashMap::new();
    let mut chains = Chains::default();
    for (i, line) in old.iter().enumerate() {
        let nth = met.entry(line).or_default();
        let equal = places.get(line).map_or(&[][..], Vec::as_slice);
        let equal = if count > PAIRS {
            equal.get(*nth..).and_then(|rest| rest.get(..1)).unwrap_or(&[])
        } else {
            equal
        };
        *nth += 1;
        // From the last to the first: one line of `old` is in a chain once.
        for j in equal.iter().rev() {
            chains.extend(i, *j);
        }
    }
    chains.longest()
}

/// The common subsequences that may still become the longest.
#[derive(Default)]
struct Chains {
    /// Pairs, each with the one before it in its chain.
    links: Vec<(usize, usize, Option<usize>)>,
    /// For each length the chain that ends first in `new`: its last link.
    ends: Vec<usize>,
}

impl Chains {
    /// Puts the pair behind the longest chain that it can follow.
    fn extend(&mut self, i: usize, j: usize) {
        let ends_before = |end: &usize| self.links.get(*end).is_some_and(|(_, last, _)| *last < j);
        let length = self.ends.partition_point(ends_before);
        let before = length.checked_sub(1).and_then(|at| self.ends.get(at)).copied();
        let link = self.links.len();
        self.links.push((i, j, before));
        match self.ends.get_mut(length) {
            Some(end) => *end = link,
            None => self.ends.push(link),
        }
    }

    fn longest(&self) -> Vec<(usize, usize)> {
        let last = self.ends.last().and_then(|link| self.links.get(*link));
        let before =
            |(_, _, before): &&(usize, usize, Option<usize>)| before.and_then(|link| self.links.get(link));
        let mut found: Vec<_> = std::iter::successors(last, before).map(|(i, j, _)| (*i, *j)).collect();
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::Object;

    #[test]
    fn shows_only_what_changes() {
        let check = |before: &str, after: &str, expected: &str| {
            let (before, after) = (Object::parse(before).unwrap(), Object::parse(after).unwrap());
            let sign = |line: Line| match line {
                Line::Kept(..) => None,
                Line::Removed(name, value) => Some(format!("- {name} {value}")),
                Line::Added(name, value) => Some(format!("+ {name} {value}")),
            };
            let found: Vec<_> = lines(&before.into(), &after.into()).into_iter().filter_map(sign).collect();
            assert_eq!(found.join(", "), expected);
        };
        let before = "person: A\nremarks: 1\nremarks: 2\nremarks: 3\nlast-modified: x\n";
        check(
            before,
            "person:  A\nremarks: 1\nremarks: two # x\nremarks: 3\n",
            "- remarks 2, + remarks two # x",
        );
        check(before, "person: A\nremarks: 0\nremarks: 1\nremarks: 2\nremarks: 3\n", "+ remarks 0");
        check(before, "person: A\nremarks: 3\n", "- remarks 1, - remarks 2");
        check(before, "person: A\n", "- remarks 1, - remarks 2, - remarks 3");
        check(before, before, "");
    }

    #[test]
    fn the_lines_put_together_are_both_objects() {
        let text = |numbers: &[u32]| {
            let lines = numbers.iter().map(|number| format!("remarks: {number}\n"));
            format!("person: A\n{}", lines.collect::<String>())
        };
        let mut seed = 7_u32;
        for round in 0..60 {
            let mut numbers = || -> Vec<u32> {
                let mut next = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    seed >> 16
                };
                (0..next() % 9).map(|_| next() % 4).collect()
            };
            let (old, new) = (numbers(), numbers());
            let (before, after) = (Object::parse(text(&old)).unwrap(), Object::parse(text(&new)).unwrap());
            let found = lines(&before.into(), &after.into());
            let side = |keep: fn(&Line) -> bool| -> String {
                let shown = |line: &Line| match line {
                    Line::Kept(name, value) | Line::Removed(name, value) | Line::Added(name, value) => {
                        format!("{name}: {value}\n")
                    }
                };
                found.iter().filter(|line| keep(line)).map(shown).collect()
            };
            assert_eq!(side(|line| !matches!(line, Line::Added(..))), text(&old), "{round}");
            assert_eq!(side(|line| !matches!(line, Line::Removed(..))), text(&new), "{round}");
            let kept = found.iter().filter(|line| matches!(line, Line::Kept(..))).count();
            assert_eq!(kept, 1 + longest(&old, &new), "{old:?} {new:?}");
        }
    }

    /// The length of the longest common subsequence, by trying all.
    fn longest(old: &[u32], new: &[u32]) -> usize {
        match (old, new) {
            ([a, old @ ..], [b, new @ ..]) if a == b => 1 + longest(old, new),
            ([_, less @ ..], [_, fewer @ ..]) => longest(less, new).max(longest(old, fewer)),
            _ => 0,
        }
    }

    #[test]
    fn many_lines_that_repeat_are_paired_in_order() {
        let pair = |number: usize| ("remarks".to_owned(), number.to_string());
        let old: Vec<Pair> = (0..6000).map(|number| pair(number % 2)).collect();
        let new: Vec<Pair> = old.iter().cloned().chain([pair(7)]).collect();
        assert_eq!(common(&old, &new).len(), old.len());
    }
}
