//! Names and mailboxes of persons in what comes in: pointed out, and not repeated.

use serde_json::{Map, Value};

use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::words::is_arabic;
use crate::interop::agents::{Spelling, is_organisation, names_somebody, spelling, without_names};
use crate::interop::dcat::{official, undetermined};
use crate::interop::ddi::are_terms;
use crate::interop::exchange::Origin;

use super::calls::{CALLED, DIGITS, TELEPHONE, has_mailbox, without_calls};
use super::names::Institutions;
use super::origin::Unfit;

/// Parts of places of a record that may tell of a person: what stands there is not told on, unless it is known to be no person's.
const PERSONAL: [&str; 20] = [
    "mail",
    "mbox",
    "contact",
    "author",
    "maintainer",
    "contributor",
    "phone",
    "person",
    "steward",
    "owner",
    "responsible",
    "point_of",
    "created_by",
    "updated_by",
    "entered_by",
    "modified_by",
    "saisi_par",
    "مسؤول",
    "اتصال",
    "منسق",
];
/// Words that look like one of those and tell of none.
const NOT_PERSONAL: [&str; 2] = ["authori", "personal"];
/// Parts of places where names stand, of persons or of organisations: the spelling tells.
const NAMING: [&str; 24] = [
    "deposit",
    "datacollector",
    "data_collector",
    "othid",
    "oth_id",
    "producer",
    "distrbtr",
    "distributor",
    "authenty",
    "creator",
    "publisher",
    "evaluator",
    "participant",
    "fund",
    "sponsor",
    "editor",
    "translator",
    "agent",
    "rightsholder",
    "custodian",
    "verresp",
    "version_resp",
    "credittext",
    "responsab",
];
/// Parts of places where methods are told, in terms of vocabularies: what stands there before a colon is no name of a member.
const METHODS: [&str; 10] = [
    "collmode",
    "coll_mode",
    "timemeth",
    "time_method",
    "sampproc",
    "sampling_procedure",
    "anlyunit",
    "analysis_unit",
    "resinstru",
    "research_instrument",
];
/// Parts of places of citations, which begin with those who wrote what is cited.
const CITING: [&str; 9] = ["biblcit", "bib_citation", "relpubl", "relmat", "relstdy", "datasrc", "citation", "reference", "copyright"];
/// Members of JSON that hold names.
const NAMES: [&str; 8] = ["name", "title", "fn", "givenName", "familyName", "legalName", "alternateName", "label"];
/// How a value says that it is of a person, in RDF.
const OF_A_PERSON: [&str; 6] = ["foaf:Person", "schema:Person", "foaf/0.1/Person", "schema.org/Person", "mailto:", "tel:"];
/// What stands for a name in a text.
const NAME: &str = "(name)";
/// What stands for those who wrote what is cited.
const AUTHORS: &str = "(authors)";
/// Years that a publication bears.
const YEARS: std::ops::RangeInclusive<u32> = 1800..=2100;

/// Takes out of the lines on a record what may be the name or the mailbox of a person. What was read is kept as it came.
pub(super) fn hide(institutions: &Institutions, origin: &Origin, unfit: &mut [Unfit]) {
    for line in unfit.iter_mut().filter(|line| !line.value.is_empty()) {
        if tells_of_a_person(institutions, origin, &line.field, &line.value) {
            line.value = beside_the_name(&line.value);
            line.remedy = format!("may name a person, and is not repeated here: {}", line.remedy);
            continue;
        }
        if is_telephone(&line.field, &line.value) {
            line.value = TELEPHONE.to_owned();
        }
        if let Some(masked) = without_authors(&line.field, &line.value) {
            line.value = masked;
        }
        // Whatever the place, what is a name and nothing else, or a name within a text.
        if is_name_alone(institutions, origin, &line.value) {
            line.value.clear();
            line.remedy = format!("may name a person, and is not repeated here: {}", line.remedy);
            continue;
        }
        if let Some(masked) = without_names(&line.value, NAME).filter(|_| !is_known(institutions, origin, name_in(&line.value))) {
            line.value = masked;
        }
        line.value = without_calls(&line.value);
    }
}

/// Whether a value is the name of a person and nothing else: a given name and another word, in Arabic letters too.
fn is_name_alone(institutions: &Institutions, origin: &Origin, value: &str) -> bool {
    let name = name_in(value);
    let is_whole = without_names(name, "").is_some_and(|rest| rest.trim().is_empty());
    let is_spelled = || name.chars().any(is_arabic) && spelling(name) == Spelling::OfAPerson;
    (is_whole || is_spelled()) && !is_known(institutions, origin, name)
}

/// Whether a value is a number to call: written in the international way, or at a place of telephones.
fn is_telephone(place: &str, value: &str) -> bool {
    let place = format!("{place}/{}", key_in(value)).to_lowercase();
    let value = name_in(value);
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '"');
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_number = DIGITS.contains(&digits) && value.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c));
    is_number && (value.starts_with('+') || CALLED.iter().any(|part| place.contains(part)))
}

fn tells_of_a_person(institutions: &Institutions, origin: &Origin, place: &str, value: &str) -> bool {
    // A term such as `Telephone interview: Computer-assisted (CATI)` names nobody.
    let is_method = METHODS.iter().any(|part| place.to_lowercase().contains(part));
    if is_method && are_terms(value.split(" @").next().unwrap_or(value)) {
        return false;
    }
    let is_typed = value.contains("type\"") && value.contains("Person\"");
    if is_typed || OF_A_PERSON.iter().any(|said| value.contains(said)) {
        return true;
    }
    // A member that is told whole has its key before its value.
    let place = format!("{place}/{}", key_in(value)).to_lowercase();
    let place = NOT_PERSONAL.iter().fold(place, |place, word| place.replace(word, ""));
    let name = name_in(value);
    let is_at = |parts: &[&str]| parts.iter().any(|part| place.contains(part));
    if is_method {
        // `Telephone interview: …` is no telephone of anybody: the spelling of what stands behind it tells.
        let may_name = is_at(&PERSONAL) || is_at(&NAMING);
        return may_name
            && names_in(value).iter().any(|name| spelling(name) != Spelling::OfNoPerson && !is_known(institutions, origin, name));
    }
    if is_at(&PERSONAL) {
        (!is_organisation(name) || spelling(name) == Spelling::OfAPerson) && !is_known(institutions, origin, name)
    } else if is_at(&NAMING) {
        names_in(value).iter().any(|name| spelling(name) != Spelling::OfNoPerson && !is_known(institutions, origin, name))
    } else {
        false
    }
}

/// Whether a name is one of an institution of the catalogue, or of what the record says to be an organisation.
fn is_known(institutions: &Institutions, origin: &Origin, name: &str) -> bool {
    let text: MultilingualText = official(undetermined(), name.to_owned());
    origin.organisations.iter().any(|names| names.iter().any(|(_, wording)| wording.text == name))
        || institutions.named(&text).next().is_some()
}

/// The key before a value; empty where there is none, or a sentence.
fn key_in(value: &str) -> &str {
    let key = value.split_once(": ").map_or("", |(key, _)| key);
    if key.chars().all(|c| c.is_alphanumeric() || " _-".contains(c)) && key.split_whitespace().count() < 4 { key } else { "" }
}

/// The name in a value of a line, without what the reader has put before it, the part that it has, or behind it, the attributes.
fn name_in(value: &str) -> &str {
    let name = value.split(" @").next().unwrap_or(value);
    name.split_once(": ").map_or(name, |(_, name)| name).trim()
}

/// The names in a value of a line, which may be JSON.
fn names_in(value: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut waiting: Vec<Value> = serde_json::from_str::<Value>(value).ok().filter(|value| !value.is_number()).into_iter().collect();
    if waiting.is_empty() {
        return vec![name_in(value).to_owned()];
    }
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(name) => names.push(name),
            Value::Array(values) => waiting.extend(values),
            // What says of itself what it is was looked at before.
            Value::Object(members) if !members.get("@type").or_else(|| members.get("type")).is_some_and(is_typed_organisation) => {
                waiting.extend(
                    members.into_iter().filter(|(key, value)| !value.is_string() || NAMES.contains(&key.as_str())).map(|(_, value)| value),
                );
            }
            _ => {}
        }
    }
    names
}

fn is_typed_organisation(class: &Value) -> bool {
    class.to_string().to_lowercase().contains("organi")
}

/// What a value says beside the name of a person: where that person works.
fn beside_the_name(value: &str) -> String {
    let affiliation = value.split(" @").find(|part| part.trim_start_matches('@').starts_with("affiliation="));
    affiliation.map(|part| format!("@{}", part.trim_start_matches('@'))).unwrap_or_default()
}

/// A citation without those who wrote what is cited: what stands before the year. The whole of one is left out where names may stand
/// elsewhere in it.
fn without_authors(place: &str, value: &str) -> Option<String> {
    let place = place.rsplit(['/', '.']).next().unwrap_or(place).to_lowercase();
    if !CITING.iter().any(|part| place.contains(part)) {
        return None;
    }
    let year = value.char_indices().find_map(|(at, _)| {
        value.get(at..at + 4)?.parse::<u32>().ok().filter(|year| YEARS.contains(year))?;
        let is_apart = !value.get(..at)?.ends_with(|c: char| c.is_alphanumeric());
        is_apart.then_some(at)
    });
    let before = |end: usize| value.get(..end).unwrap_or(value).trim_end_matches(['(', '[']);
    // Behind those who wrote it stands a colon, or the year.
    let written_by = |head: &str| head.split(['.', ':']).any(|piece| spelling(piece) == Spelling::OfAPerson) || names_somebody(head);
    let colon = value.find(':').filter(|at| written_by(before(*at)));
    let end = colon.or(year).unwrap_or(value.len());
    let head = before(end);
    let masked = match value.get(head.len()..) {
        Some(rest) if written_by(head) => format!("{AUTHORS} {}", rest.trim_start_matches(':').trim()).trim().to_owned(),
        _ => value.to_owned(),
    };
    // Others may stand elsewhere in it, as its editors.
    let masked = if names_somebody(&masked) { AUTHORS.to_owned() } else { masked };
    (masked != value).then_some(masked)
}

/// Whether an agent of a record is taken for a person: by its names, unless the record says that it is an organisation; whoever gives data out
/// is taken for one where the spelling leaves it open.
pub(super) fn is_person(origin: &Origin, names: &MultilingualText) -> bool {
    let texts = || names.iter().map(|(_, wording)| wording.text.as_str());
    match texts().map(spelling).max() {
        _ if origin.organisations.contains(names) => false,
        Some(Spelling::OfAPerson) => true,
        Some(Spelling::Open) => !origin.holders.contains(names) && !texts().any(is_organisation),
        _ => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::intake::calls::{MAILBOX, shown_key};

    /// A record of which one agent is said to be an organisation and two give the data out.
    fn origin() -> Origin {
        let named = |name: &str| official(undetermined(), name.to_owned());
        let holders = vec![named("Portail Ouvert"), named("Jean Dupont")];
        Origin { organisations: vec![named("Maison Rouille")], holders, ..Origin::default() }
    }

    fn hidden(field: &str, value: &str) -> String {
        let mut lines = [Unfit { field: field.to_owned(), value: value.to_owned(), remedy: "has no field".to_owned() }];
        hide(&Institutions::default(), &origin(), &mut lines);
        assert!(lines[0].remedy != "has no field" || !lines[0].value.is_empty(), "{lines:?}");
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
        for value in [
            "Telephone interview: Computer-assisted (CATI)",
            "Telephone interview: CATI",
            "E-mail interview",
            "Mail questionnaire: sent out by post @vocab=own",
            "Interview.Email",
        ] {
            for field in ["codeBook/stdyDscr/method/dataColl/collMode[2]", "study_desc.method.data_collection.coll_mode[1]"] {
                assert_eq!(hidden(field, value), value, "{field}");
            }
        }
        assert_eq!(hidden("codeBook/stdyDscr/method/dataColl/collMode", "Contact: Anne Nom"), "");
        assert_eq!(hidden("rights", "ask jane@b.ex, or come"), "ask (mailbox) or come");
    }

    #[test]
    fn names_of_persons_at_places_of_names_are_not_repeated_and_those_of_organisations_are() {
        for (field, value, shown) in [
            ("codeBook/stdyDscr/citation/distStmt/depositr", "Nom, Anne", ""),
            ("codeBook/stdyDscr/citation/rspStmt/othId", "Anne Nom @affiliation=Université @abbr=AN", "@affiliation=Université"),
            ("codeBook/stdyDscr/method/dataColl/dataCollector", "Abeba Tsegaye Haile", ""),
            ("resource/contributors/contributor[2]", "ContactPerson: Wirtz Kofler", ""),
            ("funder", r#"{"name":"Anne Nom"}"#, ""),
            ("codeBook/stdyDscr/citation/verStmt/verResp", "Nom, Anne", ""),
            ("study_desc.version_statement.version_resp", "سعاد بناني", ""),
            ("extras[2]", "Responsable: Salma Tazi", ""),
            ("extras[3]", "tel: +212 600 000 000", ""),
            ("extras[3]", "gsm: +212 600 000 000", "(telephone)"),
            ("extras[4]/value", "+212 600 000 000", "(telephone)"),
        ] {
            assert_eq!(hidden(field, value), shown, "{field}");
        }
        for (field, value) in [
            ("codeBook/stdyDscr/method/dataColl/dataCollector", "Statistics Canada"),
            ("resource/contributors/contributor[1]", "HostingInstitution: Maison Rouille"),
            ("funder", r#"{"@type":"Organization","name":"Maison Rouille"}"#),
            ("codeBook/stdyDscr/citation/distStmt/distrbtr", "@abbr=MR"),
        ] {
            assert_eq!(hidden(field, value), value, "{field}");
        }
    }

    #[test]
    fn names_and_numbers_to_call_are_not_repeated_wherever_they_stand() {
        for (field, value, shown) in [
            ("resources[0].created_by", "Samira Tazi", ""),
            ("extras[1]", "saisi_par: Samira Tazi", ""),
            ("extras[2]", "المسؤول: سعاد بناني", ""),
            ("codeBook/fileDscr/fileTxt/ProcStat", "Nettoyé par Samira Tazi (gsm 661 23 45 67)", "Nettoyé par (name) (gsm (telephone))"),
            ("codeBook/dataDscr/var/security", "Tel. Samira Tazi 0661234567", "Tel. (name) (telephone)"),
            ("resources[0].description", "Appeler le +212 661-234567.", "Appeler le (telephone)."),
            ("codeBook/dataDscr/var/notes", "00212661234567, ٠٦٦١٢٣٤٥٦٧", "(telephone), (telephone)"),
        ] {
            assert_eq!(hidden(field, value), shown, "{field}");
        }
        for value in ["2018-08-09/2019-01-19", "0.1234567890", "20180801", "https://x.ma/0661234567", "ISBN 9789954000000", "1 234 567 890"]
        {
            assert_eq!(hidden("codeBook/stdyDscr/notes", value), value);
        }
        assert_eq!(
            (shown_key("mailto:samira@b.ex"), shown_key("urn:uuid:0190e7a0-0000-7000-8000-000000000001")),
            (MAILBOX.to_owned(), "urn:uuid:0190e7a0-0000-7000-8000-000000000001".to_owned())
        );
    }

    #[test]
    fn a_citation_is_told_without_those_who_wrote_it() {
        for (value, shown) in [
            ("Nom, A. et Autre, B. (1998) Les retours. Rabat.", "(authors) (1998) Les retours. Rabat."),
            ("Anne Nom. Les retours. Rabat, 1998", "(authors) 1998"),
            ("Les retours (1998). In: Nom, A. (dir.)", "(authors)"),
            ("Haut-commissariat au plan (2014) Recensement", "Haut-commissariat au plan (2014) Recensement"),
            ("Recensement de 2014", "Recensement de 2014"),
        ] {
            let mut lines = [Unfit { field: "stdyDscr/citation/biblCit".to_owned(), value: value.to_owned(), remedy: String::new() }];
            hide(&Institutions::default(), &origin(), &mut lines);
            assert_eq!(lines[0].value, shown);
        }
    }

    #[test]
    fn what_the_record_says_of_an_agent_counts_more_than_its_spelling() {
        let origin = origin();
        let named = |name: &str| official(undetermined(), name.to_owned());
        assert!(is_person(&origin, &named("Wirtz Kofler")) && is_person(&origin, &named("Nom, Anne")));
        assert!(!is_person(&origin, &named("Maison Rouille")), "typed");
        assert!(!is_person(&origin, &named("Portail Ouvert")), "gives the data out");
        assert!(is_person(&origin, &named("Jean Dupont")), "written as only persons are, though it gives the data out");
    }
}
