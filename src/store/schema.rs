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
diesel::table! {
    persons (id) {
        id -> Text,
        email -> Nullable<Text>,
        function -> Text,
        language -> Text,
        mail_preference -> Text,
        password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Text>,
        totp_step -> BigInt,
        is_program -> BigInt,
        is_demo -> BigInt,
        disabled_at -> Nullable<BigInt>,
        mailed_at -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    identities (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        person_id -> Text,
        created_at -> BigInt,
    }
}
diesel::table! {
    memberships (person_id, institution, role, source) {
        person_id -> Text,
        institution -> Text,
        role -> Text,
        source -> Text,
        granted_at -> BigInt,
    }
}
diesel::table! {
    sessions (hash) {
        hash -> Text,
        person_id -> Text,
        provider -> Nullable<Text>,
        id_token -> Nullable<Text>,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}
diesel::table! {
    api_tokens (id) {
        id -> Text,
        person_id -> Text,
        name -> Text,
        hash -> Text,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    links (hash) {
        hash -> Text,
        kind -> Text,
        person_id -> Nullable<Text>,
        doc -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}
diesel::table! {
    attempts (id) {
        id -> Text,
        name -> Text,
        at -> BigInt,
    }
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
    preview_links (id) {
        id -> Text,
        hash -> Text,
        copy_id -> Text,
        without_names -> BigInt,
        created_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}
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
diesel::allow_tables_to_appear_in_same_query!(datasets, holdings, institutions, relations, versions);
diesel::allow_tables_to_appear_in_same_query!(persons, identities, memberships, sessions, api_tokens, notices, saved_searches, webhooks);
