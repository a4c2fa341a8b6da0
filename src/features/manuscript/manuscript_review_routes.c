/* features/manuscript/manuscript_review_routes.c - deciding a step, remarks, the slip (稿签), and how an outlet checks. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/register/register.h"

static const Field decide_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "step", FIELD_ENUM, IN_BODY, .is_required = true,
      .words = "review1 review2 review3 proof1 proof2 proof3", .label = N_("Step") },
    DECIDE_FIELDS,
    { 0 },
};
static const Field comment_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "quote", FIELD_LINE, IN_BODY, .max_chars = QUOTE_CHARS_MAX,
      .label = N_("Words of the text") },
    { "body", FIELD_TEXT, IN_BODY, .is_required = true, .max_chars = COMMENT_CHARS_MAX,
      .label = N_("Remark") },
    { 0 },
};
static const Field close_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "comment", FIELD_ID, IN_PATH, .label = N_("Remark") },
    { 0 },
};
static const Field slip_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field outlet_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number") },
    { 0 },
};
static const Field flow_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number") },
    { "kind", FIELD_LINE, IN_BODY, .max_chars = 10, .label = N_("Kind") },
    { "flow", FIELD_ENUM, IN_BODY, .words = "two-person three-review flash none",
      .is_required = true, .label = N_("Way of checking") },
    { "proofs", FIELD_INT, IN_BODY, .min = 0, .max = 3, .label = N_("Proofs") },
    { "keeps_early", FIELD_BOOL, IN_BODY, .label = N_("First and second review stay") },
    { 0 },
};

static const Model comment_model = { NULL, KEYS(id url) };
static const Model slip_model = {
    "manuscript/slip",
    "title id number url n hash kind author outlet_no outlet_name lang filed published "
    "signer " REVIEW_KEYS,
};
static const Model flows_model = {
    "manuscript/flows",
    KEYS(title no name action
             flows[kind kind_text flow flow_text proofs keeps_early person set] kinds[value label]),
};
static const Model flow_model = { NULL, KEYS(no kind flow) };

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Str desk_url(Ctx *ctx, int64_t id) {
    return str_format(ctx->arena, "/desk/articles/%lld", (long long)id);
}

/* ---- acts ---- */

Deciding manuscript_read_deciding(const Request *req) {
    return (Deciding){ .outcome = req_text(req, "outcome"),
                       .reason = req_text(req, "reason"),
                       .checks = { req_bool(req, "check1"), req_bool(req, "check2"),
                                   req_bool(req, "check3"), req_bool(req, "check4") } };
}

static Err decide(Ctx *ctx, const Request *req, Response *res) {
    Deciding how = manuscript_read_deciding(req);
    Manuscript m;

    how.step = req_text(req, "step");
    TRY(manuscript_decide(ctx, req_id(req, "id"), req_version(req), &how, &m));
    return manuscript_answer(ctx, req, res, &m, false);
}

static Err answer_comment(Ctx *ctx, const Request *req, Response *res, int64_t id, bool is_new) {
    Json *model = json_obj(ctx->arena);
    Str url = desk_url(ctx, req_id(req, "id"));

    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "url", text(ctx, url));
    return is_new ? res_created(ctx, req, res, url, model) : res_done(ctx, req, res, url, model);
}

static Err add_comment(Ctx *ctx, const Request *req, Response *res) {
    int64_t id;

    TRY(manuscript_comment(ctx, req_id(req, "id"), req_text(req, "quote"), req_text(req, "body"),
                           &id));
    return answer_comment(ctx, req, res, id, true);
}

static Err close_comment(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "comment");

    TRY(manuscript_comment_close(ctx, req_id(req, "id"), id));
    return answer_comment(ctx, req, res, id, false);
}

/* ---- 稿签 ---- */

static Err put_slip_head(Ctx *ctx, const Site *site, const Manuscript *m,
                         const ManuscriptVersion *v, Json *model) {
    int64_t ids[2] = { m->author_id, m->released_by };
    Str names[2];
    Outlet outlet;
    Json *filed, *published;

    TRY(outlet_get(ctx, m->outlet_id, &outlet));
    TRY(person_names(ctx, ids, 2, names));
    TRY(manuscript_time(ctx, site, m->created_ms, &filed));
    TRY(manuscript_time(ctx, site, v->released_ms, &published));
    json_set(model, "title", text(ctx, v->title));
    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "number", text(ctx, m->number));
    json_set(model, "url", text(ctx, str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    json_set(model, "n", json_int(ctx->arena, v->n));
    json_set(model, "hash", text(ctx, v->hash));
    json_set(model, "kind", text(ctx, v->kind));
    json_set(model, "lang", text(ctx, str_eq(v->lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "author", text(ctx, m->byline.len ? m->byline : names[0]));
    json_set(model, "signer", text(ctx, names[1]));
    json_set(model, "outlet_no", text(ctx, outlet.no));
    json_set(model, "outlet_name", text(ctx, outlet.name));
    json_set(model, "filed", filed);
    json_set(model, "published", published);
    return OK;
}

static Err show_slip(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    ManuscriptVersion v;
    Manuscript m;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(manuscript_get_public(ctx, req_id(req, "id"), &m));
    if (m.withdrawn_ms)
        return FAIL(ERR_GONE, NULL,
                    N_("This story was withdrawn. Its address stays, its text is gone."));
    TRY(manuscript_version(ctx, m.id, m.published_n, &v));
    TRY(put_slip_head(ctx, &site, &m, &v, model));
    TRY(manuscript_put_review(ctx, &m, &v, model));
    res_tag(res, str_format(ctx->arena, "article:%lld", (long long)m.id));
    res_tag(res, str_format(ctx->arena, "outlet:%lld", (long long)m.outlet_id));
    res_tag(res, S("site"));
    return res_view(ctx, req, res, model);
}

/* ---- how an outlet checks ---- */

/* What people call a kind of story; of the empty one: all of them. */
static Json *kind_words(Ctx *ctx, Str kind) {
    for (size_t i = 0; i < STORY_KINDS; i++)
        if (str_eq(kind, manuscript_kinds[i].kind))
            return manuscript_words(ctx, manuscript_kinds[i].title);
    return manuscript_words(ctx, N_("All kinds"));
}

static Err flow_row(Ctx *ctx, const Site *site, const Flow *flow, Json **ret) {
    Json *out = json_obj(ctx->arena), *set;
    Str name = STR_EMPTY;

    if (flow->set_by)
        TRY(person_names(ctx, &flow->set_by, 1, &name));
    TRY(manuscript_time(ctx, site, flow->set_ms, &set));
    json_set(out, "kind", text(ctx, flow->kind));
    json_set(out, "kind_text", kind_words(ctx, flow->kind));
    json_set(out, "flow", text(ctx, flow->name));
    json_set(out, "flow_text", manuscript_words(ctx, manuscript_flow_text(flow)));
    json_set(out, "proofs", json_int(ctx->arena, flow->proofs));
    json_set(out, "keeps_early", json_bool(ctx->arena, flow->keeps_early));
    json_set(out, "person", text(ctx, name));
    json_set(out, "set", set);
    *ret = out;
    return OK;
}

static Err show_flows(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *rows = json_arr(ctx->arena),
         *choices = json_arr(ctx->arena), *row;
    FlowList list;
    Outlet outlet;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(manuscript_flows(ctx, outlet.id, &list));
    for (size_t i = 0; i < list.len; i++) {
        TRY(flow_row(ctx, &site, &list.items[i], &row));
        json_push(rows, row);
    }
    for (size_t i = 0; i <= STORY_KINDS; i++) { /* before them: all */
        Str kind = i ? manuscript_kinds[i - 1].kind : STR_EMPTY;
        Json *choice = json_obj(ctx->arena);
        json_set(choice, "value", text(ctx, kind));
        json_set(choice, "label", kind_words(ctx, kind));
        json_push(choices, choice);
    }
    json_set(model, "title", manuscript_words(ctx, N_("How stories are checked")));
    json_set(model, "no", text(ctx, outlet.no));
    json_set(model, "name", text(ctx, outlet.name));
    json_set(model, "action",
             text(ctx, str_format(ctx->arena, "/admin/outlets/%.*s/checking", STR_ARG(outlet.no))));
    json_set(model, "flows", rows);
    json_set(model, "kinds", choices);
    return res_view(ctx, req, res, model);
}

static Err set_flow(Ctx *ctx, const Request *req, Response *res) {
    Str name = req_text(req, "flow"), kind = req_text(req, "kind");
    Flow flow = { .kind = kind,
                  .name = str_eq(name, S("none")) ? STR_EMPTY : name,
                  .proofs = req_int(req, "proofs") ? req_int(req, "proofs") : 3,
                  .keeps_early = req_bool(req, "keeps_early") };
    Json *model = json_obj(ctx->arena);
    Outlet outlet;

    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(manuscript_flow_set(ctx, outlet.id, &flow));
    json_set(model, "no", text(ctx, outlet.no));
    json_set(model, "kind", text(ctx, kind));
    json_set(model, "flow", text(ctx, flow.name));
    return res_done(ctx, req, res,
                    str_format(ctx->arena, "/admin/outlets/%.*s/checking", STR_ARG(outlet.no)),
                    model);
}

const Route manuscript_review_routes[] = {
    { "POST", "/articles/{id}/steps", OUTLET(CAP_DRAFTS), decide_fields, decide,
      &manuscript_act_model, ROUTE_IF_MATCH | ROUTE_STEP_UP, .outlet_of = manuscript_outlet_of_id,
      .form_handler = manuscript_show_desk, .summary = N_("Decides the step at hand of a story.") },
    { "POST", "/articles/{id}/comments", OUTLET(CAP_DRAFTS), comment_fields, add_comment,
      &comment_model, .outlet_of = manuscript_outlet_of_id, .form_handler = manuscript_show_desk,
      .summary = N_("Remarks something on the text at hand.") },
    { "POST", "/articles/{id}/comments/{comment}/close", OUTLET(CAP_DRAFTS), close_fields,
      close_comment, &comment_model, .outlet_of = manuscript_outlet_of_id,
      .summary = N_("Marks a remark as settled.") },
    { "GET", "/articles/{id}/slip", CAP_READ, slip_fields, show_slip, &slip_model, ROUTE_CACHED,
      .summary = N_("Who checked a story, when and for how long.") },
    { "GET", "/admin/outlets/{no}/checking", CAP_REGISTER, outlet_fields, show_flows, &flows_model,
      .summary = N_("How an outlet checks its stories.") },
    { "POST", "/admin/outlets/{no}/checking", CAP_REGISTER, flow_fields, set_flow, &flow_model,
      .form_handler = show_flows, .summary = N_("Sets how an outlet checks its stories.") },
    { 0 },
};
