//! Variables and their codes; never figures of the data.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::read::Book;
use crate::domain::dataset::{Category, Variable};

/// Reads the list of variables.
pub(super) fn read(book: &mut Book) {
    let variables = book.every("dataDscr/var");
    // The name of a file stands with its variables; where it has none, nobody reads the name, and it is told.
    let wanted: HashSet<&str> = variables.iter().filter_map(|node| node.attribute("files")).flat_map(str::split_whitespace).collect();
    let mut files = HashMap::new();
    for node in book.at("fileDscr") {
        let id = node.attribute("ID").filter(|id| wanted.contains(id));
        if let (Some(id), Some(name)) = (id, book.tracked.all(node, "fileTxt/fileName").first()) {
            let name = book.tracked.line(*name);
            if !name.is_empty() {
                files.insert(id, name);
            }
        }
    }
    for node in variables {
        variable(book, node, &files);
    }
}

fn variable<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>, files: &HashMap<&str, String>) {
    let name = match (book.tracked.attribute(node, "name"), node.attribute("ID")) {
        (Some(name), _) => name,
        (None, Some(id)) => {
            book.tracked.tell(node, id, "the variable has no name, and its ID was taken for it; give the attribute `name`");
            id.to_owned()
        }
        (None, None) => {
            book.tracked.tell(node, "", "the variable has no name; give the attribute `name`");
            return;
        }
    };
    let ids = book.tracked.attribute(node, "files");
    let mut known = ids.iter().flat_map(|ids| ids.split_whitespace()).filter_map(|id| files.get(id));
    let file = known.next().cloned();
    let others: Vec<&str> = known.map(String::as_str).filter(|other| Some(*other) != file.as_deref()).collect();
    if !others.is_empty() {
        book.tracked.tell(node, &others.join(", "), "holds the variable too; the registry names one file for each: the first was taken");
    }
    if let (None, Some(ids)) = (&file, &ids) {
        let ids = ids.clone();
        book.tracked.tell(node, &ids, "the file of the variable has no name in `fileDscr`; the variable stands without a file");
    }
    let labels = book.tracked.all(node, "labl");
    let label = book.tracked.names(&labels);
    let (mut categories, mut without_a_value) = (Vec::new(), Vec::new());
    for category in book.tracked.every(node, "catgry") {
        let Category { code, label } = category_of(book, category);
        if code.is_empty() {
            without_a_value.extend(label.iter().next().map(|(_, wording)| wording.text.clone()));
        } else {
            categories.push(Category { code, label });
        }
    }
    if !without_a_value.is_empty() {
        let remedy = "are categories without a value (`catValu`), which were not taken: give each the value that stands for it in the data";
        book.tracked.tell(node, &without_a_value.join("; "), remedy);
    }
    book.draft.variables.push(Variable { file, name, label, categories });
}

/// A category; the code is empty where it has no value.
fn category_of<'a, 'i>(book: &mut Book<'a, 'i, '_>, node: Node<'a, 'i>) -> Category {
    let code = book.tracked.all(node, "catValu").first().map(|value| book.tracked.line(*value)).unwrap_or_default();
    let labels = book.tracked.all(node, "labl");
    let label = book.tracked.names(&labels);
    Category { code, label }
}
