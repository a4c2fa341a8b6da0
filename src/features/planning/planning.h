/* features/planning/planning.h - what a newsroom means to do: pitches (选题), proposed by people, decided by editors. */
#ifndef FEATURES_PLANNING_PLANNING_H
#define FEATURES_PLANNING_PLANNING_H

#include "base/ctx.h"
#include "http/route.h"

enum {
    PITCH_TITLE_CHARS_MAX = 120,
    PITCH_WHY_CHARS_MAX = 2000,
    PITCH_REASON_CHARS_MAX = 1000,
    PITCH_NOTE_CHARS_MAX = 2000,
    PITCH_STEPS_MAX = 200, /* of one pitch; all are shown on one page */
    PITCH_LIST_MAX = 50
};

/* States (a table in planning_states.c): proposed, accepted, declined, withdrawn (by who proposed it). */
typedef struct Pitch {
    int64_t id;
    int64_t outlet_id;
    Str title;     /* plain text, 1..PITCH_TITLE_CHARS_MAX characters */
    Str why;       /* plain text, 1..PITCH_WHY_CHARS_MAX characters, may have several lines */
    Str kind;      /* 消息 通讯 评论 图片 视频 解释 快讯; empty: open */
    Str wished_on; /* YYYY-MM-DD by the alliance's clock; empty: any day */
    Str state;
    int64_t proposed_by; /* person */
    int64_t proposed_ms, changed_ms;
    int64_t version; /* row version for If-Match */
} Pitch;
typedef struct PitchList {
    Pitch *items;
    size_t len;
} PitchList;

typedef struct PitchStep {
    int64_t id;
    int64_t pitch_id;
    Str act; /* propose accept decline withdraw note */
    int64_t person_id;
    int64_t made_ms;
    Str text; /* the reason or the note; may be empty */
} PitchStep;
typedef struct PitchSteps {
    PitchStep *items;
    size_t len;
} PitchSteps;

/* What a person proposes. Borrowed for the call. */
typedef struct PitchWords {
    Str title, why, kind, wished_on;
} PitchWords;

/*
 * ---- acts; each one transaction with its step, its log entry (subject: the pitch) and the event of the same name
 * { pitch_id, outlet_id }. The actor is a person of ctx (else ERR_FORBIDDEN), ctx->outlet_id the outlet; a pitch of
 * another outlet is ERR_NOT_FOUND. ERR_CONFLICT, field "version", when `version` is not the current row version,
 * field "state" when the table has no such act there; ERR_LIMIT at PITCH_STEPS_MAX; ERR_INVALID and ERR_LIMIT
 * with the field; ERR_BUSY with retry, ERR_IO. ----
 */

/* "pitch.proposed". The wished day is not in the past. Not idempotent. */
CHECKED Err pitch_propose(Ctx *ctx, const PitchWords *words, Pitch *ret);
/*
 * "pitch.accepted" (payload also: alone). ERR_FORBIDDEN by who proposed it, unless nobody else at the outlet may
 * decide: then the entry has alone true. reason 0..PITCH_REASON_CHARS_MAX characters.
 */
CHECKED Err pitch_accept(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret);
/* "pitch.declined" with the reason, 1..PITCH_REASON_CHARS_MAX characters. ERR_FORBIDDEN by who proposed it. */
CHECKED Err pitch_decline(Ctx *ctx, int64_t id, int64_t version, Str reason, Pitch *ret);
/* "pitch.withdrawn", by who proposed it only (else ERR_FORBIDDEN). */
CHECKED Err pitch_withdraw(Ctx *ctx, int64_t id, int64_t version, Pitch *ret);
/* "pitch.noted": a word of a named person, in any state; the state and its version stay. */
CHECKED Err pitch_note(Ctx *ctx, int64_t id, Str text, PitchStep *ret);

/* ---- reading ---- */

/* ERR_NOT_FOUND. */
CHECKED Err pitch_get(Ctx *ctx, int64_t id, Pitch *ret);
/* The steps of a pitch, oldest first. */
CHECKED Err pitch_steps(Ctx *ctx, int64_t id, PitchSteps *ret);
/* Of an outlet, newest first, below that id (0 at first); state empty: any; limit 1..PITCH_LIST_MAX + 1. */
CHECKED Err pitch_list(Ctx *ctx, int64_t outlet_id, Str state, int64_t below_id, int limit,
                       PitchList *ret);
/* Would the actor of ctx, who holds CAP_RELEASE at that outlet, be heard when accepting it? */
CHECKED Err pitch_may_accept(Ctx *ctx, const Pitch *p, bool *ret);

extern const Route pitch_routes[];

#endif
