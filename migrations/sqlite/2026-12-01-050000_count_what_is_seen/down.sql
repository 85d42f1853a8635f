DROP INDEX datasets_number;
CREATE INDEX datasets_number ON datasets (number);
