/* features/intake/intake_hub_routes.c - the callbacks that hubs know: an unguessable address for each subscription. */
#include "features/intake/intake_hub.h"
#include "sec/token.h"

/* The challenge is given back as it came, so it is a field that nobody trims. */
static const Field verify_fields[] = {
    { "token", FIELD_WORD, IN_PATH, .max_chars = TOKEN_TEXT_MAX },
    { "hub.mode", FIELD_LINE, IN_QUERY, .label = N_("What the hub asks") },
    { "hub.topic", FIELD_LINE, IN_QUERY, .max_chars = DEPOSIT_URL_BYTES_MAX,
      .label = N_("Feed address") },
    { "hub.challenge", FIELD_SECRET, IN_QUERY, .max_chars = HUB_CHALLENGE_CHARS_MAX,
      .label = N_("Word to give back") },
    { "hub.lease_seconds", FIELD_LINE, IN_QUERY, .max_chars = 20, .label = N_("Lease in seconds") },
    { "hub.reason", FIELD_LINE, IN_QUERY, .max_chars = 2000, .label = N_("Reason") },
    { 0 },
};
static const Field deliver_fields[] = {
    { "token", FIELD_WORD, IN_PATH, .max_chars = TOKEN_TEXT_MAX },
    { 0 },
};

static Err verify(Ctx *ctx, const Request *req, Response *res) {
    HubQuestion question = { .mode = req_text(req, "hub.mode"),
                             .topic = req_text(req, "hub.topic"),
                             .challenge = req_text(req, "hub.challenge"),
                             .lease_seconds = req_text(req, "hub.lease_seconds"),
                             .reason = req_text(req, "hub.reason") };
    bool is_agreed, is_denial = str_eq(question.mode, S("denied"));

    TRY(intake_hub_verify(ctx, req_text(req, "token"), &question, &is_agreed));
    if (!is_agreed && !is_denial)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    TRY(res_header(res, "Cache-Control", S("no-store")));
    return res_bytes(res, 200, "text/plain; charset=utf-8",
                     is_agreed ? question.challenge : STR_EMPTY);
}

static Err deliver(Ctx *ctx, const Request *req, Response *res) {
    HubDelivery delivery = { .signature = req_header(req, "x-hub-signature"),
                             .content_type = req_header(req, "content-type"),
                             .body = req_body(req) };
    bool is_known;

    if (token_check(req_text(req, "token")).code != ERR_OK)
        return FAIL(ERR_NOT_FOUND, NULL, N_("There is no such page."));
    TRY(intake_hub_deliver(ctx, req_text(req, "token"), &delivery, &is_known));
    return res_bytes(res, is_known ? 200 : 410, "text/plain; charset=utf-8", STR_EMPTY);
}

/* ROUTE_NO_KEY: the address is a secret, so it is in no access log; each act commits by itself. */
const Route intake_hub_routes[] = {
    { "GET", HUB_PATH "{token}", CAP_READ, verify_fields, verify, NULL, ROUTE_RAW | ROUTE_NO_KEY,
      .summary = N_("A hub asks whether what it was asked was meant (WebSub).") },
    { "POST", HUB_PATH "{token}", CAP_READ, deliver_fields, deliver, NULL,
      ROUTE_RAW | ROUTE_NO_CSRF | ROUTE_NO_KEY | ROUTE_LONG,
      .summary = N_("A hub delivers what is new in a feed, signed (WebSub).") },
    { 0 },
};
