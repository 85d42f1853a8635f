-- INSERT OR REPLACE goes the way of neither UPDATE nor DELETE; a row can be replaced by its key or by its rowid.
CREATE TRIGGER changes_no_replace BEFORE INSERT ON changes
WHEN EXISTS (SELECT 1 FROM changes WHERE seq = NEW.seq OR rowid = NEW.rowid) BEGIN
    SELECT RAISE(ABORT, 'changes is append-only');
END;
CREATE TRIGGER versions_no_replace BEFORE INSERT ON versions
WHEN EXISTS (SELECT 1 FROM versions WHERE (entity_id = NEW.entity_id AND version = NEW.version) OR rowid = NEW.rowid) BEGIN
    SELECT RAISE(ABORT, 'versions is append-only');
END;
CREATE INDEX versions_seq ON versions (seq);

-- Who validated and who reviewed is append-only too: a stamp taken back is a row of its own, and the last row counts.
CREATE TABLE stamps_kept (
    dataset_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    is_withdrawn BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    function TEXT NOT NULL,
    institution TEXT,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (dataset_id, kind, version, seq)
);
INSERT INTO stamps_kept (dataset_id, kind, version, seq, is_withdrawn, person_id, function, institution, note, at)
    SELECT dataset_id, kind, version, 0, 0, person_id, function, institution, note, at FROM stamps;
DROP TABLE stamps;
ALTER TABLE stamps_kept RENAME TO stamps;
CREATE TRIGGER stamps_no_update BEFORE UPDATE ON stamps BEGIN
    SELECT RAISE(ABORT, 'stamps is append-only');
END;
CREATE TRIGGER stamps_no_delete BEFORE DELETE ON stamps BEGIN
    SELECT RAISE(ABORT, 'stamps is append-only');
END;
CREATE TRIGGER stamps_no_replace BEFORE INSERT ON stamps
WHEN EXISTS (
    SELECT 1 FROM stamps
    WHERE (dataset_id = NEW.dataset_id AND kind = NEW.kind AND version = NEW.version AND seq = NEW.seq) OR rowid = NEW.rowid
) BEGIN
    SELECT RAISE(ABORT, 'stamps is append-only');
END;
