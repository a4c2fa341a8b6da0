/* text/csv_test.c - tables as spreadsheets write them, and cells that no spreadsheet may run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/csv.h"
#include "text/suite.h"

static Arena *arena;

static int begin(void **state) {
    arena = arena_new(0);
    return 0;
}

static int end(void **state) {
    arena_close(&arena);
    return 0;
}

/* "1[a|b] 3[c]": line and cells of each row. */
static const char *shown(Str text) {
    CsvTable table = { 0 };
    Buf buf = buf_new(arena, 0);

    assert_int_equal(csv_read(arena, text, CSV_LIMITS, &table).code, ERR_OK);
    for (size_t i = 0; i < table.len; i++) {
        buf_add_format(&buf, "%s%zu[", i > 0 ? " " : "", table.rows[i].line);
        for (size_t cell = 0; cell < table.rows[i].len; cell++)
            buf_add_format(&buf, "%s%.*s", cell > 0 ? "|" : "", STR_ARG(table.rows[i].cells[cell]));
        buf_add_char(&buf, ']');
    }
    return str_to_c(arena, buf_str(&buf));
}

static void assert_refused(Str text, CsvLimits limits, ErrCode code, const char *arg) {
    CsvTable table = { NULL, 99 };
    Err err = csv_read(arena, text, limits, &table);

    assert_int_equal(err.code, code);
    assert_int_equal(table.len, 99);
    if (arg)
        assert_string_equal(str_to_c(arena, err.args[0]), arg);
}

static void lines_may_end_in_three_ways(void **state) {
    assert_string_equal(shown(S("a,b\r\nc,d\ne\rf")), "1[a|b] 2[c|d] 3[e] 4[f]");
    assert_string_equal(shown(S("a,b\r\n")), "1[a|b]");
    assert_string_equal(shown(S("\xEF\xBB\xBF编号,名称\r\n")), "1[编号|名称]");
    assert_string_equal(shown(S("")), "");
    assert_string_equal(shown(S("\xEF\xBB\xBF")), "");
}

static void empty_lines_are_counted_but_no_rows(void **state) {
    assert_string_equal(shown(S("\n\r\na\n\n\rb\n\n")), "3[a] 6[b]");
    assert_string_equal(shown(S(",\n")), "1[|]");
    assert_string_equal(shown(S("\"\"\n")), "1[]");
    assert_string_equal(shown(S("a,")), "1[a|]");
}

static void quotes_hold_commas_breaks_and_quotes(void **state) {
    assert_string_equal(shown(S("\"a,b\",\"c\"\"d\"\"\",\"\"\"\"\n")), "1[a,b|c\"d\"|\"]");
    assert_string_equal(shown(S("\"a\r\nb\nc\rd\",x\ny")), "1[a\r\nb\nc\rd|x] 5[y]");
    assert_string_equal(shown(S("5\" disk,a \"b\"\n")), "1[5\" disk|a \"b\"]");
}

static void mistakes_name_their_line(void **state) {
    assert_refused(S("a\n\"b\nc,d\n"), CSV_LIMITS, ERR_INVALID, "2");
    assert_refused(S("a\n\"b\"c\n"), CSV_LIMITS, ERR_INVALID, "2");
    assert_refused(S("a\n\"b\"\"\n"), CSV_LIMITS, ERR_INVALID, "2");
    assert_refused(S("a\r\nb\r\n\xC4\xE3\n"), CSV_LIMITS, ERR_INVALID, "3");
    assert_refused(S("a\rb\0\n"), CSV_LIMITS, ERR_INVALID, "2");
}

static void limits_hold_at_the_bound_and_beyond(void **state) {
    CsvLimits limits = { .text_bytes = 12, .rows = 2, .row_cells = 3, .cell_bytes = 4 };
    CsvTable table;

    assert_int_equal(csv_read(arena, S("a,b,cdef\n1\n"), limits, &table).code, ERR_OK);
    assert_refused(S("a,b,cdefg\n1\n"), limits, ERR_LIMIT, "1");
    assert_refused(S("a,b,c,d\n1\n"), limits, ERR_LIMIT, "1");
    assert_refused(S("1\n2\n3\n"), limits, ERR_LIMIT, "2");
    assert_refused(S("1234,1234\n123"), limits, ERR_LIMIT, "12");
    CLEANUP(arena_close) Arena *small = arena_new(1024);
    Str many = { memset(arena_alloc(arena, 4000), '\n', 4000), 4000 };
    for (size_t i = 0; i < many.len; i += 2)
        memcpy((char *)many.ptr + i, "x", 1);
    assert_int_equal(csv_read(small, many, CSV_LIMITS, &table).code, ERR_LIMIT);
}

static const char *written(Str cell) {
    Buf buf = buf_new(arena, 0);

    csv_write_row(&buf, &cell, 1);
    assert_true(str_ends(buf_str(&buf), S("\r\n")));
    return str_to_c(arena, str_slice(buf_str(&buf), 0, buf.len - 2));
}

static void no_cell_begins_a_formula(void **state) {
    assert_string_equal(written(S("=1+1")), "'=1+1");
    assert_string_equal(written(S("+cmd")), "'+cmd");
    assert_string_equal(written(S("-1+2")), "'-1+2");
    assert_string_equal(written(S("@SUM(A1)")), "'@SUM(A1)");
    assert_string_equal(written(S("\t=1")), "'\t=1");
    assert_string_equal(written(S("\r=1")), "\"'\r=1\"");
    assert_string_equal(written(S("  =1")), "\"'  =1\"");
    assert_string_equal(written(S("\n=1")), "\"'\n=1\"");
    assert_string_equal(written(S("＝1")), "'＝1");
    assert_string_equal(written(S("=\"a\",b")), "\"'=\"\"a\"\",b\"");
}

static void other_cells_are_as_they_are(void **state) {
    assert_string_equal(written(S("-3.5")), "-3.5");
    assert_string_equal(written(S("+86")), "+86");
    assert_string_equal(written(S("-")), "'-");
    assert_string_equal(written(S("-1.")), "'-1.");
    assert_string_equal(written(S("-1.2.3")), "'-1.2.3");
    assert_string_equal(written(S("联动")), "联动");
    assert_string_equal(written(S("a,\"b\"")), "\"a,\"\"b\"\"\"");
    assert_string_equal(written(S("")), "\"\"");
}

static void what_is_written_is_read_again(void **state) {
    Str cells[] = { S("a"),     S(""),    S(" b "), S("c\r\nd"),
                    S("\"e\""), S("f,g"), S("'"),   S("\xEF\xBB\xBFh") };
    Buf buf = buf_new(arena, 0);
    CsvTable table;

    csv_write_row(&buf, cells, COUNT_OF(cells));
    csv_write_row(&buf, cells, 2);
    Buf bom = buf_new(arena, 0);
    csv_write_row(&bom, &S("\xEF\xBB\xBF"), 1);
    assert_int_equal(csv_read(arena, buf_str(&bom), CSV_LIMITS, &table).code, ERR_OK);
    assert_int_equal(table.len, 1);
    assert_int_equal(csv_read(arena, buf_str(&buf), CSV_LIMITS, &table).code, ERR_OK);
    assert_int_equal(table.len, 2);
    assert_int_equal(table.rows[0].len, COUNT_OF(cells));
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        assert_true(str_eq(table.rows[0].cells[i], cells[i]));
}

/* Each line of published payloads, written as a cell: no bare formula sign is left in front. */
static void published_payloads_are_made_harmless(void **state) {
    static const char *const files[] = { "format-strings/format-strings.txt", "lfi/JHADDIX_LFI.txt",
                                         "http-protocol/hpp.txt", "unicode/naughty-unicode.txt" };
    size_t count = 0;

    if (!suite_is_here("injection-payloads as cells", 1000))
        return;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Str rest = suite_read(arena, "conformance/injection-payloads/%s", files[i]), line;

        while (str_cut(&rest, '\n', &line)) {
            const char *cell = written(line);

            if (line.len == 0)
                continue;
            cell += *cell == '"';
            assert_false((*cell == '=' || *cell == '+' || *cell == '-' || *cell == '@') &&
                         strspn(cell, "+-.0123456789") < strlen(cell));
            count++;
        }
    }
    printf("injection payloads: %zu cases made harmless cells\n", count);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(lines_may_end_in_three_ways),          TEST(empty_lines_are_counted_but_no_rows),
        TEST(quotes_hold_commas_breaks_and_quotes), TEST(mistakes_name_their_line),
        TEST(limits_hold_at_the_bound_and_beyond),  TEST(no_cell_begins_a_formula),
        TEST(other_cells_are_as_they_are),          TEST(what_is_written_is_read_again),
        TEST(published_payloads_are_made_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
