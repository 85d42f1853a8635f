DROP INDEX versions_seq;
DROP TRIGGER stamps_append_only ON stamps;
DELETE FROM stamps s WHERE is_withdrawn = 1 OR seq < (
    SELECT MAX(seq) FROM stamps o WHERE o.dataset_id = s.dataset_id AND o.kind = s.kind AND o.version = s.version
);
ALTER TABLE stamps DROP CONSTRAINT stamps_pkey;
ALTER TABLE stamps DROP COLUMN seq;
ALTER TABLE stamps DROP COLUMN is_withdrawn;
ALTER TABLE stamps ADD PRIMARY KEY (dataset_id, kind, version);
