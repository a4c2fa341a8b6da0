-- store: named  file: record
CREATE TABLE proof_ignored (
    id {{PK}},
    outlet_id BIGINT NOT NULL,
    manuscript_id BIGINT NOT NULL,
    rule TEXT NOT NULL,
    word TEXT NOT NULL,
    by_id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    UNIQUE (outlet_id, manuscript_id, rule, word)
);
