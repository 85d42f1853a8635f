//! What this registry writes, it reads again.

use proptest::prelude::*;

use super::samples::{folder, keep};
use super::{concepts, generated, sent};
use crate::domain::dataset::Dataset;
use crate::domain::vocabulary::LossEffect;
use crate::interop::ddi::{Version, losses, read, residue, write};

fn round(dataset: &Dataset, concepts: &crate::domain::concept::Concepts, version: Version) -> Result<(), TestCaseError> {
    let bytes = sent(dataset, &[], concepts, |outgoing| write(outgoing, version));
    keep(folder("RIHLA_WRITE_SAMPLES").as_ref(), &format!("generated-{}-{}.{}.xml", dataset.slug, bytes.len(), version.number()), &bytes);
    let reading = read(&bytes, concepts);
    prop_assert!(reading.problems.is_empty(), "{:?}\n{}", reading.problems, String::from_utf8_lossy(&bytes));
    prop_assert_eq!(reading.found.len(), 1);
    let found = &reading.found[0];
    prop_assert!(found.unfit.is_empty(), "{:?}\n{}", found.unfit, String::from_utf8_lossy(&bytes));
    prop_assert_eq!(residue::value_of(&found.draft), serde_json::to_value(dataset).expect("JSON"));
    let again = sent(dataset, &[], concepts, |outgoing| write(outgoing, version));
    prop_assert_eq!(&again, &bytes, "the output is not the same each time");
    Ok(())
}

#[test]
fn any_record_comes_back_as_it_went_out() {
    let concepts = concepts();
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 40, max_shrink_iters: 64, ..ProptestConfig::default() });
    let records = generated::dataset(&concepts);
    runner
        .run(&records, |dataset| {
            round(&dataset, &concepts, Version::V25)?;
            round(&dataset, &concepts, Version::V26)
        })
        .unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn any_bytes_and_any_broken_document_are_read_or_refused() {
    let concepts = concepts();
    let text = sent(&plain(), &[], &concepts, |outgoing| write(outgoing, Version::V25));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 128, ..ProptestConfig::default() });
    runner
        .run(&(0..text.len(), 0..text.len(), any::<u8>()), |(from, to, byte)| {
            let mut broken = text.clone();
            broken[from] = byte;
            let _ = read(&broken, &concepts);
            let (from, to) = (from.min(to), from.max(to));
            let _ = read(&text[from..to], &concepts);
            let _ = read(&[&text[..from], &text[to..]].concat(), &concepts);
            Ok(())
        })
        .unwrap_or_else(|fault| panic!("{fault}"));
}

fn plain() -> Dataset {
    serde_json::from_value(serde_json::json!({
        "slug": "ma-survey", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "LOW",
        "certainty": "DOCUMENTED", "mainLanguage": "fr",
        "titles": { "fr": { "text": "Enquête", "status": "OFFICIAL" }, "ar": { "text": "بحث", "status": "TRANSLATION" } },
        "abstract": { "fr": { "text": "Deux\n\nparagraphes & <plus>", "status": "OFFICIAL" } },
        "themes": ["MT-0103"],
        "methodology": { "sourceType": "CENSUS", "collectionModes": ["CAPI", "PROXY"], "sampleSize": 15, "definitions": [{ "code": "NOT_DOCUMENTED" }] },
        "coverage": { "reportingAreas": ["MA", "MA-09"], "period": { "start": "2018-08", "end": "2019-01" }, "frequency": "ANNUAL" },
        "variables": [{ "file": "f.dat", "name": "sex", "label": { "fr": { "text": "Sexe", "status": "OFFICIAL" } },
            "categories": [{ "code": "1", "label": { "fr": { "text": "Homme", "status": "OFFICIAL" } } }] }],
    }))
    .expect("a record")
}

#[test]
fn elements_carry_what_ddi_knows_and_only_the_rest_stands_in_notes() {
    let concepts = concepts();
    let bytes = sent(&plain(), &[], &concepts, |outgoing| write(outgoing, Version::V25));
    let text = String::from_utf8(bytes).expect("UTF-8");
    for part in [
        "<titl xml:lang=\"fr\">Enquête</titl>",
        "<parTitl xml:lang=\"ar\">بحث</parTitl>",
        "<IDNo agency=\"rihla\">ma-survey</IDNo>",
        "<concept vocab=\"DDI Mode Of Collection\" vocabURI=\"urn:ddi:int.ddi.cv:ModeOfCollection:4.0\">Interview.FaceToFace.CAPIorCAMI</concept>",
        "<timePrd date=\"2018-08\" event=\"start\">2018-08</timePrd>",
        "<nation xml:lang=\"fr\" abbr=\"MA\">Maroc</nation>",
        "holdings xml:lang=\"fr\" URI=\"https://data.example.ma/dataset/ma-survey\"",
        "<catValu>1</catValu>",
        "freq=\"ANNUAL\"",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let fields: Vec<_> =
        sent(&plain(), &[], &concepts, |outgoing| losses(outgoing, Version::V25)).into_iter().map(|loss| loss.field).collect();
    let wanted = ["recordKind", "status", "visibility", "riskClass", "certainty", "methodology.sampleSize", "methodology.definitions"];
    assert_eq!(fields, wanted);
}

#[test]
fn a_document_that_another_tool_has_edited_keeps_the_edits() {
    let concepts = concepts();
    let bytes = sent(&plain(), &[], &concepts, |outgoing| write(outgoing, Version::V25));
    let text = String::from_utf8(bytes).expect("UTF-8").replace(">Enquête</titl>", ">Enquête nationale</titl>");
    let found = read(text.as_bytes(), &concepts).found.remove(0);
    assert_eq!(found.draft.titles.words(Some("fr"), None), Some("Enquête nationale"));
    assert_eq!(found.draft.methodology.expect("methodology").sample_size, Some(15));
}

#[test]
fn a_document_that_has_lost_its_notes_is_read_like_any_other() {
    let concepts = concepts();
    let mut dataset = plain();
    dataset.links.push(serde_json::from_value(serde_json::json!({ "url": "https://x.ma/" })).expect("a link"));
    let text = String::from_utf8(sent(&dataset, &[], &concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    let stripped: String = text.lines().filter(|line| !line.contains("<notes ")).collect::<Vec<_>>().join("\n");
    let found = read(stripped.as_bytes(), &concepts).found.remove(0);
    assert_eq!(found.draft.slug.map(|slug| slug.to_string()).as_deref(), Some("ma-survey"));
    assert!(found.unfit.iter().any(|problem| problem.field.starts_with("codeBook/docDscr")), "{:?}", found.unfit);
    assert_eq!(found.origin.address.as_deref(), Some("https://data.example.ma/dataset/ma-survey"));
}

/// A record with whoever made and holds the data, terms, a file, a relation and a page.
fn held() -> Dataset {
    let text = |words: &str| serde_json::json!({ "fr": { "text": words, "status": "OFFICIAL" } });
    let mut record = serde_json::to_value(plain()).expect("JSON");
    record["producer"] = "hcp".into();
    record["partners"] = serde_json::json!(["oim"]);
    record["relations"] = serde_json::json!([{ "type": "OVERLAPS", "dataset": "other" }]);
    record["links"] = serde_json::json!([{ "url": "https://x.ma/" }]);
    record["holdings"] = serde_json::json!([{ "institution": "hcp", "role": "DISSEMINATOR",
        "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "LICENSED", "microdataBasis": "QUOTED", "channel": "URL",
            "channelUrl": "https://x.ma/demande?a=1&b=2", "conditions": text("Sur demande.\n\nPar écrit."), "fee": text("Gratuit") },
        "distributions": [{ "title": text("Tableaux"), "url": "https://x.ma/d.csv?a&b", "mediaType": "text/csv" }] }]);
    serde_json::from_value(record).expect("a record")
}

#[test]
fn what_another_tool_writes_beside_the_notes_is_told() {
    let concepts = concepts();
    let text = String::from_utf8(sent(&held(), &[], &concepts, |outgoing| write(outgoing, Version::V25))).expect("UTF-8");
    let own = read(text.as_bytes(), &concepts).found.remove(0);
    assert!(own.unfit.is_empty(), "{:?}", own.unfit);
    assert_eq!(residue::value_of(&own.draft), serde_json::to_value(held()).expect("JSON"));
    let edited = text
        .replace(
            "</useStmt>",
            "<restrctn xml:lang=\"fr\">Accès sur convention seulement</restrctn><specPerm>Formulaire 2</specPerm></useStmt>",
        )
        .replace(">Gratuit<", ">Payant<")
        .replace("</rspStmt>", "<AuthEnty xml:lang=\"ar\">Ann Other</AuthEnty></rspStmt>")
        .replace("</distStmt>", "<contact email=\"a@b.org\">Ann Other</contact></distStmt>")
        .replace("</othrStdyMat>", "<relPubl>Un rapport</relPubl></othrStdyMat>")
        .replace(">Tableaux</fileName>", ">Tables</fileName>")
        .replace(
            "</stdyDscr>",
            "</stdyDscr><fileDscr URI=\"https://x.ma/new.csv\"><fileTxt><fileName>Nouveau</fileName></fileTxt></fileDscr>",
        );
    let found = read(edited.as_bytes(), &concepts).found.remove(0);
    assert_eq!(found.draft, own.draft);
    let told: Vec<String> = found.unfit.iter().map(|line| format!("{}={}", line.field, line.value)).collect();
    let wanted = [
        "codeBook/stdyDscr/citation/distStmt/contact=",
        "codeBook/stdyDscr/citation/rspStmt/AuthEnty[2]=",
        "codeBook/stdyDscr/dataAccs/useStmt/restrctn[2]=Accès sur convention seulement",
        "codeBook/stdyDscr/dataAccs/useStmt/conditions=Payant",
        "codeBook/fileDscr[1]=https://x.ma/new.csv",
        "codeBook/fileDscr[3]/fileTxt/fileName=Tables",
        "codeBook/stdyDscr/dataAccs/useStmt/specPerm=Formulaire 2",
        "codeBook/stdyDscr/othrStdyMat/relPubl=Un rapport",
        "codeBook/fileDscr[1]/fileTxt/fileName=Nouveau",
    ];
    assert_eq!(told, wanted);
}

#[test]
fn what_stands_in_elements_that_others_read_is_not_said_to_be_for_registries_only() {
    for version in [Version::V25, Version::V26] {
        let losses = sent(&held(), &[], &concepts(), |outgoing| losses(outgoing, version));
        let effect = |field: &str| losses.iter().find(|loss| loss.field == field).map(|loss| loss.effect);
        for (field, wanted) in [
            ("slug", None),
            ("titles", None),
            ("producer", None),
            ("links", None),
            ("variables", None),
            ("partners", Some(LossEffect::PartInExtension)),
            ("relations", Some(LossEffect::PartInExtension)),
            ("riskClass", Some(LossEffect::ExtensionOnly)),
            ("methodology.sampleSize", Some(LossEffect::ExtensionOnly)),
        ] {
            assert_eq!(effect(field), wanted, "{field}: {losses:?}");
        }
        // Of the holdings it is said which of their fields.
        assert!(losses.iter().any(|loss| loss.field.starts_with("holdings.accessTerms.")), "{losses:?}");
    }
}
