//! The cursor over the tokens of a value, and how a refusal is worded.

use super::{
    Grammar, PolicyError,
    lexer::{Place, tokens},
    token::Token,
};
use crate::net::Family;

/// Deeper parentheses are refused, so that no value can exhaust the stack.
const MAX_DEPTH: usize = 200;

/// Result of recognising a part of a value.
pub(super) type Recognised = Result<(), PolicyError>;

/// A place in a value. The methods that recognise parts of it are in the modules of the grammars;
/// each leaves the cursor behind what it recognised.
pub(super) struct Parser<'v> {
    pub(super) grammar: Grammar,
    /// Families of the prefixes that filters may list.
    pub(super) prefixes: &'static [Family],
    /// Families of the addresses of routers and next hops.
    pub(super) addresses: &'static [Family],
    value: &'v str,
    places: std::iter::Peekable<std::vec::IntoIter<Place>>,
    /// What was looked for at the current place, in vain.
    sought: Vec<Sought>,
    depth: usize,
}

/// What was looked for: one token, or what begins with any of several.
#[derive(Clone, Copy)]
enum Sought {
    Token(Token),
    Part(&'static str),
}

impl<'v> Parser<'v> {
    pub(super) fn new(grammar: Grammar, value: &'v str) -> Parser<'v> {
        Parser {
            grammar,
            prefixes: grammar.prefixes(),
            addresses: grammar.addresses(),
            value,
            places: tokens(value, &grammar.lexicon()).into_iter().peekable(),
            sought: Vec::new(),
            depth: 0,
        }
    }

    fn place(&mut self) -> Place {
        let end = self.value.len();
        self.places.peek().copied().unwrap_or(Place { token: Token::End, start: end, end })
    }

    /// The token at the cursor.
    pub(super) fn token(&mut self) -> Token {
        self.place().token
    }

    /// Steps over `token` if it is the next; otherwise remembers that it would have been right.
    pub(super) fn take(&mut self, token: Token) -> bool {
        if self.token() == token {
            self.step();
            return true;
        }
        self.sought.push(Sought::Token(token));
        false
    }

    fn step(&mut self) {
        self.places.next();
        self.sought.clear();
    }

    /// As [`Parser::take`], for a keyword.
    pub(super) fn word(&mut self, word: &'static str) -> bool {
        self.take(Token::Keyword(word))
    }

    /// As [`Parser::take`], for a sign.
    pub(super) fn sign(&mut self, sign: char) -> bool {
        self.take(Token::Symbol(sign))
    }

    /// Steps over any of `choices`.
    pub(super) fn take_any(&mut self, choices: impl IntoIterator<Item = Token>) -> bool {
        choices.into_iter().any(|token| self.take(token))
    }

    /// Steps over `token` or refuses.
    pub(super) fn need(&mut self, token: Token) -> Recognised {
        if self.take(token) { Ok(()) } else { self.refuse() }
    }

    /// Steps over any of `choices` or refuses.
    pub(super) fn need_any(&mut self, choices: impl IntoIterator<Item = Token>) -> Recognised {
        if self.take_any(choices) { Ok(()) } else { self.refuse() }
    }

    /// Steps over a keyword or refuses.
    pub(super) fn need_word(&mut self, word: &'static str) -> Recognised {
        self.need(Token::Keyword(word))
    }

    /// Steps over a sign or refuses.
    pub(super) fn need_sign(&mut self, sign: char) -> Recognised {
        self.need(Token::Symbol(sign))
    }

    /// Steps over an integer of at most `max` or refuses.
    pub(super) fn need_number(&mut self, max: u32) -> Recognised {
        let Place { token, start, end } = self.place();
        let number = self.value.get(start..end).and_then(|text| text.parse::<u32>().ok());
        if token == Token::Integer && number.is_some_and(|number| number <= max) {
            self.step();
            return Ok(());
        }
        self.refuse_for(&format!("a number of 0 to {max}"))
    }

    /// The end of the value, or a refusal.
    pub(super) fn end(&mut self) -> Recognised {
        self.need(Token::End)
    }

    /// One or more of `part`, separated by commas.
    pub(super) fn list(&mut self, part: impl Fn(&mut Self) -> Recognised) -> Recognised {
        part(self)?;
        while self.sign(',') {
            part(self)?;
        }
        Ok(())
    }

    /// `part` and the closing parenthesis; the opening one has been read.
    pub(super) fn parenthesised(&mut self, part: impl Fn(&mut Self) -> Recognised) -> Recognised {
        if self.depth == MAX_DEPTH {
            return self.refuse_for(&format!("at most {MAX_DEPTH} parentheses within one another"));
        }
        self.depth += 1;
        part(self)?;
        self.depth -= 1;
        self.need_sign(')')
    }

    /// `part`s with one of the words `joins` between them. Which word binds closer does not change
    /// what is accepted.
    pub(super) fn joined(
        &mut self,
        joins: &[&'static str],
        part: impl Fn(&mut Self) -> Recognised,
    ) -> Recognised {
        part(self)?;
        while joins.iter().any(|word| self.word(word)) {
            part(self)?;
        }
        Ok(())
    }

    /// Runs `part`, which tells whether it is there. If it is not, a refusal will name it as a whole
    /// and not the many tokens it could begin with.
    pub(super) fn optional(
        &mut self,
        name: &'static str,
        part: impl Fn(&mut Self) -> Result<bool, PolicyError>,
    ) -> Result<bool, PolicyError> {
        let before = self.sought.len();
        let found = part(self)?;
        if !found {
            self.sought.truncate(before);
            self.sought.push(Sought::Part(name));
        }
        Ok(found)
    }

    /// Refuses what is at the cursor, for lack of anything that was looked for there.
    pub(super) fn refuse<T>(&mut self) -> Result<T, PolicyError> {
        let lexicon = self.grammar.lexicon();
        let mut phrases: Vec<String> = Vec::new();
        for sought in &self.sought {
            let phrase = match sought {
                Sought::Token(token) if !lexicon.knows(*token) => continue,
                Sought::Token(token) => token.to_string(),
                Sought::Part(part) => String::from(*part),
            };
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        let expected = match phrases.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::from("something else"),
        };
        self.refuse_for(&expected)
    }

    /// Refuses what is at the cursor, for lack of `expected`.
    pub(super) fn refuse_for<T>(&mut self, expected: &str) -> Result<T, PolicyError> {
        let Place { token, start, end } = self.place();
        let expected = match token {
            Token::Invalid(right) => right,
            _ => expected,
        };
        let found = self.value.get(start..end).unwrap_or_default();
        Err(PolicyError { offset: start, expected: expected.to_owned(), found: found.to_owned() })
    }
}
