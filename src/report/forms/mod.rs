//! The forms that findings take for other programs: a file with one function over findings, and a row, each.

mod github;
mod junit;
mod markdown;
mod sarif;

pub use markdown::{cell, fence, markdown};

use github::github;
use junit::junit;
use sarif::{rules, sarif};

use super::Findings;
use crate::{
    finding::{Finding, Location},
    visible::{self, visible},
};

/// A form that findings take for other programs.
#[derive(Debug)]
pub struct Form {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What it is, in a line of `--help`.
    pub help: &'static str,
    /// The findings in it.
    pub findings: fn(&Findings) -> String,
    /// The list of rules in it, if it has a place for one.
    pub rules: Option<fn() -> String>,
    /// Whether its lines are commands to who reads them, and must come as they are.
    pub is_of_commands: bool,
}

/// Every such form.
pub static FORMS: [Form; 3] = [
    Form {
        name: "sarif",
        help: "Findings for code scanning: SARIF 2.1.0",
        findings: |findings| json(&sarif(findings)),
        rules: Some(|| json(&rules())),
        is_of_commands: false,
    },
    Form {
        name: "github",
        help: "Findings as workflow commands of GitHub",
        findings: github,
        rules: None,
        is_of_commands: true,
    },
    Form {
        name: "junit",
        help: "Findings as test results: the XML of JUnit",
        findings: junit,
        rules: None,
        is_of_commands: false,
    },
];

/// JSON as it is shown: with the same meaning, and nothing hidden in it.
pub fn json(value: &serde_json::Value) -> String {
    visible::json(&format!("{value:#}\n"))
}

/// What is wrong, where else it is, and what to do about it, in lines, with nothing hidden in them.
fn message(finding: &Finding) -> String {
    let hint = finding.remedy.as_ref().map(|remedy| format!("hint: {remedy}"));
    let lines: Vec<String> =
        std::iter::once(finding.text.clone()).chain(finding.also()).chain(hint).collect();
    visible(&lines.join("\n")).into_owned()
}

/// The path as a link or an annotation names it: with `/`.
fn path(place: &Location) -> String {
    let parts: Vec<_> =
        place.source.path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        finding::{Severity, Source},
        report::Findings,
    };

    fn findings() -> Findings {
        let text = "role: NOC\ne-mail: <x> & y\n".to_owned();
        let source = Arc::new(Source::new("objects/a b.rpsl", text));
        let wrong = Finding::error("syntax", "Syntax error in <x> & y\n100%")
            .at(Location::new(&source, 10..25))
            .about("role/HN1-RIPE")
            .fix("write an `e-mail`, one");
        let unsure = Finding::error("orphans", "left | over").weighing(Severity::Warning);
        Findings { command: "check", looked_at: "1 object".into(), findings: vec![wrong, unsure] }
    }

    #[test]
    fn workflow_commands_escape_what_would_end_them() {
        assert_eq!(
            github(&findings()),
            "::error file=objects/a b.rpsl,line=2,col=1,endLine=2,title=syntax role/HN1-RIPE::\
             Syntax error in <x> & y%0A100%25%0Ahint: write an `e-mail`, one\n\
             ::warning title=orphans::left | over\n"
        );
        let none = Findings { findings: Vec::new(), ..findings() };
        assert_eq!(github(&none), "::debug::check: 1 object, no problems\n");
        let mut odd = findings();
        odd.findings[0].object = Some("a:b,c".into());
        assert!(github(&odd).contains("title=syntax a%3Ab%2Cc::"));
    }

    #[test]
    fn junit_counts_errors_as_failures() {
        let xml = junit(&findings());
        assert!(xml.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"2\" failures=\"1\" errors=\"0\">"
        ));
        assert!(xml.contains(
            "<failure type=\"syntax\" message=\"Syntax error in &lt;x&gt; &amp; y&#10;100%\">objects/a b.rpsl:2"
        ), "{xml}");
        assert!(xml.contains("<system-out>warning: left | over\n</system-out>"), "{xml}");
        let none = Findings { findings: Vec::new(), ..findings() };
        assert!(junit(&none).contains("<testcase classname=\"check\" name=\"1 object\"/>"));
        // Control characters have no place in XML 1.0.
        let mut odd = findings();
        odd.findings[1].text = "a\u{1b}b\u{fffe}".into();
        assert!(junit(&odd).contains("a\\u{1b}b\\u{fffe}"));
    }

    #[test]
    fn sarif_names_rule_and_region() {
        let log = sarif(&findings());
        let run = &log["runs"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
        let result = &run["results"][0];
        assert_eq!(result["ruleId"], "syntax");
        assert_eq!(result["ruleIndex"], 1);
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "syntax");
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "objects/a%20b.rpsl");
        let region = serde_json::json!({ "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 16 });
        assert_eq!(location["region"], region);
        assert_eq!(run["results"][1]["level"], "warning");
    }

    #[test]
    fn markdown_is_a_table() {
        assert_eq!(
            markdown(&findings()),
            "**check**: 1 object, 1 error, 1 warning\n\n\
             | | where | rule | what | way out |\n|---|---|---|---|---|\n\
             | error | `objects/a b.rpsl:2`<br>role/HN1-RIPE | `syntax` | Syntax error in &lt;x&gt; &amp; y<br>100% | write an `e-mail`, one |\n\
             | warning |  | `orphans` | left \\| over |  |\n"
        );
    }
}
