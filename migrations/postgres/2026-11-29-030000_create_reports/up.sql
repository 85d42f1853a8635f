-- Frozen copies of reports: what was written, with the place of the change log that it was made from. They are never changed.
CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    country TEXT NOT NULL,
    until_on TEXT NOT NULL,
    previous_on TEXT,
    edition TEXT NOT NULL,
    records TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    seq BIGINT NOT NULL,
    chain_hash TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE report_files (
    report_id TEXT NOT NULL REFERENCES reports (id),
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (report_id, format)
);
CREATE INDEX report_files_sha256 ON report_files (sha256);
