/* proof_rules_test.c - every rule that the program carries: it finds its example and lets its counter-example pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/embed.h"
#include "base/map.h"
#include "text/proof.h"

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
        assert_null(map_get(&examples, rules.items[i].example));
        map_set(&examples, rules.items[i].example, &rules.items[i]);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_finds_its_example_and_nothing_in_its_counter_example),
        cmocka_unit_test(no_reason_and_no_suggestion_is_empty_or_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
