//! The pages on which people sign in, see drafts, and read records and institutions: whole HTML documents as text, without any
//! input or output.
//!
//! Nothing here needs a script. Whatever comes from outside is escaped here; callers hand over plain text.

use crate::domain::text::is_steering;

pub mod confirm;
pub mod described;
mod foreign;
mod form;
pub mod invitation;
pub mod password;
pub mod preview;
pub mod register;
pub mod reset;
pub mod sign_in;
#[cfg(test)]
mod tests;

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLanguage {
    /// Arabic.
    Ar,
    /// French.
    Fr,
    /// English.
    En,
}

impl PageLanguage {
    /// All of them, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::Ar, Self::Fr, Self::En];

    /// The language that a tag such as `fr-MA` asks for.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        self.choose("ar", "fr", "en")
    }

    /// Where its lines begin, as the attribute `dir` says it.
    pub fn direction(self) -> &'static str {
        self.choose("rtl", "ltr", "ltr")
    }

    /// The text of three that belongs to the language.
    pub fn pick(self, arabic: &'static str, french: &'static str, english: &'static str) -> &'static str {
        self.choose(arabic, french, english)
    }

    fn own_name(self) -> &'static str {
        self.choose("العربية", "Français", "English")
    }

    /// The one of three that belongs to the language.
    fn choose<T>(self, arabic: T, french: T, english: T) -> T {
        match self {
            Self::Ar => arabic,
            Self::Fr => french,
            Self::En => english,
        }
    }
}

/// What all pages need to know.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Name of the catalogue, in any language.
    pub catalogue_name: &'a str,
    /// Language of the page.
    pub language: PageLanguage,
    /// Path of the page, for the language switch. A query in it is dropped, as it may hold a secret.
    pub path: &'a str,
    /// Parameters of the query that the language switch keeps, such as `return_to`.
    pub keep: &'a [(&'a str, &'a str)],
}

/// What a page without forms may load: its style, and nothing else.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Parameters that are never repeated in a link, whatever the caller says: secrets, and the language itself.
const NEVER_KEPT: [&str; 8] = ["lang", "token", "csrf", "code", "state", "secret", "password", "email"];

/// Text made harmless for elements and quoted attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // What turns the direction of the words around it, or is not seen: a name could show what it does not say.
            other if is_steering(other) => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text of any language, kept from disturbing the order of the words around it.
fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// An address or code, read from left to right in any language.
fn left_to_right(text: &str) -> String {
    format!("<bdi dir=\"ltr\">{}</bdi>", escape(text))
}

/// The path, or the start page where a browser would read it as another site's address: it takes `//host` and `/\host`
/// for one, and skips control characters before it looks.
fn local(path: &str) -> &str {
    let is_inside = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control);
    // An empty path stands for the address of the page itself, which then need not be repeated in it.
    if is_inside || path.is_empty() { path } else { "/" }
}

/// A path of this site that answers in the language of the page, ready for an attribute.
fn address(page: &Page, path: &str) -> String {
    let path = local(path);
    let joint = if path.contains('?') { '&' } else { '?' };
    escape(&format!("{path}{joint}lang={}", page.language.tag()))
}

/// What one page says.
struct Content<'a> {
    /// Heading and title, as plain text.
    title: &'a str,
    /// Markup that is read before the heading: a warning, or what went wrong.
    above: String,
    /// Markup below the heading.
    body: String,
    /// Whether the page is shown again because something was wrong; its title then says so first.
    has_problem: bool,
}

fn switch(page: &Page) -> String {
    let path = escape(local(page.path.split(['?', '#']).next().unwrap_or_default()));
    let link = |language: PageLanguage| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in page.keep.iter().filter(|(name, _)| !NEVER_KEPT.contains(name)) {
            query.append_pair(name, value);
        }
        query.append_pair("lang", language.tag());
        let query = escape(&query.finish());
        let current = if language == page.language { " aria-current=\"true\"" } else { "" };
        let (tag, label) = (language.tag(), language.own_name());
        format!("<li><a href=\"{path}?{query}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{label}</a></li>")
    };
    PageLanguage::ALL.into_iter().map(link).collect()
}

/// What stands in the head of a page that nobody should find by a search engine.
const UNLISTED: &str = "<meta name=\"robots\" content=\"noindex\">\n";

fn layout(page: &Page, content: &Content) -> String {
    layout_with(page, content, UNLISTED)
}

/// A page with more in its head, as markup.
fn layout_with(page: &Page, content: &Content, head: &str) -> String {
    let (tag, direction) = (page.language.tag(), page.language.direction());
    let skip = page.language.choose("الانتقال إلى المحتوى", "Aller au contenu", "Skip to the content");
    let languages = page.language.choose("اللغات", "Langues", "Languages");
    let problem = page.language.choose("خطأ: ", "Erreur : ", "Error: ");
    let problem = if content.has_problem { problem } else { "" };
    let switch = switch(page);
    let start = address(page, "/");
    let name = escape(page.catalogue_name);
    let title = escape(content.title);
    let Content { above, body, .. } = content;
    // With the referrer policy "no-referrer" browsers would send `Origin: null` with our own forms.
    format!(
        r##"<!doctype html>
<html lang="{tag}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}<meta name="referrer" content="same-origin">
<title>{problem}{title} – {name}</title>
<link rel="stylesheet" href="/assets/start.css">
<link rel="stylesheet" href="/assets/account.css">
</head>
<body>
<a class="skip" href="#content">{skip}</a>
<header>
<nav aria-label="{languages}"><ul>{switch}</ul></nav>
<p class="site"><a href="{start}"><bdi>{name}</bdi></a></p>
</header>
<main id="content" tabindex="-1">
{above}<h1><bdi>{title}</bdi></h1>
{body}</main>
</body>
</html>
"##
    )
}
