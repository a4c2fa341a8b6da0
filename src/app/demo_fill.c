/* app/demo_fill.c - fills an empty alliance with the demo's register, people and stories. */
#include "app/demo.h"

#include "base/embed.h"
#include "base/map.h"
#include "base/vec.h"
#include "features/correction/correction.h"
#include "features/identity/identity.h"
#include "features/intake/intake.h"
#include "features/manuscript/manuscript.h"
#include "features/media/media.h"
#include "features/planning/planning.h"
#include "features/register/register.h"
#include "sec/password.h"
#include "text/csv.h"
#include "text/zone.h"

extern const Embedded demo_files[]; /* demo/: outlets.csv, people.csv, stories/... */
extern const size_t demo_files_count;

static const char ZONE[] = "Asia/Shanghai";

typedef struct Fill {
    App *app;
    Ctx ctx; /* acts as operator, or as the person of the act at hand */
    FixedClock clock;
    Str pictures, encoded_password;
    Map people;  /* login -> Person * */
    Map outlets; /* number -> Outlet * */
} Fill;

static Str file_of(const char *name) {
    for (size_t i = 0; i < demo_files_count; i++)
        if (strcmp(demo_files[i].name, name) == 0)
            return (Str){ (const char *)demo_files[i].bytes, demo_files[i].len };
    return STR_EMPTY;
}

static void set_time(Fill *fill, int64_t at_ms) {
    fill->clock.at_ms = at_ms;
    fill->ctx.now_ms = at_ms;
}

static void act_as_operator(Fill *fill) {
    fill->ctx.actor = ACTOR_OPERATOR;
    fill->ctx.person_id = fill->ctx.outlet_id = 0;
    fill->ctx.person_name = S("operator");
    fill->ctx.role = fill->ctx.outlet_no = STR_EMPTY;
}

static Err act_as(Fill *fill, Str login, Str role, Str outlet_no) {
    const Person *person = map_get(&fill->people, login);
    const Outlet *outlet = map_get(&fill->outlets, outlet_no);

    if (!person || !outlet)
        return FAIL_ARGS(ERR_INVALID, NULL, N_("The demo names {0} or {1}, who is not there."),
                         login, outlet_no);
    fill->ctx.actor = ACTOR_PERSON;
    fill->ctx.person_id = person->id;
    fill->ctx.person_name = person->name;
    fill->ctx.role = role;
    fill->ctx.outlet_id = outlet->id;
    fill->ctx.outlet_no = outlet->no;
    return OK;
}

/* ---- register and people ---- */

static Err fill_outlets(Fill *fill) {
    ImportReport report;
    OutletList list;
    OutletFilter any = { 0 };
    int64_t total;

    TRY(outlet_import(&fill->ctx, file_of("outlets.csv"), false, &report));
    if (!report.is_written)
        return FAIL(ERR_BUG, NULL, N_("The demo's register has a refused row."));
    TRY(outlet_list(&fill->ctx, &any, 0, 100, &list, &total));
    for (size_t i = 0; i < list.len; i++)
        map_set(&fill->outlets, list.items[i].no, &list.items[i]);
    return OK;
}

/* "记者@CC001;总编" */
static Err give_grants(Fill *fill, const Person *person, Str grants) {
    Str item;

    while (str_cut(&grants, ';', &item)) {
        Str no = str_trim(item), role;
        const Outlet *outlet = NULL;
        int64_t id;
        (void)str_cut(&no, '@', &role);
        if (no.len && !(outlet = map_get(&fill->outlets, no)))
            return FAIL_ARGS(ERR_INVALID, NULL, N_("The demo names {0} or {1}, who is not there."),
                             person->login, no);
        TRY(grant_give(&fill->ctx, person->id, role, outlet ? outlet->id : 0, fill->ctx.now_ms, 0,
                       &id));
    }
    return OK;
}

static Err fill_person(Fill *fill, const CsvRow *row) {
    Person *person = arena_alloc(fill->ctx.arena, sizeof *person);
    int64_t unit;

    if (row->len < 4)
        return FAIL(ERR_INVALID, NULL, N_("A line of the demo's people is too short."));
    TRY(unit_ensure(&fill->ctx, row->cells[2], S("部门"), 0, &unit));
    TRY(person_add(&fill->ctx, row->cells[0], row->cells[1], unit, person));
    if (!str_starts(row->cells[3], S("分管领导"))) /* a leader has none and signs by a link */
        TRY(password_set_encoded(&fill->ctx, person->id, fill->encoded_password));
    map_set(&fill->people, person->login, person);
    return give_grants(fill, person, row->cells[3]);
}

static Err fill_people(Fill *fill) {
    CsvTable table;

    TRY(csv_read(fill->ctx.arena, file_of("people.csv"), CSV_LIMITS, &table));
    for (size_t i = 1; i < table.len; i++)
        TRY(fill_person(fill, &table.rows[i]));
    return OK;
}

/* ---- stories ---- */

static Err file_story(Fill *fill, DemoStory *story, Str body, Str note, Filing *ret,
                      Picture *picture) {
    *ret = (Filing){ .kind = story->kind,
                     .lang = story->lang,
                     .title = story->title,
                     .summary = story->summary,
                     .source = body,
                     .format = S("markdown"),
                     .note = note,
                     .sources = story->sources,
                     .tags = story->tags };
    if (story->picture.len && fill->pictures.len) {
        Media media;
        TRY(media_add_prepared(&fill->ctx, fill->ctx.outlet_id, fill->pictures, story->picture,
                               &media));
        *picture =
            (Picture){ media.id, story->alt, story->credit.len ? story->credit : S("演示插图") };
        ret->pictures = picture;
        ret->picture_count = 1;
    }
    return OK;
}

/* 三审三校, at the outlet that has it; the first proof is the author's. */
static const struct {
    const char *step, *login, *role;
} readers[] = {
    { "review1", "shen.ruogu", "责任编辑" }, { "review2", "fu.lanting", "部门主任" },
    { "review3", "fang.qing", "总编" },      { "proof1", NULL, "记者" },
    { "proof2", "tao.zhixin", "校对员" },    { "proof3", "ji.buyan", "校对员" },
};

static Err pass_step(Fill *fill, const DemoStory *story, size_t i, int64_t opened_ms,
                     int64_t decided_ms, Manuscript *m) {
    Deciding how = { .step = str_from_c(readers[i].step),
                     .outcome = S("pass"),
                     .checks = { true, true, true, true } };
    Str login = readers[i].login ? str_from_c(readers[i].login) : story->author;
    ManuscriptVersion v;
    Review review;
    bool is_found;

    TRY(act_as(fill, login, str_from_c(readers[i].role), story->outlet));
    TRY(manuscript_version(&fill->ctx, m->id, m->working_n, &v));
    TRY(manuscript_review_get(&fill->ctx, m->id, v.n, &review, &is_found));
    ReviewText text = manuscript_review_text(m, &v);
    set_time(fill, opened_ms);
    TRY(manuscript_open(&fill->ctx, m, &review, &text));
    set_time(fill, decided_ms);
    return manuscript_decide(&fill->ctx, m->id, m->version, &how, m);
}

/* Between its submission and its release, one after the other, each step read for most of its share of that time. */
static Err pass_steps(Fill *fill, DemoStory *story, Manuscript *m) {
    int64_t from_ms = m->changed_ms, to_ms = fill->ctx.now_ms, count = COUNT_OF(readers);

    for (int64_t i = 0; i < count; i++) {
        int64_t share = (to_ms - from_ms) / (count + 1), start_ms = from_ms + i * share;
        TRY(pass_step(fill, story, (size_t)i, start_ms + share / 5, start_ms + share, m));
    }
    set_time(fill, to_ms);
    story->version = m->version;
    return act_as(fill, S("fang.qing"), S("总编"), story->outlet);
}

static Err release(Fill *fill, DemoStory *story, Str releaser, Manuscript *m) {
    TRY(act_as(fill, releaser, S("责任编辑"), story->outlet));
    TRY(manuscript_get(&fill->ctx, story->id, m));
    if (m->step.len)
        TRY(pass_steps(fill, story, m));
    return manuscript_release(&fill->ctx, story->id, story->version, m);
}

static Err revise(Fill *fill, DemoStory *story, const DemoAct *act, Manuscript *m) {
    Filing filing;
    Picture picture;
    Str note = str_eq(story->lang, S("en")) ? S("Updated.") : S("更新全文。");

    TRY(file_story(fill, story, act->text, note, &filing, &picture));
    TRY(manuscript_change(&fill->ctx, story->id, story->version, &filing, m));
    TRY(manuscript_submit(&fill->ctx, story->id, m->version, m));
    story->version = m->version;
    return release(fill, story, act->releaser, m);
}

static Err run_act(Fill *fill, const DemoAct *act) {
    DemoStory *story = act->story;
    bool is_author = str_eq(act->who, story->author);
    Manuscript m = { .version = story->version };
    Filing filing;
    Picture picture;
    Correction correction;

    set_time(fill, act->at_ms);
    TRY(act_as(fill, act->who, is_author ? S("记者") : S("责任编辑"), story->outlet));
    switch (act->kind) {
    case DEMO_FILE:
        TRY(file_story(fill, story, story->body, STR_EMPTY, &filing, &picture));
        TRY(manuscript_file(&fill->ctx, &filing, &m));
        story->id = m.id;
        break;
    case DEMO_SUBMIT:
        TRY(manuscript_submit(&fill->ctx, story->id, story->version, &m));
        break;
    case DEMO_RELEASE:
        TRY(release(fill, story, act->who, &m));
        break;
    case DEMO_CORRECT:
        TRY(correction_issue(&fill->ctx, story->id, story->version, act->text, &correction));
        TRY(manuscript_get(&fill->ctx, story->id, &m));
        break;
    case DEMO_REVISE:
        TRY(revise(fill, story, act, &m));
        break;
    case DEMO_WITHDRAW:
        TRY(manuscript_withdraw(&fill->ctx, story->id, story->version, act->text, &m));
    }
    story->version = m.version;
    return OK;
}

static int compare_acts(const void *a, const void *b) {
    const DemoAct *x = a, *y = b;

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static Err fill_flow(Fill *fill) {
    Flow flow = { .name = S("three-review"), .proofs = 3 };
    const Outlet *outlet = map_get(&fill->outlets, S("CC006"));

    if (!outlet)
        return FAIL(ERR_BUG, NULL, N_("The demo's register has a refused row."));
    return manuscript_flow_set(&fill->ctx, outlet->id, &flow);
}

static Err fill_stories(Fill *fill) {
    DemoActs acts = { 0 };

    for (size_t i = 0; i < demo_files_count; i++) {
        Str name = str_from_c(demo_files[i].name);
        Str text = { (const char *)demo_files[i].bytes, demo_files[i].len };
        if (str_ends(name, S(".md")))
            TRY(demo_story_read(fill->ctx.arena, name, text, str_from_c(ZONE), &acts));
    }
    qsort(acts.items, acts.len, sizeof(DemoAct), compare_acts);
    for (size_t i = 0; i < acts.len; i++)
        TRY(run_act(fill, &acts.items[i]));
    return OK;
}

/* ---- what was posted elsewhere ---- */

static const char CANTEEN_TEXT[] =
    "第二食堂的自助结算台今天恢复使用。后勤处说，上周的故障出在一块读卡板上，换下的板子已经封存，多"
    "扣的一百一十三笔餐费"
    "会在三个工作日内退回原卡。没有收到的同学，可以带上卡到二楼服务窗口登记，也可以在这里留言。";

/* The second is the first's text at another outlet; the last is the first again, under a better title. */
static const struct {
    const char *login, *role, *outlet, *title, *url, *text;
    int days_ago;
} deposits[] = {
    { "tang.yizhou", "记者", "CC001", "第二食堂结算台恢复，多扣的餐费三天内退回",
      "https://video.demo.invalid/watch/1101", CANTEEN_TEXT, 9 },
    { "leng.qiubai", "责任编辑", "CC010", "结算台恢复公告", "https://wx.demo.invalid/s/hq-2207",
      CANTEEN_TEXT, 9 },
    { "cen.yuan", "记者", "CC013", "机械学院公开日直播回放", "https://live.demo.invalid/r/88412",
      "", 6 },
    { "pei.qinghe", "责任编辑", "CC002", "公开日直播：机械学院的三个实验室",
      "http://live.demo.invalid/r/88412?utm_source=cc002", "", 5 },
    { "tang.yizhou", "记者", "CC001", "第二食堂结算台恢复，多扣的113笔餐费三个工作日内退回",
      "https://video.demo.invalid/watch/1101", CANTEEN_TEXT, 3 },
};

static Err fill_deposits(Fill *fill, int64_t now_ms) {
    static const int64_t day_ms = 86400000;

    for (size_t i = 0; i < COUNT_OF(deposits); i++) {
        DepositFacts facts = { .title = str_from_c(deposits[i].title),
                               .url = str_from_c(deposits[i].url),
                               .text = str_from_c(deposits[i].text),
                               .published_ms = now_ms - (deposits[i].days_ago + 1) * day_ms };
        DepositOutcome outcome;
        Deposit d;
        set_time(fill, now_ms - deposits[i].days_ago * day_ms);
        TRY(act_as(fill, str_from_c(deposits[i].login), str_from_c(deposits[i].role),
                   str_from_c(deposits[i].outlet)));
        TRY(intake_deposit(&fill->ctx, &facts, &d, &outcome));
    }
    return OK;
}

/* ---- what is planned ---- */

static const char LAMPS_WHY[] =
    "东门外到学生公寓的四百米，路修好一年了，路灯装上却没有亮。\n"
    "后勤处说等验收，保卫处说晚归的人在绕行。两家都问过，可以配一张夜里的图。";

static const struct {
    const char *login, *title, *why, *kind;
    int days_ago, wished_in_days; /* wished_in_days 0: any day */
    const char *decided_by;       /* empty: it waits for an editor */
    const char *declined_why;     /* empty: accepted, and assigned to who proposed it */
} pitches[] = {
    { "he.tiantian", "食堂价目表三年没有变", "价目表是三年前的，菜已经换了一半，问问为什么。",
      "消息", 6, 0, "shen.ruogu", "上月刚发过食堂调价的问答，先等后勤处的新价目表。" },
    { "tang.yizhou", "夜里的灯：东门外四百米为什么还黑着", LAMPS_WHY, "通讯", 5, 3, "pei.qinghe",
      "" },
    { "bai.qingchuan", "老校门的砖从哪里来", "档案馆找到了一张一九五三年的送货单，可以顺着砖窑写。",
      "图片", 2, 6, "", "" },
};

static Err local_text(Fill *fill, int64_t at_ms, Str *ret) {
    ZoneTime local;

    TRY(zone_local(str_from_c(ZONE), at_ms, &local));
    *ret = str_format(fill->ctx.arena, "%04d-%02d-%02d", local.year, local.month, local.day);
    return OK;
}

static Err decide(Fill *fill, size_t i, Pitch *p, int64_t now_ms) {
    static const int64_t day_ms = 86400000;
    const Person *writer = map_get(&fill->people, str_from_c(pitches[i].login));
    AssignWords words = { .people = &writer->id, .people_count = 1, .kind = p->kind };
    Str reason = str_from_c(pitches[i].declined_why), day;
    Assignment a;

    set_time(fill, fill->ctx.now_ms + day_ms / 4);
    TRY(act_as(fill, str_from_c(pitches[i].decided_by), S("责任编辑"), S("CC001")));
    if (reason.len > 0)
        return pitch_decline(&fill->ctx, p->id, p->version, reason, p);
    TRY(pitch_accept(&fill->ctx, p->id, p->version, STR_EMPTY, p));
    TRY(local_text(fill, now_ms + 2 * day_ms, &day));
    words.due_at = str_concat(fill->ctx.arena, day, S("T18:00"));
    return pitch_assign(&fill->ctx, p->id, p->version, &words, &a);
}

static Err fill_pitches(Fill *fill, int64_t now_ms) {
    static const int64_t day_ms = 86400000;
    Pitch p;

    for (size_t i = 0; i < COUNT_OF(pitches); i++) {
        PitchWords words = { .title = str_from_c(pitches[i].title),
                             .why = str_from_c(pitches[i].why),
                             .kind = str_from_c(pitches[i].kind) };
        if (pitches[i].wished_in_days)
            TRY(local_text(fill, now_ms + pitches[i].wished_in_days * day_ms, &words.wished_on));
        set_time(fill, now_ms - pitches[i].days_ago * day_ms);
        TRY(act_as(fill, str_from_c(pitches[i].login), S("记者"), S("CC001")));
        TRY(pitch_propose(&fill->ctx, &words, &p));
        if (pitches[i].decided_by[0])
            TRY(decide(fill, i, &p, now_ms));
    }
    return OK;
}

Err demo_fill(App *app, Str pictures, Str password) {
    Fill fill = { .app = app,
                  .ctx = app->ctx,
                  .pictures = pictures,
                  .people = map_new(app->arena),
                  .outlets = map_new(app->arena) };
    int64_t start;
    DB_TX(tx);

    clock_fixed(&fill.clock, app->ctx.now_ms);
    fill.ctx.clock = &fill.clock.clock;
    TRY(password_hash(password_gate_new(app->arena, 1, 1), app->arena, app->ctx.chance,
                      PASSWORD_COST, password, &fill.encoded_password));
    TRY(zone_parse(str_from_c(ZONE), S("2023-11-20T09:00"), &start, NULL));
    TRY(db_begin_alone(&fill.ctx,
                       &tx)); /* the acts nest in one transaction: a demo is whole or not there */
    set_time(&fill, start);
    act_as_operator(&fill);
    TRY(fill_outlets(&fill));
    TRY(fill_people(&fill));
    TRY(fill_flow(&fill));
    TRY(fill_stories(&fill));
    TRY(fill_deposits(&fill, app->ctx.now_ms));
    TRY(fill_pitches(&fill, app->ctx.now_ms));
    return db_commit(&tx);
}

const DemoSignIn demo_sign_ins[] = {
    { "tang.yizhou", "记者 CC001" },
    { "pei.qinghe", "责任编辑 CC001" },
    { "fang.qing", "总编" },
    { "wu.jian", "指导教师 CC001" },
    { "wei.zhixing", "登记员" },
    { "kang.shining", "管理员" },
    { 0 },
};
