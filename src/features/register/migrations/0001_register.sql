-- store: named  file: record
-- The register of outlets (备案). There is no column for a quota, a fee, a rank, an alias or a private account
-- (R2, R4, R6), and none that hides a row: a struck outlet stays. unit_id is identity's; the unit's name is
-- kept beside it, so that a list is one statement.
CREATE TABLE outlet (
    id {{PK}},
    no                TEXT   NOT NULL, -- 备案号; '' while an application has none
    name              TEXT   NOT NULL,
    platform          TEXT   NOT NULL,
    platform_account  TEXT   NOT NULL, -- '' where the platform knows none
    url               TEXT   NOT NULL,
    tier              TEXT   NOT NULL,
    unit_id           BIGINT NOT NULL,
    unit_name         TEXT   NOT NULL,
    supervisor        TEXT   NOT NULL,
    verified_as       TEXT   NOT NULL,
    purpose           TEXT   NOT NULL,
    opened_on         TEXT   NOT NULL, -- YYYY-MM-DD or ''
    first_responsible TEXT   NOT NULL,
    direct_lead       TEXT   NOT NULL,
    teacher           TEXT   NOT NULL,
    teacher_contact   TEXT   NOT NULL, -- private
    operators         TEXT   NOT NULL,
    reviewers         TEXT   NOT NULL,
    emergency_contact TEXT   NOT NULL, -- private
    promised_per_week BIGINT NOT NULL,
    followers         BIGINT NOT NULL,
    followers_as_of   TEXT   NOT NULL,
    feed_url          TEXT   NOT NULL,
    state             TEXT   NOT NULL CHECK (state IN ('applied', 'pending', 'filed', 'active',
        'change_pending', 'in_review', 'passed', 'rectify', 'suspended', 'struck')),
    state_reason      TEXT   NOT NULL,
    state_ms          BIGINT NOT NULL,
    review_state      TEXT   NOT NULL CHECK (review_state IN ('', 'in_review', 'passed', 'rectify')),
    review_year       BIGINT NOT NULL,
    filed_ms          BIGINT NOT NULL, -- 0 while it is an application
    changed_ms        BIGINT NOT NULL,
    last_published_ms BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    sort_key          TEXT   NOT NULL, -- the number with its digits padded, so that 2026-9 stands before 2026-10
    look_key          TEXT   NOT NULL, -- what the name looks like; equal for names that can be taken for one another
    search_key        TEXT   NOT NULL  -- name, number and unit, case folded
);
CREATE UNIQUE INDEX outlet_no ON outlet (no) WHERE no <> '';
CREATE UNIQUE INDEX outlet_account ON outlet (platform, platform_account) WHERE platform_account <> '';
CREATE INDEX outlet_order ON outlet (sort_key, id);
CREATE INDEX outlet_look ON outlet (look_key);
CREATE INDEX outlet_unit ON outlet (unit_id, platform);
