-- store: named  file: record
-- The annual review (年审) of an outlet. A review is a row; self-checks and decisions are only ever added: a
-- correction is a new row that stands beside the one before. No row is deleted. Ids of outlets and persons are other
-- features'.
CREATE TABLE annual_review (
    id {{PK}},
    outlet_id   BIGINT NOT NULL,
    year        BIGINT NOT NULL,
    form        BIGINT NOT NULL, -- which version of the questions
    opened_ms   BIGINT NOT NULL,
    opened_by   BIGINT NOT NULL, -- 0: the operator
    answer_by   TEXT   NOT NULL, -- YYYY-MM-DD: the last day of the self-check
    checks      BIGINT NOT NULL, -- self-checks that were sent
    answered_ms BIGINT NOT NULL, -- the newest; 0: none
    decision    TEXT   NOT NULL CHECK (decision IN ('', 'passed', 'rectify', 'suspended')),
    due_on      TEXT   NOT NULL, -- of the newest decision; '' unless rectify
    decisions   BIGINT NOT NULL,
    decided_ms  BIGINT NOT NULL, -- the newest; 0: none
    decided_by  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (outlet_id, year)
);
CREATE INDEX annual_review_year ON annual_review (year, id);
CREATE INDEX annual_review_waits ON annual_review (decision, id);
CREATE TABLE annual_check (
    id {{PK}},
    review_id BIGINT NOT NULL REFERENCES annual_review (id),
    n         BIGINT NOT NULL, -- 1, 2, 3 ... of that review
    by_id     BIGINT NOT NULL,
    at_ms     BIGINT NOT NULL,
    UNIQUE (review_id, n)
);
CREATE TABLE annual_answer (
    check_id BIGINT NOT NULL REFERENCES annual_check (id),
    no       BIGINT NOT NULL, -- of the question
    is_yes   BIGINT NOT NULL,
    remark   TEXT   NOT NULL,
    PRIMARY KEY (check_id, no)
);
CREATE TABLE annual_decision (
    id {{PK}},
    review_id BIGINT NOT NULL REFERENCES annual_review (id),
    outlet_id BIGINT NOT NULL,
    year      BIGINT NOT NULL,
    n         BIGINT NOT NULL, -- 1, 2, 3 ... of that review; the highest holds
    decision  TEXT   NOT NULL CHECK (decision IN ('passed', 'rectify', 'suspended')),
    findings  TEXT   NOT NULL, -- for the outlet and the office
    measure   TEXT   NOT NULL, -- what is to be mended; '' unless rectify
    due_on    TEXT   NOT NULL, -- YYYY-MM-DD, by when; '' unless rectify
    reason    TEXT   NOT NULL, -- public
    by_id     BIGINT NOT NULL,
    role      TEXT   NOT NULL,
    at_ms     BIGINT NOT NULL,
    UNIQUE (review_id, n)
);
CREATE INDEX annual_decision_outlet ON annual_decision (outlet_id, at_ms, id);
