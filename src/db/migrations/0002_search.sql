-- store: system  file: derived
-- The search index (db/search_index.h). The texts stay beside their terms: FTS5 needs them to take a row out,
-- and a new tokenizer to read them again.
CREATE TABLE search_row (
    subject_id {{PK}},
    outlet_id  BIGINT NOT NULL,
    at_ms      BIGINT NOT NULL,
    title      TEXT   NOT NULL,
    body       TEXT   NOT NULL
);
CREATE INDEX search_row_newest ON search_row (at_ms, subject_id);

-- One row: the version of the terms (text/bigrams.h) that the index holds.
CREATE TABLE search_state (
    id      {{PK}}, -- 1
    version BIGINT NOT NULL
);

-- only sqlite
CREATE VIRTUAL TABLE search_terms USING fts5(
    title, body, content='search_row', content_rowid='subject_id', tokenize='bigrams'
);

-- only postgres
-- A tsvector knows positions up to 16383 and 255 places of one term, so a long text is cut into chunks, which
-- overlap by the longest phrase that may be asked for (search_postgres.c).
CREATE TABLE search_chunk (
    subject_id BIGINT   NOT NULL REFERENCES search_row (subject_id) ON DELETE CASCADE,
    number     BIGINT   NOT NULL, -- from 0: first the title's, then the body's
    terms      TSVECTOR NOT NULL,
    PRIMARY KEY (subject_id, number)
);
CREATE INDEX search_chunk_terms ON search_chunk USING gin (terms) WITH (fastupdate = off);
-- both
