-- Access requests. What happened is in access_events; a request's row and its parts are folded from them, and can be made anew.
CREATE TABLE access_requests (
    id TEXT NOT NULL PRIMARY KEY,
    applicant TEXT NOT NULL REFERENCES persons (id),
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    clock_at BIGINT,
    doc TEXT NOT NULL
);
CREATE INDEX access_requests_applicant ON access_requests (applicant, updated_at);
CREATE INDEX access_requests_clock ON access_requests (clock_at);

-- One row for each holding asked for: what queues and statistics look at.
CREATE TABLE access_parts (
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    number BIGINT NOT NULL,
    institution TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    holding_id TEXT NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    awaiting TEXT,
    due_on TEXT,
    is_waited_for BIGINT NOT NULL,
    submitted_at BIGINT,
    outcome TEXT,
    reason TEXT,
    decided_at BIGINT,
    agreement_id TEXT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, number)
);
CREATE INDEX access_parts_queue ON access_parts (institution, is_waited_for, updated_at);
CREATE INDEX access_parts_agreement ON access_parts (agreement_id);

-- Append-only. The change log's row with the same seq carries the same document, and chains it.
CREATE TABLE access_events (
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT,
    part BIGINT,
    kind TEXT NOT NULL,
    doc TEXT NOT NULL,
    content_hash TEXT,
    PRIMARY KEY (request_id, number)
);

-- Texts and personal data of events, kept apart under the hash of salt and text, so that they can be erased.
CREATE TABLE access_contents (
    hash TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    salt TEXT NOT NULL,
    doc TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    erased_at BIGINT
);
CREATE INDEX access_contents_request ON access_contents (request_id);

-- Who has to do with a request, to find their requests by.
CREATE TABLE access_people (
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    PRIMARY KEY (request_id, person_id)
);
CREATE INDEX access_people_person ON access_people (person_id);

-- Named members who have not signed in yet, by address.
CREATE TABLE access_awaited (
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    member BIGINT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (request_id, member)
);
CREATE INDEX access_awaited_email ON access_awaited (email);

-- Who read the content of a request, other than the applicant.
CREATE TABLE access_reads (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    part BIGINT,
    person_id TEXT NOT NULL,
    function TEXT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX access_reads_request ON access_reads (request_id, at);

-- How a holder handles requests: for one holding, or, where the holding is empty, for all that have no row of their own.
CREATE TABLE access_desks (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    holding_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    doc TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (institution, holding_id)
);

-- Who may use what, from when, until when. The data are delivered by the holder, outside the catalogue.
CREATE TABLE entitlements (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    part BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    institution TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    holding_id TEXT NOT NULL,
    data TEXT NOT NULL,
    agreement_id TEXT,
    state TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    reason TEXT,
    seq BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (request_id, part, person_id)
);
CREATE INDEX entitlements_institution ON entitlements (institution, seq);

-- Documents attached to requests, looked through before they were taken.
CREATE TABLE access_files (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    part BIGINT,
    is_internal BIGINT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    person_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    erased_at BIGINT
);
CREATE INDEX access_files_request ON access_files (request_id);

-- Work that one node does at a time.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- Rest days and public holidays by country, given by the operator; the empty country is for all others.
CREATE TABLE calendars (
    country TEXT NOT NULL PRIMARY KEY,
    doc TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who asks, and until when: what a notice says beside its title.
ALTER TABLE notices ADD COLUMN who TEXT;
ALTER TABLE notices ADD COLUMN until_on TEXT;

CREATE TRIGGER access_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
