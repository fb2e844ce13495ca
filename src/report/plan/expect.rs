//! What others must hold, as people read it in a plan.

use crate::{
    plan::{Expectation, Plan},
    report::{
        Style,
        paint::{Paint, add, indented},
    },
};

/// The expectations of a plan with what stands, what is left out for it, and whom to ask; nothing without any.
pub(super) fn text(plan: &Plan, style: Style) -> String {
    let mut text = String::new();
    for expectation in &plan.expectations {
        if text.is_empty() {
            add(&mut text, "What others must hold\n");
        }
        add(&mut text, one(expectation, style));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn one(expectation: &Expectation, style: Style) -> String {
    let Expectation { met, text, left_out, remedy, place, .. } = expectation;
    let sign = if *met { style.paint(Paint::Good, "✓") } else { style.paint(Paint::Bad, "✗") };
    let hang = style.hang();
    let mut shown = format!("  {sign} {hang}{}\n", indented(text, 6));
    if !left_out.is_empty() {
        let keys: Vec<String> =
            left_out.iter().map(|key| format!("{} {}", key.class(), key.text())).collect();
        add(&mut shown, format!("      left out: {hang}{}\n", some(&keys, style)));
    }
    if let Some(remedy) = remedy {
        let place = style.paint(Paint::Faint, &format!("({}:{})", place.source.name(), place.line()));
        add(&mut shown, format!("      hint: {hang}{}  {place}\n", indented(remedy, 8)));
    }
    shown
}

/// The first few, unless everything is to be shown.
fn some(keys: &[String], style: Style) -> String {
    const SHOWN: usize = 3;
    match keys.get(..SHOWN) {
        Some(first) if keys.len() > SHOWN && !style.verbose => {
            format!("{} and {} more: -v", first.join(", "), keys.len() - SHOWN)
        }
        _ => keys.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        estate::{Absence, Demand},
        finding::{Location, Source},
        rpsl::{Class, Key},
    };

    fn check(left_out: usize, verbose: bool, expected: &str) {
        let absence: Absence = "domain <= 2a0f:85c1:280::/44".parse().unwrap();
        let source = Arc::new(Source::new("ripectl.toml", "\n\nx"));
        let expectation = |met: bool, text: &str, remedy: Option<&str>| Expectation {
            demand: Demand::Absent(absence.clone()),
            met,
            text: text.to_owned(),
            stands: Vec::new(),
            ask: None,
            remedy: remedy.map(str::to_owned),
            left_out: (0..left_out)
                .filter(|_| !met)
                .map(|number| Key::new(Class::Domain, &format!("{number}.8.2.ip6.arpa")))
                .collect(),
            place: Location::new(&source, 2..3),
        };
        let expectations = vec![
            expectation(true, "no route6 above 2a0f::/44", None),
            expectation(false, "domain 8.2.ip6.arpa (A-MNT) exists", Some("ask them")),
        ];
        let plan = Plan { expectations, ..Plan::default() };
        assert_eq!(text(&plan, Style { verbose, ..Style::default() }), expected);
    }

    #[test]
    fn what_is_left_out_is_named_under_its_cause() {
        let head =
            "What others must hold\n  ✓ no route6 above 2a0f::/44\n  ✗ domain 8.2.ip6.arpa (A-MNT) exists\n";
        let hint = "      hint: ask them  (ripectl.toml:3)\n\n";
        check(0, false, &format!("{head}{hint}"));
        check(1, false, &format!("{head}      left out: domain 0.8.2.ip6.arpa\n{hint}"));
        let three = "domain 0.8.2.ip6.arpa, domain 1.8.2.ip6.arpa, domain 2.8.2.ip6.arpa";
        check(3, false, &format!("{head}      left out: {three}\n{hint}"));
        check(5, false, &format!("{head}      left out: {three} and 2 more: -v\n{hint}"));
        let five = format!("{three}, domain 3.8.2.ip6.arpa, domain 4.8.2.ip6.arpa");
        check(5, true, &format!("{head}      left out: {five}\n{hint}"));
        assert_eq!(text(&Plan::default(), Style::default()), "");
    }
}
