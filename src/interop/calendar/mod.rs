//! The calendar as iCalendar (RFC 5545), which other calendars subscribe to.
//!
//! A date that is known to the month is an all-day event over the whole month, and says so: no day is made up. The same entry has the
//! same identifier whatever becomes of its date, and nothing in the file depends on when it is written.

#[cfg(test)]
mod tests;
mod words;

use icalendar::{Component, Event, Property};
use time::OffsetDateTime;

use crate::domain::agreement::date_on;
use crate::domain::calendar::Dates;
use crate::domain::vocabulary::{CalendarBasis, CalendarKind, CalendarState, Vocabulary};

pub use words::{cut_short, description, note, title};

/// Media type of the file.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";

/// Longest line, in octets, its end not counted.
const LONGEST_LINE: usize = 75;

/// A change of a date.
#[derive(Clone, Debug)]
pub struct Move {
    /// Dates before.
    pub from: Dates,
    /// Dates since.
    pub to: Dates,
    /// Why.
    pub reason: Option<String>,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Item {
    /// Identifier that never changes.
    pub uid: String,
    /// Revision of what it comes from.
    pub revision: i64,
    /// Last write of what it comes from, milliseconds from 1970-01-01 UTC.
    pub updated_at: i64,
    /// The dates that count, as documented.
    pub dates: Dates,
    /// What it is.
    pub kind: CalendarKind,
    /// Title.
    pub title: String,
    /// How it stands.
    pub state: CalendarState,
    /// Whether it is past its last day and was not told as done.
    pub is_overdue: bool,
    /// Where it comes from.
    pub basis: CalendarBasis,
    /// Name of the institution whose date it is.
    pub institution: Option<String>,
    /// Whether an agreement is renewed by itself.
    pub is_renewed: bool,
    /// Changes of the date, oldest first.
    pub moves: Vec<Move>,
    /// Why it was given up.
    pub reason: Option<String>,
    /// Address of the record.
    pub url: Option<String>,
}

/// A calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// `ar`, `fr` or `en`.
    pub language: &'static str,
    /// Name.
    pub name: String,
    /// What is to be known of it as a whole.
    pub note: Option<String>,
    /// Its entries.
    pub items: Vec<Item>,
}

/// Writes a calendar.
pub fn write(calendar: &Calendar) -> String {
    let mut file = icalendar::Calendar::empty();
    file.append_property(Property::new("VERSION", "2.0"));
    file.append_property(Property::new("PRODID", format!("-//Rihla//Calendar//{}", calendar.language.to_uppercase())));
    file.append_property(Property::new("CALSCALE", "GREGORIAN"));
    file.append_property(Property::new("X-WR-CALNAME", plain(&calendar.name)));
    if let Some(note) = &calendar.note {
        file.append_property(Property::new("X-WR-CALDESC", plain(note)));
    }
    for item in &calendar.items {
        if let Some(event) = event(item, calendar.language) {
            file.push(event);
        }
    }
    folded(&file.to_string())
}

/// Lines of at most 75 octets, broken between letters. The crate folds too, and lets the last part of a line be one octet too long.
fn folded(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 32);
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        let mut length = 0;
        for letter in line.chars() {
            if length + letter.len_utf8() > LONGEST_LINE {
                lines.push_str("\r\n ");
                length = 1;
            }
            lines.push(letter);
            length += letter.len_utf8();
        }
        lines.push_str("\r\n");
    }
    lines
}

/// An entry as an all-day event; none where no date is documented.
fn event(item: &Item, language: &str) -> Option<Event> {
    let (first, last) = item.dates.days()?;
    let label = item.kind.label(language);
    let mut event = Event::new();
    event.add_property("UID", &item.uid);
    // What was never changed is number 0.
    event.add_property("SEQUENCE", (item.revision - 1).max(0).to_string());
    let written = instant(item.updated_at)?;
    event.add_property("DTSTAMP", &written);
    event.add_property("LAST-MODIFIED", &written);
    event.append_property(day("DTSTART", first)?);
    // The end is the day after the last; after the last day of the calendar there is none.
    if let Some(end) = day("DTEND", last + 1) {
        event.append_property(end);
    }
    event.add_property("TRANSP", "TRANSPARENT");
    event.add_property("SUMMARY", plain(&format!("{label}{} {}", if language == "fr" { "\u{a0}:" } else { ":" }, item.title)));
    event.add_property("DESCRIPTION", plain(&description(item, language)));
    event.add_property("CATEGORIES", label);
    event.add_property("STATUS", status(item.state));
    if let Some(url) = &item.url {
        event.add_property("URL", url);
    }
    Some(event.done())
}

fn status(state: CalendarState) -> &'static str {
    match state {
        CalendarState::Planned | CalendarState::Postponed | CalendarState::NotDocumented => "TENTATIVE",
        CalendarState::Ongoing | CalendarState::Done => "CONFIRMED",
        CalendarState::Cancelled => "CANCELLED",
    }
}

/// A property whose value is a day.
fn day(name: &str, day: i64) -> Option<Property> {
    let date = date_on(day)?;
    let text = format!("{:04}{:02}{:02}", date.year, date.month?, date.day?);
    Some(Property::new(name, text).append_parameter(("VALUE", "DATE")).done())
}

/// An instant in UTC.
fn instant(at: i64) -> Option<String> {
    let instant = OffsetDateTime::from_unix_timestamp(at.div_euclid(1_000)).ok()?;
    let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
    instant.format(format).ok()
}

/// A text without the control characters that a line of the format cannot hold; line breaks stay.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\t', " ").chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
