//! What stands beside the cells of a workbook: notes on them, which the reader of workbooks does not give, so that they are read from the parts of
//! the file; addresses behind them; and formats that show a number as something else.

use std::borrow::Cow;

use roxmltree::{Document, Node};

use crate::interop::xml_text;

/// Notes of a workbook that are told.
const MOST_NOTES: usize = 10_000;
/// Characters of a note that are shown.
const LONGEST: usize = 500;
/// Of a note in a row that says nothing else, which may name persons.
pub const ALONE: &str = "has a note, in a row in which nothing else stands; notes are not taken over: write what it says into a column";

/// What stands beside a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// A note with these words.
    Note(String),
    /// The address to which the cell leads.
    Link(String),
    /// A formula that puts together to which address the cell leads.
    Computed(String),
    /// The code of a format that shows its number in a way that is not read.
    Format(String),
}

impl Beside {
    /// What is lost of it, and what to do; nothing where the cell says the same.
    pub fn told(&self, cell: Option<&str>) -> Option<(String, String)> {
        match self {
            Self::Note(words) => {
                let remedy = "is a note on this cell; notes are not taken over: write into a column what should be in the record";
                Some((words.clone(), remedy.to_owned()))
            }
            Self::Link(target) => {
                let remedy = "is the address to which the cell leads, and this column takes none; write it into a column for addresses, such as `links.url`";
                let is_same = cell.is_some_and(|words| bare(words) == bare(target));
                (!is_same).then(|| (target.clone(), remedy.to_owned()))
            }
            Self::Computed(formula) => {
                let remedy = "is a formula by which the cell leads to an address, which the file does not hold; write the address itself into a column for addresses, such as `links.url`";
                Some((format!("={formula}"), remedy.to_owned()))
            }
            Self::Format(code) => {
                let remedy = format!(
                    "is the number that the file keeps, while the cell shows it in the format `{code}`, which is not read; write as text what it shows"
                );
                Some((cell.unwrap_or_default().to_owned(), remedy))
            }
        }
    }
}

/// An address without what programs add to the words of a cell.
fn bare(address: &str) -> &str {
    let address = address.trim();
    let own = ["https://", "http://", "mailto:"].iter().find_map(|start| address.strip_prefix(start)).unwrap_or(address);
    own.trim_end_matches('/')
}

/// Where a cell leads by its formula, which shows other words: `HYPERLINK("https://…", "words")`.
pub fn target(formula: &str) -> Option<Beside> {
    const NAME: &str = "HYPERLINK(";
    let own = formula.trim_start_matches(['=', '+', ' ']);
    let inside = own.get(NAME.len()..).filter(|_| own.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    let text = inside.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
    Some(match text {
        Some((address, rest)) if rest.trim_start().starts_with([',', ';', ')']) => Beside::Link(address.to_owned()),
        _ => Beside::Computed(formula.chars().take(LONGEST).collect()),
    })
}

/// Whether some cell of a workbook leads somewhere.
pub fn has_links(members: &[(String, Vec<u8>)]) -> bool {
    const KIND: &[u8] = b"/hyperlink";
    let is_of_sheet = |name: &str| name.to_lowercase().ends_with(".rels");
    members.iter().any(|(name, bytes)| is_of_sheet(name) && bytes.windows(KIND.len()).any(|part| part == KIND))
}

/// A note on a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Note {
    /// Its row as programs show it, from 1.
    pub row: u32,
    /// Its column, from 0.
    pub column: u32,
    /// Its words, without who wrote it.
    pub words: String,
}

/// The notes of a workbook, by the name of the sheet.
pub fn notes(members: &[(String, Vec<u8>)]) -> Vec<(String, Vec<Note>)> {
    let is_note = |(name, _): &&(String, Vec<u8>)| name.to_lowercase().contains("comments");
    if !members.iter().any(|member| is_note(&member)) {
        return Vec::new();
    }
    let mut left = MOST_NOTES;
    let mut found = Vec::new();
    for (sheet, part) in sheets(members) {
        let mut notes = Vec::new();
        for (kind, target) in relations(members, &part) {
            if kind.ends_with("/comments")
                && let Some(bytes) = member(members, &target)
            {
                with_tree(bytes, |root| read(root, &mut left, &mut notes));
            }
        }
        if !notes.is_empty() {
            found.push((sheet, notes));
        }
    }
    found
}

/// The sheets with the parts that they lie in.
fn sheets(members: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    const BOOK: &str = "xl/workbook.xml";
    let parts = relations_with_names(members, BOOK);
    let mut sheets = Vec::new();
    let Some(bytes) = member(members, BOOK) else { return sheets };
    with_tree(bytes, |root| {
        for node in root.descendants().filter(|node| node.tag_name().name() == "sheet") {
            let id = node.attributes().find(|attribute| attribute.name() == "id" && attribute.namespace().is_some());
            let part = id.and_then(|id| parts.iter().find(|(name, ..)| name == id.value()));
            if let (Some(name), Some((_, _, target))) = (node.attribute("name"), part) {
                sheets.push((name.to_owned(), target.clone()));
            }
        }
    });
    sheets
}

/// Kinds and targets of what a part leads to.
fn relations(members: &[(String, Vec<u8>)], part: &str) -> Vec<(String, String)> {
    relations_with_names(members, part).into_iter().map(|(_, kind, target)| (kind, target)).collect()
}

fn relations_with_names(members: &[(String, Vec<u8>)], part: &str) -> Vec<(String, String, String)> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut found = Vec::new();
    let Some(bytes) = member(members, &format!("{folder}/_rels/{name}.rels")) else { return found };
    with_tree(bytes, |root| {
        for node in root.children().filter(|node| node.tag_name().name() == "Relationship") {
            let said = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
            found.push((said("Id"), said("Type"), resolved(folder, &said("Target"))));
        }
    });
    found
}

/// A target within the package, from the folder of the part that names it.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/').filter(|step| !matches!(*step, "" | ".")) {
        match step {
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn member<'m>(members: &'m [(String, Vec<u8>)], name: &str) -> Option<&'m [u8]> {
    members.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, bytes)| bytes.as_slice())
}

/// Looks into a part; one that is no XML tells nothing, for the reader of workbooks has taken the rest without it.
fn with_tree(bytes: &[u8], look: impl FnOnce(Node<'_, '_>)) {
    let Ok(prepared) = xml_text::prepare(bytes) else { return };
    let tree: Result<Document<'_>, _> = xml_text::parse(&prepared.text);
    if let Ok(document) = tree {
        look(document.root_element());
    }
}

fn read(root: Node<'_, '_>, left: &mut usize, notes: &mut Vec<Note>) {
    let named = |name: &'static str| root.descendants().filter(move |node| node.tag_name().name() == name);
    let authors: Vec<&str> = named("author").map(|node| node.text().unwrap_or_default().trim()).collect();
    for node in named("comment") {
        let Some((column, row)) = node.attribute("ref").and_then(cell) else { continue };
        let raw: String = node.descendants().filter(|node| node.tag_name().name() == "t").filter_map(|node| node.text()).collect();
        let author = node.attribute("authorId").and_then(|id| id.parse::<usize>().ok()).and_then(|id| authors.get(id)).copied();
        let words = without_author(&raw, author);
        if words.is_empty() {
            continue;
        }
        let Some(rest) = left.checked_sub(1) else { return };
        *left = rest;
        notes.push(Note { row, column, words: shortened(&words) });
    }
}

/// The words of a note on one line, as far as they are told.
pub fn shortened(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// The words of a note on one line, without the name of whoever wrote it, which programs put before it.
fn without_author(raw: &str, author: Option<&str>) -> String {
    let words = raw.trim();
    let own = author.filter(|author| !author.is_empty()).and_then(|author| words.strip_prefix(author)?.trim_start().strip_prefix(':'));
    let words: Cow<'_, str> = own.unwrap_or(words).split_whitespace().collect::<Vec<_>>().join(" ").into();
    // Notes that are answered stand once more as words for older programs.
    words
        .split_once("Comment: ")
        .filter(|(start, _)| start.starts_with("[Threaded comment]"))
        .map_or_else(|| words.to_string(), |(_, own)| own.to_owned())
}

/// Column from 0 and row from 1 of a cell such as `AB12`.
fn cell(name: &str) -> Option<(u32, u32)> {
    let end = name.find(|c: char| !c.is_ascii_uppercase()).filter(|end| (1..=3).contains(end))?;
    let (column, row) = name.split_at(end);
    let column = column.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1) - 1;
    Some((column, row.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_parts_are_found_by_their_names() {
        assert_eq!([cell("A1"), cell("Z9"), cell("AB12")], [Some((0, 1)), Some((25, 9)), Some((27, 12))]);
        assert_eq!([cell(""), cell("12"), cell("A"), cell("ABCD1"), cell("a1")], [None; 5]);
        assert_eq!(resolved("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
    }

    #[test]
    fn formulas_tell_where_their_cells_lead() {
        let link = |address: &str| Some(Beside::Link(address.to_owned()));
        for (formula, told) in [
            ("HYPERLINK(\"https://hcp.ma/a\",\"A\")", link("https://hcp.ma/a")),
            ("=hyperlink( \"https://hcp.ma/a\" )", link("https://hcp.ma/a")),
            ("HYPERLINK(\"https://hcp.ma/\"&B2,\"A\")", Some(Beside::Computed("HYPERLINK(\"https://hcp.ma/\"&B2,\"A\")".to_owned()))),
            ("HYPERLINK(B2)", Some(Beside::Computed("HYPERLINK(B2)".to_owned()))),
            ("SUM(B2:B9)", None),
            ("", None),
        ] {
            assert_eq!(target(formula), told, "{formula}");
        }
    }

    #[test]
    fn who_wrote_a_note_is_not_told() {
        assert_eq!(without_author("Anne Nom:\nDe 2014,\n à vérifier", Some("Anne Nom")), "De 2014, à vérifier");
        assert_eq!(without_author("De 2014", Some("Anne Nom")), "De 2014");
        let threaded = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    De 2014";
        assert_eq!(without_author(threaded, None), "De 2014");
    }
}
