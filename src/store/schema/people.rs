//! Persons, how they sign in, and the links that are given them.

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
