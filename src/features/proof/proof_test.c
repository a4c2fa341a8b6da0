/* proof_test.c - the proofreader on the desk: findings of a version, what is let pass, and nothing of readers (R14). */
#include "features/identity/cap.h"
#include "features/manuscript/test_newsroom.h"
#include "features/proof/proof.h"

extern const Migration proof_migrations[];
extern const size_t proof_migrations_count;

static Newsroom start(void) {
    Newsroom n = newsroom_new();

    world_migrate(&n.w, proof_migrations, proof_migrations_count);
    return n;
}

/* "W001 P001": the rules of what is found in the story's text as it is worked on. */
static Str found_in(Newsroom *n, int64_t id) {
    Buf out = buf_new(n->ctx->arena, 0);
    ManuscriptVersion version;
    ProofReading reading;
    Manuscript m;

    OK_(manuscript_get(n->ctx, id, &m));
    OK_(manuscript_version(n->ctx, id, m.working_n, &version));
    OK_(proof_of_version(n->ctx, &m, &version, &n->paper, &reading));
    for (size_t i = 0; i < reading.found.len; i++)
        buf_add_format(&out, "%s%.*s", i ? " " : "", STR_ARG(reading.found.items[i].rule->number));
    return buf_str(&out);
}

static Manuscript draft_of(Newsroom *n, const char *text, const char *lang) {
    Filing filing = news_filing("一篇", text);
    Manuscript m;

    filing.lang = str_from_c(lang);
    as(n->ctx, &n->ann, &n->paper);
    OK_(manuscript_file(n->ctx, &filing, &m));
    return m;
}

#define FOUND(n, id, text) assert_true(str_eq(found_in(n, id), S(text)))

static void a_version_is_read_by_the_rules_of_its_language(void **state) {
    Newsroom n = start();
    Manuscript zh = draft_of(&n, "既使下雨,也去。\n\n打13912345678。", "zh");
    Manuscript en = draft_of(&n, "We saw the the lamp. 既使.", "en");

    (void)state;
    FOUND(&n, zh.id, "W001 P001 S001");
    FOUND(&n, en.id, "E001");
    newsroom_free(&n);
}

static void what_a_story_lets_pass_is_found_elsewhere_and_what_its_outlet_lets_pass_is_not(
    void **state) {
    Newsroom n = start();
    Manuscript a = draft_of(&n, "既使下雨。", "zh"), b = draft_of(&n, "既使刮风。", "zh");
    int64_t logged = world_count(&n.w, "ledger_pending");
    ProofIgnoredList list;

    (void)state;
    OK_(proof_ignore(n.ctx, a.id, S("W001"), S("既使")));
    FOUND(&n, a.id, "");
    FOUND(&n, b.id, "W001");
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged); /* it stands with the story */
    as(n.ctx, &n.ben, &n.paper);
    OK_(proof_ignore(n.ctx, 0, S("W001"), S("既使")));
    OK_(proof_ignore(n.ctx, 0, S("W001"), S("既使"))); /* once more is once */
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged + 1);
    FOUND(&n, b.id, "");
    OK_(proof_ignored_of(n.ctx, n.paper.id, 0, &list));
    assert_true(list.len == 1 && list.items[0].by_id == n.ben.id &&
                list.items[0].at_ms == n.ctx->now_ms && str_eq(list.items[0].word, S("既使")));
    OK_(proof_heed(n.ctx, 0, S("W001"), S("既使")));
    assert_int_equal(world_count(&n.w, "ledger_pending"), logged + 2);
    FOUND(&n, b.id, "W001");
    FAILS(proof_heed(n.ctx, 0, S("W001"), S("既使")), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

static void a_decision_is_a_persons_about_a_rule_and_a_story_of_the_outlet(void **state) {
    Newsroom n = start();
    Manuscript m = draft_of(&n, "既使下雨。", "zh");
    Buf longer = buf_new(n.ctx->arena, 0);

    (void)state;
    for (int i = 0; i <= PROOF_WORD_CHARS; i++)
        buf_add(&longer, S("字"));
    FAILS(proof_ignore(n.ctx, m.id, S("X99"), S("既使")), ERR_INVALID, "rule");
    FAILS(proof_ignore(n.ctx, m.id, S("W001"), S("")), ERR_INVALID, "word");
    FAILS(proof_ignore(n.ctx, m.id, S("W001"), S("\xff")), ERR_INVALID, "word");
    FAILS(proof_ignore(n.ctx, m.id, S("W001"), buf_str(&longer)), ERR_LIMIT, "word");
    FAILS(proof_ignore(n.ctx, 99, S("W001"), S("既使")), ERR_NOT_FOUND, NULL);
    as(n.ctx, &n.eve, &n.radio);
    FAILS(proof_ignore(n.ctx, m.id, S("W001"), S("既使")), ERR_NOT_FOUND, NULL);
    FAILS(proof_heed(n.ctx, m.id, S("W001"), S("既使")), ERR_NOT_FOUND, NULL);
    as_operator(n.ctx);
    FAILS(proof_ignore(n.ctx, m.id, S("W001"), S("既使")), ERR_FORBIDDEN, NULL);
    assert_int_equal(world_count(&n.w, "proof_ignored"), 0);
    newsroom_free(&n);
}

/* A telephone number is never kept: its masked form is, for one story. */
static void what_is_somebodys_is_stored_masked_and_for_a_story_only(void **state) {
    Newsroom n = start();
    Manuscript m = draft_of(&n, "打13912345678。", "zh");
    ProofIgnoredList list;

    (void)state;
    FAILS(proof_ignore(n.ctx, 0, S("S001"), S("139***78")), ERR_INVALID, "rule");
    OK_(proof_ignore(n.ctx, m.id, S("S001"), S("139***78")));
    FOUND(&n, m.id, "");
    OK_(proof_ignored_of(n.ctx, n.paper.id, m.id, &list));
    assert_true(list.len == 1 && !str_contains(list.items[0].word, S("2345")));
    newsroom_free(&n);
}

/* R14: the rows are of the desk, per outlet, by people who see drafts; none is for readers, none takes a text. */
static void no_row_is_for_readers(void **state) {
    (void)state;
    for (const Route *row = proof_routes; row->method; row++) {
        assert_true((row->cap & CAP_PER_OUTLET) != 0 && row->outlet_of != NULL);
        int cap = row->cap & ~CAP_PER_OUTLET;
        assert_true(cap == CAP_DRAFTS || cap == CAP_FILE || cap == CAP_RELEASE);
        assert_int_equal(row->flags & (ROUTE_CACHED | ROUTE_NO_CSRF | ROUTE_RAW), 0);
        for (const Field *field = row->fields; field->name; field++)
            assert_true(field->type != FIELD_TEXT && field->type != FIELD_FILE);
    }
    /* Whoever is let in without a right reads the lists; what is sent is a list, by who keeps them. */
    for (const Route *row = proof_list_routes; row->method; row++) {
        bool is_read = strcmp(row->method, "GET") == 0;
        assert_true(row->cap == CAP_RULES || (row->cap == CAP_READ && is_read));
        for (const Field *field = row->fields; field && field->name; field++)
            assert_true(field->place != IN_BODY || !is_read);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_is_read_by_the_rules_of_its_language),
        cmocka_unit_test(
            what_a_story_lets_pass_is_found_elsewhere_and_what_its_outlet_lets_pass_is_not),
        cmocka_unit_test(a_decision_is_a_persons_about_a_rule_and_a_story_of_the_outlet),
        cmocka_unit_test(what_is_somebodys_is_stored_masked_and_for_a_story_only),
        cmocka_unit_test(no_row_is_for_readers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
