//! Words of other systems on our pages: some give HTML in their texts. It is kept as it came, and made harmless where it is shown.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use crate::domain::text::is_steering;

use super::isolated;

/// What of HTML is shown: paragraphs, lists, emphasis, and links to the web. Everything else loses its tags; scripts, styles and the
/// like their content too.
static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(["p", "br", "ul", "ol", "li", "em", "strong", "b", "i", "sub", "sup", "blockquote", "a"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .clean_content_tags(HashSet::from([
            "script", "style", "noscript", "template", "iframe", "object", "svg", "math", "title", "textarea",
        ]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
});

/// A value of a record: plain words as they are, HTML with what of it is harmless.
pub fn value(text: &str) -> String {
    if !ammonia::is_html(text) {
        return isolated(text);
    }
    let seen: String = text.chars().filter(|c| !is_steering(*c)).collect();
    format!("<div dir=\"auto\">{}</div>", ALLOWED.clean(&seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_escaped_and_html_is_made_harmless() {
        assert_eq!(value("age < 15 & > 3"), "<bdi>age &lt; 15 &amp; &gt; 3</bdi>");
        let shown = value(
            "<DIV STYLE='x'><p onclick=\"evil()\">Flux <b>2019</b><script>evil()</script> <a href='javascript:evil()'>a</a> \
             <a href='https://example.org/?a=1&b' target=_top>b</a> <img src=x onerror=evil()></p></DIV>",
        );
        assert!(!shown.contains("evil") && !shown.contains("<img") && !shown.contains("STYLE") && !shown.contains("target"), "{shown}");
        assert!(shown.contains("<p>Flux <b>2019</b>") && shown.contains("rel=\"nofollow noopener noreferrer\""), "{shown}");
        assert!(shown.contains("href=\"https://example.org/?a=1&amp;b\""), "{shown}");
    }

    #[test]
    fn what_is_not_closed_ends_with_the_value() {
        let shown = value("<ul><li>واحد<li>اثنان");
        assert!(shown.starts_with("<div dir=\"auto\"><ul><li>") && shown.ends_with("</ul></div>"), "{shown}");
        assert!(!value("</div></dd><p>x").contains("</dd>"));
    }
}
