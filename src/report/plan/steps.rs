//! The steps of a plan, as people read them: what is the same for many of them once.

use super::shown::Shown;
use crate::{
    finding::counted,
    plan::Action,
    report::{
        Style,
        names::{self, Name},
        paint::{Paint, add, indented, lines},
    },
};

/// All steps, counted from 1. What is the same for steps that follow each other is said once, unless everything is shown.
pub(super) fn text(steps: &[Shown], style: Style) -> String {
    let width = steps.len().to_string().len().max(2);
    let mut number = 1;
    let mut text = String::new();
    for alike in steps.chunk_by(|one, other| !style.verbose && is_like(one, other)) {
        match alike {
            [one] => add(&mut text, single(number, width, one, style)),
            many => add(&mut text, together(number, width, many, style)),
        }
        number += alike.len();
    }
    text
}

/// Whether nothing is lost if the two are told as one: all but the names is the same, or new objects are made from one
/// template.
fn is_like(one: &Shown, other: &Shown) -> bool {
    let is_plain = |step: &Shown| step.remarks.is_empty();
    let kind = |step: &Shown| (step.action, step.is_forever, step.id.kind());
    let is_same = match one.action {
        Action::Create => one.source.is_some() && one.source == other.source && one.length == other.length,
        Action::Modify => one.content == other.content,
        Action::Delete => one.source == other.source,
    };
    is_plain(one)
        && is_plain(other)
        && kind(one) == kind(other)
        && one.authority == other.authority
        && is_same
}

fn sign(step: &Shown, style: Style) -> String {
    match step.action {
        Action::Delete if step.is_forever => style.paint(Paint::Bad, "†"),
        Action::Create => style.paint(Paint::Good, "+"),
        Action::Modify => style.paint(Paint::Careful, "~"),
        Action::Delete => style.paint(Paint::Bad, "-"),
    }
}

fn single(number: usize, width: usize, step: &Shown, style: Style) -> String {
    let (sign, hang) = (sign(step, style), style.hang());
    let title = format!("{} {}", step.id.kind(), step.id.key_text());
    let mut text =
        format!("{number:>width$} {sign} {hang}{title:<40} {}\n", style.paint(Paint::Faint, &step.origin));
    let length = format!("{}: -v", counted(step.length, "line"));
    let below = said(step, &step.digest, &length, style);
    add(&mut text, moved_in(below.chain(step.remarks.iter().cloned()), width + 3));
    text
}

/// Steps that are alike: what is the same for all, then each with what it has of its own.
fn together(number: usize, width: usize, steps: &[Shown], style: Style) -> String {
    let Some(first) = steps.first() else { return String::new() };
    let (sign, hang) = (sign(first, style), style.hang());
    let numbers = format!("{number:>width$}-{}", number + steps.len() - 1);
    let title = format!("{} × {}", steps.len(), first.id.kind());
    let source = first.source.clone().unwrap_or_default();
    let column = (40 + width).saturating_sub(numbers.len());
    let head = format!("{numbers} {sign} {hang}{title:<column$} {}", style.paint(Paint::Faint, &source));
    let is_common = |part: &&String| steps.iter().all(|step| step.digest.contains(part));
    let (common, own): (Vec<&String>, Vec<&String>) = first.digest.iter().partition(is_common);
    let common: Vec<String> = common.into_iter().cloned().collect();
    let length = format!("{} each: -v", counted(first.length, "line"));
    let below = said(first, &common, &length, style);
    let own = if own.is_empty() { vec![named(steps)] } else { each(steps, &common, style) };
    format!("{}\n{}", head.trim_end(), moved_in(below.chain(own), width + 3))
}

/// Who may do it, and what is written.
fn said(step: &Shown, digest: &[String], length: &str, style: Style) -> impl Iterator<Item = String> {
    let hang = style.hang();
    let authority = step.authority.iter().map(|who| format!("may: {hang}{who}"));
    let digest = match step.action {
        Action::Create if step.content.is_empty() => {
            let plus = style.paint(Paint::Good, "+");
            Some(format!("{plus} {hang}{}  ({length})", digest.join(" · ")))
        }
        _ => None,
    };
    authority.chain(step.content.iter().cloned()).chain(digest).collect::<Vec<_>>().into_iter()
}

/// The objects, a line for each with what it has of its own.
fn each(steps: &[Shown], common: &[String], style: Style) -> Vec<String> {
    let longest = |length: fn(&Shown) -> usize| steps.iter().map(length).max().unwrap_or_default();
    let (keys, blocks) = (longest(|step| step.id.key_text().len()), longest(|step| block(step).len()));
    let line = |step: &Shown| {
        let own: Vec<&str> =
            step.digest.iter().filter(|part| !common.contains(part)).map(String::as_str).collect();
        format!(
            "{:<keys$}  {:<blocks$}  {}{}",
            step.id.key_text(),
            block(step),
            style.hang(),
            own.join(" · ")
        )
    };
    steps.iter().map(line).collect()
}

fn block(step: &Shown) -> &str {
    step.block.as_deref().unwrap_or_default()
}

/// The keys of the objects.
fn named(steps: &[Shown]) -> String {
    names::listed(&steps.iter().map(|step| Name::of_id(&step.id)).collect::<Vec<_>>())
}

fn moved_in(all: impl Iterator<Item = String>, columns: usize) -> String {
    lines(all.map(|line| format!("{}{}", " ".repeat(columns), indented(&line, columns))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpsl::{Class, Key};

    fn step(action: Action, key: &str, digest: &[&str]) -> Shown {
        let class = match key {
            _ if key.contains("AS") => Class::Route6,
            _ if key.contains(".arpa") => Class::Domain,
            _ if key.contains(" - ") => Class::Inetnum,
            _ => Class::Inet6num,
        };
        Shown {
            action,
            id: Key::new(class, key).into(),
            is_forever: false,
            origin: "block b, ripectl.toml:1, templates/t.rpsl".to_owned(),
            source: Some("templates/t.rpsl".to_owned()),
            block: Some("block b".to_owned()),
            authority: Some("A-MNT: mnt-by".to_owned()),
            content: Vec::new(),
            digest: digest.iter().map(ToString::to_string).collect(),
            length: 5,
            remarks: Vec::new(),
        }
    }

    fn check(steps: &[Shown], expected: &str) {
        let lines: Vec<String> =
            text(steps, Style::default()).lines().map(|line| line.trim_end().to_owned()).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn equal_changes_are_told_once() {
        let change = |key: &str, line: &str| {
            let content = vec![format!("+ {line}")];
            Shown { content, ..step(Action::Modify, key, &[]) }
        };
        let keys =
            ["2001:db8::/48", "2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48", "2001:db8:9::/48"];
        let steps: Vec<Shown> = keys.iter().map(|key| change(key, "country: NL")).collect();
        let said = "     may: A-MNT: mnt-by\n     + country: NL\n";
        check(
            &steps,
            &format!(
                " 1-5 ~ 5 × inet6num                           templates/t.rpsl\n{said}     \
                 2001:db8::/48 to 2001:db8:3::/48, 2001:db8:9::/48"
            ),
        );
        let mut steps = steps[..2].to_vec();
        steps[1] = change(keys[1], "country: LU");
        assert_eq!(text(&steps, Style::default()).matches("may:").count(), 2, "two changes");
        steps[1] = Shown { remarks: vec!["STOP: no".to_owned()], ..change(keys[1], "country: NL") };
        assert_eq!(text(&steps, Style::default()).matches("may:").count(), 2, "a step that is stopped");
        steps[1].remarks.clear();
        assert_eq!(text(&steps, Style::default()).matches("may:").count(), 1);
        let verbose = Style { verbose: true, ..Style::default() };
        assert_eq!(text(&steps, verbose).matches("may:").count(), 2);
    }

    #[test]
    fn ranges_and_zones_without_a_gap_are_named_by_their_ends() {
        let check = |key: fn(u8) -> String, class: &str, expected: &str| {
            let steps = [0, 1, 2, 3, 9].map(|at| step(Action::Delete, &key(at), &[]));
            let title = format!("5 × {class}");
            check(
                &steps,
                &format!(" 1-5 - {title:<38} templates/t.rpsl\n     may: A-MNT: mnt-by\n     {expected}"),
            );
        };
        check(
            |at| format!("192.0.{at}.0 - 192.0.{at}.255"),
            "inetnum",
            "192.0.0.0 - 192.0.0.255 to 192.0.3.0 - 192.0.3.255, 192.0.9.0 - 192.0.9.255",
        );
        check(
            |at| format!("{at}.0.192.in-addr.arpa"),
            "domain",
            "0.0.192.in-addr.arpa to 3.0.192.in-addr.arpa, 9.0.192.in-addr.arpa",
        );
    }

    #[test]
    fn new_objects_of_a_template_are_told_with_what_is_their_own() {
        let made = |key, name| step(Action::Create, key, &[name, "status ASSIGNED"]);
        check(
            &[made("2001:db8::/48", "netname A"), made("2001:db8:1::/48", "netname B")],
            " 1-2 + 2 × inet6num                           templates/t.rpsl\n     may: A-MNT: mnt-by\n     \
             + status ASSIGNED  (5 lines each: -v)\n     2001:db8::/48    block b  netname A\n     \
             2001:db8:1::/48  block b  netname B",
        );
        let route = |key| step(Action::Create, key, &["origin AS1"]);
        check(
            &[route("2001:db8::/48AS1"), route("2001:db8:2::/48AS1")],
            " 1-2 + 2 × route6                             templates/t.rpsl\n     may: A-MNT: mnt-by\n     \
             + origin AS1  (5 lines each: -v)\n     2001:db8::/48AS1, 2001:db8:2::/48AS1",
        );
    }
}
