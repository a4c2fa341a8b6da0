/* manuscript_every_fault_test.c - each function of stories with storage failing at every step: whole, or nothing. */
#include "features/manuscript/manuscript_import.h"
#include "features/manuscript/manuscript_import.h"
#include "features/manuscript/manuscript_pages.h"
#include "features/manuscript/manuscript_text.h"
#include "features/manuscript/test_newsroom.h"
#include "testing/faults.h"

enum { MANY = 70 }; /* more than one statement reads */

#define BACK S("请补来源。")

/* A filing with a picture beside its text and another inside it. */
typedef struct Scene {
    Newsroom n;
    Picture picture;
    Filing filing;
} Scene;

static Scene scene_new(void) {
    Scene s = { .n = newsroom_new() };
    Media inside = news_picture(&s.n, &s.n.paper, "inside");

    s.picture = (Picture){ news_picture(&s.n, &s.n.paper, "cover").id, S("一棵树"), S("安宁") };
    s.filing = news_filing("带图", "词。");
    s.filing.source =
        str_format(s.n.ctx->arena, "词。\n\n![一朵云](/media/%.*s)\n", STR_ARG(inside.hash));
    return s;
}

static Filing with_picture(Scene *s) {
    Filing filing = s->filing;

    filing.pictures = &s->picture;
    filing.picture_count = 1;
    return filing;
}

static void acts(void **state) {
    Scene s = scene_new();
    Newsroom *n = &s.n;
    Ctx *ctx = n->ctx;
    Filing filing = with_picture(&s);
    Manuscript m, next;

    (void)state;
    as(ctx, &n->ann, &n->paper);
    WRITES(&n->w, m, manuscript_file(ctx, &filing, &m));
    WRITES(&n->w, next, manuscript_change(ctx, m.id, m.version, &filing, &next));
    WRITES(&n->w, m, manuscript_submit(ctx, next.id, next.version, &m));
    as(ctx, &n->ben, &n->paper);
    WRITES(&n->w, next, manuscript_return(ctx, m.id, m.version, BACK, &next));
    as(ctx, &n->ann, &n->paper);
    OK_(manuscript_submit(ctx, next.id, next.version, &m));
    as(ctx, &n->ben, &n->paper);
    WRITES(&n->w, next, manuscript_release(ctx, m.id, m.version, &next));
    WRITES_INSIDE(&n->w, NO_RET, manuscript_count_correction(ctx, next.id, next.version));
    as(ctx, &n->ann, &n->paper);
    WRITES(&n->w, m,
           manuscript_change(ctx, next.id, next.version + 1, &filing, &m)); /* a version 2 */
    as(ctx, &n->ben, &n->paper);
    WRITES(&n->w, next, manuscript_withdraw(ctx, m.id, m.version, S("内容有误。"), &next));
    newsroom_free(n);
}

static void taking_in(void **state) {
    static const Str old = S_INIT("{\"title\":\"旧一\",\"text\":\"一\",\"date\":\"2019-05-04\"}\n"
                                  "{\"title\":\"旧二\",\"text\":\"二\",\"date\":\"2019-05-05\"}\n");
    Newsroom n = newsroom_new();
    StoryImportReport report;

    (void)state;
    as_operator(n.ctx);
    READS(&n.w, report, manuscript_import(n.ctx, n.paper.id, old, true, &report));
    WRITES(&n.w, report, manuscript_import(n.ctx, n.paper.id, old, false, &report));
    newsroom_free(&n);
}

#define OLD_ROW "{\"title\":\"旧\",\"text\":\"词\",\"date\":\"2019-05-04\"}\n"

/* A part of one row: its step. */
static void taking_a_part_in(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    Json *facts = json_obj(ctx->arena);
    const Work how = { .kind = S("stories.import"),
                       .subject = S("1"),
                       .outlet_id = n.paper.id,
                       .total = 1,
                       .facts = facts };
    Work work;
    int64_t rows;
    bool is_new;
    DB_TX(tx);

    (void)state;
    json_set(facts, "parts", json_int(ctx->arena, 1));
    news_grant(ctx, &n.ben, S("总编"), &n.paper);
    as(ctx, &n.ben, &n.paper);
    OK_(db_begin(ctx, &tx));
    OK_(work_begin(ctx, &how, &work, &is_new));
    OK_(work_part_put(ctx, work.id, 0, S("1\n" OLD_ROW)));
    OK_(db_commit(&tx));
    WRITES(&n.w, NO_RET, manuscript_import_step(ctx, &work));
    WRITES_INSIDE(&n.w, rows,
                  manuscript_import_take(ctx, &n.radio, false, STR_EMPTY, 1, S(OLD_ROW), &rows));
    newsroom_free(&n);
}

/* One more than one transaction holds. */
static void beginning_to_take_many_in(void **state) {
    Newsroom n = newsroom_new();
    StoryImportReport report;
    Buf file = buf_new(n.ctx->arena, 0);

    (void)state;
    for (int i = 0; i <= IMPORT_PART_ROWS; i++)
        buf_add_format(&file, "{\"title\":\"t%d\",\"text\":\"x\",\"date\":\"2019-05-04\"}\n", i);
    Str many = buf_str(&file);
    as_operator(n.ctx);
    WRITES(&n.w, report, manuscript_import(n.ctx, n.paper.id, many, false, &report));
    assert_true(report.work_id != 0 && !report.is_written);
    newsroom_free(&n);
}

static void making_versions(void **state) {
    Scene s = scene_new();
    Ctx *ctx = s.n.ctx;
    Filing filing = with_picture(&s);
    ManuscriptVersion v, old;
    Json *model;
    Str lines;
    struct {
        int64_t *ids;
        size_t len;
    } media;

    (void)state;
    READS(&s.n.w, v, manuscript_make_version(ctx, s.n.paper.id, &filing, &v));
    READS(&s.n.w, old, manuscript_make_old_version(ctx, s.n.paper.id, &filing, &old));
    READS(&s.n.w, media, manuscript_media(ctx, s.n.paper.id, &v, &media.ids, &media.len));
    assert_int_equal(media.len, 2);
    READS(&s.n.w, lines, manuscript_pictures_lines(ctx, &v, &lines));
    model = json_obj(ctx->arena);
    READS(&s.n.w, NO_RET, manuscript_put_pictures(ctx, &v, model));
    newsroom_free(&s.n);
}

static void reading(void **state) {
    Newsroom n = newsroom_new();
    Ctx *ctx = n.ctx;
    Manuscript shown = news_published(&n, "发"), back = news_draft(&n, "退"), m;
    int64_t ids[MANY] = { [MANY - 1] = shown.id };
    ManuscriptVersion version;
    ManuscriptList list;
    ManuscriptCounts counts;
    Str texts[MANY];
    Site site;
    Json *json;
    struct {
        ManuscriptVersion *items;
        size_t len;
    } versions;
    struct {
        ManuscriptList list;
        ManuscriptVersion *versions;
    } feed;

    (void)state;
    OK_(site_get(ctx, &site));
    OK_(manuscript_submit(ctx, back.id, back.version, &back));
    READS(&n.w, m, manuscript_get(ctx, back.id, &m));
    READS(&n.w, m, manuscript_get_many(ctx, &shown.id, 1, &m));
    READS(&n.w, m, manuscript_get_public(ctx, shown.id, &m));
    READS(&n.w, version, manuscript_version(ctx, shown.id, 1, &version));
    READS(&n.w, versions, manuscript_versions(ctx, shown.id, &versions.items, &versions.len));
    READS(&n.w, list, manuscript_list_public(ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    READS(&n.w, list, manuscript_list_public(ctx, n.paper.id, S("消息"), 0, 0, 10, &list));
    READS(&n.w, list, manuscript_get_many_public(ctx, ids, MANY, &list));
    READS(&n.w, texts, manuscript_texts_public(ctx, ids, MANY, texts));
    READS(&n.w, feed, manuscript_feed(ctx, 0, 10, &feed.list, &feed.versions));
    READS(&n.w, list, manuscript_list_mine(ctx, 10, &list));
    READS(&n.w, list, manuscript_list_desk(ctx, n.paper.id, STR_EMPTY, 0, 0, 10, &list));
    READS(&n.w, counts, manuscript_counts(ctx, 0, &counts));
    as(ctx, &n.ben, &n.paper);
    READS(&n.w, list, manuscript_list_waiting(ctx, &n.paper.id, 1, 10, &list));
    assert_int_equal(list.len, 1);
    OK_(manuscript_return(ctx, back.id, back.version, BACK, &back));
    READS(&n.w, json, manuscript_returned(ctx, &site, &back, &json));
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acts),
        cmocka_unit_test(taking_in),
        cmocka_unit_test(taking_a_part_in),
        cmocka_unit_test(beginning_to_take_many_in),
        cmocka_unit_test(making_versions),
        cmocka_unit_test(reading),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("manuscript");
    return failed;
}
