-- Data pass to another holder: what the former one gave stays in its row, ended, and the new one has its own.
CREATE TABLE entitlements_new (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    part BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    institution TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    holding_id TEXT NOT NULL,
    data TEXT NOT NULL,
    agreement_id TEXT,
    state TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    reason TEXT,
    seq BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (request_id, part, person_id, holding_id)
);
INSERT INTO entitlements_new
SELECT id, request_id, part, person_id, institution, dataset_id, holding_id, data, agreement_id, state, starts_on, ends_on, reason, seq, updated_at
FROM entitlements;
DROP TABLE entitlements;
ALTER TABLE entitlements_new RENAME TO entitlements;
CREATE INDEX entitlements_institution ON entitlements (institution, seq);
