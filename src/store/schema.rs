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
    leases (name) { name -> Text, holder -> Text, until -> BigInt, }
}
diesel::table! {
    calendars (country) { country -> Text, doc -> Text, updated_at -> BigInt, }
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
diesel::table! {
    agreements (id) {
        id -> Text,
        number -> BigInt,
        kind -> Text,
        state -> Text,
        visibility -> Text,
        starts_on -> Nullable<Text>,
        ends_on -> Nullable<Text>,
        revision -> BigInt,
        doc -> Text,
        created_by -> Text,
        signed_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    agreement_parties (agreement_id, institution) {
        agreement_id -> Text,
        institution -> Text,
        role -> Text,
    }
}
diesel::table! {
    agreement_warnings (agreement_id, due_on, days) {
        agreement_id -> Text,
        due_on -> Text,
        days -> BigInt,
        told_at -> BigInt,
    }
}
diesel::table! {
    agreement_signatures (agreement_id, institution) {
        agreement_id -> Text,
        institution -> Text,
        person_id -> Text,
        function -> Text,
        text_hash -> Text,
        at -> BigInt,
    }
}
diesel::table! {
    calendar_events (id) {
        id -> Text,
        number -> BigInt,
        kind -> Text,
        institution -> Text,
        dataset_id -> Nullable<Text>,
        state -> Text,
        first_day -> BigInt,
        last_day -> BigInt,
        revision -> BigInt,
        doc -> Text,
        created_by -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}
diesel::table! {
    calendar_postponements (event_id, position) {
        event_id -> Text,
        position -> BigInt,
        planned_before -> Text,
        planned_after -> Text,
        reason -> Text,
        institution -> Text,
        function -> Text,
        at -> BigInt,
    }
}
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
diesel::allow_tables_to_appear_in_same_query!(changes, versions);
diesel::allow_tables_to_appear_in_same_query!(changes, datasets);
diesel::allow_tables_to_appear_in_same_query!(agreements, agreement_parties, agreement_signatures, agreement_warnings);
diesel::allow_tables_to_appear_in_same_query!(datasets, holdings, institutions, relations, versions);
diesel::allow_tables_to_appear_in_same_query!(access_parts, access_sides);
diesel::allow_tables_to_appear_in_same_query!(access_files, access_requests);
