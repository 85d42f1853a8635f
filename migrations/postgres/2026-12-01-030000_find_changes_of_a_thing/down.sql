DROP INDEX changes_entity;
CREATE INDEX changes_entity ON changes (entity_id, seq);
