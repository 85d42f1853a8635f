//! What is wrong with a form, so that its author can mend it before it is published.

use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{QuestionKind, RequestRole, RequestedData, Vocabulary};

use super::{Condition, Form, LANGUAGES, Limits, MAX_MONTHS, MAX_OPTIONS, MAX_QUESTIONS, Question, READERS, REQUESTED_DATA, Test};

/// Longest wording of a form, in characters.
const MAX_WORDING: usize = 2_000;
/// Longest key, in characters: a short name, a dot and a key.
const MAX_KEY: usize = 160;

impl Form {
    /// Everything that keeps the form from being published. The path of each problem leads to its place in the form.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        three_languages("title", &self.title, true, &mut problems);
        three_languages("intro", &self.intro, false, &mut problems);
        if self.retention_months == 0 || self.retention_months > MAX_MONTHS {
            let remedy = format!("say for how many months after its end a request is kept, 1 to {MAX_MONTHS}");
            problems.push(Problem::new("retentionMonths", self.retention_months, remedy));
        }
        if self.questions.is_empty() || self.questions.len() > MAX_QUESTIONS {
            let remedy = format!("a form has 1 to {MAX_QUESTIONS} questions");
            problems.push(Problem::new("questions", self.questions.len(), remedy));
        }
        for (place, question) in self.questions.iter().enumerate().take(MAX_QUESTIONS) {
            self.check_question(place, question, &mut problems);
        }
        problems
    }

    fn check_question(&self, place: usize, question: &Question, problems: &mut Vec<Problem>) {
        let at = |field: &str| format!("questions[{place}].{field}");
        if !is_key(&question.key) {
            let remedy = "use lower-case letters, digits and single hyphens, such as `project-title`; after a short name and a dot in keys of your own";
            problems.push(Problem::new(at("key"), &question.key, remedy));
        } else if question.key == REQUESTED_DATA {
            problems.push(Problem::new(at("key"), &question.key, "the request itself answers this; use another key"));
        } else if self.questions[..place].iter().any(|earlier| earlier.key == question.key) {
            problems.push(Problem::new(at("key"), &question.key, "the key stands twice in the form; give each question its own"));
        }
        three_languages(&at("label"), &question.label, true, problems);
        three_languages(&at("help"), &question.help, false, problems);
        three_languages(&at("example"), &question.example, false, problems);
        check_options(question, &at, problems);
        check_limits(question, &at, problems);
        check_reading(self, question, &at, problems);
        if question.kind == QuestionKind::Agreement && !question.is_required {
            problems.push(Problem::new(at("isRequired"), "false", "who asks must agree to the statement; make it required, or ask YES_NO"));
        }
        if let Some(condition) = &question.condition {
            self.check_condition(place, condition, &at, problems);
        }
    }

    fn check_condition(&self, place: usize, condition: &Condition, at: &dyn Fn(&str) -> String, problems: &mut Vec<Problem>) {
        let field = at("condition");
        if condition.question == REQUESTED_DATA {
            return check_requested(condition, &field, problems);
        }
        let Some(target) = self.questions.iter().position(|question| question.key == condition.question) else {
            let remedy = format!("no question has this key; refer to an earlier question, or to `{REQUESTED_DATA}`");
            return problems.push(Problem::new(format!("{field}.question"), &condition.question, remedy));
        };
        if target >= place {
            let remedy = if self.depends(target, place) {
                "the two questions wait for each other, so that neither is ever asked; take one of the conditions away"
            } else {
                "a condition looks back: put the question that it refers to before this one"
            };
            return problems.push(Problem::new(format!("{field}.question"), &condition.question, remedy));
        }
        check_test(&self.questions[target], condition, &field, problems);
        self.check_inference(place, target, at, problems);
    }

    /// Who reads that a question was answered knows how the one was answered on which it depends.
    fn check_inference(&self, place: usize, target: usize, at: &dyn Fn(&str) -> String, problems: &mut Vec<Problem>) {
        let readable = &self.questions[target].readers;
        let more: Vec<&str> =
            self.questions[place].readers.iter().filter(|role| !readable.contains(role)).map(|role| role.code()).collect();
        if !more.is_empty() {
            let key = &self.questions[target].key;
            let remedy = format!("who reads this can tell the answer to `{key}`, which they may not read; let them read both or none");
            problems.push(Problem::new(at("readers"), more.join(", "), remedy));
        }
    }

    /// Whether one question, by its conditions, waits for another or is it.
    fn depends(&self, from: usize, on: usize) -> bool {
        let mut at = from;
        for _ in 0..=self.questions.len() {
            if at == on {
                return true;
            }
            let condition = self.questions[at].condition.as_ref();
            let next = condition.and_then(|condition| self.questions.iter().position(|question| question.key == condition.question));
            match next {
                Some(next) => at = next,
                None => return false,
            }
        }
        // A loop that does not contain the other.
        false
    }
}

fn check_requested(condition: &Condition, field: &str, problems: &mut Vec<Problem>) {
    let is_known = |code: &String| RequestedData::parse(code).is_some();
    if !matches!(&condition.test, Test::Equals(code) | Test::Includes(code) if is_known(code)) {
        let remedy = format!("`{REQUESTED_DATA}` is one of {}; ask whether it includes one of them", RequestedData::codes());
        problems.push(Problem::new(format!("{field}.test"), shown(&condition.test), remedy));
    }
}

fn shown(test: &Test) -> String {
    match test {
        Test::Equals(code) => format!("equals {code}"),
        Test::Includes(code) => format!("includes {code}"),
        Test::IsYes(wanted) => format!("is {}", if *wanted { "yes" } else { "no" }),
    }
}

fn check_test(target: &Question, condition: &Condition, field: &str, problems: &mut Vec<Problem>) {
    use QuestionKind as K;
    let mut wrong = |remedy: String| problems.push(Problem::new(format!("{field}.test"), shown(&condition.test), remedy));
    let fits = match condition.test {
        Test::Equals(_) => matches!(target.kind, K::Choice | K::Country),
        Test::IsYes(_) => matches!(target.kind, K::YesNo | K::Agreement),
        Test::Includes(_) => matches!(target.kind, K::Choices | K::Countries),
    };
    if !fits {
        let advice = match target.kind {
            K::Choice | K::Country => "ask whether it equals a code",
            K::Choices | K::Countries => "ask whether it includes a code",
            K::YesNo | K::Agreement => "ask whether it is yes or no",
            _ => "refer to a choice, a country, or a yes-or-no question",
        };
        return wrong(format!("`{}` is of kind {}; {advice}", target.key, target.kind.code()));
    }
    if let Test::Equals(code) | Test::Includes(code) = &condition.test
        && matches!(target.kind, K::Choice | K::Choices)
        && !target.options.iter().any(|option| option.code == *code)
    {
        let codes: Vec<&str> = target.options.iter().map(|option| option.code.as_str()).collect();
        wrong(format!("`{}` has no such option; use one of {}", target.key, codes.join(", ")));
    }
}

fn check_options(question: &Question, at: &dyn Fn(&str) -> String, problems: &mut Vec<Problem>) {
    let takes_options = matches!(question.kind, QuestionKind::Choice | QuestionKind::Choices);
    match (takes_options, question.options.len()) {
        (true, 0 | 1) => problems.push(Problem::new(at("options"), question.options.len(), "a choice needs at least two options")),
        (true, count) if count > MAX_OPTIONS => {
            problems.push(Problem::new(at("options"), count, format!("a choice has at most {MAX_OPTIONS} options")));
        }
        (false, 1..) => {
            let remedy = format!("only CHOICE and CHOICES have options; this is {}", question.kind.code());
            problems.push(Problem::new(at("options"), question.options.len(), remedy));
        }
        _ => {}
    }
    for (place, option) in question.options.iter().enumerate().take(MAX_OPTIONS) {
        let field = |name: &str| at(&format!("options[{place}].{name}"));
        let shape = option.code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if option.code.is_empty() || option.code.len() > 60 || !shape {
            let remedy = "a code has 1 to 60 letters A-Z, digits, `_` or `-`, such as `PUBLIC_BODY`";
            problems.push(Problem::new(field("code"), &option.code, remedy));
        } else if question.options[..place].iter().any(|earlier| earlier.code == option.code) {
            problems.push(Problem::new(field("code"), &option.code, "the code stands twice; give each option its own"));
        }
        three_languages(&field("label"), &option.label, true, problems);
    }
}

fn check_limits(question: &Question, at: &dyn Fn(&str) -> String, problems: &mut Vec<Problem>) {
    use QuestionKind as K;
    let Limits { max_chars, max_items, min, max, from, until } = &question.limits;
    let kind = question.kind;
    let given = [
        ("maxChars", max_chars.is_some(), matches!(kind, K::Text | K::LongText)),
        ("maxItems", max_items.is_some(), matches!(kind, K::Choices | K::Persons | K::Countries | K::Variables)),
        ("min", min.is_some(), kind == K::Number),
        ("max", max.is_some(), kind == K::Number),
        ("from", from.is_some(), matches!(kind, K::Date | K::Period)),
        ("until", until.is_some(), matches!(kind, K::Date | K::Period)),
    ];
    for (name, _, _) in given.iter().filter(|(_, is_given, fits)| *is_given && !fits) {
        let remedy = format!("this limit does not fit a question of kind {}; take it away", kind.code());
        problems.push(Problem::new(at(&format!("limits.{name}")), "", remedy));
    }
    let range = |name: &str, value: &Option<u32>, most: u32, problems: &mut Vec<Problem>| {
        if let Some(value) = value.filter(|value| *value == 0 || *value > most) {
            problems.push(Problem::new(at(&format!("limits.{name}")), value, format!("use 1 to {most}")));
        }
    };
    range("maxChars", max_chars, crate::domain::text::MAX_TEXT as u32, problems);
    range("maxItems", max_items, 5_000, problems);
    if let (Some(least), Some(most)) = (min, max)
        && least > most
    {
        problems.push(Problem::new(at("limits.min"), least, format!("the least number is above the greatest, {most}")));
    }
    let first = day_limit(from.as_deref(), &at("limits.from"), problems);
    let last = day_limit(until.as_deref(), &at("limits.until"), problems);
    if let (Some(first), Some(last)) = (first, last)
        && first > last
    {
        problems.push(Problem::new(at("limits.from"), from.as_deref().unwrap_or_default(), "the first day is after the last"));
    }
}

/// The day of a limit; none where there is none, where it is today, or where it is wrong, which is noted.
fn day_limit(text: Option<&str>, field: &str, problems: &mut Vec<Problem>) -> Option<i64> {
    let text = text.filter(|text| *text != "TODAY")?;
    let day = super::answers::day(text);
    if day.is_none() {
        problems.push(Problem::new(field, text, "use a day, YYYY-MM-DD, or TODAY"));
    }
    day
}

fn check_reading(form: &Form, question: &Question, at: &dyn Fn(&str) -> String, problems: &mut Vec<Problem>) {
    for needed in [RequestRole::Applicant, RequestRole::AccessOfficer].iter().filter(|role| !question.readers.contains(role)) {
        problems.push(Problem::new(at("readers"), needed.code(), "the applicant and the access officer always read the answer; add them"));
    }
    for role in question.readers.iter().filter(|role| !READERS.contains(role)) {
        let codes: Vec<&str> = READERS.iter().map(|role| role.code()).collect();
        problems.push(Problem::new(at("readers"), role.code(), format!("no answer is read in this role; use {}", codes.join(", "))));
    }
    let mut sorted = question.readers.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < question.readers.len() {
        problems.push(Problem::new(at("readers"), "", "a role stands twice; name each once"));
    }
    if question.keep_months > form.retention_months {
        let remedy = format!("the whole request is kept for {} months; no answer is kept longer", form.retention_months);
        problems.push(Problem::new(at("keepMonths"), question.keep_months, remedy));
    }
    let condition = question.condition.as_ref().and_then(|condition| form.question(&condition.question));
    if let Some(needed) = condition.filter(|needed| needed.keep_months < question.keep_months) {
        let remedy = format!(
            "is shown only beside the answer to `{}`, which is kept for {} months; keep that one as long, or this one shorter",
            needed.key, needed.keep_months
        );
        problems.push(Problem::new(at("keepMonths"), question.keep_months, remedy));
    }
    if matches!(question.kind, QuestionKind::Person | QuestionKind::Persons) && !question.is_personal {
        problems.push(Problem::new(at("isPersonal"), "false", "an answer that names a person is personal data"));
    }
}

/// A key: `project-title`, or `ma-hcp.project-lab` for an institution's own.
fn is_key(key: &str) -> bool {
    let part = |part: &str| {
        let shape = part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        part.len() >= 2 && shape && !part.starts_with('-') && !part.ends_with('-') && !part.contains("--")
    };
    let parts: Vec<&str> = key.split('.').collect();
    key.len() <= MAX_KEY && parts.len() <= 2 && parts.into_iter().all(part)
}

/// Whether all three languages are there; a text that may be left out is either absent or whole.
fn three_languages(field: &str, text: &MultilingualText, is_needed: bool, problems: &mut Vec<Problem>) {
    for (tag, wording) in text.iter().filter(|(_, wording)| wording.text.chars().count() > MAX_WORDING) {
        let remedy = format!("the text is longer than {MAX_WORDING} characters; shorten it");
        problems.push(Problem::new(format!("{field}.{}", tag.as_str()), &wording.text, remedy));
    }
    if text.is_empty() && !is_needed {
        return;
    }
    for language in LANGUAGES {
        if !text.iter().any(|(tag, wording)| tag.primary() == language && !wording.text.trim().is_empty()) {
            let name = match language {
                "ar" => "Arabic",
                "fr" => "French",
                _ => "English",
            };
            problems.push(Problem::new(format!("{field}.{language}"), "", format!("the {name} text is missing; add it")));
        }
    }
}

/// Whether a text is a partial date without a mark of doubt.
pub(super) fn partial(text: &str) -> Result<PartialDate, String> {
    let date = PartialDate::parse(text)?;
    if date.qualifier.is_some() { Err(format!("`{text}` carries a mark of doubt; give a plain date")) } else { Ok(date) }
}
