-- store: system  file: record
CREATE TABLE event (
    id {{PK}},
    name TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    outlet_id BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    tags TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);
CREATE TABLE job (
    id {{PK}},
    lane BIGINT NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT NOT NULL,
    dest TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'leased', 'waiting', 'held', 'unsure', 'dead')),
    fence BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_until_ms BIGINT NOT NULL,
    last_error TEXT NOT NULL
);
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE state <> 'dead';
CREATE INDEX job_due ON job (lane, state, due_ms);
CREATE INDEX job_kind ON job (kind, state, due_ms);
