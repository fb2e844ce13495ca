//! SARIF 2.1.0 (OASIS), which code scanning reads.

use std::collections::BTreeSet;

use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::{message, path};
use crate::{
    check::catalogue,
    finding::{Finding, Place, Severity},
    registry::NOT_IN_PATH,
    report::Findings,
};

/// A log of one run, with the rules that were broken.
pub fn sarif(findings: &Findings) -> Value {
    let names: BTreeSet<&str> = findings.findings.iter().map(|finding| finding.rule).collect();
    let index = |rule: &str| names.iter().position(|name| *name == rule);
    let results: Vec<Value> =
        findings.findings.iter().map(|finding| result(finding, index(finding.rule))).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ripectl",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": names.iter().map(|name| rule(name)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(name: &str) -> Value {
    let described = catalogue().into_iter().find(|rule| rule.name == name);
    match described {
        Some(rule) => json!({ "id": name, "shortDescription": { "text": rule.says } }),
        None => json!({ "id": name }),
    }
}

fn result(finding: &Finding, index: Option<usize>) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut location = serde_json::Map::new();
    if let Some(place) = &finding.place {
        let uri = utf8_percent_encode(&path(place), NOT_IN_PATH).to_string();
        let physical = json!({ "artifactLocation": { "uri": uri }, "region": region(place) });
        location.insert("physicalLocation".to_owned(), physical);
    }
    if let Some(object) = &finding.object {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": object }]));
    }
    let locations = if location.is_empty() { json!([]) } else { json!([location]) };
    json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level,
        "message": { "text": message(finding) },
        "locations": locations,
    })
}

/// Lines and columns from 1; the end is behind the last character (SARIF §3.30).
fn region(place: &Place) -> Value {
    let end = Place { span: place.span.end..place.span.end, ..place.clone() };
    json!({
        "startLine": place.line(),
        "startColumn": place.column(),
        "endLine": end.line(),
        "endColumn": end.column(),
    })
}
