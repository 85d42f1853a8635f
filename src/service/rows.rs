//! Rows of the store that faces show as they are.

pub use crate::store::access_queue::QueueOrder;
pub use crate::store::agreements::SignatureRow;
pub use crate::store::copies::CopyRow;
pub use crate::store::entitlements::{EntitlementRow, FileHead};
pub use crate::store::outbox::{DeliveryRow, NoticeRow, SavedSearchRow, WebhookRow};
pub use crate::store::persons::{MembershipRow, PersonRow, TokenRow};
pub use crate::store::registers::CommentRow;
pub use crate::store::reports::ReportFileRow;
pub use crate::store::requests::ReadRow;
