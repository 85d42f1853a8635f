-- An event can be replaced by its rowid too, as a row of the log can.
DROP TRIGGER access_events_no_replace;
CREATE TRIGGER access_events_no_replace BEFORE INSERT ON access_events
WHEN EXISTS (SELECT 1 FROM access_events WHERE (request_id = NEW.request_id AND number = NEW.number) OR rowid = NEW.rowid) BEGIN
    SELECT RAISE(ABORT, 'access_events is append-only');
END;

-- INSERT OR REPLACE and UPDATE OR REPLACE take a published form out of the way without a DELETE that a trigger would see.
CREATE TRIGGER access_forms_no_replace BEFORE INSERT ON access_forms
WHEN EXISTS (
    SELECT 1 FROM access_forms
    WHERE state = 'PUBLISHED' AND (
        id = NEW.id OR rowid = NEW.rowid
        OR (institution = NEW.institution AND COALESCE(holding_id, '') = COALESCE(NEW.holding_id, '') AND version = NEW.version)
    )
) BEGIN
    SELECT RAISE(ABORT, 'a published access form never changes');
END;
CREATE TRIGGER access_forms_no_overwrite BEFORE UPDATE ON access_forms
WHEN EXISTS (
    SELECT 1 FROM access_forms
    WHERE state = 'PUBLISHED' AND rowid <> OLD.rowid AND (
        id = NEW.id OR rowid = NEW.rowid
        OR (institution = NEW.institution AND COALESCE(holding_id, '') = COALESCE(NEW.holding_id, '') AND version = NEW.version)
    )
) BEGIN
    SELECT RAISE(ABORT, 'a published access form never changes');
END;

-- Who follows one kind of thing does not read the whole log.
CREATE INDEX changes_kind_of_thing ON changes (entity, seq);

-- What a mail tells of, so that its text can be erased with it.
ALTER TABLE mails ADD COLUMN entity_id TEXT;
