//! What each mail says. The wording itself stands in `words.rs`.

use super::clean::{self, LONG, SHORT};
use super::words::{self, Words};
use crate::domain::vocabulary::{NoticeDay, NoticeKind, Vocabulary};

/// What a mail is about. Texts may come from anywhere; [`render`] brings each onto one line and cuts it to 300 characters.
#[derive(Clone)]
pub enum Message {
    /// Somebody is asked to take part.
    Invitation {
        /// Name of the institution; none for a role of the catalogue itself.
        institution: Option<String>,
        /// Labels of the roles, in the language of the mail.
        roles: Vec<String>,
        /// Address that accepts the invitation.
        link: String,
        /// Days for which the address is valid.
        days: i64,
    },
    /// Somebody without an account is named in an access request.
    Named {
        /// Function of who named the person.
        who: String,
        /// Titles of the datasets that are asked for.
        titles: Vec<String>,
        /// Last day on which the address is valid, YYYY-MM-DD.
        until: String,
        /// Address that accepts the invitation.
        link: String,
    },
    /// Somebody asked for a new password.
    PasswordReset {
        /// Address at which the password is chosen.
        link: String,
        /// Minutes for which the address is valid.
        minutes: i64,
    },
    /// The password was changed.
    PasswordChanged,
    /// One thing happened.
    Notice(Told),
    /// Everything of a day in one mail.
    Digest {
        /// What happened, one after the other.
        entries: Vec<Told>,
        /// Address of the preferences.
        manage: String,
    },
    /// Records whose review date has come.
    ReviewDue {
        /// Title, review date as YYYY-MM-DD, address of the record.
        titles: Vec<(String, String, String)>,
        /// Whether this is the repeated reminder of what is past its date, and not the first word on it.
        is_digest: bool,
    },
    /// An agreement ends soon, is soon renewed, or has ended.
    Agreement {
        /// What is told.
        kind: NoticeKind,
        /// Title of the agreement.
        title: String,
        /// The day, YYYY-MM-DD.
        date: String,
        /// Whether the day is the last one for notice against tacit renewal, and not the last of the agreement.
        is_notice: bool,
    },
    /// Records that a saved search finds since it was last run.
    SavedSearchHit {
        /// Name of the saved search.
        search: String,
        /// Title and address of each record.
        titles: Vec<(String, String)>,
        /// Address of the saved searches.
        manage: String,
    },
    /// A webhook was switched off.
    WebhookDisabled {
        /// Host that received the deliveries; never the whole address, which may hold a secret.
        url_host: String,
        /// First day of the failures, YYYY-MM-DD.
        since: String,
        /// Address at which the webhook can be switched on again.
        link: String,
    },
}

impl Message {
    /// Whether it lets someone in, or tells that somebody may have got in: it does not wait behind notices.
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::Invitation { .. } | Self::PasswordReset { .. } | Self::PasswordChanged)
    }
}

/// One thing that happened.
#[derive(Clone)]
pub struct Told {
    /// What happened.
    pub kind: NoticeKind,
    /// Title of the record or name of the institution.
    pub title: String,
    /// Why, in the words of the person who did it.
    pub reason: Option<String>,
    /// From whom it comes, as a function or institution.
    pub who: Option<String>,
    /// Function of the person whom it is about.
    pub whom: Option<String>,
    /// What an institution committed itself to.
    pub promised: Option<String>,
    /// The day that matters, with what it is.
    pub day: Option<(NoticeDay, String)>,
    /// Address of the page that shows it; empty where there is none.
    pub link: String,
}

/// Subject and body of a mail in `ar`, `fr` or `en`; in English where the language is not one of the three.
///
/// The body is plain text with line feeds. Each address of the web stands alone on its line.
pub fn render(language: &str, catalogue_name: &str, message: &Message) -> (String, String) {
    let words = words::of(language);
    let writer = Writer { words, catalogue: clean::shown(catalogue_name, SHORT, words.is_rtl) };
    match message {
        Message::Invitation { institution, roles, link, days } => writer.invitation(institution.as_deref(), roles, link, *days),
        Message::Named { who, titles, until, link } => writer.named(who, titles, until, link),
        Message::PasswordReset { link, minutes } => writer.password_reset(link, *minutes),
        Message::PasswordChanged => writer.password_changed(),
        Message::Notice(told) => writer.notice(told),
        Message::Digest { entries, manage } => writer.digest(entries, manage),
        Message::ReviewDue { titles, is_digest } => writer.review_due(titles, *is_digest),
        Message::Agreement { kind, title, date, is_notice } => writer.agreement(*kind, title, date, *is_notice),
        Message::SavedSearchHit { search, titles, manage } => writer.saved_search(search, titles, manage),
        Message::WebhookDisabled { url_host, since, link } => writer.webhook_disabled(url_host, since, link),
    }
}

/// Puts values into the gaps of a text, in one pass: a value that looks like a gap stays as it is.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// A body that grows paragraph by paragraph.
struct Page {
    is_rtl: bool,
    text: String,
}

impl Page {
    fn open(words: &Words) -> Self {
        let mut page = Self { is_rtl: words.is_rtl, text: String::new() };
        page.lines(words.greeting);
        page
    }

    /// In an Arabic mail a line that begins with a dash, a quotation mark or a Latin letter would run from the left.
    fn lines(&mut self, text: &str) {
        for line in text.lines() {
            if self.is_rtl && !line.starts_with(clean::is_rtl) {
                self.text.push(clean::RIGHT_TO_LEFT);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push('\n');
        self.lines(text);
    }

    /// A paragraph, and an address on the line below it, where there is one.
    fn paragraph_with_link(&mut self, text: &str, link: &str) {
        self.paragraph(text);
        let link = clean::link(link);
        if !link.is_empty() {
            self.text.push_str(&link);
            self.text.push('\n');
        }
    }
}

/// Writes mails in one language for one catalogue.
struct Writer {
    words: &'static Words,
    catalogue: String,
}

impl Writer {
    fn say(&self, template: &str, values: &[(&str, String)]) -> String {
        let mut all = vec![("catalogue", self.catalogue.clone())];
        all.extend_from_slice(values);
        fill(template, &all)
    }

    fn shown(&self, text: &str) -> String {
        clean::shown(text, LONG, self.words.is_rtl)
    }

    fn quoted(&self, text: &str) -> String {
        fill(self.words.quote, &[("text", self.shown(text))])
    }

    /// A title for the subject.
    fn short(&self, text: &str) -> String {
        clean::shown(text, SHORT, self.words.is_rtl)
    }

    fn sentence(&self, kind: NoticeKind) -> String {
        kind.label(self.words.tag).to_owned()
    }

    fn invitation(&self, institution: Option<&str>, roles: &[String], link: &str, days: i64) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.invitation_lead, &[]));
        let mut about = Vec::new();
        if let Some(institution) = institution {
            about.push(self.say(words.invitation_institution, &[("institution", self.shown(institution))]));
        }
        if !roles.is_empty() {
            // A list, since the label of a role may be a sentence of its own.
            about.push(words.invitation_roles.to_owned());
            about.extend(roles.iter().map(|role| format!("- {}", self.shown(role))));
        }
        if !about.is_empty() {
            page.paragraph(&about.join("\n"));
        }
        page.paragraph_with_link(&self.say(words.invitation_open, &[("span", (words.days)(days))]), link);
        page.paragraph(words.invitation_close);
        (self.say(words.invitation_subject, &[]), page.text)
    }

    fn named(&self, who: &str, titles: &[String], until: &str, link: &str) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.named_lead, &[]));
        let mut about = vec![self.say(words.notice_who, &[("value", self.shown(who))])];
        if !titles.is_empty() {
            about.push(words.named_data.to_owned());
            about.extend(titles.iter().map(|title| format!("- {}", self.shown(title))));
        }
        page.paragraph(&about.join("\n"));
        page.paragraph_with_link(&self.say(words.named_open, &[("date", self.shown(until))]), link);
        page.paragraph(words.invitation_close);
        (self.say(words.named_subject, &[]), page.text)
    }

    fn password_reset(&self, link: &str, minutes: i64) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.reset_lead, &[]));
        page.paragraph_with_link(&self.say(words.reset_open, &[("span", (words.minutes)(minutes))]), link);
        page.paragraph(words.reset_close);
        (self.say(words.reset_subject, &[]), page.text)
    }

    fn password_changed(&self) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.changed_lead, &[]));
        page.paragraph(words.changed_close);
        (self.say(words.changed_subject, &[]), page.text)
    }

    fn notice(&self, told: &Told) -> (String, String) {
        let words = self.words;
        let lead = self.say(words.notice_lead, &[("sentence", self.sentence(told.kind))]);
        let mut page = Page::open(words);
        page.paragraph(&format!("{lead}\n{}", self.quoted(&told.title)));
        for line in self.particulars(told) {
            page.paragraph(&line);
        }
        if !told.link.is_empty() {
            page.paragraph_with_link(words.notice_open, &told.link);
        }
        page.paragraph(&self.say(words.notice_close, &[]));
        (self.notice_subject(told.kind, &told.title), page.text)
    }

    /// From whom, about whom, what was promised, until when and why: a line for each that is known.
    fn particulars(&self, told: &Told) -> Vec<String> {
        let words = self.words;
        let of_day = |kind: NoticeDay| match kind {
            NoticeDay::Answer => words.notice_until,
            NoticeDay::Overdue => words.notice_was_due,
            NoticeDay::Use => words.notice_last_use,
            NoticeDay::Appeal => words.notice_appeal,
            NoticeDay::Coordination => words.notice_coordination,
            NoticeDay::Commitment => words.notice_commitment,
            NoticeDay::Wished => words.notice_wished,
        };
        let day = told.day.as_ref().map(|(kind, day)| (of_day(*kind), day));
        let who = told.who.as_ref().map(|who| (words.notice_who, who));
        let whom = told.whom.as_ref().map(|whom| (words.notice_whom, whom));
        let reason = told.reason.as_ref().map(|reason| (words.notice_reason, reason));
        let promised = told.promised.as_ref().map(|promised| (words.notice_promised, promised));
        let known = [who, whom, promised, day, reason].into_iter().flatten().filter(|(_, value)| !clean::outside(value, LONG).is_empty());
        known.map(|(line, value)| self.say(line, &[("value", self.shown(value))])).collect()
    }

    fn agreement(&self, kind: NoticeKind, title: &str, date: &str, is_notice: bool) -> (String, String) {
        let words = self.words;
        let lead = self.say(words.notice_lead, &[("sentence", self.sentence(kind))]);
        let mut page = Page::open(words);
        let day = if is_notice { words.agreement_notice_day } else { words.agreement_last_day };
        page.paragraph(&format!("{lead}\n{}\n{}", self.quoted(title), self.say(day, &[("date", self.shown(date))])));
        let is_over = kind == NoticeKind::AgreementEnded;
        page.paragraph(if is_over { words.agreement_over } else { words.agreement_request });
        page.paragraph(&self.say(words.agreement_close, &[]));
        (self.notice_subject(kind, title), page.text)
    }

    fn notice_subject(&self, kind: NoticeKind, title: &str) -> String {
        self.say(self.words.notice_subject, &[("sentence", self.sentence(kind)), ("title", self.short(title))])
    }

    fn digest(&self, entries: &[Told], manage: &str) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.digest_lead, &[]));
        for told in entries {
            let entry = self.say(words.notice_subject, &[("sentence", self.sentence(told.kind)), ("title", self.quoted(&told.title))]);
            let lines: Vec<String> = std::iter::once(format!("- {entry}")).chain(self.particulars(told)).collect();
            page.paragraph_with_link(&lines.join("\n"), &told.link);
        }
        page.paragraph_with_link(&self.say(words.digest_close, &[]), manage);
        (self.say(words.digest_subject, &[]), page.text)
    }

    fn review_due(&self, titles: &[(String, String, String)], is_digest: bool) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(if is_digest { words.review_digest_lead } else { words.review_lead }, &[]));
        for (title, due_on, link) in titles {
            let entry = self.say(words.review_entry, &[("title", self.quoted(title)), ("date", self.shown(due_on))]);
            page.paragraph_with_link(&format!("- {entry}"), link);
        }
        page.paragraph(words.review_request);
        page.paragraph(&self.say(words.review_close, &[]));
        let subject = match titles {
            [(title, _, _)] if !is_digest => self.notice_subject(NoticeKind::ReviewDue, title),
            _ if is_digest => self.say(words.review_digest_subject, &[]),
            _ => self.say(words.review_subject, &[]),
        };
        (subject, page.text)
    }

    fn saved_search(&self, search: &str, titles: &[(String, String)], manage: &str) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.search_lead, &[("search", self.quoted(search))]));
        for (title, link) in titles {
            page.paragraph_with_link(&format!("- {}", self.quoted(title)), link);
        }
        page.paragraph_with_link(&self.say(words.search_close, &[]), manage);
        (self.say(words.search_subject, &[("search", self.short(search))]), page.text)
    }

    fn webhook_disabled(&self, url_host: &str, since: &str, link: &str) -> (String, String) {
        let words = self.words;
        let mut page = Page::open(words);
        page.paragraph(&self.say(words.webhook_lead, &[("host", self.shown(url_host)), ("since", self.shown(since))]));
        page.paragraph_with_link(words.webhook_open, link);
        page.paragraph(&self.say(words.webhook_close, &[]));
        (self.say(words.webhook_subject, &[("host", self.short(url_host))]), page.text)
    }
}

#[cfg(test)]
mod tests;
