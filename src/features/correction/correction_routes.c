/* features/correction/correction_routes.c - one handler serves people (HTML) and programs (JSON). */
#include "features/correction/correction.h"
#include "features/identity/cap.h"
#include "features/manuscript/manuscript.h"

static const Field post_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "text", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = CORRECTION_TEXT_MAX,
      .label = N_("What was wrong and what is right") },
    { 0 },
};
static const Model one_model = { NULL, KEYS(id article issued_ms text version) };

static Err post_one(Ctx *ctx, const Request *req, Response *res) {
    Correction c;
    Manuscript m;
    Json *model = json_obj(ctx->arena);
    int64_t id = req_id(req, "id");

    TRY(correction_issue(ctx, id, req_version(req), req_text(req, "text"), &c));
    TRY(manuscript_get(ctx, id, &m));
    json_set(model, "id", json_id(ctx->arena, c.id));
    json_set(model, "article", json_id(ctx->arena, id));
    json_set(model, "issued_ms", json_int(ctx->arena, c.issued_ms));
    json_set(model, "text", json_str(ctx->arena, c.text));
    json_set(model, "version", json_int(ctx->arena, m.version));
    return res_created(ctx, req, res, str_format(ctx->arena, "/articles/%lld", (long long)id),
                       model);
}

const Route correction_routes[] = {
    { "POST", "/articles/{id}/corrections", OUTLET(CAP_CORRECT), post_fields, post_one, &one_model,
      ROUTE_IF_MATCH, .outlet_of = manuscript_outlet_of_id,
      .summary = N_("Issues a public correction of a published story.") },
    { 0 },
};
