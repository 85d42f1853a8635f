ALTER TABLE notices DROP COLUMN promised;
