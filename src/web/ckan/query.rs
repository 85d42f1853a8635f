//! What `package_search` is asked for: words, conditions and orders of the query language that harvesters use.

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;

use super::syntax::{Condition, Part, parse};

/// A search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words.
    pub words: Option<String>,
    /// Words, or phrases, of which the result holds none.
    pub excluded: Vec<String>,
    /// Conditions that the index answers.
    pub filter: DatasetFilter,
    /// Identifiers of organizations, to be looked up.
    pub owners: Vec<String>,
    /// Names or identifiers of packages, of which the result holds no others.
    pub packages: Vec<String>,
    /// Conditions for which each record is looked at.
    pub tests: Vec<Condition>,
    /// Whether a condition excludes everything that is here, such as `private:true`.
    pub is_empty: bool,
    /// Orders, the first one deciding; none where nothing is said.
    pub orders: Vec<Order>,
}

/// An order of packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The field, as it was named.
    pub field: &'static str,
    /// What decides.
    pub key: Key,
    /// Whether the smallest comes first.
    pub is_rising: bool,
}

/// What packages are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// How well the words fit.
    Score,
    /// The last change.
    Modified,
    /// The creation.
    Created,
    /// The title.
    Title,
    /// The name in the address.
    Name,
    /// The identifier.
    Id,
}

/// Orders by the names of their fields.
const KEYS: [(&str, Key); 7] = [
    ("score", Key::Score),
    ("metadata_modified", Key::Modified),
    ("metadata_created", Key::Created),
    ("title_string", Key::Title),
    ("title", Key::Title),
    ("name", Key::Name),
    ("id", Key::Id),
];

/// Fields of conditions.
const FIELDS: &str =
    "title, notes, tags, name, id, organization, owner_org, groups, metadata_modified, state, type, dataset_type, private, capacity";

/// Fields that can be sorted by.
const ORDERS: &str = "score, metadata_modified, metadata_created, title_string, title, name, id";

/// Longest list of orders, and most conditions of a query.
const MOST: usize = 50;

/// Reads words (`q`), conditions (`fq`) and orders (`sort`).
///
/// # Errors
/// The name of the wrong parameter, and the remedy.
pub fn read(q: Option<&str>, conditions: &[String], sort: Option<&str>) -> Result<Query, (&'static str, String)> {
    let mut query = Query::default();
    let mut words: Vec<String> = Vec::new();
    let mut values = 0;
    let mut count = |condition: &Condition| {
        values += condition.values.len();
        if values > MOST { Err(format!("there are more than {MOST} values; ask with fewer")) } else { Ok(()) }
    };
    for part in parse(q.unwrap_or_default()).map_err(|remedy| ("q", remedy))? {
        match part {
            Part::Words(more) => words.push(more),
            Part::Not(less) => query.excluded.push(less),
            Part::Field(condition) if condition.field == "text" => {
                query.take_text(condition, &mut words).map_err(|remedy| ("q", remedy))?;
            }
            Part::Field(condition) => count(&condition).and_then(|()| query.restrict(condition)).map_err(|remedy| ("q", remedy))?,
        }
    }
    query.words = Some(words.join(" ")).filter(|words| !words.is_empty());
    for text in conditions {
        for part in parse(text).map_err(|remedy| ("fq", remedy))? {
            let Part::Field(condition) = part else {
                let remedy = format!("a condition is not understood; write them as field:value, with one of the fields {FIELDS}");
                return Err(("fq", remedy));
            };
            count(&condition).and_then(|()| query.restrict(condition)).map_err(|remedy| ("fq", remedy))?;
        }
    }
    if query.tests.len() + query.excluded.len() > MOST {
        return Err(("q", format!("there are more than {MOST} conditions; ask with fewer")));
    }
    query.orders = orders(sort.unwrap_or_default()).map_err(|remedy| ("sort", remedy))?;
    Ok(query)
}

/// Reads `title asc, metadata_modified desc`.
fn orders(text: &str) -> Result<Vec<Order>, String> {
    let mut found: Vec<Order> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split_whitespace();
        let (field, way) = (words.next().unwrap_or_default(), words.next().unwrap_or("asc"));
        let known = KEYS.iter().find(|(name, _)| *name == field);
        let (field, key) = *known.ok_or_else(|| format!("there is no order by `{field}` here; use {ORDERS}"))?;
        let is_rising = way.eq_ignore_ascii_case("asc");
        if words.next().is_some() || !(is_rising || way.eq_ignore_ascii_case("desc")) {
            return Err(format!("`{part}` is not understood; write a field and asc or desc, such as `{field} desc`"));
        }
        if found.iter().all(|order| order.key != key) {
            found.push(Order { field, key, is_rising });
        }
    }
    Ok(found)
}

impl Order {
    /// As CKAN writes it.
    pub fn text(self) -> String {
        format!("{} {}", self.field, if self.is_rising { "asc" } else { "desc" })
    }
}

impl Query {
    /// Words of the field that holds all words.
    fn take_text(&mut self, condition: Condition, words: &mut Vec<String>) -> Result<(), String> {
        if condition.values.len() > 1 {
            return Err(super::syntax::ALTERNATIVES.to_owned());
        }
        let texts = condition.values.into_iter().map(|value| if value.is_phrase { format!("\"{}\"", value.text) } else { value.text });
        if condition.is_negated {
            self.excluded.extend(texts)
        } else {
            words.extend(texts)
        }
        Ok(())
    }

    fn restrict(&mut self, condition: Condition) -> Result<(), String> {
        let any = |wanted: &str| condition.values.iter().any(|value| value.text.eq_ignore_ascii_case(wanted) || value.text == "*");
        let is_range = condition.values.iter().any(|value| !value.is_phrase && value.text.starts_with(['[', '{']));
        if is_range && condition.field != "metadata_modified" {
            return Err(format!("a range of `{}` is not answered here; write a value, or leave it out", condition.field));
        }
        let has_star = condition.values.iter().any(|value| value.text.contains('*'));
        match condition.field.as_str() {
            "organization" if !condition.is_negated && !has_star && self.filter.institutions.is_empty() => {
                self.filter.institutions = condition.values.iter().filter_map(|value| Slug::parse(&value.text).ok()).collect();
                self.is_empty |= self.filter.institutions.is_empty();
            }
            "owner_org" if condition.is_negated || has_star => {
                return Err("owner_org is answered for identifiers that are wanted; use organization:name".to_owned());
            }
            "owner_org" => self.owners.extend(condition.values.into_iter().map(|value| value.text)),
            "name" | "id" if !condition.is_negated && !has_star && self.packages.is_empty() => {
                self.packages = condition.values.into_iter().map(|value| value.text).collect();
            }
            "organization" | "name" | "id" | "title" | "notes" | "tags" => self.tests.push(condition),
            "metadata_modified" if condition.is_negated => return Err(NO_RANGE.to_owned()),
            "metadata_modified" => self.filter.updated_since = since(&condition)?.max(self.filter.updated_since),
            // What all packages here have in common.
            "state" => self.is_empty |= any("active") == condition.is_negated,
            "type" | "dataset_type" => self.is_empty |= any("dataset") == condition.is_negated,
            "private" => self.is_empty |= any("false") == condition.is_negated,
            "capacity" => self.is_empty |= any("public") == condition.is_negated,
            // There are none.
            "groups" => self.is_empty |= !condition.is_negated,
            other => return Err(format!("conditions on `{other}` are not answered here; use {FIELDS}")),
        }
        Ok(())
    }
}

const NO_RANGE: &str = "write metadata_modified:[2020-01-01T00:00:00Z TO *]; another end than * is not answered here";

/// `[2020-01-01T00:00:00Z TO *]` as an instant.
fn since(condition: &Condition) -> Result<Option<i64>, String> {
    let wrong = || NO_RANGE.to_owned();
    let [range] = condition.values.as_slice() else { return Err(wrong()) };
    let inner = range.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or_else(wrong)?;
    let (start, end) = inner.split_once(" TO ").ok_or_else(wrong)?;
    if !["*", "NOW"].contains(&end.trim()) {
        return Err(wrong());
    }
    if start.trim() == "*" {
        return Ok(None);
    }
    let format = &time::format_description::well_known::Rfc3339;
    let read = time::OffsetDateTime::parse(start.trim(), format).map_err(|_| wrong())?;
    i64::try_from(read.unix_timestamp_nanos() / 1_000_000).map(Some).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(fq: &str) -> Result<Query, (&'static str, String)> {
        read(Some("*:*"), &[fq.to_owned()], None)
    }

    #[test]
    fn what_harvesters_write_is_understood() {
        let by_name = one("+organization:hcp AND state:active").expect("a query");
        assert_eq!((by_name.words, by_name.filter.institutions.len(), by_name.is_empty), (None, 1, false));
        let several = one("organization:(\"hcp\" OR dgsn) dataset_type:dataset").expect("a query");
        assert_eq!(several.filter.institutions.len(), 2);
        let since = one("metadata_modified:[2000-01-01T00:00:00Z TO *]").expect("a query");
        assert_eq!(since.filter.updated_since, Some(946_684_800_000));
        assert_eq!(one("owner_org:\"a b\"").expect("a query").owners, ["a b"]);
        for nothing in ["private:true", "-state:active", "NOT type:dataset", "groups:x"] {
            assert!(one(nothing).expect("a query").is_empty, "{nothing}");
        }
        for all in ["-private:true", "-state:deleted", "-groups:x", "state:*"] {
            assert!(!one(all).expect("a query").is_empty, "{all}");
        }
        for wrong in [
            "res_format:CSV",
            "title:[* TO *]",
            "-organization:[* TO *]",
            "organization",
            "metadata_modified:[a TO *]",
            "-metadata_modified:[2020-01-01T00:00:00Z TO *]",
            "organization:(a",
            "metadata_modified:[* TO 2020-01-01T00:00:00Z]",
        ] {
            assert_eq!(one(wrong).map_err(|(parameter, _)| parameter), Err("fq"), "{wrong}");
        }
        let packages = read(Some("name:ma-hcp-rgph-2014"), &[], None).expect("a query");
        assert_eq!((packages.words, packages.packages), (None, vec!["ma-hcp-rgph-2014".to_owned()]));
    }

    #[test]
    fn words_and_conditions_stand_side_by_side() {
        let query =
            read(Some("census 2014 -morocco title:survey -tags:x text:youth"), &["-organization:hcp".to_owned()], None).expect("a query");
        assert_eq!((query.words.as_deref(), query.excluded.as_slice()), (Some("census 2014 youth"), &["morocco".to_owned()][..]));
        let tests: Vec<(&str, bool)> = query.tests.iter().map(|test| (test.field.as_str(), test.is_negated)).collect();
        assert_eq!(tests, [("title", false), ("tags", true), ("organization", true)]);
        for wrong in ["colour:red", "text:(a OR b)", &format!("title:({})", vec!["a"; 51].join(" OR "))] {
            assert_eq!(read(Some(wrong), &[], None).map_err(|(parameter, _)| parameter).err(), Some("q"), "{wrong:.40}");
        }
    }

    #[test]
    fn orders_are_read_or_refused() {
        let told =
            |sort: &str| -> Vec<String> { read(None, &[], Some(sort)).expect("a query").orders.into_iter().map(Order::text).collect() };
        assert_eq!(told("score desc, metadata_modified asc"), ["score desc", "metadata_modified asc"]);
        assert_eq!(told("name ASC,title_string desc, title asc"), ["name asc", "title_string desc"]);
        assert_eq!((told("id"), told(" ")), (vec!["id asc".to_owned()], Vec::new()));
        for wrong in ["foo asc", "name up", "name asc desc"] {
            assert_eq!(read(None, &[], Some(wrong)).map_err(|(parameter, _)| parameter).err(), Some("sort"), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_condition_is_read_or_refused_without_panic(text in ".*") {
            let _ = read(Some(&text), std::slice::from_ref(&text), Some(&text));
        }
    }
}
