//! The names of many objects, as short as they can be without leaving one out.

use crate::{
    net::{Block, Prefix},
    rpsl::{Class, Key},
};

/// A name, and the addresses in it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    text: String,
    block: Option<Block>,
}

impl Name {
    /// A key, as `text` has it.
    pub(super) fn of_key(key: &Key, text: &str) -> Name {
        Name { text: text.to_owned(), block: key.block() }
    }

    /// An object of a finding: `class/key`, or any other name.
    pub(super) fn of_object(object: &str) -> Name {
        let key =
            object.split_once('/').and_then(|(class, key)| Some(Key::new(Class::from_text(class)?, key)));
        Name { text: object.to_owned(), block: key.and_then(|key| key.block()) }
    }

    /// A prefix.
    pub(super) fn of_prefix(prefix: Prefix) -> Name {
        Name { text: prefix.to_string(), block: Some(prefix.block()) }
    }

    /// Whether `next` is the same name but for its addresses, which follow without a gap.
    fn is_before(&self, next: &Name) -> bool {
        let (Some(one), Some(other)) = (self.block, next.block) else { return false };
        let size = |block: Block| block.last() - block.first();
        let rest = |name: &Name, block: Block| name.text.replace(&block.prefix_text(), "");
        size(one) == size(other)
            && one.last().checked_add(1) == Some(other.first())
            && rest(self, one) == rest(next, other)
    }
}

/// The names in their order; of more than three that follow each other without a gap the first and the last.
pub(super) fn listed(names: &[Name]) -> String {
    const FEW: usize = 3;
    let run = |run: &[Name]| match run {
        [first, .., last] if run.len() > FEW => format!("{} to {}", first.text, last.text),
        few => few.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", "),
    };
    names.chunk_by(Name::is_before).map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_gap_are_a_range() {
        let check = |objects: &[&str], expected: &str| {
            let names: Vec<Name> = objects.iter().map(|object| Name::of_object(object)).collect();
            assert_eq!(listed(&names), expected);
        };
        let routes = ["route/192.0.0.0/24AS1", "route/192.0.1.0/24AS1", "route/192.0.2.0/24AS1"];
        check(&routes, &routes.join(", "));
        let four = [
            "route/192.0.0.0/24AS1",
            "route/192.0.1.0/24AS1",
            "route/192.0.2.0/24AS1",
            "route/192.0.3.0/24AS1",
        ];
        check(&four, "route/192.0.0.0/24AS1 to route/192.0.3.0/24AS1");
        let mut other = four;
        other[1] = "route/192.0.1.0/24AS2";
        check(&other, &other.join(", "));
        other[1] = "route/192.0.1.0/25AS1";
        check(&other, &other.join(", "));
        check(&["role/A", "role/B", "role/C", "role/D"], "role/A, role/B, role/C, role/D");
    }
}
