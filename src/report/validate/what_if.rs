//! The outcome of `roa check`: what a change of VRPs does to announcements.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Evidence, findings_of, flaw_list, json, table::state_cell};
use crate::{
    finding::{Finding, Severity, counted},
    report::{
        Findings, Report, Rows, Style,
        paint::{Paint, add, indented},
        table::table,
    },
    rpki::Vrp,
    validate::{Effect, Turn, WhatIf},
};

/// Announcements before a change of VRPs and after it.
#[derive(Clone, Debug)]
pub struct RoaChecked {
    /// The VRPs that there are.
    pub evidence: Evidence,
    /// What becomes of the announcements.
    pub what_if: WhatIf,
    /// Whether each announcement is shown, also what stays as it is.
    pub all: bool,
}

/// Of so many announcements people are told.
const TOLD: usize = 2000;
/// What to do about what is added for nothing.
const REDUNDANT: &str = "leave it out, unless the other one is to go";

impl RoaChecked {
    /// What must be said beside a form that has no place for it: that VRPs have expired, and what comes and goes.
    pub fn aside(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.evidence.left_out().into_iter().collect();
        lines.extend(self.change());
        lines
    }

    /// A line for each VRP that comes or goes.
    fn change(&self) -> Vec<String> {
        let (added, removed) = (self.what_if.change.added(), self.what_if.change.removed());
        let line = |(sign, vrp): (char, &Vrp)| format!("{sign} {}", vrp.says());
        let all = added.iter().map(|vrp| ('+', vrp)).chain(removed.iter().map(|vrp| ('-', vrp)));
        all.map(line).collect()
    }

    fn head(&self, style: Style) -> String {
        let change: String = self.change().iter().map(|line| format!("      {line}\n")).collect();
        [self.evidence.vrps_line(style), change, self.evidence.seen_line(style)].concat()
    }

    fn verdict(&self, style: Style) -> String {
        let [worse, same, better] =
            [Turn::Worse, Turn::Same, Turn::Better].map(|turn| self.what_if.count(turn));
        let becomes = |count: usize, how: &str| {
            format!("{count} {} {how}", if count == 1 { "becomes" } else { "become" })
        };
        let all = counted(self.what_if.len(), "announcement");
        let stay = if same == 1 { "stays as it is" } else { "stay as they are" };
        let text =
            format!("{all}: {}, {}, {same} {stay}", becomes(worse, "worse"), becomes(better, "better"));
        match self.what_if.is_ok() {
            true => text,
            false => format!("{text} · {}", style.paint(Paint::Bad, "must not be done")),
        }
    }

    /// `docs/schema/ripectl-roa-check-1.json`.
    fn as_rows(&self) -> Rows<'_> {
        let what_if = &self.what_if;
        let vrps = |vrps: &[Vrp]| vrps.iter().map(json::vrp).collect::<Vec<_>>();
        let redundant =
            |(vrp, wider): &(Vrp, Vrp)| json!({ "vrp": json::vrp(vrp), "allowed_by": json::vrp(wider) });
        let head = json!({
            "schema": "ripectl/roa-check/1",
            "summary": {
                "announcements": what_if.len(),
                "worse": what_if.count(Turn::Worse),
                "better": what_if.count(Turn::Better),
                "same": what_if.count(Turn::Same),
                "ok": what_if.is_ok(),
            },
            "evidence": { "vrps": json::vrp_source(&self.evidence), "seen": self.evidence.seen },
            "change": { "added": vrps(what_if.change.added()), "removed": vrps(what_if.change.removed()) },
            "others": what_if.besides.iter().map(json::other).collect::<Vec<_>>(),
            "redundant": what_if.redundant.iter().map(redundant).collect::<Vec<_>>(),
        });
        let rows = what_if.effects(self.all).map(|each| effect(&each));
        Rows { head, key: "announcements", rows: Box::new(rows) }
    }

    /// What is added for nothing, in words; and the VRP.
    fn redundant(&self) -> impl Iterator<Item = (String, String)> {
        self.what_if.redundant.iter().map(|(vrp, wider)| {
            let text = match wider.says_the_same_as(vrp) {
                true => format!("VRP {wider} is there already: to add it changes nothing"),
                false => format!("VRP {wider} allows all of it already: to add it changes nothing"),
            };
            (format!("{} {}", vrp.prefix(), vrp.origin()), text)
        })
    }
}

impl Report for RoaChecked {
    fn text(&self, style: Style) -> String {
        let mut text = format!("{}\n", self.head(style));
        let most = if self.all { usize::MAX } else { TOLD };
        let shown: Vec<Effect> = self.what_if.effects(self.all).take(most).collect();
        let rest = self.what_if.told(self.all) - shown.len();
        if !shown.is_empty() {
            let row = |each: &Effect| {
                let (prefix, origin) =
                    (each.announcement.prefix.to_string(), each.announcement.origin.clone());
                vec![prefix, origin, state_cell(each.before), state_cell(each.after)]
            };
            text.push_str(&table(&["prefix", "origin", "before", "after"], shown.iter().map(row), style));
        }
        if rest > 0 {
            text.push_str(&format!("and {rest} more: --all, or --format csv\n"));
        }
        let flaws = shown.iter().map(|each| &each.announcement);
        let flaws = flaws.flat_map(|each| each.flaws.iter().map(move |flaw| (Some(each), flaw)));
        let flaws = flaws.chain(self.what_if.besides.iter().map(|flaw| (None, flaw)));
        add(&mut text, flaw_list(flaws, style));
        for (subject, what) in self.redundant() {
            let word = style.paint(Paint::Careful, "warning");
            let what = indented(&what, 2);
            text.push_str(&format!("\n{word} roa-redundant {subject}\n  {what}\n  fix:     {REDUNDANT}\n"));
        }
        if text.ends_with("\n\n") {
            text.pop();
        }
        add(&mut text, format!("\n{}\n", self.verdict(style)));
        text
    }

    fn json(&self) -> Value {
        self.as_rows().whole()
    }

    fn rows(&self) -> Option<Rows<'_>> {
        Some(self.as_rows())
    }

    fn findings(&self) -> Option<Findings> {
        let effects = self.what_if.effects(false);
        let mut findings: Vec<Finding> =
            effects.flat_map(|each| findings_of(&each.announcement).collect::<Vec<_>>()).collect();
        findings.extend(self.what_if.besides.iter().map(|flaw| super::finding(flaw, None)));
        let redundant = self.redundant().map(|(subject, text)| {
            Finding::error("roa-redundant", text).weighing(Severity::Warning).about(subject).fix(REDUNDANT)
        });
        findings.extend(redundant);
        Some(Findings { command: "roa check", looked_at: self.verdict(Style::default()), findings })
    }

    /// RFC 4180, with a header: `prefix,origin,before,after,turn`.
    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"prefix,origin,before,after,turn\n")?;
        for (subject, before, after) in self.what_if.states() {
            let turn = Turn::between(before, after);
            if self.all || turn != Turn::Same {
                let (prefix, origin) = (subject.prefix, subject.origin_text());
                writeln!(out, "{prefix},{origin},{},{},{}", before.text(), after.text(), turn.text())?;
            }
        }
        Ok(())
    }
}

fn effect(each: &Effect) -> Value {
    let announcement = &each.announcement;
    json!({
        "prefix": announcement.prefix.to_string(),
        "origin": announcement.origin,
        "sites": announcement.sites,
        "seen": announcement.seen,
        "before": each.before.text(),
        "after": each.after.text(),
        "turn": each.turn.text(),
        "vrps": announcement.vrps.iter().map(json::vrp).collect::<Vec<_>>(),
        "findings": announcement.flaws.iter().map(json::finding).collect::<Vec<_>>(),
    })
}
