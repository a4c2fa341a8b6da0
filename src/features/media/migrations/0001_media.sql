-- store: named  file: record
-- A picture of an outlet, re-encoded. Its files are named by their hashes and lie in the data folder, on
-- PostgreSQL in media_blob, where all nodes find them. outlet_id is the register's, person_id identity's.
CREATE TABLE media (
    id {{PK}},
    outlet_id   BIGINT NOT NULL,
    hash        TEXT   NOT NULL, -- sha256 of the largest file, 64 hex digits
    type        TEXT   NOT NULL,
    width       BIGINT NOT NULL, -- of the largest file
    height      BIGINT NOT NULL,
    bytes       BIGINT NOT NULL, -- of all its files
    uploaded_ms BIGINT NOT NULL,
    person_id   BIGINT NOT NULL, -- 0: not uploaded by a person
    UNIQUE (outlet_id, hash)
);
CREATE INDEX media_outlet ON media (outlet_id, id);
CREATE INDEX media_person ON media (person_id, uploaded_ms);

CREATE TABLE media_size (
    media_id BIGINT NOT NULL REFERENCES media (id),
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    hash     TEXT   NOT NULL,
    PRIMARY KEY (media_id, width)
);
CREATE INDEX media_size_hash ON media_size (hash);

-- What readers may see: a picture with a row here is public, all others are their outlet's own.
CREATE TABLE media_use (
    ref_kind TEXT   NOT NULL, -- "article"
    ref_id   BIGINT NOT NULL,
    media_id BIGINT NOT NULL REFERENCES media (id),
    PRIMARY KEY (ref_kind, ref_id, media_id)
);
CREATE INDEX media_use_media ON media_use (media_id);

-- PostgreSQL only; empty where files lie in the data folder.
CREATE TABLE media_blob (
    hash  TEXT     NOT NULL PRIMARY KEY,
    bytes {{BLOB}} NOT NULL
);
