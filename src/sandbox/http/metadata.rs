//! `GET /metadata`: the templates of the classes, and the sources.

use hyper::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Server,
    accept::{DATA, Format},
    call::Call,
    reply::Reply,
};
use crate::{
    rpsl::{
        Class,
        schema::{Requirement, Row},
    },
    wire::xml,
};

/// `GET /metadata/templates/{class}`
pub fn template(server: &Server, call: &Call, class: &str) -> Reply {
    let Some(class) = Class::from_text(class) else {
        return Reply::page(StatusCode::NOT_FOUND, call, &server.base);
    };
    let source = server.settings.source.to_ascii_lowercase();
    if call.negotiated(DATA) == Some(Format::Xml) {
        let rows: Vec<_> = class.template().rows.iter().map(row_xml).collect();
        return Reply::xml(StatusCode::OK, xml::template(class.text(), &source, &rows));
    }
    let attributes: Vec<Value> = class.template().rows.iter().map(row_json).collect();
    let template = json!({
        "type": class.text(),
        "source": { "id": source },
        "attributes": { "attribute": attributes },
    });
    let body = json!({
        "link": { "type": "locator", "href": call.url(&server.base) },
        "service": { "name": "getObjectTemplate" },
        "templates": { "template": [template] },
    });
    Reply::json(StatusCode::OK, &body)
}

/// `GET /metadata/sources`
pub fn sources(server: &Server, call: &Call) -> Reply {
    let source = server.settings.source.to_ascii_lowercase();
    let mirror = format!("{source}-grs");
    if call.negotiated(DATA) == Some(Format::Xml) {
        return Reply::xml(StatusCode::OK, xml::sources(&[&source, &mirror]));
    }
    let body = json!({
        "link": { "type": "locator", "href": call.url(&server.base) },
        "service": { "name": "getSupportedDataSources" },
        "sources": { "source": [{ "id": source }, { "id": mirror }] },
    });
    Reply::json(StatusCode::OK, &body)
}

fn row_json(row: &Row) -> Value {
    let mut json = json!({
        "name": row.name.text(),
        "requirement": requirement(row),
        "cardinality": cardinality(row),
    });
    let keys = keys(row);
    if let (false, Value::Object(fields)) = (keys.is_empty(), &mut json) {
        fields.insert("keys".to_owned(), json!(keys));
    }
    json
}

fn row_xml(row: &Row) -> [(&'static str, String); 4] {
    [
        ("name", row.name.text().to_owned()),
        ("requirement", requirement(row).to_owned()),
        ("cardinality", cardinality(row).to_owned()),
        ("keys", keys(row).join(" ")),
    ]
}

fn requirement(row: &Row) -> &'static str {
    match row.requirement {
        Requirement::Mandatory => "MANDATORY",
        Requirement::Optional => "OPTIONAL",
        Requirement::Conditional => "CONDITIONAL",
        Requirement::Generated => "GENERATED",
    }
}

fn cardinality(row: &Row) -> &'static str {
    if row.multiple { "MULTIPLE" } else { "SINGLE" }
}

fn keys(row: &Row) -> Vec<&'static str> {
    let all = [(row.primary, "PRIMARY_KEY"), (row.lookup, "LOOKUP_KEY"), (row.inverse, "INVERSE_KEY")];
    all.into_iter().filter_map(|(has, key)| has.then_some(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::shared;

    #[test]
    fn the_templates_are_those_of_the_registry() {
        let Some(templates) = shared::json("registry/templates.json") else { return };
        for class in Class::all() {
            let rows: Vec<Value> = class.template().rows.iter().map(row_json).collect();
            assert_eq!(json!(rows), templates[class.text()], "{class}");
        }
    }
}
