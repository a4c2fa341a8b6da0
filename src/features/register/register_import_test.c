/* register_import_test.c - a roster in one go: all or nothing, every fault named, and what was exported comes back. */
#include <stdio.h>

#include "features/register/register_test_world.h"

#define HEAD "名称,平台,平台账号,级别,所属单位,指导教师\r\n"

static ImportReport take_in(World *w, Str csv, bool is_dry_run) {
    ImportReport report = { 0 };
    Err err = outlet_import(w->ctx, csv, is_dry_run, &report);

    if (err.code != ERR_OK)
        fail_msg("%s", err.msgid);
    return report;
}

static void assert_counts(const ImportReport *report, int64_t new, int64_t changed, int64_t same,
                          int64_t refused) {
    assert_int_equal(report->new_count, new);
    assert_int_equal(report->changed_count, changed);
    assert_int_equal(report->same_count, same);
    assert_int_equal(report->refused_count, refused);
}

static const char good[] = HEAD "河床,微信,riverbed,二级,水利学院,沈砚\r\n"
                                "\"电,流\",微信,current,三级,电气学院,\r\n";

static void a_roster_is_taken_in_once_and_a_second_run_changes_nothing(void **state) {
    World w = register_start();

    (void)state;
    ImportReport report = take_in(&w, str_from_c(good), false);
    assert_counts(&report, 2, 0, 0, 0);
    assert_true(report.is_written);
    assert_int_equal(report.rows[0].line, 2);
    assert_true(str_eq(report.rows[1].name, S("电,流")));
    assert_int_equal(report.rows[1].notes.len, 1); /* no 指导教师: told, not refused */
    assert_int_equal(report.rows[0].notes.len, 0);
    int64_t logged = world_count(&w, "ledger_pending"), told = world_count(&w, "event");
    report = take_in(&w, str_from_c(good), false);
    assert_counts(&report, 0, 0, 2, 0);
    assert_int_equal(world_count(&w, "ledger_pending"), logged);
    assert_int_equal(world_count(&w, "event"), told);
    assert_int_equal(world_count(&w, "outlet"), 2);
    world_free(&w);
}

static void a_dry_run_reports_the_same_and_writes_nothing(void **state) {
    World w = register_start();

    (void)state;
    ImportReport report = take_in(&w, str_from_c(good), true);
    assert_counts(&report, 2, 0, 0, 0);
    assert_false(report.is_written);
    assert_int_equal(world_count(&w, "outlet") + world_count(&w, "unit") +
                         world_count(&w, "ledger_pending") + world_count(&w, "event"),
                     0);
    assert_int_equal(w.ctx->changed.len, 0);
    world_free(&w);
}

static void one_refused_row_keeps_all_out_and_every_fault_is_named(void **state) {
    World w = register_start();
    Str csv = S(HEAD "河床,微信,riverbed,二级,水利学院,沈砚\r\n"
                     ",微信,nameless,四级,水利学院,\r\n"
                     "电流,微信,current,三级,,\r\n");

    (void)state;
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 1, 0, 0, 2);
    assert_false(report.is_written);
    assert_int_equal(report.rows[1].line, 3);
    assert_int_equal(report.rows[1].reasons.len, 2); /* the name and the tier */
    assert_true(str_starts(report.rows[1].reasons.items[0], S("名称: ")));
    assert_true(str_starts(report.rows[1].reasons.items[1], S("级别: ")));
    assert_int_equal(report.rows[2].reasons.len, 1);
    assert_int_equal(
        world_count(&w, "outlet") + world_count(&w, "unit") + world_count(&w, "ledger_pending"), 0);
    world_free(&w);
}

static void the_same_number_or_account_twice_in_a_file_is_refused(void **state) {
    World w = register_start();
    Str csv = S("备案号,名称,平台,平台账号,级别,所属单位\n"
                "A-1,甲,微信,one,二级,甲院\n"
                "A-1,乙,微信,two,二级,甲院\n"
                "A-3,丙,微信,one,二级,甲院\n");

    (void)state;
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 1, 0, 0, 2);
    assert_true(str_contains(report.rows[1].reasons.items[0], S("备案号: ")));
    assert_true(str_contains(report.rows[1].reasons.items[0], S("2")));
    assert_true(str_contains(report.rows[2].reasons.items[0], S("平台账号: ")));
    world_free(&w);
}

static void refused_columns_name_their_rule(void **state) {
    static const struct {
        const char *heading;
        int rule;
    } cases[] = { { "任务条数", 4 }, { "每条单价", 4 }, { "Quota", 4 },    { "稿酬标准", 4 },
                  { "马甲", 2 },     { "Alias", 2 },    { "个人账号", 6 }, { "private_account", 6 },
                  { "血型", 0 } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        World w = register_start();
        Str csv =
            str_format(w.ctx->arena, "名称,平台,级别,所属单位,%s\n河床,微信,二级,水利学院,3\n",
                       cases[i].heading);
        ImportReport report = take_in(&w, csv, false);
        assert_counts(&report, 0, 0, 0, 1);
        assert_int_equal(report.rows[0].rule, cases[i].rule);
        assert_true(str_starts(report.rows[0].reasons.items[0], str_from_c(cases[i].heading)));
        assert_int_equal(world_count(&w, "outlet"), 0);
        world_free(&w);
    }
    printf("register columns: %zu cases passed, 0 failed, 0 skipped\n", COUNT_OF(cases));
}

static void a_private_account_is_refused_with_rule_6(void **state) {
    World w = register_start();
    Str csv = S("名称,平台,级别,所属单位,认证主体,指导教师\n"
                "河床,微信,二级,水利学院,沈砚,沈砚\n"
                "电流,微信,二级,电气学院,个人认证,\n");

    (void)state;
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 0, 0, 0, 2);
    assert_int_equal(report.rows[0].rule, 6);
    assert_int_equal(report.rows[1].rule, 6);
    world_free(&w);
}

static void what_is_no_roster_is_refused_as_a_whole(void **state) {
    static const char *const wrong[] = {
        "",
        "\n\n",
        "河床,微信\n",
        "平台,级别\n微信,二级\n",
        HEAD,
        "名称,名称\n甲,乙\n",
        "名称,平台\n\"甲,微信\n",
        "{\"name\":\"河床\"}",
    };
    World w = register_start();
    ImportReport report = { .len = 77 };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        Err err = outlet_import(w.ctx, str_from_c(wrong[i]), false, &report);
        assert_int_equal(err.code, ERR_INVALID);
        assert_int_equal(report.len, 77);
    }
    assert_int_equal(world_count(&w, "outlet"), 0);
    world_free(&w);
}

static void encodings_marks_and_line_ends_of_spreadsheets_are_read(void **state) {
    /* 名称,平台,级别,所属单位 / 河床,微信,二级,水利学院 in GBK */
    static const char gbk[] =
        "\xC3\xFB\xB3\xC6,\xC6\xBD\xCC\xA8,\xBC\xB6\xB1\xF0,\xCB\xF9\xCA\xF4"
        "\xB5\xA5\xCE\xBB\r\n\xBA\xD3\xB4\xB2,\xCE\xA2\xD0\xC5,\xB6\xFE\xBC\xB6,"
        "\xCB\xAE\xC0\xFB\xD1\xA7\xD4\xBA\r\n";
    static const char *const same[] = {
        gbk,
        "\xEF\xBB\xBF名称,平台,级别,所属单位\r\n河床,微信,二级,水利学院\r\n",
        "名称,平台,级别,所属单位\n河床,微信,二级,水利学院",
        "\"名称\",\"平台\",\"级别\",\"所属单位\"\r\"河床\",\"微信\",\"二级\",\"水利学院\"\r",
        "name,platform,tier,unit\n　河床　, 微信 ,二级,水利学院\n,,,\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        World w = register_start();
        ImportReport report = take_in(&w, str_from_c(same[i]), false);
        assert_counts(&report, 1, 0, 0, 0);
        Outlet o;
        OK_(outlet_by_no(w.ctx, report.rows[0].key, &o));
        assert_true(str_eq(o.name, S("河床")) && str_eq(o.unit_name, S("水利学院")));
        world_free(&w);
    }
}

static void a_column_that_is_missing_keeps_what_is_stored(void **state) {
    World w = register_start();
    int64_t id = filed(&w, "河床", "riverbed");

    (void)state;
    ImportReport report = take_in(&w, S("名称,平台,平台账号\n河床报,微信,riverbed\n"), false);
    assert_counts(&report, 0, 1, 0, 0);
    Outlet o = must_get(&w, id);
    assert_true(str_eq(o.name, S("河床报")));
    assert_true(str_eq(o.teacher_contact, S("000-0000-0101")));
    assert_true(str_eq(o.unit_name, S("水利学院")));
    world_free(&w);
}

static void the_register_keeps_its_states_itself(void **state) {
    World w = register_start();
    int64_t id = filed(&w, "河床", "riverbed");
    Str no = must_get(&w, id).no;
    Str csv =
        str_format(w.ctx->arena, "备案号,名称,平台,平台账号,状态\n%.*s,河床,微信,riverbed,注销\n",
                   STR_ARG(no));

    (void)state;
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 0, 0, 0, 1);
    assert_true(str_starts(report.rows[0].reasons.items[0], S("状态: ")));
    report = take_in(&w, S("名称,平台,级别,所属单位,状态\n新的,微博,二级,水利学院,注销\n"), false);
    assert_counts(&report, 0, 0, 0, 1);
    report = take_in(&w, S("名称,平台,级别,所属单位,状态\n新的,微博,二级,水利学院,在用\n"), false);
    assert_counts(&report, 1, 0, 0, 0);
    OK_(move_to(&w, id, "struck", "停办"));
    report =
        take_in(&w,
                str_format(w.ctx->arena, "备案号,名称,平台,平台账号\n%.*s,改名,微信,riverbed\n",
                           STR_ARG(no)),
                false);
    assert_counts(&report, 0, 0, 0, 1); /* a struck outlet is not changed any more */
    (void)applied(&w, "申请中", "asked");
    report = take_in(&w, S("名称,平台,平台账号,级别,所属单位\n申请中,微信,asked,二级,水利学院\n"),
                     false);
    assert_counts(&report, 0, 0, 0, 1); /* an open application is decided on, not overrun */
    world_free(&w);
}

static void what_is_exported_is_safe_in_a_spreadsheet_and_comes_back_unchanged(void **state) {
    World w = register_start();
    OutletFilter any = { 0 }, struck = { .state = S("struck") };
    Str csv;

    (void)state;
    Outlet o = a_card("=1+1", "@ccu");
    o.purpose = S("第一行\n\"第二行\", -3");
    o.supervisor = S("+宣传部");
    OK_(outlet_file(w.ctx, &o, &(int64_t){ 0 }));
    int64_t id = filed(&w, "河床", "riverbed");
    OK_(move_to(&w, id, "struck", "-停办"));
    OK_(outlet_export(w.ctx, &any, &csv));
    assert_true(str_starts(csv, S("\xEF\xBB\xBF备案号,名称,")));
    assert_true(str_contains(csv, S(",'=1+1,")));
    assert_true(str_contains(csv, S(",'@ccu,")));
    assert_true(str_contains(csv, S(",'+宣传部,")));
    assert_true(str_contains(csv, S("'-停办")));
    assert_false(str_contains(csv, S("000-0000"))); /* no private contact */
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 0, 0, 2, 0);
    OK_(outlet_export(w.ctx, &struck, &csv));
    report = take_in(&w, csv, true);
    assert_counts(&report, 0, 0, 1, 0);
    world_free(&w);
}

/* The roster of the demo and each roster of the shared corpus, if there is one. */
static void the_demos_roster_goes_in_whole_and_again_without_a_change(void **state) {
    World w = register_start();
    const char *source = getenv("LIANDONG_SOURCE");
    char *bytes = arena_alloc(w.ctx->arena, 1 << 20);

    (void)state;
    assert_non_null(source);
    Str path = str_format(w.ctx->arena, "%s/demo/outlets.csv", source);
    FILE *file = fopen(str_to_c(w.ctx->arena, path), "r");
    assert_non_null(file);
    Str csv = { bytes, fread(bytes, 1, 1 << 20, file) };
    fclose(file);
    ImportReport report = take_in(&w, csv, false);
    assert_counts(&report, 54, 0, 0, 0);
    report = take_in(&w, csv, false);
    assert_counts(&report, 0, 0, 54, 0);
    world_free(&w);
}

static void more_rows_or_bytes_than_the_limits_are_refused(void **state) {
    World w = register_start();
    int64_t rows = config_int(w.ctx->config, CONFIG_IMPORT_ROWS),
            bytes = config_int(w.ctx->config, CONFIG_IMPORT_BYTES);
    ImportReport report;
    Arena *arena = arena_new(0);

    (void)state;
    char *text = arena_alloc(arena, (size_t)bytes + 1);
    memset(text, 'x', (size_t)bytes + 1);
    FAILS(outlet_import(w.ctx, (Str){ text, (size_t)bytes + 1 }, false, &report), ERR_LIMIT,
          "file");
    Buf many = buf_new(arena, 0);
    buf_add(&many, S("名称\n"));
    for (int64_t i = 0; i <= rows; i++)
        buf_add(&many, S("a\n"));
    assert_int_equal(outlet_import(w.ctx, buf_str(&many), false, &report).code, ERR_LIMIT);
    assert_int_equal(world_count(&w, "outlet"), 0);
    arena_free(arena);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_is_taken_in_once_and_a_second_run_changes_nothing),
        cmocka_unit_test(a_dry_run_reports_the_same_and_writes_nothing),
        cmocka_unit_test(one_refused_row_keeps_all_out_and_every_fault_is_named),
        cmocka_unit_test(the_same_number_or_account_twice_in_a_file_is_refused),
        cmocka_unit_test(refused_columns_name_their_rule),
        cmocka_unit_test(a_private_account_is_refused_with_rule_6),
        cmocka_unit_test(what_is_no_roster_is_refused_as_a_whole),
        cmocka_unit_test(encodings_marks_and_line_ends_of_spreadsheets_are_read),
        cmocka_unit_test(a_column_that_is_missing_keeps_what_is_stored),
        cmocka_unit_test(the_register_keeps_its_states_itself),
        cmocka_unit_test(what_is_exported_is_safe_in_a_spreadsheet_and_comes_back_unchanged),
        cmocka_unit_test(the_demos_roster_goes_in_whole_and_again_without_a_change),
        cmocka_unit_test(more_rows_or_bytes_than_the_limits_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
