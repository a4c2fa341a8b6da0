/* features/register/register_store.h - rows of the table outlet: private to register/. */
#ifndef FEATURES_REGISTER_REGISTER_STORE_H
#define FEATURES_REGISTER_REGISTER_STORE_H

#include "features/register/register.h"

/* What is found by, made from the card (register_keys); the table keeps them beside it. */
typedef struct OutletKeys {
    Str sort, look, search;
} OutletKeys;

/* id 0 in *ret when there is none. */
CHECKED Err outlet_store_get(Ctx *ctx, int64_t id, Outlet *ret);
CHECKED Err outlet_store_by_no(Ctx *ctx, Str no, Outlet *ret);
CHECKED Err outlet_store_by_account(Ctx *ctx, Str platform, Str account, Outlet *ret);
/* ids are sorted into place; those that are unknown keep id 0. */
CHECKED Err outlet_store_get_many(Ctx *ctx, const int64_t *ids, size_t count, Outlet *ret);
/* pattern is for LIKE, with \ as its escape, or empty; limit is 1..1,000,000. */
CHECKED Err outlet_store_list(Ctx *ctx, const OutletFilter *filter, Str pattern, int64_t after_id,
                              int64_t limit, OutletList *ret);
CHECKED Err outlet_store_total(Ctx *ctx, const OutletFilter *filter, Str pattern, int64_t *ret);

CHECKED Err outlet_store_of_unit(Ctx *ctx, int64_t unit_id, int64_t limit, OutletList *ret);
/* Of the states that lead into in_review, reviewed last for a year before. limit is 1..1000. */
CHECKED Err outlet_store_due(Ctx *ctx, int64_t year, int64_t limit, OutletList *ret,
                             int64_t *ret_total);

CHECKED Err outlet_store_platforms(Ctx *ctx, StrList *ret);

/* How many there are of each kind; for counts and the choices of filters. */
typedef struct OutletTally {
    Str tier, state, platform;
    int64_t count;
    bool was_filed;
} OutletTally;
typedef struct OutletTallies {
    OutletTally *items;
    size_t len;
} OutletTallies;
CHECKED Err outlet_store_tally(Ctx *ctx, OutletTallies *ret);

CHECKED Err outlet_store_insert(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys);
/* The card, where the row still has outlet->version, which rises by one. *ret_changed: 1, or 0. */
CHECKED Err outlet_store_update(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys,
                                int64_t *ret_changed);
/* The state and all that goes with it (number, sort key), in the same way. */
CHECKED Err outlet_store_move(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys,
                              int64_t *ret_changed);
CHECKED Err outlet_store_published(Ctx *ctx, int64_t id, int64_t at_ms, int64_t *ret_changed);

/* Others that have this number, this account, or a different name that looks like this one. */
typedef struct OutletRivals {
    Str no_of, account_of, look_of; /* names of outlets; empty: free */
} OutletRivals;
CHECKED Err outlet_store_rivals(Ctx *ctx, const Outlet *outlet, const OutletKeys *keys,
                                OutletRivals *ret);
/* The greatest sort key between from and to (both out of it) with so many bytes; empty when none. */
CHECKED Err outlet_store_last_no(Ctx *ctx, Str from, Str to, int64_t bytes, Str *ret);

/* What every name looks like, for the check of a whole roster. */
typedef struct OutletLook {
    int64_t id;
    Str look, name;
} OutletLook;
typedef struct OutletLooks {
    OutletLook *items;
    size_t len;
} OutletLooks;
CHECKED Err outlet_store_looks(Ctx *ctx, OutletLooks *ret);

#endif
