use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::policy::RULES;
use crate::domain::time::FAR_FUTURE;
use crate::domain::vocabulary::{AgreementCommand, InstitutionKind, RefusalCode, Vocabulary};

fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("slug")
}

fn day(text: &str) -> i64 {
    PartialDate::parse(text).expect("date").first_day()
}

/// A signed agreement by which the security service gives the office its file of residence permits.
fn agreement(change: impl FnOnce(&mut Value)) -> Agreement {
    let mut doc = json!({
        "title": { "fr": { "text": "Protocole sur les titres de séjour", "status": "OFFICIAL" } },
        "kind": "PROTOCOL",
        "parties": [{ "institution": "police", "role": "PROVIDER" }, { "institution": "office", "role": "RECIPIENT" }],
        "covers": [{ "dataset": Uuid::from_u128(1).to_string() }],
        "requestedData": ["MICRODATA"],
        "purposes": ["OFFICIAL_STATISTICS"],
        "legalBasis": { "fr": { "text": "Loi", "status": "OFFICIAL" } },
        "oneWay": true,
        "dataProtection": { "reference": "D-1" },
        "startsOn": "2024-01-01",
        "endsOn": "2026-12-31",
        "visibility": "PUBLIC",
        "standing": { "state": "SIGNED" },
    });
    change(&mut doc);
    serde_json::from_value(doc).expect("agreement")
}

fn tacit(change: impl FnOnce(&mut Value)) -> Agreement {
    agreement(|doc| {
        doc["renewal"] = json!({ "kind": "TACIT", "periodMonths": 12, "noticeMonths": 3 });
        change(doc);
    })
}

/// What the office asks of the police in the middle of the agreement.
fn asked<'a>(provider: &'a Slug, recipient: &'a Slug) -> Asked<'a> {
    Asked {
        provider,
        recipient,
        holding: HoldingId(Uuid::from_u128(2)),
        dataset: DatasetId(Uuid::from_u128(1)),
        data: RequestedData::Microdata,
        purpose: AgreementPurpose::OfficialStatistics,
        on: day("2025-06-01"),
    }
}

#[test]
fn an_agreement_is_in_force_between_its_dates_without_anyone_looking() {
    let signed = agreement(|_| {});
    assert!(signed.problems().is_empty() && signed.lacks().is_empty(), "{:?} {:?}", signed.problems(), signed.lacks());
    let states = ["2023-12-31", "2024-01-01", "2026-12-31", "2027-01-01"].map(|date| signed.state_on(day(date)));
    assert_eq!(states, [AgreementState::Signed, AgreementState::InForce, AgreementState::InForce, AgreementState::Expired]);
    for (state, late) in
        [("DRAFT", AgreementState::Draft), ("SUSPENDED", AgreementState::Expired), ("TERMINATED", AgreementState::Terminated)]
    {
        let other = agreement(|doc| doc["standing"]["state"] = json!(state));
        assert_eq!(other.state_on(day("2025-01-01")).code(), state);
        assert_eq!(other.state_on(day("2027-01-01")), late);
    }
    let open = agreement(|doc| doc["endsOn"] = Value::Null);
    assert_eq!(open.state_on(day("2190-01-01")), AgreementState::InForce);
    let year = agreement(|doc| doc["endsOn"] = json!("2026"));
    assert_eq!([year.state_on(day("2026-12-31")), year.state_on(day("2027-01-01"))], [AgreementState::InForce, AgreementState::Expired]);
}

#[test]
fn tacit_renewal_goes_on_until_notice_was_given_in_time() {
    let renewed = tacit(|_| {});
    assert_eq!(renewed.state_on(day("2035-05-05")), AgreementState::InForce);
    assert_eq!(renewed.until(day("2027-01-01")), Some(day("2027-12-31")));
    assert_eq!(renewed.deadline(day("2026-01-01")), Some(Deadline::Notice(day("2026-09-30"))));
    assert_eq!(renewed.deadline(day("2026-10-01")), Some(Deadline::Notice(day("2027-09-30"))));
    let in_time = tacit(|doc| doc["standing"]["noticeOn"] = json!("2026-09-30"));
    assert_eq!(in_time.state_on(day("2027-01-01")), AgreementState::Expired);
    assert_eq!(in_time.deadline(day("2026-10-01")), Some(Deadline::Ends(day("2026-12-31"))));
    let late = tacit(|doc| doc["standing"]["noticeOn"] = json!("2026-10-01"));
    assert_eq!(late.deadline(day("2026-11-01")), Some(Deadline::Ends(day("2027-12-31"))));
    assert_eq!([late.state_on(day("2027-12-31")), late.state_on(day("2028-01-01"))], [AgreementState::InForce, AgreementState::Expired]);
    // The end of February is the end of February.
    let february = tacit(|doc| doc["endsOn"] = json!("2026-02-28"));
    assert_eq!(february.until(day("2027-11-01")), Some(day("2028-02-29")));
    // Once the day for notice has passed, the span that is renewed by itself is no end any more: notice given then would end the next.
    assert_eq!([renewed.until(day("2026-09-30")), renewed.until(day("2026-10-01"))], [Some(day("2026-12-31")), Some(day("2027-12-31"))]);
}

#[test]
fn what_is_covered_and_why_not() {
    let (police, office, other) = (slug("police"), slug("office"), slug("other"));
    let signed = agreement(|_| {});
    let good = asked(&police, &office);
    assert_eq!(covers(&signed, &good), Ok(()));
    let gaps = |asked: Asked<'_>| covers(&signed, &asked).expect_err("a gap");
    assert_eq!(gaps(Asked { on: day("2027-01-01"), ..good }), [AgreementGap::NotInForce]);
    assert_eq!(gaps(Asked { dataset: DatasetId(Uuid::from_u128(9)), ..good }), [AgreementGap::DataNotCovered]);
    assert_eq!(gaps(Asked { data: RequestedData::Aggregates, ..good }), [AgreementGap::LevelNotCovered]);
    assert_eq!(gaps(Asked { purpose: AgreementPurpose::Research, ..good }), [AgreementGap::PurposeNotCovered]);
    assert_eq!(gaps(asked(&police, &other)), [AgreementGap::RecipientNotParty]);
    assert_eq!(gaps(asked(&other, &office)), [AgreementGap::ProviderNotParty]);
    // Backwards: from statistics to administration.
    let backwards = [AgreementGap::AgainstOneWay, AgreementGap::ProviderNotParty, AgreementGap::RecipientNotParty];
    assert_eq!(gaps(asked(&office, &police)), backwards);
    let decisions = Asked { purpose: AgreementPurpose::AdministrativeDecisions, ..good };
    assert_eq!(gaps(decisions), [AgreementGap::AgainstOneWay, AgreementGap::PurposeNotCovered]);
    let all = agreement(|doc| doc["covers"] = json!([{ "holdingsOf": "police" }]));
    assert_eq!(covers(&all, &Asked { dataset: DatasetId(Uuid::from_u128(9)), ..good }), Ok(()));
    let one = agreement(|doc| doc["covers"] = json!([{ "holding": Uuid::from_u128(2).to_string() }]));
    assert_eq!(covers(&one, &good), Ok(()));
    assert_eq!(covers(&one, &Asked { holding: HoldingId(Uuid::from_u128(3)), ..good }), Err(vec![AgreementGap::DataNotCovered]));
    for state in ["DRAFT", "SUSPENDED", "TERMINATED"] {
        let other = agreement(|doc| doc["standing"]["state"] = json!(state));
        assert_eq!(covers(&other, &good), Err(vec![AgreementGap::NotInForce]));
    }
    let witness = agreement(|doc| doc["parties"][1]["role"] = json!("WITNESS"));
    assert_eq!(covers(&witness, &good), Err(vec![AgreementGap::RecipientNotParty]));
}

#[test]
fn problems_name_field_and_remedy() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 12] = [
        ("title", |doc| doc["title"] = json!({})),
        ("parties", |doc| doc["parties"] = json!([{ "institution": "police", "role": "WITNESS" }])),
        ("parties[1].institution", |doc| doc["parties"][1]["institution"] = json!("police")),
        ("parties[0]", |doc| doc["parties"][0]["person"] = json!({ "function": "Head", "institution": "Unit" })),
        ("parties[1].role", |doc| doc["parties"][1]["role"] = json!("BOTH")),
        ("purposes[0]", |doc| doc["purposes"] = json!(["ADMINISTRATIVE_DECISIONS"])),
        ("endsOn", |doc| doc["endsOn"] = json!("2023")),
        ("startsOn", |doc| doc["startsOn"] = json!("2024~")),
        ("renewal", |doc| doc["renewal"] = json!({ "kind": "EXPLICIT", "noticeMonths": 3 })),
        ("renewal.periodMonths", |doc| doc["renewal"] = json!({ "kind": "TACIT" })),
        ("contacts[0].mailbox", |doc| {
            doc["contacts"] = json!([{ "function": { "fr": { "text": "Bureau", "status": "OFFICIAL" } }, "mailbox": "somebody" }]);
        }),
        ("document.url", |doc| doc["document"] = json!({ "url": "ftp://example.org/x" })),
    ];
    for (field, change) in cases {
        let problems = agreement(change).problems();
        assert!(problems.iter().any(|problem| problem.field == field && !problem.remedy.is_empty()), "{field}: {problems:?}");
    }
    let person = agreement(|doc| {
        doc["parties"][1] = json!({ "person": { "function": "someone@example.org", "institution": "Unit" }, "role": "RECIPIENT" });
    });
    assert_eq!(person.problems()[0].field, "parties[1].person.function");
    let bare = agreement(|doc| {
        for field in ["startsOn", "covers", "requestedData", "purposes", "legalBasis", "dataProtection"] {
            doc.as_object_mut().expect("object").remove(field);
        }
        doc["kind"] = json!("UNDERTAKING");
    });
    let lacks: Vec<String> = bare.lacks().into_iter().map(|problem| problem.field).collect();
    assert_eq!(lacks, ["startsOn", "covers", "requestedData", "purposes", "legalBasis", "text"]);
    let backwards = agreement(|doc| {
        doc["parties"] = json!([{ "institution": "office", "role": "PROVIDER" }, { "institution": "police", "role": "RECIPIENT" }]);
    });
    let kind = |slug: &Slug| Some(if slug.as_str() == "office" { InstitutionKind::Nso } else { InstitutionKind::SecurityAgency });
    assert_eq!(backwards.direction_problems(kind)[0].field, "parties[0].role");
    assert!(agreement(|_| {}).direction_problems(kind).is_empty());
}

#[test]
fn the_hash_is_of_the_terms_and_not_of_what_the_register_notes() {
    let hash = |change: fn(&mut Value)| agreement(change).text_hash().expect("hash");
    let signed = hash(|_| {});
    assert_eq!(signed.len(), 64);
    assert_eq!(hash(|doc| doc["standing"] = json!({ "state": "SUSPENDED", "reason": "x" })), signed);
    assert_eq!(hash(|doc| doc["visibility"] = json!("PARTIES")), signed);
    assert_ne!(hash(|doc| doc["endsOn"] = json!("2027-12-31")), signed);
    assert_ne!(hash(|doc| doc["oneWay"] = json!(false)), signed);
}

#[test]
fn steps_and_rules_say_the_same() {
    for step in STEPS {
        let allowed: Vec<&str> =
            RULES.iter().filter(|rule| rule.action == step.action).flat_map(|rule| rule.states).map(|s| s.code()).collect();
        for state in AgreementState::ALL {
            let here = STEPS.iter().any(|other| other.action == step.action && other.from.contains(state));
            assert_eq!(here, allowed.contains(&state.code()), "{:?} in {state:?}", step.action);
            let decided = decide(*state, step.command);
            assert_eq!(decided.is_ok(), step.from.contains(state));
            assert!(decided.is_ok() || decided == Err(RefusalCode::WrongState));
        }
    }
    for command in AgreementCommand::ALL {
        assert!(STEPS.iter().any(|step| step.command == *command), "{command:?}");
    }
}

#[test]
fn the_page_on_agreements_has_the_present_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/agreements.md");
    let page = std::fs::read_to_string(&path).expect("docs/agreements.md");
    let (begin, end) = ("<!-- table of commands: generated from src/domain/agreement/step.rs -->\n", "<!-- end of the table -->");
    let (before, rest) = page.split_once(begin).expect("the mark before the table");
    let (table, after) = rest.split_once(end).expect("the mark behind the table");
    if std::env::var_os("RIHLA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{}{end}{after}", documentation())).expect("page can be written");
    } else {
        assert_eq!(table, documentation(), "docs/agreements.md is not up to date; run the tests with RIHLA_UPDATE_SNAPSHOTS=1");
    }
}

#[test]
fn an_outage_leads_to_the_nearest_warning_only() {
    let due = |left: i64, told: &[i64]| warnings_due(1_000, 1_000 - left, told);
    assert_eq!(
        [91, 90, 31, 30, 8, 7, 0, -1].map(|left| due(left, &[])),
        [None, Some(90), Some(90), Some(30), Some(30), Some(7), Some(7), None]
    );
    assert_eq!([due(60, &[90]), due(30, &[90]), due(30, &[30]), due(5, &[90, 30]), due(5, &[7])], [None, Some(30), None, Some(7), None]);
}

prop_compose! {
    fn dates()(start in 0_i64..30_000, length in 0_i64..5_000, period in 1_i32..=120, notice in 0_i32..=24, given in proptest::option::of(0_i64..60_000)) -> Agreement {
        let date = |day: i64| json!(date_on(day).expect("date").to_string());
        tacit(|doc| {
            doc["startsOn"] = date(start);
            doc["endsOn"] = date(start + length);
            doc["renewal"] = json!({ "kind": "TACIT", "periodMonths": period, "noticeMonths": notice.min(period) });
            if let Some(given) = given {
                doc["standing"]["noticeOn"] = date(given);
            }
        })
    }
}

proptest! {
    #[test]
    fn every_day_is_told_and_each_warning_is_given_once(ends in 0_i64..100_000, looks in proptest::collection::vec(0_i64..40, 1..40)) {
        let (mut told, mut today) = (Vec::new(), ends - 200);
        for pause in looks {
            today += pause;
            if let Some(days) = warnings_due(ends, today, &told) {
                prop_assert!(!told.contains(&days) && (0..=days).contains(&(ends - today)));
                told.push(days);
            }
        }
        prop_assert!(told.windows(2).all(|pair| pair[0] > pair[1]));
        // Whoever looks every day gives all three.
        let mut daily = Vec::new();
        for today in ends - 100..=ends {
            daily.extend(warnings_due(ends, today, &daily));
        }
        prop_assert_eq!(daily, [90, 30, 7]);
    }

    #[test]
    fn in_force_begins_and_ends_once(agreement in dates(), steps in proptest::collection::vec(0_i64..2_000, 1..60)) {
        let (mut today, mut before) = (-1, 0);
        for step in steps {
            today += step;
            let rank = match agreement.state_on(today) {
                AgreementState::Signed => 0,
                AgreementState::InForce => 1,
                AgreementState::Expired => 2,
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            };
            prop_assert!(rank >= before);
            before = rank;
            let until = agreement.until(today).expect("an end");
            prop_assert_eq!(rank == 2, until < today);
            if agreement.standing.notice_on.is_none() {
                prop_assert!(until >= today && rank < 2);
                prop_assert!(agreement.deadline(today).expect("a deadline").day() >= today);
            }
        }
        prop_assert!(agreement.until(FAR_FUTURE).is_some());
    }

    #[test]
    fn nothing_flows_backwards_under_a_one_way_clause(purpose in 0..AgreementPurpose::ALL.len(), on in 0_i64..60_000) {
        let (police, office) = (slug("police"), slug("office"));
        let whole = agreement(|doc| {
            doc["purposes"] = json!(AgreementPurpose::ALL.iter().map(|purpose| purpose.code()).collect::<Vec<_>>());
            doc["endsOn"] = Value::Null;
        });
        let purpose = AgreementPurpose::ALL[purpose];
        let back = Asked { purpose, on, ..asked(&office, &police) };
        prop_assert!(covers(&whole, &back).expect_err("backwards").contains(&AgreementGap::AgainstOneWay));
        let forth = covers(&whole, &Asked { purpose, on, ..asked(&police, &office) });
        prop_assert_eq!(forth.is_ok(), on >= day("2024-01-01") && !purpose.concerns_persons());
    }
}
