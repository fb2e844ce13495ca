//! Where a run ends in order though steps are left: enough was written, or it is late enough.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, ZonedDateTime, civil::Time};

/// Why a run ended before its last step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum End {
    /// The user wanted it.
    Interrupted,
    /// So many steps were to be done, and no more.
    Enough(usize),
    /// No step was to begin after this.
    Late(Deadline),
}

impl End {
    /// The word for it, in a journal and in the JSON of a receipt.
    pub fn text(&self) -> &'static str {
        match self {
            End::Interrupted => "interrupted",
            End::Enough(_) => "max-writes",
            End::Late(_) => "until",
        }
    }
}

/// What a run may do at most.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bounds {
    /// How many steps.
    pub most: Option<usize>,
    /// Until when steps begin.
    pub until: Option<Deadline>,
}

impl Bounds {
    /// Why no more is to be sent where `sent` steps would be sent with the next ones, and it is `now`.
    pub fn reached(&self, sent: usize, now: Timestamp) -> Option<End> {
        let most = self.most.filter(|most| sent > *most).map(End::Enough);
        most.or_else(|| self.until.clone().filter(|until| now >= until.at.timestamp()).map(End::Late))
    }
}

/// A moment of the day, the next time that the clock shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Deadline {
    at: ZonedDateTime,
}

/// No time of day, or one that does not come.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("write the time of day as HH:MM, such as 06:00")]
pub struct DeadlineError;

impl Deadline {
    /// The next time after `now`, where that is, that the clock shows `time`. Of an hour that is left out in spring it
    /// is as long after the one before it; of one that comes twice in autumn the first.
    pub fn next(time: Time, now: &ZonedDateTime) -> Option<Deadline> {
        let on =
            |day: jiff::civil::Date| day.to_datetime(time).to_zoned_datetime(now.time_zone().clone()).ok();
        let today = on(now.date()).filter(|at| at > now);
        let at = today.or_else(|| on(now.date().checked_add(1.day()).ok()?))?;
        Some(Deadline { at })
    }
}

/// `06:00`, from now on, where this machine is.
impl FromStr for Deadline {
    type Err = DeadlineError;

    fn from_str(text: &str) -> Result<Deadline, DeadlineError> {
        let time = Time::strptime("%H:%M", text).map_err(|_| DeadlineError)?;
        Deadline::next(time, &ZonedDateTime::now()).ok_or(DeadlineError)
    }
}

/// `2026-11-28 06:00 +01:00`.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.at.strftime("%Y-%m-%d %H:%M %:z").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ZonedDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_of_day_is_the_next_one() {
        let check = |now: &str, time: &str, expected: &str| {
            let time = Time::strptime("%H:%M", time).unwrap();
            assert_eq!(Deadline::next(time, &at(now)).unwrap().to_string(), expected);
        };
        check("2026-11-27T23:10:00+01:00[+01:00]", "06:00", "2026-11-28 06:00 +01:00");
        check("2026-11-27T05:59:59+01:00[+01:00]", "06:00", "2026-11-27 06:00 +01:00");
        check("2026-11-27T06:00:00+00:00[UTC]", "06:00", "2026-11-28 06:00 +00:00");
        check("2026-12-31T12:00:00-08:00[-08:00]", "00:00", "2027-01-01 00:00 -08:00");
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for text in ["", "6", "24:00", "06:60", "06:00:00", "noon", "06:00 ", "-1:00"] {
            assert!(text.parse::<Deadline>().is_err(), "{text}");
        }
        assert!("06:00".parse::<Deadline>().is_ok());
    }

    #[test]
    fn a_run_ends_when_it_is_late_or_enough() {
        let until = Deadline { at: at("2026-11-28T06:00:00+00:00[UTC]") };
        let bounds = Bounds { most: Some(2), until: Some(until.clone()) };
        let now = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, after) = (now("2026-11-28T05:59:59.9Z"), now("2026-11-28T06:00:00Z"));
        assert_eq!(bounds.reached(2, before), None);
        assert_eq!(bounds.reached(3, before), Some(End::Enough(2)));
        assert_eq!(bounds.reached(1, after), Some(End::Late(until)));
        assert_eq!(Bounds::default().reached(usize::MAX, after), None);
    }
}
