-- Where records of other systems come from, as an institution or the coordinator declares it.
CREATE TABLE sources (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    next_run_at BIGINT,
    revision BIGINT NOT NULL,
    doc TEXT NOT NULL,
    progress TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX sources_due ON sources (is_active, next_run_at);
CREATE INDEX sources_institution ON sources (institution, created_at);

-- Each harvest of a source, and each file taken in.
CREATE TABLE intake_runs (
    id TEXT NOT NULL PRIMARY KEY,
    source_id TEXT,
    institution TEXT NOT NULL,
    outcome TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    doc TEXT NOT NULL
);
CREATE INDEX intake_runs_source ON intake_runs (source_id, started_at);
CREATE INDEX intake_runs_institution ON intake_runs (institution, started_at);

-- What kept a record from being taken, and what is wrong with a source as a whole.
CREATE TABLE intake_problems (
    run_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    record TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    remedy TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
);

-- Which record of another system a record here came from. The place is a source, or the files of an institution.
CREATE TABLE origins (
    place TEXT NOT NULL,
    record_key TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    institution TEXT NOT NULL,
    last_run TEXT NOT NULL,
    gone_at BIGINT,
    original TEXT,
    doc TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (place, record_key)
);
CREATE INDEX origins_dataset ON origins (dataset_id);
CREATE INDEX origins_run ON origins (place, last_run);
CREATE INDEX origins_original ON origins (original);

-- What was read, as it came, compressed by gzip; several records may have come in one.
CREATE TABLE originals (
    hash TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
