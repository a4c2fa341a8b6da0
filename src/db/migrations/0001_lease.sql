-- store: system  file: record
-- One row per name that may have one holder at a time (db/lease.h); never deleted, so that fence only rises.
CREATE TABLE lease (
    name     TEXT   NOT NULL PRIMARY KEY,
    owner    TEXT   NOT NULL,            -- '' when nobody holds it
    fence    BIGINT NOT NULL,            -- rises with each new holder, from 1
    until_ms BIGINT NOT NULL
);
