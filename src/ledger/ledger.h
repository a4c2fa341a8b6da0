/* ledger/ledger.h - the tamper-evident log: append in the act's transaction, sequence apart (ledger.md). */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/json.h"
#include "db/db.h"
#include "sec/sign.h"

/*
 * One pending entry in the caller's transaction (ERR_BUG outside one). kind is "manuscript.released"; the
 * payload says what the kind says; actor (person id, name, role), outlet number and time are added from
 * ctx and cannot be set by the caller. *ret_entry_id, if not NULL, is the pending row's id, by which
 * ledger_place finds the position later. The entry's header holds no personal data.
 */
CHECKED Err ledger_append(Ctx *ctx, const char *kind, int64_t subject_id, Json *payload);
CHECKED Err ledger_append_id(Ctx *ctx, const char *kind, int64_t subject_id, Json *payload,
                             int64_t *ret_entry_id);

typedef struct LedgerPlace {
    int64_t entry_id;
    int64_t index; /* -1 while it is being entered */
    int64_t at_ms;
    Str kind;
    Str outlet_no;
} LedgerPlace;
typedef struct LedgerPlaces {
    LedgerPlace *items;
    size_t len;
} LedgerPlaces;
/* Entries of a subject, oldest first, pending ones last; limit 1..200. */
CHECKED Err ledger_of_subject(Ctx *ctx, int64_t subject_id, int limit, LedgerPlaces *ret);
/* The sealed payload of an entry, for those who may see it; ERR_NOT_FOUND when erased. */
CHECKED Err ledger_payload(Ctx *ctx, int64_t entry_id, Json **ret);

/* ---- keys and origin ---- */

typedef struct LedgerKey {
    Str origin;  /* "example.edu/liandong", in a demo "demo.invalid/..."; the name of the key */
    SignKey key; /* the seed is all zero where this node may not sign */
    bool may_sign;
} LedgerKey;
/*
 * Reads {folder}/log.key: a first line that names the format, the origin, the seed in base64. ERR_IO with the
 * remedy when it is missing, open to others, or damaged. origin lives in ctx->arena.
 */
CHECKED Err ledger_key_load(Ctx *ctx, Str folder, LedgerKey *ret);
/* Makes it, mode 0600, synced. ERR_CONFLICT when there is one already: a key is never overwritten. */
CHECKED Err ledger_key_make(Ctx *ctx, Str folder, Str origin);
/* The one-line public key of /log/key (C2SP signed note). */
CHECKED Err ledger_vkey(Arena *arena, const LedgerKey *key, Str *ret);

/* ---- the sequencer ---- */

/* These subjects have a position now: names the tags of their pages in ctx->changed. Before the commit. */
typedef void (*LedgerTag)(Ctx *ctx, const int64_t *subject_ids, size_t count);

/* One round: lease, at most `batch` pending rows, entries, hashes, one checkpoint, one transaction.
 * *ret counts entries placed; tag may be NULL. ERR_BUSY when another process sequences. */
CHECKED Err ledger_sequence(Ctx *ctx, const LedgerKey *key, Str owner, int batch, LedgerTag tag,
                            int64_t *ret);

typedef struct LedgerApp {
    const struct Config *config;
    DbStore *store;
    struct Ids *ids;
    Clock *clock;
    Chance *chance;
    const LedgerKey *key;
    LedgerTag tag;
    /* After each round: tags of the cached pages that it changed. NULL: nobody asks. */
    void (*changed)(void *user, const Str *tags, size_t count);
    void *user;
} LedgerApp;
typedef struct LedgerRunner LedgerRunner;
CHECKED Err ledger_start(const LedgerApp *app, LedgerRunner **ret); /* a thread, every 200 ms */
void ledger_stop(LedgerRunner *runner);

/* ---- reading the log: C2SP tlog-tiles ---- */

typedef struct LedgerHead {
    int64_t size;              /* entries */
    int64_t pending;           /* rows not placed yet */
    int64_t oldest_pending_ms; /* 0 when none */
    int64_t at_ms;             /* of the newest checkpoint */
    Str checkpoint;            /* the signed note; empty before the first */
} LedgerHead;
CHECKED Err ledger_head(Ctx *ctx, LedgerHead *ret);
/* /log/tile/{L}/{N}[.p/{W}]: up to 256 hashes. ERR_NOT_FOUND beyond the tree. */
CHECKED Err ledger_tile(Ctx *ctx, int level, int64_t n, int width, Str *ret); /* width 1..256 */
/* /log/tile/entries/{N}[.p/{W}]: entries, each with a two-byte length in front. */
CHECKED Err ledger_entry_tile(Ctx *ctx, int64_t n, int width, Str *ret);
/* Newest first, for /log. */
typedef struct LedgerEntryRow {
    int64_t index, at_ms, subject_id;
    Str kind, outlet_no;
} LedgerEntryRow;
typedef struct LedgerEntries {
    LedgerEntryRow *items;
    size_t len;
} LedgerEntries;
CHECKED Err ledger_newest(Ctx *ctx, int64_t before_index, int limit, LedgerEntries *ret);

#endif
