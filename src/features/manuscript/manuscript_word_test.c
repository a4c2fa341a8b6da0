/* manuscript_word_test.c - stories from Word files: what is taken in, what is asked for, what is refused. */
#include "features/manuscript/test_word.h"
#include "image/image.h"

static void a_file_becomes_a_draft(void **state) {
    Newsroom n = word_newsroom();
    WordFile file = word_file(n.ctx, "picture");
    ManuscriptVersion v;
    Manuscript m;
    Json *word;

    (void)state;
    OK_(manuscript_file_word(n.ctx, &file, &m));
    OK_(manuscript_version(n.ctx, m.id, 1, &v));
    assert_true(str_eq(m.state, S("draft")));
    assert_true(str_eq(m.title, S("picture")));
    assert_true(str_contains(v.html, S("<figure><img src=\"/media/")));
    assert_true(str_contains(v.html, S("alt=\"一座石桥，桥下有三只鸭子\"")));
    assert_int_equal(world_count(&n.w, "media"), 1);
    OK_(manuscript_word(n.ctx, m.id, &word));
    assert_true(str_eq(json_get_text(word, "file_name"), S("picture.docx")));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    newsroom_free(&n);
}

static void what_was_lost_is_kept_beside_it(void **state) {
    Newsroom n = word_newsroom();
    WordFile file = word_file(n.ctx, "tracked");
    Manuscript m;
    Json *word;

    (void)state;
    OK_(manuscript_file_word(n.ctx, &file, &m));
    OK_(manuscript_word(n.ctx, m.id, &word));
    assert_int_equal(json_get(json_get(word, "lost"), "tracked-changes")->integer, 6);
    m = news_draft(&n, "别处来的");
    OK_(manuscript_word(n.ctx, m.id, &word));
    assert_int_equal(word->type, JSON_NULL);
    newsroom_free(&n);
}

static void pictures_without_words_are_asked_for(void **state) {
    Newsroom n = word_newsroom();
    WordFile file = word_file(n.ctx, "picture-no-alt");
    Str one[] = { S_INIT("一座桥") }, both[] = { S_INIT("一座桥"), S_INIT("红\"墙") };
    Str blank[] = { S_INIT("一座桥"), S_INIT(" ") };
    ManuscriptVersion v;
    Manuscript m;

    (void)state;
    OK_(manuscript_file_word(n.ctx, &file, &m));
    FAILS(manuscript_submit(n.ctx, m.id, m.version, &m), ERR_INVALID, "alts");
    FAILS(manuscript_describe(n.ctx, m.id, m.version, (StrList){ one, 1 }, &m), ERR_INVALID,
          "alts");
    FAILS(manuscript_describe(n.ctx, m.id, m.version, (StrList){ blank, 2 }, &m), ERR_INVALID,
          "alts");
    OK_(manuscript_describe(n.ctx, m.id, m.version, (StrList){ both, 2 }, &m));
    OK_(manuscript_version(n.ctx, m.id, 1, &v));
    assert_true(str_contains(v.html, S("alt=\"红&quot;墙\"")));
    FAILS(manuscript_describe(n.ctx, m.id, m.version, (StrList){ both, 2 }, &m), ERR_INVALID,
          "alts");
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    newsroom_free(&n);
}

static void a_refused_file_leaves_nothing(void **state) {
    static const struct {
        const char *name;
        ErrCode code;
    } files[] = { { "bad-cut", ERR_INVALID },       { "bad-old", ERR_INVALID },
                  { "bad-encrypted", ERR_INVALID }, { "bad-text", ERR_INVALID },
                  { "bad-xml", ERR_INVALID },       { "bad-entities", ERR_INVALID },
                  { "bad-not-word", ERR_INVALID },  { "bad-bomb", ERR_LIMIT },
                  { "bad-deep", ERR_LIMIT } };
    Newsroom n = word_newsroom();
    Manuscript m;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        WordFile file = word_file(n.ctx, files[i].name);
        FAILS(manuscript_file_word(n.ctx, &file, &m), files[i].code, "file");
    }
    WordFile file = word_file(n.ctx, "picture");
    file.kind = S("诗");
    FAILS(manuscript_file_word(n.ctx, &file, &m), ERR_INVALID, "kind");
    assert_int_equal(world_count(&n.w, "media"), 0);
    assert_int_equal(world_count(&n.w, "manuscript"), 0);
    assert_int_equal(world_count(&n.w, "manuscript_word"), 0);
    newsroom_free(&n);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_a_draft),
        cmocka_unit_test(what_was_lost_is_kept_beside_it),
        cmocka_unit_test(pictures_without_words_are_asked_for),
        cmocka_unit_test(a_refused_file_leaves_nothing),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
