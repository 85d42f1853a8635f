CREATE INDEX access_requests_applicant ON access_requests (applicant, updated_at);
DROP INDEX notices_entity;
DROP INDEX access_parts_year;
DROP INDEX access_parts_dataset;
DROP INDEX access_parts_state;
DROP INDEX access_parts_updated;
DROP INDEX access_parts_submitted;
DROP INDEX access_parts_due;
DROP TABLE access_sides;
