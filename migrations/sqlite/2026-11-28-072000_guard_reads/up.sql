-- Who read the content of a request is append-only: the applicant and the auditor rely on it. INSERT OR REPLACE goes the way of neither
-- UPDATE nor DELETE.
CREATE TRIGGER access_reads_no_update BEFORE UPDATE ON access_reads BEGIN
    SELECT RAISE(ABORT, 'access_reads is append-only');
END;
CREATE TRIGGER access_reads_no_delete BEFORE DELETE ON access_reads BEGIN
    SELECT RAISE(ABORT, 'access_reads is append-only');
END;
CREATE TRIGGER access_reads_no_replace BEFORE INSERT ON access_reads
WHEN EXISTS (SELECT 1 FROM access_reads WHERE id = NEW.id OR rowid = NEW.rowid) BEGIN
    SELECT RAISE(ABORT, 'access_reads is append-only');
END;

-- Who is named for the data of other holders only has no line of this part.
INSERT INTO access_sides (request_id, number, person_id, side)
SELECT DISTINCT r.id, json_extract(p.value, '$.number'), json_extract(m.value, '$.person'), 'ELSEWHERE'
FROM access_requests r, json_each(r.doc, '$.parts') p, json_each(r.doc, '$.members') m
WHERE json_extract(p.value, '$.submittedAt') IS NOT NULL
    AND json_extract(m.value, '$.person') IS NOT NULL AND json_extract(m.value, '$.removedAt') IS NULL
    AND json_extract(m.value, '$.person') <> r.applicant
    AND NOT EXISTS (SELECT 1 FROM json_each(p.value, '$.members') n WHERE n.value = json_extract(m.value, '$.number'))
ON CONFLICT (request_id, number, person_id) DO UPDATE SET side = 'ELSEWHERE';
