-- Whether the holding stands in the record because this declaration was confirmed: only then may its withdrawal take it out.
ALTER TABLE holding_claims ADD COLUMN is_in_record BIGINT NOT NULL DEFAULT 0;
UPDATE holding_claims SET is_in_record = 1 WHERE state = 'CONFIRMED';
