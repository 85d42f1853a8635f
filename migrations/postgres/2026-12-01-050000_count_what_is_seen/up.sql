-- What is open is counted, and lists by number pass over what is not, without reading the records.
DROP INDEX datasets_number;
CREATE INDEX datasets_number ON datasets (number, status, visibility, producer);
