ALTER TABLE mails DROP COLUMN entity_id;
DROP INDEX changes_kind_of_thing;
