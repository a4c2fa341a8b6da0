-- store: named  file: record
-- kind, lang, title, summary and cover_id are those of the version that readers see, or of the one worked on while
-- there is none; import_key and import_hash tell a story from before and whether it is still the same;
-- cleaner is the version of the sanitizer that made html; planned_ms is the instant for which the version that readers
-- see was planned, 0 for one that was released at once; in a plan and an embargo the local time and its zone are what
-- was said, at_ms is what it means by those rules; manuscript_word: the Word file a story was filed from, and what was lost
-- step: what a story under 三审三校 waits for, '' when for none; manuscript_flow: how an outlet checks its stories of a
-- kind ('': of all others); manuscript_review: how version n is checked, fixed when it was submitted, due_ms: until when
-- what was put off must be done, 0: nothing was; manuscript_decision: never changed, it counts while the text of its hash
-- is the one at hand; manuscript_opened: since when a person who may decide has had that text before them; manuscript_link: a
-- one-time link, by the hash of its token, bound to a person, a step and the hash of a text
CREATE TABLE manuscript (
    id {{PK}},
    number TEXT NOT NULL UNIQUE,
    outlet_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    profile TEXT NOT NULL,
    lang TEXT NOT NULL,
    author_id BIGINT NOT NULL,
    byline TEXT NOT NULL,
    published_n BIGINT NOT NULL,
    working_n BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    published_ms BIGINT NOT NULL,
    republished_ms BIGINT NOT NULL,
    released_by BIGINT NOT NULL,
    imported_ms BIGINT NOT NULL,
    original_url TEXT NOT NULL,
    withdrawn_ms BIGINT NOT NULL,
    withdrawn_reason TEXT NOT NULL,
    corrections BIGINT NOT NULL,
    cover_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    changed_by BIGINT NOT NULL,
    corrected_ms BIGINT NOT NULL,
    returned_reason TEXT NOT NULL,
    returned_by BIGINT NOT NULL,
    returned_ms BIGINT NOT NULL,
    planned_ms BIGINT NOT NULL,
    step TEXT NOT NULL,
    is_public BIGINT NOT NULL,
    import_key TEXT,
    import_hash TEXT
);
CREATE INDEX manuscript_public ON manuscript (is_public, published_ms, id);
CREATE INDEX manuscript_public_outlet ON manuscript (outlet_id, is_public, published_ms, id);
CREATE INDEX manuscript_public_kind ON manuscript (kind, is_public, published_ms, id);
CREATE INDEX manuscript_counts ON manuscript (outlet_id, is_public, published_ms, withdrawn_ms, corrections);
CREATE INDEX manuscript_desk ON manuscript (outlet_id, changed_ms, id);
CREATE INDEX manuscript_state ON manuscript (state, outlet_id);
CREATE INDEX manuscript_step ON manuscript (step, outlet_id);
CREATE INDEX manuscript_author ON manuscript (author_id, state);
CREATE UNIQUE INDEX manuscript_import ON manuscript (outlet_id, import_key);
CREATE TABLE manuscript_version (
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    n BIGINT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    source TEXT NOT NULL,
    format TEXT NOT NULL,
    html TEXT NOT NULL,
    body_text TEXT NOT NULL,
    hash TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    released_by BIGINT NOT NULL,
    released_ms BIGINT NOT NULL,
    note TEXT NOT NULL,
    sources TEXT NOT NULL,
    tags TEXT NOT NULL,
    pictures TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    cleaner BIGINT NOT NULL,
    PRIMARY KEY (manuscript_id, n)
);
CREATE INDEX manuscript_version_maker ON manuscript_version (made_by, released_ms);
CREATE TABLE manuscript_number (
    outlet_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (outlet_id, year)
);
CREATE TABLE manuscript_plan (
    manuscript_id BIGINT NOT NULL PRIMARY KEY REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    id BIGINT NOT NULL UNIQUE,
    local_time TEXT NOT NULL,
    zone TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    fit TEXT NOT NULL,
    rules TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    hash TEXT NOT NULL,
    by_id BIGINT NOT NULL,
    by_role TEXT NOT NULL,
    set_ms BIGINT NOT NULL,
    ended_by BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX manuscript_plan_due ON manuscript_plan (state, at_ms, id);
CREATE INDEX manuscript_plan_outlet ON manuscript_plan (outlet_id, state, at_ms, id);
CREATE INDEX manuscript_plan_by ON manuscript_plan (by_id);
CREATE TABLE manuscript_word (
    manuscript_id BIGINT NOT NULL PRIMARY KEY REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    lost TEXT NOT NULL
);
CREATE TABLE manuscript_embargo (
    manuscript_id BIGINT NOT NULL PRIMARY KEY REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    local_time TEXT NOT NULL,
    zone TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    fit TEXT NOT NULL,
    rules TEXT NOT NULL
);
CREATE INDEX manuscript_embargo_rules ON manuscript_embargo (rules, manuscript_id);
CREATE TABLE manuscript_flow (
    outlet_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    flow TEXT NOT NULL,
    proofs BIGINT NOT NULL,
    keeps_early BIGINT NOT NULL,
    set_by BIGINT NOT NULL,
    set_ms BIGINT NOT NULL,
    PRIMARY KEY (outlet_id, kind)
);
CREATE TABLE manuscript_review (
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    n BIGINT NOT NULL,
    outlet_id BIGINT NOT NULL,
    flow TEXT NOT NULL,
    proofs BIGINT NOT NULL,
    keeps_early BIGINT NOT NULL,
    submitted_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    done_ms BIGINT NOT NULL,
    PRIMARY KEY (manuscript_id, n)
);
CREATE INDEX manuscript_review_due ON manuscript_review (done_ms, due_ms);
CREATE TABLE manuscript_decision (
    id {{PK}},
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hash TEXT NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    opened_ms BIGINT NOT NULL,
    decided_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    comments BIGINT NOT NULL,
    link_by BIGINT NOT NULL
);
CREATE INDEX manuscript_decision_story ON manuscript_decision (manuscript_id, n, id);
CREATE TABLE manuscript_opened (
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    hash TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (manuscript_id, hash, person_id)
);
CREATE TABLE manuscript_comment (
    id {{PK}},
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hash TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    quote TEXT NOT NULL,
    body TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    closed_by BIGINT NOT NULL,
    closed_ms BIGINT NOT NULL
);
CREATE INDEX manuscript_comment_story ON manuscript_comment (manuscript_id, id);
CREATE TABLE manuscript_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    manuscript_id BIGINT NOT NULL REFERENCES manuscript (id),
    outlet_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    step TEXT NOT NULL,
    hash TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL
);
CREATE INDEX manuscript_link_story ON manuscript_link (manuscript_id);
