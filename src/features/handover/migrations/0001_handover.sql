-- store: named  file: record
-- Who answers for an outlet changes hands: proposed by one person, signed by another. Rows are never deleted. That an
-- unsigned one has run out is computed from made_ms; it is stored only when another takes its place.
CREATE TABLE handover (
    id {{PK}},
    outlet_id BIGINT NOT NULL,
    made_ms   BIGINT NOT NULL,
    made_by   BIGINT NOT NULL,
    made_role TEXT   NOT NULL,
    before_responsible TEXT NOT NULL, -- the card as it was then; signed only while it still says so
    before_teacher     TEXT NOT NULL,
    before_operators   TEXT NOT NULL,
    first_responsible  TEXT NOT NULL,
    teacher            TEXT NOT NULL,
    teacher_contact    TEXT NOT NULL, -- private
    operators          TEXT NOT NULL,
    note      TEXT   NOT NULL,
    state     TEXT   NOT NULL CHECK (state IN ('open', 'signed', 'closed', 'expired')),
    ended_ms  BIGINT NOT NULL, -- signed or closed; 0: neither
    ended_by  BIGINT NOT NULL
);
CREATE UNIQUE INDEX handover_open ON handover (outlet_id) WHERE state = 'open';
CREATE INDEX handover_outlet ON handover (outlet_id, made_ms, id);
CREATE INDEX handover_waits ON handover (state, made_ms);
