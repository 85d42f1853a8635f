//! Documents as other catalogues write them.

use super::concepts;
use crate::domain::text::MultilingualText;
use crate::domain::time::Period;
use crate::domain::vocabulary::*;
use crate::interop::ddi::read;
use crate::interop::exchange::{Found, Reading};

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), &concepts())
}

fn one(inside: &str) -> Found {
    let mut reading = reading(&format!("<codeBook xmlns='ddi:codebook:2_5' version='2.5' xml:lang='en'>{inside}</codeBook>"));
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.found.remove(0)
}

fn said(text: &MultilingualText) -> Vec<(&str, &str)> {
    text.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect()
}

#[test]
fn every_namespace_and_none_is_read() {
    for space in ["", " xmlns='http://www.icpsr.umich.edu/DDI'", " xmlns='ddi:codebook:2_5'", " xmlns='ddi:codebook:2_6'"] {
        let text = format!(
            "<codeBook{space}><stdyDscr><citation><titlStmt><titl>T</titl><IDNo>X1</IDNo></titlStmt></citation></stdyDscr></codeBook>"
        );
        let found = reading(&text).found.remove(0);
        assert_eq!(said(&found.draft.titles), [("und", "T")], "{space}");
        assert_eq!(found.draft.main_language, None);
        assert_eq!(found.origin.identifier.as_deref(), Some("X1"));
    }
    let prefixed = "<d:codeBook xmlns:d='ddi:codebook:2_5'><d:stdyDscr xml:lang='fr'><d:citation><d:titlStmt><d:titl>T</d:titl></d:titlStmt></d:citation></d:stdyDscr></d:codeBook>";
    assert_eq!(said(&reading(prefixed).found[0].draft.titles), [("fr", "T")]);
}

#[test]
fn every_kind_of_data_that_says_more_than_the_type_of_source_is_told() {
    let kinds = ["Recensement", "Enquête par sondage auprès de 2000 ménages", "Administrative records of the consulates", "Census data"];
    let elements: String = kinds.iter().map(|kind| format!("<dataKind>{kind}</dataKind>")).collect();
    let found = one(&format!("<stdyDscr><stdyInfo><sumDscr>{elements}</sumDscr></stdyInfo></stdyDscr>"));
    assert_eq!(found.draft.methodology.as_ref().map(|method| method.source_type), Some(SourceType::Census));
    let told: Vec<&str> = found.unfit.iter().filter(|line| line.field.contains("dataKind")).map(|line| line.value.as_str()).collect();
    assert_eq!(told, kinds[1..3], "{:?}", found.unfit);
}

#[test]
fn languages_side_by_side_and_inherited_are_all_kept() {
    let found = one(
        "<stdyDscr><citation><titlStmt><titl xml:lang='fi'>Kysely</titl><parTitl xml:lang='en'>Survey</parTitl><parTitl xml:lang='fi'>Kysely</parTitl>\
        </titlStmt><rspStmt><AuthEnty xml:lang='fi'>Ministeriö</AuthEnty><AuthEnty xml:lang='en'>Ministry</AuthEnty></rspStmt></citation>\
        <citation><titlStmt><titl xml:lang='en'>Survey</titl></titlStmt></citation>\
        <stdyInfo xml:lang='sv'><abstract>Om</abstract><abstract xml:lang='fi'>Yksi</abstract><abstract xml:lang='fi'>Kaksi</abstract></stdyInfo></stdyDscr>",
    );
    assert_eq!(said(&found.draft.titles), [("en", "Survey"), ("fi", "Kysely")]);
    assert_eq!(said(&found.draft.abstract_text), [("fi", "Yksi\n\nKaksi"), ("sv", "Om")]);
    assert_eq!(found.draft.main_language.map(|tag| tag.as_str().to_owned()).as_deref(), Some("en"));
    assert_eq!(found.origin.producers.iter().map(said).collect::<Vec<_>>(), [[("en", "Ministry"), ("fi", "Ministeriö")]]);
}

#[test]
fn methods_places_and_access_are_read_and_nothing_is_invented() {
    let found = one(
        "<stdyDscr><citation><titlStmt><titl>Survey</titl></titlStmt></citation><stdyInfo><sumDscr><nation abbr='MAR'>Kingdom</nation>\
        <nation>Utopia</nation><geogCover>Rabat</geogCover><anlyUnit>Individual, Household</anlyUnit><universe clusion='E'>Nomads</universe>\
        <universe>Residents</universe><dataKind>survey</dataKind></sumDscr></stdyInfo><method><dataColl><frequenc>Yearly</frequenc>\
        <sampProc>Quotas by town<concept vocab='DDI'>Nonprobability.Quota</concept>\
        <concept vocab='DDI'>Nonprobability.RespondentAssisted</concept></sampProc><collMode>Face-to-face interview</collMode>\
        <collMode>by pigeon</collMode><timeMeth>Longitudinal: Panel</timeMeth></dataColl></method><dataAccs><useStmt>\
        <restrctn>See https://creativecommons.org/licenses/by/4.0/ first.</restrctn><contact email='a@b.org'>Ann Other</contact></useStmt></dataAccs></stdyDscr>",
    );
    let (methodology, coverage) = (found.draft.methodology.as_ref().expect("methodology"), &found.draft.coverage);
    assert_eq!(coverage.reporting_areas, ["MA"]);
    assert_eq!(said(&coverage.area_note), [("en", "Utopia; Rabat")]);
    assert_eq!(coverage.frequency, Some(Frequency::Annual));
    assert_eq!(methodology.collection_modes, [CollectionMode::FaceToFace]);
    assert_eq!(methodology.sampling_designs, [SamplingDesign::Quota, SamplingDesign::Panel]);
    assert_eq!(said(&methodology.sampling_text), [("en", "Quotas by town")]);
    assert_eq!(methodology.statistical_units, [StatisticalUnit::Person, StatisticalUnit::Household]);
    assert_eq!(said(&methodology.universe), [("en", "Residents")]);
    let terms = &found.draft.holdings[0].access_terms;
    assert_eq!((terms.microdata, terms.microdata_basis), (AccessLevel::Unknown, StatementBasis::Assumed));
    assert_eq!(terms.licence.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!((found.draft.risk_class, found.draft.record_kind), (None, None));
    let told: Vec<_> = found.unfit.iter().map(|p| format!("{}={}", p.field, p.value)).collect();
    for line in [
        "codeBook/stdyDscr/stdyInfo/sumDscr/nation[2]=Utopia",
        "codeBook/stdyDscr/stdyInfo/sumDscr/universe[1]=Nomads",
        "codeBook/stdyDscr/method/dataColl/collMode[2]=by pigeon",
        "codeBook/stdyDscr/stdyInfo/sumDscr/dataKind=survey",
        "codeBook/stdyDscr/dataAccs/useStmt/contact=",
        "methodology.sourceType=HOUSEHOLD_SURVEY_MODULE",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} is not in {told:#?}");
    }
    let of_chain = found.unfit.iter().filter(|problem| problem.value == "Nonprobability.RespondentAssisted");
    let remedies: Vec<&str> = of_chain.map(|problem| problem.remedy.as_str()).collect();
    assert!(matches!(remedies[..], [remedy] if remedy.contains("choose RDS or SNOWBALL")), "{remedies:?}");
    assert!(!told.iter().any(|line| line.contains("Ann") || line.contains("a@b")), "{told:?}");
}

#[test]
fn a_panel_in_one_word_a_second_label_and_a_code_beside_an_unknown_name() {
    let found = one(
        "<stdyDscr><citation><titlStmt><titl>Survey</titl></titlStmt></citation><stdyInfo><sumDscr><nation abbr='UT'>Utopia</nation></sumDscr></stdyInfo>\
        <method><dataColl><timeMeth>Panel</timeMeth></dataColl></method></stdyDscr>\
        <dataDscr><var name='sex'><labl>Sexe</labl><labl>Genre</labl><catgry><catValu>1</catValu><labl>Homme</labl><labl>Masculin</labl></catgry></var></dataDscr>",
    );
    let methodology = found.draft.methodology.as_ref().expect("methodology");
    assert_eq!(methodology.sampling_designs, [SamplingDesign::Panel]);
    let variable = &found.draft.variables[0];
    let names = [&variable.label, &variable.categories[0].label].map(|label| label.words(None, None));
    assert_eq!(names, [Some("Sexe"), Some("Homme")]);
    let told: Vec<_> = found.unfit.iter().map(|line| line.value.as_str()).collect();
    for wanted in ["Utopia (@abbr=UT)", "Genre", "Masculin"] {
        assert!(told.contains(&wanted), "{wanted} in {told:?}");
    }
}

#[test]
fn codes_and_dates_that_stand_in_attributes_only_are_kept_in_words() {
    let found = one("<stdyDscr><citation><titlStmt><titl>Survey</titl></titlStmt></citation><stdyInfo><sumDscr>\
        <timePrd event='start' date='1397' calendar='Islamic'/><timePrd event='end' date='1399' calendar='Islamic'/>\
        <nation abbr='XKX'/></sumDscr></stdyInfo></stdyDscr>");
    let coverage = &found.draft.coverage;
    assert_eq!(said(&coverage.area_note), [("en", "XKX")]);
    let note = &coverage.period.as_ref().expect("a period").note;
    assert_eq!(said(note), [("en", "1397 (Islamic); 1399 (Islamic)")]);
    assert!(found.unfit.iter().any(|told| told.value == "XKX"), "{:?}", found.unfit);
}

#[test]
fn words_that_are_another_date_than_the_attribute_are_told() {
    for (words, is_told) in [("2017-03", true), ("2018", false), ("August 2018", false), ("First wave", false)] {
        let found = one(&format!(
            "<stdyDscr><stdyInfo><sumDscr><timePrd event='start' date='2018-08'>{words}</timePrd></sumDscr></stdyInfo></stdyDscr>"
        ));
        let period = found.draft.coverage.period.as_ref().expect("a period");
        assert_eq!(period.edtf(), "2018-08/");
        let told: Vec<&str> = found.unfit.iter().filter(|line| line.field.contains("timePrd")).map(|line| line.value.as_str()).collect();
        assert_eq!(told, if is_told { vec![words] } else { Vec::new() }, "{:?}", found.unfit);
    }
}

#[test]
fn variables_have_files_labels_and_codes_but_no_figures() {
    let found = one(
        "<stdyDscr><citation><titlStmt><titl>Census</titl></titlStmt></citation></stdyDscr><fileDscr ID='F1' URI='https://x.org/p.csv'><fileTxt>\
        <fileName>persons</fileName></fileTxt></fileDscr><dataDscr><var ID='V1' name='sex' files='F1'><labl>Sex</labl><labl xml:lang='fr'>Sexe</labl>\
        <sumStat type='mean'>1.5</sumStat><catgry><catValu>1</catValu><labl>Man</labl><catStat type='freq'>12</catStat></catgry></var><var/></dataDscr>",
    );
    let variable = &found.draft.variables[0];
    assert_eq!((variable.file.as_deref(), variable.name.as_str()), (Some("persons"), "sex"));
    assert_eq!(said(&variable.label), [("en", "Sex"), ("fr", "Sexe")]);
    assert_eq!((variable.categories[0].code.as_str(), said(&variable.categories[0].label)), ("1", vec![("en", "Man")]));
    assert_eq!(found.draft.variables.len(), 1);
    assert_eq!(found.draft.holdings[0].distributions[0].url, "https://x.org/p.csv");
    assert!(found.unfit.iter().any(|p| p.field.ends_with("var[1]/sumStat") && p.remedy.contains("figures")), "{:?}", found.unfit);
    assert_eq!(found.draft.methodology.expect("methodology").source_type, SourceType::Census);
}

#[test]
fn several_studies_of_a_document_become_several_records() {
    let study = |title: &str, identifier: &str, place: &str, language: &str| {
        format!(
            "<stdyDscr xml:lang='{language}'><citation><titlStmt><titl>{title}</titl><IDNo>{identifier}</IDNo></titlStmt></citation><stdyInfo>\
             <abstract>On {title}</abstract><sumDscr><nation>{place}</nation></sumDscr></stdyInfo></stdyDscr>"
        )
    };
    let files = "<fileDscr ID='F1'><fileTxt><fileName>a</fileName></fileTxt></fileDscr><dataDscr><var name='sex' files='F1'/></dataDscr>";
    let text =
        format!("<codeBook>{}{}{files}</codeBook>", study("Labour", "LMS", "Morocco", "en"), study("Census", "10.5072/c", "Tunisia", "en"));
    let found = reading(&text).found;
    let each: Vec<_> = found.iter().map(|one| (said(&one.draft.titles), one.draft.coverage.reporting_areas.as_slice())).collect();
    assert_eq!(each, [(vec![("en", "Labour")], ["MA".to_owned()].as_slice()), (vec![("en", "Census")], ["TN".to_owned()].as_slice())]);
    let identifiers: Vec<_> = found.iter().map(|one| one.origin.identifier.as_deref()).collect();
    assert_eq!(identifiers, [Some("LMS"), Some("10.5072/c")]);
    assert_eq!(found.iter().map(|one| one.draft.variables.len()).collect::<Vec<_>>(), [1, 0]);
    assert!(found.iter().all(|one| one.unfit.iter().any(|line| line.value == "fileDscr, dataDscr")), "{found:?}");
    let text = format!("<codeBook>{}{}</codeBook>", study("Labour", "LMS", "Morocco", "en"), study("Travail", "LMS", "Maroc", "fr"));
    let found = reading(&text).found;
    assert_eq!(found.iter().map(|one| said(&one.draft.titles)).collect::<Vec<_>>(), [[("en", "Labour"), ("fr", "Travail")]]);
}

#[test]
fn answers_of_a_provider_hold_many_records() {
    let text = "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><ListRecords>\
        <record><header status='deleted'><identifier>x:1</identifier><datestamp>2024-01-01</datestamp></header></record><record><header>\
        <identifier>x:2</identifier><datestamp>2024-02-02</datestamp></header><metadata><codeBook xmlns='ddi:codebook:2_5' xsi:schemaLocation='a b'>\
        <stdyDscr><citation><titlStmt><titl xml:lang='it'>Studio</titl></titlStmt></citation></stdyDscr></codeBook></metadata></record></ListRecords></OAI-PMH>";
    let reading = reading(text);
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    assert!(reading.found[0].origin.is_deleted);
    assert_eq!(said(&reading.found[1].draft.titles), [("it", "Studio")]);
    assert_eq!(reading.found[1].origin.modified.as_deref(), Some("2024-02-02"));
}

#[test]
fn answers_of_a_provider_without_a_record_are_told() {
    let around = |inside: &str| reading(&format!("<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>{inside}</OAI-PMH>"));
    let identity = around("<Identify><repositoryName>A</repositoryName></Identify>");
    assert!(identity.problems[0].remedy.contains("holds no record"), "{:?}", identity.problems);
    let bare = around("<ListRecords><record><header><identifier>x:1</identifier></header></record></ListRecords>");
    assert_eq!((bare.found.len(), bare.problems.len(), bare.problems[0].value.as_str()), (0, 1, "x:1"), "{:?}", bare.problems);
}

#[test]
fn what_is_not_ddi_is_refused_with_its_reason() {
    assert!(reading("<html/>").problems[0].remedy.contains("DDI Codebook"));
    assert!(
        reading("<!DOCTYPE c [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><codeBook>&x;</codeBook>").problems[0]
            .remedy
            .contains("document type")
    );
    assert!(reading("<codeBook>").problems[0].remedy.contains("well-formed"));
    let many = format!(
        "<codeBook xml:lang='en'><stdyDscr><stdyInfo><subject>{}</subject></stdyInfo></stdyDscr></codeBook>",
        "<keyword>a\u{200b}</keyword><x>1</x>".repeat(20_000)
    );
    let found = &reading(&many).found[0];
    assert!(found.unfit.len() < 20, "{}", found.unfit.len());
    assert_eq!(found.draft.coverage.period.as_ref().map(Period::edtf), None);
}

#[test]
fn floods_of_elements_are_read_in_time_and_named() {
    let words: String = (0..30_000).map(|n| format!("<keyword xml:lang='en'>k{n}</keyword>")).collect();
    let names: String = (0..30_000).map(|n| format!("<AuthEnty>n{n}</AuthEnty>")).collect();
    let found = one(&format!(
        "<stdyDscr><citation><titlStmt><titl>T</titl></titlStmt><rspStmt>{names}</rspStmt></citation><stdyInfo><subject>{words}</subject></stdyInfo></stdyDscr>"
    ));
    assert_eq!((found.draft.keywords.len(), found.origin.producers.len()), (2_000, 2_000));
    assert!(found.unfit.iter().any(|p| p.field.ends_with("/keyword") && p.value == "27950 more of the kind"), "{:?}", found.unfit);
}
