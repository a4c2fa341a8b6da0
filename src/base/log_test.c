/* base/log_test.c - one event, one line, whatever stands in it. */
#include "base/log.h"

#include "base/buf.h"
#include "base/test_support.h"
#include "base/utf8.h"

static FixedClock fixed;

/* One line. */
typedef struct Job {
    const Ctx *ctx;
    LogLevel level;
    const LogField *fields;
    size_t count;
} Job;

static void write_one(const void *data) {
    const Job *job = data;

    log_line(job->ctx, job->level, "test.event", job->fields, job->count);
}

static Str line_of(Arena *arena, Str value) {
    LogField field = { "value", value };
    Ctx ctx = { .clock = &fixed.clock };
    Job job = { &ctx, LOG_INFO, &field, 1 };

    return test_stderr_of(arena, write_one, &job);
}

static void assert_value(Arena *arena, Str value, Str shown) {
    assert_str(
        line_of(arena, value),
        str_format(arena, "2026-11-23T06:02:00.005Z info test.event value=%.*s\n", STR_ARG(shown)));
}

static void values_are_quoted_where_needed(void **state) {
    assert_value(*state, S("plain:1/2"), S("plain:1/2"));
    assert_value(*state, S("联动"), S("联动"));
    assert_value(*state, STR_EMPTY, S("\"\""));
    assert_value(*state, S("a b"), S("\"a b\""));
    assert_value(*state, S("a=b"), S("\"a=b\""));
    assert_value(*state, S("\"\\"), S("\"\\\"\\\\\""));
}

static void nothing_forges_a_line_or_hides(void **state) {
    assert_value(*state, S("a\r\nb\x1B[31m"), S("\"a\\r\\nb\\e[31m\""));
    assert_value(*state, (Str){ "\0\x01\x7F", 3 }, S("\"\\x00\\x01\\x7f\""));
    assert_value(*state, S("\xC2\x85"), S("\"\\xc2\\x85\""));
    assert_value(*state, S("\u2028\u202E"), S("\"\\xe2\\x80\\xa8\\xe2\\x80\\xae\""));
    assert_value(*state, S("\xE4\xB8"), S("\"\\xe4\\xb8\""));
}

static void the_line_carries_the_request(void **state) {
    Ctx ctx = { .clock = &fixed.clock, .request_id = 0xAB };
    Job job = { &ctx, LOG_WARN, NULL, 0 };
    Str text;

    test_in_child(*state, write_one, &job, &text);
    assert_str(text, S("2026-11-23T06:02:00.005Z warn test.event request=00000000000000ab\n"));
}

static void without_a_context_the_machine_tells_the_time(void **state) {
    Job job = { NULL, LOG_ERROR, NULL, 0 };
    Str text;

    test_in_child(*state, write_one, &job, &text);
    assert_true(str_ends(text, S("Z error test.event\n")));
}

static void lower_levels_are_silent(void **state) {
    Job job = { NULL, LOG_DEBUG, NULL, 0 };
    Str text;

    test_in_child(*state, write_one, &job, &text);
    assert_str(text, STR_EMPTY);
    log_set_level(LOG_DEBUG);
    test_in_child(*state, write_one, &job, &text);
    assert_true(str_contains(text, S(" debug test.event")));
    log_set_level(LOG_INFO);
}

static void a_long_line_is_cut_at_its_bound(void **state) {
    size_t over = 0;

    for (size_t len = LOG_LINE_BYTES - 100; len < LOG_LINE_BYTES + 10; len++) {
        char *bytes = arena_alloc(*state, len);

        for (int blanks = 0; blanks < 2; blanks++) {
            memset(bytes, blanks ? '\n' : 'x', len);
            Str text = line_of(*state, (Str){ bytes, len });
            assert_true(text.len <= LOG_LINE_BYTES);
            assert_int_equal(str_find_char(text, '\n', 0), text.len - 1);
            assert_true(str_ends(text, S("...\n")) || str_ends(text, S("x\n")));
            over += str_ends(text, S("...\n"));
        }
    }
    assert_true(over > 110); /* all with line feeds, which double, and the longest without */
}

static void a_character_is_never_cut_in_two(void **state) {
    for (size_t lead = 0; lead < 6; lead++) {
        Buf buf = buf_new(*state, 0);

        buf_add(&buf, str_slice(S("xxxxxx"), 0, lead));
        while (buf.len < LOG_LINE_BYTES)
            buf_add(&buf, S("联\U0001F600"));
        Str text = line_of(*state, buf_str(&buf));
        assert_true(utf8_is_valid(text));
        assert_true(str_ends(text, S("...\n")));
    }
}

static void write_err(const void *data) {
    log_err(NULL, "test.failed", *(const Err *)data);
}

static void an_error_tells_its_place_and_not_its_sentence(void **state) {
    Err err = FAIL(ERR_INVALID, "text", N_("Say what was wrong."));
    Str text;

    test_in_child(*state, write_err, &err, &text);
    assert_true(str_contains(text, S(" warn test.failed code=invalid where=")));
    assert_true(str_contains(text, S("log_test.c:")));
    assert_true(str_ends(text, S(" field=text\n")));
    assert_false(str_contains(text, S("Say")));

    err = REFUSE(12, N_("No."));
    err.retry = true;
    test_in_child(*state, write_err, &err, &text);
    assert_true(str_ends(text, S(" rule=12 retry=1\n")));

    err = FAIL(ERR_IO, NULL, N_("Gone."));
    test_in_child(*state, write_err, &err, &text);
    assert_true(str_contains(text, S(" error test.failed code=io ")));
}

static void die(const void *data) {
    log_fatal("a fault", data);
}

static void a_fatal_mistake_ends_with_70_and_one_line(void **state) {
    Str text;

    assert_int_equal(test_in_child(*state, die, "why\nso", &text), 70);
    assert_true(str_ends(text, S(" error fatal what=\"a fault\" detail=\"why\\nso\"\n")));
}

/* ---- naughty strings ---- */

static uint32_t read_hex4(Str text, size_t at) {
    return (uint32_t)strtoul(
        (char[]){ text.ptr[at], text.ptr[at + 1], text.ptr[at + 2], text.ptr[at + 3], 0 }, NULL,
        16);
}

/* The next string of a JSON array of strings, which is well formed; false at its end. */
static bool next_string(Arena *arena, Str text, size_t *at, Str *ret) {
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    Buf buf = buf_new(arena, 0);
    size_t i = str_find_char(text, '"', *at);

    if (i == SIZE_MAX)
        return false;
    for (i++; text.ptr[i] != '"'; i++) {
        if (text.ptr[i] != '\\') {
            buf_add_char(&buf, text.ptr[i]);
        } else if (text.ptr[++i] == 'u') {
            uint32_t rune = read_hex4(text, i + 1);

            i += 4;
            if (rune >= 0xD800 && rune < 0xDC00) {
                rune = 0x10000 + ((rune - 0xD800) << 10) + (read_hex4(text, i + 3) - 0xDC00);
                i += 6;
            }
            buf_add_rune(&buf, rune);
        } else {
            const char *letter = strchr(from, text.ptr[i]);

            buf_add_char(&buf, letter ? to[letter - from] : text.ptr[i]);
        }
    }
    *at = i + 1;
    *ret = buf_str(&buf);
    return true;
}

/* One line, that ends once, is UTF-8 and moves no cursor. */
static void assert_is_one_line(Str line) {
    assert_int_equal(str_find_char(line, '\n', 0), line.len - 1);
    assert_true(utf8_is_valid(line));
    assert_false(utf8_has_control(line));
    assert_int_equal(str_find_char(line, '\r', 0), SIZE_MAX);
    assert_int_equal(str_find_char(line, '\t', 0), SIZE_MAX);
    assert_false(str_contains(line, S("\u2028")) || str_contains(line, S("\u2029")) ||
                 str_contains(line, S("\u202E")));
}

static void naughty_strings_stay_one_line_each(void **state) {
    size_t cases = 0, at = 0;
    Str text, value;

    if (!test_has_shared("the naughty strings"))
        return;
    text = test_shared_file(*state, "corpora/conformance/naughty-strings/blns.json");
    for (; next_string(*state, text, &at, &value); cases++)
        assert_is_one_line(line_of(*state, value));
    assert_true(cases > 200);
    print_message("%zu naughty strings\n", cases);
}

static void every_pair_of_bytes_stays_one_line(void **state) {
    Buf buf = buf_new(*state, 0);

    for (int first = 0; first < 256; first++) {
        buf_truncate(&buf, 0);
        for (int second = 0; second < 256; second++) {
            buf_add_char(&buf, (char)first);
            buf_add_char(&buf, (char)second);
        }
        assert_is_one_line(line_of(*state, buf_str(&buf)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(values_are_quoted_where_needed),
        WITH_ARENA(nothing_forges_a_line_or_hides),
        WITH_ARENA(the_line_carries_the_request),
        WITH_ARENA(without_a_context_the_machine_tells_the_time),
        WITH_ARENA(lower_levels_are_silent),
        WITH_ARENA(a_long_line_is_cut_at_its_bound),
        WITH_ARENA(a_character_is_never_cut_in_two),
        WITH_ARENA(an_error_tells_its_place_and_not_its_sentence),
        WITH_ARENA(a_fatal_mistake_ends_with_70_and_one_line),
        WITH_ARENA(naughty_strings_stay_one_line_each),
        WITH_ARENA(every_pair_of_bytes_stays_one_line),
    };
    clock_fixed(&fixed, INT64_C(1795413720005));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
