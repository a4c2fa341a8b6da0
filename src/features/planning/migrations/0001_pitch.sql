-- store: named  file: record
-- What people propose to an outlet, and each step of it: who proposed, said something, decided, and why. outlet_id is
-- the register's, person_id and proposed_by are identity's.
CREATE TABLE pitch (
    id {{PK}},
    outlet_id   BIGINT NOT NULL,
    title       TEXT   NOT NULL,
    why         TEXT   NOT NULL,
    kind        TEXT   NOT NULL, -- as of stories; empty: open
    wished_on   TEXT   NOT NULL, -- YYYY-MM-DD in the alliance's zone; empty: any day
    state       TEXT   NOT NULL, -- proposed accepted declined withdrawn
    proposed_by BIGINT NOT NULL,
    proposed_ms BIGINT NOT NULL,
    changed_ms  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX pitch_outlet ON pitch (outlet_id, id);
CREATE INDEX pitch_state ON pitch (outlet_id, state, id);

CREATE TABLE pitch_step (
    id {{PK}}, -- rises with time
    pitch_id  BIGINT NOT NULL REFERENCES pitch (id),
    act       TEXT   NOT NULL, -- propose accept decline withdraw note
    person_id BIGINT NOT NULL,
    made_ms   BIGINT NOT NULL,
    body      TEXT   NOT NULL -- the reason or the note; may be empty for an act that needs none
);
CREATE INDEX pitch_step_pitch ON pitch_step (pitch_id, id);
