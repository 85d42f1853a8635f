-- Persons who sign in, and programs that do. A person is named by function, never by a private name in public.
CREATE TABLE persons (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT UNIQUE,
    function TEXT NOT NULL,
    language TEXT NOT NULL,
    mail_preference TEXT NOT NULL,
    password_hash TEXT,
    totp_secret TEXT,
    totp_step BIGINT NOT NULL,
    is_program BIGINT NOT NULL,
    is_demo BIGINT NOT NULL,
    disabled_at BIGINT,
    mailed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Accounts at identity providers, keyed on issuer and subject, never on the e-mail address.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- Roles; the institution is empty for roles of the catalogue, the source is empty for roles granted here.
CREATE TABLE memberships (
    person_id TEXT NOT NULL REFERENCES persons (id),
    institution TEXT NOT NULL,
    role TEXT NOT NULL,
    source TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, institution, role, source)
);
CREATE INDEX memberships_institution ON memberships (institution, role);

CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    provider TEXT,
    id_token TEXT,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_tokens_person ON api_tokens (person_id);

-- Links that work once: invitation, password reset, sign-in, and the way back from an identity provider.
CREATE TABLE links (
    hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    person_id TEXT,
    doc TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX attempts_name ON attempts (name, at);

-- The working copy of a record: beside the published version, or before the first one.
CREATE TABLE working_copies (
    id TEXT NOT NULL PRIMARY KEY,
    dataset_id TEXT NOT NULL UNIQUE,
    slug TEXT UNIQUE,
    institution TEXT NOT NULL,
    status TEXT NOT NULL,
    revision BIGINT NOT NULL,
    base_version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    note TEXT NOT NULL,
    reason TEXT,
    edited_by TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at BIGINT,
    validated_by TEXT,
    validated_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX working_copies_institution ON working_copies (institution, updated_at);

-- Validation by the producer and review by the coordinator: two facts, each with who and when.
CREATE TABLE stamps (
    dataset_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    function TEXT NOT NULL,
    institution TEXT,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (dataset_id, kind, version)
);

-- What an institution declares to hold of another's dataset, until the producer confirms or contests it.
CREATE TABLE holding_claims (
    id TEXT NOT NULL PRIMARY KEY,
    dataset_id TEXT NOT NULL,
    institution TEXT NOT NULL,
    role TEXT NOT NULL,
    doc TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    revision BIGINT NOT NULL,
    declared_by TEXT NOT NULL,
    decided_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (dataset_id, institution, role)
);

CREATE TABLE preview_links (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    copy_id TEXT NOT NULL,
    without_names BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX preview_links_copy ON preview_links (copy_id);

-- How far each follower of the change log has come.
CREATE TABLE followers (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);

CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    reason TEXT,
    path TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    mailed_at BIGINT
);
CREATE INDEX notices_person ON notices (person_id, created_at);

CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mails_due ON mails (sent_at, due_at);

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failing_since BIGINT,
    due_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    seq BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    duration_ms BIGINT NOT NULL
);
CREATE INDEX deliveries_webhook ON deliveries (webhook_id, at);

CREATE TABLE saved_searches (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    words TEXT,
    filter TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE saved_search_hits (
    search_id TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    PRIMARY KEY (search_id, dataset_id)
);

-- When a desk was first told that a record is past its review date, and when an institution last had a digest.
CREATE TABLE reminders (
    name TEXT NOT NULL PRIMARY KEY,
    due_on TEXT NOT NULL,
    told_at BIGINT NOT NULL
);
