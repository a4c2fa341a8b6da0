-- store: named  file: record
CREATE TABLE unit (
    id {{PK}},
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    parent_id BIGINT REFERENCES unit (id),
    sort_key TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX unit_sorted ON unit (sort_key, id);
CREATE TABLE person (
    id {{PK}},
    login TEXT NOT NULL UNIQUE,
    skeleton TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    unit_id BIGINT REFERENCES unit (id),
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX person_sorted ON person (sort_key, id);
CREATE TABLE credential (
    person_id {{PK}} REFERENCES person (id),
    encoded TEXT NOT NULL,
    set_ms BIGINT NOT NULL
);
-- scope: outlet, alliance or both; place: the order in which roles are listed and taken, least rights first
CREATE TABLE role (
    name TEXT NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('outlet', 'alliance', 'both')),
    place BIGINT NOT NULL UNIQUE
);
CREATE TABLE role_capability (
    role TEXT NOT NULL REFERENCES role (name),
    capability TEXT NOT NULL,
    PRIMARY KEY (role, capability)
);
-- outlet_id 0: the whole alliance; until_ms 0: open
CREATE TABLE role_grant (
    id {{PK}},
    person_id BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL REFERENCES role (name),
    outlet_id BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL
);
CREATE INDEX role_grant_person ON role_grant (person_id);
CREATE INDEX role_grant_outlet ON role_grant (outlet_id, role);
CREATE TABLE session (
    id {{PK}},
    hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_ms BIGINT NOT NULL,
    stepped_up_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE TABLE invitation (
    id {{PK}},
    hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    made_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL
);
CREATE INDEX invitation_person ON invitation (person_id);
CREATE TABLE api_token (
    id {{PK}},
    hash TEXT NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    label TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL
);
CREATE INDEX api_token_person ON api_token (person_id);
-- what a token may at most: of it counts what its person may, too; outlet_id 0: the whole alliance
CREATE TABLE token_right (
    token_id BIGINT NOT NULL REFERENCES api_token (id),
    capability TEXT NOT NULL,
    outlet_id BIGINT NOT NULL,
    PRIMARY KEY (token_id, capability, outlet_id)
);
-- sealed: the seed of the one-time codes, wrapped by keys/box.key, empty when off; confirmed_ms 0: not on;
-- last_step: no code of it or before is taken; reset_ms: when another took it away
CREATE TABLE factor (
    person_id {{PK}} REFERENCES person (id),
    sealed {{BLOB}} NOT NULL,
    made_ms BIGINT NOT NULL,
    confirmed_ms BIGINT NOT NULL,
    last_step BIGINT NOT NULL,
    reset_ms BIGINT NOT NULL
);
CREATE TABLE recovery_code (
    id {{PK}},
    person_id BIGINT NOT NULL REFERENCES person (id),
    hash TEXT NOT NULL UNIQUE,
    used_ms BIGINT NOT NULL
);
CREATE INDEX recovery_code_person ON recovery_code (person_id);
-- between the password and the code
CREATE TABLE signin_ticket (
    hash TEXT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    until_ms BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
CREATE INDEX signin_ticket_person ON signin_ticket (person_id);
CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    route TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    type TEXT NOT NULL,
    location TEXT NOT NULL,
    body {{BLOB}} NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (principal, route, key_hash)
);
CREATE INDEX idempotency_made ON idempotency (made_ms);
INSERT INTO role (name, scope, place) VALUES
    ('记者', 'outlet', 1),
    ('责任编辑', 'outlet', 2),
    ('校对员', 'outlet', 3),
    ('部门主任', 'outlet', 4),
    ('分管领导', 'both', 5),
    ('总编', 'both', 6),
    ('指导教师', 'outlet', 7),
    ('登记员', 'alliance', 8),
    ('管理员', 'alliance', 9);
INSERT INTO role_capability (role, capability) VALUES
    ('记者', 'file'), ('记者', 'drafts'), ('记者', 'media'),
    ('责任编辑', 'file'), ('责任编辑', 'drafts'), ('责任编辑', 'media'), ('责任编辑', 'release'),
    ('责任编辑', 'correct'), ('责任编辑', 'withdraw'), ('责任编辑', 'subscriptions'),
    ('总编', 'file'), ('总编', 'drafts'), ('总编', 'media'), ('总编', 'release'), ('总编', 'correct'),
    ('总编', 'withdraw'), ('总编', 'import_stories'), ('总编', 'subscriptions'), ('总编', 'rules'),
    ('记者', 'proofread'), ('校对员', 'drafts'), ('校对员', 'proofread'),
    ('责任编辑', 'review_first'), ('责任编辑', 'proofread'),
    ('部门主任', 'file'), ('部门主任', 'drafts'), ('部门主任', 'media'), ('部门主任', 'release'),
    ('部门主任', 'review_first'), ('部门主任', 'review_second'), ('部门主任', 'proofread'),
    ('分管领导', 'drafts'), ('分管领导', 'release'), ('分管领导', 'review_second'),
    ('分管领导', 'review_final'),
    ('总编', 'review_first'), ('总编', 'review_second'), ('总编', 'review_final'), ('总编', 'proofread'),
    ('指导教师', 'drafts'),
    ('登记员', 'register'), ('登记员', 'people'), ('登记员', 'import_stories'), ('登记员', 'subscriptions'),
    ('管理员', 'register'), ('管理员', 'people'), ('管理员', 'import_stories'), ('管理员', 'settings'),
    ('管理员', 'jobs'), ('管理员', 'subscriptions'), ('管理员', 'rules');
