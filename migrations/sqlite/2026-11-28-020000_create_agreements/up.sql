-- Agreements on the exchange of data. `state` is what the last command left; what the dates make of it is computed.
CREATE TABLE agreements (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    starts_on TEXT,
    ends_on TEXT,
    revision BIGINT NOT NULL,
    doc TEXT NOT NULL,
    created_by TEXT NOT NULL,
    signed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX agreements_state ON agreements (state, ends_on);

-- Parties that are institutions of the catalogue, for look-ups.
CREATE TABLE agreement_parties (
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    institution TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (agreement_id, institution)
);
CREATE INDEX agreement_parties_institution ON agreement_parties (institution);

-- Which warnings were given of which last day; 0 days stands for the end itself.
CREATE TABLE agreement_warnings (
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    due_on TEXT NOT NULL,
    days BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (agreement_id, due_on, days)
);

-- Who signed the present text for which party. A changed draft begins without signatures; the change log keeps the older ones.
CREATE TABLE agreement_signatures (
    agreement_id TEXT NOT NULL REFERENCES agreements (id),
    institution TEXT NOT NULL,
    person_id TEXT NOT NULL,
    function TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (agreement_id, institution)
);
