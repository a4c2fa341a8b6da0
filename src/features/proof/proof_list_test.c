/* proof_list_test.c - the alliance's own rules and names: versions for ever, nothing stored of a bad one, used on stories. */
#include "features/identity/cap.h"
#include "features/manuscript/test_newsroom.h"
#include "features/proof/proof.h"

extern const Migration proof_migrations[];
extern const size_t proof_migrations_count;

#define HEAD "liandong-proof 1\nlang zh\n"
#define RULE(number, find, example)                                                                \
    number " | word | " find " | 改 | 本联盟的写法。 | " example " | 别的话。\n"

static Newsroom start(void) {
    Newsroom n = newsroom_new();

    world_migrate(&n.w, proof_migrations, proof_migrations_count);
    as(n.ctx, &n.ben, &n.paper);
    return n;
}

static Err change(Newsroom *n, ProofListKind kind, int64_t base, const char *text) {
    int64_t made;

    return proof_list_change(n->ctx, kind, base, str_from_c(text), S("为了统一"), "text", &made);
}

static Str found_in(Newsroom *n, const char *text) {
    Filing filing = news_filing("一篇", text);
    Buf out = buf_new(n->ctx->arena, 0);
    ManuscriptVersion version;
    ProofReading reading;
    Manuscript m;

    as(n->ctx, &n->ann, &n->paper);
    OK_(manuscript_file(n->ctx, &filing, &m));
    OK_(manuscript_version(n->ctx, m.id, m.working_n, &version));
    OK_(proof_of_version(n->ctx, &m, &version, &n->paper, &reading));
    for (size_t i = 0; i < reading.found.len; i++)
        buf_add_format(&out, "%s%.*s", i ? " " : "", STR_ARG(reading.found.items[i].rule->number));
    as(n->ctx, &n->ben, &n->paper);
    return buf_str(&out);
}

#define FOUND(n, text, rules) assert_true(str_eq(found_in(n, text), S(rules)))

static void each_change_is_a_version_that_stays(void **state) {
    Newsroom n = start();
    ProofVersionList list;
    ProofVersion one;
    int64_t made, logged = world_count(&n.w, "ledger_pending");

    (void)state;
    OK_(proof_list_now(n.ctx, PROOF_OWN_RULES, &one));
    assert_true(one.n == 0 && one.text.len == 0);
    OK_(change(&n, PROOF_OWN_RULES, 0, HEAD RULE("H001", "食堂子", "去食堂子。")));
    OK_(change(&n, PROOF_OWN_RULES, 1, HEAD));
    OK_(proof_list_change(n.ctx, PROOF_OWN_RULES, -1,
                          S("\xEF\xBB\xBFliandong-proof 1\r\nlang zh\r\n\r\n"), S("又一次"), "file",
                          &made));
    assert_int_equal(made, 2); /* the same list */
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged + 2);
    OK_(proof_list_version(n.ctx, PROOF_OWN_RULES, 1, &one));
    assert_true(str_contains(one.text, S("食堂子")) && str_eq(one.note, S("为了统一")) &&
                one.by_id == n.ben.id && one.at_ms == n.ctx->now_ms);
    OK_(proof_list_versions(n.ctx, PROOF_OWN_RULES, 0, &list));
    assert_true(list.len == 2 && list.items[0].n == 2 && list.items[1].n == 1);
    OK_(proof_list_versions(n.ctx, PROOF_OWN_RULES, 2, &list));
    assert_true(list.len == 1 && list.items[0].n == 1);
    OK_(proof_list_now(n.ctx, PROOF_OWN_NAMES, &one));
    assert_int_equal(one.n, 0); /* another list */
    FAILS(proof_list_version(n.ctx, PROOF_OWN_RULES, 3, &one), ERR_NOT_FOUND, NULL);
    FAILS(proof_list_version(n.ctx, PROOF_OWN_RULES, 0, &one), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void a_bad_line_is_named_and_nothing_is_stored(void **state) {
    static const struct {
        ProofListKind kind;
        const char *text, *line;
    } bad[] = { { PROOF_OWN_RULES, "", "1" },
                { PROOF_OWN_RULES, "rules", "1" },
                { PROOF_OWN_RULES, HEAD "# why\nH001 | word | # | b | c d e | f | g", "4" },
                { PROOF_OWN_RULES, HEAD RULE("W001", "食堂子", "去食堂子。"), "3" },
                { PROOF_OWN_RULES, HEAD RULE("H001", "食堂子", "去食堂。"), "3" },
                { PROOF_OWN_RULES, HEAD RULE("H001", "话", "一句话。"), "3" },
                { PROOF_OWN_RULES, HEAD RULE("H01", "甲", "甲。") RULE("H01", "乙", "乙。"), "4" },
                { PROOF_OWN_RULES, HEAD "H001 | regex | (a+)+ | b | c d e | f | g", "3" },
                { PROOF_OWN_NAMES, "liandong-proof 1", "1" },
                { PROOF_OWN_NAMES, "liandong-names 1\n甲某\n", "2" } };
    Newsroom n = start();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Err err = change(&n, bad[i].kind, 0, bad[i].text);
        assert_true(err.code == ERR_INVALID && strcmp(err.field, "text") == 0);
        assert_true(str_eq(err.args[0], str_from_c(bad[i].line)) && err.args[1].len > 0);
    }
    FAILS(change(&n, PROOF_OWN_RULES, 0, "\xff"), ERR_INVALID, "text");
    assert_int_equal(world_count(&n.w, "proof_list"), 0);
    newsroom_free(&n);
}

static void a_version_is_a_persons_with_a_reason_and_on_the_newest(void **state) {
    Newsroom n = start();
    Buf longer = buf_new(n.ctx->arena, 0), note = buf_new(n.ctx->arena, 0);
    int64_t made;

    (void)state;
    buf_add(&longer, S(HEAD "#"));
    while (longer.len <= PROOF_OWN_CHARS)
        buf_add(&longer, S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    for (int i = 0; i <= PROOF_NOTE_CHARS; i++)
        buf_add(&note, S("字"));
    FAILS(proof_list_change(n.ctx, PROOF_OWN_RULES, 0, buf_str(&longer), S("x"), "text", &made),
          ERR_LIMIT, "text");
    FAILS(proof_list_change(n.ctx, PROOF_OWN_RULES, 0, S(HEAD), S("  "), "text", &made),
          ERR_INVALID, "note");
    FAILS(proof_list_change(n.ctx, PROOF_OWN_RULES, 0, S(HEAD), S("a\nb\x01"), "text", &made),
          ERR_INVALID, "note");
    FAILS(proof_list_change(n.ctx, PROOF_OWN_RULES, 0, S(HEAD), buf_str(&note), "text", &made),
          ERR_LIMIT, "note");
    FAILS(change(&n, PROOF_OWN_RULES, 1, HEAD), ERR_CONFLICT, "version");
    OK_(change(&n, PROOF_OWN_RULES, 0, HEAD));
    FAILS(change(&n, PROOF_OWN_RULES, 0, "liandong-proof 1"), ERR_CONFLICT, "version");
    as_operator(n.ctx);
    FAILS(change(&n, PROOF_OWN_RULES, 1, "liandong-proof 1"), ERR_FORBIDDEN, NULL);
    assert_int_equal(world_count(&n.w, "proof_list"), 1);
    newsroom_free(&n);
}

static void own_rules_are_asked_beside_the_programs_and_may_be_let_pass(void **state) {
    Newsroom n = start();

    (void)state;
    FOUND(&n, "既使去食堂子吃饭。", "W001");
    OK_(change(&n, PROOF_OWN_RULES, 0, HEAD RULE("H001", "食堂子", "去食堂子。")));
    FOUND(&n, "去食堂子吃饭，既使下雨。", "H001 W001"); /* by place */
    FAILS(proof_ignore(n.ctx, 0, S("H002"), S("食堂子")), ERR_INVALID, "rule");
    OK_(proof_ignore(n.ctx, 0, S("H001"), S("食堂子")));
    FOUND(&n, "去食堂子吃饭，既使下雨。", "W001");
    OK_(change(&n, PROOF_OWN_RULES, 1, HEAD));
    FOUND(&n, "一个食堂子。", "");
    newsroom_free(&n);
}

static void own_names_have_their_order_and_the_cards_people_their_titles(void **state) {
    Newsroom n = start();

    (void)state;
    n.paper.first_responsible = S("顾问渠");
    n.paper.direct_lead = S("江上舟");
    n.paper.teacher = S("穆青山、江上舟");
    FOUND(&n, "第一责任人穆青山讲话。", "L001");
    FOUND(&n, "穆青山、顾问渠到场。", "");             /* a card gives no order */
    FOUND(&n, "分管领导江上舟和指导教师江上舟。", ""); /* who has two titles there keeps neither */
    OK_(change(&n, PROOF_OWN_NAMES, 0, "liandong-names 1\n周明远 | 馆长\n林书白 | 副馆长\n"));
    FOUND(&n, "林书白、周明远到场，馆长周明运讲话。", "L002 L003");
    FOUND(&n, "周明远、林书白、穆青山到场。", "");
    newsroom_free(&n);
}

static void the_registers_people_make_a_list_that_is_taken(void **state) {
    Newsroom n = start();
    Str names;

    (void)state;
    OK_(proof_register_names(n.ctx, &names));
    assert_true(str_starts(names, S("liandong-names 1\n")));
    OK_(change(&n, PROOF_OWN_NAMES, 0, str_to_c(n.ctx->arena, names)));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_a_version_that_stays),
        cmocka_unit_test(a_bad_line_is_named_and_nothing_is_stored),
        cmocka_unit_test(a_version_is_a_persons_with_a_reason_and_on_the_newest),
        cmocka_unit_test(own_rules_are_asked_beside_the_programs_and_may_be_let_pass),
        cmocka_unit_test(own_names_have_their_order_and_the_cards_people_their_titles),
        cmocka_unit_test(the_registers_people_make_a_list_that_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
