//! Tables as diesel sees them; `migrations/` creates them.

mod access;
mod coordination;
mod news;
mod people;
mod records;

pub use access::*;
pub use coordination::*;
pub use news::*;
pub use people::*;
pub use records::*;

diesel::allow_tables_to_appear_in_same_query!(
    persons,
    identities,
    memberships,
    sessions,
    api_tokens,
    notices,
    saved_searches,
    webhooks,
    webhook_pauses
);
diesel::allow_tables_to_appear_in_same_query!(access_awaited, persons);
diesel::allow_tables_to_appear_in_same_query!(calendar_events, datasets);
diesel::allow_tables_to_appear_in_same_query!(changes, entitlements);
