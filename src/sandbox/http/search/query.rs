//! The parameters of a search, read in the order in which the registry reads them: the first wrong one is named.

use serde_json::{Value, json};

use super::flags::{self, Flag};
use crate::{
    net::Block,
    rpsl::{Class, Name},
    rules::Message,
    sandbox::http::{Server, call::Call, key::SearchKey, object::invalid_key, path::has_flags},
};

/// A search.
#[derive(Debug)]
pub struct Query {
    /// What is looked for.
    pub key: SearchKey,
    /// The search key as written.
    pub text: String,
    /// Objects of these classes are looked for.
    pub classes: Vec<Class>,
    /// By what the objects say in these attributes, instead of their keys.
    pub inverse: Option<Vec<Name>>,
    /// How far around an address.
    pub around: Option<Flag>,
    /// All flags.
    pub flags: Vec<Flag>,
    /// In capital letters; none for the whole registry.
    pub sources: Vec<String>,
    /// How many objects are passed over.
    pub offset: i64,
    /// How many are shown at most.
    pub limit: Option<i64>,
    named_classes: Vec<Class>,
}

/// Why a search is refused.
#[derive(Debug)]
pub enum Refused {
    /// A number is none: the web server finds no such page.
    NoNumber,
    /// By the service, whose answer links to the request.
    Linked(Box<Message>),
    /// Behind it.
    Plain(Vec<Message>),
}

impl Query {
    /// Reads the parameters.
    pub fn read(server: &Server, call: &Call) -> Result<Query, Refused> {
        let (limit, offset) = (number(call, "limit")?, number(call, "offset")?);
        let sources = sources(server, call)?;
        let text = text(call)?;
        let flags = flags::read(&call.values("flags")).map_err(Refused::Linked)?;
        for (name, flag) in [
            ("source", "sources"),
            ("type-filter", "select-types"),
            ("inverse-attribute", "inverse"),
            ("client", "client"),
        ] {
            if call.values(name).iter().any(|value| has_flags(value)) {
                return Err(plain(Message::error(format!("--{flag} has a flag argument"))));
            }
        }
        if has_flags(&text) {
            return Err(plain(Message::error("search key can not contain flags")));
        }
        let (attribute, searched) = match flags.contains(&Flag::Inverse) {
            true => text.split_once(' ').map_or((Some(text.as_str()), ""), |(name, rest)| (Some(name), rest)),
            false => (None, text.as_str()),
        };
        let mut key = SearchKey::new(searched);
        if flags.contains(&Flag::ReverseDomain) {
            (key.block, key.zone) = (key.block.or(key.zone), key.zone.or(key.block));
        }
        let named_classes = classes(call)?;
        let inverse = inverse(call, attribute)?;
        let classes = wanted(&named_classes, &flags, inverse.is_some(), &key);
        let around = flags::around(&flags).map_err(|message| plain(*message))?;
        let offset = offset.unwrap_or(0);
        let query =
            Query { key, text, classes, inverse, around, flags, sources, offset, limit, named_classes };
        match query.complaints(call) {
            complaints if complaints.is_empty() => Ok(query),
            complaints => Err(Refused::Plain(complaints)),
        }
    }

    /// Whether a flag is given.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// Whether it asks what there is in the registry, whatever its key is. The answer has no objects.
    pub fn is_about_the_registry(&self) -> bool {
        self.has(Flag::Types)
    }

    /// Whether its key is the word for help, which is given to who asks for nothing else.
    pub fn is_for_help(&self) -> bool {
        self.key.text.eq_ignore_ascii_case("help")
    }

    /// What is wrong with the search as a whole.
    fn complaints(&self, call: &Call) -> Vec<Message> {
        let more = matches!(self.around, Some(Flag::OneMore | Flag::AllMore));
        let too_large = more && self.key.block.is_some_and(is_everything);
        let together = self.incompatible().map(|(one, other)| {
            let text = "ERROR:109: invalid combination of flags passed\n\nThe flags \"%s\" and \"%s\" cannot be used together.\n";
            Message::error(text).arg(one).arg(other)
        });
        let start = self.key.text.to_ascii_uppercase();
        let secret =
            self.inverse.is_some() && ["SSO ", "MD5-PW "].iter().any(|scheme| start.starts_with(scheme));
        let without_key = self.is_about_the_registry() || self.is_for_help();
        let all = [
            too_large.then(|| Message::error(TOO_LARGE)),
            (proxied(call).len() > 2 || proxy_address(call).is_some_and(|address| !is_address(&address)))
                .then(|| Message::error(MALFORMED)),
            together,
            (!without_key && self.key.text.is_empty())
                .then(|| Message::error("ERROR:106: no search key specified\n\nNo search key specified\n")),
            (!without_key && self.inverse.is_none() && self.classes.is_empty()).then(invalid_key),
            secret.then(|| {
                Message::error("Inverse search on 'auth' attribute is limited to 'key-cert' objects only\n")
            }),
        ];
        all.into_iter().flatten().collect()
    }

    /// The first two flags that exclude each other, as the registry spells them.
    fn incompatible(&self) -> Option<(&'static str, &'static str)> {
        let resource = self.has(Flag::Resource);
        if resource && !self.sources.is_empty() {
            return Some(("--resource", "-s, --sources"));
        }
        if resource && self.inverse.is_some() {
            return Some(("--resource", "-i, --inverse"));
        }
        (self.has(Flag::ValidSyntax) && self.has(Flag::NoValidSyntax))
            .then_some(("--valid-syntax", "--no-valid-syntax"))
    }

    /// The parameters as the answer gives them back.
    pub fn parameters(&self, call: &Call) -> Value {
        let list = |inner: &str, key: &str, values: Vec<String>| match values.is_empty() {
            true => json!({}),
            false => json!({ inner: values.iter().map(|value| json!({ key: value })).collect::<Vec<_>>() }),
        };
        let flags = self.flags.iter().map(|flag| flag.name().to_owned()).collect();
        json!({
            "inverse-lookup": list("inverse-attribute", "value", call.values("inverse-attribute")),
            "type-filters": list("type-filter", "id", self.named_classes.iter().map(Class::to_string).collect()),
            "flags": list("flag", "value", flags),
            "query-strings": list("query-string", "value", vec![self.text.clone()]),
            "sources": list("source", "id", call.values("source")),
        })
    }
}

const TOO_LARGE: &str = "ERROR:112: unsupported query\n\n'-mM' query options are not allowed on very large ranges/prefixes.\nThis data is available from the daily object split files:\nftp://ftp.ripe.net/ripe/dbase/split/\n";
const MALFORMED: &str = "ERROR:111: invalid option supplied\n\nUse help query to see the valid options.\n";

fn plain(message: Message) -> Refused {
    Refused::Plain(vec![message])
}

/// A number, as the registry's library reads it; an empty value is none.
fn number(call: &Call, name: &str) -> Result<Option<i64>, Refused> {
    let given = call.values(name).into_iter().next().filter(|value| !value.is_empty());
    given.map(|value| value.parse::<i32>().map(i64::from).map_err(|_| Refused::NoNumber)).transpose()
}

/// Each value is one source; a list of them is the name of none.
fn sources(server: &Server, call: &Call) -> Result<Vec<String>, Refused> {
    let known = [server.settings.source.clone(), server.settings.nonauth(), server.mirror()];
    let given = call.values("source");
    let unknown = given.iter().find(|source| !known.contains(&source.to_ascii_uppercase()));
    match unknown {
        Some(unknown) => Err(Refused::Linked(Box::new(Message::error("Invalid source '%s'").arg(unknown)))),
        None => Ok(given.iter().map(|source| source.to_ascii_uppercase()).collect()),
    }
}

fn text(call: &Call) -> Result<String, Refused> {
    let text = call.values("query-string").into_iter().next().unwrap_or_default();
    let refuse = |said: &'static str| Err(Refused::Linked(Box::new(Message::error(said))));
    if text.trim().is_empty() {
        return refuse("Query param 'query-string' cannot be empty");
    }
    // Behind two hyphens nothing is a flag.
    let mut words = text.split(' ').take_while(|word| *word != "--");
    if words.any(|word| word.len() > 1 && word.starts_with('-')) {
        return refuse("Flags are not allowed in 'query-string'");
    }
    Ok(text.trim().to_owned())
}

/// The elements of all values of a parameter: each may be a list.
fn elements(call: &Call, name: &str) -> Vec<String> {
    let values = call.values(name);
    let split = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    split.filter(|element| !element.is_empty()).map(str::to_owned).collect()
}

fn classes(call: &Call) -> Result<Vec<Class>, Refused> {
    let class = |name: String| {
        let unknown = || plain(Message::error("ERROR:103: unknown object type '%s'\n").arg(&name));
        Class::named(&name).ok_or_else(unknown)
    };
    once(elements(call, "type-filter").into_iter().map(class))
}

/// The attributes of an inverse search, `first` among them; `None` if it is none.
fn inverse(call: &Call, first: Option<&str>) -> Result<Option<Vec<Name>>, Refused> {
    let name = |text: String| {
        let found = Name::from_text(&text).or_else(|| Name::from_short(&text));
        let text_of = "ERROR:104: unknown attribute\n\n\"%s\" is not a known attribute.\n";
        found.ok_or_else(|| plain(Message::error(text_of).arg(&text)))
    };
    let named: Vec<String> =
        elements(call, "inverse-attribute").into_iter().chain(first.map(str::to_owned)).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let names = once(named.into_iter().map(name))?;
    let meant = names.into_iter().flat_map(|name| match name {
        Name::Person => PERSON.to_vec(),
        name => vec![name],
    });
    Ok(Some(meant.collect()))
}

/// What `person` stands for in an inverse search.
const PERSON: [Name; 6] = [Name::AbuseC, Name::AdminC, Name::TechC, Name::ZoneC, Name::Author, Name::PingHdl];

/// Each once, or the first refusal; there are few that differ.
fn once<T: PartialEq>(all: impl Iterator<Item = Result<T, Refused>>) -> Result<Vec<T>, Refused> {
    let mut found = Vec::new();
    for each in all {
        let each = each?;
        if !found.contains(&each) {
            found.push(each);
        }
    }
    Ok(found)
}

/// The classes that are looked for: those that are named, without those that flags exclude and those of which the
/// search key can be no key.
fn wanted(named: &[Class], flags: &[Flag], is_inverse: bool, key: &SearchKey) -> Vec<Class> {
    const ADDRESSES: [Class; 5] =
        [Class::Inetnum, Class::Inet6num, Class::Route, Class::Route6, Class::Domain];
    let meant = |class: &Class| match (named.is_empty(), flags.contains(&Flag::ReverseDomain)) {
        (false, _) => named.contains(class),
        (true, true) => ADDRESSES.contains(class),
        (true, false) => true,
    };
    let personal = |class: &Class| flags.contains(&Flag::NoPersonal) && class.is_contact();
    let resource = |class: &Class| {
        *class == Class::AutNum || ADDRESSES.contains(class) || !flags.contains(&Flag::Resource)
    };
    let fits = |class: &Class| is_inverse || key.fits(*class);
    Class::all().filter(|class| meant(class) && !personal(class) && resource(class) && fits(class)).collect()
}

fn is_everything(block: Block) -> bool {
    block.prefix().is_some_and(|prefix| prefix.len() == 0)
}

/// The name of the client, and the address behind it for which it asks.
fn proxied(call: &Call) -> Vec<String> {
    let client = call.values("client").into_iter().next().unwrap_or_default();
    client.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The address for which the client asks, if it names one.
pub fn proxy_address(call: &Call) -> Option<String> {
    <[String; 2]>::try_from(proxied(call)).ok().map(|[_, address]| address)
}

fn is_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok()
}
