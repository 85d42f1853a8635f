//! Text in several languages as the contract shows it.

use std::sync::Arc;

use crate::domain::text::LanguageTag as Tag;
use crate::domain::text::{MultilingualText, Wording};
use crate::domain::vocabulary::TextStatus;

use super::context::Context;
use super::scalars::LanguageTag;

/// Language of an answer, from the question's `language` argument or the `Accept-Language` header; of the header perhaps several with commas between
/// them, the most wanted first.
pub type Lang = Option<Arc<str>>;

/// The language of an answer: that of the argument of a question, else that of the request.
pub fn answer_language(argument: Option<LanguageTag>, context: &Context) -> Lang {
    argument.map(|tag| tag.0.as_str().into()).or_else(|| context.language.clone())
}

/// A text in one language, with the status of its wording.
pub struct LocalizedString {
    tag: Tag,
    wording: Wording,
}

/// A text in one language, with the status of its wording.
#[juniper::graphql_object(context = Context)]
impl LocalizedString {
    /// Language of the text.
    fn language(&self) -> LanguageTag {
        LanguageTag(self.tag.clone())
    }

    /// The text.
    fn text(&self) -> &str {
        &self.wording.text
    }

    /// Where the wording comes from.
    fn status(&self) -> TextStatus {
        self.wording.status
    }
}

/// All wordings of a text.
pub fn all(text: &MultilingualText) -> Vec<LocalizedString> {
    text.iter().map(|(tag, wording)| LocalizedString { tag: tag.clone(), wording: wording.clone() }).collect()
}

/// Of each text of a list, the wording in the wanted language.
pub fn each(texts: &[MultilingualText], lang: &Lang, main: Option<&str>) -> Vec<LocalizedString> {
    texts.iter().filter_map(|text| one(text, lang, main)).collect()
}

/// The wording in the wanted language, with its language and status.
pub fn one(text: &MultilingualText, lang: &Lang, main: Option<&str>) -> Option<LocalizedString> {
    text.get(lang.as_deref(), main).map(|(tag, wording)| LocalizedString { tag: tag.clone(), wording: wording.clone() })
}

/// The words in the language of the argument, else of the answer, else the main one.
pub fn words(text: &MultilingualText, argument: Option<LanguageTag>, lang: &Lang, main: Option<&str>) -> Option<String> {
    let wanted = argument.as_ref().map(|tag| tag.0.as_str()).or(lang.as_deref());
    text.words(wanted, main).map(str::to_owned)
}
