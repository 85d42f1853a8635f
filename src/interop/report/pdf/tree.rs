//! What stands on the pages, and how it hangs together for who hears the report instead of seeing it.

use std::num::NonZeroU16;
use std::rc::Rc;

use krilla::geom::Rect;
use krilla::tagging::{BBox, Identifier, ListNumbering, Node as TagNode, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use resvg::usvg::Tree;

use super::line::Piece;

/// Red, green and blue.
pub type Colour = (u8, u8, u8);

/// What is read at its place in the structure; nothing for what is only seen, such as lines and numbers of pages.
pub type Slot = Option<usize>;

/// A thing on a page. Measures are points from the upper left corner.
pub enum Mark {
    /// Letters: where they begin and the line on which they stand.
    Letters { slot: Slot, x: f32, y: f32, size: f32, piece: Piece, text: Rc<str>, colour: Colour, language: Option<String> },
    /// A filled rectangle.
    Box { x: f32, y: f32, width: f32, height: f32, colour: Colour },
    /// A picture.
    Picture { slot: Slot, x: f32, y: f32, width: f32, height: f32, picture: Box<Tree> },
    /// A place that leads elsewhere, and what its text says.
    Link { slot: usize, x: f32, y: f32, width: f32, height: f32, url: String, text: String },
}

/// What a node of the structure is.
pub enum Role {
    Section,
    Heading(u16, String),
    Paragraph,
    List(bool),
    Item,
    Label,
    ItemBody,
    Table(String),
    Head,
    Body,
    Row,
    HeadCell(bool),
    Cell,
    Figure(String),
    Caption,
    Link,
    Quotation,
    Contents,
    Entry,
}

struct Node {
    role: Role,
    children: Vec<Child>,
    /// Page and frame of a picture.
    frame: Option<(usize, Rect)>,
}

#[derive(Clone, Copy)]
enum Child {
    Node(usize),
    Slot(usize),
}

/// The structure. Node 0 is the report.
pub struct Structure {
    nodes: Vec<Node>,
    slots: usize,
}

impl Structure {
    /// A report without anything.
    pub fn new() -> Self {
        Self { nodes: vec![Node { role: Role::Section, children: Vec::new(), frame: None }], slots: 0 }
    }

    /// Adds a node below another.
    pub fn add(&mut self, parent: usize, role: Role) -> usize {
        let number = self.nodes.len();
        self.nodes.push(Node { role, children: Vec::new(), frame: None });
        self.push(parent, Child::Node(number));
        number
    }

    /// A place below a node for something on a page.
    pub fn slot(&mut self, parent: usize) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.push(parent, Child::Slot(slot));
        slot
    }

    /// Says where a picture stands.
    pub fn frame(&mut self, node: usize, page: usize, frame: Option<Rect>) {
        if let (Some(node), Some(frame)) = (self.nodes.get_mut(node), frame) {
            node.frame = Some((page, frame));
        }
    }

    fn push(&mut self, parent: usize, child: Child) {
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.push(child);
        }
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// The structure as it is written, once it is known what stands in the slots.
    pub fn tags(&self, filled: &[Option<Identifier>], language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for child in self.children(0, filled) {
            tree.push(child);
        }
        tree
    }

    fn children(&self, number: usize, filled: &[Option<Identifier>]) -> Vec<TagNode> {
        let children = self.nodes.get(number).map_or(&[][..], |node| node.children.as_slice());
        children
            .iter()
            .filter_map(|child| match *child {
                Child::Slot(slot) => filled.get(slot).copied().flatten().map(TagNode::Leaf),
                Child::Node(node) => {
                    let below = self.children(node, filled);
                    let kind = self.nodes.get(node).map(kind)?;
                    // An empty cell is a cell all the same; anything else without content is nothing.
                    let is_cell = matches!(kind, TagKind::TD(_) | TagKind::TH(_));
                    (is_cell || !below.is_empty()).then(|| TagNode::Group(TagGroup::with_children(kind, below)))
                }
            })
            .collect()
    }
}

fn kind(node: &Node) -> TagKind {
    match &node.role {
        Role::Section => Tag::Section.into(),
        Role::Heading(level, title) => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into(),
        Role::Paragraph => Tag::P.into(),
        Role::List(is_ordered) => Tag::L(if *is_ordered { ListNumbering::Decimal } else { ListNumbering::Disc }).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::ItemBody => Tag::LBody.into(),
        Role::Table(summary) => Tag::Table.with_summary(Some(summary.clone())).into(),
        Role::Head => Tag::THead.into(),
        Role::Body => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell(is_column) => Tag::TH(if *is_column { TableHeaderScope::Column } else { TableHeaderScope::Row }).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(alternative) => {
            let frame = node.frame.map(|(page, frame)| BBox::new(page, frame));
            Tag::Figure(Some(alternative.clone())).with_bbox(frame).into()
        }
        Role::Caption => Tag::Caption.into(),
        Role::Link => Tag::Link.into(),
        Role::Quotation => Tag::BlockQuote.into(),
        Role::Contents => Tag::TOC.into(),
        Role::Entry => Tag::TOCI.into(),
    }
}
