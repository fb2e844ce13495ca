//! Structure and syntax: which attributes there are, how often, and what they look like (rules.md §4).

use super::{
    super::{Certainty, Log, Message, Settings},
    filtered,
};
use crate::{
    registered::{Query, Unknown},
    rpsl::{
        Attribute, Class, Name, Object,
        schema::{Requirement, Row},
        syntax,
    },
    visible,
};

/// Checks the object against its class's template; everything that is wrong is said.
pub fn check_structure(object: &Object, stored: Option<&Object>, settings: &Settings, log: &mut Log) {
    let class = object.class();
    if filtered::is_filtered(object) {
        let text = "Cannot submit filtered whois output for updates";
        let remedy = filtered::way_out(object, settings);
        log.say(Message::error(text).remedy(remedy).of("structure-filtered"));
    }
    let references =
        object.attributes().filter(|a| a.name.is_some_and(|name| !name.row().references.is_empty()));
    if settings.max_references.is_some_and(|most| references.count() > most) {
        log.say(Message::error("Too many references").of("structure-references"));
    }
    for attribute in object.attributes() {
        check_name(class, attribute, log);
    }
    for attribute in object.all(Name::Auth) {
        check_account(attribute, stored, settings, log);
    }
    for attribute in object.attributes() {
        check_syntax(object, attribute, settings, log);
    }
    for row in class.template().rows {
        check_count(object, row, log);
    }
}

/// Whether nothing is wrong with the structure and the syntax of a stored object (the server's `ObjectTemplate.validate`).
pub fn is_well_formed(object: &Object, settings: &Settings) -> bool {
    let mut log = Log::under(settings);
    for attribute in object.attributes() {
        check_name(object.class(), attribute, &mut log);
        check_syntax(object, attribute, settings, &mut log);
    }
    for row in object.class().template().rows {
        check_count(object, row, &mut log);
    }
    !log.has_errors()
}

/// Of how many elements of one list it is said that they are wrong: each message repeats the whole list.
const MOST_OF_A_LIST: usize = 20;

/// Whether the class has the attribute, or tolerates it to drop it later.
fn belongs(class: Class, name: Name) -> bool {
    let dropped =
        name == Name::Changed || class == Class::AutNum && matches!(name, Name::MntLower | Name::MntRoutes);
    dropped || class.template().row(name).is_some()
}

fn check_name(class: Class, attribute: Attribute, log: &mut Log) {
    let label = attribute.label.to_ascii_lowercase();
    match attribute.name {
        None => {
            let near =
                crate::finding::suggestion(&label, class.template().rows.iter().map(|row| row.name.text()));
            let remedy = match (visible::unseen(&label), near) {
                (Some((what, seen)), _) => format!("{what} stands in `{seen}:`; {}", visible::WAY_OUT),
                (None, Some(near)) => format!("did you mean `{near}:`?"),
                (None, None) => "leave it out, or write it as `remarks:`".to_owned(),
            };
            let message = Message::error("\"%s\" is not a known RPSL attribute").arg(label);
            log.say(message.on(attribute).remedy(remedy).of("structure-unknown"));
        }
        Some(name) if !belongs(class, name) => {
            let message = Message::error("\"%s\" is not valid for this object type").arg(name);
            let remedy = format!("{class} objects have no `{name}:`; leave it out");
            log.say(message.on(attribute).remedy(remedy).of("structure-not-valid"));
        }
        Some(_) => {}
    }
}

fn check_count(object: &Object, row: &Row, log: &mut Log) {
    let count = object.all(row.name).count();
    if count == 0 && row.requirement == Requirement::Mandatory {
        let message = Message::error("Mandatory attribute \"%s\" is missing").arg(row.name);
        let is_hidden = filtered::MAIL.contains(&row.name) && filtered::is_filtered(object);
        let remedy = match is_hidden {
            true => format!("whois left it out: `whois -B {}` shows it", object.written_key()),
            false => format!("add a line `{}: …`", row.name),
        };
        log.say(message.remedy(remedy).of("structure-missing"));
    }
    // What it writes itself the registry does not count.
    if count > 1 && !row.multiple && row.requirement != Requirement::Generated {
        let message = Message::error("Attribute \"%s\" appears more than once").arg(row.name);
        log.say(message.remedy("keep one of them").of("structure-repeated"));
    }
}

fn check_syntax(object: &Object, attribute: Attribute, settings: &Settings, log: &mut Log) {
    let Some(name) = attribute.name else { return };
    let class = object.class();
    let generated = class.template().row(name).is_none_or(|row| row.requirement == Requirement::Generated);
    if generated {
        return;
    }
    let values = attribute.values().into_iter();
    let refused = values.filter_map(|value| {
        let error = syntax::check(name.row().syntax, class, &value).err()?;
        Some((value, error))
    });
    for (value, error) in refused.take(MOST_OF_A_LIST) {
        let message = Message::error("Syntax error in %s").arg(value).on(attribute);
        let hidden = name == Name::Auth && filtered::is_marked(&attribute);
        let remedy = if hidden { filtered::way_out(object, settings) } else { error.to_string() };
        log.say(message.remedy(remedy).of("syntax"));
    }
}

/// An account that does not exist proves nobody (the server's `SsoTranslator`). Where they cannot be known, one that
/// the stored object names is taken to exist.
fn check_account(attribute: Attribute, stored: Option<&Object>, settings: &Settings, log: &mut Log) {
    let value = attribute.value();
    let account =
        value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("SSO")).map(|(_, name)| name);
    let Some(account) = account else { return };
    let Some(accounts) = &settings.accounts else {
        let stands = stored.is_some_and(|stored| stored.values(Name::Auth).contains(&value));
        if settings.certainty == Certainty::Assumed && !stands {
            log.missing("account-exists", Unknown(Query::Account(account.to_owned())));
        }
        return;
    };
    if !accounts.iter().any(|each| each == account) {
        let message = Message::error("No RIPE NCC Access Account found for %s").arg(account).on(attribute);
        log.say(
            message.remedy("make the account at access.ripe.net, or correct its name").of("account-exists"),
        );
    }
}
