/* features/manuscript/manuscript_link_routes.c - making a one-time link, and the page on which its holder signs. */
#include "features/identity/identity.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/register/register.h"

static const Field make_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "step", FIELD_ENUM, IN_BODY, .is_required = true, .words = "review1 review2 review3 release",
      .label = N_("Step") },
    { "login", FIELD_WORD, IN_BODY, .is_required = true,
      .label = N_("Sign-in name of the person") },
    { 0 },
};
static const Field page_fields[] = {
    { "token", FIELD_WORD, IN_PATH, .label = N_("Link") },
    { 0 },
};
static const Field sign_fields[] = {
    { "token", FIELD_WORD, IN_PATH, .label = N_("Link") },
    DECIDE_FIELDS,
    { 0 },
};

static const Model made_model = { "manuscript/link_made", KEYS(title id desk_url link step login) };
static const Model sign_model = {
    "manuscript/sign",
    KEYS(title token number kind lang summary html hash author outlet_name outlet_no person
             step_title is_release maker until
                 pictures[src srcset width height hash alt
                              credit] sources[] checks[name text] may_reserve may_reject),
};
static const Model signed_model = { "manuscript/signed", KEYS(title number state) };

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Err make(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "id");
    Json *model = json_obj(ctx->arena);
    Str token, origin = req_origin(req);

    TRY(manuscript_link_make(ctx, id, req_text(req, "step"), req_text(req, "login"), &token));
    json_set(model, "title", manuscript_words(ctx, N_("A link that signs once")));
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "desk_url",
             text(ctx, str_format(ctx->arena, "/desk/articles/%lld", (long long)id)));
    json_set(model, "link",
             text(ctx, str_format(ctx->arena, "%.*s/sign/%.*s", STR_ARG(origin), STR_ARG(token))));
    json_set(model, "step", text(ctx, req_text(req, "step")));
    json_set(model, "login", text(ctx, req_text(req, "login")));
    return res_view_as(ctx, req, res, 201, &made_model, model);
}

/* ---- what is signed ---- */

static Err put_link(Ctx *ctx, const Site *site, const SignPage *page, Json *model) {
    const SignLink *link = &page->link;
    ReviewStep step = review_step_of(link->step);
    bool is_release = step == STEP_COUNT, is_new = page->m.published_n == 0;
    Json *until;
    Str maker;

    TRY(person_names(ctx, &link->made_by, 1, &maker));
    TRY(manuscript_time(ctx, site, link->until_ms, &until));
    json_set(model, "person", text(ctx, page->person_name));
    json_set(model, "step_title",
             manuscript_words(ctx, is_release ? N_("Release") : review_step_title(step)));
    json_set(model, "is_release", json_bool(ctx->arena, is_release));
    json_set(model, "maker", text(ctx, maker));
    json_set(model, "until", until);
    json_set(model, "checks", manuscript_checks(ctx, step));
    json_set(model, "may_reserve", json_bool(ctx->arena, step == STEP_REVIEW3 && is_new));
    json_set(model, "may_reject", json_bool(ctx->arena, !is_release && is_new));
    return OK;
}

static Err put_text(Ctx *ctx, const SignPage *page, Json *model) {
    const ManuscriptVersion *v = &page->v;
    Json *sources = json_arr(ctx->arena);
    Outlet outlet;
    Str author;

    TRY(outlet_get(ctx, page->m.outlet_id, &outlet));
    TRY(person_names(ctx, &page->m.author_id, 1, &author));
    for (size_t i = 0; i < v->sources.len; i++)
        json_push(sources, text(ctx, v->sources.items[i]));
    json_set(model, "title", text(ctx, v->title));
    json_set(model, "number", text(ctx, page->m.number));
    json_set(model, "kind", text(ctx, v->kind));
    json_set(model, "lang", text(ctx, str_eq(v->lang, S("en")) ? S("en") : S("zh-CN")));
    json_set(model, "summary", text(ctx, v->summary));
    json_set(model, "html", json_clean(ctx->arena, v->html));
    json_set(model, "hash", text(ctx, v->hash));
    json_set(model, "author", text(ctx, author));
    json_set(model, "outlet_name", text(ctx, outlet.name));
    json_set(model, "outlet_no", text(ctx, outlet.no));
    json_set(model, "sources", sources);
    return manuscript_put_pictures(ctx, v, model);
}

static Err show(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    SignPage page;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(manuscript_link_open(ctx, req_text(req, "token"), &page));
    json_set(model, "token", text(ctx, req_text(req, "token")));
    TRY(put_text(ctx, &page, model));
    TRY(put_link(ctx, &site, &page, model));
    TRY(res_header(res, "Cache-Control",
                   S("private, no-store"))); /* a draft, by a secret address */
    return res_view(ctx, req, res, model);
}

static Err sign(Ctx *ctx, const Request *req, Response *res) {
    Deciding how = manuscript_read_deciding(req);
    Json *model = json_obj(ctx->arena);
    Manuscript m;

    TRY(manuscript_link_decide(ctx, req_text(req, "token"), &how, &m));
    json_set(model, "title", manuscript_words(ctx, N_("It is signed")));
    json_set(model, "number", text(ctx, m.number));
    json_set(model, "state", text(ctx, m.state));
    return res_view(ctx, req, res, model);
}

const Route manuscript_link_routes[] = {
    { "POST", "/articles/{id}/links", OUTLET(CAP_RELEASE), make_fields, make, &made_model,
      ROUTE_STEP_UP | ROUTE_NO_KEY, .outlet_of = manuscript_outlet_of_id,
      .form_handler = manuscript_show_desk,
      .summary = N_("Makes a link by which a person without a password signs once.") },
    { "GET", "/sign/{token}", CAP_READ, page_fields, show, &sign_model,
      .summary = N_("What a one-time link signs.") },
    { "POST", "/sign/{token}", CAP_READ, sign_fields, sign, &signed_model, ROUTE_NO_KEY,
      .form_handler = show, .summary = N_("Signs, or sends back, by a one-time link.") },
    { 0 },
};
