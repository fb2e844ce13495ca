//! Answers to questions: options, or on a terminal what is typed.

use crate::{
    begin::Answer,
    finding::Finding,
    report::{Printer, Stopped},
};

/// Takes answers, and asks for those that are missing where somebody can be asked.
pub struct Answering {
    printer: Printer,
    asks: bool,
    problems: Vec<Finding>,
}

impl Answering {
    /// Asks on a terminal only.
    pub fn new(printer: Printer) -> Answering {
        Answering { printer, asks: printer.can_ask(), problems: Vec::new() }
    }

    /// One answer; empty, if there is none.
    pub fn one(&mut self, answer: Answer, given: Option<&String>) -> anyhow::Result<String> {
        Ok(self.several(answer, given.as_slice(), None)?.pop().unwrap_or_default())
    }

    /// Several answers, which are typed in one line with `between` between them.
    pub fn several(
        &mut self,
        answer: Answer,
        given: &[impl AsRef<str>],
        between: Option<char>,
    ) -> anyhow::Result<Vec<String>> {
        if !given.is_empty() || !self.asks {
            if given.is_empty() && answer.is_needed {
                self.problems.push(answer.missing());
            }
            let checked: Vec<_> = given.iter().map(|text| answer.checked(text.as_ref())).collect();
            let (good, bad): (Vec<_>, Vec<_>) = checked.into_iter().partition(Result::is_ok);
            self.problems.extend(bad.into_iter().filter_map(Result::err));
            return Ok(good.into_iter().filter_map(Result::ok).collect());
        }
        loop {
            let typed = self.printer.ask_text(answer.question)?;
            let parts: Vec<&str> = match between {
                Some(between) => {
                    typed.split(between).map(str::trim).filter(|part| !part.is_empty()).collect()
                }
                None => Some(typed.trim()).filter(|text| !text.is_empty()).into_iter().collect(),
            };
            if parts.is_empty() && !answer.is_needed {
                return Ok(Vec::new());
            }
            match parts.iter().map(|part| answer.checked(part)).collect::<Result<Vec<String>, Finding>>() {
                Ok(checked) if !checked.is_empty() => return Ok(checked),
                Ok(_) => self.printer.say("an answer is needed; Ctrl-C ends it, and nothing is written"),
                Err(finding) => self.printer.say(&finding.text),
            }
        }
    }

    /// All that is wrong with what was given, at once.
    pub fn agreed(&mut self) -> Result<(), Stopped> {
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() { Ok(()) } else { Err(Stopped(problems)) }
    }

    /// Notes what is wrong beside the answers.
    pub fn refuse(&mut self, problem: Finding) {
        self.problems.push(problem);
    }
}
