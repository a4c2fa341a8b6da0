/* conf/conf_test.c - settings: their forms, bounds, sources and the sentences about mistakes. */
#include "conf/conf.h"

#include "base/buf.h"
#include "base/test_support.h"

static Err load(Arena *arena, const char *file, char **environment, Config **ret) {
    return config_load(arena, str_from_c(file), S("liandong.conf"), environment, NULL, 0, ret);
}

static void assert_file_fails(Arena *arena, const char *file, ErrCode code, const char *field,
                              const char *place) {
    Config *config = NULL;
    Err err = load(arena, file, NULL, &config);

    assert_int_equal(err.code, code);
    assert_null(config);
    assert_int_equal(err_exit_status(err), code == ERR_LIMIT ? 3 : 2);
    if (field)
        assert_string_equal(err.field, field);
    else
        assert_null(err.field);
    assert_str(err.args[0], str_from_c(place));
}

static void defaults_hold_without_a_file(void **state) {
    Config *config;

    assert_int_equal(config_load(*state, STR_EMPTY, STR_EMPTY, NULL, NULL, 0, &config).code,
                     ERR_OK);
    assert_str(config_str(config, CONFIG_HTTP_LISTEN), S("127.0.0.1:8080"));
    assert_int_equal(config_int(config, CONFIG_HTTP_WORKERS), 32);
    assert_int_equal(config_int(config, CONFIG_HTTP_HEADER_BYTES), 16384);
    assert_int_equal(config_int(config, CONFIG_HTTP_BODY_BYTES), 1048576);
    assert_int_equal(config_int(config, CONFIG_HTTP_UPLOAD_BYTES), 33554432);
    assert_int_equal(config_int(config, CONFIG_HTTP_HEADER_MS), 10000);
    assert_int_equal(config_int(config, CONFIG_ARENA_REQUEST_BYTES), ARENA_REQUEST_BYTES);
    assert_int_equal(config_int(config, CONFIG_ARENA_JOB_BYTES), ARENA_JOB_BYTES);
    assert_int_equal(config_int(config, CONFIG_SESSION_IDLE_MS), 43200000);
    assert_int_equal(config_int(config, CONFIG_SESSION_ABSOLUTE_MS), 604800000);
    assert_int_equal(config_int(config, CONFIG_INVITATION_VALID_MS), 259200000);
    assert_int_equal(config_int(config, CONFIG_LOG_LEVEL), 1);
    assert_false(config_bool(config, CONFIG_SITE_INSECURE));
    assert_int_equal(config_list(config, CONFIG_HTTP_HOSTS).len, 0);
    assert_str(config_str(config, CONFIG_DB_URL), STR_EMPTY);
}

static void every_row_is_told_whole_and_found_by_its_name(void **state) {
    Config *config;

    assert_int_equal(load(*state, "", NULL, &config).code, ERR_OK);
    for (int id = 0; id < CONFIG_COUNT; id++) {
        ConfigItem item = config_item(config, (ConfigId)id);
        ConfigId found = CONFIG_COUNT;

        assert_true(config_find(item.name, &found));
        assert_int_equal(found, id); /* so no name stands twice */
        assert_str(item.value, item.initial);
        assert_int_equal(item.source, CONFIG_FROM_DEFAULT);
        assert_str(item.place, STR_EMPTY);
        assert_true(str_contains(item.name, S(".")) && item.type_name.len > 0);
        assert_true(str_ends(str_from_c(item.help), S(".")));
        assert_true(item.lowest <= item.highest);
        assert_int_equal(item.type == CONFIG_TYPE_CHOICE, item.words.len > 0);
    }
    ConfigId none = CONFIG_COUNT;
    assert_false(config_find(S("http.liste"), &none));
    assert_false(config_find(STR_EMPTY, &none));
    assert_int_equal(none, CONFIG_COUNT);
}

/* A pair of settings that must keep an order is put to both ends together. */
static Str partner_line(Arena *arena, ConfigId id, bool is_high) {
    static const ConfigId pairs[][2] = {
        { CONFIG_HTTP_URL_BYTES, CONFIG_HTTP_HEADER_BYTES },
        { CONFIG_HTTP_BODY_BYTES, CONFIG_HTTP_UPLOAD_BYTES },
        { CONFIG_MEDIA_UPLOAD_BYTES, CONFIG_HTTP_UPLOAD_BYTES },
        { CONFIG_ARENA_REQUEST_BYTES, CONFIG_ARENA_JOB_BYTES },
        { CONFIG_SESSION_IDLE_MS, CONFIG_SESSION_ABSOLUTE_MS },
        { CONFIG_SIGNIN_DELAY_MS, CONFIG_SIGNIN_DELAY_MAX_MS },
    };
    Config *config;
    Str lines = STR_EMPTY;

    assert_int_equal(load(arena, "", NULL, &config).code, ERR_OK);
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        if (pairs[i][is_high ? 0 : 1] != id)
            continue;
        ConfigItem other = config_item(config, pairs[i][is_high ? 1 : 0]);

        lines = str_concat(arena, lines,
                           str_format(arena, "%.*s = %lld\n", STR_ARG(other.name),
                                      (long long)(is_high ? other.highest : other.lowest)));
    }
    return lines;
}

static bool takes(Arena *arena, const ConfigItem *item, int64_t number, Str partner, Err *ret) {
    Config *config;

    *ret = config_load(arena,
                       str_format(arena, "%.*s = %lld\n%.*s", STR_ARG(item->name),
                                  (long long)number, STR_ARG(partner)),
                       S("f"), NULL, NULL, 0, &config);
    return ret->code == ERR_OK && config_int(config, item->id) == number;
}

static void each_number_has_bounds_and_is_refused_beyond_them(void **state) {
    Config *config;
    size_t numbers = 0;
    Err err;

    assert_int_equal(load(*state, "", NULL, &config).code, ERR_OK);
    for (int id = 0; id < CONFIG_COUNT; id++) {
        ConfigItem item = config_item(config, (ConfigId)id);

        if (item.type != CONFIG_TYPE_INT && item.type != CONFIG_TYPE_SIZE &&
            item.type != CONFIG_TYPE_DURATION)
            continue;
        Str low = partner_line(*state, item.id, false);
        Str high = partner_line(*state, item.id, true);
        if (!takes(*state, &item, item.lowest, low, &err) ||
            !takes(*state, &item, item.highest, high, &err))
            fail_msg("%.*s refuses its bound", STR_ARG(item.name));
        assert_false(takes(*state, &item, item.lowest - 1, low, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_str(str_from_c(err.field), item.name);
        assert_false(takes(*state, &item, item.highest + 1, high, &err));
        assert_str(str_from_c(err.field), item.name);
        numbers++;
    }
    assert_true(numbers > 40);
}

static void numbers_take_their_units(void **state) {
    Config *config;

    assert_int_equal(load(*state,
                          "http.cache_bytes = 3GiB\nhttp.body_bytes=2 KiB\n"
                          "media.upload_bytes = 1 MiB\nhttp.upload_bytes = 1048576\n"
                          "session.idle_ms = 2 d\nsession.step_up_ms=90s\nhttp.idle_ms = 1500 ms\n"
                          "invitation.valid_ms = 3h\nhttp.header_ms = 1 min\n",
                          NULL, &config)
                         .code,
                     ERR_OK);
    assert_int_equal(config_int(config, CONFIG_HTTP_CACHE_BYTES), INT64_C(3) << 30);
    assert_int_equal(config_int(config, CONFIG_HTTP_BODY_BYTES), 2048);
    assert_int_equal(config_int(config, CONFIG_MEDIA_UPLOAD_BYTES), 1048576);
    assert_int_equal(config_int(config, CONFIG_SESSION_IDLE_MS), 172800000);
    assert_int_equal(config_int(config, CONFIG_SESSION_STEP_UP_MS), 90000);
    assert_int_equal(config_int(config, CONFIG_HTTP_IDLE_MS), 1500);
    assert_int_equal(config_int(config, CONFIG_INVITATION_VALID_MS), 10800000);
    assert_int_equal(config_int(config, CONFIG_HTTP_HEADER_MS), 60000);
    assert_str(config_str(config, CONFIG_HTTP_BODY_BYTES), S("2 KiB"));
}

static void values_of_another_form_are_refused(void **state) {
    static const struct {
        const char *name, *value;
    } bad[] = {
        { "http.workers", "" },
        { "http.workers", "8 KiB" },
        { "http.workers", "-1" },
        { "http.workers", "+8" },
        { "http.workers", "8.0" },
        { "http.workers", "eight" },
        { "http.workers", "99999999999999999999" },
        { "http.cache_bytes", "1 MB" },
        { "http.cache_bytes", "KiB" },
        { "http.cache_bytes", "9223372036854775807 GiB" },
        { "http.idle_ms", "1 m" },
        { "http.idle_ms", "1 KiB" },
        { "site.insecure", "yes" },
        { "site.insecure", "" },
        { "site.insecure", "2" },
        { "log.level", "loud" },
        { "log.level", "" },
        { "log.level", "INFO" },
        { "log.level", "info warn" },
        { "http.listen", "" },
        { "http.listen", "8080" },
        { "http.listen", ":8080" },
        { "http.listen", "localhost:80" },
        { "http.listen", "127.0.0.1" },
        { "http.listen", "127.0.0.1:" },
        { "http.listen", "127.0.0.1:65536" },
        { "http.listen", "127.0.0.1:-1" },
        { "http.listen", "::1:80" },
        { "http.listen", "[127.0.0.1]:80" },
        { "http.listen", "[::1]" },
        { "http.listen", "1.2.3:80" },
        { "http.listen", "[::1:80" },
        { "http.proxies", "10.0.0.0/33" },
        { "http.proxies", "10.0.0" },
        { "http.proxies", "::1/129" },
        { "http.proxies", "a,b" },
        { "http.proxies", "10.0.0.1,,10.0.0.2" },
        { "http.proxies", "10.0.0.0/" },
        { "http.proxies", "10.0.0.0/-1" },
        { "http.hosts", "a b" },
        { "http.hosts", "-a.example" },
        { "http.hosts", "a..b" },
        { "http.hosts", "a-.example" },
        { "http.hosts", "联动.example" },
        { "http.hosts", "a.example:0" },
        { "http.hosts", "a.example:x" },
        { "http.hosts", "a,,b" },
        { "http.hosts", "[::1" },
        { "http.hosts", "[x]" },
        { "http.hosts", "http://a" },
        { "http.hosts", "a." },
        { "db.url", "mysql://a" },
        { "db.url", "postgres://me:secret@host/db" },
        { "db.url", "postgres://host/db?password=x" },
        { "db.url", "record.db" },
        { "http.hosts", "a\x01" },
        { "http.hosts", "\xFF" },
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str file = str_format(*state, "# one\n%s = %s\n", bad[i].name, bad[i].value);
        Config *config = NULL;
        Err err = config_load(*state, file, S("f"), NULL, NULL, 0, &config);

        if (err.code != ERR_INVALID || !err.field)
            fail_msg("%s = %s is taken", bad[i].name, bad[i].value);
        assert_string_equal(err.field, bad[i].name);
        assert_str(err.args[0], S("f:2"));
        assert_str(err.args[1], str_from_c(bad[i].name));
        assert_null(config);
    }
}

static void addresses_names_and_lists_are_taken(void **state) {
    static const char *const good[] = {
        "http.listen = 0.0.0.0:80",
        "http.listen = [::1]:0",
        "http.listen = [2001:db8::1]:65535",
        "db.url = postgres://me@host:5432/db",
        "db.url = postgresql:///db?host=/run/postgresql",
        "http.hosts =",
        "http.hosts = [::1]:8080, 127.0.0.1:8080, [2001:db8::1], xn--fiqs8s.example",
        "http.proxies = ::1, fd00::/8, 0.0.0.0/0, 10.1.2.3/32",
        "log.level = debug",
        "site.insecure = 1",
    };
    Config *config;

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (load(*state, good[i], NULL, &config).code != ERR_OK)
            fail_msg("%s is refused", good[i]);
    }
    assert_true(config_bool(config, CONFIG_SITE_INSECURE));
    assert_int_equal(
        load(*state, "http.hosts = News.Example , b.example:8443\n", NULL, &config).code, ERR_OK);
    StrList hosts = config_list(config, CONFIG_HTTP_HOSTS);
    assert_int_equal(hosts.len, 2);
    assert_str(hosts.items[0], S("news.example"));
    assert_str(hosts.items[1], S("b.example:8443"));
}

static void texts_have_their_longest_length(void **state) {
    Buf buf = buf_new(*state, 0);

    buf_add(&buf, S("http.proxies = "));
    for (size_t len = 8; len < 4096; len += 8)
        buf_add(&buf, S("1.1.1.1,"));
    buf_add(&buf, S("10.1.1.1")); /* 4096 bytes */
    Config *config;
    assert_int_equal(config_load(*state, buf_str(&buf), S("f"), NULL, NULL, 0, &config).code,
                     ERR_OK);
    buf_add(&buf, S("0"));
    Err err = config_load(*state, buf_str(&buf), S("f"), NULL, NULL, 0, &config);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.field, "http.proxies");
}

static void the_file_may_be_written_freely(void **state) {
    Config *config;

    assert_int_equal(load(*state,
                          "\xEF\xBB\xBF# settings\r\n\r\n  \thttp.workers=8\t# few\r\n"
                          "http.hosts = a.example #b\n#http.workers = 9\nnode.id = 3",
                          NULL, &config)
                         .code,
                     ERR_OK);
    assert_int_equal(config_int(config, CONFIG_HTTP_WORKERS), 8);
    assert_int_equal(config_int(config, CONFIG_NODE_ID), 3);
    assert_str(config_str(config, CONFIG_HTTP_HOSTS), S("a.example"));
    assert_str(config_item(config, CONFIG_NODE_ID).place, S("liandong.conf:6"));
    assert_int_equal(config_item(config, CONFIG_NODE_ID).source, CONFIG_FROM_FILE);
}

static void mistakes_in_the_file_are_named_with_their_line(void **state) {
    assert_file_fails(*state, "\nhttp.worker = 8\n", ERR_INVALID, NULL, "liandong.conf:2");
    assert_file_fails(*state, "http.workers 8\n", ERR_INVALID, NULL, "liandong.conf:1");
    assert_file_fails(*state, "= 8\n", ERR_INVALID, NULL, "liandong.conf:1");
    assert_file_fails(*state, "HTTP.workers = 8\n", ERR_INVALID, NULL, "liandong.conf:1");
    assert_file_fails(*state, "\x1B[31m = 8\n", ERR_INVALID, NULL, "liandong.conf:1");
    assert_file_fails(*state, "node.id = 1\n\nnode.id = 1\n", ERR_INVALID, "node.id",
                      "liandong.conf:3");
    assert_file_fails(*state, "http.workers = 0\n", ERR_INVALID, "http.workers", "liandong.conf:1");
}

static void a_file_beyond_its_bound_is_refused(void **state) {
    char *bytes = arena_alloc(*state, CONFIG_FILE_BYTES_MAX + 1);
    Config *config = NULL;

    memset(bytes, '\n', CONFIG_FILE_BYTES_MAX + 1);
    Str whole = { bytes, CONFIG_FILE_BYTES_MAX };
    assert_int_equal(config_load(*state, whole, S("f"), NULL, NULL, 0, &config).code, ERR_OK);
    config = NULL;
    whole.len++;
    assert_int_equal(config_load(*state, whole, S("f"), NULL, NULL, 0, &config).code, ERR_LIMIT);
    assert_null(config);
}

static void the_stronger_source_wins(void **state) {
    char *environment[] = { (char[]){ "PATH=/bin" },
                            (char[]){ "LIANDONG_HTTP_WORKERS=5" },
                            (char[]){ "LIANDONG_NODE_ID= 6 " },
                            (char[]){ "LIANDONG_DATA=/nowhere" },
                            (char[]){ "LIANDONG_" },
                            (char[]){ "LIANDONG_NODE_IDS=999" },
                            NULL };
    const ConfigFlag flags[] = { { S_INIT("node.id"), S_INIT("7"), S_INIT("--node") },
                                 { S_INIT("db.batch_us"), S_INIT("8") } };
    Config *config;

    assert_int_equal(config_load(*state, S("http.workers = 4\nnode.id = 4\nledger.batch = 4\n"),
                                 S("liandong.conf"), environment, flags, COUNT_OF(flags), &config)
                         .code,
                     ERR_OK);
    assert_int_equal(config_int(config, CONFIG_LEDGER_BATCH), 4);
    assert_int_equal(config_int(config, CONFIG_HTTP_WORKERS), 5);
    assert_int_equal(config_int(config, CONFIG_NODE_ID), 7);
    assert_int_equal(config_int(config, CONFIG_DB_BATCH_US), 8);
    ConfigItem item = config_item(config, CONFIG_HTTP_WORKERS);
    assert_int_equal(item.source, CONFIG_FROM_ENVIRONMENT);
    assert_str(item.place, S("LIANDONG_HTTP_WORKERS"));
    item = config_item(config, CONFIG_NODE_ID);
    assert_int_equal(item.source, CONFIG_FROM_FLAG);
    assert_str(item.place, S("--node"));
    assert_str(item.value, S("7"));
    assert_str(config_item(config, CONFIG_DB_BATCH_US).place, S("db.batch_us"));
}

static void a_mistake_in_any_source_is_a_mistake(void **state) {
    char *environment[] = { (char[]){ "LIANDONG_NODE_ID=256" }, NULL };
    const ConfigFlag good = { S_INIT("node.id"), S_INIT("7") };
    const ConfigFlag unknown = { S_INIT("node.name"), S_INIT("7"), S_INIT("--name") };
    const ConfigFlag bad = { S_INIT("node.id"), S_INIT("x"), S_INIT("--node") };
    Config *config = NULL;

    Err err = config_load(*state, STR_EMPTY, S("f"), environment, &good, 1, &config);
    assert_int_equal(err.code, ERR_INVALID);
    assert_str(err.args[0], S("LIANDONG_NODE_ID"));
    err = config_load(*state, STR_EMPTY, S("f"), NULL, &unknown, 1, &config);
    assert_int_equal(err.code, ERR_INVALID);
    assert_str(err.args[1], S("node.name"));
    err = config_load(*state, STR_EMPTY, S("f"), NULL, &bad, 1, &config);
    assert_int_equal(err.code, ERR_INVALID);
    assert_str(err.args[0], S("--node"));
    err = config_load(*state, S("node.id = x"), S("f"), NULL, &good, 1, &config);
    assert_int_equal(err.code, ERR_INVALID);
    assert_null(config);
}

static void settings_that_contradict_one_another_are_refused(void **state) {
    assert_file_fails(*state, "session.idle_ms = 7 d\nsession.absolute_ms = 1 d\n", ERR_INVALID,
                      "session.idle_ms", "session.idle_ms");
    assert_file_fails(*state, "http.upload_bytes = 1 MiB\n", ERR_INVALID, "media.upload_bytes",
                      "media.upload_bytes");
    Config *config;
    assert_int_equal(
        load(*state, "session.idle_ms = 1 d\nsession.absolute_ms = 24 h\n", NULL, &config).code,
        ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(defaults_hold_without_a_file),
        WITH_ARENA(every_row_is_told_whole_and_found_by_its_name),
        WITH_ARENA(each_number_has_bounds_and_is_refused_beyond_them),
        WITH_ARENA(numbers_take_their_units),
        WITH_ARENA(values_of_another_form_are_refused),
        WITH_ARENA(addresses_names_and_lists_are_taken),
        WITH_ARENA(texts_have_their_longest_length),
        WITH_ARENA(the_file_may_be_written_freely),
        WITH_ARENA(mistakes_in_the_file_are_named_with_their_line),
        WITH_ARENA(a_file_beyond_its_bound_is_refused),
        WITH_ARENA(the_stronger_source_wins),
        WITH_ARENA(a_mistake_in_any_source_is_a_mistake),
        WITH_ARENA(settings_that_contradict_one_another_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
