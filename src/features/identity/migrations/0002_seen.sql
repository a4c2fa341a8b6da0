-- store: named  file: derived
CREATE TABLE session_seen (
    session_id {{PK}},
    at_ms BIGINT NOT NULL
);
CREATE TABLE token_seen (
    token_id {{PK}},
    at_ms BIGINT NOT NULL
);
