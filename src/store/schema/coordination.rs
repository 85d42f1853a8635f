//! Agreements and the calendar.

diesel::table! {
    calendars (country) { country -> Text, doc -> Text, updated_at -> BigInt, }
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

diesel::allow_tables_to_appear_in_same_query!(agreements, agreement_parties, agreement_signatures, agreement_warnings);
