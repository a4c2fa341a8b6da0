/* features/intake/intake_desk_routes.c - depositing a link by hand, for the outlet's own people. */
#include "features/identity/identity.h"
#include "features/intake/intake_pages.h"
#include "features/register/register.h"
#include "text/zone.h"

enum { PER_PAGE = DEPOSIT_LIST_MAX };

static const Field list_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field post_fields[] = {
    { "no", FIELD_WORD, IN_PATH, .label = N_("Number of the outlet") },
    { "title", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = DEPOSIT_TITLE_CHARS_MAX,
      .label = N_("Title") },
    { "url", FIELD_LINE, IN_BODY, .is_required = true, .max_chars = DEPOSIT_URL_BYTES_MAX,
      .label = N_("Address") },
    { "date", FIELD_DATE, IN_BODY, .label = N_("Date of posting") },
    { "text", FIELD_TEXT, IN_BODY, .max_chars = DEPOSIT_TEXT_CHARS_MAX, .label = N_("Text") },
    { 0 },
};
static const Model list_model = { "intake/desk",
                                  "title outlet{no name} may_feeds deposits[" CARD_KEYS "] next" };
static const Model done_model = { NULL, KEYS(id card url version outcome) };

static Err show_desk(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *about = json_obj(ctx->arena), *cards;
    int64_t after, unused, next;
    DepositList list;
    bool may_feeds;
    Outlet outlet;
    Site site;
    Str role;

    req_cursor(req, "after", &after, &unused);
    TRY(outlet_by_no(ctx, req_text(req, "no"), &outlet));
    TRY(identity_may(ctx, CAP_FEEDS, outlet.id, &may_feeds, &role));
    TRY(site_get(ctx, &site));
    TRY(intake_cards(ctx, outlet.id, after, PER_PAGE, &list, &next));
    TRY(intake_cards_model(ctx, &site, &list, &cards));
    Str cursor = next ? list_cursor(ctx->arena, next, 1) : STR_EMPTY;
    if (next)
        res_next(ctx, req, res, cursor);
    json_set(about, "no", json_str(ctx->arena, outlet.no));
    json_set(about, "name", json_str(ctx->arena, outlet.name));
    json_set(model, "title", intake_words(ctx, N_("Deposit a link")));
    json_set(model, "outlet", about);
    json_set(model, "may_feeds", json_bool(ctx->arena, may_feeds));
    json_set(model, "deposits", cards);
    json_set(model, "next", next ? json_str(ctx->arena, cursor) : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

static const char *outcome_word(DepositOutcome outcome) {
    return outcome == DEPOSIT_NEW ? "new" : outcome == DEPOSIT_CHANGED ? "changed" : "same";
}

static Err deposit(Ctx *ctx, const Request *req, Response *res) {
    DepositFacts facts = { .title = req_text(req, "title"),
                           .url = req_text(req, "url"),
                           .text = req_text(req, "text") };
    Json *model = json_obj(ctx->arena);
    DepositOutcome outcome;
    ZoneFit fit;
    Deposit d;
    Str zone;

    if (req_has(req, "date")) {
        TRY(site_zone(ctx, &zone));
        TRY(zone_parse(zone, req_text(req, "date"), &facts.published_ms, &fit));
    }
    TRY(intake_deposit(ctx, &facts, &d, &outcome));
    Str url = str_format(ctx->arena, "/deposits/%lld", (long long)d.card_id);
    json_set(model, "id", json_id(ctx->arena, d.id));
    json_set(model, "card", json_id(ctx->arena, d.card_id));
    json_set(model, "url", json_str(ctx->arena, url));
    json_set(model, "version", json_int(ctx->arena, d.n));
    json_set(model, "outcome", json_str(ctx->arena, str_from_c(outcome_word(outcome))));
    return outcome == DEPOSIT_NEW ? res_created(ctx, req, res, url, model)
                                  : res_done(ctx, req, res, url, model);
}

const Route intake_desk_routes[] = {
    { "GET", "/desk/outlets/{no}/deposits", OUTLET(CAP_FILE), list_fields, show_desk, &list_model,
      .outlet_of = register_outlet_of_no,
      .summary = N_("The outlet's deposits, and the form that makes one.") },
    { "POST", "/outlets/{no}/deposits", OUTLET(CAP_FILE), post_fields, deposit, &done_model,
      .outlet_of = register_outlet_of_no, .form_handler = show_desk,
      .summary = N_("Deposits a link to what was posted elsewhere, with date and hash.") },
    { 0 },
};
