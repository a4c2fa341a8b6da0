-- store: named  file: record
-- What was posted elsewhere, deposited with date and hash: title, addresses, date, the hash and length of the text,
-- never the text. card_id is the oldest deposit of the same story (its own id where there is none). address and
-- text_key are what it is recognised by, empty where they say nothing: a home page, an address or a text that
-- several items of one feed share, a text that is too short. outlet_id is the register's, person_id identity's.
CREATE TABLE deposit (
    id {{PK}},
    card_id      BIGINT NOT NULL,
    outlet_id    BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL, -- 0: by hand
    person_id    BIGINT NOT NULL, -- 0: from a feed
    title        TEXT   NOT NULL,
    url          TEXT   NOT NULL, -- as given; may be empty for an item of a feed
    address      TEXT   NOT NULL,
    guid         TEXT   NOT NULL,
    text_hash    TEXT   NOT NULL, -- 64 hex digits; empty: no text was given
    text_key     TEXT   NOT NULL,
    text_chars   BIGINT NOT NULL,
    published_ms BIGINT NOT NULL, -- as told by the outlet; 0: not told
    deposited_ms BIGINT NOT NULL,
    changed_ms   BIGINT NOT NULL,
    n            BIGINT NOT NULL, -- the newest version
    UNIQUE (outlet_id, guid)
);
CREATE INDEX deposit_card ON deposit (card_id, id);
CREATE INDEX deposit_outlet ON deposit (outlet_id, card_id);
CREATE INDEX deposit_address ON deposit (address) WHERE address <> '';
CREATE INDEX deposit_text ON deposit (text_key) WHERE text_key <> '';

-- What several deposits may be recognised by, written by each of them: two that are made at the same instant meet
-- here, so that the second runs again and finds the first one's card.
CREATE TABLE deposit_key (
    likeness TEXT   NOT NULL PRIMARY KEY, -- an address or the key of a text
    times    BIGINT NOT NULL
);

CREATE TABLE deposit_version (
    deposit_id   BIGINT NOT NULL REFERENCES deposit (id),
    n            BIGINT NOT NULL, -- from 1
    title        TEXT   NOT NULL,
    url          TEXT   NOT NULL,
    text_hash    TEXT   NOT NULL,
    text_chars   BIGINT NOT NULL,
    published_ms BIGINT NOT NULL,
    made_ms      BIGINT NOT NULL,
    feed_id      BIGINT NOT NULL,
    person_id    BIGINT NOT NULL,
    PRIMARY KEY (deposit_id, n)
);
