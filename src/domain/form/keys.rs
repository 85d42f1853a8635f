//! Keys of questions: what two forms ask under the same key is one question, answered once.

use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::Vocabulary;

use super::{Form, Question, REQUESTED_DATA};

/// A question of one or several forms of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedQuestion<'a> {
    /// The question, as the first form that has it words it.
    pub question: &'a Question,
    /// Places of the forms that have it, in the list that was merged.
    pub forms: Vec<usize>,
}

impl MergedQuestion<'_> {
    /// Key of the question.
    pub fn key(&self) -> &str {
        &self.question.key
    }
}

/// The questions of several forms, each key once, in the order of the forms. Who reads the answer and for how long follows each form.
pub fn merge<'a>(forms: &[&'a Form]) -> Vec<MergedQuestion<'a>> {
    let mut merged: Vec<MergedQuestion<'a>> = Vec::new();
    for (place, form) in forms.iter().enumerate() {
        for question in &form.questions {
            match merged.iter_mut().find(|known| known.question.key == question.key) {
                Some(known) => known.forms.push(place),
                None => merged.push(MergedQuestion { question, forms: vec![place] }),
            }
        }
    }
    merged
}

impl Form {
    /// What keeps the form of an institution from being published beside others: keys of the default form (`standard`) mean what they mean
    /// there, the institution's own keys begin with its short name, and a key that it has published before keeps its meaning.
    pub fn key_problems(&self, institution: &Slug, standard: &Form, published: &[Form]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let known = |key: &str| standard.question(key).or_else(|| published.iter().find_map(|form| form.question(key)));
        let prefix = format!("{institution}.");
        for (place, question) in self.questions.iter().enumerate() {
            let field = format!("questions[{place}]");
            let key = question.key.as_str();
            if standard.question(key).is_none() && !key.starts_with(&prefix) && key != REQUESTED_DATA {
                let remedy = format!("a question of your own needs a key that begins with your short name, such as `{prefix}{key}`");
                problems.push(Problem::new(format!("{field}.key"), key, remedy));
            }
            let Some(other) = known(key) else { continue };
            if other.kind != question.kind {
                let remedy = format!("the key means a question of kind {} in other forms; use that kind or another key", other.kind.code());
                problems.push(Problem::new(format!("{field}.kind"), question.kind.code(), remedy));
            } else if codes(other) != codes(question) {
                let remedy =
                    format!("the key has the options {} in other forms; use the same codes or another key", codes(other).join(", "));
                problems.push(Problem::new(format!("{field}.options"), codes(question).join(", "), remedy));
            }
        }
        problems
    }
}

fn codes(question: &Question) -> Vec<&str> {
    let mut codes: Vec<&str> = question.options.iter().map(|option| option.code.as_str()).collect();
    codes.sort_unstable();
    codes
}
