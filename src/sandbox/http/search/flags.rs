//! The flags of a search: letters, or long names (rules.md §9).

use crate::rules::Message;

macro_rules! flags {
    ($($flag:ident $letter:literal $name:literal $allowed:literal)*) => {
        /// A flag that a search takes.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Flag { $(#[doc = $name] $flag),* }

        /// Every flag: letter (or none), name, and whether a search over REST takes it.
        const FLAGS: &[(Flag, &str, &str, bool)] = &[$((Flag::$flag, $letter, $name, $allowed)),*];
    };
}

flags! {
    Exact "x" "exact" true
    OneLess "l" "one-less" true
    AllLess "L" "all-less" true
    OneMore "m" "one-more" true
    AllMore "M" "all-more" true
    NoIrt "C" "no-irt" true
    Irt "c" "irt" true
    AbuseContact "b" "abuse-contact" false
    ReverseDomain "d" "reverse-domain" true
    Inverse "i" "inverse" true
    Brief "F" "brief" false
    PrimaryKeys "K" "primary-keys" false
    PersistentConnection "k" "persistent-connection" false
    NoGrouping "G" "no-grouping" true
    NoFiltering "B" "no-filtering" true
    ValidSyntax "" "valid-syntax" true
    NoValidSyntax "" "no-valid-syntax" true
    NoReferenced "r" "no-referenced" true
    NoPersonal "" "no-personal" true
    ShowPersonal "" "show-personal" true
    SelectTypes "T" "select-types" false
    AllSources "a" "all-sources" false
    Sources "s" "sources" false
    Resource "" "resource" true
    ListSourcesOrVersion "q" "q" false
    ListSources "" "list-sources" false
    Version "" "version" false
    Charset "Z" "charset" false
    Types "" "types" true
    Template "t" "template" false
    Verbose "v" "verbose" false
    Client "V" "client" false
    ListVersions "" "list-versions" false
    DiffVersions "" "diff-versions" false
    ShowVersion "" "show-version" false
}

impl Flag {
    /// Its name.
    pub fn name(self) -> &'static str {
        FLAGS.iter().find(|(flag, ..)| *flag == self).map_or("", |(_, _, name, _)| name)
    }

    fn is_allowed(self) -> bool {
        FLAGS.iter().any(|(flag, _, _, allowed)| *flag == self && *allowed)
    }
}

/// Flags that say how far around an address is looked; a search takes one.
const AROUND: [Flag; 5] = [Flag::Exact, Flag::OneLess, Flag::AllLess, Flag::OneMore, Flag::AllMore];

/// Reads the values of `flags`: each is a long name, or letters.
pub fn read(values: &[String]) -> Result<Vec<Flag>, Box<Message>> {
    let mut flags = Vec::new();
    for value in values {
        match FLAGS.iter().find(|(_, _, name, _)| name.len() > 1 && name == value) {
            Some((flag, ..)) => flags.push(*flag),
            None => {
                for letter in value.chars() {
                    let letter = letter.to_string();
                    let found = FLAGS.iter().find(|(_, short, ..)| *short == letter);
                    let text = "Invalid search flag '%s' (in parameter '%s')";
                    let (flag, ..) =
                        found.ok_or_else(|| Box::new(Message::error(text).arg(&letter).arg(value)))?;
                    flags.push(*flag);
                }
            }
        }
    }
    match flags.iter().find(|flag| !flag.is_allowed()) {
        Some(flag) => Err(Box::new(Message::error("Disallowed search flag '%s'").arg(flag.name()))),
        None => Ok(flags),
    }
}

/// How far around an address is looked, if a flag says so.
pub fn around(flags: &[Flag]) -> Result<Option<Flag>, Box<Message>> {
    let mut given = AROUND.into_iter().filter(|flag| flags.contains(flag));
    match (given.next(), given.next()) {
        (_, Some(_)) => Err(Box::new(Message::error(
            "ERROR:901: duplicate IP flags passed\n\nMore than one IP flag (-l, -L, -m, -M or -x) passed to the server.\n",
        ))),
        (one, None) => Ok(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_names() {
        let check = |value: &str, expected: &str| {
            let read = read(&[value.to_owned()]);
            let said = read.map_or_else(
                |message| message.to_string(),
                |flags| flags.iter().map(|flag| flag.name()).collect::<Vec<_>>().join(" "),
            );
            assert_eq!(said, expected);
        };
        check("rB", "no-referenced no-filtering");
        check("all-more", "all-more");
        check("rQ", "Invalid search flag 'Q' (in parameter 'rQ')");
        check("b", "Disallowed search flag 'abuse-contact'");
        check("q", "Disallowed search flag 'q'");
        check("KQ", "Invalid search flag 'Q' (in parameter 'KQ')"); // read first, judged then
    }

    #[test]
    fn one_of_the_flags_around_an_address() {
        for first in AROUND {
            assert_eq!(around(&[Flag::NoReferenced, first, first]).unwrap(), Some(first));
            for second in AROUND.into_iter().filter(|second| *second != first) {
                assert!(around(&[first, second]).unwrap_err().text.starts_with("ERROR:901"));
            }
        }
        assert_eq!(around(&[Flag::ReverseDomain]).unwrap(), None);
    }
}
