/* features/site/site_store.c - the only file that knows the table `site_setting`. */
#include "features/site/site_store.h"

#include "db/db.h"

Err site_store_read(Ctx *ctx, Site *ret, int64_t *ret_count) {
    Site site = { 0 };
    int64_t count = 0;
    DB_ROWS(rows);

    TRY(db_query(ctx, &rows, "SELECT name, value FROM site_setting ORDER BY name LIMIT 100",
                 NO_ARGS));
    for (; db_next(&rows); count++) {
        Str name = db_text(&rows, 0), value = db_text(&rows, 1);
        if (str_eq(name, S("name")))
            site.name = value;
        else if (str_eq(name, S("tagline")))
            site.tagline = value;
        else if (str_eq(name, S("zone")))
            site.zone = value;
        else if (str_eq(name, S("origin")))
            site.origin = value;
        else if (str_eq(name, S("vkey")))
            site.vkey = value;
        else if (str_eq(name, S("release.missed")))
            site.holds_missed = str_eq(value, S("hold"));
        else if (str_eq(name, S("demo")))
            site.is_demo = str_eq(value, S("1"));
    }
    TRY(db_end(&rows));
    *ret = site;
    *ret_count = count;
    return OK;
}

Err site_store_put(Ctx *ctx, const char *name, Str value) {
    return db_exec(ctx,
                   "INSERT INTO site_setting (name, value) VALUES ($1, $2)"
                   " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                   ARGS(TXT(str_from_c(name)), TXT(value)));
}
