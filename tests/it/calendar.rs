//! The calendar through the front door: what records and agreements document, what institutions register, and the feed.

use serde_json::{Value, json};

use crate::agreements;
use crate::drafting::holding;
use crate::harness::{BACKENDS, Backend, Server, dataset, institution, with_demo_on_sqlite};
use crate::people::{Registry, Session, Who, act, ask_as, codes, done, operation};
use crate::questions::{is_in_calendar, operations};

/// The office that produces, an institution that holds, a third one, and who else reads.
struct Cast {
    registry: Registry,
    editor: Session,
    holder: Session,
    third: Session,
    officer: Session,
    coordinator: Session,
}

/// A record of the office.
fn record(slug: &str, change: impl FnOnce(&mut Value)) -> String {
    dataset(slug, |record| {
        record["producer"] = json!("office");
        record["themes"] = json!(["MT-0701"]);
        record["holdings"] = json!([holding("office", "PRODUCER", "SECURE"), holding("archive", "HOLDER", "SECURE")]);
        change(record);
    })
}

impl Cast {
    fn open(backend: Backend) -> Self {
        let lines = [
            institution("office"),
            institution("archive"),
            institution("third"),
            record("survey", |record| {
                record["coverage"]["nextCollection"] = json!("2090-09");
                record["reviewDueOn"] = json!("2001-03-15");
                record["holdings"][1]["accessTerms"]["embargoUntil"] = json!("2091-01-01");
            }),
            record("hidden-survey", |record| {
                record["visibility"] = json!("COORDINATOR");
                record["coverage"]["nextCollection"] = json!("2090-10");
            }),
            record("masked-survey", |record| {
                record["masks"] = json!([{ "field": "COVERAGE_PERIOD", "visibleTo": "MEMBERS" }]);
                record["coverage"]["collectionPeriod"] = json!({ "start": "2090-11", "end": "2090-12" });
            }),
        ];
        let registry = Registry::open(backend, &lines);
        registry.server.wait_for_index();
        Self {
            editor: registry.invite("office", "Office editor", &["EDITOR"]),
            holder: registry.invite("archive", "Archive validator", &["VALIDATOR"]),
            third: registry.invite("third", "Third editor", &["EDITOR", "VALIDATOR"]),
            officer: registry.invite("office", "Office access officer", &["ACCESS_OFFICER"]),
            coordinator: registry.add("Coordinator", "COORDINATOR"),
            registry,
        }
    }

    fn server(&self) -> &Server {
        &self.registry.server
    }

    fn create<'a>(&self, who: impl Into<Who<'a>>, change: impl FnOnce(&mut Value)) -> Value {
        let mut input = json!({ "kind": "RELEASE", "institution": "office", "dataset": "survey", "planned": { "start": "2090-05-10" } });
        change(&mut input);
        act(self.server(), who, "calendar-entry-create", input)
    }

    fn step<'a>(&self, who: impl Into<Who<'a>>, step: &str, seen: &Value, more: Value) -> Value {
        let mut input = json!({ "entry": seen["entry"], "expectedRevision": seen["revision"] });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key.as_str()] = value.clone();
        }
        act(self.server(), who, &format!("calendar-entry-{step}"), input)
    }

    /// Entries that somebody finds, each as kind, dataset and dates.
    fn found<'a>(&self, who: impl Into<Who<'a>>, filter: &str) -> Vec<String> {
        let query = format!(
            "{{ calendar(where: {{ {filter} }}, first: 100) {{ totalCount nodes {{ kind state isOverdue dates {{ edtf }} dataset {{ slug }} title }} }} }}"
        );
        let data = ask_as(self.server(), who, &query, Value::Null);
        let nodes = data["calendar"]["nodes"].as_array().expect("nodes");
        assert_eq!(data["calendar"]["totalCount"], json!(nodes.len()), "what is hidden is not counted: {data}");
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let line = |node: &Value| format!("{} {} {}", text(&node["kind"]), text(&node["dataset"]["slug"]), text(&node["dates"]["edtf"]));
        nodes.iter().map(line).collect()
    }
}

fn text(words: &str) -> Value {
    json!([{ "language": "en", "text": words }])
}

/// Lines of an iCalendar file, put together again.
fn unfolded(body: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in body.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
}

#[test]
fn dates_of_records_are_shown_as_they_are_documented_to_whoever_may_know_them() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let survey = ["REVIEW survey 2001-03-15", "COLLECTION survey 2090-09", "EMBARGO_END survey 2091-01-01"];
        assert_eq!(cast.found(Who::Visitor, ""), survey);
        let members = [survey[0], survey[1], "COLLECTION masked-survey 2090-11/2090-12", survey[2]];
        assert_eq!(cast.found(&cast.third, ""), members, "what is masked for visitors is there for members");
        let all = [survey[0], survey[1], "COLLECTION hidden-survey 2090-10", members[2], survey[2]];
        assert_eq!(cast.found(&cast.coordinator, ""), all);
        for (filter, expected) in [
            ("from: \"2090-09-30\", to: \"2090\"", &survey[1..2]),
            ("from: \"2090-10\", to: \"2090\"", &[][..]),
            ("kinds: [REVIEW, EMBARGO_END]", &[survey[0], survey[2]][..]),
            ("isOverdue: true", &survey[..1]),
            ("isOverdue: false, states: [PLANNED]", &survey[1..]),
            ("states: [DONE, CANCELLED]", &[][..]),
            ("datasets: [\"survey\"], themes: [\"MT-0701\"], reportingAreas: [\"MA\"], institutions: [\"archive\"]", &survey[..]),
            ("datasets: [\"hidden-survey\"]", &[][..]),
            ("datasets: [\"no-such-survey\"]", &[][..]),
            ("institutions: [\"third\"]", &[][..]),
            ("reportingAreas: [\"TN\"]", &[][..]),
        ] {
            assert_eq!(cast.found(Who::Visitor, filter), expected, "{filter}");
        }
        let query = "{ calendar(where: { kinds: [COLLECTION] }) { nodes { uid precision dateNote start end planned { edtf } actual { edtf } isOverdue \
                     institution { slug } } } }";
        let node = &ask_as(cast.server(), Who::Visitor, query, Value::Null)["calendar"]["nodes"][0];
        assert_eq!((&node["precision"], &node["start"], &node["end"]), (&json!("MONTH"), &json!("2090-09"), &json!("2090-09")));
        assert!(node["dateNote"].as_str().is_some_and(|note| note.contains("month only")), "{node}");
        assert_eq!((&node["planned"]["edtf"], &node["actual"]), (&json!("2090-09"), &Value::Null));
        for (filter, words) in
            [("institutions: [\"offfice\"]", "offfice"), ("themes: [\"MT-9999\"]", "MT-9999"), ("from: \"2030\", to: \"2020\"", "exchange")]
        {
            let (message, _) = cast.server().error_of(&format!("{{ calendar(where: {{ {filter} }}) {{ totalCount }} }}"), Value::Null);
            assert!(message.contains(words), "{filter}: {message}");
        }
        cast.registry.close();
    }
}

#[test]
fn the_producers_people_register_and_every_postponement_is_kept() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let before = cast.registry.place.changes();
        assert_eq!(codes(&cast.create(Who::Visitor, |_| {})), ["SIGN_IN_REQUIRED"]);
        for who in [&cast.third, &cast.officer, &cast.coordinator, &cast.holder] {
            assert_eq!(codes(&cast.create(who, |_| {})), ["ROLE_REQUIRED"]);
        }
        // In the name of an institution of one's own that neither produces nor holds the data.
        assert_eq!(codes(&cast.create(&cast.third, |input| input["institution"] = json!("third"))), ["ROLE_REQUIRED"]);
        let hidden = cast.create(&cast.third, |input| {
            input["institution"] = json!("third");
            input["dataset"] = json!("hidden-survey");
        });
        assert_eq!(codes(&hidden), ["NOT_FOUND"]);
        for (field, value) in [
            ("planned", json!({ "start": "2090-05", "end": "2090-04" })),
            ("planned", json!({ "start": "1066" })),
            ("title", text(&"x".repeat(301))),
            ("visibility", json!("PUBLIC")),
        ] {
            let refused = cast.create(&cast.editor, |input| input[field] = value.clone());
            // A single day is both ends of its span, and each is named.
            assert!(!codes(&refused).is_empty() && codes(&refused).iter().all(|code| *code == "INVALID"), "{field} {value}: {refused}");
        }
        assert_eq!(cast.registry.place.changes(), before, "a refusal changes nothing");

        let seen = done(&cast.create(&cast.editor, |_| {}), "calendarEntry");
        assert_eq!((&seen["state"], &seen["basis"], &seen["revision"]), (&json!("PLANNED"), &json!("REGISTERED"), &json!(1)));
        let postponed = json!({ "planned": { "start": "2090-06" }, "reason": text("The check takes longer.") });
        for who in [&cast.third, &cast.officer, &cast.coordinator, &cast.holder] {
            assert_eq!(codes(&cast.step(who, "postpone", &seen, postponed.clone())), ["ROLE_REQUIRED"]);
        }
        for (more, path) in [
            (json!({ "planned": { "start": "2090-06" }, "reason": [] }), "reason"),
            (json!({ "planned": { "start": "2090-05-10" }, "reason": text("No change.") }), "planned"),
            (json!({ "planned": { "start": "2090-06" }, "reason": text(&"x".repeat(2_001)) }), "reason"),
        ] {
            let refused = cast.step(&cast.editor, "postpone", &seen, more);
            assert_eq!((codes(&refused), &refused["errors"][0]["path"][0]), (vec!["INVALID"], &json!(path)));
        }
        let once = done(&cast.step(&cast.editor, "postpone", &seen, postponed.clone()), "calendarEntry");
        assert_eq!(codes(&cast.step(&cast.editor, "postpone", &seen, postponed)), ["CONFLICT"]);
        let again = json!({ "planned": { "start": "2090-07-01" }, "reason": text("The files are checked again.") });
        let twice = done(&cast.step(&cast.editor, "postpone", &once, again), "calendarEntry");
        assert_eq!((&twice["state"], &twice["uid"]), (&json!("POSTPONED"), &seen["uid"]));
        let kept: Vec<(&Value, &Value)> =
            twice["postponements"].as_array().expect("list").iter().map(|one| (&one["from"]["edtf"], &one["to"]["edtf"])).collect();
        assert_eq!(kept, [(&json!("2090-05-10"), &json!("2090-06")), (&json!("2090-06"), &json!("2090-07-01"))]);
        let first = &twice["postponements"][0];
        assert_eq!((&first["reason"], &first["by"]), (&json!("The check takes longer."), &json!("Office editor")));
        assert_eq!(first["institution"]["slug"], "office");

        // It is seen by whoever sees the dataset, and moves with its date.
        assert_eq!(cast.found(Who::Visitor, "kinds: [RELEASE]"), ["RELEASE survey 2090-07-01"]);
        assert_eq!(cast.found(Who::Visitor, "kinds: [RELEASE], to: \"2090-06\""), [""; 0]);
        assert_eq!(codes(&cast.step(&cast.editor, "complete", &twice, json!({ "actual": { "start": "2090-07-02" } }))), ["INVALID"]);
        let told = done(&cast.step(&cast.editor, "complete", &twice, json!({ "actual": { "start": "2020-05-14" } })), "calendarEntry");
        assert_eq!(
            (&told["state"], &told["actual"]["edtf"], &told["planned"]["edtf"]),
            (&json!("DONE"), &json!("2020-05-14"), &json!("2090-07-01"))
        );
        for (step, more) in [("cancel", json!({ "reason": text("No.") })), ("complete", json!({ "actual": { "start": "2020" } }))] {
            assert_eq!(codes(&cast.step(&cast.editor, step, &told, more)), ["WRONG_STATE"], "{step}");
        }
        let given_up = done(&cast.create(&cast.holder, |input| input["institution"] = json!("archive")), "calendarEntry");
        let refused = cast.step(&cast.editor, "cancel", &given_up, json!({ "reason": text("Not ours.") }));
        assert_eq!(codes(&refused), ["ROLE_REQUIRED"], "the producer's people do not write for the holder");
        let given_up =
            done(&cast.step(&cast.holder, "cancel", &given_up, json!({ "reason": text("It is no longer needed.") })), "calendarEntry");
        assert_eq!((&given_up["state"], &given_up["stateReason"]), (&json!("CANCELLED"), &json!("It is no longer needed.")));
        cast.registry.close();
    }
}

#[test]
fn a_date_that_is_brought_forward_is_told_and_is_no_postponement() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let mut seen = done(&cast.create(&cast.editor, |_| {}), "calendarEntry");
        let steps = [("2090-04", "PLANNED"), ("2090-04-20", "PLANNED"), ("2090-05-01", "POSTPONED"), ("2090-03", "PLANNED")];
        for (place, (start, state)) in steps.into_iter().enumerate() {
            let reason = format!("Reason {place}");
            let change = json!({ "planned": { "start": start }, "reason": text(&reason) });
            seen = done(&cast.step(&cast.editor, "postpone", &seen, change), "calendarEntry");
            assert_eq!(seen["state"], state, "{start}");
            assert_eq!(
                (&seen["postponements"][place]["reason"], &seen["postponements"][place]["to"]["edtf"]),
                (&json!(reason), &json!(start))
            );
        }
        // What is later than was planned first stays postponed when a part of the delay is made up for.
        for (start, state) in [("2090-09", "POSTPONED"), ("2090-07", "POSTPONED")] {
            let change = json!({ "planned": { "start": start }, "reason": text("Again.") });
            seen = done(&cast.step(&cast.editor, "postpone", &seen, change), "calendarEntry");
            assert_eq!(seen["state"], state, "{start}");
        }
        cast.registry.close();
    }
}

#[test]
fn an_entry_is_hidden_with_its_dataset_and_a_meeting_has_its_own_readers() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let mut entries = Vec::new();
        for slug in ["hidden-survey", "masked-survey"] {
            entries.push(done(&cast.create(&cast.editor, |input| input["dataset"] = json!(slug)), "calendarEntry"));
        }
        assert_eq!(cast.found(Who::Visitor, "kinds: [RELEASE]"), [""; 0]);
        assert_eq!(cast.found(&cast.third, "kinds: [RELEASE]"), ["RELEASE masked-survey 2090-05-10"]);
        assert_eq!(cast.found(&cast.coordinator, "kinds: [RELEASE]").len(), 2);
        let own = "{ dataset(slug: \"hidden-survey\") { calendar { totalCount } } masked: dataset(slug: \"masked-survey\") { calendar { totalCount } punctuality { medianDays } } }";
        let seen = ask_as(cast.server(), &cast.editor, own, Value::Null);
        assert_eq!((&seen["dataset"]["calendar"]["totalCount"], &seen["masked"]["calendar"]["totalCount"]), (&json!(2), &json!(2)));
        let unseen = ask_as(cast.server(), Who::Visitor, own, Value::Null);
        assert_eq!(
            (&unseen["dataset"], &unseen["masked"]),
            (&Value::Null, &json!({ "calendar": { "totalCount": 0 }, "punctuality": null }))
        );
        // Who may not see it does not learn that it is there.
        let cancel = json!({ "reason": text("No.") });
        assert_eq!(codes(&cast.step(&cast.third, "cancel", &entries[0], cancel.clone())), ["NOT_FOUND"]);

        let meeting = |who: &Session, institution: &str, visibility: Option<&str>| {
            cast.create(who, |input| {
                *input =
                    json!({ "kind": "MEETING", "institution": institution, "title": text("Workshop"), "planned": { "start": "2090-02" } });
                if let Some(visibility) = visibility {
                    input["visibility"] = json!(visibility);
                }
            })
        };
        assert_eq!(codes(&meeting(&cast.officer, "office", None)), ["ROLE_REQUIRED"]);
        assert_eq!(codes(&meeting(&cast.third, "office", None)), ["ROLE_REQUIRED"]);
        assert_eq!(codes(&meeting(&cast.coordinator, "no-such-office", None)), ["INVALID"]);
        let inside = done(&meeting(&cast.third, "third", None), "calendarEntry");
        assert_eq!(inside["visibility"], "MEMBERS");
        done(&meeting(&cast.coordinator, "office", Some("PUBLIC")), "calendarEntry");
        assert_eq!(cast.found(Who::Visitor, "kinds: [MEETING]").len(), 1);
        assert_eq!(cast.found(&cast.editor, "kinds: [MEETING]").len(), 2);
        assert_eq!(cast.found(&cast.editor, "kinds: [MEETING], institutions: [\"third\"]").len(), 1);
        assert_eq!(cast.found(&cast.editor, "kinds: [MEETING], reportingAreas: [\"MA\"]"), [""; 0], "a meeting has no area");
        // Who convenes a meeting about a record of others is found by it, by whoever sees the record.
        for dataset in ["survey", "hidden-survey"] {
            let about = json!({ "kind": "MEETING", "institution": "third", "dataset": dataset, "title": text("Method"), "planned": { "start": "2090-03" } });
            done(&cast.create(&cast.coordinator, |input| *input = about), "calendarEntry");
        }
        let of_third = "kinds: [MEETING], institutions: [\"third\"]";
        assert_eq!(cast.found(Who::Visitor, of_third), ["MEETING survey 2090-03"]);
        assert_eq!(cast.found(&cast.third, of_third).len(), 2);
        assert_eq!(cast.found(&cast.coordinator, of_third).len(), 3);
        assert_eq!(cast.found(Who::Visitor, &format!("{of_third}, datasets: [\"masked-survey\"]")), [""; 0]);
        let nameless = cast
            .create(&cast.editor, |input| *input = json!({ "kind": "MEETING", "institution": "office", "planned": { "start": "2090" } }));
        assert_eq!(codes(&nameless), ["INVALID"]);
        let unbound = cast
            .create(&cast.editor, |input| *input = json!({ "kind": "RELEASE", "institution": "office", "planned": { "start": "2090" } }));
        assert_eq!(codes(&unbound), ["INVALID"]);
        cast.registry.close();
    }
}

#[test]
fn punctuality_is_told_of_a_dataset_release_by_release() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        for (planned, moved, actual) in
            [("2020-03-01", None, "2020-03-05"), ("2021-03-01", Some("2021-04-01"), "2021-04-01"), ("2022-03", None, "2022-03-09")]
        {
            let mut seen = done(&cast.create(&cast.editor, |input| input["planned"] = json!({ "start": planned })), "calendarEntry");
            assert_eq!(seen["isOverdue"], true, "not told as done");
            if let Some(moved) = moved {
                let more = json!({ "planned": { "start": moved }, "reason": text("Later.") });
                seen = done(&cast.step(&cast.editor, "postpone", &seen, more), "calendarEntry");
            }
            seen = done(&cast.step(&cast.editor, "complete", &seen, json!({ "actual": { "start": actual } })), "calendarEntry");
            assert_eq!(seen["isOverdue"], false);
        }
        let data = ask_as(cast.server(), Who::Visitor, &operation("calendar-of-dataset"), json!({ "dataset": "survey" }));
        let punctuality = &data["dataset"]["punctuality"];
        let days: Vec<(&Value, &Value)> =
            punctuality["released"].as_array().expect("list").iter().map(|one| (&one["days"], &one["daysFromLastPlan"])).collect();
        assert_eq!(days, [(&json!(4), &json!(4)), (&json!(31), &json!(0)), (&Value::Null, &Value::Null)], "a month is not a day");
        assert_eq!(punctuality["medianDays"], json!(17.5));
        assert_eq!(data["dataset"]["calendar"]["totalCount"], 6);
        cast.registry.close();
    }
}

#[test]
fn agreements_end_in_the_calendar_of_who_may_know_them() {
    for backend in BACKENDS {
        let cast = agreements::Cast::open(backend);
        cast.signed(|content| content["endsOn"] = json!("2090"));
        cast.signed(|content| {
            content["visibility"] = json!("PARTIES");
            content["endsOn"] = json!("2091-06-30");
        });
        cast.registered(|content| content["endsOn"] = json!("2092-06-30"));
        let ends = |who: Who<'_>, filter: &str| {
            let query = format!(
                "{{ calendar(where: {{ kinds: [AGREEMENT_END] {filter} }}) {{ totalCount nodes {{ dates {{ edtf }} agreement {{ id }} }} }} }}"
            );
            let data = ask_as(&cast.registry.server, who, &query, Value::Null)["calendar"].clone();
            let nodes =
                data["nodes"].as_array().expect("nodes").iter().map(|node| node["dates"]["edtf"].as_str().expect("date").to_owned());
            let dates: Vec<String> = nodes.collect();
            assert_eq!(data["totalCount"], json!(dates.len()));
            dates
        };
        assert_eq!(ends(Who::Visitor, ""), ["2090"], "as it was agreed: to the year");
        assert_eq!(ends((&cast.police).into(), ""), ["2090", "2091-06-30"], "a draft ends nowhere");
        assert_eq!(ends((&cast.coordinator).into(), ""), ["2090", "2091-06-30"], "the coordinator sees title and dates");
        assert_eq!(ends(Who::Visitor, "institutions: [\"office\"]"), ["2090"]);
        assert_eq!(ends(Who::Visitor, "institutions: [\"third\"]"), [""; 0]);
        assert_eq!(ends(Who::Visitor, "datasets: [\"permits\"]"), ["2090"]);
        assert_eq!(ends(Who::Visitor, "to: \"2089\""), [""; 0]);
        assert_eq!(ends(Who::Visitor, "themes: [\"MT-0701\"]"), [""; 0], "an agreement has no topic");
        cast.registry.close();
    }
}

#[test]
fn the_feed_is_a_calendar_that_others_can_keep() {
    for backend in BACKENDS {
        let cast = Cast::open(backend);
        let entry = done(
            &cast.create(&cast.editor, |input| {
                input["title"] = json!([{ "language": "ar", "text": "نشر نتائج البحث الوطني، الجزء الأول; والثاني" }])
            }),
            "calendarEntry",
        );
        let query = "query($l: LanguageTag) { calendar(where: { from: \"2090\", kinds: [COLLECTION, RELEASE], institutions: [\"office\"], themes: [\"MT-0701\"] }, language: $l) { feedUrl } }";
        let address =
            ask_as(cast.server(), Who::Visitor, query, json!({ "l": "ar" }))["calendar"]["feedUrl"].as_str().expect("URI").to_owned();
        let path = &address[address.find("/calendar.ics").expect("path")..];
        let answer = cast.server().get(path, &[]);
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"), "{path}");
        let lines = unfolded(&answer.body);
        assert_eq!(values(&lines, "BEGIN"), ["VCALENDAR", "VEVENT", "VEVENT"]);
        assert_eq!(values(&lines, "DTSTART;VALUE=DATE"), ["20900510", "20900901"]);
        assert_eq!(values(&lines, "DTEND;VALUE=DATE"), ["20900511", "20901001"]);
        assert_eq!(values(&lines, "STATUS"), ["TENTATIVE", "TENTATIVE"]);
        assert_eq!(values(&lines, "SEQUENCE"), ["0", "0"]);
        assert_eq!(values(&lines, "UID")[0], entry["uid"].as_str().expect("uid"));
        assert_eq!(values(&lines, "SUMMARY")[0], "نشر: نشر نتائج البحث الوطني، الجزء الأول\\; والثاني");
        assert!(values(&lines, "X-WR-CALNAME")[0].starts_with("رزنامة"));
        assert!(values(&lines, "DESCRIPTION")[1].contains("بالشهر فقط") && values(&lines, "URL")[0].contains("/id/"), "{lines:?}");

        // Nothing in it depends on when it is written.
        let tag = answer.header("etag").to_owned();
        let same = cast.server().get(path, &[("if-none-match", &tag)]);
        assert_eq!((same.status, same.body.as_str()), (304, ""));
        // Who signs in gets what anyone gets.
        assert_eq!(cast.server().get(path, &[("cookie", &cast.coordinator.cookie)]).header("etag"), tag);
        let more = json!({ "planned": { "start": "2090-06" }, "reason": text("The check takes longer.") });
        let moved = done(&cast.step(&cast.editor, "postpone", &entry, more), "calendarEntry");
        let changed = cast.server().get(path, &[("if-none-match", &tag)]);
        let lines = unfolded(&changed.body);
        assert_eq!((changed.status, values(&lines, "UID").contains(&entry["uid"].as_str().expect("uid"))), (200, true));
        assert_eq!((values(&lines, "DTSTART;VALUE=DATE")[0], values(&lines, "SEQUENCE")[0]), ("20900601", "1"));
        assert!(
            values(&lines, "DESCRIPTION")[0].contains("2090-05-10") && values(&lines, "DESCRIPTION")[0].contains("The check takes longer.")
        );
        done(&cast.step(&cast.editor, "cancel", &moved, json!({ "reason": text("No.") })), "calendarEntry");
        assert!(cast.server().get(path, &[]).body.contains("STATUS:CANCELLED"));

        let wrong = cast.server().get("/calendar.ics?colour=red&kinds=PARTY&from=May&isOverdue=perhaps&language=de", &[]);
        assert_eq!(wrong.status, 400);
        for words in ["colour", "PARTY", "COLLECTION", "YYYY-MM", "true nor false", "ar, fr, en"] {
            assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
        }
        let unknown = cast.server().get("/calendar.ics?areas=Utopia&institutions=offfice", &[]);
        assert!(unknown.status == 400 && unknown.body.contains("offfice"), "{}", unknown.body);
        let hidden = cast.server().get("/calendar.ics?datasets=hidden-survey", &[]);
        let absent = cast.server().get("/calendar.ics?datasets=no-such-survey", &[]);
        assert_eq!((hidden.status, &hidden.body), (200, &absent.body), "to the byte");
        cast.registry.close();
    }
}

#[test]
fn the_examples_of_the_documented_mutations_are_well_formed() {
    with_demo_on_sqlite(|server| {
        let names = operations(is_in_calendar);
        assert_eq!(names.len(), 4, "{names:?}");
        for name in names {
            let text = operation(&name);
            let example = text.lines().find_map(|line| line.strip_prefix("# variables: ")).expect("an example");
            let variables = serde_json::from_str(example).unwrap_or_else(|e| panic!("{name}: {e}"));
            let answer = server.graphql_as(Who::Visitor, &text, variables).json();
            assert!(answer.get("errors").is_none(), "{name}: {answer}");
        }
    });
}
