//! Tables: which columns together make a row speak of one person.

use super::columns::{Column, Table};
use super::headings::Trait;
use super::values::Form;
use super::{Finding, MIN_ROWS};

/// Rows up to which a list of people at work (name, institution or function, mailbox) is a list of contacts, as in the annex of
/// a protocol. A longer one is a file of persons.
const MAX_CONTACTS: usize = 20;

/// What a column was found to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    column: usize,
    means: Trait,
    what: &'static str,
    count: usize,
}

/// What a key looks like.
const KEYS: &str = "keys of single records";
/// What several columns look like that are one together.
const TOGETHER: &str = "keys of single records, together with the other columns of numbers";

/// Reads a whole table. Rules, in order:
///
/// 1. Fewer than five rows are no file of persons.
/// 2. A column of names, dates of birth, numbers of identity documents, cases or accounts, or of biometric data is one, by its
///    heading *and* its values, or by values that prove themselves.
/// 3. Except for a short list of people at work.
/// 4. Telephone numbers and personal mailboxes are one, unless they stand beside organisations.
/// 5. Names without a telling heading, and codes, are one together with dates of birth, telephones, sex, age or nationality. Several columns
///    of numbers may be one key; a running number is none in a table that counts.
pub(super) fn judge(table: &Table) -> Vec<Finding> {
    if table.rows < MIN_ROWS {
        return Vec::new();
    }
    let mut seen = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        seen.extend(by_heading(index, column).or_else(|| by_values(index, column)));
    }
    // What is numbered beside a column of counts are lines of a table of totals.
    if table.columns.iter().any(|column| column.counts && column.mostly(Form::Digits) && column.varied(0)) {
        seen.retain(|seen| seen.means != Trait::Order);
    }
    if !seen.iter().any(|seen| seen.means == Trait::Record) && table.is_keyed_together() {
        let first = table.key_columns().find(|(_, column)| !column.means(Trait::Order));
        seen.extend(first.map(|(column, known)| Seen { column, means: Trait::Record, what: TOGETHER, count: known.filled }));
    }
    let facts = facts(&table.columns);
    let direct = |seen: &&Seen| {
        !matches!(
            seen.means,
            Trait::SomeName | Trait::Address | Trait::Gps | Trait::Phone | Trait::Email | Trait::Record | Trait::Order | Trait::Age
        )
    };
    let strong: Vec<Seen> = seen.iter().filter(direct).copied().collect();
    if is_contact_list(table, &seen, &strong, facts) {
        return Vec::new();
    }
    let kept = if !strong.is_empty() {
        seen.retain(|seen| seen.means != Trait::Age);
        seen
    } else {
        together(table, seen, facts)
    };
    kept.iter().map(|seen| Finding { place: table.place, seen: told(table, seen) }).collect()
}

/// A heading names an identifier, and the values under it look so.
fn by_heading(index: usize, column: &Column) -> Option<Seen> {
    let means = column.heading?.means;
    let seen = |holds: bool, what| holds.then_some(Seen { column: index, means, what, count: column.filled });
    match means {
        Trait::Name => seen(is_named(column, 3), "names of persons"),
        Trait::SomeName => seen(is_named(column, 8), "names"),
        Trait::BirthDate => seen(column.mostly(Form::Date) && column.varied(0), "dates of birth"),
        Trait::Identity => {
            // Without such a word it may be the number of those who have one.
            let is_number = |words: &str| ["number", "numéro", "n°", "رقم"].iter().any(|word| words.contains(word));
            let short =
                || short_key(index, column, Trait::Record).filter(|_| column.heading.is_some_and(|heading| is_number(heading.words)));
            seen(column.coded() && column.varied(7), "numbers of identity documents").or_else(short)
        }
        Trait::Case => {
            seen(column.coded() && column.varied(7), "numbers of cases or persons").or_else(|| short_key(index, column, Trait::Record))
        }
        Trait::Account => seen((column.mostly(Form::Iban) || column.mostly(Form::LongCode)) && column.varied(7), "numbers of accounts"),
        Trait::Biometric => seen(column.mostly(Form::LongCode) && column.varied(8), "biometric data"),
        Trait::Phone => seen((column.mostly(Form::PhoneDigits) || column.mostly(Form::Phone)) && column.varied(3), "telephone numbers"),
        Trait::Email => seen(column.mostly(Form::Email) && column.varied(3), "e-mail addresses"),
        Trait::Address => seen(!column.mostly(Form::Email) && !column.mostly(Form::Digits) && column.varied(6), "addresses"),
        Trait::Gps => seen(column.mostly(Form::Coordinate) && column.varied(5), "coordinates"),
        Trait::Record => seen(column.varied(9) && !column.mostly(Form::FullName), KEYS),
        Trait::Order => short_key(index, column, means),
        _ => None,
    }
}

/// Short numbers, nearly all different, under a heading that says number: no document's, but a key.
fn short_key(index: usize, column: &Column, means: Trait) -> Option<Seen> {
    let is_key = column.mostly(Form::Digits) && column.varied(9);
    is_key.then_some(Seen { column: index, means, what: KEYS, count: column.filled })
}

/// Letters only, and not names of organisations.
fn is_named(column: &Column, tenths: usize) -> bool {
    column.mostly(Form::Letters) && column.tenths(Form::Organisation) < 3 && column.varied(tenths)
}

/// Values that look like identifiers, whatever the heading says. Most need company (see [`together`]).
fn by_values(index: usize, column: &Column) -> Option<Seen> {
    let rules: [(Trait, Form, usize, &'static str); 8] = [
        (Trait::Account, Form::Iban, 3, "numbers of bank accounts"),
        (Trait::Case, Form::Unhcr, 3, "UNHCR case numbers"),
        (Trait::Identity, Form::Checked, 5, "identity numbers with a right check digit"),
        (Trait::Email, Form::Email, 3, "e-mail addresses"),
        (Trait::Phone, Form::Phone, 3, "telephone numbers"),
        (Trait::Gps, Form::Coordinate, 5, "coordinates"),
        (Trait::Record, Form::Identity, 8, "what looks like numbers of identity documents"),
        (Trait::SomeName, Form::FullName, 8, "what looks like names of persons"),
    ];
    let found = rules.iter().find(|(_, form, tenths, _)| column.mostly(*form) && column.varied(*tenths));
    if let Some((means, form, _, what)) = found {
        return Some(Seen { column: index, means: *means, what, count: column.count(*form) });
    }
    if column.birth_like() && column.varied(5) {
        return Some(Seen {
            column: index,
            means: Trait::Age,
            what: "dates, spread over the years as dates of birth are",
            count: column.count(Form::Date),
        });
    }
    let key = column.mostly(Form::LongCode) && column.varied(9) && column.heading.is_none();
    key.then_some(Seen {
        column: index,
        means: Trait::Record,
        what: "long codes, nearly all different",
        count: column.count(Form::LongCode),
    })
}

/// Columns that say something of one person: sex, age in years, nationality and the like.
fn facts(columns: &[Column]) -> usize {
    let is_fact = |column: &&Column| match column.heading.map(|heading| heading.means) {
        Some(Trait::Sex) => column.mostly(Form::Sex) && column.tenths(Form::Sex) >= 9 && !column.constant_digit(),
        // Flags of zero and one say that something is broken down by age.
        Some(Trait::Age) => column.mostly(Form::Age) && column.varied(0),
        Some(Trait::Fact) => column.filled >= MIN_ROWS && !column.varied(10) && !column.flags(),
        _ => false,
    };
    columns.iter().filter(is_fact).count()
}

fn organisations(table: &Table) -> bool {
    table
        .columns
        .iter()
        .any(|column| column.means(Trait::Organisation) && column.filled >= MIN_ROWS || column.tenths(Form::Organisation) >= 4)
}

/// A list of organisations with their mailboxes, or a short list of people at work.
fn is_contact_list(table: &Table, seen: &[Seen], strong: &[Seen], facts: usize) -> bool {
    let at_work = organisations(table) || table.columns.iter().any(|column| column.means(Trait::Function) && column.filled >= MIN_ROWS);
    let only_names = strong.iter().all(|seen| seen.means == Trait::Name);
    let dates = seen.iter().any(|seen| seen.means == Trait::Age);
    if !at_work || !only_names || facts > 0 || dates {
        return false;
    }
    let private = table.columns.iter().any(|column| column.mostly(Form::PrivateEmail));
    let names = seen.iter().any(|seen| matches!(seen.means, Trait::Name | Trait::SomeName));
    if names || private { table.rows <= MAX_CONTACTS } else { true }
}

/// Columns that identify together, where none does alone.
fn together(table: &Table, seen: Vec<Seen>, facts: usize) -> Vec<Seen> {
    let has = |means: Trait| seen.iter().any(|seen| seen.means == means);
    let own_mail = table.columns.iter().any(|column| column.mostly(Form::OwnEmail));
    let reachable = has(Trait::Phone) || has(Trait::Email);
    let named = has(Trait::SomeName) && (facts > 0 || reachable || has(Trait::Age) || has(Trait::Record) && has(Trait::Address));
    let coded =
        has(Trait::Record) && (facts >= 2 || has(Trait::Age) || (facts >= 1 && (reachable || has(Trait::Gps))) || has(Trait::Phone));
    // A running number stands in many lists; with two facts on one person it is a list of persons.
    let listed = has(Trait::Order) && facts >= 2;
    let numbered = has(Trait::Record) && has(Trait::SomeName) && seen.iter().any(|seen| seen.what.contains("identity"));
    let located = has(Trait::Gps) && facts > 0;
    // Shared mailboxes and the telephone numbers beside them belong to houses.
    let shared = has(Trait::Email) && !own_mail;
    let reached = own_mail || (has(Trait::Phone) && !shared && !organisations(table));
    if named || coded || listed || numbered || located || reached { seen } else { Vec::new() }
}

fn told(table: &Table, seen: &Seen) -> String {
    let heading = table.columns[seen.column].heading.map_or(String::new(), |heading| format!(" “{}”", heading.words));
    format!("column {}{heading} with {} values that look like {}", seen.column + 1, seen.count, seen.what)
}
