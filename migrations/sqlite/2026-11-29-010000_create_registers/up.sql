-- Entries of the registers: challenges, good practices, needs, requests, statements, decisions on overlaps, agreed notes, focal points.
CREATE TABLE register_entries (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    institution TEXT,
    revision BIGINT NOT NULL,
    doc TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX register_entries_kind ON register_entries (kind, state, number);

-- What entries are about, for look-ups: datasets by identifier, pairs of them, institutions by slug.
CREATE TABLE register_links (
    entry_id TEXT NOT NULL REFERENCES register_entries (id),
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (entry_id, kind, target)
);
CREATE INDEX register_links_target ON register_links (kind, target);

-- Who supports a request; the person is never shown, the institution is.
CREATE TABLE register_supports (
    entry_id TEXT NOT NULL REFERENCES register_entries (id),
    person_id TEXT NOT NULL,
    institution TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (entry_id, person_id)
);

-- One decision or note for each pair of records, and one note for each discrepancy.
CREATE TABLE register_keys (
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    entry_id TEXT NOT NULL REFERENCES register_entries (id),
    PRIMARY KEY (kind, target)
);

-- Discussions on datasets and entries. What was taken back keeps its place without its words.
CREATE TABLE comments (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    institution TEXT,
    person_id TEXT NOT NULL,
    function TEXT NOT NULL,
    body TEXT NOT NULL,
    mentions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX comments_subject ON comments (subject_kind, subject_id, number);
