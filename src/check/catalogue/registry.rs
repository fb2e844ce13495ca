//! The registry's rules about the text of an object, which are no rows of a table elsewhere.

use super::own::Row;

/// About the text of an object, before anyone's permission is asked (rules.md §1, §3, §4, §8).
#[rustfmt::skip]
pub const TEXT: &[Row] = &[
    ("account-exists", "SsoTranslator", "`auth: SSO` names an account that exists"),
    ("characters-lossy", "RpslObjectCharacterConversion", "no character is lost: beyond Latin-1 only `descr` and `remarks` take some"),
    ("characters-mail-domain", "UpdateCreator", "mail domains are stored in punycode"),
    ("delete-missing", "SingleUpdateHandler", "what is deleted exists"),
    ("deprecated", "UpdateTransformers", "attributes that the registry no longer has are left out"),
    ("domain-dns", "DnsChecker", "the name servers of a reverse zone answer for it"),
    ("generated-as-status", "AutnumAttributeGenerator", "the `status` of an aut-num is the registry's to say"),
    ("generated-legacy-status", "LegacyStatusAttributeGenerator", "below LEGACY space everything is LEGACY"),
    ("generated-source", "SourceAttributeGenerator", "the `source` follows from the region of the resource"),
    ("generated", "AttributeGenerator", "`created`, `last-modified` and what follows from a certificate are the registry's to say"),
    ("identical", "UpdateObjectHandler", "an update changes something"),
    ("key-automatic-class", "AutoKeyResolver", "a placeholder `AUTO-n` stands for an object of a fitting class"),
    ("key-automatic-twice", "AutoKeyResolver", "a placeholder `AUTO-n` is used for one object"),
    ("key-automatic-unknown", "AutoKeyResolver", "a placeholder `AUTO-n` in a reference stands for an object of the same run"),
    ("key-cert-readable", "KeycertAttributeGenerator", "a certificate or PGP key can be read"),
    ("key-must-be-automatic", "AutoKeyResolver", "the registry chooses the ids of new organisations and X.509 certificates"),
    ("key-not-available", "NicHandleFactory", "a handle that was used once is never given again"),
    ("key-suffix", "NicHandle", "a new handle ends in the name of a registry or a country"),
    ("short-names", "ShortFormatAttributeTransformer", "attribute names are written in full"),
    ("spelling", "AttributeSanitizer", "keys and addresses are stored in the registry's spelling"),
    ("structure-filtered", "FilteredOutputValidator", "an object read without the right to see all of it is not written back"),
    ("structure-missing", "ObjectTemplate", "mandatory attributes are there"),
    ("structure-not-valid", "ObjectTemplate", "attributes belong to the class"),
    ("structure-references", "MaxReferencesValidator", "an object has no more references than the registry takes"),
    ("structure-repeated", "ObjectTemplate", "an attribute that may stand once stands once"),
    ("structure-unknown", "ObjectTemplate", "attributes are known"),
    ("syntax", "AttributeSyntax", "values have the form that their attribute asks for"),
    ("unreadable", "RpslObject", "the registry can read the object at all: its key once and not empty, one `source`, IPv4 prefixes without host bits"),
];
