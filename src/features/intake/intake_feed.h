/* features/intake/intake_feed.h - the outlets' feeds: subscriptions, and what became of each fetch. */
#ifndef FEATURES_INTAKE_INTAKE_FEED_H
#define FEATURES_INTAKE_INTAKE_FEED_H

#include "features/intake/intake.h"
#include "queue/job.h"

struct Net; /* net/net.h */

enum {
    FEED_FETCHES_KEPT = 20,
    FEED_ITEMS_TAKEN = 200, /* the newest of one answer */
    FEED_INTERVAL_MIN_MS = 5 * 60000,
    FEED_INTERVAL_MAX_MS = 24 * 3600000,
    FEED_INTERVAL_FIRST_MS = 3600000,
    FEED_MOVE_TIMES = 3,         /* a permanent move is believed when it was said so often ... */
    FEED_MOVE_MS = 2 * 86400000, /* ... over so long */
    FEED_LIST_MAX = 100,
    FEED_OF_OUTLET_MAX = 50
};

typedef struct IntakeFeed {
    int64_t id;
    int64_t outlet_id;
    Str url;           /* http or https */
    Str title;         /* as the feed says; empty before the first fetch */
    Str state;         /* active, paused, ended */
    Str why;           /* of paused and ended: by_hand, gone (410) */
    int64_t person_id; /* who added it; 0: the operator */
    int64_t added_ms, changed_ms;
    int64_t run; /* fetches planned so far */
    int64_t version;
    int64_t
        first_ms; /* when it was asked for the first time and what came of it was stored; 0: not yet */
} IntakeFeed;
typedef struct IntakeFeeds {
    IntakeFeed *items;
    size_t len;
} IntakeFeeds;

/* What fetching came to (derived.db): feed_id 0 where it was never fetched. */
typedef struct IntakeState {
    int64_t feed_id;
    Str etag, last_modified, body_hash;
    int64_t next_ms, interval_ms, failures, last_ms, last_ok_ms;
    Str outcome; /* a word of intake_outcome_text */
    int64_t status;
    Str wait; /* why it waits: rate, asked, told, failed, hub */
    Str moved_url;
    int64_t moved_ms, moved_times;
    Str hub, topic;                /* as the feed named them last */
    int64_t told_ms;               /* the least interval that the feed asks for; 0: none */
    int64_t skip_hours, skip_days; /* text/feed.h */
} IntakeState;
typedef struct IntakeFetch {
    int64_t run, at_ms, status, bytes, items, fresh, changed, took_ms;
    Str outcome;
} IntakeFetch;
typedef struct IntakeFetches {
    IntakeFetch *items;
    size_t len;
} IntakeFetches;

/*
 * Acts on subscriptions, each one transaction with its log entry "feed.added", "feed.state" { from, to, why } or "feed.moved" { from,
 * to } (subject: the feed) and, where it is to be fetched, the job "feed.poll". Common failures: ERR_NOT_FOUND, ERR_CONFLICT (field
 * "url": it is somebody's feed already; "state": not possible in this state), ERR_BUSY with retry, ERR_IO.
 */

/* For ctx->outlet_id, fetched at once. ERR_INVALID, ERR_LIMIT field "url". */
CHECKED Err intake_feed_add(Ctx *ctx, Str url, IntakeFeed *ret);
CHECKED Err intake_feed_get(Ctx *ctx, int64_t id, IntakeFeed *ret);
/* Of the outlets (NULL: of all), rising ids, after that id; limit 1..FEED_LIST_MAX. */
CHECKED Err intake_feed_list(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count,
                             int64_t after_id, int limit, IntakeFeeds *ret);
CHECKED Err intake_feed_state(Ctx *ctx, int64_t id, IntakeState *ret, IntakeFetches *ret_fetches);
/* In the order of feeds, at most FEED_LIST_MAX. */
CHECKED Err intake_feed_states(Ctx *ctx, const IntakeFeed *feeds, size_t count, IntakeState *ret);
/* active -> paused, paused -> active (fetched at once), either -> ended. to is the state's word. */
CHECKED Err intake_feed_move(Ctx *ctx, int64_t id, Str to);
/*
 * How far the feeds of an outlet are that were never asked before, for example those of a list: of `total` that have
 * not ended `asked` were; of the others `paused` wait for a person. Outlets where all were asked are left out; at
 * most FEED_LIST_MAX, by outlet. outlet_ids as above. One statement.
 */
typedef struct FeedFirst {
    int64_t outlet_id, total, asked, paused;
} FeedFirst;
CHECKED Err intake_feed_first(Ctx *ctx, const int64_t *outlet_ids, size_t outlet_count,
                              FeedFirst *ret, size_t *ret_len);
/*
 * Pauses all feeds of ctx->outlet_id that were never asked (to "paused"), or goes on with those of them that are
 * paused (to "active"); one transaction, an entry for each. What an answer brought is stored whole or not at all, so
 * nothing is lost and nothing twice. *ret counts the feeds. Safe to repeat.
 */
CHECKED Err intake_feed_first_move(Ctx *ctx, Str to, int64_t *ret);
/* Fetched as soon as the queue comes to it. Repeating within a minute changes nothing. */
CHECKED Err intake_feed_fetch(Ctx *ctx, int64_t id);
/*
 * Every active feed has a job: those that lost it (a job that ended as dead, a clock put back) get one. At start, and
 * for `feed poll`; with is_now all are due now. *ret counts the feeds that were planned. Safe to repeat.
 */
CHECKED Err intake_feed_plan(Ctx *ctx, bool is_now, int64_t *ret);

/* What came of asking for a feed, from net/ or a test. Texts are borrowed. */
typedef struct IntakeAnswer {
    Str outcome; /* "answered", or why not: the words of net_outcome_word */
    bool
        is_cancelled; /* nobody answered, by no fault of theirs: comes again after FEED_INTERVAL_MIN_MS */
    int status;
    Str url;       /* of the body, after redirects */
    Str moved_url; /* where permanent redirects led; empty: none */
    Str content_type, etag, last_modified, cache_control;
    Str links;              /* all Link headers, joined by commas */
    int64_t retry_after_ms; /* -1: not said */
    Str body;
    int64_t took_ms;
} IntakeAnswer;

/*
 * Does all the bookkeeping of one fetch: items become deposits of the feed's outlet, the newest FEED_ITEMS_TAKEN of them, in one
 * transaction with the plan of the next fetch; then the state. run is that of the job: an answer to an older plan, or for a feed that is
 * not active, changes nothing. A hostile answer is that feed's failure and no error. ERR_BUSY with retry, ERR_IO: storage.
 */
CHECKED Err intake_answer(Ctx *ctx, int64_t feed_id, int64_t run, const IntakeAnswer *answer);

/* An answer to the fetch of that run. */
typedef struct IntakeCame {
    int64_t feed_id, run;
    const IntakeAnswer *answer;
} IntakeCame;

enum { FEED_CAME_MAX = 64 };
/* Does it bring nothing to store but when to ask again (304)? */
bool intake_answer_is_light(const IntakeAnswer *answer);
/*
 * intake_answer for many light answers of different feeds at once, at most FEED_CAME_MAX: one transaction with all plans, then one with all
 * states.
 */
CHECKED Err intake_answer_many(Ctx *ctx, const IntakeCame *came, size_t count);

/* The gate through which feeds are fetched; NULL: nothing is fetched. Once at start, before any thread. */
void intake_use(struct Net *net);
extern const JobKind intake_poll_kind; /* LANE_DELIVER, "feed.poll" */

extern const Route intake_feed_routes[];

#endif
