//! What a client accepts: media types and languages.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderName};

use crate::domain::text::spoken_one;

/// What the `Accept` headers of a request say together; none where it has none.
pub fn accepted(request: &HttpRequest) -> Option<String> {
    together(request, ACCEPT)
}

/// What the `Accept-Language` headers of a request say together; none where it has none.
pub fn accepted_languages(request: &HttpRequest) -> Option<String> {
    together(request, ACCEPT_LANGUAGE)
}

/// The lines of a header that is a list are one list (RFC 9110, 5.3).
fn together(request: &HttpRequest, name: HeaderName) -> Option<String> {
    let lines: Vec<&str> = request.headers().get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// Quality that an `Accept` header gives a media type; 0 where it does not accept it.
pub fn quality(accept: &str, wanted: &str) -> f32 {
    let (wanted_type, _) = wanted.split_once('/').unwrap_or((wanted, ""));
    let mut best: (u8, f32) = (0, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let q = weight(parts);
        let specificity = match media.as_str() {
            m if m == wanted => 3,
            m if m.strip_suffix("/*") == Some(wanted_type) => 2,
            "*/*" => 1,
            _ => continue,
        };
        if specificity > best.0 {
            best = (specificity, q);
        }
    }
    best.1
}

/// Place of the offered media type that an `Accept` header likes best, the first of equals; none where it accepts none. Without a
/// header everything is welcome.
pub fn best(accept: Option<&str>, offered: &[&str]) -> Option<usize> {
    let accept = accept.filter(|accept| !accept.trim().is_empty()).unwrap_or("*/*");
    let mut found: Option<(usize, f32)> = None;
    for (place, media_type) in offered.iter().enumerate() {
        let quality = quality(accept, media_type);
        if quality > found.map_or(0.0, |(_, most)| most) {
            found = Some((place, quality));
        }
    }
    found.map(|(place, _)| place)
}

/// Languages of an `Accept-Language` header, the most wanted first.
pub fn languages(header: &str) -> Vec<String> {
    let mut found: Vec<(f32, String)> = Vec::new();
    for range in header.split(',').take(20) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let q = weight(parts);
        if let Ok(tag) = crate::domain::text::LanguageTag::parse(tag)
            && q > 0.0
        {
            found.push((q, tag.as_str().to_owned()));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, tag)| tag).collect()
}

/// Languages of an `Accept-Language` header as answers are chosen by them: the most wanted first, with commas between them, up to the first in which
/// the program speaks. What is wanted less than that one is never needed for its own words, and the records' texts have others to fall back on.
pub fn wanted(header: &str) -> Option<String> {
    let mut wanted = languages(header);
    if let Some(first) = wanted.iter().position(|tag| spoken_one(tag).is_some()) {
        wanted.truncate(first + 1);
    }
    (!wanted.is_empty()).then(|| wanted.join(","))
}

/// The weight among the parameters of a range. Names of parameters are written in letters of either case (RFC 9110, 5.6.6).
fn weight<'p>(mut parameters: impl Iterator<Item = &'p str>) -> f32 {
    let weight = |parameter: &str| {
        let (name, value) = parameter.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("q") { value.trim().parse().ok() } else { None }
    };
    parameters.find_map(weight).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        assert_eq!(quality("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"), 0.7);
        assert_eq!(quality("text/*;q=0.3, */*;q=0.5", "application/json"), 0.5);
        assert_eq!(quality("text/html", "application/json"), 0.0);
        assert_eq!(quality("*/*, application/json;q=0", "application/json"), 0.0);
    }

    #[test]
    fn the_most_welcome_is_answered_with_and_nothing_where_nothing_is_welcome() {
        let offered = ["text/html", "text/turtle", "application/ld+json"];
        assert_eq!(best(None, &offered), Some(0));
        assert_eq!(best(Some("*/*"), &offered), Some(0));
        assert_eq!(best(Some("text/turtle;q=0.5, application/ld+json;q=0.9"), &offered), Some(2));
        assert_eq!(best(Some("text/*;q=0.5, text/html;q=0"), &offered), Some(1));
        assert_eq!(best(Some("image/png"), &offered), None);
        assert_eq!(best(Some("text/html;q=0"), &offered), None);
        assert_eq!(best(Some("text/turtle;Q=0.1, application/ld+json;q=0.5"), &offered), Some(2), "names of parameters in either case");
    }

    #[test]
    fn languages_come_by_their_weight() {
        assert_eq!(languages("fr;q=0.5, ar-MA, *;q=0.1, en;q=0"), ["ar-MA", "fr"]);
        assert_eq!(languages("fr;Q=0.5, en;q=0.7"), ["en", "fr"]);
        assert_eq!(wanted("zgh, es;q=0.4, ar-MA;q=0.8, fr;q=0.5").as_deref(), Some("zgh,ar-MA"));
        assert_eq!(wanted("fr-MA,fr;q=0.9,ar;q=0.8").as_deref(), Some("fr-MA"));
        assert_eq!(wanted("zgh, es;q=0.4").as_deref(), Some("zgh,es"));
        assert_eq!(wanted("*"), None);
    }
}
