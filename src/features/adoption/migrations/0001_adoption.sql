-- store: named  file: record
-- one row for a story and an outlet that may take it: state offered, taken (verbatim), adapted, declined; n and hash: the version that was
-- taken, corrections: how many it had then; copy_id: the story that was written from it, 0 where it was taken as it is
CREATE TABLE adoption (
    id {{PK}},
    story_id BIGINT NOT NULL,
    from_outlet BIGINT NOT NULL,
    to_outlet BIGINT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    hash TEXT NOT NULL,
    corrections BIGINT NOT NULL,
    copy_id BIGINT NOT NULL,
    offered_by BIGINT NOT NULL,
    offered_ms BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_role TEXT NOT NULL,
    decided_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (story_id, to_outlet)
);
CREATE INDEX adoption_to ON adoption (to_outlet, state, decided_ms, id);
CREATE INDEX adoption_copy ON adoption (copy_id);
