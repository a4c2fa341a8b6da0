/* queue/event.c - an event and the jobs it owes, in the act's own transaction. */
#include "queue/event.h"

#include <assert.h>

#include "base/id.h"
#include "base/vec.h"
#include "queue/kinds.h"

void event_tag(Arena *arena, EventTags *tags, const char *kind, int64_t id) {
    assert(tags->len < EVENT_TAGS_MAX);
    tags->items[tags->len++] =
        id ? str_format(arena, "%s:%lld", kind, (long long)id) : str_from_c(kind);
}

StrList event_tag_list(EventTags *tags) {
    return (StrList){ tags->items, tags->len };
}

static Err add_jobs(Ctx *ctx, const char *name, int64_t event_id, Json *facts) {
    const Subscription *subscription;

    for (size_t i = 0; (subscription = subscription_of(name, i)); i++) {
        Str dedupe = str_format(ctx->arena, "%s/%lld", subscription->kind, (long long)event_id);
        TRY(job_add(ctx, subscription->kind, dedupe, STR_EMPTY, facts, ctx->now_ms));
    }
    return OK;
}

Err event_emit(Ctx *ctx, const char *name, int64_t subject_id, Json *facts, StrList tags) {
    int64_t id = id_next(ctx);
    Buf payload = buf_new(ctx->arena, 0);

    if (!db_is_open(ctx))
        return FAIL(ERR_BUG, NULL, N_("An event needs an open transaction."));
    json_write(&payload, facts);
    TRY(db_exec(
        ctx,
        "INSERT INTO event (id, name, subject_id, outlet_id, actor_id, payload, tags, at_ms)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        ARGS(INT(id), TXT(str_from_c(name)), INT(subject_id), INT(ctx->outlet_id),
             INT(ctx->person_id), TXT(buf_str(&payload)), TXT(str_join(ctx->arena, tags, S(" "))),
             INT(ctx->now_ms))));
    for (size_t i = 0; i < tags.len; i++)
        *(Str *)VEC_PUSH(ctx->arena, &ctx->changed) = tags.items[i];
    return add_jobs(ctx, name, id, facts);
}
