//! The language of a public page, and whether the links of the page go on asking for it.

use actix_web::HttpRequest;

use crate::web::account::language;
use crate::web::pages::PageLanguage;

use super::parameter;

/// In which language a page was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Language of the page.
    pub language: PageLanguage,
    /// Whether the reader chose it with `?lang=`; else it is the browser's, which needs no word in the links.
    pub is_chosen: bool,
}

impl Asked {
    /// What a request asks for.
    pub fn of(request: &HttpRequest) -> Self {
        let is_chosen = parameter(request, "lang").is_some_and(|tag| PageLanguage::from_tag(&tag).is_some());
        Self { language: language(request), is_chosen }
    }

    /// A path without a query, in the language that was chosen.
    pub fn path(self, path: &str) -> String {
        if !self.is_chosen {
            return path.to_owned();
        }
        let tag = self.language.tag();
        match path.split_once('#') {
            Some((path, place)) => format!("{path}?lang={tag}#{place}"),
            None => format!("{path}?lang={tag}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_language_goes_with_the_path_and_another_does_not() {
        let chosen = Asked { language: PageLanguage::Ar, is_chosen: true };
        assert_eq!(chosen.path("/institution/hcp"), "/institution/hcp?lang=ar");
        assert_eq!(chosen.path("/dataset/one#part"), "/dataset/one?lang=ar#part");
        assert_eq!(Asked { is_chosen: false, ..chosen }.path("/dataset/one#part"), "/dataset/one#part");
    }
}
