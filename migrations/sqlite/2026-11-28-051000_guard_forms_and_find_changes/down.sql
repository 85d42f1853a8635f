ALTER TABLE mails DROP COLUMN entity_id;
DROP INDEX changes_kind_of_thing;
DROP TRIGGER access_forms_no_overwrite;
DROP TRIGGER access_forms_no_replace;
DROP TRIGGER access_events_no_replace;
CREATE TRIGGER access_events_no_replace BEFORE INSERT ON access_events
WHEN EXISTS (SELECT 1 FROM access_events WHERE request_id = NEW.request_id AND number = NEW.number) BEGIN
    SELECT RAISE(ABORT, 'access_events is append-only');
END;
