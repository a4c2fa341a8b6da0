-- store: named  file: record
-- Hubs (W3C WebSub) that bring what is new in a feed. The callback's address ends with a token of which only the hash
-- stands here; token and secret are wrapped under keys/box.key. A row that is leaving stays until the hub agrees.
CREATE TABLE intake_hub (
    id {{PK}},
    feed_id      BIGINT NOT NULL,
    hub          TEXT   NOT NULL, -- as the feed names it
    target       TEXT   NOT NULL, -- where it is asked: the hub, or where it sent us on to
    topic        TEXT   NOT NULL,
    state        TEXT   NOT NULL, -- asking, active, denied, refused, silent, leaving
    reason       TEXT   NOT NULL, -- of denied and refused, in the hub's words
    token_hash   TEXT   NOT NULL UNIQUE,
    sealed       {{BLOB}} NOT NULL,
    wish         TEXT   NOT NULL, -- subscribe, unsubscribe: asked for and not yet verified; empty
    asked_ms     BIGINT NOT NULL,
    tries        BIGINT NOT NULL, -- since the hub last agreed
    verified_ms  BIGINT NOT NULL,
    expires_ms   BIGINT NOT NULL,
    delivered_ms BIGINT NOT NULL,
    deliveries   BIGINT NOT NULL,
    refused_ms   BIGINT NOT NULL,
    refused      TEXT   NOT NULL, -- why something that came was not taken: forged, weak, unsigned, replayed, ...
    seen         TEXT   NOT NULL, -- the beginnings of the hashes of the last deliveries, newest first
    is_behind    BIGINT NOT NULL, -- 1: a fetch found what the hub had not brought
    run          BIGINT NOT NULL,
    changed_ms   BIGINT NOT NULL
);
CREATE UNIQUE INDEX intake_hub_feed ON intake_hub (feed_id) WHERE state <> 'leaving';
