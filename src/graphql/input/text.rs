//! Text in several languages as an editor gives it.

use juniper::GraphQLInputObject;
use serde_json::{Map, Value, json};

use crate::domain::problem::Problem;
use crate::domain::text::{MAX_TEXT, check_characters, shows_something};
use crate::domain::vocabulary::TextStatus;
use crate::graphql::scalars::LanguageTag;

use super::part::{Part, inside};

/// A text in one language, with the status of its wording. A text in several languages is a list of these, each
/// language once; the list replaces all wordings that the field had.
#[derive(Clone, Debug, PartialEq, Eq, GraphQLInputObject)]
pub struct LocalizedStringInput {
    /// Language of the text, a tag of BCP 47 such as `ar`, `fr` or `zgh-Tfng`.
    pub language: LanguageTag,
    /// The text: not empty, at most 20,000 characters. Leave out the language instead of giving an empty text.
    pub text: String,
    /// Where the wording comes from. Null means OFFICIAL, the official or usual wording.
    pub status: Option<TextStatus>,
}

impl LocalizedStringInput {
    fn check(&self, path: &str, problems: &mut Vec<Problem>) {
        if let Err(remedy) = check_characters(&self.text) {
            problems.push(Problem::new(path, "", remedy));
        } else if !shows_something(&self.text) {
            problems.push(Problem::new(path, "", "the text is empty; leave the language out instead"));
        } else if self.text.chars().count() > MAX_TEXT {
            let remedy = format!("the text is longer than {MAX_TEXT} characters; shorten it or link to a document");
            problems.push(Problem::new(path, &self.text, remedy));
        }
    }
}

/// Of a language that is given twice the last wording is written.
impl Part for Vec<LocalizedStringInput> {
    fn write(&self, path: &str, problems: &mut Vec<Problem>) -> Value {
        let mut wordings = Map::new();
        for wording in self {
            let language = wording.language.0.as_str();
            let path = inside(path, language);
            wording.check(&inside(&path, "text"), problems);
            let written = json!({"text": wording.text, "status": wording.status.unwrap_or(TextStatus::Official)});
            if wordings.insert(language.to_owned(), written).is_some() {
                problems.push(Problem::new(path, language, "the language is given twice; keep one wording in each language"));
            }
        }
        Value::Object(wordings)
    }
}

/// A text in several languages in the record format.
pub fn text_value(path: &str, given: &Vec<LocalizedStringInput>, problems: &mut Vec<Problem>) -> Value {
    Part::write(given, path, problems)
}
