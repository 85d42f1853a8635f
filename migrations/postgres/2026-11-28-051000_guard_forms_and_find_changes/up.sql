-- A statement of PostgreSQL replaces no row without an UPDATE or DELETE, which triggers refuse: the twin guards what SQLite would let by.

-- Who follows one kind of thing does not read the whole log.
CREATE INDEX changes_kind_of_thing ON changes (entity, seq);

-- What a mail tells of, so that its text can be erased with it.
ALTER TABLE mails ADD COLUMN entity_id TEXT;
