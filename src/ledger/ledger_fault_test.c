/* ledger_fault_test.c - each function of the log with storage failing at every step: whole, or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger/ledger.h"
#include "testing/faults.h"

extern const Migration ledger_migrations[];
extern const size_t ledger_migrations_count;

static Json *payload(Ctx *ctx) {
    Json *json = json_obj(ctx->arena);

    json_set(json, "title", json_str(ctx->arena, S("标题")));
    return json;
}

static void every_function_is_whole_or_nothing(void **state) {
    World w = world_new();
    Ctx *ctx = w.ctx;
    LedgerKey key = { .origin = S("test.invalid/log"),
                      .key = sign_key_new(ctx->chance),
                      .may_sign = true };
    LedgerPlaces places;
    LedgerEntries entries;
    LedgerHead head;
    int64_t id, placed;
    Json *sealed;
    Str tile;

    (void)state;
    world_migrate(&w, ledger_migrations, ledger_migrations_count);
    WRITES_INSIDE(&w, NO_RET, ledger_append(ctx, "thing.done", 7, payload(ctx)));
    WRITES_INSIDE(&w, id, ledger_append_id(ctx, "thing.done", 7, payload(ctx), &id));
    READS(&w, head, ledger_head(ctx, &head));
    READS(&w, sealed, ledger_payload(ctx, id, &sealed)); /* while it waits */
    WRITES(&w, placed, ledger_sequence(ctx, &key, S("me"), 1, NULL, &placed));
    WRITES(&w, placed, ledger_sequence(ctx, &key, S("me"), 256, NULL, &placed)); /* on a tree */
    READS(&w, placed, ledger_sequence(ctx, &key, S("me"), 256, NULL, &placed));
    READS(&w, head, ledger_head(ctx, &head));
    READS(&w, sealed, ledger_payload(ctx, id, &sealed));
    READS(&w, places, ledger_of_subject(ctx, 7, 10, &places));
    READS(&w, entries, ledger_newest(ctx, INT64_MAX, 10, &entries));
    READS(&w, tile, ledger_tile(ctx, 0, 0, 2, &tile));
    READS(&w, tile, ledger_entry_tile(ctx, 0, 2, &tile));
    assert_true(head.size == 2 && places.len == 2 && entries.len == 2 && placed == 0);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("ledger");
    return failed;
}
