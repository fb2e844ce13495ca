//! `ripectl.toml` of an estate that begins, or that more maintainers are added to.

use toml_edit::{Array, DocumentMut, Item, Table, TomlError, Value};

use crate::config::{bare, toml_string};

/// A first `ripectl.toml`, which says whose objects are ours, and of which registry if that is not the usual one.
pub fn first(maintainers: &[String], registry: Option<&str>) -> String {
    let names: Vec<String> = maintainers.iter().map(|name| toml_string(name)).collect();
    let registry = registry.map_or_else(String::new, |name| {
        format!("# The registry that is meant when no --registry is given.\n[registry.{}]\n\n", bare(name))
    });
    format!(
        "# What the registry should say of our network: `ripectl plan` shows what differs, `ripectl apply` makes it so.\n\
         format = 1\n\n{registry}# Whose objects are ours.\n[manage]\nmaintainers = [{}]\n",
        names.join(", ")
    )
}

/// The text with these maintainers among those of `[manage]`; all else stays to the letter. `None` if they are there.
pub fn with_maintainers(text: &str, more: &[String]) -> Result<Option<String>, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let manage = document.entry("manage").or_insert(Item::Table(Table::new()));
    let Some(manage) = manage.as_table_like_mut() else { return Ok(None) };
    let named = manage.entry("maintainers").or_insert(Item::Value(Value::Array(Array::new())));
    let Some(named) = named.as_array_mut() else { return Ok(None) };
    let known = |named: &Array, name: &str| {
        named.iter().filter_map(Value::as_str).any(|known| known.eq_ignore_ascii_case(name))
    };
    let mut is_changed = false;
    for name in more {
        if !known(named, name) {
            named.push(name);
            is_changed = true;
        }
    }
    Ok(is_changed.then(|| document.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_one_says_whose_objects_are_ours() {
        let names = ["A-MNT".to_owned(), "B-MNT".to_owned()];
        let text = first(&names, Some("ripe-test"));
        assert!(
            text.contains("\n[registry.ripe-test]\n")
                && text.contains("\nmaintainers = [\"A-MNT\", \"B-MNT\"]\n")
        );
        assert!(!first(&names, None).contains("[registry"));
    }

    #[test]
    fn more_maintainers_come_in_beside_the_others() {
        let check = |text: &str, expected: Option<&str>| {
            let more = ["a-mnt".to_owned(), "B-MNT".to_owned()];
            assert_eq!(with_maintainers(text, &more).unwrap().as_deref(), expected);
        };
        check(
            "# us\n[manage]\nmaintainers = [\"A-MNT\"] # here\n",
            Some("# us\n[manage]\nmaintainers = [\"A-MNT\", \"B-MNT\"] # here\n"),
        );
        check("manage = { maintainers = [\"B-MNT\", \"A-MNT\"] }\n", None);
        check("format = 1\n", Some("format = 1\n\n[manage]\nmaintainers = [\"a-mnt\", \"B-MNT\"]\n"));
        assert!(with_maintainers("= 1", &[]).is_err());
    }
}
