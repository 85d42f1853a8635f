//! A record or an institution as anyone may read it: what is known, and the other forms in which it is offered.

use super::form::details;
use super::{Content, Page, escape, foreign, isolated, layout_with};

/// An entry of a list.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What it says.
    pub text: String,
    /// Path or address that it leads to; empty for nowhere.
    pub address: String,
    /// Media type of what is there; empty where that is a page.
    pub media: String,
    /// Identifier by which the entry is linked to; empty for none.
    pub id: String,
    /// What is said of it, a line each.
    pub said: Vec<Said>,
}

/// A line about an entry.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// What it is about.
    pub label: String,
    /// What is said.
    pub text: String,
    /// On what that rests, or of what kind it is; empty where nothing is told of it.
    pub basis: String,
    /// Address outside of the registry that the text leads to; empty for nowhere.
    pub address: String,
}

impl Entry {
    /// A link to a page.
    pub fn page(text: impl Into<String>, address: impl Into<String>) -> Self {
        Self { text: text.into(), address: address.into(), ..Self::default() }
    }
}

/// What the page shows; all of it plain text, but for `embedded`.
#[derive(Clone, Copy, Default)]
pub struct Described<'a> {
    /// Heading.
    pub title: &'a str,
    /// A sentence above the heading, such as that the record was retired; empty for none.
    pub notice: &'a str,
    /// Labels with their values. A row without values is shown as not documented, so leave out what is hidden.
    pub rows: &'a [(String, Vec<String>)],
    /// Lists with their headings; an empty one is left out.
    pub lists: &'a [(String, Vec<Entry>)],
    /// Other forms.
    pub forms: &'a [Entry],
    /// JSON-LD that can stand in a page as it is; none for a record that is not shown whole.
    pub embedded: Option<&'a str>,
    /// Address of the page itself, for search engines.
    pub canonical: &'a str,
    /// Whether search engines should list the page.
    pub is_listed: bool,
}

/// The page.
pub fn described(page: &Page, shown: &Described) -> String {
    let undocumented = page.language.choose("غير موثق", "non documenté", "not documented");
    let formats = page.language.choose("صيغ أخرى", "Autres formats", "Other formats");
    let one = |(label, values): &(String, Vec<String>)| {
        let mut values: Vec<String> = values.iter().map(|value| foreign::value(value)).collect();
        if values.is_empty() {
            values.push(format!("<span class=\"undocumented\">{undocumented}</span>"));
        }
        (escape(label), values)
    };
    let mut body = details(&shown.rows.iter().map(one).collect::<Vec<_>>());
    for (heading, entries) in shown.lists.iter().filter(|(_, entries)| !entries.is_empty()) {
        body += &list(page, heading, entries);
    }
    if !shown.forms.is_empty() {
        body += &list(page, formats, shown.forms);
    }
    let above = match shown.notice {
        "" => String::new(),
        notice => format!("<div class=\"draft\" role=\"note\">\n<p><strong>{}</strong></p>\n</div>\n", escape(notice)),
    };
    layout_with(page, &Content { title: shown.title, above, body, has_problem: false }, &head(shown))
}

fn list(page: &Page, heading: &str, entries: &[Entry]) -> String {
    let attribute = |name: &str, value: &str| if value.is_empty() { String::new() } else { format!(" {name}=\"{}\"", escape(value)) };
    let one = |entry: &Entry| {
        let (id, media) = (attribute("id", &entry.id), attribute("type", &entry.media));
        format!("<li{id}>{}{}</li>\n", linked(&entry.address, &media, &entry.text), said(page, &entry.said))
    };
    format!("<h2>{}</h2>\n<ul>\n{}</ul>\n", escape(heading), entries.iter().map(one).collect::<String>())
}

/// What links out of the registry have: whoever wrote them, no search engine takes them for a word of ours.
const OUTWARD: &str = " rel=\"nofollow noopener\"";

/// Words that lead to an address, or nowhere; the attributes are markup.
fn linked(address: &str, attributes: &str, text: &str) -> String {
    match address {
        "" => isolated(text),
        address => format!("<a href=\"{}\"{attributes}>{}</a>", escape(address), isolated(text)),
    }
}

fn said(page: &Page, lines: &[Said]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    // French sets a space before the colon, one at which no line ends.
    let joint = page.language.choose(": ", "\u{a0}: ", ": ");
    let one = |line: &Said| {
        let basis = if line.basis.is_empty() { String::new() } else { format!(" ({})", isolated(&line.basis)) };
        format!("<li>{}{joint}{}{basis}</li>\n", escape(&line.label), linked(&line.address, OUTWARD, &line.text))
    };
    format!("\n<ul class=\"said\">\n{}</ul>\n", lines.iter().map(one).collect::<String>())
}

fn head(shown: &Described) -> String {
    let mut head = String::new();
    if !shown.is_listed {
        head += super::UNLISTED;
    }
    head += &format!("<link rel=\"canonical\" href=\"{}\">\n", escape(shown.canonical));
    for form in shown.forms {
        let (media, address, name) = (escape(&form.media), escape(&form.address), escape(&form.text));
        head += &format!("<link rel=\"alternate\" type=\"{media}\" href=\"{address}\" title=\"{name}\">\n");
    }
    if let Some(embedded) = shown.embedded {
        head += &format!("<script type=\"application/ld+json\">\n{embedded}\n</script>\n");
    }
    head
}
