//! What happened to an access request.

use std::sync::Arc;

use juniper::FieldResult;
use serde_json::Value;

use crate::domain::access_request::{Event, Recorded};
use crate::domain::vocabulary::{RequestEventKind, Vocabulary};
use crate::service::Error;
use crate::service::access_requests::reading::Seen;

use super::super::connection::page;
use super::super::context::Context;
use super::super::error::from_service;
use super::super::scalars::DateTime;

page!(AccessRequestEventPage, AccessRequestEvent, "What happened to an access request, oldest first.");

/// Something that happened.
#[derive(Clone)]
pub struct AccessRequestEvent {
    pub(super) seen: Arc<Seen>,
    pub(super) recorded: Recorded,
}

/// Something that happened to an access request. The change log chains it; its text is kept apart, and may have been erased.
#[juniper::graphql_object(context = Context)]
impl AccessRequestEvent {
    /// Place within the request, from 1. Events that are not for the viewer count too.
    fn number(&self) -> i32 {
        i32::try_from(self.recorded.number).unwrap_or(i32::MAX)
    }

    /// When it happened.
    fn at(&self) -> DateTime {
        DateTime(self.recorded.at)
    }

    /// Kind of event.
    fn kind(&self) -> FieldResult<RequestEventKind> {
        let kind = self.recorded.event.kind();
        RequestEventKind::parse(kind)
            .ok_or_else(|| from_service(Error::Internal(anyhow::anyhow!("event kind {kind} has no name in the contract"))))
    }

    /// Keys of the questions that a part was returned for; empty for everything else.
    fn questions(&self) -> &[String] {
        match &self.recorded.event {
            Event::Returned { questions, .. } if self.seen.is_applicant() || self.seen.reads_part_of(&self.recorded) => questions,
            _ => &[],
        }
    }

    /// Number of the part that it concerns; null for the request as a whole.
    fn part(&self) -> Option<i32> {
        self.recorded.part.and_then(|part| i32::try_from(part).ok())
    }

    /// Function of who did it; null for the clock of the catalogue, and for who sees states and dates only.
    fn by(&self) -> Option<&str> {
        self.seen.actor_of(&self.recorded)
    }

    /// The text that belongs to it, if the viewer may read it.
    fn text(&self) -> Option<&str> {
        self.seen.content(&self.recorded).and_then(|content| content.get("text")).and_then(Value::as_str)
    }

    /// Hash of the text with its salt, by which the log proves it; also where the text was erased.
    fn text_hash(&self) -> Option<&str> {
        self.recorded.content.as_deref()
    }

    /// The standing rule of the holder, where one was applied instead of a person; null for who sees states and dates only.
    fn rule(&self) -> Option<&str> {
        match &self.recorded.event {
            Event::RuleApplied { rule } if self.seen.reads_part_of(&self.recorded) => Some(rule),
            _ => None,
        }
    }
}
