-- Of each person and part the latest row stays.
DELETE FROM entitlements WHERE EXISTS (
    SELECT 1 FROM entitlements later
    WHERE later.request_id = entitlements.request_id AND later.part = entitlements.part
        AND later.person_id = entitlements.person_id AND later.seq > entitlements.seq
);
ALTER TABLE entitlements DROP CONSTRAINT entitlements_request_id_part_person_id_holding_id_key;
ALTER TABLE entitlements ADD CONSTRAINT entitlements_request_id_part_person_id_key UNIQUE (request_id, part, person_id);
