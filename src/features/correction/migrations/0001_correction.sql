-- store: named  file: record
CREATE TABLE correction (
    id {{PK}},
    outlet_id BIGINT NOT NULL,
    manuscript_id BIGINT NOT NULL,
    issued_ms BIGINT NOT NULL,
    issued_by BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX correction_story ON correction (manuscript_id, issued_ms, id);
CREATE INDEX correction_outlet ON correction (outlet_id, issued_ms, id);
CREATE INDEX correction_time ON correction (issued_ms, id);
