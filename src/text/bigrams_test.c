/* text/bigrams_test.c - terms, and that phrases of them count what readers would count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/chance.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/bigrams.h"
#include "text/fold.h"
#include "text/json_read.h"
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

static BigramsTerms terms_of(Str text, BigramsMode mode) {
    BigramsTerms terms = { 0 };

    assert_int_equal(bigrams_terms(arena, text, mode, &terms).code, ERR_OK);
    return terms;
}

/* "0 中国,0+中,1 国" */
static const char *shown(Str text, BigramsMode mode) {
    BigramsTerms terms = terms_of(text, mode);
    Buf buf = buf_new(arena, 0);

    for (size_t i = 0; i < terms.len; i++) {
        const BigramsTerm *term = &terms.items[i];

        buf_add_format(&buf, "%s%zu%s%.*s", i > 0 ? "," : "", term->position,
                       term->is_colocated ? "+" : " ", STR_ARG(term->term));
    }
    return str_to_c(arena, buf_str(&buf));
}

static void runs_give_pairs_and_in_an_index_single_characters(void **state) {
    assert_string_equal(shown(S("联动网"), BIGRAMS_INDEX), "0 联动,0+联,1 动网,1+动,2 网");
    assert_string_equal(shown(S("联动网"), BIGRAMS_QUERY), "0 联动,1 动网");
    assert_string_equal(shown(S("网"), BIGRAMS_INDEX), "0 网");
    assert_string_equal(shown(S("网"), BIGRAMS_QUERY), "0 网");
    assert_string_equal(shown(S("⻄商"), BIGRAMS_QUERY), "0 ⻄商"); /* a radical for 西 */
    assert_string_equal(shown(S("カード 한국어"), BIGRAMS_QUERY),
                        "0 カー,1 ード,2 ド,3 한국,4 국어");
}

static void words_are_one_term(void **state) {
    assert_string_equal(shown(S("Don't PANIC, Ünïcode 3.5 covid-19"), BIGRAMS_INDEX),
                        "0 don,1 t,2 panic,3 ünïcode,4 3,5 5,6 covid,7 19");
    assert_string_equal(shown(S("हिन्दी"), BIGRAMS_INDEX), "0 हिन्दी");
    assert_string_equal(shown(S("ＡＢＣ２０２６"), BIGRAMS_QUERY), "0 abc2026");
}

static void positions_of_queries_fit_those_of_the_index(void **state) {
    assert_string_equal(shown(S("5G时代来了"), BIGRAMS_INDEX),
                        "0 5g,1 时代,1+时,2 代来,2+代,3 来了,3+来,4 了");
    assert_string_equal(shown(S("5G时代"), BIGRAMS_QUERY), "0 5g,1 时代");
    assert_string_equal(shown(S("时代5G"), BIGRAMS_INDEX), "0 时代,0+时,1 代,2 5g");
    assert_string_equal(shown(S("时代5G"), BIGRAMS_QUERY), "0 时代,1 代,2 5g");
    assert_string_equal(shown(S("3月5日"), BIGRAMS_QUERY), "0 3,1 月,2 5,3 日");
    assert_string_equal(shown(S("学校，食堂"), BIGRAMS_QUERY), "0 学校,1 校,2 食堂");
}

static void signs_and_damage_separate_and_are_no_terms(void **state) {
    assert_string_equal(shown(S(""), BIGRAMS_INDEX), "");
    assert_string_equal(shown(S("，。！？ …… \u200B\n"), BIGRAMS_INDEX), "");
    assert_string_equal(shown(S("中\xff国"), BIGRAMS_INDEX), "0 中,1 国");
    assert_string_equal(shown(S("\u0301中"), BIGRAMS_INDEX), "0 中");
}

static void terms_know_their_bytes(void **state) {
    Str text = S("，联动ＡＢ");
    BigramsTerms terms = terms_of(text, BIGRAMS_INDEX);

    assert_int_equal(terms.len, 4);
    assert_true(
        str_eq(str_slice(text, terms.items[0].byte_from, terms.items[0].byte_to), S("联动")));
    assert_true(str_eq(str_slice(text, terms.items[1].byte_from, terms.items[1].byte_to), S("联")));
    assert_true(
        str_eq(str_slice(text, terms.items[3].byte_from, terms.items[3].byte_to), S("ＡＢ")));
}

static void a_long_word_becomes_several_terms(void **state) {
    Str text = { memset(arena_alloc(arena, 130), 'x', 130), 130 };

    assert_int_equal(terms_of(str_slice(text, 0, BIGRAMS_WORD_MAX), BIGRAMS_INDEX).len, 1);
    BigramsTerms terms = terms_of(text, BIGRAMS_INDEX);
    assert_int_equal(terms.len, 3);
    assert_int_equal(terms.items[2].term.len, 2);
    assert_int_equal(terms.items[2].position, 2);
}

static bool stop_at_third(void *user, Str term, size_t from, size_t to, size_t position,
                          bool is_colocated) {
    return ++*(int *)user < 3;
}

static void whoever_listens_may_stop(void **state) {
    int told = 0;

    assert_false(bigrams_walk(S("一二三四五"), BIGRAMS_INDEX, stop_at_third, &told));
    assert_int_equal(told, 3);
}

static void the_list_keeps_the_budget(void **state) {
    CLEANUP(arena_close) Arena *small = arena_new(4096);
    Str text = { memset(arena_alloc(arena, 9000), 'x', 9000), 9000 };
    BigramsTerms terms = { NULL, 7 };

    assert_int_equal(bigrams_terms(small, text, BIGRAMS_INDEX, &terms).code, ERR_LIMIT);
    assert_int_equal(terms.len, 7);
}

/* ---- against counting ---- */

typedef struct Runes {
    uint32_t *items;
    size_t len, cap;
} Runes;

static Runes folded(Str text) {
    Runes runes = { 0 };
    FoldWalk walk;
    FoldChar c;

    fold_start(&walk, text);
    while (fold_next(&walk, &c))
        *VEC_PUSH(arena, &runes) = c.rune;
    return runes;
}

/* Places at which part stands in whole, overlapping ones too. */
static size_t count_substring(Runes whole, Runes part) {
    size_t count = 0;

    for (size_t at = 0; at + part.len <= whole.len; at++)
        count += memcmp(whole.items + at, part.items, part.len * sizeof part.items[0]) == 0;
    return count;
}

static bool has_term_at(const BigramsTerms *index, size_t *from, size_t position, Str term) {
    size_t i = *from;

    while (i < index->len && index->items[i].position < position)
        i++;
    for (; i < index->len && index->items[i].position == position; i++) {
        if (str_eq(index->items[i].term, term))
            return true;
    }
    return false;
}

/*
 * What a phrase query of FTS5 or tsquery's <-> counts: term i of the query at position p + i, for
 * any p.
 */
static size_t count_phrase(const BigramsTerms *index, const BigramsTerms *query) {
    size_t count = 0;

    for (size_t i = 0; i < index->len; i++) {
        size_t start = index->items[i].position, term = 0;

        if (!str_eq(index->items[i].term, query->items[0].term))
            continue;
        while (term < query->len && has_term_at(index, &i, start + term, query->items[term].term))
            term++;
        count += term == query->len;
    }
    return count;
}

/* The slice of `chars` characters that begins at byte `at`; empty unless it is a run of Chinese. */
static Str han_slice(Str text, size_t at, size_t chars) {
    size_t to = at;

    for (size_t i = 0; i < chars; i++) {
        uint32_t rune = to < text.len ? utf8_next(text, &to) : UTF8_BAD;

        if (rune < 0x4E00 || rune > 0x9FFF)
            return STR_EMPTY;
    }
    return str_slice(text, at, to);
}

typedef struct Compared {
    size_t texts, queries, matches, bytes, terms;
} Compared;

static void compare_query(Compared *compared, Runes whole, const BigramsTerms *index, Str query) {
    BigramsTerms terms = terms_of(query, BIGRAMS_QUERY);
    size_t expected = count_substring(whole, folded(query)), got = count_phrase(index, &terms);

    if (got != expected)
        fail_msg("%.*s: %zu places, %zu found", STR_ARG(query), expected, got);
    compared->queries++;
    compared->matches += got;
}

static void compare_text(Compared *compared, Chance *chance, Str text) {
    Runes whole = folded(text);
    BigramsTerms index = terms_of(text, BIGRAMS_INDEX);

    compared->texts++;
    compared->bytes += text.len;
    compared->terms += index.len;
    for (int i = 0; i < 40; i++) {
        size_t at = utf8_offset(text, chance_below(chance, whole.len)),
               chars = 1 + chance_below(chance, 8);
        Str query = han_slice(text, at, chars);

        if (query.len > 0)
            compare_query(compared, whole, &index, query);
    }
    compare_query(compared, whole, &index, S("的"));
    compare_query(compared, whole, &index, S("国家"));
    compare_query(compared, whole, &index, S("不在这里的词"));
}

static void counts_on_real_news_are_those_of_substrings(void **state) {
    SeededChance seeded;
    Compared compared = { 0 };
    char *line = arena_alloc(arena, 1 << 20);

    if (!suite_is_here("news", 400))
        return;
    gzFile file = gzopen(suite_path(arena, "text/news/xwlb-2022-09_2024-12.jsonl.gz", ""), "rb");
    assert_non_null(file);
    chance_seeded(&seeded, 20221124);
    for (size_t number = 0; gzgets(file, line, 1 << 20); number++) {
        Json *item;

        if (number % 29 != 0)
            continue;
        CLEANUP(arena_close) Arena *kept = arena;
        arena = arena_new(0);
        Err err = json_read(arena, str_from_c(line), 8, &item);
        assert_int_equal(err.code, ERR_OK);
        Str text = json_get_text(item, "text");
        if (text.len > 0)
            compare_text(&compared, &seeded.chance, text);
        Arena *own = arena;
        arena = kept;
        kept = own;
    }
    (void)gzclose(file);
    printf("news: %zu texts, %zu bytes, %zu terms; %zu cases, %zu matches, all equal\n",
           compared.texts, compared.bytes, compared.terms, compared.queries, compared.matches);
    assert_true(compared.texts >= 300 && compared.matches > compared.queries);
}

static void a_hand_made_text_counts_overlaps(void **state) {
    BigramsTerms index = terms_of(S("哈哈哈，哈哈 ABC哈"), BIGRAMS_INDEX),
                 query = terms_of(S("哈哈"), BIGRAMS_QUERY);
    BigramsTerms one = terms_of(S("哈"), BIGRAMS_QUERY),
                 mixed = terms_of(S("abc 哈"), BIGRAMS_QUERY);

    assert_int_equal(count_phrase(&index, &query), 3);
    assert_int_equal(count_phrase(&index, &one), 6);
    assert_int_equal(count_phrase(&index, &mixed), 1);
}

static bool count_term(void *user, Str term, size_t from, size_t to, size_t position,
                       bool is_colocated) {
    ++*(size_t *)user;
    return true;
}

static void time_is_linear_for_hostile_texts(void **state) {
    static const char *const parts[] = { "中",     "a",    "\u0301",        "ㄱ",
                                         "\uFDFA", "\xff", "e\u0301\u0323", "9 " };

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Buf buf = buf_new(arena, 0);
        size_t terms = 0;

        while (buf.len < 1 << 20)
            buf_add(&buf, str_from_c(parts[i]));
        int64_t start_ms = suite_cpu_ms();
        assert_true(bigrams_walk(buf_str(&buf), BIGRAMS_INDEX, count_term, &terms));
        int64_t took_ms = suite_cpu_ms() - start_ms;
        printf("1 MB of one kind: %zu terms, %lld ms\n", terms, (long long)took_ms);
        assert_true(took_ms < 10000); /* with the sanitizers, beside other work */
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    static const struct CMUnitTest tests[] = {
        TEST(runs_give_pairs_and_in_an_index_single_characters),
        TEST(words_are_one_term),
        TEST(positions_of_queries_fit_those_of_the_index),
        TEST(signs_and_damage_separate_and_are_no_terms),
        TEST(terms_know_their_bytes),
        TEST(a_long_word_becomes_several_terms),
        TEST(whoever_listens_may_stop),
        TEST(the_list_keeps_the_budget),
        TEST(counts_on_real_news_are_those_of_substrings),
        TEST(a_hand_made_text_counts_overlaps),
        TEST(time_is_linear_for_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
