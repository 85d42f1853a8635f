-- The changes of one thing, of a kind, in their order. Without the kind, the planner of SQLite walked all changes of it instead, for each record of a list.
DROP INDEX changes_entity;
CREATE INDEX changes_entity ON changes (entity_id, entity, seq);
