/* text/proof_test.c - the proofreader: its files, what it finds where, and that its time is linear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/proof.h"
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

static ProofRules rules_of(const char *lines) {
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };
    Str text = str_format(arena, "liandong-proof 1\nlang zh\n%s", lines);

    assert_int_equal(proof_rules_read(arena, text, &rules, &faults).code, ERR_OK);
    assert_int_equal(faults.len, 0);
    return rules;
}

/* "W001@2-4 …": rule and characters of each finding in the body. */
static const char *found(const char *lines, ProofDraft draft) {
    ProofRules rules = rules_of(lines);
    ProofFindings findings;
    const ProofSet *set;
    Buf out = buf_new(arena, 0);

    assert_int_equal(proof_set_new(arena, &rules, &set).code, ERR_OK);
    assert_int_equal(proof_draft(arena, set, &draft, &findings).code, ERR_OK);
    for (size_t i = 0; i < findings.len; i++)
        buf_add_format(&out, "%s%.*s@%zu-%zu", i ? " " : "",
                       STR_ARG(findings.items[i].rule->number), findings.items[i].from_chars,
                       findings.items[i].to_chars);
    return str_to_c(arena, buf_str(&out));
}

#define IN(text) ((ProofDraft){ .lang = PROOF_ZH, .body = S(text) })
#define RULE(number, find) number " | word | " find " | 改 | 因为如此 | 例 | 反例\n"

static void literals_are_found_by_character_and_may_be_let_pass(void **state) {
    assert_string_equal(found(RULE("W01", "既使 ! 既使用"), IN("天。\n既使下雨既使用伞")),
                        "W01@3-5");
    assert_string_equal(found(RULE("W01", "ab"), IN("ab abc cab xab ab")), "W01@0-2 W01@15-17");
    assert_string_equal(found(RULE("W01", "AB"), IN("ab AB")), "W01@3-5");
    assert_string_equal(found("W01 | nocase | AB | x | y y y | z | w\n", IN("ab AB")),
                        "W01@0-2 W01@3-5");
    assert_string_equal(found(RULE("W01", "#公分") RULE("W02", "第&"), IN("30公分 公分 第三 第3")),
                        "W01@2-4 W02@8-9");
}

static void two_halves_are_found_in_one_clause(void **state) {
    assert_string_equal(found(RULE("G01", "约#…左右"), IN("约30人左右。约30人，左右各一。")),
                        "G01@0-6");
    assert_string_equal(found(RULE("G01", "近#…多"), IN("近6个国家的200多人")), "");
    assert_string_equal(found(RULE("G01", "等等……"), IN("纸等等……")), "G01@1-5");
}

static void a_place_has_bytes_characters_and_a_paragraph(void **state) {
    ProofRules rules = rules_of(RULE("W01", "既使"));
    ProofFindings findings;
    const ProofSet *set;
    ProofDraft draft = IN("一。\n二。既使下雨。三。");

    assert_int_equal(proof_set_new(arena, &rules, &set).code, ERR_OK);
    assert_int_equal(proof_draft(arena, set, &draft, &findings).code, ERR_OK);
    const ProofFinding *one = &findings.items[0];
    assert_true(findings.len == 1 && one->paragraph == 2 && one->from_bytes == 13 &&
                one->to_bytes == 19 && one->from_chars == 5 && one->to_chars == 7);
    assert_true(one->before.len == 0 && str_eq(one->after, S("下雨。")));
}

static void files_name_each_fault_with_its_line(void **state) {
    static const struct {
        const char *text;
        size_t line;
    } bad[] = { { "rules", 1 },
                { "liandong-proof 1\nW01 | word | a | b", 2 },
                { "liandong-proof 1\n\n" RULE("w1", "a"), 3 },
                { "liandong-proof 1\n" RULE("W01", "#"), 2 },
                { "liandong-proof 1\n" RULE("W01", "a#b"), 2 },
                { "liandong-proof 1\n" RULE("W01", "a /  / b"), 2 },
                { "liandong-proof 1\n" RULE("W01", "a") RULE("W01", "b"), 3 },
                { "liandong-proof 1\nW01 | check | none | b | c | d | e", 2 },
                { "liandong-proof 1\nW01 | list | phone | b | c | d | e", 2 },
                { "liandong-proof 1\nW01 | regex | a | b | c | d | e", 2 },
                { "liandong-proof 1\nW01 | word | a | b |  | d | e", 2 } };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        ProofRules rules = { 0 };
        ProofFaults faults = { 0 };
        assert_int_equal(proof_rules_read(arena, str_from_c(bad[i].text), &rules, &faults).code,
                         ERR_OK);
        assert_true(faults.len > 0 && faults.items[0].line == bad[i].line && rules.len == 0);
    }
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };
    assert_int_equal(proof_rules_read(arena, S("\xff"), &rules, &faults).code, ERR_INVALID);
    rules = rules_of(RULE("W01", "例"));
    assert_int_equal(proof_rules_try(arena, &rules, 0, &faults).code, ERR_OK);
    assert_int_equal(faults.len, 1); /* 反例 holds 例 */
}

static void lists_of_names_are_strict_too(void **state) {
    ProofNames names = { 0 };
    ProofFaults faults = { 0 };

    assert_int_equal(
        proof_names_read(arena, S("liandong-names 1\n甲 | 馆长\n甲 | 馆员\n乙"), &names, &faults)
            .code,
        ERR_OK);
    assert_true(faults.len == 2 && faults.items[0].line == 3 && faults.items[1].line == 4 &&
                names.len == 0);
}

#define CHECK(number, name) number " | check | " name " | 改{0} | 因为如此 | 例 | 反例\n"

static void dates_and_numbers_are_computed(void **state) {
    assert_string_equal(found(CHECK("N01", "date-none"), IN("2100年2月29日 2000年2月29日 4月31日")),
                        "N01@0-10 N01@22-27");
    assert_string_equal(
        found(CHECK("N01", "weekday-wrong"), IN("2026年11月28日（周六）2026年11月28日周日")),
        "N01@15-28");
    assert_string_equal(
        found(CHECK("S01", "id-number"), IN("110101199003074514 110101199003074515")), "S01@0-18");
}

/* 250 kB of what each check loves are read in time, slowed by the sanitizers; a square would take minutes. */
static void time_is_linear(void **state) {
    static const char *const pieces[] = { "，",      "…",     "—",         " ",  "1",
                                          "“",       "约123", "甲",        "a,", "2026年1月",
                                          "1 1234 ", "a@b",   "第一、二个" };
    ProofRules rules = rules_of(RULE("W01", "甲甲甲甲乙") RULE("W02", "约#…左右 / a")
                                    CHECK("P01", "mark-twice") CHECK("P02", "quote-open"));
    const ProofSet *set;
    ProofFindings findings;

    assert_int_equal(proof_set_new(arena, &rules, &set).code, ERR_OK);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        Buf text = buf_new(arena, 0);
        while (text.len < 250000)
            buf_add(&text, str_from_c(pieces[i]));
        ProofDraft draft = { .lang = i % 2 ? PROOF_EN : PROOF_ZH, .body = buf_str(&text) };
        int64_t start = suite_cpu_ms();
        assert_int_equal(proof_draft(arena, set, &draft, &findings).code, ERR_OK);
        int64_t spent = suite_cpu_ms() - start;
        if (spent > 2500)
            fail_msg("%s takes %lld ms", pieces[i], (long long)spent);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(literals_are_found_by_character_and_may_be_let_pass),
        TEST(two_halves_are_found_in_one_clause),
        TEST(a_place_has_bytes_characters_and_a_paragraph),
        TEST(files_name_each_fault_with_its_line),
        TEST(lists_of_names_are_strict_too),
        TEST(dates_and_numbers_are_computed),
        TEST(time_is_linear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
