-- store: system  file: record
CREATE TABLE ledger_pending (
    id {{PK}},
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    outlet_no TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    salt {{BLOB}} NOT NULL,
    payload TEXT NOT NULL
);
CREATE INDEX ledger_pending_subject ON ledger_pending (subject_id);
CREATE TABLE ledger_sealed (
    entry_id {{PK}},
    salt {{BLOB}} NOT NULL,
    payload TEXT NOT NULL
);
CREATE TABLE ledger_entry (
    position {{PK}},
    entry_id BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    outlet_no TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    entry {{BLOB}} NOT NULL
);
CREATE INDEX ledger_entry_subject ON ledger_entry (subject_id, position);
CREATE TABLE ledger_hash (
    level BIGINT NOT NULL,
    tile BIGINT NOT NULL,
    hashes {{BLOB}} NOT NULL,
    PRIMARY KEY (level, tile)
);
CREATE TABLE ledger_checkpoint (
    size {{PK}},
    at_ms BIGINT NOT NULL,
    note TEXT NOT NULL
);
