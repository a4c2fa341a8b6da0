/* manuscript_plan_test.c - what is planned goes out once, at its time, in order, or a person is told why not. */
#include "features/manuscript/test_newsroom.h"

#include "ledger/ledger.h"
#include "text/zone.h"

enum { PLANS = 1 << LANE_UPKEEP | 1 << LANE_RELEASE, MINUTE_MS = 60000, HOUR_MS = 3600000 };
static const int64_t DAY_MS = 86400000;

/* The clock of every world stands at 14:02 in Shanghai on 23 November 2026. */
#define AT_1405 S("2026-11-23T14:05")

static Newsroom begin(void) {
    Newsroom n = newsroom_new();

    queue_use(manuscript_job_kinds, manuscript_job_kind_count, NULL, 0);
    return n;
}

static Manuscript waiting(Newsroom *n, const char *title) {
    Manuscript m = news_draft(n, title);

    OK_(manuscript_submit(n->ctx, m.id, m.version, &m));
    return m;
}

/* Written by ann, planned by ben. */
static Manuscript planned(Newsroom *n, const char *title, Str local, Str zone) {
    Manuscript m = waiting(n, title);

    as(n->ctx, &n->ben, &n->paper);
    OK_(manuscript_plan(n->ctx, m.id, m.version, local, zone, &m));
    as(n->ctx, &n->ann, &n->paper);
    return m;
}

static int64_t run_jobs(Newsroom *n) {
    int64_t done;

    as_operator(n->ctx);
    OK_(queue_run_due(n->ctx, PLANS, &done));
    as(n->ctx, &n->ann, &n->paper);
    return done;
}

static Manuscript look(Newsroom *n, int64_t id) {
    Manuscript m;

    OK_(manuscript_get(n->ctx, id, &m));
    return m;
}

static Plan plan_of(Newsroom *n, int64_t id) {
    bool is_found;
    Plan plan;

    OK_(manuscript_plan_get(n->ctx, id, &plan, &is_found));
    assert_true(is_found);
    return plan;
}

static int64_t told(Newsroom *n) {
    int64_t count = 0;
    DB_ROWS(rows);

    OK_(db_query(n->ctx, &rows, "SELECT COUNT(*) FROM event WHERE name = 'manuscript.published'",
                 NO_ARGS));
    if (db_next(&rows))
        count = db_int(&rows, 0);
    OK_(db_end(&rows));
    return count;
}

static int entries_of(Newsroom *n, int64_t id, const char *kind, int64_t *ret_last) {
    LedgerPlaces places;
    int count = 0;

    OK_(ledger_of_subject(n->ctx, id, 100, &places));
    for (size_t i = 0; i < places.len; i++)
        if (str_eq(places.items[i].kind, str_from_c(kind))) {
            count++;
            if (ret_last)
                *ret_last = places.items[i].entry_id;
        }
    return count;
}

static Json *payload_of(Newsroom *n, int64_t id, const char *kind) {
    int64_t entry = 0;
    Json *payload;

    assert_int_equal(entries_of(n, id, kind, &entry), 1);
    OK_(ledger_payload(n->ctx, entry, &payload));
    return payload;
}

static void a_planned_story_goes_out_once_at_its_time_and_the_log_says_by_whom(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "三分钟后", AT_1405, STR_EMPTY), after;
    int64_t due_ms = WORLD_NOW_MS + 3 * MINUTE_MS;
    Plan plan = plan_of(&n, m.id);

    (void)state;
    assert_true(str_eq(m.state, S("planned")) && str_eq(plan.state, S("waiting")));
    assert_true(plan.when.at_ms == due_ms && str_eq(plan.when.zone, S("Asia/Shanghai")) &&
                str_eq(plan.when.local, AT_1405) && str_eq(plan.when.fit, S("exact")) &&
                str_eq(plan.when.rules, zone_rules()));
    assert_true(
        str_eq(manuscript_wall_text(n.ctx, &plan.when), S("2026-11-23 14:05 Asia/Shanghai")));
    FAILS(manuscript_get_public(n.ctx, m.id, &after), ERR_NOT_FOUND, NULL);
    world_advance(&n.w, 3 * MINUTE_MS - 1);
    assert_int_equal(run_jobs(&n), 0);
    world_advance(&n.w, 1);
    assert_int_equal(run_jobs(&n), 1);
    after = look(&n, m.id);
    assert_true(str_eq(after.state, S("published")) && after.published_ms == due_ms &&
                after.planned_ms == due_ms && after.released_by == n.ben.id &&
                after.published_n == 1);
    assert_false(manuscript_is_late(&after));
    Json *payload = payload_of(&n, m.id, "manuscript.released");
    assert_true(str_eq(json_get_text(json_get(payload, "released_by"), "name"), n.ben.name) &&
                str_eq(json_get_text(json_get(payload, "released_by"), "role"), S("记者")) &&
                str_eq(json_get_text(json_get(payload, "planned"), "local"), AT_1405) &&
                json_get(payload, "published")->integer == due_ms &&
                !json_get(payload, "is_late")->boolean);
    assert_int_equal(world_count(&n.w, "manuscript_plan"), 0);
    world_advance(&n.w, 2 * HOUR_MS);
    run_jobs(&n);
    assert_int_equal(entries_of(&n, m.id, "manuscript.released", NULL), 1);
    assert_int_equal(told(&n), 1);
    newsroom_free(&n);
}

static void a_time_that_is_no_time_or_past_is_refused_by_field(void **state) {
    static const char *const bad[] = { "",
                                       "x",
                                       "2026-12-01",
                                       "2026-02-30T08:00",
                                       "2026-12-01T25:00",
                                       "2026-11-23T14:02",
                                       "2026-11-23T14:01",
                                       "1999-01-01T00:00" };
    Newsroom n = begin();
    Manuscript m = waiting(&n, "无时"), ret;

    (void)state;
    as(n.ctx, &n.ben, &n.paper);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        FAILS(manuscript_plan(n.ctx, m.id, m.version, str_from_c(bad[i]), STR_EMPTY, &ret),
              ERR_INVALID, "plan_at");
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, S("Asia/Nowhere"), &ret), ERR_INVALID,
          "plan_zone");
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, S("+08:00"), &ret), ERR_INVALID,
          "plan_zone");
    assert_int_equal(world_count(&n.w, "manuscript_plan"), 0);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S(" 2026-11-23 14:02:01 "), S(" Asia/Shanghai "),
                        &ret));
    assert_true(str_eq(plan_of(&n, m.id).when.local, S("2026-11-23T14:02:01")));
    newsroom_free(&n);
}

static void times_that_clocks_skip_or_show_twice_are_decided_and_kept(void **state) {
    static const struct {
        const char *local, *zone, *fit, *utc;
    } rows[] = {
        { "2027-03-14T02:30", "America/New_York", "gap", "2027-03-14T07:00:00Z" },
        { "2027-03-28T01:30", "Europe/London", "gap", "2027-03-28T01:00:00Z" },
        { "2027-10-03T02:15", "Australia/Lord_Howe", "gap", "2027-10-02T15:30:00Z" },
        { "2027-11-07T01:30", "America/New_York", "repeated", "2027-11-07T05:30:00Z" },
        { "2027-10-31T01:30", "Europe/London", "repeated", "2027-10-31T00:30:00Z" },
        { "2027-04-04T01:45", "Australia/Lord_Howe", "repeated", "2027-04-03T14:45:00Z" },
        { "2027-04-04T08:00", "Asia/Shanghai", "exact", "2027-04-04T00:00:00Z" },
    };
    Newsroom n = begin();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Manuscript m = planned(&n, "换时", str_from_c(rows[i].local), str_from_c(rows[i].zone));
        Plan plan = plan_of(&n, m.id);
        int64_t at_ms;

        OK_(zone_parse_rfc3339(str_from_c(rows[i].utc), &at_ms));
        assert_true(str_eq(plan.when.fit, str_from_c(rows[i].fit)));
        assert_int_equal(plan.when.at_ms, at_ms);
        assert_true(str_eq(plan.when.local, str_from_c(rows[i].local)));
    }
    newsroom_free(&n);
}

static void before_the_embargo_nobody_releases_or_plans(void **state) {
    Newsroom n = begin();
    Filing filing = news_filing("早", "词。");
    Manuscript m;
    Embargo embargo;
    bool is_found;

    (void)state;
    filing.has_embargo = true;
    filing.embargo_at = S("2026-11-23T16:00");
    filing.embargo_zone = S("Mars/Base");
    FAILS(manuscript_file(n.ctx, &filing, &m), ERR_INVALID, "embargo_zone");
    filing.embargo_zone = STR_EMPTY;
    filing.embargo_at = S("never");
    FAILS(manuscript_file(n.ctx, &filing, &m), ERR_INVALID, "embargo_at");
    filing.embargo_at = S("2026-11-23T08:00");
    filing.embargo_zone = S("Europe/London"); /* 16:00 in Shanghai */
    OK_(manuscript_file(n.ctx, &filing, &m));
    OK_(manuscript_embargo_get(n.ctx, m.id, &embargo, &is_found));
    assert_true(is_found && embargo.when.at_ms == WORLD_NOW_MS + 118 * MINUTE_MS);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    Err err = manuscript_release(n.ctx, m.id, m.version, &m);
    assert_true(err.code == ERR_INVALID && strcmp(err.field, "embargo_at") == 0 &&
                str_eq(err.args[0], S("2026-11-23 08:00 Europe/London")));
    err = manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:59:59"), STR_EMPTY, &m);
    assert_true(err.code == ERR_INVALID && strcmp(err.field, "plan_at") == 0 && err.args[0].len);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T16:00"), STR_EMPTY, &m));
    as(n.ctx, &n.ann, &n.paper);
    filing.has_embargo = false; /* what is set stays */
    OK_(manuscript_change(n.ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_embargo_get(n.ctx, m.id, &embargo, &is_found));
    assert_true(is_found);
    filing.has_embargo = true;
    filing.embargo_at = S(" ");
    OK_(manuscript_change(n.ctx, m.id, m.version, &filing, &m));
    OK_(manuscript_embargo_get(n.ctx, m.id, &embargo, &is_found));
    assert_false(is_found);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    newsroom_free(&n);
}

static void who_plans_is_a_second_person_of_an_outlet_that_may_publish(void **state) {
    Newsroom n = begin();
    Manuscript m = waiting(&n, "自己的"), ret;
    Filing filing = news_filing("电台", "词。");

    (void)state;
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, STR_EMPTY, &ret), ERR_FORBIDDEN, NULL);
    as(n.ctx, &n.eve, &n.radio);
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, STR_EMPTY, &ret), ERR_NOT_FOUND, NULL);
    FAILS(manuscript_unplan(n.ctx, m.id, m.version, &ret), ERR_NOT_FOUND, NULL);
    OK_(manuscript_file(n.ctx, &filing, &m));
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.radio);
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, STR_EMPTY, &ret), ERR_FORBIDDEN, NULL);
    as_operator(n.ctx);
    FAILS(manuscript_plan(n.ctx, m.id, m.version, AT_1405, STR_EMPTY, &ret), ERR_FORBIDDEN, NULL);
    FAILS(manuscript_unplan(n.ctx, m.id, m.version, &ret), ERR_FORBIDDEN, NULL);
    int64_t count;
    FAILS(manuscript_publish_due(n.ctx, &count), ERR_FORBIDDEN, NULL);
    FAILS(manuscript_rezone(n.ctx, &count), ERR_FORBIDDEN, NULL);
    newsroom_free(&n);
}

static void an_edit_takes_the_plan_back_and_both_are_told(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "还要改", AT_1405, STR_EMPTY);
    Filing filing = news_filing("改过", "别的词。");
    ManuscriptList list;
    PlanList plans;

    (void)state;
    OK_(manuscript_change(n.ctx, m.id, m.version, &filing, &m));
    assert_true(str_eq(m.state, S("draft")));
    assert_true(
        str_eq(json_get_text(payload_of(&n, m.id, "manuscript.unplanned"), "why"), S("edited")));
    world_advance(&n.w, HOUR_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, m.id).state, S("draft")));
    const Person *both[] = { &n.ann, &n.ben };
    for (size_t i = 0; i < 2; i++) {
        as(n.ctx, both[i], &n.paper);
        OK_(manuscript_list_planned(n.ctx, 50, &list, &plans));
        assert_true(list.len == 1 && plans.len == 1 && list.items[0].id == m.id &&
                    str_eq(plans.items[0].state, S("edited")) &&
                    plans.items[0].ended_by == n.ann.id);
    }
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_list_planned(n.ctx, 50, &list, &plans));
    assert_int_equal(list.len, 0);
    as(n.ctx, &n.ann, &n.paper);
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    OK_(manuscript_list_planned(n.ctx, 50, &list, &plans));
    assert_int_equal(list.len, 0);
    assert_true(look(&n, m.id).planned_ms == 0);
    newsroom_free(&n);
}

static void a_plan_is_changed_and_cancelled_each_with_its_entry(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "改期", AT_1405, STR_EMPTY);
    int64_t first = plan_of(&n, m.id).id;

    (void)state;
    FAILS(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:00"), STR_EMPTY, &m),
          ERR_FORBIDDEN, NULL); /* its author */
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:00"), STR_EMPTY, &m));
    assert_true(plan_of(&n, m.id).id > first && plan_of(&n, m.id).by_id == n.cai.id);
    assert_int_equal(entries_of(&n, m.id, "manuscript.planned", NULL), 2);
    world_advance(&n.w, 5 * MINUTE_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, m.id).state, S("planned")));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_unplan(n.ctx, m.id, m.version, &m));
    assert_true(str_eq(m.state, S("submitted")) && str_eq(plan_of(&n, m.id).state, S("cancelled")));
    FAILS(manuscript_unplan(n.ctx, m.id, m.version, &m), ERR_CONFLICT, "state");
    assert_true(
        str_eq(json_get_text(payload_of(&n, m.id, "manuscript.unplanned"), "why"), S("cancelled")));
    world_advance(&n.w, DAY_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, m.id).state, S("submitted")));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-25T08:00"), STR_EMPTY, &m));
    OK_(manuscript_release(n.ctx, m.id, m.version, &m)); /* or at once */
    assert_true(m.planned_ms == 0 && str_eq(m.state, S("published")));
    world_advance(&n.w, 2 * DAY_MS);
    run_jobs(&n);
    assert_int_equal(entries_of(&n, m.id, "manuscript.released", NULL), 1);
    newsroom_free(&n);
}

static void what_is_planned_no_more_owes_no_job(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "不欠", AT_1405, STR_EMPTY);

    (void)state;
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:00"), STR_EMPTY, &m));
    assert_int_equal(world_count(&n.w, "job"), 1);
    OK_(manuscript_unplan(n.ctx, m.id, m.version, &m));
    assert_int_equal(world_count(&n.w, "job"), 0);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:00"), STR_EMPTY, &m));
    assert_int_equal(world_count(&n.w, "job"), 1);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    assert_int_equal(world_count(&n.w, "job"), 0);
    newsroom_free(&n);
}

static void a_planned_revision_leaves_the_published_text_until_its_time(void **state) {
    Newsroom n = begin();
    Manuscript m = news_revising(&n, "第二版", "新的词。");
    Manuscript public;

    (void)state;
    OK_(manuscript_submit(n.ctx, m.id, m.version, &m));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_plan(n.ctx, m.id, m.version, AT_1405, STR_EMPTY, &m));
    assert_true(str_eq(m.state, S("revision_planned")));
    OK_(manuscript_get_public(n.ctx, m.id, &public));
    assert_int_equal(public.published_n, 1);
    world_advance(&n.w, 3 * MINUTE_MS);
    run_jobs(&n);
    OK_(manuscript_get_public(n.ctx, m.id, &public));
    assert_true(public.published_n == 2 && public.republished_ms == n.ctx->now_ms &&
                public.planned_ms == n.ctx->now_ms);
    newsroom_free(&n);
}

/* ---- missed, held ---- */

static void what_was_missed_goes_out_at_once_and_is_marked_late(void **state) {
    Newsroom n = begin();
    Manuscript late = planned(&n, "迟", AT_1405, STR_EMPTY),
               graced = planned(&n, "不迟", S("2026-11-23T15:00"), STR_EMPTY);
    int64_t overdue;

    (void)state;
    /* 14:05 is 55 min gone, 15:00 as long as is forgiven */
    world_advance(&n.w, 58 * MINUTE_MS + PLAN_GRACE_MS - 1);
    OK_(manuscript_plans_overdue(n.ctx, &overdue));
    assert_int_equal(overdue, 2);
    Plan plan = plan_of(&n, late.id);
    assert_true(manuscript_plan_is_overdue(n.ctx, &plan));
    OK_(manuscript_plans_begin(n.ctx)); /* as a server that starts */
    run_jobs(&n);
    late = look(&n, late.id);
    graced = look(&n, graced.id);
    assert_true(manuscript_is_late(&late) && str_eq(late.state, S("published")));
    assert_true(json_get(payload_of(&n, late.id, "manuscript.released"), "is_late")->boolean);
    assert_true(!manuscript_is_late(&graced) && str_eq(graced.state, S("published")));
    assert_true(late.published_ms < graced.published_ms); /* in order, though at once */
    OK_(manuscript_plans_overdue(n.ctx, &overdue));
    assert_int_equal(overdue, 0);
    newsroom_free(&n);
}

static void overdue_begins_after_a_minute(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "逾期", AT_1405, STR_EMPTY);
    Plan plan = plan_of(&n, m.id);
    int64_t overdue;

    (void)state;
    world_advance(&n.w, 3 * MINUTE_MS + PLAN_OVERDUE_MS);
    OK_(manuscript_plans_overdue(n.ctx, &overdue));
    assert_true(overdue == 0 && !manuscript_plan_is_overdue(n.ctx, &plan));
    world_advance(&n.w, 1);
    OK_(manuscript_plans_overdue(n.ctx, &overdue));
    assert_true(overdue == 1 && manuscript_plan_is_overdue(n.ctx, &plan));
    newsroom_free(&n);
}

static void where_the_alliance_says_so_what_was_missed_waits_for_a_person(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "等人", AT_1405, STR_EMPTY),
               graced = planned(&n, "不等", S("2026-11-23T14:06"), STR_EMPTY);
    ManuscriptList list;

    (void)state;
    as_operator(n.ctx);
    OK_(site_hold_missed(n.ctx, true));
    world_advance(&n.w, 4 * MINUTE_MS + PLAN_GRACE_MS - 1);
    run_jobs(&n);
    assert_true(str_eq(look(&n, graced.id).state, S("published")));
    m = look(&n, m.id);
    assert_true(str_eq(m.state, S("held")) && m.published_n == 0);
    Plan plan = plan_of(&n, m.id);
    assert_true(str_eq(plan.state, S("held")) && str_starts(plan.why, S("Its time was missed.")));
    assert_int_equal(entries_of(&n, m.id, "manuscript.held", NULL), 1);
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_list_waiting(n.ctx, &n.paper.id, 1, 50, &list));
    assert_true(list.len == 1 && list.items[0].id == m.id);
    world_advance(&n.w, DAY_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, m.id).state, S("held")));
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_release(n.ctx, m.id, m.version, &m));
    assert_true(str_eq(m.state, S("published")));
    newsroom_free(&n);
}

static void everything_is_looked_at_again_when_the_time_comes(void **state) {
    Newsroom n = begin();
    Manuscript first = planned(&n, "没有教师", AT_1405, STR_EMPTY),
               second = planned(&n, "被改", S("2026-11-23T14:06"), STR_EMPTY);
    GrantList grants;

    (void)state;
    as_operator(n.ctx);
    OK_(grant_of_outlet(n.ctx, n.paper.id, &grants));
    for (size_t i = 0; i < grants.len; i++)
        if (str_eq(grants.items[i].role, S("指导教师")))
            OK_(grant_end(n.ctx, grants.items[i].id));
    world_advance(&n.w, 3 * MINUTE_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, first.id).state, S("held")));
    assert_true(plan_of(&n, first.id).why.len > 10);
    as_operator(n.ctx);
    news_grant(n.ctx, &n.cai, S("指导教师"), &n.paper);
    OK_(db_exec(n.ctx, "UPDATE manuscript_version SET hash = 'other' WHERE manuscript_id = $1",
                ARGS(INT(second.id)))); /* by another hand than ours */
    world_advance(&n.w, MINUTE_MS);
    run_jobs(&n);
    assert_true(str_eq(look(&n, second.id).state, S("held")));
    assert_int_equal(told(&n), 0);
    newsroom_free(&n);
}

static void who_has_left_releases_nothing_any_more(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "人走了", AT_1405, STR_EMPTY);

    (void)state;
    as_operator(n.ctx);
    OK_(person_end(n.ctx, n.ben.id));
    world_advance(&n.w, 3 * MINUTE_MS);
    run_jobs(&n);
    m = look(&n, m.id);
    assert_true(str_eq(m.state, S("held")) && m.published_n == 0);
    assert_true(str_starts(plan_of(&n, m.id).why, S("Who released it may no longer")));
    as(n.ctx, &n.cai, &n.paper);
    OK_(manuscript_plan(n.ctx, m.id, m.version, S("2026-11-23T15:00"), STR_EMPTY, &m));
    world_advance(&n.w, HOUR_MS);
    run_jobs(&n);
    m = look(&n, m.id);
    assert_true(str_eq(m.state, S("published")) && m.released_by == n.cai.id);
    newsroom_free(&n);
}

/* ---- zones whose rules change ---- */

static void other_rules_of_a_zone_move_what_still_waits(void **state) {
    Newsroom n = begin();
    Filing filing = news_filing("禁", "词。");
    Manuscript m = planned(&n, "挪", S("2027-07-01T08:00"), S("Europe/London")),
               kept = planned(&n, "不挪", S("2027-01-05T08:00"), S("Europe/London")), e;
    int64_t right_ms = plan_of(&n, m.id).when.at_ms, moved;
    Embargo embargo;
    bool is_found;

    (void)state;
    filing.has_embargo = true;
    filing.embargo_at = S("2027-07-01T08:00");
    filing.embargo_zone = S("Europe/London");
    OK_(manuscript_file(n.ctx, &filing, &e));
    OK_(db_exec(
        n.ctx,
        "UPDATE manuscript_plan SET rules = '2020a', at_ms = at_ms + $2 WHERE manuscript_id = $1",
        ARGS(INT(m.id), INT(HOUR_MS))));
    OK_(db_exec(n.ctx, "UPDATE manuscript_plan SET rules = '2020a' WHERE manuscript_id = $1",
                ARGS(INT(kept.id))));
    OK_(db_exec(n.ctx, "UPDATE manuscript_embargo SET rules = '2020a', at_ms = at_ms + $1",
                ARGS(INT(HOUR_MS))));
    n.ctx->actor = ACTOR_JOB;
    OK_(manuscript_rezone(n.ctx, &moved));
    assert_int_equal(moved, 2);
    OK_(manuscript_rezone(n.ctx, &moved));
    assert_int_equal(moved, 0);
    Plan plan = plan_of(&n, m.id);
    assert_true(plan.when.at_ms == right_ms && str_eq(plan.when.rules, zone_rules()));
    assert_true(str_eq(plan_of(&n, kept.id).when.rules, zone_rules()));
    OK_(manuscript_embargo_get(n.ctx, e.id, &embargo, &is_found));
    assert_int_equal(embargo.when.at_ms, right_ms);
    Json *payload = payload_of(&n, m.id, "manuscript.rezoned");
    assert_true(json_get(payload, "before")->integer == right_ms + HOUR_MS &&
                json_get(payload, "after")->integer == right_ms);
    assert_int_equal(entries_of(&n, kept.id, "manuscript.rezoned", NULL), 0);
    world_advance(&n.w, right_ms - n.ctx->now_ms);
    run_jobs(&n);
    assert_int_equal(look(&n, m.id).published_ms - right_ms, 1); /* after the one of January */
    newsroom_free(&n);
}

/* ---- order, clocks ---- */

static void those_of_one_instant_leave_in_the_order_of_planning(void **state) {
    Newsroom n = begin();
    Manuscript a = waiting(&n, "先写"), b = waiting(&n, "后写");
    ManuscriptList list;

    (void)state;
    as(n.ctx, &n.ben, &n.paper);
    OK_(manuscript_plan(n.ctx, b.id, b.version, AT_1405, STR_EMPTY, &b));
    OK_(manuscript_plan(n.ctx, a.id, a.version, S("2026-11-23T06:05"), S("UTC"),
                        &a)); /* the same */
    world_advance(&n.w, 3 * MINUTE_MS);
    run_jobs(&n);
    OK_(manuscript_list_public(n.ctx, 0, STR_EMPTY, 0, 0, 10, &list));
    assert_true(list.len == 2 && list.items[0].id == a.id && list.items[1].id == b.id);
    newsroom_free(&n);
}

static void a_job_that_was_lost_or_died_is_made_good_at_the_next_start(void **state) {
    Newsroom n = begin();
    Manuscript m = planned(&n, "丢了活", AT_1405, STR_EMPTY);

    (void)state;
    OK_(db_exec(n.ctx, "DELETE FROM job", NO_ARGS));
    world_advance(&n.w, 4 * MINUTE_MS);
    assert_int_equal(run_jobs(&n), 0);
    OK_(manuscript_plans_begin(n.ctx));
    run_jobs(&n);
    assert_true(str_eq(look(&n, m.id).state, S("published")));
    newsroom_free(&n);
}

enum { MANY = 500 };

/* Around the changes of clocks of spring 2027, some of them gaps, some of them twice. */
static void plan_many(Newsroom *n, int64_t *ids) {
    static const struct {
        const char *zone;
        int month, day;
    } zones[] = { { "America/New_York", 3, 14 },
                  { "Europe/London", 3, 28 },
                  { "Australia/Lord_Howe", 4, 4 } };
    Ctx *ctx = n->ctx;

    for (int i = 0; i < MANY; i++) {
        size_t z = (size_t)i % COUNT_OF(zones);
        int minutes = (i * 7919) % 360; /* from midnight to six, several for one minute */
        Manuscript m = waiting(n, "五百篇之一");
        Str local = str_format(ctx->arena, "2027-%02d-%02dT%02d:%02d", zones[z].month, zones[z].day,
                               minutes / 60, minutes % 60 / 5 * 5);

        as(ctx, i % 2 ? &n->ben : &n->cai, &n->paper);
        OK_(manuscript_plan(ctx, m.id, m.version, local, str_from_c(zones[z].zone), &m));
        ids[i] = plan_of(n, m.id).id;
    }
}

typedef struct Due {
    int64_t story, at_ms, plan;
} Due;

static int by_order(const void *a, const void *b) {
    const Due *x = a, *y = b;

    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->plan < y->plan ? -1 : x->plan > y->plan;
}

/* What should leave, in which order, as the table of plans says before any of it is due. */
static void read_expected(Newsroom *n, Due *due) {
    int count = 0;
    DB_ROWS(rows);

    OK_(db_query(n->ctx, &rows, "SELECT manuscript_id, at_ms, id FROM manuscript_plan ORDER BY id",
                 NO_ARGS));
    while (db_next(&rows) && count < MANY)
        due[count++] = (Due){ db_int(&rows, 0), db_int(&rows, 1), db_int(&rows, 2) };
    OK_(db_end(&rows));
    assert_int_equal(count, MANY);
    qsort(due, MANY, sizeof(Due), by_order);
}

/* Events in the order in which they were told: each story once, none missing, in the expected order. */
static void check_left(Newsroom *n, const Due *due) {
    int count = 0;
    DB_ROWS(rows);

    OK_(db_query(n->ctx, &rows,
                 "SELECT subject_id FROM event WHERE name = 'manuscript.published' ORDER BY id",
                 NO_ARGS));
    for (; db_next(&rows); count++) {
        assert_true(count < MANY);
        assert_int_equal(db_int(&rows, 0), due[count].story);
    }
    OK_(db_end(&rows));
    assert_int_equal(count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(entries_of(n, due[i].story, "manuscript.released", NULL), 1);
    assert_int_equal(world_count(&n->w, "manuscript_plan"), 0);
}

/* The clock goes on by half an hour, and every few steps it jumps; what is too early must not have left. */
static void walk(Newsroom *n, const Due *due, const int64_t *jumps_ms, size_t jump_count) {
    int64_t last_ms = due[MANY - 1].at_ms, highest_ms = 0;
    size_t jump = 0;

    world_advance(&n->w, due[0].at_ms - n->ctx->now_ms - 3 * HOUR_MS);
    for (int step = 0; n->ctx->now_ms <= last_ms || jump < jump_count; step++) {
        assert_true(step < 10000);
        world_advance(&n->w, HOUR_MS / 2);
        if (step % 7 == 6 && jump < jump_count)
            world_advance(&n->w, jumps_ms[jump++]);
        if (n->ctx->now_ms > highest_ms)
            highest_ms = n->ctx->now_ms;
        run_jobs(n);
        int64_t expected = 0;
        while (expected < MANY && due[expected].at_ms <= highest_ms)
            expected++;
        assert_int_equal(told(n), expected);
    }
}

static void however_the_clock_jumps_each_leaves_once_and_in_order(void **state) {
    static const int64_t hour[] = { HOUR_MS, -HOUR_MS, HOUR_MS, -HOUR_MS, -HOUR_MS, HOUR_MS };
    static const int64_t day[] = { -86400000, -86400000, -86400000 };
    static const int64_t years[] = { -HOUR_MS, INT64_C(315576000000), INT64_C(-315576000000),
                                     HOUR_MS };
    static const struct {
        const char *name;
        const int64_t *jumps;
        size_t count;
    } rows[] = { { "an hour forth and back", hour, COUNT_OF(hour) },
                 { "a day back", day, COUNT_OF(day) },
                 { "ten years forth and back", years, COUNT_OF(years) } };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Newsroom n = begin();
        Due *due = arena_array(n.ctx->arena, MANY, sizeof(Due));
        int64_t *ids = arena_array(n.ctx->arena, MANY, sizeof(int64_t));

        plan_many(&n, ids);
        for (int k = 1; k < MANY; k++)
            assert_true(ids[k] > ids[k - 1]);
        read_expected(&n, due);
        walk(&n, due, rows[i].jumps, rows[i].count);
        check_left(&n, due);
        printf("  %d stories in three zones, %s: none twice, none missed, in order\n", MANY,
               rows[i].name);
        newsroom_free(&n);
    }
}

/* ---- lists ---- */

static void an_outlets_plans_are_its_own_and_the_earliest_comes_first(void **state) {
    Newsroom n = begin();
    Manuscript late = planned(&n, "晚", S("2026-11-25T08:00"), STR_EMPTY),
               early = planned(&n, "早", S("2026-11-24T08:00"), STR_EMPTY);
    PlanList list;

    (void)state;
    OK_(manuscript_plans_of_outlet(n.ctx, n.paper.id, PLANS_MAX, &list));
    assert_true(list.len == 2 && list.items[0].manuscript_id == early.id &&
                list.items[1].manuscript_id == late.id);
    OK_(manuscript_plans_of_outlet(n.ctx, n.paper.id, 1, &list));
    assert_int_equal(list.len, 1);
    OK_(manuscript_plans_of_outlet(n.ctx, n.radio.id, PLANS_MAX, &list));
    assert_int_equal(list.len, 0);
    newsroom_free(&n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planned_story_goes_out_once_at_its_time_and_the_log_says_by_whom),
        cmocka_unit_test(a_time_that_is_no_time_or_past_is_refused_by_field),
        cmocka_unit_test(times_that_clocks_skip_or_show_twice_are_decided_and_kept),
        cmocka_unit_test(before_the_embargo_nobody_releases_or_plans),
        cmocka_unit_test(who_plans_is_a_second_person_of_an_outlet_that_may_publish),
        cmocka_unit_test(an_edit_takes_the_plan_back_and_both_are_told),
        cmocka_unit_test(a_plan_is_changed_and_cancelled_each_with_its_entry),
        cmocka_unit_test(what_is_planned_no_more_owes_no_job),
        cmocka_unit_test(a_planned_revision_leaves_the_published_text_until_its_time),
        cmocka_unit_test(what_was_missed_goes_out_at_once_and_is_marked_late),
        cmocka_unit_test(overdue_begins_after_a_minute),
        cmocka_unit_test(where_the_alliance_says_so_what_was_missed_waits_for_a_person),
        cmocka_unit_test(everything_is_looked_at_again_when_the_time_comes),
        cmocka_unit_test(who_has_left_releases_nothing_any_more),
        cmocka_unit_test(other_rules_of_a_zone_move_what_still_waits),
        cmocka_unit_test(those_of_one_instant_leave_in_the_order_of_planning),
        cmocka_unit_test(a_job_that_was_lost_or_died_is_made_good_at_the_next_start),
        cmocka_unit_test(however_the_clock_jumps_each_leaves_once_and_in_order),
        cmocka_unit_test(an_outlets_plans_are_its_own_and_the_earliest_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
