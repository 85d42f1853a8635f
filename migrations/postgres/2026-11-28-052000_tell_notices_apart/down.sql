DROP TABLE webhook_pauses;
DROP INDEX mails_waiting;
ALTER TABLE mails DROP COLUMN is_urgent;
DROP INDEX notices_unmailed;
ALTER TABLE notices DROP COLUMN titles;
ALTER TABLE notices DROP COLUMN whom;
ALTER TABLE notices DROP COLUMN day_kind;
