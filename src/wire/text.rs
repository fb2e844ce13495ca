//! Objects as plain text: the registry's RPSL.

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

/// Messages as comment lines, for a reader who asked for plain text.
pub fn messages(messages: &[Message]) -> String {
    let filled = messages.iter().map(Message::to_string).collect::<Vec<_>>().join("\n");
    filled.lines().flat_map(|line| ["%", line, "\n"]).collect()
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
        assert_eq!(messages(&[Message::error("no %s\n\nnone").arg("x")]), "%no x\n%\n%none\n");
    }
}
