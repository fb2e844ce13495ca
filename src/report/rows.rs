//! JSON of which one list may have a million rows: they are written one after the other, and never held together.

use std::io::{self, Write};

use serde_json::Value;

use super::forms;

/// An object whose last entry is a list of rows.
pub struct Rows<'a> {
    /// All but the list.
    pub head: Value,
    /// The name of the list.
    pub key: &'static str,
    /// The rows.
    pub rows: Box<dyn Iterator<Item = Value> + 'a>,
}

impl Rows<'_> {
    /// All of it, for where there are few.
    pub fn whole(self) -> Value {
        let mut whole = self.head;
        if let Some(object) = whole.as_object_mut() {
            object.insert(self.key.to_owned(), self.rows.collect());
        }
        whole
    }

    /// Writes it as [`forms::json`] prints it. `change` is what becomes of each value before.
    pub(super) fn write(self, change: impl Fn(&mut Value), out: &mut dyn Write) -> io::Result<()> {
        let told = |mut value: Value, depth: usize| {
            change(&mut value);
            forms::json(&value).trim_end().replace('\n', &format!("\n{:depth$}", ""))
        };
        out.write_all(b"{")?;
        for (key, value) in self.head.as_object().into_iter().flatten() {
            write!(out, "\n  {}: {},", Value::from(key.as_str()), told(value.clone(), 2))?;
        }
        write!(out, "\n  {}: [", Value::from(self.key))?;
        let mut before = "\n    ";
        for row in self.rows {
            write!(out, "{before}{}", told(row, 4))?;
            before = ",\n    ";
        }
        out.write_all(if before.starts_with(',') { b"\n  ]\n}\n" } else { b"]\n}\n" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(head: Value, rows: Value) -> Rows<'static> {
        let Value::Array(rows) = rows else { unreachable!("a list") };
        Rows { head, key: "z", rows: Box::new(rows.into_iter()) }
    }

    #[test]
    fn what_is_written_row_by_row_is_what_is_printed_whole() {
        let check = |list: Value| {
            let head = json!({ "a": 1, "b": { "c": [2, "x\n\u{1b}##"] } });
            let mut out = Vec::new();
            rows(head.clone(), list.clone()).write(|_| (), &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), forms::json(&rows(head, list).whole()));
        };
        check(json!([]));
        check(json!([1]));
        check(json!([{ "p": "\u{202e}", "q": [] }, [1, { "r": null }], "s"]));
    }

    #[test]
    fn each_value_is_changed() {
        let mut out = Vec::new();
        let doubled = |value: &mut Value| *value = json!(value.as_i64().unwrap() * 2);
        rows(json!({ "a": 3 }), json!([1, 2])).write(doubled, &mut out).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), json!({ "a": 6, "z": [2, 4] }));
    }
}
