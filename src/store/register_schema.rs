//! Tables of the registers, of discussions and of reports.

diesel::table! {
    register_entries (id) {
        id -> Text,
        number -> BigInt,
        kind -> Text,
        state -> Text,
        visibility -> Text,
        institution -> Nullable<Text>,
        revision -> BigInt,
        doc -> Text,
        created_by -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    register_links (entry_id, kind, target) {
        entry_id -> Text,
        kind -> Text,
        target -> Text,
    }
}
diesel::table! {
    register_supports (entry_id, person_id) {
        entry_id -> Text,
        person_id -> Text,
        institution -> Nullable<Text>,
        at -> BigInt,
    }
}
diesel::table! {
    register_keys (kind, target) {
        kind -> Text,
        target -> Text,
        entry_id -> Text,
    }
}
diesel::table! {
    comments (id) {
        id -> Text,
        number -> BigInt,
        subject_kind -> Text,
        subject_id -> Text,
        institution -> Nullable<Text>,
        person_id -> Text,
        function -> Text,
        body -> Text,
        mentions -> Text,
        created_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    reports (id) {
        id -> Text,
        number -> BigInt,
        kind -> Text,
        country -> Text,
        until_on -> Text,
        previous_on -> Nullable<Text>,
        edition -> Text,
        records -> Text,
        language -> Text,
        title -> Text,
        seq -> BigInt,
        chain_hash -> Text,
        made_by -> Text,
        made_at -> BigInt,
    }
}
diesel::table! {
    report_files (report_id, format) {
        report_id -> Text,
        format -> Text,
        sha256 -> Text,
        size -> BigInt,
        content -> Binary,
    }
}
diesel::allow_tables_to_appear_in_same_query!(register_entries, register_links, register_supports, register_keys);
