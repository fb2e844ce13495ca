//! A row for each announcement, of which there may be a million.

use std::io::{self, Write};

use crate::{
    parallel,
    rpki::State,
    validate::{Flaw, IrrState, Subject, Validation, Verdict},
    visible,
};

/// So many rows are printed at a time.
const AT_ONCE: usize = 64 << 10;

/// RFC 4180, with a header: `prefix,origin,rpki,irr,ok,rules`; what was not looked at is empty, and rules are parted by
/// blanks.
pub(super) fn write(validation: &Validation, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"prefix,origin,rpki,irr,ok,rules\n")?;
    let (subjects, verdicts) = (&validation.subjects, &validation.verdicts);
    let rows = subjects.chunks(AT_ONCE).zip(verdicts.chunks(AT_ONCE));
    let text = |(subjects, verdicts)| lines_of(validation, subjects, verdicts);
    parallel::ahead(rows, text, |text| out.write_all(text.as_bytes()))
}

/// What is wrong besides: it stands in no row, and is said on stderr.
pub(super) fn beside(validation: &Validation) -> Vec<String> {
    let line = |flaw: &Flaw| {
        visible::line(&format!(
            "{} {} {}: {}",
            super::weight(flaw),
            flaw.rule.name(),
            flaw.subject,
            flaw.text
        ))
        .into_owned()
    };
    validation.others.iter().map(line).collect()
}

fn lines_of(validation: &Validation, subjects: &[Subject], verdicts: &[Verdict]) -> String {
    let mut text = String::with_capacity(subjects.len() * 48);
    for (subject, verdict) in subjects.iter().zip(verdicts) {
        subject.prefix.push_to(&mut text);
        text.push(',');
        if subject.is_set {
            text.push_str("AS_SET");
        } else {
            subject.origin.push_to(&mut text);
        }
        text.push(',');
        text.push_str(verdict.state.map_or("", State::text));
        text.push(',');
        text.push_str(verdict.irr.map_or("", IrrState::text));
        text.push_str(if validation.is_good(*verdict) { ",true," } else { ",false," });
        for (number, rule) in verdict.broken.iter().enumerate() {
            if number > 0 {
                text.push(' ');
            }
            text.push_str(rule.name());
        }
        text.push('\n');
    }
    text
}
