-- store: named  file: record
-- Who writes an accepted pitch, for which outlet, until when. outlet_id is the register's, people are identity's,
-- story_id is manuscript's (0: none yet).
CREATE TABLE assignment (
    id {{PK}},
    pitch_id    BIGINT NOT NULL REFERENCES pitch (id),
    outlet_id   BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    due_local   TEXT   NOT NULL, -- as it was named: YYYY-MM-DDTHH:MM
    due_zone    TEXT   NOT NULL, -- IANA
    due_ms      BIGINT NOT NULL, -- what that means
    due_fit     TEXT   NOT NULL, -- exact gap repeated
    due_rules   TEXT   NOT NULL, -- version of the zones' rules by which
    state       TEXT   NOT NULL, -- assigned begun dropped
    assigned_by BIGINT NOT NULL,
    assigned_ms BIGINT NOT NULL,
    story_id    BIGINT NOT NULL,
    begun_by    BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    changed_ms  BIGINT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX assignment_pitch ON assignment (pitch_id, id);
CREATE INDEX assignment_outlet ON assignment (outlet_id, due_ms);
CREATE INDEX assignment_by ON assignment (assigned_by, state, due_ms);
CREATE INDEX assignment_story ON assignment (story_id);

CREATE TABLE assignment_person (
    assignment_id BIGINT NOT NULL REFERENCES assignment (id),
    person_id     BIGINT NOT NULL,
    PRIMARY KEY (assignment_id, person_id)
);
CREATE INDEX assignment_person_person ON assignment_person (person_id, assignment_id);
CREATE INDEX pitch_wished ON pitch (outlet_id, wished_on);
