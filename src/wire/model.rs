//! The shapes of the registry's JSON (`WhoisResources`), for both sides of the wire.
//!
//! Fields stand in the order in which the registry prints them; what is absent is not printed. Reading is
//! lenient where the registry is: fields that it ignores are ignored.

use serde::{Deserialize, Serialize};

/// A whole body: request or answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Resources {
    /// Where the answer is to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Which service answers, as in `search`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<serde_json::Value>,
    /// The parameters of a search, given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<serde_json::Value>,
    /// The objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objects: Option<Objects>,
    /// What is said about the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errormessages: Option<ErrorMessages>,
    /// The legal notice.
    #[serde(rename = "terms-and-conditions", skip_serializing_if = "Option::is_none")]
    pub terms: Option<Link>,
}

/// A link.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Link {
    /// Always `locator`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// The URL.
    #[serde(default)]
    pub href: String,
}

/// A list of objects.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Objects {
    /// The objects.
    #[serde(default)]
    pub object: Vec<WireObject>,
}

/// An object as the wire has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WireObject {
    /// Its class.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<WireAttributes>,
    /// Its attributes.
    #[serde(default)]
    pub attributes: WireAttributes,
    /// Who holds the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_holder: Option<serde_json::Value>,
    /// Whom to write about abuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abuse_contact: Option<serde_json::Value>,
    /// Whether the RIPE NCC manages attributes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed: Option<bool>,
    /// What a batch wants done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// The name of a source.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct SourceId {
    /// In small letters in answers.
    #[serde(default)]
    pub id: String,
}

/// A list of attributes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct WireAttributes {
    /// The attributes.
    #[serde(default)]
    pub attribute: Vec<WireAttribute>,
}

/// An attribute as the wire has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WireAttribute {
    /// Where the object is that the value names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The class of the object that the value names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_type: Option<String>,
    /// Whether the RIPE NCC manages it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed: Option<bool>,
}

/// An object, and what refers to it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// Its key.
    pub primary_key: String,
    /// Its class.
    pub object_type: String,
    /// What refers to it, as far as that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incoming: Vec<Reference>,
}

/// A list of messages.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct ErrorMessages {
    /// The messages.
    #[serde(default)]
    pub errormessage: Vec<WireMessage>,
}

/// A message as the wire has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct WireMessage {
    /// `Error`, `Warning` or `Info`.
    #[serde(default)]
    pub severity: String,
    /// The attribute that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<WireAttribute>,
    /// A template with `%s` and `%d`.
    #[serde(default)]
    pub text: String,
    /// What stands in the places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<WireArg>,
}

/// An argument of a message.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct WireArg {
    /// The text; some are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
