//! Searches: many objects in one answer.

use reqwest::Method;

use super::{
    Registry,
    address::encoded_value,
    read::refused,
    request::{Effect, Request, Size, To},
    trouble::Trouble,
};
use crate::{
    net::{Asn, Block},
    rpsl::{Class, Name, Object, schema},
};

/// What is searched for.
#[derive(Clone, Debug)]
pub enum Search<'a> {
    /// Objects in which one of the attributes has the value.
    Inverse {
        /// The value, such as the name of a maintainer.
        value: &'a str,
        /// The attributes.
        attributes: &'a [Name],
        /// Of these classes; of all, if there are none.
        classes: &'a [Class],
    },
    /// The as-block that holds an AS number.
    AsBlock(Asn),
    /// Address objects of the classes around a block.
    Space {
        /// The block.
        block: Block,
        /// Which side of it.
        relation: Relation,
        /// Of these classes.
        classes: &'a [Class],
    },
}

/// Which objects of an address search are meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Relation {
    /// At exactly the block, and all that contain it.
    Covering,
    /// All inside the block, without those at exactly it.
    Below,
}

impl Registry {
    /// The objects that the registry finds, unformatted and without those that they refer to. `auth` of
    /// maintainers is always filtered here (api.md §4, Reading).
    pub async fn search(&self, search: &Search<'_>) -> Result<Vec<Object>, Trouble> {
        let answered = self
            .send(Request {
                method: Method::GET,
                path: "search".to_owned(),
                query: search.query(&self.0.remote.source),
                body: None,
                elsewhere: None,
                size: Size::Search,
                effect: Effect::None,
                to: To::Rest,
            })
            .await?;
        let errors = answered.reply.errors();
        match answered.status {
            200 if errors.is_empty() && !answered.reply.objects.is_empty() => Ok(answered.reply.objects),
            // Where nothing is found the registry says so, with 404.
            200 => Err(refused(200, &[errors, vec!["there is no object in the answer".into()]].concat())
                .at(answered.url)),
            404 if answered.reply.says_absent() => Ok(Vec::new()),
            status => Err(refused(status, &errors).at(answered.url)),
        }
    }
}

impl Search<'_> {
    /// The query of the request.
    fn query(&self, source: &str) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        match self {
            Search::Inverse { value, attributes, classes } => {
                let names: Vec<&str> = attributes.iter().map(|name| name.text()).collect();
                pairs.push(("query-string", (*value).to_owned()));
                pairs.push(("inverse-attribute", names.join(",")));
                pairs.extend(classes.iter().map(|class| ("type-filter", class.text().to_owned())));
            }
            Search::AsBlock(asn) => {
                pairs.push(("query-string", asn.to_string()));
                pairs.push(("type-filter", Class::AsBlock.text().to_owned()));
            }
            Search::Space { block, relation, classes } => {
                pairs.push(("query-string", block.prefix_text()));
                pairs.extend(classes.iter().map(|class| ("type-filter", class.text().to_owned())));
                pairs.push(("flags", relation.flag().to_owned()));
                if classes.contains(&Class::Domain) {
                    pairs.push(("flags", "reverse-domain".to_owned()));
                }
            }
        }
        pairs.push(("source", source.to_owned()));
        pairs.extend(["no-referenced", "no-filtering"].map(|flag| ("flags", flag.to_owned())));
        let text: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", encoded_value(value))).collect();
        format!("{}&unformatted", text.join("&"))
    }
}

impl Relation {
    fn flag(self) -> &'static str {
        match self {
            Relation::Covering => "all-less",
            Relation::Below => "all-more",
        }
    }
}

/// The attributes by which the registry finds what refers to an object of `class`. `sponsoring-org` is one for
/// the RIPE NCC only (`RpslObjectSearcher`).
pub(super) fn referring_attributes(class: Class) -> Vec<Name> {
    let searched = |name: Name| {
        let mut rows = Class::all().filter_map(|class| class.template().row(name));
        name != Name::SponsoringOrg && rows.any(|row| row.inverse)
    };
    let refers = |row: &&schema::Attribute| row.references.contains(&class) && searched(row.name);
    schema::ATTRIBUTES.iter().filter(refers).map(|row| row.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_asked_as_the_registry_understands_them() {
        let check = |search: Search, expected: &str| assert_eq!(search.query("RIPE"), expected);
        check(
            Search::Inverse { value: "HOBBY-MNT", attributes: &[Name::MntBy], classes: &[] },
            "query-string=HOBBY-MNT&inverse-attribute=mnt-by&source=RIPE&flags=no-referenced&flags=no-filtering&unformatted",
        );
        let block = Block::parse("2a0f:85c1:260::/44").unwrap();
        check(
            Search::Space { block, relation: Relation::Below, classes: &[Class::Inet6num, Class::Domain] },
            concat!(
                "query-string=2a0f:85c1:260::/44&type-filter=inet6num&type-filter=domain&flags=all-more",
                "&flags=reverse-domain&source=RIPE&flags=no-referenced&flags=no-filtering&unformatted"
            ),
        );
        let block = Block::parse("10.0.0.1 - 10.0.0.2").unwrap();
        let search = Search::Space { block, relation: Relation::Covering, classes: &[Class::Inetnum] };
        assert!(
            search.query("RIPE").starts_with("query-string=10.0.0.1%20-%2010.0.0.2&type-filter=inetnum&")
        );
    }

    #[test]
    fn what_refers_to_a_contact_or_maintainer() {
        let check = |class, name, expected| {
            assert_eq!(referring_attributes(class).contains(&name), expected, "{class} {name}");
        };
        check(Class::Person, Name::AdminC, true);
        check(Class::Mntner, Name::MntBy, true);
        check(Class::Mntner, Name::AdminC, false);
        check(Class::Organisation, Name::Org, true);
        check(Class::Organisation, Name::SponsoringOrg, false);
    }
}
