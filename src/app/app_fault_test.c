/* app_fault_test.c - every row of the route tables asked with storage failing at every step: an error, or all of it. */
#include "app/wire.h"
#include "features/annual/annual.h"
#include "features/correction/correction.h"
#include "features/handover/handover.h"
#include "features/identity/identity_service.h"
#include "features/identity/identity_store.h"
#include "features/intake/intake_hub_service.h"
#include "features/manuscript/test_newsroom.h"
#include "features/proof/proof.h"
#include "features/manuscript/test_word.h"
#include "features/search/search.h"
#include "features/planning/planning.h"
#include "http/run.h"
#include "image/image.h"
#include "sec/totp.h"
#include "testing/faults.h"

#define RIGHT S("三月里放的那只风筝")

extern const Migration annual_migrations[], correction_migrations[], handover_migrations[],
    intake_migrations[], planning_migrations[], proof_migrations[], adoption_migrations[];
extern const size_t annual_migrations_count, correction_migrations_count, handover_migrations_count,
    intake_migrations_count, planning_migrations_count, proof_migrations_count,
    adoption_migrations_count;

static const BoxKey box = { .number = 1, .bytes = { 7, 7, 7 } };

/* An alliance with one of everything that an address may name; the request is answered by the program's own rows. */
typedef struct House {
    Newsroom n;
    App app;
    Manuscript story, draft, word, checked;
    Person chief;                                     /* 部门主任 of the paper */
    int64_t applied, deposit, feed, work, pitches[3]; /* ann's first, two of ben's */
    int64_t assigned, assignments[2];                 /* a pitch of version 4, and to whom */
    Str picture, invitation, hub_token, link, calendar;
    const char *posted[150]; /* patterns of the rows that were asked to act */
    size_t posted_len;
    Str key; /* Idempotency-Key of the next request; empty: none */
    Str session; /* whose cookie it carries; empty: it comes without a socket, from who the context says */
} House;

/* A hub that agreed to bring the feed. */
static void fill_hub(House *h, const IntakeFeed *feed) {
    Ctx *ctx = h->n.ctx;
    HubQuestion question = { .mode = S("subscribe"),
                             .topic = feed->url,
                             .challenge = S("x"),
                             .lease_seconds = S("864000") };
    bool is_agreed;
    IntakeHub hub;
    Str secret;
    DB_TX(tx);

    intake_hub_use(&box, S("https://news.example"));
    OK_(db_begin(ctx, &tx));
    OK_(intake_hub_note(ctx, feed, S("https://hub.example/"), feed->url));
    OK_(db_commit(&tx));
    OK_(intake_hub_get(ctx, feed->id, &hub));
    OK_(intake_hub_step(ctx, hub.id, hub.run, &hub));
    OK_(intake_hub_open(ctx, &hub, &h->hub_token, &secret));
    OK_(intake_hub_verify(ctx, h->hub_token, &question, &is_agreed));
    assert_true(is_agreed);
}

/* A link with two versions, and a feed, both of the paper. */
static void fill_intake(House *h) {
    Ctx *ctx = h->n.ctx;
    DepositFacts facts = { .title = S("链接"), .url = S("https://mp.example/1") };
    DepositOutcome outcome;
    Deposit deposit;
    IntakeFeed feed;

    OK_(intake_deposit(ctx, &facts, &deposit, &outcome));
    facts.title = S("改过的链接");
    OK_(intake_deposit(ctx, &facts, &deposit, &outcome));
    OK_(intake_feed_add(ctx, S("https://feeds.example/a"), &feed));
    h->deposit = deposit.id;
    h->feed = feed.id;
    fill_hub(h, &feed);
}

/* A story that waits for its first review, and a leader's link for it, which was opened. */
static void fill_checked(House *h) {
    Ctx *ctx = h->n.ctx;
    Flow flow = { .kind = S("评论"), .name = S("three-review"), .proofs = 3 };
    Filing filing = news_filing("待审", "第一段。");
    SignPage page;

    as_operator(ctx);
    OK_(manuscript_flow_set(ctx, h->n.paper.id, &flow));
    Person leader = news_person(ctx, "leader", "领路"), second = news_person(ctx, "second", "次席");
    Person teacher = news_person(ctx, "mentor", "导师");
    h->chief = news_person(ctx, "chief", "主任");
    news_grant(ctx, &leader, S("总编"), &h->n.paper);
    news_grant(ctx, &second, S("总编"), &h->n.paper);
    news_grant(ctx, &h->chief, S("部门主任"), &h->n.paper);
    news_grant(ctx, &teacher, S("指导教师"), &h->n.radio);
    filing.kind = S("评论");
    as(ctx, &h->n.ann, &h->n.paper);
    OK_(manuscript_file(ctx, &filing, &h->checked));
    OK_(manuscript_submit(ctx, h->checked.id, h->checked.version, &h->checked));
    as(ctx, &h->n.ben, &h->n.paper);
    OK_(manuscript_link_make(ctx, h->checked.id, S("review1"), S("leader"), &h->link));
    OK_(manuscript_link_open(ctx, h->link, &page));
    as(ctx, &h->n.ann, &h->n.paper);
}

static void fill_planning(House *h) {
    const PitchWords words = { .title = S("选题"), .why = S("值得写。") };
    Pitch pitch;

    for (size_t i = 0; i < COUNT_OF(h->pitches); i++) {
        as(h->n.ctx, i == 0 ? &h->n.ann : &h->n.ben, &h->n.paper);
        OK_(pitch_propose(h->n.ctx, &words, &pitch));
        h->pitches[i] = pitch.id;
    }
}

static void fill_assignment(House *h) {
    const int64_t people[] = { h->n.ann.id };
    const AssignWords words = {
        .people = people, .people_count = 1, .kind = S("消息"), .due_at = S("2030-05-01T18:00")
    };
    const PitchWords said = { .title = S("派出的题"), .why = S("值得写。") };
    Assignment a;
    Pitch p;

    as(h->n.ctx, &h->n.ben, &h->n.paper);
    OK_(pitch_propose(h->n.ctx, &said, &p));
    as(h->n.ctx, &h->n.ann, &h->n.paper);
    OK_(pitch_accept(h->n.ctx, p.id, p.version, STR_EMPTY, &p));
    for (size_t i = 0; i < COUNT_OF(h->assignments); i++) {
        OK_(pitch_assign(h->n.ctx, p.id, p.version + (int64_t)i, &words, &a));
        h->assignments[i] = a.id;
    }
    h->assigned = p.id;
    OK_(calendar_address_make(h->n.ctx, 0, &h->calendar));
}

/* Two versions of the alliance's own rules. */
static void fill_lists(Ctx *ctx) {
    static const Str texts[] = { S_INIT("liandong-proof 1"), S_INIT("liandong-proof 1\nlang zh") };
    int64_t n;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        OK_(proof_list_change(ctx, PROOF_OWN_RULES, -1, texts[i], S("改"), "text", &n));
}

static void fill(House *h) {
    Ctx *ctx = h->n.ctx;
    Outlet card = {
        .name = S("电流"), .platform = S("微信"), .tier = S("二级"), .unit_name = S("电气学院")
    };
    const Right right = { S("file"), h->n.paper.id };
    Correction notice;
    AnnualOpened opened;
    Str token;

    h->picture = news_picture(&h->n, &h->n.paper, "cover").hash;
    h->story = news_revising(&h->n, "一篇", "改过的词。");
    OK_(manuscript_submit(ctx, h->story.id, h->story.version, &h->story));
    as(ctx, &h->n.ben, &h->n.paper);
    OK_(manuscript_release(ctx, h->story.id, h->story.version, &h->story));
    OK_(correction_issue(ctx, h->story.id, h->story.version, S("更正。"), &notice));
    fill_intake(h);
    fill_planning(h);
    fill_assignment(h);
    h->draft = news_draft(&h->n, "草稿");
    fill_checked(h);
    WordFile file = word_file(ctx, "picture-one");
    OK_(manuscript_file_word(ctx, &file, &h->word));
    OK_(outlet_apply(ctx, &card, &h->applied));
    OK_(token_make(ctx, S("cron"), &right, 1, ctx->now_ms + NEWS_DAY_MS, &token));
    fill_lists(ctx);
    as_operator(ctx);
    OK_(annual_open(ctx, 2026, S("2026-12-31"), h->n.paper.id, &opened));
    OK_(password_set(ctx, h->n.ann.id, RIGHT));
    OK_(invitation_make(ctx, h->n.eve.id, &h->invitation));
    OK_(grant_give(ctx, h->n.ann.id, S("管理员"), 0, 0, 0, NULL));
    OK_(grant_give(ctx, h->n.ann.id, S("登记员"), 0, 0, 0, NULL));
    h->app.key = (LedgerKey){ .origin = S("news.example/liandong"),
                              .key = sign_key_new(ctx->chance),
                              .may_sign = true };
    Work work;
    OK_(search_rebuild(ctx, &work));
    h->work = work.id;
    int64_t placed;
    OK_(ledger_sequence(ctx, &h->app.key, S("me"), 256, NULL, &placed));
}

/* NULL: the operator. As the server has it before it knows the row. */
static void become(Ctx *ctx, const Person *person) {
    as_operator(ctx);
    if (person) {
        ctx->actor = ACTOR_PERSON;
        ctx->person_id = person->id;
        ctx->person_name = person->name;
    }
    ctx->is_stepped_up = true;
}

static House house_new(void) {
    House h = { .n = newsroom_new() };
    Ctx *ctx = h.n.ctx;

    world_migrate(&h.n.w, annual_migrations, annual_migrations_count);
    world_migrate(&h.n.w, handover_migrations, handover_migrations_count);
    world_migrate(&h.n.w, correction_migrations, correction_migrations_count);
    world_migrate(&h.n.w, intake_migrations, intake_migrations_count);
    world_migrate(&h.n.w, proof_migrations, proof_migrations_count);
    world_migrate(&h.n.w, adoption_migrations, adoption_migrations_count);
    world_migrate(&h.n.w, planning_migrations, planning_migrations_count);
    app_use_tables();
    identity_use_box(&box);
    h.app.arena = ctx->arena;
    h.app.folder.path = str_from_c(h.n.w.folder);
    h.app.folder.config = (Config *)(uintptr_t)ctx->config;
    h.app.store = h.n.w.store;
    h.app.ids = ctx->ids;
    OK_(app_make_http(&h.app));
    h.app.http.clock = ctx->clock;
    h.app.http.chance = ctx->chance;
    fill(&h);
    world_advance(&h.n.w, 1000);
    become(ctx, &h.n.ann);
    return h;
}

static void house_free(House *h) {
    view_set_free(h->app.views);
    newsroom_free(&h->n);
}

static void close_core(HttpCore **core) {
    core_free(*core);
}

/* The answer as an error: none for 2xx and 3xx. */
static Err ask(House *h, ReplyForm form, const char *method, Str path, Str body) {
    CLEANUP(close_core) HttpCore *core = NULL;
    CLEANUP(arena_close) Arena *work = arena_new(ARENA_REQUEST_BYTES);
    CLEANUP(arena_close) Arena *scratch = arena_new(0);
    Ctx inner = *h->n.ctx;
    Incoming in = {
        .way = WAY_CALL, .method = str_from_c(method), .version = S("HTTP/1.1"), .body = body
    };
    Outgoing out;

    OK_(core_new(scratch, &h->app.http, &core));
    atomic_store(&core->is_ready, true);
    incoming_target(&in, path);
    if (body.len)
        headers_add(scratch, &in.headers, S("content-type"),
                    str_starts(body, S("--")) ? S("multipart/form-data; boundary=part")
                                              : S("application/json"));
    if (h->key.len)
        headers_add(scratch, &in.headers, S("idempotency-key"), h->key);
    if (h->session.len) {
        inner.actor = ACTOR_NOBODY;
        in.way = WAY_NET;
        in.is_loopback = true;
        headers_add(scratch, &in.headers, S("host"), S("localhost"));
        headers_add(scratch, &in.headers, S("cookie"),
                    str_format(scratch, "__Host-liandong=%.*s", STR_ARG(h->session)));
        headers_add(scratch, &in.headers, S("x-csrf-token"), identity_csrf(&inner, h->session));
    }
    inner.arena = work;
    run_request(core, &inner, &in, (Wishes){ .form = form, .lang = S("en") }, &out);
    if (out.status == 503)
        return FAIL(ERR_IO, NULL, N_("No."));
    if (out.status >= 400)
        fail_msg("%s %.*s: %d %.*s", method, STR_ARG(path), out.status, STR_ARG(out.body));
    return OK;
}

/* ---- pages ---- */

static Str address(House *h, const char *pattern) {
    Arena *arena = h->n.ctx->arena;
    const struct {
        const char *pattern;
        Str path;
    } named[] = {
        { "/articles/{id}", str_format(arena, "/articles/%lld", (long long)h->story.id) },
        { "/articles/{id}/versions",
          str_format(arena, "/articles/%lld/versions", (long long)h->story.id) },
        { "/articles/{id}/slip", str_format(arena, "/articles/%lld/slip", (long long)h->story.id) },
        { "/articles/{id}/spread",
          str_format(arena, "/articles/%lld/spread", (long long)h->story.id) },
        { "/desk/articles/{id}/spread",
          str_format(arena, "/desk/articles/%lld/spread", (long long)h->story.id) },
        { "/sign/{token}", str_format(arena, "/sign/%.*s", STR_ARG(h->link)) },
        { "/admin/outlets/{no}/checking", S("/admin/outlets/CC001/checking") },
        { "/desk/outlets/{no}/offers", S("/desk/outlets/CC001/offers") },
        { "/outlets/{no}/carried", S("/outlets/CC001/carried") },
        { "/articles/{id}/versions/{n}",
          str_format(arena, "/articles/%lld/versions/1", (long long)h->story.id) },
        { "/articles/{id}/diff/{a}..{b}",
          str_format(arena, "/articles/%lld/diff/1..2", (long long)h->story.id) },
        { "/deposits/{id}", str_format(arena, "/deposits/%lld", (long long)h->deposit) },
        { "/deposits/{id}/diff/{a}..{b}",
          str_format(arena, "/deposits/%lld/diff/1..2", (long long)h->deposit) },
        { "/desk/outlets/{no}/pitches", S("/desk/outlets/CC001/pitches") },
        { "/desk/pitches/{pitch}",
          str_format(arena, "/desk/pitches/%lld", (long long)h->pitches[0]) },
        { "/desk/calendar", S("/desk/calendar?outlet=CC001&view=month&day=2030-05-01") },
        { "/calendar/{token}.ics", str_format(arena, "/calendar/%.*s.ics", STR_ARG(h->calendar)) },
        { "/desk/assignments/{assignment}",
          str_format(arena, "/desk/assignments/%lld", (long long)h->assignments[0]) },
        { "/desk/outlets/{no}/deposits", S("/desk/outlets/CC001/deposits") },
        { "/websub/in/{token}", str_format(arena,
                                           "/websub/in/%.*s?hub.mode=denied&hub.topic=https://"
                                           "other.example/",
                                           STR_ARG(h->hub_token)) },
        { "/admin/feeds/{feed}", str_format(arena, "/admin/feeds/%lld", (long long)h->feed) },
        { "/desk/outlets/{no}/import", S("/desk/outlets/CC001/import") },
        { "/admin/long-work/{id}", str_format(arena, "/admin/long-work/%lld", (long long)h->work) },
        { "/long-work/{id}", str_format(arena, "/long-work/%lld", (long long)h->work) },
        { "/desk/articles/{id}", str_format(arena, "/desk/articles/%lld", (long long)h->draft.id) },
        { "/desk/articles/{id}/proof",
          str_format(arena, "/desk/articles/%lld/proof", (long long)h->draft.id) },
        { "/desk/outlets/{no}/proof", S("/desk/outlets/CC001/proof") },
        { "/proofreading/{kind}", S("/proofreading/rules") },
        { "/proofreading/{kind}/{n}", S("/proofreading/rules/2") },
        { "/proofreading/{kind}/{n}/file", S("/proofreading/rules/1/file") },
        { "/desk/proofreading/{kind}", S("/desk/proofreading/rules") },
        { "/desk/articles/{id}/edit",
          str_format(arena, "/desk/articles/%lld/edit", (long long)h->draft.id) },
        { "/desk/articles/new", S("/desk/articles/new?outlet=CC001") },
        { "/desk/articles/word", S("/desk/articles/word?outlet=CC001") },
        { "/desk/articles/{id}/word",
          str_format(arena, "/desk/articles/%lld/word", (long long)h->word.id) },
        { "/desk/outlets/{no}/media", S("/desk/outlets/CC001/media") },
        { "/admin/people/{id}", str_format(arena, "/admin/people/%lld", (long long)h->n.ben.id) },
        { "/admin/outlets/{card}", S("/admin/outlets/CC001") },
        { "/admin/outlets/{no}/review", S("/admin/outlets/CC001/review") },
        { "/desk/units/{id}",
          str_format(arena, "/desk/units/%lld", (long long)h->n.paper.unit_id) },
        { "/desk/outlets/{no}/handover", S("/desk/outlets/CC001/handover") },
        { "/desk/outlets/{no}/review", S("/desk/outlets/CC001/review") },
        { "/outlets/{no}", S("/outlets/CC001") },
        { "/outlets/{no}/feed.atom", S("/outlets/CC001/feed.atom") },
        { "/outlets/{no}/feed.rss", S("/outlets/CC001/feed.rss") },
        { "/outlets/{no}/feed.json", S("/outlets/CC001/feed.json") },
        { "/outlets/applications/{id}",
          str_format(arena, "/outlets/applications/%lld", (long long)h->applied) },
        { "/invitations/{token}", str_format(arena, "/invitations/%.*s", STR_ARG(h->invitation)) },
        { "/log/tile/entries/{n*}", S("/log/tile/entries/000.p/3") },
        { "/log/tile/{level}/{n*}", S("/log/tile/0/000.p/3") },
        { "/media/{hash}", str_format(arena, "/media/%.*s", STR_ARG(h->picture)) },
        { "/refusals/{name}", S("/refusals/R1") },
        { "/search", S("/search?q=%E4%B8%80") },
    };

    for (size_t i = 0; i < COUNT_OF(named); i++)
        if (strcmp(named[i].pattern, pattern) == 0)
            return named[i].path;
    if (strchr(pattern, '{'))
        fail_msg("the new row GET %s needs an address here", pattern);
    return str_from_c(pattern);
}

/* As readers and programs are answered; rows that read nothing are seen to do so. */
static void each_page_is_answered_whole_or_with_an_error(void **state) {
    House h = house_new();
    int pages = 0;

    (void)state;
    for (const Route *const *table = app_tables; *table; table++)
        for (const Route *row = *table; row->method; row++) {
            if (strcmp(row->method, "GET") != 0)
                continue;
            Str path = address(&h, row->pattern);
            MAY_READ(&h.n.w, NO_RET, ask(&h, FORM_PAGE, row->method, path, STR_EMPTY));
            MAY_READ(&h.n.w, NO_RET, ask(&h, FORM_JSON, row->method, path, STR_EMPTY));
            pages++;
        }
    printf("  %d pages\n", pages);
    house_free(&h);
}

/* ---- acts ---- */

#define TEXT(...) str_format(h->n.ctx->arena, __VA_ARGS__)

/* Who asks a row to act, under a key of its own. */
static void begin(House *h, const Person *who, const char *pattern) {
    printf("  POST %s%s\n", pattern, h->key.len ? ", with a key" : "");
    assert_true(h->posted_len < COUNT_OF(h->posted));
    h->posted[h->posted_len++] = pattern;
    if (h->key.len)
        h->key = TEXT("key-%zu", h->posted_len);
    become(h->n.ctx, who);
}

static void post(House *h, const Person *who, const char *pattern, Str path, Str body) {
    begin(h, who, pattern);
    RUNS(&h->n.w, NO_RET, ask(h, FORM_JSON, "POST", path, body));
}

static long long version_of(House *h, int64_t id) {
    Manuscript m;

    OK_(manuscript_get(h->n.ctx, id, &m));
    return m.version;
}

#define STORY                                                                                              \
    "\"kind\":\"消息\",\"lang\":\"zh\",\"title\":\"题\",\"summary\":\"一句。\",\"text\":\"词。\"," \
    "\"format\":\"markdown\"}"

static void act_on_stories(House *h) {
    long long id = h->draft.id;
    const Person *ann = &h->n.ann, *ben = &h->n.ben;

    post(h, ann, "/articles", S("/articles"), S("{\"outlet\":\"CC001\"," STORY));
    post(h, ann, "/articles/{id}", TEXT("/articles/%lld", id),
         TEXT("{\"version\":%lld," STORY, version_of(h, id)));
    for (int i = 0; i < 2; i++) {
        post(h, ann, "/articles/{id}/submit", TEXT("/articles/%lld/submit", id),
             TEXT("{\"version\":%lld}", version_of(h, id)));
        if (i == 0)
            post(h, ben, "/articles/{id}/return", TEXT("/articles/%lld/return", id),
                 TEXT("{\"version\":%lld,\"reason\":\"请补来源。\"}", version_of(h, id)));
    }
    post(h, ben, "/articles/{id}/plan", TEXT("/articles/%lld/plan", id),
         TEXT("{\"version\":%lld,\"plan_at\":\"2026-11-23T18:00\"}", version_of(h, id)));
    post(h, ben, "/articles/{id}/unplan", TEXT("/articles/%lld/unplan", id),
         TEXT("{\"version\":%lld}", version_of(h, id)));
    post(h, ben, "/articles/{id}/release", TEXT("/articles/%lld/release", id),
         TEXT("{\"version\":%lld}", version_of(h, id)));
    post(h, ben, "/articles/{id}/corrections", TEXT("/articles/%lld/corrections", id),
         TEXT("{\"version\":%lld,\"text\":\"更正。\"}", version_of(h, id)));
    post(h, ben, "/articles/{id}/withdraw", TEXT("/articles/%lld/withdraw", id),
         TEXT("{\"version\":%lld,\"reason\":\"不实。\"}", version_of(h, id)));
}

#define CHECKED_ALL "\"check1\":\"1\",\"check2\":\"1\",\"check3\":\"1\",\"check4\":\"1\"}"

static void act_on_checks(House *h) {
    long long id = h->checked.id;
    const Person *ann = &h->n.ann, *ben = &h->n.ben;
    CommentList list;

    post(h, NULL, "/sign/{token}", TEXT("/sign/%.*s", STR_ARG(h->link)),
         S("{\"outcome\":\"pass\"," CHECKED_ALL));
    become(h->n.ctx, &h->chief);
    OK_(ask(h, FORM_JSON, "GET", TEXT("/desk/articles/%lld", id), STR_EMPTY)); /* it is opened */
    post(h, &h->chief, "/articles/{id}/steps", TEXT("/articles/%lld/steps", id),
         TEXT("{\"version\":%lld,\"step\":\"review2\",\"outcome\":\"pass\"," CHECKED_ALL,
              version_of(h, id)));
    post(h, ben, "/articles/{id}/links", TEXT("/articles/%lld/links", id),
         S("{\"step\":\"review3\",\"login\":\"second\"}"));
    post(h, ben, "/articles/{id}/comments", TEXT("/articles/%lld/comments", id),
         S("{\"quote\":\"第一段\",\"body\":\"出处？\"}"));
    OK_(manuscript_comments(h->n.ctx, id, &list));
    post(h, ann, "/articles/{id}/comments/{comment}/close",
         TEXT("/articles/%lld/comments/%lld/close", id, (long long)list.items[0].id), STR_EMPTY);
    post(h, ann, "/admin/outlets/{no}/checking", S("/admin/outlets/CC001/checking"),
         S("{\"kind\":\"图片\",\"flow\":\"three-review\"}"));
}

static void carry(House *h) {
    long long id = h->story.id;
    const Person *eve = &h->n.eve;

    post(h, &h->n.ben, "/articles/{id}/offers", TEXT("/articles/%lld/offers", id),
         S("{\"to\":\"CC002\"}"));
    post(h, eve, "/outlets/{no}/declined", S("/outlets/CC002/declined"),
         TEXT("{\"story\":\"%lld\",\"reason\":\"不合适。\"}", id));
    post(h, eve, "/outlets/{no}/carried", S("/outlets/CC002/carried"),
         TEXT("{\"story\":\"%lld\",\"mode\":\"adapted\"}", id));
}

#define PASS S("{\"rule\":\"W001\",\"word\":\"既使\"}")

static void let_pass(House *h) {
    long long id = h->draft.id;
    const Person *ben = &h->n.ben;

    post(h, ben, "/articles/{id}/proof/ignored", TEXT("/articles/%lld/proof/ignored", id), PASS);
    post(h, ben, "/articles/{id}/proof/heeded", TEXT("/articles/%lld/proof/heeded", id), PASS);
    post(h, ben, "/outlets/{no}/proof/ignored", S("/outlets/CC001/proof/ignored"), PASS);
    post(h, ben, "/outlets/{no}/proof/heeded", S("/outlets/CC001/proof/heeded"), PASS);
}

#define PART(name) "--part\r\nContent-Disposition: form-data; name=\"" name "\""
#define UPLOAD(file) PART("file") "; filename=\"" file "\"\r\n\r\n"
#define GIF "GIF89a\1\0\1\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"

static void keep_lists(House *h) {
    post(h, &h->n.ann, "/proofreading/{kind}", S("/proofreading/rules"),
         S("{\"version\":3,\"text\":\"liandong-proof 1\\nlang en\",\"note\":\"改\"}"));
    post(h, &h->n.ann, "/proofreading/{kind}/import", S("/proofreading/names/import"),
         S(PART("note") "\r\n\r\n改\r\n" UPLOAD("a.proof") "liandong-names 1\r\n--part--\r\n"));
}

static void move_work(House *h) {
    post(h, NULL, "/admin/long-work/{id}/{act}",
         TEXT("/admin/long-work/%lld/stop", (long long)h->work), STR_EMPTY);
    post(h, &h->n.ann, "/long-work/{id}/{act}", TEXT("/long-work/%lld/resume", (long long)h->work),
         STR_EMPTY);
    OK_(work_drop(h->n.ctx, h->work));
    post(h, NULL, "/admin/long-work", S("/admin/long-work"), S("{\"kind\":\"search.rebuild\"}"));
}

static void act_on_word_files(House *h) {
    Arena *arena = h->n.ctx->arena;
    Str head = S(PART("outlet") "\r\n\r\nCC001\r\n" UPLOAD("a.docx"));
    Str file = word_file(h->n.ctx, "picture-one").bytes;
    long long id = h->word.id;

    post(h, &h->n.ann, "/articles/word", S("/articles/word"),
         str_concat(arena, str_concat(arena, head, file), S("\r\n--part--\r\n")));
    post(h, &h->n.ann, "/articles/{id}/words", TEXT("/articles/%lld/words", id),
         TEXT("{\"version\":%lld,\"alts\":[\"一座桥\"]}", version_of(h, id)));
}

static void take_in(House *h) {
    post(h, &h->n.ann, "/outlets/{no}/media", S("/outlets/CC001/media"),
         S(UPLOAD("a.gif") GIF "\r\n--part--\r\n"));
    post(h, NULL, "/import/stories", S("/import/stories"),
         S(PART("outlet") "\r\n\r\nCC001\r\n" UPLOAD(
             "a.jsonl") "{\"title\":\"旧\",\"text\":\"一\",\"date\":\"2019-05-04\"}\r\n--part--"
                        "\r\n"));
    post(h, &h->n.ann, "/desk/outlets/{no}/import", S("/desk/outlets/CC001/import"),
         S(UPLOAD("b.jsonl") "{\"title\":\"旧二\",\"text\":\"二\",\"date\":\"2019-05-04\"}\r\n"
                             "--part--\r\n"));
    post(h, NULL, "/admin/outlets/import", S("/admin/outlets/import"),
         S(UPLOAD(
             "a.csv") "名称,平台,平台账号,级别,所属单位\n甲,微信,one,二级,甲院\r\n--part--\r\n"));
}

#define CARD(name, account)                                                                        \
    "\"name\":\"" name "\",\"platform\":\"微信\",\"platform_account\":\"" account                  \
    "\",\"tier\":\"二级\",\"unit\":\"新的学院\"}"

static void act_on_the_register(House *h) {
    const Person *ann = &h->n.ann;

    post(h, ann, "/outlets/apply", S("/outlets/apply"), S("{" CARD("回声", "echo")));
    post(h, ann, "/admin/outlets", S("/admin/outlets"), S("{" CARD("潮汐", "tide")));
    post(h, ann, "/admin/outlets/{card}", S("/admin/outlets/CC002"),
         S("{\"version\":1," CARD("广播台", "radio")));
    post(h, ann, "/admin/outlets/{no}/state", S("/admin/outlets/CC002/state"),
         S("{\"version\":2,\"to\":\"suspended\",\"reason\":\"理由\"}"));
    post(h, ann, "/admin/settings", S("/admin/settings"),
         S("{\"name\":\"新名\",\"tagline\":\"一行\",\"zone\":\"Europe/Berlin\"}"));
}

static void act_on_reviews(House *h) {
    const Person *ann = &h->n.ann;

    post(h, ann, "/admin/reviews", S("/admin/reviews"),
         S("{\"year\":2026,\"answer_by\":\"2026-12-31\"}"));
    post(h, &h->n.ben, "/outlets/{no}/review", S("/outlets/CC001/review"),
         S("{\"version\":1,\"y1\":true,\"y2\":true,\"y3\":true,\"y4\":true,\"y5\":true,"
           "\"y6\":true,\"y7\":true,\"r8\":\"没有。\"}"));
    post(h, ann, "/admin/outlets/{no}/review", S("/admin/outlets/CC001/review"),
         S("{\"version\":2,\"decision\":\"rectify\",\"findings\":\"缺一项。\",\"measure\":"
           "\"补上。\",\"due_on\":\"2026-12-31\",\"reason\":\"缺一项。\"}"));
}

static long long proposed(House *h) {
    HandoverList list;

    OK_(handover_list(h->n.ctx, h->n.paper.id, 1, &list));
    return list.items[0].id;
}

static void act_on_handovers(House *h) {
    static const char *const ends[] = { "close", "sign" };

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        post(h, &h->n.ben, "/outlets/{no}/handover", S("/outlets/CC001/handover"),
             S("{\"operators\":\"唐一舟\"}"));
        post(h, &h->n.ann,
             i ? "/outlets/{no}/handover/{id}/sign" : "/outlets/{no}/handover/{id}/close",
             TEXT("/outlets/CC001/handover/%lld/%s", proposed(h), ends[i]), STR_EMPTY);
    }
}

static void act_on_people(House *h) {
    const Person *ann = &h->n.ann;
    long long ben = h->n.ben.id, cai = h->n.cai.id, eve = h->n.eve.id;
    GrantList grants;
    JobList jobs;

    OK_(grant_of_person(h->n.ctx, cai, &grants));
    OK_(job_list(h->n.ctx, S("ready"), 0, 1, &jobs));
    assert_true(grants.len > 0 && jobs.len > 0);
    post(h, ann, "/admin/people", S("/admin/people"),
         S("{\"login\":\"zoe\",\"name\":\"左伊\",\"unit\":\"新闻部\"}"));
    post(h, ann, "/admin/people/{id}/grants", TEXT("/admin/people/%lld/grants", cai),
         S("{\"role\":\"记者\",\"outlet\":\"CC001\"}"));
    post(h, ann, "/admin/grants/{id}/end",
         TEXT("/admin/grants/%lld/end", (long long)grants.items[0].id), STR_EMPTY);
    post(h, ann, "/admin/people/{id}/invitation", TEXT("/admin/people/%lld/invitation", ben),
         STR_EMPTY);
    post(h, ann, "/invitations/{token}", TEXT("/invitations/%.*s", STR_ARG(h->invitation)),
         S("{\"password\":\"another good one\"}"));
    post(h, ann, "/admin/people/{id}/end", TEXT("/admin/people/%lld/end", eve), STR_EMPTY);
    post(h, ann, "/admin/units", S("/admin/units"), S("{\"name\":\"摄影组\",\"kind\":\"社团\"}"));
    post(h, ann, "/admin/jobs/{id}/{act}",
         TEXT("/admin/jobs/%lld/hold", (long long)jobs.items[0].id), STR_EMPTY);
    post(h, ann, "/signin", S("/signin"),
         TEXT("{\"login\":\"ann\",\"password\":\"%.*s\"}", STR_ARG(RIGHT)));
    post(h, ann, "/account/password", S("/account/password"),
         TEXT("{\"old\":\"%.*s\",\"password\":\"another good one\"}", STR_ARG(RIGHT)));
}

static void act_on_feeds(House *h) {
    const Person *ann = &h->n.ann;
    long long feed = (long long)h->feed;

    post(h, ann, "/outlets/{no}/deposits", S("/outlets/CC001/deposits"),
         S("{\"title\":\"新\",\"url\":\"https://mp.example/9\"}"));
    post(h, ann, "/admin/feeds", S("/admin/feeds"),
         S("{\"outlet\":\"CC001\",\"url\":\"https://feeds.example/new\"}"));
    post(h, ann, "/admin/feeds/import", S("/admin/feeds/import"),
         S(PART("outlet") "\r\n\r\nCC001\r\n" UPLOAD(
             "a.opml") "<opml version='2.0'><body><outline xmlUrl='https://a.example/1'/></body>"
                       "</opml>\r\n--part--\r\n"));
    post(h, NULL, "/websub/in/{token}", TEXT("/websub/in/%.*s", STR_ARG(h->hub_token)),
         S("{\"unsigned\":true}"));
    world_advance(&h->n.w, 61000);
    post(h, ann, "/admin/feeds/{feed}/fetch", TEXT("/admin/feeds/%lld/fetch", feed), STR_EMPTY);
    post(h, ann, "/admin/feeds/first", S("/admin/feeds/first"),
         S("{\"outlet\":\"CC001\",\"act\":\"stop\"}"));
    post(h, ann, "/admin/feeds/first", S("/admin/feeds/first"),
         S("{\"outlet\":\"CC001\",\"act\":\"resume\"}"));
    post(h, ann, "/admin/feeds/poll", S("/admin/feeds/poll"), S("{\"now\":true}"));
    post(h, ann, "/admin/feeds/{feed}/pause", TEXT("/admin/feeds/%lld/pause", feed), STR_EMPTY);
    post(h, ann, "/admin/feeds/{feed}/resume", TEXT("/admin/feeds/%lld/resume", feed), STR_EMPTY);
    post(h, ann, "/admin/feeds/{feed}/end", TEXT("/admin/feeds/%lld/end", feed), STR_EMPTY);
}

static void act_on_pitches(House *h) {
    const Person *ann = &h->n.ann;

    post(h, ann, "/outlets/{no}/pitches", S("/outlets/CC001/pitches"),
         S("{\"title\":\"新\",\"why\":\"值得写。\"}"));
    post(h, ann, "/pitches/{pitch}/notes", TEXT("/pitches/%lld/notes", (long long)h->pitches[0]),
         S("{\"text\":\"好。\"}"));
    post(h, ann, "/pitches/{pitch}/withdraw",
         TEXT("/pitches/%lld/withdraw", (long long)h->pitches[0]), S("{\"version\":1}"));
    post(h, ann, "/pitches/{pitch}/assign", TEXT("/pitches/%lld/assign", (long long)h->assigned),
         TEXT("{\"version\":4,\"person\":[\"%lld\"],\"kind\":\"消息\",\"due_at\":"
              "\"2030-05-01T18:00\"}",
              (long long)ann->id));
    post(h, ann, "/account/calendar", S("/account/calendar"), STR_EMPTY);
    post(h, ann, "/account/calendar/end", S("/account/calendar/end"), STR_EMPTY);
    post(h, ann, "/outlets/{no}/calendar", S("/outlets/CC001/calendar"), STR_EMPTY);
    post(h, ann, "/outlets/{no}/calendar/end", S("/outlets/CC001/calendar/end"), STR_EMPTY);
    post(h, ann, "/pitches/{pitch}/move", TEXT("/pitches/%lld/move", (long long)h->assigned),
         S("{\"version\":5,\"wished_on\":\"2030-05-01\"}"));
    post(h, ann, "/assignments/{assignment}/move",
         TEXT("/assignments/%lld/move", (long long)h->assignments[0]),
         S("{\"version\":1,\"due_at\":\"2030-05-02T18:00\"}"));
    post(h, ann, "/assignments/{assignment}/begin",
         TEXT("/assignments/%lld/begin", (long long)h->assignments[0]), S("{\"version\":2}"));
    post(h, ann, "/assignments/{assignment}/drop",
         TEXT("/assignments/%lld/drop", (long long)h->assignments[1]),
         S("{\"version\":1,\"reason\":\"不用了。\"}"));
    post(h, ann, "/pitches/{pitch}/accept", TEXT("/pitches/%lld/accept", (long long)h->pitches[1]),
         S("{\"version\":1}"));
    post(h, ann, "/pitches/{pitch}/decline",
         TEXT("/pitches/%lld/decline", (long long)h->pitches[2]),
         S("{\"version\":1,\"reason\":\"写过了。\"}"));
}

/* What the person's authenticator shows when the next code is due. */
static Str next_code(House *h, const Person *person) {
    Ctx *ctx = h->n.ctx;
    FactorRow row;
    bool is_found;
    Str seed;

    world_advance(&h->n.w, TOTP_STEP_MS);
    OK_(identity_store_factor_get(ctx, person->id, &row, &is_found));
    OK_(box_open(ctx->arena, &box, S("factor"), person->id, row.sealed, &seed));
    return totp_code(ctx->arena, seed, totp_step(ctx->now_ms));
}

/* A try stays counted although the answer is an error: taken back, so that it is seen that nothing else stays. */
static Err ask_by_code(House *h, Str body) {
    Err err = ask(h, FORM_JSON, "POST", S("/signin/code"), body);

    if (err.code != ERR_OK)
        OK_(db_exec(h->n.ctx, "UPDATE signin_ticket SET tries = 0", NO_ARGS));
    return err;
}

static void act_on_the_second_step(House *h) {
    Ctx *ctx = h->n.ctx;
    const Person *cai = &h->n.cai;
    StrList codes;
    SignIn got;

    become(ctx, NULL);
    OK_(password_set(ctx, cai->id, RIGHT));
    post(h, cai, "/account/factor", S("/account/factor"), STR_EMPTY);
    post(h, cai, "/account/factor/confirm", S("/account/factor/confirm"),
         TEXT("{\"code\":\"%.*s\"}", STR_ARG(next_code(h, cai))));
    post(h, cai, "/account/factor/codes", S("/account/factor/codes"), STR_EMPTY);
    OK_(identity_sign_in(ctx, S("cai"), RIGHT, &got));
    begin(h, NULL, "/signin/code");
    Str body = TEXT("{\"login\":\"cai\",\"ticket\":\"%.*s\",\"code\":\"%.*s\"}",
                    STR_ARG(got.ticket), STR_ARG(next_code(h, cai)));
    RUNS(&h->n.w, NO_RET, ask_by_code(h, body));
    post(h, cai, "/account/factor/end", S("/account/factor/end"), STR_EMPTY);
    become(ctx, cai);
    OK_(factor_begin(ctx));
    OK_(factor_confirm(ctx, next_code(h, cai), &codes));
    post(h, &h->n.ann, "/admin/people/{id}/factor",
         TEXT("/admin/people/%lld/factor", (long long)cai->id), STR_EMPTY);
}

static void act_on_tokens(House *h) {
    const Person *ann = &h->n.ann;
    ApiTokenList list;

    post(h, ann, "/account/tokens", S("/account/tokens"),
         S("{\"label\":\"news\",\"until\":\"2026-12-31\",\"right\":[\"file@CC001\"]}"));
    become(h->n.ctx, ann);
    OK_(token_list(h->n.ctx, &list));
    assert_int_equal(list.len, 2);
    post(h, ann, "/account/tokens/{id}/end",
         TEXT("/account/tokens/%lld/end", (long long)list.items[0].id), STR_EMPTY);
}

static Str sign_in(House *h) {
    SignIn got;

    OK_(identity_sign_in(h->n.ctx, S("ben"), RIGHT, &got));
    return got.session_token;
}

/* These act on the session of a cookie. */
static void act_on_sessions(House *h) {
    SessionList list;

    become(h->n.ctx, NULL);
    OK_(password_set(h->n.ctx, h->n.ben.id, RIGHT));
    (void)sign_in(h);
    (void)sign_in(h);
    h->session = sign_in(h);
    OK_(ask(h, FORM_JSON, "GET", S("/account"), STR_EMPTY)); /* its use is noted */
    become(h->n.ctx, &h->n.ben);
    OK_(identity_sessions(h->n.ctx, h->session, &list));
    assert_int_equal(list.len, 3);
    long long other = (long long)list.items[list.items[0].is_current].id;
    post(h, NULL, "/account/sessions/{id}/end", TEXT("/account/sessions/%lld/end", other),
         STR_EMPTY);
    post(h, NULL, "/account/sessions", S("/account/sessions"), STR_EMPTY);
    post(h, NULL, "/signout", S("/signout"), STR_EMPTY);
    h->session = sign_in(h);
    OK_(ask(h, FORM_JSON, "GET", S("/account"), STR_EMPTY));
    post(h, NULL, "/account/confirm", S("/account/confirm"),
         TEXT("{\"password\":\"%.*s\"}", STR_ARG(RIGHT)));
    h->session = STR_EMPTY;
}

static bool is_in(const char *pattern, const char *const *patterns, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(patterns[i], pattern) == 0)
            return true;
    return false;
}

static void act_by_every_row(bool has_key) {
    House h = house_new();

    h.key = has_key ? S("key") : STR_EMPTY;
    act_on_stories(&h);
    act_on_checks(&h);
    carry(&h);
    act_on_word_files(&h);
    let_pass(&h);
    keep_lists(&h);
    take_in(&h);
    move_work(&h);
    act_on_the_register(&h);
    act_on_reviews(&h);
    act_on_handovers(&h);
    act_on_people(&h);
    act_on_feeds(&h);
    act_on_pitches(&h);
    act_on_the_second_step(&h);
    act_on_tokens(&h);
    act_on_sessions(&h);
    for (const Route *const *table = app_tables; *table; table++)
        for (const Route *row = *table; row->method; row++)
            if (strcmp(row->method, "GET") != 0 && !is_in(row->pattern, h.posted, h.posted_len))
                fail_msg("the new row %s %s needs a request here", row->method, row->pattern);
    house_free(&h);
}

static void each_act_is_whole_or_an_error(void **state) {
    (void)state;
    act_by_every_row(false);
}

static void each_act_under_a_key_is_whole_or_an_error(void **state) {
    (void)state;
    act_by_every_row(true);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_is_answered_whole_or_with_an_error),
        cmocka_unit_test(each_act_under_a_key_is_whole_or_an_error),
        cmocka_unit_test(each_act_is_whole_or_an_error),
    };

    if (argc == 3 && str_eq(str_from_c(argv[1]), S("--child")))
        return image_child_main();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    faults_report("routes");
    return failed;
}
