//! Connections after the Relay specification, for lists that are cut from memory or by a number.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juniper::FieldResult;

use super::context::Context;
use super::error::bad_input;

/// Most items of one page.
pub const MAX_PAGE: i32 = 100;

/// Where a page stands in its list.
#[derive(Clone, Debug, Default)]
pub struct PageInfo {
    /// Whether items follow.
    pub has_next_page: bool,
    /// Whether items come before.
    pub has_previous_page: bool,
    /// Cursor of the first item.
    pub start_cursor: Option<String>,
    /// Cursor of the last item.
    pub end_cursor: Option<String>,
}

/// Where a page stands in its list.
#[juniper::graphql_object(context = Context)]
impl PageInfo {
    /// Whether items follow this page.
    fn has_next_page(&self) -> bool {
        self.has_next_page
    }

    /// Whether items come before this page.
    fn has_previous_page(&self) -> bool {
        self.has_previous_page
    }

    /// Cursor of the first item of the page.
    fn start_cursor(&self) -> Option<&str> {
        self.start_cursor.as_deref()
    }

    /// Cursor of the last item of the page; pass it as `after` to read on.
    fn end_cursor(&self) -> Option<&str> {
        self.end_cursor.as_deref()
    }
}

/// Arguments of a page as they were given: first, after, last, before.
pub type Paging = (Option<i32>, Option<String>, Option<i32>, Option<String>);

/// Arguments of a page, checked.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// Number of items.
    pub count: usize,
    /// Read after this cursor.
    pub after: Option<String>,
    /// Read before this cursor.
    pub before: Option<String>,
    /// Whether the last items are wanted instead of the first.
    pub from_end: bool,
}

impl PageArgs {
    /// Checks the arguments of a page; without any, the first `default` items are meant.
    pub fn check(first: Option<i32>, after: Option<String>, last: Option<i32>, before: Option<String>, default: i32) -> FieldResult<Self> {
        for (name, number) in [("first", first), ("last", last)] {
            if let Some(number) = number.filter(|number| !(1..=MAX_PAGE).contains(number)) {
                return Err(bad_input(format!("`{name}` is {number}; ask for 1 to {MAX_PAGE} items a page and read on with cursors")));
            }
        }
        // `first` has a default, so that it stands beside `last` without having been asked for.
        let from_end = last.is_some();
        let count = last.or(first).unwrap_or(default);
        Ok(Self { count: usize::try_from(count).unwrap_or(0), after, before, from_end })
    }

    /// The part of a list of known length that the arguments mean; cursors are places in the list.
    pub fn range(&self, length: usize) -> FieldResult<std::ops::Range<usize>> {
        let start = self.after.as_deref().map(read_place).transpose()?.map_or(0, |place| place.saturating_add(1)).min(length);
        let end = self.before.as_deref().map(read_place).transpose()?.unwrap_or(length).min(length).max(start);
        Ok(if self.from_end { end.saturating_sub(self.count).max(start)..end } else { start..start.saturating_add(self.count).min(end) })
    }
}

/// Cursor of a place in a list.
pub fn place_cursor(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("place:{place}"))
}

fn read_place(cursor: &str) -> FieldResult<usize> {
    let bytes = (cursor.len() <= 64).then(|| URL_SAFE_NO_PAD.decode(cursor).ok()).flatten();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.and_then(|text| text.strip_prefix("place:").and_then(|place| place.parse().ok()));
    place.ok_or_else(|| bad_input("the cursor is not one of this list; pass a cursor as it was given"))
}

/// Cursor made of a short text, such as a slug or a number.
pub fn text_cursor(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("at:{text}"))
}

/// Reads a cursor made of a short text.
pub fn read_text_cursor(cursor: &str) -> FieldResult<String> {
    let bytes = (cursor.len() <= 512).then(|| URL_SAFE_NO_PAD.decode(cursor).ok()).flatten();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| text.strip_prefix("at:").map(str::to_owned));
    text.filter(|text| !text.contains(char::is_control))
        .ok_or_else(|| bad_input("the cursor is not one of this list; pass a cursor as it was given"))
}

/// Writes the two types of a connection over nodes held in memory.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $list_doc:literal, $edge_doc:literal) => {
        #[doc = $list_doc]
        pub struct $connection {
            pub edges: Vec<$edge>,
            pub page_info: $crate::graphql::connection::PageInfo,
            pub total: i32,
        }

        #[doc = $edge_doc]
        #[derive(Clone)]
        pub struct $edge {
            pub cursor: String,
            pub node: $node,
        }

        impl $connection {
            /// Cuts a page from a whole list.
            pub fn cut(nodes: Vec<$node>, args: &$crate::graphql::connection::PageArgs) -> juniper::FieldResult<Self> {
                let total = nodes.len();
                let range = args.range(total)?;
                let edges: Vec<$edge> = nodes
                    .into_iter()
                    .enumerate()
                    .skip(range.start)
                    .take(range.len())
                    .map(|(place, node)| $edge { cursor: $crate::graphql::connection::place_cursor(place), node })
                    .collect();
                Ok(Self::page(edges, range.end < total, range.start > 0, total))
            }

            /// A page whose edges are known.
            pub fn page(edges: Vec<$edge>, has_next_page: bool, has_previous_page: bool, total: usize) -> Self {
                let page_info = $crate::graphql::connection::PageInfo {
                    has_next_page,
                    has_previous_page,
                    start_cursor: edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: edges.last().map(|edge| edge.cursor.clone()),
                };
                Self { edges, page_info, total: i32::try_from(total).unwrap_or(i32::MAX) }
            }
        }

        #[doc = $list_doc]
        #[juniper::graphql_object(context = $crate::graphql::Context)]
        impl $connection {
            /// Items with their cursors.
            fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// Items without their cursors.
            fn nodes(&self) -> Vec<$node> {
                self.edges.iter().map(|edge| edge.node.clone()).collect()
            }

            /// Where the page stands in the list.
            fn page_info(&self) -> &$crate::graphql::connection::PageInfo {
                &self.page_info
            }

            /// Number of items in the whole list.
            fn total_count(&self) -> i32 {
                self.total
            }
        }

        #[doc = $edge_doc]
        #[juniper::graphql_object(context = $crate::graphql::Context)]
        impl $edge {
            /// Cursor of the item.
            fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The item.
            fn node(&self) -> &$node {
                &self.node
            }
        }
    };
}
/// Declares a page of a list whose items are no nodes: they are read with what they belong to, and have no identifier of their own. With a
/// second text the page says whether a bound of the search cut something off.
macro_rules! page {
    ($page:ident, $item:ty, $doc:literal $(, $truncated_doc:literal)?) => {
        #[doc = $doc]
        pub struct $page {
            pub nodes: Vec<$item>,
            pub page_info: $crate::graphql::connection::PageInfo,
            pub total: i32,
            pub is_truncated: bool,
        }

        impl $page {
            /// The items of a range of a list.
            pub fn of(nodes: Vec<$item>, range: &std::ops::Range<usize>, total: usize) -> Self {
                let cursor = |place: usize| (!range.is_empty()).then(|| $crate::graphql::connection::place_cursor(place));
                let page_info = $crate::graphql::connection::PageInfo {
                    has_next_page: range.end < total,
                    has_previous_page: range.start > 0,
                    start_cursor: cursor(range.start),
                    end_cursor: cursor(range.end.saturating_sub(1)),
                };
                Self { nodes, page_info, total: i32::try_from(total).unwrap_or(i32::MAX), is_truncated: false }
            }

            /// Cuts a page from a whole list.
            pub fn cut(all: Vec<$item>, args: &$crate::graphql::connection::PageArgs) -> juniper::FieldResult<Self> {
                let total = all.len();
                let range = args.range(total)?;
                Ok(Self::of(all.into_iter().skip(range.start).take(range.len()).collect(), &range, total))
            }
        }

        #[doc = $doc]
        #[juniper::graphql_object(context = $crate::graphql::Context)]
        impl $page {
            $(
                #[doc = $truncated_doc]
                fn is_truncated(&self) -> bool {
                    self.is_truncated
                }
            )?

            /// The items of the page.
            fn nodes(&self) -> &[$item] {
                &self.nodes
            }

            /// Where the page stands in the list.
            fn page_info(&self) -> &$crate::graphql::connection::PageInfo {
                &self.page_info
            }

            /// Number of items in the whole list.
            fn total_count(&self) -> i32 {
                self.total
            }
        }
    };
}

pub(crate) use {connection, page};
