//! Objects as they are: RPSL for people and files, pairs for programs.

use serde_json::{Value, json};

use super::{Report, Style};
use crate::rpsl::Object;

/// Objects, in the registry's layout, parted by an empty line.
#[derive(Clone, Debug)]
pub struct Dumped(pub Vec<Object>);

impl Report for Dumped {
    fn text(&self, _: Style) -> String {
        self.0.iter().map(Object::print).collect::<Vec<_>>().join("\n")
    }

    fn is_file(&self) -> bool {
        true
    }

    fn json(&self) -> Value {
        json!({ "schema": "ripectl/objects/1", "objects": self.0.iter().map(object).collect::<Vec<_>>() })
    }
}

fn object(object: &Object) -> Value {
    let (class, key) = (object.class().text(), object.key());
    let attributes: Vec<_> = object.attributes().map(|a| json!([a.label.trim(), a.raw.trim()])).collect();
    json!({ "type": class, "key": key.text(), "attributes": attributes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_parted_by_an_empty_line() {
        let objects = ["person: A B\nnic-hdl: ab1-ripe\n", "mntner: A-MNT\nremarks: a\n+\n  b # c\n"];
        let dumped = Dumped(objects.map(|text| Object::parse(text).unwrap()).to_vec());
        let expected = "person:         A B\nnic-hdl:        ab1-ripe\n\nmntner:         A-MNT\nremarks:        a\n+\n                b # c\n";
        assert_eq!(dumped.text(Style::default()), expected);
        assert_eq!(
            dumped.json()["objects"][0],
            json!({ "type": "person", "key": "ab1-ripe", "attributes": [["person", "A B"], ["nic-hdl", "ab1-ripe"]] })
        );
    }
}
