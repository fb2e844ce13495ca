//! SARIF 2.1.0 (OASIS), which code scanning reads.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};

use super::{message, path};
use crate::{
    check::{Described, catalogue},
    estate,
    finding::{Finding, Location, Severity},
    registry::NOT_IN_PATH,
    report::Findings,
    visible::visible,
};

/// A log of one run, with the rules that were broken.
pub fn sarif(findings: &Findings) -> Value {
    let all: BTreeMap<&str, Described> = catalogue().into_iter().map(|rule| (rule.name, rule)).collect();
    let names: BTreeSet<&str> = findings.findings.iter().map(|finding| finding.rule).collect();
    let places: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
    let results: Vec<Value> =
        findings.findings.iter().map(|finding| result(finding, places.get(finding.rule).copied())).collect();
    log(names.into_iter().map(|name| rule(name, all.get(name))).collect(), results)
}

/// A log of a run that looked at nothing, with all rules.
pub fn rules() -> Value {
    log(catalogue().iter().map(|each| rule(each.name, Some(each))).collect(), Vec::new())
}

fn log(rules: Vec<Value>, results: Vec<Value>) -> Value {
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "ripectl",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(name: &str, described: Option<&Described>) -> Value {
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
    let (uri, region) = match &finding.place {
        Some(place) => (utf8_percent_encode(&path(place), NOT_IN_PATH).to_string(), region(place)),
        // Code scanning refuses a file that has a result without a place.
        None => (estate::CONFIG.to_owned(), json!({ "startLine": 1 })),
    };
    let physical = json!({ "artifactLocation": { "uri": uri }, "region": region });
    location.insert("physicalLocation".to_owned(), physical);
    if let Some(object) = &finding.object {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": visible(object) }]));
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level,
        "message": { "text": without_links(&message(finding)) },
        "locations": [location],
    })
}

/// No `[text](target)`, which is a link in a message (SARIF §3.11.6).
fn without_links(text: &str) -> String {
    text.replace("](", "\\](")
}

/// Lines and columns from 1; the end is behind the last character (SARIF §3.30).
fn region(place: &Location) -> Value {
    let end = Location { span: place.span.end..place.span.end, ..place.clone() };
    json!({
        "startLine": place.line(),
        "startColumn": place.column(),
        "endLine": end.line(),
        "endColumn": end.column(),
    })
}
