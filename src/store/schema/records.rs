//! Institutions, records, the log of changes, and what runs the registry.

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
diesel::table! {
    working_copies (id) {
        id -> Text,
        dataset_id -> Text,
        slug -> Nullable<Text>,
        institution -> Text,
        status -> Text,
        revision -> BigInt,
        base_version -> BigInt,
        doc -> Text,
        note -> Text,
        reason -> Nullable<Text>,
        edited_by -> Text,
        submitted_by -> Nullable<Text>,
        submitted_at -> Nullable<BigInt>,
        validated_by -> Nullable<Text>,
        validated_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    stamps (dataset_id, kind, version, seq) {
        dataset_id -> Text,
        kind -> Text,
        version -> BigInt,
        seq -> BigInt,
        is_withdrawn -> BigInt,
        person_id -> Text,
        function -> Text,
        institution -> Nullable<Text>,
        note -> Text,
        at -> BigInt,
    }
}
diesel::table! {
    holding_claims (id) {
        id -> Text,
        dataset_id -> Text,
        institution -> Text,
        role -> Text,
        doc -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        revision -> BigInt,
        declared_by -> Text,
        decided_by -> Nullable<Text>,
        created_at -> BigInt,
        updated_at -> BigInt,
        is_in_record -> BigInt,
    }
}
diesel::table! {
    leases (name) { name -> Text, holder -> Text, until -> BigInt, }
}

diesel::allow_tables_to_appear_in_same_query!(changes, versions);
diesel::allow_tables_to_appear_in_same_query!(changes, datasets);
diesel::allow_tables_to_appear_in_same_query!(datasets, holdings, institutions, relations, versions);
