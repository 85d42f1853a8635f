-- What follows the first part of a long original; one gzip stream in all.
CREATE TABLE original_parts (
    hash TEXT NOT NULL,
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (hash, part)
);
