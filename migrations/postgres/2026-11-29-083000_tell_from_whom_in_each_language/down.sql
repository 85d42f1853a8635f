ALTER TABLE notices DROP COLUMN who_names;
