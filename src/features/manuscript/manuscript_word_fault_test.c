/* manuscript_word_fault_test.c - stories from Word files with storage failing at every step: whole, or nothing. */
#include "features/manuscript/test_word.h"
#include "image/image.h"
#include "testing/faults.h"

static void storage_fails_at_each_step(void **state) {
    Newsroom n = word_newsroom();
    WordFile file = word_file(n.ctx, "picture-one");
    Str alts[] = { S_INIT("一座桥") };
    Manuscript m, next;
    Json *word;

    (void)state;
    WRITES(&n.w, m, manuscript_file_word(n.ctx, &file, &m));
    READS(&n.w, word, manuscript_word(n.ctx, m.id, &word));
    WRITES(&n.w, next, manuscript_describe(n.ctx, m.id, m.version, (StrList){ alts, 1 }, &next));
    newsroom_free(&n);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage_fails_at_each_step),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("word");
    return failed;
}
