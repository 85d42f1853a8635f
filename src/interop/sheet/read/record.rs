//! Rows put together to records.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::super::grid::join_columns;
use super::super::layout::{KEYWORDS, SHEETS};
use super::head::Known;
use super::row::{Said, at, at_mut, set};
use crate::domain::draft::DatasetDraft;
use crate::domain::holding::Holding;
use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::HoldingRole;
use crate::interop::dcat::{Source, official, undetermined};
use crate::interop::exchange::{Found, Origin};
use crate::interop::holder::{not_yet_known, unknown_terms};

/// A row of a list, with what other rows may say to belong to it.
struct Item {
    own: Value,
    number: Option<String>,
    joins: Vec<String>,
}

/// A record so far.
struct Record {
    key: String,
    place: String,
    own: Value,
    producer: Option<String>,
    lists: HashMap<&'static str, Vec<Item>>,
    /// Places of the cells of its own row, and of the first row of each list, by key.
    places: BTreeMap<&'static str, String>,
    unfit: Vec<Problem>,
    named: Vec<(Slug, String)>,
}

/// All records of the files.
pub struct Records {
    records: Vec<Record>,
    by_key: HashMap<String, usize>,
    has_datasets: bool,
}

impl Records {
    /// None yet. Without a sheet of datasets the other sheets make the records.
    pub fn new(has_datasets: bool) -> Self {
        Self { records: Vec::new(), by_key: HashMap::new(), has_datasets }
    }

    /// Adds what a row says.
    pub fn add(&mut self, table: &Known, row: Said, problems: &mut Vec<Problem>) {
        if table.sheet.list.is_empty() {
            self.begin(row);
            return;
        }
        let Some(at) = self.find(&row) else {
            let remedy = if row.dataset.is_empty() {
                "the row does not say to which dataset it belongs; write the short name of the dataset in its first column"
            } else {
                "no dataset of the file has this short name; correct it, or add the dataset"
            };
            let shown = if row.dataset.is_empty() { &row.shown } else { &row.dataset };
            problems.push(Problem::new(&row.place, shown, remedy));
            return;
        };
        if let Some(record) = self.records.get_mut(at) {
            record.extend(table, row);
        }
    }

    fn begin(&mut self, mut row: Said) {
        let key = row.joins.get("slug").cloned().unwrap_or_default();
        let producer = row.names.remove("producer");
        if !key.is_empty() {
            if self.by_key.contains_key(&key) {
                let remedy = "another row has this short name; rows of other sheets were put with the first: give each dataset its own";
                row.unfit.push(Problem::new(&row.place, &key, remedy));
            }
            self.by_key.entry(key.clone()).or_insert(self.records.len());
        }
        let Said { place, own, places, unfit, named, .. } = row;
        self.records.push(Record { key, place, own, producer, lists: HashMap::new(), places, unfit, named });
    }

    fn find(&mut self, row: &Said) -> Option<usize> {
        if row.dataset.is_empty() {
            return (self.records.len() == 1).then_some(0);
        }
        if let Some(at) = self.by_key.get(&row.dataset) {
            return Some(*at);
        }
        if self.has_datasets {
            return None;
        }
        let slug = Slug::parse(&row.dataset).ok()?;
        let at = self.records.len();
        self.by_key.insert(row.dataset.clone(), at);
        self.records.push(Record {
            key: row.dataset.clone(),
            place: row.place.clone(),
            own: json!({ "slug": slug }),
            producer: None,
            lists: HashMap::new(),
            places: BTreeMap::new(),
            unfit: Vec::new(),
            named: Vec::new(),
        });
        Some(at)
    }

    /// The records as drafts.
    pub fn finish(self, source: &Source<'_>, problems: &mut Vec<Problem>) -> Vec<Found> {
        self.records.into_iter().filter_map(|record| record.finish(source).map_err(|problem| problems.push(problem)).ok()).collect()
    }
}

impl Record {
    fn extend(&mut self, table: &Known, row: Said) {
        let sheet = table.sheet;
        let Said { place, mut own, several, number, joins, missing, shown, unfit, named, .. } = row;
        self.unfit.extend(unfit);
        self.named.extend(named);
        self.places.entry(sheet.list).or_insert_with(|| format!("{place} ({})", sheet.list));
        let (assumed, missing): (Vec<&str>, Vec<&str>) = missing.into_iter().partition(|key| *key == "holdings.role");
        if !missing.is_empty() {
            let remedy = format!("the row lacks {} and was left out; fill it in, or delete the row", missing.join(", "));
            self.unfit.push(Problem::new(place, shown, remedy));
            return;
        }
        match sheet.list {
            "holdings" => {
                own = holding(&own);
                if !assumed.is_empty() {
                    let remedy = "the row does not say the role of the institution; HOLDER was taken, which claims least: choose the role";
                    self.unfit.push(Problem::new(&place, &shown, remedy));
                }
            }
            "discrepancies" => set(&mut own, "values", json!([])),
            KEYWORDS if !several.is_empty() => {
                let (keywords, is_tied) = divided(&own, &several);
                if !is_tied {
                    let remedy = "holds several keywords, of which not as many stand in each language, so that nothing says which translate each other; each became a keyword of its own: give each a row, with its words in every language";
                    self.unfit.push(Problem::new(&place, &shown, remedy));
                }
                let items = keywords.into_iter().map(|own| Item { own, number: None, joins: Vec::new() });
                self.lists.entry(sheet.list).or_default().extend(items);
                return;
            }
            _ => {}
        }
        let Some(above) = sheet.above else {
            let joins =
                join_columns(sheet.list).into_iter().map(|path| joins.get(&*format!("{}.{path}", sheet.list)).cloned().unwrap_or_default());
            let item = Item { own, number, joins: joins.collect() };
            self.lists.entry(sheet.list).or_default().push(item);
            return;
        };
        let own_joins = join_columns(above).into_iter().map(|path| joins.get(&*format!("{above}.{path}")).cloned().unwrap_or_default());
        let below = Item { own, number, joins: own_joins.collect() };
        let items = self.lists.entry(above).or_default();
        let within = sheet.list.strip_prefix(above).unwrap_or(sheet.list).trim_start_matches('.');
        match parent(items, &below) {
            Ok(item) => {
                if at_mut(&mut item.own, within).is_none() {
                    set(&mut item.own, within, json!([]));
                }
                if let Some(Value::Array(list)) = at_mut(&mut item.own, within) {
                    list.push(below.own);
                }
            }
            Err(remedy) => self.unfit.push(Problem::new(place, shown, remedy)),
        }
    }

    fn finish(mut self, source: &Source<'_>) -> Result<Found, Problem> {
        for sheet in SHEETS.iter().filter(|sheet| sheet.above.is_none() && !sheet.list.is_empty()) {
            if let Some(items) = self.lists.remove(sheet.list) {
                set(&mut self.own, sheet.list, items.into_iter().map(|item| item.own).collect());
            }
        }
        if at(&self.own, "methodology.sourceType").is_null()
            && let Some(Value::Object(method)) = self.own.as_object_mut().and_then(|own| own.remove("methodology"))
        {
            for (field, value) in method {
                let remedy = "was left out, since a methodology needs the type of source; choose it in methodology.sourceType of the sheet of datasets, and give that sheet too";
                self.unfit.push(Problem::new(place_of(&self.places, &self.place, &field), short(&value), remedy));
            }
        }
        let draft: DatasetDraft = serde_json::from_value(self.own)
            .map_err(|error| Problem::new(&self.place, &self.key, format!("the row makes no record: {error}")))?;
        let language = source.language.cloned().unwrap_or_else(undetermined);
        let producers: Vec<MultilingualText> = self.producer.into_iter().map(|name| official(language.clone(), name)).collect();
        let identifier = Some(self.key).filter(|key| !key.is_empty());
        let origin = Origin { identifier, producers, ..Origin::default() };
        let identifier_at = self.places.remove("identifier");
        Ok(Found { draft, origin, unfit: self.unfit, named: self.named, identifier_at })
    }
}

/// Several keywords of one row, and whether as many stand in each language, so that the first ones translate each other, and so on.
fn divided(row: &Value, several: &BTreeMap<String, Vec<String>>) -> (Vec<Value>, bool) {
    let wordings = row.as_object().into_iter().flatten();
    let columns: Vec<(&String, Vec<Value>)> = wordings
        .map(|(language, wording)| {
            let with = |text: &String| json!({ "text": text, "status": wording.get("status") });
            (language, several.get(language).map_or_else(|| vec![wording.clone()], |texts| texts.iter().map(with).collect()))
        })
        .collect();
    let most = columns.iter().map(|(_, texts)| texts.len()).max().unwrap_or_default();
    if columns.iter().any(|(_, texts)| texts.len() != most) {
        let alone =
            columns.into_iter().flat_map(|(language, texts)| texts.into_iter().map(move |text| json!({ (language.as_str()): text })));
        return (alone.collect(), false);
    }
    let mut keywords = vec![Map::new(); most];
    for (language, texts) in columns {
        for (keyword, text) in keywords.iter_mut().zip(texts) {
            keyword.insert(language.clone(), text);
        }
    }
    (keywords.into_iter().map(Value::Object).collect(), true)
}

/// The cell in which a field of the methodology stands; the row of the record where no cell says it.
fn place_of(places: &BTreeMap<&'static str, String>, row: &str, field: &str) -> String {
    let is_of = |key: &str| {
        let rest = key.strip_prefix("methodology.").and_then(|key| key.strip_prefix(field));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let cell = places.iter().find(|(key, _)| is_of(key)).map(|(_, place)| place.clone());
    cell.unwrap_or_else(|| format!("{row} (methodology.{field})"))
}

fn short(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A holding of which the row says some things; the rest is unknown.
fn holding(said: &Value) -> Value {
    let nothing =
        Holding { institution: not_yet_known(), role: HoldingRole::Holder, access_terms: unknown_terms(), distributions: Vec::new() };
    let mut whole = serde_json::to_value(nothing).unwrap_or_else(|_| Value::Object(Map::new()));
    for (field, value) in said.as_object().into_iter().flatten() {
        match value.as_object().filter(|_| field == "accessTerms") {
            Some(terms) => terms.iter().for_each(|(term, value)| set(&mut whole, &format!("{field}.{term}"), value.clone())),
            None => set(&mut whole, field, value.clone()),
        }
    }
    whole
}

/// The row that another belongs to.
fn parent<'i>(items: &'i mut [Item], below: &Item) -> Result<&'i mut Item, &'static str> {
    let fits = |item: &Item| match &below.number {
        Some(number) => item.number.as_ref() == Some(number),
        None => below.joins.iter().zip(&item.joins).all(|(below, above)| below.is_empty() || below == above),
    };
    let mut fitting = items.iter_mut().filter(|item| fits(item));
    match (fitting.next(), fitting.next()) {
        (Some(item), None) => Ok(item),
        (None, _) => Err("no row of the sheet above fits this one; add it there, or correct what ties the two together"),
        (Some(_), Some(_)) => {
            Err("several rows of the sheet above fit this one; give them numbers in their last column, and write the number here")
        }
    }
}
