//! What announcements were validated against, as every output says it.

use crate::{
    finding::counted,
    report::Style,
    rpki::{Rir, Vrp},
    visible,
};

/// What the announcements were validated against; what is `None` was not looked at.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The VRPs.
    pub vrps: Option<VrpSource>,
    /// The route objects.
    pub routes: Option<RouteSource>,
    /// The sources of what was seen.
    pub seen: Option<Vec<String>>,
}

impl Evidence {
    /// What must be said beside a form that has no place for it: VRPs that have expired, and what was not looked at.
    pub fn aside(&self) -> Vec<String> {
        let mut lines = self.assumptions();
        lines.extend(self.left_out());
        if self.vrps.is_none() {
            lines.push("VRPs were not looked at".to_owned());
        }
        if self.routes.is_none() {
            lines.push("route objects were not looked at".to_owned());
        }
        lines
    }

    /// That VRPs have expired.
    pub(super) fn left_out(&self) -> Option<String> {
        let VrpSource { name, expired, .. } = self.vrps.as_ref().filter(|source| source.expired > 0)?;
        Some(format!("{}: {} expired and left out", visible::line(name), counted(*expired, "VRP")))
    }

    /// A line for each VRP that this run takes for granted.
    pub(super) fn assumptions(&self) -> Vec<String> {
        let assumed = self.vrps.iter().flat_map(|source| &source.assumed);
        let line = |vrp: &Vrp| format!("assumed for this run: {}", vrp.says());
        assumed.map(line).collect()
    }

    /// What it is and where it is from, in lines.
    pub(super) fn head(&self, style: Style) -> String {
        [self.vrps_line(style), self.routes_line(style), self.seen_line(style)].concat()
    }

    pub(super) fn vrps_line(&self, style: Style) -> String {
        let hang = style.hang();
        match &self.vrps {
            Some(VrpSource { name, count, expired, age, anchors, notes, .. }) => {
                let expired = match expired {
                    0 => String::new(),
                    expired => format!(", {expired} more expired and left out"),
                };
                let count = counted(*count, "VRP");
                let mut text = format!("VRPs  {hang}{}, {count}{expired}, {age}\n", visible::line(name));
                let is_rir = |name: &String| Rir::named(name).is_some();
                if !anchors.is_empty() && !anchors.iter().any(is_rir) {
                    let names = visible::line(&anchors.join(", ")).into_owned();
                    text.push_str(&format!("      {hang}no trust anchor of a registry is named, only {names}: VRPs of a laboratory\n"));
                }
                for note in notes.iter().chain(&self.assumptions()) {
                    text.push_str(&format!("      {hang}{}\n", visible::line(note)));
                }
                text
            }
            None => "VRPs  not looked at: `--vrps` says where they are\n".to_owned(),
        }
    }

    fn routes_line(&self, style: Style) -> String {
        let hang = style.hang();
        match &self.routes {
            Some(RouteSource { registry, sources, count, notes }) => {
                let (own, others) =
                    sources.split_first().map_or(("", &[][..]), |(own, rest)| (own.as_str(), rest));
                let own = match registry {
                    Some(registry) => format!("{own} ({registry})"),
                    None => own.to_owned(),
                };
                let names: Vec<String> = std::iter::once(own).chain(others.iter().cloned()).collect();
                let names = visible::line(&names.join(", ")).into_owned();
                let mut text = format!("IRR   {hang}{names} {}\n", counted(*count, "route object"));
                for note in notes {
                    text.push_str(&format!("      {hang}{}\n", visible::line(note)));
                }
                text
            }
            None => "IRR   not looked at: `--irr` says where route objects are\n".to_owned(),
        }
    }

    pub(super) fn seen_line(&self, style: Style) -> String {
        let line =
            |seen: &Vec<String>| format!("seen  {}{}\n", style.hang(), visible::line(&seen.join(", ")));
        self.seen.as_ref().map_or_else(String::new, line)
    }
}

/// Where VRPs are from, and what they are worth.
#[derive(Clone, Debug)]
pub struct VrpSource {
    /// The file or URL.
    pub name: String,
    /// How many VRPs there are, without those that are assumed.
    pub count: usize,
    /// How many more were printed and have expired since.
    pub expired: usize,
    /// When the validator made them, as RFC 3339.
    pub generated: Option<String>,
    /// How old they are, or that their age does not count.
    pub age: String,
    /// The trust anchors that are named.
    pub anchors: Vec<String>,
    /// What was done to them.
    pub notes: Vec<String>,
    /// Those that were not there and are taken for granted.
    pub assumed: Vec<Vrp>,
}

/// Where route objects are from.
#[derive(Clone, Debug)]
pub struct RouteSource {
    /// The registry of the estate, if there is one.
    pub registry: Option<String>,
    /// The sources, in the order of their rank.
    pub sources: Vec<String>,
    /// How many route and route6 objects were found.
    pub count: usize,
    /// What is to be said of them.
    pub notes: Vec<String>,
}
