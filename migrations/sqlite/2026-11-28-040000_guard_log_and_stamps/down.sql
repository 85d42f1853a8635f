DROP TRIGGER changes_no_replace;
DROP TRIGGER versions_no_replace;
DROP INDEX versions_seq;
CREATE TABLE stamps_kept (
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
INSERT INTO stamps_kept (dataset_id, kind, version, person_id, function, institution, note, at)
    SELECT dataset_id, kind, version, person_id, function, institution, note, at FROM stamps s
    WHERE is_withdrawn = 0 AND seq = (
        SELECT MAX(seq) FROM stamps o WHERE o.dataset_id = s.dataset_id AND o.kind = s.kind AND o.version = s.version
    );
DROP TABLE stamps;
ALTER TABLE stamps_kept RENAME TO stamps;
