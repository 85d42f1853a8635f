//! The trap cases of the field, and what no rule may break.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::vocabulary::{MaskableField, RefusalCode};

fn concepts() -> Concepts {
    Concepts::load(&[]).expect("shipped lists")
}

/// A survey of which everything is documented.
fn documented(slug: &str) -> Value {
    json!({
        "slug": slug, "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "NONE",
        "certainty": "DOCUMENTED", "titles": { "en": { "text": slug, "status": "OFFICIAL" } },
        "methodology": {
            "sourceType": "HOUSEHOLD_SURVEY_SPECIALISED", "samplingDesigns": ["STRATIFIED_MULTISTAGE"], "statisticalUnits": ["PERSON"],
            "samplingFrame": { "en": { "text": "Enumeration areas of the census", "status": "OFFICIAL" } },
            "universe": { "en": { "text": "Foreign residents", "status": "OFFICIAL" } },
            "quality": [{ "dimension": "COHERENCE", "text": { "en": { "text": "No break.", "status": "OFFICIAL" } } }],
            "definitions": [{ "code": "CITIZENSHIP_STOCK", "basis": "CITIZENSHIP", "direction": "IN", "measure": "STOCK",
                "durationThresholdMonths": 12, "durationBasis": "ACTUAL", "referencePoint": "DATE", "ageMinimum": 15,
                "excludedGroups": ["DIPLOMATS"] }]
        },
        "coverage": { "reportingAreas": ["MA"], "releasedLevel": "COUNTRY", "period": { "start": "2019", "end": "2020" } }
    })
}

fn read(value: &Value) -> Dataset {
    serde_json::from_value(value.clone()).expect("a record")
}

fn changed(slug: &str, changes: &[(&str, Value)]) -> Dataset {
    let mut value = documented(slug);
    for (pointer, new) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("pointer");
        value.pointer_mut(parent).expect("parent")[key] = new.clone();
    }
    read(&value)
}

fn against(one: &Dataset, other: &Dataset) -> PairComparison {
    compare(one, other, None, &concepts())
}

fn found(pair: &PairComparison, facet: ComparisonFacet) -> Option<FacetDifference> {
    pair.findings.iter().find(|finding| finding.facet == facet).map(|finding| finding.difference)
}

const DEFINITION: &str = "/methodology/definitions/0";

fn one_change(pointer: &str, value: Value) -> PairComparison {
    against(&read(&documented("one")), &changed("other", &[(pointer, value)]))
}

#[test]
fn what_is_documented_alike_is_comparable_also_between_countries() {
    let pair = against(&read(&documented("one")), &read(&documented("other")));
    assert_eq!(pair.computed, ComparabilityVerdict::Comparable, "{pair:#?}");
    let pair = one_change("/coverage/reportingAreas", json!(["EG"]));
    assert_eq!(
        (pair.computed, found(&pair, ComparisonFacet::ReportingArea)),
        (ComparabilityVerdict::Comparable, Some(FacetDifference::OtherAreas))
    );
}

#[test]
fn the_traps_of_the_field_come_out_right() {
    use ComparabilityVerdict::{NotComparable, WithCaution};
    use ComparisonFacet as F;
    let of = |key: &str| format!("{DEFINITION}/{key}");
    for (pointer, value, facet, verdict) in [
        // Six months of the census, twelve of European statistics.
        (of("durationThresholdMonths"), json!(6), F::DurationThreshold, WithCaution),
        (of("durationBasis"), json!("PERMIT_VALIDITY"), F::DurationBasis, WithCaution),
        // A permit is no person.
        ("/methodology/statisticalUnits".to_owned(), json!(["PERMIT"]), F::Unit, NotComparable),
        // Born abroad or citizen of another country.
        (of("basis"), json!("COUNTRY_OF_BIRTH"), F::Basis, NotComparable),
        (of("code"), json!("FOREIGN_BORN_OR_CITIZEN"), F::Basis, WithCaution),
        // First permits are a flow, valid ones a stock.
        (of("measure"), json!("FLOW"), F::Measure, NotComparable),
        (of("direction"), json!("RETURN"), F::Direction, NotComparable),
        (of("direction"), json!("BOTH"), F::Direction, WithCaution),
        ("/methodology/samplingDesigns".to_owned(), json!(["QUOTA"]), F::Selection, WithCaution),
        ("/methodology/samplingDesigns".to_owned(), json!(["REGISTER_SAMPLE", "QUOTA"]), F::Selection, WithCaution),
        // A census and a survey.
        ("/methodology/samplingDesigns".to_owned(), json!(["COMPLETE"]), F::Selection, WithCaution),
        ("/coverage/period".to_owned(), json!({ "start": "2004", "end": "2005" }), F::Period, WithCaution),
        ("/methodology/breaks".to_owned(), json!([{ "date": "2020" }]), F::Breaks, WithCaution),
    ] {
        let pair = one_change(&pointer, value.clone());
        assert_eq!(pair.computed, verdict, "{pointer} {value}");
        let own: Vec<&Finding> = pair.findings.iter().filter(|finding| finding.verdict == verdict).collect();
        assert!(own.iter().any(|finding| finding.facet == facet), "{pointer} {value}: {own:?}");
    }
    // Periods that meet are not the same period; figures of the common time can be compared.
    let pair = one_change("/coverage/period", json!({ "start": "2020", "end": "2022" }));
    assert_eq!(found(&pair, F::Period), Some(FacetDifference::Partly));
    assert_eq!(pair.computed, ComparabilityVerdict::Comparable);
    // One asks for no duration, the other for what was intended.
    let none = changed("none", &[(&of("durationThresholdMonths"), json!(0)), (&of("durationBasis"), Value::Null)]);
    assert_eq!(found(&against(&none, &read(&documented("other"))), F::DurationBasis), Some(FacetDifference::OneSided));
    // Reported by the household, or registered at a consulate.
    let household = changed("household", &[(&of("basis"), json!("HOUSEHOLD_REPORT"))]);
    let consulate = changed("consulate", &[(&of("basis"), json!("ADMINISTRATIVE_EVENT"))]);
    assert_eq!(against(&household, &consulate).computed, NotComparable);
}

#[test]
fn a_former_region_is_not_the_present_one() {
    let former = changed(
        "former",
        &[("/coverage/reportingAreas", json!(["MA-F-SOUSS-MASSA-DRAA"])), ("/coverage/period", json!({ "start": "2014", "end": "2014" }))],
    );
    let present = changed("present", &[("/coverage/reportingAreas", json!(["MA-09"]))]);
    let pair = against(&former, &present);
    // Neither is on the country as a whole, nor on a place that both divisions have.
    assert_eq!(found(&pair, ComparisonFacet::ReportingArea), Some(FacetDifference::NoCommonArea));
    assert_eq!(pair.computed, ComparabilityVerdict::NotComparable);
    let finding = pair.findings.iter().find(|finding| finding.facet == ComparisonFacet::ReportingArea).expect("finding");
    let text = finding.detail.as_ref().expect("detail").text("en", &concepts());
    assert!(text.contains("2015") && text.contains("Souss-Massa"), "{text}");
    // Two regions of the same division are other areas, and so are a region and its country of today.
    let north = changed("north", &[("/coverage/reportingAreas", json!(["MA-01"]))]);
    assert_eq!(found(&against(&north, &present), ComparisonFacet::ReportingArea), Some(FacetDifference::OtherAreas));
    let by_region = |slug, year: &str, level: Value| {
        changed(slug, &[("/coverage/releasedLevel", level), ("/coverage/period", json!({ "start": year, "end": year }))])
    };
    let (before, after) = (by_region("before", "2014", json!("REGION")), by_region("after", "2024", json!("REGION")));
    assert_eq!(found(&against(&before, &after), ComparisonFacet::ReportingArea), Some(FacetDifference::OtherDivision));
    assert_eq!(against(&before, &after).computed, ComparabilityVerdict::WithCaution);
    assert_eq!(found(&against(&after, &present), ComparisonFacet::ReportingArea), Some(FacetDifference::Partly));
    assert_eq!(found(&against(&before, &present), ComparisonFacet::ReportingArea), Some(FacetDifference::NoCommonArea));
    // What is on the country alone has no figures of its region.
    let whole = by_region("whole", "2024", json!("COUNTRY"));
    assert_eq!(found(&against(&whole, &present), ComparisonFacet::ReportingArea), Some(FacetDifference::OtherAreas));
    let (country, unsaid) = (by_region("country", "2014", json!("COUNTRY")), by_region("unsaid", "2014", Value::Null));
    assert_eq!(found(&against(&country, &after), ComparisonFacet::ReportingArea), Some(FacetDifference::Same));
    assert_eq!(found(&against(&unsaid, &after), ComparisonFacet::ReportingArea), Some(FacetDifference::Undocumented));
}

#[test]
fn mirrors_are_compared_with_caution_where_they_are_declared() {
    let of = format!("{DEFINITION}/direction");
    let out = changed("out", &[(&of, json!("OUT"))]);
    assert_eq!(against(&out, &read(&documented("in"))).computed, ComparabilityVerdict::NotComparable);
    let mut declared = documented("in");
    declared["relations"] = json!([{ "type": "MIRROR_OF", "dataset": "out" }]);
    let pair = against(&out, &read(&declared));
    assert_eq!(
        (pair.computed, found(&pair, ComparisonFacet::Direction)),
        (ComparabilityVerdict::WithCaution, Some(FacetDifference::Mirror))
    );
    // Where relations are not shown, nobody is told that there is no mirror.
    let mut masked = read(&declared);
    crate::domain::view::withhold(&mut masked, &[MaskableField::Relations]);
    let pair = against(&out, &masked);
    assert_eq!(
        (pair.computed, found(&pair, ComparisonFacet::Direction)),
        (ComparabilityVerdict::NotDocumented, Some(FacetDifference::Hidden))
    );
}

#[test]
fn what_is_hidden_is_told_and_never_used() {
    let whole = read(&documented("one"));
    let mut other = changed("other", &[("/methodology/statisticalUnits", json!(["PERMIT"]))]);
    crate::domain::view::withhold(&mut other, &[MaskableField::Methodology]);
    let pair = against(&whole, &other);
    assert_eq!(pair.computed, ComparabilityVerdict::NotDocumented);
    for facet in [ComparisonFacet::Unit, ComparisonFacet::Basis, ComparisonFacet::Selection, ComparisonFacet::Breaks] {
        assert_eq!(found(&pair, facet), Some(FacetDifference::Hidden), "{facet:?}");
        let cell = cell(&other, facet, "en", &concepts());
        assert!(cell.is_hidden && !cell.is_documented(), "{facet:?}");
    }
    // Even where a value were left in the copy.
    let mut left_in = changed("other", &[("/methodology/statisticalUnits", json!(["PERMIT"]))]);
    left_in.hidden.push((MaskableField::Methodology, RefusalCode::MaskedByProducer));
    assert_eq!(against(&whole, &left_in).computed, ComparabilityVerdict::NotDocumented);
}

#[test]
fn several_definitions_are_compared_each_with_its_own() {
    let definition = |code: &str, direction: &str| {
        let mut value = documented("x")["methodology"]["definitions"][0].clone();
        (value["code"], value["direction"]) = (json!(code), json!(direction));
        value
    };
    let list = json!([definition("MEDHIMS_HOUSEHOLD", "OUT"), definition("RETURN_MIGRANT", "RETURN")]);
    let both = changed("both", &[("/methodology/definitions", list)]);
    let returns = changed("returns", &[("/methodology/definitions", json!([definition("RETURN_MIGRANT", "RETURN")]))]);
    let pair = against(&both, &returns);
    let places: Vec<_> = pair.definitions.iter().map(|pair| (pair.one, pair.other)).collect();
    assert_eq!(places, [(Some(1), Some(0)), (Some(0), None)], "returns beside returns; emigrants have no counterpart");
    assert_eq!(pair.definitions[0].verdict, ComparabilityVerdict::Comparable);
    assert_eq!(pair.computed, ComparabilityVerdict::WithCaution, "a part has no counterpart");
    assert_eq!(against(&both, &both).computed, ComparabilityVerdict::Comparable);
    // None is left out silently, however many there are.
    let many: Vec<Value> = std::iter::repeat_n(definition("RETURN_MIGRANT", "RETURN"), 23).collect();
    let pair = against(&changed("many", &[("/methodology/definitions", json!(many))]), &returns);
    assert_eq!(pair.definitions.len(), 23);
}

#[test]
fn what_no_rule_speaks_of_is_not_called_comparable() {
    assert_eq!(overall(&[]), ComparabilityVerdict::NotDocumented);
}

#[test]
fn an_agreed_note_stands_before_what_is_computed_and_hides_nothing() {
    let note = AgreedNote {
        verdict: ComparabilityVerdict::WithCaution,
        text: MultilingualText::default(),
        agreed_on: PartialDate::parse("2026-03-01").expect("date"),
        by: Vec::new(),
        stood: None,
        is_outdated: false,
    };
    let (one, other) = (read(&documented("one")), changed("other", &[("/methodology/statisticalUnits", json!(["PERMIT"]))]));
    let pair = compare(&one, &other, Some(note.clone()), &concepts());
    assert_eq!((pair.verdict(), pair.computed), (ComparabilityVerdict::WithCaution, ComparabilityVerdict::NotComparable));
    let outdated = compare(&one, &other, Some(AgreedNote { is_outdated: true, ..note }), &concepts());
    assert_eq!(outdated.verdict(), ComparabilityVerdict::NotComparable, "what the records say since counts");
    assert!(outdated.agreed.is_some(), "and what was agreed stays visible");
}

#[test]
fn what_was_agreed_is_on_what_the_records_said() {
    let one = read(&documented("one"));
    let other = |changes: &[(&str, Value)]| changed("other", changes);
    let marked = |other: &Dataset| mark(&against(&one, other), &one, other);
    let before = other(&[("/methodology/definitions/0/basis", json!("CITIZENSHIP"))]);
    let kept = marked(&before);
    let stands = |kept: &str, now: &Dataset| still_stands(kept, &against(&one, now), &one, now);
    assert!(stands(&kept, &before) && still_stands(&kept, &against(&before, &one), &before, &one), "whichever is named first");
    for (path, value) in [
        ("/methodology/definitions/0/basis", json!("LEGAL_STATUS")),
        ("/methodology/definitions/0/durationThresholdMonths", json!(6)),
        ("/methodology/statisticalUnits", json!(["PERMIT"])),
        ("/coverage/populations", json!(["REFUGEES"])),
        ("/methodology/samplingDesigns", json!(["QUOTA"])),
    ] {
        let now = other(&[("/methodology/definitions/0/basis", json!("CITIZENSHIP")), (path, value)]);
        assert!(!stands(&kept, &now), "{path}");
    }
    // From one difference to another the differences are the same, and the definition is not.
    let [first, second] = ["COUNTRY_OF_BIRTH", "LEGAL_STATUS"].map(|basis| other(&[("/methodology/definitions/0/basis", json!(basis))]));
    let codes = |other: &Dataset| marked(other).split(" SAYING=").next().map(str::to_owned);
    assert_eq!(codes(&first), codes(&second));
    // What was kept before the records' own words were part of it is compared as it was then.
    let old = codes(&first).expect("a mark");
    assert!(stands(&old, &first) && stands(&old, &second) && !stands(&old, &one));
}

#[test]
fn stocks_have_no_direction_to_document() {
    let stock = |name: &str, threshold: i32| {
        let changes = [
            ("/methodology/definitions/0/measure", json!("STOCK")),
            ("/methodology/definitions/0/direction", Value::Null),
            ("/methodology/definitions/0/durationThresholdMonths", json!(threshold)),
        ];
        changed(name, &changes)
    };
    let verdict = |one: &Dataset, other: &Dataset| against(one, other).computed;
    assert_eq!(verdict(&stock("six", 6), &stock("twelve", 12)), ComparabilityVerdict::WithCaution);
    assert_eq!(verdict(&stock("one", 12), &stock("other", 12)), ComparabilityVerdict::Comparable);
    let flow =
        changed("flow", &[("/methodology/definitions/0/measure", json!("FLOW")), ("/methodology/definitions/0/direction", Value::Null)]);
    assert_eq!(verdict(&flow, &flow), ComparabilityVerdict::NotDocumented, "a flow goes somewhere");
}

fn demo(slug: &str) -> Dataset {
    use crate::domain::record::{RecordDraft, read_line};
    let lines = include_str!("../../service/demo/catalogue.jsonl").lines();
    let drafts = lines.filter(|line| line.contains(slug)).filter_map(|line| match read_line(line).expect("a record") {
        RecordDraft::Dataset(draft) => Some(draft.validate(&concepts()).expect("a valid record")),
        RecordDraft::Institution(_) => None,
    });
    drafts.into_iter().find(|dataset| dataset.slug.as_str() == slug).unwrap_or_else(|| panic!("no demo record {slug}"))
}

#[test]
fn the_demo_answers_its_questions() {
    use ComparabilityVerdict::{NotComparable, NotDocumented};
    for (one, other, verdict) in [
        ("ma-hcp-rgph-2014", "estat-migr-resvalid", NotComparable),
        ("ma-hcp-enmi-2018-2019", "tn-ins-hims-2020-2021", NotDocumented),
        ("ma-hcp-enmi-2018-2019", "eg-capmas-hims-2013", NotDocumented),
        ("iom-ma-avrr", "iom-ma-reintegration-moroccans", NotDocumented),
        ("ma-hcp-enmi-2018-2019", "ma-maec-consular-register", NotComparable),
        ("estat-migr-resfirst", "estat-migr-resvalid", NotComparable),
        ("ma-mi-irregular-attempts", "iom-missing-migrants", NotDocumented),
    ] {
        let pair = against(&demo(one), &demo(other));
        assert_eq!(pair.computed, verdict, "{one} {other}: {:#?}", pair.findings);
    }
}

/// Any of the values of each facet, or none.
fn any_record() -> impl Strategy<Value = Value> {
    fn maybe(values: Vec<Value>) -> impl Strategy<Value = Value> {
        prop_oneof![1 => Just(Value::Null), 3 => prop::sample::select(values)]
    }
    let definition = (
        maybe(vec![json!("CITIZENSHIP"), json!("COUNTRY_OF_BIRTH")]),
        maybe(vec![json!("IN"), json!("OUT"), json!("BOTH")]),
        maybe(vec![json!("STOCK"), json!("FLOW")]),
        maybe(vec![json!(0), json!(6), json!(12)]),
        maybe(vec![json!("ACTUAL"), json!("INTENDED")]),
        maybe(vec![json!("DATE"), json!("EVER")]),
        maybe(vec![json!(15), json!(18)]),
        prop::sample::select(vec![json!([]), json!(["DIPLOMATS"]), json!(["MILITARY"])]),
        prop::sample::select(vec![json!("CITIZENSHIP_STOCK"), json!("FOREIGN_BORN_OR_CITIZEN")]),
    );
    let definitions = prop::collection::vec(definition, 0..3).prop_map(|list| {
        let one = |(basis, direction, measure, months, duration, point, age, excluded, code): (
            Value,
            Value,
            Value,
            Value,
            Value,
            Value,
            Value,
            Value,
            Value,
        )| {
            json!({ "code": code, "basis": basis, "direction": direction, "measure": measure, "durationThresholdMonths": months,
                    "durationBasis": duration, "referencePoint": point, "ageMinimum": age, "excludedGroups": excluded })
        };
        Value::Array(list.into_iter().map(one).collect())
    });
    let rest = (
        prop::sample::select(vec![json!([]), json!(["PERSON"]), json!(["PERSON", "HOUSEHOLD"]), json!(["OTHER"]), json!(["PERMIT"])]),
        prop::sample::select(vec![json!([]), json!(["COMPLETE"]), json!(["QUOTA"]), json!(["AREA_PROBABILITY", "QUOTA"])]),
        prop::sample::select(vec![json!([]), json!(["MA"]), json!(["MA-09"]), json!(["MA-F-SOUSS-MASSA-DRAA"]), json!(["EG"])]),
        maybe(vec![json!({ "start": "2014", "end": "2014" }), json!({ "start": "2016", "end": ".." }), json!({ "start": "2010" })]),
        maybe(vec![json!("COUNTRY"), json!("REGION")]),
        prop::sample::select(vec![json!([]), json!([{ "date": "2015" }])]),
        maybe(vec![json!("Foreign residents"), json!("Residents")]),
        any::<bool>(),
    );
    (definitions, rest).prop_map(|(definitions, (units, designs, areas, period, level, breaks, universe, is_sound))| {
        let mut record = documented("any");
        let text = |words: &Value| if words.is_null() { json!({}) } else { json!({ "en": { "text": words, "status": "OFFICIAL" } }) };
        let methodology = &mut record["methodology"];
        methodology["definitions"] = definitions;
        methodology["statisticalUnits"] = units;
        methodology["samplingDesigns"] = designs;
        methodology["breaks"] = breaks;
        methodology["universe"] = text(&universe);
        if !is_sound {
            methodology["quality"] = json!([]);
            methodology["samplingFrame"] = json!({});
        }
        record["coverage"] = json!({ "reportingAreas": areas, "releasedLevel": level, "period": period });
        record
    })
}

/// Everything that is documented of one facet of a record, taken out.
fn without(record: &Value, facet: usize) -> Value {
    let mut record = record.clone();
    let of_definitions =
        ["basis", "direction", "measure", "durationThresholdMonths", "durationBasis", "referencePoint", "ageMinimum", "excludedGroups"];
    let empty = |key: &str| if key == "excludedGroups" { json!([]) } else { Value::Null };
    match facet {
        0 => record["methodology"]["statisticalUnits"] = json!([]),
        1 => record["methodology"]["samplingDesigns"] = json!([]),
        2 => record["methodology"]["samplingFrame"] = json!({}),
        3 => record["methodology"]["universe"] = json!({}),
        4 => (record["methodology"]["breaks"], record["methodology"]["quality"]) = (json!([]), json!([])),
        5 => record["methodology"]["definitions"] = json!([]),
        6 => record["coverage"]["reportingAreas"] = json!([]),
        7 => record["coverage"]["period"] = Value::Null,
        8 => record["coverage"]["releasedLevel"] = Value::Null,
        other => {
            let key = of_definitions[(other - 9) % of_definitions.len()];
            for definition in record["methodology"]["definitions"].as_array_mut().expect("list") {
                definition[key] = empty(key);
            }
        }
    }
    record
}

proptest! {
    #[test]
    fn it_does_not_matter_which_record_comes_first(one in any_record(), other in any_record()) {
        let (one, other) = (read(&one), read(&other));
        let (there, back) = (against(&one, &other), against(&other, &one));
        prop_assert_eq!(there.computed, back.computed);
        let told = |pair: &PairComparison| {
            let mut told: Vec<_> = pair.findings.iter().map(|finding| (finding.facet, finding.difference)).collect();
            told.sort();
            told
        };
        prop_assert_eq!(told(&there), told(&back));
    }

    #[test]
    fn a_record_is_never_called_not_comparable_with_itself(one in any_record()) {
        let one = read(&one);
        prop_assert_ne!(against(&one, &one).computed, ComparabilityVerdict::NotComparable);
    }

    #[test]
    fn less_documentation_never_makes_records_comparable(one in any_record(), other in any_record(), facet in 0usize..17, sides in 1usize..4) {
        let before = against(&read(&one), &read(&other)).computed;
        let cut = |record: &Value, is_cut: bool| read(&if is_cut { without(record, facet) } else { record.clone() });
        let after = against(&cut(&one, sides & 1 > 0), &cut(&other, sides & 2 > 0)).computed;
        prop_assert!(before == ComparabilityVerdict::Comparable || after != ComparabilityVerdict::Comparable, "{before:?} → {after:?}");
    }
}
