//! Names and mailboxes of persons in what comes in: pointed out, and not repeated.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::interop::dcat::{official, undetermined};
use crate::interop::documents::names_organisation;

use super::names::Institutions;
use super::origin::Unfit;

/// Parts of places of a record that may tell of a person.
const PERSONAL: [&str; 12] =
    ["mail", "mbox", "contact", "author", "maintainer", "contributor", "phone", "person", "steward", "owner", "responsible", "point_of"];
/// Words that look like one of those and tell of none.
const NOT_PERSONAL: [&str; 2] = ["authori", "personal"];
/// How a value says that it is of a person, in RDF.
const OF_A_PERSON: [&str; 6] = ["foaf:Person", "schema:Person", "foaf/0.1/Person", "schema.org/Person", "mailto:", "tel:"];
/// What stands for a mailbox.
const MAILBOX: &str = "(mailbox)";

/// Takes out of the lines on a record what may be the name or the mailbox of a person. What was read is kept as it came.
pub(super) fn hide(institutions: &Institutions, unfit: &mut [Unfit]) {
    for line in unfit.iter_mut().filter(|line| !line.value.is_empty()) {
        if tells_of_a_person(institutions, &line.field, &line.value) {
            line.value.clear();
            line.remedy = format!("may name a person, and is not repeated here: {}", line.remedy);
        } else if let Cow::Owned(masked) = without_mailboxes(&line.value) {
            line.value = masked;
        }
    }
}

fn tells_of_a_person(institutions: &Institutions, place: &str, value: &str) -> bool {
    let is_typed = value.contains("type\"") && value.contains("Person\"");
    if is_typed || OF_A_PERSON.iter().any(|said| value.contains(said)) {
        return true;
    }
    let place = NOT_PERSONAL.iter().fold(place.to_lowercase(), |place, word| place.replace(word, ""));
    let name: MultilingualText = official(undetermined(), value.to_owned());
    PERSONAL.iter().any(|part| place.contains(part)) && !names_organisation(value) && institutions.find(&name).is_none()
}

/// A text with something in the place of its mailboxes.
fn without_mailboxes(text: &str) -> Cow<'_, str> {
    if !has_mailbox(text) {
        return Cow::Borrowed(text);
    }
    let masked = text.split_inclusive(char::is_whitespace).map(|word| {
        let space = &word[word.trim_end().len()..];
        if has_mailbox(word) { format!("{MAILBOX}{space}") } else { word.to_owned() }
    });
    Cow::Owned(masked.collect())
}

/// Whether a name is written like that of a person: a family name, a comma and given names, or two words that both begin with a capital
/// letter; and nothing that institutions are called.
pub(super) fn may_be_person(name: &str) -> bool {
    let is_name = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let is_word = |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        (1..=3).contains(&words.len()) && words.iter().all(is_word)
    };
    let is_capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase) && is_name(word)
    };
    let is_written_so = match name.split_once(',') {
        Some((family, given)) => !given.contains(',') && is_name(family) && is_name(given),
        None => {
            matches!(name.split_whitespace().collect::<Vec<_>>()[..], [given, family] if is_capitalised(given) && is_capitalised(family))
        }
    };
    is_written_so && !names_organisation(name)
}

/// Names the texts that hold a mailbox, without the mailbox: it may be a person's.
pub(super) fn name_mailboxes(content: &Map<String, Value>, unfit: &mut Vec<Unfit>) {
    let remedy = "holds a mailbox, which will be seen by everyone; if it is a person's, put the desk of the institution in its place";
    for (field, value) in content {
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::String(text) if has_mailbox(text) => {
                    unfit.push(Unfit::from(&Problem::new(field, "", remedy)));
                    break;
                }
                Value::Array(values) => waiting.extend(values),
                Value::Object(members) => waiting.extend(members.values()),
                _ => {}
            }
        }
    }
}

fn has_mailbox(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'));
        let host: String = text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        before && host.trim_end_matches('.').split('.').filter(|label| !label.is_empty()).count() >= 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(field: &str, value: &str) -> String {
        let mut lines = [Unfit { field: field.to_owned(), value: value.to_owned(), remedy: "has no field".to_owned() }];
        hide(&Institutions::default(), &mut lines);
        assert_eq!(lines[0].remedy == "has no field", !lines[0].value.is_empty(), "{lines:?}");
        lines[0].value.clone()
    }

    #[test]
    fn persons_and_their_mailboxes_are_not_repeated() {
        for (field, value) in [
            ("maintainer", r#"{"@type":"Person","name":"Jane Roe"}"#),
            ("contactPoint", r#"{"@type":"ContactPoint","email":"x@y.ex"}"#),
            ("dct:contributor", "John Smith"),
            ("dct:publisher/foaf:mbox", "mailto:jane.roe@b.ex"),
            ("dct:publisher/vcard:hasTelephone", "+212 600 000"),
            ("editor", r#"[{"@type":["Person"],"name":"Jane Roe"}]"#),
        ] {
            assert_eq!(hidden(field, value), "", "{field}");
        }
        assert_eq!(hidden("dct:contributor", "Ministère de l'intérieur"), "Ministère de l'intérieur");
        for (field, value) in [
            ("version", "2"),
            ("study_desc.study_authorization.date", "2017"),
            ("dpv:hasPersonalData", "true"),
            ("unit", r#"["Person","Household"]"#),
        ] {
            assert_eq!(hidden(field, value), value, "{field}");
        }
        assert_eq!(hidden("rights", "ask jane@b.ex, or come"), "ask (mailbox) or come");
    }

    #[test]
    fn names_of_persons_are_told_from_those_of_institutions() {
        for name in ["Dupont, Jean", "Jean Dupont", "Benali, F. Z."] {
            assert!(may_be_person(name), "{name}");
        }
        for name in [
            "Direction de la statistique",
            "Bureau",
            "IOM",
            "Office National",
            "Observatoire des migrations",
            "UNHCR Morocco",
            "INS, Tunis, 2020",
        ] {
            assert!(!may_be_person(name), "{name}");
        }
    }
}
