/* manuscript_test.c - filing, changing, releasing, withdrawing and reading stories: the promise of the header. */
#include "features/manuscript/test_newsroom.h"

/* So many times the same character of three bytes. */
static Str run_of(Ctx *ctx, size_t chars) {
    Buf out = buf_new(ctx->arena, 0);

    for (size_t i = 0; i < chars; i++)
        buf_add(&out, S("字"));
    return buf_str(&out);
}

static Err file_with(Newsroom *n, Filing filing) {
    Manuscript m = { .id = -1 };
    Err err = manuscript_file(n->ctx, &filing, &m);

    assert_true(err.code == ERR_OK ? m.id > 0 : m.id == -1);
    return err;
}

/* ---- filing ---- */

static void a_filed_story_is_a_numbered_draft_of_its_outlet(void **state) {
    Newsroom n = newsroom_new();
    int64_t logged = world_count(&n.w, "ledger_pending");
    Manuscript m = news_draft(&n, "  今天开闸  "), again;
    ManuscriptVersion v;

    (void)state;
    assert_true(str_eq(m.number, S("CC001-2026-0001")));
    assert_true(str_eq(m.state, S("draft")) && str_eq(m.profile, S("two-person")));
    OK_(manuscript_get(n.ctx, m.id, &again));
    assert_true(str_eq(again.title, S("今天开闸")) && again.author_id == n.ann.id &&
                again.outlet_id == n.paper.id && again.published_n == 0 && again.version == 1);
    OK_(manuscript_version(n.ctx, m.id, 1, &v));
    assert_true(str_eq(v.html, S("<p>第一段。</p>\n<p>第二段。</p>\n")));
    assert_true(str_eq(v.text, S("第一段。\n第二段。")) && v.hash.len == 64 &&
                v.made_by == n.ann.id && v.released_ms == 0);
    assert_true(str_eq(news_draft(&n, "第二篇").number, S("CC001-2026-0002")));
    assert_int_equal(world_count(&n.w, "ledger_pending") - logged, 2);
    newsroom_free(&n);
}

/* R1. */
static void a_story_without_an_outlet_is_refused_by_number(void **state) {
    Newsroom n = newsroom_new();
    Filing filing = news_filing("无主", "词。");
    Manuscript m = news_draft(&n, "有主"), ret;
    int64_t rows = world_count(&n.w, "manuscript");

    (void)state;
    n.ctx->outlet_id = 0;
    Err errs[] = { manuscript_file(n.ctx, &filing, &ret),
                   manuscript_change(n.ctx, m.id, 1, &filing, &ret),
                   manuscript_submit(n.ctx, m.id, 1, &ret),
                   manuscript_release(n.ctx, m.id, 1, &ret),
                   manuscript_return(n.ctx, m.id, 1, S("x"), &ret),
                   manuscript_withdraw(n.ctx, m.id, 1, S("x"), &ret) };
    for (size_t i = 0; i < COUNT_OF(errs); i++)
        assert_true(errs[i].code == ERR_REFUSED && errs[i].rule == 1);
    assert_int_equal(world_count(&n.w, "manuscript"), rows);
    newsroom_free(&n);
}

static void the_operator_and_jobs_have_no_content_rights(void **state) {
    static const ActorKind actors[] = { ACTOR_OPERATOR, ACTOR_JOB, ACTOR_NOBODY };
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "在版"), ret;
    Filing filing = news_filing("改", "词。");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(actors); i++) {
        n.ctx->actor = actors[i];
        n.ctx->person_id = 0;
        FAILS(manuscript_file(n.ctx, &filing, &ret), ERR_FORBIDDEN, NULL);
        FAILS(manuscript_change(n.ctx, m.id, m.version, &filing, &ret), ERR_FORBIDDEN, NULL);
        FAILS(manuscript_submit(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
        FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
        FAILS(manuscript_return(n.ctx, m.id, m.version, S("x"), &ret), ERR_FORBIDDEN, NULL);
        FAILS(manuscript_withdraw(n.ctx, m.id, m.version, S("x"), &ret), ERR_FORBIDDEN, NULL);
    }
    newsroom_free(&n);
}

static void lines_have_bounds(void **state) {
    Newsroom n = newsroom_new();
    Filing good = news_filing("题", "词。"), f;

    (void)state;
    f = good, f.title = run_of(n.ctx, TITLE_CHARS_MAX);
    OK_(file_with(&n, f));
    f = good, f.title = run_of(n.ctx, TITLE_CHARS_MAX + 1);
    FAILS(file_with(&n, f), ERR_LIMIT, "title");
    f = good, f.title = S(" \t ");
    FAILS(file_with(&n, f), ERR_INVALID, "title");
    f = good, f.title = S("a\nb");
    FAILS(file_with(&n, f), ERR_INVALID, "title");
    f = good, f.title = S("a\x01");
    FAILS(file_with(&n, f), ERR_INVALID, "title");
    f = good, f.title = S("\xed\xa0\x80");
    FAILS(file_with(&n, f), ERR_INVALID, "title");
    f = good, f.summary = run_of(n.ctx, SUMMARY_CHARS_MAX);
    OK_(file_with(&n, f));
    f = good, f.summary = run_of(n.ctx, SUMMARY_CHARS_MAX + 1);
    FAILS(file_with(&n, f), ERR_LIMIT, "summary");
    f = good, f.note = run_of(n.ctx, SUMMARY_CHARS_MAX + 1);
    FAILS(file_with(&n, f), ERR_LIMIT, "note");
    f = good, f.kind = S("小说");
    FAILS(file_with(&n, f), ERR_INVALID, "kind");
    f = good, f.lang = S("fr");
    FAILS(file_with(&n, f), ERR_INVALID, "lang");
    f = good, f.format = S("docx");
    FAILS(file_with(&n, f), ERR_INVALID, "format");
    assert_int_equal(world_count(&n.w, "manuscript"), 2);
    newsroom_free(&n);
}

static void lists_have_bounds(void **state) {
    Newsroom n = newsroom_new();
    Filing good = news_filing("题", "词。"), f;
    Str items[SOURCES_MAX + 1];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(items); i++)
        items[i] = S("https://example.org/");
    f = good, f.sources = (StrList){ items, SOURCES_MAX };
    OK_(file_with(&n, f));
    f = good, f.sources = (StrList){ items, SOURCES_MAX + 1 };
    FAILS(file_with(&n, f), ERR_LIMIT, "sources");
    f = good, f.tags = (StrList){ items, TAGS_MAX };
    OK_(file_with(&n, f));
    f = good, f.tags = (StrList){ items, TAGS_MAX + 1 };
    FAILS(file_with(&n, f), ERR_LIMIT, "tags");
    items[0] = S(" ");
    f = good, f.tags = (StrList){ items, 1 };
    FAILS(file_with(&n, f), ERR_INVALID, "tags");
    newsroom_free(&n);
}

static void the_text_has_bounds_and_something_is_left_of_it(void **state) {
    Newsroom n = newsroom_new();
    size_t most = (size_t)config_int(n.ctx->config, CONFIG_TEXT_ARTICLE_BYTES);
    Filing good = news_filing("题", "词。"), f;
    char *bytes = arena_alloc(n.ctx->arena, most + 1);

    (void)state;
    for (size_t i = 0; i <= most; i++)
        bytes[i] = i % 60 == 59 ? '\n' : 'a';
    f = good, f.source = (Str){ bytes, most };
    OK_(file_with(&n, f));
    f = good, f.source = (Str){ bytes, most + 1 };
    FAILS(file_with(&n, f), ERR_LIMIT, "text");
    f = good, f.source = S(" \n ");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f = good, f.source = S("\xff");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f = good, f.format = S("html"), f.source = S("<script>alert(1)</script>");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    newsroom_free(&n);
}

/* security-checklist 10: Markdown and pasted HTML pass the same sanitizer. */
static void sec_10_no_active_content_is_stored(void **state) {
    static const char *const hostile[] = {
        "<p onclick=\"alert(1)\">词</p>",
        "<a href=\"javascript:alert(1)\">词</a>",
        "<svg onload=alert(1)>词</svg>词",
        "<iframe src=//evil.example></iframe>词",
        "[词](javascript:alert(1))",
        "词 <form action=x><input name=y></form>",
        "<style>*{}</style>词",
    };
    static const char *const never[] = { "<script", "<p onclick", "<a href=\"javascript",
                                         "<svg",    "<iframe",    "<form",
                                         "<style" };
    Newsroom n = newsroom_new();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(hostile); i++)
        for (int is_html = 0; is_html < 2; is_html++) {
            Filing f = news_filing("题", hostile[i]);
            ManuscriptVersion v;
            Manuscript m;
            f.format = is_html ? S("html") : S("markdown");
            OK_(manuscript_file(n.ctx, &f, &m));
            OK_(manuscript_version(n.ctx, m.id, 1, &v));
            for (size_t k = 0; k < COUNT_OF(never); k++)
                assert_false(str_contains(v.html, str_from_c(never[k])));
            assert_true(str_contains(v.text, S("词")));
        }
    newsroom_free(&n);
}

/* Statement 10 again: HTML that an older sanitizer stored passes the present one on its way out. */
static void sec_10_html_of_an_older_sanitizer_is_cleaned_again(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "旧的过滤器");
    ManuscriptVersion v, *versions;
    ManuscriptList list;

    (void)state;
    OK_(db_exec(n.ctx,
                "UPDATE manuscript_version SET html = $1, cleaner = 0 WHERE manuscript_id = $2",
                ARGS(TXT(S("<p onclick=\"x\">词</p>")), INT(m.id))));
    OK_(manuscript_version(n.ctx, m.id, 1, &v));
    assert_true(str_eq(v.html, S("<p>词</p>")));
    OK_(manuscript_feed(n.ctx, 0, 30, &list, &versions));
    assert_true(list.len == 1 && str_eq(versions[0].html, S("<p>词</p>")));
    newsroom_free(&n);
}

/* ---- pictures ---- */

static void pictures_are_the_outlets_own_and_have_words(void **state) {
    Newsroom n = newsroom_new();
    Media own = news_picture(&n, &n.paper, "own"), foreign = news_picture(&n, &n.radio, "radio");
    Picture pictures[PICTURES_MAX + 1];
    Filing f = news_filing("图", "词。");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pictures); i++)
        pictures[i] = (Picture){ own.id, S("一棵树"), S("安宁 摄") };
    f.pictures = pictures;
    f.picture_count = PICTURES_MAX;
    OK_(file_with(&n, f));
    f.picture_count = PICTURES_MAX + 1;
    FAILS(file_with(&n, f), ERR_LIMIT, "more_pictures");
    f.picture_count = 1;
    pictures[0].alt = S("  ");
    FAILS(file_with(&n, f), ERR_INVALID, "alt");
    pictures[0].alt = run_of(n.ctx, ALT_CHARS_MAX);
    OK_(file_with(&n, f));
    pictures[0].alt = run_of(n.ctx, ALT_CHARS_MAX + 1);
    FAILS(file_with(&n, f), ERR_LIMIT, "alt");
    pictures[0] = (Picture){ own.id, S("树"), run_of(n.ctx, CREDIT_CHARS_MAX + 1) };
    FAILS(file_with(&n, f), ERR_LIMIT, "credit");
    f.picture_count = 2;
    pictures[0] = (Picture){ own.id, S("树"), STR_EMPTY };
    pictures[1] = (Picture){ own.id, S(" "), STR_EMPTY };
    FAILS(file_with(&n, f), ERR_INVALID, "more_pictures"); /* the field that is at fault */
    pictures[1] = (Picture){ foreign.id, S("树"), STR_EMPTY };
    FAILS(file_with(&n, f), ERR_INVALID, "more_pictures");
    f.picture_count = 1;
    pictures[0] = (Picture){ foreign.id, S("树"), STR_EMPTY };
    FAILS(file_with(&n, f), ERR_INVALID, "picture");
    pictures[0] = (Picture){ 12345, S("树"), STR_EMPTY };
    FAILS(file_with(&n, f), ERR_INVALID, "picture");
    newsroom_free(&n);
}

static void pictures_in_the_text_are_held_to_the_same(void **state) {
    Newsroom n = newsroom_new();
    Media own = news_picture(&n, &n.paper, "own"), foreign = news_picture(&n, &n.radio, "radio");
    Arena *a = n.ctx->arena;
    Filing f = news_filing("图", "词。");
    Buf many = buf_new(a, 0);

    (void)state;
    f.source = str_format(a, "词 ![一棵树](/media/%.*s)", STR_ARG(own.hash));
    OK_(file_with(&n, f));
    f.source = str_format(a, "词 ![](/media/%.*s)", STR_ARG(own.hash));
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f.source = str_format(a, "词 ![一棵树](/media/%.*s)", STR_ARG(foreign.hash));
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f.source = S("词 ![一棵树](https://elsewhere.example/a.png)");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f.source = S("词 ![一棵树](/media/../../etc/passwd)");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f.format = S("html");
    f.source = S("<p>词 <img src=\"/media/0\" alt=\"a > b\"></p>");
    FAILS(file_with(&n, f), ERR_INVALID, "text");
    f.source =
        str_format(a, "<p>词 <img alt='5 > 3 \"so\"' src=\"/media/%.*s\"></p>", STR_ARG(own.hash));
    OK_(file_with(&n, f));
    f.format = S("markdown");
    for (int i = 0; i < PICTURES_MAX; i++)
        buf_add_format(&many, "![树](/media/%.*s)\n", STR_ARG(own.hash));
    f.source = str_dup(a, buf_str(&many));
    OK_(file_with(&n, f));
    buf_add_format(&many, "![树](/media/%.*s)\n", STR_ARG(own.hash));
    f.source = buf_str(&many);
    FAILS(file_with(&n, f), ERR_LIMIT, "text");
    newsroom_free(&n);
}

static bool may_see(Newsroom *n, const Media *media) {
    bool is_public;
    Str type, bytes;
    Err err = media_file(n->ctx, media->hash, &is_public, &type, &bytes);

    assert_true(err.code == ERR_OK || err.code == ERR_NOT_FOUND);
    return err.code == ERR_OK;
}

/* sec_47: with the release a picture becomes everybody's, with the withdrawal the outlet's own again. */
static void sec_47_pictures_are_public_as_long_as_a_released_version_shows_them(void **state) {
    Newsroom n = newsroom_new();
    Media first = news_picture(&n, &n.paper, "first"),
          second = news_picture(&n, &n.paper, "second");
    Media inside = news_picture(&n, &n.paper, "inside");
    Picture picture = { first.id, S("一"), STR_EMPTY };
    Filing f = news_filing("图", "词。");
    Manuscript m;

    (void)state;
    f.pictures = &picture;
    f.picture_count = 1;
    f.source = str_format(n.ctx->arena, "词 ![里面](/media/%.*s)", STR_ARG(inside.hash));
    OK_(manuscript_file(n.ctx, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    n.ctx->actor = ACTOR_NOBODY;
    assert_false(may_see(&n, &first) || may_see(&n, &inside));
    as(n.ctx, &n.eve, &n.radio);
    assert_false(may_see(&n, &first)); /* another outlet's */
    as(n.ctx, &n.ben, &n.paper);
    assert_true(may_see(&n, &first));
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    n.ctx->actor = ACTOR_NOBODY;
    assert_true(may_see(&n, &first) && may_see(&n, &inside));

    as(n.ctx, &n.ann, &n.paper);
    picture.media_id = second.id;
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    n.ctx->actor = ACTOR_NOBODY;
    assert_true(may_see(&n, &first) && !may_see(&n, &second));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    n.ctx->actor = ACTOR_NOBODY;
    assert_true(may_see(&n, &first) && may_see(&n, &second)); /* version 1 is still served */
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_withdraw(n.ctx, m.id, m.version, S("有误。"), &m));
    n.ctx->actor = ACTOR_NOBODY;
    assert_false(may_see(&n, &first) || may_see(&n, &second) || may_see(&n, &inside));
    newsroom_free(&n);
}

/* ---- changing, submitting, returning ---- */

static void an_edit_after_submitting_opens_the_story_again(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "一稿"), ret;
    Filing f = news_filing("二稿", "改过的词。");

    (void)state;
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    assert_true(str_eq(m.state, S("draft")) && m.working_n == 1 && str_eq(m.title, S("二稿")));
    as(n.ctx, &n.ben, &n.paper);
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_CONFLICT, "state");
    newsroom_free(&n);
}

static void the_last_writer_does_not_release_even_of_anothers_story(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "安宁的稿"), ret;
    Filing f = news_filing("贲远改过", "改过的词。");

    (void)state;
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
    FAILS(manuscript_return(n.ctx, m.id, m.version, S("x"), &ret), ERR_FORBIDDEN, NULL);
    as(n.ctx, &n.ann, &n.paper);
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    newsroom_free(&n);
}

static void a_return_says_why_and_by_whom_until_the_release(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "缺来源"), ret;
    Filing f = news_filing("有来源", "词。");

    (void)state;
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    FAILS(manuscript_return(n.ctx, m.id, m.version, S(" \n"), &ret), ERR_INVALID, "reason");
    FAILS(manuscript_return(n.ctx, m.id, m.version, S("\xff"), &ret), ERR_INVALID, "reason");
    FAILS(manuscript_return(n.ctx, m.id, m.version, run_of(n.ctx, REASON_CHARS_MAX + 1), &ret),
          ERR_LIMIT, "reason");
    OK_(manuscript_return(n.ctx, m.id, m.version, S(" 请补来源。 "), &m));
    as(n.ctx, &n.ann, &n.paper);
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_get(n.ctx, m.id, &m));
    assert_true(str_eq(m.returned_reason, S("请补来源。")) && m.returned_by == n.ben.id &&
                m.returned_ms == n.ctx->now_ms);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    OK_(manuscript_get(n.ctx, m.id, &m));
    assert_true(m.returned_reason.len == 0 && m.returned_ms == 0);
    newsroom_free(&n);
}

static void an_old_version_of_the_row_conflicts_and_names_who_came_first(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "抢稿"), now, ret;
    Filing f = news_filing("后到", "词。");

    (void)state;
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &now));
    as(n.ctx, &n.ben, &n.paper);
    Err err = manuscript_change(n.ctx, m.id, m.version, &f, &ret);
    assert_true(err.code == ERR_CONFLICT && strcmp(err.field, "version") == 0);
    assert_true(str_eq(err.args[0], n.cai.name));
    FAILS(manuscript_submit(n.ctx, m.id, m.version, &ret), ERR_CONFLICT, "version");
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_CONFLICT, "version");
    FAILS(manuscript_return(n.ctx, m.id, m.version, S("x"), &ret), ERR_CONFLICT, "version");
    FAILS(manuscript_withdraw(n.ctx, m.id, m.version, S("x"), &ret), ERR_CONFLICT, "version");
    FAILS(manuscript_release(n.ctx, m.id, 0, &ret), ERR_CONFLICT, "version");
    newsroom_free(&n);
}

static void another_outlets_story_is_not_there(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "校报的"), ret;
    Filing f = news_filing("改", "词。");

    (void)state;
    as(n.ctx, &n.eve, &n.radio);
    FAILS(manuscript_change(n.ctx, m.id, m.version, &f, &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_submit(n.ctx, m.id, m.version, &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_return(n.ctx, m.id, m.version, S("x"), &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_withdraw(n.ctx, m.id, m.version, S("x"), &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_withdraw(n.ctx, 99, 1, S("x"), &ret), ERR_NOT_FOUND, NULL);
    newsroom_free(&n);
}

/* ---- releasing ---- */

static void a_release_needs_an_outlet_with_a_teacher_in_service(void **state) {
    Newsroom n = newsroom_new();
    Person writer;
    Filing f = news_filing("广播稿", "词。");
    Manuscript m, ret;

    (void)state;
    as_operator(n.ctx);
    writer = news_person(n.ctx, "writer", "写手");
    as(n.ctx, &writer, &n.radio);
    OK_(manuscript_file(n.ctx, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.eve, &n.radio);
    Err err = manuscript_release(n.ctx, m.id, m.version, &ret);
    assert_true(err.code == ERR_FORBIDDEN && strstr(err.msgid, "指导教师"));
    OK_(manuscript_get(n.ctx, m.id, &m));
    assert_true(str_eq(m.state, S("submitted")));
    as_operator(n.ctx);
    news_grant(n.ctx, &writer, S("指导教师"), &n.radio);
    as(n.ctx, &n.eve, &n.radio);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    as_operator(n.ctx);
    OK_(outlet_get(n.ctx, n.radio.id, &n.radio));
    OK_(outlet_move(n.ctx, n.radio.id, S("suspended"), S("年审未过。"), n.radio.version));
    as(n.ctx, &writer, &n.radio);
    OK_(manuscript_file(n.ctx, &f, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.eve, &n.radio);
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
    newsroom_free(&n);
}

static void releasing_twice_publishes_once(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "一次"), done, ret;
    int64_t events;

    (void)state;
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &done));
    events = world_count(&n.w, "event");
    FAILS(manuscript_release(n.ctx, m.id, m.version, &ret), ERR_CONFLICT, "version");
    FAILS(manuscript_release(n.ctx, m.id, done.version, &ret), ERR_CONFLICT, "state");
    assert_int_equal(world_count(&n.w, "event"), events);
    newsroom_free(&n);
}

/* R13: what was released stays as it was; what is written after it is nobody's business until it is released. */
static void a_new_version_shows_only_when_released_and_the_old_one_stays(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "第一版"), shown;
    int64_t first_ms = m.published_ms;
    Filing f = news_filing("第二版", "新词。");
    ManuscriptVersion v1, v2, *versions;
    size_t count;

    (void)state;
    world_advance(&n.w, 60000);
    f.kind = S("评论");
    f.lang = S("en");
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_get_public(n.ctx, m.id, &shown));
    assert_true(str_eq(shown.title, S("第一版")) && str_eq(shown.kind, S("消息")) &&
                str_eq(shown.lang, S("zh")) && shown.published_n == 1);
    OK_(manuscript_versions(n.ctx, m.id, &versions, &count));
    assert_int_equal(count, 1);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    OK_(manuscript_get_public(n.ctx, m.id, &shown));
    assert_true(str_eq(shown.title, S("第二版")) && str_eq(shown.kind, S("评论")) &&
                str_eq(shown.lang, S("en")));
    assert_true(shown.published_ms == first_ms && shown.republished_ms == n.ctx->now_ms);
    OK_(manuscript_version(n.ctx, m.id, 1, &v1));
    OK_(manuscript_version(n.ctx, m.id, 2, &v2));
    assert_true(str_eq(v1.title, S("第一版")) && str_eq(v1.kind, S("消息")) &&
                str_contains(v1.html, S("第一段")) && !str_eq(v1.hash, v2.hash));
    FAILS(manuscript_version(n.ctx, m.id, 3, &v1), ERR_NOT_FOUND, NULL);
    OK_(manuscript_versions(n.ctx, m.id, &versions, &count));
    assert_true(count == 2 && versions[0].n == 1 && versions[1].n == 2);
    newsroom_free(&n);
}

static void versions_have_a_bound(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "改个不停"), ret;
    Filing f = news_filing("再改", "词。");

    (void)state;
    OK_(db_exec(n.ctx, "UPDATE manuscript SET published_n = $2, working_n = $2 WHERE id = $1",
                ARGS(INT(m.id), INT(VERSIONS_MAX - 1))));
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(db_exec(n.ctx, "UPDATE manuscript SET published_n = $2, state = 'published' WHERE id = $1",
                ARGS(INT(m.id), INT(VERSIONS_MAX))));
    FAILS(manuscript_change(n.ctx, m.id, m.version, &f, &ret), ERR_LIMIT, NULL);
    newsroom_free(&n);
}

/* ---- withdrawing, correcting ---- */

static void a_withdrawn_story_leaves_a_reason_and_no_place_in_any_list(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "撤"), ret;
    ManuscriptVersion *versions;
    ManuscriptCounts counts;
    ManuscriptList list;

    (void)state;
    FAILS(manuscript_withdraw(n.ctx, m.id, m.version, S(""), &ret), ERR_INVALID, "reason");
    OK_(manuscript_withdraw(n.ctx, m.id, m.version, S(" 所述不实。 "), &m));
    OK_(manuscript_get_public(n.ctx, m.id, &ret)); /* the tombstone */
    assert_true(ret.withdrawn_ms == n.ctx->now_ms && str_eq(ret.withdrawn_reason, S("所述不实。")));
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_feed(n.ctx, n.paper.id, 10, &list, &versions));
    assert_int_equal(list.len, 0);
    OK_(manuscript_get_many_public(n.ctx, &m.id, 1, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_counts(n.ctx, 0, &counts));
    assert_true(counts.published == 0 && counts.withdrawn == 1);
    FAILS(manuscript_withdraw(n.ctx, m.id, m.version, S("再撤"), &ret), ERR_CONFLICT, "state");
    newsroom_free(&n);
}

static void drafts_are_nowhere_to_be_seen(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_draft(&n, "秘密"), ret;
    ManuscriptVersion *versions;
    ManuscriptList list;
    size_t count;

    (void)state;
    FAILS(manuscript_get_public(n.ctx, m.id, &ret), ERR_NOT_FOUND, NULL);
    OK_(manuscript_list_public(n.ctx, n.paper.id, STR_EMPTY, 0, 0, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_list_public(n.ctx, 0, S("消息"), 0, 0, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_feed(n.ctx, 0, 10, &list, &versions));
    assert_int_equal(list.len, 0);
    OK_(manuscript_get_many_public(n.ctx, &m.id, 1, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_versions(n.ctx, m.id, &versions, &count));
    assert_int_equal(count, 0);
    as(n.ctx, &n.eve, &n.radio);
    OK_(manuscript_list_mine(n.ctx, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_list_desk(n.ctx, n.radio.id, STR_EMPTY, 0, 0, 10, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

/* ---- lists ---- */

static void lists_page_without_gaps_or_overlap(void **state) {
    enum { STORIES = 9 };
    Newsroom n = newsroom_new();
    ManuscriptList page;
    Str seen = STR_EMPTY;
    int64_t after_ms = 0, after_id = 0;

    (void)state;
    for (int i = 0; i < STORIES; i++) { /* three at each moment */
        (void)news_published(&n, (char[]){ (char)('a' + i), 0 });
        if (i % 3 == 2)
            world_advance(&n.w, 1000);
    }
    for (;;) {
        OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, after_ms, after_id, 2, &page));
        for (size_t i = 0; i < page.len; i++)
            seen = str_concat(n.ctx->arena, seen, page.items[i].title);
        if (page.len < 2)
            break;
        after_ms = page.items[1].published_ms;
        after_id = page.items[1].id;
    }
    assert_true(str_eq(seen, S("ihgfedcba")));
    OK_(manuscript_list_public(n.ctx, n.radio.id, STR_EMPTY, 0, 0, 10, &page));
    assert_int_equal(page.len, 0);
    newsroom_free(&n);
}

static void many_are_read_in_the_order_asked_for_beyond_one_statement(void **state) {
    enum { ASKED = 65 };
    Newsroom n = newsroom_new();
    Manuscript a = news_published(&n, "甲"), b = news_published(&n, "乙");
    int64_t ids[ASKED] = { 0 };
    ManuscriptList list;

    (void)state;
    ids[2] = b.id;
    ids[40] = a.id;
    ids[64] = news_draft(&n, "草").id;
    OK_(manuscript_get_many_public(n.ctx, ids, ASKED, &list));
    assert_true(list.len == 2 && list.items[0].id == b.id && list.items[1].id == a.id);
    OK_(manuscript_get_many_public(n.ctx, ids, 0, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

static void what_waits_is_shown_to_those_who_may_decide_and_nobody_is_starved(void **state) {
    Newsroom n = newsroom_new();
    Manuscript own = news_draft(&n, "安宁写的"), edited = news_draft(&n, "贲远改的");
    Filing f = news_filing("贲远改过", "词。");
    ManuscriptList list;
    int64_t outlets[70];

    (void)state;
    OK_(manuscript_submit(n.ctx, own.id, own.version, &own));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_change(n.ctx, edited.id, edited.version, &f, &edited));
    OK_(manuscript_submit(n.ctx, edited.id, edited.version, &edited));
    as(n.ctx, &n.ann, &n.paper);
    for (size_t i = 0; i < COUNT_OF(outlets); i++)
        outlets[i] = 1000 + (int64_t)i;
    outlets[69] = n.paper.id; /* in the third statement */
    OK_(manuscript_list_waiting(n.ctx, outlets, 70, 10, &list));
    assert_int_equal(list.len, 0); /* author of both */
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_list_waiting(n.ctx, outlets, 70, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == own.id); /* wrote the other last */
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_list_waiting(n.ctx, outlets, 70, 10, &list));
    assert_int_equal(list.len, 2);
    OK_(manuscript_list_waiting(n.ctx, (int64_t[]){ 0 }, 1, 1, &list));
    assert_true(list.len == 1 && list.items[0].id == own.id); /* the longest waiting */
    OK_(manuscript_list_waiting(n.ctx, outlets, 69, 10, &list));
    assert_int_equal(list.len, 0); /* none of my outlets */
    newsroom_free(&n);
}

static void mine_is_what_i_began_and_what_i_rewrite(void **state) {
    Newsroom n = newsroom_new();
    Manuscript m = news_published(&n, "安宁的");
    Filing f = news_filing("蔡澄重写", "词。");
    ManuscriptList list;

    (void)state;
    (void)news_draft(&n, "安宁的草稿");
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_list_mine(n.ctx, 10, &list));
    assert_int_equal(list.len, 0);
    OK_(manuscript_change(n.ctx, m.id, m.version, &f, &m));
    OK_(manuscript_list_mine(n.ctx, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == m.id);
    as(n.ctx, &n.ann, &n.paper);
    OK_(manuscript_list_mine(n.ctx, 10, &list));
    assert_int_equal(list.len, 2);
    newsroom_free(&n);
}

static void the_desk_lists_all_states_newest_change_first(void **state) {
    Newsroom n = newsroom_new();
    Manuscript draft = news_draft(&n, "草");
    ManuscriptCounts counts;
    ManuscriptList list;

    (void)state;
    world_advance(&n.w, 1000);
    (void)news_published(&n, "发");
    OK_(manuscript_list_desk(n.ctx, n.paper.id, STR_EMPTY, 0, 0, 10, &list));
    assert_true(list.len == 2 && list.items[1].id == draft.id);
    OK_(manuscript_list_desk(n.ctx, n.paper.id, S("draft"), 0, 0, 10, &list));
    assert_true(list.len == 1 && list.items[0].id == draft.id);
    OK_(manuscript_counts(n.ctx, n.paper.id, &counts));
    assert_true(counts.published == 1 && counts.since_week == 1 && counts.corrections == 0);
    world_advance(&n.w, 7 * (int64_t)NEWS_DAY_MS);
    OK_(manuscript_counts(n.ctx, 0, &counts));
    assert_true(counts.published == 1 && counts.since_week == 0);
    newsroom_free(&n);
}

/* A list costs as many statements with one story as with many. */
static void lists_cost_one_statement(void **state) {
    Newsroom n = newsroom_new();
    ManuscriptVersion *versions;
    ManuscriptList list;

    (void)state;
    for (int i = 0; i < 5; i++)
        (void)news_published(&n, "同价");
    db_cost_reset(n.ctx->db);
    OK_(manuscript_feed(n.ctx, 0, 30, &list, &versions));
    assert_true(list.len == 5 && db_cost(n.ctx->db).statements == 1);
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 30, &list));
    assert_int_equal(db_cost(n.ctx->db).statements, 2);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filed_story_is_a_numbered_draft_of_its_outlet),
        cmocka_unit_test(a_story_without_an_outlet_is_refused_by_number),
        cmocka_unit_test(the_operator_and_jobs_have_no_content_rights),
        cmocka_unit_test(lines_have_bounds),
        cmocka_unit_test(lists_have_bounds),
        cmocka_unit_test(the_text_has_bounds_and_something_is_left_of_it),
        cmocka_unit_test(sec_10_no_active_content_is_stored),
        cmocka_unit_test(sec_10_html_of_an_older_sanitizer_is_cleaned_again),
        cmocka_unit_test(pictures_are_the_outlets_own_and_have_words),
        cmocka_unit_test(pictures_in_the_text_are_held_to_the_same),
        cmocka_unit_test(sec_47_pictures_are_public_as_long_as_a_released_version_shows_them),
        cmocka_unit_test(an_edit_after_submitting_opens_the_story_again),
        cmocka_unit_test(the_last_writer_does_not_release_even_of_anothers_story),
        cmocka_unit_test(a_return_says_why_and_by_whom_until_the_release),
        cmocka_unit_test(an_old_version_of_the_row_conflicts_and_names_who_came_first),
        cmocka_unit_test(another_outlets_story_is_not_there),
        cmocka_unit_test(a_release_needs_an_outlet_with_a_teacher_in_service),
        cmocka_unit_test(releasing_twice_publishes_once),
        cmocka_unit_test(a_new_version_shows_only_when_released_and_the_old_one_stays),
        cmocka_unit_test(versions_have_a_bound),
        cmocka_unit_test(a_withdrawn_story_leaves_a_reason_and_no_place_in_any_list),
        cmocka_unit_test(drafts_are_nowhere_to_be_seen),
        cmocka_unit_test(lists_page_without_gaps_or_overlap),
        cmocka_unit_test(many_are_read_in_the_order_asked_for_beyond_one_statement),
        cmocka_unit_test(what_waits_is_shown_to_those_who_may_decide_and_nobody_is_starved),
        cmocka_unit_test(mine_is_what_i_began_and_what_i_rewrite),
        cmocka_unit_test(the_desk_lists_all_states_newest_change_first),
        cmocka_unit_test(lists_cost_one_statement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
