//! Attributes that the registry writes (the server's `AttributeGenerator`s, rules.md §1 step 8, §6.9).

use super::{
    super::{Case, Kind, Log, Message},
    rebuilt,
};
use crate::{
    net::Asn,
    registered::Known,
    rpsl::{Attribute, Class, Draft, Key, Name, Object},
};

/// AS numbers whose status is LEGACY.
const LEGACY_ASNS: [Asn; 3] = [Asn(103), Asn(12666), Asn(12668)];

/// The object with its generated attributes.
pub fn generate(case: &Case, log: &mut Log) -> Object {
    if case.kind == Kind::Delete {
        return case.after.clone();
    }
    let mut object = case.after.clone();
    let steps: [(&'static str, fn(&Case, &Object, &mut Log) -> Known<Object>); 5] = [
        ("generated-as-status", as_status),
        ("generated-legacy-status", legacy_status),
        ("generated-source", source),
        ("generated-set-source", set_source),
        ("generated-times", times),
    ];
    for (rule, step) in steps {
        match step(case, &object, log) {
            Ok(next) => object = next,
            Err(unknown) => log.missing(rule, unknown),
        }
    }
    object
}

/// The status of an aut-num follows from its number.
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
        () if LEGACY_ASNS.contains(&number) => "LEGACY",
        () => "ASSIGNED",
    };
    if object.value(Name::Status).is_some_and(|submitted| !submitted.eq_ignore_ascii_case(status)) {
        log.say(replaced(Name::Status).of("generated-as-status"));
    }
    // It is written anew even where it was right: at the place that the template has for it.
    let mut draft = object.edit();
    draft.remove(Name::Status);
    draft.insert(object.class(), Name::Status, status);
    Ok(rebuilt(&draft, object))
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
    if !parent.names(Name::Status, "LEGACY") || status.eq_ignore_ascii_case("LEGACY") {
        return Ok(object.clone());
    }
    log.say(
        Message::info("Value %s converted to %s").arg(status).arg("LEGACY").of("generated-legacy-status"),
    );
    let mut draft = object.edit();
    draft.remove(Name::Status);
    draft.insert(object.class(), Name::Status, "LEGACY");
    Ok(rebuilt(&draft, object))
}

/// The source of an aut-num or route follows from its region.
fn source(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let settings = case.settings;
    let inside = settings.region.has(object);
    let concerned = matches!(object.class(), Class::AutNum | Class::Route | Class::Route6);
    if !concerned {
        return Ok(object.clone());
    }
    let wanted = if inside { settings.source.clone() } else { settings.nonauth() };
    let known =
        [&settings.source, &settings.nonauth()].iter().any(|source| object.names(Name::Source, source));
    match known {
        true => Ok(forced(object, Name::Source, &wanted, "generated-source", log)),
        false => Ok(object.clone()),
    }
}

/// The source of an as-set is that of its aut-num; a flat one keeps the source that it has.
fn set_source(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let key = object.key();
    if object.class() != Class::AsSet {
        return Ok(object.clone());
    }
    let Some((number, _)) = key.text().split_once(':') else {
        let kept = case.before.and_then(|before| before.value(Name::Source));
        return Ok(kept.map_or_else(
            || object.clone(),
            |kept| forced(object, Name::Source, &kept, "generated-set-source", log),
        ));
    };
    if number.to_ascii_uppercase().parse::<Asn>().is_err() {
        return Ok(object.clone());
    }
    let aut_num = case.world.object(&Key::new(Class::AutNum, number))?;
    let (given, wanted) =
        (object.value(Name::Source), aut_num.and_then(|aut_num| aut_num.value(Name::Source)));
    let (Some(given), Some(wanted)) = (given, wanted) else { return Ok(object.clone()) };
    if given.eq_ignore_ascii_case(&wanted) {
        return Ok(object.clone());
    }
    let text = "The \"source:\" attribute value has been updated from \"%s\" to \"%s\" to match the referenced AUT-NUM \"%s\"";
    log.say(Message::warning(text).arg(given).arg(&wanted).arg(number).of("generated-set-source"));
    let mut draft = object.edit();
    draft.set(Name::Source, &wanted);
    Ok(rebuilt(&draft, object))
}

/// Replaces the value of `name`, or inserts it; says so if another was submitted.
fn forced(object: &Object, name: Name, value: &str, rule: &'static str, log: &mut Log) -> Object {
    let mut draft = object.edit();
    match object.value(name) {
        Some(submitted) if submitted.eq_ignore_ascii_case(value) => return object.clone(),
        Some(_) => {
            draft.set(name, value);
            log.say(replaced(name).of(rule));
        }
        None => draft.insert(object.class(), name, value),
    }
    rebuilt(&draft, object)
}

fn replaced(name: Name) -> Message {
    Message::warning("Supplied attribute '%s' has been replaced with a generated value").arg(name)
}

/// `created` stays what it was, `last-modified` is now.
fn times(case: &Case, object: &Object, log: &mut Log) -> Known<Object> {
    let now = case.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let created = match case.kind {
        Kind::Create => Some(now.clone()),
        Kind::Modify | Kind::Noop | Kind::Delete => {
            case.before.and_then(|before| before.value(Name::Created))
        }
    };
    let mut draft = object.edit();
    let class = object.class();
    time(&mut draft, class, Name::Created, created.as_deref(), log);
    time(&mut draft, class, Name::LastModified, Some(&now), log);
    Ok(rebuilt(&draft, object))
}

fn time(draft: &mut Draft, class: Class, name: Name, value: Option<&str>, log: &mut Log) {
    let Some((label, raw)) = draft.position(name).and_then(|at| draft.pairs.get(at)).cloned() else {
        if let Some(value) = value {
            draft.insert(class, name, value);
        }
        return;
    };
    if value.is_none_or(|value| raw.trim() != value) {
        let shown = value.unwrap_or_default();
        let attribute = Attribute { name: Some(name), label: &label, raw: shown };
        log.say(replaced(name).on(attribute).of("generated-times"));
    }
    match value {
        Some(value) => draft.set(name, value),
        None => draft.remove(name),
    }
}
