/* features/portal/portal_frame.c - what stands around every page: name, navigation, who is signed in. */
#include "features/identity/identity.h"
#include "features/portal/portal.h"
#include "features/site/site.h"
#include "text/zone.h"
#include "view/catalogue.h"

const char portal_page_keys[] = "site_name tagline is_demo person is_desk is_article is_portal "
                                "nav[href label current] today{iso text} "
                                "document_title";

typedef struct NavItem {
    const char *href, *label;
    Cap cap; /* shown to those who hold it; 0 to all */
} NavItem;

static const NavItem reader_nav[] = {
    { "/", N_("Front page") },
    { "/outlets", N_("Outlets") },
    { "/corrections", N_("Corrections") },
    { "/deposits", N_("Posted elsewhere") },
    { "/log", N_("Public log") },
    { "/refusals", N_("What we refuse") },
};
static const NavItem desk_nav[] = {
    { "/desk", N_("To do") },
    { "/desk/articles", N_("Stories") },
    { "/admin/outlets", N_("Register"), CAP_REGISTER },
    { "/admin/feeds", N_("Feeds"), CAP_REGISTER }, /* who holds it holds CAP_FEEDS everywhere */
    { "/admin/people", N_("People"), CAP_PEOPLE },
    { "/admin/jobs", N_("Jobs"), CAP_JOBS },
    { "/admin/settings", N_("Settings"), CAP_SETTINGS },
    { "/account", N_("My account") },
};

static bool is_desk_path(Str path) {
    return str_starts(path, S("/desk")) || str_starts(path, S("/admin")) ||
           str_eq(path, S("/long-work")) || str_starts(path, S("/long-work/")) ||
           str_starts(path, S("/account"));
}

static bool is_current(Str path, Str href) {
    return str_eq(href, S("/")) || str_eq(href, S("/desk")) ? str_eq(path, href)
                                                            : str_starts(path, href);
}

static Err nav_of(Ctx *ctx, Str path, const NavItem *items, size_t count, Json **ret) {
    Json *nav = json_arr(ctx->arena);
    bool may = false;
    Cap asked = 0;
    Str role;

    for (size_t i = 0; i < count; i++) {
        Json *item = json_obj(ctx->arena);
        Str href = str_from_c(items[i].href);
        if (items[i].cap && items[i].cap != asked)
            TRY(identity_may(ctx, items[i].cap, 0, &may, &role));
        asked = items[i].cap;
        if (asked && !may)
            continue;
        json_set(item, "href", json_str(ctx->arena, href));
        json_set(item, "label",
                 json_str(ctx->arena,
                          catalogue_text(catalogue_of(ctx->lang), str_from_c(items[i].label))));
        json_set(item, "current", json_bool(ctx->arena, is_current(path, href)));
        json_push(nav, item);
    }
    *ret = nav;
    return OK;
}

/* The frame holds no clock finer than the day, for pages are cached; the day's change is at most one page's
 * life away from being seen. */
static Err today_of(Ctx *ctx, const Site *site, Json **ret) {
    Json *today = json_obj(ctx->arena);
    Str text;
    ZoneTime local;

    TRY(zone_format(ctx->arena, site->zone, ctx->lang, ZONE_LONG_DATE, ctx->now_ms, &text));
    TRY(zone_local(site->zone, ctx->now_ms, &local));
    json_set(today, "iso",
             json_str(ctx->arena, str_format(ctx->arena, "%04d-%02d-%02d", local.year, local.month,
                                             local.day)));
    json_set(today, "text", json_str(ctx->arena, text));
    *ret = today;
    return OK;
}

/* Before there is an alliance (or when it cannot be read) pages still have a frame: that of the program. */
static Err read_site(Ctx *ctx, Site *ret) {
    Err err = site_get(ctx, ret);

    if (err.code == ERR_NOT_FOUND) {
        *ret = (Site){ .name = S("联动"), .zone = S(SITE_ZONE_DEFAULT) };
        return OK;
    }
    return err;
}

Err portal_frame(Ctx *ctx, const Request *req, Json *page) {
    Arena *arena = ctx->arena;
    Site site;
    Json *today, *nav = NULL;
    Str path = req_path(req), title = json_get_text(page, "title");
    bool is_desk = is_desk_path(path) && ctx->actor == ACTOR_PERSON;
    bool is_article = str_starts(path, S("/articles/")) || str_starts(path, S("/sign/"));

    TRY(read_site(ctx, &site));
    TRY(today_of(ctx, &site, &today));
    json_set(page, "site_name", json_str(arena, site.name));
    json_set(page, "tagline", json_str(arena, site.tagline));
    json_set(page, "is_demo", json_bool(arena, site.is_demo));
    json_set(page, "person",
             json_str(arena, ctx->actor == ACTOR_PERSON ? ctx->person_name : STR_EMPTY));
    json_set(page, "is_desk", json_bool(arena, is_desk_path(path)));
    json_set(page, "is_article", json_bool(arena, is_article));
    json_set(page, "is_portal", json_bool(arena, !is_desk_path(path) && !is_article));
    TRY(is_desk ? nav_of(ctx, path, desk_nav, COUNT_OF(desk_nav), &nav)
                : nav_of(ctx, path, reader_nav, COUNT_OF(reader_nav), &nav));
    json_set(page, "nav", nav);
    json_set(page, "today", today);
    json_set(
        page, "document_title",
        json_str(arena, str_format(arena, "%.*s%s%s%.*s", STR_ARG(title), title.len ? " · " : "",
                                   site.is_demo ? "演示 · " : "", STR_ARG(site.name))));
    return OK;
}
