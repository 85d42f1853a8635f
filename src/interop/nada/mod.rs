//! Survey descriptions of NADA and of the Metadata Editor: JSON in.
//!
//! The fields are those of DDI Codebook under other names; the table is `docs/interop/nada.md`. The documents declare no language, so
//! that their texts stand as undetermined (`und`) until somebody says which it is.

mod leaves;
mod study;

use serde_json::Value;

use crate::domain::concept::Concepts;
use crate::domain::problem::Problem;
use crate::interop::exchange::Reading;
use crate::interop::repeated::Repeated;
use crate::interop::xml_text::MAX_BYTES;

/// Reads one study, an answer of NADA's API with one, or a list of studies.
pub fn read(bytes: &[u8], concepts: &Concepts) -> Reading {
    if bytes.len() > MAX_BYTES {
        let remedy = format!("the file is larger than {MAX_BYTES} bytes; cut it into several files");
        return Reading::refused(Problem::new("", format!("{} bytes", bytes.len()), remedy));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(fault) => return Reading::refused(Problem::new("", "", format!("the file is not JSON: {fault}; export the study again"))),
    };
    let repeated = Repeated::of(&String::from_utf8_lossy(bytes));
    let studies = studies(&value);
    let places: Vec<String> = studies.iter().map(|(place, _)| place.clone()).collect();
    let mut reading = Reading { found: Vec::new(), problems: repeated.beside(&places).told().collect() };
    for (place, study) in studies {
        let kind = study.get("type").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "" | "survey" | "microdata") {
            let remedy = "is an entry of the catalogue that is no study (such are documents, tables and scripts); leave it out";
            reading.problems.push(Problem::new(place, kind, remedy));
            continue;
        }
        let joined = beside(&value, study);
        let study = joined.as_ref().unwrap_or(study);
        if study.get("study_desc").is_none() && study.get("title").is_none() {
            let remedy = "is no study: it has neither `study_desc` nor `title`; export the study as JSON from NADA or the Metadata Editor";
            reading.problems.push(Problem::new(place, "", remedy));
            continue;
        }
        let mut found = study::read(study, concepts);
        found.unfit.extend(repeated.within(&place).told());
        reading.found.push(found);
    }
    if reading.found.is_empty() && reading.problems.is_empty() {
        reading.problems.push(Problem::new("", "", "the file holds no study; export one as JSON from NADA or the Metadata Editor"));
    }
    reading
}

/// The studies of a document with their places.
fn studies(value: &Value) -> Vec<(String, &Value)> {
    let list = value
        .as_array()
        .map(|list| ("", list))
        .or_else(|| value.pointer("/result/rows").and_then(Value::as_array).map(|list| ("result.rows", list)));
    if let Some((place, list)) = list {
        return list.iter().enumerate().map(|(index, study)| (format!("{place}[{index}]"), study)).collect();
    }
    for (place, pointer) in [("dataset.metadata", "/dataset/metadata"), ("dataset", "/dataset"), ("metadata", "/metadata")] {
        if let Some(study) = value.pointer(pointer).filter(|study| study.is_object()) {
            return vec![(place.to_owned(), study)];
        }
    }
    vec![(String::new(), value)]
}

/// The study of an answer of the API with what stands beside its metadata, such as how its data may be had.
fn beside(answer: &Value, study: &Value) -> Option<Value> {
    let around = answer.get("dataset").filter(|dataset| dataset.get("metadata").is_some_and(|metadata| std::ptr::eq(metadata, study)))?;
    let mut joined = study.as_object()?.clone();
    // The rest says once more what the metadata say, or is about the catalogue's own entry.
    let mut add = |key: &str| {
        if let Some(value) = around.get(key) {
            joined.entry(key).or_insert_with(|| value.clone());
        }
    };
    ["data_access_type", "form_model", "url"].into_iter().for_each(&mut add);
    if study.pointer("/study_desc/authoring_entity").is_none() {
        add("authoring_entity");
    }
    Some(Value::Object(joined))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::vocabulary::*;

    fn concepts() -> Concepts {
        Concepts::load(&[]).expect("shipped lists")
    }

    #[test]
    fn a_member_that_stands_twice_is_told_with_its_place() {
        let study = r#"{"type":"survey","idno":"A","title":"Un","title":"Deux"}"#;
        let reading = read(format!(r#"{{"found":"1","found":"2","result":{{"rows":[{study},{study}]}}}}"#).as_bytes(), &concepts());
        assert_eq!(reading.problems.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), ["found"]);
        for found in &reading.found {
            assert_eq!(found.draft.titles.words(None, None), Some("Deux"));
            assert!(found.unfit.iter().any(|line| line.field == "title" && line.remedy == crate::interop::repeated::TWICE));
        }
        assert_eq!(reading.found.len(), 2);
    }

    #[test]
    fn what_the_kind_of_data_says_beside_the_type_of_source_is_told() {
        let words = "Recensement exhaustif, puis enquête par sondage (10 %)";
        for (kind, title, is_told) in [
            (words, "T", true),
            ("Census/enumeration data [cen]", "T", false),
            ("Recensement de la population et de l'habitat", "T", false),
            ("Sample survey data [ssd]", "Recensement 2014", true),
        ] {
            let study = json!({ "type": "survey", "idno": "x", "study_desc": { "title_statement": { "title": title, "idno": "MAR_1" },
                "study_info": { "data_kind": kind } } });
            let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
            assert_eq!(found.draft.methodology.as_ref().map(|method| method.source_type), Some(SourceType::Census), "{kind}");
            assert_eq!(found.unfit.iter().any(|line| line.value == kind), is_told, "{kind}: {:?}", found.unfit);
        }
    }

    #[test]
    fn of_time_methods_panels_are_taken_and_others_told() {
        for (method, is_panel, is_told) in [
            (json!("Longitudinal: Panel"), true, false),
            (json!("Panel"), true, false),
            (json!("Enquête par panel"), true, false),
            (json!(["Longitudinal: Panel: Interval"]), true, false),
            (json!("Panel; Cross-section"), true, true),
            (json!("Cross-section"), false, true),
            (json!("Longitudinal: Trend/Repeated cross-section"), false, true),
            (json!("Transversale"), false, true),
            (json!("مسح مقطعي"), false, true),
        ] {
            let study = json!({ "idno": "x", "title": "T", "study_desc": { "method": { "data_collection": { "time_method": method } } } });
            let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
            let designs = found.draft.methodology.map(|method| method.sampling_designs).unwrap_or_default();
            assert_eq!(designs, if is_panel { vec![SamplingDesign::Panel] } else { Vec::new() }, "{method}");
            let told = found.unfit.iter().filter(|line| line.field.contains("time_method")).collect::<Vec<_>>();
            assert_eq!(told.len(), usize::from(is_told), "{method}: {told:?}");
            assert!(told.iter().all(|line| line.remedy.contains("samplingText")), "{told:?}");
        }
    }

    #[test]
    fn a_study_is_read_and_the_rest_is_named() {
        let study = json!({ "type": "survey", "idno": "x", "study_desc": {
            "title_statement": { "title": "Enquête ", "idno": "MAR_1", "sub_title": "Sub" },
            "authoring_entity": [{ "name": "HCP", "affiliation": "State" }],
            "series_statement": { "series_name": "ENMI" },
            "study_info": { "abstract": "Text", "keywords": [{ "keyword": "migration" }], "nation": [{ "name": "Maroc", "abbreviation": "MAR" }],
                "geog_coverage": "Territoire", "coll_dates": [{ "start": "2018-08-09", "end": "2019-01-19", "cycle": "P1" }], "analysis_unit": "Household, Individual",
                "universe": "Residents", "data_kind": "Census/enumeration data [cen]" },
            "method": { "data_collection": { "coll_mode": ["Face-to-face [f2f]", "Face-to-face interview"], "sampling_procedure": "Two stages", "weight": "W", "frequency": "Annual" },
                "analysis_info": { "response_rate": "95 %" } },
            "data_access": { "dataset_use": { "conditions": "Ask", "contact": [{ "name": "Ann Other" }] }, "dataset_availability": { "access_place_url": "https://x.ma/" } } },
            "data_files": [{ "file_id": "F1", "file_name": "ind" }],
            "variables": [{ "name": "sex", "labl": "Sex", "file_id": "F1", "var_catgry": [{ "value": "1", "labl": "Man", "stats": [{ "type": "freq", "value": 9 }] }] }] });
        let mut reading = read(study.to_string().as_bytes(), &concepts());
        let found = reading.found.remove(0);
        let (draft, method) = (&found.draft, found.draft.methodology.as_ref().expect("methodology"));
        assert_eq!(draft.titles.words(None, None), Some("Enquête"));
        assert_eq!(draft.coverage.reporting_areas, ["MA"]);
        assert_eq!(draft.coverage.collection_period.as_ref().map(|p| p.edtf()).as_deref(), Some("2018-08-09/2019-01-19"));
        assert_eq!(draft.coverage.frequency, Some(Frequency::Annual));
        assert_eq!((method.source_type, method.collection_modes.as_slice()), (SourceType::Census, [CollectionMode::FaceToFace].as_slice()));
        assert_eq!(method.statistical_units, [StatisticalUnit::Household, StatisticalUnit::Person]);
        assert_eq!(draft.variables[0].file.as_deref(), Some("ind"));
        assert_eq!(draft.variables[0].categories[0].code, "1");
        assert_eq!(found.origin.identifier.as_deref(), Some("MAR_1"));
        let told: Vec<_> = found.unfit.iter().map(|p| p.field.as_str()).collect();
        for place in [
            "study_desc.title_statement.sub_title",
            "study_desc.data_access.dataset_use.contact[0].name",
            "variables[0].var_catgry[0].stats[0].value",
        ] {
            assert!(told.contains(&place), "{place} is not in {told:?}");
        }
        assert!(!found.unfit.iter().any(|p| p.value.contains("Ann")), "{:?}", found.unfit);
    }

    #[test]
    fn modes_are_read_by_the_codes_and_abbreviations_of_editors_and_what_they_say_more_is_told() {
        let modes = json!(["Computer Assisted Personal Interview [capi]", "Internet [int]", "Entretien CATI, hors Sud", "Telephone [tel]"]);
        let study = json!({ "idno": "x", "title": "T", "study_desc": { "method": { "data_collection": { "coll_mode": modes } } } });
        let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
        let methodology = found.draft.methodology.as_ref().expect("methodology");
        assert_eq!(methodology.collection_modes, [CollectionMode::Capi, CollectionMode::Cawi, CollectionMode::Cati]);
        let told: Vec<_> = found.unfit.iter().map(|line| line.value.as_str()).collect();
        assert_eq!(told, ["Entretien CATI, hors Sud", "Telephone [tel]", "HOUSEHOLD_SURVEY_MODULE"]);
    }

    #[test]
    fn a_country_code_that_stands_alone_is_kept_in_words() {
        let study = json!({ "idno": "x", "title": "T", "": "A", "study_desc": { "study_info": { "nation": [{ "name": "", "abbreviation": "XKX" }] } } });
        let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
        assert_eq!(found.draft.coverage.area_note.words(None, None), Some("XKX"));
        let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        assert!(told.contains(&("study_desc.study_info.nation[0].abbreviation", "XKX")), "{told:?}");
        assert!(told.contains(&("", "A")), "what stands under no name is named and is no country: {told:?}");
    }

    #[test]
    fn ranges_that_one_period_does_not_say_are_told_and_stand_in_its_note() {
        let study = json!({ "idno": "x", "title": "T", "study_desc": { "study_info": {
            "coll_dates": [{ "start": "2018-01", "end": "2018-06" }, { "start": 2020 }, { "start": "98" }],
            "time_periods": [{ "start": "2014", "end": "2014" }, { "start": "2014", "end": "2014", "cycle": "C1" }] } } });
        let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
        let period = found.draft.coverage.collection_period.as_ref().expect("a period");
        assert_eq!((period.edtf().as_str(), period.note.words(None, None)), ("2018-01/2018-06", Some("98\n\n2020/")));
        assert_eq!(
            found.draft.coverage.period.as_ref().map(|period| (period.edtf(), period.note.is_empty())),
            Some(("2014/2014".into(), true))
        );
        let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        let wanted = [
            ("study_desc.study_info.coll_dates[2].start", "98"),
            ("study_desc.study_info.coll_dates[1]", "2020"),
            ("study_desc.study_info.time_periods[1].cycle", "C1"),
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn files_without_a_variable_addresses_that_are_none_and_distributors_are_not_lost() {
        let study = json!({ "idno": "x", "title": "T", "study_desc": {
            "distribution_statement": { "distributors": [{ "name": "Office" }] },
            "data_access": { "dataset_availability": { "access_place_url": "www.hcp.ma/microdata" } } },
            "data_files": [{ "file_id": "F1", "file_name": "ind" }, { "file_id": "F2", "file_name": "men" }],
            "variables": [{ "name": "sex", "file_id": "F1" }, { "name": "age", "file_id": "F3" }] });
        let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
        let files: Vec<_> = found.draft.variables.iter().map(|variable| variable.file.as_deref()).collect();
        assert_eq!(files, [Some("ind"), None]);
        let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        for line in [
            ("data_files[1].file_name", "men"),
            ("variables[1].file_id", "F3"),
            ("study_desc.data_access.dataset_availability.access_place_url", "www.hcp.ma/microdata"),
        ] {
            assert!(told.contains(&line), "{line:?} is not in {told:?}");
        }
        assert!(!told.iter().any(|(place, _)| place.contains("data_files[0]")), "{told:?}");
        assert_eq!((found.draft.holdings.len(), found.origin.holders.len()), (1, 1));
    }

    #[test]
    fn who_wrote_the_description_is_not_named_and_zeros_of_a_date_are_told() {
        let study = json!({ "idno": "x", "title": "T", "doc_desc": { "producers": [{ "name": "Abeba Tsegaye Haile", "abbr": "ATH", "role": "Doc" }] },
            "study_desc": { "study_info": { "time_periods": [{ "start": "1850-00-00", "end": "1851" }] } } });
        let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
        let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
        let wanted = [
            ("doc_desc.producers[0].name", ""),
            ("doc_desc.producers[0].abbr", ""),
            ("study_desc.study_info.time_periods[0].start", "1850-00-00"),
            ("doc_desc.producers[0].role", "Doc"),
        ];
        assert_eq!(told, wanted);
        assert_eq!(found.draft.coverage.period.as_ref().map(|period| period.edtf()).as_deref(), Some("1850/1851"));
    }

    #[test]
    fn what_is_not_required_is_no_condition() {
        let of = |required: &str| {
            let used = json!({ "conf_dec": [{ "txt": "Aucun engagement", "required": required }] });
            let study = json!({ "idno": "x", "title": "T", "study_desc": { "data_access": { "dataset_use": used } } });
            let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
            let terms = found.draft.holdings.first().map(|holding| holding.access_terms.conditions.clone()).unwrap_or_default();
            let is_told = found.unfit.iter().any(|line| line.field == "study_desc.data_access.dataset_use.conf_dec[0].txt");
            (terms.iter().any(|(_, wording)| wording.text.contains("engagement")), is_told)
        };
        assert_eq!([of("yes"), of("no"), of("No")], [(true, false), (false, true), (false, true)]);
    }

    #[test]
    fn answers_lists_and_other_files() {
        let rows = json!({ "result": { "rows": [{ "idno": "A", "title": "T", "nation": "Morocco", "year_start": "2014", "year_end": "2014", "url": "https://x.org/1" }, 7] } });
        let reading = read(rows.to_string().as_bytes(), &concepts());
        assert_eq!((reading.found.len(), reading.problems.len()), (1, 1));
        assert_eq!(reading.found[0].draft.coverage.reporting_areas, ["MA"]);
        assert_eq!(reading.found[0].origin.address.as_deref(), Some("https://x.org/1"));
        for wrong in ["", "[]", "{}", "7", "{\"a\":", "null", &"[".repeat(100_000)] {
            let reading = read(wrong.as_bytes(), &concepts());
            assert!(reading.found.is_empty() && reading.problems.len() == 1, "{wrong:.20}: {:?}", reading.problems);
        }
    }

    #[test]
    fn what_comes_in_comes_in_where_the_page_says() {
        use crate::interop::ddi::residue;
        use crate::interop::xml_text::rows::{has, rows};
        for row in rows(include_str!("../../../docs/interop/nada.md"), "place") {
            let mut value = json!(row[1]);
            for step in row[0].rsplit('.') {
                let (name, in_list) = step.strip_suffix("[0]").map_or((step, false), |name| (name, true));
                value = if in_list { json!({ name: [value] }) } else { json!({ name: value }) };
            }
            let study = if value.get("study_desc").is_some() { value } else { json!({ "title": "T", "variables": value["variables"] }) };
            let found = read(study.to_string().as_bytes(), &concepts()).found.remove(0);
            let record = residue::value_of(&found.draft);
            assert!(has(&record, row[2]), "{row:?}: {record}");
            assert!(!found.unfit.iter().any(|problem| problem.remedy.contains("no field")), "{row:?}: {:?}", found.unfit);
        }
    }
}
