/* features/adoption/adoption.h - one outlet's story carried by another (采用): offered, taken, adapted or declined, and never unlinked. */
#ifndef FEATURES_ADOPTION_ADOPTION_H
#define FEATURES_ADOPTION_ADOPTION_H

#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"

enum {
    ADOPTIONS_MAX = 200,     /* of one story, and in one list */
    OFFER_AT_ONCE_MAX = 200, /* outlets in one offer */
    DECLINE_CHARS_MAX = 500
};

/*
 * What is taken as it is has no copy: readers of the other outlet are led to the one story, so that a newer version, a
 * correction or a withdrawal is there at once. What is adapted is a story of the other outlet, checked there as any other;
 * its page says for ever from which one it was written, and what became of that since.
 */
typedef struct Adoption {
    int64_t id;
    int64_t story_id, from_outlet, to_outlet;
    Str state; /* offered taken adapted declined */
    int64_t n; /* version that was taken, and its hash; 0 while it is offered */
    Str hash;
    int64_t corrections;            /* that it had then */
    int64_t copy_id;                /* 0: none */
    int64_t offered_by, offered_ms; /* 0: it was not offered */
    int64_t decided_by, decided_ms; /* 0: not yet */
    Str decided_role;
    Str reason; /* why it was declined; may be empty */
} Adoption;
typedef struct AdoptionList {
    Adoption *items;
    size_t len;
} AdoptionList;

/*
 * ---- acts, each one transaction; the actor is a person of ctx, ctx->outlet_id the outlet for which it acts. ERR_FORBIDDEN (no
 * person), ERR_NOT_FOUND, ERR_BUSY with retry, ERR_IO. ----
 */

/*
 * "story.offered" {number, n, title, hash, to[no]}: a published story of ctx's outlet to others, by their numbers, or to all filed
 * outlets of a tier (tier "all": to all) other than its own. Who has it before them already is passed over; *ret counts the
 * new ones, and without any there is no entry. ERR_INVALID field "to" (no such outlet, or none named), ERR_LIMIT field "to".
 */
CHECKED Err adoption_offer(Ctx *ctx, int64_t story_id, StrList to, Str tier, int64_t *ret);
/*
 * "story.taken" {number, n, title, hash, mode, from, to}: ctx's outlet carries a published story of another, offered or not, as
 * it is. ERR_CONFLICT field "story": it does already, or it is its own. From an outlet that may publish.
 */
CHECKED Err adoption_take(Ctx *ctx, int64_t story_id, Adoption *ret);
/*
 * As adoption_take, and a draft of ctx's outlet with the story's text, without its pictures (they are of the other's
 * library; its note says how many), with the story among its sources: "manuscript.filed" too. Its writer is who adapts.
 */
CHECKED Err adoption_adapt(Ctx *ctx, int64_t story_id, Adoption *ret);
/* "story.declined" with the reason (0..DECLINE_CHARS_MAX characters). ERR_CONFLICT field "story": nothing is offered. */
CHECKED Err adoption_decline(Ctx *ctx, int64_t story_id, Str reason);

/* ---- reading ---- */

/* Of a story, the earliest decided first; offers that wait last. */
CHECKED Err adoption_of_story(Ctx *ctx, int64_t story_id, AdoptionList *ret);
/* From which story this one was adapted; *ret_found false: from none. One statement. */
CHECKED Err adoption_of_copy(Ctx *ctx, int64_t copy_id, Adoption *ret, bool *ret_found);
/* Of an outlet: state "offered", or "taken" (taken and adapted), newest first. */
CHECKED Err adoption_of_outlet(Ctx *ctx, int64_t outlet_id, Str state, AdoptionList *ret);

#define ORIGIN_KEYS                                                                                \
    "origin?{ title url outlet outlet_url n now_n is_updated is_corrected is_withdrawn "           \
    "spread_url }"
/*
 * Sets "origin": null, or from which story this one was adapted and what became of it since. *ret_story_id is that story, with
 * which the page is to be tagged, so that its next change drops this one from the cache; 0: none. At most three statements.
 */
CHECKED Err adoption_put_origin(Ctx *ctx, int64_t copy_id, Json *model, int64_t *ret_story_id);

extern const Route adoption_routes[];

#endif
