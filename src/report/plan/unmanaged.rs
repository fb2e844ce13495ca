//! What is ours and declared nowhere: by class and prefix, with counts.

use std::collections::BTreeMap;

use crate::{
    finding::counted,
    net::{Block, Prefix},
    report::{Style, paint::add},
    rpsl::{Class, Key},
};

/// So few are told one by one.
const FEW: usize = 5;

/// All that is left alone, in a few lines; each of them if everything is shown.
pub(super) fn text(keys: &[Key], style: Style) -> String {
    if keys.is_empty() {
        return String::new();
    }
    let mut text = format!("\nOurs and not declared, left alone: {}\n", counted(keys.len(), "object"));
    if style.verbose || keys.len() <= FEW {
        for key in keys {
            add(&mut text, format!("  {} {}\n", key.class(), key.text()));
        }
        return text + &what_next("", style);
    }
    for ((class, place), count) in grouped(keys) {
        let place = place.map_or_else(String::new, |place| format!(" within {place}"));
        let line = format!("  {count:>5} {:<12}{place}", class.text());
        add(&mut text, format!("{}\n", line.trim_end()));
    }
    text + &what_next("; each by its key: -v", style)
}

fn what_next(more: &str, style: Style) -> String {
    let hang = style.hang();
    format!("  {hang}to keep one: `ripectl import KEY`; to delete it name it in `[manage] absent`{more}\n")
}

/// How many there are of each class, and within which prefix.
fn grouped(keys: &[Key]) -> BTreeMap<(Class, Option<Prefix>), usize> {
    let mut groups = BTreeMap::new();
    for key in keys {
        *groups.entry((key.class(), key.block().and_then(Block::neighbourhood))).or_default() += 1;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_told_by_class_and_prefix() {
        let key = |class, text: &str| Key::new(class, text);
        let mut keys: Vec<Key> =
            (0..9).map(|n| key(Class::Inet6num, &format!("2001:db8:{n}::/48"))).collect();
        keys.extend([
            key(Class::Inetnum, "192.0.2.0 - 192.0.2.9"),
            key(Class::Inetnum, "192.0.0.0 - 192.7.255.255"),
            key(Class::Role, "AA1-RIPE"),
        ]);
        let expected = "\n\
            Ours and not declared, left alone: 12 objects\n      \
                1 inetnum      within 192.0.0.0/13\n      \
                1 inetnum      within 192.0.0.0/16\n      \
                9 inet6num     within 2001:db8::/32\n      \
                1 role\n  \
              to keep one: `ripectl import KEY`; to delete it name it in `[manage] absent`; each by its key: -v\n";
        assert_eq!(text(&keys, Style::default()), expected);
        assert_eq!(text(&keys, Style { verbose: true, ..Style::default() }).lines().count(), 3 + keys.len());
        assert!(text(&keys[..2], Style::default()).contains("\n  inet6num 2001:db8:1::/48\n"));
    }
}
