/* ledger/entry.h - what one entry is made of: private to ledger/ (ledger.md 1). */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "base/ctx.h"
#include "sec/hash.h"

enum { LEDGER_SALT_BYTES = 32, LEDGER_ENTRY_BYTES_MAX = 65535 };

typedef struct Pending {
    int64_t id;
    Str kind;
    int64_t subject_id; /* 0: none */
    Str outlet_no;      /* empty: the alliance */
    int64_t at_ms;
    Str salt;
    Str payload; /* RFC 8785 */
} Pending;

/* SHA-256("liandong/commit/v1" || salt || SHA-256(payload)). */
Hash entry_commit(Str salt, Str payload);
/* The entry's bytes: RFC 8785 of {v, kind, subject, outlet, at, commit}. */
CHECKED Err entry_bytes(Arena *arena, const Pending *pending, Str *ret);

#endif
