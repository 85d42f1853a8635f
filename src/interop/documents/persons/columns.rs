//! A table as counts: what each column is called, and what its values look like.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::headings::{Heading, Trait, heading, is_count};
use super::values::{FORMS, Form, value};
use super::{Finding, MIN_ROWS, Place, judge};

/// Rows among which the headings are looked for; titles may stand above them.
const TOP: usize = 12;
/// Columns that are counted.
pub(super) const MAX_COLUMNS: usize = 512;
/// Values of which all are looked at; of those that follow, every sixteenth.
const ALL_VALUES: usize = 300_000;
/// Different values of a column that are told apart.
const MAX_DISTINCT: usize = 2_000;
/// Lengths of values that are told apart.
const LENGTHS: usize = 40;
/// The last year that counts as an early one: most people are older, most events are later.
const EARLY: u16 = 2010;

/// What is known of one column.
pub(super) struct Column {
    pub(super) heading: Option<Heading>,
    /// Whether the heading says that values are counts.
    pub(super) counts: bool,
    /// Values that are not empty.
    pub(super) filled: usize,
    /// Values looked at.
    looked: usize,
    forms: [usize; FORMS],
    distinct: HashSet<u64>,
    lengths: [usize; LENGTHS],
    lettered: usize,
    early: usize,
    years: HashSet<u16>,
}

impl Column {
    fn new(heading: Option<Heading>) -> Self {
        Self {
            heading,
            counts: false,
            filled: 0,
            looked: 0,
            forms: [0; FORMS],
            distinct: HashSet::new(),
            lengths: [0; LENGTHS],
            lettered: 0,
            early: 0,
            years: HashSet::new(),
        }
    }

    fn add(&mut self, text: &str, look: bool) {
        if is_blank(text) {
            return;
        }
        self.filled += 1;
        if !look {
            return;
        }
        self.looked += 1;
        let value = value(text);
        for (form, count) in self.forms.iter_mut().enumerate() {
            *count += usize::from(value.forms.has(ALL_FORMS[form]));
        }
        if self.distinct.len() < MAX_DISTINCT {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            self.distinct.insert(hasher.finish());
        }
        self.lengths[text.chars().count().min(LENGTHS - 1)] += 1;
        self.lettered += usize::from(text.chars().any(char::is_alphabetic));
        if let Some(year) = value.year {
            self.early += usize::from(year <= EARLY);
            self.years.insert(year);
        }
    }

    pub(super) fn means(&self, means: Trait) -> bool {
        self.heading.is_some_and(|heading| heading.means == means)
    }

    /// Whether the heading says that it is a key, or part of one.
    pub(super) fn is_key(&self) -> bool {
        self.means(Trait::Record) || self.means(Trait::Order) || self.means(Trait::Case)
    }

    /// Whether at least five values and three fifths of all have this form. Some values of any real column are odd.
    pub(super) fn mostly(&self, form: Form) -> bool {
        let count = self.forms[form as usize];
        count >= MIN_ROWS && count * 5 >= self.looked * 3
    }

    /// Values of a form among those looked at.
    pub(super) fn count(&self, form: Form) -> usize {
        self.forms[form as usize]
    }

    /// A share of values of a form, in tenths.
    pub(super) fn tenths(&self, form: Form) -> usize {
        (self.forms[form as usize] * 10).checked_div(self.looked).unwrap_or(0)
    }

    /// Whether the values are mostly different: at least so many tenths, and five.
    pub(super) fn varied(&self, tenths: usize) -> bool {
        let bound = self.looked.min(MAX_DISTINCT);
        self.distinct.len() >= MIN_ROWS && self.distinct.len() * 10 >= bound * tenths
    }

    /// Whether the values look like numbers of documents: codes of about one length, or with letters. Counts vary in length.
    pub(super) fn coded(&self) -> bool {
        let longest = self.lengths.iter().enumerate().skip(6).map(|(_, count)| *count).max().unwrap_or(0);
        self.mostly(Form::Code) && (self.lettered * 2 >= self.looked || longest * 5 >= self.looked * 3)
    }

    /// Whether the values only say yes or no: at most two different ones of at most three characters.
    pub(super) fn flags(&self) -> bool {
        self.distinct.len() <= 2 && self.lengths.iter().skip(4).all(|count| *count == 0)
    }

    /// Whether one digit stands in all rows.
    pub(super) fn constant_digit(&self) -> bool {
        self.distinct.len() == 1 && self.lettered == 0
    }

    /// Whether dates lie as dates of birth do: many years, most of them early.
    pub(super) fn birth_like(&self) -> bool {
        self.mostly(Form::Date) && self.years.len() >= MIN_ROWS && self.early * 5 >= self.count(Form::Date) * 3
    }
}

const ALL_FORMS: [Form; FORMS] = [
    Form::Email,
    Form::OwnEmail,
    Form::PrivateEmail,
    Form::Phone,
    Form::PhoneDigits,
    Form::Iban,
    Form::Checked,
    Form::Identity,
    Form::Unhcr,
    Form::Date,
    Form::FullName,
    Form::Letters,
    Form::Organisation,
    Form::Code,
    Form::LongCode,
    Form::Coordinate,
    Form::Sex,
    Form::Age,
    Form::Digits,
];

/// Nothing, or a sign for nothing, or a masked value.
fn is_blank(text: &str) -> bool {
    let lower = text.to_lowercase();
    matches!(lower.as_str(), "" | "-" | "–" | "—" | "." | ".." | "..." | "…" | "n/a" | "na" | "nd" | "n.d." | "null" | "none" | "s/o" | "?")
        || text.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '#' | '_' | ' ' | '-' | '.' | '…'))
}

/// A table that is being read.
pub(super) struct Table {
    pub(super) place: Place,
    pub(super) columns: Vec<Column>,
    /// Rows under the headings.
    pub(super) rows: usize,
    seen: usize,
    looked: usize,
    headings: usize,
    /// Different values of all key columns together, where there are several, among those looked at.
    keys: HashSet<u64>,
    keyed: usize,
    /// Places of the key columns.
    key_places: Vec<usize>,
}

impl Table {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            columns: Vec::new(),
            rows: 0,
            seen: 0,
            looked: 0,
            headings: 0,
            keys: HashSet::new(),
            keyed: 0,
            key_places: Vec::new(),
        }
    }

    /// Columns whose heading says that they are keys, or part of one.
    pub(super) fn key_columns(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.is_key())
    }

    /// Whether several columns together are a key: the household and the person in it.
    pub(super) fn is_keyed_together(&self) -> bool {
        let bound = self.keyed.min(MAX_DISTINCT);
        self.keys.len() >= MIN_ROWS && self.keys.len() * 10 >= bound * 9
    }

    fn add_key(&mut self, cells: &[&str]) {
        if self.key_places.len() < 2 {
            return;
        }
        let parts: Vec<&str> = self.key_places.iter().filter_map(|place| cells.get(*place).copied()).collect();
        if parts.len() < 2 || parts.iter().any(|part| is_blank(part)) {
            return;
        }
        self.keyed += 1;
        if self.keys.len() < MAX_DISTINCT {
            let mut hasher = DefaultHasher::new();
            parts.hash(&mut hasher);
            self.keys.insert(hasher.finish());
        }
    }

    /// Takes the next row. Where it is the heading of another table below, what the one above showed is given back.
    pub(super) fn row(&mut self, cells: &[&str]) -> Vec<Finding> {
        let cells = &cells[..cells.len().min(MAX_COLUMNS)];
        if cells.iter().all(|cell| cell.is_empty()) {
            return Vec::new();
        }
        self.seen += 1;
        let is_top = self.seen <= TOP;
        if is_top || !cells.iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')) {
            let headings: Vec<_> = cells.iter().map(|cell| heading(cell)).collect();
            let count = headings.iter().flatten().count();
            if count > 0 && ((is_top && count > self.headings) || (!is_top && count >= 2)) {
                let above = if is_top && self.headings == 0 && self.rows < MIN_ROWS { Vec::new() } else { judge::judge(self) };
                self.begin(headings, cells, count);
                return above;
            }
        }
        self.add(cells);
        Vec::new()
    }

    fn begin(&mut self, headings: Vec<Option<Heading>>, cells: &[&str], count: usize) {
        self.columns = headings.into_iter().map(Column::new).collect();
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.counts = is_count(cell);
        }
        self.headings = count;
        self.rows = 0;
        (self.keys, self.keyed) = (HashSet::new(), 0);
        self.key_places = self.key_columns().map(|(place, _)| place).collect();
    }

    fn add(&mut self, cells: &[&str]) {
        self.rows += 1;
        let look = self.looked < ALL_VALUES || self.rows.is_multiple_of(16);
        while self.columns.len() < cells.len() {
            self.columns.push(Column::new(None));
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.add(cell, look);
        }
        if look {
            self.add_key(cells);
        }
        self.looked += if look { cells.len() } else { 0 };
    }
}
