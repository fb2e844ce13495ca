//! What the registry knows of classes and attributes, as tables of constants.
//!
//! [`Class::template`] and [`Name::row`] are the ways in. A new class is a row of
//! `class.rs`, a new attribute one of `attribute.rs`.

mod attribute;
mod class;

pub use attribute::{ATTRIBUTES, Attribute, Name};
pub use class::{Class, Group, Requirement, Row, TEMPLATES, Template};

use std::fmt;

/// What the values of an attribute look like; [`crate::rpsl::syntax`] checks it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the variants are the syntaxes of the registry's documentation, by their names")]
#[rustfmt::skip]
pub enum Syntax {
    AggrBndry, AggrMtd, Alias, AsBlock, AsNumber, AsSet, AuthScheme, Certif, Changed, Components, Contact,
    CountryCode, Default, Domain, DsRdata, Email, Export, ExportComps, ExportVia, Filter, FilterSet, FreeForm,
    Generated, Geofeed, Geoloc, Holes, Ifaddr, Import, ImportVia, InetRtr, Inject, Interface, Ipv4, Ipv6, Irt,
    KeyCert, LanguageCode, MbrsByRef, MemberOf, Members, Method, MntRoutes, MpDefault, MpExport, MpFilter,
    MpImport, MpMembers, MpPeer, MpPeering, Netname, NicHandle, Nserver, Number, ObjectName, OrgName, OrgType,
    Organisation, Peer, Peering, PeeringSet, PersonRoleName, Phone, Pingable, Poem, PoeticForm, Prefixlen, Route,
    RouteSet, Route6, RtrSet, Source, Status,
}

impl Class {
    /// Every class, in the order in which the registry lists them.
    pub fn all() -> impl Iterator<Item = Class> {
        TEMPLATES.iter().map(|template| template.class)
    }

    /// Its table.
    pub fn template(self) -> &'static Template {
        // The table stands in the order of the variants: a test holds it.
        &TEMPLATES[self as usize]
    }

    /// Whether the registry chooses keys of it, in the place of `AUTO-1`.
    pub fn has_automatic_keys(self) -> bool {
        matches!(self, Class::Person | Class::Role | Class::Organisation | Class::KeyCert)
    }

    /// Its name, as in `inet6num:`.
    pub fn text(self) -> &'static str {
        self.template().text
    }

    /// The class with this name, in any letter case.
    pub fn from_text(text: &str) -> Option<Class> {
        Class::all().find(|class| class.text().eq_ignore_ascii_case(text))
    }

    /// The class with this name or short name, such as `mntner`, `mt` or `*mt` (the server's `ObjectType.getByName`).
    pub fn named(text: &str) -> Option<Class> {
        let bare = text.strip_prefix('*').filter(|short| short.len() == 2).unwrap_or(text);
        Class::from_text(text)
            .or_else(|| Class::all().find(|class| class.template().short.eq_ignore_ascii_case(bare)))
    }

    /// What its objects are.
    pub fn group(self) -> Group {
        self.template().group
    }

    /// Whether its objects are address space: inetnum and inet6num.
    pub fn is_address(self) -> bool {
        self.group() == Group::Address
    }

    /// Whether its objects are routes: route and route6.
    pub fn is_route(self) -> bool {
        self.group() == Group::Route
    }

    /// Whether its objects are persons or roles.
    pub fn is_contact(self) -> bool {
        self.group() == Group::Contact
    }

    /// Whether its objects lie in address space: the holder of that decides over them.
    pub fn is_in_space(self) -> bool {
        matches!(self.group(), Group::Address | Group::Route | Group::Zone)
    }

    /// The attribute that begins an object of the class.
    pub fn first(self) -> Name {
        self.template().rows[0].name
    }
}

impl Template {
    /// The row of `name`, if the class has the attribute.
    pub fn row(&self, name: Name) -> Option<&'static Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

impl Name {
    /// What holds for the attribute in every class.
    pub fn row(self) -> &'static Attribute {
        // The table stands in the order of the variants: a test holds it.
        &ATTRIBUTES[self as usize]
    }

    /// The name as printed, as in `mnt-by`.
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// The attribute with this long name, in any letter case.
    pub fn from_text(text: &str) -> Option<Name> {
        let rows = ATTRIBUTES.binary_search_by(|row| row.text.cmp(text)).ok();
        let found = rows.and_then(|index| ATTRIBUTES.get(index));
        let found = found.or_else(|| ATTRIBUTES.iter().find(|row| row.text.eq_ignore_ascii_case(text)));
        found.map(|row| row.name)
    }

    /// The attribute with this short name, such as `mb` or `*mb`.
    pub fn from_short(text: &str) -> Option<Name> {
        let text = text.strip_prefix('*').unwrap_or(text);
        ATTRIBUTES.iter().find(|row| row.short.eq_ignore_ascii_case(text)).map(|row| row.name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.text())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_stand_in_the_order_of_their_variants() {
        assert_eq!((TEMPLATES.len(), ATTRIBUTES.len()), (21, 106));
        for (index, template) in TEMPLATES.iter().enumerate() {
            assert_eq!(template.class as usize, index, "{}", template.text);
            assert_eq!(template.rows[0].name.text(), template.text, "an object begins with its class");
        }
        for (index, row) in ATTRIBUTES.iter().enumerate() {
            assert_eq!(row.name as usize, index, "{}", row.text);
        }
        assert!(ATTRIBUTES.is_sorted_by_key(|row| row.text), "`from_text` searches by halves");
    }
}
