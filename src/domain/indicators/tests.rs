//! Indicators by themselves.

use std::collections::HashSet;

use super::*;

fn concepts() -> Concepts {
    Concepts::load(&[]).expect("the shipped lists")
}

fn set() -> IndicatorSet {
    indicators(1).expect("a list").expect("objective 1")
}

fn source(json: serde_json::Value, is_validated: bool) -> Source {
    let mut whole = serde_json::json!({
        "slug": "one", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "titles": { "en": { "text": "One", "status": "OFFICIAL" } },
        "methodology": { "sourceType": "CENSUS" }, "coverage": {}
    });
    for (key, value) in json.as_object().expect("an object") {
        whole[key] = value.clone();
    }
    let dataset: Dataset = serde_json::from_value(whole).expect("a dataset");
    let begun = begun_by(&dataset, 20_000);
    Source {
        id: Uuid::from_u128(7),
        version: 1,
        published_at: 0,
        validated_at: is_validated.then_some(0),
        reviewed_at: None,
        begun,
        dataset,
    }
}

fn outcomes(sources: &[Source], facts: &RegisterFacts) -> Vec<Outcome> {
    let (set, concepts) = (set(), concepts());
    let around = Around { day: 19_000, country: Some("MA".into()), regions: vec!["MA-09".into(), "MA-04".into()], ..Around::default() };
    let mut board = Board::new(&set, &around, &concepts);
    sources.iter().for_each(|source| board.add(source, true));
    board.outcomes(facts)
}

fn of<'o>(outcomes: &'o [Outcome], code: &str) -> &'o Outcome {
    outcomes.iter().find(|outcome| outcome.code == code).unwrap_or_else(|| panic!("no {code}"))
}

#[test]
fn the_list_has_every_action_and_no_code_twice() {
    let set = set();
    let letters: Vec<&str> = set.actions.iter().map(|action| action.letter.as_str()).collect();
    assert_eq!(letters, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]);
    let mut codes = HashSet::new();
    for (action, indicator) in set.actions.iter().flat_map(|action| action.indicators.iter().map(move |i| (action, i))) {
        assert!(codes.insert(&indicator.code), "{} twice", indicator.code);
        assert!(indicator.code.starts_with(&format!("1{}", action.letter)), "{}", indicator.code);
        assert_eq!(indicator.register.is_some(), indicator.kind == IndicatorKind::Register, "{}", indicator.code);
        for words in [&indicator.label, &indicator.method, &indicator.numerator] {
            assert!(![&words.en, &words.fr, &words.ar].iter().any(|text| text.trim().is_empty()), "{}", indicator.code);
        }
    }
    assert_eq!(indicators(2), Ok(None));
}

#[test]
fn validations_are_counted_among_all_published_records_and_by_the_end_of_the_day() {
    let (set, concepts) = (set(), concepts());
    let named = |key: &str| {
        Arc::new(Named {
            dataset: None,
            key: key.to_owned(),
            title: MultilingualText::default(),
            kind: NamedKind::Institution,
            version: None,
        })
    };
    let around = Around { day: 19_000, observatories: vec![named("watch")], ..Around::default() };
    let of_producer =
        |producer: &str, at: Option<i64>| Source { validated_at: at, ..source(serde_json::json!({ "producer": producer }), false) };
    let end = 19_001 * 86_400_000;
    let sources =
        [of_producer("watch", Some(end - 1)), of_producer("watch", None), of_producer("office", Some(end)), of_producer("other", None)];
    let mut board = Board::new(&set, &around, &concepts);
    // A report of validated records.
    sources.iter().for_each(|source| board.add(source, source.validated_at.is_some()));
    assert_eq!(board.records(), 2);
    let outcomes = board.outcomes(&RegisterFacts::default());
    let told = |code: &str| {
        let outcome = of(&outcomes, code);
        (outcome.numerator, outcome.denominator, outcome.not_documented)
    };
    assert_eq!(told("1a2"), (Some(1), Some(3), 2));
    assert_eq!(told("1a4"), (Some(1), Some(3), 2));
    assert_eq!(told("1f2"), (Some(1), Some(2), 1));
    assert_eq!(told("1b4").2, 2, "the others are counted among those of the report");
}

#[test]
fn what_has_ended_had_begun() {
    let ended = |period: serde_json::Value| source(serde_json::json!({ "coverage": { "period": period } }), false).begun;
    assert_eq!(ended(serde_json::json!({ "start": null, "end": "1999-03" })), Begun::Yes);
    assert_eq!(ended(serde_json::json!({ "start": null, "end": "2089" })), Begun::NotDocumented);
    assert_eq!(ended(serde_json::json!({ "start": null, "end": null })), Begun::NotDocumented);
}

#[test]
fn what_nobody_documents_is_never_zero() {
    for outcome in outcomes(&[], &RegisterFacts::default()) {
        assert_eq!((outcome.value, outcome.silence.is_some()), (None, true), "{}", outcome.code);
    }
    let silent = outcomes(&[source(serde_json::json!({}), false)], &RegisterFacts::default());
    let defined = of(&silent, "1b1");
    assert_eq!((defined.value, defined.not_documented, defined.denominator), (None, 1, Some(1)));
    assert_eq!(of(&silent, "1b4").silence, Some(IndicatorSilence::NotDocumented));
    assert_eq!(of(&silent, "1c1").silence, Some(IndicatorSilence::NothingRegistered));
    assert_eq!(of(&silent, "1a3").silence, Some(IndicatorSilence::NothingRegistered));
    assert_eq!(of(&silent, "1e1").value, Some(0.0), "that a record is no copy is known");
}

#[test]
fn a_share_counts_what_is_silent_and_tells_it_apart() {
    let definition = |code: &str, measure: &str| serde_json::json!({ "sourceType": "CENSUS", "definitions": [{ "code": code, "basis": "CITIZENSHIP", "measure": measure }] });
    let sources = [
        source(serde_json::json!({ "methodology": definition("CITIZENSHIP_STOCK", "STOCK") }), true),
        source(serde_json::json!({ "slug": "two" }), false),
        source(
            serde_json::json!({ "slug": "three", "methodology": { "sourceType": "CENSUS", "definitions": [{ "code": "NOT_APPLICABLE" }] } }),
            false,
        ),
    ];
    let found = outcomes(&sources, &RegisterFacts::default());
    let defined = of(&found, "1b1");
    assert_eq!((defined.value, defined.numerator, defined.denominator, defined.not_documented), (Some(0.5), Some(1), Some(2), 1));
    assert_eq!(defined.evidence[0].key, "one");
    assert_eq!(of(&found, "1b2").value, Some(0.0), "another definition is documented");
}

#[test]
fn a_census_is_looked_at_by_topic() {
    let census = serde_json::json!({
        "methodology": { "sourceType": "CENSUS", "censusTopics": { "reason": false, "citizenship": true } },
        "coverage": { "releasedDisaggregations": ["country_of_birth"] }
    });
    let found = outcomes(&[source(census, false)], &RegisterFacts::default());
    let topics = of(&found, "1g1");
    assert_eq!((topics.value, topics.denominator, topics.not_documented), (Some(2.0), Some(6), 3));
    let birth = &topics.points[0];
    assert_eq!((birth.documented, birth.released, birth.not_so), (1, Some(1), 0));
    assert_eq!(topics.points[5].not_so, 1);

    // What the producer says of the question comes first, and a region of origin may be that of birth.
    let silent = serde_json::json!({
        "methodology": { "sourceType": "CENSUS", "censusTopics": { "parentsCountryOfBirth": false, "citizenship": false } },
        "coverage": { "releasedDisaggregations": ["second_generation", "region_of_origin", "citizenship"] }
    });
    let found = outcomes(&[source(silent, false)], &RegisterFacts::default());
    let told = of(&found, "1g1").points.iter().map(|point| (point.documented, point.released, point.not_so, point.not_documented));
    let (no, silent) = ((0, Some(0), 1, 0), (0, Some(0), 0, 1));
    assert_eq!(told.collect::<Vec<_>>(), [silent, no, no, silent, silent, silent]);
    let asked = serde_json::json!({
        "methodology": { "sourceType": "CENSUS", "censusTopics": { "residenceFiveYearsBefore": true } },
        "coverage": { "releasedDisaggregations": ["region_of_origin"] }
    });
    let found = outcomes(&[source(asked, false)], &RegisterFacts::default());
    let residence = &of(&found, "1g1").points[3];
    assert_eq!((residence.documented, residence.released), (1, Some(1)));
}

#[test]
fn records_on_effects_are_told_by_level_and_by_year() {
    let on = |slug: &str, level: Option<&str>, from: &str, to: &str| {
        let coverage = serde_json::json!({ "releasedLevel": level, "period": { "start": from, "end": to } });
        source(serde_json::json!({ "slug": slug, "themes": ["MT-0204"], "coverage": coverage }), false)
    };
    let sources = [
        on("remittances", Some("REGION"), "2018", "2019"),
        on("of-then", None, "1990", "1991"),
        source(serde_json::json!({ "slug": "asylum", "themes": ["MT-0601"], "coverage": { "releasedLevel": "REGION" } }), false),
    ];
    let found = outcomes(&sources, &RegisterFacts::default());
    let effects = of(&found, "1d1");
    assert_eq!((effects.value, effects.not_documented), (Some(2.0), 0));
    let point = |code: &str| {
        let point = effects.points.iter().find(|point| point.code == code).unwrap_or_else(|| panic!("{code}"));
        (point.documented, point.not_so, point.not_documented)
    };
    assert_eq!([point("REGION"), point("COUNTRY")], [(1, 0, 1), (0, 0, 1)]);
    let years: Vec<&str> = effects.points.iter().map(|point| point.code.as_str()).filter(|code| code.starts_with('2')).collect();
    assert_eq!((years.first(), years.last(), years.len()), (Some(&"2013"), Some(&"2022"), 10), "{years:?}");
    assert_eq!([point("2018"), point("2019"), point("2020")], [(1, 0, 0), (1, 0, 0), (0, 0, 0)]);
}

#[test]
fn each_census_is_looked_at_by_itself() {
    let census = |slug: &str, topics: serde_json::Value, released: &[&str]| {
        let coverage = serde_json::json!({ "releasedDisaggregations": released });
        source(
            serde_json::json!({ "slug": slug, "methodology": { "sourceType": "CENSUS", "censusTopics": topics }, "coverage": coverage }),
            false,
        )
    };
    let sources = [
        census("of-2004", serde_json::json!({ "citizenship": true, "reason": false }), &["citizenship"]),
        census("of-2014", serde_json::json!({ "citizenship": true }), &["country_of_birth"]),
        source(serde_json::json!({ "slug": "survey", "methodology": { "sourceType": "LABOUR_FORCE_SURVEY" } }), false),
    ];
    let found = outcomes(&sources, &RegisterFacts::default());
    let points = &of(&found, "1g1").points;
    let told = |place: usize| points[place].by_record.iter().map(|(named, state)| (named.key.as_str(), *state)).collect::<Vec<_>>();
    use CellState as S;
    assert_eq!(told(0), [("of-2004", S::NotDocumented), ("of-2014", S::Released)]);
    assert_eq!(told(2), [("of-2004", S::Released), ("of-2014", S::ExistsNotReleased)]);
    assert_eq!(told(5), [("of-2004", S::NotCollected), ("of-2014", S::NotDocumented)]);
    assert!(of(&found, "1j1").points.iter().all(|point| point.by_record.is_empty()), "of censuses only");
}

#[test]
fn a_note_that_decides_nothing_more_counts_for_no_verdict_and_one_on_records_that_do_not_enter_not_at_all() {
    use crate::domain::vocabulary::ComparabilityVerdict;
    let note = |slug: &str, is_outdated: bool| RegisterEntry {
        id: slug.to_owned(),
        datasets: vec![Slug::parse("census").expect("a slug"), Slug::parse(slug).expect("a slug")],
        verdict: Some(ComparabilityVerdict::WithCaution),
        is_outdated,
        ..entry(ReportRegister::Comparison)
    };
    let mut facts = RegisterFacts { entries: vec![note("permits", false), note("visas", true), note("draft", false)] };
    facts.leave_out(&[Slug::parse("draft").expect("a slug")].into());
    let found = outcomes(&[], &facts);
    let compared = of(&found, "1b3");
    assert_eq!((compared.value, compared.not_documented), (Some(2.0), 1));
    let cautious = compared.points.iter().find(|point| point.code == "WITH_CAUTION").expect("a point");
    assert_eq!((cautious.documented, cautious.evidence[0].key.as_str()), (1, "permits"));
}

fn entry(kind: ReportRegister) -> RegisterEntry {
    RegisterEntry {
        id: "n".into(),
        kind,
        state: super::super::vocabulary::FactState::Answered,
        is_validated: true,
        title: MultilingualText::default(),
        text: MultilingualText::default(),
        institution: None,
        parts: Vec::new(),
        actions: Vec::new(),
        areas: Vec::new(),
        datasets: Vec::new(),
        verdict: None,
        agreed_by: Vec::new(),
        said_on: None,
        figures: None,
        on_records: MultilingualText::default(),
        on: None,
        until: None,
        stage: None,
        is_rewritten: false,
        is_outdated: false,
        is_left_out: false,
        registered_on: 18_000,
        answered_on: None,
        starts_on: None,
        ends_on: None,
        reported: None,
    }
}

#[test]
fn a_focal_point_that_names_no_region_says_nothing_of_the_regions() {
    let point = |areas: &[&str]| RegisterEntry {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        ..entry(ReportRegister::FocalPoint)
    };
    let counted = |entries: Vec<RegisterEntry>| {
        let found = outcomes(&[], &RegisterFacts { entries });
        let outcome = of(&found, "1a5");
        (outcome.value, outcome.silence, outcome.numerator, outcome.denominator, outcome.not_documented)
    };
    assert_eq!(counted(Vec::new()), (None, Some(IndicatorSilence::NothingRegistered), None, None, 0));
    assert_eq!(counted(vec![point(&[])]), (None, Some(IndicatorSilence::NotDocumented), None, None, 1));
    assert_eq!(counted(vec![point(&["MA"]), point(&[])]), (None, Some(IndicatorSilence::NotDocumented), None, None, 2));
    assert_eq!(counted(vec![point(&[]), point(&["MA-09"]), point(&["MA-09"])]), (Some(0.5), None, Some(1), Some(2), 1));
}

#[test]
fn a_training_is_of_its_own_days_and_not_of_the_day_of_its_registration() {
    let training =
        |starts_on: Option<i64>, people: Option<u64>| RegisterEntry { starts_on, reported: people, ..entry(ReportRegister::Training) };
    let counted = |entries: Vec<RegisterEntry>| {
        let found = outcomes(&[], &RegisterFacts { entries });
        let outcome = of(&found, "1c5");
        (outcome.value, outcome.silence, outcome.not_documented, outcome.evidence.len())
    };
    // Registered long before the day, and given after it: none of it yet.
    assert_eq!(counted(vec![training(Some(19_001), Some(5))]), (None, Some(IndicatorSilence::NothingRegistered), 0, 0));
    assert_eq!(counted(vec![training(Some(19_000), Some(5)), training(Some(19_001), Some(7))]), (Some(5.0), None, 0, 1));
    let silent = vec![training(Some(17_000), Some(5)), training(Some(17_000), None), training(None, Some(9))];
    assert_eq!(counted(silent), (Some(5.0), None, 2, 1), "without a number, and without a day");
}

#[test]
fn registers_count_what_was_there_on_the_day() {
    let entry = |registered_on, answered_on: Option<i64>, is_validated| RegisterEntry {
        is_validated,
        registered_on,
        answered_on,
        ..entry(ReportRegister::Need)
    };
    let facts = RegisterFacts {
        entries: vec![
            entry(18_000, Some(18_061), true),
            entry(18_500, Some(19_500), true),
            entry(18_000, None, false),
            entry(19_001, None, true),
        ],
    };
    let found = outcomes(&[], &facts);
    assert_eq!(of(&found, "1c1").value, Some(2.0));
    assert_eq!((of(&found, "1c2").numerator, of(&found, "1c2").denominator), (Some(1), Some(2)));
    assert_eq!(of(&found, "1c4").value, Some(2.0));
    // A need of a workshop stands since that day, whenever it was written down.
    let of_workshop = RegisterEntry { starts_on: Some(17_000), ..entry(18_000, Some(18_000), true) };
    let found = outcomes(&[], &RegisterFacts { entries: vec![of_workshop] });
    assert_eq!(of(&found, "1c4").value.map(f64::round), Some(33.0));
}

#[test]
fn what_only_names_a_wider_place_is_not_of_the_country() {
    let concepts = concepts();
    let of = |places: &[&str]| {
        let coverage = serde_json::json!({ "reportingAreas": places });
        concerns(&source(serde_json::json!({ "coverage": coverage }), false).dataset, "MA", &concepts)
    };
    assert_eq!(of(&["MA-09"]), Concerns::Named);
    assert_eq!(of(&["M49-015"]), Concerns::Wider);
    assert_eq!(of(&["TN"]), Concerns::No);
}

#[test]
fn of_a_source_that_began_in_the_year_of_the_day_nobody_knows() {
    let day = |text: &str| crate::domain::time::PartialDate::parse(text).expect("a day").first_day();
    let begun =
        |coverage: serde_json::Value, on: &str| begun_by(&source(serde_json::json!({ "coverage": coverage }), true).dataset, day(on));
    let year = serde_json::json!({ "period": { "start": "2014", "end": "2014" } });
    assert_eq!(begun(year.clone(), "2013-12-31"), Begun::No);
    for on in ["2014-01-01", "2014-06-30", "2014-12-30"] {
        assert_eq!(begun(year.clone(), on), Begun::NotDocumented, "{on}");
    }
    assert_eq!(begun(year, "2014-12-31"), Begun::Yes);
    // Where the collection is documented to the month it decides.
    let both =
        serde_json::json!({ "period": { "start": "2014", "end": "2014" }, "collectionPeriod": { "start": "2014-09", "end": "2014-09" } });
    assert_eq!([begun(both.clone(), "2014-08-31"), begun(both.clone(), "2014-09-30")], [Begun::NotDocumented, Begun::Yes]);
    assert_eq!(begun(serde_json::json!({ "period": { "start": "..", "end": "2014" } }), "1900-01-01"), Begun::Yes);
    assert_eq!(begun(serde_json::json!({}), "2014-01-01"), Begun::NotDocumented);
}
