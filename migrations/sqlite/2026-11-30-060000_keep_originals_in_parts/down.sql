-- Half of one is not what was read.
DELETE FROM originals WHERE hash IN (SELECT hash FROM original_parts);
DROP TABLE original_parts;
