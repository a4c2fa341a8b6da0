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
-- The alliance's own rules and names: a row for each version, none is ever changed or taken away.
CREATE TABLE proof_list (
    id {{PK}},
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    text TEXT NOT NULL,
    note TEXT NOT NULL,
    by_id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    UNIQUE (kind, n)
);
