/* proof_fault_test.c - each function of the proofreader with storage failing at every step: whole, or nothing. */
#include "features/manuscript/test_newsroom.h"
#include "features/proof/proof.h"
#include "testing/faults.h"

extern const Migration proof_migrations[];
extern const size_t proof_migrations_count;

static void every_function_is_whole_or_nothing(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    ProofReading reading;
    ProofIgnoredList list;
    ProofVersionList versions;
    ProofVersion own;
    int64_t made;
    Str names;
    ManuscriptVersion version;

    (void)state;
    world_migrate(&n.w, proof_migrations, proof_migrations_count);
    Manuscript m = news_draft(&n, "既使下雨");
    OK_(manuscript_version(ctx, m.id, m.working_n, &version));
    as(ctx, &n.ben, &n.paper);
    WRITES(&n.w, NO_RET, proof_ignore(ctx, m.id, S("W001"), S("既使")));
    WRITES(&n.w, NO_RET, proof_ignore(ctx, 0, S("W001"), S("既使")));
    WRITES(&n.w, made,
           proof_list_change(ctx, PROOF_OWN_RULES, 0, S("liandong-proof 1"), S("起头"), "text",
                             &made));
    READS(&n.w, reading, proof_of_version(ctx, &m, &version, &n.paper, &reading));
    READS(&n.w, own, proof_list_now(ctx, PROOF_OWN_RULES, &own));
    READS(&n.w, own, proof_list_version(ctx, PROOF_OWN_RULES, 1, &own));
    READS(&n.w, versions, proof_list_versions(ctx, PROOF_OWN_RULES, 0, &versions));
    READS(&n.w, names, proof_register_names(ctx, &names));
    READS(&n.w, list, proof_ignored_of(ctx, n.paper.id, 0, &list));
    WRITES(&n.w, NO_RET, proof_heed(ctx, m.id, S("W001"), S("既使")));
    WRITES(&n.w, NO_RET, proof_heed(ctx, 0, S("W001"), S("既使")));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_function_is_whole_or_nothing) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("proof");
    return failed;
}
