//! The parts of which the pages are made: fields, forms, problems, lists of details.

use super::{Page, address, escape};

/// A field with its label; the summary of problems refers to it by its identifier.
pub(super) struct Field<'a> {
    /// Identifier.
    pub id: &'a str,
    /// Fixed text.
    pub label: &'a str,
    /// Fixed attributes as markup: name, type, what a browser may fill in.
    pub attributes: &'a str,
    /// What stands in it, from outside.
    pub value: &'a str,
    /// Fixed text that helps to fill it in; empty where there is none.
    pub hint: &'a str,
    /// Whether the problem above the heading is about this field.
    pub is_wrong: bool,
}

impl Field<'_> {
    /// Label, hint and input.
    pub(super) fn markup(&self) -> String {
        let Self { id, label, attributes, hint, .. } = self;
        let value = if self.value.is_empty() { String::new() } else { format!(" value=\"{}\"", escape(self.value)) };
        let hint_line = if hint.is_empty() { String::new() } else { format!("<p class=\"hint\" id=\"{id}-hint\">{hint}</p>\n") };
        let wrong = if self.is_wrong { " aria-invalid=\"true\"" } else { "" };
        let described = match (hint.is_empty(), self.is_wrong) {
            (true, false) => String::new(),
            (false, false) => format!(" aria-describedby=\"{id}-hint\""),
            (true, true) => " aria-describedby=\"problem\"".to_owned(),
            (false, true) => format!(" aria-describedby=\"problem {id}-hint\""),
        };
        format!("<label for=\"{id}\">{label}</label>\n{hint_line}<input id=\"{id}\" {attributes}{value}{wrong}{described}>\n")
    }
}

/// What went wrong, above the heading; with a link to the field where it can be mended.
pub(super) fn problem(page: &Page, text: &str, field: Option<&str>) -> String {
    let heading = page.language.choose("تنبيه", "Attention", "Please note");
    let text = escape(text);
    let text = match field {
        Some(id) => format!("<a href=\"#{id}\">{text}</a>"),
        None => text,
    };
    format!("<div class=\"problem\" role=\"alert\">\n<p><strong>{heading}</strong></p>\n<p id=\"problem\">{text}</p>\n</div>\n")
}

/// A field that nobody sees.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value))
}

/// A form with one button; fields and button are markup.
pub(super) fn post(page: &Page, action: &str, csrf: &str, fields: &str, button: &str) -> String {
    let action = address(page, action);
    let csrf = hidden("csrf", csrf);
    format!("<form method=\"post\" action=\"{action}\">\n{csrf}{fields}<button type=\"submit\">{button}</button>\n</form>\n")
}

/// One form for each identity provider, each with an address of its own; nothing where there is no provider.
pub(super) fn providers(page: &Page, heading: &str, csrf: &str, return_to: &str, providers: &[(String, String)]) -> String {
    if providers.is_empty() {
        return String::new();
    }
    let continue_with = page.language.choose("المتابعة عبر", "Continuer avec", "Continue with");
    let return_to = hidden("return_to", return_to);
    let one = |(name, title): &(String, String)| {
        let button = format!("{continue_with} <bdi>{}</bdi>", escape(title));
        post(page, &format!("/auth/{}/start", segment(name)), csrf, &return_to, &button)
    };
    let forms: String = providers.iter().map(one).collect();
    format!("<section class=\"providers\" aria-labelledby=\"providers\">\n<h2 id=\"providers\">{heading}</h2>\n{forms}</section>\n")
}

/// A name as one segment of a path, so that it can neither end the path nor begin a query.
fn segment(name: &str) -> String {
    let one = |byte: u8| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    name.bytes().map(one).collect()
}

/// A list of labels with their values, all of it markup.
pub(super) fn details(rows: &[(String, Vec<String>)]) -> String {
    let one = |(label, values): &(String, Vec<String>)| {
        let values: String = values.iter().map(|value| format!("<dd>{value}</dd>")).collect();
        format!("<div><dt>{label}</dt>{values}</div>\n")
    };
    let rows: String = rows.iter().map(one).collect();
    format!("<dl class=\"details\">\n{rows}</dl>\n")
}

/// A link to a page of ours, in the language of the page. The label is fixed text.
pub(super) fn link(page: &Page, path: &str, label: &str) -> String {
    format!("<p><a href=\"{}\">{label}</a></p>\n", address(page, path))
}
