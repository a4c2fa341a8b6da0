-- store: named  file: derived
-- How fetching went. Without these rows each feed is fetched anew and whole; deposits are not made twice by that.
CREATE TABLE intake_state (
    feed_id {{PK}},
    etag          TEXT   NOT NULL,
    last_modified TEXT   NOT NULL,
    body_hash     TEXT   NOT NULL, -- of the last body that was taken in
    next_ms       BIGINT NOT NULL,
    interval_ms   BIGINT NOT NULL,
    failures      BIGINT NOT NULL, -- in a row
    last_ms       BIGINT NOT NULL,
    last_ok_ms    BIGINT NOT NULL,
    outcome       TEXT   NOT NULL,
    status        BIGINT NOT NULL,
    wait          TEXT   NOT NULL, -- why until next_ms: rate, asked, told, failed, hub
    moved_url     TEXT   NOT NULL,
    moved_ms      BIGINT NOT NULL, -- since when
    moved_times   BIGINT NOT NULL,
    hub           TEXT   NOT NULL, -- as the feed named them last; empty: it names none
    topic         TEXT   NOT NULL,
    told_ms       BIGINT NOT NULL, -- least interval that the feed itself asks for; 0: it says none
    skip_hours    BIGINT NOT NULL, -- a bit for each hour (UTC) and day of the week (0 is Sunday) without news
    skip_days     BIGINT NOT NULL
);

CREATE TABLE intake_fetch (
    feed_id BIGINT NOT NULL,
    run     BIGINT NOT NULL,
    at_ms   BIGINT NOT NULL,
    outcome TEXT   NOT NULL,
    status  BIGINT NOT NULL,
    bytes   BIGINT NOT NULL,
    items   BIGINT NOT NULL,
    fresh   BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    PRIMARY KEY (feed_id, run)
);
