//! Which questions are asked, given the answers, and which answers a person may read.

use serde_json::Value;

use crate::domain::vocabulary::RequestRole;

use super::{Answers, Condition, Form, Question, REQUESTED_DATA, Test, is_blank};

impl Form {
    /// The questions that are asked, given these answers: those without a condition, and those whose condition holds. A condition on
    /// a question that is not asked never holds.
    pub fn asked_questions<'a>(&'a self, answers: &Answers) -> Vec<&'a Question> {
        let mut asked: Vec<&Question> = Vec::new();
        for question in &self.questions {
            let holds = question.condition.as_ref().is_none_or(|condition| {
                let is_asked = condition.question == REQUESTED_DATA || asked.iter().any(|known| known.key == condition.question);
                is_asked && condition.holds(answers)
            });
            if holds {
                asked.push(question);
            }
        }
        asked
    }

    /// Keys of the questions that are asked, in the order of the form.
    pub fn asked(&self, answers: &Answers) -> Vec<&str> {
        self.asked_questions(answers).into_iter().map(|question| question.key.as_str()).collect()
    }

    /// The answers that somebody may read: only of questions that are asked, and whose readers name the role.
    pub fn visible(&self, answers: &Answers, role: RequestRole) -> Answers {
        self.pick(answers, |question| question.readers.contains(&role))
    }

    /// The answers that are personal data.
    pub fn personal(&self, answers: &Answers) -> Answers {
        self.pick(answers, |question| question.is_personal)
    }

    /// The answers without what no question asks and what is blank: what is kept when a request is submitted.
    pub fn asked_answers(&self, answers: &Answers) -> Answers {
        self.pick(answers, |_| true)
    }

    /// Keys of the questions whose answers are due to be erased so many whole months after the request has ended.
    pub fn due(&self, months_since_end: u32) -> Vec<&str> {
        let limit = |question: &&Question| question.keep_months.min(self.retention_months) <= months_since_end;
        self.questions.iter().filter(limit).map(|question| question.key.as_str()).collect()
    }

    fn pick(&self, answers: &Answers, wanted: impl Fn(&Question) -> bool) -> Answers {
        let questions = self.asked_questions(answers).into_iter().filter(|question| wanted(question));
        let found = questions.filter_map(|question| answers.get_key_value(&question.key));
        found.filter(|(_, value)| !is_blank(value)).map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

impl Condition {
    /// Whether the answer is as it must be; no answer never is.
    pub fn holds(&self, answers: &Answers) -> bool {
        let Some(value) = answers.get(&self.question) else { return false };
        let has = |list: &[Value], code: &str| list.iter().any(|member| member.as_str() == Some(code));
        match (&self.test, value) {
            (Test::Equals(code) | Test::Includes(code), Value::String(text)) => text == code,
            (Test::Includes(code), Value::Array(list)) => has(list, code),
            (Test::Equals(code), Value::Array(list)) => list.len() == 1 && has(list, code),
            (Test::IsYes(wanted), Value::Bool(given)) => wanted == given,
            _ => false,
        }
    }
}
