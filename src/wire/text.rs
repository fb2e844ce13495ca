//! Objects as plain text: the registry's RPSL.

use super::render::{TERMS, severity};
use crate::{rpsl::Object, rules::Message};

/// Objects as the registry prints them, an empty line behind each and one more at the end.
pub fn objects<'a>(objects: impl IntoIterator<Item = &'a Object>) -> String {
    let mut text = String::new();
    for object in objects {
        text.push_str(&object.print());
        text.push('\n');
    }
    text.push('\n');
    text
}

/// Messages, for a reader who asked for plain text.
pub fn messages(messages: &[Message]) -> String {
    let one = |message: &Message| format!("Severity: {}\nText: {message}\n", severity(message.severity));
    let all: String = messages.iter().map(one).collect();
    format!("{all}locator: {TERMS}")
}

/// Messages about what is not there at `url`: templates, each with its arguments behind it.
pub fn nothing_found(url: &str, messages: &[Message]) -> String {
    let one = |message: &Message| {
        let args = if message.args.is_empty() {
            "null".to_owned()
        } else {
            format!("[{}]", message.args.join(", "))
        };
        format!("Severity: {}\nText: {}{args}", severity(message.severity), message.text)
    };
    let all: String = messages.iter().map(one).collect();
    format!("{url}\n{all}\n{TERMS}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_objects_apart() {
        let object = Object::parse("role: R\naddress: a\n+\n b\nsource: RIPE\n").unwrap();
        let printed =
            "role:           R\naddress:        a\n+\n                b\nsource:         RIPE\n\n\n";
        assert_eq!(objects([&object]), printed);
    }

    #[test]
    fn prints_messages_filled_in_or_not() {
        let some = [Message::error("no %s\n").arg("x"), Message::warning("50%")];
        let terms = "https://docs.db.ripe.net/terms-conditions.html";
        let filled = "Severity: Error\nText: no x\n\nSeverity: Warning\nText: 50%\n";
        assert_eq!(messages(&some), format!("{filled}locator: {terms}"));
        let apart = "http://a/b\nSeverity: Error\nText: no %s\n[x]Severity: Warning\nText: 50%null\n";
        assert_eq!(nothing_found("http://a/b", &some), format!("{apart}{terms}"));
    }
}
