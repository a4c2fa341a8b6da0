-- store: named  file: record
-- Secret addresses of calendars: one at a time for a person (outlet_id 0) and for an outlet (person_id 0); only the
-- hash is kept. made_by is the person whose rights it shows.
CREATE TABLE calendar_address (
    id {{PK}},
    person_id BIGINT NOT NULL,
    outlet_id BIGINT NOT NULL,
    hash      TEXT   NOT NULL UNIQUE,
    made_by   BIGINT NOT NULL,
    made_ms   BIGINT NOT NULL,
    UNIQUE (person_id, outlet_id)
);
