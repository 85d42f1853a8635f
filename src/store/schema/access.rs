//! Requests for access, their forms, desks and files, and what they entitle to.

diesel::table! {
    access_requests (id) {
        id -> Text,
        applicant -> Text,
        state -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        clock_at -> Nullable<BigInt>,
        doc -> Text,
    }
}
diesel::table! {
    access_parts (request_id, number) {
        request_id -> Text,
        number -> BigInt,
        institution -> Text,
        dataset_id -> Text,
        holding_id -> Text,
        state -> Text,
        data -> Text,
        awaiting -> Nullable<Text>,
        due_on -> Nullable<Text>,
        is_waited_for -> BigInt,
        submitted_at -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
        agreement_id -> Nullable<Text>,
        updated_at -> BigInt,
    }
}
diesel::table! {
    access_events (request_id, number) {
        request_id -> Text,
        number -> BigInt,
        seq -> BigInt,
        at -> BigInt,
        actor -> Nullable<Text>,
        part -> Nullable<BigInt>,
        kind -> Text,
        doc -> Text,
        content_hash -> Nullable<Text>,
    }
}
diesel::table! {
    access_contents (hash) {
        hash -> Text,
        request_id -> Text,
        salt -> Text,
        doc -> Text,
        created_at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    access_people (request_id, person_id) { request_id -> Text, person_id -> Text, }
}
diesel::table! {
    access_sides (request_id, number, person_id) { request_id -> Text, number -> BigInt, person_id -> Text, side -> Text, }
}
diesel::table! {
    access_awaited (request_id, member) { request_id -> Text, member -> BigInt, email -> Text, }
}
diesel::table! {
    access_reads (id) {
        id -> Text,
        request_id -> Text,
        part -> Nullable<BigInt>,
        person_id -> Text,
        function -> Text,
        what -> Text,
        at -> BigInt,
    }
}
diesel::table! {
    access_desks (id) {
        id -> Text,
        institution -> Text,
        holding_id -> Text,
        revision -> BigInt,
        doc -> Text,
        updated_at -> BigInt,
    }
}
diesel::table! {
    entitlements (id) {
        id -> Text,
        request_id -> Text,
        part -> BigInt,
        person_id -> Text,
        institution -> Text,
        dataset_id -> Text,
        holding_id -> Text,
        data -> Text,
        agreement_id -> Nullable<Text>,
        state -> Text,
        starts_on -> Text,
        ends_on -> Text,
        reason -> Nullable<Text>,
        seq -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    access_files (id) {
        id -> Text,
        request_id -> Text,
        part -> Nullable<BigInt>,
        is_internal -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        bytes -> Binary,
        person_id -> Text,
        at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    access_forms (id) {
        id -> Text,
        institution -> Text,
        holding_id -> Nullable<Text>,
        version -> BigInt,
        doc -> Text,
        state -> Text,
        revision -> BigInt,
        created_by -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        published_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(access_parts, access_sides);
diesel::allow_tables_to_appear_in_same_query!(access_files, access_requests);
