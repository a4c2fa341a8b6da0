/* features/adoption/adoption_routes.c - offering, taking, adapting and declining stories, and where a story went. */
#include "features/adoption/adoption_model.h"
#include "features/identity/cap.h"
#include "text/zone.h"
#include "view/catalogue.h"

static const Field offer_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Story") },
    { "to", FIELD_LINE, IN_BODY, .max_chars = 4000, .label = N_("Numbers of outlets") },
    { "tier", FIELD_ENUM, IN_BODY, .words = "none all 校级 二级 三级", .label = N_("Tier") },
    { 0 },
};
static const Field take_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number") },
    { "story", FIELD_ID, IN_BODY, .is_required = true, .label = N_("Story") },
    { "mode", FIELD_ENUM, IN_BODY, .is_required = true, .words = "taken adapted",
      .label = N_("How it is carried") },
    { 0 },
};
static const Field decline_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number") },
    { "story", FIELD_ID, IN_BODY, .is_required = true, .label = N_("Story") },
    { "reason", FIELD_TEXT, IN_BODY, .max_chars = DECLINE_CHARS_MAX, .label = N_("Reason") },
    { 0 },
};
static const Field id_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Story") }, { 0 } };
static const Field no_fields[] = { { "no", FIELD_WORD, IN_PATH, .label = N_("Number") }, { 0 } };

static const Model offered_model = { NULL, KEYS(id count) };
static const Model taken_model = { NULL, KEYS(story mode url) };
static const Model declined_model = { NULL, KEYS(story) };
static const Model spread_model = {
    "adoption/spread",
    "title id url outlet outlet_no published carried copies[" ADOPTION_ROW_KEYS "]",
};
static const Model desk_model = {
    "adoption/desk",
    "title id url outlet outlet_no published carried is_open tiers[value label] "
    "copies[" ADOPTION_ROW_KEYS "]",
};
static const Model offers_model = {
    "adoption/offers",
    "title no name offer_count offers[" ADOPTION_ROW_KEYS "] carried[" ADOPTION_ROW_KEYS "]",
};
static const Model reruns_model = {
    "adoption/reruns",
    "title no name url stories[" ADOPTION_ROW_KEYS "]",
};

static Json *text(Ctx *ctx, Str value) {
    return json_str(ctx->arena, value);
}

static Json *words(Ctx *ctx, const char *msgid) {
    return text(ctx, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

static Str offers_path(Ctx *ctx, Str no) {
    return str_format(ctx->arena, "/desk/outlets/%.*s/offers", STR_ARG(no));
}

/* ---- acts ---- */

static Err offer(Ctx *ctx, const Request *req, Response *res) {
    int64_t id = req_id(req, "id"), count;
    Str tier = req_text(req, "tier");
    Json *model = json_obj(ctx->arena);

    TRY(adoption_offer(ctx, id, str_split(ctx->arena, req_text(req, "to"), ' '),
                       str_eq(tier, S("none")) ? STR_EMPTY : tier, &count));
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "count", json_int(ctx->arena, count));
    return res_done(ctx, req, res,
                    str_format(ctx->arena, "/desk/articles/%lld/spread", (long long)id), model);
}

static Err take(Ctx *ctx, const Request *req, Response *res) {
    bool is_adapted = str_eq(req_text(req, "mode"), S("adapted"));
    Json *model = json_obj(ctx->arena);
    Adoption a;
    Str url = offers_path(ctx, req_text(req, "no"));

    if (is_adapted) {
        TRY(adoption_adapt(ctx, req_id(req, "story"), &a));
        url = str_format(ctx->arena, "/desk/articles/%lld/edit", (long long)a.copy_id);
    } else {
        TRY(adoption_take(ctx, req_id(req, "story"), &a));
    }
    json_set(model, "story", json_id(ctx->arena, a.story_id));
    json_set(model, "mode", text(ctx, a.state));
    json_set(model, "url", text(ctx, url));
    return res_done(ctx, req, res, url, model);
}

static Err decline(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);

    TRY(adoption_decline(ctx, req_id(req, "story"), req_text(req, "reason")));
    json_set(model, "story", json_id(ctx->arena, req_id(req, "story")));
    return res_done(ctx, req, res, offers_path(ctx, req_text(req, "no")), model);
}

/* ---- pages ---- */

static Err show_offers(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *offers, *carried;
    AdoptionList offered, taken;
    Outlet outlet;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(adoption_of_outlet(ctx, outlet.id, S("offered"), &offered));
    TRY(adoption_of_outlet(ctx, outlet.id, S("taken"), &taken));
    TRY(adoption_rows(ctx, &site, &offered, &offers));
    TRY(adoption_rows(ctx, &site, &taken, &carried));
    json_set(model, "title", words(ctx, N_("Stories of others")));
    json_set(model, "no", text(ctx, outlet.no));
    json_set(model, "name", text(ctx, outlet.name));
    json_set(model, "offer_count", json_int(ctx->arena, (int64_t)offered.len));
    json_set(model, "offers", offers);
    json_set(model, "carried", carried);
    return res_view(ctx, req, res, model);
}

/* Carried ones only, where the reader is the public: who was asked and did not want is the outlets' own. */
static Err spread_of(Ctx *ctx, const Manuscript *m, bool is_public, Json *model) {
    Json *copies;
    AdoptionList list;
    Outlet outlet;
    Site site;
    Str published;
    size_t kept = 0;
    int64_t carried = 0;

    TRY(site_get(ctx, &site));
    TRY(outlet_get(ctx, m->outlet_id, &outlet));
    TRY(adoption_of_story(ctx, m->id, &list));
    for (size_t i = 0; i < list.len; i++) {
        bool is_carried = list.items[i].n > 0;
        carried += is_carried;
        if (is_carried || !is_public)
            list.items[kept++] = list.items[i];
    }
    list.len = kept;
    TRY(adoption_rows(ctx, &site, &list, &copies));
    TRY(zone_format(ctx->arena, site.zone, ctx->lang, ZONE_SHORT, m->published_ms, &published));
    json_set(model, "title", text(ctx, m->title));
    json_set(model, "id", json_id(ctx->arena, m->id));
    json_set(model, "url", text(ctx, str_format(ctx->arena, "/articles/%lld", (long long)m->id)));
    json_set(model, "outlet", text(ctx, outlet.name));
    json_set(model, "outlet_no", text(ctx, outlet.no));
    json_set(model, "published", text(ctx, published));
    json_set(model, "carried", json_int(ctx->arena, carried));
    json_set(model, "copies", copies);
    return OK;
}

static Err show_spread(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena);
    Manuscript m;

    TRY(manuscript_get_public(ctx, req_id(req, "id"), &m));
    TRY(spread_of(ctx, &m, true, model));
    return res_view(ctx, req, res, model);
}

/* With what waits and what was declined, and the form that offers. */
static Err show_desk(Ctx *ctx, const Request *req, Response *res) {
    static const char *const tiers[][2] = { { "none", N_("Only those named") },
                                            { "all", N_("All outlets") },
                                            { "校级", N_("All of the university") },
                                            { "二级", N_("All of schools and offices") },
                                            { "三级", N_("All of student groups") } };
    Json *model = json_obj(ctx->arena), *choices = json_arr(ctx->arena);
    Manuscript m;

    TRY(manuscript_get(ctx, req_id(req, "id"), &m));
    TRY(spread_of(ctx, &m, false, model));
    for (size_t i = 0; i < COUNT_OF(tiers); i++) {
        Json *choice = json_obj(ctx->arena);
        json_set(choice, "value", text(ctx, str_from_c(tiers[i][0])));
        json_set(choice, "label", words(ctx, tiers[i][1]));
        json_push(choices, choice);
    }
    json_set(model, "tiers", choices);
    json_set(model, "is_open", json_bool(ctx->arena, m.published_n && !m.withdrawn_ms));
    return res_view(ctx, req, res, model);
}

/* For readers: what the outlet carries of others, each led to the one story. */
static Err show_reruns(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *stories;
    AdoptionList list;
    Outlet outlet;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(adoption_of_outlet(ctx, outlet.id, S("taken"), &list));
    TRY(adoption_rows(ctx, &site, &list, &stories));
    json_set(model, "title", words(ctx, N_("Carried from other outlets")));
    json_set(model, "no", text(ctx, outlet.no));
    json_set(model, "name", text(ctx, outlet.name));
    json_set(model, "url", text(ctx, str_format(ctx->arena, "/outlets/%.*s", STR_ARG(outlet.no))));
    json_set(model, "stories", stories);
    return res_view(ctx, req, res, model);
}

const Route adoption_routes[] = {
    { "POST", "/articles/{id}/offers", OUTLET(CAP_RELEASE), offer_fields, offer, &offered_model,
      .outlet_of = manuscript_outlet_of_id, .form_handler = show_desk,
      .summary = N_("Offers a published story to other outlets.") },
    { "GET", "/desk/articles/{id}/spread", OUTLET(CAP_DRAFTS), id_fields, show_desk, &desk_model,
      .outlet_of = manuscript_outlet_of_id,
      .summary = N_("To whom a story was offered, and what became of it.") },
    { "GET", "/articles/{id}/spread", CAP_READ, id_fields, show_spread, &spread_model,
      .summary = N_("Which outlets carry a story, and how.") },
    { "GET", "/desk/outlets/{no}/offers", OUTLET(CAP_DRAFTS), no_fields, show_offers, &offers_model,
      .outlet_of = register_outlet_of_no,
      .summary = N_("What is offered to an outlet, and what it carries.") },
    { "POST", "/outlets/{no}/carried", OUTLET(CAP_RELEASE), take_fields, take, &taken_model,
      .outlet_of = register_outlet_of_no, .form_handler = show_offers,
      .summary = N_("Carries another outlet's story, as it is or adapted.") },
    { "POST", "/outlets/{no}/declined", OUTLET(CAP_RELEASE), decline_fields, decline,
      &declined_model, .outlet_of = register_outlet_of_no, .form_handler = show_offers,
      .summary = N_("Declines a story that was offered.") },
    { "GET", "/outlets/{no}/carried", CAP_READ, no_fields, show_reruns, &reruns_model,
      .summary = N_("What an outlet carries of others.") },
    { 0 },
};
