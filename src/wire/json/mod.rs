//! A body in JSON, read as the registry's library reads it (Jackson): in the shapes of the registry's classes, a number
//! or word where a text is wanted is its own text, and of a field that is given twice the last counts. What is wrong is
//! said in its words: the first fault in the order in which it is read, and where.

mod scanner;
mod shape;

pub use scanner::read;

/// What a body says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Json {
    /// Nothing, or what nobody asks for.
    Null,
    /// A text.
    Text(String),
    /// The elements of an array.
    List(Vec<Json>),
    /// The fields of an object, in order.
    Record(Vec<(String, Json)>),
}

impl Json {
    /// The field of an object that counts.
    pub fn field(&self, name: &str) -> &Json {
        match self {
            Json::Record(fields) => {
                fields.iter().rev().find(|(own, _)| own == name).map_or(&Json::Null, |(_, value)| value)
            }
            _ => &Json::Null,
        }
    }

    /// The elements, if it is an array.
    pub fn elements(&self) -> &[Json] {
        if let Json::List(elements) = self { elements } else { &[] }
    }

    /// A field that is a text.
    pub fn text(&self, name: &str) -> Option<String> {
        if let Json::Text(text) = self.field(name) { Some(text.clone()) } else { None }
    }
}

/// A fault, and the byte at which the registry says that it is.
#[derive(Debug, Eq, PartialEq)]
pub struct Fault {
    /// What it is.
    pub text: String,
    /// Behind what was read last.
    pub at: usize,
}
