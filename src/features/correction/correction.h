/* features/correction/correction.h - public notices (更正) that a story was wrong. */
#ifndef FEATURES_CORRECTION_CORRECTION_H
#define FEATURES_CORRECTION_CORRECTION_H

#include "base/ctx.h"
#include "http/route.h"

enum {
    CORRECTION_TEXT_MAX = 2000, /* characters (Unicode scalar values), not bytes */
    CORRECTION_STORIES_MAX = 30
};

typedef struct Correction {
    int64_t id;
    int64_t manuscript_id;
    int64_t outlet_id;
    int64_t issued_ms; /* Unix time in milliseconds, UTC */
    int64_t issued_by; /* person */
    Str text;          /* plain text, 1..CORRECTION_TEXT_MAX characters, never HTML */
} Correction;
typedef struct CorrectionList {
    Correction *items;
    size_t len;
} CorrectionList;

/*
 * Issues a correction of a published story of ctx->outlet_id: its row, its log entry "correction.issued"
 * (subject: the manuscript; payload: correction id, text) and the event "correction.issued"
 * { manuscript_id, outlet_id }, tags article:{manuscript_id}, outlet:{outlet_id}, home, feed, in one
 * transaction; the story's row version rises. text is borrowed. ERR_FORBIDDEN (no person), ERR_NOT_FOUND (no such
 * published story of the outlet), ERR_CONFLICT field "version" (somebody acted on the story meanwhile, so a second
 * call with the same version gives no second notice), ERR_INVALID, ERR_LIMIT (field "text"), ERR_BUSY with
 * retry, ERR_IO.
 */
CHECKED Err correction_issue(Ctx *ctx, int64_t manuscript_id, int64_t version, Str text,
                             Correction *ret);
/* Newest first; limit 1..100. */
CHECKED Err correction_list(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int limit,
                            CorrectionList *ret);
/* Of at most CORRECTION_STORIES_MAX stories at once, newest first, 300 in all. One statement, for feeds. */
CHECKED Err correction_of_many(Ctx *ctx, const int64_t *manuscript_ids, size_t count,
                               CorrectionList *ret);
/* Of the whole alliance (outlet_id 0) or an outlet, newest first; for the home page. */
CHECKED Err correction_newest(Ctx *ctx, int64_t outlet_id, int limit, CorrectionList *ret);

extern const Route correction_routes[];

#endif
