//! A tree that knows which of its parts were read, so that the rest can be named.

use std::collections::{HashMap, HashSet};

use roxmltree::{Node, NodeId};

use super::language;
use super::words;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag, MultilingualText, Wording};
use crate::domain::vocabulary::TextStatus;

/// Attributes that say nothing about the thing described.
const TECHNICAL: &[&str] =
    &["ID", "id", "source", "lang", "xml-lang", "schemaLocation", "elementVersion", "elementVersionDate", "type", "class", "style"];
/// Lines told in full for one kind of element; the others are counted.
const SHOWN: usize = 3;
/// Values told in full for one kind of element, where they differ.
const SHOWN_VALUES: usize = 50;
/// Elements of which there are many of a kind that differ, such as variables: no more than the first few are told in full.
const NUMEROUS: &str = "/dataDscr/";
/// Lines told in full for one record.
const MOST: usize = 400;
/// Elements of one kind that are read, but for variables and their codes.
pub(crate) const MOST_OF_A_KIND: usize = 2_000;

/// One record while it is read.
pub struct Tracked<'a, 'i> {
    root: Node<'a, 'i>,
    /// The parts of the root that belong to the record, where others do not.
    scope: Option<Vec<Node<'a, 'i>>>,
    declared: Option<LanguageTag>,
    used: HashSet<NodeId>,
    attributes: HashSet<(NodeId, &'a str)>,
    /// Elements of which the language tag was told to be not well-formed.
    doubted: HashSet<NodeId>,
    /// Elements inside a text of which the address was taken as a link of its own.
    linked: HashSet<NodeId>,
    lines: Lines,
}

#[derive(Default)]
struct Lines {
    told: Vec<Problem>,
    kinds: Vec<Kind>,
    known: HashMap<(String, String), usize>,
}

/// Lines on elements of one kind, for one reason.
struct Kind {
    place: String,
    remedy: String,
    /// The values that were told in full.
    values: HashSet<String>,
    told: usize,
    /// Those that were only counted.
    more: usize,
}

impl Kind {
    /// Whether one more is told in full: the first few, and of the others those that say something else.
    fn takes(&mut self, value: &str) -> bool {
        let is_new = self.values.len() < SHOWN_VALUES && !self.values.contains(value);
        let is_told = self.told < SHOWN || (is_new && !self.place.contains(NUMEROUS));
        if is_told {
            self.told += 1;
            self.values.insert(value.to_owned());
        } else {
            self.more += 1;
        }
        is_told
    }
}

impl Lines {
    fn kind(&mut self, place: String, remedy: String) -> &mut Kind {
        let next = self.kinds.len();
        let index = *self.known.entry((place.clone(), remedy.clone())).or_insert(next);
        if index == next {
            self.kinds.push(Kind { place, remedy, values: HashSet::new(), told: 0, more: 0 });
        }
        // The index is that of a kind which is there.
        &mut self.kinds[index]
    }
}

impl<'a, 'i> Tracked<'a, 'i> {
    /// Begins with an element and the language that its record declares.
    pub fn new(root: Node<'a, 'i>, declared: Option<LanguageTag>) -> Self {
        let (used, attributes, doubted, linked) = (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
        Self { root, scope: None, declared, used, attributes, doubted, linked, lines: Lines::default() }
    }

    /// The same, where only these parts of the element belong to the record; all of it where none are given.
    pub fn within(self, scope: Option<Vec<Node<'a, 'i>>>) -> Self {
        Self { scope, ..self }
    }

    /// The element that is read.
    pub fn root(&self) -> Node<'a, 'i> {
        self.root
    }

    /// Elements at a path of local names below an element, through every parent of the same name, in the order of the file. Beyond
    /// some thousands of one kind the rest stays unread, and is named so: no record needs them, and lists are searched for doubles.
    pub fn all(&self, from: Node<'a, 'i>, path: &str) -> Vec<Node<'a, 'i>> {
        let mut found = self.every(from, path);
        found.truncate(MOST_OF_A_KIND);
        found
    }

    /// Like [`Self::all`], below any of several elements.
    pub fn all_below(&self, from: &[Node<'a, 'i>], path: &str) -> Vec<Node<'a, 'i>> {
        let mut found: Vec<_> = from.iter().flat_map(|node| self.every(*node, path)).collect();
        found.truncate(MOST_OF_A_KIND);
        found
    }

    /// Like [`Self::all`], however many there are.
    pub fn every(&self, from: Node<'a, 'i>, path: &str) -> Vec<Node<'a, 'i>> {
        let mut found = vec![from];
        for name in path.split('/') {
            found =
                found.iter().flat_map(|node| node.children()).filter(|node| node.is_element() && node.tag_name().name() == name).collect();
        }
        found
    }

    /// The value of an attribute by its local name, which counts as read; none where it is blank.
    pub fn attribute(&mut self, node: Node<'a, 'i>, name: &str) -> Option<String> {
        let found = node.attributes().find(|attribute| attribute.name() == name)?;
        self.attributes.insert((node.id(), found.name()));
        let (text, _) = words::clean(found.value(), true);
        (!text.is_empty()).then_some(text)
    }

    /// The language of an element: its own, that of the nearest ancestor, the record's, else undetermined.
    pub fn language(&mut self, node: Node<'a, 'i>) -> Option<LanguageTag> {
        let stated = |above: Node<'a, 'i>| {
            let found = above.attributes().find(|attribute| matches!(attribute.name(), "lang" | "xml-lang"))?;
            (!found.value().trim().is_empty()).then_some((above, found))
        };
        let Some((holder, found)) = node.ancestors().take_while(|above| above.is_element()).find_map(stated) else {
            return self.declared.clone().or_else(language::undetermined);
        };
        let read = language::read(found.value());
        let fault = match &read {
            None => "is not a language tag, so what stands in it has no language; use a tag such as `ar` or `fr`".to_owned(),
            Some(tag) if !language::is_well_formed(found.value()) => malformed(tag),
            Some(_) => return read,
        };
        if self.doubted.insert(holder.id()) {
            // What stands around the record has no place in it.
            let is_around = self.root.ancestors().skip(1).any(|above| above == holder);
            self.tell(if is_around { self.root } else { holder }, found.value(), fault);
        }
        read.or_else(language::undetermined)
    }

    /// The language that an element names by a tag; what is none, or not well-formed, is told.
    pub fn named_language(&mut self, node: Node<'a, 'i>, code: &str) -> Option<LanguageTag> {
        let tag = language::read(code);
        match &tag {
            None => self.tell(node, code, "is not a language tag; use a tag such as `ar` or `fr`"),
            Some(tag) if !language::is_well_formed(code) => self.tell(node, code, malformed(tag)),
            Some(_) => {}
        }
        tag
    }

    /// The words of an element, paragraphs kept, which counts as read.
    pub fn text(&mut self, node: Node<'a, 'i>) -> String {
        self.words(node, false)
    }

    /// The words of an element on one line, which counts as read.
    pub fn line(&mut self, node: Node<'a, 'i>) -> String {
        self.words(node, true)
    }

    fn words(&mut self, node: Node<'a, 'i>, one_line: bool) -> String {
        let mut raw = String::new();
        self.used.insert(node.id());
        self.collect(node, &mut raw);
        let (text, faults) = words::clean(&raw, one_line);
        for fault in faults {
            self.tell(node, "", fault);
        }
        text
    }

    fn collect(&mut self, node: Node<'a, 'i>, raw: &mut String) {
        for child in node.children() {
            if child.is_text() {
                raw.push_str(child.text().unwrap_or(""));
            } else if child.is_element() && !words::is_apart(child.tag_name().name()) {
                self.used.insert(child.id());
                // Where it leads was taken by itself: the text needs its words only.
                let is_taken = self.linked.contains(&child.id());
                let breaks = words::breaks_lines(child.tag_name().name());
                raw.push_str(if breaks { "\n" } else { "" });
                let before = raw.len();
                self.collect(child, raw);
                let target = self.attribute(child, words::target_of(child.tag_name().name()));
                if is_taken && raw.get(before..).map(str::trim) == target.as_deref() {
                    raw.truncate(before);
                } else if let Some(target) = target.filter(|_| !is_taken)
                    && !raw.get(before..).is_some_and(|words| words.contains(&target))
                {
                    raw.push_str(&format!(" ({target})"));
                }
                raw.push_str(if breaks { "\n" } else { "" });
            }
        }
    }

    /// One text of all these elements, by language; where a language comes twice, its words follow each other.
    pub fn wordings(&mut self, nodes: &[Node<'a, 'i>], one_line: bool) -> MultilingualText {
        let mut text = MultilingualText::default();
        for node in nodes {
            self.add(&mut text, *node, one_line);
        }
        text
    }

    /// A name of all these elements: the first of each language; another one in the same language is told, for nobody calls the thing by
    /// both.
    pub fn names(&mut self, nodes: &[Node<'a, 'i>]) -> MultilingualText {
        let mut name = MultilingualText::default();
        for node in nodes {
            for (tag, wording) in self.wordings(&[*node], true).0 {
                match name.0.get(&tag) {
                    Some(known) if known.text != wording.text => {
                        let remedy = format!("is a second one in the language `{}`; the first was taken: say its language", tag.as_str());
                        self.tell(*node, &wording.text, remedy);
                    }
                    Some(_) => {}
                    None => {
                        name.0.insert(tag, wording);
                    }
                }
            }
        }
        name
    }

    /// Adds the words of an element to a text.
    pub fn add(&mut self, text: &mut MultilingualText, node: Node<'a, 'i>, one_line: bool) {
        let found = self.words(node, one_line);
        self.add_said(text, node, found, one_line);
    }

    /// Adds what an element says in other ways than by its words: the words of its attributes.
    pub fn add_said(&mut self, text: &mut MultilingualText, node: Node<'a, 'i>, said: String, one_line: bool) {
        let Some(tag) = self.language(node).filter(|_| !said.is_empty()) else { return };
        let translated = self.attribute(node, "isTranslated").is_some_and(|value| value == "true" || value == "1");
        let status = if translated { TextStatus::Translation } else { TextStatus::Official };
        if add_words(text, tag, said, status, one_line) {
            self.tell(node, "", "makes the text longer than a text may be, which was cut; the whole is in the original");
        }
    }

    /// Texts of which each stands in several languages: the first of each language belong together where every language has as many.
    pub fn grouped(&mut self, nodes: &[Node<'a, 'i>], one_line: bool) -> Vec<MultilingualText> {
        let mut languages: Vec<(LanguageTag, Vec<Node<'a, 'i>>)> = Vec::new();
        for node in nodes {
            let Some(tag) = self.language(*node) else { continue };
            match languages.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, list)) => list.push(*node),
                None => languages.push((tag, vec![*node])),
            }
        }
        let same = languages.windows(2).all(|pair| matches!(pair, [(_, a), (_, b)] if a.len() == b.len()));
        let mut texts = Vec::new();
        if same {
            let count = languages.first().map_or(0, |(_, list)| list.len());
            for index in 0..count {
                let together: Vec<_> = languages.iter().filter_map(|(_, list)| list.get(index).copied()).collect();
                texts.push(self.wordings(&together, one_line));
            }
        } else {
            texts.extend(nodes.iter().map(|node| self.wordings(&[*node], one_line)));
        }
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// Marks an element and all below it as read.
    pub fn pass_over(&mut self, node: Node<'a, 'i>) {
        for inside in node.descendants().filter(Node::is_element) {
            self.used.insert(inside.id());
            self.attributes.extend(inside.attributes().map(|attribute| (inside.id(), attribute.name())));
        }
    }

    /// Counts an element inside a text as read whose address was taken as a link of its own; its words stay in the text.
    pub fn take_link(&mut self, node: Node<'a, 'i>) {
        self.pass_over(node);
        self.linked.insert(node.id());
    }

    /// Notes what does not fit, with its place.
    pub fn tell(&mut self, node: Node<'a, 'i>, value: &str, remedy: impl Into<String>) {
        let remedy = remedy.into();
        let general = place(self.root, node, false);
        let is_full = self.lines.told.len() >= MOST;
        let kind = self.lines.kind(general, remedy);
        if is_full {
            kind.more += 1;
        } else if kind.takes(value) {
            let remedy = kind.remedy.clone();
            self.lines.told.push(Problem::new(place(self.root, node, true), value, remedy));
        }
    }

    /// The words of an element and those of its attributes that nobody read.
    fn described(&self, node: Node<'a, 'i>, own: &str) -> String {
        let mut parts: Vec<String> = if own.is_empty() { Vec::new() } else { vec![own.to_owned()] };
        let silent = |name: &str| matches!(name, "ID" | "lang" | "xml-lang" | "source" | "schemaLocation");
        let telling = node.attributes().filter(|attribute| !attribute.value().trim().is_empty() && !silent(attribute.name()));
        let unread = telling.filter(|attribute| !self.attributes.contains(&(node.id(), attribute.name())));
        parts.extend(unread.map(|attribute| format!("@{}={}", attribute.name(), attribute.value().trim())));
        parts.join(" ")
    }

    /// Everything that was noted, and a line for each element and attribute that nobody read; the remedy is that of an element, where it has one.
    pub fn leftovers(mut self, remedy: &dyn Fn(Node<'a, 'i>) -> Option<&'static str>) -> Vec<Problem> {
        let parts = self.scope.take().unwrap_or_else(|| vec![self.root]);
        for node in parts.iter().flat_map(Node::descendants).filter(Node::is_element) {
            if !self.used.contains(&node.id()) {
                let own: String = node.children().filter_map(|child| child.is_text().then(|| child.text()).flatten()).collect();
                let described = self.described(node, own.trim());
                if !described.is_empty() && node != self.root {
                    self.tell(node, &described, remedy(node).unwrap_or("has no field in the registry; it is kept in the original only"));
                }
                continue;
            }
            let unread = |attribute: &roxmltree::Attribute<'a, 'i>| {
                !TECHNICAL.contains(&attribute.name())
                    && !attribute.value().trim().is_empty()
                    && !self.attributes.contains(&(node.id(), attribute.name()))
            };
            let rest: Vec<_> =
                node.attributes().filter(unread).map(|attribute| format!("@{}={}", attribute.name(), attribute.value().trim())).collect();
            for attribute in rest {
                self.tell(node, &attribute, "the attribute has no field in the registry; it is kept in the original only");
            }
        }
        let Lines { mut told, kinds, .. } = self.lines;
        let (named, others): (Vec<Kind>, Vec<Kind>) = kinds.into_iter().filter(|kind| kind.more > 0).partition(|kind| kind.told > 0);
        told.extend(named.into_iter().map(|kind| Problem::new(kind.place, format!("{} more of the kind", kind.more), kind.remedy)));
        let rest: usize = others.iter().map(|kind| kind.more).sum();
        if rest > 0 {
            let remedy = "so many more have no field in the registry and no line of their own; they are kept in the original only";
            told.push(Problem::new(self.root.tag_name().name(), rest, remedy));
        }
        told
    }
}

fn malformed(taken: &LanguageTag) -> String {
    format!("is no well-formed language tag, of which `{}` was taken; use a tag such as `ar` or `fr`", taken.as_str())
}

/// Adds words to a text; true where the text had to be cut.
fn add_words(text: &mut MultilingualText, tag: LanguageTag, found: String, status: TextStatus, one_line: bool) -> bool {
    match text.0.get_mut(&tag) {
        None => {
            let length = found.len();
            let found = words::shortened(found);
            let is_cut = found.len() < length;
            text.0.insert(tag, Wording { text: found, status });
            is_cut
        }
        Some(there) if there.text == found => false,
        Some(there) => {
            let joined = format!("{}{}{found}", there.text, if one_line { "; " } else { "\n\n" });
            let length = joined.len();
            there.text = words::shortened(joined);
            there.text.len() < length
        }
    }
}

/// Where an element stands: names from the root, with numbers where several have one name.
fn place(root: Node, node: Node, numbered: bool) -> String {
    let mut names = Vec::new();
    for above in node.ancestors() {
        let name = above.tag_name().name();
        let same = |sibling: &Node| sibling.is_element() && sibling.tag_name().name() == name;
        let before = if numbered { above.prev_siblings().skip(1).filter(same).count() } else { 0 };
        let more = numbered && before == 0 && above.next_siblings().skip(1).any(|sibling| same(&sibling));
        names.push(if before > 0 || more { format!("{name}[{}]", before + 1) } else { name.to_owned() });
        if above == root {
            break;
        }
    }
    names.reverse();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_is_named_with_place_and_value() {
        let many = "<d>9</d>".repeat(10);
        let text = format!("<r xml:lang='fr'><a>un</a><a x='1'>deux</a><b/><c y='2'/>{many}<e>z<f/></e></r>");
        let document = roxmltree::Document::parse(&text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = tracked.all(document.root_element(), "a");
        let joined = tracked.wordings(&nodes, true);
        assert_eq!(joined.words(Some("fr"), None), Some("un; deux"));
        let told: Vec<_> = tracked.leftovers(&|_| None).into_iter().map(|p| (p.field, p.value)).collect();
        let wanted = [
            ("r/a[2]", "@x=1"),
            ("r/c", "@y=2"),
            ("r/d[1]", "9"),
            ("r/d[2]", "9"),
            ("r/d[3]", "9"),
            ("r/e", "z"),
            ("r/d", "7 more of the kind"),
        ];
        assert_eq!(told, wanted.map(|(field, value)| (field.to_owned(), value.to_owned())));
    }

    #[test]
    fn languages_are_inherited_and_never_invented() {
        let text = "<r><p xml:lang='ar'><a>x</a><a xml:lang='en_GB'>y</a></p><a>z</a><a xml:lang='French'>w</a></r>";
        let document = roxmltree::Document::parse(text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes: Vec<_> = document.descendants().filter(|n| n.has_tag_name("a")).collect();
        let found = tracked.wordings(&nodes, true);
        let told: Vec<_> = found.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect();
        assert_eq!(told, [("ar", "x"), ("en-GB", "y"), ("und", "z; w")]);
        assert!(tracked.leftovers(&|_| None)[0].value.contains("French"));
    }

    #[test]
    fn a_tag_that_is_not_well_formed_is_told_once_where_it_stands() {
        let text = "<r xml:lang='zz-bogus-!!'><a>x</a><a>y</a><b xml:lang='sr-Latn-RS-x-old'>z</b><c>fr, ar</c></r>";
        let document = roxmltree::Document::parse(text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = [tracked.all(document.root_element(), "a"), tracked.all(document.root_element(), "b")].concat();
        let found = tracked.wordings(&nodes, true);
        assert_eq!(found.iter().map(|(tag, _)| tag.as_str()).collect::<Vec<_>>(), ["sr-Latn-RS", "und"]);
        let spoken = tracked.all(document.root_element(), "c");
        let code = tracked.line(spoken[0]);
        assert_eq!(tracked.named_language(spoken[0], &code), None);
        let named = tracked.named_language(spoken[0], "fr-FR, ar").map(|tag| tag.as_str().to_owned());
        assert_eq!(named.as_deref(), Some("fr"));
        let told: Vec<_> = tracked.leftovers(&|_| None).into_iter().map(|p| (p.field, p.value)).collect();
        let wanted = [("r", "zz-bogus-!!"), ("r/c", "fr, ar"), ("r/c", "fr-FR, ar")];
        assert_eq!(told, wanted.map(|(field, value)| (field.to_owned(), value.to_owned())));
    }

    #[test]
    fn words_of_links_stay_in_their_sentence() {
        let text = "<r><abstract>Voir le <ExtLink URI=\"http://teo.fr\">site de l'enquête</ExtLink> pour plus, <Link>ici</Link> et \
            <ExtLink URI=\"http://b.fr\">là</ExtLink>.</abstract><relStdy>Voir <ExtLink URI=\"http://c.fr\">l'autre</ExtLink> <ExtLink URI=\"http://d.fr\">http://d.fr</ExtLink></relStdy></r>";
        let document = roxmltree::Document::parse(text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = tracked.all(document.root_element(), "abstract");
        assert_eq!(tracked.line(nodes[0]), "Voir le site de l'enquête (http://teo.fr) pour plus, ici et là (http://b.fr).");
        // Whoever takes the address as a link of its own wants the words only.
        let nodes = tracked.all(document.root_element(), "relStdy");
        tracked.all(nodes[0], "ExtLink").into_iter().for_each(|link| tracked.take_link(link));
        assert_eq!(tracked.line(nodes[0]), "Voir l'autre");
        assert!(tracked.leftovers(&|_| None).is_empty());
    }

    #[test]
    fn words_in_markup_keep_paragraphs_and_targets() {
        let text = "<r><a> One <b>two</b>.<br/>  Three <a href='https://x.org/'>here</a>\u{202e}\n\n\n\n four<concept>no</concept></a></r>";
        let document = roxmltree::Document::parse(text).expect("tree");
        let mut tracked = Tracked::new(document.root_element(), None);
        let nodes = tracked.all(document.root_element(), "a");
        assert_eq!(tracked.text(nodes[0]), "One two.\n\nThree here (https://x.org/)\n\nfour");
        let told = tracked.leftovers(&|_| None);
        assert!(told.iter().any(|p| p.remedy.contains("U+202E")) && told.iter().any(|p| p.field == "r/a/concept"), "{told:?}");
    }
}
