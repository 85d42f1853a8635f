ALTER TABLE holding_claims DROP COLUMN is_in_record;
