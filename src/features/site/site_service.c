/* features/site/site_service.c - rules of the alliance's settings; knows neither HTTP nor SQL. */
#include "base/utf8.h"
#include "db/db.h"
#include "features/site/site_store.h"
#include "ledger/ledger.h"
#include "queue/event.h"
#include "text/unicode.h"
#include "text/zone.h"

Err site_get(Ctx *ctx, Site *ret) {
    int64_t count;
    Site site;

    TRY(site_store_read(ctx, &site, &count));
    if (count == 0)
        return FAIL(ERR_NOT_FOUND, NULL,
                    N_("This folder holds no alliance yet; liandong init makes one."));
    *ret = site;
    return OK;
}

Err site_zone(Ctx *ctx, Str *ret) {
    int64_t count;
    Site site;

    TRY(site_store_read(ctx, &site, &count));
    *ret = count > 0 ? site.zone : S(SITE_ZONE_DEFAULT);
    return OK;
}

/* Blanks at the ends go; *text becomes what is stored. */
static Err check_line(Ctx *ctx, const char *field, Str *text, size_t max_chars, bool is_required) {
    size_t chars;

    if (!utf8_count(*text, &chars) || utf8_has_control(*text))
        return FAIL(ERR_INVALID, field,
                    N_("The text is not valid UTF-8, or holds control characters."));
    if (str_find_char(*text, '\n', 0) != SIZE_MAX || str_find_char(*text, '\r', 0) != SIZE_MAX)
        return FAIL(ERR_INVALID, field, N_("Write this on one line."));
    TRY(unicode_nfc(ctx->arena, str_trim(*text), text));
    if (!utf8_count(*text, &chars) || (is_required && chars == 0))
        return FAIL(ERR_INVALID, field, N_("This may not be empty."));
    if (chars > max_chars)
        return FAIL_ARGS(ERR_LIMIT, field, N_("At most {0} characters."),
                         str_from_int(ctx->arena, (int64_t)max_chars));
    return OK;
}

static Err check(Ctx *ctx, Site *site) {
    TRY(check_line(ctx, "name", &site->name, SITE_NAME_CHARS_MAX, true));
    TRY(check_line(ctx, "tagline", &site->tagline, SITE_TAGLINE_CHARS_MAX, false));
    if (zone_check(site->zone).code != ERR_OK)
        return FAIL(ERR_INVALID, "zone",
                    N_("There is no such time zone; write one like Asia/Shanghai."));
    return OK;
}

static Err put_all(Ctx *ctx, const Site *site, Json *sealed) {
    json_set(sealed, "name", json_str(ctx->arena, site->name));
    json_set(sealed, "tagline", json_str(ctx->arena, site->tagline));
    json_set(sealed, "zone", json_str(ctx->arena, site->zone));
    TRY(site_store_put(ctx, "name", site->name));
    TRY(site_store_put(ctx, "tagline", site->tagline));
    return site_store_put(ctx, "zone", site->zone);
}

Err site_create(Ctx *ctx, const Site *site) {
    Site before, after = *site;
    int64_t count;
    Json *sealed = json_obj(ctx->arena);
    DB_TX(tx);

    TRY(check(ctx, &after));
    TRY(db_begin(ctx, &tx));
    TRY(site_store_read(ctx, &before, &count));
    if (count > 0)
        return FAIL(ERR_CONFLICT, NULL, N_("There is an alliance here already."));
    TRY(put_all(ctx, &after, sealed));
    TRY(site_store_put(ctx, "origin", site->origin));
    TRY(site_store_put(ctx, "vkey", site->vkey));
    TRY(site_store_put(ctx, "demo", site->is_demo ? S("1") : S("0")));
    json_set(sealed, "origin", json_str(ctx->arena, site->origin));
    json_set(sealed, "demo", json_bool(ctx->arena, site->is_demo));
    TRY(ledger_append(ctx, "site.created", 0, sealed));
    return db_commit(&tx);
}

Err site_change(Ctx *ctx, Str name, Str tagline, Str zone) {
    Site before, after = { .name = name, .tagline = tagline, .zone = zone };
    Json *sealed = json_obj(ctx->arena);
    EventTags tags = { 0 };
    DB_TX(tx);

    TRY(check(ctx, &after));
    TRY(db_begin(ctx, &tx));
    TRY(site_get(ctx, &before)); /* inside: another may change it meanwhile */
    if (str_eq(before.name, after.name) && str_eq(before.tagline, after.tagline) &&
        str_eq(before.zone, after.zone))
        return db_commit(&tx);
    TRY(put_all(ctx, &after, sealed));
    TRY(ledger_append(ctx, "site.changed", 0, sealed));
    event_tag(ctx->arena, &tags, "site", 0);
    TRY(event_emit(ctx, "site.changed", 0, json_obj(ctx->arena), event_tag_list(&tags)));
    return db_commit(&tx);
}

Err site_hold_missed(Ctx *ctx, bool holds) {
    Str word = holds ? S("hold") : S("release");
    Json *sealed = json_obj(ctx->arena);
    Site before;
    DB_TX(tx);

    TRY(db_begin(ctx, &tx));
    TRY(site_get(ctx, &before));
    if (before.holds_missed == holds)
        return db_commit(&tx);
    TRY(site_store_put(ctx, "release.missed", word));
    json_set(sealed, "release.missed", json_str(ctx->arena, word));
    TRY(ledger_append(ctx, "site.changed", 0, sealed));
    TRY(event_emit(ctx, "site.changed", 0, json_obj(ctx->arena), (StrList){ 0 }));
    return db_commit(&tx);
}
