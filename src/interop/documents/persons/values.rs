//! Shapes of values: what a cell looks like, whatever its heading says.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::words::is_arabic;

/// What a value may look like; a value may look like several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Form {
    Email,
    /// A mailbox of a person, by its name or its provider.
    OwnEmail,
    /// A mailbox at one of the large providers for private persons.
    PrivateEmail,
    /// A telephone number by its prefix.
    Phone,
    /// Digits that may be a telephone number, where the heading says so.
    PhoneDigits,
    Iban,
    /// An identity number whose check digit or letter is right.
    Checked,
    /// Letters and digits as on identity cards and passports.
    Identity,
    /// UNHCR's case number.
    Unhcr,
    Date,
    /// Two to four capitalised words, or Arabic ones.
    FullName,
    /// One to five words of letters.
    Letters,
    Organisation,
    /// Letters and digits without spaces, with at least one digit.
    Code,
    /// A code of eight characters and more.
    LongCode,
    Coordinate,
    Sex,
    Age,
    /// Digits only.
    Digits,
}

/// Number of forms.
pub(super) const FORMS: usize = Form::Digits as usize + 1;

/// A set of forms.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Forms(u32);

impl Forms {
    pub(super) fn has(self, form: Form) -> bool {
        self.0 & (1 << form as u8) != 0
    }

    fn set(&mut self, form: Form, truth: bool) {
        self.0 |= u32::from(truth) << form as u8;
    }
}

/// A value as it was understood.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Value {
    pub(super) forms: Forms,
    /// The year, where it is a date.
    pub(super) year: Option<u16>,
}

/// Characters of a value that may identify somebody.
const MAX_CHARS: usize = 100;

/// What a value looks like.
pub(super) fn value(text: &str) -> Value {
    let mut forms = Forms::default();
    if text.len() > MAX_CHARS * 4 || text.chars().count() > MAX_CHARS {
        return Value::default();
    }
    let digits = latin_digits(text);
    let text = digits.as_str();
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '\u{a0}' | '\u{202f}')).collect();
    let upper = compact.to_uppercase();
    let count = text.chars().filter(char::is_ascii_digit).count();
    if text.contains('@') {
        emails(text, &mut forms);
    }
    if count > 0 {
        numbers(text, &compact, &upper, count, &mut forms);
    } else {
        words(text, &mut forms);
    }
    forms.set(Form::Sex, SEXES.contains(text.to_lowercase().as_str()));
    let year = if (4..=12).contains(&count) { date(text) } else { None };
    forms.set(Form::Date, year.is_some());
    forms.set(Form::Organisation, is_organisation(text));
    Value { forms, year }
}

static SEXES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "m f h male female man woman masculin féminin feminin homme femme garçon fille ذكر أنثى انثى رجل امرأة 1 2".split(' ').collect()
});

fn numbers(text: &str, compact: &str, upper: &str, count: usize, forms: &mut Forms) {
    forms.set(Form::Digits, count == compact.len());
    forms.set(Form::Age, text.parse::<u8>().is_ok_and(|age| age <= 110));
    forms.set(Form::Iban, is_iban(upper));
    forms.set(Form::Checked, is_checked(upper));
    forms.set(Form::Identity, SHAPES.iter().any(|shape| fits(upper, shape)));
    forms.set(Form::Unhcr, is_unhcr(text));
    let only = |allowed: &str| text.chars().all(|c| c.is_ascii_digit() || allowed.contains(c) || c == '\u{a0}' || c == '\u{202f}');
    let phone = only("+ .-/()") && (8..=15).contains(&count) && text.matches('.').count() != 1;
    forms.set(Form::PhoneDigits, phone);
    forms.set(Form::Phone, phone && is_dialled(compact, count));
    forms.set(Form::Coordinate, is_coordinate(text));
    let code = !compact.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-/._".contains(c)) && !is_decimal(text);
    forms.set(Form::Code, code && compact.chars().count() >= 5);
    forms.set(Form::LongCode, code && compact.chars().count() >= 8);
}

/// Telephones with the country but without a sign before it, as spreadsheets leave them: beginning and length. Morocco, France,
/// Spain, Senegal, Mali, Algeria and Tunisia.
const DIALLED: &[(&str, usize)] = &[
    ("2125", 12),
    ("2126", 12),
    ("2127", 12),
    ("336", 11),
    ("337", 11),
    ("346", 11),
    ("347", 11),
    ("2217", 12),
    ("2237", 11),
    ("2136", 12),
    ("2162", 11),
];

/// International prefix, or ten digits of Morocco and France that begin as telephones do.
fn is_dialled(compact: &str, count: usize) -> bool {
    let digits: String = compact.chars().filter(char::is_ascii_digit).collect();
    (compact.contains('+') && count >= 9)
        || (digits.starts_with("00") && count >= 11)
        || (count == 10 && digits.starts_with('0') && matches!(digits.as_bytes()[1], b'5'..=b'8'))
        || DIALLED.iter().any(|(prefix, length)| count == *length && digits.starts_with(prefix))
}

/// A kind of character, and how often it may follow itself.
type Piece = (bool, usize, usize);
const L: bool = true;
const D: bool = false;

/// Identity documents without a check digit, without spaces. Lengths: Moroccan identity card (one or two letters, five to seven
/// digits); passports by ICAO 9303, which allows nine characters (one to three letters first, as in Morocco, Italy, Spain,
/// Senegal, Côte d'Ivoire; France: two digits, two letters, five digits); Spanish and Moroccan residence cards.
const SHAPES: &[&[Piece]] =
    &[&[(L, 1, 3), (D, 5, 8)], &[(D, 2, 2), (L, 2, 2), (D, 5, 5)], &[(L, 1, 1), (D, 6, 7), (L, 1, 1)], &[(D, 7, 8), (L, 1, 1)]];

fn fits(text: &str, shape: &[Piece]) -> bool {
    let mut rest = text.as_bytes();
    for (letters, least, most) in shape {
        let run =
            rest.iter().take(*most).take_while(|byte| if *letters { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() }).count();
        if run < *least {
            return false;
        }
        rest = &rest[run..];
    }
    rest.is_empty()
}

/// ISO 13616: two letters, two check digits, and the whole, turned and read as a number, leaves 1 when divided by 97.
pub(super) fn is_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !(15..=34).contains(&bytes.len()) || !fits(&text[..text.char_indices().nth(4).map_or(0, |(at, _)| at)], &[(L, 2, 2), (D, 2, 2)]) {
        return false;
    }
    let mut rest = 0u32;
    for byte in bytes[4..].iter().chain(&bytes[..4]) {
        let (value, places) = match byte {
            b'0'..=b'9' => (u32::from(byte - b'0'), 10),
            b'A'..=b'Z' => (u32::from(byte - b'A') + 10, 100),
            _ => return false,
        };
        rest = (rest * places + value) % 97;
    }
    rest == 1
}

/// Numbers that prove themselves: Spain's DNI and NIE (letter by the remainder of 23), France's NIR (key by the remainder of 97).
pub(super) fn is_checked(text: &str) -> bool {
    let bytes = text.as_bytes();
    if fits(text, &[(D, 8, 8), (L, 1, 1)]) || (fits(text, &[(L, 1, 1), (D, 7, 7), (L, 1, 1)]) && matches!(bytes[0], b'X'..=b'Z')) {
        let first = if bytes[0] >= b'X' { bytes[0] - b'X' } else { bytes[0] - b'0' };
        let number = bytes[1..8].iter().fold(u32::from(first), |sum, byte| sum * 10 + u32::from(byte - b'0'));
        return b"TRWAGMYFPDXBNJZSQVHLCKE"[number as usize % 23] == bytes[8];
    }
    if bytes.len() != 15 || !matches!(bytes[0], b'1' | b'2') {
        return false;
    }
    // Corsica's departments, 2A and 2B, count as 19 and 18.
    let digits = text.replacen("2A", "19", 1).replacen("2B", "18", 1);
    let Ok(number) = digits[..13].parse::<u64>() else { return false };
    let month: u8 = digits[3..5].parse().unwrap_or(0);
    digits[13..].parse::<u64>().is_ok_and(|key| key == 97 - number % 97) && ((1..=12).contains(&month) || month >= 20)
}

/// UNHCR's numbers of cases and individuals: office, year, letter, five digits (`123-45C67890`).
pub(super) fn is_unhcr(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 12
        && bytes[3] == b'-'
        && bytes[..3].iter().all(u8::is_ascii_alphanumeric)
        && fits(&text[4..].to_uppercase(), &[(D, 2, 2), (L, 1, 1), (D, 5, 5)])
}

fn is_decimal(text: &str) -> bool {
    text.trim_start_matches(['-', '+']).replace(',', ".").parse::<f64>().is_ok() && text.contains(['.', ','])
}

/// Degrees with at least three decimals: a place of about a hundred metres.
fn is_coordinate(text: &str) -> bool {
    let number = text.trim_end_matches(['°', 'N', 'S', 'E', 'W', 'O', ' ']).replace(',', ".");
    let decimals = number.rsplit_once('.').map_or(0, |(_, decimals)| decimals.len());
    decimals >= 3 && number.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

/// Providers of mailboxes for private persons, as met in the region.
const PRIVATE: &[&str] = &[
    "gmail.", "hotmail.", "yahoo.", "outlook.", "live.", "icloud.", "msn.", "menara.", "orange.", "laposte.", "free.fr", "wanadoo.",
    "proton",
];

/// Beginnings of mailboxes that belong to a function or a house, not to a person.
static FUNCTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "info contact secretariat bureau office admin webmaster support help service direction stat data dpo cndp presse \
    press communication com rh hr courrier mail accueil migration observatoire desk access acces library \
    documentation doc cabinet president dg sg research recherche ethics ethique comite editor noreply no-reply unhcr \
    iom oim morocco maroc rabat"
        .split(' ')
        .collect()
});

fn emails(text: &str, forms: &mut Forms) {
    let Some(email) = text.split([' ', '<', '>', ';', ',', '(', ')', ':']).find(|part| is_email(part)) else { return };
    let own = !is_shared_mailbox(email);
    forms.set(Form::Email, true);
    forms.set(Form::PrivateEmail, is_private_mailbox(email));
    forms.set(Form::OwnEmail, own);
}

/// Whether a word is an address of a mailbox.
pub(super) fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(own, house)| {
        !own.is_empty()
            && house.contains('.')
            && house.len() >= 4
            && !house.contains('@')
            && house.chars().all(|c| c.is_alphanumeric() || "-.".contains(c))
    })
}

/// Whether a mailbox lies at a provider for private persons.
pub(super) fn is_private_mailbox(email: &str) -> bool {
    email.split_once('@').is_some_and(|(_, house)| PRIVATE.iter().any(|provider| house.to_lowercase().starts_with(provider)))
}

/// Whether a mailbox belongs to a function or a house: by its beginning, or because it is one word without a name's point.
fn is_shared_mailbox(email: &str) -> bool {
    if is_private_mailbox(email) {
        return false;
    }
    let own = email.split('@').next().unwrap_or_default().to_lowercase();
    let parts: Vec<&str> = own.split(['.', '_', '-']).filter(|part| !part.is_empty()).collect();
    parts.iter().any(|part| {
        FUNCTIONS.iter().any(|function| {
            part.trim_end_matches(|c: char| c.is_ascii_digit()) == *function || (function.len() > 4 && part.starts_with(function))
        })
    }) || parts.len() < 2
}

/// Words that stand in names of organisations and of their parts, folded loosely: lower case.
static ORGANISATIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "ministère ministere ministry université universite university direction institut institute centre center office \
    haut-commissariat commission conseil council agence agency association fondation foundation organisation \
    organization observatoire observatory département department laboratoire laboratory faculté école school bureau \
    service programme program fonds fund bank banque union société comité committee ong ngo delegation délégation hcp \
    unhcr oim iom وزارة جامعة مديرية معهد مركز مكتب المندوبية مندوبية مفوضية المفوضية لجنة مجلس وكالة جمعية مؤسسة \
    منظمة مرصد المرصد كلية مختبر صندوق بنك اتحاد"
        .split(' ')
        .collect()
});

/// Whether a text names an organisation.
pub(in crate::interop::documents) fn is_organisation(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphabetic() || c == '-')).any(|word| ORGANISATIONS.contains(word.to_lowercase().as_str()))
}

/// Parts of names that are written small.
static PARTICLES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| "de da dos del van von ben bin bint el al ould ait d la le".split(' ').collect());

fn words(text: &str, forms: &mut Forms) {
    let words: Vec<&str> = text.split([' ', '-', ',', '’', '\'']).filter(|word| !word.is_empty()).collect();
    let lettered = words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || c == '.' || is_mark(c)));
    let length = text.chars().count();
    forms.set(Form::Letters, lettered && (1..=5).contains(&words.len()) && length >= 2);
    forms.set(Form::FullName, lettered && is_full_name(&words) && !is_organisation(text));
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c == '\u{0640}'
}

/// Two to four words, each with a capital, or each Arabic.
pub(super) fn is_full_name(words: &[&str]) -> bool {
    let capital = |word: &str| word.chars().next().is_some_and(|c| c.is_uppercase() || is_arabic(c));
    let names = words.iter().filter(|word| capital(word) && word.chars().count() >= 2).count();
    (2..=4).contains(&names)
        && words.len() <= 6
        && words.iter().all(|word| (capital(word) || PARTICLES.contains(*word)) && word.chars().count() <= 20)
}

fn latin_digits(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
            c => c,
        })
        .collect()
}

/// Months as they are written out, by their first letters.
const MONTHS: &[&[&str]] = &[
    &["jan", "يناير"],
    &["feb", "fév", "fev", "فبراير"],
    &["mar", "مارس"],
    &["apr", "avr", "أبريل", "ابريل"],
    &["may", "mai", "ماي", "مايو"],
    &["jun", "juin", "يونيو"],
    &["jul", "juil", "يوليو"],
    &["aug", "aoû", "aou", "غشت", "أغسطس"],
    &["sep", "شتنبر", "سبتمبر"],
    &["oct", "أكتوبر", "اكتوبر"],
    &["nov", "نونبر", "نوفمبر"],
    &["dec", "déc", "دجنبر", "ديسمبر"],
];

/// The year of a full date: day, month and year in any usual order, the month in digits or words.
pub(super) fn date(text: &str) -> Option<u16> {
    let text = text.split(['T', ',']).next().unwrap_or_default().trim();
    let text = text.split_once(' ').filter(|(_, time)| time.contains(':')).map_or(text, |(day, _)| day);
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str, least: usize, most: usize| {
        let fits = (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let month = |part: &str| number(part, 1, 2).or_else(|| month_in_words(part));
    let (day, month, year) = if first.len() == 4 {
        (number(third, 1, 2)?, month(second)?, number(first, 4, 4)?)
    } else if number(first, 1, 2).is_some() {
        (number(first, 1, 2)?, month(second)?, number(third, 2, 4)?)
    } else {
        (number(second, 1, 2)?, month_in_words(first)?, number(third, 4, 4)?)
    };
    let year = match third.len().max(if first.len() == 4 { 4 } else { 0 }) {
        2 if year > 30 => 1900 + year,
        2 => 2000 + year,
        _ => year,
    };
    // Month before day, as in the United States, is a date as well.
    let fits = (1..=31).contains(&day) && (1..=31).contains(&month) && day.min(month) <= 12;
    (fits && (1900..=2100).contains(&year)).then_some(year)
}

fn month_in_words(part: &str) -> Option<u16> {
    let lower = part.to_lowercase();
    let found = MONTHS.iter().position(|names| names.iter().any(|name| lower.starts_with(name)))?;
    u16::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_told_apart() {
        for (text, form, is) in [
            ("a.b@gmail.com", Form::PrivateEmail, true),
            ("contact@hcp.example", Form::OwnEmail, false),
            ("dcp@hcp.example", Form::OwnEmail, false),
            ("prenom.nom@uni.example", Form::OwnEmail, true),
            ("+212 6 12 34 56 78", Form::Phone, true),
            ("0612345678", Form::Phone, true),
            ("٠٦١٢٣٤٥٦٧٨", Form::Phone, true),
            ("1234567890", Form::Phone, false),
            ("978-2-1234-5680-3", Form::Phone, false),
            ("12345678Z", Form::Checked, true),
            ("12345678A", Form::Checked, false),
            ("X1234567L", Form::Checked, true),
            ("MA64011519000001205000534921", Form::Iban, true),
            ("MA64011519000001205000534922", Form::Iban, false),
            ("BE123456", Form::Identity, true),
            ("12AB34567", Form::Identity, true),
            ("2018", Form::Identity, false),
            ("385-14C00123", Form::Unhcr, true),
            ("12/03/1985", Form::Date, true),
            ("1985-03-12", Form::Date, true),
            ("12 mars 1985", Form::Date, true),
            ("12 مارس 1985", Form::Date, true),
            ("1985-1990", Form::Date, false),
            ("33.573110", Form::Coordinate, true),
            ("12.5", Form::Coordinate, false),
            ("Institut National", Form::FullName, false),
            ("Ada Ben Test", Form::FullName, true),
            ("a table of totals", Form::FullName, false),
        ] {
            assert_eq!(value(text).forms.has(form), is, "{text} {form:?}");
        }
    }
}
