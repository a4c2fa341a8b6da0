/* site_test_world.h - what site's tests share: a world with its tables. */
#ifndef FEATURES_SITE_SITE_TEST_WORLD_H
#define FEATURES_SITE_SITE_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/test_support.h"
#include "features/site/site.h"
#include "testing/world.h"

extern const Migration queue_migrations[], ledger_migrations[], site_migrations[];
extern const size_t queue_migrations_count, ledger_migrations_count, site_migrations_count;

static inline World site_start(void) {
    World w = world_new();

    world_migrate(&w, queue_migrations, queue_migrations_count);
    world_migrate(&w, ledger_migrations, ledger_migrations_count);
    world_migrate(&w, site_migrations, site_migrations_count);
    w.ctx->actor = ACTOR_OPERATOR;
    w.ctx->person_name = S("operator");
    return w;
}

#endif
