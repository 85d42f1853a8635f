//! Limits of a question, computed before it is validated or executed. Each refusal names the limit and the value.

use std::collections::HashMap;

use juniper::{Definition, Document, InputValue, Operation, ScalarValue, Selection, Variables};

/// Limits; all are settings.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Deepest nesting of fields.
    pub depth: usize,
    /// Most tokens of a document.
    pub tokens: usize,
    /// Most fields, each fragment counted where it is spread.
    pub fields: usize,
    /// Most aliases.
    pub aliases: usize,
    /// Most fields of the root.
    pub root_fields: usize,
    /// Highest cost, in nodes.
    pub cost: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 18, tokens: 2_000, fields: 1_000, aliases: 30, root_fields: 20, cost: 10_000 }
    }
}

/// A refusal: code for programs, sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the error.
    pub code: &'static str,
    /// Limit and value in words.
    pub message: String,
}

fn refuse(what: &str, value: impl std::fmt::Display, limit: impl std::fmt::Display) -> Refusal {
    Refusal { code: "LIMIT_EXCEEDED", message: format!("the document has {what} {value}, the limit is {limit}; ask in smaller parts") }
}

/// Counts tokens roughly but cheaply, before the document is parsed: words, numbers, strings and signs.
pub fn check_tokens(source: &str, limits: &Limits) -> Result<(), Refusal> {
    let mut tokens = 0;
    let mut bytes = source.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'#' => {
                while bytes.peek().is_some_and(|b| *b != b'\n') {
                    bytes.next();
                }
            }
            b'"' => {
                tokens += 1;
                let mut escaped = false;
                for b in bytes.by_ref() {
                    match b {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            b if b.is_ascii_alphanumeric() || b == b'_' => {
                tokens += 1;
                while bytes.peek().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    bytes.next();
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'.' => {}
            _ => tokens += 1,
        }
        if tokens > limits.tokens {
            return Err(refuse("more tokens than", limits.tokens, limits.tokens));
        }
    }
    Ok(())
}

/// Size of a selection with everything below it.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    depth: usize,
    fields: usize,
    aliases: usize,
    cost: u64,
    /// Cost that a list has once, however long its page is.
    once: u64,
}

struct Walk<'d> {
    fragments: HashMap<&'d str, &'d [Selection<'d, juniper::DefaultScalarValue>]>,
    known: HashMap<&'d str, Size>,
    open: Vec<&'d str>,
    variables: &'d Variables,
    defaults: HashMap<&'d str, &'d InputValue>,
}

/// Fields whose pages have this many nodes when the question does not say.
fn default_page(field: &str) -> Option<u64> {
    match field {
        "accessRequests" | "agreements" | "calendar" | "datasets" | "institutions" | "versions" | "variables" | "readers" => Some(20),
        // Counting them is in the cost of the grid; cells whose records are asked for are never more, see `coverage_grid`.
        "cells" | "rowTotals" | "columnTotals" => Some(100),
        "events" => Some(50),
        "changes" => Some(100),
        "nearMisses" => Some(5),
        "suggest" => Some(8),
        "relations" => Some(10),
        "overlaps" | "clashes" | "registerEntries" | "comments" | "reports" => Some(20),
        // Lists of entries and of what was done with one: as many as are usual.
        "statements" | "openActions" | "offers" | "history" => Some(10),
        // Ten datasets make so many pairs.
        "pairs" => Some(45),
        "findings" => Some(17),
        "concepts" => Some(50),
        "questions" => Some(40),
        // With the indicators below them.
        "actions" => Some(42),
        "evidence" | "entered" | "left" => Some(20),
        _ => None,
    }
}

/// Cost of comparing a draft with the other drafts of its institution, in nodes.
const SIMILAR_COST: u64 = 50;
/// Cost of counting a grid, in nodes.
const GRID_COST: u64 = 200;
/// Cost of measuring the indicators of an objective, in nodes.
const INDICATORS_COST: u64 = 500;
/// Cost of looking for pairs that may overlap, in nodes.
const OVERLAP_COST: u64 = 300;
/// Cost of comparing datasets with each other, in nodes.
const COMPARE_COST: u64 = 100;
/// Cost of computing the hashes of a kept report anew, in nodes.
const VERIFY_COST: u64 = 50;
/// Cost of counting one facet over all that was found, in nodes.
const FACET_COST: u64 = 10;
/// Cost of finding out what a format cannot carry of one record, in nodes.
const LOSS_COST: u64 = 100;

/// Cost of a field by itself, in nodes.
fn own_cost(field: &str, has_selection: bool) -> u64 {
    match field {
        // A record is written in the format and read again.
        "exportLoss" => LOSS_COST,
        "similarDrafts" => SIMILAR_COST,
        "compare" => COMPARE_COST,
        "coverageGrid" | "regionProfile" | "themeProfile" => GRID_COST,
        "objectiveIndicators" => INDICATORS_COST,
        // Every cell is written, with its newest year.
        "csv" | "svg" => 5 * GRID_COST,
        "newestYear" => 2,
        "verification" => VERIFY_COST,
        _ => u64::from(has_selection),
    }
}

/// Checks a parsed document and returns the cost of the operation in nodes.
///
/// # Errors
/// The first limit that is exceeded.
pub fn check(
    document: &Document<'_, juniper::DefaultScalarValue>,
    operation_name: Option<&str>,
    variables: &Variables,
    limits: &Limits,
) -> Result<u64, Refusal> {
    let mut fragments = HashMap::new();
    let mut operations: Vec<&Operation<'_, juniper::DefaultScalarValue>> = Vec::new();
    for definition in document {
        match definition {
            Definition::Operation(operation) => operations.push(&operation.item),
            Definition::Fragment(fragment) => {
                fragments.insert(fragment.item.name.item, fragment.item.selection_set.as_slice());
            }
        }
    }
    let names: Vec<&str> = fragments.keys().copied().collect();
    let mut walk = Walk { fragments, known: HashMap::new(), open: Vec::new(), variables, defaults: HashMap::new() };
    for name in names {
        walk.fragment(name)?;
    }
    let mut cost = 0;
    for operation in &operations {
        walk.known.clear();
        walk.defaults = defaults_of(operation);
        let size = walk.selections(&operation.selection_set)?;
        compare(&size, limits)?;
        let root_fields = walk.root_fields(&operation.selection_set);
        if root_fields > limits.root_fields {
            return Err(refuse("fields at the root:", root_fields, limits.root_fields));
        }
        let asked = operation_name.is_none() || operation.name.as_ref().map(|name| name.item) == operation_name;
        if asked {
            cost = size.cost.max(1);
        }
    }
    if cost > limits.cost {
        let message = format!(
            "the question may touch {cost} nodes, the limit is {}; ask for smaller pages (`first`) or fewer nested lists",
            limits.cost
        );
        return Err(Refusal { code: "COST_EXCEEDED", message });
    }
    Ok(cost)
}

fn compare(size: &Size, limits: &Limits) -> Result<(), Refusal> {
    if size.depth > limits.depth {
        return Err(refuse("a depth of", size.depth, limits.depth));
    }
    if size.fields > limits.fields {
        return Err(refuse("fields, fragments counted where they are spread:", size.fields, limits.fields));
    }
    if size.aliases > limits.aliases {
        return Err(refuse("aliases:", size.aliases, limits.aliases));
    }
    Ok(())
}

fn defaults_of<'d>(operation: &'d Operation<'d, juniper::DefaultScalarValue>) -> HashMap<&'d str, &'d InputValue> {
    let Some(definitions) = &operation.variables_definition else {
        return HashMap::new();
    };
    let list = definitions.item.items.iter();
    list.filter_map(|(name, definition)| Some((name.item, &definition.default_value.as_ref()?.item))).collect()
}

fn number(value: &InputValue) -> Option<i64> {
    value.as_scalar().and_then(|scalar| scalar.try_to_int()).map(i64::from)
}

impl<'d> Walk<'d> {
    fn fragment(&mut self, name: &'d str) -> Result<Size, Refusal> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(Refusal { code: "BAD_DOCUMENT", message: format!("the fragment `{name}` spreads itself; break the cycle") });
        }
        if self.open.len() > 200 {
            return Err(refuse("fragments nested deeper than", 200, 200));
        }
        // A fragment that is not defined is told by validation.
        let Some(selections) = self.fragments.get(name).copied() else {
            return Ok(Size::default());
        };
        self.open.push(name);
        let size = self.selections(selections)?;
        self.open.pop();
        self.known.insert(name, size);
        Ok(size)
    }

    fn selections(&mut self, selections: &'d [Selection<'d, juniper::DefaultScalarValue>]) -> Result<Size, Refusal> {
        let mut sum = Size::default();
        for selection in selections {
            let size = match selection {
                Selection::Field(field) => {
                    let field = &field.item;
                    let below = field.selection_set.as_deref().map_or(Ok(Size::default()), |below| self.selections(below))?;
                    let argument = |name: &str| field.arguments.as_ref().and_then(|list| list.item.get(name)).map(|value| &value.item);
                    let own = own_cost(field.name.item, field.selection_set.is_some());
                    // What a page costs however short it is.
                    let search = if matches!(field.name.item, "overlaps" | "clashes") { OVERLAP_COST } else { 0 };
                    let facets = argument("of").filter(|_| field.name.item == "facets").map_or(0, |of| self.length(of));
                    // A list of plain values, such as the readers of a question, is no page.
                    let page = if field.selection_set.is_none() { None } else { self.page(field.name.item, &argument) };
                    let cost = match page {
                        None => below.cost.saturating_add(own),
                        Some(page) => page.saturating_mul(below.cost.saturating_add(1)),
                    };
                    let (cost, once) = (cost.saturating_add(search).saturating_add(below.once), facets.saturating_mul(FACET_COST));
                    Size {
                        depth: below.depth + 1,
                        fields: below.fields.saturating_add(1),
                        aliases: below.aliases.saturating_add(usize::from(field.alias.is_some())),
                        // Facets are counted beside the page of their list, and not for each of its entries.
                        cost: if facets == 0 { cost } else { 0 },
                        once: if facets == 0 { 0 } else { cost.saturating_add(once) },
                    }
                }
                Selection::FragmentSpread(spread) => self.fragment(spread.item.name.item)?,
                Selection::InlineFragment(fragment) => self.selections(&fragment.item.selection_set)?,
            };
            sum.depth = sum.depth.max(size.depth);
            sum.fields = sum.fields.saturating_add(size.fields);
            sum.aliases = sum.aliases.saturating_add(size.aliases);
            sum.cost = sum.cost.saturating_add(size.cost);
            sum.once = sum.once.saturating_add(size.once);
        }
        Ok(sum)
    }

    /// Number of nodes that a field may give; none for a field that gives one.
    fn page(&self, field: &str, argument: &dyn Fn(&str) -> Option<&'d InputValue>) -> Option<u64> {
        let default = default_page(field);
        // Lists that have an answer for each thing that they are asked of.
        let list = match field {
            "nodes" => argument("ids"),
            "facets" => argument("of"),
            _ => None,
        };
        if let Some(list) = list {
            return Some(self.length(list));
        }
        let given = ["last", "first"].iter().find_map(|name| argument(name)).and_then(|value| self.number(value));
        match given {
            // A negative or huge page is refused by the field itself; here it only must not overflow.
            Some(given) => Some(u64::try_from(given).unwrap_or(1).clamp(1, 1_000_000)),
            None => default,
        }
    }

    fn number(&self, value: &'d InputValue) -> Option<i64> {
        match value {
            InputValue::Variable(name) => match self.variables.get(name.as_str()) {
                Some(given) => number(given),
                None => self.defaults.get(name.as_str()).copied().and_then(number),
            },
            other => number(other),
        }
    }

    fn length(&self, value: &'d InputValue) -> u64 {
        let length = |value: &InputValue| value.to_list_value().map_or(1, |list| list.len() as u64);
        match value {
            InputValue::Variable(name) => {
                self.variables.get(name.as_str()).or_else(|| self.defaults.get(name.as_str()).copied()).map_or(1, length)
            }
            other => length(other),
        }
    }

    fn root_fields(&self, selections: &'d [Selection<'d, juniper::DefaultScalarValue>]) -> usize {
        selections
            .iter()
            .map(|selection| match selection {
                Selection::Field(_) => 1,
                Selection::FragmentSpread(spread) => self.known.get(spread.item.name.item).map_or(0, |size| size.fields.min(1_000)),
                Selection::InlineFragment(fragment) => self.root_fields(&fragment.item.selection_set),
            })
            .sum()
    }
}
