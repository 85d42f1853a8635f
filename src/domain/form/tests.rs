//! The form as a whole: well-formed forms, answers, what is asked and what is read.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::concept::Concepts;
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{LegalBasisKind, Vocabulary};

/// 2026-11-28.
const TODAY: i64 = 20_785;

fn concepts() -> Concepts {
    Concepts::load(&[]).expect("concepts")
}

fn words(text: &str) -> Value {
    let wording = json!({ "text": text, "status": "OFFICIAL" });
    json!({ "ar": wording, "fr": wording, "en": wording })
}

fn question(key: &str, kind: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut question = json!({
        "key": key, "kind": kind, "label": words(key), "isRequired": kind == "AGREEMENT", "keepMonths": 12, "isPersonal": kind.starts_with("PERSON"),
        "readers": ["APPLICANT", "ACCESS_OFFICER", "REVIEWER"],
    });
    if kind.starts_with("CHOICE") {
        question["options"] = json!([{ "code": "A", "label": words("a") }, { "code": "B", "label": words("b") }]);
    }
    change(&mut question);
    question
}

fn form(questions: Vec<Value>) -> Form {
    serde_json::from_value(json!({ "title": words("Form"), "questions": questions, "retentionMonths": 24 })).expect("a form")
}

fn answers(value: Value) -> Answers {
    serde_json::from_value(value).expect("answers")
}

fn fields(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

fn standard() -> &'static Form {
    default_form().expect("the default form")
}

fn on(key: &str, test: Value) -> Value {
    json!({ "question": key, "test": test })
}

#[test]
fn the_default_form_is_well_formed() {
    let form = standard();
    assert!(form.questions.len() > 30, "the file cannot be read");
    assert_eq!(form.problems(), []);
    assert_eq!(form.key_problems(&Slug::parse("hcp").expect("slug"), form, &[]), []);
    for question in &form.questions {
        assert!(!question.help.is_empty(), "{} has no help", question.key);
    }
}

/// Section by section, what a request has to say, and the questions that ask it.
const ITEMS: [(&str, &[&str]); 32] = [
    ("requester: name, function", &["requester"]),
    ("requester: institution", &["requester-institution"]),
    ("requester: country", &["requester-country"]),
    ("ORCID or staff proof", &["requester-proof"]),
    ("supervisor", &["has-supervisor", "supervisor"]),
    ("project title", &["project-title"]),
    ("plain summary in a language of choice", &["project-summary"]),
    ("question", &["research-question"]),
    ("why published tables do not suffice", &["tables-insufficient"]),
    ("dataset and edition", &["dataset-edition"]),
    ("variables", &["variables"]),
    ("years", &["years"]),
    ("lowest geography", &["lowest-geography"]),
    ("planned linkage", &["linkage", "linkage-details"]),
    ("method", &["method"]),
    ("outputs and audience", &["outputs"]),
    ("funding", &["funding"]),
    ("interests", &["has-interests", "interests"]),
    ("ethics approval", &["ethics", "ethics-reference", "ethics-expected"]),
    ("why no ethics approval is needed", &["ethics-reason"]),
    ("legal basis", &["legal-basis"]),
    ("data-protection reference if personal data", &["personal-data", "data-protection-reference"]),
    ("transfer abroad: country", &["transfer-abroad", "transfer-countries", "transfer-safeguards"]),
    ("people who will have access: roles and training", &["people-access"]),
    ("setting", &["setting"]),
    ("security", &["security"]),
    ("retention and destruction date", &["retention-until", "destruction-date"]),
    ("risk to groups", &["group-risks"]),
    ("mitigation", &["risk-mitigation"]),
    ("publication and citation commitment", &["publication"]),
    ("agreement to output control", &["output-control"]),
    ("contact for incidents", &["incident-contact"]),
];

#[test]
fn the_default_form_asks_everything_that_a_request_has_to_say() {
    let form = standard();
    let mut asked: Vec<&str> = Vec::new();
    for (item, keys) in ITEMS {
        for key in keys {
            assert!(form.question(key).is_some(), "{item}: no question `{key}`");
            asked.push(key);
        }
    }
    let more: Vec<&str> = form.questions.iter().map(|q| q.key.as_str()).filter(|key| !asked.contains(key)).collect();
    assert!(more.is_empty(), "questions that answer to no item: {more:?}");
}

#[test]
fn who_asks_for_aggregates_answers_few_questions() {
    let form = standard();
    let keys = form.asked(&answers(json!({ "requested-data": "AGGREGATES" })));
    assert!(keys.len() <= 14, "{keys:?}");
    let both = form.asked(&answers(json!({ "requested-data": ["AGGREGATES", "MICRODATA"], "transfer-abroad": true })));
    assert!(both.contains(&"security") && both.contains(&"transfer-countries") && !both.contains(&"supervisor"), "{both:?}");
}

#[test]
fn a_full_request_for_aggregates_passes_the_default_form() {
    let given = answers(json!({
        "requested-data": "AGGREGATES",
        "requester": { "name": "Planner", "function": "Head of planning", "email": "planning@council.example" },
        "requester-institution": { "name": "Regional council" },
        "requester-country": "MA", "project-title": "Jobs", "project-summary": "What\nfor", "research-question": "How many?",
        "tables-insufficient": "No provinces", "dataset-edition": "2014", "variables": ["sex", "age"], "years": { "start": "2014", "end": "2014" },
        "lowest-geography": "PROVINCE", "outputs": "A table", "publication": true,
    }));
    let form = standard();
    assert_eq!(form.check(&given, Completeness::Full, TODAY, &concepts()), []);
    let bare = answers(json!({ "requested-data": "AGGREGATES", "publication": false }));
    assert_eq!(form.check(&bare, Completeness::Partial, TODAY, &concepts()), []);
    assert_eq!(fields(&form.check(&bare, Completeness::Full, TODAY, &concepts())), form.asked(&bare));
    assert_eq!(form.personal(&given).keys().collect::<Vec<_>>(), ["requester"]);
    assert!(!form.visible(&given, RequestRole::Reviewer).contains_key("requester"));
    assert!(form.due(24).contains(&"requester") && !form.due(23).contains(&"requester"));
    assert_eq!(form.due(60).len(), form.questions.len());
}

#[test]
fn every_fault_of_a_form_is_named_with_its_place() {
    for (fault, questions, wanted) in [
        ("no question", vec![], "questions"),
        ("a key with capitals", vec![question("Title", "TEXT", |_| {})], "questions[0].key"),
        ("a key of the request itself", vec![question("requested-data", "TEXT", |_| {})], "questions[0].key"),
        ("a key twice", vec![question("xy", "TEXT", |_| {}), question("xy", "TEXT", |_| {})], "questions[1].key"),
        ("no Arabic", vec![question("xy", "TEXT", |q| drop(q["label"].as_object_mut().map(|l| l.remove("ar"))))], "questions[0].label.ar"),
        (
            "half a help",
            vec![question("xy", "TEXT", |q| q["help"] = json!({ "fr": words("x")["fr"], "en": words("x")["en"] }))],
            "questions[0].help.ar",
        ),
        ("a choice of one", vec![question("xy", "CHOICE", |q| drop(q["options"].as_array_mut().map(Vec::pop)))], "questions[0].options"),
        (
            "options of a text",
            vec![question("xy", "TEXT", |q| q["options"] = question("x", "CHOICE", |_| {})["options"].clone())],
            "questions[0].options",
        ),
        ("a code twice", vec![question("xy", "CHOICE", |q| q["options"][1]["code"] = json!("A"))], "questions[0].options[1].code"),
        ("a code with a blank", vec![question("xy", "CHOICE", |q| q["options"][1]["code"] = json!("A B"))], "questions[0].options[1].code"),
        (
            "an option without French",
            vec![question("xy", "CHOICE", |q| drop(q["options"][0]["label"].as_object_mut().map(|l| l.remove("fr"))))],
            "questions[0].options[0].label.fr",
        ),
        (
            "a limit of another kind",
            vec![question("xy", "DATE", |q| q["limits"] = json!({ "maxChars": 3 }))],
            "questions[0].limits.maxChars",
        ),
        ("no characters", vec![question("xy", "TEXT", |q| q["limits"] = json!({ "maxChars": 0 }))], "questions[0].limits.maxChars"),
        ("numbers upside down", vec![question("xy", "NUMBER", |q| q["limits"] = json!({ "min": 3, "max": 2 }))], "questions[0].limits.min"),
        (
            "days upside down",
            vec![question("xy", "DATE", |q| q["limits"] = json!({ "from": "2026-02-01", "until": "2026-01-01" }))],
            "questions[0].limits.from",
        ),
        ("no day", vec![question("xy", "DATE", |q| q["limits"] = json!({ "from": "tomorrow" }))], "questions[0].limits.from"),
        ("readers without the officer", vec![question("xy", "TEXT", |q| q["readers"] = json!(["APPLICANT"]))], "questions[0].readers"),
        (
            "the coordinator reads",
            vec![question("xy", "TEXT", |q| q["readers"] = json!(["APPLICANT", "ACCESS_OFFICER", "COORDINATOR"]))],
            "questions[0].readers",
        ),
        (
            "a reader twice",
            vec![question("xy", "TEXT", |q| q["readers"] = json!(["APPLICANT", "ACCESS_OFFICER", "APPLICANT"]))],
            "questions[0].readers",
        ),
        ("kept longer than the request", vec![question("xy", "TEXT", |q| q["keepMonths"] = json!(25))], "questions[0].keepMonths"),
        ("a person is personal data", vec![question("xy", "PERSON", |q| q["isPersonal"] = json!(false))], "questions[0].isPersonal"),
        ("an agreement at will", vec![question("xy", "AGREEMENT", |q| q["isRequired"] = json!(false))], "questions[0].isRequired"),
        (
            "a condition on nothing",
            vec![question("xy", "TEXT", |q| q["condition"] = on("zz", json!({ "isYes": true })))],
            "questions[0].condition.question",
        ),
        (
            "a condition on a later question",
            vec![question("xy", "TEXT", |q| q["condition"] = on("zz", json!({ "isYes": true }))), question("zz", "YES_NO", |_| {})],
            "questions[0].condition.question",
        ),
        (
            "a condition on itself",
            vec![question("xy", "YES_NO", |q| q["condition"] = on("xy", json!({ "isYes": true })))],
            "questions[0].condition.question",
        ),
        (
            "yes of a text",
            vec![question("xy", "TEXT", |_| {}), question("zz", "TEXT", |q| q["condition"] = on("xy", json!({ "isYes": true })))],
            "questions[1].condition.test",
        ),
        (
            "an option that is not there",
            vec![question("xy", "CHOICE", |_| {}), question("zz", "TEXT", |q| q["condition"] = on("xy", json!({ "equals": "C" })))],
            "questions[1].condition.test",
        ),
        (
            "requested data that is not there",
            vec![question("xy", "TEXT", |q| q["condition"] = on("requested-data", json!({ "includes": "PAPER" })))],
            "questions[0].condition.test",
        ),
        (
            "who may not read the cause reads the consequence",
            vec![
                question("xy", "YES_NO", |q| q["readers"] = json!(["APPLICANT", "ACCESS_OFFICER"])),
                question("zz", "TEXT", |q| q["condition"] = on("xy", json!({ "isYes": true }))),
            ],
            "questions[1].readers",
        ),
    ] {
        let problems = form(questions).problems();
        assert_eq!(fields(&problems), [wanted], "{fault}: {problems:?}");
    }
    let many = (0..201).map(|n| question(&format!("q{n}"), "TEXT", |_| {})).collect();
    assert_eq!(fields(&form(many).problems()), ["questions"]);
    assert_eq!(form(vec![question("xy", "TEXT", |q| q["help"] = words("help"))]).problems(), []);
}

#[test]
fn a_loop_of_conditions_is_called_a_loop() {
    let waits = |key: &str, other: &str| question(key, "YES_NO", |q| q["condition"] = on(other, json!({ "isYes": true })));
    let problems = form(vec![waits("aa", "cc"), waits("bb", "aa"), waits("cc", "bb")]).problems();
    assert_eq!(fields(&problems), ["questions[0].condition.question"]);
    assert!(problems[0].remedy.contains("wait for each other"), "{problems:?}");
    let late = form(vec![waits("aa", "bb"), question("bb", "YES_NO", |_| {})]).problems();
    assert!(late[0].remedy.contains("looks back"), "{late:?}");
}

#[test]
fn keys_mean_the_same_in_every_form() {
    let slug = Slug::parse("hcp").expect("slug");
    let own = |key: &str, kind: &str| form(vec![question(key, kind, |_| {})]);
    assert_eq!(fields(&own("lab", "TEXT").key_problems(&slug, standard(), &[])), ["questions[0].key"]);
    assert_eq!(own("hcp.lab", "TEXT").key_problems(&slug, standard(), &[]), []);
    assert_eq!(fields(&own("oim.lab", "TEXT").key_problems(&slug, standard(), &[])), ["questions[0].key"]);
    assert_eq!(own("method", "LONG_TEXT").key_problems(&slug, standard(), &[]), []);
    assert_eq!(fields(&own("method", "TEXT").key_problems(&slug, standard(), &[])), ["questions[0].kind"]);
    assert_eq!(fields(&own("ethics", "CHOICE").key_problems(&slug, standard(), &[])), ["questions[0].options"]);
    assert_eq!(fields(&own("hcp.lab", "DATE").key_problems(&slug, standard(), &[own("hcp.lab", "TEXT")])), ["questions[0].kind"]);
    let (one, two) = (own("method", "LONG_TEXT"), form(vec![question("hcp.lab", "TEXT", |_| {}), question("method", "LONG_TEXT", |_| {})]));
    let merged = merge(&[&one, &two]);
    let seen: Vec<(&str, &[usize])> = merged.iter().map(|question| (question.key(), question.forms.as_slice())).collect();
    assert_eq!(seen, [("method", &[0, 1][..]), ("hcp.lab", &[1][..])]);
}

#[test]
fn answers_are_held_to_their_kind_and_limits() {
    let concepts = concepts();
    let long = "x".repeat(301);
    for (kind, limits, good, bad) in [
        ("TEXT", json!({}), vec![json!("word")], vec![json!(7), json!(long), json!("a\nb"), json!("a\u{7}")]),
        ("TEXT", json!({ "maxChars": 3 }), vec![json!("مرح")], vec![json!("four")]),
        ("LONG_TEXT", json!({}), vec![json!("a\nb"), json!(long)], vec![json!("x".repeat(5_001)), json!(true)]),
        ("CHOICE", json!({}), vec![json!("A")], vec![json!("C"), json!(["A"])]),
        ("CHOICES", json!({ "maxItems": 1 }), vec![json!(["B"])], vec![json!("A"), json!(["A", "B"]), json!(["C"])]),
        ("CHOICES", json!({}), vec![json!(["A", "B"])], vec![json!(["A", "A"])]),
        (
            "DATE",
            json!({ "from": "TODAY" }),
            vec![json!("2026-11-28")],
            vec![json!("2026-11-27"), json!("2026-12"), json!("2027-02-29"), json!(1)],
        ),
        ("DATE", json!({ "until": "2026-01-31" }), vec![json!("2026-01-31")], vec![json!("2026-02-01")]),
        (
            "PERIOD",
            json!({}),
            vec![json!({ "start": "2014", "end": "2018-08" }), json!({ "start": "2014" })],
            vec![
                json!("2014"),
                json!({ "start": "2018", "end": "2014" }),
                json!({ "start": "2018~" }),
                json!({ "start": "2018", "to": "2019" }),
            ],
        ),
        ("NUMBER", json!({ "min": 1, "max": 2.5 }), vec![json!(1), json!(2.5)], vec![json!(0), json!(3), json!("1")]),
        (
            "PERSON",
            json!({}),
            vec![json!({ "name": "N" })],
            vec![
                json!("N"),
                json!({ "function": "F" }),
                json!({ "name": "N", "email": "none" }),
                json!({ "name": "N", "phone": "1" }),
                json!({ "name": 1 }),
            ],
        ),
        ("PERSONS", json!({}), vec![json!([{ "name": "N" }])], vec![json!({ "name": "N" }), json!([{ "name": "N" }, { "function": "F" }])]),
        ("COUNTRY", json!({}), vec![json!("MA")], vec![json!("ma"), json!("MA-09"), json!("WORLD"), json!(["MA"])]),
        ("COUNTRIES", json!({}), vec![json!(["MA", "TN"])], vec![json!("MA"), json!(["XX"]), json!(["MA", "MA"])]),
        (
            "INSTITUTION",
            json!({}),
            vec![json!({ "slug": "ma-hcp" }), json!({ "name": "N" })],
            vec![json!("ma-hcp"), json!({ "slug": "No Slug" })],
        ),
        ("YES_NO", json!({}), vec![json!(true), json!(false)], vec![json!("yes"), json!(1)]),
        (
            "LEGAL_BASIS",
            json!({}),
            vec![json!({ "kind": "LAW", "reference": "31-13" })],
            vec![
                json!({ "kind": "LAW" }),
                json!({ "kind": "OTHER", "reference": "1" }),
                json!({ "kind": "HABIT", "note": "n" }),
                json!({ "note": "n" }),
            ],
        ),
        ("VARIABLES", json!({}), vec![json!(["sex"])], vec![json!("sex"), json!(["sex", "sex"]), json!([1]), json!(["a", ""])]),
        ("AGREEMENT", json!({}), vec![json!(true)], vec![json!("yes")]),
    ] {
        let form = form(vec![question("xy", kind, |q| q["limits"] = limits.clone())]);
        assert_eq!(form.problems(), [], "{kind} {limits}");
        for given in good {
            let problems = form.check(&answers(json!({ "xy": given })), Completeness::Full, TODAY, &concepts);
            assert_eq!(problems, [], "{kind} {limits} {given}");
        }
        for given in bad.into_iter().filter(|given| !is_blank(given)) {
            let problems = form.check(&answers(json!({ "xy": given })), Completeness::Partial, TODAY, &concepts);
            assert!(
                !problems.is_empty() && problems.iter().all(|p| p.field.starts_with("xy") && !p.remedy.is_empty()),
                "{kind} {limits} {given}: {problems:?}"
            );
        }
    }
    assert!(LegalBasisKind::ALL.len() > 3);
}

#[test]
fn a_yes_demands_an_explanation_and_a_no_hides_what_was_written() {
    let explains = question("why", "TEXT", |q| {
        q["condition"] = on("linked", json!({ "isYes": true }));
        q["isRequired"] = json!(true);
    });
    let form = form(vec![question("linked", "YES_NO", |_| {}), explains]);
    let check = |given: Value| {
        let problems = form.check(&answers(given), Completeness::Full, TODAY, &concepts());
        problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
    };
    assert_eq!(check(json!({ "linked": true })), ["why"]);
    assert_eq!(check(json!({ "linked": true, "why": " " })), ["why"]);
    assert_eq!(check(json!({ "linked": false })), [""; 0]);
    assert_eq!(check(json!({ "linked": false, "other": 1 })), ["other"]);
    let hidden = answers(json!({ "linked": false, "why": "because" }));
    assert_eq!(form.visible(&hidden, RequestRole::Applicant), answers(json!({ "linked": false })));
    assert_eq!(form.asked_answers(&hidden), answers(json!({ "linked": false })));
}

const KINDS: [&str; 5] = ["TEXT", "YES_NO", "CHOICE", "CHOICES", "COUNTRY"];

/// A question by number: its kind, the earlier question that it depends on, and its readers beside the two constant ones.
fn any_form() -> impl Strategy<Value = Form> {
    proptest::collection::vec((0usize..5, proptest::option::of(0usize..8), 0usize..3, 0u8..8), 1..8).prop_map(|plan| {
        let questions = plan.iter().enumerate().map(|(place, (kind, target, test, readers))| {
            question(&format!("q{place}"), KINDS[*kind], |q| {
                let mut roles = vec!["APPLICANT", "ACCESS_OFFICER"];
                let more = ["DATA_PROTECTION", "REVIEWER", "DECIDER"];
                roles.extend(more.iter().enumerate().filter(|(bit, _)| readers >> bit & 1 == 1).map(|(_, role)| *role));
                q["readers"] = json!(roles);
                if let Some(target) = target {
                    let test = [json!({ "isYes": true }), json!({ "equals": "A" }), json!({ "includes": "MICRODATA" })][*test].clone();
                    let key = if *target == 7 { "requested-data".to_owned() } else { format!("q{target}") };
                    q["condition"] = on(&key, test);
                }
            })
        });
        form(questions.collect())
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        Just(json!("A")),
        Just(json!("MA")),
        Just(json!("MICRODATA")),
        Just(Value::Null),
        Just(json!(1)),
        "[a-c ]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("name|kind|start|slug", inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_answers() -> impl Strategy<Value = Answers> {
    proptest::collection::btree_map("q[0-7]|requested-data|else", any_value(), 0..9)
}

/// Whether a question is asked, by the definition, backwards from the question.
fn is_asked(form: &Form, key: &str, answers: &Answers) -> bool {
    let Some(place) = form.questions.iter().position(|question| question.key == key) else { return key == REQUESTED_DATA };
    form.questions[place].condition.as_ref().is_none_or(|condition| {
        let is_earlier = form.questions.iter().position(|q| q.key == condition.question).is_none_or(|target| target < place);
        is_earlier && condition.holds(answers) && is_asked(form, &condition.question, answers)
    })
}

proptest! {
    #[test]
    fn nobody_reads_what_is_not_theirs(form in any_form(), answers in any_answers()) {
        for role in RequestRole::ALL {
            let seen = form.visible(&answers, *role);
            for (key, value) in &seen {
                let question = form.question(key).expect("only answers to questions are shown");
                prop_assert!(question.readers.contains(role) && is_asked(&form, key, &answers));
                prop_assert_eq!(Some(value), answers.get(key));
            }
            if !READERS.contains(role) {
                prop_assert!(seen.is_empty());
            }
            // Nor does anything that they may not read change what they see, where the form is well-formed.
            if form.problems().is_empty() {
                let mut other = answers.clone();
                other.retain(|key, _| key == REQUESTED_DATA || form.question(key).is_some_and(|question| question.readers.contains(role)));
                prop_assert_eq!(seen, form.visible(&other, *role));
            }
        }
    }

    #[test]
    fn what_is_asked_follows_the_conditions(form in any_form(), answers in any_answers()) {
        let expected: Vec<&str> = form.questions.iter().map(|q| q.key.as_str()).filter(|key| is_asked(&form, key, &answers)).collect();
        prop_assert_eq!(form.asked(&answers), expected);
        // What is left out when a request is submitted changes nothing.
        let mut kept = form.asked_answers(&answers);
        kept.extend(answers.get(REQUESTED_DATA).map(|value| (REQUESTED_DATA.to_owned(), value.clone())));
        prop_assert_eq!(form.asked(&kept), form.asked(&answers));
    }

    #[test]
    fn any_answers_are_checked_without_panic(form in any_form(), answers in any_answers()) {
        let concepts = CONCEPTS.get_or_init(concepts);
        let part = form.check(&answers, Completeness::Partial, TODAY, concepts);
        let full = form.check(&answers, Completeness::Full, TODAY, concepts);
        prop_assert_eq!(&full[..part.len()], &part[..]);
        for problem in &part {
            prop_assert!(answers.keys().any(|key| problem.field.starts_with(key.as_str())));
        }
    }
}

static CONCEPTS: std::sync::OnceLock<Concepts> = std::sync::OnceLock::new();
