//! Which lines of an object a modification changes.

use super::stored::is_generated;
use crate::rpsl::{Attribute, Object};

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

/// The lines of `before` and `after`: the fewest removals and additions (a longest common subsequence), without what
/// the registry writes itself.
pub fn lines(before: &Object, after: &Object) -> Vec<Line> {
    let (old, new) = (pairs(before), pairs(after));
    let common = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (head, old) = old.split_at(common);
    let (_, new) = new.split_at(common);
    let mut lines: Vec<Line> = head.iter().cloned().map(kept).collect();
    lines.extend(differing(old, new));
    lines
}

type Pair = (String, String);

fn kept((name, value): Pair) -> Line {
    Line::Kept(name, value)
}

/// Name and value with its comment, white space folded.
fn pairs(object: &Object) -> Vec<Pair> {
    let pair = |attribute: Attribute| {
        let clean = attribute.clean();
        let value =
            clean.comment.map_or(clean.value.clone(), |comment| format!("{} # {comment}", clean.value));
        let name = attribute.name.map_or(attribute.label.trim(), |name| name.text());
        (name.to_ascii_lowercase(), value)
    };
    object.attributes().filter(|a| !a.name.is_some_and(is_generated)).map(pair).collect()
}

fn differing(old: &[Pair], new: &[Pair]) -> Vec<Line> {
    let lengths = lengths(old, new);
    let length = |i: usize, j: usize| lengths.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default();
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                lines.push(kept(a.clone()));
                (i, j) = (i + 1, j + 1);
            }
            (Some((name, value)), next) if next.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                lines.push(Line::Removed(name.clone(), value.clone()));
                i += 1;
            }
            (_, Some((name, value))) => {
                lines.push(Line::Added(name.clone(), value.clone()));
                j += 1;
            }
            (_, None) => return lines,
        }
    }
}

/// For each pair of positions the length of the longest common subsequence behind them.
fn lengths(old: &[Pair], new: &[Pair]) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![0; new.len() + 1]];
    for a in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; new.len() + 1];
        for (j, b) in new.iter().enumerate().rev() {
            let (right, down) = (row.get(j + 1).copied(), below.get(j).copied());
            let diagonal = below.get(j + 1).copied().unwrap_or_default() + 1;
            let best = if a == b { diagonal } else { right.max(down).unwrap_or_default() };
            if let Some(cell) = row.get_mut(j) {
                *cell = best;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_what_changes() {
        let check = |before: &str, after: &str, expected: &str| {
            let (before, after) = (Object::parse(before).unwrap(), Object::parse(after).unwrap());
            let sign = |line: Line| match line {
                Line::Kept(..) => None,
                Line::Removed(name, value) => Some(format!("- {name} {value}")),
                Line::Added(name, value) => Some(format!("+ {name} {value}")),
            };
            let found: Vec<_> = lines(&before, &after).into_iter().filter_map(sign).collect();
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
}
