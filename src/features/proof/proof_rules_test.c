/* proof_rules_test.c - every rule that the program carries: it finds its example and lets its counter-example pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/embed.h"
#include "base/map.h"
#include "text/html_text.h"
#include "text/markdown.h"
#include "text/proof.h"
#include "text/suite.h"

extern const Embedded proof_rule_files[];
extern const size_t proof_rule_files_count;

static void each_rule_finds_its_example_and_nothing_in_its_counter_example(void **state) {
    Arena *arena = arena_new(0);
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };

    (void)state;
    for (size_t i = 0; i < proof_rule_files_count; i++) {
        Str text = { (const char *)proof_rule_files[i].bytes, proof_rule_files[i].len };
        size_t from = rules.len;
        assert_int_equal(proof_rules_read(arena, text, &rules, &faults).code, ERR_OK);
        assert_int_equal(proof_rules_try(arena, &rules, from, &faults).code, ERR_OK);
        for (size_t f = 0; f < faults.len; f++)
            printf("  %s:%zu %s %.*s\n", proof_rule_files[i].name, faults.items[f].line,
                   faults.items[f].msgid, STR_ARG(faults.items[f].arg));
        assert_int_equal(faults.len, 0);
        assert_true(rules.len > from);
    }
    printf("proof-rules: %zu cases passed, 0 failed\n", rules.len * 2);
    assert_true(rules.len >= 300);
    arena_free(arena);
}

/* A rule that says why with nothing, or that has the example of another, was copied in haste. */
static void no_reason_and_no_suggestion_is_empty_or_repeated(void **state) {
    Arena *arena = arena_new(0);
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };
    Map examples = map_new(arena);

    (void)state;
    for (size_t i = 0; i < proof_rule_files_count; i++) {
        Str text = { (const char *)proof_rule_files[i].bytes, proof_rule_files[i].len };
        assert_int_equal(proof_rules_read(arena, text, &rules, &faults).code, ERR_OK);
    }
    for (size_t i = 0; i < rules.len; i++) {
        assert_true(rules.items[i].reason.len > 6);
        assert_true(rules.items[i].number.ptr[0] != 'H'); /* those are an alliance's own */
        assert_null(map_get(&examples, rules.items[i].example));
        map_set(&examples, rules.items[i].example, &rules.items[i]);
    }
    arena_free(arena);
}

/* False alarms are the enemy: of the two hundred stories that the demo carries, edited with care, few are pointed at. */
static void the_stories_of_the_demo_are_let_alone(void **state) {
    Arena *arena = arena_new(0);
    const char *folder = str_format(arena, "%s/demo/stories", getenv("LIANDONG_SOURCE")).ptr;
    ProofRules rules = { 0 };
    ProofFaults faults = { 0 };
    const ProofSet *set;
    size_t stories = 0, findings = 0;
    DIR *dir = opendir(folder);

    (void)state;
    assert_non_null(dir);
    for (size_t i = 0; i < proof_rule_files_count; i++) {
        Str text = { (const char *)proof_rule_files[i].bytes, proof_rule_files[i].len };
        assert_int_equal(proof_rules_read(arena, text, &rules, &faults).code, ERR_OK);
    }
    assert_int_equal(proof_set_new(arena, &rules, &set).code, ERR_OK);
    for (struct dirent *item; (item = readdir(dir));) {
        ProofFindings found;
        if (!str_ends(str_from_c(item->d_name), S(".md")))
            continue;
        Str file = suite_read_path(arena, str_format(arena, "%s/%s", folder, item->d_name).ptr);
        size_t head = str_find(file, S("\n\n"), 0);
        Str body = str_slice(file, head, str_find(file, S("\n==="), head));
        assert_int_equal(markdown_render(arena, body, MARKDOWN_ARTICLE, &body).code, ERR_OK);
        ProofDraft draft = { .lang = str_contains(str_slice(file, 0, head), S("lang: en"))
                                         ? PROOF_EN
                                         : PROOF_ZH,
                             .body = html_text(arena, body),
                             .has_sources = true };
        assert_int_equal(proof_draft(arena, set, &draft, &found).code, ERR_OK);
        for (size_t i = 0; i < found.len; i++)
            printf("  %s: %.*s %.*s\n", item->d_name, STR_ARG(found.items[i].rule->number),
                   STR_ARG(found.items[i].word));
        stories++;
        findings += found.len;
    }
    (void)closedir(dir);
    printf("proof-demo: %zu findings in %zu stories\n", findings, stories);
    assert_true(stories > 0 && findings * 10 <= stories);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_finds_its_example_and_nothing_in_its_counter_example),
        cmocka_unit_test(the_stories_of_the_demo_are_let_alone),
        cmocka_unit_test(no_reason_and_no_suggestion_is_empty_or_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
