//! What stands behind `--only` on the command line: which objects are meant.

use std::{collections::BTreeSet, fmt, str::FromStr};

use crate::{
    estate::{self, Customer, Declared, Estate},
    finding::{Finding, suggestion},
    net::Block,
    rpsl::{Class, Key, Misreading},
    visible,
};

/// What a user types to mean objects.
///
/// * `route6/2a0f:85c1:260::/48AS205398`: one object; without the class where it is unambiguous;
/// * `route6/*`, `*/HOBBY-*`, `2a0f:85c1:26*`: all whose class and key are so, `*` standing for any characters;
/// * `block:ams`: what templates make of the block, and what else is registered in its address space;
/// * `customer:acme`: what is declared for the customer, and what else is registered in the address space that is theirs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selector {
    text: String,
    meaning: Meaning,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Meaning {
    /// One of these keys: one, or one for each class.
    Keys(Vec<Key>),
    /// The key in capitals, with `*`; no class means any.
    Pattern { class: Option<Class>, key: String },
    /// A block of this name.
    Block(String),
    /// A customer of this name.
    Customer(String),
}

impl Selector {
    /// The keys that it may mean: one, or one for each class; none, if it means more than one object.
    pub fn keys(&self) -> &[Key] {
        match &self.meaning {
            Meaning::Keys(keys) => keys,
            Meaning::Pattern { .. } | Meaning::Block(_) | Meaning::Customer(_) => &[],
        }
    }

    /// Whether it means the object with this key, whatever the estate. The key is read as each class would spell it.
    pub fn means(&self, key: &Key) -> bool {
        match &self.meaning {
            Meaning::Keys(keys) => keys.contains(key),
            Meaning::Pattern { class, key: pattern } => {
                class.is_none_or(|class| class == key.class())
                    && is_like(&key.text().to_ascii_uppercase(), pattern)
            }
            Meaning::Block(_) | Meaning::Customer(_) => false,
        }
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for any characters, also none.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut rest) = text.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = tail.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    // The first place for each part is as good as any: what is left of the text is longest.
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

/// A key that is another one than it seems.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct SelectorError(Misreading);

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Selector, SelectorError> {
        let split = text.split_once('/');
        let class = split.and_then(|(class, _)| Class::from_text(class));
        let named = text.split_once(':').filter(|(kind, _)| ["block", "customer"].contains(kind));
        let meaning = match (named, split, class) {
            (Some(("block", name)), ..) => Meaning::Block(name.to_owned()),
            (Some((_, name)), ..) => Meaning::Customer(name.to_owned()),
            (_, Some(("*", key)), _) => Meaning::Pattern { class: None, key: key.to_ascii_uppercase() },
            (_, Some((_, key)), Some(class)) if key.contains('*') => {
                Meaning::Pattern { class: Some(class), key: key.to_ascii_uppercase() }
            }
            (_, Some((_, key)), Some(class)) => Meaning::Keys(vec![typed(class, key)?]),
            _ if text.contains('*') => Meaning::Pattern { class: None, key: text.to_ascii_uppercase() },
            _ => Meaning::Keys(Class::all().map(|class| typed(class, text)).collect::<Result<_, _>>()?),
        };
        Ok(Selector { text: text.to_owned(), meaning })
    }
}

/// The key that was typed, if it is the one that it seems.
fn typed(class: Class, text: &str) -> Result<Key, SelectorError> {
    Key::host_bits(class, text)
        .map_or_else(|| Ok(Key::new(class, text)), |misread| Err(SelectorError(misread)))
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&visible::line(&self.text))
    }
}

/// The objects that several selectors mean in an estate; without any, all.
#[derive(Debug)]
pub struct Selection<'a>(Vec<Meant<'a>>);

/// What one selector means in an estate.
#[derive(Debug)]
struct Meant<'a> {
    selector: &'a Selector,
    /// What is made of the block, or declared for the customer.
    declared: BTreeSet<Key>,
    /// The address space of the block, or of the customer.
    space: Vec<Block>,
}

impl<'a> Selection<'a> {
    /// What `selectors` mean in `estate`.
    pub fn of(selectors: &'a [Selector], estate: &Estate) -> Selection<'a> {
        let meant = |selector: &'a Selector| {
            let declared = |is: &dyn Fn(&Declared) -> bool| {
                let declared = estate.declared.iter().filter(|declared| is(declared));
                declared.map(|declared| declared.object.key()).collect()
            };
            match &selector.meaning {
                Meaning::Block(name) => Meant {
                    selector,
                    declared: declared(&|declared| declared.block() == Some(name)),
                    space: blocks(estate, |block| block.name == *name),
                },
                Meaning::Customer(name) => Meant {
                    selector,
                    declared: declared(&|declared| declared.customer.as_deref() == Some(name)),
                    space: space_of(estate, name),
                },
                Meaning::Keys(_) | Meaning::Pattern { .. } => {
                    Meant { selector, declared: BTreeSet::new(), space: Vec::new() }
                }
            }
        };
        Selection(selectors.iter().map(meant).collect())
    }

    /// Whether the object with this key is meant.
    pub fn means(&self, key: &Key) -> bool {
        self.0.is_empty() || self.0.iter().any(|meant| meant.means(key))
    }

    /// A finding for each selector that means none of `keys`.
    pub fn empty(&self, estate: &Estate, keys: &[&Key]) -> Vec<Finding> {
        let is_empty = |meant: &&Meant| !keys.iter().any(|key| meant.means(key));
        self.0.iter().filter(is_empty).map(|meant| means_nothing(meant.selector, estate)).collect()
    }
}

impl Meant<'_> {
    fn means(&self, key: &Key) -> bool {
        let inside = || key.block().is_some_and(|block| self.space.iter().any(|space| space.contains(block)));
        self.selector.means(key) || self.declared.contains(key) || !self.space.is_empty() && inside()
    }
}

/// The address space of the blocks that are so.
fn blocks(estate: &Estate, is: impl Fn(&estate::Block) -> bool) -> Vec<Block> {
    let blocks = estate.allocations.iter().flat_map(|allocation| &allocation.blocks);
    blocks.filter(|block| is(block)).map(|block| block.prefix.block()).collect()
}

/// The address space of a customer: their allocations, and their blocks of others.
fn space_of(estate: &Estate, customer: &str) -> Vec<Block> {
    let is_theirs = |owner: &Option<Customer>| owner.as_deref() == Some(customer);
    let own = estate.allocations.iter().filter(|allocation| is_theirs(&allocation.customer));
    let own = own.map(|allocation| allocation.prefix.block());
    own.chain(blocks(estate, |block| is_theirs(&block.customer))).collect()
}

fn means_nothing(selector: &Selector, estate: &Estate) -> Finding {
    match &selector.meaning {
        Meaning::Block(name) => no_block(name, estate),
        Meaning::Customer(name) => no_customer(name, estate),
        Meaning::Keys(_) | Meaning::Pattern { .. } => {
            Finding::error("only", format!("there is no `{selector}`, neither declared nor registered"))
                .fix("write `class/key` or a pattern, such as `--only route6/2001:db8::/48AS64500` or `--only 'route6/*'`")
        }
    }
}

fn no_customer(name: &str, estate: &Estate) -> Finding {
    let names = || estate.customers.iter().map(|customer| &**customer);
    if names().any(|customer| customer == name) {
        let text = format!("customer `{name}` has no objects, neither declared nor registered");
        return Finding::error("only", text)
            .fix("`[[allocation]]` in its file, or a folder of its name below objects/, declares some");
    }
    let remedy = match suggestion(name, names()) {
        Some(meant) => format!("did you mean `--only customer:{meant}`?"),
        None => "`include` of ripectl.toml, or a column of `rows`, names the customers".to_owned(),
    };
    Finding::error("only", format!("there is no customer `{name}`")).fix(remedy)
}

fn no_block(name: &str, estate: &Estate) -> Finding {
    let names = || {
        let blocks = estate.allocations.iter().flat_map(|allocation| &allocation.blocks);
        blocks.map(|block| block.name.as_str())
    };
    if names().any(|block| block == name) {
        return Finding::error(
            "only",
            format!("block `{name}` has no objects, neither declared nor registered"),
        )
        .fix("`templates = { … }` of its allocation says what is made of its blocks");
    }
    let remedy = match suggestion(name, names()) {
        Some(meant) => format!("did you mean `--only block:{meant}`?"),
        None => "`[allocation.blocks]` names the blocks".to_owned(),
    };
    Finding::error("only", format!("there is no block `{name}`")).fix(remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_or_without_its_class() {
        let check = |text: &str, class, key, expected| {
            assert_eq!(text.parse::<Selector>().unwrap().means(&Key::new(class, key)), expected, "{text}");
        };
        check("route6/2A0F:85C1:260::/48as205398", Class::Route6, "2a0f:85c1:260::/48AS205398", true);
        check("2a0f:85c1:260::/48", Class::Inet6num, "2a0f:85c1:260::/48", true);
        check("2a0f:85c1:260::/48", Class::Route6, "2a0f:85c1:260::/48AS1", false);
        check("person/A1-RIPE", Class::Role, "A1-RIPE", false);
        check("a1-ripe", Class::Role, "A1-RIPE", true);
    }

    #[test]
    fn a_key_with_host_bits_is_none() {
        let check = |text: &str, meant: &str| {
            let error = text.parse::<Selector>().unwrap_err().to_string();
            assert!(error.ends_with(&format!(" has host bits set; did you mean {meant}?")), "{error}");
        };
        check("2a0f:85c1:260::1/48", "2a0f:85c1:260::/48");
        check("inet6num/2a0f:85c1:261::/44", "2a0f:85c1:260::/44");
        check("route6/2a0f:85c1:260::1/48AS205398", "2a0f:85c1:260::/48");
        check("2a0f:85c1:260::1/48as205398", "2a0f:85c1:260::/48");
        check("192.0.2.1/24", "192.0.2.0/24");
        assert!("2A0F:85C1:0260::/48".parse::<Selector>().is_ok());
        assert!("inetnum/192.0.2.0 - 192.0.2.9".parse::<Selector>().is_ok());
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        let check = |text: &str, class, key, expected| {
            assert_eq!(text.parse::<Selector>().unwrap().means(&Key::new(class, key)), expected, "{text}");
        };
        check("route6/*", Class::Route6, "2a0f:85c1:260::/48AS205398", true);
        check("route6/*", Class::Route, "192.0.2.0/24AS1", false);
        check("route6/2a0f:85c1:26*as205398", Class::Route6, "2a0f:85c1:260::/48AS205398", true);
        check("route6/2a0f:85c1:26*as20539", Class::Route6, "2a0f:85c1:260::/48AS205398", false);
        check("*/hobby-*", Class::Mntner, "HOBBY-MNT", true);
        check("2a0f:*", Class::Inet6num, "2a0f:85c1:260::/48", true);
        check("*b*n*", Class::Mntner, "HOBBY-MNT", true);
        check("*bb*bb*", Class::Mntner, "HOBBY-MNT", false);
        check("mntner/*", Class::Mntner, "HOBBY-MNT", true);
        check("zebra/*", Class::Mntner, "HOBBY-MNT", false);
    }
}
