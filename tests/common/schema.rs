//! As much of JSON Schema (draft 2020-12) as `docs/schema` uses; any other keyword is an error of the schema.
//!
//! The crate `jsonschema` (0.61, without default features) does the same with 45 more crates and 41 s more of CPU time for
//! the tests. It also turns on features of tokio, hashbrown and what depends on them, so that the tests would compile again
//! what the first command of a fresh clone has compiled.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

/// The schemas of `docs/schema`, by file name.
pub struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    pub fn read() -> Schemas {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
        let schemas = files.map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap())
        });
        Schemas(schemas.collect())
    }

    pub fn get(&self, file: &str) -> &Value {
        self.0.get(file).unwrap_or_else(|| panic!("there is no docs/schema/{file}"))
    }

    /// What in `value` is not as the schema `file` has it, each with its place.
    pub fn problems(&self, file: &str, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        let schema = self.get(file);
        Check { all: self, file: schema, problems: &mut problems }.value(schema, value, "$");
        problems
    }
}

struct Check<'a> {
    all: &'a Schemas,
    /// The schema that `#/…` speaks of.
    file: &'a Value,
    problems: &'a mut Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        for (keyword, rule) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$schema" | "$id" | "$defs" | "title" | "description" => true,
                "type" => has_type(rule, value),
                "const" => rule == value,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
                "minItems" => {
                    value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap())
                }
                "maxItems" => {
                    value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap())
                }
                "required" => rule.as_array().unwrap().iter().all(|name| has(value, name.as_str().unwrap())),
                "additionalProperties" => *rule == Value::Bool(false) && only(&schema["properties"], value),
                "properties" => self.properties(rule, value, at),
                "items" => self.items(rule, value, at),
                "$ref" => self.reference(rule.as_str().unwrap(), value, at),
                "anyOf" => rule.as_array().unwrap().iter().any(|each| self.fits(each, value)),
                other => panic!("the checker does not know `{other}`"),
            };
            if !holds {
                self.problems.push(format!("{at}: {keyword} {rule}, but it is {value}"));
            }
        }
    }

    fn properties(&mut self, rule: &Value, value: &Value, at: &str) -> bool {
        for (name, schema) in rule.as_object().unwrap() {
            if let Some(property) = value.get(name) {
                self.value(schema, property, &format!("{at}.{name}"));
            }
        }
        true
    }

    fn items(&mut self, rule: &Value, value: &Value, at: &str) -> bool {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.value(rule, item, &format!("{at}[{index}]"));
        }
        true
    }

    /// `#/…` of this file, or another file.
    fn reference(&mut self, target: &str, value: &Value, at: &str) -> bool {
        match target.strip_prefix('#') {
            Some(pointer) => self.value(self.file.pointer(pointer).unwrap(), value, at),
            None => self.problems.extend(self.all.problems(target, value)),
        }
        true
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut problems = Vec::new();
        Check { all: self.all, file: self.file, problems: &mut problems }.value(schema, value, "");
        problems.is_empty()
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the checker does not know the type `{other}`"),
    };
    rule.as_array().map_or_else(|| is(rule), |names| names.iter().any(is))
}

fn has(value: &Value, name: &str) -> bool {
    value.as_object().is_none_or(|object| object.contains_key(name))
}

fn only(properties: &Value, value: &Value) -> bool {
    value.as_object().is_none_or(|object| object.keys().all(|name| properties.get(name).is_some()))
}
