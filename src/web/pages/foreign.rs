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

/// Elements of HTML that are met in descriptions, or hold what is not to be shown. What stands in angle brackets beside them is text: an inequality, an
/// address, a name.
const ELEMENTS: &str = "a abbr address article aside audio b base bdi bdo big blockquote body br button canvas caption center cite code col \
    colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form frame h1 h2 h3 h4 h5 h6 head \
    header hr html i iframe img input ins kbd label legend li link main mark math meta nav noscript object ol option p param \
    picture pre q s samp script section select small source span strike strong style sub summary sup svg table tbody td \
    template textarea tfoot th thead time title tr track tt u ul var video wbr xmp";
/// Elements that divide words, and lose their tags: a blank stands in their place.
const DIVIDING: &str = "td th tr dt dd div section article h1 h2 h3 h4 h5 h6 caption table hr";

fn is_among(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|known| known == name)
}

/// The element whose tag begins here, in small letters: one of HTML, and closed by an angle bracket.
fn element(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix("</").or_else(|| tag.strip_prefix('<'))?;
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, behind) = (rest.get(..length)?.to_ascii_lowercase(), rest.get(length..)?);
    let ends = behind.starts_with(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>') && behind.contains('>');
    (ends && is_among(ELEMENTS, &name)).then_some(name)
}

fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// A text in which angle brackets that begin no element of HTML stand for themselves; none where it holds no element.
fn markup(text: &str) -> Option<String> {
    let (mut out, mut is_markup) = (String::with_capacity(text.len()), false);
    for (place, piece) in text.split('<').enumerate() {
        let tag = format!("<{piece}");
        match element(&tag) {
            _ if place == 0 => out.push_str(piece),
            Some(name) => {
                is_markup = true;
                if is_among(DIVIDING, &name) {
                    out.push(' ');
                }
                out.push_str(&tag);
            }
            // Comments and declarations are no text.
            None if ["!--", "!doctype", "?xml"].iter().any(|start| begins(piece, start)) => out.push_str(&tag),
            None => {
                out.push_str("&lt;");
                out.push_str(piece);
            }
        }
    }
    is_markup.then_some(out)
}

/// A value of a record: plain words as they are, HTML with what of it is harmless.
pub fn value(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_steering(*c)).collect();
    match markup(&seen) {
        Some(markup) => format!("<div dir=\"auto\">{}</div>", ALLOWED.clean(&markup)),
        None => isolated(text),
    }
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
    fn inequalities_and_addresses_in_angle_brackets_are_text() {
        assert_eq!(value("income <median and x<y"), "<bdi>income &lt;median and x&lt;y</bdi>");
        assert_eq!(value("aged <fifteen years> or more"), "<bdi>aged &lt;fifteen years&gt; or more</bdi>");
        let shown = value("<p>income <median, see <https://hcp.ma/doc> or <stat@hcp.ma></p>");
        assert!(shown.contains("income &lt;median, see &lt;https://hcp.ma/doc&gt; or &lt;stat@hcp.ma&gt;"), "{shown}");
        assert_eq!(value("a <b and c"), "<bdi>a &lt;b and c</bdi>", "no tag, since nothing closes it");
    }

    #[test]
    fn what_stands_in_cells_stays_apart() {
        let shown = value("<table><tr><td>2014</td><td>86206</td></tr></table><dl><dt>term</dt><dd>definition</dd></dl>");
        assert!(!shown.contains("201486206") && !shown.contains("termdefinition"), "{shown}");
    }

    #[test]
    fn scripts_are_no_text_however_they_are_written() {
        for text in [
            "<script>evil()</script>",
            "<SCRIPT\n>evil()</SCRIPT>",
            "<p><svg/onload=evil()></p>",
            "<!--><p><img src=x onerror=evil()>",
            "<scr<script>ipt>evil()</script>",
        ] {
            let shown = value(text);
            assert!(!shown.contains("<script") && !shown.contains("<img") && !shown.contains("<svg"), "{shown}");
        }
    }

    #[test]
    fn what_is_not_closed_ends_with_the_value() {
        let shown = value("<ul><li>واحد<li>اثنان");
        assert!(shown.starts_with("<div dir=\"auto\"><ul><li>") && shown.ends_with("</ul></div>"), "{shown}");
        assert!(!value("</div></dd><p>x").contains("</dd>"));
    }
}
