/* features/site/site_service.c - rules of the alliance's settings; knows neither HTTP nor SQL. */
#include "base/utf8.h"
#include "db/db.h"
#include "features/site/site_store.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/zone.h"

Err site_get(Ctx *ctx, Site *ret) {
    int64_t count;

    TRY(site_store_read(ctx, ret, &count));
    if (count == 0)
        return FAIL(ERR_NOT_FOUND, NULL,
                    N_("This folder holds no alliance yet; liandong init makes one."));
    return OK;
}

static Err check_line(Ctx *ctx, const char *field, Str text, size_t max_chars, bool is_required) {
    size_t chars;

    if (!utf8_count(text, &chars) || utf8_has_control(text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (is_required && chars == 0)
        return FAIL(ERR_INVALID, field, N_("This may not be empty."));
    if (chars > max_chars)
        return FAIL_ARGS(ERR_LIMIT, field, N_("At most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max_chars));
    return OK;
}

static Err check(Ctx *ctx, Str name, Str tagline, Str zone) {
    TRY(check_line(ctx, "name", name, SITE_NAME_CHARS_MAX, true));
    TRY(check_line(ctx, "tagline", tagline, SITE_TAGLINE_CHARS_MAX, false));
    if (zone_check(zone).code != ERR_OK)
        return FAIL(ERR_INVALID, "zone",
                    N_("There is no such time zone; write one like Asia/Shanghai."));
    return OK;
}

static Err put_all(Ctx *ctx, Str name, Str tagline, Str zone, Json *sealed) {
    json_set(sealed, "name", json_str(ctx->arena, name));
    json_set(sealed, "tagline", json_str(ctx->arena, tagline));
    json_set(sealed, "zone", json_str(ctx->arena, zone));
    TRY(site_store_put(ctx, "name", name));
    TRY(site_store_put(ctx, "tagline", tagline));
    return site_store_put(ctx, "zone", zone);
}

Err site_create(Ctx *ctx, const Site *site) {
    Site before;
    int64_t count;
    Json *sealed = json_obj(ctx->arena);
    DB_TX(tx);

    TRY(check(ctx, site->name, site->tagline, site->zone));
    TRY(db_begin(ctx, &tx));
    TRY(site_store_read(ctx, &before, &count));
    if (count > 0)
        return FAIL(ERR_CONFLICT, NULL, N_("There is an alliance here already."));
    TRY(put_all(ctx, site->name, site->tagline, site->zone, sealed));
    TRY(site_store_put(ctx, "origin", site->origin));
    TRY(site_store_put(ctx, "vkey", site->vkey));
    TRY(site_store_put(ctx, "demo", site->is_demo ? S("1") : S("0")));
    json_set(sealed, "origin", json_str(ctx->arena, site->origin));
    json_set(sealed, "demo", json_bool(ctx->arena, site->is_demo));
    TRY(ledger_append(ctx, "site.created", 0, sealed));
    return db_commit(&tx);
}

Err site_change(Ctx *ctx, Str name, Str tagline, Str zone) {
    Json *sealed = json_obj(ctx->arena);
    EventTags tags = { 0 };
    DB_TX(tx);

    TRY(check(ctx, name, tagline, zone));
    TRY(db_begin(ctx, &tx));
    TRY(put_all(ctx, name, tagline, zone, sealed));
    TRY(ledger_append(ctx, "site.changed", 0, sealed));
    event_tag(ctx->arena, &tags, "site", 0);
    TRY(event_emit(ctx, "site.changed", 0, json_obj(ctx->arena), event_tag_list(&tags)));
    return db_commit(&tx);
}
