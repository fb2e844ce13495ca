//! `ripectl.toml` of an estate that begins.

use super::{
    Answers, Room, Space,
    others::{Access, access},
    templates,
};
use crate::{config::toml_string, registered::Inventory, rpsl::Key};

/// The text, behind `head`, which says whose objects are ours.
pub(super) fn text(
    answers: &Answers,
    spaces: &[Space],
    head: &str,
    held: &Inventory,
    made: &[(String, String)],
) -> String {
    let mut text = head.to_owned();
    text.push_str(&expects(answers, spaces, held));
    let announced = spaces.iter().filter(|_| answers.asn.is_some());
    if announced.clone().next().is_some() {
        text.push_str("\n# Places that announce prefixes.\n[sites]\nhome = {}\n");
    }
    for space in spaces {
        text.push_str(&allocation(answers, space, made));
    }
    if announced.clone().next().is_some() {
        text.push_str(&rpki(answers, spaces));
    }
    text
}

/// What others must hold, so that ours can be made.
fn expects(answers: &Answers, spaces: &[Space], held: &Inventory) -> String {
    let ask = answers.lir.as_ref().map_or_else(String::new, |lir| format!("ask = {}\n", toml_string(lir)));
    let expect = |key: &Key, has: &[&str]| {
        let maintainer = toml_string(&answers.maintainer);
        let has: Vec<String> = has.iter().map(|name| format!("{name} = {maintainer}")).collect();
        let object = toml_string(&key.to_string());
        format!("\n[[expect]]\nobject = {object}\nhas = {{ {} }}\n{ask}", has.join(", "))
    };
    let expects: String = access(answers, spaces, held)
        .iter()
        .map(|Access { key, attributes, .. }| expect(key, attributes))
        .collect();
    if expects.is_empty() {
        return expects;
    }
    format!("\n# What others must hold. `ripectl plan` looks at it and never writes it.{expects}")
}

fn allocation(answers: &Answers, space: &Space, made: &[(String, String)]) -> String {
    let Space { prefix, room, .. } = space;
    let mut text = format!("\n[[allocation]]\nprefix = \"{prefix}\"\n");
    if let Some(asn) = answers.asn {
        text.push_str(&format!("origin = \"{asn}\"\n"));
    }
    if let Room::Divided(length) = room {
        text.push_str(&format!("split = {length}\n"));
    }
    let Some(names) = templates::names(space, made) else { return text };
    text.push_str(&format!("templates = {names}\n"));
    if let Some(country) = answers.country.as_ref().filter(|_| *room != Room::Whole) {
        text.push_str(&format!("vars = {{ country = {} }}\n", toml_string(country)));
    }
    if space.is_used {
        text.push_str("# What is registered of it stands in objects/. A block that is new gets a line in [allocation.blocks].\n");
        return text;
    }
    let at = if answers.asn.is_some() { ", at = [\"home\"]" } else { "" };
    let (place, more) = match room {
        Room::Whole => (format!("prefix = \"{prefix}\""), ""),
        Room::Divided(_) => (
            "index = 0".to_owned(),
            "# A line more for each block that is used: its index, and where it is announced.\n",
        ),
    };
    text.push_str(&format!("\n[allocation.blocks]\n{more}main = {{ {place}{at} }}\n"));
    text
}

/// Who makes the ROAs, and what the announcements are validated against.
fn rpki(answers: &Answers, spaces: &[Space]) -> String {
    let of = |is_ours: bool| {
        let prefixes = spaces.iter().filter(|space| space.is_ours == is_ours);
        prefixes.map(|space| format!("\"{}\"", space.prefix)).collect::<Vec<_>>()
    };
    let publisher = |prefixes: Vec<String>, kind: &str, more: String| {
        if prefixes.is_empty() {
            return String::new();
        }
        format!("\n[[rpki.publisher]]\nprefixes = [{}]\nkind = \"{kind}\"\n{more}", prefixes.join(", "))
    };
    let mail =
        answers.lir.as_ref().map_or_else(String::new, |lir| format!("mail-to = {}\n", toml_string(lir)));
    format!(
        "\n# Who makes the ROAs. The announcements are validated against the output of your validator: `ripectl validate --vrps FILE`.{}{}",
        publisher(of(false), "lir", mail),
        publisher(of(true), "ripe", String::new())
    )
}
