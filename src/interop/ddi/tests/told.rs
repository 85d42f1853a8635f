//! What gets no field is told with its place and value, and nothing is told that is not so.

use super::concepts;
use crate::domain::vocabulary::*;
use crate::interop::ddi::read;
use crate::interop::exchange::Found;
use crate::interop::holder::unknown_terms;

const TITLE: &str = "<titlStmt><titl>T</titl></titlStmt>";

fn one(inside: &str) -> Found {
    let text = format!("<codeBook xmlns='ddi:codebook:2_5' xml:lang='fr'>{inside}</codeBook>");
    let mut reading = read(text.as_bytes(), &concepts());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    reading.found.remove(0)
}

fn lines(found: &Found) -> Vec<String> {
    found.unfit.iter().map(|line| format!("{}={}", line.field, line.value)).collect()
}

#[test]
fn files_and_addresses_that_get_no_field_are_told() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}<verStmt><version date='mai'/></verStmt><holdings URI='https://x.ma/1' location='Rabat'>Archive</holdings>\
         <holdings URI='https://x.ma/2'/></citation><dataAccs><setAvail><accsPlac URI='www.hcp.ma/microdata'>Portail</accsPlac>\
         <accsPlac URI='https://x.ma/a'/><accsPlac URI='https://x.ma/b'/></setAvail></dataAccs></stdyDscr>\
         <fileDscr ID='F1' URI='data/menages.sav'><fileTxt><fileName>menages</fileName></fileTxt></fileDscr><fileDscr URI='ftp://x.ma/f'/>\
         <fileDscr ID='F2'><fileTxt><fileName>individus</fileName></fileTxt></fileDscr><dataDscr><var name='sex' files='F2'/></dataDscr>\
         <otherMat URI='questionnaire.pdf' type='questionnaire'/><otherMat URI='javascript:alert(1)'/>"
    ));
    let told = lines(&found);
    for line in [
        "codeBook/stdyDscr/citation/verStmt/version=mai",
        "codeBook/stdyDscr/citation/holdings[1]=Archive @location=Rabat",
        "codeBook/stdyDscr/citation/holdings[2]=https://x.ma/2",
        "codeBook/stdyDscr/dataAccs/setAvail/accsPlac[1]=www.hcp.ma/microdata",
        "codeBook/stdyDscr/dataAccs/setAvail/accsPlac[3]=https://x.ma/b",
        "codeBook/fileDscr[1]=data/menages.sav",
        "codeBook/fileDscr[1]/fileTxt/fileName=menages",
        "codeBook/fileDscr[2]=ftp://x.ma/f",
        "codeBook/otherMat[1]=questionnaire.pdf",
        "codeBook/otherMat[2]=javascript:alert(1)",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} is not in {told:#?}");
    }
    assert!(!told.iter().any(|line| line.contains("individus") || line.contains("x.ma/1")), "{told:#?}");
    assert_eq!(found.draft.variables[0].file.as_deref(), Some("individus"));
    assert_eq!(found.origin.address.as_deref(), Some("https://x.ma/1"));
    assert_eq!(found.draft.holdings[0].access_terms.channel_url.as_deref(), Some("https://x.ma/a"));
}

#[test]
fn what_is_said_of_a_publication_is_not_told_as_of_the_record() {
    let publication = |identifier: &str| {
        format!(
            "<relPubl><citation><titlStmt><titl>Les retours</titl><IDNo>{identifier}</IDNo></titlStmt><prodStmt><prodDate>1998</prodDate></prodStmt>\
             </citation></relPubl>"
        )
    };
    let found = one(&format!(
        "<stdyDscr><citation><titlStmt><titl>T</titl><IDNo>A-1</IDNo><IDNo agency='X'>A-2</IDNo></titlStmt></citation>\
         <othrStdyMat>{}{}</othrStdyMat></stdyDscr>",
        publication("978-2-07-036822-8"),
        publication("doi:10.5072/retours")
    ));
    let of =
        |place: &str| found.unfit.iter().find(|line| line.field.ends_with(place)).unwrap_or_else(|| panic!("{place}: {:?}", found.unfit));
    let book = of("relPubl[1]/citation/titlStmt/IDNo");
    assert!(book.value == "978-2-07-036822-8" && book.remedy.contains("of the publication"), "{book:?}");
    assert!(of("relPubl[1]/citation/prodStmt/prodDate").remedy.contains("publication"));
    assert!(of("stdyDscr/citation/titlStmt/IDNo[2]").remedy.contains("of the record"));
    // What is known by a DOI is kept as a link under its title.
    let links: Vec<_> = found.draft.links.iter().map(|link| (link.url.as_str(), link.title.words(None, None))).collect();
    assert_eq!(links, [("https://doi.org/10.5072/retours", Some("Les retours"))]);
    assert!(!found.unfit.iter().any(|line| line.value.contains("10.5072")), "{:?}", found.unfit);
}

#[test]
fn a_second_frequency_is_told_and_the_first_stays() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}</citation><method><dataColl><frequenc>Monthly</frequenc><frequenc>Annual</frequenc>\
         <frequenc>Monthly</frequenc></dataColl></method></stdyDscr>"
    ));
    assert_eq!(found.draft.coverage.frequency, Some(Frequency::Monthly));
    assert_eq!(lines(&found), ["codeBook/stdyDscr/method/dataColl/frequenc[2]=Annual"]);
}

#[test]
fn words_and_attributes_beside_what_was_taken_are_told() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}</citation><stdyInfo><sumDscr><universe level='ménage'>Ménages</universe></sumDscr></stdyInfo><method><dataColl>\
         <frequenc freq='annual'>Tous les deux ans depuis 2015</frequenc><collMode>Entretien CAPI, hors Sud</collMode></dataColl></method><dataAccs>\
         <setAvail><accsPlac URI='https://x.ma/m'>Centre sûr, Rabat</accsPlac></setAvail><useStmt><specPerm required='no'>Un formulaire</specPerm>\
         <confDec required='no'/><confDec required='yes'>Signer</confDec></useStmt></dataAccs></stdyDscr>\
         <fileDscr ID='F1'><fileTxt><fileName>a.sav</fileName></fileTxt></fileDscr><fileDscr ID='F2'><fileTxt><fileName>b.sav</fileName></fileTxt></fileDscr>\
         <dataDscr><var name='age' files='F1 F2'/></dataDscr>\
         <otherMat type='weights manual' level='variable' URI='https://x.ma/w.pdf'><labl>Manuel</labl><labl>Autre</labl><txt>Des poids</txt></otherMat>\
         <otherMat type='page' level='study' URI='https://x.ma/p'/>"
    ));
    let wanted = [
        "codeBook/stdyDscr/method/dataColl/frequenc=Tous les deux ans depuis 2015",
        "codeBook/stdyDscr/method/dataColl/collMode=Entretien CAPI, hors Sud",
        "codeBook/otherMat[1]/labl[2]=Autre",
        "codeBook/otherMat[1]=@type=weights manual",
        "codeBook/stdyDscr/dataAccs/useStmt/specPerm=Un formulaire",
        "codeBook/stdyDscr/dataAccs/setAvail/accsPlac=Centre sûr, Rabat",
        "codeBook/dataDscr/var=b.sav",
        "codeBook/stdyDscr/stdyInfo/sumDscr/universe=@level=ménage",
        "codeBook/stdyDscr/dataAccs/useStmt/confDec[1]=@required=no",
        "codeBook/otherMat[1]=@level=variable",
        "codeBook/otherMat[1]/txt=Des poids",
        "methodology.sourceType=HOUSEHOLD_SURVEY_MODULE",
    ];
    assert_eq!(lines(&found), wanted);
    assert_eq!(found.draft.holdings[0].access_terms.conditions.words(None, None), Some("Signer"));
    assert_eq!(found.draft.methodology.expect("methodology").collection_modes, [CollectionMode::Capi]);
    assert!(found.origin.producers.is_empty(), "{:?}", found.origin.producers);
}

#[test]
fn funders_are_told_one_by_one_and_attributes_of_variables_are_counted() {
    let funders: String = (1..=5).map(|n| format!("<fundAg>Bailleur {n}</fundAg>")).collect();
    let variables: String = (1..=9).map(|n| format!("<var name='v{n}' intrvl='i{n}'/>")).collect();
    let found =
        one(&format!("<stdyDscr><citation>{TITLE}<prodStmt>{funders}</prodStmt></citation></stdyDscr><dataDscr>{variables}</dataDscr>"));
    let told = lines(&found);
    assert!((1..=5).all(|n| told.iter().any(|line| line.ends_with(&format!("=Bailleur {n}")))), "{told:#?}");
    assert_eq!(told.iter().filter(|line| line.contains("@intrvl")).count(), 3, "{told:#?}");
    assert!(told.iter().any(|line| line.ends_with("var=6 more of the kind")), "{told:#?}");
}

#[test]
fn without_a_methodology_nothing_stands_in_for_its_type_of_source() {
    let bare = one(&format!("<stdyDscr><citation>{TITLE}</citation></stdyDscr>"));
    assert_eq!((bare.draft.methodology.as_ref(), lines(&bare)), (None, Vec::new()));
    let weighted =
        one(&format!("<stdyDscr><citation>{TITLE}</citation><method><dataColl><weight>W</weight></dataColl></method></stdyDscr>"));
    assert_eq!(weighted.draft.methodology.as_ref().map(|method| method.source_type), Some(SourceType::HouseholdSurveyModule));
    assert_eq!(lines(&weighted), ["methodology.sourceType=HOUSEHOLD_SURVEY_MODULE"]);
}

#[test]
fn a_distributor_that_is_named_holds_the_data_on_unknown_terms() {
    let office = "Office National des Statistiques";
    let found = one(&format!("<stdyDscr><citation>{TITLE}<distStmt><distrbtr>{office}</distrbtr></distStmt></citation></stdyDscr>"));
    let holders: Vec<_> = found.origin.holders.iter().filter_map(|name| name.words(None, None)).collect();
    assert_eq!((holders, lines(&found)), (vec![office], Vec::new()));
    let holding = &found.draft.holdings[0];
    assert_eq!((holding.role, &holding.access_terms), (HoldingRole::Disseminator, &unknown_terms()));
    assert!(holding.distributions.is_empty());
}

#[test]
fn what_stands_beside_a_name_is_told_but_not_the_short_name_of_a_person() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}<rspStmt><AuthEnty affiliation='Maison Rouille'>Nom, Anne</AuthEnty></rspStmt>\
         <prodStmt><producer abbr='AN' role='rédaction'>Anne Nom</producer></prodStmt>\
         <distStmt><distrbtr abbr='ONS' URI='https://ons.ex/'>Office national</distrbtr></distStmt></citation></stdyDscr>"
    ));
    let wanted = [
        "codeBook/stdyDscr/citation/prodStmt/producer=@abbr",
        "codeBook/stdyDscr/citation/prodStmt/producer=@role=rédaction",
        "codeBook/stdyDscr/citation/distStmt/distrbtr=@abbr=ONS",
        "codeBook/stdyDscr/citation/distStmt/distrbtr=@URI=https://ons.ex/",
    ];
    assert_eq!(lines(&found), wanted);
    let organisations: Vec<_> = found.origin.organisations.iter().filter_map(|name| name.words(None, None)).collect();
    assert_eq!(organisations, ["Maison Rouille"]);
}

#[test]
fn categories_without_a_value_are_named_for_each_variable() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}</citation></stdyDscr><dataDscr><var name='sex'><catgry><labl>Homme</labl></catgry><catgry><labl>Femme</labl></catgry>\
         <catgry><catValu>9</catValu><labl>Inconnu</labl></catgry></var></dataDscr>"
    ));
    assert_eq!(lines(&found), ["codeBook/dataDscr/var=Homme; Femme"]);
    assert_eq!(found.draft.variables[0].categories.len(), 1);
}

#[test]
fn a_variable_that_has_only_an_id_is_named_by_it_and_that_is_told() {
    let found = one(&format!(
        "<stdyDscr><citation>{TITLE}</citation></stdyDscr><dataDscr><var ID='V1' name=' '/><var ID='V2' name='sex'/><var/></dataDscr>"
    ));
    let names: Vec<_> = found.draft.variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["V1", "sex"]);
    assert_eq!(lines(&found), ["codeBook/dataDscr/var[1]=V1", "codeBook/dataDscr/var[3]="]);
}
