//! JSON: an array of objects. What an object holds in objects is a column too: `tenant` of `name` is `tenant.name`.

use std::{collections::HashMap, fmt, ops::Range, sync::Arc};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::sheet::{Cell, MOST_COLUMNS, MOST_ROWS, Row, Sheet, folded};
use crate::finding::{Finding, Location, Source};

/// How many objects in objects are looked into.
const DEEPEST: usize = 4;

/// The table of the file, with a finding for each row that is none.
pub(super) fn read(source: &Arc<Source>) -> (Option<Sheet>, Vec<Finding>) {
    let items: Vec<&RawValue> = match serde_json::from_str(&source.text) {
        Ok(items) => items,
        Err(error) => return (None, vec![no_array(source, &error)]),
    };
    let (mut columns, mut rows, mut findings) = (Columns::default(), Vec::new(), Vec::new());
    for item in items {
        if columns.names.len() > MOST_COLUMNS || rows.len() > MOST_ROWS {
            break; // which is told of all of them
        }
        let at = span(&source.text, item);
        let refuse = |text: String| {
            let finding = Finding::error("rows", text).at(Location::new(source, at.clone()));
            finding.fix("a row is `{ \"name\": …, \"prefix\": … }`, with each name once")
        };
        let Ok(Entries(entries)) = serde_json::from_str(item.get()) else {
            findings.push(refuse("this row is no object".to_owned()));
            continue;
        };
        let mut cells = Vec::new();
        columns.add(&source.text, "", entries, DEEPEST, &mut cells);
        let mut seen = vec![false; columns.names.len()];
        let twice = cells
            .iter()
            .find(|cell| seen.get_mut(cell.column).is_some_and(|seen| std::mem::replace(seen, true)));
        if let Some(name) = twice.and_then(|cell| columns.names.get(cell.column)) {
            findings.push(refuse(format!("this row has `{name}` twice")));
        } else {
            rows.push(Row { at, cells });
        }
    }
    let sheet = Sheet::with(source, columns.names);
    match sheet.and_then(|mut sheet| rows.into_iter().try_for_each(|row| sheet.add(row)).map(|()| sheet)) {
        Ok(sheet) => (Some(sheet), findings),
        Err(finding) => (None, vec![finding]),
    }
}

fn no_array(source: &Arc<Source>, error: &serde_json::Error) -> Finding {
    let start: usize =
        source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(source.text.len());
    let (text, remedy) = match error.is_data() {
        true => (
            "this is no array of objects".to_owned(),
            "take the array out of what it stands in: `jq .results` for NetBox, `jq .data` for phpIPAM",
        ),
        false => (format!("this is no JSON: {error}"), "export it again: is it the right file, and whole?"),
    };
    Finding::error("rows", text).fix(remedy).at(Location::new(source, at..at))
}

/// The bytes of `text` that `value`, a part of it, is.
fn span(text: &str, value: &RawValue) -> Range<usize> {
    let start = (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + value.get().len()
}

/// The columns so far, in the order in which they came.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Columns {
    fn number(&mut self, name: String) -> usize {
        let next = self.names.len();
        let number = *self.numbers.entry(name.clone()).or_insert(next);
        if number == next {
            self.names.push(name);
        }
        number
    }

    /// Adds the fields of an object, whose names begin with `head`.
    fn add(
        &mut self,
        text: &str,
        head: &str,
        entries: Vec<(String, &RawValue)>,
        depth: usize,
        cells: &mut Vec<Cell>,
    ) {
        for (name, raw) in entries {
            let name = format!("{head}{name}");
            match serde_json::from_str(raw.get()) {
                Ok(Entries(inner)) if depth > 0 => {
                    self.add(text, &format!("{name}."), inner, depth - 1, cells);
                }
                Ok(_) => {}
                Err(_) => {
                    let column = self.number(name);
                    cells.extend(value(raw).map(|value| Cell { column, value, at: span(text, raw) }));
                }
            }
        }
    }
}

/// What a field holds; `None` if it is empty, or a list of what is no text, number or truth value.
fn value(raw: &RawValue) -> Option<minijinja::Value> {
    match serde_json::from_str(raw.get()).ok()? {
        serde_json::Value::Array(items) if items.is_empty() => None,
        serde_json::Value::Array(items) => {
            items.into_iter().map(scalar).collect::<Option<Vec<_>>>().map(minijinja::Value::from)
        }
        one => scalar(one),
    }
}

fn scalar(value: serde_json::Value) -> Option<minijinja::Value> {
    match value {
        serde_json::Value::String(text) => {
            Some(folded(&text)).filter(|text| !text.is_empty()).map(Into::into)
        }
        serde_json::Value::Bool(truth) => Some(truth.into()),
        serde_json::Value::Number(number) => {
            Some(number.as_i64().map_or_else(|| number.to_string().into(), Into::into))
        }
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
    }
}

/// An object, with each name as often as it is there.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str], told: &[&str]) {
        let source = Arc::new(Source::new("a.json", text));
        let (sheet, findings) = read(&source);
        let (names, rows) = sheet.map_or_else(Default::default, |sheet| (sheet.columns, sheet.rows));
        let shown = |cell: &Cell| {
            format!("{}={} at {}", names[cell.column].name, cell.text(), &source.text[cell.at.clone()])
        };
        let rows: Vec<String> =
            rows.iter().map(|row| row.cells.iter().map(shown).collect::<Vec<_>>().join(", ")).collect();
        assert_eq!(rows, expected, "{text}");
        let told_so: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.place.as_ref().unwrap(), finding.text))
            .collect();
        assert_eq!(told_so, told, "{text}");
    }

    #[test]
    fn an_object_is_a_row() {
        check(
            "[\n {\"a\": \"x\\ny\", \"n\": 7, \"t\": true, \"none\": null, \"f\": 1.50},\n {\"l\": [\"p\", 2], \"a\": \" \"}]",
            &["a=x y at \"x\\ny\", n=7 at 7, t=True at true, f=1.5 at 1.50", "l=['p', 2] at [\"p\", 2]"],
            &[],
        );
        check(
            "[{\"tenant\": {\"id\": 3, \"name\": \"A\"}, \"tags\": [{\"id\": 1}]}]",
            &["tenant.id=3 at 3, tenant.name=A at \"A\""],
            &[],
        );
        check("[]", &[], &[]);
    }

    #[test]
    fn what_is_no_row_is_told_and_the_next_one_read() {
        check(
            "[\n1,\n{\"a\": 1, \"a\": 2},\n{\"a\": 3}]",
            &["a=3 at 3"],
            &["a.json:2 this row is no object", "a.json:3 this row has `a` twice"],
        );
        check("{\"results\": []}", &[], &["a.json:1 this is no array of objects"]);
        check("[{\"a\": 1}", &[], &["a.json:1 this is no JSON: EOF while parsing a list at line 1 column 9"]);
        check("", &[], &["a.json:1 this is no JSON: EOF while parsing a value at line 1 column 0"]);
    }

    #[test]
    fn what_is_deep_comes_to_an_end() {
        let deep = format!("[{{\"a\": {}1{}}}]", "{\"b\": ".repeat(100), "}".repeat(100));
        check(&deep, &[], &[]);
        let beyond = "[".repeat(1_000_000);
        let source = Arc::new(Source::new("a.json", beyond));
        assert_eq!(read(&source).1.len(), 1);
    }
}
