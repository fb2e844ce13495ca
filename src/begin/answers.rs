//! What was typed, and whether it can be what was meant.

use crate::{
    finding::Finding,
    net::{Asn, Prefix},
    rpsl::{Class, Name, syntax},
};

/// What an estate begins with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answers {
    /// The maintainer, in capitals.
    pub maintainer: String,
    /// The AS number, if there is one or one is meant.
    pub asn: Option<Asn>,
    /// The address space.
    pub prefixes: Vec<Prefix>,
    /// Where it is used (ISO 3166).
    pub country: Option<String>,
    /// Where the LIR is written to.
    pub lir: Option<String>,
    /// Who we are, if the maintainer is still to be made.
    pub who: Option<Who>,
}

/// Who we are.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Who {
    /// A person.
    pub person: String,
    /// Where they are, a line each.
    pub address: Vec<String>,
    /// Their telephone.
    pub phone: String,
    /// Where mail goes: of the person, of the network, and about abuse.
    pub email: String,
    /// The RIPE NCC Access account whose keys speak for the maintainer.
    pub account: String,
    /// The name of the organisation, if one is to be made.
    pub organisation: Option<String>,
}

/// One answer: what it is called on the command line, and what holds for it.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// `--asn`
    pub option: &'static str,
    /// What is asked on a terminal.
    pub question: &'static str,
    /// Which attribute it becomes, of an object of which class.
    form: Form,
    /// Whether it may be left empty.
    pub is_needed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Asn,
    Prefix,
    Attribute(Class, Name),
}

impl Answer {
    /// The maintainer.
    pub const MNTNER: Answer = Answer::of(
        "--mntner",
        "Your maintainer, or the name of the one to make (such as HOBBY-MNT)",
        Form::Attribute(Class::Mntner, Name::Mntner),
        true,
    );
    /// The AS number.
    pub const ASN: Answer = Answer::of("--asn", "Your AS number (empty: none)", Form::Asn, false);
    /// A prefix.
    pub const PREFIX: Answer =
        Answer::of("--prefix", "Your prefixes, with blanks between them (empty: none)", Form::Prefix, false);
    /// The name of a person.
    pub const PERSON: Answer =
        Answer::of("--person", "Your name", Form::Attribute(Class::Person, Name::Person), true);
    /// A line of an address.
    pub const ADDRESS: Answer = Answer::of(
        "--address",
        "Your postal address, with `;` between lines",
        Form::Attribute(Class::Person, Name::Address),
        true,
    );
    /// A telephone number.
    pub const PHONE: Answer = Answer::of(
        "--phone",
        "Your telephone (such as +31 20 5550100)",
        Form::Attribute(Class::Person, Name::Phone),
        true,
    );
    /// Where mail goes.
    pub const EMAIL: Answer = Answer::of(
        "--email",
        "Where mail about your network goes",
        Form::Attribute(Class::Person, Name::EMail),
        true,
    );
    /// An account.
    pub const ACCOUNT: Answer = Answer::of(
        "--account",
        "The mail address of your RIPE NCC Access account (empty: the same)",
        Form::Attribute(Class::Person, Name::EMail),
        false,
    );
    /// An organisation.
    pub const ORGANISATION: Answer = Answer::of(
        "--org-name",
        "The name of your organisation (empty: none is made)",
        Form::Attribute(Class::Organisation, Name::OrgName),
        false,
    );
    /// A country.
    pub const COUNTRY: Answer = Answer::of(
        "--country",
        "The country of your network (two letters)",
        Form::Attribute(Class::Inet6num, Name::Country),
        true,
    );
    /// Where the LIR is written to.
    pub const LIR: Answer = Answer::of(
        "--lir",
        "Where your LIR is written to (empty: not known)",
        Form::Attribute(Class::Person, Name::EMail),
        false,
    );

    const fn of(option: &'static str, question: &'static str, form: Form, is_needed: bool) -> Answer {
        Answer { option, question, form, is_needed }
    }

    /// The answer with its ends trimmed, if it can be one.
    pub fn checked(&self, text: &str) -> Result<String, Finding> {
        let text = text.trim();
        let is_number = matches!(self.form, Form::Asn) && text.bytes().all(|byte| byte.is_ascii_digit());
        let text = &if is_number { format!("AS{text}") } else { text.to_owned() };
        let refuse = |what: String, remedy: &str| {
            let shown = format!("`{} {}`: {what}", self.option, crate::visible::line(text));
            Err(Finding::error("answer", shown).fix(remedy))
        };
        let told = match self.form {
            Form::Asn => text.parse::<Asn>().err().map(|error| error.to_string()),
            Form::Prefix => text.parse::<Prefix>().err().map(|error| error.to_string()),
            Form::Attribute(..) if text.contains(['\n', '\r', '#']) || text.is_empty() => {
                Some("this is no value of an attribute".to_owned())
            }
            Form::Attribute(class, name) => {
                syntax::check(name.row().syntax, class, text).err().map(|error| error.to_string())
            }
        };
        match told {
            Some(told) => refuse(told, &format!("what is asked: {}", self.question)),
            None if matches!(self.form, Form::Attribute(Class::Mntner, _)) && !is_maintainer(text) => {
                refuse("the name of a maintainer ends in -MNT".to_owned(), "write such as `HOBBY-MNT`")
            }
            None => Ok(text.to_owned()),
        }
    }

    /// What is said where it is missing.
    pub fn missing(&self) -> Finding {
        Finding::error("answer", format!("`{}` is missing", self.option))
            .fix(format!("{}: `{} …`", self.question, self.option))
    }
}

fn is_maintainer(text: &str) -> bool {
    text.to_ascii_uppercase().ends_with("-MNT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_checked_where_it_is_given() {
        let check = |answer: Answer, text: &str, expected: &str| {
            let told = answer.checked(text).unwrap_or_else(|finding| finding.text);
            assert_eq!(told, expected);
        };
        check(Answer::MNTNER, " hobby-mnt ", "hobby-mnt");
        check(Answer::MNTNER, "HOBBY", "`--mntner HOBBY`: the name of a maintainer ends in -MNT");
        check(Answer::ASN, "AS205398", "AS205398");
        check(Answer::ASN, " 205398", "AS205398");
        check(Answer::PREFIX, "2a0f:85c1:260::/44", "2a0f:85c1:260::/44");
        check(Answer::EMAIL, "noc@hobby.example", "noc@hobby.example");
        check(Answer::PERSON, "A\nB", "`--person A\\u{a}B`: this is no value of an attribute");
        for (answer, text) in [
            (Answer::ASN, "AS4294967296"),
            (Answer::ASN, "205.398.1"),
            (Answer::PREFIX, "2a0f:85c1:261::/44"),
            (Answer::PREFIX, "2a0f::"),
            (Answer::PHONE, "call me"),
            (Answer::EMAIL, "noc"),
            (Answer::COUNTRY, "Netherlands"),
            (Answer::ADDRESS, ""),
            (Answer::PERSON, "Cher"),
            (Answer::MNTNER, "HOBBY MNT"),
        ] {
            let finding = answer.checked(text).unwrap_err();
            assert!(finding.text.starts_with(&format!("`{} {text}`: ", answer.option)), "{finding:?}");
            assert!(finding.remedy.is_some());
        }
    }
}
