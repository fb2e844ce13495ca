//! Attributes that the registry writes (the server's `AttributeGenerator`s, rules.md §1 step 8, §6.9).

use std::collections::HashSet;

use super::{
    super::{Case, Kind, Log, Message},
    rebuilt,
};
use crate::{
    net::Asn,
    registered::Known,
    rpsl::{Attribute, Class, Clean, Draft, Key, Name, Object},
    rules::certificate::{Certificate, CertificateError},
};

/// The status of what is older than the registry.
pub(super) const LEGACY: &str = "LEGACY";
/// AS numbers with it.
const LEGACY_ASNS: [Asn; 3] = [Asn(103), Asn(12666), Asn(12668)];

/// The name of a rule that generates attributes, and the object with them.
type Step = (&'static str, fn(&Case, &Object, &mut Log) -> Known<Object>);

/// The steps in the order in which the registry takes them, each with what must be going to happen.
const STEPS: [(Step, &[Kind]); 5] = [
    (("generated-as-status", as_status), &[Kind::Create, Kind::Modify, Kind::Noop]),
    (("generated-legacy-status", legacy_status), &[Kind::Create, Kind::Modify, Kind::Noop]),
    (("generated-certificate", certificate), &[Kind::Create, Kind::Modify, Kind::Noop, Kind::Delete]),
    (("generated-source", source), &[Kind::Create, Kind::Modify, Kind::Noop]),
    (("generated-times", times), &[Kind::Create, Kind::Modify]),
];

/// The object with its generated attributes.
pub fn generate(case: &Case, log: &mut Log) -> Object {
    let mut object = case.after.clone();
    for ((rule, step), _) in STEPS.into_iter().filter(|(_, kinds)| kinds.contains(&case.kind)) {
        match step(case, &object, log) {
            Ok(next) => object = next,
            Err(unknown) => log.missing(rule, unknown),
        }
    }
    object
}

/// The status of an aut-num follows from its number.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a step, also of one without a question")]
fn as_status(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    if object.class() != Class::AutNum {
        return Ok(object.clone());
    }
    if case.before.is_some_and(|before| before.has(Name::Status)) && !object.has(Name::Status) {
        log.say(Message::warning("\"status:\" attribute cannot be removed").of("generated-as-status"));
    }
    let number = object.key().text().to_ascii_uppercase().parse::<Asn>().unwrap_or(Asn(0));
    let status = match () {
        () if !case.settings.region.has_asn(number) => "OTHER",
        () if LEGACY_ASNS.contains(&number) => LEGACY,
        () => "ASSIGNED",
    };
    Ok(forced(object, Name::Status, status, log))
}

/// Below a LEGACY block everything is LEGACY.
fn legacy_status(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let block = match object.class() {
        Class::Inetnum => object.block(),
        _ => None,
    };
    let Some(block) = block else { return Ok(object.clone()) };
    let parents = case.world.less_specific(Class::Inetnum, block)?.into_iter().next().unwrap_or_default();
    let [parent] = parents.as_slice() else { return Ok(object.clone()) };
    let status = object.value(Name::Status).unwrap_or_default();
    if !parent.names(Name::Status, LEGACY) {
        return Ok(object.clone());
    }
    if !status.eq_ignore_ascii_case(LEGACY) {
        let text = "Value %s converted to %s";
        log.say(Message::info(text).arg(status).arg(LEGACY).of("generated-legacy-status"));
    }
    let mut draft = object.edit();
    draft.remove(Name::Status);
    draft.insert(object.class(), Name::Status, LEGACY);
    Ok(rebuilt(&draft, object))
}

/// Method, owners and fingerprint follow from the certificate.
#[expect(clippy::unnecessary_wraps, reason = "the steps share one type")]
fn certificate(_: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    if object.class() != Class::KeyCert {
        return Ok(object.clone());
    }
    let certificate = match Certificate::read(object) {
        Ok(certificate) => certificate,
        Err(error) => {
            let remedy = "export the key again, with all lines from BEGIN to END, each as a `certif:` line";
            let message = Message::error(error.to_string()).remedy(remedy).of("key-cert-readable");
            let last = object.all(Name::Certif).last().filter(|_| error != CertificateError::NoArmour);
            log.say(last.map_or_else(|| message.clone(), |attribute| message.clone().on(attribute)));
            return Ok(object.clone());
        }
    };
    let mut draft = object.edit();
    let values = [
        (Name::Method, vec![certificate.method().to_owned()]),
        (Name::Owner, certificate.owners()),
        (Name::Fingerpr, vec![certificate.fingerprint()]),
    ];
    for (name, values) in values {
        only(&mut draft, object.class(), name, &values, log);
    }
    Ok(rebuilt(&draft, object))
}

/// Leaves of `name` the `values` and nothing else; says so if others were submitted. What is right stays where it
/// stands, what is missing goes where the template has it (the server's `AttributeGenerator`).
fn only(draft: &mut Draft, class: Class, name: Name, values: &[String], log: &mut Log) {
    let wanted: HashSet<&str> = values.iter().map(String::as_str).collect();
    let mut found: HashSet<String> = HashSet::new();
    let mut wrong = false;
    draft.pairs.retain(|(label, raw)| {
        let value = raw.trim();
        if Name::from_text(label) != Some(name) {
            return true;
        }
        let right = wanted.contains(value);
        let once = found.insert(value.to_owned());
        wrong |= !right;
        right && once
    });
    if wrong {
        log.say(replaced(name).of("generated"));
    }
    for value in values.iter().filter(|value| !found.contains(value.as_str())) {
        draft.insert(class, name, value);
    }
}

/// The source of an aut-num or route follows from its region, that of an as-set from the AS number it begins with.
fn source(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let settings = case.settings;
    match object.class() {
        Class::AsSet => return source_of_as_set(case, object, log),
        Class::AutNum | Class::Route | Class::Route6 => {}
        _ => return Ok(object.clone()),
    }
    let (own, other) = (settings.source.clone(), settings.nonauth());
    let (wanted, wrong) = if settings.region.has(object) { (own, other) } else { (other, own) };
    match object.names(Name::Source, &wrong) {
        true => Ok(forced(object, Name::Source, &wanted, log)),
        false => Ok(object.clone()),
    }
}

/// The source of an as-set without an AS number stays what it was.
fn source_of_as_set(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let key = object.key();
    let Some((parent, _)) = key.text().split_once(':') else {
        let stored = case.before.and_then(|before| before.value(Name::Source));
        return Ok(match stored {
            Some(source) if !object.names(Name::Source, &source) => {
                log.say(replaced(Name::Source).of("generated"));
                let mut draft = object.edit();
                draft.set(Name::Source, &source);
                rebuilt(&draft, object)
            }
            _ => object.clone(),
        });
    };
    if parent.to_ascii_uppercase().parse::<Asn>().is_err() {
        return Ok(object.clone());
    }
    let parent = Key::new(Class::AutNum, parent);
    let wanted = case.world.object(&parent)?.and_then(|found| found.value(Name::Source));
    let (Some(wanted), Some(own)) = (wanted, object.value(Name::Source)) else { return Ok(object.clone()) };
    if own.eq_ignore_ascii_case(&wanted) {
        return Ok(object.clone());
    }
    let text = "The \"source:\" attribute value has been updated from \"%s\" to \"%s\" to match the referenced AUT-NUM \"%s\"";
    log.say(Message::warning(text).arg(&own).arg(&wanted).arg(parent.text()).of("generated-source"));
    let mut draft = object.edit();
    draft.set(Name::Source, &wanted);
    Ok(rebuilt(&draft, object))
}

/// The object with this one value of `name`.
fn forced(object: &Object, name: Name, value: &str, log: &mut Log) -> Object {
    let mut draft = object.edit();
    only(&mut draft, object.class(), name, &[value.to_owned()], log);
    rebuilt(&draft, object)
}

fn replaced(name: Name) -> Message {
    Message::warning("Supplied attribute '%s' has been replaced with a generated value").arg(name)
}

/// `created` stays what it was, `last-modified` is now.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a step, also of one without a question")]
fn times(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let now = case.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let created = match case.kind {
        Kind::Create => Some(now.clone()),
        _ => case.before.and_then(|before| before.value(Name::Created)),
    };
    let mut draft = object.edit();
    let class = object.class();
    time(&mut draft, class, Name::Created, created.as_deref(), log);
    time(&mut draft, class, Name::LastModified, Some(&now), log);
    Ok(rebuilt(&draft, object))
}

/// The one `value` of `name`: in the place of the one that was submitted, else where the template has it. What was
/// submitted otherwise is told of; where there is nothing to put in its place, it stays.
fn time(draft: &mut Draft, class: Class, name: Name, value: Option<&str>, log: &mut Log) {
    let submitted: Vec<Clean> = (draft.pairs.iter())
        .filter(|(label, _)| Name::from_text(label) == Some(name))
        .map(|(label, raw)| Attribute { name: Some(name), label, raw }.clean())
        .collect();
    let is_right =
        |given: &Clean| given.comment.is_none() && value.is_some_and(|v| given.value.eq_ignore_ascii_case(v));
    if submitted.iter().any(|given| !is_right(given)) {
        let message = replaced(name).of("generated");
        let about = value.map(|raw| Attribute { name: Some(name), label: name.text(), raw });
        log.say(about.map_or_else(|| message.clone(), |attribute| message.clone().on(attribute)));
    }
    match (value, submitted.len()) {
        (None, _) => {}
        (Some(value), 1) => draft.set(name, value),
        (Some(value), _) => {
            draft.remove(name);
            draft.insert(class, name, value);
        }
    }
}
