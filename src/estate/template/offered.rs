//! The filters, tests and functions that templates have, each bounded: one row per name.
//!
//! What takes a number and makes so much of something (`batch`, `slice`, `format`), applies what it is named (`map`,
//! `select`), or lays bare the engine (`debug`, `pprint`) is not offered.

use std::{
    borrow::Cow,
    cell::Cell,
    time::{Duration, Instant},
};

use minijinja::{
    Environment, Error, ErrorKind, State, Value, filters, functions,
    syntax::SyntaxConfig,
    tests,
    value::{Rest, ValueKind},
};

/// The longest text, in bytes, and the longest list that a filter takes or gives.
pub(super) const LONGEST: usize = 64 << 10;
/// How much `indent` moves a line, at most.
const WIDEST: usize = 100;
/// How far `range` counts, at most.
const FARTHEST: usize = 1000;

/// How templates are written: a statement leaves no line of its own, and the last line keeps its end.
pub(super) fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().unwrap_or_default() // only delimiters of one's own can be wrong
}

/// An engine with what is offered.
pub(super) fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::empty();
    for (name, filter) in filters() {
        environment
            .add_filter(name, move |state: &mut State, args: Rest<Value>| bounded(&filter, state, &args));
    }
    environment.add_filter("replace", replace);
    environment.add_filter("join", join);
    environment.add_filter("indent", indent);
    environment.add_function("range", range);
    add_tests(&mut environment);
    environment
}

/// What gives no more than it takes, or a small multiple of that.
fn filters() -> [(&'static str, Value); 26] {
    let of = |name, filter| (name, filter);
    [
        of("lower", Value::from_function(filters::lower)),
        of("upper", Value::from_function(filters::upper)),
        of("title", Value::from_function(filters::title)),
        of("capitalize", Value::from_function(filters::capitalize)),
        of("trim", Value::from_function(filters::trim)),
        of("split", Value::from_function(filters::split)),
        of("lines", Value::from_function(filters::lines)),
        of("length", Value::from_function(filters::length)),
        of("count", Value::from_function(filters::length)),
        of("first", Value::from_function(filters::first)),
        of("last", Value::from_function(filters::last)),
        of("min", Value::from_function(filters::min)),
        of("max", Value::from_function(filters::max)),
        of("reverse", Value::from_function(filters::reverse)),
        of("sort", Value::from_function(filters::sort)),
        of("unique", Value::from_function(filters::unique)),
        of("list", Value::from_function(filters::list)),
        of("items", Value::from_function(filters::items)),
        of("dictsort", Value::from_function(filters::dictsort)),
        of("default", Value::from_function(filters::default)),
        of("d", Value::from_function(filters::default)),
        of("int", Value::from_function(filters::int)),
        of("abs", Value::from_function(filters::abs)),
        of("string", Value::from_function(filters::string)),
        of("safe", Value::from_function(filters::safe)),
        of("bool", Value::from_function(filters::bool)),
    ]
}

fn add_tests(environment: &mut Environment) {
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("true", tests::is_true);
    environment.add_test("false", tests::is_false);
    environment.add_test("boolean", tests::is_boolean);
    environment.add_test("number", tests::is_number);
    environment.add_test("integer", tests::is_integer);
    environment.add_test("string", tests::is_string);
    environment.add_test("sequence", tests::is_sequence);
    environment.add_test("iterable", tests::is_iterable);
    environment.add_test("mapping", tests::is_mapping);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    environment.add_test("divisibleby", tests::is_divisibleby);
    environment.add_test("startingwith", tests::is_startingwith);
    environment.add_test("endingwith", tests::is_endingwith);
    environment.add_test("lower", tests::is_lower);
    environment.add_test("upper", tests::is_upper);
    environment.add_test("eq", tests::is_eq);
    environment.add_test("equalto", tests::is_eq);
    environment.add_test("ne", tests::is_ne);
    environment.add_test("lt", tests::is_lt);
    environment.add_test("le", tests::is_le);
    environment.add_test("gt", tests::is_gt);
    environment.add_test("ge", tests::is_ge);
    environment.add_test("in", tests::is_in);
}

/// Applies a filter to values that are not too large; what it gives must not be too large either.
fn bounded(filter: &Value, state: &mut State, args: &[Value]) -> Result<Value, Error> {
    in_time()?;
    args.iter().try_for_each(small)?;
    let found = filter.call(state, args)?;
    small(&found)?;
    Ok(found)
}

thread_local! {
    /// When the rendering that goes on in this thread must have ended: a step of the engine may sort a list.
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Renders within `patience`: no filter begins after it.
pub(super) fn within_time<T>(patience: Duration, render: impl FnOnce() -> T) -> T {
    DEADLINE.set(Instant::now().checked_add(patience));
    let rendered = render();
    DEADLINE.set(None);
    rendered
}

fn in_time() -> Result<(), Error> {
    match DEADLINE.get().filter(|deadline| *deadline < Instant::now()) {
        Some(_) => Err(Error::new(ErrorKind::InvalidOperation, "this takes too long")),
        None => Ok(()),
    }
}

fn small(value: &Value) -> Result<(), Error> {
    let size = match (value.as_str(), value.kind()) {
        (Some(text), _) => text.len(),
        (None, ValueKind::Seq | ValueKind::Map | ValueKind::Iterable) => value.len().unwrap_or_default(),
        (None, _) => 0,
    };
    within(size, LONGEST)
}

fn within(size: usize, most: usize) -> Result<(), Error> {
    let said = || Error::new(ErrorKind::InvalidOperation, format!("more than {most} of it is too much"));
    if size > most { Err(said()) } else { Ok(()) }
}

/// As many as are found, each that much longer.
fn replace(text: Cow<str>, from: Cow<str>, to: Cow<str>) -> Result<String, Error> {
    within(text.len(), LONGEST)?;
    let found = text.matches(from.as_ref()).count();
    within(found.saturating_mul(to.len()).saturating_add(text.len()), LONGEST)?;
    Ok(text.replace(from.as_ref(), &to))
}

fn join(state: &State, values: Value, between: Option<Cow<str>>) -> Result<String, Error> {
    state.undefined_behavior();
    let between = between.unwrap_or_default();
    let mut joined = String::new();
    for (index, value) in values.try_iter()?.enumerate() {
        if index > 0 {
            joined.push_str(&between);
        }
        small(&value)?;
        joined.push_str(&value.to_string());
        within(joined.len(), LONGEST)?;
    }
    Ok(joined)
}

fn indent(text: String, width: usize, first: Option<bool>, blank: Option<bool>) -> Result<String, Error> {
    within(width, WIDEST)?;
    within(text.len().saturating_add(text.lines().count().saturating_mul(width)), LONGEST)?;
    let mut indented = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            indented.push('\n');
        }
        if (index > 0 || first == Some(true)) && (!line.is_empty() || blank == Some(true)) {
            indented.extend(std::iter::repeat_n(' ', width));
        }
        indented.push_str(line);
    }
    Ok(indented)
}

fn range(lower: isize, upper: Option<isize>, step: Option<isize>) -> Result<Value, Error> {
    let (from, to) = upper.map_or((0, lower), |upper| (lower, upper));
    within(from.abs_diff(to) / step.map_or(1, isize::unsigned_abs).max(1), FARTHEST)?;
    functions::range(lower, upper, step)
}

#[cfg(test)]
mod own_tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, Error> {
        environment()
            .render_str(text, minijinja::context! { v => ["b", "a"], s => "x", long => "a".repeat(40_000) })
    }

    #[test]
    fn the_own_ones_do_as_those_of_the_engine() {
        for text in [
            "{{ v | join }} {{ v | join('-') }} {{ 'abc' | replace('b', 'xx') }} {{ '' | replace('', 'y') }}",
            "{{ 'a\nb\n\nc' | indent(2) }}|{{ 'a\nb' | indent(3, true) }}|{{ 'a\n\nb' | indent(1, true, true) }}",
            "{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(5, 1, -2) %}{{ i }}{% endfor %}",
        ] {
            let context = minijinja::context! { v => ["b", "a"], s => "x" };
            let expected = Environment::new().render_str(text, context).unwrap();
            assert_eq!(rendered(text).unwrap(), expected, "{text}");
        }
        assert_eq!(
            rendered("{{ s | upper }}{{ v | sort | first }}{{ nothing | default('n') }}").unwrap(),
            "Xan"
        );
    }

    #[test]
    fn nothing_makes_much_of_little() {
        let refused = |text: &str, expected: &str| {
            let error = rendered(text).unwrap_err();
            let said = format!("{error:#}");
            assert!(said.contains(expected), "{text}: {said}");
        };
        refused("{{ long | replace('a', 'aaaa') }}", "too much");
        refused("{{ range(1000) | join(long) }}", "too much");
        refused("{{ long | list | string }}", "too much");
        refused("{{ 'a' | indent(4000000000) }}", "too much");
        refused("{{ range(4000000000) }}", "too much");
        refused("{{ range(0, -9223372036854775807) }}", "too much");
        for name in
            ["batch(4000000000, 1)", "slice(4000000000)", "format(1)", "map('upper')", "pprint", "tojson"]
        {
            refused(&format!("{{{{ v | {name} }}}}"), "unknown filter");
        }
        for name in ["debug", "dict", "namespace", "cycler"] {
            assert!(rendered(&format!("{{{{ {name}() }}}}")).is_err(), "{name}");
        }
    }
}
