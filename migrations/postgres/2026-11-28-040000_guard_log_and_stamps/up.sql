CREATE INDEX versions_seq ON versions (seq);

-- Who validated and who reviewed is append-only too: a stamp taken back is a row of its own, and the last row counts.
ALTER TABLE stamps ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stamps ADD COLUMN is_withdrawn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stamps ALTER COLUMN seq DROP DEFAULT;
ALTER TABLE stamps ALTER COLUMN is_withdrawn DROP DEFAULT;
ALTER TABLE stamps DROP CONSTRAINT stamps_pkey;
ALTER TABLE stamps ADD PRIMARY KEY (dataset_id, kind, version, seq);
CREATE TRIGGER stamps_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stamps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
