//! Numbers of packages by what they have in common: the facets of a search.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::interop::ckan::{format_names, licence_id, tag_names};
use crate::service::{Error, Record};
use crate::web::server::State;

/// The field that counts by producers and holders, which the index can do.
pub const ORGANIZATION: &str = "organization";
/// Fields that can be counted by.
pub const FIELDS: [&str; 5] = [ORGANIZATION, "tags", "groups", "res_format", "license_id"];

/// Numbers of packages by value, for each field that is counted by.
#[derive(Default)]
pub struct Counts {
    by_field: Vec<(&'static str, HashMap<String, u64>)>,
}

impl Counts {
    /// None yet, for these fields.
    pub fn of(wanted: &[String]) -> Self {
        let known = FIELDS.into_iter().filter(|field| wanted.iter().any(|wanted| wanted == field));
        Self { by_field: known.map(|field| (field, HashMap::new())).collect() }
    }

    /// Whether records have to be looked at; `organization` alone is answered by the index.
    pub fn needs_records(&self) -> bool {
        self.by_field.iter().any(|(field, _)| !matches!(*field, ORGANIZATION | "groups"))
    }

    /// Whether anything is counted.
    pub fn is_empty(&self) -> bool {
        self.by_field.is_empty()
    }

    /// Whether a field is counted.
    pub fn has(&self, field: &str) -> bool {
        self.by_field.iter().any(|(own, _)| *own == field)
    }

    /// Counts a record, as its reader sees it.
    pub fn add(&mut self, record: &Record) {
        for (field, numbers) in &mut self.by_field {
            values(field, record).into_iter().for_each(|value| *numbers.entry(value).or_default() += 1);
        }
    }

    /// Takes the numbers of a field as the index has them.
    pub fn set(&mut self, field: &str, counted: Vec<(String, u64)>) {
        if let Some((_, numbers)) = self.by_field.iter_mut().find(|(own, _)| *own == field) {
            *numbers = counted.into_iter().collect();
        }
    }

    /// As CKAN tells them, the most frequent first: the numbers alone, and with names. Values of fewer packages than the least are left out, and
    /// those behind the first so many.
    ///
    /// # Errors
    /// The database is unavailable.
    pub fn told(self, state: &State, wanted: &[String], (least, most): (usize, usize)) -> Result<(Value, Value), Error> {
        let mut found: HashMap<&str, HashMap<String, u64>> = self.by_field.into_iter().collect();
        let (mut counts, mut facets) = (Map::new(), Map::new());
        for field in wanted {
            let mut values: Vec<(String, u64)> = found.remove(field.as_str()).unwrap_or_default().into_iter().collect();
            values.retain(|(_, count)| usize::try_from(*count).is_ok_and(|count| count >= least));
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            values.truncate(most);
            let (numbers, items) = if field == ORGANIZATION { organizations(state, values)? } else { plain(values) };
            counts.insert(field.clone(), Value::Object(numbers));
            facets.insert(field.clone(), json!({ "title": field, "items": items }));
        }
        Ok((Value::Object(counts), Value::Object(facets)))
    }
}

fn plain(values: Vec<(String, u64)>) -> (Map<String, Value>, Vec<Value>) {
    let items = values.iter().map(|(value, count)| json!({ "name": value, "display_name": value, "count": count })).collect();
    (values.into_iter().map(|(value, count)| (value, json!(count))).collect(), items)
}

fn organizations(state: &State, values: Vec<(String, u64)>) -> Result<(Map<String, Value>, Vec<Value>), Error> {
    let slugs: Vec<String> = values.iter().map(|(slug, _)| slug.clone()).collect();
    let known = state.catalogue.institutions_by_slug(&slugs)?;
    let (mut numbers, mut items) = (Map::new(), Vec::new());
    for (slug, count) in values {
        let Some(record) = known.get(&slug) else { continue };
        let name = record.institution.names.words(None, None).unwrap_or(&slug);
        items.push(json!({ "name": slug, "display_name": name, "count": count }));
        numbers.insert(slug, json!(count));
    }
    Ok((numbers, items))
}

/// What a record has of a field, each value once.
fn values(field: &str, record: &Record) -> Vec<String> {
    let dataset = &record.dataset;
    let mut values = match field {
        ORGANIZATION => {
            let holders = dataset.holdings.iter().map(|holding| &holding.institution);
            dataset.producer.iter().chain(holders).map(ToString::to_string).collect()
        }
        "tags" => tag_names(dataset),
        "res_format" => format_names(dataset),
        "license_id" => vec![licence_id(dataset).to_owned()],
        // There are none.
        _ => Vec::new(),
    };
    values.sort_unstable();
    values.dedup();
    values
}
