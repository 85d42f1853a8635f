-- Who read the content of a request is append-only: the applicant and the auditor rely on it.
CREATE TRIGGER access_reads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_reads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who is named for the data of other holders only has no line of this part.
INSERT INTO access_sides (request_id, number, person_id, side)
SELECT DISTINCT r.id, (p.value ->> 'number')::BIGINT, m.value ->> 'person', 'ELSEWHERE'
FROM access_requests r, jsonb_array_elements(r.doc::jsonb -> 'parts') p, jsonb_array_elements(r.doc::jsonb -> 'members') m
WHERE p.value ->> 'submittedAt' IS NOT NULL
    AND m.value ->> 'person' IS NOT NULL AND m.value ->> 'removedAt' IS NULL
    AND m.value ->> 'person' <> r.applicant
    AND NOT (p.value -> 'members' @> jsonb_build_array(m.value -> 'number'))
ON CONFLICT (request_id, number, person_id) DO UPDATE SET side = 'ELSEWHERE';
