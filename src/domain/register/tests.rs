use super::*;
use crate::domain::concept::Concepts;
use crate::domain::policy::Action;
use crate::domain::vocabulary::{GridDimension, Vocabulary};

fn concepts() -> Concepts {
    Concepts::load(&[]).expect("lists")
}

fn cell(theme: Option<&str>, area: Option<&str>, years: Option<(i32, i32)>, breakdowns: &[&str]) -> Cell {
    Cell {
        theme: theme.map(str::to_owned),
        area: area.map(str::to_owned),
        from_year: years.map(|years| years.0),
        to_year: years.map(|years| years.1),
        breakdowns: breakdowns.iter().map(|code| (*code).to_owned()).collect(),
        ..Cell::default()
    }
}

const THEME: GridDimension = GridDimension::Theme;
const GROUP: GridDimension = GridDimension::ThemeGroup;
const AREA: GridDimension = GridDimension::ReportingArea;
const YEAR: GridDimension = GridDimension::Year;

#[test]
fn a_statement_holds_for_what_lies_inside_it_and_for_nothing_wider() {
    let concepts = concepts();
    let national = cell(Some("MT-0701"), Some("MA"), None, &[]);
    assert!(national.covers(None, &[(THEME, "MT-0701"), (AREA, "MA-09")], &concepts));
    assert!(national.covers(None, &[(THEME, "MT-0701"), (AREA, "MA")], &concepts));
    assert!(!national.covers(None, &[(THEME, "MT-0701")], &concepts), "the total of the row is wider than the country");
    assert!(!national.covers(None, &[(THEME, "MT-0701"), (AREA, "TN")], &concepts));
    let group = concepts.scheme(crate::domain::vocabulary::ConceptScheme::Themes).ancestors("MT-0701").next().expect("a group").to_owned();
    assert!(!national.covers(None, &[(GROUP, &group), (AREA, "MA")], &concepts), "one topic of a group says nothing of the others");
    assert!(cell(Some(&group), Some("MA"), None, &[]).covers(None, &[(THEME, "MT-0701"), (AREA, "MA")], &concepts));
    let by_source = [(THEME, "MT-0701"), (AREA, "MA"), (GridDimension::SourceType, "CENSUS")];
    assert!(!national.covers(None, &by_source, &concepts), "nobody has said it of this type of source");
    let of_police = [(THEME, "MT-0701"), (AREA, "MA-09"), (GridDimension::Institution, "police")];
    assert!(national.covers(Some("police"), &of_police, &concepts), "it said so of itself");
    assert!(!national.covers(Some("office"), &of_police, &concepts), "another said so");
}

#[test]
fn years_and_breakdowns_narrow_a_statement() {
    let concepts = concepts();
    let some_years = cell(None, Some("MA"), Some((2015, 2017)), &[]);
    assert!(some_years.covers(None, &[(AREA, "MA"), (YEAR, "2016")], &concepts));
    for year in ["2014", "2018", "x"] {
        assert!(!some_years.covers(None, &[(AREA, "MA"), (YEAR, year)], &concepts), "{year}");
    }
    assert!(!some_years.covers(None, &[(AREA, "MA")], &concepts), "other years are not spoken of");
    let by_sex = cell(None, Some("MA"), None, &["sex"]);
    assert!(!by_sex.covers(None, &[(AREA, "MA")], &concepts));
    assert!(by_sex.covers(None, &[(AREA, "MA"), (GridDimension::Disaggregation, "sex")], &concepts));
}

#[test]
fn a_request_is_seen_in_what_it_lies_in_and_in_its_parts() {
    let concepts = concepts();
    let asked = cell(Some("MT-0701"), Some("MA-09"), Some((2019, 2024)), &["sex"]);
    for bounds in [vec![(THEME, "MT-0701"), (AREA, "MA-09")], vec![(AREA, "MA"), (YEAR, "2020")], vec![]] {
        assert!(asked.touches(&bounds, &concepts), "{bounds:?}");
    }
    for bounds in [vec![(THEME, "MT-0702")], vec![(AREA, "MA-01")], vec![(YEAR, "2018")], vec![(GridDimension::SourceType, "CENSUS")]] {
        assert!(!asked.touches(&bounds, &concepts), "{bounds:?}");
    }
}

#[test]
fn a_record_meets_a_request_by_topic_place_and_years() {
    let record = |start: &str, end: &str| -> crate::domain::dataset::Dataset {
        serde_json::from_value(serde_json::json!({
            "slug": "one", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "NONE",
            "certainty": "DOCUMENTED", "titles": {}, "themes": ["MT-0701"], "methodology": { "sourceType": "CENSUS" },
            "coverage": { "reportingAreas": ["MA"], "period": { "start": start, "end": end } }
        }))
        .expect("a record")
    };
    let concepts = concepts();
    let asked = |theme, area| cell(Some(theme), Some(area), Some((2019, 2024)), &[]);
    for (start, end, meets) in [("2014", "2014", false), ("2014", "2019", true), ("2024", "..", true), ("2025", "2026", false)] {
        assert_eq!(asked("MT-0701", "MA-09").is_met_by(&record(start, end), &concepts), meets, "{start} to {end}");
    }
    let recent = record("2020", "2021");
    assert!(!asked("MT-0702", "MA-09").is_met_by(&recent, &concepts), "another topic");
    assert!(!asked("MT-0701", "TN").is_met_by(&recent, &concepts), "another country");
}

#[test]
fn every_state_of_a_kind_is_reached_and_the_table_names_no_command_twice_for_a_state() {
    for kind in RegisterKind::ALL {
        let table = moves(*kind);
        for state in RegisterState::ALL {
            for command in RegisterCommand::ALL {
                let found = table.iter().filter(|row| row.command == *command && row.from.contains(state)).count();
                assert!(found <= 1, "{kind:?} {command:?} in {state:?}");
            }
        }
        assert!(table.iter().all(|row| !row.from.contains(&RegisterState::Withdrawn)), "what is withdrawn stays so");
        let begins: &[RegisterState] = match kind {
            RegisterKind::DataRequest => &[RegisterState::Open],
            RegisterKind::NotCollected | RegisterKind::FocalPoint => &[RegisterState::Validated],
            // A decision is one or the other, and is turned.
            RegisterKind::Overlap => &[RegisterState::Confirmed, RegisterState::Rejected],
            // Consent of all makes it agreed.
            RegisterKind::ComparabilityNote | RegisterKind::DiscrepancyNote => &[RegisterState::Proposed, RegisterState::Agreed],
            _ => &[RegisterState::Draft],
        };
        for from in table.iter().flat_map(|row| row.from) {
            assert!(begins.contains(from) || table.iter().any(|row| row.to == Some(*from)), "{kind:?} never comes to {from:?}");
        }
    }
}

#[test]
fn what_an_entry_has_depends_on_its_kind() {
    let problems = field_problems(RegisterKind::Challenge, &["title", "verdict"], true);
    let named: Vec<(&str, bool)> = problems.iter().map(|p| (p.field.as_str(), p.remedy.contains("needed"))).collect();
    assert_eq!(named, [("verdict", false), ("text", true)]);
    assert!(field_problems(RegisterKind::DataRequest, &["cell", "text"], true).is_empty());
    assert!(field_problems(RegisterKind::DataRequest, &["until"], false).is_empty());
}

/// A step that led to a state, on a day of the year 1970.
fn stepped(command: Option<RegisterCommand>, state: RegisterState, day: i64) -> Step {
    let function = "Director".to_owned();
    Step { command, state, institution: None, function, note: None, at: day * 86_400_000 }
}

#[test]
fn a_look_back_knows_the_words_of_now_and_what_was_done_by_then() {
    use RegisterCommand as C;
    use RegisterState as S;
    let at = |day: i64| day * 86_400_000;
    let state = |entry: &Entry, by: i64| entry.known_of(at(100), at(by)).map(|stood| stood.entry.state);
    let mut need = Entry::blank(RegisterKind::CapacityNeed, S::Closed, None);
    need.steps = vec![stepped(None, S::Draft, 10), stepped(Some(C::Validate), S::Validated, 20), stepped(Some(C::Close), S::Closed, 30)];
    for (by, expected) in [(5, S::Validated), (15, S::Validated), (25, S::Validated), (30, S::Closed), (100, S::Closed)] {
        assert_eq!(state(&need, by), Some(expected), "closed on day 30, seen from day {by}");
    }
    assert_eq!(need.known_of(at(5), at(5)), None, "it was not known");
    let mut request = Entry::blank(RegisterKind::DataRequest, S::Fulfilled, None);
    request.steps = vec![stepped(None, S::Open, 10), stepped(Some(C::Fulfil), S::Fulfilled, 40)];
    assert_eq!((state(&request, 20), state(&request, 50)), (Some(S::Open), Some(S::Fulfilled)));
    let mut gone = need.clone();
    gone.state = S::Withdrawn;
    gone.steps.push(stepped(Some(C::Withdraw), S::Withdrawn, 50));
    assert_eq!(state(&gone, 25), Some(S::Withdrawn), "what is known to be withdrawn does not come back");
    let mut note = Entry::blank(RegisterKind::ComparabilityNote, S::Agreed, None);
    note.steps = vec![stepped(None, S::Proposed, 10), stepped(Some(C::Agree), S::Agreed, 30)];
    assert_eq!((state(&note, 20), state(&note, 30)), (None, Some(S::Agreed)), "nobody had agreed");
    note.on = PartialDate::parse("1970-01-05").ok();
    assert_eq!(state(&note, 20), Some(S::Agreed), "the institutions date it themselves");
}

#[test]
fn what_was_agreed_stands_until_all_have_agreed_to_another_wording() {
    use RegisterCommand as C;
    use RegisterState as S;
    let at = |day: i64| day * 86_400_000;
    let mut note = Entry::blank(RegisterKind::ComparabilityNote, S::Proposed, None);
    note.verdict = Some(ComparabilityVerdict::Comparable);
    note.steps = vec![stepped(None, S::Proposed, 10), stepped(Some(C::Agree), S::Agreed, 20), stepped(Some(C::Update), S::Proposed, 30)];
    let nso = Slug::parse("nso").expect("a short name");
    let first = Entry { state: S::Agreed, verdict: Some(ComparabilityVerdict::WithCaution), agreed_by: vec![nso.clone()], ..note.clone() };
    note.keep_earlier(&first, at(30));
    let stood = |note: &Entry, day: i64| note.as_of(at(day)).map(|stood| (stood.entry.state, stood.entry.verdict, stood.is_rewritten));
    let caution = Some((S::Agreed, Some(ComparabilityVerdict::WithCaution), false));
    for day in [25, 30, 35] {
        assert_eq!(stood(&note, day), caution, "on day {day}");
    }
    assert_eq!(note.known_of(at(15), at(15)).map(|stood| stood.entry.state), Some(S::Proposed));
    let standing = note.standing().expect("what was agreed");
    assert_eq!((standing.steps.len(), standing.agreed_by), (2, vec![nso]), "of the proposal nothing is told");
    // Agreed to by all: from then on, and in looks back, it is the other wording.
    (note.state, note.steps) = (S::Agreed, [note.steps.clone(), vec![stepped(Some(C::Agree), S::Agreed, 40)]].concat());
    assert_eq!((note.standing(), stood(&note, 35)), (None, caution));
    let comparable = Some(ComparabilityVerdict::Comparable);
    assert_eq!(stood(&note, 45), Some((S::Agreed, comparable, false)));
    assert_eq!(note.known_of(at(45), at(25)).map(|stood| stood.entry.verdict), Some(comparable));
    assert_eq!(note.known_of(at(45), at(15)), None, "nobody had agreed on anything");
}

#[test]
fn what_stands_is_withdrawn_by_who_may_withdraw_it_also_while_something_else_waits() {
    use RegisterState as S;
    let who = |entry: &Entry| row_of(entry, RegisterCommand::Withdraw).map(|row| (row.who, row.action));
    let waiting = |kind: RegisterKind, waits: S, stands: S| {
        let mut entry = Entry::blank(kind, waits, None);
        entry.keep_earlier(&Entry { state: stands, ..entry.clone() }, 20);
        entry
    };
    let never = Entry::blank(RegisterKind::Challenge, S::Draft, None);
    assert_eq!(who(&never), Some((Who::OwnOrAuthor, Action::RegisterValidate)));
    assert_eq!(who(&waiting(RegisterKind::Challenge, S::Draft, S::Validated)), Some((Who::Own, Action::RegisterValidate)));
    let proposed = Entry::blank(RegisterKind::DiscrepancyNote, S::Proposed, None);
    assert_eq!(who(&proposed), Some((Who::ProducerOrCoordinator, Action::RegisterWrite)));
    assert_eq!(who(&waiting(RegisterKind::DiscrepancyNote, S::Proposed, S::Agreed)), Some((Who::Producer, Action::RegisterValidate)));
    let corrected = waiting(RegisterKind::Challenge, S::Draft, S::Validated);
    assert_eq!(row_of(&corrected, RegisterCommand::Update).map(|row| row.who), Some(Who::OwnOrAuthor), "only what ends it asks for more");
}

#[test]
fn an_offer_to_oneself_is_none_of_others() {
    let slug = |text: &str| Slug::parse(text).expect("a short name");
    let offer = |text: &str| Offer {
        institution: slug(text),
        text: String::new(),
        state: OfferState::Accepted,
        is_validated: true,
        at: 0,
        accepted_at: None,
    };
    let mut need = Entry::blank(RegisterKind::CapacityNeed, RegisterState::Validated, Some(slug("nso")));
    need.offers = vec![offer("nso"), offer("police")];
    assert_eq!(need.offers_of_others().map(|offer| offer.institution.as_str()).collect::<Vec<_>>(), ["police"]);
    need.institution = None;
    assert_eq!(need.offers_of_others().count(), 2, "a need of the coordination is nobody's own");
}

#[test]
fn wrong_values_are_named_one_by_one() {
    let mut entry = Entry::blank(RegisterKind::FocalPoint, RegisterState::Validated, None);
    entry.themes = vec!["MT-0701".to_owned(), "nothing".to_owned()];
    entry.mailbox = Some("no address".to_owned());
    entry.cell = Some(cell(None, Some("XX-XX"), Some((2020, 2010)), &[]));
    let fields: Vec<String> = entry.problems(&concepts()).into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["mailbox", "themes[1]", "cell.area", "cell.toYear"]);
}

#[test]
fn origins_and_destinations_can_be_asked_for_and_spoken_of() {
    let concepts = concepts();
    let (origin, destination) = (GridDimension::Origin, GridDimension::Destination);
    let from_africa = Cell { origin: Some("M49-002".to_owned()), ..cell(Some("MT-0701"), None, None, &[]) };
    assert!(from_africa.covers(None, &[(THEME, "MT-0701"), (origin, "SN")], &concepts), "Senegal lies in Africa");
    assert!(!from_africa.covers(None, &[(THEME, "MT-0701"), (origin, "FR")], &concepts));
    assert!(!from_africa.covers(None, &[(THEME, "MT-0701")], &concepts), "other origins are not spoken of");
    assert!(cell(Some("MT-0701"), None, None, &[]).covers(None, &[(THEME, "MT-0701"), (destination, "FR")], &concepts));
    assert!(from_africa.touches(&[(origin, "SN")], &concepts) && !from_africa.touches(&[(origin, "FR")], &concepts));
    let record = |origins: &[&str]| -> crate::domain::dataset::Dataset {
        serde_json::from_value(serde_json::json!({
            "slug": "returns", "recordKind": "STATISTICAL_OPERATION", "status": "PUBLISHED", "visibility": "PUBLIC", "riskClass": "NONE",
            "certainty": "DOCUMENTED", "titles": { "en": { "text": "Returns", "status": "OFFICIAL" } }, "themes": ["MT-0701"],
            "methodology": { "sourceType": "CENSUS" }, "coverage": { "reportingAreas": ["MA"], "origins": origins }
        }))
        .expect("a record")
    };
    for (origins, is_met) in [(&["SN"][..], true), (&["FR"], false), (&[], true), (&["ANY"], true)] {
        assert_eq!(from_africa.is_met_by(&record(origins), &concepts), is_met, "{origins:?}");
    }
}
