//! The holder of data that come from another system, until an institution of the registry is matched with its name.

use crate::domain::dataset::Dataset;
use crate::domain::holding::{AccessTerms, Holding};
use crate::domain::ids::Slug;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, HoldingRole, RequestChannel, StatementBasis};

/// Stands for the institution of a holding in a draft that was read, until whoever knows the catalogue puts the institution there.
/// No institution of the registry may have this slug.
pub const NOT_YET_KNOWN: &str = "not-yet-known";

/// [`NOT_YET_KNOWN`] as a slug.
#[expect(clippy::expect_used, reason = "the constant is a slug; a test reads it")]
pub fn not_yet_known() -> Slug {
    Slug::parse(NOT_YET_KNOWN).expect("a slug")
}

/// Terms of which nothing is documented.
pub fn unknown_terms() -> AccessTerms {
    AccessTerms {
        aggregates: AccessLevel::Unknown,
        aggregates_basis: StatementBasis::Assumed,
        microdata: AccessLevel::Unknown,
        microdata_basis: StatementBasis::Assumed,
        licence: None,
        conditions: MultilingualText::default(),
        legal_basis: None,
        data_protection_reference: None,
        decided_by: MultilingualText::default(),
        channel: RequestChannel::Unknown,
        channel_url: None,
        fee: MultilingualText::default(),
        expected_days: None,
        embargo_until: None,
        disclosure_control: MultilingualText::default(),
    }
}

/// The holdings whose terms are those of a record's files: those that give files, or all where none does.
fn of_files(record: &Dataset) -> Vec<&Holding> {
    let giving: Vec<&Holding> = record.holdings.iter().filter(|holding| !holding.distributions.is_empty()).collect();
    if giving.is_empty() { record.holdings.iter().collect() } else { giving }
}

/// What all holdings say whose terms are those of a record's files; nothing where they differ, or one says nothing: what one holder grants is not
/// granted of the data of another.
pub fn agreed<'r, T: PartialEq>(record: &'r Dataset, say: impl Fn(&'r AccessTerms) -> Option<T>) -> Option<T> {
    let mut said = of_files(record).into_iter().map(|holding| say(&holding.access_terms));
    let first = said.next()??;
    said.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// The licence that stands for a record as a whole.
pub fn licence_of_all(record: &Dataset) -> Option<&str> {
    agreed(record, |terms| terms.licence.as_deref())
}

/// Who gives the data out, else who holds them, else the producer.
pub fn giver(record: &Dataset) -> Option<&Slug> {
    let in_role = |role: HoldingRole| record.holdings.iter().find(|holding| holding.role == role).map(|holding| &holding.institution);
    in_role(HoldingRole::Disseminator)
        .or_else(|| in_role(HoldingRole::Holder))
        .or(record.producer.as_ref())
        .or_else(|| in_role(HoldingRole::Producer))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::vocabulary::{ExportFormat, LossEffect, RecordKind};
    use crate::interop::dcat::tests::demo::{demo, files, with_outgoing};
    use crate::interop::{ckan, data_json, formats, schema_org};

    const CC0: &str = "https://creativecommons.org/publicdomain/zero/1.0/";

    /// What one record of two holders with a file each says in each format: the producer keeps microdata, another gives tables out.
    fn written(change: impl FnOnce(&mut Dataset)) -> (Value, Value, Value, Vec<String>) {
        let mut demo = demo();
        let mut record = demo.datasets.swap_remove(0);
        record.holdings.truncate(1);
        record.producer = Some(record.holdings[0].institution.clone());
        let [mut micro, mut tables] = [record.holdings[0].clone(), record.holdings[0].clone()];
        (micro.role, micro.access_terms) = (HoldingRole::Producer, AccessTerms { microdata: AccessLevel::Secure, ..unknown_terms() });
        tables.institution = Slug::parse("another-office").expect("a slug");
        (tables.role, tables.access_terms) = (HoldingRole::Disseminator, AccessTerms { aggregates: AccessLevel::Open, ..unknown_terms() });
        tables.access_terms.licence = Some(CC0.to_owned());
        micro.distributions = vec![files().swap_remove(1)];
        tables.distributions = vec![files().swap_remove(0)];
        record.holdings = vec![micro, tables];
        change(&mut record);
        demo.datasets = vec![record];
        with_outgoing(&demo, "https://data.example.ma", |records, _| {
            let lost = formats::losses(&records[0], ExportFormat::DataJson).into_iter();
            let lost = lost.filter(|loss| loss.effect == LossEffect::NotCarried).map(|loss| loss.field).collect();
            let read = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).expect("JSON");
            let page = read(schema_org::write(&records[0], &MultilingualText::default()).expect("written"));
            (ckan::package(&records[0]), read(data_json::write_one(&records[0]).expect("written")), page, lost)
        })
    }

    #[test]
    fn the_licence_of_one_holder_is_not_put_on_the_files_of_another() {
        let (package, entry, page, lost) = written(|_| {});
        assert_eq!((&package["license_url"], &package["license_id"]), (&Value::Null, &json!("notspecified")));
        assert_eq!((&package["resources"][0]["license"], &package["resources"][1]["license"]), (&Value::Null, &json!(CC0)));
        assert_eq!(entry.get("license"), None);
        assert!(lost.iter().any(|field| field == "holdings.accessTerms.licence"), "{lost:?}");
        assert_eq!((page.get("license"), page.get("isAccessibleForFree")), (None, None));
        assert_eq!((page["distribution"][0].get("license"), &page["distribution"][1]["license"]), (None, &json!(CC0)));
        let publisher = page["publisher"]["@id"].as_str().expect("an address");
        assert!(publisher.ends_with("/institution/another-office"), "who gives the data out: {publisher}");
    }

    #[test]
    fn formats_with_one_list_of_rights_have_the_licence_of_all_or_none() {
        for format in [ExportFormat::DataCite, ExportFormat::DublinCore] {
            for is_of_all in [false, true] {
                let mut demo = demo();
                let mut record = demo.datasets.swap_remove(0);
                record.holdings.truncate(1);
                let mut other = record.holdings[0].clone();
                other.institution = Slug::parse("another-office").expect("a slug");
                other.access_terms.licence = Some(CC0.to_owned());
                record.holdings[0].access_terms.licence = is_of_all.then(|| CC0.to_owned());
                record.holdings.push(other);
                record.holdings.iter_mut().for_each(|holding| holding.distributions.clear());
                demo.datasets = vec![record];
                with_outgoing(&demo, "https://data.example.ma", |records, _| {
                    let losses = formats::losses(&records[0], format);
                    let is_lost =
                        losses.iter().any(|loss| loss.field == "holdings.accessTerms.licence" && loss.effect == LossEffect::NotCarried);
                    let found = formats::read_again(&records[0], format).found.remove(0);
                    let is_told = format!("{:?} {:?}", found.draft, found.unfit).contains(CC0);
                    assert_eq!((is_lost, is_told), (!is_of_all, is_of_all), "{format:?}: {losses:?}");
                });
            }
        }
    }

    #[test]
    fn what_one_holder_gives_freely_is_not_called_public_where_another_does_not() {
        let levels = |producer: AccessLevel, other: AccessLevel| {
            let (_, entry, ..) = written(|record| {
                record.record_kind = RecordKind::StatisticalOperation;
                record.holdings[0].access_terms.aggregates = producer;
                record.holdings[1].access_terms.aggregates = other;
            });
            (entry["accessLevel"].as_str().unwrap_or_default().to_owned(), entry["rights"].as_str().map(str::to_owned))
        };
        use AccessLevel::{NotApplicable, NotShared, Open, Puf, Registered, Unknown};
        for (producer, other, wanted, differs) in [
            (Open, Puf, "public", false),
            (Open, NotApplicable, "public", false),
            (NotShared, Open, "restricted public", true),
            (Unknown, Open, "restricted public", true),
            (Registered, NotShared, "restricted public", true),
            (NotShared, NotShared, "non-public", false),
            (Unknown, Unknown, "non-public", false),
        ] {
            let (level, rights) = levels(producer, other);
            assert_eq!(level, wanted, "{producer:?} {other:?}");
            let names_both = rights.as_deref().is_some_and(|text| text.contains("another-office: "));
            assert!(names_both == differs && rights.iter().all(|text| text.chars().count() <= 255), "{producer:?} {other:?}: {rights:?}");
        }
    }

    #[test]
    fn a_licence_of_all_files_stands_for_the_record() {
        // A holder that gives no files has no say.
        let (package, entry, page, _) = written(|record| record.holdings[0].distributions.clear());
        assert_eq!((&package["license_url"], &entry["license"], &page["license"]), (&json!(CC0), &json!(CC0), &json!(CC0)));
        assert_eq!(page["isAccessibleForFree"], json!(true));
    }

    #[test]
    fn the_stand_in_is_a_slug_and_claims_nothing() {
        assert_eq!(not_yet_known().as_str(), NOT_YET_KNOWN);
        assert_eq!(unknown_terms().aggregates, AccessLevel::Unknown);
    }
}
