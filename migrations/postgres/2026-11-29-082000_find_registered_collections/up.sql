-- Which collections were registered is asked with every part of the calendar; the index has all that is asked for.
CREATE INDEX calendar_events_collections ON calendar_events (kind, dataset_id, institution, state, first_day, last_day);
