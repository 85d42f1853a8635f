//! Tables of what comes in from other systems; `migrations/` creates them.

diesel::table! {
    sources (id) {
        id -> Text,
        institution -> Text,
        kind -> Text,
        url -> Text,
        is_active -> BigInt,
        next_run_at -> Nullable<BigInt>,
        revision -> BigInt,
        doc -> Text,
        progress -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    intake_runs (id) {
        id -> Text,
        source_id -> Nullable<Text>,
        institution -> Text,
        outcome -> Text,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        doc -> Text,
    }
}
diesel::table! {
    intake_problems (run_id, number) {
        run_id -> Text,
        number -> BigInt,
        record -> Text,
        field -> Text,
        value -> Text,
        remedy -> Text,
    }
}
diesel::table! {
    origins (place, record_key) {
        place -> Text,
        record_key -> Text,
        dataset_id -> Text,
        institution -> Text,
        last_run -> Text,
        gone_at -> Nullable<BigInt>,
        original -> Nullable<Text>,
        doc -> Text,
        updated_at -> BigInt,
    }
}
diesel::table! {
    originals (hash) { hash -> Text, media_type -> Text, size -> BigInt, bytes -> Binary, created_at -> BigInt, }
}
diesel::table! {
    original_parts (hash, part) { hash -> Text, part -> BigInt, bytes -> Binary, }
}
