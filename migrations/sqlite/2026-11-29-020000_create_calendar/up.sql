-- What institutions registered in the calendar. What records and agreements document is computed and not kept here.
-- `first_day` and `last_day` are the days of the dates that count, from 1970-01-01.
CREATE TABLE calendar_events (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    institution TEXT NOT NULL,
    dataset_id TEXT,
    state TEXT NOT NULL,
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    doc TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX calendar_events_first_day ON calendar_events (first_day, number);
CREATE INDEX calendar_events_dataset ON calendar_events (dataset_id);
CREATE INDEX calendar_events_institution ON calendar_events (institution, kind);

-- Every change of a date, with its reason; none is changed or removed.
CREATE TABLE calendar_postponements (
    event_id TEXT NOT NULL REFERENCES calendar_events (id),
    position BIGINT NOT NULL,
    planned_before TEXT NOT NULL,
    planned_after TEXT NOT NULL,
    reason TEXT NOT NULL,
    institution TEXT NOT NULL,
    function TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (event_id, position)
);
CREATE TRIGGER calendar_postponements_no_update BEFORE UPDATE ON calendar_postponements BEGIN
    SELECT RAISE(ABORT, 'calendar_postponements is append-only');
END;
CREATE TRIGGER calendar_postponements_no_delete BEFORE DELETE ON calendar_postponements BEGIN
    SELECT RAISE(ABORT, 'calendar_postponements is append-only');
END;
CREATE TRIGGER calendar_postponements_no_replace BEFORE INSERT ON calendar_postponements
WHEN EXISTS (
    SELECT 1 FROM calendar_postponements WHERE (event_id = NEW.event_id AND position = NEW.position) OR rowid = NEW.rowid
) BEGIN
    SELECT RAISE(ABORT, 'calendar_postponements is append-only');
END;
