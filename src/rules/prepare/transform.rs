//! What the registry changes before it asks for permission: short names, keys that it chooses, attributes that
//! it no longer has (rules.md §1 step 6, §8).

use super::{
    super::{Case, Kind, Log, Message, Request, certificate::Certificate, handles},
    rebuilt,
};
use crate::rpsl::{Class, Key, Name, Object, Placeholder};

/// An object with its keys in place.
#[derive(Debug)]
pub struct Transformed {
    /// The object.
    pub object: Object,
    /// The placeholder of its own key and the key that was chosen.
    pub automatic: Option<(String, Key)>,
}

/// Applies the transformations to `case.after`.
pub fn transform(case: &Case, request: &Request, log: &mut Log) -> Transformed {
    let mut automatic = None;
    let mut object = case.after.clone();
    if case.kind == Kind::Create {
        match own_key(case, request, log) {
            Some((placeholder, key)) => {
                let mut draft = object.edit();
                draft.set(object.class().template().key[0], key.text());
                object = rebuilt(&draft, &object);
                automatic = Some((placeholder, key));
            }
            None => claim(case, log),
        }
    }
    let object = resolve_references(&object, request, automatic.as_ref(), log);
    Transformed { object: modernise(&object, log), automatic }
}

/// The object without the attributes that the registry no longer has, and with long names.
pub fn modernise(object: &Object, log: &mut Log) -> Object {
    lengthen_names(&drop_attributes(object, log), log)
}

/// The key that the registry would choose for a placeholder.
fn own_key(case: &Case, request: &Request, log: &mut Log) -> Option<(String, Key)> {
    let class = case.class();
    let name = class.template().key[0];
    let attribute = case.after.all(name).next()?;
    let value = attribute.value();
    let placeholder = Placeholder::parse(&value)?;
    if class == Class::KeyCert && !is_x509(case) {
        return None;
    }
    if request.automatic.contains_key(placeholder.name()) {
        let text = "Key %s already used (AUTO-nnn must be unique per update message)";
        let message = Message::error(text).arg(Placeholder::without_letters(&value));
        log.say(message.on(attribute).of("key-automatic-twice"));
        return None;
    }
    let text = match class {
        Class::Person | Class::Role => next_handle(case, &initials(case.after, &placeholder)),
        Class::Organisation => next_organisation(case, &initials(case.after, &placeholder)),
        Class::KeyCert => next_x509(case),
        _ => return None,
    };
    Some((placeholder.name().to_owned(), Key::new(class, &text)))
}

/// Whether the object holds an X.509 certificate; of a key-cert without one nothing is said of its key.
fn is_x509(case: &Case) -> bool {
    matches!(Certificate::read(case.after), Ok(Certificate::X509(_)))
}

/// How a chosen key begins: the letters that were asked for, or the first letters of the words of the name, two to
/// four.
pub fn initials(object: &Object, placeholder: &Placeholder) -> String {
    if !placeholder.letters().is_empty() {
        return placeholder.letters().to_owned();
    }
    let name = if object.class() == Class::Organisation { Name::OrgName } else { object.class().first() };
    let value = object.value(name).unwrap_or_default();
    let first = value.split(' ').filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic());
    let taken: String = first.take(4).flat_map(char::to_uppercase).collect();
    format!("{taken:A<2}")
}

fn next_handle(case: &Case, initials: &str) -> String {
    let source = &case.settings.source;
    let free = |index: &u32| !case.world.is_used(&format!("{initials}{index}-{source}"));
    // A handle has at most six digits.
    let index = (1..1_000_000).find(free).unwrap_or_default();
    format!("{initials}{index}-{source}")
}

/// One more than the highest number that an organisation with these initials ever had.
fn next_organisation(case: &Case, initials: &str) -> String {
    let (head, tail) = (
        format!("org-{}", initials.to_ascii_lowercase()),
        format!("-{}", case.settings.source.to_ascii_lowercase()),
    );
    let number = |used: &str| used.strip_prefix(&head)?.strip_suffix(&tail)?.parse::<u32>().ok();
    let highest = case.world.used_names().filter_map(number).max().unwrap_or(0);
    format!("ORG-{initials}{}-{}", highest + 1, case.settings.source)
}

fn next_x509(case: &Case) -> String {
    let number = |used: &str| used.strip_prefix("x509-")?.parse::<u32>().ok();
    let highest = case.world.used_names().filter_map(number).max().unwrap_or(0);
    format!("X509-{}", highest + 1)
}

/// An explicit key is claimed: a handle is never given twice, and organisations get theirs from the registry.
fn claim(case: &Case, log: &mut Log) {
    let Some(attribute) = case.after.all(case.class().template().key[0]).next() else { return };
    match case.class() {
        Class::Person | Class::Role
            if !handles::has_known_suffix(&attribute.value(), &case.settings.source) =>
        {
            let message = Message::error("Syntax error in %s").arg(attribute.value()).on(attribute);
            let remedy =
                format!("let it end in `-{}`, or write `AUTO-1`: the registry chooses", case.settings.source);
            log.say(message.remedy(remedy).of("key-suffix"));
        }
        Class::Person | Class::Role => match case.world.ever_used(&case.after.key()) {
            Ok(false) => {}
            Ok(true) => {
                let message = Message::error("The nic-hdl \"%s\" is not available").arg(attribute.value());
                let remedy = "a handle is never given twice: choose another, or `AUTO-1`";
                log.say(message.on(attribute).remedy(remedy).of("key-not-available"));
            }
            Err(unknown) => log.missing("key-not-available", unknown),
        },
        Class::KeyCert if !is_x509(case) => {}
        Class::Organisation | Class::KeyCert => {
            let message = Message::error("Syntax error in %s (%s)")
                .arg(attribute.value())
                .arg("must be AUTO-nnn for create");
            log.say(
                message
                    .on(attribute)
                    .remedy("write `AUTO-1`: the registry chooses")
                    .of("key-must-be-automatic"),
            );
        }
        _ => {}
    }
}

/// References to placeholders become the keys that these were given in the same message.
fn resolve_references(
    object: &Object,
    request: &Request,
    own: Option<&(String, Key)>,
    log: &mut Log,
) -> Object {
    let mut draft = object.edit();
    let mut changed = false;
    for (index, attribute) in object.attributes().enumerate() {
        let Some(name) = attribute
            .name
            .filter(|name| name.row().references.iter().any(|class| class.has_automatic_keys()))
        else {
            continue;
        };
        let values = attribute.values();
        let found = values.iter().find_map(|value| Some((value, Placeholder::parse(value)?)));
        let Some((value, placeholder)) = found else { continue };
        let own_name = placeholder.name();
        let known = own.filter(|(own, _)| own == own_name).map(|(_, key)| key);
        match known.or_else(|| request.automatic.get(own_name)) {
            None => {
                let message =
                    Message::error("Reference \"%s\" not found").arg(Placeholder::without_letters(value));
                let remedy = format!(
                    "declare an object with `{own_name}` as its key in the same run, or write the handle of one that stands"
                );
                let missing = name.row().references.iter().map(|class| Key::new(*class, own_name));
                let message = message.on(attribute).missing(missing);
                log.say(message.remedy(remedy).of("key-automatic-unknown"));
            }
            Some(key) if !name.row().references.contains(&key.class()) => {
                let message = Message::error("Invalid reference to [%s] %s").arg(key.class()).arg(key.text());
                log.say(message.on(attribute).of("key-automatic-class"));
            }
            Some(key) => {
                if let Some((_, raw)) = draft.pairs.get_mut(index) {
                    key.text().clone_into(raw);
                    changed = true;
                }
            }
        }
    }
    if changed { rebuilt(&draft, object) } else { object.clone() }
}

/// Attributes that the registry no longer has.
fn drop_attributes(object: &Object, log: &mut Log) -> Object {
    let mut draft = object.edit();
    let of_as = object.class() == Class::AutNum;
    for (name, dropped) in [(Name::Changed, true), (Name::MntLower, of_as), (Name::MntRoutes, of_as)] {
        if dropped && object.has(name) {
            draft.remove(name);
            let text = format!("Deprecated attribute \"{name}\". This attribute has been removed.");
            log.say(Message::warning(text).remedy(format!("leave `{name}:` out")).of("deprecated"));
        }
    }
    if draft.pairs.len() == object.attributes().len() { object.clone() } else { rebuilt(&draft, object) }
}

/// Long names in place of short ones.
fn lengthen_names(object: &Object, log: &mut Log) -> Object {
    let mut draft = object.edit();
    let mut changed = false;
    for ((label, _), attribute) in draft.pairs.iter_mut().zip(object.attributes()) {
        if let Some(name) = attribute.name.filter(|name| !name.text().eq_ignore_ascii_case(label)) {
            name.text().clone_into(label);
            changed = true;
        }
    }
    if !changed {
        return object.clone();
    }
    log.say(Message::warning("Short format attribute name(s) have been replaced.").of("short-names"));
    rebuilt(&draft, object)
}
