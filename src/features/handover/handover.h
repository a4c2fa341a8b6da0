/* features/handover/handover.h - who answers for an outlet changes hands, signed by both sides (product.md 2, row 28). */
#ifndef FEATURES_HANDOVER_HANDOVER_H
#define FEATURES_HANDOVER_HANDOVER_H

#include "features/register/register.h"
#include "http/route.h"

enum { HANDOVER_DAYS = 10, HANDOVER_NOTE_CHARS_MAX = 300, HANDOVER_LIST_MAX = 200 };

/* What a handover changes on the filing card. */
typedef struct HandoverNames {
    Str first_responsible, teacher, operators;
    Str teacher_contact; /* private; of a new teacher, else not read */
} HandoverNames;

typedef struct Handover {
    int64_t id, outlet_id;
    int64_t made_ms, made_by;
    Str made_role;
    HandoverNames before, after; /* before: the card when it was proposed, without the contact */
    Str note;                    /* 0..HANDOVER_NOTE_CHARS_MAX characters */
    Str state;                   /* open signed closed expired; see handover_state */
    int64_t ended_ms, ended_by;  /* signed or closed; 0: neither */
} Handover;
typedef struct HandoverList {
    Handover *items;
    size_t len;
} HandoverList;

/*
 * Acts at the outlet of ctx, each one transaction with its log entry (subject: the outlet; no private contact in it).
 * A person only: ERR_FORBIDDEN. ERR_INVALID, ERR_LIMIT with the field, ERR_CONFLICT, ERR_NOT_FOUND, ERR_BUSY with
 * retry, ERR_IO.
 */

/* Entry "handover.proposed". ERR_CONFLICT when one is open there; ERR_INVALID "first_responsible": nothing changes. */
CHECKED Err handover_propose(Ctx *ctx, const HandoverNames *after, Str note, int64_t *ret_id);
/*
 * By another than who proposed it (ERR_FORBIDDEN), within HANDOVER_DAYS days and while the card says what it said
 * (ERR_CONFLICT). Changes the card; entries "outlet.changed" and "handover.signed", which names both.
 */
CHECKED Err handover_sign(Ctx *ctx, int64_t id);
/* Taken back or declined, by either side; entry "handover.closed". */
CHECKED Err handover_close(Ctx *ctx, int64_t id);

/* Of an outlet, newest first; limit 1..HANDOVER_LIST_MAX. */
CHECKED Err handover_list(Ctx *ctx, int64_t outlet_id, int limit, HandoverList *ret);
/*
 * What waits for the actor's signature: open, in time, proposed by another; the oldest first. Of the first 60 ids; an
 * id of 0 stands for all outlets. limit 1..HANDOVER_LIST_MAX.
 */
CHECKED Err handover_waits(Ctx *ctx, const int64_t *outlet_ids, size_t count, int limit,
                           HandoverList *ret);
/* "expired" where its days are over and nobody signed, else its state. */
Str handover_state(const Handover *handover, int64_t now_ms);

extern const Route handover_routes[];

#endif
