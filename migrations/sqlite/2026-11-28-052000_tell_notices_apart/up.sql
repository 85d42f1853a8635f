-- What the day in a notice is, whom it is about beside the reader, and its title in the other languages.
ALTER TABLE notices ADD COLUMN day_kind TEXT;
ALTER TABLE notices ADD COLUMN whom TEXT;
ALTER TABLE notices ADD COLUMN titles TEXT;
UPDATE notices SET day_kind = 'ANSWER' WHERE until_on IS NOT NULL;
UPDATE notices SET day_kind = 'USE' WHERE until_on IS NOT NULL AND kind IN ('ACCESS_ACTIVE', 'ACCESS_ENDS_SOON');
-- Whose mails are to be written is looked up by what waits, not by reading everything that waits.
CREATE INDEX notices_unmailed ON notices (person_id, created_at) WHERE mailed_at IS NULL;

-- A link that lets someone in does not wait behind notices that a mail server has put off.
ALTER TABLE mails ADD COLUMN is_urgent BIGINT NOT NULL DEFAULT 0;
CREATE INDEX mails_waiting ON mails (recipient, id) WHERE sent_at IS NULL;

-- Up to where a webhook had come when its owner lost the role of access officer: from there on it goes on when the role comes back.
CREATE TABLE webhook_pauses (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    institution TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, institution)
);
