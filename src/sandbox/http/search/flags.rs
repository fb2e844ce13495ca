//! The flags of a search: letters, or long names (rules.md §9).

use crate::rules::Message;

macro_rules! flags {
    ($($flag:ident $letter:literal $name:literal $allowed:literal)*) => {
        /// A flag that a search takes.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Flag { $(#[doc = $name] $flag),* }

        /// Every flag: letter (or none), long name, and whether a search over REST takes it.
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
    Inverse "i" "inverse" false
    Brief "F" "brief" true
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
    ListSourcesOrVersion "q" "list-sources-or-version" false
    Charset "" "charset" false
    Template "t" "template" false
    Verbose "v" "verbose" false
    Client "V" "client" false
    ListVersions "" "list-versions" false
    DiffVersions "" "diff-versions" false
    ShowVersion "" "show-version" false
}

impl Flag {
    /// Its long name.
    pub fn name(self) -> &'static str {
        FLAGS.iter().find(|(flag, ..)| *flag == self).map_or("", |(_, _, name, _)| name)
    }
}

/// Reads the values of `flags`: each is a long name, or letters.
pub fn read(values: &[String]) -> Result<Vec<Flag>, Box<Message>> {
    let mut flags = Vec::new();
    for value in values {
        match FLAGS.iter().find(|(_, _, name, _)| name == value) {
            Some(found) => flags.push(allowed(found)?),
            None => {
                for letter in value.chars() {
                    let letter = letter.to_string();
                    let found = FLAGS.iter().find(|(_, short, ..)| *short == letter);
                    let text = "Invalid search flag '%s' (in parameter '%s')";
                    let found =
                        found.ok_or_else(|| Box::new(Message::error(text).arg(&letter).arg(value)))?;
                    flags.push(allowed(found)?);
                }
            }
        }
    }
    Ok(flags)
}

fn allowed((flag, _, name, allowed): &(Flag, &str, &str, bool)) -> Result<Flag, Box<Message>> {
    let refuse = || Box::new(Message::error("Disallowed search flag '%s'").arg(name));
    if *allowed { Ok(*flag) } else { Err(refuse()) }
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
    }
}
