//! What is wrong in an agreement, and what it lacks before it can be signed.

use std::collections::BTreeSet;

use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{AgreementKind, AgreementPurpose, AgreementRenewal, InstitutionKind, PartyRole, RequestedData, Vocabulary};

use super::{Agreement, Contact, Party};

const MAX_PARTIES: usize = 50;
pub const MAX_COVERED: usize = 500;
const MAX_CONTACTS: usize = 50;
const MAX_WORDS: usize = 300;
/// Longest span of a tacit renewal, in months.
const MAX_SPAN: i32 = 120;

/// Collects problems of one agreement.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, is_wrong: bool, field: impl Into<String>, value: impl std::fmt::Display, remedy: &str) {
        if is_wrong {
            self.0.push(Problem::new(field, value, remedy));
        }
    }
}

impl Agreement {
    /// Whether a list is so long that what stands in it is not looked up; [`Self::problems`] says so.
    pub fn is_too_long(&self) -> bool {
        self.covers.len() > MAX_COVERED || self.parties.len() > MAX_PARTIES
    }

    /// What is wrong, whatever its state; each problem names field, value and remedy.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        found.add(self.title.is_empty(), "title", "", "give a title in at least one language");
        self.party_problems(&mut found);
        self.one_way_problems(&mut found);
        self.date_problems(&mut found);
        let covered: BTreeSet<String> = self.covers.iter().map(|covered| format!("{covered:?}")).collect();
        found.add(covered.len() < self.covers.len(), "covers", "", "the same data stand there twice; keep them once");
        found.add(
            self.covers.len() > MAX_COVERED,
            "covers",
            self.covers.len(),
            "lists too much; at most 500, or all holdings of an institution",
        );
        let purposes: BTreeSet<AgreementPurpose> = self.purposes.iter().copied().collect();
        found.add(purposes.len() < self.purposes.len(), "purposes", "", "a purpose stands there twice; keep it once");
        found.add(self.contacts.len() > MAX_CONTACTS, "contacts", self.contacts.len(), "lists too many; at most 50");
        for (index, contact) in self.contacts.iter().enumerate() {
            self.contact_problems(index, contact, &mut found);
        }
        self.document_problems(&mut found);
        found.0
    }

    fn party_problems(&self, found: &mut Found) {
        found.add(self.parties.len() > MAX_PARTIES, "parties", self.parties.len(), "lists too many; at most 50");
        let mut seen: BTreeSet<&Slug> = BTreeSet::new();
        for (index, party) in self.parties.iter().enumerate() {
            let field = format!("parties[{index}]");
            let Party { institution, person, .. } = party;
            let is_one = institution.is_some() != person.is_some();
            found.add(!is_one, field.clone(), "", "name either an institution of the catalogue or a person by function");
            if let Some(slug) = institution {
                found.add(!seen.insert(slug), format!("{field}.institution"), slug, "an institution is a party once; use the role BOTH");
            }
            for (name, text) in person.iter().flat_map(|person| [("function", &person.function), ("institution", &person.institution)]) {
                let path = format!("{field}.person.{name}");
                found.add(text.trim().is_empty(), path.clone(), text, "is empty; give the function and its institution");
                found.add(text.contains('@'), path.clone(), text, "is an address; give a function, such as `Head of the research unit`");
                found.add(text.chars().count() > MAX_WORDS, path, text, "is longer than 300 characters; shorten it");
            }
        }
        let remedy = "name at least one institution of the catalogue that provides or receives; its people keep the agreement";
        found.add(self.signatories().is_empty(), "parties", "", remedy);
    }

    fn one_way_problems(&self, found: &mut Found) {
        if !self.one_way {
            return;
        }
        for (index, party) in self.parties.iter().enumerate().filter(|(_, party)| party.role == PartyRole::Both) {
            let remedy = "under a one-way clause a party either provides or receives";
            found.add(true, format!("parties[{index}].role"), party.role.code(), remedy);
        }
        for (index, purpose) in self.purposes.iter().enumerate().filter(|(_, purpose)| purpose.concerns_persons()) {
            let remedy = "a one-way clause excludes decisions on persons: data given for statistics never come back for them";
            found.add(true, format!("purposes[{index}]"), purpose.code(), remedy);
        }
    }

    /// Under a one-way clause a statistical office does not hand data to an administration.
    pub fn direction_problems(&self, kind_of: impl Fn(&Slug) -> Option<InstitutionKind>) -> Vec<Problem> {
        let is_statistical = |kind| matches!(kind, InstitutionKind::Nso | InstitutionKind::RegionalStatOffice);
        let kinds = |role: PartyRole| {
            let parties = self.parties.iter().enumerate().filter(move |(_, party)| party.role == role);
            parties.filter_map(|(index, party)| party.institution.as_ref().map(|slug| (index, slug))).collect::<Vec<_>>()
        };
        let gives_back = |kind: InstitutionKind| !is_statistical(kind) && kind != InstitutionKind::Research;
        let to_administration = kinds(PartyRole::Recipient).iter().any(|(_, slug)| kind_of(slug).is_some_and(gives_back));
        if !self.one_way || !to_administration {
            return Vec::new();
        }
        let offices = kinds(PartyRole::Provider).into_iter().filter(|(_, slug)| kind_of(slug).is_some_and(is_statistical));
        let remedy = "is a statistical office: under a one-way clause data flow to statistics, not from it to an administration";
        offices.map(|(index, slug)| Problem::new(format!("parties[{index}].role"), slug, remedy)).collect()
    }

    fn date_problems(&self, found: &mut Found) {
        for (field, date) in [("startsOn", self.starts_on), ("endsOn", self.ends_on)] {
            let is_vague = |date: &PartialDate| date.qualifier.is_some();
            if let Some(date) = date.filter(is_vague) {
                found.add(true, field, date, "is not certain; what is in force must be known, write the date without `?`, `~` or `%`");
            }
        }
        if let (Some(start), Some(end)) = (self.starts_on, self.ends_on) {
            found.add(end.last_day() < start.first_day(), "endsOn", end, "lies before the first day");
        }
        let renewal = &self.renewal;
        let is_tacit = renewal.kind == AgreementRenewal::Tacit;
        let (period, notice) = (renewal.period_months, renewal.notice_months);
        if is_tacit {
            found.add(self.ends_on.is_none(), "endsOn", "", "is needed for tacit renewal: the last day of the first span");
            let is_span = period.is_some_and(|months| (1..=MAX_SPAN).contains(&months));
            let shown = |months: Option<i32>| months.map_or_else(String::new, |months| months.to_string());
            found.add(!is_span, "renewal.periodMonths", shown(period), "say for how many months it is renewed, 1 to 120");
            let is_in_time = notice.is_none_or(|months| (0..=period.unwrap_or(MAX_SPAN)).contains(&months));
            found.add(!is_in_time, "renewal.noticeMonths", shown(notice), "is 0 or more months, and no more than the span of renewal");
        } else {
            let remedy = "belongs to tacit renewal; leave it out or choose TACIT";
            found.add(period.is_some() || notice.is_some(), "renewal", renewal.kind.code(), remedy);
        }
    }

    fn contact_problems(&self, index: usize, contact: &Contact, found: &mut Found) {
        let field = |name: &str| format!("contacts[{index}].{name}");
        found.add(contact.function.is_empty(), field("function"), "", "name the function; never a private person");
        if let Some(mailbox) = &contact.mailbox {
            let is_address = mailbox.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            let good = is_address && !mailbox.contains(char::is_whitespace) && mailbox.len() <= MAX_WORDS;
            found.add(!good, field("mailbox"), mailbox, "is not an address of a mailbox, such as statistics@office.example");
        }
        if let Some(slug) = &contact.institution {
            found.add(self.role_of(slug).is_none(), field("institution"), slug, "is no party of the agreement");
        }
    }

    fn document_problems(&self, found: &mut Found) {
        let Some(url) = self.document.as_ref().and_then(|document| document.url.as_ref()) else { return };
        let good = url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host() && u.password().is_none());
        found.add(!good, "document.url", url, "is not a web address; give a full address that starts with https://, without a password");
    }

    /// What is missing before the agreement can be signed.
    pub fn lacks(&self) -> Vec<Problem> {
        let mut found = Found::default();
        let mut need = |is_missing: bool, field: &str, remedy: &str| found.add(is_missing, field, "", remedy);
        let has = |roles: [PartyRole; 2]| self.parties.iter().any(|party| roles.contains(&party.role));
        need(self.starts_on.is_none(), "startsOn", "say from when it is in force");
        need(self.parties.len() < 2, "parties", "an agreement has at least two parties");
        need(!has([PartyRole::Provider, PartyRole::Both]), "parties", "say who provides data");
        need(!has([PartyRole::Recipient, PartyRole::Both]), "parties", "say who receives data");
        need(self.covers.is_empty(), "covers", "say which data it covers");
        need(self.requested_data.is_empty(), "requestedData", "say whether it is on aggregates, microdata or both");
        need(self.purposes.is_empty(), "purposes", "say for what the data may be used");
        need(self.legal_basis.is_empty(), "legalBasis", "name the law on which it rests");
        let is_undertaking = self.kind == AgreementKind::Undertaking;
        need(is_undertaking && self.text.is_empty(), "text", "an undertaking is its wording; write it out");
        let is_on_persons = self.requested_data.contains(&RequestedData::Microdata);
        let says_nothing = |text: &MultilingualText| text.is_empty();
        let is_silent = self.data_protection.as_ref().is_none_or(|p| p.reference.is_none() && says_nothing(&p.note));
        need(
            is_on_persons && is_silent,
            "dataProtection",
            "for microdata give the reference at the data-protection authority, or why none is needed",
        );
        found.0
    }
}
