//! What a harvester asks for, read by the rules of the protocol.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use time::{Date, Month, PrimitiveDateTime, Time};

use super::answer::Fault;

/// A format in which records are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// Dublin Core.
    OaiDc,
    /// DDI Codebook 2.5.
    OaiDdi25,
    /// DCAT-AP 3 as RDF/XML.
    Dcat,
}

impl Prefix {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OaiDc, Self::OaiDdi25, Self::Dcat];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::OaiDc => "oai_dc",
            Self::OaiDdi25 => "oai_ddi25",
            Self::Dcat => "dcat",
        }
    }

    /// Address of the schema, and namespace of the first element.
    pub fn schema(self) -> (&'static str, &'static str) {
        match self {
            Self::OaiDc => ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
            Self::OaiDdi25 => ("https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd", "ddi:codebook:2_5"),
            Self::Dcat => ("http://www.openarchives.org/OAI/2.0/rdf.xsd", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        }
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let known = Self::ALL.into_iter().find(|prefix| prefix.name() == text);
        known
            .ok_or_else(|| fault("cannotDisseminateFormat", "this metadataPrefix is not offered; ListMetadataFormats names those that are"))
    }
}

/// Which records of a list are wanted, and how far the list was given already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Format.
    pub prefix: Prefix,
    /// From this instant on, milliseconds from 1970-01-01 UTC.
    pub from: Option<i64>,
    /// Before this instant.
    pub before: Option<i64>,
    /// Set.
    pub set: Option<String>,
    /// Place in the change log after which the list goes on.
    pub after: i64,
    /// Number of records given before.
    pub given: u64,
    /// Number of records of the whole list, where it was counted.
    pub total: Option<u64>,
}

#[derive(Deserialize)]
struct Token(u8, String, Option<i64>, Option<i64>, Option<String>, i64, u64, Option<u64>);

/// Edition of the form of tokens.
const EDITION: u8 = 1;

impl Selection {
    /// The token by which the list goes on. It holds all that is needed, so that it is good for as long as the catalogue is there.
    pub fn token(&self) -> String {
        let Self { prefix, from, before, set, after, given, total } = self;
        URL_SAFE_NO_PAD.encode(serde_json::json!([EDITION, prefix.name(), from, before, set, after, given, total]).to_string())
    }

    fn of_token(text: &str) -> Result<Self, Fault> {
        let wrong = || fault("badResumptionToken", "this resumptionToken is not one of this catalogue; begin the list again");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        let Token(edition, prefix, from, before, set, after, given, total) = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
        let prefix = Prefix::parse(&prefix).map_err(|_| wrong())?;
        if edition != EDITION || after < 0 {
            return Err(wrong());
        }
        Ok(Self { prefix, from, before, set, after, given, total })
    }
}

/// A request of a harvester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Who answers.
    Identify,
    /// Formats, of one record or of all.
    ListMetadataFormats(Option<String>),
    /// Sets.
    ListSets,
    /// Headers of records.
    ListIdentifiers(Selection),
    /// Records.
    ListRecords(Selection),
    /// One record.
    GetRecord(String, Prefix),
}

/// An error of the protocol.
pub fn fault(code: &str, message: &str) -> Fault {
    Fault { code: code.to_owned(), message: message.to_owned() }
}

fn bad_argument(message: &str) -> Fault {
    fault("badArgument", message)
}

/// Reads the arguments of a request.
///
/// # Errors
/// The error of the protocol that the arguments make.
pub fn read_request(arguments: &[(String, String)]) -> Result<Request, Fault> {
    let verbs: Vec<_> = arguments.iter().filter(|(name, _)| name == "verb").map(|(_, verb)| verb.as_str()).collect();
    let [verb] = verbs.as_slice() else { return Err(fault("badVerb", "give exactly one verb, such as Identify")) };
    let known: &[&str] = match *verb {
        "Identify" => &[],
        "ListMetadataFormats" => &["identifier"],
        "ListSets" => &["resumptionToken"],
        "ListIdentifiers" | "ListRecords" => &["from", "until", "metadataPrefix", "set", "resumptionToken"],
        "GetRecord" => &["identifier", "metadataPrefix"],
        _ => return Err(fault("badVerb", "this is no verb of OAI-PMH; use one of the six, such as Identify")),
    };
    let others: Vec<_> = arguments.iter().filter(|(name, _)| name != "verb").collect();
    for (place, (name, _)) in others.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            let taken = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(bad_argument(&format!("this verb does not take all of these arguments; it takes: {taken}")));
        }
        if others.iter().skip(place + 1).any(|(other, _)| other == name) {
            return Err(bad_argument("an argument is given twice; give each one once"));
        }
    }
    let value = |wanted: &str| others.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let required = |wanted: &str| value(wanted).ok_or_else(|| bad_argument(&format!("give the argument {wanted}")));
    match *verb {
        "Identify" => Ok(Request::Identify),
        "ListMetadataFormats" => Ok(Request::ListMetadataFormats(value("identifier").map(str::to_owned))),
        "ListSets" if value("resumptionToken").is_some() => {
            Err(fault("badResumptionToken", "the sets are listed whole; ask without a token"))
        }
        "ListSets" => Ok(Request::ListSets),
        "GetRecord" => Ok(Request::GetRecord(required("identifier")?.to_owned(), Prefix::parse(required("metadataPrefix")?)?)),
        _ => {
            let selection = match value("resumptionToken") {
                Some(_) if others.len() > 1 => return Err(bad_argument("a resumptionToken stands alone; leave the other arguments out")),
                Some(token) => Selection::of_token(token)?,
                None => selection(required("metadataPrefix")?, value("from"), value("until"), value("set"))?,
            };
            Ok(if *verb == "ListRecords" { Request::ListRecords(selection) } else { Request::ListIdentifiers(selection) })
        }
    }
}

fn selection(prefix: &str, from: Option<&str>, until: Option<&str>, set: Option<&str>) -> Result<Selection, Fault> {
    let read = |text: Option<&str>| {
        let wrong = || bad_argument("a date is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ; write it as one of them");
        text.map(|text| moment(text).ok_or_else(wrong)).transpose()
    };
    let (from, until) = (read(from)?, read(until)?);
    if let (Some((start, unit)), Some((end, other))) = (from, until) {
        if unit != other {
            return Err(bad_argument("from and until are not of one granularity; write both as days or both to the second"));
        }
        if start > end {
            return Err(bad_argument("from is later than until; exchange them"));
        }
    }
    let prefix = Prefix::parse(prefix)?;
    let before = until.map(|(end, unit)| end + unit);
    Ok(Selection { prefix, from: from.map(|(start, _)| start), before, set: set.map(str::to_owned), after: 0, given: 0, total: None })
}

/// A day or a second: its beginning and its length in milliseconds.
fn moment(text: &str) -> Option<(i64, i64)> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u16>().ok()).flatten()
    };
    let small = |range| digits(range).and_then(|number| u8::try_from(number).ok());
    let signs = |at: &[(usize, u8)]| at.iter().all(|(place, sign)| text.as_bytes().get(*place) == Some(sign));
    if !signs(&[(4, b'-'), (7, b'-')]) {
        return None;
    }
    let month = Month::try_from(small(5..7)?).ok()?;
    let date = Date::from_calendar_date(i32::from(digits(0..4)?), month, small(8..10)?).ok()?;
    let (clock, unit) = match text.len() {
        10 => (Time::MIDNIGHT, 86_400_000),
        20 if signs(&[(10, b'T'), (13, b':'), (16, b':'), (19, b'Z')]) => {
            (Time::from_hms(small(11..13)?, small(14..16)?, small(17..19)?).ok()?, 1_000)
        }
        _ => return None,
    };
    Some((PrimitiveDateTime::new(date, clock).assume_utc().unix_timestamp() * 1_000, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, String> {
        let arguments: Vec<_> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        read_request(&arguments).map_err(|fault| fault.code)
    }

    #[test]
    fn faults_are_those_of_the_protocol() {
        for (text, code) in [
            ("", "badVerb"),
            ("verb=Nope", "badVerb"),
            ("verb=Identify&verb=Identify", "badVerb"),
            ("verb=Identify&foo=bar", "badArgument"),
            ("verb=ListRecords", "badArgument"),
            ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2021-02-30", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2021-02-01T00:00:00", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2021-01-01T00:00:00Z", "badArgument"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2021-01-01&until=2020-01-01", "badArgument"),
            ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
            ("verb=ListRecords&resumptionToken=tampered", "badResumptionToken"),
            ("verb=ListRecords&resumptionToken=é", "badResumptionToken"),
            ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
            ("verb=ListRecords&metadataPrefix=nope", "cannotDisseminateFormat"),
        ] {
            assert_eq!(read(text), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_a_verb_takes_is_said_also_where_it_is_nothing() {
        let told = |name: &str| {
            let arguments = [("verb".to_owned(), name.to_owned()), ("foo".to_owned(), "bar".to_owned())];
            read_request(&arguments).map_err(|fault| fault.message).expect_err("a fault")
        };
        assert!(told("Identify").ends_with("it takes: none"));
        assert!(told("GetRecord").ends_with("it takes: identifier, metadataPrefix"));
    }

    #[test]
    fn a_token_holds_the_whole_selection() {
        let asked = read("verb=ListRecords&metadataPrefix=oai_ddi25&from=2021-01-01&until=2021-01-01&set=theme:MT-07").expect("a request");
        let Request::ListRecords(mut selection) = asked else { panic!("{asked:?}") };
        assert_eq!((selection.from, selection.before), (Some(1_609_459_200_000), Some(1_609_545_600_000)));
        (selection.after, selection.given, selection.total) = (77, 50, Some(61));
        let again = read(&format!("verb=ListIdentifiers&resumptionToken={}", selection.token()));
        assert_eq!(again, Ok(Request::ListIdentifiers(selection)));
        let second = read("verb=ListRecords&metadataPrefix=dcat&until=2021-01-01T10:00:07Z").expect("a request");
        assert!(matches!(second, Request::ListRecords(Selection { before: Some(1_609_495_208_000), .. })), "{second:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_arguments_are_read_or_refused_without_panic(text in ".*") {
            let _ = moment(&text);
            let _ = read(&format!("verb=ListRecords&metadataPrefix=oai_dc&from={text}"));
            let _ = read(&format!("verb=ListRecords&resumptionToken={text}"));
        }
    }
}
