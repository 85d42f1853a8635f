//! Tables as diesel sees them; `migrations/` creates them.

diesel::table! {
    counter (id) { id -> BigInt, seq -> BigInt, hash -> Text, }
}
diesel::table! {
    changes (seq) {
        seq -> BigInt,
        at -> BigInt,
        actor -> Text,
        kind -> Text,
        entity -> Text,
        entity_id -> Text,
        is_public -> BigInt,
        before_doc -> Nullable<Text>,
        after_doc -> Nullable<Text>,
        hash -> Text,
    }
}
diesel::table! {
    institutions (id) {
        id -> Text,
        slug -> Text,
        kind -> Text,
        country -> Nullable<Text>,
        search_text -> Text,
        number -> BigInt,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        doc -> Text,
    }
}
diesel::table! {
    datasets (id) {
        id -> Text,
        slug -> Text,
        status -> Text,
        visibility -> Text,
        producer -> Nullable<Text>,
        number -> BigInt,
        revision -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        doc -> Text,
    }
}
diesel::table! {
    versions (entity_id, version) {
        entity_id -> Text,
        version -> BigInt,
        seq -> BigInt,
        at -> BigInt,
        is_public -> BigInt,
        note -> Text,
        doc -> Text,
    }
}
diesel::table! {
    holdings (id) {
        id -> Text,
        dataset_id -> Text,
        institution_id -> Text,
        role -> Text,
        position -> BigInt,
    }
}
diesel::table! {
    relations (dataset_id, position) {
        dataset_id -> Text,
        position -> BigInt,
        relation_type -> Text,
        target_slug -> Text,
    }
}
diesel::table! {
    registry (name) { name -> Text, value -> Text, }
}
diesel::allow_tables_to_appear_in_same_query!(datasets, holdings, institutions, relations);
