//! A letter as people read it.

use super::{Item, Letter, Wish};

/// The body.
pub fn text(letter: &Letter) -> String {
    let mut text = format!("Hello,\n\n{}\n", letter.opening);
    for (number, item) in (1..).zip(&letter.items) {
        text.push_str(&format!("\n{number}. {}", of_item(item)));
    }
    text.push_str("\nThank you.\n");
    text
}

fn of_item(item: &Item) -> String {
    let mut text = match &item.wish {
        Wish::Add { key, lines, .. } => {
            format!("In {} {}, please add\n\n{}", key.class(), key.text(), block(lines))
        }
        Wish::Make { key, lines } if lines.is_empty() => {
            format!("Please make {} {}.\n", key.class(), key.text())
        }
        Wish::Make { key, lines } => {
            format!("Please make {} {} with\n\n{}", key.class(), key.text(), block(lines))
        }
        Wish::Remove { key, instead: None } => format!("Please delete {} {}.\n", key.class(), key.text()),
        Wish::Remove { key, instead: Some((line, _)) } => format!(
            "Please delete {} {}, or add to it\n\n{}",
            key.class(),
            key.text(),
            block(std::slice::from_ref(line))
        ),
        Wish::Delegate { key, records } => {
            format!("In the zone {}, please delegate ours:\n\n{}", key.text(), block(records))
        }
        Wish::Roa { prefix, origin, max_length } => {
            format!("Please make a ROA: {prefix}, {origin}, maxLength {max_length}.\n")
        }
    };
    if !item.why.is_empty() {
        text.push_str(&match &item.wish {
            Wish::Roa { .. } => format!("   It is {}.\n", item.why.join(", ")),
            Wish::Delegate { .. } => String::new(), // the records are those of the zones
            _ => format!("\n   Then we can make\n\n{}", block(&item.why)),
        });
    }
    if let Wish::Add { after, .. } | Wish::Remove { instead: Some((_, after)), .. } = &item.wish {
        let lines: Vec<String> = after.print().lines().map(str::to_owned).collect();
        text.push_str(&format!("\n   The object as it should be:\n\n{}", block(&lines)));
    }
    text
}

fn block(lines: &[String]) -> String {
    lines.iter().map(|line| format!("     {line}").trim_end().to_owned() + "\n").collect()
}
