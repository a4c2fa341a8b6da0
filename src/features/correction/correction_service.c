/* features/correction/correction_service.c - the rules; knows neither HTTP nor SQL. */
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/correction/correction_store.h"
#include "features/manuscript/manuscript.h"
#include "ledger/ledger.h"
#include "queue/event.h"

static Err check_text(Ctx *ctx, Str text) {
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, "text",
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (chars == 0)
        return FAIL(ERR_INVALID, "text", N_("Say what was wrong and what is right."));
    if (chars > CORRECTION_TEXT_MAX)
        return FAIL_ARGS(ERR_LIMIT, "text", N_("A correction has at most {0} characters."),
                         str_from_int(ctx->arena, CORRECTION_TEXT_MAX));
    return OK;
}

static Err announce(Ctx *ctx, const Correction *c) {
    Json *facts = json_obj(ctx->arena);
    EventTags tags = { 0 };

    json_set(facts, "manuscript_id", json_id(ctx->arena, c->manuscript_id));
    json_set(facts, "outlet_id", json_id(ctx->arena, c->outlet_id));
    event_tag(ctx->arena, &tags, "article", c->manuscript_id);
    event_tag(ctx->arena, &tags, "outlet", c->outlet_id);
    event_tag(ctx->arena, &tags, "home", 0);
    event_tag(ctx->arena, &tags, "feed", 0);
    return event_emit(ctx, "correction.issued", c->id, facts, event_tag_list(&tags));
}

Err correction_issue(Ctx *ctx, int64_t manuscript_id, int64_t version, Str text, Correction *ret) {
    Correction c = { .id = id_next(ctx),
                     .manuscript_id = manuscript_id,
                     .outlet_id = ctx->outlet_id,
                     .issued_ms = ctx->now_ms,
                     .issued_by = ctx->person_id,
                     .text = str_dup(ctx->arena, str_trim(text)) };
    Json *sealed = json_obj(ctx->arena); /* ledger_append adds who acts, for which outlet, when */
    DB_TX(tx);

    if (ctx->actor != ACTOR_PERSON)
        return FAIL(ERR_FORBIDDEN, NULL, N_("Only a person can do this: use a person's token."));
    TRY(check_text(ctx, c.text));
    TRY(db_begin(ctx, &tx));
    TRY(manuscript_count_correction(ctx, manuscript_id,
                                    version)); /* inside: it may change meanwhile */
    TRY(correction_store_insert(ctx, &c));
    json_set(sealed, "correction", json_id(ctx->arena, c.id));
    json_set(sealed, "text", json_str(ctx->arena, c.text));
    TRY(ledger_append(ctx, "correction.issued", manuscript_id, sealed));
    TRY(announce(ctx, &c));
    TRY(db_commit(&tx)); /* returns when the group's commit is durable */

    *ret = c;
    return OK;
}

Err correction_list(Ctx *ctx, int64_t outlet_id, int64_t manuscript_id, int limit,
                    CorrectionList *ret) {
    return correction_store_of_story(ctx, outlet_id, manuscript_id, limit, ret);
}

Err correction_of_many(Ctx *ctx, const int64_t *manuscript_ids, size_t count, CorrectionList *ret) {
    return correction_store_of_stories(ctx, manuscript_ids, count, ret);
}

Err correction_newest(Ctx *ctx, int64_t outlet_id, int limit, CorrectionList *ret) {
    return correction_store_newest(ctx, outlet_id, limit, ret);
}
