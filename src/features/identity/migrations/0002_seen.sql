-- store: named  file: derived
CREATE TABLE session_seen (
    session_id {{PK}},
    at_ms BIGINT NOT NULL
);
