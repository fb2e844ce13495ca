//! The JSON Schema of a file, for editors that complete and check while one types.

use serde_json::{Map, Value, json};

use super::{Keys, Kind, Row};

/// The schema (draft 2020-12) of a file with these keys. It knows what stands alone; what must fit together, the reader
/// says.
pub fn json_schema(keys: &Keys, id: &str) -> Value {
    let mut schema = table(keys);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": plain(keys.title),
    });
    if let (Some(schema), Some(head)) = (schema.as_object_mut(), head.as_object()) {
        let rest = std::mem::take(schema);
        *schema = head.clone().into_iter().chain(rest).collect();
    }
    schema
}

fn table(keys: &Keys) -> Value {
    let properties: Map<String, Value> =
        keys.rows.iter().map(|row| (row.key.to_owned(), property(row))).collect();
    let required: Vec<&str> =
        keys.rows.iter().filter(|row| row.without.is_none()).map(|row| row.key).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn property(row: &Row) -> Value {
    let mut schema = kind(&row.kind);
    if let Some(schema) = schema.as_object_mut() {
        let without = match row.without {
            Some("") => String::new(),
            Some(without) => format!("; without it: {}", plain(without)),
            None => "; must be there".to_owned(),
        };
        schema.insert("description".to_owned(), format!("{}{without}", plain(row.says)).into());
    }
    schema
}

fn kind(kind: &Kind) -> Value {
    let several = |kind: &Kind| json!({ "type": "array", "items": self::kind(kind) });
    match kind {
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Text(_) => json!({ "type": "string" }),
        Kind::Words(words) => json!({ "enum": words }),
        Kind::Variable => {
            let one = json!({ "type": ["string", "integer", "boolean", "array"] });
            let mut variable = one.clone();
            variable["items"] = one;
            variable
        }
        Kind::List(kind) => several(kind),
        Kind::OneOrMore(kind) => json!({ "anyOf": [self::kind(kind), several(kind)] }),
        Kind::Table(keys) => table(keys),
        Kind::Named(kind) => json!({ "type": "object", "additionalProperties": self::kind(kind) }),
        Kind::Later => json!({ "not": {} }),
    }
}

/// A text of Markdown without its marks.
fn plain(text: &str) -> String {
    text.replace('`', "")
}
