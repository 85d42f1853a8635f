//! Which fields an entry of a kind has, and what is wrong with one.

use crate::domain::concept::Concepts;
use crate::domain::ids::is_web_address;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::time::check_year;
use crate::domain::vocabulary::{ComparabilityVerdict, ConceptScheme, RegisterKind, Vocabulary};

use super::{Cell, Entry};

/// Most datasets, institutions, topics, places and indicators that one entry names of each.
pub const MAX_LINKS: usize = 50;
/// Longest title, in characters.
const MAX_TITLE: usize = 300;
/// Longest address of a mailbox, in characters.
const MAX_MAILBOX: usize = 254;
/// Most people that a need can concern, or a training can have had.
const MAX_PEOPLE: i32 = 1_000_000;
/// Years that a cell can name.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;

/// The fields that people give of a kind, by their names in the record format.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// Those without which there is no entry.
    pub needed: &'static [&'static str],
    /// Those that may be given too.
    pub allowed: &'static [&'static str],
}

/// What people may say in an entry of a kind. Everything else comes of what is done with it.
pub fn fields(kind: RegisterKind) -> Fields {
    match kind {
        RegisterKind::Challenge => Fields {
            needed: &["title", "text"],
            allowed: &[
                "occasion",
                "on",
                "datasets",
                "institutions",
                "themes",
                "places",
                "indicators",
                "actions",
                "challengeKind",
                "affected",
                "answer",
                "visibility",
            ],
        },
        RegisterKind::GoodPractice => Fields {
            needed: &["title", "text"],
            allowed: &[
                "occasion",
                "on",
                "datasets",
                "institutions",
                "themes",
                "places",
                "indicators",
                "actions",
                "context",
                "result",
                "conditions",
                "contact",
                "mailbox",
                "url",
                "visibility",
            ],
        },
        RegisterKind::CapacityNeed => Fields {
            needed: &["title", "text"],
            allowed: &[
                "occasion",
                "on",
                "until",
                "datasets",
                "institutions",
                "themes",
                "places",
                "indicators",
                "actions",
                "capacityKind",
                "level",
                "priority",
                "people",
                "visibility",
            ],
        },
        RegisterKind::Strategy => Fields {
            needed: &["title", "text", "on"],
            allowed: &["occasion", "until", "url", "datasets", "institutions", "themes", "places", "indicators", "actions", "visibility"],
        },
        RegisterKind::Invitation => Fields {
            needed: &["title", "text", "institutions"],
            allowed: &["occasion", "on", "until", "url", "datasets", "themes", "places", "indicators", "actions", "visibility"],
        },
        RegisterKind::Training => Fields {
            needed: &["title", "on"],
            allowed: &[
                "text",
                "occasion",
                "until",
                "url",
                "datasets",
                "institutions",
                "themes",
                "places",
                "indicators",
                "actions",
                "capacityKind",
                "level",
                "people",
                "visibility",
            ],
        },
        RegisterKind::MigrationProfile => Fields {
            needed: &["title", "on"],
            allowed: &["text", "url", "datasets", "institutions", "themes", "places", "indicators", "actions", "visibility"],
        },
        RegisterKind::DataRequest => {
            Fields { needed: &["text", "cell"], allowed: &["title", "until", "institutions", "indicators", "actions", "visibility"] }
        }
        RegisterKind::NotCollected => Fields { needed: &["text", "cell"], allowed: &["title", "on", "visibility"] },
        RegisterKind::Overlap => Fields { needed: &["datasets"], allowed: &["text"] },
        RegisterKind::ComparabilityNote => Fields { needed: &["datasets", "verdict", "text"], allowed: &["on"] },
        RegisterKind::DiscrepancyNote => Fields { needed: &["datasets", "discrepancy", "text"], allowed: &["on"] },
        RegisterKind::FocalPoint => {
            Fields { needed: &["title"], allowed: &["text", "themes", "places", "mailbox", "deputy", "deputyMailbox", "visibility"] }
        }
    }
}

impl Entry {
    /// What is wrong, each problem with field, value and remedy. Whether datasets and institutions exist is looked up by the caller.
    pub fn problems(&self, concepts: &Concepts) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut add = |is_wrong: bool, field: &str, value: String, remedy: &str| {
            if is_wrong {
                found.push(Problem::new(field, value, remedy));
            }
        };
        let title = |text: &MultilingualText| text.iter().map(|(_, wording)| wording.text.chars().count()).max().unwrap_or(0);
        for (field, text) in [("title", &self.title), ("deputy", &self.deputy), ("contact", &self.contact)] {
            add(title(text) > MAX_TITLE, field, title(text).to_string(), "is longer than 300 characters; shorten it");
            let is_function = field != "title" || self.kind == RegisterKind::FocalPoint;
            let is_address = is_function && text.iter().any(|(_, wording)| wording.text.contains('@'));
            let remedy = "holds an address; name a function, and give the mailbox of the function in its own field";
            add(is_address, field, String::new(), remedy);
        }
        let lists = [
            ("datasets", self.datasets.len()),
            ("institutions", self.institutions.len()),
            ("themes", self.themes.len()),
            ("places", self.places.len()),
            ("indicators", self.indicators.len()),
        ];
        for (field, length) in lists {
            add(length > MAX_LINKS, field, length.to_string(), "names too many; at most 50 of each kind");
        }
        for (field, mailbox) in [("mailbox", &self.mailbox), ("deputyMailbox", &self.deputy_mailbox)] {
            let is_wrong = mailbox.as_deref().is_some_and(|mailbox| !is_mailbox(mailbox));
            let remedy = "is no address of a mailbox; give one such as `statistics@ministry.example`, of the function and not of a person";
            add(is_wrong, field, mailbox.clone().unwrap_or_default(), remedy);
        }
        let is_wrong = self.url.as_deref().is_some_and(|url| !is_web_address(url));
        let remedy = "is not an address on the web; give a full one that starts with https://";
        add(is_wrong, "url", self.url.clone().unwrap_or_default(), remedy);
        let is_empty = self.kind == RegisterKind::Invitation && self.institutions.is_empty();
        add(is_empty, "institutions", String::new(), "names nobody; name the institutions that are invited");
        let is_wrong = self.people.is_some_and(|people| !(1..=MAX_PEOPLE).contains(&people));
        add(
            is_wrong,
            "people",
            self.people.unwrap_or_default().to_string(),
            "is a number from 1 to 1,000,000; leave it out where it is not known",
        );
        for (field, date) in [("on", self.on), ("until", self.until)] {
            if let Some((date, remedy)) = date.and_then(|date| Some((date, check_year(date).err()?))) {
                add(true, field, date.to_string(), &remedy);
            }
        }
        let backwards = self.on.zip(self.until).is_some_and(|(on, until)| until.last_day() < on.first_day());
        add(backwards, "until", self.until.map(|date| date.to_string()).unwrap_or_default(), "lies before the first day; mend one of them");
        if self.kind == RegisterKind::Overlap || self.kind == RegisterKind::ComparabilityNote {
            let is_pair = self.datasets.len() == 2 && self.datasets[0] != self.datasets[1];
            add(!is_pair, "datasets", self.datasets.len().to_string(), "name two different records");
        }
        let remedy = "is nothing that producers can agree on; say what follows for the figures, or propose no note";
        add(self.verdict == Some(ComparabilityVerdict::NotDocumented), "verdict", "NOT_DOCUMENTED".to_owned(), remedy);
        add(
            self.kind == RegisterKind::DiscrepancyNote && self.datasets.is_empty(),
            "datasets",
            self.datasets.len().to_string(),
            "name the record in which the figures stand side by side, and then those that hold some of them",
        );
        let schemes = [
            ("themes", ConceptScheme::Themes, &self.themes),
            ("places", ConceptScheme::Places, &self.places),
            ("indicators", ConceptScheme::Indicators, &self.indicators),
        ];
        for (field, scheme, codes) in schemes {
            let unknown = codes.iter().enumerate().filter_map(|(index, code)| Some((index, code, concepts.require(scheme, code).err()?)));
            found.extend(unknown.map(|(index, code, remedy)| Problem::new(format!("{field}[{index}]"), code, remedy)));
        }
        if let Some(cell) = &self.cell {
            found.extend(cell.problems(concepts));
            if self.kind == RegisterKind::NotCollected {
                found.extend(cell.problems_of_statement());
            }
        }
        found
    }
}

impl Cell {
    /// What is wrong with it as the cell of a statement that something is not collected.
    fn problems_of_statement(&self) -> Vec<Problem> {
        let access = "is about data that are there; leave it out of what is not collected";
        let own = "is said already: an institution states it of itself; leave it out";
        let said = [
            ("cell.institution", self.institution.as_ref().map(ToString::to_string), own),
            ("cell.aggregatesAccess", self.aggregates_access.map(|level| level.code().to_owned()), access),
            ("cell.microdataAccess", self.microdata_access.map(|level| level.code().to_owned()), access),
        ];
        said.into_iter().filter_map(|(field, value, remedy)| Some(Problem::new(field, value?, remedy))).collect()
    }

    fn problems(&self, concepts: &Concepts) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.is_empty() {
            found.push(Problem::new("cell", "", "says nothing; name a topic, a place, years, or another value of the grid"));
        }
        let single = [
            ("cell.theme", ConceptScheme::Themes, &self.theme),
            ("cell.area", ConceptScheme::Places, &self.area),
            ("cell.origin", ConceptScheme::Places, &self.origin),
            ("cell.destination", ConceptScheme::Places, &self.destination),
            ("cell.indicator", ConceptScheme::Indicators, &self.indicator),
        ];
        for (field, scheme, code) in single {
            if let Some((code, remedy)) = code.as_ref().and_then(|code| Some((code, concepts.require(scheme, code).err()?))) {
                found.push(Problem::new(field, code, remedy));
            }
        }
        if self.breakdowns.len() > super::MAX_LINKS {
            found.push(Problem::new("cell.breakdowns", self.breakdowns.len(), "names too many; at most 50"));
        }
        for (index, code) in self.breakdowns.iter().enumerate() {
            if let Err(remedy) = concepts.require(ConceptScheme::Disaggregations, code) {
                found.push(Problem::new(format!("cell.breakdowns[{index}]"), code, remedy));
            }
        }
        for (field, year) in [("cell.fromYear", self.from_year), ("cell.toYear", self.to_year)] {
            if let Some(year) = year.filter(|year| !YEARS.contains(year)) {
                found.push(Problem::new(field, year, "is no year from 1800 to 2200"));
            }
        }
        if let Some((from, to)) = self.from_year.zip(self.to_year).filter(|(from, to)| from > to) {
            found.push(Problem::new("cell.toYear", to, format!("lies before {from}; mend one of them")));
        }
        found
    }
}

/// Whether a text is an address of a mailbox: one `@`, something before it, a name with a dot behind it, nothing to see through.
fn is_mailbox(text: &str) -> bool {
    let is_plain = text.len() <= MAX_MAILBOX && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'(),:;\\[]".contains(c));
    let parts = text.split_once('@');
    is_plain
        && parts.is_some_and(|(name, host)| {
            !name.is_empty() && !host.contains('@') && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
}

/// What is said of a kind that its entries do not have, and what they need and is not said; `given` are names in the record format.
pub fn field_problems(kind: RegisterKind, given: &[&str], is_new: bool) -> Vec<Problem> {
    let Fields { needed, allowed } = fields(kind);
    let strange = given.iter().filter(|field| !needed.contains(field) && !allowed.contains(field));
    let label = kind.label("en");
    let strange = strange
        .map(|field| Problem::new(*field, "", format!("is nothing that an entry of the kind {} ({label}) has; leave it out", kind.code())));
    let missing = needed.iter().filter(|field| is_new && !given.contains(field));
    let missing = missing.map(|field| Problem::new(*field, "", format!("is needed in an entry of the kind {} ({label})", kind.code())));
    strange.chain(missing).collect()
}
