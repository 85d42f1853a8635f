//! What is told to whom: notices, mails, webhooks, saved searches, and how far each follower has read.

diesel::table! {
    followers (name) {
        name -> Text,
        seq -> BigInt,
    }
}
diesel::table! {
    notices (id) {
        id -> Text,
        person_id -> Text,
        seq -> BigInt,
        kind -> Text,
        title -> Text,
        reason -> Nullable<Text>,
        path -> Text,
        entity_id -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
        mailed_at -> Nullable<BigInt>,
        who -> Nullable<Text>,
        until_on -> Nullable<Text>,
        day_kind -> Nullable<Text>,
        whom -> Nullable<Text>,
        titles -> Nullable<Text>,
        promised -> Nullable<Text>,
        who_names -> Nullable<Text>,
    }
}
diesel::table! {
    mails (id) {
        id -> Text,
        recipient -> Text,
        language -> Text,
        subject -> Text,
        body -> Text,
        attempts -> BigInt,
        error -> Nullable<Text>,
        created_at -> BigInt,
        due_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        is_urgent -> BigInt,
        entity_id -> Nullable<Text>,
    }
}
diesel::table! {
    webhook_pauses (webhook_id, institution) {
        webhook_id -> Text,
        institution -> Text,
        seq -> BigInt,
    }
}
diesel::table! {
    webhooks (id) {
        id -> Text,
        person_id -> Text,
        url -> Text,
        secret -> Text,
        is_active -> BigInt,
        seq -> BigInt,
        attempts -> BigInt,
        failing_since -> Nullable<BigInt>,
        due_at -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    deliveries (id) {
        id -> Text,
        webhook_id -> Text,
        seq -> BigInt,
        attempt -> BigInt,
        at -> BigInt,
        status -> Nullable<BigInt>,
        error -> Nullable<Text>,
        duration_ms -> BigInt,
    }
}
diesel::table! {
    saved_searches (id) {
        id -> Text,
        person_id -> Text,
        name -> Text,
        words -> Nullable<Text>,
        filter -> Text,
        created_at -> BigInt,
    }
}
diesel::table! {
    saved_search_hits (search_id, dataset_id) {
        search_id -> Text,
        dataset_id -> Text,
    }
}
diesel::table! {
    reminders (name) {
        name -> Text,
        due_on -> Text,
        told_at -> BigInt,
    }
}
