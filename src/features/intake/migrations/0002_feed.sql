-- store: named  file: record
-- What the outlets' feeds are: an ended one stays for its deposits. run counts the fetches that were planned: the
-- job of an older one does nothing.
CREATE TABLE intake_feed (
    id {{PK}},
    outlet_id  BIGINT NOT NULL,
    url        TEXT   NOT NULL,
    title      TEXT   NOT NULL, -- as the feed says; empty before the first fetch
    state      TEXT   NOT NULL, -- active, paused, ended
    why        TEXT   NOT NULL, -- of the last change of state: by_hand, gone; empty
    person_id  BIGINT NOT NULL, -- who added it; 0: the operator
    added_ms   BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    run        BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    first_ms   BIGINT NOT NULL  -- when it was asked for the first time and what came of it was stored; 0: not yet
);
CREATE UNIQUE INDEX intake_feed_url ON intake_feed (url) WHERE state <> 'ended';
CREATE INDEX intake_feed_outlet ON intake_feed (outlet_id, id);
