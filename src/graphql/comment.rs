//! Discussions as the contract shows them.

use juniper::{FieldResult, ID};

use crate::service::registers::comments::{self, Topic};
use crate::service::rows::CommentRow;

use super::connection::{PageArgs, connection};
use super::context::Context;
use super::error::from_service;
use super::institution::Institution;
use super::node::{NodeId, NodeValue, OwnKind};
use super::prefetch;
use super::scalars::DateTime;
use super::text::Lang;

/// A comment.
#[derive(Clone)]
pub struct Comment {
    /// The row.
    pub row: CommentRow,
    /// Language of the answer.
    pub lang: Lang,
}

connection!(
    CommentConnection,
    CommentEdge,
    Comment,
    "A discussion among signed-in persons, oldest first, page by page.",
    "A comment with its place in the discussion."
);

/// The discussion on a subject that the viewer may read.
///
/// # Errors
/// The database is unavailable.
pub fn on(context: &Context, topic: &Topic, lang: &Lang, args: &PageArgs) -> FieldResult<CommentConnection> {
    let known = context.loaded().comments.get(topic).cloned();
    let rows = match known {
        Some(known) => known,
        None => {
            load(context, vec![topic.clone()])?;
            context.loaded().comments.get(topic).cloned().unwrap_or_default()
        }
    };
    let cut = CommentConnection::cut(rows.into_iter().map(|row| Comment { row, lang: lang.clone() }).collect(), args)?;
    let named = cut.edges.iter().flat_map(|edge| {
        let row = &edge.node.row;
        row.institution.iter().cloned().chain(row.mentions.split(' ').filter(|slug| !slug.is_empty()).map(str::to_owned))
    });
    prefetch::expect(context, named.collect::<Vec<_>>(), []);
    Ok(cut)
}

/// Reads the discussions on subjects of one kind into the request's memory.
///
/// # Errors
/// The database is unavailable.
pub fn load(context: &Context, topics: Vec<Topic>) -> FieldResult<()> {
    let found = comments::on(&context.catalogue, &context.actor, &topics).map_err(from_service)?;
    context.loaded().comments.extend(found);
    Ok(())
}

/// A comment. Who speaks is told by function and institution, never by name.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Comment {
    /// Opaque identifier.
    fn id(&self) -> ID {
        let id = uuid::Uuid::try_parse(&self.row.id).unwrap_or_default();
        NodeId::Own(OwnKind::Comment, id).encode()
    }

    /// Function of the author.
    fn by(&self) -> &str {
        &self.row.function
    }

    /// Institution of the author; null where they speak for themselves.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.row.institution.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug, &self.lang))
    }

    /// The words; null where they were taken back.
    fn text(&self) -> Option<&str> {
        self.row.withdrawn_at.is_none().then_some(self.row.body.as_str())
    }

    /// Institutions that are spoken to.
    fn mentions(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let slugs = self.row.mentions.split(' ').filter(|slug| !slug.is_empty());
        slugs.filter_map(|slug| prefetch::institution(context, slug, &self.lang).transpose()).collect()
    }

    /// When it was written.
    fn at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// When it was taken back.
    fn withdrawn_at(&self) -> Option<DateTime> {
        self.row.withdrawn_at.map(DateTime)
    }
}
