//! The text of the user's own configuration with a credential more or less; all else stays to the letter.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TomlError, Value, value};

/// Why the text cannot be changed. Says nothing of its values.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is not TOML.
    #[error("your own configuration is not TOML: mend it first")]
    Form(#[source] TomlError),
    /// What is written there has another form than is known.
    #[error("`{0}` of your own configuration is no table of its own: write it as `[{0}]` first")]
    Shape(String),
}

/// What is written of a credential, and where it is named.
#[derive(Clone, Copy, Debug)]
pub struct NewCredential<'a> {
    /// Its name.
    pub name: &'a str,
    /// The host that it is for.
    pub host: &'a str,
    /// The file of the key; in the keyring if there is none.
    pub file: Option<&'a str>,
    /// The registry that it is for.
    pub registry: &'a str,
    /// The names of those that go there already, whoever named them.
    pub named: &'a [String],
}

/// The text with `[credential.NAME]`, and with its name at the registry, unless it is named for that already. The others
/// that are named for it stay: where the user's own configuration names any, a repository's count no more.
pub fn with_credential(text: &str, new: NewCredential) -> Result<String, EditError> {
    let NewCredential { name, host, file, registry, named } = new;
    let mut document = parsed(text)?;
    let credential = table(&mut document, "credential", name)?;
    for other in ["env", "command", "keyring", "file"] {
        credential.remove(other);
    }
    credential.insert("host", value(host));
    match file {
        Some(file) => credential.insert("file", value(file)),
        None => credential.insert("keyring", value(true)),
    };
    if !named.iter().any(|known| known == name) {
        let registry = table(&mut document, "registry", registry)?;
        match registry.get_mut("credential").and_then(Item::as_value_mut) {
            Some(Value::Array(names)) => names.push(name),
            Some(known) => *known = one_or_more(&[known.as_str().unwrap_or_default(), name]),
            None => {
                let names: Vec<&str> = named.iter().map(String::as_str).chain([name]).collect();
                registry.insert("credential", Item::Value(one_or_more(&names)));
            }
        }
    }
    Ok(printed(&document, text))
}

/// One name, or a list of them.
fn one_or_more(names: &[&str]) -> Value {
    match names {
        [one] => Value::from(*one),
        names => Value::Array(names.iter().copied().collect::<Array>()),
    }
}

/// The text without `[credential.NAME]`, and without its name at every registry.
pub fn without_credential(text: &str, name: &str) -> Result<String, EditError> {
    let mut document = parsed(text)?;
    if let Some(credentials) = document.get_mut("credential").and_then(Item::as_table_like_mut) {
        credentials.remove(name);
    }
    let registries = document.get_mut("registry").and_then(Item::as_table_like_mut);
    for (_, registry) in registries.into_iter().flat_map(|registries| registries.iter_mut()) {
        let Some(registry) = registry.as_table_like_mut() else { continue };
        let is_empty = match registry.get_mut("credential").and_then(Item::as_value_mut) {
            Some(Value::Array(names)) => {
                names.retain(|known| known.as_str() != Some(name));
                names.is_empty()
            }
            Some(known) => known.as_str() == Some(name),
            None => false,
        };
        if is_empty {
            registry.remove("credential");
        }
    }
    for group in ["credential", "registry"] {
        drop_empty(&mut document, group);
    }
    Ok(printed(&document, text))
}

/// The document with the line ends that the text had.
fn printed(document: &DocumentMut, text: &str) -> String {
    let printed = document.to_string();
    if text.contains("\r\n") { printed.replace("\r\n", "\n").replace('\n', "\r\n") } else { printed }
}

fn parsed(text: &str) -> Result<DocumentMut, EditError> {
    text.parse().map_err(EditError::Form)
}

/// `[group.name]`, made if it is not there.
fn table<'a>(document: &'a mut DocumentMut, group: &str, name: &str) -> Result<&'a mut Table, EditError> {
    let shape = || EditError::Shape(format!("{group}.{name}"));
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let groups = document.entry(group).or_insert(Item::Table(implicit)).as_table_mut();
    let entry = groups.ok_or_else(shape)?.entry(name).or_insert(Item::Table(Table::new()));
    // `name = { … }` is the same in one line.
    if let Some(inline) = entry.as_inline_table().cloned() {
        *entry = Item::Table(InlineTable::into_table(inline));
    }
    entry.as_table_mut().ok_or_else(shape)
}

/// Takes out the tables of `group` that say nothing any more, and the group if it is one of them.
fn drop_empty(document: &mut DocumentMut, group: &str) {
    let Some(tables) = document.get_mut(group).and_then(Item::as_table_mut) else { return };
    tables.retain(|_, item| item.as_table_like().is_none_or(|table| !table.is_empty()));
    if tables.is_empty() {
        document.remove(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "# mine\n[credential.lab]   # of the lab\nhost = \"127.0.0.1:1\"\nenv = \"LAB\"\n\n\
                           [registry.lab]\nurl = \"http://127.0.0.1:1\" # here\nsource = \"TEST\"\ncredential = \"lab\"\n";

    #[test]
    fn a_credential_comes_and_goes_and_all_else_stays() {
        let hobby = NewCredential {
            name: "hobby",
            host: "rest.db.ripe.net",
            file: Some("hobby.key"),
            registry: "ripe",
            named: &[],
        };
        let with = with_credential(WRITTEN, hobby).unwrap();
        for part in WRITTEN.split("\n\n") {
            assert!(with.contains(part.trim_end()), "{with}");
        }
        let table = "[credential.hobby]\nhost = \"rest.db.ripe.net\"\nfile = \"hobby.key\"\n";
        assert!(with.contains(table) && with.contains("[registry.ripe]\ncredential = \"hobby\"\n"), "{with}");
        assert_eq!(without_credential(&with, "hobby").unwrap().trim_end(), WRITTEN.trim_end());
        let windows = WRITTEN.replace('\n', "\r\n");
        let with = with_credential(&windows, NewCredential { file: None, ..hobby }).unwrap();
        assert_eq!(with.matches('\n').count(), with.matches("\r\n").count());
        assert!(!with.contains("\r\r"), "{with:?}");
    }

    #[test]
    fn a_second_one_for_a_registry_stands_beside_the_first() {
        let check = |before: &str, after: &str| {
            let text = |credential: &str| {
                WRITTEN.replace("credential = \"lab\"", &format!("credential = {credential}"))
            };
            let named: Vec<String> = before.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            let with = with_credential(&text(before), two("lab", &named)).unwrap();
            assert!(with.contains(&format!("credential = {after}\n")), "{with}");
        };
        check("\"lab\"", "[\"lab\", \"two\"]");
        check("[\"lab\", \"two\"]", "[\"lab\", \"two\"]");
        check("[\"lab\"]", "[\"lab\", \"two\"]");
        check("\"two\"", "\"two\"");
    }

    fn two<'a>(registry: &'a str, named: &'a [String]) -> NewCredential<'a> {
        NewCredential { name: "two", host: "127.0.0.1:1", file: Some("two.key"), registry, named }
    }

    /// What the repository names goes on to count: a list of the user's own would stand in its place.
    #[test]
    fn those_that_a_repository_names_stay() {
        let check = |named: &[&str], expected: Option<&str>| {
            let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
            let with = with_credential("", two("ripe", &named)).unwrap();
            let line = with.lines().find_map(|line| line.strip_prefix("credential = "));
            assert_eq!(line, expected, "{with}");
        };
        check(&["lir", "two"], None);
        check(&["two"], None);
        check(&["lir"], Some("[\"lir\", \"two\"]"));
        check(&["lir", "hobby"], Some("[\"lir\", \"hobby\", \"two\"]"));
        check(&[], Some("\"two\""));
    }

    #[test]
    fn whoever_had_nothing_has_a_file() {
        let new = NewCredential { name: "a b", host: "h", file: Some("k"), registry: "ripe", named: &[] };
        let made = with_credential("", new).unwrap();
        assert_eq!(
            made,
            "[credential.\"a b\"]\nhost = \"h\"\nfile = \"k\"\n\n[registry.ripe]\ncredential = \"a b\"\n"
        );
        assert_eq!(without_credential(&made, "a b").unwrap(), "");
        let inline = with_credential("credential = 1\n", NewCredential { name: "a", ..new }).unwrap_err();
        assert!(inline.to_string().contains("`credential.a`"), "{inline}");
        assert!(!with_credential("a = = hush", new).unwrap_err().to_string().contains("hush"));
    }
}
