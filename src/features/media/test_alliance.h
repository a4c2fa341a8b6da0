/* test_alliance.h - what tests of pictures and stories share: two outlets and the people who work there. */
#ifndef FEATURES_MEDIA_TEST_ALLIANCE_H
#define FEATURES_MEDIA_TEST_ALLIANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/test_support.h"
#include "conf/conf.h"
#include "features/identity/identity.h"
#include "features/media/media.h"
#include "features/register/register.h"
#include "features/site/site.h"
#include "testing/world.h"

extern const Migration queue_migrations[], ledger_migrations[], site_migrations[],
    identity_migrations[], register_migrations[], media_migrations[];
extern const size_t queue_migrations_count, ledger_migrations_count, site_migrations_count,
    identity_migrations_count, register_migrations_count, media_migrations_count;

enum { NEWS_DAY_MS = 86400000 };

typedef struct Newsroom {
    World w;
    Ctx *ctx;
    Outlet paper, radio;  /* radio has no 指导教师 */
    Person ann, ben, cai; /* may file and release at paper; ann writes */
    Person eve;           /* of radio */
} Newsroom;

static inline void as_operator(Ctx *ctx) {
    ctx->actor = ACTOR_OPERATOR;
    ctx->person_id = 0;
    ctx->person_name = S("operator");
    ctx->role = STR_EMPTY;
    ctx->outlet_id = 0;
    ctx->outlet_no = STR_EMPTY;
}

/* As the router does for a route of that outlet. */
static inline void as(Ctx *ctx, const Person *person, const Outlet *outlet) {
    ctx->actor = ACTOR_PERSON;
    ctx->person_id = person->id;
    ctx->person_name = person->name;
    ctx->role = S("记者");
    ctx->outlet_id = outlet->id;
    ctx->outlet_no = outlet->no;
}

static inline Person news_person(Ctx *ctx, const char *login, const char *name) {
    Person person;

    OK_(person_add(ctx, str_from_c(login), str_from_c(name), 0, &person));
    return person;
}

static inline Outlet news_outlet(Ctx *ctx, const char *no, const char *name) {
    Outlet outlet = { .no = str_from_c(no),
                      .name = str_from_c(name),
                      .platform = S("微信"),
                      .platform_account = str_from_c(no),
                      .tier = S("校级"),
                      .unit_name = S("宣传部"),
                      .purpose = S("把校园里发生的事写明白。") };
    int64_t id;

    OK_(outlet_file(ctx, &outlet, &id));
    OK_(outlet_get(ctx, id, &outlet));
    return outlet;
}

static inline void news_grant(Ctx *ctx, const Person *person, Str role, const Outlet *outlet) {
    OK_(grant_give(ctx, person->id, role, outlet->id, 0, 0, NULL));
}

/* The tables of features up to media. */
static inline Newsroom newsroom_begin(void) {
    static Arena *settings;
    static Config *config;
    Newsroom n = { .w = world_new() };
    Person teacher;

    world_migrate(&n.w, queue_migrations, queue_migrations_count);
    world_migrate(&n.w, ledger_migrations, ledger_migrations_count);
    world_migrate(&n.w, site_migrations, site_migrations_count);
    world_migrate(&n.w, identity_migrations, identity_migrations_count);
    world_migrate(&n.w, register_migrations, register_migrations_count);
    world_migrate(&n.w, media_migrations, media_migrations_count);
    if (!settings) {
        settings = arena_new(0);
        OK_(config_load(settings, STR_EMPTY, S("none"), NULL, NULL, 0, &config));
    }
    n.ctx = n.w.ctx;
    n.ctx->config = config;
    as_operator(n.ctx);
    OK_(site_create(n.ctx, &(Site){ .name = S("澄川大学媒体联盟"),
                                    .tagline = S("一处首发"),
                                    .zone = S("Asia/Shanghai"),
                                    .origin = S("news.example/liandong"),
                                    .vkey = S("vkey") }));
    n.ann = news_person(n.ctx, "ann", "安宁");
    n.ben = news_person(n.ctx, "ben", "贲远");
    n.cai = news_person(n.ctx, "cai", "蔡澄");
    n.eve = news_person(n.ctx, "eve", "易维");
    teacher = news_person(n.ctx, "teacher", "师者");
    n.paper = news_outlet(n.ctx, "CC001", "校报");
    n.radio = news_outlet(n.ctx, "CC002", "广播台");
    news_grant(n.ctx, &teacher, S("指导教师"), &n.paper);
    news_grant(n.ctx, &n.ann, S("责任编辑"), &n.paper);
    news_grant(n.ctx, &n.ben, S("责任编辑"), &n.paper);
    news_grant(n.ctx, &n.cai, S("责任编辑"), &n.paper);
    news_grant(n.ctx, &n.eve, S("责任编辑"), &n.radio);
    as(n.ctx, &n.ann, &n.paper);
    return n;
}

static inline void newsroom_free(Newsroom *n) {
    world_free(&n->w);
}

/* An uploaded picture without an upload: a prepared file of one pixel, which media_add_prepared takes. */
static inline Media news_picture(Newsroom *n, const Outlet *outlet, const char *name) {
    /* WebP, lossless, 1 x 1; one byte after the pixels makes each one another file. */
    char bytes[] =
        "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";
    Str path = str_format(n->ctx->arena, "%s/%s-320.webp", n->w.folder, name);
    Media media;

    media_use(str_from_c(n->w.folder));
    (void)mkdir(str_to_c(n->ctx->arena, str_format(n->ctx->arena, "%s/tmp", n->w.folder)), 0700);
    bytes[sizeof bytes - 2] = name[0];
    FILE *file = fopen(str_to_c(n->ctx->arena, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, sizeof bytes - 1, file), sizeof bytes - 1);
    assert_int_equal(fclose(file), 0);
    OK_(media_add_prepared(n->ctx, outlet->id, str_from_c(n->w.folder), str_from_c(name), &media));
    return media;
}

#endif
