-- Data pass to another holder: what the former one gave stays in its row, ended, and the new one has its own.
ALTER TABLE entitlements DROP CONSTRAINT entitlements_request_id_part_person_id_key;
ALTER TABLE entitlements ADD CONSTRAINT entitlements_request_id_part_person_id_holding_id_key UNIQUE (request_id, part, person_id, holding_id);
