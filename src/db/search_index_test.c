/* db/search_index_test.c - what search promises: every word of 1, 2, 3 ... characters is found, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "db/search_index.h"
#include "testing/world.h"
#include "text/bigrams.h"
#include "text/fold.h"
#include "text/json_read.h"

static void assert_ok(Err err) {
    if (err.code != ERR_OK)
        print_error("%s (%s)\n", err.msgid, err.where);
    assert_int_equal(err.code, ERR_OK);
}

static SearchRow row(int64_t id, Str title, Str body) {
    return (SearchRow){
        .subject_id = id, .outlet_id = 1 + id % 2, .at_ms = 1000 + id, .title = title, .body = body
    };
}

static SearchHits find(World *w, Str query) {
    SearchHits hits;

    assert_ok(search_index_find(w->ctx, query, 0, 0, 0, 100, &hits));
    return hits;
}

static void put(World *w, int64_t id, Str title, Str body) {
    SearchRow one = row(id, title, body);
    assert_ok(search_index_put(w->ctx, &one, 1));
}

static void words_of_any_length_are_found_where_they_stand(void **state) {
    World w = world_new();

    put(&w, 1, S("高校媒体联动中心成立"), S("会议在南昌举行，2026年第1期。"));
    put(&w, 2, S("Campus Media"), S("校媒联盟 Liandong 发布"));
    assert_int_equal(find(&w, S("联")).total, 2);
    assert_int_equal(find(&w, S("联动")).total, 1);
    assert_int_equal(find(&w, S("体联动")).total, 1);
    assert_int_equal(find(&w, S("动联")).total, 0);
    assert_int_equal(find(&w, S("高校媒体联动中心成立")).total, 1);
    assert_int_equal(find(&w, S("立会")).total,
                     0); /* the end of the title, the start of the body */
    assert_int_equal(find(&w, S("liandong")).total, 1);
    assert_int_equal(find(&w, S("ＬＩＡＮＤＯＮＧ")).total, 1);
    assert_int_equal(find(&w, S("lian")).total, 0); /* words of letters are found whole */
    assert_int_equal(find(&w, S("2026年")).total, 1);
    assert_int_equal(find(&w, S("昌举行2026年第1期")).total, 1);
    world_free(&w);
}

static void every_word_of_the_query_must_be_there(void **state) {
    World w = world_new();

    put(&w, 1, S("媒体"), S("联动中心"));
    put(&w, 2, S("媒体"), S("融合中心"));
    assert_int_equal(find(&w, S("媒体 中心")).total, 2);
    assert_int_equal(find(&w, S("媒体　联动")).total, 1);
    assert_int_equal(find(&w, S("媒体 联动 融合")).total, 0);
    assert_int_equal(find(&w, S("一 二 三 四 五 六 七 八")).total, 0);
    world_free(&w);
}

static void a_query_without_terms_gives_no_hit(void **state) {
    World w = world_new();
    SearchHits hits;

    put(&w, 1, S("媒体"), S("\"AND\" OR NOT (x) a:b * ' \\"));
    assert_int_equal(find(&w, STR_EMPTY).total, 0);
    assert_int_equal(find(&w, S(" 。，! \" ' ")).total, 0);
    assert_int_equal(find(&w, S("\"and\"")).total,
                     1); /* signs of the query language are only signs */
    assert_int_equal(find(&w, S("title:x")).total, 0);
    assert_int_equal(find(&w, S("媒体 OR nowhere")).total, 0);
    assert_int_equal(find(&w, S("a'b")).total, 1);
    assert_int_equal(search_index_find(w.ctx, S("\xff"), 0, 0, 0, 1, &hits).code, ERR_INVALID);
    world_free(&w);
}

static void a_query_has_bounds(void **state) {
    World w = world_new();
    SearchHits hits;
    Buf text = buf_new(w.ctx->arena, 0);

    for (int i = 0; i < SEARCH_PHRASE_MAX + 1; i++)
        buf_add(&text, S("字"));
    put(&w, 1, STR_EMPTY, buf_str(&text));
    assert_int_equal(find(&w, buf_str(&text)).total, 1); /* 65 characters are 64 terms */
    buf_add(&text, S("字"));
    Err err = search_index_find(w.ctx, buf_str(&text), 0, 0, 0, 1, &hits);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.field, "q");
    for (int i = 0; i < SEARCH_QUERY_CHARS_MAX; i++)
        buf_add_char(&text, ' ');
    assert_int_equal(search_index_find(w.ctx, buf_str(&text), 0, 0, 0, 1, &hits).code, ERR_LIMIT);
    err = search_index_find(w.ctx, S("1 2 3 4 5 6 7 8 9"), 0, 0, 0, 1, &hits);
    assert_int_equal(err.code, ERR_LIMIT);
    world_free(&w);
}

static void hits_come_newest_first_page_by_page_and_per_outlet(void **state) {
    enum { COUNT = 25 };
    World w = world_new();
    SearchRow rows[COUNT];
    SearchHits hits;
    int64_t at_ms = 0, id = 0, seen = 0, last_at = INT64_MAX, last_id = INT64_MAX;

    for (int i = 0; i < COUNT; i++) {
        rows[i] = row(100 - i, S("新闻"), STR_EMPTY);
        rows[i].at_ms = 5000 + i / 3; /* some share their time */
    }
    assert_ok(search_index_put(w.ctx, rows, COUNT));
    for (;;) {
        assert_ok(search_index_find(w.ctx, S("新闻"), 0, at_ms, id, 4, &hits));
        assert_int_equal(hits.total, COUNT);
        for (size_t i = 0; i < hits.len; i++) {
            at_ms = hits.at_ms[i];
            id = hits.subject_ids[i];
            assert_true(at_ms < last_at || (at_ms == last_at && id < last_id));
            last_at = at_ms;
            last_id = id;
            seen++;
        }
        if (hits.len < 4)
            break;
    }
    assert_int_equal(seen, COUNT);
    assert_ok(search_index_find(w.ctx, S("新闻"), 2, 0, 0, 100, &hits));
    assert_int_equal(hits.total, 12);
    assert_int_equal(hits.len, 12);
    assert_ok(search_index_find(w.ctx, S("新闻"), 3, 0, 0, 100, &hits));
    assert_int_equal(hits.total, 0);
    world_free(&w);
}

static void a_row_put_again_is_found_by_its_new_text_only(void **state) {
    World w = world_new();

    put(&w, 1, S("旧标题"), S("旧正文"));
    put(&w, 1, S("新标题"), S("新正文"));
    assert_int_equal(find(&w, S("旧")).total, 0);
    assert_int_equal(find(&w, S("新正文")).total, 1);
    assert_int_equal(world_count(&w, "search_row"), 1);
    assert_ok(search_index_remove(w.ctx, 1));
    assert_ok(search_index_remove(w.ctx, 1));
    assert_int_equal(find(&w, S("新")).total, 0);
    assert_ok(search_index_purge(w.ctx));
    put(&w, 1, S("再来"), STR_EMPTY);
    assert_int_equal(find(&w, S("再来")).total, 1);
    world_free(&w);
}

static void the_version_is_that_of_the_terms_stored(void **state) {
    World w = world_new();
    int64_t version = -1;

    assert_ok(search_index_version(w.ctx, &version));
    assert_int_equal(version, 0);
    put(&w, 1, S("标题"), S("正文"));
    assert_ok(search_index_version(w.ctx, &version));
    assert_int_equal(version, BIGRAMS_VERSION);
    assert_ok(search_index_clear(w.ctx));
    assert_ok(search_index_version(w.ctx, &version));
    assert_int_equal(version, 0);
    assert_int_equal(find(&w, S("标题")).total, 0);
    world_free(&w);
}

static void an_index_of_another_version_is_made_anew(void **state) {
    World w = world_new();
    int64_t version = -1;

    put(&w, 1, S("标题"), S("正文"));
    assert_ok(db_exec_derived(w.ctx, "UPDATE search_state SET version = 999", NO_ARGS));
    put(&w, 2, S("标题"), S("二"));
    assert_ok(search_index_version(w.ctx, &version));
    assert_int_equal(version, BIGRAMS_VERSION);
    assert_int_equal(find(&w, S("标题")).total, 2);
    assert_ok(search_index_rebuild(w.ctx));
    assert_int_equal(find(&w, S("标题")).total, 2);
    assert_int_equal(find(&w, S("正文")).total, 1);
    world_free(&w);
}

static void a_failure_while_putting_leaves_the_index_as_it_was(void **state) {
    for (int step = 0;; step++) {
        World w = world_new();
        SearchRow rows[] = { row(1, S("新"), S("新")), row(2, S("新"), S("新")) };

        put(&w, 1, S("旧"), S("旧"));
        db_fail_at(w.ctx->db, step);
        Err err = search_index_put(w.ctx, rows, 2);
        db_fail_at(w.ctx->db, -1);
        assert_int_equal(find(&w, S("旧")).total, err.code == ERR_OK ? 0 : 1);
        assert_int_equal(find(&w, S("新")).total, err.code == ERR_OK ? 2 : 0);
        world_free(&w);
        if (err.code == ERR_OK) {
            assert_true(step > 6);
            return;
        }
    }
}

/* ---- long texts ---- */

/* A text of `chars` characters; the one at i says where it is, so that no two stretches are alike. */
static Str long_text(Arena *arena, size_t chars) {
    Buf text = buf_new(arena, 0);

    for (size_t i = 0; i < chars; i++) /* digits to the base 100, each from a range of its own */
        buf_add_rune(&text, (uint32_t)(0x4E00 + i % 3 * 100 +
                                       (i % 3 == 0   ? i / 3 % 100
                                        : i % 3 == 1 ? i / 300 % 100
                                                     : i / 30000 % 100)));
    return buf_str(&text);
}

static void a_text_beyond_the_positions_of_a_tsvector_is_found_at_every_place(void **state) {
    enum { CHARS = 40000 };
    World w = world_new();
    Str text = long_text(w.ctx->arena, CHARS);

    put(&w, 1, S("长"), text);
    for (size_t at = 0; at + 60 < CHARS; at += 37) {
        size_t from = at * 3; /* each character has 3 bytes */
        size_t chars = 6 + at % 55;
        Arena *arena = arena_new(0), *own = w.ctx->arena;

        w.ctx->arena = arena;
        assert_int_equal(find(&w, str_slice(text, from, from + chars * 3)).total, 1);
        w.ctx->arena = own;
        arena_free(arena);
    }
    world_free(&w);
}

static void a_term_beyond_the_places_of_a_tsvector_is_found_at_every_place(void **state) {
    enum { TIMES = 600 };
    World w = world_new();
    Buf text = buf_new(w.ctx->arena, 0);

    for (int i = 0; i < TIMES; i++) {
        buf_add(&text, S("的"));
        buf_add_rune(&text, (uint32_t)(0x5000 + i));
    }
    put(&w, 1, STR_EMPTY, buf_str(&text));
    for (int i = 0; i < TIMES; i++) {
        Buf word = buf_new(w.ctx->arena, 0);
        buf_add(&word, S("的"));
        buf_add_rune(&word, (uint32_t)(0x5000 + i));
        assert_int_equal(find(&w, buf_str(&word)).total, 1);
    }
    assert_int_equal(find(&w, S("的的")).total, 0);
    world_free(&w);
}

static void words_far_apart_in_a_long_text_are_found_together(void **state) {
    World w = world_new();
    Buf text = buf_new(w.ctx->arena, 0);

    buf_add(&text, S("开头。"));
    buf_add(&text, long_text(w.ctx->arena, 40000));
    buf_add(&text, S("。结尾"));
    put(&w, 1, S("长"), buf_str(&text));
    assert_int_equal(find(&w, S("开头 结尾")).total, 1);
    assert_int_equal(find(&w, S("开头 中间")).total, 0);
    world_free(&w);
}

/* ---- real news: every word counted as a substring ---- */

enum { NEWS = 2000, SAMPLES = 150 };

typedef VEC(SearchRow) Rows;
typedef VEC(Str) Texts;

static Str folded(Arena *arena, Str text) {
    Buf buf = buf_new(arena, 0);
    FoldWalk walk;
    FoldChar c;

    fold_start(&walk, text);
    while (fold_next(&walk, &c))
        buf_add_rune(&buf, c.rune);
    return buf_str(&buf);
}

/* The first news items; false when the folder of corpora is not there. */
static bool read_news(Arena *arena, Rows *rows, Texts *texts) {
    enum { LINE_MAX_BYTES = 1 << 20 };
    const char *shared = getenv("LIANDONG_SHARED");

    if (!shared || access(shared, R_OK) != 0)
        return false;
    char *path = str_to_c(
        arena, str_format(arena, "%s/corpora/text/news/xwlb-2022-09_2024-12.jsonl.gz", shared));
    gzFile file = gzopen(path, "rb");
    char *line = arena_alloc(arena, LINE_MAX_BYTES);
    assert_non_null(file);
    while (rows->len < NEWS && gzgets(file, line, LINE_MAX_BYTES)) {
        Json *item;
        Str copy = str_dup(arena, str_from_c(line));

        assert_ok(json_read(arena, copy, 8, &item));
        Str title = json_get_text(item, "title"), body = json_get_text(item, "text");
        int64_t id = (int64_t)rows->len + 1;
        *VEC_PUSH(arena, rows) = row(id, title, body);
        Str both = str_format(arena, "%.*s\n%.*s", STR_ARG(title), STR_ARG(body));
        *VEC_PUSH(arena, texts) = folded(arena, both);
    }
    gzclose(file);
    assert_int_equal(rows->len, NEWS);
    return true;
}

/* `chars` characters of a text from a random place, when all are Han. */
static bool sample_word(World *w, const Texts *texts, size_t chars, Str *ret) {
    Str text = texts->items[chance_below(w->ctx->chance, texts->len)];
    size_t from = chance_below(w->ctx->chance, text.len), to;

    while (from > 0 && ((unsigned char)text.ptr[from] & 0xC0) == 0x80)
        from--;
    to = from;
    for (size_t i = 0; i < chars; i++) {
        uint32_t rune = to < text.len ? utf8_next(text, &to) : UTF8_BAD;
        if (rune < 0x4E00 || rune > 0x9FFF)
            return false;
    }
    *ret = str_slice(text, from, to);
    return true;
}

static int64_t count_substring(const Texts *texts, Str word) {
    int64_t count = 0;

    for (size_t i = 0; i < texts->len; i++)
        count += str_contains(texts->items[i], word);
    return count;
}

static void in_real_news_each_word_is_found_as_often_as_it_is_a_substring(void **state) {
    World w = world_new();
    Arena *arena = arena_new(0);
    Rows rows = { 0 };
    Texts texts = { 0 };
    int ran = 0;

    if (!read_news(arena, &rows, &texts)) {
        print_message("%d cases skipped: LIANDONG_SHARED names no folder\n", 4 * SAMPLES);
        arena_free(arena);
        world_free(&w);
        return;
    }
    int64_t from_ms = clock_monotonic_ms(clock_system());
    for (size_t i = 0; i < rows.len; i += 100) {
        assert_ok(search_index_put(w.ctx, &rows.items[i], 100));
        arena_reset(w.ctx->arena, 0);
    }
    int64_t put_ms = clock_monotonic_ms(clock_system()) - from_ms;
    from_ms = clock_monotonic_ms(clock_system());
    for (size_t chars = 1; chars <= 4; chars++) {
        for (int i = 0; i < SAMPLES;) {
            Str word;
            if (!sample_word(&w, &texts, chars, &word))
                continue;
            int64_t want = count_substring(&texts, word), have = find(&w, word).total;
            if (have != want)
                print_error("%.*s: %d instead of %d\n", STR_ARG(word), (int)have, (int)want);
            assert_int_equal(have, want);
            arena_reset(w.ctx->arena, 0);
            i++;
            ran++;
        }
    }
    print_message("%d cases ran: %d articles put in %lld ms, asked and counted in %lld ms\n", ran,
                  NEWS, (long long)put_ms,
                  (long long)(clock_monotonic_ms(clock_system()) - from_ms));
    arena_free(arena);
    world_free(&w);
}

static void a_range_holds_what_is_put_in_it_and_nothing_else(void **state) {
    World w = world_new();
    SearchRow rows[] = { row(7, S("新七"), S("联盟")), row(4, S("新四"), S("联盟")) };
    int64_t gone = -1;

    (void)state;
    for (int64_t id = 1; id <= 9; id++)
        put(&w, id, S("旧"), S("联盟"));
    assert_ok(search_index_replace(w.ctx, 2, 7, rows, COUNT_OF(rows), &gone));
    assert_int_equal(gone, 3); /* 3, 5 and 6 */
    assert_int_equal(find(&w, S("联盟")).total, 6);
    assert_int_equal(find(&w, S("旧")).total, 4);
    assert_int_equal(find(&w, S("新四")).total, 1);
    assert_ok(search_index_replace(w.ctx, 2, 7, rows, COUNT_OF(rows), &gone)); /* again */
    assert_int_equal(gone, 0);
    assert_ok(search_index_replace(w.ctx, 7, INT64_MAX, NULL, 0, &gone));
    assert_int_equal(gone, 2);
    assert_int_equal(find(&w, S("联盟")).total, 4);
    world_free(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_any_length_are_found_where_they_stand),
        cmocka_unit_test(a_range_holds_what_is_put_in_it_and_nothing_else),
        cmocka_unit_test(every_word_of_the_query_must_be_there),
        cmocka_unit_test(a_query_without_terms_gives_no_hit),
        cmocka_unit_test(a_query_has_bounds),
        cmocka_unit_test(hits_come_newest_first_page_by_page_and_per_outlet),
        cmocka_unit_test(a_row_put_again_is_found_by_its_new_text_only),
        cmocka_unit_test(the_version_is_that_of_the_terms_stored),
        cmocka_unit_test(an_index_of_another_version_is_made_anew),
        cmocka_unit_test(a_failure_while_putting_leaves_the_index_as_it_was),
        cmocka_unit_test(a_text_beyond_the_positions_of_a_tsvector_is_found_at_every_place),
        cmocka_unit_test(a_term_beyond_the_places_of_a_tsvector_is_found_at_every_place),
        cmocka_unit_test(words_far_apart_in_a_long_text_are_found_together),
        cmocka_unit_test(in_real_news_each_word_is_found_as_often_as_it_is_a_substring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
