-- Who stands where in a request, so that lists are cut and counted by the database. Number 0 is the request as a whole.
-- APPLICANT and MEMBER are the side that asks; INVITED act for the holder of a part; CONFLICTED no longer do.
CREATE TABLE access_sides (
    request_id TEXT NOT NULL REFERENCES access_requests (id),
    number BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES persons (id),
    side TEXT NOT NULL,
    PRIMARY KEY (request_id, number, person_id)
);
CREATE INDEX access_sides_person ON access_sides (person_id, request_id);

INSERT INTO access_sides (request_id, number, person_id, side) SELECT id, 0, applicant, 'APPLICANT' FROM access_requests;
INSERT INTO access_sides (request_id, number, person_id, side)
SELECT DISTINCT r.id, 0, json_extract(m.value, '$.person'), 'MEMBER'
FROM access_requests r, json_each(r.doc, '$.members') m
WHERE json_extract(m.value, '$.person') IS NOT NULL AND json_extract(m.value, '$.removedAt') IS NULL
    AND json_extract(m.value, '$.person') <> r.applicant;
INSERT INTO access_sides (request_id, number, person_id, side)
SELECT DISTINCT r.id, json_extract(p.value, '$.number'), c.value, 'CONFLICTED'
FROM access_requests r, json_each(r.doc, '$.parts') p, json_each(p.value, '$.conflicted') c;
INSERT INTO access_sides (request_id, number, person_id, side)
SELECT DISTINCT r.id, json_extract(p.value, '$.number'), json_extract(i.value, '$.person'), 'INVITED'
FROM access_requests r, json_each(r.doc, '$.parts') p, json_each(p.value, '$.invited') i
WHERE json_extract(i.value, '$.removedAt') IS NULL AND NOT EXISTS (
    SELECT 1 FROM access_sides s
    WHERE s.request_id = r.id AND s.number = json_extract(p.value, '$.number') AND s.person_id = json_extract(i.value, '$.person')
);

-- The orders of the list of all requests, and its conditions.
CREATE INDEX access_parts_due ON access_parts ((due_on IS NULL), due_on, request_id, number);
CREATE INDEX access_parts_submitted ON access_parts (submitted_at, request_id, number);
CREATE INDEX access_parts_updated ON access_parts (updated_at DESC, request_id DESC, number);
CREATE INDEX access_parts_state ON access_parts (state);
CREATE INDEX access_parts_dataset ON access_parts (dataset_id);
-- The published figures of a holder.
CREATE INDEX access_parts_year ON access_parts (institution, submitted_at);
-- Erasure takes the notices of a request out.
CREATE INDEX notices_entity ON notices (entity_id);
-- No statement looks requests up by their applicant.
DROP INDEX access_requests_applicant;
