//! What an audit found: how much of the allocations is assigned, what is only said, and the findings.

use serde_json::{Value, json};

use super::{
    Findings, Report, Style,
    finding::value,
    forms,
    paint::{add, indented},
    table::table,
};
use crate::{
    audit::{Audit, Share},
    finding::counted,
};

/// What an audit found.
#[derive(Clone, Debug)]
pub struct Audited {
    /// In the registry.
    pub audit: Audit,
    /// With the name servers.
    pub name_servers: NameServers,
}

/// Who was asked of the name servers, and who was not.
#[derive(Clone, Debug, Default)]
pub struct NameServers {
    /// Reverse zones.
    pub zones: usize,
    /// Addresses of servers that were asked; `None` if nobody asked.
    pub asked: Option<usize>,
    /// Servers that could not be asked from here, and why.
    pub unasked: Vec<String>,
    /// Addresses that could not be asked from here, of servers that were asked at another.
    pub passed_over: Vec<String>,
    /// Servers that there was no time for.
    pub too_late: usize,
}

impl NameServers {
    /// Whether all was looked at that was to be.
    pub fn is_whole(&self) -> bool {
        self.unasked.is_empty() && self.too_late == 0
    }

    /// What was looked at of them: where only findings are shown, it must be seen that nobody asked.
    fn looked_at(&self) -> String {
        match self.asked {
            None if self.zones == 0 => String::new(),
            None => ", no name server asked".to_owned(),
            Some(asked) => format!(", name servers at {}", counted_addresses(asked)),
        }
    }

    /// What is said of them.
    fn notes(&self) -> Vec<String> {
        let zones = counted(self.zones, "reverse zone");
        let mut notes = match self.asked {
            None if self.zones == 0 => Vec::new(),
            None => vec![format!("{zones}: nobody asked the name servers; `ripectl audit --arc --dns` does")],
            Some(asked) => vec![format!("{zones}: name servers asked at {}", counted_addresses(asked))],
        };
        let not_asked = self.unasked.iter().chain(&self.passed_over);
        notes.extend(not_asked.map(|server| format!("not asked, {server}")));
        if self.too_late > 0 {
            notes.push(format!("not asked, {}: time was up", counted(self.too_late, "name server")));
        }
        notes
    }
}

fn counted_addresses(count: usize) -> String {
    if count == 1 { "1 address".to_owned() } else { format!("{count} addresses") }
}

impl Audited {
    fn all_notes(&self) -> Vec<String> {
        self.audit.notes.iter().cloned().chain(self.name_servers.notes()).collect()
    }

    fn as_findings(&self) -> Findings {
        Findings {
            command: "audit",
            looked_at: format!("{}{}", counted(self.audit.objects, "object"), self.name_servers.looked_at()),
            findings: self.audit.findings.clone(),
        }
    }
}

impl Report for Audited {
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        if !self.audit.shares.is_empty() {
            let rows = self.audit.shares.iter().map(row);
            add(&mut text, table(&["allocation", "status", "assigned", "assignments"], rows, style) + "\n");
        }
        for note in self.all_notes() {
            add(&mut text, format!("note: {}{}\n", style.hang(), indented(&note, 6)));
        }
        add(&mut text, format!("\n{}", self.as_findings().text(style)));
        text
    }

    fn json(&self) -> Value {
        let findings = &self.audit.findings;
        let errors = findings.iter().filter(|finding| finding.severity == crate::finding::Severity::Error);
        let NameServers { zones, asked, unasked, passed_over, too_late } = &self.name_servers;
        json!({
            "schema": "ripectl/audit/1",
            "audit": "arc",
            "summary": { "objects": self.audit.objects, "findings": findings.len(), "errors": errors.count() },
            "allocations": self.audit.shares.iter().map(share).collect::<Vec<_>>(),
            "dns": { "zones": zones, "asked": asked, "unasked": unasked, "passed_over": passed_over, "too_late": too_late },
            "notes": self.audit.notes.iter().map(|note| json!({ "text": note })).collect::<Vec<_>>(),
            "findings": findings.iter().map(value).collect::<Vec<_>>(),
        })
    }

    fn markdown(&self) -> String {
        forms::markdown(&self.as_findings())
    }

    fn findings(&self) -> Option<Findings> {
        Some(self.as_findings())
    }
}

fn row(share: &Share) -> Vec<String> {
    vec![
        share.block.prefix_text(),
        share.status.clone().unwrap_or_else(|| "not registered".to_owned()),
        format!("{}.{} %", share.permille / 10, share.permille % 10),
        share.assignments.to_string(),
    ]
}

fn share(share: &Share) -> Value {
    json!({
        "prefix": share.block.prefix_text(),
        "status": share.status,
        "assignments": share.assignments,
        "assigned_permille": share.permille,
    })
}
