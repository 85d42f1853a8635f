//! What `package_search` is asked for: the few words of the query language that harvesters use.

use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::service::finding::SortOrder;

/// A search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words.
    pub words: Option<String>,
    /// Conditions.
    pub filter: DatasetFilter,
    /// Identifiers of organizations, to be looked up.
    pub owners: Vec<String>,
    /// Names or identifiers of packages, of which the result holds no others.
    pub packages: Vec<String>,
    /// Whether a condition excludes everything that is here, such as `private:true`.
    pub is_empty: bool,
    /// Order; none for relevance.
    pub order: Option<SortOrder>,
    /// Whether the order is turned round.
    pub is_reversed: bool,
}

/// Fields of conditions.
const FIELDS: &str = "organization, owner_org, metadata_modified, name, id, state, type, dataset_type, private, capacity";

/// Fields that can be sorted by; `id` and `name` give the order of creation, which stays.
const ORDERS: &str = "score, metadata_modified, metadata_created, title_string, title, name, id";

/// Reads words (`q`), conditions (`fq`) and order (`sort`).
///
/// # Errors
/// The name of the wrong parameter, and the remedy.
pub fn read(q: Option<&str>, conditions: &[String], sort: Option<&str>) -> Result<Query, (&'static str, String)> {
    let mut query = Query::default();
    let words = q.map(str::trim).filter(|words| !words.is_empty() && !["*:*", "*"].contains(words));
    // Solr takes conditions here too; what is no condition on a field that is known here is words.
    let named = words.filter(|words| ["name:", "id:", "organization:", "owner_org:"].iter().any(|field| words.starts_with(field)));
    match named.and_then(|words| clauses(words).ok()) {
        Some(named) => named.into_iter().try_for_each(|(field, values)| query.restrict(&field, values)).map_err(|remedy| ("q", remedy))?,
        None => query.words = words.map(str::to_owned),
    }
    for text in conditions {
        for (field, values) in clauses(text).map_err(|remedy| ("fq", remedy))? {
            query.restrict(&field, values).map_err(|remedy| ("fq", remedy))?;
        }
    }
    // Several keys may be given; the first one that is known here decides.
    for key in sort.unwrap_or_default().split(',') {
        let mut parts = key.split_whitespace();
        let (field, is_rising) = (parts.next().unwrap_or_default(), parts.next().is_some_and(|way| way.eq_ignore_ascii_case("asc")));
        let order = match field {
            "metadata_modified" => Some((SortOrder::UpdatedAt, is_rising)),
            // Harvesters ask for these so that no record moves while they read.
            "metadata_created" | "id" | "name" => Some((SortOrder::Created, !is_rising)),
            "title" | "title_string" => Some((SortOrder::Title, !is_rising)),
            "score" | "" => None,
            other => return Err(("sort", format!("there is no order by `{other}` here; use {ORDERS}"))),
        };
        if let Some((order, is_reversed)) = order.filter(|_| query.order.is_none()) {
            (query.order, query.is_reversed) = (Some(order), is_reversed);
        }
    }
    Ok(query)
}

impl Query {
    fn restrict(&mut self, field: &str, values: Vec<String>) -> Result<(), String> {
        match field {
            "organization" => {
                let known = values.iter().filter_map(|name| Slug::parse(name).ok());
                self.filter.institutions.extend(known);
                self.is_empty |= self.filter.institutions.is_empty();
            }
            "owner_org" => self.owners.extend(values),
            "name" | "id" => self.packages.extend(values),
            "metadata_modified" => self.filter.updated_since = since(&values)?,
            "state" => self.is_empty |= !values.iter().any(|value| value == "active"),
            "type" | "dataset_type" => self.is_empty |= !values.iter().any(|value| value == "dataset"),
            "private" => self.is_empty |= !values.iter().any(|value| value.eq_ignore_ascii_case("false")),
            "capacity" => self.is_empty |= !values.iter().any(|value| value == "public"),
            _ => return Err(format!("conditions on `{field}` are not answered here; use {FIELDS}")),
        }
        Ok(())
    }
}

/// `[2020-01-01T00:00:00Z TO *]` as an instant.
fn since(values: &[String]) -> Result<Option<i64>, String> {
    let wrong = || "write metadata_modified:[2020-01-01T00:00:00Z TO *]; another end than * is not answered here".to_owned();
    let [range] = values else { return Err(wrong()) };
    let inner = range.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or_else(wrong)?;
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

/// Clauses `field:value`, `field:"value"`, `field:(one OR other)` and `field:[a TO b]`, side by side or joined by `AND`.
fn clauses(text: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("AND ") {
            rest = after.trim_start();
            continue;
        }
        let wrong = || format!("a condition is not understood; write them as field:value, with one of the fields {FIELDS}");
        let (field, after) = rest.split_once(':').ok_or_else(wrong)?;
        let field = field.trim().trim_start_matches('+').to_owned();
        let (values, remaining) = match after.chars().next() {
            Some('"') => {
                let (value, remaining) = after[1..].split_once('"').ok_or_else(wrong)?;
                (vec![value.to_owned()], remaining)
            }
            Some('(') => {
                let (inner, remaining) = after[1..].split_once(')').ok_or_else(wrong)?;
                (inner.split(" OR ").map(|value| value.trim().trim_matches('"').to_owned()).collect(), remaining)
            }
            Some('[') => {
                let (inner, remaining) = after[1..].split_once(']').ok_or_else(wrong)?;
                (vec![format!("[{inner}]")], remaining)
            }
            _ => {
                let (value, remaining) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
                (vec![value.to_owned()], remaining)
            }
        };
        if field.is_empty() || field.contains(char::is_whitespace) || field.starts_with('-') {
            return Err(wrong());
        }
        // `*:*` sets no condition.
        if field != "*" {
            found.push((field, values));
        }
        rest = remaining.trim_start();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_harvesters_write_is_understood() {
        let one = |fq: &str| read(Some("*:*"), &[fq.to_owned()], None);
        let by_name = one("+organization:hcp AND state:active").expect("a query");
        assert_eq!((by_name.words, by_name.filter.institutions.len(), by_name.is_empty), (None, 1, false));
        let several = one("organization:(\"hcp\" OR dgsn) dataset_type:dataset").expect("a query");
        assert_eq!(several.filter.institutions.len(), 2);
        let since = one("metadata_modified:[2000-01-01T00:00:00Z TO *]").expect("a query");
        assert_eq!(since.filter.updated_since, Some(946_684_800_000));
        assert!(one("private:true").expect("a query").is_empty);
        assert_eq!(one("owner_org:\"a b\"").expect("a query").owners, ["a b"]);
        for wrong in [
            "tags:x",
            "organization",
            "metadata_modified:[a TO *]",
            "-state:active",
            "organization:(a",
            "metadata_modified:[* TO 2020-01-01T00:00:00Z]",
        ] {
            assert_eq!(one(wrong).map_err(|(parameter, _)| parameter), Err("fq"), "{wrong}");
        }
        let sorted = read(None, &[], Some("score desc, metadata_modified asc")).expect("a query");
        assert_eq!((sorted.order, sorted.is_reversed), (Some(SortOrder::UpdatedAt), true));
        let named = read(None, &[], Some("name asc")).expect("a query");
        assert_eq!((named.order, named.is_reversed), (Some(SortOrder::Created), false));
        assert_eq!(read(None, &[], Some("foo asc")).map_err(|(parameter, _)| parameter).err(), Some("sort"));
        let packages = read(Some("name:ma-hcp-rgph-2014"), &[], None).expect("a query");
        assert_eq!((packages.words, packages.packages), (None, vec!["ma-hcp-rgph-2014".to_owned()]));
    }

    proptest::proptest! {
        #[test]
        fn any_condition_is_read_or_refused_without_panic(text in ".*") {
            let _ = read(None, &[text], None);
        }
    }
}
