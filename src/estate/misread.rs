//! Declared objects that would become others than they seem: with host bits, with a line that another one swallows,
//! or of another registry.

use std::ops::Range;

use crate::{
    finding::{Finding, Severity, suggestion},
    net::Asn,
    rpsl::{Attribute, Class, Misreading, Name, Object, misreading, syntax},
};

/// Registries that keep RPSL objects of their own, by their `source:`.
const ELSEWHERE: [&str; 28] = [
    "AFRINIC",
    "ALTDB",
    "APNIC",
    "ARIN",
    "ARIN-NONAUTH",
    "BBOI",
    "BELL",
    "CANARIE",
    "DN42",
    "HOST",
    "IDNIC",
    "JPIRR",
    "JPNIC",
    "KRNIC",
    "LACNIC",
    "LEVEL3",
    "NESTEGG",
    "NTTCOM",
    "OPENFACE",
    "PANIX",
    "RADB",
    "REACH",
    "RGNET",
    "RIPE-NONAUTH",
    "RPKI",
    "TC",
    "TWNIC",
    "WCGDB",
];

/// What is wrong with `object` as it is written, each with the bytes of its text. `sources` are those of the
/// registries that there are to choose from.
pub(super) fn misread(object: &Object, sources: &[&str]) -> Vec<(Range<usize>, Finding)> {
    let mut found = Vec::new();
    for (index, attribute) in object.attributes().enumerate() {
        let Some((label, value)) = object.spans(index) else { continue };
        let whole = label.start..value.end;
        found.extend(misreading(&attribute).map(|misread| (whole.clone(), respelled(&attribute, &misread))));
        found.extend(of_nobody(&attribute).map(|finding| (whole.clone(), finding)));
        if attribute.name == Some(Name::Source) {
            found.extend(of_elsewhere(&attribute, sources).map(|finding| (whole, finding)));
        }
        found.extend(swallowed(object.class(), &attribute, value.start));
    }
    let about = |(at, finding): (Range<usize>, Finding)| (at, finding.about(object.key()));
    found.into_iter().map(about).collect()
}

fn respelled(attribute: &Attribute, misread: &Misreading) -> Finding {
    let text = format!("`{}`: {misread}", attribute.label.trim());
    match misread {
        Misreading::HostBits { .. } => {
            Finding::error("host-bits", text).fix(format!("write `{}`", misread.meant()))
        }
        Misreading::Short { .. } => Finding::error("short-address", text)
            .weighing(Severity::Warning)
            .fix(format!("write `{}` if that is meant", misread.meant())),
    }
}

/// A number that stands for others and announces nothing: `AS_TRANS` (RFC 6793 §9).
fn of_nobody(attribute: &Attribute) -> Option<Finding> {
    const AS_TRANS: Asn = Asn(23456);
    let origin = attribute.value().to_ascii_uppercase().parse::<Asn>().ok();
    origin.filter(|origin| attribute.name == Some(Name::Origin) && *origin == AS_TRANS)?;
    let text = "AS23456 is AS_TRANS: old routers see it in the place of every 32-bit AS number, and it announces nothing \
                (RFC 6793)";
    let finding = Finding::error("origin", text).weighing(Severity::Warning);
    Some(finding.fix("write the AS number that announces the prefix"))
}

/// An object that is another registry's: written for the one of the run, it would be a new object there.
fn of_elsewhere(attribute: &Attribute, sources: &[&str]) -> Option<Finding> {
    let source = attribute.value();
    let is = |known: &&str| known.eq_ignore_ascii_case(&source);
    if source.is_empty() || sources.is_empty() || sources.iter().any(is) {
        return None;
    }
    let ours = sources.iter().map(|source| format!("`{source}`")).collect::<Vec<_>>().join(" or ");
    let finding = |text: String, remedy: String| Some(Finding::error("source", text).fix(remedy));
    if ELSEWHERE.iter().any(is) {
        let text = format!(
            "this object is of {}: ripectl keeps those of {ours}, and other registries are not there yet",
            source.to_ascii_uppercase()
        );
        return finding(text, "take it out of the files".to_owned());
    }
    let text = format!("`source: {source}` is of no registry that there is here");
    let meant = suggestion(&source.to_ascii_uppercase(), sources.iter().copied()).map(str::to_owned);
    finding(
        text,
        match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("write {ours}, or take the object out of the files"),
        },
    )
}

/// The continuation lines of an attribute that read as attributes of their own; `start` is where its value begins.
fn swallowed<'a>(
    class: Class,
    attribute: &'a Attribute,
    start: usize,
) -> impl Iterator<Item = (Range<usize>, Finding)> + use<'a> {
    let owner = attribute.label.trim().to_ascii_lowercase();
    let (name, mut at) = (attribute.name, start);
    attribute.raw.split_inclusive('\n').enumerate().filter_map(move |(number, line)| {
        let begin = at;
        at += line.len();
        let line = line.trim_end();
        let inner = line.trim_start_matches(['+', ' ', '\t']);
        let (label, value) =
            inner.split_once(':').filter(|_| number > 0 && line.starts_with([' ', '\t', '+']))?;
        if !is_hardly_meant(class, name, label, value.trim()) {
            return None;
        }
        let text = format!("this line continues `{owner}:` above");
        let remedy = format!("begin it in the first column if `{label}:` is an attribute of its own");
        let finding = Finding::error("continuation", text).weighing(Severity::Warning).fix(remedy);
        Some((begin + line.len() - inner.len()..begin + line.len(), finding))
    })
}

/// Whether `label: value` is an attribute of the class rather than a part of the text of `owner`. In remarks people
/// write anything; only what names another object as it must be named is no prose there.
fn is_hardly_meant(class: Class, owner: Option<Name>, label: &str, value: &str) -> bool {
    let Some(name) = Name::from_text(label).filter(|name| class.template().row(*name).is_some()) else {
        return false;
    };
    let structured = || {
        let names_objects = !name.row().references.is_empty();
        let is_data = matches!(
            name,
            Name::Members | Name::MpMembers | Name::Origin | Name::Nserver | Name::Source | Name::Status
        );
        let is_well_formed = |value: &str| syntax::check(name.row().syntax, class, value.trim()).is_ok();
        let mut parts = value.split(',');
        (names_objects || is_data) && parts.all(is_well_formed)
    };
    owner != Some(Name::Remarks) || structured()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line, the weight and the text of each finding.
    fn check(object: &str, expected: &[&str]) {
        let object = Object::parse(object).unwrap();
        let shown = misread(&object, &["RIPE", "TEST"]).into_iter().map(|(at, finding)| {
            let before = object.text().get(..at.start).unwrap();
            let line = before.matches('\n').count() + 1;
            let remedy = finding.remedy.unwrap_or_default();
            format!("{line} {}: {} → {remedy}", finding.severity, finding.text)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{}", object.text());
    }

    #[test]
    fn a_line_that_another_one_swallows() {
        let expected = |line: usize, owner: &str, label: &str| {
            format!(
                "{line} warning: this line continues `{owner}:` above → begin it in the first column if `{label}:` is an \
                 attribute of its own"
            )
        };
        check("as-set: AS-A\ndescr:  x\n  members: AS1, AS2\n", &[&expected(3, "descr", "members")]);
        check("as-set: AS-A\nDescr:  x\n\tmnt-by: A-MNT\n", &[&expected(3, "descr", "mnt-by")]);
        check("route6: ::/0\n# c\ndescr:  x\n+ origin: AS1\n  y\n\n", &[&expected(4, "descr", "origin")]);
        check(
            "person: A B\naddress: x\r\n phone: +1\r\n nic-hdl: A1-RIPE\r\n",
            &[&expected(3, "address", "phone"), &expected(4, "address", "nic-hdl")],
        );
        check("as-set: AS-A\nremarks: x\n members: AS1,AS-B\n", &[&expected(3, "remarks", "members")]);
        check("as-set: AS-A\nremarks: x\n mnt-by: A-MNT\n", &[&expected(3, "remarks", "mnt-by")]);
    }

    #[test]
    fn prose_and_policy_go_on_in_peace() {
        check("as-set: AS-A\nmembers: AS1,\n  AS2,\n+ AS1:AS-B\n", &[]);
        check("as-set: AS-A\ndescr: x\n  note: members come later\n  2a0f:85c1::/32\n", &[]);
        check("as-set: AS-A\nremarks: call us\n  phone: +31 20 1\n  members: see our web site\n", &[]);
        check("as-set: AS-A\nremarks: x\n  notify: a@b.example\n  descr: of what\n", &[]);
        check("aut-num: AS1\nimport: from AS2\n  action community.append(1:2);\n  accept ANY\n", &[]);
        check("as-set: AS-A\ndescr: members: AS1\n  origin: AS1\n", &[]);
    }

    #[test]
    fn an_object_of_another_registry_stays_there() {
        check("as-set: AS-A\nsource: ripe # Filtered\n", &[]);
        check("as-set: AS-A\nsource: TEST\n", &[]);
        check("as-set: AS-A\nsource:\n", &[]);
        check("as-set: AS-A\n", &[]);
        for source in ["RADB", "altdb", "NTTCOM", "ARIN", "APNIC", "LACNIC", "AFRINIC", "RIPE-NONAUTH"] {
            let expected = format!(
                "2 error: this object is of {}: ripectl keeps those of `RIPE` or `TEST`, and other registries are not \
                 there yet → take it out of the files",
                source.to_ascii_uppercase()
            );
            check(&format!("as-set: AS-A\nsource: {source}\n"), &[&expected]);
        }
        check(
            "as-set: AS-A\nsource: RIPEE\n",
            &["2 error: `source: RIPEE` is of no registry that there is here → did you mean `RIPE`?"],
        );
        check(
            "as-set: AS-A\nsource: EXAMPLE\n",
            &[
                "2 error: `source: EXAMPLE` is of no registry that there is here → write `RIPE` or `TEST`, or take the \
               object out of the files",
            ],
        );
    }

    #[test]
    fn as_trans_is_no_origin() {
        check("route6: ::/0\norigin: AS205398\n", &[]);
        check(
            "route6: ::/0\norigin: as23456 # old\n",
            &[
                "2 warning: AS23456 is AS_TRANS: old routers see it in the place of every 32-bit AS number, and it \
               announces nothing (RFC 6793) → write the AS number that announces the prefix",
            ],
        );
        check("aut-num: AS1\nimport: from AS23456 accept ANY\n", &[]);
    }

    #[test]
    fn host_bits_are_refused_and_short_forms_said() {
        check(
            "route6: 2a0f::1/48\nholes: 2a0f::/56\n",
            &["1 error: `route6`: 2a0f::1/48 has host bits set; did you mean 2a0f::/48? → write `2a0f::/48`"],
        );
        check(
            "inetnum: 192.0.2.0\n",
            &[
                "1 warning: `inetnum`: `192.0.2.0` is read as 192.0.2.0 - 192.0.2.0 → write `192.0.2.0 - 192.0.2.0` if \
               that is meant",
            ],
        );
    }
}
