-- Forms of access requests. The draft of an institution, or of one of its holdings, has the version 0; a published version never changes.
CREATE TABLE access_forms (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    holding_id TEXT,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT
);
CREATE UNIQUE INDEX access_forms_version ON access_forms (institution, COALESCE(holding_id, ''), version);
CREATE TRIGGER access_forms_keep_published BEFORE UPDATE OR DELETE ON access_forms
    FOR EACH ROW WHEN (OLD.state = 'PUBLISHED') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_forms_no_truncate BEFORE TRUNCATE ON access_forms FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
