//! What a template may be, told from its tokens before it is parsed.
//!
//! A template comes from the repository, which is not trusted, and whatever it says ends soon and in little memory.
//! Fuel bounds the number of steps; that one step stays small is held here:
//!
//! * nesting is bounded, for the parser and the engine recurse along it;
//! * nothing repeats a string by a number;
//! * what is computed cannot be computed from again and again: `for` and `set` name values, and do not join them. A
//!   value that is bound is then no larger than what it comes from, and one expression adds few of them.

use std::ops::Range;

use minijinja::{
    Error,
    machinery::{Span, Token, tokenize},
};

use super::offered;

/// The longest template, in bytes. The examples have 300.
const LONGEST: usize = 32 << 10;
/// How many `{{ … }}` and `{% … %}` a template has, at most.
const TAGS: usize = 1000;
/// How many words and signs one of them has, at most.
const TOKENS: usize = 100;
/// How deep `if` and `for` stand in each other, at most.
const NESTING: usize = 16;
/// How many `elif` a template has, at most: the parser takes each for one level more.
const ELIFS: usize = 50;

/// What is not offered in a template, and where it stands.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Excess {
    /// What.
    pub text: String,
    /// The bytes of the template.
    pub at: Range<usize>,
}

/// Refuses a template that goes beyond what is offered. What is no template at all is left to the parser.
pub(super) fn check(text: &str) -> Result<(), Excess> {
    if text.len() > LONGEST {
        let text = format!("the template has {} bytes; at most {LONGEST} are read", text.len());
        return Err(Excess { text, at: 0..0 });
    }
    let mut reader = Reader::default();
    for token in tokenize(text, false, offered::syntax()) {
        let Ok((token, span)) = token else { return Ok(()) };
        reader.read(&token).map_err(|text| Excess { text, at: range(span) })?;
    }
    Ok(())
}

fn range(span: Span) -> Range<usize> {
    let offset = |offset| usize::try_from(offset).unwrap_or_default();
    offset(span.start_offset)..offset(span.end_offset)
}

/// What has been seen of a template, and of the tag that is being read.
#[derive(Default)]
struct Reader {
    tags: usize,
    elifs: usize,
    nesting: usize,
    tokens: usize,
    tag: Tag,
    /// Whether the `=` of a `set` has been read: what has a comma behind it is a list, `a, a`.
    assigned: bool,
    /// The brackets that are open.
    open: Vec<Bracket>,
    /// Whether a bracket that comes now belongs to a call.
    calls: bool,
}

/// What a tag does.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
enum Tag {
    /// It shows a value, or decides.
    #[default]
    Shows,
    /// It is a statement, and the word that says which is next.
    Begins,
    /// It gives names to values: `for`, or `set` behind its `=`.
    Names,
    /// It is a `set`, and its `=` is still to come.
    Unassigned,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Bracket {
    /// Arguments of a filter or function.
    Call,
    /// A list, or the index of one.
    List,
}

impl Reader {
    fn read(&mut self, token: &Token) -> Result<(), String> {
        match token {
            Token::VariableStart | Token::BlockStart => {
                return self.begin(matches!(token, Token::BlockStart));
            }
            Token::BlockEnd if self.tag == Tag::Unassigned => {
                return Err("`set` without `=` is not offered in templates".to_owned());
            }
            Token::TemplateData(_) | Token::VariableEnd | Token::BlockEnd => return Ok(()),
            Token::Mul | Token::Pow => return Err(format!("{token} is not offered in templates")),
            _ => {}
        }
        self.tokens += 1;
        if self.tokens > TOKENS {
            return Err(format!("this has more than {TOKENS} words and signs; write it as several"));
        }
        match (self.tag, token) {
            (Tag::Begins, Token::Ident(word)) => self.statement(word),
            (Tag::Names | Tag::Unassigned, _) => self.naming(token),
            (Tag::Shows | Tag::Begins, _) => Ok(()),
        }
    }

    fn begin(&mut self, is_statement: bool) -> Result<(), String> {
        let (tags, elifs, nesting) = (self.tags + 1, self.elifs, self.nesting);
        let tag = if is_statement { Tag::Begins } else { Tag::Shows };
        *self = Reader { tags, elifs, nesting, tag, ..Reader::default() };
        match tags > TAGS {
            true => Err(format!("the template has more than {TAGS} tags")),
            false => Ok(()),
        }
    }

    fn statement(&mut self, word: &str) -> Result<(), String> {
        match word {
            "if" | "for" => self.nesting += 1,
            "endif" | "endfor" => self.nesting = self.nesting.saturating_sub(1),
            "elif" => self.elifs += 1,
            "else" | "set" => {}
            other => {
                return Err(format!(
                    "`{other}` is not offered in templates: they have `if`, `elif`, `else`, `for`, `set` and `raw`"
                ));
            }
        }
        self.tag = match word {
            "for" => Tag::Names,
            "set" => Tag::Unassigned,
            _ => Tag::Shows,
        };
        self.calls = word == "for"; // its names may stand in brackets
        match (self.nesting > NESTING, self.elifs > ELIFS) {
            (true, _) => Err(format!("`if` and `for` stand more than {NESTING} deep in each other")),
            (_, true) => Err(format!("the template has more than {ELIFS} `elif`")),
            (false, false) => Ok(()),
        }
    }

    /// Reads on in a tag that gives names to values.
    fn naming(&mut self, token: &Token) -> Result<(), String> {
        let calls = std::mem::replace(&mut self.calls, is_callable(token));
        match token {
            Token::Assign => (self.tag, self.assigned) = (Tag::Names, true),
            Token::Comma if self.assigned && self.open.is_empty() => {
                return Err("`set` gives a name to one value: a list stands in brackets".to_owned());
            }
            Token::Tilde | Token::Plus | Token::BraceOpen => {
                return Err(format!("{token} is not offered in `for` and `set`: write it where it is shown"));
            }
            Token::Ident("recursive") => {
                return Err("a `recursive` loop is not offered in templates".to_owned());
            }
            Token::Ident(name) if self.open.last() == Some(&Bracket::List) => {
                return Err(format!("a list in `for` and `set` has texts and numbers, not `{name}`"));
            }
            Token::ParenOpen if calls => self.open.push(Bracket::Call),
            // In brackets of its own, what has a comma is a list: `(a, a)`.
            Token::ParenOpen | Token::BracketOpen => self.open.push(Bracket::List),
            Token::ParenClose | Token::BracketClose => {
                self.open.pop();
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether a parenthesis behind this token holds arguments, or the names that a `for` gives.
fn is_callable(token: &Token) -> bool {
    const WORDS: [&str; 8] = ["in", "if", "else", "and", "or", "not", "is", "set"];
    matches!(token, Token::Ident(word) if !WORDS.contains(word))
}

/// What an error of the engine means, where it means a bound.
pub(super) fn meaning(error: &Error) -> Option<&'static str> {
    match error.kind() {
        minijinja::ErrorKind::OutOfFuel => {
            Some("this goes on too long: a template makes one object, and its loops are as long as its lists")
        }
        minijinja::ErrorKind::WriteFailure => Some("this makes too much text: a template makes one object"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_addresses_need_is_offered() {
        for text in [
            "inet6num: {{ prefix }}\nnetname: HOBBY-{{ block | upper }}\n",
            "{% for server in nserver %}nserver: {{ server }}\n{% endfor %}",
            "{% for a in [\"a\", \"b\"] %}{{ a ~ '.' ~ zone }}{% else %}x{% endfor %}",
            "{% for name, value in vars | dictsort %}{{ loop.index }}{% endfor %}",
            "{% for (name, value) in vars.items | items %}{% endfor %}{% for i in range(0, index) %}{% endfor %}",
            "{% set name = netname | default(block | upper) | replace(\"-\", \"_\") %}{{ name }}",
            "{% if country is defined and length < 48 %}{% elif a %}{% else %}{% endif %}",
            "{% raw %}{% macro x() %}{{ a * b }}{% endraw %}{# {% macro %} #}{{ '{% macro %}' }}",
            "+ * ** {{ x[0] }} {{ (index + 1) // 2 - 1 }}",
            "{{ broken",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_grows_or_nests_without_a_bound_is_not() {
        let refused = |text: &str, expected: &str| {
            let found = check(text).map_err(|excess| (excess.text, text.get(excess.at).unwrap().to_owned()));
            let (said, _) = found.unwrap_err();
            assert!(said.contains(expected), "{said}");
        };
        refused("{{ 'a' * 4000000000 }}", "`*` is not offered");
        refused("{{ 2 ** 99 }}", "`**` is not offered");
        refused("{% set x = x ~ x %}", "`~` is not offered in `for` and `set`");
        refused("{% set x = x + x %}", "`+` is not offered");
        refused("{% set x = [x, x] %}", "not `x`");
        refused("{% set x = (x, x) %}", "not `x`");
        refused("{% for y in (x, x) %}", "not `x`");
        refused("{% set x = x, x %}", "a list stands in brackets");
        refused("{% set a, b = 1, x %}", "a list stands in brackets");
        refused("{% for y in {'a': x} %}", "`{` is not offered");
        refused("{% set x %}{{ x }}{{ x }}{% endset %}", "`set` without `=`");
        refused("{% for y in x recursive %}", "`recursive`");
        for word in [
            "macro m()",
            "include 'a'",
            "import 'a' as b",
            "extends 'a'",
            "block a",
            "call m()",
            "with a = b",
        ] {
            refused(&format!("{{% {word} %}}"), "is not offered in templates: they have");
        }
        refused("{% filter upper %}", "`filter` is not offered");
        refused("{% do x %}", "`do` is not offered");
        refused(&"{% if a %}".repeat(NESTING + 1), "deep in each other");
        refused(&format!("{{% if a %}}{}", "{% elif b %}".repeat(ELIFS + 1)), "more than 50 `elif`");
        refused(&format!("{{{{ {} }}}}", "(".repeat(TOKENS + 1)), "more than 100 words and signs");
        refused(&"{{ a }}".repeat(TAGS + 1), "more than 1000 tags");
        refused(&"a".repeat(LONGEST + 1), "at most 32768 are read");
    }

    #[test]
    fn the_place_is_that_of_the_word() {
        let text = "a\n{{ b ~ c }}\n{{ b ** c }}\n";
        assert_eq!(text.get(check(text).unwrap_err().at), Some("**"));
    }
}
