//! Marks of content (`ETag`): made of the bytes, told apart by compression, compared with those that a reader has.

use actix_web::HttpRequest;
use actix_web::http::header::IF_NONE_MATCH;
use sha2::{Digest, Sha256};

use crate::domain::ids::hex;

/// Codings that the server may apply after the mark was made.
const CODINGS: [&str; 1] = ["gzip"];

/// The strong mark of some bytes.
pub fn mark(bytes: &[u8]) -> String {
    format!("\"{}\"", &hex(&Sha256::digest(bytes))[..32])
}

/// The mark of the same content under a coding, which are other bytes.
pub fn with_coding(tag: &str, coding: &str) -> Option<String> {
    let coding = CODINGS.into_iter().find(|known| *known == coding)?;
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.ends_with(coding)).then(|| format!("\"{inner}-{coding}\""))
}

/// The mark that the reader has, where it is of this content under any coding.
pub fn matching(request: &HttpRequest, tag: &str) -> Option<String> {
    let header = request.headers().get(IF_NONE_MATCH)?.to_str().ok()?;
    if header.trim() == "*" {
        return Some(tag.to_owned());
    }
    let is_same = |given: &&str| {
        let bare = given.strip_prefix("W/").unwrap_or(given);
        bare == tag.strip_prefix("W/").unwrap_or(tag)
            || CODINGS.iter().any(|coding| with_coding(tag, coding).is_some_and(|coded| coded == bare))
    };
    header.split(',').map(str::trim).find(is_same).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_mark_is_known_again_under_a_coding_and_in_a_list() {
        let tag = mark(b"x");
        let coded = with_coding(&tag, "gzip").expect("a coding in use");
        assert_ne!(tag, coded);
        assert_eq!(with_coding(&tag, "br"), None);
        assert_eq!(with_coding("W/\"x\"", "gzip"), None);
        for (header, wanted) in [
            (tag.clone(), Some(tag.clone())),
            (format!("\"other\", {coded}"), Some(coded)),
            (format!("W/{tag}"), Some(format!("W/{tag}"))),
            ("*".to_owned(), Some(tag.clone())),
            ("\"other\"".to_owned(), None),
        ] {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, header.as_str())).to_http_request();
            assert_eq!(matching(&request, &tag), wanted, "{header}");
        }
    }
}
