-- store: system  file: record
-- Long work in steps (queue/work.h). At most one of a kind and subject is not ended.
CREATE TABLE work (
    id {{PK}},
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    outlet_id BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'failed', 'done', 'dropped')),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    at BIGINT NOT NULL,
    run BIGINT NOT NULL,
    facts TEXT NOT NULL,
    last_error TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX work_open ON work (kind, subject)
    WHERE state IN ('running', 'stopped', 'failed');
CREATE INDEX work_actor ON work (actor_id, id);
-- What a piece of work reads, until it is done.
CREATE TABLE work_part (
    work_id BIGINT NOT NULL REFERENCES work (id),
    n BIGINT NOT NULL,
    body {{BLOB}} NOT NULL,
    PRIMARY KEY (work_id, n)
);
