//! The XML of `JUnit`, which most build servers show: an error is a test that failed.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::path;
use crate::{
    finding::{Finding, Location, Severity},
    report::{Findings, paint::indented},
    visible::{self, visible},
};

type Xml = Writer<Vec<u8>>;

/// One test case for each finding; one that passed, if there is none.
pub fn junit(findings: &Findings) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // What is written to memory is written.
    let _ = suites(&mut xml, findings);
    let text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    format!("{text}\n")
}

fn suites(xml: &mut Xml, findings: &Findings) -> io::Result<()> {
    let all = &findings.findings;
    let failures = all.iter().filter(|finding| finding.severity == Severity::Error).count().to_string();
    let count = all.len().max(1).to_string();
    // A test that could not be run is none of ours: who could not look ends with 2, and prints no report.
    let counts = [("tests", count.as_str()), ("failures", failures.as_str()), ("errors", "0")];
    let name = visible::shown(format!("ripectl {}", findings.command));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = xml.create_element("testsuites").with_attributes(counts);
    suites.write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attribute(("name", name.as_str()));
        suite.with_attributes(counts).write_inner_content(|xml| match all.as_slice() {
            [] => passed(xml, findings),
            all => all.iter().try_for_each(|finding| case(xml, finding)),
        })?;
        Ok(())
    })?;
    Ok(())
}

fn passed(xml: &mut Xml, findings: &Findings) -> io::Result<()> {
    let looked_at = visible(&findings.looked_at);
    let case = xml.create_element("testcase").with_attribute(("classname", findings.command));
    case.with_attribute(("name", &*looked_at)).write_empty().map(drop)
}

fn case(xml: &mut Xml, finding: &Finding) -> io::Result<()> {
    let about = finding.object.clone().unwrap_or_default();
    let class = finding.place.as_ref().map_or_else(|| "ripectl".to_owned(), file);
    let name = format!("{} {about}", finding.rule);
    let case = xml.create_element("testcase").with_attribute(("classname", class.as_str()));
    let case = case.with_attribute(("name", &*visible(name.trim())));
    case.write_inner_content(|xml| outcome(xml, finding)).map(drop)
}

fn outcome(xml: &mut Xml, finding: &Finding) -> io::Result<()> {
    let place = finding.place.as_ref().map(|place| format!("{}:{}\n", file(place), place.line()));
    let remedy = finding.remedy.as_ref().map(|remedy| format!("hint: {}\n", indented(remedy, 6)));
    let also = finding.also().map(|also| format!("{also}\n"));
    let rest: String = [place, also, remedy].into_iter().flatten().collect();
    let (element, said) = match finding.severity {
        Severity::Error => {
            let element = xml.create_element("failure").with_attribute(("type", finding.rule));
            (element.with_attribute(("message", &*visible(&finding.text))), rest)
        }
        severity => {
            let said = format!("{severity}: {}\n{rest}", indented(&finding.text, 2));
            (xml.create_element("system-out"), said)
        }
    };
    element.write_text_content(BytesText::new(&visible(&said))).map(drop)
}

/// The path on one line.
fn file(place: &Location) -> String {
    visible::line(&path(place)).into_owned()
}
