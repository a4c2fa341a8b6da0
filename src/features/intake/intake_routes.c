/* features/intake/intake_routes.c - deposits for every reader: a list, a card for each story, what changed. */
#include "features/identity/identity.h"
#include "features/intake/intake_pages.h"
#include "features/register/register.h"
#include "text/diff.h"
#include "text/zone.h"
#include "view/catalogue.h"

enum { PER_PAGE = DEPOSIT_LIST_MAX };

static const Field list_fields[] = {
    { "outlet", FIELD_WORD, IN_QUERY, .label = N_("Number of the outlet") },
    { "after", FIELD_CURSOR, IN_QUERY },
    { 0 },
};
static const Field one_fields[] = { { "id", FIELD_ID, IN_PATH, .label = N_("Deposit") }, { 0 } };
static const Field diff_fields[] = {
    { "id", FIELD_ID, IN_PATH, .label = N_("Deposit") },
    { "a", FIELD_INT, IN_PATH, .min = 1, .max = 100000, .label = N_("Version") },
    { "b", FIELD_INT, IN_PATH, .min = 1, .max = 100000, .label = N_("Version") },
    { 0 },
};

static const Model list_model = { "intake/list", "title outlet?{no name url} deposits[" CARD_KEYS
                                                 "] next next_url" };
static const Model one_model = {
    "intake/one",
    KEYS(title id out_url host outlets items[id outlet{no name url} title out_url host published?{text
         iso} deposited?{text iso} text_hash text_chars n is_by_hand
         versions[n title made?{text iso} text_hash diff_url]]),
};
static const Model diff_model = {
    "intake/diff",
    KEYS(title id a b url title_parts[same del ins] facts[label before after] is_equal),
};

/* ---- what the route files share ---- */

Json *intake_words(Ctx *ctx, const char *msgid) {
    return json_str(ctx->arena, catalogue_text(catalogue_of(ctx->lang), str_from_c(msgid)));
}

Err intake_time(Ctx *ctx, const Site *site, int64_t at_ms, Json **ret) {
    Json *out = json_obj(ctx->arena);
    Str text, iso;

    *ret = json_null(ctx->arena);
    if (!at_ms)
        return OK;
    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, at_ms, &text));
    TRY(zone_rfc3339(ctx->arena, site->zone, at_ms, &iso));
    json_set(out, "text", json_str(ctx->arena, text));
    json_set(out, "iso", json_str(ctx->arena, iso));
    *ret = out;
    return OK;
}

Json *intake_outlet_part(Ctx *ctx, const Outlet *outlet) {
    Json *out = json_obj(ctx->arena);

    json_set(out, "no", json_str(ctx->arena, outlet->no));
    json_set(out, "name", json_str(ctx->arena, outlet->name));
    json_set(out, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/outlets/%.*s", STR_ARG(outlet->no))));
    return out;
}

/* Only http and https were stored; the host stands beside the link, so that nobody clicks blindly. */
static void put_out(Ctx *ctx, Str url, Json *model) {
    json_set(model, "out_url", url.len > 0 ? json_str(ctx->arena, url) : json_null(ctx->arena));
    json_set(model, "host", json_str(ctx->arena, intake_host(url)));
}

/* The outlets of all deposits at once, in the order of the list. */
static Err outlets_of(Ctx *ctx, const DepositList *list, Outlet **ret) {
    Outlet *outlets = arena_array(ctx->arena, list->len + 1, sizeof *outlets);
    int64_t *ids = arena_array(ctx->arena, list->len + 1, sizeof *ids);
    Outlet *found = arena_array(ctx->arena, list->len + 1, sizeof *found);
    size_t count = 0;

    for (size_t i = 0; i < list->len; i++) {
        size_t at = 0;
        while (at < count && ids[at] != list->items[i].outlet_id)
            at++;
        if (at == count)
            ids[count++] = list->items[i].outlet_id;
    }
    TRY(outlet_get_many(ctx, ids, count, found));
    for (size_t i = 0; i < list->len; i++)
        for (size_t at = 0; at < count; at++)
            if (ids[at] == list->items[i].outlet_id)
                outlets[i] = found[at];
    *ret = outlets;
    return OK;
}

static bool is_named_before(const DepositList *list, size_t first, size_t i) {
    for (size_t k = first; k < i; k++)
        if (list->items[k].outlet_id == list->items[i].outlet_id)
            return true;
    return false;
}

Err intake_cards_model(Ctx *ctx, const Site *site, const DepositList *list, Json **ret) {
    Json *out = json_arr(ctx->arena), *deposited;
    Outlet *outlets;

    TRY(outlets_of(ctx, list, &outlets));
    for (size_t first = 0, i = 0; first < list->len; first = i) {
        const Deposit *d = &list->items[first];
        Json *card = json_obj(ctx->arena), *names = json_arr(ctx->arena);
        for (i = first; i < list->len && list->items[i].card_id == d->card_id; i++)
            if (!is_named_before(list, first, i))
                json_push(names, intake_outlet_part(ctx, &outlets[i]));
        TRY(intake_time(ctx, site, d->deposited_ms, &deposited));
        json_set(card, "id", json_id(ctx->arena, d->card_id));
        json_set(
            card, "url",
            json_str(ctx->arena, str_format(ctx->arena, "/deposits/%lld", (long long)d->card_id)));
        json_set(card, "title", json_str(ctx->arena, d->title));
        put_out(ctx, d->url, card);
        json_set(card, "deposited", deposited);
        json_set(card, "count", json_int(ctx->arena, (int64_t)names->array.len));
        json_set(card, "outlets", names);
        json_push(out, card);
    }
    *ret = out;
    return OK;
}

/* ---- the list ---- */

static Err show_list(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *cards, *about = json_null(ctx->arena);
    int64_t after, unused, next;
    Outlet outlet = { 0 };
    DepositList list;
    Site site;

    req_cursor(req, "after", &after, &unused);
    if (req_text(req, "outlet").len > 0) {
        TRY(outlet_by_no(ctx, req_text(req, "outlet"), &outlet));
        about = intake_outlet_part(ctx, &outlet);
    }
    TRY(site_get(ctx, &site));
    TRY(intake_cards(ctx, outlet.id, after, PER_PAGE, &list, &next));
    TRY(intake_cards_model(ctx, &site, &list, &cards));
    Str cursor = next ? list_cursor(ctx->arena, next, 1) : STR_EMPTY;
    if (next)
        res_next(ctx, req, res, cursor);
    json_set(model, "title", intake_words(ctx, N_("Posted elsewhere")));
    json_set(model, "outlet", about);
    json_set(model, "deposits", cards);
    json_set(model, "next", next ? json_str(ctx->arena, cursor) : json_null(ctx->arena));
    json_set(model, "next_url",
             next ? json_str(ctx->arena, str_format(ctx->arena, "/deposits?outlet=%.*s&after=%.*s",
                                                    STR_ARG(outlet.no), STR_ARG(cursor)))
                  : json_null(ctx->arena));
    return res_view(ctx, req, res, model);
}

/* ---- one card ---- */

static Err versions_model(Ctx *ctx, const Site *site, int64_t deposit_id,
                          const DepositVersions *list, Json **ret) {
    Json *out = json_arr(ctx->arena), *made;

    for (size_t i = 0; i < list->len; i++) {
        const DepositVersion *v = &list->items[i];
        Json *item = json_obj(ctx->arena);
        if (v->deposit_id != deposit_id)
            continue;
        TRY(intake_time(ctx, site, v->made_ms, &made));
        json_set(item, "n", json_int(ctx->arena, v->n));
        json_set(item, "title", json_str(ctx->arena, v->title));
        json_set(item, "made", made);
        json_set(item, "text_hash", json_str(ctx->arena, v->text_hash));
        json_set(item, "diff_url",
                 v->n > 1
                     ? json_str(ctx->arena, str_format(ctx->arena, "/deposits/%lld/diff/%lld..%lld",
                                                       (long long)deposit_id, (long long)v->n - 1,
                                                       (long long)v->n))
                     : json_null(ctx->arena));
        json_push(out, item);
    }
    *ret = out;
    return OK;
}

static Err item_model(Ctx *ctx, const Site *site, const Deposit *d, const Outlet *outlet,
                      const DepositVersions *versions, Json **ret) {
    Json *item = json_obj(ctx->arena), *published, *deposited, *list;

    TRY(intake_time(ctx, site, d->published_ms, &published));
    TRY(intake_time(ctx, site, d->deposited_ms, &deposited));
    TRY(versions_model(ctx, site, d->id, versions, &list));
    json_set(item, "id", json_id(ctx->arena, d->id));
    json_set(item, "outlet", intake_outlet_part(ctx, outlet));
    json_set(item, "title", json_str(ctx->arena, d->title));
    put_out(ctx, d->url, item);
    json_set(item, "published", published);
    json_set(item, "deposited", deposited);
    json_set(item, "text_hash", json_str(ctx->arena, d->text_hash));
    json_set(item, "text_chars", json_int(ctx->arena, d->text_chars));
    json_set(item, "n", json_int(ctx->arena, d->n));
    json_set(item, "is_by_hand", json_bool(ctx->arena, d->feed_id == 0));
    json_set(item, "versions", list);
    *ret = item;
    return OK;
}

static Err show_one(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *items = json_arr(ctx->arena), *item;
    DepositVersions versions;
    Outlet *outlets;
    DepositList list;
    Deposit d;
    Site site;
    int64_t count = 0;

    TRY(intake_get(ctx, req_id(req, "id"), &d));
    if (d.card_id != d.id) /* the story was seen to be an older one's */
        return res_redirect(ctx, res, 303,
                            str_format(ctx->arena, "/deposits/%lld", (long long)d.card_id));
    TRY(site_get(ctx, &site));
    TRY(intake_card(ctx, d.id, &list, &versions));
    TRY(outlets_of(ctx, &list, &outlets));
    for (size_t i = 0; i < list.len; i++) {
        TRY(item_model(ctx, &site, &list.items[i], &outlets[i], &versions, &item));
        json_push(items, item);
        count += is_named_before(&list, 0, i) ? 0 : 1;
    }
    json_set(model, "title", json_str(ctx->arena, d.title));
    json_set(model, "id", json_id(ctx->arena, d.id));
    put_out(ctx, d.url, model);
    json_set(model, "outlets", json_int(ctx->arena, count));
    json_set(model, "items", items);
    return res_view(ctx, req, res, model);
}

/* ---- what changed ---- */

static Err title_parts(Ctx *ctx, Str before, Str after, Json **ret) {
    Json *parts = json_arr(ctx->arena);
    DiffList list;

    TRY(diff_text(ctx->arena, before, after, &list));
    for (size_t i = 0; i < list.len; i++) {
        Json *part = json_obj(ctx->arena), *text = json_str(ctx->arena, list.items[i].text);
        json_set(part, "same", list.items[i].kind == DIFF_SAME ? text : json_null(ctx->arena));
        json_set(part, "del", list.items[i].kind == DIFF_DEL ? text : json_null(ctx->arena));
        json_set(part, "ins", list.items[i].kind == DIFF_INS ? text : json_null(ctx->arena));
        json_push(parts, part);
    }
    *ret = parts;
    return OK;
}

static void add_fact(Ctx *ctx, const char *label, Str before, Str after, Json *facts) {
    Json *fact = json_obj(ctx->arena);

    if (str_eq(before, after))
        return;
    json_set(fact, "label", intake_words(ctx, label));
    json_set(fact, "before", json_str(ctx->arena, before));
    json_set(fact, "after", json_str(ctx->arena, after));
    json_push(facts, fact);
}

static Err date_text(Ctx *ctx, const Site *site, int64_t at_ms, Str *ret) {
    *ret = STR_EMPTY;
    return at_ms ? zone_format(ctx->arena, site->zone, ctx->lang, ZONE_SHORT, at_ms, ret) : OK;
}

static Err show_diff(Ctx *ctx, const Request *req, Response *res) {
    Json *model = json_obj(ctx->arena), *facts = json_arr(ctx->arena), *parts;
    int64_t id = req_id(req, "id");
    DepositVersion a, b;
    Str date_a, date_b;
    Site site;

    TRY(site_get(ctx, &site));
    TRY(intake_version(ctx, id, req_int(req, "a"), &a));
    TRY(intake_version(ctx, id, req_int(req, "b"), &b));
    TRY(title_parts(ctx, a.title, b.title, &parts));
    TRY(date_text(ctx, &site, a.published_ms, &date_a));
    TRY(date_text(ctx, &site, b.published_ms, &date_b));
    add_fact(ctx, N_("Address"), a.url, b.url, facts);
    add_fact(ctx, N_("Date of posting"), date_a, date_b, facts);
    add_fact(ctx, N_("SHA-256 of the text"), a.text_hash, b.text_hash, facts);
    add_fact(ctx, N_("Characters of the text"), str_from_int(ctx->arena, a.text_chars),
             str_from_int(ctx->arena, b.text_chars), facts);
    json_set(model, "title", json_str(ctx->arena, b.title));
    json_set(model, "id", json_id(ctx->arena, id));
    json_set(model, "a", json_int(ctx->arena, a.n));
    json_set(model, "b", json_int(ctx->arena, b.n));
    json_set(model, "url",
             json_str(ctx->arena, str_format(ctx->arena, "/deposits/%lld", (long long)id)));
    json_set(model, "title_parts", parts);
    json_set(model, "facts", facts);
    json_set(model, "is_equal",
             json_bool(ctx->arena, str_eq(a.title, b.title) && facts->array.len == 0));
    return res_view(ctx, req, res, model);
}

const Route intake_routes[] = {
    { "GET", "/deposits", CAP_READ, list_fields, show_list, &list_model,
      .summary = N_("What the outlets posted elsewhere, one card for each story.") },
    { "GET", "/deposits/{id}", CAP_READ, one_fields, show_one, &one_model,
      .summary = N_("One story posted elsewhere: its outlets, dates, hashes and versions.") },
    { "GET", "/deposits/{id}/diff/{a}..{b}", CAP_READ, diff_fields, show_diff, &diff_model,
      .summary = N_("What changed between two versions of a deposit.") },
    { 0 },
};
