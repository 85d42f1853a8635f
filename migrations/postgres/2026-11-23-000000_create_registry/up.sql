-- The one-row counter that every write bumps first; its value is the sequence number of the change.
CREATE TABLE counter (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO counter (id, seq, hash) VALUES (1, 0, '');

-- The change log: append-only, without gaps, each row hashed with the one before.
CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    is_public BIGINT NOT NULL,
    before_doc TEXT,
    after_doc TEXT,
    hash TEXT NOT NULL
);
CREATE INDEX changes_entity ON changes (entity_id, seq);

CREATE TABLE institutions (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    country TEXT,
    search_text TEXT NOT NULL,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    doc TEXT NOT NULL
);

CREATE TABLE datasets (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT COLLATE "C" NOT NULL UNIQUE,
    status TEXT NOT NULL,
    visibility TEXT NOT NULL,
    producer TEXT,
    number BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX datasets_number ON datasets (number);
CREATE INDEX datasets_producer ON datasets (producer);

-- Immutable versions of datasets and institutions.
CREATE TABLE versions (
    entity_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    is_public BIGINT NOT NULL,
    note TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (entity_id, version)
);

CREATE TABLE holdings (
    id TEXT NOT NULL PRIMARY KEY,
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    institution_id TEXT NOT NULL REFERENCES institutions (id),
    role TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX holdings_dataset ON holdings (dataset_id, position);
CREATE INDEX holdings_institution ON holdings (institution_id);

-- Relations as given by one side, so that the other side can show the inverse.
CREATE TABLE relations (
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    position BIGINT NOT NULL,
    relation_type TEXT NOT NULL,
    target_slug TEXT NOT NULL,
    PRIMARY KEY (dataset_id, position)
);
CREATE INDEX relations_target ON relations (target_slug);

-- Facts about this registry: its identifier, the version of its index format.
CREATE TABLE registry (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
