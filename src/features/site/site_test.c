/* site_test.c - the alliance's settings: made once, changed with a log entry, whole or not at all. */
#include "base/buf.h"
#include "features/site/site_test_world.h"

static const Site first = { .name = S_INIT("澄川大学媒体联盟"),
                            .tagline = S_INIT("一处首发，公开更正"),
                            .zone = S_INIT("Asia/Shanghai"),
                            .origin = S_INIT("demo.invalid/ccu"),
                            .vkey = S_INIT("demo.invalid/ccu+1234+AAAA"),
                            .is_demo = true };

static World created(void) {
    World w = site_start();

    OK_(site_create(w.ctx, &first));
    return w;
}

static Site must_get(World *w) {
    Site site;

    OK_(site_get(w->ctx, &site));
    return site;
}

static void an_alliance_is_made_once(void **state) {
    World w = site_start();
    Site site = { .name = S("kept") };
    Str zone;

    (void)state;
    FAILS(site_get(w.ctx, &site), ERR_NOT_FOUND, NULL);
    FAILS(site_change(w.ctx, S("a"), S("b"), S("UTC")), ERR_NOT_FOUND, NULL);
    OK_(site_zone(w.ctx, &zone));
    assert_true(str_eq(zone, S(SITE_ZONE_DEFAULT)));
    assert_true(str_eq(site.name, S("kept")));
    assert_int_equal(world_count(&w, "site_setting"), 0);
    OK_(site_create(w.ctx, &first));
    site = must_get(&w);
    assert_true(str_eq(site.name, first.name) && str_eq(site.tagline, first.tagline) &&
                str_eq(site.zone, first.zone) && str_eq(site.origin, first.origin) &&
                str_eq(site.vkey, first.vkey) && site.is_demo);
    assert_int_equal(world_count(&w, "ledger_pending"), 1);
    FAILS(site_create(w.ctx, &first), ERR_CONFLICT, NULL);
    assert_int_equal(world_count(&w, "ledger_pending"), 1);
    world_free(&w);
}

static void a_change_is_an_entry_and_no_change_is_none(void **state) {
    World w = created();
    Str zone;

    (void)state;
    OK_(site_change(w.ctx, S("  新名字 "), STR_EMPTY, S("Europe/Berlin")));
    Site site = must_get(&w);
    assert_true(str_eq(site.name, S("新名字")) && site.tagline.len == 0 &&
                str_eq(site.zone, S("Europe/Berlin")));
    assert_true(str_eq(site.origin, first.origin) && site.is_demo); /* these never change */
    OK_(site_zone(w.ctx, &zone));
    assert_true(str_eq(zone, S("Europe/Berlin")));
    assert_int_equal(world_count(&w, "ledger_pending"), 2);
    assert_int_equal(world_count(&w, "event"), 1);
    assert_int_equal(w.ctx->changed.len, 1);
    assert_true(str_eq(w.ctx->changed.items[0], S("site")));
    OK_(site_change(w.ctx, S("新名字"), STR_EMPTY, S("Europe/Berlin")));
    assert_int_equal(world_count(&w, "ledger_pending"), 2);
    assert_int_equal(world_count(&w, "event"), 1);
    world_free(&w);
}

static void what_was_missed_goes_out_late_unless_the_alliance_says_otherwise(void **state) {
    World w = created();

    (void)state;
    assert_false(must_get(&w).holds_missed);
    OK_(site_hold_missed(w.ctx, false));
    assert_int_equal(world_count(&w, "ledger_pending"), 1);
    OK_(site_hold_missed(w.ctx, true));
    assert_true(must_get(&w).holds_missed);
    assert_int_equal(world_count(&w, "ledger_pending"), 2);
    OK_(site_change(w.ctx, S("新名字"), STR_EMPTY, S("Europe/Berlin")));
    assert_true(must_get(&w).holds_missed);
    OK_(site_hold_missed(w.ctx, false));
    assert_false(must_get(&w).holds_missed);
    world_free(&w);
}

static Str repeated(Arena *arena, Str part, size_t times) {
    Buf out = buf_new(arena, 0);

    for (size_t i = 0; i < times; i++)
        buf_add(&out, part);
    return buf_str(&out);
}

static void settings_have_bounds(void **state) {
    World w = created();
    Arena *arena = w.ctx->arena;

    (void)state;
    Str name = repeated(arena, S("盟"), SITE_NAME_CHARS_MAX),
        tagline = repeated(arena, S("行"), SITE_TAGLINE_CHARS_MAX), zone = S("Asia/Shanghai");
    OK_(site_change(w.ctx, name, tagline, zone));
    FAILS(site_change(w.ctx, str_concat(arena, name, S("x")), tagline, zone), ERR_LIMIT, "name");
    FAILS(site_change(w.ctx, name, str_concat(arena, tagline, S("x")), zone), ERR_LIMIT, "tagline");
    FAILS(site_change(w.ctx, STR_EMPTY, tagline, zone), ERR_INVALID, "name");
    FAILS(site_change(w.ctx, S("  "), tagline, zone), ERR_INVALID, "name");
    FAILS(site_change(w.ctx, S("a\xff"), tagline, zone), ERR_INVALID, "name");
    FAILS(site_change(w.ctx, S("a\x1b[0m"), tagline, zone), ERR_INVALID, "name");
    FAILS(site_change(w.ctx, S("two\nlines"), tagline, zone), ERR_INVALID, "name");
    FAILS(site_change(w.ctx, name, S("a\rb"), zone), ERR_INVALID, "tagline");
    FAILS(site_change(w.ctx, name, tagline, S("Asia/Nowhere")), ERR_INVALID, "zone");
    FAILS(site_change(w.ctx, name, tagline, S("../../etc/passwd")), ERR_INVALID, "zone");
    FAILS(site_change(w.ctx, name, tagline, STR_EMPTY), ERR_INVALID, "zone");
    assert_true(str_eq(must_get(&w).name, name));
    assert_int_equal(world_count(&w, "ledger_pending"), 2);
    world_free(&w);
}

static void storage_failing_at_every_step_leaves_no_half_settings(void **state) {
    int faults = 0;

    (void)state;
    for (int is_new = 0; is_new < 2; is_new++) {
        World w = is_new ? site_start() : created();
        int step = 0;
        for (bool is_done = false; !is_done; step++) {
            int64_t rows = world_count(&w, "site_setting"),
                    entries = world_count(&w, "ledger_pending");
            Str name = is_new ? STR_EMPTY : must_get(&w).name;

            db_fail_at(w.ctx->db, step);
            Err err = is_new ? site_create(w.ctx, &first)
                             : site_change(w.ctx, S("新"), S("新"), S("UTC"));
            db_fail_at(w.ctx->db, -1);
            db_reset(w.ctx->db);
            is_done = err.code == ERR_OK;
            assert_int_equal(world_count(&w, "ledger_pending"), entries + is_done);
            assert_int_equal(world_count(&w, "event"), !is_new && is_done);
            assert_int_equal(world_count(&w, "site_setting"), is_new && is_done ? 6 : rows);
            if (!is_done) {
                assert_int_equal(err.code, ERR_IO);
                if (!is_new)
                    assert_true(str_eq(must_get(&w).name, name));
            }
        }
        world_free(&w);
        assert_true(step > 6);
        faults += step - 1;
    }
    printf("site faults: %d faults passed, 0 failed, 0 skipped\n", faults);

    World w = created();
    db_busy_at(w.ctx->db, 0);
    Err err = site_change(w.ctx, S("新"), S("新"), S("UTC"));
    assert_true(err.code == ERR_BUSY && err.retry);
    db_busy_at(w.ctx->db, -1);
    db_reset(w.ctx->db);
    assert_true(str_eq(must_get(&w).name, first.name));
    OK_(site_change(w.ctx, S("新"), S("新"), S("UTC")));
    assert_int_equal(world_count(&w, "ledger_pending"), 2);
    world_free(&w);
}

static void a_refused_thing_is_known_by_its_name(void **state) {
    static const struct {
        const char *name;
        int rule;
    } cases[] = { { "anonymous", 1 },
                  { "Is-Anonymous", 1 },
                  { "posts_by_persona", 2 },
                  { "PRICE PER POST", 4 },
                  { "每条单价", 4 },
                  { "fee", 4 },
                  { "client_ip_address", 5 },
                  { "敏感词表", 14 },
                  { "", 0 },
                  { "feed", 0 },
                  { "coffee", 0 },
                  { "personal", 0 },
                  { "ip_addresses", 0 },
                  { "title", 0 },
                  { "姓名", 0 } };
    CLEANUP(arena_close) Arena *arena = arena_new(0);
    char longest[SITE_REFUSED_NAME_BYTES + 5];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (site_refused_name(str_from_c(cases[i].name)) != cases[i].rule)
            fail_msg("%s breaks R%d", cases[i].name, site_refused_name(str_from_c(cases[i].name)));
    for (int rule = 1; rule <= SITE_REFUSALS; rule++) {
        StrList words = site_refused_words(arena, rule);
        assert_true(words.len >= 2);
        for (size_t i = 0; i < words.len; i++)
            assert_int_equal(site_refused_name(words.items[i]), rule);
    }
    memset(longest, '_', sizeof longest);
    memcpy(longest + SITE_REFUSED_NAME_BYTES, "quota", 5);
    assert_int_equal(site_refused_name((Str){ longest, sizeof longest }), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alliance_is_made_once),
        cmocka_unit_test(a_change_is_an_entry_and_no_change_is_none),
        cmocka_unit_test(what_was_missed_goes_out_late_unless_the_alliance_says_otherwise),
        cmocka_unit_test(settings_have_bounds),
        cmocka_unit_test(a_refused_thing_is_known_by_its_name),
        cmocka_unit_test(storage_failing_at_every_step_leaves_no_half_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
