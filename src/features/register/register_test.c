/* register_test.c - the register's promises: cards, numbers, every state and move, flags, who may publish. */
#include <stdio.h>

#include "features/register/register_test_world.h"
#include "features/site/site.h"

static void an_application_gets_its_number_only_when_it_is_approved(void **state) {
    World w = register_start();
    Outlet found;

    (void)state;
    int64_t id = applied(&w, "河床", "riverbed");
    Outlet o = must_get(&w, id);
    assert_true(str_eq(o.state, S("applied")));
    assert_int_equal(o.no.len, 0);
    assert_int_equal(o.filed_ms, 0);
    OK_(outlet_by_ref(w.ctx, str_from_int(w.ctx->arena, id), &found));
    assert_int_equal(found.id, id);
    OK_(move_to(&w, id, "pending", ""));
    assert_int_equal(must_get(&w, id).no.len, 0);
    OK_(move_to(&w, id, "filed", ""));
    o = must_get(&w, id);
    assert_true(str_ends(o.no, S("-001")));
    assert_int_equal(o.filed_ms, w.ctx->now_ms);
    OK_(outlet_by_no(w.ctx, o.no, &found));
    assert_int_equal(found.id, id);
    OK_(outlet_by_ref(w.ctx, o.no, &found));
    FAILS(outlet_by_ref(w.ctx, str_from_int(w.ctx->arena, id), &found), ERR_NOT_FOUND, NULL);
    world_free(&w);
}

static void what_was_turned_down_was_never_filed_and_frees_its_account(void **state) {
    World w = register_start();
    int64_t all, in_service, total;
    OutletFilter any = { 0 }, staff = { .has_applications = true };
    OutletList list;

    (void)state;
    int64_t id = applied(&w, "河床", "riverbed");
    FAILS(move_to(&w, id, "struck", "  "), ERR_INVALID, "reason");
    OK_(move_to(&w, id, "struck", "学院已有一个账号"));
    Outlet o = must_get(&w, id);
    assert_int_equal(o.no.len, 0);
    assert_int_equal(o.filed_ms, 0);
    assert_true(str_eq(o.struck_reason, S("学院已有一个账号")));
    OK_(outlet_counts(w.ctx, &all, &in_service));
    assert_int_equal(all, 0);
    OK_(outlet_list(w.ctx, &any, 0, 10, &list, &total));
    assert_int_equal(list.len + (size_t)total, 0);
    OK_(outlet_list(w.ctx, &staff, 0, 10, &list, &total));
    assert_int_equal(list.len, 1); /* staff see it with its reason */
    (void)applied(&w, "河床", "riverbed");
    world_free(&w);
}

static void a_struck_outlet_stays_visible_and_its_account_may_be_filed_anew(void **state) {
    World w = register_start();
    Outlet found;

    (void)state;
    int64_t id = filed(&w, "河床", "riverbed");
    Str no = must_get(&w, id).no;
    Outlet again = a_card("河床", "riverbed");
    FAILS(outlet_file(w.ctx, &again, &(int64_t){ 0 }), ERR_CONFLICT, "platform_account");
    world_advance(&w, HOUR_MS);
    OK_(move_to(&w, id, "struck", "停办"));
    OK_(outlet_by_no(w.ctx, no, &found));
    assert_true(str_eq(found.struck_reason, S("停办")));
    assert_int_equal(found.struck_ms, w.ctx->now_ms);
    int64_t second = filed(&w, "河床", "riverbed");
    assert_false(str_eq(must_get(&w, second).no, no)); /* a number is never given twice */
    again.no = no;
    again.platform_account = S("other");
    FAILS(outlet_file(w.ctx, &again, &(int64_t){ 0 }), ERR_CONFLICT, "no");
    Outlet o = must_get(&w, id);
    o.name = S("另名");
    FAILS(outlet_change(w.ctx, &o), ERR_CONFLICT, "state");
    world_free(&w);
}

static void numbers_go_on_after_the_highest_and_past_the_padding(void **state) {
    World w = register_start();
    static const char *const given[] = { "-007", "-999", "-1000" };
    char year[5], no[20], name[20];

    (void)state;
    (void)snprintf(year, sizeof year, "%.4s", must_get(&w, filed(&w, "甲", "a")).no.ptr);
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        (void)snprintf(no, sizeof no, "%s%s", year, given[i]);
        (void)snprintf(name, sizeof name, "name%zu", i);
        Outlet o = a_card(name, name);
        o.no = str_from_c(no);
        OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    }
    assert_true(str_ends(must_get(&w, filed(&w, "乙", "b")).no, S("-1001")));
    Outlet o = a_card("丙", "c");
    o.no = S("CC010"); /* numbers of another kind do not disturb */
    OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    assert_true(str_ends(must_get(&w, filed(&w, "丁", "d")).no, S("-1002")));
    world_free(&w);
}

/* Every pair of states, with and without a reason: allowed or refused as product.md 3 has it, and nothing else. */
static void every_move_does_what_the_table_says(void **state) {
    static const char *const may[][10] = {
        { "applied", "pending", "struck!" },
        { "pending", "filed", "applied!", "struck!" },
        { "filed", "active", "suspended!", "struck!" },
        { "active", "change_pending", "in_review", "suspended!", "struck!" },
        { "change_pending", "active", "suspended!", "struck!" },
        { "in_review", "passed", "rectify!", "suspended!", "struck!" },
        { "passed", "active", "change_pending", "in_review", "rectify!", "suspended!", "struck!" },
        { "rectify", "in_review", "passed", "suspended!", "struck!" },
        { "suspended", "active!", "in_review", "passed!", "rectify!", "struck!" },
        { "struck" },
    };
    int cases = 0;

    (void)state;
    assert_int_equal(COUNT_OF(may), outlet_states_count);
    for (size_t from = 0; from < COUNT_OF(may); from++) {
        World w = register_start();
        for (size_t to = 0; to < outlet_states_count; to++) {
            const char *target = outlet_states[to].code.ptr;
            bool is_allowed = false, needs_reason = false;
            for (size_t k = 1; k < COUNT_OF(may[from]) && may[from][k]; k++) {
                size_t len = outlet_states[to].code.len;
                if (strncmp(may[from][k], target, len) != 0 ||
                    (may[from][k][len] != 0 && may[from][k][len] != '!'))
                    continue;
                is_allowed = true;
                needs_reason = may[from][k][len] == '!';
            }
            int64_t id = outlet_in(&w, may[from][0]);
            int64_t logged = world_count(&w, "ledger_pending"), told = world_count(&w, "event");
            Outlet before = must_get(&w, id);
            if (!is_allowed || needs_reason) {
                FAILS(move_to(&w, id, target, ""), is_allowed ? ERR_INVALID : ERR_CONFLICT,
                      is_allowed ? "reason" : "to");
                assert_true(str_eq(must_get(&w, id).state, before.state));
                assert_int_equal(world_count(&w, "ledger_pending"), logged);
            }
            Err err = move_to(&w, id, target, "理由");
            assert_int_equal(err.code, is_allowed ? ERR_OK : ERR_CONFLICT);
            Outlet after = must_get(&w, id);
            assert_true(str_eq(after.state, is_allowed ? str_from_c(target) : before.state));
            assert_int_equal(after.version, before.version + (is_allowed ? 1 : 0));
            assert_int_equal(world_count(&w, "ledger_pending"), logged + (is_allowed ? 1 : 0));
            assert_int_equal(world_count(&w, "event"), told + (is_allowed ? 1 : 0));
            assert_int_equal(after.filed_ms != 0, after.no.len != 0);
            if (is_allowed && outlet_states[to].is_publishing)
                assert_true(after.filed_ms != 0);
            cases++;
            if (!str_eq(after.state, S("struck"))) /* its account and name are free for the next */
                for (int k = 0; k < 3 && !str_eq(must_get(&w, id).state, S("struck")); k++)
                    (void)move_to(&w, id, "struck", "理由");
        }
        world_free(&w);
    }
    printf("register states: %d cases passed, 0 failed, 0 skipped\n", cases);
}

static void a_move_names_the_version_it_saw(void **state) {
    World w = register_start();
    char *long_reason = arena_alloc(w.ctx->arena, 3 * 501);

    (void)state;
    int64_t id = filed(&w, "河床", "riverbed");
    FAILS(outlet_move(w.ctx, id, S("suspended"), S("理由"), 2), ERR_CONFLICT, "version");
    FAILS(outlet_move(w.ctx, id + 1, S("suspended"), S("理由"), 1), ERR_NOT_FOUND, NULL);
    for (int i = 0; i < 501; i++)
        memcpy(long_reason + 3 * i, "理", 3);
    FAILS(outlet_move(w.ctx, id, S("suspended"), (Str){ long_reason, 3 * 501 }, 1), ERR_LIMIT,
          "reason");
    FAILS(outlet_move(w.ctx, id, S("suspended"), S("a\x01"), 1), ERR_INVALID, "reason");
    OK_(outlet_move(w.ctx, id, S("suspended"), (Str){ long_reason, 3 * 500 }, 1));
    world_free(&w);
}

static void who_may_publish_follows_the_state_and_the_teacher_in_service(void **state) {
    (void)state;
    for (size_t i = 0; i < outlet_states_count; i++) {
        World w = register_start();
        Person teacher = add(&w, "teacher");
        int64_t id = outlet_in(&w, outlet_states[i].code.ptr);
        FAILS(outlet_require_publishing(w.ctx, id), ERR_FORBIDDEN, NULL);
        int64_t grant = give(&w, &teacher, S("指导教师"), id);
        bool may = outlet_states[i].is_publishing;
        assert_int_equal(outlet_require_publishing(w.ctx, id).code, may ? ERR_OK : ERR_FORBIDDEN);
        OK_(grant_end(w.ctx, grant));
        FAILS(outlet_require_publishing(w.ctx, id), ERR_FORBIDDEN, NULL);
        if (may) { /* dated: not before its day, not after its last */
            OK_(grant_give(w.ctx, teacher.id, S("指导教师"), id, w.ctx->now_ms + DAY_MS,
                           w.ctx->now_ms + 2 * DAY_MS, NULL));
            FAILS(outlet_require_publishing(w.ctx, id), ERR_FORBIDDEN, NULL);
            world_advance(&w, DAY_MS);
            OK_(outlet_require_publishing(w.ctx, id));
            world_advance(&w, DAY_MS);
            FAILS(outlet_require_publishing(w.ctx, id), ERR_FORBIDDEN, NULL);
        }
        FAILS(outlet_require_publishing(w.ctx, id + 1), ERR_NOT_FOUND, NULL);
        world_free(&w);
    }
}

static OutletFlags flags_of(World *w, int64_t id) {
    Outlet o = must_get(w, id);
    OutletFlags flags;

    OK_(outlet_flags(w->ctx, &o, 1, &flags));
    return flags;
}

static void flags_are_computed_from_what_is_so(void **state) {
    World w = register_start();
    Person teacher, other, left;

    (void)state;
    OK_(person_add(w.ctx, S("shen"), S("沈砚"), 0, &teacher));
    OK_(person_add(w.ctx, S("tang"), S("唐一舟"), 0, &left));
    OK_(person_add(w.ctx, S("tang2"), S("唐一舟"), 0, &other));
    int64_t id = filed(&w, "河床", "riverbed");
    assert_true(flags_of(&w, id).has_no_teacher);
    int64_t grant = give(&w, &teacher, S("指导教师"), id);
    (void)give(&w, &left, S("记者"), id);
    OutletFlags flags = flags_of(&w, id);
    assert_false(flags.has_no_teacher || flags.has_left || flags.is_silent);

    /* Silent to the millisecond, and a story ends it. */
    world_advance(&w, OUTLET_SILENT_DAYS * DAY_MS - 1);
    assert_false(flags_of(&w, id).is_silent);
    world_advance(&w, 1);
    assert_true(flags_of(&w, id).is_silent);
    OK_(outlet_published(w.ctx, id, w.ctx->now_ms));
    assert_false(flags_of(&w, id).is_silent);
    OK_(outlet_published(w.ctx, id, w.ctx->now_ms - DAY_MS)); /* an older one changes nothing */
    assert_int_equal(must_get(&w, id).last_published_ms, w.ctx->now_ms);

    /* Somebody on the card leaves; the flag goes when another of that name is there, or the card says so. */
    OK_(person_end(w.ctx, left.id));
    assert_true(flags_of(&w, id).has_left);
    int64_t same_name = give(&w, &other, S("记者"), id);
    assert_false(flags_of(&w, id).has_left);
    OK_(grant_end(w.ctx, same_name));
    assert_true(flags_of(&w, id).has_left);
    Outlet o = must_get(&w, id);
    o.operators = S("裴青禾");
    OK_(outlet_change(w.ctx, &o));
    assert_false(flags_of(&w, id).has_left);

    OK_(grant_end(w.ctx, grant));
    flags = flags_of(&w, id);
    assert_true(flags.has_no_teacher && flags.has_left);
    OK_(move_to(&w, id, "struck", "停办"));
    flags = flags_of(&w, id);
    assert_false(flags.has_no_teacher || flags.has_left || flags.is_silent);
    world_free(&w);
}

static void flags_of_many_cost_one_statement_for_sixty(void **state) {
    enum { MANY = 61 };
    World w = register_start();
    Outlet *outlets = arena_array(w.ctx->arena, MANY, sizeof *outlets);
    OutletFlags *flags = arena_array(w.ctx->arena, MANY, sizeof *flags);

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char name[20];
        (void)snprintf(name, sizeof name, "outlet%d", i);
        outlets[i] = must_get(&w, filed(&w, name, name));
    }
    Person teacher = add(&w, "teacher");
    (void)give(&w, &teacher, S("指导教师"), outlets[60].id);
    db_cost_reset(w.ctx->db);
    OK_(outlet_flags(w.ctx, outlets, MANY, flags));
    assert_int_equal(db_cost(w.ctx->db).statements, 2);
    assert_true(flags[0].has_no_teacher && !flags[60].has_no_teacher);
    OK_(outlet_flags(w.ctx, outlets, 0, flags));
    world_free(&w);
}

/* ---- cards ---- */

static void every_field_holds_its_bound_and_refuses_one_more(void **state) {
    World w = register_start();
    int cases = 0;

    (void)state;
    for (size_t i = 0; i < CARD_FIELDS; i++) {
        const CardField *field = &card_fields[i];
        if (field->kind != CARD_LINE && field->kind != CARD_TEXT && field->kind != CARD_NAMES)
            continue;
        char *text = arena_alloc(w.ctx->arena, 4 * (size_t)field->max + 8);
        Outlet o = { 0 };
        for (int64_t k = 0; k <= field->max; k++)
            memcpy(text + 3 * k, "字", 3);
        OK_(card_set(w.ctx->arena, field, (Str){ text, 3 * (size_t)field->max }, &o));
        FAILS(card_set(w.ctx->arena, field, (Str){ text, 3 * (size_t)field->max + 3 }, &o),
              ERR_LIMIT, field->name);
        FAILS(card_set(w.ctx->arena, field, S("a\xff"), &o), ERR_INVALID, field->name);
        FAILS(card_set(w.ctx->arena, field, S("a\x07z"), &o), ERR_INVALID, field->name);
        FAILS(card_set(w.ctx->arena, field, S("a\xe2\x80\xaez"), &o), ERR_INVALID, field->name);
        cases += 5;
    }
    printf("register card: %d cases passed, 0 failed, 0 skipped\n", cases);
    world_free(&w);
}

static void values_are_read_or_refused(void **state) {
    static const struct {
        const char *field, *value;
        ErrCode code;
        const char *kept; /* NULL: as it came */
    } cases[] = {
        { "no", "2026-001", ERR_OK, NULL },
        { "no", "abc", ERR_INVALID, NULL },
        { "no", "２０２６", ERR_INVALID, NULL },
        { "no", "12345678901234567890", ERR_OK, NULL },
        { "no", "123456789012345678901", ERR_LIMIT, NULL },
        { "no", "a/1", ERR_INVALID, NULL },
        { "opened_on", "2019/4/3", ERR_OK, "2019-04-03" },
        { "opened_on", "2019年4月23日", ERR_OK, "2019-04-23" },
        { "opened_on", "2024-02-29", ERR_OK, NULL },
        { "opened_on", "2023-02-29", ERR_INVALID, NULL },
        { "opened_on", "yesterday", ERR_INVALID, NULL },
        { "url", "https://a.example/b?c=d#e", ERR_OK, NULL },
        { "url", "javascript:alert(1)", ERR_INVALID, NULL },
        { "url", "https://u:p@a.example/", ERR_INVALID, NULL },
        { "url", "https://", ERR_INVALID, NULL },
        { "url", "https://a.example/\" onload=", ERR_INVALID, NULL },
        { "feed_url", "ftp://a.example/", ERR_INVALID, NULL },
        { "tier", "校级", ERR_OK, NULL },
        { "tier", "四级", ERR_INVALID, NULL },
        { "tier", "", ERR_INVALID, NULL },
        { "unit_kind", "学院", ERR_OK, NULL },
        { "unit_kind", "公司", ERR_INVALID, NULL },
        { "unit_kind", "个人", ERR_REFUSED, NULL },
        { "verified_as", "个人认证", ERR_REFUSED, NULL },
        { "verified_as", "个人发展中心", ERR_OK, NULL },
        { "platform", "微信（个人）", ERR_REFUSED, NULL },
        { "promised_per_week", "1000", ERR_OK, NULL },
        { "promised_per_week", "1001", ERR_INVALID, NULL },
        { "promised_per_week", "-1", ERR_INVALID, NULL },
        { "promised_per_week", "三", ERR_INVALID, NULL },
        { "promised_per_week", "", ERR_OK, "0" },
        { "followers", "99999999999999999999", ERR_INVALID, NULL },
        { "operators", " 甲 ,乙；丙\n丁、、", ERR_OK, "甲、乙、丙、丁" },
        { "name", "　河床　", ERR_OK, "河床" },
        { "name", "", ERR_INVALID, NULL },
        { "name", "两\n行", ERR_INVALID, NULL },
        { "purpose", "两\r\n行", ERR_OK, "两\n行" },
    };
    World w = register_start();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const CardField *field = card_field_of(cases[i].field);
        Outlet o = { 0 }, before = { 0 };
        Err err = card_set(w.ctx->arena, field, str_from_c(cases[i].value), &o);
        if (err.code != cases[i].code)
            fail_msg("%s \"%s\": %d", cases[i].field, cases[i].value, err.code);
        if (err.code == ERR_REFUSED)
            assert_int_equal(err.rule, 6);
        if (err.code == ERR_OK)
            assert_true(str_eq(card_get(w.ctx->arena, field, &o),
                               str_from_c(cases[i].kept ? cases[i].kept : cases[i].value)));
        else
            assert_memory_equal(&o, &before, sizeof o); /* nothing is set on failure */
    }
    world_free(&w);
}

static void an_account_verified_as_one_of_its_people_is_private(void **state) {
    World w = register_start();
    Outlet o = a_card("河床", "riverbed");

    (void)state;
    o.verified_as = S("裴青禾");
    Err err = outlet_file(w.ctx, &o, &(int64_t){ 0 });
    assert_int_equal(err.code, ERR_REFUSED);
    assert_int_equal(err.rule, 6);
    assert_int_equal(world_count(&w, "outlet"), 0);
    world_free(&w);
}

static void a_name_that_looks_like_another_is_refused(void **state) {
    World w = register_start();
    Outlet o = a_card("Campus News", "one");

    (void)state;
    OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    o = a_card("Сampus News", "two"); /* a Cyrillic letter in front */
    FAILS(outlet_file(w.ctx, &o, &(int64_t){ 0 }), ERR_CONFLICT, "name");
    o = a_card("Campus News", "three"); /* the same outlet on another account */
    OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    world_free(&w);
}

static void a_change_needs_the_version_and_writes_only_a_difference(void **state) {
    World w = register_start();
    int64_t id = filed(&w, "河床", "riverbed");
    Outlet o = must_get(&w, id);
    int64_t logged = world_count(&w, "ledger_pending");

    (void)state;
    OK_(outlet_change(w.ctx, &o));
    assert_int_equal(world_count(&w, "ledger_pending"), logged);
    o.purpose = S("写水。");
    o.emergency_contact = S("000-0000-9999");
    OK_(outlet_change(w.ctx, &o));
    assert_int_equal(world_count(&w, "ledger_pending"), logged + 1);
    FAILS(outlet_change(w.ctx, &o), ERR_CONFLICT, "version");
    o = must_get(&w, id);
    assert_int_equal(o.version, 2);
    o.no = S("X-1");
    FAILS(outlet_change(w.ctx, &o), ERR_CONFLICT, "no");
    o = must_get(&w, id);
    o.unit_name = S("新的单位");
    OK_(outlet_change(w.ctx, &o));
    assert_true(must_get(&w, id).unit_id != o.unit_id);
    world_free(&w);
}

/* The log is public and for ever: no private contact may get into it, nor into an event. */
static void private_contacts_stay_out_of_log_and_events(void **state) {
    World w = register_start();
    int64_t id = filed(&w, "河床", "riverbed");
    Outlet o = must_get(&w, id);
    DB_ROWS(rows);

    (void)state;
    o.teacher_contact = S("000-0000-7777");
    o.name = S("河床报");
    OK_(outlet_change(w.ctx, &o));
    OK_(db_query(w.ctx, &rows, "SELECT payload FROM ledger_pending ORDER BY id", NO_ARGS));
    int seen = 0;
    while (db_next(&rows)) {
        Str text = db_text(&rows, 0);
        assert_false(str_contains(text, S("000-0000")));
        seen += str_contains(text, S("河床报"));
    }
    OK_(db_end(&rows));
    assert_int_equal(seen, 1);
    OK_(db_query(w.ctx, &rows, "SELECT payload FROM event ORDER BY id", NO_ARGS));
    while (db_next(&rows))
        assert_false(str_contains(db_text(&rows, 0), S("000-0000")));
    OK_(db_end(&rows));
    Json *model = outlet_model(w.ctx, S(SITE_ZONE_DEFAULT), &o);
    Buf out = buf_new(w.ctx->arena, 0);
    json_write(&out, model);
    assert_false(str_contains(buf_str(&out), S("000-0000")));
    world_free(&w);
}

/* 2026-12-31T20:00Z: the new year has begun in Shanghai and not in Honolulu. */
static void days_and_the_year_of_a_number_are_those_of_the_zone(void **state) {
    static const struct {
        const char *zone, *no, *day;
    } cases[] = {
        { "Asia/Shanghai", "2027-001", "2027-01-01" },
        { "Pacific/Honolulu", "2026-001", "2026-12-31" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        World w = register_start();
        Site site = { .name = S("联盟"), .zone = str_from_c(cases[i].zone) };
        Str csv;

        OK_(site_create(w.ctx, &site));
        world_advance(&w, INT64_C(1798747200000) - w.ctx->now_ms);
        Outlet o = must_get(&w, filed(&w, "甲", "a"));
        assert_true(str_eq(o.no, str_from_c(cases[i].no)));
        OK_(outlet_export(w.ctx, &(OutletFilter){ 0 }, &csv));
        assert_true(str_contains(csv, str_from_c(cases[i].day)));
        w.ctx->lang = S("zh");
        assert_true(str_eq(json_get_text(outlet_model(w.ctx, site.zone, &o), "filed_on"),
                           str_from_c(cases[i].day)));
        world_free(&w);
    }
}

/* ---- lists ---- */

static size_t listed(World *w, OutletFilter filter, int64_t *ret_total) {
    OutletList list;

    OK_(outlet_list(w->ctx, &filter, 0, OUTLET_LIST_MAX, &list, ret_total));
    return list.len;
}

static void lists_filter_count_and_page_without_overlap(void **state) {
    World w = register_start();
    OutletList list;
    int64_t total, after = 0;
    size_t seen = 0;
    StrList platforms;

    (void)state;
    for (int i = 1; i <= 11; i++) {
        char name[20], no[20];
        (void)snprintf(name, sizeof name, "outlet_%d%%", i);
        (void)snprintf(no, sizeof no, "T-%d", i);
        Outlet o = a_card(name, name);
        o.no = str_from_c(no);
        o.tier = i % 2 ? S("校级") : S("三级");
        o.platform = i == 3 ? S("微博") : S("微信");
        o.unit_name = i == 3 ? S("图书馆") : S("水利学院");
        OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    }
    (void)applied(&w, "申请中", "later");
    assert_int_equal(listed(&w, (OutletFilter){ 0 }, &total), 11);
    assert_int_equal(listed(&w, (OutletFilter){ .has_applications = true }, &total), 12);
    assert_int_equal(listed(&w, (OutletFilter){ .tier = S("校级") }, &total), 6);
    assert_int_equal(listed(&w, (OutletFilter){ .platform = S("微博") }, &total), 1);
    assert_int_equal(listed(&w, (OutletFilter){ .missing = S("微信") }, &total), 1); /* 图书馆 */
    assert_int_equal(listed(&w, (OutletFilter){ .state = S("struck") }, &total), 0);
    assert_int_equal(listed(&w, (OutletFilter){ .q = S("图书") }, &total), 1);
    assert_int_equal(listed(&w, (OutletFilter){ .q = S("OUTLET_1") }, &total), 3); /* 1, 10, 11 */
    assert_int_equal(listed(&w, (OutletFilter){ .q = S("outletx1") }, &total),
                     0); /* _ is a letter */
    assert_int_equal(listed(&w, (OutletFilter){ .q = S("1%") }, &total), 2);
    assert_int_equal(listed(&w, (OutletFilter){ .q = S("' OR 1=1 --") }, &total), 0);

    int64_t last_n = 0;
    do {
        OutletFilter any = { 0 };
        OK_(outlet_list(w.ctx, &any, after, 4, &list, &total));
        assert_int_equal(total, 11);
        for (size_t i = 0; i < list.len; i++, seen++) {
            int64_t n;
            assert_true(str_parse_int(str_slice(list.items[i].no, 2, list.items[i].no.len), &n));
            assert_int_equal(n, last_n + 1); /* T-9 before T-10 */
            last_n = n;
            after = list.items[i].id;
        }
    } while (list.len == 4);
    assert_int_equal(seen, 11);
    OK_(outlet_platforms(w.ctx, &platforms));
    assert_int_equal(platforms.len, 2);
    world_free(&w);
}

static void several_are_read_in_the_order_asked_and_unknown_ones_are_empty(void **state) {
    World w = register_start();
    int64_t a = filed(&w, "甲", "a"), b = filed(&w, "乙", "b");
    const int64_t ids[] = { b, 12345, a, b };
    Outlet outlets[4];

    (void)state;
    OK_(outlet_get_many(w.ctx, ids, COUNT_OF(ids), outlets));
    assert_int_equal(outlets[0].id, b);
    assert_int_equal(outlets[1].id, 0);
    assert_int_equal(outlets[2].id, a);
    assert_int_equal(outlets[3].id, b);
    OK_(outlet_get_many(w.ctx, ids, 0, outlets));
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_application_gets_its_number_only_when_it_is_approved),
        cmocka_unit_test(what_was_turned_down_was_never_filed_and_frees_its_account),
        cmocka_unit_test(a_struck_outlet_stays_visible_and_its_account_may_be_filed_anew),
        cmocka_unit_test(numbers_go_on_after_the_highest_and_past_the_padding),
        cmocka_unit_test(every_move_does_what_the_table_says),
        cmocka_unit_test(a_move_names_the_version_it_saw),
        cmocka_unit_test(who_may_publish_follows_the_state_and_the_teacher_in_service),
        cmocka_unit_test(flags_are_computed_from_what_is_so),
        cmocka_unit_test(flags_of_many_cost_one_statement_for_sixty),
        cmocka_unit_test(every_field_holds_its_bound_and_refuses_one_more),
        cmocka_unit_test(values_are_read_or_refused),
        cmocka_unit_test(an_account_verified_as_one_of_its_people_is_private),
        cmocka_unit_test(a_name_that_looks_like_another_is_refused),
        cmocka_unit_test(a_change_needs_the_version_and_writes_only_a_difference),
        cmocka_unit_test(private_contacts_stay_out_of_log_and_events),
        cmocka_unit_test(lists_filter_count_and_page_without_overlap),
        cmocka_unit_test(several_are_read_in_the_order_asked_and_unknown_ones_are_empty),
        cmocka_unit_test(days_and_the_year_of_a_number_are_those_of_the_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
