DROP TABLE calendar_postponements;
DROP TABLE calendar_events;
